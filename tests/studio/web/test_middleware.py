"""Nobody gets in who should not, nothing is believed that a stranger says, and every answer says what to trust."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.studio import server
from xisuan.studio.configuration import Configuration, Limits
from xisuan.studio.services.all_services import Services
from xisuan.studio.web import sign_in
from xisuan.studio.web.middleware import Buckets

Studio = tuple[Services, TestClient]


def stranger(studio: Studio) -> TestClient:
    return TestClient(studio[1].app, base_url=served.HOME, follow_redirects=False)


def test_every_address_of_the_api_asks_who_you_are(studio: Studio) -> None:
    """401 without session or token: for each address and method of the description, and the description itself."""
    description = studio[1].get("/api/openapi.json").json()
    other = stranger(studio)
    assert other.get("/api/openapi.json").status_code == 401
    count = 0
    for path, verbs in description["paths"].items():
        for verb in verbs:
            answer = other.request(verb, path.replace("{", "").replace("}", ""), headers={"X-CSRFToken": "x"})
            assert answer.status_code == 401, (verb, path)
            count += 1
    assert count > 25


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "wrong", "Bearer é"])
def test_a_wrong_token_is_no_token(studio: Studio, authorization: str) -> None:
    answer = stranger(studio).get("/api/me", headers={"authorization": authorization.encode()})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_page_sends_strangers_to_the_door(studio: Studio) -> None:
    answer = stranger(studio).get("/runs")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?to=/runs")


def test_the_door_is_seen_by_those_outside(studio: Studio) -> None:
    """What the page of the door names is sent to strangers too; the other language leads back to the same door."""
    other = stranger(studio)
    page = other.get("/login", params={"to": "/runs"}).text
    named = [html.unescape(one) for one in re.findall(r'(?:href|src)="(/[^"]+)"', page)]
    kinds = {one: other.get(one).headers.get("content-type", "") for one in named}
    assert kinds["/look/enter.css"].startswith("text/css")
    assert kinds["/look/seal.svg"].startswith("image/svg")
    choose = next(one for one in named if one.startswith("/choose"))
    answer = other.get(choose)
    assert "xisuan_lang=zh" in answer.headers["set-cookie"]
    again = other.get(answer.headers["location"])
    assert 'lang="zh-CN"' in again.text
    assert answer.headers["location"] == "/login?to=/runs"


def test_an_address_lets_in_once(studio: Studio) -> None:
    address = sign_in.entry_address(studio[0]).removeprefix(served.HOME)
    one, other = stranger(studio), stranger(studio)
    assert one.get(address).headers["location"] == "/"
    assert one.get("/api/me").json() == {"name": "local", "role": "administrator"}
    assert other.get(address).headers["location"] == "/login"
    assert other.get("/api/me").status_code == 401


def test_leaving_ends_the_session(studio: Studio) -> None:
    one = served.enter(studio[0], stranger(studio))
    cookies = dict(one.cookies)
    assert one.post("/logout").status_code == 204
    again = TestClient(studio[1].app, base_url=served.HOME, cookies=cookies)
    assert again.get("/api/me").status_code == 401


def test_a_session_cookie_is_for_the_browser_alone(studio: Studio) -> None:
    answer = stranger(studio).get(sign_in.entry_address(studio[0]).removeprefix(served.HOME))
    cookies = {line.split("=")[0]: line for line in answer.headers.get_list("set-cookie")}
    assert "HttpOnly" in cookies["xisuan_session_8050"]
    assert all("SameSite" in line for line in cookies.values())


@pytest.mark.parametrize("word", [None, "", "wrong"])
def test_a_change_needs_the_word_against_forgery(studio: Studio, word: str | None) -> None:
    one = served.enter(studio[0], stranger(studio))
    del one.headers["X-CSRFToken"]
    headers = {} if word is None else {"X-CSRFToken": word}
    assert one.post("/api/scenarios", json={"name": "x", "base": "starter"}, headers=headers).status_code == 403


@pytest.mark.parametrize("headers", [
    {"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
])  # fmt: skip
def test_a_page_of_another_site_changes_nothing(studio: Studio, headers: dict[str, str]) -> None:
    answer = studio[1].post("/api/scenarios", json={"name": "x", "base": "starter"}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "127.0.0.1@evil.example"])
def test_another_host_name_is_refused(studio: Studio, host: str) -> None:
    """A name that an attacker points at this machine does not make a page of theirs one of ours."""
    assert studio[1].get("/api/me", headers={"host": host}).status_code == 421


def test_a_token_for_programs_acts_for_its_owner(studio: Studio) -> None:
    token = studio[1].post("/api/tokens", json={"label": "script"}).json()["token"]
    program = stranger(studio)
    program.headers["authorization"] = f"Bearer {token}"
    assert program.get("/api/me").json()["name"] == "local"
    made = program.post("/api/scenarios", json={"name": "no-word-needed", "base": "starter"})
    assert made.status_code == 201


@pytest.mark.parametrize("path", ["/", "/api/me", "/login", "/api/nothing", "/look/enter.css", "/health"])
def test_every_answer_says_what_to_trust(studio: Studio, path: str) -> None:
    for client in (studio[1], stranger(studio)):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store" or path.startswith("/look")


def test_too_much_is_refused_while_it_arrives(tmp_path: Path) -> None:
    """By its stated length, and by what really comes where none is stated."""
    with served.opened(tmp_path, limits=served.SMALL) as (services, client):
        served.enter(services, client)
        large = b"x" * 400_000
        assert client.post("/api/scenarios", content=large).status_code == 413
        assert client.post("/api/scenarios", content=iter([large[:200_000], large[200_000:]])).status_code == 413
        assert client.post("/api/scenarios/upload?name=x", content=large).status_code == 413


def test_a_client_that_asks_without_end_has_to_wait(tmp_path: Path) -> None:
    with served.opened(tmp_path, limits=Limits(burst=30.0, requests_per_second=1.0)) as (services, client):
        served.enter(services, client)
        codes = [client.get("/api/me").status_code for _ in range(60)]
    assert codes[:20] == [200] * 20
    assert codes[-1] == 429


def test_a_bucket_fills_again() -> None:
    bucket = Buckets(rate=2.0, burst=3.0)
    assert [bucket.take("a", 0.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.take("b", 0.0)
    assert not bucket.take("a", 0.4)
    assert bucket.take("a", 1.0)


@pytest.mark.parametrize(("host", "names", "local"), [
    ("127.0.0.1", (), True), ("localhost", (), True), ("::1", (), True), ("0.0.0.0", (), False), ("::", (), False),
    ("10.0.0.8", (), False), ("studio.example", (), False), ("127.0.0.1", ("studio.example",), False),
])  # fmt: skip
def test_only_this_machine_goes_without_accounts(
    host: str, names: tuple[str, ...], local: bool, tmp_path: Path
) -> None:
    """Behind a proxy (`--name`) the machine's own address is not local either."""
    assert Configuration(tmp_path, host, names=names).local is local


