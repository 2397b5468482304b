"""Rows of `observations`, `indicators` and `sources` from the readings of bulletins, in the form that tracking takes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from xisuan.errors import ScenarioError
from xisuan.indicators.catalogue import Catalogue
from xisuan.results.bulletin_reading import Bulletin, Observation, Reading, Unplaced
from xisuan.scenario.schema.tables import BY_NAME
from xisuan.text.translation import message as _
from xisuan.tracking.series.statistical_units import convert

Row = dict[str, str]
OBSERVATIONS = tuple(column.name for column in BY_NAME["observations"].columns)
"""Columns of the table `observations`, in its order."""
KEY = BY_NAME["observations"].keys
_FIGURES = ("value", "growth_pct", "change_points", "share_pct", "rank")
"""Columns that hold the figures of an observation."""


def observation_rows(found: Reading, words: Catalogue) -> tuple[list[Row], list[Unplaced]]:
    """Return the observations as rows of the table `observations`, and those that it cannot hold, with reasons.

    Figures of the same key are joined into one row where they complete each other, such as a level and its growth.
    """
    rows: dict[tuple[str, ...], Row] = {}
    left: list[Unplaced] = []
    for one in found.observations:
        row = row_of(one)
        if why := _refusal(one, words):
            left.append(_left(one, why))
            continue
        key = tuple(row[name] for name in KEY)
        held = rows.setdefault(key, row)
        if held is row:
            continue
        if any(held[name] and row[name] and held[name] != row[name] for name in _FIGURES):
            left.append(_left(one, _("another figure of the same thing and days is in the table already")))
            continue
        _complete(held, row)
    return list(rows.values()), left


def indicator_rows(names: Iterable[str], known: Iterable[str], words: Catalogue) -> list[Row]:
    """Return the rows of `indicators` for names that are not `known` yet, each after the whole that it is part of."""
    out: dict[str, Row] = {}
    have = set(known)
    for name in names:
        chain, whole = list[str](), name
        while whole in words.terms and whole not in have and whole not in chain:
            chain.append(whole)
            whole = words.terms[whole].part_of
        for one in reversed(chain):
            term = words.terms[one]
            have.add(one)
            out[one] = {
                "indicator": one,
                "title": term.title,
                "title_zh": term.title_zh,
                "unit": term.unit,
                "kind": term.kind,
                "part_of": term.part_of if term.part_of in have else "",
                "chain": "yes" if term.chain else "no",
            }
    return list(out.values())


def source_rows(bulletins: Iterable[Bulletin]) -> list[Row]:
    """Return the rows of `sources` for bulletins."""
    return [
        {"source": one.source, "title": one.title or one.file, "date": one.published, "address": one.file}
        for one in bulletins
    ]


def csv_text(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> str:
    """Return rows as CSV text with the given columns; cells that a row lacks are blank."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns), restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def row_of(one: Observation) -> Row:
    """Return an observation as a row of the table `observations`, with all cells as text."""
    said: dict[str, object] = {
        "indicator": one.indicator,
        "region": one.region,
        "period_start": one.period_start,
        "period_end": one.period_end,
        "basis": one.basis,
        "value": one.value,
        "unit": one.unit,
        "growth_pct": one.growth_pct,
        "growth_to": one.growth_to,
        "change_points": one.change_points,
        "change_to": one.change_to,
        "share_pct": one.share_pct,
        "rank": one.rank,
        "bound": one.bound,
        "status": one.status,
        "precision": one.precision,
        "scope": one.scope,
        "price_base": one.price_base,
        "inherited": ";".join(one.inherited),
        "words": " ".join(one.text.split()),
        "published": one.published,
        "source": one.source,
    }
    return {name: _cell(said.get(name)) for name in OBSERVATIONS}


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"
    return "" if value is None else str(value)


def _complete(held: Row, row: Row) -> None:
    """Add to a row what another of the same key says beyond it, in figures and in words."""
    if row["value"] and not held["value"]:
        held |= {"unit": row["unit"], "bound": row["bound"], "basis": row["basis"]}
    words = held["words"] if row["words"] in held["words"] else f"{held['words']} {row['words']}"
    held |= {name: held[name] or row[name] for name in OBSERVATIONS} | {"words": words}


def _refusal(one: Observation, words: Catalogue) -> str:
    """Return the reason why the table cannot hold an observation; blank if it can."""
    if one.indicator not in words.terms:
        return _("no such indicator")
    if one.value is None:
        return ""
    try:
        convert(one.value, one.unit, words.terms[one.indicator].unit)
    except ScenarioError:
        return _("its unit cannot be given in {unit}, in which it is tracked", unit=words.terms[one.indicator].unit)
    return ""


def _left(one: Observation, why: str) -> Unplaced:
    level = "" if one.value is None else f"{one.value:.12g} {one.unit}"
    return Unplaced(
        level or f"{one.growth_pct:.12g} %" if one.growth_pct is not None else level, why, one.text, one.place
    )
