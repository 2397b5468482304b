"""The backbone: trunk links contracted onto the nodes kept, provincial links, capacities, costs, other traffic."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from tools.guizhou import facts
from tools.guizhou.book import Book
from tools.guizhou.national import PERIODS
from tools.guizhou.places import SIZE

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
"""Link of the scenario → the trunk links it runs along; transit capitals that serve no area are passed through."""

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
"""Rings of the province: every prefecture has two ways to Guiyang and Gui'an."""

GUIZHOU_LINKS = {
    "CN-HN--CN-GZ": 14000.0,
    "CN-GX--CN-GZ": 7000.0,
    "CN-GZ--CN-CQ": 13000.0,
    "CN-GZ--CN-SC": 9000.0,
    "GAN--CN-GD": 18000.0,
}
"""Guizhou's egress of 61,000 Gbps (December 2025) by neighbour, Gbps (estimate: by what lies beyond)."""

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

INSIDE_GBPS = {"CN-GZ--GAN": 40000.0}
PREFECTURE_GBPS = 4000.0
LIMIT_FACTOR = 5.0
"""Most capacity of a link over what stands: new fibre pairs in existing cables (estimate)."""

ENDS_MCNY_PER_GBPS = 0.004
KM_MCNY_PER_GBPS = 4e-6
"""Lit capacity, mCNY per Gbps: both ends, and per km of route (estimate; see data.md)."""

UPKEEP_SHARE = 0.15
"""Yearly cost of carrying traffic as a share of capital cost: power, spares, maintenance (estimate)."""

DETOUR = 1.3
TRAFFIC_NODES = {"CN-BJ": 0.218, "CN-SH": 0.221, "CN-GD": 0.175, "CN-HB": 0.113, "CN-SC": 0.12, "CN-SN": 0.063}
"""Where other traffic starts and ends, with the demand weight of what lies around."""

OTHER_TRAFFIC_GBPS = 50000.0
"""Other traffic between these nodes, both directions, yearly mean of 2026, Gbps (estimate)."""

OTHER_GROWTH = 0.12
"""Its growth a year: mobile traffic grew 12-13 % in 2023-24."""


@dataclass(frozen=True)
class Link:
    """A link: its ends, route in km, capacity in Gbps, and whose the figures are."""

    name: str
    start: str
    end: str
    km: float
    gbps: float
    note: str


def great_circle(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two (latitude, longitude) pairs, km."""
    (lat1, lon1), (lat2, lon2) = [(radians(lat), radians(lon)) for lat, lon in (one, other)]
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(half))


def place(node: str) -> tuple[float, float]:
    """Latitude and longitude of a node or a prefecture."""
    if node[0].islower():
        row = facts.record("guizhou_prefectures", prefecture=node.capitalize())
    else:
        row = facts.record("backbone_nodes", node_id=node)
    return float(row["lat"]), float(row["lon"])


def routes() -> dict[str, float]:
    """Cable route of each trunk, km: great circle × 1.3 of its segments added up."""
    return {
        name: sum(facts.number("backbone_links", "route_km", link_id=part) for part in parts)
        for name, parts in TRUNKS.items()
    }


def egress(gbps: dict[str, float]) -> dict[str, float]:
    """Capacity that leaves each hub, Gbps."""
    out = {}
    for hub, nodes in HUB_NODES.items():
        leaving = [value for name, value in gbps.items() if sum(end in nodes for end in name.split("--")) == 1]
        out[hub] = sum(leaving)
    return out


def capacities() -> dict[str, float]:
    """Capacity of each trunk, Gbps.

    Guizhou's links carry its published egress. The others are proportional to the size of their ends, scaled so
    that the egress of the eight hubs adds up to the published 751 Tbps.
    """
    fixed = GUIZHOU_LINKS | INSIDE_GBPS
    pull = {name: SIZE[name.split("--")[0]] * SIZE[name.split("--")[1]] for name in TRUNKS if name not in fixed}
    unscaled = sum(egress(dict(pull)).values())
    goal = facts.cost("C32") * 1000 - sum(egress(GUIZHOU_LINKS).values())
    return fixed | {name: 500.0 * round(goal / unscaled * value / 500) for name, value in pull.items()}


def links() -> list[Link]:
    """Every link: trunks and provincial rings."""
    gbps = capacities()
    out = []
    for name, km in routes().items():
        start, end = name.split("--")
        out.append(Link(name, start, end, km, gbps[name], _trunk_note(name)))
    for start, end in PROVINCIAL:
        km = DETOUR * great_circle(place(start), place(end))
        out.append(Link(f"{start}--{end}", start, end, km, PREFECTURE_GBPS, "provincial ring"))
    return out


def _trunk_note(name: str) -> str:
    return "trunks " + " + ".join(TRUNKS[name]) + "; great circle x 1.3"


CARRIERS = ("China Telecom", "China Mobile", "China Unicom")


def carrier(index: int, link: Link) -> str:
    """Who pays for a link (estimate): the three carriers in turn; provincial rings and Guizhou's trunks by name."""
    return "China Mobile" if "GAN" in link.name else CARRIERS[index % 3]


def write(book: Book) -> None:
    """Tables `links` and `traffic`."""
    for index, link in enumerate(links()):
        km = round(link.km, 1)
        capex = float(f"{ENDS_MCNY_PER_GBPS + KM_MCNY_PER_GBPS * km:.3g}")
        book.add(
            "links",
            "trunk-grid;egress-2025;interhub-2024;fibre-2025;xisuan",
            "estimate",
            link.note,
            link=link.name,
            length_km=km,
            capacity_gbps=link.gbps,
            limit_gbps=LIMIT_FACTOR * link.gbps,
            capex_mcny_per_gbps=capex,
            life_years=10,
            lead_years=1,
            cost_mcny_per_gbps_hour=float(f"{UPKEEP_SHARE * capex / 8760:.3g}"),
            investor=carrier(index, link),
            **{"from": link.start, "to": link.end},
        )
    _traffic(book)
    _estimates(book)


def _traffic(book: Book) -> None:
    pairs = [(one, other) for one in TRAFFIC_NODES for other in TRAFFIC_NODES if one != other]
    total = sum(TRAFFIC_NODES[one] * TRAFFIC_NODES[other] for one, other in pairs)
    for one, other in pairs:
        part = TRAFFIC_NODES[one] * TRAFFIC_NODES[other] / total
        for period in PERIODS:
            gbps = OTHER_TRAFFIC_GBPS * part * (1 + OTHER_GROWTH) ** (period - 2026)
            book.add(
                "traffic",
                "interhub-2024;miit-mobile;xisuan",
                "estimate",
                "traffic that is not this scenario's work",
                period=None if period == PERIODS[0] else period,
                gbps=float(f"{gbps:.3g}"),
                profile="demand_online",
                routing="shortest",
                **{"from": one, "to": other},
            )


def _estimates(book: Book) -> None:
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
