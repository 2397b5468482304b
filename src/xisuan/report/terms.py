"""Names of the things that the model knows by a key."""

from __future__ import annotations

from collections.abc import Mapping

from xisuan.decisions import display_names
from xisuan.scenario.settings import Hours
from xisuan.text.translation import Message, in_context, unfilled
from xisuan.text.translation import message as _


def named(names: Mapping[str, str], key: str) -> str:
    """Return the name of `key`; the key itself where `names` lacks it."""
    return names.get(key, key)


def hours_of(hours: Hours) -> Message:
    """Return which hours stand for the year: `2 days`, `every hour of the year`."""
    if hours.kind in FIXED_HOURS:
        return FIXED_HOURS[hours.kind]
    one, many = COUNTED_HOURS[hours.kind]
    return one if hours.count == 1 else _(many, n=f"{hours.count:,}")


CLASSES = {
    "general": _("general-purpose computing (通用算力)"),
    "intelligent": _("intelligent computing (智能算力)"),
    "supercomputing": _("supercomputing (超算)"),
    "storage": _("storage (存力)"),
}
"""Classes of computing power."""

SHORT_CLASSES = {
    "general": _("General-purpose"),
    "intelligent": _("Intelligent"),
    "supercomputing": _("Supercomputing"),
    "storage": _("Storage"),
}
"""Classes at the head of a column."""

PLAIN_CLASSES = {
    "general": _("general-purpose computing"),
    "intelligent": _("intelligent computing"),
    "supercomputing": _("supercomputing"),
    "storage": _("storage"),
}
"""Classes inside a sentence."""

HUBS, INVESTORS, SCOPES = display_names.HUBS, display_names.INVESTORS, display_names.SCOPES
"""Names of national hub nodes, investors, and scopes of rules and budgets."""

ASSETS = {
    "access": _("Gigabit access"),
    "hall": _("Halls"),
    "compute": in_context("asset", "Equipment"),
    "link": _("Link"),
    "solar": _("Solar"),
    "wind": _("Wind"),
    "battery": _("Battery power"),
    "battery_energy": _("Battery energy"),
    "retrofit": _("Retrofit of halls"),
    "retrofitted": _("Retrofitted halls"),
    "opening": _("Opening of the site"),
    "it_power": _("IT power of all equipment"),
}
"""Kinds of what is built."""

PARTIES = {
    "operator": _("telecom operators"),
    "owner": _("other investors"),
    "public": _("public money"),
}
"""Parties that share the cost."""

COST_TERMS = {
    "hall_capex": _("New halls"),
    "retrofit_capex": _("Retrofit of halls"),
    "opening": _("Opening of sites"),
    "compute_capex": in_context("term", "Equipment"),
    "link_capex": _("Link capacity"),
    "supply_capex": _("Solar, wind, batteries"),
    "hall_opex": _("Upkeep of halls"),
    "compute_opex": _("Upkeep of equipment"),
    "supply_opex": _("Upkeep of solar, wind, batteries"),
    "access_capex": in_context("term", "Gigabit access"),
    "route_capex": _("Ducts of gigabit access"),
    "access_opex": _("Upkeep of gigabit access"),
    "access_energy": _("Electricity of gigabit access"),
    "energy": in_context("term", "Grid energy"),
    "demand_charge": _("Demand charges"),
    "green_premium": _("Green power trading and certificates (绿电交易、绿证)"),
    "carbon_price": _("Carbon price"),
    "supply_variable": _("Wear of solar, wind, batteries"),
    "transmission": _("Traffic on links"),
    "serving": _("Serving costs"),
    "unserved": _("Penalties"),
}
"""Terms of the cost."""

