"""The plan compared with published outlooks for its years, and its prices with prices paid by others."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xisuan.decisions.confidence.statistical_counts import NATION
from xisuan.decisions.costs.published_prices import in_the_end
from xisuan.report import run_measures
from xisuan.report.confidence.record_figures import place, scaled, worded
from xisuan.report.document.blocks import Block, Cell, Column, Row, Table, Text
from xisuan.report.document.number_cells import figure, percent, year
from xisuan.report.run_context import Context
from xisuan.text.numbers import GAP, MISSING, at_most, exact
from xisuan.text.translation import in_context, unfilled
from xisuan.text.translation import message as _

POSITIONS = {
    "below": unfilled("{what}, {place}, {year}: the plan has {planned}, less than every outlook ({range} {unit})."),
    "above": unfilled("{what}, {place}, {year}: the plan has {planned}, more than every outlook ({range} {unit})."),
    "below_one": unfilled("{what}, {place}, {year}: the plan has {planned}, less than the outlook ({range} {unit})."),
    "above_one": unfilled("{what}, {place}, {year}: the plan has {planned}, more than the outlook ({range} {unit})."),
}

PRICES = {
    "inside": unfilled("{what}: here {ours} {unit}, within the published {published}"),
    "below": unfilled("{what}: here {ours} {unit}, below the published {published}"),
    "above": unfilled("{what}: here {ours} {unit}, above the published {published}"),
    "partly": unfilled("{what}: here {ours} {unit}, partly outside the published {published}"),
}

ENERGY = "electricity_twh"
FP16 = "FP16"
LESS = 0.95
"""Share of its power at first below which equipment at the end draws less for the same work."""


# --- outlooks


def outlooks(context: Context) -> list[Block]:
    """Return published outlooks of the plan's years beside the plan, and consequences where it is outside of all."""
    found = context.decided("outlooks")
    if found is None:
        return []
    say = context.say
    columns = (
        Column(say(_("Figure"))),
        Column(say(in_context("calibration", "Where"))),
        Column(say(_("Year")), number=True),
        Column(say(_("Unit"))),
        Column(say(_("This plan")), number=True),
        Column(say(_("Outlook")), number=True),
        Column(say(_("Difference")), "%", number=True),
        Column(say(_("Whose, and what is counted"))),
        Column(say(_("Source"))),
    )
    rows = tuple(_outlook(context, row) for row in run_measures.records(found))
    told = outside(context)
    table = Table(
        say(_("The plan beside published outlooks")),
        columns,
        rows,
        style="wide",
        note=say(
            _(
                "Outlooks of planned years that were public on the scenario's day. An outlook is what somebody "
                "expects: a difference from it is no error of the model, but says how far the demand that is "
                "planned for lies from what others expect."
            )
        ),
    )
    return [table, Text(items=tuple(told), tone="note")] if told else [table]


def _outlook(context: Context, row: dict[str, Any]) -> Row:
    factor, unit, decimals = scaled(context, str(row["unit"]))
    return Row(
        (
            Cell(str(row[f"title_{context.language}"])),
            Cell(place(context, str(row["place"]))),
            Cell(year(row["period"])),
            Cell(unit),
            figure(factor * float(row["planned"]), decimals),
            worded(context, str(row["bound"]), figure(factor * float(row["expected"]), decimals)),
            percent(float(row["difference"]), 0, bar=False, signed=True),
            Cell(context.said(str(row["scope"]))),
            Cell(context.source(str(row["source"]))),
        )
    )


def outside(context: Context) -> list[str]:
    """Return a sentence on each quantity for which the plan is below or above all outlooks, in the last year with one."""
    found = context.decided("outlooks")
    if found is None:
        return []
    told = []
    for (quantity, where), every in found.groupby(["quantity", "place"], sort=False):
        rows = every[every["period"] == every["period"].max()]
        side = _side(rows)
        if side:
            text = _position(context, rows, side) + _why(context, rows)
            told.append(text + _electricity(context, rows) if (quantity, where) == (ENERGY, NATION) else text)
    return told


