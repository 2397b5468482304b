"""The shipped scenario `guizhou`: near the published totals, in the places where they are."""

from __future__ import annotations

import numpy as np
import pytest

from tests.library import shipped
from tests.library.shipped import profiles

NAME = "guizhou"


def table(name: str):  # type: ignore[no-untyped-def]
    """A table with its numbers."""
    return shipped.numbers(NAME, name)


def by_class():  # type: ignore[no-untyped-def]
    """Fleet units by site and class."""
    return shipped.by_class(NAME)


def day_of(profile: str, month: int) -> np.ndarray:
    """A day of a price."""
    return shipped.day_of(NAME, profile, month)


def test_nine_prefectures_thirty_provinces_ten_clusters() -> None:
    regions, sites = table("regions"), table("sites")
    assert len(regions) == 9 + 30
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
    assert guian["general"] == pytest.approx(92.6 * 0.03, rel=0.001)
    assert guian["storage"] == pytest.approx(25, rel=1e-4)


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
    pue = profiles().mean(numeric_only=True)
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
    assert profiles()[f"pue_{site}"].mean() == pytest.approx(mean, abs=0.015)


def test_profiles_cover_a_year() -> None:
    hourly = profiles()
    assert hourly["hour"].tolist() == list(range(8760))
    assert not hourly.isna().any().any()
    weather = hourly.filter(regex="solar|wind")
    assert weather.to_numpy().min() >= 0
    assert weather.to_numpy().max() <= 1


def test_solar_has_the_hours_of_the_facts_and_none_at_midnight() -> None:
    hourly = profiles()
    assert hourly["solar_GAN"].sum() == pytest.approx(1036, abs=1)
    assert hourly["solar_ZWI"].sum() == pytest.approx(1306, abs=1)
    assert hourly.loc[hourly["hour"] % 24 == 0, "solar_ZWI"].max() == 0


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
    carbon = table("power").query("period.isna()").set_index("zone")["co2_kg_per_kwh"]
    assert carbon["Guizhou"] == 0.5683
    assert carbon["Guangdong"] == 0.4419
    assert carbon["Inner Mongolia-West"] > carbon["Guizhou"] > carbon["Guangdong"] > carbon["Sichuan"]


def test_contract_prices_are_energy_prices_below_list() -> None:
    power = table("power").query("period.isna()").set_index("zone")
    assert power.loc["Guizhou", "contract_price_cny_per_kwh"] == pytest.approx(0.35 - 31 / (730 * 0.85), abs=1e-4)
    for zone in ("Guizhou", "Ningxia", "Gansu", "Inner Mongolia-West"):
        flat = np.median(day_of("price_" + zone.lower().replace(" ", "_").replace("-", "_"), 4))
        assert power.loc[zone, "contract_price_cny_per_kwh"] < flat


def test_guizhou_egress_and_hub_bandwidth_are_as_published() -> None:
    links = table("links").query("period.isna()").set_index("link")
    guizhou = ["CN-HN--CN-GZ", "CN-GX--CN-GZ", "CN-GZ--CN-CQ", "CN-GZ--CN-SC", "GAN--CN-GD"]
    assert links.loc[guizhou, "capacity_gbps"].sum() == 61000
    later = table("links").query("link in @guizhou").groupby("period")["min_gbps"].sum()
    grown = {2026.0 + n: 61000 + n * (61000 - 38000) / 2.5 for n in range(1, 5)}
    assert later.to_dict() == pytest.approx(grown, rel=1e-3)
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
