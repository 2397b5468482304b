"""Section 15: the ten estimates that matter most: their range, what it does to the cost, whether the order flips."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from xisuan.report import run_measures
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.document.number_cells import figure, percent, strong, year
from xisuan.report.run_context import Context, inside
from xisuan.text.numbers import MISSING, exact, plain

MOST = 10
COUNTED = ("technologies", "fleet", "limits", "workloads", "demand")
"""Tables whose figures are per unit of compute, or a number of them."""
IN_TEN_THOUSANDS = 100.0
"""万元 in a million CNY."""
PER_CENT = 100.0
LEAST_SHARE = 5e-4
"""Shares of the money below this have no line."""
BARE = ("", "ratio", "unit of the indicator")
"""Units that are none to a reader."""


def section(context: Context) -> Section | None:
    """A table with a line from least to most; what of the money rests on which quality. None without estimates."""
    say, found = context.say, context.decided("estimates")
    if found is None and not context.scenario.has("estimates"):
        return None
    blocks: list[Block] = []
    if found is None:
        blocks.append(Text(say("estimates.not_asked", why=context.why_not("estimates")), tone="empty"))
    else:
        rows = run_measures.records(found.sort_values("rank", kind="stable").head(MOST))
        blocks.append(_table(context, rows))
    blocks += [table for table in (_rests(context), _priced(context)) if table is not None]
    lead = say("estimates.lead" if context.scenario.has("sites") else "estimates.lead_cities")
    return Section("estimates", say("estimates.title"), lead, tuple(blocks))


def _table(context: Context, rows: list[dict[str, Any]]) -> Table:
    say, unit, sites = context.say, context.money, context.scenario.has("sites")
    ends = [float(row[name]) for row in rows for name in ("cost_low_mcny", "cost_high_mcny")]
    low, high = (
        min([0.0, *(end for end in ends if math.isfinite(end))]),
        max([0.0, *(end for end in ends if math.isfinite(end))]),
    )
    columns = (
        Column(say("estimates.what")),
        Column(say("estimates.range"), number=True),
        Column(say("estimates.cost"), unit.unit, number=True),
        Column(say("estimates.swing")),
        *((Column(say("estimates.new_here"), "MW", number=True),) if sites else ()),
        Column(say("estimates.flips" if sites else "estimates.still")),
        Column(say("col.how")),
    )
    lines = tuple(_row(context, row, low, high) for row in rows)
    title = say("estimates.table", n=len(rows))
    return Table(title, columns, lines, style="wide", note=say("estimates.note", note=context.note("estimates")))


def _row(context: Context, row: dict[str, Any], low: float, high: float) -> Row:
    say, divisor = context.say, context.money.divisor
    change = [float(row[name]) for name in ("cost_low_mcny", "cost_high_mcny")]
    known = [value for value in change if math.isfinite(value)]
    span = high - low
    reach = None
    if known and span > 0:
        reach = ((min([0.0, *known]) - low) / span, -low / span, (max([0.0, *known]) - low) / span)
    missing = say("estimates.not_solved")
    none = say("estimates.no_plan")
    ends = (_signed(value / divisor) if math.isfinite(value) else none for value in change)
    costs = MISSING if not known else " … ".join(ends)
    build = [float(row[name]) for name in ("build_low_mw", "build_high_mw")]
    new = " … ".join(exact(value, 0) for value in build)
    sites = context.scenario.has("sites")
    sited = (Cell(new, tip="" if all(map(math.isfinite, build)) else missing),) if sites else ()
    remark = str(row[f"flips_{context.language}"])
    verdict = say("estimates.yes" if bool(row["flips"]) == sites else "estimates.no")
    verdict += say("estimates.remark", text=remark) if remark else ""
    return Row(
        (
            Cell(f"{year(row['rank'])}. {row[f'title_{context.language}']}", tip=context.source(str(row["source"]))),
            Cell(_range(context, row)),
            Cell(costs, tip="" if len(known) == 2 else missing),
            Cell("", reach=reach),
            *sited,
            Cell(verdict, colour="full" if row["flips"] else ""),
            Cell(context.said(str(row["how"]))),
        )
    )


def _range(context: Context, row: dict[str, Any]) -> str:
    """Value with least and most, in the unit that the reader counts in; of several values, the ends as shares of
    each. Runs of before `values` was written have it for one."""
    if row.get("values", 1) > 1 and float(row["value"]) > 0.0:
        shares = (exact(100 * float(row[name]) / float(row["value"]), 0) for name in ("low", "high"))
        return context.say("estimates.of_each", low=next(shares), high=next(shares), n=f"{int(row['values']):,}")
    factor, words = in_words(context, str(row["table"]), str(row["unit"]), [str(row["key"])])
    value, low, high = (plain(factor * float(row[name])) for name in ("value", "low", "high"))
    return f"{value} ({low} … {high}) {words}".strip()


def in_words(context: Context, table: str, unit: str, keys: Sequence[str]) -> tuple[float, str]:
    """The factor and the unit in which people read figures of a column: of rows of `table` with `keys`."""
    in_chinese = context.language == "zh" and unit.startswith("mCNY")
    factor = IN_TEN_THOUSANDS if in_chinese else PER_CENT if unit.startswith("fraction") else 1.0
    if unit in BARE:
        return factor, ""
    counted = {_unit(context, table, key) for key in keys}
    of = counted.pop() if len(counted) == 1 else ""
    return factor, context.say(f"column_unit.{unit}", unit=context.unit(of or "unit"))


def _unit(context: Context, table: str, key: str) -> str:
    """What the figures of rows of a key count: units of a technology, or of a workload's class."""
    if table not in COUNTED:
        return ""
    found = (context.unit_of_technology(part) or context.unit_of(part) for part in key.split("/"))
    return next((unit for unit in found if unit), "")