TABLES = {
    "regions": _("regions"),
    "nodes": _("nodes"),
    "sites": _("sites"),
    "borders": _("borders of maps"),
    "halls": _("halls"),
    "technologies": _("technologies"),
    "fleet": _("fleet"),
    "limits": _("limits"),
    "workloads": _("workloads"),
    "demand": _("demand"),
    "links": _("links"),
    "modules": in_context("table", "modules"),
    "latency": _("latency"),
    "serving_cost": _("serving cost"),
    "traffic": in_context("table", "traffic"),
    "power": _("power"),
    "supply": _("supply"),
    "profile_rules": _("profile rules"),
    "blocks": _("blocks"),
    "budgets": _("budgets"),
    "policies": _("policies"),
    "contingencies": _("contingencies"),
    "rules": _("own rules"),
    "rule_terms": _("terms of own rules"),
    "cities": _("cities"),
    "city_state": _("state of cities"),
    "measures": _("access measures"),
    "standard": _("gigabit-city standard"),
    "city_targets": _("city targets"),
    "actuals": _("what happened"),
    "indicators": _("indicators"),
    "observations": _("observations"),
    "targets": _("targets"),
    "drivers": _("drivers"),
    "members": _("members"),
    "member_values": _("values of members"),
    "payers": _("who pays"),
    "levers": _("levers"),
    "profiles": _("profiles"),
    "sources": _("sources"),
    "estimates": _("estimates"),
}
"""Tables of a scenario."""

QUALITIES = {
    "published": in_context("quality", "Published"),
    "derived": _("Derived"),
    "estimate": _("Estimate"),
    "not graded": _("Not graded"),
    "unmarked": _("Not said"),
}
"""Qualities of given figures."""

BOUNDS = {
    "at least": _("≥ "),
    "at most": _("≤ "),
    "about": _("≈ "),
}
"""Signs of figures that are bounds."""

MONTHS = {
    "1": _("Jan"),
    "2": _("Feb"),
    "3": _("Mar"),
    "4": _("Apr"),
    "5": _("May"),
    "6": _("Jun"),
    "7": _("Jul"),
    "8": _("Aug"),
    "9": _("Sep"),
    "10": _("Oct"),
    "11": _("Nov"),
    "12": _("Dec"),
}
"""Months by their number."""

WEEKDAYS = {
    "1": _("Mon"),
    "2": _("Tue"),
    "3": _("Wed"),
    "4": _("Thu"),
    "5": _("Fri"),
    "6": _("Sat"),
    "7": _("Sun"),
}
"""Days of the week by their number, Monday first."""

PROFILES = {
    "solar": _("sun by the hour"),
    "wind": _("wind by the hour"),
    "pue": _("PUE by the hour"),
}
"""Kinds of hourly profiles."""

VERDICTS = {
    "robust": _("robust"),
    "interchangeable": _("interchangeable"),
    "none": _("nothing built"),
}
"""Verdicts on how firm a build is."""

METHODS = {
    "structured": _("structured interior point"),
    "direct": _("direct"),
}
"""Solution methods."""

ORIGINS = {
    "scenario hash": _("Scenario hash"),
    "seed": _("Seed"),
    "rechecked": _("Re-checked"),
    "python": _("Python"),
    "alternatives": _("Firm builds"),
    "break_even": _("Break-even price"),
    "stress": _("Stress"),
    "resilience": _("Cost of contingencies"),
    "flexibility": _("Value of flexible work"),
    "estimates": _("Estimates that matter"),
    "calibration": _("Calibration"),
    "hub_costs": _("Unit costs"),
    "city_dates": _("Odds of the dates"),
}
"""Notes on the origin of a run."""

ORIGIN_VALUES = {
    "none": _("none: the plan is not random, and draws of estimates have a fixed seed of their own"),
}
"""Values of these notes."""

STATUSES = {
    "optimal": _("optimal"),
    "feasible": _("sound, optimal within the gap stated"),
    "short": _("falls short"),
}
"""Statuses of a plan or schedule."""

SOURCES = {
    "grid": _("grid"),
    "solar": _("solar"),
    "wind": _("wind"),
    "battery": _("battery"),
    "facility": _("facility power"),
    "price": _("energy price"),
}
"""Sources of power, and what else is drawn beside them."""

FIXED_HOURS = {"year": _("every hour of the year"), "one": _("one hour for the year")}
"""Hours of the year without a count."""

COUNTED_HOURS = {
    "weeks": (_("1 week"), unfilled("{n} weeks")),
    "days": (_("1 day"), unfilled("{n} days")),
    "hours": (_("1 hour"), unfilled("{n} hours")),
}
"""Hours of the year by their kind: one, and several."""
