"""Comments on a run: by everybody who can see it, deleted by their authors and administrators, gone with the run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.studio import served
from tests.studio.test_pages import shown
from xisuan.studio.services.all_services import Services

Everyone = dict[str, TestClient]
House = tuple[Services, Everyone, str, str]


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A planner's scenario that a viewer may see, with a run that waits."""
    with served.opened(tmp_path_factory.mktemp("house"), host="0.0.0.0") as (services, client):
        services.queue._workers = 0
        roles = {"chief": "administrator", "planner": "planner", "viewer": "viewer", "stranger": "planner"}
        who = {name: served.person(services, client, name, role) for name, role in roles.items()}
        scenario = served.made(who["planner"])
        for name in ("viewer", "chief"):
            asked = {"name": name, "access": "view"}
            assert who["planner"].put(f"/api/scenarios/{scenario}/people", json=asked).status_code == 204
        run = who["planner"].post(f"/api/scenarios/{scenario}/runs", json={"quick": True}).json()["id"]
        yield services, who, scenario, run


def test_those_who_see_a_run_comment_on_it_and_authors_delete(house: House) -> None:
    _, who, _, run = house
    place = f"/api/runs/{run}/comments"
    first = who["planner"].post(place, json={"text": "  贵安为何更贵？\nsecond line "}).json()["id"]
    second = who["viewer"].post(place, json={"text": "<b>agreed</b>"}).json()["id"]
    found = who["viewer"].get(place).json()
    assert [(one["author"], one["text"], one["may_delete"]) for one in found] == [
        ("planner", "贵安为何更贵？\nsecond line", False), ("viewer", "<b>agreed</b>", True),
    ]  # fmt: skip
    assert who["stranger"].get(place).status_code == 404
    assert who["stranger"].post(place, json={"text": "me too"}).status_code == 404
    assert who["stranger"].delete(f"{place}/{first}").status_code == 404
    assert who["viewer"].delete(f"{place}/{first}").status_code == 403
    assert who["viewer"].delete(f"{place}/{second}").status_code == 204
    assert who["chief"].delete(f"{place}/{first}").status_code == 204
    assert who["planner"].delete(f"{place}/{first}").status_code == 404
    assert who["planner"].get(place).json() == []


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, None])
def test_a_comment_that_is_none_is_refused(house: House, text: str | None) -> None:
    _, who, _, run = house
    assert who["planner"].post(f"/api/runs/{run}/comments", json={"text": text}).status_code == 422


def test_a_comment_needs_the_token_of_the_page_and_one_of_a_program_that_may_write(house: House) -> None:
    _, who, _, run = house
    place, text = f"/api/runs/{run}/comments", {"text": "hello"}
    assert who["planner"].post(place, json=text, headers={"X-CSRFToken": "none"}).status_code == 403
    who["planner"].post("/api/me/confirm", json={"present": served.PASSWORD})
    made = who["planner"].post("/api/tokens", json={"label": "reader", "scope": "read"})
    token = {"Authorization": f"Bearer {made.json()['token']}"}
    program = TestClient(who["planner"].app, base_url=served.HOME)
    assert program.get(place, headers=token).status_code == 200
    assert program.post(place, json=text, headers=token).status_code == 403


@pytest.mark.parametrize("language", ["en", "zh"])
def test_comments_are_on_the_page_of_the_run_and_gone_with_it(house: House, language: str) -> None:
    services, who, scenario, run = house
    client = who["planner"]
    assert client.post(f"/api/runs/{run}/comments", json={"text": "<script>1</script>"}).status_code == 201
    assert "<script>1</script>" in shown(client, f"/runs/{run}", language)  # JSON of a text, not markup
    assert client.post(f"/api/runs/{run}/cancel").status_code == 204
    assert client.delete(f"/api/runs/{run}").status_code == 204
    assert services.store.comments(run) == []
    again = client.post(f"/api/scenarios/{scenario}/runs", json={"quick": True}).json()["id"]
    assert client.post(f"/api/runs/{again}/comments", json={"text": "soon gone"}).status_code == 201
    assert client.post(f"/api/runs/{again}/cancel").status_code == 204
    assert client.delete(f"/api/scenarios/{scenario}").status_code == 204
    assert client.delete(f"/api/removed/{scenario}").status_code == 204
    assert services.store.comments(again) == []
