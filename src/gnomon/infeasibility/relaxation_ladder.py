"""Relaxations of a model, from small to large, in which a contradiction is searched.

Every solution of the model satisfies its mean hours, and some of its hours together with the mean of the others
(`relax`). Each part records the caller's statement to which a row, or the bounds of a column, belong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from gnomon.arrays import Array, Index, Mask
from gnomon.infeasibility import farkas_rows
from gnomon.model.block_model import Block, Model
from gnomon.model.csr_matrix import size
from gnomon.model.linear_program import LinearProgram, flatten, with_rows
from gnomon.transforms.time_aggregation import relax, tightest_hours

Statements = Callable[[Block, int, int], str | None]
"""Function that returns the text of a block's item in a period; None for items that always hold. Texts may repeat."""


WHOLE, PROOF = "the whole model", "the rows of a proof"
RUN = 24
"""Hours around the tightest one in the last rung below the whole: a day, for work that can be postponed."""
LARGEST = 20_000_000
"""Non-zeros up to which the whole model is a rung; above, an interior point would need more than 6 GB."""
MEAN, PERIOD = -1, -2
"""Hour number of rows of mean hours, and of rows of periods."""


@dataclass(frozen=True)
class Part:
    """Rows of a model with the statement of each row and of each column's bounds (−1: none), and the time of each row.

    `period`, `hour`: of each row; hour is `PERIOD` for rows of periods and `MEAN` for rows of mean hours. proof: Farkas
    multipliers of the rows, if known.
    """

    flat: LinearProgram
    row_statement: Index
    column_statement: Index
    period: Index
    hour: Index
    proof: Array | None = None

    def relaxed(self) -> Part:
        """Return the part without integrality."""
        return replace(self, flat=replace(self.flat, integer=np.zeros_like(self.flat.integer)))

    def only_statements(self, statements: Index) -> LinearProgram:
        """Return the part without all other statements: their rows are free and their bounds widened to include [0, ∞)."""
        flat = self.flat
        row = (self.row_statement >= 0) & ~np.isin(self.row_statement, statements)
        column = (self.column_statement >= 0) & ~np.isin(self.column_statement, statements)
        return replace(
            flat,
            row_lower=np.where(row, -np.inf, flat.row_lower),
            row_upper=np.where(row, np.inf, flat.row_upper),
            lower=np.where(column, np.minimum(flat.lower, 0.0), flat.lower),
            upper=np.where(column, np.inf, flat.upper),
        )

    def rows(self, chosen: Mask) -> Part:
        """Return the chosen rows with their columns."""
        flat, used = with_rows(self.flat, np.flatnonzero(chosen))
        column = self.column_statement[used]
        proof = None if self.proof is None else self.proof[chosen]
        return Part(flat, self.row_statement[chosen], column, self.period[chosen], self.hour[chosen], proof)


def statements_part(
    model: Model,
    hours: Sequence[int] | None,
    statements: Statements,
    texts: dict[str, int],
    *,
    periods_only: bool = False,
    proof: Array | None = None,
) -> Part:
    """Return the whole model (`hours` None), or its relaxation to mean and given hours, with its statements.

    New texts get the next numbers in `texts`. `periods_only`: only the rows of the relaxation without hourly columns.
    proof: Farkas multipliers of the rows of the whole.
    """
    if hours is None:
        some = replace(_whole(model, statements, texts), proof=proof)
    else:
        small = relax(model, hours)
        some = _labelled(small.model, statements, texts, (small.origin, model.columns), small.hours)
    return some.rows(_binding(some, periods_only))


def is_searchable(model: Model) -> bool:
    """Return True if the whole model is small enough to be a rung."""
    return size(model)[2] <= LARGEST


def ladder(
    model: Model,
    statements: Statements,
    texts: dict[str, int],
    tight: Sequence[int] | None = None,
    proof: Array | None = None,
) -> Iterator[tuple[str, Part]]:
    """Yield named relaxations of the model, smallest first, and the whole model last.

    A whole model too large to search is replaced by the rows of the certificate, if known. `tight`: hours to use as the
    tightest (None: those of the model); proof: as in `statements_part`.
    """
    if model.hours and any(block.hourly for block in model.rows.values()):
        tight = tightest_hours(model) if tight is None else tight
        yield "what is decided for periods", statements_part(model, (), statements, texts, periods_only=True)
        for within, hours in (
            ("the mean hour", ()),
            ("the tightest hours", tuple(tight)),
            ("the hours around the tightest", tuple(_around(model, tight))),
        ):
            rung = statements_part(model, hours, statements, texts)
            # A rung of half the model or more is not worth its search.
            if hours and 2 * size(rung.flat.model)[2] > size(model)[2]:
                break
            if model.periods > 1:
                yield from _by_period(within, rung)
            yield within, rung
    if is_searchable(model):
        yield WHOLE, statements_part(model, None, statements, texts, proof=proof)
    elif proof is not None:
        some = _whole(model, statements, texts)
        if (enough := farkas_rows.sufficient_rows(some.flat, proof)) is not None:
            rows, multipliers = enough
            chosen = np.zeros(some.flat.shape[0], dtype=np.bool_)
            chosen[rows] = True
            yield PROOF, replace(some.rows(chosen), proof=multipliers)


