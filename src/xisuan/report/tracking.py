"""The page of a track: statuses, small multiples with targets, intervals and sources, in one file by itself."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from xisuan.indicators.vocabulary import vocabulary
from xisuan.report import sheet
from xisuan.report.drawing import Tick, ticks
from xisuan.report.figures import MISSING, Language, plain
from xisuan.report.tracking_words import MEASURES, NOTES, STATUSES, amount, ratio, speak, status, variable
from xisuan.results.track import Track, records
from xisuan.scenario.tables_access import BY_INDICATOR

WIDTH, HEIGHT = 600, 260
"""The box of a chart; it is stretched to its place, text is set over it."""
TONES = {
    "reached": "good",
    "on track": "good",
    "at risk": "plain",
    "off track": "bad",
    "missed": "bad",
    "deadline passed, outcome not published": "plain",
    "not enough data": "plain",
}
MOST_SOURCES = 4
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
    """A target: place in the box and its words."""

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
    dots: tuple[Dot, ...]
    goals: tuple[Goal, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    sources: tuple[tuple[str, str], ...]
    restated: str


FULL_WIDTH = {";": "；", ",": "，"}
HALF_WIDTH = re.compile(r"([;,]) (?=[\u4e00-\u9fff\d≥≤])")
"""Marks between Chinese clauses that the English note had."""


def note(track: Track, text: str, language: Language) -> str:
    """A note in a language, indicators by the names that people call them."""
    for name in sorted(track.titles, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", track.called(name, language).replace("\\", ""), text)
    text = re.sub(r"([\d,]+) mCNY", lambda match: amount(float(match[1].replace(",", "")), "mCNY", language), text)
    for pattern, chinese in NOTES if language == "zh" else ():
        text = re.sub(pattern, chinese, text)
    return HALF_WIDTH.sub(lambda found: FULL_WIDTH[found[1]], text) if language == "zh" else text


def _percent(value: float, decimals: int, language: Language) -> str:
    """A percentage with its sign, after a space in English."""
    return MISSING if _missing(value) else f"{value:.{decimals}f}{'' if language == 'zh' else ' '}%"


def html(track: Track, language: Language = "en") -> str:
    """The page as one HTML document. It makes no request of any kind."""
    latest_first = track.targets.sort_values(["deadline", "indicator"], ascending=[False, True], kind="stable")
    rows = [cells(track, row, language) for row in records(latest_first)]
    return (
        sheet.engine()
        .get_template("track.html.j2")
        .render(
            language=language,
            t=lambda key, **values: speak(language, key, **values),
            title=(track.title_zh if language == "zh" else track.title) or track.name,
            as_of=track.as_of.isoformat(),
            counts=_counts(track, language),
            rows=rows,
            charts=charts(track, language),
            parts=part_lines(track, language),
            cities=city_cells(track, language),
            city_columns=city_columns(track),
            standards=standard_lines(track, language),
            followed=followed(track, language),
            contradictions=_contradictions(track, language),
            restated=_restated(track, language),
            drivers=multipliers(track, language),
            style=Markup(sheet.text("report.css")),
            width=WIDTH,
            height=HEIGHT,
        )
    )


def write(track: Track, path: Path, language: Language = "en") -> None:
    """Write the page to `path`."""
    path.write_text(html(track, language), encoding="utf-8")


CITY = ("city", "holds", "since", "status", "deadline", "planned", "probability", "binding", "short")
"""Columns of the dates of cities; those in which nothing is said are left out."""


def city_columns(track: Track) -> tuple[str, ...]:
    """Those of `CITY` in which something is said."""
    kept, rows = ("city", "status", "deadline"), records(track.cities)
    return tuple(name for name in CITY if name in kept or any(row[name] and not _missing(row[name]) for row in rows))


def city_cells(track: Track, language: Language) -> list[dict[str, str]]:
    """The dates of cities as cells of text."""
    return [
        {
            "city": track.called(row["city"], language),
            "holds": track.said(row["holds"], language) or MISSING,
            "since": row["since"] or MISSING,
            "deadline": row["deadline"].removesuffix("-12-31") or MISSING,
            "status": status(language, row["status"]),
            "tone": TONES[row["status"]],
            "planned": MISSING if _missing(row["planned"]) else f"{row['planned']:.0f}",
            "probability": MISSING if _missing(row["probability"]) else f"{100 * row['probability']:.0f} %",
            "binding": _in_the_way(row["binding"], language),
            "short": _in_the_way(row["short"], language),
        }
        for row in records(track.cities)
    ]


def short_lines(track: Track, language: Language) -> list[str]:
    """For each version of the standard that is asked for, and each indicator, the cities whose state falls short of it,
    where there is no plan."""
    rows, comma = records(track.cities), "、" if language == "zh" else ", "
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for one in filter(None, row["short"].split(";")):
            found.setdefault((row["asked"], one), []).append(track.called(row["city"], language))
    order = {name: at for at, name in enumerate(BY_INDICATOR)}
    return [
        speak(
            language,
            "short_of",
            version=track.said(asked, language),
            indicator=_title(one, language),
            cities=comma.join(names),
        )
        for (asked, one), names in sorted(found.items(), key=lambda item: (item[0][0], order[item[0][1]]))
    ]


def standard_lines(track: Track, language: Language) -> list[str]:
    """A sentence for each version of the standard that a city holds or is asked for: thresholds, and how sure they are."""
    lines = []
    for version, rows in track.standards.groupby("version", sort=False):
        of = [
            f"{_title(row['indicator'], language)} {SIGNS.get(row['op'], row['op'])} {plain(row['threshold'])}"
            f"{' %' if row['unit'] == '%' else ''}"
            for row in records(rows)
        ]
        since = min(rows["since"])
        lines.append(
            speak(
                language,
                "standard_since" if since else "standard_version",
                version=track.said(str(version), language),
                year=since,
                thresholds=("、" if language == "zh" else ", ").join(of),
                count=int((rows["quality"] == "estimate").sum()),
                all=len(rows),
            )
        )
    return lines


SIGNS = {">=": "≥", ">": ">"}


def _title(name: str, language: Language) -> str:
    one = BY_INDICATOR[name]
    return one.title_zh if language == "zh" else one.title


def _in_the_way(names: str, language: Language) -> str:
    """Indicators, and budgets, by the names that people call them."""
    titles = [
        _title(name, language) if name in BY_INDICATOR else speak(language, "money_short")
        for name in names.split(";")
        if name
    ]
    return ("、" if language == "zh" else ", ").join(titles)


def _counts(track: Track, language: Language) -> list[tuple[str, int, str]]:
    found = track.targets["status"].value_counts()
    return [(status(language, name), int(found[name]), TONES[name]) for name in STATUSES if name in found]


BOUNDS = {"over": ">", "about": "≈", "under": "<"}
"""Marks of vague bounds."""


def measure(track: Track, indicator: str, language: Language) -> str:
    """What an indicator measures of its industry, such as value added; its name where the vocabulary does not say."""
    term = vocabulary().terms.get(indicator)
    known = MEASURES.get(term.measure if term else "")
    return track.called(indicator, language) if known is None else known[language == "zh"]


def _of(track: Track, indicator: str | None, language: Language) -> str:
    """The measure of another indicator whose growth a figure is, in brackets; blank where it is the same one's."""
    if not indicator or _missing(indicator):
        return ""
    name = measure(track, indicator, language)
    return f"（{name}）" if language == "zh" else f" ({name})"


