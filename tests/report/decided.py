"""Made-up decision tables in the columns of the format, for a run whose focus is one site."""

from __future__ import annotations

import math

import pandas as pd

from xisuan.results.run import Run

TERMS = (
    "equipment_cny",
    "hall_cny",
    "power_cny",
    "pue_cny",
    "demand_charge_cny",
    "green_cny",
    "carbon_cny",
    "network_cny",
)
SIZE = {"general": 900.0, "intelligent": 9.0, "storage": 0.6}


def tables(
    sites: dict[str, str],
    workloads: dict[str, str],
    periods: tuple[int, ...],
    hub: str = "Guizhou",
    focus: str = "GAN",
) -> dict[str, pd.DataFrame]:
    """Every decision table. `sites`: site → kind; `workloads`: workload → class. The second site is the rival."""
    rival = next(site for site in sites if site != focus)
    return {
        "calibration": _calibration(hub, periods[0] - 1),
        "hub_costs": _hub_costs(sites, workloads, periods[-1], focus, rival),
        "break_even": pd.DataFrame([_break_even(focus, rival)]),
        "levelised": _levelised(hub, periods),
        "unit_costs": _unit_costs(hub, periods[-1]),
        "investors": _investors(hub, periods),
        "stress": _stress(),
        "estimates": _estimates(),
        "decision_notes": pd.DataFrame(
            [{"table": "stress", "note_en": "Made on one day a year.", "note_zh": "按每年一个典型日测算。"}]
        ),
        "decided": pd.DataFrame(
            {"quality": ["published", "derived", "estimate"], "mcny": [2100.0, 5200.0, 9100.0],
             "share": [2100 / 16400, 5200 / 16400, 9100 / 16400]}
        ),
    }  # fmt: skip


def _calibration(hub: str, year: int) -> pd.DataFrame:
    rows = [
        ("compute_intelligent_eflops", "Intelligent computing", "智能算力规模", "EFLOPS", 145.5, 150.0,
         "at least", "actual", ""),
        ("racks", "Standard racks", "标准机架规模", "standard racks", 396000.0, 800000.0, "exact", "target", ""),
        ("occupancy", "Occupancy", "上架率", "fraction", 0.504, 0.6053, "exact", "actual", ""),
        ("energy_twh", "Electricity", "用电量", "TWh", 3.1, 2.2, "exact", "actual",
         "The model counts every hall at Gui'an, the published figure only the large ones."),
        ("investment_mcny", "Investment of the big-data field", "大数据领域投资", "mCNY", 7882.3, 22000.0,
         "at least", "actual",
         "The field holds software and electronics that no plan orders."),
        ("egress_gbps", "Interprovincial egress bandwidth", "省际出口带宽", "Gbps", 51100.0, 51100.0,
         "exact", "actual", ""),
        ("peak_mw", "Peak load", "最大用电负荷", "MW", 620.0, math.nan, "exact", "actual", ""),
    ]  # fmt: skip
    found = []
    for quantity, en, zh, unit, model, published, bound, kind, why in rows:
        difference = math.nan if kind == "target" or math.isnan(published) else model / published - 1
        found.append(
            {
                "quantity": quantity, "title_en": en, "title_zh": zh, "place": hub, "period": year,
                "unit": unit, "model": model, "published": published,
                "published_period": year, "date": f"{year}-09", "bound": bound, "kind": kind,
                "difference": difference, "miss": bool(abs(difference) > 0.2), "why_en": why,
                "why_zh": "统计口径不同。" if why else "", "scope": "whole province", "source": "own",
                "quality": "published",
            }
        )  # fmt: skip
    return pd.DataFrame(found)


