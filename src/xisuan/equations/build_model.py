"""Assembly of the whole model: the order in which variables and constraints are added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gnomon import Model
from xisuan.equations.access import rollout_constraints
from xisuan.equations.constraints import (
    capacity,
    hourly_work,
    network,
    orders,
    own_rules,
    policies,
    power,
    recourse_capacity,
    recourse_work,
    site_openings,
    stored_work,
)
from xisuan.equations.constraints.budgets import budget
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.results.labelled_values import Found
from xisuan.scenario.queries import subject_tables
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.members import refuse

CAPACITIES = ("hall", "retrofitted", "installed", "capacity", "supply", "energy", "opened", "deployed")
"""Variables that a plan decides and that are fixed in its operation."""

EARLY = (
    "build_hall", "hall_phases", "retrofit", "build", "build_modules", "build_link", "link_modules", "build_supply",
    "build_energy", "open", "kept", "deploy", "lay",
)  # fmt: skip
"""First-stage variables of a two-stage plan: orders, and what is kept of the existing fleet."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Arguments of `assemble`, so that another process can build the same model."""

    scenario: Scenario
    periods: tuple[int, ...] | None
    fixed: Mapping[str, Found] | None
    beside: Sequence[Scenario]

    def __call__(self) -> Model:
        """Return the model."""
        return assemble(self.scenario, self.periods, self.fixed, self.beside).model


def assemble(
    scenario: Scenario,
    periods: tuple[int, ...] | None = None,
    fixed: Mapping[str, Found] | None = None,
    beside: Sequence[Scenario] = (),
) -> Assembly:
    """Return the assembled model of a scenario, for all its periods or some.

    `fixed` gives the capacities of a plan to operate, by variable, for these periods. Nothing is ordered then, unserved
    work is shortfall, and yearly rules may be exceeded at a price. `beside`: futures that share the first stage
    (planning.two_stage); orders here may be as large as they need. Raises ScenarioError for a scenario with members:
    each member has a model of its own. Raises ScenarioError too for a scenario without assets to plan.
    """
    refuse(scenario)
    subject_tables.require_planned(scenario.has)
    given = Given(scenario, periods or scenario.settings.periods)
    others = tuple(Given(other, given.periods) for other in beside)
    assembly = Assembly(given, _empty(given), fixed=fixed, beside=others)
    capacity.in_use(assembly)
    orders.add(assembly)
    capacity.balances(assembly)
    site_openings.add(assembly)
    hourly_work.add(assembly)
    stored_work.add(assembly)
    network.add(assembly)
    power.add(assembly)
    recourse_work.add(assembly)
    recourse_capacity.add(assembly)
    rollout_constraints.add(assembly)
    policies.add(assembly)
    own_rules.add(assembly)
    assembly.model.constant = float(sum(values.sum() for values in assembly.constants.values()))
    assembly.model.recipe = Recipe(scenario, periods, fixed, beside)
    return assembly


def _empty(given: Given) -> Model:
    """Return an empty model whose periods are named by their years."""
    return Model(len(given.periods), given.scenario.timeline.previous, names=tuple(map(str, given.periods)))


def assemble_access(scenario: Scenario, budgets: bool = False) -> Assembly:
    """Return the part of the model that is gigabit access, without budgets or with all budgets applied to it alone."""
    given = Given(scenario, scenario.settings.periods)
    assembly = Assembly(given, _empty(given))
    rollout_constraints.add(assembly)
    if budgets:
        budget(assembly)
    return assembly