def cells(track: Track, row: dict[str, Any], language: Language) -> dict[str, str]:
    """A target as cells of text."""
    unit = row["unit"]
    interval = (
        MISSING
        if _missing(row["low"])
        else f"{amount(row['low'], unit, language)} – {amount(row['high'], unit, language)}"
    )
    bound = BOUNDS.get(row["latest_bound"] or "", "")
    return {
        "indicator": track.called(row["indicator"], language),
        "region": track.called(row["region"], language),
        "target": amount(row["target"], unit, language),
        "deadline": row["deadline"],
        "status": status(language, row["status"]),
        "tone": TONES[row["status"]],
        "probability": MISSING if _missing(row["probability"]) else f"{100 * row['probability']:.0f} %",
        "latest": bound + amount(None if _missing(row["latest"]) else row["latest"], unit, language),
        "latest_end": "" if _missing(row["latest_end"]) else row["latest_end"],
        "interval": interval,
        "required": MISSING if _missing(row["required_growth_pct"]) else f"{row['required_growth_pct']:.1f} %",
        "best": _percent(row["best_growth_pct"], 1, "en").replace("\u00a0", " ")
        + _of(track, row["best_growth_of"], language),
        "index": MISSING if _missing(row["progress_index_pct"]) else f"{row['progress_index_pct']:.0f} %",
        "note": note(track, row["note"] or "", language),
    }


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def charts(track: Track, language: Language) -> list[Chart]:
    """A chart for each indicator and region with a target and at least two figures or a path."""
    out = []
    pairs = track.targets[["indicator", "region"]].drop_duplicates().itertuples(index=False, name=None)
    for indicator, region in pairs:
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
        return HEIGHT * (1 - min(value, self.top) / self.top)

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
    highest = [row["value"] for row in seen] + [row["target"] for row in goals] + [row["median"] for row in path]
    top, marks = ticks(max(highest) * 1.05)
    return _Axes(min(days), max(days), top, tuple(marks))


