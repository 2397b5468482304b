"""When orders come into use and go out of it, what stands, what may retire, what is fixed because it is past."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.golden.small import small
from xisuan.equations.build_model import assemble
from xisuan.equations.model_builder import Assembly
from xisuan.errors import InfeasibleError
from xisuan.planning.expansion import plan
from xisuan.scenario.scenario import Scenario

YEARS = [2026, 2027, 2028, 2029]
PERIODS: dict[str, object] = {"periods": YEARS}


def demand(units: float | list[float], years: list[int] = YEARS) -> str:
    each = units if isinstance(units, list) else [units] * len(years)
    rows = "".join(f"\nr,w,{year},{amount}" for year, amount in zip(years, each, strict=True))
    return "region,workload,period,units" + rows


def technology(**cells: object) -> str:
    row = {
        "technology": "g",
        "class": "general",
        "unit": "rack",
        "mw_per_unit": 0.5,
        "capex_mcny_per_unit": 1,
        "life_years": 4,
    } | cells
    return ",".join(row) + "\n" + ",".join(str(cell) for cell in row.values())


def uses(a: Assembly, constraint: str, variable: str, item: int = 0) -> list[list[float]]:
    """Coefficient of an order of each period (columns) in the row of each period (rows), sign turned."""
    periods = a.model.periods
    out = np.zeros((periods, periods))
    for part in a.model.entries:
        if part.row.name == constraint and part.column.name == variable and part.periods is not None:
            for row, column, of, value in zip(*part.periods, part.columns, part.values, strict=True):
                if of == item:
                    out[row, column] -= value
    found: list[list[float]] = out.tolist()
    return found


def built(scenario: Scenario, asset: str = "compute") -> dict[int, float]:
    builds = plan(scenario).builds
    rows = builds[builds["asset"] == asset]
    return dict(zip(rows["period"], rows["amount"].round(6), strict=True))


# --- lead and life ---


def test_an_order_serves_from_its_lead_on_for_its_life() -> None:
    scenario = small(
        {
            "demand": demand(10),
            "technologies": technology(lead_years=1, life_years=2),
            "fleet": "site,technology,units\ns,g,9",
            "workloads": "workload,class,unserved_mcny_per_unit_hour\nw,general,1",
        },
        PERIODS,
    )
    a = assemble(scenario)
    assert uses(a, "installed_balance", "build") == [[0, 0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0]]
    upper = a.model.columns["build"].upper[:, 0].tolist()
    assert upper == [np.inf, np.inf, np.inf, 0.0], "what would come after the last period cannot be ordered"


def test_a_period_that_stands_for_years_is_served_by_what_is_alive_when_it_begins() -> None:
    years = [2026, 2028, 2031]
    scenario = small(
        {"demand": demand(10, years), "technologies": technology(life_years=3)},
        {"periods": years, "last_period_years": 2},
    )
    assert uses(assemble(scenario), "installed_balance", "build") == [[1, 0, 0], [1, 1, 0], [0, 0, 1]]


def test_the_row_that_holds_at_the_order_gives_lead_and_life() -> None:
    scenario = small(
        {
            "demand": demand(10),
            "technologies": """
                technology,period,class,unit,mw_per_unit,capex_mcny_per_unit,life_years
                g,,general,rack,0.5,1,1
                g,2027,general,rack,0.5,1,3
                """,
        },
        PERIODS,
    )
    rows = uses(assemble(scenario), "installed_balance", "build")
    assert rows == [[1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 1, 0], [0, 1, 1, 1]]


def test_a_blank_life_is_for_ever() -> None:
    scenario = small({"demand": demand(10), "technologies": technology(life_years="", capex_mcny_per_unit=0)}, PERIODS)
    assert uses(assemble(scenario), "installed_balance", "build") == np.tril(np.ones((4, 4))).tolist()


def test_orders_replace_what_dies() -> None:
    scenario = small({"demand": demand(10), "technologies": technology(life_years=2)}, PERIODS)
    assert built(scenario) == {2026: 10.0, 2028: 10.0}


def test_what_is_needed_in_2027_alone_is_ordered_a_year_ahead() -> None:
    scenario = small(
        {
            "demand": demand([5, 10, 5, 5]),
            "technologies": technology(lead_years=1),
            "fleet": "site,technology,units\ns,g,5",
        },
        PERIODS,
    )
    assert built(scenario) == {2026: 5.0}


# --- availability ---


def test_a_technology_is_ordered_only_in_the_years_it_is_available() -> None:
    scenario = small(
        {"demand": demand(10), "technologies": technology(available_from=2027, available_until=2028)}
        | {"fleet": "site,technology,units\ns,g,10"},
        PERIODS,
    )
    assert assemble(scenario).model.columns["build"].upper[:, 0].tolist() == [0, np.inf, np.inf, 0]


def test_before_its_first_row_a_technology_is_not_on_offer() -> None:
    scenario = small(
        {
            "demand": demand(10),
            "technologies": """
                technology,period,class,unit,mw_per_unit,capex_mcny_per_unit,life_years
                g,2027,general,rack,0.5,1,4
                """,
            "fleet": "site,technology,units\ns,g,10",
        },
        PERIODS,
    )
    columns = assemble(scenario).model.columns
    assert columns["build"].upper[:, 0].tolist() == [0, np.inf, np.inf, np.inf]
    assert plan(scenario).status == "optimal"


def test_limits_bound_what_stands_and_what_is_ordered() -> None:
    scenario = small(
        {
            "demand": demand([2, 4, 6, 8]),
            "limits": """
                site,technology,period,min_units,max_units,max_build_units
                s,g,,,9,5
                s,g,2028,7,,
                """,
        },
        PERIODS,
    )
    columns = assemble(scenario).model.columns
    assert columns["installed"].upper[:, 0].tolist() == [9, 9, np.inf, np.inf]
    assert columns["installed"].lower[:, 0].tolist() == [0, 0, 7, 7]
    assert columns["build"].upper[:, 0].tolist() == [5, 5, np.inf, np.inf]
    assert built(scenario) == {2026: 2.0, 2027: 2.0, 2028: 3.0, 2029: 1.0}


def test_a_link_that_must_have_what_nothing_can_give_it_is_no_silent_answer() -> None:
    """A link without capacity and without an offer is no link, unless it must have some."""
    links = "link,from,to,length_km,capacity_gbps,min_gbps\nl,r,far,10,0,{}"
    tables = {"nodes": "node\nfar", "regions": "region,node\nr,r"}
    assert plan(small(tables | {"links": links.format("")})).status == "optimal"
    with pytest.raises(InfeasibleError) as told:
        plan(small(tables | {"links": links.format("0.5")}))
    assert any("links, l, min_gbps: at least 0.5 in" in line for line in told.value.conflict)


def test_least_units_that_nothing_can_supply_are_no_silent_answer() -> None:
    scenario = small(
        {
            "technologies": """
                technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years,available_until
                g,general,rack,0.5,1,4,
                f,general,rack,0.5,1,4,2020
                """,
            "limits": "site,technology,min_units\ns,f,3",
        }
    )
    with pytest.raises(InfeasibleError):
        plan(scenario)


# --- what stands at the start ---


FLEET = """
    site,technology,opened,units,retires,may_retire
    s,g,,5,2028,no
    s,g,2027,4,,no
    s,g,2020,3,,yes
    """


def test_fleet_is_used_from_opened_until_retires() -> None:
    scenario = small({"demand": demand(10), "fleet": FLEET}, PERIODS)
    kept = assemble(scenario).model.columns["kept"]
    assert kept.labels == (("s", "g", ""), ("s", "g", "2027"), ("s", "g", "2020"))
    assert kept.upper.T.tolist() == [[5, 5, 0, 0], [0, 4, 4, 4], [3, 3, 3, 3]]
    assert kept.lower.T.tolist() == [[5, 5, 0, 0], [0, 4, 4, 4], [0, 0, 0, 0]]


@pytest.mark.parametrize(("upkeep", "kept"), [(0.3, [4, 4, 4]), (0.8, [1, 1, 1]), (5, [0, 0, 0])])
def test_early_retirement_saves_upkeep_and_is_for_good(upkeep: float, kept: list[float]) -> None:
    """6 old units stand; 1, 0.5 and 4 are needed. A new one costs 8 / 4 + 0.1 = 2.1 a year.

    For 2028 alone an old one must be kept three years: 0.9 at an upkeep of 0.3, but 2.4 at 0.8; one that is needed in
    2026 and in 2028 costs 0.8 + 2.1 = 2.9 when retired in between.
    """
    scenario = small(
        {
            "demand": demand([1, 0.5, 4], YEARS[:3]),
            "technologies": f"""
                technology,class,unit,mw_per_unit,capex_mcny_per_unit,opex_mcny_per_unit_year,life_years
                old,general,rack,0.5,90,{upkeep},4
                new,general,rack,0.5,8,0.1,4
                """,
            "fleet": "site,technology,units,may_retire\ns,old,6,yes",
        },
        {"periods": YEARS[:3]},
    )
    found = plan(scenario)
    assert found.variables["kept"].values[:, 0].tolist() == pytest.approx(kept)
    old = found.capacity[found.capacity["technology"] == "old"]
    assert old["amount"].tolist() == old["existing"].tolist() == pytest.approx([units for units in kept if units])


# --- the past ---


def test_what_is_past_is_as_it_was() -> None:
    """As of the end of 2027: nothing is ordered in 2026 and 2027, and nothing retires early then."""
    scenario = small(
        {
            "demand": demand(10),
            "fleet": "site,technology,units,may_retire\ns,g,12,yes",
            "halls": "site,existing_mw,capex_mcny_per_mw,life_years\ns,6,20,20",
            "regions": "region\nr\nq",
            "sites": "site,node,fixed_cost_mcny\ns,r,\nn,q,3",
            "links": "link,from,to,capacity_gbps,length_km,capex_mcny_per_gbps,life_years\nl,r,q,1,10,1,10",
        },
        {**PERIODS, "as_of": "2027-12-31"},
    )
    columns = assemble(scenario).model.columns
    for name in ("build", "build_hall", "build_link", "open"):
        assert (columns[name].upper[:2] == 0).all()
        assert (columns[name].upper[2:] > 0).all()
    assert columns["kept"].lower[:, 0].tolist() == [12, 12, 0, 0]


def test_a_year_that_has_not_ended_is_planned() -> None:
    scenario = small({}, {"as_of": "2026-12-30"})
    assert assemble(scenario).model.columns["build"].upper[0, 0] == np.inf


# --- wholes ---


def test_modules_and_phases_are_whole() -> None:
    scenario = small(
        {
            "technologies": technology(module_units=4),
            "halls": "site,existing_mw,capex_mcny_per_mw,life_years,phase_mw\ns,,20,20,1.5",
        },
        {"periods": [2026]},
    )
    found = plan(scenario)
    builds = found.builds.set_index("asset")["amount"]
    assert builds["compute"] == pytest.approx(12.0), "10 units in modules of 4"
    assert builds["hall"] == pytest.approx(6.0), "12 × 0.5 MW is 4 phases of 1.5"
    assert found.variables["build_modules"].values.tolist() == [[3.0]]
    assert found.variables["hall_phases"].values.tolist() == [[4.0]]


def test_a_phase_that_falls_to_nothing_frees_the_amount() -> None:
    scenario = small(
        {
            "demand": demand([3, 4], YEARS[:2]),
            "halls": """
                site,period,existing_mw,capex_mcny_per_mw,life_years,phase_mw
                s,,,20,20,1.2
                s,2027,,20,20,
                """,
            "technologies": technology(life_years=1),
        },
    )
    found = plan(scenario)
    assert built(scenario, "hall") == {2026: 2.4}
    assert found.capacity[found.capacity["asset"] == "hall"]["amount"].tolist() == pytest.approx([2.4, 2.4])
    grows = small(
        {
            "demand": demand([3, 6], YEARS[:2]),
            "halls": """
                site,period,existing_mw,capex_mcny_per_mw,life_years,phase_mw
                s,,,20,20,1.2
                s,2027,,20,20,
                """,
            "technologies": technology(life_years=1),
        },
    )
    assert built(grows, "hall") == {2026: 2.4, 2027: 0.6}


def test_link_modules_are_whole_and_counted_over_the_horizon() -> None:
    scenario = small(
        {
            "regions": "region\nr\nq",
            "sites": "site,node\ns,q",
            "workloads": "workload,class,gbps_per_unit\nw,general,0.1",
            "links": "link,from,to,length_km,capacity_gbps,life_years\nl,r,q,10,0.2,10",
            "modules": "link,module,gbps,mcny,max_count\nl,small,0.3,1,2\nl,large,1,9,",
        }
    )
    found = plan(scenario)
    # 1 Gbps in 2026 and 1.2 in 2027 over 0.2: two small ones (0.6) and a large one, or the large one alone
    assert built(scenario, "link") == {2026: 1.0}
    small_ones = found.variables["link_modules"].values[:, 0]
    assert small_ones.sum() <= 2
    assert found.capacity.loc[found.capacity["asset"] == "link", "amount"].tolist() == pytest.approx([1.2, 1.2])


# --- retrofits ---


def test_a_retrofit_pays_when_cooling_is_dear() -> None:
    def scenario(price: float, pue: str = "1.6") -> Scenario:
        return small(
            {
                "sites": f"site,zone,pue\ns,z,{pue}",
                "power": f"zone,price\nz,{price}",
                "halls": """
                    site,existing_mw,capex_mcny_per_mw,life_years,retrofit_capex_mcny_per_mw,retrofit_pue
                    s,8,20,20,2,1.2
                    """,
            },
            {"periods": [2026]},
        )

    # a MW retrofitted costs 2 / 20 = 0.1 a year and saves 8,760 × 0.4 MWh: worth it above 0.0285 CNY/kWh
    assert built(scenario(0.03), "retrofit") == {2026: 5.0}, "all load, not all halls"
    assert built(scenario(0.028), "retrofit") == {}
    assert built(scenario(0.03, "1.15"), "retrofit") == {}, "where the site's own PUE is better, that one holds"
    power = plan(scenario(0.03)).power
    assert power["facility_mw"].tolist() == pytest.approx([5 * 1.2])


# --- openings ---


def openings(cost: float, more: dict[str, str] | None = None) -> pd.DataFrame:
    tables = {
        "sites": f"site,fixed_cost_mcny,capex_factor\ns,{cost},1\nt,,2",
        "technologies": technology(capex_mcny_per_unit=4),
    } | (more or {})
    return plan(small(tables)).builds


def test_a_site_is_opened_once_where_that_is_cheaper() -> None:
    """At t everything costs twice as much: 10 units × 2 years + 2 × 1 at 1 a year = 22 more."""
    builds = openings(21.9)
    opened = builds[builds["asset"] == "opening"]
    assert opened[["period", "where", "amount", "capex_mcny"]].to_numpy().tolist() == [[2026, "s", 1.0, 21.9]]
    assert set(builds[builds["asset"] == "compute"]["where"]) == {"s"}
    dear = openings(22.1)
    assert set(dear["where"]) == {"t"}


def test_where_something_stands_the_site_is_open() -> None:
    builds = openings(500, {"fleet": "site,technology,units\ns,g,1"})
    assert set(builds["asset"]) == {"compute"}
    assert set(builds["where"]) == {"s"}


# --- blank capacity ---


def test_a_link_without_capacity_or_growth_is_no_link() -> None:
    tables = {
        "regions": "region\nr\nq",
        "sites": "site,node\ns,q\nt,r",
        "workloads": "workload,class,gbps_per_unit,latency_ms\nw,general,0.1,9",
        "links": "link,from,to,length_km,capacity_gbps\nl,r,q,10,0\nm,r,q,500,3",
    }
    found = plan(small(tables))
    assert set(found.flows["link"]) == {"m"}
    assert {label[3] for label in found.variables["serve"].labels} == {"existing"}
