"""A first year without orders of computing: what waiting saves, who orders then, and what the missed aim would cost."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from xisuan.report.facts import waiting_facts

OFFERS = {
    2026: [("old", "2020", 1.0, None), ("now", "intelligent", 0.3, 2025)],
    2027: [
        ("now", "intelligent", 0.27, 2025),
        ("next", "intelligent", 0.225, 2027),
        ("late", "intelligent", 0.1, 2028),
    ],
}
"""Technologies on offer in each year: name, class, capital of a PFLOPS, year from which it is sold."""


class Offers(dict[str, pd.DataFrame]):
    """Tables of a scenario with a technology table for each year."""

    def at(self, _name: str, year: int) -> pd.DataFrame:
        rows = pd.DataFrame(OFFERS[year], columns=["technology", "class", "capex_mcny_per_unit", "available_from"])
        return rows.assign(precision="FP16", eflops_per_unit=0.001, available_until=float("nan"))


def made(monkeypatch: pytest.MonkeyPatch, by_year: dict[int, float]) -> Any:
    """Return a place that orders computing by year; elsewhere 70, 25 and 5 EFLOPS are ordered in 2026. It has 147 of 171."""
    monkeypatch.setattr(waiting_facts.build_facts, "ordered_by_year", lambda _: (by_year, 0))
    monkeypatch.setattr(waiting_facts.build_facts, "leading_class", lambda _: ("intelligent", "FP16"))
    aims = [
        SimpleNamespace(met=False, year=2026, planned=147.0, row={"indicator": "counted", "target": 171.0}),
        SimpleNamespace(met=False, year=2026, planned=1.0, row={"indicator": "alike", "target": 900.0}),
    ]
    monkeypatch.setattr(waiting_facts.target_facts, "planned", lambda _: aims)
    drivers = pd.DataFrame(
        {"indicator": ["counted", "alike"], "variable": "eflops_fp16", "kind": ["identity", "scenario"]}
    )
    orders = pd.DataFrame(
        {
            "period": 2026,
            "class": "intelligent",
            "precision": "FP16",
            "where": ["x", "y", "z"],
            "eflops": [25.0, 70.0, 5.0],
        }
    )
    return SimpleNamespace(periods=(2026, 2027), scenario=Offers(drivers=drivers), orders=orders)


def test_a_quarter_is_saved_and_the_missing_twenty_four_eflops_cost_seven_billion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """0.3 million CNY a PFLOPS in 2026; in 2027 0.225, for what is sold from 2028 on is not on offer."""
    found = waiting_facts.waiting(made(monkeypatch, {2027: 100.0}))
    assert found is not None
    assert (found.first, found.start, found.sites) == (2026, 2027, ("y", "x"))
    assert found.cheaper == pytest.approx(0.25)
    assert (found.aim, found.missing) == (171.0, 24.0)
    assert found.mcny == pytest.approx(24 * 300.0)


@pytest.mark.parametrize("by_year", [{}, {2026: 5.0, 2027: 100.0}])
def test_nobody_waits_who_orders_at_once_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, by_year: dict[int, float]
) -> None:
    assert waiting_facts.waiting(made(monkeypatch, by_year)) is None
