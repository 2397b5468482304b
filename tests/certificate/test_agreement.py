"""Two readings of one statement: the equations' optimum and the certificate's are the same, in every corner tried.

The certificate's own rows are solved by scipy; the plan comes from the equations and the planner's solver.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from gnomon.options import Options
from tests import scenarios
from tests.certificate.solved import solved
from tests.certificate.test_certify_plan import SPECIAL, made, tiny_frames
from xisuan.certificate.certify_plan import certify
from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.proof.variable_bounds import Bounds
from xisuan.planning.expansion import plan
from xisuan.scenario.scenario import Scenario

Edit = Callable[[scenarios.Frames], None]


def five(edit: Edit = lambda frames: None, **settings: object) -> Scenario:
    frames = scenarios.five_frames()
    edit(frames)
    chosen = {"name": "five", "periods": [2026, 2027, 2029], "last_period_years": 2, "hours": "hours:4"}
    return scenarios.build(chosen | settings, frames)


def without(*tables: str) -> Edit:
    def edit(frames: scenarios.Frames) -> None:
        for table in tables:
            frames.pop(table)

    return edit


def openings(frames: scenarios.Frames) -> None:
    frames["sites"]["fixed_cost_mcny"] = ["5", "", "3", "12"]


def no_network(frames: scenarios.Frames) -> None:
    """Nothing says how far places are apart, and no work asks."""
    without("links", "traffic", "budgets", "latency")(frames)
    frames["workloads"]["latency_ms"] = ""


def no_power(frames: scenarios.Frames) -> None:
    """IT alone: the energy-weighted PUE and the water are still measured."""
    frames.pop("power")
    frames.pop("supply")
    frames["sites"]["zone"] = ""
    frames["policies"] = frames["policies"][frames["policies"]["rule"].isin(["pue_max", "water_cap_m3"])]


def own_rules(frames: scenarios.Frames) -> None:
    """The site's rule before its hub's, its hub's before that of all."""
    rows = """
        rule,scope,period,value,applies
        site_reserve_min,west,,0.1,all
        site_reserve_min,low,,0.01,all
        site_reserve_min,high,2029,0.05,all
        link_load_max,delta-capital,,0.95,all
        carbon_price_cny_per_t,west,,100,all
        carbon_price_cny_per_t,high,2027,150,new
        """
    frames["policies"] = pd.concat([frames["policies"], scenarios.frame(rows)])


def later_links(frames: scenarios.Frames) -> None:
    """Capacity and a new link that arrive later, so that paths change from period to period."""
    links = frames["links"].assign(period="")
    more = links[links["link"].isin(["harbour-plateau", "capital-junction"])].assign(period="2029", capacity_gbps="2")
    new = links[links["link"] == "delta-capital"].assign(link="second", period="2027", latency_ms="5")
    frames["links"] = pd.concat([links, more, new])


def wide_links(frames: scenarios.Frames) -> None:
    """A least of links that is more than all traffic there is, in all periods of one and in the last of another."""
    links = frames["links"].assign(period="", min_gbps=["90", *[""] * (len(frames["links"]) - 1)])
    frames["links"] = pd.concat([links, links.iloc[[3]].assign(period="2029", min_gbps="100")])
    frames.pop("budgets")


def retrofits(frames: scenarios.Frames) -> None:
    frames["halls"].loc[0, ["lead_years", "retrofit_capex_mcny_per_mw"]] = ["1", "0.4"]
    frames["halls"].loc[1, ["retrofit_capex_mcny_per_mw", "retrofit_pue"]] = ["0.4", "1.2"]
    frames.pop("policies")


def late_rows(frames: scenarios.Frames) -> None:
    low = frames["halls"][frames["halls"]["site"] == "low"]
    frames["halls"] = pd.concat([frames["halls"], low.assign(period="2027", capex_mcny_per_mw="21")])
    frames["power"].loc[1, ["demand_charge_cny_per_kw_month", "green_premium_cny_per_kwh"]] = ["0", ""]


