"""The brief in a browser: six answers on the first screen and the first page, nothing clipped, links that work."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.report import browser, decided, fake
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


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as play:
        shown = play.chromium.launch(executable_path=browser.need(), args=["--no-sandbox", "--disable-gpu"])
        yield shown
        shown.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a made-up run in both languages, beside one another."""
    desk, made = tmp_path_factory.mktemp("brief"), fake.run()
    run = dataclasses.replace(made, decisions=decided.for_run(made))
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
