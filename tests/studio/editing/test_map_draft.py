"""Places and links edited on the map: what a drag, a key, a typed value or a click makes of the tables."""

from __future__ import annotations

import numpy as np
import pytest

from xisuan.errors import Problem
from xisuan.report.maps import base_maps
from xisuan.report.maps.projection import project, unproject
from xisuan.studio.editing import map_draft
from xisuan.studio.editing.map_draft import Draft
from xisuan.studio.pages import map_editor

SITES = [
    {"site": "a", "title": "A", "title_zh": "甲", "lat": "26.6", "lon": "106.7", "pue": "1.2", "period": ""},
    {"site": "b", "title": "B", "lat": "31.2", "lon": "121.5", "pue": "1.3", "period": ""},
    {"site": "b", "title": "B", "lat": "31.2", "lon": "121.5", "pue": "1.2", "period": "2028"},
]
REGIONS = [
    {"region": "hills", "node": "gz", "lat": "26.5", "lon": "106.5"},
    {"region": "sea", "lat": "30", "lon": "122"},
]
LINKS = [{"link": "l", "from": "gz", "to": "sea"}, {"link": "nowhere", "from": "gz", "to": "moon"}]


@pytest.fixture
def draft() -> Draft:
    return Draft.of({"sites": SITES, "regions": REGIONS, "links": LINKS})


def test_the_projection_has_an_inverse() -> None:
    """Every point of China and around comes back; Snyder's own example is of an ellipsoid and does not serve."""
    lon, lat = np.meshgrid(np.linspace(70, 140, 29), np.linspace(3, 55, 27))
    points = np.column_stack([lon.ravel(), lat.ravel()])
    assert np.allclose(unproject(project(points)), points, rtol=0, atol=1e-9)
    assert np.isnan(unproject([(1e6, 1e6)])[0, 1])


def test_a_point_of_the_map_is_the_place_that_is_drawn_there() -> None:
    base = base_maps.country("")
    assert map_draft.degrees(base, *base.frame.place(106.7135, 26.5783)) == {"lat": "26.5783", "lon": "106.7135"}
    assert map_draft.degrees(base, 1e9, 1e9) == {}


def test_a_drag_moves_all_rows_of_a_name_and_nothing_else(draft: Draft) -> None:
    base = map_draft.base(draft, "")
    x, y = base.frame.place(120.0, 30.0)
    after, chosen, _ = map_editor.acted(
        draft, [], "map-act", {"act": {"do": "move", "kind": "sites", "name": "b", "x": x, "y": y}}, ""
    )
    assert chosen == ["sites", "b"]
    assert after.differs(draft) == {
        "sites": [SITES[0], *({**row, "lat": "30.0000", "lon": "120.0000"} for row in SITES[1:])]
    }


def test_what_is_typed_goes_into_the_column_unless_years_differ(draft: Draft) -> None:
    assert draft.value("sites", "b", "pue") is None
    same, _, _ = map_editor.acted(draft, ["sites", "b"], {"map-field": "pue"}, {"pue": "1.1"}, "")
    assert same == draft
    both, _, _ = map_editor.acted(
        draft, ["sites", "b"], {"map-field": "lat"}, {"lat": "31", "lon": "121", "pue": ""}, ""
    )
    assert [row["lat"] + row["lon"] + row["pue"] for row in both.rows("sites", "b")] == ["311211.3", "311211.2"]
    after, _, _ = map_editor.acted(draft, ["sites", "a"], {"map-field": "pue"}, {"pue": "1.1"}, "")
    assert after.differs(draft) == {"sites": [{**SITES[0], "pue": "1.1"}, *SITES[1:]]}


def test_something_new_stands_at_the_end_and_a_name_is_given_once(draft: Draft) -> None:
    what = {"add-kind": "sites", "add-name": " c ", "add-lat": "30", "add-lon": "110", "add-from": None, "add-to": None}
    after, chosen, _ = map_editor.acted(draft, [], "map-add", what, "")
    assert (chosen, after.rows("sites", "c")) == (["sites", "c"], [{"site": "c", "lat": "30", "lon": "110"}])
    assert map_editor.acted(after, [], "map-add", what, "")[0] == after
    link = {**what, "add-kind": "links", "add-name": "n", "add-from": "gz", "add-to": "sea"}
    assert map_editor.acted(draft, [], "map-add", link, "")[0].rows("links", "n") == [
        {"link": "n", "from": "gz", "to": "sea"}
    ]


def test_what_is_removed_is_gone_from_its_table_alone(draft: Draft) -> None:
    after, chosen, _ = map_editor.acted(draft, ["links", "l"], {"map-remove": "l"}, {}, "")
    assert (chosen, after.differs(draft)) == ([], {"links": [LINKS[1]]})


def test_what_the_browser_makes_up_changes_nothing(draft: Draft) -> None:
    for act in ({"do": "move", "kind": "sites", "name": "zzz", "x": 1, "y": 1}, {"do": "x", "kind": "power"}, {}):
        assert map_editor.acted(draft, [], "map-act", {"act": act}, "")[0] == draft


def test_the_drawing_has_what_has_a_place_and_marks_what_is_at_fault(draft: Draft) -> None:
    """Line 3 of sites.csv is the second row, b; a link whose end is nowhere is not drawn."""
    ground = map_draft.base(draft, "")
    found = map_draft.drawing(
        draft, ground, "zh", ["sites", "a"], [Problem("not-a-number", table="sites.csv", row="row 3 (b)", column="pue")]
    )
    assert [(spot["name"], spot["title"], spot["bad"], spot["chosen"]) for spot in found["spots"]] == [
        ("hills", "hills", False, False), ("sea", "sea", False, False),
        ("a", "甲", False, True), ("b", "B", True, False),
    ]  # fmt: skip
    assert [line["name"] for line in found["lines"]] == ["l"]
    place = ground.frame.place(106.5, 26.5)
    assert found["lines"][0]["line"][:2] == pytest.approx(place)
