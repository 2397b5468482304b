"""Sharing with named people, bulletins into a scenario, deletion for good, and the queue of everybody."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.studio import served
from tests.studio.test_pages import shown
from xisuan.studio.configuration import Limits
from xisuan.studio.jobs import time_remaining
from xisuan.studio.jobs.time_remaining import Waiting
from xisuan.studio.services.all_services import Services

Everyone = dict[str, TestClient]
TEXT = "贵州省统计局\n2024年3月28日\n2023年,全省软件业务收入863亿元,增长8.4%。\n"
ROW = "indicator,region,period_start,period_end,basis,value,unit,status\n{row}\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, Everyone]]:
    """A studio with an administrator and two planners."""
    with served.opened(tmp_path_factory.mktemp("house"), host="0.0.0.0") as (services, client):
        roles = {"chief": "administrator", "planner": "planner", "other": "planner"}
        yield services, {name: served.person(services, client, name, role) for name, role in roles.items()}


def test_a_scenario_is_shared_with_one_person(house: tuple[Services, Everyone]) -> None:
    _, who = house
    scenario = served.made(who["planner"], name="贵州方案")
    here, people = f"/api/scenarios/{scenario}", f"/api/scenarios/{scenario}/people"
    edit = {"rows": [{"period": "2026", "scope": "all", "limit_mcny": "500"}], "base": 1}
    assert who["other"].put(people, json={"name": "other", "access": "edit"}).status_code == 404
    assert who["planner"].put(people, json={"name": "nobody", "access": "view"}).status_code == 404
    assert who["planner"].put(people, json={"name": "planner", "access": "view"}).status_code == 422
    assert who["planner"].put(people, json={"name": "other", "access": "view"}).status_code == 204
    assert who["other"].get(here).status_code == 200
    assert who["chief"].get(here).status_code == 404
    assert who["other"].put(f"{here}/tables/budgets", json=edit).status_code == 403
    assert who["other"].get(people).status_code == 403
    assert who["planner"].put(people, json={"name": "other", "access": "edit"}).status_code == 204
    assert who["planner"].get(people).json() == [{"name": "other", "access": "edit"}]
    assert who["other"].put(f"{here}/tables/budgets", json=edit).json()["version"] == 2
    assert who["planner"].put(people, json={"name": "other", "access": "none"}).status_code == 204
    assert who["other"].get(here).status_code == 404
    for kind in ("zip", "xlsx"):  # with a Chinese name
        assert who["planner"].get(f"{here}/download?kind={kind}").status_code == 200


def test_a_bulletin_becomes_rows_of_a_scenario_in_two_requests(house: tuple[Services, Everyone]) -> None:
    _, who = house
    scenario = served.made(who["planner"], name="figures")
    here = f"/api/scenarios/{scenario}"
    sent = {"content": TEXT.encode(), "headers": {"content-type": "application/octet-stream"}}
    read = who["planner"].post(f"{here}/read?name=公报.txt&region=guizhou", **sent)
    assert read.status_code == 201, read.text
    (one,) = read.json()["observations"]
    assert (one["indicator"], one["value"], one["growth_pct"]) == ("software_revenue", 86_300, 8.4)
    page = who["planner"].get(f"{here}/readings/{read.json()['id']}")
    assert "sandbox" in page.headers["content-security-policy"]
    assert "软件业务收入" in page.text
    for language, mark in (("en", 'lang="en"'), ("zh", 'lang="zh-CN"')):  # that of the page around it
        assert mark in who["planner"].get(f"{here}/readings/{read.json()['id']}?lang={language}").text
    assert who["other"].get(f"{here}/readings/{read.json()['id']}").status_code == 404
    row = ROW.format(row="software_revenue,guizhou,2023-01-01,2023-12-31,cumulative,86300,mCNY,actual")
    csv = {"content": row.encode(), "headers": {"content-type": "text/csv"}}
    saved = who["planner"].post(f"{here}/observations?base=1", **csv)
    assert saved.status_code == 201, saved.text
    assert saved.json()["version"] == 2
    rows = who["planner"].get(f"{here}/tables/observations").json()["rows"]
    assert [(row["indicator"], row["value"]) for row in rows] == [("software_revenue", "86300")]
    assert who["planner"].post(f"{here}/observations?base=1", **csv).status_code == 409
    assert who["planner"].get(f"{here}/tables/observations?version=1").json()["rows"] == []
    assert who["planner"].post(f"{here}/read?name=a.txt&published=yesterday", **sent).status_code == 422


def test_the_queue_says_how_long_the_work_takes(house: tuple[Services, Everyone]) -> None:
    """By an earlier run of the same kind, which took 60 s; a running one has the rest of it left."""
    services, who = house
    services.queue._workers = 0
    scenario = served.made(who["other"], name="busy")
    runs = [who["other"].post(f"/api/scenarios/{scenario}/runs", json={"quick": True}).json()["id"] for _ in range(3)]
    try:
        assert {row["left"] for row in who["chief"].get("/api/queue").json()} == {None}
        assert who["other"].get(f"/api/runs/{runs[2]}").json()["progress"]["starts"]["unknown"] == 2
        assert "no estimate of the start" in shown(who["other"], f"/runs/{runs[2]}")
        services.store.change_run(runs[0], status="done", started=100.0, ended=160.0)
        services.store.change_run(runs[1], started=time.time() - 20.0)
        left = {row["id"]: row["left"] for row in who["chief"].get("/api/queue").json()}
        assert left[runs[1]] == pytest.approx(40.0, abs=10.0)
        assert left[runs[2]] == pytest.approx(60.0)
        assert "1 min 0 s" in shown(who["chief"], "/queue")
        starts = who["other"].get(f"/api/runs/{runs[2]}").json()["progress"]["starts"]
        assert starts["at"] - time.time() == pytest.approx(40.0, abs=10.0)  # when the running one ends
        assert starts["unknown"] == 0
        assert "starts in about" in shown(who["other"], f"/runs/{runs[2]}")
    finally:
        for run in runs[1:]:
            services.store.change_run(run, status="cancelled")
        services.queue._workers = 1


@pytest.mark.parametrize(
    ("running", "queued", "workers", "seconds"),
    [
        ([], [], 1, 0.0),
        ([40.0], [60.0], 1, 100.0),
        ([40.0], [60.0], 2, 40.0),  # the other worker takes the 60
        ([40.0], [10.0, 10.0, 10.0], 2, 30.0),  # one after another beside the running one
        ([5.0, 30.0, 40.0], [], 2, 30.0),  # the third worker is no more: a run starts when two have ended
    ],
)
def test_a_run_starts_when_a_worker_has_done_what_is_before_it(
    running: list[float], queued: list[float], workers: int, seconds: float
) -> None:
    work = {f"running {at}": left for at, left in enumerate(running)}
    waiting = [Waiting(f"queued {at}", left) for at, left in enumerate(queued)]
    assert time_remaining.start("mine", work, [*waiting, Waiting("mine", 1.0)], workers) == seconds


@pytest.mark.parametrize(
    ("workers", "seconds"),
    [
        (1, 92.0),  # the plan 40, then 2 and 50
        (2, 42.0),  # the other run starts at once; the worker of the plan does the first at 40
        (3, 40.0),  # the third worker waits for the plan, too
    ],
)
def test_a_run_that_needs_a_plan_waits_for_it(workers: int, seconds: float) -> None:
    """Simulate failures and simulate jobs on a plan that is being made; another run is in the queue between."""
    waiting = [Waiting("first", 2.0, "plan"), Waiting("other", 50.0), Waiting("mine", 9.0, "plan")]
    assert time_remaining.start("mine", {"plan": 40.0}, waiting, workers) == seconds


def test_a_quota_refuses_more_runs_and_more_room_but_saves_edits(tmp_path: Path) -> None:
    with served.opened(tmp_path / "house", limits=Limits(user_runs=2, user_mb=3)) as (services, client):
        me = served.enter(services, client)
        services.queue._workers = 0
        scenario = served.made(me)
        here = f"/api/scenarios/{scenario}"
        runs = [me.post(f"{here}/runs", json={"quick": True}).json()["id"] for _ in range(2)]
        refused = me.post(f"{here}/runs", json={"quick": True})
        assert (refused.status_code, "you have 2 runs" in refused.json()["message"]) == (409, True)
        assert "You have 2 runs (at most 2)" in shown(me, "/runs")
        me.post(f"/api/runs/{runs[0]}/cancel")
        assert me.delete(f"/api/runs/{runs[0]}").status_code == 204
        folder = services.queue.folder(runs[1])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "large").write_bytes(b"0" * 3 * 2**20)
        os.link(folder / "large", folder / "same")  # two names of one file
        used = me.get("/api/usage").json()
        assert (used["runs"], used["most_runs"], used["most_mb"]) == (1, 2, 3)
        assert 3.0 < used["mb"] < 3.5
        for address, body in ((f"{here}/runs", {}), ("/api/scenarios", {"name": "more", "base": "starter"})):
            answer = me.post(address, json=body)
            assert (answer.status_code, "each user can have 3 MB" in answer.json()["message"]) == (409, True), address
        rows = me.get(f"{here}/tables/budgets").json()["rows"]
        assert me.put(f"{here}/tables/budgets", json={"rows": rows, "base": 1}).status_code == 200


def test_what_is_deleted_for_good_leaves_nothing(house: tuple[Services, Everyone]) -> None:
    services, who = house
    scenario = served.small(who["planner"])
    made = who["planner"].post(f"/api/scenarios/{scenario}/runs", json={"quick": True}).json()["id"]
    active = who["chief"].get("/api/queue").json()
    assert [(row["id"], row["owner"]) for row in active] == [(made, "planner")]
    assert who["other"].get("/api/queue").status_code == 403
    assert who["other"].post(f"/api/queue/{made}/stop").status_code == 403
    assert who["planner"].delete(f"/api/runs/{made}").status_code == 409
    assert who["chief"].post(f"/api/queue/{made}/stop").status_code == 204
    assert served.waited(who["planner"], made, "cancelled")["status"] == "cancelled"
    versions = [Path(services.folders.root, row["folder"]) for row in services.store.versions(scenario)]
    assert all(folder.is_dir() for folder in versions)
    removed = f"/api/removed/{scenario}"
    assert who["planner"].delete(removed).status_code == 404  # not removed yet
    assert who["planner"].delete(f"/api/scenarios/{scenario}").status_code == 204
    assert who["other"].delete(removed).status_code == 404
    assert who["planner"].post(f"{removed}/restore").status_code == 204
    assert who["planner"].get(f"/api/scenarios/{scenario}").status_code == 200
    assert who["planner"].delete(f"/api/scenarios/{scenario}").status_code == 204
    assert who["planner"].delete(removed).status_code == 204
    assert not any(folder.exists() for folder in versions)
    assert not services.queue.folder(made).exists()
    assert who["planner"].get(f"/api/runs/{made}").status_code == 404
    assert scenario not in who["planner"].get("/api/removed").text
