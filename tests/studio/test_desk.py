"""Scenarios, tables, versions: what is saved is what was given, and nothing of anybody is overwritten."""

from __future__ import annotations

import dataclasses
import io
import re
import threading
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from starlette.testclient import TestClient

from tests.studio import served
from xisuan.scenario import load, write
from xisuan.scenario.reading import scenario_folders
from xisuan.studio.http_errors import RefusedError
from xisuan.studio.services.all_services import Services

Studio = tuple[Services, TestClient]
SHORT = ("starter", "guizhou-gigabit-2023", "guizhou-2023")
"""One that stands alone, one without a network, and one that extends what extends others."""
UPLOAD = {"content-type": "application/octet-stream"}


def rows(client: TestClient, scenario: str, table: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = client.get(f"/api/scenarios/{scenario}/tables/{table}").json()["rows"]
    return found


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in SHORT else pytest.mark.long) for name in scenario_folders.shipped()],
)
def test_a_new_scenario_is_the_shipped_one_standing_alone(studio: Studio, name: str, tmp_path: Path) -> None:
    services, client = studio
    scenario = served.made(client, name, f"from-{name}")
    folder = services.folders.folder(services.scenario(services.local_person(), scenario)["folder"])
    write.write(load.load(name), tmp_path / "whole")
    assert write.same(load.load(folder), load.load(tmp_path / "whole"))
    assert client.get(f"/api/scenarios/{scenario}").json()["errors"] == 0


def test_an_edit_makes_a_version_that_says_what_changed(studio: Studio) -> None:
    _, client = studio
    scenario = served.made(client)
    power = rows(client, scenario, "power")
    power[1]["price"] = "0.28"
    power.append({"zone": "new", "price": "0.5"})
    saved = client.put(f"/api/scenarios/{scenario}/tables/power", json={"rows": power, "base": 1, "note": "cheaper"})
    assert saved.json()["version"] == 2
    diff = client.get(f"/api/scenarios/{scenario}/diff", params={"before": 1, "after": 2}).json()
    assert [(one["kind"], one["row"], one["column"], one["before"], one["after"]) for one in diff] == [
        ("added", "new", "", "", ""),
        ("changed", "inland", "price", "tariff-inland", "0.28"),
    ]
    versions = client.get(f"/api/scenarios/{scenario}/versions").json()
    assert [(one["number"], one["note"], one["author"]) for one in versions] == [
        (2, "cheaper", "local"),
        (1, "", "local"),
    ]
    old = client.get(f"/api/scenarios/{scenario}/tables/power", params={"version": 1}).json()
    assert [row["price"] for row in old["rows"]] == ["tariff-coast", "tariff-inland"]


def test_what_did_not_change_is_stored_once(studio: Studio) -> None:
    services, client = studio
    scenario = served.made(client)
    client.put(f"/api/scenarios/{scenario}/options", json={"base": 1, "options": {"title": "Other"}})
    one, two = (services.folders.folder(row["folder"]) for row in services.store.versions(scenario))
    assert (one / "links.csv").stat().st_ino == (two / "links.csv").stat().st_ino
    assert (one / "scenario.toml").stat().st_ino != (two / "scenario.toml").stat().st_ino


def test_a_check_speaks_the_words_of_check_and_saves_nothing(studio: Studio) -> None:
    _, client = studio
    scenario = served.made(client)
    power = rows(client, scenario, "power")
    power[0]["price"] = "cheap"
    power[1]["co2_kg_per_kwh"] = "half"
    found = client.post(f"/api/scenarios/{scenario}/tables/power/check", json={"rows": power}).json()
    places = {(one["table"], one["row"], one["column"], one["value"]) for one in found if one["level"] == "error"}
    assert ("power.csv", "row 3", "co2_kg_per_kwh", "half") in places
    assert any(place[2] == "price" for place in places)
    assert client.get(f"/api/scenarios/{scenario}").json()["version"] == 1


