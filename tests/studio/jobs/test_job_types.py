"""What a run can do besides a plan: jobs, failures, indicators; when it should end; and the map by the hour."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.report.pages import hourly_map_page
from xisuan.report.takeaways import pdf_print
from xisuan.results.storage import run_store
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.jobs import job_types, time_remaining
from xisuan.studio.jobs.job_queue import RESULT
from xisuan.studio.services.all_services import Services
from xisuan.studio.storage import database_schema

Planned = tuple[Services, TestClient, str]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planned]:
    """A studio with one finished run."""
    with served.opened(tmp_path_factory.mktemp("verbs")) as (services, client):
        served.enter(services, client)
        answer = client.post(f"/api/scenarios/{served.small(client)}/runs", json={"quick": True})
        run_id = answer.json()["ids"][0]
        assert served.waited(client, run_id, "done", "failed")["status"] == "done"
        yield services, client, run_id


def test_jobs_are_tried_on_the_plan_of_a_run(planned: Planned) -> None:
    services, client, run_id = planned
    answer = client.post(f"/api/runs/{run_id}/then", json={"verbs": ["simulate"]})
    assert answer.status_code == 202, answer.text
    done = served.waited(client, answer.json()["id"], "done", "failed")
    assert done["status"] == "done", done
    trace = services.queue.folder(done["id"]) / RESULT / "trace.json"
    for language, code in (("en", "en"), ("zh", "zh-CN")):
        page = client.get(f"/api/runs/{done['id']}/report", params={"lang": language})
        assert f'lang="{code}"' in page.text
    document = client.get(f"/api/runs/{done['id']}/document").json()
    assert document == json.loads(trace.read_text(encoding="utf-8"))
    assert client.get(f"/api/runs/{done['id']}/verdict").status_code == 409
    page = client.get(f"/runs/{done['id']}")
    assert page.status_code == 200


def test_indicators_are_tracked_without_a_plan(planned: Planned) -> None:
    _, client, _ = planned
    scenario = served.made(client, "guizhou-days", "official")
    answer = client.post(f"/api/scenarios/{scenario}/runs", json={"verbs": ["track"]})
    done = served.waited(client, answer.json()["id"], "done", "failed")
    assert done["status"] == "done", done
    assert "manufacturing" in client.get(f"/api/runs/{done['id']}/report").text
    assert "电子信息制造业" in client.get(f"/api/runs/{done['id']}/report", params={"lang": "zh"}).text
    assert client.get(f"/api/runs/{done['id']}/files/observed.csv").text.count("\n") > 100
    assert client.get(f"/runs/{done['id']}").status_code == 200


def test_the_map_holds_every_hour_of_the_plan(planned: Planned) -> None:
    """What the page unpacks is what the table says, but for the step in which it is packed."""
    services, client, run_id = planned
    page = client.get(f"/api/runs/{run_id}/map", params={"lang": "zh"})
    assert page.status_code == 200
    assert "http://" not in page.text.replace("http://www.w3.org", "")
    data = json.loads(re.search(r'id="data">(.*?)</script>', page.text, re.S)[1])  # type: ignore[index]
    power = run_store.load_run(services.queue.folder(run_id) / RESULT).plan.power
    (year,) = data["years"]
    most, packed = year["mw"]
    steps = np.frombuffer(base64.b64decode(packed), dtype="<u2")
    total = power.groupby("hour")["facility_mw"].sum().to_numpy()
    assert len(steps) == len(total)
    assert np.abs(steps * most / hourly_map_page.STEPS - total).max() <= most / hourly_map_page.STEPS


@pytest.mark.parametrize(("kind", "starts"), [("docx", b"PK"), ("pptx", b"PK"), ("pdf", b"%PDF")])
def test_the_brief_of_a_run_is_a_download(planned: Planned, kind: str, starts: bytes) -> None:
    _, client, run_id = planned
    if kind == "pdf" and not any(map(shutil.which, pdf_print.BROWSERS)):
        pytest.skip("no Chromium, Chrome or Edge")
    found = client.get(f"/api/runs/{run_id}/brief/{kind}", params={"lang": "zh"})
    assert found.status_code == 200
    assert found.content.startswith(starts)
    assert f'filename="brief.zh.{kind}"' in found.headers["content-disposition"]


def test_a_brief_has_three_forms(planned: Planned) -> None:
    _, client, run_id = planned
    assert client.get(f"/api/runs/{run_id}/brief/odt").status_code == 422


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"verbs": ["run"]}, "makes its own plan"),
        ({"verbs": ["simulate"], "place": "anywhere"}, "place: give one of"),
        ({"verbs": ["simulate"], "down": ["Hub"]}, "site:NAME"),
    ],
)
def test_what_cannot_follow_is_refused_in_words(planned: Planned, asked: dict[str, object], words: str) -> None:
    _, client, run_id = planned
    answer = client.post(f"/api/runs/{run_id}/then", json=asked)
    assert (answer.status_code, words in answer.json()["message"]) == (422, True), answer.text


def test_jobs_need_a_plan(planned: Planned) -> None:
    _, client, run_id = planned
    scenario = client.get(f"/api/runs/{run_id}").json()["scenario_id"]
    answer = client.post(f"/api/scenarios/{scenario}/runs", json={"verbs": ["verify"]})
    assert (answer.status_code, "need a plan" in answer.json()["message"]) == (422, True)


def test_a_verb_is_the_command_of_that_name(tmp_path: Path) -> None:
    words = job_types.verb("simulate").command(tmp_path, tmp_path / "out", {"down": ["site:Hub"]}, tmp_path / "plan")
    assert words[:4] == ["simulate", str(tmp_path), "--plan", str(tmp_path / "plan")]
    assert words[words.index("--down") + 1] == "site:Hub"
    with pytest.raises(RefusedError, match="does one of"):
        job_types.verb("rm")


def test_a_run_should_end_as_an_earlier_one_did_at_its_own_pace() -> None:
    """By hand: the earlier took 100 s and began to solve at 10; this one began at 20, so what took 90 takes 180."""
    earlier = time_remaining.Earlier("a", 100.0, [("build", 0.0), ("solve", 10.0)])
    assert time_remaining.end([], earlier) == time_remaining.Expected(100.0, "a", 100.0)
    assert time_remaining.end([("build", 0.0), ("solve", 20.0)], earlier) == time_remaining.Expected(200.0, "a", 100.0)
    assert time_remaining.end([("build", 0.0), ("solve", 1.0)], earlier) == time_remaining.Expected(91.0, "a", 100.0)
    assert time_remaining.end([("verify", 0.0)], earlier) is None


def test_a_database_of_the_format_before_is_brought_up(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studio.db'}"
    engine = database_schema.connect(url)
    with engine.begin() as connection:
        for column in ("verb", "options", "of_run"):
            connection.execute(sa.text(f"ALTER TABLE runs DROP COLUMN {column}"))
        for column in ("seen", "confirmed", "scope"):
            connection.execute(sa.text(f"ALTER TABLE sessions DROP COLUMN {column}"))
        connection.execute(sa.update(database_schema.ABOUT).values(format=1))
    engine.dispose()
    found = database_schema.connect(url)
    assert {"verb", "options", "of_run"} <= {column["name"] for column in sa.inspect(found).get_columns("runs")}
    with found.connect() as connection:
        assert connection.execute(sa.select(database_schema.ABOUT.c.format)).scalar() == database_schema.FORMAT
    found.dispose()
