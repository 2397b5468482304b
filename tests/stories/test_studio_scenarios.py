"""Scenarios of every kind made in the studio: a province, one with members, one of targets alone; tables as files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests.stories.test_studio import Studio, barriers, made, picture, report
from xisuan.tracking import statistics_folder

TARGET = "g5_base_stations,gansu,2027-12-31,80000,1,,over,2026-03-20,,plan\n"
OBSERVED = "g5_base_stations,gansu,{year}-12-31,{year}-12-31,point,{value},1,{year}-12-31\n"


@pytest.fixture
def page(studio: Studio, state: dict[str, object]) -> Iterator[Any]:
    """A page whose language is English before and after."""
    opened = studio.page(storage_state=state)
    opened.goto(f"{studio.home}/choose?lang=en&to=/")
    yield opened
    opened.goto(f"{studio.home}/choose?lang=en&to=/")
    opened.context.close()
    assert studio.errors == []


@pytest.mark.parametrize(
    ("language", "base", "province", "sources"),
    [
        ("en", "A province of China", "Gansu", "Where the figures come from"),
        ("zh", "我国某一省份", "甘肃", "数据来源与假设"),
    ],
)
def test_a_province_is_made_and_says_where_its_figures_come_from(
    page: Any, studio: Studio, tmp_path: Path, language: str, base: str, province: str, sources: str
) -> None:
    page.goto(f"{studio.home}/choose?lang={language}&to=/")
    page.click("#new-open")
    page.click("#new-base")
    page.get_by_role("option", name=base).click()
    page.click("#new-province")
    page.keyboard.type(province)
    page.get_by_role("option", name=province, exact=True).click()
    page.click("#new-periods")
    for year in ("2026", "2028"):
        page.get_by_role("option", name=year).click()
    page.keyboard.press("Escape")
    page.fill("#new-name", f"{province}-plan")
    page.click("#new-make")
    page.wait_for_url("**/scenarios/*")
    page.wait_for_selector("#run-now:not([disabled])")
    assert province in page.inner_text("h1")
    page.locator("summary", has_text=sources).click()
    page.wait_for_selector(".readme td >> text=national backbone")
    picture(page, f"province-{language}", tmp_path, full=True)
    assert barriers(page) == []
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_plan_for_several_futures_is_made_from_rows_of_a_table(page: Any, studio: Studio, tmp_path: Path) -> None:
    """A spreadsheet of members is imported; the run reports what holds for all, and offers no job for one plan."""
    address = made(page, studio, "futures", short=True)
    book = tmp_path / "members.xlsx"
    rows = {"member": ["calm", "boom"], "probability": [0.4, 0.6], "eastern_demand": [-10, 10]}
    pd.DataFrame(rows).to_excel(book, index=False)
    page.goto(f"{address}/tables/members")
    page.locator("summary", has_text="Import").click()
    page.set_input_files("#import-upload input", str(book))
    page.click("#import-take")
    page.wait_for_selector("text=Not saved yet")
    page.click("#grid-save")
    page.wait_for_url("**saved=3")
    page.wait_for_selector("text=Saved as version 3.")
    page.click("#run-quick")
    page.wait_for_url("**/runs/*")
    assert "boom" in report(page).locator("body").inner_text()
    picture(page, "members", tmp_path)
    assert page.locator("text=With this plan:").count() == 0
    page.goto(f"{address}/whatif")
    page.click("#ask-now")
    page.wait_for_selector("#ask-said >> text=several futures")


def test_a_table_is_downloaded_as_csv_and_excel_and_read_back(page: Any, studio: Studio, tmp_path: Path) -> None:
    """Both hold what the grid shows, Chinese included; an import of either changes nothing."""
    address = made(page, studio, "files")
    page.goto(f"{address}/tables/regions")
    page.wait_for_selector("#grid .ag-row")
    paths = {}
    for kind, words in (("csv", "Download (CSV)"), ("xlsx", "Download (Excel)")):
        with page.expect_download() as found:
            page.click(f"text={words}")
        assert found.value.suggested_filename == f"files-regions.{kind}"
        paths[kind] = tmp_path / f"regions.{kind}"
        shutil.copy(found.value.path(), paths[kind])
    assert paths["csv"].read_bytes().startswith(b"\xef\xbb\xbf")  # by which Excel knows UTF-8
    table = pd.read_csv(paths["csv"])
    sheet = openpyxl.load_workbook(paths["xlsx"])["regions"]
    assert [cell.value for cell in sheet[1]] == list(table.columns)
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == table["region"].tolist()
    shown = page.locator("#grid .ag-row [col-id=title_zh]").all_inner_texts()
    assert sorted(shown) == sorted(table["title_zh"])
    page.locator("summary", has_text="Import").click()
    for path in paths.values():
        page.set_input_files("#import-upload input", str(path))
        page.wait_for_selector(f"text={path.name} changes nothing")


def test_targets_and_figures_are_uploaded_under_a_chosen_name_and_tracked(
    page: Any, studio: Studio, tmp_path: Path
) -> None:
    folder = statistics_folder.new("gansu", tmp_path)
    with (folder / "targets.csv").open("a", encoding="utf-8") as file:
        file.write(TARGET)
    head = "indicator,region,period_start,period_end,basis,value,unit,published\n"
    rows = [OBSERVED.format(year=year, value=value) for year, value in ((2023, 49000), (2024, 62900), (2025, 70000))]
    (folder / "observations.csv").write_text(head + "".join(rows), encoding="utf-8")
    archive = shutil.make_archive(str(tmp_path / "甘肃 2026"), "zip", tmp_path, "gansu")
    page.click("#new-open")
    page.set_input_files("#new-upload input", archive)
    page.wait_for_selector("#upload-make")
    assert page.input_value("#upload-name") == "甘肃-2026"
    page.fill("#upload-name", "甘肃目标")
    picture(page, "upload", tmp_path)
    page.click("#upload-make")
    page.wait_for_url("**/scenarios/*")
    page.wait_for_selector("text=甘肃目标")
    address = page.url
    assert page.locator("#run-now, #run-quick, #run-with, #of-objective").count() == 0
    assert barriers(page) == []
    page.click("#track-now")
    page.wait_for_url("**/runs/*")
    assert "80,000" in report(page).locator("table").first.inner_text()
    page.wait_for_function(
        "document.querySelector('iframe.report').offsetHeight > 900"
    )  # without a scroll bar of its own
    page.goto(address)
    page.locator("summary", has_text="Track indicators with options").click()
    page.get_by_label("As of (published by this day)").fill("2026-04-01")
    page.click("#track-with")
    page.wait_for_url("**/runs/*")
    assert "as of 2026-04-01" in report(page).locator("header").inner_text()
