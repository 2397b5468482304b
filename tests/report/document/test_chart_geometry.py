"""Axes end at round numbers, columns stack to their totals, hourly paths keep every step."""

from __future__ import annotations

import dataclasses
import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xisuan.report.document import chart_geometry
from xisuan.report.document.blocks import Bars, Hours, Line, Lines, Series, Span
from xisuan.report.maps import label_placement


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_an_axis_covers_its_values_with_few_ticks(largest: float) -> None:
    top, ticks = chart_geometry.ticks(largest)
    assert top >= largest * (1 - 1e-9)
    assert top <= 2.6 * largest
    assert 2 <= len(ticks) <= 8
    assert ticks[0] == 0.0


def test_an_axis_of_nothing_goes_to_one() -> None:
    assert chart_geometry.ticks(0.0) == (1.0, [0.0, 1.0])


def test_columns_stack_to_their_totals() -> None:
    spec = Bars(
        "t", "MW", "year", ("2026", "2027"), (Series("a", (1.0, 0.0), "focus"), Series("b", (3.0, 2.0), "rest"))
    )
    drawn = chart_geometry.bars(spec)
    assert [text for *_, text in drawn.totals] == ["4", "2"]
    heights = [rect.height for rect in drawn.rects if rect.x < chart_geometry.SLOT]
    assert sum(heights) == pytest.approx(chart_geometry.HEIGHT * 4 / drawn.top)
    assert len(drawn.rects) == 3


def test_columns_begin_at_zero_however_close_their_values() -> None:
    spec = Bars("t", "racks", "year", ("2026", "2027"), (Series("a", (9000.0, 9100.0), "focus"),))
    drawn = chart_geometry.bars(spec)
    assert drawn.ticks[0] == chart_geometry.Tick(0.0, "0")
    assert [rect.y + rect.height for rect in drawn.rects] == pytest.approx([chart_geometry.HEIGHT] * 2)


def levels(path: str) -> list[int]:
    """Heights by hour, read as the script of the page reads them."""
    out: list[int] = []
    level = 0
    for command, number in re.findall(r"([MVhvz])(-?\d*(?: -?\d+)?)", path):
        if command == "M":
            level = int(number.split(" ")[1])
        elif command == "V" and not out:
            level = int(number)
        elif command == "v":
            level += int(number)
        elif command == "h":
            out += [level] * int(number)
    return out


@given(st.lists(st.floats(min_value=0, max_value=1e4), min_size=1, max_size=60))
def test_hourly_paths_keep_every_step(values: list[float]) -> None:
    spec = Hours("t", "MW", "hours", (Span("a", len(values)),), (Series("x", tuple(values), "grid"),))
    drawn = chart_geometry.hours(spec)
    expected = np.round(chart_geometry.HEIGHT * (1 - np.array(values) / drawn.top)).astype(int).tolist()
    assert levels(drawn.shapes[0].path) == expected


def test_stacked_shapes_are_cumulative_and_drawn_from_the_top() -> None:
    spec = Hours(
        "t", "MW", "hours", (Span("a", 2),), (Series("x", (1.0, 1.0), "grid"), Series("y", (2.0, 3.0), "solar"))
    )
    drawn = chart_geometry.hours(spec)
    assert [shape.name for shape in drawn.shapes] == ["y", "x"]
    assert drawn.top == 4.0
    assert levels(drawn.shapes[0].path) == [250, 0]


def test_names_on_a_map_do_not_overlap() -> None:
    points = [label_placement.Named(300 + 40 * i, 300 + 22 * i, 6, f"Place {i}", "site") for i in range(12)]
    placed = label_placement.place(points, 1000, 1000, 800, 12)
    assert 3 <= len(placed) <= 12
    boxes = []
    for label in placed:
        point = next(p for p in points if p.text == label.text)
        boxes.append(label_placement._box(point, label.anchor, 1000 / 800, 12))
    for index, box in enumerate(boxes):
        assert label_placement._overlap(box, boxes[:index] + boxes[index + 1 :]) == 0.0


