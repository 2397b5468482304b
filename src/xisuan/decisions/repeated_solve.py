"""A plan's model asked again and again on few hours: with other costs, or of a scenario that differs a little."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from gnomon.highs import warm_simplex
from gnomon.highs.warm_simplex import Known, Vertex
from gnomon.model.linear_program import Flat, flatten
from xisuan.decisions.reported_place import new_halls_mw, new_mw
from xisuan.equations.build_model import assemble
from xisuan.equations.model_builder import Assembly
from xisuan.errors import InfeasibleError
from xisuan.scenario.scenario import Scenario


@dataclass(frozen=True)
class Asked:
    """The cheapest plan of a question: discounted cost, mCNY, and new IT power and halls in the last period by site, MW."""

    cost: float
    new_mw: dict[str, float]
    new_halls_mw: dict[str, float]


@dataclass(frozen=True, eq=False)
class Question:
    """A scenario on few hours, its model, and its cheapest plan, from which others are found quickly. known_vertex: that of
    the plan as it is, where somebody found it before; one of another shape is not taken."""

    scenario: Scenario
    known_vertex: Vertex | None = None

    @cached_property
    def assembly(self) -> Assembly:
        """The model in parts."""
        return assemble(self.scenario)

    @cached_property
    def flat(self) -> Flat:
        """The model as one matrix."""
        return flatten(self.assembly.model)

    @cached_property
    def vertex(self) -> Vertex:
        """The vertex of the plan as it is. Raises InfeasibleError where these hours have none."""
        known, (rows, columns) = self.known_vertex, self.flat.shape
        fits = known is not None and (len(known.row_dual), len(known.x)) == (rows, columns)
        found = known if fits else warm_simplex.near(self.flat)
        if found is None:
            raise InfeasibleError("There is no plan on the hours on which decisions are tried.")
        return found

    @property
    def known(self) -> Known:
        """Where the plans of other scenarios are begun."""
        return Known(self.flat, self.vertex)

    @cached_property
    def base(self) -> Asked:
        """The plan as it is. Raises InfeasibleError where these hours have none."""
        return self._read(self.assembly, self.flat, self.vertex)

    def ask(self, flat: Flat, start: Vertex) -> tuple[Asked, Vertex]:
        """The plan with other costs, which must not make it impossible, from a vertex of the model; and its vertex."""
        found = warm_simplex.near(flat, start, costs=True)
        if found is None:
            raise InfeasibleError("There is no plan on the hours on which decisions are tried.")
        return self._read(self.assembly, flat, found), found

    def of(self, scenario: Scenario) -> Asked | None:
        """The plan of another scenario on the same hours; None where it has none."""
        assembly = assemble(scenario)
        flat = flatten(assembly.model)
        start, still = self.known.carried(flat)
        found = warm_simplex.near(flat, start, costs=still)
        return None if found is None else self._read(assembly, flat, found)

    @staticmethod
    def _read(assembly: Assembly, flat: Flat, found: Vertex) -> Asked:
        values = flat.split_columns(found.x)
        return Asked(found.objective, new_mw(assembly, values), new_halls_mw(assembly, values))


def hours_of(scenario: Scenario, question: Question) -> str:
    """The hours of a question in a word: those of the scenario it is about, or a typical day."""
    return str(scenario.settings.hours) if question.scenario is scenario else "typical day"
