"""Variables and duals as an xarray.Dataset: labels are coordinates, so values are selected by name.

A family with at most two dimensions of its own is dense over them (`load` over period, hour, site, technology), NaN for
absent items. One with more (`serve` over region, site, workload, path) is too sparse for that: it has one dimension
`serve_item` whose labels are the coordinates `serve_region`, `serve_site`, …
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from xisuan import extras
from xisuan.results.labelled_values import Array, Found
from xisuan.scenario.scenario import Scenario

if TYPE_CHECKING:
    import xarray as xr

MOST_DENSE = 2
"""Number of own dimensions up to which a family is stored densely."""
ORIGIN = frozenset(("traffic_balance", "traffic_unserved"))
"""Families whose `source` is the node where traffic starts, not a source of power: called `origin` here."""


def to_xarray(scenario: Scenario, variables: Mapping[str, Found], duals: Mapping[str, Found]) -> xr.Dataset:
    """Return every family as one data variable; duals are called `dual_NAME`.

    Dimensions are `period`, `hour` (0 … n−1, with `hour_of_year` and the `weight` in hours of a year) and each
    family's own. The names of items are coordinates.
    """
    with extras.requiring("netcdf"):
        import xarray as xr  # noqa: PLC0415 (a second of import that only this conversion needs)

    timeline = scenario.timeline
    families = {name: _renamed(found) for name, found in variables.items()}
    families |= {f"dual_{name}": _renamed(found) for name, found in duals.items()}
    data: dict[str, Any] = {}
    coords: dict[str, Any] = {"period": ("period", list(scenario.settings.periods))}
    coords["hour"] = ("hour", np.arange(timeline.n_hours))
    coords["hour_of_year"] = ("hour", timeline.hour_of_year)
    coords["weight"] = ("hour", timeline.weight)
    axes = _axes(families)
    coords |= {dim: (dim, _texts(names)) for dim, names in axes.items()}
    for name, found in families.items():
        front = ("period", "hour") if found.hourly else ("period",)
        if len(found.dims) <= MOST_DENSE:
            data[name] = ((*front, *found.dims), _dense(found, axes))
        else:
            item = f"{name}_item"
            data[name] = ((*front, item), found.values)
            coords |= {f"{name}_{dim}": (item, _texts(found.column(dim))) for dim in found.dims}
    return xr.Dataset(data, coords, {"scenario": scenario.settings.name})


def _renamed(found: Found) -> Found:
    if found.name not in ORIGIN:
        return found
    dims = tuple("origin" if dim == "source" else dim for dim in found.dims)
    return dataclasses.replace(found, dims=dims)


def _texts(names: list[str]) -> np.ndarray[Any, Any]:
    return np.array(names, dtype=object) if names else np.array([], dtype="U1")


def _axes(families: Mapping[str, Found]) -> dict[str, list[str]]:
    """Return every label of each dimension of dense families, in order of first appearance."""
    axes: dict[str, dict[str, None]] = {}
    for found in families.values():
        if len(found.dims) <= MOST_DENSE:
            for dim in found.dims:
                axes.setdefault(dim, {}).update(dict.fromkeys(found.column(dim)))
    return {dim: list(names) for dim, names in axes.items()}


def _dense(found: Found, axes: Mapping[str, list[str]]) -> Array:
    """Return values as a dense array over the dimensions of their labels, NaN for absent items."""
    places = [{name: at for at, name in enumerate(axes[dim])} for dim in found.dims]
    shape = tuple(len(axes[dim]) for dim in found.dims)
    out = np.full((*found.values.shape[:-1], *shape), np.nan)
    where = tuple(
        np.array([place[name] for name in found.column(dim)], dtype=np.int64)
        for dim, place in zip(found.dims, places, strict=True)
    )
    at: tuple[Any, ...] = (..., *where)
    out[at] = found.values if found.dims else found.values[..., 0]
    return out
