"""Pricing problem of the decomposition: the cheapest way of each city for each choice at given budget prices.

A *choice* is the set of periods in which a city is a gigabit city. A *way* is a column of the restricted master: a
city, a choice, and what it takes of every budget. Where a gigabit city stays one (`is_permanent`), a choice is its first
period, or never; otherwise it is any set of periods. Cities share only budgets, so one linear program per choice prices
all cities at once: it separates by city.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np

from gnomon import Array, Block, Index, LinearProgram, Mask, RepeatedProgram, integer_program, with_integers
from xisuan.equations.access import city_arrays
from xisuan.equations.model_builder import Assembly
from xisuan.errors import InfeasibleError, SolverError
from xisuan.planning.objectives import outside_resident_years
from xisuan.scenario.schema.access_tables import BY_INDICATOR, EFFECTS

PERIODS = 5
"""Most periods for which all 2⁵ sets are listed as choices; there is no limit where cities stay gigabit cities."""
REACHED = 1e-7
"""Feasibility tolerance: shortfall of the periods reached that counts as rounding error."""
CITY_FAMILIES = ("deploy", "lay", "deployed", "counted", "gigabit")
"""Column families of which each column belongs to one city."""
NO_PLAN = "No plan keeps the budgets and meets the dates."


class ChoiceAtLimitError(SolverError):
    """A choice is feasible within the tolerance for one objective and not for another: a limit is met to rounding."""


def is_separable(assembly: Assembly, flat: LinearProgram) -> bool:
    """Return True if cities share only budgets and their choices are few enough to be listed."""
    if not flat.integer.any() or not _has_only_access(assembly, flat) or not _share_only_budgets(assembly, flat):
        return False
    return len(assembly.given.periods) <= PERIODS or is_permanent(assembly)


def _has_only_access(assembly: Assembly, flat: LinearProgram) -> bool:
    """Return True if the part of the model with integers holds access columns alone."""
    inside = with_integers(flat)
    access = np.zeros(len(inside), dtype=bool)
    for name in CITY_FAMILIES:
        block = assembly.model.columns.get(name)
        if block is not None:
            flat.part(access, block)[...] = True
    return not bool((inside & ~access).any())


def _share_only_budgets(assembly: Assembly, flat: LinearProgram) -> bool:
    """Return True if no row but a budget limits columns of several cities together."""
    part = integer_program(flat, with_integers(flat))
    binds = np.isfinite(part.row_lower) | np.isfinite(part.row_upper)
    if (budget := assembly.model.rows.get("budget")) is not None:
        part.part(binds, budget, rows=True)[...] = False
    entries = part.matrix.tocoo()
    city = _city_of_columns(assembly, flat)[entries.col]
    first, last = np.full(len(binds), len(city)), np.full(len(binds), -1)
    np.minimum.at(first, entries.row, city)
    np.maximum.at(last, entries.row, city)
    return not bool((binds & (last > first)).any())


def _city_of_columns(assembly: Assembly, flat: LinearProgram) -> Index:
    """Return the number of the city of each access column, 0 for others. Shape (columns,)."""
    city, gigabit = np.zeros(len(flat.cost), dtype=np.int64), assembly.model.columns["gigabit"]
    for name in CITY_FAMILIES:
        block = assembly.model.columns.get(name)
        if block is not None:
            flat.part(city, block)[...] = [gigabit.position[label[:1]] for label in block.labels]
    return city


def is_permanent(assembly: Assembly) -> bool:
    """Return True if measures that make a city a gigabit city in one period keep it one in all later periods.

    This holds if no threshold of the standard rises, no city's indicators decline without measures, no measure's effect
    falls over time, and a named city keeps its status.
    """
    labels = city_arrays.cities(assembly.given)
    if (np.diff(city_arrays.named(assembly.given, labels).astype(int), axis=0) < 0).any():
        return False
    given, deploy, row = assembly.given, assembly.column("deploy"), assembly.model.rows.get("gigabit_reached")
    if row is None or deploy is None:
        return True
    # Thresholds by period; NaN where the indicator is not mandatory.
    ratio = np.full((len(given.periods), len(BY_INDICATOR)), np.nan)
    place = {name: k for k, name in enumerate(BY_INDICATOR)}
    for y in range(len(given.periods)):
        for one in city_arrays.mandatory(given, y):
            ratio[y, place[one.indicator.name]] = one.ratio
    if not (np.isnan(ratio).all(axis=0) | (ratio == ratio[0]).all(axis=0)).all():
        return False
    # Effect of one unit of a measure on numerator − threshold × denominator, by period of order and of use.
    gain = np.zeros((len(given.periods), len(given.periods), len(deploy), len(BY_INDICATOR)))
    adds = city_arrays.effects(given, deploy.labels)
    for k, judge in enumerate(BY_INDICATOR.values()):
        for side, sign in ((judge.numerator, 1.0), (judge.denominator, -np.nan_to_num(ratio[0, k]))):
            mine = np.array(EFFECTS)[adds.quantity] == side
            at = (adds.made[mine], adds.used[mine], adds.item[mine], np.full(mine.sum(), k))
            np.add.at(gain, at, sign * adds.amount[mine])
    # Change of that effect from one period of use to the next.
    later = np.diff(gain, axis=1)
    lead = city_arrays.measure(given, deploy.labels, "lead_years")
    now = np.array(given.periods, dtype=np.float64)
    begun = now[None, :-1, None] >= now[:, None, None] + lead[:, None, :]  # only periods after the lead time
    falls = (later < -1e-12) & begun[..., None]
    losing = (gain < -1e-12).any()
    sides = [
        [(city, getattr(BY_INDICATOR[name], side)) for city, name in row.labels]
        for side in ("numerator", "denominator")
    ]
    rows = np.array([place[name] for _, name in row.labels])
    # Opening margin over the threshold; it must not shrink over the periods.
    slack = city_arrays.opening(given, sides[0]) - np.nan_to_num(ratio[:, rows]) * city_arrays.opening(given, sides[1])
    return not (falls.any() or losing or (np.diff(slack, axis=0) < -1e-9 * np.abs(slack).max(initial=1.0)).any())


@dataclass
class Ways:
    """Known ways, the columns of the restricted master.

    `city` and `choice`: their numbers, shape (ways,). `takes`: use of each budget row, shape (ways, budgets).
    """

    city: Index
    choice: Index
    takes: Array

    def add(self, other: Ways) -> None:
        """Add other ways and drop duplicates."""
        both = [np.concatenate(pair) for pair in zip(self._arrays(), other._arrays(), strict=True)]
        _, kept = np.unique(np.column_stack([both[0], both[1], np.round(both[2], 6)]), axis=0, return_index=True)
        self.city, self.choice, self.takes = (array[np.sort(kept)] for array in both)

    def only(self, kept: Mask) -> Ways:
        """Return the ways selected by the mask."""
        return Ways(self.city[kept], self.choice[kept], self.takes[kept])

    def _arrays(self) -> tuple[Index, Index, Array]:
        """Return city, choice and budget use."""
        return self.city, self.choice, self.takes


class Cities:
    """Pricing problems of all cities.

    `choices`: shape (choices, periods). `worth`: resident-years that a choice brings a city, −inf where infeasible,
    shape (choices, cities). `limits`: of the budget rows, shape (budgets,). `reach`: row duals that bound how many
    periods of a choice cities can reach, one array per choice.

    Raises InfeasibleError where some city has no feasible choice.
    """

    def __init__(self, assembly: Assembly, flat: LinearProgram) -> None:
        model = assembly.model
        inside = with_integers(flat)
        self.flat = replace(integer_program(flat, inside), integer=np.zeros_like(flat.integer))
        self.gigabit = model.columns["gigabit"]
        self.years = assembly.given.periods
        self.stay = is_permanent(assembly)
        self.choices = _choices(len(self.years), self.stay)
        self.limits = self._budgets(model.rows.get("budget"))
        self.lower = flat.part(flat.lower, self.gigabit)
        self.upper = flat.part(flat.upper, self.gigabit)
        self.owner = _city_of_columns(assembly, self.flat)
        self.reach: list[Array] = []
        each = -flat.part(outside_resident_years(assembly), self.gigabit)
        total = self.choices.astype(float) @ each
        self.worth = np.where(self._open(), total, -np.inf)
        if not np.isfinite(self.worth).any(axis=0).all():
            raise InfeasibleError(NO_PLAN)
        self.engines = [RepeatedProgram(self._subproblem(number)) for number in range(len(self.choices))]

    def _budgets(self, budget: Block | None) -> Array:
        """Return the limits of the finite budget rows, and relax these rows in the subproblems."""
        places = np.zeros(self.flat.shape[0], dtype=bool)
        if budget is not None:
            self.flat.part(places, budget, rows=True)[...] = True
        touched = np.diff(self.flat.matrix.indptr) > 0
        self.budget_rows = np.flatnonzero(places & np.isfinite(self.flat.row_upper) & touched)
        self.budget = self.flat.matrix[self.budget_rows]
        self.shared, limits = places, self.flat.row_upper[self.budget_rows]
        self.flat = replace(self.flat, row_upper=np.where(places, np.inf, self.flat.row_upper))
        return limits

    def _open(self) -> Mask:
        """Return the choices feasible for each city without budget limits, shape (choices, cities). Sets `reach`."""
        inside = self.choices[:, :, None]
        fits = np.array(((inside >= self.lower) & (inside <= self.upper)).all(axis=1))
        engine = RepeatedProgram(self.flat)
        cost = np.zeros_like(self.flat.cost)
        if engine.solve(cost) is None:
            raise InfeasibleError(NO_PLAN)
        for number, periods in enumerate(self.choices):
            cost[...] = 0.0
            # Maximise the relaxed statuses in the periods of the choice, for all cities at once.
            self.flat.part(cost, self.gigabit)[periods] = -1.0
            x = engine.solve(cost) if periods.any() else None
            self.reach.append(engine.row_dual)
            if x is not None:
                reached = self.flat.part(x, self.gigabit)[periods].sum(axis=0)
                fits[number] &= reached >= periods.sum() - REACHED
        return np.asarray(fits, dtype=bool)

    def _subproblem(self, number: int) -> LinearProgram:
        """Return the subproblem of one choice: cities for which it is feasible make it, others only what they must."""
        lower, upper = self.flat.lower.copy(), self.flat.upper.copy()
        status = np.where(np.isfinite(self.worth[number]), self.choices[number][:, None], self.lower)
        for side in (lower, upper):
            self.flat.part(side, self.gigabit)[...] = status
        return replace(self.flat, lower=lower, upper=upper)

    def best(self, prices: Array) -> tuple[Ways, Array, list[Array]]:
        """Solve the pricing problem at the given budget prices, shape (budgets,).

        Returns the cheapest ways; the cost of each choice of each city, inf where infeasible, shape (choices, cities);
        and the row duals that prove it, one array per choice. Raises ChoiceAtLimitError if a choice that was feasible
        without budgets is not.
        """
        number, city = np.nonzero(np.isfinite(self.worth))
        takes = np.zeros((*self.worth.shape, len(prices)))
        # Reduced cost of a way: worth − π · takes − convexity dual. Worth is fixed by the choice: minimise π · takes.
        cost, duals = np.asarray(self.budget.T @ prices), []
        for choice, engine in enumerate(self.engines):
            x = engine.solve(cost)
            if x is None:
                raise ChoiceAtLimitError(
                    f"a choice that is open to a city, number {choice}, is not: a limit is too close"
                )
            for k in range(len(prices)):
                row = self.budget[k]
                np.add.at(takes[choice, :, k], self.owner[row.indices], row.data * x[row.indices])
            duals.append(engine.row_dual)
        ways = Ways(city, number, takes[number, city])
        least = np.where(np.isfinite(self.worth), takes @ prices, np.inf)
        return ways, least, duals

    def of_budgets(self, values: Array) -> Array:
        """Return an array of shape (rows,) with `values` at the budget rows and 0 elsewhere."""
        out = np.zeros(self.flat.shape[0])
        out[self.budget_rows] = values
        return out

    def kinds(self) -> Index:
        """Return, for each city, the number of the first city with identical data; these cities form a kind.

        Where statuses may end again every city is its own kind.
        """
        if not self.stay:
            return np.arange(len(self.gigabit))
        row_owner = self._row_owners()
        first: dict[bytes, int] = {}
        by_city, by_row = (np.argsort(owner, kind="stable") for owner in (self.owner, row_owner))
        ends, row_ends = (
            np.searchsorted(np.sort(o), np.arange(len(self.gigabit) + 1)) for o in (self.owner, row_owner)
        )
        same = np.zeros(len(self.gigabit), dtype=np.int64)
        for city in range(len(self.gigabit)):
            mine = by_city[ends[city] : ends[city + 1]]
            own = by_row[row_ends[city] : row_ends[city + 1]]
            inner = self.flat.matrix[own][:, mine].tocsr()
            shared = self.budget[:, mine].tocsr()
            sides = (self.flat.lower[mine], self.flat.upper[mine], self.flat.row_lower[own], self.flat.row_upper[own])
            # The subproblem as bytes: equal bytes mean equal worth, bounds, rows and budget use.
            arrays = (
                self.worth[:, city],
                *sides,
                *(part for m in (inner, shared) for part in (m.indptr, m.indices, m.data)),
            )
            same[city] = first.setdefault(b"|".join(array.tobytes() for array in arrays), city)
        return same

    def _row_owners(self) -> Index:
        """Return the city of each row; the number of cities for budget rows and empty rows, which belong to none."""
        matrix = self.flat.matrix
        owner = np.full(matrix.shape[0], len(self.gigabit))
        filled = np.flatnonzero(np.diff(matrix.indptr))
        owner[filled] = self.owner[matrix.indices[matrix.indptr[filled]]]
        owner[self.shared] = len(self.gigabit)
        return owner


def _choices(periods: int, stay: bool) -> Mask:
    """Return all choices, shape (choices, periods): each first period and never, or every set of periods."""
    if stay:
        return np.arange(periods) >= np.arange(periods + 1)[:, None]
    return np.array(list(itertools.product((False, True), repeat=periods)))
