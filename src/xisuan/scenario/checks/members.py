"""Checks of the members of a plan: names, probabilities, replaced values, levers."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from xisuan.scenario.checks.inspection import Inspection, Row
from xisuan.scenario.queries import levers, member_values
from xisuan.scenario.reading import manifest
from xisuan.text.translation import message as _

MOST = 100
"""Largest number of members, because each is a model of its own in memory."""
ROUNDING = 1e-6
"""Tolerance on the sum of probabilities."""


def members(at: Inspection) -> None:
    """Check that members have valid folder names, probabilities sum to 1, and the objective is least cost."""
    rows = at.rows("members")
    weight = at.scenario.settings.risk.weight
    if not rows:
        if weight:
            at.findings.warn(manifest.FILE, "", "risk.weight", f"{weight:g}", "risk-without-members")
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


def values(at: Inspection) -> None:
    """Check that replaced values are numbers or profiles of rows that are there, and not blank without the member."""
    for row in at.rows("member_values"):
        if row["table"] == member_values.PROFILES:
            _replaced_profile(at, row)
        elif row["table"] not in member_values.TABLES:
            hint = _hint(at, row["table"], member_values.TABLES)
            at.error("member_values", row, "table", "member-value-of-table", hint=hint)
        else:
            _replaced_cells(at, row)


def _replaced_profile(at: Inspection, row: Row) -> None:
    """Check a row that replaces a profile."""
    known = [str(name) for name in at.scenario.curves.columns]
    if row["column"] not in known:
        hint = _hint(at, row["column"], known)
        at.error("member_values", row, "column", "member-value-of-profile", hint=hint)
    if row["key"] != member_values.EVERY_ROW:
        at.error("member_values", row, "key", "member-value-of-hours")


def _hint(at: Inspection, word: str, known: Collection[str]) -> str:
    """Return `; did you mean …?`, blank where nothing is similar."""
    hint = at.findings.suggest(word, known)
    return _("; {hint}", hint=hint) if hint else ""


def _replaced_cells(at: Inspection, row: Row) -> None:
    """Check a row that replaces cells of a table."""
    table, value = str(row["table"]), row["value"]
    known = {column.name: column for column in member_values.columns_of(table)}
    column = known.get(row["column"])
    if column is None:
        at.error("member_values", row, "column", "member-value-of-column", name=table, known=", ".join(known))
        return
    numbers = member_values.numbers(at.scenario, table, str(row["key"]))
    cells = at.scenario[table][column.name].to_numpy(dtype=object)[numbers]
    if not len(numbers):
        at.error("member_values", row, "key", "member-value-without-row", name=table)
    elif any(pd.isna(cell) or cell == "" for cell in cells):
        at.error("member_values", row, "column", "member-value-of-blank", name=table)
    elif column.kind == "number" and isinstance(value, str):
        at.error("member_values", row, "value", "member-value-not-number", name=column.name)
    elif column.kind not in ("number", "series") and not isinstance(value, str):
        at.error("member_values", row, "value", "member-value-not-profile", name=column.name)


CHECKS = (members, moves, values)
