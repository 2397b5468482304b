"""C3: eight tasks of a planner in the browser, each by clicks and seconds.

`python -m benchmarks.c3_tasks [--show FOLDER]` starts a studio with two accounts and does the tasks in Chromium, by what
is seen on the pages alone. `--show` saves a picture of the end of each task.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.c1_studio import free_port, started
from benchmarks.c2_browser import BROWSER, PATIENCE
from benchmarks.tables import table
from xisuan.tracking import statistics_folder

PASSWORD = "correct horse battery"
BULLETIN = (
    "甘肃省信息通信业公报\n发布时间：2026-02-10\n2025年底,全省5G基站7万个。2024年底,全省5G基站6.29万个。"
    "2023年底,全省5G基站4.9万个。到2027年底,全省5G基站达到8万个。\n"
)
HEAD = ("task", "clicks", "fields", "keys", "seconds", "of them waiting for a job")


@dataclass
class Hand:
    """A user's hand: what it clicks, fills in and presses, counted, and the seconds that it waits for jobs."""

    page: Any
    home: str
    files: Path
    clicks: int = 0
    fields: int = 0
    keys: int = 0
    waited: float = 0.0

    def click(self, what: Any, **more: Any) -> None:
        """Click on an item, given by a selector or as a locator."""
        self.clicks += 1
        (self.page.locator(what).first if isinstance(what, str) else what).click(**more)

    def choose(self, select: str, option: str) -> None:
        """Open a list and click on one of its items."""
        self.click(select)
        self.click(self.page.get_by_role("option", name=option).first)

    def fill(self, field: Any, text: str) -> None:
        """Fill in a field."""
        self.fields += 1
        (self.page.locator(field) if isinstance(field, str) else field).fill(text)

    def give(self, box: str, path: Path) -> None:
        """Choose a file of this computer: a click on the box, and one in the dialogue."""
        self.clicks += 2
        self.page.set_input_files(f"{box} input", str(path))

    def press(self, key: str) -> None:
        """Press a key, or several together."""
        self.keys += 1
        self.page.keyboard.press(key)

    def wait(self, address: str) -> Any:
        """Wait for a job whose page has an address. Return the frame of its result."""
        began = time.monotonic()
        self.page.wait_for_url(address)
        self.page.wait_for_selector("iframe.report")
        frame = self.page.frame_locator("iframe.report").first
        frame.locator("h1").first.wait_for()
        self.waited += time.monotonic() - began
        return frame


def first_plan(hand: Hand) -> None:
    """Make a scenario from a shipped one, run it and see the report."""
    hand.click("#new-open")
    hand.choose("#new-base", "A city and the hills")
    hand.fill("#new-name", "west")
    hand.click("#new-make")
    hand.click("#run-quick:not([disabled])")
    hand.wait("**/runs/*")


def demand_by_paste(hand: Hand) -> None:
    """Paste a column of demand from a spreadsheet, and save it."""
    hand.click("h2 >> text=A city and the hills")
    hand.click("nav.tabs >> text=Tables")
    hand.fill("#table-search", "demand")
    hand.click('nav.list a[href$="/tables/demand"]')
    hand.page.evaluate("navigator.clipboard.writeText('150\\n185')")
    hand.click('#grid .ag-row[row-index="0"] [col-id="units"]')
    hand.press("Control+v")
    hand.page.wait_for_selector("text=Not saved yet")
    hand.click("#grid-save")
    hand.page.wait_for_selector("text=Saved as version 2.")


def compared_runs(hand: Hand) -> None:
    """Run the changed scenario, and compare it with the first run."""
    hand.click("h2 >> text=A city and the hills")
    hand.click("#run-quick:not([disabled])")
    hand.wait("**/runs/*")
    hand.choose("#beside", "west v1")
    hand.page.wait_for_url("**/compare?**")
    hand.page.frame_locator("iframe.report").locator(".lead li").first.wait_for()


def own_hours(hand: Hand) -> None:
    """Operate the plan of the latest run on 24 hours of one's own."""
    hand.click("text=last run")
    hand.click("summary >> text=Options of these jobs")
    hand.fill(hand.page.get_by_label("Hours to operate"), "hours:24")
    run = hand.page.url
    hand.click("button >> text=Operate on other hours")
    hand.page.wait_for_url(lambda address: address.partition("?")[0] != run.partition("?")[0])
    hand.wait("**/runs/*")


def verified_plan(hand: Hand) -> None:
    """Let sites and links fail in the plan of the first run."""
    hand.click("header nav >> text=Runs")
    hand.click(hand.page.get_by_role("link", name=re.compile("west v1|west · version 1")).first)
    hand.click("button >> text=Simulate failures")
    hand.page.wait_for_selector("h1 >> text=failure simulation")
    hand.wait("**/runs/*")


