"""Statements of a scenario in its own terms: table, row, column, value, and how to relax them.

A statement is what a user can change: a demand, a limit, a budget, a rule, an opening stock. Balances and definitions
are not statements. One statement may stand for many rows and bounds of the model.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gnomon import Block, Label
from xisuan.equations.access import city_arrays
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.equations.notation import CONSTRAINT, OWN
from xisuan.planning.infeasibility.contingency_statements import surviving
from xisuan.planning.infeasibility.statement import Statement
from xisuan.scenario.queries.own_rules import own_rules
from xisuan.scenario.schema.access_tables import BY_INDICATOR
from xisuan.scenario.schema.column_types import described
from xisuan.scenario.schema.policy_tables import POLICY_RULES
from xisuan.text.translation import Message, unfilled
from xisuan.text.translation import message as _

AT_MOST, NO_MORE = unfilled("at most {amount}"), unfilled("no more than {amount}")
RAISE = _("raise it, or leave it blank")
LOWER_RULE = _("lower it, or give the row a narrower scope")
RAISE_RULE = _("raise it, or give the row a narrower scope")

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
        text = said.message
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
    loosen = _("lower it, or give {workload} a penalty (workloads, unserved_mcny_per_unit_hour)", workload=workload)
    if given.scenario.settings.objective == "carbon":
        loosen = _("lower it, because the objective carbon serves all work at any penalty")
    return Statement(
        "demand",
        f"{region}/{workload}/{given.periods[period]}",
        "units",
        _("{amount} must be served", amount=amount),
        loosen,
        more=_("raise it, because there is too little to run"),
        apart=_("even out its profile, which asks for too much in some hours and too little in others"),
    )


def _limit(table: str, column: str, source: str) -> Words:
    """Return the function that states a column of a table's row with the item's label."""

    def words(given: Given, label: Label, period: int) -> Statement:
        value = _(source, amount=format_number(_number(given, table, label, column, period)))
        return Statement(table, "/".join(label), column, value, RAISE, (given.periods[period],))

    return words


def _installed(given: Given, label: Label, period: int) -> Statement:
    least, most = (_number(given, "limits", label, column, period) for column in ("min_units", "max_units"))
    place = ("limits", "/".join(label), "")
    years = (given.periods[period],)
    if not least > 0:
        return Statement(*place, _("at most {most} units", most=format_number(most)), _("raise max_units"), years)
    if not np.isfinite(most):
        return Statement(*place, _("at least {least} units", least=format_number(least)), _("lower min_units"), years)
    said = _("at least {least} units and at most {most} units", least=format_number(least), most=format_number(most))
    return Statement(*place, said, _("lower min_units, or raise max_units"), years)


def _link_limits(given: Given, label: Label, period: int) -> Statement:
    least, most = (_number(given, "links", label, column, period) for column in ("min_gbps", "limit_gbps"))
    years = (given.periods[period],)
    if not least > 0:
        return Statement("links", label[0], "limit_gbps", _(AT_MOST, amount=format_number(most)), RAISE, years)
    if not np.isfinite(most):
        said, loosen = _("at least {least}", least=format_number(least)), _("lower it, or leave it blank")
        return Statement("links", label[0], "min_gbps", said, loosen, years)
    said = _("at least {least} Gbps and at most {most} Gbps", least=format_number(least), most=format_number(most))
    return Statement("links", label[0], "", said, _("lower min_gbps, or raise limit_gbps"), years)


def _equipment_ordered(given: Given, label: Label, period: int) -> Statement:
    """Return the statement that limits orders of equipment in a period.

    Where the technology is the reason, all sites and periods share one statement.
    """
    year = given.periods[period]
    if given.scenario.fixed(year):
        return _past(year)
    after, until = (_number(given, "technologies", label[1:], f"available_{end}", period) for end in ("from", "until"))
    if year < after:
        said = _("none can be ordered before {year:.0f}", year=after)
        return Statement("technologies", label[1], "available_from", said, _("let it be ordered earlier"))
    if year > until:
        said, loosen = (
            _("none can be ordered after {year:.0f}", year=until),
            _("let it be ordered longer, or offer another"),
        )
        return Statement("technologies", label[1], "available_until", said, loosen)
    most = format_number(_number(given, "limits", label, "max_build_units", period))
    return Statement(
        "limits", "/".join(label), "max_build_units", _("at most {most} ordered", most=most), RAISE, (year,)
    )


def _ordered(table: str) -> Words:
    """Return the function that states why nothing may be ordered in a period."""

    def words(given: Given, label: Label, period: int) -> Statement:
        year = given.periods[period]
        if given.scenario.fixed(year):
            return _past(year)
        loosen = _("give its row a capital cost in that year, or a shorter lead_years")
        return Statement(table, "/".join(label), "", _("none may be ordered"), loosen, (year,))

    return words


def _past(year: int) -> Statement:
    said = _("{year} is fixed at its actuals, so nothing is ordered then", year=year)
    return Statement("scenario.toml", "", "as_of", said, _("give an earlier date, or what stood then in its table"))


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
        wait = _("1 year") if lead[period] == 1 else _("{years} years", years=format_number(lead[period]))
        if table == "technologies":
            return _units_that_stand(given, label, wait, year)
        value = format_number(_number(given, table, label, column, period))
        said = _("only {value} {unit} stand (lead_years: more takes {wait})", value=value, unit=unit, wait=wait)
        more = _("shorten lead_years, or give more that stands")
        return Statement(table, "/".join(label), column, said, more, (year,), less=_("give less that stands"))

    return words


def _units_that_stand(given: Given, label: Label, wait: Message, year: int) -> Statement:
    """Return the statement of equipment that no order reaches in time: its row of fleet, or lead_years without one."""
    fewer = _("give fewer units that stand, or let them retire earlier")
    if not _in_fleet(given, label):
        said = _("none stands at {site}, and an order takes {wait}", site=label[0], wait=wait)
        loosen = _("shorten it, or give units that stand in fleet")
        return Statement("technologies", label[1], "lead_years", said, loosen, (year,))
    said = _("only these units serve (lead_years: more takes {wait})", wait=wait)
    loosen = _("shorten lead_years of {name} in technologies, or give more units that stand", name=label[1])
    return Statement("fleet", "/".join(label), "units", said, loosen, (year,), less=fewer)


def _in_fleet(given: Given, label: Label) -> bool:
    """Return True if the table fleet has a row of this technology at this site."""
    fleet = given.scenario["fleet"]
    return bool(((fleet["site"] == label[0]) & (fleet["technology"] == label[1])).any())


def _in_use(given: Given, table: str, column: str, unit: str, label: Label, period: int) -> Statement:
    """Return the statement of what is in use in a period whose orders `as_of` fixes."""
    day, year = given.scenario.settings.as_of, given.periods[period]
    loosen, fewer = _("give an earlier as_of, or more that stands"), _("give less that stands")
    if table == "technologies" and not _in_fleet(given, label):
        said = _("fixes the orders of {name} for {site}, where none stands", name=label[1], site=label[0])
        loosen = _("give an earlier day, or units that stand in fleet")
        return Statement("scenario.toml", "", "as_of", said, loosen, (year,))
    if table == "technologies":
        said = _("only these units serve, because as_of {day} fixes the orders of more", day=str(day))
        return Statement("fleet", "/".join(label), "units", said, loosen, (year,), less=fewer)
    value = format_number(_number(given, table, label, column, period))
    said = _(
        "only {value} {unit} stand, because as_of {day} fixes the orders of more", value=value, unit=unit, day=str(day)
    )
    return Statement(table, "/".join(label), column, said, loosen, (year,), less=fewer)


def _link(given: Given, label: Label, period: int) -> Statement | None:
    """Return the statement of a link's existing capacity where it cannot be expanded in time."""
    if np.isfinite(_number(given, "links", label, "capex_mcny_per_gbps", period)):
        return _existing_stock("links", "capacity_gbps", "Gbps")(given, label, period)
    if (given.scenario["modules"]["link"] == label[0]).any():
        return None
    said = _(
        "{amount} and no expansion on offer",
        amount=format_number(_number(given, "links", label, "capacity_gbps", period)),
    )
    loosen = _("raise it, or give capex_mcny_per_gbps")
    return Statement("links", label[0], "capacity_gbps", said, loosen, (given.periods[period],))


