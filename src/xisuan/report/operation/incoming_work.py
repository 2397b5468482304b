"""Opening sentence on the work of other regions: the part that the place runs, and the part that stays away."""

from __future__ import annotations

import math
from collections.abc import Mapping

from xisuan.report import run_measures
from xisuan.report.document.number_cells import strong
from xisuan.report.operation import service_areas
from xisuan.report.operation.service_areas import left, not_served
from xisuan.report.run_context import Context, inside
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled

WAITING = {
    "nothing_waiting": unfilled("Of the work of {regions} none may wait, so none seeks {place} for its price alone."),
    "no_waiting": unfilled("No workload may wait, so none seeks {place} for its price alone."),
}
LEAST_SHARE = 0.005
"""Work of which less than this comes is said to stay."""


def said(context: Context) -> str:
    """Return the sentence: what of the work of other regions comes, and what stays."""
    say, place, called = context.say, context.focus_name, context.senders[1]
    shares = _shares(context)
    may_wait, tight = [name for name in deferrable(context) if math.isfinite(shares[name])], tightest(context)
    staying = [name for name in shares if shares[name] < LEAST_SHARE]
    coming = [name for name in may_wait if name not in staying]
    if coming:
        coming += [name for name in shares if name not in {*coming, tight} and shares[name] >= LEAST_SHARE]
    none_waits = bool(may_wait) and not coming and not any(shares[name] > 0.0 for name in may_wait)
    told = [name for name in staying if not (none_waits and name in may_wait)]
    tail = _of_tightest(context, tight, shares)
    tail += _hardly(context, [name for name in told if shares[name] > 0.0])
    tail += _stays(context, [name for name in told if not shares[name] > 0.0]) + undone(context)
    if none_waits:
        none = _(
            "In {year} {place} runs none of the work of {regions} that may wait.",
            year=context.last,
            regions=called,
            place=place,
        )
        return say(none) + tail
    if not coming and may_wait:
        return tail.lstrip()
    if not coming:
        waiting = "nothing_waiting" if deferrable(context) else "no_waiting"
        return say(_(WAITING[waiting], regions=called, place=place)) + tail
    parts = [
        say(_("{share} of {name}", share=strong(context.share(shares[name])), name=inside(context.workload(name))))
        for name in coming
    ]
    runs = _(
        "Of the work of {regions}, {place} runs {parts} in {year}.",
        year=context.last,
        regions=called,
        parts=context.show.listed(parts),
        place=place,
    )
    return say(runs) + tail


def _shares(context: Context) -> dict[str, float]:
    """Return the share of each workload of other regions that the focus runs in the last year."""
    regions, _called = context.senders
    names = [str(name) for name in context.scenario["workloads"]["workload"].drop_duplicates()]
    found = {name: run_measures.share_served(context.run, context.last, name, regions, context.focus) for name in names}
    return {name: 0.0 if share < service_areas.CRUMB else share for name, share in found.items()}


def _of_tightest(context: Context, tight: str, shares: Mapping[str, float]) -> str:
    """Return how much of the workload of the shortest latency comes; blank where it stays."""
    if not tight or not shares[tight] >= LEAST_SHARE:
        return ""
    name, share = inside(context.workload(tight)), strong(context.share(shares[tight]))
    return context.say(_(" Of {name} work {share} comes.", name=name, share=share))


def deferrable(context: Context) -> list[str]:
    """Return the workloads that may wait."""
    rows = context.scenario["workloads"].drop_duplicates("workload", keep="last")
    return [str(name) for name in rows.loc[rows["defer_hours"] > 0, "workload"]]


def tightest(context: Context) -> str:
    """Return the workload of the shortest latency; blank if none has a limit."""
    rows = context.scenario["workloads"].drop_duplicates("workload", keep="last").dropna(subset=["latency_ms"])
    return str(rows.sort_values("latency_ms", kind="stable")["workload"].iloc[0]) if len(rows) else ""


def _hardly(context: Context, names: list[str]) -> str:
    """Return the workloads of other regions of which less than 0.5 % comes, in a sentence; blank if there are none."""
    if not names:
        return ""
    first, *others = (context.workload(name) for name in names)
    listed = context.show.listed([first, *map(inside, others)])
    return context.say(
        _(
            " {names} work of {regions} hardly comes to {place} (less than 0.5 %).",
            names=listed,
            regions=context.senders[1],
            place=context.focus_name,
        )
    )


def _stays(context: Context, names: list[str]) -> str:
    """Return the workloads of other regions that do not come, in a sentence; blank if all come."""
    if not names:
        return ""
    regions, called = context.senders
    rows = context.run.plan.service
    mine = rows[(rows["period"] == context.last) & rows["region"].isin(regions) & rows["workload"].isin(names)]
    run = set(mine.loc[(mine["site"] != "") & (mine["units"] > 0), "workload"])
    first, *others = (context.workload(name) for name in names)
    return context.say(
        _(
            " {names} work of {regions} does not come to {place}{elsewhere}.",
            names=context.show.listed([first, *map(inside, others)]),
            regions=called,
            place=context.focus_name,
            elsewhere=context.say(_("; other sites run it")) if run == set(names) else "",
        )
    )


def undone(context: Context) -> str:
    """Return the work that no site does, and its price in the plan, in a sentence; blank if all work is done."""
    charged = not_served(context)
    return (
        context.say(
            _(
                " No site runs {parts}: the plan is charged {money} for it, discounted.",
                parts=left(context),
                money=strong(context.amount(charged)),
            )
        )
        if charged
        else ""
    )
