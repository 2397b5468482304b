"""One plan of `china` for many years: `python -m benchmarks.years YEARS HOURS [GAP [SCRATCH]]`.

`china` has demand in 2025 and 2030. Here every year from 2026 on has its own: between the two it grows by the same share
each year, and later it stays. By the structured method with two threads; with SCRATCH factors and vectors lie in files
there. Building and compiling are not counted.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pandas as pd

import xisuan as xs
from benchmarks.process import forget_peak, peak_mb
from xisuan.equations.assemble import assemble
from xisuan.interior import solve as interior
from xisuan.scenario.synthetic import country
from xisuan.solver import duality
from xisuan.solver.flat import flatten
from xisuan.solver.solution import How

THREADS = 2
FIRST = 2026
KEY = ["region", "workload"]


def main(years: int, hours: str, gap: float = 1e-3, scratch: str = "") -> None:
    """Solve once and print seconds, iterations, gap and sizes."""
    interior.solve(flatten(assemble(country(3, 2, hours="hours:60")).model), How(threads=THREADS))
    flat = flatten(assemble(planned(years, hours)).model)
    forget_peak()
    spent = time.process_time()
    found = interior.solve(flat, How(gap=gap, threads=THREADS, scratch=Path(scratch) if scratch else None))
    answer = {
        "seconds": found.seconds,
        "cpu_seconds": time.process_time() - spent,
        "iterations": found.iterations,
        "objective": found.objective,
        "gap": found.gap,
        "violation": duality.violation(flat, found.x),
        "columns": flat.shape[1],
        "nonzeros": flat.nonzeros,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(answer))


def planned(years: int, hours: str) -> xs.Scenario:
    """`china` on these hours in so many years, each with its demand."""
    given = xs.load("china")
    demand = given["demand"]
    early, late = (demand[demand["period"] == year].set_index(KEY) for year in (2025, 2030))
    growth = (late["units"] / early["units"].reindex(late.index)).fillna(1.0) ** 0.2
    periods = tuple(range(FIRST, FIRST + years))
    each = [late.assign(period=float(year), units=late["units"] * growth ** min(0, year - 2030)) for year in periods]
    table = pd.concat([one.reset_index() for one in each], ignore_index=True)[list(demand.columns)]
    return xs.on_hours(given, xs.Hours.parse(hours)).with_tables(demand=table).with_settings(periods=periods)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 1e-3, "".join(sys.argv[4:5]))
