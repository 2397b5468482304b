"""Arcs usable by free work: those on a path from a region that sends it to a site that may run it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from xisuan.certificate.reading.calendar import Mask
from xisuan.certificate.reading.variables import Columns, Label


def useful_arcs(columns: Columns, stock: bool) -> Mapping[Label, Mask]:
    """Return the periods in which each flow (workload and arc) can lie on such a path. Shape (P,) each.

    Elsewhere a flow could only form a cycle, and some optimal plan has no cycles.
    """
    prefix = "stock_" if stock else ""
    routes, n = columns.routes, columns.reading.clock.shape[0]
    labels = columns[f"{prefix}flow"].labels
    found = {label: np.zeros(n, dtype=bool) for label in labels}
    for w in dict.fromkeys(label[0] for label in labels):
        mine = [label for label in labels if label[0] == w]
        for p in range(n):
            arcs = [label for label in mine if routes.usable[label[1]][p]]
            starts = {routes.node_of(r, p) for r, work in columns[f"{prefix}release"].labels if work == w}
            ends = {routes.site_node(s, p) for s, work in columns[f"{prefix}absorb"].labels if work == w}
            # An arc is usable if its start is reachable from a sender and its end leads to a site.
            forth = _reached(starts, [(label[2], label[3]) for label in arcs])
            back = _reached(ends, [(label[3], label[2]) for label in arcs])
            for label in arcs:
                found[label][p] = label[2] in forth and label[3] in back
    return found


def _reached(starts: set[str], arcs: Iterable[tuple[str, str]]) -> set[str]:
    leaving: dict[str, list[str]] = {}
    for start, end in arcs:
        leaving.setdefault(start, []).append(end)
    seen, stack = set(starts), list(starts)
    while stack:
        for node in leaving.get(stack.pop(), ()):
            if node not in seen:
                seen.add(node)
                stack.append(node)
    return seen
