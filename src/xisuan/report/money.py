"""Section 5: what it costs, by term, year and investor, and what a kilowatt-hour of IT costs at each site."""

from __future__ import annotations

import pandas as pd

from xisuan.report import measures
from xisuan.report.context import Context
from xisuan.report.figures import exact
from xisuan.report.orders import in_money, years
from xisuan.report.specs import Bars, Beside, Block, Cell, Column, Row, Section, Series, Table, Text
from xisuan.results.plan import COST_TERMS

KINDS: dict[str, tuple[str, ...]] = {
    "halls": ("hall_capex", "retrofit_capex", "opening"),
    "equipment": ("compute_capex",),
    "links": ("link_capex",),
    "supply": ("supply_capex",),
    "access": ("access_capex", "route_capex"),
    "power": ("energy", "access_energy", "demand_charge", "green_premium", "carbon_price", "supply_variable"),
    "upkeep": ("hall_opex", "compute_opex", "supply_opex", "access_opex"),
    "network": ("transmission", "serving"),
    "penalties": ("unserved",),
}
"""How the terms are drawn together."""

POWER_TERMS = ("energy", "demand_charge", "green_premium", "supply_variable")
UPKEEP_TERMS = ("hall_opex", "compute_opex", "supply_opex")


def section(context: Context) -> Section:
    """Charts of capital and running cost, the terms by year, investors, unit costs."""
    say = context.say
    costs = context.run.plan.costs
    if not len(costs):
        return Section("money", say("money.title"), blocks=(Text(say("money.none"), tone="empty"),))
    charts = tuple(
        chart
        for chart in (
            _chart(context, measures.capital(context.run), say("money.capital"), say("axis.ordered")),
            _chart(context, measures.running(context.run), say("money.running"), say("axis.year")),
        )
        if chart is not None
    )
    blocks: list[Block] = [Beside(charts), _terms(context, costs)]
    investors = _investors(context)
    blocks += [investors] if investors else []
    blocks.append(_unit_costs(context))
    total = context.show.money(float(costs["discounted_mcny"].sum()))
    lead = say(
        "money.lead",
        total=total,
        base=context.scenario.settings.base_year,
        capital=say(f"money.{context.scenario.settings.capital}"),
    )
    return Section("money", say("money.title"), lead, tuple(blocks))


def _chart(context: Context, costs: pd.DataFrame, title: str, across: str) -> Bars | None:
    series = []
    for kind, terms in KINDS.items():
        sums = costs[costs["term"].isin(terms)].groupby("period")["mcny"].sum()
        values = tuple(float(sums.get(period, 0.0)) / context.money.divisor for period in context.periods)
        if any(values):
            series.append(Series(context.say(f"money.kind_{kind}"), values, f"cost-{kind}"))
    return Bars(title, context.money.unit, across, years(context), tuple(series)) if series else None


def _terms(context: Context, costs: pd.DataFrame) -> Table:
    say = context.say
    by_year = costs.groupby(["term", "period"])["mcny"].sum().to_dict()
    discounted = costs.groupby("term")["discounted_mcny"].sum()
    total = float(discounted.sum())
    order = [term for term in COST_TERMS if any(by_year.get((term, period), 0.0) for period in context.periods)]
    columns = [
        Column(say("col.term")),
        *(Column(str(period), context.money.unit, number=True) for period in context.periods),
    ]
    columns += [
        Column(say("col.discounted"), context.money.unit, number=True),
        Column(say("col.share"), "%", number=True),
    ]
    lines = [
        Row(
            (
                Cell(say(f"term.{term}")),
                *(Cell(in_money(context, by_year.get((term, period), 0.0))) for period in context.periods),
                Cell(
                    in_money(context, float(discounted[term])),
                    bar=max(0.0, float(discounted[term])) / total if total > 0 else None,
                ),
                Cell(exact(100 * float(discounted[term]) / total, 1) if total else ""),
            )
        )
        for term in order
    ]
    sums = [
        Cell(in_money(context, sum(by_year.get((term, period), 0.0) for term in order))) for period in context.periods
    ]
    lines.append(Row((Cell(say("word.total")), *sums, Cell(in_money(context, total)), Cell("100")), kind="total"))
    return Table(say("money.terms"), tuple(columns), tuple(lines), note=say("money.terms_note"))


