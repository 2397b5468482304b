"""Numbers as text: suitable units, thousands separators, three significant digits.

Digits before the decimal point are never rounded away: 12,345 MW stays 12,345 MW.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from xisuan import units
from xisuan.text.translation import Language

MISSING = "—"
GAP = "\u00a0"
"""Separator between a number and its unit: a no-break space."""


def plain(value: float, digits: int = 3) -> str:
    """Return a number with thousands separators and at least `digits` significant digits."""
    if value is None or not math.isfinite(value):
        return MISSING
    if value == 0.0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if size < -4:
        return f"{value:.1e}".replace("e-0", "e-")
    text = f"{value:,.{max(0, digits - 1 - size)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def apart(a: float, b: float, size: float = 0.0) -> tuple[str, str]:
    """Return two numbers with as many significant digits, three or more, as make them differ.

    Differences within the rounding error of `size` are ignored.
    """
    enough = 3
    if abs(a - b) > 1e-9 * max(size, abs(a), abs(b)):
        while enough < MOST_DIGITS and plain(a, enough) == plain(b, enough):
            enough += 1
    return plain(a, enough), plain(b, enough)


MOST_DIGITS = 10
CRUMB = 1e-6
"""Amounts below this share of the largest are residues within the solver's tolerance."""


def is_crumb(value: float, largest: float) -> bool:
    """Return True if an amount is negligible relative to the largest of its kind: an interior-point residue."""
    return abs(value) <= CRUMB * abs(largest)


def exact(value: float, decimals: int) -> str:
    """Return a number with a fixed number of decimals, for columns of a table."""
    if value is None or not math.isfinite(value):
        return MISSING
    text = f"{value:,.{decimals}f}"
    nothing = not any(digit in text for digit in "123456789")
    return text.lstrip("-") if nothing else text.replace("-", "−")


def decimals(values: Iterable[float], least: int = 0) -> int:
    """Return the decimals of a column, `least` or more.

    They show two significant digits of every value above a hundredth of the largest.
    """
    sizes = [abs(value) for value in values if math.isfinite(value) and value != 0]
    if not sizes:
        return least
    small = min(size for size in sizes if size >= 0.01 * max(sizes))
    return max(least, 1 - math.floor(math.log10(small)))


def places(largest: float, digits: int = 3) -> int:
    """Return the decimals with which the largest value of a column has `digits` significant digits; 0 or more."""
    return max(0, digits - 1 - math.floor(math.log10(largest))) if largest > 0 and math.isfinite(largest) else 0


def at_most(value: float, decimals: int, digits: int = 3) -> str:
    """Return a number with `decimals`, or as few as leave it `digits` significant ones: `99.8` and `100`."""
    if value is None or not math.isfinite(value):
        return MISSING
    return exact(value, min(decimals, places(round(abs(value), decimals), digits)) if value else decimals)


@dataclass(frozen=True, slots=True)
class Scale:
    """Scale of a column or an axis: values are divided by `divisor`, and the heading has `unit`."""

    divisor: float
    unit: str


SMALL_MCNY = 0.01
"""Million CNY below which money is shown in CNY: 10,000 CNY, one 万元."""


MANY_RACKS = 10_000.0
"""From so many on, racks are counted in thousands, in Chinese in ten thousands."""


def rack_scale(language: Language, most: float) -> Scale:
    """Return the scale of racks of which the largest number is `most`; its unit is blank in English below `MANY_RACKS`."""
    if language == "zh":
        return Scale(1e4, "万架") if most >= MANY_RACKS else Scale(1.0, "架")
    return Scale(1e3, "thousand") if most >= MANY_RACKS else Scale(1.0, "")


def money_scale(language: Language, largest_mcny: float) -> Scale:
    """Return the scale for money in million CNY, by its largest value."""
    if language == "zh":
        return Scale(100.0, "亿元") if largest_mcny >= 1e3 else Scale(0.01, "万元")
    return Scale(1000.0, "bn CNY") if largest_mcny >= 1e4 else Scale(1.0, "million CNY")


