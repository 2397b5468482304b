"""Problems of gigabit access: code → what is wrong, and what to do."""

from xisuan.problem_codes.sources import Sources

SOURCES: Sources = {
    "deciding-count-blank": (
        "blank, but needed by {indicators}",
        "give it, as an estimate if need be, or drop the indicator from the standard",
    ),
    "standard-missing": ("is missing, and cities are judged by it", "give indicators with thresholds"),
    "no-threshold-in-period": (
        "no threshold holds in {periods}, so every city would be a gigabit city",
        "leave its period blank",
    ),
    "share-not-in-percent": ("a share of {share:g} %", "give per cent: {percent:g} for {share:g} of the whole"),
    "measures-missing": (
        "there are cities, but no measures, so nothing can be built in any of them",
        "give the table measures",
    ),
    "objective-needs-cities": ("the objective residents needs cities", "give them, or choose cost"),
    "deadline-before-first-period": (
        "before the first period, so that it is met by the end of {end:g}",
        "give a later deadline if that is not meant",
    ),
    "residents-without-dates": (
        "no city has a date, so nothing is built",
        "give deadlines, or choose the objective residents",
    ),
    "cities-missing": ("is there without the table cities", "give the table cities"),
    "city-state-missing": ("no row holds in {periods}", "give what is counted there"),
    "standard-versions-mixed": ("{versions} hold together in {period}", "give every indicator a row at each change"),
    "mandatory-threshold-blank": ("blank, but mandatory", "give it, or say mandatory = no"),
    "part-above-whole-percent": ("above 100 %, and {part} are a part of {whole}", "give 100 or less"),
    "measure-adds-nothing": ("adds to nothing that is counted", "say what one unit adds"),
    "measure-life-blank": ("blank, but capital is an annuity and it costs", "give years of use"),
    "floor-blank": ("blank", "give the least value of the indicator"),
    "deadline-after-horizon": (
        "after the last period, so that it asks for nothing",
        "give an earlier deadline, or more periods",
    ),
    "residents-blank": ("blank, but the objective counts residents", "give them"),
    "deadline-within-period": (
        "within {first}-{last}, which is planned as one",
        "let a period begin in {begin}, or give {end}",
    ),
    "standard-version-unknown": (
        "no row of standard has this version, so the city counts as not named",
        "give a version of standard",
    ),
    "city-unknown": ("not in cities", "{hint}"),
    "whole-is-zero": ("0, but {indicator} is a share of it", "leave it blank"),
    "part-above-whole": ("above {whole} ({amount:g}), of which it is a part", "swap or correct them"),
    "count-in-some-periods": ("known in some periods only", "give it in all rows of the city, or in none"),
    "stations-not-per-10k": (
        "more than {most:g} stations for 10,000 residents",
        "give those for 10,000, not those of a city",
    ),
    "measure-lowers-share": (
        "adds more {whole} than {part}, so that every unit lowers the share",
        "correct one of them",
    ),
    "value-without-effect-gigabit": (
        "has no effect on gigabit, which is a date",
        "name the indicator that it is the floor of, or leave it blank",
    ),
}
