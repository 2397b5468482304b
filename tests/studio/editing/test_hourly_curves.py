"""A number typed over a curve by the hour is told, and the curve's shape can be kept at another mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from xisuan.scenario import load, write
from xisuan.studio.configuration import Limits
from xisuan.studio.editing import hourly_curves, table_rows
from xisuan.studio.editing.hourly_curves import Flat, Kept
from xisuan.studio.http_errors import RefusedError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`starter` standing alone, with one more curve given hour by hour."""
    place = tmp_path_factory.mktemp("curves") / "scenario"
    write.write(load.load("starter"), place)
    hours = ["hour,sunny,nought", *(f"{hour},{hour % 24 / 10},0" for hour in range(8760))]
    (place / "profiles.csv").write_text("\n".join(hours), encoding="utf-8")
    return place


def typed(folder: Path, price: str) -> list[table_rows.Row]:
    """The table of power with another price inland."""
    return [{**row, "price": price} if row["zone"] == "inland" else row for row in table_rows.read(folder, "power")[1]]


def test_a_number_over_a_curve_is_found_with_what_the_curve_was(folder: Path) -> None:
    """Inland power costs 0.22 in eight hours, 0.68 in four, 0.42 in twelve: by hand, a mean of 0.3966…"""
    found = hourly_curves.measured(str(folder), hourly_curves.flat(folder, "power", typed(folder, "0.28")))
    assert [(one.row, one.key, one.column, one.value, one.profile) for one in found] == [
        (1, "inland", "price", "0.28", "tariff-inland")
    ]
    assert (found[0].low, found[0].high) == (0.22, 0.68)
    assert found[0].mean == pytest.approx((8 * 0.22 + 4 * 0.68 + 12 * 0.42) / 24, rel=1e-12)


@pytest.mark.parametrize("price", ["tariff-coast", "tariff-inland", "", "cheap"])
def test_another_curve_or_a_fault_flattens_nothing(folder: Path, price: str) -> None:
    assert hourly_curves.flat(folder, "power", typed(folder, price)) == []


def test_a_table_without_curves_flattens_nothing(folder: Path) -> None:
    assert hourly_curves.flat(folder, "demand", [{"region": "a", "units": "7"}]) == []


def test_what_the_folder_cannot_tell_is_left_out(folder: Path) -> None:
    assert hourly_curves.measured(str(folder), [Flat(0, "inland", "price", "0.28", "no such curve")]) == []


@pytest.mark.parametrize("profile", ["tariff-inland", "sunny"])
def test_a_shape_is_kept_at_another_mean(folder: Path, tmp_path: Path, profile: str) -> None:
    """Read back, every hour is the old one times one factor, the mean is the one asked, and the old curve is as it was."""
    before = load.load(folder).curves
    copy = tmp_path / "scenario"
    write.write(load.load(folder), copy)
    (copy / "power.csv").write_text(table_rows.text("power", typed(folder, "mine"), Limits()), encoding="utf-8")
    for name, text in hourly_curves.texts(str(folder), [Kept("mine", profile, 0.28)]).items():
        (copy / name).write_text(text, encoding="utf-8")
    after = load.load(copy).curves
    assert after["mine"].mean() == pytest.approx(0.28, rel=1e-8)
    np.testing.assert_allclose(after["mine"], before[profile] * 0.28 / before[profile].mean(), rtol=1e-8)
    np.testing.assert_array_equal(after[list(before.columns)], before)


@pytest.mark.parametrize(
    ("profile", "mean", "words"),
    [("nobody", 0.3, "no profile"), ("nought", 0.3, "a mean of 0"), ("sunny", float("nan"), "no profile")],
)
def test_a_shape_that_cannot_be_kept_is_refused(folder: Path, profile: str, mean: float, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        hourly_curves.texts(str(folder), [Kept("mine", profile, mean)])


def test_a_name_says_the_mean_and_is_free(folder: Path) -> None:
    taken = hourly_curves.names(folder)
    assert {"tariff-inland", "sunny"} <= taken
    assert hourly_curves.named("tariff-inland", 0.28, taken) == "tariff-inland-0.28"
    assert hourly_curves.named("tariff-inland-0.28", 0.3, taken) == "tariff-inland-0.3"
    assert hourly_curves.named("sunny", 0.3, {"sunny-0.3"}) == "sunny-0.3-"