FINE = ("万元", "万千瓦时")
"""Units of columns without decimals: they are a hundredth of a million CNY and of a GWh."""


def column_decimals(unit: str) -> int:
    """Return the decimals of money and energy in a column of a unit, and in sentences that repeat it."""
    return 0 if unit in FINE else 2


SAVED: dict[Language, Scale] = {"en": Scale(1e-3, "thousand CNY"), "zh": Scale(0.01, "万元")}
"""Scale of the saving per additional million CNY of a budget: one unit wherever it is shown."""
LEAST_SAVED = 1e-6
"""Saving per additional million CNY of a budget, mCNY, below which the budget is not exhausted."""


def carbon_scale(language: Language, largest_t: float) -> Scale:
    """Return the scale for carbon in tonnes, by its largest value."""
    if language == "zh":
        return Scale(1e4, "万吨 CO₂") if largest_t >= 1e5 else Scale(1.0, "吨 CO₂")
    return (
        Scale(1e6, "Mt CO₂") if largest_t >= 1e6 else Scale(1e3, "kt CO₂") if largest_t >= 1e3 else Scale(1.0, "t CO₂")
    )


def rate_scale(largest_gbps: float) -> Scale:
    """Return the scale for transfer rates in Gbps, by their largest value."""
    return Scale(1e3, "Tbps") if largest_gbps >= 1e3 else Scale(1.0, "Gbps")


def energy_scale(language: Language, largest_mwh: float) -> Scale:
    """Return the scale for energy in MWh, by its largest value."""
    if language == "zh":
        return Scale(1e5, "亿千瓦时") if largest_mwh >= 1e6 else Scale(10.0, "万千瓦时")
    return Scale(1e6, "TWh") if largest_mwh >= 1e6 else Scale(1e3, "GWh")


def scale(unit: str, language: Language, largest: float) -> Scale:
    """Return the scale for amounts in a unit of the model's tables, by the largest of them."""
    if unit == "mCNY":
        return money_scale(language, largest)
    if unit == "t":
        return carbon_scale(language, largest)
    if unit == "MWh":
        return energy_scale(language, largest)
    return rate_scale(largest) if unit == "Gbps" else Scale(1.0, unit)


def large_unit(amount: float, unit: str) -> tuple[float, str]:
    """Return a factor and a unit that suit a large amount: EB from 1,000 PB on."""
    return (1e-3, "EB") if unit == "PB" and abs(amount) >= 1000 else (1.0, unit)


