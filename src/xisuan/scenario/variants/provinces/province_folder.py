"""Scenario folder of one province: its prefectures, its sites and its network on top of the nation.

The nation is the shipped `china-years`. The folder splits one province of it without changing the totals: demand is
divided among the prefectures, and a site of the province takes its part of the national site that contains it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from xisuan import units
from xisuan.errors import Problem, ScenarioError
from xisuan.scenario import load, write
from xisuan.scenario.reading import manifest
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.schema import tables
from xisuan.scenario.settings import ReportOptions, Settings
from xisuan.scenario.variants.provinces import province_readme, province_rings, published_figures
from xisuan.scenario.variants.provinces.province_list import Prefecture, Province
from xisuan.scenario.variants.provinces.province_rings import CITED

NATION = "china-years"
CAPITALS = {
    "source": "capitals",
    "title": "Places of the provincial capitals",
    "title_zh": "省会城市坐标",
    "publisher": "pyecharts",
    "publisher_zh": "pyecharts",
    "date": "2025",
    "address": "data/facts/provinces.csv",
    "quality": "published",
    "note": "",
}
SHARE_RANGE = (0.5, 2.0)
"""Range of a prefecture's share of its province, as multiples (estimate): it holds the census of all of Guizhou's."""


GEONAMES = {
    "source": "geonames",
    "title": "GeoNames: towns, their places and population",
    "title_zh": "GeoNames：城镇、坐标与人口",
    "publisher": "GeoNames",
    "publisher_zh": "GeoNames",
    "date": "2025",
    "address": "geonames.org",
    "quality": "estimate",
    "note": "CC BY 4.0; shares of prefectures are half by population of towns, half by county-level divisions",
}


Row = dict[str, object]
Rows = dict[str, list[pd.DataFrame]]
"""Rows to write, by table."""


def new(province: Province, name: str, folder: Path, periods: tuple[int, ...] = ()) -> Path:
    """Write scenario `name` of a province into a new folder and return the folder.

    periods: first years of the periods, ascending; none for those of the nation. The horizon ends as the nation's does.
    Raises ScenarioError if it cannot be written, and if the nation has no demand for a period.
    """
    nation = load.load(NATION)
    if missing := [period for period in periods if period not in nation.settings.periods]:
        years = f"{nation.settings.periods[0]}-{nation.settings.periods[-1]}"
        given = ", ".join(map(str, missing))
        raise ScenarioError([Problem("province-periods", column="--periods", value=given, years=years)])
    end = nation.settings.periods[-1] + nation.settings.last_period_years
    periods = periods or nation.settings.periods
    planned = nation.with_settings(periods=periods, last_period_years=end - periods[-1])
    rows = written(nation, province)
    files = {
        manifest.FILE: manifest.text(_settings(planned, province, name)),
        "README.md": province_readme.text(nation, province, own_site(nation, province)),
    }
    for table, frames in rows.items():
        if any(len(frame) for frame in frames):
            files[f"{table}.csv"] = write.table_text(pd.concat(frames, ignore_index=True), tables.BY_NAME[table])
    write.put(files, folder)
    return folder


def own_site(nation: Scenario, province: Province) -> str:
    """Return the site that holds the province's capacity outside its clusters."""
    node = nation["sites"].set_index("site")["node"][province.holder]
    if province.holder in province.clusters or node == province.code:
        return province.holder
    return province.code.removeprefix("CN-") + "M"


def _settings(nation: Scenario, province: Province, name: str) -> Settings:
    """Return the options: those of the nation, without the region that is split, and a report on the province."""
    return nation.with_settings(
        name=name,
        title=f"{province.name} in East Data, West Computing, 2026-2030",
        title_zh=f"东数西算中的{province.name_zh}（2026–2030）",
        extends=NATION,
        drop={"regions": (province.code,)} if len(province.prefectures) > 1 else {},
        report=ReportOptions(region=_reported(province, nation)),
    ).settings


