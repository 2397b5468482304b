"""The unit of a table is understood in its caption, in a heading over its labels, and in a cell of its own."""

from __future__ import annotations

import pytest

from xisuan.bulletins.read_bulletin import read_text

CHINESE = [["软件业务收入", "1030", "12"], ["电信业务收入", "325.8", "5"]]
ENGLISH = [["Software revenue", "103", "12"], ["Telecom revenue", "32.58", "5"]]
TENTHS = [["Software revenue", "1030", "12"], ["Telecom revenue", "325.8", "5"]]


@pytest.mark.parametrize(
    ("heads", "body"),
    [
        ([["贵州省主要指标(亿元)", "", ""], ["指标", "2024年", "增速%"]], CHINESE),
        ([["贵州省主要指标", "", "单位:亿元"], ["指标", "2024年", "增速%"]], CHINESE),
        ([["贵州省主要指标", "", ""], ["", "", "单位：亿元"], ["指标", "2024年", "增速%"]], CHINESE),
        ([["贵州省主要指标", "", ""], ["指标(亿元)", "2024年", "增速%"]], CHINESE),
        ([["Main indicators of Guizhou (billion yuan)", "", ""], ["Indicator", "2024", "Growth %"]], ENGLISH),
        ([["Main indicators of Guizhou (100 million yuan)", "", ""], ["Indicator", "2024", "Growth %"]], TENTHS),
        ([["Main indicators of Guizhou", "", ""], ["Indicator (100 million yuan)", "2024", "Growth %"]], TENTHS),
        ([["Main indicators of Guizhou", "", "Unit: billion yuan"], ["Indicator", "2024", "Growth %"]], ENGLISH),
    ],
)
def test_the_unit_of_a_table(heads: list[list[str]], body: list[list[str]]) -> None:
    read = read_text("", tables=[("table", [*heads, *body])])
    told = {(one.indicator, one.region, one.value, one.growth_pct) for one in read.observations}
    assert told == {("software_revenue", "guizhou", 103_000, 12), ("telecom_revenue", "guizhou", 32_580, 5)}
    assert read.unplaced == ()
