"""Cross-table checks: each problem is found where it is, and what is right is left alone."""

from __future__ import annotations

import pytest

from tests import scenarios
from tests.scenario.folder import SMALL, errors, made, problems, warnings
from xisuan.scenario.checks import cross_table

POWER = "zone,price\nz,0.5\n"
ZONED = "site,node,zone\neast-1,east,z\nwest-1,west,z\n"
FAR = "workload,class,latency_ms,gbps_per_unit\nweb,general,4,0.01\n"
STORE = "technology,class,kind,capex_mcny_per_unit,life_years\nserver,general,flow,1,5\ndisk,storage,stock,1,5\n"
HOUSED = "site,existing_mw,capex_mcny_per_mw,life_years,limit_mw\neast-1,1,1,20,2\nwest-1,1,1,20,2\n"


def test_the_pair_has_no_problem():
    assert cross_table.check(scenarios.pair()) == ()


@pytest.mark.parametrize("integer", [False, True])
def test_the_five_have_no_problem_but_a_rule_that_narrows_to_new_sites(integer):
    found = [
        one for one in cross_table.check(scenarios.five(integer=integer)) if one.table != "blocks.csv"
    ]  # hours of a trial
    assert [(problem.level, problem.table, problem.row, problem.column) for problem in found] == [
        ("warning", "policies", "green_share_min/all", "applies")
    ]


