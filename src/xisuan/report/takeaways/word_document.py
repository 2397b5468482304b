"""The brief of a run as a Word document: the six answers, charts of the years, decisions due, and the tables behind them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from xisuan.report.document.blocks import Bars, Section, Table, Tile
from xisuan.report.document.palette import tone as shade
from xisuan.report.takeaways.office_charts import CHINESE, LATIN, chart_parts
from xisuan.report.takeaways.takeaway import Takeaway, cards, column_widths, plain_text, tables
from xisuan.text.translation import message as _

EMU_PER_CM = 360_000
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ACROSS = 3
"""Tiles and charts side by side."""
PAGE = 17.4
"""Width of the text on A4, cm."""
WIDEST = 12
"""Columns that a table may have on A4."""
TONES = {"firm": "good", "open": "bad", "bad": "bad", "plain": "soft"}


def write(given: Takeaway, path: Path) -> None:
    """Write the document to `path`."""
    document: Any = docx.Document()
    _set_up(document, given)
    _paragraph(document, given.kicker, 9, "soft")
    title = document.add_heading(level=0)
    _run(title, given.first.title, 18, "ink", bold=True)
    title.paragraph_format.space_after = Pt(6)
    _paragraph(document, given.first.lead, 9, "soft")  # of which future of several the brief is
    _paragraph(document, given.brief.warning, 9.5, "bad")
    _tiles(document, given.brief.tiles)
    if given.brief.charts:
        _heading(document, given.brief.charts_title)
        _charts(document, given.brief.charts)
        _paragraph(document, given.brief.charts_note, 8, "soft")
    if given.brief.due:
        _due(document, given)
    document.add_page_break()
    for chapter in given.chapters:
        _chapter(document, chapter)
    document.save(str(path))


def _set_up(document: Any, given: Takeaway) -> None:
    """Set paper, fonts, properties and the foot of the pages."""
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21.0 - PAGE) / 2)
    section.top_margin, section.bottom_margin = Cm(1.6), Cm(1.5)
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(10)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE)
    style.paragraph_format.space_after = Pt(3)
    document.core_properties.title = plain_text(given.first.title)
    document.core_properties.author = "xisuan"
    document.core_properties.language = "zh-CN" if given.language == "zh" else "en"
    _run(section.footer.paragraphs[0], given.source, 8, "faint")


def _run(paragraph: Any, text: str, size: float, tone: str, *, bold: bool = False) -> None:
    run = paragraph.add_run(plain_text(text))
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, LATIN
    run.font.color.rgb = RGBColor.from_string(shade(tone))
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), CHINESE)


def _paragraph(holder: Any, text: str, size: float, tone: str, *, bold: bool = False) -> Any:
    """Add a paragraph of one text, if there is any."""
    if not text:
        return None
    paragraph = holder.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(2)
    _run(paragraph, text, size, tone, bold=bold)
    return paragraph


def _heading(document: Any, text: str, level: int = 1) -> None:
    heading = document.add_heading(level=level)
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(9), Pt(3)
    heading.paragraph_format.keep_with_next = True
    _run(heading, text, 13 if level == 1 else 11, "ink", bold=True)


def _shade(cell: Any, tone: str) -> None:
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{shade(tone)}"/>'))


def _tiles(document: Any, tiles: tuple[Tile, ...]) -> None:
    """Write the six answers, three side by side."""
    grid = document.add_table(rows=-(-len(tiles) // ACROSS), cols=ACROSS)
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    for at, tile in enumerate(tiles):
        cell = grid.cell(at // ACROSS, at % ACROSS)
        _shade(cell, "panel")
        _run(cell.paragraphs[0], tile.question, 9, "soft", bold=True)
        number = cell.add_paragraph()
        number.paragraph_format.space_after = Pt(0)
        _run(number, tile.value, 18, "ink", bold=True)
        _run(number, f" {tile.unit}", 9.5, "ink")
        _paragraph(cell, tile.label, 9, "ink")
        for name, value in tile.lines:
            line = cell.add_paragraph()
            line.paragraph_format.space_after = Pt(0)
            _run(line, f"{name}  ", 8.5, "soft")
            _run(line, value, 8.5, "ink", bold=True)
        _paragraph(cell, tile.span, 8.5, "soft")
        _paragraph(cell, tile.verdict, 8.5, TONES[tile.tone])
    _borders(grid, "paper", 18)


def _borders(grid: Any, tone: str, width: int) -> None:
    """Set the lines between the cells of a table; `width` in eighths of a point."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="{width}" w:color="{shade(tone)}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    _set(
        grid,
        f"<w:tblBorders {nsdecls('w')}>{sides}</w:tblBorders>",
        "w:shd",
        "w:tblLayout",
        "w:tblCellMar",
        "w:tblLook",
    )


