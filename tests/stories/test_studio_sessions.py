"""A session that ends while a table is edited: the edits stay, and are saved once the same person has signed in again."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.stories.conftest import PASSWORD
from tests.stories.test_studio import Studio, barriers, edit, made, picture


def sign_in(page, house: Studio, name: str) -> None:  # type: ignore[no-untyped-def]
    page.goto(f"{house.home}/login")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("button")
    page.wait_for_selector("h1")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_edits_outlive_a_session_and_are_saved_after_the_next_sign_in(
    department: Studio, language: str, tmp_path: Path
) -> None:
    house = department
    page = house.page()
    sign_in(page, house, "lin")
    here = made(page, house, f"outlived-{language}")
    page.goto(f"{house.home}/choose?lang={language}&to=/")
    page.goto(f"{here}/tables/budgets")
    page.wait_for_selector(".ag-row")
    edit(page, 0, "limit_mcny", "450")
    page.wait_for_selector("#grid-said .unsaved")
    with sqlite3.connect(house.folder / "studio.db") as store:
        store.execute("delete from sessions")
    store.close()
    page.click("#grid-save")
    page.wait_for_selector("#expired:not([hidden])")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, f"expired-{language}-{width}", tmp_path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 900})
    assert barriers(page) == []
    with page.context.expect_page() as opened:
        page.click("#expired a")
    door = opened.value
    sign_in(door, house, "wang")  # somebody else at this computer: nothing is saved in that name
    door.wait_for_timeout(500)
    assert page.locator("#expired").is_visible()
    door.goto(f"{house.home}/account")
    door.click("#leave")
    door.wait_for_url("**/login*")
    sign_in(door, house, "lin")
    page.wait_for_url("**saved=2")
    assert page.locator("#expired").is_hidden()
    page.wait_for_selector(".ag-row")
    assert "450" in page.inner_text('.ag-row[row-index="0"] [col-id="limit_mcny"]')
    page.context.close()
