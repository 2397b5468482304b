"""Estimates that matter most: their range, what it does to the cost, whether the order of sites flips."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from xisuan.report import run_measures, terms, unit_names
from xisuan.report.document.blocks import Block, Cell, Column, Row, Table, Text
from xisuan.report.document.number_cells import figure, percent, strong, year
from xisuan.report.run_context import Context, inside
from xisuan.text.numbers import MISSING, at_most, exact, plain
from xisuan.text.translation import in_context, unfilled
from xisuan.text.translation import message as _

SUPPORT = {
    "inside": _("within those published of its kind"),
    "below": _("below all published of its kind"),
    "above": _("above all published of its kind"),
    "none": _("no comparable price is published here"),
}

PRICED_BEYOND = {
    "below": unfilled(" {share} of it is at prices below all that were published of their kind."),
    "above": unfilled(" {share} of it is at prices above all that were published of their kind."),
}

MOST = 10
COUNTED = ("technologies", "fleet", "limits", "workloads", "demand")
"""Tables whose figures are per unit of compute, or a number of them."""
IN_TEN_THOUSANDS = 100.0
"""万元 in a million CNY."""
PER_CENT = 100.0
LEAST_SHARE = 5e-4
"""Shares of the money below this have no line."""
BARE = ("", "ratio", "unit of the indicator")
"""Units that are not shown to a reader."""


def ranked(context: Context) -> Block | None:
    """Return the estimates that matter most, with a line from least to most; None where the scenario has no estimates."""
    say, found = context.say, context.decided("estimates")
    if found is None and not context.scenario.has("estimates"):
        return None
    if found is None:
        text = say(_("Estimates have not been tried one by one. {why}", why=context.why_not("estimates")))
        return Text(text, tone="empty")
    return _table(context, run_measures.records(found.sort_values("rank", kind="stable").head(MOST)))


MOST_BRIEF = 6
"""Estimates of the short table."""


def brief_table(context: Context) -> Table | None:
    """Return the estimates that matter most in a line each: value with range, change of cost, new power of the place."""
    found = context.decided("estimates")
    if found is None or not len(found):
        return None
    say, unit, sites = context.say, context.money, context.scenario.has("sites")
    rows = run_measures.records(found.sort_values("rank", kind="stable").head(MOST_BRIEF))
    low, high = _ends(rows)
    columns = (
        Column(say(in_context("estimates", "Estimate"))),
        Column(say(_("Value (low … high)")), number=True),
        Column(say(_("Change in cost at low … high")), unit.unit, number=True),
        Column(say(_("Swing"))),
        *((Column(say(_("New here")), "MW", number=True),) if sites else ()),
    )
    lines = tuple(
        Row((Cell(name(context, row)), *_row(context, row, low, high).cells[1 : 5 if sites else 4])) for row in rows
    )
    note = say(_("The dot is the plan, the line goes from the cheapest to the dearest end. All ten are in the annex."))
    return Table(say(_("Estimates that move the plan most")), columns, lines, note=note)


def name(context: Context, row: dict[str, Any]) -> str:
    """Return the name of an estimate without the remarks of its column: *largest latency (AI inference)*."""
    return re.sub(r"[;；][^()（）]*(?=[(（]|$)", " ", str(row[f"title_{context.language}"])).replace("  ", " ").strip()


def _ends(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """Return the cheapest and the dearest change of cost of all rows, 0 included."""
    ends = [float(row[end]) for row in rows for end in ("cost_low_mcny", "cost_high_mcny")]
    known = [0.0, *(end for end in ends if math.isfinite(end))]
    return min(known), max(known)


def money_behind(context: Context) -> list[Block]:
    """Return the money decided by quality of its price, and by where that lies beside published prices."""
    return [table for table in (_rests(context), _priced(context)) if table is not None]


def _table(context: Context, rows: list[dict[str, Any]]) -> Table:
    say, unit, sites = context.say, context.money, context.scenario.has("sites")
    low, high = _ends(rows)
    columns = (
        Column(say(in_context("estimates", "Estimate"))),
        Column(say(_("Value (low … high)")), number=True),
        Column(say(_("Change in cost at low … high")), unit.unit, number=True),
        Column(say(_("Swing"))),
        *((Column(say(_("New here")), "MW", number=True),) if sites else ()),
        Column(say(_("Order flips") if sites else _("Still a plan"))),
        Column(say(_("How it was had"))),
    )
    lines = tuple(_row(context, row, low, high) for row in rows)
    title = say(_("{n} estimates: first those that may leave no plan, then the largest swing", n=len(rows)))
    return Table(
        title,
        columns,
        lines,
        style="wide",
        note=say(
            _(
                "{note} The dot is the plan as it stands, the line goes from the cheapest to the dearest end.",
                note=context.note("estimates"),
            )
        ),
    )


def _row(context: Context, row: dict[str, Any], low: float, high: float) -> Row:
    say, divisor = context.say, context.money.divisor
    change = [float(row[end]) for end in ("cost_low_mcny", "cost_high_mcny")]
    known = [value for value in change if math.isfinite(value)]
    span = high - low
    reach = None
    if known and span > 0:
        reach = ((min([0.0, *known]) - low) / span, -low / span, (max([0.0, *known]) - low) / span)
    missing = say(_("one end was not solved"))
    none = say(in_context("estimates", "no plan"))
    ends = (_signed(value / divisor) if math.isfinite(value) else none for value in change)
    costs = MISSING if not known else " … ".join(ends)
    build = [float(row[end]) for end in ("build_low_mw", "build_high_mw")]
    new = " … ".join(exact(value, 0) for value in build)
    sites = context.scenario.has("sites")
    sited = (Cell(new, tip="" if all(map(math.isfinite, build)) else missing),) if sites else ()
    remark = str(row[f"flips_{context.language}"])
    verdict = say(_("yes") if bool(row["flips"]) == sites else _("no"))
    verdict += say(_(": {text}", text=remark)) if remark else ""
    return Row(
        (
            Cell(f"{year(row['rank'])}. {name(context, row)}", tip=context.source(str(row["source"]))),
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
        shares = (exact(100 * float(row[end]) / float(row["value"]), 0) for end in ("low", "high"))
        return context.say(
            _(
                "{low} … {high} % of each ({n} different values)",
                low=next(shares),
                high=next(shares),
                n=f"{int(row['values']):,}",
            )
        )
    factor, words = in_words(context, str(row["table"]), str(row["unit"]), [str(row["key"])])
    value, low, high = (plain(factor * float(row[name])) for name in ("value", "low", "high"))
    return f"{value} ({low} … {high}) {words}".strip()


def in_words(context: Context, table: str, unit: str, keys: Sequence[str]) -> tuple[float, str]:
    """Return the factor and the unit in which figures of a column are shown, for the rows of `table` with `keys`."""
    in_chinese = context.language == "zh" and unit.startswith("mCNY")
    factor = IN_TEN_THOUSANDS if in_chinese else PER_CENT if unit.startswith("fraction") else 1.0
    if unit in BARE:
        return factor, ""
    counted = {_unit(context, table, key) for key in keys}
    of = counted.pop() if len(counted) == 1 else ""
    if unit in unit_names.FIGURE_UNITS:
        return factor, context.say(unit_names.FIGURE_UNITS[unit])
    return factor, context.say(_(unit_names.UNITS_OF_EQUIPMENT[unit], unit=context.unit(of or "unit")))


def _unit(context: Context, table: str, key: str) -> str:
    """Return the unit that rows of a key count: that of a technology, or of a workload's class."""
    if table not in COUNTED:
        return ""
    found = (context.unit_of_technology(part) or context.unit_of(part) for part in key.split("/"))
    return next((unit for unit in found if unit), "")