def _side(rows: pd.DataFrame) -> str:
    """Return `below` or `above` where the plan lies outside every outlook of a year; blank where it lies among them."""
    planned, lowest, highest = float(rows["planned"].iloc[0]), float(_least(rows)), float(rows["expected"].max())
    return "below" if planned < lowest else "above" if planned > highest else ""


def _least(rows: pd.DataFrame) -> float:
    """Return the least of the outlooks; an outlook given as an upper bound counts only if there is no other."""
    firm = rows[rows["bound"] != "at most"]
    return float((firm if len(firm) else rows)["expected"].min())


def _position(context: Context, rows: pd.DataFrame, side: str) -> str:
    row = run_measures.records(rows)[0]
    factor, unit, decimals = scaled(context, str(row["unit"]))
    ends = [_least(rows), float(rows["expected"].max())]
    low, high = (at_most(factor * end, decimals) for end in ends)
    return context.say(
        _(
            POSITIONS[side + ("_one" if len(rows) == 1 else "")],
            what=str(row[f"title_{context.language}"]),
            place=place(context, str(row["place"])),
            year=year(row["period"]),
            planned=f"{at_most(factor * float(row['planned']), decimals)}{GAP}{unit}",
            range=low if low == high else f"{low} – {high}",
            unit=unit,
        )
    )


def _why(context: Context, rows: pd.DataFrame) -> str:
    """Return the record's explanation of the difference."""
    gap = "" if context.language == "zh" else " "
    return "".join(gap + why for why in dict.fromkeys(rows[f"why_{context.language}"]) if why)


def _electricity(context: Context, rows: pd.DataFrame) -> str:
    """Return the scope of the plan's electricity, its growth beside the outlooks, and consequences if those come true."""
    say, last = context.say, int(rows["period"].iloc[0])
    names = [context.workload(str(name)) for name in context.scenario["workloads"]["workload"].drop_duplicates()]
    parts = [
        say(
            _(
                " Counted is what the modelled sites draw for the work given ({names}); what else outlooks may "
                "count is not in it.",
                names=context.show.listed(names),
            )
        )
    ]
    first = context.periods[0]
    began = float(context.energy.loc[context.energy["period"] == first, "facility_mwh"].sum()) / 1e6
    planned, least, most = float(rows["planned"].iloc[0]), _least(rows), float(rows["expected"].max())
    if last > first and began > 0:
        rates = [_yearly(began, end, last - first) for end in (planned, least, most)]
        plans, low, high = (context.show.share(rate) for rate in rates)
        parts.append(
            say(
                _(
                    " From {first} to {year} it grows by {rate} a year; from the same start the outlooks take {low} "
                    "to {high} a year.",
                    first=first,
                    year=last,
                    rate=plans,
                    low=low,
                    high=high,
                )
            )
        )
        parts += _power_of_a_unit(context, first, last)
    if planned < least:
        times = f"{exact(least / planned, 1)} – {exact(most / planned, 1)}"
        parts.append(
            say(
                _(
                    " If an outlook comes true, electricity is {times} times the plan's, and equipment, halls and "
                    "grid may have to be as much larger: headroom that the plan shows is then no reserve. The cases "
                    "of *what if* do not reach as far where they change demand by less.",
                    times=times,
                    most=f"{exact(most / planned, 1)}",
                )
            )
        )
    return "".join(parts)


def _yearly(start: float, end: float, years: int) -> float:
    return float((end / start) ** (1.0 / years) - 1.0)


def _power_of_a_unit(context: Context, first: int, last: int) -> list[str]:
    """Return the power that an EFLOPS of the intelligent equipment in use draws, first and last."""
    rows = context.equipment
    sums = rows[rows["precision"] == FP16].groupby("period")[["mw", "eflops"]].sum()
    if not {first, last} <= set(sums.index) or not (sums["eflops"] > 0).all():
        return []
    ends = (sums["mw"] / sums["eflops"])[[first, last]]
    if ends[last] > LESS * ends[first]:
        return []
    return [
        context.say(
            _(
                " An EFLOPS of intelligent equipment in use draws {before} MW at first and {after} MW at the end: "
                "newer equipment needs less power for the same work.",
                before=exact(ends[first], 2),
                after=exact(ends[last], 2),
            )
        )
    ]


