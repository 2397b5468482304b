"""Capacity in use in a period (halls, equipment, links, supply): existing capacity and orders in use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gnomon import Array, Block, Label
from xisuan.equations import asset_sets
from xisuan.equations.model_builder import Assembly
from xisuan.equations.table_arrays import chosen

# --- variables -------------------------------------------------------------------------------------------------------


def in_use(a: Assembly) -> None:
    """Add the variables of capacity in use, with limits and upkeep."""
    g = a.given
    yearly = g.discount[:, None]
    halls = asset_sets.hall_sites(g.whole)
    upkeep = g.numbers("halls", halls, "opex_mcny_per_mw_year") * yearly
    a.columns("hall", halls, upper=g.numbers("halls", halls, "limit_mw", np.inf), costs={"hall_opex": upkeep})
    retrofits = asset_sets.retrofit_sites(g.whole)
    a.columns("retrofitted", retrofits, upper=g.numbers("halls", retrofits, "existing_mw"))
    upkeep = g.numbers("technologies", asset_sets.technology_of(g.equipment), "opex_mcny_per_unit_year") * yearly
    a.columns(
        "installed",
        g.equipment,
        lower=g.numbers("limits", g.equipment, "min_units"),
        upper=g.numbers("limits", g.equipment, "max_units", np.inf),
        costs={"compute_opex": upkeep},
    )
    links = [(link,) for link, _, _ in g.links]
    a.columns(
        "capacity",
        links,
        lower=g.numbers("links", links, "min_gbps"),
        upper=g.numbers("links", links, "limit_gbps", np.inf),
    )
    sources = asset_sets.supply_sources(g)
    upkeep = g.numbers("supply", sources, "opex_mcny_per_mw_year") * yearly
    most = g.numbers("supply", sources, "limit_mw", np.inf)
    a.columns("supply", sources, upper=most, costs={"supply_opex": upkeep})
    batteries = asset_sets.batteries(g)
    most = g.numbers("supply", asset_sets.battery_rows(batteries), "limit_mwh", np.inf)
    a.columns("energy", batteries, upper=most)
    a.columns("opened", asset_sets.opening_sites(g.whole), upper=1.0)


# --- balances of capacity --------------------------------------------------------------------------------------------


def balances(a: Assembly) -> None:
    """Add the constraints of capacity. In operation the plan fixes the capacities, and nothing is added."""
    if a.operated:
        return
    hall_balance(a)
    hall_phase(a)
    retrofit_balance(a)
    fleet_kept(a)
    installed_balance(a)
    build_module(a)
    fleet_within_hall(a)
    fleet_within_site(a)
    capacity_balance(a)
    module_count(a)
    supply_balance(a)
    energy_balance(a)


def _balance(
    a: Assembly, name: str, used: str, existing: Array | float, ordered: str, table: str, rows: Sequence[Label]
) -> Block:
    """Add used = existing + Σ ordered over orders in use: the common form of the capacity balances.

    `rows[i]` is the row of `table` with the lead and life of orders of item i of `used`.
    """
    column = a.model.columns[used]
    block = a.rows(name, column.labels, lower=existing, upper=existing)
    a.model.add(block, block.labels, column, column.labels)
    orders = a.column(ordered)
    if orders:
        at = [i for i, label in enumerate(column.labels) if label in orders.position]
        labels = [column.labels[i] for i in at]
        _living(a, block, labels, orders, labels, table, [rows[i] for i in at])
    return block


def _living(
    a: Assembly,
    block: Block,
    items: Sequence[Label],
    orders: Block,
    ordered: Sequence[Label],
    table: str,
    rows: Sequence[Label],
    gain: Array | None = None,
) -> None:
    """Add −gain × order `ordered[i]` to row `items[i]` in every period in which the order is in use.

    Lead, life and gain are those of the period in which it is ordered.
    """
    g = a.given
    lead, life = g.numbers(table, rows, "lead_years"), g.numbers(table, rows, "life_years", np.nan)
    gain = np.ones_like(lead) if gain is None else gain
    uses = [
        (made, used, i)
        for i in range(len(items))
        for made, year in enumerate(g.periods)
        for used, period in enumerate(g.periods)
        if g.timeline.usable(year, period, float(lead[made, i]), float(life[made, i]))
    ]
    at = [(used, items[i]) for _, used, i in uses]
    of = [(made, ordered[i]) for made, _, i in uses]
    a.model.add_across(block, at, orders, of, np.array([-gain[made, i] for made, _, i in uses]))


def hall_balance(a: Assembly) -> None:
    """Add hall = existing_mw + Σ build_hall over orders in use (MW), by site."""
    halls = a.labels("hall")
    if halls:
        existing = a.given.numbers("halls", halls, "existing_mw")
        _balance(a, "hall_balance", "hall", existing, "build_hall", "halls", halls)


def hall_phase(a: Assembly) -> None:
    """Add build_hall = phase_mw × hall_phases (MW), by site: halls come in whole phases."""
    sites = a.labels("hall_phases")
    _whole(a, "hall_phase", sites, "build_hall", "hall_phases", a.given.numbers("halls", sites, "phase_mw"))


def _whole(a: Assembly, name: str, labels: list[Label], amount: str, count: str, size: Array) -> None:
    """Add amount = size × count (integer); the row is free in periods without a size."""
    if not labels:
        return
    block = a.rows(name, labels, lower=np.where(size > 0, 0.0, -np.inf), upper=np.where(size > 0, 0.0, np.inf))
    a.model.add(block, labels, a.model.columns[amount], labels)
    a.model.add(block, labels, a.model.columns[count], labels, -size)


def retrofit_balance(a: Assembly) -> None:
    """Add retrofitted = Σ retrofit over orders in use (MW), by site."""
    sites = a.labels("retrofitted")
    if sites:
        _balance(a, "retrofit_balance", "retrofitted", 0.0, "retrofit", "halls", sites)


def fleet_kept(a: Assembly) -> None:
    """Add kept[y] ≤ kept[y − 1] (units), by vintage: retired units of the fleet do not come back."""
    kept = a.column("kept")
    if kept is None or len(a.given.periods) == 1:
        return
    may_fall = (kept.lower < kept.upper).any(axis=0)
    labels = chosen(kept.labels, may_fall)
    # A vintage opened within the horizon rises from 0 once; the row holds only from its second period on.
    stands = kept.upper[:, kept.at(labels)] > 0
    later = np.zeros_like(stands)
    later[1:] = stands[1:] & stands[:-1]
    block = a.rows("fleet_kept", labels, upper=np.where(later, 0.0, np.inf))
    pairs = [(int(y), labels[i]) for y, i in np.argwhere(later)]
    a.model.add_across(block, pairs, kept, pairs)
    a.model.add_across(block, pairs, kept, [(y - 1, label) for y, label in pairs], -1.0)


def installed_balance(a: Assembly) -> None:
    """Add installed = Σ kept + Σ build over orders in use (units), by (site, technology)."""
    equipment = a.labels("installed")
    if not equipment:
        return
    technology = asset_sets.technology_of(equipment)
    block = _balance(a, "installed_balance", "installed", 0.0, "build", "technologies", technology)
    kept = a.column("kept")
    if kept:
        a.model.add(block, [(site, name) for site, name, _ in kept.labels], kept, kept.labels, -1.0)


def build_module(a: Assembly) -> None:
    """Add build = module_units × build_modules (units), by (site, technology): equipment comes in whole modules."""
    labels = a.labels("build_modules")
    size = a.given.numbers("technologies", asset_sets.technology_of(labels), "module_units")
    _whole(a, "build_module", labels, "build", "build_modules", size)


def fleet_within_hall(a: Assembly) -> None:
    """Add IT power of equipment ≤ halls (MW), by site, in the periods in which it has a halls row."""
    halls = a.column("hall")
    if halls is None:
        return
    needed = asset_sets.needs_halls(a.given, halls.labels) > 0
    block = a.rows("fleet_within_hall", halls.labels, upper=np.where(needed, 0.0, np.inf))
    a.model.add(block, halls.labels, halls, halls.labels, -1.0)
    _add_fleet(a, block)


def fleet_within_site(a: Assembly) -> None:
    """Add IT power of equipment ≤ limit of the site (MW), by site."""
    sites = list(dict.fromkeys(label[:1] for label in a.labels("installed")))
    limit = a.given.numbers("sites", sites, "it_limit_mw", np.inf)
    limited = np.isfinite(limit).any(axis=0)
    labels = chosen(sites, limited)
    _add_fleet(a, a.rows("fleet_within_site", labels, upper=limit[:, limited]))


def _add_fleet(a: Assembly, block: Block) -> None:
    """Add the IT power of a site's equipment to its row of `block`."""
    installed = a.column("installed")
    if installed:
        inside = [label for label in installed.labels if label[:1] in block.position]
        a.model.add(block, [label[:1] for label in inside], installed, inside, asset_sets.it_mw(a.given, inside))


