"""Whether what the focus builds is firm, on the first screen: what of it any plan of nearly least cost keeps, and what
is left undone in the gravest case of stress."""

from __future__ import annotations

from typing import Any

from xisuan.report import run_context, run_measures
from xisuan.report.build import build_orders
from xisuan.report.document.number_cells import strong
from xisuan.report.run_context import Context, inside

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
        rows, key = run_measures.records(here[of == verdict]), f"headline.{verdict}"
        names = dict.fromkeys(inside(_kind(context, row)) for row in rows)
        if names:
            listed = context.show.listed(list(names))
            text += context.say(key, names=listed, place=context.focus_name)
    return text


def gravest(context: Context) -> str:
    """The case of stress that leaves the largest share of a workload undone; blank without one."""
    found = context.decided("stress")
    if found is None:
        return ""
    short = found[(found["shortfall_share"] > run_context.LEAST_SHARE) & (found["case"] != "base")]
    if not len(short):
        return ""
    row = run_measures.records(short.sort_values("shortfall_share", ascending=False, kind="stable"))[0]
    return context.say(
        "headline.gravest", case=strong(inside(str(row[f"label_{context.language}"]))),
        share=strong(context.show.share(float(row["shortfall_share"]))),
        name=inside(run_context.workload_name(context, str(row["shortfall_workload"]))),
    )  # fmt: skip


def _kind(context: Context, row: dict[str, Any]) -> str:
    """A build by its kind; equipment by its class, for names of vintages are long and hold commas."""
    if row["asset"] != "compute":
        return build_orders.what(context, row)
    offers = context.scenario["technologies"].drop_duplicates("technology").set_index("technology")["class"]
    return context.say.known("class_plain", str(offers[row["technology"]]))
