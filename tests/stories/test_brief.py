"""The brief in a browser: six answers on the first screen and the first page, nothing clipped, links that work."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.report import decided, fake
from xisuan.report.pages import single_future_page
from xisuan.text.translation import LANGUAGES, Language

DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
MOST_PAGES = 12
"""Sheets of A4 for the brief and the chapters."""

CLIPPED = """() => [...document.querySelectorAll(".tile *, .due *, .card *, td, th, h1, h2, h3, p")]
  .filter((item) => item.offsetParent && !item.closest(".unseen") && getComputedStyle(item).overflow !== "visible")
  .filter((item) => item.scrollWidth > item.clientWidth + 1 || item.scrollHeight > item.clientHeight + 1)
  .map((item) => item.textContent.slice(0, 60))"""
BOTTOMS = """() => [...document.querySelectorAll(".tile, .by-year .plot, .due li")]
  .map((one) => one.getBoundingClientRect().bottom)"""
OUTSIDE = """() => [...document.querySelectorAll("body *")]
  .filter((item) => item.offsetParent && item.getBoundingClientRect().right > innerWidth + 1)
  .map((item) => item.className + ": " + item.textContent.slice(0, 60))"""


OPEN = pd.DataFrame(
    {
        "asset": ["compute", "hall"], "where": ["GAN", "GAN"], "technology": ["ai_2025", ""], "period": [2028, 2028],
        "existing": [0.0, 900.0], "planned": [480_000.0, 2500.0], "least": [0.0, 900.0], "most": [1_200_000.0, 2500.0],
        "unit": ["PFLOPS FP16", "MW"], "verdict": ["interchangeable", "interchangeable"],
    }
)  # fmt: skip
"""Plans of nearly the same cost have none of the equipment, or two and a half times as much."""
SUMS = """() => {
  const value = (cell) => parseFloat(cell.textContent.replace(/[^0-9.]/g, "")) || 0;
  const bad = [];
  const near = (a, b, what) => Math.abs(a - b) > 1e-6 && bad.push(`${what}: ${a} is not ${b}`);
  const list = document.querySelector("#build tr.group").closest("table");
  const years = [];
  for (const row of list.querySelectorAll("tbody tr")) {
    const last = value(row.cells[row.cells.length - 1]);
    if (row.classList.contains("group")) years.push({ total: last, sum: 0 });
    else if (row.classList.contains("total")) near(last, years.reduce((sum, year) => sum + year.total, 0), "all years");
    else years[years.length - 1].sum += last;
  }
  years.forEach((year, at) => near(year.sum, year.total, "year " + at));
  const payers = [...document.querySelectorAll("#money table")].find((one) => one.querySelector("tr.total"));
  const lines = [...payers.querySelectorAll("tbody tr")], foot = lines.pop();
  for (let at = 2; at < 3 + years.length; at++)
    near(lines.reduce((sum, row) => sum + value(row.cells[at]), 0), value(foot.cells[at]), "payers, column " + at);
  const terms = [...document.querySelectorAll("#money table")].find((one) => one.querySelectorAll("tr.total").length > 1);
  let head = null, parts = [];
  const close = () => head && head.forEach((total, at) => near(parts[at], total, "terms, year " + at));
  for (const row of terms.querySelectorAll("tbody tr")) {
    const numbers = [...row.cells].slice(1).map(value);
    if (row.classList.contains("total")) { close(); head = numbers; parts = numbers.map(() => 0); }
    else numbers.forEach((number, at) => (parts[at] += number));
  }
  close();
  return { bad, years: years.length, capital: years.reduce((sum, year) => sum + year.total, 0) };
}"""
"""Sums of the procurement list, the payers and the terms, each beside its parts as the page shows them."""
WHOLE_SUMS = """() => {
  const value = (cell) => (cell.textContent.includes("<") ? 0 : parseFloat(cell.textContent.replace(/[^0-9.]/g, "")) || 0);
  const bad = [];
  let checked = 0;
  for (const table of document.querySelectorAll("table")) {
    const rows = [...table.querySelectorAll("tbody tr")], foot = rows.pop();
    const is_sum = foot?.classList.contains("total") && !rows.some((row) => row.matches(".total, .group"));
    if (!is_sum) continue;
    [...table.querySelectorAll("thead th")].forEach((head, at) => {
      const cell = foot.cells[at], text = head.textContent + cell?.textContent;
      if (at === 0 || !cell || text.includes("%") || !/(CNY|元|TWh|千瓦时|CO₂)/.test(head.textContent)) return;
      checked += 1;
      const sum = rows.reduce((total, row) => total + value(row.cells[at]), 0);
      if (Math.abs(sum - value(cell)) > 1e-6) bad.push(`${head.textContent}: ${sum} is not ${cell.textContent}`);
    });
  }
  return { bad, checked };
}"""
"""Columns of money, energy and carbon of every table that ends in a sum, beside that sum; "<0.01" counts as nothing."""
DIGITS = """() => {
  const kinds = "p, td, li, figcaption, .big, dd, .card *";
  const bad = [], shown = document.querySelectorAll(`section:not(.annex) :is(${kinds}):not(.degrees)`);
  for (const item of shown)
    for (const [number] of item.textContent.matchAll(/(?<![0-9.,])[0-9][0-9,]*[.][0-9]+(?![0-9.])/g))
      if (number.replace(/[.,]/g, "").replace(/^0+/, "").length > 3) bad.push(`${number}: ${item.textContent.slice(0, 80)}`);
  return { bad, checked: shown.length };
}"""
"""Numbers of brief and chapters with decimals and more than three significant digits, except places on maps."""
HEADLINES = """() => [...document.querySelectorAll(".tile")].map((tile) => ({
  number: tile.querySelector(".big b").textContent, span: (tile.querySelector(".span") ?? tile).textContent,
  verdict: tile.querySelector(".verdict")?.textContent ?? "",
  lines: [...tile.querySelectorAll("dd")].map((one) => one.textContent),
}))"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a made-up run in both languages, beside one another."""
    desk, made = tmp_path_factory.mktemp("brief"), fake.run()
    run = dataclasses.replace(made, decisions=decided.for_run(made), alternatives=OPEN)
    for language in LANGUAGES:
        (other,) = (one for one in LANGUAGES if one != language)
        text = single_future_page.html(run, language, beside=f"{other}.html")
        (desk / f"{language}.html").write_text(text, encoding="utf-8")
    return desk


