"""Any GeoJSON with polygons is read as the table of borders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.scenario.folder import errors, made, warnings
from xisuan.scenario import load, write

RING = [[39.1, -6.9], [39.3, -6.9], [39.3, -6.6], [39.1, -6.9]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}
MANY = {"type": "MultiPolygon", "coordinates": [[RING], [[[40.0, -7.0, 12.0], [40.1, -7.0], [40.1, -6.9]]]]}
TWO = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"name": "Coast"}, "geometry": POLYGON},
        {"type": "Feature", "properties": None, "geometry": MANY},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}},
    ],
}


@pytest.mark.parametrize(("document", "rings"), [(TWO, 3), (POLYGON, 1), (TWO["features"][1], 2)])
def test_rings_of_all_polygons_are_read(tmp_path: Path, document: object, rings: int) -> None:
    folder = made(tmp_path / "a", borders_geojson=json.dumps(document))
    borders = load.load(folder)["borders"]
    assert len(borders.groupby(["area", "ring"])) == rings
    first = borders[(borders["ring"] == 0) & (borders["area"] == borders["area"].iloc[0])]
    assert first[["lon", "lat"]].to_numpy().tolist() == RING
    write.write(load.load(folder), tmp_path / "b")
    assert write.same(load.load(folder), load.load(tmp_path / "b"))


@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"type": "Point", "coordinates": [1, 2]}', '{"type": "Polygon", "coordinates": 5}']
)
def test_what_is_no_map_is_refused(tmp_path: Path, text: str) -> None:
    assert errors(made(tmp_path, borders_geojson=text)) == ["borders.geojson · not-geojson"]


def test_places_beyond_the_earth_are_refused_and_another_name_is_told(tmp_path: Path) -> None:
    swapped = json.dumps({"type": "Polygon", "coordinates": [[[10, 139], [11, 139], [11, 140]]]})
    assert any("lat: 139" in line for line in errors(made(tmp_path / "a", borders_geojson=swapped)))
    assert warnings(made(tmp_path / "b", map_geojson=json.dumps(POLYGON))) == ["map.geojson · map-not-read"]


def test_an_area_of_a_layer_replaces_that_of_the_base_as_a_whole(tmp_path: Path) -> None:
    """A border with some points of one outline and some of another would be neither."""
    made(tmp_path / "base", borders_geojson=json.dumps(TWO))
    child = tmp_path / "child"
    child.mkdir()
    (child / "scenario.toml").write_text('extends = "base"\n')
    (child / "borders.csv").write_text("area,ring,point,lat,lon\nCoast,0,0,-7,39\nCoast,0,1,-7,40\nCoast,0,2,-6,40\n")
    before, after = (load.load(tmp_path / name)["borders"] for name in ("base", "child"))
    assert len(before[before["area"] == "Coast"]) == 4
    assert after[after["area"] == "Coast"][["lat", "lon"]].to_numpy().tolist() == [[-7, 39], [-7, 40], [-6, 40]]
    assert len(after) == len(before) - 1
