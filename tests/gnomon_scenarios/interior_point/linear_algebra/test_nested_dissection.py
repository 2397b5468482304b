"""Periods eliminated each for itself, against dense algebra: random borders of every shape, and those of real models."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gnomon.arrays import Array
from gnomon.interior_point.factorisation import border_schur
from gnomon.interior_point.linear_algebra import nested_dissection
from gnomon.interior_point.linear_algebra.multifrontal import FrontTree, order_of
from gnomon.interior_point.linear_algebra.nested_dissection import Part, Unknowns, dissect, single_front
from gnomon.interior_point.linear_algebra.sparse_lu import SingularError
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.runtime.threads import Threads, threads
from gnomon.transforms.extensive_form import Futures
from tests.gnomon_scenarios.interior_point.factorisation.test_newton_system import check, shapes
from xisuan.equations.build_model import EARLY, assemble

SIZES = {"columns": 7, "rows": 5, "nodes": 3}
"""Of each period: columns and rows, and how many of either hours see."""


def _drawn(seed: int, periods: int, ties: float, kept: float) -> tuple[Unknowns, Array]:
    """A border of random periods of which a share `ties` of columns enter the rows of others, and its dense matrix."""
    rng = np.random.default_rng(seed)
    columns, rows, nodes = SIZES["columns"], SIZES["rows"], SIZES["nodes"]
    first, size = periods * columns, periods * (columns + rows)
    period = np.concatenate([np.repeat(np.arange(periods), columns), np.repeat(np.arange(periods), rows)])
    own = period[first:, None] == period[None, :first]
    held = rng.normal(size=own.shape) * (rng.random(own.shape) < np.where(own, 0.5, 0.3 * (rng.random(first) < ties)))
    matrix = np.zeros((size, size))
    matrix[first:, :first], matrix[:first, first:] = held, held.T
    frame = sp.csr_array(matrix)
    seen = np.zeros(size, dtype=np.bool_)
    for one in range(periods):
        at = np.concatenate([one * columns + np.arange(nodes), first + one * rows + np.arange(nodes)])
        seen[at] = True
        half = rng.normal(size=(len(at), len(at)))
        matrix[np.ix_(at, at)] += (
            np.where(at < first, -1.0, 1.0)[:, None] * (half @ half.T) * ((at < first)[:, None] == (at < first))
        )
    matrix[np.arange(first), np.arange(first)] -= np.exp(rng.normal(size=first))
    return Unknowns(frame, rng.random(size) < kept, seen, period, first), matrix


def _factors(parts: list[Part], matrix: Array, count: int = 1) -> tuple[FrontTree, Array]:
    """Factors of the parts, and the matrix in the order of elimination."""
    order = order_of(parts)
    ordered = matrix[np.ix_(order, order)]
    held = sp.csc_array(ordered)
    nest = FrontTree(parts, held.indices.astype(np.int64), np.repeat(np.arange(len(order)), np.diff(held.indptr)))
    with threads(count, 1000) as pool:
        nest.factorise(held, 0.01, pool)
    return nest, ordered


@settings(deadline=None)
@given(
    seed=st.integers(0, 10**6),
    periods=st.integers(1, 6),
    ties=st.sampled_from([0.0, 0.2, 0.6, 1.0]),
    kept=st.sampled_from([0.5, 0.9, 1.0]),
)
def test_parts_solve_what_dense_algebra_solves(seed: int, periods: int, ties: float, kept: float) -> None:
    unknowns, matrix = _drawn(seed, periods, ties, kept)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nested_dissection, "SHARE", np.inf)
        parts = dissect(unknowns)
    order = order_of(parts)
    assert sorted(order) == np.flatnonzero(unknowns.keep).tolist()
    assume(len(order) > 0 and np.linalg.cond(matrix[np.ix_(order, order)]) <= 1e8)
    try:
        nest, ordered = _factors(parts, matrix)
    except SingularError:  # a row that only what comes later can hold; whoever asked joins the parts then
        nest, ordered = _factors(single_front(unknowns), matrix)
    right = np.random.default_rng(seed).normal(size=len(order))
    found = nest.solve(right)
    for _ in range(3):
        found = found + nest.solve(right - ordered @ found)
    assert np.abs(ordered @ found - right).max() <= 1e-9 * np.abs(ordered).max() * max(1.0, np.abs(found).max())


def _chain(periods: int) -> tuple[Unknowns, Array]:
    """One column of each period enters a row of all that follow it."""
    unknowns, matrix = _drawn(1, periods, 0.0, 1.0)
    first, columns, rows = unknowns.columns, SIZES["columns"], SIZES["rows"]
    for one in range(periods):
        for later in range(one + 1, periods):
            row, column = first + later * rows + rows - 1, one * columns + columns - 1
            matrix[row, column] = matrix[column, row] = 1.0
    frame = sp.csr_array(np.where(unknowns.frame.toarray() != 0.0, matrix, 0.0))
    tied = sp.lil_array(frame)
    for row in first + np.arange(periods) * rows + rows - 1:
        for column in np.arange(periods) * columns + columns - 1:
            tied[row, column], tied[column, row] = matrix[row, column], matrix[column, row]
    return Unknowns(sp.csr_array(tied), unknowns.keep, unknowns.nodes, unknowns.period, first), matrix


def test_what_most_periods_share_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns that all that follow hold leave each period a part of its own, and come by and by, the first of all last."""
    monkeypatch.setattr(nested_dissection, "SHARE", np.inf)
    unknowns, matrix = _chain(4)
    parts = dissect(unknowns)
    own = [set(np.concatenate([part.head, part.tail]).tolist()) for part in parts]
    shared = [7 * period + 6 for period in range(4)]
    assert own[-1] == {shared[0]}
    assert [one & set(shared) for one in own if one & set(shared)][::-1][:2] == [{shared[0]}, {shared[1]}]
    assert all(len({int(unknowns.period[at]) for at in one}) == 1 for one in own)
    nest, ordered = _factors(parts, matrix)
    right = np.arange(len(matrix), dtype=np.float64)
    assert nest.solve(right) == pytest.approx(np.linalg.solve(ordered, right), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_threads_change_no_digit(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nested_dissection, "SHARE", np.inf)
    unknowns, matrix = _chain(5)
    right = np.arange(len(matrix), dtype=np.float64)
    alone, shared = (_factors(dissect(unknowns), matrix, of)[0].solve(right) for of in (1, count))
    assert shared.tolist() == alone.tolist()


def test_one_part_stays_where_parts_save_nothing() -> None:
    """All columns enter rows of all periods: what would come last is more than what periods have of their own."""
    unknowns, _ = _drawn(2, 3, 1.0, 1.0)
    assert len(dissect(unknowns)) == 1


def _futures(count: int) -> LinearProgram:
    """One scenario of three periods, so many times, with orders of the first period in common."""
    model = assemble(shapes()["three"]).model
    return flatten(Futures((model,) * count, (1.0 / count,) * count, frozenset(EARLY), 1).extensive_form())


@pytest.fixture(name="seen")
def _seen(monkeypatch: pytest.MonkeyPatch) -> list[list[Part]]:
    """What borders are taken apart into, always."""
    seen: list[list[Part]] = []

    def kept(of: Unknowns) -> list[Part]:
        seen.append(dissect(of))
        return seen[-1]

    monkeypatch.setattr(nested_dissection, "SHARE", np.inf)
    monkeypatch.setattr(border_schur, "dissect", kept)
    return seen


@pytest.mark.parametrize("name", ["one", "two", "three", "long", "blocks", "country"])
def test_borders_in_parts_are_the_whole_ones(name: str, seen: list[list[Part]]) -> None:
    check(flatten(assemble(shapes()[name]).model))
    assert (len(seen[0]) > 1) == (name in ("three", "long", "blocks"))


def test_futures_meet_in_what_they_have_in_common_alone(seen: list[list[Part]]) -> None:
    """Each future falls into its periods, and what they hand on; only orders of the first period join all."""
    flat = _futures(4)
    check(flat)
    *_, last = seen[0]
    per = flat.model.items(False, flat.model.columns)
    assert (last.tail[last.tail < per * flat.model.periods] // per == 0).all()
    assert len(last.below) >= 4


def test_the_work_of_futures_grows_with_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[float] = []

    def work(of: Unknowns) -> list[Part]:
        parts = dissect(of)
        made.append(sum(part.work for part in parts))
        return parts

    monkeypatch.setattr(border_schur, "dissect", work)
    for count in (8, 16):
        check(_futures(count))
    assert made[1] < 2.5 * made[0]


def test_parts_without_a_pivot_are_joined(seen: list[list[Part]], monkeypatch: pytest.MonkeyPatch) -> None:
    factorise, joined = FrontTree.factorise, list[int]()

    def refused(nest: FrontTree, matrix: sp.csc_array, pivot: float, pool: Threads) -> None:
        joined.append(len(nest._places))
        if len(nest._places) > 1:
            raise SingularError("a part without a pivot")
        factorise(nest, matrix, pivot, pool)

    monkeypatch.setattr(FrontTree, "factorise", refused)
    check(_futures(2))
    assert len(seen[0]) == joined[0] > joined[1] == 1


@pytest.mark.parametrize("name", ["two", "blocks", "country"])
def test_what_has_no_pivot_at_all_is_shifted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its diagonal is, and nothing else: numbers that happen to be 0 stay where they are."""
    factorise, asked = FrontTree.factorise, list[sp.csc_array]()

    def refused(nest: FrontTree, matrix: sp.csc_array, pivot: float, pool: Threads) -> None:
        asked.append(matrix)
        if len(nest._places) > 1 or len(asked) == 1:
            raise SingularError("no pivot")
        factorise(nest, matrix, pivot, pool)

    monkeypatch.setattr(FrontTree, "factorise", refused)
    check(flatten(assemble(shapes()[name]).model))
    before, after = asked
    assert (before.data == 0.0).any()
    assert np.array_equal(before.indices, after.indices)
    moved = (after - before).toarray()
    assert np.abs(moved - np.diag(np.diag(moved))).max() == 0.0
    assert np.abs(np.diag(moved)) == pytest.approx(border_schur.SHIFT, rel=1e-3)


def test_parts_that_lose_too_many_digits_are_joined(seen: list[list[Part]], monkeypatch: pytest.MonkeyPatch) -> None:
    solve, joined = FrontTree.solve, set[int]()

    def lost(nest: FrontTree, right: Array) -> Array:
        joined.add(len(nest._places))
        return solve(nest, right) * (100.0 if len(nest._places) > 1 else 1.0)

    monkeypatch.setattr(FrontTree, "solve", lost)
    check(_futures(2))
    assert joined == {len(seen[0]), 1}
