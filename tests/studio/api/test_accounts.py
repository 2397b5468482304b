"""Accounts: roles, what each may see and do, wrong passwords, and what is written down."""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.studio import auth
from xisuan.studio.configuration import Limits
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.services.all_services import Services

Everyone = dict[str, TestClient]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, Everyone]]:
    """A studio with a person of each role, and a second planner."""
    with served.opened(tmp_path_factory.mktemp("house"), host="0.0.0.0", limits=Limits(tries=3)) as (services, client):
        roles = {"chief": "administrator", "planner": "planner", "other": "planner", "viewer": "viewer"}
        yield (
            services,
            {name: served.person(services, client, name, role) for name, role in roles.items()} | {"nobody": client},
        )


def test_a_scenario_is_its_owner_s_until_it_is_shared(house: tuple[Services, Everyone]) -> None:
    """Not seen, then seen and not changed, then changed; never removed or shared on by others."""
    _, who = house
    scenario = served.made(who["planner"])
    table = f"/api/scenarios/{scenario}/tables/budgets"
    edit = {"rows": [{"period": "2026", "scope": "all", "limit_mcny": "500"}], "base": 1}
    for name in ("other", "viewer", "chief"):
        assert who[name].get(f"/api/scenarios/{scenario}").status_code == 404
        assert scenario not in who[name].get("/api/scenarios").text
    share = f"/api/scenarios/{scenario}/sharing"
    assert who["other"].put(share, json={"sharing": "edit"}).status_code == 404
    assert who["planner"].put(share, json={"sharing": "view"}).status_code == 204
    assert who["other"].get(table).status_code == 200
    assert who["other"].put(table, json=edit).status_code == 403
    assert who["planner"].put(share, json={"sharing": "edit"}).status_code == 204
    assert who["viewer"].put(table, json=edit).status_code == 403
    assert who["other"].put(table, json=edit).json()["version"] == 2
    assert who["other"].put(share, json={"sharing": "none"}).status_code == 403
    assert who["other"].delete(f"/api/scenarios/{scenario}").status_code == 403
    assert who["planner"].delete(f"/api/scenarios/{scenario}").status_code == 204
    assert who["planner"].get(f"/api/scenarios/{scenario}").status_code == 404


def test_a_viewer_makes_and_runs_nothing(house: tuple[Services, Everyone]) -> None:
    _, who = house
    scenario = served.made(who["planner"], name="shared")
    who["planner"].put(f"/api/scenarios/{scenario}/sharing", json={"sharing": "edit"})
    viewer = who["viewer"]
    assert viewer.post("/api/scenarios", json={"name": "x", "base": "starter"}).status_code == 403
    assert viewer.post(f"/api/scenarios/{scenario}/runs", json={}).status_code == 403
    assert viewer.post("/api/scenarios", json={"name": "x", "copy_of": scenario}).status_code == 403
    asked = {"levers": [{"lever": "budgets", "low": 0, "high": 1}]}
    assert viewer.post(f"/api/scenarios/{scenario}/sweeps", json=asked).status_code == 403
    assert viewer.get(f"/api/scenarios/{scenario}").status_code == 200


def test_a_question_is_seen_by_those_who_see_its_scenario(house: tuple[Services, Everyone]) -> None:
    """What its runs found is answered to nobody else, in whatever form it is asked for."""
    services, who = house
    services.queue._workers = 0
    scenario = served.made(who["planner"], name="private")
    asked = {"levers": [{"lever": "budgets", "low": 0, "high": 1}]}
    sweep = who["planner"].post(f"/api/scenarios/{scenario}/sweeps", json=asked).json()["id"]
    try:
        assert len(who["planner"].get(f"/api/sweeps/{sweep}").json()) == 3
        assert who["planner"].get(f"/api/sweeps/{sweep}/report").status_code == 409
        for form in ("", "/table", "/report"):
            assert who["other"].get(f"/api/sweeps/{sweep}{form}").status_code == 404
    finally:
        for run in who["planner"].get("/api/runs", params={"sweep": sweep}).json():
            who["planner"].post(f"/api/runs/{run['id']}/cancel")
        services.queue._workers = 1


