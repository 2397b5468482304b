"""Cells: what is read, what is refused, and the remedy named."""

from __future__ import annotations

import datetime
import decimal
import math

import numpy as np
import pandas as pd
import pytest

from xisuan.scenario.reading import cell_parsers, typed_columns
from xisuan.scenario.schema.column_types import Column

NUMBER = Column("amount", "number", "an amount", "MW", low=0.0)


def one(cell, column=NUMBER):
    """The value of a cell, or the code of its problem."""
    values, faults = typed_columns.typed([cell], column)
    return faults[0].code if 0 in faults else values[0]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("3", 3.0),
        (" 2.50 ", 2.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        (7, 7.0),
        (np.int32(7), 7.0),
        (decimal.Decimal("1.5"), 1.5),
    ],
)
def test_numbers(cell, value):
    assert one(cell) == value


@pytest.mark.parametrize("cell", ["", "  ", None, math.nan, pd.NA, pd.NaT])
def test_blanks(cell):
    assert math.isnan(one(cell))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1,234", "number-with-separators"),
        ("12%", "percentage-for-amount"),
        ("NaN", "number-missing"),
        ("n/a", "number-missing"),
        ("inf", "not-finite"),
        (math.inf, "not-finite"),
        ("1e999", "number-too-large"),
        (10**400, "number-unreadable"),
        ("1_000", "not-a-number-in-unit"),
        ("１２", "number-full-width"),
        ("0x10", "not-a-number-in-unit"),
        ("3 MW", "not-a-number-in-unit"),
        (True, "not-a-number"),
        ([1], "not-a-number"),
        ("-1", "value-below-minimum"),
    ],
)
def test_what_is_no_number_is_refused(cell, code):
    assert one(cell) == code


def test_the_fast_path_agrees_with_the_slow_one():
    rng = np.random.default_rng(1)
    cells = [repr(value) for value in rng.lognormal(0, 6, 500).tolist()] + ["", " 7 "]
    fast = typed_columns.numbers(cells)
    slow = [cell_parsers.PARSERS["number"](cell, NUMBER) for cell in cells]
    np.testing.assert_array_equal(fast, slow)


@pytest.mark.parametrize(
    ("cell", "value"), [("yes", True), ("FALSE", False), ("1", True), (0, False), (True, True), ("", False)]
)
def test_flags(cell, value):
    assert one(cell, Column("f", "flag", "a flag", default=False)) is np.bool_(value)


def test_years_are_whole():
    column = Column("period", "year", "the year", low=1900, high=2200)
    assert one("2026", column) == 2026
    assert one("2026.0", column) == 2026
    assert one("2026.5", column) == "not-a-whole-number"
    assert one("26", column) == "value-below-minimum"


def test_choices_name_what_there_is():
    column = Column("kind", "choice", "a kind", default="flow", choices=("flow", "stock"))
    assert one("", column) == "flow"
    assert one("stok", column) == "choice-invalid"


def test_series_are_numbers_or_names():
    column = Column("price", "series", "a price", low=0.0)
    assert one("0.5", column) == 0.5
    assert one("tariff-1", column) == "tariff-1"
    assert one(0.25, column) == 0.25
    assert one("-1", column) == "value-below-minimum"
    assert one("1,5", column) == "not-a-number"


@pytest.mark.parametrize(
    ("cell", "value"), [(5, "5"), (5.0, "5"), (datetime.date(2026, 1, 2), "2026-01-02"), (" 贵州 ", "贵州")]
)
def test_text(cell, value):
    assert one(cell, Column("name", "name", "a name")) == value


@pytest.mark.parametrize("cell", ["a\nb", "a\x07b", "a\ud800", b"bytes", ["list"]])
def test_text_that_is_none(cell):
    assert one(cell, Column("name", "name", "a name")) in (
        "cell-with-control-characters",
        "half-character",
        "not-text",
    )
