"""Places: the 31 provincial regions, the ten clusters, the metro edge sites and the backbone nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tools.china import facts
from tools.china.book import Book
from tools.china.case import Case, Site
from tools.china.climate import PLANT

ZONE_OF = {"SGN": "Guangdong-North"}
"""Grid zone of a site where it differs: Shaoguan pays less than the Pearl River Delta."""

COVERS = {
    "TFU": "CN-SC CN-YN",
    "CQG": "CN-CQ",
    "GAN": "CN-GZ",
    "BJM": "CN-BJ CN-TJ CN-HE CN-SX CN-NM",
    "SYM": "CN-LN CN-JL CN-HL",
    "SHM": "CN-SH CN-JS CN-ZJ CN-AH",
    "GZM": "CN-GD CN-HI CN-GX CN-FJ",
    "WHM": "CN-HB CN-HN CN-JX",
    "JNM": "CN-SD CN-HA",
    "XAM": "CN-SN CN-GS CN-QH CN-NX",
    "URM": "CN-XJ",
    "LSM": "CN-XZ",
}
"""Site → provinces whose capacity outside the ten clusters it holds; a metro's first province is its own.

Every capital has a site within the 4.5 ms of real-time work: Harbin, Urumqi and Lhasa need one of their own.
"""

OWNERS = {
    "China Telecom": "YRD TFU GAN XAM URM",
    "China Mobile": "HLG QYG ZWI LSM",
    "China Unicom": "WHU CQG WHM JNM SYM",
    "independent operators": "ZJK SGN BJM SHM GZM",
}
"""Investor → sites assigned to it (estimate: one owner per site, though real clusters have many)."""

IT_LIMITS = {
    "ZJK": (4000, 1750, 6000, "700,000 racks planned for 2025 (1,750 MW) nearly stand; room for as much again"),
    "YRD": (1000, 500, 2000, "no plan found; land in the zone is scarce"),
    "WHU": (1500, 600, 1500, "600,000 racks under construction in September 2024 (1,500 MW)"),
    "SGN": (1365, 750, 1365, "546,000 standard racks planned (1,365 MW)"),
    "TFU": (2500, 1200, 3000, "Sichuan means to double its compute by 2027; about twice the halls that stand"),
    "CQG": (1500, 875, 2000, "350,000 racks built and under construction in the municipality (875 MW), room beyond"),
    "HLG": (5000, 2500, 8000, "gigawatt campuses announced at Ulanqab and Horinger; no rack plan found"),
    "GAN": (2500, 2000, 2500, "provincial plans of 800,000 (2,000 MW) and of 1 million racks (2,500 MW)"),
    "QYG": (2000, 750, 2000, "800,000 racks planned by 2030 (2,000 MW)"),
    "ZWI": (2050, 1800, 2050, "820,000 standard racks, 2,050 MW, in one project plan; regional aim 720,000"),
}
"""Cluster → limit of IT power in MW, its low and high, and the reason (estimate)."""


def _investor(site: str) -> str:
    return next(name for name, owned in OWNERS.items() if site in owned.split())


def _cluster(row: dict[str, str], node: str, covers: str) -> Site:
    name = row["cluster_id"]
    return Site(
        name,
        row["cluster_en"],
        row["cluster_zh"],
        "cluster",
        row["hub_en"],
        node,
        ZONE_OF.get(name, row["price_zone"]),
        _investor(name),
        tuple(covers.split()),
    )


REGIONS = {
    "BJM": ("Rest of North China", "华北（集群外）"),
    "SYM": ("North-east China", "东北"),
    "SHM": ("Rest of the Yangtze River Delta", "长三角（集群外）"),
    "GZM": ("Rest of South China and Fujian", "华南及福建（集群外）"),
    "WHM": ("Hubei, Hunan and Jiangxi", "湘鄂赣"),
    "JNM": ("Shandong and Henan", "鲁豫"),
    "XAM": ("Rest of North-west China", "西北（集群外）"),
    "URM": ("Xinjiang", "新疆"),
    "LSM": ("Tibet", "西藏"),
}
"""Metro site → title in both languages: the provinces that it stands for, without their clusters."""

WIDER = {("BJM", "CN-LN"): ("Rest of North and North-east China", "华北、东北（集群外）")}
"""Title of a metro that also covers this province."""


def _metro(name: str, covers: str) -> Site:
    provinces = tuple(covers.split())
    zone = facts.record("provinces", code=provinces[0])["price_zone"]
    title, title_zh = next((WIDER[name, code] for code in provinces if (name, code) in WIDER), REGIONS[name])
    return Site(name, title, title_zh, "edge", "", provinces[0], zone, _investor(name), provinces)


def sites(covers: Mapping[str, str], nodes: Mapping[str, str]) -> tuple[Site, ...]:
    """Return the ten clusters, then a metro site for every other name of `covers`.

    A metro stands for work that must stay near its users and for all capacity outside the clusters in the provinces
    covered. A cluster enters the backbone at its own node unless `nodes` names another.
    """
    clusters = [
        _cluster(row, nodes.get(row["cluster_id"], row["cluster_id"]), covers.get(row["cluster_id"], ""))
        for row in facts.records("hubs")
    ]
    taken = {site.name for site in clusters}
    return (*clusters, *(_metro(name, provinces) for name, provinces in covers.items() if name not in taken))


WATER_L_PER_KWH = {"iec_dry": 0.3, "iec_humid": 0.6, "chilled_water": 1.8}
"""Litres of cooling water per kWh of IT, by cooling plant."""


def provinces() -> tuple[str, ...]:
    """Return the codes of the 31 provincial regions."""
    return tuple(row["code"] for row in facts.records("provinces"))


def weight(codes: Iterable[str]) -> float:
    """Return the demand weight of provinces: 0.7 × their share of GDP + 0.3 × their share of population."""
    return sum(facts.province(code, "demand_weight") for code in codes)


def weights() -> dict[str, float]:
    """Return the share of national demand by provincial region; the sum is 1."""
    total = weight(provinces())
    return {code: weight([code]) / total for code in provinces()}


def write(book: Book, case: Case) -> None:
    """Write tables `regions`, `nodes` and `sites` of the nation: a province's traffic enters at its capital."""
    for code in provinces():
        add_area(book, code, "", "", (code,), None)
    add_nodes(book, [site.node for site in case.clusters])
    add_sites(book, case)


