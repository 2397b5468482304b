"""Operation of one period by the structured method, with exact rows, to a gap that penalties do not hide.

Shortfall costs thousands of times what work costs. A row that may be exceeded by 1e-7 of its side, as the method
otherwise allows, would then save more than the gap asked: the plan costs less than its own lower bound, and no proof is
possible. Rows are therefore exact. Where penalties are most of the cost, a gap relative to all of it says little about
the rest, and the search continues from its own answer to a finer one.
"""

from __future__ import annotations

from dataclasses import replace

from gnomon import LEAST_OBJECTIVE, Clock, LinearProgram, Options, Solution, Watch
from xisuan.dispatch import dual_proof
from xisuan.equations.model_builder import Assembly


def structured(
    flat: LinearProgram, assembly: Assembly, options: Options, watch: Watch, known: dual_proof.Known | None = None
) -> Solution | None:
    """Return the least-cost operation of one period, proven by its duals; None where the method proves none.

    The search starts from the plan's operation (`known`) where its residuals are small, otherwise, or if that fails,
    from coarse hours. The answer may keep a gap that penalties hide, if the finer search fails or time is over.
    """
    clock, found = Clock(options), None
    if known is not None:
        found = _solve(flat, replace(options, kept=None), watch, known)  # the checkpoint belongs to the search below
    if known is None or ((found is None or found.doubt) and not clock.is_over):
        found = _solve(flat, clock.limit(options), watch) or found
    if found is None or found.doubt or clock.is_over:
        return found
    penalty = dual_proof.penalty(assembly, flat.split_columns(found.x))
    if dual_proof.sharp(found, penalty, options):
        return found
    paid = abs(found.objective - penalty) / max(LEAST_OBJECTIVE, abs(found.objective))
    gap = max(dual_proof.FINEST, options.gap_or_default() * paid)
    finer = _solve(flat, replace(clock.limit(options), gap=gap), watch, (found.x, found.row_dual), trusted=True)
    if finer is None or finer.doubt:
        return found
    return replace(finer, seconds=found.seconds + finer.seconds, iterations=found.iterations + finer.iterations)


def _solve(
    flat: LinearProgram, options: Options, watch: Watch, near: dual_proof.Known | None = None, *, trusted: bool = False
) -> Solution | None:
    """Return the answer of the structured method, started from `near` if given; None where it has no proof.

    Infeasibility is not tested: an operation always exists.
    """
    from gnomon import UnprovenError, solve_structured  # noqa: PLC0415 (compiled: half a second, needed by large models)

    try:
        return solve_structured(
            flat, options, watch, near, trusted=trusted, leeway=False, tentative=near is not None, refute=False
        )
    except UnprovenError:
        return None
