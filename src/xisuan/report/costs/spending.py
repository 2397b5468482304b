"""Cost by year, investor and term, use of budgets, and investment on the official definition."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from xisuan.decisions.costs.cost_sharing import UNSAID, split_by_payer
from xisuan.report import run_measures, terms
from xisuan.report.build.build_orders import years
from xisuan.report.costs import cost_sharing, official_investment
from xisuan.report.document.blocks import Bars, Beside, Block, Cell, Column, Row, RowKind, Series, Table, Text
from xisuan.report.facts.shown_sums import apportion
from xisuan.report.operation import service_areas
from xisuan.report.run_context import Context
from xisuan.results.plan import CAPEX_TERMS, COST_TERMS
from xisuan.text.numbers import LEAST_SAVED, SAVED, column_decimals, exact, plain
from xisuan.text.translation import in_context
from xisuan.text.translation import message as _

CAPITAL = {
    "running": _("Cost of a year's operation"),
    "annuity": _("Capital is charged as annuities while it is in use within the horizon."),
    "full": _("Capital is charged in full in the year of the order."),
}

KIND_NAMES = {
    "halls": _("halls"),
    "equipment": _("equipment"),
    "links": _("links"),
    "access": _("gigabit access"),
    "supply": _("solar, wind, batteries"),
    "power": _("power"),
    "upkeep": _("upkeep"),
    "network": _("traffic"),
    "penalties": _("penalties"),
}

SUMS = {
    "capital": in_context("money", "Capital"),
    "operation": _("A year's operation"),
}

KINDS: dict[str, tuple[str, ...]] = {
    "halls": ("hall_capex", "retrofit_capex", "opening"),
    "equipment": ("compute_capex",),
    "links": ("link_capex",),
    "supply": ("supply_capex",),
    "access": ("access_capex", "route_capex"),
    "power": ("energy", "access_energy", "demand_charge", "green_premium", "carbon_price", "supply_variable"),
    "upkeep": ("hall_opex", "compute_opex", "supply_opex", "access_opex"),
    "network": ("transmission", "serving"),
    "penalties": ("unserved",),
}
"""How the terms are drawn together."""

RUNNING_TERMS = tuple(term for term in COST_TERMS if term not in CAPEX_TERMS)


FULL = 0.995


def elsewhere(context: Context) -> list[Block]:
    """Return the national tables: charts of capital and running cost, budgets, official investment, terms, investors."""
    say = context.say
    costs = context.run.plan.costs
    if not len(costs):
        return [Text(say(_("The plan costs nothing.")), tone="empty")]
    charts = tuple(
        chart
        for chart in (
            _chart(context, run_measures.capital(context.run), say(_("Capital ordered")), say(_("year of the order"))),
            _chart(context, run_measures.running(context.run), say(_("Cost of a year's operation")), say(_("year"))),
        )
        if chart is not None
    )
    found = (
        Text(_total(context)), Beside(charts), _budgets(context), official_investment.table(context),
        _terms(context, costs), _investors(context), cost_sharing.table(context), here_by_term(context),
    )  # fmt: skip
    return [block for block in found if block is not None]


def _total(context: Context) -> str:
    """Return what the plan costs in all, and what of it is charged for work that is not served."""
    say, costs = context.say, context.run.plan.costs
    charged = service_areas.not_served(context)
    penalty = say(
        _(
            ", {money} of it for work that is not served ({parts})",
            money=context.amount(charged),
            parts=service_areas.left(context, str),
        )
    )
    return say(
        _(
            "The plan costs {total} discounted to {base}{penalty}. {capital}",
            total=context.amount(float(costs["discounted_mcny"].sum())),
            penalty=penalty if charged else "",
            base=context.scenario.settings.base_year,
            capital=say(CAPITAL[context.scenario.settings.capital]),
        )
    )


def running_here(context: Context) -> Bars | None:
    """Return the cost of a year's operation at the place by kind; None where it has none."""
    costs = run_measures.running(context.run)
    costs = costs[costs["where"].isin(list(context.focus))]
    sums = costs.groupby("period")["mcny"].sum()
    first, last = (
        plain(float(f"{float(sums.get(period, 0.0)) / context.money.divisor:.3g}"))
        for period in (context.periods[0], context.periods[-1])
    )
    title = context.say(
        _("A year's operation at {place} costs {first} in {start}, {last} in {end}", place=context.focus_name,
          first=first, last=last, start=context.periods[0], end=context.last)
        if len(context.periods) > 1
        else _("A year's operation at {place} costs {last}", place=context.focus_name, last=last)
    )  # fmt: skip
    return _chart(context, costs, title, context.say(_("year")))


