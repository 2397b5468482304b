"""What the shipped scenarios are asked to hold: each is there, with a source and a grade, and with a range if estimated."""

from __future__ import annotations

import pytest

from tests.library.shipped import NAMES, loaded, numbers, profiles, text
from xisuan.scenario.settings import Hours


def record(quantity: str, place: str, kind: str = "actual") -> list[dict[str, str]]:
    """Rows of the record of what happened, or was aimed at, in `guizhou`."""
    rows = text("guizhou", "actuals").to_dict("records")
    wanted = (quantity, place, kind)
    return [
        {str(name): str(cell) for name, cell in row.items()}
        for row in rows
        if (row["quantity"], row["place"], row["kind"] or "actual") == wanted
    ]


def test_guizhou_extends_china_and_2023_what_extends_guizhou() -> None:
    china, guizhou, past = (loaded(name) for name in ("china", "guizhou", "guizhou-2023"))
    assert set(guizhou["sites"]["site"]) < set(china["sites"]["site"])
    assert (str(past.settings.as_of), past.settings.periods) == ("2023-06-27", (2023, 2024, 2025))
    assert str(guizhou.settings.as_of) == "2026-02-28"  # the figures of 2025 and the aims for 2026 are out


def test_the_small_one_differs_from_guizhou_in_where_demand_arises_and_in_hours_and_gap() -> None:
    large, small = (loaded(name) for name in ("guizhou", "guizhou-days"))
    assert (str(large.settings.hours), large.settings.plan.gap) == ("weeks:4", 1e-4)
    assert (str(small.settings.hours), small.settings.plan.gap) == ("days:4", None)
    assert (len(large["regions"]), len(small["regions"])) == (9 + 30, 9 + 11)
    differing = {name for name in large.tables if not large[name].equals(small[name])}
    assert differing == {"regions", "demand", "estimates"}
    units = [one["demand"].groupby(["workload", "period"])["units"].sum() for one in (large, small)]
    assert units[0].to_numpy() == pytest.approx(units[1].to_numpy(), rel=1e-3)


def test_the_question_of_2023_states_no_gap() -> None:
    assert loaded("guizhou-2023").settings.plan.gap is None


@pytest.mark.parametrize("name", NAMES)
def test_hourly_data_cover_the_year(name: str) -> None:
    assert len(profiles()) == 8760
    year = loaded(name).with_settings(hours=Hours("year"))
    assert year.timeline.n_hours == 8760


@pytest.mark.parametrize(
    ("quantity", "place", "kind"),
    [
        ("egress_gbps", "Guizhou", "actual"),
        ("egress_gbps", "Guizhou", "target"),
        ("racks", "Guizhou", "target"),
        ("racks", "China", "actual"),
        ("compute_eflops", "Guizhou", "actual"),
        ("compute_fp32_eflops", "China", "actual"),
        ("compute_fp16_eflops", "China", "actual"),
        ("price_cny_per_kwh", "Guizhou", "actual"),
        ("utilisation", "Beijing", "actual"),
        ("investment_china_mobile_mcny", "Guizhou", "actual"),
        ("investment_china_telecom_mcny", "Guizhou", "actual"),
        ("investment_others_mcny", "Guizhou", "actual"),
    ],
)
def test_it_is_in_the_record_sourced_and_graded(quantity: str, place: str, kind: str) -> None:
    rows = record(quantity, place, kind)
    assert rows
    listed = set(text("guizhou", "sources")["source"]) | set(text("china", "sources")["source"])
    for row in rows:
        assert row["quality"] in ("published", "derived", "estimate")
        assert row["source"]
        assert set(row["source"].split(";")) <= listed


@pytest.mark.parametrize("name", NAMES)
def test_computing_power_is_never_without_its_precision(name: str) -> None:
    """A unit of work and its FP32 are two columns; intelligent computing counts a tenth, never one to one."""
    offers = numbers(name, "technologies")
    flow = offers[offers["kind"] != "stock"]
    assert set(flow["precision"]) == {"FP32", "FP16"}
    assert (flow["unit"] == "PFLOPS " + flow["precision"]).all()
    assert flow["fp32_per_unit"].gt(0).all()
    assert (flow.loc[flow["precision"] == "FP16", "fp32_per_unit"] < 0.5 * 0.001).all()
    assert (flow["attainable_utilisation"].between(0.5, 0.95)).all()


def test_halls_and_equipment_have_prices_of_their_own() -> None:
    halls = numbers("guizhou", "halls")["capex_mcny_per_mw"]
    offers = numbers("guizhou", "technologies")
    sold = offers[offers["capex_mcny_per_unit"] > 0]
    assert halls.between(19.5, 48).all()
    assert (sold["capex_mcny_per_unit"] / sold["mw_per_unit"]).gt(halls.max()).all()


def test_a_zone_has_a_list_price_and_gui_an_a_contract_price() -> None:
    power = numbers("guizhou", "power").query("period.isna()").set_index("zone")
    assert text("guizhou", "power")["price"].str.len().gt(0).all()
    assert power["contract_price_cny_per_kwh"].notna().sum() >= 4
    assert power.loc["Guizhou", "contract_price_cny_per_kwh"] < 0.4


@pytest.mark.parametrize("name", ["guizhou", "guizhou-2023"])
def test_the_payers_of_guizhou_are_the_two_operators_and_others(name: str) -> None:
    payers = numbers(name, "payers")
    shares = payers[payers["scope"] == "Guizhou"].set_index("investor")["share"]
    assert set(shares.index) >= {"China Mobile", "China Telecom", "Huawei, Tencent, Apple and others"}
    assert shares["China Mobile"] == pytest.approx(61.86 / 205.39, abs=0.001)
    assert shares["China Telecom"] == pytest.approx(28.30 / 205.39, abs=0.001)
    assert shares.sum() == pytest.approx(1)


@pytest.mark.parametrize("name", NAMES)
def test_every_estimate_has_a_low_and_a_high(name: str) -> None:
    found = numbers(name, "estimates")
    assert len(found) > 1000
    assert found["low"].notna().all()
    assert found["high"].notna().all()
    assert (found["low"] <= found["high"]).all()
