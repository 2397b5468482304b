"""Section 19: how far to trust the plan: its certificate and those of its operation, the bound, what the solve took."""

from __future__ import annotations

import math

from gnomon.solution import relative_gap
from xisuan.dispatch.dual_proof import NAME
from xisuan.report import run_measures
from xisuan.report.confidence import certificates, provenance
from xisuan.report.confidence.certificates import power_of_ten
from xisuan.report.document.blocks import Block, Cell, Column, Row, Section, Table, Text
from xisuan.report.run_context import Context
from xisuan.results.plan import Certificate, Effort
from xisuan.text.numbers import exact, plain


def section(context: Context) -> Section:
    """Certificate in words, those of what was operated, violations by family, sizes and time."""
    say = context.say
    certificate = context.run.plan.certificate
    blocks: list[Block] = []
    if certificate is None:
        blocks.append(Text(say("proof.unchecked"), tone="note"))
    else:
        blocks.append(
            Text(_verdict(context, certificate), items=certificate.findings, tone="plain" if certificate.ok else "note")
        )
    blocks.append(Text(items=tuple(_bounds(context, certificate))))
    blocks += certificates.blocks(context)
    blocks.append(effort_rows(context, context.run.plan.effort))
    if certificate is not None and certificate.families:
        blocks.append(_families(context, certificate))
    return Section("proof", say("proof.title"), say("proof.lead"), (*blocks, *provenance.blocks(context)))


def objective(context: Context, value: float) -> str:
    """A value of the objective: money, or tonnes under the carbon objective."""
    if not math.isfinite(value):
        return context.say("proof.no_bound")
    if context.scenario.settings.objective == "residents":
        return context.say("proof.resident_years", count=exact(value, 0))
    return context.show.carbon(value) if context.scenario.settings.objective == "carbon" else context.amount(value)


def gap(upper: float, lower: float) -> float:
    """(upper − lower) / |upper|."""
    return relative_gap(upper, lower)


def _verdict(context: Context, certificate: Certificate) -> str:
    key = "proof.ok" if certificate.ok else "proof.refused"
    return context.say(
        key,
        violation=power_of_ten(certificate.max_violation),
        family=context.say.known("family", certificates.worst(certificate)),
        n=len(certificate.families),
    )


def _bounds(context: Context, certificate: Certificate | None) -> list[str]:
    plan, say, show = context.run.plan, context.say, context.show
    lines = [
        say(
            "proof.solver_bound",
            value=objective(context, plan.objective),
            bound=objective(context, plan.lower_bound),
            gap=show.tiny(plan.gap),
        )
    ]
    proven = certificate.lower_bound if certificate else -math.inf
    if math.isfinite(proven):
        lines.append(
            say("proof.proven_bound", bound=objective(context, proven), gap=show.tiny(gap(plan.objective, proven)))
        )
    else:
        lines.append(say("proof.nothing_proven"))
    movable = run_measures.movable_cost(context.run)
    if context.scenario.has("sites") and context.scenario.settings.objective == "cost" and movable > 0:
        best = max(plan.lower_bound, proven)
        share = show.tiny((plan.objective - best) / movable)
        lines.append(
            say(
                "proof.movable", movable=context.amount(movable), part=show.share(movable / plan.cost_mcny), share=share
            )
        )
    return lines


def effort_rows(context: Context, effort: Effort) -> Table:
    """What a solve took."""
    say = context.say
    pairs = (
        (say("proof.method"), say.known("method", effort.method)),
        (say("proof.solver"), say("proof.no_solver") if effort.solver == NAME else say.known("method", effort.solver)),
        (say("proof.seconds"), context.show.seconds(effort.seconds)),
        (say("proof.build"), context.show.seconds(effort.build_seconds)),
        (say("proof.rows"), f"{effort.rows:,}"),
        (say("proof.columns"), f"{effort.columns:,}"),
        (say("proof.nonzeros"), f"{effort.nonzeros:,}"),
        (say("proof.integers"), f"{effort.integers:,}"),
        (say("proof.iterations"), f"{effort.iterations:,}"),
        *([] if math.isnan(effort.peak_mb) else [(say("proof.memory"), f"{plain(effort.peak_mb)} MB")]),
    )
    lines = tuple(Row((Cell(name), Cell(value))) for name, value in pairs)
    return Table(
        say("proof.effort"), (Column(say("col.what")), Column(say("col.value"), number=True)), lines, style="pairs"
    )


def _families(context: Context, certificate: Certificate) -> Table:
    say = context.say
    order = sorted(certificate.families.items(), key=lambda pair: -pair[1])
    lines = tuple(Row((Cell(say.known("family", name), tip=name), Cell(power_of_ten(value)))) for name, value in order)
    columns = (Column(say("col.family")), Column(say("col.violation"), number=True))
    return Table(say("proof.families"), columns, lines, folded=True, style="pairs")
