"""Phrases of a track on the page and in the command, in English and Chinese."""

from __future__ import annotations

import math

from xisuan.text.numbers import GAP, MISSING, MOST_DIGITS, Figures, plain
from xisuan.text.translation import Language, in_context, translate
from xisuan.text.translation import message as _

SPAN_DIGITS = 3
"""Significant digits of the ends of an interval: a forecast is not known to the station."""

STATUSES = {
    "reached": _("reached"),
    "on track": _("on track"),
    "at risk": _("at risk"),
    "off track": _("off track"),
    "missed": _("missed"),
    "short so far": _("deadline passed, outcome not published (short by the last figure)"),
    "deadline passed, outcome not published": _("deadline passed, outcome not published"),
    "not enough data": _("not enough data"),
}
"""Statuses of a target."""


def status(language: Language, name: str) -> str:
    """Return a status in a language."""
    return translate(STATUSES[name], language)


FIGURE_STATUSES = {
    "actual": _("actual"),
    "preliminary": _("preliminary"),
    "projected": _("projected"),
    "target": _("target"),
    "planned": in_context("figure", "planned"),
}
"""Statuses of published figures."""


def figure_status(name: str, language: Language) -> str:
    """Return the status of a published figure in a language."""
    return translate(FIGURE_STATUSES.get(name, name), language)


MEASURES = {
    "output": _("output"),
    "revenue": _("revenue"),
    "value_added": _("value added"),
}
"""What an indicator counts of its industry."""
VARIABLES = {
    "eflops_fp16": _("EFLOPS FP16"),
    "eflops_pct": _("computing power"),
    "racks": in_context("var", "racks"),
    "occupancy": _("occupancy"),
    "pue": _("PUE"),
    "investment": _("investment"),
    "gigabit_cities": _("gigabit cities"),
}
"""What drivers tie indicators to."""
RATIOS = {
    "mCNY per mCNY": _("CNY per CNY"),
    "% per %": _("% per %"),
}
"""Units of multipliers."""


def variable(name: str, language: Language) -> str:
    """Return the name of the variable that a driver ties an indicator to."""
    return translate(VARIABLES.get(name, name), language)


def ratio(unit: str, language: Language) -> str:
    """Return the unit of a multiplier."""
    return translate(RATIOS.get(unit, unit), language)


def amount(value: float | None, unit: str, language: Language, digits: int = 3) -> str:
    """Return a level with the unit shown to people, with at least `digits` significant digits."""
    if value is None or not math.isfinite(value):
        return MISSING
    if unit == "mCNY":
        return Figures(language).money(value, digits) if value else "0"
    shown = {
        "1": "",
        "pct": "%" if language == "zh" else f"{GAP}%",
        "per_10k": "",
        "ratio": "",
        "mUSD": " million USD" if language == "en" else " 百万美元",
    }.get(unit, f" {unit}")
    if unit == "1" and language == "zh" and abs(value) >= 1e4:
        return f"{plain(value / 1e4, digits)} 万"
    return f"{plain(value, digits)}{shown}"


def as_published(value: float, unit: str, language: Language) -> str:
    """Return a level with all its digits, to be compared with the words that it was read from."""
    return amount(value, unit, language, MOST_DIGITS)


def planned(value: float | None, unit: str, language: Language) -> str:
    """Return a level of a plan, which is not known to more than three digits."""
    return amount(_to(value, SPAN_DIGITS) if value is not None and math.isfinite(value) else value, unit, language)


def span(low: float, high: float, unit: str, language: Language) -> str:
    """Return an interval of a forecast, with at least three digits and enough to show different ends."""
    digits = next((n for n in range(SPAN_DIGITS, MOST_DIGITS) if _to(low, n) != _to(high, n)), SPAN_DIGITS)
    return " – ".join(amount(_to(end, digits), unit, language) for end in (low, high))


def _to(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


def changed(value: float) -> str:
    """Return a change with its sign, to a tenth."""
    return f"{value:+.1f}".replace("-", "−")
