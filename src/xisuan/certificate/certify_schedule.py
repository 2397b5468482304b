"""Certification of a plan's operation: `certify_schedule` checks it period by period.

With the capacity given the periods are independent. Each is read, checked and proven separately, and its memory is
released before the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from xisuan import units
from xisuan.certificate.certify_plan import agree, differing_cost, doubts, gathered
from xisuan.certificate.constraints.operation_statement import (
    LOST,
    PENALTY,
    UNSENT,
    Operated,
    Operation,
    excess,
    horizon,
)
from xisuan.certificate.constraints.policies import HOURLY, OPERATING
from xisuan.certificate.proof.operation_bounds import OperationBounds
from xisuan.certificate.proof.value_placement import place
from xisuan.certificate.proof.violations import Violation, check_bounds, check_rows, peaks
from xisuan.certificate.proof.weak_duality import Proof
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.variables import Label
from xisuan.certificate.tolerances import SAME, TOLERANCE
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Certificate, Plan
from xisuan.results.schedule import Schedule
from xisuan.results.summaries.schedule_concatenation import Lazy
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.members import refuse
from xisuan.text.translation import Message
from xisuan.text.translation import message as _

Rows = Mapping[Label, Mapping[str, float]]
"""Table of a period: numbers by row name and column."""
TRAFFIC = "traffic"
"""Name of other traffic among workloads."""


def certify_schedule(scenario: Scenario, plan: Plan, schedule: Schedule) -> Certificate:
    """Check every row, bound and cost of `schedule` against `scenario` and the capacity of `plan`, and prove a lower
    bound.

    No code is shared with the equations or the solver. `ok`: as for a plan; besides, penalties, the tables of costs,
    shortfall and excess, and the status agree with the values.
    """
    refuse(scenario)
    whole = horizon(scenario, plan.scenario)
    periods, planned = scenario.settings.periods, plan.scenario.settings.periods
    violations: list[Violation] = []
    problems: list[Message] = []
    cost = penalty = lower = 0.0
    short = _Short(False, False)
    for at, period in enumerate(periods):
        operation = Operation(Operated(whole, planned.index(period), plan.variables))
        found = _period(operation, schedule, at)
        violations += [replace(violation, period=at) for violation in found.violations]
        problems += [_("{where}: {problem}", where=period, problem=problem) for problem in found.problems]
        cost, penalty, lower = cost + sum(found.terms.values()), penalty + found.penalty, lower + found.lower
        short = short.or_(found.short)
    problems += _totals(schedule, cost, penalty, short)
    return gathered(schedule, violations, problems, doubts(schedule, lower, cost, False), cost, lower)


@dataclass(frozen=True)
class _Short:
    """Shortfall of work that must be done: `surely` above the tolerance, `perhaps` above it within rounding."""

    surely: bool
    perhaps: bool

    def or_(self, other: _Short) -> _Short:
        """Return the shortfall in either of two periods."""
        return _Short(self.surely or other.surely, self.perhaps or other.perhaps)


@dataclass(frozen=True)
class _Period:
    """Findings of one period."""

    violations: list[Violation]
    problems: list[Message]
    terms: Mapping[str, float]
    penalty: float
    lower: float
    short: _Short


def _period(operation: Operation, schedule: Schedule, at: int) -> _Period:
    """Check and prove period number `at` of the schedule."""
    columns = operation.columns
    values = place(columns, of_period(schedule.variables, schedule, at))
    terms = operation.costs(values.x)
    violations = [*values.strangers, *check_bounds(columns, values.x)]
    bounds = OperationBounds(columns)
    duals = of_period(schedule.duals, schedule, at)
    proof = Proof(columns, operation.objective, operation.constant, duals)
    peak = peaks(columns, values.x)
    for rows in operation.rows():
        if rows.labels:
            violations.append(check_rows(rows, values.x, peak))
            if rows.name in OPERATING:
                # Its bound depends on the row's coefficients, so it is set while the row is at hand.
                bounds.exceed(rows)
            proof.take(rows)
        del rows  # frees its memory before the next family is made
    left = list(left_undone(operation, values.x))
    problems = [*values.problems, *_tables(columns, values.x, terms, left, schedule)]
    return _Period(
        violations, problems, terms, terms.get(PENALTY, 0.0), proof.bound(bounds.most), _short(operation, left)
    )


def of_period(families: Mapping[str, Found], schedule: Schedule, at: int) -> Mapping[str, Found]:
    """Return the families of one period, each cut out on access; one with another number of periods is empty."""
    count = len(schedule.scenario.settings.periods)

    def cut(name: str) -> Found:
        found = families[name]
        here = slice(at, at + 1) if found.values.shape[:1] == (count,) else slice(0)
        return replace(found, values=found.values[here])

    return Lazy(families, cut)


# --- work left undone -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Left:
    """Work left undone in a year: unit-hours, share of demand, penalty in mCNY."""

    workload: str
    region: str
    unit_hours: float
    share: float
    mcny: float

    @classmethod
    def of(cls, workload: str, region: str, amount: float, asked: float, price: float) -> _Left:
        """Return an amount left undone (negative counts as 0) at a penalty per unit-hour."""
        left = max(amount, 0.0)
        return cls(workload, region, left, left / asked if asked > 0.0 else 0.0, left * price)


def left_undone(operation: Operation, x: Array) -> Iterator[_Left]:
    """Yield all work left undone, and other traffic that is not carried."""
    columns, reading = operation.columns, operation.columns.reading
    weight = reading.clock.weight
    for name in LOST:
        for i, (region, w) in enumerate(columns[name].labels):
            values = columns[name].view(x)[0, ..., i]
            if name == "unserved":
                amount, asked = float(weight @ values), float(weight @ reading.demand(region, w)[0])
            else:
                amount = float(values) * units.HOURS_PER_YEAR
                asked = float(reading.units[region, w][0]) * units.HOURS_PER_YEAR
            yield _Left.of(w, region, amount, asked, float(columns.penalty(w)[0]))
    if UNSENT in columns.families:
        price = reading.scenario.settings.plan.shortfall_mcny_per_unit_hour
        family = columns[UNSENT]
        for i, label in enumerate(family.labels):
            amount, asked = float(weight @ family.view(x)[0, :, i]), float(weight @ family.upper[0, :, i])
            yield _Left.of(TRAFFIC, "/".join(label), amount, asked, price)


def _short(operation: Operation, left: list[_Left]) -> _Short:
    """Return whether traffic, or work without a penalty of its own, is left undone by more than the tolerance."""
    table = operation.columns.reading.tables["workloads"]
    own = {w: table.number((w,), "unserved_mcny_per_unit_hour")[0] for w in {one.workload for one in left} - {TRAFFIC}}
    owed = [one.share for one in left if one.workload == TRAFFIC or np.isnan(own[one.workload])]
    return _Short(
        any(share > TOLERANCE * (1.0 + TOLERANCE) for share in owed),
        any(share > TOLERANCE * (1.0 - TOLERANCE) for share in owed),
    )


# --- stored figures ---------------------------------------------------------------------------------------------------


def _totals(schedule: Schedule, cost: float, penalty: float, short: _Short) -> list[Message]:
    """Return messages where the schedule's cost, penalties or status differ from those of its values."""
    stated = ((_("cost"), schedule.cost_mcny, cost), (_("penalties"), schedule.penalty_mcny, penalty))
    found = [differing_cost(name, said, made, "mCNY") for name, said, made in stated if not agree(said, made, SAME)]
    if schedule.status not in ("short", "optimal") or not short.surely <= (schedule.status == "short") <= short.perhaps:
        found.append(
            _(
                "status: {said} is stated, the values give {found}",
                said=schedule.status,
                found="short" if short.perhaps else "optimal",
            )
        )
    return found


