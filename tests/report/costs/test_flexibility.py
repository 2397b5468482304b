"""The value of flexible work in the report, in both languages."""

from __future__ import annotations

import pytest

from tests.decisions.costs.test_flexibility_value import places
from xisuan.decisions.costs import flexibility_value
from xisuan.decisions.repeated_solve import Question
from xisuan.planning.expansion import plan
from xisuan.report.chapters import power_chapter
from xisuan.report.costs import flexibility
from xisuan.report.document.blocks import Table, Text
from xisuan.report.run_context import Context
from xisuan.results.run import Run
from xisuan.text.translation import LANGUAGES, Language


@pytest.fixture(scope="module")
def found() -> Run:
    scenario = places()
    return Run(scenario, plan(scenario), decisions={"flexibility": flexibility_value.flexibility(Question(scenario))})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_has_every_form_and_its_saving(found: Run, language: Language) -> None:
    """40 million without flexibility; with 40 % of the work 26.7 in time, 24 in space or both."""
    context = Context(found, language)
    (table,) = flexibility.blocks(context)
    assert isinstance(table, Table)
    assert table in power_chapter.section(context).blocks
    in_millions = 1.0 if language == "en" else 0.01  # 万元
    saved = [float(str(row.cells[3].value)) * in_millions for row in table.rows]
    assert saved == pytest.approx([0, 4, 4, 4, 40 / 3, 16, 16], abs=1e-6)
    assert [row.cells[4].text[:2] for row in table.rows][-2:] == ["40", "40"]


def test_without_the_solves_the_reason_is_told() -> None:
    scenario = places()
    (text,) = flexibility.blocks(Context(Run(scenario, plan(scenario)), "en"))
    assert isinstance(text, Text)
    assert "is not known" in text.text


def test_a_scenario_without_clean_shares_has_no_table() -> None:
    scenario = places(policies="")
    assert flexibility.blocks(Context(Run(scenario, plan(scenario)), "en")) == []
