"""Brief of a comparison: headline facts of each run side by side, and why they differ from the first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xisuan.report import terms
from xisuan.report.comparison.input_changes import OPTIONS, InputChange, input_changes
from xisuan.report.document.blocks import Block, Brief, Cell, Column, Row, Section, Table, Text, Tile
from xisuan.report.facts.build_facts import leading_class
from xisuan.report.facts.fact import Fact
from xisuan.report.facts.headline_facts import headlines, ordered_computing
from xisuan.report.place_amounts import span
from xisuan.report.run_context import Context
from xisuan.results.run import Run
from xisuan.text.numbers import GAP, MISSING, apart, plain, scale
from xisuan.text.translation import Language, Message, in_context, plural, unfilled
from xisuan.text.translation import message as _

QUESTIONS: dict[str, tuple[Message, Message]] = {
    "cost": (_("What does the network cost?"), _("cost of the network, discounted")),
    "capital": (_("How much capital is ordered?"), _("capital ordered here")),
    "eflops": (_("How much computing is ordered?"), _("computing ordered here")),
    "hall_year": (_("When are new halls ordered first?"), _("first new halls here")),
    "racks": (_("How many racks stand at the end?"), _("racks here at the end")),
    "afar": (_("How much work of other regions comes?"), _("IT power for other regions")),
    "electricity": (_("How much electricity is used?"), _("electricity here at the end")),
    "peak": (_("How much does the grid supply at most?"), _("peak from the grid here")),
    "targets": (_("How many published targets are reached?"), _("published targets reached or on track")),
    "cities": (_("How many cities are gigabit cities?"), _("gigabit cities at the end")),
}
"""Headline fact → the question that it answers, and its name."""
UNITS = {"targets": _("targets"), "cities": _("cities"), "racks": _("racks"), "year": ""}
TILES, MOST_REASONS = 6, 12
SAME = 5e-4
"""Relative difference below which two values are shown as the same."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One headline fact of all runs: values and range ends in the unit of the model; NaN where a run lacks it."""

    name: str
    unit: str
    facts: tuple[Fact | None, ...]

    @property
    def values(self) -> tuple[float, ...]:
        """Return the value of each run."""
        return tuple(math.nan if fact is None else fact.value for fact in self.facts)

    def change(self, at: int) -> float:
        """Return the value of a run less that of the first."""
        return self.values[at] - self.values[0]

    def differs(self) -> bool:
        """Return True if a run differs from the first."""
        return any(
            (math.isnan(value) != math.isnan(self.values[0]))
            or abs(value - self.values[0]) > SAME * abs(self.values[0])
            for value in self.values[1:]
        )


def compared(contexts: Sequence[Context]) -> list[Compared]:
    """Return the headline facts that at least one run has, those with the same unit side by side."""
    found = [headlines(context) for context in contexts]
    keys = dict.fromkeys((name, fact.unit) for one in found for name, fact in one.items())
    leading = {one["eflops"].unit: leading_class(context) for one, context in zip(found, contexts, strict=True)
               if "eflops" in one}  # fmt: skip

    def fact(at: int, name: str, unit: str) -> Fact | None:
        """Return the fact of a run in a unit; computing of the class that leads in another run counts in each."""
        given = found[at].get(name)
        if given is not None and given.unit != unit:
            return ordered_computing(contexts[at], leading[unit]) if name == "eflops" else None
        return given

    return [
        Compared(name, unit, tuple(fact(at, name, unit) for at in range(len(found))))
        for name, unit in keys
        if not all(name in one and math.isnan(one[name].value) for one in found)
    ]


def brief(names: Sequence[str], runs: Sequence[Run], language: Language, finding: str) -> Section:
    """Return the brief of a comparison: tiles, all facts in a table, and why the runs differ. `finding`: its title."""
    contexts = [Context(run, language) for run in runs]
    facts = compared(contexts)
    shown = sorted(facts, key=lambda one: not one.differs())[:TILES]
    tiles = tuple(_tile(contexts[0], names, one) for one in facts if one in shown)
    blocks: tuple[Block, ...] = (Brief(tiles), *_places(contexts, names), _table(contexts[0], names, facts))
    reasons = [why(contexts[0], names[at], contexts[at]) for at in range(1, len(runs))]
    return Section("brief", finding, blocks=(*blocks, *(table for table in reasons if table is not None)))


