"""Build the shipped scenario `guizhou-gigabit-2023` from data/facts: `python -m tools.build_gigabit_2023 [--out DIR]`.

The question of 27 June 2023: two of nine cities are gigabit cities; can the other seven follow by the end of the year?
Access only, with nothing published later. The build is deterministic.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.china import sources
from tools.china.book import Book
from tools.guizhou import access

OUT = Path(__file__).resolve().parents[1] / "src" / "xisuan" / "library" / "guizhou-gigabit-2023"

SCENARIO = """\
name = "guizhou-gigabit-2023"
title = "Gigabit cities of Guizhou, as of 27 June 2023"
title_zh = "贵州千兆城市（截至2023年6月27日）"
extends = ""
base_year = 2023
discount_rate = 0.06
as_of = 2023-06-27
periods = [2023, 2024, 2025]
last_period_years = 1
hours = "one"
objective = "residents"
capital = "annuity"

[report]
region = ""
"""


def build() -> Book:
    """Return all tables."""
    book = Book(own="xisuan-2023")
    regions(book)
    access.question_of_2023(book)
    _power(book)
    access.happened(book)
    sources.write(book)
    return book


def regions(book: Book) -> None:
    """Write table `regions`: the nine prefectures."""
    for city, row in access.CITIES.items():
        book.add(
            "regions",
            "census-2020",
            "published",
            "census 2020",
            region=city,
            title=row["prefecture"],
            title_zh=row["name_cn"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            population=int(row["population_2020"]),
        )


def _power(book: Book) -> None:
    """Write price and carbon intensity of a station's electricity."""
    book.add(
        "power",
        "station-bill-2020;xisuan-2023",
        "estimate",
        "price of a station's electricity; grid factor near the national one",
        zone="Guizhou",
        price=0.65,
        co2_kg_per_kwh=0.55,
    )
    book.estimate(
        "power", "Guizhou", "co2_kg_per_kwh", 0.45, 0.6, "the factors by province were not public yet: judgement"
    )


def main() -> None:
    """Write the scenario folder."""
    parser = argparse.ArgumentParser(description="Build the scenario guizhou-gigabit-2023 from data/facts.")
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scenario.toml").write_text(SCENARIO, encoding="utf-8", newline="\n")
    build().write(folder)


if __name__ == "__main__":
    main()
