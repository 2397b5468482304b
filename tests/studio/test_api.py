"""Every address of the API with odd requests: always an answer that its description knows, never a failure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import hypothesis
import pytest
import schemathesis
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.studio.configuration import Limits
from xisuan.studio.services.all_services import Services

PATIENT = Limits(requests_per_second=1e6, burst=1e6, locked_seconds=0.0)
QUICK = hypothesis.settings(
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(hypothesis.HealthCheck),
    phases=[hypothesis.Phase.generate],
)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, TestClient, str, str]]:
    """A studio without a queue that works: what is submitted waits."""
    with served.opened(tmp_path_factory.mktemp("api"), limits=PATIENT) as (services, client):
        served.enter(services, client)
        scenario = served.small(client)
        run = client.post(f"/api/scenarios/{scenario}/runs", json={"quick": True}).json()["id"]
        served.waited(client, run, "done")
        services.queue._workers = 0
        yield services, client, scenario, run


def sent(client: TestClient, case: Any, scenario: str, run: str) -> Any:
    """The answer to a case whose ids, half of the time, are those of things that are there."""
    if len(str(case.path_parameters)) % 2:
        for name, value in (("scenario_id", scenario), ("run_id", run), ("other_id", run), ("table", "power")):
            if name in (case.path_parameters or {}):
                case.path_parameters[name] = value
    asked = case.as_transport_kwargs(base_url=served.HOME)
    headers = {**dict(asked.pop("headers", {}) or {}), "X-CSRFToken": client.headers["X-CSRFToken"]}
    headers = {name: value for name, value in headers.items() if str(value).isascii() and str(value).isprintable()}
    asked.pop("cookies", None)
    if isinstance(asked.get("data"), bytes | str):
        asked["content"] = asked.pop("data")
    return client.request(asked.pop("method"), asked.pop("url"), headers=headers, **asked)


@pytest.mark.parametrize("requests", [5, pytest.param(40, marks=pytest.mark.long)])
def test_odd_requests_get_an_answer_that_is_described(
    studio: tuple[Services, TestClient, str, str], requests: int
) -> None:
    """For every address and method: no 5xx, a status of the description, and for a refusal its words as JSON."""
    _, client, scenario, run = studio
    document = client.get("/api/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    count = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @hypothesis.settings(QUICK, max_examples=requests)
        @hypothesis.given(case=operation.as_strategy())
        def tried(case: Any) -> None:
            nonlocal count
            count += 1
            described = {int(status) for status in case.operation.definition.raw["responses"]}
            answer = sent(client, case, scenario, run)
            assert answer.status_code in described, (
                case.method,
                case.formatted_path,
                answer.status_code,
                answer.text[:300],
            )
            if answer.status_code >= 400:
                assert json.loads(answer.text)["message"]

        tried()
    assert count > 25 * requests


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"1e999", b'{"name": NaN}', b"\xff\xfe", b"[" * 100_000, b'{"a":' * 5000]
)
@pytest.mark.parametrize("path", ["/api/scenarios", "/api/tokens"])
def test_a_body_that_is_none_is_refused(studio: tuple[Services, TestClient, str, str], path: str, body: bytes) -> None:
    answer = studio[1].post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)


def test_nothing_odd_was_left_behind(studio: tuple[Services, TestClient, str, str]) -> None:
    """After all that, the folders of the studio are those it made, and the scenario is as it was or newer."""
    services, client, scenario, _ = studio
    assert client.get(f"/api/scenarios/{scenario}").status_code in (200, 404)
    assert {path.name for path in Path(services.configuration.data).iterdir()} <= {
        "lock", "runs", "versions", "studio.db", "studio.db-wal", "studio.db-shm",
    }  # fmt: skip
    assert not list(services.folders.root.glob(".making-*"))


@pytest.mark.parametrize("name", ["贵州方案", "région-Ω", "a" * 64])
def test_a_name_may_have_letters_of_any_language(studio: tuple[Services, TestClient], name: str) -> None:
    """Made, uploaded, copied, shown and downloaded by that name, which the file has too."""
    client = studio[1]
    scenario = served.made(client, name=name)
    assert client.get(f"/api/scenarios/{scenario}").json()["name"] == name
    for kind in ("zip", "xlsx"):
        answer = client.get(f"/api/scenarios/{scenario}/download", params={"kind": kind})
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].endswith(f"filename*=UTF-8''{quote(name)}.{kind}")
        again = client.post(
            "/api/scenarios/upload",
            params={"name": name},
            content=answer.content,
            headers={"content-type": "application/octet-stream"},
        )
        assert again.status_code == 201, again.text
    assert client.post("/api/scenarios", json={"name": name, "copy_of": scenario}).status_code == 201


@pytest.mark.parametrize("name", ["", "a b", "a/b", "-a", "..", "a" * 65, "a\n"])
def test_a_name_with_other_characters_is_refused(studio: tuple[Services, TestClient], name: str) -> None:
    assert studio[1].post("/api/scenarios", json={"name": name, "base": "starter"}).status_code == 422


def test_messages_are_in_the_language_of_the_request(studio: tuple[Services, TestClient]) -> None:
    asked = {"name": "x", "base": "nowhere"}
    for language, said in (("en", "there is no shipped scenario nowhere"), ("zh-CN", "没有内置情景 nowhere")):
        answer = studio[1].post("/api/scenarios", json=asked, headers={"accept-language": language})
        assert answer.json()["message"] == said
