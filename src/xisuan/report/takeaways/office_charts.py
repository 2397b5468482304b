"""Charts of columns as charts of office programs: they can be edited, and carry their numbers with them."""

from __future__ import annotations

from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.util import Emu, Pt

from xisuan.report.document.blocks import Bars
from xisuan.report.document.palette import colour, pale, tone
from xisuan.text.numbers import places

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
LATIN, CHINESE = "Calibri", "Microsoft YaHei"
"""Fonts of takeaways."""
ROOM = 1.1
"""Height of the axis over the largest amount that is drawn: room for its number."""


def add_chart(slide: Any, chart: Bars, left: int, top: int, width: int, height: int, size: float = 11) -> Any:
    """Add a chart to a slide and return its part; lengths in EMU, `size` of its letters in points."""
    data = CategoryChartData(number_format=_pattern(chart))
    data.categories = chart.categories
    if chart.base:
        data.add_series(" ", chart.base)
    for series in chart.series:
        data.add_series(series.name, series.values)
    stacked = bool(chart.base) or len(chart.series) > 1
    kind = XL_CHART_TYPE.COLUMN_STACKED if stacked else XL_CHART_TYPE.COLUMN_CLUSTERED
    drawn = slide.shapes.add_chart(kind, Emu(left), Emu(top), Emu(width), Emu(height), data).chart
    _style(drawn, chart, size, stacked=stacked)
    _whiskers(drawn, chart)
    return drawn.part


def chart_parts(chart: Bars, width: int, height: int, size: float = 8) -> tuple[bytes, bytes]:
    """Return the XML of a chart and its workbook, for a document that is no presentation."""
    deck = Presentation()
    part = add_chart(deck.slides.add_slide(deck.slide_layouts[6]), chart, 0, 0, width, height, size)
    return part.blob, part.chart_workbook.xlsx_part.blob


def _pattern(chart: Bars) -> str:
    """Return the number format of a chart: three significant digits of its largest value."""
    decimals = places(max((abs(value) for series in chart.series for value in series.values), default=0.0))
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _style(drawn: Any, chart: Bars, size: float, *, stacked: bool) -> None:
    """Set fonts, axes, legend, numbers and colours."""
    drawn.font.size, drawn.font.name = Pt(size), LATIN
    drawn.font.color.rgb = RGBColor.from_string(tone("soft"))
    drawn.has_title = False
    frame = etree.fromstring(
        f'<c:spPr xmlns:c="{CHART}" xmlns:a="{DRAWING}"><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
    )
    drawn._chartSpace.find(f"{{{CHART}}}txPr").addprevious(frame)  # Word frames a chart without it
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    drawn.value_axis.has_major_gridlines, drawn.value_axis.visible = False, stacked
    drawn.value_axis.minimum_scale = None if any(min(one.values, default=0) < 0 for one in chart.series) else 0
    drawn.value_axis.format.line.fill.background()
    drawn.value_axis.tick_labels.number_format, drawn.value_axis.tick_labels.number_format_is_linked = "#,##0.##", False
    drawn.category_axis.format.line.color.rgb = RGBColor.from_string(tone("line"))
    plot = drawn.plots[0]
    plot.gap_width = 55
    if not stacked:
        plot.has_data_labels = True
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = _pattern(chart), False
        plot.data_labels.font.size, plot.data_labels.font.bold = Pt(size), True
    first = 1 if chart.base else 0
    if chart.base:
        plot.series[0].format.fill.background()
        if drawn.has_legend:
            _hide_from_legend(drawn)
    for series, given in zip(list(plot.series)[first:], chart.series, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(colour(given.colour))
        for at in range(chart.actual):
            point = series.points[at].format.fill
            point.solid()
            point.fore_color.rgb = RGBColor.from_string(pale(colour(given.colour)))


def _hide_from_legend(drawn: Any) -> None:
    """Leave the invisible first series out of the legend."""
    entry = etree.fromstring(f'<c:legendEntry xmlns:c="{CHART}"><c:idx val="0"/><c:delete val="1"/></c:legendEntry>')
    drawn.legend._element.insert(1, entry)


def _whiskers(drawn: Any, chart: Bars) -> None:
    """Add lines from the least to the most of each column to the last series."""
    if not any(end is not None for end in chart.spread):
        return
    n = len(chart.categories)
    sums = [sum(series.values[at] for series in chart.series) for at in range(n)]
    ends = [end or (total, total) for end, total in zip(chart.spread, sums, strict=True)]
    # An axis of its own choice is made for the columns alone, and would cut the lines off.
    drawn.value_axis.maximum_scale = ROOM * max([*sums, *(most for _least, most in ends)])
    sides = {
        "plus": [most - total for (_least, most), total in zip(ends, sums, strict=True)],
        "minus": [total - least for (least, _most), total in zip(ends, sums, strict=True)],
    }
    parts = "".join(
        f"<c:{name}><c:numLit><c:formatCode>General</c:formatCode><c:ptCount val='{n}'/>"
        + "".join(f"<c:pt idx='{at}'><c:v>{max(0.0, value):.6g}</c:v></c:pt>" for at, value in enumerate(values))
        + f"</c:numLit></c:{name}>"
        for name, values in sides.items()
    )
    bars = etree.fromstring(
        f"<c:errBars xmlns:c='{CHART}'><c:errBarType val='both'/><c:errValType val='cust'/>"
        f"<c:noEndCap val='0'/>{parts}</c:errBars>"
    )
    series = list(drawn.plots[0].series)[-1]._element
    category = series.find(f"{{{CHART}}}cat")
    category.addprevious(bars)
