"""Units and conversions; no other module contains conversion factors such as 8,760 or 0.0025.

One canonical unit per quantity: money in million CNY (mCNY), power in MW, energy in MWh, carbon in tonnes, bandwidth in
Gbps, latency in one-way milliseconds, water in cubic metres, time in hours.
"""

from __future__ import annotations

HOURS_PER_YEAR = 8760
HOURS_PER_DAY = 24
HOURS_PER_WEEK = 168
DAYS_PER_WEEK = 7
DAYS_PER_YEAR = 365
MONTHS_PER_YEAR = 12

FIBRE_MS_PER_KM = 0.0049
"""One-way propagation delay along fibre, refractive index about 1.47 (4.9 µs/km)."""

STANDARD_RACK_MW = 0.0025
"""IT power of the standard rack (标准机架) of Chinese statistics: 2.5 kW."""

MCNY_PER_YI_YUAN = 100.0
"""Million CNY in 1 亿元."""
MCNY_PER_WAN_YUAN = 0.01
"""Million CNY in 1 万元."""

EARTH_RADIUS_KM = 6371.0


def mcny_per_mwh(cny_per_kwh: float) -> float:
    """Return million CNY per MWh from CNY per kWh (1 CNY/kWh = 1,000 CNY/MWh)."""
    return cny_per_kwh * 1e-3


def mcny_per_mw_year_from_demand_charge(cny_per_kw_month: float) -> float:
    """Return million CNY per MW and year from a monthly demand charge in CNY per kW (twelve charges a year)."""
    return cny_per_kw_month * MONTHS_PER_YEAR * 1e-3


def tonnes_per_mwh(kg_per_kwh: float) -> float:
    """Return tonnes per MWh from kilograms per kWh: the same number."""
    return kg_per_kwh


def mw(kw: float) -> float:
    """Return megawatts from kilowatts."""
    return kw * 1e-3


def mcny_from_cny(cny: float) -> float:
    """Return million CNY from CNY."""
    return cny * 1e-6


def cubic_metres_per_mwh(litres_per_kwh: float) -> float:
    """Return cubic metres per MWh from litres per kWh: the same number."""
    return litres_per_kwh


def racks(mw: float) -> float:
    """Return the standard racks (2.5 kW) that `mw` of IT power fills."""
    return mw / STANDARD_RACK_MW


def mw_of_racks(count: float) -> float:
    """Return the IT power of `count` standard racks, MW."""
    return count * STANDARD_RACK_MW


def annuity_factor(rate: float, life_years: float) -> float:
    """Return the yearly payment per unit of overnight capex: r / (1 − (1 + r)^−life), and 1 / life at r = 0."""
    if rate == 0.0:
        return 1.0 / life_years
    return float(rate / (1.0 - (1.0 + rate) ** -life_years))


def counted(count: int, noun: str) -> str:
    """Return a count with its English noun: `1 round`, `2 rounds`; for nouns with a plural in s."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
