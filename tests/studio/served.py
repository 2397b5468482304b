"""A studio under test, without a network: its application asked directly, as one person or another."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from xisuan.studio import server
from xisuan.studio.configuration import Configuration, Limits
from xisuan.studio.services.all_services import Desk
from xisuan.studio.web import sign_in
from xisuan.studio.web.middleware import CSRF

HOME = "http://127.0.0.1:8050"
PASSWORD = "correct horse battery"


@contextmanager
def opened(folder: Path, **settings: Any) -> Iterator[tuple[Desk, TestClient]]:
    """A running studio, and a client that is nobody yet."""
    configuration = Configuration(folder, **settings)
    with server.opened(configuration) as desk:
        client = TestClient(server.made(desk), base_url=HOME, follow_redirects=False)  # type: ignore[arg-type]
        with client:
            yield desk, client


def enter(desk: Desk, client: TestClient) -> TestClient:
    """The client as the person at this computer."""
    address = sign_in.entry_address(desk)
    assert client.get(address.removeprefix(HOME)).status_code == 303
    client.headers["X-CSRFToken"] = client.cookies[CSRF]
    return client


def person(desk: Desk, client: TestClient, name: str, role: str) -> TestClient:
    """Another client of the same studio, signed in as a new person."""
    desk.add_account(None, name, PASSWORD, role)
    other = TestClient(client.app, base_url=HOME, follow_redirects=False)
    assert other.post("/login", data={"name": name, "password": PASSWORD}).status_code == 303
    other.headers["X-CSRFToken"] = other.cookies[CSRF]
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


SMALL = Limits(upload_bytes=200_000, unpacked_bytes=400_000, files=40, body_bytes=300_000, table_rows=1000)
