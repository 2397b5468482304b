"""Note on an indicator of possibly the same meaning as that of a target, which is never combined with it."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

from xisuan.results.track import Level
from xisuan.text.translation import Message
from xisuan.text.translation import message as _
from xisuan.tracking.series.reconciliation import Figure

Row = dict[str, Any]

_STANDS = {
    ("projected", "over"): _("projected over"),
    ("projected", "about"): _("projected about"),
    ("projected", "under"): _("projected under"),
    ("projected", ""): _("projected at"),
    ("actual", "over"): _("actual over"),
    ("actual", "about"): _("actual about"),
    ("actual", "under"): _("actual under"),
    ("actual", ""): _("actual at"),
    ("preliminary", "over"): _("preliminary over"),
    ("preliminary", "about"): _("preliminary about"),
    ("preliminary", "under"): _("preliminary under"),
    ("preliminary", ""): _("preliminary at"),
}
"""What the status and the vague bound of a published figure say of its level."""


def note(
    figures: Sequence[Figure], specs: Mapping[str, Row], row: Row, goal: float, deadline: datetime.date
) -> list[Message]:
    """Return the level of the related indicator on the deadline beside the goal of a target, if both are known."""
    other = specs[row["indicator"]].get("beside") or ""
    seen = [
        one
        for one in figures
        if one.indicator == other and one.region == row["region"] and one.last == deadline and math.isfinite(one.value)
    ]
    if not seen or not math.isfinite(goal):
        return []
    best = seen[0]
    return [
        _(
            "{indicator} {stands} {level}, {share} % of the target, if the scopes match",
            indicator=other,
            stands=_STANDS[best.status, best.bound],
            level=Level(best.value, str(specs[other]["unit"])),
            share=f"{100 * best.value / goal:.0f}",
        )
    ]