def _tables(
    columns: Operated, x: Array, terms: Mapping[str, float], left: list[_Left], schedule: Schedule
) -> Iterator[Message]:
    """Yield messages where the tables of costs, shortfall and excess differ from those of the values."""
    period = columns.reading.clock.periods[0]
    missing = [name for name in ("costs", "shortfall", "excess") if name not in schedule.tables]
    if missing:
        yield _("the table {table} is missing", table=missing[0])
        return
    spent = _rows(schedule.tables["costs"], period, ["term"], ["discounted_mcny"])
    yield from _differ("costs", spent, {(term,): {"discounted_mcny": money} for term, money in terms.items()})
    lost = _rows(schedule.tables["shortfall"], period, ["workload", "region"], ["unit_hours", "share", "mcny"])
    ours: Rows = {
        (one.workload, one.region): {"unit_hours": one.unit_hours, "share": one.share, "mcny": one.mcny} for one in left
    }
    yield from _differ("shortfall", lost, ours)
    over = _rows(schedule.tables["excess"], period, ["rule", "scope"], ["amount", "mcny"])
    yield from _differ("excess", over, exceeded(columns, x))


def _rows(table: pd.DataFrame, period: int, keys: list[str], values: list[str]) -> Rows:
    """Return the sums of a table in a period by row name, with missing numbers as 0. A row without a name is left out."""
    now = table[table["period"] == period]
    sums: dict[Label, dict[str, float]] = {}
    for row in zip(*(now[name].tolist() for name in (*keys, *values)), strict=True):
        names, numbers = row[: len(keys)], row[len(keys) :]
        if any(map(pd.isna, names)):
            continue
        held = sums.setdefault(tuple(map(str, names)), dict.fromkeys(values, 0.0))
        for value, number in zip(values, numbers, strict=True):
            held[value] += 0.0 if pd.isna(number) else float(number)
    return sums


def exceeded(columns: Operated, x: Array) -> Rows:
    """Return the amount of a year by which each rule on operation is exceeded, and its penalty in mCNY a year."""
    price = columns.reading.scenario.settings.plan.excess_mcny_per_unit
    found: dict[Label, Mapping[str, float]] = {}
    for rule in OPERATING:
        family = columns[excess(rule)]
        for i, label in enumerate(family.labels):
            over = np.maximum(family.view(x)[0, ..., i], 0.0)
            amount = float(columns.reading.clock.weight @ over) if rule in HOURLY else float(over)
            found[rule, "/".join(label)] = {"amount": amount, "mcny": amount * price}
    return found


def _differ(table: str, said: Rows, made: Rows) -> Iterator[Message]:
    """Yield the first row of a table that differs from the recomputed one; a row of zeros may be missing."""
    for key in dict.fromkeys((*said, *made)):
        for name in said.get(key) or made[key]:
            one, other = said.get(key, {}).get(name, 0.0), made.get(key, {}).get(name, 0.0)
            if not agree(one, other, SAME):
                yield _(
                    "table {table}: {row}: {column} {said}, the values give {found}",
                    table=table,
                    row=" / ".join(key),
                    column=name,
                    said=f"{one:,.12g}",
                    found=f"{other:,.12g}",
                )
                return