def test_where_accounts_are_needed_no_address_lets_in(tmp_path: Path) -> None:
    with served.opened(tmp_path, host="0.0.0.0") as (services, client):
        address = sign_in.entry_address(services).partition(":8050")[2]
        assert client.get(address).headers["location"] == "/login"
        assert client.get("/api/me").status_code == 401


def test_the_door_leads_nowhere_else(studio: Studio) -> None:
    for to in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        answer = studio[1].get("/choose", params={"lang": "zh", "to": to})
        assert answer.headers["location"] == "/", to


def test_an_entry_address_expires(tmp_path: Path) -> None:
    with served.opened(tmp_path, limits=Limits(entry_seconds=-1.0)) as (services, client):
        address = sign_in.entry_address(services).removeprefix(served.HOME)
        assert client.get(address).headers["location"] == "/login"
        assert client.get("/api/me").status_code == 401


def test_the_terminal_shows_a_fresh_address_at_the_door(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One at a time: another only once it is used or has expired. It lets in."""
    with served.opened(tmp_path) as (_, client):
        client.get("/login")
        client.get("/login")
        shown = re.findall(r"/enter\?token=\S+", caplog.text)
        assert len(shown) == 1
        assert client.get(shown[0]).headers["location"] == "/"
        assert len(re.findall(r"/enter\?token=\S+", caplog.text)) == 2


@pytest.mark.parametrize(("proxies", "address"), [
    ((), "testclient"), (("10.9.9.9",), "testclient"), (("testclient",), "203.0.113.7"),
])  # fmt: skip
def test_a_forwarded_address_is_believed_of_configured_proxies_alone(
    proxies: tuple[str, ...], address: str, tmp_path: Path
) -> None:
    """And of what they forward the last address that is no proxy: what a visitor claims before it is dropped."""
    with served.opened(tmp_path, host="0.0.0.0", proxies=proxies) as (services, client):
        claimed = {"x-forwarded-for": "198.51.100.1, 203.0.113.7"}
        client.post("/login", data={"name": "nobody", "password": "guess"}, headers=claimed)
        assert services.store.audit()[0]["address"] == address


def test_the_server_itself_believes_no_forwarded_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own default would believe whoever asks from this machine, and a variable of the environment."""
    given: dict[str, object] = {}
    monkeypatch.setattr(server.uvicorn, "Config", lambda _app, **more: given.update(more))
    monkeypatch.setattr(server.uvicorn.Server, "__init__", lambda *_: None)
    monkeypatch.setattr(server.uvicorn.Server, "run", lambda *_, **more: given.update(more))
    with served.opened(tmp_path) as (services, _), server.listening("127.0.0.1", served.free_port()) as listener:
        server.serve(services, listener)
    assert given["sockets"] == [listener]
    assert given["proxy_headers"] is False


def test_a_session_cookie_by_https_is_of_this_host_alone(tmp_path: Path) -> None:
    with served.opened(tmp_path, host="0.0.0.0", https=True) as (services, client):
        services.add_account(None, "lin", served.PASSWORD, "planner")
        answer = client.post("/login", data={"name": "lin", "password": served.PASSWORD})
        line = next(one for one in answer.headers.get_list("set-cookie") if "xisuan_session" in one)
        assert line.startswith("__Host-xisuan_session_8050=")
        assert "Secure" in line
        assert "Path=/" in line
        assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        cookies = {"cookie": line.partition(";")[0]}
        assert client.get("/api/me", headers=cookies).json()["name"] == "lin"


def test_a_refusal_is_in_the_log_on_one_line(studio: Studio, caplog: pytest.LogCaptureFixture) -> None:
    studio[1].post("/api/scen%0d%0aforged", headers={"origin": "http://evil.example"})
    assert "refused 403: POST '/api/scen\\r\\nforged' for local from testclient" in caplog.text


def test_a_full_description_of_what_may_be_loaded(studio: Studio) -> None:
    policy = studio[1].get("/").headers["content-security-policy"]
    for directive in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'self'", "form-action 'self'"):
        assert directive in policy


def test_two_studios_of_a_machine_have_cookies_of_their_own(tmp_path: Path) -> None:
    """A browser sends both to either port; neither takes the place of the other."""
    names = []
    for port in (8050, 8051):
        with served.opened(tmp_path / str(port), host="0.0.0.0", port=port) as (services, client):
            services.add_account(None, "lin", served.PASSWORD, "planner")
            answer = client.post("/login", data={"name": "lin", "password": served.PASSWORD})
            names += [line.partition("=")[0] for line in answer.headers.get_list("set-cookie")]
            page = client.get(
                "/", headers={"cookie": "; ".join(f"{name}={value}" for name, value in answer.cookies.items())}
            )
            assert f'data-csrf="{services.configuration.csrf_cookie}"' in page.text
            assert f'"csrf_token_name":"{services.configuration.csrf_cookie}"' in page.text.replace(" ", "")
    assert len(set(names)) == len(names) == 4
