"""The page of a track: only what there is to say, and all of it on a phone."""

from __future__ import annotations

import dataclasses
import datetime
import re
from pathlib import Path

import pytest

from tests.report import browser
from xisuan.indicators.tracking.track import track
from xisuan.report import tracking
from xisuan.report.figures import Language
from xisuan.report.tracking_notes import marks
from xisuan.results.track import Track
from xisuan.scenario.read import load


@pytest.fixture(scope="module")
def found() -> Track:
    return track(load("guizhou"), datetime.date(2024, 1, 31))


@pytest.mark.parametrize(("width", "language"), [(390, "en"), (390, "zh"), (1280, "en")])
def test_every_cell_of_a_target_is_within_the_page(
    found: Track, language: Language, width: int, tmp_path: Path
) -> None:
    """On a phone a target is a card: its aim, its chance and its notes are seen, as its status is."""
    script = """
    const beyond = [...document.querySelectorAll(".targets td, .badge, h1, .note")].filter((item) => {
      const box = item.getBoundingClientRect();
      return box.left < 0 || box.right > innerWidth || item.scrollWidth > item.clientWidth + 1 && item.clientWidth;
    });
    const narrow = [...document.querySelectorAll(".remark td")].filter((item) => item.clientWidth < innerWidth / 2);
    return {
      width: document.documentElement.scrollWidth, cards: document.querySelectorAll(".targets tbody tr").length > 20,
      beyond: beyond.map((item) => item.textContent), narrow: narrow.length,
    };"""
    page = tracking.html(found, language).replace("style-src", "script-src 'unsafe-inline'; style-src")
    page = page.replace("</head>", "<script></script></head>")
    assert browser.ask(page, script, tmp_path, width) == {
        "width": width, "cards": True, "beyond": [], "narrow": 0, "errors": [],
    }  # fmt: skip


def test_a_section_without_anything_is_left_out(found: Track) -> None:
    """Neither heads without rows nor legends without charts; those that stand are numbered from one."""
    without = dataclasses.replace(
        found, **{name: getattr(found, name).iloc[:0] for name in ("targets", "paths", "parts", "cities")}
    )
    page = tracking.html(without)
    assert "Filled dots" not in page
    assert '<th scope="col">status' not in page
    numbers = [int(number) for number in re.findall(r'class="number">(\d+)</span>', page)]
    assert numbers == list(range(1, page.count("<section>") + 1))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_mark_that_nothing_has_is_not_explained(found: Track, language: Language) -> None:
    plain = found.targets.assign(latest_bound="", tier="A")
    assert marks(dataclasses.replace(found, targets=plain), language) == ""
    assert "(D)" in marks(dataclasses.replace(found, targets=plain.assign(tier="D")), language)
    assert "≈" in marks(dataclasses.replace(found, targets=plain.assign(latest_bound="about")), language)
