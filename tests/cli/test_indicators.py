"""The commands `read` and `track`: their JSON keeps the contract, their files are there, both languages speak."""

from __future__ import annotations

import ast
import contextlib
import html
import io
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from tests import scenarios
from xisuan import bulletins
from xisuan.cli.main import invoke
from xisuan.cli.terminal import text_layout
from xisuan.planning.expansion import plan
from xisuan.report.tracking.track_phrases import amount
from xisuan.results.bulletin_reading import CONTRACT as OBSERVATION
from xisuan.results.storage import run_store
from xisuan.results.track import CONTRACT as TARGET
from xisuan.results.track import STATUSES, TABLES, records
from xisuan.scenario.load import load

TEXT = "2023年6月27日\n今年1至4月,贵州信息基础设施投资39.6亿元,占总投资的41.05%;引进茶园项目资金5亿元。"


def bulletin(folder: Path) -> str:
    path = folder / "bulletin.txt"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_read_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = bulletin(tmp_path)
    assert invoke(["read", path, path, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    first = found["observations"][0]
    assert tuple(first) == OBSERVATION
    assert len(found["observations"]) == len(found["places"]) == 2
    assert (first["indicator"], first["value"], first["unit"], first["share_pct"]) == (
        "info_infrastructure_investment",
        3960.0,
        "mCNY",
        41.05,
    )
    assert found["unplaced"][0]["words"] == "5亿元"
    assert found["places"][0]["place"] == "bulletin.txt:2"


def test_a_region_is_given_where_the_text_names_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bulletin.txt"
    path.write_text("2024年3月28日\n1至2月,全省软件业务收入162亿元。", encoding="utf-8")
    assert invoke(["read", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert not found["observations"]
    assert "--region" in found["unplaced"][0]["why"]
    assert invoke(["read", str(path), "--json", "--region", "hunan"]) == 0
    assert json.loads(capsys.readouterr().out)["observations"][0]["region"] == "hunan"
    assert invoke(["read", str(path), "--region", "hunann"]) != 0
    assert 'did you mean "hunan"' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "figures read: 1; seen and not placed: 1"), ("zh", "读出 1 项，1 项未能归类")]
)
def test_read_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, words: str) -> None:
    assert invoke(["read", bulletin(tmp_path), "--lang", lang]) == 0
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(("lang", "words"), [("en", "25.3\u00a0%  +3.2 points"), ("zh", "25.3%  +3.2 个百分点")])
def test_a_change_in_points_stands_beside_its_level(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, words: str
) -> None:
    path = tmp_path / "bulletin.txt"
    path.write_text("2024年末,贵州省千兆用户占比25.3%,比上年提高3.2个百分点。", encoding="utf-8")
    assert invoke(["read", str(path), "--lang", lang]) == 0
    [line] = [one for one in capsys.readouterr().out.splitlines() if "2024-12-31" in one]
    assert words.split("  ") == re.split(r" {2,}", line.strip())[-2:]