def _chart(track: Track, indicator: str, region: str, own: dict[str, pd.DataFrame], language: Language) -> Chart | None:
    seen = records(own["observed"][own["observed"]["value"].notna()])
    seen = [row for row in seen if row["basis"] == "point" or _whole(row)]
    goals, path = records(own["targets"]), records(own["paths"])
    if len(seen) + len(path) < 2:
        return None
    axes, unit = _axes(seen, path, goals), goals[0]["unit"]
    used = sorted((row for row in seen if _used(row)), key=lambda row: row["period_end"])
    groups: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for row in used:
        point = (axes.x(row["period_end"]), axes.y(row["value"]))
        groups.setdefault((row["scope"], row["price_base"]), []).append(point)
    ahead = _ahead(path, used)
    upper = [(axes.x(row["date"]), axes.y(row["high"])) for row in ahead]
    lower = [(axes.x(row["date"]), axes.y(row["low"])) for row in reversed(ahead)]
    cited = dict.fromkeys(key for row in (*used, *goals) for key in str(row["source"]).split(";"))
    return Chart(
        title=f"{track.called(indicator, language)} · {track.called(region, language)}",
        unit=amount_unit(unit, language, axes.top),
        line="".join(_polyline(line) for line in groups.values()),
        band=_polyline([*upper, *lower]) + "Z" if ahead else "",
        median=_polyline([(axes.x(row["date"]), axes.y(row["median"])) for row in ahead]),
        planned=_polyline([(axes.x(row["date"]), axes.y(row["median"])) for row in path if row["kind"] == "plan"]),
        dots=tuple(
            Dot(axes.x(row["period_end"]), axes.y(row["value"]), _used(row), _tip(track, row, language)) for row in seen
        ),
        goals=tuple(Goal(axes.x(row["deadline"]), axes.y(row["target"]), _aim(row, unit, language)) for row in goals),
        across=axes.across(),
        up=axes.up(unit, language),
        sources=tuple(
            (track.titled(key, language), track.sources.get(key, (key, "", ""))[1])
            for key in list(cited)[:MOST_SOURCES]
        ),
        restated=speak(language, "scopes") if len(groups) > 1 else "",
    )


def _ahead(path: Sequence[Row], used: Sequence[Row]) -> list[Row]:
    """The path that is foretold, from the latest figure on."""
    ahead = sorted((row for row in path if row["kind"] != "plan"), key=lambda row: row["date"])
    if ahead and used and used[-1]["period_end"] < ahead[0]["date"]:
        start = used[-1]["value"]
        ahead.insert(0, {"date": used[-1]["period_end"], "median": start, "low": start, "high": start})
    return ahead


def _aim(row: Row, unit: str, language: Language) -> str:
    return f"{speak(language, 'target')} {row['deadline']}: {amount(row['target'], unit, language)}"


def _whole(row: dict[str, Any]) -> bool:
    """Whether a figure covers whole years."""
    return bool(row["period_start"].endswith("-01-01") and row["period_end"].endswith("-12-31"))


def _used(row: dict[str, Any]) -> bool:
    """Whether a figure is the one used for its period; what was only projected is not."""
    return bool(row["rank"] == 1 and row["status"] in ("actual", "preliminary"))


