"""The shipped scenario `guizhou`: made from data/facts alone, sourced in every row, near the published totals."""

from __future__ import annotations

import subprocess
import sys
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src" / "xisuan" / "library" / "guizhou"
FACTS = ROOT / "data" / "facts"
TABLES = sorted(path.stem for path in FOLDER.glob("*.csv"))
KEYS = {
    "regions": ("region",),
    "sites": ("site",),
    "halls": ("site",),
    "technologies": ("technology",),
    "fleet": ("site", "technology", "opened"),
    "limits": ("site", "technology"),
    "workloads": ("workload",),
    "demand": ("region", "workload", "period"),
    "links": ("link",),
    "traffic": ("from", "to"),
    "power": ("zone",),
    "supply": ("site", "source"),
    "profile_rules": ("profile",),
    "budgets": ("period", "scope"),
    "policies": ("rule", "scope", "period"),
    "cities": ("city",),
    "city_state": ("city",),
    "measures": ("measure", "city"),
    "standard": ("indicator", "period"),
    "city_targets": ("city", "indicator"),
}


@cache
def text(name: str) -> pd.DataFrame:
    """A table as written: every cell text."""
    return pd.read_csv(FOLDER / f"{name}.csv", dtype=str, keep_default_na=False)


@cache
def table(name: str) -> pd.DataFrame:
    """A table with its numbers."""
    return pd.read_csv(FOLDER / f"{name}.csv")


def annotation(name: str) -> str:
    return "reference" if name == "supply" else "source"


def by_class() -> pd.DataFrame:
    """Fleet units by site and class, in thousands (EFLOPS or EB)."""
    kinds = table("technologies").drop_duplicates("technology").set_index("technology")["class"]
    fleet = table("fleet").assign(kind=lambda rows: rows["technology"].map(kinds))
    return fleet.pivot_table(index="site", columns="kind", values="units", aggfunc="sum") / 1000


def spans(ranges: str) -> list[int]:
    """Numbers of `0-6;22-23`."""
    out: list[int] = []
    for part in ranges.split(";"):
        first, _, last = part.partition("-")
        out += range(int(first), int(last or first) + 1)
    return out


def day_of(profile: str, month: int) -> np.ndarray:
    """The 24 values of a profile given by rules, in a month."""
    day = np.full(24, np.nan)
    for row in text("profile_rules").to_dict("records"):
        if row["profile"] == profile and (not row["months"] or month in spans(row["months"])):
            day[spans(row["hours"]) if row["hours"] else slice(None)] = float(row["value"])
    return day


def test_building_it_again_gives_the_shipped_bytes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.build_guizhou", "--out", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    shipped = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.is_file()}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == shipped


def test_the_folder_holds_tables_only() -> None:
    assert {path.suffix for path in FOLDER.iterdir()} == {".csv", ".toml"}


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_how_its_figures_were_had(name: str) -> None:
    assert set(text(name)["quality"]) <= {"published", "derived", "estimate"}


@pytest.mark.parametrize("name", [name for name in TABLES if name != "sources"])
def test_every_row_has_sources_that_are_listed(name: str) -> None:
    cited = {key for cell in text(name)[annotation(name)] for key in cell.split(";")}
    assert cited <= set(text("sources")["source"])


def test_every_source_is_used_and_was_public_by_the_date_of_the_facts() -> None:
    cited = {
        key for name in TABLES if name != "sources" for cell in text(name)[annotation(name)] for key in cell.split(";")
    }
    sources = text("sources")
    assert set(sources["source"]) == cited
    assert (sources["date"] <= "2025-12-31").all()


@pytest.mark.parametrize("name", sorted(KEYS))
def test_every_estimated_row_has_a_range(name: str) -> None:
    patterns = text("estimates").query("table == @name")["key"].tolist()
    for row in text(name).query("quality == 'estimate'").to_dict("records"):
        key = "/".join(row[part] for part in KEYS[name])
        assert any(fnmatchcase(key, pattern) for pattern in patterns), key


def test_every_range_is_a_range_with_a_reason() -> None:
    estimates = table("estimates")
    assert (estimates["low"] <= estimates["high"]).all()
    assert estimates["how"].str.len().gt(10).all()


def test_every_range_holds_its_value() -> None:
    for row in text("estimates").to_dict("records"):
        if row["table"] not in KEYS or "*" in row["key"] or row["table"] == "profile_rules":
            continue
        rows = text(row["table"])
        for part, value in zip(KEYS[row["table"]], row["key"].split("/"), strict=True):
            rows = rows[rows[part] == value]
        values = pd.to_numeric(rows[row["column"]])
        assert len(values) > 0
        assert values.between(float(row["low"]) - 1e-9, float(row["high"]) + 1e-9).all(), row


