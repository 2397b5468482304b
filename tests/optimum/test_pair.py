"""Tests of every number that docs/explanation/pair.md and pair-prices.md derive by hand."""

from __future__ import annotations

import pandas as pd
import pytest

import xisuan as xs
from tests.scenarios import PAIR_COST_MCNY, pair, pair_frames
from xisuan.dispatch.economic_dispatch import operate
from xisuan.planning.alternatives import alternatives
from xisuan.planning.expansion import plan
from xisuan.results.plan import CAPEX_TERMS, Plan
from xisuan.scenario import load

EAST_ENERGY = 0.07884
WEST_ENERGY = 0.031536
NEW_IN_EAST = 0.37884
NEW_IN_WEST = 0.341536
NEW_IN_WEST_BEYOND_LINK = 0.343536


@pytest.fixture(scope="module")
def found() -> Plan:
    return plan(pair())


def one(frame: pd.DataFrame, value: str, **where: object) -> float:
    """The single value of a table at a place, 0 where it has no row."""
    for column, wanted in where.items():
        frame = frame[frame[column] == wanted]
    assert len(frame) <= 1
    return float(frame[value].iloc[0]) if len(frame) else 0.0


def test_what_a_unit_costs_in_a_year() -> None:
    assert pytest.approx(0.01 * 8760 * 1.5 * 0.6 / 1000) == EAST_ENERGY
    assert pytest.approx(0.01 * 8760 * 1.2 * 0.3 / 1000) == WEST_ENERGY
    assert pytest.approx(1 / 5 + 0.1 + EAST_ENERGY) == NEW_IN_EAST
    assert pytest.approx(1 / 5 + 0.1 + 0.01 * 20 / 20 + WEST_ENERGY) == NEW_IN_WEST
    assert pytest.approx(NEW_IN_WEST + 0.01 * 2 / 10) == NEW_IN_WEST_BEYOND_LINK


def test_objective(found: Plan) -> None:
    assert found.objective == pytest.approx(PAIR_COST_MCNY, abs=1e-9)
    assert found.objective == pytest.approx(54.398, abs=1e-9)
    assert found.lower_bound == pytest.approx(54.398, abs=1e-9)


def test_a_least_of_a_link_is_paid_for() -> None:
    """0.4 Gbps are used in 2027; 0.6 that must stand then cost 0.2 × 2 / 10 more, and in 2026 nothing."""
    frames = pair_frames()
    rows = frames["links"].assign(period="", min_gbps="")
    frames["links"] = pd.concat([rows, rows.assign(period="2027", min_gbps="0.6")])
    settings = {"name": "pair", "periods": [2026, 2027], "discount_rate": 0.0, "hours": "one"}
    least = xs.plan(load.build(settings, frames))
    assert least.objective == pytest.approx(PAIR_COST_MCNY + 0.04, abs=1e-9)
    assert one(least.capacity, "amount", period=2026, asset="link") == pytest.approx(0.25)
    assert one(least.capacity, "amount", period=2027, asset="link") == pytest.approx(0.6)
    assert least.certificate.ok
    assert least.lower_bound == pytest.approx(least.objective, abs=1e-9)


def test_builds(found: Plan) -> None:
    expected = [
        (2026, "hall", "west-1", "", 0.2, "MW", 4.0),
        (2027, "hall", "west-1", "", 0.2, "MW", 4.0),
        (2026, "compute", "west-1", "server", 20.0, "server", 20.0),
        (2027, "compute", "west-1", "server", 20.0, "server", 20.0),
        (2027, "link", "east-west", "", 0.15, "Gbps", 0.3),
    ]
    columns = ["period", "asset", "where", "technology", "amount", "unit", "capex_mcny"]
    pd.testing.assert_frame_equal(found.builds[columns], pd.DataFrame(expected, columns=columns))


def test_capacity_in_use(found: Plan) -> None:
    in_use = {(row.period, row.asset, row.where): (row.amount, row.existing) for row in found.capacity.itertuples()}
    assert in_use == {
        (2026, "hall", "east-1"): pytest.approx((1.0, 1.0)),
        (2026, "hall", "west-1"): pytest.approx((0.4, 0.2)),
        (2027, "hall", "east-1"): pytest.approx((1.0, 1.0)),
        (2027, "hall", "west-1"): pytest.approx((0.6, 0.2)),
        (2026, "compute", "east-1"): pytest.approx((80.0, 80.0)),
        (2026, "compute", "west-1"): pytest.approx((40.0, 20.0)),
        (2027, "compute", "east-1"): pytest.approx((80.0, 80.0)),
        (2027, "compute", "west-1"): pytest.approx((60.0, 20.0)),
        (2026, "link", "east-west"): pytest.approx((0.25, 0.25)),
        (2027, "link", "east-west"): pytest.approx((0.4, 0.25)),
    }


