"""Required relief: by how much conflicting limits, budgets, caps, dates, shares or demand must be relaxed.

Elastic program over the smallest conflicting set. Each kind of statement is relaxed alone, wherever and whenever it is
stated, with all else fixed; the total relaxation is minimal. If no kind suffices alone, all are relaxed together, each
weighted by its size.

A small model is relaxed as a whole, so the amounts are exact: with them a plan exists, with less none does. A large one
is relaxed in its mean and its tightest hours, which every plan must satisfy; the amounts are then lower bounds.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from gnomon import (
    Array,
    Block,
    ElasticSlacks,
    Index,
    LinearProgram,
    ModelPart,
    StoredCoefficients,
    least_slacks,
    model_size,
    statements_part,
    tightest_hours,
)
from xisuan import units
from xisuan.equations.build_model import assemble
from xisuan.equations.model_builder import Assembly
from xisuan.errors import Relief
from xisuan.planning.infeasibility.statement import Statement
from xisuan.planning.infeasibility.statements import Register, format_number
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled

SECONDS = 120.0
"""Time limit of the search in seconds; kinds not reached in it are left out."""
EACH = 60.0
"""Time limit of one linear program in seconds: without a solution an interior point iterates for long."""
WHOLE = 200_000
"""Most non-zeros of a model that is relaxed as a whole."""
NOTHING = 1e-6
"""Share of the total below which an amount is rounding error."""
DIGITS = 4
"""Significant digits of an amount; it is rounded up, so that the printed amount suffices."""
ROUNDS = 12
"""Most iterations towards the share at which a rule can be met; four or five are usual."""
STEP = 1e-3
"""Step of a share by which its coefficients are found as a difference quotient."""

Kind = tuple[str, str]
"""Table and column of a statement; for a policy its rule in place of the column."""

AMOUNTS: dict[Kind, tuple[str, float]] = {
    ("power", "grid_limit_mw"): (unfilled("{amount} MW more"), 1.0),
    ("sites", "it_limit_mw"): (unfilled("{amount} MW more"), 1.0),
    ("halls", "limit_mw"): (unfilled("{amount} MW more"), 1.0),
    ("supply", "limit_mw"): (unfilled("{amount} MW more"), 1.0),
    ("supply", "limit_mwh"): (unfilled("{amount} MWh more"), 1.0),
    ("links", "limit_gbps"): (unfilled("{amount} Gbps more"), 1.0),
    ("links", "min_gbps"): (unfilled("{amount} Gbps less"), -1.0),
    ("links", ""): (unfilled("by {amount} Gbps"), 1.0),
    ("limits", "max_build_units"): (unfilled("{amount} units more"), 1.0),
    ("budgets", "limit_mcny"): (unfilled("{amount} million CNY more"), 1.0),
    ("policies", "carbon_cap_t"): (unfilled("{amount} t more"), 1.0),
    ("policies", "carbon_cap_market_t"): (unfilled("{amount} t more"), 1.0),
    ("policies", "water_cap_m3"): (unfilled("{amount} m³ more"), 1.0),
    ("policies", "reach_eflops_fp16"): (unfilled("{amount} EFLOPS less"), -1.0),
    ("policies", "reach_racks"): (unfilled("{amount} racks less"), -1.0),
    ("policies", "reach_investment_mcny"): (unfilled("{amount} million CNY less"), -1.0),
    ("limits", ""): (unfilled("by {amount} units"), 1.0),
    ("city_targets", "deadline"): (unfilled("{amount} years later"), 1.0),
    ("demand", "units"): (unfilled("up to {amount} % less"), -1.0),
}
"""Wording of the relief of each kind, and the direction in which row sides move.

