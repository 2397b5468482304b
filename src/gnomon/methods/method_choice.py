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
from gnomon.model.linear_program import Flat
from gnomon.options import Clock, How
from gnomon.solution import Progress, Solution, Watch
from gnomon.transforms import integer_part

Solve = Callable[[Flat, How, Watch], Solution]
METHODS = ("auto", "structured", "direct")


def chosen(method: str, flat: Flat, how: How, objective: str) -> Solve:
    """Return the function that solves `flat`.

    `auto` takes the structured method if workers or a folder for factors are requested. Raises SolverError for an
    unknown method. Raises OptionError if `structured` is requested for a model that it refuses (with integers, another
    objective than cost, or together with a solver of HiGHS), and if workers or a folder for factors are requested of a
    method that does not use them.
    """
    if method not in METHODS:
        raise SolverError(f"there is no method {method!r}: use {', '.join(METHODS)}")
    why = _unfit(flat, how, objective)
    if method == "structured":
        if why:
            raise OptionError({"--method": method}, why.refused, why.values)
        return _structured
    if method == "direct":
        if _spread(how):
            raise _useless(how, "unused-with-direct")
        return solver_sequence.solve
    large = worthwhile(flat, how)
    if large and flat.integer.any() and objective == "cost" and how.solver in ("auto", "mip"):
        return _dived if how.solver == "auto" and _branching(flat) >= highs_run.LARGE else _branched
    if why:
        if _spread(how):
            raise _useless(how, why.unused, why.values)
        return solver_sequence.solve
    return _in_turn if large or _spread(how) else _direct


def _spread(how: How) -> bool:
    """Return True if an option is set that only the structured method uses."""
    return how.workers > 1 or how.scratch is not None


def _useless(how: How, code: str, values: Mapping[str, object] | None = None) -> OptionError:
    """Return the error that names these options."""
    asked = {
        "--workers": str(how.workers) if how.workers > 1 and how.recruit is None else "",
        "--cluster": f"{how.workers - 1} workers" if how.workers > 1 and how.recruit is not None else "",
        "--scratch": "" if how.scratch is None else str(how.scratch),
    }
    return OptionError({option: value for option, value in asked.items() if value}, code, values)


def expected(solve: Solve, flat: Flat, how: How) -> resource_estimates.Expectation:
    """Return the time and memory expected for `solve`, the method chosen for `flat`."""
    size = (*flat.shape, flat.nonzeros, int(flat.integer.sum()))
    if solve is _dived:
        return resource_estimates.predict(*size, how, structured=True, resolves=diving.RESOLVES)
    return resource_estimates.predict(*size, how, structured=solve in (_structured, _in_turn, _branched))


def beside(flat: Flat, how: How) -> Solve:
    """Return the solver for a model whose optimum is only compared with a plan.

    It is the structured method if worthwhile and without integers, otherwise HiGHS; options for the plan do not matter.
    """
    ours = how.solver == "auto" and not flat.integer.any() and worthwhile(flat, how)
    return _in_turn if ours else solver_sequence.solve


def _structured(flat: Flat, how: How, watch: Watch) -> Solution:
    from gnomon.interior_point import solve as interior  # noqa: PLC0415 (compiled: half a second, needed by large models)

    return interior.solve(flat, how, watch)


def worthwhile(flat: Flat, how: How) -> bool:
    """Return True if `auto` prefers the structured method, by the expected time and memory."""
    from gnomon.runtime.memory import available  # noqa: PLC0415

    size = (*flat.shape, flat.nonzeros, 0, replace(how, solver="auto"))
    return resource_estimates.better(
        resource_estimates.predict(*size, structured=True), resource_estimates.predict(*size), available() / 1e6
    )


def _branching(flat: Flat) -> int:
    """Return the non-zeros of the part of the model that branch and bound receives."""
    return integer_part.entries(flat, integer_part.with_integers(flat))


class _Unfit(NamedTuple):
    """Codes of the problem where the structured method is requested, and where options of it are, and their values."""

    refused: str
    unused: str
    values: Mapping[str, object]


def _unfit(flat: Flat, how: How, objective: str) -> _Unfit | None:
    """Return the reason why the structured method refuses the model; None if it accepts."""
    if flat.integer.any():
        return _Unfit("structured-takes-no-integers", "unused-with-integers", {"count": int(flat.integer.sum())})
    if objective != "cost":
        return _Unfit("structured-least-cost-only", "unused-with-objective", {})
    if how.solver != "auto":
        return _Unfit("structured-is-a-solver", "unused-with-solver", {"solver": how.solver})
    return None


def _in_turn(flat: Flat, how: How, watch: Watch, *, refute: bool = True) -> Solution:
    """Solve by the structured method, then by HiGHS if that ends without a proof or, memory permitting, is not certified.

    The solution then names the reason and counts both times. refute: True if the structured method searches for
    multipliers of an infeasible model first; with little time HiGHS does this.

    Raises SolverError if HiGHS would need more memory than is free, which could end the process.
    """
    from gnomon.interior_point import solve as interior  # noqa: PLC0415
    from gnomon.interior_point.formulation.standard_form import UnfitError  # noqa: PLC0415
    from gnomon.runtime.memory import available  # noqa: PLC0415

    began, clock, needed = time.perf_counter(), Clock(how), time_memory_laws.more_mb(flat.nonzeros, how)
    hurried = how.time_limit is not None and needed <= available() / 1e6
    refused = None
    try:
        found = interior.solve(flat, how, watch, refute=refute and not hurried)
        if not found.short:
            return found
        refused, end = found, found.doubt
    except (UnfitError, interior.UnprovenError) as error:  # not where processes, or a place on the disk, cannot be had
        end = error.end if isinstance(error, interior.UnprovenError) else str(error)
    gc.collect()  # exceptions held frames, and these the data of the method
    free = available()
    if refused is not None and (clock.over or needed > free / 1e6):
        return refused
    time_memory_laws.afford(flat.nonzeros, how, free, end)
    if watch is not None:
        watch(Progress("the structured method has no proof that is confirmed, going on with HiGHS", 0.0))
    try:
        found = solver_sequence.solve(flat, clock.within(how), watch)
    except SolverError:
        if refused is None:
            raise
        return refused
    if refused is not None and found.short and refused.gap <= found.gap:
        return refused
    return replace(found, gave_up=end, seconds=time.perf_counter() - began)


def _direct(flat: Flat, how: How, watch: Watch) -> Solution:
    """Solve by HiGHS, then by the structured method if none of its solvers has a proven answer."""
    began, clock = time.perf_counter(), Clock(how)
    found = None
    try:
        found = solver_sequence.solve(flat, how, watch)
        if not found.short:
            return found
    except SolverError as error:
        failure = error
    if watch is not None:
        watch(Progress("no solver of HiGHS found a proof, going on with the structured method", 0.0))
    try:
        other = _structured(flat, clock.within(how), watch)
        return found if found and other.short else replace(other, seconds=time.perf_counter() - began)
    except UnboundedError:
        raise
    except SolverError:
        if found is None:
            raise failure from None
        return found


def _branched(flat: Flat, how: How, watch: Watch) -> Solution:
    """Solve by branch and bound on the part with the integers, which is small, and the structured method around it."""
    return solver_sequence.solve(flat, how, watch, linear=_in_turn)


def _dived(flat: Flat, how: How, watch: Watch) -> Solution:
    """Solve by rounding and diving with the structured method, if the part with the integers is large."""
    return diving.solve(flat, how, watch, _in_turn, partial(_in_turn, refute=False))