def test_a_name_that_must_stand_is_placed_even_in_a_crowd() -> None:
    crowd = [
        label_placement.Named(500 + x, 500 + y, 30, "crowd", "site")
        for x in range(-90, 91, 30)
        for y in range(-90, 91, 30)
    ]
    placed = label_placement.place(
        [label_placement.Named(500, 500, 5, "here", "focus", must=True), *crowd], 1000, 1000, 800, 12
    )
    assert placed[0].text == "here"


@given(st.floats(-1e9, 1e9), st.floats(0.0, 1e9))
def test_an_axis_between_covers_its_values_and_tells_its_ticks_apart(low: float, span: float) -> None:
    """It begins at 0 where that is near, and has few ticks, each with a text of its own."""
    high = low + span
    marks, decimals = chart_geometry.between(low, high)
    room = 1e-6 * max(abs(low), abs(high), 1.0)
    assert marks[0] <= low + room
    assert marks[-1] >= high - room
    assert 2 <= len(marks) <= 9
    texts = [f"{mark:.{decimals}f}" for mark in marks]
    assert len(set(texts)) == len(texts)
    if 0.0 <= low <= 0.5 * high and high > 1e-6:
        assert marks[0] == 0.0


def test_points_stand_where_their_numbers_are() -> None:
    """Of two lines over -10, 0 and 20: in proportion across and up; what is not joined has no path."""
    spec = Lines(
        "t", "MW", "x", (Line("a", ((-10.0, 4.0), (20.0, 8.0)), "focus"), Line("b", ((0.0, 6.0),), "rest", False))
    )
    drawn = chart_geometry.lines(spec)
    left, middle, right = (next(dot for dot in drawn.dots if dot.text == text) for text in ("4", "6", "8"))
    assert (middle.x - left.x) / (right.x - left.x) == pytest.approx(1 / 3)
    assert middle.y == pytest.approx((left.y + right.y) / 2)
    assert 0.0 < left.x < right.x < 100.0
    assert [shape.name for shape in drawn.shapes] == ["a"]
    assert [tick.text for tick in drawn.across] == ["−10", "0", "+20"]
    assert chart_geometry.points(spec) == (["−10", "0", "+20"], [("a", ["4", "", "8"]), ("b", ["", "6", ""])])


def test_a_name_moves_along_its_line_where_its_first_place_is_taken() -> None:
    """Without the other place it is left out, for something stands on every side of the first."""
    crowd = [label_placement.Named(500 + x, 500 + y, 40, "", "site") for x, y in ((60, 0), (-60, 0), (0, 60), (0, -60))]
    stuck = label_placement.Named(500, 500, 5, "sender", "sender")
    assert not label_placement.place([stuck, *crowd], 1000, 1000, 800, 12)
    (label,) = label_placement.place([dataclasses.replace(stuck, also=((200.0, 800.0),)), *crowd], 1000, 1000, 800, 12)
    assert (round(label.x), round(label.y)) == (21, 80)


@pytest.mark.parametrize("xs", [(-26.4, -17.1, -10.6, -4.58, 0.0, 1.53, 7.38), tuple(map(float, range(-20, 21)))])
def test_numbers_under_a_chart_have_room_beside_each_other(xs: tuple[float, ...]) -> None:
    """In a chart of 160 pixels as in one of 620, with letters of 6.2: what is given and both ends are always said."""
    spec = Lines("Cost", "CNY", "price (%)", (Line("members", tuple((x, x) for x in xs), "line", False),))
    across = chart_geometry.lines(spec).across
    for width, shown in ((160, [tick for tick in across if not tick.minor]), (620, list(across))):
        half = {tick.text: 6.2 * len(tick.text) / 2 for tick in shown}
        for one, other in itertools.pairwise(shown):
            assert width * (other.at - one.at) / 100 > half[one.text] + half[other.text] + 2
        assert {f"−{abs(xs[0]):g}", "0", f"+{xs[-1]:g}"} <= half.keys()
