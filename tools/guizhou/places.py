"""Places of `guizhou`: nine prefectures, the other provinces or eleven areas in their place, and the sites."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from tools.china import facts
from tools.china.book import Book, Value
from tools.china.case import Case
from tools.china.places import add_area, add_nodes, add_sites, provinces, sites, weight
from tools.guizhou import prefectures
from xisuan.scenario.load import load
from xisuan.scenario.variants.provinces import province_folder, province_list
from xisuan.scenario.variants.provinces.province_list import Province


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


def _guizhou() -> Province:
    province = province_list.find(prefectures.PROVINCE)
    assert province is not None
    return province


@cache
def written() -> dict[str, dict[str, Value]]:
    """Return the rows of `regions` that the builder of provinces writes for Guizhou, by region."""
    rows = pd.concat(province_folder.written(load(province_folder.NATION), _guizhou())["regions"])
    return {row["region"]: {str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")}


def entry(region: str) -> str | None:
    """Return the backbone node at which a prefecture enters; None for a node of its own."""
    node = str(written()[region]["node"])
    return None if node == region else node


def _prefectures(book: Book) -> None:
    """Write the prefectures as the builder of provinces does."""
    for region, row in written().items():
        whole = {name: round(float(str(row[name]))) for name in ("population", "gdp_mcny")}
        cells = row | whole | {"node": entry(region)}
        given = [str(cells.pop(name)) for name in ("source", "quality", "note")]
        book.add("regions", *given, **cells)
    prefectures.spread(book)


def weights(areas: tuple[Area, ...] = AREAS) -> dict[str, float]:
    """Return the share of national demand by region; the sum is 1.

    Prefectures have their shares of Guizhou that the builder of provinces gives them.
    """
    total = weight(provinces())
    guizhou = facts.province(prefectures.PROVINCE, "demand_weight")
    out = {one.key: guizhou * one.share / total for one in _guizhou().prefectures}
    return out | {area.name: weight(area.provinces) / total for area in areas}


def write(book: Book, case: Case, areas: tuple[Area, ...] = AREAS) -> None:
    """Write tables `regions`, `nodes` and `sites`."""
    _prefectures(book)
    for area in areas:
        add_area(book, area.name, area.title, area.title_zh, area.provinces, area.node)
    add_nodes(book, NODES)
    add_sites(book, case)
