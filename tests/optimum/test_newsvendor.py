"""Plans for several futures against the newsvendor, solved by hand, and against PyPSA's stochastic networks."""

from __future__ import annotations

import io

import pandas as pd
import pypsa
import pytest

from gnomon.options import Options
from tests.scenarios import frame, pair_frames
from xisuan.exchange.pypsa import network as exchange
from xisuan.results.two_stage import TwoStage
from xisuan.scenario import load
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import RiskOptions
from xisuan.scenario.variants.members import members
from xisuan.workflow.two_stage import two_stage

HOURS = 8760.0
FRAMES = {
    "regions": "region,lat,lon\nshop,31,121\n",
    "sites": "site,kind,lat,lon,node\nstall,campus,31,121,shop\n",
    "technologies": "technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years\nserver,general,server,0.01,1,1\n",
    "demand": "region,workload,period,units\nshop,web,2026,100\n",
}


def newsvendor(penalty: float, members_csv: str) -> Scenario:
    """One server serves one unit for a year and costs 1 mCNY; a unit not served for a year costs `penalty` mCNY."""
    tables = {name: frame(text) for name, text in FRAMES.items()}
    work = f"workload,class,unserved_mcny_per_unit_hour\nweb,general,{penalty / HOURS!r}\n"
    tables |= {"workloads": frame(work), "members": frame(members_csv)}
    settings = {"name": "newsvendor", "periods": [2026], "discount_rate": 0.0, "hours": "one"}
    return load.build(settings, tables)


TWO = "member,probability,eastern_demand\nlow,0.6,-20\nhigh,0.4,20\n"
"""Demand is 80 with probability 0.6 and 120 with 0.4; the mean is 96."""


def ordered(found: TwoStage) -> float:
    """Servers ordered before one knows."""
    return float(found.members[0].plan.tables["builds"]["amount"].sum())


@pytest.mark.parametrize("method", ["direct", "structured"])
def test_who_loses_little_orders_for_the_low_demand(method: str) -> None:
    """One server more pays where demand exceeds it with probability above 1 / 2, the cost over the penalty: from 80 on it
    is 0.4. So 80 are ordered, and 80 + 0.4 × 2 × 40 = 112 is expected. Who knows orders 80 or 120: 0.6 × 80 + 0.4 × 120
    = 96. Who orders the mean pays 96 + 0.4 × 2 × 24 = 115.2.
    """
    found = two_stage(newsvendor(2.0, TWO), Options(gap=1e-7), method=method)
    assert found.objective == pytest.approx(112.0, rel=1e-6)
    assert ordered(found) == pytest.approx(80.0, rel=1e-5)
    assert [one.plan.objective for one in found.members] == pytest.approx([80.0, 160.0], rel=1e-5)
    assert found.wait_and_see == pytest.approx(96.0, rel=1e-6)
    assert found.perfect_information == pytest.approx(16.0, rel=1e-5)
    assert found.mean_value == pytest.approx(115.2, rel=1e-6)
    assert found.stochastic_solution == pytest.approx(3.2, rel=1e-4)
    assert found.certificate is not None
    assert found.certificate.ok, found.certificate.findings
    assert found.certificate.lower_bound == pytest.approx(112.0, rel=1e-6)


def test_a_demand_that_members_replace_is_ordered_for_as_one_that_a_lever_moves() -> None:
    """The same 80 and 120, stated as amounts."""
    tables = {name: frame(text) for name, text in FRAMES.items()}
    tables["workloads"] = frame(f"workload,class,unserved_mcny_per_unit_hour\nweb,general,{2.0 / HOURS!r}\n")
    tables["members"] = frame("member,probability\nlow,0.6\nhigh,0.4\n")
    tables["member_values"] = frame(
        "member,table,key,column,value\nlow,demand,shop/web/2026,units,80\nhigh,demand,*,units,120\n"
    )
    found = two_stage(load.build({"name": "n", "periods": [2026], "discount_rate": 0.0, "hours": "one"}, tables))
    assert (found.objective, found.perfect_information) == pytest.approx((112.0, 16.0))
    assert found.stochastic_solution == pytest.approx(3.2, rel=1e-4)
    assert found.certificate is not None
    assert found.certificate.ok, found.certificate.findings


def averse(weight: float, level: float) -> Scenario:
    """The newsvendor who loses 2 and minds the dearest futures, too."""
    given = newsvendor(2.0, TWO)
    return given.with_settings(risk=RiskOptions(level=level, weight=weight))


