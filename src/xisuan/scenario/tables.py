"""Every table and column of a scenario folder: name, type, unit, bounds, meaning, and what a blank means.

This is the one definition. The reader, the checks, the writer and the reference pages all come from here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Kind = Literal["name", "text", "number", "count", "year", "flag", "choice", "series"]
"""`name` identifies something; `series` is a number or the name of a profile; `count` and `year` are whole numbers."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `blank` says what a blank means; `default` is what the reader puts there (None: it stays missing).
    `refers` names the table whose key a value must be (several: any of them). Bounds are inclusive.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    blank: str = ""
    default: float | str | bool | None = None
    required: bool = False
    low: float | None = None
    high: float | None = None
    above: float | None = None
    refers: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    default_from: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its key, its columns, and whether a row may hold from a `period` on (`dated`)."""

    name: str
    keys: tuple[str, ...]
    meaning: str
    columns: tuple[Column, ...]
    dated: bool = True
    annotation: str = "source"

    def column(self, name: str) -> Column | None:
        """The column called `name`, annotation and period columns included, or None."""
        return next((column for column in self.all_columns if column.name == name), None)

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Own columns, then `period` where rows may be dated, then the annotations every table may carry."""
        own = {column.name for column in self.columns}
        period = (PERIOD,) if self.dated and "period" not in own else ()
        notes = tuple(
            Column(self.annotation, note.kind, note.meaning) if note.name == "source" else note
            for note in ANNOTATIONS
            if not (note.name == "source" and self.annotation in own)
        )
        return (
            *self.columns,
            *period,
            *(note for note in notes if note.name not in own),
        )

    @property
    def row_keys(self) -> tuple[str, ...]:
        """What no two rows may share: the key, and the period where rows are dated."""
        return self.keys if "period" in self.keys or not self.dated else (*self.keys, "period")


PERIOD = Column(
    "period",
    "year",
    "the row holds from this year until the next row of its key",
    blank="it holds from the start",
    low=1900,
    high=2200,
)
ANNOTATIONS = (
    Column(
        "source",
        "text",
        "where the figures come from: keys of `sources`, several separated by ;",
    ),
    Column(
        "quality",
        "choice",
        "how the figures were had",
        choices=("published", "derived", "estimate"),
    ),
    Column("note", "text", "anything a reader of the row should know"),
)


def _name(name: str, meaning: str, **more: object) -> Column:
    return Column(name, "name", meaning, required=True, **more)  # type: ignore[arg-type]


def _amount(name: str, unit: str, meaning: str, blank: str = "0", default: float | None = 0.0) -> Column:
    """A number that cannot be negative, zero where blank."""
    return Column(name, "number", meaning, unit, blank=blank, default=default, low=0.0)


def _limit(name: str, unit: str, meaning: str) -> Column:
    """An upper limit; blank means that there is none."""
    return Column(name, "number", meaning, unit, blank="no limit", low=0.0)


def _known(name: str, unit: str, meaning: str, blank: str = "unknown") -> Column:
    """A number that describes, cannot be negative and may be unknown."""
    return Column(name, "number", meaning, unit, blank=blank, low=0.0)


_TITLES = (
    Column("title", "text", "what people call it in English"),
    Column("title_zh", "text", "what people call it in Chinese"),
)
_PLACE = (
    Column("lat", "number", "latitude", "degrees", low=-90.0, high=90.0),
    Column("lon", "number", "longitude", "degrees", low=-180.0, high=180.0),
)
_LIFE = Column(
    "life_years",
    "number",
    "years of use of what is built",
    "years",
    blank="for ever; an error where capital is an annuity and the capital cost is not 0",
    above=0.0,
)
_LEAD = Column(
    "lead_years",
    "number",
    "years from order to use",
    "years",
    blank="0",
    default=0.0,
    low=0.0,
)
_INVESTOR = Column(
    "investor",
    "text",
    "who pays its capital cost; budgets refer to it as investor:NAME",
)

CLASSES = ("general", "intelligent", "supercomputing", "storage")
"""通用算力, 智能算力, 超算, 存力. Other names are allowed; share rules know these."""

