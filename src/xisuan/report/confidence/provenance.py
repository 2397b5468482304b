"""Provenance of the plan: quality of the data, estimates, sources, notes, versions."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pandas as pd

from xisuan.decisions.confidence.column_titles import column_title
from xisuan.decisions.display_names import key_part_title
from xisuan.report import run_measures, terms
from xisuan.report.confidence import estimate_sensitivity
from xisuan.report.document.blocks import Block, Cell, Column, Row, Table, Text
from xisuan.report.run_context import Context, title
from xisuan.report.tracking import track_tables
from xisuan.scenario.schema.access_tables import BY_INDICATOR
from xisuan.scenario.schema.tables import BY_NAME
from xisuan.text.numbers import plain
from xisuan.text.translation import in_context, unfilled
from xisuan.text.translation import message as _

HOURS = {
    "year": unfilled("all hours of the year ({n})"),
    "weeks": unfilled("{count} representative weeks ({n} hours)"),
    "days": unfilled("{count} representative days ({n} hours)"),
    "hours": unfilled("the first {count} hours of the year"),
    "one": unfilled("one step that stands for the year"),
    "blocks": unfilled("given blocks ({n} hours)"),
}

OBJECTIVES = {
    "cost": _("least discounted cost"),
    "residents": _("most residents in gigabit cities, then least cost"),
    "carbon": _("least location-based carbon, then least cost"),
}

MOST_NOTES = 40
FACTS = "data/facts/"
NUMBERS = re.compile(r"[0-9.]+")
"""A host that is called by its number."""
MOST_NAMED = 3
"""Names of rows that have an estimate in common: more of them are counted."""
OF_SITES = ("alternatives", "break_even", "stress")
"""Tables of decisions about sites: why one is missing says nothing where there are none."""


def blocks(context: Context) -> list[Block]:
    """Shares by quality, estimates, sources, notes of reading, where the run comes from."""
    say = context.say
    counts = run_measures.quality(context.scenario)
    found: list[Block] = []
    lead = say(_("The tables of the scenario do not say how their figures were had."))
    if len(counts):
        total = counts.sum()
        everything = max(1.0, float(total.sum()))
        lead = say(
            _(
                unfilled(
                    "Of {rows} rows of data, {unmarked} do not state their quality; {published} are published, "
                    "{derived} derived and {estimate} estimates."
                )
                if total["unmarked"] > 0
                else unfilled(
                    "Of {rows} rows of data, {published} are published, {derived} derived and {estimate} estimates."
                ),
                rows=f"{int(total.sum()):,}",
                **{str(kind): context.show.share(float(total[kind]) / everything) for kind in counts.columns},
            )
        )
        found.append(_quality(context, counts))
    found += [
        block
        for block in (_conflicts(context), _estimates(context), _sources(context), _problems(context), _origin(context))
        if block
    ]
    return [Text(lead), *found]


def _quality(context: Context, counts: pd.DataFrame) -> Table:
    say = context.say
    kinds = [kind for kind in counts.columns if counts[kind].sum() > 0]
    columns = (
        Column(say(_("Table"))),
        Column(say(_("Rows")), number=True),
        *(Column(say(terms.named(terms.QUALITIES, kind)), "%", number=True) for kind in kinds),
    )
    lines = []
    for table, row in counts.iterrows():
        total = int(row.sum())
        cells = [
            Cell(f"{100 * row[kind] / total:.0f}" if row[kind] else "", bar=row[kind] / total, colour=kind)
            for kind in kinds
        ]
        lines.append(Row((Cell(say(terms.named(terms.TABLES, str(table)))), Cell(f"{total:,}"), *cells)))
    return Table(say(_("Rows by quality")), columns, tuple(lines), style="pairs")


def _conflicts(context: Context) -> Table | None:
    """Published figures that contradict one another: the one used, and the one that is not."""
    say, found = context.say, context.track
    if found is None or not len(found.contradictions):
        return None
    columns = (
        Column(say(_("Indicator"))),
        Column(say(_("Period to"))),
        Column(say(_("Used")), number=True),
        Column(say(_("Source"))),
        Column(say(_("Not used")), number=True),
        Column(say(_("Source"))),
    )
    lines = tuple(
        Row((Cell(f"{name} · {region}"), *(Cell(text) for text in figures)))
        for name, region, *figures in track_tables.contradictions(found, context.language)
    )
    return Table(
        say(_("Published figures that contradict one another ({n})", n=len(lines))),
        columns,
        lines,
        folded=len(lines) > 12,
        note=say(_("They are never averaged; the ranking of sources decides.")),
    )


def _estimates(context: Context) -> Table | None:
    """Ranges of estimates, rows with the same table, column and reasoning together."""
    say = context.say
    rows = context.scenario["estimates"]
    if not len(rows):
        return None
    lines = []
    for (table, column, how), group in rows.groupby(["table", "column", "how"], sort=False):
        if table == "profiles" and _idle_profile(context, str(column)):
            continue
        what = _which(context, [str(key) for key in group["key"]])
        known = {one.name: one.unit for one in BY_NAME[str(table)].all_columns}
        factor, unit = estimate_sensitivity.in_words(
            context, str(table), known.get(str(column), ""), [str(key) for key in group["key"]]
        )
        low, high = (plain(factor * float(end)) for end in (group["low"].min(), group["high"].max()))
        lines.append(
            Row(
                (
                    Cell(
                        " · ".join(
                            dict.fromkeys(
                                (say(terms.named(terms.TABLES, str(table))), _column(context, str(table), str(column)))
                            )
                        )
                    ),
                    Cell(what),
                    Cell(f"{low} – {high} {unit}".strip()),
                    Cell(context.said(str(how))),
                )
            )
        )
    columns = (
        Column(say(in_context("col", "Figure"))),
        Column(say(_("Which"))),
        Column(say(_("Range")), number=True),
        Column(say(_("How it was had"))),
    )
    return Table(
        say(_("Estimates and their ranges ({n})", n=f"{len(rows):,}")),
        columns,
        tuple(lines),
        folded=True,
        note=say(_("Rows of the same reasoning together; the range is that of all their values.")),
    )


def _column(context: Context, table: str, column: str) -> str:
    """Return a column in words; a profile of a site is named by its quantity and the site."""
    if table != "profiles":
        return context.say(column_title(table, column))
    kind, _dash, site = column.partition("_")
    known = context.names.known("sites", site)
    return (
        context.say(_("{kind}, {site}", kind=context.say(terms.named(terms.PROFILES, kind)), site=context.site(site)))
        if known
        else column
    )


def _idle_profile(context: Context, column: str) -> bool:
    """Return True if a profile is of a site that the scenario does not have: it was dropped, nothing reads its curve."""
    kind, _dash, site = column.partition("_")
    return kind in terms.PROFILES and site.isupper() and not context.names.known("sites", site)


def _which(context: Context, keys: list[str]) -> str:
    """Return the rows of an estimate in words: one by its key, several by their common part and their number."""
    if len(keys) == 1:
        return " · ".join(_part(context, part) for part in _parts(keys[0])) or context.say(_("every row"))
    count = context.say(_("{n} values", n=len(keys)))
    parts = [_parts(key) for key in keys]
    if len({len(one) for one in parts}) > 1:
        return count
    apart = [list(dict.fromkeys(column)) for column in zip(*parts, strict=True)]
    few = [names for names in apart if len(names) <= MOST_NAMED and not names[0].isdigit()]
    spoken = [[_part(context, part) for part in names] for names in few]
    named = [context.show.listed(names) for names in spoken if not any("_" in name for name in names)]
    return context.say(_("{names} ({values})", names=" · ".join(named), values=count)) if named else count


def _parts(key: str) -> list[str]:
    """Return the parts of a key that carry meaning."""
    return [part for part in key.split("/") if part not in ("", "*", "all")]


def _part(context: Context, part: str) -> str:
    """Return a part of a key in words."""
    if part in BY_INDICATOR:
        return title(context, BY_INDICATOR[part])
    name = context.say(key_part_title(context.scenario, part))
    if name != part:
        return name
    scope = context.scope(part)
    return scope if scope != part else context.say(terms.named(terms.INVESTORS, part))


def _sources(context: Context) -> Table | None:
    say = context.say
    rows = context.scenario["sources"]
    if not len(rows):
        return None
    columns = (
        Column(say(_("Source"))),
        Column(say(_("Publisher"))),
        Column(say(_("Date"))),
        Column(say(_("Address"))),
    )
    lines = tuple(
        Row(
            (
                Cell(context.source(str(source))),
                Cell(context.said(str(publisher))),
                Cell(str(date)),
                Cell(_address(context, str(address))),
            )
        )
        for source, publisher, date, address in rows[["source", "publisher", "date", "address"]].itertuples(index=False)
    )
    return Table(say(_("Sources ({n})", n=len(rows))), columns, lines, folded=True)


def _address(context: Context, address: str) -> str:
    """Return the address of a source: a page, a fact file, or a remark that none was kept or that its host has no name."""
    if address.startswith("("):
        return context.say(_("address not kept"))
    if address.startswith(FACTS):
        return context.say(_("fact file of this project, {file}", file=address.removeprefix(FACTS)))
    host = urlsplit(address).hostname or ""
    return context.say(_("copy without a domain name ({host})", host=host)) if NUMBERS.fullmatch(host) else address


def _hours(context: Context) -> str:
    """Return the hours that stand for the year, and their number."""
    hours = context.scenario.settings.hours
    kind = "blocks" if context.scenario.has("blocks") else hours.kind
    return context.say(_(HOURS[kind], count=hours.count, n=f"{context.scenario.timeline.n_hours:,}"))


def _in_words(context: Context, name: str, value: str) -> str:
    """Return, in the language of the page, a note of the run or the reason why a decision table is missing."""
    found = context.run.decisions.get("decision_notes")
    if found is None:
        return value
    same = found[(found["table"] == name) & (found["note_en"] == value)]
    return str(same[f"note_{context.language}"].iloc[0]) if len(same) else value


def _problems(context: Context) -> Text | None:
    notes = [note.in_language(context.say.language) for note in context.scenario.notes]
    if not notes:
        return None
    shown = notes[:MOST_NOTES]
    if len(notes) > len(shown):
        shown.append(context.say(_("{n} more", n=len(notes) - len(shown))))
    return Text(context.say(_("Notes of reading the scenario:")), items=tuple(shown), tone="note")


def _origin(context: Context) -> Table:
    say, settings = context.say, context.scenario.settings
    pairs = [
        (say(_("Scenario")), settings.name),
        (say(_("Periods")), ", ".join(str(period) for period in context.periods)),
        (say(_("Hours of a year that are modelled")), _hours(context)),
        (say(_("Objective")), say(OBJECTIVES[settings.objective])),
        (say(_("As of")), str(settings.as_of or say(_("all that is in the tables")))),
        *(
            (
                say(terms.named(terms.ORIGINS, name)),
                say(terms.named(terms.ORIGIN_VALUES, _in_words(context, name, value))),
            )
            for name, value in context.run.notes.items()
            if context.scenario.has("sites") or name not in OF_SITES
        ),
    ]
    lines = tuple(Row((Cell(name), Cell(value))) for name, value in pairs)
    return Table(
        say(_("Where this report comes from")), (Column(say(_("What"))), Column(say(_("Value")))), lines, style="pairs"
    )