@pytest.mark.parametrize("name", ["planner", "viewer"])
def test_accounts_and_the_log_are_the_administrator_s(house: tuple[Services, Everyone], name: str) -> None:
    _, who = house
    account = {"name": "new", "password": served.PASSWORD, "role": "administrator"}
    assert who[name].get("/api/users").status_code == 403
    assert who[name].post("/api/users", json=account).status_code == 403
    assert who[name].patch(f"/api/users/{name}", json={"role": "administrator"}).status_code == 403
    assert who[name].get("/api/audit").status_code == 403


def test_an_administrator_adds_changes_and_shuts_out(house: tuple[Services, Everyone]) -> None:
    _, who = house
    chief = who["chief"]
    new = {"name": "lin", "password": served.PASSWORD, "role": "viewer"}
    assert chief.post("/api/users", json=new).status_code == 201
    assert chief.post("/api/users", json=new).status_code == 409
    assert chief.post("/api/users", json={**new, "name": "short", "password": "short"}).status_code == 422
    assert chief.post("/api/users", json={**new, "name": "a b<script>"}).status_code == 422
    lin = TestClient(chief.app, base_url=served.HOME, follow_redirects=False)
    lin.post("/login", data={"name": "lin", "password": served.PASSWORD})
    assert lin.get("/api/me").json()["role"] == "viewer"
    assert chief.patch("/api/users/lin", json={"active": False}).status_code == 204
    assert lin.get("/api/me").status_code == 401
    assert lin.post("/login", data={"name": "lin", "password": served.PASSWORD}).status_code == 401
    assert chief.patch("/api/users/chief", json={"role": "viewer"}).status_code == 422
    assert chief.patch("/api/users/nobody-here", json={"active": False}).status_code == 404
    assert "password" not in chief.get("/api/users").json()[0]
    told = [(row["user"], row["action"]) for row in chief.get("/api/audit").json()]
    assert {("chief", "add account"), ("chief", "change account"), ("lin", "sign-in")} <= set(told)


def test_a_person_changes_the_own_password(house: tuple[Services, Everyone]) -> None:
    """With the present one alone; sessions and tokens end; wrong ones are counted, and lock as at the door."""
    services, who = house
    ming = served.person(services, who["nobody"], "ming", "planner")
    token = ming.post("/api/tokens", json={"label": "x"}).json()["token"]
    asked = {"present": served.PASSWORD, "password": "another long password"}
    assert ming.post("/api/me/password", json={**asked, "present": "guess"}).status_code == 403
    assert ming.post("/api/me/password", json={**asked, "password": "short"}).status_code == 422
    assert ming.post("/api/me/password", json=asked).status_code == 204
    assert ming.get("/api/me").status_code == 401
    assert ming.get("/api/me", headers={"authorization": f"Bearer {token}"}).status_code == 401
    for password, status in ((served.PASSWORD, 401), (asked["password"], 303)):
        assert ming.post("/login", data={"name": "ming", "password": password}).status_code == status
    ming.headers["X-CSRFToken"] = ming.cookies["xisuan_csrf_8050"]
    wrong = {**asked, "present": "guess"}
    assert [ming.post("/api/me/password", json=wrong).status_code for _ in range(3)] == [403] * 3
    assert ming.post("/api/me/password", json={**asked, "present": asked["password"]}).status_code == 403
    told = [row["action"] for row in services.store.audit() if row["user"] == "ming"]
    assert {"change password", "password refused", "account locked"} <= set(told)


def test_wrong_passwords_lock_an_account_for_a_while(house: tuple[Services, Everyone]) -> None:
    """The right password does not open a locked one, the answer does not say that it is locked, and time does."""
    services, who = house
    services.add_account(None, "target", served.PASSWORD, "viewer")
    client = TestClient(who["nobody"].app, base_url=served.HOME, follow_redirects=False)
    answers = [client.post("/login", data={"name": "target", "password": "guess"}) for _ in range(3)]
    right = client.post("/login", data={"name": "target", "password": served.PASSWORD})
    assert [answer.status_code for answer in (*answers, right)] == [401] * 4
    assert right.text == answers[0].text
    assert ("target", "account locked") in [(row["user"], row["action"]) for row in services.store.audit()]
    services.store.change_user("target", locked_until=time.time() - 1.0)
    assert client.post("/login", data={"name": "target", "password": served.PASSWORD}).status_code == 303


