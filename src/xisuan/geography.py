"""Distances on the earth."""

from __future__ import annotations

import numpy as np

from xisuan.units import EARTH_RADIUS_KM


def great_circle_km(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the great-circle distance by the haversine formula, km, shape (n,).

    Both arguments have shape (n, 2): latitude and longitude in degrees.
    """
    a, b = np.radians(one), np.radians(other)
    half = np.sin((a - b) / 2) ** 2
    chord = half[:, 0] + np.cos(a[:, 0]) * np.cos(b[:, 0]) * half[:, 1]
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord)))
