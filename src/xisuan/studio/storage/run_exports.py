"""Exports of a run's plan to the formats of other tools, as bytes of one file."""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path

from xisuan.exchange import csv_tables, netcdf, run_workbook
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
            netcdf.write_netcdf(found.plan, path)
        else:
            try:
                pypsa = importlib.import_module("xisuan.exchange.pypsa.network")
            except ModuleNotFoundError:
                raise RefusedError(409, _("PyPSA is not installed on this server")) from None
            pypsa.network(found.scenario, found.plan).export_to_netcdf(path)
        return path.read_bytes()
