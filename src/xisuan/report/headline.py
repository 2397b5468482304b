"""Section 1: what the plan says, in a handful of sentences and big numbers."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from xisuan.report import measures
from xisuan.report.context import Context
from xisuan.report.figures import GAP, large_unit, plain
from xisuan.report.specs import Block, Key, Keys, Section, Text
from xisuan.report.stress import hours_tried, region_name, workload_name

LEAST_SHARE = 0.005
"""Work of which less than this comes is said to stay."""


def section(context: Context) -> Section:
    """The headline."""
    sentences = [
        _built(context),
        _starts(context),
        _cost(context),
        _payers(context),
        _moves(context),
        _power(context),
        _other_days(context),
        _trust(context),
    ]
    said = tuple(sentence for sentence in sentences if sentence)
    blocks: tuple[Block, ...] = (Keys(_keys(context)), Text(items=said, tone="lead"))
    return Section("headline", context.say("headline.title"), blocks=blocks)


def computing(context: Context, period: int) -> list[str]:
    """What the focus has in use in a period, by class and precision, largest first."""
    rows = measures.equipment(context.run, context.run.plan.capacity)
    rows = rows[(rows["period"] == period) & rows["where"].isin(list(context.focus))]
    return [amount_of(context, row) for row in measures.records(measures.by_class(rows)) if row["amount"] > 0]


def amount_of(context: Context, row: dict[str, Any], named: bool = True) -> str:
    """One class of equipment in EFLOPS at its precision, or in its own unit where it has none."""
    kind = str(row["class"])
    name = context.say.known("class", kind) if named else ""
    eflops = float(row["eflops"])
    if math.isfinite(eflops):
        key = "headline.eflops_of" if named else "headline.eflops"
        return context.say(key, value=plain(eflops), precision=row["precision"] or "", name=name).rstrip(GAP)
    factor, unit = large_unit(row["amount"], row["unit"])
    key = "headline.units_of" if named else "headline.units"
    return context.say(key, value=plain(row["amount"] * factor), unit=unit, name=name)


def _it(context: Context, period: int) -> tuple[float, float]:
    """IT power in use at the focus, and of it what is new."""
    rows = measures.it_mw(context.run, period).reindex(list(context.focus)).fillna(0.0)
    return float(rows["mw"].sum()), float((rows["mw"] - rows["existing"]).sum())


def _halls(context: Context, period: int) -> float:
    return float(measures.hall_mw(context.run, period).reindex(list(context.focus)).sum())


def _built(context: Context) -> str:
    installed, new = _it(context, context.last)
    if installed == 0:
        return context.say("headline.nothing", place=context.focus_name, year=context.last)
    halls = _halls(context, context.last)
    name = context.both("sites", context.focus[0]) if len(context.focus) == 1 else context.focus_name
    return context.say(
        "headline.built" if halls > 0 else "headline.built_no_halls",
        year=context.last,
        place=name,
        halls=context.show.mw(halls),
        racks=context.show.racks(halls),
        installed=context.show.mw(installed),
        new=context.show.mw(new),
        computing=context.show.listed(computing(context, context.last)),
    )


def _ordered(context: Context) -> pd.DataFrame:
    builds = measures.orders(context.run)
    return builds[builds["where"].isin(list(context.focus)) & (builds["capex_mcny"] > 0)]


def _starts(context: Context) -> str:
    orders = _ordered(context)
    if not len(orders):
        return context.say("headline.no_orders", place=context.focus_name)
    by_year = orders.groupby("period")["capex_mcny"].sum()
    first, most = int(by_year.index.min()), int(by_year.index[int(by_year.to_numpy().argmax())])
    halls = orders[orders["asset"] == "hall"]
    halls = halls[halls["period"] == halls["period"].min()]
    tail = ""
    if len(halls):
        tail = context.say(
            "headline.first_halls",
            mw=context.show.mw(float(halls["amount"].sum())),
            ordered=int(halls["period"].min()),
            used=int(halls["in_use_from"].min()),
        )
    return context.say(
        "headline.starts",
        first=first,
        first_money=context.show.money(float(by_year.loc[first])),
        most=most,
        most_money=context.show.money(float(by_year.loc[most])),
        halls=tail,
        place=context.focus_name,
    )


def _cost(context: Context) -> str:
    plan = context.run.plan
    return context.say(
        "headline.cost",
        total=context.show.money(plan.cost_mcny),
        span=context.span,
        base=context.scenario.settings.base_year,
        rate=context.show.share(context.scenario.settings.discount_rate),
        orders=context.show.money(float(plan.builds["capex_mcny"].sum())),
        here=context.show.money(float(_ordered(context)["capex_mcny"].sum())),
        place=context.focus_name,
    )


def _payers(context: Context) -> str:
    money = context.run.plan.builds.groupby("investor")["capex_mcny"].sum().sort_values(ascending=False)
    money = money[money > 0]
    if not len(money):
        return ""
    parts = [
        context.say(
            "headline.payer",
            name=context.investor(str(name)),
            money=context.show.money(float(value)),
            share=context.show.share(float(value / money.sum())),
        )
        for name, value in money.head(4).items()
    ]
    return context.say("headline.payers", parts=context.show.listed(parts))


def _moves(context: Context) -> str:
    workloads = context.scenario["workloads"].drop_duplicates("workload")
    regions, called = context.senders
    if not len(workloads) or not regions:
        return ""
    tight = workloads.sort_values("latency_ms")["workload"].iloc[0] if workloads["latency_ms"].notna().any() else ""
    shares = {
        str(name): measures.share_served(context.run, context.last, str(name), regions, context.focus)
        for name in workloads["workload"]
    }
    coming = sorted(
        (name for name in shares if name != tight and shares[name] > 0.0005), key=lambda name: -shares[name]
    )
    parts = [
        context.say("headline.share_of", share=context.show.share(shares[name]), name=context.workload(name))
        for name in coming[:4]
    ]
    stays = _stays(context, str(tight), shares[str(tight)]) if tight else ""
    if not parts and stays and shares[str(tight)] >= LEAST_SHARE:
        return stays.strip()
    key = "headline.moves" if parts else "headline.moves_nothing"
    listed = context.show.listed(parts)
    return context.say(key, year=context.last, regions=called, parts=listed, place=context.focus_name) + stays


def _stays(context: Context, workload: str, share: float) -> str:
    distance = measures.mean_distance_km(context.run, context.last, workload)
    rows = context.scenario["workloads"].set_index("workload")
    if not math.isfinite(distance) or not math.isfinite(share):
        return ""
    return context.say(
        "headline.stays" if share < LEAST_SHARE else "headline.mostly_stays",
        name=context.workload(workload),
        limit=plain(float(rows["latency_ms"].dropna().get(workload, math.nan))),
        share=context.show.share(share),
        km=plain(round(distance)),
    )


def _power(context: Context) -> str:
    rows = context.energy
    rows = rows[(rows["period"] == context.last) & rows["site"].isin(list(context.focus))]
    if not len(rows):
        return ""
    found = context.run.plan.emissions
    found = found[(found["period"] == context.last) & found["site"].isin(list(context.focus))]
    return context.say(
        "headline.power",
        year=context.last,
        place=context.focus_name,
        peak=context.show.mw(measures.peak_grid_mw(context.run, context.last, context.focus)),
        energy=context.show.energy(float(rows["facility_mwh"].sum())),
        location=context.show.carbon(float(found["location_t"].sum())),
        market=context.show.carbon(float(found["market_t"].sum())),
    )


def _other_days(context: Context) -> str:
    others = context.run.others
    if others is None:
        return context.say("headline.not_tried")
    short = others.shortfall
    hours = hours_tried(context, others)
    if others.status != "short" or not len(short):
        return context.say("headline.all_served", hours=hours)
    worst = measures.records(short.sort_values("share", ascending=False, kind="stable"))[0]
    return context.say(
        "headline.short",
        hours=hours,
        share=context.show.tiny(worst["share"]),
        workload=workload_name(context, worst["workload"]),
        region=region_name(context, worst["region"]),
        year=int(worst["period"]),
    )


def _trust(context: Context) -> str:
    plan = context.run.plan
    key = "headline.unchecked"
    if plan.certificate is not None:
        key = "headline.certified" if plan.certificate.ok else "headline.refused"
    movable = measures.movable_cost(context.run)
    cost = plan.objective - plan.lower_bound
    share = cost / movable if movable > 0 and context.scenario.settings.objective == "cost" else math.nan
    said = context.say(key, gap=context.show.tiny(plan.gap).lstrip("<"))
    return said + (
        context.say("headline.movable", share=context.show.tiny(share).lstrip("<")) if math.isfinite(share) else ""
    )


def _keys(context: Context) -> tuple[Key, ...]:
    say, show = context.say, context.show
    capacity = measures.equipment(context.run, context.run.plan.capacity)
    rows = capacity[(capacity["period"] == context.last) & capacity["where"].isin(list(context.focus))]
    classes = [row for row in measures.records(measures.by_class(rows)) if math.isfinite(float(row["eflops"]))]
    halls = _halls(context, context.last)
    energy = context.energy
    energy = energy[(energy["period"] == context.last) & energy["site"].isin(list(context.focus))]
    texts = [(show.racks(halls), say("headline.key_racks", year=context.last))] if halls > 0 else []
    texts += [
        (
            amount_of(context, row, named=False),
            say("headline.key_class", name=say.known("class", str(row["class"])), year=context.last),
        )
        for row in classes[:1]
    ]
    texts += [
        (show.money(float(_ordered(context)["capex_mcny"].sum())), say("headline.key_money", span=context.span)),
        (show.energy(float(energy["facility_mwh"].sum())), say("headline.key_energy", year=context.last)),
        (show.money(context.run.plan.cost_mcny), say("headline.key_cost", span=context.span)),
    ]
    return tuple(Key(value.partition(GAP)[0], value.partition(GAP)[2], label) for value, label in texts)
