"""The shipped scenario `guizhou-2023`: only what was known on 27 June 2023 decides, what came later stands beside."""

from __future__ import annotations

import pytest

from tests.library.shipped import by_class, day_of, load_mw, loaded, numbers, text
from xisuan.scenario.timeline import last_day

NAME = "guizhou-2023"


def table(name: str):  # type: ignore[no-untyped-def]
    """A table with its numbers."""
    return numbers(NAME, name)


def test_its_years_are_planned_from_the_day_of_the_bulletin() -> None:
    settings = loaded(NAME).settings
    assert settings.periods == (2023, 2024, 2025)
    assert settings.as_of is not None
    assert settings.as_of.isoformat() == "2023-06-27"
    assert not any(loaded(NAME).fixed(year) for year in settings.periods)


def test_what_was_known_of_the_nation_at_the_end_of_2022() -> None:
    held = by_class(NAME).sum()
    assert held["intelligent"] == pytest.approx(268, rel=0.001)
    assert held["general"] + 0.1 * held["intelligent"] == pytest.approx(180, rel=0.001)
    assert table("halls")["existing_mw"].sum() == pytest.approx(6.5e6 * 0.0025, rel=0.001)


def test_gui_an_has_its_server_places_as_racks_and_its_published_occupancy() -> None:
    """2.25 M places at 314,500 places in 26,500 racks; 60.53 % in use."""
    halls = table("halls").set_index("site")["existing_mw"]
    assert halls["GAN"] == round(2_250_000 * 26_500 / 314_500 * 0.0025)
    assert load_mw(NAME)["GAN"] / halls["GAN"] == pytest.approx(0.6053, abs=0.0005)


def test_halls_are_emptier_in_the_west_as_published() -> None:
    """2021: east 65 to 68 %, south-west 41 %, north-west 34 %."""
    occupancy = load_mw(NAME) / table("halls").set_index("site")["existing_mw"]
    assert occupancy["QYG"] == pytest.approx(0.34, abs=0.01)
    assert occupancy["TFU"] == pytest.approx(0.41, abs=0.01)
    assert occupancy[["BJM", "SHM", "GZM"]].between(0.60, 0.75).all()


def test_egress_is_that_of_the_end_of_2022() -> None:
    links = table("links").set_index("link")["capacity_gbps"]
    leaving = ["CN-HN--CN-GZ", "CN-GX--CN-GZ", "CN-GZ--CN-CQ", "CN-GZ--CN-SC", "GAN--CN-GD"]
    assert links[leaving].sum() == pytest.approx(38_000, abs=30)


def test_demand_follows_the_forecast_of_the_time() -> None:
    """268 EFLOPS in 2022 and 1,271.4 expected for 2026, 70 % in use, the mean of a year between its two ends."""
    demand = table("demand").groupby(["workload", "period"])["units"].sum() / 1000
    growth = (1271.4 / 268) ** 0.25
    for year in (2023, 2024, 2025):
        work = demand["training"][year] + demand["inference"][year]
        assert work == pytest.approx(0.7 * 268 * growth ** (year - 2022.5), rel=0.002)


def test_no_vintage_of_later_years_is_on_sale() -> None:
    assert set(loaded(NAME)["technologies"]["technology"]) == {
        "general_2020",
        "general_2024",
        "ai_2023",
        "storage_2022",
    }


def test_prices_lie_between_night_and_evening_and_the_contract_below() -> None:
    day = day_of(NAME, "price_guizhou", 5)
    assert day[3] < 0.5 * day[12] < day[12] < day[19]
    power = table("power").set_index("zone")["contract_price_cny_per_kwh"]
    assert power["Guizhou"] == pytest.approx(0.35 - 31 / (730 * 0.85), abs=1e-4)
    assert set(power.dropna().index) == {"Guizhou", "Ningxia"}


def test_the_budget_of_guizhou_is_the_plan_of_the_year() -> None:
    budgets = table("budgets").set_index(["period", "scope"])["limit_mcny"]
    assert budgets[2023, "Guizhou"] == 22_000


def test_what_happened_stands_beside_with_its_source_and_a_later_date() -> None:
    record = loaded(NAME)["actuals"].set_index(["quantity", "place", "period", "date", "kind"])["value"]
    assert record["compute_eflops", "Guizhou", 2025, "", "actual"] == 150
    assert record["egress_gbps", "Guizhou", 2024, "2024-10", "actual"] == 51_100
    assert record["egress_gbps", "Guizhou", 2025, "", "target"] == 45_000
    assert record["racks", "Guizhou", 2025, "", "target"] == 800_000
    assert record["investment_mcny", "Guizhou", 2022, "", "actual"] == 20_539
    dates = text(NAME, "sources").set_index("source")["date"]
    as_of = loaded(NAME).settings.as_of
    later = [source for source in text(NAME, "actuals")["source"] if last_day(dates[source]) > as_of]
    assert len(later) > 30


def test_shares_of_investors_add_up_to_the_field() -> None:
    record = table("actuals").query("place == 'Guizhou' and period == 2022").set_index("quantity")["value"]
    parts = record[[f"investment_{name}_mcny" for name in ("china_mobile", "china_telecom", "others")]]
    assert parts.sum() == record["investment_mcny"]
    assert parts["investment_china_mobile_mcny"] / parts.sum() == pytest.approx(0.301, abs=0.001)