# --- prices


def prices(context: Context) -> list[Block]:
    """Return published prices of halls, equipment and projects beside the prices of the scenario."""
    found = context.decided("published_prices")
    if found is None:
        return []
    say = context.say
    columns = (
        Column(say(_("What was published"))),
        Column(say(_("Unit"))),
        Column(say(_("Published")), number=True),
        Column(say(in_context("calibration", "As of")), number=True),
        Column(say(_("Here")), number=True),
        Column(say(_("Year of it")), number=True),
        Column(say(_("Source"))),
    )
    lines: list[Row] = []
    for _quantity, rows in found.groupby("quantity", sort=False):
        lines.append(Row((Cell(_verdict(context, rows)),), kind="group"))
        lines += [_price(context, row) for row in run_measures.records(rows)]
    return [
        Table(
            say(_("Prices here beside published ones")),
            columns,
            tuple(lines),
            style="wide",
            note=say(
                _(
                    "Published prices are of single projects and tenders, some computed from money and size; their "
                    "scope is told, and may hold land, networks or more. The prices here are those of the same year "
                    "or of the nearest planned one, over the sites of the place (of the nation, where it has none "
                    "here) and the equipment on offer. A rack is one of 2.5 kW, full."
                )
            ),
        )
    ]


def _price(context: Context, row: dict[str, Any]) -> Row:
    factor, unit, decimals = scaled(context, str(row["unit"]))
    planned = context.say(_(", planned")) if row["kind"] == "target" else ""
    return Row(
        (
            Cell(context.said(str(row["scope"]))),
            Cell(unit),
            worded(context, str(row["bound"]), figure(factor * float(row["published"]), decimals)),
            Cell(year(row["published_period"]) + planned),
            Cell(_range(factor * float(row["low"]), factor * float(row["high"]), decimals)),
            Cell(year(row["period"])),
            Cell(context.source(str(row["source"]))),
        )
    )


def _range(low: float, high: float, decimals: int) -> str:
    ends = [exact(end, decimals) for end in (low, high)]
    return " – ".join(dict.fromkeys(ends))


def _verdict(context: Context, rows: pd.DataFrame) -> str:
    """Return a sentence that compares the scenario's range of one kind of price with the published prices."""
    row = run_measures.records(rows)[0]
    factor, unit, decimals = scaled(context, str(row["unit"]))
    low, high = float(rows["low"].min()), float(rows["high"].max())
    least, most = float(rows["published"].min()), float(rows["published"].max())
    side = (
        "below" if high < least else "above" if low > most else "inside" if least <= low and high <= most else "partly"
    )
    ours = _range(factor * low, factor * high, decimals)
    text = context.say(
        _(
            PRICES[side],
            what=str(row[f"title_{context.language}"]),
            unit=unit,
            published=_range(factor * least, factor * most, decimals),
            ours=ours,
        )
    )
    least_end, most_end = in_the_end(context.scenario, str(row["quantity"]))
    end = _range(factor * least_end, factor * most_end, decimals)
    return text if end in (ours, MISSING) else text + context.say(_("; in {year} {ours}", year=context.last, ours=end))


def electricity_note(context: Context) -> str:
    """Return where the nation's electricity lies beside the outlooks of it, if it lies outside of all."""
    found = context.decided("outlooks")
    if found is None:
        return ""
    rows = found[(found["quantity"] == ENERGY) & (found["place"] == NATION)]
    rows = rows[rows["period"] == rows["period"].max()]
    side = _side(rows) if len(rows) else ""
    return _position(context, rows, side) + context.say(_(" What follows from it is in the annex.")) if side else ""
