"""One city by itself, with its own crews and paces and all the money it asks for: what it cannot do so, it cannot do.

The model of access without budgets falls apart into cities. It is assembled once and cut; what a city is asked then is a
small linear program, a few milliseconds each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from gnomon.arrays import Index
from gnomon.highs import warm_simplex
from gnomon.model.coefficients import Held
from gnomon.model.linear_program import Flat, flatten
from xisuan.equations.access import city_arrays
from xisuan.equations.build_model import assemble_access
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.scenario.queries.gigabit_standard import Threshold
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.access_tables import ACCESS, BY_INDICATOR, TAKEN_UP, Indicator
from xisuan.scenario.schema.tables import TABLES
from xisuan.scenario.settings import Hours

NEAR = 1e-6
"""Share of what is asked that is a solver's arithmetic."""
LATER = "set a later deadline in city_targets"
OPENINGS = ("city", "indicator", "deadline", "opening", "needed", "unit")
DECIDES = frozenset({table.name for table in ACCESS} | {"budgets", "regions"})
"""Tables that decide which cities become gigabit cities; all others say what that costs."""


def bare(scenario: Scenario) -> Scenario:
    """What decides which cities become gigabit cities when, and nothing else of the scenario."""
    tables = {t.name: scenario[t.name] if t.name in DECIDES else scenario[t.name].iloc[:0] for t in TABLES}
    return replace(scenario.with_settings(hours=Hours("one")), tables=tables)


