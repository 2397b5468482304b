"""`xisuan show`: print and export the tables of a scenario."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pandas as pd

from xisuan.cli.terminal import output, shared_options, text_layout
from xisuan.errors import Problem, ScenarioError
from xisuan.scenario import load, write
from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema import tables
from xisuan.scenario.schema.column_types import Table, described
from xisuan.text.translation import Message, Translator, plural
from xisuan.text.translation import message as _

SHOWN = 40
"""Rows that are printed unless --all is given."""


@click.command(
    "show", epilog="Example:  xisuan show china power --where zone=Gansu --columns zone,price,co2_kg_per_kwh"
)
@shared_options.scenario
@click.argument("table", required=False)
@click.option(
    "--where", multiple=True, metavar="COLUMN=VALUE", help="Rows with this value in a column; may be repeated."
)
@click.option("--columns", metavar="A,B,…", help="Columns to print.  [default: all that are not blank]")
@click.option("--all", "every", is_flag=True, help=f"Print all rows, not only the first {SHOWN}.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the rows to this CSV file.")
@shared_options.json
@shared_options.language
@shared_options.debug
def command(
    scenario: str, table: str | None, where: tuple[str, ...], columns: str | None, every: bool, out: Path | None,
    as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Print a TABLE of SCENARIO, a shipped name or a folder, with units, sources and grades.

    Without TABLE it lists the tables, and the names of sites, technologies, zones and regions that other tables use.
    """
    found = load.load(scenario)
    say = output.speech(lang, found)
    if table is None:
        output.give_json(_contents(found)) if as_json else output.give(_overview(found, say))
        return
    spec = tables.BY_NAME.get(table)
    if spec is None:
        hint = Findings().suggest(table, tables.BY_NAME) or _("xisuan show {scenario} lists them", scenario=scenario)
        raise ScenarioError([Problem("table-name-unknown", column="TABLE", value=table, hint=hint)])
    rows = _chosen(found[table], spec, where, columns)
    if out is not None:
        out.write_text(write.table_text(rows, spec), encoding="utf-8")
        output.give([str(out)])
    elif as_json:
        output.give_json(json.loads(rows.to_json(orient="records", force_ascii=False)))
    else:
        output.give(_lines(rows, spec, len(rows) if every else SHOWN, say))


def _chosen(frame: pd.DataFrame, spec: Table, where: tuple[str, ...], columns: str | None) -> pd.DataFrame:
    """Return the rows and columns asked for. Raises ScenarioError with every column that does not exist."""
    wanted = [name.strip() for name in columns.split(",")] if columns else [str(name) for name in frame.columns]
    if unclear := [text for text in where if not text.partition("=")[0].isidentifier() or "=" not in text]:
        raise ScenarioError([Problem("condition-unclear", column="--where", value=text) for text in unclear])
    filters = [text.partition("=")[::2] for text in where]
    known = [str(name) for name in frame.columns]
    advice = _("known: {names}", names=", ".join(known))
    problems = [
        Problem("column-name-unknown", table=spec.name, column=name, hint=Findings().suggest(name, known) or advice)
        for name in [*wanted, *(name for name, _value in filters)]
        if name not in known
    ]
    if problems:
        raise ScenarioError(problems)
    found = [_equal(frame[name], value) for name, value in filters]
    problems = [
        Problem("value-of-no-row", table=spec.name, column=name, value=value, hint=_known_values(frame[name], value))
        for (name, value), rows in zip(filters, found, strict=True)
        if not rows.any()
    ]
    if problems:
        raise ScenarioError(problems)
    for rows in found:
        frame = frame[rows.reindex(frame.index)]
    chosen = frame[wanted]
    return chosen if columns else chosen.loc[:, [bool(_filled(chosen[name]).any()) for name in wanted]]


def _equal(column: pd.Series[Any], value: str) -> pd.Series[bool]:
    """Return True for each cell that equals `value`, as text or as a number."""
    same = column.astype(str) == value
    number = pd.to_numeric(pd.Series([value]), errors="coerce")[0]
    return same | (column == number) if pd.api.types.is_numeric_dtype(column) else same


def _known_values(column: pd.Series[Any], value: str) -> str | Message:
    """Return advice for a value that no cell has: the nearest one, otherwise those that there are."""
    is_year = column.name in ("period", "deadline", "opened")
    known = list(dict.fromkeys(_text(cell, is_year) for cell in column[_filled(column)].tolist()))
    names = ", ".join([*known[:SHOWN], *(["…"] if len(known) > SHOWN else [])])
    return Findings().suggest(value, known) or (_("known: {names}", names=names) if known else _("all cells are blank"))


def _filled(column: pd.Series[Any]) -> pd.Series[bool]:
    """Return True for each cell that is not blank."""
    return column.notna() & (column.astype(str) != "")


def _lines(rows: pd.DataFrame, spec: Table, count: int, say: Translator) -> list[str]:
    """Return the rows as lines, below the names and units of the columns."""
    names = [str(name) for name in rows.columns]
    found = [spec.column(name) for name in names]
    years = [column is not None and column.kind == "year" for column in found]
    cells = [
        [_text(value, is_year) for value, is_year in zip(row, years, strict=True)]
        for row in rows.head(count).itertuples(index=False)
    ]
    units = [f"[{say(described(column.unit))}]" if column is not None and column.unit else "" for column in found]
    lines = text_layout.table(names, [units, *cells], text=len(names))
    if rows.empty:
        lines.append(f"  {say(_('no row meets all conditions'))}")
    more = len(rows) - count
    if more > 0:
        lines.append(f"  {say(_('… {count:,} more rows; --all prints them, --out writes them', count=more))}")
    return lines


def _text(value: object, is_year: bool) -> str:
    """Return a cell with at most six significant digits; a year without separators."""
    if isinstance(value, float):
        if is_year and not pd.isna(value):
            return f"{value:.0f}"
        return "" if pd.isna(value) else f"{value:,.6g}" if abs(value) < 1e5 else f"{value:,.0f}"
    return str(value)


def _contents(found: Scenario) -> dict[str, object]:
    """Return the tables with their numbers of rows, and the names that rows of other tables may use."""
    counts = {table.name: len(found[table.name]) for table in tables.TABLES if found.has(table.name)}
    return {"tables": counts, "names": {kind: names for kind, names in _names(found).items() if names}}


def _names(found: Scenario) -> dict[str, list[str]]:
    """Return the names by kind, in the order of their tables."""
    kinds = ("sites", "technologies", "power", "regions", "nodes", "workloads")
    return {
        ("zones" if kind == "power" else kind): list(
            dict.fromkeys(found[kind][tables.BY_NAME[kind].keys[0]].astype(str))
        )
        for kind in kinds
    }


KINDS = {
    "sites": _("sites"), "technologies": _("technologies"), "zones": _("grid zones"), "regions": _("regions"),
    "nodes": _("nodes"), "workloads": _("workloads"),
}  # fmt: skip
"""Kinds of names, as people call them."""


def _rows(count: int) -> Message:
    """Return a number of rows in words."""
    return plural("{count} row", "{count:,} rows", count)


def _overview(found: Scenario, say: Translator) -> list[str]:
    """Return the tables with their meanings, and the names, as lines."""
    rows = [
        (table.name, say(_("{rows} · {meaning}", rows=_rows(len(found[table.name])), meaning=described(table.meaning))))
        for table in tables.TABLES
        if found.has(table.name)
    ]
    names = [(say(KINDS[kind]), ", ".join(values)) for kind, values in _names(found).items() if values]
    return [*text_layout.pairs(rows), "", *text_layout.pairs(names)]
