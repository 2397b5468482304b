"""Attribution of work at sites to the regions it comes from, where free work travels as one commodity.

By proportional sharing, every outflow of a node has the mix of its inflow. With P[n, m] the share of node m's
throughput that goes on to node n, the throughput y of each region's work solves (I − P) y = inflow. Flow in cycles
carries nothing and is removed first. Where cycles share an arc the order of removal is not unique, so the amount
removed is returned too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from xisuan.certificate.reading.calendar import Array

NOTHING = 1e-9
"""Share of all work of an hour up to which a flow is noise of an interior-point solution."""


@dataclass(frozen=True)
class Network:
    """Nodes at which regions enter and sites leave, and (start, end) of each arc, as indices."""

    nodes: int
    homes: tuple[int, ...]
    places: tuple[int, ...]
    ends: tuple[tuple[int, int], ...]


def pooled(release: Array, absorb: Array) -> Array:
    """Return each region's work at each site without a network, (H, R, S): every site has the mix of all regions."""
    total = release.sum(axis=1, keepdims=True)
    share = np.divide(release, total, out=np.zeros_like(release), where=total > 0.0)
    return np.asarray(np.einsum("hr,hs->hrs", share, absorb))


def carried(network: Network, release: Array, absorb: Array, flow: Array) -> tuple[Array, Array]:
    """Return each region's work at each site over a network, and its uncertainty from the choice of cycles.

    release: (H, R), absorb: (H, S), flow: (H, arcs), all in units. Returns (H, R, S) and (H,), in units.
    """
    hours = len(release)
    between = np.zeros((hours, network.nodes, network.nodes))
    for i, (start, end) in enumerate(network.ends):
        between[:, end, start] += flow[:, i]
    # Net flow between each pair of nodes: opposite flows cancel.
    between = np.maximum(0.0, between - between.swapaxes(1, 2))
    least = NOTHING * release.sum(axis=1)
    # Flows below the solver's accuracy are removed and counted as uncertainty.
    crumbs = np.where(between <= least[:, None, None], between, 0.0)
    between -= crumbs
    turned = _remove_circles(between, least)
    enters = np.zeros((hours, network.nodes, len(network.homes)))
    for i, home in enumerate(network.homes):
        enters[:, home, i] = release[:, i]
    # Throughput of each node: work released there and inflow.
    passes = enters.sum(axis=2) + between.sum(axis=2)
    onward = np.divide(between, passes[:, None, :], out=np.zeros_like(between), where=passes[:, None, :] > 0.0)
    # (I − P) y = inflow, one right-hand side a region.
    amount = np.linalg.solve(np.eye(network.nodes) - onward, enters)
    there = passes[:, network.places]
    # A site takes its share of the node's throughput, with the node's mix.
    taken = np.divide(absorb, there, out=np.zeros_like(absorb), where=there > 0.0)
    mixed = amount[:, network.places, :] * taken[..., None]
    return mixed.swapaxes(1, 2), turned + crumbs.sum(axis=(1, 2))


def _remove_circles(between: Array, least: Array) -> Array:
    """Remove flow in cycles from `between`, (H, to, from), in place. Return the removed amount, shape (H,)."""
    removed = np.zeros(len(between))
    waiting = [np.arange(len(between))]
    while waiting:
        hours = waiting.pop()
        patterns = between[hours] > 0.0
        # Hours with the same pattern of arcs have the same cycles and are treated together.
        _, kind = np.unique(np.packbits(patterns.reshape(len(hours), -1), axis=1), axis=0, return_inverse=True)
        for k in range(int(kind.max(initial=-1)) + 1):
            same = hours[kind.ravel() == k]
            circle = _circle(between[same[0]] > 0.0)
            if len(circle):
                start, end = circle, np.roll(circle, -1)
                along = between[same[:, None], end, start]
                # Remove the smallest flow of the cycle from all of its arcs.
                left = along - along.min(axis=1, keepdims=True)
                left[left <= least[same, None]] = 0.0
                between[same[:, None], end, start] = left
                removed[same] += (along - left).sum(axis=1)
                waiting.append(same)
    return removed


def _circle(arcs: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the nodes of one cycle of arcs[to, from] in order of travel; empty if there is no cycle."""
    # A cycle lies within a strongly connected component of more than one node.
    count, part = connected_components(csr_matrix(arcs.astype(np.int64)), directed=True, connection="strong")
    sizes = np.bincount(part, minlength=count)
    inside = np.flatnonzero(sizes[part] > 1)
    if not len(inside):
        return inside
    walk: list[int] = [int(inside[0])]
    while True:
        onward = np.flatnonzero(arcs[:, walk[-1]] & (part == part[walk[-1]]))
        step = int(onward[0])
        if step in walk:
            return np.array(walk[walk.index(step) :], dtype=np.int64)
        walk.append(step)