@dataclass(frozen=True)
class Ask:
    """What is asked of a city: `value` of an indicator in some periods, first at the end of the year `first`.

    `ratio` is the least numerator over denominator. `opening` and `whole` are these in the first of the periods if
    nothing is built; `rows` ask for it; `period`: number of the first.
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
        """How much the numerator falls short if nothing is built."""
        return self.ratio * self.whole - self.opening


@dataclass(frozen=True)
class City:
    """The model of one city. `counts`: rows of its quantities, by name; `crews`: those that limit its work."""

    name: str
    flat: Flat
    asks: tuple[Ask, ...]
    counts: Mapping[str, Index]
    crews: Index

    def shortfalls(self) -> dict[str, float]:
        """What is left missing of each indicator, as a share of what is asked, where the sum of them is least.

        All 0: the city reaches everything in time. Another that a city could trade for it may be missing instead.
        """
        extra = np.zeros((self.flat.matrix.shape[0], len(self.asks)))
        for k, ask in enumerate(self.asks):
            extra[ask.rows, k] = max(ask.ratio * ask.whole, NEAR)
        found = warm_simplex.vertex(widened(self.flat, extra, lower=0.0, cost=1.0))
        if found is None:
            return dict.fromkeys((ask.one.name for ask in self.asks), np.inf)
        left = found[len(self.flat.cost) :]
        return {ask.one.name: float(amount) for ask, amount in zip(self.asks, left, strict=True)}

    def made(self, *, crews: bool = True) -> bool:
        """Whether it can reach all it is asked; `crews`: whether these limit what is built."""
        flat = self.flat if crews else _open(self.flat, self.crews)
        return warm_simplex.vertex(replace(flat, cost=np.zeros_like(flat.cost))) is not None

    def reached(self, ask: Ask, *, crews: bool = True) -> float:
        """How much of what is missing it can add, if it were asked for nothing else; −inf if it can do nothing."""
        flat = self.flat if crews else _open(self.flat, self.crews)
        lower = flat.row_lower.copy()
        for other in self.asks:
            lower[other.rows] = flat.row_lower[other.rows] if other is ask else -np.inf
        extra = np.zeros((flat.matrix.shape[0], 1))
        extra[ask.rows, 0] = -1.0
        found = warm_simplex.vertex(widened(replace(flat, row_lower=lower), extra, lower=-np.inf, cost=-1.0))
        return -np.inf if found is None else ask.missing + float(found[-1])

    def raises(self, ask: Ask) -> bool:
        """Whether anything that may be built adds to the numerator by the first of the periods asked."""
        row = self.counts[ask.one.numerator][ask.period]
        adds = self.flat.matrix[[row]].tocoo()
        return bool(((adds.data < 0.0) & (self.flat.upper[adds.col] > 0.0)).any())

    def lowest(self, ask: Ask) -> float:
        """The least opening of an indicator with which it still reaches everything in time; NaN if none is enough."""
        extra = np.zeros((self.flat.matrix.shape[0], 1))
        extra[self.counts[ask.one.numerator], 0] = 1.0
        found = warm_simplex.vertex(widened(self.flat, extra, lower=-np.inf, cost=-1.0))
        return np.nan if found is None else ask.opening - float(found[-1])


def widened(flat: Flat, extra: NDArray[np.float64], lower: float, cost: float) -> Flat:
    """The rows with more columns, of which alone the cost counts."""
    n = extra.shape[1]
    return replace(
        flat,
        coefficients=Held(sp.hstack([flat.matrix, sp.csr_matrix(extra)], format="csr")),
        lower=np.append(flat.lower, np.full(n, lower)),
        upper=np.append(flat.upper, np.full(n, np.inf)),
        cost=np.append(np.zeros_like(flat.cost), np.full(n, cost)),
        integer=np.zeros(len(flat.cost) + n, dtype=bool),
    )


def _open(flat: Flat, rows: Index) -> Flat:
    """Without the upper sides of some rows."""
    upper = flat.row_upper.copy()
    upper[rows] = np.inf
    return replace(flat, row_upper=upper)


def every(scenario: Scenario) -> Iterator[City]:
    """All cities of which something is asked within the horizon."""
    assembly = assemble_access(bare(scenario))
    return cut(assembly, flatten(assembly.model), dues(scenario))


def dues(scenario: Scenario) -> dict[str, tuple[int, ...]]:
    """City → numbers of the periods in which it must be a gigabit city and has not been named one."""
    given = Given(bare(scenario), scenario.settings.periods)
    labels = city_arrays.cities(given)
    open_ = city_arrays.due(given, labels) & ~city_arrays.named(given, labels)
    return {city: tuple(np.flatnonzero(open_[:, i]).tolist()) for i, (city,) in enumerate(labels) if open_[:, i].any()}


def cut(assembly: Assembly, flat: Flat, due: Mapping[str, tuple[int, ...]]) -> Iterator[City]:
    """The cities of `due`, and those with floors under indicators, each by itself and without budgets."""
    owner = {city: i for i, (city,) in enumerate(city_arrays.cities(assembly.given))}
    columns, rows = _owners(assembly, flat, owner)
    asks = _asks(assembly, flat, due)
    for city, asked in asks.items():
        mine, own = np.flatnonzero(columns == owner[city]), np.flatnonzero(rows == owner[city])
        yield _cut(assembly, flat, city, asked, mine, own, due.get(city, ()))


def _owners(assembly: Assembly, flat: Flat, owner: Mapping[str, int]) -> tuple[Index, Index]:
    """Number of the city that each column and each row is of; −1: none, as of budgets."""
    columns = np.full(flat.matrix.shape[1], -1)
    for block in assembly.model.columns.values():
        flat.part(columns, block)[...] = [owner[label[0]] for label in block.labels]
    rows = np.full(flat.matrix.shape[0], -1)
    for block in assembly.model.rows.values():
        if block.name != "budget":
            flat.part(rows, block, rows=True)[...] = [owner[label[0]] for label in block.labels]
    return columns, rows


def _cut(
    assembly: Assembly, flat: Flat, city: str, asks: Sequence[Ask], mine: Index, own: Index, due: Sequence[int]
) -> City:
    """The rows and columns of one city, in which it is a gigabit city in the periods `due`, and only there."""
    status = flat.part(np.arange(len(flat.cost)), assembly.model.columns["gigabit"])
    lower, upper = flat.lower.copy(), flat.upper.copy()
    item = assembly.model.columns["gigabit"].position[(city,)]
    lower[status[:, item]] = upper[status[:, item]] = 0.0
    lower[status[list(due), item]] = upper[status[list(due), item]] = 1.0
    row_lower = flat.row_lower.copy()
    row_lower[_idle(assembly, flat, city, due)] = -np.inf
    small = replace(
        flat,
        coefficients=Held(flat.matrix[own][:, mine]),
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


def _idle(assembly: Assembly, flat: Flat, city: str, due: Sequence[int]) -> Index:
    """Rows that ask nothing of a city where it is not due: they bound what an opening allows, which may be lowered here."""
    block = assembly.model.rows.get("gigabit_reached")
    if block is None:
        return np.zeros(0, dtype=np.int64)
    items = [i for i, label in enumerate(block.labels) if label[0] == city]
    later = [y for y in range(len(assembly.given.periods)) if y not in due]
    at = flat.part(np.arange(len(flat.row_lower)), block, rows=True)
    return np.asarray(at[np.ix_(later, items)].ravel())


def _asks(assembly: Assembly, flat: Flat, due: Mapping[str, tuple[int, ...]]) -> dict[str, list[Ask]]:
    """What the standard asks of the cities of `due`, and what floors ask of any."""
    given = assembly.given
    found: dict[str, list[Ask]] = {}
    for city, periods in due.items():
        when: dict[Threshold, list[int]] = {}
        for y in periods:
            for threshold in city_arrays.mandatory(given, y):
                when.setdefault(replace(threshold, version=""), []).append(y)
        for one, asked in when.items():
            found.setdefault(city, []).append(
                _ask(assembly, flat, "gigabit_reached", (city, one.indicator.name), one.value, one.ratio, asked)
            )
    for label, least in city_arrays.floors(given):
        when_due = np.flatnonzero(np.isfinite(least)).tolist()
        if when_due:
            ratio = float(least[when_due[0]])
            value = ratio * BY_INDICATOR[label[1]].scale
            found.setdefault(label[0], []).append(_ask(assembly, flat, "indicator_min", label, value, ratio, when_due))
    return found


def _ask(
    assembly: Assembly,
    flat: Flat,
    family: str,
    label: tuple[str, ...],
    value: float,
    ratio: float,
    periods: Sequence[int],
) -> Ask:
    given, row, one = assembly.given, assembly.model.rows[family], BY_INDICATOR[label[1]]
    opening, whole = city_arrays.opening(given, [(label[0], one.numerator), (label[0], one.denominator)])[periods[0]]
    at = flat.part(np.arange(len(flat.row_lower)), row, rows=True)[list(periods), row.position[label]]
    first = int(given.periods[periods[0]] + given.years[periods[0]] - 1)
    return Ask(one, value, ratio, first, float(opening), float(whole), at, periods[0])


# --- in words and as a table -----------------------------------------------------------------------------------------
