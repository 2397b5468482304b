"""Is each equation exactly the one we meant? One tiny LP file per constraint, with sums that a reader can do."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import xisuan.equations
from tests import scenarios
from tests.access_cases import access
from tests.golden.cases import CASES
from tests.golden.writing import FOLDER, assembled, golden, path, variables
from xisuan.equations.build_model import assemble
from xisuan.equations.notation import CONSTRAINTS, COSTS, OWN, VARIABLES
from xisuan.results.plan import COST_TERMS

TOGETHER = {"charge_within_supply", "discharge_within_supply"}
"""Constraints that one function states: battery_within_supply. Own rules are stated by `own_rules.add`."""


def test_every_constraint_has_a_golden_file_and_no_file_is_left_over() -> None:
    names = {constraint.name for constraint in CONSTRAINTS}
    assert set(CASES) == names
    assert {file.stem for file in FOLDER.glob("*.lp")} == names


@pytest.mark.parametrize("constraint", list(CASES))
def test_constraint_is_the_golden_one(constraint: str) -> None:
    """After a change that is meant: python -m tests.golden, and read the difference."""
    assert path(constraint).read_text(encoding="utf-8") == golden(constraint)


def test_every_variable_stands_in_some_golden_file() -> None:
    shown = {name for constraint in CASES for name in variables(constraint)}
    assert {variable.name for variable in VARIABLES} - shown == set()


def test_every_constraint_has_a_function_that_states_it() -> None:
    functions = {name for file in _modules() for name in _functions(file)}
    assert {constraint.name for constraint in CONSTRAINTS} - functions == TOGETHER | set(OWN.values())
    assert {"battery_within_supply", "add"} <= functions


def test_every_constraint_and_variable_says_what_it_is() -> None:
    assert all(one.formula.strip() and one.why.strip() and one.dims for one in CONSTRAINTS)
    assert all(one.meaning.strip() and one.dims for one in VARIABLES)
    assert len({one.name for one in CONSTRAINTS}) == len(CONSTRAINTS)
    assert len({one.name for one in VARIABLES}) == len(VARIABLES)


def test_the_objective_lists_the_costs_that_the_equations_make() -> None:
    """Over all cases, the two scenarios and the cities: each pair of a term and a variable, no more and no fewer."""
    models = [assembled(constraint) for constraint in CASES]
    models += [assemble(scenarios.pair()), assemble(scenarios.five(integer=True)), assemble(access())]
    made = {(term, name) for one in models for name, terms in one.terms.items() for term in terms}
    made |= {(term, "") for one in models for term in one.constants}
    over = {(term, name) for term, name in made if name.startswith("excess_")}
    assert {term for term, _ in over} <= {"unserved"}
    assert made - over == {(one.term, one.variable) for one in COSTS}
    assert len({(one.term, one.variable) for one in COSTS}) == len(COSTS)
    assert {one.term for one in COSTS} == set(COST_TERMS)


def test_every_formula_names_its_variables() -> None:
    """What stands in a row is in its formula: nothing is added to an equation behind the reader's back."""
    words = {variable.name for variable in VARIABLES}
    for constraint in CONSTRAINTS:
        if constraint.name in OWN.values():
            continue  # a scenario says which variables stand in its own rules
        for name in variables(constraint.name) & words:
            said = constraint.formula + constraint.why
            alike = (name, name.removeprefix("stock_"), "facility power", "capital cost of the orders")
            assert any(word in said for word in alike), f"{constraint.name}: {name} is not in its formula"


def _modules() -> list[Path]:
    return sorted(Path(xisuan.equations.__path__[0]).rglob("*.py"))


def _functions(file: Path) -> list[str]:
    """Functions at the top of a module that have a docstring."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and ast.get_docstring(node)]
