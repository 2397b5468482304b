"""Who pays in the shipped scenarios, against published capital expenditure; no payer exceeds its printed limit."""

from __future__ import annotations

import pytest

from gnomon.options import Options
from tests.library.shipped import loaded, numbers
from tests.library.test_audit import fact
from xisuan.decisions.costs.cost_sharing import investors
from xisuan.decisions.reported_place import focus
from xisuan.planning.expansion import plan
from xisuan.scenario.settings import Hours

CARRIERS = ("China Mobile", "China Telecom", "China Unicom")


def limit(name: str, year: int) -> float:
    """Budget of an investor in a year, mCNY."""
    rows = numbers("guizhou", "budgets").set_index(["scope", "period"])["limit_mcny"]
    return float(rows[f"investor:{name}", year])


def test_carriers_start_from_what_they_planned_for_computing_in_2025() -> None:
    together = 100 * fact("carrier_capex", carrier="all three", item="computing", year="2025")
    growth = together / (100 * fact("carrier_capex", carrier="all three", item="computing", year="2024"))
    assert sum(limit(name, 2026) for name in CARRIERS) == pytest.approx(together * growth, rel=0.01)
    mobile = 100 * fact("carrier_capex", carrier="China Mobile", item="computing", year="2025")
    assert limit("China Mobile", 2026) == pytest.approx(mobile * growth, rel=0.01)


def test_china_unicom_never_orders_more_computing_than_all_that_it_spent_in_2025() -> None:
    whole = 100 * fact("carrier_capex", carrier="China Unicom", item="capital expenditure", year="2025")
    assert max(limit("China Unicom", year) for year in range(2026, 2031)) < whole
    three = 100 * fact("carrier_capex", carrier="all three", item="capital expenditure", year="2025")
    assert sum(limit(name, 2030) for name in CARRIERS) < three


def test_no_payer_exceeds_its_limit() -> None:
    """The plan of `guizhou-days` on one mean hour: every payer's capital, by its shares, is within its budget."""
    scenario = loaded("guizhou-days").with_settings(hours=Hours("one"))
    found = plan(scenario, Options(gap=1e-4))
    table = investors(found, focus(found))
    rows = table[(table["term"] == "capital") & (table["scope"] == "all") & (table["investor"] != "")]
    limited = rows[rows["budget_mcny"].notna()]
    assert set(limited["investor"]) == {*CARRIERS, "independent operators"}
    assert (limited["mcny"] <= limited["budget_mcny"] * (1 + 1e-6)).all()
    assert (limited["budget_use"] > 0.02).any()
