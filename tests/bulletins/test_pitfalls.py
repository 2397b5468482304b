"""The ten ways in which official figures are misread, each with the words or figures of a real case."""

from __future__ import annotations

import datetime

import pytest

from xisuan.bulletins.read_bulletin import read_text
from xisuan.results.bulletin_reading import Observation
from xisuan.tracking.series.reconciliation import Figure, contradictions, disagreements, levels, ranked, singles


def one(text: str, indicator: str, published: datetime.date | None = None) -> Observation:
    """The only observation of an indicator in a text."""
    found = [seen for seen in read_text(text, published).observations if seen.indicator == indicator]
    assert len(found) == 1, found
    return found[0]


def figure(indicator: str, year: int, value: float, **more: object) -> Figure:
    """A whole year's figure of Guizhou."""
    fields: dict[str, object] = {
        "indicator": indicator,
        "region": "guizhou",
        "first": datetime.date(year, 1, 1),
        "last": datetime.date(year, 12, 31),
        "basis": "cumulative",
        "value": value,
        "growth": float("nan"),
        "status": "actual",
        "bound": "",
        "scope": "",
        "price_base": "",
        "precision": "",
        "published": datetime.date(year + 1, 2, 1),
        "tier": "A",
        "quality": "published",
        "source": "a",
    }
    return Figure(**(fields | more))  # type: ignore[arg-type]


def test_1_to_a_month_is_from_january() -> None:
    """1-10月 is January to October; the ten months are not the tenth."""
    seen = one("贵州2024年1-10月电信业务收入325.8亿元。", "telecom_revenue")
    assert (seen.period_start, seen.period_end, seen.basis) == ("2024-01-01", "2024-10-31", "cumulative")


def test_1_single_stretches_come_by_subtraction() -> None:
    """Jan-Jul 232.0, Jan-Oct 325.8: August to October are 93.8, and nothing says which month had what."""
    assert singles([(7, 232.0), (10, 325.8)]) == [((1, 7), 232.0), ((8, 10), pytest.approx(93.8))]


def test_2_january_and_february_stay_one_figure() -> None:
    seen = one("2023年1-2月,贵州大数据领域完成投资49.12亿元。", "bigdata_field_investment")
    assert (seen.period_start, seen.period_end) == ("2023-01-01", "2023-02-28")
    assert singles([(2, 49.12), (4, 96.5)])[0] == ((1, 2), 49.12)


def test_3_growth_is_kept_beside_the_levels_that_do_not_bear_it_out() -> None:
    """GDP of 2022: the levels say +3.0 %, the bureau +1.2 %."""
    figures = ranked([figure("gdp", 2021, 1958642.0), figure("gdp", 2022, 2016458.0, growth=1.2)])
    ((seen, of_levels, points),) = disagreements(figures)
    assert seen.growth == 1.2
    assert of_levels == pytest.approx(2.95, abs=0.01)
    assert points == pytest.approx(1.75, abs=0.01)


def test_4_volumes_in_prices_of_different_years_are_no_series() -> None:
    """4,165 (in prices of 2015, ten months of 2020) and 388 (in prices of 2023) do not chain."""
    figures = ranked(
        [
            figure("telecom_business_volume", 2019, 387490.0, price_base="2015"),
            figure("telecom_business_volume", 2020, 416506.0, price_base="2015"),
            figure("telecom_business_volume", 2024, 38798.0, price_base="2023"),
        ]
    )
    assert {seen.price_base for seen in levels(figures, "telecom_business_volume", "guizhou", chain=False)} == {"2015"}
    seen = one("贵州2024年1-10月电信业务总量387.98亿元(按2023年不变价计算),同比增长15.1%。", "telecom_business_volume")
    assert (seen.price_base, seen.period_end, seen.growth_pct) == ("2023", "2024-10-31", 15.1)


def test_5_percent_points_and_progress_are_three_things() -> None:
    text = "2023年1-2月,贵州大数据领域完成投资49.12亿元,完成全年计划的22.33%;数字经济占GDP比重达到42%,提高5个百分点。"
    seen = read_text(text)
    assert one(text, "bigdata_field_investment").growth_pct is None
    share = one(text, "digital_economy_share")
    assert (share.value, share.change_points, share.growth_pct) == (42.0, 5.0, None)
    why = {left.words: left.why for left in seen.unplaced}
    assert why["22.33%"].startswith("progress")


def test_5_per_mille_is_a_tenth_of_a_percent() -> None:
    assert one("2022年,贵州地区生产总值同比增长1.8‰。", "gdp").growth_pct == pytest.approx(0.18)


