"""Charts of the brief: the place year by year from the last actual year on, with ranges."""

from __future__ import annotations

import math

from xisuan.report.brief.brief_words import computing
from xisuan.report.document.blocks import Bars, Series
from xisuan.report.facts import build_facts
from xisuan.report.facts.fact import Path
from xisuan.report.facts.shown_sums import money_decimals
from xisuan.report.place_amounts import span
from xisuan.report.run_context import Context
from xisuan.text.numbers import GAP, Scale, exact, plain, rack_scale
from xisuan.text.translation import message as _
from xisuan.text.translation import unfilled


def charts(context: Context) -> tuple[Bars, ...]:
    """Return the charts of computing, racks and capital that the place has."""
    say = context.say
    kind, _precision = build_facts.leading_class(context)
    found: list[Bars] = []
    if (path := build_facts.eflops_path(context)) is not None:
        name = computing(context, kind)
        found.append(_chart(context, path, Scale(1.0, path.unit), name[:1].upper() + name[1:]))
    if (path := build_facts.racks_path(context)) is not None:
        scale = _racks_of(context, path)
        unit = scale.unit if context.language == "zh" else say(_("thousand racks") if scale.unit else _("racks"))
        found.append(_chart(context, path, Scale(scale.divisor, unit), say(_("Standard racks"))))
    if (path := build_facts.capital_path(context)) is not None:
        found.append(_chart(context, path, context.money, ""))
    return tuple(found)


def _chart(context: Context, path: Path, scale: Scale, name: str) -> Bars:
    """Return the chart of a quantity; its title states what the years show. `name` blank: capital ordered in a year."""
    values = [value / scale.divisor for value in path.values]
    decimals = money_decimals(values)
    title = _path(context, name, values, decimals) if name else _peak(context, path, values, decimals)
    ends = [
        (low / scale.divisor, high / scale.divisor) if math.isfinite(low) and high - low > 1e-3 * abs(high) else None
        for low, high in zip(path.low, path.high, strict=True)
    ]
    years = tuple(str(year) for year in path.years)
    series = Series(context.focus_name, tuple(round(value, decimals) for value in values), "focus")
    return Bars(title, scale.unit, context.say(_("year")), years, (series,), actual=path.actual, spread=tuple(ends))


def _path(context: Context, name: str, values: list[float], decimals: int) -> str:
    """Return how a quantity goes from the first year to the last."""
    first, last = (exact(value, decimals) for value in (values[0], values[-1]))
    key = unfilled("{name}: {last} throughout") if first == last else unfilled("{name}: {first} → {last}")
    return context.say(_(key, name=name, first=first, last=last))


def _peak(context: Context, path: Path, values: list[float], decimals: int) -> str:
    """Return in which planned year most capital is ordered."""
    planned = range(path.actual, len(values))
    most = max(planned, key=lambda at: values[at])
    return context.say(
        _("Most capital in {year}: {amount}", year=path.years[most], amount=exact(values[most], decimals))
    )


def note(context: Context, drawn: tuple[Bars, ...]) -> str:
    """Return what hatched columns and lines over a column mean, where there are any."""
    say, before = context.say, context.periods[0] - 1
    text = say(_("{year}: stands at the end of the year.", year=before)) if any(one.actual for one in drawn) else ""
    if len(drawn) and drawn[-1].actual and drawn[-1].unit == context.money.unit:
        text += say(_(" Capital of {year}: published for the whole province.", year=before))
    text += _ageing(context) + _racks(context)
    if any(end for one in drawn for end in one.spread[one.actual :]):
        text += say(
            _(
                " Lines, {year}: cases and estimates tried, by new IT power; racks: plans within 1 % of the least cost.",
                year=context.last,
            )
        )
    return text.strip()


def _ageing(context: Context) -> str:
    """Return that what ages out is taken off, where less stands in the end than stood and was ordered; else blank."""
    path, (kind, precision) = build_facts.eflops_path(context), build_facts.leading_class(context)
    if path is None:
        return ""
    rows = build_facts.orders(context)
    ordered = rows.loc[(rows["class"] == kind) & (rows["precision"] == precision), "eflops"].sum()
    gone = path.values[0] + float(ordered) - path.values[-1]
    if gone <= LEAST_GONE * path.values[-1]:
        return ""
    return context.say(
        _(" EFLOPS: without {gone} that age out by {year}.", gone=plain(float(f"{gone:.2g}")), year=context.last)
    )


LEAST_GONE = 0.01
"""Share of what stands in the end from which what ages out is mentioned."""


def _racks(context: Context) -> str:
    """Return that the racks that stand are derived, with their range, and the aim that they miss; blank if counted."""
    path = build_facts.racks_path(context)
    if path is None or not math.isfinite(path.low[0]):
        return ""
    aim = build_facts.missed_racks(context)
    scale = _racks_of(context, path)
    low, high = (float(f"{end / scale.divisor:.3g}") for end in (path.low[0], path.high[0]))
    ends = span(low, high, scale.unit)
    if aim is None:
        return context.say(_(" Racks of {year}: derived, {span}.", year=path.years[0], span=ends))
    missed = f"{plain(aim.value / scale.divisor)}{GAP}{scale.unit}".strip(GAP)
    return context.say(
        _(
            " Racks of {year}: derived, {span}; aim of {aim} missed.",
            year=path.years[0],
            span=ends,
            aim=missed,
        )
    )


def _racks_of(context: Context, path: Path) -> Scale:
    """Return the scale of the racks of the chart."""
    return rack_scale(context.language, max(path.values))
