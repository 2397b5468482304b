"""Chapter on money: capital by year and payer beside real budgets, cost by term, and the one unit cost."""

from __future__ import annotations

import math

from xisuan.report import place_amounts, terms
from xisuan.report.access import access_first_screen
from xisuan.report.brief import brief_words
from xisuan.report.chapters.leads import SENTENCES
from xisuan.report.costs import cost_sharing, levelised_cost, spending
from xisuan.report.document.blocks import Bars, Beside, Block, Cell, Column, Row, RowKind, Section, Series, Table
from xisuan.report.document.number_cells import percent
from xisuan.report.facts import build_facts, money_facts
from xisuan.report.facts.shown_sums import apportion
from xisuan.report.run_context import Context, inside
from xisuan.results.plan import CAPEX_TERMS
from xisuan.text.numbers import MISSING
from xisuan.text.translation import in_context
from xisuan.text.translation import message as _

MOST_PAYERS = 6
"""Payers with a colour of their own in the chart."""


def section(context: Context) -> Section:
    """Return the chapter; of a plan of cities alone, the money of the whole plan."""
    if access_first_screen.about_cities(context):
        lead = access_first_screen.SENTENCES["cost"](context)
        return Section("money", context.say(_("Money")), lead, tuple(spending.elsewhere(context)))
    payers = money_facts.payers(context)
    charts = tuple(chart for chart in (_by_payer(context, payers), spending.running_here(context)) if chart is not None)
    found: tuple[Block | None, ...] = (
        Beside(charts) if charts else None,
        _payers(context, payers),
        levelised_cost.unit_cost(context),
        _by_term(context),
    )
    blocks = tuple(block for block in found if block is not None)
    return Section("money", context.say(_("Money")), SENTENCES["cost"](context), blocks)


def _called(context: Context, one: money_facts.Payer) -> str:
    return context.investor(one.investor) if one.investor else context.say(_("payer not named"))


def _by_payer(context: Context, payers: list[money_facts.Payer]) -> Bars | None:
    """Return the capital of the place by year, stacked by payer."""
    if not payers:
        return None
    divisor = context.money.divisor
    series = [
        Series(
            _called(context, one), tuple(one.years.get(p, 0.0) / divisor for p in context.periods), f"other-{at + 1}"
        )
        for at, one in enumerate(payers[:MOST_PAYERS])
    ]
    rest = payers[MOST_PAYERS:]
    if rest:
        sums = tuple(sum(one.years.get(period, 0.0) for one in rest) / divisor for period in context.periods)
        series.append(Series(context.say(_("others")), sums, "rest"))
    first = payers[0]
    share = place_amounts.percent(context, first.total / sum(one.total for one in payers))
    who = _called(context, first)
    title = (
        context.say(_("{share} of the capital of {place} is paid by {who}", share=share, place=context.focus_name, who=who))
        if len(payers) > 1 else context.say(_("All capital of {place} is paid by {who}", place=context.focus_name, who=who))
    )  # fmt: skip
    years = tuple(str(period) for period in context.periods)
    return Bars(title, context.money.unit, context.say(_("year of the order")), years, tuple(series))


def _payers(context: Context, payers: list[money_facts.Payer]) -> Table | None:
    """Return what each payer pays here by year, with what it pays in the whole network and its budget."""
    if not payers:
        return None
    say, divisor = context.say, context.money.divisor
    limited = any(math.isfinite(one.limit) for one in payers)
    columns = (
        Column(say(_("Who pays"))),
        Column(say(_("Party"))),
        *(Column(str(period), context.money.unit, number=True) for period in context.periods),
        Column(say(_("Total")), context.money.unit, number=True),
        *((
            Column(say(_("Paid in the whole network")), context.money.unit, number=True),
            Column(say(_("Budget")), context.money.unit, number=True),
            Column(say(in_context("budget", "Used")), "%", number=True),
        ) if limited else ()),
    )  # fmt: skip
    rows = []
    for one in payers:
        name = terms.named(terms.PARTIES, one.party)
        years = (one.years.get(period, 0.0) for period in context.periods)
        cells = [Cell(_called(context, one)), Cell(say(name) if name != one.party else MISSING)]
        cells += [_amount(context, value) for value in (*years, one.total)]
        if limited:
            known = math.isfinite(one.limit)
            cells += [
                _whole(one.paid / divisor) if known else Cell(MISSING),
                _whole(one.limit / divisor) if known else Cell(MISSING),
                percent(one.paid / one.limit, 0) if known and one.limit > 0 else Cell(MISSING),
            ]
        rows.append(Row(tuple(cells)))
    totals = build_facts.capital_by_year(context)
    gaps = (Cell(""),) * 3 if limited else ()
    sums = (_amount(context, value) for value in (*totals.values(), sum(totals.values())))
    rows.append(Row((Cell(say(_("Total"))), Cell(""), *sums, *gaps), kind="total"))
    note = say(_("Capital of the orders of each year, undiscounted."))
    if limited:
        note += say(_(" A budget covers what the payer pays in the whole network, of {span}.", span=context.span))
        if free := [_called(context, one) for one in payers if not math.isfinite(one.limit)]:
            note += say(_(" No budget of its own is given for {payers}.", payers=context.show.listed(free)))
    if full := brief_words.used_up(context):
        note += say(_(" Budgets used up in single years: {budgets}.", budgets=full))
    note += _shares(context)
    title = say(_("{place}: who pays how much, beside the budgets", place=context.focus_name))
    return Table(title, columns, tuple(rows), note=note)


