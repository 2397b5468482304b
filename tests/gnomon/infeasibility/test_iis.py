"""The smallest conflicting set against brute force, and conflicts planted in models of every size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import milp

from gnomon.arrays import Array
from gnomon.errors import SolverError
from gnomon.highs import feasibility
from gnomon.infeasibility import farkas_rows, iis, irreducibility, relaxation_ladder
from gnomon.model.block_model import Block, Model
from gnomon.model.linear_program import LinearProgram, flatten, with_rows
from gnomon.options import Options
from gnomon.proof import weak_duality
from tests.gnomon.synthetic import network
from tests.gnomon.timed import feasible, timed


def named(block: Block, item: int, period: int) -> str | None:
    """Sums, limits and bounds are statements of the user; balances are not."""
    if block.name == "balance":
        return None
    return f"{block.name} {block.labels[item][0]} in {period}"


def _kept(model: Model, statements: set[str]) -> LinearProgram:
    """The whole model with only these statements (and what is never blamed), item by item and hour by hour."""
    flat = flatten(model)
    lower, upper = flat.lower.copy(), flat.upper.copy()
    row_lower, row_upper = flat.row_lower.copy(), flat.row_upper.copy()
    for rows, count in ((True, len(row_lower)), (False, len(lower))):
        for number in range(count):
            block, period, _, item = flat.name(number, rows)
            if rows and named(block, item, period) not in {None, *statements}:
                row_lower[number], row_upper[number] = -np.inf, np.inf
            if not rows and named(block, item, period) not in statements:
                lower[number], upper[number] = min(lower[number], 0.0), np.inf
    return replace(flat, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)


@pytest.mark.parametrize("further", [iis.FURTHER, 0], ids=["small", "as if large"])
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_random_conflicts_are_conflicts_and_no_proper_subset_is(
    seed: int, further: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(iis, "FURTHER", further)
    model, _ = timed(seed, contradictory=True)
    assume(not feasible(flatten(model)))
    found = iis.explain(model, named)
    assert found.minimal
    assert found.everywhere
    blamed = set(found.statements)
    assert not feasible(_kept(model, blamed)), "what is blamed can be met"
    for one in blamed:
        assert feasible(_kept(model, blamed - {one})), f"{one} is innocent"


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**9))
def test_what_can_be_met_has_no_conflict(seed: int) -> None:
    model, _ = timed(seed)
    with pytest.raises(SolverError, match="it can be satisfied"):
        iis.explain(model, named)


def _change(model: Model, name: str, **numbers: object) -> Model:
    """The model with other numbers in one block of columns or rows."""
    for family in (model.columns, model.rows):
        if name in family:
            block = family[name]
            filled = {
                key: np.broadcast_to(np.asarray(value, float), block.lower.shape) for key, value in numbers.items()
            }
            family[name] = replace(block, **filled)
    parts = [
        replace(part, row=model.rows[part.row.name], column=model.columns[part.column.name]) for part in model.entries
    ]
    return replace(model, entries=parts)


def said(block: Block, item: int, period: int) -> str | None:
    """The statements of the synthetic network: demand, budget, the carbon cap and bounds of capacities."""
    place = "/".join(block.labels[item])
    if block.name in ("service_balance", "budget", "carbon_cap"):
        return f"{block.name} {place} {period}"
    if block.name in ("build", "installed", "solar", "battery", "grid"):
        return f"bound on {block.name} {place} {period}"
    return None


def _must_serve(hours: int, regions: int, sites: int, periods: int = 1) -> Model:
    return _change(network(hours, regions, sites, periods), "unserved", upper=0.0)


def test_orders_against_a_site_limit_need_no_hour() -> None:
    least = np.zeros((2, 3))
    least[0, 1] = 30.0
    model = _change(_must_serve(24, 4, 3, 2), "build", lower=least)
    limit = np.full((2, 3), 400.0)
    limit[:, 1] = 20.0
    found = iis.explain(_change(model, "installed", upper=limit), said)
    assert found.minimal
    assert found.statements in (
        ("bound on build s1 0", "bound on installed s1 0"),
        ("bound on build s1 0", "bound on installed s1 1"),
    )
    assert found.hours == ()


def test_a_budget_that_does_not_reach_is_blamed_with_the_demand() -> None:
    model = _change(_must_serve(24, 4, 3), "budget", upper=100.0)
    found = iis.explain(model, said)
    assert found.minimal
    assert "budget all 0" in found.statements
    assert all(line.startswith(("budget", "service_balance")) for line in found.statements)


def scarce(busiest: float = 1.0) -> Model:
    """5,000 hours of work that cannot wait and peaks in one: the mean hour has room, that hour has none. `busiest`: of other
    work, which anything serves, in the hour before the last."""
    model = Model(1, np.roll(np.arange(5000), 1))
    demand = np.ones((1, 5000, 1))
    demand[0, 3210] = 8.0
    site = [("s",)]
    run = model.add_columns("run", ("site",), site, hourly=True)
    hall = model.add_columns("installed", ("site",), site, upper=5.0)
    model.add(model.add_rows("service_balance", ("site",), site, hourly=True, lower=demand), site, run, site)
    within = model.add_rows("load_within", ("site",), site, hourly=True, upper=0.0)
    model.add(within, site, run, site)
    model.add(within, site, hall, site, -1.0)
    more = np.ones((1, 5000, 1))
    more[0, 4999] = busiest
    anywhere = model.add_columns("anywhere", ("site",), site, hourly=True)
    model.add(model.add_rows("other_balance", ("site",), site, hourly=True, lower=more), site, anywhere, site)
    return model


SCARCE = iis.Conflict(
    ("service_balance s 0", "bound on installed s 0"), True, relaxation_ladder.WHOLE, ((0, 3210),), everywhere=True,
    less=frozenset({"service_balance s 0"}),
)  # fmt: skip


def test_a_single_hour_of_scarcity_is_found_without_the_year() -> None:
    assert iis.explain(scarce(), said) == SCARCE


def test_of_a_model_too_large_to_search_a_proof_says_which_rows_suffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one nothing is found, which is no sign that there is a solution."""
    model = scarce(busiest=900.0)
    assert iis.explain(model, said) == SCARCE
    proof = feasibility.infeasibility(flatten(model))[1]
    monkeypatch.setattr(relaxation_ladder, "LARGEST", 1)
    monkeypatch.setattr(iis, "SIMPLEX", 8)
    everything = np.where(flatten(model).row_lower == 1.0, 1e-9, proof)
    for one in (proof, everything):
        assert iis.explain(model, said, proof=one) == SCARCE
    assert iis.explain(model, said) == iis.Conflict((), False, relaxation_ladder.WHOLE)


