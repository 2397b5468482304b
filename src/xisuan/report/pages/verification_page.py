"""Page of a verification: unserved and late work when something fails, cost of the day, the cheapest spare."""

from __future__ import annotations

from typing import Any

import pandas as pd

from xisuan.report import run_inputs, terms, unit_names
from xisuan.report.confidence import certificates
from xisuan.report.document import html_rendering
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.document.entity_names import Names, titled
from xisuan.results.verification import Verification
from xisuan.text.numbers import MISSING, Figures, plain
from xisuan.text.translation import Language, Translator, in_context, unfilled
from xisuan.text.translation import message as _

SURVIVED = {
    "sentence_free": unfilled("With {name} down for a day all that must be served still is, at no extra cost."),
    "sentence_none": unfilled(
        "With {name} down for a day all that must be served still is; the day costs {extra} more."
    ),
    "sentence_less": unfilled(
        "With {name} down for a day all that must be served still is; the day costs {extra} less."
    ),
}

SENTENCES, PLACES = 4, 3
"""Failures that get a sentence, and places that one names."""
UNNOTICED = 1e-3
"""Million CNY of a day that are not worth a figure in a sentence."""


def section(found: Verification, language: Language) -> Section:
    """Return the results of a verification as a section of a page."""
    say, names = Translator(language), Names(found.plan.scenario, language)
    first = found.cases[found.cases["round"] == 0]
    blocks: list[Block] = [
        Text(
            say(
                _(
                    "Each failure is tried twice: by the best operation that is left, which says what nobody can "
                    "serve, and job by job, which says what comes late. The spare is the cheapest that serves all on "
                    "that day."
                )
            ),
            tone="lead",
        )
    ]
    blocks.append(Text(items=tuple(_sentences(found, first, say, names))))
    blocks.append(_cases(first, say(_("Failures of the plan as given")), say, names))
    blocks.append(certificates.of_cases(found.cases, say, lambda row: _down(row, say, names)))
    blocks += [*_places(found, say, names), *_work(found, say, names), *_after(found, say, names)]
    blocks.append(
        Text(
            say(
                _(
                    "Work that may wait longer than a day is put off and not counted on the day; storage is held, "
                    "not run, and its copies are another matter; yearly rules and budgets do not bind on that day. "
                    "Jobs whose run the failure itself ended are counted apart: no spare brings their time back."
                )
            ),
            tone="note",
        )
    )
    return Section("verify", say(_("When something fails")), blocks=tuple(blocks))


def html(found: Verification, language: Language = "en") -> str:
    """Return the page of a verification as one self-contained HTML document."""
    say, given = Translator(language), found.given
    limit = Figures(language).share(float(given["limit"]))
    return html_rendering.rendered(
        language=language,
        say=say,
        title=say(
            _(
                "Does the plan hold? {name}, {period}",
                name=titled(found.plan.scenario.settings, language),
                period=given["period"],
            )
        ),
        subtitle=say(
            _(
                "Each failure lasts a day, the hardest of the plan · up to {limit} of the jobs may be late · "
                "rounds of planning again: {rounds}",
                limit=limit,
                rounds=given["rounds"],
            )
        ),
        badges=[(say(_("holds") if found.holds else _("does not hold")), "good" if found.holds else "bad")],
        sections=[
            section(found, language),
            Section("given", say(_("What was asked")), blocks=(_question_table(found, say),)),
        ],
        footer=say(_("Made by xisuan. All figures are computed from the tables beside this page.")),
    )


GIVEN_SHARES, GIVEN_MONEY = ("limit",), ("first_cost_mcny", "last_cost_mcny")
"""What was asked, or came of it, that is a share and that is money."""


def _question_table(found: Verification, say: Translator) -> Table:
    """Return the question in words."""
    show, rows = Figures(say.language), []
    for key, value in found.given.items():
        if value == "":
            continue
        if key in GIVEN_SHARES:
            text = show.share(float(value))
        elif key in GIVEN_MONEY:
            text = show.money(float(value))
        elif isinstance(value, float):
            text = plain(value)
        else:
            text = say(terms.named(run_inputs.INPUTS, str(value))) if key == "place" else str(value)
        rows.append(Row((Cell(say(terms.named(run_inputs.INPUTS, key))), Cell(text))))
    return Table("", (Column(""), Column("")), tuple(rows), style="pairs")


