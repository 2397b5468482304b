"""The page of a track: only what there is to say, and all of it on a phone."""

from __future__ import annotations

import dataclasses
import datetime
import html
import re
from pathlib import Path

import pandas as pd
import pytest

from tests.report import browser, fake
from xisuan.report.confidence import provenance
from xisuan.report.run_context import Context
from xisuan.report.tracking import small_multiples, track_page
from xisuan.report.tracking.latest_levels import count_line, latest_levels
from xisuan.report.tracking.track_notes import marks, remarks
from xisuan.report.tracking.track_phrases import span
from xisuan.report.tracking.track_tables import contradictions, planned_lines, restated
from xisuan.results.track import Track, records
from xisuan.scenario.load import load
from xisuan.text.translation import Language
from xisuan.tracking.track import track


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
    page = track_page.html(found, language).replace("style-src", "script-src 'unsafe-inline'; style-src")
    page = page.replace("</head>", "<script></script></head>")
    assert browser.ask(page, script, tmp_path, width) == {
        "width": width, "cards": True, "beyond": [], "narrow": 0, "errors": [],
    }  # fmt: skip


def test_a_section_without_anything_is_left_out(found: Track) -> None:
    """Neither heads without rows nor legends without charts; those that stand are numbered from one."""
    without = dataclasses.replace(
        found, **{name: getattr(found, name).iloc[:0] for name in ("targets", "paths", "parts", "cities", "observed")}
    )
    page = track_page.html(without)
    assert "Filled dots" not in page
    assert '<th scope="col">status' not in page
    numbers = [int(number) for number in re.findall(r'class="number">(\d+)</span>', page)]
    assert numbers == list(range(1, page.count("<section>") + 1))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_mark_that_nothing_has_is_not_explained(found: Track, language: Language) -> None:
    plain = found.targets.assign(latest_bound="", tier="A", status_tier="A")
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
    drawn = [chart for chart in small_multiples.charts(track_of, "en") if chart.band]
    assert len(drawn) >= 3
    for chart in drawn:
        assert 0.0 < min(heights(chart.band)) <= max(heights(chart.band)) <= small_multiples.HEIGHT, chart.title
    stations = track_of.paths[track_of.paths["indicator"] == "g5_base_stations"]
    if len(stations):
        (chart,) = (chart for chart in drawn if chart.title == "5G base stations · Guizhou")
        top = max(float(tick.text.replace(",", "")) / (tick.at / 100.0) for tick in chart.up if tick.at) * 1000.0
        reached = top * (1.0 - min(heights(chart.band)) / small_multiples.HEIGHT)
        assert reached == pytest.approx(stations["high"].max(), rel=1e-3)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_chart_names_the_source_of_every_figure_in_it(found: Track, language: Language) -> None:
    """Also where they are more than four, and those of the targets; the table of targets names its own."""
    own = {name: getattr(found, name) for name in ("observed", "targets")}
    for chart in small_multiples.charts(found, language):
        for frame in own.values():
            for row in records(frame):
                title = f"{found.called(row['indicator'], language)} · {found.called(row['region'], language)}"
                whole_or_day = row.get("basis", "point") == "point" or (
                    row["period_start"].endswith("-01-01") and row["period_end"].endswith("-12-31")
                )
                if title == chart.title and whole_or_day and row.get("value", 0.0) == row.get("value", 0.0):
                    assert all(found.titled(key, language) in chart.sources for key in row["source"].split(";"))
    page = html.unescape(track_page.html(found, language))
    for row in records(found.targets):
        said = page.partition({"en": "Source (target)", "zh": "来源（目标）"}[language])[2]
        assert all(found.titled(key, language) in said for key in row["source"].split(";"))


def test_chinese_tooltips_are_chinese(found: Track) -> None:
    tips = [dot.tip for chart in small_multiples.charts(found, "zh") for dot in chart.dots]
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


@pytest.fixture(scope="module")
def latest() -> Track:
    return track(load("guizhou"))


def test_precision_is_said_of_compute_and_of_nothing_else(latest: Track) -> None:
    """Or that nobody says it: two precisions are not compared."""
    rows = [row for row in records(latest.targets) if row["unit"] == "EFLOPS"]
    assert len(rows) >= 3
    assert all("numeric precision not stated" in remarks(latest, row, "en") for row in rows)
    assert all("未注明计算精度" in remarks(latest, row, "zh") for row in rows)
    said = remarks(latest, rows[0] | {"precision": "FP16"}, "en")
    assert "numeric precision: target FP16, latest not stated" in said
    others = [row for row in records(latest.targets) if row["unit"] != "EFLOPS"]
    assert not any("precision" in remarks(latest, row, "en") for row in others)


def test_the_weakest_grade_is_said_beside_a_level_of_it(latest: Track) -> None:
    """9,100 annotators are from a source of grade D, 150 EFLOPS from one of grade A."""
    said = {
        row["indicator"]: track_page.cells(latest, row, "en")["latest"].replace("\u00a0", " ")
        for row in records(latest.targets)
        if row["deadline"].startswith("2026")
    }
    assert (said["data_annotation_workers"], said["compute_capacity"]) == (">9,100 (D)", ">150 EFLOPS")


