"""Placement: at which site a job runs. A family of small parts; the protocol is `Placement`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from xisuan.simulation.plan_inputs.schedule_shares import Array
from xisuan.simulation.policies import user_defined


@dataclass(frozen=True)
class View:
    """What a policy sees at the start of an hour. O origins (region, workload), S stations (site, technology).

    `latency_ms` (O, S), inf where a station is not eligible; of each station `cny_per_unit_hour` and `kg_per_unit_hour` of
    energy for a busy unit, `units` attainable, `busy` and `asked` (in line or on the way) units; `planned` (O, S) shares.
    """

    hour: int
    latency_ms: Array
    cny_per_unit_hour: Array
    kg_per_unit_hour: Array
    units: Array
    busy: Array
    asked: Array
    planned: Array


@runtime_checkable
class Placement(Protocol):
    """Where jobs go in the coming hour.

    With `shares`, each origin's work is spread in those proportions. Without, a job goes to the station of the least
    score + `load_weight` × load among those with room for it at that moment; if none has room, to the one with the
    least to do. Stations that are not eligible or down are seen to by the simulation.
    """

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def load_weight(self) -> float:
        """What a station's load, 0 to 1 and above, adds to its score."""
        ...

    @property
    def as_scheduled(self) -> bool:
        """Whether work that may wait is held back until the schedule of the plan runs it; if not, it runs when it can."""
        ...

    def scores(self, view: View) -> Array:
        """Of each station for each origin: the least is chosen. Shape (O, S), finite."""
        ...

    def shares(self, view: View) -> Array | None:
        """Of each station in each origin's work; None, or a row of zeros: by scores. Shape (O, S), 0 or more."""
        ...


@dataclass(frozen=True, slots=True)
class Nearest:
    """The least latency; the cheaper of equals."""

    name: str = "nearest"
    load_weight: float = 0.0
    as_scheduled: bool = False

    def scores(self, view: View) -> Array:
        """Latency in ms."""
        near = np.where(np.isfinite(view.latency_ms), view.latency_ms, 0.0)
        return np.asarray(near + 1e-9 * view.cny_per_unit_hour)

    def shares(self, _view: View) -> None:
        """By scores."""
        return


@dataclass(frozen=True, slots=True)
class Cheapest:
    """The least cost of energy in this hour; the nearer of equals."""

    name: str = "cheapest"
    load_weight: float = 0.0
    as_scheduled: bool = False

    def scores(self, view: View) -> Array:
        """CNY per unit and hour."""
        near = np.where(np.isfinite(view.latency_ms), view.latency_ms, 0.0)
        return np.asarray(view.cny_per_unit_hour + 1e-9 * near)

    def shares(self, _view: View) -> None:
        """By scores."""
        return


@dataclass(frozen=True, slots=True)
class Greenest:
    """The least carbon in this hour; the nearer of equals."""

    name: str = "greenest"
    load_weight: float = 0.0
    as_scheduled: bool = False

    def scores(self, view: View) -> Array:
        """Kilograms per unit and hour."""
        near = np.where(np.isfinite(view.latency_ms), view.latency_ms, 0.0)
        return np.asarray(view.kg_per_unit_hour + 1e-9 * near)

    def shares(self, _view: View) -> None:
        """By scores."""
        return


@dataclass(frozen=True, slots=True)
class LeastLoaded:
    """The station of which the smallest part is in use or asked for; the nearer of equals."""

    name: str = "least-loaded"
    load_weight: float = 1.0
    as_scheduled: bool = False

    def scores(self, view: View) -> Array:
        """Latency, so small that it only decides ties."""
        return np.asarray(1e-9 * np.where(np.isfinite(view.latency_ms), view.latency_ms, 0.0))

    def shares(self, _view: View) -> None:
        """By scores."""
        return


@dataclass(frozen=True, slots=True)
class AsPlanned:
    """As the schedule of the plan spreads the work of the hour."""

    name: str = "plan"
    load_weight: float = 0.0
    as_scheduled: bool = True

    def scores(self, view: View) -> Array:
        """Latency, for work that the plan says nothing of."""
        return np.where(np.isfinite(view.latency_ms), view.latency_ms, 0.0)

    def shares(self, view: View) -> Array:
        """Those of the plan."""
        return view.planned


_MEMBERS: tuple[Placement, ...] = (AsPlanned(), Nearest(), Cheapest(), Greenest(), LeastLoaded())

PLACEMENTS: dict[str, Placement] = {placement.name: placement for placement in _MEMBERS}
"""The placements there are, by name."""


def placement(choice: str | Placement) -> Placement:
    """The placement of that name, of FILE.py:NAME, or the one given. Raises ScenarioError where there is none."""
    if not isinstance(choice, str):
        return choice
    return user_defined.member("placement", choice, PLACEMENTS, Placement)  # type: ignore[type-abstract]
