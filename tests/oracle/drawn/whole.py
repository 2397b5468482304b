"""A whole scenario folder from a seed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from tests.oracle.drawn import cities, energy, equipment, failures, own, places, rules, service
from tests.oracle.drawn.dice import Dice, Rows

Tables = dict[str, Rows]


def draw(seed: int, folder: Path, without: frozenset[str] = frozenset()) -> None:
    """Write the scenario of a seed into a folder, with none of the features `without` names."""
    settings, tables = scenario(seed, without)
    write(folder, settings, tables)


def scenario(seed: int, without: frozenset[str] = frozenset()) -> tuple[dict[str, Any], Tables]:
    """Draw options and tables."""
    d = Dice(seed, without)
    settings = places.settings(d, seed)
    periods = settings["periods"]
    curves, by_rule, hourly = energy.curves(d, negative="plan" not in settings)
    tables: Tables = {"profile_rules": by_rule, "profiles": hourly}
    if d.chance(0.45, "blocks"):
        tables["blocks"] = places.blocks(d)
    zones = [f"Z{at}" for at in range(d.whole(1, 3))]
    tables["power"] = energy.power(d, periods, zones, curves)
    access = d.chance(0.2, "cities")
    if access:
        last = periods[-1] + settings["last_period_years"] - 1
        tables |= cities.tables(d, periods, last, zones)
        settings |= {"objective": "residents"} if d.chance(0.3, "residents") else {}
    _computing(d, periods, tables, zones, curves)
    if access and d.chance(0.4):
        for name in ("sites", "halls", "technologies", "fleet", "limits", "workloads", "demand", "latency",
                     "serving_cost", "links", "modules", "traffic", "supply", "policies"):  # fmt: skip
            tables.pop(name, None)
    tables["policies"] = tables.get("policies", []) + rules.beside(d, access=access)
    tables["budgets"] = rules.budgets(d, periods, tables)
    _unread(d, tables)
    if len(periods) > 1:
        _later(d, periods, tables)
    over = settings.get("as_of", "") >= f"{periods[-1]}-12-31" and not d.chance(1.0, "members_in_the_past")
    if settings.get("objective", "cost") == "cost" and not over and tables.get("demand") and d.chance(0.08, "members"):
        tables["members"] = rules.members(d, tables)
    if "as_of" in settings:
        _date(d, settings, tables)
    # What was added to the scenarios is drawn by dice of its own, so that a seed keeps all the rest.
    more = Dice(seed + 2_000_000, without)
    _clean(more, periods, tables, curves["sun"])
    _payers(more, tables)
    if "plan" in settings and more.chance(0.5):
        settings["plan"]["contract_zones"] = [more.pick(zones)]
    own.add(Dice(seed + 3_000_000, without), settings, tables)
    _clean_months(Dice(seed + 4_000_000, without), periods, tables)
    failures.add(Dice(seed + 5_000_000, without), settings, tables)
    _residual_payers(Dice(seed + 6_000_000, without), periods, tables)
    if tables.get("members"):
        last = Dice(seed + 7_000_000, without)
        tables["member_values"] = rules.member_values(last, tables)
        if last.chance(0.5):
            settings["risk"] = {"measure": "cvar", "level": last.between(0.0, 0.95), "weight": last.between(0.05, 0.95)}
    return settings, tables


def _computing(d: Dice, periods: list[int], tables: Tables, zones: list[str], curves: dict[str, list[str]]) -> None:
    """Draw places, equipment, work and rules."""
    nodes = tables["nodes"] = [{"node": f"N{at}"} for at in range(d.whole(0, 2))]
    tables["regions"] = places.regions(d, nodes)
    at = [row["region"] for row in tables["regions"]] + [row["node"] for row in nodes]
    sites = tables["sites"] = places.sites(d, periods, at, zones, curves["pue"])
    names = list(dict.fromkeys(row["site"] for row in sites))
    network = len(at) > 1 and not d.chance(0.2, "no_links")
    node = {row["region"]: row["node"] or row["region"] for row in tables["regions"]}
    links = tables["links"] = places.links(d, periods, at, node) if network else []
    tables["modules"] = places.modules(d, periods, links)
    tables["traffic"] = places.traffic(d, periods, at, node, curves["traffic"]) if links else []
    kinds = tables["technologies"] = equipment.technologies(d, periods)
    stands = tables["fleet"] = equipment.fleet(d, periods, names, kinds)
    mw = equipment.standing_mw(periods, stands, kinds)
    for row in sites:
        if row["it_limit_mw"] != "":
            row["it_limit_mw"] = round(row["it_limit_mw"] + mw.get(row["site"], 0.0), 3)
    tables["halls"] = equipment.halls(d, periods, names, mw)
    tables["limits"] = equipment.limits(d, periods, names, kinds, stands)
    works = tables["workloads"] = service.workloads(d, periods, kinds, network=bool(links))
    regions = [row["region"] for row in tables["regions"]]
    held = {name for row in kinds if row["kind"] == "stock" for name in (row["class"], row["technology"])}
    tables["demand"] = service.demand(d, periods, regions, works, curves["demand"], held)
    apart = places.apart(tables["regions"], sites, links)
    tables["latency"] = service.latency(d, periods, regions, names, apart)
    tables["serving_cost"] = service.serving_cost(d, periods, regions, names, works)
    tables["supply"] = energy.supply(d, periods, names, curves)
    tables["policies"] = rules.policies(d, periods, sites, links, kinds)


def _unread(d: Dice, tables: Tables) -> None:
    """Add what no plan reads."""
    texts: dict[str, dict[str, Any]] = {
        "regions": {"title": "A", "title_zh": "甲", "gdp_mcny": 5, "hub": "H1"},
        "nodes": {"title": "B", "title_zh": "乙", "lat": 30.5, "lon": 110},
        "sites": {"title": "C", "title_zh": "丙", "kind": "cluster"},
        "technologies": {"title": "D", "title_zh": "丁", "machine_units": 1},
        "workloads": {"title": "E", "title_zh": "戊", "sweep_unserved_mcny_per_unit_hour": 1},
        "cities": {"title": "F", "title_zh": "己", "lat": 26, "lon": 106, "area_km2": 9000},
        "measures": {"title": "G", "title_zh": "庚", "unit": "station"},
        "standard": {"version_zh": "版"},
    }
    for name, columns in texts.items():
        for row in tables.get(name, []) if d.chance(0.2) else []:
            row.update(columns)
    if tables.get("sites") and d.chance(0.1):
        d.pick(["", 2026])  # what stood here is drawn by `_payers`


def _clean(d: Dice, periods: list[int], tables: Tables, sun: list[str]) -> None:
    """Draw clean parts of the grid and clean shares by the hour."""
    for row in tables["power"]:
        row["clean_share"] = d.pick(["", d.between(0.1, 0.9), *sun])
        if row["green_premium_cny_per_kwh"] != "":
            row["green_profile"] = d.pick(["", "", d.between(0.3, 1.0), *sun])
    sites = tables.get("sites", [])
    if sites and d.chance(0.15):
        scopes = ["all", *sorted({row[column] for row in sites for column in ("site", "hub")} - {""})]
        tables["policies"] += rules.dated(d, periods, "clean_share_hourly_min", d.pick(scopes), 0.0, 0.5)


def _clean_months(d: Dice, periods: list[int], tables: Tables) -> None:
    """Draw clean shares by the month."""
    sites = tables.get("sites", [])
    if tables["power"] and sites and d.chance(0.15):
        scopes = ["all", *sorted({row[column] for row in sites for column in ("site", "hub")} - {""})]
        scopes += sorted({f"investor:{row['investor']}" for row in sites if row["investor"]})
        tables["policies"] += rules.dated(d, periods, "clean_share_monthly_min", d.pick(scopes), 0.0, 0.5)


def _payers(d: Dice, tables: Tables) -> None:
    """Draw who pays in one or two scopes: two investors with their shares."""
    if not tables.get("sites") or not d.chance(0.1):
        return
    names = [row[column] for row in tables["sites"] for column in ("site", "hub") if row[column]]
    for scope in dict.fromkeys(d.pick(["all", "network", *names]) for _ in range(2)):
        share = d.between(0.1, 0.9)
        payer = {"scope": scope, "party": "public", "period": d.pick(["", 2026])}
        tables.setdefault("payers", []).append(payer | {"investor": "I1", "share": share})
        tables["payers"].append(payer | {"investor": d.pick(["I2", "I3"]), "share": round(1 - share, 9)})


def _residual_payers(d: Dice, periods: list[int], tables: Tables) -> None:
    """Draw budgets of payers, and who pays what these budgets cannot carry."""
    if not tables.get("sites") or not d.chance(0.25):
        return
    if not tables.get("payers"):
        hubs = sorted({row["hub"] for row in tables["sites"]} - {""})
        for scope in dict.fromkeys(d.pick(["all", "network", *hubs]) for _ in range(2)):
            share = d.between(0.2, 0.9)
            payer = {"scope": scope, "party": "owner", "period": ""}
            tables["payers"] = [
                *tables.get("payers", []),
                payer | {"investor": "I1", "share": share},
                payer | {"investor": d.pick(["I2", "I3"]), "share": round(1 - share, 9)},
            ]
    last = {row["scope"]: row["investor"] for row in tables["payers"] if row["investor"] != "I1"}
    for row in tables["payers"]:
        row["residual_payer"] = last[row["scope"]] if row["investor"] == "I1" and d.chance(0.8) else ""
    for name in ("I1", *dict.fromkeys(last.values())):
        if not any(row["scope"] == f"investor:{name}" for row in tables["budgets"]) and d.chance(0.7):
            limit = {"scope": f"investor:{name}", "limit_mcny": d.between(1, 40)}
            tables["budgets"].append(limit | {"period": d.pick(["", *periods])})


def _later(d: Dice, periods: list[int], tables: Tables) -> None:
    """Add second rows of places that say the same, and of cities with other crews."""
    for name in ("regions", "nodes", "cities"):
        features = ("dated", "dated_regions") if name == "regions" else ("dated",)
        if tables.get(name) and d.chance(0.12, *features):
            row = tables[name][0] | {"period": d.pick(periods[1:])}
            tables[name].append(row | {"crew_days_year": d.whole(20_000, 90_000)} if name == "cities" else row)


def _date(d: Dice, settings: dict[str, Any], tables: Tables) -> None:
    """Give some rows a source, of which one was published after `as_of`."""
    year = int(settings["as_of"][:4])
    early, late = d.pick([f"{year - 1}", f"{year}-03", f"{year}-03-31"]), d.pick([f"{year}-12-31", f"{year + 1}"])
    late = f"{year + 1}-06" if settings["as_of"] >= late else late
    tables["sources"] = [{"source": "early", "date": early}, {"source": "late", "date": late}]
    for table in ("limits", "policies", "budgets", "latency", "traffic", "supply"):
        column = "reference" if table == "supply" else "source"
        for row in tables.get(table, []):
            row[column] = d.pick(["", "", "early", "early", "late"])
    if tables.get("members"):  # members that move budgets need one that is known
        for row in tables["budgets"]:
            row.pop("source", None)


def write(folder: Path, settings: dict[str, Any], tables: Tables) -> None:
    """Write a scenario folder."""
    folder.mkdir(parents=True, exist_ok=True)
    flat = [f"{key} = {_toml(value)}" for key, value in settings.items() if not isinstance(value, dict)]
    for key, section in settings.items():
        if isinstance(section, dict):
            flat += [f"[{key}]", *(f"{name} = {_toml(value)}" for name, value in section.items())]
    (folder / "scenario.toml").write_text("\n".join(flat) + "\n", encoding="utf-8")
    for name, rows in tables.items():
        if not rows:
            continue
        columns = list(dict.fromkeys(column for row in rows for column in row))
        used = [column for column in columns if any(row.get(column, "") != "" for row in rows)] or columns
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, used, extrasaction="ignore", restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _toml(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return str(value).replace("'", '"')
