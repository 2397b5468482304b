"""Assembly of a process's numbers of its hours from the model's recipe and the results of presolve.

Presolve and scaling depend on rows of all hours, so the first process does them. Their results are small: one bit per
hourly column and two per hourly row, the values of fixed columns, and the data of periods. A process takes all other
numbers from the model, which it makes as a whole while the first process computes the starting point, and drops
afterwards. A model stores repeated numbers once, about ten bytes per column.

The recipe may give other numbers elsewhere, as another processor may round differently. Processes therefore compare
digests of all numbers. If one has other numbers or cannot make the model, all are sent theirs.
"""

from __future__ import annotations

import hashlib
import pickle
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from gnomon.arrays import Array, Mask
from gnomon.interior_point.formulation import hour_template
from gnomon.interior_point.formulation.item_scaling import Balance
from gnomon.interior_point.formulation.matrix_products import Products
from gnomon.interior_point.formulation.standard_form import Form, Numbers, Presolved, ever, numbers, of_periods, origin
from gnomon.model import coefficients
from gnomon.model.block_model import Block, Entries, Model
from gnomon.model.csr_matrix import core
from gnomon.model.linear_program import LinearProgram, join_blocks
from gnomon.runtime.hour_partition import Layout, Number, Share
from gnomon.runtime.process_team import Team
from gnomon.runtime.threads import Threads

Bits = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Source:
    """Recipe of a model, pickled, and the digest of its numbers."""

    recipe: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Outline:
    """Data from which a process assembles its numbers.

    ever: period columns that move in some period. of_periods: presolved columns and rows of periods. fixed: bits of the
    hourly columns that presolve fixed, and `values` of these; dropped, loose: bits of the hourly rows.
    """

    source: Source
    balance: Balance
    ever: Mask
    of_periods: Presolved
    fixed: Bits
    values: Array
    dropped: Bits
    loose: Bits
    leeway: float

    def assemble(self) -> AssembledModel | str:
        """Return the model made from its recipe, or the reason for a failure: other numbers, a missing module, or memory."""
        try:
            model: Model = pickle.loads(self.source.recipe)()
            if digest(model) != self.source.digest:
                return "its numbers are others here"
            shape = hour_template.read(model, self.balance.factors, self.ever)
            return AssembledModel(model, shape, of_periods(model, self.balance.scaling(model.periods, 0)))
        except Exception as problem:
            return f"{type(problem).__name__}: {problem}"


@dataclass(frozen=True, slots=True)
class AssembledModel:
    """A model with its template and the scaled matrix of periods."""

    model: Model
    template: hour_template.Template
    periods: sp.csr_array


def source(flat: LinearProgram) -> Source | None:
    """Return the recipe of the model of `flat`; None without one, or if `flat` has other hourly numbers."""
    model = flat.model
    if model.recipe is None or not isinstance(flat.coefficients, coefficients.TemplateCoefficients):
        return None
    families = ((model.columns, ("lower", "upper", "cost"), False), (model.rows, ("row_lower", "row_upper"), True))
    for family, names, rows in families:
        for block in family.values():
            for name in names if block.hourly else ():
                of_model = getattr(block, name.removeprefix("row_"))
                if not np.array_equal(flat.part(getattr(flat, name), block, rows=rows), of_model):
                    return None
    try:
        return Source(pickle.dumps(model.recipe, protocol=pickle.HIGHEST_PROTOCOL), digest(model))
    except (pickle.PicklingError, AttributeError, TypeError):
        return None


def digest(model: Model) -> bytes:
    """Return a digest of all numbers of a model and their positions."""
    found = hashlib.blake2b(digest_size=16)

    def add(*arrays: NDArray[np.generic]) -> None:
        for of in arrays:
            once = core(of)  # type: ignore[arg-type]
            found.update(repr((of.shape, once.shape, once.dtype.str)).encode())
            found.update(np.ascontiguousarray(once).data)

    def block(of: Block) -> None:
        found.update(repr((of.name, of.hourly, of.first, len(of), of.integer)).encode())
        add(of.lower, of.upper, of.cost)

    def entries(of: Entries) -> None:
        found.update(repr((of.row.name, of.column.name, of.before, of.periods is None)).encode())
        add(of.rows, of.columns, of.values, *(of.periods or ()))

    found.update(repr((model.periods, model.constant)).encode())
    add(model.previous)
    for family in (model.columns, model.rows):
        for one in family.values():
            block(one)
    for part in model.entries:
        entries(part)
    return found.digest()


