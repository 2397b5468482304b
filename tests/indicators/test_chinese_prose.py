"""Chinese prose: times that are only compared with, subjects in the clause before, parts that stand for their measure.

Each line of a class has what must be read, and near misses: what must be left over, or given to something else.
"""

from __future__ import annotations

import datetime

import pytest

from xisuan.indicators.reading.bulletins import read_text

Said = tuple[str, str, str, float | None]


def read(text: str, published: str = "2025-02-10") -> set[Said]:
    seen = read_text(text, published=datetime.date.fromisoformat(published)).observations
    return {
        (
            one.indicator,
            one.region,
            one.period_end,
            next((said for said in (one.value, one.growth_pct, one.share_pct) if said is not None), None),
        )
        for one in seen
        if one.status != "target"
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "2024年,贵州工业软件收入达30亿元。元宇宙产业发展迅速。该行业营业收入达82亿元,增长26%。",
            {("industrial_software_revenue", "guizhou", "2024-12-31", 3000.0)},
        ),
        (
            "2024年,贵州物联网业务收入20亿元。量子信息领域加快布局,全行业营业收入达8.2亿元。",
            {("iot_revenue", "guizhou", "2024-12-31", 2000.0)},
        ),
        (
            "2024年,贵州软件业务收入1000亿元。该行业利润总额80亿元。",
            {
                ("software_revenue", "guizhou", "2024-12-31", 100_000.0),
                ("software_profits", "guizhou", "2024-12-31", 8000.0),
            },
        ),
        ("2024年,四川企业研发投入占比达2.1%。", set()),
        ("2024年,四川研发投入占比达2.2%。", set()),
        ("2024年,四川规上企业研发费用占营收比重达2.3%。", set()),
        ("2024年,四川电子信息制造业研发费用增长9%。", set()),
        ("2024年,四川研发投入占GDP的比重为2.2%。", {("rd_intensity", "sichuan", "2024-12-31", 2.2)}),
        (
            "2024年,四川软件和信息技术服务业研发经费增长9%。",
            {("software_rd_spending", "sichuan", "2024-12-31", 9.0)},
        ),
        (
            "2024年末,四川城镇人口占总人口的比重(即城镇化率)为60%。",
            {("urbanisation_rate", "sichuan", "2024-12-31", 60.0)},
        ),
        (
            "2024年,成都常住人口出生率为6.5‰,死亡率为5.9‰,自然增长率为-0.6‰。",
            {
                ("birth_rate", "chengdu", "2024-12-31", 0.65),
                ("death_rate", "chengdu", "2024-12-31", 0.59),
                ("natural_growth_rate", "chengdu", "2024-12-31", -0.06),
            },
        ),
        (
            "2024年,贵州专利授权8万件,发明专利授权2万件。",
            {("patents_granted", "guizhou", "2024-12-31", 80_000.0)},
        ),
        (
            "2024年,湖南基础电信企业完成电信固定资产投资150亿元。",
            {("telecom_fai", "hunan", "2024-12-31", 15_000.0)},
        ),
        ("2024年,湖南城市电话密度为130%。", set()),
        (
            "2024年末,湖南4G用户3000万户,占移动电话用户的40%,后者总数7500万户。",
            {
                ("g4_users", "hunan", "2024-12-31", 30_000_000.0),
                ("mobile_phone_users", "hunan", "2024-12-31", 75_000_000.0),
            },
        ),
        (
            "2024年12月,全国PPI同比涨幅由11月的3%回落到2.4%,猪肉价格比上年同期低21%,PMI为49.6%,前值47.4%。",
            {
                ("ppi", "china", "2024-11-30", 3.0),
                ("ppi", "china", "2024-12-31", 2.4),
                ("pork_price_growth", "china", "2024-12-31", -21.0),
                ("pmi", "china", "2024-12-31", 49.6),
            },
        ),
        ("2024年,湖南海洋经济增长5%。", set()),
        (
            "2024年,湖南互联网普及率80%,农村地区为70%。",
            {
                ("internet_penetration", "hunan", "2024-12-31", 80.0),
                ("rural_internet_penetration", "hunan", "2024-12-31", 70.0),
            },
        ),
        ("2024年,湖南5G用户占比60%,农村为50%。", {("g5_user_share", "hunan", "2024-12-31", 60.0)}),
        (
            "2024年,湖南固定资产投资1.5万亿元,下降0.5%;扣除房地产开发投资,增长3%。",
            {("fixed_asset_investment", "hunan", "2024-12-31", 1_500_000.0)},
        ),
        (
            "2024年底,湖南5G基站15万个,比上年底多了2万个。",
            {("g5_base_stations", "hunan", "2024-12-31", 150_000.0)},
        ),
        ("2024年,湖南经济增速为5%。", {("gdp", "hunan", "2024-12-31", 5.0)}),
        ("2024年,湖南信息消费拉动经济增长2个百分点,对经济增长的贡献率为40%。", set()),
        ("2024年,湖南民营企业增长5%。", set()),
        ("2024年末,湖南民营企业达240万家。", {("private_firms", "hunan", "2024-12-31", 2_400_000.0)}),
        ("2024年,湖南新登记经营主体110万户。", set()),
    ],
)
def test_a_figure_is_of_what_it_is_said_to_be_and_of_nothing_wider(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "“十四五”期间,湖北完成固定资产投资12万亿元,为“十三五”的1.4倍。2025年社会消费品零售总额2.6万亿元。",
            {
                ("fixed_asset_investment", "hubei", "2025-12-31", 12_000_000.0),
                ("retail_sales", "hubei", "2025-12-31", 2_600_000.0),
            },
        ),
        ("五年来,湖北5G基站达到15万个。", {("g5_base_stations", "hubei", "2025-12-31", 150_000.0)}),
        ("五年来,湖北软件业务收入年均增长15%。", set()),
        (
            "过去十年,湖北标准机架从不足1万架扩容到2025年底的27万架。",
            {("racks", "hubei", "2025-12-31", 270_000.0)},
        ),
        (
            "2025年末,湖北软件从业人员40万人,比2023年底的30万人增加10万人。",
            {
                ("software_employees", "hubei", "2025-12-31", 400_000.0),
                ("software_employees", "hubei", "2023-12-31", 300_000.0),
            },
        ),
        ("未来五年间,湖北将建成5G基站30万个。", set()),
        (
            "五年间,湖北地区生产总值由4.3万亿元增长到6.2万亿元。",
            {("gdp", "hubei", "2020-12-31", 4_300_000.0), ("gdp", "hubei", "2025-12-31", 6_200_000.0)},
        ),
        (
            "2020年到2025年,湖北5G基站从3万个增加到15万个。",
            {
                ("g5_base_stations", "hubei", "2020-12-31", 30_000.0),
                ("g5_base_stations", "hubei", "2025-12-31", 150_000.0),
            },
        ),
        (
            "湖北5G基站由2020年底的3万个增加到15万个。",
            {
                ("g5_base_stations", "hubei", "2020-12-31", 30_000.0),
                ("g5_base_stations", "hubei", "2026-02-10", 150_000.0),
            },
        ),
        (
            "2025年,湖北行政村5G通达率从60%提升到98%。",
            {("village_5g_coverage", "hubei", "2025-12-31", 98.0)},
        ),
        (
            "2025年,湖北数据中心用电量50亿千瓦时,比2022年的20亿千瓦时多出一倍还多。全年软件业务收入5000亿元。",
            {
                ("data_centre_electricity_use", "hubei", "2025-12-31", 5000.0),
                ("data_centre_electricity_use", "hubei", "2022-12-31", 2000.0),
                ("software_revenue", "hubei", "2025-12-31", 500_000.0),
            },
        ),
        (
            "2025年,湖北农村网民2000万人,普及率66%,而2020年底只有50%。全年网上零售额6000亿元。",
            {
                ("rural_internet_users", "hubei", "2025-12-31", 20_000_000.0),
                ("rural_internet_penetration", "hubei", "2025-12-31", 66.0),
                ("rural_internet_penetration", "hubei", "2020-12-31", 50.0),
                ("online_retail_sales", "hubei", "2025-12-31", 600_000.0),
            },
        ),
        (
            "2025年,湖北软件业务收入5000亿元,是2020年的2.1倍。",
            {("software_revenue", "hubei", "2025-12-31", 500_000.0)},
        ),
        (
            "湖北技术合同成交额去年为5000亿元,五年前这个数只有1600亿元。",
            {
                ("technology_contracts", "hubei", "2025-12-31", 500_000.0),
                ("technology_contracts", "hubei", "2020-12-31", 160_000.0),
            },
        ),
    ],
)
def test_a_time_that_is_compared_with_dates_its_own_figure_alone(text: str, wanted: set[Said]) -> None:
    assert read(text, "2026-02-10") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "2024年,广西民营企业的活跃度很高,进出口4000亿元,增长10%。",
            {("private_trade", "guangxi", "2024-12-31", 400_000.0)},
        ),
        (
            "2024年,广西进出口7000亿元。东盟是广西第一大贸易伙伴,双边贸易额3900亿元。",
            {
                ("foreign_trade", "guangxi", "2024-12-31", 700_000.0),
                ("asean_trade", "guangxi", "2024-12-31", 390_000.0),
            },
        ),
        (
            "2024年末,广西5G用户3000万户,渗透率升至55%;千兆用户占到28%。",
            {
                ("g5_users", "guangxi", "2024-12-31", 30_000_000.0),
                ("g5_user_share", "guangxi", "2024-12-31", 55.0),
                ("gigabit_user_share", "guangxi", "2024-12-31", 28.0),
            },
        ),
        (
            "2024年末,广西移动电话用户中,55%为5G用户。",
            {("g5_user_share", "guangxi", "2024-12-31", 55.0)},
        ),
        (
            "2024年,广西信息安全产品和服务的收入增速最高,为25%。",
            {("information_security_revenue", "guangxi", "2024-12-31", 25.0)},
        ),
        (
            "2024年,广西发电装机容量9000万千瓦,其中风电2000万千瓦、光伏1500万千瓦。发电量2600亿千瓦时,其中风电增长18%。",
            {
                ("power_capacity", "guangxi", "2024-12-31", 90_000.0),
                ("wind_capacity", "guangxi", "2024-12-31", 20_000.0),
                ("solar_capacity", "guangxi", "2024-12-31", 15_000.0),
                ("power_generation", "guangxi", "2024-12-31", 260_000.0),
                ("wind_generation", "guangxi", "2024-12-31", 18.0),
            },
        ),
        ("2024年,广西风电项目投资增长18%。", set()),
        (
            "2024年,陕西原煤产量7.8亿吨,天然气330亿立方米,新能源汽车全年下线119万辆。",
            {
                ("coal_output", "shaanxi", "2024-12-31", 780_000_000.0),
                ("natural_gas_output", "shaanxi", "2024-12-31", 33_000_000_000.0),
                ("nev_output", "shaanxi", "2024-12-31", 1_190_000.0),
            },
        ),
        (
            "2024年,湖南新能源汽车、工业机器人产量分别增长1.9倍和83%。",
            {("nev_output", "hunan", "2024-12-31", 190.0), ("robot_output", "hunan", "2024-12-31", 83.0)},
        ),
        (
            "2024年,甘肃居民人均可支配收入2.4万元,其中城镇居民3.9万元,农村居民1.3万元。",
            {
                ("disposable_income", "gansu", "2024-12-31", 24_000.0),
                ("urban_disposable_income", "gansu", "2024-12-31", 39_000.0),
                ("rural_disposable_income", "gansu", "2024-12-31", 13_000.0),
            },
        ),
        (
            "2024年,甘肃新能源汽车产量增长70%,工业机器人增长20%,彩灯增长5%。",
            {("nev_output", "gansu", "2024-12-31", 70.0), ("robot_output", "gansu", "2024-12-31", 20.0)},
        ),
        (
            "2024年,东莞规上工业增加值降幅收窄至2%。电子信息制造业由负转正,增长0.4%。技改投资涨了三成,达到30.5%。",
            {
                ("industry_value_added", "dongguan", "2024-12-31", -2.0),
                ("electronics_value_added", "dongguan", "2024-12-31", 0.4),
                ("technical_renovation_investment", "dongguan", "2024-12-31", 30.5),
            },
        ),
        (
            "2024年,我国集成电路进口5000亿块;出口3000亿块,增长12%。手机产量16亿台,其中智能手机12亿台。",
            {
                ("ic_imports", "china", "2024-12-31", 5e11),
                ("ic_exports", "china", "2024-12-31", 3e11),
                ("phone_output", "china", "2024-12-31", 1.6e9),
                ("smartphone_output", "china", "2024-12-31", 1.2e9),
            },
        ),
        (
            "2024年,甘肃粮食产量1300万吨。变化最大的是大豆,产量达到9万吨;玉米与稻谷分别为690万吨和3万吨。",
            {
                ("grain_output", "gansu", "2024-12-31", 13_000_000.0),
                ("soybeans_output", "gansu", "2024-12-31", 90_000.0),
                ("corn_output", "gansu", "2024-12-31", 6_900_000.0),
                ("rice_output", "gansu", "2024-12-31", 30_000.0),
            },
        ),
        ("甘肃低空经济集聚\n2024年,甘肃拥有无人机企业30多家,年产值12亿元。", set()),
        (
            "2024年,江苏软件业务收入1.4万亿元,增长9%;安徽规模最小,为1500亿元。",
            {
                ("software_revenue", "jiangsu", "2024-12-31", 1_400_000.0),
                ("software_revenue", "anhui", "2024-12-31", 150_000.0),
            },
        ),
        (
            "2024年,湖南三次产业增加值分别为5000亿元、1.9万亿元、2.9万亿元。",
            {
                ("primary_industry_value_added", "hunan", "2024-12-31", 500_000.0),
                ("secondary_industry_value_added", "hunan", "2024-12-31", 1_900_000.0),
                ("tertiary_industry_value_added", "hunan", "2024-12-31", 2_900_000.0),
            },
        ),
    ],
)
def test_the_clause_before_says_of_what_a_measure_is(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "陕西省政府新闻办举行发布会,介绍西安市2024年经济运行情况。\n2024年,全市地区生产总值1.3万亿元。\n高技术制造业增加值增长12%。",
            {
                ("gdp", "xian", "2024-12-31", 1_300_000.0),
                ("hightech_manufacturing_value_added", "xian", "2024-12-31", 12.0),
            },
        ),
        (
            "2024年前三季度湖南经济运行情况新闻发布会实录\n货物进出口总额4000亿元,只微降0.4%。",
            {("foreign_trade", "hunan", "2024-09-30", 400_000.0)},
        ),
        (
            "物价点评\n1月CPI同比上涨0.5%,PPI下降2.3%。",
            {("cpi", "china", "2025-01-31", 0.5), ("ppi", "china", "2025-01-31", -2.3)},
        ),
        (
            "印度电信市场\n截至2024年12月底,印度宽带用户9.4亿户。全国已开通5G基站46万座。",
            {
                ("fixed_broadband_users", "india", "2024-12-31", 940_000_000.0),
                ("g5_base_stations", "india", "2024-12-31", 460_000.0),
            },
        ),
        (
            "2024年,全国软件业务收入13万亿元,对印度出口增长。",
            {("software_revenue", "china", "2024-12-31", 13_000_000.0)},
        ),
        (
            "江苏省2024年信息通信业运行情况\n5G基站建成25万个。苏州、南京分别为4万个和3万个。电信业务收入1300亿元。",
            {
                ("g5_base_stations", "jiangsu", "2024-12-31", 250_000.0),
                ("g5_base_stations", "suzhou", "2024-12-31", 40_000.0),
                ("g5_base_stations", "nanjing", "2024-12-31", 30_000.0),
                ("telecom_revenue", "jiangsu", "2024-12-31", 130_000.0),
            },
        ),
        (
            "张家口算力\n2024年,张家口投运标准机架40万架。其中张北县一县就有机架28万架。风电、光伏装机分别达到2000万千瓦和1000万千瓦。",
            {
                ("racks", "zhangjiakou", "2024-12-31", 400_000.0),
                ("wind_capacity", "zhangjiakou", "2024-12-31", 20_000.0),
                ("solar_capacity", "zhangjiakou", "2024-12-31", 10_000.0),
            },
        ),
        (
            "广东省数字经济\n深圳是省内的核心城市,2024年数字经济核心产业增加值突破1万亿元。网络设施方面,截至2024年底建成5G基站39万座。",
            {
                ("core_digital_value_added", "shenzhen", "2024-12-31", 1_000_000.0),
                ("g5_base_stations", "guangdong", "2024-12-31", 390_000.0),
            },
        ),
    ],
)
def test_the_place_spoken_of(text: str, wanted: set[Said]) -> None:
    assert read(text) == wanted


