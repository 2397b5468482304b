"""The page of a sweep: what each lever changes, how often each thing is built, and the members themselves."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from xisuan.report import terms, unit_names
from xisuan.report.document import html_rendering
from xisuan.report.document.blocks import Block, Cell, Choice, Column, Row, Section, Table, Text
from xisuan.report.document.entity_names import Names, titled, wide
from xisuan.report.document.number_cells import figure, percent
from xisuan.report.pages import sweep_charts
from xisuan.results.summaries.build_frequency import BUILT, ROBUST
from xisuan.results.sweep import CONFIDENCE, GOOD, Sweep, told
from xisuan.scenario.queries.levers import BY_NAME
from xisuan.scenario.settings import Hours
from xisuan.text.numbers import MISSING, Figures, Scale, plain
from xisuan.text.translation import Language, Translator, in_context, translate, unfilled
from xisuan.text.translation import message as _

DESIGNS = {
    "each": _("each lever alone"),
    "grid": in_context("sweep", "grid"),
    "latin": _("Latin hypercube"),
    "list": _("a list"),
}

STATUSES = {
    "optimal": _("optimal"),
    "feasible": _("feasible"),
    "short": _("not all is served"),
    "infeasible": _("no plan"),
    "uncertified": _("certificate does not hold"),
    "unsolved": _("not solved"),
}

FOLDED = 20
"""Rows from which a table of members is folded."""


def html(found: Sweep, language: Language = "en") -> str:
    """Return the page as one self-contained HTML document."""
    say, given = Translator(language), found.given
    count, done = int(given["members"] or 0), len(found.members)
    hours = say(terms.hours_of(Hours.parse(str(given["hours"]))))
    badge = (
        (say(_("complete")), "good")
        if done == count
        else (say(_("{done} of {count} plans", done=done, count=count)), "bad")
    )
    return html_rendering.rendered(
        language=language, say=say,
        title=say(_("Sweep of {name}: {count} plans", name=titled(found.scenario.settings, language), count=count)),
        subtitle=say(_("design: {design} · hours: {hours}", design=say(DESIGNS[str(given['design'])]), hours=hours)),
        badges=[badge], sections=sections(found, language),
        footer=say(_("Made by xisuan. All figures are computed from the tables beside this page.")),
    )  # fmt: skip


def sections(found: Sweep, language: Language) -> tuple[Section, ...]:
    """Return the sections of the page: sentences and tornado chart, charts of all figures, frequencies, members."""
    say, names = Translator(language), Names(found.scenario, language)
    lead = Text(items=tuple(sentences(found, language)), tone="lead")
    out = [
        Section("sweep", say(_("What matters, and what is built in any case")), blocks=(lead, *_tornado(found, say)))
    ]
    drawn = sweep_charts.blocks(found, say)
    if drawn:
        out.append(
            Section(
                "lines",
                say(_("Every figure, drawn")),
                say(
                    _(
                        "Each point is a plan of its own, certified. An axis begins at 0 unless all of it lies far above."
                    )
                ),
                blocks=tuple(drawn),
            )
        )
    frequency = found.frequency()
    if len(frequency):
        out.append(
            Section("frequency", say(_("How often each thing is built")), blocks=(_frequency(frequency, say, names),))
        )
    out.append(Section("members", say(_("Members")), blocks=tuple(_members(found, say))))
    return tuple(out)


def sentences(found: Sweep, language: Language) -> list[str]:
    """Return the sentences of a sweep: number of plans, their cost, the levers that move it, the robust builds."""
    say = Translator(language)
    return [*_plans_and_costs(found, say), *_strongest(found, say), _how_robust(found, say)]


def _plans_and_costs(found: Sweep, say: Translator) -> list[str]:
    """Say how many plans are certified, and what they and those that leave work unserved cost."""
    show = Figures(say.language)
    held, base = found.held, found.members[found.members["member"] == 0]
    plans, certified = len(found.members), int(found.members["status"].isin(GOOD).sum())
    numbers = {"plans": plans, "count": plans - len(base), "held": certified, "out": plans - certified}
    said = [
        say(
            _(
                unfilled("All {plans} plans are certified: of the scenario as given and of {count} members.")
                if plans == certified
                else unfilled(
                    "Of {plans} plans, of the scenario as given and of {count} members, {held} are certified; {out} "
                    "could not be made."
                ),
                **numbers,
            )
        )
    ]
    if len(held):
        given = float(base["cost"].iloc[0]) if len(base) else math.nan
        costs = {"least": show.money(held["cost"].min()), "most": show.money(held["cost"].max())}
        said.append(
            say(
                _(
                    "The members cost {least} to {most}; the scenario as given costs {base}.",
                    base=show.money(given) if math.isfinite(given) else MISSING,
                    **costs,
                )
            )
        )
    left = found.members[found.members["status"] == "short"]
    if len(left):
        priced = {"least": show.money(left["penalty"].min()), "most": show.money(left["penalty"].max())}
        said.append(
            say(
                _(
                    "In {count} of {plans} plans not all work can be served; the price of what is left is part of "
                    "their cost: {least} to {most}.",
                    count=len(left),
                    plans=plans,
                    **priced,
                )
            )
        )
    return said


def _strongest(found: Sweep, say: Translator) -> list[str]:
    """Say which lever moves the cost most, and which effects are not distinguished from zero."""
    show, said = Figures(say.language), list[str]()
    effects = found.effects().query("figure == 'cost'")
    for row in effects[told(effects)].head(1).to_dict("records"):
        ends = {end: show.money(row[end]) if math.isfinite(row[end]) else MISSING for end in ("low", "high")}
        said.append(
            say(
                _(
                    "What moves the cost most: {lever}, from {low} to {high} of change across its range.",
                    lever=lever(str(row["lever"]), say.language),
                    **ends,
                )
            )
        )
        priced = found.effects().query("figure == 'penalty'").set_index("lever").loc[row["lever"], ["low", "high"]]
        if priced.abs().max() > 0.0:
            ends = {end: show.money(of) if math.isfinite(of) else MISSING for end, of in priced.items()}
            said.append(say(_("Of that change, from {low} to {high} are the price of what is not served.", **ends)))
    if unclear := [lever(str(name), say.language) for name in effects.loc[~told(effects), "lever"]]:
        said.append(
            say(
                _(
                    "What {levers} does to the cost is not told apart from nothing by these members: more of them "
                    "tell, or a design that moves each lever alone.",
                    levers=show.listed(unclear),
                )
            )
        )
    return said


def _how_robust(found: Sweep, say: Translator) -> str:
    """Say how many of the things that any member builds are robust."""
    show = Figures(say.language)
    frequency = found.frequency()
    often = {"robust": int(frequency["robust"].sum()), "built": len(frequency), "share": show.given(ROBUST)}
    return (
        say(
            _(
                "{robust} of {built} things that any member builds are built in {share} of the members or more: "
                "those are robust.",
                **often,
            )
        )
        if len(frequency)
        else say(_("No member builds anything."))
    )


def lever(name: str, language: Language) -> str:
    """Return the name of a lever."""
    return translate(BY_NAME[name].meaning, language)


def _tornado(found: Sweep, say: Translator) -> list[Block]:
    """Return a table for each figure that varies, largest lever first; the reader chooses among them."""
    effects = found.effects()
    if not len(effects):
        return [Text(say(_("There are too few members with a plan to fit straight lines through.")), tone="empty")]
    tables: list[Table] = []
    labels: list[str] = []
    for name in sweep_charts.SHOWN:
        rows = effects[effects["figure"] == name]
        if np.nanmax(np.abs(rows[["low", "high"]].to_numpy(dtype=np.float64)), initial=0.0) > 0.0:
            labels.append(say(sweep_charts.FIGURE_NAMES[name]))
            scale = sweep_charts.scale(name, float(rows[["low", "high"]].abs().to_numpy().max()), say)
            tables.append(_effects(found, rows, scale, labels[-1], say))
    if not tables:
        return []
    return [
        Choice(say(_("What each lever changes")), tuple(labels), tuple((table,) for table in tables), print_all=True)
    ]


def _effects(found: Sweep, rows: pd.DataFrame, scale: Scale, title: str, say: Translator) -> Table:
    rows = rows.assign(**{name: rows[name] / scale.divisor for name in ("low", "high", "margin")})
    fit = float(rows["fit"].iloc[0])
    lined = math.isfinite(fit)
    span, unit = rows[["low", "high"]].to_numpy(dtype=np.float64), scale.unit
    low, high = float(np.nanmin(span, initial=0.0)), float(np.nanmax(span, initial=0.0))
    ranges = {one.lever: one for one in found.ranges}
    margin = (Column(say(_("±")), unit, number=True),) if lined else ()
    columns = (
        Column(say(_("Lever"))), Column(say(_("Range")), "%"), Column(say(_("At the low end")), unit, number=True),
        Column(say(_("At the high end")), unit, number=True), *margin, Column(say(_("From … to"))),
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
    by_lines = (
        say(
            _(
                "By straight lines through all members (least squares): the change from the scenario as given at "
                "either end of the lever's range. The lines explain {fit} of the variance; where that is little, "
                "look at the members themselves. ±: how far the larger of the two may be off, with a confidence "
                "of {sure}; a change no larger than that may as well be none, or of the other sign.",
                fit=show.share(fit),
                sure=show.given(CONFIDENCE),
            )
        )
        if lined
        else ""
    )
    is_short = (found.members["status"] == "short").any()
    short = say(_("Costs have in them the price of what members cannot serve.")) if is_short else ""
    note = by_lines or say(
        _(
            "Change from the scenario as given with the lever at the low and at the high end of its range, "
            "everything else as given: plans of their own, certified. A dash: no plan there."
        )
    )
    return Table(
        title, columns, tuple(lines), note=("" if say.language == "zh" else " ").join(filter(None, (note, short)))
    )


def counted(row: Mapping[Hashable, Any], say: Translator, names: Names) -> str:
    """Return the name of an asset with the unit in which it is counted."""
    name, unit = str(row["technology"]), str(row["unit"])
    asset = say(terms.named(terms.ASSETS, str(row["asset"])))
    what = names.of("technologies", name) if row["asset"] == "compute" else f"{asset} {name}".strip()
    return wide(f"{what} ({say(terms.named(unit_names.AMOUNTS, unit))})") if unit else what


def _frequency(frequency: pd.DataFrame, say: Translator, names: Names) -> Table:
    show = Figures(say.language)
    heads = (
        (_("What"), ""),
        (_("Where"), ""),
        (_("Built in"), "%"),
        (in_context("sweep", "Least"), ""),
        (_("Mean"), ""),
        (in_context("sweep", "Most"), ""),
        (_("Robust"), ""),
    )
    columns = tuple(Column(say(head), unit, number=1 < at < len(heads) - 1) for at, (head, unit) in enumerate(heads))
    lines = []
    for row in frequency.to_dict("records"):
        cells = (
            Cell(counted(row, say, names)), Cell(names.place(str(row["where"]))), percent(float(row["share"]), 0),
            *(figure(float(row[end])) for end in ("least", "mean", "most")),
            Cell(say(_("robust")), colour="full") if row["robust"] else Cell(""),
        )  # fmt: skip
        lines.append(Row(cells))
    counts = {name: int(frequency[name].iloc[0]) for name in ("plans", "members")}
    note = say(
        _(
            "Of all {members} members, of which {plans} have a plan; one without builds nothing. Built: at "
            "least {built} of the most that any member builds of it. Robust: in {robust} of all members or "
            "more. Amounts are sums over all periods, of the members that have a plan.",
            built=show.given(BUILT),
            robust=show.given(ROBUST),
            **counts,
        )
    )
    return Table("", columns, tuple(lines), note=note)


def _members(found: Sweep, say: Translator) -> list[Block]:
    """Return the table of members, with the reasons why some have no plan or cannot serve all work."""
    shown = sweep_charts.shown(found)
    scales = {name: sweep_charts.scale(name, float(found.members[name].abs().max()), say) for name in shown}
    columns = (
        Column(say(_("No.")), number=True), Column(say(_("Status"))),
        *(Column(sweep_charts.title(name, say.language), "%", number=True) for name in found.levers),
        *(Column(say(sweep_charts.FIGURE_NAMES[name]), scales[name].unit, number=True) for name in shown),
    )  # fmt: skip
    records: list[dict[Any, Any]] = found.members.to_dict("records")
    lines = tuple(
        Row(
            (
                Cell(str(row["member"])), Cell(say(STATUSES[row['status']])),
                *(figure(float(row[name]), signed=True) for name in found.levers),
                *(figure(float(row[name]) / scales[name].divisor) for name in shown),
            ),
            kind="marked" if row["member"] == 0 else "plain",
        )
        for row in records
    )  # fmt: skip
    blocks: list[Block] = [Table(say(_("Members")), columns, lines, folded=len(lines) > FOLDED, style="wide")]
    without = [row for row in records if row["why"]]
    if without:
        heads = (Column(say(_("No.")), number=True), Column(say(_("Status"))), Column(say(in_context("sweep", "Why"))))
        reasons = tuple(
            Row(
                (
                    Cell(plain(row["member"])),
                    Cell(say(STATUSES[row["status"]])),
                    Cell("\n".join(why(row, say.language))),
                )
            )
            for row in without
        )
        title = (
            _("Members without a plan, and those that cannot serve all")
            if any(row["status"] == "short" for row in without)
            else _("Members without a plan")
        )
        blocks.append(Table(say(title), heads, reasons, folded=len(reasons) > FOLDED, style="remarks"))
    return blocks


def why(row: Mapping[Hashable, Any], language: Language) -> list[str]:
    """Return the lines that say why a member has no plan, or what it cannot serve, in a language."""
    text = row["why"] if language == "en" else row.get("why_zh") or row["why"]
    return [line.strip() for line in str(text).splitlines()]


def in_short(row: Mapping[Hashable, Any], language: Language) -> str:
    """Return the first reason, skipping a heading before it."""
    first, *rest = why(row, language)
    return rest[0] if rest and first.endswith((":", "：")) else first
