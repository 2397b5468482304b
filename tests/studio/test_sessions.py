"""Sessions and tokens: they end unused, do what their scope says, and a stolen one does not become an account."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.studio.configuration import Limits
from xisuan.studio.services.all_services import Services
from xisuan.studio.storage import database_schema
from xisuan.studio.storage.database_schema import SESSIONS
from xisuan.studio.storage.repository import Store

House = tuple[Services, TestClient, TestClient]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A studio with accounts, an administrator and a planner."""
    with served.opened(tmp_path, host="0.0.0.0") as (services, client):
        yield (
            services,
            served.person(services, client, "chief", "administrator"),
            served.person(services, client, "lin", "planner"),
        )


def age(services: Services, seconds: float, *columns: str) -> None:
    """Make what all sessions note of themselves so much older."""
    services.store._do(SESSIONS.update().values({name: SESSIONS.c[name] - seconds for name in columns}))


def program(client: TestClient, **asked: object) -> TestClient:
    """A program with a token of the client's person."""
    answer = client.post("/api/tokens", json={"label": "script", **asked})
    assert answer.status_code == 201, answer.text
    other = TestClient(client.app, base_url=served.HOME, follow_redirects=False)
    other.headers["authorization"] = f"Bearer {answer.json()['token']}"
    return other


def test_a_session_ends_when_nobody_uses_it(house: House) -> None:
    services, _, lin = house
    age(services, services.limits.idle_seconds - 5, "seen")
    assert lin.get("/api/me").status_code == 200, "this use renews it"
    age(services, services.limits.idle_seconds - 5, "seen")
    services.store._seen.clear()
    assert lin.get("/api/me").status_code == 200
    age(services, services.limits.idle_seconds + 5, "seen")
    services.store._seen.clear()
    assert lin.get("/api/me").status_code == 401


def test_a_page_that_asks_by_itself_does_not_keep_a_session_alive(house: House) -> None:
    services, _, lin = house
    age(services, services.limits.idle_seconds - 5, "seen")
    assert lin.get("/api/me", headers={"x-unused": "1"}).status_code == 200
    age(services, 10, "seen")
    assert lin.get("/api/me").status_code == 401


def test_a_session_ends_after_its_life_however_it_is_used(house: House) -> None:
    services, _, lin = house
    assert services.limits.session_seconds <= 12 * 3600
    age(services, services.limits.session_seconds + 1, "expires")
    assert lin.get("/api/me").status_code == 401


def test_a_local_studio_has_no_idle_timeout(tmp_path: Path) -> None:
    with served.opened(tmp_path) as (services, client):
        served.enter(services, client)
        age(services, services.limits.idle_seconds * 3, "seen")
        assert client.get("/api/me").status_code == 200


CHANGES = [
    ("POST", "/api/tokens", {"label": "x"}, 201),
    ("POST", "/api/users", {"name": "new", "password": served.PASSWORD, "role": "viewer"}, 201),
    ("PATCH", "/api/users/lin", {"active": True}, 204),
    ("DELETE", "/api/me/sessions", None, 204),
]


def test_tokens_and_accounts_need_the_password_again(house: House) -> None:
    """Some minutes after it was given; a wrong one opens nothing and counts as at the door."""
    services, chief, _ = house
    for method, path, asked, status in CHANGES:
        age(services, services.limits.confirmed_seconds + 1, "confirmed")
        refused = chief.request(method, path, json=asked)
        assert refused.status_code == 403
        assert "confirm your password first" in refused.json()["message"]
        assert chief.post("/api/me/confirm", json={"present": "guess"}).status_code == 403
        assert chief.request(method, path, json=asked).status_code == 403
        assert chief.post("/api/me/confirm", json={"present": served.PASSWORD}).status_code == 204
        assert chief.request(method, path, json=asked).status_code == status, path
    told = [row["action"] for row in services.store.audit()]
    assert {"confirm password", "password refused"} <= set(told)


def test_wrong_confirmations_lock_the_account(house: House) -> None:
    services, chief, _ = house
    for _ in range(services.limits.tries):
        assert chief.post("/api/me/confirm", json={"present": "guess"}).status_code == 403
    assert chief.post("/api/me/confirm", json={"present": served.PASSWORD}).status_code == 403


def test_a_stolen_token_is_no_account(house: House) -> None:
    """Neither the password, even when the thief knows it, nor another token, nor anybody's account, nor the log."""
    services, chief, _ = house
    thief = program(chief)
    own = {"present": served.PASSWORD, "password": "another long password"}
    assert thief.post("/api/me/password", json=own).status_code == 403
    assert thief.post("/api/me/confirm", json={"present": served.PASSWORD}).status_code == 403
    for method, path, asked, _ in CHANGES:
        assert thief.request(method, path, json=asked).status_code == 403, path
    for path in ("/api/users", "/api/audit", "/api/me/sessions"):
        assert thief.get(path).status_code == 403, path
    assert chief.get("/api/me").status_code == 200
    assert served.person(services, chief, "other", "viewer").get("/api/me").status_code == 200


