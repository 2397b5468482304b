"""Every sentence of the shipped tables that a page shows stands there in Chinese too."""

from __future__ import annotations

import re

import pytest

from tests.library.shipped import FACTS, NAMES, loaded, tables, text
from xisuan.report import terms
from xisuan.scenario.queries.bilingual_text import TWINS
from xisuan.scenario.schema.tables import BY_NAME

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


@pytest.mark.parametrize("name", NAMES)
def test_the_page_has_words_for_every_table_and_payer(name: str) -> None:
    """Names that a page shows as they stand would be English on the Chinese page."""
    scenario = loaded(name)
    tables = [one for one, frame in scenario.tables.items() if len(frame)]
    payers = {
        str(investor)
        for table in ("sites", "links", "cities", "payers")
        for investor in scenario[table]["investor"]
        if str(investor)
    }
    assert [one for one in tables if one not in terms.TABLES] == []
    assert [one for one in sorted(payers) if one not in terms.INVESTORS] == []


@pytest.mark.parametrize("name", NAMES)
def test_notes_of_reading_are_said_in_chinese(name: str) -> None:
    for note in loaded(name).notes:
        assert re.search("[\u4e00-\u9fff]", note.in_language("zh")), str(note)
