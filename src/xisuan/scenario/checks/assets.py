"""Checks of existing and possible assets: sites, halls, equipment, links, supply."""

from __future__ import annotations

import math

from xisuan.scenario.checks.inspection import Inspection, Row
from xisuan.scenario.queries import candidates
from xisuan.scenario.reading import manifest

_ROUNDING = 1e-9
"""Share of the largest price below which a mean is the rounding error of prices that cancel."""

YEARS = {
    "halls": ("life_years", "lead_years"),
    "technologies": ("life_years", "lead_years"),
    "links": ("life_years", "lead_years"),
    "supply": ("life_years", "lead_years"),
    "measures": ("life_years", "lead_years"),
    "cities": ("route_life_years",),
}
"""Columns with lives or lead times in years, by table."""


def technologies(at: Inspection) -> None:
    """Check that technologies of one class share unit and kind, and that availability windows are in order."""
    first: dict[str, Row] = {}
    for row in at.rows("technologies"):
        like = first.setdefault(row["class"], row)
        if like["unit"] and row["unit"] and row["unit"] != like["unit"]:
            at.error("technologies", row, "unit", "class-units-differ", class_=row["class"], unit=like["unit"])
        if row["kind"] != like["kind"]:
            at.error("technologies", row, "kind", "class-kinds-differ", class_=row["class"], kind=like["kind"])
        if row["available_until"] < row["available_from"]:
            at.error("technologies", row, "available_until", "available-until-before-from")


def lives(at: Inspection) -> None:
    """Check that under annuities everything with a capital cost has a life."""
    if at.scenario.settings.capital != "annuity":
        return
    columns = {
        "halls": ("capex_mcny_per_mw", "retrofit_capex_mcny_per_mw"),
        "technologies": ("capex_mcny_per_unit",),
        "links": ("capex_mcny_per_gbps",),
        "supply": ("capex_mcny_per_mw", "capex_mcny_per_mwh"),
    }
    priced = {row["link"] for row in at.rows("modules") if row["mcny"] > 0}
    for table, costs in columns.items():
        for row in at.rows(table):
            costly = any(row[cost] > 0 for cost in costs) or (table == "links" and row["link"] in priced)
            if costly and math.isnan(row["life_years"]):
                at.error(table, row, "life_years", "asset-life-blank")


def whole_years(at: Inspection) -> None:
    """Warn of lives and leads that are not whole years.

    The model counts calendar years and charges a full annuity for each year begun.
    """
    for table, columns in YEARS.items():
        for row in at.rows(table):
            for column in columns:
                years = row[column]
                if math.isnan(years) or years == math.floor(years):
                    continue
                if column == "lead_years":
                    at.warn(table, row, column, "lead-not-whole-years", years=math.ceil(years))
                else:
                    at.warn(table, row, column, "life-not-whole-years", years=years)


def fleet(at: Inspection) -> None:
    """Check that vintages retire after they open, and that the fleet fits its site, halls and limits."""
    for row in at.rows("fleet"):
        if row["retires"] <= row["opened"]:
            at.error("fleet", row, "retires", "retires-before-opened", opened=row["opened"])
    for period in at.periods:
        _fleet_fits(at, period)


def _fleet_fits(at: Inspection, period: int) -> None:
    """Check that the fleet of `period` that may not retire fits the limits of sites, equipment and halls."""
    size = {row["technology"]: row["mw_per_unit"] for row in at.at("technologies", period)}
    power: dict[str, float] = {}
    count: dict[tuple[str, str], float] = {}
    for row in at.rows("fleet"):
        stands = not row["opened"] > period and not row["retires"] <= period and not row["may_retire"]
        if stands:
            pair = (row["site"], row["technology"])
            count[pair] = count.get(pair, 0.0) + row["units"]
            power[row["site"]] = power.get(row["site"], 0.0) + row["units"] * size.get(row["technology"], 0.0)
    for row in at.at("sites", period):
        if power.get(row["site"], 0.0) > row["it_limit_mw"] * (1 + 1e-9):
            at.error("sites", row, "it_limit_mw", "fleet-above-site-limit", period=period, power=power[row["site"]])
    for row in at.at("limits", period):
        if count.get((row["site"], row["technology"]), 0.0) > row["max_units"] * (1 + 1e-9):
            units = count[row["site"], row["technology"]]
            at.error("limits", row, "max_units", "fleet-above-limit", period=period, units=units)
    _halls_hold(at, period, power)


def _halls_hold(at: Inspection, period: int, power: dict[str, float]) -> None:
    """Check that halls can hold `power` (MW by site) in `period`."""
    for row in at.at("halls", period):
        most = row["limit_mw"] if row["limit_mw"] == row["limit_mw"] else math.inf
        in_time = period - row["lead_years"] >= at.periods[0]
        most = max(most, row["existing_mw"]) if in_time else row["existing_mw"]
        if power.get(row["site"], 0.0) > most * (1 + 1e-9) + 1e-9:
            at.error("halls", row, "existing_mw", "fleet-above-halls", period=period, power=power[row["site"]])


def limits(at: Inspection) -> None:
    """Check that no limit is below the existing amount, and no minimum above a maximum."""
    pairs = (
        ("halls", "limit_mw", "existing_mw"),
        ("supply", "limit_mw", "existing_mw"),
        ("supply", "limit_mwh", "existing_mwh"),
        ("links", "limit_gbps", "capacity_gbps"),
        ("links", "limit_gbps", "min_gbps"),
        ("limits", "max_units", "min_units"),
    )
    for table, most, least in pairs:
        for row in at.rows(table):
            if row[most] < row[least]:
                at.error(table, row, most, "below-other-column", other=least, amount=row[least])