def _signed(value: float) -> str:
    text = at_most(value, 1)
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
    names = [say(terms.named(terms.QUALITIES, str(name))) for name in found["quality"]]
    table = _shared(context, say(_("Quality of the price")), names, found)
    return replace(
        table,
        title=say(_("What the decided money rests on")),
        note=say(_("Each order counts with the quality of its price.")),
    )


def _priced(context: Context) -> Table | None:
    """Return the table of capital by position of its unit price among published prices; None if none are known."""
    found = context.decided("price_support")
    if found is None:
        return None
    found = found[found["share"] >= LEAST_SHARE]
    say = context.say
    names = [say(SUPPORT[name]) for name in found["support"]]
    table = _shared(context, say(_("price paid for a unit")), names, found)
    return replace(
        table,
        title=say(_("The same money beside published prices")),
        note=say(
            _(
                "Published prices are in the annex. Below them is, for example, equipment of later years that "
                "is assumed to become cheaper."
            )
        ),
    )


def _shared(context: Context, head: str, names: Sequence[str], found: pd.DataFrame) -> Table:
    """Money and its share of all, a line for each name; found: columns mcny and share."""
    say = context.say
    columns = (
        Column(head),
        Column(say(_("Money decided")), context.money.unit, number=True),
        Column(say(_("Share")), "%", number=True),
    )
    lines = tuple(
        Row((Cell(name), figure(float(mcny) / context.money.divisor, 1), percent(float(share))))
        for name, mcny, share in zip(names, found["mcny"], found["share"], strict=True)
    )
    return Table("", columns, lines, style="pairs")


