"""Tables of places: regions with demand, network nodes, sites."""

from __future__ import annotations

from xisuan.scenario.schema.column_types import INVESTOR, PLACE, TITLES, Column, Table, amount, known, limit, named

PLACES: tuple[Table, ...] = (
    Table(
        "regions",
        ("region",),
        "where demand arises",
        (
            named("region", "the region"),
            *TITLES,
            *PLACE,
            known("population", "persons", "residents"),
            known("gdp_mcny", "mCNY", "gross regional product"),
            Column(
                "node",
                "name",
                "backbone node where its traffic enters",
                blank="the region itself",
                default_from="region",
            ),
            Column(
                "hub",
                "text",
                "national hub node in whose province it lies, or the province; the report counts its regions as one place",
                blank="none",
            ),
        ),
    ),
    Table(
        "nodes",
        ("node",),
        "backbone nodes that are no region",
        (named("node", "the node"), *TITLES, *PLACE),
    ),
    Table(
        "sites",
        ("site",),
        "data-centre clusters, campuses and edge sites",
        (
            named("site", "the site"),
            *TITLES,
            Column(
                "kind",
                "text",
                "cluster (国家数据中心集群), campus, or edge: all that stands outside clusters in its part of the country,"
                " taken as one",
            ),
            Column("hub", "text", "national hub node it belongs to", blank="no hub"),
            *PLACE,
            Column(
                "node",
                "name",
                "backbone node it is connected to",
                blank="none: an error where work that moves data could run here",
                refers=("nodes", "regions"),
            ),
            Column(
                "zone",
                "name",
                "grid zone that supplies it",
                blank="none",
                refers=("power",),
            ),
            limit("it_limit_mw", "MW of IT", "most IT power the site can hold"),
            Column(
                "pue",
                "series",
                "power usage effectiveness: facility power over IT power, by hour",
                "ratio",
                blank="1",
                default=1.0,
                low=1.0,
                high=5.0,
            ),
            Column(
                "capex_factor",
                "number",
                "multiplies the capital cost of halls and compute built here",
                "ratio",
                blank="1",
                default=1.0,
                low=0.0,
            ),
            amount(
                "fixed_cost_mcny",
                "mCNY",
                "paid once, in the first period in which halls or equipment stand here, whenever they were ordered; a site"
                " where some stand at the start is open",
            ),
            INVESTOR,
            amount("water_l_per_kwh", "litres per kWh of IT", "water used for cooling"),
        ),
    ),
    Table(
        "borders",
        ("area", "ring", "point"),
        "borders drawn under the maps of the report, outside China; `borders.geojson` is read as this table. An"
        " area in a layer replaces all points of the area of that name in its base",
        (
            named("area", "the area, such as a district"),
            Column("ring", "count", "ring of the area: its outlines and holes", required=True, low=0.0),
            Column("point", "count", "place of the point in the ring", required=True, low=0.0),
            Column("lat", "number", "latitude", "degrees", required=True, low=-90.0, high=90.0),
            Column("lon", "number", "longitude", "degrees", required=True, low=-180.0, high=180.0),
        ),
        dated=False,
    ),
)
