"""Page of the charts of one run or several, all for the same chosen sites, classes and regions; and their data as CSV.

One run is drawn as stacked columns and areas by class; several are drawn over each other, a line a run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from xisuan.report import terms
from xisuan.report.charts_data import TOLERANCE, ChartsData, Selection
from xisuan.report.costs import spending
from xisuan.report.document import html_rendering
from xisuan.report.document.blocks import Bars, Block, Hours, Section, Series, Span, Text
from xisuan.report.operation import typical_week
from xisuan.report.run_context import Context
from xisuan.text.numbers import Scale, energy_scale, money_scale
from xisuan.text.translation import Message
from xisuan.text.translation import message as _

OVERLAY = ("other-1", "price", "other-2", "other-3", "line", "other-5")
"""Colours of the runs in a chart of several."""
PARTS = {kind: (f"cost-{kind}", name) for kind, name in spending.KIND_NAMES.items()}
"""Parts of a cost: colour and name."""
APPORTIONED = _(
    "Divided among regions by the work that each site does for them in the year. Equipment without work belongs to no "
    "region."
)
ALL_CLASSES = _("Cost is not recorded by class or region: all classes and regions of the chosen sites.")
NO_LINKS = _("Links and work that is not served are at no site: their costs are left out.")
ALL_SITES = _("Work that waits is at no site: all sites.")


@dataclass(frozen=True)
class Charted:
    """One run of the page: its name, its context (without tables), and the data of its charts."""

    name: str
    context: Context
    data: ChartsData


@dataclass(frozen=True)
class Chart:
    """One chart: its title, unit and note, and for each run a frame with the columns `axis`, `part` and `value`."""

    key: str
    title: str
    scale: Scale
    axis: str
    frames: tuple[pd.DataFrame, ...]
    note: str = ""


def html(runs: Sequence[Charted], chosen: Selection) -> str:
    """Return the page."""
    context, drawn = runs[0].context, list(_charts(runs, chosen))
    say = context.say
    years = [_by_year(runs, chart) for chart in drawn if chart.axis == "period"]
    hours = [_by_hour(runs, chart) for chart in drawn if chart.axis == "hour"]
    if len(runs) > 1 and not _same_hours(runs):
        hours = [Text(say(_("The runs have different modelled hours, so their hours are not compared.")), tone="note")]
    nothing = (Text(say(_("The plan has nothing for this choice.")), tone="empty"),)
    last = next(reversed(_years(runs)), "")
    sections = (
        Section("years", say(_("Year by year")), _left_out(runs), tuple(years) or nothing),
        Section("hours", say(_("Hour by hour, {year}", year=last)), "", tuple(hours) or nothing),
    )
    return html_rendering.rendered(
        language=context.language,
        say=say,
        title=say(_("Charts")),
        kicker=" · ".join(run.name for run in runs),
        subtitle=described(context, chosen),
        badges=[],
        sections=sections,
        footer=say(_("Made by xisuan. All figures are computed from the tables of the run.")),
    )


def csv(runs: Sequence[Charted], chosen: Selection) -> str:
    """Return the values behind the charts as CSV: run, chart, unit, period, hour, part, value."""
    frames = []
    for chart in _charts(runs, chosen):
        for run, frame in zip(runs, chart.frames, strict=True):
            said = {"run": run.name, "chart": chart.title, "unit": chart.scale.unit}
            if chart.axis == "hour":
                said["period"] = str(_years(runs)[-1])
            frames.append(frame.assign(**said, value=frame["value"] / chart.scale.divisor))
    columns = ["run", "chart", "unit", "period", "hour", "part", "value"]
    if not frames:
        return ",".join(columns) + "\n"
    table = pd.concat(frames, ignore_index=True).reindex(columns=columns)
    table = table.astype({"hour": "Int64"}).assign(value=table["value"].where(table["value"].abs() > TOLERANCE, 0.0))
    return table.to_csv(index=False, float_format="%.9g")


def described(context: Context, chosen: Selection) -> str:
    """Return the choice in words."""
    say = context.say
    sites = [context.site(key) for key in chosen.sites] or [say(_("all sites"))]
    classes = [say(terms.named(terms.PLAIN_CLASSES, key)) for key in chosen.classes] or [say(_("all classes"))]
    regions = [context.name("regions", key) for key in chosen.regions] or [say(_("all regions"))]
    return " · ".join(context.show.listed(part) for part in (sites, classes, regions))


def _years(runs: Sequence[Charted]) -> list[int]:
    """Return the years that all runs have."""
    return [year for year in runs[0].context.periods if all(year in run.context.periods for run in runs)]


def _left_out(runs: Sequence[Charted]) -> str:
    """Return which years are not shown because not all runs have them; blank: none."""
    every = sorted({year for run in runs for year in run.context.periods})
    absent = [str(year) for year in every if year not in _years(runs)]
    say, show = runs[0].context.say, runs[0].context.show
    return say(_("Not shown, as not all runs have them: {years}.", years=show.listed(absent))) if absent else ""


def _same_hours(runs: Sequence[Charted]) -> bool:
    """Return True if all runs have a common year and the same modelled hours."""
    return bool(_years(runs)) and len({_spans(run) for run in runs}) == 1


def _spans(run: Charted) -> tuple[Span, ...]:
    timeline = run.context.scenario.timeline
    return typical_week.spans(run.context, 1 if timeline.mean else len(typical_week.first_hours(timeline)))


def _charts(runs: Sequence[Charted], chosen: Selection) -> Iterator[Chart]:
    """Yield the charts that have a value in at least one run."""
    years = _years(runs)
    found = [*_work(runs, chosen), *_year_charts(runs, chosen)]
    if years and _same_hours(runs):
        found += _hour_charts(runs, chosen, years[-1])
    for chart in found:
        if any(frame["value"].abs().max() > TOLERANCE for frame in chart.frames if len(frame)):
            yield chart


def _work(runs: Sequence[Charted], chosen: Selection) -> list[Chart]:
    """Return a chart of the work served for each class: their units are no sum."""
    say = runs[0].context.say
    frames = [run.data.work_of(chosen) for run in runs]
    return [
        _chart("work", say(_("Work served, {kind}", kind=name)), Scale(1.0, unit), "period", rows)
        for name, unit, rows in _of_classes(runs, frames)
    ]


def _of_classes(
    runs: Sequence[Charted], frames: Sequence[pd.DataFrame]
) -> Iterator[tuple[str, str, list[pd.DataFrame]]]:
    """Yield each class and unit of the frames of work: its name, its unit, and its rows in each run."""
    context = runs[0].context
    pairs = dict.fromkeys(pair for rows in frames for pair in zip(rows["class"], rows["unit"], strict=True))
    for kind, unit in pairs:
        name = context.say(terms.named(terms.PLAIN_CLASSES, kind))
        yield name, context.unit(unit), [rows[(rows["class"] == kind) & (rows["unit"] == unit)] for rows in frames]


def _year_charts(runs: Sequence[Charted], chosen: Selection) -> list[Chart]:
    """Return the charts of equipment, electricity and cost by year."""
    context = runs[0].context
    say, language = context.say, context.language
    shared = say(APPORTIONED) if chosen.regions else ""
    energy = [run.data.energy_of(chosen) for run in runs]
    capital = [run.data.costs_of(chosen, capital=True) for run in runs]
    running = [run.data.costs_of(chosen, capital=False) for run in runs]
    notes = ((chosen.classes or chosen.regions, ALL_CLASSES), (chosen.sites, NO_LINKS))
    note = " ".join(say(text) for holds, text in notes if holds)
    equipment = [run.data.equipment_of(chosen) for run in runs]
    by_energy, by_money = (
        energy_scale(language, _largest(energy)),
        money_scale(language, _largest([*capital, *running])),
    )
    return [
        _chart("equipment", say(_("Equipment in use")), Scale(1.0, say(_("MW of IT"))), "period", equipment, shared),
        _chart("electricity", say(_("Electricity of the facilities")), by_energy, "period", energy, shared),
        _chart("capital", say(_("Capital ordered")), by_money, "period", capital, note),
        _chart("operation", say(_("Cost of a year's operation")), by_money, "period", running, note),
    ]


def _hour_charts(runs: Sequence[Charted], chosen: Selection, year: int) -> list[Chart]:
    """Return the charts of power and of work that waits by modelled hour of a year."""
    say = runs[0].context.say
    shared = say(APPORTIONED) if chosen.regions else ""
    power = [run.data.power_of(chosen, year) for run in runs]
    waiting = [run.data.waiting_of(chosen, year) for run in runs]
    note = say(ALL_SITES) if chosen.sites else ""
    return [
        _chart("power", say(_("Power of the facilities")), Scale(1.0, "MW"), "hour", power, shared),
        *(
            _chart("waiting", say(_("Work that waits, {kind}", kind=name)), Scale(1.0, unit), "hour", rows, note)
            for name, unit, rows in _of_classes(runs, waiting)
        ),
    ]


def _chart(key: str, title: str, scale: Scale, axis: str, frames: Sequence[pd.DataFrame], note: str = "") -> Chart:
    """Return a chart whose parts are the classes of its rows, or the kinds of cost."""
    parts = {"class": "part", "kind": "part"}
    return Chart(key, title, scale, axis, tuple(rows.rename(columns=parts) for rows in frames), note)


def _largest(frames: Sequence[pd.DataFrame]) -> float:
    """Return the largest sum of a year in any of the frames."""
    return max((float(rows.groupby("period")["value"].sum().max()) for rows in frames if len(rows)), default=0.0)


def _by_year(runs: Sequence[Charted], chart: Chart) -> Block:
    """Return a chart over years: columns by part for one run, a stepped line a run for several."""
    context, years = runs[0].context, _years(runs)
    across = context.say(_("year"))
    if len(runs) > 1:
        spans = tuple(Span(str(year), 1, -1) for year in years)
        return Hours(chart.title, chart.scale.unit, across, spans, (), _totals(runs, chart, years), chart.note)
    series = _parts(context, chart, years)
    return Bars(chart.title, chart.scale.unit, across, tuple(map(str, years)), series, chart.note)


def _by_hour(runs: Sequence[Charted], chart: Chart) -> Block:
    """Return a chart over modelled hours: areas by part for one run, a line a run for several."""
    context, spans = runs[0].context, _spans(runs[0])
    hours = list(range(sum(span.hours for span in spans)))
    stacked = _parts(context, chart, hours) if len(runs) == 1 else ()
    over = _totals(runs, chart, hours) if len(runs) > 1 else ()
    across = context.say(_("modelled hours, Beijing time"))
    return Hours(chart.title, chart.scale.unit, across, spans, stacked, over, chart.note)


def _parts(context: Context, chart: Chart, at: Sequence[int]) -> tuple[Series, ...]:
    """Return the values of each part of the first run at `at`, places of the axis."""
    table = chart.frames[0].pivot_table(index="part", columns=chart.axis, values="value", aggfunc="sum", sort=False)
    table = table.reindex(columns=list(at)).fillna(0.0) / chart.scale.divisor
    return tuple(
        Series(context.say(name), tuple(map(float, table.loc[part])), colour)
        for part, (colour, name) in ((part, _look(str(part))) for part in table.index)
        if table.loc[part].abs().max() > TOLERANCE
    )


def _look(part: str) -> tuple[str, str | Message]:
    """Return the colour and the name of a part: a class or a part of the cost."""
    return PARTS.get(part) or (f"{part}-1", terms.named(terms.PLAIN_CLASSES, part))


def _totals(runs: Sequence[Charted], chart: Chart, at: Sequence[int]) -> tuple[Series, ...]:
    """Return the total of each run at `at`, places of the axis."""
    return tuple(
        Series(
            run.name,
            tuple(
                (rows.groupby(chart.axis)["value"].sum().reindex(list(at)).fillna(0.0) / chart.scale.divisor).tolist()
            ),
            colour,
        )
        for run, rows, colour in zip(runs, chart.frames, OVERLAY, strict=False)
    )
