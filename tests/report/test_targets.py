"""The section of targets: what is open stands first, every figure is that of the track, both languages say it."""

from __future__ import annotations

import re
from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import pytest

import xisuan as xs
from tests.indicators.test_planned import plan
from xisuan.indicators.track import track
from xisuan.report import cells, headline, targets, tracking, tracking_words
from xisuan.report.context import Context, inside
from xisuan.report.figures import Language
from xisuan.report.specs import Section, Table
from xisuan.results.run import Run


def context(language: Language) -> Context:
    found: Any = plan()
    return Context(cast("Run", SimpleNamespace(scenario=found.scenario, plan=found)), language)


def section(language: Language) -> Section:
    found = targets.section(context(language))
    assert found is not None
    return found


def table(found: Section, title: str) -> Table:
    (one,) = [block for block in found.blocks if isinstance(block, Table) and title in block.title]
    return one


def test_every_target_stands_once_the_open_ones_first() -> None:
    found, expected = section("en"), track(plan().scenario).targets
    due, earlier = table(found, "2025 or later"), table(found, "before 2025")
    assert len(due.rows) == int((expected["deadline"] >= "2025").sum())
    assert len(due.rows) + len(earlier.rows) == len(expected)
    assert earlier.folded
    (whole,) = [row for row in due.rows if row.cells[0].text.startswith("Big data electronic")]
    assert [cell.text.replace("\u00a0", " ") for cell in whole.cells[2:6]] == [
        "350 bn CNY", "220 bn CNY", "2023", "off track",
    ]  # fmt: skip
    assert whole.cells[8].text == "26.1"


@pytest.mark.parametrize(
    ("language", "title", "said"),
    [("en", "2025 or later", "{count} {status}"), ("zh", "2025 年及以后", "{status} {count} 项")],
)
def test_the_first_screen_counts_the_rows_of_the_table(language: Language, title: str, said: str) -> None:
    """Each status with the number of its rows, and no other figure; that year is the only number without a mark."""
    counts = Counter(row.cells[5].text for row in table(section(language), title).rows)
    sentence = headline.SENTENCES["targets"](context(language))
    parts = [said.format(count=f"{cells.OPEN}{n}{cells.CLOSE}", status=status) for status, n in counts.items()]
    assert [part for part in parts if part not in sentence] == []
    assert sentence.count(cells.OPEN) == len(counts)


@pytest.mark.parametrize(
    ("language", "title", "several"), [("en", "2025 or later", "{} ({})"), ("zh", "2025 年及以后", "{}（{} 项）")]
)
def test_the_first_screen_names_every_target_that_it_counts_as_missed(
    language: Language, title: str, several: str
) -> None:
    """An indicator with two such targets once, with how many: four were counted where three names stood."""
    missed = {tracking_words.status(language, name) for name in headline.MISSED}
    rows = [row for row in table(section(language), title).rows if row.cells[5].text in missed]
    names = Counter(context_name(row.cells[0].text, language) for row in rows)
    sentence = headline.SENTENCES["targets"](context(language))
    assert max(names.values()) > 1
    for name, count in names.items():
        assert (several.format(name, count) if count > 1 else name) in sentence


def context_name(cell: str, language: Language) -> str:
    """An indicator as it stands within a sentence, from the cell that says its region too."""
    name = cell.replace("\u00a0", " ").partition(" · ")[0]
    return inside(name) if language == "en" else name


@pytest.mark.parametrize(
    ("language", "name", "part"),
    [
        ("en", "Investment in the big-data field", "to month 4 of 2023, taken as"),
        ("zh", "大数据领域", "2023 年 1-4 月"),
    ],
)
def test_a_part_year_taken_for_the_year_is_said_beside_its_date(language: Language, name: str, part: str) -> None:
    """The investment of January to April 2023 is the latest: its date, and that a year was made of it, are visible."""
    tables = [block for block in section(language).blocks if isinstance(block, Table)]
    rows = [row for one in tables for row in one.rows if name in row.cells[0].text and row.cells[1].text == "2023"]
    assert [(row.cells[4].text, part in row.cells[-1].text) for row in rows] == [("2023-04-30", True)]


def test_the_planned_path_stands_beside_the_statistics() -> None:
    beside = table(section("en"), "beside the statistics")
    levels = {row.cells[0].text.split(" ·")[0]: row.cells[-1].text for row in beside.rows}
    assert levels["Racks"] == "200,000"
    assert levels["Investment in computing facilities"].replace("\u00a0", " ") == "2 bn CNY"
    assert levels["Intelligent computing capacity"] == "190 EFLOPS"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_parts_and_claims_are_said_in_both_languages(language: Language) -> None:
    found = section(language)
    said = " ".join(" ".join(getattr(block, "items", ())) for block in found.blocks)
    assert {"en": "44 %", "zh": "44%"}[language] in said
    assert {"en": "45.9 %", "zh": "45.9%"}[language] in said
    assert {"en": "CAICT", "zh": "中国信通院"}[language] in said


def test_claims_about_effects_are_said_in_chinese() -> None:
    """Indicator, variable, unit and who says so, without an English word but abbreviations."""
    claims = tracking.multipliers(track(xs.load("guizhou")), "zh")
    assert len(claims) == 4
    for claim in claims:
        assert not re.search(r"[a-z]{3,}", " ".join(claim)), claim