Upper bounds of columns move up, lower bounds down.
"""
IN_UNIT = {("policies", "reach_racks"): 1.0 / units.mw_of_racks(1.0), ("demand", "units"): 100.0}
"""Factor from the model's slack to the printed unit, where it is not 1."""
DEMAND = ("demand", "units")
"""The kind whose slack is a share of the demand."""
ASKED = ("work_balance", "stock_balance", "backlog", "unserved", "stock_unserved")
"""Rows, and columns with bounds, that scale with demand."""
WHOLE_NUMBERS = (("city_targets", "deadline"),)
SHARES = {
    "occupancy_min": -1.0,
    "utilisation_min": -1.0,
    "hub_share_min": -1.0,
    "intelligent_share_min": -1.0,
    "green_share_min": -1.0,
    "clean_share_hourly_min": -1.0,
    "clean_share_monthly_min": -1.0,
    "pue_max": 1.0,
}
"""Rules whose value is a coefficient, and the direction in which it is relaxed."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """Unit of relaxation: a kind of statement at one table row in one period.

    For demand, one share per period of all workloads in the conflict.
    """

    kind: Kind
    row: str
    year: int


def reliefs(assembly: Assembly, said: Sequence[Statement]) -> tuple[Relief, ...]:
    """Return by how much each kind of the conflicting statements must be relaxed alone, or all together.

    Empty where no relaxation suffices or none was found in time.
    """
    search = _Search(assembly, said, time.perf_counter() + SECONDS)
    amounts = [kind for kind in dict.fromkeys(map(_kind, said)) if kind in AMOUNTS]
    rules = dict.fromkeys(tuple(one.row.split("/", 1)) for one in said if _kind(one)[1] in SHARES)
    found = [search.least([kind]) for kind in amounts if kind != DEMAND]
    found += [search.share(rule, scope) for rule, scope in rules]
    found += [search.least([kind]) for kind in amounts if kind == DEMAND]
    if not any(found) and len(amounts) > 1:
        found = [search.least(amounts)]
    return tuple(one for some in found for one in some)


def _kind(statement: Statement) -> Kind:
    """Return the kind of a statement."""
    return ("policies", statement.row.split("/")[0]) if statement.table == "policies" else statement.family


class _Search:
    """Elastic programs over one model."""

    def __init__(self, assembly: Assembly, said: Sequence[Statement], until: float) -> None:
        self._assembly = assembly
        self._workloads = list(dict.fromkeys(one.row.split("/")[1] for one in said if one.family == DEMAND))
        self._until = until
        self._exact = model_size(assembly.model)[2] <= WHOLE
        self._hours = None if self._exact else tightest_hours(assembly.model)
        self._texts: dict[str, int] = {}
        self._gives: dict[str, _Unit] = {}
        self._part = self._relaxed_part(assembly)

    def least(self, kinds: Sequence[Kind]) -> list[Relief]:
        """Return the least relaxation of the kinds together; empty if it does not suffice or was not found in time."""
        chosen = {number: give for number, give in self._numbered() if give.kind in kinds}
        found = least_slacks(self._part.flat, self._slacks(chosen, len(kinds) > 1), self._left())
        if found is None:
            return []
        amounts = list(zip(chosen.values(), found.slacks.tolist(), strict=True))
        said = [self._relief(kind, amounts, found.total if len(kinds) == 1 else 0.0) for kind in kinds]
        return [one for one in said if one.amounts]

    def share(self, rule: str, scope: str) -> list[Relief]:
        """Return the least relaxation of a rule's share, equal in all periods; empty if none suffices.

        Dinkelbach-type iteration for the maximum of several ratios (Crouzeix, Ferland & Schaible 1985): the solution at
        one share gives the next.
        """
        sign, part = SHARES[rule], self._part
        moved = self._relaxed_part(assemble(_moved(self._assembly.given.scenario, rule, scope, sign * STEP)))
        mine = [number for number, give in self._numbered() if give.kind == ("policies", rule) and give.row == scope]
        rows = np.flatnonzero(np.isin(part.row_statement, mine))
        if part.flat.shape != moved.flat.shape or not len(rows):
            return []
        # Row coefficients as an affine function of the relaxation g of the share: A(g) = base + g · change.
        base, change = part.flat.matrix[rows], (moved.flat.matrix[rows] - part.flat.matrix[rows]) / STEP
        # Direction in which a slack moves the side of the row: −1 for ≥ rows, 1 for ≤ rows.
        toward = np.where(np.isfinite(part.flat.row_lower[rows]), -1.0, 1.0)
        given = spare = 0.0
        for _round in range(ROUNDS):
            found = least_slacks(*_with_share_slack(part, rows, base + given * change, toward, spare), self._left())
            if found is None or not (spare or found.slacks[0] > 0.0):
                return []
            missing, gain = toward * (base @ found.x), -toward * (change @ found.x)
            if (missing[gain <= 0.0] > 0.0).any():
                return []  # the share does not appear in this row, so no share helps
            # Largest ratio of shortfall to gain over the rows: the share at which this x is feasible.
            needed = float(np.max(missing[gain > 0.0] / gain[gain > 0.0], initial=0.0))
            if spare and needed >= given * (1.0 - NOTHING):
                break
            given, spare = needed, spare or float(found.slacks[0])
        amount = _round_up(given)
        source = unfilled("lower it by {amount}") if sign < 0.0 else unfilled("raise it by {amount}")
        text = _(source, amount=format_number(amount))
        return [Relief("policies", f"{rule}/{scope}", "value", text, ((scope, 0, amount),), self._exact, False)]

    def _left(self) -> float:
        """Return the seconds left for the next linear program."""
        return min(EACH, max(1.0, self._until - time.perf_counter()))

    def _numbered(self) -> list[tuple[int, _Unit]]:
        """Return the units of relaxation with their numbers."""
        return [(number, self._gives[text]) for text, number in self._texts.items()]

    def _relaxed_part(self, assembly: Assembly) -> ModelPart:
        """Return the part of the model that is relaxed, with rows and bounds numbered by their unit of relaxation."""
        register = Register(assembly)

        def text(block: Block, item: int, period: int) -> str | None:
            """Return the unit of relaxation of an item as text; None where nothing can be relaxed."""
            said = register.text(block, item, period)
            year = assembly.given.periods[period]
            if block.name in ASKED and block.labels[item][1] in self._workloads:
                give = _Unit(DEMAND, " + ".join(self._workloads), year)
            elif said is None or block.name in ASKED:
                return None
            else:
                one = register.by_text[said]
                kind = _kind(one)
                give = _Unit(kind, one.row.partition("/")[2] if one.table in ("policies", "budgets") else one.row, year)
            self._gives[str(give)] = give
            return str(give)

        part = statements_part(assembly.model, self._hours, text, self._texts)
        return part if self._exact else part.relaxed()

    def _slacks(self, chosen: Mapping[int, _Unit], relative: bool) -> ElasticSlacks:
        """Return one slack column per chosen unit; `relative`: priced by the size of what it relaxes."""
        part, flat = self._part, self._part.flat
        numbers = np.array(list(chosen), dtype=np.int64)
        share = np.array([give.kind == DEMAND for give in chosen.values()])
        way = np.array([AMOUNTS[give.kind][1] for give in chosen.values()])
        rows, at = _where(part.row_statement, numbers)
        sides = np.where(np.isfinite(flat.row_lower[rows]), flat.row_lower[rows], flat.row_upper[rows])
        columns, of = _where(part.column_statement, numbers)
        lower, upper = flat.lower[columns], flat.upper[columns]
        # Bounds that the slack moves: positive lower bounds down, finite upper bounds up.
        low, high = lower > 0.0, np.isfinite(upper) & (way[of] > 0.0) | share[of]
        price = np.ones(len(numbers))
        if relative:
            sizes = np.zeros(len(numbers))
            np.maximum.at(sizes, at, np.abs(sides))
            np.maximum.at(sizes, of, np.where(high, upper, lower))
            price = np.where(share | (sizes == 0.0), 1.0, 1.0 / np.where(sizes > 0.0, sizes, 1.0))
        shape = (flat.shape[1], len(numbers))
        return ElasticSlacks(
            sp.csr_matrix((np.where(share[at], -sides, way[at]), (rows, at)), (flat.shape[0], len(numbers))),
            sp.csr_matrix((np.where(share[of], -lower, -1.0)[low], (columns[low], of[low])), shape),
            sp.csr_matrix((np.where(share[of], -upper, 1.0)[high], (columns[high], of[high])), shape),
            np.array([give.kind in WHOLE_NUMBERS for give in chosen.values()]),
            price,
        )

    def _relief(self, kind: Kind, amounts: Sequence[tuple[_Unit, float]], proven: float) -> Relief:
        """Return the relief of one kind in words, with rows and years.

        `proven`: its least total alone, 0 if relaxed with others.
        """
        source, _way = AMOUNTS[kind]
        factor = IN_UNIT.get(kind, 1.0)
        mine = [(give, factor * value) for give, value in amounts if give.kind == kind]
        total = sum(value for _give, value in mine)
        some = tuple((give.row, give.year, _round_up(value)) for give, value in mine if value > NOTHING * total)
        values = [value for *_, value in some]
        if kind == DEMAND:
            amount = max(values, default=0.0)
        else:
            amount = sum(values) if self._exact or not proven else min(total, factor * proven)
        place = ("policies", kind[1], "value") if kind[0] == "policies" else (kind[0], "", kind[1])
        return Relief(*place, _(source, amount=format_number(_round_up(amount))), some, self._exact, not proven)


def _where(statements: Index, numbers: Index) -> tuple[Index, Index]:
    """Return the positions in `statements` that hold one of `numbers`, and the index of that number."""
    at = np.full(max(statements.max(initial=-1), numbers.max(initial=-1)) + 2, -1)
    at[numbers] = np.arange(len(numbers))
    found = at[statements]  # −1 (no statement) reads the last entry, which stays −1
    return np.flatnonzero(found >= 0), found[found >= 0]


def _with_share_slack(
    part: ModelPart, rows: Index, matrix: sp.csr_matrix, toward: Array, spare: float
) -> tuple[LinearProgram, ElasticSlacks]:
    """Return the part with other coefficients in some rows, tightened by `spare`, and one slack for these rows."""
    flat = part.flat
    order = np.argsort(np.concatenate([np.setdiff1d(np.arange(flat.shape[0]), rows), rows]))
    others = np.setdiff1d(np.arange(flat.shape[0]), rows)
    whole = sp.vstack([flat.matrix[others], matrix], format="csr")[order]
    lower, upper = flat.row_lower.copy(), flat.row_upper.copy()
    lower[rows] -= toward * spare
    upper[rows] -= toward * spare
    direction = sp.csr_matrix((toward, (rows, np.zeros(len(rows), dtype=np.int64))), (flat.shape[0], 1))
    none = sp.csr_matrix((flat.shape[1], 1))
    slacks = ElasticSlacks(direction, none, none, np.zeros(1, dtype=bool), np.ones(1))
    return replace(flat, coefficients=StoredCoefficients(whole), row_lower=lower, row_upper=upper), slacks


def _moved(scenario: Scenario, rule: str, scope: str, by: float) -> Scenario:
    """Return `scenario` with a rule's value changed by `by` in every row of a scope."""
    frame = scenario["policies"].copy()
    mine = (frame["rule"] == rule) & (frame["scope"] == scope)
    frame.loc[mine, "value"] += by
    return scenario.with_tables(policies=frame)


def _round_up(value: float) -> float:
    """Return a positive number rounded up to `DIGITS` significant digits."""
    if value <= 0.0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(value)) + 1 - DIGITS)
    return math.ceil(value / unit - NOTHING) * unit
