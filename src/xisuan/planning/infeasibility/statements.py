"""Statements of a scenario in its own terms: table, row, column, value, and how to relax them.

A statement is what a user can change: a demand, a limit, a budget, a rule, an opening stock. Balances and definitions
are not statements. One statement may stand for many rows and bounds of the model.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gnomon.arrays import Label
from gnomon.model.block_model import Block
from xisuan.equations.access import city_arrays
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.planning.infeasibility.statement import Statement
from xisuan.scenario.schema.access_tables import BY_INDICATOR
from xisuan.scenario.schema.policy_tables import REACH_RULES

Words = Callable[[Given, Label, int], Statement | None]
"""Function that returns the statement of one item in one period (its index), or None where nothing is stated."""


class Register:
    """Index of the statements of a model's rows and column bounds, by their text."""

    def __init__(self, assembly: Assembly) -> None:
        self.assembly = assembly
        self._texts: dict[tuple[str, bool, int, int], str | None] = {}
        self.by_text: dict[str, Statement] = {}

    def text(self, block: Block, item: int, period: int) -> str | None:
        """Return the statement as text; None where nothing is stated."""
        is_row = self.assembly.model.rows.get(block.name) is block
        key = (block.name, is_row, item, period)
        if key not in self._texts:
            self._texts[key] = self._text(block, item, period, is_row)
        return self._texts[key]

    def _text(self, block: Block, item: int, period: int, is_row: bool) -> str | None:
        words = (ROWS if is_row else BOUNDS).get(block.name)
        if words is None or not _is_restrictive(block, item, period, is_row):
            return None
        said = words(self.assembly.given, block.labels[item], period)
        if said is None:
            return None
        text = str(said)
        self.by_text[text] = said
        return text


def _is_restrictive(block: Block, item: int, period: int, is_row: bool) -> bool:
    """Return True if the row item has a finite side, or the column item a bound other than x ≥ 0, in the period."""
    lower, upper = block.lower[period, ..., item], block.upper[period, ..., item]
    return bool(np.isfinite(upper).any() or (np.isfinite(lower).any() if is_row else (lower > 0).any()))


def _number(given: Given, table: str, label: Label, column: str, period: int) -> float:
    return float(given.numbers(table, [label], column, np.nan)[period, 0])


def format_number(value: float) -> str:
    """Return a number as in a table: whole from 100,000 on, otherwise six significant digits."""
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.6g}"


def _demand(given: Given, label: Label, period: int) -> Statement | None:
    """Return the statement that demand must be served; None if it is 0."""
    region, workload = label
    units = given.mean_demand([label])[period, 0]
    if units == 0.0:
        return None
    amount = format_number(units)
    loosen = f"lower it, or give {workload} a penalty (workloads, unserved_mcny_per_unit_hour)"
    if given.scenario.settings.objective == "carbon":
        loosen = "lower it: the objective carbon serves all work, at any penalty"
    return Statement(
        "demand",
        f"{region}/{workload}/{given.periods[period]}",
        "units",
        f"{amount} must be served",
        loosen,
        more="raise it: there is too little to run",
        apart="even out its profile: what it asks for in some hours is too much, and in others too little",
    )


def _limit(table: str, column: str, what: str) -> Words:
    """Return the function that states a column of a table's row with the item's label."""

    def words(given: Given, label: Label, period: int) -> Statement:
        value = f"{what} {format_number(_number(given, table, label, column, period))}"
        return Statement(table, "/".join(label), column, value, "raise it, or leave it blank", (given.periods[period],))

    return words


def _installed(given: Given, label: Label, period: int) -> Statement:
    least, most = (_number(given, "limits", label, column, period) for column in ("min_units", "max_units"))
    parts = [f"at least {format_number(least)} units"] if least > 0 else []
    parts += [f"at most {format_number(most)} units"] if np.isfinite(most) else []
    loosen = "lower min_units, or raise max_units"
    if len(parts) == 1:
        loosen = "lower min_units" if least > 0 else "raise max_units"
    return Statement("limits", "/".join(label), "", " and ".join(parts), loosen, (given.periods[period],))


def _link_limits(given: Given, label: Label, period: int) -> Statement:
    least, most = (_number(given, "links", label, column, period) for column in ("min_gbps", "limit_gbps"))
    years = (given.periods[period],)
    if not least > 0:
        return Statement(
            "links", label[0], "limit_gbps", f"at most {format_number(most)}", "raise it, or leave it blank", years
        )
    if not np.isfinite(most):
        return Statement(
            "links", label[0], "min_gbps", f"at least {format_number(least)}", "lower it, or leave it blank", years
        )
    said = f"at least {format_number(least)} Gbps and at most {format_number(most)} Gbps"
    return Statement("links", label[0], "", said, "lower min_gbps, or raise limit_gbps", years)