@pytest.mark.parametrize(
    ("text", "indicator", "value", "unit"),
    [
        ("2023年1-4月,贵州信息基础设施投资39.6亿元。", "info_infrastructure_investment", 3960.0, "mCNY"),
        (
            "In the first four months of 2023 Guizhou's information infrastructure investment was 3.96 billion yuan.",
            "info_infrastructure_investment",
            3960.0,
            "mCNY",
        ),
        ("2024年,贵州数字经济规模突破1万亿元。", "digital_economy_scale", 1e6, "mCNY"),
        ("截至2024年10月底,贵州互联网出省带宽5.11万G。", "interprovincial_bandwidth", 51100.0, "Gbps"),
        ("截至2024年10月底,贵州5G基站12.6万个。", "g5_base_stations", 126000.0, "1"),
        ("截至2025年9月底,贵州算力规模达92600P。", "compute_capacity", 92.6, "EFLOPS"),
    ],
)
def test_6_units(text: str, indicator: str, value: float, unit: str) -> None:
    seen = one(text, indicator)
    assert seen.value == pytest.approx(value)
    assert seen.unit == unit


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("截至2025年9月底,贵州算力规模达92.6EFLOPS(FP16)。", "FP16"),
        ("截至2025年9月底,贵州算力规模达92.6EFLOPS(以半精度计)。", "FP16"),
        (
            "As of the end of September 2025 Guizhou's computing capacity was 92.6 EFLOPS at single precision (FP32).",
            "FP32",
        ),
        ("截至2025年9月底,贵州算力规模达92.6EFLOPS。", ""),
    ],
)
def test_6_the_precision_of_computing_power_is_kept_and_never_guessed(text: str, precision: str) -> None:
    seen = one(text, "compute_capacity")
    assert (seen.value, seen.unit, seen.precision) == (92.6, "EFLOPS", precision)


def test_6_a_conversion_in_brackets_is_no_second_figure() -> None:
    text = "In 2023, Guizhou's telecom revenue was 38.3 billion yuan ($5.3 billion)."
    assert [seen.value for seen in read_text(text).observations] == [38300.0]


def test_7_scopes_are_not_mixed() -> None:
    """2,000 of `industry scale` in 2015 and 2,200 of output in 2023 are different things."""
    figures = ranked(
        [
            figure("bigdata_industry_output", 2015, 200000.0, scope="wider"),
            figure("bigdata_industry_output", 2023, 220000.0),
        ]
    )
    assert [seen.value for seen in levels(figures, "bigdata_industry_output", "guizhou")] == [220000.0]
    seen = one("2023年1-11月,贵阳贵安规模以上电子信息制造业总产值300.4亿元。", "electronics_output")
    assert seen.scope == "firms above designated size"


def test_8_preliminary_stands_beside_final_and_below_it() -> None:
    """Software 2022: +99.7 in the work report of 13 January, +90.5 later."""
    nan = float("nan")
    early = figure(
        "software_revenue", 2022, nan, growth=99.7, status="preliminary", published=datetime.date(2023, 1, 14)
    )
    late = figure("software_revenue", 2022, nan, growth=90.5, published=datetime.date(2023, 2, 7), source="b")
    ((used, other),) = contradictions(ranked([early, late]))
    assert (used.growth, other.growth) == (90.5, 99.7)


@pytest.mark.parametrize(
    ("text", "bound", "status"),
    [
        ("2024年,贵州软件业务收入超1000亿元。", "over", "actual"),
        ("2024年,贵州软件业务收入约1000亿元。", "about", "actual"),
        ("2024年,贵州软件业务收入不足1000亿元。", "under", "actual"),
        ("2024年,贵州力争软件业务收入突破1000亿元。", "over", "target"),
        ("2024年,贵州软件业务收入预计达到1000亿元左右。", "about", "projected"),
    ],
)
def test_9_vague_words_are_kept(text: str, bound: str, status: str) -> None:
    seen = one(
        text, "software_revenue", datetime.date(2025, 1, 20) if status == "actual" else datetime.date(2024, 1, 1)
    )
    assert (seen.value, seen.bound, seen.status) == (100000.0, bound, status)


def test_10_a_share_keeps_to_its_part_and_place_names_are_told_apart() -> None:
    text = (
        "In the first four months of 2023, Guizhou's investment in information infrastructure reached 3.96 billion"
        " yuan, accounting for 41.05 percent of the total."
    )
    seen = one(text, "info_infrastructure_investment")
    assert (seen.value, seen.share_pct) == (3960.0, 41.05)
    regions = {
        read_text(f"2023年,{name}软件业务收入500亿元。").observations[0].region
        for name in ("贵阳市", "贵安新区", "贵阳贵安")
    }
    assert regions == {"guiyang", "guian_new_area", "guiyang_guian"}


def test_10_what_was_counted_a_month_earlier_keeps_its_day() -> None:
    """The issue of January to October carries bandwidth as of the end of September."""
    text = "2024年1-10月,贵州电信业务收入325.8亿元。截至9月底,互联网出省带宽5.11万G。截至10月底,5G基站12.6万个。"
    assert one(text, "telecom_revenue").period_end == "2024-10-31"
    assert one(text, "interprovincial_bandwidth").period_end == "2024-09-30"
    assert one(text, "g5_base_stations").period_end == "2024-10-31"
