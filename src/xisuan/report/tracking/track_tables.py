"""The tables of a track beside its targets: parts, what followed, what disagrees, claims about effects."""

from __future__ import annotations

from typing import Any

from xisuan.report.tracking.track_notes import BOUNDS, MONTH, missing, note, of_other, percent
from xisuan.report.tracking.track_phrases import amount, changed, ratio, span, variable
from xisuan.results.track import Track, records
from xisuan.text.numbers import MISSING, plain
from xisuan.text.translation import Language, translate
from xisuan.text.translation import message as _

PARTS_NOTE = _(
    "What is subtracted was published of that year; where it says about, it may be nine months or more, taken as a year. "
    "A figure that was worked out, though higher, counts only where none is: the bound would then be no bound."
)
"""Note under the bounds by parts and wholes."""


def part_lines(track: Track, language: Language) -> list[str]:
    """Return the bounds on parts from their wholes, a sentence each."""
    return [
        translate(
            _(
                "{part}, {region}: at most {most} in {year} ({how}). From there its target needs at least "
                "{growth} a year; best year on record {best}.",
                part=track.called(row["part"], language),
                region=track.called(row["region"], language),
                year=row["year"],
                most=amount(row["at_most"], row["unit"], language),
                how=note(track, row["how"], language),
                growth=percent(row["required_growth_pct"], 0, language),
                best=percent(row["best_growth_pct"], 1, language) + of_other(track, row["best_growth_of"], language),
            ),
            language,
        )
        for row in records(track.parts)
    ]


def planned_lines(track: Track, language: Language) -> list[str]:
    """Return the plan's level of each indicator that it shares with the statistics, by year, a sentence each."""
    plan = track.paths[track.paths["kind"] == "plan"]
    lines = []
    for (indicator, region), own in plan.groupby(["indicator", "region"], sort=False):
        name = track.called(str(indicator), language)
        name += "" if region == track.home else f" · {track.called(str(region), language)}"
        levels = [f"{row['date'][:4]} {amount(row['median'], row['unit'], language)}" for row in records(own)]
        lines.append(
            translate(
                _("{name}: {levels}", name=name, levels=("；" if language == "zh" else "; ").join(levels)), language
            )
        )
    if track.planned_of:
        lines.append(
            translate(
                _(
                    "The run was planned from other tables than this scenario has now: {tables}. Plan it again for a "
                    "path of this one.",
                    tables=("、" if language == "zh" else ", ").join(track.planned_of),
                ),
                language,
            )
        )
    return lines


HELD = {
    True: _("yes"),
    False: _("no"),
}
"""Whether an interval held."""
FOLLOWED = ("indicator", "period", "followed_level", "target", "interval", "followed_held", "source")
"""Heads of the table of what followed."""


def followed(track: Track, language: Language) -> list[tuple[str, ...]]:
    """Return later published figures beside their target and forecast interval, a row each."""
    rows: list[tuple[str, ...]] = []
    for row in records(track.followed):
        unit, other = row["unit"], row["as"] != row["indicator"]
        name = track.called(row["as"] if other else row["indicator"], language)
        name += "" if row["region"] == track.home else f" · {track.called(row['region'], language)}"
        held = HELD.get(row["held"]) or _undecided(row)
        rows.append(
            (
                f"{name} ({translate(_('if the scopes match'), language)})" if other else name,
                row["period_end"],
                BOUNDS.get(row["bound"] or "", "") + amount(row["value"], unit, language),
                MISSING if missing(row["target"]) else amount(row["target"], unit, language),
                MISSING if missing(row["low"]) else span(row["low"], row["high"], unit, language),
                translate(held, language),
                track.titled(str(row["source"]).split(";")[0], language),
            )
        )
    return rows


def _undecided(row: dict[str, Any]) -> str:
    """Return why a later figure does not decide whether the interval held."""
    if row["status"] == "projected":
        return _("projected only")
    return MISSING if missing(row["low"]) else _("a bound, undecided")


def contradictions(track: Track, language: Language) -> list[tuple[str, ...]]:
    """Return a row for each pair of contradicting figures of one period: the used and the other, with sources."""
    return [
        (
            track.called(row["indicator"], language),
            track.called(row["region"], language),
            row["period_end"],
            BOUNDS.get(row["used_bound"] or "", "") + amount(row["used"], row["unit"], language),
            track.titled(row["used_source"], language),
            BOUNDS.get(row["other_bound"] or "", "") + amount(row["other"], row["unit"], language),
            track.titled(row["other_source"], language),
        )
        for row in records(track.contradictions)
    ]


def restated(track: Track, language: Language) -> list[tuple[str, ...]]:
    """Published growth, or change in points, that two levels do not give: both, and what lies between, a row each."""
    return [
        (
            track.called(row["indicator"], language),
            track.called(row["region"], language),
            row["period_end"],
            *_borne(row, language),
            changed(row["points"]),
        )
        for row in records(track.restated)
    ]


def _borne(row: dict[str, Any], language: Language) -> tuple[str, str]:
    """Return the published growth, or change in points, and the one that the levels give."""
    if missing(row["growth_pct"]):
        said, of_levels = (changed(row[name]) for name in ("change_points", "levels_points"))
        return translate(_("{change} points", change=said), language), translate(
            _("{change} points", change=of_levels), language
        )
    return f"{changed(row['growth_pct'])} %", f"{changed(row['levels_pct'])} %"


def singles(track: Track, language: Language) -> list[tuple[str, ...]]:
    """Return the flows between two published levels of a year, and these levels, a row each."""
    rows = []
    for row in records(track.singles):
        name = track.called(row["indicator"], language)
        levels = (amount(row[column], row["unit"], language) for column in ("value", "to_date", "before"))
        sources = track.titled(str(row["source"]), language)
        name += "" if row["region"] == track.home else f" · {track.called(row['region'], language)}"
        rows.append((name, f"{row['period_start'][:MONTH]} – {row['period_end'][:MONTH]}", *levels, sources))
    return rows


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
