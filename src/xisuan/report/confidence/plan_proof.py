"""Proof of the plan: its certificate and those of its operation, the bound, time and memory of the solve."""

from __future__ import annotations

import math

from gnomon import relative_gap
from xisuan.dispatch.dual_proof import NAME
from xisuan.report import constraint_names, run_measures, terms
from xisuan.report.confidence import certificates
from xisuan.report.confidence.certificates import power_of_ten
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.run_context import Context
from xisuan.results.plan import Certificate, Effort
from xisuan.text.numbers import exact, plain
from xisuan.text.translation import in_context, unfilled
from xisuan.text.translation import message as _


def section(context: Context) -> Section:
    """Certificate in words, those of what was operated, violations by family, sizes and time."""
    say = context.say
    certificate = context.run.plan.certificate
    blocks: list[Block] = []
    if certificate is None:
        blocks.append(
            Text(say(_("This plan has no certificate: nothing but the solver's word stands behind it.")), tone="note")
        )
    else:
        blocks.append(
            Text(
                _verdict(context, certificate),
                items=tuple(map(say, certificate.findings)),
                tone="plain" if certificate.ok else "note",
            )
        )
    blocks.append(Text(items=tuple(_bounds(context, certificate))))
    blocks += certificates.blocks(context)
    blocks.append(effort_rows(context, context.run.plan.effort))
    if certificate is not None and certificate.families:
        blocks.append(_families(context, certificate))
    return Section(
        "proof",
        say(_("Certificate")),
        say(_("The plan is checked by code that shares nothing with the code that found it.")),
        tuple(blocks),
    )


def objective(context: Context, value: float) -> str:
    """Return a value of the objective as text: money, tonnes of carbon, or resident-years."""
    if not math.isfinite(value):
        return context.say(in_context("proof", "none"))
    if context.scenario.settings.objective == "residents":
        return context.say(_("{count} resident-years outside gigabit cities", count=exact(value, 0)))
    return context.show.carbon(value) if context.scenario.settings.objective == "carbon" else context.amount(value)


def gap(upper: float, lower: float) -> float:
    """(upper − lower) / |upper|."""
    return relative_gap(upper, lower)


def _verdict(context: Context, certificate: Certificate) -> str:
    key = (
        unfilled(
            "The certificate holds. Of {n} constraint families the largest violation is {violation} of the "
            "largest term ({family}), and the cost recomputed from the tables agrees."
        )
        if certificate.ok
        else unfilled(
            "The certificate does NOT hold: do not use this plan before you know why. Of {n} constraint "
            "families the largest violation is {violation} of the largest term ({family})."
        )
    )
    return context.say(
        _(
            key,
            violation=power_of_ten(certificate.max_violation),
            family=context.say(terms.named(constraint_names.FAMILIES, certificates.worst(certificate))),
            n=len(certificate.families),
        )
    )


def _bounds(context: Context, certificate: Certificate | None) -> list[str]:
    plan, say, show = context.run.plan, context.say, context.show
    lines = [
        say(
            _(
                "The objective of the plan is {value}; the solver bounds that of every plan from below by "
                "{bound}: a gap of {gap}.",
                value=objective(context, plan.objective),
                bound=objective(context, plan.lower_bound),
                gap=show.tiny(plan.gap),
            )
        )
    ]
    proven = certificate.lower_bound if certificate else -math.inf
    if math.isfinite(proven):
        lines.append(
            say(
                _(
                    "The certificate proves a bound of {bound} without the solver, by weak duality: a gap of {gap}.",
                    bound=objective(context, proven),
                    gap=show.tiny(gap(plan.objective, proven)),
                )
            )
        )
    else:
        lines.append(
            say(_("The certificate proves no lower bound: that nothing costs less is the solver's word alone."))
        )
    movable = run_measures.movable_cost(context.run)
    if context.scenario.has("sites") and context.scenario.settings.objective == "cost" and movable > 0:
        best = max(plan.lower_bound, proven)
        share = show.tiny((plan.objective - best) / movable)
        lines.append(
            say(
                _(
                    "Equipment costs the same everywhere. Location can change {movable} of the cost ({part}); the "
                    "gap is {share} of that.",
                    movable=context.amount(movable),
                    part=show.share(movable / plan.cost_mcny),
                    share=share,
                )
            )
        )
    return lines


def effort_rows(context: Context, effort: Effort) -> Table:
    """Return time, memory and size of a solve."""
    say = context.say
    pairs = (
        (say(_("Method")), say(terms.named(terms.METHODS, effort.method))),
        (
            say(_("Solver that ran")),
            say(_("none: the plan's own operation, proven by its duals"))
            if effort.solver == NAME
            else say(terms.named(terms.METHODS, effort.solver)),
        ),
        (say(_("Time to solve")), context.show.seconds(effort.seconds)),
        (say(_("Time to build the model")), context.show.seconds(effort.build_seconds)),
        (say(in_context("proof", "Rows")), f"{effort.rows:,}"),
        (say(_("Columns")), f"{effort.columns:,}"),
        (say(_("Non-zeros")), f"{effort.nonzeros:,}"),
        (say(_("Integers")), f"{effort.integers:,}"),
        (say(_("Iterations")), f"{effort.iterations:,}"),
        *([] if math.isnan(effort.peak_mb) else [(say(_("Peak memory")), f"{plain(effort.peak_mb)} MB")]),
    )
    lines = tuple(Row((Cell(name), Cell(value))) for name, value in pairs)
    return Table(
        say(_("What the solve took")),
        (Column(say(_("What"))), Column(say(_("Value")), number=True)),
        lines,
        style="pairs",
    )


def _families(context: Context, certificate: Certificate) -> Table:
    say = context.say
    order = sorted(certificate.families.items(), key=lambda pair: -pair[1])
    lines = tuple(
        Row((Cell(say(terms.named(constraint_names.FAMILIES, name)), tip=name), Cell(power_of_ten(value))))
        for name, value in order
    )
    columns = (Column(say(_("Constraint family"))), Column(say(_("Largest violation")), number=True))
    return Table(
        say(_("Largest violation by constraint family, relative to its largest term")),
        columns,
        lines,
        folded=True,
        style="pairs",
    )
