"""Actual values and targets of Guizhou: the rows of table `actuals` that `guizhou` adds."""

from __future__ import annotations

from tools.china import facts
from tools.china.actuals import Series, add
from tools.china.book import Book

YIYUAN = 100.0
"""mCNY per 亿元."""


def _series(quantity: str, unit: str, column: str, factor: float = 1.0, scope: str = "") -> Series:
    return Series(quantity, unit, "Guizhou", "guizhou_compute_series", {}, column, factor, scope)


def _money(quantity: str, indicator: str, scope: str = "") -> Series:
    where = {"indicator": indicator, "region": "Guizhou", "period_start": "2022-01-01"}
    return Series(quantity, "mCNY", "Guizhou", "guizhou_investment", where, factor=YIYUAN, scope=scope)


EFLOPS = _series("compute_eflops", "EFLOPS", "eflops_total", scope="whole province; precision not stated")
SHARE = _series("intelligent_share", "fraction", "intelligent_pct", 0.01)
CHIPS = _series("chips", "cards", "ai_chips")
CENTRES = _series("data_centres", "count", "dcs_total")
RACKS = _series("racks", "standard racks", "racks")
OCCUPANCY = _series("occupancy", "fraction", "occupancy_pct", 0.01)
CITIES = _series("direct_cities", "count", "direct_cities")
SERVERS = _series("servers", "servers", "servers_capacity")
EGRESS = Series(
    "egress_gbps", "Gbps", "Guizhou", "guizhou_investment", {"indicator": "interprovincial_bandwidth"}, factor=1e4
)
FIELD = _money("investment_mcny", "bigdata_field_investment")
INFRASTRUCTURE = _money("investment_infrastructure_mcny", "info_infrastructure_investment")
BASE_WHY = (
    "The official figure is of the year it names and counts 5G, fibre and the operators' networks of the whole province; the"
    " model prices the equipment alone that came to the cluster in the latest year."
)
BASE_WHY_ZH = "官方数为所示年份，并含全省 5G、光纤和运营商网络；模型只计最近一年进入集群的设备。"
COMPUTE_WHY = (
    "“Over 22 bn” is a lower bound, 0.22 bn CNY for each of the 100 EFLOPS that came in the year; the model prices them at"
    " 0.30, between that and the 0.49 that the market paid in 2023 and 2024."
)
COMPUTE_WHY_ZH = (
    "“超220亿元”为下限，合当年新增约100 EFLOPS每EFLOPS 2.2亿元；"
    "模型按3.0亿元计，介于该值与2023-24年市场实付4.9亿元之间。"
)
RACKS_WHY = (
    "Missed: 800,000 racks at the occupancy of 65 % aimed at draw 1,300 MW without cooling, and all of Gui'an New Area drew"
    " about 630 MW at its peak at the end of 2024. The model's racks are derived from the equipment; none were counted"
    " since August 2021."
)
RACKS_WHY_ZH = (
    "未完成：80万标准机架按65%上架率，不计制冷即需130万千瓦，而2024年底贵安新区全区最高负荷约63万千瓦。"
    "模型机架数由设备推算；2021年8月以后未见公布数。"
)
ALL_2022 = {"period_end": "2022-12-31", "status": "actual"}
APRIL = {"period_start": "2023-01-01", "period_end": "2023-04-30"}
PROVINCE = {"region": "Guizhou"}

