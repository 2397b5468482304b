"""Plans as arrays: names are coordinates, nothing is lost or moved."""

from __future__ import annotations

import numpy as np

from tests.results import made


def test_values_are_selected_by_name() -> None:
    """Two dimensions are laid out; what is no item is NaN, not zero."""
    data = made.plan().to_xarray()
    family = made.FAMILIES["build"]
    at = family.labels.index(("west-1", "server"))
    np.testing.assert_array_equal(data["build"].sel(site="west-1", technology="server"), family.values[:, at])
    assert data["build"].sel(site="east-1", technology="gpu").isnull().all()
    assert list(data["period"].values) == [2026, 2027]


def test_families_of_many_dimensions_keep_one_item_dimension() -> None:
    """With their labels as coordinates."""
    data = made.plan().to_xarray()
    assert data["serve"].dims == ("period", "hour", "serve_item")
    assert data["serve_site"].values.tolist() == ["west-1"]
    np.testing.assert_array_equal(data["serve"].values, made.FAMILIES["serve"].values)


def test_hours_carry_their_weight() -> None:
    """So that a yearly sum is one line."""
    data = made.plan().to_xarray()
    assert float(data["weight"].sum()) == 8760
    grid = made.FAMILIES["grid"]
    total = (data["grid"] * data["weight"]).sum("hour").sel(site="west-1")
    np.testing.assert_allclose(total[1], grid.total(made.plan().scenario.timeline.weight)[1, 1])


def test_duals_are_beside_the_variables() -> None:
    """Under a name of their own."""
    assert made.plan().to_xarray()["dual_hall_balance"].dims == ("period", "site")
