"""Sheets of the plan's own tables: every row and exact number, a name beside each code, sums that follow the filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
from openpyxl.utils import get_column_letter

from xisuan.report import terms
from xisuan.report.run_context import Context
from xisuan.report.workbook import cells
from xisuan.report.workbook.cells import INK
from xisuan.text.numbers import GAP
from xisuan.text.translation import Message, in_context
from xisuan.text.translation import message as _

MOST_ROWS = 50_000
"""Rows above which a table has no sheet: more take minutes to open. Its Parquet file in the run folder has them all."""
NUMBER, EXACT, SHARE, YEAR = "#,##0.00", "#,##0.000", "0.0%", "0"


@dataclass(frozen=True, slots=True)
class Heading:
    """Heading of a column, its unit, the Excel format of its numbers, and True if the sheet shows their sum."""

    title: Message
    unit: Message | str = ""
    pattern: str = "General"
    is_summed: bool = False


MONEY = _("million CNY")
HEADINGS: dict[str, Heading] = {
    "period": Heading(_("Year"), pattern=YEAR),
    "asset": Heading(_("Asset")),
    "where": Heading(_("Where")),
    "technology": Heading(_("Technology")),
    "amount": Heading(_("Amount"), pattern=EXACT),
    "existing": Heading(_("Of it at the start"), pattern=EXACT),
    "unit": Heading(_("Unit")),
    "mw": Heading(_("IT power"), "MW", EXACT, True),
    "in_use_from": Heading(_("In use from"), pattern=YEAR),
    "investor": Heading(_("Who pays")),
    "capex_mcny": Heading(_("Capital"), MONEY, NUMBER, True),
    "term": Heading(in_context("comparison", "Cost")),
    "mcny": Heading(_("Undiscounted"), MONEY, NUMBER, True),
    "discounted_mcny": Heading(_("Discounted"), MONEY, NUMBER, True),
    "region": Heading(_("Region")),
    "site": Heading(_("Site")),
    "workload": Heading(_("Workload")),
    "units": Heading(_("Work, yearly mean"), pattern=EXACT),
    "share": Heading(_("Share of the region's demand"), pattern=SHARE),
    "grid_mwh": Heading(_("From the grid"), "MWh", "#,##0", True),
    "contract_mwh": Heading(_("Green contracts"), "MWh", "#,##0", True),
    "contract_paid_mwh": Heading(_("Green contracts, paid for"), "MWh", "#,##0", True),
    "location_t": Heading(_("Emissions by location"), "t CO₂", "#,##0", True),
    "market_t": Heading(_("Emissions by market"), "t CO₂", "#,##0", True),
    "embodied_t": Heading(_("Embodied emissions"), "t CO₂", "#,##0", True),
    "city": Heading(_("City")),
    "gigabit": Heading(_("Gigabit city")),
    "residents": Heading(_("Residents"), pattern="#,##0"),
}
"""Headings of the columns; a table's other columns are left to its Parquet file."""
TITLES: dict[str, Message] = {
    "builds": _("All orders"),
    "costs": _("All costs"),
    "service": _("Where all work runs"),
    "capacity": _("All that is in use"),
    "emissions": _("Energy and carbon"),
    "gigabit": _("All cities"),
}
"""Tables with a sheet, the most useful first: a workbook has as many as there is room for."""
CODED = ("asset", "where", "technology", "investor", "term", "region", "site", "workload", "city")
"""Columns of codes, each followed by a column of names."""


def tables(context: Context) -> Iterator[tuple[str, Message, pd.DataFrame]]:
    """Return name, title and rows of each table that the plan has rows of."""
    for name, title in TITLES.items():
        frame = context.run.plan.tables.get(name)
        if name == "builds":
            frame = _with_rollout(context, frame)
        if frame is not None and len(frame):
            yield name, title, frame[[column for column in frame.columns if column in HEADINGS]]


