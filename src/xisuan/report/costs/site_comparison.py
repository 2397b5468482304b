"""Comparison of sites: cost of a new unit of work at each cluster, and the break-even price of power."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from xisuan.report import run_measures
from xisuan.report.document.blocks import Block, Cell, Choice, Column, Row, Section, Table, Text
from xisuan.report.document.number_cells import figure, percent
from xisuan.report.run_context import Context
from xisuan.text.numbers import MISSING, decimals, exact
from xisuan.text.translation import in_context, unfilled
from xisuan.text.translation import message as _

WHY_NOT = {
    "latency": _("too far: latency"),
    "pace": _("no more may be ordered"),
    "full": _("full"),
    "dearer": _("dearer"),
    "budget": in_context("why", "the budget is used up"),
    "reach": _("the rest is too far: latency"),
    "others": _("no dearer by itself: what stands elsewhere is used first, or others are as cheap"),
}

PART_NAMES = {
    "equipment": _("Equipment"),
    "hall": _("Hall"),
    "power": _("Energy"),
    "pue": in_context("why", "PUE"),
    "demand": _("Demand charge"),
    "green": _("Green"),
    "carbon": _("Carbon"),
    "network": _("Network"),
}

FLIPPED = {
    "compute": _("new equipment"),
    "halls": _("new halls"),
}

PRICED = {
    "list": _("All prices of electricity of this plan are list prices; contracts may be cheaper."),
    "contract": _(
        "Prices of electricity of this plan are contract prices where the scenario has them, list prices elsewhere."
    ),
}

TAKERS = {
    "rival": _("Hub that gains most"),
    "other": _("Site outside the hubs that gains most"),
}

NEW_OF_TAKERS = {
    "rival": _("New at that hub"),
    "other": _("New at that site"),
}

PARTS = {
    "equipment": "equipment_cny",
    "hall": "hall_cny",
    "power": "power_cny",
    "pue": "pue_cny",
    "demand": "demand_charge_cny",
    "green": "green_cny",
    "carbon": "carbon_cny",
    "network": "network_cny",
}
"""What a unit of work costs, part by part: name → column of `hub_costs`."""
POWER_TERMS = ("energy", "demand_charge", "green_premium", "supply_variable")
UPKEEP_TERMS = ("hall_opex", "compute_opex", "supply_opex")


def section(context: Context) -> Section:
    """Return the unit cost by site, a table a workload, and what a kilowatt-hour of IT costs at each site."""
    say = context.say
    found = context.decided("hub_costs")
    blocks: list[Block] = []
    if found is None:
        blocks.append(
            Text(
                say(_("Unit costs of the clusters were not compared. {why}", why=context.why_not("hub_costs"))),
                tone="empty",
            )
        )
    else:
        names = [str(name) for name in context.scenario["workloads"]["workload"].drop_duplicates()]
        names = [name for name in names if (found["workload"] == name).any()]
        groups = tuple((_costs(context, name, found[found["workload"] == name]),) for name in names)
        labels = tuple(context.workload(name) for name in names)
        blocks.append(Choice(say(_("Workload")), labels, groups, _first(found, context, names)))
    if context.scenario.has("power"):
        plan = context.scenario.settings.plan
        priced = plan.power_price
        cases = context.decided("stress")
        west = priced == "list" and cases is not None and cases["case"].str.startswith("west_price").any()
        paid = PRICED[priced]
        if priced == "contract" and plan.contract_zones:
            zones = ", ".join(plan.contract_zones)
            paid = _(
                "Prices of electricity of this plan are contract prices in {zones}, list prices elsewhere.", zones=zones
            )
        blocks.append(Text(say(paid) + (say(_(" A case has the west at less.")) if west else "")))
    if (running := unit_table(context)) is not None:
        blocks.append(running)
    return Section(
        "why",
        say(_("Why here, or not")),
        say(
            _(
                "What a new unit of work costs at each cluster in {year}, on the plan's own prices and hours, "
                "and how dear power may become before the build goes elsewhere.",
                year=context.last,
            )
        ),
        tuple(blocks),
    )


def _first(found: pd.DataFrame, context: Context, names: list[str]) -> int:
    """Return the position of the workload with the highest cost at the focus."""
    rows = found[found["site"].isin(list(context.focus))]
    money = (rows["served_units"] * rows["total_cny"]).groupby(rows["workload"]).sum()
    return max(range(len(names)), key=lambda at: float(money.get(names[at], 0.0)), default=0)


def _costs(context: Context, workload: str, rows: pd.DataFrame) -> Table:
    say = context.say
    rows = rows.sort_values("total_cny", kind="stable", na_position="last")
    most = float(rows["total_cny"].max())
    parts = {name: column for name, column in PARTS.items() if (rows[column] > 0).any()}
    unit = say(_("CNY per {unit}-hour", unit=context.one(str(rows["unit"].iloc[0]))))
    columns = (
        Column(say(_("Site"))),
        Column(say(_("Made up of"))),
        Column(say(_("Total")), number=True),
        *(Column(say(PART_NAMES[name]), number=True) for name in parts),
        Column(say(_("May serve")), "%", number=True),
        Column(say(_("Against best rival")), "%", number=True),
        Column(say(_("Against cheapest site")), "%", number=True),
        Column(say(_("Why not more"))),
    )
    lines = tuple(_cost_row(context, row, parts, most) for row in run_measures.records(rows))
    legend = tuple((say(PART_NAMES[name]), f"unit-{name}") for name in parts)
    title = say(_("What a unit of {name} costs, {unit}", name=context.workload(workload), unit=unit))
    note = say(
        _(
            "Energy at PUE 1; PUE: what cooling and losses add. Network: mean over the demand areas that may "
            "be served. May serve: share of all demand within the latency limit. Compared are sites outside "
            "the hub of the site that could serve a tenth of the work that runs there (where none does, of "
            "what may): the best rival is the cheapest of another hub (of any, if no other has one), the "
            "cheapest site is one of any kind. {halls}{note}",
            halls=standing(context, rows),
            note=context.note("hub_costs"),
        )
    )
    return Table(title, columns, lines, note=note, style="wide", legend=legend)


def standing(context: Context, costs: pd.DataFrame) -> str:
    """Return the sites of rows of `hub_costs` with halls that stand, and so no capital of halls; blank: none of them."""
    if "halls" not in costs:  # runs of before it was written
        return ""
    sites = costs.loc[costs["halls"] == "standing", "site"].drop_duplicates()
    names = context.show.joined([context.site(str(site)) for site in sites])
    return (
        context.say(
            _(
                "Halls are new ones, but at {sites} those that stand, with upkeep and retrofit and without what "
                "they once cost: no halls may be added there. ",
                sites=names,
            )
        )
        if names
        else ""
    )


def _cost_row(context: Context, row: dict[str, Any], parts: dict[str, str], most: float) -> Row:
    say, total = context.say, float(row["total_cny"])
    reason = say(WHY_NOT[row["why"]]) if row["why"] else ""
    values = {name: float(row[column]) for name, column in parts.items()}
    decimals = 3 if most < 10 else 2 if most < 100 else 1
    bars = (
        ()
        if not math.isfinite(total)
        else tuple(
            (value / most, f"unit-{name}") for name, value in values.items() if math.isfinite(value) and value > 0
        )
    )
    beside = tuple(
        percent(float(row[f"against_{what}"]), 1, why=reason, bar=False, signed=True)
        if row[f"best_{what}"] else Cell("")
        for what in ("rival", "site")
    )  # fmt: skip
    return Row(
        (
            Cell(context.site(str(row["site"]))),
            Cell("", parts=bars),
            figure(total, decimals, why=reason),
            *(figure(value, decimals, why=reason or say(_("no such cost here"))) for value in values.values()),
            percent(float(row["eligible_share"]), 0, bar=False),
            *beside,
            Cell(reason),
        ),
        kind=context.row_kind(str(row["site"])),
    )


def break_even(context: Context) -> Block:
    """Return the price of power at which the build flips, beside list and contract price."""
    say, found = context.say, context.decided("break_even")
    if found is None:
        return Text(
            say(_("The break-even price of power was not sought. {why}", why=context.why_not("break_even"))),
            tone="empty",
        )
    unit = say(_("CNY/kWh"))
    columns = (
        Column(say(_("Site"))),
        Column(say(_("What is built"))),
        Column(say(_("Direction"))),
        Column(say(_("Break-even, all in")), unit, number=True),
        Column(say(_("List, all in")), unit, number=True),
        Column(say(_("Contract, all in")), unit, number=True),
        Column(say(_("Break-even, energy part")), unit, number=True),
        Column(say(_("New here")), "MW", number=True),
        *_takers(context, found),
    )
    lines = tuple(_flip_row(context, row, _roles(found)) for row in run_measures.records(found))
    note = say(
        _(
            "All in: energy and demand charge at 85 % load. MW: in the model of this question, which has "
            "fewer hours than the plan, at today's price → at the break-even, or where the search ended "
            "without one. {note}",
            note=context.note("break_even"),
        )
    )
    return Table(say(_("Where the build flips")), columns, lines, note=note, style="wide")


def _roles(found: pd.DataFrame) -> list[str]:
    """Return the roles of takers to show: the hub that gains most, and the site of no hub where one gains."""
    return ["rival", *(["other"] if (found["other"] != "").any() else [])]


def _takers(context: Context, found: pd.DataFrame) -> list[Column]:
    """Columns of who gains what."""
    say = context.say
    return [
        column
        for role in _roles(found)
        for column in (Column(say(TAKERS[role])), Column(say(NEW_OF_TAKERS[role]), "MW", number=True))
    ]


def _taker(context: Context, row: dict[str, Any], role: str) -> tuple[Cell, Cell]:
    """Return the taker, and its build before and after."""
    if not row[role]:
        lone = Cell(MISSING, tip=context.say(_("no such site gains")))
        return lone, lone
    return Cell(context.site(str(row[role]))), Cell(_moves(row[f"{role}_mw"], row[f"{role}_after_mw"]))


def _flip_row(context: Context, row: dict[str, Any], roles: list[str]) -> Row:
    """Return the row of one break-even search; a search without a result shows no price."""
    say = context.say
    loses, at = row["direction"] == "loses at", str(row["site"])
    prices = [figure(float(row[name]), 3) for name in ("price_all_in_cny_per_kwh", "price_cny_per_kwh")]
    if row["found"]:
        direction = say(_("loses the build above") if loses else _("wins the build below"))
    else:
        direction = say(_("keeps the build at least up to") if loses else _("wins no build at least down to"))
        key = unfilled("none up to {price}") if loses else unfilled("none down to {price}")
        prices = [Cell(say(_(key, price=price.text))) for price in prices]
    return Row(
        (
            Cell(context.spot(at)),
            Cell(say(FLIPPED[row["what"]])),
            Cell(direction),
            prices[0],
            figure(float(row["list_all_in_cny_per_kwh"]), 3),
            figure(float(row["contract_all_in_cny_per_kwh"]), 3, why=say(_("no contract price is given"))),
            prices[1],
            Cell(_moves(row["build_mw"], row["build_after_mw"])),
            *(cell for role in roles for cell in _taker(context, row, role)),
        ),
        kind="marked",
    )


def _moves(before: float, after: float) -> str:
    digits = decimals([float(before), float(after)])
    return f"{exact(float(before), digits)} → {exact(float(after), digits)}"


def unit_costs(context: Context) -> pd.DataFrame:
    """Return figures by site in the last year.

    Columns: cost of power and of upkeep in CNY per kWh of IT energy, mean price of grid energy, PUE.
    """
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


def unit_table(context: Context) -> Table | None:
    """Return the running cost of a kilowatt-hour of IT at each site in the last year; None where nothing runs."""
    say = context.say
    found = unit_costs(context)
    if not len(found):
        return None
    found = found.assign(all=found["power"] + found["upkeep"]).sort_values("all", kind="stable")
    unit = say(_("CNY/kWh"))
    columns = (
        Column(say(_("Site"))),
        Column(say(_("Grid energy")), unit, number=True),
        Column("PUE", number=True),
        Column(say(_("Power per kWh of IT")), unit, number=True),
        Column(say(_("Upkeep per kWh of IT")), unit, number=True),
        Column(say(_("Both")), unit, number=True),
    )
    most = float(found["all"].max())
    lines = tuple(
        Row(
            (
                Cell(context.site(str(site))),
                figure(row["price"], 3, why=say(_("takes nothing from the grid"))),
                figure(row["pue"], 2),
                figure(row["power"], 3),
                figure(row["upkeep"], 3),
                figure(row["all"], 3, bar=row["all"] / most if most > 0 else None),
            ),
            kind=context.row_kind(str(site)),
        )
        for site, row in found.iterrows()
    )
    return Table(
        say(_("Cost of running a kilowatt-hour of IT, {year}", year=context.last)),
        columns,
        lines,
        note=say(_("Power: energy, demand charges, green premium and own supply. Capital is not included.")),
    )
