"""A contradiction that shows in a small part of the model is named before any solve, and nothing is named without one."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

import xisuan as xs
from tests.scenarios import five, five_frames, frame, pair_frames
from xisuan.equations.build_model import assemble
from xisuan.planning import expansion
from xisuan.planning.infeasibility import explanation, required_relief
from xisuan.planning.infeasibility.statement import Statement, merge

SETTINGS = {"name": "five", "periods": [2026, 2027], "hours": "hours:24"}


def with_rule(rule: str, value: float) -> xs.Scenario:
    frames = five_frames()
    frames["policies"] = frame(f"rule,scope,period,value,applies\n{rule},all,2027,{value},all")
    return xs.build(SETTINGS, {**frames, "budgets": frames["budgets"].iloc[:0]})


@pytest.mark.parametrize(("rule", "value"), [("carbon_cap_t", 10.0), ("water_cap_m3", 1.0), ("pue_max", 1.01)])
def test_names_the_rule(rule: str, value: float) -> None:
    error = explanation.explain_before_solving(assemble(with_rule(rule, value)))
    assert error is not None
    assert rule in str(error)


def test_names_nothing_where_there_is_a_plan() -> None:
    assert explanation.explain_before_solving(assemble(five())) is None


def test_large_models_are_looked_at_before_they_are_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xisuan.planning.expansion.LARGE_NONZEROS", 1)
    monkeypatch.setattr("xisuan.planning.expansion.run_strategies", lambda *_: pytest.fail("it is solved"))
    with pytest.raises(xs.InfeasibleError, match="carbon_cap_t"):
        expansion.plan(with_rule("carbon_cap_t", 10.0))


# What is named, against the tables themselves: a scenario with these cells alone has no plan, without any one it has.

LOOSE = {
    "demand": ("units", "0"),
    "power": ("grid_limit_mw", ""),
    "sites": ("it_limit_mw", ""),
    "halls": ("limit_mw", ""),
    "links": ("limit_gbps", ""),
    "limits": ("max_units", ""),
    "budgets": ("limit_mcny", ""),
}
"""How a cell of each table is made to say nothing."""
KEYS = {"demand": ["region", "workload", "period"], "limits": ["site", "technology"], "budgets": ["period", "scope"]}

CONTRADICTIONS = {
    "too little grid": {"power": {"grid_limit_mw": "0.5"}},
    "too little grid, a tight site too": {"power": {"grid_limit_mw": "0.5"}, "sites": {"it_limit_mw": "1.1"}},
    "small sites": {"sites": {"it_limit_mw": ["0.85", "0.25"]}, "halls": {"limit_mw": ["", "0.3"]}},
    "few servers": {"limits": ["site,technology,max_units", "east-1,server,81", "west-1,server,25"]},
    "no money": {"budgets": ["period,scope,limit_mcny", "2026,all,1", "2026,network,100"]},
}


def places(frames: dict[str, pd.DataFrame]) -> list[tuple[str, int, str]]:
    """Table, row and text of the place of each cell of `LOOSE`."""
    found = []
    for table in LOOSE.keys() & frames.keys():
        key = KEYS.get(table, [frames[table].columns[0]])
        found += [(table, at, "/".join(row)) for at, row in enumerate(frames[table][key].to_numpy().tolist())]
    return found


def loosened(frames: dict[str, pd.DataFrame], cells: list[tuple[str, int, str]]) -> bool:
    """Whether there is a plan once these cells say nothing."""
    out = {name: table.copy() for name, table in frames.items()}
    for table, at, _ in cells:
        column, nothing = LOOSE[table]
        if column in out[table]:
            out[table].loc[at, column] = nothing
    try:
        xs.plan(xs.build({"name": "pair", "periods": [2026], "hours": "one"}, out))
    except xs.InfeasibleError:
        return False
    return True


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_what_is_named_contradicts_itself_and_none_of_it_is_innocent(what: str) -> None:
    frames = pair_frames()
    frames["demand"] = frames["demand"].query("period == '2026'").reset_index(drop=True)
    for table, numbers in CONTRADICTIONS[what].items():
        frames[table] = frames[table].assign(**numbers) if isinstance(numbers, dict) else frame("\n".join(numbers))
    with pytest.raises(xs.InfeasibleError, match="smallest conflicting set") as error:
        xs.plan(xs.build({"name": "pair", "periods": [2026], "hours": "one"}, frames))
    every, said = places(frames), error.value.conflict
    named = [(table, at, row) for table, at, row in every if any(re.match(f"{table}, {row}[,:]", one) for one in said)]
    assert len(named) == len(said)
    others = [cell for cell in every if cell not in named]
    assert not loosened(frames, others)
    for cell in named:
        assert loosened(frames, [*others, cell]), f"{cell} is innocent"


INSIDE = {
    "a reserve": (
        {
            "limits": "site,technology,max_units\neast-1,server,100\nwest-1,server,30",
            "policies": "rule,scope,value\nsite_reserve_min,all,0.1\nlink_load_max,all,0.9",
        },
        "policies, site_reserve_min/all, value: 0.1 in 2026 · lower it",
    ),
    "the load of a link": (
        {
            "limits": "site,technology,max_units\neast-1,server,80",
            "links": "link,from,to,length_km,capacity_gbps,limit_gbps\neast-west,east,west,1000,0.25,0.25",
            "policies": "rule,scope,value\nlink_load_max,all,0.5\nsite_reserve_min,west-1,0.1",
        },
        "policies, link_load_max/all, value: 0.5 in 2026 · raise it",
    ),
    "traffic on a shortest path": (
        {
            "limits": "site,technology,max_units\neast-1,server,80",
            "links": "link,from,to,length_km,capacity_gbps,limit_gbps\neast-west,east,west,1000,0.25,0.25",
            "traffic": "from,to,gbps,routing\neast,west,0.1,shortest\nwest,east,0.2,shortest",
        },
        "traffic, east/west, gbps: 0.1 must be carried on the shortest path",
    ),
}
"""Tables of contradictions that no row or bound states alone, and the line that names what is in a coefficient."""


@pytest.mark.parametrize("what", INSIDE)
def test_what_is_stated_in_a_coefficient_is_named_and_what_is_innocent_is_not(what: str) -> None:
    changed, line = INSIDE[what]
    frames = pair_frames() | {name: frame(text) for name, text in changed.items()}
    frames["demand"] = frames["demand"].query("period == '2026'").reset_index(drop=True)

    def planned(without: int | None = None) -> xs.Plan:
        tables = dict(frames)
        if without is not None:
            name = "policies" if "policies" in changed else "traffic"
            tables[name] = frames[name].drop(index=without).reset_index(drop=True)
        return xs.plan(xs.build({"name": "pair", "periods": [2026], "hours": "one"}, tables))

    with pytest.raises(xs.InfeasibleError, match="smallest conflicting set") as error:
        planned()
    said = [one for one in error.value.conflict if one.startswith(("policies", "traffic"))]
    assert len(said) == 1
    assert said[0].startswith(line)
    assert planned(without=0).certificate.ok
    with pytest.raises(xs.InfeasibleError):
        planned(without=1)


def test_periods_and_many_rows_that_say_the_same_are_one_line() -> None:
    same = Statement("power", "a", "grid_limit_mw", "at most 5", "raise it")
    said = [replace(same, row=zone, years=(year,)) for year in (2027, 2026, 2028) for zone in "abcd"]
    assert [str(one) for one in merge(said)] == [
        "power, a + b + c + d, grid_limit_mw: at most 5 in 2026-2028 · raise it"
    ]
    assert [str(one) for one in merge([said[0], said[1], said[9]])] == [
        "power, a, grid_limit_mw: at most 5 in 2027 · raise it",
        "power, b, grid_limit_mw: at most 5 in 2027, 2028 · raise it",
    ]


# What a planner may type into the tables of `guizhou-days`.


@cache
def guizhou() -> xs.Scenario:
    """Guizhou, and all of its prefectures have to reach the supposed later standard in time."""
    given, later = xs.load("guizhou-days"), xs.load("guizhou-gigabit-2028")
    return replace(given, tables={**given.tables, **{name: later[name] for name in ("standard", "city_targets")}})


def typed(table: str, **cells: object) -> xs.Scenario:
    """Guizhou with the same cells in all rows of a table."""
    return replace(guizhou(), tables={**guizhou().tables, table: guizhou()[table].assign(**cells)})


@pytest.mark.parametrize(
    ("table", "cells", "lines"),
    [
        pytest.param(
            *("power", {"grid_limit_mw": 800.0}, ["power, ", "grid_limit_mw: at most 800 in ", "demand, "]),
            marks=pytest.mark.long,
        ),
        ("sites", {"it_limit_mw": 1000.0}, ["sites, HLG, it_limit_mw: at most 1,000 in ", "policies, occupancy_min/"]),
        pytest.param(
            *(
                "technologies",
                {"lead_years": 8},
                ["fleet, ", "units: only these units serve (lead_years: more takes 8 years)"],
            ),
            marks=pytest.mark.long,
        ),
        ("budgets", {"limit_mcny": 0.0}, ["budgets, 2028/access, limit_mcny: at most 0, and ", "is needed · raise it"]),
        ("cities", {"crew_days_year": 1.0}, ["crews allow 0.025 of ", "raise crew_days_year in cities"]),
        ("measures", {"pace_units_year": 1.0}, ["the pace of the measures allows ", "raise pace_units_year"]),
    ],
)
def test_what_a_planner_mistypes_in_guizhou_is_named_before_any_solve(
    table: str, cells: dict[str, object], lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the amounts: they are proven on small scenarios, and asked in the long case below."""
    monkeypatch.setattr(required_relief, "reliefs", lambda *_: ())
    named(typed(table, **cells), lines)


@pytest.mark.long
def test_without_dates_of_cities_budgets_of_nothing_forbid_what_a_payer_must_order() -> None:
    """With the amounts: that those of a part of a model are at least what it takes, `test_relief` proves in the small."""
    broke = typed("budgets", limit_mcny=0.0)
    undated = replace(broke, tables={**broke.tables, "city_targets": broke["city_targets"].iloc[:0]})
    error = named(undated, ["budgets, 2026/", "limit_mcny: at most 0 · raise it"])
    assert [one.table for one in error.reliefs] == ["budgets"]
    assert not any(one.exact for one in error.reliefs), "the mean and the tightest hours are not the year"
    assert f"The {explanation.SMALLEST} of its statements:" in str(error).splitlines()


def named(scenario: xs.Scenario, lines: list[str]) -> xs.InfeasibleError:
    error = explanation.explain_before_solving(assemble(scenario))
    assert error is not None
    assert "perhaps not" not in str(error)
    for line in lines:
        assert line in str(error)
    return error