def test_a_version_with_problems_is_kept_and_not_run(studio: Studio) -> None:
    _, client = studio
    scenario = served.made(client)
    power = rows(client, scenario, "power")
    power[0]["price"] = ""
    saved = client.put(f"/api/scenarios/{scenario}/tables/power", json={"rows": power, "base": 1}).json()
    assert [one["level"] for one in saved["problems"]].count("error") >= 1
    refused = client.post(f"/api/scenarios/{scenario}/runs", json={})
    assert refused.status_code == 422
    assert "correct" in refused.json()["message"]


def test_the_second_of_two_is_told(studio: Studio) -> None:
    """Whoever saves later on the same version gets 409, with the name of the other; both texts are intact."""
    _, client = studio
    scenario = served.made(client)
    address = f"/api/scenarios/{scenario}/options"
    assert client.put(address, json={"base": 1, "options": {"title": "First"}}).status_code == 200
    late = client.put(address, json={"base": 1, "options": {"title": "Second"}})
    assert late.status_code == 409
    assert "local saved version 2" in late.json()["message"]
    assert client.get(f"/api/scenarios/{scenario}").json()["options"]["title"] == "First"


def test_of_many_at_once_one_saves(studio: Studio) -> None:
    _, client = studio
    scenario = served.made(client)
    codes: list[int] = []

    def save(number: int) -> None:
        asked = {"base": 1, "options": {"title": f"number {number}"}}
        codes.append(client.put(f"/api/scenarios/{scenario}/options", json=asked).status_code)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200, *[409] * 5]
    assert len(client.get(f"/api/scenarios/{scenario}/versions").json()) == 2


def test_an_earlier_version_comes_back_as_a_new_one(studio: Studio) -> None:
    _, client = studio
    scenario = served.made(client)
    client.put(f"/api/scenarios/{scenario}/tables/policies", json={"rows": [], "base": 1})
    assert "policies" not in client.get(f"/api/scenarios/{scenario}").json()["tables"]
    restored = client.post(f"/api/scenarios/{scenario}/restore", json={"version": 1, "base": 2})
    assert restored.json()["version"] == 3
    assert client.get(f"/api/scenarios/{scenario}/diff", params={"before": 1, "after": 3}).json() == []


def test_an_option_that_is_taken_out_is_a_change(studio: tuple[Services, TestClient]) -> None:
    """Made blank, it is no longer in the file; the difference between the versions says so."""
    client = studio[1]
    scenario = served.made(client, name="blanked")
    assert (
        client.put(f"/api/scenarios/{scenario}/options", json={"base": 1, "options": {"title_zh": ""}}).status_code
        == 200
    )
    diff = client.get(f"/api/scenarios/{scenario}/diff", params={"before": 1, "after": 2}).json()
    assert [(one["column"], one["before"], one["after"]) for one in diff] == [("title_zh", "城与山", "")]


def test_a_scenario_travels_as_zip_and_as_workbook(studio: Studio, scenario: str) -> None:
    _, client = studio
    for kind in ("zip", "xlsx"):
        data = client.get(f"/api/scenarios/{scenario}/download", params={"kind": kind}).content
        sent = client.post(f"/api/scenarios/upload?name=back-{kind}", content=data, headers=UPLOAD)
        assert sent.status_code == 201, sent.text
        back = client.get(f"/api/scenarios/{sent.json()['id']}").json()
        assert (back["errors"], back["title"]) == (0, "A city and the hills")


def hidden(title: str) -> bytes:
    """A table as Parquet, where what a cell holds is not seen at once."""
    out = io.BytesIO()
    pd.DataFrame({"source": ["s"], "title": [title]}).to_parquet(out)
    return out.getvalue()


def upload(client: TestClient, files: dict[str, str | bytes]) -> tuple[int, str]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"x/{name}", text)
    answer = client.post("/api/scenarios/upload?name=x", content=out.getvalue(), headers=UPLOAD)
    return answer.status_code, answer.text


