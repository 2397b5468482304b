"""Work and traffic as a PyPSA network: regions supply work, links carry it to sites and use capacity of the arcs.

Buses: `work/region/workload` where work arises; `pool/workload` and `node/node/workload` that free work passes;
`site/site/target` where it arrives; `arc/link/from/to`, whose generator is the capacity for traffic;
`traffic/source/node` for other traffic.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from xisuan.exchange.pypsa.components import SLACK, Asset, Parts, Tie, cycles, lived
from xisuan.exchange.pypsa.scenario_rows import Array, Given, Order
from xisuan.scenario.queries import candidates, routing
from xisuan.scenario.queries.routing import Arc

Sites = dict[str, list[str]]


def add(parts: Parts) -> None:
    """Add all work, the capacity of the links, and other traffic."""
    for region, workload in parts.given.demand:
        _arises(parts, region, workload)
    for workload in dict.fromkeys(workload for _, workload in parts.given.demand):
        _travels(parts, workload)
    if parts.given.scenario.has("links"):
        _capacity(parts)
        _other(parts)


def _source(region: str, workload: str) -> str:
    return f"work/{region}/{workload}"


def place(site: str, target: str) -> str:
    """Return the bus where work of a class or technology arrives at a site."""
    return f"site/{site}/{target}"


def _arises(parts: Parts, region: str, workload: str) -> None:
    """Add demand as a supply of work, deferred work as a store, and unserved work as a sink at its penalty."""
    given = parts.given
    bus = parts.bus(_source(region, workload))
    parts.add("Load", bus, bus=bus, p_set=-given.demand[region, workload])
    waiting = given.most_waiting(region, workload)
    if waiting.max() > 0 and workload not in given.held:
        share = waiting / waiting.max()
        parts.add("Store", f"wait/{region}/{workload}", bus=bus, e_nom=float(waiting.max()), e_max_pu=share,
                  e_cyclic=True, e_cyclic_per_period=True)  # fmt: skip
    penalty = given.number("workloads", (workload,), "unserved_mcny_per_unit_hour", math.inf)
    if parts.plan is not None:
        shortfall = given.scenario.settings.plan.shortfall_mcny_per_unit_hour
        penalty = np.where(np.isinf(penalty), shortfall, penalty)
    if np.isfinite(penalty).any():
        name = parts.add(
            "Generator",
            f"unserved/{region}/{workload}",
            bus=bus,
            sign=-1.0,
            p_nom=given.plenty,
            p_max_pu=np.isfinite(penalty).astype(float),
            marginal_cost=np.where(np.isfinite(penalty), penalty, 0.0) * given.money,
        )
        _hold_steady(parts, workload, "Generator", name)


def _hold_steady(parts: Parts, workload: str, component: str, name: str) -> None:
    if workload in parts.given.held:
        parts.steady.append((component, name))


def _travels(parts: Parts, workload: str) -> None:
    if candidates.is_pairwise(parts.given.scenario, workload):
        _pairs(parts, workload)
    if not candidates.is_free(parts.given.scenario, workload):
        return
    if parts.given.over_network(workload):
        _over_nodes(parts, workload)
    else:
        pool = parts.bus(f"pool/{workload}")
        for region, other in parts.given.demand:
            if other == workload:
                _link(parts, workload, f"release/{region}/{workload}", _source(region, workload), pool)
        _absorb(parts, workload, dict.fromkeys(parts.given.runs_at(workload), pool))


def _link(parts: Parts, workload: str, name: str, start: str, end: str, most: Array | None = None, **more: Any) -> None:
    """Add a link for work; `most` (periods,) fixes the flow of stock."""
    if most is None:
        parts.add("Link", name, bus0=start, bus1=end, p_nom=parts.given.plenty, **more)
    else:
        parts.sized("Link", name, most * (1 + SLACK), bus0=start, bus1=end, **more)
    _hold_steady(parts, workload, "Link", name)


def _target(given: Given, workload: str) -> str:
    return given.text("workloads", (workload,), "class")


def _absorb(parts: Parts, workload: str, buses: dict[str, str]) -> None:
    """Add links from the node or pool of free work to the sites that run it."""
    held = parts.plan is not None and workload in parts.given.held
    for site, bus in buses.items():
        arrives = parts.bus(place(site, _target(parts.given, workload)))
        most = parts.planned("stock_absorb", (site, workload)) if held else None
        _link(parts, workload, f"absorb/{site}/{workload}", bus, arrives, most)


def _gbps(given: Given, workload: str) -> tuple[Array, Array]:
    """Return the traffic of a unit, outward and return, Gbps. Shape (periods,) each."""
    return (
        given.number("workloads", (workload,), "gbps_per_unit"),
        given.number("workloads", (workload,), "return_gbps_per_unit"),
    )


def _takes(given: Given, workload: str, arcs: tuple[Arc, ...]) -> dict[str, Any]:
    """Return the ports by which a link uses capacity of the arcs on its route, and of the opposite arcs for answers."""
    there, back = _gbps(given, workload)
    ports: list[tuple[str, Array]] = []
    for link, start, end in arcs:
        ports += [(_arc(link, start, end), there), (_arc(link, end, start), back)]
    out: dict[str, Any] = {}
    for number, (bus, gbps) in enumerate([port for port in ports if port[1].any()], start=2):
        out |= {f"bus{number}": bus, f"efficiency{number}": -gbps}
    return out


def _arc(link: str, start: str, end: str) -> str:
    return f"arc/{link}/{start}/{end}"


def _pairs(parts: Parts, workload: str) -> None:
    """Add pairwise work, with a latency limit or serving costs: a link for each route from a region to a site."""
    given = parts.given
    held = parts.plan is not None and workload in given.held
    target = _target(given, workload)
    for way in routing.eligible(given.scenario, workload):
        both = sum(_gbps(given, workload))
        cost = given.number("serving_cost", (way.region, way.site, workload), "mcny_per_unit_hour") * given.money
        cost = cost + both * sum((given.toll(link) for link, _, _ in way.arcs), start=np.zeros(len(given.periods)))
        label = (way.region, way.site, workload, way.path)
        more = {"marginal_cost": cost, **_takes(given, workload, way.arcs)}
        if held:
            most = parts.planned("hold", label)
        else:
            most, more["p_max_pu"] = None, np.array(way.usable, dtype=np.float64)
        name = "serve/" + "/".join(label)
        arrives = parts.bus(place(way.site, target))
        _link(parts, workload, name, _source(way.region, workload), arrives, most, **more)


def _over_nodes(parts: Parts, workload: str) -> None:
    """Add free work over the network as one commodity that flows from node to node."""
    given = parts.given
    held = parts.plan is not None and workload in given.held
    for region, other in given.demand:
        if other == workload:
            node = parts.bus(f"node/{given.node(region)}/{workload}")
            _link(parts, workload, f"release/{region}/{workload}", _source(region, workload), node)
    both = sum(_gbps(given, workload))
    for link, start, end in given.arcs:
        most = parts.planned("stock_flow", (workload, link, start, end)) if held else None
        _link(
            parts,
            workload,
            f"flow/{workload}/{link}/{start}/{end}",
            parts.bus(f"node/{start}/{workload}"),
            parts.bus(f"node/{end}/{workload}"),
            most,
            marginal_cost=both * given.toll(link),
            **_takes(given, workload, ((link, start, end),)),
            **({} if held else {"p_max_pu": given.carries(link)}),
        )
    sites = {site: given.text("sites", (site,), "node") for site in given.runs_at(workload)}
    _absorb(parts, workload, {site: parts.bus(f"node/{node}/{workload}") for site, node in sites.items()})


# --- links -----------------------------------------------------------------------------------------------------------


def _capacity(parts: Parts) -> None:
    """Add the capacity of each arc as a generator that supplies its traffic."""
    given = parts.given
    for link, start, end in given.arcs:
        bus = parts.bus(_arc(link, start, end))
        most = given.rule("link_load_max", [link, "all"], 1.0)
        if parts.plan is not None:
            parts.sized("Generator", bus, parts.planned("capacity", (link,)), most, bus=bus)
            continue
        stands = given.number("links", (link,), "capacity_gbps")
        parts.sized("Generator", f"{bus}/stands", stands, most, bus=bus)
    if parts.plan is None:
        for at, (link, start, end) in enumerate(given.arcs[::2]):
            assert given.arcs[2 * at + 1] == (link, end, start)
            _expansions(parts, link, (_arc(link, start, end), _arc(link, end, start)))


def _expansions(parts: Parts, link: str, buses: tuple[str, str]) -> None:
    """Add continuous and modular expansions of a link: both directions have equal size, and one of them pays."""
    given = parts.given
    parts.assets.append(Asset("capacity", (link,), "", "", amount=given.number("links", (link,), "capacity_gbps")))
    for order in given.orders("links", (link,)):
        price = float(given.number("links", (link,), "capex_mcny_per_gbps", math.nan)[order.y])
        offers = [] if math.isnan(price) else [("expansion", price, 0.0, math.inf)]
        for (of, module), row in given.rows("modules", given.periods[order.y]).items():
            if of == link:
                size, count = float(row["gbps"]), float(row["max_count"])
                most = math.inf if math.isnan(count) else count * size
                offers.append((module, float(row["mcny"]) / size, size, most))
        for offer in offers:
            _expand(parts, link, buses, order, offer)


def _expand(
    parts: Parts, link: str, buses: tuple[str, str], order: Order, offer: tuple[str, float, float, float]
) -> None:
    """Add one expansion. `offer`: name, price per Gbps, module size (0: continuous), and largest Gbps."""
    given, (name, rate, size, most) = parts.given, offer
    sides = [f"{bus}/{name}/{given.periods[order.y]}" for bus in buses]
    for side, bus, cost in zip(sides, buses, (rate * order.weight, 0.0), strict=True):
        parts.add(
            "Generator",
            side,
            bus=bus,
            p_nom_extendable=True,
            p_nom_max=most,
            p_nom_mod=size if side == sides[0] else 0.0,
            p_max_pu=given.rule("link_load_max", [link, "all"], 1.0),
            capital_cost=cost / cycles(given, order.used),
            **lived(given, order.start, order.end),
        )
    asset = Asset("capacity", (link,), "Generator", sides[0], used=order.used, order=order, price=rate)
    parts.assets.append(asset)
    parts.ties.append(Tie("Generator", sides[1], 1.0, asset))
    if size > 0 and math.isfinite(most):
        parts.counted.setdefault((link, name), (most, []))[1].append(asset)


# --- other traffic ---------------------------------------------------------------------------------------------------


def _other(parts: Parts) -> None:
    """Add other traffic: loads on the arcs of its shortest path, or one commodity per source for free routing."""
    given = parts.given
    sent: dict[str, Array] = {}
    for key in given.keys("traffic"):
        start, end = (given.node(name) for name in key)
        gbps = given.hourly(given.number("traffic", key, "gbps")) * given.series("traffic", key, "profile", 1.0)
        kind = np.array([given.cell("traffic", key, "routing", period) == "free" for period in given.periods])
        if start == end:
            continue
        free = gbps * given.hourly(kind.astype(float))
        if (gbps - free).any():
            _along(parts, key, start, end, gbps - free)
        if free.any():
            sent[start] = sent.get(start, np.zeros_like(gbps)) + free
            sink = parts.bus(f"traffic/{start}/{end}")
            parts.add("Load", "free/" + "/".join(key), bus=sink, p_set=free)
            if parts.plan is not None:
                _dropped(parts, "free/" + "/".join(key), parts.bus(f"traffic/{start}/{start}"), {sink: 1.0}, free)
    for source, gbps in sent.items():
        parts.add("Load", f"sent/{source}", bus=parts.bus(f"traffic/{source}/{source}"), p_set=-gbps)
        for link, start, end in given.arcs:
            parts.add(
                "Link",
                f"traffic/{source}/{link}/{start}/{end}",
                bus0=parts.bus(f"traffic/{source}/{start}"),
                bus1=parts.bus(f"traffic/{source}/{end}"),
                bus2=_arc(link, start, end),
                efficiency2=-1.0,
                p_nom=given.plenty,
                marginal_cost=given.toll(link),
            )


def _along(parts: Parts, key: tuple[str, ...], start: str, end: str, gbps: Array) -> None:
    """Add traffic on its shortest path over existing links, or over all links if those do not connect its ends."""
    given = parts.given
    paths: dict[tuple[Arc, ...], Array] = {}
    for y, period in enumerate(given.periods):
        for existing in (True, False):
            route = routing.shortest(candidates.usable_links(given.scenario, period, existing), start).get(end)
            if route is not None:
                break
        assert route is not None, f"no links connect {start} and {end}"
        used = given.hourly(np.eye(len(given.periods))[y])
        paths[route.arcs] = paths.get(route.arcs, np.zeros_like(gbps)) + used * gbps
    for number, (arcs, sent) in enumerate(paths.items()):
        name = "/".join(("shortest", *key, str(number)))
        for arc in arcs:
            parts.add("Load", f"{name}/{arc[0]}", bus=parts.bus(_arc(*arc)), p_set=sent)
            parts.constant += float((sent * given.weight * given.hourly(given.toll(arc[0]))).sum())
        if parts.plan is not None:
            void = parts.bus("void")
            parts.add("Generator", "void", bus=void, p_nom=given.plenty)
            _dropped(parts, name, void, {_arc(*arc): 1.0 for arc in arcs}, sent)


def _dropped(parts: Parts, name: str, start: str, ends: dict[str, float], most: Array) -> None:
    """Add a link for traffic that is not carried, at the price of a shortfall."""
    price = parts.given.scenario.settings.plan.shortfall_mcny_per_unit_hour * parts.given.money
    ports: dict[str, Any] = {}
    for number, (bus, share) in enumerate(ends.items(), start=1):
        ports |= {f"bus{number}": bus, f"efficiency{'' if number == 1 else number}": share}
    parts.add("Link", f"unserved/{name}", bus0=start, p_nom=float(most.max()), p_max_pu=most / most.max(),
              marginal_cost=price, **ports)  # fmt: skip
