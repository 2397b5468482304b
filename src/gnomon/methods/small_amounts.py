"""Removal of amounts too small to mean anything from a proven solution, for a part of the requested gap.

A vertex, and any solution of a small model, is replaced by the cheapest vertex without them, by warm-started simplex. The
interior point of a larger model, where a second solve would take as long as the first, is projected onto its rows
without them, which takes about one iteration. The duals of
the solution and the bound that they prove remain valid: they belong to the model, which does not change.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gnomon.arrays import Index, Mask
from gnomon.errors import SolverError
from gnomon.highs import feasibility
from gnomon.highs.warm_simplex import RepeatedProgram
from gnomon.model.linear_program import LinearProgram
from gnomon.options import Options
from gnomon.proof import weak_duality
from gnomon.proof.primal_repair import below, is_cheap, repair
from gnomon.solution import Solution
from gnomon.strategies import strategy_order
from gnomon.transforms import integrality

SOLVES = 24
"""Maximum number of warm-started solves: all amounts at once, then ever smaller groups of those that are needed."""


def removed(flat: LinearProgram, found: Solution, options: Options) -> Solution:
    """Return `found` without the values below `options.smallest`, as far as rows permit and the cost is a part of the
    gap.

    Integers keep their values. Solutions of the structured method are returned unchanged: it removes such values
    itself.
    """
    if options.smallest is None or found.short or found.solver == "structured":
        return found
    options = replace(options, gap=options.gap_or_default(integers=bool(flat.integer.any())))
    flat = integrality.fix_integers(flat, found.x) if flat.integer.any() else flat
    small = below(flat, found.x, options.smallest or {})
    if not small.any():
        return found
    began = time.perf_counter()
    try:
        projects = found.solver in ("ipx", "hipo") and flat.nonzeros >= strategy_order.SMALL
        best = _projected(flat, found, options) if projects else _vertex(flat, found, small, options)
    except SolverError:  # the solution is proven, and keeps these amounts
        return found
    return replace(best, seconds=found.seconds + time.perf_counter() - began)


def _projected(flat: LinearProgram, found: Solution, options: Options) -> Solution:
    """Return an interior point projected onto its rows without the small amounts.

    `found` itself is returned for a linear program with rows that its block model lacks.
    """
    from gnomon.interior_point import solve as interior  # noqa: PLC0415 (compiled: half a second, needed by large models)

    model = flat.model
    rows = model.periods * (model.items(False, model.rows) + model.hours * model.items(True, model.rows))
    return interior.cleared(flat, found, options) if rows == flat.shape[0] else found


def _vertex(flat: LinearProgram, found: Solution, small: Mask, options: Options) -> Solution:
    """Return the cheapest vertex without the small amounts, or without as many of them as can be removed.

    Each vertex may have new small amounts, which are removed in turn.
    """
    gap = options.gap_or_default()
    engine, gone, best, left = RepeatedProgram(flat), np.zeros(len(small), dtype=bool), found, SOLVES
    refused = np.zeros(len(small), dtype=bool)
    groups: list[Index] = [np.flatnonzero(small)]
    while groups and left:
        left -= 1
        group = groups.pop()
        trial = gone.copy()
        trial[group] = True
        answer = _without(flat, engine, found, trial, gap)
        if answer is None:
            refused[group] = len(group) == 1
            groups += _halves(group)
            continue
        gone, best = trial, answer
        more = below(flat, best.x, options.smallest or {}) & ~refused
        groups = [group[~gone[group]] for group in groups] + [np.flatnonzero(more & ~_any(groups, more))]
        groups = [group for group in groups if len(group)]
    return best


def _halves(group: Index) -> Iterator[Index]:
    """Yield both halves of a group of more than one."""
    if len(group) > 1:
        yield from np.array_split(group, 2)


def _any(groups: list[Index], like: Mask) -> Mask:
    """Return a mask of the members of all groups."""
    out = np.zeros_like(like)
    for group in groups:
        out[group] = True
    return out


def _without(flat: LinearProgram, engine: RepeatedProgram, found: Solution, gone: Mask, gap: float) -> Solution | None:
    """Return the cheapest vertex without some columns; None if there is no vertex, or it costs too much of the gap."""
    upper = np.where(gone, 0.0, flat.upper)
    x = engine.bounded(upper, 0, np.empty(0), np.empty(0))
    if x is None:
        return None
    x = repair(replace(flat, upper=upper), x)
    answer = replace(found, x=x, objective=float(flat.cost @ x) + flat.constant)
    cheap = is_cheap(found.objective, answer.objective, gap) and -gap <= answer.gap <= gap
    return answer if cheap and weak_duality.violation(flat, x) <= feasibility.FEASIBLE else None
