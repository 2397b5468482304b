"""Value of flexible work: what the plan saves under the clean shares if work may wait, move, or both."""

from __future__ import annotations

import math
from typing import Any

from xisuan.decisions.costs.flexibility_value import is_asked
from xisuan.report import run_measures
from xisuan.report.document.blocks import Block, Cell, Column, Row, Table, Text
from xisuan.report.run_context import Context
from xisuan.text.translation import Message
from xisuan.text.translation import message as _

TABLE = "flexibility"
FORMS: dict[str, Message] = {
    "none": _("None: constant shares of the sites, at once"),
    "time": _("In time: may wait up to a day"),
    "space": _("In space: may move between sites"),
    "both": _("In both"),
}


def blocks(context: Context) -> list[Block]:
    """Return the table of forms of flexibility, or why it is not known; nothing without a clean share by hour or month."""
    if not is_asked(context.scenario):
        return []
    found, say = context.decided(TABLE), context.say
    if found is None:
        text = say(_("What flexible work saves under the clean shares is not known. {why}", why=context.why_not(TABLE)))
        return [Text(text, tone="note")]
    columns = (
        Column(say(_("Flexibility"))),
        Column(say(_("Flexible work")), number=True),
        Column(say(_("Cost")), number=True),
        Column(say(_("Saved against none")), number=True),
        Column(say(_("Saved, share of the cost of power")), number=True),
    )
    note = _(
        "Discounted, over the horizon, in the whole network. Without flexibility every site serves a constant share of"
        " each kind of work in its hour; the plan itself lets work wait and move as the scenario says. {hours}",
        hours=context.note(TABLE),
    )
    lines = tuple(_row(context, row) for row in run_measures.records(found))
    return [Table(say(_("What flexible work saves under the clean shares")), columns, lines, note=say(note).strip())]


def _row(context: Context, row: dict[str, Any]) -> Row:
    """Return the row of one form and share."""
    part, of_power = float(row["flexible_share"]), float(row["saving_of_power"])
    money = [float(row[name]) for name in ("cost_mcny", "saving_mcny")]
    return Row(
        (
            Cell(context.say(FORMS[str(row["form"])])),
            Cell(context.show.share(part), value=part),
            *(Cell(context.show.money(mcny), value=mcny / context.money.divisor) for mcny in money),
            Cell("" if math.isnan(of_power) else context.show.share(of_power), value=of_power),
        )
    )