def opened(chromium: Any, folder: Path, language: Language, viewport: dict[str, int], scheme: str = "light") -> Any:
    page = chromium.new_page(viewport=viewport, color_scheme=scheme)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((folder / f"{language}.html").as_uri())
    assert errors == []
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_six_answers_and_the_decisions_are_on_the_first_screen(chromium: Any, folder: Path, language: Language) -> None:
    page = opened(chromium, folder, language, DESK)
    assert page.locator(".tile").count() == 6
    bottoms = page.evaluate(BOTTOMS)
    assert max(bottoms) <= DESK["height"]
    assert all(text.strip() for text in page.locator(".tile .big").all_inner_texts())
    assert page.locator(".badge").count() == 0
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_scrolls_sideways_and_no_text_is_clipped(
    chromium: Any, folder: Path, viewport: dict[str, int], scheme: str
) -> None:
    for language in LANGUAGES:
        page = opened(chromium, folder, language, viewport, scheme)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= viewport["width"]
        assert page.evaluate(OUTSIDE) == []
        assert page.evaluate(CLIPPED) == []
        page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_sums_are_those_of_the_parts_shown_and_headlines_those_of_the_tables(
    chromium: Any, folder: Path, language: Language
) -> None:
    page = opened(chromium, folder, language, DESK)
    sums = page.evaluate(SUMS)
    assert (sums["bad"], sums["years"]) == ([], 3)
    whole = page.evaluate(WHOLE_SUMS)
    assert whole["bad"] == []
    assert whole["checked"] > 10
    build, money, customers, turns, *_others = page.evaluate(HEADLINES)
    assert float(money["number"].replace(",", "")) == pytest.approx(sums["capital"])
    years = [float(number.replace(",", "")) for number in re.findall(r"[:：]\s*([\d.,]+)", build["lines"][0])]
    assert sum(years) == pytest.approx(float(build["number"].replace(",", "")))
    share = page.locator("#customers tbody td", has_text=re.compile(rf"^{customers['number']}$"))
    assert share.count() >= 1
    price = page.locator("#what_if .card .big b", has_text=re.compile(rf"^{turns['number']}"))
    assert price.count() >= 1
    assert all(re.search(r"\d", one["span"]) for one in (build, money, turns))
    assert build["verdict"]
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_has_decimals_beyond_three_digits(chromium: Any, folder: Path, language: Language) -> None:
    page = opened(chromium, folder, language, DESK)
    found = page.evaluate(DIGITS)
    assert found["checked"] > 100
    assert found["bad"] == []
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_answer_has_a_range_or_says_why_it_has_none(chromium: Any, folder: Path, language: Language) -> None:
    """Two numbers or more, or the word for none."""
    page = opened(chromium, folder, language, DESK)
    for tile in page.evaluate(HEADLINES):
        ends = re.findall(r"\d[\d.,]*", tile["span"])
        assert len(ends) >= 2 or ("no range" if language == "en" else "无区间") in tile["span"], tile
    page.close()


