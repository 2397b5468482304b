"""Amounts of the place as brief and chapters show them: money in the digits of its tables, ranges, shares, changes."""

from __future__ import annotations

import math

from xisuan.report.facts.build_facts import capital_decimals
from xisuan.report.run_context import Context
from xisuan.text.numbers import GAP, at_most, exact, plain


def money(context: Context, mcny: float) -> str:
    """Return capital of the place in the digits and unit of its tables; an amount below them in a unit of its own."""
    if 0.0 < mcny / context.money.divisor < 0.5 * 10.0 ** -capital_decimals(context):
        return context.show.money(mcny)
    return f"{money_digits(context, mcny)}{GAP}{context.money.unit}"


def money_digits(context: Context, mcny: float) -> str:
    """Return capital of the place in the digits of its tables, without the unit; smaller amounts as `<0.1`."""
    decimals = capital_decimals(context)
    value, least = mcny / context.money.divisor, 10.0**-decimals
    return f"<{exact(least, decimals)}" if 0.0 < value < least / 2 else exact(value, decimals)


def case_money(context: Context, mcny: float, *, unit: bool = True) -> str:
    """Return capital of a case, which no sum contains: with at most three significant digits."""
    decimals = capital_decimals(context)
    text = at_most(mcny / context.money.divisor, decimals)
    text = text if len(text.partition(".")[2]) < decimals else money_digits(context, mcny)
    return f"{text}{GAP}{context.money.unit}" if unit else text


def energy(context: Context, mwh: float) -> str:
    """Return electricity in the digits of the chapter on power: three significant ones."""
    return f"{plain(mwh / context.electricity.divisor)}{GAP}{context.electricity.unit}"


def span(low: float, high: float, unit: str = "") -> str:
    """Return a range such as `85–310 MW`; blank where it is not known."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    ends = [plain(low), plain(high)]
    text = ends[0] if ends[0] == ends[1] else "–".join(ends)
    return f"{text}{GAP}{unit}" if unit else text


def percent(context: Context, share: float) -> str:
    """Return a share with at most three significant digits and its sign: `74 %`, `0.6 %`, `74%` in Chinese."""
    value = 100.0 * share
    text = "<0.1" if 0.0 < value < 0.05 else exact(value, 0 if abs(value) >= 9.95 or not value else 1)
    return text + ("%" if context.language == "zh" else f"{GAP}%")


def change(context: Context, share: float) -> str:
    """Return a relative change with its sign: `+12 %`, `−30 %`."""
    text = percent(context, abs(share))
    return (
        ("+" if share > 0 else "−" if share < 0 else "±") + text
        if abs(share) >= LEAST_CHANGE
        else percent(context, 0.0)
    )


LEAST_CHANGE = 5e-4
"""Relative change that is shown as none."""
