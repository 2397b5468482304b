"""End of the horizon: under annuities what lives on costs its years of use only, so that the last choices are as good as
the first."""

from __future__ import annotations

import pytest

from tests.golden.small import small
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario

SHORT_OR_LONG = """
    technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years
    short,general,rack,0.5,1,2
    long,general,rack,0.5,1.8,4
    """
"""1 mCNY for two years or 1.8 for four: 0.5 or 0.45 a year without discounting."""


def horizon(years: int, **settings: object) -> Scenario:
    """Ten racks are asked for in each of so many years."""
    periods = list(range(2026, 2026 + years))
    demand = "region,workload,period,units\n" + "\n".join(f"r,w,{year},10" for year in periods)
    return small({"technologies": SHORT_OR_LONG, "demand": demand}, {"periods": periods, **settings})


def ordered(found: Plan) -> dict[tuple[int, str], float]:
    """Racks by year and technology."""
    rows = found.builds
    return {(row["period"], row["technology"]): round(row["amount"], 6) for row in rows.to_dict("records")}


@pytest.mark.parametrize("years", [1, 2, 4])
def test_the_choice_is_that_of_a_long_horizon_and_costs_its_years(years: int) -> None:
    """By hand: 10 × 0.45 a year, whether one year of the four is planned or all of them."""
    found = plan(horizon(years))
    assert ordered(found) == {(2026, "long"): 10.0}
    assert found.cost_mcny == pytest.approx(10 * 0.45 * years)


def test_paid_in_full_the_end_of_the_horizon_decides() -> None:
    """Without a value after the horizon the short one is cheaper for one or two years, though not for four."""
    assert ordered(plan(horizon(1, capital="full"))) == {(2026, "short"): 10.0}
    assert ordered(plan(horizon(4, capital="full"))) == {(2026, "long"): 10.0}


def test_the_annuity_left_out_is_the_salvage_value_of_the_years_left() -> None:
    """By hand at 6 %: ordered in 2026 and used for one of four years, 1.8 mCNY less the worth in 2026 of the three annuities
    that remain is the one annuity paid, 1.8 × 0.06 / (1 − 1.06⁻⁴) = 0.519465; δ(2026) = 1 weighs it."""
    annuity = 1.8 * 0.06 / (1 - 1.06**-4)
    remaining = sum(annuity * 1.06**-n for n in (1, 2, 3))
    whole = 1.8 * 1.06  # annuities of four years, weighed from the first year on
    found = plan(horizon(1, discount_rate=0.06, base_year=2026))
    assert annuity == pytest.approx(0.519465, abs=1e-6)
    assert found.cost_mcny == pytest.approx(10 * annuity)
    assert found.cost_mcny == pytest.approx(10 * (whole - remaining))
