"""`xisuan studio` on the command line: what would be seen by others is refused there, and passed on where it is safe."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.studio import served
from xisuan.cli.main import invoke
from xisuan.studio import server
from xisuan.studio.jobs import job_queue

WITH_PASSWORD = "postgresql://xisuan:geheim@127.0.0.1:1/xisuan"


@pytest.mark.parametrize("address", [WITH_PASSWORD, "postgresql://xisuan@h/xisuan?password=geheim"])
def test_a_database_password_on_the_command_line_is_refused(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words that do not repeat it; the list of processes has shown it long enough."""
    assert invoke(["studio", "--data", str(tmp_path), "--database", address]) != 0
    said = "".join(capsys.readouterr())
    assert "XISUAN_DATABASE" in said
    assert "geheim" not in said


def test_a_database_password_comes_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []

    @contextlib.contextmanager
    def opened(configuration: Any) -> Iterator[None]:
        given.append(configuration)
        raise SystemExit(0)
        yield

    monkeypatch.setattr(server, "open_services", opened)
    monkeypatch.setenv("XISUAN_DATABASE", WITH_PASSWORD)
    with contextlib.suppress(SystemExit):
        invoke(["studio", "--data", str(tmp_path), "--proxy", "10.0.0.5", "--proxy", "10.1.0.0/16"])
    assert given[0].url == WITH_PASSWORD
    assert given[0].proxies == ("10.0.0.5", "10.1.0.0/16")


def test_a_database_that_cannot_be_reached_does_not_tell_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XISUAN_DATABASE", WITH_PASSWORD)
    assert invoke(["studio", "--data", str(tmp_path)]) != 0
    assert "geheim" not in "".join(capsys.readouterr())


def test_a_run_does_not_get_the_server_s_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither on its command line nor in its environment; everything else of it, yes."""
    for name in ("XISUAN_DATABASE", "XISUAN_PASSWORD", "PGPASSWORD", "PGPASSFILE"):
        monkeypatch.setenv(name, "geheim")
    monkeypatch.setenv("XISUAN_OTHER", "kept")
    started = threading.Event()
    given: list[Any] = []

    def start(command: list[str], **how: Any) -> None:
        given.append((command, how["env"]))
        started.set()
        raise OSError("not started")

    monkeypatch.setattr(job_queue.subprocess, "Popen", start)
    with served.opened(tmp_path) as (services, _):
        person = services.local_person()
        room = services.folders.root / "f" / "scenario"
        room.mkdir(parents=True)
        version = {"folder": "f", "note": "", "title": "", "title_zh": "", "errors": 0, "warnings": 0}
        services.store.add_scenario(person, "s1", "one", "starter", version)
        services.store.add_run(scenario_id="s1", version=1, owner_id=person.id, label="", verb="run", options="{}")
        assert started.wait(10)
        services.queue._workers = 0
    command, environment = given[0]
    assert "geheim" not in str(command)
    assert "geheim" not in environment.values()
    assert environment["XISUAN_OTHER"] == "kept"


@pytest.mark.parametrize("proxy", ["*", "proxy.example", "10.0.0.300", ""])
def test_a_proxy_is_given_by_its_address(proxy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["studio", "--data", str(tmp_path), "--proxy", proxy]) != 0
    assert "give an IP address or a network" in "".join(capsys.readouterr())


def test_an_account_of_the_command_line_has_no_common_password(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xisuan", "studio", "--data", str(tmp_path), "--add-user", "lin"]
    answer = subprocess.run(
        command, env={**os.environ, "XISUAN_PASSWORD": "1234567890"}, capture_output=True, text=True, check=False
    )
    assert answer.returncode != 0
    assert "most common" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_port_in_use_is_an_error_before_anything_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert invoke(["studio", "--data", str(tmp_path), "--port", str(port)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert f"127.0.0.1, port {port}" in said.err
    assert "--port" in said.err
