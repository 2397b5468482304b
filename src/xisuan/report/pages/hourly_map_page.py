"""Hourly map: an interactive page of the load of each link and the power of each site, hour by hour.

The page contains all hours of all years; moving the slider sends no request.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup

from xisuan.report import run_measures
from xisuan.report.document import html_rendering
from xisuan.report.document.blocks import Beat, HourMap, Moving, Stream
from xisuan.report.document.map_blocks import Mark, MarkKind
from xisuan.report.maps import label_placement, map_markers, network_map
from xisuan.report.maps.base_maps import Frame
from xisuan.report.operation import typical_week
from xisuan.report.run_context import Context
from xisuan.results.run import Run
from xisuan.text.translation import Language
from xisuan.text.translation import message as _

NAME = "moving"
LARGEST, SMALLEST = 22.0, 3.5
"""Radii of the largest power of a site, map units."""
THINNEST, WIDEST = 0.6, 5.0
"""Widths of a direction, by what it carries."""
CASING = 1.6
"""How much wider than its traffic a full direction's bed is drawn."""
ASIDE = 0.5
"""Each direction keeps to its right by this share of the bed, so that both are seen."""
STEPS = 2**16 - 1
"""Values go to the browser in steps of this share of their largest, two bytes each: 0.0015 %."""


def html(run: Run, language: Language = "en") -> str | None:
    """Return the page, or None if no place has coordinates or no hours were modelled."""
    context = Context(run, language)
    found = spec(context)
    if found is None:
        return None
    return (
        html_rendering.engine()
        .get_template("hours.html.j2")
        .render(
            language=language,
            say=context.say,
            part=found,
            data=Markup(_document(context, found)),
            style=Markup(html_rendering.text("report.css") + html_rendering.text("hours.css")),
            script=Markup(
                html_rendering.text("report.js") + html_rendering.text("picture.js") + html_rendering.text("hours.js")
            ),
        )
    )


def spec(context: Context) -> HourMap | None:
    """Ground, hours and years of the map; None where there is nothing to show."""
    places, power = context.places, context.run.plan.power
    if not len(power) or not any(site in places for site in context.scenario["sites"]["site"]):
        return None
    base = network_map.ground(context)
    still = network_map.still(context, NAME, base, context.say(_("The network by the hour")))
    years = tuple(_year(context, base.frame, period) for period in context.periods)
    named = [
        label_placement.Named(beat.x, beat.y, beat.radius, beat.name, beat.kind, must=beat.kind == "focus")
        for beat in sorted(years[-1].beats, key=lambda beat: (beat.kind != "focus", -beat.radius))
    ]
    dots, regions = map_markers.regions(context, base.frame, True, [_mark(beat) for beat in years[-1].beats])
    names = (*named, *regions)
    size = (base.frame.width, base.frame.height)
    ground = dataclasses.replace(
        still,
        marks=tuple(dots),
        labels=label_placement.place(names, *size, network_map.WIDE_PIXELS, network_map.WIDE_SIZE),
        narrow_labels=label_placement.place(names, *size, network_map.NARROW_PIXELS, network_map.NARROW_SIZE),
    )
    return HourMap(ground, typical_week.spans(context, context.scenario.timeline.n_hours), years)


def _mark(beat: Beat) -> Mark:
    return Mark(beat.x, beat.y, 0.0, beat.radius, beat.kind, "")


def _year(context: Context, frame: Frame, period: int) -> Moving:
    hours = context.scenario.timeline.n_hours
    power, flows = (_of(table, period) for table in (context.run.plan.power, context.run.plan.flows))
    traffic = _by_hour(flows, "gbps", hours)
    room = float(flows.groupby("link")["capacity_gbps"].max().sum()) if len(flows) else 0.0
    share = traffic / room if room > 0 else _by_hour(power, "facility_mw", hours)
    return Moving(
        period,
        _streams(context, frame, flows, hours),
        _beats(context, frame, power, hours),
        tuple(_by_hour(power, "facility_mw", hours).tolist()),
        tuple(traffic.tolist()),
        int(np.argmax(share)),
    )


def _of(table: pd.DataFrame, period: int) -> pd.DataFrame:
    return table[table["period"] == period]


def _by_hour(table: pd.DataFrame, column: str, hours: int) -> np.ndarray:
    return np.asarray(table.groupby("hour")[column].sum().reindex(range(hours)).fillna(0.0), dtype=float)


