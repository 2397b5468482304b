"""What the last section says of where things come from is said to people: addresses, hours, units of estimates."""

from __future__ import annotations

import dataclasses

import pytest

from tests.report import fake
from tests.scenarios import five
from xisuan.report.confidence import limitations, provenance
from xisuan.report.document.blocks import Text
from xisuan.report.run_context import Context
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants.modelled_hours import on_hours
from xisuan.text.translation import Language


def context(language: Language = "en", hours: Hours | None = None) -> Context:
    run = fake.run()
    if hours is None:
        return Context(run, language)
    scenario = on_hours(five(), hours)
    plan = dataclasses.replace(run.plan, scenario=scenario)
    return Context(dataclasses.replace(run, plan=plan, scenario=scenario), language)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("http://10.20.30.40/x.html", "转载页面，无域名（10.20.30.40）"),
        ("data/facts/costs.csv", "本项目事实表 costs.csv"),
        ("(page whose address was not kept)", "未留存网址"),
    ],
)
def test_an_address_is_one_or_says_what_there_is_instead(address: str, said: str) -> None:
    assert provenance._address(context("zh"), address) == said


def test_the_hours_are_told_in_words() -> None:
    assert provenance._hours(context("zh", Hours("days", 4))) == "4 个典型日（96 小时）"
    assert provenance._hours(context("en", Hours("hours", 24))) == "the first 24 hours of the year"
    assert provenance._hours(context("en", Hours("year"))) == "all hours of the year (8,760)"
    assert provenance._hours(context("zh", Hours("one"))) == "一个时段代表全年"
    assert provenance._hours(context("en")) == "given blocks (48 hours)"


@pytest.mark.parametrize("kind", ["edge", "cluster"])
def test_metro_sites_are_told_to_be_sums(kind: str) -> None:
    """Only where the scenario has any."""
    run = context().run
    given = run.scenario["sites"]
    sites = given.assign(kind=given["site"].map(lambda site: kind if site == "HLG" else "cluster"))
    scenario = dataclasses.replace(run.scenario, tables={**run.scenario.tables, "sites": sites})
    blocks = limitations.section(Context(dataclasses.replace(run, scenario=scenario), "zh")).blocks
    items = [item for block in blocks if isinstance(block, Text) for item in block.items]
    assert any("1 个城市节点各代表其片区内集群以外的全部机房与设备" in item for item in items) == (kind == "edge")