def _equipment_ordered(given: Given, label: Label, period: int) -> Statement:
    """Return the statement that limits orders of equipment in a period.

    Where the technology is the reason, all sites and periods share one statement.
    """
    year = given.periods[period]
    if given.scenario.fixed(year):
        return _past(year)
    after, until = (_number(given, "technologies", label[1:], f"available_{end}", period) for end in ("from", "until"))
    if year < after:
        said = f"none can be ordered before {after:.0f}"
        return Statement("technologies", label[1], "available_from", said, "let it be ordered earlier")
    if year > until:
        said = f"none can be ordered after {until:.0f}"
        return Statement(
            "technologies", label[1], "available_until", said, "let it be ordered longer, or offer another"
        )
    most = format_number(_number(given, "limits", label, "max_build_units", period))
    said = f"at most {most} ordered"
    return Statement("limits", "/".join(label), "max_build_units", said, "raise it, or leave it blank", (year,))


def _ordered(table: str) -> Words:
    """Return the function that states why nothing may be ordered in a period."""

    def words(given: Given, label: Label, period: int) -> Statement:
        year = given.periods[period]
        if given.scenario.fixed(year):
            return _past(year)
        loosen = "give its row a capital cost in that year, or a shorter lead_years"
        return Statement(table, "/".join(label), "", "none may be ordered", loosen, (year,))

    return words


def _past(year: int) -> Statement:
    said = f"{year} is fixed at its actuals, so nothing is ordered then"
    return Statement("scenario.toml", "", "as_of", said, "give an earlier date, or what stood then in its table")


def _existing_stock(table: str, column: str, unit: str) -> Words:
    """Return the function that states the existing stock of periods that no order reaches within its lead time."""

    def words(given: Given, label: Label, period: int) -> Statement | None:
        row = label[1:] if table == "technologies" else label
        lead = given.numbers(table, [row], "lead_years")[:, 0]
        year = given.periods[period]
        in_time = [made for y, made in enumerate(given.periods) if made + lead[y] <= year]
        if not all(map(given.scenario.fixed, in_time)):
            return None
        if in_time:
            return _in_use(given, table, column, unit, label, period)
        wait = f"{format_number(lead[period])} year{'' if lead[period] == 1 else 's'}"
        if table == "technologies":
            loosen = f"shorten lead_years of {label[1]} in technologies, or give more units that stand"
            said = f"only what stands serves, more takes {wait},"
            fewer = "give fewer units that stand, or let them retire earlier"
            return Statement("fleet", "/".join(label), "units", said, loosen, (year,), less=fewer)
        value = format_number(_number(given, table, label, column, period))
        said = f"only {value} {unit} stand, more takes {wait},"
        more = "shorten lead_years, or give more that stands"
        return Statement(table, "/".join(label), column, said, more, (year,), less="give less that stands")

    return words


def _in_use(given: Given, table: str, column: str, unit: str, label: Label, period: int) -> Statement:
    """What is in use in a period for which orders could only have been placed in periods that `as_of` fixes."""
    day, year = given.scenario.settings.as_of, given.periods[period]
    said = f"as_of {day} fixes the orders for it, so that only what stands serves,"
    loosen, fewer = "give an earlier as_of, or more that stands", "give less that stands"
    if column:
        value = format_number(_number(given, table, label, column, period))
        said = f"as_of {day} fixes the orders for it, so that only {value} {unit} stand,"
    place = "fleet" if table == "technologies" else table
    return Statement(place, "/".join(label), column or "units", said, loosen, (year,), less=fewer)


def _link(given: Given, label: Label, period: int) -> Statement | None:
    """Return the statement of a link's existing capacity where it cannot be expanded in time."""
    if np.isfinite(_number(given, "links", label, "capex_mcny_per_gbps", period)):
        return _existing_stock("links", "capacity_gbps", "Gbps")(given, label, period)
    if (given.scenario["modules"]["link"] == label[0]).any():
        return None
    said = f"{format_number(_number(given, 'links', label, 'capacity_gbps', period))} and no expansion on offer"
    loosen = "raise it, or give capex_mcny_per_gbps"
    return Statement("links", label[0], "capacity_gbps", said, loosen, (given.periods[period],))


def _rule(name: str) -> Words:
    loosen = (
        f"{'lower' if '_min' in name or name.startswith('reach') else 'raise'} it, or give the row a narrower scope"
    )

    def words(given: Given, label: Label, period: int) -> Statement:
        year = given.periods[period]
        frame = given.at("policies", year)
        row = frame[(frame["rule"] == name) & (frame["scope"] == label[0])]
        value = format_number(float(row["value"].iloc[0])) if len(row) else "holds"
        sites = " for new sites" if label[1] == "new" else ""
        which = f" ({label[2]})" if len(label) > 2 else ""
        none = name == "green_share_min" and given.at("power", year)["green_premium_cny_per_kwh"].isna().all()
        offer = ", and no zone has green power on offer (power, green_premium_cny_per_kwh)" if none else ""
        return Statement("policies", f"{name}/{label[0]}", "value", f"{value}{sites}{which}{offer}", loosen, (year,))

    return words


