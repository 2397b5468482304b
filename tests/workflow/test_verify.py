"""Verification: it holds where it should, plans again where that helps, and says why where it does not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import xisuan as xs
from tests.scenarios import pair
from xisuan.cli.commands import invoke
from xisuan.errors import InfeasibleError
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario
from xisuan.simulation.sampling import Sampling
from xisuan.workflow.verify import verify, with_reserve

TRIAL = xs.Trial(place="least-loaded", replications=1, hours=48, sampling=Sampling(30.0, 0.2))


def edit(folder: Path, table: str, column: str, value: float) -> None:
    """Give every row of a table another value."""
    frame = pd.read_csv(folder / f"{table}.csv")
    frame[column] = value
    frame.to_csv(folder / f"{table}.csv", index=False)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """`pair` with a wide link and a latency limit that nobody notices: either site can serve everybody."""
    folder = tmp_path_factory.mktemp("pair") / "pair"
    pair(folder)
    for name, column, value in (("links", "capacity_gbps", 50.0), ("workloads", "latency_ms", 50.0)):
        edit(folder, name, column, value)
    return xs.load(folder)


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> Plan:
    return xs.plan(scenario)


def test_a_reserve_is_written_as_rules(scenario: Scenario) -> None:
    """And the plan with it keeps it: load ≤ (1 − reserve) × installed."""
    changed = with_reserve(scenario, 0.3)
    assert dict(zip(changed["policies"]["rule"], changed["policies"]["value"], strict=True)) == {
        "site_reserve_min": 0.3,
        "link_load_max": 0.7,
    }
    again = with_reserve(changed, 0.1)["policies"]
    assert again["value"].tolist() == [0.3, 0.7]
    found = xs.plan(changed)
    load = found.load.groupby(["period", "site", "technology"])["units"].max()
    capacity = found.capacity[found.capacity["asset"] == "compute"].set_index(["period", "where", "technology"])[
        "amount"
    ]
    for key, units in load.items():
        assert units <= 0.7 * capacity.get(key, 0.0) + 1e-6


def test_it_plans_again_until_it_holds(scenario: Scenario, plan: Plan) -> None:
    """Whole load or less is easily late in a plan without slack; a reserve costs, and helps with nothing down."""
    found = verify(scenario, plan, TRIAL, limit=0.6)
    assert found.cases["reserve"].iloc[0] == 0.0
    assert not found.cases[found.cases["reserve"] == 0.0]["holds"].all()
    last = found.cases[found.cases["reserve"] == found.cases["reserve"].max()]
    assert found.holds == last["holds"].all()
    assert found.holds
    assert found.plan.cost_mcny > plan.cost_mcny
    assert found.spare["capex_mcny"].sum() > 0
    bare = found.cases[found.cases["what"] == "nothing"]
    assert (np.diff(bare["late_share"]) <= 1e-9).all()


def test_it_says_when_one_site_is_all_there_is(tmp_path: Path) -> None:
    """Within 1 ms each region has its own site only: no reserve helps when that is down."""
    pair(tmp_path / "pair")
    edit(tmp_path / "pair", "workloads", "latency_ms", 1.0)
    scenario = with_reserve(xs.load(tmp_path / "pair"), 0.5)
    found = verify(scenario, xs.plan(scenario), TRIAL, limit=0.05)
    assert not found.holds
    assert "no other equipped site can serve web of east in time" in found.why


def test_it_says_when_no_plan_has_the_reserve(scenario: Scenario, plan: Plan) -> None:
    def never(_: Scenario) -> Plan:
        raise InfeasibleError("no plan exists")

    found = verify(scenario, plan, TRIAL, limit=0.0, planner=never)
    assert not found.holds
    assert found.why == "no plan has a reserve of 10%: no plan exists"
    assert found.plan is plan


def test_it_says_when_the_last_reserve_is_not_enough(scenario: Scenario, plan: Plan) -> None:
    found = verify(scenario, plan, TRIAL, limit=0.0, planner=lambda _: plan)
    assert not found.holds
    assert "50%" in found.why
    with pytest.raises(xs.ScenarioError, match="limit"):
        verify(scenario, plan, TRIAL, limit=1.0)


def test_the_command(tmp_path: Path, scenario: Scenario, plan: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    xs.write(scenario, tmp_path / "s")
    xs.save(plan, tmp_path / "run")
    words = [
        "verify",
        str(tmp_path / "s"),
        "--plan",
        str(tmp_path / "run"),
        "--out",
        str(tmp_path / "out"),
        "--hours",
        "24",
    ]
    assert invoke([*words, "--limit", "0.99", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["holds"] is True
    assert xs.load_run(tmp_path / "out" / "plan").plan.cost_mcny == plan.cost_mcny
    assert invoke([*words, "--limit", "0.99", "--lang", "zh"]) == 0
    assert "成立" in capsys.readouterr().out
