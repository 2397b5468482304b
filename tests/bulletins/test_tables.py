"""Tables as bureaus print them, in all the shapes that we could think of, each read by hand first."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import openpyxl
import pytest

from xisuan.bulletins.read_bulletin import read_bulletin, read_text
from xisuan.results.bulletin_reading import Reading

DAY = datetime.date(2024, 7, 25)
Said = dict[tuple[str, str, str, str], tuple[float | None, float | None]]


def said(reading: Reading) -> Said:
    """Level and growth, by indicator, region, first and last day."""
    return {
        (one.indicator, one.region, one.period_start, one.period_end): (one.value, one.growth_pct)
        for one in reading.observations
    }


def table(tmp_path: Path, text: str, region: str = "guizhou") -> Reading:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return read_bulletin(path, published=DAY, region=region)


H1 = ("2024-01-01", "2024-06-30")
JUNE = ("2024-06-01", "2024-06-30")
END = ("2024-06-30", "2024-06-30")


def test_a_month_beside_the_months_so_far_and_two_growths(tmp_path: Path) -> None:
    """Both end on the same day; what is profits is not revenue."""
    got = table(
        tmp_path,
        "指标,单位,6月,1-6月,6月同比增长(%),1-6月同比增长(%)\n软件业务收入,亿元,95.1,482.6,20.1,18.4\n"
        "软件业务利润总额,亿元,9.5,52.6,2.1,8.4\n电信业务收入,万元,332000,1968000,4.4,4.1\n",
    )
    assert said(got) == {
        ("software_revenue", "guizhou", *JUNE): (9510.0, 20.1),
        ("software_revenue", "guizhou", *H1): (48260.0, 18.4),
        ("software_profits", "guizhou", *JUNE): (950.0, 2.1),
        ("software_profits", "guizhou", *H1): (5260.0, 8.4),
        ("telecom_revenue", "guizhou", *JUNE): (3320.0, 4.4),
        ("telecom_revenue", "guizhou", *H1): (19680.0, 4.1),
    }


def test_the_unit_of_the_caption_parts_and_net_increases(tmp_path: Path) -> None:
    """What was added since the end of last year is no level of the end of last year."""
    got = table(
        tmp_path,
        "贵州省2024年6月末电信用户情况\n单位：万户\n,2024年6月末,比上年末净增,同比增长(%)\n移动电话用户,4620.3,55.1,2.2\n"
        "其中：5G移动电话用户,2730.5,301,21.4\n固定互联网宽带接入用户,1562.1,60,8.1\n其中：1000Mbps及以上速率用户,403.2,88.1,33.9\n",
    )
    assert said(got) == {
        ("mobile_phone_users", "guizhou", *END): (46_203_000.0, 2.2),
        ("g5_users", "guizhou", *END): (27_305_000.0, 21.4),
        ("fixed_broadband_users", "guizhou", *END): (15_621_000.0, 8.1),
        ("gigabit_users", "guizhou", *END): (4_032_000.0, 33.9),
    }
    assert [left.words for left in got.unplaced] == ["55.1", "301", "60", "88.1"]


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("billion yuan", 1e3), ("100 million yuan", 1e2), ("million yuan", 1.0), ("10,000 yuan", 0.01), ("亿元", 1e2)],
)  # fmt: skip
def test_units_that_are_so_many_of_another(tmp_path: Path, unit: str, factor: float) -> None:
    """One hundred million yuan was read as 1,100 million."""
    got = table(tmp_path, f'Indicator,Unit,H1 2024,H1 2023,Growth (%)\nSoftware revenue,"{unit}",48.2,40.7,18.4\n')
    assert said(got) == {
        ("software_revenue", "guizhou", *H1): (pytest.approx(48.2 * factor), 18.4),
        ("software_revenue", "guizhou", "2023-01-01", "2023-06-30"): (pytest.approx(40.7 * factor), None),
    }


@pytest.mark.parametrize(
    "label",
    [
        "农村固定宽带接入用户",
        "企业固定互联网宽带接入用户",
        "家庭固定宽带接入用户",
        "国有企业移动电话用户",
        "Fixed broadband users of hotels",
    ],
)
def test_a_label_that_says_more_than_a_name_is_left_over(tmp_path: Path, label: str) -> None:
    got = table(tmp_path, f"指标,2024年6月末（万户）,同比增长(%)\n{label},512.3,6.1\n移动电话用户,4620.3,2.2\n")
    assert set(said(got)) == {("mobile_phone_users", "guizhou", *END)}
    assert [left.words for left in got.unplaced] == ["512.3", "6.1"]


def test_a_growth_over_the_year_before_and_one_over_an_earlier_year() -> None:
    """Years alone are headings, in running text, too."""
    got = read_text(
        "Key figures of Sichuan\nPublished: 2025-02-26\n\nItem | Unit | 2024 | Change over 2023 (%) | Change over 2019 (%)\n"
        "Telecom business revenue | 100 million yuan | 881.3 | 1.4 | 30\n"
        "Mobile phone users (year-end) | 10,000 | 10,386 | 2.2 | 9\n"
    )
    assert said(got) == {
        ("telecom_revenue", "sichuan", "2024-01-01", "2024-12-31"): (88_130.0, 1.4),
        ("mobile_phone_users", "sichuan", "2024-12-31", "2024-12-31"): (103_860_000.0, 2.2),
    }
    assert [left.words for left in got.unplaced] == ["30", "9"]


@pytest.mark.parametrize(
    "prices", ["2023 prices", "prices of 2023", "constant prices of 2023", "at constant prices of 2023"]
)
def test_the_year_of_the_prices_is_not_that_of_the_figure(tmp_path: Path, prices: str) -> None:
    got = table(tmp_path, f"Indicator,Unit,H1 2024\nTelecom business volume ({prices}),billion yuan,22.6\n")
    assert said(got) == {("telecom_business_volume", "guizhou", *H1): (22_600.0, None)}


def test_regions_by_indicators(tmp_path: Path) -> None:
    """A growth is of the column before; 全省 is the table's region; of a district nobody knows whose it is."""
    got = table(
        tmp_path,
        "表2 2024年1-6月分地区电信业务收入\n地区,累计(亿元),同比(%)\n全省,196.8,4.1\n贵阳市,62.1,5.2\n播州区,5.2,3.3\n",
    )
    assert said(got) == {
        ("telecom_revenue", "guizhou", *H1): (19680.0, 4.1),
        ("telecom_revenue", "guiyang", *H1): (6210.0, 5.2),
    }
    got = table(
        tmp_path,
        "Table 3  Computing power of the hubs at the end of 2023\nRegion,Computing power (EFLOPS),Racks (10000)\n"
        "Gansu,12.1,9.8\n",
        region="",
    )
    assert said(got) == {
        ("compute_capacity", "gansu", "2023-12-31", "2023-12-31"): (12.1, None),
        ("racks", "gansu", "2023-12-31", "2023-12-31"): (98_000.0, None),
    }


