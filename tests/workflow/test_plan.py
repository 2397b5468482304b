"""Nobody is handed a plan without its certificate."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios import PAIR_COST_MCNY, pair
from tests.workflow.planned import pair_plan
from xisuan.errors import InfeasibleError
from xisuan.progress import Progress
from xisuan.workflow.plan import plan


def test_the_plan_is_certified() -> None:
    """The certificate is there, holds, and agrees with the optimum solved by hand."""
    found = pair_plan()
    assert found.certificate is not None
    assert found.certificate.ok, found.certificate.findings
    assert found.objective == pytest.approx(PAIR_COST_MCNY, rel=1e-6)
    assert found.certificate.cost == pytest.approx(PAIR_COST_MCNY, rel=1e-6)
    assert found.certificate.lower_bound <= found.objective + 1e-9


def test_every_stage_is_told() -> None:
    """In order, the certificate last, each with words."""
    heard: list[Progress] = []
    plan(pair(), progress=heard.append)
    stages = list(dict.fromkeys(now.stage for now in heard))
    assert stages[0] == "build"
    assert stages[-1] == "certify"
    assert all(now.text for now in heard)


def test_what_cannot_be_is_said() -> None:
    """A scenario that nobody can serve has no plan, and the conflict is named."""
    given = pair()
    given["sites"]["it_limit_mw"] = 0.1
    with pytest.raises(InfeasibleError) as caught:
        plan(given)
    assert caught.value.conflict


def test_a_folder_for_iterates_loses_nothing_of_others(tmp_path: Path) -> None:
    """One that was made for them is gone; one in which something else lies stays as it was."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("kept")
    for name in ("mine", "new"):
        (tmp_path / name).mkdir(exist_ok=True)
        plan(pair(), method="structured", folder=tmp_path / name)
    assert (tmp_path / "mine" / "notes.txt").read_text() == "kept"
    assert not (tmp_path / "new").exists()
