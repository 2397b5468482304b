"""Plans as xarray datasets and netCDF files, with unit and meaning of every variable."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from xisuan.equations.notation import CONSTRAINT, VARIABLE
from xisuan.results.plan import Plan


def to_xarray(plan: Plan) -> xr.Dataset:
    """Return `plan.to_xarray()` with `units` and `long_name` on every data variable."""
    dataset = plan.to_xarray()
    for name, array in dataset.data_vars.items():
        family = str(name).removeprefix("dual_")
        if family in CONSTRAINT and str(name) != family:
            constraint = CONSTRAINT[family]
            array.attrs = {"units": f"objective per {constraint.unit or 'unit'}", "long_name": constraint.formula}
        elif name in VARIABLE:
            array.attrs = {"units": VARIABLE[family].unit, "long_name": VARIABLE[family].meaning}
    dataset["weight"].attrs = {"units": "hours", "long_name": "hours of a year that the modelled hour stands for"}
    return dataset


def write_netcdf(plan: Plan, path: Path) -> None:
    """Write the plan as one netCDF 4 file."""
    to_xarray(plan).to_netcdf(path, engine="h5netcdf")