@pytest.mark.parametrize("proof", [[1.0, 0.0, 0.0], [1.0, 1e-12, 0.0], [0.0, 0.0, 1.0]])
@pytest.mark.parametrize("largest", [1, relaxation_ladder.LARGEST])
@pytest.mark.parametrize("simplex", [1, iis.SIMPLEX])
@pytest.mark.parametrize("most", [np.inf, 100.0])
def test_a_proof_may_lean_on_bounds_that_other_rows_imply(
    proof: list[float], largest: int, simplex: int, most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """8 are asked of what no more than 3 can be; the first row proves it with the bound that the second implies. What is
    proven is never said to be possible, even where the multipliers are of another row."""
    monkeypatch.setattr(relaxation_ladder, "LARGEST", largest)
    monkeypatch.setattr(iis, "SIMPLEX", simplex)
    model, one = Model(1, np.zeros(0, dtype=np.int64)), [("s",)]
    run = model.add_columns("run", ("site",), one, upper=most)
    built = model.add_columns("installed", ("site",), one, upper=3.0)
    model.add(model.add_rows("service_balance", ("site",), one, lower=8.0), one, run, one)
    within = model.add_rows("within", ("site",), one, upper=0.0)
    model.add(within, one, run, one)
    model.add(within, one, built, one, -1.0)
    model.add(model.add_rows("budget", ("site",), one, upper=9.0), one, run, one)
    found = iis.explain(model, said, proof=np.array(proof))
    wanted = ("service_balance s 0", "bound on installed s 0")
    assert set(found.statements) == set(wanted if proof[0] or largest > 1 else ())


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**9))
def test_the_rows_of_a_proof_suffice(seed: int) -> None:
    flat = flatten(timed(seed, contradictory=True)[0])
    amount, multipliers = feasibility.infeasibility(flat)
    assume(amount > 0.0)
    rng = np.random.default_rng(seed)
    for one in (multipliers, multipliers + 1e-11 * np.abs(multipliers).max() * rng.normal(size=len(multipliers))):
        if weak_duality.contradiction(flat, one) > 0.0:
            enough = farkas_rows.sufficient_rows(flat, one)
            assert enough is not None
            part, columns = with_rows(flat, enough[0])
            assert not len(columns) or not feasible(part)  # a row without columns may be impossible by itself


def test_where_time_runs_out_the_rows_of_a_proof_name_the_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object) -> None:
        raise SolverError("the search for a contradiction: the time limit was reached")

    model = scarce(busiest=900.0)
    proof = feasibility.infeasibility(flatten(model))[1]
    monkeypatch.setattr(relaxation_ladder, "LARGEST", 1)
    monkeypatch.setattr(iis, "FURTHER", 0)
    monkeypatch.setattr(feasibility.Feasibility, "contradiction", slow)
    found = iis.explain(model, said, proof=proof)
    assert found == replace(SCARCE, minimal=False, everywhere=False, within=relaxation_ladder.PROOF)
    monkeypatch.setattr(feasibility.Feasibility, "contradiction", lambda *_: None)  # it can be met, says the simplex
    assert iis.explain(model, said, proof=proof) == found