def _investors(context: Context) -> Table | None:
    say = context.say
    costs = measures.capital(context.run)
    if not len(costs):
        return None
    sums = costs.groupby(["investor", "period"])["mcny"].sum().to_dict()
    totals = costs.groupby("investor")["mcny"].sum().sort_values(ascending=False, kind="stable")
    here = costs[costs["where"].isin(list(context.focus))].groupby("investor")["mcny"].sum()
    columns = [
        Column(say("col.investor")),
        *(Column(str(period), context.money.unit, number=True) for period in context.periods),
    ]
    columns += [
        Column(say("word.total"), context.money.unit, number=True),
        Column(say("col.share"), "%", number=True),
        Column(say("col.of_it_here", place=context.focus_name), context.money.unit, number=True),
    ]
    whole = float(totals.sum())
    lines = [
        Row(
            (
                Cell(context.investor(str(name))),
                *(Cell(in_money(context, sums.get((name, period), 0.0))) for period in context.periods),
                Cell(
                    in_money(context, float(value)),
                    bar=float(value) / float(totals.iloc[0]) if totals.iloc[0] > 0 else None,
                ),
                Cell(exact(100 * float(value) / whole, 1) if whole else ""),
                Cell(in_money(context, float(here.get(name, 0.0)))),
            )
        )
        for name, value in totals.items()
        if value > 0
    ]
    return Table(say("money.investors"), tuple(columns), tuple(lines), note=say("money.investors_note"))


def unit_costs(context: Context) -> pd.DataFrame:
    """By site in the last year: CNY per kWh of IT energy for power and for upkeep, mean price of grid energy, PUE."""
    costs = context.run.plan.costs
    costs = costs[costs["period"] == context.last]
    energy = context.energy
    energy = energy[(energy["period"] == context.last) & (energy["it_mwh"] > 0)].set_index("site")

    def per_kwh(terms: tuple[str, ...]) -> pd.Series:
        sums = costs[costs["term"].isin(terms)].groupby("where")["mcny"].sum()
        return sums.reindex(energy.index).fillna(0.0) / energy["it_mwh"] * 1e3

    price = energy["paid_mcny"] / energy["grid_mwh"].where(energy["grid_mwh"] > 0) * 1e3
    return pd.DataFrame(
        {"power": per_kwh(POWER_TERMS), "upkeep": per_kwh(UPKEEP_TERMS), "price": price, "pue": energy["pue"]}
    )


def levelised(context: Context) -> float:
    """Discounted cost of the whole plan per discounted kWh of IT energy, CNY."""
    timeline = context.scenario.timeline
    weight = dict(zip(timeline.periods, timeline.period_discount.tolist(), strict=True))
    energy = context.energy
    total = float((energy["it_mwh"] * energy["period"].map(weight)).sum())
    return context.run.plan.cost_mcny / total * 1e3 if total > 0 else float("nan")


def _unit_costs(context: Context) -> Table:
    say = context.say
    found = unit_costs(context)
    found = found.assign(all=found["power"] + found["upkeep"]).sort_values("all", kind="stable")
    unit = say("unit.price")
    columns = (
        Column(say("col.site")),
        Column(say("col.grid_price"), unit, number=True),
        Column("PUE", number=True),
        Column(say("col.power_per_it"), unit, number=True),
        Column(say("col.upkeep_per_it"), unit, number=True),
        Column(say("col.both_per_it"), unit, number=True),
    )
    most = float(found["all"].max()) if len(found) else 1.0
    lines = tuple(
        Row(
            (
                Cell(context.site(str(site))),
                Cell(exact(row["price"], 3)),
                Cell(exact(row["pue"], 2)),
                Cell(exact(row["power"], 3)),
                Cell(exact(row["upkeep"], 3)),
                Cell(exact(row["all"], 3), bar=row["all"] / most),
            ),
            kind="marked" if site in context.focus else "plain",
        )
        for site, row in found.iterrows()
    )
    note = say("money.unit_note", levelised=exact(levelised(context), 2))
    return Table(say("money.unit_costs", year=context.last), columns, lines, note=note)
