"""The section of gigabit cities: there where the plan has cities, in both languages, saying what the tables say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.access_cases import access
from tests.report import browser, parts
from tests.report.pages.test_single_future_page import words
from xisuan.decisions.confidence import price_quality
from xisuan.planning.access import budget_value, date_obstacles, monte_carlo_dates
from xisuan.report import run_measures
from xisuan.report.access import city_dates, gigabit_cities
from xisuan.report.access.city_status import Standing
from xisuan.report.document.blocks import Brief, Gantt, Section, Table, Text
from xisuan.report.document.map_blocks import Map
from xisuan.report.pages import single_future_page
from xisuan.report.run_context import Context
from xisuan.results.run import Run
from xisuan.text.numbers import MISSING
from xisuan.text.translation import Language, Translator
from xisuan.text.translation import message as _
from xisuan.workflow.plan import plan

LANGUAGES: tuple[Language, ...] = ("en", "zh")
DATES = "city,deadline\na,2026\nb,2027"


@pytest.fixture(scope="module")
def run() -> Run:
    """Two dates under a budget, with the tables that `run` adds."""
    rows = "period,scope,limit_mcny\n2026,access,0.6\n2027,access,0.4\n2026,investor:x,0.6"
    ranges = "table,key,column,low,high\nmeasures,user,pace_units_year,90,110"
    scenario = access({"city_targets": DATES, "budgets": rows, "estimates": ranges})
    found = plan(scenario)
    more = {
        "city_dates": monte_carlo_dates.deadline_chances(scenario, 3),
        "city_openings": date_obstacles.openings(scenario),
        "city_money": budget_value.budget_values(scenario, 1.0),
    }
    return Run(scenario, replace(found, tables={**found.tables, **more}))


def section(run: Run, language: Language) -> Section:
    return parts.section(run, "gigabit", language)


def tables(run: Run) -> dict[str, Table]:
    return {block.title: block for block in section(run, "en").blocks if isinstance(block, Table)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_the_section_in_its_place(run: Run, language: Language) -> None:
    assert [part.number for part in single_future_page.sections(run, language) if part.name == "cities"] == [6]
    text = words(single_future_page.html(run, language))
    assert "nan" not in text.lower().split()


def test_the_lead_counts_the_cities(run: Run) -> None:
    assert section(run, "en").lead.startswith("2 of 3 cities are gigabit cities")


def test_the_scoreboard_says_the_value_and_the_year(run: Run) -> None:
    board = tables(run)["Indicators against thresholds, 2027"]
    rows = {row.cells[0].text: [cell.text for cell in row.cells] for row in board.rows}
    assert rows["a"] == ["a", "2026", "25.0 · 2026", "12.001 · 2026", "25.0 · 2026"]
    assert rows["b"][1] == "2027"
    assert rows["c"][1] == "—"
    assert [column.unit for column in board.columns[2:5]] == ["≥ 25 %", "> 12 per 10,000", "≥ 25 %"]


def test_a_period_of_several_years_is_named_by_its_end() -> None:
    """What is so in 2026-2029 is so by the end of 2029."""
    scenario = access({"city_targets": "city,deadline\na,2029"}, periods=[2026, 2030], last_period_years=5)
    board = tables(Run(scenario, plan(scenario)))["Indicators against thresholds, 2030"]
    row = next(row for row in board.rows if row.cells[0].text == "a")
    assert row.cells[1].text == "2029"
    assert row.cells[2].text.endswith("· 2029")


def test_the_roll_out_is_what_the_plan_orders(run: Run) -> None:
    table = tables(run)["Roll-out by city and year"]
    told = [[cell.text for cell in row.cells] for row in table.rows]
    assert [row[0] for row in told if row[0]] == ["a", "b"]
    money = sum(float(row[-1].lstrip("<")) for row in told)
    assert money == pytest.approx(run.plan.rollout["capex_mcny"].sum(), abs=0.01 * len(told))
    assert {row[2] for row in told} == {"ports", "users", "stations"}


def test_the_roll_out_keeps_its_unit_beside_a_plan_that_costs_far_more(run: Run) -> None:
    """In bn CNY, as a plan of 50 bn is told, a city's half million would be nothing."""
    dear = Run(run.scenario, replace(run.plan, cost_mcny=5e4))
    assert tables(dear)["Roll-out by city and year"] == tables(run)["Roll-out by city and year"]