def test_an_order_below_the_threshold_is_not_on_the_page(
    chromium: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """An order of 5,000 CNY has neither a line in the procurement list nor a bar; one of 20,000 CNY has both."""
    made = fake.run()
    builds = made.plan.builds
    first = builds[(builds["where"] == "GAN") & (builds["asset"] == "compute")].iloc[0]
    added = [
        first.to_dict() | {"asset": asset, "technology": "", "amount": 1.0, "unit": "MW", "mw": 0.0, "capex_mcny": mcny}
        for asset, mcny in (("wind", 0.005), ("solar", 0.02))
    ]
    tables = {**made.plan.tables, "builds": pd.concat([builds, pd.DataFrame(added)], ignore_index=True)}
    run = dataclasses.replace(made, plan=dataclasses.replace(made.plan, tables=tables))
    folder = tmp_path_factory.mktemp("small")
    (folder / "en.html").write_text(single_future_page.html(run, "en"), encoding="utf-8")
    page = opened(chromium, folder, "en", DESK)
    told = page.locator("#build").inner_text()
    assert "Solar" in told
    assert "Wind" not in told
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_choice_that_cost_leaves_open_is_said_before_the_tiles(
    chromium: Any, folder: Path, language: Language
) -> None:
    page = opened(chromium, folder, language, DESK)
    said = page.locator(".brief > :first-child").inner_text()
    assert page.locator(".brief > .warning").count() == 1
    assert "1,200" in said
    assert "1,000" in said if language == "en" else "100" in said
    page.close()


def test_every_case_has_a_card_with_capital_and_racks(chromium: Any, folder: Path) -> None:
    page = opened(chromium, folder, "en", DESK)
    cards = page.locator("#what_if .cards").first.locator(".card").all_inner_texts()
    for case in ("reported", "racks required", "a year late", "Demand +50 %", "Demand −50 %", "subsidised"):
        (card,) = (text for text in cards if case in text)
        assert re.search(r"capital [\d.,]+", card), card
        assert re.search(r"racks [\d.,]+", card), card
    page.close()


def test_rows_are_cards_on_a_phone(chromium: Any, folder: Path) -> None:
    page = opened(chromium, folder, "en", PHONE)
    cell = page.locator("#build table td[data-label]").first
    assert page.evaluate("(cell) => getComputedStyle(cell).display", cell.element_handle()) == "flex"
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_brief_prints_on_the_first_sheet_and_all_chapters_on_twelve(
    chromium: Any, folder: Path, language: Language
) -> None:
    page = opened(chromium, folder, language, DESK)

    def sheets() -> int:
        return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True, print_background=True)))

    page.add_style_tag(content="section.annex, footer { display: none !important; }")
    assert sheets() <= MOST_PAGES
    page.add_style_tag(content=".layout { display: none !important; }")
    assert sheets() == 1
    page.close()


def test_what_is_folded_is_printed(chromium: Any, folder: Path) -> None:
    page = opened(chromium, folder, "en", DESK)
    assert page.locator("details.folded:not([open])").count() > 0
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.folded:not([open])").count() == 0
    page.close()


def test_language_search_and_links_work_without_a_network(chromium: Any, folder: Path) -> None:
    page = opened(chromium, folder, "en", DESK)
    page.locator("#search").fill("procurement")
    assert page.locator("mark.hit").count() >= 1
    page.locator("#search").fill("")
    assert page.locator("mark.hit").count() == 0
    page.locator("nav a", has_text="Money").click()
    page.wait_for_function("() => document.querySelector('nav a.here')?.getAttribute('href') === '#money'")
    assert page.locator("#money-1 a.anchor").get_attribute("href") == "#money-1"
    page.locator(".tongue").click()
    page.wait_for_url("**/zh.html")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    requests = page.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name)")
    assert requests == []
    page.close()