def _work_name(key: str, say: Translator, names: Names) -> str:
    """Return the name of a workload or of other traffic."""
    return say(_("other traffic")) if key == "traffic" else names.of("workloads", key)


def _why(found: Verification, say: Translator) -> str:
    """Return the reason for the end, a sentence in the language of the page."""
    return f"{found.reason.zh}。" if say.language == "zh" else f"{found.reason.en[:1].upper()}{found.reason.en[1:]}."


def _sentences(found: Verification, first: pd.DataFrame, say: Translator, names: Names) -> list[str]:
    """Return sentences on the failures with the largest loss, and on those without loss if they are few."""
    return [_sentence(found, row, say, names) for row in _worst_first(first).head(SENTENCES).to_dict("records")]


def _worst_first(cases: pd.DataFrame) -> pd.DataFrame:
    """Return the failures among the cases, sorted by unserved work, then cost of the spare, then late jobs."""
    failures = cases[cases["what"] != "nothing"]
    return failures.sort_values(["unserved_share", "spare_mcny", "late_more"], ascending=False, kind="stable")


def _sentence(found: Verification, row: dict[Any, Any], say: Translator, names: Names) -> str:
    show, name = Figures(say.language), names.place(str(row["name"]))
    work = found.work[(found.work["round"] == row["round"]) & (found.work["what"] == row["what"])]
    work = work[(work["name"] == row["name"]) & (work["unserved_share"] > 0) & work["owed"]]
    if not len(work) and not row["why"]:
        said = _served(name, float(row["extra_mcny"]), say)
        late = (
            ""
            if row["holds"]
            else say(
                _("But {share} of a day's jobs are late beyond those late anyway.", share=show.share(row["late_more"]))
            )
        )
        return f"{said}{'' if say.language == 'zh' else ' '}{late}".rstrip()
    worst = work.sort_values("unserved_share", ascending=False).head(1)
    lost = {
        "share": show.share(float(worst["unserved_share"].sum())),
        "workload": _work_name(str(worst["workload"].iloc[0]), say, names) if len(worst) else MISSING,
    }
    why = row["why_zh" if say.language == "zh" else "why"]
    if why and not row["spare_mcny"] > 0.0:
        return say(
            _(
                "With {name} down for a day {share} of {workload} cannot be served, and no spare helps: {why}.",
                name=name,
                why=why,
                **lost,
            )
        )
    what = show.listed(_spots(found, row, show, say, names))
    words = {"name": name, "money": show.money(row["spare_mcny"]), "what": what, **lost}
    return (
        say(
            _(
                "With {name} down for a day {share} of {workload} cannot be served. {money} of spare would serve "
                "what another site can: {what}; but not all: {why}.",
                why=why,
                **words,
            )
        )
        if why
        else say(
            _(
                "With {name} down for a day {share} of {workload} cannot be served. The cheapest spare that "
                "removes it costs {money}: {what}.",
                **words,
            )
        )
    )


def _spots(found: Verification, row: dict[Any, Any], show: Figures, say: Translator, names: Names) -> list[str]:
    """Return the places of the spare of a failure, the dearest first."""
    spare = found.spare[(found.spare["round"] == row["round"]) & (found.spare["name"] == row["name"])]
    by_place = spare.groupby("where")["capex_mcny"].sum().sort_values(ascending=False)
    compute = spare[spare["asset"] == "compute"].groupby("where")["mw"].sum()
    parts = []
    for where in by_place.head(PLACES).index:
        place = names.place(str(where))
        gbps = float(spare.loc[(spare["where"] == where) & (spare["asset"] == "link"), "amount"].sum())
        if gbps > 0:
            parts.append(say(_("{gbps} Gbps on {name}", name=place, gbps=plain(gbps))))
        else:
            parts.append(say(_("{mw} at {name}", name=place, mw=show.mw(float(compute.get(where, 0.0))))))
    if len(by_place) > PLACES:
        parts.append(say(in_context("verify", "{n} more", n=len(by_place) - PLACES)))
    return parts


