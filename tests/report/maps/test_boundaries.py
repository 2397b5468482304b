"""The decoder reads all of China; shared borders stay shared; the page stays small."""

from __future__ import annotations

import numpy as np
import pytest

from xisuan.report.maps import base_maps, boundaries, line_simplification
from xisuan.report.maps.projection import project


def test_all_provinces_are_read_with_closed_rings() -> None:
    provinces = boundaries.provinces()
    assert len(provinces) == 34
    assert all((ring[0] == ring[-1]).all() for area in provinces for ring in area.rings)
    assert {"贵州", "台湾", "西藏", "海南"} <= {area.name_zh for area in provinces}


@pytest.mark.parametrize(
    ("lon", "lat", "name"),
    [
        (106.71, 26.58, "贵州"),
        (116.40, 39.90, "北京"),
        (121.56, 25.04, "台湾"),
        (91.12, 29.65, "西藏"),
        (121.47, 31.23, "上海"),
    ],
)
def test_a_city_lies_in_its_province(lon: float, lat: float, name: str) -> None:
    found = boundaries.province_at(lon, lat)
    assert found is not None
    assert found.name_zh == name


def test_a_point_at_sea_lies_in_no_province() -> None:
    assert boundaries.province_at(140.0, 30.0) is None


def test_guizhou_has_nine_prefectures() -> None:
    assert {area.name_zh for area in boundaries.prefectures("520000")} == {
        "贵阳", "六盘水", "遵义", "安顺", "毕节", "铜仁", "黔西南", "黔东南", "黔南",
    }  # fmt: skip


def test_the_dashes_of_the_south_china_sea_are_there() -> None:
    dashes, undetermined = boundaries.lines()
    assert len(dashes) == 9
    assert min(dash[:, 1].min() for dash in dashes) < 4.0
    assert len(undetermined) == 1


def test_islands_of_the_south_china_sea_and_diaoyu_are_drawn() -> None:
    """They mark territory: simplifying must not make them vanish."""
    frame = base_maps.COUNTRY
    rings = [ring for area in boundaries.provinces() for ring in area.rings]
    islets = [
        ring for ring in rings if ring[:, 1].max() < 16.0 or (ring[:, 0].min() > 123.4 and 25.6 < ring[0, 1] < 26.0)
    ]
    assert len(islets) > 50
    drawn = line_simplification.simplify(
        [[frame.line(ring) for ring in islets]], base_maps.TOLERANCE, base_maps._marks_territory
    )
    assert len(drawn.rings[0]) == len(islets)


def test_the_map_of_china_takes_less_than_250_kb() -> None:
    base = base_maps.country("南海诸岛")
    assert sum(len(text) for text in (base.land, base.shared, base.outer, base.dashes, base.undetermined)) < 250_000


def test_neighbours_share_their_simplified_border() -> None:
    """Two squares side by side with a wiggly border keep it in common, point by point."""
    wiggle = np.array([[1.0, y] for y in np.linspace(0, 1, 21)]) + np.array([[0.001 * (i % 2), 0] for i in range(21)])
    left = np.vstack([[[0.0, 0.0]], wiggle, [[0.0, 1.0], [0.0, 0.0]]])
    right = np.vstack([wiggle, [[2.0, 1.0], [2.0, 0.0]], wiggle[:1]])
    drawn = line_simplification.simplify([[left], [right]], 0.01, lambda ring: False)
    assert len(drawn.shared) == 1
    assert len(drawn.shared[0]) == 2
    ends = {tuple(point) for point in drawn.shared[0]}
    assert all(ends <= {tuple(point) for point in rings[0]} for rings in drawn.rings)


def test_the_projection_keeps_areas() -> None:
    """A degree cell at 20° N and one at 50° N compare as on the sphere (cosines of their latitudes)."""

    def area(lat: float) -> float:
        x, y = project([(100, lat), (101, lat), (101, lat + 1), (100, lat + 1)]).T
        return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)

    truth = (np.sin(np.radians(51)) - np.sin(np.radians(50))) / (np.sin(np.radians(21)) - np.sin(np.radians(20)))
    assert area(50) / area(20) == pytest.approx(truth, rel=1e-3)


def test_north_is_up_and_the_central_meridian_is_straight() -> None:
    south, north = project([(105.0, 20.0), (105.0, 50.0)])
    assert south[0] == pytest.approx(0.0, abs=1e-9)
    assert north[0] == pytest.approx(0.0, abs=1e-9)
    assert north[1] < south[1]