def _places(contexts: Sequence[Context], names: Sequence[str]) -> list[Text]:
    """Return a note where the reports of the runs are not about the same place: *here* then means several."""
    if len({context.focus for context in contexts}) == 1:
        return []
    places = [f"{name}: {context.focus_name}" for name, context in zip(names, contexts, strict=True)]
    first = contexts[0]
    text = first.say(_("The reports are about different places: {places}.", places=first.show.joined(places)))
    return [Text(text, tone="note")]


def _amounts(context: Context, one: Compared) -> tuple[list[str], str]:
    """Return the values of the runs as text, with as many digits as tell them apart, and their unit."""
    if one.unit == "year":
        never = context.say(in_context("year", "none"))
        return [f"{value:.0f}" if math.isfinite(value) else never for value in one.values], ""
    known = [abs(value) for value in one.values if math.isfinite(value)]
    given = scale(one.unit, context.language, max(known, default=0.0))
    values = [value / given.divisor for value in one.values]
    texts = [plain(values[0])]
    for value in values[1:]:
        first, other = apart(values[0], value) if one.differs() else (plain(values[0]), plain(value))
        texts[0] = max(texts[0], first, key=len)
        texts.append(other)
    return texts, context.say(UNITS[one.unit]) if UNITS.get(one.unit) else given.unit


def change_text(context: Context, one: Compared, at: int) -> str:
    """Return the change of a run from the first in words of numbers: `+1.2 bn CNY (+3.1 %)`."""
    change = one.change(at)
    if not math.isfinite(change):
        return MISSING
    if one.unit == "year" and change:
        n = abs(round(change))
        later = plural("{count} year later", "{count} years later", n)
        return context.say(later if change > 0 else plural("{count} year earlier", "{count} years earlier", n))
    if abs(change) <= SAME * abs(one.values[0]):
        return context.say(_("the same"))
    given = scale(one.unit, context.language, max(abs(value) for value in one.values if math.isfinite(value)))
    sign = "+" if change > 0 else "−"
    share = abs(change / one.values[0]) if one.values[0] else math.nan
    text = f"{sign}{plain(abs(change) / given.divisor)}"
    return text if math.isnan(share) else f"{text} ({sign}{context.show.share(share)})"


def _tile(context: Context, names: Sequence[str], one: Compared) -> Tile:
    """Return a tile: the change of the other run, or the span of several, over the value of each."""
    question, what = QUESTIONS[one.name]
    texts, unit = _amounts(context, one)
    lines = tuple(zip(names, (f"{text}{GAP}{unit}" if unit else text for text in texts), strict=True))
    if len(names) == 2:
        head, _share, share = change_text(context, one, 1).partition(" (")
        label = context.say(what) + (f" · {share.rstrip(')')}" if share else "")
        is_number = any(letter.isdigit() for letter in head) and one.unit != "year"
        return Tile(
            context.say(question), head, unit if is_number else "", label, lines, _range(context, one),
            tone="open" if one.differs() else "plain",
        )  # fmt: skip
    known = [value for value in one.values if math.isfinite(value)]
    low, high = (texts[one.values.index(end)] for end in (min(known), max(known))) if known else (MISSING, MISSING)
    head = low if low == high else f"{low} – {high}"
    return Tile(context.say(question), head, unit, context.say(what), lines, tone="open" if one.differs() else "plain")


def _range(context: Context, one: Compared) -> str:
    """Return the range of the first run's value, where the run has one."""
    fact = one.facts[0]
    if fact is None or not fact.has_range:
        return ""
    given = scale(one.unit, context.language, abs(fact.value))
    reach = span(fact.low / given.divisor, fact.high / given.divisor, given.unit)
    return context.say(_("range of the first run over its cases: {span}", span=reach))


