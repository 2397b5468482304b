"""Policies and budgets: docs/reference/policies.md, formulas.md from occupancy_min on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from tests.oracle import power
from tests.oracle.assets import is_new
from tests.oracle.folder import Row, number, optional
from tests.oracle.program import Key, Sum, add, add_all

if TYPE_CHECKING:
    from tests.oracle.model import Model

RACK_MW = 0.0025


class Rule(NamedTuple):
    """A row of `policies` in force in a period, with the sites that it binds."""

    name: str
    scope: str
    value: float
    sites: list[str]
    period: int


def build(m: Model) -> None:
    """State every rule that is a constraint, and every budget."""
    for y in m.clock.periods:
        for rule in _in_force(m, y):
            STATEMENTS.get(rule.name, _nothing)(m, rule)
        _budgets(m, y)


def _in_force(m: Model, y: int) -> Iterator[Rule]:
    for name, scope in m.folder.dated["policies"].keys():  # noqa: SIM118 (not a mapping)
        row = m.folder.at("policies", y, name, scope)
        if row is None:
            continue
        owner = {site: m.folder.dated["sites"].first(site).get("investor", "") for site in m.sites}
        sites = [site for site in m.sites if scope in ("all", site, m.hub(site), f"investor:{owner[site]}")]
        if row.get("applies") == "new":
            sites = [site for site in sites if is_new(m, site)]
        yield Rule(name, scope, number(row, "value"), sites, y)


def _nothing(m: Model, rule: Rule) -> None:
    """Prices and factors are stated elsewhere; some rules are only reported."""


def _occupancy(m: Model, rule: Rule) -> None:
    terms: Sum = {}
    for site in rule.sites:
        hall = m.program.get("hall", site, rule.period)
        if hall is not None:
            add_all(terms, m.installed_mw(site, rule.period))
            add(terms, hall, -rule.value)
    m.program.row(terms, lower=0.0)


def _utilisation(m: Model, rule: Rule) -> None:
    """Of each class that runs work: flow technologies."""
    flow = [g for g in m.technologies if not m.is_stock(g)]
    for kind in dict.fromkeys(m.class_of(g) for g in flow):
        terms: Sum = {}
        for site in rule.sites:
            for g in (g for g in flow if m.class_of(g) == kind):
                add_all(terms, m.yearly(m.loads[site, g, rule.period]))
                add(terms, m.program.get("installed", site, g, rule.period), -rule.value * 8760)
        m.program.row(terms, lower=0.0)


def _fp32(m: Model, variable: str, sites: list[str], y: int, kind: str = "") -> Sum:
    out: Sum = {}
    for site in sites:
        for g in m.technologies:
            if kind in ("", m.class_of(g)):
                add(out, m.program.get(variable, site, g, y), number(m.technology(g, y), "fp32_per_unit"))
    return out


def _hub_share(m: Model, rule: Rule) -> None:
    terms = _fp32(m, "build", [site for site in rule.sites if m.hub(site)], rule.period)
    add_all(terms, _fp32(m, "build", m.sites, rule.period), -rule.value)
    m.program.row(terms, lower=0.0)


def _intelligent_share(m: Model, rule: Rule) -> None:
    terms = _fp32(m, "installed", rule.sites, rule.period, "intelligent")
    add_all(terms, _fp32(m, "installed", rule.sites, rule.period), -rule.value)
    m.program.row(terms, lower=0.0)


def _grid(m: Model, site: str, y: int) -> list[Sum]:
    columns = [m.program.get("grid", site, y, t) for t in range(m.clock.count)]
    return [{} if column is None else {column: 1.0} for column in columns]


def _green(m: Model, rule: Rule) -> None:
    if rule.value == 0.0:
        return  # policies.md: 0 asks for nothing, not for the losses of batteries either
    terms: Sum = {}
    for site in rule.sites:
        if not zone(m, site):
            continue
        add_all(terms, m.yearly(_grid(m, site, rule.period)))
        add(terms, m.program.get("contract", site, rule.period), -1.0)
        add_all(terms, m.yearly(m.facility[site, rule.period]), rule.value - 1.0)
    m.program.row(terms, upper=0.0)


def _clean_hourly(m: Model, rule: Rule) -> None:
    """Add clean_share_hourly_min hour by hour, and charge_is_clean at each of its sites with a battery."""
    if rule.value == 0.0:
        return
    y = rule.period
    sites = [site for site in rule.sites if zone(m, site)]
    share = {site: power.clean(m, zone(m, site), y) for site in sites}
    for t in range(m.clock.count):
        terms: Sum = {}
        for site in sites:
            add(terms, m.program.get("grid", site, y, t), 1.0 - share[site][t])
            add(terms, m.program.get("contract_use", site, y, t), share[site][t] - 1.0)
            add_all(terms, m.facility[site, y][t], rule.value - 1.0)
            _clean_charge(m, site, y, t, share[site][t])
        m.program.row(terms, upper=0.0)


def _clean_charge(m: Model, site: str, y: int, t: int, share: float) -> None:
    """Add charge_is_clean of a site and hour, if it has a battery."""
    charge = m.program.get("charge", site, y, t)
    if charge is not None:
        clean: Sum = {charge: 1.0}
        add(clean, m.program.get("grid", site, y, t), -share)
        add(clean, m.program.get("contract_use", site, y, t), share - 1.0)
        for source in ("solar", "wind"):
            add(clean, m.program.get("generation", site, source, y, t), -1.0)
        m.program.row(clean, upper=0.0)


ENDS = (31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)
"""Day of the year with which each month ends."""


def _clean_monthly(m: Model, rule: Rule) -> None:
    """Add clean_share_monthly_min month by month, and charge_is_clean at each of its sites with a battery."""
    if rule.value == 0.0:
        return
    y = rule.period
    sites = [site for site in rule.sites if zone(m, site)]
    share = {site: power.clean(m, zone(m, site), y) for site in sites}
    months: dict[int, Sum] = {}
    for t, hour in enumerate(m.clock.at):
        month = next(i for i, end in enumerate(ENDS) if int(hour) % 8760 < 24 * end)
        terms = months.setdefault(month, {})
        for site in sites:
            weight = float(m.clock.weight[t])
            add(terms, m.program.get("grid", site, y, t), weight * (1.0 - share[site][t]))
            add(terms, m.program.get("contract_use", site, y, t), weight * (share[site][t] - 1.0))
            add_all(terms, m.facility[site, y][t], weight * (rule.value - 1.0))
            _clean_charge(m, site, y, t, share[site][t])
    for terms in months.values():
        m.program.row(terms, upper=0.0)


def _pue(m: Model, rule: Rule) -> None:
    terms: Sum = {}
    for site in rule.sites:
        if not zone(m, site):
            continue
        add_all(terms, m.yearly(m.facility[site, rule.period]))
        for t, weight in enumerate(m.clock.weight):
            add(terms, m.program.get("it", site, rule.period, t), -rule.value * weight)
    m.program.row(terms, upper=0.0)


def zone(m: Model, site: str) -> str:
    """Return the grid zone of a site, blank if it has none."""
    return m.folder.dated["sites"].first(site).get("zone", "")


def _carbon(m: Model, rule: Rule) -> None:
    terms: Sum = {}
    for site in rule.sites:
        if not zone(m, site):
            continue
        factor = power.carbon(m, zone(m, site), rule.period)
        add_all(terms, m.yearly(_grid(m, site, rule.period), factor))
        if rule.name == "carbon_cap_market_t":
            add(terms, m.program.get("contract", site, rule.period), -m.clock.modelled_mean(factor))
    m.program.row(terms, upper=rule.value)


def _water(m: Model, rule: Rule) -> None:
    terms: Sum = {}
    for site in rule.sites:
        litres = number(m.folder.at("sites", rule.period, site), "water_l_per_kwh")
        for t, weight in enumerate(m.clock.weight):
            add(terms, m.program.get("it", site, rule.period, t), litres * weight)
    m.program.row(terms, upper=rule.value)


def _eflops(m: Model, rule: Rule) -> None:
    terms: Sum = {}
    for site in rule.sites:
        for g in m.technologies:
            if m.class_of(g) == "intelligent":
                add(terms, m.program.get("installed", site, g, rule.period), fp16(m.technology(g, rule.period)))
    m.program.row(terms, lower=rule.value)


def fp16(technology: Row) -> float:
    """Return the computing power of a unit at FP16, EFLOPS: `eflops_per_unit` where `precision` is FP16.

    To be settled: what a technology counts for whose figure is at another precision. Here: nothing.
    """
    return number(technology, "eflops_per_unit") if technology.get("precision") == "FP16" else 0.0


def _racks(m: Model, rule: Rule) -> None:
    terms: Sum = {}
    for site in rule.sites:
        add(terms, m.program.get("hall", site, rule.period))
    m.program.row(terms, lower=rule.value * RACK_MW)


def _investment(m: Model, rule: Rule) -> None:
    terms: Sum = {}
    for column, (term, _, overnight) in _ordered(m, rule.period, rule.sites).items():
        if term in ("hall_capex", "retrofit_capex", "compute_capex"):
            add(terms, column, overnight)
    m.program.row(terms, lower=rule.value)


def _ordered(m: Model, y: int, sites: list[str]) -> dict[int, tuple[str, int, float]]:
    """Return what is ordered at some sites in a period: term, period and overnight capital by column."""
    keys = {column: key for key, column in m.program.columns.items()}
    at = {column: what for column, what in m.overnight.items() if what[1] == y}
    return {column: what for column, what in at.items() if keys[column][1] in sites and keys[column][0] in OF_SITES}


OF_SITES = ("build_hall", "retrofit", "build", "open", "build_supply", "build_energy")


def _cities(m: Model, rule: Rule) -> None:
    terms: Sum = {}
    for city in m.folder.names("cities"):
        add(terms, m.program.get("gigabit", city, rule.period))
    m.program.row(terms, lower=rule.value)


STATEMENTS = {
    "occupancy_min": _occupancy,
    "utilisation_min": _utilisation,
    "hub_share_min": _hub_share,
    "intelligent_share_min": _intelligent_share,
    "green_share_min": _green,
    "clean_share_hourly_min": _clean_hourly,
    "clean_share_monthly_min": _clean_monthly,
    "pue_max": _pue,
    "carbon_cap_t": _carbon,
    "carbon_cap_market_t": _carbon,
    "water_cap_m3": _water,
    "reach_eflops_fp16": _eflops,
    "reach_racks": _racks,
    "reach_investment_mcny": _investment,
    "reach_gigabit_cities": _cities,
}

BUDGETS = {
    "halls": ("hall_capex", "retrofit_capex", "opening"),
    "compute": ("compute_capex",),
    "network": ("link_capex",),
    "power": ("supply_capex",),
    "access": ("access_capex", "route_capex"),
}
"""Cost terms that a budget limits; opening belongs to halls (certificate.md)."""


def _budgets(m: Model, y: int) -> None:
    keys = {column: key for key, column in m.program.columns.items()}
    taken = _taken_over(m, y, keys)
    for (scope,) in m.folder.dated["budgets"].keys():  # noqa: SIM118 (not a mapping)
        limit = optional(m.folder.at("budgets", y, scope), "limit_mcny")
        if limit is None:
            continue
        terms: Sum = {}
        for column, (term, period, overnight) in m.overnight.items():
            share = _counts(m, scope, term, str(keys[column][1]), str(keys[column][0]), y)
            if period == y and share > 0.0:
                add(terms, column, share * overnight)
        for column, (payer, other) in taken.items():
            add(terms, column, float(scope == f"investor:{other}") - float(scope == f"investor:{payer}"))
        m.program.row(terms, upper=limit)


def _taken_over(m: Model, y: int, keys: Mapping[int, Key]) -> dict[int, tuple[str, str]]:
    """State taken_over_within_share; return payer and residual payer by column."""
    found: dict[int, tuple[str, str]] = {}
    for scope, payer in m.folder.dated["payers"].keys():  # noqa: SIM118
        row = m.folder.at("payers", y, scope, payer)
        limit = optional(m.folder.at("budgets", y, f"investor:{payer}"), "limit_mcny")
        if row is None or not row.get("residual_payer") or limit is None:
            continue
        column = m.program.variable("taken_over", scope, payer, y)
        terms: Sum = {column: 1.0}
        for order, (term, period, overnight) in m.overnight.items():
            variable, where = str(keys[order][0]), str(keys[order][1])
            table = "sites" if variable in OF_SITES else "links" if term == "link_capex" else "cities"
            if period == y and table != "cities" and _narrowest(m, table, where, y) == scope:
                add(terms, order, -number(row, "share") * overnight)
        m.program.row(terms, upper=0.0)
        found[column] = payer, row["residual_payer"]
    return found


def _counts(m: Model, scope: str, term: str, where: str, variable: str, y: int) -> float:
    """Return the share of an order that falls under a budget."""
    if scope == "all":
        return 1.0
    if scope in BUDGETS:
        return float(term in BUDGETS[scope])
    table = "sites" if variable in OF_SITES else "links" if term == "link_capex" else "cities"
    if scope.startswith("investor:"):
        return _pays(m, table, where, scope.removeprefix("investor:"), y)
    return float(table == "sites" and m.hub(where) == scope)


def _pays(m: Model, table: str, where: str, investor: str, y: int) -> float:
    """Return the share that an investor pays of an order: that of `payers` in its narrowest scope, else 1 of its own."""
    scope = _narrowest(m, table, where, y)
    if scope is None:
        return float(m.folder.dated[table].first(where).get("investor", "") == investor)
    return number(m.folder.at("payers", y, scope, investor), "share")


def _narrowest(m: Model, table: str, where: str, y: int) -> str | None:
    """Return the narrowest scope with payers of an order, None where its investor pays alone."""
    scopes = {"sites": [where, m.hub(where) if table == "sites" else "", "all"], "links": ["network", "all"]}
    for scope in scopes.get(table, ["access", "all"]):
        names = [name for of, name in m.folder.dated["payers"].keys() if of == scope]  # noqa: SIM118
        if any(m.folder.at("payers", y, scope, name) is not None for name in names):
            return scope
    return None
