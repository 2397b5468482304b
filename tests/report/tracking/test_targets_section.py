"""The section of targets: what is open stands first, every figure is that of the track, both languages say it."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections import Counter
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import pytest

import xisuan as xs
from tests.tracking.targets.test_planned_paths import plan
from xisuan.report.chapters import leads
from xisuan.report.document import number_cells
from xisuan.report.document.blocks import Section, Table
from xisuan.report.run_context import Context, inside
from xisuan.report.tracking import plan_targets, targets_section, track_phrases, track_tables
from xisuan.report.tracking.track_notes import graded_status
from xisuan.results.run import Run
from xisuan.results.track import records, watched
from xisuan.text.translation import Language
from xisuan.tracking.track import track


@cache
def context(language: Language) -> Context:
    found: Any = plan()
    return Context(cast("Run", SimpleNamespace(scenario=found.scenario, plan=found)), language)


@cache
def section(language: Language) -> Section:
    found = context(language)
    late, early = targets_section.due_blocks(found), targets_section.earlier_blocks(found)
    planned = targets_section.planned(found, found.track) if found.track is not None else None
    return Section("targets", "", blocks=(*late, *([planned] if planned else []), *early))


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
        "350 bn CNY", "220 bn CNY", "2023", "deadline passed, outcome not published",
    ]  # fmt: skip
    (all_compute,) = [
        row for row in due.rows if row.cells[0].text.startswith("Computing capacity") and row.cells[1].text == "2026"
    ]
    assert [all_compute.cells[at].text for at in (2, 3, 8)] == ["190 EFLOPS", ">150 EFLOPS", "26.7"]


@pytest.mark.parametrize(
    ("language", "title", "said"),
    [("en", "2025 or later", "{count} {status}"), ("zh", "2025 年及以后", "{status} {count} 项")],
)
def test_the_first_screen_counts_the_rows_of_the_table(language: Language, title: str, said: str) -> None:
    """Each status with the number of its rows, and no other figure; that year is the only number without a mark."""
    counts = Counter(row.cells[5].text for row in table(section(language), title).rows)
    sentence = leads.SENTENCES["targets"](context(language))
    parts = [
        said.format(count=f"{number_cells.OPEN}{n}{number_cells.CLOSE}", status=status) for status, n in counts.items()
    ]
    assert [part for part in parts if part not in sentence] == []
    beside = table(section(language), {"en": "beside the statistics", "zh": "方案与统计"}[language])
    short = sum(row.cells[-1].text.count({"en": "not reached", "zh": "方案未达"}[language]) for row in beside.rows)
    assert short > 0
    found = context(language).track
    assert found is not None
    others = {
        (row["region"], graded_status(row, language))
        for row in records(plan_targets.due(found))
        if row["region"] != found.home
    }
    assert sentence.count(number_cells.OPEN) == len(counts) + len(others) + 2 * short


@pytest.mark.parametrize(
    ("language", "title", "several"), [("en", "2025 or later", "{} ({})"), ("zh", "2025 年及以后", "{}（{} 项）")]
)
def test_the_first_screen_names_every_target_that_will_hardly_have_been_met(
    language: Language, title: str, several: str
) -> None:
    """Those whose outcome is unpublished and that the last figure fell short of, or whose chance is below a third. An
    indicator with two such targets stands once, with how many: four were counted where three names stood."""
    passed = track_phrases.status(language, plan_targets.PASSED)
    rows = [
        row
        for row in table(section(language), title).rows
        if row.cells[5].text.startswith(passed)
        and (row.cells[5].text != passed or float(row.cells[6].text.replace("—", "100")) < 33)
    ]
    names = Counter(context_name(row.cells[0].text, language) for row in rows)
    sentence = leads.SENTENCES["targets"](context(language))
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
        ("en", "Telecommunication services revenue", "to month 10 of 2024, taken as"),
        ("zh", "电信业务收入", "2024 年 1-10 月"),
    ],
)
def test_a_part_year_taken_for_the_year_is_said_beside_its_date(language: Language, name: str, part: str) -> None:
    """The revenue of January to October 2024 is the latest: its date, and that a year was made of it, are visible."""
    tables = [block for block in section(language).blocks if isinstance(block, Table)]
    rows = [row for one in tables for row in one.rows if name in row.cells[0].text and row.cells[1].text == "2025"]
    assert [(row.cells[4].text, part in row.cells[-1].text) for row in rows] == [("2024-10-31", True)]


def test_the_planned_path_stands_beside_the_statistics() -> None:
    beside = table(section("en"), "beside the statistics")
    levels = {row.cells[0].text.split(" ·")[0]: row.cells[3].text for row in beside.rows}
    assert levels["Racks"] == "200,000"
    assert levels["Investment in computing facilities"].replace("\u00a0", " ") == "2 bn CNY"
    assert levels["Intelligent computing capacity"] == "190 EFLOPS"


def test_the_latest_level_stands_beside_the_plan_and_the_aim_of_its_years() -> None:
    """190 EFLOPS of which 90 % are intelligent are 171: the plan of 190 reaches it, its 60 % of racks not the 70."""
    beside = table(section("en"), "beside the statistics")
    rows = {
        row.cells[0].text.split(" ·")[0]: [cell.text.replace("\u00a0", " ") for cell in row.cells]
        for row in beside.rows
    }
    compute, racks = rows["Intelligent computing capacity"], rows["Rack occupancy"]
    assert compute[1:4] == [">135 EFLOPS", "2025", "190 EFLOPS"]
    assert (compute[-1], racks[3], racks[-1]) == (
        "2026: 171 EFLOPS, reached",
        "60 %",
        "2026: 70 %, not reached",
    )
    assert rows["Investment in computing facilities"][1:5] == [">22 bn CNY", "2025", "2 bn CNY", "0"]
    assert "rack occupancy 60 % in 2026 (aim 70 %)" in plain(leads.SENTENCES["targets"](context("en")))
    assert "2026 年上架率 60%（目标 70%）" in plain(leads.SENTENCES["targets"](context("zh")))


def plain(text: str) -> str:
    return text.replace(number_cells.OPEN, "").replace(number_cells.CLOSE, "").replace("\u00a0", " ")


def test_pue_is_an_aim_not_to_exceed() -> None:
    """The plan's 510 MWh for 400 of equipment are 1.275, above 1.2; an aim shown in the same digits counts as met."""
    found = context("en")
    (pue,) = [one for one in plan_targets.of_plan(found, found.track) if one.row["indicator"] == "pue"]  # type: ignore[arg-type]
    assert pue.falling
    assert not pue.met
    assert dataclasses.replace(pue, planned=1.19).met
    assert dataclasses.replace(pue, planned=1.2004).met


