"""Who is served where, when work travels as one commodity: proportional mixing at each node."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xisuan.equations.assembly import Assembly
from xisuan.equations.given import Array

Values = Mapping[str, Array]


def free_service(a: Assembly, values: Values, workload: str, *, stock: bool = False) -> Array:
    """Work of each region run (or held) at each site, units. Shape (periods, hours, regions, sites); one hour for stock.

    Regions are those that ask for `workload`, sites those that can run it, in the order of the labels. At every node
    what leaves has the mix of what came in; work that travels a link there and back is netted first.
    """
    g = a.given
    regions, sites = g.demanded[workload], g.sites_for(workload)
    release = _of(a, values, "release", [(region, workload) for region in regions], stock)
    absorb = _of(a, values, "absorb", [(site, workload) for site in sites], stock)
    if not g.over_network(workload):
        total = release.sum(axis=-1, keepdims=True)
        share = np.divide(release, total, out=np.zeros_like(release), where=total > 0)
        return np.asarray(share[..., :, None] * absorb[..., None, :])
    nodes = g.nodes_of(workload)
    at = {node: i for i, node in enumerate(nodes)}
    arrived = np.zeros((*release.shape[:-1], len(nodes), len(regions)))
    for i, region in enumerate(regions):
        arrived[..., at[g.region_node[region]], i] = release[..., i]
    carried = _net_flow(a, values, workload, at, stock)
    through = arrived.sum(axis=-1) + carried.sum(axis=-1)
    passed = np.divide(carried, through[..., None, :], out=np.zeros_like(carried), where=through[..., None, :] > 0)
    mix = np.linalg.solve(np.eye(len(nodes)) - passed, arrived)
    home = [at[g.site_text[site]["node"]] for site in sites]
    taken = np.divide(absorb, through[..., home], out=np.zeros_like(absorb), where=through[..., home] > 0)
    return np.asarray(np.swapaxes(mix[..., home, :] * taken[..., None], -1, -2))


def _of(a: Assembly, values: Values, name: str, labels: list[tuple[str, ...]], stock: bool) -> Array:
    """Values of labels of a variable, with an axis of hours even for stock."""
    name = f"stock_{name}" if stock else name
    chosen = values[name][..., a.model.columns[name].at(labels)]
    return chosen[:, None, :] if stock else chosen


def _net_flow(a: Assembly, values: Values, workload: str, at: Mapping[str, int], stock: bool) -> Array:
    """Net flow into each node from each node. Shape (periods, hours, to, from)."""
    name = "stock_flow" if stock else "flow"
    labels = [label for label in a.labels(name) if label[0] == workload]
    if not labels:
        return np.zeros((1, 1, len(at), len(at)))
    flow = _of(a, values, "flow", labels, stock)
    out = np.zeros((*flow.shape[:-1], len(at), len(at)))
    for i, (_, _, start, end) in enumerate(labels):
        out[..., at[end], at[start]] += flow[..., i]
    return np.maximum(0.0, out - np.swapaxes(out, -1, -2))
