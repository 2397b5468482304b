"""A plan made from the certificate's own statement by scipy: right by that reading, with duals, for tests to spoil."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
from scipy import optimize, sparse

from xisuan.certificate.constraints.operation_statement import Operation
from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.proof.variable_bounds import Bounds
from xisuan.certificate.reading.sparse_rows import Rows
from xisuan.certificate.reading.variables import Columns
from xisuan.results.labelled_values import Found
from xisuan.results.plan import Effort, Plan
from xisuan.scenario.scenario import Scenario

EFFORT = Effort("direct", "scipy", 0.0, 0.0, 0.0, 0, 0, 0, 0, 0)


def solved(scenario: Scenario) -> Plan:
    """The cheapest (or cleanest) plan of `scenario` by the certificate's reading."""
    statement = Statement.of(scenario)
    columns = statement.columns
    bounds = Bounds(statement, np.inf)
    finite = {name: np.where(np.isfinite(most), most, 1e5) for name, most in bounds.most.items()}
    rows = [part for part in statement.rows(finite, np.zeros(columns.size)) if part.labels]
    lower, upper = np.zeros(columns.size), np.zeros(columns.size)
    whole = np.zeros(columns.size)
    for family in columns.families.values():
        family.view(lower)[...], family.view(upper)[...] = family.lower, family.upper
        family.view(whole)[...] = family.integer
    x = np.zeros(0)
    relaxed: dict[str, Found] = {}
    if whole.any():
        relaxed = _linear(statement, rows, lower, upper)[1]
        x = _integer(statement, rows, lower, upper, whole)
        fixed = np.rint(x)
        lower, upper = np.where(whole, fixed, lower), np.where(whole, fixed, upper)
    x, duals = _linear(statement, rows, lower, upper)
    cost = sum(statement.costs(x).values())
    objective = cost if statement.money else statement.value(x)
    values = {
        name: Found(name, ("?",), family.labels, family.hourly, family.view(x).copy())
        for name, family in columns.families.items()
        if family.labels
    }
    return Plan(scenario, "optimal", objective, objective, cost, EFFORT, values, duals, relaxed)


def _matrix(part: Rows, size: int) -> sparse.csr_matrix:
    row, column, coef = part.entries
    return sparse.csr_matrix((coef, (row, column)), shape=(int(np.prod(part.shape)), size))


def _linear(
    statement: Statement | Operation, rows: list[Rows], lower: np.ndarray, upper: np.ndarray
) -> tuple[np.ndarray, dict[str, Found]]:
    size = statement.columns.size
    sign = {"=": 1.0, "<": 1.0, ">": -1.0}
    equal = [part for part in rows if part.sense == "="]
    other = [part for part in rows if part.sense != "="]
    scale = max(1.0, float(np.abs(statement.objective).max()) / 10.0)
    found = optimize.linprog(
        statement.objective / scale,
        A_ub=sparse.vstack([sign[part.sense] * _matrix(part, size) for part in other]),
        b_ub=np.concatenate([sign[part.sense] * part.rhs.ravel() for part in other]),
        A_eq=sparse.vstack([_matrix(part, size) for part in equal]),
        b_eq=np.concatenate([part.rhs.ravel() for part in equal]),
        bounds=np.stack([lower, upper], axis=1),
        method="highs",
    )
    assert found.status == 0, found.message
    duals: dict[str, Found] = {}
    for group, values in ((other, found.ineqlin.marginals), (equal, found.eqlin.marginals)):
        start = 0
        for part in group:
            stop = start + int(np.prod(part.shape))
            mine = sign[part.sense] * scale * values[start:stop].reshape(part.shape)
            duals[part.name] = Found(part.name, ("?",), part.labels, part.hourly, mine)
            start = stop
    return found.x, duals


def optimum(operation: Operation, columns: Columns, rows: list[Rows]) -> float:
    """What the cheapest operation of a period costs by the certificate's reading."""
    lower, upper = np.zeros(columns.size), np.zeros(columns.size)
    for family in columns.families.values():
        family.view(lower)[...], family.view(upper)[...] = family.lower, family.upper
    x, _ = _linear(operation, [part for part in rows if part.labels], lower, upper)
    return float(operation.objective @ x) + operation.constant


def _integer(
    statement: Statement, rows: list[Rows], lower: np.ndarray, upper: np.ndarray, whole: np.ndarray
) -> np.ndarray:
    size = statement.columns.size
    low = {"=": 0.0, "<": -np.inf, ">": 0.0}
    high = {"=": 0.0, "<": 0.0, ">": np.inf}
    found = optimize.milp(
        statement.objective,
        integrality=whole,
        bounds=optimize.Bounds(lower, upper),
        constraints=optimize.LinearConstraint(
            sparse.vstack([_matrix(part, size) for part in rows]),
            np.concatenate([part.rhs.ravel() + low[part.sense] for part in rows]),
            np.concatenate([part.rhs.ravel() + high[part.sense] for part in rows]),
        ),
        options={"mip_rel_gap": 1e-6},
    )
    assert found.status == 0, found.message
    return found.x


def spoilt(plan: Plan, name: str, values: np.ndarray) -> Plan:
    """The plan with other values of one family."""
    return with_variables(plan, {**plan.variables, name: dataclasses.replace(plan.variables[name], values=values)})


def with_variables(plan: Plan, variables: Mapping[str, Found]) -> Plan:
    """The plan with other variables."""
    return dataclasses.replace(plan, variables=variables)