def written(nation: Scenario, province: Province) -> Rows:
    """Return the rows of a province that differ from the nation's, by table."""
    out: Rows = defaultdict(list)
    out["sources"].append(pd.DataFrame([GEONAMES, CAPITALS]))
    rings = province_rings.links(nation, province) if len(province.prefectures) > 1 else pd.DataFrame()
    if len(province.prefectures) > 1:
        _split_region(out, nation, province, rings)
    else:
        home = nation["regions"][nation["regions"]["region"] == province.code]
        out["regions"].append(home.assign(hub=_hub(nation, province)))
    parts = _parts(nation, province, rings)
    if parts:
        _split_sites(out, nation, province, parts)
    if len(province.prefectures) > 1:
        _restate_sites(out, nation, province, {province.holder} if parts else set())
    for found in (
        published_figures.frames(province, _focus(nation, province)),
        published_figures.shared("national"),
        {
            name: frame
            for name, frame in published_figures.shared(f"known/{province.code}").items()
            if name != "regions"
        },
    ):
        for table, frame in found.items():
            out[table].append(frame)
    out["sources"] = [pd.concat(out["sources"]).drop_duplicates("source")]
    return out


def _reported(province: Province, nation: Scenario) -> str:
    """Return the site that the report is about: the cluster, otherwise the site of the capital."""
    return next(iter(province.clusters), own_site(nation, province))


def _hub(nation: Scenario, province: Province) -> str:
    """Return the name that the regions of the province share: its hub's, otherwise its own."""
    hub = nation["sites"].set_index("site")["hub"].reindex([*province.clusters[:1]])
    return next(iter(hub), province.name)


def _focus(nation: Scenario, province: Province) -> list[str]:
    """Return the names under which figures on the reported place are published: of its cluster, of a hub of one site."""
    sites = nation["sites"].set_index("site")
    found: list[str] = []
    for site in province.clusters[:1]:
        hub = str(sites["hub"][site])
        found += [str(sites["title"][site]), *([hub] if (sites["hub"] == hub).sum() == 1 else [])]
    return found


def _split_region(out: Rows, nation: Scenario, province: Province, rings: pd.DataFrame) -> None:
    """Put the prefectures in place of the province, and its backbone node with its trunks and traffic beside them."""
    regions = nation["regions"]
    home = regions[regions["region"] == province.code].iloc[0]
    out["nodes"].append(pd.DataFrame([home[["lat", "lon"]].to_dict() | {
        "node": province.code, "title": home["title"], "title_zh": home["title_zh"], "source": "capitals",
        "quality": "published", "note": "provincial capital",
    }]))  # fmt: skip
    out["regions"].append(pd.DataFrame([_region(nation, province, home, one) for one in province.prefectures]))
    for table in ("links", "traffic"):
        ends = nation[table]
        out[table].append(ends[(ends["from"] == province.code) | (ends["to"] == province.code)])
    for link in out["links"][0]["link"]:
        out["estimates"].append(_kept_estimates(nation, "links", link))
    out["links"].append(rings)
    out["estimates"].append(province_rings.ranges(nation, rings))
    out["estimates"].append(_kept_estimates(nation, "traffic", province.code))
    for one in province.prefectures:
        demand = nation["demand"]
        rows = demand[demand["region"] == province.code]
        out["demand"].append(rows.assign(
            region=one.key, units=rows["units"].map(lambda units, of=one.share: float(f"{units * of:.6g}")),
            source=rows["source"] + ";" + one.known.get("source", "geonames"), note=f"{one.share:.3g} of {province.name}",
        ))  # fmt: skip
        ranges = _scaled_estimates(nation, "demand", province.code, one.key, one.share)
        if not one.known:
            ranges = ranges.assign(
                low=ranges["low"] * SHARE_RANGE[0],
                high=ranges["high"] * SHARE_RANGE[1],
                how=ranges["how"] + "; the prefecture's share of the province: half to twice",
                how_zh=ranges["how_zh"] + "；市州占全省份额取一半至两倍",
            )
        out["estimates"].append(ranges)


