"""What tells one scenario of the family from another: its years, its sites, where demand arises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tools.china.national import YEARS


@dataclass(frozen=True)
class Site:
    """A site; `covers` lists the provinces whose capacity outside the ten clusters it holds."""

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
    """The choices of one scenario; every fact behind them is shared.

    `periods`: with one, the scenario is a picture of its last year: what is ordered is there at once, and yearly
    limits and budgets are those of all years from 2026 added up. `weights`: share of national demand by region.
    """

    periods: tuple[int, ...]
    sites: tuple[Site, ...]
    weights: Mapping[str, float]

    @property
    def demand_years(self) -> tuple[int, ...]:
        """Years of demand: the periods, and before them the one that had ended, against which the model is calibrated."""
        ended = YEARS[0] if self.picture else self.periods[0]
        return (ended - 1, *self.periods)

    @property
    def picture(self) -> bool:
        """Whether the scenario shows one year only."""
        return len(self.periods) == 1

    @property
    def lead_years(self) -> int:
        """Years from order to use of halls, links and plants."""
        return 0 if self.picture else 1

    @property
    def clusters(self) -> tuple[Site, ...]:
        """The national clusters."""
        return tuple(site for site in self.sites if site.kind == "cluster")

    @property
    def metros(self) -> tuple[Site, ...]:
        """The metro edge sites."""
        return tuple(site for site in self.sites if site.kind == "edge")

    def yearly(self, by_year: Mapping[int, float]) -> dict[int, float]:
        """Amounts a year by year; in a picture of one year, all of them added up."""
        return {self.periods[0]: sum(by_year.values())} if self.picture else dict(by_year)

    def holding(self, path: Mapping[int, float]) -> dict[int, float]:
        """A path by year; in a picture of one year, what holds then."""
        if not self.picture:
            return dict(path)
        last = max(year for year in path if year <= self.periods[0])
        return {last: path[last]}
