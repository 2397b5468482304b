"""Choice between HiGHS with the whole matrix and the structured interior point."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from gnomon.errors import OptionError, SolverError, UnboundedError
from gnomon.highs import highs_run, solver_sequence
from gnomon.methods import diving, resource_estimates, time_memory_laws
from gnomon.model.linear_program import LinearProgram
from gnomon.options import Clock, Options
from gnomon.solution import Progress, Solution, Watch
from gnomon.transforms import integer_part

Solve = Callable[[LinearProgram, Options, Watch], Solution]
METHODS = ("auto", "structured", "direct")


def check_method(method: str) -> None:
    """Raise SolverError for an unknown method."""
    if method not in METHODS:
        raise SolverError(f"there is no method {method!r}: use {', '.join(METHODS)}")


def choose(method: str, flat: LinearProgram, options: Options, objective: str) -> Solve:
    """Return the function that solves `flat`.

    `auto` takes the structured method if workers or a folder for factors are requested. Raises SolverError for an
    unknown method. Raises OptionError if `structured` is requested for a model that it refuses (with integers, another
    objective than cost, or together with a solver of HiGHS), and if workers or a folder for factors are requested of a
    method that does not use them.
    """
    check_method(method)
    why = _unfit_reason(flat, options, objective)
    if method == "structured":
        if why:
            raise OptionError({"--method": method}, why.refused, why.values)
        return _structured
    if method == "direct":
        if _has_structured_options(options):
            raise _unused_options_error(options, "unused-with-direct")
        return solver_sequence.solve
    large = prefers_structured(flat, options)
    if large and flat.integer.any() and objective == "cost" and options.solver in ("auto", "mip"):
        return (
            _solve_by_diving
            if options.solver == "auto" and _branching_nonzeros(flat) >= highs_run.LARGE
            else _solve_by_branching
        )
    if why:
        if _has_structured_options(options):
            raise _unused_options_error(options, why.unused, why.values)
        return solver_sequence.solve
    return _solve_structured_first if large or _has_structured_options(options) else _solve_direct_first


def _has_structured_options(options: Options) -> bool:
    """Return True if an option is set that only the structured method uses."""
    return options.workers > 1 or options.scratch is not None


def _unused_options_error(options: Options, code: str, values: Mapping[str, object] | None = None) -> OptionError:
    """Return the error that names these options."""
    asked = {
        "--workers": str(options.workers) if options.workers > 1 and options.recruit is None else "",
        "--cluster": f"{options.workers - 1} workers" if options.workers > 1 and options.recruit is not None else "",
        "--scratch": "" if options.scratch is None else str(options.scratch),
    }
    return OptionError({option: value for option, value in asked.items() if value}, code, values)


def estimate(solve: Solve, flat: LinearProgram, options: Options) -> resource_estimates.Expectation:
    """Return the time and memory expected for `solve`, the method chosen for `flat`."""
    size = (*flat.shape, flat.nonzeros, int(flat.integer.sum()))
    if solve is _solve_by_diving:
        return resource_estimates.predict(*size, options, structured=True, resolves=diving.RESOLVES)
    return resource_estimates.predict(
        *size, options, structured=solve in (_structured, _solve_structured_first, _solve_by_branching)
    )


def comparison_method(flat: LinearProgram, options: Options) -> Solve:
    """Return the solver for a model whose optimum is only compared with a plan.

    It is the structured method if worthwhile and without integers, otherwise HiGHS; options for the plan do not matter.
    """
    ours = options.solver == "auto" and not flat.integer.any() and prefers_structured(flat, options)
    return _solve_structured_first if ours else solver_sequence.solve


def _structured(flat: LinearProgram, options: Options, watch: Watch) -> Solution:
    from gnomon.interior_point import solve as interior  # noqa: PLC0415 (compiled: half a second, needed by large models)

    return interior.solve(flat, options, watch)


def prefers_structured(flat: LinearProgram, options: Options) -> bool:
    """Return True if `auto` prefers the structured method, by the expected time and memory."""
    from gnomon.runtime.memory import available  # noqa: PLC0415

    size = (*flat.shape, flat.nonzeros, 0, replace(options, solver="auto"))
    return resource_estimates.is_structured_better(
        resource_estimates.predict(*size, structured=True), resource_estimates.predict(*size), available() / 1e6
    )


def _branching_nonzeros(flat: LinearProgram) -> int:
    """Return the non-zeros of the part of the model that branch and bound receives."""
    return integer_part.integer_nonzeros(flat, integer_part.with_integers(flat))


class _Unfit(NamedTuple):
    """Codes of the problem where the structured method is requested, and where options of it are, and their values."""

    refused: str
    unused: str
    values: Mapping[str, object]


def _unfit_reason(flat: LinearProgram, options: Options, objective: str) -> _Unfit | None:
    """Return the reason why the structured method refuses the model; None if it accepts."""
    if flat.integer.any():
        return _Unfit("structured-takes-no-integers", "unused-with-integers", {"count": int(flat.integer.sum())})
    if objective != "cost":
        return _Unfit("structured-least-cost-only", "unused-with-objective", {})
    if options.solver != "auto":
        return _Unfit("structured-is-a-solver", "unused-with-solver", {"solver": options.solver})
    return None


def _solve_structured_first(flat: LinearProgram, options: Options, watch: Watch, *, refute: bool = True) -> Solution:
    """Solve by the structured method, then by HiGHS if that ends without a proof or, memory permitting, is not certified.

    The solution then names the reason and counts both times. refute: True if the structured method searches for
    multipliers of an infeasible model first; with little time HiGHS does this.

    Raises SolverError if HiGHS would need more memory than is free, which could end the process.
    """
    from gnomon.interior_point import solve as interior  # noqa: PLC0415
    from gnomon.interior_point.formulation.standard_form import UnfitError  # noqa: PLC0415
    from gnomon.runtime.memory import available  # noqa: PLC0415

    began, clock, needed = time.perf_counter(), Clock(options), time_memory_laws.least_memory_mb(flat.nonzeros, options)
    hurried = options.time_limit is not None and needed <= available() / 1e6
    refused = None
    try:
        found = interior.solve(flat, options, watch, refute=refute and not hurried)
        if not found.short:
            return found
        refused, end = found, found.doubt
    except (UnfitError, interior.UnprovenError) as error:  # not where processes, or a place on the disk, cannot be had
        end = error.end if isinstance(error, interior.UnprovenError) else str(error)
    gc.collect()  # exceptions held frames, and these the data of the method
    free = available()
    if refused is not None and (clock.is_over or needed > free / 1e6):
        return refused
    time_memory_laws.require_memory(flat.nonzeros, options, free, end)
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


def _solve_direct_first(flat: LinearProgram, options: Options, watch: Watch) -> Solution:
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


def _solve_by_branching(flat: LinearProgram, options: Options, watch: Watch) -> Solution:
    """Solve by branch and bound on the part with the integers, which is small, and the structured method around it."""
    return solver_sequence.solve(flat, options, watch, linear=_solve_structured_first)


def _solve_by_diving(flat: LinearProgram, options: Options, watch: Watch) -> Solution:
    """Solve by rounding and diving with the structured method, if the part with the integers is large."""
    return diving.solve(flat, options, watch, _solve_structured_first, partial(_solve_structured_first, refute=False))
