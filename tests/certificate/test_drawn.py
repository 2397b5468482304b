"""Stored plans of random scenarios hold: nothing that is right is called wrong, whatever tables and rules there are."""

from __future__ import annotations

from pathlib import Path

import pytest

import xisuan as xs
from tests.oracle.drawn.forms import draw_both
from xisuan.errors import XisuanError
from xisuan.results.run import Run
from xisuan.results.storage import run_store, two_stage_store
from xisuan.workflow.certify_run import certify_run
from xisuan.workflow.operate import operated
from xisuan.workflow.plan import plan
from xisuan.workflow.two_stage import two_stage

pytestmark = pytest.mark.filterwarnings("ignore")
"""What the reader says of random scenarios is not at issue."""
FEW = (15, 21, 43, 347, 533, 690)
"""Seeds tried each time: with a technology or a source that is on offer later only, a site without equipment, nodes
whose duals are open, members who know nothing of use, and a technology that is in use between the periods only."""
LONG = [pytest.param(seed, marks=pytest.mark.long) for seed in range(500, 700)]


@pytest.mark.parametrize("seed", [*FEW, *LONG])
def test_a_stored_plan_holds(seed: int, tmp_path: Path) -> None:
    (tmp_path / "drawn").mkdir()
    given, _ = draw_both(seed, tmp_path / "drawn", frozenset({"members_in_the_past"}))
    try:
        scenario = xs.load(given)
        if scenario.has("members"):
            home = two_stage_store.save_two_stage(two_stage(scenario), tmp_path / "run")
        else:
            found = plan(scenario)
            home = run_store.save(Run(scenario, found, operated(scenario, found)), tmp_path / "run")
    except XisuanError:
        return  # `check` refuses the scenario, or it has no plan
    certified = certify_run(home)
    assert certified.verdict == "holds", (certified.differences, certified.certificates)
