"""Names on a map stay inside it, and no rule of the page moves them from their place."""

from __future__ import annotations

import re
from importlib import resources
from typing import get_args

import pytest

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
