"""Random layers on a base: what a layer leaves out is inherited or refused, never lost."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scenario.folder import errors, made, warnings
from xisuan.scenario import load, write

BASE = {
    "sites_csv": "site,node,zone,pue,it_limit_mw\neast-1,east,grid,1.3,50\nwest-1,west,grid,1.2,\n",
    "power_csv": "zone,period,price,contract_price_cny_per_kwh,demand_charge_cny_per_kw_month,grid_limit_mw\n"
    "grid,,0.4,0.3,30,70\ngrid,2027,0.5,0.35,31,80\nother,,0.6,,20,\n",
    "halls_csv": "site,existing_mw,capex_mcny_per_mw,limit_mw,life_years\neast-1,10,20,40,20\nwest-1,5,21,30,20\n",
    "limits_csv": "site,technology,period,max_units,max_build_units\neast-1,server,2026,90,40\neast-1,server,2027,95,45\n",
    "budgets_csv": "period,scope,limit_mcny\n2026,all,100\n2027,all,110\n",
    "demand_csv": "region,workload,period,units\neast,web,2026,100\nwest,web,2026,20\neast,web,2027,110\nwest,web,2027,25\n",
    "scenario_toml": 'name = "small"\nperiods = [2026, 2027]\n',
}
VALUES: dict[str, tuple[tuple[str, ...], dict[str, float]]] = {
    "sites": (("site",), {"pue": 1.1, "it_limit_mw": 60.0}),
    "power": (
        ("zone", "period"),
        {
            "price": 0.7,
            "contract_price_cny_per_kwh": 0.2,
            "demand_charge_cny_per_kw_month": 25.0,
            "grid_limit_mw": 90.0,
        },
    ),
    "halls": (("site",), {"existing_mw": 12.0, "capex_mcny_per_mw": 19.0, "limit_mw": 45.0}),
    "limits": (("site", "technology", "period"), {"max_units": 80.0, "max_build_units": 30.0}),
    "budgets": (("period", "scope"), {"limit_mcny": 70.0}),
    "demand": (("region", "workload", "period"), {"units": 130.0}),
}
"""Table → its key, and the values that a layer gives."""


@st.composite
def layer(draw: st.DrawFn) -> dict[str, tuple[list[int], dict[str, float | None]]]:
    """Table → rows of the base that the layer replaces, and its columns with a value or (None) a blank."""
    out = {}
    for table in draw(st.sets(st.sampled_from(sorted(VALUES)))):
        columns = draw(st.sets(st.sampled_from(sorted(VALUES[table][1]))))
        blanks = {"demand": (), "budgets": (), "power": ("contract_price_cny_per_kwh", "grid_limit_mw")}
        cells = {
            name: None if name in blanks.get(table, ("limit_mw",)) and draw(st.booleans()) else VALUES[table][1][name]
            for name in columns
        }
        out[table] = (draw(st.lists(st.integers(0, 3), unique=True, min_size=1)), cells)
    return out


@settings(max_examples=60, deadline=None)
@given(layer())
def test_a_cell_is_the_layers_or_that_of_the_base(
    drawn: dict[str, tuple[list[int], dict[str, float | None]]],
) -> None:
    with tempfile.TemporaryDirectory() as place:
        base = load.load(made(Path(place) / "small", **BASE))
        child = Path(place) / "child"
        child.mkdir()
        (child / "scenario.toml").write_text('extends = "small"\n')
        wanted: dict[str, pd.DataFrame] = {}
        for table, (rows, cells) in drawn.items():
            key, _values = VALUES[table]
            frame = base[table].copy()
            at = sorted({row % len(frame) for row in rows})
            frame.loc[at, list(cells)] = [[float("nan") if cell is None else cell for cell in cells.values()]] * len(at)
            wanted[table] = frame
            frame.loc[at, [*key, *cells]].to_csv(child / f"{table}.csv", index=False)
        found = load.load(child)
        for table, (key, values) in VALUES.items():
            columns = [*key, *values]
            left = wanted.get(table, base[table])[columns].sort_values(list(key)).reset_index(drop=True)
            right = found[table][columns].sort_values(list(key)).reset_index(drop=True)
            pd.testing.assert_frame_equal(left, right, check_dtype=False)


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.integers(2025, 2029), min_size=1, max_size=3),
    st.sets(st.tuples(st.sampled_from(["east", "west"]), st.integers(2025, 2029))),
)
def test_what_a_layer_with_other_periods_leaves_out_holds_or_is_refused(
    periods: set[int], given_rows: set[tuple[str, int]]
) -> None:
    """The scenario loads only if all regions have demand in all periods, and limits and budgets still hold in each.

    The budget of 2027 is added to that of 2026 where the period of 2026 reaches beyond it.
    """
    rows = "".join(f"{region},web,{year},50\n" for region, year in sorted(given_rows))
    asked = sorted(periods)
    with tempfile.TemporaryDirectory() as place:
        files = {"demand": f"region,workload,period,units\n{rows}"} if rows else {}
        folder = child(Path(place), f"periods = {asked}\n", **files)
        found = errors(folder)
        known = given_rows | {(region, year) for region in ("east", "west") for year in (2026, 2027)}
        complete = all((region, year) in known for region in ("east", "west") for year in asked)
        limited = asked[0] >= 2026
        assert bool(found) == (not complete or not limited)
        if found:
            return
        scenario = load.load(folder)
        demand = scenario["demand"].set_index(["region", "period"])["units"]
        for year in asked:
            held = 2026 if year == 2026 else 2027
            for region in ("east", "west"):
                own = (region, year) in given_rows
                base = {"east": {2026: 100, 2027: 110}, "west": {2026: 20, 2027: 25}}[region]
                assert demand[region, year] == (50 if own else base[year])
            assert scenario.at("limits", year)["max_units"].tolist() == [{2026: 90, 2027: 95}[held]]
            added = any((year, end) == (2026, end) and end > 2027 for end in asked if 2027 not in asked)
            budget = 100 + 110 if added else {2026: 100, 2027: 110}[held]
            assert scenario.at("budgets", year)["limit_mcny"].tolist() == [budget]


def child(tmp_path: Path, toml: str = "", **files: str) -> Path:
    """A folder that extends the base."""
    made(tmp_path / "small", **BASE)
    folder = tmp_path / "child"
    folder.mkdir()
    (folder / "scenario.toml").write_text(f'extends = "small"\n{toml}')
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def test_a_row_of_a_later_year_keeps_the_columns_in_force_until_then(tmp_path: Path) -> None:
    folder = child(tmp_path, power="zone,period,price\ngrid,2028,0.9\nother,2026,0.1\n")
    rows = load.load(folder)["power"].set_index(["zone", "period"])
    assert rows.loc[("grid", 2028.0), "grid_limit_mw"] == 80
    assert rows.loc[("grid", 2028.0), "demand_charge_cny_per_kw_month"] == 31
    assert rows.loc[("other", 2026.0), "demand_charge_cny_per_kw_month"] == 20


def test_a_new_row_needs_every_required_column(tmp_path: Path) -> None:
    folder = child(tmp_path, power="zone,grid_limit_mw\ngrid,99\nthird,5\n")
    assert errors(folder) == ["power.csv, row 3, price · column-missing"]


def test_limits_and_budgets_lapse_in_earlier_periods(tmp_path: Path) -> None:
    earlier = "region,workload,period,units\neast,web,2025,90\nwest,web,2025,18\n"
    folder = child(tmp_path, "periods = [2025, 2026, 2027]\n", demand=earlier)
    assert errors(folder) == [
        "small/limits.csv, east-1/server, period: 2026 · row-of-base-lapses",
        "small/budgets.csv, all, period: 2026 · row-of-base-lapses",
    ]
    (folder / "limits.csv").write_text("site,technology,period\neast-1,server,2025\n")
    (folder / "budgets.csv").write_text("period,scope,limit_mcny\n2025,all,90\n")
    assert errors(folder) == []
    limits = load.load(folder).at("limits", 2025)
    assert limits["max_units"].tolist() == [90]


def amounts(folder: Path, year: int) -> tuple[float, float]:
    """Return the pace of servers at east-1 and the budget of all in a period."""
    found = load.load(folder)
    return found.at("limits", year)["max_build_units"].item(), found.at("budgets", year)["limit_mcny"].item()


def test_amounts_of_years_within_a_longer_period_are_added_up(tmp_path: Path) -> None:
    """The base has a pace of 40 and 45 and a budget of 100 and 110 in 2026 and 2027, also seen through a layer between."""
    folder = child(tmp_path, "periods = [2026]\nlast_period_years = 2\n")
    assert amounts(folder, 2026) == (40 + 45, 100 + 110)
    above = tmp_path / "above"
    above.mkdir()
    (above / "scenario.toml").write_text('extends = "child"\n')
    assert amounts(above, 2026) == (85, 210)
    assert [problem for problem in load.examine(above)[1] if problem.level == "error"] == []


def test_an_amount_that_a_layer_states_is_that_of_the_whole_period(tmp_path: Path) -> None:
    """A row of the layer for a later year of the period replaces that year alone."""
    folder = child(tmp_path, "periods = [2026]\nlast_period_years = 2\n")
    (folder / "limits.csv").write_text("site,technology,period,max_build_units\neast-1,server,2026,60\n")
    (folder / "budgets.csv").write_text("period,scope,limit_mcny\n2027,all,7\n")
    assert amounts(folder, 2026) == (60, 100 + 7)


def test_the_last_amount_of_a_longer_period_holds_in_the_next_one_without_a_row(tmp_path: Path) -> None:
    later = "region,workload,period,units\neast,web,2028,90\nwest,web,2028,18\n"
    folder = child(tmp_path, "periods = [2026, 2028]\nlast_period_years = 1\n", demand=later)
    assert amounts(folder, 2026) == (85, 210)
    assert amounts(folder, 2028) == (45, 110)


def test_a_year_without_a_limit_leaves_its_period_without_one(tmp_path: Path) -> None:
    folder = child(tmp_path, "periods = [2026]\nlast_period_years = 2\n")
    (folder / "budgets.csv").write_text("period,scope,limit_mcny\n2027,all,\n")
    assert amounts(folder, 2026)[1] != amounts(folder, 2026)[1]  # NaN: no limit


def test_ranges_of_added_amounts_keep_their_ratios(tmp_path: Path) -> None:
    ranges = (
        "table,key,column,low,high,how\nbudgets,2026/all,limit_mcny,90,150,x\nbudgets,2027/all,limit_mcny,99,165,x\n"
    )
    made(tmp_path / "small", **BASE, estimates_csv=ranges)
    (tmp_path / "child").mkdir()
    (tmp_path / "child" / "scenario.toml").write_text('extends = "small"\nperiods = [2026]\nlast_period_years = 2\n')
    found = load.load(tmp_path / "child")["estimates"]
    assert found[["key", "low", "high"]].to_numpy().tolist() == [["2026/all", pytest.approx(189), pytest.approx(315)]]


def test_added_amounts_are_the_same_when_they_are_written_and_read_again(tmp_path: Path) -> None:
    """At east-1 40 + 45 in 2026 and 45 in 2028, low 20 of 40 and high 90 of 45. At west-1 none in 2026 and 20 in 2028, low 5
    of 10 and high 40 of 20."""
    limits = (
        "site,technology,period,max_build_units\neast-1,server,2026,40\neast-1,server,2027,45\n"
        "west-1,server,2027,10\nwest-1,server,2028,20\n"
    )
    estimates = (
        "table,key,column,low,high,how\nlimits,east-1/server,max_build_units,20,90,x\n"
        "limits,west-1/server,max_build_units,5,40,x\n"
    )
    later = "region,workload,period,units\neast,web,2028,90\nwest,web,2028,18\n"
    made(tmp_path / "small", **{**BASE, "limits_csv": limits, "estimates_csv": estimates})
    (tmp_path / "child").mkdir()
    (tmp_path / "child" / "scenario.toml").write_text('extends = "small"\nperiods = [2026, 2028]\n')
    (tmp_path / "child" / "demand.csv").write_text(later)
    found = load.load(tmp_path / "child")
    assert found["estimates"][["low", "high"]].to_numpy().tolist() == [
        [pytest.approx(22.5), pytest.approx(170)],
        [pytest.approx(10), pytest.approx(40)],
    ]
    write.write(found, tmp_path / "again")
    again = load.load(tmp_path / "again")
    for table in ("limits", "budgets", "estimates"):
        pd.testing.assert_frame_equal(again[table], found[table])


def test_a_row_without_a_year_that_later_rows_of_the_base_replace_is_named(tmp_path: Path) -> None:
    folder = child(tmp_path, power="zone,price\ngrid,0.1\n")
    assert warnings(folder) == ["power.csv, grid, period · later-rows-of-base"]
    (folder / "power.csv").write_text("zone,period,price\ngrid,,0.1\ngrid,2027,0.1\n")
    assert warnings(folder) == []


def test_what_a_layer_does_is_told(tmp_path: Path) -> None:
    """The base has three sites once one is added; the row that only states what holds is no change."""
    folder = child(
        tmp_path,
        '[drop]\npower = ["other"]\n',
        halls="site,limit_mw\neast-1,41\nwest-1,30\n",
        sites="site,node,zone\nnew,east,grid\n",
    )
    found = {one.table: one for one in load.changes(folder)}
    assert list(found) == ["sites", "halls", "power"]
    assert found["sites"].added == ("new",)
    assert found["halls"].changed == {"east-1": {"limit_mw": (40.0, 41.0)}}
    assert found["power"].dropped == ("other",)
    assert load.changes(tmp_path / "small") == ()


def test_a_campus_beside_a_cluster_whose_limit_holds_it_is_named(tmp_path: Path) -> None:
    estimates = "table,key,column,low,high,how\nhalls,east-1,limit_mw,10,40,planned\n"
    campus = {"sites": "site,node,zone\nnew,east,grid\n", "halls": "site,limit_mw\nnew,8\n"}
    folder = child(tmp_path, estimates=estimates, **campus)
    assert warnings(folder) == ["sites.csv, row 2 (new) · halls-beyond-plan"]
    (folder / "halls.csv").write_text("site,limit_mw\nnew,8\neast-1,32\n")
    assert warnings(folder) == []


def test_a_place_without_a_chinese_title_beside_others_is_asked_for_one(tmp_path: Path) -> None:
    regions = "region,title,title_zh\neast,East,东区\nwest,West,\n"
    folder = made(tmp_path / "a", regions_csv=regions)
    assert warnings(folder) == ["regions.csv, row 3 (west), title_zh · title-zh-missing"]
    assert warnings(made(tmp_path / "b", regions_csv="region,title\neast,East\nwest,West\n")) == []
