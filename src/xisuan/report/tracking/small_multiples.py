"""The small multiples of a track: figures, targets, paths and intervals of an indicator in one box."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xisuan.report.document.chart_geometry import Tick, ticks
from xisuan.report.tracking import track_sources
from xisuan.report.tracking.track_notes import BOUNDS, aim, precision
from xisuan.report.tracking.track_phrases import amount, figure_status
from xisuan.results.track import Track, records
from xisuan.text.numbers import plain
from xisuan.text.translation import Language, in_context, translate
from xisuan.text.translation import message as _

WIDTH, HEIGHT = 600, 260
"""The box of a chart; it is stretched to its place, text is set over it."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dot:
    """A published figure: place in the box, whether it is the one used, and its words."""

    x: float
    y: float
    used: bool
    tip: str


@dataclass(frozen=True, slots=True)
class Goal:
    """A target, or a step of a plan: place in the box and its words."""

    x: float
    y: float
    tip: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One indicator and region, ready to be drawn."""

    title: str
    unit: str
    line: str
    band: str
    median: str
    planned: str
    steps: tuple[Goal, ...]
    dots: tuple[Dot, ...]
    goals: tuple[Goal, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    sources: str
    restated: str


def charts(track: Track, language: Language) -> list[Chart]:
    """Return a chart for each indicator and region with at least two figures or a path.

    Only those with a target or a planned path, if there are targets; the live ones first.
    """
    out = []
    planned = track.paths[track.paths["kind"] == "plan"]
    named = track.targets if len(track.targets) else track.observed
    pairs = pd.concat([frame[["indicator", "region"]] for frame in (named, planned)]).drop_duplicates()
    for indicator, region in pairs.itertuples(index=False, name=None):
        own = {name: _own(getattr(track, name), indicator, region) for name in ("observed", "paths", "targets")}
        if (chart := _chart(track, indicator, region, own, language)) is not None:
            out.append(chart)
    return out


def _own(frame: pd.DataFrame, indicator: str, region: str) -> pd.DataFrame:
    return frame[(frame["indicator"] == indicator) & (frame["region"] == region)]


@dataclass(frozen=True, slots=True)
class _Axes:
    """The scales of a chart: days across, from `first` to `last`, and a level up to `top`."""

    first: int
    last: int
    top: float
    marks: tuple[float, ...]

    def x(self, day: str | datetime.date) -> float:
        """Place of a day in the box."""
        at = day.toordinal() if isinstance(day, datetime.date) else _day(day)
        return 20 + (WIDTH - 40) * (at - self.first) / max(1, self.last - self.first)

    def y(self, value: float) -> float:
        """Place of a level in the box."""
        return HEIGHT * (1 - value / self.top)

    def across(self) -> tuple[Tick, ...]:
        """Ends of years, in per cent of the width."""
        years = _years(self.first, self.last)
        return tuple(Tick(100 * self.x(datetime.date(year, 12, 31)) / WIDTH, str(year)) for year in years)

    def up(self, unit: str, language: Language) -> tuple[Tick, ...]:
        """Levels, in per cent of the height."""
        scale = _scale(unit, language, self.top)
        return tuple(Tick(100 * mark / self.top, plain(mark / scale)) for mark in self.marks)


def _axes(seen: Sequence[Row], path: Sequence[Row], goals: Sequence[Row]) -> _Axes:
    days = [_day(row["period_end"]) for row in seen] + [_day(row["date"]) for row in path]
    days += [_day(row["deadline"]) for row in goals]
    highest = [row["value"] for row in seen] + [row["target"] for row in goals] + [row["high"] for row in path]
    top, marks = ticks(max(highest) * 1.05)
    return _Axes(min(days), max(days), top, tuple(marks))


def _chart(track: Track, indicator: str, region: str, own: dict[str, pd.DataFrame], language: Language) -> Chart | None:
    seen = records(own["observed"][own["observed"]["value"].notna()])
    seen = [row for row in seen if row["basis"] == "point" or _whole(row)]
    goals, path = records(own["targets"][own["targets"]["target"].notna()]), records(own["paths"])
    if len(seen) + len(path) < 2:
        return None
    axes, unit = _axes(seen, path, goals), (goals or path or seen)[0]["unit"]
    plan = [row for row in path if row["kind"] == "plan"]
    used = sorted((row for row in seen if _used(row)), key=lambda row: row["period_end"])
    groups: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for row in used:
        point = (axes.x(row["period_end"]), axes.y(row["value"]))
        groups.setdefault((row["scope"], row["price_base"]), []).append(point)
    ahead = _ahead(path, used)
    upper = [(axes.x(row["date"]), axes.y(row["high"])) for row in ahead]
    lower = [(axes.x(row["date"]), axes.y(row["low"])) for row in reversed(ahead)]
    cited = track_sources.said(track, [row["source"] for row in (*seen, *goals)], language)
    return Chart(
        title=f"{track.called(indicator, language)} · {track.called(region, language)}",
        unit=amount_unit(unit, language, axes.top),
        line="".join(_polyline(line) for line in groups.values()),
        band=_polyline([*upper, *lower]) + "Z" if ahead else "",
        median=_polyline([(axes.x(row["date"]), axes.y(row["median"])) for row in ahead]),
        planned=_polyline([(axes.x(row["date"]), axes.y(row["median"])) for row in plan]),
        steps=tuple(Goal(axes.x(row["date"]), axes.y(row["median"]), _step(row, language)) for row in plan),
        dots=tuple(
            Dot(axes.x(row["period_end"]), axes.y(row["value"]), _used(row), _tip(track, row, language)) for row in seen
        ),
        goals=tuple(Goal(axes.x(row["deadline"]), axes.y(row["target"]), _aim(row, language)) for row in goals),
        across=axes.across(),
        up=axes.up(unit, language),
        sources=track_sources.joined(cited, language),
        restated=translate(_("Levels of different scopes or price bases are not joined."), language)
        if len(groups) > 1
        else "",
    )


def _ahead(path: Sequence[Row], used: Sequence[Row]) -> list[Row]:
    """Return the path of the forecast, from the latest figure on."""
    ahead = sorted((row for row in path if row["kind"] != "plan"), key=lambda row: row["date"])
    if ahead and used and used[-1]["period_end"] < ahead[0]["date"]:
        start = used[-1]["value"]
        ahead.insert(0, {"date": used[-1]["period_end"], "median": start, "low": start, "high": start})
    return ahead


def _aim(row: Row, language: Language) -> str:
    return f"{translate(_('target'), language)} {row['deadline']}: {aim(row, language)}"


def _step(row: Row, language: Language) -> str:
    level = amount(row["median"], row["unit"], language)
    return f"{translate(in_context('track', 'in the plan'), language)} {row['date']}: {level}"


def _whole(row: dict[str, Any]) -> bool:
    """Return True if a figure covers whole years."""
    return bool(row["period_start"].endswith("-01-01") and row["period_end"].endswith("-12-31"))


def _used(row: dict[str, Any]) -> bool:
    """Return True if a figure is the one used for its period; what was only projected is not."""
    return bool(row["rank"] == 1 and row["status"] in ("actual", "preliminary"))


def amount_unit(unit: str, language: Language, top: float = 1e6) -> str:
    """Return the unit of an axis that ends at `top`."""
    if unit == "mCNY":
        return "亿元" if language == "zh" else "bn CNY"
    if unit == "1" and top < 1e4:
        return ""
    if unit == "1":
        return "万" if language == "zh" else translate(_("thousand"), language)
    return {"pct": "%", "per_10k": translate(_("per 10,000 residents"), language)}.get(unit, unit)


def _scale(unit: str, language: Language, top: float) -> float:
    if unit == "mCNY":
        return 100.0 if language == "zh" else 1000.0
    return (1e4 if language == "zh" else 1e3) if unit == "1" and top >= 1e4 else 1.0


def _tip(track: Track, row: dict[str, Any], language: Language) -> str:
    when = (
        row["period_end"]
        if row["period_start"] == row["period_end"]
        else f"{row['period_start']} – {row['period_end']}"
    )
    level = BOUNDS.get(row["bound"] or "", "") + amount(row["value"], row["unit"], language)
    titles = dict.fromkeys(track.titled(key, language) for key in str(row["source"]).split(";") if key)
    derived = translate(_("worked out from published figures"), language) if row["quality"] == "derived" else ""
    told = [figure_status(row["status"], language), derived, precision(row, language), row["published"], *titles]
    if language == "zh":
        return f"{when}：{level}（{'；'.join(filter(None, told))}）"
    return f"{when}: {level} ({'; '.join(filter(None, told))})"


def _day(text: str) -> int:
    return datetime.date.fromisoformat(text).toordinal()


def _years(first: int, last: int) -> list[int]:
    """Return at most six years whose ends lie on the axis."""
    years = [
        year
        for year in range(datetime.date.fromordinal(first).year, datetime.date.fromordinal(last).year + 1)
        if first <= datetime.date(year, 12, 31).toordinal() <= last
    ]
    return years[:: max(1, math.ceil(len(years) / 6))]


def _polyline(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""
