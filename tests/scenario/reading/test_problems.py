"""One line for each thing to change: what a slip makes of other rows is not said, and what is said often is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.folder import made, problems, warnings
from xisuan.errors import ALIKE, Problem, ScenarioError, lines, shortened
from xisuan.scenario import load


@pytest.mark.parametrize("year", ["2O26", "26", "2026.5", "-", "20266"])
@pytest.mark.parametrize("rows", [1, 2])
def test_a_mistyped_year_is_the_only_thing_said(tmp_path: Path, year: str, rows: int) -> None:
    """Neither 1900 nor any other year that nobody wrote, and rows that cannot be read do not double one another."""
    lines = "".join(f"east,web,{year},100\n" for _ in range(rows))
    found = problems(made(tmp_path, demand_csv=f"region,workload,period,units\nwest,web,2026,20\n{lines}"))
    assert [(one.row, one.column, one.value) for one in found] == [
        (f"row {3 + at}", "period", year) for at in range(rows)
    ]


def test_a_mistyped_year_of_a_dated_row_is_the_only_thing_said(tmp_path: Path) -> None:
    links = "link,period,from,to,length_km,capacity_gbps\na,,east,west,1000,10\na,2O27,east,west,1000,20\n"
    (only,) = problems(made(tmp_path, links_csv=links))
    assert (only.row, only.column, only.value) == ("row 3", "period", "2O27")


@pytest.mark.parametrize("hours", ["0.9", "1.5", "1e-3", "23.999"])
def test_waiting_is_in_whole_hours(tmp_path: Path, hours: str) -> None:
    work = f"workload,class,latency_ms,gbps_per_unit,defer_hours\nweb,general,5,0.01,{hours}\n"
    (only,) = problems(made(tmp_path, workloads_csv=work))
    assert (only.code, only.row, only.column, only.value) == ("not-a-whole-number", "row 2", "defer_hours", hours)


def test_traffic_without_links_is_said(tmp_path: Path) -> None:
    folder = made(tmp_path, links_csv=None, traffic_csv="from,to,gbps\neast,west,3\n")
    assert any(one.code == "traffic-without-links" for one in problems(folder))
    quiet = made(tmp_path / "none", links_csv=None, traffic_csv="from,to,gbps\neast,west,0\n")
    assert not any("traffic" in one for one in warnings(quiet))


def alike(count: int, column: str = "units") -> list[Problem]:
    return [
        Problem(
            "below-other-column", table="demand.csv", row=at + 2, column=column, value=str(at), other="x", amount=at
        )
        for at in range(count)
    ]


@pytest.mark.parametrize("count", [1, ALIKE, ALIKE + 1, ALIKE + 2, 1000])
def test_what_is_said_often_is_counted(count: int) -> None:
    """The first few, then how many more; one more is as short said as counted. No problem is lost."""
    found = shortened(alike(count))
    assert sum(max(1, one.more) for one in found) == count
    assert len(found) == (count if count <= ALIKE + 1 else ALIKE + 1)
    assert found[: min(count, ALIKE)] == alike(count)[:ALIKE]


def test_kinds_are_counted_by_themselves() -> None:
    mixed = [one for pair in zip(alike(20), alike(20, "period"), strict=True) for one in pair]
    found = shortened(mixed)
    assert [str(one.message) for one in found if one.more] == ["and 15 more like these"] * 2
    assert [one.column for one in found] == ["units"] * (ALIKE + 1) + ["period"] * (ALIKE + 1)


def test_a_hundred_thousand_bad_rows_are_a_few_lines(tmp_path: Path) -> None:
    """What the reader lists and what it only counts is one count, in both languages."""
    rows = "".join(f"n{at},91\n" for at in range(100_000))
    with pytest.raises(ScenarioError) as refused:
        load.load(made(tmp_path, nodes_csv=f"node,lat\n{rows}"))
    for said in (lines(refused.value, "en"), lines(refused.value, "zh")):
        assert len(said) <= 2 * (ALIKE + 2)
    assert "nodes.csv, lat · and 99,995 more like these" in str(refused.value)
