"""Cross-table checks of a scenario: all problems at once, each with its remedy."""

from __future__ import annotations

import numpy as np

from xisuan import units
from xisuan.errors import Problem
from xisuan.scenario.checks import (
    access,
    assets,
    members,
    modelled_hours,
    names,
    period_coverage,
    plausibility,
    policies,
    published_plans,
    reach,
    rolling_horizon,
    statistics,
    workloads,
)
from xisuan.scenario.checks.inspection import Inspection
from xisuan.scenario.checks.own_rules import statements as own_rules
from xisuan.scenario.queries.estimate_ranges import Ranges
from xisuan.scenario.queries.row_keys import matches
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.tables import BY_NAME, key_part


def check(scenario: Scenario) -> tuple[Problem, ...]:
    """Return all problems that single tables do not show, errors first. `row` is the row's key, parts joined by /."""
    at = Inspection(scenario)
    for one in (blocks, estimates, around, ranges, sources):
        one(at)
    families = (assets, workloads, reach, policies, own_rules, access, statistics, period_coverage, members)
    for family in (*families, names, modelled_hours, rolling_horizon, plausibility, published_plans):
        for one in family.CHECKS:
            one(at)
    return at.findings.problems


def blocks(at: Inspection) -> None:
    """Check that blocks lie in the year, do not overlap, and that their weighted hours sum to a year."""
    rows = at.rows("blocks")
    taken = np.zeros(units.HOURS_PER_YEAR, dtype=int)
    for row in rows:
        first, hours = int(row["first_hour"]), int(row["hours"])
        if first + hours > units.HOURS_PER_YEAR:
            at.error("blocks", row, "hours", "block-beyond-year")
        if taken[first : first + hours].any():
            at.error("blocks", row, "first_hour", "blocks-overlap")
        taken[first : first + hours] += 1
    if len({bool(row["keep_means"]) for row in rows}) > 1:
        at.error("blocks", "", "keep_means", "keep-means-mixed")
    total = sum(row["hours"] * row["weight"] for row in rows)
    if rows and abs(total - units.HOURS_PER_YEAR) > 1e-6 * units.HOURS_PER_YEAR:
        at.error("blocks", "", "weight", "weights-not-a-year", total=total, wanted=units.HOURS_PER_YEAR)


def estimates(at: Inspection) -> None:
    """Check that estimates name existing rows and columns, and that low is not above high."""
    known: dict[str, set[tuple[str, ...]]] = {}
    joined: dict[str, set[str]] = {}
    for row in at.rows("estimates"):
        if row["low"] > row["high"]:
            at.error("estimates", row, "low", "low-above-high", high=row["high"])
        name = row["table"]
        if name not in BY_NAME:
            at.warn("estimates", row, "table", "table-unknown", hint=at.findings.suggest(name, BY_NAME))
            continue
        if row["column"] not in at.scenario[name].columns and row["column"] != "*":
            at.warn("estimates", row, "column", "column-of-table-unknown", name=name)
        if name not in known:
            known[name] = _keys(at, name)
            joined[name] = {"/".join(key) for key in known[name]}
        parts = row["key"].split("/")
        if row["key"] not in joined[name] and not ("*" in parts and any(matches(parts, key) for key in known[name])):
            at.warn("estimates", row, "key", "estimate-without-row", name=name)


def around(at: Inspection) -> None:
    """Check that the range of an estimate contains the value it describes."""
    known = Ranges(at.scenario)
    for row in at.rows("estimates"):
        found = None if row["low"] > row["high"] else known.beyond(row)
        if found is not None:
            column, value = found
            at.error("estimates", row, column, "range-without-value", given=value)


def ranges(at: Inspection) -> None:
    """Check that each lever has low below high."""
    for row in at.rows("levers"):
        if not row["low_percent"] < row["high_percent"]:
            at.error("levers", row, "low_percent", "low-not-below-high", high=row["high_percent"])


def _keys(at: Inspection, table: str) -> set[tuple[str, ...]]:
    """Return the keys of a table's rows, and their prefixes."""
    columns = BY_NAME[table].keys or ("profile",)
    parts = [[key_part(value) for value in at.scenario[table][column].tolist()] for column in columns]
    return {key for count in range(1, len(columns) + 1) for key in zip(*parts[:count], strict=True)}


def sources(at: Inspection) -> None:
    """Check that source columns refer to the table of sources, where there is one."""
    if not at.scenario.has("sources"):
        return
    known = set(at.scenario["sources"]["source"])
    for name, frame in at.scenario.tables.items():
        column = BY_NAME[name].annotation
        if name == "sources" or column not in frame.columns or frame.empty:
            continue
        cited = {part.strip() for cell in set(frame[column]) for part in cell.split(";")} - {""}
        for word in sorted(cited - known):
            at.findings.warn(name, "", column, word, "source-unknown", hint=at.findings.suggest(word, known))