def test_the_chart_has_a_bar_for_each_order_and_marks_dates_and_years(run: Run) -> None:
    chart = next(block for block in section(run, "en").blocks if isinstance(block, Gantt))
    assert chart.categories == ("2026", "2027")
    lanes = {lane.name: lane for lane in chart.lanes}
    assert {name: len(lane.bars) for name, lane in lanes.items()} == run.plan.rollout.groupby("city").size().to_dict()
    assert (lanes["a"].due, lanes["a"].done) == (0.5, 0.5)
    assert (lanes["b"].due, lanes["b"].done) == (1.0, 1.0)
    assert sum(float(row[-1]) for row in chart.numbers[1:]) == pytest.approx(
        run.plan.rollout["capex_mcny"].sum(), abs=0.02
    )
    assert all(0 <= bar.start < bar.end <= 1 and 0 < bar.weight <= 1 for lane in chart.lanes for bar in lane.bars)


def placed(run: Run, text: str) -> Run:
    """The run with coordinates of its cities."""
    cities = run.scenario["cities"].copy()
    for name, place in zip("abc", text.split(), strict=True):
        cities.loc[cities["city"] == name, ["lat", "lon"]] = [float(part) for part in place.split(",")]
    return replace(run, scenario=replace(run.scenario, tables={**run.scenario.tables, "cities": cities}))


def year_map(run: Run, language: Language = "en") -> Map:
    return next(block for block in section(run, language).blocks if isinstance(block, Map))


IN_GUIZHOU = "26.5783,106.7135 27.7066,106.9373 26.5846,104.8467"


def test_the_map_fills_each_prefecture_by_its_year(run: Run) -> None:
    """Guiyang in 2026, Zunyi in 2027, Liupanshui not at all."""
    found = year_map(placed(run, IN_GUIZHOU))
    tips = {area.tip.splitlines()[0]: area for area in found.areas}
    assert "from 2026 on" in tips["a"].tip
    assert tips["a"].shade > tips["b"].shade > 0
    assert (tips["a"].tone, tips["b"].tone, tips["c"].tone) == ("year", "year", "never")
    assert [text for _, text in found.key] == ["2026", "2027", "not at the end of the horizon"]
    assert len({area.path for area in found.areas}) == 3
    assert {label.text for label in found.labels} == {"a 2026", "b 2027", "c"}
    assert [row[:4] for row in found.numbers[1:]] == [
        ("a", "2026", "26.5783", "106.7135"),
        ("b", "2027", "27.7066", "106.9373"),
        ("c", "not at the end of the horizon", "26.5846", "104.8467"),
    ]


def test_cities_of_several_provinces_are_on_the_map_of_the_country(run: Run) -> None:
    found = year_map(placed(run, "26.5783,106.7135 31.23,121.47 39.9,116.4"))
    assert found.inset is not None
    assert all(area.path for area in found.areas)


def test_cities_abroad_are_dots_and_cities_without_a_place_are_on_no_map(run: Run) -> None:
    found = year_map(placed(run, "48.1,11.6 48.4,10.9 49.4,11.1"))
    assert found.land == ""
    assert all("a7.0 7.0" in area.path for area in found.areas)
    assert not any(isinstance(block, Map) for block in section(run, "en").blocks)


def test_every_table_is_there(run: Run) -> None:
    titles = " / ".join(tables(run))
    for words_ in ("Budgets", "date costs", "How firm", "Opening value"):
        assert words_ in titles
    assert any("buys nothing" in block.text for block in section(run, "en").blocks if isinstance(block, Text))


def test_of_most_residents_a_date_has_a_price_that_covers_its_cost() -> None:
    """a comes on its date. Cost is convex in how much of a date is asked: the last part is no cheaper than the mean. b comes
    before its date."""
    budgets = "period,scope,limit_mcny\n2026,access,0.6\n2027,access,0.4"
    dates = "city,deadline\na,2026\nb,2027"
    scenario = access({"budgets": budgets, "city_targets": dates}, objective="residents", capital="full")
    found = plan(scenario)
    table = tables(Run(scenario, found))["What a city's date costs"]
    prices = {row.cells[0].text: float(row.cells[1].text) for row in table.rows}
    assert found.gigabit.set_index(["city", "period"]).loc[("b", 2026), "gigabit"]
    assert set(prices) == {"a"}
    cost = float(found.costs.query("where == 'a'")["discounted_mcny"].sum())
    assert cost > 0.4
    assert prices["a"] >= cost - 0.05  # printed to a tenth


def test_what_more_money_buys_is_said_where_it_buys_something() -> None:
    scenario = access({"budgets": "period,scope,limit_mcny\n2026,access,0.3\n2027,access,0.2"}, objective="residents")
    found = plan(scenario)
    poor = Run(
        scenario, replace(found, tables={**found.tables, "city_money": budget_value.budget_values(scenario, 1.0)})
    )
    assert any("100 million" in title for title in tables(poor))


