"""Page of a track: statuses, small multiples with targets, intervals and sources, in one self-contained file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from xisuan.report.document import html_rendering
from xisuan.report.tracking import city_deadlines, latest_levels, small_multiples, track_sources, track_tables
from xisuan.report.tracking.track_heads import HEADS, LEADS, TITLES
from xisuan.report.tracking.track_notes import (
    TONES,
    aim,
    graded_status,
    latest,
    marks,
    missing,
    of_other,
    percent,
    remarks,
    standing,
)
from xisuan.report.tracking.track_phrases import STATUSES, span
from xisuan.results.track import Track, records, watched
from xisuan.text.numbers import MISSING
from xisuan.text.translation import Language, Translator, translate
from xisuan.text.translation import message as _


def html(track: Track, language: Language = "en", other: str = "") -> str:
    """Return the page as one HTML document that makes no requests.

    `other`: file in the same folder with the page in the other language; blank: no link.
    """
    latest_first = track.targets.sort_values(["deadline", "indicator"], ascending=[False, True], kind="stable")
    rows = open_first(track, records(latest_first))
    live = [row for row in rows if is_live(track, row)]
    past = [row for row in rows if not is_live(track, row)]
    told = [
        [cells(track, row, language) | {"source": track_sources.beside(track, row, language)} for row in some]
        for some in (live, past)
    ]
    levels = latest_levels.latest_levels(track, language)
    return (
        html_rendering.engine()
        .get_template("track.html.j2")
        .render(
            language=language,
            other=other,
            say=Translator(language),
            heads=HEADS,
            titles=TITLES,
            leads=LEADS,
            title=(track.title_zh if language == "zh" else track.title) or track.name,
            as_of=track.as_of.isoformat(),
            counts=_counts(track, language),
            live=told[0],
            past=told[1],
            past_lead=past_line(track, past, language),
            levels=levels,
            levels_lead=latest_levels.count_line(levels, language),
            level_columns=latest_levels.COLUMNS,
            no_targets=latest_levels.NO_TARGETS,
            charts=small_multiples.charts(track, language),
            planned=track_tables.planned_lines(track, language),
            parts=track_tables.part_lines(track, language),
            cities=city_deadlines.city_cells(track, language),
            city_columns=city_deadlines.city_columns(track),
            standards=city_deadlines.standard_lines(track, language),
            followed=track_tables.followed(track, language),
            contradictions=track_tables.contradictions(track, language),
            restated=track_tables.restated(track, language),
            singles=track_tables.singles(track, language),
            drivers=track_tables.multipliers(track, language),
            marks=marks(track, language),
            style=Markup(html_rendering.text("report.css") + html_rendering.text("track.css")),
            width=small_multiples.WIDTH,
            height=small_multiples.HEIGHT,
        )
    )


def write(track: Track, path: Path, language: Language = "en", other: str = "") -> None:
    """Write the page to `path`; see `html`."""
    path.write_text(html(track, language, other), encoding="utf-8")


def is_live(track: Track, row: dict[str, Any]) -> bool:
    """Return True for a target due in the watched year or later: the year of the track, through March that before."""
    return int(str(row["deadline"])[:4]) >= watched(track.as_of)


def open_first(track: Track, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return targets in reading order: those whose deadline is still to come, the home region's first; then the others.

    Within each group the order stays.
    """
    day = track.as_of.isoformat()
    return sorted(rows, key=lambda row: (str(row["deadline"]) < day, row["region"] != track.home))


def past_line(track: Track, past: Sequence[dict[str, Any]], language: Language) -> str:
    """Return the sentence on targets that ended before the watched year: how many there are of each status."""
    if not past:
        return ""
    found = Counter(graded_status(row, language) for row in past)
    parts = [
        translate(_("{count} {status}", count=count, status=name), language) for name, count in sorted(found.items())
    ]
    said = ("；" if language == "zh" else "; ").join(parts)
    return translate(_("Targets due before {year}: {parts}", year=watched(track.as_of), parts=said), language)


def _counts(track: Track, language: Language) -> list[tuple[str, int, str]]:
    found = Counter((standing(row), graded_status(row, language)) for row in records(track.targets))
    order = {name: at for at, name in enumerate(STATUSES)}
    counted = sorted(found.items(), key=lambda one: (order[one[0][0]], one[0][1]))
    return [(name, count, TONES[kind]) for (kind, name), count in counted]


def cells(track: Track, row: dict[str, Any], language: Language) -> dict[str, str]:
    """Return a target as cells of text."""
    unit = row["unit"]
    interval = MISSING if missing(row["low"]) else span(row["low"], row["high"], unit, language)
    return {
        "indicator": track.called(row["indicator"], language),
        "region": track.called(row["region"], language),
        "target": aim(row, language),
        "deadline": row["deadline"],
        "status": graded_status(row, language),
        "tone": TONES[standing(row)],
        "probability": MISSING if missing(row["probability"]) else f"{100 * row['probability']:.0f} %",
        "latest": latest(row, language),
        "latest_end": "" if missing(row["latest_end"]) else row["latest_end"],
        "interval": interval,
        "required": MISSING if missing(row["required_growth_pct"]) else f"{row['required_growth_pct']:.1f} %",
        "best": percent(row["best_growth_pct"], 1, "en").replace("\u00a0", " ")
        + of_other(track, row["best_growth_of"], language),
        "index": MISSING if missing(row["progress_index_pct"]) else f"{row['progress_index_pct']:.0f} %",
        "note": remarks(track, row, language),
    }
