"""Options of a scenario as fields: one for each, of its own kind, and what is shown is what is saved."""

from __future__ import annotations

import importlib.resources
from pathlib import Path
from typing import Any

import pytest

from tests.studio import served
from xisuan.scenario.reading import manifest
from xisuan.scenario.settings import OPTIONS, Hours, PlanOptions, Settings
from xisuan.studio.editing import code_names, table_rows
from xisuan.studio.pages.work import scenario_fields
from xisuan.text.translation import Translator

ELSEWHERE = scenario_fields.SET_ELSEWHERE
SHIPPED = Path(str(importlib.resources.files("xisuan") / "library"))


def fields(folder: Path, language: str = "en", may_edit: bool = True) -> list[Any]:
    known = code_names.option_values(folder, language)  # type: ignore[arg-type]
    say = Translator(language)  # type: ignore[arg-type]
    return list(scenario_fields.fields(say, table_rows.options(folder), known, may_edit).children)


def filled(found: list[Any], **changes: Any) -> dict[str, str]:
    """The options that the page sends, with the values of some fields replaced: NAME or NAME_count."""
    ids = [one.id for one in found]
    names = [one["option"] + ("_count" if one["part"] else "") for one in ids]
    return scenario_fields.texts(
        ids, [changes.get(name, getattr(one, "value", None)) for name, one in zip(names, found, strict=True)]
    )


def written(folder: Path, **chosen: Any) -> Path:
    (folder / manifest.FILE).write_text(manifest.text(Settings(name="here", **chosen)), encoding="utf-8")
    (folder / "sites.csv").write_text("site,title,title_zh,hub\nA,Alpha,甲,West\nB,,,\n", encoding="utf-8")
    (folder / "power.csv").write_text("zone,price\nNorth,0.4\nNorth,0.5\nSouth,0.3\n", encoding="utf-8")
    return folder


def test_every_option_has_a_field_but_those_that_are_set_elsewhere(tmp_path: Path) -> None:
    found = {one.id["option"] for one in fields(written(tmp_path))}
    assert found == {option.name for option in OPTIONS} - {"name", "extends", "drop"}


@pytest.mark.parametrize(
    "folder", sorted(each.parent for each in SHIPPED.glob("*/scenario.toml")), ids=lambda x: x.name
)
def test_what_is_shown_is_what_is_saved(folder: Path) -> None:
    before = table_rows.options(folder)
    assert {name: text for name, text in filled(fields(folder)).items() if before[name] != text} == {}


def test_values_of_every_kind_survive_the_page(tmp_path: Path) -> None:
    plan = PlanOptions("contract", 2.5, 1e-7, 3, 1e-6, ("North", 'So"uth, 南'))
    folder = written(tmp_path, title="2026", periods=(2026, 2028), hours=Hours("weeks", 4), plan=plan)
    again = manifest.settings(
        manifest.fields(
            _nested(table_rows.manifest_text(folder, filled(fields(folder)))), manifest.FILE, manifest.Findings()
        )
    )
    assert again == table_rows.settings(folder)
    assert again.title == "2026"
    assert again.plan == plan


def _nested(text: str) -> dict[str, Any]:
    found = manifest.load(text, manifest.FILE, manifest.Findings())
    assert found is not None
    return found


def test_each_field_has_the_kind_of_its_option(tmp_path: Path) -> None:
    plan = PlanOptions(contract_zones=("North", "gone"))
    found = {one.id["option"] + one.id["part"]: one for one in fields(written(tmp_path, plan=plan), "zh")}
    assert type(found["objective"]).__name__ == "Select"
    assert (found["base_year"].min, found["base_year"].max) == (1900, 2200)
    for name in ("base_year", "plan.operate_days", "last_period_years"):  # the label says what is counted
        assert not hasattr(found[name], "suffix")
    assert found["as_of"].placeholder == "2025-12-31"
    assert type(found["hourscount"]).__name__ == "NumberInput"
    assert found["discount_rate"].label.endswith("（每年小数）")
    labels = {one["value"]: one["label"] for one in found["report.region"].data}
    assert labels == {"A": "甲", "B": "B", "West": "West"}
    zones = found["plan.contract_zones"]
    assert zones.value == ["North", "gone"]
    assert [one["value"] for one in zones.data] == ["North", "gone", "South"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_field_speaks_of_the_command_line(language: str, tmp_path: Path) -> None:
    for one in fields(written(tmp_path), language):
        words = f"{one.label} {getattr(one, 'description', '')}"
        assert "--" not in words
        assert "_" not in words
        assert "[" not in words


@pytest.mark.parametrize(
    ("changes", "option", "text"),
    [
        ({"hours": "weeks", "hours_count": 4}, "hours", "weeks:4"),
        ({"hours": "year", "hours_count": 4}, "hours", "year"),
        ({"hours": "days", "hours_count": ""}, "hours", "days:"),  # the check says what is wrong
        ({"periods": "2026，2028"}, "periods", "[2026, 2028]"),
        ({"as_of": ""}, "as_of", ""),
        ({"as_of": "2025-12-31"}, "as_of", "2025-12-31"),
        ({"plan.contract_zones": ["South"]}, "plan.contract_zones", '["South"]'),
        ({"plan.gap": " 1e-6 "}, "plan.gap", "1e-6"),
        ({"base_year": 2025}, "base_year", "2025"),
        ({"report.region": None}, "report.region", ""),
    ],
)
def test_an_edit_becomes_the_text_of_the_file(changes: dict[str, Any], option: str, text: str, tmp_path: Path) -> None:
    assert filled(fields(written(tmp_path)), **changes)[option] == text


@pytest.mark.parametrize("text", ["2026, 2028", "2026 2028", "2026、2028", "[2026,2028]", " 2026;2028 "])
def test_years_may_stand_apart_as_people_write_them(text: str) -> None:
    assert scenario_fields._from_years(text) == "[2026, 2028]"


@pytest.mark.parametrize("text", ["", "soon", "2026-2028"])
def test_years_that_are_none_are_left_to_the_check(text: str) -> None:
    assert scenario_fields._from_years(text) == text


def test_options_that_the_api_gives_are_taken_back(studio: Any) -> None:
    """Names, small numbers and a title of digits: read, saved, and in a workbook that is uploaded again."""
    client = studio[1]
    scenario = served.made(client, name="options")
    place = f"/api/scenarios/{scenario}/options"
    wanted = {"title": "2026", "plan.gap": "1e-06", "plan.power_price": "contract", "plan.contract_zones": '["coast"]'}
    assert client.put(place, json={"base": 1, "options": wanted}).status_code == 200
    found = client.get(place.removesuffix("/options")).json()["options"]
    assert {name: found[name] for name in wanted} == wanted
    taken = client.put(place, json={"base": 2, "options": {key: found[key] for key in found if key not in ELSEWHERE}})
    assert taken.status_code == 200, taken.text
    book = client.get(f"/api/scenarios/{scenario}/download", params={"kind": "xlsx"}).content
    sent = client.post("/api/scenarios/upload", params={"name": "again"}, content=book)
    assert sent.status_code == 201, sent.text
    again = client.get(f"/api/scenarios/{sent.json()['id']}").json()["options"]
    assert {name: again[name] for name in wanted} == wanted
