"""Markers of a map: sites by size, regions, links by capacity and load, work flows, each with its values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xisuan.report import run_measures
from xisuan.report.document.map_blocks import Curve, Mark, MarkKind, Track
from xisuan.report.maps import boundaries, label_placement
from xisuan.report.maps.base_maps import Frame
from xisuan.report.run_context import Context
from xisuan.text.numbers import plain
from xisuan.text.translation import message as _

LARGEST_RADIUS, SMALLEST_RADIUS, REGION_RADIUS = 24.0, 3.0, 2.6
THINNEST_LINK, WIDEST_LINK = 0.8, 7.0
THINNEST_FLOW, WIDEST_FLOW = 1.0, 9.0
NAMED_FLOWS, FLOW_RADIUS = 4, 6.0
LEAST_NAMED = 0.02
"""Share of the largest flow below which one has no name."""
BEND = 0.16
SAME_PLACE_KM = 15.0
"""Work that travels less than this is not drawn."""


def largest_mw(context: Context) -> float:
    """IT power of the largest site, MW."""
    rows = context.it_mw["mw"]
    return float(rows.max()) if len(rows) and rows.max() > 0 else 1.0


def radius(context: Context, mw: float) -> float:
    """Radius of a disc whose area is IT power."""
    return LARGEST_RADIUS * math.sqrt(mw / largest_mw(context))


def link_width(gbps: float, most: float) -> float:
    """Width of a link by its capacity."""
    return THINNEST_LINK + (WIDEST_LINK - THINNEST_LINK) * gbps / most


def home(context: Context) -> boundaries.Area | None:
    """Return the province of the focus, or None."""
    places = context.places
    found = (boundaries.province_at(*places[site]) for site in context.focus if site in places)
    return next((area for area in found if area), None)


def sites(context: Context, frame: Frame, *, sized: bool = False) -> list[tuple[Mark, label_placement.Named]]:
    """Return marks and names of the sites, the focus first, then by size. `sized`: show MW after the name."""
    power = context.it_mw
    rows = context.scenario["sites"].drop_duplicates("site").dropna(subset=["lat", "lon"])
    found: list[tuple[float, Mark, label_placement.Named]] = []
    for row in run_measures.records(rows):
        if not frame.holds(row["lon"], row["lat"]):
            continue
        site, focus = row["site"], row["site"] in context.focus
        mw, stood = (run_measures.number(power[column].get(site, 0.0)) for column in ("mw", "existing"))
        x, y = frame.place(row["lon"], row["lat"])
        outer = max(SMALLEST_RADIUS, radius(context, mw))
        inner = outer * math.sqrt(stood / mw) if mw > 0 else 0.0
        kind: MarkKind = "focus" if focus else "edge" if row["kind"] == "edge" else "site"
        mark = Mark(x, y, inner, outer, kind, _site_tip(context, site, mw, stood))
        text = f"{context.site(site)} {mw:,.0f}" if sized and mw >= 1 else context.site(site)
        name = label_placement.Named(x, y, outer, text, kind, must=focus, size=mw)
        found.append((math.inf if focus else mw, mark, name))
    found.sort(key=lambda item: -item[0])
    return [(mark, name) for _, mark, name in found]


def regions(
    context: Context, frame: Frame, national: bool, around: Sequence[Mark]
) -> tuple[list[Mark], list[label_placement.Named]]:
    """Regions: on the map of the country those outside the home province, on that of the province those inside."""
    rows = context.scenario["regions"].drop_duplicates("region").dropna(subset=["lat", "lon"])
    province = home(context)
    marks: list[Mark] = []
    names: list[label_placement.Named] = []
    for row in run_measures.records(rows):
        inside = province is not None and province.contains(row["lon"], row["lat"])
        if inside == national or not frame.holds(row["lon"], row["lat"]):
            continue
        x, y = frame.place(row["lon"], row["lat"])
        marks.append(Mark(x, y, 0.0, REGION_RADIUS, "region", _region_tip(context, row["region"])))
        hidden = national and any(math.hypot(site.x - x, site.y - y) < site.outer for site in around)
        if not hidden:
            names.append(label_placement.Named(x, y, REGION_RADIUS, context.name("regions", row["region"]), "region"))
    return marks, names


def _site_tip(context: Context, site: str, mw: float, stood: float) -> str:
    say, show = context.say, context.show
    lines = [
        context.site(site),
        say(_("IT power in {year}: {mw}, {new} of it new", year=context.last, mw=show.mw(mw), new=show.mw(mw - stood))),
    ]
    halls = run_measures.number(context.hall_mw.get(site, 0.0))
    if halls > 0:
        share = show.share(context.occupancies.get((context.last, site), math.nan))
        lines.append(
            say(_("Halls: {mw} ({racks}), {share} occupied", mw=show.mw(halls), racks=show.racks(halls), share=share))
        )
    return "\n".join(lines)


def _region_tip(context: Context, region: str) -> str:
    rows = context.served
    rows = rows[(rows["region"] == region) & rows["site"].isin(list(context.focus))]
    shares = rows.groupby("workload", sort=False)["share"].sum()
    lines = [
        context.say(
            _(
                "{workload}: {share} runs at {place}",
                workload=context.workload(str(workload)),
                share=context.show.share(float(share)),
                place=context.focus_name,
            )
        )
        for workload, share in shares.items()
    ]
    return "\n".join([context.name("regions", region), *lines])


def tracks(context: Context, frame: Frame) -> tuple[Track, ...]:
    """Links: width by capacity, load of the busier direction; busiest last, so that they lie on top."""
    places = context.places
    loads = context.peak_loads[context.last]
    orders = run_measures.orders(context.run)
    new = set(orders.loc[orders["asset"] == "link", "where"])
    found: list[Track] = []
    for row in run_measures.records(loads.reset_index()):
        ends = [places[end] for end in context.ends.get(row["link"], ()) if end in places]
        if len(ends) < 2 or not any(frame.holds(*end) for end in ends):
            continue
        (x, y), (u, v) = (frame.place(*end) for end in ends)
        width = link_width(row["capacity_gbps"], float(loads["capacity_gbps"].max()))
        line = f"M{x:.1f} {y:.1f}L{u:.1f} {v:.1f}"
        found.append(Track(line, width, row["load"], _link_tip(context, row), row["link"] in new))
    return tuple(sorted(found, key=lambda track: track.load if math.isfinite(track.load) else 0.0))


def _link_tip(context: Context, row: dict[str, Any]) -> str:
    return context.say(
        _(
            "{name}, {year}\ncapacity {capacity} Gbps each way\npeak {peak} Gbps, load {load}",
            name=context.link(row["link"]),
            capacity=plain(row["capacity_gbps"]),
            peak=plain(row["peak_gbps"]),
            load=context.show.share(row["load"]),
            year=context.last,
        )
    )


def all_flows(context: Context, frame: Frame) -> tuple[tuple[Curve, ...], list[label_placement.Named]]:
    """Return the curves of all work that goes to the focus, and names of the main origins outside the province.

    The width is MW of the equipment that runs the work there, by region of origin.
    """
    rows = context.served
    rows = rows[rows["site"].isin(list(context.focus)) & (rows["units"] > 0)]
    if not len(rows):
        return (), []
    power = _mw_per_unit(context)
    mw = rows.assign(units=rows["units"] * rows["workload"].map(power)).dropna(subset=["units"])
    sums = mw.groupby(["region", "site"], sort=False)["units"].sum().reset_index().sort_values("units", ascending=False)
    most = float(sums["units"].max()) if len(sums) else 0.0
    curves: list[Curve] = []
    names: list[label_placement.Named] = []
    province = home(context)
    for row in run_measures.records(sums):
        curve = _curve(context, frame, row, most, _mw_tip(context, row))
        if curve is None:
            continue
        curves.append(curve)
        there = context.places[row["region"]]
        if (
            len(names) < NAMED_FLOWS
            and row["units"] >= max(1.0, LEAST_NAMED * most)
            and not (province and province.contains(*there))
        ):
            text = f"{context.name('regions', row['region'])} {row['units']:,.0f}"
            middle, *also = _along(frame, there, context.places[row["site"]])
            first = not names
            names.append(
                label_placement.Named(
                    *middle, FLOW_RADIUS, text, "sender", must=first, also=tuple(also), size=row["units"]
                )
            )
    return tuple(curves), names


SPOTS = (0.5, 0.35, 0.65, 0.2, 0.0)
"""Where along a curve its name may stand, as shares of the way."""


def _along(frame: Frame, here: tuple[float, float], there: tuple[float, float]) -> list[tuple[float, float]]:
    """Points along a curve of work, half way first."""
    start, end = np.array(frame.place(*here)), np.array(frame.place(*there))
    bend = _bend(start, end)
    points = [(1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end for t in SPOTS]
    return [(float(x), float(y)) for x, y in points]


def _bend(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the control point of a curve, so that it bends."""
    along = end - start
    return np.asarray((start + end) / 2 + BEND * np.array([along[1], -along[0]]), dtype=np.float64)


