"""Profiles by rules and by the hour."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from tests.scenario.folder import errors, made
from xisuan.errors import UnreadableError
from xisuan.scenario import load
from xisuan.scenario.reading import profiles as profile_rules


def table(*rows):
    return pd.DataFrame(rows, columns=["profile", "months", "days", "hours", "value"])


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("", set(range(24))), ("0-6;22-23", {*range(7), 22, 23}), ("22-1", {22, 23, 0, 1}), (" 5 ; 7 ", {5, 7})],
)
def test_spans(text, numbers):
    assert profile_rules.spans(text, 0, 23) == numbers


@pytest.mark.parametrize("text", ["24", "a", "1,2", "-1", "1-", "1--2", "１"])
def test_spans_that_are_none(text):
    with pytest.raises(UnreadableError, match="give "):
        profile_rules.spans(text, 0, 23)


def test_later_rules_override_earlier_ones():
    values = profile_rules.expand(table(("p", "", "", "", 1.0), ("p", "7", "", "0-5", 2.0)), 2026)["p"].to_numpy()
    july = slice(181 * 24, 212 * 24)
    assert values[july].reshape(31, 24)[:, :6].tolist() == [[2.0] * 6] * 31
    assert values.sum() == 8760 + 31 * 6


@pytest.mark.parametrize("year", [2023, 2024, 2026])
def test_weekends_are_those_of_the_base_year_without_29_february(year):
    values = profile_rules.expand(table(("p", "", "", "", 0.0), ("p", "", "weekend", "", 1.0)), year)["p"].to_numpy()
    first = datetime.date(year, 1, 1).weekday()
    assert values[::24].tolist() == [float((first + day) % 7 >= 5) for day in range(365)]


def test_hours_without_a_value_are_an_error(tmp_path):
    folder = made(tmp_path, profile_rules_csv="profile,hours,value\np,0-22,1\n")
    said = "profile-hours-missing"
    assert errors(folder) == [f"profile_rules, profile: p · {said}"]
    with pytest.raises(ValueError, match="365 hours have no value"):
        profile_rules.expand(table(("p", "", "", "0-22", 1.0)), 2026)


def test_months_that_cannot_be_read_are_named_with_their_row(tmp_path):
    folder = made(tmp_path, profile_rules_csv="profile,months,value\np,,1\np,13,1\n")
    assert errors(folder) == ["profile_rules.csv, row 3, months: 13 · spans-out-of-range"]


def profiles(rows, header="hour,p"):
    return header + "\n" + "".join(f"{hour},{value}\n" for hour, value in rows)


def test_hours_may_come_in_any_order(tmp_path):
    rows = [(hour, hour / 8760) for hour in range(8760)]
    one = load.load(made(tmp_path / "a", profiles_csv=profiles(rows)))
    other = load.load(made(tmp_path / "b", profiles_csv=profiles(rows[::-1])))
    np.testing.assert_array_equal(one.curves["p"], other.curves["p"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (profiles((hour, 1) for hour in range(8784)), "profile-length"),
        (profiles((hour, 1) for hour in range(8759)), "profile-length"),
        (profiles((max(hour, 1), 1) for hour in range(8760)), "hour: 1 · hour-repeated"),
        (profiles((hour, "" if hour == 9 else 1) for hour in range(8760)), "row 11, p · cell-blank"),
        (profiles((hour, "inf" if hour == 9 else 1) for hour in range(8760)), "row 11, p: inf · not-finite"),
        (profiles(((hour, 1) for hour in range(8760)), "hour,12"), "profile-name-invalid"),
        (profiles(((hour, 1) for hour in range(8760)), "hours,p"), "hour · hour-column-missing"),
        ("hour,p\n", "profile-length"),
    ],
)
def test_profiles_of_the_wrong_form(tmp_path, text, said):
    found = errors(made(tmp_path, profiles_csv=text))
    assert any(said in line for line in found), found


def test_a_profile_keeps_the_bounds_of_the_column_that_names_it(tmp_path):
    folder = made(
        tmp_path,
        profile_rules_csv="profile,hours,value\ncold,,1.1\ncold,3,0.9\n",
        sites_csv="site,node,pue\neast-1,east,cold\nwest-1,west,clod\n",
    )
    found = errors(folder)
    assert any("sites.csv, row 2, pue: cold · profile-below-minimum" in line for line in found)
    assert any(
        "row 3, pue: clod · profile-or-number-unknown" in line and "profile-or-number-unknown" in line for line in found
    )
