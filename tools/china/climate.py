"""Hourly weather and its effects: PUE by cooling plant, solar and wind output."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tools.china import facts
from tools.china.book import Book
from tools.china.case import Case

Array = NDArray[np.float64]

DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
HOURS = 8760
DAY_SPREAD_C = 3.5
"""Standard deviation of daily mean temperature about the month's mean, °C (the spread of the calibration rows)."""

PLANT = {
    "ZJK": "iec_dry",
    "YRD": "iec_humid",
    "WHU": "iec_humid",
    "SGN": "iec_humid",
    "TFU": "iec_humid",
    "CQG": "iec_humid",
    "HLG": "iec_dry",
    "GAN": "iec_humid",
    "QYG": "iec_dry",
    "ZWI": "iec_dry",
    "BJM": "chilled_water",
    "SHM": "chilled_water",
    "GZM": "chilled_water",
    "WHM": "chilled_water",
    "JNM": "chilled_water",
    "XAM": "chilled_water",
    "SYM": "chilled_water",
    "URM": "chilled_water",
    "LSM": "chilled_water",
}
"""Cooling plant of each site: indirect evaporative in the clusters (dry or humid air), chilled water in the metros."""

PLACE = {
    "BJM": "CN-BJ",
    "SHM": "CN-SH",
    "GZM": "CN-GD",
    "WHM": "CN-HB",
    "JNM": "CN-SD",
    "XAM": "CN-SN",
    "SYM": "CN-LN",
    "URM": "CN-XJ",
    "LSM": "CN-XZ",
}
"""Place of the climate data of a metro site; a cluster has its own."""

SOLAR_SITES = ("ZJK", "SGN", "HLG", "GAN", "QYG", "ZWI")
WIND_HOURS = {"ZJK": 2500, "HLG": 2700, "GAN": 1900, "QYG": 2100, "ZWI": 2000}
"""Full-load hours of wind a year (estimate): around the national 2,201 of 2022 by the quality of the wind."""
WIND_WINTER = {"ZJK": 0.30, "HLG": 0.30, "GAN": 0.20, "QYG": 0.20, "ZWI": 0.20}
"""Seasonal swing of wind about its mean, largest in mid-March (estimate: East Asian spring and winter winds)."""


def month_of_day() -> NDArray[np.int64]:
    """Return the month (0-11) of each day of a 365-day year."""
    return np.repeat(np.arange(12), DAYS)


def shuffled(count: int, start: int) -> NDArray[np.int64]:
    """Return a fixed, well-mixed order of 0 … count−1: multiples of a stride that is coprime to `count`."""
    stride = next(step for step in range(int(count * 0.382), count) if np.gcd(step, count) == 1)
    # A stride near 0.382 (golden section) spreads neighbouring days evenly.
    return (start + stride * np.arange(count)) % count


def daily_anomaly(start: int) -> Array:
    """Return standard normal day-to-day deviations (365): for each month the quantiles of its days, in a fixed order."""
    parts = []
    for days in DAYS:
        quantiles = np.array([NormalDist().inv_cdf((day + 0.5) / days) for day in range(days)])
        parts.append(quantiles[shuffled(days, start)])
    return np.concatenate(parts)


def temperature(place: str) -> Array:
    """Return the dry-bulb temperature by hour, °C: month mean + daily deviation + daily cosine with its peak at 15 h."""
    normal = facts.record("climate_monthly", node_id=place, use="1")
    swing = facts.record("climate_diurnal", dtr_class=normal["dtr_class"])
    month = month_of_day()
    mean = np.array([float(normal[f"m{number:02d}"]) for number in range(1, 13)])[month]
    width = np.array([float(swing[f"d{number:02d}"]) for number in range(1, 13)])[month]
    hour = np.arange(24)
    day = (mean + DAY_SPREAD_C * daily_anomaly(7))[:, None]
    return np.ravel(day + 0.5 * width[:, None] * np.cos(2 * np.pi * (hour - 15) / 24))