def _served(name: str, extra: float, say: Translator) -> str:
    """Return a sentence on a failure without loss, and its cost."""
    key = "sentence_free" if abs(extra) < UNNOTICED else "sentence_none" if extra > 0 else "sentence_less"
    return say(_(SURVIVED[key], name=name, extra=Figures(say.language).money(abs(extra))))


def _down(row: dict[Any, Any], say: Translator, names: Names) -> str:
    """Return the name of what is down in a case."""
    return say(_("nothing")) if row["what"] == "nothing" else names.place(str(row["name"]))


def _cases(cases: pd.DataFrame, title: str, say: Translator, names: Names) -> Table:
    show = Figures(say.language)
    cases = pd.concat([cases[cases["what"] == "nothing"], _worst_first(cases)])
    heads = (
        (_("Down for a day"), ""),
        (_("Unserved"), _("worst workload")),
        (_("Late"), _("in a day's jobs")),
        (_("Runs ended"), ""),
        (_("Extra cost"), _("of the day")),
        (_("Cheapest spare"), ""),
        (_("Cheapest spare"), _("capital")),
        (_("Holds"), ""),
    )
    columns = tuple(
        Column(say(head), say(unit) if unit else "", number=0 < at < len(heads) - 1)
        for at, (head, unit) in enumerate(heads)
    )
    rows = []
    for row in cases.to_dict("records"):
        usual = row["what"] == "nothing"
        name = _down(row, say, names)
        extra = 0.0 if abs(row["extra_mcny"]) < UNNOTICED else row["extra_mcny"]
        spare = (show.mw(row["spare_mw"]) if row["spare_mw"] > 0.0 else MISSING,
                 show.money(row["spare_mcny"]) if row["spare_mcny"] > 0.0 else MISSING)  # fmt: skip
        cells = (
            name, show.share(row["unserved_share"]), show.share(row["late_share"] if usual else row["late_more"]),
            plain(row["hits"]), MISSING if usual else show.money(extra) if extra else "0", *spare,
            say(_("yes") if row["holds"] else _("no")),
        )  # fmt: skip
        rows.append(Row(tuple(Cell(cell) for cell in cells), kind="total" if usual else "plain"))
    return Table(
        title,
        columns,
        tuple(rows),
        note=say(
            _(
                "An extra cost below 0: that day costs less to run, as work that is not served uses no power, or "
                "work that moves runs on cheaper power. What the lost work is worth is not in it."
            )
        )
        if cheaper(cases)
        else "",
    )


def cheaper(cases: pd.DataFrame) -> bool:
    """Return True if a day with something down costs less to run than usual."""
    return bool((cases["extra_mcny"] <= -UNNOTICED).any())


def _places(found: Verification, say: Translator, names: Names) -> list[Block]:
    """Return the spare that each failure of the given plan needs."""
    show = Figures(say.language)
    spare = found.spare[found.spare["round"] == 0]
    if not len(spare):
        return []
    heads = (_("Down for a day"), _("Place"), in_context("verify", "What"), _("Amount"))
    columns = (*(Column(say(head)) for head in heads), Column("MW", number=True))
    columns = (*columns, Column(say(_("Capital")), number=True))
    rows = []
    for row in spare.sort_values(["name", "capex_mcny"], ascending=[True, False]).to_dict("records"):
        name = str(row["technology"])
        what = names.of("technologies", name) if name else say(terms.named(terms.ASSETS, str(row["asset"])))
        cells = (
            names.place(str(row["name"])), names.place(str(row["where"])), what,
            f"{plain(row['amount'])} {say(terms.named(unit_names.AMOUNTS, str(row['unit'])))}",
            _mw(row["mw"]), show.money(row["capex_mcny"]),
        )  # fmt: skip
        rows.append(Row(tuple(Cell(cell) for cell in cells)))
    return [Table(say(_("The spare, by place")), columns, tuple(rows), folded=len(rows) > 12)]


