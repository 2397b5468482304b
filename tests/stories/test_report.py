"""The report as people meet it: drawn by the command line in both languages, read on a phone, asking the network nothing."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
import pytest

from tests.report import browser
from tests.scenarios import pair
from xisuan.cli.main import invoke
from xisuan.report.pages import hourly_map_page
from xisuan.results.storage import run_store

PHONE = 390


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the pair, all that `run` finds out."""
    desk = tmp_path_factory.mktemp("desk")
    pair(desk / "pair")
    assert invoke(("run", str(desk / "pair"), "--out", str(desk / "run"))) == 0
    return desk / "run"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_reads_on_a_phone_and_asks_nothing_of_the_network(
    folder: Path, language: str, tmp_path: Path
) -> None:
    browser.need()
    assert invoke(("report", str(folder), "--lang", language)) == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    script = """
    return {
      width: document.documentElement.scrollWidth,
      requests: performance.getEntriesByType("resource").map((entry) => entry.name),
      answers: document.querySelectorAll(".tile").length,
    };"""
    found = browser.ask(page, script, tmp_path, PHONE)
    assert found == {"width": PHONE, "requests": [], "answers": 6, "errors": []}
    seen = re.sub(r"<(style|script)>.*?</\1>|<[^>]+>", " ", page, flags=re.S)
    assert "nan" not in re.findall(r"[a-z]+", seen.lower())


def test_the_tables_of_the_page_are_drawn_again_with_it(folder: Path) -> None:
    """In place of those that were there, and the run is still the run that was sealed."""
    before = sorted(path.name for path in (folder / "shown").iterdir())
    assert invoke(("report", str(folder), "--lang", "zh")) == 0
    assert sorted(path.name for path in (folder / "shown").iterdir()) == before
    assert not list(folder.glob(".shown*"))


def test_the_map_by_the_hour_moves_without_asking_anybody(folder: Path, tmp_path: Path) -> None:
    """Moved to an hour, it says what the table says of that hour; its figure becomes a picture."""
    browser.need()
    run = run_store.load_run(folder)
    page = hourly_map_page.html(run, "zh")
    assert page is not None
    power = run.plan.power[run.plan.power["period"] == run.plan.power["period"].max()]
    mw = power.groupby("hour")["facility_mw"].sum()
    script = """
    const slider = document.getElementById("hour");
    slider.value = slider.max;
    slider.dispatchEvent(new Event("input"));
    const links = [], files = [];
    HTMLAnchorElement.prototype.click = function () {
      if (this.download.endsWith(".csv")) files.push(decodeURIComponent(this.href.slice(this.href.indexOf(",") + 1)));
      else links.push([this.download, this.href.slice(0, 22)]);
    };
    [...document.querySelectorAll(".as-picture")].find((one) => one.textContent === "CSV").click();
    return picture(document.querySelector("figure")).then(() => ({
      mw: document.getElementById("mw").textContent,
      width: document.documentElement.scrollWidth,
      requests: performance.getEntriesByType("resource").filter((entry) => !entry.name.startsWith("data:")).length,
      links, files,
    }));"""
    found = browser.ask(page, script, tmp_path, PHONE)
    (file,) = found["files"]
    hours = pd.read_csv(io.StringIO(file.removeprefix("\ufeff")))
    powers = hours[[name for name in hours.columns if name.endswith(" MW")]]  # steps of 1/65,535 of the largest
    assert powers.sum(axis=1).tolist() == pytest.approx(mw.tolist(), abs=1e-4 * mw.max())
    assert float(found["mw"].removesuffix(" MW").replace(",", "")) == pytest.approx(mw.iloc[-1], rel=5e-3)
    assert (found["width"], found["requests"], found["errors"]) == (PHONE, 0, [])
    assert found["links"] == [["逐时网络运行图.png", "data:image/png;base64,"]]
