"""By how much what conflicts would have to give for a plan to exist: grid limits, budgets, caps, dates, shares, demand.

The smallest conflicting set says who contradicts whom; this says by how much. Each kind of statement in the set may
give by itself, wherever and whenever the scenario says it, while all else stays as it is: the least total that makes
the rest hold. Where no kind is enough by itself, all of them may give together, each counted by its own size.

A small model is asked whole, so that the amounts are exact: with them there is a plan, with less there is none. A large
one is asked in its mean and its tightest hours, which any plan must satisfy too: it takes at least as much.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array, Index
from gnomon.infeasibility import elastic_program, relaxation_ladder
from gnomon.infeasibility.relaxation_ladder import Part
from gnomon.model.block_model import Block
from gnomon.model.coefficients import Held
from gnomon.model.csr_matrix import size
from gnomon.model.linear_program import Flat
from gnomon.transforms import time_aggregation
from xisuan import units
from xisuan.equations.build_model import assemble
from xisuan.equations.model_builder import Assembly
from xisuan.errors import Relief
from xisuan.planning.infeasibility.statements import Register, Statement, show
from xisuan.scenario.scenario import Scenario

SECONDS = 120.0
"""What the search for amounts may take; kinds that are not reached in it are left out."""
EACH = 60.0
"""What one linear program of it may take: an interior point that finds no way out wanders for long."""
WHOLE = 200_000
"""Non-zeros up to which the whole model is asked, which takes seconds."""
NOTHING = 1e-6
"""Share of the total below which an amount is what arithmetic leaves of 0."""
DIGITS = 4
"""Significant digits of an amount; it is rounded up, so that what is printed is enough."""
ROUNDS = 12
"""Most steps towards the share at which a rule can be met. Four or five are usual."""
STEP = 1e-3
"""By how much a share is moved to see what it multiplies."""

Kind = tuple[str, str]
"""Table and column of what may give; for a policy its rule in place of the column."""

AMOUNTS: dict[Kind, tuple[str, float]] = {
    ("power", "grid_limit_mw"): ("{} MW more", 1.0),
    ("sites", "it_limit_mw"): ("{} MW more", 1.0),
    ("halls", "limit_mw"): ("{} MW more", 1.0),
    ("supply", "limit_mw"): ("{} MW more", 1.0),
    ("supply", "limit_mwh"): ("{} MWh more", 1.0),
    ("links", "limit_gbps"): ("{} Gbps more", 1.0),
    ("links", "min_gbps"): ("{} Gbps less", -1.0),
    ("links", ""): ("by {} Gbps", 1.0),
    ("limits", "max_build_units"): ("{} units more", 1.0),
    ("budgets", "limit_mcny"): ("{} million CNY more", 1.0),
    ("policies", "carbon_cap_t"): ("{} t more", 1.0),
    ("policies", "carbon_cap_market_t"): ("{} t more", 1.0),
    ("policies", "water_cap_m3"): ("{} m³ more", 1.0),
    ("policies", "reach_eflops_fp16"): ("{} EFLOPS less", -1.0),
    ("policies", "reach_racks"): ("{} racks less", -1.0),
    ("policies", "reach_investment_mcny"): ("{} million CNY less", -1.0),
    ("limits", ""): ("by {} units", 1.0),
    ("city_targets", "deadline"): ("{} years later", 1.0),
    ("demand", "units"): ("up to {} % less", -1.0),
}
"""What each kind is said to give, and whether the sides of its rows go up or down. An upper bound of a column goes up,
a lower one down."""
IN_UNIT = {("policies", "reach_racks"): 1.0 / units.mw_of_racks(1.0), ("demand", "units"): 100.0}
"""What is printed for 1 of a model's slack, where that is not 1."""
DEMAND = ("demand", "units")
"""The kind whose slack is a share of what is asked."""
ASKED = ("work_balance", "stock_balance", "backlog", "unserved", "stock_unserved")
"""Rows, and bounds of columns, that are demand: they shrink with it."""
WHOLE_NUMBERS = (("city_targets", "deadline"),)
SHARES = {
    "occupancy_min": -1.0,
    "utilisation_min": -1.0,
    "hub_share_min": -1.0,
    "intelligent_share_min": -1.0,
    "green_share_min": -1.0,
    "pue_max": 1.0,
}
"""Rules whose value is a coefficient, and whether it goes up or down when the rule gives."""


@dataclass(frozen=True, slots=True)
class _Give:
    """What may give: a kind of statement at one row of its table in one period; of demand, the same share of all work
    that is named in the conflict, in a period."""

    kind: Kind
    row: str
    year: int


