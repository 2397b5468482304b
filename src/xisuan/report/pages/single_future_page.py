"""One HTML page of a run: sections to specifications to markup, in one file that needs nothing else.

The page makes no request of any kind. Names from the scenario are escaped by the template engine; markup comes from
the templates alone.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from pathlib import Path

from xisuan.report import first_screen, terms
from xisuan.report.access import access_first_screen, gigabit_cities
from xisuan.report.build import build_orders
from xisuan.report.confidence import (
    calibration,
    certificates,
    estimate_sensitivity,
    limitations,
    plan_proof,
    stress_test,
)
from xisuan.report.costs import levelised_cost, policy_slack, site_comparison, spending
from xisuan.report.document import html_rendering
from xisuan.report.document.blocks import Section
from xisuan.report.document.entity_names import titled
from xisuan.report.maps import network_map
from xisuan.report.operation import electricity, network_load, service_areas, typical_week, utilisation
from xisuan.report.pages import verification_page
from xisuan.report.run_context import Context
from xisuan.report.tracking import targets_section
from xisuan.results.run import Run
from xisuan.results.verification import Verification
from xisuan.text.translation import Language
from xisuan.text.translation import message as _

SECTIONS: dict[int, Callable[[Context], Section | None]] = {
    1: first_screen.section,
    2: targets_section.section,
    3: network_map.section,
    4: build_orders.section,
    5: spending.section,
    6: service_areas.section,
    7: site_comparison.section,
    8: levelised_cost.section,
    9: utilisation.section,
    10: electricity.section,
    11: network_load.section,
    12: gigabit_cities.section,
    13: policy_slack.section,
    14: stress_test.section,
    15: estimate_sensitivity.section,
    16: calibration.section,
    17: typical_week.section,
    18: limitations.section,
    19: plan_proof.section,
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
    if access_first_screen.about_cities(context):
        chosen = {n: make for n, make in SECTIONS.items() if n not in OF_SITES}
        chosen |= {1: access_first_screen.section, 18: limitations.of_cities}
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
        others.append(dataclasses.replace(verification_page.section(verified, language), number=VERIFIED))
    return html_rendering.rendered(
        language=language,
        say=context.say,
        title=titled(run.scenario.settings, language),
        subtitle=_subtitle(context),
        badges=_badges(context),
        hero=first,
        sections=others,
        footer=context.say(
            _(
                "Made by xisuan. All figures are computed from the tables of the run; the same tables are in "
                "tables.xlsx, those of more than 50,000 rows in Parquet files of the run folder."
            )
        ),
    )


def _subtitle(context: Context) -> str:
    if access_first_screen.about_cities(context):
        return context.say(_("{span} · gigabit cities", span=context.span))
    return context.say(_("{span} · report on {place}", span=context.span, place=context.focus_name))


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
    status = context.say(terms.named(terms.STATUSES, plan.status))
    badges = [(status, "good" if plan.status == "optimal" else "bad")]
    if certificates.refused(context.run):
        badges.append((context.say(_("certificate of an operation refused")), "bad"))
    if plan.certificate is None:
        return [*badges, (context.say(_("not certified")), "plain")]
    if not plan.certificate.ok:
        return [*badges, (context.say(_("certificate refused")), "bad")]
    proven = math.isfinite(plan.certificate.lower_bound)
    return [
        *badges,
        (
            context.say(_("certified") if proven else _("certified, no lower bound proven")),
            "good" if proven else "plain",
        ),
    ]
