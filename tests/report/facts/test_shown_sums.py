"""Rounding that keeps sums: parts add up to the total shown, and none moves by a whole digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xisuan.report.facts.shown_sums import apportion, money_decimals, rounded_total

AMOUNTS = st.lists(st.floats(0.0, 1e4, allow_nan=False), min_size=1, max_size=12)


@given(AMOUNTS, st.integers(0, 3))
def test_parts_shown_add_up_to_the_total_shown(parts: list[float], decimals: int) -> None:
    total = round(sum(parts), decimals)
    shown = apportion(parts, total, decimals)
    assert sum(shown) == pytest.approx(total, abs=1e-6)
    assert all(abs(a - b) < 1.001 * 10.0**-decimals for a, b in zip(shown, parts, strict=True))
    assert all(a == 0.0 for a, b in zip(shown, parts, strict=True) if b == 0.0)


def test_the_largest_remainder_is_rounded_up() -> None:
    """1.4 + 1.4 + 1.2 are 4: two round down to 1, and the first of the largest remainders to 2."""
    assert apportion([1.4, 1.4, 1.2], 4.0, 0) == [2.0, 1.0, 1.0]
    assert apportion([0.004, 41.296], 41.3, 1) == [0.0, 41.3]


def test_the_largest_year_has_three_digits() -> None:
    assert [money_decimals([value]) for value in (412.3, 41.23, 4.123, 0.4123, 0.004)] == [0, 1, 2, 3, 3]
    assert money_decimals([]) == 0
    assert rounded_total([1.26, 1.26], 1) == 2.6