def test_years_by_indicators(tmp_path: Path) -> None:
    """The end of the year is that of the row's year."""
    got = table(
        tmp_path,
        "年份,地区生产总值（亿元）,比上年增长（%）,年末5G基站数（万个）\n2021,19458.6,8.1,5.9\n2022年,20010.4,1.2,8.4\n",
    )
    assert said(got) == {
        ("gdp", "guizhou", "2021-01-01", "2021-12-31"): (1_945_860.0, 8.1),
        ("g5_base_stations", "guizhou", "2021-12-31", "2021-12-31"): (59_000.0, None),
        ("gdp", "guizhou", "2022-01-01", "2022-12-31"): (2_001_040.0, 1.2),
        ("g5_base_stations", "guizhou", "2022-12-31", "2022-12-31"): (84_000.0, None),
    }


def test_indicators_with_their_days_by_regions(tmp_path: Path) -> None:
    got = table(
        tmp_path,
        "指标,全省,贵阳市\n2024年6月末5G基站数（个）,139000,41000\n2024年上半年地区生产总值（亿元）,10908.4,2701.5\n",
    )
    assert said(got) == {
        ("g5_base_stations", "guizhou", *END): (139_000.0, None),
        ("g5_base_stations", "guiyang", *END): (41_000.0, None),
        ("gdp", "guizhou", *H1): (1_090_840.0, None),
        ("gdp", "guiyang", *H1): (270_150.0, None),
    }


