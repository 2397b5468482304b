"""Rings that share borders become few, simplified lines: each border is simplified once, so neighbours still meet.

Rings are cut where three or more borders meet; every piece (arc) is simplified once by the method of Douglas and
Peucker (1973) and used by all rings that had it. Rings that shrink to nothing are islets: they stay, as small
triangles, where they lie outside `crowded` (they mark territory), and go elsewhere (coastal rocks).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Line = Array
"""Points of a line in map coordinates: shape (n, 2)."""


@dataclass(frozen=True)
class Outline:
    """`rings` for filling, one tuple an area; `shared` borders between areas; `outer` borders of the whole."""

    rings: tuple[tuple[Line, ...], ...]
    shared: tuple[Line, ...]
    outer: tuple[Line, ...]


def simplify(areas: Sequence[Sequence[Line]], tolerance: float, keep_islet: Callable[[Line], bool]) -> Outline:
    """Simplify the rings of areas to within `tolerance` (in the coordinates' unit).

    Rings are closed lines whose shared borders have the same points. `keep_islet` tells which of the rings that
    would vanish stay as points of size `tolerance`.
    """
    corners = _junctions([ring for rings in areas for ring in rings])
    arcs: dict[bytes, tuple[Line, int]] = {}
    filled: list[tuple[Line, ...]] = []
    for rings in areas:
        kept: list[Line] = []
        for ring in rings:
            pieces = [_reduced(piece, tolerance, arcs) for piece in _cut(ring, corners)]
            line = np.vstack([pieces[0], *(piece[1:] for piece in pieces[1:])])
            if len(line) < 4 or _area(line) < tolerance**2:
                line = _islet(ring, tolerance) if keep_islet(ring) else line[:0]
            if len(line):
                kept.append(line)
        filled.append(tuple(kept))
    shared = tuple(line for line, times in arcs.values() if times > 1 and len(line) > 1)
    outer = tuple(line for line, times in arcs.values() if times == 1 and len(line) > 1 and _extent(line) > tolerance)
    return Outline(tuple(filled), shared, outer)


def path(lines: Sequence[Line], closed: bool = False) -> str:
    """SVG path data of lines, rounded to tenths, relative so that it stays short."""
    parts = []
    for line in lines:
        grid = np.round(line * 10).astype(int)
        steps = np.diff(grid, axis=0)
        steps = steps[np.any(steps != 0, axis=1)]
        if len(steps) == 0:
            continue
        moves = "".join(f"{_signed(x)}{_signed(y)}" for x, y in steps.tolist())
        parts.append(f"M{_tenth(grid[0, 0])} {_tenth(grid[0, 1])}l{moves.lstrip()}{'z' if closed else ''}")
    return "".join(parts)


def _tenth(value: int) -> str:
    text = f"{value / 10:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _signed(value: int) -> str:
    text = _tenth(value)
    text = text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
    return text if text.startswith("-") else " " + text


def _keys(line: Line) -> NDArray[np.int64]:
    grid = np.round(line * 1000).astype(np.int64)
    return np.asarray(grid[:, 0] * 1_000_000_007 + grid[:, 1])


def _junctions(rings: Sequence[Line]) -> frozenset[int]:
    """Points with other than two different neighbours: where borders meet."""
    keys = [_keys(ring) for ring in rings]
    starts = np.concatenate([key[:-1] for key in keys])
    ends = np.concatenate([key[1:] for key in keys])
    edges = np.unique(np.sort(np.column_stack([starts, ends]), axis=1), axis=0)
    points, degree = np.unique(edges, return_counts=True)
    return frozenset(points[degree != 2].tolist())


def _cut(ring: Line, corners: frozenset[int]) -> list[Line]:
    """Return the pieces of a ring between corners; without corners, the ring from its first point in order."""
    keys = _keys(ring)[:-1]
    at = [index for index, key in enumerate(keys.tolist()) if key in corners]
    start = at[0] if at else int(keys.argmin())
    turned = np.vstack([ring[start:-1], ring[: start + 1]])
    marks = [index - start for index in at] or [0]
    return [turned[low : high + 1] for low, high in zip(marks, [*marks[1:], len(keys)], strict=True)]


def _reduced(piece: Line, tolerance: float, arcs: dict[bytes, tuple[Line, int]]) -> Line:
    """Return the simplified arc, computed once and turned to the requested direction."""
    keys = _keys(piece)
    forward = keys.tobytes() <= keys[::-1].tobytes()
    key = keys.tobytes() if forward else keys[::-1].tobytes()
    if key in arcs:
        line, times = arcs[key]
    else:
        line, times = douglas_peucker(piece if forward else piece[::-1], tolerance), 0
    arcs[key] = (line, times + 1)
    return line if forward else line[::-1]


def douglas_peucker(line: Line, tolerance: float) -> Line:
    """Return the line reduced to the points that keep it within `tolerance` (Douglas and Peucker 1973)."""
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    todo = [(0, len(line) - 1)]
    while todo:
        low, high = todo.pop()
        if high - low < 2:
            continue
        distance = _distance(line[low + 1 : high], line[low], line[high])
        far = int(distance.argmax())
        if distance[far] > tolerance:
            middle = low + 1 + far
            keep[middle] = True
            todo += [(low, middle), (middle, high)]
    return line[keep]


def _distance(points: Line, start: Array, end: Array) -> Array:
    along = end - start
    length = float(np.hypot(*along))
    offset = points - start
    if length == 0.0:
        return np.asarray(np.hypot(offset[:, 0], offset[:, 1]))
    return np.asarray(np.abs(along[0] * offset[:, 1] - along[1] * offset[:, 0]) / length)


def _area(line: Line) -> float:
    x, y = line[:, 0], line[:, 1]
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)


def _extent(line: Line) -> float:
    return float(np.hypot(*np.ptp(line, axis=0)))


def _islet(ring: Line, size: float) -> Line:
    centre = ring[:-1].mean(axis=0)
    return np.asarray(centre + size * np.array([[0.0, -0.6], [0.6, 0.5], [-0.6, 0.5], [0.0, -0.6]]))
