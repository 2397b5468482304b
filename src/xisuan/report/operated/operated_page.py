"""Page of an operated plan: its cost compared with the plan's expectation, its hardest week, the year, shortfall."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xisuan import units
from xisuan.report import constraint_names, run_context, run_measures, terms
from xisuan.report.confidence import certificates, stress_test
from xisuan.report.confidence.plan_proof import effort_rows
from xisuan.report.document import html_rendering
from xisuan.report.document.blocks import Block, Key, Keys, Section, Text
from xisuan.report.document.entity_names import titled
from xisuan.report.document.number_cells import figure
from xisuan.report.operated import expected_and_operated, hardest_week_charts, year_heatmap
from xisuan.report.operated.operated_case import Operated
from xisuan.report.operation import rolling_cost, typical_week
from xisuan.results.plan import Plan
from xisuan.results.schedule import Schedule
from xisuan.text.translation import LANGUAGES, Language, unfilled
from xisuan.text.translation import message as _

PAGE = "operate.html"
SAME = 1e-3
"""Share of the cost below which a difference is not worth a sentence."""
ROUNDING = 1e-9
"""Gap below which a cost and its bound are one number: no more digits of it are said."""

EXACT = unfilled(
    "It proves, without the solver, that no operation of these capacities costs less than {bound}, which is what this one "
    "costs, to the last digit that is computed."
)
PROVEN = unfilled(
    "It proves, without the solver, that no operation of these capacities costs less than {bound}: a gap of {gap}."
)
"""Sentences on the bound that the certificate proves."""


def write(found: Schedule, plan: Plan, folder: Path, language: Language = "en") -> None:
    """Write operate.html in `language`, and the page in the other language into the same folder."""
    made = Operated(found, plan, "en")
    for other in LANGUAGES:
        name = PAGE if other == language else PAGE.replace(".", f".{other}.")
        (folder / name).write_text(_html(made.told(other)), encoding="utf-8")


def html(found: Schedule, plan: Plan, language: Language = "en") -> str:
    """Return the page as one self-contained HTML document."""
    return _html(Operated(found, plan, language))


def _html(one: Operated) -> str:
    say, found = one.context.say, one.found
    settings = found.scenario.settings
    certificate = found.certificate
    status = say(terms.named(terms.STATUSES, found.status))
    badges = [(status, "good" if found.status == "optimal" else "bad")]
    if certificate is not None:
        badges.append((say(_("certified")), "good") if certificate.ok else (say(_("certificate refused")), "bad"))
    return html_rendering.rendered(
        language=say.language,
        say=say,
        title=say(_("{name}: a plan in operation", name=titled(settings, say.language))),
        subtitle=say(
            _("{span} · operated on {hours}", span=one.context.span, hours=stress_test.hours_tried(one.context, found))
        ),
        badges=badges,
        sections=sections(one),
        footer=say(_("Made by xisuan. The tables behind this page lie beside it as Parquet files.")),
    )


def sections(one: Operated) -> tuple[Section, ...]:
    """Return the sections: cost and service, the hardest week, the year, shortfall, differences, certificate."""
    made = (
        _overview(one),
        hardest_week_charts.section(one),
        year_heatmap.section(one.of_period, one.power, one.week),
        _short(one),
        expected_and_operated.section(one),
    )
    return (*(section for section in made if section is not None), _proof(one))


# --- at a glance -----------------------------------------------------------------------------------------------------


def _overview(one: Operated) -> Section:
    say, show, found = one.context.say, one.context.show, one.found
    unit = one.context.money
    keys = [
        Key(
            figure(one.paid_mcny / unit.divisor).text,
            unit.unit,
            say(_("operating cost over the horizon, discounted, without penalties")),
        )
    ]
    expected = one.expected_mcny
    if expected > 0.0:
        change = one.paid_mcny / expected - 1.0
        keys.append(Key(figure(100.0 * change, 1, signed=True).text, "%", say(_("against what the plan expected"))))
    short = _worst(found)
    keys.append(
        Key(
            show.share(float(short["share"])) if short is not None else "0",
            "",
            say(_("largest shortfall of a workload in a region")),
        )
    )
    if one.week is not None and not math.isnan(one.week.share):
        keys.append(
            Key(
                show.share(one.week.share),
                "",
                say(_("of {of} at work in the fullest hour", of=say(terms.named(terms.CLASSES, one.week.of)))),
            )
        )
    return Section(
        "operated",
        say(_("What the operation costs and serves")),
        blocks=(Keys(tuple(keys)), Text(items=tuple(sentences(one)), tone="lead")),
    )


def _worst(found: Schedule) -> dict[str, Any] | None:
    """Return the row of the largest shortfall; None if all work is served."""
    short = found.tables["shortfall"]
    short = short[short["share"] > run_context.LEAST_SHARE].sort_values("share", ascending=False, kind="stable")
    return run_measures.records(short.head(1))[0] if len(short) else None


def sentences(one: Operated) -> Iterator[str]:
    """Return the sentences: service, cost beside the plan, the hardest week, the proof."""
    yield _service(one)
    yield from _costs(one)
    yield from _not_knowing(one)
    yield from _hardest_week(one)
    yield from _bound(one)


def _service(one: Operated) -> str:
    """Say whether all is served, else the largest shortfall."""
    say, show = one.context.say, one.context.show
    worst = _worst(one.found)
    if worst is None:
        return say(_("All work is served in every hour, and all other traffic is carried."))
    return say(
        _(
            "Not all is served: the largest shortfall is {share} of {workload} from {region} in {period}. "
            "The tables below have all of them.",
            share=show.share(float(worst["share"])),
            period=worst["period"],
            workload=run_context.workload_name(one.context, str(worst["workload"])),
            region=run_context.region_name(one.context, str(worst["region"])),
        )
    )


def _costs(one: Operated) -> Iterator[str]:
    """Compare the cost with what the plan expected, and name the penalties on top."""
    say, show, found = one.context.say, one.context.show, one.found
    expected, cost = one.expected_mcny, one.paid_mcny
    more = cost - expected
    sums = {"cost": show.money(cost), "expected": show.money(expected), "by": show.money(abs(more))}
    if expected > 0.0 and abs(more) > max(SAME * expected, one.left_open):
        yield say(
            _(
                unfilled(
                    "It costs {cost}, discounted over the horizon: {by} or {share} more than the {expected} that the "
                    "plan expected of its own hours."
                )
                if more > 0
                else unfilled(
                    "It costs {cost}, discounted over the horizon: {by} or {share} less than the {expected} that the "
                    "plan expected of its own hours."
                ),
                share=show.share(abs(more) / expected),
                **sums,
            )
        )
    else:
        yield say(_("It costs {cost}, discounted over the horizon, as the plan expected.", **sums))
    if one.penalised:
        yield say(
            _(
                "Penalties come on top: {penalty} for what is not served and for yearly rules that are exceeded, "
                "at the prices that the scenario sets.",
                penalty=show.money(found.penalty_mcny),
            )
        )


def _not_knowing(one: Operated) -> Iterator[str]:
    """Say what a rolling horizon costs beside a schedule that knows all hours."""
    if one.found.foresight is not None:
        yield rolling_cost.sentence(one.context, one.found)


def _hardest_week(one: Operated) -> Iterator[str]:
    """Describe the hardest week of a year."""
    say, show, week = one.context.say, one.context.show, one.week
    if week is not None:
        first = typical_week.date_of(one.of_period, (week.number - 1) * units.HOURS_PER_WEEK)
        words = {"number": week.number, "period": week.period, "first": first}
        if week.unserved > 0.0:
            yield say(
                _(
                    "The hardest week is week {number} of {period}, from {first}: {amount} unit-hours are not served "
                    "in it.",
                    amount=figure(week.unserved).text,
                    **words,
                )
            )
        elif not math.isnan(week.share):
            full = {"share": show.share(week.share), "of": say(terms.named(terms.PLAIN_CLASSES, week.of))}
            yield say(
                _(
                    "The hardest week is week {number} of {period}, from {first}: in its fullest hour {share} of "
                    "{of} is at work. Nothing is late.",
                    **words,
                    **full,
                )
            )


def _bound(one: Operated) -> Iterator[str]:
    """Say how far the cost is proven."""
    say, show, found = one.context.say, one.context.show, one.found
    gap = math.inf if found.certificate is None else found.certificate.gap(found.cost_mcny)
    if gap < ROUNDING:
        yield say(
            _(
                "No operation of these capacities is cheaper: its cost and what any operation costs at least "
                "agree to the last digit that is computed."
            )
        )
    elif math.isfinite(gap):
        yield say(_("No operation of these capacities is cheaper by more than {gap}.", gap=show.most(gap)))


# --- what is short ---------------------------------------------------------------------------------------------------


def _short(one: Operated) -> Section:
    """Return the tables of shortfall and excess, or a text that there is none."""
    context, found = one.context, one.found
    return Section("short", context.say(_("What is left")), blocks=tuple(stress_test.left(context, found)))


# --- how far to trust it ---------------------------------------------------------------------------------------------


def _proof(one: Operated) -> Section:
    """Return the section on certificate, bound and effort of the solve."""
    say, show, found = one.context.say, one.context.show, one.found
    certificate = found.certificate
    if certificate is None:
        blocks: list[Block] = [
            Text(
                say(_("This operation has no certificate: nothing but the solver's word stands behind it.")),
                tone="note",
            )
        ]
    else:
        said = say(
            _(
                unfilled(
                    "The certificate holds: code that shares nothing with the equations or the solver read the "
                    "scenario and the plan's capacities again. Of {n} families of constraints the largest violation "
                    "is {violation} of the largest term ({family}); cost, penalties and what is short are as the "
                    "tables make them."
                )
                if certificate.ok
                else unfilled(
                    "The certificate does NOT hold: do not use this operation before you know why. Of {n} families "
                    "of constraints the largest violation is {violation} of the largest term ({family})."
                ),
                n=len(certificate.families),
                violation=certificates.power_of_ten(certificate.max_violation),
                family=say(terms.named(constraint_names.FAMILIES, certificates.worst(certificate))),
            )
        )
        tone = "plain" if certificate.ok else "note"
        blocks = [Text(said, items=tuple(map(say, certificate.findings)), tone=tone)]  # type: ignore[arg-type]
        if not math.isfinite(certificate.lower_bound):
            blocks.append(
                Text(
                    say(
                        _("The certificate proves no lower bound: that nothing costs less is the solver's word alone.")
                    ),
                    tone="note",
                )
            )
        else:
            gap = certificate.gap(found.cost_mcny)
            proven = EXACT if gap < ROUNDING else PROVEN
            bound = show.money(certificate.lower_bound)
            blocks.append(Text(say(_(proven, bound=bound, gap=show.tiny(max(gap, 0.0))))))
    blocks.append(effort_rows(one.context, found.effort))
    return Section("proof", say(_("How far to trust it")), blocks=tuple(blocks))
