"""For each constraint the smallest scenario that shows it, and the sum that a reader can do by hand.

Periods are numbered from 0 in the files: 0 is 2026, 1 is 2027. The base is in `small`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.golden import cases_access, cases_recourse


@dataclass(frozen=True)
class Case:
    """`sum` is the arithmetic, `tables` and `settings` what differs from the base."""

    sum: str
    tables: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    operated: bool = False


THREE = {"periods": [2026, 2027, 2028]}
DEMAND_3 = """
    region,workload,period,units
    r,w,2026,10
    r,w,2027,10
    r,w,2028,10
    """
TWO_HOURS = {"hours": "hours:2", "periods": [2026]}
ONE_YEAR = {"periods": [2026]}
DAY = """
    profile,hours,value
    day,,1
    day,0,3
    """
HALLS = """
    site,existing_mw,capex_mcny_per_mw,life_years,lead_years
    s,2,20,20,1
    """
POWER = """
    zone,price,co2_kg_per_kwh,green_premium_cny_per_kwh
    z,0.5,0.6,0.03
    """
TIMED = """
    zone,price,clean_share,green_premium_cny_per_kwh,green_profile
    z,0.5,0.25,0.03,sun
    """
TIMED_ONCE = """
    zone,period,price,green_premium_cny_per_kwh,green_profile
    z,2026,0.5,0.03,sun
    z,2027,0.5,0.03,
    """
ZONED = """
    site,node,zone,hub,pue,water_l_per_kwh
    s,r,z,h,1.2,0.5
    """
TWO_SITES = """
    site,node,zone,hub,pue,water_l_per_kwh
    s,r,z,h,1.2,0.5
    t,r,z,,1.4,0.25
    """
RETROFIT = """
    site,existing_mw,capex_mcny_per_mw,life_years,retrofit_capex_mcny_per_mw,retrofit_pue
    s,8,20,20,4,1.15
    """
TWO_KINDS = """
    technology,class,unit,mw_per_unit,fp32_per_unit,capex_mcny_per_unit,life_years
    g,general,rack,0.5,0.2,1,4
    i,intelligent,rack,2,0.6,5,4
    """
TWO_DEMANDS = """
    region,workload,period,units
    r,w,2026,10
    r,v,2026,4
    """
TWO_WORKS = """
    workload,class
    w,general
    v,intelligent
    """
LINKED = {
    "regions": """
        region
        r
        q
        """,
    "sites": """
        site,node
        s,q
        """,
    "links": """
        link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years
        l,r,q,100,1,2,10
        """,
}
STOCK = {
    "technologies": """
        technology,class,unit,mw_per_unit,idle_share,attainable_utilisation,capex_mcny_per_unit,life_years,kind
        d,storage,PB,0.004,0.5,0.9,1,4,stock
        """,
    "workloads": """
        workload,class,gbps_per_unit
        w,storage,0.002
        """,
}
SUPPLY = """
    site,source,capex_mcny_per_mw,capex_mcny_per_mwh,life_years,existing_mw,existing_mwh,efficiency,profile
    s,solar,3,,25,1,,,sun
    s,battery,1,2,10,0.5,2,0.9,
    """
SUN = """
    profile,hours,value
    sun,,0.25
    sun,0,0
    """
POWERED = {"sites": ZONED, "power": POWER, "supply": SUPPLY, "profile_rules": SUN}
OPENING = {
    "sites": """
        site,node,fixed_cost_mcny
        s,r,
        n,r,7
        """,
    "halls": """
        site,existing_mw,capex_mcny_per_mw,life_years
        s,8,20,20
        n,,15,20
        """,
}


def _rule(name: str, value: float, more: str = "") -> str:
    return f"""
        rule,scope,period,value,applies
        {name},all,2026,{value},all
        {more}
        """


CASES: dict[str, Case] = {
    "hall_balance": Case(
        """
        2 MW stand. An order takes a year: what is ordered in 2026 is in use in 2027, what is ordered in 2027 would
        come too late and cannot be ordered.
        """,
        {"halls": HALLS},
    ),
    "hall_phase": Case(
        "Phases of 3 MW in 2026; from 2027 phase_mw is 0, so any amount: the row is open.",
        {
            "halls": """
                site,period,existing_mw,capex_mcny_per_mw,life_years,phase_mw
                s,,2,20,20,3
                s,2027,2,20,20,
                """
        },
    ),
    "retrofit_balance": Case("8 MW stand: no more can be retrofitted. In use from the order on.", {"halls": RETROFIT}),
    "fleet_kept": Case(
        """
        The units of 2024 may only become fewer. The 6 units opened in 2027 appear then (no row for 2027), and may
        only become fewer in 2028. The vintage without opening year may not retire: it has no row.
        """,
        {
            "demand": DEMAND_3,
            "fleet": """
                site,technology,opened,units,retires,may_retire
                s,g,2024,20,,yes
                s,g,2027,6,,yes
                s,g,,3,2028,no
                """,
        },
        THREE,
    ),
    "installed_balance": Case(
        """
        20 old units retire in 2028: then their upper bound is 0. Orders live 2 years: that of 2026 serves in 2026 and
        2027, that of 2027 in 2027 and 2028, that of 2028 in 2028.
        """,
        {
            "demand": DEMAND_3,
            "technologies": """
                technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years
                g,general,rack,0.5,1,2
                """,
            "fleet": """
                site,technology,units,retires
                s,g,20,2028
                """,
        },
        THREE,
    ),
    "build_module": Case(
        "Modules of 4 units.",
        {
            "technologies": """
                technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years,module_units
                g,general,rack,0.5,1,4,4
                """
        },
    ),
    "fleet_within_hall": Case("0.5 MW a unit.", {"halls": HALLS}),
    "fleet_within_site": Case(
        "0.5 MW a unit; the site takes 6 MW, 7 from 2027.",
        {
            "sites": """
                site,period,node,it_limit_mw
                s,,r,6
                s,2027,r,7
                """
        },
    ),
    "fleet_when_open": Case(
        """
        10 and 12 units of work, units that attain 0.8 of themselves: 12.5 and 15 are the most that can be useful.
        An order of 2026 lives through 2027, so up to 15 are ordered then; with as many of 2027 that is 30.
        """,
        {
            **OPENING,
            "technologies": """
                technology,class,unit,mw_per_unit,attainable_utilisation,capex_mcny_per_unit,life_years
                g,general,rack,0.5,0.8,1,4
                """,
        },
    ),
    "hall_when_open": Case(
        """
        12 units of 0.5 MW are the most that can be useful in 2026 or 2027: up to 12 stand in 2026, 24 in 2027 (two
        orders), which need 6 and 12 MW. So up to 12 MW are ordered in 2026 (they stand in 2027 too), as many in 2027.
        """,
        OPENING,
    ),
    "opened_balance": Case("Open in 2027 if opened in 2026 or in 2027.", OPENING),
    "capacity_balance": Case(
        "1 Gbps stands; a module has 0.4 Gbps. What is ordered in 2026 is in use in both years.",
        {
            **LINKED,
            "modules": """
                link,module,gbps,mcny,max_count
                l,m,0.4,3,5
                """,
        },
    ),
    "module_count": Case(
        "5 modules over the horizon; one row, in the last period. The module n has no most.",
        {
            **LINKED,
            "modules": """
                link,module,gbps,mcny,max_count
                l,m,0.4,3,5
                l,n,1,6,
                """,
        },
    ),
    "supply_balance": Case("1 MW of sun and 0.5 MW of battery power stand.", POWERED, ONE_YEAR),
    "energy_balance": Case("2 MWh stand.", POWERED, ONE_YEAR),
    "work_balance": Case(
        """
        w has 10 units as a yearly mean. Its profile is 3 in the first hour of the day and 1 in the others: mean
        (3 + 23) / 24 = 13/12, so 30 / (13/12) = 27.692308 and 10 / (13/12) = 9.230769 units in the two hours. It waits
        up to an hour: no more waits at the end of an hour than arises in it. The hour before hour 0 is hour 1.
        p has a latency limit: it is served pair by pair, and may be dropped for a penalty.
        """,
        {
            "workloads": """
                workload,class,latency_ms,defer_hours,unserved_mcny_per_unit_hour
                w,general,,1,
                p,general,5,,0.1
                """,
            "demand": """
                region,workload,period,units,profile
                r,w,2026,10,day
                r,p,2026,4,
                """,
            "profile_rules": DAY,
        },
        TWO_HOURS,
    ),
    "pool_balance": Case(
        "Two regions, two sites, no links: what is released anywhere is absorbed anywhere.",
        {
            "regions": "region\nr\nq",
            "sites": "site,node\ns,r\nt,q",
            "demand": """
                region,workload,period,units
                r,w,2026,10
                q,w,2026,5
                """,
        },
        ONE_YEAR,
    ),
    "node_balance": Case(
        """
        Work arises at r, the only site is at q; the road to the dead end x is no arc of this work, nor is the way
        back to r, since nothing runs there.
        """,
        {
            **LINKED,
            "nodes": "node\nx",
            "workloads": """
                workload,class,gbps_per_unit
                w,general,0.01
                """,
            "links": """
                link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years
                l,r,q,100,1,2,10
                m,q,x,100,1,2,10
                """,
        },
        ONE_YEAR,
    ),
    "class_balance": Case(
        """
        g and f are two vintages of class general. w may run on either, b is bound to f: both are work of the class.
        """,
        {
            "technologies": """
                technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years
                g,general,rack,0.5,1,4
                f,general,rack,0.4,1,4
                """,
            "workloads": """
                workload,class,latency_ms
                w,general,5
                b,f,
                """,
            "demand": """
                region,workload,period,units
                r,w,2026,10
                r,b,2026,4
                """,
        },
        ONE_YEAR,
    ),
    "technology_load": Case(
        "b is bound to f, which may run more than that; w is not.",
        {
            "technologies": """
                technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years
                g,general,rack,0.5,1,4
                f,general,rack,0.4,1,4
                """,
            "workloads": """
                workload,class,latency_ms
                w,general,5
                b,f,
                p,f,5
                """,
            "demand": """
                region,workload,period,units
                r,w,2026,10
                r,b,2026,4
                r,p,2026,1
                """,
        },
        ONE_YEAR,
    ),
    "load_within_installed": Case(
        "0.8 attained, less a reserve of 5 % from 2027: 0.8, then 0.8 × 0.95 = 0.76.",
        {
            "technologies": """
                technology,class,unit,mw_per_unit,attainable_utilisation,capex_mcny_per_unit,life_years
                g,general,rack,0.5,0.8,1,4
                """,
            "policies": """
                rule,scope,period,value
                site_reserve_min,all,2027,0.05
                """,
        },
    ),
    "serve_when_open": Case(
        "At most all of the region's 10 units are served at the new site n, and none unless it is open.",
        {
            **OPENING,
            "workloads": """
                workload,class,latency_ms
                w,general,5
                """,
        },
        ONE_YEAR,
    ),
    "stock_balance": Case(
        "10 PB are held; a is free, p pairwise and may be dropped.",
        {
            **STOCK,
            "workloads": """
                workload,class,latency_ms,unserved_mcny_per_unit_hour
                a,storage,,
                p,storage,5,0.1
                """,
            "demand": """
                region,workload,period,units
                r,a,2026,10
                r,p,2026,3
                """,
        },
        ONE_YEAR,
    ),
    "stock_pool_balance": Case("Without links, what is released anywhere is absorbed anywhere.", STOCK, ONE_YEAR),
    "stock_node_balance": Case("Held at q, released at r.", {**STOCK, **LINKED}, ONE_YEAR),
    "stock_class_balance": Case("All stock of class storage is held by d.", STOCK, ONE_YEAR),
    "stock_technology_load": Case(
        "Both w, which is free, and p, which is pairwise, are bound to d; v is not.",
        {
            **STOCK,
            "workloads": """
                workload,class,latency_ms
                w,d,
                p,d,5
                v,storage,
                """,
            "demand": """
                region,workload,period,units
                r,w,2026,10
                r,p,2026,3
                r,v,2026,1
                """,
        },
        ONE_YEAR,
    ),
    "stock_within_installed": Case("0.9 of a unit can be filled.", STOCK, ONE_YEAR),
    "traffic_balance": Case(
        """
        2 Gbps from r to x and 1 from r to q are one commodity, released at r: −3 there, 2 at x, 1 at q. The plan is
        operated: what is not carried is missing at the sink and is not sent at the source. The traffic from q to r
        follows the shortest path and is none of this.
        """,
        {
            **LINKED,
            "nodes": "node\nx",
            "workloads": """
                workload,class
                w,general
                """,
            "links": """
                link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years
                l,r,q,100,4,2,10
                m,q,x,100,4,2,10
                """,
            "traffic": """
                from,to,gbps,routing
                r,x,2,free
                r,q,1,free
                q,r,0.5,shortest
                """,
        },
        ONE_YEAR,
        operated=True,
    ),
    "traffic_within_link": Case(
        """
        w sends 0.02 Gbps a unit and is answered with 0.01 on the opposite arc; its path from r to s is l. The free
        work f sends 0.03. The stock k sends 0.002, c 0.001. Other traffic: 0.5 Gbps from q to r along the shortest
        path, of which what is not carried (the plan is operated) is off the arc; 0.25 from r to q, free. Traffic may
        use 0.8 of the link.
        """,
        {
            **LINKED,
            "technologies": """
                technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years,kind
                g,general,rack,0.5,1,4,flow
                d,storage,PB,0.004,1,4,stock
                """,
            "workloads": """
                workload,class,latency_ms,gbps_per_unit,return_gbps_per_unit
                w,general,5,0.02,0.01
                f,general,,0.03,
                k,storage,5,0.002,
                c,storage,,0.001,
                """,
            "demand": """
                region,workload,period,units
                r,w,2026,10
                r,f,2026,5
                r,k,2026,20
                r,c,2026,20
                """,
            "traffic": """
                from,to,gbps,routing
                q,r,0.5,shortest
                r,q,0.25,free
                """,
            "policies": _rule("link_load_max", 0.8),
        },
        ONE_YEAR,
        operated=True,
    ),
    "it_balance": Case(
        """
        g draws 0.5 MW, 0.3 of it when idle: 0.15 MW installed, 0.35 MW more under load.
        d draws 0.004 MW, half of it when empty: 0.002 and 0.002.
        """,
        {
            "sites": ZONED,
            "power": POWER,
            "technologies": """
                technology,class,unit,mw_per_unit,idle_share,capex_mcny_per_unit,life_years,kind
                g,general,rack,0.5,0.3,1,4,flow
                d,storage,PB,0.004,0.5,1,4,stock
                """,
            "workloads": """
                workload,class
                w,general
                v,storage
                """,
            "demand": TWO_DEMANDS,
        },
        ONE_YEAR,
    ),
    "retrofitted_within_hall": Case(
        "Load with the better PUE is no more than the halls retrofitted.",
        {"sites": ZONED, "power": POWER, "halls": RETROFIT},
        ONE_YEAR,
    ),
    "retrofitted_within_it": Case(
        "Load with the better PUE is part of the load.",
        {"sites": ZONED, "power": POWER, "halls": RETROFIT},
        ONE_YEAR,
    ),
    "power_balance": Case(
        "1.2 MW a MW of IT; 1.2 − 1.15 = 0.05 less for what is in retrofitted halls.",
        {**POWERED, "halls": RETROFIT},
        ONE_YEAR,
    ),
    "clean_share_hourly_min": Case(
        """
        v = 0.9, so that 0.1 of facility power may be what is not clean: 0.1 × 1.2 = 0.12 for it. The grid is clean to
        0.25, so 0.75 of it is not. What a contract delivers in the hour is clean instead.
        """,
        {**POWERED, "power": TIMED, "policies": _rule("clean_share_hourly_min", 0.9)},
        TWO_HOURS,
    ),
    "clean_share_monthly_min": Case(
        """
        As above, with 0.75 of grid power that is not clean and 0.12 for it. Two hours of January and one of February stand
        for 2,000, 2,000 and 4,760 hours: 0.75 × 2,000 = 1,500, 0.12 × 2,000 = 240, 0.75 × 4,760 = 3,570, 0.12 × 4,760 =
        571.2.
        """,
        {
            **POWERED,
            "power": TIMED,
            "policies": _rule("clean_share_monthly_min", 0.9),
            "blocks": """
                block,first_hour,hours,weight
                january,0,2,2000
                february,744,1,4760
                """,
        },
        ONE_YEAR,
    ),
    "charge_is_clean": Case(
        "charge ≤ generation + use + 0.25 × (grid − use), use: of the contract; a share of 0 would ask for nothing.",
        {**POWERED, "power": TIMED, "policies": _rule("clean_share_hourly_min", 0.9)},
        TWO_HOURS,
    ),
    "own_at_most": Case(
        """
        Two hours of weight 4,380, of which the profile has 0.5 and 0: 2 × 0.5 × 4,380 = 4,380 a MW in hour 0. From 2027
        on the rule is blank: open.
        """,
        {
            **POWERED,
            "profile_rules": SUN + "half,,0\n    half,0,0.5\n",
            "rules": """
                rule,sense,value,unit,period
                water,<=,900,m³,2026
                water,<=,,m³,2027
                """,
            "rule_terms": """
                rule,term,variable,coefficient,weight
                water,1,it,2,half
                """,
        },
        {"hours": "hours:2"},
    ),
    "own_at_least": Case(
        "30 % of 0.5 and 1 EFLOPS a unit must be that of g: 0.5 × (1 − 0.3) and −0.3.",
        {
            "technologies": TWO_KINDS,
            "workloads": TWO_WORKS,
            "demand": TWO_DEMANDS,
            "rules": """
                rule,sense,value
                share,>=,0
                """,
            "rule_terms": """
                rule,term,variable,coefficient,technology
                share,1,installed,0.35,g
                share,2,installed,-0.3,i
                """,
        },
        ONE_YEAR,
    ),
    "own_equal": Case(
        "Orders are 2 MW more than in the period before; open in the first.",
        {
            "halls": HALLS,
            "demand": DEMAND_3,
            "rules": """
                rule,sense,value
                ramp,=,2
                """,
            "rule_terms": """
                rule,term,variable,coefficient,lag
                ramp,1,build_hall,,
                ramp,2,build_hall,-1,1
                """,
        },
        THREE,
    ),
    "own_at_most_hourly": Case(
        "By hour: no weight of hours; the profile of the sun is 0 and 0.25, the capacity is the same in both.",
        {
            **POWERED,
            "rules": """
                rule,sense,value,by
                evening,<=,3,hour
                """,
            "rule_terms": """
                rule,term,variable,coefficient,weight
                evening,1,grid,4,sun
                evening,2,supply,-0.5,
                """,
        },
        TWO_HOURS,
    ),
    "own_at_least_hourly": Case(
        "Both sites run at least 3 units in every hour; 0 of other equipment.",
        {
            "sites": "site\ns\nt",
            "rules": """
                rule,sense,value,by
                busy,>=,3,hour
                """,
            "rule_terms": """
                rule,term,variable
                busy,1,load
                """,
        },
        TWO_HOURS,
    ),
    "generation_within_supply": Case("The sun gives 0 in hour 0 and 0.25 in hour 1.", POWERED, TWO_HOURS),
    "charge_within_supply": Case("No faster than its power.", POWERED, ONE_YEAR),
    "discharge_within_supply": Case("No faster than its power.", POWERED, ONE_YEAR),
    "stored_within_energy": Case("No more than its energy.", POWERED, ONE_YEAR),
    "storage_balance": Case(
        "0.9 each way: 1 MWh charged stores 0.9, 1 MWh discharged takes 1/0.9 = 1.11111. Cyclic in two hours.",
        POWERED,
        TWO_HOURS,
    ),
    "grid_within_zone": Case(
        "Both sites share 9 MW, from 2027 10 MW.",
        {
            "sites": TWO_SITES,
            "power": """
                zone,period,price,grid_limit_mw
                z,,0.5,9
                z,2027,0.5,10
                """,
        },
    ),
    "grid_within_peak": Case(
        "One peak for both hours.",
        {
            "sites": ZONED,
            "power": """
                zone,price,demand_charge_cny_per_kw_month
                z,0.5,40
                """,
        },
        TWO_HOURS,
    ),
    "contract_within_grid": Case(
        "Two hours stand for 8,760: 4,380 each. In 2026 the contract has hours: what it delivers counts.",
        {"sites": ZONED, "power": TIMED_ONCE, "profile_rules": SUN},
        {"hours": "hours:2"},
    ),
    "contract_use_within_power": Case(
        "The plants give 0.5 of their capacity in hour 0 and all of it in hour 1; from 2027 on the contract has no hours.",
        {
            "sites": ZONED,
            "power": TIMED_ONCE,
            "profile_rules": "profile,hours,value\n    sun,,1\n    sun,0,0.5\n    ",
        },
        {"hours": "hours:2"},
    ),
    "contract_use_within_grid": Case(
        "What counts is no more than what is drawn in the hour.", {**POWERED, "power": TIMED}, TWO_HOURS
    ),
    "occupancy_min": Case(
        "0.5 MW a unit, 0.6 of the halls from 2027; open in 2026.",
        {
            "halls": HALLS.replace("s,2,", "s,8,"),
            "policies": """
                rule,scope,period,value
                occupancy_min,all,2027,0.6
                """,
        },
    ),
    "utilisation_min": Case(
        """
        Two hours of weight 4,380; 0.25 × 8,760 = 2,190 unit-hours a unit. Class by class; stock does not count.
        """,
        {
            "technologies": TWO_KINDS,
            "workloads": TWO_WORKS,
            "demand": TWO_DEMANDS,
            "policies": _rule("utilisation_min", 0.25),
        },
        TWO_HOURS,
    ),
    "hub_share_min": Case(
        """
        v = 0.3. At s, in hub h, a unit of g counts 0.2 × (1 − 0.3) = 0.14, of i 0.6 × 0.7 = 0.42; at t, in no hub,
        0.2 × (0 − 0.3) = −0.06 and −0.18. The rule for new sites in hub h has none to count: all is −0.3 × FP32.
        """,
        {
            "sites": "site,node,hub\ns,r,h\nt,r,",
            "technologies": TWO_KINDS,
            "workloads": TWO_WORKS,
            "demand": TWO_DEMANDS,
            "fleet": """
                site,technology,units
                s,g,1
                t,g,1
                """,
            "policies": _rule("hub_share_min", 0.3, "hub_share_min,h,2026,0.3,new"),
        },
        ONE_YEAR,
    ),
    "intelligent_share_min": Case(
        "v = 0.4: i counts 0.6 × (1 − 0.4) = 0.36, g counts 0.2 × (0 − 0.4) = −0.08.",
        {
            "technologies": TWO_KINDS,
            "workloads": TWO_WORKS,
            "demand": TWO_DEMANDS,
            "policies": _rule("intelligent_share_min", 0.4),
        },
        ONE_YEAR,
    ),
    "reach_eflops_fp16": Case(
        "A unit of i is 1 PFLOPS at FP16, 0.001 EFLOPS; g is counted at FP32 and not at all. 0.004 EFLOPS in 2027 alone.",
        {
            "technologies": """
                technology,class,unit,precision,eflops_per_unit,mw_per_unit,capex_mcny_per_unit,life_years
                g,general,PFLOPS,FP32,0.001,0.5,1,4
                i,intelligent,PFLOPS,FP16,0.001,2,5,4
                """,
            "workloads": TWO_WORKS,
            "demand": TWO_DEMANDS + "r,w,2027,10\n    r,v,2027,4\n",
            "policies": """
                rule,scope,period,value
                reach_eflops_fp16,all,2027,0.004
                """,
        },
        {"periods": [2026, 2027]},
    ),
    "reach_racks": Case(
        "4,000 standard racks are 4,000 × 0.0025 = 10 MW of halls in 2026; from 2027 on 0 ends the target.",
        {
            "halls": HALLS,
            "policies": """
                rule,scope,period,value
                reach_racks,all,2026,4000
                reach_racks,all,2027,0
                """,
        },
    ),
    "reach_investment_mcny": Case(
        "At s, in hub h: halls 20, retrofits 4 a MW, equipment 1 and 5 a unit; t is in no hub. At least 300.",
        {
            "sites": TWO_SITES,
            "power": POWER,
            "halls": RETROFIT,
            "technologies": TWO_KINDS,
            "workloads": TWO_WORKS,
            "demand": TWO_DEMANDS,
            "policies": _rule("reach_investment_mcny", 300, "reach_investment_mcny,h,2026,250,all"),
        },
        ONE_YEAR,
    ),
    "green_share_min": Case(
        """
        One hour of weight 8,760; v = 0.3. Facility power is 1.2 × it − 0.05 × it_retrofitted (PUE 1.2, 1.15 after a
        retrofit): −0.7 × 1.2 × 8,760 = −7,358.4 and 0.7 × 0.05 × 8,760 = 306.6.
        """,
        {"sites": ZONED, "power": POWER, "halls": RETROFIT, "policies": _rule("green_share_min", 0.3)},
        ONE_YEAR,
    ),
    "pue_max": Case(
        """
        8,760 × (1.2 − 1.25) = −438 for it, −8,760 × 0.05 = −438 for it_retrofitted.
        """,
        {"sites": ZONED, "power": POWER, "halls": RETROFIT, "policies": _rule("pue_max", 1.25)},
        ONE_YEAR,
    ),
    "carbon_cap_t": Case(
        "8,760 × 0.6 t/MWh = 5,256 t a MW of grid power.",
        {"sites": ZONED, "power": POWER, "policies": _rule("carbon_cap_t", 30000)},
        ONE_YEAR,
    ),
    "carbon_cap_market_t": Case(
        """
        0.7 and 0.5 t/MWh in the two hours, 4,380 each: 3,066 and 2,190 t a MW. A MWh contracted displaces the mean,
        (0.7 + 0.5) / 2 = 0.6 t.
        """,
        {
            "sites": ZONED,
            "power": POWER.replace(",0.6,", ",carbon,"),
            "profile_rules": """
                profile,hours,value
                carbon,,0.5
                carbon,0,0.7
                """,
            "policies": _rule("carbon_cap_market_t", 20000),
        },
        TWO_HOURS,
    ),
    "water_cap_m3": Case(
        "0.5 l/kWh is 0.5 m³/MWh: 4,380 m³ a MW of IT at s; 0.25: 2,190 at t.",
        {"sites": TWO_SITES, "power": POWER, "policies": _rule("water_cap_m3", 20000)},
        ONE_YEAR,
    ),
    "budget": Case(
        """
        Overnight: a rack costs 1, at t 1 × 1.1; a hall 20 a MW, at t 22; the retrofit 4; opening t 7; a Gbps of link
        2, a module 3; sun 3 a MW; battery 1 a MW and 2 a MWh. `all` counts all, `halls` halls with retrofits and
        openings, `h` what is at s. investor:a pays for all at s and half of links, investor:b for all at t and the
        other half, and for what it takes over from a. From 2027 `all` has another limit; `halls` has one from 2027 only.
        """,
        {
            **LINKED,
            **POWERED,
            "sites": """
                site,node,zone,hub,pue,capex_factor,fixed_cost_mcny,investor
                s,q,z,h,1.2,1,,a
                t,r,z,,1.2,1.1,7,b
                """,
            "halls": """
                site,existing_mw,capex_mcny_per_mw,life_years,retrofit_capex_mcny_per_mw,retrofit_pue
                s,8,20,20,4,1.15
                t,,20,20,,
                """,
            "modules": """
                link,module,gbps,mcny,max_count
                l,m,0.4,3,5
                """,
            "budgets": """
                period,scope,limit_mcny
                2026,all,100
                2027,all,120
                2027,halls,50
                2026,h,80
                2026,investor:a,70
                2026,investor:b,90
                2026,network,9
                2026,power,8
                2026,compute,30
                """,
            "payers": """
                scope,investor,share,residual_payer
                network,a,0.5,b
                network,b,0.5,
                """,
        },
    ),
    "taken_over_within_share": Case(
        """
        a pays a quarter of what is ordered at s (hub h), where a rack costs 1, and half at t, where it costs 1.1. What
        its budget cannot carry b takes over: at s at any time, at t from 2027 on, when the row of all names b.
        """,
        {
            "sites": """
                site,node,hub,capex_factor
                s,r,h,1
                t,r,,1.1
                """,
            "budgets": """
                period,scope,limit_mcny
                2026,investor:a,2
                """,
            "payers": """
                scope,investor,share,period,residual_payer
                h,a,0.25,,b
                h,b,0.75,,
                all,a,0.5,,
                all,b,0.5,,
                all,a,0.5,2027,b
                """,
        },
    ),
}

CASES |= {name: Case(*parts) for name, parts in cases_access.SUMS.items()}
CASES |= {name: Case(*parts) for name, parts in cases_recourse.SUMS.items()}
