"""Exports of a run's plan to the formats of other tools, as bytes of one file."""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path
from typing import Any

from xisuan.exchange import csv_tables, run_workbook
from xisuan.results.storage import run_store
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.storage import downloads
from xisuan.text.translation import message as _

NETCDF = "application/x-netcdf"
ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    "netcdf": ("plan.nc", NETCDF), "excel": ("tables.xlsx", XLSX), "csv": ("tables.zip", ZIP),
    "pypsa": ("pypsa.nc", NETCDF),
}  # fmt: skip
"""Format of `xisuan export` → name and media type of the file."""


def _module(name: str, package: str) -> Any:
    """Return a module that needs a package of an extra. Raises RefusedError where it is not installed."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise RefusedError(409, _("{package} is not installed on this server", package=package)) from None


def export(result: str, form: str) -> bytes:
    """Return the plan of a run folder in a format. Raises RefusedError if its library is not installed."""
    found = run_store.load_run(result)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / FORMATS[form][0]
        if form == "csv":
            folder = Path(place) / "tables"
            csv_tables.write_csv(found.plan, folder)
            return downloads.folder_zip(folder)
        if form == "excel":
            run_workbook.write_tables(found, path)
        elif form == "netcdf":
            _module("xisuan.exchange.netcdf", "xarray").write_netcdf(found.plan, path)
        else:
            pypsa = _module("xisuan.exchange.pypsa.network", "PyPSA")
            pypsa.network(found.scenario, found.plan).export_to_netcdf(path)
        return path.read_bytes()
