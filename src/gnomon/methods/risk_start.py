"""Solve futures with a measure of risk by the structured method, from the plan of least expected cost.

From scratch the interior point needs four times the iterations, or stalls: a least-squares start lets the rows of costs
explain all costs, so that nothing is left for the duals of other rows. The plan of least expected cost, solved to a loose
gap, is a start that is nearly central. Its rows of each future are weighed by what risk makes of its probability.

Without that plan the solve starts from scratch, which the progress and the log of the solution say. An interrupted
solve resumes either solve from its own checkpoint.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gnomon.arrays import Array
from gnomon.errors import InfeasibleError, SolverError
from gnomon.methods import method_choice
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Clock, Options
from gnomon.solution import Progress, Solution, Watch
from gnomon.transforms.extensive_form import Futures
from gnomon.transforms.risk_rows import EXCESS, PERIOD_COST, TAIL, THRESHOLD

GAP = 1e-2
"""Gap of the plan of least expected cost: closer to its optimum it would lie too near to bounds that risk moves."""
FOUND = "plan of least expected cost, from which risk starts:"
FAILED = "the plan of least expected cost, from which risk starts, was not found"
"""What the log says of the start."""
START = "start"
"""Folder of checkpoints with that of the plan of least expected cost."""
MEAN = 0.2
"""Part of the probabilities in the first weights of CVaR, which would otherwise be 0 for most futures."""
ROOM = 1e-3
"""Part by which the first costs of periods and excesses exceed those of the start."""


def solve_futures(futures: Futures, flat: LinearProgram, options: Options, watch: Watch, method: str) -> Solution:
    """Return the optimum of the extensive form `flat` of `futures`, with or without risk. Raises as `solve_flat`.

    With risk, seconds and iterations count those of the plan of least expected cost, too.
    """
    strategies = method_choice.strategies_for(method, flat, options)
    if futures.risk is None or strategies[0] != "structured":
        return method_choice.run(strategies, flat, options, watch)
    clock = Clock(options)
    with _own_checkpoint(options) as kept:
        start = _start(futures, flat, replace(options, gap=GAP, confirm=None, kept=kept, lasting=True), watch)
        found = method_choice.run(strategies, flat, clock.limit(options), watch, near=start.near)
    return replace(
        found,
        log=f"{start.log}\n{found.log}",
        seconds=found.seconds + start.seconds,
        iterations=found.iterations + start.iterations,
    )


@dataclass(frozen=True, slots=True)
class _Start:
    """Columns and row duals from which to start (None: from scratch), and what they took."""

    near: tuple[Array, Array] | None
    log: str
    seconds: float
    iterations: int = 0


def _start(futures: Futures, flat: LinearProgram, options: Options, watch: Watch) -> _Start:
    """Return the start of `flat` from the plan of least expected cost. Raises InfeasibleError where there is none."""
    from gnomon.interior_point import solve as interior  # noqa: PLC0415 (compiled: half a second, needed by large models)

    began, first = time.perf_counter(), flatten(replace(futures, risk=None).extensive_form())
    try:
        found = interior.solve(first, options, watch, refute=False)
    except InfeasibleError:
        raise
    except SolverError as error:
        end = error.end if isinstance(error, interior.UnprovenError) else error
        said = f"{FAILED} ({end}); starting from scratch"
        if watch is not None:
            watch(Progress(said, time.perf_counter() - began))
        return _Start(None, said, time.perf_counter() - began)
    return _Start(near_point(futures, first, flat, found), f"{FOUND}\n{found.log}", found.seconds, found.iterations)


@contextmanager
def _own_checkpoint(options: Options) -> Iterator[Path | None]:
    """Provide the folder for the checkpoint of the start, which is removed with that of the solve."""
    kept = None if options.kept is None else options.kept / START
    yield kept
    if kept is not None and not options.lasting:
        shutil.rmtree(kept, ignore_errors=True)


def near_point(futures: Futures, first: LinearProgram, flat: LinearProgram, start: Solution) -> tuple[Array, Array]:
    """Return columns and row duals of `flat`, with risk, from a solution of `first`, the futures without it."""
    risk, periods = futures.risk, futures.periods
    assert risk is not None
    costs = np.array([_costs(futures, first, at, start.x) for at in range(len(futures.models))])
    whole = costs.sum(axis=1) + np.array([model.constant for model in futures.models])
    chance = np.array(futures.weights)
    shares, threshold = _tail(whole, chance, risk.level)
    shares = (1.0 - MEAN) * shares + MEAN * chance
    x, y = np.zeros(flat.shape[1]), np.zeros(flat.shape[0])
    columns, rows = flat.model.columns, flat.model.rows
    for name, block in first.model.columns.items():
        flat.part(x, columns[name])[...] = first.part(start.x, block)
    weights = np.repeat(1.0 - risk.weight + risk.weight * shares / chance, periods)
    for name, block in first.model.rows.items():
        dual = first.part(start.row_dual, block, rows=True)
        flat.part(y, rows[name], rows=True)[...] = dual * weights.reshape(-1, *([1] * (dual.ndim - 1)))
    room = ROOM * max(1.0, float(np.abs(whole).max()))
    flat.part(x, columns[PERIOD_COST])[:, 0] = costs.ravel() * (1.0 + ROOM)
    flat.part(x, columns[THRESHOLD])[0, 0] = threshold
    flat.part(x, columns[EXCESS])[::periods, 0] = np.maximum(whole - threshold, 0.0) + room
    flat.part(y, rows[PERIOD_COST], rows=True)[:, 0] = np.repeat(-risk.weight * shares, periods)
    flat.part(y, rows[TAIL], rows=True)[::periods, 0] = -risk.weight * shares
    return x, y


def _costs(futures: Futures, first: LinearProgram, at: int, x: Array) -> Array:
    """Return the cost of each period of one future. Shape (periods,)."""
    model = futures.models[at]
    own = flatten(model)
    values = futures.part_of(first, own, at, x)
    out = np.zeros(model.periods)
    for block in model.columns.values():
        if block.cost.any():
            out += (own.part(values, block) * block.cost).reshape(model.periods, -1).sum(axis=1)
    return out


def _tail(costs: Array, chance: Array, level: float) -> tuple[Array, float]:
    """Return the weights of futures in CVaR, and the cost from which they count."""
    left, threshold, shares = 1.0 - level, float(costs.max()), np.zeros(len(costs))
    for at in np.argsort(-costs, kind="stable"):
        if left <= 0.0:
            break
        part = min(float(chance[at]), left)
        shares[at], threshold, left = part / (1.0 - level), float(costs[at]), left - part
    return shares, threshold
