"""A small made-up run whose tables agree with one another: four sites, six regions, three years, two modelled days."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from xisuan import units
from xisuan.results.plan import TABLES, Certificate, Effort, Plan
from xisuan.results.run import Run
from xisuan.results.schedule import TABLES as SCHEDULE_TABLES
from xisuan.results.schedule import Schedule
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema import tables
from xisuan.scenario.settings import Hours, ReportOptions, Settings

PERIODS = (2026, 2027, 2028)
HOURS = 48
WEIGHT = np.repeat([100.0, 265.0], 24)
DAY = 1 + 0.3 * np.sin((np.arange(HOURS) - 9) * np.pi / 12)

REGIONS = [
    ("guiyang", "Guiyang", "贵阳市", 26.58, 106.71, "KWE"),
    ("zunyi", "Zunyi", "遵义市", 27.71, 106.94, "zunyi"),
    ("bijie", "Bijie", "毕节市", 27.30, 105.29, "bijie"),
    ("shanghai", "Shanghai", "上海市", 31.23, 121.47, "shanghai"),
    ("guangdong", "Guangdong", "广东省", 23.13, 113.26, "guangdong"),
    ("beijing", "Beijing", "北京市", 39.90, 116.40, "beijing"),
]
SITES = [
    ("GAN", "Gui'an", "贵安集群", "cluster", "Guizhou", 26.42, 106.45, "KWE", "China Telecom", 2500.0),
    ("SGN", "Shaoguan", "韶关集群", "cluster", "Greater Bay Area", 24.81, 113.60, "SGN", "China Mobile", 1365.0),
    ("HLG", "Horinger", "和林格尔集群", "cluster", "Inner Mongolia", 40.38, 111.82, "HLG", "China Mobile", 5000.0),
    ("SHM", "Shanghai metro", "上海城市节点", "edge", "", 31.20, 121.40, "shanghai", "China Unicom", math.nan),
]
TECHNOLOGIES = [
    (
        "general_2024",
        "Two-socket servers",
        "双路服务器",
        "general",
        "PFLOPS FP32",
        "FP32",
        0.001,
        0.05,
        0.001,
        9.0,
        "flow",
    ),
    ("ai_2025", "AI supernodes", "超节点", "intelligent", "PFLOPS FP16", "FP16", 0.001, 0.00186, 0.0001, 0.2, "flow"),
    ("cold", "Cold storage", "冷存储", "storage", "PB", "", math.nan, 0.0005, 0.0, 0.3, "stock"),
]
WORKLOADS = [
    ("real_time", "Real-time", "实时", "general", 4.5, 0.0),
    ("batch", "Batch", "批处理", "general", math.nan, 24.0),
    ("training", "AI training", "智能训练", "intelligent", math.nan, 168.0),
    ("cold_storage", "Cold storage", "冷存储", "storage", math.nan, 0.0),
]
TECHNOLOGY_OF = {"general": "general_2024", "intelligent": "ai_2025", "storage": "cold"}
LINKS = [
    ("KWE--guangdong", "KWE", "guangdong", 980.0, "China Telecom"),
    ("KWE--zunyi", "KWE", "zunyi", 150.0, "China Mobile"),
    ("KWE--bijie", "KWE", "bijie", 190.0, "China Mobile"),
    ("guangdong--SGN", "guangdong", "SGN", 200.0, "China Mobile"),
    ("guangdong--shanghai", "guangdong", "shanghai", 1500.0, "China Unicom"),
    ("shanghai--beijing", "shanghai", "beijing", 1300.0, "China Unicom"),
    ("beijing--HLG", "beijing", "HLG", 470.0, "China Telecom"),
]
NODES = [("KWE", "Guiyang", 26.58, 106.71), ("SGN", "Shaoguan", 24.81, 113.60), ("HLG", "Horinger", 40.38, 111.82)]
DEMAND = {"guiyang": 1.0, "zunyi": 0.7, "bijie": 0.5, "shanghai": 5.0, "guangdong": 8.0, "beijing": 6.0}
SIZE = {"real_time": 300.0, "batch": 900.0, "training": 30000.0, "cold_storage": 20000.0}
HOME = {"guiyang": "GAN", "zunyi": "GAN", "bijie": "GAN", "shanghai": "SHM", "guangdong": "SGN", "beijing": "HLG"}
WEST = {"real_time": 0.0, "batch": 0.25, "training": 0.4, "cold_storage": 0.6}
"""Share of an eastern region's work that runs at GAN in the last year."""


