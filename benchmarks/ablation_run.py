"""Solve the suite of the ablation once with every number halved and doubled: `python -m benchmarks.ablation_run`."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Callable
from typing import Any

import gnomon
from benchmarks.steering import constants
from gnomon import LinearProgram, Options, narrow_bounds
from gnomon.interior_point.factorisation.newton_system import System
from tests.gnomon.interior_point.test_unbounded_columns import grid
from tests.gnomon.random_models import draw
from tests.gnomon.synthetic import network

RANDOM = range(200, 206)
SOLVE = 0.1
"""Work of a solve, in factorisations."""
LIMIT = 120.0
"""Seconds of one solve, after which it counts as failed."""


def suite(quick: bool) -> list[tuple[LinearProgram, float]]:
    """Return linear programs and the gaps to prove."""
    drawn = [draw(seed) for seed in (RANDOM[:5] if quick else RANDOM)]
    found = [(gnomon.flatten(one.model), 1e-7) for one in drawn if one.cost is not None]
    found += [(gnomon.flatten(grid(3, 48, 4)), 1e-6), (gnomon.flatten(network(72, 4, 3)), 1e-6)]
    if not quick:
        plan = gnomon.flatten(network(504, 2, 2))
        best = gnomon.solve_structured(plan, Options(gap=1e-5, threads=1))
        found += [(gnomon.flatten(network(96, 3, 2, periods=2)), 1e-4), (plan, 1e-4), (_operated(plan, best.x), 1e-5)]
    return found


def _operated(plan: LinearProgram, x: Any) -> LinearProgram:
    """Return the operation of a plan: its capacities are fixed."""
    end = plan.model.periods * plan.model.items(False, plan.model.columns)
    lower, upper = plan.lower.copy(), plan.upper.copy()
    lower[:end] = upper[:end] = x[:end]
    names = [name for name, block in plan.model.columns.items() if not block.hourly]
    return narrow_bounds(plan, lower, upper, names)


def work(programs: list[tuple[LinearProgram, float]]) -> tuple[float, int]:
    """Return the work of solving all programs, in factorisations, and how many ended without a proof."""
    count, failed = {"factorise": 0, "solve": 0}, 0
    kept = {name: getattr(System, name) for name in count}

    def counting(name: str) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            count[name] += 1
            return kept[name](*given, **more)

        return call

    for name in count:
        setattr(System, name, counting(name))
    try:
        for flat, gap in programs:
            try:
                gnomon.solve_structured(flat, Options(gap=gap, threads=1, time_limit=LIMIT), refute=False)
            except (gnomon.GnomonError, ArithmeticError, ValueError, IndexError):
                failed += 1
    finally:
        for name, method in kept.items():
            setattr(System, name, method)
    return round(count["factorise"] + SOLVE * count["solve"], 1), failed


def main() -> None:
    """Print the work as they are and with every number halved and doubled, as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    warnings.simplefilter("ignore")
    programs = suite(parser.parse_args().quick)
    base = work(programs)
    varied = {}
    for one in constants():
        varied[one.name] = []
        for value in (one.halved(), one.doubled()):
            with one.set(value):
                varied[one.name].append(work(programs))
        print(one.name, one.value, *varied[one.name], file=sys.stderr, flush=True)
    print(json.dumps({"models": len(programs), "base": base, "varied": varied}))


if __name__ == "__main__":
    main()