def tracked_bulletin(hand: Hand) -> None:
    """Upload a folder of a province, read a bulletin into it, and see whether its target is within reach."""
    hand.click("#new-open")
    hand.give("#new-upload", hand.files / "gansu.zip")
    hand.click("#upload-make")
    hand.click("a >> text=Read a bulletin")
    hand.give("#read-upload", hand.files / "bulletin.txt")
    review = hand.page.frame_locator("iframe.report")
    accept = review.get_by_role("button", name="Accept", exact=True)
    accept.first.wait_for()
    for _figure in range(accept.count()):
        hand.click(accept.first)
    hand.click(review.get_by_role("button", name="Save to the scenario"))
    hand.page.wait_for_url("**saved=2")
    hand.click("#track-now:not([disabled])")
    hand.wait("**/runs/*").locator("text=80,000").first.wait_for()


def swept_input(hand: Hand) -> None:
    """Move one input by its default range and see what changes."""
    hand.click("h2 >> text=A city and the hills")
    hand.click("nav.tabs >> text=What-if")
    hand.click("#ask-now")
    hand.wait("**/sweeps/*")


def shared_scenario(hand: Hand) -> None:
    """Share the scenario with a colleague, who may edit it."""
    hand.click("h2 >> text=A city and the hills")
    hand.fill("#people-name", "wang")
    hand.choose("#people-access", "can edit")
    hand.click("#people-share")
    hand.page.wait_for_selector("#people td >> text=wang")


TASKS: Mapping[str, Callable[[Hand], None]] = {
    "a first plan": first_plan,
    "demand of a region pasted and saved": demand_by_paste,
    "the changed plan compared with the first": compared_runs,
    "the plan operated on hours of one's own": own_hours,
    "the plan verified under failures": verified_plan,
    "a bulletin read and its target tracked": tracked_bulletin,
    "a sweep of one input": swept_input,
    "shared with a colleague": shared_scenario,
}
"""Tasks in their order: some use what those before them have made."""


def run(quick: bool) -> Iterator[str]:
    """Do eight tasks of a planner in Chromium, in English, each from the list of scenarios.

    Only what is on the pages is used: no address is typed. A file is two clicks, one for the box and one in the dialogue.
    Waiting is the time from the last click to the result of a job. Requirement: each task in 15 clicks and fields.
    `--quick` measures the same.
    """
    yield table(HEAD, measured())


def measured(pictures: Path | None = None) -> list[tuple[str, ...]]:
    """Return a row for each task. `pictures`: folder for a picture of the end of each."""
    port = free_port()
    home = f"http://localhost:{port}"
    with tempfile.TemporaryDirectory() as place, sync_playwright() as play:
        data, files = str(Path(place) / "data"), Path(place)
        _prepare(files)
        for name, role in (("lin", "administrator"), ("wang", "planner")):
            account = [sys.executable, "-m", "xisuan", "studio", "--data", data, "--add-user", name, "--role", role]
            subprocess.run(account, check=True, capture_output=True, env={**os.environ, "XISUAN_PASSWORD": PASSWORD})
        server, _ = started(data, port, "--name", "localhost")
        try:
            opened = play.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
            context = opened.new_context(
                viewport={"width": 1280, "height": 900}, permissions=["clipboard-read", "clipboard-write"]
            )
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(home)
            page.get_by_label("User name").fill("lin")
            page.get_by_label("Password").fill(PASSWORD)
            page.click("button")
            rows = []
            for name, task in TASKS.items():
                page.goto(home)
                page.wait_for_selector("#new-open")
                hand, began = Hand(page, home, files), time.monotonic()
                task(hand)
                seconds = time.monotonic() - began
                counts = map(str, (hand.clicks, hand.fields, hand.keys))
                rows.append((name, *counts, f"{seconds:.3g}", f"{hand.waited:.3g}"))
                if pictures:
                    page.screenshot(path=pictures / f"{name}.png")
            opened.close()
        finally:
            server.terminate()
            server.wait()
    return rows


def _prepare(files: Path) -> None:
    """Write the files that a planner has: a folder as `xisuan new gansu --indicators` makes it, and a bulletin."""
    statistics_folder.new("gansu", files)
    shutil.make_archive(str(files / "gansu"), "zip", files, "gansu")
    (files / "bulletin.txt").write_text(BULLETIN, encoding="utf-8")


def main() -> None:
    """Do the tasks and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=Path, help="folder for a picture of the end of each task")
    asked = parser.parse_args()
    if asked.show:
        asked.show.mkdir(parents=True, exist_ok=True)
    print(table(HEAD, measured(asked.show)))


if __name__ == "__main__":
    main()
