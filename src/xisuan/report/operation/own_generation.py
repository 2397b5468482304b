"""Own solar and wind of section 10: how many hours they run on the modelled hours, beside the year they stand for."""

from __future__ import annotations

import math

import numpy as np

from xisuan import units
from xisuan.report import terms
from xisuan.report.document.blocks import Cell, Column, Row, Table
from xisuan.report.document.number_cells import figure
from xisuan.report.run_context import Context
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import in_context, unfilled
from xisuan.text.translation import message as _

SOURCES = ("solar", "wind")
EVEN = 0.005
"""Share of a year's hours within which those of the modelled hours are the same."""


def full_load_hours(scenario: Scenario, profile: float | str) -> tuple[float, float]:
    """Hours a year at full power that a profile gives: on the modelled hours with their weights, and in the whole year."""
    curve, timeline = scenario.curve(profile), scenario.timeline
    return float(timeline.weight @ timeline.sample(curve)), float(curve.sum())


NOTE_WHERE_EVEN = unfilled(
    "The modelled hours give the year's yield (within {share}), so that no plant looks better or "
    "worse than it is on the whole. Dull and calm spells longer than those modelled are not in them: "
    "operate the plan on the whole year where they could decide."
)
NOTE_WHERE_OTHER = _(
    "The modelled hours have other sun and wind than the year, and a plant is ordered for what it "
    "gives in them: with more hours than the year has it looks better than it is, with fewer worse. "
    "Where that could decide, plan on more of the year, or operate the plan on the whole of it."
)


def table(context: Context) -> Table | None:
    """Plants that stand in the last year, and their hours both ways; None where the model has all hours, or no plant.

    A plant is ordered for what it gives on the modelled hours: sunnier or windier ones than the year make it look better
    than it is.
    """
    scenario, say = context.scenario, context.say
    if sum(block.hours for block in scenario.timeline.blocks) >= units.HOURS_PER_YEAR:
        return None
    stands = context.run.plan.capacity
    stands = stands[(stands["period"] == context.last) & stands["asset"].isin(SOURCES) & (stands["amount"] > 0)]
    supply = scenario.at("supply", context.last)
    lines = []
    for asset, site, amount in zip(stands["asset"], stands["where"], stands["amount"], strict=True):
        row = supply[(supply["site"] == site) & (supply["source"] == asset)]
        if not len(row):
            continue
        modelled, year = full_load_hours(scenario, row["profile"].iloc[0])
        cells = (
            Cell(context.site(site)),
            Cell(say(terms.SOURCES[asset])),
            figure(float(amount), 0),
            figure(modelled, 0),
            figure(year, 0),
            figure(100.0 * (modelled / year - 1.0) if year > 0 else math.nan, 0, signed=True),
        )
        lines.append((abs(math.log(modelled / year)) if modelled > 0 < year else np.inf, Row(cells)))
    if not lines:
        return None
    columns = (
        Column(say(_("Site"))),
        Column(say(in_context("plants", "Source"))),
        Column(say(_("Stands")), "MW", number=True),
        Column(say(_("As modelled")), say(_("h/year")), number=True),
        Column(say(_("In the year")), say(_("h/year")), number=True),
        Column(say(_("Difference")), "%", number=True),
    )
    even = all(apart <= EVEN for apart, _ in lines)
    note = say(_(NOTE_WHERE_EVEN, share=context.show.share(EVEN)) if even else NOTE_WHERE_OTHER)
    rows = tuple(row for _, row in sorted(lines, key=lambda pair: -pair[0]))
    return Table(
        say(_("Own plants in {year}: hours at full power on the modelled hours, beside the year", year=context.last)),
        columns,
        rows,
        note=note,
        folded=even or len(rows) > 8,
    )
