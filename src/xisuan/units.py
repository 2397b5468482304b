"""Every unit and conversion. Nobody else multiplies by 8,760, by 1,000 or by 0.0025.

One canonical unit per quantity inside: money in million CNY (mCNY), power in MW, energy in MWh, carbon in
tonnes, bandwidth in Gbps, latency in one-way milliseconds, water in cubic metres, time in hours.
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
"""The standard rack (标准机架) of Chinese statistics: 2.5 kW of IT."""

EARTH_RADIUS_KM = 6371.0


def mcny_per_mwh(cny_per_kwh: float) -> float:
    """Million CNY per MWh from CNY per kWh (1 CNY/kWh = 1,000 CNY/MWh)."""
    return cny_per_kwh * 1e-3


def mcny_per_mw_year_from_demand_charge(cny_per_kw_month: float) -> float:
    """Million CNY per MW and year from a monthly demand charge in CNY per kW (twelve charges a year)."""
    return cny_per_kw_month * MONTHS_PER_YEAR * 1e-3


def tonnes_per_mwh(kg_per_kwh: float) -> float:
    """Tonnes per MWh from kilograms per kWh: the same number."""
    return kg_per_kwh


def mw(kw: float) -> float:
    """Megawatts from kilowatts."""
    return kw * 1e-3


def mcny_from_cny(cny: float) -> float:
    """Million CNY from CNY."""
    return cny * 1e-6


def cubic_metres_per_mwh(litres_per_kwh: float) -> float:
    """Cubic metres per MWh from litres per kWh: the same number."""
    return litres_per_kwh


def racks(mw: float) -> float:
    """Standard racks (2.5 kW) that `mw` of IT fill."""
    return mw / STANDARD_RACK_MW


def mw_of_racks(count: float) -> float:
    """MW of IT that fill `count` standard racks."""
    return count * STANDARD_RACK_MW


def annuity_factor(rate: float, life_years: float) -> float:
    """Yearly payment per unit of overnight capex: r / (1 − (1 + r)^−life), and 1 / life at r = 0."""
    if rate == 0.0:
        return 1.0 / life_years
    return float(rate / (1.0 - (1.0 + rate) ** -life_years))


def counted(count: int, noun: str) -> str:
    """A number of things in English: `1 round`, `2 rounds`; for nouns that take an s."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
