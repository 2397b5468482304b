"""Provinces of mainland China and their prefectures, with grid zones, clusters and shares of demand.

Built by `python -m tools.build_provinces`, which names the sources.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Prefecture:
    """Prefecture: key, names, the place of its largest town, and its share of the province's demand."""

    key: str
    name: str
    name_zh: str
    lat: float
    lon: float
    share: float


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
        return tuple(
            Prefecture(
                "".join(filter(str.isalpha, row["name"].lower())),
                row["name"], row["name_zh"], float(row["lat"]), float(row["lon"]), float(row["share"]),
            )
            for row in _rows("prefectures") if row["province"] == self.code
        )  # fmt: skip

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
    return [row for row in _rows(name) if row["province"] == province.code]


def _names(province: Province) -> tuple[str, ...]:
    return province.name, province.name_zh, province.code, province.code.removeprefix("CN-")


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())
