"""A scenario on top of another: what it adds, replaces, drops, and what a date hides."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.scenario.folder import errors, made, warnings
from xisuan.scenario import load, write


def child(tmp_path, toml, **files):
    """A folder `child` that extends the small scenario in `small`."""
    made(tmp_path / "small")
    folder = tmp_path / "child"
    folder.mkdir()
    (folder / "scenario.toml").write_text(f'extends = "small"\n{toml}')
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def test_options_of_the_base_hold_until_overridden_and_the_name_never(tmp_path):
    settings = load.load(child(tmp_path, "discount_rate = 0.1\n[plan]\noperate_days = 3\n")).settings
    assert (settings.name, settings.discount_rate, settings.periods) == ("child", 0.1, (2026,))
    assert (settings.plan.operate_days, settings.extends, dict(settings.drop)) == (3, "", {})


def test_rows_replace_those_of_the_same_key_and_add_others(tmp_path):
    folder = child(tmp_path, "", regions="region,title\neast,East\nnorth,North\n")
    regions = load.load(folder)["regions"]
    assert dict(zip(regions["region"], regions["title"], strict=True)) == {"west": "", "east": "East", "north": "North"}


def test_a_dated_row_is_another_row(tmp_path):
    folder = child(tmp_path, "", sites="site,period,node,pue\neast-1,2026,east,1.5\n")
    scenario = load.load(folder)
    assert len(scenario["sites"]) == 3
    assert list(scenario.at("sites", 2026)["pue"]) == [1.5, 1.0]


def test_dropping_removes_what_refers_to_it_and_so_on(tmp_path):
    folder = child(tmp_path, '[drop]\nregions = ["west"]\n')
    scenario = load.load(folder)
    assert list(scenario["regions"]["region"]) == ["east"]
    assert list(scenario["sites"]["site"]) == ["east-1"]
    assert len(scenario["links"]) == 0
    assert list(scenario["demand"]["region"]) == ["east"]


def test_a_technology_dropped_takes_the_work_bound_to_it(tmp_path):
    made(tmp_path / "small", workloads_csv="workload,class\nweb,general\nbound,server\n")
    folder = tmp_path / "child"
    folder.mkdir()
    (folder / "scenario.toml").write_text('extends = "small"\n[drop]\ntechnologies = ["server"]\n')
    (folder / "technologies.csv").write_text("technology,class\nother,general\n")
    assert list(load.load(folder)["workloads"]["workload"]) == ["web"]


@pytest.mark.parametrize(("key", "left"), [("east/web/2026", 1), ("east/web", 1), ("east", 2)])
def test_keys_of_several_parts_are_joined_by_a_slash(tmp_path, key, left):
    scenario, problems = load.examine(child(tmp_path, f'[drop]\ndemand = ["{key}"]\n'))
    assert scenario is not None
    assert len(scenario["demand"]) == left
    assert [problem.code for problem in problems] == ["dropped-row-unknown" if left == 2 else "regions-without-demand"]


def test_dropping_what_is_not_there_is_an_error(tmp_path):
    folder = child(tmp_path, '[drop]\nregions = ["wets"]\n')
    assert errors(folder) == ["scenario.toml, [drop], regions: wets · dropped-row-unknown"]


def test_dropping_from_nothing_is_an_error(tmp_path):
    folder = made(tmp_path, scenario_toml='[drop]\nregions = ["west"]\n')
    assert "scenario.toml, drop · drop-without-base" in errors(folder)


def test_problems_of_the_base_are_shown_in_its_files(tmp_path):
    made(tmp_path / "small", links_csv="link,from,to,length_km\nl,east,west,-1\n")
    (tmp_path / "child").mkdir()
    (tmp_path / "child" / "scenario.toml").write_text('extends = "small"')
    assert "small/links.csv, row 2, length_km: -1 · value-below-minimum" in errors(tmp_path / "child")


def test_profiles_replace_profiles_however_they_are_given(tmp_path):
    hours = "hour,a,b\n" + "".join(f"{hour},1,2\n" for hour in range(8760))
    made(tmp_path / "small", profiles_csv=hours, profile_rules_csv="profile,value\nc,3\nd,4\n")
    folder = tmp_path / "child"
    folder.mkdir()
    (folder / "scenario.toml").write_text('extends = "small"')
    (folder / "profiles.csv").write_text("hour,c\n" + "".join(f"{hour},30\n" for hour in range(8760)))
    (folder / "profile_rules.csv").write_text("profile,hours,value\na,,10\na,0-11,20\n")
    curves = load.load(folder).curves
    assert curves.mean().round(9).to_dict() == {"c": 30, "b": 2, "d": 4, "a": 15}


def test_a_profile_given_twice_in_one_scenario_is_an_error(tmp_path):
    hours = "hour,a\n" + "".join(f"{hour},1\n" for hour in range(8760))
    folder = made(tmp_path, profiles_csv=hours, profile_rules_csv="profile,value\na,3\n")
    assert errors(folder) == ["profile_rules.csv, profile: a · profile-given-twice"]


DATED = {
    "sources_csv": "source,date\nold,2024\nnew,2026-03\nsame,2025-12-31\n",
    "sites_csv": "site,node,pue,period,source\neast-1,east,1.4,,old\neast-1,east,1.2,2026,old; new\n"
    "west-1,west,1,,same\n",
}


def test_what_was_published_later_is_invisible(tmp_path):
    folder = made(tmp_path, scenario_toml="as_of = 2025-12-31\n", **DATED)
    assert list(load.load(folder)["sites"]["pue"]) == [1.4, 1.0]
    assert warnings(folder) == ["sites.csv, source · rows-hidden"]


def test_a_month_counts_as_known_at_its_end(tmp_path):
    for day, count in (("2026-03-30", 2), ("2026-03-31", 3)):
        folder = made(tmp_path / day, scenario_toml=f'as_of = "{day}"\n', **DATED)
        assert len(load.load(folder)["sites"]) == count


def test_without_a_date_everything_is_known(tmp_path):
    assert len(load.load(made(tmp_path, **DATED))["sites"]) == 3


def test_a_row_of_the_base_shows_where_its_replacement_is_invisible(tmp_path):
    made(tmp_path / "small", **DATED)
    folder = tmp_path / "child"
    folder.mkdir()
    (folder / "scenario.toml").write_text('extends = "small"\nas_of = "2025-12-31"\n')
    (folder / "sites.csv").write_text("site,node,pue,source\nwest-1,west,2,new\n")
    assert dict(zip(load.load(folder)["sites"]["site"], load.load(folder)["sites"]["pue"], strict=True)) == {
        "east-1": 1.4,
        "west-1": 1.0,
    }


def test_dates_that_are_none_are_errors(tmp_path):
    folder = made(tmp_path, sources_csv="source,date\na,31.12.2025\nb,2025-13\n")
    assert len(errors(folder)) == 2


@pytest.mark.parametrize(
    ("extends", "said"),
    [
        ("/etc", "base-elsewhere"),
        ("../../elsewhere", "base-elsewhere"),
        ("..", "base-elsewhere"),
        (".", "base-unknown"),
        ("nothing", "base-unknown"),
        ("away", "base-elsewhere"),
        ("guizho", "base-unknown"),
        ("a\\u0000b", "text-with-control-characters"),
        ("x" * 5000, "base-unknown"),
    ],
)
def test_paths_that_lead_away_are_refused(tmp_path, extends, said):
    (tmp_path / "elsewhere").mkdir()
    room = tmp_path / "room"
    room.mkdir()
    (room / "away").symlink_to(tmp_path / "elsewhere")
    folder = made(room / "small", scenario_toml=f'extends = "{extends}"\n')
    assert any(said in line for line in errors(folder)), errors(folder)


def test_circles_are_refused(tmp_path):
    made(tmp_path / "a", scenario_toml='extends = "b"\n')
    made(tmp_path / "b", scenario_toml='extends = "../a"\n')
    said = "extends-in-a-circle"
    assert any(said in line for line in errors(tmp_path / "a"))
    made(tmp_path / "self", scenario_toml='extends = "self"\n')
    assert any(said in line for line in errors(tmp_path / "self"))


def test_a_folder_beside_this_one_does_not_hide_a_shipped_scenario_silently(tmp_path):
    made(tmp_path / "starter")
    folder = tmp_path / "child"
    folder.mkdir()
    (folder / "scenario.toml").write_text('extends = "starter"')
    assert load.load(folder).settings.title == "A city and the hills (child)"
    assert any("shipped-base-used" in line for line in warnings(folder))
    (folder / "scenario.toml").write_text('extends = "../starter"')
    assert load.load(folder).settings.title == ""


def test_a_variant_without_a_title_is_told_from_its_base_in_both_languages(tmp_path):
    folder = child(tmp_path, "")
    base = tmp_path / "small" / "scenario.toml"
    base.write_text(base.read_text() + 'title = "Two places"\ntitle_zh = "两地"\n')
    settings = load.load(folder).settings
    assert (settings.title, settings.title_zh) == ("Two places (child)", "两地（child）")
    (folder / "scenario.toml").write_text('extends = "small"\ntitle = "Cheap"\n')
    settings = load.load(folder).settings
    assert (settings.title, settings.title_zh) == ("Cheap", "两地（child）")


def test_the_estimates_of_a_dropped_row_go_with_it(tmp_path):
    rows = "regions,west,population,1,2,counted\nregions,east,population,1,2,counted\nlinks,*,length_km,1,2,all"
    made(tmp_path / "small", estimates_csv=f"table,key,column,low,high,how\n{rows}\n")
    folder = tmp_path / "child"
    folder.mkdir()
    (folder / "scenario.toml").write_text('extends = "small"\n[drop]\nregions = ["west"]\n')
    assert list(load.load(folder)["estimates"]["key"]) == ["east", "*"]


def test_what_a_date_hides_may_be_dropped_and_a_slip_may_not(tmp_path):
    made(tmp_path / "small", sources_csv="source,date\nlate,2026-01\n", regions_csv="region,source\nwest,\neast,late\n")
    folder = tmp_path / "child"
    folder.mkdir()
    toml = 'extends = "small"\nas_of = 2025-12-31\n[drop]\nregions = ["east", "esat"]\n'
    (folder / "scenario.toml").write_text(toml)
    (folder / "regions.csv").write_text("region\nnorth\n")
    slips = [problem for problem in load.examine(folder)[1] if problem.code == "dropped-row-unknown"]
    assert [problem.value for problem in slips] == ["esat"]


def test_what_happened_stays_in_sight_and_nothing_else_does(tmp_path):
    """Rows of `actuals` may rest on sources after `as_of`; no year outside the periods is a remark."""
    made(
        tmp_path / "small",
        sources_csv="source,date\nlate,2026-01\n",
        actuals_csv="quantity,place,period,value,source\negress_gbps,west,2024,10,late\nracks,west,2030,5,late\n",
        nodes_csv="node,source\nfar,late\n",
    )
    folder = tmp_path / "child"
    folder.mkdir()
    (folder / "scenario.toml").write_text('extends = "small"\nas_of = 2025-12-31\n')
    scenario = load.load(folder)
    assert list(scenario["actuals"]["value"]) == [10, 5]
    assert len(scenario["nodes"]) == 0
    what = "base-rows-hidden"
    assert [(note.table, note.code) for note in scenario.notes] == [("small", what)]


def test_a_quantity_that_the_record_does_not_count_is_refused(tmp_path):
    made(tmp_path / "small", actuals_csv="quantity,place,period,value\nracs,west,2024,10\n")
    assert any("give compute_eflops or" in str(problem) for problem in load.examine(tmp_path / "small")[1])


def test_an_inherited_range_of_another_value_is_left_out_and_said(tmp_path):
    """Whoever tries another price plans with it, and is told that the range was that of the price before."""
    ranges = "table,key,column,low,high\ntechnologies,server,capex_mcny_per_unit,0.5,1.5\n"
    small = made(tmp_path / "small", estimates_csv=ranges)
    assert errors(small) == []
    dearer = "technology,class,capex_mcny_per_unit,life_years\nserver,general,2,5\n"
    folder = tmp_path / "dearer"
    folder.mkdir()
    (folder / "scenario.toml").write_text('name = "dearer"\nextends = "small"\n', encoding="utf-8")
    (folder / "technologies.csv").write_text(dearer, encoding="utf-8")
    assert errors(folder) == []
    place = "small/estimates.csv, row 2 (technologies/server/capex_mcny_per_unit), high: 1.5"
    said = "range-of-other-value"
    assert warnings(folder) == [f"{place} · {said}"]
    tried = load.load(folder)
    assert tried["estimates"].empty
    write.write(tried, tmp_path / "whole")
    assert load.load(tmp_path / "whole").notes == ()
    (folder / "estimates.csv").write_text(ranges.replace("1.5", "2.5"), encoding="utf-8")
    assert warnings(folder) == []
    own = made(tmp_path / "own", estimates_csv=ranges, technologies_csv=dearer)
    assert errors(own) == [
        "estimates.csv, row 2 (technologies/server/capex_mcny_per_unit), high: 1.5 · range-without-value"
    ]


def test_what_was_read_once_holds_texts_as_whoever_reads_it_again_does():
    """A shipped scenario is kept in memory; its tables are equal to others only where they hold texts alike."""
    for storage in ("auto", "python", "auto"):
        with pd.option_context("mode.string_storage", storage):
            assert load.load("starter")["sites"].columns.dtype == pd.Index(["a"]).dtype


def test_columns_that_a_file_lacks_keep_the_values_of_the_replaced_row(tmp_path):
    """A column that is there and blank empties them; annotations are about the new row."""
    made(
        tmp_path / "small",
        sites_csv="site,node,zone\neast-1,east,grid\nwest-1,west,grid\n",
        power_csv="zone,price,co2_kg_per_kwh,grid_limit_mw,note\ngrid,0.4,0.5,70,listed\n",
    )
    for name, text in (("inherits", "zone,price\ngrid,0.2\n"), ("empties", "zone,price,grid_limit_mw\ngrid,0.2,\n")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "scenario.toml").write_text('extends = "small"\n')
        (folder / "power.csv").write_text(text)
        (row,) = load.load(folder)["power"].to_dict("records")
        assert (row["price"], row["co2_kg_per_kwh"], row["note"]) == (0.2, 0.5, "")
        assert row["grid_limit_mw"] == 70 if name == "inherits" else pd.isna(row["grid_limit_mw"])
