"""Memory that is used again is nobody else's at the time."""

from __future__ import annotations

import numpy as np

from xisuan.interior.threads import PIECE, Threads
from xisuan.interior.vectors import LEAST, Vectors


def _place(of: np.ndarray) -> int:
    return int(of.__array_interface__["data"][0])


def test_memory_that_nobody_holds_is_given_out_again() -> None:
    vectors = Vectors()
    first = vectors.empty(LEAST)
    place = _place(first)
    del first
    assert _place(vectors.empty(LEAST)) == place


def test_memory_of_which_a_part_is_held_is_not() -> None:
    vectors = Vectors()
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
    long = vectors.empty(2 * LEAST)
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


def test_the_largest_of_no_numbers_is_none() -> None:
    of = np.zeros(2 * PIECE)
    of[-1] = np.nan
    assert np.isnan(Threads(1, None).largest(np.abs, of))
    assert Threads(1, None).largest(np.abs, -np.arange(3.0 * PIECE)) == 3.0 * PIECE - 1.0
