"""Result tables made from the values of the variables (results.plan.TABLES)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from gnomon import Array
from xisuan.equations.access import gigabit_tables
from xisuan.equations.model_builder import Assembly
from xisuan.equations.result_tables import capacity_tables, cost_tables
from xisuan.equations.result_tables import operation_tables as usage
from xisuan.results.plan import TABLES

Values = Mapping[str, Array]


def operation_tables(a: Assembly, values: Values, duals: Values, reduced: Values) -> dict[str, pd.DataFrame]:
    """Return the tables of operation."""
    return {
        "service": _frame("service", usage.service(a, values)),
        "load": _frame("load", usage.hourly(a, values, ("load", "stock_load"))),
        "backlog": _frame("backlog", usage.hourly(a, values, ("backlog",))),
        "flows": _frame("flows", usage.flows(a, values)),
        "power": _frame("power", usage.power_by_hour(a, values)),
        "costs": costs(a, values),
        "prices": _frame("prices", cost_tables.prices(a, duals, reduced)),
        "emissions": _frame("emissions", usage.emissions(a, values)),
    }


def costs(a: Assembly, values: Values) -> pd.DataFrame:
    """Return the table `costs`."""
    return _frame("costs", cost_tables.costs(a, values))


def plan_tables(a: Assembly, values: Values, duals: Values, reduced: Values) -> dict[str, pd.DataFrame]:
    """Return all tables of a plan."""
    return {
        "builds": _frame("builds", capacity_tables.builds(a, values)),
        "capacity": _frame("capacity", capacity_tables.in_use(a, values)),
        **operation_tables(a, values, duals, reduced),
        **access_tables(a, values),
    }


def access_tables(a: Assembly, values: Values) -> dict[str, pd.DataFrame]:
    """Return the tables of gigabit access; none where the scenario has no cities."""
    if not a.given.scenario.has("cities"):
        return {}
    return {
        "gigabit": _frame("gigabit", gigabit_tables.gigabit(a, values)),
        "rollout": _frame("rollout", gigabit_tables.rollout(a, values)),
        "access_totals": _frame("access_totals", gigabit_tables.access_totals(a, values)),
    }


def _frame(table: str, rows: pd.DataFrame | Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Return the rows with exactly the columns of the table, in order."""
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
    names = list(TABLES[table])
    return (frame if frame.columns.tolist() == names else frame.reindex(columns=names)).reset_index(drop=True)
