"""The studio in a real browser: what a planner does, from the first visit to the report, and what goes wrong on the way.

With XISUAN_PICTURES=docs/images the pictures of the tutorial are made anew.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pandas as pd
import pytest

from tests.stories.conftest import PASSWORD
from xisuan.cli.main import invoke

sync_api = pytest.importorskip("playwright.sync_api", reason="NO PLAYWRIGHT: nobody has used the studio; install it")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="NO AXE: accessibility was not measured")

SERVER = "import sys; from xisuan.cli.main import main; sys.argv = ['xisuan', *sys.argv[1:]]; main()"
HIDDEN = """() => {
  const box = (item) => item.getBoundingClientRect(), all = (selector) => [...document.querySelectorAll(selector)];
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const dots = all(".editable .spot > circle:not(.hit), .editable .spot > rect").map(box);
  const names = all(".editable .spot > text:not(.hid)").filter((name) => dots.some((dot) => meet(box(name), dot)));
  const still = innerWidth < 500 ? all(".ag-pinned-left-header .ag-header-cell[col-id=region]") : [];
  const away = innerWidth < 500 ? all(".versions td").filter((cell) => box(cell).right > innerWidth) : [];
  return [...names, ...still, ...away].map((item) => item.textContent);
}"""
"""Of the map names that cover dots; on a phone keys that stand still, and cells of versions that are out of sight."""
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What axe finds in one theme and not in another."""
RUN = "#run-now" if "XISUAN_PICTURES" in os.environ else "#run-quick"
"""Pictures show a whole run; where what it finds is not at issue, a quick one shows the same."""
PATIENCE = 300_000
"""Milliseconds: the machine may be busy with other things."""


