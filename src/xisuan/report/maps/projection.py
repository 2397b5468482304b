"""Albers equal-area projection on a sphere, standard parallels 25° N and 47° N, central meridian 105° E.

The usual projection of Chinese national maps: areas compare truly. Source: Snyder, Map Projections: A Working Manual
(USGS Professional Paper 1395, 1987), equations 14-1 to 14-6.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xisuan import units

SOUTH, NORTH, CENTRE, ORIGIN = (np.radians(degrees) for degrees in (25.0, 47.0, 105.0, 35.0))
CENTRAL_MERIDIAN = 105.0
"""Degrees."""
CONE = (np.sin(SOUTH) + np.sin(NORTH)) / 2
CONSTANT = np.cos(SOUTH) ** 2 + 2 * CONE * np.sin(SOUTH)


def project(points: ArrayLike) -> NDArray[np.float64]:
    """Kilometres east of 105° E and south of 35° N (y grows downwards, as on a screen) of (lon, lat) in degrees."""
    lon, lat = np.radians(np.asarray(points, dtype=np.float64)).reshape(-1, 2).T
    angle = CONE * (lon - CENTRE)
    radius = _radius(lat)
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle) - _radius(np.asarray(ORIGIN))])


def unproject(points: ArrayLike) -> NDArray[np.float64]:
    """Longitude and latitude in degrees of points as `project` gives them; NaN where no place on Earth is drawn there.

    Equations 14-8 to 14-11 of the same source.
    """
    x, y = np.asarray(points, dtype=np.float64).reshape(-1, 2).T
    down = y + _radius(np.asarray(ORIGIN))
    radius = np.hypot(x, down)
    sine = (CONSTANT - (radius * CONE / units.EARTH_RADIUS_KM) ** 2) / (2 * CONE)
    lat = np.arcsin(np.where(np.abs(sine) <= 1, sine, np.nan))
    lon = CENTRE + np.arctan2(x, down) / CONE
    return np.asarray(np.degrees(np.column_stack([lon, lat])), dtype=np.float64)


def _radius(lat: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(units.EARTH_RADIUS_KM * np.sqrt(CONSTANT - 2 * CONE * np.sin(lat)) / CONE)