def test_without_cities_the_section_is_not_there() -> None:
    from tests import scenarios

    pair = scenarios.pair()
    assert "gigabit" not in [part.name for part in single_future_page.sections(Run(pair, plan(pair)), "en")]


RECORD = """
    quantity,place,period,date,kind,value,unit,bound
    gigabit_city,a,2025,2025-10,actual,1,0 or 1,exact
    gigabit_city,b,2027,2027-03,actual,1,0 or 1,exact
    """


@pytest.mark.parametrize(("month", "told"), [("2027-03", {"b": "by 2027-03"}), ("2025-11", {})])
def test_what_happened_is_what_was_published_after_the_day(month: str, told: dict[str, str]) -> None:
    """A record of before the day is no outcome: the date of a city on it is that of a later standard."""
    record = RECORD.replace("2027-03", month).replace("2027,", f"{month[:4]},")
    day = "2025-12-31"
    scenario = access({"city_targets": DATES, "actuals": record}, as_of=day)
    found = plan(scenario)
    run = Run(
        scenario, replace(found, tables={**found.tables, "city_dates": monte_carlo_dates.deadline_chances(scenario)})
    )
    context = Context(run, "en")
    (table,) = (block for block in city_dates.blocks(context, Standing(context)) if isinstance(block, Table))
    heads = [column.title for column in table.columns]
    assert ("What happened" in heads) == bool(told)
    assert (day in table.note) == bool(told)
    if told:
        at = heads.index("What happened")
        assert {row.cells[0].text: row.cells[at].text for row in table.rows} == {"a": MISSING, **told}


def test_what_has_a_range_and_says_nothing_of_its_quality_is_an_estimate() -> None:
    ranges = "table,key,column,low,high\nmeasures,user,pace_units_year,90,110\ncity_state,*,users_500m,100,900"
    counts = run_measures.quality(access({"estimates": ranges}))
    assert counts.loc["measures"].to_dict() == {"published": 0, "derived": 0, "estimate": 1, "unmarked": 2}
    assert counts.loc["city_state"].to_dict() == {"published": 0, "derived": 0, "estimate": 3, "unmarked": 0}


RISING = """
    indicator,period,version,threshold,op
    pon10g_port_share,,s1,25,>=
    user_500m_share,,s1,25,>=
    g5_bs_per_10k,,s1,12,>
    pon10g_port_share,2027,s2,40,>=
    user_500m_share,2027,s2,25,>=
    g5_bs_per_10k,2027,s2,12,>
    """


def headline_of(run: Run) -> list[str]:
    brief = single_future_page.sections(run, "en")[0].blocks[0]
    assert isinstance(brief, Brief)
    return [words(tile.verdict).strip() for tile in brief.tiles]


def test_a_date_is_judged_by_the_standard_of_its_year() -> None:
    """a is a gigabit city in 2026 by s1, and in 2027 by s2: its date is met in its year, and it holds the new one a year
    later."""
    scenario = access({"city_targets": "city,deadline\na,2026", "standard": RISING, "budgets": ""})
    run = Run(scenario, plan(scenario))
    standing = Standing(Context(run, "en"))
    assert run.plan.gigabit.query("city == 'a'")["gigabit"].tolist() == [True, True]
    assert standing.late == ()
    assert (standing.in_time("a"), standing.since["a"]) == (2026, 2027)
    assert headline_of(run)[3] == "On the central estimates the city with a date is a gigabit city in time."
    lane = next(block for block in section(run, "en").blocks if isinstance(block, Gantt)).lanes[0]
    assert (lane.due, lane.done) == (0.5, 0.5)


def test_a_city_that_falls_behind_a_new_standard_is_told_with_the_years_in_which_it_held_the_old() -> None:
    """25 ports are reached with a million in 2026; 40 are not, for nothing is left for 2027."""
    money = "period,scope,limit_mcny\n2026,access,1\n2027,access,0"
    scenario = access({"standard": RISING, "budgets": money}, objective="residents")
    run = Run(scenario, plan(scenario))
    standing = Standing(Context(run, "en"))
    lost = [city for city, status in standing.status.items() if status == {2026: True, 2027: False}]
    assert lost
    assert all(standing.spells(city) == "2026" and city not in standing.since for city in lost)
    assert f"No longer, by the standard that holds then: {lost[0]} (2026)" in headline_of(run)[0]
    board = tables(run)["Indicators against thresholds, 2027"]
    assert {row.cells[0].text: row.cells[1].text for row in board.rows}[lost[0]] == "2026"