def _set(grid: Any, xml: str, *after: str) -> None:
    """Add a property of a table before those that the format puts `after` it."""
    grid._tbl.tblPr.insert_element_before(parse_xml(xml), *after)


def _charts(document: Any, charts: tuple[Bars, ...]) -> None:
    """Draw charts side by side, as charts that Word can edit."""
    n = len(charts)
    grid = document.add_table(rows=1, cols=n)
    wide = PAGE / n - 0.3
    for at, chart in enumerate(charts):
        cell = grid.cell(0, at)
        _run(cell.paragraphs[0], f"{chart.title}, {chart.unit}", 9, "ink", bold=True)
        cell.paragraphs[0].paragraph_format.space_after = Pt(0)
        paragraph = cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        _chart(document, paragraph, chart, wide, 4.2)


def _chart(document: Any, paragraph: Any, chart: Bars, wide: float, high: float) -> None:
    """Put a chart with its workbook into a paragraph; sizes in cm."""
    width, height = int(wide * EMU_PER_CM), int(high * EMU_PER_CM)
    xml, book = chart_parts(chart, width, height)
    package = document.part.package
    name = package.next_partname("/word/charts/chart%d.xml")
    number = name.rpartition("chart")[2].removesuffix(".xml")
    inner = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), BOOK_TYPE, book, package)
    outer = Part(name, CHART_TYPE, xml, package)
    outer.rels.get_or_add(f"{RELATION}/package", inner)
    identity = document.part.relate_to(outer, f"{RELATION}/chart")
    paragraph.add_run()._r.append(
        parse_xml(
            f'<w:drawing {nsdecls("w", "wp", "a", "r")}><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{100 + int(number)}" name="chart {number}"/>'
            '<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
            f'<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{identity}"/>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing>"
        )
    )


def _due(document: Any, given: Takeaway) -> None:
    """Write the decisions that are due."""
    say = given.context.say
    _heading(document, say(_("Decisions due now")))
    heads = [say(name) for name in (_("Decision"), _("Capital"), _("When"), _("What would change it"))]
    rows = [[due.what, due.money, due.date, due.event] for due in given.brief.due]
    _grid(document, heads, rows, [False] * 4, {}, [4.2, 2.6, 4.0, 6.6])


def _chapter(document: Any, chapter: Section) -> None:
    """Write a chapter: its lead, its cards as a table, and its first table, if it fits the page."""
    listed, shown = tables(chapter), cards(chapter)
    fitting = [table for table in listed[:1] if len(table.columns) <= WIDEST]
    if not (shown or fitting):
        return
    _heading(document, chapter.title)
    _paragraph(document, chapter.lead, 10, "ink")
    if shown:
        rows = [[card.title, card.value, "; ".join((card.label, *card.lines))] for card in shown]
        _grid(document, None, rows, [False, True, False], {}, [5.2, 2.4, 9.8])
        return
    for table in fitting:
        _table(document, table)


def _table(document: Any, table: Table) -> None:
    """Write a table of the report with title and note."""
    if table.title:
        _heading(document, table.title, level=2)
    heads = [f"{column.title} ({column.unit})" if column.unit else column.title for column in table.columns]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    strong = {at: row.kind for at, row in enumerate(table.rows) if row.kind in ("group", "total", "marked")}
    widths = [wide / 1000 for wide in column_widths(table, int(1000 * PAGE))]
    _grid(document, heads, rows, [column.number for column in table.columns], strong, widths)
    _paragraph(document, table.note, 8, "soft")


def _grid(
    document: Any,
    heads: list[str] | None,
    rows: list[list[str]],
    numbers: list[bool],
    strong: Mapping[int, str],
    widths: list[float],
) -> None:
    """Write rows of text as a table; the headings are repeated on each page."""
    grid = document.add_table(rows=len(rows) + (heads is not None), cols=len(numbers))
    grid.autofit = False
    for at, wide in enumerate(widths):
        grid.columns[at].width = Cm(wide)
    first = 1 if heads is not None else 0
    size = 8.5 if len(numbers) <= 8 else 7.5
    for down, texts in enumerate([heads, *rows] if heads is not None else rows):
        kind = "head" if down < first else strong.get(down - first, "")
        line = grid.rows[down]
        line._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        for at, text in enumerate(texts or []):
            cell = line.cells[at]
            cell.width = Cm(widths[at])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if numbers[at] else WD_ALIGN_PARAGRAPH.LEFT
            _run(paragraph, text, size, "ink", bold=bool(kind))
            if kind:
                _shade(cell, "line" if kind == "head" else "panel")
    if first:
        grid.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    _borders(grid, "line", 4)
    margins = "".join(f'<w:{side} w:w="60" w:type="dxa"/>' for side in ("left", "right"))
    _set(grid, f"<w:tblCellMar {nsdecls('w')}>{margins}</w:tblCellMar>", "w:tblLook")