def _shares(context: Context) -> str:
    """Return the shares by which the payers of the place pay, each with its grade, and their sources."""
    rows = [row for row in cost_sharing.rows(context) if row["share"] > 0]
    if not rows:
        return ""
    say = context.say
    parts = [
        say(
            _(
                "{investor} {share} ({grade})",
                investor=context.investor(str(row["investor"])),
                share=place_amounts.percent(context, float(row["share"])),
                grade=inside(say(terms.named(terms.QUALITIES, str(row["quality"])))),
            )
        )
        for row in rows
    ]
    sources = cost_sharing.sources(context, rows)
    found = say(_(" Shares: {shares}. Source: {sources}.", shares=context.show.joined(parts), sources=sources))
    limited: dict[str, list[str]] = {}
    for row in rows:
        if row["residual_payer"]:
            limited.setdefault(context.investor(row["residual_payer"]), []).append(context.investor(row["investor"]))
    for other, names in limited.items():
        payers = context.show.listed(names)
        found += say(_(" What the budgets of {payers} cannot carry is paid by {other}.", payers=payers, other=other))
    return found


def _amount(context: Context, mcny: float) -> Cell:
    """Return capital of the place as a cell; blank for none."""
    return Cell(place_amounts.money_digits(context, mcny), value=mcny / context.money.divisor) if mcny else Cell("")


def _whole(value: float) -> Cell:
    return Cell(place_amounts.span(value, value), value=value)


def _by_term(context: Context) -> Table | None:
    """Return what the place costs by term: capital adding up to each year as shown, then a year's operation."""
    say, divisor, decimals = context.say, context.money.divisor, build_facts.capital_decimals(context)
    costs = context.run.plan.costs
    costs = costs[costs["where"].isin(list(context.focus))]
    if not len(costs):
        return None
    sums = costs.groupby(["term", "period"])["mcny"].sum()
    total = build_facts.capital_by_year(context)
    rows: list[Row] = []
    for kind, names in ((CAPEX_TERMS, "Capital ordered"), (spending.RUNNING_TERMS, "A year's operation")):
        mine = [term for term in kind if any(abs(float(sums.get((term, p), 0.0))) > 0 for p in context.periods)]
        cells: dict[str, list[float]] = {term: [] for term in mine}
        for period in context.periods:
            parts = [float(sums.get((term, period), 0.0)) / divisor for term in mine]
            whole = total[period] / divisor if kind is CAPEX_TERMS else round(sum(parts), decimals)
            for term, value in zip(mine, apportion(parts, whole, decimals), strict=True):
                cells[term].append(value)
        shown = [term for term in mine if any(cells[term])]
        if shown:
            heads = [sum(cells[term][at] for term in shown) for at in range(len(context.periods))]
            rows.append(_line(context, say(SUMS[names]), heads, "total"))
            rows += [_line(context, say(terms.COST_TERMS[term]), cells[term], "plain") for term in shown]
    columns = (
        Column(say(_("What"))),
        *(Column(str(period), context.money.unit, number=True) for period in context.periods),
    )
    note = say(
        _(
            "Operation: the cost of the year, of all that stands. Terms that round to nothing in every year are left out."
        )
    )
    return Table(say(_("{place}: what the money is for", place=context.focus_name)), columns, tuple(rows), note=note)


SUMS = {"Capital ordered": _("Capital ordered"), "A year's operation": _("A year's operation")}
"""Heads of the table by term."""


def _line(context: Context, name: str, values: list[float], kind: RowKind) -> Row:
    divisor = context.money.divisor
    cells = (Cell(place_amounts.money_digits(context, v * divisor), value=v) if v else Cell("") for v in values)
    return Row((Cell(name), *cells), kind=kind)
