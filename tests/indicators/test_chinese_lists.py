"""Chinese lists in order: figures beside as many places, times or sectors, and what stands beside one figure alone.

Each line has what must be read, and near misses: what must be given to something else, or to nothing.
"""

from __future__ import annotations

import datetime

import pytest

from xisuan.indicators.reading.bulletins import read_text

Said = tuple[str, str, str, float | None]


def read(text: str, published: str = "2024-10-30", *, aims: bool = False) -> set[Said]:
    """Indicator, region, last day and figure of all that is read; of aims alone where asked for."""
    seen = read_text(text, published=datetime.date.fromisoformat(published)).observations
    return {
        (
            one.indicator,
            one.region,
            one.period_end,
            next((said for said in (one.value, one.growth_pct, one.share_pct) if said is not None), None),
        )
        for one in seen
        if not aims or one.status == "target"
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "2024年1—8月，贵州电信业务收入251亿元，其中贵阳市、贵安新区分别实现88亿元、6亿元。",
            {
                ("telecom_revenue", "guizhou", "2024-08-31", 25100.0),
                ("telecom_revenue", "guiyang", "2024-08-31", 8800.0),
                ("telecom_revenue", "guian_new_area", "2024-08-31", 600.0),
            },
        ),
        (
            "2024年上半年，贵阳市、贵安新区合计实现软件业务收入480亿元。",
            {("software_revenue", "guiyang_guian", "2024-06-30", 48000.0)},
        ),
        (
            "总量靠前的四川、湖北、福建三省，2024年1—9月软件业务收入增速依次为11.3%、12.1%和9.7%。",
            {
                ("software_revenue", "sichuan", "2024-09-30", 11.3),
                ("software_revenue", "hubei", "2024-09-30", 12.1),
                ("software_revenue", "fujian", "2024-09-30", 9.7),
            },
        ),
    ],
)
def test_places_in_order_have_the_figures_in_order(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "2024年前三季度，青海省地区生产总值增长2.1%。分季看，一、二、三季度分别增长2.7%、1.3%和2.4%。",
            {
                ("gdp", "qinghai", "2024-09-30", 2.1),
                ("gdp", "qinghai", "2024-03-31", 2.7),
                ("gdp", "qinghai", "2024-06-30", 1.3),
                ("gdp", "qinghai", "2024-09-30", 2.4),
            },
        ),
        (
            "2024年，嘉兴市5月、6月、7月进出口分别增长3.2%、5.4%和8.8%。",
            {
                ("foreign_trade", "jiaxing", "2024-05-31", 3.2),
                ("foreign_trade", "jiaxing", "2024-06-30", 5.4),
                ("foreign_trade", "jiaxing", "2024-07-31", 8.8),
            },
        ),
        (
            "2021年、2022年、2023年，潍坊市一般公共预算收入分别为657亿元、603亿元、648亿元。",
            {
                ("fiscal_revenue", "weifang", "2021-12-31", 65700.0),
                ("fiscal_revenue", "weifang", "2022-12-31", 60300.0),
                ("fiscal_revenue", "weifang", "2023-12-31", 64800.0),
            },
        ),
        (
            "2024年1、2月份，嘉兴市进出口增长4.4%。",
            {("foreign_trade", "jiaxing", "2024-02-29", 4.4)},
        ),
    ],
)
def test_times_in_order_have_the_figures_in_order(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "2023年，黑龙江省三次产业结构为22.2：27.0：50.8。",
            {
                ("primary_industry_value_added", "heilongjiang", "2023-12-31", 22.2),
                ("secondary_industry_value_added", "heilongjiang", "2023-12-31", 27.0),
                ("tertiary_industry_value_added", "heilongjiang", "2023-12-31", 50.8),
            },
        ),
        (
            "2023年，襄阳市三次产业比例由上年的10.4∶47.1∶42.5调整为10.1∶45.6∶44.3。",
            {
                ("primary_industry_value_added", "xiangyang", "2023-12-31", 10.1),
                ("secondary_industry_value_added", "xiangyang", "2023-12-31", 45.6),
                ("tertiary_industry_value_added", "xiangyang", "2023-12-31", 44.3),
            },
        ),
        ("2023年，襄阳市三次产业就业结构为30.2∶28.1∶41.7。", set()),
        ("2023年，襄阳市三次产业结构优化，比赛比分为3:2:1。", set()),
    ],
)
def test_what_the_three_sectors_are_to_one_another(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "2024年9月末，洛阳市5G基站1.4万个，上年同期为1.1万个；千兆宽带用户92万户。",
            {
                ("g5_base_stations", "luoyang", "2024-09-30", 14000.0),
                ("g5_base_stations", "luoyang", "2023-09-30", 11000.0),
                ("gigabit_users", "luoyang", "2024-09-30", 920000.0),
            },
        ),
        (
            "2024年一季度，保定市规模以上工业增加值增长6.8%，去年同期为下降1.2%；固定资产投资增长4.1%。",
            {
                ("industry_value_added", "baoding", "2024-03-31", 6.8),
                ("industry_value_added", "baoding", "2023-03-31", -1.2),
                ("fixed_asset_investment", "baoding", "2024-03-31", 4.1),
            },
        ),
        (
            "2024年上半年，广西进出口总额3572亿元人民币（约合502.4亿美元），增长7.8%。",
            {("foreign_trade", "guangxi", "2024-06-30", 357200.0)},
        ),
        (
            "2023年，甘肃居民消费价格比上年上涨0.5%。其中，城市上涨0.6%，农村上涨0.3%。",
            {
                ("cpi", "gansu", "2023-12-31", 0.5),
                ("urban_cpi", "gansu", "2023-12-31", 0.6),
                ("rural_cpi", "gansu", "2023-12-31", 0.3),
            },
        ),
    ],
)
def test_what_only_stands_beside_leaves_the_rest_alone(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted


def test_a_line_between_two_places_is_of_neither() -> None:
    text = "截至2024年9月底，宁夏5G基站总数1.8万个。中卫至上海网络时延低于20毫秒，千兆宽带用户达到150万户。"
    assert read(text) == {
        ("g5_base_stations", "ningxia", "2024-09-30", 18000.0),
        ("gigabit_users", "ningxia", "2024-09-30", 1500000.0),
    }


def test_the_year_of_a_report_is_not_that_of_its_aims() -> None:
    text = (
        "中卫市政府工作报告\n2023年，全市地区生产总值增长6.3%。\n数字产业起势。年内新建5G基站430个，到年底标准机架累计达到6.6万架。\n"
        "2024年主要预期目标是：地区生产总值增长7%。\n壮大数字产业。年底前标准机架达到9万架，再建5G基站300个。"
    )
    done = {
        ("gdp", "zhongwei", "2023-12-31", 6.3),
        ("g5_base_stations_new", "zhongwei", "2023-12-31", 430.0),
        ("racks", "zhongwei", "2023-12-31", 66000.0),
    }
    aims = {
        ("gdp", "zhongwei", "2024-12-31", 7.0),
        ("racks", "zhongwei", "2024-12-31", 90000.0),
        ("g5_base_stations_new", "zhongwei", "2024-12-31", 300.0),
    }
    assert read(text, "2024-01-20") == done | aims
    assert read(text, "2024-01-20", aims=True) == aims


def test_standard_racks_are_no_standard_that_is_asked_for() -> None:
    text = "到2025年底，鄂尔多斯市建成标准机架8万架，平均PUE不高于1.25。"
    assert read(text) == {("racks", "ordos", "2025-12-31", 80000.0), ("pue", "ordos", "2025-12-31", 1.25)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "2024年上半年，绵阳、德阳两市进出口合计占四川的9.6%，其中绵阳153亿元、德阳112亿元，分别增长11.2%和6.5%。",
            {
                ("foreign_trade", "mianyang", "2024-06-30", 15300.0),
                ("foreign_trade", "deyang", "2024-06-30", 11200.0),
            },
        ),
        (
            "2024年9月份社会消费品零售总额1030亿元，增长2.9%。江西。",
            {("retail_sales", "jiangxi", "2024-09-30", 103000.0)},
        ),
        (
            "2024年9月，湖北工业生产者出厂价格同比下降1.7%，环比下降0.4%。",
            {("ppi", "hubei", "2024-09-30", -1.7)},
        ),
        (
            "2024年1—9月，云南规模以上工业发电量3350亿千瓦时，增长8.9%。其中，水电增长13.1%，风电下降2.4%。",
            {
                ("power_generation", "yunnan", "2024-09-30", 335000.0),
                ("hydro_generation", "yunnan", "2024-09-30", 13.1),
                ("wind_generation", "yunnan", "2024-09-30", -2.4),
            },
        ),
        (
            "2024年上半年，兰州新区算力规模达到2000P。西宁市算力规模达到900P。",
            {("compute_capacity", "xining", "2024-06-30", 0.9)},
        ),
        (
            "2023年，陕西省新建5G基站1.9万座，累计达9.9万座。",
            {
                ("g5_base_stations_new", "shaanxi", "2023-12-31", 19000.0),
                ("g5_base_stations", "shaanxi", "2023-12-31", 99000.0),
            },
        ),
    ],
)
def test_a_figure_is_of_all_that_its_words_say(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted


def test_growths_behind_places_told_one_by_one_go_with_them() -> None:
    text = "2024年上半年，四川进出口增长4.1%，其中绵阳153亿元、德阳112亿元，分别增长11.2%和6.5%。"
    seen = read_text(text, published=datetime.date(2024, 7, 30)).observations
    assert {(one.region, one.value, one.growth_pct) for one in seen} == {
        ("sichuan", None, 4.1),
        ("mianyang", 15300.0, 11.2),
        ("deyang", 11200.0, 6.5),
    }


def test_a_growth_behind_a_share_is_that_of_the_level_before_it() -> None:
    text = "2023年，成都数字经济核心产业增加值2780亿元，占地区生产总值的12.6%，增长7.8%。"
    seen = read_text(text, published=datetime.date(2024, 7, 30)).observations
    assert {(one.indicator, one.value, one.growth_pct) for one in seen} == {
        ("core_digital_value_added", 278000.0, 7.8),
        ("core_digital_share", 12.6, None),
    }


def test_a_title_with_its_day_says_what_a_report_is_about() -> None:
    text = "安徽省政府工作报告——2025年1月16日\n过去一年，全省地区生产总值增长5.8%，新建5G基站2.1万座。"
    assert read(text, "2025-01-20") == {
        ("gdp", "anhui", "2024-12-31", 5.8),
        ("g5_base_stations_new", "anhui", "2024-12-31", 21000.0),
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "2024年上半年，长春高新区软件业务收入310亿元，长春市增长6.2%。",
            {("software_revenue", "changchun", "2024-06-30", 6.2)},
        ),
        ("2024年上半年，南宁综合保税区进出口增长21%。", set()),
        ("2024年上半年，南昌县规上工业增加值增长8.3%。", set()),
        (
            "2024年上半年，重庆高新区、两江新区软件业务收入分别增长9%、13%。",
            {("software_revenue", "liangjiang", "2024-06-30", 13.0)},
        ),
        ("2024年上半年，海南自贸港进口增长4.4%。", {("imports", "hainan", "2024-06-30", 4.4)}),
        (
            "2024年6月末，全国算力总规模246EFLOPS。甘肃枢纽上架率74%。",
            {("compute_capacity", "china", "2024-06-30", 246.0), ("rack_occupancy", "gansu", "2024-06-30", 74.0)},
        ),
    ],
)
def test_zones_and_counties_of_a_place_are_not_the_place(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "2024年8月4日，太原市在用算力达到1300P，比去年年底的900P增长了44%。",
            {("compute_capacity", "taiyuan", "2024-08-04", 1.3), ("compute_capacity", "taiyuan", "2023-12-31", 0.9)},
        ),
        (
            "2024年1—9月，黑龙江对俄罗斯、老挝分别出口78亿元、12亿元。",
            {("russia_exports", "heilongjiang", "2024-09-30", 7800.0)},
        ),
        (
            "2024年上半年，湖南数字经济核心产业营收5200亿元，其中数字产品制造业2900亿元，增长4%。",
            {("core_digital_revenue", "hunan", "2024-06-30", 520000.0)},
        ),
        (
            "2024年上半年，山东省GDP47230.6亿元，PUE1.3。",
            {("gdp", "shandong", "2024-06-30", 4723060.0), ("pue", "shandong", "2024-06-30", 1.3)},
        ),
        (
            "2024年，湖北居民人均可支配收入37000元，其中城镇47300元、农村22500元。",
            {
                ("disposable_income", "hubei", "2024-10-30", 37000.0),
                ("urban_disposable_income", "hubei", "2024-10-30", 47300.0),
                ("rural_disposable_income", "hubei", "2024-10-30", 22500.0),
            },
        ),
    ],
)
def test_words_before_a_figure_say_what_it_is_of(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted


def test_shares_of_what_has_words_of_growth_or_plans_in_its_name() -> None:
    text = "2023年，福建电子信息制造业增加值增长7.1%，占规上工业增加值的9.8%；"
    text += "税收收入2480亿元，增长14.2%，占一般公共预算收入的69.1%。"
    seen = read_text(text, published=datetime.date(2024, 2, 1)).observations
    assert {(one.indicator, one.growth_pct, one.share_pct) for one in seen} == {
        ("electronics_value_added", 7.1, 9.8),
        ("tax_revenue", 14.2, 69.1),
    }


def test_the_growth_over_the_year_counts_beside_that_over_the_month() -> None:
    text = "2024年5月，汕头市进出口39亿元，环比下降2.3%，同比增长6.6%。"
    (seen,) = read_text(text, published=datetime.date(2024, 6, 20)).observations
    assert (seen.value, seen.growth_pct) == (3900.0, 6.6)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "截至2024年9月末，呼伦贝尔市在用标准机架1.2万架，上架率61%；力争2025年达到2万架，全区同期突破30万架。",
            {
                ("racks", "hulunbuir", "2024-09-30", 12000.0),
                ("rack_occupancy", "hulunbuir", "2024-09-30", 61.0),
                ("racks", "hulunbuir", "2025-12-31", 20000.0),
                ("racks", "inner_mongolia", "2025-12-31", 300000.0),
            },
        ),
        (
            "2024年8月，柳州市新能源汽车产量2.1万辆，增长12%；1—8月产量15.3万辆，增长9%。",
            {("nev_output", "liuzhou", "2024-08-31", 21000.0), ("nev_output", "liuzhou", "2024-08-31", 153000.0)},
        ),
        (
            "2024年9月末，酒泉市设计机架3万架，已投产机架8000架。",
            {("racks", "jiuquan", "2024-09-30", 8000.0)},
        ),
    ],
)
def test_a_figure_alone_goes_on_with_what_was_counted_alike(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "2024年1—8月，浙江、福建、四川软件业务收入分别增长7.1%、9.3%、10.4%，三省软件业务收入占全国的比重为21.2%。",
            {
                ("software_revenue", "zhejiang", "2024-08-31", 7.1),
                ("software_revenue", "fujian", "2024-08-31", 9.3),
                ("software_revenue", "sichuan", "2024-08-31", 10.4),
            },
        ),
        ("2024年1—8月，全国副省级城市完成软件业务收入42300亿元，增长8.1%，占比50.2%。", set()),
        (
            "2024年上半年，山东电子信息制造业实现营业收入8100亿元；青岛、潍坊、烟台三市营收分别增长5.2%、8.8%和3.1%。",
            {
                ("electronics_revenue", "shandong", "2024-06-30", 810000.0),
                ("electronics_revenue", "qingdao", "2024-06-30", 5.2),
                ("electronics_revenue", "weifang", "2024-06-30", 8.8),
                ("electronics_revenue", "yantai", "2024-06-30", 3.1),
            },
        ),
        (
            "2024年8月，全国软件业务收入11500亿元；1—8月累计85500亿元，增长11.2%。其中，信息安全收入1200亿元。",
            {
                ("software_revenue", "china", "2024-08-31", 1150000.0),
                ("software_revenue", "china", "2024-08-31", 8550000.0),
                ("information_security_revenue", "china", "2024-08-31", 120000.0),
            },
        ),
        (
            "2024年9月末，天府集群投运标准机架8.1万架，数据中心装机能力超过40万台。",
            {("racks", "tianfu", "2024-09-30", 81000.0)},
        ),
    ],
)
def test_some_places_together_are_none_of_them(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "盐城、淮安两市2023年数据中心机架分别为0.9万架和0.6万架，平均上架率分别为47%和55%。",
            {
                ("racks", "yancheng", "2023-12-31", 9000.0),
                ("racks", "huaian", "2023-12-31", 6000.0),
                ("rack_occupancy", "yancheng", "2023-12-31", 47.0),
                ("rack_occupancy", "huaian", "2023-12-31", 55.0),
            },
        ),
        ("2024年6月底，8个国家枢纽节点数据中心上架率达63%，平均PUE为1.3。", set()),
        (
            "2024年6月底，温州5G基站总量2.9万个，每万人超29个。",
            {("g5_base_stations", "wenzhou", "2024-06-30", 29000.0), ("g5_bs_per_10k", "wenzhou", "2024-06-30", 29.0)},
        ),
        ("2024年1—9月，台州新能源汽车整车产量4.1万辆。", {("nev_output", "taizhou", "2024-09-30", 41000.0)}),
    ],
)
def test_a_ratio_and_a_count_for_so_many_are_told_by_their_words(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted


def test_the_number_of_a_document_is_no_date() -> None:
    text = (
        "泉州市统计局关于2024年上半年经济运行情况的通报\n泉统〔2024〕18号\n现将有关情况通报如下。\n"
        "全市规模以上工业增加值增长8.1%，进出口总额1290亿元。"
    )
    assert read(text, "2024-07-28") == {
        ("industry_value_added", "quanzhou", "2024-06-30", 8.1),
        ("foreign_trade", "quanzhou", "2024-06-30", 129000.0),
    }


def test_the_office_that_issues_a_text_says_of_whom_it_is() -> None:
    text = "信息简报\n2024年第9期\n云南省通信管理局　2024年7月22日\n上半年，全省电信业务总量完成312亿元。"
    assert read(text, "2024-07-22") == {("telecom_business_volume", "yunnan", "2024-06-30", 31200.0)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "2024年9月末，成都机架18万架；绵阳科技城智算中心一期算力300P，全市机架2.4万架。",
            {("racks", "chengdu", "2024-09-30", 180000.0), ("racks", "mianyang", "2024-09-30", 24000.0)},
        ),
        ("2024年9月末，荆州、黄冈机架规模均不足5000架。", set()),
        (
            "2024年9月末，吉林省各项存款3.5万亿元，增长7.4%；各项贷款2.9万亿元，增长2.2%。",
            {("deposits", "jilin", "2024-09-30", 3500000.0), ("loans", "jilin", "2024-09-30", 2900000.0)},
        ),
        (
            "2024年上半年，苏州六大新兴产业产值增长4.7%，其中医药制造业增长6.5%、汽车制造业下降1.1%。",
            {("auto_output_value", "suzhou", "2024-06-30", -1.1)},
        ),
        (
            "2024年前三季度，珠海软件业务收入310亿元，全年有望超过400亿元；汕头同期22亿元。",
            {
                ("software_revenue", "zhuhai", "2024-09-30", 31000.0),
                ("software_revenue", "zhuhai", "2024-12-31", 40000.0),
                ("software_revenue", "shantou", "2024-09-30", 2200.0),
            },
        ),
    ],
)
def test_whose_and_of_when_a_figure_behind_another_is(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted


def test_what_a_name_goes_on_with_is_no_city_and_what_is_installed_are_all() -> None:
    text = "2024年9月末，保定市标准机架2.1万架，实装服务器9万台；雄安新区算力规模500P。"
    assert read(text) == {
        ("racks", "baoding", "2024-09-30", 21000.0),
        ("compute_servers", "baoding", "2024-09-30", 90000.0),
        ("compute_capacity", "xiongan", "2024-09-30", 0.5),
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "2024年前9个月，河北省进出口4400亿元。其中，唐山市990亿元，增长3.9%；保定市增长7.7%，沧州市下降4.2%。",
            {
                ("foreign_trade", "hebei", "2024-09-30", 440000.0),
                ("foreign_trade", "tangshan", "2024-09-30", 99000.0),
                ("foreign_trade", "baoding", "2024-09-30", 7.7),
                ("foreign_trade", "cangzhou", "2024-09-30", -4.2),
            },
        ),
        (
            "2024年一季度，江西出口1010亿元；进口420亿元，顺差590亿元。",
            {
                ("exports", "jiangxi", "2024-03-31", 101000.0),
                ("imports", "jiangxi", "2024-03-31", 42000.0),
                ("trade_surplus", "jiangxi", "2024-03-31", 59000.0),
            },
        ),
        (
            "2024年，甘肃计划新增充电桩2万个、5G基站6000个。",
            {("g5_base_stations_new", "gansu", "2024-12-31", 6000.0)},
        ),
    ],
)
def test_what_goes_on_in_other_places_and_kinds(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted
