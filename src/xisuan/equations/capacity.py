"""What is ordered and what is in use: halls, retrofits, equipment, links, supply, openings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xisuan.equations.assembly import Assembly
from xisuan.equations.given import Array, Given, Label
from xisuan.solver.model import Block


def add(a: Assembly) -> None:
    """Variables of capacity; and, where a plan is made, what may be ordered and how that comes into use."""
    in_use(a)
    if a.operated:
        return
    orders(a)
    hall_balance(a)
    hall_phase(a)
    retrofit_balance(a)
    fleet_kept(a)
    installed_balance(a)
    build_module(a)
    fleet_within_hall(a)
    fleet_within_site(a)
    opened_balance(a)
    fleet_when_open(a)
    hall_when_open(a)
    capacity_balance(a)
    module_count(a)
    supply_balance(a)
    energy_balance(a)


# --- index sets ------------------------------------------------------------------------------------------------------


def hall_sites(given: Given) -> list[Label]:
    """Sites with a halls row."""
    with_row = set(given.scenario["halls"]["site"])
    return [(site,) for site in given.sites if site in with_row]


def retrofit_sites(given: Given) -> list[Label]:
    """Sites with a retrofit on offer and halls to retrofit."""
    sites = hall_sites(given)
    offered = np.isfinite(given.numbers("halls", sites, "retrofit_capex_mcny_per_mw", np.nan)).any(axis=0)
    better = np.isfinite(given.numbers("halls", sites, "retrofit_pue", np.nan)).any(axis=0)
    stand = given.numbers("halls", sites, "existing_mw").max(axis=0, initial=0.0) > 0
    return [site for site, use in zip(sites, offered & better & stand, strict=True) if use]


def supply_sources(given: Given) -> list[Label]:
    """(site, source) with a supply row."""
    frame = given.scenario["supply"]
    return list(dict.fromkeys((str(row.site), str(row.source)) for row in frame.itertuples()))


def batteries(given: Given) -> list[Label]:
    """Sites with a battery row."""
    return [(site,) for site, source in supply_sources(given) if source == "battery"]


def opening_sites(given: Given) -> list[Label]:
    """Sites with an opening cost where nothing stands yet; what stands is open."""
    sites = [(site,) for site in given.sites]
    costly = given.numbers("sites", sites, "fixed_cost_mcny").max(axis=0, initial=0.0) > 0
    return [site for site, cost in zip(sites, costly, strict=True) if cost and is_new(given, site[0])]


def is_new(given: Given, site: str) -> bool:
    """Whether neither halls nor fleet stand at `site` at the start."""
    halls = given.scenario["halls"]
    stands = bool((halls.loc[halls["site"] == site, "existing_mw"] > 0).any())
    fleet = given.scenario["fleet"]
    return not stands and not bool((fleet.loc[fleet["site"] == site, "units"] > 0).any())


def vintages(given: Given) -> list[tuple[str, str, str]]:
    """(site, technology, opened) of the existing fleet."""
    frame = given.scenario["fleet"]
    return [(str(row.site), str(row.technology), _year(row.opened)) for row in frame.itertuples()]  # type: ignore[arg-type]


def _year(value: float) -> str:
    return "" if np.isnan(value) else str(int(value))


def link_modules(given: Given) -> list[Label]:
    """(link, module) on offer."""
    usable = {link for link, _, _ in given.links}
    frame = given.scenario["modules"]
    return list(dict.fromkeys((str(row.link), str(row.module)) for row in frame.itertuples() if row.link in usable))


# --- variables -------------------------------------------------------------------------------------------------------


def in_use(a: Assembly) -> None:
    """Capacity in use, with its limits and its upkeep."""
    g = a.given
    yearly = g.discount[:, None]
    halls = hall_sites(g)
    a.columns(
        "hall",
        halls,
        upper=g.numbers("halls", halls, "limit_mw", np.inf),
        costs={"hall_opex": g.numbers("halls", halls, "opex_mcny_per_mw_year") * yearly},
    )
    retrofits = retrofit_sites(g)
    a.columns("retrofitted", retrofits, upper=g.numbers("halls", retrofits, "existing_mw"))
    technology = [(name,) for _, name in g.equipment]
    a.columns(
        "installed",
        g.equipment,
        lower=g.numbers("limits", g.equipment, "min_units"),
        upper=g.numbers("limits", g.equipment, "max_units", np.inf),
        costs={"compute_opex": g.numbers("technologies", technology, "opex_mcny_per_unit_year") * yearly},
    )
    links = [(link,) for link, _, _ in g.links]
    a.columns("capacity", links, upper=g.numbers("links", links, "limit_gbps", np.inf))
    sources = supply_sources(g)
    a.columns(
        "supply",
        sources,
        upper=g.numbers("supply", sources, "limit_mw", np.inf),
        costs={"supply_opex": g.numbers("supply", sources, "opex_mcny_per_mw_year") * yearly},
    )
    a.columns("opened", opening_sites(g), upper=1.0)
    at = batteries(g)
    a.columns("energy", at, upper=g.numbers("supply", _battery(at), "limit_mwh", np.inf))


def orders(a: Assembly) -> None:
    """What may be ordered in each period, at its discounted cost; nothing in a period that is fixed."""
    g = a.given
    halls = hall_sites(g)
    factor = g.numbers("sites", halls, "capex_factor", 1.0)
    price = g.numbers("halls", halls, "capex_mcny_per_mw") * factor
    has_row = np.isfinite(g.numbers("halls", halls, "existing_mw", np.nan))
    _order(
        a, "build_hall", halls, price, "halls", halls, "hall_capex", _open_periods(g) * np.where(has_row, np.inf, 0.0)
    )
    phased = [site for site in halls if g.numbers("halls", [site], "phase_mw").max() > 0]
    a.columns("hall_phases", phased)
    retrofits = retrofit_sites(g)
    offer = g.numbers("halls", retrofits, "retrofit_capex_mcny_per_mw", np.nan)
    price = np.nan_to_num(offer) * g.numbers("sites", retrofits, "capex_factor", 1.0)
    room = np.where(np.isnan(offer), 0.0, g.numbers("halls", retrofits, "existing_mw"))
    _order(a, "retrofit", retrofits, price, "halls", retrofits, "retrofit_capex", _open_periods(g, room))
    _order_equipment(a)
    _order_links(a)
    _order_supply(a)
    sites = opening_sites(g)
    cost = g.numbers("sites", sites, "fixed_cost_mcny")
    now = np.array([g.timeline.discount(period) for period in g.periods])[:, None]
    a.columns("open", sites, upper=_open_periods(g, np.ones((1, 1))), costs={"opening": cost * now})
    a.capex["open"] = cost


def _order_equipment(a: Assembly) -> None:
    g = a.given
    technology = [(name,) for _, name in g.equipment]
    sites = [(site,) for site, _ in g.equipment]
    price = g.numbers("technologies", technology, "capex_mcny_per_unit") * g.numbers(
        "sites", sites, "capex_factor", 1.0
    )
    after = g.numbers("technologies", technology, "available_from", -np.inf)
    until = g.numbers("technologies", technology, "available_until", np.inf)
    now = np.array(g.periods, dtype=float)[:, None]
    exists = np.isfinite(g.numbers("technologies", technology, "mw_per_unit", np.nan))
    orderable = (after <= now) & (now <= until) & exists
    most = np.where(orderable, g.numbers("limits", g.equipment, "max_build_units", np.inf), 0.0)
    _order(a, "build", g.equipment, price, "technologies", technology, "compute_capex", _open_periods(g, most))
    size = g.numbers("technologies", technology, "module_units").max(axis=0, initial=0.0)
    a.columns("build_modules", [label for label, units in zip(g.equipment, size, strict=True) if units > 0])
    held = vintages(g)
    frame = g.scenario["fleet"]
    stays = ~frame["may_retire"].to_numpy(dtype=bool)
    retires = frame["retires"].fillna(np.inf).to_numpy(dtype=float)
    opened = frame["opened"].fillna(-np.inf).to_numpy(dtype=float)
    units = np.where((opened <= now) & (now < retires), frame["units"].to_numpy(dtype=float), 0.0)
    a.columns("kept", held, lower=np.where(stays, units, 0.0), upper=units)


def _order_links(a: Assembly) -> None:
    g = a.given
    links = [(link,) for link, _, _ in g.links]
    price = g.numbers("links", links, "capex_mcny_per_gbps", np.nan)
    offered = np.isfinite(price).any(axis=0)
    on_offer = [link for link, use in zip(links, offered, strict=True) if use]
    most = np.where(np.isnan(price), 0.0, np.inf)[:, offered]
    price = np.nan_to_num(price)[:, offered]
    _order(a, "build_link", on_offer, price, "links", on_offer, "link_capex", _open_periods(g, most))
    modules = link_modules(g)
    price = g.numbers("modules", modules, "mcny", np.nan)
    most = np.where(np.isnan(price), 0.0, g.numbers("modules", modules, "max_count", np.inf))
    carrier = [(link,) for link, _ in modules]
    _order(a, "link_modules", modules, np.nan_to_num(price), "links", carrier, "link_capex", _open_periods(g, most))


def _order_supply(a: Assembly) -> None:
    g = a.given
    sources = supply_sources(g)
    exists = np.isfinite(g.numbers("supply", sources, "existing_mw", np.nan))
    most = _open_periods(g, np.where(exists, np.inf, 0.0))
    price = g.numbers("supply", sources, "capex_mcny_per_mw")
    _order(a, "build_supply", sources, price, "supply", sources, "supply_capex", most)
    at = batteries(g)
    rows = _battery(at)
    exists = np.isfinite(g.numbers("supply", rows, "existing_mwh", np.nan))
    most = _open_periods(g, np.where(exists, np.inf, 0.0))
    _order(a, "build_energy", at, g.numbers("supply", rows, "capex_mcny_per_mwh"), "supply", rows, "supply_capex", most)


def _order(
    a: Assembly,
    name: str,
    labels: Sequence[Label],
    price: Array,
    table: str,
    rows: Sequence[Label],
    term: str,
    most: Array,
) -> None:
    """An order variable: overnight `price`, life and lead of `rows` of `table`, at most `most`."""
    a.columns(name, labels, upper=most, costs={term: price * _capital(a.given, table, rows)})
    a.capex[name] = price


def _open_periods(given: Given, most: Array | float = np.inf) -> Array:
    """`most` in periods that are planned, 0 in those that are fixed at their actuals."""
    fixed = np.array([[given.scenario.fixed(period)] for period in given.periods])
    return np.where(fixed, 0.0, most)


def _capital(given: Given, table: str, rows: Sequence[Label]) -> Array:
    """Discounted cost over the horizon of one mCNY of capital ordered in each period. Shape (periods, rows)."""
    lead, life = (
        given.numbers(table, rows, column, missing) for column, missing in (("lead_years", 0.0), ("life_years", np.nan))
    )
    mode = given.scenario.settings.capital
    out = np.empty(lead.shape)
    for (y, i), years in np.ndenumerate(lead):
        out[y, i] = given.timeline.capital_cost(given.periods[y], float(years), float(life[y, i]), mode)
    return out


def _battery(sites: Sequence[Label]) -> list[Label]:
    return [(site, "battery") for (site,) in sites]


# --- constraints -----------------------------------------------------------------------------------------------------


def _balance(
    a: Assembly,
    name: str,
    used: str,
    existing: Array,
    table: str,
    rows: Sequence[Label],
    ordered: str,
    gain: Array | None = None,
) -> Block:
    """used = existing + Σ gain × ordered, over orders in use: the common form of the capacity balances.

    `rows[i]` is the row of `table` that gives lead and life of what item i of `used` is ordered as.
    """
    column = a.model.columns[used]
    block = a.rows(name, column.labels, lower=existing, upper=existing)
    a.model.add(block, block.labels, column, column.labels)
    _living(a, block, list(column.labels), table, rows, ordered, gain)
    return block


def _living(
    a: Assembly,
    block: Block,
    items: Sequence[Label],
    table: str,
    rows: Sequence[Label],
    ordered: str,
    gain: Array | None = None,
    orders_of: Sequence[Label] | None = None,
) -> None:
    """Put −gain × ordered, for every order in use in the row's period, into rows `items` of `block`."""
    orders = a.column(ordered)
    if orders is None:
        return
    g = a.given
    names = list(orders_of or items)
    lead = g.numbers(table, rows, "lead_years")
    life = g.numbers(table, rows, "life_years", np.nan)
    at: list[tuple[int, Label]] = []
    of: list[tuple[int, Label]] = []
    values: list[float] = []
    for i, (item, name) in enumerate(zip(items, names, strict=True)):
        if name not in orders.position:
            continue
        for y, made in enumerate(g.periods):
            for used, period in enumerate(g.periods):
                if period >= made and g.timeline.usable(made, period, float(lead[y, i]), float(life[y, i])):
                    at.append((used, item))
                    of.append((y, name))
                    values.append(-1.0 if gain is None else -float(gain[y, i]))
    a.model.add_across(block, at, orders, of, np.array(values))