TABLES: tuple[Table, ...] = (
    Table(
        "regions",
        ("region",),
        "where demand arises",
        (
            _name("region", "the region"),
            *_TITLES,
            *_PLACE,
            _known("population", "persons", "residents"),
            _known("gdp_mcny", "mCNY", "gross regional product"),
            Column(
                "node",
                "name",
                "backbone node where its traffic enters",
                blank="the region itself",
                default_from="region",
            ),
        ),
    ),
    Table(
        "nodes",
        ("node",),
        "backbone nodes that are no region",
        (_name("node", "the node"), *_TITLES, *_PLACE),
    ),
    Table(
        "sites",
        ("site",),
        "data-centre clusters, campuses and edge sites",
        (
            _name("site", "the site"),
            *_TITLES,
            Column("kind", "text", "cluster (国家数据中心集群), campus or edge"),
            Column("hub", "text", "national hub node it belongs to", blank="no hub"),
            *_PLACE,
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
            _limit("it_limit_mw", "MW of IT", "most IT power the site can hold"),
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
            _amount(
                "fixed_cost_mcny",
                "mCNY",
                "paid once, in the first period in which anything is built here",
            ),
            _INVESTOR,
            _amount("water_l_per_kwh", "litres per kWh of IT", "water used for cooling"),
        ),
    ),
    Table(
        "halls",
        ("site",),
        "buildings with power and cooling; a site without a row needs none",
        (
            _name("site", "the site", refers=("sites",)),
            _amount("existing_mw", "MW of IT", "hall capacity that stands at the start"),
            _amount("capex_mcny_per_mw", "mCNY per MW", "capital cost of new halls"),
            _amount(
                "opex_mcny_per_mw_year",
                "mCNY per MW and year",
                "upkeep, existing halls included",
            ),
            _LIFE,
            Column(
                "phase_mw",
                "number",
                "halls are built in whole phases of this size",
                "MW of IT",
                blank="0: any amount",
                default=0.0,
                low=0.0,
            ),
            _limit("limit_mw", "MW of IT", "most hall capacity, existing included"),
            _LEAD,
            Column(
                "retrofit_capex_mcny_per_mw",
                "number",
                "cost of giving an existing hall the cooling of `retrofit_pue`",
                "mCNY per MW",
                blank="no retrofit on offer",
                low=0.0,
            ),
            Column(
                "retrofit_pue",
                "number",
                "PUE of a retrofitted hall; where the site's own is lower, that one holds",
                "ratio",
                blank="no retrofit on offer",
                low=1.0,
                high=5.0,
            ),
        ),
    ),
    Table(
        "technologies",
        ("technology",),
        "one purchasable vintage of a class of equipment",
        (
            _name("technology", "the technology"),
            *_TITLES,
            _name(
                "class",
                "class of work it runs: general, intelligent, supercomputing, storage",
            ),
            Column("unit", "text", "what one unit is; all technologies of a class share it"),
            Column("precision", "text", "precision of `eflops_per_unit`, such as FP16"),
            _known(
                "eflops_per_unit",
                "EFLOPS",
                "computing power of a unit at `precision`, for reports",
            ),
            _amount("mw_per_unit", "MW of IT", "IT power of a unit at full load"),
            Column(
                "idle_share",
                "number",
                "share of its power that a unit draws when idle",
                "fraction",
                blank="0",
                default=0.0,
                low=0.0,
                high=1.0,
            ),
            Column(
                "attainable_utilisation",
                "number",
                "largest share of a unit that work can use",
                "fraction",
                blank="1",
                default=1.0,
                above=0.0,
                high=1.0,
            ),
            _known(
                "fp32_per_unit",
                "EFLOPS FP32",
                "computing power of a unit at FP32; share rules use it",
                "unknown: an error where a share rule needs it",
            ),
            _amount("capex_mcny_per_unit", "mCNY per unit", "capital cost"),
            _amount(
                "opex_mcny_per_unit_year",
                "mCNY per unit and year",
                "upkeep, existing units included",
            ),
            _LIFE,
            _LEAD,
            Column(
                "module_units",
                "number",
                "units are bought in whole modules of this size",
                "units",
                blank="0: any amount",
                default=0.0,
                low=0.0,
            ),
            Column("available_from", "year", "first year it can be ordered", blank="always"),
            Column("available_until", "year", "last year it can be ordered", blank="always"),
            _amount("embodied_t_per_unit", "t CO2 per unit", "carbon of making a unit"),
            Column(
                "kind",
                "choice",
                "flow: runs work by the hour; stock: holds it through the period",
                blank="flow",
                default="flow",
                choices=("flow", "stock"),
            ),
        ),
    ),
    Table(
        "fleet",
        ("site", "technology", "opened"),
        "equipment that stands at the start; sunk, it pays only its upkeep",
        (
            _name("site", "the site", refers=("sites",)),
            _name("technology", "the technology", refers=("technologies",)),
            Column("opened", "year", "first year of use", blank="before the horizon"),
            Column("units", "number", "how many units", "units", required=True, low=0.0),
            Column("retires", "year", "first year without it", blank="never"),
            Column(
                "may_retire",
                "flag",
                "whether it may be retired early, without refund",
                blank="no",
                default=False,
            ),
        ),
        dated=False,
    ),
    Table(
        "limits",
        ("site", "technology"),
        "how many units of a technology a site may hold; without a row it is free to build within `it_limit_mw`",
        (
            _name("site", "the site", refers=("sites",)),
            _name("technology", "the technology", refers=("technologies",)),
            _amount("min_units", "units", "least units in use, existing included"),
            _limit("max_units", "units", "most units in use, existing included"),
            _limit("max_build_units", "units", "most units ordered in one period"),
        ),
    ),
    Table(
        "workloads",
        ("workload",),
        "classes of work with their latency limit and deferral window",
        (
            _name("workload", "the workload"),
            *_TITLES,
            _name("class", "class (or technology) that runs it"),
            Column(
                "latency_ms",
                "number",
                "largest one-way latency from region to site",
                "ms",
                blank="any",
                low=0.0,
            ),
            Column(
                "defer_hours",
                "number",
                "how long work may wait before it runs",
                "hours",
                blank="0: it runs in its hour",
                default=0.0,
                low=0.0,
                high=8760.0,
            ),
            _amount(
                "gbps_per_unit",
                "Gbps per unit",
                "traffic from region to site while a unit runs",
            ),
            _amount(
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
        ),
    ),
    Table(
        "demand",
        ("region", "workload", "period"),
        "how much work arises",
        (
            _name("region", "the region", refers=("regions",)),
            _name("workload", "the workload", refers=("workloads",)),
            Column("period", "year", "the year", required=True, low=1900, high=2200),
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
        "links",
        ("link",),
        "backbone segments; full duplex, each direction has the capacity",
        (
            _name("link", "the link"),
            _name("from", "one end", refers=("nodes", "regions")),
            _name("to", "the other end", refers=("nodes", "regions")),
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
                "capacity that stands at the start, each direction",
                "Gbps",
                blank="an error as soon as anything could use the link",
                low=0.0,
            ),
            _limit("limit_gbps", "Gbps", "most capacity, existing included"),
            Column(
                "capex_mcny_per_gbps",
                "number",
                "capital cost of more capacity",
                "mCNY per Gbps",
                blank="no continuous expansion",
                low=0.0,
            ),
            _LIFE,
            _LEAD,
            _amount(
                "cost_mcny_per_gbps_hour",
                "mCNY per Gbps and hour",
                "cost of carrying traffic, each direction",
            ),
            _INVESTOR,
        ),
    ),
    Table(
        "modules",
        ("link", "module"),
        "a link is expanded in whole modules",
        (
            _name("link", "the link", refers=("links",)),
            _name("module", "the module"),
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
        "latency",
        ("region", "site"),
        "measured or promised one-way latency; decides who may serve whom, not the route",
        (
            _name("region", "the region", refers=("regions",)),
            _name("site", "the site", refers=("sites",)),
            Column("latency_ms", "number", "one-way latency", "ms", required=True, low=0.0),
        ),
    ),
    Table(
        "serving_cost",
        ("region", "site", "workload"),
        "cost of serving a region's work at a site; a workload that lists any pair must list every eligible one",
        (
            _name("region", "the region", refers=("regions",)),
            _name("site", "the site", refers=("sites",)),
            _name("workload", "the workload", refers=("workloads",)),
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
    Table(
        "traffic",
        ("from", "to"),
        "other traffic that the links carry",
        (
            _name("from", "where it starts", refers=("nodes", "regions")),
            _name("to", "where it ends", refers=("nodes", "regions")),
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
    Table(
        "power",
        ("zone",),
        "grid zones: prices, carbon, limits",
        (
            _name("zone", "the zone"),
            Column("price", "series", "list price of energy", "CNY per kWh", required=True),
            Column(
                "contract_price_cny_per_kwh",
                "number",
                "energy price under contract; used when plan.power_price is contract",
                "CNY per kWh",
                blank="no contract: the list price holds",
                low=0.0,
            ),
            _amount(
                "demand_charge_cny_per_kw_month",
                "CNY per kW and month",
                "on the site's peak, twelve times a year",
            ),
            Column(
                "co2_kg_per_kwh",
                "series",
                "carbon of grid power",
                "kg per kWh",
                blank="unknown: an error where carbon decides",
                low=0.0,
            ),
            _limit("grid_limit_mw", "MW", "most grid power of the zone's sites together"),
            Column(
                "green_premium_cny_per_kwh",
                "number",
                "price of green power trading and certificates (绿电交易、绿证) on top of energy",
                "CNY per kWh",
                blank="none on offer",
                low=0.0,
            ),
        ),
    ),
    Table(
        "supply",
        ("site", "source"),
        "solar, wind and battery at the sites",
        (
            _name("site", "the site", refers=("sites",)),
            Column(
                "source",
                "choice",
                "the source",
                required=True,
                choices=("solar", "wind", "battery"),
            ),
            _amount("capex_mcny_per_mw", "mCNY per MW", "capital cost of power"),
            _amount("capex_mcny_per_mwh", "mCNY per MWh", "capital cost of battery energy"),
            _amount(
                "opex_mcny_per_mw_year",
                "mCNY per MW and year",
                "upkeep, existing capacity included",
            ),
            _LIFE,
            _LEAD,
            _amount("existing_mw", "MW", "power that stands at the start"),
            _amount("existing_mwh", "MWh", "battery energy that stands at the start"),
            _limit("limit_mw", "MW", "most power, existing included"),
            _limit("limit_mwh", "MWh", "most battery energy, existing included"),
            Column(
                "efficiency",
                "number",
                "of a battery, each way",
                "fraction",
                blank="1",
                default=1.0,
                above=0.0,
                high=1.0,
            ),
            _amount(
                "cost_mcny_per_mwh",
                "mCNY per MWh",
                "variable cost or wear per MWh produced or discharged",
            ),
            Column(
                "profile",
                "series",
                "output over capacity, by hour",
                "fraction",
                blank="1",
                default=1.0,
                low=0.0,
                high=1.0,
            ),
        ),
        annotation="reference",
    ),
    Table(
        "profiles",
        ("hour",),
        "one column a named profile: 8,760 rows from 1 January 00:00 Beijing time",
        (
            Column(
                "hour",
                "count",
                "hour of the year, 0 to 8,759",
                required=True,
                low=0.0,
                high=8759.0,
            ),
        ),
        dated=False,
    ),
    Table(
        "profile_rules",
        (),
        "profiles given by rules, expanded when read; a later row overrides an earlier one",
        (
            _name("profile", "the profile"),
            Column("months", "text", "months such as 1;7-8;12; 11-2 runs over the new year", blank="all"),
            Column(
                "days",
                "choice",
                "kind of day",
                blank="all",
                choices=("workday", "weekend"),
            ),
            Column(
                "hours",
                "text",
                "hours of the day such as 0-6;22-23, both ends included; 22-6 runs over midnight",
                blank="all",
            ),
            Column("value", "number", "the value", required=True),
        ),
        dated=False,
    ),
    Table(
        "blocks",
        ("block",),
        "blocks of hours with weights, in place of the choice that `hours` makes",
        (
            _name("block", "the block"),
            Column(
                "first_hour",
                "count",
                "hour of the year it starts in",
                required=True,
                low=0.0,
                high=8759.0,
            ),
            Column(
                "hours",
                "count",
                "its length",
                "hours",
                required=True,
                low=1.0,
                high=8760.0,
            ),
            Column(
                "weight",
                "number",
                "how many such blocks the year has",
                required=True,
                above=0.0,
            ),
        ),
        dated=False,
    ),
    Table(
        "budgets",
        ("period", "scope"),
        "most overnight capital cost ordered in a period, undiscounted",
        (
            PERIOD,
            _name(
                "scope",
                "all, halls, compute, network, power, access, a hub, or investor:NAME",
            ),
            Column("limit_mcny", "number", "the budget", "mCNY", blank="no limit", low=0.0),
        ),
    ),
    Table(
        "policies",
        ("rule", "scope", "period"),
        "rules with a value; each is a named constraint with a shadow price",
        (
            _name("rule", "the rule"),
            Column(
                "scope",
                "text",
                "all, a hub, a site, or (link_load_max) a link",
                blank="all",
                default="all",
            ),
            PERIOD,
            Column(
                "value",
                "number",
                "its value; shares and ratios as fractions",
                required=True,
                low=0.0,
            ),
            Column(
                "applies",
                "choice",
                "to new sites only (no hall or fleet at the start) or to all",
                blank="all",
                default="all",
                choices=("new", "all"),
            ),
        ),
    ),
    Table(
        "sources",
        ("source",),
        "what the source columns refer to",
        (
            _name("source", "the source"),
            Column("title", "text", "its title"),
            Column("publisher", "text", "who published it"),
            Column("date", "text", "when: YYYY, YYYY-MM or YYYY-MM-DD"),
            Column("address", "text", "where it is found"),
        ),
        dated=False,
    ),
    Table(
        "estimates",
        ("table", "key", "column"),
        "the range and the reasoning of each estimated value",
        (
            _name("table", "the table"),
            _name("key", "the row's key, parts joined by /; a part may be *"),
            _name("column", "the column"),
            Column("low", "number", "low end of what is plausible"),
            Column("high", "number", "high end of what is plausible"),
            Column("how", "text", "how the value was had"),
        ),
        dated=False,
    ),
)

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}


def key_part(value: object) -> str:
    """One part of a row's key as text: a year without a fraction, a blank empty."""
    if isinstance(value, str):
        return value
    return f"{value:.0f}" if isinstance(value, float) and math.isfinite(value) else ""


RESERVED = (
    "members",
    "cities",
    "city_state",
    "measures",
    "standard",
    "city_targets",
    "indicators",
    "observations",
    "targets",
    "drivers",
)
"""Tables of the format that this version does not read; their presence is reported."""

POLICY_RULES: dict[str, str] = {
    "occupancy_min": "installed MW ≥ v × hall MW, over the sites in scope that have halls",
    "utilisation_min": "work served over the year ≥ v × installed × 8,760, for each class that runs work",
    "hub_share_min": "FP32 built in the period at the hub (all: at any hub) ≥ v × FP32 built",
    "intelligent_share_min": "FP32 installed of class intelligent ≥ v × FP32 installed",
    "green_share_min": "grid energy less green contracts ≤ (1 − v) × PUE × IT energy",
    "pue_max": "PUE × IT energy ≤ v × IT energy",
    "carbon_cap_t": "location-based emissions a year ≤ v tonnes",
    "carbon_cap_market_t": "market-based emissions a year ≤ v tonnes",
    "carbon_price_cny_per_t": "v CNY for each tonne of location-based emissions",
    "water_cap_m3": "cooling water a year ≤ v cubic metres",
    "link_load_max": "traffic ≤ v × capacity, each direction",
    "site_reserve_min": "load ≤ (1 − v) × attainable utilisation × installed, in every hour",
    "latency_stretch_max": "reported: route latency ≤ v × great circle × 4.9 µs/km between hub sites",
    "ring_city_ms": "reported: largest one-way latency within a city ≤ v ms",
    "ring_region_ms": "reported: largest one-way latency from a site to its nearest regions ≤ v ms",
    "ring_hub_ms": "reported: largest one-way latency between hub sites ≤ v ms",
}
"""Every policy rule with its statement; v is the value."""

REPORTED_RULES = (
    "latency_stretch_max",
    "ring_city_ms",
    "ring_region_ms",
    "ring_hub_ms",
)
"""Rules that data alone decide: reported as met or not, never a constraint."""
