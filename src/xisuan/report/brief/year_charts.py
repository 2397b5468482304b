"""Charts of the brief: the place year by year from the last actual year on, with ranges."""

from __future__ import annotations

import math

from xisuan.report.brief.brief_words import computing
from xisuan.report.document.blocks import Bars, Series
from xisuan.report.facts import build_facts
from xisuan.report.facts.fact import Path
from xisuan.report.facts.shown_sums import money_decimals
from xisuan.report.run_context import Context
from xisuan.text.numbers import Scale
from xisuan.text.translation import message as _


def charts(context: Context) -> tuple[Bars, ...]:
    """Return the charts of computing, racks and capital that the place has."""
    say = context.say
    kind, _precision = build_facts.leading_class(context)
    found: list[Bars] = []
    if (path := build_facts.eflops_path(context)) is not None:
        title = say(_("{name} in use", name=computing(context, kind)))
        found.append(_chart(context, path, Scale(1.0, path.unit), title[:1].upper() + title[1:]))
    if (path := build_facts.racks_path(context)) is not None:
        scale = Scale(1e4, "万架") if context.language == "zh" else Scale(1e3, say(_("thousand racks")))
        found.append(_chart(context, path, scale, say(_("Standard racks in use"))))
    if (path := build_facts.capital_path(context)) is not None:
        found.append(_chart(context, path, context.money, say(_("Capital ordered in the year"))))
    return tuple(found)


def _chart(context: Context, path: Path, scale: Scale, title: str) -> Bars:
    values = [value / scale.divisor for value in path.values]
    decimals = money_decimals(values)
    ends = [
        (low / scale.divisor, high / scale.divisor) if math.isfinite(low) and high - low > 1e-3 * abs(high) else None
        for low, high in zip(path.low, path.high, strict=True)
    ]
    years = tuple(str(year) for year in path.years)
    series = Series(context.focus_name, tuple(round(value, decimals) for value in values), "focus")
    return Bars(title, scale.unit, context.say(_("year")), years, (series,), actual=path.actual, spread=tuple(ends))


def note(context: Context, drawn: tuple[Bars, ...]) -> str:
    """Return what hatched columns and lines over a column mean, where there are any."""
    say, before = context.say, context.periods[0] - 1
    text = say(_("{year}: stands at the end of the year.", year=before)) if any(one.actual for one in drawn) else ""
    if len(drawn) and drawn[-1].actual and drawn[-1].unit == context.money.unit:
        text += say(_(" Capital of {year}: published for the whole province.", year=before))
    if any(end for one in drawn for end in one.spread):
        text += say(
            _(
                " Line: range of {year} over the cases of demand, price and date and the estimates tried, in "
                "proportion to new IT power; of racks, over plans within 1 % of the least cost.",
                year=context.last,
            )
        )
    return text.strip()