HUB_OF_PROVINCE = {"CN-GZ": "Guizhou", "CN-NM": "Inner Mongolia", "CN-GS": "Gansu", "CN-NX": "Ningxia"}
"""Hubs that are one whole province (NDRC, 2022); the others are parts of several."""


def add_area(book: Book, region: str, title: str, title_zh: str, codes: tuple[str, ...], node: str | None) -> None:
    """Add a region of one or several provinces; without titles it has those of its province."""
    capital = facts.record("provinces", code=codes[0])
    people = sum(facts.province(code, "population_10k") for code in codes)
    gdp = sum(facts.province(code, "gdp_2023_100m_cny") for code in codes)
    book.add(
        "regions",
        "nbs-2023",
        "published" if len(codes) == 1 else "derived",
        ("" if len(codes) == 1 else "sum of " + ", ".join(codes) + "; ") + "end of 2023",
        region=region,
        title=title or capital["name_en"],
        title_zh=title_zh or capital["name_zh"],
        lat=float(capital["lat"]),
        lon=float(capital["lon"]),
        population=round(people * 1e4),
        gdp_mcny=round(gdp * 100),
        node=node,
        hub=HUB_OF_PROVINCE.get(codes[0]) if len(codes) == 1 else None,
    )


def add_nodes(book: Book, names: Iterable[str]) -> None:
    """Add backbone nodes that are no region of the scenario."""
    for name in names:
        node = facts.record("backbone_nodes", node_id=name)
        cluster = node["node_type"] == "cluster"
        book.add(
            "nodes",
            "ndrc-2022" if cluster else "capitals",
            "published",
            "start zone or city centre" if cluster else "provincial capital",
            node=name,
            title=node["name_en"],
            title_zh=node["name_zh"],
            lat=float(node["lat"]),
            lon=float(node["lon"]),
        )


Limits = Mapping[str, tuple[float, float, float, str]]
"""Cluster → limit of IT power in MW, its low and high, and the reason."""


def add_sites(book: Book, case: Case, limits: Limits = IT_LIMITS, cited: str = "ndrc-2022;hub-plans;xisuan") -> None:
    """Write table `sites` and its estimates; `cited` are the sources of the clusters."""
    for site in case.sites:
        place = facts.record("backbone_nodes", node_id=site.name if site.kind == "cluster" else site.node)
        book.add(
            "sites",
            cited if site.kind == "cluster" else book.own,
            "estimate",
            _site_note(site),
            site=site.name,
            title=site.title,
            title_zh=site.title_zh,
            kind=site.kind,
            hub=site.hub,
            lat=float(place["lat"]),
            lon=float(place["lon"]),
            node=site.node,
            zone=site.zone,
            it_limit_mw=limits[site.name][0] if site.name in limits else None,
            pue=f"pue_{site.name}",
            capex_factor=1.0,
            fixed_cost_mcny=0,
            investor=site.investor,
            water_l_per_kwh=WATER_L_PER_KWH[PLANT[site.name]],
        )
    _site_estimates(book, limits)


def _site_note(site: Site) -> str:
    if site.kind == "cluster":
        return "cluster approved 2021-22; limit, investor and water are estimates"
    return "stands for all data centres outside the ten clusters in " + ", ".join(site.covers)


def _site_estimates(book: Book, limits: Limits) -> None:
    for name, (_, low, high, how) in limits.items():
        book.estimate("sites", name, "it_limit_mw", low, high, how)
    book.spread(
        "sites",
        "water_l_per_kwh",
        0.4,
        1.5,
        "evaporative plants 0.3 (dry air) and 0.6 (humid air), chilled water with towers 1.8 litres per kWh of IT:"
        " engineering judgement; water per site is not published",
    )
