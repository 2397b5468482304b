"""Geometry of charts: from specifications to rectangles and paths in percentages, ready for a template.

Charts stretch to any width: shapes live in a coordinate box that is stretched, text is set over it at percentages,
so that letters keep their size on a phone, on a screen and on paper.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from xisuan.report.document.blocks import Bars, Days, Hours, Lines, Series
from xisuan.text.numbers import exact, is_crumb, plain

HEIGHT = 1000
"""Vertical resolution of a chart's box."""

SLOT, BAR = 100, 62
"""Width of a category and of its column."""

MOST_TICKS = 5
MOST_SPANS = 8
"""Spans of hours whose labels all have room on a wide page; of more, six are named."""
LEAST = 1e-9
"""An axis of nothing larger than this goes to 1."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in the chart's box."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    tip: str
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """Text at a percentage of an axis. `minor` ones go first where space is short."""

    at: float
    text: str
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A path of a series; `stacked` paths are cumulative, drawn from the last to the first. `values`: those of its own."""

    name: str
    path: str
    colour: str
    stacked: bool
    values: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A point at percentages of both axes; `text` is its value."""

    x: float
    y: float
    text: str
    colour: str
    tip: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart ready to be written: a box of `width` × HEIGHT, axes, marks."""

    width: int
    top: float
    ticks: tuple[Tick, ...]
    across: tuple[Tick, ...]
    rects: tuple[Rect, ...] = ()
    totals: tuple[tuple[float, float, str], ...] = ()
    shapes: tuple[Shape, ...] = ()
    breaks: tuple[int, ...] = ()
    dots: tuple[Dot, ...] = ()
    spread: tuple[tuple[float, float, float, str], ...] = ()

    @property
    def gutter(self) -> float:
        """Room for the labels of the vertical axis, in rem."""
        return round(max(2.0, 0.44 * max(len(tick.text) for tick in self.ticks) + 0.75), 2)


def ticks(largest: float) -> tuple[float, list[float]]:
    """Return the top of an axis that starts at 0, and its round ticks: at most MOST_TICKS steps of 1, 2, 2.5 or 5."""
    if not largest > LEAST or not math.isfinite(largest):
        return 1.0, [0.0, 1.0]
    rough = largest / MOST_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(step * power for step in (1.0, 2.0, 2.5, 5.0, 10.0) if step * power >= rough * (1 - 1e-9))
    count = math.ceil(largest / step - 1e-9)
    return step * count, [step * at for at in range(count + 1)]


NEAR = 0.5
"""The axis of a line chart begins at 0 unless all that is on it lies beyond this share of the largest."""


def between(low: float, high: float) -> tuple[list[float], int]:
    """Round ticks from `low` or less to `high` or more, and how many decimals tell them apart.

    They begin at 0 where that is not far below (`NEAR`); what does not change has room above and below it.
    """
    low = 0.0 if 0.0 <= low <= NEAR * high else low
    high = 0.0 if NEAR * low <= high <= 0.0 else high
    span = high - low
    if span <= LEAST * max(abs(low), abs(high), 1.0):
        room = 0.05 * abs(high) if abs(high) > LEAST else 1.0
        low, high, span = low - room, high + room, 2.0 * room
    step = ticks(span)[1][1]
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    decimals += not math.isclose(round(step, decimals), step, rel_tol=1e-6)  # 2.5 needs one more than 2
    return [step * at for at in range(first, last + 1)], decimals


def _axis(top: float, marks: list[float]) -> tuple[Tick, ...]:
    return tuple(Tick(100 * mark / top, plain(round(mark, 10))) for mark in marks)


def bars(spec: Bars) -> Drawn:
    """Return stacked columns with their totals above, hatched where they are over, and lines from least to most."""
    count = len(spec.categories)
    base = spec.base or (0.0,) * count
    sums = [sum(series.values[at] for series in spec.series) for at in range(count)]
    ends = [end for pair in spec.spread if pair for end in pair]
    top, marks = ticks(max([*(low + total for low, total in zip(base, sums, strict=True)), *ends], default=0.0))
    rects: list[Rect] = []
    for at, category in enumerate(spec.categories):
        below = base[at]
        for series in spec.series:
            value = series.values[at]
            if value > 0:
                y, height = HEIGHT * (1 - (below + value) / top), HEIGHT * value / top
                tip = f"{spec.title}\n{category} · {series.name}: {plain(value)} {spec.unit}"
                rects.append(Rect(at * SLOT + (SLOT - BAR) / 2, y, BAR, height, series.colour, tip, at < spec.actual))
                below += value
    middle = [100 * (at + 0.5) / count for at in range(count)]
    spread = tuple(
        (x, 100 * pair[0] / top, 100 * pair[1] / top, f"{plain(pair[0])}–{plain(pair[1])} {spec.unit}")
        for x, pair in zip(middle, spec.spread, strict=False)
        if pair
    )
    over = {x: high for x, _low, high, _tip in spread}
    totals = tuple(
        (x, max(100 * (low + total) / top, over.get(x, 0.0)), plain(total))
        for x, low, total in zip(middle, base, sums, strict=True)
        if total > 0
    )
    across = tuple(Tick(x, name) for x, name in zip(middle, spec.categories, strict=True))
    return Drawn(SLOT * count, top, _axis(top, marks), across, tuple(rects), totals, spread=spread)


