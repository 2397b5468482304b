"""Five thousand damaged scenarios, workbooks and traces: each is read or refused in words, with no other exception."""

from __future__ import annotations

import pytest

from tests.stories.hostile import in_parallel, neighbours, outcome, scenarios, workbooks
from tests.stories.hostile_traces import traces
from xisuan.errors import ScenarioError
from xisuan.scenario import read

SEED = 20260101
FEW, COUNT = 1_000, 5_000
BOOKS = 300
TRACES = 1_500
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


@pytest.mark.parametrize("count", [FEW, pytest.param(COUNT, marks=pytest.mark.long)])
def test_thousands_of_damaged_scenarios(count):
    counts = in_parallel(scenarios, SEED, count, 4)
    assert counts["loaded"] > 0.03 * count, counts
    assert counts["refused in words"] == count - counts["loaded"], counts


def test_damaged_workbooks():
    counts = workbooks(SEED, BOOKS)
    assert counts["read"] > 0.1 * BOOKS, counts
    assert counts["refused in words"] > 0.1 * BOOKS, counts
    assert counts["read"] + counts["refused in words"] == BOOKS, counts
    assert not counts["left the folder"]


def test_damaged_traces():
    """Read, and simulated on servers and on machines; what is read adds up."""
    counts = traces(SEED, TRACES)
    assert counts["read"] > 0.15 * TRACES, counts
    assert counts["read"] + counts["refused in words"] == TRACES, counts


@pytest.mark.parametrize("kind", LONG_LINES)
def test_lines_of_ten_megabytes(room, kind):
    here = room / "here"
    here.mkdir()
    (here / "scenario.toml").write_text("")
    line = LONG_LINES[kind]
    for content in (b"region\n" + line, line):
        (here / "regions.csv").write_bytes(content)
        assert outcome(here) == "refused in words"
    (here / "scenario.toml").write_bytes(b"title = '" + line + b"'")
    assert outcome(here) == "refused in words"


def test_a_million_wrong_rows_are_counted_not_listed(room):
    here = room / "here"
    here.mkdir()
    (here / "scenario.toml").write_text("")
    (here / "regions.csv").write_bytes(b"region\n" + b"a\n" * 300_000)
    with pytest.raises(ScenarioError) as refusal:
        read.load(here)
    assert len(refusal.value.problems) == 1001
    assert refusal.value.problems[-1].what == "and 298,999 more like these"


@pytest.mark.parametrize("extends", WAYS_OUT)
def test_circles_and_ways_out(room, extends):
    here = room / "here"
    here.mkdir()
    (here / "scenario.toml").write_text(f'extends = "{extends}"\n')
    (here / "regions.csv").write_text("region\na\n")
    assert outcome(here) == "refused in words"
