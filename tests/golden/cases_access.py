"""Cases of gigabit access, for `cases`: one city c, measures that add to what is counted there."""

from __future__ import annotations

CITY = """
    city,crew_days_year,route_capex_mcny_per_km,route_shared
    c,200,0.1,0.6
    """
STATE = """
    city,population,urban_households,homes_gigabit,pon_ports,pon10g_ports,fixed_users,users_500m
    c,10000,2000,1500,100,10,1000,200
    """
MEASURES = """
    measure,kind,life_years,pace_units_year,crew_days_per_unit,route_km_per_unit,pon10g_ports_per_unit,pon_ports_per_unit,homes_gigabit_per_unit,g5_stations_per_unit,users_500m_per_unit,takeup_first,takeup_rate
    port,fixed,8,30,1,0.5,1,1,20,,4,0.25,0.5
    station,radio,10,8,20,2,,,,1,,,
    """
LATE = """
    measure,city,period,life_years,lead_years,pace_units_year,pon10g_ports_per_unit
    port,all,,2,1,30,1
    port,c,,1,0,20,1
    swap,all,2027,8,0,5,1
    """
STANDARD = """
    indicator,period,version,threshold,op,mandatory
    home_gigabit_coverage,,s1,80,>,
    pon10g_port_share,,s1,25,>=,
    user_500m_share,,s1,25,>=,no
    """
ACCESS = {"cities": CITY, "city_state": STATE, "measures": MEASURES, "standard": STANDARD}
THREE = {
    "periods": [2026, 2027, 2028],
}
DEMAND = {
    "demand": """
        region,workload,period,units
        r,w,2026,10
        r,w,2027,10
        r,w,2028,10
        """
}

SUMS: dict[str, tuple[str, dict[str, str], dict[str, object]]] = {
    "deployed_balance": (
        """
        City c has its own row of port: a life of one year, so what is ordered in 2026 serves in 2026 only; the row for
        all, with its lead of a year, is not asked. swap is offered from 2027, for eight years.
        """,
        {**ACCESS, "measures": LATE},
        {},
    ),
    "deploy_within_crews": (
        "200 crew-days a year; 2027 stands for two years. A port takes 1 day, a station 20.",
        ACCESS,
        {"last_period_years": 2},
    ),
    "lay_for_fibre": (
        "A port needs 0.5 km. Of the routes of stations, 2 km each, 60 % lie in the same duct: 0.8 km remain.",
        ACCESS,
        {},
    ),
    "lay_for_backhaul": (
        "A station needs 2 km. Of the routes of ports, 0.5 km each, 60 % lie in the same duct: 0.2 km remain.",
        ACCESS,
        {},
    ),
    "counted_balance": (
        """
        1,500 homes stand, from 2027 there will be 1,600 anyway; a port adds 20. A port adds one to all ports and one to
        10G-PON ports, a station one to stations, of which nothing is known, so that they are not counted.
        """,
        {
            **ACCESS,
            "city_state": """
                city,period,population,urban_households,homes_gigabit,pon_ports,pon10g_ports,fixed_users,users_500m
                c,,10000,2000,1500,100,10,1000,200
                c,2027,10100,2000,1600,100,10,1000,200
                """,
        },
        {},
    ),
    "users_followed": (
        """
        4 users follow a port in the end: 25 % at once, 1 user; of the rest, 3, half in each year: 1.5 after one year,
        0.75 more after two. In 2028 a port of 2026 has 1 + 1.5 + 0.75 = 3.25.
        """,
        {**ACCESS, **DEMAND},
        THREE,
    ),
    "part_within_whole": ("10G-PON ports ≤ all ports, users on 500 Mbps ≤ all users; homes are no part.", ACCESS, {}),
    "indicator_min": (
        "70 % of households, from 2027 on; the row for c goes before that for all.",
        {
            **ACCESS,
            "city_targets": """
                city,indicator,deadline,value
                all,home_gigabit_coverage,2026,60
                c,home_gigabit_coverage,2027,70
                """,
        },
        {},
    ),
    "reach_gigabit_cities": (
        "One of the two in 2027, whichever; d has been named and counts.",
        {
            **ACCESS,
            "cities": """
                city
                c
                d
                """,
            "city_state": """
                city,population,urban_households,homes_gigabit,pon_ports,pon10g_ports,named_under
                c,10000,2000,1500,100,10,
                d,5000,1000,500,50,5,s1
                """,
            "policies": """
                rule,scope,period,value
                reach_gigabit_cities,all,2027,1
                """,
        },
        {},
    ),
    "gigabit_reached": (
        """
        Coverage must be above 80 %: 0.8 × 1.0001 = 0.80008 of 2,000 households are 1,600.16 homes, 100.16 more than
        stand. From 2027 the threshold is 60 %, of which 1,500 homes are enough: the row never binds, least is 0. 25 %
        of 100 ports are 25, 15 more than stand. A port adds 1 − 0.25, a plain port, 20 of which may be ordered a year,
        −0.25: least is −15 − 0.25 × 20, in 2027 −15 − 0.25 × 40. The share of users is not mandatory. d has been named
        under s1, and is a gigabit city in every plan.
        """,
        {
            **ACCESS,
            "cities": """
                city
                c
                d
                """,
            "city_state": """
                city,population,urban_households,homes_gigabit,pon_ports,pon10g_ports,named_under
                c,10000,2000,1500,100,10,
                d,5000,1000,500,50,5,s1
                """,
            "measures": """
                measure,life_years,pace_units_year,pon_ports_per_unit,pon10g_ports_per_unit
                port,8,30,1,1
                plain,8,20,1,
                """,
            "standard": """
                indicator,period,version,threshold,op,mandatory
                home_gigabit_coverage,,s1,80,>,
                home_gigabit_coverage,2027,s1,60,>=,
                pon10g_port_share,,s1,25,>=,
                user_500m_share,,s1,25,>=,no
                """,
        },
        {"objective": "residents"},
    ),
}
"""The sum, the tables and the settings of each constraint."""
