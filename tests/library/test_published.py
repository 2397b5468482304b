"""Every figure that a shipped table calls published stands in the facts with the same value, where its source says."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from tests.library.shipped import FACTS, LIBRARY, NAMES, tables, text
from xisuan.scenario.schema.tables import BY_NAME

GATHERED = next((up / "shared" / "data" for up in FACTS.parents if (up / "shared" / "data").is_dir()), None)
"""The collection that data/facts was taken from; beside the repository where it was made, absent elsewhere."""

FACTORS = {
    ("亿元", "mCNY"): 100.0,
    ("万张", "cards"): 1e4,
    ("万张", "1"): 1e4,
    ("万个", "1"): 1e4,
    ("万人", "1"): 1e4,
    ("万户", "1"): 1e4,
    ("centres", "1"): 1.0,
    ("centres", "count"): 1.0,
    ("cities", "1"): 1.0,
    ("cities", "count"): 1.0,
    ("firms", "1"): 1.0,
    ("cards", "1"): 1.0,
    ("racks", "1"): 1.0,
    ("万Gbps", "Gbps"): 1e4,
    ("Tbps", "Gbps"): 1e3,
    ("万公里", "km"): 1e4,
    ("GB/户·月", "GB"): 1.0,
    ("%", "pct"): 1.0,
    ("%", "fraction"): 0.01,
    ("fraction", "pct"): 100.0,
    ("per 10k", "per_10k"): 1.0,
    ("CNY/kWh", "CNY per kWh"): 1.0,
    ("EFLOPS", "EFLOPS FP32"): 1.0,
    ("EFLOPS", "EFLOPS FP16"): 1.0,
    ("TWh/quarter", "TWh"): 1.0,
    ("racks", "standard racks"): 1.0,
    ("std racks", "standard racks"): 1.0,
    ("std racks", "1"): 1.0,
    ("M std racks", "standard racks"): 1e6,
    ("10k persons", "persons"): 1e4,
}
"""(unit in the facts, unit in the table) → what a figure is multiplied by. Equal units are equal figures."""

FORMAT = {"%", "fraction", "ratio", "ms", "x theoretical direct-fibre delay", "per 10k people"}
"""Units of rules and thresholds, which a table gives in the unit of its rule."""

WIDE = {
    "eflops_total": "EFLOPS", "eflops_intelligent": "EFLOPS", "intelligent_pct": "%", "ai_chips": "cards",
    "dcs_total": "centres", "dcs_large": "centres", "racks": "racks", "servers_capacity": "servers",
    "occupancy_pct": "%", "direct_cities": "cities", "egress_gbps": "Gbps", "lat": "degrees", "lon": "degrees",
    "gdp_2023_100m_cny": "亿元", "population_10k": "10k persons", "yoy_pct": "pct",
}  # fmt: skip
"""Columns that hold figures by themselves, and their unit."""

GRADES = {
    "gdp_2023_100m_cny": "q_gdp",
    "population_10k": "q_population",
}
"""Columns of provinces.csv with a grade of their own. Places on the map are nobody's statistics: read as published."""

DATED = {"actuals": ("date", "period"), "observations": ("period_end",), "targets": ("deadline",)}
"""Tables whose figures belong to a year, and the columns that say which."""

MADE = {
    "sources", "access_sources", "access_series", "known_2023", "provinces_2022", "guizhou_indicators_derived",
    "indicator_drivers", "server_market", "words_zh",
}  # fmt: skip
"""Files of data/facts that the collection does not have."""

IGNORED = {"period", "low", "high", "rank"}


class Fact(NamedTuple):
    """One published figure of the facts: where it stands, what it cites, and its unit and year."""

    file: str
    cited: str
    number: float
    unit: str
    year: str


@cache
def published_facts() -> tuple[Fact, ...]:
    """Every published figure of the files gathered, shares that a note tells among them."""
    out: list[Fact] = []
    for path in sorted(FACTS.glob("*.csv")):
        if path.stem in MADE:
            continue
        for row in pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records"):
            cited = " ".join(str(cell) for name, cell in row.items() if name in ("source", "note", "notes"))
            year = next(
                (str(row[name])[:4] for name in ("period_end", "date", "year", "deadline") if row.get(name)), ""
            )
            for cell, unit in cells({str(name): str(cell) for name, cell in row.items()}):
                out.append(Fact(path.name, cited, cell, unit, year))
    return tuple(out)


def cells(row: dict[str, str]) -> Iterator[tuple[float, str]]:
    """Published numbers of a row of the facts with their units."""
    own = row["quality"] == "published"
    for name, cell in row.items():
        number = as_number(cell)
        if number is None:
            continue
        if name in ("value", "threshold") and own:
            yield number, row.get("unit", "")
        elif name in WIDE and (own or row.get(GRADES.get(name, "")) == "published" or name in ("lat", "lon")):
            yield number, WIDE[name]
        elif name == "pue_max" and row.get("pue_quality") == "published":
            yield number, "ratio"
    for share in re.findall(r"([\d.]+)%", row.get("notes", "")) if own else ():
        yield float(share), "%"


