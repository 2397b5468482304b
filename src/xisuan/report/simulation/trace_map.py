"""The map of a trace: what is in use at each site, where jobs wait and what is down, hour by hour."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from xisuan.report.document.blocks import Cell, Column, Row, Section, Table, Text
from xisuan.report.document.map_blocks import Map, Pulse
from xisuan.report.maps import base_maps, boundaries, label_placement
from xisuan.report.maps.base_maps import Base
from xisuan.report.maps.label_placement import Named
from xisuan.report.simulation import trace_names
from xisuan.results.trace import Trace
from xisuan.text.numbers import Figures, plain
from xisuan.text.translation import Translator, in_context
from xisuan.text.translation import message as _

LARGEST, SMALLEST = 24.0, 4.0
DAY, MOST = 24, 240
"""Hours shown one by one; of more, the mean by hour of the day."""
BARE_WIDTH, WIDE_PIXELS, NARROW_PIXELS = 1000.0, 860.0, 343.0
WIDE_SIZE, NARROW_SIZE = 12.5, 10.5


LEAD = _(
    "Move the slider: the filled part of a disc is what is in use of all that stands there, a red "
    "halo is a line of jobs, a dashed red disc is a site that is down."
)


DESCRIPTION = _("disc: IT power of the site; filled: in use; halo: jobs in line, on a logarithmic scale; dashed: down")


def section(trace: Trace, say: Translator) -> list[Section]:
    """Return the section of the map with its time slider; empty if no site has coordinates."""
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
        name="country",
        title=say(_("Use and lines at each site")),
        description=say(DESCRIPTION),
        width=frame.width,
        height=frame.height,
        land=base.land,
        shared=base.shared,
        outer=base.outer,
        highlight="",
        dashes=base.dashes,
        undetermined=base.undetermined,
        tracks=(),
        marks=(),
        flows=(),
        labels=label_placement.place(named, frame.width, frame.height, WIDE_PIXELS, WIDE_SIZE),
        narrow_labels=label_placement.place(named, frame.width, frame.height, NARROW_PIXELS, NARROW_SIZE),
        sizes=(),
        widths=(),
        source=say(base_maps.SOURCE_OF_BORDERS) if base.land else "",
        inset=base.inset,
        shown=_first_hour_shown(trace, crowded, len(moments)),
        pulses=tuple(pulses),
        moments=moments,
    )
    return [Section("map", say(in_context("trace", "The network by the hour")), say(LEAD), (made,))]


def _first_hour_shown(trace: Trace, crowded: pd.Series, count: int) -> int:
    """Return the first hour of a failure if hours are shown singly; otherwise the hour with the longest queues."""
    start = int(trace.given.get("down_from_hour", count))
    return start if start < count and count != DAY else int(np.argmax(crowded.to_numpy()))


def failure(trace: Trace, say: Translator) -> list[Section]:
    """Return the effect of a failure: use and queues at each site the day before, while it lasted, and the day after."""
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
    heads = [Column(say(_("Site")))]
    for what in (_("In use"), _("Jobs in line")):
        heads += [Column(say(what), say(when), number=True) for when in (_("before"), _("during"), _("after"))]
    rows = []
    for site in trace.places["site"]:
        use = [show.share(float(mean["busy"].get(site, np.nan))) for mean in means]
        line = [plain(float(mean["waiting"].get(site, np.nan))) for mean in means]
        down = float(means[1]["up"].get(site, 1.0)) < 0.999
        cells = (str(names[site]), *use, *line)
        rows.append(Row(tuple(Cell(cell) for cell in cells), kind="marked" if down else "plain"))
    lead = say(
        _(
            "{what}. Means of the day before, of hours {first} to {last}, and of the day after.",
            what=trace_names.downs(trace, say),
            first=start,
            last=end,
        )
    )
    cold = (
        (
            Text(
                say(_("The simulation begins with nothing under way, so the day before is emptier than a usual one.")),
                tone="note",
            ),
        )
        if start <= DAY
        else ()
    )
    table = Table(say(_("Use and lines before, during and after")), tuple(heads), tuple(rows))
    return [Section("failure", say(_("What the failure did")), lead, (table, *cold))]


def _titles(trace: Trace, say: Translator) -> list[str]:
    """Return the names of the sites."""
    rows = trace.places.to_dict("records")
    return [str((row["title_zh"] if say.language == "zh" else "") or row["title"] or row["site"]) for row in rows]


def _moments(by_hour: pd.DataFrame, say: Translator) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Hours one by one where they are few, otherwise the mean by hour of the day; and what each is called."""
    hour = np.rint(by_hour["start_s"] / 3600.0).astype(int)
    count = int(hour.max()) + 1
    if count > MOST:
        means = by_hour.assign(moment=hour % DAY).groupby(["site", "moment"], as_index=False, sort=False)
        frame = means[["busy", "up", "waiting"]].mean()
        return frame, tuple(say(_("hour {hour}, mean of all days", hour=at)) for at in range(DAY))
    names = tuple(say(_("day {day}, {hour}:00", day=at // DAY + 1, hour=at % DAY)) for at in range(count))
    return by_hour.assign(moment=hour), names


def _base(places: pd.DataFrame, say: Translator) -> Base:
    """China where a site lies in it, otherwise a bare frame around all of them."""
    points = list(zip(places["lon"].astype(float), places["lat"].astype(float), strict=True))
    if any(boundaries.province_at(*point) for point in points):
        return base_maps.country(base_maps.SOUTH_SEA_LABEL)
    return Base(base_maps.fitted(np.array(points), BARE_WIDTH), "", "", "")
