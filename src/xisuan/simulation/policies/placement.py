"""Placement policies: the site at which a job runs. The protocol of the family is `Placement`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from xisuan.simulation.plan_inputs.schedule_shares import Array
from xisuan.simulation.policies import user_defined


@dataclass(frozen=True)
class View:
    """State that a placement policy sees at the start of an hour.

    O origins (region, workload), S stations (site, technology).

    - `latency_ms` (O, S): one way; inf where a station is not eligible. `planned` (O, S): shares of the plan's
      schedule.
    - `cny_per_unit_hour`, `kg_per_unit_hour` (S,): cost and carbon of the energy of a busy unit.
    - `units` (S,): attainable; `busy` (S,): in use; `asked` (S,): requested in line or on the way.
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
    """Placement policy for the coming hour.

    With `shares`, the work of each origin is spread in those proportions. Otherwise a job goes to the station of the
    least score + `load_weight` × load among those with room at that moment; if none has room, to the least loaded. The
    simulation excludes stations that are not eligible or down.
    """

    @property
    def name(self) -> str:
        """Name of the policy."""
        ...

    @property
    def load_weight(self) -> float:
        """Weight of a station's load (0 to 1 and above) in its score."""
        ...

    @property
    def as_scheduled(self) -> bool:
        """True if deferrable work is held until the schedule of the plan runs it; otherwise it runs when it can."""
        ...

    def scores(self, view: View) -> Array:
        """Return the score of each station for each origin; the least is chosen. Shape (O, S), finite."""
        ...

    def shares(self, view: View) -> Array | None:
        """Return the share of each station in each origin's work. Shape (O, S), 0 or more.

        None, or a row of zeros: place by scores.
        """
        ...


@dataclass(frozen=True, slots=True)
class Nearest:
    """Least latency; ties by the cost of energy."""

    name: str = "nearest"
    load_weight: float = 0.0
    as_scheduled: bool = False

    def scores(self, view: View) -> Array:
        """Return the latency in ms."""
        near = np.where(np.isfinite(view.latency_ms), view.latency_ms, 0.0)
        return np.asarray(near + 1e-9 * view.cny_per_unit_hour)

    def shares(self, _view: View) -> None:
        """Return None: place by scores."""
        return


@dataclass(frozen=True, slots=True)
class Cheapest:
    """Least cost of energy in the hour; ties by latency."""

    name: str = "cheapest"
    load_weight: float = 0.0
    as_scheduled: bool = False

    def scores(self, view: View) -> Array:
        """Return the cost of energy in CNY per unit and hour."""
        near = np.where(np.isfinite(view.latency_ms), view.latency_ms, 0.0)
        return np.asarray(view.cny_per_unit_hour + 1e-9 * near)

    def shares(self, _view: View) -> None:
        """Return None: place by scores."""
        return


@dataclass(frozen=True, slots=True)
class Greenest:
    """Least carbon in the hour; ties by latency."""

    name: str = "greenest"
    load_weight: float = 0.0
    as_scheduled: bool = False

    def scores(self, view: View) -> Array:
        """Return the carbon in kg per unit and hour."""
        near = np.where(np.isfinite(view.latency_ms), view.latency_ms, 0.0)
        return np.asarray(view.kg_per_unit_hour + 1e-9 * near)

    def shares(self, _view: View) -> None:
        """Return None: place by scores."""
        return


@dataclass(frozen=True, slots=True)
class LeastLoaded:
    """Least load (busy and requested units over those up); ties by latency."""

    name: str = "least-loaded"
    load_weight: float = 1.0
    as_scheduled: bool = False

    def scores(self, view: View) -> Array:
        """Return the latency, scaled so that it decides ties only."""
        return np.asarray(1e-9 * np.where(np.isfinite(view.latency_ms), view.latency_ms, 0.0))

    def shares(self, _view: View) -> None:
        """Return None: place by scores."""
        return


@dataclass(frozen=True, slots=True)
class AsPlanned:
    """Shares of the plan's schedule in the hour."""

    name: str = "plan"
    load_weight: float = 0.0
    as_scheduled: bool = True

    def scores(self, view: View) -> Array:
        """Return the latency, which decides for work that the schedule does not cover."""
        return np.where(np.isfinite(view.latency_ms), view.latency_ms, 0.0)

    def shares(self, view: View) -> Array:
        """Return the shares of the schedule."""
        return view.planned


_MEMBERS: tuple[Placement, ...] = (AsPlanned(), Nearest(), Cheapest(), Greenest(), LeastLoaded())

PLACEMENTS: dict[str, Placement] = {placement.name: placement for placement in _MEMBERS}
"""Policies of this module by name."""


def placement(choice: str | Placement) -> Placement:
    """Return the policy of that name or of FILE.py:NAME, or the object given. Raises ScenarioError if it is unknown."""
    if not isinstance(choice, str):
        return choice
    return user_defined.member("placement", choice, PLACEMENTS, Placement)  # type: ignore[type-abstract]
