"""Every page, asked as the browser asks, in both languages: what must be there is there, and nothing fails."""

from __future__ import annotations

import json
import re
import shutil
import time
from typing import Any

import pytest
from plotly.utils import PlotlyJSONEncoder
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.studio import labels
from xisuan.studio.editing import what_if_runs
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.jobs import job_names
from xisuan.studio.jobs.job_queue import RESULT
from xisuan.studio.jobs.run_certificates import Certified
from xisuan.studio.pages import page_components, run_result, scenarios
from xisuan.studio.services.all_services import Services
from xisuan.studio.storage import scenario_versions
from xisuan.text.translation import Translator
from xisuan.text.translation import message as _

Studio = tuple[Services, TestClient]
ROUTER = "..page.children...choices.children.."


def shown(client: TestClient, path: str, language: str = "en", search: str = "") -> str:
    """What the router puts on the page of an address."""
    asked = {
        "output": ROUTER,
        "outputs": [{"id": "page", "property": "children"}, {"id": "choices", "property": "children"}],
        "inputs": [
            {"id": "at", "property": "pathname", "value": path},
            {"id": "at", "property": "search", "value": search},
        ],
        "changedPropIds": ["at.pathname"],
    }
    headers = {"cookie": f"{'; '.join(f'{k}={v}' for k, v in client.cookies.items())}; xisuan_lang={language}"}
    answer = client.post("/_dash-update-component", json=asked, headers=headers)
    assert answer.status_code == 200, answer.text[:500]
    found = json.dumps(answer.json()["response"]["page"], ensure_ascii=False)
    assert Translator(language)(_("An internal error occurred. The server log has the details.")) not in found  # type: ignore[arg-type]
    return found


@pytest.fixture(scope="module")
def ran(studio: Studio) -> tuple[str, str]:
    """A scenario with two versions, a run that is done, and a sweep whose runs have the result of that one: what is
    shown of them is at issue here, not what they find."""
    services, client = studio
    scenario = served.small(client)
    asked: dict[str, object] = {"label": "named <b>", "quick": True}
    run = client.post(f"/api/scenarios/{scenario}/runs", json=asked).json()["id"]
    served.waited(client, run, "done")
    services.queue._workers = 0
    asked = {"levers": [{"lever": "western_power_price", "low": -10, "high": 10}]}
    sweep = client.post(f"/api/scenarios/{scenario}/sweeps", json=asked).json()["id"]
    for each in client.get("/api/runs", params={"sweep": sweep}).json():
        shutil.copytree(services.queue.folder(run) / RESULT, services.queue.folder(each["id"]) / RESULT)
        services.store.change_run(each["id"], status="done", started=time.time(), ended=time.time())
    services.queue._workers = 1
    return scenario, run


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_is_shown(studio: Studio, ran: tuple[str, str], language: str) -> None:
    scenario, run = ran
    say = Translator(language)  # type: ignore[arg-type]
    runs = studio[1].get("/api/runs", params={"scenario": scenario}).json()
    other, sweep = runs[0]["id"], next(one["sweep"] for one in runs if one["sweep"])
    here = f"/scenarios/{scenario}"
    must = {
        "/": say(_("Scenarios")),
        here: say(_("Options")),
        f"{here}/tables/power": "tariff-inland",
        f"{here}/tables/modules": say(_("Add a row")),
        f"{here}/versions": "days:2",
        f"{here}/whatif": "−10 % … +10 %",
        f"/sweeps/{sweep}": f"/api/sweeps/{sweep}/report",
        "/runs": "named <b>",
        f"/runs/{run}": f"/api/runs/{run}/report",
        f"/runs/{run}/beside/{other}": f"/api/compare?runs={other}&runs={run}",
        "/compare": say(_("Runs to compare (two to {most}); the others are compared with the first", most=6)),
        "/account": say(_("Audit log")),
        "/nowhere": say(_("Page not found")),
        "/scenarios/0123456789abcdef": say(_("This page cannot be shown")),
        "/runs/0123456789abcdef": say(_("This page cannot be shown")),
        "/sweeps/0123456789abcdef": say(_("This page cannot be shown")),
        f"{here}/tables/nothing": say(_("This page cannot be shown")),
    }
    for path, words in must.items():
        assert words in shown(studio[1], path, language), path


