"""Section 15: figures of estimates in the units that a reader counts in."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from tests.report import decided, fake
from xisuan.decisions.confidence.stress_cases import with_table
from xisuan.report.confidence import estimate_sensitivity
from xisuan.report.document.blocks import Table
from xisuan.report.run_context import Context
from xisuan.report.unit_names import FIGURE_UNITS, UNITS_OF_EQUIPMENT
from xisuan.scenario.schema.tables import BY_NAME
from xisuan.text.translation import Language


def test_every_unit_of_a_table_is_known_in_both_languages() -> None:
    tables = [table for name, table in BY_NAME.items() if name not in ("rules", "rule_terms")]  # units of their writer
    units = {column.unit for table in tables for column in table.all_columns} - set(estimate_sensitivity.BARE)
    assert units <= {*FIGURE_UNITS, *UNITS_OF_EQUIPMENT}


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "0.0158 (0.012 … 0.02) million CNY per PFLOPS FP16"), ("zh", "1.58 (1.2 … 2) 万元/PFLOPS FP16")],
)
def test_money_a_unit_is_in_the_readers_money_and_that_technologys_unit(language: Language, text: str) -> None:
    run = fake.run()
    technologies = run.scenario["technologies"]
    name = str(technologies["technology"].iloc[0])
    scenario = with_table(run.scenario, "technologies", technologies.assign(unit="PFLOPS FP16"))
    row = decided.tables({"GAN": "cluster", "B": "cluster"}, {"w": "general"}, (2026,))["estimates"].iloc[:1]
    row = row.assign(table="technologies", key=name, column="capex_mcny_per_unit", unit="mCNY per unit")
    row = row.assign(value=0.0158, low=0.012, high=0.02)
    changed = dataclasses.replace(run, scenario=scenario, decisions={"estimates": pd.DataFrame(row)})
    table = estimate_sensitivity.ranked(Context(changed, language))
    assert isinstance(table, Table)
    assert table.rows[0].cells[1].text == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.26, "+1.3"), (-1.26, "−1.3"), (1e-4, "0"), (-1e-4, "0"), (float("nan"), "—")]
)
def test_what_rounds_to_nothing_has_no_sign_and_what_is_missing_stays_missing(value: float, text: str) -> None:
    assert estimate_sensitivity._signed(value) == text