def _streams(context: Context, frame: Frame, flows: pd.DataFrame, hours: int) -> tuple[Stream, ...]:
    """Both directions of every link on the map that has capacity; the widest last, so that they lie on top."""
    places, out = context.places, []
    largest = float(flows["capacity_gbps"].max()) if len(flows) else 0.0
    for (_link, here, there), rows in flows.groupby(["link", "from", "to"], sort=False):
        capacity = float(rows["capacity_gbps"].max())
        start, end = places.get(str(here)), places.get(str(there))
        if not capacity > 0 or start is None or end is None or not (frame.holds(*start) or frame.holds(*end)):
            continue
        widest = THINNEST + (WIDEST - THINNEST) * math.sqrt(capacity / largest)
        path = _aside(frame.place(*start), frame.place(*end), ASIDE * CASING * widest)
        name = f"{context.node(str(here))} → {context.node(str(there))}"
        out.append(Stream(name, path, CASING * widest, widest, capacity, tuple(_by_hour(rows, "gbps", hours).tolist())))
    return tuple(sorted(out, key=lambda stream: stream.capacity))


def _aside(start: tuple[float, float], end: tuple[float, float], by: float) -> str:
    """Return a straight line moved to the right of its direction by `by` map units."""
    along = np.array(end) - np.array(start)
    length = float(np.hypot(*along))
    right = np.array([-along[1], along[0]]) / length * by if length > 0 else np.zeros(2)
    (x, y), (u, v) = np.array(start) + right, np.array(end) + right
    return f"M{x:.1f} {y:.1f}L{u:.1f} {v:.1f}"


def _beats(context: Context, frame: Frame, power: pd.DataFrame, hours: int) -> tuple[Beat, ...]:
    """Return every site on the map that draws power in the year, the largest first."""
    rows = context.scenario["sites"].drop_duplicates("site").dropna(subset=["lat", "lon"])
    peaks = context.run.plan.power.groupby("site")["facility_mw"].max()
    largest, out = float(peaks.max()), []
    for row in run_measures.records(rows):
        mine = power[power["site"] == row["site"]]
        peak = run_measures.number(peaks.get(row["site"], 0.0))
        if not len(mine) or not peak > largest * 1e-6 or not frame.holds(row["lon"], row["lat"]):
            continue
        kind: MarkKind = "focus" if row["site"] in context.focus else "edge" if row["kind"] == "edge" else "site"
        radius = max(SMALLEST, LARGEST * math.sqrt(peak / largest))
        mw, price = (_by_hour(mine, column, hours) for column in ("facility_mw", "price_cny_per_kwh"))
        x, y = frame.place(row["lon"], row["lat"])
        out.append(Beat(context.site(row["site"]), x, y, radius, kind, tuple(mw.tolist()), tuple(price.tolist())))
    return tuple(sorted(out, key=lambda beat: -beat.radius))


def _document(context: Context, found: HourMap) -> str:
    """Return the data of the page's script as JSON that may stand inside a script element."""
    said = {
        "load": context.say(_("load")),
        "price": context.say(_("Grid price")),
        "price_unit": context.say(_("CNY/kWh")),
        "hour": context.say(_("Hour")),
        "year": context.say(_("Year")),
        "no_price": context.say(_("—")),
        "power": context.say(_("Facility power")),
        "play": context.say(_("Play")),
        "pause": context.say(_("Pause")),
    }
    years = [
        {
            "year": year.year,
            "streams": [_packed(stream.gbps) for stream in year.streams],
            "beats": [[_packed(beat.mw), _packed(beat.price)] for beat in year.beats],
            "mw": _packed(year.total_mw),
            "gbps": _packed(year.total_gbps),
        }
        for year in found.years
    ]
    text = json.dumps({"years": years, "words": said}, ensure_ascii=False)
    return text.replace("<", "\\u003c")


def _packed(values: Sequence[float] | Iterable[float]) -> list[object]:
    """Return the largest value, and all values as shares of it in two bytes (little-endian), base64."""
    given = np.asarray(tuple(values), dtype=float)
    most = float(given.max()) if given.size and given.max() > 0 else 0.0
    steps = np.rint(np.clip(given / most, 0.0, 1.0) * STEPS) if most > 0 else np.zeros(given.size)
    return [float(f"{most:.6g}"), base64.b64encode(steps.astype("<u2").tobytes()).decode()]
