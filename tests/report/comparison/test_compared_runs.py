"""The brief of a comparison has the numbers of each run, their differences, and the inputs that differ."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest

import xisuan
from tests.workflow import planned
from xisuan.errors import StoreError
from xisuan.report.comparison import compared_runs
from xisuan.report.comparison.input_changes import OPTIONS, input_changes
from xisuan.report.document.blocks import Brief, Table, Text
from xisuan.report.facts import build_facts
from xisuan.report.pages import comparison_page
from xisuan.report.run_context import Context
from xisuan.results.run import Run
from xisuan.scenario.scenario import Scenario
from xisuan.text.numbers import MISSING
from xisuan.text.translation import Language
from xisuan.workflow.compare import compare


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    plans = (planned.pair_plan(), planned.five_plan())
    return [Run(plan.scenario, plan) for plan in plans]


def changed(scenario: Scenario) -> Scenario:
    """The scenario with one dearer technology, one site less in name only, and a demand row less."""
    technologies = scenario["technologies"].copy()
    technologies.loc[technologies.index[0], "capex_mcny_per_unit"] *= 2.0
    sites = scenario["sites"].assign(title="another name")
    return scenario.with_tables(technologies=technologies, sites=sites, demand=scenario["demand"].iloc[1:])


def test_headline_numbers_are_those_of_the_tables_of_each_run(runs: list[Run]) -> None:
    contexts = [Context(run, "en") for run in runs]
    found = {one.name: one for one in compared_runs.compared(contexts)}
    for at, (run, context) in enumerate(zip(runs, contexts, strict=True)):
        plan, last = run.plan, context.last
        assert found["cost"].values[at] == pytest.approx(float(plan.costs["discounted_mcny"].sum()))
        here = plan.builds[plan.builds["where"].isin(list(context.focus))]
        unit = 10.0 ** -build_facts.capital_decimals(context) * context.money.divisor
        years = len(context.periods)
        assert found["capital"].values[at] == pytest.approx(float(here["capex_mcny"].sum()), abs=years * unit)
        power = plan.power[(plan.power["period"] == last) & plan.power["site"].isin(list(context.focus))]
        hours = run.scenario.timeline.weight[power["hour"]]
        assert found["electricity"].values[at] == pytest.approx(float((power["facility_mw"] * hours).sum()), rel=1e-6)
        peak = power.groupby("hour")["grid_mw"].sum().max()
        assert found["peak"].values[at] == pytest.approx(float(peak))


def test_a_change_is_the_other_value_less_the_first(runs: list[Run]) -> None:
    contexts = [Context(run, "en") for run in runs]
    cost = next(one for one in compared_runs.compared(contexts) if one.name == "cost")
    expected = runs[1].plan.cost_mcny - runs[0].plan.cost_mcny
    assert cost.change(1) == pytest.approx(expected)
    text = compared_runs.change_text(contexts[0], cost, 1)
    assert text.startswith("+" if expected > 0 else "−")
    assert f"{100 * abs(expected) / runs[0].plan.cost_mcny:,.0f}"[:2] in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_of_a_pair_opens_on_the_brief(runs: list[Run], language: Language) -> None:
    found = compare(runs[0].plan, runs[1].plan, ("<i>one</i>", "other"))
    page = comparison_page.html(found, language, runs)
    assert "<i>one" not in page
    section = compared_runs.brief(found.names, runs, language, "the finding")
    brief, _place, *tables = section.blocks
    assert isinstance(brief, Brief)
    assert len(brief.tiles) == 6
    assert all(tile.question in page for tile in brief.tiles)
    assert all([name for name, _ in tile.lines] == list(found.names) for tile in brief.tiles)
    assert all(isinstance(table, Table) for table in tables)


def test_a_run_beside_itself_differs_in_nothing(runs: list[Run]) -> None:
    section = compared_runs.brief(("a", "b"), [runs[0], runs[0]], "en", "")
    (table,) = section.blocks[1:]  # no table of reasons
    assert isinstance(table, Table)
    assert {row.cells[-1].text for row in table.rows} == {"the same"}


def test_three_runs_stand_side_by_side(runs: list[Run]) -> None:
    three = [runs[0], runs[1], runs[0]]
    page = comparison_page.html_of_several(("a", "b", "c"), three, "en")
    dear, cheap = ("b", "a") if runs[1].plan.cost_mcny > runs[0].plan.cost_mcny else ("a", "b")
    assert f"{cheap} costs least, {dear} costs" in page
    _brief, place, table, *_reasons = compared_runs.brief(("a", "b", "c"), three, "en", "").blocks
    assert isinstance(table, Table)
    assert isinstance(place, Text)
    assert place.text.startswith("The reports are about different places: ")
    assert [column.title for column in table.columns[2:]] == ["a", "b", "Change", "c", "Change"]
    assert {row.cells[-1].text for row in table.rows} <= {"the same", MISSING}


def test_a_comparison_is_written_with_names_of_ones_own_or_those_of_the_scenarios(
    runs: list[Run], tmp_path: Path
) -> None:
    """The page of a pair and that of three; another ending, one run and too few names are refused."""
    xisuan.write_comparison(runs, tmp_path / "two.html", ("with rules", "without"))
    two = (tmp_path / "two.html").read_text(encoding="utf-8")
    assert two == comparison_page.html(compare(runs[0].plan, runs[1].plan, ("with rules", "without")), "en", runs)
    xisuan.write_comparison([*runs, runs[0]], tmp_path / "three.html", language="zh")
    three = (tmp_path / "three.html").read_text(encoding="utf-8")
    names = [run.plan.scenario.settings.name for run in (*runs, runs[0])]
    assert three == comparison_page.html_of_several(names, [*runs, runs[0]], "zh")
    for given, path, called in ((runs, "two.pdf", ()), (runs[:1], "one.html", ()), (runs, "two.html", ("a",))):
        with pytest.raises(StoreError):
            xisuan.write_comparison(given, tmp_path / path, called)


def test_inputs_that_differ_are_found_and_names_are_not(runs: list[Run]) -> None:
    before = runs[0].scenario
    after = changed(before)
    found = {one.table: one for one in input_changes(before, after)}
    assert set(found) == {"technologies", "demand"}
    price = float(before["technologies"]["capex_mcny_per_unit"].iloc[0])
    technologies = found["technologies"]
    assert technologies.columns == {"capex_mcny_per_unit": 1}
    assert technologies.example is not None
    assert technologies.example[1:] == ("capex_mcny_per_unit", f"{price:.12g}", f"{2 * price:.12g}")
    assert (found["demand"].added, found["demand"].removed) == (0, 1)


def test_options_that_differ_are_found(runs: list[Run]) -> None:
    before = runs[0].scenario
    after = before.with_settings(discount_rate=before.settings.discount_rate + 0.01, title="x")
    (found,) = input_changes(before, after)
    assert found.table == OPTIONS
    assert list(found.columns) == ["discount_rate"]


def test_reasons_say_what_differs_and_what_it_costs(runs: list[Run]) -> None:
    run = runs[0]
    costs = run.plan.costs.copy()
    term = str(costs["term"].iloc[0])
    costs.loc[costs.index[0], "discounted_mcny"] += 0.5 * run.plan.cost_mcny
    plan = dataclasses.replace(run.plan, tables={**run.plan.tables, "costs": costs})
    table = compared_runs.why(Context(run, "en"), "dear", Context(Run(changed(run.scenario), plan), "en"))
    assert table is not None
    said = {row.cells[0].text: row.cells[1].text for row in table.rows}
    assert "capex_mcny_per_unit in 1 row" in said["Table technologies"]
    assert sum(text.startswith("Cost: ") for text in said) == 1
    assert any(text.startswith("+") for text in said.values()), term


def test_a_missing_fact_is_missing_and_not_zero(runs: list[Run]) -> None:
    contexts = [Context(run, "en") for run in runs]
    for one in compared_runs.compared(contexts):
        for value, fact in zip(one.values, one.facts, strict=True):
            assert math.isnan(value) == (fact is None or math.isnan(fact.value))


def test_computing_of_each_leading_class_is_counted_in_both_runs(runs: list[Run]) -> None:
    """General computing made dearer than intelligent leads in the other run; both classes are ordered in both."""
    plan = runs[1].plan
    builds = plan.builds.copy()
    classes = plan.scenario["technologies"].drop_duplicates("technology").set_index("technology")["class"]
    general = builds["technology"].map(classes).eq("general")
    builds.loc[general, "capex_mcny"] *= 10.0
    other = dataclasses.replace(plan, tables={**plan.tables, "builds": builds})
    contexts = [Context(run, "en") for run in (runs[1], Run(other.scenario, other))]
    found = {one.unit: one.values for one in compared_runs.compared(contexts) if one.name == "eflops"}
    assert found["EFLOPS FP16"] == pytest.approx([1.486480] * 2, rel=5e-3)
    assert found["EFLOPS FP32"] == pytest.approx([0.132269] * 2, rel=5e-3)
