"""Tables of hours: profiles over the year and blocks of modelled hours."""

from __future__ import annotations

from xisuan.scenario.schema.column_types import Column, Table, named

HOURS: tuple[Table, ...] = (
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
            named("profile", "the profile"),
            Column("months", "text", "months such as 1;7-8;12; 11-2 runs over the new year", blank="all"),
            Column(
                "days",
                "choice",
                "kind of day; the weekday of 1 January is that of `base_year`, and there is no 29 February",
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
            named("block", "the block"),
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
            Column(
                "keep_means",
                "flag",
                "whether all profiles are moved to the mean of the year on the blocks; where they are not, `check` says how"
                " far work is off",
                blank="no",
                default=False,
            ),
        ),
        dated=False,
    ),
)