def _whole(model: Model, statements: Statements, texts: dict[str, int]) -> Part:
    return _labelled(model, statements, texts, (model.rows, model.columns), np.arange(model.hours))


def _by_period(within: str, part: Part) -> Iterator[tuple[str, Part]]:
    """Yield each period alone, then each with the rows over all periods. Most conflicts are in these small parts."""
    for also, others in (("", np.zeros_like(part.period, dtype=bool)), (" and all periods", part.hour == PERIOD)):
        for period in range(int(part.period.max(initial=0)) + 1):
            yield f"{within} of period {period}{also}", part.rows((part.period == period) | others)


def _binding(part: Part, periods_only: bool) -> Mask:
    """Return a mask of the rows with a finite side; with `periods_only` only those without hourly columns."""
    flat, model = part.flat, part.flat.model
    binding: Mask = np.isfinite(flat.row_lower) | np.isfinite(flat.row_upper)
    if not periods_only:
        return binding
    border = model.periods * model.items(False, model.columns)
    hourly = sp.csr_matrix((flat.matrix.indices >= border, flat.matrix.indices, flat.matrix.indptr), flat.matrix.shape)
    binding &= hourly.sum(axis=1).A1 == 0
    return binding


def _labelled(
    model: Model,
    statements: Statements,
    texts: dict[str, int],
    origins: tuple[Mapping[str, Block], Mapping[str, Block]],
    hours: Index,
) -> Part:
    """Return a model flattened, with the statement of each row and column. New texts get the next numbers in `texts`.

    origins: rows and columns of the original model, with which `statements` is called, by their names in `model`.
    """
    flat = flatten(model)
    flat = replace(flat, cost=np.zeros_like(flat.cost), constant=0.0)
    rows = _numbered(model, model.rows, statements, texts, origins[0])
    columns = _numbered(model, model.columns, statements, texts, origins[1])
    limited = np.isfinite(flat.upper) | (np.isfinite(flat.lower) & (flat.lower > 0.0))
    per_period, per_hour = model.items(False, model.rows), model.items(True, model.rows)
    period = np.repeat(np.arange(model.periods), per_period)
    period = np.concatenate([period, np.repeat(np.arange(model.periods), model.hours * per_hour)])
    hour = np.tile(np.repeat(hours, per_hour), model.periods)
    hour = np.concatenate([np.full(model.periods * per_period, PERIOD), hour])
    return Part(flat, rows, np.where(limited, columns, -1), period, hour)


def _numbered(
    model: Model,
    family: Mapping[str, Block],
    statements: Statements,
    texts: dict[str, int],
    origin: Mapping[str, Block],
) -> Index:
    """Return the number of the statement of each row (column) in flat order, −1 for none."""
    per_period, per_hour = (sum(len(b) for b in family.values() if b.hourly == hourly) for hourly in (False, True))
    periods = np.full((model.periods, per_period), -1)
    hours = np.full((model.periods, model.hours, per_hour), -1)
    for name, block in family.items():
        for period in range(model.periods):
            said = (statements(origin[name], item, period) for item in range(len(block)))
            mine = [-1 if text is None else texts.setdefault(text, len(texts)) for text in said]
            table = hours if block.hourly else periods
            table[period, ..., block.first : block.first + len(block)] = mine
    return np.concatenate([periods.ravel(), hours.ravel()])


def _around(model: Model, tight: Sequence[int]) -> list[int]:
    """Return a day around the first of the tight hours, and the other tight hours."""
    following = np.empty_like(model.previous)
    following[model.previous] = np.arange(model.hours)
    run = {*tight}
    back = forth = tight[0]
    for _ in range(RUN // 2):
        back, forth = int(model.previous[back]), int(following[forth])
        run |= {back, forth}
    return sorted(run)