def as_number(cell: object) -> float | None:
    try:
        return float(str(cell).replace("%", ""))
    except ValueError:
        return None


@cache
def addresses(name: str) -> dict[str, str]:
    listed = text(name, "sources")
    return dict(zip(listed["source"], listed["address"], strict=True))


class Figure(NamedTuple):
    """A number in a row of a shipped table that is called published."""

    table: str
    column: str
    value: float
    unit: str
    year: str
    sources: str


def standing_behind(name: str, sources: str) -> list[Fact]:
    """Published facts on the pages of these sources, or in the file that they name."""
    found: list[Fact] = []
    for key in sources.split(";"):
        address = addresses(name)[key]
        page = address.rstrip("/").removeprefix("https://").removeprefix("http://")
        found += [fact for fact in published_facts() if address.endswith(f"facts/{fact.file}") or page in fact.cited]
    return found


def published(name: str) -> list[Figure]:
    """Every number in a row that is called published, with its unit and the year it belongs to."""
    out = []
    for table in set(tables(name)) - {"sources", "estimates"}:
        columns = [column for column in BY_NAME[table].all_columns if column.kind in ("number", "count", "series")]
        frame = text(name, table)
        for row in frame[frame["quality"] == "published"].to_dict("records"):
            sources = row["reference" if table == "supply" else "source"]
            year = next((str(row[one])[:4] for one in DATED.get(table, ()) if row[one]), "")
            for column in columns:
                value = as_number(row.get(column.name, ""))
                if value is not None and column.name not in IGNORED:
                    unit = "pct" if column.name.endswith("_pct") else {"gdp_mcny": "mCNY"}.get(column.name)
                    unit = unit or row.get("unit") or column.unit
                    out.append(Figure(table, column.name, value, unit, year, sources))
    return out


def agrees(fact: Fact, figure: Figure) -> bool:
    """Whether a fact says what a table does: the same amount, by the units of both, of the same year."""
    factor = 1.0 if fact.unit == figure.unit else FACTORS.get((fact.unit, figure.unit))
    if factor is None and figure.unit == "" and fact.unit in FORMAT:
        factor = 1.0
    if factor is None or (figure.year and fact.year != figure.year):
        return False
    return abs(fact.number * factor - figure.value) <= 1e-9 * max(1.0, abs(figure.value))


@pytest.mark.parametrize("name", [*NAMES, "guizhou-gigabit-2023"])
def test_a_published_figure_stands_in_the_facts_under_its_source(name: str) -> None:
    """Value, unit and year, on a page that is graded published itself, in a file that was gathered."""
    behind = {figure.sources: standing_behind(name, figure.sources) for figure in published(name)}
    missing = [one for one in published(name) if not any(agrees(fact, one) for fact in behind[one.sources])]
    assert not missing


def test_an_invented_scenario_calls_nothing_published() -> None:
    called = [
        path.name for path in sorted((LIBRARY / "starter").glob("*.csv")) if "published" in path.read_text("utf-8")
    ]
    assert called == []


@pytest.mark.parametrize("change", ["value", "unit", "year"])
def test_a_figure_of_another_value_unit_or_year_is_found_out(change: str) -> None:
    for figure in published("guizhou"):
        if figure.table != "actuals":
            continue
        facts = standing_behind("guizhou", figure.sources)
        slips: dict[str, object] = {"value": figure.value * 1.01, "unit": "furlongs", "year": "1999"}
        assert any(agrees(fact, figure) for fact in facts)
        assert not any(agrees(fact, figure._replace(**{change: slips[change]})) for fact in facts)


def test_there_are_published_figures_to_find() -> None:
    assert len(published("china")) > 100
    assert {figure.table for figure in published("guizhou")} >= {"actuals", "nodes", "policies", "regions"}


@pytest.mark.parametrize("path", sorted(FACTS.glob("*.csv")), ids=lambda path: path.stem)
def test_the_facts_are_those_gathered(path: Path) -> None:
    """Row by row the numbers of data/facts are those of the collection; some files hold rows found or made later."""
    if GATHERED is None:
        pytest.skip("NOT CHECKED: no ../shared/data here, so the facts cannot be held against what was gathered")
    origin = GATHERED / ("guizhou_indicators.csv" if path.stem == "guizhou_investment" else path.name)
    if path.stem in MADE:
        assert not origin.exists()
        return
    ours, theirs = numeric(path), numeric(origin)
    assert ours
    assert not ours - theirs


def numeric(path: Path) -> set[tuple[tuple[str, float], ...]]:
    """Each row of a file as its numeric cells by column. One file gathered has stray commas in a late column."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    width = 20 if path.stem == "climate_monthly" else len(header)
    return {
        tuple(
            (name, number)
            for name, cell in list(zip(header, row, strict=False))[:width]
            if (number := as_number(cell)) is not None
        )
        for row in rows
    }
