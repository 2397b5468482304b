"""The description of the API tells what every address answers, and answers hold what rows hold but secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.studio.services.all_services import Services

SECRETS = {"folder", "owner_id", "author_id", "user_id", "run_id", "process", "removed", "password", "digest"}
"""Columns that stay on the server."""


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, TestClient, str, str]]:
    """A studio with a scenario, a removed one, and a run with a comment."""
    with served.opened(tmp_path_factory.mktemp("studio")) as (services, client):
        served.enter(services, client)
        gone = served.made(client, name="gone")
        assert client.delete(f"/api/scenarios/{gone}").status_code == 204
        scenario = served.small(client)
        services.add_account(None, "other", served.PASSWORD, "viewer")
        shared = client.put(f"/api/scenarios/{scenario}/people", json={"name": "other", "access": "view"})
        assert shared.status_code == 204, shared.text
        run = client.post(f"/api/scenarios/{scenario}/runs", json={"quick": True}).json()["id"]
        assert client.post(f"/api/runs/{run}/comments", json={"text": "well"}).status_code == 201
        assert client.post(f"/api/runs/{run}/cancel").status_code == 204
        yield services, client, scenario, run


def operations(client: TestClient) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every operation of the description, with its method and path."""
    for path, methods in client.get("/api/openapi.json").json()["paths"].items():
        yield from ((f"{method.upper()} {path}", one) for method, one in methods.items())


def test_every_operation_describes_what_it_answers(studio: tuple[Services, TestClient, str, str]) -> None:
    """JSON by a schema with fields, another file by its media type, or no content; refusals by one schema."""
    seen = 0
    for name, one in operations(studio[1]):
        seen += 1
        for status, answer in one["responses"].items():
            content = answer.get("content", {})
            if int(status) >= 400:
                assert content["application/json"]["schema"]["$ref"].endswith("/Refusal"), (name, status)
            elif status == "204":
                assert not content, name
            elif "application/json" in content:
                schema = content["application/json"]["schema"]
                schema = schema["items"] if schema.get("type") == "array" else schema
                assert "$ref" in schema or schema.get("format") == "binary" or name in LOOSE, (name, schema)
            else:
                assert content, name
    assert seen > 50


LOOSE = {
    "GET /api/runs/{run_id}/tables": "names",
    "GET /api/runs/{run_id}/document": "what the command prints with --json, of every verb",
}
"""JSON without a schema of fields."""


def test_answers_hold_what_rows_hold_but_secrets(studio: tuple[Services, TestClient, str, str]) -> None:
    """A column that the schemas forget would be lost to programs without a word."""
    services, client, scenario, run = studio
    person = services.local_person()
    rows = {
        "/api/scenarios": services.scenarios(person),
        f"/api/scenarios/{scenario}": services.scenario(person, scenario),
        f"/api/scenarios/{scenario}/versions": services.versions(person, scenario),
        f"/api/scenarios/{scenario}/people": services.people(person, scenario),
        "/api/removed": services.removed(person),
        "/api/runs": services.runs(person),
        f"/api/runs/{run}": services.run(person, run),
        f"/api/runs/{run}/comments": services.comments(person, run),
        "/api/users": services.store.users(),
        "/api/me/sessions": services.sessions(person),
        "/api/audit": services.store.audit(),
    }
    for path, found in rows.items():
        stored = found[0] if isinstance(found, list) else found
        answer = client.get(path).json()
        shown = answer[0] if isinstance(answer, list) else answer
        assert set(stored) - set(shown) <= SECRETS, path
        assert not set(shown) & SECRETS, path
        same = set(stored) & set(shown) - {"seen", "expires", "present"}
        assert same, path
        assert {name: shown[name] for name in same} == {name: stored[name] for name in same}, path
    progress = client.get(f"/api/runs/{run}").json()["progress"]
    assert progress == services.progress(person, services.run(person, run))
