"""Exchanges of two cities' choices: plans that keep the budgets, and the best there are where all can be tried."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, linprog, milp

from xisuan.planning.access.branch_and_price import Tree
from xisuan.planning.access.choice_problem import ChoiceProblem, Point
from xisuan.planning.access.exchange_heuristic import exchange
from xisuan.planning.access.pricing import Ways

CHOICES = np.array([[True, True], [False, True], [False, False]])


def drawn(seed: int, kinds: int, size: int = 1) -> tuple[ChoiceProblem, Ways]:
    """Two periods with budgets for a third of what all cities could spend; two ways that early choices may be had in."""
    rng = np.random.default_rng(seed)
    people = np.round(rng.lognormal(3.0, 0.5, kinds))
    need = people * rng.uniform(0.5, 2.0, kinds)
    ways = [(k, 0, (need[k], 0.0)) for k in range(kinds)]
    ways += [(k, 1, (early * need[k], (1.05 - early) * need[k])) for k in range(kinds) for early in (0.0, 0.8)]
    ways += [(k, 2, (0.0, 0.0)) for k in range(kinds)]
    city, choice, takes = zip(*ways, strict=True)
    worth = CHOICES.sum(axis=1)[:, None] * people
    limits = np.array([0.2, 0.15]) * need.sum() * size
    problem = ChoiceProblem(worth.astype(float), np.full(kinds, float(size)), np.arange(kinds), CHOICES, limits, 0.0)
    return problem, Ways(np.array(city), np.array(choice), np.array(takes))


def searched(problem: ChoiceProblem, ways: Ways) -> Tree:
    """The tree after exchanges alone: its root solved, nothing branched on."""
    probe = Tree(problem, None, ways, [Point(np.zeros(2), np.zeros_like(problem.worth), [])])
    prices = probe.root.prices
    assert prices is not None
    least = np.full_like(problem.worth, np.inf)
    np.minimum.at(least, (ways.choice, ways.city), ways.takes @ prices)
    tree = Tree(problem, None, ways, [Point(prices, least, [])])
    exchange(tree, np.inf)
    return tree


def kept(problem: ChoiceProblem, ways: Ways, counts: np.ndarray) -> bool:
    """Whether ways of these choices, mixed, keep the budgets: by a program of SciPy."""
    same = [
        [1.0 if (city, choice) == (k, c) else 0.0 for city, choice in zip(ways.city, ways.choice, strict=True)]
        for c, k in np.ndindex(counts.shape)
    ]
    found = linprog(
        np.zeros(len(ways.city)),
        A_ub=ways.takes.T,
        b_ub=problem.limits + 1e-6,
        A_eq=np.array(same),
        b_eq=counts.ravel(),
    )
    return bool(found.status == 0)


@pytest.mark.parametrize("seed", range(5))
def test_exchanges_find_the_best_of_all_plans_tried(seed: int) -> None:
    """Five cities, 3⁵ plans."""
    problem, ways = drawn(seed, 5)
    best = 0.0
    for chosen in itertools.product(range(3), repeat=5):
        counts = np.zeros_like(problem.worth)
        counts[list(chosen), np.arange(5)] = 1.0
        reached = problem.objective(counts)
        if reached > best and kept(problem, ways, counts):
            best = reached
    assert searched(problem, ways).reached == pytest.approx(best)


def optimum(problem: ChoiceProblem, ways: Ways) -> float:
    """The most that whole numbers of cities reach, by branch and bound of SciPy over ways and choices."""
    n, m = len(ways.city), problem.worth.size
    same = [
        [1.0 if (city, choice) == (k, c) else 0.0 for city, choice in zip(ways.city, ways.choice, strict=True)]
        for c, k in np.ndindex(problem.worth.shape)
    ]
    each = [
        [1.0 if k == kind else 0.0 for _, k in np.ndindex(problem.worth.shape)] for kind in range(len(problem.size))
    ]
    rows = [
        LinearConstraint(np.hstack([ways.takes.T, np.zeros((len(problem.limits), m))]), -np.inf, problem.limits),
        LinearConstraint(np.hstack([np.array(same), -np.eye(m)]), 0.0, 0.0),
        LinearConstraint(np.hstack([np.zeros((len(each), n)), np.array(each)]), problem.size, problem.size),
    ]
    cost = np.concatenate([np.zeros(n), -problem.worth.ravel()])
    found = milp(cost, constraints=rows, integrality=np.concatenate([np.zeros(n), np.ones(m)]))
    return -float(found.fun)


@pytest.mark.parametrize(("seed", "kinds", "size"), [(1, 30, 1), (2, 4, 9)])
def test_what_exchanges_find_keeps_the_budgets_and_is_near_the_best(seed: int, kinds: int, size: int) -> None:
    """Of thirty cities, and of nine each of four kinds."""
    problem, ways = drawn(seed, kinds, size)
    tree = searched(problem, ways)
    assert tree.counts is not None
    np.testing.assert_array_equal(tree.counts, np.rint(tree.counts))
    np.testing.assert_array_equal(tree.counts.sum(axis=0), problem.size)
    assert kept(problem, ways, tree.counts)
    assert 0.99 * optimum(problem, ways) <= tree.reached <= optimum(problem, ways) * (1.0 + 1e-6)


def test_exchanges_are_the_same_each_time() -> None:
    problem, ways = drawn(3, 20)
    first, second = searched(problem, ways), searched(problem, ways)
    np.testing.assert_array_equal(first.counts, second.counts)
