"""Choices that distinguish the scenarios of the family: years, sites, and places of demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tools.china.national import YEARS


@dataclass(frozen=True)
class Site:
    """Site; `covers` lists the provinces whose capacity outside the ten clusters it holds."""

    name: str
    title: str
    title_zh: str
    kind: str
    hub: str
    node: str
    zone: str
    investor: str
    covers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """Choices of one scenario; all scenarios share the facts behind them.

    `periods`: with a single one, the scenario is a static picture of that year: orders are available at once, and
    yearly limits and budgets are summed over all years from 2026. `weights`: share of national demand by region.
    `zones`: grid zones to price although no site is in them.
    """

    periods: tuple[int, ...]
    sites: tuple[Site, ...]
    weights: Mapping[str, float]
    zones: tuple[str, ...] = ()

    @property
    def demand_years(self) -> tuple[int, ...]:
        """Return the years of demand: the periods, and the year before them, against which the model is calibrated."""
        ended = YEARS[0] if self.picture else self.periods[0]
        return (ended - 1, *self.periods)

    @property
    def picture(self) -> bool:
        """Return True if the scenario has a single year."""
        return len(self.periods) == 1

    @property
    def lead_years(self) -> int:
        """Return the years from order to use of halls, links and plants."""
        return 0 if self.picture else 1

    @property
    def clusters(self) -> tuple[Site, ...]:
        """Return the national clusters."""
        return tuple(site for site in self.sites if site.kind == "cluster")

    @property
    def metros(self) -> tuple[Site, ...]:
        """Return the metro edge sites."""
        return tuple(site for site in self.sites if site.kind == "edge")

    def yearly(self, by_year: Mapping[int, float]) -> dict[int, float]:
        """Return amounts by year; in a static picture, their sum in its single year."""
        return {self.periods[0]: sum(by_year.values())} if self.picture else dict(by_year)

    def holding(self, path: Mapping[int, float]) -> dict[int, float]:
        """Return a path of values by year; in a static picture, only the value in force then."""
        if not self.picture:
            return dict(path)
        last = max(year for year in path if year <= self.periods[0])
        return {last: path[last]}
