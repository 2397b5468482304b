"""Warning of the brief: builds of the place that plans of nearly the same cost do without, or have much more of."""

from __future__ import annotations

from xisuan.report.facts import ranges
from xisuan.report.facts.fact import Fact
from xisuan.report.run_context import Context, inside
from xisuan.text.numbers import GAP, Scale, plain
from xisuan.text.translation import message as _


def warning(context: Context) -> str:
    """Return what plans within 1 % of the least cost have here, where they differ much; blank where they do not."""
    parts = [_part(context, one) for one in ranges.open_builds(context)]
    if not parts:
        return ""
    return context.say(
        _(
            "Knife's edge: plans that cost at most 1 % more have {parts} at {place} in {year}. Cost hardly decides how "
            "much is built here; other reasons must.",
            parts=context.show.joined(parts),
            place=context.focus_name,
            year=context.last,
        )
    )


def _part(context: Context, one: Fact) -> str:
    """Return one build with its range and what this plan has."""
    if one.unit == "EFLOPS":
        name, unit, divisor = inside(context.technology(one.name)), "EFLOPS", 1.0
    else:
        scale = Scale(1e4, "万架") if context.language == "zh" else Scale(1e3, context.say(_("thousand racks")))
        name, unit, divisor = context.say(_("standard racks")), scale.unit, scale.divisor
    low, high, planned = (plain(float(f"{value / divisor:.3g}")) for value in (one.low, one.high, one.value))
    return context.say(
        _("{name} from {low} to {high} (this plan: {planned})", low=low, high=f"{high}{GAP}{unit}", name=name,
          planned=planned)
    )  # fmt: skip
