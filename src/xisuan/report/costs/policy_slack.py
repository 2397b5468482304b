"""Section 13: rules and limits in four groups (computing, transport, storage, application): slack and price in words.

The groups are those of the action plan for computing infrastructure (2023): 算力, 运力, 存力, 应用.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from xisuan import units
from xisuan.report import run_measures
from xisuan.report.costs import shadow_prices
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.document.number_cells import figure
from xisuan.report.operation import network_load
from xisuan.report.run_context import Context
from xisuan.scenario.queries import candidates, routing
from xisuan.scenario.schema.compute_tables import is_fp16
from xisuan.scenario.schema.policy_tables import REPORTED_RULES
from xisuan.text.numbers import MISSING, exact, money_scale

GROUPS = ("computing", "transport", "storage", "application")
OF_RULE = {
    "link_load_max": "transport",
    "latency_stretch_max": "transport",
    "ring_hub_ms": "transport",
    "ring_region_ms": "application",
    "ring_city_ms": "application",
}
OF_LIMIT = {
    "bound on capacity": "transport",
    "traffic_within_link": "transport",
}
"""Everything else is computing, or, of storage equipment, storage."""
OF_BUDGET = {"network": "transport", "access": "application"}
MOST_LINES = 12
TIGHT = 1e-3
"""A rule with less slack than this, relative to its value, binds."""
LEAST_UNITS = 1e-6
"""Equipment below this is the dust of an interior point."""
LIGHT_MS_PER_KM = 0.0049
SHARES = (
    "occupancy_min",
    "utilisation_min",
    "hub_share_min",
    "intelligent_share_min",
    "green_share_min",
    "link_load_max",
    "site_reserve_min",
)
"""Rules whose value is a share, said in per cent."""
PRICE = "carbon_price_cny_per_t"
"""A price is paid; nothing has to be reached."""
NARROWEST = (PRICE, "site_reserve_min")
"""Rules of which only the narrowest scope holds at a site."""


def section(context: Context) -> Section:
    """For each group: rules with what is reached and the slack, and the limits that bind with their price."""
    say = context.say
    rows, limits = states(context), shadow_prices.worth(context)
    limits = limits.assign(group=[_group(context, row) for row in run_measures.records(limits)])
    blocks: list[Block] = []
    for group in GROUPS:
        mine = [row for row in rows if OF_RULE.get(row["rule"], "computing") == group]
        table = _table(context, group, mine)
        binds = _binding(context, group, limits[limits["group"] == group])
        found = [block for block in (table, binds) if block is not None]
        blocks += found or [Text(say("rules.nothing", group=say(f"rules.{group}")), tone="empty")]
    lead = say("rules.lead", base=context.scenario.settings.base_year)
    return Section("rules", say("rules.title"), lead, tuple(blocks))


def _group(context: Context, row: dict[str, Any]) -> str:
    name, parts = str(row["constraint"]), str(row["item"]).split("/")
    if name == "budget":
        return OF_BUDGET.get(parts[0], "computing")
    if name in ("bound on build", "bound on installed"):
        given = context.scenario["technologies"]
        return "storage" if (given.loc[given["technology"] == parts[1], "class"] == "storage").any() else "computing"
    return OF_LIMIT.get(name, "computing")


# --- rules: what is asked, what is reached


Reached = Callable[[Context, int, list[str], str], float]


def _occupancy(context: Context, period: int, sites: list[str], scope: str) -> float:
    return run_measures.occupancy(context.run, period, sites)


def _utilisation(context: Context, period: int, sites: list[str], scope: str) -> float:
    """Of the class that is used least."""
    rows = run_measures.utilisation(context.run)
    rows = rows[(rows["period"] == period) & rows["site"].isin(sites)]
    sums = rows.groupby("class")[["installed", "used"]].sum()
    return float((sums["used"] / sums["installed"].where(sums["installed"] > 0)).min())


def _hub_share(context: Context, period: int, sites: list[str], scope: str) -> float:
    """Of FP32 ordered in the period, what goes to the hub, or to any hub."""
    rows = run_measures.equipment(context.run, context.run.plan.builds)
    rows = rows[rows["period"] == period]
    fp32 = rows["amount"] * rows["fp32_per_unit"]
    given = context.scenario["sites"]
    hubs = given.loc[(given["hub"] != "") if scope == "all" else (given["hub"] == scope), "site"]
    return float(fp32[rows["where"].isin(hubs)].sum() / fp32.sum()) if fp32.sum() > 0 else math.nan


def _intelligent(context: Context, period: int, sites: list[str], scope: str) -> float:
    rows = run_measures.equipment(context.run, context.run.plan.capacity)
    rows = rows[(rows["period"] == period) & rows["where"].isin(sites)]
    fp32 = rows["amount"] * rows["fp32_per_unit"]
    return float(fp32[rows["class"] == "intelligent"].sum() / fp32.sum()) if fp32.sum() > 0 else math.nan


def _green(context: Context, period: int, sites: list[str], scope: str) -> float:
    """One less what is neither contracted nor own, over facility energy."""
    energy, found = context.energy, context.run.plan.emissions
    rows = energy[(energy["period"] == period) & energy["site"].isin(sites)]
    contract = float(found.loc[(found["period"] == period) & found["site"].isin(sites), "contract_mwh"].sum())
    facility = float(rows["facility_mwh"].sum())
    share = 1 - (float(rows["grid_mwh"].sum()) - contract) / facility if facility > 0 else math.nan
    return 0.0 if share < 0.0 else share  # of losses of batteries


def _pue(context: Context, period: int, sites: list[str], scope: str) -> float:
    rows = context.energy
    rows = rows[(rows["period"] == period) & rows["site"].isin(sites)]
    it = float(rows["it_mwh"].sum())
    return float(rows["facility_mwh"].sum()) / it if it > 0 else math.nan


def _emitted(column: str) -> Reached:
    def reached(context: Context, period: int, sites: list[str], scope: str) -> float:
        rows = context.run.plan.emissions
        return float(rows.loc[(rows["period"] == period) & rows["site"].isin(sites), column].sum())

    return reached


def _water(context: Context, period: int, sites: list[str], scope: str) -> float:
    """MWh of IT times litres per kWh are cubic metres."""
    given = context.scenario.at("sites", period).set_index("site")["water_l_per_kwh"]
    rows = context.energy
    rows = rows[(rows["period"] == period) & rows["site"].isin(sites)]
    return float((rows["it_mwh"] * rows["site"].map(given).fillna(0.0)).sum())


def _reserve(context: Context, period: int, sites: list[str], scope: str) -> float:
    """Of what equipment attains, what is left in the hour of the fullest technology of any site."""
    load, capacity = context.run.plan.load, context.run.plan.capacity
    load = load[(load["period"] == period) & load["site"].isin(sites)]
    rows = capacity[(capacity["asset"] == "compute") & (capacity["period"] == period) & capacity["where"].isin(sites)]
    attains = context.scenario.at("technologies", period).set_index("technology")["attainable_utilisation"]
    most = rows.set_index(["where", "technology"])["amount"] * attains.reindex(rows["technology"]).to_numpy()
    peak = load.groupby(["site", "technology"])["units"].max().reindex(most.index).fillna(0.0)
    found = (1 - peak / most)[most > LEAST_UNITS]
    return float(found.min()) if len(found) else math.nan


def _load(context: Context, period: int, sites: list[str], scope: str) -> float:
    loads = context.peak_loads[period]["load"]
    given = context.scenario.at("policies", period)
    own = given.loc[(given["rule"] == "link_load_max") & given["value"].notna(), "scope"]
    loads = loads[loads.index == scope] if scope in context.ends else loads[~loads.index.isin(own)]
    return float(loads.max()) if len(loads) else math.nan


def _between_hubs(context: Context, period: int) -> pd.DataFrame:
    """Fastest paths between the nodes of hub sites: columns ms, and stretch over the great circle."""
    sites = context.scenario["sites"].drop_duplicates("site")
    nodes = [str(node) for node in sites.loc[sites["hub"] != "", "node"].drop_duplicates()]
    loads = context.peak_loads[period]
    standing = set(loads.index[loads["capacity_gbps"] > 0])
    usable = [link for link in candidates.usable_links(context.scenario, period, existing=False) if link[0] in standing]
    places = context.places
    rows = []
    for at, start in enumerate(nodes):
        found = routing.shortest(usable, start)
        for end in nodes[at + 1 :]:
            if end in found and start in places and end in places:
                far = run_measures.distance_km(np.array([places[start]]), np.array([places[end]]))[0]
                ms = found[end].latency_ms
                rows.append((ms, ms / (LIGHT_MS_PER_KM * far) if far > 0 else math.nan))
    return pd.DataFrame(rows, columns=["ms", "stretch"])


def _hub_ms(context: Context, period: int, sites: list[str], scope: str) -> float:
    return float(_between_hubs(context, period)["ms"].max())


def _stretch(context: Context, period: int, sites: list[str], scope: str) -> float:
    return float(_between_hubs(context, period)["stretch"].max())


def _region_ms(context: Context, period: int, sites: list[str], scope: str) -> float:
    """From the focus to the nearest region that it does not lie in."""
    found = network_load.delays(context)
    return float(found["ms"].min()) if len(found) else math.nan


def _racks(context: Context, period: int, sites: list[str], scope: str) -> float:
    return float(run_measures.hall_mw(context.run, period).reindex(sites).sum()) / units.STANDARD_RACK_MW


def _investment(context: Context, period: int, sites: list[str], scope: str) -> float:
    rows = context.run.plan.costs
    rows = rows[(rows["period"] == period) & rows["where"].isin(sites)]
    return float(rows.loc[rows["term"].isin(["hall_capex", "retrofit_capex", "compute_capex"]), "mcny"].sum())


def _cities(context: Context, period: int, sites: list[str], scope: str) -> float:
    rows = context.run.plan.tables.get("gigabit")
    return math.nan if rows is None else float(rows.loc[rows["period"] == period, "gigabit"].sum())


def _fp16(context: Context, period: int, sites: list[str], scope: str) -> float:
    rows = run_measures.equipment(context.run, context.run.plan.capacity)
    rows = rows[(rows["period"] == period) & rows["where"].isin(sites)]
    counts = [is_fp16(*pair) for pair in zip(rows["class"], rows["precision"], strict=True)]
    return float(rows.loc[counts, "eflops"].sum())


def _is_least(rule: str) -> bool:
    """Whether a rule sets a least value: shares, and published targets."""
    return rule.endswith("_min") or rule.startswith("reach_")


REACHED: dict[str, Reached] = {
    "occupancy_min": _occupancy,
    "utilisation_min": _utilisation,
    "hub_share_min": _hub_share,
    "intelligent_share_min": _intelligent,
    "green_share_min": _green,
    "pue_max": _pue,
    "carbon_cap_t": _emitted("location_t"),
    "carbon_cap_market_t": _emitted("market_t"),
    "water_cap_m3": _water,
    "site_reserve_min": _reserve,
    "link_load_max": _load,
    "latency_stretch_max": _stretch,
    "ring_hub_ms": _hub_ms,
    "ring_region_ms": _region_ms,
    "reach_racks": _racks,
    "reach_eflops_fp16": _fp16,
    "reach_investment_mcny": _investment,
    "reach_gigabit_cities": _cities,
}
"""How each rule is counted; those without an entry, a price and the rings of cities, are stated with a dash."""


def states(context: Context) -> list[dict[str, Any]]:
    """Rules in force in the last year: rule, scope, applies, asked, reached, slack (≥ 0: kept), price in words."""
    prices = context.run.plan.prices
    prices = prices[prices["period"] == context.last]
    found = []
    held = context.scenario.at("policies", context.last)
    for row in run_measures.records(held[held["value"].notna()]):
        rule, scope = str(row["rule"]), str(row["scope"])
        sites = _sites(context, scope, str(row["applies"]))
        sites = _governed(context, rule, scope, sites) if rule in NARROWEST else sites
        count = REACHED.get(rule)
        reached = count(context, context.last, sites, scope) if count and (sites or scope == "all") else math.nan
        asked = float(row["value"])
        mine = prices[(prices["constraint"] == rule) & prices["item"].str.split("/").str[0].eq(scope)]
        mine = mine[mine["item"].str.endswith(f"/{row['applies']}") | ~mine["item"].str.contains("/")]
        sign = -1.0 if _is_least(rule) else 1.0
        found.append(
            {"rule": rule, "scope": scope, "applies": str(row["applies"]), "asked": asked, "reached": reached,
             "slack": sign * (asked - reached), "sites": len(sites), "governed": sites,
             "price": float(mine["value"].abs().max()) if len(mine) else 0.0}
        )  # fmt: skip
    return found


def _sites(context: Context, scope: str, applies: str) -> list[str]:
    """Sites in scope; of a rule for new sites those where neither halls nor fleet stand at the start."""
    sites = shadow_prices.sites_in(context, scope)
    if applies != "new":
        return sites
    old = candidates.standing_sites(context.scenario)
    return [site for site in sites if site not in old]


def _governed(context: Context, rule: str, scope: str, sites: list[str]) -> list[str]:
    """Of the sites of a scope those that no narrower scope of the rule holds for."""
    held = context.scenario.at("policies", context.last)
    held = held[(held["rule"] == rule) & held["value"].notna()]
    narrower: set[str] = set()
    for other, applies in zip(held["scope"].astype(str), held["applies"].astype(str), strict=True):
        within = _sites(context, other, applies)
        if other != scope and (scope == "all" or other in sites):
            narrower.update(within)
    return [site for site in sites if site not in narrower]


def _paid(context: Context, row: dict[str, Any]) -> float:
    """What a price of carbon comes to in the last year, of gigabit access too where it is for all. mCNY."""
    costs = context.run.plan.costs
    costs = costs[(costs["period"] == context.last) & (costs["term"] == "carbon_price")]
    everywhere = row["scope"] == "all" and row["applies"] == "all"
    elsewhere = ~costs["where"].isin(shadow_prices.sites_in(context, "all")) if everywhere else False
    return float(costs.loc[costs["where"].isin(row["governed"]) | elsewhere, "mcny"].sum())


def _table(context: Context, group: str, rows: list[dict[str, Any]]) -> Table | None:
    if not rows:
        return None
    say = context.say
    columns = (
        Column(say("col.rule")),
        Column(say("col.scope")),
        Column(say("rules.asked"), number=True),
        Column(say("rules.reached", year=context.last), number=True),
        Column(say("rules.slack"), number=True),
        Column(say("rules.price")),
    )
    order = {rule: at for at, rule in enumerate(REACHED)}
    rows = sorted(
        rows, key=lambda row: (order.get(row["rule"], 99), row["applies"], not _near(context, row), row["scope"])
    )
    lines: list[Row] = []
    for _, same in itertools.groupby(rows, key=lambda row: (row["rule"], row["applies"])):
        alike = list(same)
        lines += [_state(context, row) for row in alike if _near(context, row)]
        far = [row for row in alike if not _near(context, row)]
        if far:
            worst = min(far, key=lambda row: row["slack"] if math.isfinite(row["slack"]) else math.inf)
            lines.append(_state(context, worst, len(far)))
    reported = any(row["rule"] in REPORTED_RULES for row in rows)
    note = say("rules.table_note") + (say("rules.standards_note") if reported else "")
    return Table(say(f"rules.table_{group}", year=context.last), columns, tuple(lines), note=note)


def _near(context: Context, row: dict[str, Any]) -> bool:
    """Whether a rule is about the focus, or about everything."""
    return row["scope"] in ("all", context.focus_hub, *context.focus)


def _state(context: Context, row: dict[str, Any], others: int = 0) -> Row:
    """A rule; `others`: it stands for that many scopes elsewhere, being the tightest of them."""
    say, rule = context.say, str(row["rule"])
    factor, unit, decimals = _unit(context, rule)
    asked, reached, slack = (factor * float(row[name]) for name in ("asked", "reached", "slack"))
    none = say("rules.no_new") if row["applies"] == "new" and not row["sites"] else say("rules.not_counted")
    sign = "" if rule == PRICE else "≥ " if _is_least(rule) else "≤ "
    none = say("rules.no_limit") if rule == PRICE else none
    name = say.known("rule", rule) + (say("rules.new_sites") if row["applies"] == "new" else "")
    whole = row["scope"] == "all" and rule == "link_load_max"
    scope = say("rules.all_links") if whole else context.scope(str(row["scope"]))
    scope = say("rules.tightest", n=others, scope=scope) if others > 1 else scope
    met = math.isfinite(slack) and slack >= -0.5 * 10.0**-decimals
    at = figure(reached, decimals, why=none)
    value = Cell(at.text + unit if at.value is not None else MISSING, tip=at.tip, value=at.value)
    room = Cell(
        f"{exact(slack, decimals)}{unit}" if math.isfinite(slack) else MISSING,
        tip=none,
        colour="" if met or not math.isfinite(slack) else "full",
    )
    return Row(
        (
            Cell(name),
            Cell(scope),
            Cell(f"{sign}{exact(asked, decimals)}{unit}", value=asked),
            value,
            room,
            Cell(_price(context, row)),
        ),
        kind="marked" if row["scope"] in (context.focus_hub, *context.focus) else "plain",
    )


def _unit(context: Context, rule: str) -> tuple[float, str, int]:
    """Factor, unit and decimals of a rule's values."""
    if rule in SHARES:
        return 100.0, "%" if context.language == "zh" else " %", 1
    if rule.startswith("ring_"):
        return 1.0, context.say("rules.ms"), 1
    if rule.startswith("carbon_cap"):
        return 1 / context.carbon.divisor, " " + context.carbon.unit, 2
    if rule == PRICE:
        return 1.0, context.say("rules.per_tonne"), 0
    return 1.0, "", 2