def _rule(name: str) -> Words:
    loosen = LOWER_RULE if "_min" in name or name.startswith("reach") else RAISE_RULE

    def words(given: Given, label: Label, period: int) -> Statement:
        year = given.periods[period]
        frame = given.at("policies", year)
        row = frame[(frame["rule"] == name) & (frame["scope"] == label[0])]
        said = format_number(float(row["value"].iloc[0])) if len(row) else _("holds")
        said = _("{value} for new sites", value=said) if label[1] == "new" else said
        said = _("{value} ({which})", value=said, which=label[2]) if len(label) > 2 else said
        if name == "green_share_min" and given.at("power", year)["green_premium_cny_per_kwh"].isna().all():
            said = _("{value}, and no zone has green power on offer (power, green_premium_cny_per_kwh)", value=said)
        return Statement("policies", f"{name}/{label[0]}", "value", said, loosen, (year,))

    return words


def _own_rule(given: Given, label: Label, period: int) -> Statement:
    rule = next(rule for rule in own_rules(given.scenario) if rule.name == label[0])
    year = given.periods[period]
    said = f"{rule.sense} {format_number(rule.values[year])} {rule.unit}".rstrip()
    loosen = {"<=": _("raise it, or remove the rule"), ">=": _("lower it, or remove the rule")}
    return Statement(
        "rules", label[0], "value", said, loosen.get(rule.sense, _("change it, or remove the rule")), (year,)
    )