@pytest.mark.parametrize(
    ("language", "plan", "own", "others", "alarm"),
    [("en", "plan: passed, 2.0e-09", "planned hours: FAILED, 2.0e-02", "other days: not checked", "Do not use the figures"),
     ("zh", "测算方案：通过，2.0e-09", "测算时段运行：未通过，2.0e-02", "其他日期：未核验", "查明原因前")],
)  # fmt: skip
def test_a_run_shows_whether_its_operations_are_certified(
    studio: Studio, ran: tuple[str, str], language: str, plan: str, own: str, others: str, alarm: str
) -> None:
    """Each in a badge, by its largest violation; what does not hold is told with what was found."""
    assert say_of(language)(_("Independent check:")) in shown(studio[1], f"/runs/{ran[1]}", language)
    assert alarm not in shown(studio[1], f"/runs/{ran[1]}", language)
    found = [
        Certified("", "plan", True, 2e-9, []),
        Certified("", "schedule", False, 0.02, ["capacity: installed / east-1: off by 7"]),
        Certified("boom", "others", None, None, []),
    ]
    pieces = [piece.to_plotly_json() for piece in run_result.certified(say_of(language), found)]
    said = json.dumps(pieces, cls=PlotlyJSONEncoder,
                      ensure_ascii=False)  # fmt: skip
    for words in (plan, own, f"boom · {others}", alarm, "installed / east-1"):
        assert words in said


def test_a_report_in_a_page_has_no_link_to_its_file_in_the_other_language(studio: Studio, ran: tuple[str, str]) -> None:
    """It leads nowhere there: the page around the report has the switch."""
    for language in ("en", "zh"):
        drawn = studio[1].get(f"/api/runs/{ran[1]}/report?lang={language}").text
        assert 'class="tongue"' not in drawn
        assert 'href="report' not in drawn


def say_of(language: str) -> Translator:
    """Words of the studio in a language."""
    return Translator(language)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_new_scenario_begins_with_a_small_one_and_says_that_another_is_large(studio: Studio, language: str) -> None:
    titles = {name: both[language == "zh"] for name, both in scenario_versions.shipped_titles().items()}
    box = shown(studio[1], "/", language)
    (base,) = re.findall(r'\{[^{}]*"id": "new-base"[^{}]*\}', re.sub(r'"data": \[.*?\]', '"data": 0', box))
    assert json.loads(base)["value"] == scenarios.TO_TRY == "guizhou-days"
    say = say_of(language)
    assert titles["guizhou"] in box
    assert say(scenarios.SIZES["guizhou-days"]) in box
    assert "3 GB" in say(scenarios.SIZES["guizhou"])
    assert "7.3 GB" in say(scenarios.SIZES["china"])


def test_choices_are_explained_by_what_they_are_called(studio: Studio, ran: tuple[str, str]) -> None:
    """No name of a file stands beside a choice that is called otherwise."""
    page = shown(studio[1], f"/scenarios/{ran[0]}", "zh")
    assert "成本最低：" in page
    assert "contract_price_cny_per_kwh" not in page
    assert "cost：" not in page


def test_a_fault_is_named_in_the_language_of_the_page(studio: Studio, ran: tuple[str, str]) -> None:
    """A price that is none, saved as it is: the overview and the grid say it in English or in Chinese."""
    client = studio[1]
    faulty = client.post("/api/scenarios", json={"name": "faulty", "copy_of": ran[0]}).json()["id"]
    table = client.get(f"/api/scenarios/{faulty}/tables/power").json()
    rows = [{**row, "co2_kg_per_kwh": "half"} for row in table["rows"][:1]] + table["rows"][1:]
    saved = client.put(f"/api/scenarios/{faulty}/tables/power", json={"base": 1, "rows": rows})
    assert saved.status_code == 200, saved.text
    for place in (f"/scenarios/{faulty}", f"/scenarios/{faulty}/tables/power"):
        assert "no such profile; give one of profiles" in shown(client, place)
        chinese = shown(client, place, "zh")
        assert "没有这条曲线；请填 profiles" in chinese
        assert "no such profile" not in chinese
    assert "电网电力的碳排放因子" in shown(client, f"/scenarios/{faulty}/tables/power", "zh")


