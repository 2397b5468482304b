"""`xisuan export`: write a plan or a scenario for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from xisuan.cli.terminal import certify_words, output, shared_options, text_layout
from xisuan.exchange import scenario_workbook
from xisuan.exchange.export_formats import ARRAYS, FORMATS, FormatName
from xisuan.results.storage import run_store, sealed_folders
from xisuan.scenario import load, write
from xisuan.scenario.reading import scenario_folders
from xisuan.scenario.reading.problems import Findings


def _scenario(name: str, kind: str, out: Path) -> None:
    """Write the tables of a scenario. Raises a usage error for formats of plans."""
    if kind not in ("csv", "excel"):
        raise click.BadParameter(f"{kind} is a format of plans; give csv or excel for a scenario", param_hint="'--to'")
    found = load.load(name)
    if kind == "csv":
        write.write(found, out)
    else:
        sealed_folders.put(out, lambda path: scenario_workbook.write_workbook(found, path))


def _fitting(kind: str, out: Path) -> None:
    """Raise a usage error for a file name whose ending belongs to another format."""
    ending, endings = out.suffix.lower(), FORMATS[FormatName(kind)].endings
    if endings and ending not in endings:
        raise click.BadParameter(
            f"{out}: {kind} writes a file that ends in {endings[0]}; give {out.with_suffix(endings[0])}",
            param_hint="'--out'",
        )
    if not endings and ending in (".csv", ".zip", ".xls", ".xlsx", *ARRAYS):
        raise click.BadParameter(
            f"{out}: {kind} writes a folder with a file a table; give a name without {ending}, such as"
            f" {out.with_suffix('')}",
            param_hint="'--out'",
        )


@click.command("export", epilog="Example:  xisuan export runs/guizhou --to netcdf --out guizhou.nc")
@shared_options.run_folder("run")
@click.option(
    "--to", "kind", type=click.Choice([name.value for name in FORMATS]), required=True, help="Format to write."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="File to write; for csv a new folder with a file per table.",
)
@shared_options.json
@shared_options.debug
def command(run: Path, kind: str, out: Path, as_json: bool) -> None:
    """Write the plan of RUN, or the tables of a scenario, for other tools.

    RUN is a run folder, or a scenario: a shipped name or a folder. Of a plan, netcdf: every variable and dual, for
    xarray. excel: every table in one workbook, up to 1,048,575 rows of each. csv: a file per table. pypsa: the planned
    system as a PyPSA network in netCDF. Of a scenario, csv: a new scenario folder with all tables; excel: a workbook
    with a sheet per table.
    """
    _fitting(kind, out)
    if not (run / run_store.PLAN).is_file() and scenario_folders.locate(str(run), Findings()) is not None:
        _scenario(str(run), kind, out)
        output.give_json({"scenario": str(run), "to": kind, "out": out}) if as_json else output.give([str(out)])
        return
    found = run_store.load_run(run)
    shown = {run: found.plan}
    sealed_folders.put(out, lambda path: FORMATS[FormatName(kind)].write(found, path))
    if as_json:
        output.give_json({"run": run, "to": kind, "out": out, **certify_words.as_saved(shown)})
    else:
        for text in (*certify_words.uncertified(shown), certify_words.not_rechecked(run)):
            click.echo("\n".join(text_layout.paragraph(text)), err=True)
        output.give([str(out)])
