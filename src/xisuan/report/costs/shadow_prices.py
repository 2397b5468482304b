"""Shadow prices of binding limits and rules, in words.

Every line is the value of one more unit of a right side. A rule on yearly use (MWh, tonnes, cubic metres) has a price in
money of the year for a unit of the year: the price of a period is divided by the discount factors of its years. All
other prices are the discounted saving over the horizon. Lines of different units are sorted by the discounted saving,
to first order, from one per cent more of the limit, or one percentage point more of a share.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from xisuan import units
from xisuan.equations.notation import OWN
from xisuan.report import run_measures, terms
from xisuan.report.run_context import Context
from xisuan.scenario.queries.contingencies import contingencies
from xisuan.scenario.queries.own_rules import own_rules
from xisuan.scenario.queries.row_keys import first_part
from xisuan.scenario.schema.policy_tables import INVESTOR, REACH_RULES
from xisuan.text.numbers import GAP, SAVED, plain
from xisuan.text.translation import in_context, unfilled
from xisuan.text.translation import message as _

BINDING = {
    "budget": unfilled("One more million CNY of the {year} budget for {scope} saves {money}."),
    "bound_on_hall": unfilled("The limit of halls at {place} ({year}) binds: one more MW of room saves {money}."),
    "fleet_within_site": unfilled("The limit of IT power at {place} ({year}) binds: one more MW saves {money}."),
    "bound_on_build": unfilled(
        "The limit of orders of {technology} at {place} ({year}) binds: one more {unit} saves {money}."
    ),
    "bound_on_installed": unfilled(
        "The most of {technology} at {place} ({year}) binds: one more {unit} saves {money}."
    ),
    "bound_on_installed_least": unfilled(
        "The least of {technology} at {place} ({year}) binds: one {unit} less saves {money}."
    ),
    "bound_on_capacity": unfilled("The limit of the link {place} ({year}) binds: one more Gbps saves {money}."),
    "bound_on_capacity_least": unfilled("The least of the link {place} ({year}) binds: one Gbps less saves {money}."),
    "bound_on_supply": unfilled("The limit of own supply at {place} ({year}) binds: one more MW saves {money}."),
    "grid_within_zone": unfilled(
        "The limit of the grid connection of zone {place} ({year}) binds: one more MW all year saves {money}."
    ),
    "traffic_within_link": unfilled(
        "The link {place} is full at times in {year}: one more Gbps of capacity saves {money}."
    ),
    "traffic_within_link_most": unfilled(
        "The link {place} is at times in {year} at its most allowed load, {share}: one more Gbps of "
        "capacity saves {money}."
    ),
    "grid_within_zone_failing": unfilled(
        "The limit of the grid connection of zone {place} ({year}) binds, at least during contingencies: one more MW all"
        " year saves {money}."
    ),
    "traffic_within_link_failing": unfilled(
        "The link {place} is full in {year}, at least during contingencies: one more Gbps of capacity saves {money}."
    ),
    "occupancy_min": unfilled(
        "The occupancy rule (上架率) for {scope} costs in {year}: one MW less to fill saves {money}."
    ),
    "utilisation_min": unfilled(
        "The utilisation rule (算力利用率) for {class} at {scope} costs in {year}: one unit-hour less saves "
        "{money} (undiscounted)."
    ),
    "hub_share_min": unfilled(
        "The share of new compute that belongs in hubs ({scope}) costs in {year}: one EFLOPS FP32 less saves {money}."
    ),
    "intelligent_share_min": unfilled(
        "The share of intelligent computing for {scope} costs in {year}: one EFLOPS FP32 less saves {money}."
    ),
    "green_share_min": unfilled(
        "The green rule for {scope} costs in {year}: each MWh that must be green costs {money} (undiscounted)."
    ),
    "clean_share_hourly_min": unfilled(
        "The hourly clean share for {scope} costs in {year}: one MW less of clean power in every hour saves {money}."
    ),
    "clean_share_monthly_min": unfilled(
        "The monthly clean share for {scope} costs in {year}: one MWh less of clean power in {month} saves {money}"
        " (undiscounted)."
    ),
    "pue_max": unfilled("The PUE rule for {scope} costs in {year}: each MWh it forbids costs {money} (undiscounted)."),
    "carbon_cap_t": unfilled(
        "The location-based carbon cap for {scope} costs in {year}: one more tonne saves {money} (undiscounted)."
    ),
    "carbon_cap_market_t": unfilled(
        "The market-based carbon cap for {scope} costs in {year}: one more tonne saves {money} (undiscounted)."
    ),
    "water_cap_m3": unfilled(
        "The water cap for {scope} costs in {year}: one more cubic metre saves {money} (undiscounted)."
    ),
    "reach_eflops_fp16": unfilled(
        "The target for computing power of {scope} costs in {year}: one EFLOPS FP16 less saves {money}."
    ),
    "reach_racks": unfilled("The target for racks of {scope} costs in {year}: one MW (400 racks) less saves {money}."),
    "reach_investment_mcny": unfilled(
        "The target for investment of {scope} costs in {year}: one million CNY less saves {money}."
    ),
    "reach_gigabit_cities": unfilled(
        "The number of gigabit cities aimed at costs in {year}: one city less saves {money}."
    ),
    "own_at_most": unfilled("The own rule {rule} binds in {year}: one more {unit} saves {money}."),
    "own_at_least": unfilled("The own rule {rule} binds in {year}: one {unit} less saves {money}."),
    "own_equal": unfilled("The own rule {rule} binds in {year}: a change of its value by one {unit} saves {money}."),
    "own_at_most_of_year": unfilled(
        "The own rule {rule} binds in {year}: one more {unit} a year saves {money} (undiscounted)."
    ),
    "own_at_least_of_year": unfilled(
        "The own rule {rule} binds in {year}: one {unit} less a year saves {money} (undiscounted)."
    ),
    "own_at_most_hourly": unfilled("The own rule {rule} binds in {year}: one more {unit} in every hour saves {money}."),
    "own_at_least_hourly": unfilled(
        "The own rule {rule} binds in {year}: one {unit} less in every hour saves {money}."
    ),
}

LEAST_WORTH = 1e-8
"""Savings below this share of the cost of the plan are rounding."""

LEASTS = {"bound on installed": "min_units", "bound on capacity": "min_gbps"}
"""Bounds that also have a lower side, with the column of it."""

OF_A_YEAR = (
    *("utilisation_min", "green_share_min", "clean_share_monthly_min", "pue_max"),
    *("carbon_cap_t", "carbon_cap_market_t", "water_cap_m3"),
)
"""Rules on what a year uses: their price is that of a unit of the year."""
OF_ORDERS = ("budget", "bound on build", "hub_share_min", "reach_investment_mcny")
"""Limits on what is ordered in a period, which is in its first year."""
GIVEN: dict[str, tuple[str, str]] = {
    "bound on hall": ("halls", "limit_mw"),
    "fleet_within_site": ("sites", "it_limit_mw"),
    "bound on build": ("limits", "max_build_units"),
    "bound on installed": ("limits", "max_units"),
    "bound on capacity": ("links", "limit_gbps"),
    "bound on supply": ("supply", "limit_mw"),
    "grid_within_zone": ("power", "grid_limit_mw"),
}
"""Limits that are a cell of a table, found by the names of their item. One that holds for several periods is one
limit: what stands stays from period to period, so that only all of them together have a price."""

DURING_FAILURES = {"recourse_within_zone": "grid_within_zone", "recourse_within_link": "traffic_within_link"}
"""Constraints of a contingency → those of normal operation that have the same limit: one more unit of it relaxes both."""

Size = Callable[[Context, int, str, bool], float]


def worth(context: Context) -> pd.DataFrame:
    """Return the rows of `prices` that belong to limits or rules, the largest saving first.

    A limit that a table gives for several periods is one row, with its prices added up. Additional columns: `periods`
    of the limit, `failing` (some of the price is of contingencies), and `worth`, the saving from one per cent more of it
    in mCNY.
    """
    prices = _with_failures(context, context.run.plan.prices)
    rows = _joined(context, prices[prices["constraint"].isin(list(SIZES))])
    sizes = [
        SIZES[row["constraint"]](context, row["period"], row["item"], row["least"])
        for row in run_measures.records(rows)
    ]
    valued = rows.assign(worth=rows["value"].abs() * pd.Series(sizes, index=rows.index, dtype=float) * 0.01)
    valued = valued[valued["worth"] > LEAST_WORTH * abs(context.run.plan.cost_mcny)]
    return valued.sort_values("worth", ascending=False, kind="stable").reset_index(drop=True)


def _with_failures(context: Context, prices: pd.DataFrame) -> pd.DataFrame:
    """Return `prices` with the prices of limits during contingencies as those of the limit itself, marked `failing`."""
    held = {one.name: one for one in contingencies(context.scenario)}
    rows = []
    for row in run_measures.records(prices):
        limit = DURING_FAILURES.get(row["constraint"])
        name = next((name for name in held if limit and row["item"].startswith(f"{name}/")), "")
        if limit and name:
            item, period = row["item"].removeprefix(f"{name}/"), int(row["period"])
            value, link = float(row["value"]), item.split("/")[0]
            if limit == "traffic_within_link" and (most := load_most(context, period, link)) > 0.0:
                lost = held[name].lost[context.periods.index(period)] if link == held[name].link else 0.0
                value *= (1.0 - lost) / most  # per Gbps that normal traffic may use
            rows.append({**row, "constraint": limit, "item": item, "value": value, "failing": True})
        else:
            rows.append({**row, "failing": False})
    return pd.DataFrame(rows, columns=[*prices.columns, "failing"])


def _joined(context: Context, rows: pd.DataFrame) -> pd.DataFrame:
    periods = pd.Series(
        [_periods_in_force(context, row) for row in run_measures.records(rows)], index=rows.index, dtype=object
    )
    keys = ["constraint", "item", "periods", "least"]
    sums = rows.assign(periods=periods, least=rows["value"] > 0).groupby(keys, sort=False)
    return sums.agg({"period": "first", "value": "sum", "unit": "first", "failing": "any"}).reset_index()


def _periods_in_force(context: Context, row: dict[str, Any]) -> tuple[int, ...]:
    """Return the periods in which a limit comes from the same row of its table."""
    name, period = str(row["constraint"]), int(row["period"])
    if name not in GIVEN:
        return (period,)
    table, key = context.scenario.dated(GIVEN[name][0]), tuple(str(row["item"]).split("/"))
    here = table.numbers(period).get(key)
    return tuple(one for one in context.periods if one == period or table.numbers(one).get(key) == here)


def sentence(context: Context, row: dict[str, Any]) -> str:
    """Return one shadow price in words."""
    say = context.say
    name, item, periods = str(row["constraint"]), str(row["item"]), row["periods"]
    if name in OWN.values():
        return _own_sentence(context, name, item, periods[0], abs(float(str(row["value"]))))
    parts = item.split("/")
    saved = abs(float(str(row["value"])))
    saved = saved / context.weights[periods[0]] if name in OF_A_YEAR else saved
    most = load_most(context, periods[0], parts[0]) if name == "traffic_within_link" else 1.0
    years = context.show.listed([str(one) for one in periods]) if name in OF_ORDERS else context.years_of(*periods)
    values = {"year": years, "money": _small(context, most * saved), "unit": str(row["unit"])}
    scopes = [scope for table in ("policies", "budgets") for scope in context.scenario[table]["scope"]]
    places = {
        "scope": context.scope(first_part(item, scopes)),
        "place": context.place(parts[0]),
        "technology": "",
        "class": "",
    }
    if name in ("bound on build", "bound on installed"):
        places["technology"] = context.technology(parts[1])
        values["unit"] = context.one(context.unit_of_technology(parts[1]))
    if name == "utilisation_min":
        places["class"] = say(terms.named(terms.SHORT_CLASSES, parts[-1]))
    if name == "clean_share_monthly_min":
        values["month"] = say(terms.named(terms.MONTHS, parts[-1]))
    if name == "traffic_within_link":
        places["place"] = say(_("{start} → {end}", start=context.node(parts[1]), end=context.node(parts[2])))
        values["share"] = context.show.share(most)
    if name == "budget":
        values["money"] = f"{context.saved(saved)}{GAP}{SAVED[context.language].unit}"
    key = name.replace(" ", "_") + ("_least" if name in LEASTS and row["least"] else "")
    key += "_failing" if row["failing"] else "_most" if most < 1 else ""
    return say(_(BINDING[key], **values, **places))


def _own_sentence(context: Context, name: str, item: str, period: int, saved: float) -> str:
    """Return the shadow price of an own rule in words."""
    rule = next(one for one in own_rules(context.scenario) if one.name == item)
    of_year = rule.operates and not rule.hourly
    money = _small(context, saved / context.weights[period] if of_year else saved)
    unit = rule.unit or context.say(in_context("own rule", "unit"))
    key = f"{name}_of_year" if of_year else name
    return context.say(_(BINDING[key], rule=item, year=context.years_of(period), unit=unit, money=money))


def _small(context: Context, mcny: float) -> str:
    """Money that may be a few CNY."""
    if mcny >= 0.1:
        return context.show.money(mcny)
    return context.say(_("{value} CNY", value=plain(mcny * 1e6)))


# how large the right side is: what one per cent is taken of


def _stated_limit(name: str) -> Size:
    """Return the function that reads a limit given by the scenario."""
    table, column = GIVEN[name]

    def size(context: Context, period: int, item: str, least: bool) -> float:
        named = LEASTS.get(name, column) if least else column
        cell = context.scenario.dated(table).column(period, named).get(tuple(item.split("/")), math.nan)
        return float(cell) if pd.notna(cell) else 0.0

    return size


def _budget(context: Context, period: int, item: str, least: bool) -> float:
    return float(context.scenario.dated("budgets").column(period, "limit_mcny").get((item,), 0.0))


def _rule(name: str) -> Size:
    """Return the function that reads the value of a rule, its right side."""

    def size(context: Context, period: int, item: str, least: bool) -> float:
        rows = context.scenario.at("policies", period)
        rows = rows[(rows["rule"] == name) & (rows["scope"] == item.split("/", maxsplit=1)[0])]
        return float(rows["value"].iloc[0]) if len(rows) else 0.0

    return size


def sites_in(context: Context, item: str) -> list[str]:
    """Return the sites in the scope that an item begins with."""
    sites, scope = context.scenario["sites"], item.split("/", maxsplit=1)[0]
    inside = (sites["hub"] == scope) | (sites["site"] == scope) if scope != "all" else sites["site"] != ""
    if scope.startswith(INVESTOR):
        inside = sites["investor"] == scope.removeprefix(INVESTOR)
    return list(sites.loc[inside, "site"])


def _energy(column: str) -> Size:
    def size(context: Context, period: int, item: str, least: bool) -> float:
        rows = context.energy
        rows = rows[(rows["period"] == period) & rows["site"].isin(sites_in(context, item))]
        return float(rows[column].sum())

    return size


def _mean_facility(context: Context, period: int, item: str, least: bool) -> float:
    return _energy("facility_mwh")(context, period, item, least) / units.HOURS_PER_YEAR


def _month_facility(context: Context, period: int, item: str, least: bool) -> float:
    """Return the facility energy of the month that ends an item, MWh a year."""
    timeline, rows = context.scenario.timeline, context.run.plan.power
    rows = rows[(rows["period"] == period) & rows["site"].isin(sites_in(context, item))]
    at = rows["hour"].to_numpy(dtype=int)
    weight = timeline.weight * (timeline.month == int(item.rsplit("/", maxsplit=1)[-1]))
    return float(weight[at] @ rows["facility_mw"].to_numpy(dtype=float))


def _halls(context: Context, period: int, item: str, least: bool) -> float:
    return float(run_measures.hall_mw(context.run, period).reindex(sites_in(context, item)).sum())


def _fp32(table: str) -> Size:
    def size(context: Context, period: int, item: str, least: bool) -> float:
        rows = run_measures.equipment(context.run, context.run.plan.tables[table])
        rows = rows[rows["period"] == period]
        return float((rows["amount"] * rows["fp32_per_unit"]).sum())

    return size


def _used(context: Context, period: int, item: str, least: bool) -> float:
    rows = run_measures.utilisation(context.run)
    rows = rows[(rows["period"] == period) & (rows["class"] == item.rsplit("/", maxsplit=1)[-1])]
    return float(rows.loc[rows["site"].isin(sites_in(context, item)), "installed"].sum()) * units.HOURS_PER_YEAR


def _link(context: Context, period: int, item: str, least: bool) -> float:
    rows = context.peak_loads[period]
    link = item.split("/", maxsplit=1)[0]
    return load_most(context, period, link) * run_measures.number(rows["capacity_gbps"].get(link, 0.0))


def load_most(context: Context, period: int, link: str) -> float:
    """Return the share of a link's capacity that traffic may use."""
    rows = context.scenario.at("policies", period)
    rows = rows[(rows["rule"] == "link_load_max") & rows["value"].notna()]
    given = dict(zip(rows["scope"], rows["value"], strict=True))
    return run_measures.number(given.get(link, given.get("all", 1.0)))


def _own_value(context: Context, period: int, item: str, least: bool) -> float:
    """Return the value of an own rule."""
    return abs(next(rule.values[period] for rule in own_rules(context.scenario) if rule.name == item))


SIZES: dict[str, Size] = {
    **dict.fromkeys(OWN.values(), _own_value),
    "budget": _budget,
    **{name: _stated_limit(name) for name in GIVEN},
    "traffic_within_link": _link,
    "occupancy_min": _halls,
    "utilisation_min": _used,
    "hub_share_min": _fp32("builds"),
    "intelligent_share_min": _fp32("capacity"),
    "green_share_min": _energy("facility_mwh"),
    "clean_share_hourly_min": _mean_facility,
    "clean_share_monthly_min": _month_facility,
    "pue_max": _energy("it_mwh"),
    "carbon_cap_t": _rule("carbon_cap_t"),
    "carbon_cap_market_t": _rule("carbon_cap_market_t"),
    "water_cap_m3": _rule("water_cap_m3"),
    **{name: _rule(name) for name in REACH_RULES},
    "reach_racks": lambda *asked: units.mw_of_racks(_rule("reach_racks")(*asked)),
}
"""Limits and rules worth a sentence, each with the size of its right side. Balances are not limits."""
