"""What HiGHS says in our words: every status, every log line that tells something."""

from __future__ import annotations

import highspy
import pytest

from xisuan.solver import status
from xisuan.solver.status import Line, Outcome


def test_every_status_of_this_highs_is_mapped() -> None:
    named = set(highspy.HighsModelStatus.__members__)
    assert named == set(status.OUTCOMES)


def test_only_optimal_and_empty_are_answers() -> None:
    answers = {name for name, outcome in status.OUTCOMES.items() if outcome is Outcome.OPTIMAL}
    assert answers == {"kOptimal", "kModelEmpty"}


def test_a_status_nobody_knows_is_a_failure() -> None:
    assert status.outcome("kFromTheFuture") is Outcome.FAILED
    assert "FromTheFuture" in status.words("kFromTheFuture")


@pytest.mark.parametrize("name", sorted(status.WORDS))
def test_words_say_what_to_do(name: str) -> None:
    assert len(status.words(name).split()) > 2


@pytest.mark.parametrize(
    ("log", "solver"),
    [
        ("Solving the presolved LP\nHipo: Solved\n", "hipo"),
        ("IPX version 1.0\nIpx: IPM       optimal\n", "ipx"),
        ("Using dual simplex solver\n", "simplex"),
        ("MIP knapsack has 1 rows\nUsing dual simplex solver\n", "mip"),
        ("Hipo: Failed\nUsing dual simplex solver\n", "hipo"),
        ("Presolve: Optimal\n", "presolve"),
        ("", "presolve"),
    ],
)
def test_the_solver_that_ran_is_read_from_the_log(log: str, solver: str) -> None:
    assert status.ran(log) == solver


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "   4   8.66240696e+04  -5.01694173e+05   8.24e-07   1.10e-03  2.83e+00       0.3",
            Line(4, 8.66240696e4, 2.83),
        ),
        (
            "  19*  9.77013416e+03   9.77013413e+03   3.94e-15   1.33e-15  2.38e-09       1.6",
            Line(19, 9.77013416e3, 2.38e-9),
        ),
        (
            "      47922     9.4584627598e+03 Pr: 2620(489813); Du: 0(6.31043e-07) 5.1s",
            Line(47922, 9.4584627598e3, None),
        ),
        (
            " R       0       0         0   0.00%   4690.191434     5150.039016        8.93%        0      0      0      3024     0.4s",
            Line(3024, 5150.039016, 0.0893),
        ),
        (
            "         0       0         0   0.00%   4690.191434     inf                  inf        0      0      0      3024     0.4s",
            Line(3024, None, None),
        ),
        ("Performed postsolve", None),
        ("", None),
    ],
)
def test_lines_that_tell_how_far_it_is(line: str, told: Line | None) -> None:
    assert status.parse(line) == (told if told is None else pytest.approx(told) if False else told)
