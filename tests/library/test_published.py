"""Every figure that a shipped table calls published stands in the facts with the same value, where its source says."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from tests.library.shipped import FACTS, NAMES, tables, text
from xisuan.scenario.tables import BY_NAME

GATHERED = next((up / "shared" / "data" for up in FACTS.parents if (up / "shared" / "data").is_dir()), None)
"""The collection that data/facts was taken from; beside the repository where it was made, absent elsewhere."""

SCALES = {
    ("regions", "population"): (1.0, 1e4),
    ("regions", "gdp_mcny"): (100.0,),
    ("actuals", "value"): (1.0, 0.01, 100.0, 1000.0, 1e4, 1e6),
    ("observations", "value"): (1.0, 100.0, 1000.0, 1e4),
    ("targets", "value"): (1.0, 100.0, 1000.0, 1e4),
}
"""Column → by what a figure of the facts may be multiplied: 万 people; 亿元; per cent, 亿元, Tbps, 万 Gbps, M racks."""

MADE = {
    "sources", "access_sources", "access_series", "known_2023", "provinces_2022", "guizhou_indicators_derived",
    "indicator_drivers", "server_market", "words_zh",
}  # fmt: skip
"""Files of data/facts that the collection does not have."""

IGNORED = {"period", "low", "high", "rank"}


@cache
def fact_rows() -> list[tuple[str, str, frozenset[float]]]:
    """Each row of the facts: its file, what it cites, its numbers, shares in its notes among them."""
    out = []
    for path in sorted(FACTS.glob("*.csv")):
        if path.stem == "sources":
            continue
        for row in pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records"):
            shares = re.findall(r"([\d.]+)%", str(row.get("notes", "")))
            numbers = frozenset(number for cell in (*row.values(), *shares) if (number := as_number(cell)) is not None)
            cited = " ".join(str(cell) for name, cell in row.items() if name in ("source", "note", "notes"))
            out.append((path.name, cited, numbers))
    return out


def as_number(cell: object) -> float | None:
    try:
        return float(str(cell).replace("%", ""))
    except ValueError:
        return None


@cache
def addresses(name: str) -> dict[str, str]:
    listed = text(name, "sources")
    return dict(zip(listed["source"], listed["address"], strict=True))


def figures(name: str, sources: str) -> set[float]:
    """Numbers of all rows of the facts that stand behind these sources: on the page, or in the file they name."""
    found: set[float] = set()
    for key in sources.split(";"):
        address = addresses(name)[key]
        page = address.rstrip("/").removeprefix("https://").removeprefix("http://")
        for file, cited, numbers in fact_rows():
            if address.endswith(f"facts/{file}") or page in cited:
                found |= numbers
    return found


def published(name: str) -> list[tuple[str, str, float, str]]:
    """(table, column, value, sources) of every number in a row that is called published."""
    out = []
    for table in set(tables(name)) - {"sources", "estimates"}:
        columns = {column.name for column in BY_NAME[table].all_columns if column.kind in ("number", "count", "series")}
        frame = text(name, table)
        for row in frame[frame["quality"] == "published"].to_dict("records"):
            for column in columns - IGNORED & set(row):
                value = as_number(row.get(column, ""))
                if value is not None:
                    out.append((table, column, value, row["reference" if table == "supply" else "source"]))
    return out


@pytest.mark.parametrize("name", NAMES)
def test_a_published_figure_stands_in_the_facts_under_its_source(name: str) -> None:
    missing = []
    for table, column, value, sources in published(name):
        scales = SCALES.get((table, column), (1.0,))
        known = figures(name, sources)
        if not any(abs(number * scale - value) <= 1e-9 * max(1.0, abs(value)) for number in known for scale in scales):
            missing.append((table, column, value, sources))
    assert not missing


def test_there_are_published_figures_to_find() -> None:
    assert len(published("china")) > 100
    assert {table for table, *_ in published("guizhou")} >= {"actuals", "nodes", "policies", "regions"}


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
