"""What a plan leaves of work for its price, job by job: it comes, is dropped and counted, and stands in nobody's way.

One site of 60 servers that nobody would add to, 10 units that must be served, and 20 and then 100 units of priced work in
turn: 50 are left for it, so that half of what comes in every second hour is dropped and nothing in the others.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.scenarios import frame
from xisuan.report.simulation import trace_page
from xisuan.results.plan import Plan
from xisuan.scenario.load import build
from xisuan.simulation.arrivals.demand_sampling import Sampling, sample
from xisuan.simulation.jobs import ENDLESS
from xisuan.simulation.plan_inputs.plan_arrays import GRAINS, setting
from xisuan.simulation.simulate import Trial, simulate
from xisuan.workflow.plan import plan

FINE = Sampling(jobs_per_hour=300.0, job_hours=0.5, grace_s=900.0)


def made(*, latency: str = "", wait: str = "", price: str = "0.000001") -> Plan:
    tables = {
        "regions": "region\nr",
        "sites": "site,node\ns,r",
        "technologies": "technology,class,mw_per_unit,capex_mcny_per_unit,life_years\nserver,general,0.01,1000,5",
        "fleet": "site,technology,units\ns,server,60",
        "workloads": f"""
            workload,class,latency_ms,defer_hours,unserved_mcny_per_unit_hour
            web,general,{latency},,
            spot,general,{latency},{wait},{price}
            """,
        "demand": "region,workload,period,units,profile\nr,web,2026,10,\nr,spot,2026,60,turns",
        "profile_rules": "profile,hours,value\nturns,,60\nturns,0,20\nturns,1,100",
    }
    settings = {"name": "left", "periods": [2026], "discount_rate": 0.0, "hours": "hours:2"}
    return plan(build(settings, {name: frame(text) for name, text in tables.items()}))


@pytest.mark.parametrize("latency", ["", "5"])
def test_in_every_hour_as_much_is_dropped_as_the_plan_leaves(latency: str) -> None:
    """Work with a place of its own and free work alike; what must be served is served as if there were no other."""
    found = made(latency=latency)
    of = setting(found.scenario, found, 2026)
    at = of.origins.index(("r", "spot"))
    np.testing.assert_allclose(of.demand[:, at], [20.0, 100.0])
    np.testing.assert_allclose(of.left[:, at], [0.0, 0.5], atol=1e-6)
    for hour, piece in enumerate(sample(of, FINE, 4, 0)):
        mine = piece.origin == at
        kept = mine & (piece.servers < ENDLESS)
        assert piece.servers[kept] @ piece.run[kept] / GRAINS / 3600 == pytest.approx(50.0 if hour % 2 else 20.0)
        assert kept[mine].mean() == pytest.approx(0.5 if hour % 2 else 1.0, abs=0.06)
    trace = simulate(found.scenario, found, Trial(hours=48, replications=1, sampling=FINE, baseline=False))
    counts = trace.counts.set_index(["by", "what"])
    left = counts.loc[("workload", "spot")]
    assert left["left"] == left["dropped"] == trace.figures["left"] == trace.figures["dropped"]
    assert left["left"] == pytest.approx(24 * 150, rel=0.05)
    assert counts.loc["hour"]["left"].iloc[0::2].sum() == 0
    assert counts.loc[("workload", "web"), "dropped"] == 0
    web = counts.loc[("workload", "web")]
    assert (web["missed"] + web["overdue"]) / web[
        "due"
    ] < 0.05  # in full the line would grow by 50 units every other hour
    done = trace.policies.set_index("policy")["done_share"]
    assert done["schedule"] == pytest.approx((20 + 50 + 2 * 10) / (120 + 2 * 10), rel=1e-6)
    assert done["plan"] == pytest.approx(done["schedule"], rel=0.04)  # what still runs at the end is not done


def test_of_work_that_waits_every_hour_leaves_the_same_share() -> None:
    """100 of 120 units can run if they wait for an hour: a sixth is left, of each hour of the block."""
    found = made(wait="1")
    of = setting(found.scenario, found, 2026)
    np.testing.assert_allclose(of.left[:, of.origins.index(("r", "spot"))], [1 / 6, 1 / 6], atol=1e-6)


def test_nothing_is_left_of_work_that_the_scenario_says_must_be_served() -> None:
    """The plan is of a scenario in which it may be left, and is asked to run one in which it may not."""
    found = made()
    strict = made(price="0.000001").scenario
    strict = strict.with_tables(workloads=strict["workloads"].assign(unserved_mcny_per_unit_hour=np.nan))
    assert setting(found.scenario, found, 2026).left.any()
    assert not setting(strict, found, 2026).left.any()


@pytest.mark.parametrize(("language", "said"), [("en", "Jobs that the plan leaves"), ("zh", "方案放弃的作业")])
def test_the_page_says_what_the_plan_leaves_apart_from_what_nothing_could_run(language: str, said: str) -> None:
    found = made()
    trace = simulate(found.scenario, found, Trial(hours=6, replications=1, sampling=FINE, baseline=False))
    page = trace_page.html(trace, language)  # type: ignore[arg-type]
    assert said in page
    assert "asked for more than any site" not in page
    assert "超出可达站点的全部容量" not in page
