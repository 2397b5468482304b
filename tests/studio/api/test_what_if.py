"""What-if questions: which runs they are, what is refused, and that they find what a sweep of the same design finds."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.results import sweep as results
from xisuan.results.sweep import Range
from xisuan.scenario import load
from xisuan.scenario.queries import levers as offered
from xisuan.studio.editing import what_if_runs
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.services.all_services import Services
from xisuan.workflow.sweep import Design, sweep

Studio = tuple[Services, TestClient]
PRICE, EAST = Range("western_power_price", -20.0, 20.0), Range("eastern_demand", 0.0, 10.0)


def test_a_grid_has_the_scenario_as_given_first_and_no_setting_twice() -> None:
    found = [tuple(one.values()) for one in what_if_runs.settings(Design("grid", (PRICE, EAST), 3))]
    assert found[0] == (0.0, 0.0)
    assert sorted(found) == sorted((price, east) for price in (-20.0, 0.0, 20.0) for east in (0.0, 5.0, 10.0))


def test_one_at_a_time_moves_one_lever() -> None:
    """Three steps of each, of which one is the scenario as given for both."""
    found = what_if_runs.settings(what_if_runs.alone((PRICE, EAST), 3))
    assert len(found) == 1 + 2 + 2
    assert all(sum(step != 0.0 for step in one.values()) <= 1 for one in found)


@pytest.mark.parametrize("moves", [
    {"western_power_price": -10.0}, {"western_power_price": 12.5, "eastern_demand": 0.0, "budgets": 133.333},
])  # fmt: skip
def test_what_a_run_is_called_says_its_setting(moves: dict[str, float]) -> None:
    assert what_if_runs.asked(what_if_runs.label(moves)) == moves


def test_the_longest_name_of_a_run_has_room_in_the_database() -> None:
    """Four levers of the longest names, each at a setting of as many digits as are kept."""
    longest = sorted((lever.name for lever in offered.LEVERS), key=len)[-what_if_runs.MOST_LEVERS :]
    assert len(what_if_runs.label(dict.fromkeys(longest, -33.333))) <= 120
    assert len(what_if_runs.label(dict.fromkeys(longest, 333.333))) <= 120


@pytest.mark.parametrize(("design", "words"), [
    (Design("grid", ()), "1 to 4 levers"), (Design("grid", (PRICE, PRICE)), "once"),
    (Design("grid", (PRICE, EAST), 11), "these are 121 runs; ask for 100 at most"),
    (Design("latin", (PRICE,), 100), "101 runs"),
])  # fmt: skip
def test_a_question_that_is_none_is_refused(design: Design, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        what_if_runs.settings(design)


@pytest.mark.parametrize("between", ["\t", ",", "，"])
def test_a_list_is_read_as_a_spreadsheet_copies_it(between: str) -> None:
    """Headings by label or name, a line for each run; percent signs and the minus of a page are read."""
    text = f"Price{between}eastern_demand\n-10 %{between}20\n\n−2.5{between}+5%\n"
    names = {"Price": PRICE.lever, PRICE.lever: PRICE.lever, EAST.lever: EAST.lever}
    moves = what_if_runs.read_list(text, names)
    assert moves == [{PRICE.lever: -10.0, EAST.lever: 20.0}, {PRICE.lever: -2.5, EAST.lever: 5.0}]
    found = what_if_runs.settings(what_if_runs.listed(moves))
    assert [tuple(one.values()) for one in found] == [(0.0, 0.0), (-10.0, 20.0), (-2.5, 5.0)]


@pytest.mark.parametrize(("text", "words"), [
    ("", "first line"), ("Price", "first line"), ("Moon\n1", "Moon: give a first line"),
    ("Price\nmany", "line 2 of the list"), ("Price\n1\n1\t2", "line 3 of the list"), ("Price\n900", "line 2 of the list"),
    ("Price\nnan", "line 2"), ("Price\n1e2", "line 2"), ("Price\tPrice\n1\t2", "only once"),
])  # fmt: skip
def test_a_list_that_cannot_be_read_says_where(text: str, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        what_if_runs.settings(what_if_runs.listed(what_if_runs.read_list(text, {"Price": PRICE.lever})))


@pytest.mark.parametrize("asked", [
    {}, {"levers": [{"lever": "budgets", "low": -95, "high": 0}]}, {"design": "list"},
    {"design": "list", "moves": [{"budgets": 500}]}, {"levers": [{"lever": "moon", "low": 0, "high": 1}]},
    {"levers": [{"lever": "population_demand", "low": -10, "high": 10}]},
    {"levers": [{"lever": "budgets", "low": 0, "high": 1}], "moves": [{"budgets": 1}]},
])  # fmt: skip
def test_a_request_that_cannot_be_asked_is_refused_and_leaves_nothing(
    studio: Studio, scenario: str, asked: dict[str, object]
) -> None:
    services, client = studio
    before = len(list(Path(services.configuration.data, "runs").glob("*")))
    assert client.post(f"/api/scenarios/{scenario}/sweeps", json=asked).status_code == 422
    assert len(list(Path(services.configuration.data, "runs").glob("*"))) == before


@pytest.fixture(scope="module")
def asked(studio: Studio) -> tuple[str, str]:
    """A small scenario, and a question of two levers together whose runs have ended; five times the demand has no plan."""
    _, client = studio
    scenario = served.small(client)
    moves = [{PRICE.lever: 20.0, EAST.lever: 10.0}, {EAST.lever: 400.0}]
    made = client.post(f"/api/scenarios/{scenario}/sweeps", json={"design": "list", "moves": moves})
    assert made.status_code == 202, made.text
    for run in client.get("/api/runs", params={"sweep": made.json()["id"]}).json():
        served.waited(client, run["id"], "done", "failed", seconds=900.0)
    return scenario, made.json()["id"]


@pytest.mark.long
def test_the_runs_of_a_question_find_what_a_sweep_finds(studio: Studio, asked: tuple[str, str]) -> None:
    """The same settings by the verb, on the same folder: the same statuses, costs, power at places and builds."""
    services, client = studio
    scenario, sweep_id = asked
    folder = services._folder(services.local_person(), scenario, None)
    ranges = (Range(PRICE.lever, 0.0, 20.0), Range(EAST.lever, 0.0, 400.0))
    expected = sweep(load.load(folder), Design("list", ranges, moves=((0.0, 400.0), (20.0, 10.0)))).members
    table = client.get(f"/api/sweeps/{sweep_id}/table")
    found = pd.read_csv(io.StringIO(table.text), keep_default_na=False, na_values=[""])
    assert list(found.columns) == list(expected.columns)
    assert list(found["status"]) == list(expected["status"])
    numbers = [PRICE.lever, EAST.lever, *results.FIGURES, *expected.columns[expected.columns.str.contains("[:@]")]]
    pd.testing.assert_frame_equal(found[numbers].astype(float), expected[numbers], rtol=1e-6, atol=1e-6)


@pytest.mark.long
def test_the_page_of_a_question_is_that_of_a_sweep(studio: Studio, asked: tuple[str, str]) -> None:
    client = studio[1]
    rows = client.get(f"/api/sweeps/{asked[1]}").json()
    assert what_if_runs.asked(rows[0]["label"]) == {PRICE.lever: 0.0, EAST.lever: 0.0}
    english, chinese = (client.get(f"/api/sweeps/{asked[1]}/report?lang={lang}") for lang in ("en", "zh"))
    assert "What matters, and what is built in any case" in english.text
    assert "敏感因素与稳健建设" in chinese.text
    assert english.headers["content-security-policy"].startswith("sandbox")
