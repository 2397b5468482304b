"""Where things are: the nine prefectures, the demand areas, the ten clusters, the metro sites and the nodes."""

from __future__ import annotations

from dataclasses import dataclass

from tools.guizhou import facts
from tools.guizhou.book import OWN, Book
from tools.guizhou.climate import PLANT


@dataclass(frozen=True)
class Area:
    """A demand area: a group of provinces whose traffic enters the backbone at one capital."""

    name: str
    title: str
    title_zh: str
    provinces: tuple[str, ...]
    node: str


AREAS = (
    Area("beijing_tianjin", "Beijing and Tianjin", "京津", ("CN-BJ", "CN-TJ"), "CN-BJ"),
    Area("north", "Hebei, Shanxi and Inner Mongolia", "冀晋蒙", ("CN-HE", "CN-SX", "CN-NM"), "CN-HE"),
    Area("northeast", "Liaoning, Jilin and Heilongjiang", "东北", ("CN-LN", "CN-JL", "CN-HL"), "CN-LN"),
    Area("shanghai", "Shanghai", "上海", ("CN-SH",), "CN-SH"),
    Area("jiangsu_anhui", "Jiangsu and Anhui", "苏皖", ("CN-JS", "CN-AH"), "CN-JS"),
    Area("zhejiang", "Zhejiang", "浙江", ("CN-ZJ",), "CN-ZJ"),
    Area("fujian_jiangxi", "Fujian and Jiangxi", "闽赣", ("CN-FJ", "CN-JX"), "CN-FJ"),
    Area("shandong_henan", "Shandong and Henan", "鲁豫", ("CN-SD", "CN-HA"), "CN-SD"),
    Area("hubei_hunan", "Hubei and Hunan", "两湖", ("CN-HB", "CN-HN"), "CN-HB"),
    Area("guangdong_hainan", "Guangdong and Hainan", "粤琼", ("CN-GD", "CN-HI"), "CN-GD"),
    Area("guangxi_yunnan", "Guangxi and Yunnan", "桂滇", ("CN-GX", "CN-YN"), "CN-GX"),
    Area("sichuan_chongqing_tibet", "Sichuan, Chongqing and Tibet", "川渝藏", ("CN-SC", "CN-CQ", "CN-XZ"), "CN-SC"),
    Area(
        "northwest",
        "Shaanxi, Gansu, Qinghai, Ningxia and Xinjiang",
        "西北",
        ("CN-SN", "CN-GS", "CN-QH", "CN-NX", "CN-XJ"),
        "CN-SN",
    ),
)
"""The thirty other provinces in thirteen areas: neighbours that share a trunk node and have alike latency."""

NODES = (
    "CN-BJ",
    "CN-HE",
    "CN-LN",
    "CN-SH",
    "CN-JS",
    "CN-ZJ",
    "CN-FJ",
    "CN-SD",
    "CN-HA",
    "CN-HB",
    "CN-HN",
    "CN-GD",
    "CN-GX",
    "CN-CQ",
    "CN-SC",
    "CN-GZ",
    "CN-SN",
    "ZJK",
    "YRD",
    "WHU",
    "SGN",
    "HLG",
    "GAN",
    "QYG",
    "ZWI",
)
"""Backbone nodes kept: the capitals above, three crossings (Zhengzhou, Changsha, Chongqing) and cluster cities."""


@dataclass(frozen=True)
class Site:
    """A site as the tables need it; `covers` lists the provinces whose capacity outside the ten clusters it holds."""

    name: str
    title: str
    title_zh: str
    kind: str
    hub: str
    node: str
    zone: str
    investor: str
    it_limit_mw: float
    covers: tuple[str, ...] = ()