def _budget(given: Given, label: Label, period: int) -> Statement:
    year = given.periods[period]
    frame = given.at("budgets", year)
    value = format_number(float(frame.loc[frame["scope"] == label[0], "limit_mcny"].iloc[0]))
    return Statement("budgets", f"{year}/{label[0]}", "limit_mcny", _(AT_MOST, amount=value), RAISE)


def _no_contract(given: Given, label: Label, period: int) -> Statement:
    zone, years = given.site_text[label[0]]["zone"], (given.periods[period],)
    loosen = _("give the premium at which green power is on offer")
    return Statement("power", zone, "green_premium_cny_per_kwh", _("none on offer"), loosen, years)


def _traffic(given: Given, label: Label, period: int) -> Statement:
    said, years = _("must be carried"), (given.periods[period],)
    return Statement("traffic", f"from {label[0]}", "gbps", said, _("lower it, or let links grow"), years)


def _deadline(given: Given, label: Label, period: int) -> Statement:
    hours = format_number(_number(given, "workloads", label[1:], "defer_hours", period))
    said = _("work may wait {hours} hours", hours=hours)
    return Statement("workloads", label[1], "defer_hours", said, _("let it wait longer"))


def _site_power(given: Given, label: Label, period: int) -> Statement:
    value = format_number(_number(given, "sites", label, "it_limit_mw", period))
    years = (given.periods[period],)
    return Statement("sites", label[0], "it_limit_mw", _(AT_MOST, amount=value), RAISE, years)


def _crews(given: Given, label: Label, period: int) -> Statement:
    value = format_number(_number(given, "cities", label, "crew_days_year", period))
    years = (given.periods[period],)
    said = _("crews work {value} days a year", value=value)
    return Statement("cities", label[0], "crew_days_year", said, _("give more crews"), years)


def _counted(given: Given, label: Label, period: int) -> Statement:
    value = format_number(float(city_arrays.opening(given, [label])[period, 0]))
    said = _("{value} if nothing is built", value=value)
    loosen = _("correct the opening value, or offer a measure that changes it")
    return Statement("city_state", label[0], label[1], said, loosen, (given.periods[period],))


