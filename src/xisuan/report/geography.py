"""Section 2: the map of the network, and the province of the focus in larger scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from xisuan.report import atlas, borders, labels, measures
from xisuan.report.atlas import Base, Frame
from xisuan.report.context import Context
from xisuan.report.figures import plain
from xisuan.report.specs import Block, Curve, Map, Mark, Section, Text, Track

LARGEST_RADIUS = 24.0
WIDEST_LINK = 7.0
WIDEST_FLOW = 9.0
SMALLEST_RADIUS = 3.0
REGION_RADIUS = 2.6
SAME_PLACE_KM = 15.0
WIDE_PIXELS, NARROW_PIXELS = 800.0, 343.0
WIDE_SIZE, NARROW_SIZE = 12.5, 10.5


def section(context: Context) -> Section:
    """The maps; a sentence instead where nothing has coordinates."""
    places = measures.places(context.scenario)
    sites = context.scenario["sites"]["site"]
    if not len(places) or not places.index.isin(sites).any():
        return Section("map", context.say("map.title"), blocks=(Text(context.say("map.no_places"), tone="empty"),))
    blocks: list[Block] = [_map(context, "country", _whole(context, places), context.say("map.whole", year=context.last))]
    code = _province(context, places)
    if code:
        title = context.say("map.province", place=context.focus_name, year=context.last)
        blocks.append(_map(context, "province", atlas.province(code), title))
    return Section("map", context.say("map.title"), context.say("map.lead", year=context.last), tuple(blocks))


def _province(context: Context, places: pd.DataFrame) -> str:
    for site in context.focus:
        if site in places.index:
            found = borders.province_at(float(places.loc[site, "lon"]), float(places.loc[site, "lat"]))
            return found.code if found else ""
    return ""


def _whole(context: Context, places: pd.DataFrame) -> Base:
    """China where anything lies in it, otherwise a bare frame around all places."""
    points = places[["lon", "lat"]].to_numpy()
    if any(borders.province_at(lon, lat) for lon, lat in points[:50]):
        return atlas.country(context.say("map.south_sea"))
    return Base(atlas.fitted(points, 1000.0), "", "", "")


def _map(context: Context, name: str, base: Base, title: str) -> Map:
    frame = base.frame
    marks, named = _marks(context, frame, national=name == "country")
    code = _province(context, measures.places(context.scenario)) if name == "country" and base.land else ""
    scale = _radius_scale(context)
    return Map(
        name=name,
        title=title,
        description=_description(context),
        width=frame.width,
        height=frame.height,
        land=base.land,
        shared=base.shared,
        outer=base.outer,
        highlight=atlas.highlight(code) if code else "",
        dashes=base.dashes,
        undetermined=base.undetermined,
        tracks=_tracks(context, frame),
        marks=marks,
        flows=_flows(context, frame),
        labels=labels.place(named, frame.width, frame.height, WIDE_PIXELS, WIDE_SIZE),
        narrow_labels=labels.place(named, frame.width, frame.height, NARROW_PIXELS, NARROW_SIZE),
        sizes=tuple((context.show.mw(mw), scale * math.sqrt(mw)) for mw in _steps(_largest(context))),
        widths=_widths(context),
        source=context.say("map.source") if base.land else "",
        inset=base.inset,
    )


def _description(context: Context) -> str:
    rows = measures.it_mw(context.run, context.last)["mw"].sort_values(ascending=False)
    parts = [f"{context.site(str(site))} {context.show.mw(float(mw))}" for site, mw in rows.items()]
    return context.say("map.description", year=context.last, parts=context.show.listed(parts[:12]))


def _largest(context: Context) -> float:
    rows = measures.it_mw(context.run, context.last)["mw"]
    return float(rows.max()) if len(rows) and rows.max() > 0 else 1.0


def _radius_scale(context: Context) -> float:
    return LARGEST_RADIUS / math.sqrt(_largest(context))


def _steps(largest: float) -> tuple[float, ...]:
    """Round sizes for the legend: about all, a third, a tenth of the largest."""
    def rounded(value: float) -> float:
        power = 10.0 ** math.floor(math.log10(value))
        return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= value)

    return tuple(dict.fromkeys(rounded(value) for value in (largest, largest / 4, largest / 20)))


def _marks(context: Context, frame: Frame, national: bool) -> tuple[tuple[Mark, ...], list[labels.Named]]:
    """Sites by size, regions as dots, and which of them want a name, most important first."""
    scale = _radius_scale(context)
    power = measures.it_mw(context.run, context.last)
    sites = context.scenario["sites"].drop_duplicates("site").dropna(subset=["lat", "lon"])
    found: list[tuple[float, Mark, labels.Named]] = []
    for site, lat, lon, kind in sites[["site", "lat", "lon", "kind"]].itertuples(index=False):
        if not frame.holds(lon, lat):
            continue
        x, y = frame.place(lon, lat)
        mw = float(power["mw"].get(site, 0.0))
        stood = float(power["existing"].get(site, 0.0))
        outer = max(SMALLEST_RADIUS, scale * math.sqrt(mw))
        inner = outer * math.sqrt(stood / mw) if mw > 0 else 0.0
        focus = site in context.focus
        sort = "focus" if focus else ("edge" if kind == "edge" else "site")
        mark = Mark(x, y, inner, outer, sort, _site_tip(context, str(site), mw, stood))
        name = labels.Named(x, y, outer, context.site(str(site)), sort, must=focus)
        found.append((math.inf if focus else mw, mark, name))
    found.sort(key=lambda item: -item[0])
    dots, names = _regions(context, frame, [mark for _, mark, _ in found], national)
    return (*dots, *(mark for _, mark, _ in found)), [name for *_, name in found] + names


def _regions(
    context: Context, frame: Frame, sites: Sequence[Mark], national: bool
) -> tuple[list[Mark], list[labels.Named]]:
    regions = context.scenario["regions"].drop_duplicates("region").dropna(subset=["lat", "lon"])
    code = _province(context, measures.places(context.scenario))
    home = next((area for area in borders.provinces() if area.code == code), None)
    marks, names = [], []
    for region, lat, lon in regions[["region", "lat", "lon"]].itertuples(index=False):
        inside = home is not None and home.contains(lon, lat)
        if inside == national or not frame.holds(lon, lat):
            continue
        x, y = frame.place(lon, lat)
        marks.append(Mark(x, y, 0.0, REGION_RADIUS, "region", _region_tip(context, str(region))))
        if not any(math.hypot(site.x - x, site.y - y) < site.outer for site in sites) or not national:
            names.append(labels.Named(x, y, REGION_RADIUS, context.name("regions", str(region)), "region"))
    return marks, names


def _site_tip(context: Context, site: str, mw: float, stood: float) -> str:
    say, show = context.say, context.show
    lines = [context.site(site), say("map.tip_it", year=context.last, mw=show.mw(mw), new=show.mw(mw - stood))]
    halls = measures.hall_mw(context.run, context.last)
    if site in halls.index and halls[site] > 0:
        full = measures.occupancy(context.run, context.last, [site])
        lines.append(say("map.tip_halls", mw=show.mw(float(halls[site])), racks=show.racks(float(halls[site])), share=show.share(full)))
    return "\n".join(lines)


def _region_tip(context: Context, region: str) -> str:
    rows = context.run.plan.service
    rows = rows[(rows["period"] == context.last) & (rows["region"] == region) & rows["site"].isin(list(context.focus))]
    lines = [context.name("regions", region)]
    for workload, share in rows.groupby("workload", sort=False)["share"].sum().items():
        lines.append(
            context.say("map.tip_share", workload=context.workload(str(workload)), share=context.show.share(float(share)), place=context.focus_name)
        )
    return "\n".join(lines)


def _tracks(context: Context, frame: Frame) -> tuple[Track, ...]:
    """Links: width by capacity, load of the busier direction; busiest last, so that they lie on top."""
    places = measures.places(context.scenario)
    loads = measures.peak_loads(context.run, context.last)
    most = float(loads["capacity_gbps"].max()) if len(loads) else 1.0
    orders = context.run.plan.builds
    new = set(orders.loc[orders["asset"] == "link", "where"])
    tracks: list[Track] = []
    for link, start, end in _ends(context):
        if link not in loads.index or start not in places.index or end not in places.index:
            continue
        inside = [frame.holds(float(places.loc[name, "lon"]), float(places.loc[name, "lat"])) for name in (start, end)]
        if not any(inside):
            continue
        (x, y), (u, v) = (frame.place(float(places.loc[name, "lon"]), float(places.loc[name, "lat"])) for name in (start, end))
        row = loads.loc[link]
        width = 0.8 + (WIDEST_LINK - 0.8) * float(row["capacity_gbps"]) / most
        tip = context.say(
            "map.tip_link", name=context.link(link), capacity=plain(float(row["capacity_gbps"])),
            peak=plain(float(row["peak_gbps"])), load=context.show.share(float(row["load"])), year=context.last,
        )
        tracks.append(Track(f"M{x:.1f} {y:.1f}L{u:.1f} {v:.1f}", width, float(row["load"]), tip, link in new))
    return tuple(sorted(tracks, key=lambda track: track.load if math.isfinite(track.load) else 0.0))


def _ends(context: Context) -> list[tuple[str, str, str]]:
    rows = context.scenario["links"].drop_duplicates("link")
    return [(str(a), str(b), str(c)) for a, b, c in rows[["link", "from", "to"]].itertuples(index=False)]


def _widths(context: Context) -> tuple[tuple[str, float], ...]:
    loads = measures.peak_loads(context.run, context.last)
    if not len(loads) or not loads["capacity_gbps"].max() > 0:
        return ()
    most = float(loads["capacity_gbps"].max())
    return tuple(
        (f"{plain(gbps / 1000)} Tbps" if most >= 1000 else f"{plain(gbps)} Gbps", 0.8 + (WIDEST_LINK - 0.8) * gbps / most)
        for gbps in _steps(most)[:2]
    )


def _flows(context: Context, frame: Frame) -> tuple[tuple[str, tuple[Curve, ...]], ...]:
    """For each workload that reaches the focus from another place, a curve from every region."""
    places = measures.places(context.scenario)
    rows = context.run.plan.service
    rows = rows[(rows["period"] == context.last) & rows["site"].isin(list(context.focus)) & (rows["units"] > 0)]
    groups = []
    for workload in context.scenario["workloads"]["workload"].drop_duplicates():
        part = rows[rows["workload"] == workload]
        curves = [curve for row in part.to_dict("records") if (curve := _curve(context, frame, places, row, part["units"].max()))]
        if curves:
            groups.append((context.workload(str(workload)), tuple(curves)))
    return tuple(groups)


def _curve(
    context: Context, frame: Frame, places: pd.DataFrame, row: dict[object, object], most: float
) -> Curve | None:
    region, site, workload = str(row["region"]), str(row["site"]), str(row["workload"])
    units, share = float(str(row["units"])), float(str(row["share"]))
    if region not in places.index or site not in places.index or units < most * 1e-3:
        return None
    here, there = (places.loc[name, ["lon", "lat"]].to_numpy(dtype=float) for name in (region, site))
    if not (frame.holds(*here) and frame.holds(*there)):
        return None
    start, end = np.array(frame.place(*here)), np.array(frame.place(*there))
    along = end - start
    if np.hypot(*along) < SAME_PLACE_KM * frame.scale:
        return None
    bend = (start + end) / 2 + 0.16 * np.array([along[1], -along[0]])
    path = f"M{start[0]:.1f} {start[1]:.1f}Q{bend[0]:.1f} {bend[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
    tip = context.say(
        "map.tip_flow", region=context.name("regions", region), place=context.site(site), units=plain(units),
        unit=context.unit_of(workload), workload=context.workload(workload), share=context.show.share(share),
    )
    return Curve(path, 1.0 + (WIDEST_FLOW - 1.0) * units / most, tip)
