"""Places as known in June 2023: census population, GDP of 2022, rack plans of the time."""

from __future__ import annotations

from collections.abc import Iterable

from tools.china import facts
from tools.china.book import Book
from tools.china.case import Case
from tools.china.places import add_nodes, add_sites, provinces
from tools.guizhou.places import AREAS, NODES, entry

IT_LIMITS = {
    "ZJK": (1750, 1000, 2500, "700,000 racks planned for 2025"),
    "YRD": (500, 250, 1000, "no plan found"),
    "WHU": (500, 250, 1000, "no plan found"),
    "SGN": (1250, 500, 1500, "half a million racks spoken of for the zone"),
    "TFU": (1250, 600, 1500, "no plan found; about four times the halls that stand"),
    "CQG": (1000, 500, 1500, "no plan found; about four times the 90,000 racks that stand"),
    "HLG": (1500, 750, 2500, "no plan found; three times the halls that stand"),
    "GAN": (2000, 1500, 2500, "800,000 standard racks, the aim of the province for 2025; 1 million in another text"),
    "QYG": (750, 250, 1000, "300,000 racks planned for 2025"),
    "ZWI": (1800, 900, 1800, "720,000 racks, the aim of the region for 2025"),
}
"""Cluster → limit of IT power in MW, its low and high, and the reason (estimate)."""

GDP_GUIZHOU_2022 = facts.number("provinces_2022", "gdp_2022_100m_cny", code="CN-GZ")

FIRST_PUBLISHED = {"Bijie": 2020.0, "Qianxinan": 1353.4}
"""GDP of 2020 in 100 million CNY as first published; the restated levels are of 2025."""


def _province(code: str) -> tuple[float, float]:
    """Return GDP of 2022 in mCNY and the census population."""
    gdp = 100 * facts.number("provinces_2022", "gdp_2022_100m_cny", code=code)
    return gdp, facts.number("provinces_2022", "population_2020", code=code)


def prefectures() -> dict[str, tuple[float, float]]:
    """Return GDP of 2022 in mCNY and population of each prefecture.

    Published for 2022; else the level of 2020 grown as the province grew; Anshun and Qiannan: the rest by population.
    """
    rows = {row["prefecture"]: row for row in facts.records("guizhou_prefectures")}
    people = {name: float(row["population_2020"]) for name, row in rows.items()}
    growth = GDP_GUIZHOU_2022 / PROVINCE_GDP_2020
    gdp = {
        name: float(row["gdp_2022_yiyuan"] or 0) or growth * FIRST_PUBLISHED.get(name, 0.0)
        for name, row in rows.items()
    }
    rest = GDP_GUIZHOU_2022 - sum(gdp.values())
    blank = sum(people[name] for name, value in gdp.items() if not value)
    return {name: (100 * (value or rest * people[name] / blank), people[name]) for name, value in gdp.items()}


PROVINCE_GDP_2020 = 17860.41
"""GDP of Guizhou in 2020, 100 million CNY (recalled from the communique; used for growth only)."""


def _share(part: list[tuple[float, float]], whole: list[tuple[float, float]]) -> float:
    """Return 0.7 × share of GDP + 0.3 × share of population."""
    of_gdp, of_people = (sum(one[i] for one in part) / sum(one[i] for one in whole) for i in (0, 1))
    return 0.7 * of_gdp + 0.3 * of_people


def weight(codes: Iterable[str]) -> float:
    """Return the share of national demand of provinces."""
    return _share([_province(code) for code in codes], [_province(code) for code in provinces()])


def weights() -> dict[str, float]:
    """Return the share of national demand by region; the sum is 1."""
    inside = prefectures()
    guizhou = weight(["CN-GZ"])
    out = {name.lower(): guizhou * _share([one], list(inside.values())) for name, one in inside.items()}
    return out | {area.name: weight(area.provinces) for area in AREAS}


def write(book: Book, case: Case) -> None:
    """Write tables `regions`, `nodes` and `sites`."""
    inside = prefectures()
    for row in facts.records("guizhou_prefectures"):
        gdp, people = inside[row["prefecture"]]
        region = row["prefecture"].lower()
        _region(book, region, row["prefecture"], row["name_cn"], row, people, gdp, entry(region), "Guizhou")
    for area in AREAS:
        known = [_province(code) for code in area.provinces]
        capital = facts.record("provinces", code=area.node)
        gdp, people = (sum(one[i] for one in known) for i in (0, 1))
        _region(book, area.name, area.title, area.title_zh, capital, people, gdp, area.node)
    book.spread("regions", "gdp_mcny", 0.93, 1.07, "levels of 2022, recalled or grown from 2020; census people")
    add_nodes(book, NODES)
    add_sites(book, case, IT_LIMITS, "ndrc-2022;hub-plans-2022;xisuan-2023")


def _region(
    book: Book,
    region: str,
    title: str,
    title_zh: str,
    place: dict[str, str],
    people: float,
    gdp: float,
    node: str | None,
    hub: str | None = None,
) -> None:
    book.add(
        "regions",
        "census-2020;gdp-2022",
        "estimate",
        "GDP 2022; population: census 2020",
        region=region,
        title=title,
        title_zh=title_zh,
        lat=float(place["lat"]),
        lon=float(place["lon"]),
        population=round(people),
        gdp_mcny=round(gdp),
        node=node,
        hub=hub,
    )
