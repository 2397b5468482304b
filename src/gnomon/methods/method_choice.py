"""Run of the strategies for a linear program, one after the other until one proves the gap."""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from gnomon.arrays import Array
from gnomon.errors import OptionError, SolverError, UnboundedError
from gnomon.highs import solver_sequence
from gnomon.methods import diving
from gnomon.model.linear_program import LinearProgram
from gnomon.options import Clock, Options
from gnomon.runtime import memory
from gnomon.solution import Progress, Solution, Watch
from gnomon.strategies import strategy_order
from gnomon.strategies.strategy_order import Name, Request

METHODS = ("auto", "structured", "direct")
REFUSED = {
    "integers": "structured-takes-no-integers",
    "objective": "structured-least-cost-only",
    "solver": "structured-is-a-solver",
}
"""Reason why the structured method does not take a program → code of the problem where it is requested."""


def check_method(method: str) -> None:
    """Raise SolverError for an unknown method."""
    if method not in METHODS:
        raise SolverError(f"there is no method {method!r}: use {', '.join(METHODS)}")


def strategies_for(method: str, flat: LinearProgram, options: Options, objective: str = "cost") -> tuple[Name, ...]:
    """Return the strategies that `solve` tries for `flat`, in turn.

    Raises SolverError for an unknown method. Raises OptionError if `structured` is requested for a model that it refuses
    (with integers, another objective than cost, or together with a solver of HiGHS), and if workers or a folder for
    factors are requested of a method that does not use them.
    """
    check_method(method)
    request = Request.of(flat, options, method, objective)
    values = {"count": request.integers, "solver": options.solver}
    if method == "structured" and request.unfit:
        raise OptionError({"--method": method}, REFUSED[request.unfit], values)
    strategies = strategy_order.strategies_in_turn(request)
    if strategy_order.has_structured_options(options) and "structured" not in strategies:
        reason = "direct" if method == "direct" else request.unfit
        raise _unused_options_error(options, f"unused-with-{reason}", values)
    return strategies


def _unused_options_error(options: Options, code: str, values: Mapping[str, object]) -> OptionError:
    """Return the error that names the options of the structured method."""
    asked = {
        "--workers": str(options.workers) if options.workers > 1 and options.recruit is None else "",
        "--cluster": f"{options.workers - 1} workers" if options.workers > 1 and options.recruit is not None else "",
        "--scratch": "" if options.scratch is None else str(options.scratch),
    }
    return OptionError({option: value for option, value in asked.items() if value}, code, values)


def solve(
    flat: LinearProgram,
    options: Options,
    watch: Watch = None,
    *,
    method: str = "auto",
    objective: str = "cost",
) -> Solution:
    """Return the optimum of `flat` by the strategies for it. Raises as `strategies_for` and the solvers do."""
    return run(strategies_for(method, flat, options, objective), flat, options, watch)


def run(
    strategies: Sequence[Name],
    flat: LinearProgram,
    options: Options,
    watch: Watch,
    *,
    refute: bool = True,
    near: tuple[Array, Array] | None = None,
) -> Solution:
    """Return the optimum by the first of `strategies` that proves the gap, otherwise the answer with the least gap.

    If the structured method ended first without a proof that is confirmed, the solution names its reason. refute: True
    if it searches for the multipliers of an infeasible model before HiGHS is tried. near: columns and row duals from which
    the structured method starts where it comes first; it goes on from scratch if they lead nowhere.

    Raises SolverError if no strategy has an answer, or if HiGHS would need more memory than is free.
    """
    first, rest = strategies[0], strategies[1:]
    if first == "dive":
        inner = partial(run, rest)
        return diving.solve(flat, options, watch, inner, partial(inner, refute=False))
    if first == "mip":
        return solver_sequence.solve(flat, options, watch, linear=partial(run, rest))
    if "structured" not in strategies:
        return solver_sequence.solve(flat, options, watch)
    if first != "structured":
        return _run_structured_last(flat, options, watch)
    if not rest:
        return _structured(flat, options, watch, near)
    return _run_structured_first(flat, options, watch, refute=refute, near=near)


def _structured(
    flat: LinearProgram, options: Options, watch: Watch, near: tuple[Array, Array] | None = None
) -> Solution:
    from gnomon.interior_point import solve as interior  # noqa: PLC0415 (compiled: half a second, needed by large models)

    return interior.solve(flat, options, watch, near, trusted=near is not None)


def _run_structured_first(
    flat: LinearProgram,
    options: Options,
    watch: Watch,
    *,
    refute: bool = True,
    near: tuple[Array, Array] | None = None,
) -> Solution:
    """Solve by the structured method, then by HiGHS if that ends without a proof or, memory permitting, is not certified.

    The solution then names the reason and counts both times. refute: True if the structured method searches for
    multipliers of an infeasible model first; with little time HiGHS does this.

    Raises SolverError if HiGHS would need more memory than is free, which could end the process.
    """
    from gnomon.interior_point import solve as interior  # noqa: PLC0415
    from gnomon.interior_point.formulation.standard_form import UnfitError  # noqa: PLC0415

    began, clock = time.perf_counter(), Clock(options)
    needed = strategy_order.least_highs_memory_mb(flat.nonzeros, options)
    hurried = options.time_limit is not None and needed <= memory.available() / 1e6
    refused = None
    try:
        found = interior.solve(flat, options, watch, near, trusted=near is not None, refute=refute and not hurried)
        if not found.short:
            return found
        refused, end = found, found.doubt
    except (UnfitError, interior.UnprovenError) as error:  # not where processes, or a place on the disk, cannot be had
        end = error.end if isinstance(error, interior.UnprovenError) else str(error)
    gc.collect()  # exceptions held frames, and these the data of the method
    if refused is not None and (clock.is_over or needed > memory.available() / 1e6):
        return refused
    strategy_order.require_highs_memory(flat.nonzeros, options, end)
    if watch is not None:
        watch(Progress("the structured method has no proof that is confirmed, going on with HiGHS", 0.0))
    try:
        found = solver_sequence.solve(flat, clock.limit(options), watch)
    except SolverError:
        if refused is None:
            raise
        return refused
    if refused is not None and found.short and refused.gap <= found.gap:
        return refused
    return replace(found, gave_up=end, seconds=time.perf_counter() - began)


def _run_structured_last(flat: LinearProgram, options: Options, watch: Watch) -> Solution:
    """Solve by HiGHS, then by the structured method if none of its solvers has a proven answer."""
    began, clock = time.perf_counter(), Clock(options)
    found = None
    try:
        found = solver_sequence.solve(flat, options, watch)
        if not found.short:
            return found
    except SolverError as error:
        failure = error
    if watch is not None:
        watch(Progress("no solver of HiGHS found a proof, going on with the structured method", 0.0))
    try:
        other = _structured(flat, clock.limit(options), watch)
        return found if found and other.short else replace(other, seconds=time.perf_counter() - began)
    except UnboundedError:
        raise
    except SolverError:
        if found is None:
            raise failure from None
        return found
