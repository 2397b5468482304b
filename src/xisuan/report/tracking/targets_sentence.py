"""Opening sentence about official targets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from xisuan.report.document.number_cells import strong
from xisuan.report.run_context import Context, inside
from xisuan.report.tracking import plan_targets
from xisuan.results.track import Track, records, watched
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled


def said(context: Context) -> str:
    """Return a sentence on the targets: their statuses, those missed or unlikely, and those that the plan misses."""
    say, found = context.say, context.track
    if found is None or not len(found.targets):
        return say(_("The scenario names no official targets to hold the plan against."))
    rows = plan_targets.due(found)
    parts = [_counted(context, found, status, regions) for status, regions in plan_targets.counts(context, rows)]
    missed = [row for row in records(rows) if row["status"] in plan_targets.MISSED]
    unlikely = [row for row in records(rows) if plan_targets.unlikely(row)]
    tail = "".join(
        say(_(key, names=_names(context, found, some)))
        for key, some in (
            (unfilled(" Missed or off track: {names}."), missed),
            (unfilled(" Outcome not published, and unlikely by what is: {names}."), unlikely),
        )
        if some
    )
    listed = ("；" if context.language == "zh" else "; ").join(parts)
    return say(
        _(
            "Of the official targets due in {year} or later: {parts}.{missed}",
            year=watched(found.as_of),
            parts=listed,
            missed=tail,
        )
    ) + (_planned_short(context, found))


def _counted(context: Context, found: Track, status: str, regions: list[str]) -> str:
    """Return the number of targets of a status, and how many of them are of other regions."""
    others = Counter(region for region in regions if region != found.home)
    named = [
        context.say(_("{count} of {name}", count=strong(str(count)), name=found.called(region, context.language)))
        for region, count in others.items()
    ]
    whose = context.say(_(" (of them {others})", others=context.show.listed(named))) if named else ""
    return context.say(_("{count} {status}", status=status, count=strong(str(len(regions))))) + whose


def _names(context: Context, found: Track, rows: Iterable[dict[str, Any]]) -> str:
    """Return the indicators of targets, each once, with the number of its targets."""
    seen = Counter(found.called(row["indicator"], context.language) for row in rows)
    return context.show.listed(
        [
            context.say(_("{name} ({count})", name=inside(name), count=str(count))) if count > 1 else inside(name)
            for name, count in seen.items()
        ]
    )


def _planned_short(context: Context, found: Track) -> str:
    """Official targets of the plan's own years that the plan does not reach; blank where it reaches all it can show."""
    parts = [
        context.say(
            _(
                "{name} {planned} in {year} (aim {target})",
                year=one.year,
                name=inside(found.called(one.row["indicator"], context.language)),
                planned=strong(one.level),
                target=strong(one.shown(float(one.row["target"]))),
            )
        )
        for one in plan_targets.of_plan(context, found)
        if not one.met
    ]
    if not parts:
        return ""
    return context.say(
        _(
            " The plan itself falls short of: {parts}; it looks for the least cost, and no rule of it requires them.",
            parts=context.show.listed(parts),
        )
    )
