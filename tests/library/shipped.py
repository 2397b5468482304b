"""The shipped scenarios as tables: what their builders say, as text and as numbers."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

import xisuan as xs
from tools.china.book import Book

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "src" / "xisuan" / "library"
FACTS = ROOT / "data" / "facts"
NAMES = (
    "china",
    "china-years",
    "guizhou",
    "guizhou-2023",
    "china-futures",
    "china-hourly",
    "china-failures",
    "guizhou-days",
    "guizhou-week",
)

KEYS = {
    "regions": ("region",),
    "sites": ("site",),
    "halls": ("site",),
    "technologies": ("technology",),
    "fleet": ("site", "technology", "opened"),
    "limits": ("site", "technology"),
    "workloads": ("workload",),
    "demand": ("region", "workload", "period"),
    "links": ("link",),
    "traffic": ("from", "to"),
    "power": ("zone",),
    "supply": ("site", "source"),
    "profile_rules": ("profile",),
    "budgets": ("period", "scope"),
    "policies": ("rule", "scope", "period"),
    "payers": ("scope", "investor"),
    "cities": ("city",),
    "city_state": ("city",),
    "measures": ("measure", "city"),
    "standard": ("indicator", "period"),
    "city_targets": ("city", "indicator"),
}
"""Key columns of the tables whose estimates have ranges."""


def builder(name: str) -> ModuleType:
    """The module that builds a scenario."""
    return import_module("tools.build_" + name.removeprefix("guizhou-" if "gigabit" in name else "").replace("-", "_"))


@cache
def loaded(name: str) -> xs.Scenario:
    """A scenario as shipped; not to be changed."""
    return xs.load(name)


@cache
def book(name: str) -> Book:
    """What its builder says of a scenario, all tables; not to be changed."""
    made: Book = builder(name).build()
    return made


@cache
def tables(name: str) -> dict[str, list[list[str]]]:
    """Every table of a scenario, those it has from its base included: header, then rows, as text."""
    made = book(name)
    return {table: [header, *lines] for table in made.rows for header, lines in [made.lines(table)] if lines}


@cache
def text(name: str, table: str) -> pd.DataFrame:
    """A table with every cell as text."""
    header, *lines = tables(name)[table]
    return pd.DataFrame(lines, columns=header)


@cache
def numbers(name: str, table: str) -> pd.DataFrame:
    """A table with its numbers, blanks missing."""
    return pd.read_csv(StringIO(text(name, table).to_csv(index=False)))


@cache
def profiles() -> pd.DataFrame:
    """The hourly profiles, which all three share."""
    return pd.read_csv(LIBRARY / "china" / "profiles.csv")


def annotation(table: str) -> str:
    """The column that cites sources."""
    return "reference" if table == "supply" else "source"


def by_class(name: str) -> pd.DataFrame:
    """Fleet units by site and class, in thousands (EFLOPS or EB)."""
    kinds = numbers(name, "technologies").drop_duplicates("technology").set_index("technology")["class"]
    fleet = numbers(name, "fleet").assign(kind=lambda rows: rows["technology"].map(kinds))
    return fleet.pivot_table(index="site", columns="kind", values="units", aggfunc="sum") / 1000


def load_mw(name: str) -> pd.Series:
    """IT power of the fleet at full load by site, MW."""
    power = numbers(name, "technologies").drop_duplicates("technology").set_index("technology")["mw_per_unit"]
    fleet = numbers(name, "fleet")
    return (fleet["units"] * fleet["technology"].map(power)).groupby(fleet["site"]).sum()


def spans(ranges: str) -> list[int]:
    """Numbers of `0-6;22-23`."""
    out: list[int] = []
    for part in ranges.split(";"):
        first, _, last = part.partition("-")
        out += range(int(first), int(last or first) + 1)
    return out


def day_of(name: str, profile: str, month: int) -> np.ndarray:
    """The 24 values of a profile given by rules, in a month."""
    day = np.full(24, np.nan)
    for row in text(name, "profile_rules").to_dict("records"):
        if row["profile"] == profile and (not row["months"] or month in spans(row["months"])):
            day[spans(row["hours"]) if row["hours"] else slice(None)] = float(row["value"])
    return day
