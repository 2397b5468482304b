"""Promises of the page on security that nothing else holds: headers, methods, cookies, forms, both logs, sockets."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.studio import served
from xisuan.studio import request_context
from xisuan.studio.services.all_services import Services

Studio = tuple[Services, TestClient]


@pytest.mark.parametrize("path", ["/", "/api/me", "/api/scenarios", "/login", "/health"])
def test_no_other_site_is_let_in_by_a_header(studio: Studio, path: str) -> None:
    for method in ("GET", "OPTIONS"):
        answer = studio[1].request(method, path, headers={"Origin": "https://elsewhere.example"})
        assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("path", ["/api/me", "/api/scenarios", "/login", "/health"])
def test_a_wrong_method_is_answered_with_those_that_there_are(studio: Studio, path: str) -> None:
    answer = studio[1].request("DELETE", path)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) <= {"GET", "HEAD", "POST", "PUT", "PATCH"}
    for method in answer.headers["allow"].split(", "):
        assert studio[1].request(method, path).status_code != 405


@pytest.mark.parametrize("path", ["/", "/api/me", "/_dash-update-component", "/_dash-ws-callback"])
def test_every_web_socket_is_closed(studio: Studio, path: str) -> None:
    with pytest.raises(WebSocketDisconnect), studio[1].websocket_connect(path):
        pass


def test_there_are_cookies_for_the_session_forgery_language_and_theme_alone(studio: Studio) -> None:
    services, client = studio
    client.get("/choose?lang=en&theme=light&to=/")
    given = services.configuration
    known = {given.session_cookie, given.csrf_cookie, request_context.LANGUAGE, request_context.THEME}
    assert set(client.cookies) == known


def test_forms_name_their_fields_for_managers_of_passwords(tmp_path: Path) -> None:
    with served.opened(tmp_path, host="0.0.0.0") as (_, client):
        page = client.get("/login").text
    assert 'autocomplete="username"' in page
    assert 'type="password" autocomplete="current-password"' in page
    assert "onpaste" not in page


def test_neither_log_has_a_password_or_a_secret(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Of signing in, a wrong password, a token, and what is refused; times are seconds, UTC."""
    caplog.set_level(logging.DEBUG)
    with served.opened(tmp_path, host="0.0.0.0") as (services, client):
        chief = served.person(services, client, "chief", "administrator")
        assert client.post("/login", data={"name": "chief", "password": "wrong horse 4711"}).status_code != 303
        token = chief.post("/api/tokens", json={"label": "robot", "scope": "read", "days": 9})
        chief.post("/api/scenarios", headers={"X-CSRFToken": "forged"})
        audit = chief.get("/api/audit")
        assert audit.headers["content-type"].startswith("application/json")
        lines = audit.json()
        secrets = [served.PASSWORD, "wrong horse 4711", chief.cookies[services.configuration.session_cookie]]
    assert token.status_code == 201, token.text
    secrets.append(token.json()["token"])
    assert lines
    assert all(isinstance(line["at"], int | float) and line["at"] > 1.7e9 for line in lines)
    for secret in secrets:
        assert secret not in audit.text
        assert secret not in caplog.text
