"""Phrases that the lines of plans and schedules share: names, certificate, distance from the optimum, effort."""

from __future__ import annotations

import math

from xisuan.decisions.display_names import key_part_title
from xisuan.report import terms
from xisuan.report.document.entity_names import Names
from xisuan.results.plan import Plan
from xisuan.results.schedule import Schedule
from xisuan.results.two_stage import TwoStage
from xisuan.scenario.scenario import Scenario
from xisuan.text.numbers import Figures, plain
from xisuan.text.translation import Series, Translator, in_context
from xisuan.text.translation import message as _

SHORT = 1e-6
"""Share of the whole below which a shortfall or an excess is rounding."""
TOLD_APART = 1e-6
"""Gaps that differ by no more are one, as in the certificate."""


def status_name(name: str, say: Translator) -> str:
    """Return the status of a plan or schedule; in English the word that the data has."""
    return name if say.language == "en" else say(terms.named(terms.STATUSES, name))


def solver_name(name: str, say: Translator) -> str:
    """Return what solved it: a program by its name, our own method in words."""
    return name if say.language == "en" else say(terms.named(terms.METHODS, name))


def effort(plan: Plan | TwoStage | Schedule, say: Translator) -> list[tuple[str, str]]:
    """Return what the solve took and what was predicted, with a warning if the method chosen first gave no proof."""
    taken = plan.effort
    solved = say(
        _(
            "{rows} rows, {columns} columns, {nonzeros} non-zeros; built in {build} s, solved in {seconds} s "
            "by {solver}",
            rows=f"{taken.rows:,}",
            columns=f"{taken.columns:,}",
            nonzeros=f"{taken.nonzeros:,}",
            build=_brief(taken.build_seconds),
            seconds=_brief(taken.seconds),
            solver=solver_name(taken.solver, say),
        )
    )
    if not math.isnan(taken.expected_seconds):
        foretold = {"seconds": _brief(taken.expected_seconds), "memory": plain(taken.expected_mb, 2)}
        known = not math.isnan(taken.peak_mb)
        solved += (
            say(
                _(
                    " (expected: {seconds} s and {memory} MB of memory; taken: {peak} MB)",
                    **foretold,
                    peak=plain(taken.peak_mb, 2),
                )
            )
            if known
            else say(_(" (expected: {seconds} s and {memory} MB of memory)", **foretold))
        )
    rows = [(say(_("effort")), solved)]
    if taken.gave_up:
        rows.append(
            (
                say(_("Warning")),
                say(
                    _(
                        "the structured method has no proof, or none that is confirmed ({why}); the plan and its proof "
                        "are those of HiGHS ({solver})",
                        why=taken.gave_up,
                        solver=solver_name(taken.solver, say),
                    )
                ),
            )
        )
    return rows


def _brief(seconds: float) -> str:
    """Return seconds with two digits, or `<0.01`."""
    return "<0.01" if 0.0 < seconds < 0.01 else plain(seconds, 2)


def proven(one: Plan | TwoStage | Schedule, say: Translator) -> str:
    """Return the distance from the optimum by the certificate, and that by branch and bound, which nothing checks."""
    objective = one.cost_mcny if isinstance(one, Schedule) else one.objective
    gap = math.inf if one.certificate is None else max(one.certificate.gap(objective), 0.0)
    said = (
        say(_("within {gap} of the least possible", gap=Figures(say.language).most(gap)))
        if math.isfinite(gap)
        else say(_("no lower bound could be proven"))
    )
    if one.effort.integers and max(one.gap, 0.0) < gap - TOLD_APART:
        said += say(
            _(
                "; by the word of branch and bound, which nothing checks, {gap}",
                gap=Figures(say.language).tiny(max(one.gap, 0.0)),
            )
        )
    return said


def certificate(one: Plan | TwoStage | Schedule, say: Translator) -> str:
    """Return whether a certificate holds, and what it checked."""
    found = one.certificate
    if found is None:
        return say(in_context("cli", "not made"))
    if not found.ok:
        return say(
            _("DOES NOT HOLD: {findings}", findings=Series(found.findings[:3] or (f"{found.max_violation:.1e}",)))
        )
    said = say(
        _(
            "holds: {families} families of constraints, largest violation {violation}, cost recomputed",
            families=len(found.families),
            violation=f"{found.max_violation:.1e}",
        )
    )
    return said if math.isfinite(found.lower_bound) else said + say(_("; it proves NO lower bound"))


def called(scenario: Scenario, key: str, say: Translator) -> str:
    """Return the name as in the report: of a rule, a titled row, or a link by its ends; otherwise the key."""
    names = Names(scenario, say.language)
    if key in names.ends:
        return names.link(key)
    return say(key_part_title(scenario, key)) if key else key
