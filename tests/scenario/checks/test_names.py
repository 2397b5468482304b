"""Names that a column could read as two kinds of thing are refused; names that mean one thing are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.folder import errors, made, problems
from xisuan.scenario import load

CITIES = "city\n{}\n"
REFUSED = {
    "a site like a hub of others": (
        {"sites_csv": "site,node,hub\neast-1,east,west-1\nwest-1,west,\n"},
        "sites.csv, row 3 (west-1), site: west-1 · site-named-as-hub",
    ),
    "a site like a hub that it shares": (
        {"sites_csv": "site,node,hub\neast-1,east,west-1\nwest-1,west,west-1\n"},
        "sites.csv, row 3 (west-1), site: west-1 · site-named-as-hub",
    ),
    "two sites that are each other's hub": (
        {"sites_csv": "site,node,hub\neast-1,east,west-1\nwest-1,west,east-1\n"},
        "sites.csv, row 2 (east-1), site: east-1 · site-named-as-hub",
    ),
    **{
        f"a hub called {word}": (
            {"sites_csv": f"site,node,hub\neast-1,east,{word}\nwest-1,west,\n"},
            f"sites.csv, row 2 (east-1), hub: {word} · name-reserved",
        )
        for word in ("all", "halls", "compute", "network", "power", "access", "investor:telecom")
    },
    **{
        f"a site called {word}": (
            {"sites_csv": f"site,node\n{word},east\nwest-1,west\n"},
            f"sites.csv, row 2 ({word}), site: {word} · name-reserved",
        )
        for word in ("all", "network", "access")
    },
    "a link called all": (
        {"links_csv": "link,from,to,length_km,capacity_gbps\nall,east,west,1000,10\n"},
        "links.csv, row 2 (all), link: all · name-reserved",
    ),
    "a city called all": (
        {"cities_csv": CITIES.format("all")},
        "cities.csv, row 2 (all), city: all · name-reserved",
    ),
    "a region like a node where it does not stand": (
        {"regions_csv": "region,node\neast,\nwest,\nsouth,east\n", "nodes_csv": "node\nsouth\n"},
        "regions.csv, row 4 (south), region: south · region-named-as-node",
    ),
    "a technology like the class of another": (
        {"technologies_csv": "technology,class,capex_mcny_per_unit,life_years\na,b,1,5\nb,general,1,5\n"},
        "technologies.csv, row 3 (b), technology: b · technology-named-as-class",
    ),
    "a technology like its class, which has another": (
        {"technologies_csv": "technology,class,capex_mcny_per_unit,life_years\ngeneral,general,1,5\nb,general,2,5\n"},
        "technologies.csv, row 2 (general), technology: general · technology-named-as-class",
    ),
    "a profile like a number": (
        {"profile_rules_csv": "profile,value\n0.5,2\n"},
        "profile: 0.5 · profile-named-as-number",
    ),
    "two keys that join to one": (
        {
            "sites_csv": "site,node\na,east\na/b,west\n",
            "technologies_csv": "technology,class,capex_mcny_per_unit,life_years\nc,general,1,5\nb/c,general,1,5\n",
            "limits_csv": "site,technology,max_units\na,b/c,5000\na/b,c,5000\n",
        },
        "keys-joined-alike",
    ),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_a_name_with_two_meanings_is_refused(tmp_path: Path, case: str) -> None:
    """Once each."""
    changes, line = REFUSED[case]
    found = errors(made(tmp_path, **changes))
    assert sum(line in one for one in found) == 1, found


@pytest.mark.parametrize("changes", [
    {"sites_csv": "site,node,hub\neast-1,east,east-1\nwest-1,west,hills\n"},
    {"sites_csv": "site,node,hub\neast,east,hills\nwest,west,hills\n"},
    {"technologies_csv": "technology,class,capex_mcny_per_unit,life_years\ngeneral,general,1,5\n"},
    {"regions_csv": "region,node\neast,east\nwest,\n", "nodes_csv": "node\nwest\n"},
])  # fmt: skip
def test_a_name_with_one_meaning_is_not(tmp_path: Path, changes: dict[str, str]) -> None:
    """All that a hub has; a site and a region; all that a class has; a region and its own node."""
    assert errors(made(tmp_path, **changes)) == []


def test_a_refusal_is_said_in_chinese(tmp_path: Path) -> None:
    folder = made(tmp_path, sites_csv="site,node,hub\neast-1,east,halls\nwest-1,west,\n")
    (problem,) = [one for one in load.examine(folder)[1] if one.level == "error"]
    assert "另有含义；请改用其他名称" in problem.in_language("zh")


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("Horinger", 'did you mean "hlg"?'),  # the start of a title
        ("horinger (with Ulanqab)", 'did you mean "hlg"?'),
        ("和林格尔", 'did you mean "hlg"?'),
        ("Hohhot", 'did you mean "metro"?'),  # the title of the region at whose node the site lies
        ("Nowhere", "known: hlg, metro"),
    ],
)
def test_a_place_of_the_report_is_suggested_by_what_people_call_it(tmp_path: Path, word: str, hint: str) -> None:
    folder = made(
        tmp_path,
        scenario_toml=f'name = "small"\nperiods = [2026]\n[report]\nregion = "{word}"\n',
        regions_csv="region,title\neast,Hohhot\nwest,\n",
        sites_csv="site,node,title,title_zh\nhlg,west,Horinger (with Ulanqab),和林格尔集群\nmetro,east,,\n",
    )
    (only,) = [one for one in problems(folder) if one.code == "reported-place-unknown"]
    assert only.values["hint"] == hint


def test_a_site_without_a_hub_beside_a_site_of_one_is_named(tmp_path: Path) -> None:
    """At the node of east-1, of hub East; at another node, or in the hub, nothing is said."""
    sites = "site,node,hub\neast-1,east,East\nwest-1,west,\ncampus,east,{hub}\n"
    (found,) = [one for one in problems(made(tmp_path / "a", sites_csv=sites.format(hub=""))) if one.column == "hub"]
    assert (found.code, found.row, found.values) == (
        "site-beside-hub",
        "row 4 (campus)",
        {"site": "east-1", "hub": "East"},
    )
    inside = problems(made(tmp_path / "b", sites_csv=sites.format(hub="East")))
    assert not [one for one in inside if one.column == "hub"]
