"""Tables with the subject of a verb: without rows in any of them the verb has nothing to work on."""

from __future__ import annotations

from collections.abc import Callable

from xisuan.errors import Problem, ScenarioError

HasRows = Callable[[str], bool]
"""Function that returns True for a table with rows."""
PLANNED = ("sites", "links", "cities")
"""Assets that a plan decides on."""
TRACKED = ("targets", "observations", "city_targets")
"""Figures that are compared with targets. Observations may state targets themselves."""


def can_be_planned(has_rows: HasRows) -> bool:
    """Return True if a scenario has assets to plan."""
    return any(has_rows(table) for table in PLANNED)


def can_be_tracked(has_rows: HasRows) -> bool:
    """Return True if a scenario has targets or published figures."""
    return any(has_rows(table) for table in TRACKED)


def require_planned(has_rows: HasRows) -> None:
    """Raise ScenarioError if a scenario has no assets to plan."""
    if not can_be_planned(has_rows):
        raise ScenarioError([Problem("no-assets-to-plan")])
