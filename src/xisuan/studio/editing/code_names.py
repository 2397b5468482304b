"""Names beside codes: the titles of what the cells of a table, or the options of a scenario, refer to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xisuan.indicators.catalogue import catalogue
from xisuan.report import terms
from xisuan.studio.editing import table_rows
from xisuan.text.translation import Language, translate

OPTIONS = {"report.region": (("sites", "site"), ("sites", "hub")), "plan.contract_zones": (("power", "zone"),)}
"""Option of scenario.toml → the columns that its value is from."""

ASSETS = ("technologies", "links", "sites")
"""Tables of what a plan builds, and of where."""


def option_values(folder: Path, language: Language) -> dict[str, dict[str, str]]:
    """Return the values that an option can have by the tables, each with its title: option → value → title."""
    found: dict[str, dict[str, str]] = {}
    for option, columns in OPTIONS.items():
        values = [
            row[column] for name, column in columns for row in table_rows.read(folder, name)[1] if row.get(column)
        ]
        titles = _titles(folder, columns[0][0], language)
        found[option] = {value: titles.get(value, value) for value in values}
    return found


def names(folder: Path, table: str, language: Language) -> dict[str, Mapping[str, str]]:
    """Return the titles of the codes in each column of a table that refers to other tables: column → code → title."""
    found: dict[str, Mapping[str, str]] = {}
    for column in table_rows.table(table).all_columns:
        titles: dict[str, str] = {}
        for other in column.refers:
            titles |= _titles(folder, other, language)
        if titles:
            found[column.name] = titles
    return found


def asset_titles(folder: Path, language: Language) -> dict[str, str]:
    """Return the titles of sites, links and technologies by their codes."""
    return {code: title for table in ASSETS for code, title in _titles(folder, table, language).items()}


def _titles(folder: Path, table: str, language: Language) -> dict[str, str]:
    """Return the titles of a table's rows by their key; indicators that the scenario lacks are from the catalogue."""
    first, second = ("title_zh", "title") if language == "zh" else ("title", "title_zh")
    key = table_rows.table(table).keys[0]
    _head, rows = table_rows.read(folder, table)
    found = {row.get(key, ""): row.get(first) or row.get(second) or "" for row in rows}
    if table == "indicators":
        shipped = {code: getattr(term, first) or getattr(term, second) for code, term in catalogue().terms.items()}
        found = shipped | found
    return {code: title for code, title in found.items() if code and title}


def chart_choices(folder: Path, language: Language) -> dict[str, dict[str, str]]:
    """Return what the charts of a run can be filtered by: sites, classes, regions → key → title."""
    columns = {"sites": ("sites", "site"), "classes": ("technologies", "class"), "regions": ("regions", "region")}
    found: dict[str, dict[str, str]] = {}
    for kind, (table, column) in columns.items():
        values = dict.fromkeys(row[column] for row in table_rows.read(folder, table)[1] if row.get(column))
        titles = {} if kind == "classes" else _titles(folder, table, language)
        found[kind] = {
            value: translate(terms.named(terms.PLAIN_CLASSES, value), language)
            if kind == "classes"
            else titles.get(value, value)
            for value in values
        }
    return found
