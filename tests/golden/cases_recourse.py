"""Cases of contingencies, for `cases`: two sites s at r and t at q, joined by the link l; the failure k."""

from __future__ import annotations

TWO = """
    region
    r
    q
    """
SITES = """
    site,node
    s,r
    t,q
    """
ZONED = """
    site,node,zone,pue
    s,r,z,1.2
    t,q,z,1.5
    """
LINK = """
    link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years
    l,r,q,100,5,2,10
    """
RING = """
    link,from,to,length_km,capacity_gbps,capex_mcny_per_gbps,life_years
    l,r,q,100,5,2,10
    m,r,x,100,5,2,10
    o,x,q,100,5,2,10
    """
PAIRED = """
    workload,class,gbps_per_unit,return_gbps_per_unit,latency_ms
    w,general,0.5,0.25,2
    """
FREE = """
    workload,class,gbps_per_unit,return_gbps_per_unit
    w,general,0.5,0.25
    """
DEMAND = """
    region,workload,period,units
    r,w,2026,10
    q,w,2026,4
    """
HALF_SITE = """
    contingency,site,share_lost
    k,s,0.5
    """
NO_LINK = """
    contingency,link,share_lost
    k,l,1
    """
HALF_LINK = """
    contingency,link,share_lost
    k,l,0.5
    """
PLACES = {"regions": TWO, "sites": SITES, "links": LINK, "demand": DEMAND}
BASE = {**PLACES, "workloads": PAIRED}
POWER = """
    zone,price,grid_limit_mw
    z,0.5,9
    """
ONE_YEAR = {"periods": [2026]}

SUMS: dict[str, tuple[str, dict[str, str], dict[str, object]]] = {
    "recourse_demand": (
        """
        In hour 1 alone (of 0 and 1) the link l is lost; from r to t and back work then goes by m and o: 0.98 ms, within the
        limit of 0.5 ms and 0.5 ms more. In hour 0 nothing is asked for. Workload b may wait, and v is not listed.
        """,
        {
            **BASE,
            "nodes": "node\nx",
            "links": RING,
            "workloads": """
                workload,class,gbps_per_unit,latency_ms,defer_hours
                w,general,0.5,0.5,
                v,general,0.5,0.5,
                b,general,0.5,0.5,4
                """,
            "demand": """
                region,workload,period,units
                r,w,2026,10
                r,v,2026,1
                r,b,2026,1
                """,
            "contingencies": """
                contingency,link,share_lost,hours,workloads,extra_latency_ms
                k,l,1,1,w,0.5
                """,
        },
        {"hours": "hours:2", "periods": [2026]},
    ),
    "recourse_pool": (
        "w moves no data: its 10 + 4 units run at s or t. In 2026 the contingency does not hold yet, and 0 is asked for.",
        {
            **PLACES,
            "workloads": "workload,class\nw,general",
            "demand": """
                region,workload,period,units
                r,w,2026,10
                r,w,2027,10
                q,w,2026,0
                q,w,2027,4
                """,
            "contingencies": """
                contingency,site,share_lost,period
                k,s,0.5,2027
                """,
        },
        {},
    ),
    "recourse_node": (
        "10 units arise at r and 4 at q. Over the lost link l nothing flows; the way round x is open.",
        {**PLACES, "workloads": FREE, "nodes": "node\nx", "links": RING, "contingencies": NO_LINK},
        ONE_YEAR,
    ),
    "recourse_class": (
        "Work at s, from r and q, runs on g; so at t. The path - has no links.",
        {**BASE, "contingencies": HALF_SITE},
        ONE_YEAR,
    ),
    "recourse_technology": (
        "b is bound to f, which may run more than that; w is not.",
        {
            **PLACES,
            "technologies": """
                technology,class,unit,mw_per_unit,capex_mcny_per_unit,life_years
                g,general,rack,0.5,1,4
                f,general,rack,0.4,1,4
                """,
            "workloads": """
                workload,class,gbps_per_unit,latency_ms
                w,general,0.5,
                b,f,0.5,2
                """,
            "demand": """
                region,workload,period,units
                r,w,2026,10
                r,b,2026,4
                """,
            "contingencies": HALF_SITE,
        },
        ONE_YEAR,
    ),
    "recourse_within_installed": (
        "0.8 attained; half of s is left: 0.4. The reserve of 5 % may be used during the failure.",
        {
            **BASE,
            "technologies": """
                technology,class,unit,mw_per_unit,attainable_utilisation,capex_mcny_per_unit,life_years
                g,general,rack,0.5,0.8,1,4
                """,
            "policies": "rule,scope,value\nsite_reserve_min,all,0.05",
            "contingencies": HALF_SITE,
        },
        ONE_YEAR,
    ),
    "recourse_within_link": (
        """
        Half of l is left. 1 Gbps from q to r on the shortest path keeps its route and loses a half: 0.5 Gbps. Work sends 0.5
        Gbps there and gets 0.25 back. Other traffic on free paths, and that of the stock d, lose a half too; the most load
        of 0.9 holds in normal operation only.
        """,
        {
            **PLACES,
            "technologies": """
                technology,class,kind,unit,mw_per_unit,capex_mcny_per_unit,life_years
                g,general,flow,rack,0.5,1,4
                d,storage,stock,PB,0.1,1,4
                """,
            "workloads": """
                workload,class,gbps_per_unit,return_gbps_per_unit,latency_ms
                w,general,0.5,0.25,2
                v,general,0.1,,
                h,storage,0.02,0.01,2
                i,storage,0.02,,
                """,
            "demand": """
                region,workload,period,units
                r,w,2026,10
                r,v,2026,2
                r,h,2026,4
                r,i,2026,4
                """,
            "traffic": """
                from,to,gbps,routing
                q,r,1,shortest
                r,q,1,free
                """,
            "policies": "rule,scope,value\nlink_load_max,all,0.9",
            "contingencies": HALF_LINK,
        },
        ONE_YEAR,
    ),
    "recourse_power": (
        """
        PUE 1.2 at s, half of which is left: 1.2 × 0.5 × 0.5 MW × 0.2 idle = 0.06 for each unit installed, and 1.2 × 0.5 MW ×
        0.8 = 0.48 more for each that runs; stock draws 1.2 × 0.5 × 0.1 = 0.06. The sun of 0.5 MW per MW counts by half.
        """,
        {
            **BASE,
            "sites": ZONED,
            "power": POWER,
            "supply": """
                site,source,existing_mw,profile
                s,solar,2,0.5
                s,battery,1,
                """,
            "technologies": """
                technology,class,kind,unit,mw_per_unit,idle_share,capex_mcny_per_unit,life_years
                g,general,flow,rack,0.5,0.2,1,4
                d,storage,stock,PB,0.1,,1,4
                """,
            "contingencies": HALF_SITE,
        },
        ONE_YEAR,
    ),
    "recourse_within_zone": (
        "Both sites are in the zone of 9 MW.",
        {**BASE, "sites": ZONED, "power": POWER, "contingencies": HALF_SITE},
        ONE_YEAR,
    ),
}
"""Constraint → sum, tables and settings of its case."""
