"""What a newcomer sees: the greeting, the demo with its remaining time, and the test of the installation."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tools import timetable as tool
from xisuan.cli.commands import demo, doctor
from xisuan.cli.commands.plans import run
from xisuan.cli.main import FIRST_COMMANDS, VERBS, invoke
from xisuan.cli.terminal import progress_bar, text_layout
from xisuan.cli.terminal.time_remaining import Clock, Timetable, timetable
from xisuan.progress import Progress
from xisuan.scenario.reading.scenario_folders import library


def test_without_arguments_it_says_what_it_does_and_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke([]) == 0
    english = capsys.readouterr().out
    assert len(english.split("\n\n")[0].splitlines()) == 3
    assert invoke(["--lang", "zh"]) == 0
    chinese = capsys.readouterr().out
    assert "算力网络建设方案测算" in chinese
    for command in FIRST_COMMANDS:
        assert command in english
        assert command in chinese
        assert command.split()[1] in VERBS
    assert len(FIRST_COMMANDS) == 5
    assert not re.search(r"[a-z]{4,} [a-z]{3,} [a-z]{3,}", chinese.split("\n\n")[0])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_demo_shows_a_certified_plan_and_goes_on(
    language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The large run is replaced by the small one's scenario, quickly; the rest is as people see it."""
    given = {}

    def planned(**arguments: object) -> int:
        given.update(arguments)
        return 0

    monkeypatch.setattr(run.command, "callback", planned)
    assert invoke(["demo", "--out", str(tmp_path / "large"), "--lang", language]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert (given["scenario"], given["out"], given["quick"]) == ("guizhou", tmp_path / "large", False)
    cost = "416 million CNY" if language == "en" else "4.16 亿元"
    for shown in (cost, "█", str(tmp_path / "large" / "report.html"), "xisuan studio", "xisuan new", "xisuan sweep"):
        assert shown in said
    assert ("holds" if language == "en" else "通过") in said
    assert "{" not in said


def test_the_demo_gives_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["demo", "--small", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "optimal"
    assert found["certificate"]["ok"]


def test_the_doctor_finds_a_sound_installation(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"]
    assert [one["solver"] for one in found["self_test"]] == ["simplex", "ipx", "hipo"]
    assert len({round(one["objective"], 3) for one in found["self_test"]}) == 1
    assert found["versions"]["highspy"]
    assert found["memory_mb"] > 500
    assert set(found["extras"]) >= {"studio", "postgres", "cluster", "pypsa"}


@pytest.mark.parametrize(
    ("trial", "said"),
    [
        (doctor.Trial("hipo", 400.0, True, 1.0, ""), "instead of 416"),
        (doctor.Trial("hipo", 416.0, False, 1.0, ""), "failed"),
        (doctor.Trial("hipo", float("nan"), False, 1.0, "hipo was asked and ipx ran"), "ipx ran"),
    ],
)
def test_the_doctor_finds_a_faulty_one(
    trial: doctor.Trial, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = doctor.Trial("simplex", 416.0, True, 1.0, "")
    monkeypatch.setattr(doctor, "_tried", lambda solver, _language: trial if solver == "hipo" else sound)
    monkeypatch.setattr(doctor.extras, "missing", lambda extra: ["fastapi"] if extra == "studio" else [])
    assert invoke(["doctor"]) == 4
    out = capsys.readouterr().out
    assert said in out
    assert 'not installed: python -m pip install "xisuan[studio]"' in " ".join(out.split())


TABLE = Timetable({"build": 0.0, "solve": 10.0, "certify": 60.0, "report": 80.0}, 100.0)


@pytest.mark.parametrize("pace", [0.5, 1.0, 4.0])
def test_the_remaining_time_is_that_of_the_machine(pace: float) -> None:
    """A machine `pace` times as slow as the measured one: once a stage has passed, the estimate is within a third."""
    clock = Clock(TABLE)
    shares = []
    for at in range(0, 100, 2):
        stage = next(name for name, begin in reversed(TABLE.begins.items()) if begin <= at)
        share, left = clock.estimate(Progress(stage, None, ""), at * pace)
        shares.append(share)
        if at >= 60:
            assert left == pytest.approx((100 - at) * pace, rel=0.34, abs=4)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(0.98, abs=0.05)


def test_a_stage_that_says_how_far_it_is_moves_the_bar() -> None:
    clock = Clock(TABLE)
    assert clock.estimate(Progress("solve", 0.5, ""), 30.0)[0] == pytest.approx(0.35)
    assert clock.estimate(Progress("operate", 0.1, ""), 30.0)[0] <= 0.6  # a stage that the table lacks
    assert clock.estimate(Progress("report", None, ""), 31.0)[0] == pytest.approx(0.8)
    assert clock.estimate(Progress("solve", 0.0, ""), 32.0)[0] >= 0.8  # never back


def test_a_share_of_the_rest_of_a_stage_does_not_move_the_bar_back() -> None:
    """Solving from 10 s to 60 s tells its share from 35 s on: half of the rest is at 47.5 s."""
    clock = Clock(TABLE)
    clock.estimate(Progress("build", None, ""), 0.0)
    clock.estimate(Progress("solve", None, ""), 10.0)
    first, left = clock.estimate(Progress("solve", 0.0, ""), 35.0)
    assert (first, left) == (pytest.approx(0.35), pytest.approx(65.0))
    assert clock.estimate(Progress("solve", 0.5, ""), 47.5)[0] == pytest.approx(0.475)


def test_the_bar_says_it_in_both_languages() -> None:
    now = Progress("solve", None, "text")
    assert progress_bar._of_the_whole(Clock(TABLE), now, 11.0, "en").text == "about 2 minutes left · text"
    assert progress_bar._of_the_whole(Clock(TABLE), now, 11.0, "zh").text == "约剩 2 分钟 · text"


def test_timetables_are_of_shipped_scenarios() -> None:
    found = timetable(demo.LARGE)
    assert found is not None
    assert list(found.begins.values()) == sorted(found.begins.values())
    assert next(iter(found.begins.values())) < 1
    assert found.total > max(found.begins.values())
    assert (library() / demo.LARGE).is_dir()
    assert timetable("no such scenario") is None


def test_a_timetable_is_read_from_the_progress_of_a_run() -> None:
    stages = [
        ("build", 0.1),
        ("solve", 5.0),
        ("tables", 50.0),
        ("certify", 50.2),
        ("solve", 55.0),
        ("report", 70.0),
        ("report", 80.0),
    ]
    lines = [json.dumps({"at": at, "stage": stage}) for stage, at in stages]
    assert tool.table(["warning: x", *lines]) == {
        "begins": {"build": 0.1, "solve": 5.0, "certify": 50.2, "report": 70.0},
        "total": 80.0,
    }


def test_bars_are_as_long_as_the_amounts() -> None:
    lines = text_layout.bars(
        [("贵安", 40.0, "forty"), ("East", 10.0, "ten"), ("West", 0.001, "little"), ("None", 0.0, "")]
    )
    assert [line.count("█") for line in lines] == [40, 10, 1, 0]
    assert len({text_layout.drawn(line.split("█")[0]) for line in lines[:3]}) == 1