def _mw_per_unit(context: Context) -> dict[str, float]:
    """Workload → MW of equipment in use at the focus for a unit of its work, the mean of the class."""
    rows = context.equipment
    rows = rows[(rows["period"] == context.last) & rows["where"].isin(list(context.focus))]
    sums = rows.groupby("class")[["mw", "amount"]].sum()
    each = (sums["mw"] / sums["amount"].where(sums["amount"] > 0)).to_dict()
    kinds = context.scenario["workloads"].drop_duplicates("workload", keep="last")
    return {
        str(name): float(each.get(kind, math.nan)) for name, kind in zip(kinds["workload"], kinds["class"], strict=True)
    }


def _mw_tip(context: Context, row: dict[str, Any]) -> str:
    return context.say(
        _(
            "{region} → {place}\nwork that takes {mw} of equipment there at full load",
            region=context.name("regions", row["region"]),
            place=context.site(row["site"]),
            mw=context.show.mw(row["units"]),
        )
    )


def flows(context: Context, frame: Frame) -> dict[str, tuple[Curve, ...]]:
    """Workload → a curve from every region whose work reaches the focus from another place."""
    rows = context.served
    rows = rows[rows["site"].isin(list(context.focus)) & (rows["units"] > 0)]
    found: dict[str, tuple[Curve, ...]] = {}
    for workload in context.scenario["workloads"]["workload"].drop_duplicates():
        part = rows[rows["workload"] == workload]
        most = float(part["units"].max()) if len(part) else 0.0
        curves = [_curve(context, frame, row, most, _flow_tip(context, row)) for row in run_measures.records(part)]
        drawn = tuple(curve for curve in curves if curve is not None)
        if drawn:
            found[str(workload)] = drawn
    return found


