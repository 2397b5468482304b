"""The shipped scenario `china`: the nation on its backbone, near the published totals, of the size promised."""

from __future__ import annotations

import numpy as np
import pytest

from gnomon.model.csr_matrix import size
from tests.library.shipped import FACTS, by_class, day_of, load_mw, loaded, numbers, profiles, text
from xisuan.equations.build_model import assemble
from xisuan.report.pages.sweep_page import why
from xisuan.results.sweep import Range
from xisuan.scenario.queries.routing import eligible
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants.modelled_hours import on_hours
from xisuan.workflow.plan import plan
from xisuan.workflow.sweep import Design, sweep

NAME = "china"


def table(name: str):  # type: ignore[no-untyped-def]
    """A table with its numbers."""
    return numbers(NAME, name)


def test_thirty_one_provinces_ten_clusters_and_metros() -> None:
    assert len(table("regions")) == 31
    assert table("sites")["kind"].value_counts().to_dict() == {"cluster": 10, "edge": 9}
    assert table("sites").query("kind == 'cluster'")["hub"].nunique() == 8
    assert len(table("workloads")) == 6
    assert set(table("technologies")["class"]) == {"general", "intelligent", "storage"}


def test_people_and_gdp_are_the_nation() -> None:
    assert table("regions")["population"].sum() == pytest.approx(1407.7e6, rel=0.001)
    assert table("regions")["gdp_mcny"].sum() == pytest.approx(125.09e6, rel=0.001)


def test_the_backbone_is_the_79_links_over_41_nodes_of_the_facts() -> None:
    links = table("links")
    ends = {*links["from"], *links["to"]}
    assert (len(links), len(ends)) == (79, 41)
    assert ends == {*table("regions")["region"], *table("nodes")["node"]}
    facts = {line.split(",")[0]: line for line in (FACTS / "backbone_links.csv").read_text("utf-8").splitlines()}
    for link, km in zip(links["link"], links["length_km"], strict=True):
        assert f",{km:g}," in facts[link] or f",{km:.1f}," in facts[link]


def test_no_single_cut_separates_the_nation() -> None:
    pairs = table("links")[["from", "to"]].to_numpy().tolist()
    nodes = {end for pair in pairs for end in pair}
    for cut in range(len(pairs)):
        reached, ahead = {pairs[0][0]}, [pairs[0][0]]
        while ahead:
            here = ahead.pop()
            for number, pair in enumerate(pairs):
                if number != cut and here in pair:
                    other = pair[0] if pair[1] == here else pair[1]
                    if other not in reached:
                        reached.add(other)
                        ahead.append(other)
        assert reached == nodes


def test_hub_bandwidth_and_the_egress_of_guizhou_are_as_published() -> None:
    links = table("links")
    guizhou = links["from"].isin(["CN-GZ", "GAN"]) ^ links["to"].isin(["CN-GZ", "GAN"])
    assert links.loc[guizhou, "capacity_gbps"].sum() == 61_000
    groups = (
        ("CN-BJ", "CN-TJ", "CN-HE", "ZJK"),
        ("CN-SH", "CN-JS", "CN-ZJ", "CN-AH", "YRD", "WHU"),
        ("CN-GD", "SGN"),
        ("CN-SC", "CN-CQ", "TFU", "CQG"),
        ("CN-NM", "HLG"),
        ("CN-GZ", "GAN"),
        ("CN-GS", "QYG"),
        ("CN-NX", "ZWI"),
    )
    leaving = sum(links.loc[links["from"].isin(hub) ^ links["to"].isin(hub), "capacity_gbps"].sum() for hub in groups)
    assert leaving == pytest.approx(751_000, rel=0.01)


def test_other_traffic_runs_on_shortest_paths_within_what_stands() -> None:
    traffic = table("traffic")
    assert set(traffic["routing"]) == {"shortest"}
    assert len(traffic) == 31 * 30
    assert traffic["gbps"].sum() == pytest.approx(50_000 * 1.12**4, rel=0.002)


def test_national_totals_are_those_of_guizhou() -> None:
    """The same facts, otherwise grouped."""
    for kind in ("general", "intelligent", "storage"):
        assert by_class("china")[kind].sum() == pytest.approx(by_class("guizhou")[kind].sum(), rel=1e-3)
    assert table("halls")["existing_mw"].sum() == pytest.approx(10.85e6 * 0.0025, rel=0.001)
    occupancy = load_mw(NAME) / table("halls").set_index("site")["existing_mw"]
    assert occupancy.between(0.45, 0.85).all()


def test_demand_is_that_of_guizhou_in_2030_and_in_the_year_that_had_ended() -> None:
    nation = numbers("guizhou", "demand").groupby(["workload", "period"])["units"].sum()
    ours = table("demand").groupby(["workload", "period"])["units"].sum()
    assert set(table("demand")["period"]) == {2025, 2030}
    for key, units in ours.items():
        assert units == pytest.approx(nation[key], rel=1e-3)