@pytest.mark.parametrize("method", ["direct", pytest.param("structured", marks=pytest.mark.long)])
def test_who_minds_risk_a_little_orders_for_the_low_demand(method: str) -> None:
    """An order Q from 80 to 120 costs Q in the low future and 240 − Q in the high one. The dearest half of the
    probability is all of the high one, 0.4, and 0.1 of the low one: CVaR is 0.8 (240 − Q) + 0.2 Q = 192 − 0.6 Q, and
    the expected cost 96 + 0.2 Q. With a weight of 0.2 it is 115.2 + 0.04 Q: 80 are ordered, for 118.4. In the sum the
    high future weighs 0.8 × 0.4 + 0.2 × 0.8 = 0.48. Who knows pays 0.8 × 96 + 0.2 × 112 = 99.2.
    """
    found = two_stage(averse(0.2, 0.5), Options(gap=1e-7), method=method)
    assert (found.objective, found.expected_cost, found.cvar) == pytest.approx((118.4, 112.0, 144.0), rel=1e-6)
    assert (ordered(found), found.perfect_information) == pytest.approx((80.0, 19.2), rel=1e-5)
    assert found.weights == pytest.approx((0.52, 0.48), rel=1e-5)
    assert found.certificate is not None
    assert found.certificate.ok, found.certificate.findings
    assert found.certificate.lower_bound == pytest.approx(118.4, rel=1e-6)


def test_who_minds_risk_much_orders_for_the_high_demand() -> None:
    """With a weight of 0.5 the sum is 144 − 0.2 Q: 120 are ordered, and cost 120 whatever comes. Who orders the mean,
    96, pays 0.5 × 115.2 + 0.5 × 134.4 = 124.8.
    """
    found = two_stage(averse(0.5, 0.5))
    assert (found.objective, found.cvar, ordered(found)) == pytest.approx((120.0, 120.0, 120.0))
    assert found.stochastic_solution == pytest.approx(4.8, rel=1e-4)


def test_who_loses_much_orders_for_the_high_demand() -> None:
    """At a penalty of 4 the probability is 1 / 4, below 0.4: 120 are ordered, and cost 120 in either future. Who orders
    the mean pays 96 + 0.4 × 4 × 24 = 134.4.
    """
    found = two_stage(newsvendor(4.0, TWO))
    assert (found.objective, ordered(found)) == pytest.approx((120.0, 120.0))
    assert (found.perfect_information, found.stochastic_solution) == pytest.approx((24.0, 14.4), rel=1e-4)


def test_three_futures_order_to_the_quantile() -> None:
    """Demand 60, 100 or 160 with probability 0.2, 0.5, 0.3 and penalty 5: the fraction is 4 / 5, and F(100) = 0.7 is
    below it, so that 160 are ordered. At 2.5 it is 3 / 5: 100 are, for 100 + 0.3 × 2.5 × 60 = 145.
    """
    three = "member,probability,eastern_demand\na,0.2,-40\nb,0.5,0\nc,0.3,60\n"
    assert two_stage(newsvendor(5.0, three)).objective == pytest.approx(160.0)
    found = two_stage(newsvendor(2.5, three))
    assert (found.objective, ordered(found)) == pytest.approx((145.0, 100.0))


def test_work_that_must_be_served_leaves_no_plan_to_who_orders_the_mean() -> None:
    """Without a penalty all work must be served: 120 are ordered whatever comes, and 96 would not do."""
    tables = {name: frame(text) for name, text in FRAMES.items()}
    tables |= {"workloads": frame("workload,class\nweb,general\n"), "members": frame(TWO)}
    found = two_stage(load.build({"name": "n", "periods": [2026], "discount_rate": 0.0, "hours": "one"}, tables))
    assert found.objective == pytest.approx(120.0)
    assert found.stochastic_solution == float("inf")
    assert [one.mean_mcny for one in found.members] == [pytest.approx(96.0, rel=1e-5), float("inf")]


def test_a_site_that_is_opened_for_one_future_holds_what_another_needs() -> None:
    """Opening the stall costs 1, and 120 are ordered for the high demand, of which the low one uses 80: 121 whatever comes.
    Who knows pays 81 or 121; who orders the mean opens it too and pays 1 + 134.4.
    """
    tables = {name: frame(text) for name, text in FRAMES.items()}
    tables["sites"] = tables["sites"].assign(fixed_cost_mcny="1")
    tables["workloads"] = frame(f"workload,class,unserved_mcny_per_unit_hour\nweb,general,{4 / HOURS!r}\n")
    tables["members"] = frame(TWO)
    settings = {"name": "opened", "periods": [2026], "discount_rate": 0.0, "hours": "one"}
    found = two_stage(load.build(settings, tables))
    assert (found.objective, ordered(found)) == pytest.approx((121.0, 121.0))
    assert found.wait_and_see == pytest.approx(97.0)
    assert found.mean_value == pytest.approx(135.4, rel=2e-6)  # its orders may give by a millionth
    assert found.certificate is not None
    assert found.certificate.ok, found.certificate.findings
    assert found.certificate.lower_bound == pytest.approx(121.0)