def _curve(context: Context, frame: Frame, row: dict[str, Any], most: float, tip: str) -> Curve | None:
    """Return a curved line from region to site; None if it is short, tiny or leaves the map."""
    places = context.places
    here, there = places.get(row["region"]), places.get(row["site"])
    if here is None or there is None or row["units"] < most * 1e-3:
        return None
    if not (frame.holds(*here) and frame.holds(*there)):
        return None
    start, end = np.array(frame.place(*here)), np.array(frame.place(*there))
    along = end - start
    if np.hypot(*along) < SAME_PLACE_KM * frame.scale:
        return None
    bend = _bend(start, end)
    path = f"M{start[0]:.1f} {start[1]:.1f}Q{bend[0]:.1f} {bend[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
    return Curve(path, THINNEST_FLOW + (WIDEST_FLOW - THINNEST_FLOW) * row["units"] / most, tip)


def _flow_tip(context: Context, row: dict[str, Any]) -> str:
    return context.say(
        _(
            "{region} → {place}\n{units} {unit} of {workload}, {share} of its demand",
            region=context.name("regions", row["region"]),
            place=context.site(row["site"]),
            units=plain(row["units"]),
            unit=context.unit(context.unit_of(row["workload"])),
            workload=context.workload(row["workload"]),
            share=context.show.share(row["share"]),
        )
    )
