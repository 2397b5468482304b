"""Period, unit and value of an observation of an indicator."""

from __future__ import annotations

import datetime

from xisuan.bulletins.language.quantities import Quantity, money
from xisuan.bulletins.language.time_phrases import Span
from xisuan.indicators.catalogue import Term


def in_unit(figure: Quantity, unit: str) -> tuple[float, str]:
    """Return value and unit of a figure in the unit of its indicator; foreign currencies are not converted."""
    if money(figure.unit) and figure.unit != "CNY":
        return figure.value, f"m{figure.unit}"
    if figure.unit == "CNY":
        return (figure.value * 1e6, "CNY") if unit == "CNY" else (figure.value, "mCNY")
    if figure.unit == "Gbps" and unit in ("GB", "EB"):
        return (figure.value, "GB") if unit == "GB" else (figure.value / 1e9, "EB")
    if figure.unit == "GB" and unit == "EB":
        return figure.value / 1e9, "EB"
    return figure.value, unit


def clean(value: float) -> float:
    """Return a value rounded to 12 significant digits, without binary rounding noise."""
    return float(f"{value:.12g}")


def fitted_to(days: Span, spec: Term) -> tuple[datetime.date, datetime.date, str]:
    """Return first day, last day and basis of a figure of an indicator; a ratio of stocks is as of a day."""
    stands = "day" in spec.flags or ("point" in spec.flags and days.point)
    first, last, basis = fitted(days, "stock" if stands else spec.kind)
    return (last.replace(day=1), last, "single") if spec.indicator == "dou_month" else (first, last, basis)


def fitted(days: Span, kind: str) -> tuple[datetime.date, datetime.date, str]:
    """Return first day, last day and basis of a figure: a stock is a point, a flow to a date starts on 1 January."""
    if kind == "stock":
        return days.last, days.last, "point"
    first = datetime.date(days.last.year, 1, 1) if days.point else days.first
    return first, days.last, "cumulative" if (first.month, first.day) == (1, 1) else "single"


_KINDS = {
    "1": ("1", ""),
    "ratio": ("ratio", "1", ""),
    "per_10k": ("per_10k", "1", ""),
    "mCNY": ("CNY",),
    "CNY": ("CNY",),
    "mUSD": ("USD",),
    "GB": ("GB", "Gbps"),
    "EB": ("GB",),
}


def has_unit(one: Quantity, spec: Term) -> bool:
    """Return True if the unit of a quantity allows it as a level of the indicator."""
    if spec.unit in ("mCNY", "mUSD") and money(one.unit):
        return True
    if spec.unit == "pct" and one.unit == "ratio" and "open" in spec.flags:
        return True  # phones per hundred people
    return one.unit in _KINDS.get(spec.unit, (spec.unit,)) and not (
        spec.unit == "GB" and one.unit == "Gbps" and one.value < 1
    )
