"""Certification of a plan: `certify` checks it against the certificate's own reading of the scenario."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.proof.access_decomposition import city_by_city
from xisuan.certificate.proof.value_placement import place
from xisuan.certificate.proof.variable_bounds import Bounds
from xisuan.certificate.proof.violations import Violation, check_bounds, check_rows, peaks
from xisuan.certificate.proof.weak_duality import Proof
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.tolerances import LEAST, NEAR, SAME, TOLERANCE
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Certificate, Plan
from xisuan.results.schedule import Schedule
from xisuan.results.two_stage import TwoStage
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.members import refuse
from xisuan.text.translation import Message
from xisuan.text.translation import message as _

Answer = Plan | TwoStage | Schedule


def certify(scenario: Scenario, plan: Plan) -> Certificate:
    """Check every row, bound and cost of `plan` against the tables of `scenario`, and prove a lower bound.

    No code is shared with the equations or the solver. `ok`: every violation is ≤ `TOLERANCE` of the largest term of its
    row, all values are numbers with known names, and cost (within 1e-9) and objective (`TOLERANCE`) agree with the tables.
    """
    refuse(scenario)
    statement = Statement.of(scenario)
    values = place(statement.columns, plan.variables)
    terms = statement.costs(values.x)
    cost = sum(terms.values())
    objective = cost if statement.money else statement.value(values.x)
    problems = [*values.problems, *disagreements(plan, cost, objective, statement.unit)]
    # With integers, the duals are those of the LP relaxation.
    duals = plan.relaxation_duals or plan.duals
    # Spending for the worth bounds: only positive cost terms.
    spent = sum(max(term, 0.0) for term in terms.values())
    broken, lower = _walk(statement, values.x, duals, plan, spent)
    violations = [*values.strangers, *check_bounds(statement.columns, values.x), *broken]
    if values.problems or not all(violation.relative <= NEAR for violation in violations):
        lower = _walk(statement, values.x, duals, plan, math.inf)[1]  # the cost of an infeasible plan bounds nothing
    return gathered(plan, violations, problems, doubts(plan, lower, objective, statement.whole), cost, lower)


def _walk(
    statement: Statement, x: Array, duals: Mapping[str, Found], plan: Plan, spent: float
) -> tuple[list[Violation], float]:
    """Return each family's worst violation and the best lower bound of the duals, in one pass over the rows."""
    bounds = Bounds(statement, spent)
    proof = Proof(statement.columns, statement.objective, statement.constant, duals)
    peak, violations = peaks(statement.columns, x), []
    for rows in statement.rows(bounds.most, x):
        if rows.labels:
            violations.append(check_rows(rows, x, peak))
            proof.take(rows)
    by_city = city_by_city(statement, bounds.most, plan.city_duals, plan.city_cases, plan.lower_bound)
    return violations, max(proof.bound(bounds.most), by_city)


def disagreements(plan: Plan, cost: float, objective: float, unit: str) -> list[Message]:
    """Return a message for each of the plan's cost and objective that differs from its recomputed value."""
    found: list[Message] = []
    if not agree(plan.cost_mcny, cost, SAME):
        found.append(differing_cost(_("cost"), plan.cost_mcny, cost, "mCNY"))
    if not agree(plan.objective, objective, TOLERANCE):
        found.append(differing_cost(_("objective"), plan.objective, objective, unit))
    return found


def differing_cost(figure: Message, said: float, found: float, unit: str) -> Message:
    """Return the message that a figure differs from the one by the tables."""
    return _(
        "{figure}: {said} {unit} is stated, the tables give {found} {unit}",
        figure=figure,
        said=f"{said:,.12g}",
        found=f"{found:,.12g}",
        unit=unit,
    )


def agree(said: float, found: float, within: float) -> bool:
    """Return True if two figures differ by no more than `within`, relative to the larger."""
    return abs(said - found) <= within * max(abs(said), abs(found), LEAST)


def doubts(plan: Answer, lower: float, objective: float, whole: bool) -> list[Message]:
    """Return messages on bounds that contradict each other or the objective. A plan may be feasible all the same."""
    slack = TOLERANCE * max(LEAST, abs(objective))
    if lower > objective + slack:
        return [
            _(
                "lower bound: {lower} is proven, above the objective {objective}; one of them is misread",
                lower=f"{lower:,.9g}",
                objective=f"{objective:,.9g}",
            )
        ]
    claimed = plan.lower_bound
    if (not whole or plan.effort.solver == "decomposition") and math.isfinite(claimed) and not lower >= claimed - slack:
        return [
            _(
                "lower bound: {claimed} is stated, the duals prove {lower}",
                claimed=f"{claimed:,.9g}",
                lower=f"{lower:,.9g}",
            )
        ]
    return []


def gathered(
    plan: Answer,
    violations: Sequence[Violation],
    problems: Sequence[Message],
    odd: Sequence[Message],
    cost: float,
    lower: float,
) -> Certificate:
    """Return the certificate. `problems` and violations above the tolerance make it fail; `odd` findings do not."""
    families: dict[str, float] = {}
    worst: dict[str, Violation] = {}
    for violation in violations:
        if violation.relative >= families.get(violation.family, 0.0):
            families[violation.family] = violation.relative
            worst[violation.family] = violation
    most = max(families.values(), default=0.0)
    broken = sorted((v for v in worst.values() if not v.relative <= TOLERANCE), key=lambda v: -v.relative)
    findings = (*problems, *(_say(plan, violation) for violation in broken), *odd)
    return Certificate(not problems and not broken, most, cost, lower, families, findings)


def _say(plan: Answer, violation: Violation) -> Message:
    """Return the message of a violation, in the scenario's names."""
    where: object = " / ".join(part for part in violation.label if part)
    if violation.period >= 0:
        where = _("{where}, {year}", where=where, year=plan.scenario.settings.periods[violation.period])
    if violation.hour is not None:
        where = _("{where}, hour {hour}", where=where, hour=violation.hour)
    return _(
        "{family}: {where}: off by {amount} ({share} of its scale)",
        family=violation.family,
        where=where,
        amount=f"{violation.amount:,.6g}",
        share=f"{violation.relative:.2g}",
    )
