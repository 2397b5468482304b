"""The page of a track: only what there is to say, and all of it on a phone."""

from __future__ import annotations

import dataclasses
import datetime
import html
import re
from pathlib import Path

import pytest

from tests.report import browser
from xisuan.indicators.tracking.track import track
from xisuan.report import tracking, tracking_charts
from xisuan.report.figures import Language
from xisuan.report.tracking_notes import marks, remarks
from xisuan.results.track import Track, records
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


def heights(path: str) -> list[float]:
    """The heights that a path of a chart goes through."""
    return [float(height) for height in re.findall(r"[ML][\d.]+ (-?[\d.]+)", path)]


@pytest.mark.parametrize(("name", "day"), [("guizhou", datetime.date(2024, 6, 30)), ("guizhou-2023", None)])
def test_a_band_is_drawn_to_its_upper_end(name: str, day: datetime.date | None) -> None:
    """The axis holds the whole band: nothing is cut off at the top, and each upper end stands at its level."""
    track_of = track(load(name), day)
    drawn = [chart for chart in tracking_charts.charts(track_of, "en") if chart.band]
    assert len(drawn) >= 3
    for chart in drawn:
        assert 0.0 < min(heights(chart.band)) <= max(heights(chart.band)) <= tracking_charts.HEIGHT, chart.title
    stations = track_of.paths[track_of.paths["indicator"] == "g5_base_stations"]
    if len(stations):
        (chart,) = (chart for chart in drawn if chart.title == "5G base stations · Guizhou")
        top = max(float(tick.text) / (tick.at / 100.0) for tick in chart.up if tick.at) * 1000.0
        reached = top * (1.0 - min(heights(chart.band)) / tracking_charts.HEIGHT)
        assert reached == pytest.approx(stations["high"].max(), rel=1e-3)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_chart_names_the_source_of_every_figure_in_it(found: Track, language: Language) -> None:
    """Also where they are more than four, and those of the targets; the table of targets names its own."""
    own = {name: getattr(found, name) for name in ("observed", "targets")}
    for chart in tracking_charts.charts(found, language):
        for frame in own.values():
            for row in records(frame):
                title = f"{found.called(row['indicator'], language)} · {found.called(row['region'], language)}"
                whole_or_day = row.get("basis", "point") == "point" or (
                    row["period_start"].endswith("-01-01") and row["period_end"].endswith("-12-31")
                )
                if title == chart.title and whole_or_day and row.get("value", 0.0) == row.get("value", 0.0):
                    assert all(found.titled(key, language) in chart.sources for key in row["source"].split(";"))
    page = html.unescape(tracking.html(found, language))
    for row in records(found.targets):
        said = page.partition({"en": "Source (target)", "zh": "来源（目标）"}[language])[2]
        assert all(found.titled(key, language) in said for key in row["source"].split(";"))


def test_chinese_tooltips_are_chinese(found: Track) -> None:
    tips = [dot.tip for chart in tracking_charts.charts(found, "zh") for dot in chart.dots]
    assert tips
    assert not [tip for tip in tips if re.search(r"\b(actual|preliminary|projected|over|about|under)\b", tip)]
    assert any("（实际；" in tip for tip in tips)


def test_what_each_month_left_has_to_bring_is_said() -> None:
    """22 bn CNY aimed at in 2023, 9.65 bn in four months: 1.54 bn in each of the other eight."""
    of_2023 = track(load("guizhou-2023"))
    (row,) = (row for row in records(of_2023.targets) if row["target"] == 22000.0)
    assert "the rest of 2023 needs 1.54 bn CNY a month" in remarks(of_2023, row, "en").replace("\u00a0", " ")
    assert "2023 年余下各月平均需 15.4 亿元" in remarks(of_2023, row, "zh").replace("\u00a0", " ")
    assert "needs" not in remarks(of_2023, row | {"run_rate": -1.0}, "en")
