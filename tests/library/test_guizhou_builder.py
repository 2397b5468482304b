"""`guizhou` beside what `new --province Guizhou` writes: only what is better known or drawn more finely differs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import xisuan as xs
from tools import build_guizhou
from tools.china import shelf
from tools.guizhou import places
from tools.guizhou import prefectures as prefecture_facts
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants import new_folder
from xisuan.scenario.variants.provinces import province_list

KEYS = {
    "regions": ["region"],
    "sites": ["site"],
    "halls": ["site"],
    "fleet": ["site", "technology", "opened"],
    "limits": ["site", "technology", "period"],
    "supply": ["site", "source"],
    "policies": ["rule", "scope", "period"],
    "budgets": ["period", "scope"],
    "power": ["zone", "period"],
    "technologies": ["technology", "period"],
    "workloads": ["workload"],
    "demand": ["region", "workload", "period"],
}
MERGED = {"SYM": "BJM", "URM": "XAM", "LSM": "TFU"}
"""Metro sites of the nation that `guizhou` counts at another site, whose backbone node is theirs there."""
NEAR = {*MERGED.values(), "GZM", "JNM", "SHM", "WHM"}
"""Sites outside the clusters: they share a rest of the nation's racks that is rounded, and TFU takes the halls of LSM."""
PROVENANCE = {"source", "quality", "note"}
BETTER = {
    ("demand", "prefectures"): {"units"},  # rounded: here from the province, there from the nation
    ("regions", "others"): {"node"},  # each province enters at a node of its own or of a neighbour
    ("sites", "others"): {"title", "title_zh", "node"},  # the nodes TFU and CQG are those of the provinces
    ("halls", "others"): {"existing_mw", "limit_mw"},  # of merged sites
    ("fleet", "others"): {"units"},  # of merged sites
}
"""Columns in which `guizhou` may differ: of its nine prefectures, and of everything else."""


@cache
def shipped() -> Scenario:
    return xs.load("guizhou")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    province = province_list.find("Guizhou")
    assert province is not None
    return xs.load(new_folder.new_province("mine", province, tmp_path_factory.mktemp("province")))


def keyed(scenario: Scenario, table: str) -> pd.DataFrame:
    frame = scenario[table]
    keys = ["/".join(map(str, row)) for row in frame[KEYS[table]].to_numpy().tolist()]
    assert len(set(keys)) == len(keys), table
    return frame.set_axis(pd.Index(keys), axis=0)


def prefectures() -> set[str]:
    regions = shipped()["regions"]["region"]
    return set(regions[~regions.str.startswith("CN-")])


@pytest.mark.parametrize("table", KEYS)
def test_the_same_rows_and_cells_but_for_what_is_named(built: Scenario, table: str) -> None:
    mine, theirs = keyed(built, table), keyed(shipped(), table)
    only_built = {key.split("/")[0] for key in mine.index.difference(theirs.index)}
    zones_of_merged = built["sites"].set_index("site").loc[list(MERGED), "zone"]
    used = set(shipped()["sites"]["zone"])
    # Zones in which no site stands price nothing.
    assert only_built <= {*MERGED, *zones_of_merged, *(set(built["power"]["zone"]) - used)}
    assert {key.split("/")[1] for key in theirs.index.difference(mine.index)} <= {"access"}  # budget of gigabit access
    both = mine.index.intersection(theirs.index)
    for column in mine.columns.intersection(theirs.columns).difference(list(PROVENANCE)):
        left, right = mine.loc[both, column], theirs.loc[both, column]
        differ = both[~((left == right) | (left.isna() & right.isna())).to_numpy()]
        for key in differ:
            place = key.split("/")[0]
            kind = "prefectures" if place in prefectures() else "others"
            assert column in BETTER.get((table, kind), set()), (table, key, column)
            if table in {"halls", "fleet"}:
                assert place in NEAR, (table, key, column)


def test_each_prefecture_has_the_same_figures_and_sources_in_both(built: Scenario) -> None:
    rows = [keyed(scenario, "regions").loc[sorted(prefectures())] for scenario in (built, shipped())]
    assert set(rows[0]["source"]) == {"census-2020;prefecture-gdp"}
    pd.testing.assert_frame_equal(*rows)


def test_each_prefecture_has_the_same_demand_in_both(built: Scenario) -> None:
    """Amounts of the province and of the prefectures have four significant digits."""
    found = []
    for scenario in (built, shipped()):
        found.append(keyed(scenario, "demand")["units"])
    mine, theirs = (one[one.index.str.split("/").str[0].isin(prefectures())] for one in found)
    both = mine.index.intersection(theirs.index)
    assert len(both) > 300
    assert mine[both].to_numpy() == pytest.approx(theirs[both].to_numpy(), rel=1.1e-3)


def test_halls_and_general_equipment_of_merged_sites_are_the_sum_of_those_of_the_nation(built: Scenario) -> None:
    """Halls follow equipment, and each site's is rounded by itself: 1 % at most, and half a MW a site in all."""
    halls = [scenario["halls"].set_index("site")["existing_mw"] for scenario in (built, shipped())]
    summed = halls[0].rename(MERGED).groupby(level=0).sum()
    assert summed.to_dict() == pytest.approx(halls[1].to_dict(), rel=1e-2)
    assert summed.sum() == pytest.approx(halls[1].sum(), abs=0.5 * len(halls[0]))
    fleets = []
    for scenario in (built, shipped()):
        fleet = scenario["fleet"].replace({"site": MERGED})
        fleets.append(fleet.groupby(["site", "technology", "opened"])["units"].sum())
    general = [fleet[fleet.index.get_level_values("technology").str.startswith("general")] for fleet in fleets]
    assert len(general[0]) > 50
    assert general[0].to_dict() == pytest.approx(general[1].to_dict(), rel=5e-3)
    # Intelligent equipment and storage are divided among the metro sites that there are: only their sums are kept.
    summed_up = [fleet.groupby(level=["technology", "opened"]).sum().to_dict() for fleet in fleets]
    assert summed_up[0] == pytest.approx(summed_up[1], rel=1e-5)


def test_prefectures_of_guizhou_have_census_and_gdp_of_the_facts_in_the_builder() -> None:
    """The rows beside the builder are what the facts say today."""
    kept = [one for province in [province_list.find("CN-GZ")] if province for one in province.prefectures]
    facts = {str(row["region"]): row for row in prefecture_facts.rows()}
    assert [one.key for one in kept] == list(facts)
    for one in kept:
        row = facts[one.key]
        assert one.share == row["share"]
        assert one.known == {name: str(cell) for name, cell in row.items() if name not in ("region", "share")}


def test_the_build_starts_from_what_the_builder_writes_and_changes_no_value(tmp_path: Path) -> None:
    """Every file of the shipped folder, byte for byte; keys, nodes and hubs of prefectures are the builder's."""
    shelf.put(tmp_path / "guizhou", build_guizhou.options(), build_guizhou.build())
    files = {path.name for path in (shelf.LIBRARY / "guizhou").iterdir() if path.is_file()}
    assert {path.name for path in (tmp_path / "guizhou").iterdir()} == files
    for name in files:
        assert (tmp_path / "guizhou" / name).read_bytes() == (shelf.LIBRARY / "guizhou" / name).read_bytes(), name
    rows = shipped()["regions"].set_index("region").loc[sorted(prefectures())]
    for region, row in rows.iterrows():
        base = places.written()[str(region)]
        assert (row["node"], row["hub"], row["title"]) == (base["node"], base["hub"], base["title"])
