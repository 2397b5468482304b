"""Values that members replace: cells of tables and whole profiles, by the table `member_values`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from xisuan.scenario.queries.row_keys import matches
from xisuan.scenario.scenario import Array, Scenario
from xisuan.scenario.schema.access_tables import ACCESS
from xisuan.scenario.schema.column_types import Column
from xisuan.scenario.schema.compute_tables import COMPUTE
from xisuan.scenario.schema.energy_tables import ENERGY
from xisuan.scenario.schema.network_tables import NETWORK
from xisuan.scenario.schema.own_rule_tables import OWN_RULES
from xisuan.scenario.schema.place_tables import PLACES
from xisuan.scenario.schema.policy_tables import RULES
from xisuan.scenario.schema.tables import BY_NAME, key_part
from xisuan.scenario.schema.workload_tables import WORK

PROFILES = "profiles"
"""Table name of a replacement of a whole profile, whose name is the column."""
EVERY_ROW = "*"
TABLES = tuple(table.name for table in (*PLACES, *COMPUTE, *WORK, *NETWORK, *ENERGY, *RULES, *OWN_RULES, *ACCESS))
"""Tables of which members may replace cells."""

Row = Mapping[Any, Any]


def columns_of(table: str) -> tuple[Column, ...]:
    """Return the columns of a table that members may replace: amounts and profiles, but no part of a key."""
    of = BY_NAME[table]
    return tuple(
        column
        for column in of.columns
        if column.name not in of.row_keys and (column.kind in ("number", "series") or column.refers == (PROFILES,))
    )


def numbers(scenario: Scenario, table: str, key: str) -> NDArray[np.int64]:
    """Return the numbers of the rows whose keys, with the period, begin with the parts of `key`; `*` matches any."""
    frame = scenario[table]
    parts = [[key_part(cell) for cell in frame[name].tolist()] for name in BY_NAME[table].row_keys]
    wanted = key.split("/")
    return np.array([at for at, one in enumerate(zip(*parts, strict=True)) if matches(wanted, one)], dtype=np.int64)


def replaced(scenario: Scenario, rows: Iterable[Row]) -> Scenario:
    """Return `scenario` with the values of one member's `rows`, unchecked. A later row overrides an earlier one."""
    cells: dict[tuple[str, str], NDArray[Any]] = {}
    curves: dict[str, Array] = {}
    for row in rows:
        table, column = str(row["table"]), str(row["column"])
        if table == PROFILES:
            curves[column] = scenario.curve(row["value"])
            continue
        values = cells.setdefault((table, column), scenario[table][column].to_numpy(copy=True))
        values[numbers(scenario, table, str(row["key"]))] = row["value"]
    return _with(scenario, cells, curves)


def mean(scenario: Scenario, members: Sequence[tuple[float, Sequence[Row]]]) -> Scenario:
    """Return `scenario` with each replaced value and profile at its mean over members, unchecked.

    members: the probability and the rows of each.
    """
    made = [(weight, replaced(scenario, rows)) for weight, rows in members]
    touched = sorted({(str(row["table"]), str(row["column"])) for _, rows in members for row in rows})
    cells: dict[tuple[str, str], NDArray[Any]] = {}
    curves: dict[str, Array] = {}
    for table, column in touched:
        if table == PROFILES:
            curves[column] = _curve_mean(made, [column] * len(made))
            continue
        given = [one[table][column].tolist() for _, one in made]
        values = scenario[table][column].to_numpy(copy=True)
        for at, each in enumerate(zip(*given, strict=True)):
            if not any(pd.isna(value) for value in each) and any(value != each[0] for value in each):
                values[at] = _cell_mean(made, each, f"{table}.{column}.{at}", curves)
        cells[table, column] = values
    return _with(scenario, cells, curves)


def _cell_mean(
    made: Sequence[tuple[float, Scenario]], values: Sequence[Any], name: str, curves: dict[str, Array]
) -> float | str:
    """Return the mean of a cell: a number, or the name of a profile that is added to `curves`."""
    if not any(isinstance(value, str) for value in values):
        return float(sum(weight * value for (weight, _), value in zip(made, values, strict=True)))
    curves[name] = _curve_mean(made, values)
    return name


def _curve_mean(made: Sequence[tuple[float, Scenario]], values: Sequence[Any]) -> Array:
    """Return the mean of the 8,760 values that a series cell has in each member."""
    return np.asarray(sum(weight * one.curve(value) for (weight, one), value in zip(made, values, strict=True)))


def _with(scenario: Scenario, cells: Mapping[tuple[str, str], NDArray[Any]], curves: Mapping[str, Array]) -> Scenario:
    """Return the scenario with other columns of tables, and with `curves` in place of profiles of the same names."""
    frames: dict[str, pd.DataFrame] = {}
    for (table, column), values in cells.items():
        frame = frames.get(table, scenario[table])
        frames[table] = frame.assign(**{column: pd.Series(values, index=frame.index, dtype=frame[column].dtype)})
    if not curves:
        return scenario.with_tables(**frames)
    held, given = scenario["profile_rules"], scenario[PROFILES]
    if not len(given):
        blank = dict.fromkeys(given.columns, "") | {"hour": np.arange(len(scenario.curves), dtype=np.float64)}
        given = pd.DataFrame(blank, index=scenario.curves.index)
    frames[PROFILES] = given.assign(**curves)
    frames["profile_rules"] = held[~held["profile"].isin(set(curves))].reset_index(drop=True)
    return replace(scenario.with_tables(**frames), curves=scenario.curves.assign(**curves))
