"""The page of a sweep: what each lever changes, how often each thing is built, and the members themselves."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from xisuan.errors import NO_PLAN
from xisuan.report.document import html_rendering
from xisuan.report.document.blocks import Block, Cell, Choice, Column, Row, Section, Table, Text
from xisuan.report.document.entity_names import Names, titled, wide
from xisuan.report.document.number_cells import figure, percent
from xisuan.report.pages import sweep_charts
from xisuan.report.words import Words
from xisuan.results.summaries.build_frequency import BUILT, ROBUST
from xisuan.results.sweep import CONFIDENCE, GOOD, Sweep, told
from xisuan.scenario import chinese
from xisuan.scenario.queries.levers import BY_NAME
from xisuan.scenario.settings import Hours
from xisuan.text.numbers import MISSING, Figures, Scale, plain
from xisuan.text.translation import Language

FOLDED = 20
"""Rows from which a table of members is folded."""


def html(found: Sweep, language: Language = "en") -> str:
    """The page as one HTML document that needs nothing else."""
    say, given = Words(language), found.given
    count, done = int(given["members"] or 0), len(found.members)
    hours = say.hours_of(Hours.parse(str(given["hours"])))
    badge = (
        (say("sweep.complete"), "good") if done == count else (say("sweep.incomplete", done=done, count=count), "bad")
    )
    return html_rendering.rendered(
        language=language, say=say,
        title=say("sweep.page_title", name=titled(found.scenario.settings, language), count=count),
        subtitle=say("sweep.subtitle", design=say(f"sweep.{given['design']}"), hours=hours),
        badges=[badge], sections=sections(found, language),
        footer=say("trace.footer"),
    )  # fmt: skip


def sections(found: Sweep, language: Language) -> tuple[Section, ...]:
    """Sentences and the tornado; every figure drawn; frequencies; members."""
    say, names = Words(language), Names(found.scenario, language)
    lead = Text(items=tuple(sentences(found, language)), tone="lead")
    out = [Section("sweep", say("sweep.title"), blocks=(lead, *_tornado(found, say)))]
    drawn = sweep_charts.blocks(found, say)
    if drawn:
        out.append(Section("lines", say("sweep.lines"), say("sweep.lines_lead"), blocks=tuple(drawn)))
    frequency = found.frequency()
    if len(frequency):
        out.append(Section("frequency", say("sweep.frequency"), blocks=(_frequency(frequency, say, names),)))
    out.append(Section("members", say("sweep.members"), blocks=tuple(_members(found, say))))
    return tuple(out)


def sentences(found: Sweep, language: Language) -> list[str]:
    """What a sweep says in words: how many plans, what they cost, what moves the cost, how much is robust."""
    say, show = Words(language), Figures(language)
    held, base = found.held, found.members[found.members["member"] == 0]
    plans, certified = len(found.members), int(found.members["status"].isin(GOOD).sum())
    numbers = {"plans": plans, "count": plans - len(base), "held": certified, "out": plans - certified}
    said = [say("sweep.held_all" if plans == certified else "sweep.held", **numbers)]
    if len(held):
        given = float(base["cost"].iloc[0]) if len(base) else math.nan
        costs = {"least": show.money(held["cost"].min()), "most": show.money(held["cost"].max())}
        said.append(say("sweep.costs", base=show.money(given) if math.isfinite(given) else MISSING, **costs))
    left = found.members[found.members["status"] == "short"]
    if len(left):
        priced = {"least": show.money(left["penalty"].min()), "most": show.money(left["penalty"].max())}
        said.append(say("sweep.left", count=len(left), plans=plans, **priced))
    effects = found.effects().query("figure == 'cost'")
    for row in effects[told(effects)].head(1).to_dict("records"):
        ends = {end: show.money(row[end]) if math.isfinite(row[end]) else MISSING for end in ("low", "high")}
        said.append(say("sweep.strongest", lever=lever(str(row["lever"]), language), **ends))
        priced = found.effects().query("figure == 'penalty'").set_index("lever").loc[row["lever"], ["low", "high"]]
        if priced.abs().max() > 0.0:
            ends = {end: show.money(of) if math.isfinite(of) else MISSING for end, of in priced.items()}
            said.append(say("sweep.strongest_left", **ends))
    if unclear := [lever(str(name), language) for name in effects.loc[~told(effects), "lever"]]:
        said.append(say("sweep.unclear", levers=show.listed(unclear)))
    frequency = found.frequency()
    often = {"robust": int(frequency["robust"].sum()), "built": len(frequency), "share": show.given(ROBUST)}
    said.append(say("sweep.robust", **often) if len(frequency) else say("sweep.nothing_built"))
    return said


def lever(name: str, language: Language) -> str:
    """What people call a lever."""
    return BY_NAME[name].meaning_zh if language == "zh" else BY_NAME[name].meaning


def _tornado(found: Sweep, say: Words) -> list[Block]:
    """One table a figure that moves, largest lever first; the reader chooses among them."""
    effects = found.effects()
    if not len(effects):
        return [Text(say("sweep.too_few"), tone="empty")]
    tables: list[Table] = []
    labels: list[str] = []
    for name in sweep_charts.SHOWN:
        rows = effects[effects["figure"] == name]
        if np.nanmax(np.abs(rows[["low", "high"]].to_numpy(dtype=np.float64)), initial=0.0) > 0.0:
            labels.append(say(f"sweep_figure.{name}"))
            scale = sweep_charts.scale(name, float(rows[["low", "high"]].abs().to_numpy().max()), say)
            tables.append(_effects(found, rows, scale, labels[-1], say))
    if not tables:
        return []
    return [Choice(say("sweep.tornado"), tuple(labels), tuple((table,) for table in tables), print_all=True)]


def _effects(found: Sweep, rows: pd.DataFrame, scale: Scale, title: str, say: Words) -> Table:
    rows = rows.assign(**{name: rows[name] / scale.divisor for name in ("low", "high", "margin")})
    fit = float(rows["fit"].iloc[0])
    lined = math.isfinite(fit)
    span, unit = rows[["low", "high"]].to_numpy(dtype=np.float64), scale.unit
    low, high = float(np.nanmin(span, initial=0.0)), float(np.nanmax(span, initial=0.0))
    ranges = {one.lever: one for one in found.ranges}
    margin = (Column(say("sweep.margin"), unit, number=True),) if lined else ()
    columns = (
        Column(say("sweep.lever")), Column(say("sweep.range"), "%"), Column(say("sweep.low"), unit, number=True),
        Column(say("sweep.high"), unit, number=True), *margin, Column(say("sweep.across")),
    )  # fmt: skip
    lines = []
    for row in rows.to_dict("records"):
        one, ends = ranges[str(row["lever"])], [float(row["low"]), float(row["high"])]
        known = [0.0, *(end for end in ends if math.isfinite(end))]
        reach = tuple((value - low) / (high - low) for value in (min(known), 0.0, max(known)))
        cells = (
            Cell(lever(one.lever, say.language)), Cell(str(one).replace("-", "−")),
            *(figure(end, signed=True) for end in ends), *([figure(float(row["margin"]))] if lined else ()),
            Cell("", reach=reach),  # type: ignore[arg-type]
        )  # fmt: skip
        lines.append(Row(cells))
    show = Figures(say.language)
    by_lines = say("sweep.tornado_note_lines", fit=show.share(fit), sure=show.given(CONFIDENCE)) if lined else ""
    short = say("sweep.tornado_short") if (found.members["status"] == "short").any() else ""
    note = by_lines or say("sweep.tornado_note_each")
    return Table(
        title, columns, tuple(lines), note=("" if say.language == "zh" else " ").join(filter(None, (note, short)))
    )


def counted(row: Mapping[Hashable, Any], say: Words, names: Names) -> str:
    """A thing that may be built, with the unit in which it is counted."""
    name, unit = str(row["technology"]), str(row["unit"])
    asset = say.known("asset", str(row["asset"]))
    what = names.of("technologies", name) if row["asset"] == "compute" else f"{asset} {name}".strip()
    return wide(f"{what} ({say.known('amount_unit', unit)})") if unit else what


def _frequency(frequency: pd.DataFrame, say: Words, names: Names) -> Table:
    show = Figures(say.language)
    heads = (("what", ""), ("where", ""), ("share", "%"), ("least", ""), ("mean", ""), ("most", ""), ("verdict", ""))
    columns = tuple(
        Column(say(f"sweep.{head}"), unit, number=1 < at < len(heads) - 1) for at, (head, unit) in enumerate(heads)
    )
    lines = []
    for row in frequency.to_dict("records"):
        cells = (
            Cell(counted(row, say, names)), Cell(names.place(str(row["where"]))), percent(float(row["share"]), 0),
            *(figure(float(row[end])) for end in ("least", "mean", "most")),
            Cell(say("sweep.yes"), colour="full") if row["robust"] else Cell(""),
        )  # fmt: skip
        lines.append(Row(cells))
    counts = {name: int(frequency[name].iloc[0]) for name in ("plans", "members")}
    note = say("sweep.frequency_note", built=show.given(BUILT), robust=show.given(ROBUST), **counts)
    return Table("", columns, tuple(lines), note=note)


def _members(found: Sweep, say: Words) -> list[Block]:
    """A row a member, and why some have no plan, or cannot serve all."""
    shown = sweep_charts.shown(found)
    scales = {name: sweep_charts.scale(name, float(found.members[name].abs().max()), say) for name in shown}
    columns = (
        Column(say("sweep.member"), number=True), Column(say("sweep.status")),
        *(Column(sweep_charts.title(name, say.language), "%", number=True) for name in found.levers),
        *(Column(say(f"sweep_figure.{name}"), scales[name].unit, number=True) for name in shown),
    )  # fmt: skip
    records: list[dict[Any, Any]] = found.members.to_dict("records")
    lines = tuple(
        Row(
            (
                Cell(str(row["member"])), Cell(say(f"sweep.{row['status']}")),
                *(figure(float(row[name]), signed=True) for name in found.levers),
                *(figure(float(row[name]) / scales[name].divisor) for name in shown),
            ),
            kind="marked" if row["member"] == 0 else "plain",
        )
        for row in records
    )  # fmt: skip
    blocks: list[Block] = [Table(say("sweep.members"), columns, lines, folded=len(lines) > FOLDED, style="wide")]
    without = [row for row in records if row["why"]]
    if without:
        heads = (Column(say("sweep.member"), number=True), Column(say("sweep.status")), Column(say("sweep.why")))
        reasons = tuple(
            Row(
                (
                    Cell(plain(row["member"])),
                    Cell(say(f"sweep.{row['status']}")),
                    Cell("\n".join(why(row, say.language))),
                )
            )
            for row in without
        )
        title = "sweep.without_or_short" if any(row["status"] == "short" for row in without) else "sweep.without"
        blocks.append(Table(say(title), heads, reasons, folded=len(reasons) > FOLDED, style="remarks"))
    return blocks


def why(row: Mapping[Hashable, Any], language: Language) -> list[str]:
    """Why a member has no plan, or what it cannot serve, line by line in a language: what conflicts, or what is wrong with
    the scenario then."""
    text = str(row["why"])
    lines = [line.strip() for line in text.splitlines()]
    if language == "zh":
        lines = [chinese.twins()(line) if text.startswith(NO_PLAN) else _mistake(line) for line in lines]
    return lines


def in_short(row: Mapping[Hashable, Any], language: Language) -> str:
    """The first reason of those, without what it is headed by."""
    first, *rest = why(row, language)
    return rest[0] if rest and first.endswith((":", "：")) else first


def _mistake(line: str) -> str:
    """A mistake of a scenario in Chinese: where it is, and what to do."""
    say, (place, sign, what) = chinese.twins(), line.partition(" · ")
    return f"{'，'.join(say(part) for part in place.split(', '))} · {say(what)}" if sign else say(line)
