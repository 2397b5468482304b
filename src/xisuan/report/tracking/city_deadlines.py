"""The dates of cities in a track: what they hold, what they are asked for, and what is in the way."""

from __future__ import annotations

from xisuan.report.tracking.track_notes import TONES, missing
from xisuan.report.tracking.track_phrases import status
from xisuan.results.track import Track, records
from xisuan.scenario.schema.access_tables import BY_INDICATOR
from xisuan.text.numbers import MISSING, plain
from xisuan.text.translation import Language, translate, unfilled
from xisuan.text.translation import message as _

CITY = ("city", "holds", "since", "status", "deadline", "planned", "probability", "binding", "short")
"""Columns of the dates of cities; those in which nothing is said are left out."""

SINCE = unfilled("Standard {version}, from {year}: {thresholds}. Thresholds that are estimates: {count} of {all}.")
ALWAYS = unfilled("Standard {version}: {thresholds}. Thresholds that are estimates: {count} of {all}.")


def city_columns(track: Track) -> tuple[str, ...]:
    """Return the columns of `CITY` that are not empty."""
    kept, rows = ("city", "status", "deadline"), records(track.cities)
    return tuple(name for name in CITY if name in kept or any(row[name] and not missing(row[name]) for row in rows))


def city_cells(track: Track, language: Language) -> list[dict[str, str]]:
    """Return the dates of cities as cells of text."""
    return [
        {
            "city": track.called(row["city"], language),
            "holds": track.said(row["holds"], language) or MISSING,
            "since": row["since"] or MISSING,
            "deadline": row["deadline"].removesuffix("-12-31") or MISSING,
            "status": status(language, row["status"]),
            "tone": TONES[row["status"]],
            "planned": MISSING if missing(row["planned"]) else f"{row['planned']:.0f}",
            "probability": MISSING if missing(row["probability"]) else f"{100 * row['probability']:.0f} %",
            "binding": _in_the_way(row["binding"], language),
            "short": _in_the_way(row["short"], language),
        }
        for row in records(track.cities)
    ]


def short_lines(track: Track, language: Language) -> list[str]:
    """Return the cities that fall short, by required version of the standard and indicator, if there is no plan."""
    rows, comma = records(track.cities), "、" if language == "zh" else ", "
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for one in filter(None, row["short"].split(";")):
            found.setdefault((row["asked"], one), []).append(track.called(row["city"], language))
    order = {name: at for at, name in enumerate(BY_INDICATOR)}
    return [
        translate(
            _(
                "If nothing is built, short of standard {version} in {indicator}: {cities}",
                version=track.said(asked, language),
                indicator=_title(one, language),
                cities=comma.join(names),
            ),
            language,
        )
        for (asked, one), names in sorted(found.items(), key=lambda item: (item[0][0], order[item[0][1]]))
    ]


def standard_lines(track: Track, language: Language) -> list[str]:
    """Return a sentence for each version of the standard that a city holds or must reach.

    It gives the thresholds and how many of them are estimates.
    """
    lines = []
    for version, rows in track.standards.groupby("version", sort=False):
        of = [
            f"{_title(row['indicator'], language)} {SIGNS.get(row['op'], row['op'])} {plain(row['threshold'])}"
            f"{' %' if row['unit'] == '%' else ''}"
            for row in records(rows)
        ]
        since = min(rows["since"])
        lines.append(
            translate(
                _(
                    SINCE if since else ALWAYS,
                    version=track.said(str(version), language),
                    year=since,
                    thresholds=("、" if language == "zh" else ", ").join(of),
                    count=int((rows["quality"] == "estimate").sum()),
                    all=len(rows),
                ),
                language,
            )
        )
    return lines


SIGNS = {">=": "≥", ">": ">"}


def _title(name: str, language: Language) -> str:
    return translate(BY_INDICATOR[name].title, language)


def _in_the_way(names: str, language: Language) -> str:
    """Indicators, and budgets, by the names that people call them."""
    titles = [
        _title(name, language) if name in BY_INDICATOR else translate(_("the budgets"), language)
        for name in names.split(";")
        if name
    ]
    return ("、" if language == "zh" else ", ").join(titles)
