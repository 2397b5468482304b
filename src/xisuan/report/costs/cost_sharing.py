"""Payers of the place, the basis of their shares, and the sources of them."""

from __future__ import annotations

from typing import Any

from xisuan.report import run_measures, terms
from xisuan.report.document.blocks import Cell, Column, Row, Table
from xisuan.report.document.number_cells import percent
from xisuan.report.run_context import Context
from xisuan.text.translation import message as _

OTHERS = "others"
"""The investor that stands for all whom a table does not name."""


def rows(context: Context) -> list[dict[str, Any]]:
    """Return the rows of `payers` in the last period for the first site of the focus, of the narrowest scope."""
    if not context.focus or not context.scenario.has("payers"):
        return []
    site = context.focus[0]
    sites = context.scenario["sites"].drop_duplicates("site").set_index("site")
    given = run_measures.records(context.scenario.at("payers", context.last))
    for scope in (site, str(sites["hub"].get(site, "")), "all"):
        found = [row for row in given if scope and row["scope"] == scope]
        if found:
            return found
    return []


def basis(context: Context) -> str:
    """Return the source of the shares for a sentence: a page, or that they are estimates; blank without shares."""
    paying = [row for row in rows(context) if row["share"] > 0]
    if len(paying) < 2:
        return ""
    if {str(row["quality"]) for row in paying} == {"estimate"}:
        return context.say(_(", in shares that are estimates"))
    pages = sources(context, paying)
    return context.say(_(" (shares taken from: {sources})", sources=pages)) if pages else ""


def sources(context: Context, found: list[dict[str, Any]]) -> str:
    """Return the titles of the sources of some payers, each once."""
    keys = dict.fromkeys(key for row in found for key in str(row["source"]).split(";") if key)
    return context.say(_("; ")).join(context.source(key) for key in keys)


def unnamed(context: Context) -> str:
    """Return whom the investor `others` stands for: investors of the network that the source does not name."""
    named = {str(row["investor"]) for row in rows(context)}
    if OTHERS not in named:
        return ""
    tables = (context.scenario[name]["investor"] for name in ("sites", "links"))
    rest = dict.fromkeys(str(name) for column in tables for name in column if name and name not in named)
    names = context.show.listed([context.investor(name) for name in rest])
    return (
        context.say(
            _(
                " “Others” are all whom the source does not name; who else orders in this network ({names}) is "
                "among them, if it pays here at all.",
                names=names,
            )
        )
        if rest
        else context.say(_(" “Others” are all whom the source does not name."))
    )


def table(context: Context) -> Table | None:
    """Return the table of share, grade, basis and source of each payer; None if the site's investor pays alone."""
    say, found = context.say, rows(context)
    if not found:
        return None
    columns = (
        Column(say(_("Who pays"))),
        Column(say(_("Party"))),
        Column(say(_("Share")), "%", number=True),
        Column(say(_("Grade"))),
        Column(say(_("Source"))),
    )
    lines = tuple(
        Row(
            (
                Cell(context.investor(str(row["investor"]))),
                Cell(say(terms.named(terms.PARTIES, str(row["party"])))),
                percent(float(row["share"])),
                Cell(say(terms.named(terms.QUALITIES, str(row["quality"])))),
                Cell(context.source(str(row["source"]))),
            )
        )
        for row in found
    )
    note = say(
        _("The shares hold for every order at the place. What each pays by them counts against its budget in the plan.")
    ) + unnamed(context)
    return Table(
        say(_("{place}: shares of those who pay, and what they rest on", place=context.focus_name)),
        columns,
        lines,
        note=note,
    )
