"""Sentence about rivals: the hubs against which the place wins or loses, and the price of power that turns it.

The hubs compete for the work of the nation; a site outside them stands beside the best of them where it is cheaper.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from xisuan.report import run_measures
from xisuan.report.costs import site_comparison
from xisuan.report.document.number_cells import figure, strong
from xisuan.report.run_context import Context, inside
from xisuan.text.numbers import exact
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled

AGAINST_RIVAL = {
    "wins_hub": unfilled("For {name}, {place} is {share} cheaper than its best rival among the hubs, {rival}."),
    "loses_hub": unfilled("For {name}, {place} is {share} dearer than its best rival among the hubs, {rival}."),
    "wins_site": unfilled("For {name}, {place} is {share} cheaper than its best rival, {rival}."),
    "loses_site": unfilled("For {name}, {place} is {share} dearer than its best rival, {rival}."),
}

AGAINST_SITE = {
    "wins_outside": unfilled(" Against {other}, outside the hubs{halls}, {place} is {share} cheaper."),
    "loses_outside": unfilled(" Against {other}, outside the hubs{halls}, {place} is {share} dearer."),
    "wins_outside_held": unfilled(
        " Against {other}, outside the hubs{halls}, {place} is {share} cheaper; there {cause}."
    ),
    "loses_outside_held": unfilled(
        " Against {other}, outside the hubs{halls}, {place} is {share} dearer, but there {cause}."
    ),
}

BESIDE = {
    "cheaper": unfilled("{name} {share} cheaper than at {rival}"),
    "dearer": unfilled("{name} {share} dearer than at {rival}"),
}

CAUSES = {
    "pace": _("as much is ordered as may be in a year"),
    "full": _("halls are full and none may be built"),
    "budget": _("the budget is used up"),
}

FLIPS = {
    "loses_at": unfilled("half or less of the {what} is built at {price} CNY/kWh{whither}"),
    "loses_never": unfilled("more than half of the {what} is built even at {price} CNY/kWh, where the search ended"),
    "wins_at": unfilled("{what} only at {price} CNY/kWh or less"),
    "wins_never": unfilled("no {what} even at {price} CNY/kWh, where the search ended"),
}

MAINLY = 0.5
"""Share of what is lost from which the sites that take most of it take it mainly."""


def _price(cny_per_kwh: float) -> str:
    """Return a price of electricity with the digits of its columns."""
    return figure(cny_per_kwh, 3).text


def weighed(context: Context) -> dict[str, Any] | None:
    """Return the row of `hub_costs` at the focus with the most money at stake that a rival could serve, or None."""
    found = context.decided("hub_costs")
    if found is None:
        return None
    rows = found[found["site"].isin(list(context.focus)) & found["against_rival"].notna() & (found["best_rival"] != "")]
    if not len(rows):
        return None
    most = (rows["served_units"].fillna(0.0) * rows["total_cny"].fillna(0.0)).to_numpy().argmax()
    return run_measures.records(rows.iloc[[int(most)]])[0]


def wins(context: Context) -> str:
    """Return the unit cost here beside its rivals, and the price of power at which the build flips."""
    say = context.say
    row, found = weighed(context), context.decided("break_even")
    if row is None:
        return _no_rival(context) + (_flip(context, found) if found is not None else "")
    said = _against_rival(context, row) + _against_site(context, row) + _of_other_work(context, row)
    if found is None:
        return said + say(
            _(" At which price of power that flips was not sought. {why}", why=context.why_not("break_even"))
        )
    return said + _flip(context, found)


def _against_rival(context: Context, row: dict[str, Any]) -> str:
    """Return the unit cost here beside the cheapest of another hub."""
    rival, against = str(row["best_rival"]), float(row["against_rival"])
    of_hub = "hub" if _of_hub(context, rival) else "site"
    said = context.say(
        _(AGAINST_RIVAL[f"{'wins' if against < 0 else 'loses'}_{of_hub}"],
        name=inside(context.workload(str(row["workload"]))), place=context.focus_name,
        rival=context.site(rival), share=strong(context.share(abs(against))),
    ))  # fmt: skip
    if against > 0 and (cause := _held_back(context, row, rival)):
        said += context.say(
            _(" At {rival} {cause}, so work comes all the same.", rival=context.site(rival), cause=cause)
        )
    return said


def _against_site(context: Context, row: dict[str, Any]) -> str:
    """Return a sentence on a site outside all hubs that is cheaper than every hub; blank if there is none."""
    other, against = str(row["best_site"]), float(row["against_site"])
    if other == row["best_rival"]:
        return ""
    cause = _held_back(context, row, other)
    return context.say(
        _(AGAINST_SITE[f"{'wins' if against < 0 else 'loses'}_outside{'_held' if cause else ''}"],
        other=context.site(other), place=context.focus_name, share=strong(context.share(abs(against))), cause=cause,
        halls=_standing(context, other),
    ))  # fmt: skip


def _standing(context: Context, other: str) -> str:
    """Return words that the site's halls exist already, which may make it look cheaper; blank if they do not."""
    costs = context.decided("hub_costs")
    assert costs is not None, "a row of it is at hand"
    stands = "halls" in costs and (costs.loc[costs["site"] == other, "halls"] == "standing").any()
    return context.say(_(" and in halls that stand")) if stands else ""


