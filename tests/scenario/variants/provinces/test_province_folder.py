"""A folder of a province splits one province of the nation, and changes no total."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import xisuan as xs
from xisuan.cli.main import group
from xisuan.errors import ScenarioError
from xisuan.report.pages import run_page
from xisuan.results.summaries import work_origins
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.settings import Hours
from xisuan.scenario.variants import new_folder
from xisuan.scenario.variants.provinces import province_folder, province_list, province_readme
from xisuan.scenario.variants.provinces.province_list import Province
from xisuan.text.translation import Language

PROVINCES = province_list.provinces()
KINDS = {
    "CN-NM": "far prefectures with sites of their own",
    "CN-BJ": "a municipality",
    "CN-GS": "a cluster, a far west",
    "CN-GD": "the holder stands in it",
    "CN-YN": "held by a cluster",
    "CN-CQ": "a municipality with a cluster",
}
KEYS = {
    "sites": ["site"],
    "halls": ["site"],
    "fleet": ["site", "technology", "opened"],
    "limits": ["site", "technology", "period"],
    "supply": ["site", "source"],
    "links": ["link"],
    "traffic": ["from", "to", "period"],
    "policies": ["rule", "scope", "period"],
    "budgets": ["period", "scope"],
    "power": ["zone"],
    "actuals": ["quantity", "place", "date", "kind"],
}


@cache
def nation() -> Scenario:
    return xs.load(province_folder.NATION)


@pytest.fixture(scope="module")
def province_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Scenario]:
    """Code → the scenario of the folder of that province, made once. Tests only look at it."""

    @cache
    def made(code: str) -> Scenario:
        return xs.load(new_folder.new_province("mine", _province(code), tmp_path_factory.mktemp(code)))

    return made


def _province(code: str) -> Province:
    found = province_list.find(code)
    assert found is not None
    return found


def rows(table: pd.DataFrame, key: list[str]) -> set[tuple[str, ...]]:
    return set(map(tuple, table[key].astype(str).to_numpy().tolist()))


def test_there_are_31_provinces_and_their_shares_add_up() -> None:
    assert len(PROVINCES) == 31
    for province in PROVINCES:
        parts = province.prefectures
        assert len({part.key for part in parts}) == len(parts)
        assert sum(part.share for part in parts) == pytest.approx(1, abs=2e-3)
    held = pd.Series([one.share for one in PROVINCES], [one.holder for one in PROVINCES])
    assert held.groupby(level=0).sum().to_numpy() == pytest.approx(1, abs=1e-5)


EACH = pytest.mark.parametrize(
    "province",
    [pytest.param(one, id=one.code, marks=() if one.code in KINDS else pytest.mark.long) for one in PROVINCES],
)


@EACH
def test_totals_are_those_of_the_nation_and_nothing_is_lost(
    province: Province, province_of: Callable[[str], Scenario]
) -> None:
    made = province_of(province.code)
    for table, column in (
        ("demand", "units"), ("fleet", "units"), ("halls", "existing_mw"), ("regions", "population"),
        ("limits", "max_build_units"),
    ):  # fmt: skip
        # Shares have four significant digits.
        assert made[table][column].sum() == pytest.approx(nation()[table][column].sum(), rel=2e-3), table
    for table, key in KEYS.items():
        assert rows(nation()[table], key) <= rows(made[table], key), table
    assert {note.code for note in made.notes} <= {"rows-hidden"}
    focus = made.settings.report.region
    site = made["sites"].set_index("site").loc[focus]
    assert focus in province.clusters or site["node"] == province.code
    assert (made["sites"]["zone"] == province.zone).any()
    home = {one.key for one in province.prefectures} if len(province.prefectures) > 1 else {province.code}
    assert work_origins.own_regions(made, [focus]) == home


@EACH
def test_all_work_of_the_first_year_can_be_served(province: Province, province_of: Callable[[str], Scenario]) -> None:
    """On a mean hour: sites in reach, their halls, their yearly orders and the links inside the province suffice."""
    made = province_of(province.code)
    first = made.with_settings(periods=(2026,), hours=Hours.parse("one"))
    plan = xs.plan(first, xs.Options(gap=1e-2))
    assert plan.certificate is not None
    assert plan.certificate.ok


@pytest.mark.parametrize("province", [pytest.param(one, id=one.code, marks=pytest.mark.long) for one in PROVINCES])
def test_a_day_has_a_certified_plan_and_a_report_on_the_province(
    province: Province, province_of: Callable[[str], Scenario]
) -> None:
    made = province_of(province.code)
    first = made.with_settings(periods=(2026,), hours=Hours.parse("days:1"))
    run = xs.run(first, xs.Options(gap=1e-3), ask=False)
    assert run.plan.certificate is not None
    assert run.plan.certificate.ok
    site = made["sites"].set_index("site").loc[made.settings.report.region]
    languages: tuple[Language, ...] = ("en", "zh")
    for language, title in zip(languages, (site["title"], site["title_zh"]), strict=True):
        brief = html.unescape(run_page.html(run, language, run_page.sections(run, language)[:1]))
        assert str(title) in brief


def test_work_with_the_shortest_latency_is_in_reach_of_a_site_of_the_province(
    province_of: Callable[[str], Scenario],
) -> None:
    """Jiuquan is 1,000 km by cable from Lanzhou, more than 4.5 ms one way: it has a site of its own."""
    made = province_of("CN-GS")
    sites = made["sites"].set_index("site")
    assert {"GSM", "GS2", "QYG"} <= set(sites.index)
    assert sites.loc["GSM", "node"] == "CN-GS"
    assert sites.loc["GS2", "node"] in {"jiuquan", "jiayuguan"}


def test_links_inside_a_province_are_estimates_with_the_ranges_of_the_links_of_guizhou(
    province_of: Callable[[str], Scenario],
) -> None:
    """No capacity of a ring is published: half to twice, as `guizhou` states for its own."""
    made = province_of("CN-GS")
    rings = made["links"][made["links"]["note"].str.startswith("provincial ring")].set_index("link")
    known = xs.load("guizhou")
    given = made["estimates"][made["estimates"]["table"] == "links"].set_index(["key", "column"])
    theirs = known["estimates"][known["estimates"]["table"] == "links"].set_index(["key", "column"])
    their = known["links"].drop_duplicates("link").set_index("link").loc["CN-GZ--zunyi"]
    for column in ("length_km", "capacity_gbps", "limit_gbps", "capex_mcny_per_gbps", "cost_mcny_per_gbps_hour"):
        expected = theirs.loc[("CN-GZ--zunyi", column), ["low", "high"]] / their[column]
        for link, row in rings.iterrows():
            found = given.loc[(link, column), ["low", "high"]] / row[column]
            assert found.tolist() == pytest.approx(expected.tolist(), rel=1e-3), (link, column)
    assert (rings["quality"] == "estimate").all()


def test_paces_of_sites_are_estimates_with_a_range(province_of: Callable[[str], Scenario]) -> None:
    made = province_of("CN-GS")
    estimates = made["estimates"][made["estimates"]["table"] == "limits"].set_index("key")
    limits = made["limits"][made["limits"]["max_build_units"].notna()]
    assert set(limits["site"] + "/" + limits["technology"]) == set(estimates.index)
    assert (limits["quality"] == "estimate").all()


@pytest.mark.parametrize("province", [pytest.param(one, id=one.code) for one in PROVINCES])
def test_the_page_names_the_zone_of_the_reported_site_first(province: Province) -> None:
    """Shaoguan stands in another zone than Guangzhou: a contract price of the wrong zone would change nothing there."""
    page = province_readme.text(nation(), province, province_folder.own_site(nation(), province))
    zones = nation()["sites"].set_index("site")["zone"]
    zone = zones[province.clusters[0]] if province.clusters else province.zone
    assert f'`contract_zones = ["{zone}"]`' in page
    for cluster in province.clusters:
        assert f"`{zones[cluster]}`" in page


def test_published_figures_of_the_facts_are_in_the_folder(tmp_path: Path) -> None:
    """Each figure on Gansu stands in the facts; what the plan counts is compared at the cluster."""
    folder = new_folder.new_province("gansu", _province("Gansu"), tmp_path)
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in ("observations", "targets", "drivers", "sources")}
    facts = pd.read_csv(Path(__file__).parents[4] / "data" / "facts" / "compute_by_place.csv")
    known = facts[(facts["province_code"] == "CN-GS") & facts["metric"].isin(["total", "racks"])]
    assert len(tables["observations"]) + len(tables["targets"]) == len(known)
    assert set(tables["observations"]["value"]) | set(tables["targets"]["value"]) == set(known["value"].astype(float))
    assert set(tables["observations"]["source"]) <= set(tables["sources"]["source"])
    assert set(tables["drivers"]["region"]) == {"qingyang"}
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "0.3471 CNY/kWh" in readme
    assert "| `pue_max` | Gansu |  | 1.2 | new | published |" in readme


def test_published_access_figures_of_cities_are_in_the_folder_and_leave_other_figures_alone(
    province_of: Callable[[str], Scenario],
) -> None:
    """Every cell of the table of cities; a city of which only access is published does not make its targets followed."""
    facts = pd.read_csv(Path(__file__).parents[4] / "data" / "facts" / "gigabit_cities.csv")
    columns = {
        "g5_bs_per_10k": "g5_bs_per_10k", "g5_user_share": "g5_user_share_pct",
        "pon10g_port_share": "pon10g_port_share_pct", "mbps500_user_share": "user_500m_share_pct",
    }  # fmt: skip
    for code, name in (("CN-SX", "Shanxi"), ("CN-BJ", "Beijing")):
        made = province_of(code)
        cities = facts[facts["province"] == name].set_index("city")
        found = made["observations"].pivot(index="indicator", columns="region", values="value")
        for city, row in cities.iterrows():
            for indicator, column in columns.items():
                assert found.loc[indicator, str(city).lower()] == row[column], (city, indicator)
        kinds = made["indicators"].set_index("indicator")["kind"]
        assert (kinds[list(columns)] == "ratio").all()
        assert made["targets"].empty


@pytest.mark.parametrize("code", ["CN-GS", "CN-GZ", "CN-TJ"])
def test_the_standard_of_gigabit_cities_is_that_of_guizhou_with_its_ranges_and_sources(
    code: str, province_of: Callable[[str], Scenario]
) -> None:
    made, known = province_of(code), xs.load("guizhou")
    pd.testing.assert_frame_equal(made["standard"], known["standard"])
    ranges = [one["estimates"][one["estimates"]["table"] == "standard"].reset_index(drop=True) for one in (made, known)]
    pd.testing.assert_frame_equal(*ranges)
    assert set(made["standard"]["source"]) <= set(made["sources"]["source"])


def test_amounts_of_the_years_of_a_longer_period_are_added_up(tmp_path: Path) -> None:
    """The sums are taken from the yearly tables of the nation; demand is that of the first year of each period."""
    made = xs.load(new_folder.new_province("gansu", _province("Gansu"), tmp_path, (2026, 2028, 2030)))
    assert made.timeline.years == ((2026, 2027), (2028, 2029), (2030,))
    for table, column, key in (("budgets", "limit_mcny", ["scope"]), ("limits", "max_build_units", ["technology"])):
        yearly = nation()[table]
        for years in made.timeline.years:
            mine = made[table][made[table]["period"] == years[0]].groupby(key)[column].sum()
            before = yearly[yearly["period"].isin(years)]
            # A technology that is not for sale in the first year of a period has no pace in that period.
            sold = before[before["period"] == years[0]][key[0]]
            expected = before[before[key[0]].isin(sold)].groupby(key)[column].sum()
            assert mine.to_dict() == pytest.approx(expected.to_dict(), rel=1e-4), (table, years)
    assert {note.code for note in made.notes} <= {
        "rows-hidden",
        "row-of-no-period",
        "rows-of-no-period",
        "years-within-periods",
    }
    ranges = made["estimates"][made["estimates"]["key"] == "2026/Guizhou"]
    assert ranges[["low", "high"]].to_numpy().tolist() == [[pytest.approx(0.6 * 77200), pytest.approx(1.8 * 77200)]]
    # 0.7 of the least and 1.5 of the greatest pace, as in the nation.
    paces = made["estimates"][made["estimates"]["table"] == "limits"].set_index("key")
    assert paces.loc["QYG/ai_2025", ["low", "high"]].tolist() == pytest.approx([0.7 * 180e3, 1.5 * (110e3 + 140e3)])
    assert paces.loc["QYG/ai_2027", ["low", "high"]].tolist() == pytest.approx([0.7 * 300e3, 1.5 * (180e3 + 230e3)])
    assert set(paces.index) >= set(nation()["estimates"].query("table == 'limits'")["key"])
    demand = made["demand"][made["demand"]["period"] == 2028]["units"].sum()
    national = nation()["demand"][nation()["demand"]["period"] == 2028]["units"].sum()
    assert demand == pytest.approx(national, rel=2e-3)


@pytest.mark.parametrize("given", ["2031", "2025,2026", "x", ""])
def test_years_without_demand_are_refused(given: str, tmp_path: Path) -> None:
    into = ["--into", str(tmp_path)]
    said = CliRunner().invoke(group, ["new", "x", "--province", "GS", "--periods", given, *into])
    assert said.exit_code != 0
    assert not list(tmp_path.iterdir())


def test_a_province_is_found_by_its_names_and_a_wrong_name_is_refused(tmp_path: Path) -> None:
    assert (
        province_list.find("甘肃")
        == province_list.find("gansu")
        == province_list.find("GS")
        == province_list.find("CN-GS")
    )
    with pytest.raises(ScenarioError, match="Gansu"):
        CliRunner().invoke(group, ["new", "x", "--province", "Gansuu", "--into", str(tmp_path)], catch_exceptions=False)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("code", "zones"),
    [
        ("CN-NM", {"HLG": "Inner Mongolia-West", "NMM": "Inner Mongolia-West", "NM2": "Inner Mongolia-East",
                   "NM3": "Inner Mongolia-East"}),
        ("CN-HE", {"ZJK": "Hebei-North", "HEM": "Hebei-South"}),
    ],
)  # fmt: skip
def test_sites_of_a_province_with_two_grids_pay_the_price_of_their_own(
    code: str, zones: dict[str, str], province_of: Callable[[str], Scenario]
) -> None:
    """Hulunbuir and Chifeng are supplied by the grid of eastern Inner Mongolia, Shijiazhuang by that of southern Hebei."""
    made = province_of(code)
    assert made["sites"].set_index("site")["zone"][list(zones)].to_dict() == zones
    power = made["power"].set_index("zone")
    readme = province_readme.text(nation(), _province(code), next(site for site in zones if site.endswith("M")))
    assert all(f"zone `{zone}`" in readme for zone in zones.values())
    if code == "CN-NM":
        # Eight hours each at the peak (1.68), the flat (1) and the valley (0.48) of 0.4709 CNY/kWh.
        mean = 0.4709 * (1.68 + 1 + 0.48) / 3
        assert made.curve(power["price"]["Inner Mongolia-East"]).mean() == pytest.approx(mean, rel=1e-3)
        assert power["demand_charge_cny_per_kw_month"]["Inner Mongolia-East"] == 31.2


def test_the_list_names_all_of_them() -> None:
    said = CliRunner().invoke(group, ["new", "--list"]).output
    assert all(one.name in said for one in PROVINCES)


def test_shares_of_prefectures_are_within_half_to_twice_the_census_of_guizhou() -> None:
    """What the builder would estimate of the only province whose census by prefecture is among the facts."""
    census = pd.read_csv(Path(__file__).parents[4] / "data" / "facts" / "guizhou_prefectures.csv")
    people = census.set_index("name_cn")["population_2020"]
    estimated = pd.read_csv(Path(province_list.__file__).with_name("prefectures.csv"))
    estimated = estimated[estimated["province"] == "CN-GZ"].set_index("name_zh")["share"]
    shares = {name: share for short, share in estimated.items() for name in people.index if name.startswith(str(short))}
    ratio = (people / people.sum()) / pd.Series(shares)
    low, high = province_folder.SHARE_RANGE
    assert len(ratio.dropna()) == 9
    assert ratio.between(low, high).all()
