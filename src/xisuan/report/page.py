"""One HTML page of a run: sections to specifications to markup, in one file that needs nothing else.

The page makes no request of any kind. Names from the scenario are escaped by the template engine; markup comes from
the templates alone.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from pathlib import Path

from xisuan.report import (
    calibration,
    certified,
    electricity,
    estimates,
    geography,
    gigabit,
    headline,
    headline_access,
    hourly,
    levelised,
    money,
    network,
    orders,
    proof,
    rules,
    service,
    sheet,
    stress,
    targets,
    unanswered,
    usage,
    verification,
    why,
)
from xisuan.report.context import Context
from xisuan.report.figures import Language
from xisuan.report.names import titled
from xisuan.report.specs import Section
from xisuan.results.run import Run
from xisuan.results.verification import Verification

SECTIONS: dict[int, Callable[[Context], Section | None]] = {
    1: headline.section,
    2: targets.section,
    3: geography.section,
    4: orders.section,
    5: money.section,
    6: service.section,
    7: why.section,
    8: levelised.section,
    9: usage.section,
    10: electricity.section,
    11: network.section,
    12: gigabit.section,
    13: rules.section,
    14: stress.section,
    15: estimates.section,
    16: calibration.section,
    17: hourly.section,
    18: unanswered.section,
    19: proof.section,
}
"""Number → what makes the section; None where the scenario is about something else."""
OF_SITES = frozenset({3, 4, 6, 7, 8, 9, 10, 11, 13, 14, 17})
"""Sections about sites, which a scenario of cities alone leaves out."""
VERIFIED = 20
"""Number of the section of a verification."""


def sections(run: Run, language: Language) -> tuple[Section, ...]:
    """Everything the report says, as specifications, each section with its number."""
    context = Context(run, language)
    chosen = dict(SECTIONS)
    if headline_access.about_cities(context):
        chosen = {n: make for n, make in SECTIONS.items() if n not in OF_SITES}
        chosen |= {1: headline_access.section, 18: unanswered.of_cities}
    made = ((number, make(context)) for number, make in chosen.items())
    return tuple(dataclasses.replace(section, number=number) for number, section in made if section is not None)


def html(
    run: Run,
    language: Language = "en",
    verified: Verification | None = None,
    made: Sequence[Section] | None = None,
) -> str:
    """The report as one HTML document, what a verification of the plan found at its end.

    `made`: its `sections`, where they were made before.
    """
    context = Context(run, language)
    first, *others = made or sections(run, language)
    if verified is not None:
        others.append(dataclasses.replace(verification.section(verified, language), number=VERIFIED))
    return sheet.rendered(
        language=language,
        say=context.say,
        title=titled(run.scenario.settings, language),
        subtitle=_subtitle(context),
        badges=_badges(context),
        hero=first,
        sections=others,
        footer=context.say("page.footer"),
    )


def _subtitle(context: Context) -> str:
    if headline_access.about_cities(context):
        return context.say("page.subtitle_cities", span=context.span)
    return context.say("page.subtitle", span=context.span, place=context.focus_name)


def write(
    run: Run,
    path: str | Path,
    language: Language = "en",
    verified: Verification | None = None,
    made: Sequence[Section] | None = None,
) -> None:
    """Write the report to `path`; see `html`."""
    Path(path).write_text(html(run, language, verified, made), encoding="utf-8")


def _badges(context: Context) -> list[tuple[str, str]]:
    """Status and certificate: text and tone."""
    plan = context.run.plan
    status = context.say.known("page", f"status_{plan.status}")
    badges = [(status.removeprefix("status_"), "good" if plan.status == "optimal" else "bad")]
    if certified.refused(context.run):
        badges.append((context.say("page.operation_refused"), "bad"))
    if plan.certificate is None:
        return [*badges, (context.say("page.unchecked"), "plain")]
    if not plan.certificate.ok:
        return [*badges, (context.say("page.refused"), "bad")]
    proven = math.isfinite(plan.certificate.lower_bound)
    return [*badges, (context.say("page.certified" if proven else "page.unproven"), "good" if proven else "plain")]
