"""Months and cumulative levels."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xisuan.tracking.series.reconciliation import singles

MONTHS = st.lists(st.integers(1, 12), min_size=1, max_size=12, unique=True).map(sorted)


@given(MONTHS, st.data())
def test_singles_add_up_to_the_cumulative_levels(months: list[int], data: st.DataObject) -> None:
    steps = data.draw(st.lists(st.integers(0, 10**6), min_size=len(months), max_size=len(months)))
    levels = [(month, float(value)) for month, value in zip(months, np.cumsum(steps), strict=True)]
    parts = singles(levels)
    assert [(first, last) for (first, last), _ in parts] == [(a + 1, b) for a, b in itertools.pairwise([0, *months])]
    assert np.cumsum([value for _, value in parts]).tolist() == [value for _, value in levels]
