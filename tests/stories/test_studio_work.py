"""Work in the studio that a planner does with others: bulletins reviewed, conflicts merged, jobs with options, people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.conftest import PASSWORD
from tests.stories.test_studio import Studio, edit, made, picture, until

TEXT = "贵州省统计局\n2024年3月28日\n2023年,全省软件业务收入863亿元,增长8.4%。2023年末,全省5G基站13.9万个。\n"


@pytest.mark.parametrize(
    ("language", "accept", "change", "keep", "save"),
    [("en", "Accept", "Change", "Keep", "Save to the scenario"), ("zh", "采纳", "修改", "确定", "保存到情景")],
)
def test_a_bulletin_is_reviewed_and_what_is_accepted_is_saved(
    studio: Studio,
    state: dict[str, object],
    tmp_path: Path,
    language: str,
    accept: str,
    change: str,
    keep: str,
    save: str,
) -> None:
    page = studio.page(storage_state=state)
    address = made(page, studio, f"bulletin-{language}")
    page.goto(f"{studio.home}/choose?lang={language}&to=/")
    page.goto(f"{address}/read")
    path = tmp_path / "公报.txt"
    path.write_text(TEXT, encoding="utf-8")
    page.fill("#read-region", "guizhou")
    page.set_input_files("#read-upload input", str(path))
    page.wait_for_url("**/read/*")
    review = page.frame_locator("iframe.report")
    review.get_by_role("button", name=accept, exact=True).first.click()
    picture(page, f"review-{language}", tmp_path)
    review.get_by_role("button", name=change, exact=True).last.click()
    review.locator(".form input[name=value]").fill("140000")
    review.locator(".form").get_by_role("button", name=keep, exact=True).click()
    review.get_by_role("button", name=save).click()
    page.wait_for_url("**/tables/observations?saved=2")
    page.wait_for_selector("#grid .ag-row")
    assert page.locator("#grid .ag-center-cols-container .ag-row").count() == 2
    cells = page.locator("#grid .ag-row [col-id=value]").all_inner_texts()
    assert [float(cell.replace(",", "")) for cell in cells] == [86_300.0, 140_000.0]
    page.goto(f"{studio.home}/choose?lang=en&to=/")
    page.context.close()
    assert studio.errors == []


def test_a_plan_is_operated_on_hours_of_ones_own_and_deleted(
    studio: Studio, state: dict[str, object], tmp_path: Path
) -> None:
    page = studio.page(storage_state=state)
    address = made(page, studio, "贵州方案", short=True)
    page.goto(f"{address}/tables/demand")  # the run buttons are on every tab
    page.click("#run-quick")
    page.wait_for_selector("iframe.report.whole")
    run = page.url.partition("?")[0]
    high = "document.querySelector('iframe.report').offsetHeight"
    until(lambda: page.evaluate(high) > 3000)  # the report has no scroll bar of its own
    page.click("#run-recheck")
    page.wait_for_selector("text=Checked again: all files and values hold.")
    page.locator("summary", has_text="Options of these jobs").click()
    page.get_by_label("Hours to operate").fill("hours:24")
    page.click("text=Operate on other hours >> nth=0")
    page.wait_for_selector("text=operation on other hours")
    page.wait_for_selector("iframe.report.whole")
    sure = page.get_by_label("Confirm deletion for good")

    def opened() -> bool:
        """A page that is drawn anew when its job has ended closes what was opened before."""
        if not sure.is_visible():
            page.locator("details:has(#run-delete-sure) > summary").click()
        return sure.is_visible()

    until(opened)
    sure.check()
    page.click("#run-delete")
    page.wait_for_url("**/runs")
    page.goto(run)
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as found:
        page.click("text=CSV")
    assert found.value.suggested_filename == "tables.zip"
    page.goto(address)
    with page.expect_download() as found:
        page.click("text=Folder (zip)")
    assert found.value.suggested_filename == "贵州方案.zip"
    page.context.close()
    assert studio.errors == []


def test_two_people_change_one_table_and_merge(department: Studio, tmp_path: Path) -> None:
    house = department
    pages = []
    for name in ("lin", "wang"):
        page = house.page()
        page.goto(house.home)
        page.get_by_label("User name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.click("button")
        page.wait_for_selector("h1 >> text=Scenarios")
        pages.append(page)
    lin, wang = pages
    address = made(lin, house, "shared")
    lin.goto(address)
    lin.fill("#people-name", "wang")
    lin.click("#people-access")
    lin.get_by_role("option", name="can edit").click()
    lin.click("#people-share")
    lin.wait_for_selector("#people td >> text=wang")
    for page in pages:
        page.goto(f"{address}/tables/demand")
        page.wait_for_selector(".ag-row")
    for page, row, value in ((lin, 0, "131"), (lin, 1, "161"), (wang, 0, "132"), (wang, 2, "21")):
        edit(page, row, "units", value)
        page.wait_for_selector("text=Not saved yet")
    lin.click("#grid-save")
    lin.wait_for_url("**saved=2")
    wang.click("#grid-save")
    wang.wait_for_selector("text=lin saved version 2 while you worked on version 1")
    conflict = wang.locator("#grid-said tbody tr")
    assert conflict.count() == 1
    assert conflict.locator("td").all_inner_texts()[2:5] == ["130", "131", "132"]
    picture(wang, "conflict", tmp_path)
    conflict.get_by_text("Yours").click()
    wang.click("#grid-merge")
    wang.wait_for_selector("#grid-merge", state="detached")
    wang.wait_for_selector("text=Not saved yet")
    wang.click("#grid-save")
    wang.wait_for_url("**saved=3")
    wang.wait_for_selector(".ag-row")
    found = [wang.inner_text(f'.ag-row[row-index="{at}"] [col-id="units"]') for at in range(4)]
    assert found == ["132", "161", "21", "25"]
    lin.goto(f"{house.home}/queue")
    lin.wait_for_selector("text=Nothing is queued or running.")
    for page in pages:
        page.context.close()
