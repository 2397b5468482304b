"""The certificate states every variable, constraint and cost of the notation, and only those."""

from __future__ import annotations

import numpy as np

from tests import scenarios
from xisuan.certificate.constraints.plan_statement import Statement
from xisuan.certificate.proof.value_placement import ELSEWHERE
from xisuan.certificate.proof.variable_bounds import Bounds
from xisuan.certificate.reading.variables import HOURLY, INTEGER
from xisuan.equations import notation
from xisuan.results.plan import COST_TERMS


def test_every_variable_is_read() -> None:
    statement = Statement.of(scenarios.pair())
    assert {*statement.columns.families, *ELSEWHERE} == set(notation.VARIABLE)
    assert {*(name for name in HOURLY if not name.startswith("excess_")), *ELSEWHERE} == {
        variable.name for variable in notation.VARIABLES if variable.hourly
    }
    assert {variable.name for variable in notation.VARIABLES if variable.integer} == INTEGER


def test_every_constraint_is_read() -> None:
    statement = Statement.of(scenarios.pair())
    bounds = Bounds(statement, np.inf)
    rows = list(statement.rows(bounds.most, np.zeros(statement.columns.size)))
    assert {part.name for part in rows} == set(notation.CONSTRAINT)
    assert {part.name for part in rows if part.hourly} == {c.name for c in notation.CONSTRAINTS if c.hourly}


def test_every_cost_term_is_read() -> None:
    statement = Statement.of(scenarios.pair())
    assert set(statement.costs(np.zeros(statement.columns.size))) == set(COST_TERMS)


def test_labels_have_the_dimensions_of_the_notation() -> None:
    statement = Statement.of(scenarios.five(integer=True, hours="hours:2"))
    bounds = Bounds(statement, np.inf)
    for rows in statement.rows(bounds.most, np.zeros(statement.columns.size)):
        assert all(len(label) == len(notation.CONSTRAINT[rows.name].dims) for label in rows.labels), rows.name
    for name, family in statement.columns.families.items():
        assert all(len(label) == len(notation.VARIABLE[name].dims) for label in family.labels), name


def test_every_bound_of_five_is_finite_once_a_plan_is_at_hand() -> None:
    bounds = Bounds(Statement.of(scenarios.five(integer=True, hours="hours:2")), 5000.0)
    for name, most in bounds.most.items():
        assert np.isfinite(most).all(), name


def test_nothing_of_the_equations_or_the_solver_is_imported() -> None:
    import ast
    import pathlib

    import xisuan.certificate

    for file in pathlib.Path(str(xisuan.certificate.__path__[0])).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("xisuan."):
                area = node.module.split(".")[1]
                assert area in {"certificate", "scenario", "results", "text", "units", "errors"}, (
                    file.name,
                    node.module,
                )
                assert node.module != "xisuan.scenario.queries.routing", file.name
