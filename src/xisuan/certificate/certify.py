"""`certify`: lay a plan against the certificate's own reading of its scenario."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from xisuan.certificate.bounds import Bounds
from xisuan.certificate.clock import Array
from xisuan.certificate.columns import Columns, Label
from xisuan.certificate.duality import Proof
from xisuan.certificate.feasible import FLOOR, TINY, Violation, check_bounds, check_rows
from xisuan.certificate.reading import year_label
from xisuan.certificate.statement import Statement
from xisuan.results.found import Found
from xisuan.results.plan import Certificate, Plan
from xisuan.scenario.scenario import Scenario

TOLERANCE = 1e-6
WORTH = 2.0
"""Orders are worth at most this many times the plan's cost: any factor above 1 is valid, and this one leaves room for
a plan that is feasible but for its last digits."""
ELSEWHERE = ("traffic_unserved",)
"""Variables that only an operated plan has; in a plan they are 0."""


@dataclass
class _Values:
    """The plan's values in the certificate's order, and what could not be placed."""

    x: Array
    problems: list[str] = field(default_factory=list)
    strangers: list[Violation] = field(default_factory=list)


def certify(scenario: Scenario, plan: Plan) -> Certificate:
    """Check every row, bound and cost of `plan` against the tables of `scenario`, and prove a lower bound.

    Nothing is shared with the equations or the solver. `ok`: every violation is ≤ 1e-6 of the largest term of its
    row, all values are numbers with known names, and cost and objective agree with the tables within 1e-6.
    """
    statement = Statement.of(scenario)
    columns = statement.columns
    values = _place(columns, plan.variables)
    x = values.x
    terms = statement.costs(x)
    cost = sum(terms.values())
    objective = statement.tonnes(x) if statement.carbon else cost
    worth = math.inf if statement.carbon else WORTH * cost
    bounds = Bounds(columns, {order.variable: order.discounted for order in statement.orders}, worth)
    proof = Proof(columns, statement.objective, statement.constant, plan.relaxation_duals or plan.duals)
    violations = [*values.strangers, *check_bounds(columns, x)]
    for rows in statement.rows(bounds.most, x):
        if rows.labels:
            violations.append(check_rows(rows, x))
            proof.take(rows)
    lower = proof.bound(bounds.most)
    problems = [*values.problems, *_disagreements(plan, cost, objective, statement.carbon)]
    whole = any(family.integer and family.labels for family in columns.families.values())
    doubts = _doubts(plan, lower, objective, whole)
    return _certificate(plan, violations, problems, doubts, cost, lower)


def _place(columns: Columns, variables: Mapping[str, Found]) -> _Values:
    values = _Values(np.zeros(columns.size))
    for name, found in variables.items():
        if found.name != name or name not in (*columns.families, *ELSEWHERE):
            values.problems.append(f"{name}: no variable of the model is called that")
        elif not np.isfinite(found.values).all():
            values.problems.append(f"{name}: a value is missing or not a number")
        elif len(set(found.labels)) != len(found.labels) or len(found.labels) != found.values.shape[-1]:
            values.problems.append(f"{name}: its labels do not name its values one by one")
        else:
            _place_family(columns, found, values)
    return values


def _place_family(columns: Columns, found: Found, values: _Values) -> None:
    name = found.name
    periods, hours = columns.reading.clock.shape
    hourly = columns[name].hourly if name in columns.families else True
    if found.values.shape[:-1] != ((periods, hours) if hourly else (periods,)):
        values.problems.append(f"{name}: {found.values.shape[:-1]} periods and hours instead of {(periods, hours)}")
        return
    known = columns[name].at if name in columns.families else {}
    labels = [(*label[:2], year_label(label[2])) if name == "kept" else label for label in found.labels]
    pairs = [(known[label], i) for i, label in enumerate(labels) if label in known]
    if pairs:
        columns[name].view(values.x)[..., [at for at, _ in pairs]] = found.values[..., [i for _, i in pairs]]
    others = [i for i, label in enumerate(labels) if label not in known]
    if others:
        values.strangers.append(_stranger(found, others, [labels[i] for i in others]))


def _stranger(found: Found, items: list[int], labels: list[Label]) -> Violation:
    """Items that the tables give no place to must be 0."""
    part = np.abs(found.values[..., items])
    at = np.unravel_index(int(np.argmax(part)), part.shape)
    amount = float(part[at])
    scale = max(amount, FLOOR * float(np.abs(found.values).max(initial=0.0)), TINY)
    family = "eligibility" if found.name in ("serve", "hold") else "bounds"
    hour = int(at[1]) if part.ndim == 3 else None
    return Violation(family, amount / scale, amount, (found.name, *labels[int(at[-1])]), int(at[0]), hour)


def _disagreements(plan: Plan, cost: float, objective: float, carbon: bool) -> list[str]:
    found = []
    if not _agree(plan.cost_mcny, cost):
        found.append(f"cost: the plan says {plan.cost_mcny:,.6g} mCNY, the tables give {cost:,.6g} mCNY")
    if not _agree(plan.objective, objective):
        unit = "t" if carbon else "mCNY"
        found.append(f"objective: the plan says {plan.objective:,.6g} {unit}, the tables give {objective:,.6g} {unit}")
    return found


def _agree(said: float, found: float) -> bool:
    return abs(said - found) <= TOLERANCE * max(abs(said), abs(found), TOLERANCE)


def _doubts(plan: Plan, lower: float, objective: float, whole: bool) -> list[str]:
    """What is odd about the bound; a plan may be right without one."""
    slack = TOLERANCE * max(1.0, abs(objective))
    if lower > objective + slack:
        return [f"lower bound: {lower:,.9g} is proven, above the objective {objective:,.9g}; one of them is misread"]
    claimed = plan.lower_bound
    if not whole and math.isfinite(claimed) and not lower >= claimed - slack:
        return [f"lower bound: the plan says {claimed:,.9g}, its duals prove {lower:,.9g}"]
    return []


def _certificate(
    plan: Plan, violations: list[Violation], problems: list[str], doubts: list[str], cost: float, lower: float
) -> Certificate:
    families: dict[str, float] = {}
    worst: dict[str, Violation] = {}
    for violation in violations:
        if violation.relative >= families.get(violation.family, 0.0):
            families[violation.family] = violation.relative
            worst[violation.family] = violation
    most = max(families.values(), default=0.0)
    broken = sorted((v for v in worst.values() if not v.relative <= TOLERANCE), key=lambda v: -v.relative)
    findings = (*problems, *(_say(plan, violation) for violation in broken), *doubts)
    return Certificate(not problems and not broken, most, cost, lower, families, findings)


def _say(plan: Plan, violation: Violation) -> str:
    """A violation in the scenario's words."""
    where = " / ".join(part for part in violation.label if part)
    period = f", {plan.scenario.settings.periods[violation.period]}" if violation.period >= 0 else ""
    hour = f", hour {violation.hour}" if violation.hour is not None else ""
    amount = f"off by {violation.amount:,.6g} ({violation.relative:.2%} of its largest term)"
    return f"{violation.family}: {where}{period}{hour}: {amount}"
