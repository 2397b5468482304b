"""What HiGHS says in our words: every status, every log line that tells something."""

from __future__ import annotations

import highspy
import pytest

from gnomon.highs import highs_status
from gnomon.highs.highs_status import LogLine, Outcome


def test_every_status_of_this_highs_is_mapped() -> None:
    named = set(highspy.HighsModelStatus.__members__)
    assert named == set(highs_status.OUTCOMES)


def test_only_optimal_and_empty_are_answers() -> None:
    answers = {name for name, outcome in highs_status.OUTCOMES.items() if outcome is Outcome.OPTIMAL}
    assert answers == {"kOptimal", "kModelEmpty"}


def test_a_status_nobody_knows_is_a_failure() -> None:
    assert highs_status.outcome("kFromTheFuture") is Outcome.FAILED
    assert "FromTheFuture" in highs_status.explain_status("kFromTheFuture")


@pytest.mark.parametrize("name", sorted(highs_status.WORDS))
def test_words_say_what_to_do(name: str) -> None:
    assert len(highs_status.explain_status(name).split()) > 2


@pytest.mark.parametrize(
    ("log", "solver"),
    [
        ("Solving the presolved LP\nHipo: Solved\n", "hipo"),
        ("IPX version 1.0\nIpx: IPM       optimal\n", "ipx"),
        ("Using dual simplex solver\n", "simplex"),
        ("MIP has 1 rows; 2 cols\nUsing dual simplex solver\n", "mip"),
        ("MIP knapsack has 1 rows; 2 cols\n", "mip"),
        ("Hipo: Failed\nUsing dual simplex solver\n", "simplex"),
        ("Presolve: Optimal\n", "presolve"),
        ("", "presolve"),
    ],
)
def test_the_solver_that_made_the_answer_is_read_from_the_log(log: str, solver: str) -> None:
    assert highs_status.solver_in_log(log) == solver


def test_another_solver_than_the_one_asked_is_told_from_a_missing_one() -> None:
    assert highs_status.other_solver_problem("hipo", "Hipo: Solved\n") is None
    assert highs_status.other_solver_problem("hipo", "") is None
    gave_up = highs_status.other_solver_problem("hipo", "Hipo: Failed\nIPX version 1.0\n")
    assert gave_up == "hipo gave up and HiGHS went on with ipx: use --solver ipx"
    missing = highs_status.other_solver_problem("hipo", "IPX version 1.0\n")
    assert missing is not None
    assert "install highspy and highspy-extras of one version" in missing


IPX = "  19*  9.77013416e+03   9.77013413e+03   3.94e-15   1.33e-15  2.38e-09       1.6"
SIMPLEX = "      47922     9.4584627598e+03 Pr: 2620(489813); Du: 0(6.31043e-07) 5.1s"
MIP = " R       0       0         0   0.00%   4690.191434     5150.039016        12.50%   0 0 0      3024     0.4s"
NO_PLAN_YET = (
    "         0       0         0   0.00%   4690.191434     inf                  inf   0 0 0      3024     0.4s"
)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (IPX, LogLine(19, 9.77013416e3, 2.38e-9)),
        (SIMPLEX, LogLine(47922, 9.4584627598e3, None)),
        (MIP, LogLine(3024, 5150.039016, 0.125)),
        (NO_PLAN_YET, LogLine(3024, None, None)),
        ("Performed postsolve", None),
        ("", None),
    ],
)
def test_lines_that_tell_how_far_it_is(line: str, told: LogLine | None) -> None:
    assert highs_status.parse(line) == told