def hall_balance(a: Assembly) -> None:
    """Halls in use are those that stood at the start and the orders in use."""
    halls = a.labels("hall")
    if halls:
        _balance(
            a, "hall_balance", "hall", a.given.numbers("halls", halls, "existing_mw"), "halls", halls, "build_hall"
        )


def hall_phase(a: Assembly) -> None:
    """Halls come in whole phases."""
    sites = a.labels("hall_phases")
    _whole(a, "hall_phase", sites, "build_hall", "hall_phases", a.given.numbers("halls", sites, "phase_mw"))


def _whole(a: Assembly, name: str, labels: list[Label], amount: str, count: str, size: Array) -> None:
    """amount = size × count."""
    if not labels:
        return
    block = a.rows(name, labels, lower=0.0, upper=0.0)
    a.model.add(block, labels, a.model.columns[amount], labels)
    a.model.add(block, labels, a.model.columns[count], labels, -size)


def retrofit_balance(a: Assembly) -> None:
    """Retrofitted halls in use are the orders in use."""
    sites = a.labels("retrofitted")
    if sites:
        _balance(a, "retrofit_balance", "retrofitted", np.zeros((1, 1)), "halls", sites, "retrofit")


def fleet_kept(a: Assembly) -> None:
    """What is retired early does not come back: from one period to the next the kept units can only fall."""
    kept = a.column("kept")
    if kept is None or len(a.given.periods) == 1:
        return
    may_fall = (kept.lower < kept.upper).any(axis=0)
    labels = [label for label, falls in zip(kept.labels, may_fall, strict=True) if falls]
    # A unit opened within the horizon rises from 0 once; only from then on must it not rise.
    stands = kept.upper[:, kept.at(labels)] > 0
    later = np.zeros_like(stands)
    later[1:] = stands[1:] & stands[:-1]
    block = a.rows("fleet_kept", labels, upper=np.where(later, 0.0, np.inf))
    pairs = [(y, label) for y in range(1, len(a.given.periods)) for i, label in enumerate(labels) if later[y, i]]
    a.model.add_across(block, pairs, kept, pairs)
    a.model.add_across(block, pairs, kept, [(y - 1, label) for y, label in pairs], -1.0)


def installed_balance(a: Assembly) -> None:
    """Equipment in use is what is kept of the fleet and the orders in use."""
    equipment = a.labels("installed")
    if not equipment:
        return
    technology = [(name,) for _, name in equipment]
    block = _balance(a, "installed_balance", "installed", np.zeros((1, 1)), "technologies", technology, "build")
    kept = a.column("kept")
    if kept is not None:
        a.model.add(block, [(site, name) for site, name, _ in kept.labels], kept, kept.labels, -1.0)


def build_module(a: Assembly) -> None:
    """Equipment comes in whole modules."""
    labels = a.labels("build_modules")
    size = a.given.numbers("technologies", [(name,) for _, name in labels], "module_units")
    _whole(a, "build_module", labels, "build", "build_modules", size)


def it_mw(a: Assembly, labels: Sequence[Label]) -> Array:
    """IT power of a unit of equipment (site, technology), MW. Shape (periods, labels)."""
    return a.given.numbers("technologies", [(name,) for _, name in labels], "mw_per_unit")


def fleet_within_hall(a: Assembly) -> None:
    """Equipment needs halls."""
    halls = a.column("hall")
    if halls is None:
        return
    block = a.rows("fleet_within_hall", halls.labels, upper=0.0)
    a.model.add(block, halls.labels, halls, halls.labels, -1.0)
    inside = [label for label in a.labels("installed") if label[:1] in halls.position]
    a.model.add(
        block, [label[:1] for label in inside], a.model.columns["installed"], inside, it_mw(a, inside)
    ) if inside else None


def fleet_within_site(a: Assembly) -> None:
    """The site's own limit on IT power."""
    g = a.given
    sites = [(site,) for site in g.sites]
    limit = g.numbers("sites", sites, "it_limit_mw", np.inf)
    limited = [site for site, bound in zip(sites, np.isfinite(limit).any(axis=0), strict=True) if bound]
    inside = [label for label in a.labels("installed") if label[:1] in set(limited)]
    limited = [site for site in limited if site in {label[:1] for label in inside}]
    block = a.rows("fleet_within_site", limited, upper=g.numbers("sites", limited, "it_limit_mw", np.inf))
    a.model.add(
        block, [label[:1] for label in inside], a.model.columns["installed"], inside, it_mw(a, inside)
    ) if inside else None


def fleet_when_open(a: Assembly) -> None:
    """Nothing stands at a site with an opening cost before it is opened."""
    sites = set(a.labels("open"))
    labels = [label for label in a.labels("installed") if label[:1] in sites]
    _when_open(a, "fleet_when_open", "installed", labels, most_installed(a, labels))


def hall_when_open(a: Assembly) -> None:
    """As fleet_when_open, for halls: no more than all equipment that could be there needs, or their limit."""
    sites = [site for site in a.labels("hall") if site in set(a.labels("open"))]
    limit = a.given.numbers("halls", sites, "limit_mw", np.inf)
    need = np.zeros_like(limit)
    for i, site in enumerate(sites):
        labels = [label for label in a.labels("installed") if label[:1] == site]
        need[:, i] = (most_installed(a, labels) * it_mw(a, labels)).sum(axis=1)
    _when_open(a, "hall_when_open", "hall", sites, np.minimum(limit, need))


def _when_open(a: Assembly, name: str, used: str, labels: list[Label], most: Array) -> None:
    if not labels:
        return
    block = a.rows(name, labels, upper=0.0)
    a.model.add(block, labels, a.model.columns[used], labels)
    a.model.add(block, labels, a.model.columns["opened"], [label[:1] for label in labels], -most)


def most_installed(a: Assembly, labels: Sequence[Label]) -> Array:
    """A bound on the useful units of (site, technology): limits, site power, or all work that could ever run there.

    Where a share rule could ask for more than work needs, what it could ask for is added. Shape (periods, labels).
    """
    g = a.given
    power = it_mw(a, labels)
    room = g.numbers("sites", [(site,) for site, _ in labels], "it_limit_mw", np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_power = np.where(power > 0, room / power, np.inf)
    limit = np.minimum(g.numbers("limits", labels, "max_units", np.inf), by_power)
    work = np.array([[_all_work(a, name)] for _, name in labels]).reshape(1, len(labels))
    attains = g.numbers("technologies", [(name,) for _, name in labels], "attainable_utilisation", 1.0)
    least = g.numbers("limits", labels, "min_units")
    return np.minimum(limit, np.maximum(work / attains * _spare(g), least))


def _all_work(a: Assembly, technology: str) -> float:
    """Most work, over all hours, that any workload could bring to `technology`, units."""
    g = a.given
    names = [name for name in g.demanded if g.target[name] in (technology, g.class_of[technology])]
    asking = g.asking(names)
    if not asking:
        return 0.0
    return float((g.demand(asking) + g.window(asking)).sum(axis=2).max() + g.mean_demand(asking).sum(axis=1).max())


def _spare(given: Given) -> float:
    """Factor by which share and reserve rules may ask for more equipment than the work needs."""
    frame = given.scenario["policies"]
    shares = frame.loc[frame["rule"].isin(["hub_share_min", "intelligent_share_min", "site_reserve_min"]), "value"]
    return float(np.prod([1.0 / max(1e-3, 1.0 - value) for value in shares]))


def opened_balance(a: Assembly) -> None:
    """A site is open from the period in which it is opened; `opened` ≤ 1, so that happens once."""
    ordered = a.column("open")
    if ordered is None:
        return
    opened = a.model.columns["opened"]
    block = a.rows("opened_balance", opened.labels, lower=0.0, upper=0.0)
    a.model.add(block, opened.labels, opened, opened.labels)
    pairs = [(y, then, label) for y in range(a.model.periods) for label in opened.labels for then in range(y + 1)]
    rows, columns = [(y, label) for y, _, label in pairs], [(then, label) for _, then, label in pairs]
    a.model.add_across(block, rows, ordered, columns, -1.0)


def capacity_balance(a: Assembly) -> None:
    """Link capacity in each direction is what stood at the start, and the orders and modules in use."""
    links = a.labels("capacity")
    if not links:
        return
    g = a.given
    block = _balance(
        a, "capacity_balance", "capacity", g.numbers("links", links, "capacity_gbps"), "links", links, "build_link"
    )
    modules = a.labels("link_modules")
    carrier = [label[:1] for label in modules]
    _living(a, block, carrier, "links", carrier, "link_modules", g.numbers("modules", modules, "gbps"), modules)


def module_count(a: Assembly) -> None:
    """No more modules over the horizon than there are; one row, in the last period."""
    g = a.given
    modules = a.labels("link_modules")
    most = g.numbers("modules", modules, "max_count", np.inf)
    limited = [label for label, bound in zip(modules, np.isfinite(most[-1]) if modules else [], strict=True) if bound]
    if not limited:
        return
    last = a.model.periods - 1
    upper = np.full((a.model.periods, len(limited)), np.inf)
    upper[last] = g.numbers("modules", limited, "max_count", np.inf)[last]
    block = a.rows("module_count", limited, upper=upper)
    pairs = [(y, label) for y in range(a.model.periods) for label in limited]
    a.model.add_across(block, [(last, label) for _, label in pairs], a.model.columns["link_modules"], pairs)


def supply_balance(a: Assembly) -> None:
    """Solar, wind and battery power in use."""
    sources = a.labels("supply")
    if sources:
        existing = a.given.numbers("supply", sources, "existing_mw")
        _balance(a, "supply_balance", "supply", existing, "supply", sources, "build_supply")


def energy_balance(a: Assembly) -> None:
    """Battery energy in use."""
    sites = a.labels("energy")
    if sites:
        existing = a.given.numbers("supply", _battery(sites), "existing_mwh")
        _balance(a, "energy_balance", "energy", existing, "supply", _battery(sites), "build_energy")
