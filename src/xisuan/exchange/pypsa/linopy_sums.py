"""Sums over the assets and flows of a PyPSA network, as linear expressions of linopy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pypsa
import xarray as xr

from xisuan.exchange.pypsa.components import Asset, Parts

Sum = Any
"""A linear expression of linopy, or a number."""


class Sums:
    """Sums in the model `m` of the network `n`. `y`: number of the present period. `names`: of further constraints."""

    n: pypsa.Network
    m: Any
    y: int
    names: Iterator[str]

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.given = parts.given
        self.names = iter(f"xisuan-{number}" for number in range(10**6))

    def hold(self, left: Sum, sign: str, right: float) -> None:
        """Add the constraint left ≤, ≥ or = right; constants are checked at once."""
        if isinstance(left, int | float):
            met = {"<=": left <= right + 1e-9, ">=": left >= right - 1e-9, "==": abs(left - right) < 1e-9}[sign]
            assert met, f"{left} {sign} {right} is decided by the data and does not hold"
            return
        self.m.add_constraints(left, {"==": "="}.get(sign, sign), right, name=next(self.names))

    def size(self, asset: Asset) -> Sum:
        """Return the size of an asset in this period; for an open asset its variable, even if it is out of service."""
        if asset.amount is not None:
            return float(asset.amount[self.y])
        return self.m[size_of(asset)].sel(name=asset.name, drop=True) * asset.unit

    def total(
        self, assets: Iterable[Asset], weight: Callable[[Asset], float] = lambda _: 1.0, *, all_periods: bool = False
    ) -> Sum:
        """Return the weighted sum of the assets in service in this period (or in any)."""
        out: Sum = 0.0
        open_sizes: dict[str, dict[str, float]] = {}
        for asset in assets:
            factor = weight(asset)
            if asset.amount is not None:
                out += float(asset.amount[self.y]) * factor
            elif factor != 0.0 and (all_periods or (asset.used is not None and asset.used[self.y])):
                open_sizes.setdefault(size_of(asset), {})[asset.name] = factor * asset.unit
        for variable, factors in open_sizes.items():
            names = list(factors)
            shares = xr.DataArray([factors[name] for name in names], coords={"name": names}, dims=["name"])
            out = (self.m[variable].sel(name=names) * shares).sum() + out
        return out

    def ordered(self) -> list[Asset]:
        """Return the investments of this period."""
        return [asset for asset in self.parts.assets if asset.order is not None and asset.order.y == self.y]

    def of(self, family: str, *start: str) -> list[Asset]:
        """Return the assets of a family whose key starts with `start`."""
        return [one for one in self.parts.assets if one.family == family and one.key[: len(start)] == start]

    def yearly(self, names: Iterable[str], weight: Callable[[str], Any], component: str = "Link") -> Sum:
        """Return Σ weight × flow of components over the hours of this period's year."""
        there = [name for name in names if name in self.n.components[component].static.index]
        if not there:
            return 0.0
        hours = self.given.weight * self.given.hourly((np.arange(len(self.given.periods)) == self.y).astype(float))
        table = np.stack([hours * np.asarray(weight(name)) for name in there], axis=1)
        factor = xr.DataArray(table, coords={"name": there}, dims=["snapshot", "name"])
        return (self._flow(component, there) * factor).sum()

    def hourly(self, names: Iterable[str], weight: Callable[[str], Any], component: str = "Link") -> Sum:
        """Return Σ weight × flow of components in each hour of this period."""
        there = [name for name in names if name in self.n.components[component].static.index]
        if not there:
            return 0.0
        span = slice(self.y * self.given.per_period, (self.y + 1) * self.given.per_period)
        every = len(self.given.periods) * self.given.per_period
        table = np.stack([np.broadcast_to(weight(name), (every,))[span] for name in there], axis=1)
        factor = xr.DataArray(table, coords={"name": there}, dims=["snapshot", "name"])
        return (self._flow(component, there).isel(snapshot=span) * factor).sum("name")

    def _flow(self, component: str, names: list[str]) -> Any:
        """Return the flow of components, indexed by the number of the hour."""
        flow = 1.0 * self.m[f"{component}-p"].sel(name=names)
        return flow.drop_vars([name for name in flow.coords if name != "name"])


def size_of(asset: Asset) -> str:
    """Return the name of the variable that is the size of an open asset."""
    return f"{asset.component}-{'e' if asset.component == 'Store' else 'p'}_nom"