def other_routes(frames: scenarios.Frames) -> None:
    frames["workloads"].loc[frames["workloads"]["workload"] == "archive", "latency_ms"] = "12"
    frames["workloads"].loc[frames["workloads"]["workload"] == "ledger", "gbps_per_unit"] = "0.001"
    frames["workloads"].loc[frames["workloads"]["workload"] == "render", "latency_ms"] = "12"
    frames["traffic"]["routing"] = ["shortest", "shortest", "free"]


def changing_routes(frames: scenarios.Frames) -> None:
    """One row of traffic that takes the shortest path until 2027 and any from then on, and one the other way round."""
    other = {"shortest": "free", "free": "shortest"}
    now = frames["traffic"].assign(period="", routing=["shortest", "free", "shortest"])
    later = now.assign(period="2027", routing=[other[kind] for kind in now["routing"]])
    frames["traffic"] = pd.concat([now, later])


def supply_alone(frames: scenarios.Frames) -> None:
    """Sun and batteries do nothing where power has no prices, while rules on IT energy still hold."""
    frames.pop("power")
    frames["sites"]["zone"] = ""
    frames["policies"] = frames["policies"][frames["policies"]["rule"].isin(["pue_max", "water_cap_m3"])]


CORNERS: dict[str, Callable[[], Scenario]] = {
    "pair": scenarios.pair,
    "five": five,
    "one hour": lambda: five(hours="one"),
    "capital in full": lambda: five(capital="full"),
    "contract prices": lambda: five(plan={"power_price": "contract"}),
    "contract price of one zone": lambda: five(plan={"power_price": "contract", "contract_zones": ("inland",)}),
    "carbon": lambda: five(without("policies"), objective="carbon"),
    "carbon with rules": lambda: five(without("budgets"), objective="carbon"),
    "no network": lambda: five(no_network),
    "no power": lambda: five(no_power),
    "openings": lambda: five(openings),
    "own rules": lambda: five(own_rules),
    "links that arrive": lambda: five(later_links),
    "links that must be wide": lambda: five(wide_links),
    "retrofits": lambda: five(retrofits),
    "rows that hold later": lambda: five(late_rows),
    "other routes": lambda: five(other_routes),
    "routes that change": lambda: five(changing_routes),
    "supply without power": lambda: five(supply_alone),
    "tiny": lambda: made(tiny_frames()),
    "whole numbers": SPECIAL["whole"],
}


@pytest.mark.parametrize("name", CORNERS)
def test_both_readings_have_one_optimum(name: str) -> None:
    scenario = CORNERS[name]()
    found = plan(scenario, Options(gap=1e-7, threads=1) if _whole(scenario) else Options(solver="simplex", threads=1))
    certificate = certify(scenario, found)
    assert certificate.ok, certificate.findings
    assert certificate.findings == ()
    assert found.objective == pytest.approx(solved(scenario).objective, rel=3e-7)
    if not _whole(scenario):
        assert certificate.lower_bound == pytest.approx(found.objective, rel=1e-6)


def test_a_least_of_a_link_is_in_the_bound_on_its_orders() -> None:
    """90 Gbps must stand from the first period on where 1 does, though all traffic together is less."""
    bounds = Bounds(Statement.of(five(wide_links)), np.inf)
    at = bounds.columns["build_link"].labels.index(("harbour-junction",))
    assert bounds.most["build_link"][0, at] >= 89.0


def _whole(scenario: Scenario) -> bool:
    return bool((scenario["sites"]["fixed_cost_mcny"] > 0).any())


@pytest.mark.parametrize("solver", ["ipx", "hipo"])
def test_interior_points_are_certified_without_crossover(solver: str) -> None:
    scenario = five()
    found = plan(scenario, Options(solver=solver, threads=1))  # type: ignore[arg-type]
    certificate = certify(scenario, found)
    assert certificate.ok, certificate.findings
    assert certificate.lower_bound == pytest.approx(found.objective, rel=2e-6)
