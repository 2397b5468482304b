"""Cost of contingencies: what the plan pays so that work survives each failure that the scenario lists."""

from __future__ import annotations

from typing import Any

from xisuan.report import run_measures
from xisuan.report.document.blocks import Block, Cell, Column, Row, Table, Text
from xisuan.report.run_context import Context, workload_name
from xisuan.scenario.queries.contingencies import contingencies
from xisuan.text.translation import message as _

TABLE = "resilience"


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
    return [Table(say(_("What resilience costs")), columns, lines, note=say(note).strip())]


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