def test_growths_behind_levels_told_one_by_one_go_with_them_in_order() -> None:
    text = (
        "2024年,安徽进出口8500亿元,其中出口5600亿元,分别增长8%和6%。"
        "2024年,重庆地区生产总值3万亿元,成都2.3万亿元,增速分别为5.7%和5.8%。"
    )
    seen = read_text(text, published=datetime.date(2025, 2, 10)).observations
    assert {(one.indicator, one.region): one.growth_pct for one in seen} == {
        ("foreign_trade", "anhui"): 8.0,
        ("exports", "anhui"): 6.0,
        ("gdp", "chongqing"): 5.7,
        ("gdp", "chengdu"): 5.8,
    }


def test_a_growth_behind_the_level_of_the_year_before_is_of_the_later_level() -> None:
    text = "2024年,江西数字经济规模达1.4万亿元,较上年的1.3万亿元增长8%,比2020年的0.8万亿元增长75%。"
    seen = read_text(text, published=datetime.date(2025, 2, 10)).observations
    assert {(one.period_end, one.value): one.growth_pct for one in seen} == {
        ("2024-12-31", 1_400_000.0): 8.0,
        ("2023-12-31", 1_300_000.0): None,
        ("2020-12-31", 800_000.0): None,
    }


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("截至2024年8月底,庆阳数据中心平均PUE为1.18。", ("2024-08-31", "2024-08-31")),
        ("2024年,庆阳数据中心平均PUE为1.18。", ("2024-01-01", "2024-12-31")),
    ],
)
def test_a_ratio_is_of_the_day_or_the_stretch_that_is_said(text: str, day: tuple[str, str]) -> None:
    (one,) = read_text(text, published=datetime.date(2025, 2, 10)).observations
    assert (one.period_start, one.period_end, one.value) == (*day, 1.18)
