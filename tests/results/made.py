"""A plan and a schedule with every shape that results have, made by hand so that storing them needs no solver."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from tests.scenarios import pair
from xisuan.results.labelled_values import Found
from xisuan.results.plan import TABLES, Certificate, Effort, Plan
from xisuan.results.run import Run
from xisuan.results.schedule import TABLES as SCHEDULE_TABLES
from xisuan.results.schedule import Schedule
from xisuan.scenario.scenario import Scenario

EFFORT = Effort("direct", "simplex", 0.125, 0.25, 99.5, 12, 10, 30, 0, 7)
HOURS = 3


def found(name: str, dims: tuple[str, ...], labels: tuple[tuple[str, ...], ...], hourly: bool = False) -> Found:
    """Values that no rounding survives: thirds, a NaN, an infinity, the smallest number."""
    shape = (2, HOURS, len(labels)) if hourly else (2, len(labels))
    values = np.arange(1.0, 1.0 + math.prod(shape)).reshape(shape) / 3.0
    if values.size >= 4:
        values.flat[:4] = [math.nan, math.inf, 5e-324, -0.0]
    return Found(name, dims, labels, hourly, values)


FAMILIES = {
    family.name: family
    for family in (
        found("build", ("site", "technology"), (("east-1", "server"), ("west-1", "server"), ("west-1", "gpu"))),
        found("hall", ("site",), (("east-1",), ("西部",))),
        found("serve", ("region", "site", "workload", "path"), (("east", "west-1", "web", "0"),), hourly=True),
        found("grid", ("site",), (("east-1",), ("west-1",)), hourly=True),
        found("retrofit", ("site",), ()),
        found("flow", ("workload", "link", "from", "to"), (), hourly=True),
        found("supply", ("site", "source"), (("west-1", "solar"),)),
    )
}


def table(columns: dict[str, str], count: int = 2) -> pd.DataFrame:
    """Rows of text and numbers for the columns of a table."""
    words = {"asset", "where", "technology", "unit", "investor", "region", "site", "workload", "link", "from", "to"}
    words |= {"term", "constraint", "item", "rule", "scope"}
    data = {
        name: [f"{name}-{at}" for at in range(count)] if name in words else [2026 + at / 3 for at in range(count)]
        for name in columns
    }
    return pd.DataFrame(data).astype({name: "int64" for name in ("period",) if name in data})


def hours_of(scenario: Scenario) -> Scenario:
    """The scenario on the hours that the made families have."""
    return scenario.with_settings(hours=scenario.settings.hours.parse(f"hours:{HOURS}"))


def plan(scenario: Scenario | None = None, certificate: bool = True) -> Plan:
    """A plan of `pair`; its lower bound is none and its certificate does not hold."""
    found_by = Certificate(False, 2e-3, 54.0, -math.inf, {"work_balance": 2e-3, "bounds": 0.0}, ("work_balance: off",))
    return Plan(
        scenario=scenario or hours_of(pair()),
        status="optimal",
        objective=54.398,
        lower_bound=-math.inf,
        cost_mcny=54.398,
        effort=EFFORT,
        variables=FAMILIES,
        duals={"hall_balance": found("hall_balance", ("site",), (("east-1",), ("west-1",)))},
        relaxation_duals={"pool_balance": found("pool_balance", ("workload",), (("web",),), hourly=True)},
        tables={name: table(columns) for name, columns in TABLES.items()},
        certificate=found_by if certificate else None,
    )


def schedule(scenario: Scenario | None = None) -> Schedule:
    """A schedule of `pair` with a shortfall; its certificate does not hold."""
    columns = {name: TABLES[name] for name in ("service", "power", "costs")} | SCHEDULE_TABLES
    return Schedule(
        scenario=scenario or hours_of(pair()),
        status="short",
        cost_mcny=31.5,
        penalty_mcny=1.25,
        effort=EFFORT,
        variables={"grid": FAMILIES["grid"]},
        duals={},
        tables={name: table(columns) for name, columns in columns.items()},
        certificate=Certificate(False, 3e-3, 31.5, -math.inf, {"capacity": 3e-3}, ("capacity: installed: off",)),
    )


def run() -> Run:
    """A run with everything in it."""
    found_plan = plan()
    alternatives = pd.DataFrame({"asset": ["hall"], "where": ["west-1"], "least": [1 / 3], "most": [math.nan]})
    return Run(found_plan.scenario, found_plan, schedule(), schedule(), alternatives)
