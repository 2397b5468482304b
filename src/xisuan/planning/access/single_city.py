"""Subproblem of one city without budget limits. If it is infeasible, the city cannot meet its requirements at any cost.

Without budgets the model of access separates by city. It is assembled once and cut into small linear programs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from gnomon import Index, LinearProgram, StoredCoefficients, find_vertex, flatten
from xisuan.equations.access import city_arrays
from xisuan.equations.build_model import assemble_access
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.scenario.queries.gigabit_standard import Threshold
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.access_tables import ACCESS, BY_INDICATOR, TAKEN_UP, Indicator
from xisuan.scenario.schema.tables import TABLES
from xisuan.scenario.settings import Hours
from xisuan.text.translation import message as _

NEAR = 1e-6
"""Relative tolerance of requirements: a smaller shortfall is rounding error of the solver."""
LATER = _("set a later deadline in city_targets")
OPENINGS = ("city", "indicator", "deadline", "opening", "needed", "unit")
DECIDES = frozenset({table.name for table in ACCESS} | {"budgets", "regions"})
"""Tables that determine which cities become gigabit cities; all others only affect cost."""


def access_only(scenario: Scenario) -> Scenario:
    """Return the scenario with only the tables that determine when cities become gigabit cities."""
    tables = {t.name: scenario[t.name] if t.name in DECIDES else scenario[t.name].iloc[:0] for t in TABLES}
    return replace(scenario.with_settings(hours=Hours("one")), tables=tables)


@dataclass(frozen=True)
class Requirement:
    """Requirement on an indicator of a city in some periods.

    `one`: the indicator. `value`: required level in its unit. `ratio`: the same as numerator over denominator. `first`:
    year at whose end it holds first. `opening` and `whole`: numerator and denominator in the first of the periods if
    nothing is built. `rows`: rows of the requirement. `period`: number of the first of the periods.
    """

    one: Indicator
    value: float
    ratio: float
    first: int
    opening: float
    whole: float
    rows: Index
    period: int

    @property
    def missing(self) -> float:
        """Return the shortfall of the numerator if nothing is built."""
        return self.ratio * self.whole - self.opening


@dataclass(frozen=True)
class City:
    """Linear program of one city. `counts`: rows of its quantities, by name. `crews`: rows of its crew limits."""

    name: str
    flat: LinearProgram
    requirements: tuple[Requirement, ...]
    counts: Mapping[str, Index]
    crews: Index

    def shortfalls(self) -> dict[str, float]:
        """Return the shortfall of each indicator as a share of its requirement, for the least sum of shortfalls.

        All are 0 if the city meets every requirement in time. The split between indicators is not unique. All are inf
        if even with shortfalls the program is infeasible.
        """
        extra = np.zeros((self.flat.matrix.shape[0], len(self.requirements)))
        for k, ask in enumerate(self.requirements):
            # Elastic filter: one relaxation column per requirement, scaled to its size.
            extra[ask.rows, k] = max(ask.ratio * ask.whole, NEAR)
        found = find_vertex(with_columns(self.flat, extra, lower=0.0, cost=1.0))
        if found is None:
            return dict.fromkeys((ask.one.name for ask in self.requirements), np.inf)
        left = found[len(self.flat.cost) :]
        return {ask.one.name: float(amount) for ask, amount in zip(self.requirements, left, strict=True)}

    def is_feasible(self, *, crews: bool = True) -> bool:
        """Return True if the city can meet all requirements; `crews`: with the crew limits."""
        flat = self.flat if crews else _open(self.flat, self.crews)
        return find_vertex(replace(flat, cost=np.zeros_like(flat.cost))) is not None

    def most_added(self, ask: Requirement, *, crews: bool = True) -> float:
        """Return how much of the shortfall the city can add for one requirement alone; −inf if its program is
        infeasible.

        In units of the numerator. `crews`: with the crew limits.
        """
        flat = self.flat if crews else _open(self.flat, self.crews)
        lower = flat.row_lower.copy()
        for other in self.requirements:
            lower[other.rows] = flat.row_lower[other.rows] if other is ask else -np.inf
        extra = np.zeros((flat.matrix.shape[0], 1))
        # Maximise the surplus t of the requirement: rows · x − t ≥ side.
        extra[ask.rows, 0] = -1.0
        found = find_vertex(with_columns(replace(flat, row_lower=lower), extra, lower=-np.inf, cost=-1.0))
        return -np.inf if found is None else ask.missing + float(found[-1])

    def can_add(self, ask: Requirement) -> bool:
        """Return True if a measure that may be built adds to the numerator by the first period of the requirement."""
        row = self.counts[ask.one.numerator][ask.period]
        adds = self.flat.matrix[[row]].tocoo()
        return bool(((adds.data < 0.0) & (self.flat.upper[adds.col] > 0.0)).any())

    def lowest(self, ask: Requirement) -> float:
        """Return the least opening numerator with which the city still meets all requirements; NaN if none suffices."""
        extra = np.zeros((self.flat.matrix.shape[0], 1))
        # The extra column lowers the opening in every period; its maximum gives the margin.
        extra[self.counts[ask.one.numerator], 0] = 1.0
        found = find_vertex(with_columns(self.flat, extra, lower=-np.inf, cost=-1.0))
        return np.nan if found is None else ask.opening - float(found[-1])


def with_columns(flat: LinearProgram, extra: NDArray[np.float64], lower: float, cost: float) -> LinearProgram:
    """Return the program with the columns `extra` (rows, columns) added, whose cost is the only objective.

    `lower` and `cost` apply to each new column; integrality is dropped.
    """
    n = extra.shape[1]
    return replace(
        flat,
        coefficients=StoredCoefficients(sp.hstack([flat.matrix, sp.csr_matrix(extra)], format="csr")),
        lower=np.append(flat.lower, np.full(n, lower)),
        upper=np.append(flat.upper, np.full(n, np.inf)),
        cost=np.append(np.zeros_like(flat.cost), np.full(n, cost)),
        integer=np.zeros(len(flat.cost) + n, dtype=bool),
    )


def _open(flat: LinearProgram, rows: Index) -> LinearProgram:
    """Return the program without the upper limits of some rows."""
    upper = flat.row_upper.copy()
    upper[rows] = np.inf
    return replace(flat, row_upper=upper)


def every_city(scenario: Scenario) -> Iterator[City]:
    """Yield all cities with a requirement within the horizon."""
    assembly = assemble_access(access_only(scenario))
    return city_subproblems(assembly, flatten(assembly.model), due_periods(scenario))


def due_periods(scenario: Scenario) -> dict[str, tuple[int, ...]]:
    """Return, by city, the periods in which it must be a gigabit city and has not been named one."""
    given = Given(access_only(scenario), scenario.settings.periods)
    labels = city_arrays.cities(given)
    open_ = city_arrays.due(given, labels) & ~city_arrays.named(given, labels)
    return {city: tuple(np.flatnonzero(open_[:, i]).tolist()) for i, (city,) in enumerate(labels) if open_[:, i].any()}


def city_subproblems(assembly: Assembly, flat: LinearProgram, due: Mapping[str, tuple[int, ...]]) -> Iterator[City]:
    """Yield the subproblems of the cities of `due` and of those with floors under indicators, without budgets."""
    owner = {city: i for i, (city,) in enumerate(city_arrays.cities(assembly.given))}
    columns, rows = _owners(assembly, flat, owner)
    asks = _requirements(assembly, flat, due)
    for city, asked in asks.items():
        mine, own = np.flatnonzero(columns == owner[city]), np.flatnonzero(rows == owner[city])
        yield _city_subproblem(assembly, flat, city, asked, mine, own, due.get(city, ()))


def _owners(assembly: Assembly, flat: LinearProgram, owner: Mapping[str, int]) -> tuple[Index, Index]:
    """Return the city of each column and each row; −1 for rows of no city, such as budgets."""
    columns = np.full(flat.matrix.shape[1], -1)
    for block in assembly.model.columns.values():
        flat.part(columns, block)[...] = [owner[label[0]] for label in block.labels]
    rows = np.full(flat.matrix.shape[0], -1)
    for block in assembly.model.rows.values():
        if block.name != "budget":
            flat.part(rows, block, rows=True)[...] = [owner[label[0]] for label in block.labels]
    return columns, rows


def _city_subproblem(
    assembly: Assembly,
    flat: LinearProgram,
    city: str,
    asks: Sequence[Requirement],
    mine: Index,
    own: Index,
    due: Sequence[int],
) -> City:
    """Return the subproblem of one city, which is a gigabit city in the periods `due` alone.

    `mine`, `own`: its columns and rows.
    """
    status = flat.part(np.arange(len(flat.cost)), assembly.model.columns["gigabit"])
    lower, upper = flat.lower.copy(), flat.upper.copy()
    item = assembly.model.columns["gigabit"].position[(city,)]
    lower[status[:, item]] = upper[status[:, item]] = 0.0
    lower[status[list(due), item]] = upper[status[list(due), item]] = 1.0
    row_lower = flat.row_lower.copy()
    row_lower[_idle(assembly, flat, city, due)] = -np.inf
    small = replace(
        flat,
        coefficients=StoredCoefficients(flat.matrix[own][:, mine]),
        row_lower=row_lower[own],
        row_upper=flat.row_upper[own],
        lower=lower[mine],
        upper=upper[mine],
        cost=flat.cost[mine],
        integer=np.zeros(len(mine), dtype=bool),
        constant=0.0,
    )

    def rows_of(name: str, label: tuple[str, ...]) -> Index:
        block = assembly.model.rows.get(name)
        if block is None or label not in block.position:
            return np.zeros(0, dtype=np.int64)
        at = flat.part(np.arange(len(flat.row_lower)), block, rows=True)[:, block.position[label]]
        return np.searchsorted(own, at)

    return City(
        city,
        small,
        tuple(replace(ask, rows=np.searchsorted(own, ask.rows)) for ask in asks),
        {
            name: rows_of("users_followed" if name in TAKEN_UP else "counted_balance", (city, name))
            for name in {ask.one.numerator for ask in asks}
        },
        rows_of("deploy_within_crews", (city,)),
    )


def _idle(assembly: Assembly, flat: LinearProgram, city: str, due: Sequence[int]) -> Index:
    """Return the threshold rows of periods in which the city is not due.

    They bound the opening, which `City.lowest` varies, so they are relaxed.
    """
    block = assembly.model.rows.get("gigabit_reached")
    if block is None:
        return np.zeros(0, dtype=np.int64)
    items = [i for i, label in enumerate(block.labels) if label[0] == city]
    later = [y for y in range(len(assembly.given.periods)) if y not in due]
    at = flat.part(np.arange(len(flat.row_lower)), block, rows=True)
    return np.asarray(at[np.ix_(later, items)].ravel())


def _requirements(
    assembly: Assembly, flat: LinearProgram, due: Mapping[str, tuple[int, ...]]
) -> dict[str, list[Requirement]]:
    """Return the requirements by city: the standard for the cities of `due`, and floors for all."""
    given = assembly.given
    found: dict[str, list[Requirement]] = {}
    for city, periods in due.items():
        when: dict[Threshold, list[int]] = {}
        for y in periods:
            for threshold in city_arrays.mandatory(given, y):
                when.setdefault(replace(threshold, version=""), []).append(y)
        for one, asked in when.items():
            found.setdefault(city, []).append(
                _requirement(assembly, flat, "gigabit_reached", (city, one.indicator.name), one.value, one.ratio, asked)
            )
    for label, least in city_arrays.floors(given):
        when_due = np.flatnonzero(np.isfinite(least)).tolist()
        if when_due:
            ratio = float(least[when_due[0]])
            value = ratio * BY_INDICATOR[label[1]].scale
            found.setdefault(label[0], []).append(
                _requirement(assembly, flat, "indicator_min", label, value, ratio, when_due)
            )
    return found


def _requirement(
    assembly: Assembly,
    flat: LinearProgram,
    family: str,
    label: tuple[str, ...],
    value: float,
    ratio: float,
    periods: Sequence[int],
) -> Requirement:
    """Return one requirement from its row family, label and periods."""
    given, row, one = assembly.given, assembly.model.rows[family], BY_INDICATOR[label[1]]
    opening, whole = city_arrays.opening(given, [(label[0], one.numerator), (label[0], one.denominator)])[periods[0]]
    at = flat.part(np.arange(len(flat.row_lower)), row, rows=True)[list(periods), row.position[label]]
    first = int(given.periods[periods[0]] + given.years[periods[0]] - 1)
    return Requirement(one, value, ratio, first, float(opening), float(whole), at, periods[0])