def table(name: str, rows: list[Mapping[str, object]]) -> pd.DataFrame:
    """A scenario table with every column of the format, blanks as the reader leaves them."""
    columns: dict[str, list[object]] = {}
    for column in tables.BY_NAME[name].all_columns:
        blank: object = "" if column.kind in ("name", "text", "choice") else math.nan
        blank = blank if column.default is None else column.default
        columns[column.name] = [row.get(column.name, blank) for row in rows]
    return pd.DataFrame(columns)


def _rows(names: str, values: list[tuple[object, ...]], **more: object) -> list[Mapping[str, object]]:
    return [dict(zip(names.split(), value, strict=True)) | more for value in values]


def scenario(title: str = "Guizhou made up", region_title: str = "Guiyang") -> Scenario:
    """The scenario. Titles can be set to something hostile."""
    regions = [("guiyang", region_title, *REGIONS[0][2:]), *REGIONS[1:]]
    demand = [
        (region, workload, period, SIZE[workload] * weight * 1.2 ** (period - 2026))
        for region, weight in DEMAND.items()
        for workload in SIZE
        for period in PERIODS
    ]
    estimate = {"quality": "estimate", "source": "own"}
    given = {
        "regions": _rows("region title title_zh lat lon node", regions, quality="published", source="census"),
        "nodes": _rows("node title lat lon", NODES),
        "sites": _rows("site title title_zh kind hub lat lon node investor it_limit_mw", SITES, zone="Z", **estimate),
        "halls": _rows(
            "site existing_mw limit_mw",
            [("GAN", 900.0, 2500.0), ("SGN", 1600.0, 2000.0), ("HLG", 1200.0, 5000.0)],
            lead_years=1.0,
            capex_mcny_per_mw=22.0,
            life_years=20.0,
            **estimate,
        ),
        "technologies": _rows(
            "technology title title_zh class unit precision eflops_per_unit mw_per_unit fp32_per_unit"
            " capex_mcny_per_unit kind",
            TECHNOLOGIES,
            attainable_utilisation=0.8,
            idle_share=0.3,
            **estimate,
        ),
        "workloads": _rows(
            "workload title title_zh class latency_ms defer_hours", WORKLOADS, gbps_per_unit=0.01, **estimate
        ),
        "demand": _rows("region workload period units", demand, quality="derived", source="census;own"),
        "links": _rows("link from to length_km investor", LINKS, capacity_gbps=2000.0, lead_years=1.0, **estimate),
        "power": [{"zone": "Z", "price": 0.4, "co2_kg_per_kwh": 0.55, "grid_limit_mw": 4000.0, **estimate}],
        "blocks": _rows(
            "block first_hour hours weight", [("winter", 360.0, 24.0, 100.0), ("summer", 4704.0, 24.0, 265.0)]
        ),
        "budgets": _rows("period scope limit_mcny", [(2027, "network", 900.0), (2027, "Guizhou", 38000.0)], **estimate),
        "policies": _rows("rule scope value", [("green_share_min", "Guizhou", 0.5), ("pue_max", "all", 1.3)]),
        "sources": _rows(
            "source title publisher date address",
            [
                ("census", "Census bulletin", "Bureau of Statistics", "2021", "https://example.org/census"),
                ("own", "Judgement", "xisuan", "2025-12-31", ""),
            ],
        ),
        "estimates": _rows(
            "table key column low high how",
            [
                ("demand", "shanghai/batch/2026", "units", 3000.0, 6000.0, "growth of traffic"),
                ("halls", "GAN", "existing_mw", 300.0, 500.0, "equipment at 63 % occupancy"),
            ],
        ),
    }
    return Scenario(
        settings=Settings(
            name="fake",
            title=title,
            title_zh="虚构的贵州",
            periods=PERIODS,
            hours=Hours("days", 2),
            report=ReportOptions(region="Guizhou"),
        ),
        tables={name: table(name, given.get(name, [])) for name in tables.BY_NAME},
        curves=pd.DataFrame(index=range(units.HOURS_PER_YEAR)),
    )


def service() -> pd.DataFrame:
    """Who is served where: eastern work moves to GAN in equal steps."""
    rows: list[tuple[object, ...]] = []
    for period in PERIODS:
        for region, weight in DEMAND.items():
            for workload, size in SIZE.items():
                total = size * weight * 1.2 ** (period - 2026)
                west = 1.0 if HOME[region] == "GAN" else WEST[workload] * (period - 2025) / 3
                for site, share in (("GAN", west), (HOME[region], 1 - west)):
                    if share > 0:
                        rows.append((period, region, site, workload, total * share, share))
    return pd.DataFrame(rows, columns=list(TABLES["service"]))