@dataclass(frozen=True, slots=True)
class Figures:
    """Formatter of quantities with their units in one language."""

    language: Language

    @property
    def _percent(self) -> str:
        return "%" if self.language == "zh" else f"{GAP}%"

    def money(self, mcny: float, digits: int = 3) -> str:
        """Return money given in million CNY as bn CNY, million CNY or CNY; 亿元, 万元 or 元."""
        if not math.isfinite(mcny):
            return MISSING
        size = abs(mcny)
        if 0.0 < size < SMALL_MCNY:
            return f"{plain(float(round(mcny * 1e6)))}{GAP}{'元' if self.language == 'zh' else 'CNY'}"
        if self.language == "zh":
            if size >= 1e6:
                return f"{plain(mcny / 1e6, digits)}{GAP}万亿元"
            if size >= 100:
                return f"{plain(mcny / 100, digits)}{GAP}亿元"
            return f"{plain(float(f'{mcny * 100:.{digits}g}'), digits)}{GAP}万元"
        return f"{plain(mcny / 1000, digits)}{GAP}bn CNY" if size >= 1000 else f"{plain(mcny, digits)}{GAP}million CNY"

    def racks(self, mw: float) -> str:
        """Return the standard racks (2.5 kW) that an IT power in MW fills, as racks or 万架."""
        count = units.racks(mw)
        if self.language == "zh":
            return f"{plain(count / 1e4)}{GAP}万架" if abs(count) >= 1e4 else f"{plain(round(count))}{GAP}架"
        return f"{plain(round(count, -2) if abs(count) >= 1e4 else round(count))}{GAP}racks"

    def mw(self, value: float) -> str:
        """Return a power in MW."""
        return f"{plain(value)}{GAP}MW"

    def energy(self, mwh: float) -> str:
        """Return energy given in MWh as TWh or GWh; 亿千瓦时 or 万千瓦时."""
        if self.language == "zh":
            return f"{plain(mwh / 1e5)}{GAP}亿千瓦时" if abs(mwh) >= 1e5 else f"{plain(mwh / 10)}{GAP}万千瓦时"
        return f"{plain(mwh / 1e6)}{GAP}TWh" if abs(mwh) >= 1e5 else f"{plain(mwh / 1e3)}{GAP}GWh"

    def carbon(self, tonnes: float) -> str:
        """Return carbon given in tonnes as Mt, kt or t; 万吨 or 吨 (of CO2)."""
        if not math.isfinite(tonnes):
            return MISSING
        if self.language == "zh":
            return f"{plain(tonnes / 1e4)}{GAP}万吨 CO₂" if abs(tonnes) >= 1e4 else f"{plain(tonnes)}{GAP}吨 CO₂"
        if abs(tonnes) >= 1e5:
            return f"{plain(tonnes / 1e6)}{GAP}Mt CO₂"
        return f"{plain(tonnes / 1e3)}{GAP}kt CO₂" if abs(tonnes) >= 1e3 else f"{plain(tonnes)}{GAP}t CO₂"

    def share(self, fraction: float) -> str:
        """Return a fraction in per cent; values that would round to 0 or 100 are shown as `<0.1 %` or `>99.9 %`."""
        if not math.isfinite(fraction):
            return MISSING
        if 0 < fraction < 5e-4:
            return "<0.1" + self._percent
        if 0.9995 < fraction < 1 - 1e-9:
            return ">99.9" + self._percent
        percent = 100 * fraction
        text = f"{percent:,.0f}" if abs(percent) >= 99.95 else f"{percent:,.1f}"
        return f"{text.replace('-', '−')}{self._percent}"

    def given(self, fraction: float) -> str:
        """Return an input fraction in per cent, without decimals for a whole number."""
        return f"{plain(100 * fraction)}{self._percent}"

    def tiny(self, fraction: float) -> str:
        """Return a very small fraction, such as a gap, in per cent with two significant digits."""
        if not math.isfinite(fraction):
            return MISSING
        if abs(fraction) < 1e-9:
            return "<0.0000001" + self._percent
        percent = 100 * fraction
        decimals = max(1, 1 - math.floor(math.log10(abs(percent))))
        return f"{percent:.{decimals}f}{self._percent}"

    def most(self, fraction: float) -> str:
        """Return a very small fraction for use after words of a bound (*within*, *at most*): as `tiny`, without `<`."""
        return self.tiny(fraction).removeprefix("<")

    def seconds(self, value: float) -> str:
        """Return a duration in seconds."""
        return f"{plain(value)}{GAP}{'秒' if self.language == 'zh' else 's'}"

    def listed(self, parts: list[str]) -> str:
        """Return parts of a sentence as a list: `a, b and c`, `a、b 和 c`."""
        if len(parts) < 2:
            return "".join(parts)
        if self.language == "zh":
            return "、".join(parts[:-1]) + "和" + parts[-1]
        return ", ".join(parts[:-1]) + " and " + parts[-1]

    def joined(self, parts: list[str]) -> str:
        """Return parts of a sentence one after the other: `a; b`, `a，b`."""
        return ("，" if self.language == "zh" else "; ").join(parts)

    def people(self, count: float) -> str:
        """Return a number of people for a sentence that names the unit: in millions, or in 万."""
        return exact(count / 1e4, 0) if self.language == "zh" else exact(count / 1e6, 2)
