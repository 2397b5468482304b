"""A random generator whose features can be left out by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")
Rows = list[dict[str, Any]]

FEATURES: dict[str, str] = {
    "representative": "hours = days:N or weeks:N",
    "first_hours": "hours = hours:N",
    "blocks": "the table blocks",
    "keep_means": "blocks that keep the year's means",
    "profiles_table": "profiles hour by hour, beside those by rules",
    "parquet": "tables as Parquet files",
    "layers": "a folder that extends another one and drops rows of it",
    "as_of": "a date after which nothing is known",
    "carbon": "objective = carbon",
    "residents": "objective = residents",
    "contract_price": "plan.power_price = contract",
    "negative_price": "prices below zero",
    "members": "several futures",
    "population_lever": "members that move demand towards population",
    "mixed_zone": "western prices where a zone has sites on both sides of the meridian",
    "bound_lever": "members that move intelligent demand where work is bound to an intelligent technology",
    "members_in_the_past": "members of a scenario whose periods had all ended",
    "cities": "gigabit access",
    "dated": "a second row of a key from a later period",
    "late_first_row": "first row of a key after the first period, of what is on offer, limits or asks",
    "dated_regions": "regions with a second row",
    "dated_reach": "a workload's latency limit that is given in some periods only",
    "dated_traffic": "a workload's traffic that is 0 in some periods only",
    "fractional_years": "lives and leads that are no whole years",
    "whole_numbers": "phases, modules and openings",
    "openings": "sites with an opening cost",
    "late_fleet": "fleet that is opened after the first period",
    "retirement": "fleet that may retire early",
    "no_power": "no grid zones at all",
    "no_halls": "sites without halls",
    "no_links": "no table of links",
    "unreachable": "latency limits without links",
    "min_gbps": "least capacity of a link",
    "min_gbps_on_nothing": "least capacity of a link of which nothing stands",
    "parallel_links": "two links that join the same places",
    "traffic": "other traffic",
    "serving_cost": "serving costs",
    "latency_table": "listed latencies",
    "pairwise": "latency limits",
    "deferral": "work that may wait",
    "stock": "work that is held",
    "bound_work": "work bound to one technology",
    "battery": "batteries",
    "retrofit": "halls that can be retrofitted",
    "double_traffic": "two rows of other traffic between the same nodes",
    "module_before_link": "modules from a period before that of their link",
    "reach_rules": "targets to be reached",
    "reach_eflops": "the target for computing power",
    "other_precision": "computing power at another precision than FP16 under reach_eflops_fp16",
    "new_sites": "rules that apply to new sites",
    "contingencies": "failures that the plan must survive",
    "own_rules": "rules of the scenario's own",
    "never_stands": "technologies that come too late to stand",
}
"""Features by name, and what they mean."""


class Dice:
    """Random choices; `without` names features that never come."""

    def __init__(self, seed: int, without: frozenset[str] = frozenset()) -> None:
        if unknown := without - FEATURES.keys():
            raise ValueError(f"no such features: {', '.join(sorted(unknown))}")
        self._rng = np.random.default_rng(seed)
        self.without = without

    def chance(self, probability: float, *features: str) -> bool:
        """Return True with a probability, and never where one of the features is left out."""
        assert FEATURES.keys() >= set(features), features
        return bool(self._rng.random() < probability) and self.without.isdisjoint(features)

    def between(self, low: float, high: float, digits: int = 3) -> float:
        """Return a number of a few digits."""
        return round(float(self._rng.uniform(low, high)), digits)

    def whole(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return int(self._rng.integers(low, high + 1))

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[self.whole(0, len(items) - 1)]

    def some(self, items: Sequence[T], least: int = 0) -> list[T]:
        """Return some of the items in their order."""
        count = self.whole(min(least, len(items)), len(items))
        chosen = set(self._rng.permutation(len(items))[:count].tolist())
        return [item for at, item in enumerate(items) if at in chosen]

    def maybe(self, probability: float, low: float, high: float, digits: int = 3) -> float | str:
        """Return a number or a blank."""
        value = self.between(low, high, digits)
        return value if self.chance(probability) else ""