def test_nine_prefectures_eleven_areas_ten_clusters() -> None:
    regions, sites = table("regions"), table("sites")
    assert len(regions) == 9 + 11
    assert (sites["kind"] == "cluster").sum() == 10
    assert (sites["kind"] == "edge").sum() >= 4
    assert set(sites.loc[sites["kind"] == "cluster", "hub"]) >= {"Guizhou", "Inner Mongolia", "Ningxia"}
    assert sites.loc[sites["kind"] == "cluster", "hub"].nunique() == 8


def test_people_and_gdp_add_up_to_the_nation() -> None:
    regions = table("regions")
    assert regions["population"].sum() == pytest.approx(1407.7e6, rel=0.005)
    assert regions["gdp_mcny"].sum() == pytest.approx(125.09e6, rel=0.001)
    assert regions["gdp_mcny"].head(9).sum() == pytest.approx(2_091_325, rel=0.001)


def test_national_intelligent_computing_is_the_published_level() -> None:
    assert by_class()["intelligent"].sum() == pytest.approx(1037.3, rel=0.001)


def test_national_fp32_is_the_aim_of_2025_without_adding_fp16() -> None:
    fleet = table("fleet").merge(table("technologies").drop_duplicates("technology"), on="technology")
    fp32 = fleet["units"] * fleet["fp32_per_unit"].fillna(0)
    assert fp32.sum() == pytest.approx(300, rel=0.01)
    assert fp32[fleet["class"] == "intelligent"].sum() / fp32.sum() == pytest.approx(0.35, abs=0.01)


def test_clusters_hold_the_published_share_of_intelligent_computing() -> None:
    held = by_class()["intelligent"]
    clusters = table("sites").query("kind == 'cluster'")["site"]
    assert held[clusters].sum() / held.sum() == pytest.approx(620 / 780, abs=0.02)


def test_guizhou_has_what_it_says() -> None:
    guian = by_class().loc["GAN"]
    assert guian["intelligent"] + guian["general"] == pytest.approx(150, rel=0.001)
    assert guian["intelligent"] / 150 >= 0.97
    assert guian["storage"] == 25


def test_halls_are_the_national_racks_and_not_overfull() -> None:
    halls = table("halls").set_index("site")["existing_mw"]
    assert halls.sum() == pytest.approx(10.85e6 * 0.0025, rel=0.001)
    power = table("technologies").drop_duplicates("technology").set_index("technology")["mw_per_unit"]
    fleet = table("fleet")
    load = (fleet["units"] * fleet["technology"].map(power)).groupby(fleet["site"]).sum()
    occupancy = load / halls
    assert occupancy.between(0.50, 0.85).all()
    assert load.sum() / halls.sum() == pytest.approx(0.60, abs=0.01)


def test_electricity_of_2025_is_near_the_published_range() -> None:
    """Installed power × 0.75 load × PUE: published 140 for 2024 and 150 to 200 for 2025."""
    technologies = table("technologies").drop_duplicates("technology").set_index("technology")
    fleet = table("fleet")
    load = (fleet["units"] * fleet["technology"].map(technologies["mw_per_unit"])).groupby(fleet["site"]).sum()
    pue = table("profiles").mean(numeric_only=True)
    twh = sum(load[site] * 0.75 * pue[f"pue_{site}"] for site in load.index) * 8760 / 1e6
    assert 130 < twh < 160


def test_demand_of_2026_follows_the_forecast_and_guizhou_is_small() -> None:
    demand = table("demand").query("period == 2026").set_index(["workload", "region"])["units"]
    work = demand.groupby("workload").sum() / 1000
    assert work["training"] + work["inference"] == pytest.approx(0.7 * (1037.3 * 1460.3) ** 0.5, rel=0.001)
    prefectures = table("regions")["region"].head(9)
    assert demand["training"][prefectures].sum() / demand["training"].sum() == pytest.approx(0.0199, abs=0.0005)


@pytest.mark.parametrize(
    ("site", "mean"),
    [("GAN", 1.17), ("HLG", 1.14), ("SGN", 1.22), ("GZM", 1.41)],
)
def test_pue_has_the_published_yearly_mean(site: str, mean: float) -> None:
    assert table("profiles")[f"pue_{site}"].mean() == pytest.approx(mean, abs=0.015)


