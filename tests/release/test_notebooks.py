"""The notebooks of `examples/` run from beginning to end, and are stored without results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))
pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),  # of PyPSA and linopy
    pytest.mark.filterwarnings("default::FutureWarning"),
    pytest.mark.filterwarnings("default::UserWarning:pypsa"),
]


def cells(notebook: Path) -> list[dict[str, Any]]:
    """The cells of a notebook."""
    found: list[dict[str, Any]] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return found


def test_there_are_three() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["plan_a_province", "pypsa_through_gnomon", "sweep_and_plot"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_what_it_gives_and_holds_no_results(notebook: Path) -> None:
    found = cells(notebook)
    assert found[0]["cell_type"] == "markdown"
    assert "At the end of this notebook you have" in "".join(found[0]["source"])
    for cell in found:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cell as a notebook runs it, in one namespace and an empty folder. Their assertions hold."""
    mpl.use("agg")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, cell in enumerate(cells(notebook)):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"{notebook.stem}, cell {number}", "exec"), names)
