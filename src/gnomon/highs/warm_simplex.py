"""Vertices of small models that are solved repeatedly: warm-started simplex without proof, log or extra thread."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from gnomon.arrays import Array, Index
from gnomon.errors import SolverError
from gnomon.highs import feasibility, highs_run, highs_status
from gnomon.highs.highs_run import Basis
from gnomon.highs.highs_status import Outcome
from gnomon.highs.model_transfer import hand_over
from gnomon.model.linear_program import LinearProgram
from gnomon.options import LP_GAP, MIP_GAP
from gnomon.proof import weak_duality
from gnomon.solution import Solution
from gnomon.transforms.equilibration import equilibrate

DUAL, PRIMAL = 1, 4
"""Simplex strategies of HiGHS: dual and primal."""
DEVEX = 1
"""Pricing of the dual simplex. Steepest edge, HiGHS's default, first solves a system for every row of a given basis, which
takes about twice as long on typical days."""
STILL = 1e-6
"""Largest relative violation at which a vertex of another model counts as a solution."""


def vertex(flat: LinearProgram) -> Array | None:
    """Return the cheapest vertex of the relaxation of a small model; None if it is infeasible."""
    return RepeatedProgram(flat).solve(flat.cost)


def best_integer_point(
    flat: LinearProgram,
    gap: float = MIP_GAP,
    nodes: int | None = None,
    target: float = -np.inf,
    *,
    done: bool = False,
) -> Array | None:
    """Return the cheapest integer point of a small model to a relative gap, without a proof; None if none was found.

    After `nodes` nodes, or at an objective of `target`, the best point so far is returned; with `done`, None. Raises
    SolverError in any other state.
    """
    highs = highs_run.new_instance()
    options = {"output_flag": False, "mip_rel_gap": gap, "objective_target": target}
    for name, value in (options | ({} if nodes is None else {"mip_max_nodes": nodes})).items():
        highs.setOptionValue(name, value)
    hand_over(highs, flat)
    highs_run.run_branch_and_bound(highs, highs.run)
    named = highs.getModelStatus().name
    outcome = highs_status.outcome(named)
    if outcome is Outcome.INFEASIBLE:
        return None
    if outcome not in (Outcome.OPTIMAL, Outcome.STOPPED):
        raise SolverError(f"branch and bound: {highs_status.explain_status(named)}")
    if done and outcome is not Outcome.OPTIMAL:
        return None
    found = highs.getInfo().primal_solution_status == highs_run.FEASIBLE
    return np.array(highs.getSolution().col_value) if found else None


class RepeatedProgram:
    """A linear program solved repeatedly with other costs or limits, by a warm-started simplex without a proof.

    Integrality is ignored. `row_dual` is that of the last solve.
    """

    def __init__(self, flat: LinearProgram) -> None:
        self._highs = highs_run.new_instance()
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("solver", "simplex")
        hand_over(self._highs, replace(flat, integer=np.zeros_like(flat.integer)))
        self._columns = np.arange(flat.shape[1], dtype=np.int32)
        self._lower = np.array(flat.lower)
        self.row_dual = np.zeros(flat.shape[0])

    def solve(self, cost: Array) -> Array | None:
        """Return the cheapest vertex; None if infeasible. Raises SolverError in any other state."""
        self._highs.changeColsCost(len(self._columns), self._columns, np.ascontiguousarray(cost, dtype=np.float64))
        return self._run()

    def bounded(self, upper: Array, first: int, row_lower: Array, row_upper: Array) -> Array | None:
        """Return the same at the last costs, with other upper bounds, and other sides of the rows from `first` on."""
        self._highs.changeColsBounds(len(self._columns), self._columns, self._lower, np.ascontiguousarray(upper))
        if len(row_lower):
            rows = np.arange(first, first + len(row_lower), dtype=np.int32)
            self._highs.changeRowsBounds(len(rows), rows, np.array(row_lower), np.array(row_upper))
        return self._run()

    def _run(self) -> Array | None:
        """Run simplex and return its vertex; None if infeasible. Raises SolverError in any other state."""
        self._highs.run()
        if highs_status.outcome(self._highs.getModelStatus().name) not in (Outcome.OPTIMAL, Outcome.INFEASIBLE):
            self._highs.clearSolver()  # cold start if the old basis fails
            self._highs.run()
        named = self._highs.getModelStatus().name
        outcome = highs_status.outcome(named)
        if outcome is Outcome.INFEASIBLE:
            return None
        if outcome is not Outcome.OPTIMAL:
            raise SolverError(f"simplex: {highs_status.explain_status(named)}")
        found = self._highs.getSolution()
        self.row_dual = np.array(found.row_dual)
        return np.array(found.col_value)


@dataclass(frozen=True, slots=True)
class Vertex:
    """A vertex: x, shape (columns,), row duals, objective, basis for a warm start, and the iterations it took.

    It is the cheapest of its model if `nearest_vertex` found it. The results of `with_slack_row` and `transfer` need not be.
    """

    x: Array
    row_dual: Array
    objective: float
    basis: Basis
    iterations: int = 0

    def with_slack_row(self) -> Vertex:
        """Return this vertex in a model with one more row, the last, in which its slack is basic.

        The objective stays that of the original model.
        """
        columns, rows = np.arange(len(self.x)), np.append(np.arange(len(self.row_dual)), -1)
        basis = self.basis.rearranged(columns, rows)
        if basis is None:
            raise AssertionError  # a new row is basic, and no row is removed
        return Vertex(self.x, np.append(self.row_dual, 0.0), self.objective, basis)

    def transfer(self, old: LinearProgram, new: LinearProgram) -> Vertex | None:
        """Return this vertex of `old` in another model of the same hours, with new columns at a bound.

        None if the hours differ or the result is not a basis.
        """
        if (old.model.periods, old.model.hours) != (new.model.periods, new.model.hours):
            return None
        columns, rows = _old_numbers(old, new, rows=False), _old_numbers(old, new, rows=True)
        basis = self.basis.rearranged(columns, rows)
        if basis is None:
            return None
        x = np.where(columns >= 0, np.append(self.x, 0.0)[columns], np.clip(0.0, new.lower, new.upper))
        return Vertex(x, np.append(self.row_dual, 0.0)[rows], float(new.cost @ x) + new.constant, basis)


@dataclass(frozen=True, slots=True)
class SolvedModel:
    """A model and its cheapest vertex, as a warm start for models of the same hours."""

    flat: LinearProgram
    vertex: Vertex

    def transfer(self, flat: LinearProgram) -> tuple[Vertex | None, bool]:
        """Return the vertex in `flat`, None if it does not carry over; and True if it satisfies `flat`."""
        start = self.vertex.transfer(self.flat, flat)
        return start, start is not None and weak_duality.violation(flat, start.x) <= STILL

    def towards(self, flat: LinearProgram) -> tuple[Solution, SolvedModel] | None:
        """Return the proven optimum of `flat` and its vertex, by a warm-started simplex.

        None if the vertex does not carry over, if there are integers, or if no proven optimum was found.
        """
        began = time.perf_counter()
        start, still = self.transfer(flat)
        try:
            found = None if start is None or flat.integer.any() else nearest_vertex(flat, start, costs=still)
        except SolverError:
            return None
        if found is None or weak_duality.violation(flat, found.x) > feasibility.FEASIBLE:
            return None
        bound = weak_duality.proven(flat, found.row_dual, found.objective)
        seconds = time.perf_counter() - began
        answer = Solution(found.x, found.row_dual, found.objective, bound, "simplex", found.iterations, seconds, "")
        return (answer, SolvedModel(flat, found)) if -LP_GAP <= answer.gap <= LP_GAP else None


def _old_numbers(old: LinearProgram, new: LinearProgram, *, rows: bool) -> Index:
    """Return for each column (or row) of `new` its number in `old`, −1 if that has none of the same name."""
    before = old.model.rows if rows else old.model.columns
    blocks = new.model.rows if rows else new.model.columns
    side = 0 if rows else 1
    out, numbers = np.full(new.shape[side], -1), np.arange(old.shape[side])
    for name, block in blocks.items():
        if name in before and before[name].hourly == block.hourly:
            place = before[name].position
            here = [at for at, label in enumerate(block.labels) if label in place]
            there = [place[block.labels[at]] for at in here]
            new.part(out, block, rows=rows)[..., here] = old.part(numbers, before[name], rows=rows)[..., there]
    return out


def nearest_vertex(flat: LinearProgram, start: Vertex | None = None, *, costs: bool = False) -> Vertex | None:
    """Return the cheapest vertex of the relaxation of a model; None if infeasible.

    `start`: a vertex of the model, or of one of the same shape, for a warm start. `costs`: True if it is still primal
    feasible, as after a change of costs. The primal simplex then takes a twentieth of the time, on the unscaled model,
    because scaling factors depend on the costs. Raises SolverError in any other state.
    """
    scaling = equilibrate(flat) if flat.nonzeros >= highs_run.SCALED and not costs else None
    highs = highs_run.new_instance()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("solver", "simplex")
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("simplex_dual_edge_weight_strategy", DEVEX)
    hand_over(highs, replace(scaling.apply(flat) if scaling else flat, integer=np.zeros_like(flat.integer)))
    # Warm start: dual simplex after changes of bounds, primal after changes of costs.
    if start is not None and len(start.x) == flat.shape[1] and len(start.row_dual) == flat.shape[0]:
        highs_run.warm_start(highs, start.basis)
        highs.setOptionValue("simplex_strategy", PRIMAL if costs else DUAL)
    highs.run()
    named = highs.getModelStatus().name
    if highs_status.outcome(named) is not Outcome.OPTIMAL and start is not None:
        return nearest_vertex(flat)
    if highs_status.outcome(named) is Outcome.INFEASIBLE:
        return None
    if highs_status.outcome(named) is not Outcome.OPTIMAL:
        raise SolverError(f"simplex: {highs_status.explain_status(named)}")
    found = highs.getSolution()
    x, dual = np.array(found.col_value), np.array(found.row_dual)
    if scaling is not None:
        x, dual = scaling.primal(x), scaling.dual(dual)
    x = np.clip(x, flat.lower, flat.upper)
    iterations = max(0, highs.getInfo().simplex_iteration_count)
    return Vertex(x, dual, float(flat.cost @ x) + flat.constant, highs_run.basis_of(highs), iterations)
