"""How commands end: exit codes, words that say what to do, nothing half-written, no traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios import pair
from xisuan.cli import main
from xisuan.cli.main import invoke
from xisuan.workflow import plan as planning

XISUAN = [sys.executable, "-c", "from xisuan.cli.main import main; main()"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with the scenario `pair` in it."""
    pair(tmp_path / "pair")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def fail(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run one command; its exit code and what it said on stderr, which is no traceback. Stdout stays empty."""

    def run(*words: str) -> tuple[int, str]:
        code = invoke(words)
        out, err = capsys.readouterr()
        assert out == ""
        assert "Traceback" not in err
        return code, err

    return run


@pytest.fixture
def fail_json(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run one command with --json: its exit code and the document that tells what is wrong."""

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        code = invoke([*words, "--json"])
        found = json.loads(capsys.readouterr().out)
        assert found["exit_code"] == code
        return code, found

    return run


def impossible(desk: Path) -> None:
    """The sites together hold less than is asked for."""
    sites = desk / "pair" / "sites.csv"
    lines = sites.read_text().splitlines()
    rows = [f"{lines[0]},it_limit_mw", f"{lines[1]},0.9", f"{lines[2]},0.3"]
    sites.write_text("\n".join(rows) + "\n")


def test_an_unknown_scenario_has_a_neighbour(fail: Any, fail_json: Any) -> None:
    """Did you mean …?"""
    code, err = fail("plan", "startre", "--out", "x")
    assert code == 2
    assert 'did you mean "starter"?' in err
    code, found = fail_json("plan", "startre", "--out", "x")
    assert (code, found["error"]) == (2, "scenario")
    assert "starter" in found["problems"][0]["message"]
    assert not Path("x").exists()


def test_an_unknown_scenario_is_said_before_a_folder_is_asked_for(fail: Any) -> None:
    """A name that is nothing cannot be planned wherever the plan is put; a good one still needs --out."""
    code, err = fail("plan", "startre")
    assert code == 2
    assert 'did you mean "starter"?' in err
    code, err = fail("plan", "starter")
    assert code == 2
    assert "Missing option '--out'" in err


def test_what_is_wrong_is_said_in_one_way(desk: Path, capsys: pytest.CaptureFixture[str], fail: Any) -> None:
    """By `check` on stdout, by what refuses it on stderr, by a folder that is no run: each fault begins with `error:`."""
    (desk / "pair" / "links.csv").write_text("link,from,to,length_km,capacity_gbps\na,east,wset,-5,1\n")
    assert invoke(["check", "./pair"]) == 2
    checked = capsys.readouterr().out.splitlines()
    code, err = fail("plan", "./pair", "--out", "run")
    faults = [line for line in err.splitlines() if line.startswith("error: ")]
    assert code == 2
    assert faults == [line for line in checked if line.startswith("error: ")]
    assert err.splitlines()[-1] == f"{len(faults)} to correct."
    refused = fail("report", "pair")[1]
    assert refused.startswith("error: ")
    assert "is no run" in refused
    assert fail("report", "pair", "--lang", "zh")[1].startswith("错误: ")


def test_check_promises_no_plan(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scenario that is in order and has no plan: check says what it found, and that it is not the judge of that."""
    impossible(desk)
    assert invoke(["check", "./pair"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.endswith("No problems found in ./pair. To learn whether a plan exists, run `xisuan plan`.")
    assert invoke(["plan", "./pair", "--out", "run"]) == 3
    assert invoke(["check", "./pair", "--lang", "zh"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("由 xisuan plan 判断。")


def test_what_is_worth_knowing_is_said_before_a_plan_is_made(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A price below 0 may be meant: `check` remarks on it, and so does what plans with it, in the language asked."""
    power = desk / "pair" / "power.csv"
    head, *lines = power.read_text().splitlines()
    at = head.split(",").index("price")
    rows = [",".join("-0.35" if place == at else cell for place, cell in enumerate(line.split(","))) for line in lines]
    power.write_text("\n".join([head, *rows]) + "\n")
    assert invoke(["check", "./pair"]) == 0
    (said, *_) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("warning: power.csv")]
    assert invoke(["plan", "./pair", "--out", "run"]) == 0
    assert said in capsys.readouterr().err
    assert invoke(["plan", "./pair", "--out", "run", "--lang", "zh"]) == 0
    assert "提示: power.csv" in capsys.readouterr().err


def test_all_problems_come_at_once(desk: Path, capsys: pytest.CaptureFixture[str], fail: Any) -> None:
    """`check` lists them on stdout, `plan` refuses with the same list; both leave with 2."""
    (desk / "pair" / "links.csv").write_text("link,from,to,length_km,capacity_gbps\na,east,wset,-5,1\n")
    assert invoke(["check", "./pair"]) == 2
    out = capsys.readouterr().out
    assert "length_km" in out
    assert "wset" in out
    assert "to correct" in out
    code, err = fail("plan", "./pair", "--out", "run")
    assert code == 2
    assert "wset" in err
    assert not (desk / "run").exists()
    assert invoke(["check", "./pair", "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    assert {problem["level"] for problem in found["problems"]} >= {"error"}


def test_problems_and_conflicts_in_chinese(desk: Path, capsys: pytest.CaptureFixture[str], fail: Any) -> None:
    """Places, reasons and remedies; names and numbers stay as the tables have them."""
    (desk / "pair" / "links.csv").write_text("link,from,to,length_km,capacity_gbps\na,east,wset,-5,1\n")
    assert invoke(["check", "./pair", "--lang", "zh"]) == 2
    out = capsys.readouterr().out
    assert "错误: links.csv，第 2 行，length_km：-5 · 小于 0；请填不小于 0 的数（公里）；该列含义：光缆路由长度" in out
    assert "不属于" in out
    assert "是否应为“west”？" in out
    (desk / "pair" / "links.csv").unlink()
    impossible(desk)
    code, err = fail("plan", "./pair", "--out", "run", "--lang", "zh")
    assert code == 3
    said = err[err.index("没有测算方案能满足该情景") :]  # before it there may be progress, on a slow machine
    assert not any(word in said for word in (" the ", " give ", " or "))


def test_no_plan_names_the_conflict(desk: Path, fail: Any, fail_json: Any) -> None:
    """Exit code 3, in words and in JSON, in the names of the scenario."""
    impossible(desk)
    code, err = fail("plan", "./pair", "--out", "run")
    assert code == 3
    assert "it_limit_mw" in err or "east-1" in err
    code, found = fail_json("plan", "./pair", "--out", "run")
    assert (code, found["error"]) == (3, "infeasible")
    assert found["conflict"]
    assert not (desk / "run").exists()


def test_a_solver_that_cannot_is_two(desk: Path, fail: Any) -> None:
    """`mip` with nothing whole to branch on, and what to use instead."""
    code, err = fail("plan", "./pair", "--out", "run", "--solver", "mip")
    assert code == 2
    assert "--solver" in err


def test_a_certificate_that_does_not_hold_is_four(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The plan is written, said to be none, and fails the command."""
    from tests.results import made

    monkeypatch.setattr(planning, "certify", lambda *_: made.plan().certificate)
    assert invoke(["plan", "./pair", "--out", "run"]) == 4
    assert "DOES NOT HOLD" in capsys.readouterr().out
    assert json.loads((desk / "run" / "plan.json").read_text())["certificate"]["ok"] is False


def test_a_defect_is_one_line_and_how_to_report_it(
    desk: Path, monkeypatch: pytest.MonkeyPatch, fail: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """The traceback only with --debug."""

    def broken(*_: object) -> None:
        raise KeyError("oops")

    monkeypatch.setattr(planning, "certify", broken)
    code, err = fail("plan", "./pair", "--out", "run")
    assert code == 4
    assert "KeyError: 'oops'" in err
    assert "report it" in err
    assert invoke(["plan", "./pair", "--out", "run", "--debug"]) == 4
    assert "Traceback" in capsys.readouterr().err
    assert not (desk / "run").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pln",), 'did you mean "plan"?'),
        (("plan", "starter"), "Missing option '--out'"),
        (("plan", "starter", "--out", "x", "--gap", "0"), "0.0<x<=1.0"),
        (("plan", "starter", "--out", "x", "--method", "magic"), "is not one of 'auto', 'structured', 'direct'"),
        (("plan", "starter", "--out", "x", "--solvr", "ipx"), "--solver"),
        (("operate", "starter", "--plan", "x", "--out", "y", "--hours", "weeks:99"), "weeks:N"),
        (("alternatives", "x", "--of", "hall"), "hall:SITE"),
        (("alternatives", "nowhere"), "no such folder; make one with: xisuan run"),
        (("compare", "nowhere", "nowhere"), "no such folder"),
        (("report", "pair"), "is no run folder"),
        (("export", "nowhere", "--to", "csv", "--out", "x"), "no such folder; make one with: xisuan run"),
        (("export", "pair", "--to", "netcdf", "--out", "x.nc"), "netcdf is a format of plans; give csv or excel"),
        (
            ("export", "pair", "--to", "excel", "--out", "a/x.csv"),
            "excel writes a file that ends in .xlsx; give a/x.xlsx",
        ),
        (("export", "pair", "--to", "netcdf", "--out", "x"), "give x.nc"),
        (("export", "pair", "--to", "csv", "--out", "x.csv"), "csv writes a folder with a file a table; give a name"),
        (("new", "bad/name", "--into", "."), "no blanks: write bad-name"),
        (("new", "pair", "--into", "."), "there already"),
    ],
)
def test_wrong_words_are_two_and_say_the_right_ones(words: tuple[str, ...], said: str, desk: Path, fail: Any) -> None:
    """Whatever was typed."""
    code, err = fail(*words)
    assert code == 2
    assert said in " ".join(err.split())


def test_wrong_words_are_json_with_json(fail_json: Any) -> None:
    """Stdout has one document even then."""
    code, found = fail_json("plan", "starter")
    assert (code, found["error"]) == (2, "usage")


def test_a_folder_of_something_else_is_refused_before_the_work(
    desk: Path, fail: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for a solve to learn that its result has no place."""
    monkeypatch.setattr(planning, "find", pytest.fail)
    code, err = fail("plan", "./pair", "--out", "pair")
    assert code == 2
    assert "holds something that is no run" in err
    assert (desk / "pair" / "sites.csv").is_file()


def test_a_changed_run_is_refused(desk: Path, fail: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """With the name of the file."""
    assert invoke(["plan", "./pair", "--out", "run"]) == 0
    capsys.readouterr()
    path = desk / "run" / "scenario" / "demand.csv"
    path.write_text(path.read_text().replace("100", "101"))
    code, err = fail("compare", "run", "run")
    assert code == 2
    assert "scenario/demand.csv changed" in " ".join(err.split())


def test_an_interrupt_leaves_what_was_there(
    desk: Path, monkeypatch: pytest.MonkeyPatch, fail: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """130, one line, the old run whole, nothing beside it."""
    assert invoke(["plan", "./pair", "--out", "run"]) == 0
    before = {path: path.read_bytes() for path in (desk / "run").rglob("*") if path.is_file()}
    capsys.readouterr()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("xisuan.results.storage.sealed_folders.seal", interrupted)
    code, err = fail("plan", "./pair", "--out", "run")
    assert code == main.INTERRUPTED == 130
    assert "Interrupted; nothing was written." in err
    assert {path: path.read_bytes() for path in (desk / "run").rglob("*") if path.is_file()} == before
    assert sorted(os.listdir(desk)) == ["pair", "run"]


def test_ctrl_c_in_the_middle_of_a_solve(desk: Path) -> None:
    """A real signal to a real process, while the solver works on a whole year."""
    words = ["plan", "starter", "--out", "year"]
    toml = "\n".join(['name = "year"', 'extends = "starter"', 'hours = "weeks:20"', ""])
    (desk / "year-long").mkdir()
    (desk / "year-long" / "scenario.toml").write_text(toml)
    words[1] = "./year-long"
    process = subprocess.Popen([*XISUAN, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if "solve" in line:
            break
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert sorted(os.listdir(desk)) == ["pair", "year-long"]


def test_a_closed_pipe_is_no_failure() -> None:
    """`xisuan check starter | head -1`."""
    with subprocess.Popen([*XISUAN, "check", "starter"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_chinese_is_written_whatever_the_locale(desk: Path) -> None:
    """UTF-8, also where the locale says otherwise."""
    environment = {
        **os.environ,
        "LC_ALL": "C",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONUTF8": "0",
        "PYTHONIOENCODING": "ascii",
    }
    words = [*XISUAN, "check", "./pair", "--lang", "zh"]
    done = subprocess.run(words, capture_output=True, env=environment, check=True)
    assert "未发现问题" in done.stdout.decode("utf-8")