def test_aims_shares_ranks_and_what_is_neither(tmp_path: Path) -> None:
    got = table(
        tmp_path,
        "序号,指标,2023年实际,2025年目标,2024年1-6月,完成年度计划（%）,环比增长（%）,占全国比重（%）,位次\n"
        "1,软件业务收入（亿元）,863,1000,482.6,51,2.2,0.8,17\n2,数字经济占GDP比重（%）,42,50,,,,,\n",
    )
    assert said(got) == {
        ("software_revenue", "guizhou", "2023-01-01", "2023-12-31"): (86_300.0, None),
        ("software_revenue", "guizhou", "2025-01-01", "2025-12-31"): (100_000.0, None),
        ("software_revenue", "guizhou", *H1): (48_260.0, None),
        ("digital_economy_share", "guizhou", "2023-01-01", "2023-12-31"): (42.0, None),
        ("digital_economy_share", "guizhou", "2025-01-01", "2025-12-31"): (50.0, None),
    }
    assert [one.status for one in got.observations if one.period_end == "2025-12-31"] == ["target", "target"]
    [half] = [one for one in got.observations if one.period_end == "2024-06-30"]
    assert (half.share_pct, half.rank) == (0.8, 17)
    assert [left.words for left in got.unplaced] == ["51", "2.2"]


def test_the_table_of_a_plan(tmp_path: Path) -> None:
    """A year that is to come is aimed at, whatever its heading says; what kind of aim it is stands behind."""
    got = table(
        tmp_path,
        "专栏1 “十四五”主要指标\n序号,指标,单位,2020年,2025年,年均增长（%）,属性\n1,软件业务收入,亿元,290,1000,28,预期性\n"
        "2,5G基站,万个,2.1,16,,约束性\n",
    )
    assert said(got) == {
        ("software_revenue", "guizhou", "2020-01-01", "2020-12-31"): (29_000.0, None),
        ("software_revenue", "guizhou", "2025-01-01", "2025-12-31"): (100_000.0, None),
        ("g5_base_stations", "guizhou", "2020-12-31", "2020-12-31"): (21_000.0, None),
        ("g5_base_stations", "guizhou", "2025-12-31", "2025-12-31"): (160_000.0, None),
    }
    assert {one.period_end[:4]: one.status for one in got.observations} == {"2020": "actual", "2025": "target"}
    assert [left.words for left in got.unplaced] == ["28"]


def test_a_year_that_is_not_over_has_not_happened(tmp_path: Path) -> None:
    got = table(tmp_path, "指标,2023年,2024年\n软件业务收入（亿元）,863,950\n")
    assert said(got) == {("software_revenue", "guizhou", "2023-01-01", "2023-12-31"): (86_300.0, None)}
    assert [left.why for left in got.unplaced] == ["said to have happened, with a day after that of the text"]


@pytest.mark.parametrize("sign", ["\t", "    ", "　", " | "])
def test_whatever_sets_cells_apart_in_a_text(sign: str) -> None:
    rows = [["指标", "2024年6月末（万个）"], ["5G基站", "13.9"]]
    got = read_text("发布日期：2024-07-20\n贵州通信业\n" + "\n".join(map(sign.join, rows)) + "\n")
    assert said(got) == {("g5_base_stations", "guizhou", *END): (139_000.0, None)}


def test_a_caption_of_two_indicators_is_neither(tmp_path: Path) -> None:
    """A label that the caption holds, too, is still itself."""
    got = table(
        tmp_path, "2024年1-6月软件业务收入及电信业务收入情况\n指标,亿元\n电信业务收入,196.8\n软件业务收入,482.6\n"
    )
    assert said(got) == {
        ("telecom_revenue", "guizhou", *H1): (19_680.0, None),
        ("software_revenue", "guizhou", *H1): (48_260.0, None),
    }


