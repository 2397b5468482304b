"""Extensive form of a two-stage model: first-stage columns are common to all futures, all else belongs to one future.

Each future is a set of periods: period p of future m is period m·P + p of the whole, and the template is the same in
all. Items that only some futures have (such as a way to serve that one future's delays allow) exist in all; elsewhere
their columns are fixed at 0 and their rows are free. A common column is that of the first future. Rows of other futures
hold it across periods; their own copy is fixed at 0 and has no entries. Hours then hold columns of their own periods
only, and only common columns join futures. The structured method finds this structure without further information.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gnomon.arrays import Array, Index
from gnomon.errors import SolverError
from gnomon.model.block_model import Block, Entries, Model
from gnomon.model.linear_program import LinearProgram
from gnomon.transforms.risk_rows import TAIL, THRESHOLD, Risk, costs_nothing_back, with_risk

Key = tuple[str, str, bool, bool, int]
"""Names of row and column, True for the hour before, True across periods, and a counter among such entries."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Function that makes the models of the futures and then their extensive form."""

    recipes: tuple[Callable[[], Model], ...]
    weights: tuple[float, ...]
    common: frozenset[str]
    stage: int
    risk: Risk | None = None

    def __call__(self) -> Model:
        """Return the extensive form."""
        models = tuple(recipe() for recipe in self.recipes)
        return Futures(models, self.weights, self.common, self.stage, self.risk).extensive_form()