def _hub_costs(sites: dict[str, str], workloads: dict[str, str], period: int, focus: str, rival: str) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for workload, kind in workloads.items():
        for at, site in enumerate(sites):
            size = SIZE.get(kind, 1.0) * (1 + 0.02 * at)
            near = workload == "real_time" and site == focus
            terms = dict(zip(TERMS, (0.7, 0.05, 0.13, 0.03, 0.04, 0.0 if at else math.nan, 0.0, 0.02), strict=True))
            values = {name: size * part for name, part in terms.items()}
            total = sum(value for value in values.values() if not math.isnan(value))
            rows.append(
                {
                    "site": site, "kind": sites[site], "workload": workload, "technology": "", "period": period,
                    "unit": "PB" if kind == "storage" else "PFLOPS FP16" if kind == "intelligent" else "PFLOPS FP32",
                    **values, "total_cny": math.nan if near else total,
                    "eligible_share": 0.0004 if near else 1.0, "eastern_share": 0.0 if near else 0.62,
                    "served_units": 1000.0, "served_share": 0.1, "room_mw": math.nan,
                    "against_rival": math.nan if near else -0.034 + 0.02 * at, "best_rival": rival,
                    "against_site": math.nan if near else -0.034 + 0.02 * at, "best_site": rival,
                    "why": "latency" if near else "" if site == focus else "dearer",
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _break_even(focus: str, rival: str) -> dict[str, object]:
    return {
        "site": focus, "what": "compute", "rival": rival, "direction": "loses at", "list_cny_per_kwh": 0.487,
        "list_all_in_cny_per_kwh": 0.559, "contract_cny_per_kwh": 0.3, "contract_all_in_cny_per_kwh": 0.35,
        "change_cny_per_kwh": 0.062, "price_cny_per_kwh": 0.549, "price_all_in_cny_per_kwh": 0.621,
        "build_mw": 929.7, "build_after_mw": 431.2, "rival_mw": 2100.0, "rival_after_mw": 2590.0,
        "other": "", "other_mw": 0.0, "other_after_mw": 0.0,
        "hours": "days:1",
        "resolution_cny_per_kwh": 0.001, "found": True,
    }  # fmt: skip


def _unit_costs(hub: str, period: int) -> pd.DataFrame:
    """Two works at 8 and 12, three quarters of the first: 9 on average; used half of the time: 4.5 installed."""
    head = {"place": hub, "class": "intelligent", "period": period, "unit": "PFLOPS FP16"}
    rows = [("served", "training", 8.0, 0.75, math.nan), ("served", "inference", 12.0, 0.25, math.nan),
            ("served", "", 9.0, 1.0, math.nan), ("installed", "", 4.5, math.nan, 0.5)]  # fmt: skip
    names = ("per", "workload", "cny", "share", "use")
    return pd.DataFrame([head | dict(zip(names, row, strict=True)) for row in rows])


def _levelised(hub: str, periods: tuple[int, ...]) -> pd.DataFrame:
    rows = []
    for place in ("all", hub):
        for kind, unit in (("intelligent", "PFLOPS FP16"), ("general", "PFLOPS FP32"), ("storage", "PB")):
            for period in periods[-1:]:
                cost = SIZE[kind] * (0.96 if place == hub else 1.0) * 0.9 ** (period - periods[0])
                rows.append(
                    {
                        "place": place, "class": kind, "period": period, "precision": unit.partition(" ")[2],
                        "unit": unit, "cny_per_unit_hour": cost, "cny_per_installed_unit_hour": 0.7 * cost,
                        "cny_per_rack_month": 1830.0, "with_equipment_cny_per_rack_month": 14200.0,
                        "equipment_cny": 0.72 * cost, "hall_cny": 0.06 * cost, "power_cny": 0.18 * cost,
                        "network_cny": 0.04 * cost,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


def _investors(hub: str, periods: tuple[int, ...]) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for scope, factor in (("all", 10.0), (hub, 1.0)):
        for period in periods:
            for name, party in (("China Telecom", "operator"), ("Big Data Bureau", "public")):
                terms = {"hall_capex": 400.0, "compute_capex": 7000.0, "energy": 300.0}
                for term, mcny in terms.items():
                    rows.append(_paid(scope, period, name, party, term, factor * mcny))
                capital = factor * 7400.0
                rows.append(
                    _paid(scope, period, name, party, "capital", capital)
                    | {"ordered_mcny": capital, "budget_mcny": 90000.0, "budget_use": capital / 90000.0}
                )
    return pd.DataFrame(rows)


def _paid(scope: str, period: int, investor: str, party: str, term: str, mcny: float) -> dict[str, object]:
    return {
        "period": period, "investor": investor, "party": party, "term": term, "mcny": mcny,
        "discounted_mcny": 0.4 * mcny, "capital": term.endswith("capex") or term == "capital", "scope": scope,
        "ordered_mcny": math.nan, "budget_mcny": math.nan, "budget_use": math.nan,
    }  # fmt: skip


def _stress() -> pd.DataFrame:
    cases = [
        ("base", "As planned", "基准", 1.0, 0.0, 0.0),
        ("east_demand", "East demand −30 %", "东部需求减 30%", 0.86, 0.0, 5200.0),
        ("demand_more", "Demand +50 %", "需求增 50%", 1.31, 0.004, 90.0),
        ("demand_less", "Demand −50 %", "需求减 50%", 0.7, 0.0, 9100.0),
        ("west_price_low", "Western price 0.6 of list", "西部电价为目录价 0.6", 0.985, 0.0, 40.0),
        ("west_price_list", "Western price at list", "西部电价为目录价", 1.0, 0.0, 0.0),
        ("detour", "Detour 1.6", "光缆绕行系数 1.6", 1.01, 0.002, 300.0),
        ("green_premium", "Green premium × 2", "绿电溢价加倍", 1.004, 0.0, 10.0),
        ("price_reported", "Power at reported prices", "电力按公开报道电价", 0.97, 0.0, 30.0),
        ("subsidy", "20 % subsidised", "财政补助20%", 0.94, 0.0, 30.0),
        ("racks_required", "800,000 racks required", "要求建成80万标准机架", 1.538, 0.0, 30.0),
        ("late", "Gui'an a year late", "贵安推迟一年", 1.006, 0.0, math.nan),
    ]  # fmt: skip
    return pd.DataFrame(
        [
            {
                "case": case, "status": "short" if short else "optimal",
                "label_en": en, "label_zh": zh, "cost_mcny": 1.5e6 * cost,
                "penalty_mcny": 1e5 * short, "shortfall_unit_hours": 1e6 * short, "shortfall_share": short,
                "shortfall_workload": "training" if short else "", "idle_mcny": idle,
                "foresight_mcny": 1.5e6 * cost - 900.0, "regret_mcny": 900.0 if case != "base" else 0.0,
                "cost_change": cost - 1, "build_mw": 930.0 * cost, "build_change": cost - 1, "hours": "days:1",
                "work_region": "", "work": "", "work_share": math.nan,
                "halls_mw": 1300.0 * cost, "capital_mcny": 50000.0 * cost,
                "certificate": "holds", "max_violation": 4e-9,
            }
            for case, en, zh, cost, short, idle in cases
        ]
    )  # fmt: skip


def _estimates() -> pd.DataFrame:
    titles = [
        ("AI demand in 2030", "2030 年智能算力需求"), ("Price of AI servers", "智能服务器价格"),
        ("Attainable utilisation", "可达利用率"), ("Western power price", "西部电价"), ("PUE at Gui'an", "贵安 PUE"),
    ]  # fmt: skip
    return pd.DataFrame(
        [
            {
                "rank": at + 1, "table": "demand", "key": "x", "column": "units", "title_en": en, "title_zh": zh,
                "unit": "fraction", "values": 1, "value": 1.0, "low": 0.7, "high": 1.4, "screened_mcny": 160000.0,
                "cost_low_mcny": -120000.0 / (at + 1), "cost_high_mcny": 150000.0 / (at + 1),
                "swing_mcny": 150000.0 / (at + 1),
                "build_low_mw": 700.0, "build_high_mw": math.nan if at == 4 else 1100.0, "flips": at == 0,
                "flips_en": "Horinger passes Gui'an" if at == 0 else "",
                "flips_zh": "和林格尔超过贵安" if at == 0 else "", "source": "own", "how": "growth of traffic",
            }
            for at, (en, zh) in enumerate(titles)
        ]
    )  # fmt: skip


def for_run(run: Run) -> dict[str, pd.DataFrame]:
    """The tables for the sites and workloads of a run."""
    scenario = run.scenario
    sites = scenario["sites"].drop_duplicates("site")
    workloads = scenario["workloads"].drop_duplicates("workload")
    return tables(
        dict(zip(sites["site"], sites["kind"], strict=True)),
        dict(zip(workloads["workload"], workloads["class"], strict=True)),
        scenario.settings.periods,
    )
