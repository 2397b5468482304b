"""The page of a two-stage plan: what it costs, what knowing would be worth, the futures, and what to order now.

Of a plan that was tried, the report of its likeliest future follows.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from xisuan.report.document import html_rendering
from xisuan.report.document.blocks import Cell, Column, Key, Keys, Row, Section, Table, Text
from xisuan.report.document.entity_names import Names, titled
from xisuan.report.document.number_cells import figure, percent
from xisuan.report.pages import single_future_page
from xisuan.report.pages.sweep_page import counted, lever
from xisuan.report.words import LANGUAGES, Words
from xisuan.results.summaries.build_frequency import BUILT, ROBUST
from xisuan.results.two_stage import Future, TwoStage
from xisuan.results.two_stage_run import TwoStageRun
from xisuan.scenario import chinese
from xisuan.scenario.schema.provenance_tables import LEVERS
from xisuan.text.numbers import Figures, money_scale
from xisuan.text.translation import Language

PAGE = "members.html"
NOTHING = 2.0
"""Gaps of the proof below which a difference of expected costs is none: each of the two is known to one."""
OWN = single_future_page.VERIFIED + 1
"""Number of the first section of its own, behind those of the report, which refer to one another."""
GAP = 1e-6
"""The gap of a plan that is proven better than it was asked to be."""


def write(found: TwoStage, folder: Path, language: Language = "en") -> None:
    """The page in the language asked as members.html, and in the other beside it."""
    for other in LANGUAGES:
        name = PAGE if other == language else PAGE.replace(".", f".{other}.")
        (folder / name).write_text(html(found, other), encoding="utf-8")


def html(found: TwoStage, language: Language = "en", made: Sequence[Section] | None = None) -> str:
    """The page as one HTML document that needs nothing else. `made`: its `sections`, or those of a run (`run_sections`)."""
    say = Words(language)
    holds, proven = found.certificate is not None and found.certificate.ok, math.isfinite(_gap(found))
    kept = (say("members.holds"), "good") if proven else (say("members.holds_unproven"), "plain")
    settings = found.scenario.settings
    until = "members.subtitle" if found.first == settings.periods[0] else "members.subtitle_until"
    return html_rendering.rendered(
        language=language, say=say,
        title=say("members.page_title", name=titled(settings, language), count=len(found.members)),
        subtitle=say(until, first=found.first, hours=say.hours_of(settings.hours)),
        badges=[kept if holds else (say("members.fails"), "bad")],
        sections=made or sections(found, language), footer=say("members.footer"),
    )  # fmt: skip


def sections(found: TwoStage, language: Language) -> tuple[Section, ...]:
    """Sentences, the futures, and what is built."""
    say, tables = Words(language), found.tables
    lead = Text(items=tuple(sentences(found, language)), tone="lead")
    blocks = (_keys(found, tables["frequency"], language), lead, _futures(found, tables["members"], say))
    out = [Section("members", say("members.title"), blocks=blocks)]
    if len(tables["frequency"]):
        block = _builds(found, tables["frequency"], say, Names(found.scenario, language))
        out.append(Section("frequency", say("members.builds"), blocks=(block,)))
    return tuple(out)


def _keys(found: TwoStage, frequency: pd.DataFrame, language: Language) -> Keys:
    """What is expected, what knowing and what planning for all are worth, and how much is robust, in big numbers."""
    say, unit = Words(language), money_scale(language, abs(found.objective))
    worth = {
        "expected": found.objective,
        "knowing_key": found.perfect_information,
        "mean_key": found.stochastic_solution,
    }
    known = {name: value for name, value in worth.items() if math.isfinite(value)}
    money = {name: value if name == "expected" or tells(found, value) else 0.0 for name, value in known.items()}
    keys = [Key(figure(value / unit.divisor).text, unit.unit, say(f"members.{name}")) for name, value in money.items()]
    counts = f"{int(frequency['robust'].sum())} / {len(frequency)}"
    return Keys((*keys, Key(counts, "", say("members.robust_key"))))


def run_sections(tried: TwoStageRun, language: Language) -> tuple[Section, ...]:
    """Sections of the plan for all futures, then those of the report on the plan in the likeliest, each with its number."""
    found, say, show = tried.found, Words(language), Figures(language)
    one = found.likeliest
    own = (dataclasses.replace(section, number=number) for number, section in enumerate(sections(found, language), OWN))
    lead = say(
        "members.from_here",
        member=called(found, one.name, language),
        share=show.given(one.probability),
        first=found.first,
    )
    first, *others = single_future_page.sections(tried.likeliest, language)
    return (*own, dataclasses.replace(first, lead=lead), *others)


def sentences(found: TwoStage, language: Language) -> list[str]:
    """What the plan costs, what knowing and what planning for all are worth, and how much is robust."""
    say, show = Words(language), Figures(language)
    costs = [one.plan.objective for one in found.members]
    whole = abs(found.objective)
    ends = {"least": show.money(min(costs)), "most": show.money(max(costs))}
    said = [
        say("members.cost", cost=show.money(found.objective), **ends),
        say("members.proven", gap=show.most(max(_gap(found), 0.0)))
        if math.isfinite(_gap(found))
        else say("members.unproven"),
    ]
    less, more = found.perfect_information, found.stochastic_solution
    if tells(found, less):
        said.append(say("members.knowing", less=show.money(less), share=show.share(less / whole)))
    else:
        said.append(say("members.knowing_nothing"))
    if math.isnan(more):
        said.append(say("members.mean_unknown", why=_words(found.mean_why, language)))
    elif not math.isfinite(more):
        lost = [called(found, one.name, language) for one in found.members if one.mean_mcny == math.inf]
        said.append(say("members.mean_impossible", members=show.listed(lost)))
    elif tells(found, more):
        said.append(say("members.mean", more=show.money(more), share=show.share(more / whole)))
    else:
        said.append(say("members.mean_nothing"))
    frequency = found.tables["frequency"]
    numbers = {"robust": int(frequency["robust"].sum()), "built": len(frequency), "share": show.given(ROBUST)}
    said.append(say("members.robust", **numbers) if len(frequency) else say("members.nothing_built"))
    return said


def _words(reason: str, language: Language) -> str:
    """What the solver said, on one line and in a language."""
    text = " ".join(reason.split())
    return chinese.twins()(text) if language == "zh" else text


def _gap(found: TwoStage) -> float:
    """What the certificate leaves open, infinite where it proves nothing."""
    return math.inf if found.certificate is None else found.certificate.gap(found.objective)


def tells(found: TwoStage, difference: float) -> bool:
    """Whether a difference of expected costs is more than what the proofs of this plan and of those who know leave open."""
    known = sum(one.probability * one.alone.gap for one in found.members)
    return difference > NOTHING * max(found.gap, known, GAP) * abs(found.objective)


def _open(found: TwoStage, one: Future) -> float:
    """How much the proofs leave open of what a future costs more than its own plan."""
    here = max(found.gap, GAP) * abs(found.objective) / one.probability
    return NOTHING * (here + max(one.alone.gap, GAP) * abs(one.alone.objective))


def called(found: TwoStage, member: str, language: Language) -> str:
    """What people call a future: its title, or else its name."""
    row = found.scenario["members"].set_index("member").loc[member]
    return str((row["title_zh"] if language == "zh" else "") or row["title"] or member)


def _futures(found: TwoStage, members: pd.DataFrame, say: Words) -> Table:
    """A row a future: how likely, what it moves, what it costs."""
    given = found.scenario["members"].set_index("member")
    moved = [name for name in LEVERS if (given[name] != 0.0).any()]
    unit = money_scale(say.language, float(members["cost_mcny"].abs().max()))
    columns = (
        Column(say("members.member")), Column(say("members.probability"), "%", number=True),
        *(Column(lever(name, say.language), "%", number=True) for name in moved),
        *(Column(say(f"members.{name}"), unit.unit, number=True) for name in ("here", "alone", "regret", "after_mean")),
    )  # fmt: skip
    why = {math.inf: say("members.no_plan")}
    rows = []
    for one, row in zip(found.members, members.to_dict("records"), strict=True):
        regret = float(row["regret_mcny"])
        row["regret_mcny"] = 0.0 if abs(regret) <= _open(found, one) else regret
        money = [figure(float(row[name]) / unit.divisor) for name in ("cost_mcny", "alone_mcny", "regret_mcny")]
        after = figure(float(row["mean_mcny"]) / unit.divisor, why=why.get(one.mean_mcny, say("members.not_told")))
        moves = (figure(float(given[name][one.name]), signed=True) for name in moved)
        rows.append(Row((Cell(called(found, one.name, say.language)), percent(one.probability), *moves, *money, after)))
    note = say("members.futures_note", first=found.first)
    return Table(say("members.futures"), columns, tuple(rows), note=note, style="wide")


def _builds(found: TwoStage, frequency: pd.DataFrame, say: Words, names: Names) -> Table:
    """What is ordered now, and how often each thing is built by who knows."""
    show = Figures(say.language)
    columns = (
        Column(say("sweep.what")), Column(say("sweep.where")), Column(say("members.now"), number=True),
        Column(say("sweep.share"), "%", number=True),
        *(Column(say(f"sweep.{end}"), number=True) for end in ("least", "mean", "most")), Column(say("sweep.verdict")),
    )  # fmt: skip
    rows = []
    for row in frequency.to_dict("records"):
        cells = (
            Cell(counted(row, say, names)), Cell(names.place(str(row["where"]))),
            figure(float(row["now"])), percent(float(row["share"]), 0),
            *(figure(float(row[end])) for end in ("least", "mean", "most")),
            Cell(say("sweep.yes"), colour="full") if row["robust"] else Cell(""),
        )  # fmt: skip
        rows.append(Row(cells))
    note = say("members.builds_note", first=found.first, built=show.given(BUILT), robust=show.given(ROBUST))
    return Table("", columns, tuple(rows), note=note)