def halls(at: Inspection) -> None:
    """Check that retrofits have both a cost and a PUE."""
    for row in at.rows("halls"):
        both = ("retrofit_pue", "retrofit_capex_mcny_per_mw")
        for one, other in (both, both[::-1]):
            if math.isnan(row[one]) and not math.isnan(row[other]):
                at.error("halls", row, one, "retrofit-half-given", other=other)


def zones(at: Inspection) -> None:
    """Check that every site that can hold equipment is in a grid zone with a row, where power is modelled."""
    if not at.scenario.has("power"):
        return
    for row in at.rows("sites"):
        if not row["zone"] and row["site"] in at.equipped:
            at.error("sites", row, "zone", "zone-blank")
    present: dict[int, set[str]] = {period: {row["zone"] for row in at.at("power", period)} for period in at.periods}
    for period, names in present.items():
        for row in at.at("sites", period):
            if row["zone"] and row["zone"] not in names and row["site"] in at.equipped:
                at.error("power", row["zone"], "period", "zone-without-row", value=row["zone"], period=period)


def contracts(at: Inspection) -> None:
    """Check the zones of contract prices, and that the mean of the list price, which gives the shape, is above 0."""
    plan = at.scenario.settings.plan
    if plan.power_price != "contract":
        return
    zones = {row["zone"] for row in at.rows("power")}
    for zone in plan.contract_zones:
        if zone not in zones:
            hint = at.findings.suggest(zone, zones)
            at.findings.error(manifest.FILE, "", "plan.contract_zones", zone, "contract-zone-unknown", hint=hint)
    for row in at.rows("power"):
        if not plan.pays_contract(row["zone"]):
            continue
        price = at.scenario.curve(row["price"])
        mean, nothing = float(price.mean()), _ROUNDING * float(abs(price).max())
        if not math.isnan(row["contract_price_cny_per_kwh"]) and not mean > nothing:
            at.error("power", row, "contract_price_cny_per_kwh", "contract-of-free-power", mean=mean)


def green_hours(at: Inspection) -> None:
    """Check that contracts by the hour have a premium, and plants that produce in some modelled hour."""
    for row in at.rows("power"):
        profile = row["green_profile"]
        if profile == "" or (isinstance(profile, float) and math.isnan(profile)):
            continue
        if math.isnan(row["green_premium_cny_per_kwh"]):
            at.error("power", row, "green_premium_cny_per_kwh", "green-profile-without-premium")
        elif not at.scenario.hourly("power", "green_profile", profile).any():
            at.error("power", row, "green_profile", "green-profile-never-produces")


def links(at: Inspection) -> None:
    """Check that links join two different places and have the data that traffic and routing need."""
    carried = [row for row in at.rows("traffic") if row["gbps"] > 0]
    used = bool(at.moving) or bool(carried)
    if carried and not at.scenario.has("links"):
        at.findings.warn("traffic.csv", "", "", "", "traffic-without-links")
    for row in at.rows("links"):
        if row["from"] == row["to"]:
            at.error("links", row, "to", "link-to-itself")
        if used and math.isnan(row["capacity_gbps"]):
            at.error("links", row, "capacity_gbps", "existing-capacity-blank")
        if math.isnan(row["latency_ms"]) and math.isnan(row["length_km"]) and _latency_matters(at):
            at.error("links", row, "length_km", "length-and-latency-blank")
    node = {row["region"]: row["node"] for row in at.rows("regions")}
    for row in at.rows("traffic"):
        if node.get(row["from"], row["from"]) == node.get(row["to"], row["to"]):
            at.warn("traffic", row, "to", "traffic-at-one-node")


def _latency_matters(at: Inspection) -> bool:
    """Return True if some route is chosen or limited by latency."""
    shortest = any(row["routing"] == "shortest" and row["gbps"] > 0 for row in at.rows("traffic"))
    return shortest or any(
        candidates.is_pairwise(at.scenario, name) and (name in at.moving or _limited(rows))
        for name, rows in at.workloads.items()
    )


def _limited(rows: list[Row]) -> bool:
    """Return True if a row has a latency limit."""
    return any(not math.isnan(row["latency_ms"]) for row in rows)


def supply(at: Inspection) -> None:
    """Warn of batteries without energy, unused energy columns, missing profiles, and supply without power data."""
    for row in at.rows("supply"):
        battery = row["source"] == "battery"
        if battery and row["limit_mwh"] == 0 and row["limit_mw"] != 0:
            at.warn("supply", row, "limit_mwh", "battery-without-energy")
        if not battery and (row["limit_mwh"] > 0 or row["existing_mwh"] > 0 or row["capex_mcny_per_mwh"] > 0):
            at.warn("supply", row, "limit_mwh", "energy-not-for-batteries")
        if not battery and not isinstance(row["profile"], str) and row["profile"] == 1.0:
            at.warn("supply", row, "profile", "output-always-full")
    if at.scenario.has("supply") and not at.scenario.has("power"):
        at.warn("supply", "", "", "supply-without-power")


CHECKS = (technologies, lives, whole_years, fleet, limits, halls, zones, contracts, green_hours, links, supply)
