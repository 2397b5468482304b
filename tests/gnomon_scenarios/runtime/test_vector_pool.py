"""Memory that is used again is nobody else's at the time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gnomon.interior_point import solve as interior
from gnomon.model.linear_program import flatten
from gnomon.options import Options
from gnomon.runtime import threads as pool_module
from gnomon.runtime import vector_pool as module
from gnomon.runtime.memory import MEMORY, Allocator
from gnomon.runtime.threads import PIECE, Threads, threads
from gnomon.runtime.vector_pool import LEAST, SPARE, Vectors
from tests.gnomon_scenarios.interior_point.factorisation.test_newton_system import full
from xisuan.equations.build_model import assemble


def _place(of: np.ndarray) -> int:
    return int(of.__array_interface__["data"][0])


@pytest.fixture(params=["memory", "files"])
def vectors(request: pytest.FixtureRequest, tmp_path: Path) -> Vectors:
    return Vectors(Allocator(tmp_path) if request.param == "files" else MEMORY)


def test_memory_that_nobody_holds_is_given_out_again(vectors: Vectors) -> None:
    first = vectors.empty(LEAST)
    place = _place(first)
    del first
    assert _place(vectors.empty(LEAST)) == place


def test_memory_of_which_a_part_is_held_is_not(vectors: Vectors) -> None:
    first = vectors.empty(2 * LEAST)
    place, part = _place(first), first[5:9].reshape(2, 2)
    del first
    part[:] = 7.0
    second = vectors.empty(2 * LEAST)
    second[:] = 0.0
    assert _place(second) != place
    assert (part == 7.0).all()


def test_a_vector_is_as_long_as_asked_and_no_much_longer_one_is_spent_on_it() -> None:
    vectors = Vectors()
    long, others = vectors.empty(2 * LEAST), [vectors.empty(4 * LEAST) for _ in range(5)]
    del others  # so that the long one is not let go for a short one
    place = _place(long)
    del long
    assert _place(vectors.empty(LEAST)) != place
    near = vectors.empty(2 * LEAST - 3)
    assert _place(near) == place
    assert len(near) == 2 * LEAST - 3


def test_what_is_filled_piece_by_piece_in_used_memory_is_what_numpy_says() -> None:
    pool, rng = Threads(1, None, Vectors()), np.random.default_rng(1)
    for seed in range(5):
        a, b = rng.normal(size=(2, 3 * PIECE + 1 + seed))
        found = pool.filled(lambda a, b: a * b + 1.0, a, b)
        assert found.tolist() == (a * b + 1.0).tolist()
        at = rng.permutation(len(a))[: len(a) // 2]
        want = found.copy()
        want[at] += np.abs(b[at])
        pool.add(found, at, np.abs, b[at])
        assert found.tolist() == want.tolist()
        assert pool.joined(a, b).tolist() == [*a, *b]


def test_what_is_no_number_is_the_largest() -> None:
    of = np.zeros(2 * PIECE)
    of[-1] = np.nan
    assert np.isnan(Threads(1, None).largest(np.abs, of))
    assert Threads(1, None).largest(np.abs, -np.arange(3.0 * PIECE)) == 3.0 * PIECE - 1.0
    assert Threads(1, None).largest(np.abs, np.zeros(0)) == 0.0


def test_sums_are_those_of_the_parts_that_are_asked_for() -> None:
    a, b = np.random.default_rng(1).normal(size=(2, 100))
    parts = [slice(3, 40), slice(40, 41), slice(60, 100)]
    with threads(2, 1000) as pool:
        assert pool.sums(np.dot, parts, a, b) == pytest.approx(a[3:41] @ b[3:41] + a[60:] @ b[60:])
        assert pool.sums(np.dot, [], a, b) == 0.0


def test_no_more_is_kept_than_was_in_use_at_one_time_and_a_little() -> None:
    vectors = Vectors()
    for length in np.linspace(LEAST, 10 * LEAST, 30).astype(int):
        vectors.empty(int(length))  # nobody keeps it
        assert sum(len(of) for of in vectors._held) <= SPARE * 10 * LEAST
    kept = [vectors.empty(LEAST) for _ in range(20)]
    assert sum(len(of) for of in vectors._held) <= SPARE * 20 * LEAST
    for number, of in enumerate(kept):
        of[:] = number
    assert [float(of.mean()) for of in kept] == list(range(20))


def test_what_is_let_go_stays_with_whoever_has_it() -> None:
    vectors = Vectors()
    first = vectors.empty(LEAST)
    first[:] = 3.0
    vectors.clear()
    second = vectors.empty(LEAST)
    second[:] = 4.0
    assert (first == 3.0).all()


@pytest.mark.parametrize("count", [1, 2])
def test_a_solve_never_reads_what_was_in_used_memory(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All vectors from used memory, however short, in short pieces, and full of what is no number."""
    flat = flatten(assemble(full(3, hours="hours:24", periods=(2026, 2028)).build()).model)
    plain = interior.solve(flat, Options(gap=1e-7, threads=count))
    given = Vectors.empty

    def poisoned(self: Vectors, length: int) -> np.ndarray:
        out = given(self, length)
        out[:] = np.nan
        return out

    monkeypatch.setattr(Vectors, "empty", poisoned)
    monkeypatch.setattr(module, "LEAST", 1)
    monkeypatch.setattr(pool_module, "PIECE", 50)
    found = interior.solve(flat, Options(gap=1e-7, threads=count))
    assert found.objective == pytest.approx(plain.objective, rel=1e-7)
    assert found.bound == pytest.approx(plain.bound, rel=1e-7)
