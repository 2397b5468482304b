"""Sensitivity of the plan to its estimates: table `estimates`.

Estimates of one kind are varied together, each over its own range. Those of a technology, a workload or a rule are
grouped by column, and those of sites, links and cities by column alone.

*Screening*: at the plan x with row duals y, changed data change the cost to first order by y·(b′ − A′x) + c′x (envelope
theorem). This needs no solve: the model is assembled with the figures at the high end, and the change is scaled to the
low end. Where the figures change which pairs may be served, the model has another shape and is solved instead. The ten
largest are solved again at both ends, with all else unchanged. If both ends are infeasible, the swing is the screened
one.

Left out: shapes of profiles, whose ranges apply to single hours, and interactions of estimates.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gnomon import Array, LinearProgram, flatten
from xisuan.decisions.confidence.column_titles import column_title
from xisuan.decisions.confidence.stress_cases import with_table
from xisuan.decisions.display_names import TITLED, key_part_title, title_of
from xisuan.decisions.repeated_solve import Answer, Question
from xisuan.decisions.reported_place import Focus
from xisuan.equations.build_model import assemble
from xisuan.parallel.thread_map import side_by_side
from xisuan.progress import Report, tell
from xisuan.results.decision_tables import frame, in_both
from xisuan.results.plan import Plan
from xisuan.scenario.queries.estimate_ranges import CURVES
from xisuan.scenario.queries.row_keys import Keyed
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.access_tables import INDICATORS
from xisuan.scenario.schema.tables import BY_NAME
from xisuan.text.translation import Series, Translatable, in_context, unfilled
from xisuan.text.translation import message as _

COUNT = 10
"""Number of estimates that are solved again."""
BY_PART = {"technologies": 0, "workloads": 0, "policies": 0, "demand": 1, "supply": 1, "fleet": 1}
"""Tables whose estimates are grouped by a part of their key."""
UNREAD = {("workloads", "sweep_unserved_mcny_per_unit_hour")}
"""Columns that no plan reads."""
INDICATOR_TITLES = {one.name: one.title for one in INDICATORS}
NAMED = 3
"""Most rows of a kind that a title names; more are counted."""
AT_BOUND = 1e-9
"""Relative distance within which a column is at its bound."""


@dataclass(frozen=True, eq=False)
class Group:
    """Estimates of one kind: the rows of a column, with low and high of each as factors on its value.

    `low`, `high`: shape (rows,). `of`: the subset of the kind's rows; None if the key says it.
    """

    table: str
    key: str
    column: str
    rows: np.ndarray
    low: Array
    high: Array
    how: str
    source: str
    of: Translatable | None = None

    def at(self, scenario: Scenario, factors: Array) -> Scenario:
        """Return `scenario` with the group's values multiplied by `factors`, shape (rows,)."""
        values = scenario[self.table][self.column].to_numpy(dtype=np.float64, copy=True)
        values[self.rows] *= factors
        return with_table(scenario, self.table, scenario[self.table].assign(**{self.column: values}))


@dataclass(frozen=True)
class SolvedGroup:
    """Estimates of one kind, solved again at both ends; None where infeasible.

    `screened`: the swing of cost to first order, million CNY.
    """

    group: Group
    screened: float
    low: Answer | None
    high: Answer | None


@dataclass(frozen=True)
class Trial:
    """Results of the unchanged scenario and of its most important estimates at both ends."""

    base: Answer
    tried: tuple[SolvedGroup, ...]


def solve_estimates(scenario: Scenario, question: Question, progress: Report | None = None) -> Trial:
    """Solve the estimates of `scenario` that swing the cost most, at both ends, on the hours of `question`."""
    found = list(groups(scenario))
    tell(progress, "estimates", _("screening {count} kinds of estimates", count=len(found)))
    screened = [(screen(question, group), group) for group in found]
    if len(found) > COUNT:  # a zero first-order swing says nothing about large changes, so a few are all solved
        screened = [(swing, group) for swing, group in screened if swing > 0.0]
    screened.sort(key=lambda pair: -pair[0])
    chosen = screened[:COUNT]
    tell(progress, "estimates", _("planning again with {count} of them at both ends", count=len(chosen)))
    ends = [(group, factors) for _, group in chosen for factors in (group.low, group.high)]
    asked = side_by_side(lambda end: question.solve_scenario(end[0].at(question.scenario, end[1])), ends)
    made = [SolvedGroup(group, swing, *asked[2 * at : 2 * at + 2]) for at, (swing, group) in enumerate(chosen)]
    return Trial(question.base, tuple(made))


