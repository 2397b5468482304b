"""Chapter on targets: wholes and parts as a waterfall, the targets due, and what the plan itself reaches."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pandas as pd

from xisuan.report.chapters.leads import SENTENCES
from xisuan.report.document.blocks import Bars, Block, Cell, Column, Row, Section, Series, Table
from xisuan.report.facts import target_facts
from xisuan.report.operation import utilisation
from xisuan.report.run_context import Context
from xisuan.report.tracking import targets_section, track_page
from xisuan.report.tracking.track_notes import standing
from xisuan.results.track import Track, watched
from xisuan.text.numbers import money_scale
from xisuan.text.translation import in_context
from xisuan.text.translation import message as _


def section(context: Context) -> Section | None:
    """Return the chapter; None where the scenario has no targets."""
    if context.track is None:
        return None
    blocks: list[Block] = [_waterfall(context, one) for one in target_facts.wholes(context)]
    if (table := _due(context)) is not None:
        blocks.append(table)
    if (planned := targets_section.planned(context, context.track)) is not None:
        blocks.append(dataclasses.replace(planned, note=planned.note + utilisation.remark(context)))
    return Section("targets", context.say(_("Targets")), SENTENCES["targets"](context), tuple(blocks))


def _waterfall(context: Context, one: target_facts.Whole) -> Bars:
    """Return a target as the sum of its parts, each with what is known of it."""
    say = context.say
    scale = money_scale(context.language, one.whole.target)
    items = (*one.parts, one.whole)
    known = [0.0 if math.isnan(part.latest) else min(part.latest, part.target) / scale.divisor for part in items]
    bound = [0.0 if math.isnan(part.bound) else min(part.bound, part.target) / scale.divisor for part in items]
    goals = [part.target / scale.divisor for part in items]
    base, below = [], 0.0
    for goal in goals[:-1]:
        base.append(below)
        below += goal
    base.append(0.0)
    missing = tuple(goal - a - b for goal, a, b in zip(goals, known, bound, strict=True))
    drawn = (
        Series(say(_("latest published")), tuple(known), "cost-halls"),
        Series(say(_("not published; at most, from the whole")), tuple(bound), "cost-supply"),
        Series(say(_("missing to the target")), missing, "rest"),
    )
    series = tuple(part for part in drawn if any(part.values))
    assert context.track is not None, "a whole comes from the track"
    called = tuple(context.track.called(part.indicator, context.language) for part in items)
    year, whole = one.deadline[:4], context.show.money(one.whole.target)
    published = (
        context.show.money(one.whole.latest)
        if math.isfinite(one.whole.latest)
        else say(in_context("published", "nothing"))
    )
    title = say(_("{name}: {latest} of {target} published", name=called[-1], latest=published, target=whole))
    return Bars(title, scale.unit, say(_("target by {year}", year=year)), called, series, base=tuple(base))


SHORT_STATUS = {
    "deadline passed, outcome not published": _("not published"),
    "short so far": _("not published, short by the last figure"),
    "not enough data": _("not enough data"),
}
"""Statuses in a narrow column; others have their own name."""


def _due(context: Context) -> Table | None:
    """Return the targets due in a line each: target, latest figure, status, chance."""
    found, say = context.track, context.say
    count = target_facts.count(context)
    if found is None or count is None or not count.rows:
        return None
    columns = (
        Column(say(_("Indicator"))),
        Column(say(_("By")), number=True),
        Column(say(_("Target")), number=True),
        Column(say(_("Latest published")), number=True),
        Column(say(_("Latest is of")), number=True),
        Column(say(_("Status"))),
        Column(say(_("Chance")), "%", number=True),
    )
    order = sorted(count.rows, key=lambda row: (row["region"] != found.home, row["deadline"], row["indicator"]))
    lines = tuple(_line(context, found, row) for row in order)
    note = say(
        _(
            "Chance: of a random walk with damped drift; where the deadline has passed, that the outcome reaches the "
            "target once it is published; it is drawn from statistics alone, whatever the plan orders. (C), (D): from a "
            "weaker source. Remarks and intervals are in the annex."
        )
    )
    year = str(watched(found.as_of))
    return Table(say(_("Targets due in {year} or later", year=year)), columns, lines, note=note)


def _line(context: Context, found: Track, row: dict[str, Any]) -> Row:
    said = track_page.cells(found, row, context.language)
    kind = standing(row)
    name = said["indicator"] if row["region"] == found.home else f"{said['indicator']} · {said['region']}"
    chance = None if pd.isna(row["probability"]) else float(row["probability"])
    status = context.say(SHORT_STATUS[kind]) if kind in SHORT_STATUS else said["status"]
    return Row(
        (
            Cell(name),
            Cell(said["deadline"].removesuffix("-12-31")),
            Cell(said["target"]),
            Cell(said["latest"]),
            Cell(said["latest_end"].removesuffix("-12-31")),
            Cell(status, shade=targets_section.SHADES.get(row["status"])),
            Cell(
                said["probability"].removesuffix(" %").removesuffix("%"), value=None if chance is None else 100 * chance
            ),
        )
    )
