"""The section of gigabit cities: there where the plan has cities, in both languages, saying what the tables say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.access_cases import access
from tests.report.test_page import words
from xisuan.planning import dates
from xisuan.report import page
from xisuan.report.figures import Language
from xisuan.report.specs import Section, Table
from xisuan.results.run import Run
from xisuan.workflow.plan import plan

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@pytest.fixture(scope="module")
def run() -> Run:
    """Two dates under a budget, with the tables that `run` adds."""
    rows = "period,scope,limit_mcny\n2026,access,0.6\n2027,access,0.4\n2026,investor:x,0.6"
    scenario = access({"city_targets": "city,deadline\na,2026\nb,2027", "budgets": rows})
    found = plan(scenario)
    more = {
        "city_dates": dates.draws(scenario, 3),
        "city_openings": dates.openings(scenario),
        "city_money": dates.more_money(scenario, 1.0),
    }
    return Run(scenario, replace(found, tables={**found.tables, **more}))


def section(run: Run, language: Language) -> Section:
    return next(part for part in page.sections(run, language) if part.name == "gigabit")


def tables(run: Run) -> dict[str, Table]:
    return {block.title: block for block in section(run, "en").blocks if isinstance(block, Table)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_the_section_in_its_place(run: Run, language: Language) -> None:
    assert section(run, language).number == 12
    text = words(page.html(run, language))
    assert "nan" not in text.lower().split()


def test_the_lead_counts_the_cities(run: Run) -> None:
    assert section(run, "en").lead.startswith("2 of 3 cities are gigabit cities")


def test_the_scoreboard_says_the_value_and_the_year(run: Run) -> None:
    board = tables(run)["Indicators against thresholds, 2027"]
    rows = {row.cells[0].text: [cell.text for cell in row.cells] for row in board.rows}
    assert rows["a"] == ["a", "25.0 · 2026", "12.0 · 2026", "25.0 · 2026", "2026"]
    assert rows["b"][-1] == "2027"
    assert rows["c"][-1] == "–"
    assert [column.unit for column in board.columns[1:4]] == [">= 25 %", "> 12 per 10,000", ">= 25 %"]


def test_the_roll_out_adds_up_to_the_money(run: Run) -> None:
    rows = tables(run)["Roll-out by city and year"].rows
    assert [row.cells[0].text for row in rows] == ["a", "b"]
    assert "●" in rows[0].cells[1].text
    assert "●" not in rows[1].cells[1].text


def test_every_table_is_there(run: Run) -> None:
    titles = " / ".join(tables(run))
    for words_ in ("Budgets", "at the margin", "How firm", "100 million"):
        assert words_ in titles


def test_without_cities_the_section_is_not_there() -> None:
    from tests import scenarios

    pair = scenarios.pair()
    assert "gigabit" not in [part.name for part in page.sections(Run(pair, plan(pair)), "en")]
