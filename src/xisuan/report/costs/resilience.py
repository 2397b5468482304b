"""Cost of contingencies: what the plan pays so that work survives each failure that the scenario lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xisuan.report import run_measures
from xisuan.report.document.blocks import Bars, Block, Cell, Column, Row, Series, Table, Text
from xisuan.report.run_context import Context, workload_name
from xisuan.scenario.queries.contingencies import contingencies
from xisuan.text.translation import message as _

TABLE = "resilience"
MOST_DRAWN = 12
"""Contingencies in the chart, the dearest first."""


def blocks(context: Context) -> list[Block]:
    """Return the table of contingencies, or the reason why their cost is not known; nothing without contingencies."""
    if not contingencies(context.scenario):
        return []
    found, say = context.decided(TABLE), context.say
    if found is None:
        why = context.why_not(TABLE)
        text = say(_("The plan survives the contingencies listed. What that costs is not known. {why}", why=why))
        return [Text(text, tone="note")]
    columns = (
        Column(say(_("Contingency"))),
        Column(say(_("What fails"))),
        Column(say(_("What survives"))),
        Column(say(_("Saved without it")), number=True),
    )
    rows = sorted(run_measures.records(found), key=lambda row: (row["contingency"] != "", -float(row["saving_mcny"])))
    note = _(
        "Discounted, over the horizon, in the whole network. Each row is a plan without that contingency; the rows do"
        " not add up, because failures share the capacity that they need. {hours}",
        hours=context.note(TABLE),
    )
    lines = tuple(_row(context, row) for row in rows)
    table = Table(say(_("What resilience costs")), columns, lines, note=say(note).strip())
    return [*_figure(context, rows), table]


def _figure(context: Context, rows: Sequence[dict[str, Any]]) -> list[Block]:
    """Return a chart of what the dearest contingencies cost; nothing for a single one, which the table says."""
    single = [row for row in rows if row["contingency"]][:MOST_DRAWN]
    if len(single) < 2:
        return []
    say = context.say
    cost = tuple(float(row["saving_mcny"]) / context.money.divisor for row in single)
    return [
        Bars(
            say(_("What each contingency costs by itself")),
            context.money.unit,
            say(_("contingency")),
            tuple(str(row["contingency"]) for row in single),
            (Series(say(_("saved without it, discounted")), cost, "other-1"),),
        )
    ]


def _row(context: Context, row: dict[str, Any]) -> Row:
    say, saving = context.say, float(row["saving_mcny"])
    money = Cell(context.show.money(saving), value=saving / context.money.divisor)
    if not row["contingency"]:
        return Row((Cell(say(_("All together"))), Cell(""), Cell(""), money))
    place = context.place(str(row["site"] or row["link"]))
    share = context.show.share(float(row["share_lost"]))
    fails = say(_("{place} loses {share}", place=place, share=share))
    work = context.show.listed([workload_name(context, name) for name in str(row["workloads"]).split(";")])
    return Row((Cell(str(row["contingency"])), Cell(fails), Cell(work), money))
