"""Whether what the focus builds is firm: what of it any plan of nearly least cost keeps, on the first screen."""

from __future__ import annotations

from typing import Any

from xisuan.report import measures, orders
from xisuan.report.context import Context, inside


def said(context: Context) -> str:
    """What at the focus is interchangeable, and what robust, by the table of alternatives; blank without one."""
    found = context.run.alternatives
    if found is None:
        return ""
    here = found[found["where"].isin(list(context.focus))]
    text = ""
    for verdict, key in (("interchangeable", "headline.interchangeable"), ("robust", "headline.robust")):
        rows = measures.records(here[here["verdict"] == verdict])
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
