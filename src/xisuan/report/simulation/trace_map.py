"""The map of a trace: what is in use at each site, where jobs wait and what is down, hour by hour."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from xisuan.report.document.blocks import Cell, Column, Map, Pulse, Row, Section, Table, Text
from xisuan.report.maps import base_maps, boundaries, label_placement
from xisuan.report.maps.base_maps import Base
from xisuan.report.maps.label_placement import Named
from xisuan.report.simulation import trace_names
from xisuan.report.words import Words
from xisuan.results.trace import Trace
from xisuan.text.numbers import Figures, plain

LARGEST, SMALLEST = 24.0, 4.0
DAY, MOST = 24, 240
"""Hours shown one by one; of more, the mean by hour of the day."""
BARE_WIDTH, WIDE_PIXELS, NARROW_PIXELS = 1000.0, 860.0, 343.0
WIDE_SIZE, NARROW_SIZE = 12.5, 10.5


def section(trace: Trace, say: Words) -> list[Section]:
    """The map with its slider; nothing where no site has coordinates."""
    if "places" not in trace.tables:
        return []
    places = trace.places.dropna(subset=["lat", "lon"])
    if not len(places):
        return []
    hourly, moments = _moments(trace.by_hour, say)
    base = _base(places, say)
    frame = base.frame
    largest = max(float(places["mw"].max()), 1e-9)
    pulses, named = [], []
    names = dict(zip(trace.places["site"], _titles(trace, say), strict=True))
    for row in places.sort_values("mw", ascending=False).to_dict("records"):
        mine = hourly[hourly["site"] == row["site"]].sort_values("moment")
        x, y = frame.place(row["lon"], row["lat"])
        radius = max(SMALLEST, LARGEST * math.sqrt(row["mw"] / largest))
        title = names[row["site"]]
        values = (tuple(round(float(v), 3) for v in mine[name]) for name in ("busy", "up", "waiting"))
        pulses.append(Pulse(x, y, radius, title, *values))
        named.append(Named(x, y, radius, title, "site"))
    crowded = hourly.groupby("moment")["waiting"].sum()
    made = Map(
        name="country", title=say("trace.map_title"), description=say("trace.map_legend"),
        width=frame.width, height=frame.height, land=base.land, shared=base.shared, outer=base.outer, highlight="",
        dashes=base.dashes, undetermined=base.undetermined, tracks=(), marks=(), flows=(),
        labels=label_placement.place(named, frame.width, frame.height, WIDE_PIXELS, WIDE_SIZE),
        narrow_labels=label_placement.place(named, frame.width, frame.height, NARROW_PIXELS, NARROW_SIZE),
        sizes=(), widths=(), source=say("map.source") if base.land else "", inset=base.inset,
        shown=_shown(trace, crowded, len(moments)), pulses=tuple(pulses), moments=moments,
    )  # fmt: skip
    return [Section("map", say("trace.map"), say("trace.map_lead"), (made,))]


def _shown(trace: Trace, crowded: pd.Series, count: int) -> int:
    """The first hour of a failure where hours are shown one by one; otherwise the one with the longest lines."""
    start = int(trace.given.get("down_from_hour", count))
    return start if start < count and count != DAY else int(np.argmax(crowded.to_numpy()))


def failure(trace: Trace, say: Words) -> list[Section]:
    """What a failure did: use and lines at each site in the day before, while it lasted, and in the day after."""
    if "down_from_hour" not in trace.given or "by_hour" not in trace.tables:
        return []
    start, end = int(trace.given["down_from_hour"]), int(trace.given["down_until_hour"])
    hour = np.rint(trace.by_hour["start_s"] / 3600.0).astype(int)
    spans = ((max(0, start - DAY), start), (start, end), (end, end + DAY))
    means = [
        trace.by_hour[(hour >= first) & (hour < last)].groupby("site", sort=False)[["busy", "up", "waiting"]].mean()
        for first, last in spans
    ]
    show, names = Figures(say.language), dict(zip(trace.places["site"], _titles(trace, say), strict=True))
    heads = [Column(say("trace.failure_site"))]
    for what in ("failure_use", "failure_line"):
        heads += [
            Column(say(f"trace.{what}"), say(f"trace.failure_{when}"), number=True)
            for when in ("before", "during", "after")
        ]
    rows = []
    for site in trace.places["site"]:
        use = [show.share(float(mean["busy"].get(site, np.nan))) for mean in means]
        line = [plain(float(mean["waiting"].get(site, np.nan))) for mean in means]
        down = float(means[1]["up"].get(site, 1.0)) < 0.999
        cells = (str(names[site]), *use, *line)
        rows.append(Row(tuple(Cell(cell) for cell in cells), kind="marked" if down else "plain"))
    lead = say("trace.failure_lead", what=trace_names.downs(trace, say), first=start, last=end)
    cold = (Text(say("trace.failure_cold"), tone="note"),) if start <= DAY else ()
    table = Table(say("trace.failure_table"), tuple(heads), tuple(rows))
    return [Section("failure", say("trace.failure"), lead, (table, *cold))]


def _titles(trace: Trace, say: Words) -> list[str]:
    """What people call the sites."""
    rows = trace.places.to_dict("records")
    return [str((row["title_zh"] if say.language == "zh" else "") or row["title"] or row["site"]) for row in rows]


def _moments(by_hour: pd.DataFrame, say: Words) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Hours one by one where they are few, otherwise the mean by hour of the day; and what each is called."""
    hour = np.rint(by_hour["start_s"] / 3600.0).astype(int)
    count = int(hour.max()) + 1
    if count > MOST:
        means = by_hour.assign(moment=hour % DAY).groupby(["site", "moment"], as_index=False, sort=False)
        frame = means[["busy", "up", "waiting"]].mean()
        return frame, tuple(say("trace.map_mean", hour=at) for at in range(DAY))
    names = tuple(say("trace.map_day", day=at // DAY + 1, hour=at % DAY) for at in range(count))
    return by_hour.assign(moment=hour), names


def _base(places: pd.DataFrame, say: Words) -> Base:
    """China where a site lies in it, otherwise a bare frame around all of them."""
    points = list(zip(places["lon"].astype(float), places["lat"].astype(float), strict=True))
    if any(boundaries.province_at(*point) for point in points):
        return base_maps.country(say("map.south_sea"))
    return Base(base_maps.fitted(np.array(points), BARE_WIDTH), "", "", "")
