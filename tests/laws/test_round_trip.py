"""Law: read(write(s)) = s, whatever the scenario and however awkward its text and numbers."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import scenarios
from xisuan.scenario import load, write
from xisuan.scenario.reading import scenario_folders
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema.column_types import Column
from xisuan.scenario.schema.tables import BY_NAME
from xisuan.scenario.variants import synthetic

UNHURRIED = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def again(scenario: Scenario) -> Scenario:
    """The scenario written to a folder and read."""
    with tempfile.TemporaryDirectory() as room:
        write.write(scenario, Path(room) / "s")
        return load.load(Path(room) / "s")


LIKE_OTHERS = ("china", "guizhou-2023", "guizhou-days")
"""Shipped scenarios without a table that `china-futures` or `guizhou` has not."""


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.long] * (name in LIKE_OTHERS)) for name in scenario_folders.shipped()],
)
def test_shipped_scenarios(name):
    scenario = load.load(name)
    assert write.same(again(scenario), scenario)


@pytest.mark.parametrize("scenario", [scenarios.pair, scenarios.five, lambda: scenarios.five(integer=True)])
def test_test_scenarios(scenario):
    assert write.same(again(scenario()), scenario())


@settings(UNHURRIED, max_examples=5)
@given(st.integers(1, 8), st.data(), st.integers(0, 2**32))
def test_synthetic_scenarios(regions, data, seed):
    scenario = synthetic.country(regions, data.draw(st.integers(1, regions)), seed, periods=[2026, 2027])
    assert write.same(again(scenario), scenario)


NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t,\"';#"), max_size=20)


def values(column: Column) -> st.SearchStrategy[object]:
    """Cells of a column, blanks included where they are allowed."""
    low = column.low if column.low is not None else column.above if column.above is not None else -1e15
    high = column.high if column.high is not None else 1e15
    numbers = st.floats(low, high, exclude_min=column.above is not None, allow_subnormal=True)
    whole = st.integers(math.ceil(low), math.floor(high))
    cells: dict[str, st.SearchStrategy[object]] = {
        "number": numbers,
        "series": numbers,
        "year": st.integers(1900, 2200),
        "count": whole,
        "flag": st.booleans(),
        "choice": st.sampled_from(column.choices or ("",)),
        "text": TEXTS,
        "name": NAMES,
    }
    return cells[column.kind] if column.required else cells[column.kind] | st.just("")


@UNHURRIED
@given(st.sampled_from(["regions", "nodes", "workloads", "technologies", "sources"]), st.data())
def test_awkward_cells(name, data):
    """Any text, any float to the last bit, any blank: tables that refer to nothing."""
    table = BY_NAME[name]
    row = st.fixed_dictionaries({c.name: values(c) for c in table.all_columns if c.name not in ("period", "date")})
    rows = data.draw(st.lists(row, min_size=1, max_size=4, unique_by=lambda cells: cells[table.keys[0]]))
    frames = {"regions": pd.DataFrame({"region": ["here"]}), name: pd.DataFrame(rows).astype(object)}
    scenario, problems = _built(frames)
    if scenario is not None and not any(problem.level == "error" for problem in problems):
        assert write.same(again(scenario), scenario)


def _built(frames):
    try:
        return load.build({}, frames), ()
    except load.ScenarioError as error:
        return None, error.problems


def test_same_scenario_same_bytes(tmp_path):
    for folder in ("a", "b"):
        write.write(scenarios.five(), tmp_path / folder)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_what_was_extended_stands_alone():
    settings = {"extends": "starter", "name": "alone", "drop": {"workloads": ["training"]}}
    scenario = load.build(settings, {"regions": pd.DataFrame({"region": ["island"]})})
    assert write.same(again(scenario), scenario)


@pytest.mark.parametrize("change", ["settings", "cell", "row", "profile", "column"])
def test_same_tells_scenarios_apart(change):
    one, frames = scenarios.five(), scenarios.five_frames()
    other = {
        "settings": lambda: one.with_settings(discount_rate=0.05),
        "cell": lambda: scenarios.five_frames() | {"halls": frames["halls"].replace("32", "32.000000000000007")},
        "row": lambda: scenarios.five_frames() | {"latency": frames["latency"].iloc[:0]},
        "profile": lambda: frames | {"profile_rules": frames["profile_rules"].replace("1.05", "1.0500000000000003")},
        "column": lambda: frames | {"sites": frames["sites"].drop(columns="title")},
    }[change]()
    built = other if isinstance(other, Scenario) else load.build(one.settings, other)
    assert not write.same(one, built)
