"""Thousands of damaged scenarios, workbooks and traces: each is read or refused in words, with no other exception."""

from __future__ import annotations

import pytest

from tests.stories.hostile import in_parallel, neighbours, outcome, scenarios, workbooks
from tests.stories.hostile_traces import traces
from xisuan.errors import ScenarioError
from xisuan.scenario import load

SEED = 20260101


def counts(few: int, many: int) -> pytest.MarkDecorator:
    """As many inputs, and many more where there is time."""
    return pytest.mark.parametrize("count", [few, pytest.param(many, marks=pytest.mark.long)])


LONG_LINES = {
    "one cell": b"x" * 10_000_000,
    "many cells": b"x," * 5_000_000,
    "quotes": b'"' * 10_000_000,
    "digits": b"1" * 10_000_000,
    "line ends": b"\n" * 1_000_000,
}
WAYS_OUT = ("loop", "pool", "here", "../here", "../loop", "out", "../out", "../../..", "/", "~", "other/../out")


@pytest.fixture
def room(tmp_path):
    """A folder with neighbours that scenarios may try to extend."""
    neighbours(tmp_path)
    return tmp_path


@counts(250, 5_000)
def test_thousands_of_damaged_scenarios(count):
    found = scenarios(SEED, count) if count < 1_000 else in_parallel(scenarios, SEED, count, 4)
    assert found["loaded"] > 0.01 * count, found
    assert found["refused in words"] == count - found["loaded"], found


@counts(80, 300)
def test_damaged_workbooks(count):
    found = workbooks(SEED, count)
    assert found["read"] > 0.1 * count, found
    assert found["refused in words"] > 0.1 * count, found
    assert found["read"] + found["refused in words"] == count, found
    assert not found["left the folder"]


@counts(300, 1_500)
def test_damaged_traces(count):
    """Read, and simulated on servers and on machines; what is read adds up."""
    found = traces(SEED, count)
    assert found["read"] > 0.15 * count, found
    assert found["read"] + found["refused in words"] == count, found


@pytest.mark.parametrize("kind", LONG_LINES)
def test_lines_of_ten_megabytes(room, kind):
    here = room / "here"
    here.mkdir()
    (here / "scenario.toml").write_text("periods = [2026]")
    line = LONG_LINES[kind]
    for content in (b"region\n" + line, line):
        (here / "regions.csv").write_bytes(content)
        assert outcome(here) == "refused in words"
    (here / "scenario.toml").write_bytes(b"title = '" + line + b"'")
    assert outcome(here) == "refused in words"


def test_a_million_wrong_rows_are_counted_not_listed(room):
    here = room / "here"
    here.mkdir()
    (here / "scenario.toml").write_text("periods = [2026]")
    (here / "regions.csv").write_bytes(b"region\n" + b"a\n" * 300_000)
    with pytest.raises(ScenarioError) as refusal:
        load.load(here)
    assert len(refusal.value.problems) == 1001
    assert refusal.value.problems[-1].message == "and 298,999 more like these"


@pytest.mark.parametrize("extends", WAYS_OUT)
def test_circles_and_ways_out(room, extends):
    here = room / "here"
    here.mkdir()
    (here / "scenario.toml").write_text(f'extends = "{extends}"\n')
    (here / "regions.csv").write_text("region\na\n")
    assert outcome(here) == "refused in words"
