"""What happened later decides nothing: no part that plans, operates or proves a plan reads the record."""

from __future__ import annotations

from pathlib import Path

import pytest

from xisuan.scenario.schema.tables import TABLES

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "xisuan"
DECIDING = ("equations", "planning", "dispatch", "certificate", "solver")


@pytest.mark.parametrize("area", DECIDING)
def test_no_deciding_area_names_a_table_of_hindsight(area: str) -> None:
    names = [table.name for table in TABLES if table.hindsight]
    assert names == ["actuals"]
    for path in (PACKAGE / area).glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not any(f'"{name}"' in text for name in names), path
