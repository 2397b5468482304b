"""Runs do not die: whatever is killed, a run goes on, begins again, or says why it failed and can be started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.operating_system import system
from xisuan.studio.configuration import Limits
from xisuan.studio.services.all_services import Services

Studio = tuple[Services, TestClient]


def submitted(client: TestClient, scenario: str, quick: bool = True) -> str:
    """The id of a new run; a quick one where it is not about what a run finds."""
    found: str = client.post(f"/api/scenarios/{scenario}/runs", json={"quick": quick}).json()["id"]
    return found


def process(services: Services, run_id: str) -> int:
    """The number of a run's process."""
    row = next(row for row in services.store.at("running") if row["id"] == run_id)
    return int(row["process"].split()[0])


@pytest.mark.long
def test_a_run_ends_with_a_report(studio: Studio) -> None:
    """Also: the curve of stages, the tables, and the page beside another run; then what fails says so."""
    _, client = studio
    scenario = served.small(client)
    run_id = submitted(client, scenario, quick=False)
    waiting = submitted(client, scenario)
    assert client.get(f"/api/runs/{waiting}").json()["status"] in ("queued", "running")
    done = served.waited(client, run_id, "done", "failed")
    assert done["status"] == "done", done
    assert [stage["stage"] for stage in done["progress"]["stages"]][:2] == ["build", "solve"]
    verdict = client.get(f"/api/runs/{run_id}/verdict").json()
    plan = client.get(f"/api/runs/{run_id}/files/plan.json").json()
    assert (verdict["cost_mcny"], verdict["certified"]) == (plan["cost_mcny"], True)
    assert len(verdict["keys"]) >= 3
    assert len(verdict["sentences"]) == 7
    checked = client.get(f"/api/runs/{run_id}/certificates").json()
    assert [(one["of"], one["ok"], one["findings"]) for one in checked[:3]] == [
        ("plan", True, []), ("schedule", True, []), ("others", True, []),
    ]  # fmt: skip
    assert all(0 <= one["max_violation"] <= 1e-6 for one in checked)
    assert "builds" in client.get(f"/api/runs/{run_id}/tables").json()
    assert client.get(f"/api/runs/{run_id}/tables/builds").text.startswith("period,")
    page = client.get(f"/api/runs/{run_id}/report", params={"lang": "zh"})
    assert 'lang="zh-CN"' in page.text
    assert "sandbox" in page.headers["content-security-policy"]
    assert client.get(f"/api/runs/{run_id}/files/tables.xlsx").content[:2] == b"PK"
    served.waited(client, waiting, "done")
    beside = client.get(f"/api/runs/{waiting}/beside/{run_id}")
    assert "are the same plan" in beside.text
    budgets = {"rows": [{"period": "2026", "scope": "all", "limit_mcny": "0"}], "base": 2}
    assert client.put(f"/api/scenarios/{scenario}/tables/budgets", json=budgets).json()["version"] == 3
    failed = served.waited(client, submitted(client, scenario), "done", "failed")
    assert failed["status"] == "failed"
    assert "budgets" in failed["reason"]


@pytest.mark.long
def test_a_scenario_of_several_futures_is_run_as_the_command_does(studio: Studio) -> None:
    """The page begins with what holds for all; what knows one plan refuses, in words, and nothing is offered that would."""
    _, client = studio
    scenario = served.small(client)
    futures = [
        {"member": "calm", "probability": "0.4", "eastern_demand": "-10"},
        {"member": "boom", "probability": "0.6", "eastern_demand": "10"},
    ]
    kept = client.put(f"/api/scenarios/{scenario}/tables/members", json={"rows": futures, "base": 2})
    assert kept.json()["version"] == 3
    refused = client.post(f"/api/scenarios/{scenario}/runs", json={"verbs": ["run", "simulate"]})
    assert (refused.status_code, "several futures" in refused.json()["message"]) == (422, True)
    run_id = submitted(client, scenario)
    done = served.waited(client, run_id, "done", "failed")
    assert done["status"] == "done", done
    for language in ("en", "zh"):
        page = client.get(f"/api/runs/{run_id}/report", params={"lang": language}).text
        assert page.index('id="members"') < page.index('id="brief"')
    plan = client.get(f"/api/runs/{run_id}/files/plan.json").json()
    verdict = client.get(f"/api/runs/{run_id}/verdict").json()
    assert (verdict["cost_mcny"], verdict["certified"]) == (plan["objective"], True)
    assert any("expected to cost" in sentence for sentence in verdict["sentences"])
    checked = client.get(f"/api/runs/{run_id}/certificates").json()
    assert [(one["member"], one["of"], one["ok"]) for one in checked if one["of"] in ("plan", "schedule")] == [
        ("", "plan", True), ("calm", "schedule", True), ("boom", "schedule", True),
    ]  # fmt: skip
    assert len(client.get(f"/api/runs/{run_id}/tables/members").text.splitlines()) == 3
    assert client.get(f"/api/runs/{run_id}/map").status_code == 200
    values = client.get("/api/charts", params={"runs": run_id, "form": "csv"}).content.decode("utf-8-sig").splitlines()
    assert {line.split(",")[0].rpartition(" · ")[2] for line in values[1:]} == {"calm", "boom"}
    one = {"runs": run_id, "form": "csv", "members": "boom"}
    boom = client.get("/api/charts", params=one).content.decode("utf-8-sig").splitlines()
    assert boom[1:] == [line for line in values if line.split(",")[0].endswith(" · boom")]
    assert client.get("/api/charts", params=one | {"members": "bust"}).status_code == 422
    after = client.post(f"/api/runs/{run_id}/then", json={"verbs": ["simulate"]})
    assert (after.status_code, "several futures" in after.json()["message"]) == (409, True)
    assert client.get(f"/api/runs/{run_id}/beside/{run_id}").status_code == 409


