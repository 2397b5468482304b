"""Word document, slides and PDF hold the brief: read by their own libraries, with the numbers of the run."""

from __future__ import annotations

import dataclasses
import io
import logging
import re
import shutil
import sys
import unicodedata
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pdfplumber
import pytest
from lxml import etree
from pptx import Presentation
from pptx.util import Emu

from tests.report import decided, fake
from xisuan.errors import StoreError
from xisuan.extras import MissingExtraError, command
from xisuan.report.document.blocks import Bars, Brief, Cards, Cell, Column, Row, Section, Table
from xisuan.report.facts import build_facts
from xisuan.report.pages import single_future_page
from xisuan.report.run_context import Context
from xisuan.report.takeaways import pdf_print
from xisuan.report.takeaways.takeaway import first_sentences, plain_text, shortened
from xisuan.report.takeaways.write_report import write_report
from xisuan.results.run import Run
from xisuan.text.translation import LANGUAGES, Language

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.fixture(scope="module")
def run() -> Run:
    made = fake.run()
    return dataclasses.replace(made, decisions=decided.for_run(made))


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    found: Language = request.param
    return found


@pytest.fixture(scope="module")
def sections(run: Run, language: Language) -> tuple[Section, ...]:
    return single_future_page.sections(run, language)


@pytest.fixture(scope="module")
def brief(sections: tuple[Section, ...]) -> Brief:
    (found,) = (block for block in sections[0].blocks if isinstance(block, Brief))
    return found


@pytest.fixture(scope="module")
def slides(
    run: Run, language: Language, sections: tuple[Section, ...], tmp_path_factory: pytest.TempPathFactory
) -> Any:
    path = tmp_path_factory.mktemp("slides") / "brief.pptx"
    write_report(run, path, language, made=sections)
    return Presentation(str(path))