def _of_other_work(context: Context, row: dict[str, Any]) -> str:
    """Return the standing of the place for its other workloads that a rival could take."""
    found = context.decided("hub_costs")
    assert found is not None, "a row of it is at hand"
    rows = found[found["site"].isin(list(context.focus)) & found["against_rival"].notna() & (found["best_rival"] != "")]
    parts = [
        context.say(
            _(BESIDE['cheaper' if float(other['against_rival']) < 0 else 'dearer'],
            name=inside(context.workload(str(other["workload"]))), rival=context.site(str(other["best_rival"])),
            share=strong(context.share(abs(float(other["against_rival"])))),
        ))
        for other in run_measures.records(rows.sort_values("against_rival", ascending=False, kind="stable"))
        if other["workload"] != row["workload"]
    ]  # fmt: skip
    return context.say(_(" Of other work: {parts}.", parts=context.show.joined(parts))) if parts else ""


def _of_hub(context: Context, site: str) -> bool:
    """Return True if a site belongs to a national hub."""
    rows = context.scenario["sites"]
    return bool((rows.loc[rows["site"] == site, "hub"] != "").any())


def _held_back(context: Context, row: dict[str, Any], other: str) -> str:
    """Return the reason why another site may not grow by more, so that work comes to a dearer place; blank where it may."""
    costs = context.decided("hub_costs")
    assert costs is not None, "a row of it is at hand"
    there = costs[(costs["site"] == other) & (costs["workload"] == row["workload"])]
    found = [str(why) for why in there["why"] if why in ("pace", "full", "budget")]
    return context.say(CAUSES[found[0]]) if found else ""


def _no_rival(context: Context) -> str:
    """Return the reason why no unit cost at the focus stands beside a rival's."""
    say, costs = context.say, context.decided("hub_costs")
    if costs is None:
        return say(
            _("What a new unit costs here and at rivals was not compared. {why}", why=context.why_not("hub_costs"))
        )
    here = costs[costs["site"].isin(list(context.focus))]
    alone = len(here) and (here["best_rival"] == "").all()
    return say(
        _(
            unfilled(
                "{place} has no rival: no other site could serve a tenth of its work, so what a new unit costs "
                "was compared with none."
            )
            if alone
            else unfilled("No workload has a unit cost both at {place} and at a rival, so none was compared."),
            place=context.focus_name,
        )
    )


def _flip(context: Context, found: pd.DataFrame) -> str:
    """Return the break-even price of power of each build, nearest first, or the end of a search without one."""
    say = context.say
    rows = run_measures.records(found)
    rows.sort(key=lambda row: (not row["found"], abs(float(row["change_cny_per_kwh"]))))
    parts = [
        say(
            _(FLIPS[f"{'loses' if row['direction'] == 'loses at' else 'wins'}_{'at' if row['found'] else 'never'}"],
            what=inside(say(site_comparison.FLIPPED[row["what"]])),
            price=strong(_price(float(row["price_all_in_cny_per_kwh"]))), whither=_whither(context, row),
        ))
        for row in rows
    ]  # fmt: skip
    contract = float(rows[0]["contract_all_in_cny_per_kwh"])
    beside = say(_("list {price}", price=strong(_price(float(rows[0]["list_all_in_cny_per_kwh"])))))
    if math.isfinite(contract):
        beside += say(_(", contract {price}", price=strong(_price(contract))))
    return say(
        _(
            " By the price of power here, demand charge included: {parts} ({beside}).",
            parts=("；" if context.language == "zh" else "; ").join(parts),
            beside=beside,
        )
    )


def _whither(context: Context, row: dict[str, Any]) -> str:
    """Return the hub and the site of no hub that take what is lost here, with the amount if less than half; blank: none."""
    roles = [role for role in ("rival", "other") if row[role]]
    if not roles:
        return ""
    takers = context.show.listed([context.site(str(row[role])) for role in roles])
    lost = abs(float(row["build_mw"]) - float(row["build_after_mw"]))
    taken = sum(float(row[f"{role}_after_mw"]) - float(row[f"{role}_mw"]) for role in roles)
    if taken >= MAINLY * lost:
        return context.say(_(", and goes mainly to {takers}", takers=takers))
    return context.say(
        _(", of which {taken} of {lost} MW go to {takers}", takers=takers, taken=exact(taken, 0), lost=exact(lost, 0))
    )
