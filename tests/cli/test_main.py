"""How an ending becomes words."""

from __future__ import annotations

import pytest

from xisuan.cli import main
from xisuan.errors import InfeasibleError


def conflict(count: int) -> list[str]:
    """Statements of two tables."""
    return [*(f"demand, region-{at}/web/2027, units: 1 must be served" for at in range(count)), "budgets, 2027/all: 5"]


@pytest.mark.parametrize(("count", "lines"), [(3, 4), (19, 20), (20, 6), (500, 6)])
def test_a_long_conflict_is_shortened_for_people(
    count: int, lines: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every table keeps some statements, and the rest is counted."""

    def fail(*_: object, **__: object) -> None:
        raise InfeasibleError("No plan satisfies the scenario.", conflict(count))

    monkeypatch.setattr(main.group, "main", fail)
    assert main.invoke(["plan"]) == 3
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "No plan satisfies the scenario."
    assert len(said) == lines + 1
    assert "budgets, 2027/all: 5" in said[-1]
    if lines == 6:
        assert f"demand: {count - 4} more like these (--json lists all)" in said[5]


def test_an_unknown_command_names_all_where_none_is_near(capsys: pytest.CaptureFixture[str]) -> None:
    """Rather than nothing."""
    assert main.invoke(["zzz"]) == 2
    assert f"there are: {', '.join(main.VERBS)}." in " ".join(capsys.readouterr().err.split())


def test_help_shows_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Each with its line."""
    assert main.invoke(["-h"]) == 0
    said = capsys.readouterr().out
    assert all(f"  {name} " in said for name in main.VERBS)
