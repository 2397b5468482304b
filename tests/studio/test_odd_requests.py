"""Requests that only a broken program or an attacker sends: each is refused in words, with the status of a wrong request."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.studio import served
from tests.studio.test_pages import ROUTER
from xisuan.studio import auth, server_paths
from xisuan.studio.jobs.job_queue import ANSWER
from xisuan.studio.pages import scenarios
from xisuan.studio.services.all_services import Services
from xisuan.studio.web import request_bodies

Studio = tuple[Services, TestClient]
JSON = {"content-type": "application/json"}
NUL, HALF, OTHER_HALF = rb"a\u0000b", rb"a\ud800b", rb"\uDFFFa"


@pytest.mark.parametrize("text", [NUL, HALF, OTHER_HALF])
@pytest.mark.parametrize(("method", "path", "body"), [
    ("POST", "/api/scenarios", b'{"name": "x", "base": "starter", "title": "%s"}'),
    ("POST", "/api/scenarios", b'{"name": "%s", "base": "starter"}'),
    ("POST", "/api/tokens", b'{"label": "%s"}'),
    ("POST", "/api/users", b'{"name": "%s", "password": "correct horse battery", "role": "viewer"}'),
    ("POST", "/api/users", b'{"name": "x", "password": "correct horse %s", "role": "viewer"}'),
    ("POST", "/api/me/password", b'{"present": "%s", "password": "x"}'),
    ("PATCH", "/api/users/local", b'{"password": "correct horse %s"}'),
    ("PUT", "/api/scenarios/SCENARIO/tables/power", b'{"base": 1, "rows": [{"zone": "%s"}]}'),
    ("PUT", "/api/scenarios/SCENARIO/tables/power", b'{"base": 1, "rows": [{"%s": "x"}]}'),
    ("PUT", "/api/scenarios/SCENARIO/tables", b'{"base": 1, "tables": {"%s": []}}'),
    ("PUT", "/api/scenarios/SCENARIO/options", b'{"base": 1, "options": {"title": "%s"}}'),
    ("POST", "/api/scenarios/SCENARIO/tables/power/check", b'{"rows": [{"zone": "%s"}]}'),
    ("POST", "/api/scenarios/SCENARIO/runs", b'{"label": "%s"}'),
    ("POST", "/api/scenarios/SCENARIO/sweeps", b'{"levers": [{"lever": "%s", "low": 0, "high": 1}]}'),
    ("POST", "/_dash-update-component", b'{"output": "%s", "inputs": [], "changedPropIds": []}'),
])  # fmt: skip
def test_characters_that_no_text_may_hold_are_refused(
    studio: Studio, scenario: str, method: str, path: str, body: bytes, text: bytes
) -> None:
    answer = studio[1].request(method, path.replace("SCENARIO", scenario), content=body % text, headers=JSON)
    assert answer.status_code == 422, answer.text
    assert answer.json()["message"] == request_bodies.CHARACTERS


def test_a_whole_pair_of_surrogates_is_a_character() -> None:
    """JSON writes characters beyond the first plane so."""
    assert request_bodies.refused_body("/api/x", rb'{"a": "\ud83d\ude00 \\u0000 spelled out"}') is None


@pytest.mark.parametrize("path", [
    "/api/scenarios/%00", "/api/scenarios/upload?name=a%00b", "/api/runs?scenario=%00", "/login?to=%00", "/%00",
    "/choose?to=/%00",
])  # fmt: skip
def test_nul_in_an_address_is_refused(studio: Studio, path: str) -> None:
    for method in ("GET", "POST"):
        answer = studio[1].request(method, path)
        assert answer.status_code == 422
        assert "NUL" in answer.json()["message"]


@pytest.mark.parametrize(
    "path", ["/api/scenarios/%ed%a0%80", "/api/runs?scenario=%ed%a0%80", "/api/%ff", "/login?to=%ed%a0%80"]
)
def test_bytes_that_are_no_text_in_an_address_fail_nowhere(studio: Studio, path: str) -> None:
    assert studio[1].get(path).status_code < 500


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 10_000, ""])
def test_an_odd_name_at_the_door_is_a_wrong_one(studio: Studio, name: str) -> None:
    body = (
        b"name=" + "".join(f"%{one:02x}" for one in name.encode("utf-8", "surrogatepass")).encode() + b"&password=%00"
    )
    client = TestClient(studio[1].app, base_url=served.HOME)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/login", content=body, headers=headers).status_code == 401


CALL = {
    "output": "page.children",
    "outputs": {"id": "page", "property": "children"},
    "inputs": [],
    "changedPropIds": [],
}
NONSENSE: list[Any] = [
    {}, [], None, 1, "x", {"output": 1}, {"output": "x"}, {"output": "..x..", "inputs": {}}, {**CALL, "inputs": [1]},
    {**CALL, "inputs": [{"id": "at"}]}, {**CALL, "inputs": [{"id": [], "property": "x"}]}, {**CALL, "changedPropIds": [1]},
    {**CALL, "changedPropIds": 1}, {**CALL, "output": "nothing.at-all"}, {**CALL, "outputs": 5}, {**CALL, "state": "x"},
    {**CALL, "output": "token-new.children"}, {**CALL, "output": ROUTER},
    {**CALL, "output": ROUTER, "inputs": [{"id": "at", "property": "pathname", "value": {}}] * 2},
    {**CALL, "output": "new-box.opened", "inputs": [{"id": "new-open", "property": "n_clicks", "value": 1}] * 9},
]  # fmt: skip


@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
def test_a_callback_of_no_page_is_a_wrong_request(studio: Studio, body: Any) -> None:
    answer = studio[1].post("/_dash-update-component", json=body)
    assert answer.status_code == 400, (answer.status_code, answer.text[:300])
    assert answer.json()["message"] == request_bodies.FORM


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"output": NaN'])
@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_a_callback_that_is_no_json_is_a_wrong_request(studio: Studio, body: bytes, kind: str) -> None:
    assert studio[1].post("/_dash-update-component", content=body, headers={"content-type": kind}).status_code == 400


@pytest.mark.parametrize("path", [
    "/_dash-component-suites/x/y.js", "/_dash-component-suites/dash/../../etc/passwd", "/_dash-component-suites/",
    "/_dash-component-suites/dash/nothing.js", "/_dash-nothing", "/_dash-update-component", "/_dash-update-component/x",
])  # fmt: skip
def test_an_address_of_the_framework_that_is_none_fails_nowhere(studio: Studio, path: str) -> None:
    answer = studio[1].get(path)
    assert answer.status_code < 500
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(("method", "path", "allowed"), [
    ("DELETE", "/api/scenarios", "GET, POST"), ("PUT", "/api/users/x", "PATCH"), ("GET", "/api/tokens", "POST"),
    ("POST", "/api/me", "GET"), ("PATCH", "/api/scenarios/0123456789abcdef", "DELETE, GET"), ("POST", "/api/audit", "GET"),
    ("GET", "/api/runs/0123456789abcdef/cancel", "POST"),
    ("DELETE", "/api/scenarios/0123456789abcdef/tables/power", "GET, PUT"),
    ("POST", "/health", "GET"), ("PUT", "/login", "GET, POST"),
])  # fmt: skip
def test_a_wrong_method_is_told_the_right_ones(studio: Studio, method: str, path: str, allowed: str) -> None:
    answer = studio[1].request(method, path)
    assert answer.status_code == 405, answer.text
    assert answer.headers["allow"] == allowed
    assert allowed in answer.json()["message"]


def test_an_address_that_is_not_there_is_not_a_wrong_method(studio: Studio) -> None:
    assert studio[1].delete("/api/nothing").status_code == 404


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "HEAD", "OPTIONS", "PROPFIND"])
def test_methods_that_nothing_uses_do_nothing(studio: Studio, method: str) -> None:
    for path in ("/api/me", "/api/scenarios", "/_dash-update-component", "/login"):
        answer = studio[1].request(method, path, headers={"x-tried": "secret"})
        assert answer.status_code in (200, 307, 303, 405, 404, 403, 400)
        assert "secret" not in answer.text


def test_a_defect_is_told_without_its_reason(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer has words and no detail; the log has all of it."""
    monkeypatch.setattr(studio[0], "scenarios", lambda *_: {}["secret of the server"])
    answer = studio[1].get("/api/scenarios")
    assert answer.status_code == 500
    assert answer.json()["message"].startswith("an internal error occurred")
    assert "secret" not in answer.text
    assert "secret of the server" in caplog.text
    assert "content-security-policy" in answer.headers


