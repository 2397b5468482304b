"""One solve of the nation's hours by one solver, in this process: `python -m benchmarks.week SOLVER HOURS [GAP]`.

The scenario is `china`. SOLVER is structured, or a solver of HiGHS (hipo, ipx, simplex). Reading the scenario and building
the model are not counted; nor, for the structured method, compiling its kernels, which is done on a small country first and
told apart.
"""

from __future__ import annotations

import json
import sys
import time

import xisuan as xs
from benchmarks.process import forget_peak, peak_mb
from xisuan.equations.assemble import assemble
from xisuan.interior import solve as interior
from xisuan.scenario.synthetic import country
from xisuan.solver import duality, highs
from xisuan.solver.flat import flatten
from xisuan.solver.solution import How

THREADS = 2
GAP = 1e-6


def main(solver: str, hours: str, gap: float = GAP) -> None:
    """Solve once and print seconds, iterations, gap and sizes."""
    compiling = 0.0
    if solver == "structured":
        began = time.perf_counter()
        interior.solve(flatten(assemble(country(3, 2, hours="hours:60")).model), How(threads=THREADS))
        compiling = time.perf_counter() - began
    flat = flatten(assemble(xs.on_hours(xs.load("china"), xs.Hours.parse(hours))).model)
    forget_peak()
    spent = time.process_time()
    if solver == "structured":
        found = interior.solve(flat, How(gap=gap, threads=THREADS))
    else:
        found = highs.solve(flat, How(solver, gap, THREADS))  # type: ignore[arg-type]
    rows, columns = flat.matrix.shape
    answer = {
        "seconds": found.seconds,
        "cpu_seconds": time.process_time() - spent,
        "compiling": compiling,
        "iterations": found.iterations,
        "objective": found.objective,
        "gap": found.gap,
        "violation": duality.violation(flat, found.x),
        "rows": rows,
        "columns": columns,
        "nonzeros": int(flat.matrix.nnz),
        "peak_mb": peak_mb(),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:3], *map(float, sys.argv[3:]))
