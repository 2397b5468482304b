"""Assets that a plan decides on: without any of them there is nothing to plan."""

from __future__ import annotations

from collections.abc import Callable

from xisuan.errors import Problem, ScenarioError

TABLES = ("sites", "links", "cities")
"""Tables of the assets that a plan decides on."""


def can_be_planned(has_rows: Callable[[str], bool]) -> bool:
    """Return True if a scenario has assets to plan. `has_rows`: returns True for a table with rows."""
    return any(has_rows(table) for table in TABLES)


def require(has_rows: Callable[[str], bool]) -> None:
    """Raise ScenarioError if a scenario has no assets to plan. `has_rows`: returns True for a table with rows."""
    if not can_be_planned(has_rows):
        raise ScenarioError([Problem("no-assets-to-plan")])
