"""Problems of options and commands: code → what is wrong, and what to do."""

from xisuan.problem_codes.sources import Sources

SOURCES: Sources = {
    "change-not-a-number": ("not a number", "give the change in percent, such as -10"),
    "sweep-file-empty": (
        "the file has no members",
        "give a line of levers, and then a line of percentages for each member",
    ),
    "sweep-line-length": ("{count} values for {levers} levers", "give as many"),
    "traffic-ends-apart-model": ("no links connect its ends", "add a link, or leave the row out"),
    "constant-of-periods-differs": (
        "another than before ({before}), and it holds for all periods",
        "give {name} a second name",
    ),
    "more-like-these": ("and {count:,} more like these", ""),
    "pypsa-objective": ("PyPSA plans for least cost", "use cost"),
    "pypsa-access": (
        "PyPSA knows no gigabit access, which costs something by then",
        "leave it out with without_access",
    ),
    "region-unknown": ("no such region", "{hint}"),
    "catalogue-column-missing": ("the column is missing", "give the columns {columns}, words separated by |"),
    "asset-unknown": (
        "not a capacity of this plan",
        "give asset, where and technology as in its table capacity, such as {example}",
    ),
    "no-members": ("there are no members", "give the table, or use plan"),
    "unit-not-convertible": ("cannot be given in {unit}: {fault}", "correct the unit"),
    "targets-missing": (
        "the scenario has no targets and no observations",
        "give a table, or add bulletins: xisuan read FILE --into {name}",
    ),
    "not-a-scenario-folder": ("holds no scenario.toml", "make the folder by: xisuan new {name} --indicators"),
    "table-name-unknown": ("no such table", "{hint}"),
    "condition-unclear": ("not a column and its value", "write COLUMN=VALUE"),
    "column-name-unknown": ("no such column", "{hint}"),
    "value-of-no-row": ("no row has this value", "{hint}"),
    "province-unknown": ("no such province", "{hint}"),
    "province-periods": ("the nation has demand for the years {years} only", "give years among them"),
    "as-of-missing": ("nothing in the scenario is dated", "write as_of = YYYY-MM-DD, or give --as-of"),
    "levers-missing": ("there is nothing to move", "fill the table, or give --lever"),
    "levers-incomplete": ("not a value for every lever", "give every member a value for every lever"),
    "limit-not-a-share": ("not a share from 0 to below 1", "give a share of jobs from 0 to below 1"),
    "rounds-out-of-range": ("beyond 0 to 20", "give 0 to 20"),
    "nothing-published-yet": (
        "nothing was published by then, as observations and targets were published from {first} to {last}",
        "give a later day (--as-of)",
    ),
    "run-of-other-scenario": ("is a run of {other}, not of {name}", "give a run folder of this scenario (--with)"),
    "then-not-later": ("is not after {day}, the day of the track", "give a later day (--then)"),
    "target-unreadable": (
        "not an indicator with its target",
        "give INDICATOR, INDICATOR@YEAR or INDICATOR=VALUE@YEAR, such as racks=800000@2027",
    ),
    "target-by-policy": ("a plan is held to it by the rule {rule} of policies.csv", "add a row there"),
    "target-without-identity": ("no identity in drivers ties it to what a plan decides", "give one of {known}"),
    "target-outside-horizon": (
        "its year {year} is outside the horizon {first} to {last}",
        "give {indicator}=VALUE@YEAR with a year in it",
    ),
    "target-period-over": (
        "{period} is over as of {day}, and what happened then is not planned again",
        "give a later year",
    ),
    "target-year-missing": ("targets of several years are published", "say the year: {wanted}"),
    "no-target-in-horizon": (
        "no published target falls in the horizon (targets: {targets})",
        "give {indicator}=VALUE@YEAR",
    ),
    "sweep-too-large": ("these are members for years of computing", "ask for {most:,} at most"),
    "grid-too-large": ("so many steps of {levers} levers are too many", "ask for {most:,} members at most"),
}