def test_every_region_has_a_site_for_real_time_work() -> None:
    served = {option.region for option in eligible(loaded(NAME), "real_time")}
    assert served == set(table("regions")["region"])


def test_every_zone_has_a_price_for_every_hour_and_a_valley() -> None:
    for row in text(NAME, "power").to_dict("records"):
        if row["zone"] == "Tibet":
            assert float(row["price"]) > 0
            continue
        for month in range(1, 13):
            day = day_of(NAME, row["price"], month)
            assert not np.isnan(day).any()
            assert day.min() < 0.75 * day.max()


def test_profiles_cover_a_year_for_every_site() -> None:
    assert len(profiles()) == 8760
    assert {f"pue_{site}" for site in table("sites")["site"]} <= set(profiles().columns)
    assert set(table("supply")["profile"].dropna()) <= set(profiles().columns)


def test_it_is_an_lp_of_at_most_1300_columns_an_hour() -> None:
    """The columns that an hour adds, from models of 2 and 3 hours; nothing comes in whole numbers."""
    sizes = {}
    for hours in (2, 3):
        model = assemble(loaded(NAME).with_settings(hours=Hours("hours", hours))).model
        _, sizes[hours], _ = size(model)
        assert not any(block.integer for block in model.columns.values())
    assert sizes[3] - sizes[2] <= 1300


def test_the_shipped_levers_can_be_swept_from_end_to_end() -> None:
    """Fujian's real-time work is within 4.5 ms of Shaoguan along great circles × 1.3, and farther along those × 1.6: there
    it is left, as work of Xinjiang is that the halls of Urumqi do not hold, and everything else has its plan.

    As given, the nation costs what its plan does.
    """
    given = on_hours(loaded(NAME), Hours("hours", 2))
    ends = {str(row["lever"]): (row["low_percent"], row["high_percent"]) for row in given["levers"].to_dict("records")}
    assert ends["detour"] == pytest.approx((0.0, 100.0 * (1.6 / 1.3 - 1.0)), abs=1e-4)
    ms = min(option.latency_ms[-1] for option in eligible(given, "real_time") if option.region == "CN-FJ")
    assert ms * 1.515 / 1.3 < 4.5 < ms * 1.516 / 1.3

    members = sweep(given, Design()).members.set_index("member")
    assert set(members["status"]) == {"optimal", "short"}
    short = members[members["status"] == "short"]
    assert (short[["detour", "population_demand", "intelligent_demand", "eastern_demand"]] > 0.0).any(axis=1).all()
    assert (short[["penalty", "unserved_share"]] > 0.0).all(axis=None)
    assert (members.loc[members["status"] == "optimal", ["penalty", "unserved_share"]] == 0.0).all(axis=None)
    (reason,) = short.loc[short["detour"] > 0.0, "why"]
    assert reason == "real_time, CN-FJ, 2030 · 100 % of it cannot be served"
    share = numbers(NAME, "demand").query("workload == 'real_time' and period == 2030").set_index("region")["units"]
    (left,) = short.loc[short["detour"] > 0.0, "unserved_share"]
    assert left == pytest.approx(100.0 * share["CN-FJ"] / share.sum(), rel=0.01)
    assert members.loc[0, "objective"] == pytest.approx(plan(given).objective, rel=1e-6)


def test_who_has_no_price_for_what_is_left_has_no_plan_and_says_why_in_both_languages() -> None:
    given = on_hours(loaded(NAME), Hours("hours", 6))
    bare = given.with_tables(workloads=given["workloads"].assign(sweep_unserved_mcny_per_unit_hour=np.nan))
    found = sweep(bare, Design("list", (Range("detour", 0.0, 23.0),), moves=((23.0,),))).members
    assert list(found["status"]) == ["optimal", "infeasible"]
    (english,) = why(found.loc[1].to_dict(), "en")
    (twin,) = why(found.loc[1].to_dict(), "zh")
    assert english.startswith("demand, row 145 (CN-FJ/real_time) · cannot be served in 2030: ")
    assert twin.startswith("demand，第 145 行（CN-FJ/real_time） · 在 2030 年无法得到服务：")


def test_what_a_sweep_may_leave_costs_ten_times_what_a_plan_for_futures_may() -> None:
    """A price for members alone: the plan has to serve all work."""
    work = table("workloads").set_index("workload")
    assert work["unserved_mcny_per_unit_hour"].isna().all()
    futures = numbers("china-futures", "workloads").set_index("workload")["unserved_mcny_per_unit_hour"]
    assert work["sweep_unserved_mcny_per_unit_hour"].to_dict() == pytest.approx((10.0 * futures).to_dict(), rel=1e-12)
