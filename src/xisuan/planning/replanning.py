"""Replanning with the orders of the first period fixed."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

import numpy as np

from gnomon import Array, Block, LinearProgram, Options, SolvedModel, flatten, solve_flat
from xisuan.equations import build_model
from xisuan.equations.model_builder import Assembly
from xisuan.errors import InfeasibleError
from xisuan.planning.expansion import make_plan
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _

BAND = 1e-6
"""Relative band around a fixed order: an interior-point solution meets its rows only to this accuracy."""


def replan(
    scenario: Scenario,
    orders: Mapping[str, Found] | None = None,
    late: Collection[str] = (),
    options: Options | None = None,
    known: SolvedModel | None = None,
) -> tuple[Plan, SolvedModel | None]:
    """Return the least-cost plan of `scenario` with the first period's orders fixed, and its vertex if it has one.

    orders: variables of a plan by name (None: orders are free). Items that `scenario` lacks are left out; items that
    `orders` lacks are not ordered. late: sites where nothing can be ordered in the first period; their orders are due
    in the second. known: model and vertex of a similar scenario as a warm start of the simplex method, tried before
    `options`. Integrality is kept.

    Raises InfeasibleError, without an explanation, where no plan exists.
    """
    began = time.perf_counter()
    assembly = build_model.assemble(scenario)
    flat = flatten(assembly.model)
    for name in assembly.capex:
        block = assembly.column(name)
        if block is not None and len(assembly.given.periods):
            _settle(assembly, flat, block, None if orders is None else orders.get(name), late)
    built = time.perf_counter() - began
    if known is not None and (found := known.towards(flat)) is not None:
        answer, vertex = found
        return make_plan(scenario, assembly, flat, answer, answer, built), vertex
    try:
        answer = solve_flat(flat, options or Options())
    except InfeasibleError:
        raise InfeasibleError(_("No plan follows from the orders of the first period.")) from None
    return make_plan(scenario, assembly, flat, answer, answer, built), None


def _settle(a: Assembly, flat: LinearProgram, block: Block, known: Found | None, late: Collection[str]) -> None:
    """Set the bounds of one family of orders: those of the first period as made, or in the second at `late` sites."""
    lower, upper = flat.part(flat.lower, block), flat.part(flat.upper, block)
    is_late = np.array([label[0] in late for label in block.labels], dtype=bool)
    if known is not None:
        amount = _amounts(block, known)
        # Fix the order within the accuracy of its solution and the upper bound of this scenario.
        least, most = np.minimum(amount * (1 - BAND), upper[0]), np.minimum(amount * (1 + BAND), upper[0])
        lower[0], upper[0] = np.where(is_late, 0.0, least), np.where(is_late, 0.0, most)
        if len(upper) > 1:
            lower[1] = np.where(is_late, np.minimum(least, upper[1]), lower[1])
    else:
        upper[0] = np.where(is_late, 0.0, upper[0])


def _amounts(block: Block, known: Found) -> Array:
    """Return the orders of the first period in the item order of `block`."""
    by_label = dict(zip(known.labels, known.values[0], strict=True))
    return np.array([by_label.get(label, 0.0) for label in block.labels], dtype=np.float64)
