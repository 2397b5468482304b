"""Columns in units that people have: standard racks, 亿元 and 万元, and power prices by their parts.

The name of such a column is the name of a column of the format with another unit in it: `limit_racks` for `limit_mw`,
`limit_yi_yuan` for `limit_mcny`. It is converted once, when the file is read, and a remark names the factor. Problems of
the column name it, and its values, as in the file.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan import units
from xisuan.scenario.reading import typed_columns
from xisuan.scenario.reading.problems import Findings
from xisuan.scenario.reading.raw_sheets import Sheet
from xisuan.scenario.schema.column_types import Column, Table

FACTORS: tuple[tuple[str, str, float], ...] = (
    ("yi_yuan", "mcny", units.MCNY_PER_YI_YUAN),
    ("wan_yuan", "mcny", units.MCNY_PER_WAN_YUAN),
    ("per_rack", "per_mw", 1.0 / units.STANDARD_RACK_MW),
    ("racks", "mw", units.STANDARD_RACK_MW),
)
"""Unit in a name, the unit of the format, and the factor from one to the other."""
IN_RACKS = ("halls", "sites")
"""Tables whose MW are IT power, which standard racks measure as well."""
LOAD_FACTOR = 0.85
"""Load over peak at which a demand charge is spread over energy: that of the price list of the shipped scenarios."""

ALL_IN, ENERGY, LEVIES = "all_in_price_cny_per_kwh", "energy_price_cny_per_kwh", "levies_cny_per_kwh"
CONTRACT, CHARGE = "contract_price_cny_per_kwh", "demand_charge_cny_per_kw_month"
PARTS = (
    Column(ALL_IN, "number", "contract price with levies and demand charge", "CNY per kWh", low=0.0),
    Column(ENERGY, "number", "contract price without levies and demand charge", "CNY per kWh", low=0.0),
    Column(LEVIES, "number", "levies and surcharges on energy", "CNY per kWh", low=0.0),
)
"""Columns of `power` that give the contract price by its parts."""
PRICES = (CONTRACT, ALL_IN, ENERGY)
"""Columns of `power` that give a contract price, alone or with its parts."""


def convert(sheet: Sheet, table: Table, findings: Findings) -> Sheet:
    """Return the sheet with its columns in other units converted to those of the format, with a remark for each."""
    columns = dict(sheet.columns)
    for name in sheet.columns:
        found = None if table.column(name) else _meant(name, table)
        if found is None:
            continue
        column, factor = found
        if column.name in sheet.columns:
            findings.error(sheet.file, 1, name, "", "column-in-two-units", other=column.name)
            del columns[name]
            continue
        values = _read(sheet, _scaled(column, name, factor), findings)
        columns = {column.name if key == name else key: cells for key, cells in columns.items()}
        columns[column.name] = values * factor
        findings.give_as_typed(sheet.file, column.name, name, factor)
        findings.warn(sheet.file, "", name, "", "column-converted", meant=column.name, factor=factor)
    return dataclasses.replace(sheet, columns=columns)


def _meant(name: str, table: Table) -> tuple[Column, float] | None:
    """Return the column of the format that a name in another unit means, and the factor; None for other names."""
    meant, factor = name, 1.0
    for unit, own, by in FACTORS:
        words = f"_{meant}_"
        if f"_{unit}_" in words and (own not in ("mw", "per_mw") or table.name in IN_RACKS):
            meant, factor = words.replace(f"_{unit}_", f"_{own}_").strip("_"), factor * by
    column = table.column(meant) if meant != name else None
    return (column, factor) if column is not None and column.kind == "number" else None


def _scaled(column: Column, name: str, factor: float) -> Column:
    """Return a column with the bounds in the unit of the file."""
    bounds = {
        end: None if (held := getattr(column, end)) is None else held / factor for end in ("low", "high", "above")
    }
    return dataclasses.replace(column, name=name, default=None, **bounds)  # type: ignore[arg-type]


def _read(sheet: Sheet, column: Column, findings: Findings) -> NDArray[np.float64]:
    """Return the numbers of a column of a sheet, NaN where blank or unreadable."""
    cells = sheet.columns[column.name]
    values, faults = typed_columns.typed(cells, column)
    for at, problem in faults.items():
        findings.fault(sheet.file, sheet.lines[at], column.name, cells[at], problem)
    return np.asarray(values, dtype=np.float64)


# --- power prices by their parts -------------------------------------------------------------------------------------


def take_price_parts(sheet: Sheet, findings: Findings) -> tuple[Sheet, dict[str, NDArray[np.float64]]]:
    """Return the sheet of `power` without the parts of prices, and the parts by column."""
    parts = {column.name: _read(sheet, column, findings) for column in PARTS if column.name in sheet.columns}
    if parts and CONTRACT in sheet.columns:
        findings.error(sheet.file, 1, next(iter(parts)), "", "column-in-two-units", other=CONTRACT)
        return _without(sheet, parts), {}
    return _without(sheet, parts), parts


def _without(sheet: Sheet, parts: dict[str, NDArray[np.float64]]) -> Sheet:
    columns = {name: cells for name, cells in sheet.columns.items() if name not in parts}
    return dataclasses.replace(sheet, columns=columns)


def join_price_parts(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Return `power` with the contract price of rows that give its parts, which are removed, and a remark for each.

    The demand charge of a row is its own, or that of the row which it replaces.
    """
    names = [column.name for column in PARTS if column.name in frame.columns]
    if not names:
        return frame
    out = frame.drop(columns=names)
    rows = frame[frame[names].notna().any(axis=1)]
    for at, row in rows.iterrows():
        price = _contract_price(row, findings)
        out.loc[at, CONTRACT] = price
    return out


_ROUNDING = 0.005
"""Difference of an all-in price from the sum of its parts that rounding explains, CNY/kWh."""


def _contract_price(row: pd.Series[Any], findings: Findings) -> float:
    """Return energy and levies of a row in CNY/kWh; NaN with the problem recorded if the parts contradict each other."""
    all_in, energy, levies = (float(row.get(name, np.nan)) for name in (ALL_IN, ENERGY, LEVIES))
    charge = float(row[CHARGE]) * units.MONTHS_PER_YEAR / (units.HOURS_PER_YEAR * LOAD_FACTOR)
    place = (str(row[typed_columns.FILE]), int(row[typed_columns.ROW]))
    paid = 0.0 if np.isnan(levies) else levies
    contract = all_in - charge if np.isnan(energy) else energy + paid
    if np.isnan(contract):
        findings.error(*place, LEVIES, f"{levies:g}", "levies-alone")
    elif contract < paid:
        findings.error(*place, ALL_IN, f"{all_in:g}", "all-in-below-parts", charge=charge, levies=paid)
    elif not np.isnan(all_in) and not np.isnan(energy) and abs(contract + charge - all_in) > _ROUNDING:
        findings.error(*place, ALL_IN, f"{all_in:g}", "all-in-not-sum", total=contract + charge)
    else:
        first = _given(row)[0]
        findings.warn(*place, first, f"{row[first]:g}", "price-by-parts", contract=contract,
                      energy=contract - paid, levies=paid, charge=charge, load=100 * LOAD_FACTOR)  # fmt: skip
    return contract


def _given(row: pd.Series[Any]) -> Sequence[str]:
    """Return the parts that a row gives."""
    return [column.name for column in PARTS if column.name in row and not pd.isna(row[column.name])]