def test_the_operator_may_only_sign_in_by_an_account(house: tuple[Services, Everyone]) -> None:
    """The person of a local studio has no password, so nobody signs in as that."""
    services, who = house
    services.local_person()
    for password in ("", "local"):
        assert who["nobody"].post("/login", data={"name": "local", "password": password}).status_code == 401


def test_passwords_are_kept_by_argon2() -> None:
    """Outside the tests at the cost that RFC 9106 recommends where memory is short: 64 MiB, three passes, four lanes."""
    stored = auth.hash_password(served.PASSWORD)
    assert stored.startswith("$argon2id$")
    assert served.HASHER().hash(served.PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert auth.matches(stored, served.PASSWORD)
    assert not auth.matches(stored, served.PASSWORD + "x")
    assert not auth.matches("", "")
    with pytest.raises(RefusedError, match="at least 10"):
        auth.hash_password("too short")


@pytest.mark.parametrize(("password", "words"), [
    ("1234567890", "most common"), ("qwertyuiop", "most common"), ("PassWord123456", "most common"),
    ("woaini1314", "most common"), ("basketball", "most common"), (" 1234567890 ", "most common"),
    ("          ", "repeats"), ("a         b", "repeats"), ("aaaaaaaaaaaa", "repeats"), ("abcabcabcabcabcabc", "repeats"),
    ("adminadmin", "repeats"), ("passwordpasswordpassword", "repeats"), ("12345678901234567890", "most common"),
    ("zhang.wei!", "name"), ("Zhang.Wei2026", "name"), ("zhang.weizhang.wei", "repeats"), ("iw.gnahz-zhang.wei", ""),
    ("xisuan2026!", "name"), ("西算西算西算西算西算", "repeats"), ("administrator1", "name"),
    ("p@ssw0rd123", "most common"), ("woaini1314520", "with little else"), ("B4sketb@ll2024!", "with little else"),
    ("beijing-2008-08", "with little else"), ("password 8462910473628", ""), ("x-1029-3847-5660", ""),
    ("correct horse battery", ""), ("山高月小水落石出", "at least 10"), ("山高月小，水落石出。", ""), ("5201314-9876-x", ""),
    ("x" * 1025, "at most"), ("no digits and no capitals", ""), ("0918273645-0918273645", ""),
])  # fmt: skip
def test_a_password_is_refused_for_being_guessed_and_not_for_its_characters(password: str, words: str) -> None:
    if not words:
        assert auth.hash_password(password, "zhang.wei").startswith("$argon2id$")
        return
    with pytest.raises(RefusedError, match=words):
        auth.hash_password(password, "zhang.wei")


def test_the_list_of_common_passwords_is_whole() -> None:
    """All of it can be matched, and those of ten characters or more from breaches are more than the 3,000 asked for."""
    text = resources.files("xisuan.studio").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    found = [line for line in text.splitlines() if not line.startswith("# ")]
    assert len(set(found)) == len(found)
    assert all(one == one.casefold().strip() and auth.is_common(one) for one in found)
    assert sum(len(one) >= auth.SHORTEST_PASSWORD for one in found) > 3_000 + 8_215  # the latter are words


@pytest.mark.parametrize("password", ["1234567890", " " * 10, "adminadmin", "planner planner"])
def test_a_guessed_password_is_refused_wherever_one_is_set(house: tuple[Services, Everyone], password: str) -> None:
    services, who = house
    account = {"name": "late", "password": password, "role": "viewer"}
    assert who["chief"].post("/api/users", json=account).status_code == 422
    assert who["chief"].patch("/api/users/viewer", json={"password": password}).status_code == 422
    own = {"present": served.PASSWORD, "password": password}
    assert who["planner"].post("/api/me/password", json=own).status_code == 422
    with pytest.raises(RefusedError):
        services.add_account(None, "late", password, "viewer")


def test_what_is_stored_opens_nothing(house: tuple[Services, Everyone], tmp_path: Path) -> None:
    """Neither passwords nor tokens stand in the database."""
    services, who = house
    token = who["planner"].post("/api/tokens", json={"label": "x"}).json()["token"]
    session = who["planner"].cookies["xisuan_session_8050"]
    for file in services.configuration.data.glob("studio.db*"):
        data = file.read_bytes()
        for secret in (served.PASSWORD, token, session):
            assert secret.encode() not in data
