"""Lists with the bases of their changes, lists that name their items anew, and figures beside those of firms."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from xisuan.bulletins.figures.subjects import OF_A_FIRM, OF_FIRMS
from xisuan.bulletins.read_bulletin import read_bulletin, read_text

DAY = datetime.date(2025, 3, 20)


def levels(text: str, published: datetime.date = DAY) -> set[tuple[str, str, float, str]]:
    """Indicator, year, value and status of the levels that a text of Guizhou gives."""
    seen = read_text(text, published, region="guizhou").observations
    return {(one.indicator, one.period_end[:4], one.value, one.status) for one in seen if one.value is not None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "2024年5G用户、千兆用户分别达到1800万户、400万户,较2023年的1500万户、300万户分别增长20%、33%。",
            {("g5_users", "2023", 15e6), ("gigabit_users", "2023", 3e6), ("g5_users", "2024", 18e6)}
            | {("gigabit_users", "2024", 4e6)},
        ),
        (
            "2025年力争全省5G用户、千兆用户分别较2023年的1500万户、300万户增长20%、33%。",
            {("g5_users", "2023", 15e6), ("gigabit_users", "2023", 3e6)},
        ),
        (
            "2024年全省电信业务收入达380亿元,软件业务收入达800亿元,较2023年的330亿元和600亿元增长较快。",
            {("telecom_revenue", "2024", 38e3), ("software_revenue", "2024", 80e3)},
        ),
        (
            "较2023年的15万个、1800万户分别增长33%、39%,全省5G基站、5G用户分别达到20万个、2500万户。",
            set(),
        ),
    ],
)
def test_a_list_of_bases_is_of_the_items_of_its_list(text: str, expected: set[tuple[str, str, float]]) -> None:
    read = {one[:3] for one in levels(text)}
    assert not [one for one in levels(text) if one[3] == "target"]
    assert read == expected if expected else all(one[2] != 15e4 and one[2] != 18e6 for one in read)


@pytest.mark.parametrize(
    "said",
    [
        "电信、软件收入分别为380亿元、800亿元",
        "税收分别完成380亿元、800亿元",
        "第一、第二产业增加值分别为380亿元、800亿元",
    ],
)
def test_a_list_with_words_of_its_own_is_not_of_the_items_before(said: str) -> None:
    read = levels(f"2024年,第二、三产业增加值分别增长6.6%、4.8%,{said}。")
    assert not [one for one in read if one[0].endswith("industry_value_added")]


def test_a_list_without_words_of_its_own_is_of_the_items_before() -> None:
    read = levels("2024年,第二、三产业增加值分别增长6.6%、4.8%,分别达到7500亿元、9800亿元。")
    assert {one[2] for one in read} == {750e3, 980e3}


@pytest.mark.parametrize(
    "said",
    [
        "China Mobile's branch in Guizhou had 12 million 5G users at the end of 2024.",
        "China Telecom's Guizhou company had built 30,000 5G base stations by the end of 2024.",
        "Guizhou had 30,000 5G base stations built by a firm by the end of 2024.",
        "2024年末,某公司在全省建成5G基站3万个。",
    ],
)
def test_the_figures_of_a_branch_are_not_of_the_province(said: str) -> None:
    assert not levels(said)


@pytest.mark.parametrize(
    "said",
    [
        "Guizhou's software revenue reached 80 billion yuan in 2024, while output in the industrial park rose 5 percent.",
        "Guizhou's software revenue reached 80 billion yuan in 2024, while investment by a firm exceeded 2 billion.",
        "2024年,全省新设公司2万家,软件业务收入800亿元。",
        "2024年,总部公司20家,软件业务收入800亿元。",
        "2024年,在龙头企业带动下全省软件业务收入达到800亿元。",
        "2024年,省属国有企业集团发展较快,软件业务收入800亿元。",
    ],
)
def test_a_firm_beside_takes_no_figure_of_the_province(said: str) -> None:
    assert levels(said) == {("software_revenue", "2024", 80e3, "actual")}


@pytest.mark.parametrize("said", ["2024年各项目标为:全省5G基站18万个。", "全省5G基站要提升到2024年的18万个以上。"])
def test_an_aim_for_a_past_year_is_no_result(said: str) -> None:
    assert not [one for one in levels(said, datetime.date(2025, 6, 20)) if one[3] == "actual"]


@pytest.mark.parametrize("rank", ["0", "-2", "1.5"])
def test_a_rank_below_one_is_refused(rank: str, tmp_path: Path) -> None:
    table = tmp_path / "ranks.csv"
    table.write_text(f"indicator,region,period_end,rank\ngdp,guizhou,2024-12-31,{rank}\n", encoding="utf-8")
    assert not read_bulletin(table).observations


@pytest.mark.parametrize("whole", ["全省GDP(亿元)", "全省合计GDP(亿元)", "全市GDP(亿元)"])
def test_a_row_of_the_whole_is_not_of_the_place_above(whole: str, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    rows = f"地区,指标,2024年\n贵阳市,GDP(亿元),5700\n遵义市,GDP(亿元),4900\n,{whole},22667\n"
    table.write_text(rows, encoding="utf-8")
    seen = read_bulletin(table, published=DAY, region="guizhou").observations
    assert {one.value for one in seen if one.region == "zunyi"} == {490e3}


TITLE = "贵州省通信业运行情况\n"


@pytest.mark.parametrize(
    "said",
    [
        "某运营商2024年持续加大投入,网络质量明显提升,5G用户达1200万户。",
        "贵州移动2024年发展迅速。5G用户达1200万户,移动电话用户达2600万户。",
        "中国电信贵州公司持续推进云网融合,成效显著,2024年电信业务收入120亿元。",
        "贵州广电网络股份有限公司2024年稳步发展,固定宽带用户达300万户。",
        "某保险公司2024年实现电信业务收入3亿元。",
        "满帮集团2024年实现软件业务收入100亿元。",
        "贵州移动、贵州联通2024年发展迅速。5G用户合计达1600万户。",
        "贵州铁塔\n2024年末,建成5G基站5万个。",
        "China Mobile expanded quickly in Guizhou. It had 12 million 5G users at the end of 2024.",
        "Huawei has invested heavily in Gui'an. Software revenue reached 3 billion yuan in 2024.",
        "China Mobile and China Unicom expanded in Guizhou. In 2024, software revenue reached 3 billion yuan.",
    ],
)
def test_a_passage_about_a_firm_gives_no_figure_of_the_region(said: str) -> None:
    """The subject holds for later clauses and sentences, until another subject, the paragraph or the section ends it."""
    found = read_text(TITLE + said, DAY)
    assert not found.observations
    assert {one.why for one in found.unplaced} <= {OF_A_FIRM, OF_FIRMS}
    assert found.unplaced


@pytest.mark.parametrize(
    "said",
    [
        "贵州移动2024年发展迅速。全省软件业务收入800亿元。",
        "贵州移动2024年发展迅速,5G用户达1200万户。\n2024年,软件业务收入800亿元。",
        "一、企业发展\n贵州铁塔服务能力提升。\n二、总体情况\n2024年,软件业务收入800亿元。",
        "贵州铁塔\n贵州铁塔2024年发展迅速。\n贵州省\n2024年,软件业务收入800亿元。",
        "各电信企业2024年加大投入。软件业务收入800亿元。",
        "中国移动、中国电信、中国联通三家基础电信企业2024年加大投入。软件业务收入800亿元。",
        "2024年,企业集团、保险公司、上市公司加快转型,软件业务收入800亿元。",
        "引进华为、腾讯、苹果等企业。2024年,软件业务收入800亿元。",
        "在华为公司带动下产业集聚。2024年,软件业务收入800亿元。",
        "2024年,贵州电信业务总量、贵州移动电话用户快速增长,软件业务收入800亿元。",
        "Huawei has invested heavily in Gui'an. In the province as a whole, software revenue was 80 billion yuan in 2024.",
        "The three operators -- China Telecom, China Mobile and China Unicom -- expanded."
        " Software revenue in Guizhou was 80 billion yuan in 2024.",
    ],
)
def test_a_passage_about_a_firm_ends(said: str) -> None:
    read = levels(TITLE + said)
    assert [one for one in read if one[0] == "software_revenue"] == [("software_revenue", "2024", 80e3, "actual")]


def test_what_a_branch_invests_is_of_the_region_in_its_name() -> None:
    found = read_text("全国通信业\n2024年,全国电信业务收入1.74万亿元。贵州移动完成投资31.2亿元。", DAY).observations
    assert {(one.indicator, one.region) for one in found} == {
        ("telecom_revenue", "china"),
        ("operator_investment_mobile", "guizhou"),
    }