def test_what_was_just_saved_is_said_with_what_keeps_it_from_a_run(studio: Studio, ran: tuple[str, str]) -> None:
    """A version with nothing to mend, then one with a fault; an address of another version says nothing."""
    client = studio[1]
    mine = client.post("/api/scenarios", json={"name": "mine", "copy_of": ran[0]}).json()["id"]
    place = f"/scenarios/{mine}/tables/power"
    rows = client.get(f"/api{place}").json()["rows"]
    assert client.put(f"/api{place}", json={"base": 1, "rows": rows}).status_code == 200
    assert "Saved as version 2." in shown(client, place, search="?saved=2")
    assert "已保存为第 2 版" in shown(client, place, "zh", search="?saved=2")
    assert "Saved as version" not in shown(client, place, search="?saved=1")
    rows[0]["co2_kg_per_kwh"] = "half"
    assert client.put(f"/api{place}", json={"base": 2, "rows": rows}).status_code == 200
    for page in (place, f"/scenarios/{mine}", f"/scenarios/{mine}/map"):
        assert "Saved as version 3. It has 1 error; correct it before you run it." in shown(
            client, page, search="?saved=3"
        )


def test_what_works_on_a_plan_stands_beside_it(studio: Studio, ran: tuple[str, str]) -> None:
    """A run that another follows shows that one by name; indicators are offered where there are targets alone."""
    services, client = studio
    services.queue._workers = 0
    run = client.get("/api/runs", params={"scenario": ran[0]}).json()
    plan = next(one["id"] for one in run if "-10 %" in one["label"])
    after = client.post(f"/api/runs/{plan}/then", json={"verbs": ["simulate"]}).json()["id"]
    try:
        page = shown(client, f"/runs/{plan}")
    finally:
        client.post(f"/api/runs/{after}/cancel")
        services.queue._workers = 1
    assert f"/runs/{after}" in page
    assert "western power price" in page
    assert Translator("en")(_("Simulate failures")) in page
    assert Translator("en")(_("Track indicators")) not in page


@pytest.mark.parametrize(
    ("step", "said"), [(0.0, "valley v2 · unchanged"), (-10.0, "valley v2 · western power price −10 %")]
)
def test_a_run_of_a_question_says_of_which_scenario_it_is(step: float, said: str) -> None:
    """*as given* alone, among the runs of all scenarios, says of none."""
    row = {"label": what_if_runs.label({"western_power_price": step}), "scenario": "valley", "version": 2}
    assert job_names.run_name(Translator("en"), row) == said


def test_the_first_version_is_not_compared_with_one_before(studio: Studio, ran: tuple[str, str]) -> None:
    words = Translator("en")
    first, second = (shown(studio[1], f"/scenarios/{ran[0]}/versions", search=f"?show={number}") for number in (1, 2))
    assert words(_("This is the first version.")) in first
    assert words(_("This is the first version.")) not in second


