"""Places of `guizhou`: nine prefectures, the other provinces or eleven areas in their place, and the sites."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from tools.china import facts
from tools.china.book import Book
from tools.china.case import Case
from tools.china.places import add_area, add_nodes, add_sites, provinces, sites, weight
from xisuan.scenario.load import load
from xisuan.scenario.variants.provinces import province_folder, province_list


@dataclass(frozen=True)
class Area:
    """Demand area: provinces whose traffic enters the backbone at `enters`, or at the capital of the first."""

    name: str
    title: str
    title_zh: str
    members: str
    enters: str = ""

    @property
    def provinces(self) -> tuple[str, ...]:
        """Return the codes of its provinces."""
        return tuple(self.members.split())

    @property
    def node(self) -> str:
        """Return the backbone node at which its traffic enters."""
        return self.enters or self.provinces[0]


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
"""The thirty other provinces in eleven areas: neighbours with a common trunk node and similar latency."""

NODES = (
    "CN-BJ",
    "CN-LN",
    "CN-SH",
    "CN-JS",
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
"""Kept backbone nodes: capitals where the areas enter, three crossings, and the cluster cities.

The crossings are Zhengzhou, Changsha and Chongqing.
"""

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
"""Site → provinces whose capacity outside the ten clusters it holds; fewer metros than in `china`."""

PROVINCES = tuple(
    Area(code, "", "", code, code if code in NODES else area.node) for area in AREAS for code in area.provinces
)
"""The thirty other provinces one by one: each enters at its own capital if that is kept, else where its area does."""

SITES = sites(COVERS, {"TFU": "CN-SC", "CQG": "CN-CQ"})
"""Sites; Tianfu and Chongqing, which have the coordinates of the capital, enter the backbone there."""


@cache
def written() -> dict[str, dict[str, object]]:
    """Return the rows of `regions` that the builder of provinces writes for Guizhou, by region."""
    province = province_list.find("Guizhou")
    assert province is not None
    rows = pd.concat(province_folder.written(load(province_folder.NATION), province)["regions"])
    return {row["region"]: {str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")}


def prefecture_gdp() -> dict[str, tuple[float, str]]:
    """Return the 2023 GDP of each prefecture in 100 million CNY, and its basis.

    Published for 2023: Qiandongnan. Years around 2023: geometric interpolation. Only 2022: grown as the province grew
    from 2022 to 2023. Anshun and Qiannan: the rest of the province, by census population.
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


def entry(region: str) -> str | None:
    """Return the backbone node at which a prefecture enters; None for a node of its own."""
    node = str(written()[region]["node"])
    return None if node == region else node


def _prefectures(book: Book) -> None:
    """Write the prefectures: what the builder of provinces writes, and in its place what is better known.

    Census and GDP take the place of shares of towns and counties, seats of the facts that of GeoNames' towns, and the
    full names in Chinese (市, 州) the short ones.
    """
    gdp = prefecture_gdp()
    for row in facts.records("guizhou_prefectures"):
        value, how = gdp[row["prefecture"]]
        base = written()[row["prefecture"].lower()]
        book.add(
            "regions",
            "census-2020;prefecture-gdp",
            "published" if how == "published" else "estimate",
            f"GDP 2023: {how}; population: census 2020",
            region=base["region"],
            title=base["title"],
            title_zh=row["name_cn"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            population=int(row["population_2020"]),
            gdp_mcny=round(value * 100),
            node=entry(str(base["region"])),
            hub=base["hub"],
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


def weights(areas: tuple[Area, ...] = AREAS) -> dict[str, float]:
    """Return the share of national demand by region; the sum is 1.

    Prefectures share Guizhou's by the rule of the provinces: 0.7 × GDP + 0.3 × population.
    """
    total = weight(provinces())
    out = {name: value / total for name, value in _prefecture_weights().items()}
    return out | {area.name: weight(area.provinces) / total for area in areas}


def _prefecture_weights() -> dict[str, float]:
    rows = facts.records("guizhou_prefectures")
    gdp = {name: value for name, (value, _) in prefecture_gdp().items()}
    people = {row["prefecture"]: float(row["population_2020"]) for row in rows}
    province = facts.province("CN-GZ", "demand_weight")
    return {
        name.lower(): province * (0.7 * gdp[name] / sum(gdp.values()) + 0.3 * people[name] / sum(people.values()))
        for name in gdp
    }


def write(book: Book, case: Case, areas: tuple[Area, ...] = AREAS) -> None:
    """Write tables `regions`, `nodes` and `sites`."""
    _prefectures(book)
    for area in areas:
        add_area(book, area.name, area.title, area.title_zh, area.provinces, area.node)
    add_nodes(book, NODES)
    add_sites(book, case)
