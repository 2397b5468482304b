"""Problems of levers and the futures of a plan: code → what is wrong, and what to do."""

from xisuan.problem_codes.sources import Sources

SOURCES: Sources = {
    "probabilities-not-one": ("the probabilities add up to {total:.9g}", "give probabilities that add up to 1"),
    "too-many-members": (
        "more than {most} members, each a model of its own",
        "give fewer, with what they had of the probability",
    ),
    "members-need-cost": ("members are planned for least expected cost only", "give cost, or remove members.csv"),
    "name-invalid": ("not a valid name", "use letters, digits, - and _ only, at most 64"),
    "lever-moves-nothing": ("this scenario has nothing of it: {lever}", "leave it blank"),
    "members-all-periods-past": (
        "every period has ended by then (the last: {last}), so that members have no order in common to decide on",
        "give an earlier day, or later periods, or remove members.csv",
    ),
    "risk-without-members": ("only a plan for several futures has a risk", "give members, or leave the section out"),
    "member-value-of-table": (
        "members cannot replace values of this table",
        "give a table of places, equipment, work, links, power, policies or gigabit access, or profiles{hint}",
    ),
    "member-value-of-profile": ("there is no such profile", "give the name of a profile{hint}"),
    "member-value-of-hours": ("a profile is replaced as a whole", "give *"),
    "member-value-of-column": (
        "{name} has no such column of numbers or profiles",
        "give one of {known}",
    ),
    "member-value-without-row": (
        "no row of {name} has a key that begins so",
        "give the key of a row, parts joined by /, or add the row to {name} with its value in the other members",
    ),
    "member-value-of-blank": (
        "a cell of {name} that it would replace is blank, so that the mean of the members is not known",
        "give the cell in {name} the value that it has in the other members",
    ),
    "member-value-not-number": ("{name} takes numbers only", "give a number"),
    "member-value-not-profile": ("{name} takes the name of a profile", "give the name of a profile"),
    "one-future-only": (
        "this verb knows one future only",
        (
            "make the plan with xisuan plan and go on with one of its members (DIR/members/NAME, and scenario "
            "in it), or remove members.csv"
        ),
    ),
    "lever-unknown": ("there is no such lever", "give one of {known}"),
    "percent-out-of-range": ("beyond {least:g} to {most:g}", "give a percentage from {least:g} to {most:g}"),
    "lever-not-offered": ("this scenario has no such lever", "give one of {known}"),
    "lever-given-twice": ("given twice", "give each lever once"),
}
