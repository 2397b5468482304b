"""Census, GDP and seats of the nine prefectures of Guizhou: what the builder of provinces takes from the facts.

`tools.build_provinces` writes them beside the builder, which lays them over its estimates.
"""

from __future__ import annotations

from tools.china import facts
from tools.china.book import Book, Value

PROVINCE = "CN-GZ"


def prefecture_gdp() -> dict[str, tuple[float, str]]:
    """Return the 2023 GDP of each prefecture in 100 million CNY, and its basis.

    Published for 2023: Qiandongnan. Years around 2023: geometric interpolation. Only 2022: grown as the province grew
    from 2022 to 2023. Anshun and Qiannan: the rest of the province, by census population.
    """
    rows = {row["prefecture"]: row for row in facts.records("guizhou_prefectures")}
    province = facts.province(PROVINCE, "gdp_2023_100m_cny")
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


def shares() -> dict[str, float]:
    """Return each prefecture's share of Guizhou by the rule of the provinces: 0.7 × GDP + 0.3 × population."""
    gdp = {name: value for name, (value, _) in prefecture_gdp().items()}
    people = {row["prefecture"]: float(row["population_2020"]) for row in facts.records("guizhou_prefectures")}
    return {name: 0.7 * gdp[name] / sum(gdp.values()) + 0.3 * people[name] / sum(people.values()) for name in gdp}


def rows() -> list[dict[str, Value]]:
    """Return the cells of `regions` that the facts have, and the share; the builder decides node and hub."""
    gdp, share = prefecture_gdp(), shares()
    return [
        {
            "region": row["prefecture"].lower(), "share": share[row["prefecture"]], "title_zh": row["name_cn"],
            "lat": float(row["lat"]), "lon": float(row["lon"]), "population": int(row["population_2020"]),
            "gdp_mcny": round(value * 100), "source": "census-2020;prefecture-gdp",
            "quality": "published" if how == "published" else "estimate",
            "note": f"GDP 2023: {how}; population: census 2020",
        }
        for row in facts.records("guizhou_prefectures") for value, how in [gdp[row["prefecture"]]]
    ]  # fmt: skip


def spread(book: Book) -> None:
    """Write the range of the GDP of the rows of `regions` whose quality is estimate."""
    book.spread(
        "regions",
        "gdp_mcny",
        0.93,
        1.07,
        "2023 level from the published years around it; Anshun and Qiannan are the rest of the province by population;"
        " restatements of 2020 moved published levels by 2 to 3 per cent",
        quality="estimate",
    )
