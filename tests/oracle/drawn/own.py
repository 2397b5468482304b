"""Own rules of a drawn scenario: caps, shares, ramps and pairs over orders, capacity and operation."""

from __future__ import annotations

from typing import Any

from tests.oracle.drawn.dice import Dice, Rows

Tables = dict[str, Rows]
HALLS = ("build_hall", "hall")
UNITS = ("build", "installed", "load")
SOURCES = ("build_supply", "supply", "generation")
HOURLY = ("load", "generation", "grid", "it", "unserved", "serve", "absorb")


def add(d: Dice, settings: dict[str, Any], tables: Tables) -> None:
    """Add own rules to two scenarios in five that has sites."""
    if not tables.get("sites") or not tables.get("demand") or not d.chance(0.4, "own_rules"):
        return
    for number in range(d.whole(1, 3)):
        made = d.pick([_cap, _cap, _cap, _ramp, _share, _pair])(d, settings["periods"], tables)
        if made is None:
            continue
        rules, terms = made
        name = f"own{number}"
        tables.setdefault("rules", []).extend(row | {"rule": name} for row in rules)
        rows = [term | {"rule": name, "term": at} for at, term in enumerate(terms, 1)]
        tables.setdefault("rule_terms", []).extend(rows)


Made = tuple[Rows, Rows] | None


def _cap(d: Dice, periods: list[int], tables: Tables) -> Made:
    """Draw a cap on orders, on what stands, or on operation, from a period on, once a period or in every hour."""
    term = _term(d, tables)
    if term is None:
        return None
    hourly = term["variable"] in HOURLY
    by = d.pick(["hour", "period"]) if hourly else ""
    most = d.between(5, 60) * (8760 if by == "period" else 1)
    low = {row["profile"] for row in tables["profile_rules"] if float(row["value"]) <= 0}
    curves = sorted({row["profile"] for row in tables["profile_rules"]} - low)
    term |= {"coefficient": d.between(0.5, 2), "weight": d.pick(["", *curves]) if hourly else ""}
    rule = {"sense": "<=", "value": round(most, 3), "by": by, "unit": d.pick(["", "points"])}
    rules = [rule]
    if len(periods) > 1 and d.chance(0.4):
        rules = [rule | {"period": periods[1]}, rule | {"period": periods[-1], "value": d.pick(["", rule["value"]])}]
        rules = rules if len(periods) > 2 else rules[:1]
    return rules, [term]


def _term(d: Dice, tables: Tables) -> dict[str, Any] | None:
    """Draw a variable and filters that fit a row of its table."""
    site = d.pick(tables["sites"])
    stands = any(row.get("site") == site["site"] for row in tables.get("fleet", []))
    kinds = ["technologies", "demand", *(["site"] * 3 if stands else [])]
    # A term on a row that is published after as_of matches nothing, which is an error.
    known = [row for row in tables.get("supply", []) if row.get("reference") != "late"]
    offered = {"halls": tables.get("halls"), "links": tables.get("links"), "supply": known}
    kind = d.pick(kinds + [name for name, rows in offered.items() if rows])
    if kind == "halls":
        return {"variable": d.pick(HALLS), "site": d.pick(["", d.pick(tables["halls"])["site"]])}
    if kind == "technologies":
        runs = [row for row in _standing(tables) if row["kind"] != "stock"]
        if not runs:
            return None
        found = d.pick(runs)
        on_offer = not (found.get("available_from") or found.get("available_until"))
        variable = d.pick(UNITS if on_offer else UNITS[1:])
        return {"variable": variable, "technology": found["technology"], "class": d.pick(["", found["class"]])}
    if kind == "links":
        row = d.pick(tables["links"])
        return {"variable": "capacity", "link": d.pick(["", row["link"]]), "investor": row.get("investor", "")}
    if kind == "supply":
        row = d.pick(known)
        variable = d.pick(SOURCES[:2] if row["source"] == "battery" else SOURCES)
        return {"variable": variable, "site": d.pick(["", row["site"]]), "source": row["source"]}
    if kind == "site":
        given = [name for name in ("hub", "zone", "investor") if site.get(name)]
        of = d.pick(given) if given else "site"
        return {"variable": d.pick(["it", "load", "installed"]), of: site[of]}
    row = d.pick(tables["demand"])
    return (
        {"variable": "unserved", "region": row["region"], "workload": row["workload"]} if _flows(tables, row) else None
    )


def _standing(tables: Tables) -> Rows:
    """Return the rows of technologies that stand somewhere, so that they have variables."""
    names = {row["technology"] for row in tables.get("fleet", [])}
    return [row for row in tables["technologies"] if row["technology"] in names]


def _flows(tables: Tables, row: dict[str, Any]) -> bool:
    """Return whether the work of a row of demand runs by the hour."""
    target = next(one["class"] for one in tables["workloads"] if one["workload"] == row["workload"])
    kinds = [one for one in tables["technologies"] if target in (one["class"], one["technology"])]
    return float(row["units"]) > 0 and not any(one["kind"] == "stock" for one in kinds)


def _limited(tables: Tables) -> bool:
    """Return whether sites that must be opened have the limits that a rule for more capacity asks for."""
    costly = {row["site"] for row in tables["sites"] if row.get("fixed_cost_mcny", "") not in ("", 0, 0.0)}
    return not costly


def _ramp(d: Dice, periods: list[int], tables: Tables) -> Made:
    """Draw orders that grow by no more than an amount from period to period."""
    if len(periods) < 2 or not _limited(tables):
        return None
    standing = _standing(tables)
    names = [*(["installed"] if standing else []), *(["hall"] if tables.get("halls") else [])]
    if not names:
        return None
    variable = d.pick(names)
    technology = d.pick(standing)["technology"] if variable == "installed" else ""
    term = {"variable": variable, "technology": technology}
    rule = {"sense": "<=", "value": d.between(2, 40)}
    return [rule], [term | {"coefficient": 1}, term | {"coefficient": -d.between(0.8, 1.2), "lag": 1}]


def _share(d: Dice, periods: list[int], tables: Tables) -> Made:
    """Draw a least share of one technology in all that is installed of its class."""
    standing = _standing(tables)
    if not standing or not _limited(tables):
        return None
    one = d.pick(standing)
    share = d.between(0.05, 0.4)
    rule = {"sense": ">=", "value": d.pick([0, 0, d.between(0.1, 3)])}
    others = dict.fromkeys(row["technology"] for row in standing if row["class"] == one["class"])
    terms = [
        {"variable": "installed", "technology": name, "coefficient": round((name == one["technology"]) - share, 6)}
        for name in others
    ]
    return [rule], terms


def _pair(d: Dice, periods: list[int], tables: Tables) -> Made:
    """Draw halls of two sites whose capacity differs by a share of one of them."""
    sites = list(dict.fromkeys(row["site"] for row in tables.get("halls", [])))
    if len(sites) < 2 or not _limited(tables):
        return None
    least = d.pick(["=", ">="])
    ratio = d.between(0.2, 1)
    terms = [{"variable": "hall", "site": sites[0]}, {"variable": "hall", "site": sites[1], "coefficient": -ratio}]
    return [{"sense": least, "value": 0, "by": "period"}], terms
