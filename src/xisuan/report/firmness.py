"""Whether what the focus builds is firm: what of it any plan of nearly least cost keeps, on the first screen."""

from __future__ import annotations

from typing import Any

from xisuan.report import measures, orders
from xisuan.report.context import Context, inside

NONE = 0.01
"""Share of what is planned new, of which no more need be built: then nothing need."""


def said(context: Context) -> str:
    """What at the focus is interchangeable, and what robust, by the table of alternatives; blank without one."""
    found = context.run.alternatives
    if found is None:
        return ""
    here = found[found["where"].isin(list(context.focus))]
    new, least = here["planned"] - here["existing"], here["least"] - here["existing"]
    needless = (here["verdict"] == "interchangeable") & (least <= NONE * new)
    of = here["verdict"].where(~needless, "not_needed")
    text = ""
    for verdict in ("not_needed", "interchangeable", "robust"):
        rows, key = measures.records(here[of == verdict]), f"headline.{verdict}"
        names = dict.fromkeys(inside(_kind(context, row)) for row in rows)
        if names:
            listed = context.show.listed(list(names))
            text += context.say(key, names=listed, place=context.focus_name)
    return text


def _kind(context: Context, row: dict[str, Any]) -> str:
    """A build by its kind; equipment by its class, for names of vintages are long and hold commas."""
    if row["asset"] != "compute":
        return orders.what(context, row)
    offers = context.scenario["technologies"].drop_duplicates("technology").set_index("technology")["class"]
    return context.say.known("class_plain", str(offers[row["technology"]]))
