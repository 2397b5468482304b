"""Backbone: 79 trunk links over 41 nodes, their capacities and costs, and their background traffic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tools.china import facts
from tools.china.book import Book
from tools.china.case import Case
from tools.china.places import weights
from xisuan.scenario.variants.provinces import province_rings

SIZE = {
    "CN-BJ": 9,
    "CN-TJ": 5,
    "CN-HE": 4,
    "CN-SX": 4,
    "CN-NM": 4,
    "CN-LN": 3,
    "CN-JL": 3,
    "CN-HL": 3,
    "CN-SH": 9,
    "CN-JS": 8,
    "CN-ZJ": 6,
    "CN-AH": 4,
    "CN-FJ": 4,
    "CN-JX": 4,
    "CN-SD": 6,
    "CN-HA": 5,
    "CN-HB": 6,
    "CN-HN": 4,
    "CN-GD": 9,
    "CN-GX": 3,
    "CN-HI": 2,
    "CN-CQ": 4,
    "CN-SC": 6,
    "CN-GZ": 4,
    "CN-YN": 4,
    "CN-XZ": 2,
    "CN-SN": 5,
    "CN-GS": 4,
    "CN-QH": 3,
    "CN-NX": 3,
    "CN-XJ": 3,
    "ZJK": 5,
    "YRD": 5,
    "WHU": 4,
    "SGN": 5,
    "TFU": 4,
    "CQG": 4,
    "HLG": 4,
    "GAN": 4,
    "QYG": 2,
    "ZWI": 3,
}
"""Relative size of a backbone node (estimate): core cities 8-9, other capitals 2-6, cluster cities 2-5."""

HUB_NODES = {
    "Beijing-Tianjin-Hebei": ("CN-BJ", "CN-TJ", "CN-HE", "ZJK"),
    "Yangtze River Delta": ("CN-SH", "CN-JS", "CN-ZJ", "CN-AH", "YRD", "WHU"),
    "Greater Bay Area": ("CN-GD", "SGN"),
    "Chengdu-Chongqing": ("CN-SC", "CN-CQ", "TFU", "CQG"),
    "Inner Mongolia": ("CN-NM", "HLG"),
    "Guizhou": ("CN-GZ", "GAN"),
    "Gansu": ("CN-GS", "QYG"),
    "Ningxia": ("CN-NX", "ZWI"),
}
"""Nodes of each national hub: links that leave the group are its egress."""

FIXED_GBPS = {
    "L49": 14000.0,
    "L55": 4000.0,
    "L57": 3000.0,
    "L59": 13000.0,
    "L60": 9000.0,
    "L58": 18000.0,
    "L56": 40000.0,
    "L62": 40000.0,
    "L63": 40000.0,
}
"""Guizhou's egress of 61,000 Gbps (December 2025) by neighbour, and local links of three clusters, Gbps (estimate).