COMPUTE = (
    EFLOPS.at(2024, "guizhou-may-2024", {"date": "2024-05"}, date="2024-05"),
    EFLOPS.at(2024, "guizhou-jul-2024", {"date": "2024-07"}, date="2024-07"),
    EFLOPS.at(2024, "xinhua-jan-2026", {"date": "2024-12"}, bound="about", note="150 / 3, nearly tripled"),
    EFLOPS.at(2025, "guizhou-mar-2025", {"date": "2025-03"}, bound="at least", date="2025-03"),
    EFLOPS.at(2025, "guizhou-2025", {"date": "2025-09"}, date="2025-09"),
    EFLOPS.at(2025, "xinhua-jan-2026", {"date": "2025-12", "eflops_total": "150"}, bound="at least"),
    EFLOPS.at(
        2025,
        "guizhou-plan-2024",
        {"date": "2025-12", "eflops_total": "80"},
        kind="target",
        note="weak source; another text aims at 180 intelligent",
    ),
    EFLOPS.at(2026, "xinhua-jan-2026", {"date": "2026-12", "intelligent_pct": ""}, kind="target"),
    SHARE.at(2024, "guizhou-may-2024", {"date": "2024-05"}, date="2024-05"),
    SHARE.at(2025, "guizhou-2025", {"date": "2025-09"}, bound="about", date="2025-09"),
    CHIPS.at(2022, "xinhua-jan-2024", {"date": "2022-12"}),
    CHIPS.at(2023, "xinhua-jan-2024", {"date": "2023-12"}, bound="at least"),
    CHIPS.at(2024, "guizhou-may-2024", {"date": "2024-05"}, date="2024-05"),
    CENTRES.at(2024, "guizhou-may-2024", {"date": "2024-05"}, date="2024-05"),
    CENTRES.at(2025, "guizhou-2025", {"date": "2025-09"}, date="2025-09"),
    RACKS.at(
        2021,
        "guiyang-2021",
        {"date": "2021-08"},
        date="2021-08",
        scope="Guiyang and Gui'an; size not stated",
        why="The last published count is of August 2021, before most of the halls were built; the model's halls hold the"
        " equipment of its year at the clusters' occupancy.",
        why_zh="最近公布数为 2021 年 8 月，多数机房其后建成；模型机房按当年装机和集群上架率推算。",
    ),
    RACKS.at(
        2025,
        "guizhou-hub-2022",
        {"date": "2025-12", "racks": "800000"},
        kind="target",
        scope="whole province",
        why=RACKS_WHY,
        why_zh=RACKS_WHY_ZH,
    ),
    SERVERS.at(
        2023, "guizhou-mar-2023", {"date": "2023-03"}, bound="at least", date="2023-03", scope="places, not use"
    ),
    OCCUPANCY.at(2023, "guizhou-mar-2023", {"date": "2023-03"}, date="2023-03"),
    OCCUPANCY.at(
        2025,
        "guizhou-hub-2022",
        {"date": "2025-12", "racks": "800000"},
        kind="target",
        bound="at least",
        scope="Gui'an",
    ),
    OCCUPANCY.at(
        2026, "guizhou-plan-2026", {"date": "2026-12", "occupancy_pct": "70"}, kind="target", bound="at least"
    ),
    CITIES.at(2023, "guizhou-jun-2023", {"date": "2023-06"}, bound="about", date="2023-06"),
    CITIES.at(2024, "guizhou-may-2024", {"date": "2024-05"}, date="2024-05"),
    CITIES.at(2025, "guiyang-2025", {"date": "2025-12", "direct_cities": "42"}, scope="Guiyang"),
)
"""Computing power, halls, links to other cities."""

NETWORK = (
    EGRESS.at(2022, "guizhou-network-2022", PROVINCE | {"period_end": "2022-12-31"}),
    EGRESS.at(2024, "guizhou-may-2024", PROVINCE | {"period_end": "2024-05-31"}, date="2024-05"),
    EGRESS.at(2024, "guizhou-network-2024", PROVINCE | {"period_end": "2024-10-31"}, date="2024-10"),
    EGRESS.at(
        2025, "guiyang-2025", {"region": "Guiyang", "period_end": "2025-12-04"}, scope="Guiyang's exchange point"
    ),
    _series("egress_gbps", "Gbps", "egress_gbps").at(
        2025, "guizhou-hub-2022", {"date": "2025-12", "racks": "800000"}, kind="target", bound="at least"
    ),
)
"""Interprovincial egress."""

