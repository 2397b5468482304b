"""The grid limit of the place and its range, and the years in which its low end is below the peak."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from xisuan.report.chapters import risks_chapter
from xisuan.report.operation import electricity
from xisuan.text.numbers import Figures
from xisuan.text.translation import translate

LIMITS = {2026: {"here": 800.0, "firm": 50.0}, 2027: {"here": 1600.0, "firm": 50.0}}
PEAKS = {2026: 700.0, 2027: 1000.0}


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two zones: the limit of one is an estimate of 600 to 3,200 MW over both years, 0.75 to 2 times the value of each."""
    monkeypatch.setattr(electricity, "grid_limits", lambda _, year: LIMITS[year])
    monkeypatch.setattr(electricity, "focus_zones", lambda _: ["here", "firm"])
    monkeypatch.setattr(electricity, "_estimated", lambda _: {"here": {"low": 600.0, "high": 3200.0}})
    monkeypatch.setattr(risks_chapter.run_measures, "peak_grid_mw", lambda _run, year, _focus: PEAKS[year])
    return SimpleNamespace(
        periods=(2026, 2027), run=None, focus=("s",), show=Figures("en"),
        say=lambda text: translate(text, "en"), peak=lambda mw: f"{mw:,.0f} MW",
    )  # fmt: skip


def test_the_ends_of_an_estimate_are_factors_on_the_limit_of_each_year(context: Any) -> None:
    assert electricity.limit_ends(context, 2026) == pytest.approx((0.75 * 800 + 50, 2.0 * 800 + 50))
    assert electricity.limit_ends(context, 2027) == pytest.approx((0.75 * 1600 + 50, 2.0 * 1600 + 50))


def test_a_low_end_below_the_peak_is_a_risk_of_that_year_alone(context: Any) -> None:
    """In 2026 the peak of 700 MW exceeds the low end of 650; in 2027 the low end is 1,250."""
    ((_risk, effect, _instrument),) = risks_chapter._of_grid(context)
    assert effect.replace("\u00a0", " ") == "at its low end the peak exceeds it in 2026: 700 MW of 650 MW in 2026"