def test_a_killed_worker_is_told_with_its_reason_and_starts_again(studio: Studio) -> None:
    services, client = studio
    run_id = submitted(client, served.small(client))
    served.waited(client, run_id, "running")
    os.kill(process(services, run_id), signal.SIGKILL)
    failed = served.waited(client, run_id, "failed")
    assert "was killed" in failed["reason"]
    assert client.post(f"/api/runs/{run_id}/again").status_code == 204
    assert served.waited(client, run_id, "done", "failed")["status"] == "done"
    assert client.post(f"/api/runs/{run_id}/again").status_code == 409


def test_a_cancelled_run_leaves_no_process(studio: Studio) -> None:
    """One that works and one that waits."""
    services, client = studio
    scenario = served.small(client)
    first, second = submitted(client, scenario), submitted(client, scenario)
    served.waited(client, first, "running")
    number = process(services, first)
    assert client.post(f"/api/runs/{second}/cancel").status_code == 204
    assert client.post(f"/api/runs/{first}/cancel").status_code == 204
    assert {client.get(f"/api/runs/{one}").json()["status"] for one in (first, second)} == {"cancelled"}
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
    assert client.post(f"/api/runs/{first}/cancel").status_code == 409


def test_a_run_that_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    with served.opened(tmp_path, limits=Limits(run_mb=60)) as (services, client):
        served.enter(services, client)
        run_id = submitted(client, served.small(client))
        failed = served.waited(client, run_id, "failed")
        assert "more than the limit of 60 MB" in failed["reason"]


def test_memory_is_that_of_all_processes_of_a_run() -> None:
    """A process that holds little starts one that holds 200 MB: both count, as the run's limit is for both."""
    hold = "import time; held = b'x' * (200 << 20); print('there', flush=True); time.sleep(60)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, start_new_session=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"there\n"
        used = system.session_memory_mb(system.process_identity(run.pid))
        os.killpg(run.pid, signal.SIGKILL)
    assert 200 < used < 400


SERVER = "import sys; from xisuan.cli.main import main; sys.argv = ['xisuan', *sys.argv[1:]]; main()"


def started(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """A real server in a process of its own."""
    command = [sys.executable, "-c", SERVER, "studio", "--port", str(port), "--data", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_a_killed_server_loses_nothing(tmp_path: Path) -> None:
    """The server is killed in the middle of a run: the run goes on, and the next server finds it and what waited."""
    with served.opened(tmp_path) as (services, client):  # its queue never starts these runs: it ends first
        served.enter(services, client)
        scenario = served.small(client)
        token = client.post("/api/tokens", json={"label": "test"}).json()["token"]
    port = 20_000 + os.getpid() % 20_000
    server = started(tmp_path, port)
    api = Api(port, token)
    first, second = (api.post(f"/scenarios/{scenario}/runs", {"quick": True})["id"] for _ in range(2))
    api.waited(first, "running")
    server.kill()
    server.wait()
    server = started(tmp_path, port)
    try:
        assert api.waited(first, "done", "failed")["attempt"] == 1
        assert api.waited(second, "running", "done", "failed")["status"] != "failed"
    finally:
        api.close()
        server.terminate()
        server.wait()


@pytest.mark.long
def test_server_and_worker_gone_begins_again(tmp_path: Path) -> None:
    """As when the machine loses power: the next server starts the run once more. One that ends in peace puts it back."""
    with served.opened(tmp_path) as (services, client):
        served.enter(services, client)
        run_id = submitted(client, served.small(client))
        served.waited(client, run_id, "running")
        number = process(services, run_id)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
    assert services.store.at("queued")[0]["id"] == run_id
    services.store.change_run(run_id, status="running", process=f"{os.getpid()} 1")  # its number is another's by now
    services.store.close()
    with served.opened(tmp_path) as (services, client):
        served.enter(services, client)
        again = served.waited(client, run_id, "done", "failed")
        assert (again["status"], again["attempt"]) == ("done", 2)


class Api:
    """A program that talks to a real server."""

    def __init__(self, port: int, token: str) -> None:
        self._client = httpx2.Client(
            base_url=f"http://127.0.0.1:{port}/api", headers={"authorization": f"Bearer {token}"}
        )

    def _asked(self, method: str, path: str, **more: Any) -> Any:
        end = time.monotonic() + 60.0
        while True:
            try:
                return self._client.request(method, path, **more).json()
            except httpx2.TransportError:
                assert time.monotonic() < end
                time.sleep(0.2)

    def close(self) -> None:
        self._client.close()

    def post(self, path: str, document: dict[str, Any]) -> Any:
        return self._asked("POST", path, json=document)

    def waited(self, run_id: str, *until: str) -> dict[str, Any]:
        end = time.monotonic() + 120.0
        while True:
            found: dict[str, Any] = self._asked("GET", f"/runs/{run_id}")
            if found["status"] in until:
                return found
            assert time.monotonic() < end, found
            time.sleep(0.1)