def estimates(plan: Plan, trial: Trial, focus: Focus) -> pd.DataFrame:
    """Return the table `estimates`: first those without a plan at an end, then by largest swing of cost."""
    pairs = [(None not in (tried.low, tried.high), _row(plan, trial.base, focus, tried)) for tried in trial.tried]
    pairs.sort(key=lambda pair: (pair[0], -pair[1]["swing_mcny"] if math.isfinite(pair[1]["swing_mcny"]) else 0.0))
    return frame("estimates", [{**row, "rank": at + 1} for at, (_, row) in enumerate(pairs)])


# --- groups of estimates ---------------------------------------------------------------------------------------------


def groups(scenario: Scenario) -> Iterator[Group]:
    """Yield the estimates with a range by kind, in the order of the table."""
    kinds: dict[tuple[str, str, str], list[Mapping[Any, Any]]] = {}
    for row in scenario["estimates"].to_dict("records"):
        table, column = str(row["table"]), str(row["column"])
        known = table in BY_NAME and table not in CURVES and column in scenario[table].columns
        known = known and (table, column) not in UNREAD
        if known and math.isfinite(row["low"]) and math.isfinite(row["high"]) and row["low"] < row["high"]:
            kinds.setdefault((table, _kind(table, str(row["key"])), column), []).append(row)
    keys = {table: Keyed(scenario, table) for table, _, _ in kinds}
    for (table, kind, column), rows in kinds.items():
        if pd.api.types.is_numeric_dtype(scenario[table][column]):
            group = _group(scenario, keys[table], (table, kind, column), rows)
            if len(group.rows):
                yield group


def _kind(table: str, key: str) -> str:
    """Return the part of a key by which its table's estimates are grouped, or "*"."""
    parts = key.split("/")
    part = BY_PART.get(table)
    return parts[part] if part is not None and part < len(parts) else "*"


def _group(scenario: Scenario, keyed: Keyed, name: tuple[str, str, str], rows: Sequence[Mapping[Any, Any]]) -> Group:
    """Return the group of one kind; the ends of a range are factors on the extreme values over all periods of its
    key."""
    table, kind, column = name
    values = scenario[table][column].to_numpy(dtype=np.float64)
    low, high = np.full(len(values), np.nan), np.full(len(values), np.nan)
    for row in rows:
        at = keyed.held(str(row["key"]))
        at = at[np.isfinite(values[at]) & (values[at] > 0.0)]
        if len(at):
            low[at] = min(1.0, row["low"] / values[at].min())
            high[at] = max(1.0, row["high"] / values[at].max())
    known = np.flatnonzero(np.isfinite(low))
    first = rows[0]
    of = _rows_varied(scenario, keyed.keys, name, known, np.flatnonzero(np.isfinite(values) & (values > 0.0)))
    return Group(table, kind, column, known, low[known], high[known], str(first["how"]), str(first["source"]), of)


def _rows_varied(
    scenario: Scenario,
    keys: Sequence[tuple[str, ...]],
    name: tuple[str, str, str],
    moved: np.ndarray,
    given: np.ndarray,
) -> Translatable | None:
    """Return the rows varied, where they are not all rows of their kind.

    Up to NAMED rows are named, more are counted. Their names are the first part of the key that leaves some rows out,
    except the year. If all rows are varied, they are counted only where no key names them.
    """
    table, kind = name[:2]
    part = BY_PART.get(table)
    given = given if part is None else np.array([at for at in given if keys[at][part] == kind], dtype=np.int64)
    parts = [at for at, key in enumerate(BY_NAME[table].keys) if at != part and key != "period"]
    for at in parts:
        mine, every = (list(dict.fromkeys(keys[row][at] for row in rows)) for rows in (moved, given))
        if len(mine) < len(every):
            if len(mine) > NAMED:
                return _("{some} of {all}", some=len(mine), all=len(every))
            return Series(
                tuple(INDICATOR_TITLES.get(one) or title_of(scenario, one, *TITLED) for one in mine), short=True
            )
    if kind != "*" or not parts:
        return None
    count = len({tuple(keys[row][at] for at in parts) for row in moved})
    return _("all {count}", count=count)


# --- effect on the plan ----------------------------------------------------------------------------------------------


def screen(question: Question, group: Group) -> float:
    """Return the larger first-order change of cost at either end, million CNY; ∞ where the model changes shape."""
    high = group.high.max() > 1.0
    factors = group.high if high else group.low
    moved = flatten(assemble(group.at(question.scenario, factors)).model)
    if not _is_same_shape(question.flat, moved):
        return math.inf
    change = first_order(question, moved)
    # Linear scaling to the other end by the mean relative change.
    up = float(np.mean(np.abs(factors - 1.0)))
    other = group.low if high else group.high
    down = float(np.mean(np.abs(other - 1.0)))
    return abs(change) * max(1.0, down / up if up > 0 else 1.0)


