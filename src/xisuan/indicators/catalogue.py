"""Indicators, regions and nations by their identifiers, with titles, units and the names that texts use for them.

The tables are in `xisuan/indicators/data`. Tracking uses titles and kinds, the reader of bulletins the names.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from xisuan.errors import Problem, ScenarioError
from xisuan.text.translation import message as _

COLUMNS = {
    "indicators": ("indicator", "unit", "kind", "chain", "part_of", "title", "title_zh", "words_en", "words_zh"),
    "regions": ("region", "within", "kind", "title", "title_zh", "words_en", "words_zh"),
    "nations": ("region", "within", "kind", "title", "title_zh", "words_en", "words_zh"),
    "measures": ("measure", "words_en", "words_zh"),
    "alike": ("words_en",),
    "topics": ("topic", "words_en", "words_zh"),
}
"""The tables and the columns that each must have. The first column is the key."""


@dataclass(frozen=True, slots=True)
class Term:
    """An indicator. `family` and `measure` name the industry and the quantity: software, revenue.

    `kind` is flow, stock, ratio or growth. `flags`: `generic` for a name common to many things, next to which no
    unknown word is accepted; `day` for a ratio as of a day, `point` for one that is so where a day is given; `topical`
    for one that belongs to the industry of the bulletin; `batch` for things counted in batches; `part=` and `whole=`
    for the stocks whose ratio it is; `open` for a percentage that may exceed 100.
    """

    indicator: str
    unit: str
    kind: str
    chain: bool
    part_of: str
    title: str
    title_zh: str
    family: str
    measure: str
    flags: frozenset[str] = frozenset()
    words_en: tuple[str, ...] = ()
    words_zh: tuple[str, ...] = ()

    def flag(self, name: str) -> str:
        """Return the value of the flag `name=`; blank if it is not set."""
        return next((one.partition("=")[2] for one in self.flags if one.startswith(f"{name}=")), "")


@dataclass(frozen=True, slots=True)
class Place:
    """A region and the one it lies in; `fiscal` is the month in which a nation's fiscal year begins."""

    region: str
    within: str
    kind: str
    title: str
    title_zh: str
    capital: str = ""
    fiscal: str = ""
    words_en: tuple[str, ...] = ()
    words_zh: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """All indicators and regions. `nations` are those other than China."""

    terms: Mapping[str, Term]
    places: Mapping[str, Place]
    nations: Mapping[str, Place]
    by_measure: Mapping[tuple[str, str], str]

    def within(self, region: str) -> tuple[str, ...]:
        """Return the region and all it lies in, the smallest first."""
        out: list[str] = []
        while region and region in self.places and region not in out:
            out.append(region)
            region = self.places[region].within
        return tuple(out)

    def ancestor(self, region: str, kinds: Iterable[str]) -> str:
        """Return the nearest region of these kinds that is or contains the region; blank if there is none of them."""
        wanted = set(kinds)
        return next((name for name in self.within(region) if self.places[name].kind in wanted), "")

    def check_region(self, region: str) -> None:
        """Raise ScenarioError where a region, not blank, is not in the catalogue."""
        known = [*self.places, *self.nations]
        if region and region not in known:
            near = difflib.get_close_matches(region, known, 1)
            hint = _('did you mean "{name}"?', name=near[0]) if near else _("add it to regions.csv of a folder --words")
            raise ScenarioError([Problem("region-unknown", table="--region", column="region", value=region, hint=hint)])


def catalogue(more: Path | None = None) -> Catalogue:
    """Return the shipped catalogue with the rows of the folder `more`; a row with a known key replaces the shipped one.

    Raises ScenarioError where a table of the folder cannot be read.
    """
    return _shipped() if more is None else _build(more)


@cache
def _shipped() -> Catalogue:
    return _build(None)


def _build(more: Path | None) -> Catalogue:
    terms = {row["indicator"]: _term(row) for row in rows("indicators", more)}
    by_measure: dict[tuple[str, str], str] = {}
    for name, term in terms.items():
        if term.family and term.measure:
            by_measure.setdefault((term.family, term.measure), name)
    places, nations = ({row["region"]: _place(row) for row in rows(name, more)} for name in ("regions", "nations"))
    return Catalogue(terms, places, nations, by_measure)


def rows(name: str, more: Path | None = None) -> list[dict[str, str]]:
    """Return the rows of one table, the shipped ones first, each key once.

    Raises ScenarioError where the folder's table lacks a column.
    """
    text = resources.files("xisuan.indicators").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    found = list(csv.DictReader(text.splitlines()))
    path = more / f"{name}.csv" if more else None
    if path is not None and path.is_file():
        reader = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
        lacking = [column for column in COLUMNS[name] if column not in (reader.fieldnames or ())]
        if lacking:
            raise ScenarioError(
                [
                    Problem(
                        "catalogue-column-missing",
                        table=str(path),
                        row=1,
                        column=lacking[0],
                        columns=", ".join(COLUMNS[name]),
                    )
                ]
            )
        found += [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]
    return list({row[COLUMNS[name][0]]: row for row in found}.values())


def listed(words: str) -> tuple[str, ...]:
    """Return the words of a cell, which are separated by |."""
    return tuple(word.strip() for word in words.split("|") if word.strip())


def _term(row: Mapping[str, str]) -> Term:
    return Term(
        indicator=row["indicator"],
        unit=row["unit"],
        kind=row["kind"],
        chain=row["chain"] != "no",
        part_of=row["part_of"],
        title=row["title"],
        title_zh=row["title_zh"],
        family=row.get("family", ""),
        measure=row.get("measure", ""),
        flags=frozenset(listed(row.get("flags", ""))),
        words_en=listed(row["words_en"]),
        words_zh=listed(row["words_zh"]),
    )


def _place(row: Mapping[str, str]) -> Place:
    return Place(
        row["region"],
        row["within"],
        row["kind"],
        row["title"],
        row["title_zh"],
        row.get("capital") or "",
        row.get("fiscal") or "",
        listed(row["words_en"]),
        listed(row["words_zh"]),
    )