def _with_rollout(context: Context, builds: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return orders at sites and on links, then those of gigabit access, with measure and city in the same columns."""
    rollout = context.run.plan.tables.get("rollout")
    if rollout is None or not len(rollout):
        return builds
    access = rollout.rename(columns={"city": "where", "measure": "technology"}).assign(asset="access")
    return pd.concat([frame for frame in (builds, access) if frame is not None and len(frame)], ignore_index=True)


def write(sheet: Any, context: Context, title: Message, frame: pd.DataFrame, identity: int) -> list[tuple[str, str]]:
    """Fill a sheet; return the heading of each column of numbers or codes with the name it has in the Parquet file."""
    say = context.say
    cells.put(sheet, 1, 1, say(title), bold=True, size=15, color=INK)
    names, columns, patterns, given = [], [], [], []
    for column in frame.columns:
        heading = HEADINGS[str(column)]
        unit = f" ({say(heading.unit)})" if heading.unit else ""
        values = frame[column].tolist()
        names.append(say(heading.title) + (say(_(", code")) if column in CODED else unit))
        columns.append(values)
        patterns.append(heading.pattern)
        given.append(str(column))
        if column in CODED:
            names.append(say(heading.title))
            columns.append(_names(context, frame, str(column)))
            patterns.append("General")
            given.append("")
    names = cells.unique(names)
    numbers = {at for at, pattern in enumerate(patterns, start=1) if pattern != "General"}
    cells.put_heading(sheet, HEAD, names, numbers)
    for at, (values, pattern) in enumerate(zip(columns, patterns, strict=True), start=1):
        cells.put_column(sheet, HEAD + 1, at, values, pattern)
    last = HEAD + len(frame)
    cells.add_filter(sheet, HEAD, last, names, identity)
    _sums(sheet, context, given, last)
    sheet.freeze_panes = sheet.cell(HEAD + 1, 1)
    longest = {
        at: max([cells.width(names[at - 1][:14]), *(cells.width(str(value)) for value in values[:300])])
        for at, values in enumerate(columns, start=1)
        if not isinstance(values[0], float)
    }
    cells.widen(sheet, {at: longest.get(at, 15.0) for at in range(1, len(names) + 1)}, most=34.0)
    return [(name, column) for name, column in zip(names, given, strict=True) if column]


HEAD = 4
"""Row of the headings."""


def _sums(sheet: Any, context: Context, given: list[str], last: int) -> None:
    """Write, above the headings, sums over the rows that the filters show."""
    summed = [at for at, column in enumerate(given, start=1) if column and HEADINGS[column].is_summed]
    if not summed:
        return
    cells.put(sheet, HEAD - 1, 1, context.say(_("Sum of the rows shown")), bold=True)
    for at in summed:
        letter = get_column_letter(at)
        cell = sheet.cell(HEAD - 1, at)
        cell.value = f"=SUBTOTAL(109,{letter}{HEAD + 1}:{letter}{last})"
        cell.number_format, cell.font = HEADINGS[given[at - 1]].pattern, cells.BOLD


def _names(context: Context, frame: pd.DataFrame, column: str) -> list[str]:
    """Return the name of each code of a column. A blank site is work that is not served."""
    codes = frame[column].fillna("").astype(str)
    blank = context.say(_("not served")) if column == "site" else ""
    called = {code: _name(context, column, code).replace(GAP, " ") if code else blank for code in codes.unique()}
    return [called[code] for code in codes]


def _name(context: Context, column: str, code: str) -> str:
    """Return the name of a code of a column; the code itself where it has none."""
    if column in WORDS:
        return context.say(terms.named(WORDS[column], code))
    if code in context.ends:
        return context.link(code)
    tables = TABLES[column]
    return next((context.name(table, code) for table in tables if context.names.known(table, code)), code)


WORDS = {"asset": terms.ASSETS, "term": terms.COST_TERMS, "investor": terms.INVESTORS}
"""Columns of words of the model, and what people call these."""
TABLES = {
    "where": ("sites", "cities", "regions", "nodes"),
    "technology": ("technologies", "measures"),
    "region": ("regions",),
    "site": ("sites",),
    "workload": ("workloads",),
    "city": ("cities",),
}
"""Columns of keys, and the tables that may have them."""
