"""Which statements of the scenario contradict one another, in its own words: table, row, column, value.

A statement is what a user can change: a demand, a limit, a budget, a rule, what stands at the start. Balances and
definitions are never blamed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from xisuan.equations import cities
from xisuan.equations.assembly import Assembly
from xisuan.equations.figures import Label
from xisuan.equations.given import Given
from xisuan.errors import InfeasibleError
from xisuan.planning import alone
from xisuan.scenario.tables_access import BY_INDICATOR
from xisuan.scenario.tables_rules import REACH_RULES
from xisuan.solver import conflict
from xisuan.solver.model import Block

Words = Callable[[Given, Label, int], str | None]
"""The statement of one item in one period (its index), or None where nothing is stated."""


def explained(assembly: Assembly) -> InfeasibleError:
    """The error that names the smallest conflicting set of an infeasible model.

    Cities that cannot meet their dates whatever is spent are named with how far they can get.
    """
    late = alone.hopeless(assembly.given.scenario) if assembly.given.scenario.has("cities") else ()
    if late:
        return InfeasibleError("No plan satisfies the scenario. Whatever is spent:", late)
    return _error(conflict.explain(assembly.model, statements(assembly)))


def foreseen(assembly: Assembly) -> InfeasibleError | None:
    """The same error where the contradiction shows in a small part of the model, before any solve; else None."""
    found = conflict.evident(assembly.model, statements(assembly))
    return _error(found) if found is not None and (found.statements or found.minimal) else None


def _error(found: conflict.Conflict) -> InfeasibleError:
    if not found.statements and not found.minimal:
        return InfeasibleError(
            "No plan satisfies the scenario. Which of its statements contradict one another was not found in the time"
            " given to the search: try fewer hours, or leave out rules one at a time."
        )
    if not found.statements:
        return InfeasibleError("No plan satisfies the scenario: what it says of existing capacity contradicts itself.")
    kind = "smallest conflicting set" if found.minimal else "conflicting set (perhaps not the smallest)"
    return InfeasibleError(f"No plan satisfies the scenario. The {kind} of its statements:", found.statements)


def statements(assembly: Assembly) -> conflict.Statements:
    """The text of a row, or of a column's bounds, by block, item and period."""
    given = assembly.given

    def text(block: Block, item: int, period: int) -> str | None:
        is_row = assembly.model.rows.get(block.name) is block
        words = (ROWS if is_row else BOUNDS).get(block.name)
        if words is None or not _says_something(block, item, period, is_row):
            return None
        return words(given, block.labels[item], period)

    return text


def _says_something(block: Block, item: int, period: int, is_row: bool) -> bool:
    """Whether the item has a finite side, or a bound other than x ≥ 0, in the period."""
    lower, upper = block.lower[period, ..., item], block.upper[period, ..., item]
    return bool(np.isfinite(upper).any() or (np.isfinite(lower).any() if is_row else (lower > 0).any()))


def _number(given: Given, table: str, label: Label, column: str, period: int) -> float:
    return float(given.numbers(table, [label], column, np.nan)[period, 0])


def _show(value: float) -> str:
    return f"{value:,.6g}"


def _demand(given: Given, label: Label, period: int) -> str:
    region, workload = label
    amount = given.mean_demand([label])[period, 0]
    return f"demand, {region}/{workload}/{given.periods[period]}, units: {_show(amount)} must be served"


def _limit(table: str, column: str, what: str) -> Words:
    """A statement that a table's column makes about a row with the item's own label."""

    def words(given: Given, label: Label, period: int) -> str:
        value = _number(given, table, label, column, period)
        return f"{table}, {'/'.join(label)}, {column}: {what} {_show(value)} in {given.periods[period]}"

    return words


def _installed(given: Given, label: Label, period: int) -> str:
    least, most = (_number(given, "limits", label, column, period) for column in ("min_units", "max_units"))
    parts = [f"at least {_show(least)}"] if least > 0 else []
    parts += [f"at most {_show(most)}"] if np.isfinite(most) else []
    return f"limits, {'/'.join(label)}: {' and '.join(parts)} units in {given.periods[period]}"


