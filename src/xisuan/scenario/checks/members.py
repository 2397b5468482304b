"""Checks of the members of a plan: names, probabilities, levers."""

from __future__ import annotations

from xisuan.scenario.checks.inspection import Inspection
from xisuan.scenario.queries import levers
from xisuan.scenario.reading import manifest

MOST = 100
"""Largest number of members, because each is a model of its own in memory."""
ROUNDING = 1e-6
"""Tolerance on the sum of probabilities."""


def members(at: Inspection) -> None:
    """Check that members have valid folder names, probabilities sum to 1, and the objective is least cost."""
    rows = at.rows("members")
    if not rows:
        return
    for row in rows:
        if not manifest.NAME.fullmatch(row["member"]):
            at.error("members", row, "member", "name-invalid")
    whole = sum(row["probability"] for row in rows)
    if abs(whole - 1.0) > ROUNDING:
        at.findings.error("members.csv", "", "probability", f"{whole:.9g}", "probabilities-not-one", total=whole)
    if len(rows) > MOST:
        at.findings.error("members.csv", "", "member", str(len(rows)), "too-many-members", most=MOST)
    objective = at.scenario.settings.objective
    if objective != "cost":
        at.findings.error(manifest.FILE, "", "objective", objective, "members-need-cost")


def moves(at: Inspection) -> None:
    """Check that members move only levers that the scenario has."""
    rows = at.rows("members")
    if not rows:
        return
    there = {lever.name for lever in levers.moved(at.scenario)}
    for row in rows:
        for lever in levers.LEVERS:
            if row[lever.name] != 0.0 and lever.name not in there:
                at.error("members", row, lever.name, "lever-moves-nothing", lever=lever.meaning)


CHECKS = (members, moves)