def _floor(given: Given, label: Label, period: int) -> Statement:
    one = BY_INDICATOR[label[1]]
    least = dict(city_arrays.floors(given))[label][period] * one.scale
    said, years = (
        _("at least {least} {unit}", least=format_number(least), unit=described(one.unit)),
        (given.periods[period],),
    )
    loosen = _("lower it, or set a later deadline")
    return Statement("city_targets", f"{label[0]}/{label[1]}", "value", said, loosen, years)


def _threshold(given: Given, label: Label, period: int) -> Statement | None:
    """Return the statement of a mandatory threshold; None if the city is not due in the period."""
    asked = next((one for one in city_arrays.mandatory(given, period) if one.indicator.name == label[1]), None)
    if asked is None or not city_arrays.due(given, [label[:1]])[period, 0]:
        return None
    said, years = f"{asked.op} {format_number(asked.value)} {asked.indicator.unit}", (given.periods[period],)
    loosen = _("ask for less, or do not make it mandatory")
    return Statement("standard", asked.indicator.name, "threshold", said, loosen, years)


def _pace(given: Given, label: Label, period: int) -> Statement | None:
    """Return the statement that limits orders of a measure in a period."""
    year = given.periods[period]
    if given.scenario.fixed(year):
        return _past(year)
    pace = format_number(float(city_arrays.measure(given, [label], "pace_units_year")[period, 0]))
    row, said = f"{label[1]}/{label[0]}", _("at most {pace} a year", pace=pace)
    return Statement("measures", row, "pace_units_year", said, RAISE, (year,))


def _date(given: Given, label: Label, period: int) -> Statement | None:
    """Return the statement of a city's deadline; None if it is not due in the period."""
    if not city_arrays.due(given, [label])[period, 0]:
        return None
    said, years = _("a gigabit city by the end of the year"), (given.periods[period],)
    return Statement("city_targets", label[0], "deadline", said, _("set a later year"), years)


RULES = tuple(rule for rule in POLICY_RULES if rule in CONSTRAINT)
"""Policies that are constraints."""

ROWS: dict[str, Words] = {
    "work_balance": _demand,
    "stock_balance": _demand,
    "fleet_within_site": _site_power,
    "hall_balance": _existing_stock("halls", "existing_mw", "MW"),
    "installed_balance": _existing_stock("technologies", "", "units"),
    "capacity_balance": _link,
    "module_count": _limit("modules", "max_count", NO_MORE),
    "traffic_balance": _traffic,
    **dict.fromkeys(("recourse_demand", "recourse_pool", "recourse_node"), surviving),
    "recourse_within_zone": lambda given, label, y: _limit("power", "grid_limit_mw", AT_MOST)(given, label[1:], y),
    "grid_within_zone": _limit("power", "grid_limit_mw", AT_MOST),
    "budget": _budget,
    "deploy_within_crews": _crews,
    "counted_balance": _counted,
    "users_followed": _counted,
    "indicator_min": _floor,
    "gigabit_reached": _threshold,
    **{name: _rule(name) for name in RULES},
    **dict.fromkeys(OWN.values(), _own_rule),
}
"""Statements made by rows."""

BOUNDS: dict[str, Words] = {
    "hall": _limit("halls", "limit_mw", AT_MOST),
    "installed": _installed,
    "capacity": _link_limits,
    "supply": _limit("supply", "limit_mw", AT_MOST),
    "energy": lambda given, label, period: _limit("supply", "limit_mwh", AT_MOST)(given, (*label, "battery"), period),
    "build": _equipment_ordered,
    "build_hall": _ordered("halls"),
    "build_link": _ordered("links"),
    "link_modules": _limit("modules", "max_count", NO_MORE),
    "contract": _no_contract,
    "backlog": _deadline,
    "deploy": _pace,
    "gigabit": _date,
}
"""Statements made by column bounds."""
