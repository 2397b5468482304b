"""The two scenarios that serve nearly all tests: `pair`, solved by hand, and `five`, which uses every part."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pandas as pd

from xisuan.scenario import load, write
from xisuan.scenario.scenario import Scenario

Frames = dict[str, pd.DataFrame]

PAIR_COST_MCNY = 54.398
"""Optimum of `pair`, by hand.

East asks for 100 and then 120 units, west for 20. A unit of energy for a year costs 0.01 MW × 8,760 h × PUE × price:
0.07884 in the east (1.5, 0.6 CNY/kWh), 0.031536 in the west (1.2, 0.3). The 80 + 20 servers that stand are worth
keeping busy where they are (a new one costs 0.2 a year). A new server in the west needs a hall (0.01 × 20 / 20 =
0.01 a year) and costs 0.0415 with its energy; in the east it needs no hall and costs 0.0788. So what is missing, 20
units in 2026 and 20 more in 2027, is built in the west, and 20 and 40 units of the east are served there. The link
carries 25 units; 15 more take 0.15 Gbps in 2027. No discounting; an order pays its annuity in 2 years or 1:

    upkeep of servers  (120 + 140) × 0.1                      26
    energy             2 × 80 × 0.07884 + (40 + 60) × 0.031536  15.768
    servers            20 / 5 × 2 + 20 / 5 × 1                12
    halls              0.2 × 20 / 20 × (2 + 1)                 0.6
    link               0.15 × 2 / 10                           0.03
                                                              54.398
