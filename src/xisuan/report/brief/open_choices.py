"""Warning of the brief: sizes of the place that plans of nearly the same cost do without, or have much more of."""

from __future__ import annotations

from xisuan.report.facts import ranges
from xisuan.report.facts.fact import Fact
from xisuan.report.place_amounts import span
from xisuan.report.run_context import Context, inside
from xisuan.results.decision_tables import IT_POWER
from xisuan.text.numbers import GAP, plain, rack_scale
from xisuan.text.translation import message as _


def warning(context: Context) -> str:
    """Return what plans within 1 % of the least cost have at the place and at each site of its hub, where they differ
    much; blank where they do not."""
    sizes = ranges.open_sizes(context)
    stated = {context.focus_key} if any(one.name == IT_POWER for one in sizes) else set()
    sites = [one for one in ranges.open_sites(context) if one.site not in stated]
    found = []
    if sizes:
        found.append(
            _(
                "Size is open: within 1 % of the least cost, {place} may have {parts} in {year}.",
                parts=context.show.joined([_part(context, one) for one in sizes]),
                place=context.focus_name,
                year=context.last,
            )
        )
    if sites:
        found.append(
            _(
                "Which site is open: within 1 % of the least cost, IT power in {year} may be {parts}.",
                parts=context.show.joined([_at_site(context, one) for one in sites]),
                year=context.last,
            )
        )
    return ("" if context.language == "zh" else " ").join(context.say(one) for one in found)


def reach(context: Context, stated: str = "") -> str:
    """Return the range of the place in one term: of its equipment with most capital in EFLOPS, else of its IT power in
    MW; blank where both are firm. stated: unit that the reader knows from the words before.
    """
    found = {one.unit: one for one in ranges.open_sizes(context)}
    chosen = found.get("EFLOPS", found.get("MW"))
    if chosen is None:
        return ""
    low, high, _planned = _ends(chosen)
    return span(low, high, "" if chosen.unit == stated else chosen.unit)


def _part(context: Context, one: Fact) -> str:
    """Return one size with its range and what this plan has."""
    if one.name == IT_POWER:
        divisor, what = 1.0, context.say(_("MW of IT power"))
    elif one.unit == "EFLOPS":
        divisor, what = 1.0, context.say(_("EFLOPS of {name}", name=inside(context.technology(one.name))))
    else:
        divisor = rack_scale(context.language, one.high).divisor
        if divisor == 1.0:
            what = context.say(_("standard racks"))
        else:
            what = "万标准机架" if context.language == "zh" else context.say(_("thousand racks"))
    low, high, planned = _ends(one, divisor)
    return context.say(_("{reach} {what} (plan: {planned})", reach=span(low, high), what=what, planned=plain(planned)))


def _at_site(context: Context, one: Fact) -> str:
    """Return the IT power of a site with its range and what this plan has."""
    low, high, planned = _ends(one)
    return context.say(
        _("{reach} at {site} (plan: {planned})", site=context.site(one.site), reach=span(low, high, "MW"),
          planned=f"{plain(planned)}{GAP}MW")
    )  # fmt: skip


def _ends(one: Fact, divisor: float = 1.0) -> tuple[float, float, float]:
    """Return the least, the most and what the plan has, with three significant digits."""
    low, high, planned = (float(f"{value / divisor:.3g}") for value in (one.low, one.high, one.value))
    return low, high, planned
