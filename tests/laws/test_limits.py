"""More freedom never costs more, and rules that contradict one another are reported as such."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xisuan as xs
from tests.laws import strategies
from tests.laws.strategies import Draft

SLACK = 1e-7
"""Relative: two optima, each found by a simplex."""

Change = Callable[[Draft], Draft]


def column(table: str, name: str, change: Callable[[pd.Series], object]) -> Change:
    """A change of one column of a table."""
    return lambda draft: draft.with_table(table, lambda frame: frame.assign(**{name: change(frame[name])}))


def rule(rule: str, change: Callable[[float], float]) -> Change:
    """A change of the value of a rule."""

    def changed(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(value=[change(v) if r == rule else v for r, v in zip(frame["rule"], frame["value"], strict=True)])  # fmt: skip  # noqa: E501

    return lambda draft: draft.with_table("policies", changed)


LOOSER: dict[str, Change] = {
    "longer latency limits": column("workloads", "latency_ms", lambda x: x * 3),
    "longer windows": column("workloads", "defer_hours", lambda x: x + 1 * (x > 0)),
    "larger halls": column("halls", "limit_mw", lambda x: x * 2),
    "more grid": column("power", "grid_limit_mw", lambda x: x * 2),
    "more sun": column("supply", "limit_mw", lambda x: x * 2),
    "larger links": column("links", "capacity_gbps", lambda x: x * 1.5),
    "less green": rule("green_share_min", lambda v: v / 2),
    "emptier halls": rule("occupancy_min", lambda v: v / 2),
    "less in the hub": rule("hub_share_min", lambda v: v / 2),
    "idler equipment": rule("utilisation_min", lambda v: v / 2),
    "more carbon": rule("carbon_cap_market_t", lambda v: v * 2),
    "fuller links": rule("link_load_max", lambda _: 1.0),
    "less in reserve": rule("site_reserve_min", lambda _: 0.0),
    "fewer racks to reach": rule("reach_racks", lambda v: v / 2),
    "less computing power to reach": rule("reach_eflops_fp16", lambda v: v / 2),
    "less investment to reach": rule("reach_investment_mcny", lambda v: v / 2),
    "more to spend": column("budgets", "limit_mcny", lambda x: x * 2),
    "no budgets": lambda draft: Draft(draft.settings, {k: v for k, v in draft.frames.items() if k != "budgets"}),
    "cheaper equipment": column("technologies", "capex_mcny_per_unit", lambda x: x * 0.9),
    "less demand": column("demand", "units", lambda x: x * 0.99),
}
"""Changes that leave every plan possible, at no more cost. Less demand may break utilisation_min, and is left out there."""


@settings(max_examples=6, deadline=None, derandomize=True)
@given(draft=strategies.scenarios(), name=st.sampled_from(sorted(LOOSER)))
def test_relaxing_never_costs_more(draft: Draft, name: str) -> None:
    rules = set(draft.frames.get("policies", pd.DataFrame({"rule": []}))["rule"])
    if name == "less demand" and rules:
        return
    before, after = draft.plan().objective, LOOSER[name](draft).plan().objective
    assert after <= before * (1 + SLACK)


def strict(rules: bool) -> Draft:
    """The scenario that has all parts, with all rules or none."""
    draft = strategies.full(3, hours="hours:3")
    return draft if rules else draft.with_table("policies", lambda frame: frame.iloc[:0])


@cache
def least(rules: bool) -> float:
    """What it costs before anything is relaxed."""
    return strict(rules).plan().objective


@pytest.mark.parametrize("name", sorted(LOOSER))
def test_relaxing_the_full_scenario(name: str) -> None:
    """Every one of these on the scenario that has all parts and rules, so that none is tried on nothing only."""
    draft = strict(rules := name != "less demand")
    changed = LOOSER[name](draft)
    assert any(not changed.frames.get(t, draft.frames[t].iloc[:0]).equals(draft.frames[t]) for t in draft.frames)
    assert changed.plan().objective <= least(rules) * (1 + SLACK)


def _cap(draft: Draft) -> Draft:
    """No carbon, and no power but the grid's."""
    frames = {name: frame for name, frame in draft.frames.items() if name != "supply"}
    policies = pd.DataFrame({"rule": ["carbon_cap_t"], "scope": ["all"], "value": [1e-3]})
    return Draft(draft.settings, frames | {"policies": policies})


def _grid(draft: Draft) -> Draft:
    """Less grid than equipment that may not retire draws when idle."""
    frames = {name: frame for name, frame in draft.frames.items() if name != "supply"}
    return column("power", "grid_limit_mw", lambda x: x * 0 + 1e-6)(Draft(draft.settings, frames))


def _nowhere(draft: Draft) -> Draft:
    """Sites too small for the work that must be done."""
    return draft.with_table("sites", lambda frame: frame.assign(it_limit_mw=0.05))


IMPOSSIBLE: dict[str, Change] = {"no carbon": _cap, "no grid": _grid, "no room": _nowhere}


@pytest.mark.parametrize("name", IMPOSSIBLE)
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_what_contradicts_itself_is_infeasible(name: str, seed: int) -> None:
    """Never another error, never a plan: tightening a rule until nothing meets it is reported as that."""
    draft = strategies.full(seed, hours="hours:3", periods=(2026,))
    frames = {k: v for k, v in draft.frames.items() if k != "fleet"}
    draft = Draft(draft.settings, frames).with_table("power", lambda f: f.assign(grid_limit_mw=[60.0, 60.0]))
    with pytest.raises(xs.InfeasibleError) as found:
        IMPOSSIBLE[name](draft).plan()
    assert found.value.conflict
    assert np.isfinite(draft.plan().objective)
