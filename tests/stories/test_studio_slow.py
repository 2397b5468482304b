"""The studio over a slow network: what was clicked is done and shown, however late the answers come."""

from __future__ import annotations

from time import sleep

from playwright.sync_api import Route

from tests.stories.test_studio import RUN, Studio, made, new, report, shorten

SLOW = """
const quick = window.fetch;
window.fetch = async (...asked) => {
  if (String(asked[0]?.url ?? asked[0]).includes("_dash-update")) {
    await new Promise((done) => setTimeout(done, window.late ?? 1200));
    if (window.cut) throw new TypeError("the network is gone");
  }
  return quick(...asked);
};
"""
"""Every answer comes later than the page asks again; `cut` loses questions, as a broken network does."""


def test_a_run_that_was_clicked_while_the_page_changed_shows_its_report(
    studio: Studio, state: dict[str, object]
) -> None:
    page = studio.page(storage_state=state)
    page.add_init_script(SLOW)
    new(page, studio, "late")
    shorten(page)
    page.click("nav.tabs a:has-text('Versions')")
    page.click(RUN)  # of the page that is about to go
    page.wait_for_url("**/runs/*")
    page.wait_for_selector("#run-state")
    page.evaluate("window.cut = true")
    page.wait_for_timeout(4000)
    page.evaluate("window.cut = false")
    report(page)
    page.context.close()
    lost = [text for text in studio.errors if "503" not in text and "Callback error" not in text]
    studio.errors.clear()
    assert lost == []


def test_a_table_opens_without_an_error_when_the_scripts_of_the_page_come_late(
    studio: Studio, state: dict[str, object]
) -> None:
    """The framework starts after them, as its callbacks call their functions."""
    page = studio.page(storage_state=state)
    here = made(page, studio, "late-scripts")

    def late(route: Route) -> None:
        sleep(1.5)
        route.continue_()

    page.route("**/look/*.js", late)
    page.goto(f"{here}/tables/demand")
    page.wait_for_selector("#grid .ag-cell[col-id=units]")
    page.context.close()
    lost, studio.errors[:] = list(studio.errors), []
    assert lost == []
