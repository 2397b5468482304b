"""`xisuan export`: a plan for other tools."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from pathlib import Path

import click

from xisuan.cli.terminal import certify_words, output, shared_options, text_layout
from xisuan.errors import StoreError
from xisuan.report.pages import excel_workbook
from xisuan.results.run import Run
from xisuan.results.storage import run_store, sealed_folders


def _netcdf(run: Run, path: Path) -> None:
    importlib.import_module("xisuan.exchange.netcdf").write_netcdf(run.plan, path)


def _csv(run: Run, path: Path) -> None:
    importlib.import_module("xisuan.exchange.csv_tables").write_csv(run.plan, path)


def _excel(run: Run, path: Path) -> None:
    excel_workbook.write(run, path)


def _pypsa(run: Run, path: Path) -> None:
    try:
        pypsa = importlib.import_module("xisuan.exchange.pypsa.network")
    except ModuleNotFoundError as missing:
        if missing.name != "pypsa":
            raise
        raise StoreError("PyPSA is not installed: pip install pypsa, then export again") from None
    logging.getLogger("pypsa").setLevel(logging.WARNING)
    pypsa.network(run.scenario, run.plan).export_to_netcdf(path)


FORMATS: dict[str, Callable[[Run, Path], None]] = {"netcdf": _netcdf, "excel": _excel, "csv": _csv, "pypsa": _pypsa}

ARRAYS = (".nc", ".nc4", ".cdf", ".netcdf")
ENDINGS: dict[str, tuple[str, ...]] = {"netcdf": ARRAYS, "excel": (".xlsx",), "csv": (), "pypsa": ARRAYS}
"""How a file of each format is called. A folder of csv files ends like no file of them."""


def _fitting(kind: str, out: Path) -> None:
    """Refuse a name that would tell other programs, or a reader, of another format than the file has."""
    ending = out.suffix.lower()
    if ENDINGS[kind] and ending not in ENDINGS[kind]:
        raise click.BadParameter(
            f"{out}: {kind} writes a file that ends in {ENDINGS[kind][0]}; give {out.with_suffix(ENDINGS[kind][0])}",
            param_hint="'--out'",
        )
    if not ENDINGS[kind] and ending in (".csv", ".zip", ".xls", ".xlsx", *ARRAYS):
        raise click.BadParameter(
            f"{out}: {kind} writes a folder with a file a table; give a name without {ending}, such as"
            f" {out.with_suffix('')}",
            param_hint="'--out'",
        )


@click.command("export", epilog="Example:  xisuan export runs/guizhou --to netcdf --out guizhou.nc")
@shared_options.run_folder("run")
@click.option("--to", "kind", type=click.Choice(list(FORMATS)), required=True, help="Format.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="File to write; for csv a new folder, a file a table."
)
@shared_options.json
@shared_options.debug
def command(run: Path, kind: str, out: Path, as_json: bool) -> None:
    """Write the plan of RUN for other tools.

    netcdf: every variable and dual, for xarray. excel: every table in one workbook, the first 1,048,575 rows of each. csv:
    every table in a file. pypsa: the planned system as a PyPSA network in netCDF.
    """
    _fitting(kind, out)
    found = run_store.load_run(run)
    shown = {run: found.plan}
    sealed_folders.put(out, lambda path: FORMATS[kind](found, path))
    if as_json:
        output.give_json({"run": run, "to": kind, "out": out, **certify_words.as_saved(shown)})
    else:
        for text in (*certify_words.uncertified(shown), certify_words.not_rechecked(run)):
            click.echo("\n".join(text_layout.paragraph(text)), err=True)
        output.give([str(out)])