def test_a_province_is_a_scenario_on_top_of_the_nation(studio: Studio) -> None:
    """Gansu has 12 cities and 2 autonomous prefectures; two periods end with the nation's last year, 2030."""
    _, client = studio
    assert {"code": "CN-GS", "name": "Gansu", "name_zh": "甘肃"} in client.get("/api/provinces").json()
    asked = {"name": "gansu", "province": "CN-GS", "periods": [2028, 2026]}
    answer = client.post("/api/scenarios", json=asked)
    assert answer.status_code == 201, answer.text
    found = client.get(f"/api/scenarios/{answer.json()['id']}").json()
    assert (found["origin"], found["errors"]) == ("CN-GS", 0)
    assert (found["options"]["periods"], found["options"]["last_period_years"]) == ("[2026, 2028]", "3")
    regions = client.get(f"/api/scenarios/{answer.json()['id']}/tables/regions").json()["rows"]
    assert [row["title_zh"] for row in regions if row["region"] == "CN-GS"] == []
    own = {row["title_zh"] for row in regions if not row["region"].startswith("CN-")}
    assert (len(own), {"兰州", "庆阳", "甘南"} <= own, len(regions)) == (14, True, 30 + 14)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"province": "CN-XX"}, "CN-XX is no province"),
        ({"province": "CN-GS", "base": "starter"}, "one of base, province and copy_of"),
        ({"base": "starter", "periods": [2026]}, "periods go with a province"),
        ({"province": "CN-GS", "periods": [2031]}, "2031"),
    ],
)
def test_no_province_is_made_of_anything_else(studio: Studio, asked: dict[str, object], words: str) -> None:
    answer = studio[1].post("/api/scenarios", json={"name": "gansu", **asked})
    assert (answer.status_code, words in answer.json()["message"] + str(answer.json()["problems"])) == (422, True)


def test_an_upload_may_extend_a_shipped_scenario_and_nothing_else(studio: Studio) -> None:
    """Neither a folder of the server nor another person's version can be read by extending it."""
    services, client = studio
    room = services.store.versions(served.made(client))[0]["folder"]
    code, text = upload(client, {"scenario.toml": 'extends = "starter"\nhours = "days:1"\n'})
    assert code == 201
    for base in (f"../{room}", room, f"../{room}/scenario", "/etc", "../../../../etc"):
        code, text = upload(client, {"scenario.toml": f'extends = "{base}"\n'})
        assert code == 422, base
        assert "no shipped scenario" in text


@pytest.mark.parametrize(("files", "words"), [
    ({"scenario.toml": "not toml ="}, "not TOML"),
    ({"scenario.toml": 'extends = "starter"', "power.csv": "zone,price\ncoast,cheap\n"}, "cheap"),
    ({"scenario.toml": "periods = [2026]", "regions.csv": "region,lat,lon\n=1+1,1,2\n"}, "regions.csv.*would run this"),
    ({"scenario.toml": 'extends = "starter"', "sources.parquet": hidden("=1+1")}, "sources.csv.*would run this"),
])  # fmt: skip
def test_an_upload_that_cannot_be_used_says_why(studio: Studio, files: dict[str, str | bytes], words: str) -> None:
    code, text = upload(studio[1], files)
    assert code == 422
    assert re.search(words, text)