def pue(site: str) -> Array:
    """Return the PUE by hour: free + (mech − free) × clip((T − t1) / (t2 − t1), 0, 1), by the cooling plant."""
    plant = curve(PLANT[site])
    warm = temperature(PLACE.get(site, site)) - plant["t1_full_free"]
    share = np.clip(warm / (plant["t2_full_mech"] - plant["t1_full_free"]), 0, 1)
    return np.asarray(plant["pue_free"] + (plant["pue_mech"] - plant["pue_free"]) * share)


def curve(plant: str) -> dict[str, float]:
    """Return the parameters of a cooling plant: PUE with free and with mechanical cooling, and the temperatures, °C."""
    names = ("pue_free", "pue_mech", "t1_full_free", "t2_full_mech")
    return {name: facts.number("pue_model", "value", group="model", place=plant, parameter=name) for name in names}


def solar(site: str) -> Array:
    """Return solar output over capacity by hour: sine of solar elevation × clearness of the day, scaled to the year.

    Full-load hours are 0.8 × WorldClim irradiation (renewables.csv). Clearness has evenly spaced values from 0.35 to 1
    over the days of each month, in a fixed order of the site; output above capacity is cut.
    """
    hours = facts.number("renewables", "value", scope=f"{site} cluster", metric="solar_full_load_hours_potential")
    sun = sun_height(facts.number("hubs", "lat", cluster_id=site), facts.number("hubs", "lon", cluster_id=site))
    start = 3 + 5 * SOLAR_SITES.index(site)
    clear = np.concatenate([np.linspace(0.35, 1.0, days)[shuffled(days, start)] for days in DAYS])
    return scaled(sun * np.repeat(clear, 24), hours)


def sun_height(lat: float, lon: float) -> Array:
    """Return the sine of solar elevation in the middle of each hour of Beijing time (120° E), zero at night."""
    day = np.repeat(np.arange(365), 24)
    solar_hour = np.tile(np.arange(24) + 0.5, 365) + (lon - 120) / 15
    # Declination by Cooper's formula: 23.45° × sin(2π (284 + n) / 365), n from 1.
    tilt = np.radians(23.45) * np.sin(2 * np.pi * (284 + day + 1) / 365)
    angle = np.radians(15 * (solar_hour - 12))
    # sin h = sin φ sin δ + cos φ cos δ cos ω, with the hour angle ω of 15° per hour from solar noon.
    height = np.sin(np.radians(lat)) * np.sin(tilt) + np.cos(np.radians(lat)) * np.cos(tilt) * np.cos(angle)
    return np.asarray(np.maximum(height, 0))


def wind(site: str) -> Array:
    """Return wind output over capacity by hour: season × night swing × daily windiness, scaled to the year."""
    day = np.repeat(np.arange(365), 24)
    hour = np.tile(np.arange(24), 365)
    season = 1 + WIND_WINTER[site] * np.cos(2 * np.pi * (day - 75) / 365)
    night = 1 + 0.15 * np.cos(2 * np.pi * (hour - 2) / 24)
    gust = np.exp(0.6 * daily_anomaly(11 + sorted(WIND_HOURS).index(site)))
    return scaled(season * night * np.repeat(gust, 24), WIND_HOURS[site])


def scaled(shape: Array, hours: float) -> Array:
    """Return `shape` times the factor for which it sums to `hours` after it is cut at 1."""
    low, high = 0.0, 100.0 * hours / shape.sum()
    # Bisection: the sum increases with the factor.
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(middle * shape, 1).sum() < hours else (low, middle)
    return np.asarray(np.minimum(high * shape, 1))


def write(book: Book, case: Case) -> None:
    """Write the range of every hourly PUE."""
    for site, plant in [(site.name, PLANT[site.name]) for site in case.sites]:
        book.estimate(
            "profiles",
            "*",
            f"pue_{site}",
            round(curve(plant)["pue_free"] - 0.03, 2),
            round(curve(plant)["pue_mech"] + 0.08, 2),
            f"plant {plant}: curve set on observed cases, climate normals recalled and checked; plant type matters"
            " more than place",
        )


def profiles() -> dict[str, Array]:
    """Return every hourly profile by name: pue_SITE, solar_SITE, wind_SITE."""
    out = {f"pue_{site}": pue(site) for site in PLANT}
    out |= {f"solar_{site}": solar(site) for site in SOLAR_SITES}
    return out | {f"wind_{site}": wind(site) for site in WIND_HOURS}