CLUSTERS = (
    Site(
        "ZJK",
        "Zhangjiakou",
        "张家口集群",
        "cluster",
        "Beijing-Tianjin-Hebei",
        "ZJK",
        "Hebei-North",
        "independent operators",
        4000,
    ),
    Site(
        "YRD",
        "Yangtze Delta demonstration zone",
        "长三角示范区集群",
        "cluster",
        "Yangtze River Delta",
        "YRD",
        "Shanghai",
        "China Telecom",
        1000,
    ),
    Site("WHU", "Wuhu", "芜湖集群", "cluster", "Yangtze River Delta", "WHU", "Anhui", "China Unicom", 1500),
    Site(
        "SGN",
        "Shaoguan",
        "韶关集群",
        "cluster",
        "Greater Bay Area",
        "SGN",
        "Guangdong-North",
        "independent operators",
        1365,
    ),
    Site(
        "TFU",
        "Tianfu",
        "天府集群",
        "cluster",
        "Chengdu-Chongqing",
        "CN-SC",
        "Sichuan",
        "China Telecom",
        2500,
        ("CN-SC", "CN-XZ", "CN-YN"),
    ),
    Site(
        "CQG",
        "Chongqing",
        "重庆集群",
        "cluster",
        "Chengdu-Chongqing",
        "CN-CQ",
        "Chongqing",
        "China Unicom",
        1500,
        ("CN-CQ",),
    ),
    Site(
        "HLG",
        "Horinger and Ulanqab",
        "和林格尔集群",
        "cluster",
        "Inner Mongolia",
        "HLG",
        "Inner Mongolia-West",
        "China Mobile",
        5000,
    ),
    Site("GAN", "Gui'an", "贵安集群", "cluster", "Guizhou", "GAN", "Guizhou", "China Telecom", 2500, ("CN-GZ",)),
    Site("QYG", "Qingyang", "庆阳集群", "cluster", "Gansu", "QYG", "Gansu", "China Mobile", 2000),
    Site("ZWI", "Zhongwei", "中卫集群", "cluster", "Ningxia", "ZWI", "Ningxia", "China Mobile", 2050),
)

METROS = (
    Site(
        "BJM",
        "Beijing metro",
        "北京城市节点",
        "edge",
        "",
        "CN-BJ",
        "Beijing",
        "independent operators",
        0,
        ("CN-BJ", "CN-TJ", "CN-HE", "CN-SX", "CN-NM", "CN-LN", "CN-JL", "CN-HL"),
    ),
    Site(
        "SHM",
        "Shanghai metro",
        "上海城市节点",
        "edge",
        "",
        "CN-SH",
        "Shanghai",
        "independent operators",
        0,
        ("CN-SH", "CN-JS", "CN-ZJ", "CN-AH"),
    ),
    Site(
        "GZM",
        "Guangzhou metro",
        "广州城市节点",
        "edge",
        "",
        "CN-GD",
        "Guangdong",
        "independent operators",
        0,
        ("CN-GD", "CN-HI", "CN-GX", "CN-FJ"),
    ),
    Site(
        "WHM",
        "Wuhan metro",
        "武汉城市节点",
        "edge",
        "",
        "CN-HB",
        "Hubei",
        "China Unicom",
        0,
        ("CN-HB", "CN-HN", "CN-JX"),
    ),
    Site("JNM", "Jinan metro", "济南城市节点", "edge", "", "CN-SD", "Shandong", "China Unicom", 0, ("CN-SD", "CN-HA")),
    Site(
        "XAM",
        "Xi'an metro",
        "西安城市节点",
        "edge",
        "",
        "CN-SN",
        "Shaanxi",
        "China Telecom",
        0,
        ("CN-SN", "CN-GS", "CN-QH", "CN-NX", "CN-XJ"),
    ),
)
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
        capital = facts.record("provinces", code=area.provinces[0] if area.node not in area.provinces else area.node)
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
    for name in NODES:
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
            it_limit_mw=site.it_limit_mw or None,
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
    limits = {
        "ZJK": (
            1750,
            6000,
            "700,000 racks planned for 2025 are 1,750 MW and nearly built; room for about as much again",
        ),
        "YRD": (500, 2000, "no plan found; land in the zone is scarce"),
        "WHU": (600, 1500, "600,000 racks under construction in September 2024 (1,500 MW)"),
        "SGN": (750, 1365, "546,000 standard racks planned (1,365 MW)"),
        "TFU": (1200, 3000, "Sichuan aims to double its compute by 2027; about twice the halls that stand"),
        "CQG": (875, 2000, "350,000 racks built and under construction in the municipality (875 MW) and room beyond"),
        "HLG": (2500, 8000, "gigawatt campuses announced at Ulanqab and Horinger; no rack plan found"),
        "GAN": (2000, 2500, "provincial plan 800,000 standard racks (2,000 MW); 1 million in another text (2,500 MW)"),
        "QYG": (750, 2000, "800,000 racks planned by 2030 (2,000 MW)"),
        "ZWI": (1800, 2050, "820,000 standard racks, 2,050 MW, in one project plan; regional target 720,000"),
    }
    for name, (low, high, how) in limits.items():
        book.estimate("sites", name, "it_limit_mw", low, high, how)
    book.spread(
        "sites",
        "water_l_per_kwh",
        0.4,
        1.5,
        "evaporative plants 0.3 (dry air) and 0.6 (humid air), chilled water with towers 1.8 litres per kWh of IT:"
        " engineering judgement; water per site is not published",
    )