PRICED_OUTSIDE = 0.01
"""Share of the money from which prices outside the published ones are reported."""


def rests(context: Context) -> str:
    """Return the share of the money that rests on estimates, and the main ones; data of unknown quality come first."""
    say, show = context.say, context.show
    shares, ranked = context.decided("decided"), context.decided("estimates")
    if shares is None:
        return say(
            _("What share of the money rests on estimates was not found out. {why}", why=context.why_not("decided"))
        )
    estimate = float(shares.loc[shares["quality"] == "estimate", "share"].sum())
    unknown = float(shares.loc[shares["quality"] == "not graded", "share"].sum())
    key = (
        unfilled(
            "{unknown} of the money decided rests on figures whose quality is not stated (not graded), "
            "{share} on estimates."
        )
        if unknown > 0
        else unfilled("{share} of the money decided rests on estimates.")
    )
    unsaid = strong(context.share(unknown)) if unknown > 0 else ""
    said = say(_(key, share=strong(context.share(estimate)), unknown=unsaid)) + _beyond_what_was_published(context)
    if ranked is None and not context.scenario.has("estimates"):
        return said + say(_(" No estimate is given with a range, so which matter most was not tried."))
    if ranked is None:
        return said + say(_(" Which of them matter most was not tried. {why}", why=context.why_not("estimates")))
    most = ranked.sort_values("rank").head(3)
    names = [inside(name(context, row)) for row in run_measures.records(most)]
    said += say(
        _(
            unfilled(" Those that matter most, first to last: {names}.")
            if len(names) > 1
            else unfilled(" The one with a range that matters: {names}."),
            names=show.listed(names),
        )
    )
    ends = most[["cost_low_mcny", "cost_high_mcny"]].isna().any(axis=1)
    bare = [inside(name(context, row)) for row in run_measures.records(most[ends])]
    if len(bare) == len(names) > 1:
        return said + say(_(" At their unfavourable ends there is no plan."))
    return said + (
        say(_(" At the unfavourable end of {names} there is no plan.", names=show.listed(bare))) if bare else ""
    )


def _beyond_what_was_published(context: Context) -> str:
    """Return the share of the money at prices outside all published ones of their kind; blank where it is small."""
    found = context.decided("price_support")
    if found is None:
        return ""
    shares = found.set_index("support")["share"]
    outside = {side: float(shares.get(side, 0.0)) for side in ("below", "above")}
    return "".join(
        context.say(_(PRICED_BEYOND[side], share=strong(context.share(share))))
        for side, share in outside.items()
        if share >= PRICED_OUTSIDE
    )