def _equipment_ordered(given: Given, label: Label, period: int) -> str:
    """Why equipment may not be ordered in a period, or only so much of it.

    One sentence for all sites and periods where the technology itself is the reason: it is one thing to change.
    """
    year = given.periods[period]
    if given.scenario.fixed(year):
        return _past(year)
    most = _number(given, "limits", label, "max_build_units", period)
    after, until = (_number(given, "technologies", label[1:], f"available_{end}", period) for end in ("from", "until"))
    if year < after or year > until:
        first, last = (f"{end:.0f}" if np.isfinite(end) else "ever" for end in (after, until))
        return f"technologies, {label[1]}, available_from, available_until: ordered from {first} to {last} only"
    return f"limits, {'/'.join(label)}, max_build_units: at most {_show(most)} ordered in {year}"


def _ordered(table: str) -> Words:
    """Why nothing may be ordered in a period."""

    def words(given: Given, label: Label, period: int) -> str:
        year = given.periods[period]
        if given.scenario.fixed(year):
            return _past(year)
        return f"{table}, {'/'.join(label)}: none may be ordered in {year}"

    return words


def _past(year: int) -> str:
    return f"scenario.toml, as_of: {year} is fixed at its actuals, so nothing is ordered in it"


def _stands(table: str, column: str, unit: str) -> Words:
    """What is in use in a period that no order can reach: what stands at the start and the lead time say it."""

    def words(given: Given, label: Label, period: int) -> str | None:
        row = label[1:] if table == "technologies" else label
        lead = given.numbers(table, [row], "lead_years")[:, 0]
        year = given.periods[period]
        if any(made + lead[y] <= year for y, made in enumerate(given.periods) if not given.scenario.fixed(made)):
            return None
        if table == "technologies":
            wait = _show(lead[period])
            return f"fleet, {'/'.join(label)}: only what stands serves in {year}, more takes {wait} years"
        value = _number(given, table, label, column, period)
        return (
            f"{table}, {'/'.join(label)}, {column}: only {_show(value)} {unit} stand in {year},"
            f" more takes {_show(lead[period])} years"
        )

    return words


def _link(given: Given, label: Label, period: int) -> str | None:
    if np.isfinite(_number(given, "links", label, "capex_mcny_per_gbps", period)):
        return _stands("links", "capacity_gbps", "Gbps")(given, label, period)
    value = _number(given, "links", label, "capacity_gbps", period)
    modules = given.scenario["modules"]
    if (modules["link"] == label[0]).any():
        return None
    return f"links, {label[0]}, capacity_gbps: {_show(value)} in {given.periods[period]} and no expansion on offer"


def _rule(name: str) -> Words:
    def words(given: Given, label: Label, period: int) -> str:
        year = given.periods[period]
        frame = given.at("policies", year)
        row = frame[(frame["rule"] == name) & (frame["scope"] == label[0])]
        value = f": {_show(float(row['value'].iloc[0]))}" if len(row) else ""
        sites = " for new sites" if label[1] == "new" else ""
        which = f" ({label[2]})" if len(label) > 2 else ""
        none = name == "green_share_min" and given.at("power", year)["green_premium_cny_per_kwh"].isna().all()
        offer = ", and no zone has green power on offer (power, green_premium_cny_per_kwh)" if none else ""
        return f"policies, {name}/{label[0]}{value}{sites}{which} in {year}{offer}"

    return words


def _budget(given: Given, label: Label, period: int) -> str:
    year = given.periods[period]
    frame = given.at("budgets", year)
    value = float(frame.loc[frame["scope"] == label[0], "limit_mcny"].iloc[0])
    return f"budgets, {year}/{label[0]}, limit_mcny: {_show(value)}"


def _no_contract(given: Given, label: Label, period: int) -> str:
    zone = given.site_text[label[0]]["zone"]
    return f"power, {zone}, green_premium_cny_per_kwh: none on offer in {given.periods[period]}"


def _traffic(given: Given, label: Label, period: int) -> str:
    return f"traffic from {label[0]}, gbps: must be carried in {given.periods[period]}"


