"""Repeated solves of a plan's model on few hours, with changed costs or a similar scenario, by warm-started simplex."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from gnomon import LinearProgram, SolvedModel, Vertex, flatten, nearest_vertex
from xisuan.decisions.reported_place import new_halls_mw, new_mw
from xisuan.equations.build_model import assemble
from xisuan.equations.model_builder import Assembly
from xisuan.errors import InfeasibleError
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import message as _


@dataclass(frozen=True)
class Answer:
    """Result of a solve: discounted cost, million CNY, and new IT power and halls in the last period by site, MW."""

    cost: float
    new_mw: dict[str, float]
    new_halls_mw: dict[str, float]


@dataclass(frozen=True, eq=False)
class Question:
    """A scenario on few hours with its model and optimal vertex, from which other solves are warm-started.

    known_vertex: vertex of this model from an earlier solve; ignored if its shape does not fit.
    """

    scenario: Scenario
    known_vertex: Vertex | None = None

    @cached_property
    def assembly(self) -> Assembly:
        """Return the assembled model."""
        return assemble(self.scenario)

    @cached_property
    def flat(self) -> LinearProgram:
        """Return the model as one matrix."""
        return flatten(self.assembly.model)

    @cached_property
    def vertex(self) -> Vertex:
        """Return the optimal vertex of the unchanged scenario. Raises InfeasibleError where it has no plan."""
        known, (rows, columns) = self.known_vertex, self.flat.shape
        fits = known is not None and (len(known.row_dual), len(known.x)) == (rows, columns)
        found = known if fits else nearest_vertex(self.flat)
        if found is None:
            raise InfeasibleError(_("There is no plan on the hours on which decisions are tried."))
        return found

    @property
    def solved_model(self) -> SolvedModel:
        """Return the model and vertex as a warm start for other scenarios."""
        return SolvedModel(self.flat, self.vertex)

    @cached_property
    def base(self) -> Answer:
        """Return the result of the unchanged scenario. Raises InfeasibleError where it has no plan."""
        return self._read(self.assembly, self.flat, self.vertex)

    def solve(self, flat: LinearProgram, start: Vertex) -> tuple[Answer, Vertex]:
        """Solve the model with other costs from the vertex `start`; return the result and its vertex.

        Raises InfeasibleError where no solution exists.
        """
        found = nearest_vertex(flat, start, costs=True)
        if found is None:
            raise InfeasibleError(_("There is no plan on the hours on which decisions are tried."))
        return self._read(self.assembly, flat, found), found

    def solve_scenario(self, scenario: Scenario) -> Answer | None:
        """Return the result of another scenario on the same hours; None if it is infeasible."""
        assembly = assemble(scenario)
        flat = flatten(assembly.model)
        start, still = self.solved_model.transfer(flat)
        found = nearest_vertex(flat, start, costs=still)
        return None if found is None else self._read(assembly, flat, found)

    @staticmethod
    def _read(assembly: Assembly, flat: LinearProgram, found: Vertex) -> Answer:
        """Return the result of a vertex."""
        values = flat.split_columns(found.x)
        return Answer(found.objective, new_mw(assembly, values), new_halls_mw(assembly, values))


def hours_of(scenario: Scenario, question: Question) -> str:
    """Return the name of the hours of a question: those of the scenario, or "typical day"."""
    return str(scenario.settings.hours) if question.scenario is scenario else "typical day"
