"""Where things are: the nine prefectures, the demand areas, the ten clusters, the metro sites and the nodes."""

from __future__ import annotations

from dataclasses import dataclass

from tools.guizhou import facts
from tools.guizhou.book import OWN, Book
from tools.guizhou.climate import PLANT


@dataclass(frozen=True)
class Area:
    """A demand area: a group of provinces whose traffic enters the backbone at the capital of the first."""

    name: str
    title: str
    title_zh: str
    members: str

    @property
    def provinces(self) -> tuple[str, ...]:
        """Codes of its provinces."""
        return tuple(self.members.split())

    @property
    def node(self) -> str:
        """Where its traffic enters: the capital of its first province."""
        return self.provinces[0]


AREAS = (
    Area("north", "Beijing, Tianjin, Hebei, Shanxi and Inner Mongolia", "华北", "CN-BJ CN-TJ CN-HE CN-SX CN-NM"),
    Area("northeast", "Liaoning, Jilin and Heilongjiang", "东北", "CN-LN CN-JL CN-HL"),
    Area("shanghai_zhejiang", "Shanghai and Zhejiang", "沪浙", "CN-SH CN-ZJ"),
    Area("jiangsu_anhui", "Jiangsu and Anhui", "苏皖", "CN-JS CN-AH"),
    Area("fujian_jiangxi", "Fujian and Jiangxi", "闽赣", "CN-FJ CN-JX"),
    Area("shandong_henan", "Shandong and Henan", "鲁豫", "CN-SD CN-HA"),
    Area("hubei_hunan", "Hubei and Hunan", "两湖", "CN-HB CN-HN"),
    Area("guangdong_hainan", "Guangdong and Hainan", "粤琼", "CN-GD CN-HI"),
    Area("guangxi_yunnan", "Guangxi and Yunnan", "桂滇", "CN-GX CN-YN"),
    Area("southwest", "Sichuan, Chongqing and Tibet", "川渝藏", "CN-SC CN-CQ CN-XZ"),
    Area("northwest", "Shaanxi, Gansu, Qinghai, Ningxia and Xinjiang", "西北", "CN-SN CN-GS CN-QH CN-NX CN-XJ"),
)
"""The thirty other provinces in eleven areas: neighbours with a common trunk node and alike latency."""

SIZE = {
    "CN-BJ": 9,
    "CN-LN": 3,
    "CN-SH": 9,
    "CN-JS": 8,
    "CN-FJ": 4,
    "CN-SD": 6,
    "CN-HA": 5,
    "CN-HB": 6,
    "CN-HN": 4,
    "CN-GD": 9,
    "CN-GX": 3,
    "CN-CQ": 4,
    "CN-SC": 6,
    "CN-GZ": 4,
    "CN-SN": 5,
    "ZJK": 5,
    "YRD": 5,
    "WHU": 4,
    "SGN": 5,
    "HLG": 4,
    "GAN": 4,
    "QYG": 2,
    "ZWI": 3,
}
"""Backbone nodes kept and their relative size (estimate): core cities 8-9, other capitals 3-6, cluster cities 2-5.

They are the capitals where the areas enter, three crossings (Zhengzhou, Changsha, Chongqing) and the cluster cities.
"""


@dataclass(frozen=True)
class Site:
    """A site; `covers` lists the provinces whose capacity outside the ten clusters it holds."""

    name: str
    title: str
    title_zh: str
    kind: str
    hub: str
    node: str
    zone: str
    investor: str
    it_limit_mw: float | None
    covers: tuple[str, ...]


NODE_OF = {"TFU": "CN-SC", "CQG": "CN-CQ"}
"""Clusters whose coordinates are those of a capital enter the backbone there; the others are nodes."""

ZONE_OF = {"SGN": "Guangdong-North"}
"""Shaoguan pays less than the Pearl River Delta."""

