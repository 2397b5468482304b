"""Tables of origin: sources of the figures, the range of each estimate, and of each lever that a sweep moves."""

from __future__ import annotations

from xisuan.scenario.columns import Column, Table, named

LEVERS = (
    "western_power_price",
    "eastern_demand",
    "intelligent_demand",
    "budgets",
    "detour",
    "population_demand",
)
"""Names of the levers; `levers` holds what each moves."""

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
)
