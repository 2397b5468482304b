"""A studio under test, without a network: its application asked directly, as one person or another."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from starlette.testclient import TestClient

from xisuan.studio import auth, server
from xisuan.studio.configuration import Configuration, Limits
from xisuan.studio.jobs.worker_process import Worker
from xisuan.studio.services.all_services import Services
from xisuan.studio.web import sign_in

HOME = "http://127.0.0.1:8050"
PASSWORD = "correct horse battery"
HASHER = auth._hasher
"""What hashes passwords outside these tests."""


class SharedWorker(Worker):
    """The worker of all studios of these tests: it imports what it needs once, and ends with the tests."""

    def close(self) -> None:
        """Stay for the next studio."""


WORKER = SharedWorker()


@contextmanager
def opened(folder: Path, **settings: Any) -> Iterator[tuple[Services, TestClient]]:
    """A running studio, and a client that is nobody yet."""
    configuration = Configuration(folder, **settings)
    with server.open_services(configuration) as services:
        services.worker = WORKER
        client = TestClient(server.make_app(services), base_url=HOME, follow_redirects=False)  # type: ignore[arg-type]
        with client:
            yield services, client


def enter(services: Services, client: TestClient) -> TestClient:
    """The client as the person at this computer."""
    address = sign_in.entry_address(services)
    assert client.get(address.removeprefix(HOME)).status_code == 303
    client.headers["X-CSRFToken"] = client.cookies[services.configuration.csrf_cookie]
    return client


def person(services: Services, client: TestClient, name: str, role: str) -> TestClient:
    """Another client of the same studio, signed in as a new person."""
    services.add_account(None, name, PASSWORD, role)
    other = TestClient(client.app, base_url=HOME, follow_redirects=False)
    assert other.post("/login", data={"name": name, "password": PASSWORD}).status_code == 303
    other.headers["X-CSRFToken"] = other.cookies[services.configuration.csrf_cookie]
    return other


def made(client: TestClient, base: str = "starter", name: str = "mine") -> str:
    """A new scenario's id."""
    answer = client.post("/api/scenarios", json={"name": name, "base": base})
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


def small(client: TestClient) -> str:
    """A new scenario that is planned in a moment."""
    found = made(client)
    options = {"hours": "one", "periods": "[2026]", "plan.operate_days": "1"}
    answer = client.put(f"/api/scenarios/{found}/options", json={"base": 1, "options": options})
    assert answer.json()["version"] == 2, answer.text
    return found


def waited(client: TestClient, run_id: str, *until: str, seconds: float = 300.0) -> dict[str, Any]:
    """The run once it has one of these statuses."""
    end = time.monotonic() + seconds
    while True:
        found: dict[str, Any] = client.get(f"/api/runs/{run_id}").json()
        if found["status"] in until:
            return found
        assert time.monotonic() < end, found
        time.sleep(0.1)


MEASURED = """
import resource, signal, subprocess, sys
told, *command = sys.argv[1:]
server = subprocess.Popen(command)
signal.signal(signal.SIGTERM, lambda *_: server.terminate())
open(told, "w").write(str(server.pid))
server.wait()
open(told, "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""
"""Start the server from a small process: Linux counts the memory of the process that starts it as its own.

Writes the process number of the server to a file, and in the end the largest memory of the server or a child of it, kB.
"""


@dataclass
class Server:
    """A studio in a process of its own, asked through the network as the person at this computer."""

    process: subprocess.Popen[str]
    client: httpx2.Client
    log: Path
    told: Path
    pid: int

    def seconds(self) -> float:
        """Processor time of the server and of its processes that have ended."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> float:
        """End it. Return the largest memory of any of its processes in MB."""
        self.process.terminate()
        self.process.wait()
        return int(self.told.read_text()) / 2**10


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(folder: Path, *more: str) -> Server:
    """A server that answers, and its person signed in."""
    port = free_port()
    command = [sys.executable, "-m", "xisuan", "studio", "--json", "--port", str(port), "--data", str(folder), *more]
    log, told = folder.with_suffix(".log"), folder.with_suffix(".told")
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", MEASURED, str(told), *command], stdout=subprocess.PIPE, stderr=errors, text=True
        )
    assert process.stdout is not None
    text = ""
    while not text.rstrip().endswith("}"):
        text += process.stdout.readline()
    process.stdout.close()
    client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=120.0)
    end = time.monotonic() + 60.0
    while True:
        try:
            assert client.get(json.loads(text)["url"]).status_code == 303
        except httpx2.TransportError:
            assert time.monotonic() < end
            time.sleep(0.1)
        else:
            break
    client.headers["X-CSRFToken"] = client.cookies[f"xisuan_csrf_{port}"]
    return Server(process, client, log, told, int(told.read_text()))


SMALL = Limits(upload_bytes=200_000, unpacked_bytes=400_000, files=40, body_bytes=300_000, table_rows=1000)
