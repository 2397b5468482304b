"""Stress cases: each returns a changed scenario, or delays orders."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xisuan import geography
from xisuan.decisions.display_names import place_name
from xisuan.decisions.reported_place import Focus, eastern, western_zones
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.policy_tables import INVESTOR
from xisuan.text.translation import Bilingual, Message
from xisuan.text.translation import message as _

Change = Callable[[Scenario], Scenario | None]
"""Function that returns the scenario in a case; None where the scenario has no data for the case."""

EAST_DEMAND = 0.7
DEMAND_CHANGE = 0.5
"""Share by which all demand of the last period is higher or lower in the cases on demand."""
WEST_PRICE = 0.6
DETOUR = 1.6
GREEN_PREMIUM = 2.0
SUBSIDY = 0.2
RACKS = "racks"
"""Quantity of the table `actuals` whose published target is required in a case."""


@dataclass(frozen=True)
class Case:
    """A stress case. `late`: first-period orders at the reported place are made in the second period."""

    name: str
    label: Message
    change: Change
    late: bool = False


def cases(scenario: Scenario, focus: Focus) -> tuple[Case, ...]:
    """Return the cases of a stress test, the unchanged plan first."""
    place = place_name(scenario, focus)
    of = {"share": f"{DEMAND_CHANGE * 100:g}", "year": scenario.settings.periods[-1]}
    more = (
        _("All demand and investors' budgets {share} % higher in {year}", **of)
        if _of_investors(scenario["budgets"]).any()
        else _("All demand {share} % higher in {year}", **of)
    )
    # West of a country that has an east: elsewhere the case is of all power.
    is_all = western_zones(scenario) >= set(scenario["sites"]["zone"]) - {""}
    low = _("Power at 0.6 of list") if is_all else _("Western power at 0.6 of list")
    at_list = _("Power at list") if is_all else _("Western power at list")
    return (
        Case("base", _("Nothing else changes"), _as_it_is),
        Case("east_demand", _("Eastern demand 30 % lower"), _east_demand),
        Case("demand_more", more, _more_demand),
        Case("demand_less", _("All demand {share} % lower in {year}", **of), lambda s: _demand(s, -DEMAND_CHANGE)),
        Case("west_price_low", low, lambda s: _west(s, WEST_PRICE)),
        Case("west_price_list", at_list, lambda s: _west(s, 1.0)),
        Case("price_reported", _("Power at reported contract prices"), _reported_price),
        Case("detour", _("Cables 1.6 times the great circle"), _detour),
        Case("green_premium", _("Green premium doubled"), _premium),
        Case("late", _("First orders at {place} a year late", place=place), _later, late=True),
        Case(
            "subsidy",
            _("{share} % of capital at {place} subsidised", share=f"{SUBSIDY * 100:g}", place=place),
            lambda s: _subsidy(s, focus),
        ),
        *_racks_required(scenario, focus, place),
    )


def _racks_required(scenario: Scenario, focus: Focus, place: Bilingual) -> tuple[Case, ...]:
    """Return the case in which the largest published aim of racks at the place is required in the last period."""
    given, last = scenario["actuals"], scenario.settings.periods[-1]
    aims = given[(given["quantity"] == RACKS) & (given["kind"] == "target") & given["place"].isin(_scopes(focus))]
    if not len(aims):
        return ()
    largest = aims.sort_values("value", kind="stable").iloc[-1]
    held = scenario.at("policies", last)
    asked = held.loc[(held["rule"] == "reach_racks") & (held["scope"] == largest["place"]), "value"]
    if (asked >= largest["value"]).any():
        return ()  # the plan is held to as much anyway
    value, scope = float(largest["value"]), str(largest["place"])
    shown = Bilingual(f"{value:,.0f}", _chinese(value))
    return (
        Case(
            "racks_required",
            _(
                "{racks} racks required at {place} by {year}",
                racks=shown,
                place=place,
                year=last,
            ),
            lambda s: _require(s, "reach_racks", scope, last, value),
        ),
    )


def _chinese(number: float) -> str:
    """Return a number as Chinese counts it, in units of ten thousand from there on."""
    return f"{number / 1e4:g}万" if number >= 1e4 else f"{number:g}"


def _scopes(focus: Focus) -> set[str]:
    """Return the names by which rules and published figures mean the place: its own and those of its sites."""
    return {focus.name, *focus.sites}


def _require(scenario: Scenario, rule: str, scope: str, period: int, value: float) -> Scenario:
    """Return `scenario` with a policy rule from `period` on."""
    table = scenario["policies"]
    row = {"rule": rule, "scope": scope, "period": period, "value": value, "applies": "all"}
    blank = {name: "" if table[name].dtype.kind not in "fi" else np.nan for name in table.columns}
    added = pd.concat([table, pd.DataFrame([{**blank, **row}], columns=table.columns)], ignore_index=True)
    return with_table(scenario, "policies", added.astype(table.dtypes.to_dict()))


def _subsidy(scenario: Scenario, focus: Focus) -> Scenario:
    """Lower the capital cost of halls and equipment at the place: public money pays SUBSIDY of it."""
    sites = scenario["sites"]
    factor = sites["capex_factor"].fillna(1.0)
    here = sites["site"].isin(focus.sites)
    return with_table(scenario, "sites", sites.assign(capex_factor=factor.mask(here, factor * (1.0 - SUBSIDY))))


def _reported_price(scenario: Scenario) -> Scenario | None:
    """Return the scenario at contract prices where they are known; None where it has none or uses them anyway."""
    known = scenario["power"]["contract_price_cny_per_kwh"].notna().any()
    if not known or scenario.settings.plan.power_price == "contract":
        return None
    options = dataclasses.replace(scenario.settings.plan, power_price="contract")
    return dataclasses.replace(scenario, settings=dataclasses.replace(scenario.settings, plan=options))


def _later(scenario: Scenario) -> Scenario | None:
    """Return the scenario, or None without a second period in which late orders could come into use."""
    return scenario if len(scenario.settings.periods) > 1 else None


def with_table(scenario: Scenario, name: str, frame: pd.DataFrame) -> Scenario:
    """Return `scenario` with another table."""
    return scenario.with_tables(**{name: frame})


def with_unserved_allowed(scenario: Scenario) -> Scenario:
    """Return `scenario` with all work allowed to be unserved, at the price of a shortfall, and without contingencies.

    A case reports unserved work of hours without failures.
    """
    work, price = scenario["workloads"], scenario.settings.plan.shortfall_mcny_per_unit_hour
    filled = work["unserved_mcny_per_unit_hour"].fillna(price)
    changed = with_table(scenario, "workloads", work.assign(unserved_mcny_per_unit_hour=filled))
    return with_table(changed, "contingencies", scenario["contingencies"].iloc[:0])


def _as_it_is(scenario: Scenario) -> Scenario:
    """Return the scenario unchanged."""
    return scenario


def _east_demand(scenario: Scenario) -> Scenario | None:
    """Scale the demand of eastern regions."""
    demand = scenario["demand"]
    return _scale_column(scenario, "demand", "units", demand["region"].isin(eastern(scenario)), EAST_DEMAND)


def _demand(scenario: Scenario, change: float) -> Scenario | None:
    """Scale the demand of all regions for all workloads by 1 + `change` in the last period.

    The deviation grows evenly from none in the first period, whose orders are made before it is known.
    """
    demand = scenario["demand"]
    if not len(demand):
        return None
    factor = _growing(scenario, demand["period"], change)
    return with_table(scenario, "demand", demand.assign(units=demand["units"] * factor))


def _growing(scenario: Scenario, period: pd.Series, change: float) -> pd.Series:
    """Return the factor of each period: 1 in the first, 1 + `change` in the last; 1 + `change` if there is but one."""
    first, last = scenario.settings.periods[0], scenario.settings.periods[-1]
    grown = ((period - first) / (last - first)).clip(0.0, 1.0) if last > first else 0.0 * period + 1.0
    return 1.0 + change * grown


def _more_demand(scenario: Scenario) -> Scenario | None:
    """Scale demand by `_demand`, and the budgets of investors alike.

    Budgets are estimated at the demand of the plan. A case in which they stayed would test the budgets, not the demand.
    """
    more = _demand(scenario, DEMAND_CHANGE)
    if more is None or not _of_investors(scenario["budgets"]).any():
        return more
    # A row of `budgets` holds until the next one of its scope: each period gets a row of its own.
    budgets = pd.concat(
        [scenario.at("budgets", period).assign(period=period) for period in scenario.settings.periods],
        ignore_index=True,
    ).astype(scenario["budgets"].dtypes.to_dict())
    limit, factor = budgets["limit_mcny"], _growing(scenario, budgets["period"], DEMAND_CHANGE)
    return with_table(more, "budgets", budgets.assign(limit_mcny=limit.mask(_of_investors(budgets), limit * factor)))


def _of_investors(budgets: pd.DataFrame) -> pd.Series:
    """Return True for each row of `budgets` that limits what an investor pays."""
    return budgets["scope"].astype(str).str.startswith(INVESTOR)


def _west(scenario: Scenario, factor: float) -> Scenario | None:
    """Set the power price of western zones to `factor` × list, whichever price the plan uses elsewhere.

    None where that changes nothing.
    """
    power, zones = scenario["power"], western_zones(scenario)
    west = power["zone"].isin(zones)
    if not west.any() or (factor == 1.0 and scenario.settings.plan.power_price == "list"):
        return None
    curves, price = scenario.curves.copy(), power["price"].copy()
    for at in power.index[west]:
        cell = price[at]
        if isinstance(cell, str):
            name = f"{cell} × {factor:g}"
            curves[name] = scenario.curves[cell] * factor
            price[at] = name
        else:
            price[at] = float(cell) * factor
    changed = power.assign(price=price)
    changed["contract_price_cny_per_kwh"] = changed["contract_price_cny_per_kwh"].mask(west)
    return dataclasses.replace(with_table(scenario, "power", changed), curves=curves)


def _detour(scenario: Scenario) -> Scenario | None:
    """Lengthen cables to at least DETOUR × the great circle between their ends; latencies given directly stay."""
    places = pd.concat(
        [scenario[table][[key, "lat", "lon"]].set_axis(["node", "lat", "lon"], axis=1)
         for table, key in (("nodes", "node"), ("regions", "node"))]
    )  # fmt: skip
    places = places.dropna().drop_duplicates("node").set_index("node")
    links = scenario["links"]
    known = links["from"].isin(places.index) & links["to"].isin(places.index)
    if not known.any():
        return None
    ends = [places.loc[links.loc[known, end], ["lat", "lon"]].to_numpy(dtype=float) for end in ("from", "to")]
    least = DETOUR * geography.great_circle_km(*ends)
    length = links["length_km"].copy()
    length[known] = np.fmax(length[known].to_numpy(dtype=float), least)
    return with_table(scenario, "links", links.assign(length_km=length))


def _premium(scenario: Scenario) -> Scenario | None:
    """Scale the premium of green power."""
    power = scenario["power"]
    return _scale_column(
        scenario, "power", "green_premium_cny_per_kwh", power["green_premium_cny_per_kwh"] > 0, GREEN_PREMIUM
    )


def _scale_column(scenario: Scenario, table: str, column: str, rows: pd.Series, factor: float) -> Scenario | None:
    """Return `scenario` with a column multiplied in some rows; None without such rows."""
    if not rows.any():
        return None
    frame = scenario[table]
    return with_table(scenario, table, frame.assign(**{column: frame[column].where(~rows, frame[column] * factor)}))