@pytest.mark.parametrize(("quality", "said"), [("estimate", True), ("published", False)])
def test_a_standard_that_nobody_published_is_called_a_supposition(quality: str, said: bool) -> None:
    rows = [f"{line},{quality if ',2027,' in line else 'published'}" for line in RISING.split()]
    rows[0] = "indicator,period,version,threshold,op,quality"
    scenario = access({"standard": "\n".join(rows)})
    notes = [block.text for block in section(Run(scenario, plan(scenario)), "en").blocks if isinstance(block, Text)]
    assert any(text.startswith("What if: the years below") for text in notes) == said
    assert any(text.startswith("The standard changes in 2027") for text in notes) != said


def test_ducts_are_part_of_what_a_city_costs() -> None:
    """a digs for fibre and backhaul; the roll-out adds up to the capital of the plan, ducts included."""
    digging = {
        "cities": "city,route_capex_mcny_per_km,route_shared\na,0.1,0.5\nb,,\nc,,",
        "measures": """
            measure,kind,capex_cny_per_unit,life_years,pace_units_year,route_km_per_unit,pon10g_ports_per_unit,users_500m_per_unit,g5_stations_per_unit
            port,fixed,5000,8,100,0.1,1,3,
            station,radio,180000,10,50,0.4,,,1
            """,
        "city_targets": "city,deadline\na,2026",
    }
    scenario = access(digging)
    found = plan(scenario)
    run = Run(scenario, found)
    total = float(found.access_totals["capex_mcny"].sum())
    assert total > float(found.rollout["capex_mcny"].sum()) + 0.01
    table = next(one for title, one in tables(run).items() if title.startswith("Roll-out"))
    unit = table.columns[-1].unit
    assert unit == "million CNY"
    assert sum(float(row.cells[-1].text) for row in table.rows) == pytest.approx(total, abs=0.02)
    assert [row.cells[2].text for row in table.rows].count("km") == 1
    lane = next(block for block in section(run, "en").blocks if isinstance(block, Gantt)).lanes[0]
    assert lane.note == Context(run, "en").show.money(total)
    assert price_quality.orders_by_quality(found)["mcny"].sum() == pytest.approx(total)


def test_floors_are_listed_with_what_is_reached() -> None:
    """b must have a fifth of its ports upgraded, 40 of 200, and is asked for nothing else."""
    targets = "city,indicator,value,deadline\nb,pon10g_port_share,20,2026"
    scenario = access({"city_targets": targets})
    table = tables(Run(scenario, plan(scenario)))["Floors under single indicators"]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["b", "10G-PON and above ports", "2026", "≥ 20 %", "20.0"]
    ]


@pytest.mark.parametrize("width", [320, 390])
def test_the_chart_of_what_is_built_when_fits_a_phone(run: Run, width: int, tmp_path: Path) -> None:
    """Also with the names, amounts and five years of Guizhou in English, which are the longest it has had."""
    browser.need()
    script = """
    const rows = [...document.querySelectorAll(".lanes .end")];
    rows.forEach((end) => { end.textContent = "0.828\\u00a0million CNY"; });
    document.querySelectorAll(".lanes .who").forEach((who) => { who.textContent = "Qiandongnan"; });
    const years = document.querySelector(".lanes .years");
    while (years.children.length < 5) years.append(years.firstElementChild.cloneNode(true));
    document.querySelector(".lanes").style.setProperty("--n", 5);
    return { lanes: rows.length > 0, width: document.documentElement.scrollWidth };"""
    found = browser.ask(single_future_page.html(run, "en"), script, tmp_path, width)
    assert found == {"lanes": True, "width": width, "errors": []}


@pytest.mark.parametrize(
    ("value", "op", "text"),
    [
        (12.0012, ">", "12.001"),
        (12.0, ">", "12.0"),
        (13.24, ">", "13.2"),
        (11.96, ">=", "11.96"),
        (12.04, ">=", "12.0"),
    ],
)
def test_a_value_is_seen_on_its_side_of_the_threshold(value: float, op: str, text: str) -> None:
    assert gigabit_cities.told_apart(value, 12.0, op) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_column_that_is_not_there_is_not_explained(run: Run, language: Language) -> None:
    """Savings are a column only where `run` found them out."""
    say = Translator(language)
    dates = run.plan.tables.get("city_dates")
    bare = {name: table for name, table in run.plan.tables.items() if name != "city_dates"}
    without = replace(run, plan=replace(run.plan, tables=bare))
    for one, there in ((run, dates is not None and "saved_mcny" in dates), (without, False)):
        found = next((t for t in section(one, language).blocks if isinstance(t, Table)
                      and t.title == say(_("What a city's date costs"))), None)  # fmt: skip
        if found is not None:
            columns = [column.title for column in found.columns]
            saved = say(_("Saved if it alone is given up"))
            assert (saved in columns) == there == (say(gigabit_cities.NOTE_ON_SAVINGS) in found.note)
