"""Formats of `xisuan export`: what each is called, how its file ends, and who writes it."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from xisuan import extras
from xisuan.exchange import csv_tables, excel_tables
from xisuan.results.run import Run


class FormatName(StrEnum):
    """Name of a format in commands and requests."""

    NETCDF = "netcdf"
    EXCEL = "excel"
    CSV = "csv"
    PYPSA = "pypsa"


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format of plans for other tools.

    `title`: its name for people, the same in all languages. `endings`: how its file may be called, the usual one
    first; a format without endings is a folder of files. `download`: name of the file that a browser saves (a folder
    is packed as zip). `write` raises MissingExtraError where the library of the format is not installed.
    """

    title: str
    endings: tuple[str, ...]
    download: str
    media_type: str
    write: Callable[[Run, Path], Any]


def _netcdf(run: Run, path: Path) -> None:
    with extras.requiring("netcdf"):
        writer = importlib.import_module("xisuan.exchange.netcdf")
    writer.write_netcdf(run.plan, path)


def _pypsa(run: Run, path: Path) -> None:
    with extras.requiring("pypsa", "netcdf"):
        pypsa = importlib.import_module("xisuan.exchange.pypsa.network")
    logging.getLogger("pypsa").setLevel(logging.WARNING)
    pypsa.network(run.scenario, run.plan).export_to_netcdf(path)


ARRAYS = (".nc", ".nc4", ".cdf", ".netcdf")
NETCDF = "application/x-netcdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    FormatName.NETCDF: ExportFormat("netCDF", ARRAYS, "plan.nc", NETCDF, _netcdf),
    FormatName.EXCEL: ExportFormat("Excel", (".xlsx",), "tables.xlsx", XLSX, excel_tables.write_tables),
    FormatName.CSV: ExportFormat(
        "CSV", (), "tables.zip", "application/zip", lambda run, folder: csv_tables.write_csv(run.plan, folder)
    ),
    FormatName.PYPSA: ExportFormat("PyPSA", ARRAYS, "pypsa.nc", NETCDF, _pypsa),
}
"""Every format by name. Commands, requests, pages of the studio and their tests read this list."""
