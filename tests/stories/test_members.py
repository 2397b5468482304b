"""A scenario with members on the command line: what plans it, what refuses it, and what goes on with one of its members."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from xisuan.cli.main import invoke
from xisuan.cli.terminal import output, result_lines
from xisuan.results.plan import CAPEX_TERMS
from xisuan.results.storage.two_stage_store import load_two_stage_run
from xisuan.scenario import load, write


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The scenario, and its plan."""
    home = tmp_path_factory.mktemp("members")
    given = load.load("starter")
    rows = pd.DataFrame({"member": ["calm", "boom"], "probability": [0.4, 0.6], "eastern_demand": [-10, 10]})
    tables = {name: table for name, table in given.tables.items() if len(table)}
    write.write(load.build(given.settings, {**tables, "members": rows}), home / "futures")
    assert invoke(["plan", str(home / "futures"), "--out", str(home / "out"), "--lang", "zh"]) == 0
    return str(home / "futures"), str(home / "out")


@pytest.mark.long
def test_the_plan_is_written_and_said(
    folders: tuple[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    scenario, out = folders
    assert (Path(out) / "members.html").read_text(encoding="utf-8").count('lang="zh-CN"') == 1
    assert (Path(out) / "members.en.html").is_file()
    assert invoke(["check", scenario]) == 0
    assert "members 2" in capsys.readouterr().out
    assert invoke(["plan", scenario, "--out", str(tmp_path / "again"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["certificate"]["ok"]
    assert document["perfect_information_mcny"] > 0.0
    assert document["gap"] <= 1e-6


@pytest.mark.parametrize("words", [
    ("operate", "{scenario}", "--plan", "{member}", "--out", "{new}"),
    ("sweep", "{scenario}", "--lever", "eastern_demand:-1:1", "--out", "{new}"),
    ("simulate", "{scenario}", "--plan", "{member}", "--out", "{new}"),
    ("verify", "{scenario}", "--plan", "{member}", "--out", "{new}"),
    ("operate", "{scenario}", "--plan", "{out}", "--out", "{new}"),
    ("alternatives", "{out}"),
    ("compare", "{out}", "{out}"),
    ("export", "{out}", "--to", "csv", "--out", "{new}"),
    ("plan", "{scenario}", "--reach", "racks", "--out", "{new}"),
])  # fmt: skip
def test_who_knows_one_future_only_refuses_and_says_what_to_do(
    words: tuple[str, ...], folders: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario, out = folders
    names = {"scenario": scenario, "out": out, "member": f"{out}/members/calm", "new": str(tmp_path / "new")}
    assert invoke([word.format(**names) for word in words]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "one future only" in said or "give the folder of one of them" in said or "members have several" in said
    assert not (tmp_path / "new").exists()


@pytest.fixture(scope="module")
def ran(folders: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder of a quick run of the scenario, and what it says to machines."""
    out, said = tmp_path_factory.mktemp("run") / "out", io.StringIO()
    with contextlib.redirect_stdout(said):
        assert invoke(["run", folders[0], "--quick", "--out", str(out), "--json"]) == 0
    return out, json.loads(said.getvalue())


def test_a_run_tries_every_member_and_reports_what_holds_for_all_first(
    ran: tuple[Path, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    """And then what the plan is in the likeliest; what would plan for one future is left out, and that is said."""
    folder, _ = ran
    for language, name in (("en", "report.html"), ("zh-CN", "report.zh.html")):
        page = (folder / name).read_text(encoding="utf-8")
        assert f'lang="{language}"' in page
        assert page.index('<section id="members"') < page.index('<section id="frequency"')
        assert page.index('<section id="frequency"') < page.index('<section id="brief"')
        assert '<section id="certificate"' in page
    said = " ".join((folder / "report.html").read_text(encoding="utf-8").split())
    assert "in one future, the likeliest: boom" in said
    assert "eft out of a plan for several futures" in said
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    assert book.sheetnames[:2] == ["Brief", "Contents"]
    assert len(book.sheetnames) <= 15
    assert "in one future, the likeliest: boom" in str(book["Brief"]["A3"].value)
    assert len(list((folder / "shown").glob("*_members_1.parquet"))) == 1
    for member in ("calm", "boom"):
        schedule = json.loads((folder / "members" / member / "schedule" / "schedule.json").read_text(encoding="utf-8"))
        assert schedule["status"] == "optimal"
    assert (folder / "members" / "boom" / "hub_costs.parquet").is_file()
    assert not (folder / "members" / "calm" / "hub_costs.parquet").exists()
    capsys.readouterr()
    assert invoke(["report", str(folder), "--lang", "zh"]) == 0
    assert 'lang="zh-CN"' in (folder / "report.html").read_text(encoding="utf-8")


def test_a_run_says_itself_to_machines(ran: tuple[Path, dict[str, Any]]) -> None:
    """The figures of the plan, and of each member how its plan is operated: what it invests and operates for is its cost."""
    folder, document = ran
    kept = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert document["objective"] == kept["objective"]
    assert document["certificate"]["ok"]
    assert set(document["tried"]) == {"calm", "boom"}
    for member, tried in document["tried"].items():
        costs = pd.read_parquet(folder / "members" / member / "costs.parquet")
        invested = costs.loc[costs["term"].isin(CAPEX_TERMS), "discounted_mcny"].sum()
        whole = json.loads((folder / "members" / member / "plan.json").read_text(encoding="utf-8"))
        assert invested + tried["schedule"]["cost_mcny"] == pytest.approx(whole["cost_mcny"], rel=1e-6)


@pytest.mark.parametrize(("language", "costs", "member"), [("en", "expected to cost", "boom"), ("zh", "期望", "boom")])
def test_a_run_says_itself_to_people(ran: tuple[Path, dict[str, Any]], language: str, costs: str, member: str) -> None:
    said = " ".join(result_lines.tried_lines(load_two_stage_run(ran[0]), output.speech(language)))
    assert costs in said
    assert member in said


def test_a_member_goes_on_as_any_plan(folders: tuple[str, str], tmp_path: Path) -> None:
    out = folders[1]
    member = f"{out}/members/boom"
    assert invoke(["report", member]) == 0
    assert invoke(["operate", f"{member}/scenario", "--plan", member, "--out", str(tmp_path / "own")]) == 0
    assert invoke(["compare", member, f"{out}/alone/boom"]) == 0


def test_check_tells_what_a_member_makes_of_a_sound_scenario(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cables five times as long leave the city's requests without a site in time."""
    given = load.load("starter")
    rows = pd.DataFrame({"member": ["near", "far"], "probability": [0.5, 0.5], "detour": [0, 400]})
    tables = {name: table for name, table in given.tables.items() if len(table)}
    km = float(given["links"]["length_km"].max())
    limit = given["workloads"].assign(latency_ms=1.5 * km * 0.0049, unserved_mcny_per_unit_hour=float("nan"))
    far_off = given["sites"][given["sites"]["node"] != "city"]
    tables |= {"workloads": limit, "sites": far_off}
    for name in ("halls", "fleet", "limits", "policies", "budgets"):
        tables.pop(name, None)
    write.write(load.build(given.settings, {**tables, "members": rows}), tmp_path / "far")
    assert invoke(["check", str(tmp_path / "far")]) == 2
    said = " ".join(capsys.readouterr().out.split())
    assert "members.csv, far: demand" in said
    assert "cannot be served" in said
    assert "members.csv, near" not in said
