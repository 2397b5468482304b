"""JSON holds what JSON can hold: no NaN, no infinity, nothing that is no plain value."""

from __future__ import annotations

import datetime
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xisuan.errors import Problem
from xisuan.results.storage import json_document


def test_what_is_missing_or_infinite_is_null() -> None:
    """In every nesting, table cells and NumPy numbers included."""
    value = {
        "none": [math.nan, math.inf, -math.inf, None, pd.NA, pd.NaT],
        "numpy": (np.float64(1.5), np.int64(3), np.bool_(True), np.array([1.0, math.nan])),
        "table": pd.DataFrame({"a": [1.0, math.nan], "b": ["x", "贵州"]}),
    }
    assert json.loads(json_document.text(value)) == {
        "none": [None] * 6,
        "numpy": [1.5, 3, True, [1.0, None]],
        "table": [{"a": 1.0, "b": "x"}, {"a": None, "b": "贵州"}],
    }


def test_dataclasses_dates_and_paths_have_a_form() -> None:
    """As fields, and as text."""
    value = [
        Problem("not-a-number", table="links", row="a", column="gbps", value="-1"),
        datetime.date(2025, 12, 31),
        Path("runs/x"),
    ]
    problem, date, path = json.loads(json_document.text(value))
    assert (problem["code"], problem["message"]) == ("not-a-number", "not a number; give a number")
    assert (date, path) == ("2025-12-31", "runs/x")


def test_numbers_are_exact() -> None:
    """What is read back is what was written."""
    assert json.loads(json_document.text(1 / 3)) == 1 / 3


def test_chinese_stays_readable() -> None:
    """People read these files."""
    assert "贵州" in json_document.text({"title": "贵州"})


def test_what_has_no_form_is_refused() -> None:
    """Rather than written as something that looks right."""
    with pytest.raises(TypeError, match="object has no JSON form"):
        json_document.text({"x": object()})