def test_a_ratio_of_stocks_in_a_table_is_as_of_a_day_as_in_a_text(tmp_path: Path) -> None:
    got = table(tmp_path, "指标,2023年末\n数据中心平均PUE,1.25\n")
    told = read_text("2023年末，贵州数据中心平均PUE为1.25。")
    assert said(got) == said(told) == {("pue", "guizhou", "2023-12-31", "2023-12-31"): (1.25, None)}


def test_a_number_among_words_is_not_lost(tmp_path: Path) -> None:
    got = table(
        tmp_path, "指标,2023年（亿元）,说明\n软件业务收入,863,初步\n电信业务收入,380,12\n地区生产总值,20913,终值\n"
    )
    assert len(got.observations) == 3
    assert [left.words for left in got.unplaced] == ["12"]


def test_parts_are_of_what_stands_above_them(tmp_path: Path) -> None:
    """The exports under software are those of software; those under what nobody knows are left over."""
    got = table(
        tmp_path,
        "指标,1-6月累计,比去年同期±%\n一、软件业务收入（亿元）,482.6,18.4\n其中：出口（亿元）,12.6,8.4\n二、某某收入（亿元）,33.1,2.0\n"
        "其中：出口（亿元）,12.6,8.4\n三、一般公共预算收入（亿元）,1100,3.1\n#税收收入（亿元）,700,2.2\n",
    )
    assert said(got) == {
        ("software_revenue", "guizhou", *H1): (48_260.0, 18.4),
        ("software_exports", "guizhou", *H1): (1_260.0, 8.4),
        ("fiscal_revenue", "guizhou", *H1): (110_000.0, 3.1),
        ("tax_revenue", "guizhou", *H1): (70_000.0, 2.2),
    }
    assert [left.words for left in got.unplaced] == ["33.1", "2.0", "12.6", "8.4"]


def test_two_rows_of_headings_growths_alone_and_products(tmp_path: Path) -> None:
    """A period stands over two columns; under a heading on output, names of products are outputs."""
    got = table(
        tmp_path,
        "2024年6月全国规模以上工业生产主要数据\n指标,6月,,1-6月,\n,绝对量,同比增长（%）,绝对量,同比增长（%）\n规模以上工业增加值,…,5.3,…,6.0\n"
        "主要产品产量\n集成电路（亿块）,362,12.8,2071,28.9\n",
        region="",
    )
    assert said(got) == {
        ("industry_value_added", "china", *JUNE): (None, 5.3),
        ("industry_value_added", "china", *H1): (None, 6.0),
        ("ic_output", "china", *JUNE): (36.2e9, 12.8),
        ("ic_output", "china", *H1): (207.1e9, 28.9),
    }


def test_tables_in_running_text() -> None:
    """With bars, with blanks, one under another; lines keep their numbers, and the text between is read."""
    got = read_text(
        "Published: 2024-08-20\nGuizhou: telecommunications in January-July 2024\n\n"
        "| Indicator | Unit | July | January-July | YoY growth (%) |\n|---|---|---:|---:|---:|\n"
        "| Telecom business revenue | 100 million yuan | 33.1 | 229.9 | 4.0 |\n\n"
        "At the end of July, Guizhou had 141,200 5G base stations.\n\n5G base stations by city, end of July 2024\n"
        "City      Number (units)    Share of total (%)\nGuiyang   42100             29.8\n"
        "Zunyi     22800             16.1\n"
    )
    assert said(got) == {
        ("telecom_revenue", "guizhou", "2024-07-01", "2024-07-31"): (3310.0, None),
        ("telecom_revenue", "guizhou", "2024-01-01", "2024-07-31"): (22990.0, 4.0),
        ("g5_base_stations", "guizhou", "2024-07-31", "2024-07-31"): (141_200.0, None),
        ("g5_base_stations", "guiyang", "2024-07-31", "2024-07-31"): (42_100.0, None),
        ("g5_base_stations", "zunyi", "2024-07-31", "2024-07-31"): (22_800.0, None),
    }
    places = {one.region: one.place for one in got.observations if one.indicator == "g5_base_stations"}
    assert places == {"guizhou": "text:8", "guiyang": "text:12", "zunyi": "text:13"}


