"""A trace is sent as a file, simulated on one site, and shown; what is no trace is refused."""

from __future__ import annotations

import base64
import errno
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.studio.configuration import Limits
from xisuan.studio.jobs.job_queue import GIVEN
from xisuan.studio.services.all_services import Services

LOG = "; jobs of two days\n" + "".join(
    f"{at + 1} {600 * at} -1 3600 4 -1 -1 4 3600 -1 1 1 1 1 1 -1 -1 -1\n" for at in range(200)
)
SERVERS = {"servers": 16, "queue": "easy"}
LONG = "start_s,repair_s,servers\n" + "".join(f"{1_000_000 + 60 * at},30,16\n" for at in range(500))
"""Failures in the second week, longer than an address may be. The jobs end before them."""
JSON = {"content-type": "application/json"}
Studio = tuple[Services, TestClient, str]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A small limit shows which one holds."""
    limits = Limits(upload_bytes=100_000, body_bytes=50_000)
    with served.opened(tmp_path_factory.mktemp("traces"), limits=limits) as (services, client):
        yield services, served.enter(services, client), served.made(client)


def body(text: str | bytes, name: str = "log.swf", options: object = SERVERS) -> dict[str, object]:
    data = text.encode() if isinstance(text, str) else text
    return {"name": name, "data": base64.b64encode(data).decode(), "options": options}


def send(studio: Studio, text: str | bytes, name: str = "log.swf", options: object = SERVERS):  # type: ignore[no-untyped-def]
    content = json.dumps(body(text, name, options))  # escapes what UTF-8 cannot hold
    return studio[1].post(f"/api/scenarios/{studio[2]}/trace", content=content, headers=JSON)


def test_the_jobs_of_a_trace_are_simulated_and_shown(studio: Studio) -> None:
    """Six jobs of four servers overlap, and four fit: the 200 hours of jobs of 4 servers need 50 hours of 16."""
    services, client, scenario = studio
    answer = send(studio, LOG, options=SERVERS | {"failures": LONG})
    assert answer.status_code == 202, answer.text
    run = answer.json()["id"]
    done = served.waited(client, run, "done", "failed")
    assert (done["status"], done["verb"], done["label"]) == ("done", "trace", "log.swf"), done
    found = client.get(f"/api/runs/{run}/document").json()
    assert found["jobs"] == 200
    assert found["given"]["queue"] == "easy"
    for language, code in (("en", "en"), ("zh", "zh-CN")):
        assert f'lang="{code}"' in client.get(f"/api/runs/{run}/report", params={"lang": language}).text
    assert run in [one["id"] for one in client.get("/api/runs", params={"scenario": scenario}).json()]
    assert (services.queue.folder(run) / GIVEN / "log.swf").read_text(encoding="utf-8") == LOG


def test_a_trace_may_be_as_large_as_an_upload(studio: Studio) -> None:
    assert send(studio, b";" * 60_000 + b"\n").status_code == 202
    assert send(studio, b";" * 120_000).status_code == 413


@pytest.mark.parametrize(
    ("text", "name", "options", "words"),
    [
        ("", "log.swf", SERVERS, "send a file of jobs"),
        (LOG, "../../log.swf", SERVERS, "send a file of jobs"),
        (LOG, "--out", SERVERS, "send a file of jobs"),
        (LOG, "log.swf", {}, "one of them"),
        (LOG, "log.swf", {"servers": 4, "machines": "4x4"}, "one of them"),
        (LOG, "log.swf", {"machines": "/etc/passwd"}, "machines"),
        (LOG, "log.swf", {"servers": 4, "failures": "steal.py:All"}, "rows of a CSV file"),
        (LOG, "log.swf", {"servers": 4, "failures": "start_s\n\ud800"}, "character that no text may hold"),
        (LOG, "log.swf", [1], "options"),
    ],
)
def test_what_is_no_trace_is_refused(studio: Studio, text: str, name: str, options: object, words: str) -> None:
    answer = send(studio, text, name, options)
    assert (answer.status_code, words in answer.json()["message"]) == (422, True), answer.text
    assert not list(studio[0].queue.root.glob("*/given/*.passwd"))


def test_content_that_is_not_base64_is_refused(studio: Studio) -> None:
    """A lenient decoder would leave the characters out and simulate the rest."""
    answer = studio[1].post(f"/api/scenarios/{studio[2]}/trace", json=body(LOG) | {"data": LOG})
    assert (answer.status_code, "base64" in answer.json()["message"]) == (422, True), answer.text


def test_a_trace_whose_file_is_lost_fails_and_others_go_on(studio: Studio) -> None:
    services, client, _ = studio
    services.queue._workers = 0
    lost, whole = (send(studio, LOG).json()["id"] for _ in range(2))
    (services.queue.folder(lost) / GIVEN / "log.swf").unlink()
    services.queue._workers = 1
    assert "file of this job is missing" in served.waited(client, lost, "done", "failed")["reason"]
    assert served.waited(client, whole, "done", "failed")["status"] == "done"


def test_a_trace_that_cannot_be_stored_leaves_nothing(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    services = studio[0]
    before = sorted(services.queue.root.iterdir())

    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert send(studio, LOG).status_code in (500, 507)
    assert sorted(services.queue.root.iterdir()) == before


def test_a_trace_is_no_verb_without_its_file(studio: Studio) -> None:
    _services, client, scenario = studio
    answer = client.post(f"/api/scenarios/{scenario}/runs", json={"verbs": ["trace"], "options": {"trace": SERVERS}})
    assert (answer.status_code, "file of its own" in answer.json()["message"]) == (422, True), answer.text


def test_a_trace_needs_a_planner_and_the_token_of_the_page(studio: Studio) -> None:
    services, client, scenario = studio
    viewer = served.person(services, client, "viewer", "viewer")
    assert viewer.post(f"/api/scenarios/{scenario}/trace", json=body(LOG)).status_code in (403, 404)
    without = {"X-CSRFToken": "none"}
    assert client.post(f"/api/scenarios/{scenario}/trace", json=body(LOG), headers=without).status_code == 403
