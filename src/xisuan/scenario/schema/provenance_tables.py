"""Tables of provenance and uncertainty: sources, ranges of estimates and levers, and members of a plan."""

from __future__ import annotations

from xisuan.scenario.schema.column_types import TITLES, Column, Table, named

LEVERS = (
    "western_power_price",
    "eastern_demand",
    "intelligent_demand",
    "budgets",
    "detour",
    "population_demand",
)
"""Names of the levers, defined in `queries.levers`."""

LEAST, MOST = -90.0, 400.0
"""Bounds of the percentage by which a lever moves."""
MOVES: dict[str, str] = {
    "western_power_price": "by how much prices of energy change, on the list and by contract, in the zones that have a"
    " site west of 112.5° E, for all sites of the zone",
    "eastern_demand": "by how much the demand of eastern regions changes",
    "intelligent_demand": "by how much the demand for intelligent computing changes",
    "budgets": "by how much all budgets change",
    "detour": "by how much lengths and delays of links change",
    "population_demand": "how far demand goes towards the regions' shares of population (100: wholly), those of the row"
    " that holds in the period of the demand; shares are among the regions with a row of demand for the workload; it is"
    " moved after the other levers",
}
"""Meaning of each lever's column in the table of members."""

LOW = (
    "low end of what is plausible, in the unit of the column, not above the value; of several rows, low / the least of"
    " their values is a factor on each (0 stays 0)"
)
HIGH = (
    "high end of what is plausible, in the unit of the column, not below the value; of several rows, high / the greatest"
    " of their values is a factor on each (0 stays 0)"
)

ORIGIN: tuple[Table, ...] = (
    Table(
        "sources",
        ("source",),
        "what the source columns refer to",
        (
            named("source", "the source"),
            Column("title", "text", "its title"),
            Column("title_zh", "text", "the same in Chinese"),
            Column("publisher", "text", "who published it"),
            Column("publisher_zh", "text", "the same in Chinese"),
            Column("date", "text", "when: YYYY, YYYY-MM or YYYY-MM-DD"),
            Column("address", "text", "where it is found"),
        ),
        dated=False,
    ),
    Table(
        "estimates",
        ("table", "key", "column"),
        "the range and the reasoning of each estimated value; a key of several rows, as of several periods, has one range"
        " for all of them, which moves them together",
        (
            named("table", "the table"),
            named("key", "the row's key, parts joined by /; a part may be *"),
            named("column", "the column"),
            Column("low", "number", LOW),
            Column("high", "number", HIGH),
            Column("how", "text", "how the value was had"),
            Column("how_zh", "text", "the same in Chinese"),
        ),
        dated=False,
    ),
    Table(
        "levers",
        ("lever",),
        "how far a sweep moves each lever, unless it is told otherwise; no plan reads it",
        (
            Column("lever", "choice", "the lever", required=True, choices=LEVERS),
            Column("low_percent", "number", "its least change", "%", required=True, low=-90.0, high=400.0),
            Column("high_percent", "number", "its largest change", "%", required=True, low=-90.0, high=400.0),
            Column("how", "text", "why that far"),
            Column("how_zh", "text", "the same in Chinese"),
        ),
        dated=False,
    ),
    Table(
        "members",
        ("member",),
        "futures that one plan is made for, of which one will come true: orders of the first period are the same in all"
        " of them, all else may differ. A member is the scenario with values replaced (`member_values`) and levers moved",
        (
            named("member", "the future: letters, digits, - and _ only, at most 64"),
            *TITLES,
            Column(
                "probability",
                "number",
                "how likely it is; those of all members add up to 1",
                "fraction",
                required=True,
                above=0.0,
                high=1.0,
            ),
            *(
                Column(
                    name,
                    "number",
                    MOVES[name],
                    "%",
                    blank="as given",
                    default=0.0,
                    low=0.0 if name == "population_demand" else LEAST,
                    high=100.0 if name == "population_demand" else MOST,
                )
                for name in LEVERS
            ),
            Column("how", "text", "why so much, and why so likely"),
            Column("how_zh", "text", "the same in Chinese"),
        ),
        dated=False,
    ),
    Table(
        "member_values",
        ("member", "table", "key", "column"),
        "values that a member has in place of those of the scenario: amounts, prices, and profiles of another year. They"
        " are replaced before levers move; of two rows for one cell the later one holds",
        (
            named("member", "the member", refers=("members",)),
            named("table", "the table; profiles replaces a whole profile"),
            named(
                "key",
                "the row's key, and for a dated row the period after it unless it is a part of the key, joined by /; a"
                " part may be *, and later parts may be left out, so that * means every row; * for a profile",
            ),
            named("column", "the column of numbers or profiles; in profiles, the name of the replaced profile"),
            Column("value", "series", "its value or profile in this member", required=True),
        ),
        dated=False,
    ),
)
