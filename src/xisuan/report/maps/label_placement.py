"""Names on a map that do not collide: the most important first, each on the first side that is free."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from xisuan.report.document.map_blocks import Label

Side = Literal["left", "right", "above", "below"]
SIDES: tuple[Side, ...] = ("right", "left", "above", "below")
MUST_SCALE = 1.15
"""Names that must stand are set bold and a little larger."""
LINE = 1.25
"""Height of a line, in ems."""
MARGIN = 2.0
"""Least distance of a name from the edge of the map, in map units."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Named:
    """A point that wants its name: place and radius in map units; `must` names are set even where they collide,
    and a point without a text only takes its place. `also`: other places of the name, tried in order where none at the
    point is free, such as along a line; `size`: how much it stands for, MW."""

    x: float
    y: float
    radius: float
    text: str
    kind: str
    must: bool = False
    also: tuple[tuple[float, float], ...] = ()
    size: float = 0.0


def place(points: Sequence[Named], width: float, height: float, pixels: float, size: float) -> tuple[Label, ...]:
    """Labels for `points` (most important first) on a map shown `pixels` wide in letters of `size` pixels."""
    unit = width / pixels
    taken: list[Box] = [_around(point) for point in points]
    labels: list[Label] = []
    for index, point in enumerate(points):
        if not point.text:
            continue
        others, names = taken[:index] + taken[index + 1 :], taken[len(points) :]
        spots = [point, *(replace(point, x=x, y=y) for x, y in point.also)]
        if point.must:
            spots += _beside(point, points, LINE * MUST_SCALE * unit * size)
        boxes = {(at, side): _box(spot, side, unit, size) for at, spot in enumerate(spots) for side in SIDES}
        free = [key for key, box in boxes.items() if _fits(box, others, width, height)]
        if not free and not point.must:
            continue
        at, side = free[0] if free else min(boxes, key=lambda key: _cost(boxes[key], names, others, width, height))
        taken.append(boxes[at, side])
        x, y = _corner(spots[at], side, unit)
        labels.append(Label(100 * x / width, 100 * y / height, point.text, side, point.kind))
    return tuple(labels)


def _beside(point: Named, points: Sequence[Named], line: float) -> list[Named]:
    """Return further places of a name that must stand: at points that touch its own, and a line higher or lower."""
    near = [
        one for one in points
        if one is not point and math.hypot(one.x - point.x, one.y - point.y) < one.radius + point.radius
    ]  # fmt: skip
    at = [point, *(replace(point, x=one.x, y=one.y, radius=one.radius) for one in near)]
    return [*at[1:], *(replace(one, y=one.y + sign * line) for one in at for sign in (1, -1))]


def text_width(text: str) -> float:
    """Width in ems: Chinese characters are square, Latin letters about half."""
    return sum(1.0 if ord(letter) > 0x2E80 else 0.56 for letter in text)


def _around(point: Named) -> Box:
    return (point.x - point.radius, point.y - point.radius, point.x + point.radius, point.y + point.radius)


def _corner(point: Named, side: Side, unit: float) -> tuple[float, float]:
    gap = point.radius + 3 * unit
    return {
        "right": (point.x + gap, point.y),
        "left": (point.x - gap, point.y),
        "above": (point.x, point.y - gap),
        "below": (point.x, point.y + gap),
    }[side]


def _box(point: Named, side: Side, unit: float, size: float) -> Box:
    em = unit * size
    em *= MUST_SCALE if point.must else 1.0
    wide, high = text_width(point.text) * em, LINE * em
    x, y = _corner(point, side, unit)
    return {
        "right": (x, y - high / 2, x + wide, y + high / 2),
        "left": (x - wide, y - high / 2, x, y + high / 2),
        "above": (x - wide / 2, y - high, x + wide / 2, y),
        "below": (x - wide / 2, y, x + wide / 2, y + high),
    }[side]


def _fits(box: Box, others: Sequence[Box], width: float, height: float) -> bool:
    return _beyond(box, width, height) == 0.0 and _overlap(box, others) == 0.0


def _cost(
    box: Box, names: Sequence[Box], others: Sequence[Box], width: float, height: float
) -> tuple[float, float, float]:
    """Return how far the box goes beyond the map, its overlap with names, and that with names and points.

    A name that is cut cannot be read, nor one on another name; one on a point can.
    """
    return _beyond(box, width, height), _overlap(box, names), _overlap(box, others)


def _beyond(box: Box, width: float, height: float) -> float:
    beyond = (MARGIN - box[0], MARGIN - box[1], box[2] - width + MARGIN, box[3] - height + MARGIN)
    return sum(max(0.0, part) for part in beyond)


def _overlap(box: Box, others: Sequence[Box]) -> float:
    total = 0.0
    for other in others:
        wide = min(box[2], other[2]) - max(box[0], other[0])
        high = min(box[3], other[3]) - max(box[1], other[1])
        total += max(0.0, wide) * max(0.0, high)
    return total
