"""Solve a model once by the structured method, after compiling its kernels, and report the effort."""

from __future__ import annotations

import json
import time

from benchmarks.process import forget_peak, peak_mb
from gnomon.interior_point import solve as interior
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.proof import weak_duality
from xisuan.equations.build_model import assemble
from xisuan.scenario.variants.synthetic import country


def compiled(threads: int) -> None:
    """Compile the kernels, or load them, by solving a small country."""
    interior.solve(flatten(assemble(country(3, 2, hours="hours:60")).model), Options(threads=threads))


def told(flat: LinearProgram, options: Options) -> str:
    """Return seconds, iterations, gap and sizes of one solve as JSON."""
    forget_peak()
    spent = time.process_time()
    found = interior.solve(flat, options)
    return json.dumps(
        {
            "seconds": found.seconds,
            "cpu_seconds": time.process_time() - spent,
            "iterations": found.iterations,
            "objective": found.objective,
            "gap": found.gap,
            "violation": weak_duality.violation(flat, found.x),
            "columns": flat.shape[1],
            "peak_mb": peak_mb(),
        }
    )
