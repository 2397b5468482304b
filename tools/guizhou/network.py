"""Backbone of `guizhou`: the national trunks contracted onto the kept nodes, and rings inside the province."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tools.china import facts
from tools.china.book import Book
from tools.china.case import Case
from tools.china.network import Link, add_links, add_traffic, capacities, estimates, node_place, route
from xisuan.geography import great_circle_km
from xisuan.scenario.variants.provinces.province_rings import RING_GBPS, ROUTE_FACTOR

TRUNKS = {
    name: tuple(parts.split())
    for name, parts in {
        "CN-BJ--CN-SD": "L01 L02",
        "CN-BJ--CN-HA": "L21 L22",
        "CN-BJ--CN-LN": "L37",
        "CN-LN--CN-SD": "L42",
        "CN-BJ--ZJK": "L31",
        "ZJK--HLG": "L32",
        "HLG--ZWI": "L34 L36 L75",
        "CN-SD--CN-JS": "L05",
        "CN-JS--CN-SH": "L06",
        "CN-JS--WHU": "L10",
        "CN-SH--YRD": "L07",
        "YRD--CN-FJ": "L08 L14",
        "YRD--CN-HN": "L08 L17 L18",
        "CN-FJ--CN-GD": "L15",
        "WHU--CN-HB": "L11 L13",
        "CN-HA--CN-JS": "L43",
        "CN-HA--CN-HB": "L23",
        "CN-HA--CN-SN": "L44",
        "CN-HB--CN-HN": "L24",
        "CN-HB--CN-CQ": "L47",
        "CN-HN--SGN": "L25",
        "CN-HN--CN-GZ": "L49",
        "SGN--CN-GD": "L26",
        "CN-GD--CN-GX": "L51",
        "CN-GX--CN-GZ": "L55",
        "GAN--CN-GD": "L58",
        "CN-GZ--GAN": "L56",
        "CN-GZ--CN-CQ": "L59",
        "CN-GZ--CN-SC": "L60",
        "CN-CQ--CN-SC": "L61",
        "CN-SC--CN-SN": "L66",
        "CN-SN--QYG": "L69",
        "CN-SN--ZWI": "L72 L74",
        "QYG--ZWI": "L71 L75",
    }.items()
}
"""Link of the scenario → its trunk links; transit capitals that serve no area are contracted."""

PROVINCIAL = (
    ("CN-GZ", "zunyi"),
    ("zunyi", "bijie"),
    ("bijie", "liupanshui"),
    ("liupanshui", "anshun"),
    ("anshun", "GAN"),
    ("liupanshui", "qianxinan"),
    ("qianxinan", "anshun"),
    ("zunyi", "tongren"),
    ("tongren", "qiandongnan"),
    ("qiandongnan", "qiannan"),
    ("qiannan", "CN-GZ"),
)
"""Rings of the province: every prefecture has two routes to Guiyang and Gui'an."""

GUIZHOU_LINKS = {
    "CN-HN--CN-GZ": 14000.0,
    "CN-GX--CN-GZ": 7000.0,
    "CN-GZ--CN-CQ": 13000.0,
    "CN-GZ--CN-SC": 9000.0,
    "GAN--CN-GD": 18000.0,
}
"""Guizhou's egress of 61,000 Gbps (December 2025) by neighbour, Gbps (estimate: by what lies beyond)."""


def required_egress(years: Iterable[int]) -> dict[str, dict[int | None, float | None]]:
    """Return the capacity that Guizhou's egress must have, Gbps by link and year, if it grows as it did.

    9,200 Gbps a year, from 61,000 at the start of 2026, shared out as what stands (estimate).
    """
    first, last = (facts.number("guizhou_compute_series", "egress_gbps", date=date, **where)
                   for date, where in (("2023-06", {}), ("2025-12", {"direct_cities": "42"})))  # fmt: skip
    yearly = (last - first) / 2.5
    grown = {year if year > 2026 else None: 1 + yearly * (year - 2026) / last for year in years}
    return {
        link: {year: float(round(gbps * factor)) for year, factor in grown.items()}
        for link, gbps in GUIZHOU_LINKS.items()
    }


HUB_NODES = {
    "Beijing-Tianjin-Hebei": ("CN-BJ", "ZJK"),
    "Yangtze River Delta": ("CN-SH", "CN-JS", "YRD", "WHU"),
    "Greater Bay Area": ("CN-GD", "SGN"),
    "Chengdu-Chongqing": ("CN-SC", "CN-CQ"),
    "Inner Mongolia": ("HLG",),
    "Guizhou": ("CN-GZ", "GAN"),
    "Gansu": ("QYG",),
    "Ningxia": ("ZWI",),
}
"""Nodes of each national hub: links that leave the group are its egress."""

EGRESS_RANGE = (
    "38 Tbps in June 2023, 47.2 in May 2024, 51.1 in October 2024, 61 in December 2025: 9.2 a year; low: little more than"
    " stands; high: as steep as in the latest year and a half"
)
INSIDE_GBPS = {"CN-GZ--GAN": 40000.0}
TRAFFIC_NODES = {"CN-BJ": 0.218, "CN-SH": 0.221, "CN-GD": 0.175, "CN-HB": 0.113, "CN-SC": 0.12, "CN-SN": 0.063}
"""Ends of the background traffic, with the demand weight of the area around each."""


def place(node: str) -> tuple[float, float]:
    """Return latitude and longitude of a node or a prefecture."""
    if node[0].islower():
        row = facts.record("guizhou_prefectures", prefecture=node.capitalize())
        return float(row["lat"]), float(row["lon"])
    return node_place(node)


def links() -> list[Link]:
    """Return every link: trunks and provincial rings. A link's name gives its ends."""
    ends = {name: (name.split("--")[0], name.split("--")[1]) for name in TRUNKS}
    gbps = capacities(ends, GUIZHOU_LINKS | INSIDE_GBPS, HUB_NODES)
    out = [
        Link(name, *ends[name], route(parts), gbps[name], "trunks " + " + ".join(parts) + "; great circle x 1.3")
        for name, parts in TRUNKS.items()
    ]
    for start, end in PROVINCIAL:
        km = ROUTE_FACTOR * float(great_circle_km(*(np.array([place(at)]) for at in (start, end)))[0])
        out.append(Link(f"{start}--{end}", start, end, km, RING_GBPS, "provincial ring"))
    return out


def write(book: Book, case: Case) -> None:
    """Write tables `links` and `traffic`."""
    add_links(book, links(), case, required=required_egress(case.periods))
    add_traffic(book, TRAFFIC_NODES, case)
    estimates(book)
    book.spread("links", "min_gbps", 0.7, 1.4, EGRESS_RANGE)
