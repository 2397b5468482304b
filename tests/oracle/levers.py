"""A member is the scenario with values replaced and levers moved: sweep.md, tables.md "members", "member_values"."""

from __future__ import annotations

import copy

from tests.oracle.folder import DATED_KEYS, Dated, Folder, Row, number, optional

KEYS = {"demand": ("region", "workload", "period"), "budgets": ("period", "scope")}
"""Keys that hold the period."""
MERIDIAN = 112.5
"""From this longitude on a region is eastern; west of it a site is western."""


def moved(folder: Folder, member: Row) -> Folder:
    """Return the scenario that a member is, without the table of members."""
    out = copy.deepcopy(folder)
    out.rows.pop("members")
    values = [row for row in out.rows.pop("member_values", []) if row["member"] == member["member"]]
    for row in values:
        if row["table"] != "profiles":
            _replace(out, row)
    _replace_profiles(out, {row["column"]: row["value"] for row in values if row["table"] == "profiles"})
    _prices(out, number(member, "western_power_price") / 100)
    _demand(out, number(member, "eastern_demand") / 100, number(member, "intelligent_demand") / 100)
    _population(out, number(member, "population_demand") / 100)
    _scale(out, "budgets", ("limit_mcny",), number(member, "budgets") / 100)
    _scale(out, "links", ("length_km", "latency_ms"), number(member, "detour") / 100)
    out.dated = {table: Dated(out.rows.get(table, []), key) for table, key in DATED_KEYS.items()}
    return out


def _replace(folder: Folder, value: Row) -> None:
    """Put a value in place of a column's in the rows whose key, then period, begins as that of the value."""
    table = value["table"]
    columns = KEYS.get(table) or (*DATED_KEYS[table], "period")
    wanted = value["key"].split("/")
    for row in folder.rows.get(table, []):
        parts = [row.get(column, "") for column in columns]
        if all(want in ("*", part) for want, part in zip(wanted, parts, strict=False)):
            row[value["column"]] = value["value"]


def _replace_profiles(folder: Folder, new: dict[str, str]) -> None:
    """Give profiles the values that others, or the same number in every hour, have in the scenario as given."""
    rules, hourly = folder.rows.get("profile_rules", []), folder.rows.get("profiles", [])
    names = {row["profile"] for row in rules} | (hourly[0].keys() - {"hour"} if hourly else set())
    added: list[Row] = []
    columns: dict[str, list[str]] = {}
    for name, value in new.items():
        if value not in names:
            added.append({"profile": name, "months": "", "days": "", "hours": "", "value": value})
        elif hourly and value in hourly[0]:
            columns[name] = [row[value] for row in hourly]
        else:
            added += [row | {"profile": name} for row in rules if row["profile"] == value]
    for name in new:
        for row in hourly:
            row.pop(name, None)
    for name, cells in columns.items():
        for row, cell in zip(hourly, cells, strict=True):
            row[name] = cell
    folder.rows["profile_rules"] = [row for row in rules if row["profile"] not in new] + added


def _scale(folder: Folder, table: str, columns: tuple[str, ...], change: float) -> None:
    for row in folder.rows.get(table, []):
        for column in columns:
            if row.get(column):
                row[column] = repr(float(row[column]) * (1 + change))


def _is_east(row: Row) -> bool | None:
    """Return the side of the meridian, None of what has no longitude."""
    longitude = optional(row, "lon")
    return None if longitude is None else longitude >= MERIDIAN


def _prices(folder: Folder, change: float) -> None:
    """Prices of energy, on the list and by contract, in the zones with a site in the west; hours keep their shape."""
    if not change:
        return
    sides: dict[str, set[bool | None]] = {}
    for site in folder.names("sites"):
        row = folder.dated["sites"].first(site)
        sides.setdefault(row.get("zone", ""), set()).add(_is_east(row))
    names = {row["profile"] for row in folder.rows.get("profile_rules", [])}
    names |= folder.rows["profiles"][0].keys() - {"hour"} if folder.has("profiles") else set()
    for row in folder.rows.get("power", []):
        if False not in sides.get(row["zone"], set()):
            continue
        if row.get("contract_price_cny_per_kwh"):
            row["contract_price_cny_per_kwh"] = repr(float(row["contract_price_cny_per_kwh"]) * (1 + change))
        if row["price"] in names:
            row["price"] = _scaled_profile(folder, row["price"], change)
        else:
            row["price"] = repr(float(row["price"]) * (1 + change))


def _scaled_profile(folder: Folder, name: str, change: float) -> str:
    """Add a profile `change` higher in every hour, and return its name."""
    new = f"{name} times {1 + change}"
    rules, hourly = folder.rows.get("profile_rules", []), folder.rows.get("profiles", [])
    if hourly and name in hourly[0]:
        for row in hourly:
            row[new] = repr(float(row[name]) * (1 + change))
    elif not any(row["profile"] == new for row in rules):
        made = [row for row in rules if row["profile"] == name]
        rules += [row | {"profile": new, "value": repr(float(row["value"]) * (1 + change))} for row in made]
    return new


def _demand(folder: Folder, east: float, intelligent: float) -> None:
    """Demand of eastern regions, and demand for intelligent computing: of that class, or of a technology of it."""
    kinds = {name: folder.dated["technologies"].first(name)["class"] for name in folder.names("technologies")}
    for row in folder.rows.get("demand", []):
        name = folder.dated["workloads"].first(row["workload"])["class"]
        factor = 1.0
        if _is_east(folder.dated["regions"].first(row["region"])):
            factor *= 1 + east
        if kinds.get(name, name) == "intelligent":
            factor *= 1 + intelligent
        row["units"] = repr(float(row["units"]) * factor)


def _population(folder: Folder, way: float) -> None:
    """Move each workload's demand towards the regions' shares of population; the nation's demand of it stays."""
    if not way:
        return
    demand = folder.rows.get("demand", [])
    for workload, period in {(row["workload"], row["period"]) for row in demand}:
        rows = [row for row in demand if (row["workload"], row["period"]) == (workload, period)]
        names = {row["region"] for row in rows}
        people = {name: number(folder.at("regions", int(period), name), "population") for name in names}
        total, persons = sum(float(row["units"]) for row in rows), sum(people[row["region"]] for row in rows)
        for row in rows:
            given, by_people = float(row["units"]), total * people[row["region"]] / persons
            row["units"] = repr(given + way * (by_people - given))