@dataclass
class Studio:
    """A server in a process of its own, and the browser that looks at it."""

    folder: Path
    port: int
    chromium: object
    more: tuple[str, ...] = ()
    process: subprocess.Popen[str] | None = None
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    entry: str = ""

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [sys.executable, "-c", SERVER, "studio", "--port", str(self.port), "--data", str(self.folder)]
        self.process = subprocess.Popen(
            [*command, *self.more], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        self.entry = self.process.stdout.readline().split()[-1]
        self.process.stdout.close()
        end = time.monotonic() + PATIENCE / 1000
        while True:
            try:
                httpx2.get(f"{self.home}/health")
            except httpx2.TransportError:
                assert time.monotonic() < end
                time.sleep(0.1)
            else:
                return

    def end(self, number: int = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait()

    def page(self, width: int = 1280, **settings: object):  # type: ignore[no-untyped-def]
        """A new browser's page; what it asks of others and what fails in it is noted."""
        still = {"reduced_motion": "reduce", **settings}  # without a graphics card, what moves takes a core to draw
        context = self.chromium.new_context(viewport={"width": width, "height": 900}, **still)  # type: ignore[attr-defined]
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        inside = (self.home, f"http://localhost:{self.port}", "data:", "blob:")
        page.on("request", lambda request: None if request.url.startswith(inside) else self.outside.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        return page

    def visit(self, width: int = 1280, **settings: object):  # type: ignore[no-untyped-def]
        """A page that was let in."""
        page = self.page(width, **settings)
        page.goto(self.entry)
        page.wait_for_selector("h1")
        return page


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def picture(page, name: str, tmp: Path, full: bool = False) -> None:  # type: ignore[no-untyped-def]
    """A picture for the tutorial."""
    folder = Path(os.environ.get("XISUAN_PICTURES") or tmp)
    page.wait_for_timeout(500)
    page.screenshot(path=folder / f"studio-{name}.png", full_page=full)


def shorten(page) -> None:  # type: ignore[no-untyped-def]
    """Make the scenario on the overview one that is planned in a moment, as a user would."""
    page.get_by_role("textbox", name="Modelled hours").click()
    page.get_by_role("option", name="one hour, the yearly mean").click()
    page.get_by_label("Other days to test").fill("1")
    page.click("#options-save")
    page.wait_for_url("**saved=2")
    page.wait_for_selector("text=version 2")


def new(page, studio: Studio, name: str, base: str = "A city and the hills") -> str:  # type: ignore[no-untyped-def]
    """Make a scenario by clicking; its address."""
    page.goto(studio.home)
    page.click("#new-open")
    page.click("#new-base")
    page.get_by_role("option", name=base).click()
    page.fill("#new-name", name)
    page.click("#new-make")
    page.wait_for_url("**/scenarios/*")
    page.wait_for_selector("#run-now")
    return str(page.url)


def made(page, studio: Studio, name: str, *, short: bool = False) -> str:  # type: ignore[no-untyped-def]
    """Make a scenario as a program would, where clicking is not what the story is about; its address.

    short: as `shorten` leaves it, which is its version 2.
    """
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    headers = {"X-CSRFToken": cookies[f"xisuan_csrf_{studio.port}"]}
    api = f"{studio.home}/api/scenarios"
    answer = page.request.post(api, data={"name": name, "base": "starter"}, headers=headers)
    assert answer.status == 201, answer.text()
    scenario = answer.json()["id"]
    if short:
        options = {"hours": "one", "plan.operate_days": "1"}
        answer = page.request.put(f"{api}/{scenario}/options", data={"base": 1, "options": options}, headers=headers)
        assert answer.json()["version"] == 2, answer.text()
    return f"{studio.home}/scenarios/{scenario}"


def edit(page, row: int, column: str, value: str) -> None:  # type: ignore[no-untyped-def]
    """Type into a cell of the grid."""
    page.locator(f'.ag-row[row-index="{row}"] [col-id="{column}"]').dblclick()
    page.keyboard.press("Control+A")
    page.keyboard.type(value)
    page.keyboard.press("Enter")


def lines(page) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """Line numbers that the grid of power shows, by zone, in the order of the screen."""
    rows = page.locator(".ag-pinned-left-cols-container .ag-row").evaluate_all(
        "rows => rows.map(row => [Number(row.getAttribute('row-index')),"
        " ...['zone', '_line'].map(name => row.querySelector(`[col-id='${name}']`).innerText.trim())])"
    )
    return {zone: line for _, zone, line in sorted(rows)}


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds that no selector says."""
    end = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def box_of(locator) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """Where it is drawn. A check that has just answered draws the map anew, and what is replaced has no box for a moment."""
    boxes: list[dict[str, float]] = []

    def drawn() -> bool:
        if box := locator.bounding_box():
            boxes.append(box)
        return bool(boxes)

    until(drawn)
    return boxes[0]


def report(page):  # type: ignore[no-untyped-def]
    """The report in its frame, once the run is done."""
    try:
        page.wait_for_selector("iframe.report")
    except sync_api.TimeoutError as late:
        raise AssertionError(f"No report at {page.url}: {page.inner_text('body')}") from late
    frame = page.frame_locator("iframe.report")
    frame.locator("h1").wait_for()
    return frame


LOADED = """async () => {
  if (document.readyState !== "complete") await new Promise(done => addEventListener("load", done));
}"""
"""Wait for all of a page: its first figure stands before the last one has come."""


def charts_of(page, studio: Studio, tmp: Path, run: str) -> None:  # type: ignore[no-untyped-def]
    """One choice moves all charts of a run and is in the address; another run is drawn over it; values are a file."""
    page.goto(run)
    page.click("text=Charts by site, class and region")
    frame = page.frame_locator("iframe.report")
    frame.locator("figure").first.wait_for()
    frame.locator("body").evaluate(LOADED)
    everywhere = frame.locator("figure").count()
    page.click("#charts-regions")
    page.get_by_role("option", name="Hills", exact=True).click()
    page.wait_for_url("**/charts?regions=hills")
    frame.locator("header >> text=Hills").wait_for()
    frame.locator("body").evaluate(LOADED)
    assert frame.locator("figure").count() < everywhere  # the hills train nothing
    with page.expect_download() as found:
        page.click("text=Values (CSV)")
    table = pd.read_csv(found.value.path())
    served = table[table["chart"].str.startswith("Work served")].groupby("period")["value"].sum()
    assert served.to_dict() == pytest.approx({2026: 20.0, 2028: 25.0})  # as the table of demand says
    page.click("#charts-with")
    page.get_by_role("option", name="first v4").click()
    page.wait_for_url("**with=*")
    frame.locator(".legend >> text=first v4").first.wait_for()
    for language, width, theme in (("en", 1280, "light"), ("zh", 390, "dark")):
        here = page.url.removeprefix(studio.home)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{studio.home}/choose?lang={language}&theme={theme}&to=/")
        page.goto(studio.home + here)
        frame.locator("figure").first.wait_for()
        picture(page, f"charts-{language}", tmp)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert barriers(page) == []
    page.goto(f"{studio.home}/choose?lang=en&theme=light&to=/")


def test_from_the_first_visit_to_the_report(studio: Studio, state: dict[str, object], tmp_path: Path) -> None:
    """A scenario, a slip that is marked in its cell, the table mended, its version, a run, the report, a run beside it."""
    page = studio.page(storage_state=state)
    address = new(page, studio, "first")
    picture(page, "overview", tmp_path)
    shorten(page)
    page.goto(f"{address.partition('?')[0]}/tables/power")
    page.wait_for_selector(".ag-row")
    edit(page, 1, "co2_kg_per_kwh", "half")
    page.wait_for_selector(".ag-cell.bad")
    assert "half" in page.inner_text(".problems")
    picture(page, "table", tmp_path)
    edit(page, 1, "co2_kg_per_kwh", "0.48")
    page.wait_for_selector(".ag-cell.bad", state="detached")
    page.fill("#grid-note", "a cleaner grid")
    page.click("#grid-save")
    page.wait_for_url("**saved=3")
    page.click("text=Versions")
    page.wait_for_selector("ins")
    assert (page.inner_text("del"), page.inner_text("ins")) == ("0.5", "0.48")
    picture(page, "versions", tmp_path)
    page.click("text=Overview")
    page.wait_for_selector("nav.tabs a.at:has-text('Overview')")  # the buttons of this page, not those of the last one
    page.click("#run-now")
    page.wait_for_url("**/runs/*")
    assert "What is built, and when?" in report(page).locator("h2").first.inner_text()
    picture(page, "report", tmp_path)
    first = page.url.partition("?")[0]
    page.goto(f"{address.partition('?')[0]}/tables/power")
    page.wait_for_selector(".ag-row")
    edit(page, 1, "price", "0.9")
    page.wait_for_selector("text=Not saved yet")
    page.click("#grid-save")
    page.wait_for_url("**saved=4")
    page.wait_for_selector("text=Saved as version 4.")
    page.click(RUN)  # on every tab
    page.wait_for_url("**/runs/*")
    report(page)
    assert page.url.partition("?")[0] != first
    page.click("#beside")
    page.get_by_role("option", name="first v3").click()
    page.wait_for_url("**/compare?**")
    assert "costs" in report(page).locator(".lead li").first.inner_text()
    picture(page, "beside", tmp_path)
    charts_of(page, studio, tmp_path, first)
    assert studio.errors == []
    page.context.close()


@pytest.mark.long
def test_rows_are_numbered_as_the_check_speaks_of_them(studio: Studio, state: dict[str, object]) -> None:
    """Sorted, filtered, added to and deleted from, every row keeps the line that it has in the file once saved."""
    page = studio.page(storage_state=state)
    address = made(page, studio, "numbered")
    page.goto(f"{address}/tables/power")
    page.wait_for_selector(".ag-row")
    assert lines(page) == {"coast": "2", "inland": "3"}
    page.click("#grid-add")
    page.wait_for_selector('.ag-row[row-index="2"]')
    assert lines(page)[""] == ""
    edit(page, 2, "zone", "attic")
    edit(page, 2, "price", "none")
    page.wait_for_selector(".problems >> text=row 4")
    page.click('.ag-header-cell[col-id="zone"] .ag-header-cell-text')
    until(lambda: list(lines(page).items()) == [("attic", "4"), ("coast", "2"), ("inland", "3")])
    page.locator('.ag-row[row-index="0"] [col-id="_line"]').dblclick()
    assert page.locator(".ag-cell-inline-editing").count() == 0
    page.locator('.ag-row[row-index="1"] .ag-selection-checkbox').first.click()
    page.click("#grid-delete")
    page.wait_for_selector(".problems >> text=row 3")
    until(lambda: lines(page) == {"attic": "3", "inland": "2"})
    page.click("#grid-save")
    page.wait_for_url("**saved=2")
    page.wait_for_selector(".ag-row")
    until(lambda: lines(page) == {"inland": "2", "attic": "3"})
    assert "row 3" in page.inner_text(".problems")
    assert studio.errors == []
    page.context.close()


def test_in_chinese_a_price_is_changed_and_the_verdict_read(
    studio: Studio, state: dict[str, object], tmp_path: Path
) -> None:
    """Nothing but Chinese on the way, names of tables and columns included. (How long it takes is a benchmark, C2.)

    The price was a curve by the hour. That a number flattens it is said, its shape is kept by a click, and what was saved
    has that shape with the mean typed.
    """
    page = studio.page(storage_state=state, locale="zh-CN")
    page.goto(studio.home)
    page.wait_for_selector("text=新建情景")
    assert page.get_attribute("html", "lang") == "zh-CN"
    page.click("#new-open")
    page.click("#new-base")
    page.get_by_role("option", name="城与山").click()
    page.fill("#new-name", "zh-plan")
    page.click("#new-make")
    page.wait_for_selector("text=未发现问题")
    page.click("text=表格")
    page.wait_for_selector(".ag-row")
    assert "目录电价" in page.inner_text("#grid .ag-header")
    edit(page, 1, "price", "0.28")
    page.wait_for_selector("text=尚未保存")
    assert "目录电价原为逐时曲线 tariff-inland" in page.inner_text("#grid-said")
    page.get_by_role("button", name="保留逐时形状，均值改为 0.28").click()
    page.wait_for_selector("text=随本表一并保存")
    page.click("#grid-save")
    page.wait_for_url("**saved=2")
    page.click("text=版本")
    page.wait_for_selector("ins:has-text('tariff-inland-0.28')")
    page.click("text=概览")
    page.wait_for_selector("nav.tabs a.at:has-text('概览')")
    page.click(RUN)
    page.wait_for_url("**/runs/*")
    assert "分年度建设什么？" in report(page).locator("h2").first.inner_text()
    picture(page, "zh", tmp_path)
    page.context.close()


@pytest.mark.long
def test_what_is_not_saved_is_not_left_without_a_question(studio: Studio, state: dict[str, object]) -> None:
    """A way to another page asks first, also while the check has not answered; whoever stays keeps what was typed."""
    page = studio.page(storage_state=state)
    asked: list[str] = []
    stay = True

    def answer(dialog) -> None:  # type: ignore[no-untyped-def]
        asked.append(dialog.message)
        if stay:
            dialog.dismiss()
        else:
            dialog.accept()

    page.on("dialog", answer)
    address = made(page, studio, "kept")
    page.goto(f"{address}/tables/power")
    page.wait_for_selector(".ag-row")
    page.locator(".ag-row .ag-selection-checkbox input").first.check()  # a row that is chosen is not changed
    page.click("text=Overview")
    page.wait_for_selector("#run-now")
    assert asked == []
    page.goto(f"{address}/tables/power")
    page.wait_for_selector(".ag-row")
    page.locator('.ag-row[row-index="1"] [col-id="price"]').dblclick()
    page.keyboard.press("Control+A")
    page.keyboard.type("0.29")
    page.click("text=Overview")
    assert asked == ["What was changed on this page is not saved. Leave without it?"]
    page.wait_for_selector("text=Not saved yet")
    assert "0.29" in page.inner_text('.ag-row[row-index="1"] [col-id="price"]')
    page.click("text=Versions")
    assert len(asked) == 2
    stay = False
    page.click("text=Overview")
    page.wait_for_selector("#run-now")
    page.click("text=Versions")
    page.wait_for_selector("h1")
    assert len(asked) == 3
    page.goto(f"{address}/tables/power")
    page.wait_for_selector(".ag-row")
    edit(page, 1, "price", "0.31")
    page.wait_for_selector("text=Not saved yet")
    page.click("#grid-save")
    page.wait_for_url("**saved=2")
    page.click("text=Overview")
    page.wait_for_selector("#run-now")
    assert len(asked) == 3
    page.context.close()


def test_places_and_links_are_edited_on_the_map(studio: Studio, state: dict[str, object], tmp_path: Path) -> None:
    """A site is dragged, moved by keys and typed; one is added by a click; a link is made; the check says what lacks."""
    page = studio.page(storage_state=state)
    address = made(page, studio, "mapped")
    page.goto(f"{address}/map")
    site = page.locator('.spot.sites[data-name="hills-cluster"]')
    site.wait_for()
    box = box_of(site.locator("circle").nth(1))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 60, steps=4)
    page.mouse.up()
    page.wait_for_selector(".spot.chosen[data-name=hills-cluster]")
    lat = page.get_by_label("latitude (degrees)")
    dragged = float(lat.input_value())
    assert 27 < dragged < 32
    site.focus()
    page.keyboard.press("ArrowDown")
    until(lambda: float(lat.input_value()) < dragged)
    lat.fill("99")
    lat.blur()
    page.wait_for_selector(".spot.bad, .problems >> text=swap lat and lon if they are swapped")
    lat.fill("26.8")
    lat.blur()
    page.wait_for_selector(".problems", state="detached")
    map_box = box_of(page.locator("svg.editable"))
    page.mouse.click(map_box["x"] + map_box["width"] * 0.3, map_box["y"] + map_box["height"] * 0.4)
    until(lambda: page.input_value("#add-lat") != "")
    page.fill("#add-name", "desert")
    page.click("#map-add")
    page.wait_for_selector(".spot.sites.chosen[data-name=desert]")
    page.wait_for_selector(".problems >> text=give the grid zone")
    picture(page, "map", tmp_path)
    page.get_by_role("button", name="Remove").click()
    page.wait_for_selector(".spot[data-name=desert]", state="detached")
    page.click("#add-kind")
    page.get_by_role("option", name="links").click()
    page.fill("#add-name", "second")
    for end, name in (("from", "city"), ("to", "hills")):
        page.click(f"#add-{end}")
        page.get_by_role("option", name=name, exact=True).last.click()
    page.click("#map-add")
    page.wait_for_selector(".link.chosen[data-name=second]")
    for label, value in (("length (km)", "1800"), ("capacity (Gbps)", "0.1")):
        field = page.locator("#map-form").get_by_label(label, exact=True)
        field.fill(value)
        field.blur()
    page.wait_for_selector(".problems", state="detached")
    page.click("#map-save")
    page.wait_for_url("**/map?saved=2")
    page.goto(f"{address}/versions")
    page.wait_for_selector("ins")
    changed = page.inner_text("main")
    assert "26.8" in changed
    assert "second" in changed
    assert studio.errors == []
    page.context.close()


@pytest.mark.long
def test_levers_are_moved_together_and_what_they_do_is_drawn(
    studio: Studio, state: dict[str, object], tmp_path: Path
) -> None:
    """By keys: a second lever ticked, its slider moved; five runs, their figures drawn over either lever and language."""
    page = studio.page(storage_state=state)
    address = new(page, studio, "asked").partition("?")[0]
    page.get_by_label("Investment years").fill("[2026]")
    shorten(page)
    page.goto(f"{address}/whatif")
    page.wait_for_selector("#ask-effort:has-text('3 runs')")
    page.get_by_label("Demand of the east", exact=False).first.focus()
    page.keyboard.press("Space")
    page.wait_for_selector("#ask-effort:has-text('5 runs')")
    page.get_by_role("slider", name="Demand of the east", exact=False).last.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("output:has-text('−20 % … +25 %')")
    page.click("#ask-design")
    page.get_by_role("option", name="All combinations").click()
    page.click("#ask-count")
    page.get_by_role("option", name="2", exact=True).click()
    page.wait_for_selector("#ask-effort:has-text('5 runs')")
    picture(page, "whatif", tmp_path)
    page.click("#ask-now")
    page.wait_for_url("**/sweeps/*")
    page.wait_for_selector("summary:has-text('5 of 5')", timeout=3 * PATIENCE)
    frame = page.frame_locator("iframe.report")
    frame.locator(".badge.good").wait_for()
    assert frame.locator("figure.lines").count() > 10
    frame.get_by_label("Across:").select_option(label="eastern demand")
    assert frame.locator(".beneath:visible").first.inner_text() == "eastern demand (%)"
    assert barriers(page) == []
    picture(page, "sweep", tmp_path)
    page.goto(f"{studio.home}/choose?lang=zh")
    page.goto(f"{address}/whatif")
    page.click("text=西部电价 −20 % … +20 %，东部需求 −20 % … +25 %")
    frame.locator("figcaption:has-text('折现成本')").first.wait_for()
    page.goto(f"{studio.home}/choose?lang=en")
    assert studio.errors == []
    page.context.close()


def barriers(page, options: dict[str, object] | None = None) -> list[tuple[str, list[str]]]:  # type: ignore[no-untyped-def]
    """What axe finds on a page."""
    found = axe.Axe().run(page, options=options).response["violations"]
    return [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]


def outside(studio: Studio):  # type: ignore[no-untyped-def]
    """The door as somebody sees it who was not let in; it has its own look."""
    page = studio.page(color_scheme="dark")
    page.goto(f"{studio.home}/login")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).borderRadius") == "12px"
    return page


def test_on_a_phone_in_the_dark_and_for_a_screen_reader(
    studio: Studio, state: dict[str, object], tmp_path: Path
) -> None:
    """Axe finds nothing on any page, neither by day nor in the dark on a phone, than which no page is wider."""
    page = studio.page(storage_state=state, reduced_motion="no-preference")
    address = made(page, studio, "seen")
    pages = [
        studio.home,
        address,
        f"{address}/tables/demand",
        f"{address}/map",
        f"{address}/versions",
        f"{address}/whatif",
    ]
    pages += [f"{studio.home}/runs", f"{studio.home}/account", f"{studio.home}/nowhere"]
    for theme, width, options in (("light", 1280, None), ("dark", 390, COLOURS)):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"{studio.home}/choose?theme={theme}")
        for one in pages:
            page.goto(one)
            page.wait_for_selector("h1")
            page.wait_for_timeout(400)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, one
            assert barriers(page, options) == [], (theme, one)
            assert page.evaluate(HIDDEN) == [], (theme, one)
        page.goto(studio.home)
        page.click("#new-open")
        page.wait_for_selector("#new-make")
        page.wait_for_timeout(800)
        assert barriers(page, options) == [], theme
    assert barriers(outside(studio)) == []
    page.goto(pages[1])
    page.wait_for_selector("h1")
    picture(page, "phone", tmp_path)
    page.keyboard.press("Tab")
    assert "skip" in page.evaluate("document.activeElement.className")
    page.context.close()


@pytest.mark.long
def test_what_is_killed_or_cancelled_says_so(studio: Studio, state: dict[str, object]) -> None:
    """A cancelled run and a killed one, each started again with a click; then the server is killed in mid-run, which the
    page says until it is back."""
    page = studio.page(storage_state=state)
    address = new(page, studio, "killed")
    page.click("#run-quick")
    page.wait_for_url("**/runs/*")
    page.click("#run-cancel")
    page.wait_for_selector("text=This run was cancelled")
    page.click("#run-again")
    page.wait_for_selector("text=Building the model")
    os.kill(worker(studio), signal.SIGKILL)
    page.wait_for_selector("text=was killed")
    page.click("#run-again")
    page.wait_for_selector("text=Building the model")
    number = worker(studio)
    studio.end(signal.SIGKILL)
    os.kill(number, 0)  # the run goes on without it
    page.wait_for_selector("text=The server does not answer")
    studio.start()
    page.wait_for_selector("#away", state="hidden")
    report(page)
    page.goto(address)
    page.wait_for_selector(".badge.done")
    page.context.close()


def worker(studio: Studio) -> int:
    """The number of the process of the run at work."""
    end = time.monotonic() + 30
    while True:
        with sqlite3.connect(studio.folder / "studio.db") as store:
            found = store.execute("select process from runs where status = 'running'").fetchone()
        store.close()
        if found and re.match(r"\d+ \d+", found[0]):
            return int(found[0].split()[0])
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.long
def test_of_two_users_the_second_is_told(chromium: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sign in, both open the table, both save: the later one reads who was quicker, and nothing is lost."""
    house = Studio(tmp_path / "two", free_port(), chromium, ("--name", "localhost"))
    roles = {"lin": "administrator", "wang": "planner", "zhou": "viewer"}
    monkeypatch.setenv("XISUAN_PASSWORD", PASSWORD)
    for name, role in roles.items():
        assert invoke(["studio", "--data", str(house.folder), "--add-user", name, "--role", role]) == 0
    house.start()
    pages = []
    for name in roles:
        page = house.page()
        page.goto(house.home)
        page.get_by_label("User name").fill(name)
        page.get_by_label("Password").fill("wrong wrong wrong" if not pages else PASSWORD)
        page.click("button")
        if not pages:
            page.wait_for_selector("[role=alert]")
            page.get_by_label("User name").fill(name)
            page.get_by_label("Password").fill(PASSWORD)
            page.click("button")
        page.wait_for_selector("h1 >> text=Scenarios")
        pages.append(page)
    lin, wang, zhou = pages
    address = new(lin, house, "shared").partition("?")[0]
    wang.goto(address)
    wang.wait_for_selector("text=not shared with you")
    lin.click("#share-with")
    lin.get_by_role("option", name="Every planner can edit").click()
    lin.wait_for_timeout(1000)
    for page in pages:
        page.goto(f"{address}/tables/budgets")
        page.wait_for_selector(".ag-row")
    assert zhou.locator("#grid-save").count() == 0
    zhou.goto(f"{address}/map")
    zhou.wait_for_selector(".spot.sites")
    assert [said for said in house.errors if "TypeError" in said] == []
    for page, value in ((lin, "450"), (wang, "420")):
        edit(page, 0, "limit_mcny", value)
        page.wait_for_selector("text=Not saved yet")
    lin.click("#grid-save")
    lin.wait_for_url("**saved=2")
    wang.click("#grid-save")
    wang.wait_for_selector("text=lin saved version 2 while you worked on version 1")
    assert "420" in wang.inner_text('.ag-row[row-index="0"] [col-id="limit_mcny"]')
    lin.goto(f"{house.home}/account")
    lin.wait_for_selector("text=Audit log")
    lin.wait_for_selector("text=sign-in refused")
    lin.click("#leave")
    lin.wait_for_url("**/login")
    for page in pages:
        page.context.close()
    house.end()
    assert house.outside == []
