"""Display names of sites, technologies, workloads and rules in English and Chinese."""

from __future__ import annotations

from xisuan.decisions.reported_place import Focus
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import Bilingual, Translatable, in_context
from xisuan.text.translation import message as _

TITLED = {
    "sites": "site", "technologies": "technology", "workloads": "workload", "links": "link", "cities": "city",
    "regions": "region", "nodes": "node", "measures": "measure",
}  # fmt: skip
"""Tables with titles, and their key."""


def title_of(scenario: Scenario, key: str, *tables: str) -> Bilingual:
    """Return the titles of `key` in the first of `tables` that has it; the key where a title is blank."""
    for table in tables:
        rows = scenario[table]
        rows = rows[rows[TITLED[table]] == key]
        if len(rows) and "title" in rows:
            title, title_zh = str(rows["title"].iloc[0]) or key, str(rows["title_zh"].iloc[0])
            return Bilingual(title, title_zh or title)
    return Bilingual(key, key)


def place_name(scenario: Scenario, focus: Focus) -> Bilingual:
    """Return the name of the reported place: its one site, or the hub."""
    one = len(focus.sites) == 1
    return title_of(scenario, focus.sites[0], "sites") if one else Bilingual(focus.name, focus.name)


RULES = {
    "occupancy_min": _("occupancy (上架率)"),
    "utilisation_min": _("utilisation"),
    "hub_share_min": _("share of new compute in hubs"),
    "intelligent_share_min": _("share of intelligent computing"),
    "green_share_min": _("green share"),
    "clean_share_hourly_min": _("clean share by hour"),
    "clean_share_monthly_min": _("clean share by month"),
    "pue_max": _("PUE"),
    "carbon_cap_t": _("carbon cap, location-based"),
    "carbon_cap_market_t": _("carbon cap, market-based"),
    "carbon_price_cny_per_t": _("carbon price"),
    "water_cap_m3": _("water cap"),
    "link_load_max": _("load of links"),
    "site_reserve_min": _("reserve of sites"),
    "latency_stretch_max": _("delay between hubs over great circle at light speed in fibre"),
    "ring_hub_ms": _("delay between hubs, one way"),
    "ring_region_ms": _("delay to the nearest region, one way"),
    "ring_city_ms": _("delay within a city, one way"),
}
"""Names of rules, as used in the report."""
SOURCES = {"solar": _("solar"), "wind": _("wind"), "battery": in_context("source", "battery")}
"""Names of power sources."""

HUBS = {
    "Beijing-Tianjin-Hebei": _("Beijing-Tianjin-Hebei"),
    "Yangtze River Delta": _("Yangtze River Delta"),
    "Guangdong-HK-Macao Greater Bay Area": _("Guangdong-HK-Macao Greater Bay Area"),
    "Greater Bay Area": _("Greater Bay Area"),
    "Chengdu-Chongqing": _("Chengdu-Chongqing"),
    "Inner Mongolia": _("Inner Mongolia"),
    "Guizhou": _("Guizhou"),
    "Gansu": _("Gansu"),
    "Ningxia": _("Ningxia"),
}
"""National hub nodes."""

INVESTORS = {
    "China Telecom": _("China Telecom"),
    "China Mobile": _("China Mobile"),
    "China Unicom": _("China Unicom"),
    "others": _("others"),
    "operators": _("operators"),
    "operator": _("operator"),
    "carrier": _("carrier"),
    "public money": _("public money"),
    "independent operators": _("independent operators"),
    "Huawei, Tencent, Apple and others": _("Huawei, Tencent, Apple and others"),
}
"""Names of investors."""

SCOPES = {
    "all": _("all sites"),
    "halls": _("halls"),
    "compute": _("equipment"),
    "network": _("network"),
    "power": _("power supply"),
    "access": _("access"),
    "gigabit": _("gigabit city"),
}
"""Scopes of rules and budgets that are words of the format."""


def part_title(scenario: Scenario, part: str) -> Translatable:
    """Return the name of a place, link, technology, hub, investor or scope of a limit; the part itself without one."""
    for names in (HUBS, INVESTORS, SCOPES):
        if part in names and part not in set(scenario["sites"]["site"]):
            return names[part]
    return title_of(scenario, part, *TITLED)


def key_part_title(scenario: Scenario, part: str) -> Translatable:
    """Return the name of a part of a key: a rule, a power source, or a titled row; otherwise the part itself."""
    return RULES.get(part) or SOURCES.get(part) or title_of(scenario, part, *TITLED)