def test_a_defect_of_a_page_is_said_and_logged(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(studio[0], "runs", lambda *_: 1 / 0)
    with pytest.raises(AssertionError, match="internal error"):
        shown(studio[1], "/runs")
    assert "a page could not be shown" in caplog.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_three_runs_are_compared_with_the_first_and_downloaded(
    studio: Studio, ran: tuple[str, str], language: str
) -> None:
    """By the address that the form opens; runs of one name are told apart."""
    client = studio[1]
    rows = client.get("/api/runs", params={"scenario": ran[0]}).json()
    three = [ran[1], *(one["id"] for one in rows if one["sweep"])][:3]
    page = shown(client, "/compare", language, search=f"?runs={','.join(three)},{three[0]},nonsense")
    source = re.findall(r'"href": "(/api/compare[^"]+)"', page)[0]
    assert f'"download": "comparison.{language}.html"' in page
    assert source.count("runs=") == 3
    answer = client.get(source)
    assert answer.status_code == 200, answer.text[:300]
    assert Translator(language)(_("{n} runs side by side", n=3)) in answer.text  # type: ignore[arg-type]
    assert Translator(language)(_("All {n} runs cost the same", n=3)) in answer.text  # type: ignore[arg-type]


def test_a_comparison_of_one_run_or_seven_is_refused(studio: Studio, ran: tuple[str, str]) -> None:
    client, run = studio[1], ran[1]
    for runs in ([run], [run] * 7, ["nonsense", run]):
        assert client.get("/api/compare", params={"runs": runs}).status_code == 422
    assert client.get("/api/compare", params={"runs": [run, "0" * 16]}).status_code == 404
    with pytest.raises(RefusedError, match="two to 6 runs"):
        studio[0].require_few([run])


def test_a_run_to_take_along_is_offered_in_every_form(studio: Studio, ran: tuple[str, str]) -> None:
    page = shown(studio[1], f"/runs/{ran[1]}")
    for file in ("files/report.html", "files/tables.xlsx", "brief/pptx?lang=en", "tables/builds?form=parquet"):
        assert f"/api/runs/{ran[1]}/{file}" in page


def test_actions_of_the_log_are_named_in_chinese(studio: Studio, ran: tuple[str, str]) -> None:
    """Every action that the log of this studio holds has its words; none is shown as it is stored."""
    page = shown(studio[1], "/account", "zh")
    for action in {row["action"] for row in studio[0].store.audit()}:
        assert Translator("zh")(labels.ACTIONS[action]) in page


def test_a_question_is_told_by_its_settings(studio: Studio, ran: tuple[str, str]) -> None:
    """Each run by how the lever stands in it, the scenario as given first, and what they found in a frame below."""
    runs = studio[1].get("/api/runs", params={"scenario": ran[0]}).json()
    page = shown(studio[1], f"/sweeps/{next(one['sweep'] for one in runs if one['sweep'])}")
    places = [
        page.index(f'"{words}"') for words in ("unchanged", "western power price −10 %", "western power price +10 %")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(("status", "words"), [
    ("queued", "Queued: this run is next."), ("failed", "Run failed"), ("cancelled", "This run was cancelled."),
])  # fmt: skip
def test_a_run_without_a_result_says_why(studio: Studio, ran: tuple[str, str], status: str, words: str) -> None:
    services, client = studio
    services.queue._workers = 0
    values = {"scenario_id": ran[0], "version": 2, "owner_id": services.local_person().id, "label": status}
    run = services.store.add_run(**values)
    services.store.change_run(run, status=status, reason="the reason")
    try:
        page = shown(client, f"/runs/{run}")
    finally:
        services.store.change_run(run, status="cancelled")
        services.queue._workers = 1
    assert words in page
    assert ("the reason" in page) == (status != "cancelled")


@pytest.mark.parametrize("reads", [1, 2, 3])
def test_a_run_may_start_while_its_page_is_made(
    studio: Studio, ran: tuple[str, str], reads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is of one moment, whichever reading of the run is the last one before the queue starts it."""
    services, client = studio
    monkeypatch.setattr(services.queue, "_workers", 0)
    run = services.store.add_run(scenario_id=ran[0], version=2, owner_id=services.local_person().id, label="starts")
    read, left = services.store.run, iter(range(1, reads))

    def reading(person: Any, run_id: str) -> Any:
        row = read(person, run_id)
        if next(left, None) is None:
            services.store.change_run(run_id, status="running", started=time.time())
        return row

    monkeypatch.setattr(services.store, "run", reading)
    try:
        shown(client, f"/runs/{run}")
    finally:
        services.store.change_run(run, status="cancelled")


def test_pages_and_notes_are_for_those_who_are_signed_in(studio: Studio) -> None:
    stranger = TestClient(studio[1].app, base_url=served.HOME)
    assert stranger.post("/_dash-update-component", json={}).status_code == 401
    assert stranger.get("/_dash-layout").status_code == 401
    assert stranger.get("/_dash-dependencies").status_code == 401


def test_a_note_is_a_piece() -> None:
    assert "why" in str(page_components.note("why", title="what"))


def test_the_document_is_in_the_language_and_theme_chosen(studio: Studio) -> None:
    cookies = "; ".join(f"{name}={value}" for name, value in studio[1].cookies.items())
    page = studio[1].get("/", headers={"cookie": f"{cookies}; xisuan_lang=zh; xisuan_theme=dark"})
    assert '<html lang="zh-CN" data-mantine-color-scheme="dark">' in page.text
    hashes = [part for part in page.headers["content-security-policy"].split() if part.startswith("'sha256-")]
    assert len(hashes) == page.text.count("new DashRenderer()") == 1
    assert "//" not in page.text.replace("<!doctype html>", "")


def test_years_are_written_as_years(studio: Studio) -> None:
    scenario = served.made(studio[1], name="years")
    assert '"2026, 2028"' in shown(studio[1], f"/scenarios/{scenario}")