def _load(served: pd.DataFrame) -> pd.DataFrame:
    kind = {workload: TECHNOLOGY_OF[row[3]] for workload, row in zip(SIZE, WORKLOADS, strict=True)}
    sums = (
        served.assign(technology=served["workload"].map(kind)).groupby(["period", "site", "technology"])["units"].sum()
    )
    rows = [
        (period, hour, site, technology, value * (DAY[hour] if technology != "cold" else 1.0))
        for (period, site, technology), value in sums.items()
        for hour in range(HOURS)
    ]
    return pd.DataFrame(rows, columns=list(TABLES["load"]))


def _capacity(load: pd.DataFrame) -> pd.DataFrame:
    mw = {row[0]: float(row[7]) for row in TECHNOLOGIES}
    unit = {row[0]: row[4] for row in TECHNOLOGIES}
    peaks = load.groupby(["period", "site", "technology"])["units"].max() / 0.8
    first = {(site, technology): value for (period, site, technology), value in peaks.items() if period == PERIODS[0]}
    rows: list[tuple[object, ...]] = [
        (
            period,
            "compute",
            site,
            technology,
            value,
            0.9 * first[site, technology],
            unit[technology],
            value * mw[technology],
        )
        for (period, site, technology), value in peaks.items()
    ]
    for at, period in enumerate(PERIODS):
        for site, existing in (("GAN", 900.0), ("SGN", 1600.0), ("HLG", 1200.0)):
            amount = existing + (800.0 * at if site == "GAN" else 50.0 * at)
            rows.append((period, "hall", site, "", amount, existing, "MW", amount))
        for link, *_ in LINKS:
            rows.append((period, "link", link, "", 2000.0 + 700.0 * at, 2000.0, "Gbps", math.nan))
        rows.append((period, "solar", "GAN", "", 100.0 * at, 0.0, "MW", math.nan))
    return pd.DataFrame(rows, columns=list(TABLES["capacity"]))


def _builds(capacity: pd.DataFrame) -> pd.DataFrame:
    """Orders that explain the growth of capacity: a year ahead for all but compute."""
    payer = {site[0]: site[8] for site in SITES} | {link[0]: link[4] for link in LINKS}
    price = {"hall": 22.0, "link": 0.01, "solar": 3.3} | {row[0]: row[9] for row in TECHNOLOGIES}
    rows: list[tuple[object, ...]] = []
    for (asset, where, technology), group in capacity.groupby(["asset", "where", "technology"], sort=False):
        before = float(group["existing"].iloc[0])
        for period, amount, unit in zip(group["period"], group["amount"], group["unit"], strict=True):
            ordered = float(amount) - before
            before = float(amount)
            if ordered <= 0:
                continue
            mw = ordered * (
                1.0 if asset == "hall" else next((float(t[7]) for t in TECHNOLOGIES if t[0] == technology), math.nan)
            )
            year = period if asset == "compute" else period - 1
            rows.append(
                (
                    year,
                    asset,
                    where,
                    technology,
                    ordered,
                    unit,
                    mw,
                    period,
                    payer[where],
                    ordered * float(price[technology or asset]),
                )
            )
    frame = pd.DataFrame(rows, columns=list(TABLES["builds"]))
    return frame.sort_values(["period", "asset", "where"], kind="stable").reset_index(drop=True)


def _power(load: pd.DataFrame, capacity: pd.DataFrame) -> pd.DataFrame:
    mw = {row[0]: float(row[7]) for row in TECHNOLOGIES}
    solar = np.clip(np.sin((np.arange(HOURS) % 24 - 6) * np.pi / 12), 0, None)
    it = load.assign(it=load["units"] * load["technology"].map(mw)).groupby(["period", "hour", "site"])["it"].sum()
    rows = []
    for (period, hour, site), value in it.items():
        facility = 1.2 * value
        sun = min(facility, 100.0 * (period - 2026) * solar[hour]) if site == "GAN" else 0.0
        price = 0.5 if 8 <= hour % 24 < 22 else 0.3
        rows.append((period, hour, site, value, facility, facility - sun, 0.0, sun, 0.0, 0.0, 0.0, 0.0, price))
    return pd.DataFrame(rows, columns=list(TABLES["power"]))


def _emissions(power: pd.DataFrame) -> pd.DataFrame:
    grid = power.assign(grid=power["grid_mw"] * WEIGHT[power["hour"]]).groupby(["period", "site"])["grid"].sum()
    rows = [(p, s, v, 0.4 * v, 0.4 * v, 0.55 * v, 0.55 * 0.6 * v, 12000.0) for (p, s), v in grid.items()]
    return pd.DataFrame(rows, columns=list(TABLES["emissions"]))


