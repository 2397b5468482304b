"""Tables of official statistics: indicators, observations, targets, and drivers that link them to a plan."""

from __future__ import annotations

from xisuan.scenario.schema.column_types import TITLES, Column, Table, named

STATUSES = ("actual", "preliminary", "projected", "target")
"""`preliminary`: stated before the data were complete; `projected`: a forecast; `target`: an aim."""
BASES = ("cumulative", "single", "point")
"""`cumulative` from 1 January; `single` any other span; `point` a level at a day."""
BY_MONTH, BY_YEAR_END = "the period before", "the end of the year before"
YEARLY = "the year before, yearly average"
"""Base of a growth or change if it is not the same period of the year before: the month or quarter before, the end of
the year before, or the year before in each of several years, on average."""
BOUNDS = ("over", "about", "under")
KINDS = ("flow", "stock", "ratio", "growth")
TIERS = ("A", "B", "C", "D")
"""A official or major press, B trade or secondary, C mirror of an official text, D weak."""

_SOURCE = Column(
    "source", "text", "where it was published: keys of `sources`, several separated by ;", blank="not stated"
)
_PUBLISHED = Column(
    "published",
    "text",
    "when it was published, YYYY, YYYY-MM or YYYY-MM-DD; a year or month counts as its last day",
    blank="that of its source, else: an observation from the end of its period on, a target always",
)
_BOUND = Column("bound", "choice", "how the figure was bounded in words", blank="none", choices=BOUNDS)
_UNIT = Column(
    "unit",
    "text",
    "unit of the value: mCNY, mUSD, pct, 1, EFLOPS, Gbps, km, GB, … or any multiple of it",
    required=True,
)
_PRECISION = Column("precision", "text", "of compute: FP32, FP16 or FP64", blank="not stated")

INDICATORS: tuple[Table, ...] = (
    Table(
        "indicators",
        ("indicator",),
        "what official statistics measure",
        (
            named("indicator", "the indicator"),
            *TITLES,
            Column("unit", "text", "unit in which it is followed", required=True),
            Column(
                "kind", "choice", "flow over a period, stock at a day, ratio, or growth", choices=KINDS, required=True
            ),
            _PRECISION,
            Column(
                "beside",
                "name",
                "an indicator that may count the same under another name: shown beside it, never mixed",
                blank="none",
                refers=("indicators",),
            ),
            Column(
                "counts",
                "name",
                "what it counts for every 10,000 residents: its path is that of the count",
                blank="none",
                refers=("indicators",),
            ),
            Column("part_of", "name", "the whole of which it is a part", blank="of none", refers=("indicators",)),
            Column(
                "chain",
                "flag",
                "whether levels of different years may be put in one series",
                blank="yes",
                default=True,
            ),
        ),
        dated=False,
    ),
    Table(
        "observations",
        ("indicator", "region", "period_start", "period_end", "status", "scope", "price_base", "published", "source"),
        "what was published; a later release stands beside an earlier one and replaces nothing",
        (
            named("indicator", "the indicator", refers=("indicators",)),
            named("region", "the place it is about"),
            Column("period_start", "text", "first day, YYYY-MM-DD", blank="the same day as period_end"),
            Column("period_end", "text", "last day, YYYY-MM-DD", required=True),
            Column("basis", "choice", "stretch of time", blank="as its days say", choices=BASES),
            Column("value", "number", "the level", blank="not published"),
            _UNIT,
            Column("growth_pct", "number", "growth as published, never recomputed", "%", blank="not published"),
            Column("growth_to", "text", "what the growth is relative to", blank="the same period of the year before"),
            Column(
                "change_points",
                "number",
                "change as published, in percentage points, of the share where there is one, else of a level in per cent",
                "points",
                blank="not published",
            ),
            Column(
                "change_to",
                "text",
                "what the change is relative to: as growth_to, or a year",
                blank="the same period of the year before",
            ),
            Column("share_pct", "number", "share of a whole as published", "%", blank="not published"),
            Column("share_of", "text", "that whole", blank="not stated"),
            Column("rank", "count", "rank as published", blank="not published", low=1.0),
            Column("rank_of", "text", "among whom", blank="provinces"),
            _BOUND,
            Column(
                "status", "choice", "what kind of statement it is", blank="actual", default="actual", choices=STATUSES
            ),
            _PRECISION,
            Column(
                "scope", "text", "what is counted, such as firms above a size; levels of two scopes are not compared"
            ),
            Column("price_base", "text", "year of the constant prices", blank="current prices, or not stated"),
            Column("inherited", "text", "what was taken from the sentence before, separated by ;", blank="nothing"),
            Column("words", "text", "the words it was read from"),
            _PUBLISHED,
            Column("tier", "choice", "weight of the source where sources contradict one another", choices=TIERS),
            _SOURCE,
        ),
        dated=False,
    ),
    Table(
        "targets",
        ("indicator", "region", "deadline", "source"),
        "what is aimed at, and by when",
        (
            named("indicator", "the indicator", refers=("indicators",)),
            named("region", "the place it is about"),
            Column("deadline", "text", "last day, YYYY-MM-DD", required=True),
            Column("period_start", "text", "first day of a flow, YYYY-MM-DD", blank="1 January of the deadline's year"),
            Column("value", "number", "the level aimed at", blank="a growth is"),
            _UNIT,
            Column("growth_pct", "number", "growth aimed at, where no level is", "%", blank="a level is"),
            Column(
                "growth_to",
                "text",
                f"what that growth is over; in each of several years, from period_start's on: {YEARLY}",
                blank="the same period of the year before",
            ),
            _BOUND,
            _PRECISION,
            Column("scope", "text", "what is counted"),
            _PUBLISHED,
            Column("tier", "choice", "weight of the source", choices=TIERS),
            _SOURCE,
        ),
        dated=False,
    ),
    Table(
        "drivers",
        ("indicator", "variable"),
        "what ties an indicator to a plan: an identity, or a multiplier that is shown and never used",
        (
            named("indicator", "the indicator", refers=("indicators",)),
            named(
                "variable",
                "what a plan builds or spends, such as eflops_fp16, racks, occupancy, pue, investment or gigabit_cities",
            ),
            Column(
                "kind",
                "choice",
                "identity: the same thing, counted once; scenario: a claim about effects, printed with its range",
                choices=("identity", "scenario"),
                required=True,
            ),
            Column("region", "name", "the place it is about", blank="any"),
            Column("low", "number", "least amount of the indicator for one of the variable", blank="as high"),
            Column("high", "number", "largest amount of the indicator for one of the variable", required=True),
            Column("unit", "text", "unit of low and high"),
            Column("how", "text", "who says so, and what it leaves out"),
            Column("how_zh", "text", "the same in Chinese"),
            Column("source", "text", "where it is said: keys of `sources`"),
        ),
        dated=False,
    ),
)