def test_a_page_with_a_line_above_its_table(tmp_path: Path) -> None:
    """The same period of last year is a column of its own; a change of an index is no growth of it."""
    path = tmp_path / "page.html"
    path.write_text(
        "<html><body><h1>贵阳市主要经济指标</h1><p>发布日期：2024-07-25</p><p>附表1：2024年1-6月主要指标完成情况</p>"
        "<table><tr><td>指标名称</td><td>单位</td><td>绝对值</td><td>±%</td><td>上年同期</td></tr>"
        "<tr><td>一、地区生产总值</td><td>亿元</td><td>2,701.52</td><td>5.5</td><td>2,560.1</td></tr>"
        "<tr><td>其中：第三产业增加值</td><td>亿元</td><td>1,801.2</td><td>5.9</td><td></td></tr>"
        "<tr><td>居民消费价格指数</td><td>%</td><td>100.2</td><td>0.2</td><td></td></tr></table></body></html>",
        encoding="utf-8",
    )
    got = read_bulletin(path)
    assert said(got) == {
        ("gdp", "guiyang", *H1): (270_152.0, 5.5),
        ("gdp", "guiyang", "2023-01-01", "2023-06-30"): (256_010.0, None),
        ("tertiary_industry_value_added", "guiyang", *H1): (180_120.0, 5.9),
        ("cpi", "guiyang", *H1): (100.2, None),
    }
    assert [left.words for left in got.unplaced] == ["0.2"]


def test_the_monthly_table_of_an_administration(tmp_path: Path) -> None:
    """The day below the title is that of the text; measures without an industry are of the title's; parts are numbered."""
    path = tmp_path / "page.html"
    path.write_text(
        "<html><body><h1>2024年6月份及上半年全省软件业主要指标</h1><p>贵州省工业和信息化厅 2024-07-19</p><table>"
        "<tr><td>指标名称</td><td>单位</td><td>当月</td><td>累计</td><td>累计同比增长(%)</td></tr>"
        "<tr><td>软件业务收入</td><td>万元</td><td>951000</td><td>4826000</td><td>18.4</td></tr>"
        "<tr><td>　　其中：1．软件产品收入</td><td>万元</td><td>200000</td><td>1100000</td><td>8.5</td></tr>"
        "<tr><td>利润总额</td><td>万元</td><td>95000</td><td>526000</td><td>8.4</td></tr></table></body></html>",
        encoding="utf-8",
    )
    assert said(read_bulletin(path)) == {
        ("software_revenue", "guizhou", *JUNE): (9_510.0, None),
        ("software_revenue", "guizhou", *H1): (48_260.0, 18.4),
        ("software_products_revenue", "guizhou", *JUNE): (2_000.0, None),
        ("software_products_revenue", "guizhou", *H1): (11_000.0, 8.5),
        ("software_profits", "guizhou", *JUNE): (950.0, None),
        ("software_profits", "guizhou", *H1): (5_260.0, 8.4),
    }


def test_a_sheet_is_dated_by_its_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "2024年1-6月"
    for row in (["指标", "绝对数(亿元)", "增长(%)"], ["地区生产总值", 2701.5, 5.5]):
        book.active.append(row)
    book.save(tmp_path / "贵阳市.xlsx")
    got = read_bulletin(tmp_path / "贵阳市.xlsx", published=DAY)
    assert said(got) == {("gdp", "guiyang", *H1): (270_150.0, 5.5)}


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("指标,2024年1-6月其中农村", "社会消费品零售总额（亿元）,100"),
        ("指标,贡献率（%）", "地区生产总值,12"),
        ("指标,拉动增长（百分点）", "地区生产总值,1.2"),
    ],
)
def test_a_heading_that_is_not_understood_leaves_its_figures(tmp_path: Path, head: str, row: str) -> None:
    got = table(tmp_path, f"2024年1-6月\n{head}\n{row}\n")
    assert not got.observations
    assert len(got.unplaced) == 1