@pytest.mark.parametrize(
    ("language", "said", "whose"),
    [
        ("en", "{} reached (C) (of them {} of China)", " · China"),
        ("zh", "已实现 (C) {} 项（其中全国 {} 项）", " · 全国"),
    ],
)
def test_a_target_of_another_region_is_counted_as_such_and_stands_below(
    language: Language, said: str, whose: str
) -> None:
    """Of what is reached, some are China's: they are no merit of Guizhou. Open ones stand first, then its own."""
    rows = table(section(language), {"en": "2025 or later", "zh": "2025 年及以后"}[language]).rows
    reached = [row for row in rows if row.cells[5].text == f"{track_phrases.status(language, 'reached')} (C)"]
    of_china = sum(row.cells[0].text.endswith(whose) for row in reached)
    assert 0 < of_china < len(reached)
    assert said.format(len(reached), of_china) in plain(leads.SENTENCES["targets"](context(language)))
    home = {"en": " · Guizhou", "zh": " · 贵州省"}[language]
    ended_or_of_others = [(row.cells[1].text < "2026", not row.cells[0].text.endswith(home)) for row in rows]
    assert ended_or_of_others == sorted(ended_or_of_others)
    assert len(set(ended_or_of_others)) == 4


def test_until_march_the_targets_of_the_year_before_are_looked_at() -> None:
    days = {datetime.date(2026, 2, 28): 2025, datetime.date(2026, 4, 1): 2026, datetime.date(2025, 12, 31): 2025}
    assert {day: watched(day) for day in days} == days


@pytest.mark.parametrize(("language", "said"), [("en", "* growth of value added"), ("zh", "* 为增加值增速")])
def test_a_growth_of_another_measure_is_marked(language: Language, said: str) -> None:
    """Of the output of electronics no growth is published: that of its value added stands there, and is called so."""
    rows = [
        row for one in section(language).blocks if isinstance(one, Table) for row in one.rows if len(row.cells) == 11
    ]
    marked = [row for row in rows if row.cells[9].text.endswith("*")]
    names = {"en": "Electronic information manufacturing output", "zh": "电子信息制造业总产值"}
    assert {row.cells[0].text.split(" · ")[0] for row in marked} == {names[language]}
    assert {row.cells[9].text for row in marked} == {"45.9*"}
    assert all(said in row.cells[10].text for row in marked)


@pytest.mark.parametrize(("language", "said"), [("en", "worked out from"), ("zh", "目标值由公布数推算")])
def test_a_target_that_nobody_published_as_such_is_told(language: Language, said: str) -> None:
    rows = {
        row.cells[2].text.replace("\u00a0", " "): row
        for row in table(section(language), {"en": "2025 or later", "zh": "2025 年及以后"}[language]).rows
    }
    assert said in rows["171 EFLOPS"].cells[10].text
    assert said not in rows["190 EFLOPS"].cells[10].text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_parts_and_claims_are_said_in_both_languages(language: Language) -> None:
    found = section(language)
    said = " ".join(" ".join(getattr(block, "items", ())) for block in found.blocks)
    assert {"en": "44 %", "zh": "44%"}[language] in said
    assert {"en": "45.9 % (value added)", "zh": "45.9%（增加值）"}[language] in said
    assert {"en": "CAICT", "zh": "中国信通院"}[language] in said


def test_claims_about_effects_are_said_in_chinese() -> None:
    """Indicator, variable, unit and who says so, without an English word but abbreviations."""
    claims = track_tables.multipliers(track(xs.load("guizhou")), "zh")
    assert len(claims) == 4
    for claim in claims:
        assert not re.search(r"[a-z]{3,}", " ".join(claim)), claim
