"""Every cost term against a sum by hand; discounting, annuities and full payment."""

from __future__ import annotations

import pytest

from tests.golden.small import small
from xisuan.planning.expansion import plan
from xisuan.results.plan import Plan
from xisuan.scenario.scenario import Scenario

ONE: dict[str, object] = {"periods": [2026]}
ZONED = "site,zone,pue\ns,z,1.5"


def terms(scenario: Scenario) -> dict[str, float]:
    """Discounted cost by term."""
    found: dict[str, float] = plan(scenario).costs.groupby("term")["discounted_mcny"].sum().to_dict()
    return found


def test_an_annuity_is_paid_in_every_year_of_use_within_the_horizon() -> None:
    """Price 100 for 10 units, life 5, rate 10 %: a = 0.1 / (1 − 1.1⁻⁵) = 0.2637975.

    Ordered in 2027, in use from 2028 on; the periods stand for 2027, 2028 and 2029, and 2030 with 2031. Base year 2026:
    paid in 2028 to 2031, 26.37975 × (1.1⁻² + 1.1⁻³ + 1.1⁻⁴ + 1.1⁻⁵) = 76.0178.
    """
    scenario = small(
        {
            "technologies": """
                technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years,lead_years
                g,general,rack,0.5,10,5,1
                """,
            "demand": """
                region,workload,period,units
                r,w,2027,0
                r,w,2028,10
                r,w,2030,10
                """,
        },
        {"periods": [2027, 2028, 2030], "last_period_years": 2, "discount_rate": 0.1, "base_year": 2026},
    )
    found = plan(scenario)
    assert found.builds[["period", "amount", "in_use_from", "capex_mcny"]].to_numpy().tolist() == [
        [2027, pytest.approx(10), 2028, pytest.approx(100)]
    ]
    assert pytest.approx(0.2637975) == 0.1 / (1 - 1.1**-5)
    assert found.objective == pytest.approx(26.37975 * (1.1**-2 + 1.1**-3 + 1.1**-4 + 1.1**-5), rel=1e-6)
    assert found.objective == pytest.approx(76.0178, abs=1e-3)
    assert found.costs["mcny"].tolist() == [pytest.approx(100)], "overnight, undiscounted"


def test_full_payment_is_once_and_early() -> None:
    tables = {
        "technologies": """
            technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years
            g,general,rack,0.5,10,5
            """,
        "demand": "region,workload,period,units\nr,w,2028,10",
    }
    settings = {"periods": [2028], "discount_rate": 0.1, "base_year": 2026, "capital": "full", "last_period_years": 3}
    assert terms(small(tables, settings)) == {"compute_capex": pytest.approx(100 * 1.1**-2)}
    without_life = {**tables, "technologies": tables["technologies"].replace(",5\n", ",\n")}
    assert terms(small(without_life, settings)) == {"compute_capex": pytest.approx(100 * 1.1**-2)}


def test_a_period_weighs_as_many_years_as_it_stands_for() -> None:
    """Upkeep of 3 on 10 units, rate 10 %, 2026 to 2028 and 2029: 30 × (1 + 1/1.1 + 1/1.21) and 30 / 1.331."""
    scenario = small(
        {
            "technologies": """
                technology,class,unit,mw_per_unit,opex_mcny_per_unit_year,life_years
                g,general,rack,0.5,3,
                """,
            "demand": "region,workload,period,units\nr,w,2026,10\nr,w,2029,10",
        },
        {"periods": [2026, 2029], "discount_rate": 0.1},
    )
    costs = plan(scenario).costs
    assert costs["discounted_mcny"].tolist() == pytest.approx([30 * (1 + 1 / 1.1 + 1 / 1.21), 30 / 1.331])
    assert costs["mcny"].tolist() == pytest.approx([30, 30]), "one year, undiscounted"


def test_capital_of_halls_and_compute_is_dearer_where_the_site_says_so() -> None:
    """Halls 5 MW × 20 × 1.1 / 20 and their upkeep 5 × 0.4; racks 10 × 1 × 1.1 / 4."""
    scenario = small(
        {
            "sites": "site,capex_factor\ns,1.1",
            "halls": "site,capex_mcny_per_mw,opex_mcny_per_mw_year,life_years\ns,20,0.4,20",
        },
        ONE,
    )
    assert terms(scenario) == {
        "hall_capex": pytest.approx(5.5),
        "hall_opex": pytest.approx(2.0),
        "compute_capex": pytest.approx(2.75),
    }


