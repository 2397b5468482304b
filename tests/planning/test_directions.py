"""Who is told to lower or to raise something is told the way that ends the contradiction: by hand, and by another solver."""

from __future__ import annotations

import dataclasses
import itertools
import random

import numpy as np
import pandas as pd
import pytest

import xisuan as xs
from gnomon.infeasibility import iis
from tests.planning.test_conflicting import possible
from tests.scenarios import frame, pair_frames
from xisuan.equations.build_model import assemble
from xisuan.errors import InfeasibleError
from xisuan.planning.infeasibility import explanation
from xisuan.planning.infeasibility.statement import Statement
from xisuan.planning.infeasibility.statements import Register
from xisuan.scenario.settings import Hours

FACTORS = {"raise": (1.5, 3.0, 10.0, 100.0, 1000.0), "lower": (0.7, 0.3, 0.1, 0.0)}
"""What a demand is multiplied with by whoever follows the advice."""


def shop(first: float, second: float, share: float, units: float = 0.0) -> xs.Scenario:
    """A shop without halls whose servers, once bought, stand in both years; another region asks for nothing.

    `units` stand from the start, and at least `share` of what is installed must be used.
    """
    tables = {
        "regions": frame("region,lat,lon\nshop,31,121\nidle,31,121\n"),
        "sites": frame("site,kind,lat,lon,node\nstall,campus,31,121,shop\n"),
        "technologies": frame(
            "technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years\nserver,general,server,0.01,1,5\n"
        ),
        "workloads": frame("workload,class\nweb,general\n"),
        "demand": frame(
            f"region,workload,period,units\nshop,web,2026,{first}\nshop,web,2028,{second}\nidle,web,2026,0\nidle,web,2028,0\n"
        ),
        "policies": frame(f"rule,scope,period,value,applies\nutilisation_min,all,2028,{share},all\n"),
    }
    if units:
        tables["fleet"] = frame(f"site,technology,units\nstall,server,{units}\n")
    return xs.build({"name": "shop", "periods": [2026, 2028], "hours": "one", "discount_rate": 0.0}, tables)


def named(scenario: xs.Scenario) -> dict[str, str]:
    """What is named, with its remedy, by table and row."""
    with pytest.raises(InfeasibleError) as raised:
        xs.plan(scenario)
    lines = [line.rpartition(" · ") for line in raised.value.conflict]
    return {", ".join(said.split(", ")[:2]): remedy for said, _, remedy in lines}


def test_what_is_bought_for_one_year_stands_unused_in_another_by_hand() -> None:
    """100 in 2026 leave 100 servers, of which 5 run in 2028 where 20 must: less in 2026, more in 2028, or less of the rule.
    The region that asks for nothing has no part in it.
    """
    said = named(shop(100, 5, 0.2))
    assert set(said) == {"demand, shop/web/2026", "demand, shop/web/2028", "policies, utilisation_min/all"}
    assert said["demand, shop/web/2026"].startswith("lower it")
    assert said["demand, shop/web/2028"].startswith("raise it")
    assert said["policies, utilisation_min/all"].startswith("lower it")
    for mended in (shop(25, 5, 0.2), shop(100, 20, 0.2), shop(100, 5, 0.05)):
        assert xs.plan(mended).status == "optimal"
    for wrong in (shop(100, 4, 0.2), shop(110, 5, 0.2)):
        assert named(wrong).keys() == said.keys()


def late(scenario: xs.Scenario) -> xs.Scenario:
    """The same where no server comes in time."""
    return scenario.with_tables(technologies=scenario["technologies"].assign(lead_years=5.0))


def test_too_much_that_stands_is_to_be_less_by_hand() -> None:
    """100 servers stand, may not retire, and 5 run where 20 must: more to run, or fewer servers; nobody is to give more."""
    said = named(late(shop(5, 5, 0.2, units=100)))
    assert said["demand, shop/web/2028"].startswith("raise it")
    assert said["fleet, stall/server"].startswith("give fewer units that stand")
    assert xs.plan(late(shop(5, 20, 0.2, units=100))).status == "optimal"
    assert xs.plan(late(shop(5, 5, 0.2, units=25))).status == "optimal"


def test_too_little_that_stands_is_to_be_more_by_hand() -> None:
    """10 servers stand and no more come in time for 20: more that stand, or less to run."""
    said = named(late(shop(20, 20, 0.0, units=10)))
    assert said["demand, shop/web/2026"].startswith("lower it")
    assert "give more units that stand" in said["fleet, stall/server"]
    assert xs.plan(late(shop(20, 20, 0.0, units=20))).status == "optimal"


