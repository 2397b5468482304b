"""One HTML page of a run: the brief, eight chapters and the annex, in one file that needs nothing else.

The page makes no request of any kind. Names from the scenario are escaped by the template engine; markup comes from
the templates alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

from xisuan.report import terms
from xisuan.report.access.access_first_screen import about_cities
from xisuan.report.brief import brief_section
from xisuan.report.chapters import (
    annex,
    build_chapter,
    cities_chapter,
    customers_chapter,
    money_chapter,
    power_chapter,
    risks_chapter,
    targets_chapter,
    what_if_chapter,
)  # fmt: skip
from xisuan.report.confidence import certificates
from xisuan.report.document import html_rendering
from xisuan.report.document.blocks import Section
from xisuan.report.document.entity_names import titled
from xisuan.report.pages import verification_page
from xisuan.report.run_context import Context
from xisuan.results.run import Run
from xisuan.results.verification import Verification
from xisuan.text.translation import Language
from xisuan.text.translation import message as _

SECTIONS: dict[int, Callable[[Context], Section | None]] = {
    0: brief_section.section,
    1: build_chapter.section,
    2: money_chapter.section,
    3: customers_chapter.section,
    4: what_if_chapter.section,
    5: targets_chapter.section,
    6: cities_chapter.section,
    7: power_chapter.section,
    8: risks_chapter.section,
    9: annex.method,
    10: annex.certificate,
    11: annex.national,
    12: annex.sources,
}
"""Number → function that makes the section; it returns None where the scenario is about something else."""
OF_SITES = frozenset({1, 3, 4, 7})
"""Sections about sites, which a scenario of cities alone leaves out."""
VERIFIED = 13
"""Number of the section of a verification."""


def sections(run: Run, language: Language) -> tuple[Section, ...]:
    """Return everything the report says, as specifications, each section with its number; the brief is the first."""
    context = Context(run, language)
    numbers = [n for n in SECTIONS if not (about_cities(context) and n in OF_SITES)]
    made = ((number, SECTIONS[number](context)) for number in numbers)
    return tuple(dataclasses.replace(section, number=number) for number, section in made if section is not None)


def html(
    run: Run,
    language: Language = "en",
    verified: Verification | None = None,
    made: Sequence[Section] | None = None,
    *,
    beside: str = "",
) -> str:
    """Return the report as one HTML document, with the results of a verification of the plan at its end.

    `made`: its `sections`, where they were made before. `beside`: file name of the page in the other language, next to
    this one; blank: there is none.
    """
    context = Context(run, language)
    first, *others = made or sections(run, language)
    if verified is not None:
        section = verification_page.section(verified, language)
        others.append(dataclasses.replace(section, number=VERIFIED, is_annex=True))
    return html_rendering.rendered(
        language=language,
        say=context.say,
        title=first.title,
        kicker=context.say(_("xisuan (西算) · {title}", title=titled(run.scenario.settings, language))),
        subtitle=_subtitle(context),
        badges=_warnings(context),
        brief=first,
        sections=others,
        other_language=beside,
        footer=context.say(
            _(
                "Made by xisuan. All figures are computed from the tables of the run: tables.xlsx has those of this page, "
                "and the run folder has every table as a Parquet file."
            )
        ),
    )


def _subtitle(context: Context) -> str:
    as_of = context.scenario.settings.as_of
    day = context.say(_(" · as of {day}", day=context.when(as_of.isoformat()))) if as_of else ""
    if about_cities(context):
        return context.say(_("Plan of gigabit cities, {span}", span=context.span)) + day
    return context.say(_("Plan for {place}, {span}", span=context.span, place=context.focus_name)) + day


def write(
    run: Run,
    path: str | Path,
    language: Language = "en",
    verified: Verification | None = None,
    made: Sequence[Section] | None = None,
) -> None:
    """Write the report to `path`; see `html`."""
    Path(path).write_text(html(run, language, verified, made), encoding="utf-8")


def _warnings(context: Context) -> list[tuple[str, str]]:
    """Return what a reader must know before using the plan: text and tone. A sound plan has none."""
    plan, say = context.run.plan, context.say
    found = [] if plan.status in ("optimal", "feasible") else [say(terms.named(terms.STATUSES, plan.status))]
    if certificates.refused(context.run):
        found.append(say(_("certificate of an operation refused")))
    if plan.certificate is not None and not plan.certificate.ok:
        found.append(say(_("certificate refused")))
    return [(text, "bad") for text in found]
