"""The command line as people use it: what it prints, what it writes, what a machine reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pptx import Presentation

from tests.scenarios import PAIR_COST_MCNY, pair
from xisuan.cli.main import invoke
from xisuan.cli.terminal import text_layout
from xisuan.results.storage import run_store


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with the scenario `pair` in it."""
    pair(tmp_path / "pair")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run one command that must succeed; what it printed."""

    def run(*words: str) -> str:
        code = invoke(words)
        out, err = capsys.readouterr()
        assert code == 0, err or out
        return out.replace("\xa0", " ")

    return run


@pytest.fixture
def ask(say: Any) -> Any:
    """Run one command with --json: the one document that it printed, free of what JSON lacks."""
    return lambda *words: json.loads(say(*words, "--json"), parse_constant=pytest.fail)


def test_a_run_from_beginning_to_end(desk: Path, say: Any, ask: Any) -> None:
    """Plan, certificate, schedules, alternatives, both pages, the workbook; each can be read."""
    text = say("run", "./pair", "--out", "runs/pair")
    assert "54.4 million CNY" in text
    assert "runs/pair/report.html" in text
    assert all(text_layout.drawn(line) <= text_layout.WIDTH for line in text.splitlines())
    folder = desk / "runs" / "pair"
    for name in ("plan.json", "builds.parquet", "alternatives.parquet", "report.html", "report.zh.html", "tables.xlsx"):
        assert (folder / name).is_file(), name
    assert 'lang="en"' in (folder / "report.html").read_text()
    assert 'lang="zh' in (folder / "report.zh.html").read_text()
    assert len(pd.read_excel(folder / "tables.xlsx", sheet_name=None)) > 5
    run = run_store.load_run(folder)
    assert run.plan.objective == pytest.approx(PAIR_COST_MCNY, rel=1e-6)
    assert run.others is not None
    found = ask("run", "./pair", "--quick", "--out", "runs/pair")
    assert found["certificate"]["ok"] is True
    assert found["schedule"]["status"] == "optimal"
    assert found["report"] == "runs/pair/report.html"


def test_the_run_folder_can_be_planned_again(desk: Path, ask: Any) -> None:
    """Its scenario is one, and gives the same plan under the same hash."""
    first = ask("plan", "./pair", "--out", "a")
    second = ask("plan", "a/scenario", "--out", "b")
    assert second["scenario_hash"] == first["scenario_hash"]
    assert second["objective"] == first["objective"]
    assert (desk / "a" / "builds.parquet").read_bytes() == (desk / "b" / "builds.parquet").read_bytes()


def test_plan_json_is_what_is_printed(desk: Path, ask: Any) -> None:
    """The contract, on stdout and in the folder."""
    printed = ask("plan", "./pair", "--out", "run", "--gap", "1e-5", "--solver", "ipx")
    written = json.loads((desk / "run" / "plan.json").read_text())
    assert printed.pop("out") == "run"
    assert printed == written
    assert written["solver"] == "ipx"
    assert set(written) >= {"status", "objective", "lower_bound", "gap", "seconds", "peak_mb", "rows", "nonzeros"}


def test_a_plan_is_operated_on_other_hours(desk: Path, say: Any, ask: Any) -> None:
    """On the plan's own hours all is served."""
    say("plan", "./pair", "--out", "run")
    found = ask("operate", "./pair", "--plan", "run", "--hours", "days:3", "--out", "days")
    assert found["hours"] == "days:3"
    assert found["status"] in ("optimal", "short")
    assert isinstance(found["shortfall"], list)
    assert found["certificate"]["ok"]
    assert found["report"] == "days/operate.html"
    assert {"operate.html", "operate.zh.html"} <= {path.name for path in (desk / "days").iterdir()}
    schedule = run_store.load_schedule(desk / "days")
    assert schedule.certificate is not None
    assert schedule.certificate.cost == pytest.approx(found["cost_mcny"], rel=1e-9)
    assert schedule.scenario.timeline.n_hours == 72
    assert "all is served" in say("operate", "./pair", "--plan", "run", "--out", "own")