INVESTMENT = (
    FIELD.at(2022, "investment-2022", ALL_2022),
    FIELD.at(2023, "bulletin-2023", APRIL, date="2023-04", note="39.6 over 41.05 %"),
    FIELD.at(
        2023,
        "investment-2023",
        {"period_start": "2023-01-01", "period_end": "2023-12-31"},
        kind="target",
        note="the year's plan, by 22.33 % reached in February",
    ),
    INFRASTRUCTURE.at(2022, "investment-2022", ALL_2022, note="59.85 % of 205.39", why=BASE_WHY, why_zh=BASE_WHY_ZH),
    INFRASTRUCTURE.at(2023, "bulletin-2023", APRIL, date="2023-04", why=BASE_WHY, why_zh=BASE_WHY_ZH),
    _money("investment_china_mobile_mcny", "operator_investment_mobile").at(2022, "investment-2022", {}),
    _money("investment_china_telecom_mcny", "operator_investment_telecom").at(2022, "investment-2022", {}),
    _money("investment_operators_mcny", "telecom_investment", "telecom fixed investment, January to October").at(
        2023, "guizhou-network-2024", {"period_start": "2023-01-01", "period_end": "2023-10-31"}, date="2023-10"
    ),
    _money("investment_operators_mcny", "telecom_investment", "telecom fixed investment, January to October").at(
        2024, "guizhou-network-2024", {"period_start": "2024-01-01", "period_end": "2024-10-31"}, date="2024-10"
    ),
    _money("investment_compute_mcny", "compute_facility_fixed_investment").at(
        2025,
        "xinhua-jan-2026",
        {"period_start": "2025-01-01"},
        bound="at least",
        why=COMPUTE_WHY,
        why_zh=COMPUTE_WHY_ZH,
    ),
)
"""Investment, on the official definition and its parts."""

PRICE = Series("price_cny_per_kwh", "CNY per kWh", "Guizhou", "costs", {}).at(
    2022, "china-daily-guian", {"id": "C68"}, scope="all-in contract price of data centres at Gui'an"
)


def write(book: Book) -> None:
    """Write the rows about Guizhou."""
    for fact in (*COMPUTE, *NETWORK, *INVESTMENT, PRICE):
        add(book, fact)
    _others(book)
    _payers(book)


OWNERS = "Huawei, Tencent, Apple and others"
"""Payers in Guizhou whose shares are published only together."""
OTHERS = (
    "205.39 less 61.86 less 28.30, over 205.39: owners of campuses (Huawei, Tencent, Apple with GCBD, four banks) and"
    " China Unicom; their shares of it are not published"
)

CARRIER = (
    "its part of 205.39; what its budget cannot carry falls to the owners of campuses, an estimate: who then pays is not"
    " published"
)


def _payers(book: Book) -> None:
    """Write the payers in Guizhou: the shares of 2022, and 0 to 15 % of public money (none is published)."""
    whole, mobile, telecom = (
        facts.number("guizhou_investment", "value", indicator=name, **ALL_2022, region="Guizhou")
        for name in ("bigdata_field_investment", "operator_investment_mobile", "operator_investment_telecom")
    )
    shares = {"China Mobile": round(mobile / whole, 3), "China Telecom": round(telecom / whole, 3)}
    shares[OWNERS] = round(1.0 - sum(shares.values()), 3)
    for investor, share in shares.items():
        rest = investor == OWNERS
        source, note = ("payers-2022;guian-owners", OTHERS) if rest else ("payers-2022", CARRIER)
        book.add(
            "payers", source, "derived", note,
            scope="Guizhou", investor=investor, party="owner" if rest else "operator", share=share,
            residual_payer="" if rest else OWNERS,
        )  # fmt: skip
    book.add(
        "payers", book.own, "estimate", "none found",
        scope="Guizhou", investor="public money", party="public", share=0.0,
    )  # fmt: skip
    how = "no public share of the investment was found; compute vouchers cut the cost of their users by 15 % in Beijing"
    book.estimate("payers", "Guizhou/public money", "share", 0.0, 0.15, how)


def _others(book: Book) -> None:
    """Write the investment of others than China Mobile and China Telecom in 2022: the rest of the field."""
    whole, mobile, telecom = (
        facts.number("guizhou_investment", "value", indicator=name, **ALL_2022, region="Guizhou")
        for name in ("bigdata_field_investment", "operator_investment_mobile", "operator_investment_telecom")
    )
    book.add(
        "actuals",
        "investment-2022",
        "derived",
        "205.39 less 61.86 less 28.30",
        quantity="investment_others_mcny",
        place="Guizhou",
        period=2022,
        date="",
        kind="actual",
        value=round(YIYUAN * (whole - mobile - telecom)),
        unit="mCNY",
        bound="exact",
        scope="shares: China Mobile 30 %, China Telecom 14 %, others 56 %",
    )