COVERS = {
    "TFU": "CN-SC CN-XZ CN-YN",
    "CQG": "CN-CQ",
    "GAN": "CN-GZ",
    "BJM": "CN-BJ CN-TJ CN-HE CN-SX CN-NM CN-LN CN-JL CN-HL",
    "SHM": "CN-SH CN-JS CN-ZJ CN-AH",
    "GZM": "CN-GD CN-HI CN-GX CN-FJ",
    "WHM": "CN-HB CN-HN CN-JX",
    "JNM": "CN-SD CN-HA",
    "XAM": "CN-SN CN-GS CN-QH CN-NX CN-XJ",
}
"""Site → provinces whose capacity outside the ten clusters it holds; a metro's first province is its own."""

OWNERS = {
    "China Telecom": "YRD TFU GAN XAM",
    "China Mobile": "HLG QYG ZWI",
    "China Unicom": "WHU CQG WHM JNM",
    "independent operators": "ZJK SGN BJM SHM GZM",
}
"""Investor → sites it is taken to own (estimate: one name a site, though real clusters have many)."""

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
"""Cluster → most IT power in MW, its low and high, and why (estimate)."""


def _investor(site: str) -> str:
    return next(name for name, owned in OWNERS.items() if site in owned.split())


def _cluster(row: dict[str, str]) -> Site:
    name = row["cluster_id"]
    return Site(
        name,
        row["cluster_en"],
        row["cluster_zh"],
        "cluster",
        row["hub_en"],
        NODE_OF.get(name, name),
        ZONE_OF.get(name, row["price_zone"]),
        _investor(name),
        IT_LIMITS[name][0],
        tuple(COVERS.get(name, "").split()),
    )


def _metro(name: str) -> Site:
    provinces = tuple(COVERS[name].split())
    city = facts.record("backbone_nodes", node_id=provinces[0])
    zone = facts.record("provinces", code=provinces[0])["price_zone"]
    title, title_zh = f"{city['name_en']} metro", f"{city['name_zh']}城市节点"
    return Site(name, title, title_zh, "edge", "", provinces[0], zone, _investor(name), None, provinces)


CLUSTERS = tuple(_cluster(row) for row in facts.records("hubs"))
METROS = tuple(_metro(name) for name in COVERS if name.endswith("M"))
"""Metro sites: work that must stay near its users, and all capacity outside the clusters in the provinces covered."""

SITES = (*CLUSTERS, *METROS)

WATER_L_PER_KWH = {"iec_dry": 0.3, "iec_humid": 0.6, "chilled_water": 1.8}
"""Litres of cooling water per kWh of IT, by cooling plant."""

PREFECTURE_NODE = {"guiyang": "CN-GZ"}
"""Guiyang enters at the provincial capital's node; the other eight prefectures are nodes of their own."""


def prefecture_gdp() -> dict[str, tuple[float, str]]:
    """2023 GDP of each prefecture in 100 million CNY, and how it was had.

    Published for 2023: Qiandongnan. Years around 2023: geometric interpolation. Only 2022: grown as the province
    grew from 2022 to 2023. Anshun and Qiannan: what is left of the province, by census population.
    """
    rows = {row["prefecture"]: row for row in facts.records("guizhou_prefectures")}
    province = facts.province("CN-GZ", "gdp_2023_100m_cny")
    known = {name: _gdp_2023(row, province) for name, row in rows.items()}
    rest = province - sum(value for value, _ in known.values() if value)
    blank = [name for name, (value, _) in known.items() if not value]
    people = sum(float(rows[name]["population_2020"]) for name in blank)
    share = {name: rest * float(rows[name]["population_2020"]) / people for name in blank}
    return {
        name: (share[name], "rest of the province by population") if name in share else pair
        for name, pair in known.items()
    }


PROVINCE_GDP_2022 = 20164.58
"""GDP of Guizhou in 2022, 100 million CNY (provincial bulletin); the 2023 level is in provinces.csv."""


