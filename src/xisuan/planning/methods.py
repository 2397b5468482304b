"""Which method solves a model: HiGHS with the whole matrix, or the interior point that knows the hours."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from xisuan.errors import SolverError
from xisuan.solver import engine, highs
from xisuan.solver.flat import Flat
from xisuan.solver.solution import How, Progress, Solution, Watch

Solve = Callable[[Flat, How, Watch], Solution]
METHODS = ("auto", "structured", "direct")


def chosen(method: str, flat: Flat, how: How, objective: str) -> Solve:
    """The function that solves `flat`. `auto` shares the hours of whatever it can, where more than one worker is asked for.

    Raises SolverError for a method that there is not, and where `structured` is asked of a model that it cannot take:
    one with integers, another objective than cost, or with a solver of HiGHS named besides.
    """
    if method not in METHODS:
        raise SolverError(f"there is no method {method!r}: use {', '.join(METHODS)}")
    if method == "direct":
        return highs.solve
    why = _unfit(flat, how, objective)
    if method == "structured":
        if why:
            raise SolverError(f"the structured method {why}: use --method direct")
        return _structured
    return highs.solve if why or not (worthwhile(flat) or how.workers > 1) else _in_turn


def _structured(flat: Flat, how: How, watch: Watch) -> Solution:
    from xisuan.interior import solve as interior  # noqa: PLC0415 (compiled: half a second, needed by large models)

    return interior.solve(flat, how, watch)


def worthwhile(flat: Flat) -> bool:
    """Whether `auto` expects the structured method to be the faster one: where it would else begin with HiPO."""
    return flat.nonzeros >= engine.LARGE


def _unfit(flat: Flat, how: How, objective: str) -> str:
    """Why the structured method cannot take the model; empty where it can."""
    if flat.integer.any():
        return f"takes no whole numbers, and the model has {int(flat.integer.sum()):,}"
    if objective != "cost":
        return "plans for least cost only"
    if how.solver != "auto":
        return f"is a solver of its own, and cannot be {how.solver} as well"
    return ""


def _in_turn(flat: Flat, how: How, watch: Watch) -> Solution:
    """The structured method; HiGHS where it ends without a proof. The solution then says so, and counts both times."""
    from xisuan.interior import solve as interior  # noqa: PLC0415
    from xisuan.interior.form import UnfitError  # noqa: PLC0415

    began = time.perf_counter()
    try:
        return interior.solve(flat, how, watch)
    except (UnfitError, interior.UnprovenError) as error:  # not where processes, or a place on the disk, cannot be had
        end = error.end if isinstance(error, interior.UnprovenError) else str(error)
        if watch is not None:
            watch(Progress("the structured method found no proof, going on with HiGHS", 0.0))
        found = highs.solve(flat, how, watch)
        return replace(found, gave_up=end, seconds=time.perf_counter() - began)
