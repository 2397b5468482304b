"""Section 7: why here or not: what a new unit of work costs at each cluster, the break-even price of power."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from xisuan.report import run_measures
from xisuan.report.document.blocks import Block, Cell, Choice, Column, Row, Section, Table, Text
from xisuan.report.document.number_cells import figure, percent
from xisuan.report.run_context import Context
from xisuan.text.numbers import MISSING, decimals, exact

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
LEAST_ELIGIBLE = 0.001
POWER_TERMS = ("energy", "demand_charge", "green_premium", "supply_variable")
UPKEEP_TERMS = ("hall_opex", "compute_opex", "supply_opex")


def section(context: Context) -> Section:
    """Unit cost by site, a table a workload; break-even; what a kilowatt-hour of IT costs at each site."""
    say = context.say
    found = context.decided("hub_costs")
    blocks: list[Block] = []
    if found is None:
        blocks.append(Text(say("why.not_asked", why=context.why_not("hub_costs")), tone="empty"))
    else:
        names = [str(name) for name in context.scenario["workloads"]["workload"].drop_duplicates()]
        names = [name for name in names if (found["workload"] == name).any()]
        groups = tuple((_costs(context, name, found[found["workload"] == name]),) for name in names)
        labels = tuple(context.workload(name) for name in names)
        blocks.append(Choice(say("service.choose"), labels, groups, _first(found, context, names)))
    if context.scenario.has("power"):
        priced = context.scenario.settings.plan.power_price
        cases = context.decided("stress")
        west = priced == "list" and cases is not None and cases["case"].str.startswith("west_price").any()
        blocks.append(Text(say(f"why.priced_{priced}") + (say("why.priced_west") if west else "")))
    blocks.append(_break_even(context))
    if (running := unit_table(context)) is not None:
        blocks.append(running)
    return Section("why", say("why.title"), say("why.lead", year=context.last), tuple(blocks))


def _first(found: pd.DataFrame, context: Context, names: list[str]) -> int:
    """The workload that most money hangs on at the focus."""
    rows = found[found["site"].isin(list(context.focus))]
    money = (rows["served_units"] * rows["total_cny"]).groupby(rows["workload"]).sum()
    return max(range(len(names)), key=lambda at: float(money.get(names[at], 0.0)), default=0)


def _costs(context: Context, workload: str, rows: pd.DataFrame) -> Table:
    say = context.say
    rows = rows.sort_values("total_cny", kind="stable", na_position="last")
    most = float(rows["total_cny"].max())
    parts = {name: column for name, column in PARTS.items() if (rows[column] > 0).any()}
    unit = say("why.per", unit=context.one(str(rows["unit"].iloc[0])))
    columns = (
        Column(say("col.site")),
        Column(say("why.made_of")),
        Column(say("why.total"), number=True),
        *(Column(say(f"why.{name}"), number=True) for name in parts),
        Column(say("why.eligible"), "%", number=True),
        Column(say("why.against_rival"), "%", number=True),
        Column(say("why.against_site"), "%", number=True),
        Column(say("why.why")),
    )
    lines = tuple(_cost_row(context, row, parts, most) for row in run_measures.records(rows))
    legend = tuple((say(f"why.{name}"), f"unit-{name}") for name in parts)
    title = say("why.costs", name=context.workload(workload), unit=unit)
    note = say("why.costs_note", halls=standing(context, rows), note=context.note("hub_costs"))
    return Table(title, columns, lines, note=note, style="wide", legend=legend)


def standing(context: Context, costs: pd.DataFrame) -> str:
    """Which sites of rows of `hub_costs` are given halls that stand, and so no capital of halls; blank: none of them."""
    if "halls" not in costs:  # runs of before it was written
        return ""
    sites = costs.loc[costs["halls"] == "standing", "site"].drop_duplicates()
    names = context.show.joined([context.site(str(site)) for site in sites])
    return context.say("why.standing", sites=names) if names else ""


def _cost_row(context: Context, row: dict[str, Any], parts: dict[str, str], most: float) -> Row:
    say, total = context.say, float(row["total_cny"])
    reason = say(f"why.not_{row['why']}") if row["why"] else ""
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
            *(figure(value, decimals, why=reason or say("why.no_part")) for value in values.values()),
            percent(float(row["eligible_share"]), 0, bar=False),
            *beside,
            Cell(reason),
        ),
        kind=context.row_kind(str(row["site"])),
    )


def _break_even(context: Context) -> Block:
    """The price of power at which the build flips, beside list and contract price."""
    say, found = context.say, context.decided("break_even")
    if found is None:
        return Text(say("why.no_price", why=context.why_not("break_even")), tone="empty")
    unit = say("unit.price")
    columns = (
        Column(say("col.site")),
        Column(say("why.what")),
        Column(say("why.direction")),
        Column(say("why.flips_at"), unit, number=True),
        Column(say("why.list"), unit, number=True),
        Column(say("why.contract"), unit, number=True),
        Column(say("why.energy_only"), unit, number=True),
        Column(say("why.new_here"), "MW", number=True),
        *_takers(context, found),
    )
    lines = tuple(_flip_row(context, row, _roles(found)) for row in run_measures.records(found))
    note = say("why.break_even_note", note=context.note("break_even"))
    return Table(say("why.break_even"), columns, lines, note=note, style="wide")


def _roles(found: pd.DataFrame) -> list[str]:
    """Whom to show: the hub that gains most, and the site of none where one does."""
    return ["rival", *(["other"] if (found["other"] != "").any() else [])]


def _takers(context: Context, found: pd.DataFrame) -> list[Column]:
    """Columns of who gains what."""
    say = context.say
    return [
        column
        for role in _roles(found)
        for column in (Column(say(f"why.{role}")), Column(say(f"why.new_{role}"), "MW", number=True))
    ]


def _taker(context: Context, row: dict[str, Any], role: str) -> tuple[Cell, Cell]:
    """Who gains, and its build before and after."""
    if not row[role]:
        lone = Cell(MISSING, tip=context.say("why.no_rival"))
        return lone, lone
    return Cell(context.site(str(row[role]))), Cell(_moves(row[f"{role}_mw"], row[f"{role}_after_mw"]))


def _flip_row(context: Context, row: dict[str, Any], roles: list[str]) -> Row:
    """One search; where it ended without a flip, no price is shown as if it were one."""
    say = context.say
    loses, at = row["direction"] == "loses at", str(row["site"])
    prices = [figure(float(row[name]), 3) for name in ("price_all_in_cny_per_kwh", "price_cny_per_kwh")]
    if row["found"]:
        direction = say("why.loses_at" if loses else "why.wins_at")
    else:
        direction = say("why.keeps" if loses else "why.not_won")
        key = "why.none_up_to" if loses else "why.none_down_to"
        prices = [Cell(say(key, price=price.text)) for price in prices]
    return Row(
        (
            Cell(context.spot(at)),
            Cell(say(f"why.flip_{row['what']}")),
            Cell(direction),
            prices[0],
            figure(float(row["list_all_in_cny_per_kwh"]), 3),
            figure(float(row["contract_all_in_cny_per_kwh"]), 3, why=say("why.no_contract")),
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


def unit_table(context: Context) -> Table | None:
    """What a kilowatt-hour of IT costs to run at each site in the last year; None where nothing runs."""
    say = context.say
    found = unit_costs(context)
    if not len(found):
        return None
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
    most = float(found["all"].max())
    lines = tuple(
        Row(
            (
                Cell(context.site(str(site))),
                figure(row["price"], 3, why=say("why.no_grid")),
                figure(row["pue"], 2),
                figure(row["power"], 3),
                figure(row["upkeep"], 3),
                figure(row["all"], 3, bar=row["all"] / most if most > 0 else None),
            ),
            kind=context.row_kind(str(site)),
        )
        for site, row in found.iterrows()
    )
    return Table(say("why.running", year=context.last), columns, lines, note=say("why.running_note"))