def outline(form: Form, layout: Layout, rank: int, of: Source) -> Outline:
    """Return the data from which process `rank` assembles its numbers."""
    flat, reduced, t = form.flat, form.reduced, form.template
    columns, rows = t.periods * t.period_columns, t.periods * t.period_rows
    periods = Presolved(
        reduced.lower[:columns], reduced.upper[:columns], flat.cost[:columns],
        reduced.row_lower[:rows], reduced.row_upper[:rows], reduced.dropped[:rows], form.loose[:rows],
        _ghosts(form, layout, rank),
    )  # fmt: skip
    fixed = layout.part(rank, (reduced.lower == reduced.upper) & (flat.lower < flat.upper), t.periods, t.period_columns)
    values = layout.part(rank, reduced.lower, t.periods, t.period_columns)[columns:][fixed[columns:]]
    dropped, loose = (
        np.packbits(layout.part(rank, of_rows, t.periods, t.period_rows)[rows:])
        for of_rows in (reduced.dropped, form.loose)
    )
    bits = (np.packbits(fixed[columns:]), values, dropped, loose)
    return Outline(of, form.balance, ever(flat, reduced), periods, *bits, form.leeway)


@dataclass(frozen=True, slots=True)
class SlicedNumbers:
    """Numbers of the processes' hours, cut from those of all hours on demand, for processes that cannot make the model."""

    form: Form
    layout: Layout

    def __getitem__(self, rank: int) -> Numbers:
        """Return the numbers of one process."""
        form, layout, t = self.form, self.layout, self.form.template
        columns, rows = (t.periods, t.period_columns), (t.periods, t.period_rows)

        def both(of: NDArray[Number]) -> NDArray[Number]:
            parts = zip((of[: form.columns], of[form.columns :]), (columns, rows), strict=True)
            return np.concatenate([layout.part(rank, part, *where) for part, where in parts])

        vectors = {name: layout.part(rank, getattr(form, name), *rows) for name in ("side", "sign", "masked")}
        vectors |= {name: both(getattr(form, name)) for name in ("costs", "widths", "free", "unbounded")}
        shape, ghosts = t.cut(layout.shares[rank]), _ghosts(form, layout, rank)
        return Numbers(template=shape, periods=form.periods, ghosts=ghosts, **vectors)


def numbers_of(of: AssembledModel, told: Outline, layout: Layout, team: Team, pool: Threads) -> Numbers:
    """Return the numbers of a process's hours, assembled from the model. All processes must call this together."""
    share, model = layout.shares[team.rank], of.model
    mine, scaling = of.template.cut(share), told.balance.scaling(model.periods, share.steps)
    left = _left(model, told, share)
    # The lower bounds in scaled units; their product with the matrix shifts the sides.
    lower = origin(left.lower) * (scaling.side / scaling.column)
    taken = Products(mine, of.periods, pool, team).times(lower) / (scaling.row * scaling.side)
    return numbers(mine, of.periods, scaling, left, taken, told.leeway)


def _left(model: Model, told: Outline, share: Share) -> Presolved:
    """Return the presolved columns and rows of periods and of these hours."""
    of, hours = told.of_periods, (share.periods, share.hours)
    lower, upper, cost = (
        np.concatenate([mine, join_blocks(model, model.columns, attrgetter(name), hours)[len(mine) :]])
        for mine, name in ((of.lower, "lower"), (of.upper, "upper"), (of.cost, "cost"))
    )
    row_lower, row_upper = (
        np.concatenate([mine, join_blocks(model, model.rows, attrgetter(name), hours)[len(mine) :]])
        for mine, name in ((of.row_lower, "lower"), (of.row_upper, "upper"))
    )
    # Fixed columns have the values of presolve in both bounds.
    fixed = _bits(told.fixed, len(lower) - len(of.lower))
    for bound in (lower, upper):
        bound[len(of.lower) :][fixed] = told.values
    dropped, loose = (
        np.concatenate([own, _bits(packed, len(row_lower) - len(own))])
        for own, packed in ((of.dropped, told.dropped), (of.loose, told.loose))
    )
    return Presolved(lower, upper, cost, row_lower, row_upper, dropped, loose, of.ghosts)


def _bits(packed: Bits, count: int) -> Mask:
    return np.unpackbits(packed, count=count).astype(np.bool_)


def _ghosts(form: Form, layout: Layout, rank: int) -> Mask:
    """Return the mask of masked rows of the hours after a process's strands."""
    t = form.template
    hours = form.masked[t.periods * t.period_rows :].reshape(t.periods, t.hours, t.rows)
    return hours[layout.shares[rank].periods, layout.beyond(rank)].reshape(-1, t.rows)
