"""Units of official statistics, converted by pint: 亿元 and bn CNY to mCNY; currencies are not converted."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from xisuan.errors import Problem, ScenarioError
from xisuan.indicators.catalogue import catalogue

if TYPE_CHECKING:
    import pint

_DEFINITIONS = (
    "CNY = [yuan] = yuan = 元",
    "kCNY = 1e3 * CNY",
    "万元 = 1e4 * CNY",
    "mCNY = 1e6 * CNY",
    "亿元 = 1e8 * CNY",
    "bnCNY = 1e9 * CNY",
    "USD = [dollar]",
    "mUSD = 1e6 * USD",
    "bnUSD = 1e9 * USD",
    "flop = [operation]",
    "FLOPS = flop / second",
    "pct = 0.01",
    "permille = 0.001 = ‰",
    "per_10k = 1e-4",
    "ratio = 1",
    "万 = 1e4",
    "亿 = 1e8",
    "Gbps = 1e9 * bit / second",
    "Tbps = 1e12 * bit / second",
)
_NAMES = {"1": "dimensionless", "%": "pct", "bn CNY": "bnCNY", "million CNY": "mCNY", "GB": "gigabyte", "EB": "exabyte"}


@cache
def registry() -> pint.UnitRegistry[Any]:
    """Return the unit registry, created on first use."""
    import pint  # noqa: PLC0415 (slow import, used by conversions only)

    units: pint.UnitRegistry[Any] = pint.UnitRegistry(on_redefinition="ignore")
    for line in _DEFINITIONS:
        units.define(line)
    return units


def is_share(indicator: str, kind: str, unit: str) -> bool:
    """Return True if an indicator is a share of a whole: any ratio in per cent without the flag `open`."""
    term = catalogue().terms.get(indicator)
    return kind == "ratio" and unit in ("pct", "%") and not (term is not None and "open" in term.flags)


def convert(value: float, unit: str, to: str) -> float:
    """Return `value` in the unit `to`. Raises ScenarioError if a unit is unknown or the two are incompatible."""
    if unit == to:
        return value
    import pint  # noqa: PLC0415

    names = [_NAMES.get(name, name) for name in (unit, to)]
    try:
        return float(registry().Quantity(value, names[0]).to(names[1]).magnitude)
    except (pint.PintError, ValueError, AttributeError, TypeError) as problem:
        raise ScenarioError(
            [
                Problem(
                    "unit-not-convertible",
                    table="observations",
                    column="unit",
                    value=unit,
                    unit=to,
                    fault=str(problem).splitlines()[0],
                )
            ]
        ) from None