def _work(found: Verification, say: Translator, names: Names) -> list[Block]:
    """Unserved and late work of each failure that takes something away."""
    show = Figures(say.language)
    work = found.work[(found.work["round"] == 0) & (found.work["what"] != "nothing")]
    work = work[(work["unserved_share"] > 0) | (work["late_more"] > 1e-3)]
    if not len(work):
        return []
    heads = (
        (_("Down for a day"), ""),
        (_("Workload"), ""),
        (_("Unserved"), _("unit-hours")),
        (_("Unserved"), _("share")),
        (_("Late"), _("in a day's jobs")),
    )
    columns = tuple(
        Column(say(head), say(unit) if unit else "", number=at > 1) for at, (head, unit) in enumerate(heads)
    )
    rows = tuple(
        Row(tuple(Cell(cell) for cell in (
            names.place(str(row["name"])), _work_name(str(row["workload"]), say, names), plain(row["unserved_unit_hours"]),
            show.share(row["unserved_share"]), show.share(row["late_more"]),
        )))
        for row in work.to_dict("records")
    )  # fmt: skip
    return [Table(say(_("Unserved and late by workload")), columns, rows, folded=len(rows) > 12)]


def _after(found: Verification, say: Translator, names: Names) -> list[Block]:
    """Return the result of planning again."""
    show, rounds = Figures(say.language), int(found.given["rounds"])
    verdict = say(_("holds") if found.holds else _("does not hold"))
    if rounds == 0:
        return [
            Text(say(_("No other plan came of it; the plan {verdict}.", verdict=verdict))),
            Text(_why(found, say), tone="note"),
        ]
    more = float(found.given["last_cost_mcny"]) - float(found.given["first_cost_mcny"])
    values = {"rounds": rounds, "verdict": verdict, "more": show.money(more)}
    blocks: list[Block] = [
        Text(
            say(
                _(
                    "Planned again (rounds: {rounds}), the plan {verdict}. It costs {more} more over the horizon.",
                    **values,
                )
            )
        ),
        Text(_why(found, say), tone="note"),
    ]
    last = found.cases[found.cases["round"] == rounds]
    if len(last):
        blocks.append(_cases(last, say(_("Failures of the last plan")), say, names))
    blocks += _largest_requests(found, say, names)
    heads = (_("Place"), in_context("verify", "What"))
    columns = (*(Column(say(head)) for head in heads), Column("MW", number=True))
    columns = (*columns, Column(say(_("Capital")), number=True))
    rows = tuple(
        Row(tuple(Cell(cell) for cell in (
            names.place(str(row["where"])), say(terms.named(terms.ASSETS, str(row["asset"]))), _mw(row["mw"]),
            show.money(row["capex_mcny"]),
        )))
        for row in found.added.sort_values("capex_mcny", ascending=False).to_dict("records")
    )  # fmt: skip
    return (
        [*blocks, Table(say(_("What the last plan orders more than the first")), columns, rows, folded=len(rows) > 12)]
        if rows
        else blocks
    )


def _largest_requests(found: Verification, say: Translator, names: Names) -> list[Block]:
    """Return the largest requirements of all rounds."""
    asked = found.asked.groupby(["rule", "where", "technology"], sort=False)["value"].max().reset_index()
    if not len(asked):
        return []
    kinds = found.plan.scenario["technologies"]
    units = dict(zip(kinds["technology"].astype(str), kinds["unit"].astype(str), strict=True))
    rows = []
    for row in asked.to_dict("records"):
        place, kind, value = names.place(str(row["where"])), str(row["technology"]), float(row["value"])
        if row["rule"] == "site_reserve_min":
            cells = (say(_("every site")), say(_("free in every hour")), Figures(say.language).share(value))
        elif row["rule"] == "min_gbps":
            cells = (place, say(terms.named(terms.ASSETS, "link")), f"{plain(value)} Gbps")
        else:
            unit = say(terms.named(unit_names.AMOUNTS, units.get(kind, "") or "units"))
            cells = (place, names.of("technologies", kind), f"{plain(value)} {unit}")
        rows.append(Row(tuple(map(Cell, cells))))
    columns = (
        Column(say(_("Place"))),
        Column(say(in_context("verify", "What"))),
        Column(say(_("At least")), number=True),
    )
    return [Table(say(_("What the last plan was asked to have at least")), columns, tuple(rows), folded=len(rows) > 12)]


def _mw(value: float) -> str:
    """IT power, where there is any: a link has none."""
    return plain(value) if value > 0.0 or value < 0.0 else MISSING
