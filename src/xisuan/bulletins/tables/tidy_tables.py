"""Tidy tables of one observation per row, with the column names of observations or of SDMX-CSV."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Sequence
from dataclasses import replace

from xisuan.bulletins.figures.observations import clean, fitted, in_unit
from xisuan.bulletins.language.lexicon import Lexicon, fold
from xisuan.bulletins.language.quantities import Quantity
from xisuan.bulletins.language.time_phrases import Span
from xisuan.bulletins.tables.headings import PER_CENT, Labels, Meaning, measured
from xisuan.results.bulletin_reading import Observation, Reading, Unplaced
from xisuan.text.translation import message as _

_NAMES = {
    "indicator": ("indicator", "指标代码"),
    "region": ("region", "ref_area", "area"),
    "start": ("period_start",),
    "end": ("period_end",),
    "time": ("time_period", "period"),
    "value": ("value", "obs_value"),
    "unit": ("unit", "unit_measure"),
    "growth": ("growth_pct", "yoy_pct", "yoy"),
    "growth_to": ("growth_to",),
    "change": ("change_points",),
    "change_to": ("change_to",),
    "precision": ("precision",),
    "multiplier": ("unit_mult",),
    "status": ("status", "obs_status_text"),
    "code": ("obs_status",),
    "basis": ("basis",),
    "share": ("share_pct",),
    "rank": ("rank",),
    "bound": ("bound",),
    "scope": ("scope",),
    "price_base": ("price_base",),
    "published": ("published",),
    "source": ("source",),
    "words": ("words",),
    "inherited": ("inherited",),
}
_STATUSES = dict.fromkeys("ABDGJSVW", "actual") | dict.fromkeys("PEIU", "preliminary") | {"F": "projected"}
"""Status of a figure by its code in the SDMX code list CL_OBS_STATUS. Other codes mean a missing value."""
_SDMX_TIME = re.compile(
    r"(?P<y>\d{4})(?:-?(?:Q(?P<q>[1-4])|S(?P<s>[12])|H(?P<h>[12])|M?(?P<m>\d{2})(?:-(?P<d>\d{2}))?))?(?:/P(?:(?P<n>\d+)M|(?P<days>\d+)D))?"
)


def is_tidy(head: Sequence[str]) -> bool:
    """Return True if the headings are known column names."""
    names = {cell.strip().lower() for cell in head}
    return bool(names & set(_NAMES["indicator"])) and bool(names & set(_NAMES["value"]))


def read(table: Sequence[Sequence[str]], place: str, words: Lexicon) -> Reading:
    """Return the observations of a tidy table; rows that cannot be placed are left over with reasons."""
    head = [cell.strip().lower() for cell in table[0]]
    at = {key: next((head.index(name) for name in names if name in head), -1) for key, names in _NAMES.items()}
    labels = Labels(words, "")
    seen: list[Observation] = []
    left: list[Unplaced] = []
    for line, row in enumerate(table[1:], start=2):
        cell = {key: row[column].strip() if 0 <= column < len(row) else "" for key, column in at.items()}
        text, where = ", ".join(part for part in row if part), f"{place}:{line}"
        found = _observation(cell, words, labels, text, where)
        held = at["value"] if cell["value"] else at["growth"]
        marks = ((held, held + 1),) if held >= 0 else ()
        if isinstance(found, Observation):
            seen.append(replace(found, marks=marks))
        else:
            left.append(Unplaced(*found, text, where, marks))
    return Reading(tuple(seen), tuple(left))


def _observation(
    cell: dict[str, str], words: Lexicon, labels: Labels, text: str, where: str
) -> Observation | tuple[str, str]:
    """Return the observation of a row, or its value and the reason why it is left over."""
    days = _days(cell["start"], cell["end"], cell["time"])
    name, region = _term(cell, words, labels), region_of(cell["region"], words)
    value, growth, change, share, rank = (number(cell[key]) for key in ("value", "growth", "change", "share", "rank"))
    lacking = {_("no such indicator"): not name, _("no date"): days is None, _("no such region"): not region,
               _("no number"): all(one is None for one in (value, growth, change, share, rank)),
               _("a rank that is no whole number above 0"): rank is not None and (rank < 1 or not rank.is_integer()),
               _("a period that ends before it begins"): days is not None and days.last < days.first,
               _("a status that says it is missing, or is not known"): cell["code"] not in ("", *_STATUSES)}  # fmt: skip
    if why := next((why for why, lacks in lacking.items() if lacks), ""):
        return cell["value"] or cell["growth"] or cell["change"] or cell["share"] or cell["rank"], why
    assert days is not None
    spec = words.terms[name]
    if value is not None and "%" in fold(cell["value"]) and (cell["unit"] or spec.unit) not in ("pct", *PER_CENT):
        return f"{cell['value']} {cell['unit']}", _("the unit is not one of the indicator")
    power = 0 if value is None else _power(cell["multiplier"], cell["unit"] or spec.unit)
    if power is None:
        return f"{cell['value']} {cell['unit']}", _("its unit multiplier cannot be applied")
    scaled = (None, "pct") if value is None else _scaled(value * 10.0**power, cell["unit"], spec.unit, words)
    if scaled is None:
        return f"{cell['value']} {cell['unit']}", _("the unit is not one of the indicator")
    first, last, basis = fitted(days, spec.kind)
    return Observation(
        name, region, first.isoformat(), last.isoformat(), cell["basis"] or basis, scaled[0], scaled[1], growth,
        share, int(rank) if rank else None,
        {"forecast": "projected"}.get(cell["status"], cell["status"] or _STATUSES.get(cell["code"], "actual")),
        cell["bound"] or None,
        text=cell["words"] or text, place=where, growth_to=cell["growth_to"],
        change_points=change, change_to=cell["change_to"], precision=cell["precision"],
        scope=cell["scope"], price_base=cell["price_base"], published=cell["published"], source=cell["source"],
        inherited=tuple(filter(None, cell["inherited"].split(";"))),
    )  # fmt: skip


def _power(multiplier: str, unit: str) -> int | None:
    """Return the power of ten of an SDMX UNIT_MULT; None if it is invalid, or the unit has its own multiplier."""
    if multiplier in ("", "0"):
        return 0
    if unit in ("mCNY", "mUSD") or not re.fullmatch(r"[+-]?\d\d?", multiplier):
        return None
    return int(multiplier)


def _term(cell: dict[str, str], words: Lexicon, labels: Labels) -> str:
    """Return the indicator of a row, by its code or its name in words; blank if unknown."""
    name = cell["indicator"]
    if name in words.terms or not name:
        return name
    unit = "" if cell["unit"] in ("mCNY", "mUSD", "pct") else cell["unit"]
    meant = labels.level(name, unit) if unit else "no unit"
    if not isinstance(meant, Meaning):
        meant = labels.growth(name)
    return meant.indicator if isinstance(meant, Meaning) else ""


def region_of(cell: str, words: Lexicon) -> str:
    """Return the region of a cell that is only a region code or name, else blank."""
    if cell in words.places:
        return cell
    match = words.places_pattern.fullmatch(fold(cell).strip())
    return words.place(match[0]) if match else ""


def number(cell: str) -> float | None:
    """Return the number in a cell, else None."""
    text = fold(cell).replace(",", "").replace("%", "").strip()
    return float(text) if len(text) < _LONG and re.fullmatch(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]\d\d?)?", text) else None


_LONG = 40
"""Maximum characters of a number that can be a measurement."""


def _days(start: str, end: str, time: str) -> Span | None:
    """Return the period of a row from first and last day, or from an SDMX period (2023-Q1, 2023-04, 2023-01-01/P4M)."""
    try:
        if end:
            last = datetime.date.fromisoformat(end)
            return Span(datetime.date.fromisoformat(start), last) if start else Span(last, last, True)
        match = _SDMX_TIME.fullmatch(time)
        return _sdmx(match) if match else None
    except ValueError:
        return None


def _sdmx(match: re.Match[str]) -> Span:
    year, months = int(match["y"]), int(match["n"] or 0)
    if months:
        first = int(match["m"] or 1)
        last_month = first + months - 1
        return _months(year, first, year + (last_month - 1) // 12, (last_month - 1) % 12 + 1)
    if match["d"]:
        day = datetime.date(year, int(match["m"]), int(match["d"]))
        return (
            Span(day, day + datetime.timedelta(days=int(match["days"]) - 1)) if match["days"] else Span(day, day, True)
        )
    length = 3 if match["q"] else 6 if match["s"] or match["h"] else 1 if match["m"] else 12
    which = int(match["q"] or match["s"] or match["h"] or match["m"] or 1)
    return _months(year, (which - 1) * length + 1, year, which * length)


def _months(year: int, first: int, until: int, last: int) -> Span:
    return Span(datetime.date(year, first, 1), datetime.date(until, last, calendar.monthrange(until, last)[1]))


_KINDS = {
    "1": ("1", "per_10k", "ratio"),
    "CNY": ("mCNY", "CNY"),
    "USD": ("mUSD", "mCNY"),
    "GB": ("GB", "EB"),
}  # fmt: skip
"""Indicator units that can hold an amount in a given unit; other amounts keep their unit."""


def _scaled(value: float, unit: str, wanted: str, words: Lexicon) -> tuple[float, str] | None:
    """Return a number of a table in the unit of its indicator; None if the units are not convertible."""
    if unit in ("", wanted):
        return value, wanted
    if unit in ("mUSD", "mCNY", "pct"):
        return (value, unit) if unit in ("mUSD", wanted) else None
    one = measured(unit, words)
    if one is None or wanted not in _KINDS.get(one.unit, (one.unit,)):
        return None
    amount, name = in_unit(Quantity(0, 0, value * one.value, one.unit), wanted)
    return clean(amount), name
