"""Units there and back, and currencies, which are never converted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xisuan.errors import ScenarioError
from xisuan.tracking.series.statistical_units import convert


@given(
    st.floats(1e-6, 1e12),
    st.sampled_from([("mCNY", "bn CNY"), ("mCNY", "亿元"), ("Gbps", "Tbps"), ("GB", "EB"), ("pct", "permille")]),
)
@settings(max_examples=50, deadline=None)
def test_units_there_and_back(value: float, units: tuple[str, str]) -> None:
    assert convert(convert(value, *units), units[1], units[0]) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [(39.6, "亿元", "mCNY", 3960.0), (3.96, "bn CNY", "mCNY", 3960.0), (41.05, "pct", "ratio", 0.4105)],
)
def test_units_by_hand(value: float, unit: str, to: str, expected: float) -> None:
    assert convert(value, unit, to) == pytest.approx(expected)


def test_one_currency_is_never_turned_into_another() -> None:
    with pytest.raises(ScenarioError, match="mUSD"):
        convert(1.0, "mUSD", "mCNY")