def _signed(value: float) -> str:
    text = exact(value, 1)
    if not math.isfinite(value):
        return text
    if not any(digit in text for digit in "123456789"):
        return "0"
    return f"+{text}" if value > 0 else text


def _rests(context: Context) -> Table | None:
    """Money decided by the weakest quality of the figures it rests on."""
    found = context.decided("decided")
    if found is None:
        return None
    say = context.say
    names = [say.known("quality", str(name)) for name in found["quality"]]
    table = _shared(context, say("estimates.quality"), names, found)
    return replace(table, title=say("estimates.rests"), note=say("estimates.rests_note"))


def _priced(context: Context) -> Table | None:
    """The same money by where the price of a unit lies beside those published of its kind; None where none are known."""
    found = context.decided("price_support")
    if found is None:
        return None
    found = found[found["share"] >= LEAST_SHARE]
    say = context.say
    names = [say(f"prices.money_{name}") for name in found["support"]]
    table = _shared(context, say("prices.unit_price"), names, found)
    return replace(table, title=say("estimates.priced"), note=say("estimates.priced_note"))


def _shared(context: Context, head: str, names: Sequence[str], found: pd.DataFrame) -> Table:
    """Money and its share of all, a line for each name; found: columns mcny and share."""
    say = context.say
    columns = (
        Column(head),
        Column(say("estimates.money"), context.money.unit, number=True),
        Column(say("col.share"), "%", number=True),
    )
    lines = tuple(
        Row((Cell(name), figure(float(mcny) / context.money.divisor, 1), percent(float(share))))
        for name, mcny, share in zip(names, found["mcny"], found["share"], strict=True)
    )
    return Table("", columns, lines, style="pairs")


PRICED_OUTSIDE = 0.01
"""Share of the money from which prices outside the published ones are told."""


def rests(context: Context) -> str:
    """What share of the money rests on estimates, and on which most; first what rests on data of unknown quality."""
    say, show = context.say, context.show
    shares, ranked = context.decided("decided"), context.decided("estimates")
    if shares is None:
        return say("headline.not_rested", why=context.why_not("decided"))
    estimate = float(shares.loc[shares["quality"] == "estimate", "share"].sum())
    unknown = float(shares.loc[shares["quality"] == "not graded", "share"].sum())
    key = "headline.rests_unknown" if unknown > 0 else "headline.rests"
    unsaid = strong(context.share(unknown)) if unknown > 0 else ""
    said = say(key, share=strong(context.share(estimate)), unknown=unsaid) + _beyond_what_was_published(context)
    if ranked is None and not context.scenario.has("estimates"):
        return said + say("headline.no_ranges")
    if ranked is None:
        return said + say("headline.no_ranking", why=context.why_not("estimates"))
    most, title = ranked.sort_values("rank").head(3), f"title_{context.language}"
    names = [inside(str(name)) for name in most[title]]
    said += say("headline.matter" if len(names) > 1 else "headline.matters", names=show.listed(names))
    ends = most[["cost_low_mcny", "cost_high_mcny"]].isna().any(axis=1)
    bare = [inside(str(name)) for name in most.loc[ends, title]]
    if len(bare) == len(names) > 1:
        return said + say("headline.no_plan_at_any")
    return said + (say("headline.no_plan_there", names=show.listed(bare)) if bare else "")


def _beyond_what_was_published(context: Context) -> str:
    """What share of the money is at prices outside all that were published of their kind; nothing where it is a trifle."""
    found = context.decided("price_support")
    if found is None:
        return ""
    shares = found.set_index("support")["share"]
    outside = {side: float(shares.get(side, 0.0)) for side in ("below", "above")}
    return "".join(
        context.say(f"headline.priced_{side}", share=strong(context.share(share)))
        for side, share in outside.items()
        if share >= PRICED_OUTSIDE
    )