def _deadline(given: Given, label: Label, period: int) -> str:
    hours = _number(given, "workloads", label[1:], "defer_hours", period)
    return f"workloads, {label[1]}, defer_hours: work may wait {_show(hours)} hours"


def _site_power(given: Given, label: Label, period: int) -> str:
    value = _number(given, "sites", label, "it_limit_mw", period)
    return f"sites, {label[0]}, it_limit_mw: at most {_show(value)} in {given.periods[period]}"


def _crews(given: Given, label: Label, period: int) -> str:
    value = _number(given, "cities", label, "crew_days_year", period)
    return f"cities, {label[0]}, crew_days_year: crews work {_show(value)} days a year in {given.periods[period]}"


def _counted(given: Given, label: Label, period: int) -> str:
    value = float(cities.opening(given, [label])[period, 0])
    return f"city_state, {label[0]}, {label[1]}: {_show(value)} in {given.periods[period]} if nothing is built"


def _floor(given: Given, label: Label, period: int) -> str:
    one = BY_INDICATOR[label[1]]
    least = dict(cities.floors(given))[label][period] * one.scale
    return f"city_targets, {label[0]}/{label[1]}, value: at least {_show(least)} {one.unit} in {given.periods[period]}"


def _threshold(given: Given, label: Label, period: int) -> str | None:
    """What is asked of a city that must be a gigabit city; of any other nothing is."""
    asked = next((one for one in cities.mandatory(given, period) if one.indicator.name == label[1]), None)
    if asked is None or not cities.due(given, [label[:1]])[period, 0]:
        return None
    one = asked.indicator
    return f"standard, {one.name}, threshold: {asked.op} {_show(asked.value)} {one.unit} in {given.periods[period]}"


def _pace(given: Given, label: Label, period: int) -> str | None:
    """Why no more of a measure may be ordered in a period."""
    if given.scenario.fixed(given.periods[period]):
        return _past(given.periods[period])
    pace = float(cities.measure(given, [label], "pace_units_year")[period, 0])
    return f"measures, {label[1]}/{label[0]}, pace_units_year: at most {_show(pace)} a year in {given.periods[period]}"


def _date(given: Given, label: Label, period: int) -> str | None:
    if not cities.due(given, [label])[period, 0]:
        return None
    return f"city_targets, {label[0]}, deadline: a gigabit city by the end of {given.periods[period]}"


RULES = (
    "occupancy_min",
    "utilisation_min",
    "hub_share_min",
    "intelligent_share_min",
    "green_share_min",
    "pue_max",
    "carbon_cap_t",
    "carbon_cap_market_t",
    "water_cap_m3",
    *REACH_RULES,
)

ROWS: dict[str, Words] = {
    "work_balance": _demand,
    "stock_balance": _demand,
    "fleet_within_site": _site_power,
    "hall_balance": _stands("halls", "existing_mw", "MW"),
    "installed_balance": _stands("technologies", "", "units"),
    "capacity_balance": _link,
    "module_count": _limit("modules", "max_count", "no more than"),
    "traffic_balance": _traffic,
    "grid_within_zone": _limit("power", "grid_limit_mw", "at most"),
    "budget": _budget,
    "deploy_within_crews": _crews,
    "counted_balance": _counted,
    "users_followed": _counted,
    "indicator_min": _floor,
    "gigabit_reached": _threshold,
    **{name: _rule(name) for name in RULES},
}
"""Statements that rows make."""

BOUNDS: dict[str, Words] = {
    "hall": _limit("halls", "limit_mw", "at most"),
    "installed": _installed,
    "capacity": _limit("links", "limit_gbps", "at most"),
    "supply": _limit("supply", "limit_mw", "at most"),
    "energy": lambda given, label, period: _limit("supply", "limit_mwh", "at most")(given, (*label, "battery"), period),
    "build": _equipment_ordered,
    "build_hall": _ordered("halls"),
    "build_link": _ordered("links"),
    "link_modules": _limit("modules", "max_count", "no more than"),
    "contract": _no_contract,
    "backlog": _deadline,
    "deploy": _pace,
    "gigabit": _date,
}
"""Statements that bounds of columns make."""
