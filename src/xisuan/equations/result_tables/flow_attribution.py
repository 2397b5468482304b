"""Attribution of single-commodity flows to regions and sites: proportional mixing at nodes after cycle removal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from gnomon import Array, Label, Mask
from xisuan.equations.model_builder import Assembly

Values = Mapping[str, Array]

CRUMB = 1e-9
"""Share of all work below which a flow is rounding of the interior-point method and counts as 0."""


def free_service(a: Assembly, values: Values, workload: str, *, stock: bool = False) -> Array:
    """Work of each region run (or held) at each site, units: (periods, hours, regions, sites); one hour for stock.

    Regions are those that demand `workload`, sites those that can run it, in the order of the labels. Mixing is
    proportional: the outflow of a node has the composition of its inflow.
    """
    g = a.given
    regions, sites = g.demanded[workload], g.sites_for(workload)
    release = _of(a, values, "release", [(region, workload) for region in regions], stock)
    absorb = _of(a, values, "absorb", [(site, workload) for site in sites], stock)
    if not g.over_network(workload):
        return np.asarray(_share(release, release.sum(axis=-1, keepdims=True))[..., :, None] * absorb[..., None, :])
    nodes = g.nodes_of(workload)
    at = {node: i for i, node in enumerate(nodes)}
    homes = [at[g.region_node[region]] for region in regions]
    places = [at[g.site_text[site]["node"]] for site in sites]
    arcs = [label for label in a.labels("stock_flow" if stock else "flow") if label[0] == workload]
    flow = _of(a, values, "flow", arcs, stock)
    ends = [(at[start], at[end]) for _, _, start, end in arcs]
    return np.stack([mixed(*part, homes, places, ends, len(nodes)) for part in zip(release, absorb, flow, strict=True)])


def _of(a: Assembly, values: Values, name: str, labels: Sequence[Label], stock: bool) -> Array:
    """Return the values of labels of a variable, with an axis of hours even for stock."""
    name = f"stock_{name}" if stock else name
    if not labels:  # no site can run it: nothing is absorbed, and there may be no such variable
        return np.zeros((len(a.given.periods), 1 if stock else a.model.hours, 0))
    chosen = values[name][..., a.model.columns[name].at(labels)]
    return chosen[:, None, :] if stock else chosen


def _share(part: Array, whole: Array) -> Array:
    """part / whole, 0 where the whole is 0."""
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=np.broadcast_to(whole, part.shape) > 0))


def mixed(
    release: Array,
    absorb: Array,
    flow: Array,
    homes: Sequence[int],
    places: Sequence[int],
    ends: Sequence[tuple[int, int]],
    nodes: int,
) -> Array:
    """Work of each region at each site, hour by hour. Shape (hours, regions, sites).

    `release` (hours, regions) enters at nodes `homes`, `absorb` (hours, sites) leaves at `places`, and `flow` (hours,
    arcs) goes between the nodes of `ends`.
    """
    hours = len(release)
    arrived = np.zeros((hours, nodes, len(homes)))
    for i, home in enumerate(homes):
        arrived[:, home, i] = release[:, i]
    carried = np.zeros((hours, nodes, nodes))
    for i, (start, end) in enumerate(ends):
        carried[:, end, start] += flow[:, i]
    carried = without_cycles(carried, CRUMB * release.sum(axis=1))
    # Proportional mixing: mix = arrived + P mix, where P[to, from] is the share of a node's throughput sent on.
    through = arrived.sum(axis=2) + carried.sum(axis=2)
    passed = _share(carried, through[:, None, :])
    mix = np.linalg.solve(np.eye(nodes) - passed, arrived)
    taken = _share(absorb, through[:, places])
    return np.asarray(np.swapaxes(mix[:, places, :] * taken[..., None], 1, 2))


def without_cycles(flow: Array, crumb: Array) -> Array:
    """Return flow into each node from each node, (hours, to, from), without circular flows.

    A cycle is reduced by its smallest flow, in all hours with the same pattern at once, until no cycle is left. Flows
    up to `crumb` (hours,) count as 0.
    """
    # Opposite flows cancel: cycles of length 2 first.
    net = np.maximum(0.0, flow - np.swapaxes(flow, 1, 2))
    net[net <= crumb[:, None, None]] = 0.0
    waiting = [np.arange(len(net))]
    while waiting:
        for hours in _alike(net, waiting.pop()):
            ring = _cycle(net[hours[0]] > 0)
            if ring:
                to, start = ring[1:] + ring[:1], ring
                least = net[hours[:, None], to, start].min(axis=1)
                rest = net[hours[:, None], to, start] - least[:, None]
                net[hours[:, None], to, start] = np.where(rest <= crumb[hours, None], 0.0, rest)
                waiting.append(hours)
    return net


def _alike(net: Array, hours: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the hours grouped by the pattern of their flows."""
    _, kind = np.unique(np.packbits(net[hours].reshape(len(hours), -1) > 0, axis=1), axis=0, return_inverse=True)
    return [hours[kind.ravel() == k] for k in range(int(kind.max(initial=-1)) + 1)]


def _cycle(arcs: Mask) -> list[int]:
    """Return the nodes of a cycle of arcs[to, from], in order of travel; empty without a cycle. Depth-first search."""
    onward = [np.flatnonzero(arcs[:, node]).tolist() for node in range(len(arcs))]
    done: set[int] = set()
    for first in range(len(arcs)):
        path: list[int] = [first]
        while path:
            node = path[-1]
            step = next((end for end in onward[node] if end not in done), None)
            if step is None:
                done.add(path.pop())
            elif step in path:
                return path[path.index(step) :]
            else:
                path.append(step)
    return []
