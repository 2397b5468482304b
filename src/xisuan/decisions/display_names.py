"""Display names of sites, technologies, workloads and rules in English and Chinese."""

from __future__ import annotations

from xisuan.decisions.reported_place import Focus
from xisuan.scenario.scenario import Scenario

TITLED = {
    "sites": "site", "technologies": "technology", "workloads": "workload", "links": "link", "cities": "city",
    "regions": "region", "nodes": "node", "measures": "measure",
}  # fmt: skip
"""Tables with titles, and their key."""


def called(scenario: Scenario, key: str, *tables: str) -> tuple[str, str]:
    """Return the titles of `key` in the first of `tables` that has it; the key where a title is blank."""
    for table in tables:
        rows = scenario[table]
        rows = rows[rows[TITLED[table]] == key]
        if len(rows) and "title" in rows:
            title, title_zh = str(rows["title"].iloc[0]) or key, str(rows["title_zh"].iloc[0])
            return title, title_zh or title
    return key, key


def about(scenario: Scenario, focus: Focus) -> tuple[str, str]:
    """Return the name of the reported place: its one site, or the hub."""
    return called(scenario, focus.sites[0], "sites") if len(focus.sites) == 1 else (focus.name, focus.name)


RULES = {
    "occupancy_min": ("occupancy (上架率)", "上架率"),
    "utilisation_min": ("utilisation", "算力利用率"),
    "hub_share_min": ("share of new compute in hubs", "枢纽新增算力占比"),
    "intelligent_share_min": ("share of intelligent computing", "智能算力占比"),
    "green_share_min": ("green share", "绿电占比"),
    "pue_max": ("PUE", "PUE"),
    "carbon_cap_t": ("carbon cap, location-based", "碳排放上限（位置法）"),
    "carbon_cap_market_t": ("carbon cap, market-based", "碳排放上限（市场法）"),
    "carbon_price_cny_per_t": ("carbon price", "碳价"),
    "water_cap_m3": ("water cap", "用水上限"),
    "link_load_max": ("load of links", "链路负载率"),
    "site_reserve_min": ("reserve of sites", "站点备用率"),
    "latency_stretch_max": (
        "delay between hubs over great circle at light speed in fibre",
        "枢纽间时延与理论值之比",
    ),
    "ring_hub_ms": ("delay between hubs, one way", "枢纽间单向时延"),
    "ring_region_ms": ("delay to the nearest region, one way", "到最近地区的单向时延"),
    "ring_city_ms": ("delay within a city, one way", "城市内单向时延"),
}
"""Names of rules, as used in the report."""
SOURCES = {"solar": ("solar", "光伏"), "wind": ("wind", "风电"), "battery": ("battery", "储能")}
"""Names of power sources."""


def called_in_key(scenario: Scenario, part: str) -> tuple[str, str]:
    """Return the name of a part of a key: a rule, a power source, or a titled row; otherwise the part itself."""
    return RULES.get(part) or SOURCES.get(part) or called(scenario, part, *TITLED)
