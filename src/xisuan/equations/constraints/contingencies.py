"""Contingencies with their data: what is left of sites and links, what must survive, and when.

Each contingency has variables and constraints of its own in every hour; outside the hours in which it must be survived
the variables are 0 and the constraints open. Recourse costs nothing: a contingency acts through capacity alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gnomon import Array, Block, Label, Mask
from xisuan.equations.index_sets import Given
from xisuan.equations.model_builder import Assembly
from xisuan.scenario.queries import candidates
from xisuan.scenario.queries.contingencies import Contingency, active_hours, contingencies, recourse_options
from xisuan.scenario.queries.routing import Option

Part = Callable[[Assembly, "Case"], tuple[list[Label], Array]]
"""Function that returns labels without the name of the contingency, and numbers (periods, hours, labels)."""


@dataclass(frozen=True)
class Case:
    """A contingency with its data: `active` (periods, hours), and the share `lost` by period, 0 where it does not hold."""

    one: Contingency
    active: Mask
    lost: Array
    given: Given

    @property
    def name(self) -> str:
        """Name of the contingency."""
        return self.one.name

    def left(self, kind: str, names: Sequence[str]) -> Array:
        """Return the share of the capacity of each site (or link) that is left. Shape (periods, names)."""
        fails = np.array([name == getattr(self.one, kind) for name in names], dtype=bool)
        return np.where(fails, 1.0 - self.lost[:, None], 1.0)

    def workloads(self, pairwise: bool) -> list[str]:
        """Return the workloads that must survive, with demand, pairwise or free in some period."""
        return [name for name in self.given.workloads(stock=False, pairwise=pairwise) if name in self.one.surviving]

    def demand(self, labels: Sequence[Label], pairwise: bool) -> Array:
        """Return what must be served of (region, workload) in the hours of the contingency.

        0 in the periods in which the workload is free, or pairwise. Shape (periods, hours, labels).
        """
        g = self.given
        every = g.scenario.settings.periods
        now = [every.index(period) for period in g.periods]
        paired = {name: candidates.pairwise_periods(g.scenario, name) for _, name in labels}
        asked = [[paired[w][y] == pairwise and w in self.one.workloads[y] for _, w in labels] for y in now]
        mask = np.array(asked, dtype=bool).reshape(len(now), 1, len(labels)) & self.active[..., None]
        return np.where(mask, g.demand(labels), 0.0)

    def options(self) -> Iterator[tuple[Label, Option]]:
        """Yield each (region, site, workload, path) of recourse with its route."""
        for workload in self.workloads(pairwise=True):
            for way in recourse_options(self.given.scenario, self.name, workload):
                yield (way.region, way.site, workload, way.path), way

    def groups(self) -> set[str]:
        """Return the balance groups of the work that must survive."""
        return {self.given.kind_of_work(name) for name in (*self.workloads(True), *self.workloads(False))}


def held(given: Given) -> list[Case]:
    """Return the contingencies that some work must survive in some of the modelled hours."""
    scenario = given.scenario
    now = [scenario.settings.periods.index(period) for period in given.periods]
    found: list[Case] = []
    for one in contingencies(scenario):
        active = active_hours(scenario, one)[now]
        if active.any() and one.surviving & given.demanded.keys():
            found.append(Case(one, active, np.nan_to_num(np.array(one.lost)[now]), given))
    return found


def joined(a: Assembly, cases: Sequence[Case], part: Part) -> tuple[list[Label], Array]:
    """Return labels with the name of their contingency first, and numbers (periods, hours, labels), of all cases."""
    found = [(case, *part(a, case)) for case in cases]
    labels = [(case.name, *label) for case, own, _ in found for label in own]
    return labels, np.concatenate([numbers for _, _, numbers in found], axis=-1)


def most_while(case: Case, usable: Array) -> Array:
    """Return upper bounds: ∞ in the hours of a contingency where `usable` (periods, items), else 0."""
    return np.where(case.active[..., None] & (usable > 0)[:, None, :], np.inf, 0.0)


def shares_left(cases: Sequence[Case], kind: str, items: Sequence[Label]) -> Array:
    """Return the share left of each (contingency, site or link). Shape (periods, items)."""
    by_name = {case.name: case for case in cases}
    parts = [by_name[name].left(kind, [item]) for name, item in items]
    return np.concatenate(parts, axis=1) if parts else np.zeros((cases[0].active.shape[0], 0))


def hours_held(cases: Sequence[Case], labels: Sequence[Label]) -> Mask:
    """Return True in the hours of the contingency that each label names first. Shape (periods, hours, labels)."""
    by_name = {case.name: case.active for case in cases}
    parts = [by_name[label[0]] for label in labels]
    return np.stack(parts, axis=-1) if parts else np.zeros((*cases[0].active.shape, 0), dtype=bool)


def equal_while(
    a: Assembly, name: str, labels: Sequence[Label], cases: Sequence[Case], value: Array | float = 0.0
) -> Block:
    """Add rows of an equation that holds in the hours of its contingency and is open outside. Return their block."""
    on = hours_held(cases, labels)
    return a.rows(name, labels, lower=np.where(on, value, -np.inf), upper=np.where(on, value, np.inf))
