"""One linear system, two ways: hours, chain and border in turn, and the dense matrix of all rows and columns."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from gnomon.arrays import Array
from gnomon.interior_point.factorisation import newton_system as module
from gnomon.interior_point.factorisation.newton_system import System
from gnomon.interior_point.formulation.hour_template import cycles
from gnomon.interior_point.formulation.standard_form import standard
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.runtime.threads import Threads, threads
from tests.laws.strategies import PARTS, RULES, full, tables
from xisuan.equations.build_model import assemble
from xisuan.scenario.scenario import Scenario
from xisuan.scenario.variants.synthetic import country


@cache
def shapes() -> dict[str, Scenario]:
    """Rings of every kind: one hour, two, several, several of different lengths, one period and three."""
    every = (2026, 2028)
    many = {
        "one": ("one", every[:1]),
        "two": ("hours:2", every[:1]),
        "three": ("hours:3", every),
        "long": ("hours:20", every),
    }
    made = {name: full(3, hours=hours, periods=periods) for name, (hours, periods) in many.items()}
    blocks = tables(np.random.default_rng(3), {*PARTS, "blocks"}, every, set(RULES))
    made["blocks"] = replace(made["three"], frames=blocks)
    return {name: draft.build() for name, draft in made.items()} | {"country": country(4, 3, hours="hours:6")}


@pytest.mark.parametrize("name", ["one", "two", "three", "long", "blocks", "country"])
def test_the_eliminated_system_is_the_whole_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    flat = flatten(assemble(shapes()[name]).model)
    assert len(set(map(len, cycles(flat.model.previous)))) == (2 if name == "blocks" else 1)
    monkeypatch.setattr(module, "REFINEMENTS", 2)
    check(flat)


@pytest.mark.parametrize("parts", [2, 3, 7])
def test_a_ring_in_ranges_is_the_whole_ring(parts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ranges of one bundle of hours and of several, the last one of a single hour."""
    monkeypatch.setattr(module, "REFINEMENTS", 2)
    check(flatten(assemble(full(3, hours="hours:57", periods=(2026,)).build()).model), parts)


@pytest.mark.parametrize("lost", [0.6, 0.99, -4.0])
def test_single_directions_that_elimination_loses_are_found(lost: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two directions it gives a part, or five times what they are; corrections alone would take hundreds, or grow."""
    whole, rng = System._once, np.random.default_rng(5)
    directions: list[Array] = []

    def once(system: System, r: Array, g: Array) -> tuple[Array, Array]:
        y, x = whole(system, r, g)
        if not directions:
            directions.extend(np.linalg.qr(np.where(system.form.masked, 0.0, rng.normal(size=(2, len(y)))).T)[0].T)
        for way in directions:
            y = y - lost * (way @ y) * way
        return y, x

    monkeypatch.setattr(System, "_once", once)
    check(flatten(assemble(shapes()["long"]).model))


def test_who_is_patient_goes_on_with_corrections_that_help_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elimination loses from a half to 99 % of a few directions, one fewer than there are corrections. The minimal
    polynomial of the system then has a degree that the corrections reach, and the residual is that of rounding, although
    the first ones take away less than a third of it; whoever stops there keeps it."""
    form = standard(flatten(assemble(shapes()["long"]).model))
    whole, left = System._once, {True: list[float](), False: list[float]()}
    for seed in range(1, 13):
        rng = np.random.default_rng(seed)
        masked = np.where(form.masked, 0.0, rng.normal(size=(module.REFINEMENTS - 1, len(form.side))))
        ways = np.linalg.qr(masked.T)[0].T

        def once(system: System, r: Array, g: Array, ways: Array = ways) -> tuple[Array, Array]:
            y, x = whole(system, r, g)
            for lost, way in zip(np.linspace(0.5, 0.99, len(ways)), ways, strict=True):
                y = y - lost * (way @ y) * way
            return y, x

        monkeypatch.setattr(System, "_once", once)
        theta = np.where(form.moves, np.exp(rng.normal(0, 1, len(form.cost))), 0.0)
        slack = np.where(form.slack_moves, np.exp(rng.normal(0, 1, len(form.side))), 0.0)
        right = form.times(np.where(form.moves, rng.normal(size=len(form.cost)), 0.0))
        with threads(1, 1):
            for patient, rests in left.items():
                solver = System(form, Threads(1, None))
                solver.factorise(theta, slack)
                y, x = solver.solve(right, np.zeros(len(form.cost)), patient=patient)
                rest = np.where(form.masked, 0.0, right - form.times(x) - slack * y)
                rests.append(float(np.abs(rest).max() / np.abs(right).max()))
    assert max(left[True]) <= 1e-6
    assert np.median(left[False]) >= 1e-3


def check(flat: LinearProgram, parts: int = 1) -> None:
    """Random multipliers, right sides that the rows can meet; both solutions agree."""
    form = standard(flat)
    rng = np.random.default_rng(1)
    columns, rows = len(form.cost), len(form.side)
    theta = np.where(form.moves, np.exp(rng.normal(0, 1, columns)), 0.0)
    slack = np.where(form.slack_moves, np.exp(rng.normal(0, 1, rows)), 0.0)
    g = np.where(form.moves, rng.normal(size=columns), 0.0)
    right = form.times(
        np.where(form.moves, rng.normal(size=columns), 0.0)
    )  # in the range of the rows, dependent or not
    with threads(1, 1):
        solver = System(form, Threads(parts, None))
        solver.factorise(theta, slack)
        y, x = solver.solve(right, g)
    used = ~form.masked
    matrix = form.scaling.apply(flat).matrix.toarray()[used]
    kept = np.where(form.masked, 0.0, right)[used]
    size = 1.0 + np.abs(kept).max()
    assert np.abs(matrix @ np.where(form.moves, x, 0.0) + slack[used] * y[used] - kept).max() <= 1e-8 * size
    pull = matrix.T @ y[used]
    held = np.divide(x, theta, out=np.zeros_like(x), where=theta > 0.0)
    assert np.abs((pull - held - g)[form.moves]).max() <= 1e-8 * (1.0 + np.abs(pull).max())
    assert (x[~form.moves] == 0.0).all()
    assert (y[form.masked] == 0.0).all()