def test_energy_peak_premium_and_carbon() -> None:
    """10 units × 0.5 MW × PUE 1.5 = 7.5 MW in both hours of the year, which stand for 4,380 each.

    Energy at 0.4 and 0.6 CNY/kWh: 7.5 × 4,380 × 1.0 / 1,000. Peak: 7.5 MW × 40 CNY/kW × 12 / 1,000. All of the year's
    65,700 MWh must be green but 0.2: 0.8 × 65,700 × 0.03 / 1,000. Carbon: 65,700 × 0.5 t × 60 / 10⁶.
    """
    scenario = small(
        {
            "sites": ZONED,
            "technologies": "technology,class,unit,mw_per_unit,life_years\ng,general,rack,0.5,4",
            "power": """
                zone,price,demand_charge_cny_per_kw_month,co2_kg_per_kwh,green_premium_cny_per_kwh
                z,tariff,40,0.5,0.03
                """,
            "profile_rules": "profile,hours,value\ntariff,,0.6\ntariff,0,0.4",
            "policies": """
                rule,scope,value
                carbon_price_cny_per_t,all,60
                green_share_min,all,0.8
                """,
        },
        {"periods": [2026], "hours": "hours:2"},
    )
    assert terms(scenario) == {
        "energy": pytest.approx(32.85),
        "demand_charge": pytest.approx(3.6),
        "green_premium": pytest.approx(1.5768),
        "carbon_price": pytest.approx(1.971),
    }


def test_a_contract_price_keeps_the_shape_of_the_list_price() -> None:
    """List: 0.4 in hour 0 of each day, else 0.6, mean (0.4 + 23 × 0.6) / 24 = 0.591667; contract 0.355.

    So every hour costs 0.6 of its list price: 7.5 × 4,380 × 1.0 / 1,000 × 0.6. A zone without a contract keeps its own.
    """
    tables = {
        "sites": ZONED,
        "technologies": "technology,class,unit,mw_per_unit,life_years\ng,general,rack,0.5,4",
        "power": "zone,price,contract_price_cny_per_kwh\nz,tariff,0.355",
        "profile_rules": "profile,hours,value\ntariff,,0.6\ntariff,0,0.4",
    }
    settings = {"periods": [2026], "hours": "hours:2"}
    assert terms(small(tables, settings)) == {"energy": pytest.approx(32.85)}
    contract = {**settings, "plan": {"power_price": "contract"}}
    assert terms(small(tables, contract)) == {"energy": pytest.approx(32.85 * 0.6)}
    without = {**tables, "power": "zone,price,contract_price_cny_per_kwh\nz,tariff,"}
    assert terms(small(without, contract)) == {"energy": pytest.approx(32.85)}


NETWORK = {
    "regions": "region\nr\nq",
    "sites": "site,node\ns,q",
    "technologies": "technology,class,unit,mw_per_unit,life_years\ng,general,rack,0.5,4",
    "links": "link,from,to,length_km,capacity_gbps,cost_mcny_per_gbps_hour\nl,r,q,10,9,0.00002",
}


@pytest.mark.parametrize("latency", ["9", ""], ids=["pairwise", "free"])
def test_traffic_pays_both_ways(latency: str) -> None:
    """10 units × (0.1 + 0.05) Gbps × 8,760 h × 0.00002 = 0.2628."""
    scenario = small(
        {
            **NETWORK,
            "workloads": "workload,class,gbps_per_unit,return_gbps_per_unit,latency_ms\nw,general,0.1,0.05," + latency,
        },
        ONE,
    )
    assert terms(scenario) == {"transmission": pytest.approx(0.2628)}


@pytest.mark.parametrize("routing", ["free", "shortest"])
def test_other_traffic_pays_too_whether_the_plan_routes_it_or_not(routing: str) -> None:
    """2 Gbps × 8,760 × 0.00002 = 0.3504."""
    scenario = small({**NETWORK, "traffic": f"from,to,gbps,routing\nq,r,2,{routing}"}, ONE)
    found = plan(scenario)
    assert found.objective == pytest.approx(0.3504)
    assert found.costs["discounted_mcny"].sum() == pytest.approx(0.3504)


@pytest.mark.parametrize("latency", ["9", ""], ids=["pairwise", "free"])
def test_stock_is_paid_for_in_every_hour(latency: str) -> None:
    """20 PB × 0.01 Gbps × 8,760 × 0.00002 = 0.03504, however few hours are modelled."""
    scenario = small(
        {
            **NETWORK,
            "technologies": "technology,class,unit,mw_per_unit,life_years,kind\nd,storage,PB,0.004,4,stock",
            "workloads": f"workload,class,gbps_per_unit,latency_ms\nk,storage,0.01,{latency}",
            "demand": "region,workload,period,units\nr,k,2026,20",
        },
        {"periods": [2026], "hours": "hours:3"},
    )
    assert terms(scenario) == {"transmission": pytest.approx(0.03504)}


