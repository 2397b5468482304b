"""Recomputed table `service`: shares of each region's work by site."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xisuan import units
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.variables import Label
from xisuan.certificate.tables.mixing import Network, carried, pooled
from xisuan.certificate.tables.recomputed import Operands, Recomputed
from xisuan.results.plan import TABLES

KEYS = ("period", "region", "site", "workload")
SMALLEST = 1e-9
"""Share of a demand up to which a service has no row."""
Places = dict[tuple[int, str, str, str], list[float]]
"""By index of the period, region, site and workload: yearly mean in units, and its uncertainty."""


def service(of: Operands) -> Recomputed:
    """Recompute `service`: yearly means by region, site and workload; a blank site has unserved work."""
    found: Places = {}
    share = units.HOURS_PER_YEAR
    for variable, places, hours in (
        ("serve", (0, 1, 2), share), ("hold", (0, 1, 2), 1),
        ("unserved", (0, None, 1), share), ("stock_unserved", (0, None, 1), 1),
    ):  # fmt: skip
        for i, label in enumerate(of.labels(variable)):
            region, site, workload = ("" if at is None else label[at] for at in places)
            for p, amount in enumerate(of.yearly(variable)[:, i] / hours):
                _add(found, (p, region, site, workload), float(amount), 0.0)
    for stock in (False, True):
        for workload in dict.fromkeys(w for _, w in of.labels("stock_release" if stock else "release")):
            _add_free(of, found, workload, stock)
    return _table(of, found)


def _add(found: Places, key: tuple[int, str, str, str], amount: float, doubt: float) -> None:
    one = found.setdefault(key, [0.0, 0.0])
    one[0] += amount
    one[1] += doubt


def _add_free(of: Operands, found: Places, workload: str, stock: bool) -> None:
    """Add a free workload, attributed to regions by proportional sharing."""
    reading = of.columns.reading
    release = _of(of, "release", stock, workload)
    absorb = _of(of, "absorb", stock, workload)
    weight = np.ones(1) if stock else reading.clock.weight / units.HOURS_PER_YEAR
    for p in range(len(of.periods)):
        enters, leaves = release[1][p], absorb[1][p]
        if reading.moves_data(workload):
            flow = _of(of, "flow", stock, workload)
            network = _network(of, [r for r, _ in release[0]], [s for s, _ in absorb[0]], flow[0], p)
            mixed, doubt = carried(network, enters, leaves, flow[1][p])
        else:
            mixed, doubt = pooled(enters, leaves), np.zeros(len(enters))
        total = np.einsum("hrs,h->rs", mixed, weight)
        for (r, s), amount in np.ndenumerate(total):
            _add(found, (p, release[0][r][0], absorb[0][s][0], workload), float(amount), float(doubt @ weight))


def _of(of: Operands, name: str, stock: bool, workload: str) -> tuple[list[Label], Array]:
    """Return labels and values (P, H, items) of a free workload; stock has one hour."""
    variable = f"stock_{name}" if stock else name
    at = 0 if name == "flow" else 1
    items = [i for i, label in enumerate(of.labels(variable)) if label[at] == workload]
    values = of.values(variable)[..., items]
    return [of.labels(variable)[i] for i in items], values if values.ndim == 3 else values[:, None, :]


def _network(of: Operands, regions: list[str], sites: list[str], arcs: list[Label], p: int) -> Network:
    """Return the network of a workload in period number p."""
    routes = of.columns.routes
    homes = [routes.node_of(region, p) for region in regions]
    places = [routes.site_node(site, p) for site in sites]
    at = {node: i for i, node in enumerate(dict.fromkeys([*homes, *places, *(n for arc in arcs for n in arc[2:])]))}
    ends = tuple((at[start], at[end]) for _, _, start, end in arcs)
    return Network(len(at), tuple(at[node] for node in homes), tuple(at[node] for node in places), ends)


def _table(of: Operands, found: Places) -> Recomputed:
    reading = of.columns.reading
    asked: dict[tuple[str, str], Array] = {}
    for region, workload in dict.fromkeys((region, workload) for _, region, _, workload in found):
        mean = reading.units[region, workload]
        if not reading.holds_stock(workload):
            mean = reading.demand(region, workload) @ reading.clock.weight / units.HOURS_PER_YEAR
        asked[region, workload] = mean
    rows, required, open_to = [], [], []
    for (p, region, site, workload), (amount, doubt) in found.items():
        demand = float(asked[region, workload][p])
        least = SMALLEST * max(demand, SMALLEST)
        if amount > least * (1.0 - 1e-6) - doubt:
            share = amount / demand if demand > 0.0 else np.nan
            rows.append((of.periods[p], region, site, workload, amount, share))
            required.append(amount > least * (1.0 + 1e-6) + doubt)
            open_to.append((doubt, doubt / demand if demand > 0.0 else 0.0))
    slack = np.array(open_to).reshape(-1, 2)
    frame = pd.DataFrame(rows, columns=list(TABLES["service"]))
    must = np.array(required, dtype=bool)
    return Recomputed(frame, KEYS, must, {"units": slack[:, 0], "share": slack[:, 1]})


def marginals(of: Operands, stored: pd.DataFrame) -> list[tuple[str, str, float, float]]:
    """Return sums of `service` over regions that differ from the recomputed ones; they do not depend on the
    attribution.

    Each has workload and period, site, the stored sum and the recomputed one, in units.
    """
    found = []
    for stock in (False, True):
        variable = "stock_absorb" if stock else "absorb"
        if not of.has(variable):
            continue
        mean = of.yearly(variable) / (1 if stock else units.HOURS_PER_YEAR)
        sums = stored.groupby(["period", "site", "workload"])["units"].sum()
        for i, (site, workload) in enumerate(of.labels(variable)):
            for p, period in enumerate(of.periods):
                said, right = float(sums.get((period, site, workload), 0.0)), float(mean[p, i])
                size = max(float(mean[p].sum()), SMALLEST)
                if abs(said - right) > 1e-7 * size:
                    found.append((f"{workload}, {period}", site, said, right))
    return found
