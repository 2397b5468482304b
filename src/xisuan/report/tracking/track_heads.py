"""Heads of columns and titles of parts that the page and the command of a track share."""

from __future__ import annotations

from xisuan.text.translation import in_context
from xisuan.text.translation import message as _

HEADS = {
    "indicator": _("indicator"),
    "region": _("region"),
    "deadline": _("by"),
    "status": _("status"),
    "target": _("target"),
    "probability": in_context("track", "chance"),
    "latest": _("latest"),
    "latest_end": _("of"),
    "interval": _("expected, 80 %"),
    "required": _("needs a year"),
    "needs": _("a year"),
    "best": _("best year"),
    "index": _("gap left (ESCAP)"),
    "city": _("city"),
    "holds": _("standard held"),
    "since": _("on record"),
    "planned": _("in the plan"),
    "binding": _("most often in the way"),
    "short": _("short of, if nothing is built"),
    "period": _("to"),
    "followed_level": _("published"),
    "followed_held": _("interval held"),
    "source": _("source"),
    "used": _("used"),
    "other": _("also published"),
    "points": in_context("track", "points"),
    "published_growth": _("published growth"),
    "levels_growth": _("growth of the levels"),
    "stretch": _("stretch"),
    "came": _("in it"),
    "to_date": _("from January to its end"),
    "to_before": _("from January to before it"),
    "variable": _("for one of"),
    "range": _("range"),
    "unit": _("unit"),
    "how": _("who says so, and what it leaves out"),
}
"""Heads of columns by their key."""

TITLES = {
    "cities": _("Gigabit cities: which are on time"),
    "followed": _("What followed"),
    "planned_paths": _("In the plan given with --with"),
    "parts": _("Parts and wholes"),
    "drivers": _("Multipliers, shown and never used"),
    "contradictions": _("Sources that contradict one another"),
    "restated": _("Growth and changes that the levels do not bear out"),
    "singles": _("Single stretches of a year"),
}
"""Titles of the parts of a track."""

LEADS = {
    "followed": _("Published after that day; the interval is the one given then, from what was known then."),
    "restated": _("Growth is real or like for like and bases are restated: both are kept, neither is corrected."),
    "singles": _(
        "Published levels run from January on: what came between two of them is the one less the other, "
        "and nothing says which month had what. January and February stay one where January was not "
        "published."
    ),
}
"""What is said before the table of a part."""