def hours(spec: Hours) -> Drawn:
    """Stacked steps by the hour with lines over them; spans of hours side by side."""
    count = sum(span.hours for span in spec.spans)
    stack = np.cumsum([series.values for series in spec.series], axis=0) if spec.series else np.zeros((0, count))
    over = [np.asarray(series.values) for series in spec.lines]
    largest = max([float(stack[-1].max()) if len(stack) else 0.0, *(float(line.max()) for line in over)])
    top, marks = ticks(largest)
    shapes = [
        Shape(series.name, _steps(level, top, closed=True), series.colour, True, value_list(series.values))
        for series, level in zip(spec.series, stack, strict=True)
    ]
    shapes.reverse()
    shapes += [
        Shape(
            line.name, _steps(np.asarray(line.values), top, closed=False), line.colour, False, value_list(line.values)
        )
        for line in spec.lines
    ]
    ends = np.cumsum([span.hours for span in spec.spans]).tolist()
    starts = [0, *ends[:-1]]
    every = math.ceil(len(spec.spans) / 6)
    crowded = len(spec.spans) > MOST_SPANS
    across = tuple(
        Tick(
            100 * (start + end) / 2 / count,
            span.label,
            minor=at // every % 2 == 0 if crowded else at % every != every // 2,
        )  # not the outermost, which jut out
        for at, (span, start, end) in enumerate(zip(spec.spans, starts, ends, strict=True))
        if not crowded or at % every == every // 2
    )
    return Drawn(count, top, _axis(top, marks), across, shapes=tuple(shapes), breaks=tuple(ends[:-1]))


DAY = 24
SHADES = 12
"""Shades of a map of days."""


@dataclass(frozen=True, slots=True)
class Shade:
    """All hours of one shade, 0 to 1, as one path over days and hours."""

    share: float
    path: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """A map of days ready to be written: a box of `days` × 24, its shades, hours up the side and months across."""

    days: int
    shades: tuple[Shade, ...]
    ticks: tuple[Tick, ...]
    across: tuple[Tick, ...]


def days(spec: Days) -> Calendar:
    """Hours of the same shade on days in a row are one rectangle; an hour of the least shade is left to the paper."""
    values = np.asarray(spec.values).reshape(-1, DAY).T
    least, most = float(values.min()), float(values.max())
    shade = np.rint((values - least) / max(most - least, LEAST) * (SHADES - 1)).astype(int)
    paths: list[list[str]] = [[] for _ in range(SHADES)]
    for hour, row in enumerate(shade):
        starts = np.flatnonzero(np.diff(row, prepend=-1))
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(row)], strict=True):
            paths[row[start]].append(f"M{start} {hour}h{end - start}v1h{start - end}z")
    shades = tuple(Shade(at / (SHADES - 1), "".join(path)) for at, path in enumerate(paths) if path and at)
    ticks = tuple(Tick(100 * (1 - hour / DAY), f"{hour}:00") for hour in range(0, DAY + 1, 6))
    ends = np.cumsum([length for _, length in spec.months])
    across = tuple(
        Tick(100 * (end - length / 2) / ends[-1], name, minor=at % 3 != 1)
        for at, ((name, length), end) in enumerate(zip(spec.months, ends.tolist(), strict=True))
    )
    return Calendar(values.shape[1], shades, ticks, across)


