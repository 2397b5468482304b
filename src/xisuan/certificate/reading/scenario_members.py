"""Members of a scenario as the certificate expands them, by the table `members` of the reference page."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from xisuan.certificate.reading.calendar import Clock
from xisuan.certificate.reading.dated_rows import as_number, records
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema import tables
from xisuan.scenario.settings import RiskOptions

MERIDIAN = 112.5
"""Degrees east: sites west of it are western, regions from it on are eastern."""
NEAR = 1e-12
"""Relative tolerance of figures that are scaled in another order."""
LEVERS = (
    "western_power_price", "eastern_demand", "intelligent_demand", "budgets", "detour", "population_demand",
)  # fmt: skip
PROFILES = {"profiles", "profile_rules"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Member:
    """One future: its probability, and the scenario with its levers moved."""

    name: str
    probability: float
    scenario: Scenario


def expand_members(scenario: Scenario) -> tuple[Member, ...]:
    """Return the members in the order of their table, each with its share of the sum of all probabilities."""
    rows = records(scenario["members"])
    total = sum(row["probability"] for row in rows)
    values = records(scenario["member_values"])
    common = _on_common_hours(scenario)
    return tuple(
        Member(
            str(row["member"]),
            row["probability"] / total,
            _moved(_with_own_values(common, [one for one in values if one["member"] == row["member"]]), row),
        )
        for row in rows
    )


def _on_common_hours(scenario: Scenario) -> Scenario:
    """Return the scenario without members, its chosen days or weeks as `blocks`: they serve all members."""
    tables = {**scenario.tables, **{name: scenario[name].iloc[:0] for name in ("members", "member_values")}}
    if scenario.settings.hours.kind in ("days", "weeks") and not scenario.has("blocks"):
        rows = [asdict(block) | {"block": block.name} for block in Clock(scenario).given]
        tables["blocks"] = pd.DataFrame(rows).reindex(columns=scenario["blocks"].columns, fill_value="")
    return replace(scenario, tables=tables)


def _with_own_values(scenario: Scenario, rows: list[Row]) -> Scenario:
    """Return the scenario with the cells and profiles that `rows` of `member_values` replace, the last row of a cell."""
    tables, curves = dict(scenario.tables), scenario.curves
    for row in rows:
        table, column, value = row["table"], row["column"], row["value"]
        if table == "profiles":
            curves = curves.assign(**{column: scenario.curve(value)})
            continue
        keys = _keys(scenario, table)
        frame = tables[table]
        cells = [value if _begins(names, row["key"]) else cell for names, cell in zip(keys, frame[column], strict=True)]
        tables[table] = frame.assign(
            **{column: pd.Series(np.array(cells, dtype=frame[column].dtype), index=frame.index)}
        )
    return replace(scenario, tables=tables, curves=curves)


def _keys(scenario: Scenario, table: str) -> list[list[str]]:
    """Return the parts of the key of each row as text, with the year from which a dated row holds at the end."""
    keys = tables.BY_NAME[table].keys
    columns = keys if "period" in keys or not tables.BY_NAME[table].dated else (*keys, "period")
    rows = records(scenario[table])
    return [[_text(row[column]) for column in columns] for row in rows]


def _text(part: object) -> str:
    """Return a part of a key as text: a number without its fraction, a blank empty."""
    if isinstance(part, str):
        return part
    number = as_number(part)
    return "" if np.isnan(number) else str(int(number))


def _begins(names: list[str], key: str) -> bool:
    """Return True if `key`, parts joined by / of which * stands for any, is the beginning of these names."""
    for name in names:
        if key in ("*", name):
            return True
        if key.startswith("*/"):
            key = key[2:]
        elif key.startswith(f"{name}/"):
            key = key[len(name) + 1 :]
        else:
            return False
    return False


def _moved(scenario: Scenario, member: Row) -> Scenario:
    """Return the scenario with the levers of a member moved, demand by population last."""
    change = {lever: float(np.nan_to_num(as_number(member[lever]))) / 100.0 for lever in LEVERS}
    scenario = replace(scenario, settings=replace(scenario.settings, name=str(member["member"]), risk=RiskOptions()))
    scenario = _western_power_price(scenario, 1.0 + change["western_power_price"])
    east = _names(scenario, "regions", "region", lambda row: as_number(row["lon"]) >= MERIDIAN)
    scenario = _scaled(scenario, "demand", "units", 1.0 + change["eastern_demand"], "region", east)
    clever = _names(scenario, "technologies", "technology", lambda row: row["class"] == "intelligent")
    work = _names(scenario, "workloads", "workload", lambda row: row["class"] in {"intelligent", *clever})
    scenario = _scaled(scenario, "demand", "units", 1.0 + change["intelligent_demand"], "workload", work)
    scenario = _scaled(scenario, "budgets", "limit_mcny", 1.0 + change["budgets"])
    scenario = _scaled(scenario, "links", "length_km", 1.0 + change["detour"])
    scenario = _scaled(scenario, "links", "latency_ms", 1.0 + change["detour"])
    return _demand_by_population(scenario, change["population_demand"])


def _western_power_price(scenario: Scenario, factor: float) -> Scenario:
    """Return the scenario with other prices of energy in zones with a western site; the shape of hours stays."""
    zones = _names(scenario, "sites", "zone", lambda row: as_number(row["lon"]) < MERIDIAN) - {""}
    if factor == 1.0 or not zones:
        return scenario
    scenario = _scaled(scenario, "power", "contract_price_cny_per_kwh", factor, "zone", zones)
    power = scenario["power"]
    moved = power["zone"].isin(zones)
    named = dict.fromkeys(cell for cell in power.loc[moved, "price"] if isinstance(cell, str) and cell)
    names = {name: f"{name} × {factor!r}" for name in named}
    prices = [
        cell if not moves or cell == "" else names[cell] if isinstance(cell, str) else cell * factor
        for cell, moves in zip(power["price"], moved, strict=True)
    ]
    power = power.assign(price=pd.Series(prices, index=power.index, dtype=object))
    curves = scenario.curves.assign(**{new: scenario.curves[name] * factor for name, new in names.items()})
    return replace(scenario, tables={**scenario.tables, "power": power}, curves=curves)


def _demand_by_population(scenario: Scenario, way: float) -> Scenario:
    """Return the scenario with the demand of each workload and period moved towards the regions' shares of people."""
    if way == 0.0:
        return scenario
    rows = records(scenario["demand"])
    people = [_population(scenario, row["region"], row["period"]) for row in rows]
    total: dict[tuple[Any, Any], tuple[float, float]] = {}
    for row, head in zip(rows, people, strict=True):
        key = (row["workload"], row["period"])
        units, heads = total.get(key, (0.0, 0.0))
        total[key] = units + row["units"], heads + head
    moved = []
    for row, head in zip(rows, people, strict=True):
        units, heads = total[row["workload"], row["period"]]
        moved.append((1.0 - way) * row["units"] + way * units * head / heads)
    return replace(scenario, tables={**scenario.tables, "demand": scenario["demand"].assign(units=moved)})