def test_orders_for_the_mean_are_held_each_in_its_own_unit() -> None:
    """The newsvendor twice: in servers, and in a million times as many chips at a millionth of the price. Either loses
    3.2 to who orders for the mean.
    """
    tables = {name: frame(text) for name, text in FRAMES.items()}
    tables["technologies"] = frame(
        "technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years\nserver,general,server,0.01,1,1\n"
        "chip,intelligent,chip,0.00000001,0.000001,1\n"
    )
    tables["workloads"] = frame(
        f"workload,class,unserved_mcny_per_unit_hour\nweb,general,{2 / HOURS!r}\nai,intelligent,{2e-6 / HOURS!r}\n"
    )
    tables["demand"] = frame("region,workload,period,units\nshop,web,2026,100\nshop,ai,2026,100000000\n")
    tables["members"] = frame(TWO)
    found = two_stage(load.build({"name": "n", "periods": [2026], "discount_rate": 0.0, "hours": "one"}, tables))
    assert found.objective == pytest.approx(224.0)
    assert found.stochastic_solution == pytest.approx(6.4, rel=1e-3)


def test_planning_for_all_is_worth_nothing_where_the_mean_is_as_good_by_hand() -> None:
    """At a probability of 1 / 2 and a penalty of 2 every order from 80 to 120 is expected to cost 120: the mean's, 100, too.
    It is worth nothing to plan for both, and not a ten-thousandth less than nothing.
    """
    found = two_stage(newsvendor(2.0, "member,probability,eastern_demand\nlow,0.5,-20\nhigh,0.5,20\n"))
    assert found.objective == pytest.approx(120.0, rel=1e-9)
    assert found.stochastic_solution == pytest.approx(0.0, abs=1e-9)
    assert [one.mean_mcny for one in found.members] == pytest.approx([100.0, 140.0], rel=1e-9)


def test_a_small_order_is_held_as_well_as_a_large_one_beside_it() -> None:
    """The newsvendor with a hundredth of the demand, beside a million units that are sure: 0.032 is lost to who orders for
    the mean, 0.16 is what knowing is worth, and the million does not blur either.
    """
    tables = {name: frame(text) for name, text in FRAMES.items()}
    tables["regions"] = frame("region,lat,lon\nshop,31,121\nbig,31,100\n")
    tables["workloads"] = frame(f"workload,class,unserved_mcny_per_unit_hour\nweb,general,{2 / HOURS!r}\n")
    tables["demand"] = frame("region,workload,period,units\nshop,web,2026,1\nbig,web,2026,1000000\n")
    tables["members"] = frame(TWO)
    settings = {"name": "beside", "periods": [2026], "discount_rate": 0.0, "hours": "one"}
    found = two_stage(load.build(settings, tables), Options(solver="simplex"))
    assert found.stochastic_solution == pytest.approx(0.032, rel=1e-4)
    assert found.perfect_information == pytest.approx(0.16, rel=1e-4)


# --- PyPSA ------------------------------------------------------------------------------------------------------------


def uncertain_pair() -> Scenario:
    """`pair` in its second year, with three futures; work is dropped where it does not pay. It is without halls and links,
    whose limits PyPSA's networks leave to further constraints, which know no futures.
    """
    tables = {name: table for name, table in pair_frames().items() if name not in ("halls", "links")}
    tables["workloads"]["unserved_mcny_per_unit_hour"] = "0.00006"
    tables["members"] = pd.read_csv(
        io.StringIO(
            "member,probability,eastern_demand,western_power_price\nlean,0.3,-25,0\nlikely,0.5,5,-20\nrich,0.2,60,50\n"
        )
    )
    settings = {"name": "pair", "periods": [2027], "discount_rate": 0.0, "hours": "one"}
    return load.build(settings, tables)


def stochastic(scenario: Scenario) -> float:
    """Least expected cost by PyPSA's stochastic optimisation: it makes every capacity one variable for all scenarios."""
    parts = {one.name: exchange.planning(one.scenario) for one in members(scenario)}
    networks = {name: part.network() for name, part in parts.items()}
    n: pypsa.Network = next(iter(networks.values())).copy()
    n.set_scenarios({one.name: one.probability for one in members(scenario)})
    for component in n.components:
        if component.static.empty or "scenario" not in component.static.index.names:
            continue
        for name, other in networks.items():
            own = other.components[component.name]
            for attribute in own.static.columns:
                if attribute in component.static.columns:
                    values = own.static[attribute]
                    component.static.loc[(name, list(values.index)), attribute] = values.to_numpy()
            for attribute, series in own.dynamic.items():
                for item in series.columns:
                    component.dynamic[attribute][name, item] = series[item].to_numpy()
    status, condition = n.optimize(
        multi_investment_periods=False, solver_name="highs", include_objective_constant=False, log_to_console=False
    )
    assert (status, condition) == ("ok", "optimal")
    constant = sum(one.probability * parts[one.name].constant for one in members(scenario))
    return float(n.objective) + constant


@pytest.mark.long
def test_the_expected_cost_is_that_of_pypsa() -> None:
    """Two tools that share nothing but the tables."""
    scenario = uncertain_pair()
    found = two_stage(scenario, Options(solver="simplex"))
    assert found.certificate is not None
    assert found.certificate.ok
    assert found.perfect_information > 1e-3
    assert found.objective == pytest.approx(stochastic(scenario), rel=1e-6)
