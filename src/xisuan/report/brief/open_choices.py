"""Warning of the brief: builds of the place that plans of nearly the same cost do without, or have much more of."""

from __future__ import annotations

from xisuan.report.facts import ranges
from xisuan.report.facts.fact import Fact
from xisuan.report.place_amounts import span
from xisuan.report.run_context import Context, inside
from xisuan.text.numbers import plain
from xisuan.text.translation import message as _


def warning(context: Context) -> str:
    """Return what plans within 1 % of the least cost have here, where they differ much; blank where they do not."""
    parts = [_part(context, one) for one in ranges.open_builds(context)]
    if not parts:
        return ""
    return context.say(
        _(
            "Size is open: within 1 % of the least cost, {place} may have {parts} in {year}.",
            parts=context.show.joined(parts),
            place=context.focus_name,
            year=context.last,
        )
    )


def _part(context: Context, one: Fact) -> str:
    """Return one build with its range and what this plan has."""
    if one.unit == "EFLOPS":
        divisor, what = 1.0, context.say(_("EFLOPS of {name}", name=inside(context.technology(one.name))))
    elif context.language == "zh":
        divisor, what = 1e4, "万标准机架"
    else:
        divisor, what = 1e3, context.say(_("thousand racks"))
    low, high, planned = (float(f"{value / divisor:.3g}") for value in (one.low, one.high, one.value))
    return context.say(_("{reach} {what} (plan: {planned})", reach=span(low, high), what=what, planned=plain(planned)))
