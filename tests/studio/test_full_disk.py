"""A full disk: nobody is locked out or let in by it, nothing is half saved, and every answer has words."""

from __future__ import annotations

import errno
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from tests.studio import served
from tests.studio.test_pages import ROUTER
from xisuan.studio.services.all_services import Services
from xisuan.studio.web import sign_in
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

House = tuple[Services, TestClient, TestClient]
BUDGETS = [{"period": "2026", "scope": "all", "limit_mcny": "1"}]
FULL = "the disk of the studio is full"


@contextmanager
def full(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """SQLite finds no page for anything new, and no file can be made: as where the disk has no byte left.

    Every write fails, not only the one that needs the next page: a trigger of the real disk is not that exact.
    """

    def refuse(connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        if statement.lstrip().split()[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            connection.connection.dbapi_connection.execute("PRAGMA max_page_count = 1")
            connection.connection.dbapi_connection.execute("CREATE TABLE no_room (text TEXT)")

    def no_file(*_: object, **__: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device", "/srv/secret")

    sa.event.listen(services.store._engine, "before_cursor_execute", refuse)
    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "mkdtemp", no_file)
        try:
            yield
        finally:
            sa.event.remove(services.store._engine, "before_cursor_execute", refuse)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with served.opened(tmp_path, host="0.0.0.0") as (services, client):
        services.queue._workers = 0
        yield services, client, served.person(services, client, "lin", "planner")


def test_people_sign_in_and_out(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And out again for good; what the audit log cannot take is in the server's."""
    services, client, lin = house
    with full(services, monkeypatch):
        other = TestClient(client.app, base_url=served.HOME, follow_redirects=False)
        assert other.post("/login", data={"name": "lin", "password": served.PASSWORD}).status_code == 303
        other.headers["X-CSRFToken"] = other.cookies["xisuan_csrf_8050"]
        assert other.get("/api/me").json()["name"] == "lin"
        cookies = dict(other.cookies)
        assert other.post("/logout").status_code == 204
        assert (
            other.get(
                "/api/me", headers={"cookie": f"xisuan_session_8050={cookies['xisuan_session_8050']}"}
            ).status_code
            == 401
        )
        cookies = dict(lin.cookies)
        assert lin.get("/api/me").status_code == 200
        assert lin.post("/logout").status_code == 204
        assert (
            lin.get("/api/me", headers={"cookie": f"xisuan_session_8050={cookies['xisuan_session_8050']}"}).status_code
            == 401
        )
    assert "the disk is full; this line is not in the audit log" in caplog.text
    assert "'sign-in'" in caplog.text


def test_a_session_in_use_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although its use cannot be noted."""
    services, _, lin = house
    services.store._do(sa.text(f"UPDATE sessions SET seen = seen - {services.limits.idle_seconds - 60}"))
    with full(services, monkeypatch):
        assert lin.get("/api/me").status_code == 200
        assert lin.get("/api/scenarios").status_code == 200


def test_wrong_passwords_still_lock(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    services, client, _ = house
    with full(services, monkeypatch):
        for _ in range(services.limits.tries):
            assert client.post("/login", data={"name": "lin", "password": "guess"}).status_code == 401
        assert client.post("/login", data={"name": "lin", "password": served.PASSWORD}).status_code == 401
    services.store._locked.clear()
    assert client.post("/login", data={"name": "lin", "password": served.PASSWORD}).status_code == 303


@pytest.mark.parametrize(("method", "path", "asked"), [
    ("POST", "/api/scenarios", {"name": "x", "base": "starter"}),
    ("POST", "/api/scenarios", {"name": "x", "copy_of": "SCENARIO"}),
    ("PUT", "/api/scenarios/SCENARIO/tables/budgets", {"rows": BUDGETS, "base": 1}),
    ("PUT", "/api/scenarios/SCENARIO/options", {"options": {"title": "x"}, "base": 1}),
    ("PUT", "/api/scenarios/SCENARIO/sharing", {"sharing": "view"}),
    ("POST", "/api/scenarios/SCENARIO/runs", {}),
    ("DELETE", "/api/scenarios/SCENARIO", None),
    ("POST", "/api/tokens", {"label": "x"}),
    ("POST", "/api/me/password", {"present": served.PASSWORD, "password": "another long password"}),
])  # fmt: skip
def test_what_cannot_be_saved_is_refused_in_words(
    house: House, monkeypatch: pytest.MonkeyPatch, method: str, path: str, asked: dict[str, Any] | None
) -> None:
    """507 with what to do, never a bare 500, and nothing of it is there once the disk has room."""
    services, _, lin = house
    scenario = served.made(lin)
    before = lin.get(f"/api/scenarios/{scenario}").json()
    asked = asked and {key: scenario if value == "SCENARIO" else value for key, value in asked.items()}
    with full(services, monkeypatch):
        answer = lin.request(method, path.replace("SCENARIO", scenario), json=asked)
    assert answer.status_code == 507, answer.text
    assert answer.json()["message"].startswith(FULL)
    assert "/srv" not in answer.text
    assert lin.get(f"/api/scenarios/{scenario}").json() == before
    assert len(lin.get("/api/scenarios").json()) == 1
    assert lin.get("/api/runs").json() == []
    assert not list(services.folders.root.glob(".making-*"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_are_shown(house: House, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    services, _chief, lin = house
    say = Translator(language)  # type: ignore[arg-type]
    served.made(lin)
    cookies = "; ".join(f"{name}={value}" for name, value in lin.cookies.items())
    asked = {
        "output": ROUTER,
        "outputs": [{"id": "page", "property": "children"}, {"id": "choices", "property": "children"}],
        "inputs": [{"id": "at", "property": "pathname", "value": "/"}, {"id": "at", "property": "search", "value": ""}],
        "changedPropIds": ["at.pathname"],
    }
    with full(services, monkeypatch):
        headers = {"cookie": f"{cookies}; xisuan_lang={language}"}
        answer = lin.post("/_dash-update-component", json=asked, headers=headers)
    page = json.dumps(answer.json()["response"]["page"], ensure_ascii=False)
    assert say(_("Scenarios")) in page
    assert say(_("An internal error occurred. The server log has the details.")) not in page


def test_a_local_studio_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its person gets in by an address that was made when there was no room, and it starts again."""
    with served.opened(tmp_path) as (services, client):
        services.local_person()
        with full(services, monkeypatch):
            services.store.forget_expired()
            address = sign_in.entry_address(services).removeprefix(served.HOME)
            assert client.get(address).status_code == 303
            assert client.get("/api/me").json()["name"] == "local"
            again = TestClient(client.app, base_url=served.HOME, follow_redirects=False)
            assert again.get(address).headers["location"] == "/login", "it lets in once"
