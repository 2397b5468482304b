"""Members that make their numbers by themselves have those that are cut from all hours, or none."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from gnomon.interior_point.distributed.local_assembly import SlicedNumbers, digest, numbers_of, outline, source
from gnomon.interior_point.formulation.hour_template import Template
from gnomon.interior_point.formulation.standard_form import standard
from gnomon.interior_point.solve import solve
from gnomon.model.block_model import Model
from gnomon.model.linear_program import LinearProgram, flatten
from gnomon.options import Options
from gnomon.runtime.process_team import Team
from gnomon.runtime.threads import ALONE
from gnomon.transforms import integrality as whole_numbers
from gnomon.transforms import objective_limit
from gnomon.transforms.extensive_form import Futures
from tests.gnomon_scenarios.interior_point.factorisation.test_newton_system import shapes
from tests.gnomon_scenarios.runtime.test_process_team import FIELDS, leaky, share_out, threaded, together
from tests.laws.strategies import full
from tests.scenarios import five
from xisuan.equations.build_model import EARLY, assemble
from xisuan.scenario.variants.synthetic import country


@cache
def model(name: str) -> Model:
    """Of a scenario, but for one that is made by hand."""
    if name == "leaky":
        made = leaky()
        made.recipe = leaky
        return made
    if name == "futures":
        parts = tuple(assemble(shapes()["two"]).model for _ in range(3))
        return Futures(parts, (0.5, 0.3, 0.2), frozenset(EARLY), 1).extensive_form()
    return assemble(full(3, hours="hours:57", periods=(2026, 2028)).build() if name == "long" else shapes()[name]).model


@pytest.mark.parametrize("count", [2, 3, 7])
@pytest.mark.parametrize("name", ["two", "three", "blocks", "country", "long", "leaky", "futures"])
def test_numbers_that_members_make_are_those_that_are_cut(name: str, count: int) -> None:
    """All of them to the last digit, but sides that columns at their lower bounds change: there sums have another order."""
    flat = flatten(model(name))
    form, layout = standard(flat, leeway=1e-7), share_out(flat, count)
    of = source(flat)
    assert of is not None

    def work(team: Team) -> object:
        told = pickle.loads(pickle.dumps(outline(form, layout, team.rank, of)))
        again = told.assemble()
        assert not isinstance(again, str)
        return numbers_of(again, told, layout, team, ALONE)

    for rank, mine in enumerate(together(layout, work)):
        wanted = SlicedNumbers(form, layout)[rank]
        for field in FIELDS:
            theirs, ours = getattr(wanted, field), getattr(mine, field)
            if field == "template":
                _same(theirs, ours)
            elif field == "periods":
                assert (theirs != ours).nnz == 0
            elif field == "side":
                assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-12)
            else:
                assert np.array_equal(theirs, ours), field


def _same(theirs: Template, ours: Template) -> None:
    assert (theirs.hours, theirs.all_hours, theirs.periods) == (ours.hours, ours.all_hours, ours.periods)
    for name in ("node", "column", "held_row", "held_node", "seen_row", "seen_column", "states", "shared", "sums"):
        assert np.array_equal(getattr(theirs, name), getattr(ours, name)), name
    for name in ("values", "held", "seen"):
        for part in ("constant", "slot", "table"):
            assert np.array_equal(getattr(getattr(theirs, name), part), getattr(getattr(ours, name), part)), name
    assert all((a != b).nnz == 0 for a, b in zip(theirs.weights, ours.weights, strict=True))
    assert [(s.hours.tolist(), s.ring, s.open) for s in theirs.strands] == [
        (s.hours.tolist(), s.ring, s.open) for s in ours.strands
    ]


def test_another_process_makes_the_same_model() -> None:
    """Whatever order its sets have there."""
    program = (
        "import pickle, sys; from gnomon.interior_point.distributed.local_assembly import digest;"
        "sys.stdout.write(digest(pickle.load(sys.stdin.buffer)()).hex())"
    )
    for one, seed in ((model("long"), "1"), (model("long"), "2"), (model("futures"), "3")):
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=pickle.dumps(one.recipe),
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
        assert done.stdout.decode() == digest(one).hex()


def _named(flat: LinearProgram) -> str:
    """Which way members of a solve came to their numbers. They have them before the first iteration: few are enough."""
    log = solve(flat, Options(gap=1e-2, workers=2, recruit=threaded)).log
    return next(line.strip() for line in log.splitlines() if line.strip().startswith("workers"))


def test_who_has_another_model_is_sent_its_numbers() -> None:
    """What makes it gives another one, which would be as long; or nobody said what makes it: the answer is the same."""
    flat = flatten(assemble(country(3, 2, hours="hours:48")).model)
    assert _named(flat) == "workers made their numbers by themselves"
    other = _Other(flat.model.recipe)
    flat = flatten(replace(flat.model, recipe=other))
    assert _named(flat) == "workers were sent their numbers: its numbers are others here"
    alone, sent = (solve(flat, Options(gap=1e-7, workers=workers, recruit=threaded)) for workers in (1, 2))
    assert sent.objective == pytest.approx(alone.objective, rel=2e-7)
    for recipe, why in ((None, "nobody said what makes it"), (lambda: flat.model, "nobody said what makes it"),
                        (_fails, "ValueError: not here")):  # fmt: skip
        assert _named(flatten(replace(flat.model, recipe=recipe))) == f"workers were sent their numbers: {why}"


def _fails() -> Model:
    raise ValueError("not here")


class _Other:
    """Makes a model in which one price of an hour is another in the last digit."""

    def __init__(self, makes: object) -> None:
        self._makes = makes

    def __call__(self) -> Model:
        found: Model = self._makes()  # type: ignore[operator]
        name, block = next((name, of) for name, of in found.columns.items() if of.hourly and of.cost.any())
        cost = np.array(block.cost)
        at = tuple(np.argwhere(cost)[0])
        cost[at] = np.nextafter(cost[at], np.inf)
        found.columns[name] = replace(block, cost=cost)
        return found


@pytest.mark.parametrize("name", ["lower", "upper", "cost", "row_lower", "row_upper"])
def test_numbers_of_hours_that_are_not_the_models_are_not_made_from_it(name: str) -> None:
    """Whoever changes what periods have may; whoever changes an hour has a model that nobody else can make."""
    flat = flatten(model("country"))
    values = getattr(flat, name).copy()
    periods = flat.model.periods * flat.model.items(False, flat.model.rows if "row" in name else flat.model.columns)
    values[0] = 0.25
    assert source(replace(flat, **{name: values})) is not None
    finite = periods + np.flatnonzero(np.isfinite(values[periods:]))
    values[finite[-1]] += 0.25
    assert source(replace(flat, **{name: values})) is None


@pytest.mark.parametrize("name", ["another goal", "a limit", "integers held", "no integers"])
def test_models_made_of_models_are_made_again(name: str) -> None:
    """With another goal or a limit on it, and as the linear models around their integers."""
    whole = assemble(five(hours="hours:4", integer=True)).model
    assert any(block.integer for block in whole.columns.values())
    goal = {name: block.cost for name, block in whole.columns.items()}
    flat = flatten(whole)
    made = {
        "another goal": lambda: flatten(objective_limit.with_objective(whole, goal)),
        "a limit": lambda: flatten(objective_limit.with_objective_limit(whole, goal, 1e6)),
        "integers held": lambda: whole_numbers.fix_integers(flat, np.ones(flat.shape[1])),
        "no integers": lambda: whole_numbers.relax_integers(flat),
    }[name]()
    of = source(made)
    assert of is not None
    assert len(of.recipe) < 2e6
    assert digest(pickle.loads(of.recipe)()) == of.digest != digest(whole)


def test_digests_tell_models_apart() -> None:
    """Every number counts, and where it stands."""
    whole = model("two")
    name = next(name for name, block in whole.rows.items() if block.hourly)
    lower = np.array(whole.rows[name].lower)
    lower[-1, -1, -1] = 0.5
    part = whole.entries[0]
    others = [
        replace(whole, constant=whole.constant + 1.0),
        replace(whole, rows={**whole.rows, name: replace(whole.rows[name], lower=lower)}),
        replace(whole, entries=[replace(part, values=part.values * 2.0), *whole.entries[1:]]),
        replace(whole, entries=[replace(part, columns=part.columns[::-1].copy()), *whole.entries[1:]]),
        replace(whole, entries=whole.entries[1:]),
        replace(whole, previous=np.roll(whole.previous, 1)),
    ]
    assert len({digest(of) for of in [whole, *others]}) == 1 + len(others)
