"""Solve hours of the nation by one solver: `python -m benchmarks.week SOLVER HOURS [GAP [WORKERS [SCRATCH [SCENARIO]]]]`.

The scenario is `china`, or SCENARIO, on HOURS as a scenario states them, or on week N of the year (`week:N`). SOLVER is
structured, a solver of HiGHS (hipo, ipx, simplex, pdlp), or pypsa: PyPSA's model of the same scenario, by HiPO.
PDLP's gap is its own statement; PyPSA's seconds run from the scenario to the objective. With WORKERS the structured
method shares the hours between processes of one thread each (0: one process of two threads); with SCRATCH its factors
lie in files there. Reading the scenario and building the model are not counted, nor is compiling the kernels, which
is reported separately. The structured method stops when the certificate confirms the gap; the certificate's seconds
are reported separately, and its processor seconds and memory are included.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import highspy
import numpy as np
import pandas as pd

import xisuan as xs
from benchmarks.process import forget_peak, peak_mb
from gnomon.highs import highs_run, solver_sequence
from gnomon.highs.model_transfer import hand_over
from gnomon.interior_point import solve as interior
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.proof import weak_duality
from gnomon.proof.confirmation import Confirm
from gnomon.solution import Solution
from xisuan.certificate.certify_plan import certify
from xisuan.equations.build_model import assemble
from xisuan.exchange.pypsa import network as exchange
from xisuan.planning.expansion import make_bare_plan
from xisuan.scenario.variants.synthetic import country

THREADS = 2
GAP = 1e-6
WEEK, YEAR = 168, 8760
"""Hours of a week and of a year."""


def main(solver: str, hours: str, gap: float = GAP, workers: int = 0, scratch: str = "", name: str = "china") -> None:
    """Solve once and print seconds, iterations, gap and sizes."""
    if solver == "pypsa":
        print(json.dumps(_pypsa(hours, gap)))
        return
    compiling = 0.0
    shared = Options(gap=gap, threads=1, workers=workers) if workers else Options(gap=gap, threads=THREADS)
    shared = replace(shared, scratch=Path(scratch) if scratch else None)
    if solver == "structured":
        began = time.perf_counter()
        interior.solve(flatten(assemble(country(3, 2, hours="hours:60")).model), Options(threads=THREADS))
        compiling = time.perf_counter() - began
    given = china(hours, name)
    assembly = assemble(given)
    flat = flatten(assembly.model)
    forget_peak()
    spent = time.process_time()
    if solver == "pdlp":
        print(json.dumps(_pdlp(flat, gap)))
        return
    certified = Certified(
        lambda found: make_bare_plan(given, assembly, flat, found, found, 0.0), partial(certify, given), gap
    )
    if solver == "structured":
        found = interior.solve(flat, replace(shared, confirm=certified))
    else:
        found = solver_sequence.solve(flat, Options(solver, gap, THREADS))  # type: ignore[arg-type]
    rows, columns = flat.shape
    answer = certified.answer(found) | {
        "seconds": found.seconds,
        "cpu_seconds": time.process_time() - spent,
        "compiling": compiling,
        "iterations": found.iterations,
        "objective": found.objective,
        "gap": found.gap,
        "violation": weak_duality.violation(flat, found.x),
        "rows": rows,
        "columns": columns,
        "nonzeros": flat.nonzeros,
        "peak_mb": peak_mb(),
        "peak_mb_of_others": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }
    print(json.dumps(answer))


class Certified(Confirm[xs.Plan, xs.Certificate]):
    """Callback that certifies answers and times the last of them; the time of earlier ones counts as solving."""

    seconds = 0.0

    def __call__(self, found: Solution) -> str:
        """Return the reason why the answer is not certified; empty if it is."""
        began = time.perf_counter()
        try:
            return super().__call__(found)
        finally:
            self.seconds = time.perf_counter() - began

    def answer(self, found: Solution) -> dict[str, float]:
        """Return certified gap and seconds of an answer; empty if it has no certificate."""
        said = self.finding_for(found)
        if said is None:
            return {}
        assert not found.doubt, found.doubt
        return {"certified_gap": said.gap(said.cost), "certificate_seconds": self.seconds}


def china(hours: str, name: str = "china") -> xs.Scenario:
    """Return `china`, or another scenario, on these hours or on one week."""
    kind, _, number = hours.partition(":")
    if kind != "week":
        return xs.on_hours(xs.load(name), xs.Hours.parse(hours))
    week = {"block": ["week"], "first_hour": [WEEK * (int(number) - 1)], "hours": [WEEK], "weight": [YEAR / WEEK]}
    return xs.load(name).with_tables(blocks=pd.DataFrame(week))


def _pdlp(flat: LinearProgram, gap: float) -> dict[str, float]:
    """Solve by PDLP and return its figures; it stops at its own measures of optimality, or after 1,700 s."""
    solver, began, spent = highs_run.new_instance(), time.perf_counter(), time.process_time()
    options = {
        "output_flag": False,
        "solver": "pdlp",
        "threads": THREADS,
        "pdlp_optimality_tolerance": gap,
        "time_limit": 1700.0,
    }
    for name, value in options.items():
        assert solver.setOptionValue(name, value) == highspy.HighsStatus.kOk, name
    hand_over(solver, flat)
    solver.run()
    seconds, info = time.perf_counter() - began, solver.getInfo()
    objective = float(info.objective_function_value)
    rows, columns = flat.shape
    return {
        "seconds": seconds,
        "cpu_seconds": time.process_time() - spent,
        "iterations": int(info.pdlp_iteration_count),
        "objective": objective,
        "gap": float(info.primal_dual_objective_error),
        "violation": weak_duality.violation(flat, np.array(solver.getSolution().col_value)),
        "rows": rows,
        "columns": columns,
        "nonzeros": flat.nonzeros,
        "peak_mb": peak_mb(),
    }


def _pypsa(hours: str, gap: float) -> dict[str, float]:
    """Solve by PyPSA with HiPO without crossover and return its figures, timed from the scenario to the objective."""
    given = exchange.without_access(china(hours))
    exchange.HIGHS |= {
        "solver": "hipo", "threads": THREADS, "run_crossover": "off", "ipm_optimality_tolerance": 0.1 * gap,
        "primal_feasibility_tolerance": 1e-7, "dual_feasibility_tolerance": 1e-7,
    }  # fmt: skip
    began, spent = time.perf_counter(), time.process_time()
    objective = exchange.objective(given)
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - spent,
        "iterations": 0,
        "objective": objective,
        "gap": float("nan"),
        "violation": float("nan"),
        "columns": 0,
        "nonzeros": 0,
        "peak_mb": peak_mb(),
    }


if __name__ == "__main__":
    main(*sys.argv[1:3], *map(float, sys.argv[3:4]), *map(int, sys.argv[4:5]), *sys.argv[5:7])
