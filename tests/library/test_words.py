"""Every sentence of the shipped tables that a page shows stands there in Chinese too."""

from __future__ import annotations

import re

import pytest

from tests.library.shipped import FACTS, NAMES, tables, text
from xisuan.scenario.tables import BY_NAME
from xisuan.scenario.twins import TWINS

PROPER = {"IDC", "Epium", "Carbon Brief", "WorldClim", "goinnermongolia", "ICC", "Light Reading", "Telecom Asia"}
"""Publishers that Chinese texts call by their own names."""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("table", "column"), TWINS)
def test_a_sentence_has_its_chinese_beside_it(name: str, table: str, column: str) -> None:
    if table not in tables(name):
        return
    rows = text(name, table)
    bare = {
        sentence
        for sentence, twin in zip(rows[column], rows[f"{column}_zh"], strict=True)
        if sentence and not re.search(r"[\u4e00-\u9fff]", twin) and sentence not in PROPER
    }
    assert not bare


def test_a_sentence_has_one_chinese() -> None:
    lines = (FACTS / "words_zh.csv").read_text("utf-8").splitlines()
    assert len(lines) == len(set(lines)) > 400


@pytest.mark.parametrize(("table", "column"), TWINS)
def test_a_twin_is_a_column_of_text(table: str, column: str) -> None:
    twin = BY_NAME[table].column(f"{column}_zh")
    assert twin is not None
    assert twin.kind == "text"
    assert twin.meaning == "the same in Chinese"
