"""Differences between an operated plan and its own hours: cost by term, energy and peak by site."""

from __future__ import annotations

import math

import pandas as pd

from xisuan.report import terms
from xisuan.report.document.blocks import Block, Cell, Column, Row, RowKind, Section, Table
from xisuan.report.document.number_cells import figure
from xisuan.report.operated.operated_case import PENALTIES, Operated
from xisuan.text.numbers import energy_scale
from xisuan.text.translation import in_context
from xisuan.text.translation import message as _

MOST_PLACES = 8
"""Number of sites for which the page compares the year with what the plan expected."""


def section(one: Operated) -> Section:
    """Cost by term, and energy and peak of the sites that are farthest from what the plan's own hours say."""
    blocks: list[Block] = [_terms(one)]
    places = _places(one)
    blocks += [places] if places is not None else []
    return Section(
        "differs",
        one.context.say(_("Where it differs from what the plan expected")),
        one.context.say(
            _(
                "A plan is made for its own hours, which stand for the year. What other hours cost more or less, "
                "the largest difference first."
            )
        ),
        tuple(blocks),
    )


def _terms(one: Operated) -> Table:
    context, say = one.context, one.context.say
    planned = one.expected.groupby("term")["discounted_mcny"].sum()
    operated = one.found.tables["costs"].groupby("term")["discounted_mcny"].sum()
    both = pd.DataFrame({"planned": planned, "operated": operated}).fillna(0.0)
    both["more"] = both["operated"] - both["planned"]
    both = both[both[["planned", "operated"]].abs().max(axis=1) > one.crumb]
    both = both.reindex(both["more"].abs().sort_values(ascending=False, kind="stable").index)
    unit = context.money
    columns = (
        Column(say(_("Term"))),
        Column(say(_("Plan")), unit.unit, number=True),
        Column(say(_("Operated")), unit.unit, number=True),
        Column(say(in_context("operated", "Change")), unit.unit, number=True),
        Column(say(_("of plan")), "%", number=True),
    )
    paid, penalties = both[both.index != PENALTIES], both[both.index == PENALTIES]
    most = float(paid["more"].abs().max()) if len(paid) else 0.0
    rows = [
        _term(say(terms.named(terms.COST_TERMS, str(term))), row, unit.divisor, most) for term, row in paid.iterrows()
    ]
    rows.append(_term(say(_("Total without penalties")), paid.sum(), unit.divisor, 0.0, kind="total"))
    rows += [
        _term(say(terms.named(terms.COST_TERMS, str(term))), row, unit.divisor, 0.0)
        for term, row in penalties.iterrows()
    ]
    return Table(
        say(_("Cost of operation by term")),
        columns,
        tuple(rows),
        note=say(_("Discounted over the horizon. Upkeep is for what stands and does not depend on the hours.")),
    )


def _term(name: str, row: pd.Series, divisor: float, most: float, kind: RowKind = "plain") -> Row:
    more = float(row["more"])
    cells = (
        Cell(name), figure(float(row["planned"]) / divisor, 2), figure(float(row["operated"]) / divisor, 2),
        figure(more / divisor, 2, signed=True, bar=abs(more) / most if most > 0 else None),
        figure(100.0 * more / float(row["planned"]), 1, signed=True) if row["planned"] > 0 else Cell(""),
    )  # fmt: skip
    return Row(cells, kind=kind)


def _places(one: Operated) -> Table | None:
    """Return the sites whose grid energy differs most from the plan's expectation, with their peaks."""
    found, plan, context = one.found, one.plan, one.context
    periods = found.scenario.settings.periods
    sums = {
        name: (of["emissions"][of["emissions"]["period"].isin(periods)].set_index(["period", "site"])["grid_mwh"])
        for name, of in (("planned", plan.tables), ("operated", found.tables))
    }
    both = pd.DataFrame(sums).fillna(0.0)
    if not len(both) or not both.to_numpy().max() > 0.0:
        return None
    peaks = {
        name: table[table["period"] == one.period].groupby("site")["facility_mw"].max()
        for name, table in (("planned", plan.tables["power"]), ("operated", one.power))
    }
    both["more"] = both["operated"] - both["planned"]
    both = both.loc[[one.period]].droplevel("period")
    both = both.reindex(both["more"].abs().sort_values(ascending=False, kind="stable").index).head(MOST_PLACES)
    say, scale = context.say, energy_scale(one.language, float(both["operated"].max()))
    columns = (
        Column(say(_("Site"))),
        Column(say(_("Plan")), scale.unit, number=True),
        Column(say(_("Operated")), scale.unit, number=True),
        Column(say(in_context("operated", "Change")), scale.unit, number=True),
        Column(say(_("of plan")), "%", number=True),
        Column(say(_("Peak, plan")), "MW", number=True),
        Column(say(_("Peak, operated")), "MW", number=True),
    )
    rows = []
    for site, row in both.iterrows():
        cells = _term(context.site(str(site)), row, scale.divisor, float(both["more"].abs().max())).cells
        ends = (figure(float(peaks[name].get(str(site), math.nan))) for name in ("planned", "operated"))
        rows.append(Row((*cells, *ends)))
    return Table(
        say(_("Energy from the grid in {year} by site", year=one.period)),
        columns,
        tuple(rows),
        note=say(_("The peak is that of facility power.")),
    )
