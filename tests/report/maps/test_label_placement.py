"""Names on a map stay inside it, and no rule of the page moves them from their place."""

from __future__ import annotations

import dataclasses
import itertools
import re
from importlib import resources
from pathlib import Path
from typing import get_args

import pytest

from tests.report import browser
from xisuan.report.document.map_blocks import Label
from xisuan.report.maps import label_placement
from xisuan.report.maps.label_placement import Named

WIDTH = HEIGHT = 200.0
LETTERS = 10.0


@pytest.mark.parametrize(("x", "y"), [(12.0, 100.0), (188.0, 100.0), (100.0, 8.0), (100.0, 192.0), (12.0, 192.0)])
def test_a_name_that_must_stand_covers_another_before_it_is_cut(x, y):
    """Every side of the point is taken: the name takes the side that keeps it whole."""
    others = [Named(x + dx, y + dy, 6.0, "", "site") for dx, dy in ((-20, 0), (20, 0), (0, -12), (0, 12))]
    (label,) = label_placement.place([Named(x, y, 3.0, "Horinger", "focus", must=True), *others], WIDTH, HEIGHT, WIDTH,
                                     LETTERS)  # fmt: skip
    wide = label_placement.text_width("Horinger") * LETTERS * label_placement.MUST_SCALE
    left = label.x / 100 * WIDTH - {"right": 0.0, "left": wide}.get(label.anchor, wide / 2)
    assert 0 <= left <= left + wide <= WIDTH
    high = 1.25 * LETTERS * label_placement.MUST_SCALE
    top = label.y / 100 * HEIGHT - {"above": high, "below": 0.0}.get(label.anchor, high / 2)
    assert 0 <= top <= top + high <= HEIGHT


def test_the_sides_of_names_are_styled_on_maps_alone():
    """A rule for a class such as `below` anywhere on the page would move the names on that side, too."""
    style = (resources.files("xisuan.report.document") / "templates" / "report.css").read_text("utf-8")
    for side in get_args(label_placement.Side):
        rules = re.findall(rf"([^{{}};,]*)\.{side}\b[^{{}}]*{{", style)
        assert rules, side
        assert all(".names" in rule for rule in rules), (side, rules)


def test_names_that_must_stand_do_not_cover_each_other_where_their_points_do(tmp_path: Path) -> None:
    """A cluster and a campus at the same place, beside each other, and apart: the browser measures their names."""
    pages = [
        label_placement.place(
            [
                Named(200.0, 150.0, radius, "Qingyang", "focus", must=True),
                Named(200.0 + dx, 150.0 + dy, 9.0, "Qingyang campus", "focus", must=True),
                Named(205.0, 152.0, 3.0, "Qingyang metro", "edge"),
            ],
            400.0, 300.0, 400.0, 12.5,
        )
        for radius in (2.0, 12.0, 30.0)
        for dx, dy in ((0.0, 0.0), (3.0, 2.0), (-12.0, 6.0), (25.0, 0.0), (0.0, 20.0))
    ]  # fmt: skip
    for placed, boxes in zip(pages, _drawn(pages, tmp_path), strict=True):
        assert {"Qingyang", "Qingyang campus"} <= {label.text for label in placed}
        for left, top, right, bottom in boxes:
            assert 0 <= left < right <= 400
            assert 0 <= top < bottom <= 300
        for one, other in itertools.combinations(boxes, 2):
            wide, high = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
            assert min(wide, high) <= 1, placed


SPAN = '<span class="{anchor} {kind}" style="left:{x}%;top:{y}%">{text}</span>'


def _drawn(pages: list[tuple[Label, ...]], folder: Path) -> list[list[tuple[float, float, float, float]]]:
    """Return left, top, right and bottom of the names of each map, measured by a browser with the style of the report."""
    style = (resources.files("xisuan.report.document") / "templates" / "report.css").read_text("utf-8")
    maps = "".join(
        '<figure class="map" style="margin:0"><div class="names" style="position:relative;width:400px;height:300px">'
        + "".join(SPAN.format(**dataclasses.asdict(label)) for label in placed) + "</div></figure>"
        for placed in pages
    )  # fmt: skip
    script = """
    return {boxes: [...document.querySelectorAll(".names")].map((map) => [...map.children].map((name) => {
      const box = name.getBoundingClientRect(), from = map.getBoundingClientRect();
      return [box.left - from.left, box.top - from.top, box.right - from.left, box.bottom - from.top];
    }))};"""
    page = f"<!doctype html><style>{style}</style><body><script></script>{maps}</body>"
    found = browser.ask(page, script, folder)["boxes"]
    return [[(box[0], box[1], box[2], box[3]) for box in boxes] for boxes in found]
