"""A policy in a file of the user's own, from Python and from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.scenarios import pair
from xisuan.cli.main import invoke
from xisuan.errors import ScenarioError
from xisuan.results.storage import run_store
from xisuan.scenario.load import load
from xisuan.simulation.jobs import jobs
from xisuan.simulation.policies.bin_packing import packing
from xisuan.simulation.policies.placement import placement
from xisuan.simulation.policies.queue_disciplines import queue
from xisuan.simulation.serve import serve
from xisuan.workflow.plan import plan as planned

SHORTEST = """
from dataclasses import dataclass
from math import inf

from xisuan import QueueMode


@dataclass(frozen=True)
class ShortestFirst:
    name: str = "shortest"
    mode: int = QueueMode.ORDERED
    half_life_s: float = inf

    def keys(self, jobs):
        return jobs.estimate


ready = ShortestFirst("ready")
"""

FARTHEST = """
import numpy as np


class Farthest:
    name = "farthest"
    load_weight = 0.0
    as_scheduled = False

    def scores(self, view):
        return -np.where(np.isfinite(view.latency_ms), view.latency_ms, 0.0)

    def shares(self, view):
        return None
"""


def test_a_queue_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three jobs at once on one server, 3, 1 and 2 s: shortest first waits 0, 1 and 3 s, 4/3 s in the mean; FCFS 7/3."""
    (tmp_path / "mine.py").write_text(SHORTEST)
    log = tmp_path / "log.csv"
    log.write_text("arrival_s,run_s\n0,3\n0,1\n0,2\n")
    for name in ("ShortestFirst", "ready"):
        words = ["simulate", "--trace", str(log), "--servers", "1", "--queue", f"{tmp_path}/mine.py:{name}"]
        assert invoke([*words, "--out", str(tmp_path / "run"), "--json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert answer["mean_wait_s"] == pytest.approx(4 / 3)
        assert answer["given"]["queue"] == ("ready" if name == "ready" else "shortest")
    found = serve([jobs(np.zeros(3), np.array([3.0, 1.0, 2.0]))], 1, f"{tmp_path}/mine.py:ShortestFirst")
    assert found.figures["mean_wait_s"] == pytest.approx(4 / 3)


def test_a_placement_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It stands in the table of policies beside the baseline, and is farther away."""
    pair(tmp_path / "pair")
    run_store.save(planned(load(tmp_path / "pair")), tmp_path / "run")
    (tmp_path / "far.py").write_text(FARTHEST)
    words = ["simulate", str(tmp_path / "pair"), "--plan", str(tmp_path / "run"), "--out", str(tmp_path / "jobs")]
    words += ["--hours", "6", "--replications", "1", "--place", f"{tmp_path}/far.py:Farthest"]
    assert invoke(words) == 0
    said = capsys.readouterr().out
    assert "farthest" in said
    assert "nearest" in said
    assert invoke([*words[:-1], f"{tmp_path}/far.py:Nobody"]) == 2
    assert "has no 'Nobody'; give one of its own: Farthest" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("text", "name", "what"),
    [
        (None, "X", "there is no such file"),
        ("x = 1\nclass X(:\n", "X", "row 2.*SyntaxError"),
        ("x = 1\ny = 1 / 0\n", "X", "row 2.*ZeroDivisionError: division by zero"),
        ("import nothing_like_it\n", "X", "row 1.*nothing_like_it"),
        ("def f():\n    pass\n", "X", "has no 'X'; give one of its own: f"),
        ("class X:\n    name = 'x'\n", "X", "lacks load_weight, as_scheduled, scores, shares"),
        (
            FARTHEST.replace("class Far", "class X:\n    def __init__(self, k): pass\nclass Far"),
            "X",
            "needs k to be made",
        ),
        (FARTHEST.replace('"farthest"', '"nearest"'), "Farthest", "give it another name"),
        (FARTHEST.replace('"farthest"', "7"), "Farthest", "give it a word"),
    ],
)
def test_what_is_no_policy_is_said(tmp_path: Path, text: str | None, name: str, what: str) -> None:
    path = tmp_path / "own.py"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ScenarioError, match=what):
        placement(f"{path}:{name}")


@pytest.mark.parametrize("find", [placement, queue, packing])
def test_a_name_that_nobody_has(find: object) -> None:
    with pytest.raises(ScenarioError, match=r"give one of .*FILE\.py:NAME"):
        find("nobody")  # type: ignore[operator]