def test_serving_costs_make_work_pairwise() -> None:
    """8,760 × 10 × 0.000003: the cheaper of two sites, although it has no latency limit."""
    scenario = small(
        {
            "sites": "site\ns\nt",
            "technologies": "technology,class,unit,mw_per_unit,life_years\ng,general,rack,0.5,4",
            "serving_cost": "region,site,workload,mcny_per_unit_hour\nr,s,w,0.000005\nr,t,w,0.000003",
        },
        ONE,
    )
    found = plan(scenario)
    assert found.costs["term"].tolist() == ["serving"]
    assert found.objective == pytest.approx(0.2628)
    assert found.service[["site", "units"]].to_numpy().tolist() == [["t", pytest.approx(10)]]


def test_work_is_dropped_where_its_penalty_is_cheaper() -> None:
    """A rack costs 1 / 4 = 0.25 a year: a penalty of 0.2 / 8,760 an hour is cheaper, 0.3 / 8,760 is not."""

    def found(penalty: float) -> Plan:
        more = {"workloads": f"workload,class,unserved_mcny_per_unit_hour\nw,general,{penalty / 8760}"}
        return plan(small(more, ONE))

    cheap = found(0.2)
    assert cheap.costs.groupby("term")["discounted_mcny"].sum().to_dict() == {"unserved": pytest.approx(2.0)}
    assert cheap.service[["site", "units", "share"]].to_numpy().tolist() == [["", pytest.approx(10), pytest.approx(1)]]
    assert found(0.3).costs["term"].tolist() == ["compute_capex"]


def test_stock_may_be_dropped_too() -> None:
    scenario = small(
        {
            "technologies": "technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years,kind\nd,st,PB,0,9,1,stock",
            "workloads": "workload,class,unserved_mcny_per_unit_hour\nk,st,0.001",
            "demand": "region,workload,period,units\nr,k,2026,20",
        },
        ONE,
    )
    assert terms(scenario) == {"unserved": pytest.approx(20 * 8.76)}


def test_own_power_pays_for_capital_upkeep_and_wear() -> None:
    """Grid at 1 CNY/kWh; sun of 0.5 in every hour: 15 MW give 7.5. Capital 15 × 4 / 20, upkeep 15 × 0.1, wear
    7.5 × 8,760 × 0.00002."""
    scenario = small(
        {
            "sites": ZONED,
            "technologies": "technology,class,unit,mw_per_unit,life_years\ng,general,rack,0.5,4",
            "power": "zone,price\nz,1",
            "supply": """
                site,source,capex_mcny_per_mw,opex_mcny_per_mw_year,life_years,cost_mcny_per_mwh,profile
                s,solar,4,0.1,20,0.00002,sun
                """,
            "profile_rules": "profile,value\nsun,0.5",
        },
        ONE,
    )
    assert terms(scenario) == {
        "supply_capex": pytest.approx(3.0),
        "supply_opex": pytest.approx(1.5),
        "supply_variable": pytest.approx(1.314),
    }


def test_a_battery_buys_cheap_hours_for_dear_ones() -> None:
    """Two hours, 0.2 and 1 CNY/kWh, 7.5 MW, efficiency 0.8 each way: x MWh charged give 0.64 x.

    All of the dear hour is worth covering: x = 7.5 / 0.64 = 11.71875 MW in the cheap one, 9.375 MWh stored. Capital: power
    11.71875 × 1 / 10, energy 9.375 × 2 / 10. Energy: 4,380 × (7.5 + 11.71875) × 0.2 / 1,000.
    """
    scenario = small(
        {
            "sites": ZONED,
            "technologies": "technology,class,unit,mw_per_unit,life_years\ng,general,rack,0.5,4",
            "power": "zone,price\nz,tariff",
            "profile_rules": "profile,hours,value\ntariff,,1\ntariff,0,0.2",
            "supply": "site,source,capex_mcny_per_mw,capex_mcny_per_mwh,life_years,efficiency\ns,battery,1,2,10,0.8",
        },
        {"periods": [2026], "hours": "hours:2"},
    )
    found = plan(scenario)
    by_term = found.costs.groupby("term")["discounted_mcny"].sum().to_dict()
    assert by_term == {"supply_capex": pytest.approx(3.046875), "energy": pytest.approx(16.835625)}
    assert found.builds.set_index("asset")["amount"].to_dict() == {
        "compute": pytest.approx(10),
        "battery": pytest.approx(11.71875),
        "battery_energy": pytest.approx(9.375),
    }
    assert found.power["stored_mwh"].tolist() == pytest.approx([9.375, 0])
