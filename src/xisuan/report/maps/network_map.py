"""Map of the network with the province of the place in a corner, and the ground of maps by the hour."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from xisuan.report import run_measures
from xisuan.report.document.map_blocks import Label, Map, Within
from xisuan.report.maps import base_maps, boundaries, label_placement, map_markers, map_numbers
from xisuan.report.maps.base_maps import Base
from xisuan.report.run_context import Context
from xisuan.results.summaries import work_origins
from xisuan.results.summaries.work_origins import Origin
from xisuan.text.numbers import plain
from xisuan.text.translation import message as _

WIDE_PIXELS, NARROW_PIXELS = 860.0, 343.0
WIDE_SIZE, NARROW_SIZE = 12.5, 10.5
HERO_PIXELS, HERO_SIZE = 620.0, 12.1
"""Width and letters of the map on the first screen, and of the names in its inset, as in report.css."""
NATIONAL = ("country", "hero", "moving")
"""Maps of the whole; the others show the province."""
INSET = (8.0, 640.0, 330.0, 264.0)
"""Frame of the province on the map: south-west of Tibet there is nothing of ours."""


def hero(context: Context) -> Map | None:
    """Return the map: sizes in words, all work on its way to the place, the province in a corner; None without places."""
    if not any(site in context.places for site in context.scenario["sites"]["site"]):
        return None
    base = ground(context)
    frame, size = base.frame, HERO_SIZE
    whole = _map(
        context,
        "hero",
        base,
        _finding(context),
    )
    sites = map_markers.sites(context, frame, sized=True)
    curves, origins = map_markers.all_flows(context, frame)
    named = [*(label for _, label in sites), *origins]
    labelled = sorted(named, key=lambda label: (not label.must, label.kind != "focus", -label.size))
    home = map_markers.home(context) if base.inset else None
    moved: dict[str, object] = {
        "flows": ((context.say(_("all work")), curves),),
        "shown": 0,
        "source": "",
        "marks": tuple(mark for mark, _ in sites),
        "labels": label_placement.place(labelled, frame.width, frame.height, HERO_PIXELS, size),
        "narrow_labels": label_placement.place(labelled, frame.width, frame.height, NARROW_PIXELS, NARROW_SIZE),
    }
    found = dataclasses.replace(whole, **moved)  # type: ignore[arg-type]
    return found if home is None else _with_inset(context, found, home)


def _with_inset(context: Context, whole: Map, home: boundaries.Area) -> Map:
    """Return the map with the province as an inset in the corner, its names, and lines to its place."""
    base = base_maps.province(home.code)
    part = _map(context, "inset", base, "")
    x, y, width, height = INSET
    scale = min(width / part.width, height / part.height)
    width, height = part.width * scale, part.height * scale
    y = INSET[1] + INSET[3] - height
    pixels = HERO_PIXELS * width / whole.width
    sites = [label for _, label in map_markers.sites(context, base.frame)]
    _ways, names = map_markers.regions(context, base.frame, False, [])
    placed = label_placement.place([*sites, *names], part.width, part.height, pixels, HERO_SIZE)

    def moved(label: Label) -> Label:
        left, top = x + label.x / 100 * width, y + label.y / 100 * height
        return dataclasses.replace(label, x=100 * left / whole.width, y=100 * top / whole.height)

    centre = base_maps.COUNTRY.place(home.lon, home.lat)
    edge = x + width
    leaders = "".join(
        f"M{edge:.1f} {corner:.1f}L{centre[0]:.1f} {centre[1] + side:.1f}"
        for corner, side in ((y, -8.0), (y + height, 8.0))
    )
    within = Within(
        x,
        y,
        width,
        height,
        context.say(_("The province around {place}, {year}", place=context.focus_name, year=context.last)),
        leaders,
        part,
    )
    return dataclasses.replace(whole, within=within, labels=(*whole.labels, *(moved(label) for label in placed)))


def _finding(context: Context) -> str:
    """Return where the work that comes to the place is from: how many regions, and the one that sends most."""
    afar = [one for one in work_origins.origins(context.run.plan, context.focus) if not one.is_own]
    place, year = context.focus_name, context.last
    if not afar:
        return context.say(_("{year}: no work of other regions comes to {place}", place=place, year=year))
    return context.say(
        _("{year}: {n} other regions send work to {place}, {region} most; IT power of each cluster in MW", place=place,
          year=year, n=len({one.region for one in afar}), region=context.name("regions", _most(afar)))
    )  # fmt: skip


def _most(afar: Sequence[Origin]) -> str:
    """Return the region whose work keeps most IT power busy."""
    busy: dict[str, float] = {}
    for one in afar:
        busy[one.region] = busy.get(one.region, 0.0) + one.mw
    return max(busy, key=lambda region: busy[region])


def ground(context: Context) -> Base:
    """Return the base map of the whole network.

    It is China if any place lies in it, otherwise the borders of the scenario around all places.
    """
    points = list(context.places.values())
    if not context.scenario.has("borders") or any(boundaries.province_at(*point) for point in points):
        return base_maps.around(points, base_maps.SOUTH_SEA_LABEL)
    rings = context.scenario["borders"].sort_values(["area", "ring", "point"]).groupby(["area", "ring"], sort=False)
    areas: dict[object, list[np.ndarray[Any, Any]]] = {}
    for (area, _number), points_of in rings[["lon", "lat"]]:
        areas.setdefault(area, []).append(points_of.to_numpy(dtype=np.float64))
    return base_maps.of_rings(list(areas.values()), points)


def still(context: Context, name: str, base: Base, title: str) -> Map:
    """Return the ground of a map: land, borders, the province of the focus, and nothing on it."""
    frame, national = base.frame, name in NATIONAL
    home = map_markers.home(context) if national and base.inset else None
    return Map(
        name=name,
        title=title,
        description=_description(context),
        width=frame.width,
        height=frame.height,
        land=base.land,
        shared=base.shared,
        outer=base.outer,
        highlight=base_maps.highlight(home.code) if home else "",
        dashes=base.dashes,
        undetermined=base.undetermined,
        tracks=(),
        marks=(),
        flows=(),
        labels=(),
        narrow_labels=(),
        sizes=(),
        widths=(),
        source=context.say(base_maps.SOURCE_OF_BORDERS) if national and base.inset else "",
        inset=base.inset,
    )


def _map(context: Context, name: str, base: Base, title: str) -> Map:
    frame, national = base.frame, name in NATIONAL
    sites = map_markers.sites(context, frame)
    dots, names = map_markers.regions(context, frame, national, [mark for mark, _ in sites])
    named = [*(label for _, label in sites), *names]
    flows = map_markers.flows(context, frame)
    return dataclasses.replace(
        still(context, name, base, title),
        tracks=map_markers.tracks(context, frame),
        marks=(*dots, *(mark for mark, _ in sites)),
        flows=tuple((context.workload(name), curves) for name, curves in flows.items()),
        labels=label_placement.place(
            named, frame.width, frame.height, WIDE_PIXELS if national else frame.width, WIDE_SIZE
        ),
        narrow_labels=label_placement.place(named, frame.width, frame.height, NARROW_PIXELS, NARROW_SIZE),
        sizes=_sizes(context),
        widths=_widths(context),
        numbers=map_numbers.numbers(context) if name != "inset" else (),
        shown=_first_shown(context, list(flows), national),
    )


def _first_shown(context: Context, workloads: list[str], national: bool) -> int:
    """Return the workload shown first: the one with most work from afar, or the first on a map of the province."""
    if not national:
        return 0
    afar, _name = context.senders
    shares = [run_measures.share_served(context.run, context.last, name, afar, context.focus) for name in workloads]
    return max(range(len(shares)), key=lambda at: shares[at] if math.isfinite(shares[at]) else 0.0, default=0)


def _description(context: Context) -> str:
    rows = context.it_mw["mw"].sort_values(ascending=False, kind="stable")
    parts = [f"{context.site(str(site))} {context.show.mw(float(mw))}" for site, mw in rows.items()]
    return context.say(
        _("Map. IT power in use in {year}: {parts}.", year=context.last, parts=context.show.listed(parts[:12]))
    )


def _sizes(context: Context) -> tuple[tuple[str, float], ...]:
    return tuple(
        (context.show.mw(mw), map_markers.radius(context, mw)) for mw in round_steps(map_markers.largest_mw(context))
    )


def _widths(context: Context) -> tuple[tuple[str, float], ...]:
    capacity = context.peak_loads[context.last]["capacity_gbps"]
    most = float(capacity.max()) if len(capacity) else 0.0
    if not most > 0:
        return ()
    return tuple(
        (f"{plain(gbps / 1000)} Tbps" if most >= 1000 else f"{plain(gbps)} Gbps", map_markers.link_width(gbps, most))
        for gbps in round_steps(most)[:2]
    )


def round_steps(largest: float) -> tuple[float, ...]:
    """Round sizes for a legend: about all, a quarter and a twentieth of the largest."""

    def rounded(value: float) -> float:
        power = 10.0 ** math.floor(math.log10(value))
        return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= value)

    return tuple(dict.fromkeys(rounded(value) for value in (largest, largest / 4, largest / 20)))