def test_a_token_that_may_read_changes_nothing(house: House) -> None:
    """Every address and method of the description but reading ones is refused."""
    _, _, lin = house
    scenario = served.made(lin)
    reader = program(lin, scope="read")
    assert reader.get(f"/api/scenarios/{scenario}").status_code == 200
    assert reader.get(f"/api/scenarios/{scenario}/download").status_code == 200
    count = 0
    for path, methods in reader.get("/api/openapi.json").json()["paths"].items():
        for method in set(methods) - {"get"}:
            answer = reader.request(method, path.replace("{scenario_id}", scenario))
            assert answer.status_code == 403, (method, path)
            assert "has the scope read" in answer.json()["message"]
            count += 1
    assert count >= 18
    assert program(lin, scope="plan").post("/api/scenarios", json={"name": "x", "base": "starter"}).status_code == 201


def test_the_desk_refuses_a_reader_too(house: House) -> None:
    """Whatever the door let through."""
    services, _, lin = house
    token = program(lin, scope="read").headers["authorization"].removeprefix("Bearer ")
    found = services.store.session(token, "api")
    assert found is not None
    assert not found[0].plans
    with pytest.raises(Exception, match="has the scope read"):
        services.new(found[0], "x", "starter")


def test_a_token_ends(house: House) -> None:
    """After the days asked, ninety at most and unless given."""
    services, _, lin = house
    assert lin.post("/api/tokens", json={"label": "x", "days": 91}).status_code == 422
    assert lin.post("/api/tokens", json={"label": "x", "scope": "administer"}).status_code == 422
    short, full = program(lin, days=1), program(lin)
    age(services, 86_401, "expires")
    assert (short.get("/api/me").status_code, full.get("/api/me").status_code) == (401, 200)
    age(services, 89 * 86_400, "expires")
    assert full.get("/api/me").status_code == 401


def test_other_browsers_are_signed_out(house: House) -> None:
    _, _, lin = house
    other = TestClient(lin.app, base_url=served.HOME, follow_redirects=False)
    other.post("/login", data={"name": "lin", "password": served.PASSWORD})
    token = program(lin)
    assert [row["present"] for row in lin.get("/api/me/sessions").json()].count(True) == 1
    assert lin.delete("/api/me/sessions").status_code == 204
    assert other.get("/api/me").status_code == 401
    assert lin.get("/api/me").status_code == 200
    assert token.get("/api/me").status_code == 200
    assert len(lin.get("/api/me/sessions").json()) == 1


def test_signing_in_begins_another_session(house: House) -> None:
    """No secret that was known before is one afterwards."""
    _, _, lin = house
    before = lin.cookies["xisuan_session_8050"]
    other = TestClient(lin.app, base_url=served.HOME, follow_redirects=False, cookies={"xisuan_session_8050": "chosen"})
    answer = other.post("/login", data={"name": "lin", "password": served.PASSWORD})
    made = answer.headers["set-cookie"]
    assert "chosen" not in made
    assert before not in made
    assert len(before) >= 43


def test_leaving_clears_what_the_browser_keeps(house: House) -> None:
    answer = house[2].post("/logout")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert house[2].get("/api/me").status_code == 401


def test_the_page_asks_for_the_password_again(house: House) -> None:
    """And offers scopes, days and the sessions; in both languages."""
    services, chief, _ = house
    for confirmed in (True, False):
        asked = {
            "output": "..page.children...choices.children..",
            "outputs": [{"id": "page", "property": "children"}, {"id": "choices", "property": "children"}],
            "inputs": [
                {"id": "at", "property": "pathname", "value": "/account"},
                {"id": "at", "property": "search", "value": ""},
            ],
            "changedPropIds": ["at.pathname"],
        }
        answer = chief.post("/_dash-update-component", json=asked)
        page = json.dumps(answer.json()["response"]["page"])
        assert ("confirm-present" in page) is not confirmed
        for part in ("token-scope", "token-days", "sessions-end", "this browser"):
            assert part in page
        age(services, services.limits.confirmed_seconds + 1, "confirmed")


def test_an_older_database_is_brought_up_with_shorter_tokens(tmp_path: Path) -> None:
    """Of format 2: its sessions end, its tokens keep their owner and live ninety days at most."""
    url = f"sqlite:///{tmp_path / 'studio.db'}"
    store = Store(database_schema.connect(url))
    row = store.add_user("lin", "", "planner")
    token, _ = store.add_session(row["id"], "api", 365 * 86_400.0, "old")
    session, _ = store.add_session(row["id"], "browser", 14 * 86_400.0)
    with store._engine.begin() as connection:
        for column in ("seen", "confirmed", "scope"):
            connection.execute(sa.text(f"ALTER TABLE sessions DROP COLUMN {column}"))
        connection.execute(sa.update(database_schema.ABOUT).values(format=2))
    store.close()
    store = Store(database_schema.connect(url))
    found = store.session(token, "api")
    assert found is not None
    assert (found[0].name, found[0].access.scope, found[0].access.program) == ("lin", "plan", True)
    assert store.session(session, "browser") is None
    (kept,) = store.tokens(row["id"])
    assert kept["expires"] - time.time() < 90.01 * 86_400
    store.close()


def test_limits_of_sessions_are_those_of_the_documentation() -> None:
    """The explanation of the studio's security states these numbers."""
    limits = Limits()
    assert (limits.session_seconds, limits.idle_seconds) == (12 * 3600, 30 * 60)
    assert (limits.confirmed_seconds, limits.entry_seconds, limits.token_days) == (600, 600, 90)
