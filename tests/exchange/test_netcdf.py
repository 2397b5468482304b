"""netCDF files say what is in them and lose nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr

from tests.workflow.planned import five_plan
from xisuan.exchange.netcdf import to_xarray, write_netcdf


def test_every_family_is_there_with_unit_and_meaning() -> None:
    """Variables in their unit, duals in objective per unit."""
    plan = five_plan()
    data = to_xarray(plan)
    assert set(data.data_vars) == set(plan.variables) | {f"dual_{name}" for name in plan.duals}
    assert data["grid"].attrs == {"units": "MW", "long_name": "power from the grid"}
    assert data["dual_work_balance"].attrs["units"] == "objective per units"
    assert all(array.attrs.get("long_name") for array in data.data_vars.values())


def test_a_file_comes_back(tmp_path: Path) -> None:
    """Values and names, read by another library's reader."""
    plan = five_plan()
    write_netcdf(plan, tmp_path / "five.nc")
    with xr.open_dataset(tmp_path / "five.nc", engine="h5netcdf") as back:
        xr.testing.assert_equal(back.load(), to_xarray(plan))
        load = plan.variables["load"]
        at = load.labels.index(("high", "gpu"))
        np.testing.assert_array_equal(back["load"].sel(site="high", technology="gpu"), load.values[:, :, at])


def test_sources_of_power_and_of_traffic_are_not_mixed() -> None:
    """Both are called `source` in the model, and are different things."""
    data = to_xarray(five_plan())
    assert set(data["source"].values) <= {"solar", "wind", "battery"}
    assert "origin" in data["dual_traffic_balance"].dims
