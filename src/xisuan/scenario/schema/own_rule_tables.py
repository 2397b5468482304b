"""Tables of a scenario's own rules: linear sums over variables of the model, with sense and value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from xisuan.scenario.schema.column_types import Column, Table, named

OWN_RULES: tuple[Table, ...] = (
    Table(
        "rules",
        ("rule",),
        "the scenario's own rules: Σ over `rule_terms` (sense) value, in each period; `rules.toml` is read as these two"
        " tables. A rule in a layer replaces all rows and terms of the rule of that name in its base",
        (
            named("rule", "name of the rule"),
            Column("sense", "choice", "how the sum compares to the value", required=True, choices=("<=", ">=", "=")),
            Column(
                "value",
                "number",
                "right side",
                "unit of the rule",
                blank="the rule does not hold from this period on",
            ),
            Column(
                "by",
                "choice",
                "one row for each period, in which hourly variables are added up over a year, or one for each hour",
                blank="period",
                default="period",
                choices=("period", "hour"),
            ),
            Column("unit", "text", "unit of both sides", blank="that of the variables"),
        ),
    ),
    Table(
        "rule_terms",
        ("rule", "term"),
        "the sums of `rules`: coefficient × weight × each variable that all filters of the row match",
        (
            named("rule", "the rule", refers=("rules",)),
            Column("term", "count", "number of the term within its rule", required=True, low=1.0),
            named("variable", "a variable of the model, as [formulas](formulas.md#variables) lists them"),
            Column(
                "coefficient",
                "number",
                "factor of the variable",
                "unit of the rule over that of the variable",
                blank="1, and the variable must be in the unit of the rule",
            ),
            Column(
                "weight",
                "name",
                "profile that the variable is multiplied by in each hour, such as 1 in summer and 0 otherwise",
                blank="1",
                refers=("profiles",),
            ),
            Column("site", "name", "filter: the site", blank="any", refers=("sites",)),
            Column("hub", "name", "filter: hub of the site", blank="any"),
            Column("zone", "name", "filter: grid zone of the site", blank="any", refers=("power",)),
            Column("investor", "text", "filter: investor of the site or link", blank="any"),
            Column("technology", "name", "filter: the technology", blank="any", refers=("technologies",)),
            Column("class", "name", "filter: class of the technology", blank="any"),
            Column("source", "name", "filter: solar, wind or battery", blank="any"),
            Column("link", "name", "filter: the link", blank="any", refers=("links",)),
            Column("region", "name", "filter: the region", blank="any", refers=("regions",)),
            Column("workload", "name", "filter: the workload", blank="any", refers=("workloads",)),
            Column(
                "lag",
                "count",
                "1 for the variable of the period before; the rule does not hold in the first period then",
                blank="0",
                default=0.0,
                low=0.0,
                high=1.0,
            ),
        ),
        dated=False,
        annotation="reference",
    ),
)

FILTERS = ("site", "hub", "zone", "investor", "technology", "class", "source", "link", "region", "workload")
"""Columns of `rule_terms` that choose variables."""
Stage = Literal["order", "stock", "operation"]


@dataclass(frozen=True, slots=True)
class Summand:
    """A variable that own rules may add up.

    `filters`: columns that apply to it. `unit`: that of the model. `stage`: what is ordered, what stands, or what
    operation decides. `hourly`: it has a value for each hour.
    """

    filters: tuple[str, ...]
    unit: str
    stage: Stage
    hourly: bool = False


_SITE = ("site", "hub", "zone", "investor")
_UNIT = (*_SITE, "technology", "class")
_SOURCE = (*_SITE, "source")
_LINK = ("link", "investor")
_WORK = ("region", "workload")

SUMMANDS: Mapping[str, Summand] = {
    "build_hall": Summand(_SITE, "MW", "order"),
    "hall_phases": Summand(_SITE, "phases", "order"),
    "retrofit": Summand(_SITE, "MW", "order"),
    "build": Summand(_UNIT, "units", "order"),
    "build_modules": Summand(_UNIT, "modules", "order"),
    "build_link": Summand(_LINK, "Gbps", "order"),
    "link_modules": Summand(_LINK, "modules", "order"),
    "build_supply": Summand(_SOURCE, "MW", "order"),
    "build_energy": Summand(_SITE, "MWh", "order"),
    "open": Summand(_SITE, "", "order"),
    "kept": Summand(_UNIT, "units", "order"),
    "opened": Summand(_SITE, "", "stock"),
    "hall": Summand(_SITE, "MW", "stock"),
    "retrofitted": Summand(_SITE, "MW", "stock"),
    "installed": Summand(_UNIT, "units", "stock"),
    "capacity": Summand(_LINK, "Gbps", "stock"),
    "supply": Summand(_SOURCE, "MW", "stock"),
    "energy": Summand(_SITE, "MWh", "stock"),
    "contract": Summand(_SITE, "MWh", "operation"),
    "hold": Summand((*_WORK, *_SITE), "units", "operation"),
    "stock_load": Summand(_UNIT, "units", "operation"),
    "stock_absorb": Summand(("workload", *_SITE), "units", "operation"),
    "stock_unserved": Summand(_WORK, "units", "operation"),
    "serve": Summand((*_WORK, *_SITE), "units", "operation", hourly=True),
    "absorb": Summand(("workload", *_SITE), "units", "operation", hourly=True),
    "load": Summand(_UNIT, "units", "operation", hourly=True),
    "backlog": Summand(_WORK, "units", "operation", hourly=True),
    "unserved": Summand(_WORK, "units", "operation", hourly=True),
    "it": Summand(_SITE, "MW", "operation", hourly=True),
    "it_retrofitted": Summand(_SITE, "MW", "operation", hourly=True),
    "grid": Summand(_SITE, "MW", "operation", hourly=True),
    "contract_use": Summand(_SITE, "MW", "operation", hourly=True),
    "generation": Summand(_SOURCE, "MW", "operation", hourly=True),
    "charge": Summand(_SITE, "MW", "operation", hourly=True),
    "discharge": Summand(_SITE, "MW", "operation", hourly=True),
    "stored": Summand(_SITE, "MWh", "operation", hourly=True),
}
"""Variables that own rules may name."""

REFUSED: Mapping[str, str] = {
    **dict.fromkeys(
        ("release", "flow", "stock_release", "stock_flow", "traffic_flow", "traffic_unserved"), "rule-variable-route"
    ),
    **dict.fromkeys(("deploy", "lay", "deployed", "counted", "gigabit"), "rule-variable-access"),
    **dict.fromkeys(
        ("recourse_serve", "recourse_flow", "recourse_absorb", "recourse_load", "recourse_grid"),
        "rule-variable-recourse",
    ),
    "peak": "rule-variable-peak",
    "contract_power": "rule-variable-contract-power",
    "taken_over": "rule-variable-payer",
}
"""Variables that own rules may not name, with the code of the reason."""