def reliefs(assembly: Assembly, said: Sequence[Statement]) -> tuple[Relief, ...]:
    """How far each kind of the statements `said`, which conflict, would have to give by itself, or all together.

    Nothing where no amount would help, or none was found in time.
    """
    search = _Search(assembly, said, time.perf_counter() + SECONDS)
    amounts = [kind for kind in dict.fromkeys(map(_kind, said)) if kind in AMOUNTS]
    rules = dict.fromkeys(tuple(one.row.split("/")) for one in said if _kind(one)[1] in SHARES)
    found = [search.least([kind]) for kind in amounts if kind != DEMAND]
    found += [search.share(rule, scope) for rule, scope in rules]
    found += [search.least([kind]) for kind in amounts if kind == DEMAND]
    if not any(found) and len(amounts) > 1:
        found = [search.least(amounts)]
    return tuple(one for some in found for one in some)


def _kind(statement: Statement) -> Kind:
    return ("policies", statement.row.split("/")[0]) if statement.table == "policies" else statement.family


class _Search:
    """What may give in one model, and by how much."""

    def __init__(self, assembly: Assembly, said: Sequence[Statement], until: float) -> None:
        self._assembly = assembly
        self._workloads = list(dict.fromkeys(one.row.split("/")[1] for one in said if one.family == DEMAND))
        self._until = until
        self._exact = size(assembly.model)[2] <= WHOLE
        self._hours = None if self._exact else time_aggregation.tightest(assembly.model)
        self._texts: dict[str, int] = {}
        self._gives: dict[str, _Give] = {}
        self._part = self._made(assembly)

    def least(self, kinds: Sequence[Kind]) -> list[Relief]:
        """The least that the kinds give together; nothing where that is not enough, or was not found in time."""
        chosen = {number: give for number, give in self._numbered() if give.kind in kinds}
        found = elastic_program.least(self._part.flat, self._slacks(chosen, len(kinds) > 1), self._left())
        if found is None:
            return []
        amounts = list(zip(chosen.values(), found.slacks.tolist(), strict=True))
        said = [self._relief(kind, amounts, found.total if len(kinds) == 1 else 0.0) for kind in kinds]
        return [one for one in said if one.amounts]

    def share(self, rule: str, scope: str) -> list[Relief]:
        """The least by which a rule's share gives, the same in every period; nothing where none helps.

        What is missing at a share tells which share its own solution reaches, and from there less is missing: the
        fixed point of Crouzeix, Ferland & Schaible (1985) for the largest of several ratios.
        """
        sign, part = SHARES[rule], self._part
        moved = self._made(assemble(_moved(self._assembly.given.scenario, rule, scope, sign * STEP)))
        mine = [number for number, give in self._numbered() if give.kind == ("policies", rule) and give.row == scope]
        rows = np.flatnonzero(np.isin(part.row_statement, mine))
        if part.flat.shape != moved.flat.shape or not len(rows):
            return []
        base, change = part.flat.matrix[rows], (moved.flat.matrix[rows] - part.flat.matrix[rows]) / STEP
        toward = np.where(np.isfinite(part.flat.row_lower[rows]), -1.0, 1.0)
        given = spare = 0.0
        for _ in range(ROUNDS):
            found = elastic_program.least(*_missing(part, rows, base + given * change, toward, spare), self._left())
            if found is None or not (spare or found.slacks[0] > 0.0):
                return []
            missing, gain = toward * (base @ found.x), -toward * (change @ found.x)
            if (missing[gain <= 0.0] > 0.0).any():
                return []  # a row in which the rule multiplies nothing: no share helps
            needed = float(np.max(missing[gain > 0.0] / gain[gain > 0.0], initial=0.0))
            if spare and needed >= given * (1.0 - NOTHING):
                break
            given, spare = needed, spare or float(found.slacks[0])
        amount = _up(given)
        text = f"lower it by {show(amount)}" if sign < 0.0 else f"raise it by {show(amount)}"
        return [Relief("policies", f"{rule}/{scope}", "value", text, ((scope, 0, amount),), self._exact, False)]

    def _left(self) -> float:
        return min(EACH, max(1.0, self._until - time.perf_counter()))

    def _numbered(self) -> list[tuple[int, _Give]]:
        return [(number, self._gives[text]) for text, number in self._texts.items()]

    def _made(self, assembly: Assembly) -> Part:
        """The part that is asked, its rows and bounds numbered by what gives there."""
        register = Register(assembly)

        def text(block: Block, item: int, period: int) -> str | None:
            """What gives at an item, as a text; None where nothing does."""
            said = register.text(block, item, period)
            year = assembly.given.periods[period]
            if block.name in ASKED and block.labels[item][1] in self._workloads:
                give = _Give(DEMAND, " + ".join(self._workloads), year)
            elif said is None or block.name in ASKED:
                return None
            else:
                one = register.by_text[said]
                kind = _kind(one)
                give = _Give(kind, one.row.partition("/")[2] if one.table in ("policies", "budgets") else one.row, year)
            self._gives[str(give)] = give
            return str(give)

        part = relaxation_ladder.of(assembly.model, self._hours, text, self._texts)
        return part if self._exact else part.relaxed()

    def _slacks(self, chosen: Mapping[int, _Give], relative: bool) -> elastic_program.Slacks:
        """One slack for each of the chosen numbers; `relative`: a unit counts as a share of what it is added to."""
        part, flat = self._part, self._part.flat
        numbers = np.array(list(chosen), dtype=np.int64)
        share = np.array([give.kind == DEMAND for give in chosen.values()])
        way = np.array([AMOUNTS[give.kind][1] for give in chosen.values()])
        rows, at = _where(part.row_statement, numbers)
        sides = np.where(np.isfinite(flat.row_lower[rows]), flat.row_lower[rows], flat.row_upper[rows])
        columns, of = _where(part.column_statement, numbers)
        lower, upper = flat.lower[columns], flat.upper[columns]
        low, high = lower > 0.0, np.isfinite(upper) & (way[of] > 0.0) | share[of]
        price = np.ones(len(numbers))
        if relative:
            sizes = np.zeros(len(numbers))
            np.maximum.at(sizes, at, np.abs(sides))
            np.maximum.at(sizes, of, np.where(high, upper, lower))
            price = np.where(share | (sizes == 0.0), 1.0, 1.0 / np.where(sizes > 0.0, sizes, 1.0))
        shape = (flat.shape[1], len(numbers))
        return elastic_program.Slacks(
            sp.csr_matrix((np.where(share[at], -sides, way[at]), (rows, at)), (flat.shape[0], len(numbers))),
            sp.csr_matrix((np.where(share[of], -lower, -1.0)[low], (columns[low], of[low])), shape),
            sp.csr_matrix((np.where(share[of], -upper, 1.0)[high], (columns[high], of[high])), shape),
            np.array([give.kind in WHOLE_NUMBERS for give in chosen.values()]),
            price,
        )

    def _relief(self, kind: Kind, amounts: Sequence[tuple[_Give, float]], proven: float) -> Relief:
        """What one kind gives, in words, and where and when. `proven`: the least that it gives alone, 0 if it does not."""
        words, _ = AMOUNTS[kind]
        factor = IN_UNIT.get(kind, 1.0)
        mine = [(give, factor * value) for give, value in amounts if give.kind == kind]
        total = sum(value for _, value in mine)
        some = tuple((give.row, give.year, _up(value)) for give, value in mine if value > NOTHING * total)
        values = [value for *_, value in some]
        if kind == DEMAND:
            amount = max(values, default=0.0)
        else:
            amount = sum(values) if self._exact or not proven else min(total, factor * proven)
        place = ("policies", kind[1], "value") if kind[0] == "policies" else (kind[0], "", kind[1])
        return Relief(*place, words.format(show(_up(amount))), some, self._exact, not proven)


