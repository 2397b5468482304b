"""Table of actuals: known outcomes and targets with which a plan is compared."""

from __future__ import annotations

from xisuan.scenario.schema.column_types import Column, Table, named

QUANTITIES: dict[str, tuple[str, str]] = {
    "compute_eflops": ("EFLOPS", "computing power as the place states it; precision not stated, FP16 by its size"),
    "compute_fp32_eflops": ("EFLOPS FP32", "all computing power in the count of MIIT"),
    "compute_fp16_eflops": ("EFLOPS FP16", "intelligent computing (智能算力)"),
    "intelligent_share": ("fraction", "intelligent over all computing power, as the place states both"),
    "racks": ("standard racks", "standard racks of 2.5 kW"),
    "servers": ("servers", "servers that halls have places for"),
    "chips": ("cards", "AI accelerator cards"),
    "data_centres": ("count", "key data centres, in use and under construction"),
    "occupancy": ("fraction", "racks in use over racks that stand (上架率)"),
    "utilisation": ("fraction", "computing power in use over computing power installed (算力利用率)"),
    "pue": ("ratio", "power usage effectiveness, yearly mean"),
    "electricity_twh": ("TWh", "electricity of data centres"),
    "storage_eb": ("EB", "storage (存力)"),
    "egress_gbps": ("Gbps", "interprovincial egress bandwidth (省际出口带宽)"),
    "hub_bandwidth_gbps": ("Gbps", "IP bandwidth between the hubs"),
    "direct_cities": ("count", "directly connected cities (直联城市)"),
    "investment_mcny": ("mCNY", "investment of the big-data field, the official definition"),
    "investment_infrastructure_mcny": ("mCNY", "its part in information infrastructure"),
    "investment_compute_mcny": ("mCNY", "fixed investment in computing facilities; narrower than the field"),
    "investment_operators_mcny": ("mCNY", "investment of the basic telecom operators"),
    "investment_china_mobile_mcny": ("mCNY", "investment of China Mobile's provincial company"),
    "investment_china_telecom_mcny": ("mCNY", "investment of China Telecom's provincial company"),
    "investment_others_mcny": ("mCNY", "investment of the field less the two companies named"),
    "gigabit_city": ("0 or 1", "whether the place is a gigabit city (千兆城市) by the date"),
    "price_cny_per_kwh": ("CNY per kWh", "all-in power price that a data centre reports"),
    "hall_price": ("mCNY per MW", "capital of halls, power and cooling over the IT power they hold, without IT"),
    "intelligent_price": ("mCNY per EFLOPS", "price of equipment of intelligent computing (FP16)"),
    "project_price": ("mCNY per EFLOPS", "capital of projects of intelligent computing (FP16), halls and equipment"),
    "rack_price": ("CNY per standard rack", "capital of projects over their racks, halls and equipment"),
}
"""Unit and meaning of each recorded quantity."""

RECORD: tuple[Table, ...] = (
    Table(
        "actuals",
        ("quantity", "place", "period", "date", "kind", "scope"),
        "what happened and what was aimed at, for comparison only: no plan reads it, and so it may rest on sources"
        " published after `as_of`",
        (
            Column("quantity", "choice", "what is counted", required=True, choices=tuple(QUANTITIES)),
            named("place", "a hub, site, region or other place; China for the nation"),
            Column("period", "year", "the year", required=True, low=1900, high=2200),
            Column(
                "date", "text", "last month or day counted: YYYY-MM or YYYY-MM-DD", blank="the whole year or its end"
            ),
            Column(
                "kind",
                "choice",
                "what happened; what was aimed at; what was expected",
                blank="actual",
                default="actual",
                choices=("actual", "target", "forecast"),
            ),
            Column("value", "number", "how much", required=True, low=0.0),
            Column("unit", "text", "its unit"),
            Column(
                "bound",
                "choice",
                "how the source words it",
                blank="exact",
                default="exact",
                choices=("exact", "about", "at least", "at most"),
            ),
            Column("low", "number", "low end where the value is an estimate"),
            Column("high", "number", "high end where the value is an estimate"),
            Column("scope", "text", "what is and what is not counted"),
            Column("scope_zh", "text", "the same in Chinese"),
            Column(
                "why", "text", "why a model made from the scenario differs, in a sentence, where it differs by a fifth"
            ),
            Column("why_zh", "text", "the same in Chinese"),
        ),
        dated=False,
        hindsight=True,
    ),
)
