"""One topic of a page made alone, from the chapter and the annex: all of them take more than a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from xisuan.report.access import gigabit_cities
from xisuan.report.brief import brief_section
from xisuan.report.build import build_orders
from xisuan.report.chapters import (
    build_chapter,
    cities_chapter,
    customers_chapter,
    money_chapter,
    power_chapter,
    risks_chapter,
    targets_chapter,
    what_if_chapter,
)
from xisuan.report.confidence import (
    calibration,
    estimate_sensitivity,
    limitations,
    plan_proof,
    provenance,
    stress_test,
)
from xisuan.report.costs import levelised_cost, policy_slack, site_comparison, spending
from xisuan.report.document.blocks import Block, Section
from xisuan.report.operation import electricity, network_load, service_areas, typical_week, utilisation
from xisuan.report.run_context import Context
from xisuan.report.tracking import targets_section
from xisuan.results.run import Run
from xisuan.text.translation import Language


def _blocks(found: Section | None) -> tuple[Block, ...]:
    return found.blocks if found is not None else ()


TOPICS: dict[str, tuple[Callable[[Context], Section | None] | None, Callable[[Context], Iterable[Block]]]] = {
    "headline": (brief_section.section, lambda c: ()),
    "targets": (
        targets_chapter.section,
        lambda c: (*targets_section.due_blocks(c), *targets_section.earlier_blocks(c)),
    ),
    "orders": (build_chapter.section, build_orders.elsewhere),
    "money": (money_chapter.section, spending.elsewhere),
    "service": (customers_chapter.section, service_areas.elsewhere),
    "why": (site_comparison.section, lambda c: [site_comparison.break_even(c)]),
    "levelised": (levelised_cost.section, lambda c: ()),
    "usage": (utilisation.section, lambda c: ()),
    "electricity": (electricity.section, lambda c: _blocks(power_chapter.section(c))),
    "network": (network_load.section, lambda c: ()),
    "gigabit": (cities_chapter.section, gigabit_cities.money_blocks),
    "rules": (policy_slack.section, lambda c: _blocks(risks_chapter.section(c))),
    "stress": (what_if_chapter.section, lambda c: (*stress_test.cases(c), *stress_test.other_days(c))),
    "estimates": (
        None,
        lambda c: [one for one in (estimate_sensitivity.ranked(c), *estimate_sensitivity.money_behind(c)) if one],
    ),
    "calibration": (calibration.section, lambda c: ()),
    "hours": (typical_week.section, lambda c: ()),
    "unanswered": (limitations.section, lambda c: ()),
    "proof": (plan_proof.section, provenance.blocks),
}
"""Topic → its section, and further blocks of the annex."""


def section(run: Run, name: str, language: Language = "en") -> Section:
    """The topic of that name, as the page has it."""
    (found,) = chosen(run, (name,), language)
    return found


def chosen(run: Run, names: Iterable[str], language: Language) -> list[Section]:
    """Those of the topics that this page has."""
    context = Context(run, language)
    found = []
    for name in names:
        make, more = TOPICS[name]
        whole = make(context) if make is not None else Section(name, name)
        if whole is not None:
            found.append(Section(name, whole.title, whole.lead, (*whole.blocks, *more(context))))
    return found