def _table(context: Context, names: Sequence[str], facts: list[Compared]) -> Table:
    """Return all headline facts, a row each, with every run and its change from the first."""
    say = context.say
    columns = [Column(say(_("What"))), Column(say(_("Unit"))), Column(names[0], number=True)]
    for name in names[1:]:
        columns += [Column(name, number=True), Column(say(_("Change")), number=True)]
    rows = []
    for one in facts:
        texts, unit = _amounts(context, one)
        values = [value if math.isfinite(value) else None for value in one.values]
        divisor = scale(one.unit, context.language, max((abs(v) for v in values if v is not None), default=0.0)).divisor
        cells = [Cell(say(QUESTIONS[one.name][1])), Cell(unit), _cell(texts[0], values[0], divisor)]
        for at in range(1, len(names)):
            cells += [_cell(texts[at], values[at], divisor), Cell(change_text(context, one, at))]
        rows.append(Row(tuple(cells), "marked" if one.differs() else "plain"))
    return Table(say(_("Headline numbers side by side")), tuple(columns), tuple(rows))


def _cell(text: str, value: float | None, divisor: float) -> Cell:
    return Cell(text, value=None if value is None else value / divisor)


def why(first: Context, name: str, other: Context) -> Table | None:
    """Return why a run differs from the first: inputs that differ, and the terms of the cost that change most."""
    say = first.say
    rows = [Row((Cell(_table_name(first, one)), Cell(_said(first, one)))) for one in reasons(first.run, other.run)]
    terms_changed = _terms(first, other)
    if not rows and not terms_changed:
        return None
    if not rows:
        rows = [Row((Cell(say(_("Inputs"))), Cell(say(_("the same: the solver or the version differs")))))]
    rows += terms_changed
    columns = (Column(say(_("What differs"))), Column(say(_("How"))))
    return Table(say(_("Why {name} differs", name=name)), columns, tuple(rows))


def reasons(first: Run, other: Run) -> list[InputChange]:
    """Return the inputs that differ, those with most changes first, at most twelve."""
    found = sorted(input_changes(first.scenario, other.scenario), key=lambda one: -one.size)
    return found[:MOST_REASONS]


def _table_name(context: Context, one: InputChange) -> str:
    if one.table == OPTIONS:
        return context.say(_("Options"))
    return context.say(_("Table {name}", name=context.say(terms.named(terms.TABLES, one.table))))


def _said(context: Context, one: InputChange) -> str:
    """Return what differs in a table: columns with the number of rows, rows added and removed, an example."""
    say = context.say
    parts = [
        say(plural("{column} in {count} row", "{column} in {count} rows", count, column=column))
        for column, count in list(one.columns.items())[:4]
    ]
    if one.table == OPTIONS:
        parts = list(one.columns)
    parts += [say(plural("{count} row added", "{count} rows added", one.added))] if one.added else []
    parts += [say(plural("{count} row removed", "{count} rows removed", one.removed))] if one.removed else []
    text = context.show.joined(parts)
    if one.example is not None:
        key, column, before, after = one.example
        example = unfilled("{text} (such as {column}: {before} → {after})") if not key else unfilled(
            "{text} (such as {key}, {column}: {before} → {after})"
        )  # fmt: skip
        text = say(_(example, text=text, key=key, column=column, before=before or MISSING, after=after or MISSING))
    return text


def _terms(first: Context, other: Context) -> list[Row]:
    """Return the three terms of the cost that change most, discounted."""
    sums = [one.run.plan.costs.groupby("term")["discounted_mcny"].sum() for one in (first, other)]
    change = sums[1].sub(sums[0], fill_value=0.0)
    change = change[change.abs() > SAME * abs(first.run.plan.cost_mcny)]
    order = change.abs().sort_values(ascending=False).index[:3]
    rows = []
    for term in order:
        sign = "+" if change[term] > 0 else "−"
        rows.append(
            Row(
                (
                    Cell(first.say(_("Cost: {term}", term=first.say(terms.named(terms.COST_TERMS, str(term)))))),
                    Cell(f"{sign}{first.show.money(abs(float(change[term])))}"),
                )
            )
        )
    return rows
