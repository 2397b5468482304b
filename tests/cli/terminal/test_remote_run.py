"""A run on a studio is the run that would have been made here: the folder, the endings, the words."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from xisuan.cli.main import invoke
from xisuan.cli.terminal import remote_run
from xisuan.errors import StoreError
from xisuan.results.storage import run_store
from xisuan.scenario import load, write
from xisuan.scenario.settings import Hours
from xisuan.studio import server
from xisuan.studio.configuration import Configuration


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Address and token of a studio that listens."""
    configuration = Configuration(tmp_path_factory.mktemp("studio"), port=0)
    with server.open_services(configuration) as services:
        asked = uvicorn.Config(server.make_app(services), host="127.0.0.1", port=0, log_level="error", ws="none")  # type: ignore[arg-type]
        listening = uvicorn.Server(asked)
        thread = threading.Thread(target=listening.run)
        thread.start()
        while not listening.started:
            time.sleep(0.05)
        port = listening.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", services.add_token(services.local_person(), "test")
        listening.should_exit = True
        thread.join()


def quick(folder: Path, **changes: object) -> Path:
    """A scenario that is planned in a moment."""
    given = load.load("starter")
    plan = dataclasses.replace(given.settings.plan, operate_days=1)
    write.write(given.with_settings(hours=Hours("one"), periods=(2026,), plan=plan), folder)
    for name, text in changes.items():
        (folder / f"{name}.csv").write_text(str(text), encoding="utf-8")
    return folder


def test_the_folder_that_comes_back_is_the_one_made_here(
    studio: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(remote_run.TOKEN, studio[1])
    folder = quick(tmp_path / "quick")
    assert invoke(["run", str(folder), "--server", studio[0], "--out", str(tmp_path / "there"), "--json"]) == 0
    there = json.loads(capsys.readouterr().out)
    assert invoke(["run", str(folder), "--quick", "--out", str(tmp_path / "here"), "--json"]) == 0
    here = json.loads(capsys.readouterr().out)
    assert there["scenario_hash"] == here["scenario_hash"]
    assert there["objective"] == here["objective"]
    one, other = (run_store.load_run(tmp_path / name) for name in ("there", "here"))
    assert one.plan.builds.equals(other.plan.builds)
    assert (tmp_path / "there" / "report.zh.html").is_file()


def test_a_contradiction_there_ends_as_one_here(
    studio: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 3, with the conflicting set; nothing is written."""
    monkeypatch.setenv(remote_run.TOKEN, studio[1])
    folder = quick(tmp_path / "tight", budgets="period,scope,limit_mcny\n2026,all,0\n")
    ends = []
    for more in ([], ["--server", studio[0]]):
        code = invoke(["run", str(folder), *more, "--out", str(tmp_path / "none"), "--json"])
        ends.append((code, json.loads(capsys.readouterr().out)["conflict"]))
    assert ends[0] == ends[1]
    assert ends[0][0] == 3
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(("address", "token", "words"), [
    ("ftp://x", "t", "is no address"), ("http://127.0.0.1:9", "", "XISUAN_TOKEN"),
    ("http://127.0.0.1:9", "t", "does not answer"),
    ("", "wrong", "sign in first"),
])  # fmt: skip
def test_a_studio_that_does_not_help_is_told_in_words(
    studio: tuple[str, str], address: str, token: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(remote_run.TOKEN, token)
    scenario = load.load("starter")
    with pytest.raises(StoreError, match=words):
        remote_run.run(scenario, address or studio[0], tmp_path / "out", lambda _: None)


@pytest.mark.parametrize("more", [["--quick"], ["--gap", "1e-3"], ["--solver", "ipx"], ["--method", "direct"]])
def test_what_the_studio_is_not_told_is_refused(
    more: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is read or sent."""
    assert invoke(["run", "starter", "--server", "http://127.0.0.1:9", *more, "--out", str(tmp_path / "none")]) == 2
    said = capsys.readouterr().err
    assert more[0] in said
    assert "the studio chooses how to solve" in said
    assert not (tmp_path / "none").exists()
