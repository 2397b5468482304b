"""Orders of each period: upper bounds and discounted capital cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gnomon import Array, Label, Mask
from xisuan.equations import asset_sets
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.equations.table_arrays import chosen

OPEN_ENDED = np.inf
"""Upper bound of an order that is limited only by the capacity it becomes."""


def add(a: Assembly) -> None:
    """Add the order variables of a plan; they are fixed at 0 in a period that is fixed at its actuals."""
    if a.operated:
        return
    halls(a)
    equipment(a)
    fleet(a)
    links(a)
    supply(a)
    openings(a)


def halls(a: Assembly) -> None:
    """Add orders of halls, their whole phases, and retrofits of existing halls."""
    g = a.given
    sites = asset_sets.hall_sites(g)
    factor = g.numbers("sites", sites, "capex_factor", 1.0)
    price = g.numbers("halls", sites, "capex_mcny_per_mw") * factor
    on_offer = g.holds("halls", sites) > 0
    _order(a, "build_hall", sites, price, "hall_capex", np.where(on_offer, OPEN_ENDED, 0.0), "halls", sites)
    phase = g.numbers("halls", sites, "phase_mw").max(axis=0, initial=0.0)
    a.columns("hall_phases", chosen(sites, phase > 0))
    sites = asset_sets.retrofit_sites(g)
    price = g.numbers("halls", sites, "retrofit_capex_mcny_per_mw") * g.numbers("sites", sites, "capex_factor", 1.0)
    most = g.numbers("halls", sites, "existing_mw") * asset_sets.retrofit_offered(g, sites)
    _order(a, "retrofit", sites, price, "retrofit_capex", most, "halls", sites)


def equipment(a: Assembly) -> None:
    """Add orders of equipment, and their whole modules."""
    g = a.given
    technology = asset_sets.technology_of(g.equipment)
    sites = [(site,) for site, _ in g.equipment]
    factor = g.numbers("sites", sites, "capex_factor", 1.0)
    price = g.numbers("technologies", technology, "capex_mcny_per_unit") * factor
    since = g.numbers("technologies", technology, "available_from", -np.inf)
    until = g.numbers("technologies", technology, "available_until", np.inf)
    now = np.array(g.periods, dtype=float)[:, None]
    on_offer = (since <= now) & (now <= until) & (g.holds("technologies", technology) > 0)
    most = np.where(on_offer, g.numbers("limits", g.equipment, "max_build_units", OPEN_ENDED), 0.0)
    _order(a, "build", g.equipment, price, "compute_capex", most, "technologies", technology)
    size = g.numbers("technologies", technology, "module_units").max(axis=0, initial=0.0)
    a.columns("build_modules", chosen(g.equipment, size > 0))


def fleet(a: Assembly) -> None:
    """Add `kept`: existing units in use. All are kept that may not retire early, and all in a period that is fixed."""
    g = a.given
    frame = g.scenario["fleet"]
    now = np.array(g.periods, dtype=float)[:, None]
    opened = frame["opened"].fillna(-np.inf).to_numpy(dtype=float)
    retires = frame["retires"].fillna(np.inf).to_numpy(dtype=float)
    units = np.where((opened <= now) & (now < retires), frame["units"].to_numpy(dtype=float), 0.0)
    free = frame["may_retire"].to_numpy(dtype=bool) & ~_fixed(g)
    a.columns("kept", asset_sets.vintages(g), lower=np.where(free, 0.0, units), upper=units)


def links(a: Assembly) -> None:
    """Add orders of link capacity, in any amount where that is on offer, and in modules."""
    g = a.given
    every = [(link,) for link, _, _ in g.links]
    price = g.numbers("links", every, "capex_mcny_per_gbps", np.nan)
    offered = np.isfinite(price).any(axis=0)
    labels = chosen(every, offered)
    price = price[:, offered]
    most = np.where(np.isnan(price), 0.0, OPEN_ENDED)
    _order(a, "build_link", labels, np.nan_to_num(price), "link_capex", most, "links", labels)
    modules = asset_sets.link_modules(g)
    price = g.numbers("modules", modules, "mcny", np.nan)
    carrier = [label[:1] for label in modules]
    on_offer = ~np.isnan(price) & (g.holds("links", carrier) > 0)
    most = np.where(on_offer, g.numbers("modules", modules, "max_count", OPEN_ENDED), 0.0)
    _order(a, "link_modules", modules, np.nan_to_num(price), "link_capex", most, "links", carrier)


def supply(a: Assembly) -> None:
    """Add orders of solar, wind and battery power, and of battery energy."""
    g = a.given
    sources = asset_sets.supply_sources(g)
    price = g.numbers("supply", sources, "capex_mcny_per_mw")
    most = np.where(g.holds("supply", sources) > 0, OPEN_ENDED, 0.0)
    _order(a, "build_supply", sources, price, "supply_capex", most, "supply", sources)
    sites = asset_sets.batteries(g)
    rows = asset_sets.battery_rows(sites)
    price = g.numbers("supply", rows, "capex_mcny_per_mwh")
    most = np.where(g.holds("supply", rows) > 0, OPEN_ENDED, 0.0)
    _order(a, "build_energy", sites, price, "supply_capex", most, "supply", rows)


def openings(a: Assembly) -> None:
    """Add site openings; their cost is paid once, in the first year of the period, under every setting of `capital`."""
    g = a.given
    sites = asset_sets.opening_sites(g)
    cost = g.numbers("sites", sites, "fixed_cost_mcny")
    now = np.array([g.timeline.discount(period) for period in g.periods])[:, None]
    a.columns("open", sites, upper=np.where(_fixed(g), 0.0, 1.0), costs={"opening": cost * now})
    a.capex["open"] = cost


def _order(
    a: Assembly,
    name: str,
    labels: Sequence[Label],
    price: Array,
    term: str,
    most: Array,
    table: str,
    rows: Sequence[Label],
) -> None:
    """Add an order variable with overnight `price` and upper bound `most`; `rows` of `table` give its life and lead.

    The bound is 0 where an order cannot come into use within the horizon: it would cost nothing and count for shares.
    """
    g = a.given
    cost, in_time = _capital(g, table, rows)
    a.columns(name, labels, upper=np.where(_fixed(g) | ~in_time, 0.0, most), costs={term: price * cost})
    a.capex[name] = price


def _fixed(given: Given) -> Mask:
    """Return True for each period fixed at its actuals. Shape (periods, 1)."""
    return np.array([[given.scenario.fixed(period)] for period in given.periods], dtype=bool)


def _capital(given: Given, table: str, rows: Sequence[Label]) -> tuple[Array, Mask]:
    """Return discounted cost of 1 mCNY of capital ordered, and True where the order is ever in use. (periods, rows)."""
    lead, life = given.numbers(table, rows, "lead_years"), given.numbers(table, rows, "life_years", np.nan)
    mode = given.scenario.settings.capital
    cost, in_time = np.empty(lead.shape), np.empty(lead.shape, dtype=bool)
    for (y, i), years in np.ndenumerate(lead):
        made, waits, lasts = given.periods[y], float(years), float(life[y, i])
        cost[y, i] = given.timeline.capital_cost(made, waits, lasts, mode)
        in_time[y, i] = any(given.timeline.usable(made, period, waits, lasts) for period in given.periods)
    return cost, in_time
