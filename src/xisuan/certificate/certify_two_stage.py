"""Certification of a two-stage plan: `certify_members` checks every scenario member and what they share.

Each member is checked like a single plan. In addition, first-stage decisions must agree in all members, the expected
cost must agree with the tables, and the lower bound is one on the expected cost. For the bound, the duals of all
members weigh their rows together, and a common decision has one reduced cost: the sum of the members'. Its upper bound
is the largest that it can be useful for in any member, since a plan may order for one member what another does not use.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xisuan.certificate import certify_plan as single
from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.proof.value_placement import Values, place
from xisuan.certificate.proof.variable_bounds import BEYOND, WORTH, Bounds, pays_back
from xisuan.certificate.proof.violations import Violation, check_bounds, check_rows, peaks, rest
from xisuan.certificate.proof.weak_duality import Proof, best
from xisuan.certificate.reading.calendar import Array, Clock
from xisuan.certificate.reading.scenario_members import Member, expand_members
from xisuan.certificate.tolerances import NEAR, SAME
from xisuan.results.plan import Certificate
from xisuan.results.two_stage import Future, TwoStage
from xisuan.scenario.scenario import Scenario
from xisuan.text.translation import Message
from xisuan.text.translation import message as _

COMMON = (
    "build_hall", "hall_phases", "retrofit", "build", "build_modules", "build_link", "link_modules", "build_supply",
    "build_energy", "open", "kept", "deploy", "lay",
)  # fmt: skip
"""First-stage variables, decided before the scenario member is known."""
ROUNDS = 20
"""Maximum number of fixed-point iterations of the common bounds."""
LIKELY = 1e-9
"""Tolerance of a probability against the table, whose probabilities are normalised to a sum of 1."""


def certify_members(scenario: Scenario, plan: TwoStage) -> Certificate:
    """Check every member of `plan`, their common decisions and the expected cost, and prove a lower bound.

    `ok` as for a single plan. The plans with perfect foresight are checked too: the value of perfect information uses
    them.
    """
    return with_known(certify_joint(scenario, plan), scenario, plan)


def with_known(certificate: Certificate, scenario: Scenario, plan: TwoStage) -> Certificate:
    """Return the certificate with the findings on the plans with perfect foresight added."""
    given, found = expand_members(scenario), list[Message]()
    if [one.name for one in given] != [one.name for one in plan.members]:
        return certificate  # the joint certificate reports it
    for member, future in zip(given, plan.members, strict=True):
        known = single.certify(member.scenario, future.alone)
        if not known.ok:
            found += [
                _("{member}: planned by itself: {finding}", member=member.name, finding=finding)
                for finding in known.findings
            ]
    return replace(certificate, ok=False, findings=(*found, *certificate.findings)) if found else certificate


def certify_joint(scenario: Scenario, plan: TwoStage) -> Certificate:
    """Certify the two-stage plan without the plans with perfect foresight, on which no common decision depends."""
    given = expand_members(scenario)
    if [one.name for one in given] != [one.name for one in plan.members]:
        return single.gathered(plan, [], [_("members: the plan has others than the scenario")], [], math.nan, -math.inf)
    cases = _cases(scenario, given, plan.members)
    stage = int(Clock(scenario).fixed.sum()) + 1
    problems = [problem for case in cases for problem in case.problems]
    cost = _adjusted(scenario, given, [case.cost for case in cases])
    if not single.agree(plan.objective, cost, SAME):
        problems.append(single.differing_cost(_("objective"), plan.objective, cost, "mCNY"))
    violations = [violation for case in cases for violation in case.early]
    violations += _together(cases, stage)
    spent = _adjusted(scenario, given, [case.spent for case in cases])
    broken, lower = _walk(cases, stage, spent)
    violations += broken
    if problems or not all(violation.relative <= NEAR for violation in violations):
        # The cost of an infeasible plan bounds nothing.
        lower = _walk(cases, stage, math.inf)[1]
    whole = any(case.statement.whole for case in cases)
    return single.gathered(plan, violations, problems, single.doubts(plan, lower, cost, whole), cost, lower)


def _adjusted(scenario: Scenario, given: Sequence[Member], costs: Sequence[float]) -> float:
    """Return (1 − weight) × expected cost + weight × CVaR by section [risk].

    CVaR is the least over a threshold η of η + Σ probability · max(cost − η, 0) / (1 − level), which a cost attains.
    """
    risk, chance, cost = scenario.settings.risk, np.array([one.probability for one in given]), np.array(costs)
    expected = float(chance @ cost)
    if not risk.weight:
        return expected
    above = [eta + float(chance @ np.maximum(cost - eta, 0.0)) / (1.0 - risk.level) for eta in cost]
    return float((1.0 - risk.weight) * expected + risk.weight * min(above))


def weights_of(scenario: Scenario, given: Sequence[Member], futures: Sequence[Future], kind: str = "duals") -> Array:
    """Return weights of the members' costs of which Σ weight · cost is never above the objective, whatever the costs.

    CVaR is the largest Σ q · cost with 0 ≤ q ≤ probability / (1 − level) and Σ q = 1. Stored weights q are moved there.
    kind: `duals` or `relaxation_duals`, among which they are stored.
    """
    risk, chance = scenario.settings.risk, np.array([one.probability for one in given])
    if not risk.weight:
        return chance
    stored = [getattr(future, kind).get("risk") for future in futures]
    most = chance / (1.0 - risk.level)
    part = np.array([0.0 if one is None or not one.values.size else float(one.values.flat[0]) for one in stored])
    part = np.minimum(np.nan_to_num(np.maximum(part, 0.0)), most)
    lacking = 1.0 - float(part.sum())
    free = most - part
    part = part + free * (lacking / max(float(free.sum()), lacking)) if lacking > 0.0 else part / float(part.sum())
    return np.asarray((1.0 - risk.weight) * chance + risk.weight * part)


def _cases(scenario: Scenario, given: Sequence[Member], futures: Sequence[Future]) -> list[_Case]:
    """Return the members with the plan's values; weights are those of the duals that prove the bound."""
    relaxed = any(future.relaxation_duals for future in futures)
    weights = weights_of(scenario, given, futures, "relaxation_duals" if relaxed else "duals")
    return [
        _Case.of(member, future, float(weight)) for member, future, weight in zip(given, futures, weights, strict=True)
    ]