def capacity_balance(a: Assembly) -> None:
    """Add capacity = existing + orders and modules in use (Gbps in each direction), by link."""
    g = a.given
    links = a.labels("capacity")
    if not links:
        return
    existing = g.numbers("links", links, "capacity_gbps")
    block = _balance(a, "capacity_balance", "capacity", existing, "build_link", "links", links)
    modules = a.column("link_modules")
    if modules:
        carrier = [label[:1] for label in modules.labels]
        gain = g.numbers("modules", modules.labels, "gbps")
        _living(a, block, carrier, modules, modules.labels, "links", carrier, gain)


def module_count(a: Assembly) -> None:
    """Add Σ link_modules over the horizon ≤ max_count, by (link, module): one row, in the last period."""
    modules = a.column("link_modules")
    if modules is None:
        return
    most = a.given.numbers("modules", modules.labels, "max_count", np.inf)
    limited = np.isfinite(most[-1])
    labels = chosen(modules.labels, limited)
    upper = np.full((len(most), len(labels)), np.inf)
    upper[-1] = most[-1, limited]
    block = a.rows("module_count", labels, upper=upper)
    last = len(most) - 1
    pairs = [(y, label) for y in range(len(most)) for label in labels]
    a.model.add_across(block, [(last, label) for _, label in pairs], modules, pairs)


def supply_balance(a: Assembly) -> None:
    """Add supply = existing_mw + Σ build_supply over orders in use (MW), by (site, source)."""
    sources = a.labels("supply")
    if sources:
        existing = a.given.numbers("supply", sources, "existing_mw")
        _balance(a, "supply_balance", "supply", existing, "build_supply", "supply", sources)


def energy_balance(a: Assembly) -> None:
    """Add energy = existing_mwh + Σ build_energy over orders in use (battery, MWh), by site."""
    sites = a.labels("energy")
    if sites:
        rows = asset_sets.battery_rows(sites)
        existing = a.given.numbers("supply", rows, "existing_mwh")
        _balance(a, "energy_balance", "energy", existing, "build_energy", "supply", rows)