@pytest.mark.parametrize(("language", "reached"), [("en", "reached"), ("zh", "已实现")])
def test_the_head_of_the_page_counts_what_rests_on_weak_sources_apart(
    latest: Track, language: Language, reached: str
) -> None:
    """Counted by hand in targets.csv and observations.csv: five reached by grades A and B, five by C, two by D."""
    badges = re.findall(r'<span class="badge good">([^<]+)</span>', track_page.html(latest, language))
    assert badges[:3] == [f"{reached} 5", f"{reached} (C) 5", f"{reached} (D) 2"]


def test_a_figure_beside_the_one_used_keeps_its_bound(latest: Track) -> None:
    """86 EFLOPS was published as over 86; a growth of over 60 % stands beside one of 45.9 %."""
    said = [(row[3], row[5]) for row in contradictions(latest, "en")]
    assert ("85 EFLOPS", ">86 EFLOPS") in [tuple(cell.replace("\u00a0", " ") for cell in row) for row in said]
    assert ("45.9\u00a0%", ">60\u00a0%") in said


def test_the_report_of_a_plan_keeps_it_too(latest: Track) -> None:
    """Section 19 says of what was not used what the page of the track says."""
    context = Context(fake.run(), "en")
    context.__dict__["track"] = latest
    (table,) = (
        block for block in provenance.blocks(context) if getattr(block, "title", "").startswith("Published fig")
    )
    assert ">86 EFLOPS" in [cell.text.replace("\u00a0", " ") for row in table.rows for cell in row.cells]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (126158.4, 127805.2, "126,000 – 128,000"),
        (141273.0, 517147.0, "141,000 – 517,000"),
        (126158.4, 126205.2, "126,160 – 126,210"),
        (32.614, 33.098, "32.6 – 33.1"),
        (5.0, 5.0, "5 – 5"),
    ],
)
def test_an_interval_has_no_more_digits_than_tell_its_ends_apart(low: float, high: float, said: str) -> None:
    """Three where they do: a forecast of 126,158 stations is not known to the station."""
    assert span(low, high, "1", "en") == said


def test_a_fall_has_a_minus_sign_and_no_hyphen(latest: Track) -> None:
    rows = [cell for row in restated(latest, "en") for cell in row[3:]]
    assert any("−" in cell for cell in rows)
    assert not any("-" in cell for cell in rows)


def test_a_plan_is_told_where_it_is_drawn(found: Track) -> None:
    """Legend, tips and levels by year, also of what has no target; nothing of it without a plan."""
    steps = [
        {"indicator": "compute_capacity", "region": "guizhou", "date": f"{year}-12-31", "median": level, "low": level,
         "high": level, "unit": "EFLOPS", "kind": "plan"}
        for year, level in ((2026, 160.0), (2028, 300.0))
    ]  # fmt: skip
    steps += [row | {"indicator": "compute_facility_investment", "unit": "mCNY"} for row in steps]
    paths = pd.concat([found.paths, pd.DataFrame(steps)], ignore_index=True)
    planned = dataclasses.replace(found, paths=paths)
    page = track_page.html(planned)
    assert page.count('class="mark step"') == 4
    assert "in the plan 2028-12-31: 300 EFLOPS" in page.replace("\u00a0", " ")
    assert "violet" in page
    assert "violet" not in track_page.html(found)
    assert planned_lines(planned, "en")[0].replace("\u00a0", " ").endswith(": 2026 160 EFLOPS; 2028 300 EFLOPS")
    assert "紫线" in track_page.html(planned, "zh")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_published_figure_stands_among_the_targets_or_among_the_latest_figures(
    found: Track, language: Language
) -> None:
    """An indicator without a target is not hidden by the targets of others."""
    seen = found.observed
    seen = seen[(seen["rank"] == 1) & seen["status"].isin(["actual", "preliminary"]) & (seen["scope"].fillna("") == "")]
    pairs = set(zip(seen["indicator"], seen["region"], strict=True))
    aimed = set(zip(found.targets["indicator"], found.targets["region"], strict=True))
    levels = latest_levels(found, language)
    assert len(levels) == len(pairs - aimed) > 10
    page = html.unescape(track_page.html(found, language))
    assert count_line(levels, language) in page
    assert all(row["indicator"] in page for row in levels)


def test_the_latest_figure_is_that_of_the_longest_period_that_ends_last(found: Track) -> None:
    """January to September, not September alone, which would stand below the nine months of a city."""
    rows = pd.DataFrame(records(found.observed)).query("indicator == 'telecom_revenue' and rank == 1").head(1)
    both = pd.concat([rows.assign(value=value, period_start=first, period_end="2023-09-30")
                      for value, first in ((9_870.0, "2023-01-01"), (1_020.0, "2023-09-01"))])  # fmt: skip
    both = both.assign(indicator="gdp", region="zunyi", status="actual", scope="")
    for order in (both, both.iloc[::-1]):
        (one,) = latest_levels(dataclasses.replace(found, observed=order, targets=found.targets.iloc[:0]), "en")
        assert (one["latest"].replace("\xa0", " "), one["latest_end"]) == ("9.87 bn CNY", "2023-01 – 2023-09")