def _budget(given: Given, label: Label, period: int) -> Statement:
    year = given.periods[period]
    frame = given.at("budgets", year)
    value = format_number(float(frame.loc[frame["scope"] == label[0], "limit_mcny"].iloc[0]))
    return Statement("budgets", f"{year}/{label[0]}", "limit_mcny", f"at most {value}", "raise it, or leave it blank")


def _no_contract(given: Given, label: Label, period: int) -> Statement:
    zone, years = given.site_text[label[0]]["zone"], (given.periods[period],)
    loosen = "give the premium at which green power is on offer"
    return Statement("power", zone, "green_premium_cny_per_kwh", "none on offer", loosen, years)


def _traffic(given: Given, label: Label, period: int) -> Statement:
    said, years = "must be carried", (given.periods[period],)
    return Statement("traffic", f"from {label[0]}", "gbps", said, "lower it, or let links grow", years)


def _deadline(given: Given, label: Label, period: int) -> Statement:
    hours = format_number(_number(given, "workloads", label[1:], "defer_hours", period))
    return Statement("workloads", label[1], "defer_hours", f"work may wait {hours} hours", "let it wait longer")


def _site_power(given: Given, label: Label, period: int) -> Statement:
    value = format_number(_number(given, "sites", label, "it_limit_mw", period))
    years = (given.periods[period],)
    return Statement("sites", label[0], "it_limit_mw", f"at most {value}", "raise it, or leave it blank", years)


def _crews(given: Given, label: Label, period: int) -> Statement:
    value = format_number(_number(given, "cities", label, "crew_days_year", period))
    years = (given.periods[period],)
    return Statement("cities", label[0], "crew_days_year", f"crews work {value} days a year", "give more crews", years)


def _counted(given: Given, label: Label, period: int) -> Statement:
    value = format_number(float(city_arrays.opening(given, [label])[period, 0]))
    said, loosen = f"{value} if nothing is built", "correct the opening value, or offer a measure that changes it"
    return Statement("city_state", label[0], label[1], said, loosen, (given.periods[period],))


def _floor(given: Given, label: Label, period: int) -> Statement:
    one = BY_INDICATOR[label[1]]
    least = dict(city_arrays.floors(given))[label][period] * one.scale
    said, years = f"at least {format_number(least)} {one.unit}", (given.periods[period],)
    return Statement(
        "city_targets", f"{label[0]}/{label[1]}", "value", said, "lower it, or set a later deadline", years
    )


def _threshold(given: Given, label: Label, period: int) -> Statement | None:
    """Return the statement of a mandatory threshold; None if the city is not due in the period."""
    asked = next((one for one in city_arrays.mandatory(given, period) if one.indicator.name == label[1]), None)
    if asked is None or not city_arrays.due(given, [label[:1]])[period, 0]:
        return None
    said, years = f"{asked.op} {format_number(asked.value)} {asked.indicator.unit}", (given.periods[period],)
    loosen = "ask for less, or do not make it mandatory"
    return Statement("standard", asked.indicator.name, "threshold", said, loosen, years)


def _pace(given: Given, label: Label, period: int) -> Statement | None:
    """Return the statement that limits orders of a measure in a period."""
    year = given.periods[period]
    if given.scenario.fixed(year):
        return _past(year)
    pace = format_number(float(city_arrays.measure(given, [label], "pace_units_year")[period, 0]))
    row, said = f"{label[1]}/{label[0]}", f"at most {pace} a year"
    return Statement("measures", row, "pace_units_year", said, "raise it, or leave it blank", (year,))


def _date(given: Given, label: Label, period: int) -> Statement | None:
    """Return the statement of a city's deadline; None if it is not due in the period."""
    if not city_arrays.due(given, [label])[period, 0]:
        return None
    said, years = "a gigabit city by the end of the year,", (given.periods[period],)
    return Statement("city_targets", label[0], "deadline", said, "set a later year", years)


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
    "hall_balance": _existing_stock("halls", "existing_mw", "MW"),
    "installed_balance": _existing_stock("technologies", "", "units"),
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
"""Statements made by rows."""

BOUNDS: dict[str, Words] = {
    "hall": _limit("halls", "limit_mw", "at most"),
    "installed": _installed,
    "capacity": _link_limits,
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
"""Statements made by column bounds."""
