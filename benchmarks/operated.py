"""Operate one period of a plan on other hours by the structured method with exact rows, with rows that may be exceeded
by the solver's tolerance, and by IPX of HiGHS:
`python -m benchmarks.operated [SCENARIO PERIOD HOURS [TIMES ...]]`.

Default: `guizhou-2023`, planned on its typical day, a month of 2024, with 1 and 1.001 times its demand; the second cannot be
served completely. Gap 1e-4, two threads. *sharp* is an answer that keeps the gap relative to its cost without penalties.
Reading, planning, building and compiling are not counted. IPX is stopped after ten minutes.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

import xisuan as xs
from gnomon.highs import solver_sequence
from gnomon.interior_point import solve as interior
from gnomon.model.linear_program import flatten
from gnomon.options import Options
from gnomon.proof.primal_repair import tiny
from gnomon.solution import Solution
from xisuan.dispatch import dual_proof, economic_dispatch
from xisuan.dispatch.structured_dispatch import structured
from xisuan.equations.build_model import assemble
from xisuan.errors import SolverError
from xisuan.results.plan import Plan
from xisuan.scenario.variants.synthetic import country

ASKED = Options(gap=1e-4, threads=2)
STOPPED = 600.0
"""Time limit of IPX in seconds."""


def main(name: str = "guizhou-2023", period: int = 2024, hours: str = "hours:744", *times: float) -> None:
    """Print seconds, gap and iterations of each method, and its time relative to exact rows."""
    interior.solve(flatten(assemble(country(3, 2, hours="hours:60")).model), Options(threads=2))
    given = xs.load(name)
    planned = xs.plan(given)
    for factor in times or (1.0, 1.001):
        demand = given.tables["demand"]
        other = given.with_tables(demand=demand.assign(units=demand["units"] * factor))
        _compare(xs.on_hours(other, xs.Hours.parse(hours)), planned, period, factor)


def _compare(other: xs.Scenario, planned: Plan, period: int, factor: float) -> None:
    at = planned.scenario.settings.periods.index(period)
    capacities = {
        name: replace(of, values=np.where(tiny(of.values[[at]]), 0.0, of.values[[at]]))
        for name, of in economic_dispatch.capacities(planned).items()
    }
    assembly = assemble(other.with_settings(periods=planned.scenario.settings.periods), (period,), capacities)
    flat, limited = flatten(assembly.model), replace(ASKED, time_limit=STOPPED)
    ways: dict[str, Callable[[], Solution | None]] = {
        "exact rows": lambda: structured(flat, assembly, ASKED, None),
        "rows with leeway": lambda: interior.solve(flat, ASKED, refute=False),
        "ipx": lambda: solver_sequence.solve(flat, replace(limited, solver="ipx")),
    }
    first = None
    for way, solve in ways.items():
        told: dict[str, object] = {"times": factor, "way": way, "columns": flat.shape[1], "nonzeros": flat.nonzeros}
        began, end = time.perf_counter(), ""
        try:
            found = solve()
        except SolverError as problem:
            found, end = None, str(problem)
        seconds = time.perf_counter() - began
        first = first or seconds
        told |= {"seconds": round(seconds, 1), "ratio": round(seconds / first, 2)}
        if found is None:
            told["end"] = end or "no proof"
        else:
            paid = dual_proof.penalty(assembly, flat.split_columns(found.x))
            told |= {
                "iterations": found.iterations, "objective": found.objective, "penalties": paid, "gap": found.gap,
                "sharp": dual_proof.sharp(found, paid, ASKED),
            }  # fmt: skip
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:3]), *sys.argv[3:4], *map(float, sys.argv[4:]))