def test_every_figure_stands_under_its_place_and_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "two.txt"
    path.write_text("2023年,贵州软件业务收入863亿元。\n2022年,贵州电信业务收入390亿元。\n", encoding="utf-8")
    assert invoke(["read", str(path), "--lang", "zh"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if line.strip()]
    named = (("two.txt:1", "863亿元", "软件和信息技术服务业收入"), ("two.txt:2", "390亿元", "电信业务收入"))
    for place, words, indicator in named:
        at = next(at for at, line in enumerate(lines) if line.startswith(place))
        assert words in lines[at]
        assert lines[at + 1].startswith(indicator)
        assert "实际" in lines[at + 1]
        assert "贵州" in lines[at + 1]
    assert not re.search(r"[a-z]{4,}|(?<!\d)…", " ".join(line for line in lines if not line.startswith("two.txt")))
    assert invoke(["read", str(path), "--lang", "en"]) == 0
    assert "Software and IT services revenue" in capsys.readouterr().out


def test_every_reason_of_the_reader_is_a_message() -> None:
    """Read from the sources: the sentences that its modules hold are reasons, but for the name of a base and a scope."""
    bare, reasons = set(), set()
    for path in sorted(Path(bulletins.__file__).parent.rglob("*.py")):
        if path.parent.name in ("figures", "tables"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            called = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
            said = {id(node.args[0]) for node in called if isinstance(node.func, ast.Name) and node.func.id == "_"}
            for node in ast.walk(tree):
                text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
                if re.fullmatch(r"[a-z][a-z' ;,-]+ [a-z' ;,-]+", text) and text.count(" ") > 2:
                    (reasons if id(node) in said else bare).add(text)
    assert len(reasons) >= 30
    assert bare <= {"firms above designated size", "the year before, yearly average"}


def test_read_says_what_it_cannot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["read", str(tmp_path / "none.txt"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"] == "scenario"


def test_track_as_json_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke(["track", "guizhou", "--as-of", "2024-06-30", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert all(tuple(row) == TARGET and row["status"] in STATUSES for row in found["targets"])
    assert found["as_of"] == "2024-06-30"
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def tracked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[str, Path]]:
    """Language → what a track of Guizhou says in a terminal, and its folder."""

    @cache
    def track(lang: str) -> tuple[str, Path]:
        out, said = tmp_path_factory.mktemp("tracked") / "track", io.StringIO()
        with contextlib.redirect_stdout(said):
            assert invoke(["track", "guizhou", "--lang", lang, "--out", str(out)]) == 0
        return said.getvalue(), out

    return track


@pytest.mark.parametrize(
    ("lang", "short", "bound"),
    [("en", "short by the last figure", "decides nothing"), ("zh", "最新数据未达到", "不能据以判定")],
)
def test_terminal_and_page_of_a_track_say_the_same(
    tracked: Callable[[str], tuple[str, Path]], lang: str, short: str, bound: str
) -> None:
    """Bounds, weak sources and what has to be known stand in both: over 135 decides nothing of 180 from a weak source,
    and nine gigabit cities are on record by October 2025."""
    said, out = tracked(lang)
    said = "".join(said.split())
    page = re.sub("<[^>]*>", "", (out / "track.html").read_text(encoding="utf-8"))
    page = html.unescape(page).replace("\u00a0", "").replace(" ", "")
    targets = pd.read_parquet(out / "targets.parquet")
    vague = {"over": ">", "under": "<", "about": "≈"}
    levels = {
        vague[row["latest_bound"]] + amount(row["latest"], row["unit"], cast("Any", lang)).replace("\u00a0", " "): row[
            "deadline"
        ]
        >= "2025"
        for row in sorted(records(targets), key=lambda row: str(row["deadline"]))
        if row["latest_bound"] in vague
    }
    assert {">135 EFLOPS", ">9,100"} <= set(levels)
    assert all(words.replace(" ", "") in page for words in levels)  # those of past targets are folded
    live = [words for words, is_live in levels.items() if is_live]
    for words in (*live, "180 EFLOPS (D)", "80 EFLOPS (D)", short, bound, "2025-10"):
        assert words.replace(" ", "") in said, words
        assert words.replace(" ", "") in page, words
    assert {"en": "to month 10 of 2024", "zh": "2024 年 1-10 月"}[lang].replace(" ", "") in said
    assert {"en": "reached by 2025-10 at the latest", "zh": "最迟 2025-10 已达到"}[lang].replace(" ", "") in page
    assert {"en": "Targets due before 2025: ", "zh": "2025 年以前到期的目标："}[lang].replace(" ", "") in said
    assert (targets["undecided"] == "short").sum() == 3


def with_a_target(folder: Path) -> str:
    """The pair with a target of racks and two figures of them, whose track takes a moment; the name of its region."""
    region = str(scenarios.pair(folder)["regions"]["region"].iloc[0])
    (folder / "indicators.csv").write_text("indicator,unit,kind\nracks,1,stock\n")
    (folder / "targets.csv").write_text(
        f"indicator,region,deadline,value,unit,published\nracks,{region},2030-12-31,9000,1,2024-01-01\n"
    )
    (folder / "drivers.csv").write_text("indicator,variable,kind,high\nracks,racks,identity,1\n")
    (folder / "observations.csv").write_text(
        "indicator,region,period_end,value,unit,published\n"
        f"racks,{region},2023-12-31,4000,1,2024-01-31\nracks,{region},2024-12-31,5000,1,2025-01-01\n"
    )
    return region


def test_a_track_of_another_day_overwrites_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with_a_target(tmp_path / "pair")
    assert invoke(["track", "pair"]) == 0
    assert invoke(["track", "pair", "--as-of", "2024-06-30"]) == 0
    assert invoke(["track", "pair", "--as-of", "2024-06-30", "--then", "2026-10-01"]) == 0
    assert {path.name for path in Path("runs").iterdir()} == {
        "track-pair", "track-pair-2024-06-30", "track-pair-2024-06-30-2026-10-01",
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_track_writes_a_page_that_needs_nothing_else(tracked: Callable[[str], tuple[str, Path]], lang: str) -> None:
    said, out = tracked(lang)
    lines = said.splitlines()
    table = lines[: next(at for at, line in enumerate(lines) if at > 3 and not line.strip())]
    assert max(map(text_layout.drawn, table)) <= 80
    assert not any("…" in line for line in table)
    assert max(text_layout.drawn(line) for line in lines if str(out) not in line) <= 80
    page = (out / "track.html").read_text(encoding="utf-8")
    assert f'lang="{"zh-CN" if lang == "zh" else "en"}"' in page
    assert "<script" not in page
    assert "src=" not in page
    other = "track.en.html" if lang == "zh" else "track.zh.html"
    assert re.findall('href="(.*?)"', page) == [other]
    twin = (out / other).read_text(encoding="utf-8")
    assert f'lang="{"en" if lang == "zh" else "zh-CN"}"' in twin
    assert re.findall('href="(.*?)"', twin) == ["track.html"]
    assert page.count('<figure class="chart">') >= 10
    assert ("已到期" if lang == "zh" else "outcome not published") in page
    assert {path.stem for path in out.glob("*.parquet")} == set(TABLES)
    assert len(pd.read_parquet(out / "targets.parquet")) >= 35
    assert (out / "observed.csv").read_text(encoding="utf-8").startswith("STRUCTURE,STRUCTURE_ID,ACTION,INDICATOR")


def test_a_scenario_without_targets_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["track", "starter", "--json"]) == 2
    assert "no targets" in json.loads(capsys.readouterr().out)["message"]


@pytest.mark.parametrize("value", ["2024-31-12", "20240630", "30.6.2024", "2024-06", "２０２４-06-30"])
@pytest.mark.parametrize("option", ["--as-of", "--then"])
def test_what_is_no_day_is_answered_with_one(capsys: pytest.CaptureFixture[str], option: str, value: str) -> None:
    """In both languages, without the format of a programmer."""
    assert invoke(["track", "guizhou", option, value]) == 2
    said = capsys.readouterr().err
    assert f"'{option}'" in said
    assert f"{value} is no day; give YYYY-MM-DD, such as 2024-06-30" in said
    assert "%" not in said
    assert invoke(["track", "guizhou", option, value, "--lang", "zh"]) == 2
    assert capsys.readouterr().err.strip() == (
        f"错误：{option} 的值无效：{value} 不是日期；请按 YYYY-MM-DD 填写，例如 2024-06-30"
    )


def test_a_day_before_anything_was_known_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The refusal names the days between which things were published; on the first of them there is an answer."""
    out = tmp_path / "track"
    assert invoke(["track", "guizhou", "--as-of", "1926-01-01", "--out", str(out)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "as_of: 1926-01-01 · nothing was published by then" in said
    first, last = re.findall(r"\d{4}-\d{2}-\d{2}", said)[1:3]
    assert "1926-01-01" < first < last
    assert not out.exists()
    assert invoke(["track", "guizhou", "--as-of", first, "--json"]) == 0
    assert invoke(["track", "guizhou", "--as-of", "1926-01-01", "--lang", "zh"]) == 2
    assert f"发布日期为 {first} 至 {last}" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("name", "then", "day"), [("guizhou", "2025-01-01", "2026-02-28"), ("guizhou-2023", "2023-01-01", "2023-06-27")]
)
def test_what_followed_lies_behind_the_day_of_the_track(
    capsys: pytest.CaptureFixture[str], name: str, then: str, day: str
) -> None:
    """One refusal that names the two days, none about tables that were empty on the earlier one."""
    assert invoke(["track", name, "--then", then, "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert f"then: {then} · is not after {day}, the day of the track; give a later day (--then)" in found["message"]
    assert "1 problem" in found["message"]
    assert invoke(["track", name, "--then", then, "--lang", "zh"]) == 2
    assert f"不晚于跟踪截至日 {day}" in capsys.readouterr().err


def test_empty_columns_of_tables_have_a_type(tracked: Callable[[str], tuple[str, Path]]) -> None:
    """Also those of tables without any row: a reader of many tracks may put them together."""
    _, out = tracked("en")
    for name in TABLES:
        schema = parquet.read_schema(out / f"{name}.parquet")
        assert [field.name for field in schema if pa.types.is_null(field.type)] == [], name
    assert parquet.read_schema(out / "targets.parquet").field("run_rate").type == pa.float64()
    assert parquet.read_schema(out / "followed.parquet").field("held").type == pa.bool_()


def test_a_track_says_that_there_is_more_since(
    tmp_path: Path, tracked: Callable[[str], tuple[str, Path]], capsys: pytest.CaptureFixture[str]
) -> None:
    """With the command that shows it; not where nothing was published after its day."""
    assert invoke(["track", "guizhou-2023", "--out", str(tmp_path / "a")]) == 0
    said = " ".join(capsys.readouterr().out.split())
    found = re.search(r"Published since and not used: (\d+) figures .* xisuan track guizhou-2023 --then (\S+)", said)
    assert found
    assert int(found[1]) > 3
    assert invoke(["track", "guizhou-2023", "--then", found[2], "--json"]) == 0
    followed = json.loads(capsys.readouterr().out)["followed"]
    assert len(followed) == int(found[1])
    assert [
        row["held"] for row in followed if row["indicator"] == "g5_base_stations" and row["period_end"] == "2025-10-31"
    ] == [False]
    assert "--then" not in tracked("en")[0]


def test_a_run_of_another_scenario_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What it plans would be drawn beside targets that it knows nothing of."""
    given = scenarios.pair()
    run_store.save(plan(given), tmp_path / "run")
    assert invoke(["track", "guizhou", "--with", str(tmp_path / "run"), "--json"]) == 2
    assert f"is a run of {given.settings.name}, not of guizhou" in json.loads(capsys.readouterr().out)["message"]


def test_a_run_of_other_tables_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its name is the scenario's, but its demand was raised since: the path is drawn, and what is not of it is named; new
    figures alone are no other tables."""
    region = with_a_target(tmp_path / "pair")
    (tmp_path / "pair" / "observations.csv").unlink()
    run_store.save(plan(load(tmp_path / "pair")), tmp_path / "run")
    asked = ["track", str(tmp_path / "pair"), "--with", str(tmp_path / "run"), "--out", str(tmp_path / "out")]
    (tmp_path / "pair" / "observations.csv").write_text(
        f"indicator,region,period_end,value,unit,published\nracks,{region},2024-12-31,5000,1,2025-01-01\n"
    )
    assert invoke(asked) == 0
    assert "other tables" not in capsys.readouterr().out
    demand = tmp_path / "pair" / "demand.csv"
    frame = pd.read_csv(demand)
    frame.loc[0, "units"] *= 1.01
    frame.to_csv(demand, index=False)
    assert invoke(asked) == 0
    assert "other tables than this scenario has now: demand." in " ".join(capsys.readouterr().out.split())
    assert "other tables than this scenario has now: demand." in (tmp_path / "out" / "track.html").read_text()
    assert "所用的表与本场景现有的不同：demand。" in (tmp_path / "out" / "track.zh.html").read_text()
    assert invoke([*asked, "--json"]) == 0
    assert "other tables than this scenario has now: demand." in capsys.readouterr().err


def test_a_day_long_after_all_that_is_known_is_remarked(capsys: pytest.CaptureFixture[str]) -> None:
    """With the same two days that a day too early is answered with, whatever the scenario's own day is."""
    assert invoke(["track", "guizhou", "--as-of", "1926-01-01"]) == 2
    known = re.findall(r"\d{4}-\d{2}-\d{2}", capsys.readouterr().err)[1:3]
    assert invoke(["track", "guizhou", "--as-of", "2999-01-01", "--json"]) == 0
    said = capsys.readouterr().err
    assert re.findall(r"\d{4}-\d{2}-\d{2}", said)[1:3] == known
    assert "--as-of 2999-01-01 lies more than a year after all that is known" in said
    assert invoke(["track", "guizhou", "--as-of", "2024-06-30", "--json"]) == 0
    assert "lies more than" not in capsys.readouterr().err
