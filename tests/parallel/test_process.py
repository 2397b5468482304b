"""Work in another process: what it finds and what it raises come back, and nothing of it is left behind."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.scenarios import pair
from xisuan.errors import InfeasibleError, ScenarioError, SolverError
from xisuan.parallel.process import elsewhere
from xisuan.planning.expansion import plan
from xisuan.scenario.load import load

PATIENCE = 30.0


def _gone(pid: int) -> bool:
    """Whether a process ends within the patience; one that nobody has waited for yet is over, too."""
    state = Path(f"/proc/{pid}/stat")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False


def test_what_it_finds_comes_back() -> None:
    with elsewhere(plan, pair()) as task:
        here = plan(pair())
        assert task.result().cost_mcny == here.cost_mcny
        assert task.result().tables["builds"].equals(here.tables["builds"])


def test_what_it_raises_comes_back() -> None:
    with elsewhere(load, "no such scenario") as task, pytest.raises((ScenarioError, OSError)):
        task.result()


def test_an_error_of_our_own_survives_the_way() -> None:
    """With its conflict, which is an argument of its own."""
    with elsewhere(_no_plan) as task, pytest.raises(InfeasibleError) as caught:
        task.result()
    assert caught.value.conflict == ("one line", "another")
    assert str(caught.value).splitlines() == ["No plan.", "  one line", "  another"]


def test_a_process_that_dies_is_told_of() -> None:
    with elsewhere(os._exit, 9) as task, pytest.raises(SolverError, match="ended without a result"):
        task.result()


def test_it_ends_with_the_block() -> None:
    with elsewhere(time.sleep, 600.0) as task:
        pid = task._process.pid
    assert task._process.returncode is not None
    assert not Path(f"/proc/{pid}/fd").exists() or _gone(pid)


ELSEWHERE = (
    "import time; from xisuan.parallel.process import elsewhere\n"
    "with elsewhere(time.sleep, 600.0) as task: print(task._process.pid, flush=True); time.sleep(600.0)"
)
BENCH = (
    "import os, time; from xisuan.studio.jobs.worker_process import Bench\n"
    "print(Bench().do(os.getpid), flush=True); time.sleep(600.0)"
)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
@pytest.mark.parametrize("asks", [ELSEWHERE, BENCH])
def test_it_ends_with_the_process_that_asked(asks: str) -> None:
    """Even where that one has no time to say so."""
    asking = subprocess.Popen([sys.executable, "-c", asks], stdout=subprocess.PIPE, text=True)
    assert asking.stdout is not None
    pid = int(asking.stdout.readline())
    asking.kill()
    asking.wait()
    asking.stdout.close()
    assert _gone(pid)


def test_it_is_another_process() -> None:
    with elsewhere(os.getpid) as task, elsewhere(math.hypot, 3.0, 4.0) as other:
        assert task.result() not in (0, os.getpid())
        assert other.result() == 5.0


def _no_plan() -> None:
    raise InfeasibleError("No plan.", ["one line", "another"])
