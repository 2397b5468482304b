"""English and Chinese names of the scenario's columns whose estimates are varied."""

from __future__ import annotations

from xisuan.scenario.schema.column_types import described
from xisuan.scenario.schema.tables import BY_NAME
from xisuan.text.translation import translate


def column_title(table: str, column: str) -> tuple[str, str]:
    """Return the English and Chinese name of a column: its own name, or its meaning."""
    meaning = {one.name: one.meaning for one in BY_NAME[table].all_columns}.get(column, column)
    chinese = COLUMNS_ZH.get((table, column)) or translate(described(meaning), "zh")
    return COLUMNS_EN.get((table, column), meaning), chinese


COLUMNS_EN = {
    ("demand", "units"): "demand",
    ("fleet", "units"): "equipment that stands",
    ("technologies", "capex_mcny_per_unit"): "price of equipment",
    ("technologies", "opex_mcny_per_unit_year"): "upkeep of equipment",
    ("technologies", "mw_per_unit"): "power of a unit of equipment",
    ("links", "length_km"): "length of cables",
    ("links", "capacity_gbps"): "bandwidth of links that stands",
    ("links", "capex_mcny_per_gbps"): "cost of more bandwidth",
    ("traffic", "gbps"): "other traffic",
    ("halls", "retrofit_capex_mcny_per_mw"): "cost of retrofitting halls",
    ("power", "contract_price_cny_per_kwh"): "contract price of power",
    ("standard", "threshold"): "threshold of gigabit cities",
    ("policies", "value"): "value of a rule",
    ("measures", "capex_cny_per_unit"): "price of access works",
    ("measures", "pace_units_year"): "pace of access works",
}
"""English names of columns whose meaning is only clear with their table."""
COLUMNS_ZH = {
    ("demand", "units"): "需求",
    ("fleet", "units"): "现有设备",
    ("halls", "existing_mw"): "现有机房容量",
    ("halls", "capex_mcny_per_mw"): "机房造价",
    ("halls", "opex_mcny_per_mw_year"): "机房运维费用",
    ("halls", "retrofit_capex_mcny_per_mw"): "机房改造费用",
    ("halls", "retrofit_pue"): "改造后的PUE",
    ("technologies", "capex_mcny_per_unit"): "设备价格",
    ("technologies", "opex_mcny_per_unit_year"): "设备运维费用",
    ("technologies", "mw_per_unit"): "单位算力功率",
    ("technologies", "attainable_utilisation"): "可达到的算力利用率",
    ("technologies", "idle_share"): "空载功率占比",
    ("technologies", "life_years"): "设备寿命",
    ("technologies", "fp32_per_unit"): "折算为FP32的算力",
    ("technologies", "embodied_t_per_unit"): "隐含碳排放",
    ("workloads", "latency_ms"): "时延上限",
    ("workloads", "defer_hours"): "可推迟时间",
    ("workloads", "gbps_per_unit"): "单位算力上行流量",
    ("workloads", "return_gbps_per_unit"): "单位算力下行流量",
    ("limits", "max_build_units"): "年新增设备上限",
    ("links", "length_km"): "光缆长度",
    ("links", "capacity_gbps"): "链路现有带宽",
    ("links", "limit_gbps"): "链路带宽上限",
    ("links", "capex_mcny_per_gbps"): "链路扩容造价",
    ("links", "cost_mcny_per_gbps_hour"): "链路使用成本",
    ("traffic", "gbps"): "其他流量",
    ("power", "contract_price_cny_per_kwh"): "合同电价",
    ("power", "green_premium_cny_per_kwh"): "绿电溢价",
    ("power", "grid_limit_mw"): "电网接入上限",
    ("sites", "it_limit_mw"): "集群IT容量上限",
    ("sites", "water_l_per_kwh"): "单位耗水量",
    ("supply", "limit_mw"): "自建电源上限",
    ("supply", "limit_mwh"): "储能容量上限",
    ("supply", "capex_mcny_per_mw"): "自建电源造价",
    ("supply", "capex_mcny_per_mwh"): "储能造价",
    ("supply", "opex_mcny_per_mw_year"): "自建电源运维费用",
    ("supply", "efficiency"): "储能效率",
    ("supply", "cost_mcny_per_mwh"): "自建电源度电变动成本",
    ("policies", "value"): "规则取值",
    ("budgets", "limit_mcny"): "预算",
    ("standard", "threshold"): "千兆城市门槛值",
    ("cities", "crew_days_year"): "施工能力",
    ("measures", "capex_cny_per_unit"): "接入建设单价",
    ("measures", "pace_units_year"): "接入建设速度",
}
"""Chinese names of columns; others use their meaning."""
