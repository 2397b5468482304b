"""Firmness of the builds of the place: the part that any plan of nearly least cost keeps, and the work that
is left undone in the gravest case of stress."""

from __future__ import annotations

from typing import Any

from xisuan.report import run_context, run_measures, terms
from xisuan.report.build import build_orders
from xisuan.report.document.number_cells import strong
from xisuan.report.run_context import Context, inside
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled

NONE = 0.01
"""Share of what is planned new, of which no more need be built: then nothing need."""

VERDICTS = {
    "not_needed": unfilled(
        " Not firm: for 1 % more cost, none of the new {names} at {place} need be built, each taken "
        "by itself: they could stand elsewhere."
    ),
    "interchangeable": unfilled(
        " Not firm: for 1 % more cost, half or more of the {names} at {place} could stand elsewhere or not be built."
    ),
    "robust": unfilled(" Firm: within 1 % more cost, more than half of the {names} at {place} is built in any plan."),
}
"""How firm builds are, in the order in which they are said."""


def said(context: Context) -> str:
    """Return a sentence on interchangeable and robust builds of the place; blank without the table of alternatives."""
    here = run_measures.verdicts(context.run, [context.focus_key])
    new, least = here["planned"] - here["existing"], here["least"] - here["existing"]
    needless = (here["verdict"] == "interchangeable") & (least <= NONE * new)
    of = here["verdict"].where(~needless, "not_needed")
    text = ""
    for verdict, said_of in VERDICTS.items():
        rows = run_measures.records(here[of == verdict])
        names = dict.fromkeys(inside(_kind(context, row)) for row in rows)
        if names:
            listed = context.show.listed(list(names))
            text += context.say(_(said_of, names=listed, place=context.focus_name))
    return text


def gravest(context: Context) -> str:
    """Return the case of the stress test that leaves the largest share of a workload unserved; blank if none does."""
    found = context.decided("stress")
    if found is None:
        return ""
    short = found[(found["shortfall_share"] > run_context.LEAST_SHARE) & (found["case"] != "base")]
    if not len(short):
        return ""
    row = run_measures.records(short.sort_values("shortfall_share", ascending=False, kind="stable"))[0]
    return context.say(
        _(
            " Gravest under stress: with {case}, {share} of {name} is left undone in its worst year.",
            case=strong(inside(str(row[f"label_{context.language}"]))),
            share=strong(context.show.share(float(row["shortfall_share"]))),
            name=inside(run_context.workload_name(context, str(row["shortfall_workload"]))),
        )
    )


def _kind(context: Context, row: dict[str, Any]) -> str:
    """Return the kind of a build; equipment is named by class, because names of technologies are long."""
    if row["asset"] != "compute":
        return build_orders.what(context, row)
    offers = context.scenario["technologies"].drop_duplicates("technology").set_index("technology")["class"]
    return context.say(terms.named(terms.PLAIN_CLASSES, str(offers[row["technology"]])))
