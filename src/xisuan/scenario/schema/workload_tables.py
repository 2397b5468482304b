"""Tables of work: workloads, demand, and the data that decide which site may serve which region."""

from __future__ import annotations

from xisuan.scenario.schema.column_types import TITLES, Column, Table, amount, named

WORK: tuple[Table, ...] = (
    Table(
        "workloads",
        ("workload",),
        "classes of work with their latency limit and deferral window",
        (
            named("workload", "the workload"),
            *TITLES,
            named("class", "class (or technology) that runs it"),
            Column(
                "latency_ms",
                "number",
                "largest one-way latency from region to site; places that neither `latency` nor links join are out of reach",
                "ms",
                blank="any: the network does not decide who may serve whom",
                low=0.0,
            ),
            Column(
                "defer_hours",
                "count",
                "how long work may wait before it runs, in whole hours",
                "hours",
                blank="0: it runs in its hour",
                default=0.0,
                low=0.0,
                high=8760.0,
            ),
            amount(
                "gbps_per_unit",
                "Gbps per unit",
                "traffic from region to site while a unit runs",
            ),
            amount(
                "return_gbps_per_unit",
                "Gbps per unit",
                "traffic from site to region while a unit runs",
            ),
            Column(
                "unserved_mcny_per_unit_hour",
                "number",
                "penalty for work that is not done",
                "mCNY per unit and hour",
                blank="it must be served",
                low=0.0,
            ),
            Column(
                "sweep_unserved_mcny_per_unit_hour",
                "number",
                "penalty for work that a member of a sweep leaves because it cannot serve all; no plan reads it, and the"
                " other penalty holds where it is given",
                "mCNY per unit and hour",
                blank="such a member has no plan",
                low=0.0,
            ),
        ),
    ),
    Table(
        "demand",
        ("region", "workload", "period"),
        "how much work arises",
        (
            named("region", "the region", refers=("regions",)),
            named("workload", "the workload", refers=("workloads",)),
            Column(
                "period",
                "year",
                "the year; a region and workload with a row of one period need one for every period, 0 where there is none",
                required=True,
                low=1900,
                high=2200,
            ),
            Column("units", "number", "yearly mean", "units", required=True, low=0.0),
            Column(
                "profile",
                "name",
                "shape over the year; normalised to mean 1",
                blank="constant",
                refers=("profiles",),
            ),
        ),
        dated=False,
    ),
    Table(
        "latency",
        ("region", "site"),
        "measured or promised one-way latency; decides who may serve whom, not the route",
        (
            named("region", "the region", refers=("regions",)),
            named("site", "the site", refers=("sites",)),
            Column("latency_ms", "number", "one-way latency", "ms", required=True, low=0.0),
        ),
    ),
    Table(
        "serving_cost",
        ("region", "site", "workload"),
        "cost of serving a region's work at a site; a workload that lists any pair must list every eligible one",
        (
            named("region", "the region", refers=("regions",)),
            named("site", "the site", refers=("sites",)),
            named("workload", "the workload", refers=("workloads",)),
            Column(
                "mcny_per_unit_hour",
                "number",
                "cost",
                "mCNY per unit and hour",
                required=True,
                low=0.0,
            ),
        ),
    ),
)