def _population(scenario: Scenario, region: str, period: float) -> float:
    """Return the people of a region by the row that holds in `period`, or by its first row before any does."""
    rows = [row for row in records(scenario["regions"]) if row["region"] == region]
    held = [(_since(row), at) for at, row in enumerate(rows) if _since(row) <= period]
    return as_number(rows[max(held)[1] if held else 0]["population"])


def _since(row: Row) -> float:
    """Return the year from which a row holds, −∞ where it is blank."""
    year = as_number(row["period"])
    return -np.inf if np.isnan(year) else year


def _names(scenario: Scenario, table: str, column: str, is_in: Callable[[Row], bool]) -> set[str]:
    """Return the names in a column of the rows of which `is_in` is true."""
    return {str(row[column]) for row in records(scenario[table]) if is_in(row)}


def _scaled(
    scenario: Scenario, table: str, column: str, factor: float, key: str = "", names: Collection[str] = ()
) -> Scenario:
    """Return the scenario with a column times `factor`, in the rows whose `key` is among `names`, or in all."""
    frame = scenario[table]
    moved = frame[key].isin(names) if key else pd.Series(True, index=frame.index)
    changed = frame.assign(**{column: frame[column].where(~moved, frame[column] * factor)})
    return replace(scenario, tables={**scenario.tables, table: changed})


def is_same_scenario(stored: Scenario, right: Scenario) -> bool:
    """Return True if two scenarios state the same: options, and all cells of tables and profiles up to rounding.

    Titles are not compared, nor the ranges of `estimates`, which no plan reads, nor the names of profiles.
    """
    first, second = (replace(one.settings, title="", title_zh="", extends="", drop={}) for one in (stored, right))
    names = {*stored.tables, *right.tables} - PROFILES - {"estimates"}
    return first == second and all(_is_same_table(stored, right, name) for name in names)


def _is_same_table(stored: Scenario, right: Scenario, name: str) -> bool:
    one, other = stored[name], right[name]
    if len(one) != len(other) or (len(other) and set(one.columns) != set(other.columns)):
        return False
    pairs = (zip(one[column], other[column], strict=True) for column in one.columns)
    return all(_is_same_cell(stored, right, *pair) for column in pairs for pair in column)


def _is_same_cell(stored: Scenario, right: Scenario, one: Any, other: Any) -> bool:
    """Return True if two cells are the same number up to rounding, the same text, or profiles of the same values."""
    if isinstance(one, str) and one in stored.curves and other in right.curves:
        return np.allclose(stored.curve(one), right.curve(str(other)), rtol=NEAR, atol=0.0)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return bool(np.isclose(one, other, rtol=NEAR, atol=0.0, equal_nan=True))
    return bool(one == other) or (pd.isna(one) and pd.isna(other))
