"""Work in another process: its result, its error, its end, and what it prints."""

from __future__ import annotations

import os
import threading
import time

import numpy as np
import pytest

from xisuan.errors import SolverError
from xisuan.parallel.process import CrashedError, EndedError, elsewhere


def test_a_result_larger_than_a_pipe_comes_back() -> None:
    given = np.arange(1_000_000.0)
    with elsewhere(np.negative, given) as task:
        assert np.array_equal(task.result(), -given)
        assert task.over


def test_what_the_work_prints_does_not_mix_with_its_result() -> None:
    with elsewhere(print, "a line for people") as task:
        assert task.result() is None


def test_an_error_is_raised_here() -> None:
    with elsewhere(int, "x") as task, pytest.raises(ValueError, match="invalid literal"):
        task.result()


def test_a_process_that_ends_without_a_result_says_so() -> None:
    with elsewhere(os._exit, 7) as task, pytest.raises(EndedError, match="code 7"):
        task.result()
    assert issubclass(EndedError, SolverError)


def test_a_process_that_fails_outside_its_work_says_why() -> None:
    """Here its result cannot be sent; elsewhere a module cannot be imported. A killed process is no such failure."""
    with elsewhere(threading.Lock) as task, pytest.raises(CrashedError, match="TypeError: cannot pickle"):
        task.result()
    with elsewhere(os._exit, 1) as task, pytest.raises(EndedError) as ended:
        task.result()
    assert not isinstance(ended.value, CrashedError)


def test_work_without_end_is_given_up() -> None:
    begun = time.monotonic()
    with elsewhere(time.sleep, 600) as task, pytest.raises(TimeoutError):
        task.result(0.5)
    assert time.monotonic() - begun < 10


def test_it_gets_the_variables_it_is_given() -> None:
    with elsewhere(os.getenv, "XISUAN_TRIED", environment={"XISUAN_TRIED": "yes"}) as task:
        assert task.result() == "yes"
    assert "XISUAN_TRIED" not in os.environ
