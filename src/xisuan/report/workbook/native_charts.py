"""Charts of columns as charts of Excel, which stay linked to the numbers beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.data_source import NumDataSource, NumRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.series import DataPoint
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.utils import get_column_letter

from xisuan.report.document.blocks import Bars
from xisuan.report.document.palette import colour, pale
from xisuan.report.workbook.cells import decimal_pattern, put, put_heading, unique
from xisuan.text.numbers import places

CHART_ROWS = 16
"""Rows that a chart covers."""
WIDTH, HEIGHT = 11.6, 7.5
"""Size of a chart, cm."""


def columns(chart: Bars) -> int:
    """Return the number of columns that the numbers of a chart take."""
    return 1 + bool(chart.base) + len(chart.series) + 4 * _has_spread(chart)


def _has_spread(chart: Bars) -> bool:
    return any(end is not None for end in chart.spread)


def put_numbers(sheet: Any, row: int, chart: Bars, words: Sequence[str]) -> None:
    """Write the numbers of a chart, a row a category: where columns begin, the series, and the range.

    `words`: headings of the beginning, of the least and most of a range, and of their distances from the value.
    """
    begins, *ends = words
    names = [chart.across, *([begins] if chart.base else []), *(series.name for series in chart.series)]
    names += ends if _has_spread(chart) else []
    put_heading(sheet, row, unique(names), range(2, len(names) + 1))
    values = [list(series.values) for series in chart.series]
    decimals = places(max((abs(value) for one in values for value in one), default=0.0))
    sums = [sum(one[at] for one in values) for at in range(len(chart.categories))]
    values = [list(chart.base), *values] if chart.base else values
    if _has_spread(chart):
        least, most = ([end[side] if end else math.nan for end in chart.spread] for side in range(2))
        values += [
            least,
            most,
            *([abs(end - mid) for end, mid in zip(side, sums, strict=True)] for side in (least, most)),
        ]
    for at, category in enumerate(chart.categories):
        put(sheet, row + 1 + at, 1, int(category) if category.isdecimal() else category, pattern="0")
        for column, given in enumerate(values, start=2):
            put(sheet, row + 1 + at, column, given[at], pattern=decimal_pattern(decimals))


def add_chart(sheet: Any, row: int, chart: Bars, anchor: str) -> None:
    """Draw a chart of the numbers that `put_numbers` has written from `row` on, at the cell `anchor`."""
    drawn = BarChart()
    drawn.type, drawn.title, drawn.style = "col", f"{chart.title} ({chart.unit})", 2
    drawn.width, drawn.height, drawn.gapWidth = WIDTH, HEIGHT, 60
    first, last, n = row + 1, row + len(chart.categories), len(chart.series) + bool(chart.base)
    for at in range(n):
        drawn.add_data(Reference(sheet, min_col=2 + at, min_row=row, max_row=last), titles_from_data=True)
    drawn.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    if n > 1:
        drawn.grouping, drawn.overlap = "stacked", 100
    else:
        drawn.legend = None
    if drawn.legend is not None:
        drawn.legend.position = "b"
    if chart.base:
        drawn.series[0].graphicalProperties = GraphicalProperties(noFill=True)
    for series, given in zip(drawn.series[n - len(chart.series) :], chart.series, strict=True):
        series.graphicalProperties = GraphicalProperties(solidFill=colour(given.colour))
        series.dPt = [
            DataPoint(idx=at, spPr=GraphicalProperties(solidFill=pale(colour(given.colour))))
            for at in range(chart.actual if n == 1 else 0)
        ]
    if _has_spread(chart):
        drawn.series[-1].errBars = _whiskers(chart, sheet, first, last)
    for axis in (drawn.x_axis, drawn.y_axis):
        axis.delete = False
    drawn.y_axis.majorGridlines = None
    drawn.y_axis.number_format = "#,##0.###"
    if not any(min(one.values, default=0) < 0 for one in chart.series):
        drawn.y_axis.scaling.min = 0  # Excel begins an axis of values close to one another above 0
    sheet.add_chart(drawn, anchor)


def _whiskers(chart: Bars, sheet: Any, first: int, last: int) -> ErrorBars:
    """Return lines from the least to the most of each column, which refer to the last two columns of its numbers."""
    letters = [get_column_letter(columns(chart) - 1 + at) for at in range(2)]
    minus, plus = (
        NumDataSource(numRef=NumRef(f=f"'{sheet.title}'!${letter}${first}:${letter}${last}")) for letter in letters
    )
    return ErrorBars(errDir="y", errBarType="both", errValType="cust", minus=minus, plus=plus, noEndCap=False)
