"""The page of a two-stage plan: what it costs, what knowing would be worth, the futures, and what to order now.

Of a plan that was tried, the report of its likeliest future follows.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from xisuan.report import terms
from xisuan.report.document import html_rendering
from xisuan.report.document.blocks import Cell, Column, Key, Keys, Row, Section, Table, Text
from xisuan.report.document.entity_names import Names, titled
from xisuan.report.document.number_cells import figure, percent
from xisuan.report.pages import single_future_page
from xisuan.report.pages.sweep_page import counted, lever
from xisuan.results.summaries.build_frequency import BUILT, ROBUST
from xisuan.results.two_stage import Future, TwoStage
from xisuan.results.two_stage_run import TwoStageRun
from xisuan.scenario.schema.provenance_tables import LEVERS
from xisuan.text.numbers import Figures, money_scale
from xisuan.text.translation import LANGUAGES, Language, Translator, in_context, unfilled
from xisuan.text.translation import message as _

FIGURES = {
    "expected": _("expected cost, discounted"),
    "knowing_key": _("at most worth paying to know the future first"),
    "mean_key": _("saved by planning for all futures, not for their mean"),
    "here": _("Cost of this plan"),
    "alone": _("Cost if it were known"),
    "regret": _("Cost of not knowing"),
    "after_mean": _("Cost after orders for the mean"),
}

ENDS = {
    "least": in_context("sweep", "Least"),
    "mean": _("Mean"),
    "most": in_context("sweep", "Most"),
}

PAGE = "members.html"
NOTHING = 2.0
"""Number of gaps of the proof up to which a difference of expected costs is not shown: each of the two is known to one."""
GAP = 1e-6
"""The gap of a plan that is proven better than it was asked to be."""


def write(found: TwoStage, folder: Path, language: Language = "en") -> None:
    """Write members.html in `language`, and the page in the other language into the same folder."""
    names = {other: PAGE if other == language else PAGE.replace(".", f".{other}.") for other in LANGUAGES}
    for mine, name in names.items():
        (beside,) = (names[other] for other in LANGUAGES if other != mine)
        (folder / name).write_text(html(found, mine, beside=beside), encoding="utf-8")


def html(found: TwoStage, language: Language = "en", made: Sequence[Section] | None = None, *, beside: str = "") -> str:
    """Return the page as one self-contained HTML document.

    `made`: its sections, or those of a run (`run_sections`). `beside`: file name of the page in the other language, next
    to this one; blank: there is none.
    """
    say = Translator(language)
    holds, proven = found.certificate is not None and found.certificate.ok, math.isfinite(_gap(found))
    kept = (
        (say(_("certificate holds")), "good")
        if proven
        else (say(_("certificate holds, no lower bound proven")), "plain")
    )
    settings = found.scenario.settings
    until = (
        unfilled("orders of {first} are the same in all futures · hours: {hours}")
        if found.first == settings.periods[0]
        else unfilled("orders up to {first} are the same in all futures · hours: {hours}")
    )
    return html_rendering.rendered(
        language=language,
        say=say,
        title=say(_("{name}: one plan for {count} futures", name=titled(settings, language), count=len(found.members))),
        subtitle=say(_(until, first=found.first, hours=say(terms.hours_of(settings.hours)))),
        badges=[kept if holds else (say(_("certificate does not hold")), "bad")],
        sections=made or sections(found, language),
        other_language=beside,
        footer=say(
            _(
                "Made by xisuan. Every future has a folder of its own beside this page, with a plan that report, "
                "operate and simulate take."
            )
        ),
    )


def sections(found: TwoStage, language: Language) -> tuple[Section, ...]:
    """Return the sections of the page: sentences, the futures, and the builds."""
    say, tables = Translator(language), found.tables
    lead = Text(items=tuple(sentences(found, language)), tone="lead")
    blocks = (_keys(found, tables["frequency"], language), lead, _futures(found, tables["members"], say))
    out = [Section("members", say(_("One plan for several futures")), blocks=blocks)]
    if len(tables["frequency"]):
        block = _builds(found, tables["frequency"], say, Names(found.scenario, language))
        out.append(Section("frequency", say(_("What to order now, and what is built in any case")), blocks=(block,)))
    return tuple(out)


def _keys(found: TwoStage, frequency: pd.DataFrame, language: Language) -> Keys:
    """Return the expected cost, the worth of knowing and of planning for all, and the robust builds, in big numbers."""
    say, unit = Translator(language), money_scale(language, abs(found.objective))
    worth = {
        "expected": found.expected_cost,
        "knowing_key": found.perfect_information,
        "mean_key": found.stochastic_solution,
    }
    known = {name: value for name, value in worth.items() if math.isfinite(value)}
    money = {name: value if name == "expected" or tells(found, value) else 0.0 for name, value in known.items()}
    keys = [Key(figure(value / unit.divisor).text, unit.unit, say(FIGURES[name])) for name, value in money.items()]
    counts = f"{int(frequency['robust'].sum())} / {len(frequency)}"
    return Keys((*keys, Key(counts, "", say(_("of the things built are built in any case")))))


def run_sections(tried: TwoStageRun, language: Language) -> tuple[Section, ...]:
    """Sections of the plan for all futures, then those of the report on the plan in the likeliest, each with its number."""
    found, say, show = tried.found, Translator(language), Figures(language)
    one = found.likeliest
    own = sections(found, language)
    lead = say(
        _(
            "From here on the report is of this plan in one future, the likeliest: {member} ({share}). What "
            "it orders in {first} is the same in every other; all else on these pages would be otherwise "
            "there. Prices of limits are those of this future alone, and the gap at the end is what not "
            "knowing costs in it.",
            member=called(found, one.name, language),
            share=show.given(one.probability),
            first=found.first,
        )
    )
    first, *others = single_future_page.sections(tried.likeliest, language)
    annex = tuple(section for section in others if section.is_annex)
    chapters = (*own, dataclasses.replace(first, lead=lead), *(part for part in others if not part.is_annex))
    numbered = (dataclasses.replace(section, number=number) for number, section in enumerate(chapters, 1))
    return (*numbered, *annex)


def sentences(found: TwoStage, language: Language) -> list[str]:
    """Return the cost of the plan, the worth of knowing and of planning for all, and the robust builds."""
    say = Translator(language)
    return [*_costs(found, say), _knowing(found, say), _planning_for_the_mean(found, say), _how_robust(found, say)]


def _costs(found: TwoStage, say: Translator) -> list[str]:
    """Say what the plan is expected to cost, and how far that is proven."""
    show = Figures(say.language)
    costs = [one.plan.objective for one in found.members]
    ends = {"least": show.money(min(costs)), "most": show.money(max(costs))}
    return [
        say(
            _(
                "It is expected to cost {cost}, discounted: {least} in the cheapest future, {most} in the dearest.",
                cost=show.money(found.expected_cost),
                **ends,
            )
        ),
        *_risk(found, say),
        say(
            _(
                "It is proven that no plan with the same first orders in all futures is expected to cost more than "
                "{gap} less.",
                gap=show.most(max(_gap(found), GAP)),
            )
            if not found.scenario.settings.risk.weight
            else _(
                "It is proven that no plan with the same first orders in all futures has a sum that is more than "
                "{gap} lower.",
                gap=show.most(max(_gap(found), GAP)),
            )
        )
        if math.isfinite(_gap(found))
        else say(_("No lower bound is proven: that no such plan is expected to cost less is the solver's word alone.")),
    ]


def _risk(found: TwoStage, say: Translator) -> list[str]:
    """Say what the dearest futures cost, and how much they count, if the plan minds risk."""
    show, risk = Figures(say.language), found.scenario.settings.risk
    if not risk.weight:
        return []
    return [
        say(
            _(
                "In the dearest {tail} of futures, by probability, it costs {cvar} on average (conditional value at risk). "
                "The plan minimises {kept} of the expected cost plus {weight} of that: {sum}. What knowing and planning "
                "for all futures are worth is measured by the same sum.",
                tail=show.given(1.0 - risk.level),
                cvar=show.money(found.cvar),
                kept=show.given(1.0 - risk.weight),
                weight=show.given(risk.weight),
                sum=show.money(found.objective),
            )
        )
    ]


def _knowing(found: TwoStage, say: Translator) -> str:
    """Say what it is worth to know the future before ordering."""
    show = Figures(say.language)
    less = found.perfect_information
    if tells(found, less):
        return say(
            _(
                "Who knew the future before ordering would expect to pay {less} less ({share}): so much, at "
                "most, is it worth to find out (expected value of perfect information).",
                less=show.money(less),
                share=show.share(less / abs(found.objective)),
            )
        )
    return say(_("Knowing the future before ordering would be worth nothing (less than the proof can tell)."))


def _planning_for_the_mean(found: TwoStage, say: Translator) -> str:
    """Say what it is worth to plan for all futures instead of their mean."""
    show, more = Figures(say.language), found.stochastic_solution
    if math.isnan(more):
        return say(
            _(
                "What planning for the mean of the futures alone would cost is not known, for the solver did not "
                "finish it: {why}",
                why=" ".join(found.mean_why.split()),
            )
        )
    if not math.isfinite(more):
        lost = [called(found, one.name, say.language) for one in found.members if one.mean_mcny == math.inf]
        return say(
            _(
                "Who planned for the mean of the futures alone would be left without any plan in {members}.",
                members=show.listed(lost),
            )
        )
    if tells(found, more):
        return say(
            _(
                "Who planned for the mean of the futures alone would expect to pay {more} more ({share}): so "
                "much is it worth to plan for all of them (value of the stochastic solution).",
                more=show.money(more),
                share=show.share(more / abs(found.objective)),
            )
        )
    return say(_("Planning for the mean of the futures alone would cost no more (less than the proof can tell)."))


def _how_robust(found: TwoStage, say: Translator) -> str:
    """Say how many of the things that are built in any future are robust."""
    show = Figures(say.language)
    frequency = found.tables["frequency"]
    numbers = {"robust": int(frequency["robust"].sum()), "built": len(frequency), "share": show.given(ROBUST)}
    return (
        say(
            _(
                "{robust} of {built} things that anyone builds who knows the future are built in futures whose "
                "probabilities add up to {share} or more: those are robust.",
                **numbers,
            )
        )
        if len(frequency)
        else say(_("Nothing is built in any future."))
    )


def _gap(found: TwoStage) -> float:
    """Return the gap that the certificate leaves open, infinite where it proves nothing."""
    return math.inf if found.certificate is None else found.certificate.gap(found.objective)


def tells(found: TwoStage, difference: float) -> bool:
    """Return True if a difference of expected costs exceeds the gaps of this plan's proof and of those who know."""
    known = sum(weight * one.alone.gap for one, weight in zip(found.members, found.weights, strict=True))
    return difference > NOTHING * max(found.gap, known, GAP) * abs(found.objective)


