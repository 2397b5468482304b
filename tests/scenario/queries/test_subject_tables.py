"""A scenario without anything to plan, such as one that only tracks indicators, is refused by every verb that plans."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from xisuan.cli.main import invoke
from xisuan.errors import ScenarioError, lines
from xisuan.scenario.load import load
from xisuan.scenario.scenario import Scenario
from xisuan.tracking import statistics_folder
from xisuan.workflow.plan import plan
from xisuan.workflow.run import run


@pytest.mark.parametrize("verb", [plan, run, lambda scenario: run(scenario, ask=False)])
def test_a_verb_that_plans_says_what_is_missing(verb: Callable[[Scenario], object], tmp_path: Path) -> None:
    scenario = load(statistics_folder.new("gansu", tmp_path))
    with pytest.raises(ScenarioError) as refused:
        verb(scenario)
    assert [problem.code for problem in refused.value.problems] == ["no-assets-to-plan"]
    assert "没有需求、站点、链路或城市" in "\n".join(lines(refused.value, "zh"))


def test_the_command_refuses_it_and_check_names_another_verb(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(statistics_folder.new("gansu", tmp_path))
    assert invoke(["run", folder, "--quick", "--out", str(tmp_path / "out")]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "nothing is planned here: the scenario has no demand, sites, links or cities" in said
    assert "defect" not in said
    assert invoke(["check", folder]) == 0
    said = capsys.readouterr().out
    assert "xisuan track" in said
    assert "xisuan plan" not in said
