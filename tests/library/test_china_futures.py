"""The shipped scenario `china-futures`: members that stand for the ranges of the levers, and a plan for all of them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import xisuan as xs
from tests.library.shipped import loaded, numbers
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants.members import members

NAME = "china-futures"
LEVERS = ("western_power_price", "detour", "population_demand", "intelligent_demand", "eastern_demand")


def test_members_have_the_mean_and_variance_of_ranges_in_which_nothing_is_likelier() -> None:
    """A uniform range has its mean in the middle and a variance of its square over twelve."""
    futures, ranges = numbers(NAME, "members"), numbers("china", "levers").set_index("lever")
    assert set(ranges.index) == set(LEVERS)
    weight = futures["probability"].to_numpy()
    assert weight.sum() == pytest.approx(1.0, abs=1e-12)
    for lever in LEVERS:
        low, high = ranges.loc[lever, ["low_percent", "high_percent"]].astype(float)
        mean = float(weight @ futures[lever])
        assert mean == pytest.approx((low + high) / 2, abs=1e-3)
        assert float(weight @ (futures[lever] - mean) ** 2) == pytest.approx((high - low) ** 2 / 12, rel=1e-3)


def test_any_two_levers_are_independent() -> None:
    """Each pair of ends is in a quarter of the probability."""
    futures = numbers(NAME, "members")
    for one, other in itertools.combinations(LEVERS, 2):
        pairs = futures.groupby([one, other])["probability"].sum()
        assert len(pairs) == 4
        assert np.allclose(pairs, 0.25)


def test_it_is_china_but_for_its_futures_and_the_price_of_what_is_left() -> None:
    given, base = loaded(NAME), loaded("china")
    differing = {table for table in base.tables if not given[table].equals(base[table])}
    assert differing == {"members", "workloads", "estimates"}
    assert given["workloads"]["unserved_mcny_per_unit_hour"].notna().all()
    columns = [name for name in base["workloads"].columns if name != "unserved_mcny_per_unit_hour"]
    assert given["workloads"][columns].equals(base["workloads"][columns])


def test_all_members_make_a_scenario_whose_detours_are_within_what_cables_have() -> None:
    """Lengths are 1.3 times the great circle as shipped; published ordinary cables have up to 1.62."""
    links = loaded("china")["links"].set_index("link")["length_km"]
    for one in members(loaded(NAME)):
        own = one.scenario["links"].set_index("link")["length_km"]
        assert (1.3 * own / links).between(1.3, 1.62).all()


@pytest.mark.parametrize("some", [slice(None, None, 3), pytest.param(slice(None), marks=pytest.mark.long)])
def test_on_one_mean_hour_one_plan_is_made_for_all_and_is_worth_making(some: slice) -> None:
    """Certified, and both knowing and planning for all are worth billions: more than a hundred gaps of the proof."""
    given = loaded(NAME)
    scenario = given.with_tables(members=given["members"].iloc[some]).with_settings(hours=Hours("one"))
    found = xs.two_stage(scenario)
    assert found.certificate is not None
    assert found.certificate.ok, found.certificate.findings
    for worth in (found.perfect_information, found.stochastic_solution):
        assert worth > max(1000.0, 100 * found.gap * found.objective)
    assert 0 < found.tables["frequency"]["robust"].sum() < len(found.tables["frequency"])
