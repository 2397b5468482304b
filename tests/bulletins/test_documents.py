"""Documents that libraries of the extra `documents` open: Word, PDF, and the article of a saved page."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from xisuan.bulletins.files import documents
from xisuan.bulletins.read_bulletin import read_bulletin
from xisuan.errors import ScenarioError

PARAGRAPH = "2024年，全省电信业务收入完成218.5亿元，同比增长2.9%。"
ROWS = (("指标", "单位", "2024年", "增长(%)"), ("地区生产总值", "亿元", "13002.9", "5.8"))


def said(path: Path) -> dict[str, tuple[float | None, float | None]]:
    return {one.indicator: (one.value, one.growth_pct) for one in read_bulletin(path).observations}


def without(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the import of a library fail as if it were not installed."""
    real = importlib.import_module

    def refuse(asked: str, *more: Any) -> Any:
        if asked == name:
            raise ImportError(name)
        return real(asked, *more)

    monkeypatch.setattr(documents.importlib, "import_module", refuse)


@pytest.mark.parametrize(("name", "library"), [("a.pdf", "pdfplumber"), ("a.docx", "docx")])
def test_a_missing_library_is_named_with_the_command(
    name: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_bytes(b"PK")
    without(library, monkeypatch)
    with pytest.raises(ScenarioError, match=r'pip install "xisuan\[documents\]"'):
        read_bulletin(tmp_path / name)


@pytest.mark.parametrize("address", ["https://www.gansu.gov.cn/a.html", "http://example.org/"])
def test_a_web_address_is_to_be_saved_first(address: str) -> None:
    with pytest.raises(ScenarioError, match="save the page first"):
        read_bulletin(Path(address))


def test_a_word_document_gives_its_paragraphs_and_tables(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for line in ("2024年甘肃省通信业统计公报", "发布时间：2025-02-10", PARAGRAPH):
        document.add_paragraph(line)
    table = document.add_table(rows=len(ROWS), cols=len(ROWS[0]))
    for at, row in enumerate(ROWS):
        for column, cell in enumerate(row):
            table.cell(at, column).text = cell
    document.save(str(tmp_path / "a.docx"))
    found = read_bulletin(tmp_path / "a.docx")
    assert said(tmp_path / "a.docx") == {"telecom_revenue": (21850.0, 2.9), "gdp": (1300290.0, 5.8)}
    assert {one.published for one in found.observations} == {"2025-02-10"}


def pdf_of(lines: list[str]) -> bytes:
    """A PDF of one page with lines of Latin text, written by hand."""
    shown = " ".join(f"1 0 0 1 50 {760 - 20 * at} Tm ({line}) Tj" for at, line in enumerate(lines))
    stream = f"BT /F1 11 Tf {shown} ET".encode("latin-1")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for at, part in enumerate(parts, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (at, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


def test_a_pdf_joins_the_lines_of_a_paragraph(tmp_path: Path) -> None:
    """A number and its unit stand in two lines, of which the first is full; page numbers are left out."""
    pytest.importorskip("pdfplumber")
    lines = [
        "Guizhou: telecommunications in 2024",
        "In 2024, the revenue of telecommunication services of Guizhou reached 39.1 billion",
        "yuan, up 2.1 percent from a year earlier.",
        "- 3 -",
    ]
    (tmp_path / "a.pdf").write_bytes(pdf_of(lines))
    assert said(tmp_path / "a.pdf") == {"telecom_revenue": (39100.0, 2.1)}


@pytest.mark.parametrize(
    ("name", "begin", "said"),
    [
        ("a.xls", "d0cf11e0a1b11ae1", "save it as .xlsx or .docx"),
        ("a.doc", "d0cf11e0a1b11ae1", "save it as .xlsx or .docx"),
        ("a.png", "89504e470d0a1a0a", "is a scan"),
        ("a.jpg", "ffd8ffe000104a46", "is a scan"),
    ],
)
def test_old_formats_and_pictures_say_what_to_do(name: str, begin: str, said: str, tmp_path: Path) -> None:
    """First bytes by the specifications of compound files, PNG and JFIF."""
    (tmp_path / name).write_bytes(bytes.fromhex(begin) + bytes(600))
    with pytest.raises(ScenarioError, match=said):
        read_bulletin(tmp_path / name)


def test_a_scan_says_that_it_is_one(tmp_path: Path) -> None:
    pytest.importorskip("pdfplumber")
    image = pytest.importorskip("PIL.Image")
    image.new("RGB", (60, 80), "white").save(tmp_path / "scan.pdf")
    with pytest.raises(ScenarioError, match="is a scan"):
        read_bulletin(tmp_path / "scan.pdf")


def test_radicals_of_pdf_fonts_are_read_as_characters() -> None:
    assert documents._plain("1-10⽉，同比增⻓") == "1-10月，同比增长"


MENU = "<ul><li><a href='/'>首页</a></li><li><a href='/a'>政务公开</a></li></ul>"
HEADLINES = (
    "<div class='side'><h3>热门</h3><ul><li>上海2023年GDP达47218亿元</li>"
    "<li>湖南2024年工业增加值增长6.1%</li></ul></div>"
)
ARTICLE = (
    f"<div class='content'><h1>2024年甘肃省通信业统计公报</h1><p>发布时间：2025-02-10</p><p>{PARAGRAPH}</p>"
    "<p>全行业深入贯彻落实党中央、国务院决策部署，扎实推进网络建设，服务能力稳步提升，行业运行总体平稳。</p></div>"
)


def page(tmp_path: Path) -> Path:
    path = tmp_path / "a.html"
    path.write_text(f"<html><body>{MENU}{ARTICLE}{HEADLINES}</body></html>", encoding="utf-8")
    return path


def test_the_article_of_a_page_is_read_and_its_headlines_are_not(tmp_path: Path) -> None:
    pytest.importorskip("readability")
    assert said(page(tmp_path)) == {"telecom_revenue": (21850.0, 2.9)}
    assert read_bulletin(page(tmp_path)).notes == ()


def test_without_the_library_all_of_a_page_is_read_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without("readability", monkeypatch)
    monkeypatch.setattr(documents.importlib.util, "find_spec", lambda _name: None)
    found = read_bulletin(page(tmp_path))
    assert "telecom_revenue" in {one.indicator for one in found.observations}
    assert any("xisuan[documents]" in note for note in found.notes)
