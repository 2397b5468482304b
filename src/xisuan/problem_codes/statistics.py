"""Problems of official statistics and targets: code → what is wrong, and what to do."""

from xisuan.problem_codes.sources import Sources

SOURCES: Sources = {
    "target-without-aim": ("says nothing", "give the level or the growth that is aimed at"),
    "date-unreadable": ("not a date", "give YYYY, YYYY-MM or YYYY-MM-DD"),
    "start-after-end": ("later than period_end", "swap them"),
    "point-of-several-days": ("a point is one day", "give period_start = period_end or leave it empty"),
    "observation-without-figure": ("says nothing", "give a value, a growth, a change, a share or a rank"),
    "start-after-deadline": ("later than the deadline", "swap them"),
    "target-without-observation": ("no observation is of it", "{hint}"),
    "growth-to-not-yearly": ("not the growth of a year", "leave it empty, or write: {wanted}"),
    "part-of-itself": ("is part of itself", "leave one of the two out"),
    "day-unreadable": ("not a day", "give a day as YYYY-MM-DD"),
    "growth-to-of-years": ("its period is of several years", "write: {wanted}"),
}
