"""Section 17: a week that was operated is what is drawn; else the hours that the plan has, and why."""

from __future__ import annotations

import dataclasses

import pytest

from tests import scenarios
from tests.report import fake
from tests.report.pages.test_single_future_page import words
from tests.report.parts import section
from tests.report.test_decided import tables
from xisuan.dispatch.economic_dispatch import operate
from xisuan.exchange import excel_tables
from xisuan.report.brief import brief_section
from xisuan.report.document.blocks import Brief, Hours
from xisuan.report.operation import rolling_cost
from xisuan.report.pages import single_future_page
from xisuan.report.run_context import Context
from xisuan.results.run import Run
from xisuan.results.schedule import Foresight
from xisuan.scenario import load
from xisuan.scenario.settings import Hours as Chosen
from xisuan.scenario.variants.modelled_hours import typical_week
from xisuan.text.translation import Language
from xisuan.workflow.plan import plan
from xisuan.workflow.run import run as run_all

LANGUAGES: tuple[Language, ...] = ("en", "zh")
TITLES = {"en": "A dispatch week", "zh": "典型周逐时调度"}


@pytest.fixture(scope="module")
def run() -> Run:
    """The five sites in 2026 on one day of it, with a week operated."""
    frames = {
        name: frame[frame["period"].isin(["", "2026", 2026])] if "period" in frame else frame
        for name, frame in scenarios.five_frames().items()
    }
    five = load.build({"name": "five", "periods": [2026], "hours": "days:1"}, frames)
    found, week = plan(five), typical_week(five)
    assert week is not None
    return Run(five, found, week=operate(week, found))


def charts(part: object) -> list[Hours]:
    return [block for block in part.blocks if isinstance(block, Hours)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_has_seven_days_of_the_schedule(run: Run, language: Language) -> None:
    """168 values a series, from the table of the week that was operated and no other."""
    part = section(run, "hours", language)
    assert part.title == TITLES[language]
    assert run.week is not None
    for chart in charts(part):
        assert [span.hours for span in chart.spans] == [24] * 7
        assert {len(series.values) for series in (*chart.series, *chart.lines)} == {168}
    power = run.week.power
    first = next(chart for chart in charts(part) if chart.unit == "MW" and chart.lines)
    (site,) = Context(run, language).focus
    drawn = power[power["site"] == site].set_index("hour")["facility_mw"].to_list()
    assert list(first.lines[0].values) == pytest.approx(drawn)


def test_days_add_up_to_the_week(run: Run) -> None:
    """Each column of energy; the peak of the week is that of its highest day."""
    for table in tables(section(run, "hours").blocks):
        *days, total = ([cell.value for cell in row.cells] for row in table.rows)
        assert len(days) == 7
        for at in (1, 2, 3, 4):
            assert sum(day[at] or 0.0 for day in days) == pytest.approx(total[at] or 0.0, abs=1e-6)
        assert total[5] == max(day[5] or 0.0 for day in days)


def test_a_week_left_out_is_said_and_the_own_hours_are_drawn() -> None:
    text = words(single_future_page.html(run_all(scenarios.pair(), ask=False), "zh"))
    assert "未运行典型周（快速运行未包含，完整运行可得），以下为方案自身的建模小时。" in text


UNSERVED: dict[Language, tuple[str, ...]] = {
    "en": ("(2.8\u00a0%) less", "are 145\u00a0million CNY, with all hours known 100\u00a0million CNY"),
    "zh": ("（2.8%）", "惩罚项为1.45\u00a0亿元，预知全部时段时为1\u00a0亿元"),
}


@pytest.mark.parametrize(
    ("cost", "bound", "said"),
    [
        (
            1020.0,
            999.0,
            {
                "en": "costs 20\u00a0million CNY (2.0\u00a0%) more than with all hours known.",
                "zh": "成本比预知全部时段高2,000\u00a0万元（2.0%）",
            },
        ),
        (1000.5, 999.0, {"en": "costs no more than with all hours known", "zh": "成本与预知全部时段相同"}),
    ],
)
def test_the_brief_says_what_not_knowing_the_hours_ahead_costs(
    run: Run, cost: float, bound: float, said: dict[Language, str]
) -> None:
    """1,000 with all hours known: 20 more are 2 %. With a proof of 999, a difference of 0.5 is none.

    With 100 of penalties in it, and 145 where the hours are not known, the rest is 875 instead of 900, 2.8 % less.
    """
    assert run.week is not None
    foresight = Foresight(48, 24, 0.5, 1, 1000.0, 0.0)
    week = dataclasses.replace(run.week, cost_mcny=cost, penalty_mcny=0.0, lower_bound=bound, foresight=foresight)
    rolled = dataclasses.replace(run, week=week)
    for language in LANGUAGES:
        (brief,) = brief_section.section(Context(rolled, language)).blocks
        assert isinstance(brief, Brief)
        assert said[language] in brief.charts_note
        known = dataclasses.replace(foresight, perfect_penalty_mcny=100.0)
        short = dataclasses.replace(rolled, week=dataclasses.replace(week, penalty_mcny=145.0, foresight=known))
        note = rolling_cost.brief_sentence(Context(short, language))
        for part in UNSERVED[language]:
            assert (part in note) is (cost > 1001.0)
            assert part not in brief.charts_note
        assert not rolling_cost.brief_sentence(Context(run, language))
        assert ("does not know" if language == "en" else "不预知") in section(rolled, "hours", language).lead


def test_a_year_of_own_hours_shows_its_typical_week() -> None:
    """`pair` over a year of hours: a week of it is drawn, no longer the first fortnight of January."""
    scenario = scenarios.pair(hours=Chosen("year"))
    part = section(Run(scenario, plan(scenario)), "hours")
    assert part.title == TITLES["en"]
    assert {span.hours for chart in charts(part) for span in chart.spans} == {24}


def test_the_workbook_holds_the_week_by_the_hour(run: Run) -> None:
    found = dict(excel_tables.tables(run))
    assert len(found["week_power"][0]) == 168 * run.plan.power["site"].nunique()
    without = dict(excel_tables.tables(dataclasses.replace(run, week=None)))
    assert not any(name.startswith("week_") for name in without)


def test_work_of_the_week_that_is_not_served_is_said() -> None:
    made = fake.run()
    week = dataclasses.replace(made.others, scenario=made.scenario)  # type: ignore[type-var]
    text = words(single_future_page.html(dataclasses.replace(made, week=week), "zh"))
    assert "全周业务未能全部满足" in text