def here_by_term(context: Context) -> Table | None:
    """Return what the place costs by investor and term, year by year; capital and a year's operation apart."""
    say, found = context.say, context.decided("investors")
    costs = context.run.plan.costs
    costs = split_by_payer(context.run.plan, costs[costs["where"].isin(list(context.focus))])
    if not len(costs):
        return None
    party = {} if found is None else dict(zip(found["investor"], found["party"], strict=True))
    columns = (
        Column(say(_("Investor and term"))),
        *(Column(str(period), context.money.unit, number=True) for period in context.periods),
        Column(say(_("Total")), context.money.unit, number=True),
    )
    sums = costs.groupby(["investor", "term", "period"])["mcny"].sum().to_dict()
    order = costs.groupby("investor")["mcny"].sum().sort_values(ascending=False, kind="stable").index
    lines: list[Row] = []
    for investor in order:
        name = context.investor(str(investor))
        who = party.get(investor)
        kind_of = say(terms.named(terms.PARTIES, str(who))) if who and who != UNSAID else name
        lines.append(Row((Cell(name if kind_of == name else f"{name} · {kind_of}"),), kind="group"))
        lines += _by_term(context, str(investor), sums)
    title = say(_("{place}: money by year, investor and term", place=context.focus_name))
    return Table(
        title,
        columns,
        tuple(lines),
        note=say(
            _(
                "Capital is overnight and undiscounted, in the year of the order; operation is the cost of one "
                "year, of all that stands, not only of what is new. Totals of operation count every year of "
                "{span}, undiscounted.",
                span=context.span,
            )
        ),
    )


def _by_term(context: Context, investor: str, sums: Mapping[Hashable, float]) -> list[Row]:
    """Return the rows of an investor: the terms of capital, then of operation, each with its total."""
    lines: list[Row] = []
    for kind, names in (("capital", CAPEX_TERMS), ("operation", RUNNING_TERMS)):
        mine = [term for term in names if any((investor, term, period) in sums for period in context.periods)]
        part: list[list[float]] = [
            [sums.get((investor, term, period), 0.0) for period in context.periods] for term in mine
        ]
        times = (
            [1] * len(context.periods)
            if kind == "capital"
            else [len(years) for years in context.scenario.timeline.years]
        )
        lines += [
            _line(context, context.say(terms.COST_TERMS[term]), values, times=times)
            for term, values in zip(mine, part, strict=True)
            if any(values)
        ]
        whole = [sum(values) for values in zip(*part, strict=True)]
        if len(part) > 1:
            lines.append(_line(context, context.say(SUMS[kind]), whole, "total", times))
    return lines


def _line(
    context: Context, name: str, values: list[float], kind: RowKind = "plain", times: Sequence[int] | None = None
) -> Row:
    """Return a row of amounts by period with their total; each amount counts `times` times (None: once)."""
    cells = [Cell(name), *(context.money_cell(value) if value else Cell("") for value in values)]
    total = sum(value * n for value, n in zip(values, times or [1] * len(values), strict=True))
    return Row((*cells, context.money_cell(total)), kind=kind)


def _budgets(context: Context) -> Table | None:
    """Return the use of each budget, and the worth of one more million."""
    say, found = context.say, run_measures.budget_use(context.run)
    if not len(found):
        return None
    scopes = list(dict.fromkeys(found["scope"]))
    at = {(row["period"], row["scope"]): row for row in run_measures.records(found)}
    columns = [Column(say(_("Budget")))]
    columns += [
        Column(str(period), say(_("used / {unit}", unit=context.money.unit)), number=True) for period in context.periods
    ]
    columns.append(
        Column(
            say(_("One more million CNY saves")),
            say(_("{unit}, discounted, in the year it saves most", unit=SAVED[context.language].unit)),
            number=True,
        )
    )
    rows = []
    for scope in scopes:
        cells = [Cell(context.scope(scope))]
        for period in context.periods:
            row = at.get((period, scope))
            cells.append(Cell("") if row is None else _use(context, row))
        worth = max((at[period, scope]["price"] for period in context.periods if (period, scope) in at), default=0.0)
        cells.append(Cell(context.saved(worth)) if worth > LEAST_SAVED else Cell(say(_("not exhausted"))))
        rows.append(Row(tuple(cells), kind="marked" if scope == context.focus_hub else "plain"))
    note = say(
        _(
            "Per cent of the limit of the year that orders use. A budget of an investor covers what it pays in "
            "the whole network, by its shares; that of a hub covers all orders at its sites."
        )
    )
    return Table(say(_("How far budgets are used")), tuple(columns), tuple(rows), note=note)


def _use(context: Context, row: dict[str, Any]) -> Cell:
    limit, used = float(row["limit_mcny"]) / context.money.divisor, float(row["used_mcny"])
    share = used / float(row["limit_mcny"]) if row["limit_mcny"] > 0 else math.nan
    text = f"{exact(100 * share, 0)}% / {plain(limit)}"
    full = "full" if share > FULL else ""
    return Cell(text, bar=min(1.0, share) if math.isfinite(share) else None, colour=full, value=share)


