"""Every text of the studio is there in both languages with the same gaps, is used, and nothing that is used is missing."""

from __future__ import annotations

import re
import string
from importlib import resources
from pathlib import Path

import pytest

from xisuan.scenario.schema import tables
from xisuan.studio.jobs.job_types import VERBS
from xisuan.studio.words import catalogue

FOUND = {
    "verb",
    "audit",
    *("option", "choice", "status", "stage", "lever", "column", "unit", "table", "role", "sharing", "check"),
    *("runs", "versions", "account", "frame", "scenario", "certified", "scope"),
}
"""Sections some of whose keys are put together at run time."""


def sources() -> str:
    folder = resources.files("xisuan.studio")
    return "\n".join(file.read_text(encoding="utf-8") for file in Path(str(folder)).rglob("*.py"))


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_a_text_has_both_languages_and_the_same_gaps(key: str) -> None:
    texts = catalogue()[key]
    assert set(texts) == {"en", "zh"}
    assert all(text.strip() for text in texts.values())
    assert gaps(texts["en"]) == gaps(texts["zh"])


def test_every_column_has_a_heading_of_its_own() -> None:
    """No page shows the name a column has in its file, and no table has the same heading twice."""
    for table in tables.TABLES:
        for language in ("en", "zh"):
            headings = [catalogue()[f"column.{column.name}"][language] for column in table.columns]
            assert len(set(headings)) == len(headings), table.name


def test_every_action_of_the_log_has_words() -> None:
    """Each that the source writes down."""
    folder = resources.files("xisuan.studio")
    files = [folder.joinpath("web", "sign_in.py"), *folder.joinpath("services").iterdir()]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files if file.name.endswith(".py"))
    found = {one for line in re.findall(r"store\.note\((.*)\)", text) for one in re.findall(r'"([a-z -]+)"', line)}
    assert len(found) > 15
    assert {f"audit.{one}" for one in found} <= set(catalogue())
    assert {f"audit.{name}" for name in VERBS} <= set(catalogue())


def test_chinese_texts_use_chinese_punctuation() -> None:
    for key, texts in catalogue().items():
        bare = re.sub(r"\{\w+\}", "", texts["zh"])
        assert not re.search(r"[一-鿿][,;:()]|[,;:()][一-鿿]", bare), key


def test_every_text_is_used_and_every_used_one_is_there() -> None:
    text = sources()
    used = set(re.findall(r'say\(\s*"([a-z_]+\.[a-z_0-9]+)"', text))
    assert len(used) > 80
    assert used <= set(catalogue())
    unused = {key for key in catalogue() if key not in used and key.partition(".")[0] not in FOUND}
    assert not unused
