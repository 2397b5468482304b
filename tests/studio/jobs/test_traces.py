"""A trace is sent as a file, simulated on one site, and shown; what is no trace is refused."""

from __future__ import annotations

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
Studio = tuple[Services, TestClient, str]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A small limit shows which one holds."""
    limits = Limits(upload_bytes=100_000, body_bytes=50_000)
    with served.opened(tmp_path_factory.mktemp("traces"), limits=limits) as (services, client):
        yield services, served.enter(services, client), served.made(client)


def send(studio: Studio, text: str | bytes, name: str = "log.swf", options: object = SERVERS):  # type: ignore[no-untyped-def]
    params = {"name": name, "options": options if isinstance(options, str) else json.dumps(options)}
    return studio[1].post(f"/api/scenarios/{studio[2]}/trace", params=params, content=text)


def test_the_jobs_of_a_trace_are_simulated_and_shown(studio: Studio) -> None:
    """Six jobs of four servers overlap, and four fit: the 200 hours of jobs of 4 servers need 50 hours of 16."""
    services, client, scenario = studio
    answer = send(studio, LOG)
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
        ("", "log.swf", SERVERS, "body: Field required"),
        (LOG, "../../log.swf", SERVERS, "send a file of jobs"),
        (LOG, "--out", SERVERS, "send a file of jobs"),
        (LOG, "log.swf", {}, "one of them"),
        (LOG, "log.swf", {"servers": 4, "machines": "4x4"}, "one of them"),
        (LOG, "log.swf", {"machines": "/etc/passwd"}, "machines"),
        (LOG, "log.swf", {"servers": 4, "failures": "steal.py:All"}, "rows of a CSV file"),
        (LOG, "log.swf", "[1]", "JSON object"),
        (LOG, "log.swf", "[" * 1900, "JSON object"),
    ],
)
def test_what_is_no_trace_is_refused(studio: Studio, text: str, name: str, options: object, words: str) -> None:
    answer = send(studio, text, name, options)
    assert (answer.status_code, words in answer.json()["message"]) == (422, True), answer.text
    assert not list(studio[0].queue.root.glob("*/given/*.passwd"))


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
    params = {"name": "log.swf", "options": json.dumps(SERVERS)}
    viewer = served.person(services, client, "viewer", "viewer")
    assert viewer.post(f"/api/scenarios/{scenario}/trace", params=params, content=LOG).status_code in (403, 404)
    without = {"X-CSRFToken": "none"}
    assert (
        client.post(f"/api/scenarios/{scenario}/trace", params=params, content=LOG, headers=without).status_code == 403
    )