def test_a_rolling_horizon_shorter_than_a_wait_is_told(
    desk: Path, ask: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before it is solved, as JSON, and on the page; a horizon that takes in the wait is silent."""
    ask("new", "late", "--from", "./pair", "--into", ".")
    (desk / "late" / "workloads.csv").write_text("workload,class,defer_hours\nweb,general,8\n")
    ask("plan", "late", "--out", "run")
    words = ("operate", "late", "--plan", "run", "--hours", "days:3", "--json")
    for windows, is_short in (("6/3", True), ("12/4", False)):
        assert invoke((*words, "--rolling", windows, "--out", "days")) == 0
        out, err = capsys.readouterr()
        warnings = json.loads(out)["warnings"]
        assert [(one["code"], one["row"]) for one in warnings] == [("wait-beyond-horizon", "web")] * is_short
        assert ("longer than the 6 hours that the rolling horizon looks ahead" in " ".join(err.split())) is is_short
        assert ("looks ahead less far" in (desk / "days" / "operate.html").read_text()) is is_short


def test_what_is_short_is_no_failure(desk: Path, say: Any, ask: Any) -> None:
    """More demand than was planned for: the status says so, and the exit code is 0."""
    say("plan", "./pair", "--out", "run")
    say("new", "more", "--from", "./pair", "--into", ".")
    rows = "region,workload,period,units\neast,web,2026,300\neast,web,2027,300\n"
    (desk / "more" / "demand.csv").write_text(rows)
    found = ask("operate", "more", "--plan", "run", "--out", "short")
    assert found["status"] == "short"
    assert found["shortfall"][0]["workload"] == "web"
    text = say("operate", "more", "--plan", "run", "--out", "short")
    assert "is the largest shortfall" in text


def test_alternatives_of_a_run(desk: Path, say: Any, ask: Any) -> None:
    """The largest builds, or those asked for."""
    say("plan", "./pair", "--out", "run")
    assert "robust" in say("alternatives", "run", "--within", "0.001")
    found = ask("alternatives", "run", "--of", "hall:west-1", "--of", "compute:west-1:server")
    assert [row["asset"] for row in found["alternatives"]] == ["hall", "compute"]
    assert all(row["least"] <= row["planned"] + 1e-6 <= row["most"] + 2e-6 for row in found["alternatives"])


def test_two_plans_are_compared(desk: Path, say: Any, ask: Any) -> None:
    """In sentences and in tables; a plan is the same as itself."""
    say("plan", "./pair", "--out", "cheap")
    say("new", "dear", "--from", "./pair", "--into", ".")
    (desk / "dear" / "power.csv").write_text("zone,price,co2_kg_per_kwh\nwest,2,0.4\n")
    say("plan", "dear", "--out", "run-dear")
    assert "are the same plan" in say("compare", "cheap", "cheap")
    text = say("compare", "cheap", "run-dear")
    assert "run-dear costs" in text
    assert "more than cheap" in text
    found = ask("compare", "cheap", "run-dear")
    assert found["same"] is False
    assert {row["figure"] for row in found["figures"]} >= {"cost", "halls", "carbon"}
    costs = next(row["values"] for row in found["headlines"] if row["name"] == "cost")
    assert costs == [next(row for row in found["figures"] if row["figure"] == "cost")[name] for name in ("a", "b")]
    assert "costs least, run-dear costs" in say("compare", "cheap", "run-dear", "cheap", "--out", "compared.html")
    assert "costs least" in Path("compared.html").read_text(encoding="utf-8")


def test_a_report_in_the_other_language(desk: Path, say: Any, ask: Any) -> None:
    """Drawn again, into the same folder, which stays whole."""
    say("plan", "./pair", "--out", "run")
    assert ask("report", "run", "--lang", "zh")["language"] == "zh"
    assert 'lang="zh' in (desk / "run" / "report.html").read_text()
    assert ask("report", "run", "--to", "docx")["out"] == str(Path("run") / "brief.docx")
    assert "slides.pptx" in say("report", "run", "--to", "pptx", "--out", "slides.pptx")
    assert len(Presentation("slides.pptx").slides) >= 6
    assert invoke(("report", "run", "--to", "pptx", "--out", "slides.ppt")) == 2
    assert invoke(("report", "run", "--out", "brief.pdf")) == 2
    run_store.load_run(desk / "run")


@pytest.mark.parametrize(("kind", "name"), [("netcdf", "a.nc"), ("csv", "a"), ("excel", "a.xlsx")])
def test_exports_are_written_whole(kind: str, name: str, desk: Path, say: Any, ask: Any) -> None:
    """And say where they are."""
    say("plan", "./pair", "--out", "run")
    assert ask("export", "run", "--to", kind, "--out", f"deep/{name}")["out"] == f"deep/{name}"
    assert [path.name for path in (desk / "deep").iterdir()] == [name]


def test_a_new_scenario_is_yours(desk: Path, say: Any, ask: Any) -> None:
    """A copy with every option stated, or one that extends another."""
    assert "xisuan check mine" in say("new", "mine", "--into", ".")
    assert ask("check", "mine") == {"scenario": "mine", "ok": True, "problems": [], "changes": []}
    assert ask("new", "on-top", "--from", "./pair", "--into", ".")["path"] == "on-top"
    assert 'extends = "pair"' in (desk / "on-top" / "scenario.toml").read_text()


def test_a_sweep_and_the_same_again(desk: Path, say: Any, ask: Any) -> None:
    """By hand: power in the west a fifth dearer costs 0.63072 more (see tests.workflow.test_sweep)."""
    words = ("sweep", "./pair", "--lever", "western_power_price:-20:20", "--solver", "simplex", "--out", "swept")
    assert "western_power_price" in say(*words)
    found = ask(*words)
    effect = next(row for row in found["effects"] if row["figure"] == "cost")
    assert effect["high"] == pytest.approx(0.63072, rel=1e-5)
    assert [row["status"] for row in found["results"]] == ["optimal"] * 3
    rows = pd.read_parquet("swept/sweep.parquet")
    assert list(rows["western_power_price"]) == [0, -20, 20]
    assert rows["cost"][0] == pytest.approx(PAIR_COST_MCNY, rel=1e-6)
    assert "western_power_price" not in Path("swept/sweep.html").read_text()
    assert "成本" in say(*words, "--lang", "zh")


def test_a_sweep_of_a_list(desk: Path, say: Any) -> None:
    Path("list.csv").write_text("eastern_demand,western_power_price\n10,0\n0,20\n")
    assert invoke(["sweep", "./pair", "--design", "list", "--list", "list.csv", "--out", "s"]) == 0
    assert list(pd.read_parquet("s/sweep.parquet")["eastern_demand"]) == [0, 10, 0]


@pytest.mark.parametrize(("words", "text", "said"), [
    (("--lever", "eastern_demand"), "", "LEVER:LOW:HIGH"),
    (("--lever", "wages:0:1"), "", "no such lever"),
    (("--design", "list"), "", "go together"),
    (("--count", "3", "--lever", "eastern_demand:0:1"), "", "means nothing to --design each"),
    (("--design", "list", "--list", "list.csv"), "eastern_demand\n", "a line of levers"),
    (("--design", "list", "--list", "list.csv"), "eastern_demand,western_power_price\n5,much\n",
     "list.csv, row 2, western_power_price: much · not a number; give the change in percent, such as -10"),
    (("--design", "list", "--list", "list.csv"), "eastern_demand\nnan\n", "row 2, eastern_demand: nan"),
    (("--design", "list", "--list", "list.csv"), "eastern_demand\n1,2\n", "2 values for 1 levers"),
    ((), "", "nothing to move"),
])  # fmt: skip
def test_a_sweep_that_cannot_be(
    desk: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], text: str, said: str
) -> None:
    """Each with what to do, and nothing is written."""
    Path("list.csv").write_text(text)
    assert invoke(["sweep", "./pair", *words, "--out", "swept"]) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert not Path("swept").exists()


def test_chinese_throughout(desk: Path, say: Any) -> None:
    """--lang zh says it all in Chinese."""
    assert "未发现问题" in say("check", "./pair", "--lang", "zh")
    assert "百万元" in say("plan", "./pair", "--out", "run", "--lang", "zh")
    assert "全部满足" in say("operate", "./pair", "--plan", "run", "--out", "own", "--lang", "zh")
    assert "稳健" in say("alternatives", "run", "--within", "0.001", "--lang", "zh")
    assert "同一方案" in say("compare", "run", "run", "--lang", "zh")


def test_help_of_everything(say: Any) -> None:
    """-h works everywhere; each command shows an example."""
    text = say("-h")
    for name in ("run", "new", "check", "plan", "operate", "alternatives", "compare", "report", "export"):
        assert name in text
        assert f"xisuan {name} " in say(name, "-h")
    assert say("--version").startswith("xisuan ")
