"""Map of the cities, each filled by the year in which it becomes a gigabit city."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from xisuan.report import run_measures
from xisuan.report.access.city_status import Standing
from xisuan.report.document.map_blocks import Area, Map
from xisuan.report.maps import base_maps, boundaries, label_placement
from xisuan.report.maps.base_maps import Base
from xisuan.report.maps.network_map import NARROW_PIXELS, NARROW_SIZE, WIDE_PIXELS, WIDE_SIZE
from xisuan.report.run_context import Context
from xisuan.text.numbers import MISSING
from xisuan.text.translation import message as _

EARLIEST, LATEST = 0.6, 0.15
"""Depth of the first and of the last year; years between lie between."""
BEFORE = 0.6
DOT = 7.0
"""Radius in map units of a city whose borders are not known."""


def year_map(context: Context, standing: Standing) -> Map | None:
    """Return the map of cities by year, or None if no city has coordinates."""
    rows = context.scenario["cities"].drop_duplicates("city").dropna(subset=["lat", "lon"])
    places = {
        row["city"]: (row["lon"], row["lat"]) for row in run_measures.records(rows) if row["city"] in standing.cities
    }
    if not places:
        return None
    homes = {city: boundaries.prefecture_at(*place) for city, place in places.items()}
    base, shapes = _base(context, places, homes)
    frame, shades = base.frame, _shades(context, standing)
    areas, names = [], []
    for city in sorted(places, key=lambda city: -_people(standing, city)):
        home, (x, y) = homes[city], frame.place(*places[city])
        shape = shapes.get(home.code if home else "", "") or _dot(x, y)
        areas.append(_area(context, standing, city, shape, shades))
        year = "" if city in standing.before else standing.year(city, "")
        names.append(label_placement.Named(x, y, 1.0, f"{context.name('cities', city)} {year}".strip(), "city"))
    national = base.inset is not None
    return Map(
        name="nation" if national else "cities",
        title=_title(context, standing),
        description=_description(context, standing),
        width=frame.width,
        height=frame.height,
        land=base.land,
        shared=base.shared,
        outer=base.outer,
        highlight="",
        dashes=base.dashes,
        undetermined=base.undetermined,
        tracks=(),
        marks=(),
        flows=(),
        labels=label_placement.place(
            names, frame.width, frame.height, WIDE_PIXELS if national else frame.width, WIDE_SIZE
        ),
        narrow_labels=label_placement.place(names, frame.width, frame.height, NARROW_PIXELS, NARROW_SIZE),
        sizes=(),
        widths=(),
        source=context.say(base_maps.SOURCE_OF_BORDERS) if base.land else "",
        inset=base.inset,
        areas=tuple(areas),
        key=_key(context, standing, shades),
        numbers=_rows(context, standing, places),
    )


def _base(
    context: Context, places: Mapping[str, tuple[float, float]], homes: Mapping[str, boundaries.Area | None]
) -> tuple[Base, Mapping[str, str]]:
    """Return the base map and its paths by prefecture: the province of all cities, else China, else a frame only."""
    found = [home for home in homes.values() if home]
    provinces = {home.province for home in found}
    if len(found) == len(homes) and len(provinces) == 1:
        code = provinces.pop()
        return base_maps.province(code), base_maps.prefectures(code)
    if any(boundaries.province_at(*place) for place in places.values()):
        return base_maps.country(base_maps.SOUTH_SEA_LABEL), base_maps.prefectures("")
    return Base(base_maps.fitted(np.array(list(places.values())), base_maps.BARE_WIDTH), "", "", ""), {}


def _rows(
    context: Context, standing: Standing, places: Mapping[str, tuple[float, float]]
) -> tuple[tuple[str, ...], ...]:
    """Return a row for each city on the map, headings first: its year, place and residents."""
    say, never = context.say, context.say(_("not at the end of the horizon"))
    heads = (
        _("City"),
        _("Gigabit city from"),
        _("Latitude, degrees"),
        _("Longitude, degrees"),
        _("Residents, million"),
    )
    rows = (
        (
            context.name("cities", city),
            say(_("named already")) if city in standing.before else standing.year(city, never),
            f"{lat:.7g}",
            f"{lon:.7g}",
            context.show.people(_people(standing, city)) if _people(standing, city) > 0 else MISSING,
        )
        for city, (lon, lat) in places.items()
    )
    return (tuple(map(say, heads)), *rows)


def _title(context: Context, standing: Standing) -> str:
    """Return the title of the map: the years, and the standard they are of where it changes within the horizon."""
    if standing.judged == context.periods:
        return context.say(_("Year in which each city becomes a gigabit city"))
    return context.say(
        _("Year from which each city is a gigabit city by the standard of {year}", year=standing.judged[0])
    )


def _shades(context: Context, standing: Standing) -> Mapping[int, float]:
    """Depth of each year in which some city may become one."""
    years = standing.judged
    steps = np.linspace(EARLIEST, LATEST, max(len(years), 2))
    return {year: float(steps[i]) for i, year in enumerate(years)}


def _area(context: Context, standing: Standing, city: str, shape: str, shades: Mapping[int, float]) -> Area:
    tip = "\n".join(part for part in (context.name("cities", city), *_describe_city(context, standing, city)) if part)
    if city in standing.before:
        return Area(shape, BEFORE, tip, "before")
    year = standing.since.get(city)
    return Area(shape, 0.0 if year is None else shades[year], tip, "never" if year is None else "year")


def _describe_city(context: Context, standing: Standing, city: str) -> tuple[str, ...]:
    people = context.say(_("{people} million residents", people=context.show.people(_people(standing, city))))
    if city in standing.before:
        return context.say(_("named already")), people
    year = standing.year(city, "")
    return context.say(_("gigabit city from {year} on", year=year)) if year else context.say(
        _("not at the end of the horizon")
    ), people


def _people(standing: Standing, city: str) -> float:
    """Residents at the end; 0 where they are not known."""
    rows = standing.table
    last = rows[(rows["city"] == city) & (rows["period"] == standing.context.last)]
    people = run_measures.number(last["residents"].iloc[0])
    return people if math.isfinite(people) else 0.0


def _key(context: Context, standing: Standing, shades: Mapping[int, float]) -> tuple[tuple[Area, str], ...]:
    """Return the meaning of each shade that is on the map."""
    became = {year for city, year in standing.since.items() if city not in standing.before}
    key = [(Area("", BEFORE, "", "before"), context.say(_("named already")))] if standing.before else []
    key += [(Area("", shade, ""), str(standing.ends[year])) for year, shade in shades.items() if year in became]
    if set(standing.cities) - set(standing.since):
        key.append((Area("", 0.0, "", "never"), context.say(_("not at the end of the horizon"))))
    return tuple(key)


def _description(context: Context, standing: Standing) -> str:
    never = context.say(_("not at the end of the horizon"))
    parts = [f"{context.name('cities', city)} {standing.year(city, never)}" for city in standing.cities]
    return context.say(
        _("Cities and the year in which each becomes a gigabit city: {parts}.", parts=context.show.listed(parts[:40]))
    )


def _dot(x: float, y: float) -> str:
    return f"M{x - DOT:.1f} {y:.1f}a{DOT} {DOT} 0 1 0 {2 * DOT} 0a{DOT} {DOT} 0 1 0 {-2 * DOT} 0z"