def test_messages_name_no_folder_of_the_server(studio: Studio, scenario: str, caplog: pytest.LogCaptureFixture) -> None:
    """Of a run that failed, while it works, and of a refusal: the file is named, not where the server keeps it."""
    services, client = studio
    caplog.set_level(logging.ERROR)
    place = services.configuration.data / "versions" / "0123" / "scenario" / "links.csv"
    values = {"scenario_id": scenario, "version": 1, "owner_id": services.local_person().id, "label": "x"}
    run = auth.new_id()
    folder = services.queue.folder(run)
    folder.mkdir(parents=True)
    said = {"error": "store", "message": f"{place}, row 3, cannot be read", "problems": [{"file": str(place)}]}
    (folder / ANSWER).write_text(json.dumps(said), encoding="utf-8")
    (folder / "progress.jsonl").write_text(
        json.dumps({"stage": "solve", "at": 1, "text": f"in {place}"}), encoding="utf-8"
    )
    services.store.add_run(**values, id=run, status="running", process="0 ended")
    served.waited(client, run, "failed")
    found = client.get(f"/api/runs/{run}")
    assert found.json()["reason"] == "links.csv, row 3, cannot be read"
    assert found.json()["failure"]["problems"] == [{"file": "links.csv"}]
    assert str(services.configuration.data) not in found.text
    assert "in links.csv" in found.text


def test_a_path_is_taken_out_whatever_stands_around_it(tmp_path: Path) -> None:
    server_paths.hide(tmp_path / "data")
    data = tmp_path / "data"
    for given, left in (
        (f"{data}/runs/1/result: gone", "result: gone"),
        (f"('{data}/a.csv', \"{data}\")", "('a.csv', \"data\")"),
        (f"iterates of {Path(scenarios.__file__)} line 3", "iterates of scenarios.py line 3"),
        ("the API has no /a/b; kWh/m2, n/a", "the API has no /a/b; kWh/m2, n/a"),
    ):
        assert server_paths.without(given) == left
