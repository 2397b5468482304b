"""What the first screen says of how firm the builds are, of halls without room to spare, and of batteries."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from tests.report import fake
from tests.report.costs.test_shadow_prices import context
from tests.report.test_first_screen import told
from xisuan.report import run_measures
from xisuan.report.chapters import leads
from xisuan.report.document.blocks import Table
from xisuan.report.operation import utilisation
from xisuan.report.run_context import Context
from xisuan.results.decision_tables import TABLES


def judged(found: Context, *verdicts: tuple[str, str, str], least: float = 5.0) -> Context:
    """The same plan with a table of alternatives: (where, technology, verdict), of 12 racks no more than `least`."""
    amounts = (2027, 0.0, 12.0, least, 24.0, "rack")
    rows = [
        dict(zip(TABLES["alternatives"], ("compute", where, name, *amounts, verdict), strict=True))
        for where, name, verdict in verdicts
    ]
    return Context(dataclasses.replace(found.run, alternatives=pd.DataFrame(rows)), found.language)


def test_what_could_stand_elsewhere_for_one_per_cent_more_is_said_on_the_first_screen() -> None:
    assert (
        "Not firm: for 1 % more cost, half or more of the general-purpose computing at s could stand elsewhere"
        in told(judged(context({}), ("s", "g", "interchangeable"), ("t", "h", "robust")), "rests")
    )
    assert "s通用算力均可少建一半以上（可替代）" in told(
        judged(context({}, "zh"), ("s", "g", "interchangeable")), "rests"
    )
    assert (
        "Firm: within 1 % more cost, more than half of the general-purpose computing at s is built in any plan."
        in told(judged(context({}), ("s", "g", "robust")), "rests")
    )


def test_what_need_not_be_built_at_all_is_said_to_be_so() -> None:
    """None of twelve racks, or a hundredth of one, which is none; of two racks it is not so."""
    for least, part in ((0.0, "none of the new"), (0.01, "none of the new"), (2.0, "half or more of the")):
        found = judged(context({}), ("s", "g", "interchangeable"), least=least)
        assert f"Not firm: for 1 % more cost, {part} general-purpose computing at s" in told(found, "rests")
    zh = judged(context({}, "zh"), ("s", "g", "interchangeable"), least=0.0)
    assert "s新增的通用算力均可完全不建，改由别处承担（可替代）" in told(zh, "rests")


def test_without_alternatives_at_the_place_nothing_is_said_of_firmness() -> None:
    plain = told(context({}), "rests")
    assert told(judged(context({}), ("t", "g", "interchangeable")), "rests") == plain
    assert "irm" not in plain


HALLS = "site,existing_mw,limit_mw\ns,{mw},{mw}"
"""Twelve racks of half a MW need 6 MW."""


@pytest.mark.parametrize(("mw", "full"), [(6, True), (7, False)])
def test_halls_filled_to_the_last_rack_are_said_to_keep_nothing_in_reserve(mw: int, full: bool) -> None:
    found = context({"halls": HALLS.format(mw=mw)})
    assert ("None of its halls is kept empty in reserve." in told(found, "use")) == full
    (table, *_) = (one for one in utilisation.section(found).blocks if isinstance(one, Table))
    assert ("not what to run at" in table.note) == full


def test_power_and_energy_of_batteries_are_one_thing_on_the_first_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    found = context({}, "zh")
    row = {"where": "s", "technology": "", "period": 2026, "amount": 5.0, "capex_mcny": 1.0, "mw": float("nan")}
    rows = [{"asset": name, **row} for name in ("solar", "battery", "battery_energy")]
    monkeypatch.setattr(run_measures, "orders", lambda run: pd.DataFrame(rows))
    assert leads._bought(found, 2026)[0] == "光伏和储能"


@pytest.mark.parametrize(("where", "asset", "verdict"), [
    ("GAN", "hall", ["interchangeable"]),
    ("GAN", "battery", []),
    ("elsewhere", "hall", []),
])  # fmt: skip
def test_what_the_plan_orders_and_the_least_cost_alternative_lacks_is_interchangeable(
    where: str, asset: str, verdict: list[str]
) -> None:
    """The plan orders halls at Gui'an and no batteries; of neither does the plan on the hours of the table build any."""
    run = fake.run()
    ordered = run.plan.builds[run.plan.builds["where"] == "GAN"]["asset"]
    assert "hall" in set(ordered)
    assert "battery" not in set(ordered)
    values = (asset, where, "", 2028, 900.0, 900.0, 900.0, 2500.0, "MW", "none")
    row = dict(zip(TABLES["alternatives"], values, strict=True))
    found = run_measures.verdicts(dataclasses.replace(run, alternatives=pd.DataFrame([row])), ["GAN"])
    assert found["verdict"].tolist() == verdict
