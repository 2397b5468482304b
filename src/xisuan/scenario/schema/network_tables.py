"""Tables of the backbone: links, their modules, and other traffic."""

from __future__ import annotations

from xisuan.scenario.schema.column_types import INVESTOR, LEAD, LIFE, Column, Table, amount, limit, named

NETWORK: tuple[Table, ...] = (
    Table(
        "links",
        ("link",),
        "backbone segments; full duplex, each direction has the capacity",
        (
            named("link", "the link"),
            named("from", "one end", refers=("nodes", "regions")),
            named("to", "the other end", refers=("nodes", "regions")),
            Column("length_km", "number", "cable route", "km", low=0.0),
            Column(
                "latency_ms",
                "number",
                "one-way latency",
                "ms",
                blank="0.0049 × length_km",
                low=0.0,
            ),
            Column(
                "capacity_gbps",
                "number",
                "capacity that stands at the start, each direction; the link stands in the periods in which it is above 0",
                "Gbps",
                blank="an error as soon as anything could use the link",
                low=0.0,
            ),
            amount(
                "min_gbps",
                "Gbps",
                "least capacity, existing included: what is missing must be ordered; it does not make the link stand",
            ),
            limit("limit_gbps", "Gbps", "most capacity, existing included"),
            Column(
                "capex_mcny_per_gbps",
                "number",
                "capital cost of more capacity",
                "mCNY per Gbps",
                blank="no continuous expansion",
                low=0.0,
            ),
            LIFE,
            LEAD,
            amount(
                "cost_mcny_per_gbps_hour",
                "mCNY per Gbps and hour",
                "cost of carrying traffic, each direction",
            ),
            INVESTOR,
        ),
    ),
    Table(
        "modules",
        ("link", "module"),
        "a link is expanded in whole modules",
        (
            named("link", "the link", refers=("links",)),
            named("module", "the module"),
            Column("gbps", "number", "capacity of one", "Gbps", required=True, above=0.0),
            Column("mcny", "number", "capital cost of one", "mCNY", required=True, low=0.0),
            Column(
                "max_count",
                "count",
                "most of them over the horizon",
                "",
                blank="as many as wanted",
                low=0.0,
            ),
        ),
    ),
    Table(
        "traffic",
        ("from", "to"),
        "other traffic that the links carry; rows between the same nodes add up, whether they name a node or a region at"
        " it",
        (
            named("from", "where it starts", refers=("nodes", "regions")),
            named("to", "where it ends", refers=("nodes", "regions")),
            Column(
                "gbps",
                "number",
                "yearly mean (times the profile)",
                "Gbps",
                required=True,
                low=0.0,
            ),
            Column(
                "profile",
                "name",
                "shape over the year, as it is",
                blank="constant",
                refers=("profiles",),
            ),
            Column(
                "routing",
                "choice",
                "free: split over any paths; shortest: along the shortest path",
                blank="free",
                default="free",
                choices=("free", "shortest"),
            ),
        ),
    ),
)
