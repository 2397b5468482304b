"""One solve of the nation's hours by one solver: `python -m benchmarks.week SOLVER HOURS [GAP [WORKERS [SCRATCH]]]`.

The scenario is `china`. SOLVER is structured, or a solver of HiGHS (hipo, ipx, simplex). With WORKERS the structured method
shares the hours out to so many processes, of one thread each (0: one of two threads); with SCRATCH its factors lie in files
there. Reading the scenario and building the model are not counted; nor, for the structured method, compiling its kernels,
which is done on a small country first and told apart.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

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


def main(solver: str, hours: str, gap: float = GAP, workers: int = 0, scratch: str = "") -> None:
    """Solve once and print seconds, iterations, gap and sizes."""
    compiling = 0.0
    shared = How(gap=gap, threads=1, workers=workers) if workers else How(gap=gap, threads=THREADS)
    shared = replace(shared, scratch=Path(scratch) if scratch else None)
    if solver == "structured":
        began = time.perf_counter()
        interior.solve(flatten(assemble(country(3, 2, hours="hours:60")).model), How(threads=THREADS))
        compiling = time.perf_counter() - began
    flat = flatten(assemble(xs.on_hours(xs.load("china"), xs.Hours.parse(hours))).model)
    forget_peak()
    spent = time.process_time()
    ours = solver == "structured"
    found = interior.solve(flat, shared) if ours else highs.solve(flat, How(solver, gap, THREADS))  # type: ignore[arg-type]
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
        "peak_mb_of_others": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:3], *map(float, sys.argv[3:4]), *map(int, sys.argv[4:5]), *sys.argv[5:6])