CASES = {
    "a lever that goes back": (
        {"levers_csv": "lever,low_percent,high_percent\neastern_demand,10,-10\n"},
        "levers.csv, row 2 (eastern_demand), low_percent: 10 · low-not-below-high",
    ),
    "site without node": (
        {"sites_csv": "site,node\neast-1,east\nwest-1,\n"},
        "sites.csv, row 3 (west-1), node · node-blank",
    ),
    "site from later on": (
        {"sites_csv": "site,period,node\neast-1,2027,east\nwest-1,,west\n"},
        "sites.csv, row 2 (east-1), period: 2026 · site-without-row",
    ),
    "halls from later on": (
        {"halls_csv": "site,period,existing_mw,capex_mcny_per_mw,life_years\neast-1,,1,1,20\nwest-1,2027,1,1,20\n"},
        "halls.csv, row 3 (west-1), period: 2026 · halls-without-row",
    ),
    "region from later on": (
        {"regions_csv": "region,period\neast,\nwest,2027\n"},
        "regions.csv, row 3 (west), period: 2026 · place-without-row",
    ),
    "workload from later on": (
        {"workloads_csv": "workload,period,class,gbps_per_unit\nweb,2027,general,0.01\n"},
        "workloads.csv, row 2 (web), period: 2026 · workload-without-row",
    ),
    "site without zone": (
        {"power_csv": POWER, "sites_csv": "site,node,zone\neast-1,east,z\nwest-1,west,\n"},
        "sites.csv, row 3 (west-1), zone · zone-blank",
    ),
    "zone without a row in time": (
        {"power_csv": "zone,period,price\nz,2027,0.5\n", "sites_csv": ZONED},
        "power.csv, row 2 (z), period: z · zone-without-row",
    ),
    "carbon objective without carbon": (
        {"scenario_toml": 'objective = "carbon"', "power_csv": POWER, "sites_csv": ZONED},
        "power.csv, row 2 (z), co2_kg_per_kwh · carbon-factor-blank",
    ),
    "carbon objective without power": (
        {"scenario_toml": 'objective = "carbon"'},
        "power.csv · carbon-objective-without-power",
    ),
    "carbon price without carbon": (
        {"policies_csv": "rule,value\ncarbon_price_cny_per_t,60\n", "power_csv": POWER, "sites_csv": ZONED},
        "co2_kg_per_kwh · carbon-factor-blank",
    ),
    "carbon cap without power": ({"policies_csv": "rule,value\ncarbon_cap_t,60\n"}, "rule-without-power"),
    "share rule without precision": (
        {"policies_csv": "rule,value\nintelligent_share_min,0.2\n"},
        "technologies.csv, row 2 (server), fp32_per_unit · fp32-blank",
    ),
    "unknown rule": (
        {"policies_csv": "rule,value\noccupancy_mim,0.2\n"},
        "rule: occupancy_mim · rule-unknown",
    ),
    "unknown scope": (
        {"policies_csv": "rule,scope,value\noccupancy_min,eats-1,0.2\n"},
        "scope: eats-1 · scope-of-rule-unknown",
    ),
    "a percentage": (
        {"policies_csv": "rule,value\nutilisation_min,60\n"},
        "value: 60 · fraction-above-one",
    ),
    "a PUE below 1": ({"policies_csv": "rule,value\npue_max,0.9\n"}, "value: 0.9 · pue-below-one"),
    "unknown budget": (
        {"budgets_csv": "scope,limit_mcny\nnetwrok,3\n"},
        "budgets.csv, row 2 (netwrok), scope: netwrok · scope-unknown",
    ),
    "unknown investor": ({"budgets_csv": "scope,limit_mcny\ninvestor:me,3\n"}, "scope: investor:me · scope-unknown"),
    "link without capacity": (
        {"links_csv": "link,from,to,length_km\neast-west,east,west,1000\n"},
        "capacity_gbps · existing-capacity-blank",
    ),
    "link without length": (
        {"links_csv": "link,from,to,capacity_gbps\neast-west,east,west,10\n"},
        "length_km · length-and-latency-blank",
    ),
    "link to itself": (
        {"links_csv": "link,from,to,length_km,capacity_gbps\neast-west,east,east,1,10\n"},
        "to: east · link-to-itself",
    ),
    "annuity without a life": (
        {"technologies_csv": "technology,class,capex_mcny_per_unit\nserver,general,1\n"},
        "technologies.csv, row 2 (server), life_years · asset-life-blank",
    ),
    "two units a class": (
        {"technologies_csv": "technology,class,unit\nserver,general,rack\nother,general,card\n"},
        "technologies.csv, row 3 (other), unit: card · class-units-differ",
    ),
    "two kinds a class": (
        {"technologies_csv": "technology,class,kind\nserver,general,\nother,general,stock\n"},
        "class-kinds-differ",
    ),
    "latency out of reach": (
        {"workloads_csv": FAR, "sites_csv": "site,node\nwest-1,west\n"},
        "demand.csv, row 2 (east/web) · demand-beyond-latency",
    ),
    "nothing to run it on": (
        {"technologies_csv": "technology,class,available_from\nserver,general,2030\n"},
        "demand.csv, row 2 (east/web) · demand-before-offer",
    ),
    "a lead too long": (
        {"technologies_csv": SMALL["technologies.csv"].replace("\n", ",lead_years\n", 1).replace(",5\n", ",5,2\n")},
        "demand.csv, row 2 (east/web) · demand-before-lead",
    ),
    "no room": (
        {"sites_csv": "site,node,it_limit_mw\neast-1,east,0\nwest-1,west,0\n",
         "technologies_csv": "technology,class,mw_per_unit\nserver,general,1\n"},
        "demand.csv, row 2 (east/web) · demand-without-room",
    ),
    "limits of nothing": (
        {"limits_csv": "site,technology,max_units\neast-1,server,0\nwest-1,server,0\n"},
        "demand.csv, row 2 (east/web) · demand-without-room",
    ),
    "a link that comes too late": (
        {"links_csv": "link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years,lead_years\n"
         "east-west,east,west,9,0,1,9,1\n",
         "sites_csv": "site,node\nwest-1,west\n"},
        "demand.csv, row 2 (east/web) · demand-without-links",
    ),
    "free work cut off": (
        {"workloads_csv": "workload,class,gbps_per_unit\nweb,general,0.1\n", "sites_csv": "site,node\nwest-1,west\n",
         "links_csv": "link,from,to,length_km,capacity_gbps\nl,east,west,9,0\n"},
        "demand.csv, row 2 (east/web) · demand-without-links",
    ),
    "a penalty that begins after the year that cannot be served": (
        {"scenario_toml": "periods = [2026, 2028]",
         "workloads_csv": "workload,class,gbps_per_unit,unserved_mcny_per_unit_hour,period\n"
         "web,general,,,\nweb,general,0.1,0.001,2028\n",
         "demand_csv": SMALL["demand.csv"] + "east,web,2028,100\nwest,web,2028,20\n",
         "sites_csv": "site,node\nwest-1,west\n",
         "links_csv": "link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years,lead_years\n"
         "east-west,east,west,9,0,1,9,2\n"},
        "demand.csv, row 2 (east/web) · demand-without-links",
    ),
    "traffic cut off": (
        {"links_csv": "link,from,to,length_km,capacity_gbps\nl,east,west,9,0\n",
         "traffic_csv": "from,to,gbps,routing\neast,west,5,shortest\n"},
        "traffic.csv, row 2 (east/west), to: west · traffic-ends-apart",
    ),
    "a year without demand": (
        {"scenario_toml": "periods = [2026, 2027]",
         "demand_csv": SMALL["demand.csv"] + "west,web,2027,20\n"},
        "demand.csv, row 2 (east/web), period · demand-of-period-missing",
    ),
    "demand of other years": (
        {"scenario_toml": "periods = [2028]"},
        "demand.csv, row 2 (east/web), period: 2026 · demand-of-other-years",
    ),
    "some serving costs": (
        {"serving_cost_csv": "region,site,workload,mcny_per_unit_hour\neast,east-1,web,1\n"},
        "workload: web · serving-cost-incomplete",
    ),
    "a region that nothing joins": (
        {"links_csv": None, "latency_csv": "region,site,latency_ms\neast,west-1,5\n",
         "sites_csv": "site\neast-1\nwest-1\n"},
        "demand.csv, row 3 (west/web) · demand-without-path",
    ),
    "stock that waits": (
        {"technologies_csv": STORE, "workloads_csv": "workload,class,defer_hours\nweb,storage,4\n"},
        "workloads.csv, row 2 (web), defer_hours: 4 · stock-cannot-wait",
    ),
    "a profile of nothing": (
        {"profile_rules_csv": "profile,value\nflat,0\n",
         "demand_csv": "region,workload,period,units,profile\neast,web,2026,1,flat\n"},
        "profile: flat · profile-all-zero",
    ),
    "a negative profile": (
        {"profile_rules_csv": "profile,hours,value\nday,,2\nday,3,-1\n",
         "demand_csv": "region,workload,period,units,profile\neast,web,2026,1,day\n"},
        "profile: day · profile-negative",
    ),
    "retired before opened": (
        {"fleet_csv": "site,technology,units,opened,retires\neast-1,server,1,2026,2026\n"},
        "retires: 2026 · retires-before-opened",
    ),
    "a limit below what stands": (
        {"halls_csv": HOUSED.replace("1,1,20,2\nwest", "1,1,20,0.5\nwest")},
        "halls.csv, row 2 (east-1), limit_mw: 0.5 · below-other-column",
    ),
    "least above most": (
        {"limits_csv": "site,technology,min_units,max_units\neast-1,server,3,2\n"},
        "max_units: 2 · below-other-column",
    ),
    "a link's least above its most": (
        {"links_csv": "link,from,to,capacity_gbps,min_gbps,limit_gbps\nl,east,west,1,3,2\n"},
        "limit_gbps: 2 · below-other-column",
    ),
    "a fleet beyond its limit": (
        {"fleet_csv": "site,technology,units\neast-1,server,9\n",
         "limits_csv": "site,technology,max_units\neast-1,server,5\n"},
        "max_units: 5 · fleet-above-limit",
    ),
    "a fleet beyond its site": (
        {"fleet_csv": "site,technology,units\neast-1,server,9\n",
         "technologies_csv": "technology,class,mw_per_unit\nserver,general,1\n",
         "sites_csv": "site,node,it_limit_mw\neast-1,east,5\nwest-1,west,\n"},
        "it_limit_mw: 5 · fleet-above-site-limit",
    ),
    "half a retrofit": (
        {"halls_csv": "site,existing_mw,retrofit_pue\neast-1,1,1.2\n"},
        "retrofit_capex_mcny_per_mw · retrofit-half-given",
    ),
    "blocks that make no year": (
        {"blocks_csv": "block,first_hour,hours,weight\na,0,24,300\n"},
        "blocks, weight · weights-not-a-year",
    ),
    "blocks of which one keeps the year's means": (
        {"blocks_csv": "block,first_hour,hours,weight,keep_means\na,0,24,182.5,yes\nb,24,24,182.5,\n"},
        "blocks, keep_means · keep-means-mixed",
    ),
    "blocks that overlap": (
        {"blocks_csv": "block,first_hour,hours,weight\na,0,24,182.5\nb,12,24,182.5\n"},
        "first_hour: 12 · blocks-overlap",
    ),
    "a block beyond the year": (
        {"blocks_csv": "block,first_hour,hours,weight\na,8750,24,365\n"},
        "hours: 24 · block-beyond-year",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_errors_are_found(tmp_path, case):
    changes, said = CASES[case]
    found = errors(made(tmp_path, **changes))
    assert any(said in line for line in found), found


SLIPS = {
    "price per MWh": ({"power_csv": "zone,price\nz,500\n", "sites_csv": ZONED}, "price-not-per-kwh"),
    "carbon in grams": (
        {"power_csv": "zone,price,co2_kg_per_kwh\nz,1,580\n", "sites_csv": ZONED},
        "carbon-not-kg",
    ),
    "units in watts": (
        {"technologies_csv": "technology,class,mw_per_unit\nserver,general,5000\n"},
        "mw_per_unit: 5000 · unit-not-mw",
    ),
    "swapped coordinates": (
        {"regions_csv": "region,lat,lon\neast,31,81\nwest,30,82\n",
         "sites_csv": "site,node,lat,lon\neast-1,east,31,81\nwest-1,west,82,30\n"},
        "sites.csv, row 3 (west-1), lat: 82 · place-far-from-others",
    ),
    "bad scaling": (
        {"demand_csv": "region,workload,period,units\neast,web,2026,1e7\nwest,web,2026,1e-4\n"},
        "demand, units · numbers-far-apart",
    ),
    "nothing green on offer": (
        {"policies_csv": "rule,value\ngreen_share_min,0.5\n", "power_csv": POWER, "sites_csv": ZONED},
        "no-green-power",
    ),
    "a sun that never sets": (
        {"supply_csv": "site,source,limit_mw\neast-1,solar,5\n", "power_csv": POWER, "sites_csv": ZONED},
        "profile: 1 · output-always-full",
    ),
    "supply without power": (
        {"supply_csv": "site,source,limit_mw\neast-1,battery,5\n"},
        "supply-without-power",
    ),
    "latency in microseconds": (
        {"workloads_csv": FAR.replace(",4,", ",4000,")},
        "workloads.csv, row 2 (web), latency_ms: 4000 · latency-not-ms",
    ),
    "power in kW": (
        {"sites_csv": "site,node,it_limit_mw\neast-1,east,60000\nwest-1,west,\n"},
        "sites.csv, row 2 (east-1), it_limit_mw: 60000 · site-not-mw",
    ),
    "capital in CNY": (
        {"technologies_csv": "technology,class,mw_per_unit,capex_mcny_per_unit,life_years\nserver,general,0.01,900000,5\n"},
        "capex_mcny_per_unit: 900000 · capital-per-mw-not-mcny",
    ),
    "capital in CNY of what draws nothing": (
        {"technologies_csv": "technology,class,capex_mcny_per_unit,life_years\nserver,general,900000,5\n"},
        "capex_mcny_per_unit: 900000 · capital-per-unit-not-mcny",
    ),
    "a life in months": (
        {"technologies_csv": "technology,class,capex_mcny_per_unit,life_years\nserver,general,1,120\n"},
        "life_years: 120 · life-above-a-century",
    ),
    "a life of half a year": (
        {"technologies_csv": "technology,class,capex_mcny_per_unit,life_years\nserver,general,1,0.5\n"},
        "life_years: 0.5 · life-below-a-year",
    ),
    "a life of four years and a half": (
        {"technologies_csv": "technology,class,capex_mcny_per_unit,life_years\nserver,general,1,4.5\n"},
        "life_years: 4.5 · life-not-whole-years",
    ),
    "a lead of half a year": (
        {"links_csv": SMALL["links.csv"].replace("gbps\n", "gbps,lead_years\n").replace(",10\n", ",10,0.5\n")},
        "lead_years: 0.5 · lead-not-whole-years",
    ),
    "money of a year to come": (
        {"scenario_toml": "base_year = 2062\n"},
        "scenario.toml, base_year: 2062 · base-year-after-periods",
    ),
    "money of long ago": (
        {"scenario_toml": "base_year = 1962\n"},
        "scenario.toml, base_year: 1962 · base-year-long-before",
    ),
    "an estimate of nothing": (
        {"estimates_csv": "table,key,column\nsites,east-2,pue\n"},
        "estimates.csv, row 2 (sites/east-2/pue), key: east-2 · estimate-without-row",
    ),
    "a source that is not listed": (
        {"sources_csv": "source\nbook\n", "sites_csv": "site,node,source\neast-1,east,bok\nwest-1,west,book\n"},
        "sites, source: bok · source-unknown",
    ),
    "what may stay unserved": (
        {"workloads_csv": "workload,class,latency_ms,gbps_per_unit,unserved_mcny_per_unit_hour\nweb,general,4,0.01,1\n",
         "sites_csv": "site,node\nwest-1,west\n"},
        "demand.csv, row 2 (east/web) · demand-beyond-latency",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SLIPS)
def test_slips_are_warnings(tmp_path, case):
    changes, said = SLIPS[case]
    folder = made(tmp_path, **changes)
    assert errors(folder) == []
    assert any(said in line for line in warnings(folder)), warnings(folder)


@pytest.mark.parametrize(("scope", "warned"), [("all", 1), ("east-1", 0)])
def test_a_rule_for_all_sites_that_ends_the_one_for_new_ones_is_pointed_out(tmp_path, scope, warned):
    """Two scopes hold side by side; in one the later row takes the place of the earlier."""
    folder = made(
        tmp_path,
        scenario_toml='name = "small"\nperiods = [2026, 2027]\n',
        demand_csv=SMALL["demand.csv"] + "east,web,2027,100\nwest,web,2027,20\n",
        power_csv=POWER,
        sites_csv=ZONED,
        policies_csv=f"rule,scope,period,value,applies\npue_max,all,,1.2,new\npue_max,{scope},2027,1.3,all\n",
    )
    assert errors(folder) == []
    said = [one for one in problems(folder) if one.code == "policy-replaces-another"]
    assert len(said) == warned, warnings(folder)
    assert all(one.table == "policies.csv" and one.values["period"] == 2027 for one in said)


def test_months_without_modelled_hours_are_named(tmp_path):
    """A day of March and one of April: the other ten months are named, once."""
    folder = made(
        tmp_path,
        power_csv=POWER,
        sites_csv=ZONED,
        blocks_csv="block,first_hour,hours,weight\nmarch,1416,24,182.5\napril,2160,24,182.5\n",
        policies_csv="rule,value\nclean_share_monthly_min,0.3\n",
    )
    assert errors(folder) == []
    said = [one for one in problems(folder) if one.code == "months-without-hours"]
    assert [one.values["months"] for one in said] == ["1, 2, 5, 6, 7, 8, 9, 10, 11, 12"]


@pytest.mark.parametrize(
    ("budgets", "payers", "warned"),
    [
        ("2026,investor:A,9", None, ["sites.csv row 3 (west-1)"]),
        ("2026,investor:A,9\n2026,investor:B,5", None, []),
        ("2026,investor:A,9\n2026,investor:B,", None, []),
        ("2026,investor:A,9\n2026,all,20", None, []),
        ("2026,investor:A,9\n2026,far,20", None, []),
        ("2026,halls,9", None, []),
        ("2026,investor:A,9", "all,A,0.4\nall,B,0.6", []),
        (
            "2026,investor:A,9",
            "west-1,B,0.4\nwest-1,C,0.6",
            ["payers.csv row 2 (west-1/B)", "payers.csv row 3 (west-1/C)"],
        ),
        ("2026,investor:A,9", "west-1,A,1\nwest-1,C,0", []),
        ("2026,investor:A,", None, []),  # no payer has a limit
    ],
)
def test_a_payer_whose_orders_count_against_no_budget_is_named_where_others_have_one(tmp_path, budgets, payers, warned):
    """Orders at a place are limited by a budget of its hub, of all, or of one of those who share them."""
    folder = made(
        tmp_path,
        sites_csv="site,node,hub,investor\neast-1,east,,A\nwest-1,west,far,B\n",
        budgets_csv=f"period,scope,limit_mcny\n{budgets}\n",
        payers_csv=payers and f"scope,investor,share\n{payers}\n",
    )
    assert errors(folder) == []
    found = [one for one in problems(folder) if one.code == "payer-without-budget"]
    assert [f"{one.table} {one.row}" for one in found] == warned


def test_a_budget_that_begins_late_leaves_the_payer_without_one_until_then(tmp_path):
    """B has a budget from 2027 on, A throughout: in 2026 nothing limits what B orders."""
    folder = made(
        tmp_path,
        scenario_toml='name = "small"\nperiods = [2026, 2027]\n',
        demand_csv="region,workload,period,units\neast,web,2026,100\nwest,web,2026,20\neast,web,2027,9\nwest,web,2027,9\n",
        sites_csv="site,node,hub,investor\neast-1,east,,A\nwest-1,west,far,B\n",
        budgets_csv="period,scope,limit_mcny\n2026,investor:A,9\n2027,investor:B,5\n",
    )
    found = [one for one in problems(folder) if one.code == "payer-without-budget"]
    assert [f"{one.table} {one.row}" for one in found] == ["sites.csv row 3 (west-1)"]


@pytest.mark.parametrize(
    ("payers", "code"),
    [
        ("all,A,0.4,B\nall,B,0.6,", None),
        ("all,A,0.4,C\nall,B,0.6,\nall,C,0,", None),
        ("all,A,0.4,C\nall,B,0.6,", "residual-payer-not-in-scope"),
        ("far,A,1,B\nall,B,1,", "residual-payer-not-in-scope"),
        ("all,A,0.4,A\nall,B,0.6,", "residual-payer-not-in-scope"),
        ("all,A,0.4,B\nall,B,0.6,A", "residual-payer-has-another"),
        ("all,A,0.4,B\nall,B,0.6,\nfar,B,0.5,C\nfar,C,0.5,", "residual-payer-has-another"),
        ("access,A,0.4,B\naccess,B,0.6,", "residual-payer-of-access"),
    ],
)
def test_a_residual_payer_pays_in_the_same_scope_and_has_none_itself(tmp_path, payers, code):
    folder = made(
        tmp_path,
        sites_csv="site,node,hub,investor\neast-1,east,,A\nwest-1,west,far,B\n",
        payers_csv=f"scope,investor,share,residual_payer\n{payers}\n",
    )
    assert {one.code for one in problems(folder) if one.code.startswith("residual")} == ({code} if code else set())


FINE = {
    "no links, no latency, no limit: any site is reached": {
        "links_csv": None,
        "workloads_csv": "workload,class\nweb,general\n",
        "sites_csv": "site\neast-1\nwest-1\n",
    },
    "work that moves no data needs no node": {
        "workloads_csv": "workload,class\nweb,general\n",
        "sites_csv": "site\neast-1\nwest-1\n",
    },
    "a region's own site needs no latency": {
        "links_csv": None,
        "sites_csv": "site,node\neast-1,east\nwest-1,west\n",
        "latency_csv": "region,site,latency_ms\neast,west-1,3\nwest,east-1,3\n",
    },
    "full capital needs no life": {
        "scenario_toml": 'capital = "full"',
        "technologies_csv": "technology,class,capex_mcny_per_unit\nserver,general,1\n",
    },
    "free traffic needs no latency": {
        "workloads_csv": "workload,class\nweb,general\n",
        "links_csv": "link,from,to,capacity_gbps\neast-west,east,west,10\n",
        "traffic_csv": "from,to,gbps\neast,west,3\n",
    },
    "estimates may say * for a part and leave out the last": {
        "estimates_csv": "table,key,column\nsites,*,pue\ndemand,east/*/2026,units\ndemand,east/web,units\n",
    },
    "demand of other years beside that of the period is nobody's": {
        "demand_csv": SMALL["demand.csv"] + "west,web,2040,1\n"
    },
    "a workload no demand asks for may be out of reach": {
        "workloads_csv": SMALL["workloads.csv"] + "far,general,0.001,1\n",
    },
}


@pytest.mark.parametrize("case", FINE)
def test_what_is_right_is_left_alone(tmp_path, case):
    assert errors(made(tmp_path, **FINE[case])) == []


@pytest.mark.parametrize("row", ["east,wbe,2026,100", "east,web,2026,100,7"])
def test_a_row_that_cannot_be_read_is_not_said_to_be_missing_too(tmp_path, row):
    years = {"scenario_toml": 'name = "small"\nperiods = [2026, 2027]\n'}
    demand = f"region,workload,period,units\n{row}\neast,web,2027,100\nwest,web,2026,20\nwest,web,2027,20\n"
    assert len(errors(made(tmp_path, demand_csv=demand, **years))) == 1


def test_demand_of_the_year_that_had_ended_alone_calibrates(tmp_path):
    """And is a warning, since nothing is planned with it."""
    toml = SMALL["scenario.toml"].rstrip() + "\nas_of = 2026-02-28\n"
    folder = made(tmp_path, scenario_toml=toml, demand_csv="region,workload,period,units\neast,web,2025,9\n")
    assert errors(folder) == []
    assert any("demand-of-other-years" in line for line in warnings(folder))


def test_a_region_without_demand_is_named(tmp_path):
    """Its demand may have been forgotten; 0 units say that there is none."""
    regions = "region\neast\nnorth\nwest\n"
    assert warnings(made(tmp_path / "forgotten", regions_csv=regions)) == [
        "regions, region: north · regions-without-demand"
    ]
    stated = SMALL["demand.csv"] + "north,web,2026,0\n"
    assert warnings(made(tmp_path / "stated", regions_csv=regions, demand_csv=stated)) == []


@pytest.mark.parametrize("year", [2026, 2031])
def test_periods_that_cannot_be_read_leave_no_rows_ignored(tmp_path, year):
    demand = (
        f"region,workload,period,units\neast,web,{year},100\nwest,web,{year},20\neast,web,2032,9\nwest,web,2032,9\n"
    )
    folder = made(tmp_path, scenario_toml='name = "small"\nperiods = [2026, "x"]\n', demand_csv=demand)
    assert len(errors(folder)) == 1
    assert warnings(folder) == []


def test_full_width_digits_are_said_to_be_that(tmp_path):
    folder = made(tmp_path, demand_csv="region,workload,period,units\neast,web,2026,２８０\nwest,web,2026,20\n")
    assert errors(folder)[0].endswith("units: ２８０ · number-full-width")


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({"sites_csv": "site,node,period\neast-1,east,2999\nwest-1,west,\n"},
         "above 2200; give a year from 1900 to 2200; the column says: the year from which the row holds, until the"),
        ({"supply_csv": "site,source,efficiency\neast-1,battery,2\n", "power_csv": POWER, "sites_csv": ZONED},
         "above 1; give a fraction above 0 and up to 1; the column says: efficiency of a battery, each way"),
    ],
)  # fmt: skip
def test_advice_is_a_sentence(tmp_path, changes, advice):
    assert any(advice in str(problem) for problem in problems(made(tmp_path, **changes)))


def test_a_cell_already_reported_is_not_reported_again(tmp_path):
    folder = made(tmp_path, technologies_csv="technology,class,capex_mcny_per_unit,life_years\nserver,general,1,five\n")
    assert errors(folder) == [
        "technologies.csv, row 2, life_years: five · not-a-number-in-unit",
    ]
