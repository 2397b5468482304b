"""In a real browser: no request, no error, no overflow, no overlapping text, choices and tooltips that work, paper."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from tests.report import browser, decided, fake
from xisuan.report.pages import single_future_page
from xisuan.text.translation import Language

OVERLAPS = """
function overlaps(items) {
  const seen = [...items].filter((item) => item.offsetParent);
  const boxes = seen.map((item) => [item.textContent, item.getBoundingClientRect()]);
  const bad = [];
  boxes.forEach(([one, a], at) => boxes.slice(at + 1).forEach(([other, b]) => {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 1 && high > 1) bad.push(one + " | " + other);
  }));
  return bad;
}
const words = (node) => node.nodeType === 3 ? [node] : [...node.childNodes].flatMap(words);
const lines = (node) => {
  const range = document.createRange();
  range.selectNodeContents(node);
  return [...range.getClientRects()];
};
const covered = () => all("figure").filter((figure) => {
  const button = figure.querySelector(".saves").getBoundingClientRect();
  return words(figure.querySelector("figcaption")).flatMap(lines).some(
    (box) => box.right > button.left + 1 && box.left < button.right - 1
      && box.bottom > button.top + 1 && box.top < button.bottom - 1);
}).map((figure) => figure.querySelector("figcaption").textContent);
const all = (selector) => [...document.querySelectorAll(selector)];
const within = (scope, item) => all(scope).flatMap((box) => overlaps(box.querySelectorAll(item)));
"""


FINGERS, MOUSE = (f"--blink-settings=primaryHoverType={kind},availableHoverTypes={kind}" for kind in (1, 2))


@pytest.fixture(scope="module")
def pages() -> dict[Language, str]:
    browser.need()
    made = fake.run()
    run = dataclasses.replace(made, decisions=decided.for_run(made))
    return {"en": single_future_page.html(run, "en"), "zh": single_future_page.html(run, "zh")}


@pytest.mark.parametrize(
    ("width", "language"),
    [
        *((390, "en"), (768, "zh"), (1280, "en")),
        *(
            pytest.param(width, language, marks=pytest.mark.long)
            for width, language in ((390, "zh"), (640, "en"), (1280, "zh"))
        ),
    ],
)
def test_nothing_overflows_or_overlaps(
    pages: dict[Language, str], language: Language, width: int, tmp_path: Path
) -> None:
    """From phone to desktop: the page is as wide as its window, and no label covers another."""
    script = (
        OVERLAPS
        + """
    return {
      width: document.documentElement.scrollWidth,
      requests: performance.getEntriesByType("resource").map((entry) => entry.name),
      covered: covered(),
      overlaps: [
        ...within(".area", ".sum"), ...within(".across", "span"), ...within(".axis", "span"),
        ...within(".canvas", ".names span"),
      ],
    };"""
    )
    found = browser.ask(pages[language], script, tmp_path, width, MOUSE)
    assert found == {"width": width, "requests": [], "covered": [], "overlaps": [], "errors": []}


def test_every_figure_becomes_a_picture_that_is_not_blank(pages: dict[Language, str], tmp_path: Path) -> None:
    """Each figure has a button; the picture of one has its name, is twice as large, and shows more than its paper."""
    script = """
    const figures = all("figure"), figure = document.querySelector(".map.hero"), seen = {};
    HTMLAnchorElement.prototype.click = function () { seen.name = this.download; };
    HTMLCanvasElement.prototype.toDataURL = function () {
      const dots = this.getContext("2d").getImageData(0, 0, this.width, this.height).data;
      seen.twice = Math.round(this.width / figure.getBoundingClientRect().width);
      seen.colours = new Set(new Uint32Array(dots.buffer).filter((_, at) => at % 97 === 0)).size > 20;
      return "data:,";
    };
    seen.buttons = figures.every((one) => one.querySelectorAll(".saves .as-picture").length >= 2) && figures.length > 3;
    return picture(figure).then(() => seen);"""
    found = browser.ask(pages["en"], OVERLAPS + script, tmp_path)
    name = "2028-5-other-regions-send-work-to-Gui'an,-Guangdong-most;-IT.png"
    assert found == {"buttons": True, "name": name, "twice": 2, "colours": True, "errors": []}


def test_a_figure_is_saved_as_a_drawing_and_its_numbers_as_a_table(pages: dict[Language, str], tmp_path: Path) -> None:
    """The drawing is XML that the browser draws; the table has the rows of the page, for a spreadsheet in any language."""
    script = """
    const saved = [];
    HTMLAnchorElement.prototype.click = function () { saved.push([this.download, this.href]); };
    const figure = document.querySelector("figure:has(.numbers)"), rows = figure.querySelectorAll(".numbers tr");
    figure.querySelectorAll(".saves .as-picture").forEach((button) => button.textContent !== "PNG" && button.click());
    const [[drawn, svg], [listed, csv]] = saved, text = decodeURIComponent(csv.split(",").slice(1).join(","));
    const parsed = new DOMParser().parseFromString(decodeURIComponent(svg.slice(svg.indexOf(",") + 1)), "image/svg+xml");
    const cells = [...rows[1].cells].map((cell) => '"' + cell.textContent.trim() + '"').join(",");
    const image = new Image();
    image.src = svg;
    return image.decode().then(() => ({
      kinds: [drawn.slice(-4), listed.slice(-4)], same: drawn.slice(0, -4) === listed.slice(0, -4),
      whole: !parsed.querySelector("parsererror") && !parsed.querySelector(".saves"), width: image.width > 100,
      lines: text.split("\\r\\n").length === rows.length, first: text.startsWith("\\ufeff\\""), row: text.includes(cells),
    }));"""
    found = browser.ask(pages["zh"], OVERLAPS + script, tmp_path)
    right = {"kinds": [".svg", ".csv"], "same": True, "whole": True, "width": True, "lines": True, "first": True}
    assert found == {**right, "row": True, "errors": []}


"""Nothing hovers: the page is touched."""


def test_on_a_phone_no_button_covers_a_title_and_no_cell_is_long(pages: dict[Language, str], tmp_path: Path) -> None:
    """Where nothing hovers the buttons are there all the time; no cell is a column of text."""
    script = """
    const rows = [...document.querySelectorAll("tbody td")].filter((cell) => cell.getBoundingClientRect().height > 200);
    return {
      touched: matchMedia("(hover: none)").matches,
      covered: covered(),
      long: rows.map((row) => row.closest("section").id + ": " + row.innerText.slice(0, 60)),
    };"""
    found = browser.ask(pages["zh"], OVERLAPS + script, tmp_path, 390, FINGERS)
    assert found == {"touched": True, "covered": [], "long": [], "errors": []}


def test_choices_show_one_site_and_one_flow(pages: dict[Language, str], tmp_path: Path) -> None:
    script = """
    const visible = (items) => [...items].filter((item) => getComputedStyle(item).display !== "none").length;
    const choose = (select, value) => {
      select.value = value;
      select.dispatchEvent(new Event("change", {bubbles: true}));
    };
    const site = document.querySelector("#national .choice"), map = document.querySelector(".map.hero");
    const before = [visible(site.querySelectorAll(".group")), visible(map.querySelectorAll(".flow"))];
    choose(site.querySelector("select"), "1");
    const shown = [...site.querySelectorAll(".group")].findIndex((group) => !group.hidden);
    return { before, shown };"""
    assert browser.ask(pages["en"], script, tmp_path) == {"before": [1, 1], "shown": 1, "errors": []}


def test_pointing_at_a_site_and_at_an_hour_shows_values(pages: dict[Language, str], tmp_path: Path) -> None:
    """The hour's values are those of the plan, in the words beside the pointer and in the file of all hours."""
    script = """
    const tip = document.getElementById("tip");
    const point = (target, clientX, clientY) =>
      target.dispatchEvent(new PointerEvent("pointermove", {bubbles: true, clientX, clientY}));
    point(document.querySelector(".map.hero .mark.focus circle"), 100, 100);
    const site = tip.textContent;
    const area = document.querySelector("#method .hours .area");
    const box = area.getBoundingClientRect();
    point(area, box.left + box.width * (12.5 / 48), box.top + 5);
    const [heads, ...hours] = rowsOf(area.closest("figure"));
    return {
      site, hour: tip.textContent, cursors: document.querySelectorAll(".cursor").length,
      count: hours.length, noon: Object.fromEntries(heads.map((head, at) => [head, hours[12][at]])),
      bare: all("figure").filter((figure) => !rowsOf(figure)).map((figure) => figure.textContent),
    };"""
    found = browser.ask(pages["en"], OVERLAPS + script, tmp_path)
    assert (found["errors"], found["bare"], found["count"]) == ([], [], 48)
    assert found["site"].startswith("Gui'an\nIT power in 2028")
    assert found["cursors"] == 1
    assert found["hour"].startswith("16 Jan ×100 12:00 · MW")
    load = fake.tables_of_plan()["load"]
    row = load[
        (load["period"] == 2028) & (load["hour"] == 12) & (load["site"] == "GAN") & (load["technology"] == "ai_2025")
    ]
    capacity = fake.tables_of_plan()["capacity"]
    installed = capacity[
        (capacity["period"] == 2028) & (capacity["where"] == "GAN") & (capacity["technology"] == "ai_2025")
    ]
    mw = 0.00186 * (0.3 * float(installed["amount"].sum()) + 0.7 * float(row["units"].sum()))
    said = re.search(r"AI supernodes: ([\d,.]+)", found["hour"])
    assert said
    assert float(said[1].replace(",", "")) == pytest.approx(mw, rel=5e-3)
    assert found["noon"]["AI supernodes, MW"] == pytest.approx(mw, rel=1e-4)


def test_dark_pages_are_dark(pages: dict[Language, str], tmp_path: Path) -> None:
    script = (
        "return { paper: getComputedStyle(document.body).backgroundColor, ink: getComputedStyle(document.body).color };"
    )
    found = browser.ask(pages["en"], script, tmp_path, 1280, "--blink-settings=preferredColorScheme=0")
    light = browser.ask(pages["en"], script, tmp_path, 1280, "--blink-settings=preferredColorScheme=1")
    assert sum(map(int, re.findall(r"\d+", found["paper"]))) < 150 < sum(map(int, re.findall(r"\d+", found["ink"])))
    assert sum(map(int, re.findall(r"\d+", light["paper"]))) > 600


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_prints_on_a_few_sheets_of_a4(pages: dict[Language, str], language: Language, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(pages[language], encoding="utf-8")
    target = tmp_path / "page.pdf"
    browser.run(
        "--no-pdf-header-footer", f"--print-to-pdf={target}", (tmp_path / "page.html").as_uri(), folder=tmp_path
    )
    data = target.read_bytes()
    sheets = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\]", data)
    assert 5 <= len(re.findall(rb"/Type\s*/Page\b", data)) <= 40
    assert all(abs(float(wide) - 595) < 2 and abs(float(high) - 842) < 2 for wide, high in sheets)


PAPER = 687
"""Width of a sheet of A4 between its margins, in pixels of 1/96 inch."""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_table_is_cut_on_paper(pages: dict[Language, str], language: Language, tmp_path: Path) -> None:
    """With the rules of print on a sheet as wide as paper, every table and chart ends within it."""
    script = """
    const shown = [...document.querySelectorAll("table, figure, .tiles, .cards")].filter((item) => item.offsetParent);
    const cut = shown.filter((item) => item.getBoundingClientRect().right > innerWidth + 1);
    const named = (item) => item.closest("section").id + ": " + item.innerText.slice(0, 60);
    return { count: shown.length > 30, cut: cut.map(named) };"""
    printed = pages[language].replace("@media print", "@media all")
    found = browser.ask(printed, script, tmp_path, PAPER)
    assert found == {"count": True, "cut": [], "errors": []}


def test_english_has_narrow_marks_and_chinese_wide_ones(pages: dict[Language, str], tmp_path: Path) -> None:
    """Quotes and dots are signs of the language of the page: half as wide as a Chinese one, or as wide."""
    script = """
    const width = (text) => {
      const sign = document.createElement("span");
      sign.textContent = text;
      document.querySelector("p").append(sign);
      return sign.getBoundingClientRect().width;
    };
    return { wide: [..."“”·"].map((mark) => width(mark) > 0.9 * width("西")) };"""
    for language, wide in (("en", False), ("zh", True)):
        folder = tmp_path / language
        folder.mkdir()
        assert browser.ask(pages[language], script, folder)["wide"] == [wide] * 3, language