"""

_PAIR = {
    "regions": """
        region,lat,lon
        east,31,121
        west,26.6,106.7
        """,
    "sites": """
        site,kind,hub,lat,lon,node,zone,pue
        east-1,campus,,31,121,east,east,1.5
        west-1,cluster,west,26.6,106.7,west,west,1.2
        """,
    "halls": """
        site,existing_mw,capex_mcny_per_mw,life_years
        east-1,1,30,20
        west-1,0.2,20,20
        """,
    "technologies": """
        technology,class,unit,mw_per_unit,capex_mcny_per_unit,opex_mcny_per_unit_year,life_years
        server,general,server,0.01,1,0.1,5
        """,
    "fleet": """
        site,technology,units
        east-1,server,80
        west-1,server,20
        """,
    "workloads": """
        workload,class,latency_ms,gbps_per_unit
        web,general,5,0.01
        """,
    "demand": """
        region,workload,period,units
        east,web,2026,100
        east,web,2027,120
        west,web,2026,20
        west,web,2027,20
        """,
    "links": """
        link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years
        east-west,east,west,1000,0.25,2,10
        """,
    "power": """
        zone,price,co2_kg_per_kwh
        east,0.6,0.6
        west,0.3,0.4
        """,
}

_FIVE = {
    "regions": """
        region,title,title_zh,lat,lon,population,node
        harbour,Harbour,港湾,22.5,114.1,1.7e7,
        delta,Delta,三角洲,31.2,121.5,2.5e7,
        capital,Capital,首府,39.9,116.4,2.2e7,
        basin,Basin,盆地,30.6,104.1,2.1e7,
        plateau,Plateau,高原,26.6,106.7,6e6,upland
        """,
    "nodes": """
        node,title,lat,lon
        junction,Junction,30.6,114.3
        """,
    "sites": """
        site,title,kind,hub,lat,lon,node,zone,it_limit_mw,pue,capex_factor,investor,water_l_per_kwh
        shore,Shore,cluster,east,31.0,121.2,delta,coast,9,warm,1.1,telecom,0.4
        north,North,cluster,north,40.4,115.5,capital,coast,8,1.3,1,telecom,0.3
        low,Low,campus,,30.7,104.0,basin,inland,12,mild,0.95,developer,0.3
        high,High,cluster,west,26.4,106.4,upland,inland,,1.18,0.9,developer,0.05
        """,
    "halls": """
        site,period,existing_mw,capex_mcny_per_mw,opex_mcny_per_mw_year,life_years,limit_mw,lead_years,"""
    """retrofit_capex_mcny_per_mw,retrofit_pue
        shore,,4,32,0.4,20,7,0,4,1.25
        north,,3,28,0.4,20,,0,,
        low,,1,24,0.3,20,8,0,,
        high,,0,20,0.25,20,,0,,
        high,2029,0,18,0.25,20,,0,,
        """,
    "technologies": """
        technology,period,class,unit,precision,eflops_per_unit,mw_per_unit,idle_share,attainable_utilisation,"""
    """fp32_per_unit,capex_mcny_per_unit,opex_mcny_per_unit_year,life_years,lead_years,available_from,"""
    """available_until,embodied_t_per_unit,kind
        old,,general,rack,FP32,0.0001,0.012,0.5,0.8,0.0001,0.9,0.3,6,,,2020,20,flow
        server,,general,rack,FP32,0.0002,0.01,0.4,0.85,0.0002,0.8,0.06,5,,2021,2028,15,flow
        server,2027,general,rack,FP32,0.0002,0.01,0.4,0.85,0.0002,0.7,0.06,5,,2021,2028,15,flow
        server-next,,general,rack,FP32,0.0004,0.009,0.35,0.9,0.0004,0.75,0.05,5,,2027,,14,flow
        gpu,,intelligent,rack,FP16,0.02,0.04,0.3,0.8,0.002,8,0.3,5,,,,60,flow
        gpu-large,,intelligent,rack,FP16,0.05,0.06,0.3,0.8,0.004,14,0.5,5,,,,90,flow
        disk,,storage,PB,,,0.003,0.9,0.95,,0.4,0.03,6,,,,5,stock
        """,
    "fleet": """
        site,technology,opened,units,retires,may_retire
        shore,old,2019,160,2029,yes
        shore,server,2023,80,2028,no
        north,server,,140,2029,no
        north,gpu,2024,14,2029,no
        shore,disk,2022,130,2029,yes
        low,old,,40,,yes
        """,
    "limits": """
        site,technology,period,min_units,max_units,max_build_units
        shore,gpu-large,,0,0,
        high,server-next,2027,20,280,
        north,gpu,,,,30
        """,
    "workloads": """
        workload,class,latency_ms,defer_hours,gbps_per_unit,return_gbps_per_unit,unserved_mcny_per_unit_hour
        web,general,10,,0.002,0.004,
        batch,general,,6,0.003,0.001,0.001
        render,general,,4,,,
        ledger,general,,,,,
        inference,intelligent,12,2,0.004,0.004,
        training,gpu-large,,24,0.002,0.002,
        store,storage,10,,0.0005,0.002,
        archive,storage,,,0.0004,0.0004,
        """,
    "links": """
        link,from,to,length_km,latency_ms,capacity_gbps,limit_gbps,capex_mcny_per_gbps,life_years,lead_years,"""
    """cost_mcny_per_gbps_hour,investor
        harbour-junction,harbour,junction,1100,,1,,3,15,,0.00001,carrier
        delta-junction,delta,junction,850,,1.2,,2.5,15,,0.00001,carrier
        capital-junction,capital,junction,1150,,1.1,4,3,15,,0.00001,carrier
        delta-capital,delta,capital,1300,6.2,0.6,,3.5,15,,0.00001,carrier
        junction-basin,junction,basin,1000,,0.8,,2.8,15,,0.00001,carrier
        basin-plateau,basin,plateau,600,,0.4,,1.5,15,,0.00001,carrier
        harbour-plateau,harbour,plateau,950,,0,,2.2,15,1,0.00001,carrier
        """,
    "latency": """
        region,site,latency_ms
        capital,high,11
        """,
    "traffic": """
        from,to,period,gbps,profile,routing
        delta,basin,,0.2,busy,free
        capital,harbour,,0.15,,shortest
        harbour,capital,2027,0.1,busy,free
        """,
    "power": """
        zone,period,price,contract_price_cny_per_kwh,demand_charge_cny_per_kw_month,co2_kg_per_kwh,grid_limit_mw,"""
    """green_premium_cny_per_kwh
        coast,,tariff-coast,0.62,38,0.58,6.5,0.04
        inland,,tariff-inland,0.38,30,grid-inland,,0.025
        inland,2029,tariff-inland,0.38,30,0.42,,0.025
        """,
    "supply": """
        site,source,capex_mcny_per_mw,capex_mcny_per_mwh,opex_mcny_per_mw_year,life_years,lead_years,existing_mw,"""
    """existing_mwh,limit_mw,limit_mwh,efficiency,cost_mcny_per_mwh,profile
        high,solar,3,,0.04,25,,0,,6,,,,sun
        high,wind,5,,0.08,20,1,0.5,,3,,,,breeze
        high,battery,0.6,1,0.01,12,,0.2,0.4,2,6,0.95,0.00005,
        north,battery,0.6,1,0.01,12,,0,0,1,2,0.95,0.00005,
        """,
    "profile_rules": """
        profile,months,days,hours,value
        tariff-coast,,,,0.65
        tariff-coast,,,0-7,0.32
        tariff-coast,,,10-11;17-20,1.05
        tariff-inland,,,,0.42
        tariff-inland,,,23-6,0.22
        tariff-inland,,,18-21,0.68
        grid-inland,,,,0.5
        grid-inland,,,10-15,0.4
        grid-inland,12-2,,,0.56
        warm,,,,1.42
        warm,5-9,,,1.5
        warm,,,0-6,1.38
        mild,,,,1.3
        mild,6-8,,,1.36
        busy,,,,0.6
        busy,,,8-23,1.2
        busy,,workday,9-17,1.5
        sun,,,,0
        sun,,,7-8;16-17,0.2
        sun,,,9-15,0.6
        sun,11-2,,9-15,0.45
        breeze,,,,0.25
        breeze,,,20-5,0.45
        breeze,10-3,,,0.5
        """,
    "budgets": """
        period,scope,limit_mcny
        2026,network,0.9
        2026,all,670
        2027,investor:developer,185
        2029,west,900
        """,
    "policies": """
        rule,scope,period,value,applies
        occupancy_min,all,2027,0.84,all
        utilisation_min,all,2027,0.6,all
        hub_share_min,all,2026,0.9,all
        hub_share_min,west,2029,0.55,all
        intelligent_share_min,all,2027,0.5,all
        green_share_min,all,2027,0.3,all
        green_share_min,all,2029,0.5,new
        pue_max,all,2029,1.225,all
        carbon_cap_t,all,2029,47500,all
        carbon_cap_market_t,all,2029,36000,all
        carbon_price_cny_per_t,all,,60,all
        water_cap_m3,shore,,9500,all
        link_load_max,all,,0.9,all
        site_reserve_min,all,,0.02,all
        latency_stretch_max,all,,2.5,all
        """,
}

_FIVE_DEMAND = {
    "web": ({"harbour": 60, "delta": 90, "capital": 80, "basin": 30, "plateau": 15}, "busy"),
    "batch": ({"harbour": 30, "delta": 40, "capital": 40}, "busy"),
    "render": ({"harbour": 8}, "busy"),
    "ledger": ({"harbour": 5, "delta": 5, "capital": 5, "basin": 5, "plateau": 5}, ""),
    "inference": ({"delta": 10, "capital": 12, "basin": 4}, "busy"),
    "training": ({"delta": 6, "capital": 10}, ""),
    "store": ({"delta": 30, "basin": 20}, ""),
    "archive": ({"delta": 100, "capital": 60}, ""),
}
_FIVE_GROWTH = {2026: 1.0, 2027: 1.15, 2029: 1.5}
_FIVE_MODULES = """
    link,module,gbps,mcny,max_count
    delta-junction,wave,0.4,0.8,5
    junction-basin,wave,0.4,0.9,
    """

_SLOW_WITH_INTEGERS = ("occupancy_min", "hub_share_min", "intelligent_share_min", "pue_max", "carbon_cap_t")
"""Rules that are tight in `five`: with whole halls and modules beside them, branch and bound takes minutes."""


def frame(text: str) -> pd.DataFrame:
    """A table written as indented CSV; all cells are text, as in a file."""
    return _parsed(text, pd.get_option("mode.string_storage")).copy(deep=False)


@lru_cache(maxsize=256)
def _parsed(text: str, _storage: str) -> pd.DataFrame:
    lines = (line.strip() for line in text.strip().splitlines())
    return pd.read_csv(io.StringIO("\n".join(lines)), dtype=str, keep_default_na=False)


def pair_frames() -> Frames:
    """Tables of `pair`."""
    return {name: frame(text) for name, text in _PAIR.items()}


def pair(folder: Path | None = None, **settings: object) -> Scenario:
    """Two regions, two sites, two periods, one hour, one link: solved by hand. Written to `folder` if there is one."""
    chosen = {"name": "pair", "periods": [2026, 2027], "discount_rate": 0.0, "hours": "one"} | settings
    return _made(chosen, pair_frames(), folder)


def five_frames(integer: bool = False) -> Frames:
    """Tables of `five`; with `integer`, halls in phases, equipment and links in modules, a site to be opened."""
    frames = {name: frame(text) for name, text in _FIVE.items()}
    frames["demand"] = pd.DataFrame(
        [
            {"region": region, "workload": workload, "period": period, "units": units * growth, "profile": profile}
            for workload, (asked, profile) in _FIVE_DEMAND.items()
            for region, units in asked.items()
            for period, growth in _FIVE_GROWTH.items()
        ]
    )
    frames["serving_cost"] = pd.DataFrame(
        [
            {"region": region, "site": site, "workload": "ledger", "mcny_per_unit_hour": 1e-6 * (1 + (i - 2 * j) % 5)}
            for i, region in enumerate(frames["regions"]["region"])
            for j, site in enumerate(frames["sites"]["site"])
        ]
    )
    if integer:
        frames["modules"] = frame(_FIVE_MODULES)
        frames["sites"]["fixed_cost_mcny"] = ["", "", "", "12"]
        frames["halls"]["phase_mw"] = ["", "", "1.5", "2", "2"]
        modular = frames["technologies"]["technology"] == "gpu-large"
        frames["technologies"]["module_units"] = modular.map({True: "4", False: ""})
        tight = frames["policies"]["rule"].isin(_SLOW_WITH_INTEGERS)
        frames["policies"] = frames["policies"][~tight]
    return frames


def five(folder: Path | None = None, *, integer: bool = False, **settings: object) -> Scenario:
    """Five regions, four sites, three periods, a day, every part of the model. Written to `folder` if given.

    With `integer` it is four hours, so that branch and bound takes seconds.
    """
    chosen = {
        "name": "five",
        "periods": [2026, 2027, 2029],
        "last_period_years": 2,
        "discount_rate": 0.06,
        "hours": "hours:4" if integer else "hours:24",
    }
    return _made(chosen | settings, five_frames(integer), folder)


def as_they_are(settings: Mapping[str, object], frames: Frames) -> Frames:
    """The tables with the first N hours as blocks that keep no means, where the settings ask for `hours:N`.

    What is worked out by hand rests on the values of single hours, which `hours:N` moves to the mean of the year.
    """
    kind, _, count = str(settings.get("hours", "one")).partition(":")
    if kind != "hours" or "blocks" in frames:
        return frames
    row = {"block": "hours", "first_hour": "0", "hours": count, "weight": repr(8760 / int(count))}
    return {**frames, "blocks": pd.DataFrame([row])}


def build(settings: Mapping[str, object], frames: Frames) -> Scenario:
    """Build a scenario; what was built from the same settings and tables before is handed out again, as a copy.

    Many tests ask for the same few: reading and checking them is most of their time. A test may change what it gets:
    pandas copies a table that is written to.
    """
    asked = as_they_are(settings, frames)
    key = (pd.get_option("mode.string_storage"), repr(settings), *((name, _content(asked[name])) for name in asked))
    if key not in _BUILT:
        _BUILT[key] = load.build(settings, asked)
        if len(_BUILT) > KEPT:
            _BUILT.pop(next(iter(_BUILT)))
    found = _BUILT[key]
    copies = {name: table.copy(deep=False) for name, table in found.tables.items()}
    return dataclasses.replace(found, tables=copies, curves=found.curves.copy(deep=False))


_BUILT: dict[object, Scenario] = {}
KEPT = 32
"""Scenarios that are kept: more are no longer those that the next test asks for."""


def _content(table: pd.DataFrame) -> object:
    """Return what tells tables apart: their columns with the type of each, and all cells."""
    return tuple((name, str(dtype)) for name, dtype in table.dtypes.items()), repr(table.to_dict("list")), len(table)


def _made(settings: dict[str, object], frames: Frames, folder: Path | None) -> Scenario:
    scenario = build(settings, frames)
    if folder is not None:
        write.write(scenario, folder)
    return scenario


def first_hours(scenario: Scenario, count: int) -> Scenario:
    """Return the scenario on its first `count` hours as they are, as a block that keeps no means."""
    blocks = five(hours=f"hours:{count}")["blocks"]
    return dataclasses.replace(scenario, tables={**scenario.tables, "blocks": blocks})