def test_who_is_served_where(found: Plan) -> None:
    served = {(row.period, row.region, row.site): row.units for row in found.service.itertuples()}
    assert served == {
        (2026, "east", "east-1"): pytest.approx(80.0),
        (2026, "east", "west-1"): pytest.approx(20.0),
        (2026, "west", "west-1"): pytest.approx(20.0),
        (2027, "east", "east-1"): pytest.approx(80.0),
        (2027, "east", "west-1"): pytest.approx(40.0),
        (2027, "west", "west-1"): pytest.approx(20.0),
    }


def test_flows(found: Plan) -> None:
    for period, gbps in ((2026, 0.2), (2027, 0.4)):
        assert one(found.flows, "gbps", period=period, **{"from": "east"}) == pytest.approx(gbps)
        assert one(found.flows, "gbps", period=period, **{"from": "west"}) == 0.0


def test_costs_by_term(found: Plan) -> None:
    by_term = found.costs.groupby("term")["discounted_mcny"].sum().to_dict()
    assert by_term == {
        "compute_opex": pytest.approx(26.0),
        "energy": pytest.approx(15.768),
        "compute_capex": pytest.approx(12.0),
        "hall_capex": pytest.approx(0.6),
        "link_capex": pytest.approx(0.03),
    }


def test_shadow_prices(found: Plan) -> None:
    def price(constraint: str, period: int, item: str) -> float:
        return one(found.prices, "value", constraint=constraint, period=period, item=item)

    for period, east in ((2026, NEW_IN_WEST), (2027, NEW_IN_WEST_BEYOND_LINK)):
        assert price("work_balance", period, "east/web") == pytest.approx(east)
        assert price("work_balance", period, "west/web") == pytest.approx(NEW_IN_WEST)
        assert price("load_within_installed", period, "east-1/server") == pytest.approx(EAST_ENERGY - east)
        assert price("load_within_installed", period, "west-1/server") == pytest.approx(-0.31)
        assert price("bound on kept", period, "east-1/server/") == pytest.approx(EAST_ENERGY + 0.1 - east)
        assert price("bound on kept", period, "west-1/server/") == pytest.approx(-0.2)
        assert price("fleet_within_hall", period, "west-1") == pytest.approx(-1.0)
        assert price("fleet_within_hall", period, "east-1") == 0.0
        assert price("power_balance", period, "east-1") == pytest.approx(5.256)
        assert price("power_balance", period, "west-1") == pytest.approx(2.628)
    assert price("traffic_within_link", 2026, "east-west/east/west") == 0.0
    assert price("traffic_within_link", 2027, "east-west/east/west") == pytest.approx(-0.2)


def test_emissions(found: Plan) -> None:
    tonnes = {(row.period, row.site): row.location_t for row in found.emissions.itertuples()}
    assert tonnes == {
        (2026, "east-1"): pytest.approx(6307.2),
        (2026, "west-1"): pytest.approx(1681.92),
        (2027, "east-1"): pytest.approx(6307.2),
        (2027, "west-1"): pytest.approx(2522.88),
    }


def test_plan_is_investment_and_operation(found: Plan) -> None:
    invested = found.costs.loc[found.costs["term"].isin(CAPEX_TERMS), "discounted_mcny"].sum()
    schedule = operate(pair(), found)
    assert invested == pytest.approx(12.63)
    assert schedule.cost_mcny == pytest.approx(41.768)
    assert (schedule.status, schedule.penalty_mcny) == ("optimal", 0.0)


def test_the_price_of_power_at_which_work_stays_in_the_east() -> None:
    """At 0.64 CNY/kWh the free 25 units of the link still go west, but no link is built for more."""
    frames = pair_frames()
    frames["power"]["price"] = ["0.6", "0.64"]
    found = plan(load.build({"periods": [2026, 2027], "discount_rate": 0.0}, frames))
    assert found.objective == pytest.approx(57.965528, abs=1e-9)
    assert one(found.service, "units", period=2026, region="east", site="west-1") == pytest.approx(20.0)
    assert one(found.service, "units", period=2027, region="east", site="west-1") == pytest.approx(25.0)
    assert one(found.service, "units", period=2027, region="east", site="east-1") == pytest.approx(95.0)
    assert "link" not in set(found.builds["asset"])
    frames["power"]["price"] = ["0.6", "0.66"]
    stays = plan(load.build({"periods": [2026, 2027], "discount_rate": 0.0}, frames))
    assert one(stays.service, "units", period=2026, region="east", site="west-1") == 0.0


def test_how_firm_the_servers_of_the_west_are(found: Plan) -> None:
    """Within 1 % (0.54398 mCNY) of the optimum: what the page says of the least that the west could have."""
    table = alternatives(found, 0.01, [("compute", "west-1", "server")])
    assert table["planned"].tolist() == [pytest.approx(60.0)]
    assert table["least"].tolist() == [pytest.approx(45.0 - (0.54398 - 0.52956) / NO_LINK)]
    assert table["verdict"].tolist() == ["robust"]


NO_LINK = 0.037304
"""What a unit of the east costs more in a new server there than in the west, without a link to build."""
