"""Random layers that drop rows and whole tables: what is not dropped stays, what goes is named, and nothing returns."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenario.folder import SMALL, errors, made
from tests.scenario.reading.test_inheritance import BASE
from xisuan.scenario import load
from xisuan.scenario.scenario import Scenario

FILES = {name.replace(".", "_"): text for name, text in SMALL.items()} | BASE | {
    "technologies_csv": "technology,class,capex_mcny_per_unit,life_years\nserver,general,1,5\nfaster,general,2,5\n",
    "policies_csv": "rule,scope,period,value\npue_max,all,,1.5\npue_max,east-1,2027,1.4\n",
}  # fmt: skip
KEYS = {
    "regions": ("region",),
    "sites": ("site",),
    "halls": ("site",),
    "technologies": ("technology",),
    "limits": ("site", "technology"),
    "workloads": ("workload",),
    "demand": ("region", "workload"),
    "links": ("link",),
    "power": ("zone",),
    "policies": ("rule", "scope"),
}
"""Table → its key without the period; a drop by it takes the rows of all periods."""
REFERS = {
    "sites": {"node": "regions", "zone": "power"},
    "halls": {"site": "sites"},
    "limits": {"site": "sites", "technology": "technologies"},
    "demand": {"region": "regions", "workload": "workloads"},
    "links": {"from": "regions", "to": "regions"},
    "policies": {"scope": "sites"},
}
"""Table → its columns that name rows of other tables, in the order in which drops spread."""
Frames = Mapping[str, pd.DataFrame]


def same(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    """Check that two tables have the same cells, in whatever types pandas keeps cells and headings."""
    pd.testing.assert_frame_equal(found, wanted, check_dtype=False, check_column_type=False)


def names(frame: pd.DataFrame, table: str) -> list[str]:
    """Return the key of each row, without its period."""
    return ["/".join(map(str, row)) for row in frame[list(KEYS[table])].to_numpy().tolist()]


def left(base: Frames, dropped: Mapping[str, set[str]]) -> dict[str, pd.DataFrame]:
    """Return the rows that stay: not dropped, and without a reference to a row that went."""
    out = {
        table: base[table][[name not in dropped.get(table, ()) for name in names(base[table], table)]] for table in KEYS
    }
    for table, columns in REFERS.items():
        for column, parent in columns.items():
            key = KEYS[parent][0]
            gone = set(base[parent][key]) - set(out[parent][key])
            out[table] = out[table][~out[table][column].isin(gone)]
    return out


def reaches_sites(tables: Mapping[str, pd.DataFrame]) -> bool:
    """Return True if every region with demand has a site, or a link to the other region, which has one."""
    regions = set(tables["sites"]["node"])
    return all(one in regions or (regions and len(tables["links"])) for one in tables["demand"]["region"])


@st.composite
def drops(draw: st.DrawFn) -> dict[str, set[str]]:
    """Table → keys to drop: all of them, or some."""
    base = _base_keys()
    out = {}
    for table in draw(st.sets(st.sampled_from(sorted(KEYS)), min_size=1, max_size=4)):
        whole = sorted(base[table])
        out[table] = set(whole) if draw(st.booleans()) else draw(st.sets(st.sampled_from(whole), min_size=1))
    return out


def _base_keys() -> dict[str, set[str]]:
    out = {}
    for table, key in KEYS.items():
        lines = [line.split(",") for line in FILES[f"{table}_csv"].splitlines()]
        at = [lines[0].index(column) for column in key]
        out[table] = {"/".join(line[i] for i in at) for line in lines[1:]}
    return out


def layer(place: Path, dropped: Mapping[str, set[str]], **files: str) -> Path:
    """Write the base and a layer on it that drops rows, and return the layer."""
    made(place / "small", **FILES)
    child = place / "child"
    child.mkdir()
    lines = [f"{table} = {json.dumps(sorted(keys))}" for table, keys in dropped.items()]
    (child / "scenario.toml").write_text("\n".join(['extends = "small"', "[drop]", *lines, ""]))
    for name, text in files.items():
        (child / f"{name}.csv").write_text(text)
    return child


@cache
def _base() -> Scenario:
    """Return the base, which no layer changes: all examples have the same."""
    with tempfile.TemporaryDirectory() as place:
        made(Path(place) / "small", **FILES)
        return load.load(Path(place) / "small")


@settings(max_examples=60, deadline=None)
@given(drops())
def test_what_is_not_dropped_stays_and_what_goes_is_named(dropped: dict[str, set[str]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        child = layer(Path(place), dropped)
        base = _base()
        wanted = left(base.tables, dropped)
        # Without work there is nothing to run; without a technology or a site that it reaches, work has nowhere to run.
        homeless = len(wanted["demand"]) and (wanted["technologies"].empty or not reaches_sites(wanted))
        refused = bool(wanted["regions"].empty or homeless)
        assert bool(errors(child)) == refused, (dropped, errors(child))
        if refused:
            return
        found = load.load(child)
        told = {one.table: one for one in load.changes(child)}
        for table, rows in wanted.items():
            same(found[table], rows.reset_index(drop=True))
            gone = set(names(base[table], table)) - set(names(rows, table))
            named = (
                {"/".join(key.split("/")[: len(KEYS[table])]) for key in told[table].dropped}
                if table in told
                else set()
            )
            assert named == gone, table
        assert all(not one.added and not one.changed for one in told.values())


@settings(max_examples=30, deadline=None)
@given(
    st.sets(st.sampled_from(["east-1", "west-1"]), min_size=1),
    st.sets(st.sampled_from(["existing_mw", "capex_mcny_per_mw", "limit_mw", "life_years"])),
)
def test_a_dropped_row_that_is_stated_again_inherits_nothing(sites: set[str], columns: set[str]) -> None:
    """A new row needs every required column, also where the base had a row of that key."""
    given_columns = sorted(columns)
    rows = "".join(",".join([site, *("7" for _ in given_columns)]) + "\n" for site in sorted(sites))
    text = ",".join(["site", *given_columns]) + "\n" + rows
    with tempfile.TemporaryDirectory() as place:
        child = layer(Path(place), {"halls": {"east-1", "west-1"}}, halls=text)
        fresh = made(Path(place) / "fresh", **{**FILES, "halls_csv": text})
        assert [line.partition(" ")[2] for line in errors(child)] == [line.partition(" ")[2] for line in errors(fresh)]
        if errors(child):
            return
        same(load.load(child)["halls"], load.load(fresh)["halls"])