def lines(spec: Lines) -> Drawn:
    """Points over a number in a square box, joined where they are; every value is a dot with its text."""
    xs = sorted({x for line in spec.lines for x, _ in line.points})
    marks, decimals = between(*_ends([y for line in spec.lines for _, y in line.points]))
    least, most = _ends(xs)
    room = 0.06 * (most - least) or 1.0  # so that no dot is cut, and a single one stands in the middle
    left, right = least - room, most + room

    def place(x: float, y: float) -> tuple[float, float]:
        return 100 * (x - left) / (right - left), 100 * (y - marks[0]) / (marks[-1] - marks[0])

    shapes, dots = [], []
    for line in spec.lines:
        at = [place(x, y) for x, y in line.points]
        path = "L".join(f"{HEIGHT * x / 100:.1f} {HEIGHT * (1 - y / 100):.1f}" for x, y in at)
        if line.joined and len(at) > 1:
            shapes.append(Shape(line.name, f"M{path}", line.colour, False))
        for (x, y), (across, up) in zip(line.points, at, strict=True):
            text = plain(y, 4)
            tip = f"{spec.title}\n{line.name}\n{spec.across} {_signed(x)}: {text} {spec.unit}"
            dots.append(Dot(across, up, text, line.colour, tip))
    axis = tuple(Tick(place(0.0, mark)[1], exact(mark, decimals)) for mark in marks)
    under = _apart([Tick(place(x, 0.0)[0], _signed(x)) for x in xs], xs)
    return Drawn(HEIGHT, marks[-1], axis, under, shapes=tuple(shapes), dots=tuple(dots))


NARROW, WIDE = 3.8, 1.15
"""Width of a character under a chart, in per cent of a chart that is one of several side by side, and of one alone."""


def _apart(found: list[Tick], xs: list[float]) -> tuple[Tick, ...]:
    """Return the labels that have room, in the order: those given (0), both ends, the others.

    `minor` labels have room only in a wide chart. Values without a label are shown by dots and by the table of numbers.
    """
    order = sorted(range(len(xs)), key=lambda at: (xs[at] != 0.0, at not in (0, len(xs) - 1), at))
    kept: dict[int, Tick] = {}
    for share, minor in ((NARROW, False), (WIDE, True)):
        for at in order:
            one = found[at]
            room = (
                abs(one.at - other.at) - share * (1 + (len(one.text) + len(other.text)) / 2) for other in kept.values()
            )
            if at not in kept and all(left >= 0.0 for left in room):
                kept[at] = replace(one, minor=minor)
    return tuple(kept[at] for at in sorted(kept))


def _ends(values: list[float]) -> tuple[float, float]:
    return min(values, default=0.0), max(values, default=0.0)


def _signed(value: float) -> str:
    return ("+" if value > 0.0 else "") + plain(value)


def _steps(values: np.ndarray, top: float, closed: bool) -> str:
    """Path of hourly steps; runs of the same height are one stroke."""
    levels = np.round(HEIGHT * (1 - values / top)).astype(int).tolist()
    parts = [f"M0 {HEIGHT}V{levels[0]}" if closed else f"M0 {levels[0]}"]
    run, here = 0, levels[0]
    for level in levels:
        if level != here:
            parts.append(f"h{run}v{level - here}")
            run, here = 0, level
        run += 1
    parts.append(f"h{run}")
    return "".join(parts) + (f"V{HEIGHT}z" if closed else "")


def value_list(values: Sequence[float]) -> str:
    """Return values with five significant digits, separated by blanks; crumbs of a solver are 0."""
    most = max(map(abs, values), default=0.0)
    return " ".join(f"{0.0 if is_crumb(value, most) else float(f'{value:.5g}'):.12g}" for value in values)


def numbers(spec: Bars) -> list[tuple[str, list[str]]]:
    """Return name and values of each series as text, for the table that replaces columns; rounding of a solver is 0."""
    most = max((abs(value) for series in spec.series for value in series.values), default=0.0)
    return [
        (series.name, [plain(0.0 if is_crumb(value, most) else value) for value in series.values])
        for series in spec.series
    ]


def points(spec: Lines) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Return the values of the horizontal axis, and name and values of each line as text, for the table that replaces
    lines."""
    xs = sorted({x for line in spec.lines for x, _ in line.points})
    rows = []
    for line in spec.lines:
        of = dict(line.points)
        rows.append((line.name, [plain(of[x], 4) if x in of else "" for x in xs]))
    return [_signed(x) for x in xs], rows


def summary(series: Series) -> tuple[str, str, str]:
    """Mean, least and most of a series, for the table that stands in for a chart of hours; crumbs of a solver are 0."""
    values = np.asarray(series.values)
    found = [float(values.mean()), float(values.min()), float(values.max())]
    mean, least, most = (plain(0.0 if is_crumb(value, max(found)) else value) for value in found)
    return mean, least, most