def test_profiles_cover_a_year() -> None:
    profiles = table("profiles")
    assert profiles["hour"].tolist() == list(range(8760))
    assert not profiles.isna().any().any()
    weather = profiles.filter(regex="solar|wind")
    assert weather.to_numpy().min() >= 0
    assert weather.to_numpy().max() <= 1


def test_solar_has_the_hours_of_the_facts_and_none_at_midnight() -> None:
    profiles = table("profiles")
    assert profiles["solar_GAN"].sum() == pytest.approx(1036, abs=1)
    assert profiles["solar_ZWI"].sum() == pytest.approx(1306, abs=1)
    assert profiles.loc[profiles["hour"] % 24 == 0, "solar_ZWI"].max() == 0


@pytest.mark.parametrize(
    ("zone", "cheap", "dear"),
    [("guizhou", 3, 19), ("guangdong", 3, 15), ("ningxia", 12, 19), ("gansu", 12, 19), ("inner_mongolia_west", 13, 19)],
)
def test_valleys_lie_at_midday_in_the_north_west_and_at_night_in_the_south(zone: str, cheap: int, dear: int) -> None:
    for month in range(1, 13):
        day = day_of(f"price_{zone}", month)
        assert not np.isnan(day).any()
        assert day[cheap] == pytest.approx(day[(cheap + 1)], rel=0.3)
        assert day[cheap] < 0.7 * day[dear]


def test_guizhou_floats_sixty_per_cent_around_its_flat_price() -> None:
    day = day_of("price_guizhou", 5)
    assert sorted({*np.round(day / 0.5087, 3)}) == [0.4, 1.0, 1.6]
    assert (day[:8] < 0.21).all()
    assert (day[10:13] > 0.8).all()


def test_on_a_location_basis_guizhou_is_dirtier_than_guangdong() -> None:
    carbon = table("power").set_index("zone")["co2_kg_per_kwh"]
    assert carbon["Guizhou"] == 0.5683
    assert carbon["Guangdong"] == 0.4419
    assert carbon["Inner Mongolia-West"] > carbon["Guizhou"] > carbon["Guangdong"] > carbon["Sichuan"]


def test_contract_prices_are_energy_prices_below_list() -> None:
    power = table("power").set_index("zone")
    assert power.loc["Guizhou", "contract_price_cny_per_kwh"] == pytest.approx(0.35 - 31 / (730 * 0.85), abs=1e-4)
    for zone in ("Guizhou", "Ningxia", "Gansu", "Inner Mongolia-West"):
        flat = np.median(day_of("price_" + zone.lower().replace(" ", "_").replace("-", "_"), 4))
        assert power.loc[zone, "contract_price_cny_per_kwh"] < flat


def test_guizhou_egress_and_hub_bandwidth_are_as_published() -> None:
    links = table("links").set_index("link")
    guizhou = ["CN-HN--CN-GZ", "CN-GX--CN-GZ", "CN-GZ--CN-CQ", "CN-GZ--CN-SC", "GAN--CN-GD"]
    assert links.loc[guizhou, "capacity_gbps"].sum() == 61000
    hubs = (
        ("CN-BJ", "ZJK"),
        ("CN-SH", "CN-JS", "YRD", "WHU"),
        ("CN-GD", "SGN"),
        ("CN-SC", "CN-CQ"),
        ("HLG",),
        ("CN-GZ", "GAN"),
        ("QYG",),
        ("ZWI",),
    )
    links = links[~links.index.str.contains("[a-z]")]
    leaving = sum(links.loc[links["from"].isin(hub) ^ links["to"].isin(hub), "capacity_gbps"].sum() for hub in hubs)
    assert leaving == pytest.approx(751_000, rel=0.01)


def test_no_single_cut_separates_the_network() -> None:
    links = table("links").query("capacity_gbps > 0")[["from", "to"]].to_numpy().tolist()
    nodes = {end for link in links for end in link}
    assert nodes >= set(table("nodes")["node"])
    for cut in range(len(links)):
        rest = links[:cut] + links[cut + 1 :]
        reached, ahead = {links[0][0]}, [links[0][0]]
        while ahead:
            here = ahead.pop()
            for one, other in rest:
                for start, end in ((one, other), (other, one)):
                    if start == here and end not in reached:
                        reached.add(end)
                        ahead.append(end)
        assert reached == nodes


def test_the_facts_keep_their_sources() -> None:
    for path in FACTS.glob("*.csv"):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        assert {"source", "quality"} <= set(rows.columns), path.name
        assert (rows["source"] != "").all(), path.name