def _region(nation: Scenario, province: Province, home: pd.Series[Any], one: Prefecture) -> Row:
    """Return the row of a prefecture: its share of the province, and in its place what is known better."""
    numbers = ("lat", "lon", "population", "gdp_mcny")
    known: Row = {name: float(cell) if name in numbers else cell for name, cell in one.known.items()}
    return {
        "region": one.key, "title": one.name, "title_zh": one.name_zh, "lat": one.lat, "lon": one.lon,
        "population": float(round(home["population"] * one.share)), "gdp_mcny": float(round(home["gdp_mcny"] * one.share)),
        "node": province.code if one == province.capital else one.key, "hub": _hub(nation, province),
        "source": CITED, "quality": "estimate",
        "note": f"{one.share:.3g} of the province's population and GDP of 2023",
    } | known  # fmt: skip


def _restate_sites(out: Rows, nation: Scenario, province: Province, split: set[str]) -> None:
    """Write the sites at the province's node again: they are dropped with the region. Those in `split` have new sizes."""
    sites = nation["sites"]
    here = sites[sites["node"] == province.code]
    out["sites"].append(here)
    for site in here["site"]:
        for table in ("halls", "fleet", "limits", "supply"):
            if site not in split or table == "supply":
                rows = nation[table]
                out[table].append(rows[rows["site"] == site])
                out["estimates"].append(_kept_estimates(nation, table, site))
        out["estimates"].append(_kept_estimates(nation, "sites", site))


@dataclass(frozen=True)
class _Part:
    """Site that takes a part of the holder's capacity: its key and title, where it stands, and its grid zone."""

    site: str
    share: float
    title: str
    title_zh: str
    node: str
    lat: float
    lon: float
    zone: str


def _parts(nation: Scenario, province: Province, rings: pd.DataFrame) -> list[_Part]:
    """Return the sites of the province that the nation does not have, with their parts of the holder's capacity."""
    capital, places = province.capital, nation["regions"].set_index("region")[["lat", "lon"]].to_dict("index")
    home = places[province.code]
    edges = _edges(nation, province, rings)
    own = own_site(nation, province)
    at_capital = province.share * (1 - sum(edges.values()))
    titles = capital.name, capital.name_zh
    parts = [_Part(own, at_capital, *titles, province.code, home["lat"], home["lon"], capital.zone or province.zone)]
    for number, (one, share) in enumerate(edges.items(), 2):
        site = f"{province.code.removeprefix('CN-')}{number}"
        zone = one.zone or province.zone
        parts.append(_Part(site, province.share * share, one.name, one.name_zh, one.key, one.lat, one.lon, zone))
    return [part for part in parts if part.site != province.holder]


def _edges(nation: Scenario, province: Province, rings: pd.DataFrame) -> dict[Prefecture, float]:
    """Return prefectures that need a site of their own, with the share of the province's demand that they serve.

    They are too far from the capital for the workload with the shortest latency. The largest is chosen first and serves
    all in its reach.
    """
    if rings.empty:
        return {}
    names = sorted({*rings["from"], *rings["to"]})
    at = {name: index for index, name in enumerate(names)}
    ends = rings["from"].map(at), rings["to"].map(at)
    graph = csr_array((rings["length_km"], ends), shape=(len(names), len(names)))
    km = dijkstra(graph, directed=False)
    reach = nation["workloads"]["latency_ms"].min() / units.FIBRE_MS_PER_KM
    capital = province.capital
    left = [one for one in province.prefectures if one != capital and km[at[province.code], at[one.key]] > reach]
    out: dict[Prefecture, float] = {}
    while left:
        site = max(left, key=lambda one: (one.share, one.key))
        served = [one for one in left if km[at[site.key], at[one.key]] <= reach]
        out[site] = sum(one.share for one in served)
        left = [one for one in left if one not in served]
    return out


