"""Policies side by side: what each takes, the least for as much work, and their differences on the same jobs."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import numpy as np

from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.words import Words
from xisuan.results.trace import Trace
from xisuan.text import durations
from xisuan.text.durations import span
from xisuan.text.numbers import GAP, Figures, carbon_scale, energy_scale, money_scale, plain


def section(trace: Trace, say: Words) -> Section:
    """Work done, energy, money and carbon of each; the least that as much work takes; the differences."""
    show = Figures(say.language)
    heads = ("placement", "done", "energy", "grid", "location", "market", "embodied", "late_share", "mean_wait")
    columns = tuple(Column(say(f"trace.{head}"), number=at > 0) for at, head in enumerate(heads))
    rows, above = [], []
    for row in trace.policies.to_dict("records"):
        name = say("trace.schedule") if row["policy"] == "schedule" else say.known("given", str(row["policy"]))
        above.append(_above(row, name, show))
        cells = (
            name, show.share(row["done_share"]), show.money(row["energy_mcny"]), show.energy(row["grid_mwh"]),
            *(show.carbon(row[column]) for column in ("location_t", "market_t", "embodied_t")),
            show.share(row["late_share"]), span(row["mean_wait_s"]),
        )  # fmt: skip
        rows.append(Row(tuple(Cell(cell) for cell in cells)))
    blocks: list[Block] = [Table("", columns, tuple(rows))]
    if "least_energy_mcny" in trace.policies:
        bounds = ("placement", "least_energy", "over", "least_grid", "over", "least_location", "over")
        columns = tuple(Column(say(f"trace.{head}"), number=at > 0) for at, head in enumerate(bounds))
        blocks += [Table(say("trace.least"), columns, tuple(above)), Text(say("trace.least_note"), tone="note")]
    blocks += _differences(trace, say)
    return Section("policies", say("trace.policies"), say("trace.policies_lead"), tuple(blocks))


def _above(row: dict[Hashable, Any], name: str, show: Figures) -> Row:
    """The least of each amount, and by which share a policy lies above it."""
    cells = [name]
    for column, shown in (("energy_mcny", show.money), ("grid_mwh", show.energy), ("location_t", show.carbon)):
        bound = float(row.get(f"least_{column}", math.nan))
        over = float(row[column]) / bound - 1.0 if bound > 0 else math.nan
        cells += [shown(bound), "–" if math.isnan(over) else show.share(over)]
    return Row(tuple(Cell(cell) for cell in cells))


def _differences(trace: Trace, say: Words) -> list[Block]:
    """The policy less the baseline, replication by replication, with the interval of each mean."""
    if "differences" not in trace.tables or not len(trace.differences):
        return []
    known = trace.differences
    given = {name: say.known("given", str(known[name].iloc[0])) for name in ("policy", "against")}
    several = bool(known["high"].notna().any())
    heads = ("measure", "difference", *(("interval", "told") if several else ()))
    columns = tuple(Column(say(f"trace.{head}"), number=0 < at < 3) for at, head in enumerate(heads))
    rows = []
    for row in known.to_dict("records"):
        measure = str(row["measure"])
        size, unit = _unit(measure, float(np.nanmax(np.abs([row[name] for name in ENDS]))), say)
        middle, low, high = (_signed(float(row[name]) / size) for name in ENDS)
        cells = [say(f"trace.{NAMES[measure]}"), f"{middle}{GAP}{unit}".rstrip()]
        if several:
            cells += [say("trace.from_to", low=low, high=high), say(f"trace.{_told(row)}")]
        rows.append(Row(tuple(map(Cell, cells))))
    title, words = say("trace.differences", **given), {"n": int(trace.given["replications"]), **given}
    note = say("trace.differences_note" if several else "trace.differences_once", **words)
    return [Table(title, columns, tuple(rows)), Text(note, tone="note")]


ENDS = ("difference", "low", "high")
NAMES = {
    "done_share": "done", "late_share": "late_share", "energy_mcny": "energy", "grid_mwh": "grid",
    "location_t": "location", "market_t": "market", "embodied_t": "embodied", "mean_wait_s": "mean_wait",
    "p95_wait_s": "wait_p95", "mean_response_s": "mean_response", "p95_response_s": "response_p95",
    "mean_slowdown": "mean_slowdown",
}  # fmt: skip
"""What each measure is called on the page."""


def _unit(measure: str, largest: float, say: Words) -> tuple[float, str]:
    """How much of a measure is one of its unit on the page, and that unit, by the largest of a row."""
    if measure.endswith("_share"):
        return 0.01, say("trace.points")
    if measure.endswith("_s"):
        return durations.scale(largest)
    scales = {"_mcny": money_scale, "_mwh": energy_scale, "_t": carbon_scale}
    for ending, choose in scales.items():
        if measure.endswith(ending):
            found = choose(say.language, largest)
            return found.divisor, found.unit
    return 1.0, ""


def _signed(value: float) -> str:
    """A difference, with its sign."""
    return f"+{plain(value)}" if value > 0 else plain(value)


def _told(row: dict[Hashable, Any]) -> str:
    """Whether the interval says on which side of 0 the difference lies."""
    if row["low"] > 0.0:
        return "more"
    return "less" if row["high"] < 0.0 else "alike" if row["low"] == row["high"] == 0.0 else "untold"