def _price(context: Context, row: dict[str, Any]) -> str:
    """Whether the rule costs anything, in words; the price itself stands with the limits that bind."""
    if row["applies"] == "new" and not row["sites"]:
        return context.say("rules.no_new")
    if row["rule"] == PRICE:
        return context.say("rules.paid", money=context.show.money(_paid(context, row)), year=context.last)
    if not math.isfinite(row["reached"]):
        return context.say("rules.not_counted" if row["rule"] in REPORTED_RULES else "rules.nothing_there")
    missed = row["slack"] < -1e-4 * max(1.0, abs(row["asked"]))
    if row["rule"] in REPORTED_RULES:
        return context.say("rules.standard_missed" if missed else "rules.standard_met")
    if missed:
        return context.say("rules.missed")
    tight = row["slack"] <= TIGHT * max(1.0, abs(row["asked"]))
    if tight and row["rule"] == "site_reserve_min":
        return context.say("rules.in_equipment")
    return context.say("rules.costs" if tight else "rules.free")


def _binding(context: Context, group: str, found: pd.DataFrame) -> Table | None:
    if not len(found):
        return None
    say = context.say
    most = float(found["worth"].max())
    scale = money_scale(context.language, most)
    columns = (Column(say("rules.in_words")), Column(say("rules.percent"), scale.unit, number=True))
    lines = tuple(
        Row(
            (
                Cell(shadow_prices.sentence(context, row)),
                figure(float(row["worth"]) / scale.divisor, bar=float(row["worth"]) / most),
            )
        )
        for row in run_measures.records(found.head(MOST_LINES))
    )
    note = say("rules.note", shown=len(lines), total=len(found))
    return Table(say(f"rules.binding_{group}"), columns, lines, note=note)
