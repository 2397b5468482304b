"""Parts and wholes: what is known of the others bounds a part that was not published."""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from xisuan.indicators.language.vocabulary import vocabulary
from xisuan.results.track import Level, watched
from xisuan.text.translation import Message
from xisuan.text.translation import message as _
from xisuan.tracking.series.reconciliation import Figure, levels
from xisuan.tracking.series.statistical_units import convert

Row = dict[str, Any]
_BOUNDS = {"at least": _("at least"), "about": _("about"), "": ""}
"""How sure the level of a part is."""


def bounds(
    figures: Sequence[Figure], specs: Mapping[str, Row], targets: Sequence[Row], day: datetime.date
) -> list[Row]:
    """For each part with a target and without a level: the most it can be in the latest year of its whole.

    A part that was published for a place inside the region is at least that much; one that was published for part of
    the year is scaled by months and said to be about that. Figures that were worked out count only where nothing was
    published.
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
    """The level of a part in a year and how sure it is: blank, `about` or `at least`; None where none of that year was
    published, for what an earlier year had bounds nothing."""
    words = vocabulary()
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
    part = [one for one in own if one.basis == "cumulative" and one.last.month >= 9]
    if part:
        last = max(part, key=lambda one: one.last)
        return last.value * 12.0 / last.last.month, "about"
    return None


FROM_NOTHING = 900.0
"""Growth in per cent of a year that multiplies its level by ten: it tells how small the beginning was, and no pace."""


def best_growth(figures: Sequence[Figure], indicator: str, region: str) -> float | None:
    """The best yearly growth on record: as published for the indicator, else for its industry, else of levels.

    A year that begins with less than a tenth of what it ends with is left out (see `begun`).
    """
    return max((growth for growth, _ in yearly(figures, indicator, region) if growth < FROM_NOTHING), default=None)


def worked_out(figures: Sequence[Figure], indicator: str, region: str) -> bool:
    """Whether the yearly growths of an indicator are those of two of its levels, because none was published."""
    return not published(figures, indicator, region)


def best_growth_of(figures: Sequence[Figure], indicator: str, region: str) -> str:
    """The indicator whose growth `best_growth` is, where it is another of the industry; else blank."""
    grown = [one for one in published(figures, indicator, region) if one.growth < FROM_NOTHING]
    best = max(grown, key=lambda one: one.growth, default=None)
    return "" if best is None or best.indicator == indicator else best.indicator


def begun(figures: Sequence[Figure], indicator: str, region: str) -> tuple[float, int] | None:
    """The growth and year in which an indicator began from next to nothing, where that would be its best."""
    grown = yearly(figures, indicator, region, bounds=True)
    return max((one for one in grown if one[0] >= FROM_NOTHING), default=None)


def yearly(figures: Sequence[Figure], indicator: str, region: str, *, bounds: bool = False) -> list[tuple[float, int]]:
    """Growths of whole years, each with its year: as published, else of the industry, else of two levels a year apart, which
    only with `bounds` may be bounds: of them no pace can be worked out."""
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
    """Figures with a growth of a whole year: of the indicator, else of its industry (output, revenue, value added)."""
    words = vocabulary()
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