def amount_unit(unit: str, language: Language, top: float = 1e6) -> str:
    """The unit of an axis that goes to `top`."""
    if unit == "mCNY":
        return "亿元" if language == "zh" else "bn CNY"
    if unit == "1" and top < 1e4:
        return ""
    if unit == "1":
        return "万" if language == "zh" else speak(language, "thousand")
    return {"pct": "%", "per_10k": speak(language, "per_10k")}.get(unit, unit)


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
    source = track.titled(str(row["source"]).split(";")[0], language)
    level = f"{row['bound']} {amount(row['value'], row['unit'], language)}".strip()
    return f"{when}: {level} ({row['status']}; {row['published']}; {source})".replace("  ", " ")


def _day(text: str) -> int:
    return datetime.date.fromisoformat(text).toordinal()


def _years(first: int, last: int) -> list[int]:
    """At most six years whose ends lie on the axis."""
    years = [
        year
        for year in range(datetime.date.fromordinal(first).year, datetime.date.fromordinal(last).year + 1)
        if first <= datetime.date(year, 12, 31).toordinal() <= last
    ]
    return years[:: max(1, math.ceil(len(years) / 6))]


def _polyline(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""


def part_lines(track: Track, language: Language) -> list[str]:
    """What is known of parts from their wholes, a sentence each."""
    return [
        speak(
            language,
            "part",
            part=track.called(row["part"], language),
            region=track.called(row["region"], language),
            year=row["year"],
            most=amount(row["at_most"], row["unit"], language),
            how=note(track, row["how"], language),
            growth=_percent(row["required_growth_pct"], 0, language),
            best=_percent(row["best_growth_pct"], 1, language) + _of(track, row["best_growth_of"], language),
        )
        for row in records(track.parts)
    ]


FOLLOWED = ("indicator", "period", "followed_level", "target", "interval", "followed_held", "source")
"""Heads of the table of what followed."""


def followed(track: Track, language: Language) -> list[tuple[str, ...]]:
    """What was published later, beside its target and the interval that was given for it, a row each."""
    rows: list[tuple[str, ...]] = []
    regions = track.targets["region"]
    home = regions.mode().iloc[0] if len(regions) else ""
    for row in records(track.followed):
        unit, other = row["unit"], row["as"] != row["indicator"]
        name = track.called(row["as"] if other else row["indicator"], language)
        name += "" if row["region"] == home else f" · {track.called(row['region'], language)}"
        held = {True: "held", False: "not_held"}.get(row["held"], "projected" if row["status"] == "projected" else "")
        rows.append(
            (
                f"{name} ({speak(language, 'if_scopes_match')})" if other else name,
                row["period_end"],
                {"over": ">", "about": "≈", "under": "<"}.get(row["bound"] or "", "")
                + amount(row["value"], unit, language),
                MISSING if _missing(row["target"]) else amount(row["target"], unit, language),
                MISSING
                if _missing(row["low"])
                else f"{amount(row['low'], unit, language)} – {amount(row['high'], unit, language)}",
                speak(language, held) if held else MISSING,
                track.titled(str(row["source"]).split(";")[0], language),
            )
        )
    return rows


def _contradictions(track: Track, language: Language) -> list[tuple[str, ...]]:
    return [
        (
            track.called(row["indicator"], language),
            track.called(row["region"], language),
            row["period_end"],
            amount(row["used"], row["unit"], language),
            track.titled(row["used_source"], language),
            amount(row["other"], row["unit"], language),
            track.titled(row["other_source"], language),
        )
        for row in records(track.contradictions)
    ]


def _restated(track: Track, language: Language) -> list[tuple[str, ...]]:
    return [
        (
            track.called(row["indicator"], language),
            track.called(row["region"], language),
            row["period_end"],
            f"{row['growth_pct']:+.1f} %",
            f"{row['levels_pct']:+.1f} %",
            f"{row['points']:+.1f}",
        )
        for row in records(track.restated)
    ]


def multipliers(track: Track, language: Language) -> list[tuple[str, ...]]:
    """Claims about effects: indicator, variable, range, unit and who says so."""
    return [
        (
            track.called(row["indicator"], language),
            variable(row["variable"], language),
            f"{plain(row['low'])} – {plain(row['high'])}",
            ratio(row["unit"], language),
            track.said(row["how"], language),
        )
        for row in records(track.drivers)
        if row["kind"] == "scenario"
    ]
