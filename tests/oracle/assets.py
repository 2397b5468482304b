"""What is ordered and what stands: halls, retrofits, equipment, openings, links and supply (formulas.md, hall_balance to
energy_balance), with their capital and upkeep."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.oracle.folder import Row, is_yes, number, optional
from tests.oracle.program import Sum, add

if TYPE_CHECKING:
    from tests.oracle.model import Model


def build(m: Model) -> None:
    """State all assets of a scenario."""
    for site in m.sites:
        _halls(m, site)
        for technology in m.technologies:
            _equipment(m, site, technology)
        _within_halls(m, site)
        _opening(m, site)
    for link in m.folder.names("links"):
        _link(m, link)
    for site, source in m.folder.dated["supply"].keys():  # noqa: SIM118 (not a mapping)
        _supply(m, site, source)


def _standing(m: Model, period: int, orders: list[tuple[int, Row, int, float]]) -> Sum:
    """Return Σ factor × column over orders (year, row, column, factor) that are in use in a period."""
    out: Sum = {}
    for ordered, row, column, factor in orders:
        if ordered <= period and m.clock.in_use(ordered, row, period):
            add(out, column, factor)
    return out


def _halls(m: Model, site: str) -> None:
    """hall_balance, hall_phase, retrofit_balance; hall_capex, retrofit_capex, hall_opex."""
    orders: list[tuple[int, Row, int, float]] = []
    retrofits: list[tuple[int, Row, int, float]] = []
    for y in m.clock.periods:
        row = m.folder.at("halls", y, site)
        if row is None:
            continue
        factor = m.capex_factor(site, y)
        if m.clock.can_order(y, row):
            ordered = m.program.variable("build_hall", site, y)
            _charge(m, "hall_capex", y, row, ordered, factor * number(row, "capex_mcny_per_mw"))
            orders.append((y, row, ordered, 1.0))
            if number(row, "phase_mw") > 0:
                phases = m.program.variable("hall_phases", site, y, whole=True)
                m.program.equal({ordered: 1.0, phases: -number(row, "phase_mw")})
            if offers_retrofit(row):
                taken = m.program.variable("retrofit", site, y)
                _charge(m, "retrofit_capex", y, row, taken, factor * number(row, "retrofit_capex_mcny_per_mw"))
                retrofits.append((y, row, taken, 1.0))
        hall = m.program.variable("hall", site, y, upper=number(row, "limit_mw", math.inf))
        m.program.cost("hall_opex", y, hall, m.clock.discount(y) * number(row, "opex_mcny_per_mw_year"))
        m.program.equal({hall: 1.0} | _negative(_standing(m, y, orders)), number(row, "existing_mw"))
        retrofitted = m.program.variable("retrofitted", site, y, upper=number(row, "existing_mw"))
        m.program.equal({retrofitted: 1.0} | _negative(_standing(m, y, retrofits)))


def offers_retrofit(row: Row | None) -> bool:
    """Return whether existing halls can be retrofitted: both columns are given."""
    return None not in (optional(row, "retrofit_capex_mcny_per_mw"), optional(row, "retrofit_pue"))


def _negative(terms: Sum) -> Sum:
    return {column: -value for column, value in terms.items()}


def _charge(m: Model, term: str, period: int, row: Row, column: int, overnight: float) -> None:
    """Charge the capital of an order and remember its overnight cost for budgets."""
    m.program.cost(term, period, column, m.clock.capital(period, row) * overnight)
    m.overnight[column] = (term, period, overnight)


def _equipment(m: Model, site: str, technology: str) -> None:
    """fleet_kept, installed_balance, build_module and the table `limits`; compute_capex, compute_opex."""
    orders: list[tuple[int, Row, int, float]] = []
    kept = _fleet(m, site, technology)
    for y in m.clock.periods:
        row = m.technology(technology, y)
        limit = m.folder.at("limits", y, site, technology)
        if m.is_on_sale(technology, y):
            ordered = m.program.variable("build", site, technology, y, upper=number(limit, "max_build_units", math.inf))
            _charge(m, "compute_capex", y, row, ordered, m.capex_factor(site, y) * number(row, "capex_mcny_per_unit"))
            orders.append((y, row, ordered, 1.0))
            if number(row, "module_units") > 0:
                modules = m.program.variable("build_modules", site, technology, y, whole=True)
                m.program.equal({ordered: 1.0, modules: -number(row, "module_units")})
        least, most = number(limit, "min_units"), number(limit, "max_units", math.inf)
        installed = m.program.variable("installed", site, technology, y, lower=least, upper=most)
        m.program.cost("compute_opex", y, installed, m.clock.discount(y) * number(row, "opex_mcny_per_unit_year"))
        standing = _standing(m, y, orders)
        for column in kept.get(y, []):
            add(standing, column)
        m.program.equal({installed: 1.0} | _negative(standing))


def _fleet(m: Model, site: str, technology: str) -> dict[int, list[int]]:
    """Return the columns `kept` by period. Fleet that may not retire is kept, and so is all in the past (model-power.md)."""
    out: dict[int, list[int]] = {}
    for at, row in enumerate(m.folder.rows.get("fleet", [])):
        if (row["site"], row["technology"]) != (site, technology):
            continue
        before: int | None = None
        for y in m.clock.periods:
            if not is_there(row, y):
                before = None
                continue
            units = number(row, "units")
            free = is_yes(row, "may_retire") and not m.clock.is_past(y)
            column = m.program.variable("kept", site, technology, at, y, lower=0.0 if free else units, upper=units)
            if free and before is not None:
                m.program.row({column: 1.0, before: -1.0}, upper=0.0)
            before = column
            out.setdefault(y, []).append(column)
    return out


def is_there(row: Row, period: int) -> bool:
    """Return whether a row of `fleet` is in use: opened ≤ year < retires."""
    return number(row, "opened", -math.inf) <= period < number(row, "retires", math.inf)


def _within_halls(m: Model, site: str) -> None:
    """fleet_within_hall, fleet_within_site."""
    for y in m.clock.periods:
        power = m.installed_mw(site, y)
        hall = m.program.get("hall", site, y)
        if hall is not None:
            m.program.row(power | {hall: -1.0}, upper=0.0)
        limit = optional(m.folder.at("sites", y, site), "it_limit_mw")
        if limit is not None:
            m.program.row(power, upper=limit)


def is_new(m: Model, site: str) -> bool:
    """Return whether no fleet and no halls stand at a site in the first period, nor in one that is past (formulas.md,
    Opening a site)."""
    fleet = [row for row in m.folder.rows.get("fleet", []) if row["site"] == site and number(row, "units") > 0]
    return not any(
        number(m.folder.at("halls", y, site), "existing_mw") > 0 or any(is_there(row, y) for row in fleet)
        for y in m.clock.periods
        if y == m.clock.periods[0] or m.clock.is_past(y)
    )


def _opening(m: Model, site: str) -> None:
    """fleet_when_open, hall_when_open, opened_balance: of sites that are not open and have an opening cost."""
    price = {y: number(m.folder.at("sites", y, site), "fixed_cost_mcny") for y in m.clock.periods}
    if not any(price.values()) or not is_new(m, site):
        return
    made: list[int] = []
    for y in m.clock.periods:
        if not m.clock.is_past(y):
            made.append(m.program.variable("open", site, y, upper=1.0, whole=True))
            m.program.cost("opening", y, made[-1], m.clock.delta(y) * price[y])
            m.overnight[made[-1]] = ("opening", y, price[y])
        opened = m.program.variable("opened", site, y, upper=1.0, whole=True)
        m.program.equal({opened: 1.0} | dict.fromkeys(made, -1.0))
        for technology in m.technologies:
            m.program.gate(
                m.program.columns["installed", site, technology, y], m.most_units(site, technology, y), opened
            )
        hall = m.program.get("hall", site, y)
        if hall is not None:
            m.program.gate(hall, m.most_hall(site, y), opened)


def _link(m: Model, link: str) -> None:
    """capacity_balance, module_count; link_capex."""
    orders: list[tuple[int, Row, int, float]] = []
    counted: dict[str, list[int]] = {}
    most: dict[str, float | None] = {}
    for y in m.clock.periods:
        row = m.folder.at("links", y, link)
        if row is None:
            continue
        if m.clock.can_order(y, row):
            price = optional(row, "capex_mcny_per_gbps")
            if price is not None:
                column = m.program.variable("build_link", link, y)
                _charge(m, "link_capex", y, row, column, price)
                orders.append((y, row, column, 1.0))
            for module, offer in m.network.modules(link, y).items():
                column = m.program.variable("link_modules", link, module, y, whole=True)
                _charge(m, "link_capex", y, row, column, number(offer, "mcny"))
                orders.append((y, row, column, number(offer, "gbps")))
                counted.setdefault(module, []).append(column)
        for module, offer in m.network.modules(link, y).items():
            most[module] = optional(offer, "max_count")
        least, limit = number(row, "min_gbps"), number(row, "limit_gbps", math.inf)
        capacity = m.program.variable("capacity", link, y, lower=least, upper=limit)
        m.program.equal({capacity: 1.0} | _negative(_standing(m, y, orders)), number(row, "capacity_gbps"))
    for module, columns in counted.items():
        if most[module] is not None:
            m.program.row(dict.fromkeys(columns, 1.0), upper=float(most[module] or 0.0))


def _supply(m: Model, site: str, source: str) -> None:
    """supply_balance, energy_balance; supply_capex, supply_opex."""
    orders: list[tuple[int, Row, int, float]] = []
    energies: list[tuple[int, Row, int, float]] = []
    for y in m.clock.periods:
        row = m.folder.at("supply", y, site, source)
        if row is None:
            continue
        if m.clock.can_order(y, row):
            column = m.program.variable("build_supply", site, source, y)
            _charge(m, "supply_capex", y, row, column, number(row, "capex_mcny_per_mw"))
            orders.append((y, row, column, 1.0))
            if source == "battery":
                column = m.program.variable("build_energy", site, y)
                _charge(m, "supply_capex", y, row, column, number(row, "capex_mcny_per_mwh"))
                energies.append((y, row, column, 1.0))
        supply = m.program.variable("supply", site, source, y, upper=number(row, "limit_mw", math.inf))
        m.program.cost("supply_opex", y, supply, m.clock.discount(y) * number(row, "opex_mcny_per_mw_year"))
        m.program.equal({supply: 1.0} | _negative(_standing(m, y, orders)), number(row, "existing_mw"))
        if source == "battery":
            energy = m.program.variable("energy", site, y, upper=number(row, "limit_mwh", math.inf))
            m.program.equal({energy: 1.0} | _negative(_standing(m, y, energies)), number(row, "existing_mwh"))