@dataclass(frozen=True)
class Futures:
    """Models of futures with weights that add up to 1; columns of `common` are equal in the first `stage` periods.

    risk: measure of risk in the objective; None: the expected cost alone.
    """

    models: tuple[Model, ...]
    weights: tuple[float, ...]
    common: frozenset[str]
    stage: int
    risk: Risk | None = None

    @property
    def periods(self) -> int:
        """Return the number of periods of one future."""
        return self.models[0].periods

    def extensive_form(self) -> Model:
        """Return the extensive form, which minimises the expected cost, or what `risk` says.

        Raises SolverError if the futures do not match.
        """
        if self.risk is not None:
            least = 0.0 if all(map(costs_nothing_back, self.models)) else -np.inf
            risked = tuple(with_risk(model, self.risk, least) for model in self.models)
            common = self.common | {THRESHOLD}
            return self._with_recipe(Futures(risked, self.weights, common, self.stage).extensive_form())
        first = self.models[0]
        for model in self.models:
            if model.periods != self.periods or not np.array_equal(model.previous, first.previous):
                raise SolverError("members differ in their periods or hours: let all have those of the scenario")
        names = tuple(f"member {at}, {name}" for at, model in enumerate(self.models, 1) for name in model.names)
        whole = Model(len(self.models) * self.periods, first.previous, names=names)
        whole.constant = sum(w * model.constant for w, model in zip(self.weights, self.models, strict=True))
        for name in _names([model.columns for model in self.models]):
            self._columns(whole, name)
        for name in _names([model.rows for model in self.models]):
            self._rows(whole, name)
        whole.entries = list(self._entries(whole))
        return self._with_recipe(whole)

    def _with_recipe(self, whole: Model) -> Model:
        """Return the extensive form with the recipe that other processes follow, if all futures have one."""
        recipes = [model.recipe for model in self.models if model.recipe is not None]
        if len(recipes) == len(self.models):
            whole.recipe = Recipe(tuple(recipes), self.weights, self.common, self.stage, self.risk)
        return whole

    def tail_duals(self, whole: LinearProgram, row_dual: Array) -> Array:
        """Return the dual of each future's row of risk, ≤ 0. Shape (futures,)."""
        found = whole.part(row_dual, whole.model.rows[TAIL], rows=True)
        return np.asarray(found[:: self.periods, 0])

    def part_of(
        self, whole: LinearProgram, part: LinearProgram, future: int, values: Array, *, rows: bool = False
    ) -> Array:
        """Return the values of one future in the flat order of its own model `part`, from those of the whole."""
        out = np.zeros(part.shape[0] if rows else part.shape[1])
        model = self.models[future]
        for name, block in (model.rows if rows else model.columns).items():
            of = (whole.model.rows if rows else whole.model.columns)[name]
            table = whole.part(values, of, rows=rows)
            own = table[future * self.periods : (future + 1) * self.periods][..., of.at(block.labels)].copy()
            if not rows and name in self.common:
                own[: self.stage] = table[: self.stage][..., of.at(block.labels)]
            part.part(out, block, rows=rows)[...] = own
        return out

    def _columns(self, whole: Model, name: str) -> None:
        """Add a column family of all futures, with costs weighted by probability."""
        blocks = [model.columns.get(name) for model in self.models]
        one = _first(blocks)
        labels = _labels(blocks)
        lower, upper, cost = (_stacked(whole, blocks, labels, side, 0.0) for side in ("lower", "upper", "cost"))
        weights = np.repeat(self.weights, self.periods).reshape(-1, *([1] * (cost.ndim - 1)))
        cost = cost * weights if cost.any() else cost
        if name in self.common:
            if one.hourly or any(block is None or block.labels != one.labels for block in blocks):
                raise SolverError(f"members differ in what may be ordered ({name}): orders cannot be common then")
            shape = (len(self.models), self.periods, len(labels))
            lower, upper, cost = (np.array(side).reshape(shape) for side in (lower, upper, cost))
            early = slice(0, self.stage)
            # First stage: bounds are intersected and weighted costs added up in the first future; other copies are
            # fixed at 0.
            low, high, price = lower[:, early].max(axis=0), upper[:, early].min(axis=0), cost[:, early].sum(axis=0)
            if (low > high).any():
                raise SolverError(f"members differ in what stands at the start ({name}): nothing can be common to all")
            for side, value in ((lower, low), (upper, high), (cost, price)):
                side[1:, early] = 0.0
                side[0, early] = value
            lower, upper, cost = (side.reshape(-1, len(labels)) for side in (lower, upper, cost))
        whole.add_columns(
            name, one.dims, labels, hourly=one.hourly, lower=lower, upper=upper, cost=cost, integer=one.integer
        )

    def _rows(self, whole: Model, name: str) -> None:
        blocks = [model.rows.get(name) for model in self.models]
        one, labels = _first(blocks), _labels(blocks)
        lower = _stacked(whole, blocks, labels, "lower", -np.inf)
        upper = _stacked(whole, blocks, labels, "upper", np.inf)
        whole.add_rows(name, one.dims, labels, hourly=one.hourly, lower=lower, upper=upper)

    def _entries(self, whole: Model) -> Iterator[Entries]:
        """Yield the entries of all futures, merged where their patterns are equal."""
        kinds: dict[Key, list[tuple[int, Entries]]] = {}
        for future, model in enumerate(self.models):
            seen: Counter[tuple[str, str, bool, bool]] = Counter()
            for part in model.entries:
                kind = (part.row.name, part.column.name, part.before, part.periods is not None)
                kinds.setdefault((*kind, seen[kind]), []).append((future, part))
                seen[kind] += 1
        for (row, column, before, across, _), parts in kinds.items():
            of_row, of_column = whole.rows[row], whole.columns[column]
            placed = [(future, part, *_placed(part, of_row, of_column)) for future, part in parts]
            if across:
                yield self._across(of_row, of_column, placed)
                continue
            alike: dict[tuple[bytes, bytes], list[tuple[int, Entries, Index, Index]]] = {}
            for one in placed:
                alike.setdefault((one[2].tobytes(), one[3].tobytes()), []).append(one)
            for group in alike.values():
                yield from self._within(whole, of_row, of_column, before, group)

    def _across(self, row: Block, column: Block, placed: Sequence[tuple[int, Entries, Index, Index]]) -> Entries:
        """Return entries across periods, in the periods of each future."""
        rows, columns, values, row_period, column_period = [], [], [], [], []
        for future, part, at_row, at_column in placed:
            assert part.periods is not None
            rows.append(at_row)
            columns.append(at_column)
            values.append(part.values)
            row_period.append(future * self.periods + part.periods[0])
            early = (column.name in self.common) & (part.periods[1] < self.stage)
            column_period.append(np.where(early, 0, future * self.periods) + part.periods[1])
        at = (np.concatenate(row_period), np.concatenate(column_period))
        return Entries(row, column, np.concatenate(rows), np.concatenate(columns), np.concatenate(values), periods=at)

    def _within(
        self,
        whole: Model,
        row: Block,
        column: Block,
        before: bool,
        group: Sequence[tuple[int, Entries, Index, Index]],
    ) -> Iterator[Entries]:
        """Yield entries of one pattern within an hour or period, with values 0 for futures without it.

        Entries of later futures on common columns are moved to the first future's column.
        """
        rows, columns = group[0][2], group[0][3]
        of = {future: part.values for future, part, _, _ in group}
        nothing = np.broadcast_to(0.0, group[0][1].values.shape)
        values = _joined(whole, [of.get(future, nothing) for future in range(len(self.models))])
        if column.name in self.common:
            if row.hourly:
                raise SolverError(f"{row.name} × {column.name}: hours cannot hold what is common to members")
            values = values.copy()
            shape = (len(self.models), self.periods, len(rows))
            # Entries on first-stage columns of futures 1, 2, … move to the columns of future 0.
            early = values.reshape(shape)[1:, : self.stage]
            future, period, item = np.nonzero(early)
            at = ((future + 1) * self.periods + period, period)
            moved = early[future, period, item]
            early[...] = 0.0
            if len(moved):
                yield Entries(row, column, rows[item], columns[item], moved, periods=at)
        yield Entries(row, column, rows, columns, values, before)


