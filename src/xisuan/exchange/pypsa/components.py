"""Components of a PyPSA network during its construction, with capacities fixed by a plan or open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pypsa
from numpy.typing import NDArray

from xisuan.exchange.pypsa.scenario_rows import Array, Given, Key, Order
from xisuan.results.plan import Plan

SLACK = 1e-6
"""Relative tolerance of amounts that the plan fixes, such as stock: the plan's own tolerance."""


@dataclass(frozen=True)
class Asset:
    """Capacity that is one component.

    - `amount`: by period, if fixed. Otherwise the size is a variable, in use in the periods `used`.
    - `order`: its investment, None for existing units; `price`: overnight cost per unit, mCNY, for budgets.
    - `unit`: capacity per unit of the component's size.
    """

    family: str
    key: Key
    component: str
    name: str
    amount: Array | None = None
    used: NDArray[np.bool_] | None = None
    order: Order | None = None
    price: float = 0.0
    unit: float = 1.0


@dataclass(frozen=True)
class Tie:
    """Constraint: size of `name` = factor × size of `of`, both extendable."""

    component: str
    name: str
    factor: float
    of: Asset


@dataclass
class Parts:
    """Collected components. With `plan`, its capacities are fixed; otherwise they are open.

    - `steady`: components with a constant flow over the hours of a period.
    - `falling`: pairs of which the second is never larger than the first.
    - `counted`: modules of a link, with the largest total Gbps over the horizon.
    - `constant`: cost that no variable affects, mCNY.
    """

    given: Given
    plan: Plan | None
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    assets: list[Asset] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    steady: list[tuple[str, str]] = field(default_factory=list)
    falling: list[tuple[Asset, Asset]] = field(default_factory=list)
    counted: dict[Key, tuple[float, list[Asset]]] = field(default_factory=dict)
    constant: float = 0.0

    def add(self, component: str, name: str, **attributes: Any) -> str:
        """Add a component and return its name.

        Arrays over all hours become series; arrays over periods become series if they vary.
        """
        row: dict[str, Any] = {}
        for key, value in attributes.items():
            row[key] = self._plain(value) if isinstance(value, np.ndarray) else value
        self.rows.setdefault(component, {})[name] = row
        return name

    def _plain(self, value: Array) -> Array | float:
        if (value == value[0]).all():
            return float(value[0])
        return self.given.hourly(value)

    def bus(self, name: str) -> str:
        """Return the bus `name`, added if it is new."""
        if name not in self.rows.setdefault("Bus", {}):
            self.rows["Bus"][name] = {}
        return name

    def planned(self, variable: str, label: Key) -> Array:
        """Return the planned value of a capacity or a yearly variable. Shape (periods,)."""
        assert self.plan is not None
        found = self.plan.variables.get(variable)
        if found is None or label not in found.labels:
            return np.zeros(len(self.given.periods))
        return found.values[:, found.labels.index(label)]

    def sized(self, component: str, name: str, amount: Array, share: Array | float = 1.0, **attributes: Any) -> None:
        """Add a component of fixed size in each period, of which `share` is usable; nothing is added at size 0."""
        largest = float(amount.max())
        if largest <= 0.0:
            return
        used = self.given.hourly(amount / largest) * self.given.hourly(share)
        self.add(component, name, p_nom=largest, p_max_pu=used, **attributes)

    # --- the network -------------------------------------------------------------------------------------------------

    def network(self) -> pypsa.Network:
        """Return the network of all parts, with the scenario's hours as snapshots."""
        with pypsa.option_context("api.legacy_string_dtype", False):
            return self._network()

    def _network(self) -> pypsa.Network:
        n = pypsa.Network(name=self.given.scenario.settings.name)
        _set_time(n, self.given)
        for component in ("Bus", "Generator", "Load", "Link", "Store"):
            for names, shared in _groups(self.rows.get(component, {})):
                n.add(component, names, **_attributes(n, names, shared))
        if n.has_investment_periods:  # cycles per period take precedence; PyPSA warns if both are set
            n.stores["e_cyclic"] &= ~n.stores["e_cyclic_per_period"]
        used = {str(name) for frame in (n.buses, n.generators, n.links, n.stores) for name in frame["carrier"]}
        n.add("Carrier", sorted(used - {"", *n.carriers.index}))
        return n


def _set_time(n: pypsa.Network, given: Given) -> None:
    """Set one snapshot per hour. Blocks of hours are investment periods: PyPSA lets only those be cyclic separately."""
    blocks, years = given.clock.blocks, given.periods
    hour = pd.to_timedelta(given.clock.hour_of_year, unit="h")
    if len(blocks) * len(years) == 1:
        n.set_snapshots(pd.Timestamp(years[0], 1, 1) + hour)  # type: ignore[arg-type]
    else:
        many = len(blocks) > 1
        number = [
            year * 1000 + at if many else year
            for year in years
            for at, block in enumerate(blocks)
            for _ in range(block.hours)
        ]
        stamps = pd.DatetimeIndex(np.concatenate([(pd.Timestamp(year, 1, 1) + hour).to_numpy() for year in years]))
        index = pd.MultiIndex.from_arrays([number, stamps], names=["period", "timestep"])
        n.set_snapshots(index)  # type: ignore[arg-type]
        n.set_investment_periods(list(dict.fromkeys(number)))
    n.snapshot_weightings["objective"] = given.weight
    n.snapshot_weightings["generators"] = given.weight
    n.snapshot_weightings["stores"] = 1.0


def cycles(given: Given, used: NDArray[np.bool_] | None = None) -> int:
    """Return the number of PyPSA investment periods in the periods `used` (None: all); capital is paid in each."""
    return len(given.clock.blocks) * (len(given.periods) if used is None else int(used.sum()))


def lived(given: Given, start: float, end: float) -> dict[str, Any]:
    """Return the attributes of a component in service from year `start` to year `end`; empty for a single period."""
    if len(given.periods) == 1:
        return {}
    scale = 1000 if len(given.clock.blocks) > 1 else 1
    first = math.ceil(scale * start)
    return {"build_year": first, "lifetime": scale * end - first}


def _groups(rows: dict[str, dict[str, Any]]) -> list[tuple[list[str], list[dict[str, Any]]]]:
    """Return groups of components with the same attributes, static and hourly."""
    kinds: dict[tuple[tuple[str, bool], ...], list[str]] = {}
    for name, row in rows.items():
        kind = tuple(sorted((key, isinstance(value, np.ndarray)) for key, value in row.items()))
        kinds.setdefault(kind, []).append(name)
    return [(names, [rows[name] for name in names]) for names in kinds.values()]


def _attributes(n: pypsa.Network, names: Sequence[str], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in rows[0].items():
        if isinstance(value, np.ndarray):
            out[key] = pd.DataFrame({name: row[key] for name, row in zip(names, rows, strict=True)}, index=n.snapshots)
        else:
            out[key] = [row[key] for row in rows]
    return out