def _gdp_2023(row: dict[str, str], province: float) -> tuple[float, str]:
    level = {year: float(row[f"gdp_{year}_yiyuan"]) for year in (2020, 2022, 2023, 2024) if row[f"gdp_{year}_yiyuan"]}
    if 2023 in level:
        return level[2023], "published"
    if 2024 in level:
        before = max(year for year in level if year < 2023)
        growth = (level[2024] / level[before]) ** (1 / (2024 - before))
        return level[2024] / growth, f"between {before} and 2024"
    if 2022 in level:
        return level[2022] * province / PROVINCE_GDP_2022, "2022 grown as the province"
    return 0.0, ""


def write(book: Book) -> None:
    """Tables `regions`, `nodes` and `sites`."""
    _prefectures(book)
    _areas(book)
    _nodes(book)
    _sites(book)


def _prefectures(book: Book) -> None:
    gdp = prefecture_gdp()
    for row in facts.records("guizhou_prefectures"):
        value, how = gdp[row["prefecture"]]
        region = row["prefecture"].lower()
        book.add(
            "regions",
            "census-2020;prefecture-gdp",
            "published" if how == "published" else "estimate",
            f"GDP 2023: {how}; population: census 2020",
            region=region,
            title=row["prefecture"],
            title_zh=row["name_cn"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            population=int(row["population_2020"]),
            gdp_mcny=round(value * 100),
            node=PREFECTURE_NODE.get(region),
        )
    book.spread(
        "regions",
        "gdp_mcny",
        0.93,
        1.07,
        "2023 level from the published years around it; Anshun and Qiannan are the rest of the province by population;"
        " restatements of 2020 moved published levels by 2 to 3 per cent",
        quality="estimate",
    )


def _areas(book: Book) -> None:
    for area in AREAS:
        capital = facts.record("provinces", code=area.node)
        people = sum(facts.province(code, "population_10k") for code in area.provinces)
        gdp = sum(facts.province(code, "gdp_2023_100m_cny") for code in area.provinces)
        book.add(
            "regions",
            "nbs-2023",
            "derived",
            "sum of " + ", ".join(area.provinces) + "; end of 2023",
            region=area.name,
            title=area.title,
            title_zh=area.title_zh,
            lat=float(capital["lat"]),
            lon=float(capital["lon"]),
            population=round(people * 1e4),
            gdp_mcny=round(gdp * 100),
            node=area.node,
        )


def _nodes(book: Book) -> None:
    for name in SIZE:
        node = facts.record("backbone_nodes", node_id=name)
        book.add(
            "nodes",
            "ndrc-2022" if node["node_type"] == "cluster" else "nbs-2023",
            "published",
            "start zone or city centre" if node["node_type"] == "cluster" else "provincial capital",
            node=name,
            title=node["name_en"],
            title_zh=node["name_zh"],
            lat=float(node["lat"]),
            lon=float(node["lon"]),
        )


def _sites(book: Book) -> None:
    for site in SITES:
        place = facts.record("backbone_nodes", node_id=site.name if site.kind == "cluster" else site.node)
        book.add(
            "sites",
            "ndrc-2022;hub-plans;xisuan" if site.kind == "cluster" else OWN,
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
            it_limit_mw=site.it_limit_mw,
            pue=f"pue_{site.name}",
            capex_factor=1.0,
            fixed_cost_mcny=0,
            investor=site.investor,
            water_l_per_kwh=WATER_L_PER_KWH[PLANT[site.name]],
        )
    _site_estimates(book)


def _site_note(site: Site) -> str:
    if site.kind == "cluster":
        return "cluster approved 2021-22; limit, investor and water are estimates"
    return "stands for all data centres outside the ten clusters in " + ", ".join(site.covers)


def _site_estimates(book: Book) -> None:
    for name, (_, low, high, how) in IT_LIMITS.items():
        book.estimate("sites", name, "it_limit_mw", low, high, how)
    book.spread(
        "sites",
        "water_l_per_kwh",
        0.4,
        1.5,
        "evaporative plants 0.3 (dry air) and 0.6 (humid air), chilled water with towers 1.8 litres per kWh of IT:"
        " engineering judgement; water per site is not published",
    )