@pytest.fixture(scope="module")
def word(run: Run, language: Language, sections: tuple[Section, ...], tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("word") / "brief.docx"
    write_report(run, path, language, made=sections)
    return docx.Document(str(path))


def words_of_slide(slide: Any) -> str:
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def words_of_document(document: Any) -> str:
    found = [paragraph.text for paragraph in document.paragraphs]
    return "\n".join([*found, *(cell.text for grid in document.tables for row in grid.rows for cell in row.cells)])


def answers(brief: Brief) -> list[str]:
    """Every text of the answers and decisions, as it must stand in a takeaway."""
    found = [text for tile in brief.tiles for text in (tile.question, tile.value, tile.label, tile.span, tile.verdict)]
    found += [text for tile in brief.tiles for line in tile.lines for text in line]
    found += [text for due in brief.due for text in (due.what, due.money, due.date, due.event)]
    return [plain_text(text) for text in found if text]


def test_there_are_eight_slides_and_the_first_is_the_finding(slides: Any, sections: tuple[Section, ...]) -> None:
    assert len(slides.slides) == 8
    assert slides.slides[0].shapes.title.text_frame.text == plain_text(sections[0].title)


def test_slides_have_every_answer_and_decision_of_the_brief(slides: Any, brief: Brief) -> None:
    said = "\n".join(map(words_of_slide, slides.slides))
    assert not [text for text in answers(brief) if text not in said]


def test_slides_have_every_case_and_the_orders_of_every_year(
    slides: Any, sections: tuple[Section, ...], language: Language
) -> None:
    said = "\n".join(map(words_of_slide, slides.slides))
    chapters = {one.name: one for one in sections}
    shown = [block for block in chapters["what_if"].blocks if isinstance(block, Cards)]
    assert not [card.title for block in shown for card in block.cards if plain_text(card.title) not in said]
    listed = next(block for block in chapters["build"].blocks if isinstance(block, Table))
    years = [row.cells[0].text for row in listed.rows if row.kind == "group"]
    assert len(years) > 1
    assert not [year for year in years if plain_text(year) not in said]


def test_a_shortened_list_keeps_sums_and_the_largest_of_its_rows() -> None:
    """Of two years with two orders each, four rows have room for both years, the total and the dearest order."""
    rows = [("2026", None, "group"), ("a", 1.0, "plain"), ("b", 2.0, "plain"),
            ("2027", None, "group"), ("c", 9.0, "plain"), ("d", 4.0, "plain"), ("all", 16.0, "total")]  # fmt: skip
    lines = tuple(Row((Cell(name), Cell("3", value=mcny)), kind) for name, mcny, kind in rows)
    table = Table("orders", (Column("what"), Column("capital", number=True)), lines)
    found, hidden = shortened(table, 4)
    assert [row.cells[0].text for row in found.rows] == ["2026", "2027", "c", "all"]
    assert hidden == 3


def test_nothing_on_a_slide_lies_outside_it(slides: Any) -> None:
    for slide in slides.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= slides.slide_width + Emu(10)
            height = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
            assert shape.top + height <= slides.slide_height, words_of_slide(slide)


def test_charts_of_the_slides_have_the_numbers_of_the_brief(slides: Any, brief: Brief) -> None:
    drawn = [shape.chart for shape in slides.slides[1].shapes if shape.has_chart]
    assert len(drawn) == len(brief.charts) > 0
    for chart, given in zip(drawn, brief.charts, strict=True):
        assert tuple(chart.plots[0].categories) == given.categories
        (series,) = chart.plots[0].series
        assert tuple(series.values) == pytest.approx(given.series[0].values)
        _same_range(chart.part.blob, given)


def _same_range(xml: bytes, given: Bars) -> None:
    """The error bars of a chart reach from the least to the most of the brief."""
    tree = etree.fromstring(xml)
    if not any(given.spread):
        assert tree.find(f".//{CHART}errBars") is None
        return
    top = tree.find(f".//{CHART}valAx/{CHART}scaling/{CHART}max")
    assert float(top.get("val")) >= max(end[1] for end in given.spread if end is not None)
    sides = {}
    for name in ("plus", "minus"):
        points = tree.findall(f".//{CHART}errBars/{CHART}{name}//{CHART}v")
        sides[name] = [float(point.text) for point in points]
    for at, end in enumerate(given.spread):
        value = given.series[0].values[at]
        low, high = end or (value, value)
        assert value - sides["minus"][at] == pytest.approx(min(low, value), rel=1e-4, abs=1e-4)
        assert value + sides["plus"][at] == pytest.approx(max(high, value), rel=1e-4, abs=1e-4)


def test_the_document_has_every_answer_and_decision_of_the_brief(word: Any, brief: Brief) -> None:
    said = words_of_document(word)
    assert not [text for text in answers(brief) if text not in said]


def test_charts_of_the_document_can_be_edited_and_have_the_numbers_of_the_brief(word: Any, brief: Brief) -> None:
    parts = [part for part in word.part.package.iter_parts() if str(part.partname).startswith("/word/charts/")]
    assert len(parts) == len(brief.charts) > 0
    for part, given in zip(sorted(parts, key=lambda part: str(part.partname)), brief.charts, strict=True):
        tree = etree.fromstring(part.blob)
        values = [float(value.text) for value in tree.findall(f".//{CHART}val//{CHART}v")]
        assert values == pytest.approx(given.series[0].values)
        _same_range(part.blob, given)
        identity = tree.find(f"{CHART}externalData").attrib.values()[0]
        book = openpyxl.load_workbook(io.BytesIO(part.rels[identity].target_part.blob))
        assert [row[1].value for row in book.active.iter_rows(min_row=2)] == pytest.approx(given.series[0].values)


def test_the_procurement_list_of_the_document_adds_up_to_the_capital_of_the_facts(
    word: Any, run: Run, language: Language
) -> None:
    context = Context(run, language)
    years = build_facts.capital_by_year(context)
    divisor = context.money.divisor
    heading = f"({context.money.unit})"
    grid = next(
        grid for grid in word.tables
        if grid.rows[0].cells[-1].text.endswith(heading) and len(grid.rows) > len(build_facts.procurement(context))
    )  # fmt: skip
    column = [row.cells[-1].text.replace(",", "") for row in grid.rows][1:]
    lines = [row.cells[0].text for row in grid.rows][1:]
    heads = [
        at
        for at, name in enumerate(lines)
        if any(str(year) in name for year in years) and not grid.rows[at + 1].cells[1].text
    ]
    parts = sum(float(text) for at, text in enumerate(column[:-1]) if at not in heads and re.fullmatch(r"[\d.]+", text))
    assert float(column[-1]) == pytest.approx(sum(years.values()) / divisor, abs=1e-6)
    assert parts == pytest.approx(float(column[-1]), abs=1e-6)


def _letters(text: str) -> str:
    """Letters of a text; a PDF may hold a Chinese sign as the radical that looks like it."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.mark.skipif(not any(map(shutil.which, pdf_print.BROWSERS)), reason="no Chromium, Chrome or Edge")
def test_the_pdf_holds_the_brief_on_a4_without_the_annex(
    run: Run, language: Language, sections: tuple[Section, ...], brief: Brief, tmp_path: Path
) -> None:
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # fonts that Chromium embeds without a box
    write_report(run, tmp_path / "brief.pdf", language, made=sections)
    with pdfplumber.open(tmp_path / "brief.pdf") as found:
        assert 1 < len(found.pages) <= 12
        assert (round(found.pages[0].width), round(found.pages[0].height)) == (595, 842)
        first = _letters(found.pages[0].extract_text())
        everything = _letters("".join(page.extract_text() for page in found.pages))
    for tile in brief.tiles:
        assert _letters(tile.value) in first
        assert _letters(tile.question) in first
    if language == "en":  # pdfminer reads some Chinese headings as radicals without a standard form
        titles: dict[bool, list[str]] = {False: [], True: []}
        for section in sections[1:]:
            titles[section.is_annex].append(_letters(section.title))
        assert all(title in everything for title in titles[False])
        assert "Methodandlimits" in titles[True]
        assert "Methodandlimits" not in everything


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "pptx" or "takeaways.office" in name]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("xisuan.report.takeaways.slides", "xisuan.report.takeaways.word_document"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "pptx", None)
    for ending in ("pptx", "docx"):
        with pytest.raises(MissingExtraError, match=re.escape(command("office"))):
            write_report(run, tmp_path / f"brief.{ending}")
        assert not (tmp_path / f"brief.{ending}").exists()


def test_without_a_browser_the_message_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(StoreError, match="apt install chromium"):
        write_report(run, tmp_path / "brief.pdf")


def test_another_ending_is_refused_with_those_that_are_known(run: Run, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"\.html, \.xlsx, \.docx, \.pptx, \.pdf"):
        write_report(run, tmp_path / "brief.odt")


def test_leads_are_cut_between_sentences() -> None:
    text = "It costs 1.5 bn CNY. A second one follows. A third."
    assert first_sentences(text, 0) == "It costs 1.5 bn CNY."
    assert first_sentences(text, 45) == "It costs 1.5 bn CNY. A second one follows."
    assert first_sentences("投资1.5亿元。不新建机房。", 0) == "投资1.5亿元。"
