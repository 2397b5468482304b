"""Provinces of mainland China and their prefectures, with grid zones, clusters and shares of demand.

Built by `python -m tools.build_provinces`, which names the sources.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Prefecture:
    """Prefecture: key, names, place of its seat or largest town, and its share of the province's demand.

    `zone`: its grid zone; empty: that of the province. `known`: cells of its row of `regions` that are published; empty:
    the province is divided by the share.
    """

    key: str
    name: str
    name_zh: str
    lat: float
    lon: float
    share: float
    zone: str = ""
    known: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Province:
    """Province. `zone`: grid zone. `clusters`: sites of its national clusters. `holder`: site of the nation that holds
    its capacity outside the clusters. `share`: its part of that site's capacity.
    """

    code: str
    name: str
    name_zh: str
    capital_zh: str
    zone: str
    clusters: tuple[str, ...]
    holder: str
    share: float

    @property
    def prefectures(self) -> tuple[Prefecture, ...]:
        """Return its prefectures; a municipality has one."""
        estimated = {one.key: one for one in map(_estimated, _rows("prefectures", self))}
        published = {row.pop("region"): row for row in known("regions", self)}
        return tuple(_better(estimated[key], row) for key, row in published.items()) or tuple(estimated.values())

    @property
    def capital(self) -> Prefecture:
        """Return the prefecture of the capital: the one of that name, otherwise the largest."""
        named = [one for one in self.prefectures if one.name_zh == self.capital_zh]
        return (named or sorted(self.prefectures, key=lambda one: -one.share))[0]


@cache
def provinces() -> tuple[Province, ...]:
    """Return the 31 provinces in the order of their codes."""
    return tuple(
        Province(
            row["code"], row["name"], row["name_zh"], row["capital_zh"], row["zone"],
            tuple(filter(None, row["cluster"].split(";"))), row["holder"], float(row["share"]),
        )
        for row in _rows("provinces")
    )  # fmt: skip


def find(name: str) -> Province | None:
    """Return the province with this English or Chinese name or code, or None."""
    wanted = name.strip().lower()
    return next((one for one in provinces() if wanted in {text.lower() for text in _names(one)}), None)


def nearest(name: str) -> list[str]:
    """Return English names of provinces similar to `name`, the most similar first."""
    return difflib.get_close_matches(name.title(), [one.name for one in provinces()], n=3)


def published(name: str, province: Province) -> list[dict[str, str]]:
    """Return the published figures of a province: `claims` on computing power and racks, `gigabit` cities."""
    return list(_rows(name, province))


def known(table: str, province: Province) -> list[dict[str, str]]:
    """Return the rows of a table that are published of a province and take the place of what is estimated."""
    name = f"known/{province.code}/{table}"
    return list(_rows(name)) if resources.files(__package__).joinpath(f"{name}.csv").is_file() else []


def _estimated(row: dict[str, str]) -> Prefecture:
    """Return a prefecture of the list."""
    key = "".join(filter(str.isalpha, row["name"].lower()))
    zone = next((grid["zone"] for grid in _rows("grids") if grid["adcode"] == row["adcode"]), "")
    place = float(row["lat"]), float(row["lon"])
    return Prefecture(key, row["name"], row["name_zh"], *place, share=float(row["share"]), zone=zone)


def _better(one: Prefecture, row: dict[str, str]) -> Prefecture:
    """Return the prefecture with what is published of it."""
    return replace(one, share=float(row.pop("share")), lat=float(row["lat"]), lon=float(row["lon"]), known=row)


def _names(province: Province) -> tuple[str, ...]:
    return province.name, province.name_zh, province.code, province.code.removeprefix("CN-")


def _rows(name: str, province: Province | None = None) -> Iterator[dict[str, str]]:
    """Yield the rows of a list; of a province only its own."""
    text = resources.files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return (row for row in rows if province is None or row["province"] == province.code)