def _names(families: Sequence[dict[str, Block]]) -> list[str]:
    """Return the names of blocks in the order in which they first appear."""
    return list(dict.fromkeys(name for family in families for name in family))


def _first(blocks: Sequence[Block | None]) -> Block:
    return next(block for block in blocks if block is not None)


def _labels(blocks: Sequence[Block | None]) -> list[tuple[str, ...]]:
    """Return the labels of all blocks in the order in which they first appear."""
    return list(dict.fromkeys(label for block in blocks if block is not None for label in block.labels))


def _placed(part: Entries, row: Block, column: Block) -> tuple[Index, Index]:
    """Return the rows and columns of entries as positions in the blocks of the whole."""
    places = [
        of if own.labels == into.labels else into.at(own.labels)[of]
        for of, own, into in ((part.rows, part.row, row), (part.columns, part.column, column))
    ]
    return places[0], places[1]


def _stacked(
    whole: Model, blocks: Collection[Block | None], labels: Sequence[tuple[str, ...]], side: str, missing: float
) -> Array:
    """Return one number of all blocks, period by period; `missing` where a future lacks the item."""
    one = _first(list(blocks))
    shape = (whole.periods // len(blocks), *one.lower.shape[1:-1], len(labels))
    found: list[Array] = []
    for block in blocks:
        if block is not None and list(block.labels) == list(labels):
            found.append(getattr(block, side))
            continue
        values = np.full(shape, missing)
        if block is not None:
            position = {label: at for at, label in enumerate(labels)}
            values[..., [position[label] for label in block.labels]] = getattr(block, side)
        found.append(values)
    return _joined(whole, found)


def _joined(whole: Model, values: Sequence[Array]) -> Array:
    """Return the numbers of all futures in sequence; repetitions over the hours remain broadcast."""
    one = values[0]
    if one.ndim == 3 and all(of.strides[1] == 0 for of in values):
        short = np.concatenate([of[:, :1] for of in values])
        return np.broadcast_to(short, (whole.periods, whole.hours, one.shape[2]))
    return np.concatenate(list(values))