def test_a_table_of_too_many_rows_is_refused(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    services, client = studio
    monkeypatch.setattr(services, "limits", dataclasses.replace(services.limits, table_rows=20))
    rows = "".join(f"r{n},1,2\n" for n in range(30))
    code, text = upload(client, {"scenario.toml": "periods = [2026]", "regions.csv": f"region,lat,lon\n{rows}"})
    assert code == 413
    assert "regions.csv has more than 20 rows" in text


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", "名！", "x" * 65, "a\n", "%00"])
def test_a_hostile_name_is_refused(studio: Studio, name: str) -> None:
    assert studio[1].post("/api/scenarios", json={"name": name, "base": "starter"}).status_code == 422


@pytest.mark.parametrize(("name", "near"), [("我的 plan", "我的-plan"), (" ../x", "x"), ("???", "my-plan")])
def test_a_name_that_is_none_is_answered_with_one(studio: Studio, name: str, near: str) -> None:
    services, _ = studio
    with pytest.raises(RefusedError, match=rf"and no spaces: write {near}$"):
        services.new(services.local_person(), name, "starter")


@pytest.mark.parametrize("cell", ["=1+1", "@x", "\tx", "+a|b!c", "x" * 10_001])
def test_a_cell_that_does_harm_is_refused(studio: Studio, cell: str) -> None:
    """Or kept with what is wrong with it: in a scenario of its own, for others ask of the one they share."""
    scenario = served.made(studio[1])
    asked = {"rows": [{"source": cell if cell != "\tx" else "a\x0b\tb"}], "base": 1}
    answer = studio[1].put(f"/api/scenarios/{scenario}/tables/sources", json=asked)
    assert answer.status_code == 422 or answer.json()["problems"]


@pytest.mark.parametrize("table", ["nothing", "scenario.toml", "%2e%2e%2fetc"])
def test_a_table_that_is_none_is_not_found(studio: Studio, scenario: str, table: str) -> None:
    assert studio[1].get(f"/api/scenarios/{scenario}/tables/{table}").status_code in (404, 422)


def test_options_out_of_bounds_are_refused_together(studio: Studio, scenario: str) -> None:
    asked = {"base": 1, "options": {"hours": "dys:1", "discount_rate": "6", "plan.operate_days": "many"}}
    answer = studio[1].put(f"/api/scenarios/{scenario}/options", json=asked)
    assert answer.status_code == 422
    assert {one["column"] for one in answer.json()["problems"]} == {"hours", "discount_rate", "plan.operate_days"}


OWN_RULE = """
[[rule]]
name = "small-hills"
sense = "<="
value = {2026 = 90, 2028 = 80}

[[rule.term]]
variable = "installed"
site = "SITE"
"""


def test_own_rules_of_an_upload_become_tables_that_downloads_hold(studio: Studio, tmp_path: Path) -> None:
    services, client = studio
    write.write(load.load("starter"), tmp_path / "mine")
    site = pd.read_csv(tmp_path / "mine" / "sites.csv")["site"][0]
    (tmp_path / "mine" / "rules.toml").write_text(OWN_RULE.replace("SITE", site), encoding="utf-8")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in (tmp_path / "mine").iterdir():
            archive.write(path, f"mine/{path.name}")
    sent = client.post("/api/scenarios/upload?name=own-rules", content=out.getvalue(), headers=UPLOAD)
    assert sent.status_code == 201, sent.text
    scenario = sent.json()["id"]
    assert [(row["rule"], row["period"], row["value"]) for row in rows(client, scenario, "rules")] == [
        ("small-hills", "2026", "90"),
        ("small-hills", "2028", "80"),
    ]
    assert client.get(f"/api/scenarios/{scenario}").json()["errors"] == 0
    whole = load.load(tmp_path / "mine")
    for kind in ("zip", "xlsx"):
        data = client.get(f"/api/scenarios/{scenario}/download?kind={kind}").content
        again = client.post(f"/api/scenarios/upload?name=own-rules-{kind}", content=data, headers=UPLOAD).json()["id"]
        folder = services.folders.folder(services.scenario(services.local_person(), again)["folder"])
        found = load.load(folder)
        for table in ("rules", "rule_terms"):
            assert found[table]["rule"].tolist() == whole[table]["rule"].tolist()
        assert found["rules"]["value"].tolist() == [90, 80]
        assert found["rule_terms"]["site"].tolist() == [site]


def test_a_long_file_of_rules_is_refused(studio: Studio) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x/scenario.toml", 'name = "x"\n')
        archive.writestr("x/rules.toml", "a.a.a.a = 1\n" * 2000)
    answer = studio[1].post("/api/scenarios/upload?name=x", content=out.getvalue(), headers=UPLOAD)
    assert answer.status_code == 413
    assert "rule_terms.csv" in answer.json()["message"]
