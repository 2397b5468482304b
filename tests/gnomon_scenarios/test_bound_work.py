"""Work that is bound to technologies: where no work is open to their class, each has a balance of its own.

With one balance for the class, and work of a technology as its least, what the others may run would have no room but 0:
there is no interior then, multipliers grow without end, and the interior point proves nothing.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.golden.small import small
from xisuan.certificate.certify_plan import certify
from xisuan.equations.build_model import assemble
from xisuan.planning.expansion import plan
from xisuan.planning.two_stage_program import two_stage
from xisuan.scenario.scenario import Scenario

TECHNOLOGIES = """
    technology,class,unit,mw_per_unit,idle_share,capex_mcny_per_unit,opex_mcny_per_unit_year,life_years
    a,general,u,0.0224,0.3,1.9,,2
    b,general,u,0.0136,,1.95,,2
    c,general,u,0.0089,,0.92,0.05,5
    """
CURVES = "profile,hours,value\nd,,1\nd,8-17,1.9\nd,20,1.3\ntariff,,0.6\ntariff,9-20,0.8"


def bound(*targets: str, members: str = "", asked: str = "") -> Scenario:
    """Two sites, equipment that stands, and a workload for each target; those in `asked` (default all) have demand."""
    names = [f"w{at}" for at in range(len(targets))]
    demand = [
        f"{region},{name},{year},{amount * (2 if region == 'r' else 1)},d"
        for name, target in zip(names, targets, strict=True)
        for region in "rq"
        for year, amount in ((2026, 18.6), (2027, 24.2))
        if not asked or target in asked
    ]
    return small(
        {
            "regions": "region,lon\nr,105\nq,118",
            "sites": "site,node,zone,pue,lon\ns,r,z,1.3,105\nt,q,z,1.1,118",
            "technologies": TECHNOLOGIES,
            "fleet": "site,technology,opened,units,retires\nt,b,2024,26.5,2031\ns,a,2024,3,2031",
            "workloads": "workload,class,return_gbps_per_unit\n"
            + "\n".join(f"{name},{target},0.01" for name, target in zip(names, targets, strict=True)),
            "demand": "region,workload,period,units,profile\n" + "\n".join(demand),
            "power": "zone,price,co2_kg_per_kwh\nz,tariff,0.5",
            "profile_rules": CURVES,
            "members": members,
        },
        {"hours": "hours:24", "discount_rate": 0.05},
    )


@pytest.mark.parametrize("targets", [("c",), ("b",), ("b", "c"), ("a", "b", "c"), ("c", "general"), ("general",)])
def test_both_methods_prove_the_same_plan(targets: tuple[str, ...]) -> None:
    found = [plan(bound(*targets), method=method) for method in ("direct", "structured")]
    assert found[0].objective == pytest.approx(found[1].objective, rel=2e-6)
    for one in found:
        said = certify(one.scenario, one)
        assert one.status == "optimal"
        assert said.ok, said.findings
        assert abs(said.gap(one.objective)) <= 1e-6


@pytest.mark.parametrize("targets", [("c",), ("b", "c")])
def test_futures_with_bound_work_alone_are_proven(targets: tuple[str, ...]) -> None:
    members = "member,probability,western_power_price\nm,0.5,\nn,0.5,16"
    found = [two_stage(bound(*targets, members=members), method=method) for method in ("direct", "structured")]
    assert found[0].objective == pytest.approx(found[1].objective, rel=2e-6)
    assert all(abs(one.gap) <= 1e-6 for one in found)


def test_equipment_without_work_of_its_own_runs_nothing() -> None:
    """And what is bound runs on what it names, not on what is cheaper."""
    found = plan(bound("b", "c"))
    load = dict(zip(found.variables["load"].labels, np.moveaxis(found.variables["load"].values, -1, 0), strict=True))
    assert not load["s", "a"].any()
    asked = found.scenario["demand"].groupby(["workload", "period"])["units"].sum()
    for technology, work in (("b", "w0"), ("c", "w1")):
        runs = (load["s", technology] + load["t", technology]).mean(axis=1)
        want = [asked[work, 2026], asked[work, 2027]] * found.scenario.timeline.sample(found.scenario.shape("d")).mean(
            keepdims=True
        )
        assert runs == pytest.approx(want, rel=1e-6)


def test_a_class_is_one_balance_where_work_with_demand_is_open_to_it() -> None:
    """Work that nobody asks for opens nothing."""
    given = {
        "open": bound("c", "general"), "unasked": bound("c", "general", asked="c"), "bound": bound("c")
    }  # fmt: skip
    labels = {name: set(assemble(one).model.rows["class_balance"].labels) for name, one in given.items()}
    assert labels["open"] == {("s", "general"), ("t", "general")}
    assert labels["bound"] == labels["unasked"] == {(site, name) for site in "st" for name in "abc"}
    assert "technology_load" not in assemble(bound("c")).model.rows
    unasked = plan(bound("c", "general", asked="c"))
    assert abs(certify(unasked.scenario, unasked).gap(unasked.objective)) <= 1e-6
