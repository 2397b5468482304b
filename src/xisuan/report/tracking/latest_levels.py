"""Latest published figure of each indicator that has no target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xisuan.report.tracking.track_notes import BOUNDS, missing
from xisuan.report.tracking.track_phrases import amount
from xisuan.results.track import Track, records
from xisuan.text.numbers import MISSING
from xisuan.text.translation import Language, plural, translate
from xisuan.text.translation import message as _

COLUMNS = ("indicator", "region", "latest", "latest_end", "published_growth")
"""Keys of the cells, which have their heads in `track_heads`."""
NO_TARGETS = _(
    "No target is known, so that nothing is judged. Add the plan that names targets (xisuan read PLAN --into FOLDER), or"
    " fill in targets.csv."
)


def latest_levels(track: Track, language: Language) -> list[dict[str, str]]:
    """Return the latest figure of each indicator and region without a target, as cells of text."""
    aimed = set(zip(track.targets["indicator"], track.targets["region"], strict=True))
    last: dict[tuple[str, str], dict[str, Any]] = {}
    # Of figures with the same end, the one of the longest period: of January to September, not of September.
    for row in sorted(records(track.observed), key=_order):
        if row["rank"] == 1 and row["status"] in ("actual", "preliminary") and not row["scope"]:
            last[row["indicator"], row["region"]] = row
    return [_cells(track, row, language) for key, row in sorted(last.items()) if key not in aimed]


def _order(row: dict[str, Any]) -> tuple[str, bool, int]:
    begins = str(row["period_start"]).replace("-", "")
    return str(row["period_end"]), not missing(row["value"]), -int(begins)


def count_line(levels: Sequence[dict[str, str]], language: Language) -> str:
    """Return how many indicators have figures and no target."""
    return translate(
        plural("{count} figure without a target", "{count} figures without a target", len(levels)), language
    )


def _cells(track: Track, row: dict[str, Any], language: Language) -> dict[str, str]:
    level = amount(None if missing(row["value"]) else row["value"], row["unit"], language)
    return {
        "indicator": track.called(row["indicator"], language),
        "region": track.called(row["region"], language),
        "latest": BOUNDS.get(row["bound"] or "", "") + level,
        "latest_end": _period(str(row["period_start"]), str(row["period_end"])),
        "published_growth": MISSING if missing(row["growth_pct"]) else f"{row['growth_pct']:+g} %",
    }


def _period(first: str, last: str) -> str:
    """Return a day, or the months of a period: 2025-01 – 2025-09."""
    return last if first == last else f"{first[:7]} – {last[:7]}" if first[:7] != last[:7] else last[:7]