def _split_sites(out: Rows, nation: Scenario, province: Province, parts: list[_Part]) -> None:
    """Put sites of the province beside the site that holds its capacity nationally; each takes its part.

    Of a cluster, whose intelligent equipment and storage are published for itself, only general equipment is divided.
    The yearly pace of orders is divided with the capital's site alone: a site of far prefectures, the only one in their
    reach, orders what they need within its halls.
    """
    sites, holder = nation["sites"], province.holder
    home = sites[sites["site"] == holder]
    for part in parts:
        out["sites"].append(home.assign(
            site=part.site, title=f"{part.title} metro", title_zh=f"{part.title_zh}城市节点", kind="edge", hub="",
            lat=part.lat, lon=part.lon, node=part.node, zone=part.zone, it_limit_mw=math.nan, source="xisuan",
            quality="estimate", note=f"capacity outside the ten clusters in {province.code}; cooling as at {holder}",
        ))  # fmt: skip
    fleet = nation["fleet"][nation["fleet"]["site"] == holder]
    classes = nation["technologies"].drop_duplicates("technology").set_index("technology")
    general = fleet[fleet["technology"].map(classes["class"]) == "general"]
    moved = general if home["kind"].iloc[0] == "cluster" else fleet
    power = fleet["units"] * fleet["technology"].map(classes["mw_per_unit"])
    of_halls = power[moved.index].sum() / power.sum()
    halls, limits = (nation[table][nation[table]["site"] == holder] for table in ("halls", "limits"))
    total = sum(part.share for part in parts)
    paced = {part.site: part.share for part in parts if part.site == own_site(nation, province)}
    paced[holder] = 1 - sum(paced.values())
    for name, share in [(holder, 1 - total), *((part.site, part.share) for part in parts)]:
        hall_share = 1 - of_halls * total if name == holder else of_halls * share
        _scaled(out, nation, province, "fleet", moved, name, share, ("units",))
        _scaled(out, nation, province, "halls", halls, name, hall_share, ("existing_mw", "limit_mw"))
        if name in paced:
            _scaled(out, nation, province, "limits", limits, name, paced[name], ("max_build_units",))


def _scaled(
    out: Rows, nation: Scenario, province: Province, table: str, rows: pd.DataFrame, site: str, share: float,
    columns: tuple[str, ...],
) -> None:  # fmt: skip
    """Write `rows` of the holder for `site`, with `share` of the amounts in `columns`, and their ranges."""
    amounts = {column: rows[column].map(partial(_rounded, share)) for column in columns}
    note = f"{share:.3g} of what {province.holder} holds in the nation"
    out[table].append(rows.assign(site=site, note=note, **amounts))
    ranges = _scaled_estimates(nation, table, province.holder, site, share, columns)
    if "technology" in rows:
        ranges = ranges[ranges["key"].str.split("/").str[1].isin(rows["technology"])]
    out["estimates"].append(ranges)


def _rounded(factor: float, value: float) -> float:
    return float(f"{factor * value:.6g}")


def _scaled_estimates(
    nation: Scenario, table: str, old: str, new: str, factor: float, columns: tuple[str, ...] = ("units",)
) -> pd.DataFrame:
    """Return the ranges of the rows of `old`, for `new`; those of `columns` are `factor` times as large."""
    found = _kept_estimates(nation, table, old)
    keys = ["/".join([new, *key.split("/")[1:]]) for key in found["key"]]
    scale = np.where(found["column"].isin(columns), factor, 1.0)
    amounts = {
        end: [_rounded(by, value) for by, value in zip(scale, found[end], strict=True)] for end in ("low", "high")
    }
    return found.assign(key=keys, **amounts)


def _kept_estimates(nation: Scenario, table: str, key: str) -> pd.DataFrame:
    """Return the ranges of rows of a table whose key has `key` in it."""
    found = nation["estimates"]
    return found[(found["table"] == table) & found["key"].str.split("/").map(lambda parts: key in parts)]