def _costs(builds: pd.DataFrame, power: pd.DataFrame) -> pd.DataFrame:
    term = {"hall": "hall_capex", "compute": "compute_capex", "link": "link_capex", "solar": "supply_capex"}
    payer = {site[0]: site[8] for site in SITES}
    rows: list[tuple[object, ...]] = [
        (row.period, term[str(row.asset)], row.where, row.investor, row.capex_mcny, 0.4 * float(str(row.capex_mcny)))
        for row in builds.itertuples()
    ]
    energy = power.assign(cost=power["grid_mw"] * WEIGHT[power["hour"]] * power["price_cny_per_kwh"] * 1e-3)
    for (period, site), value in energy.groupby(["period", "site"])["cost"].sum().items():
        rows.append((period, "energy", site, payer[site], value, value * 1.06 ** -(period - 2026)))
        rows.append((period, "compute_opex", site, payer[site], 0.3 * value, 0.3 * value * 1.06 ** -(period - 2026)))
    return pd.DataFrame(rows, columns=list(TABLES["costs"]))


def _flows() -> pd.DataFrame:
    rows = []
    for at, period in enumerate(PERIODS):
        for index, (link, start, end, *_) in enumerate(LINKS):
            for hour in range(HOURS):
                gbps = (500.0 + 150.0 * index) * DAY[hour] * (1 + 0.2 * at)
                rows.append((period, hour, link, start, end, gbps, 2000.0 + 700.0 * at))
                rows.append((period, hour, link, end, start, 0.4 * gbps, 2000.0 + 700.0 * at))
    return pd.DataFrame(rows, columns=list(TABLES["flows"]))


def _backlog() -> pd.DataFrame:
    rows = [
        (period, hour, region, "training", SIZE["training"] * weight * 2 * max(0.0, DAY[hour] - 1))
        for period in PERIODS
        for region, weight in DEMAND.items()
        for hour in range(HOURS)
    ]
    return pd.DataFrame(rows, columns=list(TABLES["backlog"]))


PRICES = [
    (2027, "budget", "network", -3.2, "mCNY"),
    (2027, "budget", "Guizhou", -0.4, "mCNY"),
    (2028, "green_share_min", "Guizhou/all", -2e-5, "MWh"),
    (2028, "bound on hall", "GAN", -6.5, "MW"),
]


def tables_of_plan() -> dict[str, pd.DataFrame]:
    """Every table of the plan."""
    served = service()
    load = _load(served)
    capacity = _capacity(load)
    builds = _builds(capacity)
    power = _power(load, capacity)
    return {
        "builds": builds,
        "capacity": capacity,
        "service": served,
        "load": load,
        "backlog": _backlog(),
        "flows": _flows(),
        "power": power,
        "costs": _costs(builds, power),
        "prices": pd.DataFrame(PRICES, columns=list(TABLES["prices"])),
        "emissions": _emissions(power),
    }


EFFORT = Effort("direct", "hipo", 8.4, 1.2, 512.0, 120_000, 90_000, 450_000, 0, 31)


def run(**names: str) -> Run:
    """The whole run."""
    given = scenario(**names)
    found = tables_of_plan()
    cost = float(found["costs"]["discounted_mcny"].sum())
    certificate = Certificate(
        True,
        3.4e-8,
        cost,
        cost * (1 - 4e-6),
        {"work_balance": 2e-9, "power_balance": 3.4e-8, "traffic_within_link": 0.0},
    )
    plan = Plan(given, "optimal", cost, cost * (1 - 2e-6), cost, EFFORT, {}, {}, tables=found, certificate=certificate)
    return Run(
        given,
        plan,
        schedule=_schedule(plan, 0.0),
        others=_schedule(plan, 0.002),
        notes={
            "scenario hash": "3b5e0c",
            "xisuan": "0.1.0",
            "seed": "0",
        },
    )


def _schedule(plan: Plan, missing: float) -> Schedule:
    unserved = [(2028, "batch", "guangdong", 5e6 * missing, missing, 12.0)] if missing else []
    excess = [(2028, "green_share_min", "Guizhou", 1200.0, "MWh", 3.0)] if missing else []
    found = {name: plan.tables[name] for name in ("service", "load", "flows", "power", "costs", "emissions")} | {
        "shortfall": pd.DataFrame(unserved, columns=list(SCHEDULE_TABLES["shortfall"])),
        "excess": pd.DataFrame(excess, columns=list(SCHEDULE_TABLES["excess"])),
    }
    cost = 0.6 * plan.cost_mcny
    return Schedule(
        plan.scenario.with_settings(hours=Hours("days", 12)),
        "short" if missing else "optimal",
        cost,
        15.0 if missing else 0.0,
        EFFORT,
        {},
        {},
        tables=found,
        lower_bound=cost * (1 - 1e-7),
        certificate=Certificate(True, 2e-9, cost, cost * (1 - 3e-6), {"work_balance": 2e-9, "capacity": 0.0}),
    )