def test_rows_that_a_simplex_cannot_be_asked_of_name_the_conflict_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    model = scarce(busiest=900.0)
    proof = feasibility.infeasibility(flatten(model))[1]
    for name, most in (("SIMPLEX", 1), ("NAMED", 1), ("FURTHER", 0)):
        monkeypatch.setattr(iis, name, most)
    assert iis.explain(model, said, proof=proof) == replace(SCARCE, minimal=False, everywhere=False)


def test_what_is_never_blamed_may_contradict_itself() -> None:
    model = _change(_must_serve(4, 2, 2), "budget", upper=100.0)
    assert iis.explain(model, lambda block, item, period: None).statements == ()


def test_one_text_may_stand_for_many_rows() -> None:
    model = _change(_must_serve(6, 3, 2), "budget", upper=100.0)

    def coarse(block: Block, item: int, period: int) -> str | None:
        return {"service_balance": "all demand", "budget": "the budget"}.get(block.name)

    assert set(iis.explain(model, coarse).statements) == {"all demand", "the budget"}


def test_whole_numbers_alone_can_conflict() -> None:
    """3 to 7 units out of modules of 10."""
    model = Model(1, np.array([0]))
    site = [("s",)]
    modules = model.add_columns("modules", ("site",), site, integer=True)
    build = model.add_columns("build", ("site",), site, lower=3.0, upper=7.0)
    row = model.add_rows("build_module", ("site",), site, lower=0.0, upper=0.0)
    model.add(row, site, build, site)
    model.add(row, site, modules, site, -10.0)
    assert iis.explain(model, said).statements == ("bound on build s 0",)


def _some_module_size_fits(least: Array, most: Array, module: float) -> bool:
    return bool(milp(np.zeros(1), integrality=1, constraints=([[module]], least, most)).status == 0)


@pytest.mark.parametrize("least", [1.0, 4.0, 9.0, 11.0])
def test_whole_number_conflicts_agree_with_another_solver(least: float) -> None:
    assert _some_module_size_fits(np.array([least]), np.array([least + 4.0]), 10.0) == (
        least + 4.0 >= 10.0 and least <= 10.0
    )


def test_the_time_limit_returns_what_was_found() -> None:
    model = _change(_must_serve(24, 4, 3), "budget", upper=100.0)
    found = iis.explain(model, said, seconds=0.0)
    assert not found.minimal
    assert "budget all 0" in found.statements


def test_time_that_runs_out_before_anything_is_found_is_told_from_an_empty_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def slow(flat: LinearProgram, options: Options) -> tuple[float, Array]:
        raise SolverError("the search for a contradiction: the time limit was reached")

    monkeypatch.setattr(feasibility, "infeasibility", slow)
    monkeypatch.setattr(iis, "SIMPLEX", 10)
    model = _change(_must_serve(24, 4, 3), "budget", upper=100.0)
    assert iis.explain(model, said) == iis.Conflict((), False, relaxation_ladder.WHOLE)


def test_a_large_part_is_narrowed_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """What needs the whole year and many statements: found by way of multipliers of the whole."""
    monkeypatch.setattr(iis, "SIMPLEX", 10)
    model = _change(_must_serve(24, 4, 3), "budget", upper=100.0)
    found = iis.explain(model, said)
    assert found.minimal
    assert "budget all 0" in found.statements


PLANTED = {
    "too few sites": {"installed": {"upper": 5.0}},
    "too small a budget": {"budget": {"upper": 200.0 * 31}},
    "too little carbon": {"carbon_cap": {"upper": 31.0}, "solar": {"upper": 2.0}},
    "too little power": {"grid": {"upper": 5.0}, "solar": {"upper": 2.0}, "battery": {"upper": 1.0}},
}


@pytest.mark.parametrize("what", PLANTED)
def test_conflicts_planted_in_three_hundred_thousand_columns_show_in_small_parts(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether fewer statements might do in the whole is asked in the tests above."""
    monkeypatch.setattr(irreducibility, "SECONDS", 0.0)
    model = _must_serve(672, 31, 18)
    for name, numbers in PLANTED[what].items():
        model = _change(model, name, **numbers)
    found = iis.explain(model, said)
    assert found.minimal
    assert found.within != relaxation_ladder.WHOLE
    assert any(line.startswith("service_balance") for line in found.statements)
    for name in PLANTED[what]:
        assert any(name in line for line in found.statements) or name in ("battery", "solar")