def _chart(context: Context, costs: pd.DataFrame, title: str, across: str) -> Bars | None:
    series = []
    for kind, names in KINDS.items():
        sums = costs[costs["term"].isin(names)].groupby("period")["mcny"].sum()
        values = tuple(float(sums.get(period, 0.0)) / context.money.divisor for period in context.periods)
        if any(values):
            series.append(Series(context.say(KIND_NAMES[kind]), values, f"cost-{kind}"))
    return Bars(title, context.money.unit, across, years(context), tuple(series)) if series else None


def _adding_up(context: Context, parts: list[float], most: float = 0.0) -> list[Cell]:
    """Return amounts in mCNY as cells of a column, and their total last; the amounts shown add up to it.

    most: amount of a full bar; 0: no bars.
    """
    divisor, decimals = context.money.divisor, column_decimals(context.money.unit)
    shown = apportion([part / divisor for part in parts], sum(parts) / divisor, decimals)
    bars = [max(0.0, part) / most if most > 0 else None for part in parts]
    # What is shown as nothing keeps its own amount: a cell tells "<0.01" from none.
    cells = [
        context.money_cell(value * divisor if value else part, bar=bar)
        for value, part, bar in zip(shown, parts, bars, strict=True)
    ]
    return [*cells, context.money_cell(round(sum(shown), decimals) * divisor)]


def _terms(context: Context, costs: pd.DataFrame) -> Table:
    say = context.say
    by_year = costs.groupby(["term", "period"])["mcny"].sum().to_dict()
    discounted = costs.groupby("term")["discounted_mcny"].sum()
    total = float(discounted.sum())
    order = [term for term in COST_TERMS if any(by_year.get((term, period), 0.0) for period in context.periods)]
    columns = [
        Column(say(_("Term"))),
        *(Column(str(period), context.money.unit, number=True) for period in context.periods),
    ]
    columns += [
        Column(say(_("Discounted")), context.money.unit, number=True),
        Column(say(_("Share")), "%", number=True),
    ]
    paid = [_adding_up(context, [by_year.get((term, period), 0.0) for term in order]) for period in context.periods]
    whole = _adding_up(context, [float(discounted[term]) for term in order], total)
    lines = [
        Row(
            (
                Cell(say(terms.COST_TERMS[term])),
                *(cells[at] for cells in paid),
                whole[at],
                Cell(exact(100 * float(discounted[term]) / total, 1) if total else ""),
            )
        )
        for at, term in enumerate(order)
    ]
    sums = (cells[-1] for cells in (*paid, whole))
    lines.append(Row((Cell(say(_("Total"))), *sums, Cell("100")), kind="total"))
    return Table(
        say(_("Cost by term and year")),
        tuple(columns),
        tuple(lines),
        folded=True,
        note=say(
            _(
                "Capital terms: overnight, by year of the order. Other terms: one year of operation. Discounted: "
                "what each adds to the total over the whole horizon."
            )
        ),
    )


def _investors(context: Context) -> Table | None:
    """Capital by who pays it; where others pay a part, also what each orders in its name."""
    say = context.say
    orders = run_measures.capital(context.run)
    if not len(orders):
        return None
    costs = split_by_payer(context.run.plan, orders)
    sums = costs.groupby(["investor", "period"])["mcny"].sum().to_dict()
    totals = costs.groupby("investor")["mcny"].sum().sort_values(ascending=False, kind="stable")
    here = costs[costs["where"].isin(list(context.focus))].groupby("investor")["mcny"].sum()
    columns = [
        Column(say(_("Who pays"))),
        *(Column(str(period), context.money.unit, number=True) for period in context.periods),
        Column(say(_("Total")), context.money.unit, number=True),
        Column(say(_("Share")), "%", number=True),
    ]
    there, split = context.scenario.has("sites"), context.scenario.has("payers")
    ordered = orders.groupby("investor")["mcny"].sum()
    totals = totals.reindex(totals.index.union(ordered.index[ordered > 0], sort=False), fill_value=0.0)
    columns += [Column(say(_("Of it {place}", place=context.focus_name)), context.money.unit, number=True)] * there
    columns += [Column(say(_("Ordered in its name")), context.money.unit, number=True)] * split
    whole = float(totals.sum())
    lines = [
        Row(
            (
                Cell(context.investor(str(name))),
                *(context.money_cell(sums.get((name, period), 0.0)) for period in context.periods),
                context.money_cell(
                    float(value),
                    bar=float(value) / float(totals.iloc[0]) if totals.iloc[0] > 0 else None,
                ),
                Cell(exact(100 * float(value) / whole, 1) if whole else ""),
                *[context.money_cell(float(here.get(name, 0.0)))] * there,
                *[context.money_cell(float(ordered.get(name, 0.0)))] * split,
            )
        )
        for name, value in totals.items()
        if value > 0 or ordered.get(name, 0.0) > 0
    ]
    note = say(_("Overnight capital of the orders of each year, undiscounted.")) + (
        say(
            _(
                " What is ordered in the name of one is paid by those among whom the table payers shares it; "
                "the budget of an investor limits what it pays."
            )
        )
        if split
        else ""
    )
    return Table(say(_("Capital by investor and year")), tuple(columns), tuple(lines), folded=True, note=note)