def _where(statements: Index, numbers: Index) -> tuple[Index, Index]:
    """The places of `statements` that hold one of the numbers, and which of them each holds."""
    at = np.full(max(statements.max(initial=-1), numbers.max(initial=-1)) + 2, -1)
    at[numbers] = np.arange(len(numbers))
    found = at[statements]  # of -1, no statement, the last, which is no number's
    return np.flatnonzero(found >= 0), found[found >= 0]


def _missing(
    part: Part, rows: Index, matrix: sp.csr_matrix, toward: Array, spare: float
) -> tuple[Flat, elastic_program.Slacks]:
    """The part with other coefficients in some rows, which must hold with `spare` to spare; what is missing is added."""
    flat = part.flat
    order = np.argsort(np.concatenate([np.setdiff1d(np.arange(flat.shape[0]), rows), rows]))
    others = np.setdiff1d(np.arange(flat.shape[0]), rows)
    whole = sp.vstack([flat.matrix[others], matrix], format="csr")[order]
    lower, upper = flat.row_lower.copy(), flat.row_upper.copy()
    lower[rows] -= toward * spare
    upper[rows] -= toward * spare
    direction = sp.csr_matrix((toward, (rows, np.zeros(len(rows), dtype=np.int64))), (flat.shape[0], 1))
    none = sp.csr_matrix((flat.shape[1], 1))
    slacks = elastic_program.Slacks(direction, none, none, np.zeros(1, dtype=bool), np.ones(1))
    return replace(flat, coefficients=Held(whole), row_lower=lower, row_upper=upper), slacks


def _moved(scenario: Scenario, rule: str, scope: str, by: float) -> Scenario:
    """`scenario` with a rule's value moved in every row of a scope."""
    frame = scenario["policies"].copy()
    mine = (frame["rule"] == rule) & (frame["scope"] == scope)
    frame.loc[mine, "value"] += by
    return scenario.with_tables(policies=frame)


def _up(value: float) -> float:
    """A positive number rounded up to `DIGITS` significant digits."""
    if value <= 0.0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(value)) + 1 - DIGITS)
    return math.ceil(value / unit - NOTHING) * unit