def _open(found: TwoStage, one: Future, weight: float) -> float:
    """Return the gap that the proofs leave open in the extra cost of a future over its own plan.

    weight: part of the cost of the future in the objective.
    """
    here = max(found.gap, GAP) * abs(found.objective) / weight
    return NOTHING * (here + max(one.alone.gap, GAP) * abs(one.alone.objective))


def called(found: TwoStage, member: str, language: Language) -> str:
    """Return the name of a future: its title, or else its name."""
    row = found.scenario["members"].set_index("member").loc[member]
    return str((row["title_zh"] if language == "zh" else "") or row["title"] or member)


def _futures(found: TwoStage, members: pd.DataFrame, say: Translator) -> Table:
    """Return the table of futures: probability, levers, cost."""
    given = found.scenario["members"].set_index("member")
    moved = [name for name in LEVERS if (given[name] != 0.0).any()]
    replaced = found.scenario["member_values"]["member"].value_counts()
    unit = money_scale(say.language, float(members["cost_mcny"].abs().max()))
    columns = (
        Column(say(_("Future"))), Column(say(_("Probability")), "%", number=True),
        *(Column(lever(name, say.language), "%", number=True) for name in moved),
        *([Column(say(_("Values of its own")), number=True)] if len(replaced) else []),
        *(Column(say(FIGURES[name]), unit.unit, number=True) for name in ("here", "alone", "regret", "after_mean")),
    )  # fmt: skip
    why = {math.inf: say(_("the orders for the mean leave no plan in this future"))}
    rows = []
    for one, weight, row in zip(found.members, found.weights, members.to_dict("records"), strict=True):
        regret = float(row["regret_mcny"])
        row["regret_mcny"] = 0.0 if abs(regret) <= _open(found, one, weight) else regret
        money = [figure(float(row[name]) / unit.divisor) for name in ("cost_mcny", "alone_mcny", "regret_mcny")]
        after = figure(
            float(row["mean_mcny"]) / unit.divisor,
            why=why.get(
                one.mean_mcny, say(_("the solver did not tell what the orders for the mean cost in this future"))
            ),
        )
        moves = (figure(float(given[name][one.name]), signed=True) for name in moved)
        own = [figure(float(replaced.get(one.name, 0)))] if len(replaced) else []
        head = (Cell(called(found, one.name, say.language)), percent(one.probability))
        rows.append(Row((*head, *moves, *own, *money, after)))
    note = say(
        _(
            "Costs are discounted over the horizon. In each future the orders of {first} are those of this "
            "plan; all later orders and all operation follow the future. Probabilities and ranges that are "
            "estimates say so in the table members.",
            first=found.first,
        )
    )
    return Table(say(_("The futures")), columns, tuple(rows), note=note, style="wide")


