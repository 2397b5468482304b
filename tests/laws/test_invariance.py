"""What must not matter does not: units, order of rows, useless candidates, where a cycle is cut, how a year is split."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xisuan as xs
from tests.laws import strategies
from tests.laws.strategies import Draft
from xisuan.certificate.certify_plan import certify

SAME = 1e-7
"""Relative difference of two optima of one problem, each found by a simplex."""


@settings(max_examples=5, deadline=None, derandomize=True)
@given(draft=strategies.scenarios(), factor=st.sampled_from([0.01, 3.0, 250.0]))
def test_the_unit_of_work_does_not_matter(draft: Draft, factor: float) -> None:
    """Work counted in other units, with all that is said per unit said per the other unit, costs the same."""
    many = {"units", "min_units", "max_units", "max_build_units", "module_units"}

    def scaled(frame: pd.DataFrame) -> pd.DataFrame:
        for column in frame.columns:
            if column in many:
                frame[column] = frame[column] * factor
            elif "per_unit" in column:
                frame[column] = frame[column] / factor
        return frame

    other = draft
    for table in ("demand", "technologies", "fleet", "limits", "workloads", "serving_cost"):
        other = other.with_table(table, scaled)
    counted = "reach_eflops_fp16"  # a unit is a PFLOPS, whatever the work is counted in
    other = other.with_table(
        "policies", lambda f: f.assign(value=np.where(f["rule"] == counted, f["value"] * factor, f["value"]))
    )
    assert other.plan().objective == pytest.approx(draft.plan().objective, rel=SAME)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(
    draft=strategies.scenarios(),
    factor=st.sampled_from([1e-6, 1e-4, 1e6, 1e9]),
    method=st.sampled_from(["direct", "structured"]),
)
def test_the_size_of_the_country_does_not_matter(draft: Draft, factor: float, method: str) -> None:
    """All work, stock and room times a factor is the plan times that factor, and its certificate holds."""
    many = {"units", "min_units", "max_units", "max_build_units", "existing_mw", "limit_mw", "it_limit_mw", "gbps",
            "capacity_gbps", "limit_gbps", "grid_limit_mw", "max_mw", "value_mcny"}  # fmt: skip
    only = {"policies", "budgets"}
    draft = replace(draft, frames={name: of for name, of in draft.frames.items() if name not in only})
    other = draft
    for table in draft.frames:
        other = other.with_table(
            table, lambda f: f.assign(**{column: f[column] * factor for column in f.columns if column in many})
        )
    plan = xs.plan(other.build(), method=method)
    assert plan.objective == pytest.approx(draft.plan().objective * factor, rel=2e-6, abs=1e-6)  # a gap is of 1 or more
    assert plan.effort.method == method
    assert not plan.effort.gave_up
    assert certify(plan.scenario, plan).ok


@settings(max_examples=4, deadline=None, derandomize=True)
@given(draft=strategies.scenarios(), factor=st.sampled_from([1e-3, 20.0]))
def test_the_currency_does_not_matter(draft: Draft, factor: float) -> None:
    """All money times a factor is the objective times that factor."""
    money = ("mcny", "price", "premium", "charge", "carbon_price")
    paid = ("carbon_price_cny_per_t", "reach_investment_mcny")

    def scaled(frame: pd.DataFrame) -> pd.DataFrame:
        for column in frame.columns:
            if any(word in column for word in money) and frame[column].dtype.kind == "f":
                frame[column] = frame[column] * factor
        return frame

    other = draft
    for table in ("technologies", "workloads", "halls", "links", "serving_cost", "power", "supply", "budgets"):
        other = other.with_table(table, scaled)
    other = other.with_table("power", lambda f: f.assign(price=[p if p == "price" else float(p) * factor for p in draft.frames["power"]["price"]]))  # fmt: skip  # noqa: E501
    other = other.with_table("profiles", lambda f: f.assign(price=f["price"] * factor))
    other = other.with_table(
        "policies",
        lambda f: f.assign(value=np.where(f["rule"].isin(paid), f["value"] * factor, f["value"])),
    )
    # less than one million is known to a ten-millionth of one million: solvers' costs are in millions
    assert other.plan().objective == pytest.approx(draft.plan().objective * factor, rel=SAME, abs=SAME)


@settings(max_examples=5, deadline=None, derandomize=True)
@given(draft=strategies.scenarios(), seed=st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(draft: Draft, seed: int) -> None:
    other = draft
    for table in draft.frames:
        if table not in ("profiles", "blocks"):
            other = other.with_table(table, lambda frame: frame.sample(frac=1.0, random_state=seed))
    one, two = draft.plan(), other.plan()
    assert two.objective == pytest.approx(one.objective, rel=SAME)
    assert two.effort.columns == one.effort.columns
    assert two.effort.nonzeros == one.effort.nonzeros


@settings(max_examples=5, deadline=None, derandomize=True)
@given(draft=strategies.scenarios())
def test_useless_candidates_do_not_matter(draft: Draft) -> None:
    """A dearer technology, a node apart with its link, a region without demand, a profile that nobody names."""

    def dearer(frame: pd.DataFrame) -> pd.DataFrame:
        worse = frame.iloc[[0]].assign(technology="worse")
        for column in ("capex_mcny_per_unit", "opex_mcny_per_unit_year", "mw_per_unit"):
            worse[column] = worse[column] * 2
        return pd.concat([frame, worse.assign(fp32_per_unit=worse["fp32_per_unit"] / 2)], ignore_index=True)

    def apart(frame: pd.DataFrame) -> pd.DataFrame:
        more = frame.iloc[[0]].assign(link="link-apart", **{"from": "node-one", "to": "node-two"})
        return pd.concat([frame, more], ignore_index=True)

    nobody = pd.DataFrame({"region": ["region-empty"]})
    other = draft.with_table("technologies", dearer).with_table("links", apart)
    other = other.with_table("regions", lambda frame: pd.concat([frame, nobody], ignore_index=True))
    other = other.with_table("profiles", lambda frame: frame.assign(unused=0.5))
    if "links" in draft.frames:
        other.frames["nodes"] = pd.DataFrame({"node": ["node-one", "node-two"]})
    assert other.plan().objective == pytest.approx(draft.plan().objective, rel=SAME)


def rolled(draft: Draft, runs: list[tuple[int, int]], by: int) -> Draft:
    """All profiles moved by some hours within each run (first hour, hours), which is a cycle."""

    def roll(frame: pd.DataFrame) -> pd.DataFrame:
        for name in frame.columns.drop("hour"):
            values = frame[name].to_numpy().copy()
            for first, hours in runs:
                values[first : first + hours] = np.roll(values[first : first + hours], by)
            frame[name] = values
        return frame

    return draft.with_table("profiles", roll)


@settings(max_examples=5, deadline=None, derandomize=True)
@given(draft=strategies.scenarios(), by=st.integers(1, 4))
def test_where_a_cycle_is_cut_does_not_matter(draft: Draft, by: int) -> None:
    """Every block is a cycle: moving all profiles around it changes nothing."""
    runs = [(block.first_hour, block.hours) for block in draft.build().timeline.blocks if block.hours < 8760]
    assert rolled(draft, runs, by).plan().objective == pytest.approx(draft.plan().objective, rel=SAME)


@settings(max_examples=4, deadline=None, derandomize=True)
@given(draft=strategies.scenarios(), by=st.integers(1, 2))
def test_the_order_of_like_blocks_does_not_matter(draft: Draft, by: int) -> None:
    """Three blocks of three hours: moving all profiles by whole blocks changes nothing."""
    like = pd.DataFrame({"block": ["a", "b", "c"], "first_hour": [0, 3, 6], "hours": 3, "weight": 8760 / 9})
    draft = Draft(draft.settings, draft.frames | {"blocks": like})
    assert rolled(draft, [(0, 9)], 3 * by).plan().objective == pytest.approx(draft.plan().objective, rel=SAME)


def steady(draft: Draft, periods: list[int]) -> Draft:
    """The demand of the first period in every period, fleet and all."""
    frame = draft.frames["demand"]
    first = frame[frame["period"] == frame["period"].min()]
    demand = pd.concat([first.assign(period=period) for period in periods], ignore_index=True)
    frames = draft.frames | {"demand": demand}
    frames.pop("budgets", None)  # what one period may spend is not what two may
    if "fleet" in frames:
        frames["fleet"] = frames["fleet"].assign(retires=np.nan)
    return Draft(draft.settings | {"periods": periods}, frames)


@settings(max_examples=5, deadline=None, derandomize=True)
@given(draft=strategies.scenarios(periods=((2026,),)))
def test_a_period_of_two_years_is_two_periods_of_one(draft: Draft) -> None:
    """Where nothing changes from year to year and all that is built lasts, under annuities."""
    draft = draft.with_settings(capital="annuity")
    single = steady(draft, [2026]).with_settings(last_period_years=2)
    split = steady(draft, [2026, 2027]).with_settings(last_period_years=1)
    assert split.plan().objective == pytest.approx(single.plan().objective, rel=SAME)


@settings(max_examples=5, deadline=None, derandomize=True)
@given(draft=strategies.scenarios(periods=((2026,),)))
def test_annuities_over_the_horizon_are_the_capital(draft: Draft) -> None:
    """Without interest, what lives exactly as long as the horizon costs its capital, however it is paid."""
    draft = draft.with_settings(discount_rate=0.0)
    years = draft.settings["last_period_years"]
    for table in ("halls", "technologies", "links", "supply"):
        draft = draft.with_table(table, lambda frame: frame.assign(life_years=years))
    annuity, full = (draft.with_settings(capital=mode).plan().objective for mode in ("annuity", "full"))
    assert annuity == pytest.approx(full, rel=SAME)


@settings(max_examples=4, deadline=None, derandomize=True)
@given(draft=strategies.scenarios())
def test_the_solver_does_not_matter(draft: Draft) -> None:
    """An interior point ends within the gap of the simplex, and proves it."""
    exact, inner = draft.plan().objective, draft.plan("hipo")
    assert inner.gap <= 1e-6
    assert inner.objective == pytest.approx(exact, rel=2e-6)
    assert inner.lower_bound <= exact * (1 + SAME)


def test_the_scenario_with_every_part_has_them() -> None:
    """The laws mean little if a part is never there: the full draft has every family of variables but integers."""
    plan = strategies.full().plan()
    missing = {name for name in ("hold", "stock_load", "backlog", "flow", "serve", "traffic_flow", "contract", "peak",
                                 "stored", "generation", "retrofitted", "kept", "it_retrofitted", "unserved")
               if name not in plan.variables}  # fmt: skip
    assert missing == set()
    assert isinstance(plan, xs.Plan)
