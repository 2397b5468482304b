"""What resilience costs, told in both languages."""

from __future__ import annotations

import pytest

from tests.equations.constraints.test_contingencies import HALVES, pair
from xisuan.planning.expansion import plan
from xisuan.report.chapters import risks_chapter
from xisuan.report.costs import resilience
from xisuan.report.document.blocks import Bars, Table, Text
from xisuan.report.run_context import Context
from xisuan.results.run import Run
from xisuan.text.translation import LANGUAGES, Language
from xisuan.workflow.run import run


@pytest.fixture(scope="module")
def found() -> Run:
    return run(pair(HALVES))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_names_what_fails_and_what_it_costs(found: Run, language: Language) -> None:
    """1.45 in all, 0.625 for S, 0.075 for T, nothing for the link; the dearest first."""
    context = Context(found, language)
    figure, table = resilience.blocks(context)
    assert isinstance(figure, Bars)
    assert isinstance(table, Table)
    assert figure.categories == ("S", "T", "L")
    assert figure.series[0].values == tuple(row.cells[-1].value for row in table.rows[1:])
    assert table in risks_chapter.section(context).blocks
    amounts = [row.cells[-1].value for row in table.rows]
    in_millions = 1.0 if language == "en" else 0.01  # 万元
    assert [float(str(amount)) * in_millions for amount in amounts] == pytest.approx(
        [1.45, 0.625, 0.075, 0.0], abs=1e-6
    )
    assert [row.cells[0].text for row in table.rows][1:] == ["S", "T", "L"]
    assert "50" in table.rows[1].cells[1].text


def test_without_the_solves_the_reason_is_told() -> None:
    scenario = pair(HALVES)
    (text,) = resilience.blocks(Context(Run(scenario, plan(scenario)), "en"))
    assert isinstance(text, Text)
    assert "survives the contingencies" in text.text


def test_a_scenario_without_contingencies_has_no_table() -> None:
    scenario = pair("")
    assert resilience.blocks(Context(Run(scenario, plan(scenario)), "en")) == []