def _builds(found: TwoStage, frequency: pd.DataFrame, say: Translator, names: Names) -> Table:
    """Return the orders of today, and how often each thing is built by those who know."""
    show = Figures(say.language)
    columns = (
        Column(say(_("What"))), Column(say(_("Where"))), Column(say(_("Ordered now")), number=True),
        Column(say(_("Built in")), "%", number=True),
        *(Column(say(ENDS[end]), number=True) for end in ("least", "mean", "most")), Column(say(_("Robust"))),
    )  # fmt: skip
    rows = []
    for row in frequency.to_dict("records"):
        cells = (
            Cell(counted(row, say, names)), Cell(names.place(str(row["where"]))),
            figure(float(row["now"])), percent(float(row["share"]), 0),
            *(figure(float(row[end])) for end in ("least", "mean", "most")),
            Cell(say(_("robust")), colour="full") if row["robust"] else Cell(""),
        )  # fmt: skip
        rows.append(Row(cells))
    note = say(
        _(
            "Ordered now: by this plan, in {first}. Built in: probability of the futures in which who knows "
            "them builds it, at least {built} of the most that is built of it in any; robust from {robust} "
            "on. Least, mean and most: amounts of those who know, over all periods.",
            first=found.first,
            built=show.given(BUILT),
            robust=show.given(ROBUST),
        )
    )
    return Table("", columns, tuple(rows), note=note)