def test_a_demand_that_is_too_uneven_is_to_be_evened_out_by_hand() -> None:
    """Twice the mean in one hour of two, and nothing in the other: half of what stands is used, where nine tenths must. As
    much or as little as there is of it, that stays; the same work spread evenly is used wholly.
    """
    uneven = shop(10, 10, 0.9).with_settings(hours=Hours.parse("hours:2"))
    peaks = np.tile([2.0, 0.0], 4380)
    busy = uneven["demand"].assign(profile="peaks")
    curves = uneven.curves.assign(peaks=peaks)
    uneven = dataclasses.replace(uneven.with_tables(demand=busy), curves=curves)
    said = named(uneven)
    assert said["demand, shop/web/2028"].startswith("even out its profile")
    for factor in (0.1, 10.0):
        more = uneven.with_tables(demand=busy.assign(units=busy["units"] * factor))
        assert named(more)["demand, shop/web/2028"].startswith("even out its profile")
    flat = uneven.with_tables(demand=busy.assign(profile=""))
    assert xs.plan(flat).status == "optimal"


def drawn(seed: int) -> xs.Scenario:
    """`pair` with demand that comes and goes, by the hour too, with equipment that stands and a share that must be used."""
    chance = random.Random(seed)
    frames = pair_frames()
    frames["demand"]["units"] = [str(chance.choice([0, 1, 5, 20, 60, 110])) for _ in range(len(frames["demand"]))]
    frames["demand"]["profile"] = [chance.choice(["", "busy"]) for _ in range(len(frames["demand"]))]
    frames["fleet"]["units"] = [str(chance.choice([0, 20, 80])) for _ in range(2)]
    frames["profile_rules"] = frame("profile,months,days,hours,value\nbusy,,,,0.5\nbusy,,,2-3,2\n")
    share = chance.choice([0.2, 0.5, 0.9])
    frames["policies"] = frame(f"rule,scope,period,value,applies\nutilisation_min,all,,{share},all\n")
    if chance.random() < 0.5:
        most = chance.choice([30, 60, 120])
        frames["limits"] = frame(f"site,technology,max_units\neast-1,server,{most}\nwest-1,server,{most}\n")
    hours = chance.choice(["one", "hours:4"])
    return xs.build({"name": "drawn", "periods": [2026, 2027], "hours": hours, "discount_rate": 0.05}, frames)


def scaled(scenario: xs.Scenario, one: Statement, factor: float, even: bool) -> xs.Scenario:
    """`scenario` with the demand of a statement multiplied, and evened out where that is asked."""
    region, workload, period = one.row.split("/")
    demand = scenario["demand"]
    mine = (demand["region"] == region) & (demand["workload"] == workload) & (demand["period"] == int(period))
    units: pd.Series[float] = demand["units"].where(~mine, demand["units"] * factor)
    profile = demand["profile"].where(~mine, "") if even else demand["profile"]
    return scenario.with_tables(demand=demand.assign(units=units, profile=profile))


def ends(scenario: xs.Scenario, one: Statement, others: set[str], factor: float, even: bool = False) -> bool:
    """Whether what else is named can be met with the demand multiplied, by scipy."""
    assembly = assemble(scaled(scenario, one, factor, even))
    register = Register(assembly)
    for blocks in (assembly.model.rows, assembly.model.columns):
        for block in blocks.values():
            for item, period in itertools.product(range(len(block.labels)), range(len(block.lower))):
                register.text(block, item, period)
    mine = {text for text, said in register.by_text.items() if (said.table, said.row) == (one.table, one.row)}
    return possible(assembly, others | mine)


@pytest.mark.parametrize(("seeds", "least"), [(9, 1), pytest.param(80, 5, marks=pytest.mark.long)])
def test_whoever_does_what_is_advised_ends_the_contradiction(seeds: int, least: int) -> None:
    """Of random scenarios without a plan; both ways are advised, and never of a demand of nothing."""
    advised = {"raise": 0, "lower": 0}
    for seed in range(seeds):
        try:
            scenario = drawn(seed)
        except xs.ScenarioError:
            continue  # a fleet beyond its limit
        assembly = assemble(scenario)
        register = Register(assembly)
        try:
            found = iis.explain(assembly.model, register.text, kin=explanation.groupings(register))
        except xs.SolverError:
            continue  # there is a plan
        assert found.minimal
        said = set(found.statements)
        for text in said:
            one = explanation._loosened(register.by_text[text], found, text)
            if one.table != "demand":
                continue
            assert not one.text.startswith("0 ")
            way = one.loosen.split()[0]
            if way == "even":
                continue  # no factor does that; that it is not innocent is the law of `test_conflicting`
            advised[way] += 1
            rest = said - {text}
            done = any(ends(scenario, one, rest, by) for by in FACTORS[way])
            # raised in all hours alike it may be too uneven for the rule by itself, which is another contradiction
            assert done or (way == "raise" and any(ends(scenario, one, rest, by, even=True) for by in FACTORS[way]))
    assert min(advised.values()) >= least, advised
