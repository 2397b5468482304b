"""Command `gnomon`: a network in, a solved network out, and exit statuses."""

from __future__ import annotations

from pathlib import Path

import pypsa
import pytest

from gnomon.command import main
from tests.gnomon.linopy import networks
from tests.gnomon.linopy.test_examples import EXAMPLES, OBJECTIVES


def test_a_network_is_solved_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out" / "solved.nc"
    assert main(["solve", str(EXAMPLES / "ac-dc-meshed.nc"), "--out", str(out), "--threads", "1"]) == 0
    said = capsys.readouterr()
    assert "objective   -3.47426e+06" in said.out
    assert "bound" in said.out
    assert str(out) in said.out
    assert "iteration" in said.err, "progress"
    n = pypsa.Network(str(out))
    assert n.objective == pytest.approx(OBJECTIVES["ac-dc-meshed"], rel=1e-6)
    assert len(n.buses_t.marginal_price) == 10


def test_a_structure_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", str(EXAMPLES / "storage-hvdc.nc")]) == 0
    assert "6 constraints hold the hour before" in capsys.readouterr().out


def test_wrong_use_and_infeasible_networks_have_statuses_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "solved.nc")
    assert main(["solve", str(tmp_path / "nothing.nc"), "--out", out]) == 2
    assert "there is no such file" in capsys.readouterr().err
    assert main(["solve", str(EXAMPLES / "ac-dc-meshed.nc"), "--out", str(tmp_path / "solved.parquet")]) == 2
    assert "end the name in .nc" in capsys.readouterr().err
    n = networks.network(1, 4, 1, frozenset())
    n.remove("Generator", n.generators.index[n.generators.p_nom_extendable])
    n.generators["p_nom"] = 1.0
    n.export_to_netcdf(str(tmp_path / "small.nc"))
    assert main(["solve", str(tmp_path / "small.nc"), "--out", out, "--quiet"]) == 3
    assert "infeasible" in capsys.readouterr().err
    n.add("Generator", "unit", bus="b0", committable=True, p_nom=500.0, p_min_pu=0.5)
    n.export_to_netcdf(str(tmp_path / "committed.nc"))
    assert main(["solve", str(tmp_path / "committed.nc"), "--out", out, "--quiet"]) == 2
    assert "Generator-status is binary" in capsys.readouterr().err
    assert not Path(out).exists()