def test_cells_thrown_together_never_fail() -> None:
    """And no figure is told twice."""
    cells = (
        "指标|单位|6月|1-6月|同比增长(%)|亿元|万户|软件业务收入|其中：出口|贵阳市|全省|2022|2023年|12.3|1,234|-3|…|—||序号|位次|占比(%)"
        "|本月累计|上年同期|Region|Growth (%)|100 million yuan|of which: 5G users|Mobile phone users|单位：亿元、%|%|((|）"
        "|99999999999999999999|nan|表1|#|　　"
    )
    chance = random.Random(7)
    for _ in range(300):
        rows = [
            [chance.choice(cells.split("|")) for _ in range(chance.randint(1, 6))] for _ in range(chance.randint(1, 7))
        ]
        got = read_text("", DAY, tables=[("a.csv", rows)], region=chance.choice(["", "guizhou"]))
        assert len(
            {(one.indicator, one.region, one.period_start, one.period_end, one.status) for one in got.observations}
        ) == len(got.observations)


def test_a_label_as_long_as_a_text_is_none() -> None:
    """Said in a sentence, one of 30,000 signs took ten seconds."""
    got = read_text("", DAY, tables=[("a.csv", [["指标", "2023年"], ["软件业务收入和" * 50, "863"]])], region="guizhou")
    assert [left.why for left in got.unplaced] == ["no indicator"]


def test_labels_do_not_stand_over_a_blank_row() -> None:
    """Behind a blank row a figure may be of the place above or of the whole: it is left over."""
    sections = [["甘肃省"], ["5G基站", "6.2"], ["兰州市"], ["", ""], ["5G基站", "1.2"], ["", ""], ["5G用户", "300"]]
    rows = [["指标", "2024年（万）"], *([*row, ""][:2] for row in sections)]
    merged = [["地区", "指标", "2024年（万）"], ["兰州市", "5G基站", "1.2"], ["", "", ""], ["", "5G用户", "300"]]
    for table, values in ((rows, [62_000.0, 12_000.0]), (merged, [12_000.0])):
        found = read_text("甘肃省2024年情况", datetime.date(2025, 3, 1), tables=[("a.csv", table)])
        assert [one.value for one in found.observations] == values
        assert [one.words for one in found.unplaced] == ["300"]


@pytest.mark.parametrize("between", ["通信业", "通信业\t\t", "\t\t", ""])
def test_a_text_table_goes_on_behind_the_label_of_a_section(between: str) -> None:
    """Rows of 62,000 stations and 15 million users, with their units in a column of their own."""
    text = f"2024年甘肃省主要指标\n\n指标\t单位\t2024年\n{between}\n5G基站\t万个\t6.2\n{between}\n5G用户\t万户\t1500\n"
    found = read_text(text, datetime.date(2025, 3, 1))
    assert [one.value for one in found.observations] == [62_000.0, 15_000_000.0]


def test_columns_without_headings_are_left_over() -> None:
    text = "2024年甘肃省主要指标\n\n5G基站（万个）\t6.2\t5.9\n5G用户（万户）\t1500\t1300\n"
    found = read_text(text, datetime.date(2025, 3, 1))
    assert (len(found.observations), len(found.unplaced)) == (0, 4)


def test_tabs_bound_blank_headings_and_trailing_cells() -> None:
    """The year stands over a level and a growth; editors cut tabs at the end of a line, spreadsheets keep them."""
    heads = "指标\t单位\t2024年\t\t2023年\t\n\t\t12月末\t增长（%）\t12月末\t增长（%）\n"
    row = "5G基站\t万个\t6.28\t28.2\t4.9\t22.5\n"
    for text in (heads + row, "\n".join(map(str.rstrip, (heads + row).split("\n")))):
        found = read_text(f"甘肃省2024年主要指标\n\n{text}", datetime.date(2025, 3, 1))
        told = [(one.period_end, one.value, one.growth_pct) for one in found.observations]
        assert told == [("2024-12-31", 62_800.0, 28.2), ("2023-12-31", 49_000.0, 22.5)]