@dataclass(frozen=True)
class _Case:
    """Scenario member as the certificate reads it, with the plan's values in it and its weight in the objective."""

    name: str
    weight: float
    statement: Statement
    values: Values
    cost: float
    spent: float
    problems: tuple[Message, ...]
    future: Future

    @classmethod
    def of(cls, member: Member, future: Future, weight: float) -> _Case:
        """Read the member's statement from the tables and place the plan's values in it."""
        statement = Statement.of(member.scenario)
        values = place(statement.columns, future.plan.variables)
        terms = statement.costs(values.x)
        cost = sum(terms.values())
        found = [*values.problems, *single.disagreements(future.plan, cost, cost, statement.unit)]
        if abs(future.probability - member.probability) > LIKELY:
            found.append(
                _(
                    "probability: {said} is stated, the table gives {found}",
                    said=f"{future.probability:.9g}",
                    found=f"{member.probability:.9g}",
                )
            )
        problems = tuple(_("{where}: {problem}", where=member.name, problem=problem) for problem in found)
        spent = sum(max(term, 0.0) for term in terms.values())
        return cls(member.name, weight, statement, values, cost, spent, problems, future)

    @property
    def early(self) -> list[Violation]:
        """Violations known before the rows are checked: values without a variable, and bounds."""
        found = [*self.values.strangers, *check_bounds(self.statement.columns, self.values.x)]
        return [self.named(violation) for violation in found]

    def named(self, violation: Violation) -> Violation:
        """Return the violation with the member's name in its label."""
        return replace(violation, label=(self.name, *violation.label))


def _together(cases: Sequence[_Case], stage: int) -> list[Violation]:
    """Return violations of non-anticipativity: differences of first-stage decisions between scenario members.

    Differences are relative to the largest value of the family.
    """
    found = []
    first = cases[0]
    for name in COMMON:
        family = first.statement.columns[name]
        one = family.view(first.values.x)[:stage]
        worst = Violation("common", 0.0)
        for case in cases[1:]:
            own = case.statement.columns[name]
            if own.labels != family.labels:
                worst = Violation("common", math.inf, math.inf, (case.name, name))
                break
            off = np.abs(own.view(case.values.x)[:stage] - one)
            scale = max(float(np.abs(one).max(initial=0.0)), rest(case.values.x))
            if off.size and float(off.max()) / scale > worst.relative:
                at = np.unravel_index(int(np.argmax(off)), off.shape)
                label = (case.name, name, *family.labels[int(at[-1])])
                worst = Violation("common", float(off[at]) / scale, float(off[at]), label, int(at[0]))
        found.append(worst)
    return found


