"""The first screen of a scenario of cities alone: it speaks of cities, and of what the tables say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.access_cases import access
from tests.report.pages.test_single_future_page import words
from xisuan.planning.access import budget_value, monte_carlo_dates
from xisuan.report.document.blocks import Brief, Section, Table
from xisuan.report.pages import single_future_page
from xisuan.results.run import Run
from xisuan.text.translation import Language
from xisuan.workflow.plan import plan

LANGUAGES: tuple[Language, ...] = ("en", "zh")
DATES = "city,deadline\na,2026\nb,2027"
RANGES = "table,key,column,low,high\nmeasures,user,pace_units_year,90,110"


def made(
    dates: str = DATES, budget: str = "2026,access,0.6\n2027,access,0.4", ranges: str = RANGES, **settings: object
) -> Run:
    tables = {
        "city_targets": dates,
        "budgets": f"period,scope,limit_mcny\n{budget}",
        "regions": "",
        "estimates": ranges,
    }
    scenario = access(tables, **settings)
    found = plan(scenario)
    more = {
        "city_dates": monte_carlo_dates.deadline_chances(scenario, 3),
        "city_money": budget_value.budget_values(scenario, 1.0),
    }
    return Run(scenario, replace(found, tables={**found.tables, **more}))


def first(run: Run, language: Language = "en") -> Section:
    return single_future_page.sections(run, language)[0]


def said(run: Run) -> list[str]:
    brief = first(run).blocks[0]
    assert isinstance(brief, Brief)
    return [words(tile.verdict).strip() for tile in brief.tiles]


@pytest.fixture(scope="module")
def run() -> Run:
    return made()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_of_sites_that_there_are_not(run: Run, language: Language) -> None:
    numbers = [part.number for part in single_future_page.sections(run, language)]
    assert numbers[0] == 0
    assert 6 in numbers
    assert not {1, 3, 4, 7} & set(numbers)
    text = words(single_future_page.html(run, language))
    assert "no site" not in text
    assert "无站点" not in text


def test_the_sentences_are_those_of_the_plan(run: Run) -> None:
    """15 ports, 20 users and 2.0012 stations of a in 2026, and what of b is done then; a and b in time, c never."""
    told = said(run)
    assert told[0].startswith("By the end of 2027, 2 of 3 cities are gigabit cities")
    assert "Not yet: c." in told[0]
    assert told[1].startswith("Begin in 2026 with ")
    capital = float(run.plan.access_totals["capex_mcny"].sum())
    assert f"{capital:.3g}" in told[2]
    assert told[3] == "On the central estimates all 2 cities with a date are gigabit cities in time."
    assert told[4] == "Every city with a date makes it in all 3 draws of the estimates."


def test_figures_without_ranges_are_not_called_firm() -> None:
    run = made(ranges="")
    assert (
        said(run)[4]
        == "No figure of access has a range in the table estimates, so how firm the dates are is not known."
    )
    titles = [
        block.title
        for part in single_future_page.sections(run, "en")
        for block in part.blocks
        if isinstance(block, Table)
    ]
    assert "Dates, by the figures of the tables alone" in titles
    assert not any("draws of the estimates" in title for title in titles)


def test_without_money_and_dates_the_sentences_say_so() -> None:
    run = made(objective="residents", dates="", budget="2026,access,0.0\n2027,access,0.0")
    told = said(run)
    assert told[0].startswith("By the end of 2027, 0 of 3 cities are gigabit cities")
    assert told[2] == "Nothing is ordered, so there is nothing to pay for."
    assert told[3] == "No city has a date to meet."
    assert told[4] == "No city has a date, so there are no odds of making it."
    assert "buys most in" in told[5]
    brief = first(run).blocks[0]
    assert isinstance(brief, Brief)
    gain = run.plan.tables["city_money"]["resident_years"].max()
    assert (brief.tiles[5].value, brief.tiles[5].unit) == (f"{gain / 1e6:.2f}", "million resident-years")


def test_a_measure_that_is_called_like_its_unit_is_said_once(run: Run) -> None:
    """The measures of the small scenario are `station` in stations, and so on, without titles."""
    assert said(run)[1] == "Begin in 2026 with 2 stations; 15 ports; 20 users."


def test_electricity_that_no_measure_states_has_no_tile(run: Run) -> None:
    brief = first(run).blocks[0]
    assert isinstance(brief, Brief)
    assert "power" not in "".join(tile.question for tile in brief.tiles)
    assert brief.tiles[1].label == "capital ordered in 2026"
    begun = run.plan.access_totals.query("period == 2026")["capex_mcny"].sum()
    assert float(brief.tiles[1].value) == pytest.approx(begun, rel=0.005)


def test_the_first_numbers_are_sums_of_the_tables(run: Run) -> None:
    brief = first(run).blocks[0]
    assert isinstance(brief, Brief)
    first_tile, *_others = brief.tiles
    assert (first_tile.value, first_tile.unit.strip()) == ("2", "of 3")
    dates, odds = brief.tiles[3:5]
    assert (dates.value, dates.unit) == ("2", "of 2")
    assert (odds.value, odds.unit) == ("100", "%")
    last = run.plan.gigabit[(run.plan.gigabit["period"] == 2027) & run.plan.gigabit["gigabit"]]
    assert f"{last['residents'].sum() / 1e6:.2f} million residents" in words(first_tile.verdict)