The egress is allocated by what lies beyond each neighbour. The local links of Gui'an, Chongqing and Tianfu to their
cities carry all traffic of the cluster.
"""

OTHER_TRAFFIC_GBPS = 50000.0
"""Other traffic between these nodes, both directions, yearly mean of 2026, Gbps (estimate)."""

OTHER_GROWTH = 0.12
"""Its yearly growth: mobile traffic grew 12-13 % in 2023-24."""


@dataclass(frozen=True)
class Link:
    """Link: its ends, route in km, capacity in Gbps, and the basis of the figures."""

    name: str
    start: str
    end: str
    km: float
    gbps: float
    note: str


def node_place(node: str) -> tuple[float, float]:
    """Return latitude and longitude of a backbone node."""
    row = facts.record("backbone_nodes", node_id=node)
    return float(row["lat"]), float(row["lon"])


def route(parts: Iterable[str]) -> float:
    """Return the cable route along trunk links, km: the sum of 1.3 × great circle of each."""
    return sum(facts.number("backbone_links", "route_km", link_id=part) for part in parts)


Ends = Mapping[str, tuple[str, str]]
Hubs = Mapping[str, tuple[str, ...]]


def egress(gbps: Mapping[str, float], ends: Ends, hubs: Hubs) -> dict[str, float]:
    """Return the capacity that leaves each hub, Gbps."""
    return {
        hub: sum(value for name, value in gbps.items() if sum(end in nodes for end in ends[name]) == 1)
        for hub, nodes in hubs.items()
    }


def capacities(ends: Ends, fixed: Mapping[str, float], hubs: Hubs) -> dict[str, float]:
    """Return the capacity of each link, Gbps.

    Fixed capacities are unchanged. The others are proportional to the sizes of their ends, scaled so that the egress
    of the eight hubs sums to the published 751 Tbps.
    """
    pull = {name: SIZE[start] * SIZE[end] for name, (start, end) in ends.items() if name not in fixed}
    unscaled = sum(egress(pull, ends, hubs).values())
    goal = facts.cost("C32") * 1000 - sum(egress(fixed, ends, hubs).values())
    return {**fixed, **{name: 500.0 * round(goal / unscaled * value / 500) for name, value in pull.items()}}


def national_links() -> list[Link]:
    """Return the 79 trunk links."""
    rows = [row for row in facts.records("backbone_links") if row["kind"] == "trunk"]
    gbps = capacities({row["link_id"]: (row["node_a"], row["node_b"]) for row in rows}, FIXED_GBPS, HUB_NODES)
    return [
        Link(row["link_id"], row["node_a"], row["node_b"], float(row["route_km"]), gbps[row["link_id"]], _note(row))
        for row in rows
    ]


def _note(row: dict[str, str]) -> str:
    return f"{row['name_a']} - {row['name_b']}: {row['basis']}; great circle x 1.3"


CARRIERS = ("China Telecom", "China Mobile", "China Unicom")


def carrier(index: int, link: Link) -> str:
    """Return the investor of a link (estimate): the three carriers in turn; China Mobile for Gui'an's trunks."""
    return "China Mobile" if "GAN" in (link.start, link.end) else CARRIERS[index % 3]


def write(book: Book, case: Case) -> None:
    """Write tables `links` and `traffic` of the nation."""
    add_links(book, national_links(), case)
    add_traffic(book, weights(), case)
    estimates(book)


CITED = "trunk-grid;egress-2025;interhub-2024;fibre-2025;xisuan"
"""Sources of the links."""


def add_links(
    book: Book,
    links: Sequence[Link],
    case: Case,
    cited: str = CITED,
    required: Mapping[str, Mapping[int | None, float | None]] | None = None,
) -> None:
    """Write table `links`. `required`: capacity in Gbps that a link must have, by link and first year (None: at once)."""
    for index, link in enumerate(links):
        path = (required or {}).get(link.name, {None: None})
        for period, gbps in path.items():
            _add_link(book, link, case, cited, carrier(index, link), period, gbps)


def _add_link(
    book: Book, link: Link, case: Case, cited: str, investor: str, period: int | None, required: float | None
) -> None:
    book.add(
        "links",
        cited,
        "estimate",
        link.note + ("" if required is None else "; egress of Guizhou grows as it did from June 2023 to December 2025"),
        link=link.name,
        period=period,
        min_gbps=required,
        **province_rings.priced(link.km, link.gbps, case.lead_years),
        investor=investor,
        **{"from": link.start, "to": link.end},
    )


def add_traffic(
    book: Book, nodes: Mapping[str, float], case: Case, cited: str = "interhub-2024;miit-mobile;xisuan"
) -> None:
    """Write table `traffic`: a gravity model, proportional to the weights of both ends."""
    pairs = [(one, other) for one in nodes for other in nodes if one != other]
    total = sum(nodes[one] * nodes[other] for one, other in pairs)
    for one, other in pairs:
        part = nodes[one] * nodes[other] / total
        for period in case.periods:
            gbps = OTHER_TRAFFIC_GBPS * part * (1 + OTHER_GROWTH) ** (period - 2026)
            book.add(
                "traffic",
                cited,
                "estimate",
                "traffic that is not this scenario's work",
                period=None if period == case.periods[0] else period,
                gbps=float(f"{gbps:.3g}"),
                profile="demand_online",
                routing="shortest",
                **{"from": one, "to": other},
            )


def estimates(book: Book) -> None:
    """Write the ranges of `links` and `traffic`."""
    book.spread(
        "links",
        "length_km",
        0.92,
        1.44,
        "great circle x 1.3; published cables 1.56-1.62, one route 1.87, one service 1.20",
    )
    book.spread(
        "links",
        "capacity_gbps",
        0.5,
        2.0,
        "per-link capacity is not published: hub egress of 751 Tbps (early 2024) by the size of the ends;"
        " Guizhou's 61 Tbps by neighbour; rings 4 Tbps",
    )
    book.spread("links", "limit_gbps", 0.5, 2.0, "five times what stands: new fibre pairs in standing cables")
    book.spread(
        "links",
        "capex_mcny_per_gbps",
        0.25,
        6.0,
        "400G ends with router ports 4,000 CNY per Gbps; fibre pair, amplifiers and sites about 13,000 CNY per"
        " km at a tenth of 32 Tbps; no private-line or lit price found",
    )
    book.spread("links", "cost_mcny_per_gbps_hour", 0.3, 3.0, "15 % of capital cost a year over 8,760 hours")
    book.spread(
        "traffic",
        "gbps",
        0.5,
        2.0,
        "with the scenario's own traffic about the published 16 % use; gravity; grows as mobile traffic",
    )
