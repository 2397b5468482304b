"""Policies side by side: what each takes, the least for as much work, and their differences on the same jobs."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import numpy as np

from xisuan.report import run_inputs, terms
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.results.trace import Trace
from xisuan.text import durations
from xisuan.text.durations import span
from xisuan.text.numbers import GAP, Figures, carbon_scale, energy_scale, money_scale, plain
from xisuan.text.translation import Translator, in_context, unfilled
from xisuan.text.translation import message as _

VERDICTS = {
    "more": _("more"),
    "less": _("less"),
    "alike": _("the same"),
    "untold": _("not told apart"),
}


NOTE_ON_LEAST = _(
    "A proven bound: the unit-hours that each ran, on the cheapest equipment and in the cheapest "
    "hours there are, divided at will; latency, links, deadlines and job sizes are left out. No "
    "policy can run as much on this equipment for less; whether one can come as near is not said."
)


LEAD = _(
    "The same jobs under each placement, and the optimum of the linear programme: what the plan's "
    "own schedule takes, which knows all hours beforehand and divides work at will. A policy that "
    "leaves more work undone draws less energy: compare it with the work done."
)


def section(trace: Trace, say: Translator) -> Section:
    """Work done, energy, money and carbon of each; the least that as much work takes; the differences."""
    show = Figures(say.language)
    heads = (
        _("Placement"),
        _("Work done"),
        in_context("trace", "Energy"),
        _("Grid"),
        _("Emissions, location-based"),
        _("Emissions, market-based"),
        _("Embodied, by use"),
        _("Late"),
        _("Mean wait"),
    )
    columns = tuple(Column(say(head), number=at > 0) for at, head in enumerate(heads))
    rows, above = [], []
    for row in trace.policies.to_dict("records"):
        name = (
            say(_("the plan's schedule"))
            if row["policy"] == "schedule"
            else say(terms.named(run_inputs.INPUTS, str(row["policy"])))
        )
        above.append(_above(row, name, show))
        cells = (
            name, show.share(row["done_share"]), show.money(row["energy_mcny"]), show.energy(row["grid_mwh"]),
            *(show.carbon(row[column]) for column in ("location_t", "market_t", "embodied_t")),
            show.share(row["late_share"]), span(row["mean_wait_s"]),
        )  # fmt: skip
        rows.append(Row(tuple(Cell(cell) for cell in cells)))
    blocks: list[Block] = [Table("", columns, tuple(rows))]
    if "least_energy_mcny" in trace.policies:
        bounds = (
            _("Placement"),
            _("Least energy cost"),
            _("above it"),
            _("Least grid energy"),
            _("above it"),
            _("Least emissions, location-based"),
            _("above it"),
        )
        columns = tuple(Column(say(head), number=at > 0) for at, head in enumerate(bounds))
        blocks += [
            Table(say(_("The least that as much work could take")), columns, tuple(above)),
            Text(say(NOTE_ON_LEAST), tone="note"),
        ]
    blocks += _differences(trace, say)
    return Section("policies", say(_("Beside a baseline and the schedule")), say(LEAD), tuple(blocks))


def _above(row: dict[Hashable, Any], name: str, show: Figures) -> Row:
    """Return the row of the least of each amount, with the share by which each policy exceeds it."""
    cells = [name]
    for column, shown in (("energy_mcny", show.money), ("grid_mwh", show.energy), ("location_t", show.carbon)):
        bound = float(row.get(f"least_{column}", math.nan))
        over = float(row[column]) / bound - 1.0 if bound > 0 else math.nan
        cells += [shown(bound), "–" if math.isnan(over) else show.share(over)]
    return Row(tuple(Cell(cell) for cell in cells))


def _differences(trace: Trace, say: Translator) -> list[Block]:
    """Return the table of policy less baseline by replication, with the interval of each mean."""
    if "differences" not in trace.tables or not len(trace.differences):
        return []
    known = trace.differences
    given = {name: say(terms.named(run_inputs.INPUTS, str(known[name].iloc[0]))) for name in ("policy", "against")}
    several = bool(known["high"].notna().any())
    heads = (_("Measure"), in_context("trace", "Difference"), *((_("95 % interval"), _("Result")) if several else ()))
    columns = tuple(Column(say(head), number=0 < at < 3) for at, head in enumerate(heads))
    rows = []
    for row in known.to_dict("records"):
        measure = str(row["measure"])
        size, unit = _unit(measure, float(np.nanmax(np.abs([row[name] for name in ENDS]))), say)
        middle, low, high = (_signed(float(row[name]) / size) for name in ENDS)
        cells = [say(NAMES[measure]), f"{middle}{GAP}{unit}".rstrip()]
        if several:
            cells += [say(_("{low} to {high}", low=low, high=high)), say(VERDICTS[_is_significant(row)])]
        rows.append(Row(tuple(map(Cell, cells))))
    title, words = (
        say(_("{policy} less {against}: the mean difference", **given)),
        {"n": int(trace.given["replications"]), **given},
    )
    note = say(
        _(
            unfilled(
                "Both had the same jobs and the same failures in each of {n} replications; the interval is "
                "Student's, over the differences. Where it contains 0, chance alone could have made the "
                "difference."
            )
            if several
            else unfilled(
                "One replication only: nothing says how much of a difference is chance. Give more replications."
            ),
            **words,
        )
    )
    return [Table(title, columns, tuple(rows)), Text(note, tone="note")]


ENDS = ("difference", "low", "high")
NAMES = {
    "done_share": _("Work done"),
    "late_share": _("Late"),
    "energy_mcny": in_context("trace", "Energy"),
    "grid_mwh": _("Grid"),
    "location_t": _("Emissions, location-based"),
    "market_t": _("Emissions, market-based"),
    "embodied_t": _("Embodied, by use"),
    "mean_wait_s": _("Mean wait"),
    "p95_wait_s": _("95 % wait within"),
    "mean_response_s": _("Mean response"),
    "p95_response_s": _("95 % done within"),
    "mean_slowdown": _("Mean slowdown"),
}  # fmt: skip
"""What each measure is called on the page."""


def _unit(measure: str, largest: float, say: Translator) -> tuple[float, str]:
    """Return the divisor of a measure and its unit on the page, by the largest of a row."""
    if measure.endswith("_share"):
        return 0.01, say(_("points"))
    if measure.endswith("_s"):
        return durations.scale(largest)
    scales = {"_mcny": money_scale, "_mwh": energy_scale, "_t": carbon_scale}
    for ending, choose in scales.items():
        if measure.endswith(ending):
            found = choose(say.language, largest)
            return found.divisor, found.unit
    return 1.0, ""


def _signed(value: float) -> str:
    """Return a difference with its sign."""
    return f"+{plain(value)}" if value > 0 else plain(value)


def _is_significant(row: dict[Hashable, Any]) -> str:
    """Return True if the interval says on which side of 0 the difference lies."""
    if row["low"] > 0.0:
        return "more"
    return "less" if row["high"] < 0.0 else "alike" if row["low"] == row["high"] == 0.0 else "untold"
