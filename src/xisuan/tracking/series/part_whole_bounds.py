"""Bounds on an unpublished part of a whole from the published other parts, and growth on record."""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from xisuan.indicators.catalogue import catalogue
from xisuan.results.track import Level, watched
from xisuan.text.translation import Message
from xisuan.text.translation import message as _
from xisuan.tracking.series.reconciliation import Figure, levels
from xisuan.tracking.series.statistical_units import convert
from xisuan.tracking.series.year_nowcast import MOST_OF_A_YEAR

Row = dict[str, Any]
_BOUNDS = {"at least": _("at least"), "about": _("about"), "": ""}
"""Qualifiers of the level of a part."""


def bounds(
    figures: Sequence[Figure], specs: Mapping[str, Row], targets: Sequence[Row], day: datetime.date
) -> list[Row]:
    """Return upper bounds for the parts that have a target but no level, in the latest year of their whole.

    The bound is the whole less the other parts. A part published only for a place inside the region is at least that
    much; one published for part of the year is scaled by months and marked `about`. Derived figures count only where
    nothing was published. `specs`: rows of `indicators` by name. Returns rows of table `parts`.
    """
    out: list[Row] = []
    for row in targets:
        whole = str(specs[row["indicator"]]["part_of"])
        if not whole or row["deadline"] < str(watched(day)) or math.isnan(row["value"]):
            continue
        found = _bound(figures, specs, row, whole)
        if found is not None:
            out.append(found)
    return out


def _bound(figures: Sequence[Figure], specs: Mapping[str, Row], row: Row, whole: str) -> Row | None:
    part, region = row["indicator"], row["region"]
    years = [one for one in levels(figures, whole, region, bool(specs[whole]["chain"])) if one.whole_year]
    if not years or str(specs[whole]["kind"]) != "flow":
        return None
    top = years[-1]
    if any(one.whole_year and one.last.year >= top.last.year for one in levels(figures, part, region)):
        return None
    others = [
        name
        for name, spec in specs.items()
        if spec["part_of"] == whole and name != part and spec["unit"] == specs[whole]["unit"]
    ]
    known = [(name, at_least(figures, name, region, top.last.year)) for name in others]
    if any(found is None for _, found in known) or not known:
        return None
    rest = top.value - sum(found[0] for _, found in known if found is not None)
    if rest <= 0:
        return None
    unit = "mCNY" if specs[whole]["unit"] == "mCNY" else ""
    words: Level | Message = Level(top.value, unit)
    for name, found in known:
        if found:
            level, bound = Level(found[0], unit), _BOUNDS[found[1]]
            words = _("{rest} − {bound} {level} {part}", rest=words, bound=bound, level=level, part=name)
    deadline = datetime.date.fromisoformat(row["deadline"])
    goal = convert(float(row["value"]), row["unit"], str(specs[part]["unit"]))
    ahead = deadline.year - top.last.year
    growth = 100.0 * ((goal / rest) ** (1.0 / ahead) - 1.0) if ahead > 0 and goal > rest else None
    return {
        "whole": whole,
        "part": part,
        "region": region,
        "year": top.last.year,
        "at_most": rest,
        "unit": specs[part]["unit"],
        "how": words,
        "required_growth_pct": growth,
        "best_growth_pct": best_growth(figures, part, region),
        "best_growth_of": best_growth_of(figures, part, region),
        "deadline": row["deadline"],
    }


def at_least(figures: Sequence[Figure], indicator: str, region: str, year: int) -> tuple[float, str] | None:
    """Return the level of a part in a year and its quality: blank, `about` or `at least`.

    None if no figure of that year is known; other years bound nothing.
    """
    words = catalogue()
    inside = [
        one
        for one in figures
        if one.indicator == indicator
        and one.rank == 1
        and math.isfinite(one.value)
        and one.status in ("actual", "preliminary")
        and one.first.year == one.last.year == year
    ]
    own = [one for one in inside if one.region == region]
    nested = [one for one in inside if one.region != region and region in words.within(one.region)]
    for quality in ("published", "derived"):
        whole = [one for one in own if one.whole_year and one.quality == quality]
        if whole:
            return whole[0].value, "at least" if whole[0].bound == "over" else "about" if whole[0].bound else ""
        below = [one for one in nested if one.whole_year and one.quality == quality]
        if below:
            return max(one.value for one in below), "at least"
    part = [one for one in own if one.basis == "cumulative" and one.last.month >= MOST_OF_A_YEAR]
    if part:
        last = max(part, key=lambda one: one.last)
        return last.value * 12.0 / last.last.month, "about"
    return None


FROM_NOTHING = 900.0
"""Yearly growth in per cent that multiplies a level by ten; from there on it reflects a small start and not a pace."""


def best_growth(figures: Sequence[Figure], indicator: str, region: str) -> float | None:
    """Return the best yearly growth on record in per cent, or None.

    The growth is as published for the indicator, else for its industry, else computed from levels. Years in which the
    level grows tenfold or more are left out (see `begun`).
    """
    return max((growth for growth, _ in yearly(figures, indicator, region) if growth < FROM_NOTHING), default=None)


def worked_out(figures: Sequence[Figure], indicator: str, region: str) -> bool:
    """Return True if the yearly growths of an indicator are computed from levels, because none was published."""
    return not published(figures, indicator, region)


def best_growth_of(figures: Sequence[Figure], indicator: str, region: str) -> str:
    """Return the indicator that `best_growth` belongs to if it is another one of the industry; otherwise blank."""
    grown = [one for one in published(figures, indicator, region) if one.growth < FROM_NOTHING]
    best = max(grown, key=lambda one: one.growth, default=None)
    return "" if best is None or best.indicator == indicator else best.indicator


def begun(figures: Sequence[Figure], indicator: str, region: str) -> tuple[float, int] | None:
    """Return growth and year of the start of an indicator from a very small level, or None."""
    grown = yearly(figures, indicator, region, bounds=True)
    return max((one for one in grown if one[0] >= FROM_NOTHING), default=None)


def yearly(figures: Sequence[Figure], indicator: str, region: str, *, bounds: bool = False) -> list[tuple[float, int]]:
    """Return the growths of whole years with their years: as published, else of the industry, else from levels.

    `bounds`: True to use levels that are bounds as well; a pace cannot be computed from them.
    """
    if grown := published(figures, indicator, region):
        return [(one.growth, one.last.year) for one in grown]
    years = [
        one
        for one in levels(figures, indicator, region)
        if one.whole_year or (one.basis == "point" and (one.last.month, one.last.day) == (12, 31))
    ]
    return [
        (100.0 * (b.value / a.value - 1.0), b.last.year)
        for a, b in itertools.pairwise(years)
        if b.last.year == a.last.year + 1 and a.value > 0 and (bounds or not (a.bound or b.bound))
    ]


def published(figures: Sequence[Figure], indicator: str, region: str) -> list[Figure]:
    """Return figures with a growth of a whole year: of the indicator, else of its industry.

    Measures of an industry are output, revenue and value added.
    """
    words = catalogue()
    family = words.terms[indicator].family if indicator in words.terms else ""
    kin = {
        name
        for name, term in words.terms.items()
        if family and term.family == family and term.measure in ("output", "revenue", "value_added")
    }
    for names in ({indicator}, kin):
        grown = [
            one
            for one in figures
            if one.indicator in names
            and one.region == region
            and one.whole_year
            and one.rank == 1
            and math.isfinite(one.growth)
            and one.status in ("actual", "preliminary")
            and not one.growth_to_other
            and one.scope != "wider"
        ]
        if grown:
            return grown
    return []
