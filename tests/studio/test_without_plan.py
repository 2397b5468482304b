"""A scenario in which nothing is planned: its pages lead to what it can do, and requests to plan it are refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.studio import served
from tests.studio.test_pages import shown
from xisuan.studio.services.all_services import Services
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _
from xisuan.tracking import statistics_folder

Studio = tuple[Services, TestClient]
TARGET = {"indicator": "g5_base_stations", "region": "gansu", "deadline": "2027-12-31", "value": "80000", "unit": "1"}

OBSERVED = {
    "indicator": "g5_base_stations", "region": "gansu", "period_start": "2025-12-31", "period_end": "2025-12-31",
    "basis": "point", "value": "70000", "unit": "1", "published": "2026-02-01",
}  # fmt: skip


@pytest.fixture(scope="module")
def tracked(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A scenario of targets and published figures, as `xisuan new gansu --indicators` makes it."""
    folder = statistics_folder.new("gansu", tmp_path_factory.mktemp("folder"))
    answer = studio[1].post("/api/scenarios/upload?name=gansu", content=zipped(folder))
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


def zipped(folder: Path) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"gansu/{path.name}")
    return out.getvalue()


@pytest.mark.parametrize(("path", "body"), [
    ("runs", {"quick": True}), ("sweeps", {"levers": [{"lever": "western_power_price", "low": -10, "high": 10}]}),
])  # fmt: skip
def test_a_request_to_plan_is_refused(studio: Studio, tracked: str, path: str, body: dict[str, Any]) -> None:
    answer = studio[1].post(f"/api/scenarios/{tracked}/{path}", json=body)
    assert answer.status_code == 422
    assert "nothing is planned here: the scenario has no demand, sites, links or cities" in answer.text
    assert studio[1].get("/api/runs", params={"scenario": tracked}).json() == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_its_overview_leads_to_tracking(studio: Studio, tracked: str, language: str) -> None:
    say = Translator(language)  # type: ignore[arg-type]
    page = shown(studio[1], f"/scenarios/{tracked}", language)
    assert say(_("To track indicators, read a bulletin or fill in these tables first.")) in page
    assert f"/scenarios/{tracked}/read" in page
    for absent in ('"run-now"', '"run-quick"', '"run-with"', "/whatif", '"objective"', '"track-with"'):
        assert absent not in page, absent
    assert '"as_of"' in page


def test_with_targets_it_is_tracked(studio: Studio, tracked: str) -> None:
    _, client = studio
    saved = client.put(f"/api/scenarios/{tracked}/tables/targets", json={"base": 1, "rows": [TARGET]})
    assert saved.json()["problems"] == []
    page = shown(client, f"/scenarios/{tracked}")
    assert '"track-now"' in page
    assert '"track-with"' in page
    assert "fill in these tables first" not in page
    saved = client.put(f"/api/scenarios/{tracked}/tables/observations", json={"base": 2, "rows": [OBSERVED]})
    assert saved.json()["problems"] == []
    run = client.post(f"/api/scenarios/{tracked}/runs", json={"verbs": ["track"]}).json()["id"]
    served.waited(client, run, "done")
    drawn = client.get(f"/api/runs/{run}/report").text
    assert "parent.postMessage" in drawn  # it tells its height to the page around it
    assert "Content-Security-Policy" not in drawn  # that of the answer allows it to


def test_figures_of_a_bulletin_are_enough_to_track(studio: Studio, tracked: str) -> None:
    """They may state targets themselves."""
    latest = studio[1].get(f"/api/scenarios/{tracked}").json()["version"]
    rows: list[dict[str, str]] = []
    for name in ("targets", "observations"):
        path = f"/api/scenarios/{tracked}/tables/{name}"
        saved = studio[1].put(path, json={"base": latest, "rows": rows}).json()
        latest, rows = saved["version"], [OBSERVED]
    page = shown(studio[1], f"/scenarios/{tracked}")
    assert '"track-with"' in page
    assert "fill in these tables first" not in page


def test_a_scenario_with_targets_offers_tracking_beside_its_runs(studio: Studio, scenario: str) -> None:
    """One of plans alone offers none."""
    assert '"track-with"' not in shown(studio[1], f"/scenarios/{scenario}")
    planned = served.made(studio[1], "guizhou-days", "targets")
    page = shown(studio[1], f"/scenarios/{planned}")
    for part in ('"run-now"', '"run-with"', '"track-with"', "/whatif"):
        assert part in page


def test_the_readme_of_a_scenario_is_shown(studio: Studio) -> None:
    """Its headings stand below those of the page."""
    services, client = studio
    scenario = served.made(client, name="explained")
    assert '"className": "readme"' not in shown(client, f"/scenarios/{scenario}")
    folder = services.folders.folder(services.store.versions(scenario)[0]["folder"])
    (folder / "README.md").write_text(
        "# Gansu\n\n| what | from |\n|---|---|\n| halls | a <b>notice</b> |\n\n## Rules\n"
    )
    page = shown(client, f"/scenarios/{scenario}", "zh")
    assert "来源与假设" in page
    assert r"### Gansu\n\n| what | from |" in page
    assert r"#### Rules" in page