def _is_same_shape(one: LinearProgram, other: LinearProgram) -> bool:
    """Return True if two models have the same rows and columns."""
    blocks = ((one.model.columns, other.model.columns), (one.model.rows, other.model.rows))
    return one.matrix.shape == other.matrix.shape and all(
        list(a) == list(b) and all(a[name].labels == b[name].labels for name in a) for a, b in blocks
    )


def first_order(question: Question, moved: LinearProgram) -> float:
    """Return the first-order change of the least cost from the question's model to `moved`, million CNY.

    Columns at a bound move with it; the active side of a row is given by the sign of its dual.
    """
    flat, vertex = question.flat, question.vertex
    x, y = vertex.x, vertex.row_dual
    follows = x.copy()
    for before, after in ((flat.lower, moved.lower), (flat.upper, moved.upper)):
        here = np.isfinite(before) & np.isfinite(after)
        here &= np.abs(x - np.where(here, before, 0.0)) <= AT_BOUND * np.maximum(
            1.0, np.abs(np.where(here, before, 0.0))
        )
        follows[here] = after[here]
    # Active side: a positive dual belongs to the lower side, a negative one to the upper.
    side = np.where(y > 0.0, moved.row_lower, moved.row_upper)
    side = np.where((y == 0.0) | ~np.isfinite(side), 0.0, side)
    # Dual objective of the moved model: y·b′ + (c′ − A′ᵀy)·x′.
    reduced = moved.cost - moved.matrix.T @ y
    return float(y @ side + reduced @ follows) + moved.constant - question.base.cost


def _row(plan: Plan, base: Answer, focus: Focus, tried: SolvedGroup) -> dict[str, Any]:
    """Return the table row of a kind solved at both ends; figures of an infeasible end are NaN."""
    group, swing, low, high = tried.group, tried.screened, tried.low, tried.high
    costs = [math.nan if end is None else end.cost - base.cost for end in (low, high)]
    values = plan.scenario[group.table][group.column].to_numpy(dtype=np.float64)[group.rows]
    orders = [None if end is None else _order(end.new_mw) for end in (low, high)]
    flips = any(order != _order(base.new_mw) for order in orders)
    known = [abs(cost) for cost in costs if math.isfinite(cost)]
    return {
        "table": group.table, "key": group.key, "column": group.column,
        **_title(plan.scenario, group), "unit": _unit(group),
        "values": len(set(values.tolist())), "value": float(values.mean()), "low": float((values * group.low).mean()),
        "high": float((values * group.high).mean()),
        "screened_mcny": swing if math.isfinite(swing) else math.nan,
        "cost_low_mcny": costs[0], "cost_high_mcny": costs[1], "swing_mcny": max(known, default=swing),
        "build_low_mw": _new_mw_here(low, focus), "build_high_mw": _new_mw_here(high, focus), "flips": flips,
        **_order_change(plan.scenario, _order(base.new_mw), orders), "how": group.how, "source": group.source,
    }  # fmt: skip


def _new_mw_here(asked: Answer | None, focus: Focus) -> float:
    return math.nan if asked is None else sum(asked.new_mw.get(site, 0.0) for site in focus.sites)


def _order(new_mw: Mapping[str, float]) -> tuple[str, ...]:
    """Return the three sites with the most new equipment, largest first, without sites that build at most 1 MW."""
    built = [site for site, mw in new_mw.items() if mw > 1.0]
    return tuple(sorted(built, key=lambda site: (-new_mw[site], site))[:3])


def _order_change(
    scenario: Scenario, base: tuple[str, ...], orders: Sequence[tuple[str, ...] | None]
) -> dict[str, str]:
    """Return the change of the order of sites in words, or empty texts."""
    parts = []
    for order, none, other in zip(
        orders,
        (
            unfilled("at the low end no plan satisfies the rules"),
            unfilled("at the high end no plan satisfies the rules"),
        ),
        (unfilled("at the low end {sites}"), unfilled("at the high end {sites}")),
        strict=True,
    ):
        if order is None:
            parts.append(_(none))
        elif order != base:
            sites = Series(tuple(title_of(scenario, site, "sites") for site in order), short=True)
            parts.append(_(other, sites=sites))
    return in_both("flips", Series(tuple(parts)))


def _unit(group: Group) -> str:
    known = {column.name: column.unit for column in BY_NAME[group.table].all_columns}
    return known.get(group.column, "")


def _title(scenario: Scenario, group: Group) -> dict[str, str]:
    """Return the title of a kind: the meaning of its column, and its rows."""
    title = column_title(group.table, group.column)
    names = [key_part_title(scenario, group.key)] * (group.key != "*") + [group.of] * (group.of is not None)
    if not names:
        return in_both("title", title)
    return in_both("title", in_context("estimate", "{title} ({rows})", title=title, rows=Series(tuple(names))))