def _walk(cases: Sequence[_Case], stage: int, spent: float) -> tuple[list[Violation], float]:
    """Return violations and the best lower bound that the duals prove, in one pass over the rows of all members."""
    bounds = _bounds(cases, stage, spent)
    violations: list[Violation] = []
    proofs: list[Proof] = []
    for case, most in zip(cases, bounds, strict=True):
        columns, future = case.statement.columns, case.future
        duals = future.relaxation_duals or future.duals
        # Objective: the member's cost times its weight, which is its probability without risk.
        weighted = case.weight * case.statement.objective
        proof = Proof(columns, weighted, case.weight * case.statement.constant, duals)
        peak = peaks(columns, case.values.x)
        for rows in case.statement.rows(most, case.values.x):
            if rows.labels:
                violations.append(case.named(check_rows(rows, case.values.x, peak)))
                proof.take(rows)
        proof.carry(most)
        proofs.append(proof)
    return violations, _bound(proofs, bounds, stage)


def _bounds(cases: Sequence[_Case], stage: int, spent: float) -> Sequence[Mapping[str, Array]]:
    """Return implied upper bounds of every member that one common optimal plan satisfies together.

    A common order may be as large as the member with the largest use needs; this bounds capacity in the other members.
    An order of one member costs its weight's share of the objective.
    """
    paid = [pays_back(case.statement) for case in cases]
    common: dict[str, Array] = {}
    # Fixed-point iteration: the largest common order of any member feeds back into all members' bounds.
    for _round in range(ROUNDS):
        found = [
            Bounds(
                case.statement,
                spent / case.weight * (BEYOND / WORTH if any(paid) and not back else 1.0),
                common,
            ).most
            for case, back in zip(cases, paid, strict=True)
        ]
        asked: dict[str, Array] = {}
        for name in COMMON:
            shape = cases[0].statement.columns[name].shape
            if any(case.statement.columns[name].shape != shape for case in cases):
                return found  # `_together` reports it
            most = np.full(shape, -np.inf)
            for one in found:
                np.maximum(most, one[name], out=most)
            most[stage:] = 0.0
            asked[name] = most
        if common and all(np.array_equal(asked[name], common[name]) for name in COMMON):
            return found
        common = asked
    # No fixed point within ROUNDS: leave common orders to the hard and worth bounds.
    unlimited = {name: np.where(common[name] > 0, np.inf, 0.0) for name in COMMON}
    return [Bounds(case.statement, math.inf, unlimited).most for case in cases]


def _bound(proofs: Sequence[Proof], bounds: Sequence[Mapping[str, Array]], stage: int) -> float:
    """Return the best joint lower bound: a common decision has the summed reduced cost and the intersected box."""
    boxes = [dict(proof.box(most)) for proof, most in zip(proofs, bounds, strict=True)]
    first = proofs[0]
    for name in COMMON:
        family = first.columns[name]
        if any(proof.columns[name].labels != family.labels for proof in proofs):
            return -math.inf
        lower, upper = (np.array(side) for side in boxes[0][name])
        for proof, box in zip(proofs[1:], boxes[1:], strict=True):
            own = proof.columns[name]
            for ours, theirs in ((first.reduced, proof.reduced), (first.objective, proof.objective)):
                # Non-anticipativity: one variable for all members, with the sum of their reduced costs.
                family.view(ours)[:stage] += own.view(theirs)[:stage]
                own.view(theirs)[:stage] = 0.0
            np.maximum(lower[:stage], box[name][0][:stage], out=lower[:stage])
            np.minimum(upper[:stage], box[name][1][:stage], out=upper[:stage])
        boxes[0][name] = (lower, np.maximum(lower, upper))
    totals = sum((proof.totals(box) for proof, box in zip(proofs, boxes, strict=True)), np.zeros(()))
    return best(np.asarray(totals)) + sum(proof.constant for proof in proofs)
