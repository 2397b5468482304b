"""Parquet keeps every family and table to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests.results import made
from xisuan.results.storage import parquet_files

PERIODS = (2026, 2027)


@pytest.mark.parametrize("name", sorted(made.FAMILIES))
def test_a_family_comes_back_bit_by_bit(name: str, tmp_path: Path) -> None:
    """NaN, infinities, −0 and the smallest number included; families without items too."""
    family = made.FAMILIES[name]
    parquet_files.write_found(family, PERIODS, tmp_path / "x.parquet")
    back = parquet_files.read_found(tmp_path / "x.parquet")
    assert (back.name, back.dims, back.labels, back.hourly) == (family.name, family.dims, family.labels, family.hourly)
    assert back.values.shape == family.values.shape
    assert back.values.tobytes() == np.ascontiguousarray(family.values).tobytes()


def test_a_family_is_wide(tmp_path: Path) -> None:
    """One row an item, its labels, one column a period; hours are a list in the cell."""
    parquet_files.write_found(made.FAMILIES["grid"], PERIODS, tmp_path / "x.parquet")
    table = pq.read_table(tmp_path / "x.parquet")
    assert table.column_names == ["site", "2026", "2027"]
    assert table["site"].to_pylist() == ["east-1", "west-1"]
    assert len(table["2026"][0]) == made.HOURS


def test_a_table_comes_back(tmp_path: Path) -> None:
    """Names, numbers and order; the index is no part of it."""
    frame = pd.DataFrame({"site": ["贵安", ""], "mw": [1 / 3, np.nan], "period": [2026, 2027]}, index=[5, 9])
    parquet_files.write_table(frame, tmp_path / "x.parquet")
    pd.testing.assert_frame_equal(parquet_files.read_table(tmp_path / "x.parquet"), frame.reset_index(drop=True))


def test_the_same_values_give_the_same_bytes(tmp_path: Path) -> None:
    """There is no clock in a file."""
    for name in ("a", "b"):
        parquet_files.write_found(made.FAMILIES["grid"], PERIODS, tmp_path / name)
        parquet_files.write_table(made.table({"site": "", "mw": ""}), tmp_path / f"{name}t")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "at").read_bytes() == (tmp_path / "bt").read_bytes()


def test_a_table_has_the_same_bytes_however_its_texts_are_held(tmp_path: Path) -> None:
    """The command line holds them as Python does, which is quicker for few; a library's user has what pandas is set to."""
    written = []
    for storage in ("python", "pyarrow"):
        with pd.option_context("mode.string_storage", storage):
            frame = pd.DataFrame({"site": ["贵安", None, ""], "mw": [1 / 3, np.nan, 0.0]})
            assert frame["site"].dtype.storage == storage
            parquet_files.write_table(frame, tmp_path / storage)
            written.append((tmp_path / storage).read_bytes())
    assert written[0] == written[1]
