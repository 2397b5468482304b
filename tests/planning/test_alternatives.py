"""How far a capacity could be from the plan at nearly the same cost, against sums by hand."""

from __future__ import annotations

import pytest

from gnomon.highs import solver_sequence
from gnomon.interior_point import solve as structured
from gnomon.model.linear_program import LinearProgram
from gnomon.options import Options
from gnomon.solution import Solution, Watch
from tests.golden.small import small
from tests.scenarios import five
from xisuan.decisions.repeated_solve import Question
from xisuan.errors import ScenarioError
from xisuan.planning.alternatives import COLUMNS, alternatives, largest
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan

ONE: dict[str, object] = {"periods": [2026]}


@pytest.fixture(scope="module")
def two_sites() -> Plan:
    """10 racks are needed; at t they cost 2 % more than at s. The cost is 10 / 4 = 2.5."""
    return plan(small({"sites": "site,capex_factor\ns,1\nt,1.02"}, ONE))


def test_what_costs_little_more_elsewhere_is_interchangeable(two_sites: Plan) -> None:
    """A rack moves for 0.25 × 0.02 = 0.005 a year: 1.5 % of the cost, 0.0375, moves 7.5 of 10."""
    of = [("compute", "s", "g"), ("compute", "t", "g")]
    table = alternatives(two_sites, 0.015, of)
    assert list(table.columns) == list(COLUMNS)
    assert table["planned"].tolist() == pytest.approx([10, 0])
    assert table["least"].tolist() == pytest.approx([2.5, 0])
    # more than 10 may stand too: 0.0375 / 0.25 = 0.15 racks too many at s
    assert table["most"].tolist() == pytest.approx([10.15, 7.5])
    assert table["verdict"].tolist() == ["interchangeable", "none"]
    assert alternatives(two_sites, 0.009, of[:1])["verdict"].tolist() == ["robust"], "4.5 may move"


def test_a_hub_is_its_sites_together(two_sites: Plan) -> None:
    """4.5 of 10 racks move for 0.9 %, from one site of the hub to the other: it keeps all ten, of 0.5 MW each.

    0.0225 buys 0.09 racks too many, of which the hub may have 0.045 MW more.
    """
    scenario = small({"sites": "site,node,hub,capex_factor\ns,r,h,1\nt,r,h,1.02"}, ONE)
    of = [("it_power", "h", ""), ("compute", "h", "g"), ("it_power", "s", ""), ("it_power", "t", "")]
    table = alternatives(plan(scenario), 0.009, of)
    assert table["planned"].tolist() == pytest.approx([5, 10, 5, 0])
    assert table["least"].tolist() == pytest.approx([5, 10, 2.75, 0])
    assert table["most"].tolist() == pytest.approx([5.045, 10.09, 5.045, 2.25])
    assert table["unit"].tolist() == ["MW", "rack", "MW", "MW"]
    assert table["verdict"].tolist() == ["robust", "robust", "robust", "none"]
    with pytest.raises(ScenarioError, match=r"hall h"):
        alternatives(two_sites, 0.01, [("hall", "h", "")])


def test_the_largest_builds_are_asked_for_unasked(two_sites: Plan) -> None:
    assert largest(two_sites) == [("compute", "s", "g")]
    table = alternatives(two_sites)
    assert table[["asset", "where", "technology"]].to_numpy().tolist() == [["compute", "s", "g"]]


@pytest.mark.parametrize(("left", "least"), [(1.4e-10, 0.0), (-1e-9, 0.0), (0.01, 0.01)])
def test_what_the_solver_leaves_of_nothing_is_nothing(
    left: float, least: float, two_sites: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xisuan.planning.alternatives._ByMethod.least", lambda _s, _of, sign, _w: max(sign, 0) and left)
    assert alternatives(two_sites)["least"].tolist() == [least]


@pytest.mark.parametrize("within", [0.0, 0.01])
def test_from_a_vertex_it_is_what_is_found_without(within: float, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = five(hours="hours:6")
    found = plan(scenario)
    of = largest(found, 3)
    alone = alternatives(found, within, of)
    monkeypatch.setattr(solver_sequence, "solve", None)
    begun = alternatives(found, within, of, start=Question(scenario).vertex)
    for column in ("least", "most"):
        assert begun[column].tolist() == pytest.approx(alone[column].tolist(), rel=1e-5, abs=1e-5 * alone["most"].max())
    assert begun["verdict"].tolist() == alone["verdict"].tolist()


def test_a_capacity_that_is_not_there_is_named(two_sites: Plan) -> None:
    with pytest.raises(ScenarioError, match=r"compute s h.*such as compute s g"):
        alternatives(two_sites, 0.01, [("compute", "s", "h")])


def test_links_built_in_modules_are_one_link() -> None:
    scenario = small(
        {
            "regions": "region\nr\nq",
            "sites": "site,node\ns,q",
            "workloads": "workload,class,gbps_per_unit\nw,general,0.1",
            "links": "link,from,to,length_km,capacity_gbps,life_years\nl,r,q,10,0.2,10",
            "modules": "link,module,gbps,mcny,max_count\nl,small,0.3,100,3\nl,large,1,900,",
        },
        ONE,
    )
    found = plan(scenario)
    assert largest(found, 1) == [("link", "l", "")]
    table = alternatives(found, 0.001, [("link", "l", "")])
    assert table[["existing", "planned", "least", "unit"]].to_numpy().tolist() == [
        [pytest.approx(0.2), pytest.approx(1.1), pytest.approx(1.1), "Gbps"]
    ]
    assert table["verdict"].tolist() == ["robust"]


def test_batteries_and_halls_may_be_asked_for() -> None:
    scenario = small(
        {
            "sites": "site,zone\ns,z",
            "halls": "site,capex_mcny_per_mw,life_years\ns,20,20",
            "power": "zone,price\nz,tariff",
            "profile_rules": "profile,hours,value\ntariff,,1\ntariff,0,0.2",
            "supply": "site,source,capex_mcny_per_mw,capex_mcny_per_mwh,life_years,efficiency\ns,battery,1,2,10,0.8",
        },
        {"periods": [2026], "hours": "hours:2"},
    )
    table = alternatives(plan(scenario), 0.01, [("battery", "s", ""), ("battery_energy", "s", ""), ("hall", "s", "")])
    assert table["unit"].tolist() == ["MW", "MWh", "MW"]
    assert (table["least"] <= table["planned"] + 1e-9).all()
    assert (table["most"] >= table["planned"] - 1e-9).all()


@pytest.mark.parametrize("method", ["structured", "direct"])
def test_large_plans_are_asked_by_the_structured_method(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which finds what a vertex shows; one question at a time, as each has all cores."""
    asked: list[str] = []

    def solve(_: object, flat: LinearProgram, options: Options, watch: Watch = None) -> Solution:
        asked.append(method)
        return (
            structured.solve(flat, options, watch)
            if method == "structured"
            else solver_sequence.solve(flat, options, watch)
        )

    scenario = five(hours="hours:6")
    found = plan(scenario)
    of = largest(found, 2)
    monkeypatch.setattr("xisuan.planning.alternatives.run_strategies", solve)
    table = alternatives(found, 0.02, of)
    vertex = alternatives(found, 0.02, of, start=Question(scenario).vertex)
    assert len(asked) == 4
    for column in ("least", "most"):
        assert table[column].tolist() == pytest.approx(vertex[column].tolist(), rel=1e-5, abs=1e-4)
