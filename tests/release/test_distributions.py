"""Wheels and source distributions hold what the repository holds, and the planner runs from them in an empty environment."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from tools import dist

ROOT = Path(__file__).resolve().parents[2]
MOST_MB = 750
"""Installed size of the core: numpy, scipy, pandas, pyarrow and highspy take 400 MB, numba and its compiler 195."""


def test_a_missing_file_is_found(tmp_path: Path) -> None:
    wheel, source = tmp_path / "gnomon-1-py3-none-any.whl", tmp_path / "gnomon-1.tar.gz"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("gnomon/__init__.py", "")
        archive.writestr("gnomon/extra.py", "")
        archive.writestr("tests/a.py", "")
    with tarfile.open(source, "w:gz") as archive:
        archive.add(ROOT / "LICENSE", "gnomon-1/src/gnomon/__init__.py")
    found = "\n".join(dist.check_files(wheel, source))
    assert "lacks a licence" in found
    assert "gnomon-1.tar.gz lacks src/gnomon/extra.py" in found
    assert "gnomon-1-py3-none-any.whl lacks gnomon/errors.py" in found
    assert "holds gnomon/extra.py, which is not in the repository" in found
    assert "holds tests, a folder of the repository" in found


def test_the_lowest_versions_are_the_floors(tmp_path: Path) -> None:
    wheel = tmp_path / "a-1-py3-none-any.whl"
    asked = [
        "numpy>=2.2",
        "highspy[extras]>=1.15.1,<1.16",
        'dash>=4; extra == "studio"',
        "psutil>=6; sys_platform == 'win64'",
    ]
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("a-1.dist-info/METADATA", "\n".join(f"Requires-Dist: {one}" for one in asked) + "\n\nwords")
    assert dist.lowest([wheel]) == ["numpy~=2.2.0", "highspy[extras]==1.15.1"]


def test_every_dependency_has_a_floor_and_none_is_pinned() -> None:
    for file in (ROOT / "pyproject.toml", ROOT / "packages" / "gnomon" / "pyproject.toml"):
        project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
        for one in project["dependencies"]:
            assert ">=" in one or one.startswith("gnomon=="), one  # the engine is released together with xisuan
            assert "==" not in one.split(";")[0] or one.startswith("gnomon=="), one


@pytest.mark.long
def test_the_planner_runs_from_its_wheel_in_an_empty_environment(tmp_path: Path) -> None:
    """Built, installed without any extra from the package registry, tested, planned, and each missing extra named."""
    built = dist.build()
    for wheel, source in built.values():
        assert dist.check_files(wheel, source) == []
    own = dist.install(built, sys.executable, tmp_path / "installed", oldest=False)
    assert sum(dist.sizes(tmp_path / "installed").values()) < MOST_MB

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [own, "-m", "xisuan", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    found = json.loads(run("doctor", "--json").stdout)
    assert found["ok"]
    assert not any(found["extras"].values())
    assert run("run", "starter", "--out", "run", "--quick").returncode == 0
    assert run("certify", "run").returncode == 0
    for extra, arguments in {
        "studio": ("studio",),
        "netcdf": ("export", "run", "--to", "netcdf", "--out", "a.nc"),
        "pypsa": ("export", "run", "--to", "pypsa", "--out", "b.nc"),
        "cluster": ("plan", "starter", "--out", "c", "--cluster", "tcp://localhost:1"),
    }.items():
        refused = run(*arguments)
        assert refused.returncode == 2
        assert f"xisuan[{extra}]" in refused.stderr
