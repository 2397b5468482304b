"""Sources of the figures of a track: those under a chart and beside a target, every one of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from xisuan.report.tracking.track_heads import HEADS
from xisuan.report.tracking.track_notes import latest_figures
from xisuan.results.track import Track
from xisuan.text.translation import Language, translate
from xisuan.text.translation import message as _


def said(track: Track, cells: Iterable[object], language: Language) -> tuple[str, ...]:
    """Return the sources named in some cells, each once: its title, and its date if known."""
    keys = dict.fromkeys(key for cell in cells for key in str(cell or "").split(";") if key)
    return tuple(dict.fromkeys(_dated(track, key, language) for key in keys))


def _dated(track: Track, key: str, language: Language) -> str:
    title, day = track.titled(key, language), track.sources.get(key, ("", "", ""))[1]
    if not day:
        return title
    return f"{title}（{day}）" if language == "zh" else f"{title} ({day})"


def beside(track: Track, row: dict[str, Any], language: Language) -> str:
    """Return the sources of a target and of its latest level; blank if neither is known."""
    parts = []
    of = {"target": [row["source"]], "latest": [one["source"] for one in latest_figures(track, row)]}
    for key, cells in of.items():
        if found := said(track, cells, language):
            parts.append(
                translate(
                    _(
                        "Source ({what}): {sources}.",
                        what=translate(HEADS[key], language),
                        sources=joined(found, language),
                    ),
                    language,
                )
            )
    return ("" if language == "zh" else " ").join(parts)


def joined(sources: Iterable[str], language: Language) -> str:
    """Sources in a line."""
    return ("；" if language == "zh" else "; ").join(sources)
