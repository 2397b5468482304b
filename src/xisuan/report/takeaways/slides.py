"""Eight slides of a run: the brief, the years and the decisions due, and six chapters with one exhibit or two each."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from xisuan.report.document.blocks import Bars, Beside, Block, Card, Due, Section, Table, Tile
from xisuan.report.document.palette import tone as shade
from xisuan.report.takeaways.office_charts import CHINESE, LATIN, add_chart
from xisuan.report.takeaways.takeaway import (
    CHAPTERS,
    Takeaway,
    cards,
    column_widths,
    first_sentences,
    letters,
    plain_text,
    shortened,
    tables,
)  # fmt: skip
from xisuan.text.translation import message as _

SLIDES = 8
WIDTH, HEIGHT, EDGE = Inches(13.333), Inches(7.5), Inches(0.6)
TOP = Inches(1.75)
"""Where the exhibits of a slide begin."""
BOTTOM = Inches(7.0)
"""Where the exhibits of a slide end."""
LEAD_LETTERS, LONGEST_TITLE, LEAST_ROWS = 300, 110, 3
ACROSS = {1: 1, 2: 2, 3: 6, 4: 12, 5: 15}
"""Cards beside each other → most cards so arranged."""
MOST_CARDS, LINES = 15, 3
"""Most cards of a slide, and most lines of a card under its number."""
EMU_PER_POINT, LETTER = 12_700, 0.52
"""Width of a Latin letter, in heights of a letter."""
TONES = {"firm": "good", "open": "bad", "bad": "bad", "plain": "soft"}
"""Tone of an answer → variable of the palette."""


def write(given: Takeaway, path: Path) -> None:
    """Write the presentation to `path`."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    deck.core_properties.title = plain_text(given.first.title)
    deck.core_properties.author = "xisuan"
    _brief(deck, given)
    if given.brief.charts or given.brief.due:
        _years(deck, given)
    left = SLIDES - len(deck.slides)
    chosen = [one for name in CHAPTERS if (one := given.chapter(name)) is not None and _exhibits(one)]
    kept = {one.name for one in chosen[:left]}
    for chapter in given.chapters:
        if chapter.name in kept:
            _chapter(deck, given, chapter)
    deck.save(str(path))


def _slide(deck: Any, given: Takeaway, title: str, kicker: str) -> Any:
    """Return a new slide with kicker, title, source and number."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    holder = slide.shapes.title
    holder.left, holder.top, holder.width, holder.height = EDGE, Inches(0.62), WIDTH - 2 * EDGE, Inches(0.75)
    frame = holder.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    said = plain_text(title)
    _run(frame.paragraphs[0], said, 26 if letters(said) < 60 else 21, "ink", bold=True)
    _text(slide, kicker, EDGE, Inches(0.3), WIDTH - 2 * EDGE, Inches(0.3), 12, "seal", bold=True)
    foot = Inches(7.08)
    _text(slide, given.source, EDGE, foot, WIDTH - 3 * EDGE, Inches(0.3), 9, "faint")
    number = _text(slide, str(len(deck.slides)), WIDTH - 2 * EDGE, foot, EDGE, Inches(0.3), 9, "faint")
    number.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    return slide


def _run(paragraph: Any, text: str, size: float, tone: str, *, bold: bool = False) -> None:
    """Add text in the fonts of takeaways to a paragraph."""
    run = paragraph.add_run()
    run.text = plain_text(text)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, LATIN
    run.font.color.rgb = RGBColor.from_string(shade(tone))
    east = run._r.get_or_add_rPr().makeelement(qn("a:ea"), {"typeface": CHINESE})
    run._r.get_or_add_rPr().append(east)


def _text(
    slide: Any, text: str, left: int, top: int, width: int, height: int, size: float, tone: str, *, bold: bool = False
) -> Any:
    """Add a box with one paragraph and return it."""
    box = slide.shapes.add_textbox(Emu(left), Emu(top), Emu(width), Emu(height))
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    _run(frame.paragraphs[0], text, size, tone, bold=bold)
    return box


def _brief(deck: Any, given: Takeaway) -> None:
    """Add the slide of the brief: six answers."""
    slide = _slide(deck, given, given.first.title, given.kicker)
    gap, top = Inches(0.2), int(Inches(1.55))
    lead = first_sentences(given.first.lead, LEAD_LETTERS)  # says of which future of several the brief is
    for said, tone, space in ((lead, "soft", Inches(0.4)), (given.brief.warning, "bad", Inches(0.2))):
        if said:
            _text(slide, said, EDGE, top - Inches(0.15), WIDTH - 2 * EDGE, space, 11, tone)
            top += space
    width, height = (WIDTH - 2 * EDGE - 2 * gap) // 3, (Inches(6.95) - top - gap) // 2
    for at, tile in enumerate(given.brief.tiles[:6]):
        left = EDGE + (at % 3) * (width + gap)
        _tile(slide, tile, left, top + (at // 3) * (height + gap), width, height)


def _panel(slide: Any, left: int, top: int, width: int, height: int, tone: str) -> Any:
    """Add a panel with a coloured upper edge; return its text frame."""
    panel = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Emu(left), Emu(top), Emu(width), Emu(height))
    panel.fill.solid()
    panel.fill.fore_color.rgb = RGBColor.from_string(shade("panel"))
    panel.line.fill.background()
    panel.shadow.inherit = False
    edge = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Emu(left), Emu(top), Emu(width), Inches(0.05))
    edge.fill.solid()
    edge.fill.fore_color.rgb = RGBColor.from_string(shade(tone))
    edge.line.fill.background()
    frame = panel.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = Inches(0.16)
    frame.margin_top, frame.margin_bottom = Inches(0.14), Inches(0.08)
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    return frame


def _add(frame: Any, parts: list[tuple[str, float, str, bool]], space: float = 2) -> None:
    """Add a paragraph of parts: text, size, tone, bold."""
    paragraph = frame.paragraphs[0] if not frame.paragraphs[0].runs else frame.add_paragraph()
    paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(space)
    for text, size, tone, bold in parts:
        _run(paragraph, text, size, tone, bold=bold)


def _tile(slide: Any, tile: Tile, left: int, top: int, width: int, height: int) -> None:
    """Draw one answer: question, number with unit, what it is, lines, range and certainty."""
    frame = _panel(slide, left, top, width, height, TONES[tile.tone])
    _add(frame, [(tile.question, 13, "soft", True)])
    _add(frame, [(tile.value, 28, "ink", True), (f" {tile.unit}", 14, "ink", False)], 0)
    _add(frame, [(tile.label, 12, "ink", False)], 3)
    for name, value in tile.lines:
        _add(frame, [(f"{name}  ", 10.5, "soft", False), (value, 10.5, "ink", True)], 0)
    for text, tone in ((tile.span, "soft"), (tile.verdict, TONES[tile.tone])):
        if text:
            _add(frame, [(text, 10.5, tone, False)], 0)


def _years(deck: Any, given: Takeaway) -> None:
    """Add the slide of the years and of the decisions due."""
    brief, say = given.brief, given.context.say
    title = brief.charts_title or say(_("Decisions due now"))
    slide = _slide(deck, given, title, given.kicker)
    gap = Inches(0.3)
    n = max(1, len(brief.charts))
    width = (WIDTH - 2 * EDGE - (n - 1) * gap) // n
    for at, chart in enumerate(brief.charts):
        left = EDGE + at * (width + gap)
        _text(slide, f"{chart.title}, {chart.unit}", left, Inches(1.4), width, Inches(0.3), 12, "ink", bold=True)
        add_chart(slide, chart, left, Inches(1.7), width, Inches(2.5))
    _text(slide, brief.charts_note, EDGE, Inches(4.2), WIDTH - 2 * EDGE, Inches(0.4), 10, "soft")
    if brief.due:
        _text(
            slide, say(_("Decisions due now")), EDGE, Inches(4.75), WIDTH - 2 * EDGE, Inches(0.3), 14, "ink", bold=True
        )
        m = len(brief.due)
        wide = (WIDTH - 2 * EDGE - (m - 1) * gap) // m
        for at, due in enumerate(brief.due):
            _decision(slide, due, EDGE + at * (wide + gap), Inches(5.1), wide, Inches(1.85))


def _decision(slide: Any, due: Due, left: int, top: int, width: int, height: int) -> None:
    """Draw a decision that is due."""
    frame = _panel(slide, left, top, width, height, "seal")
    _add(frame, [(due.what, 14, "ink", True)])
    _add(frame, [(due.money, 14, "seal", True), (f"  {due.date}", 11, "soft", False)])
    _add(frame, [(due.event, 11, "ink", False)])


def _charts(blocks: tuple[Block, ...]) -> list[Bars]:
    """Return the charts of columns among blocks that have numbers."""
    found: list[Bars] = []
    for block in blocks:
        if isinstance(block, Bars) and block.series and block.categories:
            found.append(block)
        elif isinstance(block, Beside):
            found += _charts(block.blocks)
    return found


def _exhibits(chapter: Section) -> bool:
    """Return True if a chapter has something to show on a slide."""
    return bool(_charts(chapter.blocks) or tables(chapter) or cards(chapter))


def _chapter(deck: Any, given: Takeaway, chapter: Section) -> None:
    """Add the slide of a chapter: its lead, then cards, a chart beside a table, or a table alone."""
    sentence = first_sentences(chapter.lead, 0)
    is_finding = 0 < letters(sentence) <= LONGEST_TITLE
    slide = _slide(
        deck, given, sentence if is_finding else chapter.title, chapter.title if is_finding else given.kicker
    )
    rest = plain_text(chapter.lead).removeprefix(sentence).strip() if is_finding else plain_text(chapter.lead)
    top: int = TOP
    if rest:
        said = first_sentences(rest, LEAD_LETTERS)
        _text(slide, said, EDGE, Inches(1.45), WIDTH - 2 * EDGE, Inches(0.6), 13, "soft")
        top = Inches(1.75) + Inches(0.24) * (letters(said) // 140)
    height = Inches(6.95) - top
    if shown := cards(chapter):
        _cards(slide, shown[:MOST_CARDS], top + Inches(0.15), height - Inches(0.15))
        return
    charts, listed = _charts(chapter.blocks), tables(chapter)
    full = WIDTH - 2 * EDGE
    if charts and listed and len(listed[0].columns) <= 6:
        wide = full * 45 // 100
        _chart(slide, charts[0], EDGE, top, wide, height)
        _table(slide, given, listed[0], EDGE + wide + Inches(0.3), top, full - wide - Inches(0.3))
    elif listed:
        end = _table(slide, given, listed[0], EDGE, top, full)
        if not charts and len(listed) > 1 and BOTTOM - end > Inches(2.0):
            _table(slide, given, listed[1], EDGE, end + Inches(0.3), full)
        elif charts and BOTTOM - end > Inches(2.2):
            wide = (full - Inches(0.4)) // 2
            for at, chart in enumerate(charts[:2]):
                _chart(
                    slide, chart, EDGE + at * (wide + Inches(0.4)), end + Inches(0.15), wide, BOTTOM - end - Inches(0.2)
                )
    else:
        _chart(slide, charts[0], EDGE, top, full, height)


def _chart(slide: Any, chart: Bars, left: int, top: int, width: int, height: int) -> None:
    _text(slide, f"{chart.title}, {chart.unit}", left, top, width, Inches(0.5), 12, "ink", bold=True)
    add_chart(slide, chart, left, top + Inches(0.45), width, height - Inches(0.5))


def _cards(slide: Any, shown: list[Card], top: int, height: int) -> None:
    """Draw the cases of *what if* side by side, the smaller, the more there are."""
    across = next(n for n, most in ACROSS.items() if len(shown) <= most)
    small = len(shown) > 2 * across
    title, value, text = (10.5, 16, 9) if small else (13, 24, 10.5)
    down = -(-len(shown) // across)
    gap = Inches(0.2)
    width = (WIDTH - 2 * EDGE - (across - 1) * gap) // across
    tall = min((height - (down - 1) * gap) // down, Inches(2.5))
    for at, card in enumerate(shown):
        left = EDGE + (at % across) * (width + gap)
        frame = _panel(slide, left, top + (at // across) * (tall + gap), width, tall, TONES[card.tone])
        _add(frame, [(card.title, title, "soft", True)])
        _add(frame, [(card.value, value, "ink", True), (f"  {card.label}", text, "ink", False)], 1)
        for line in card.lines[:LINES]:
            _add(frame, [(line, text, "soft", False)], 1)


def _table(slide: Any, given: Takeaway, table: Table, left: int, top: int, width: int, bottom: int = BOTTOM) -> int:
    """Draw a table that can be edited, as many rows as fit above `bottom`; return where it ends."""
    _text(slide, table.title, left, top, width, Inches(0.3), 12, "ink", bold=True)
    size = 11 if len(table.columns) <= 7 else 9.5
    start = top + Inches(0.34)
    shown, heights, hidden = _fitting(table, width, size, bottom - start - Inches(0.3))
    frame = slide.shapes.add_table(
        len(shown.rows) + 1, len(shown.columns), Emu(left), Emu(start), Emu(width), Emu(sum(heights))
    )
    _plain_style(frame)
    for at, wide in enumerate(column_widths(shown, width)):
        frame.table.columns[at].width = Emu(wide)
    for at, high in enumerate(heights):
        frame.table.rows[at].height = Emu(high)
    for at, head in enumerate(_heads(shown)):
        _fill(frame.table.cell(0, at), head, size, number=shown.columns[at].number, bold=True, ground="line")
    for down, line in enumerate(shown.rows, start=1):
        strong = line.kind in ("group", "total", "marked")
        ground = "panel" if line.kind in ("group", "total") else "paper"
        for at, (cell, column) in enumerate(zip(line.cells, shown.columns, strict=True)):
            _fill(frame.table.cell(down, at), cell.text, size, number=column.number, bold=strong, ground=ground)
    end = start + sum(heights) + Inches(0.06)
    if hidden:
        note = given.context.say(_("{n} more lines are in the workbook.", n=hidden))
        _text(slide, note, left, end, width, Inches(0.25), 10, "soft")
    return int(end)


def _heads(table: Table) -> list[str]:
    """Return the headings of a table with their units."""
    return [f"{column.title} ({column.unit})" if column.unit else column.title for column in table.columns]


def _fitting(table: Table, width: int, size: float, room: int) -> tuple[Table, list[int], int]:
    """Return a table with the rows that fit, the heights of heading and rows, and the number of rows left out."""
    most = len(table.rows)
    while True:
        shown, hidden = shortened(table, most)
        widths = column_widths(shown, width)
        lines = [_heads(shown), *([cell.text for cell in row.cells] for row in shown.rows)]
        heights = [_row_height(texts, widths, size) for texts in lines]
        if sum(heights) <= room or most <= LEAST_ROWS:
            return shown, heights, hidden
        most -= 1


def _row_height(texts: list[str], widths: list[int], size: float) -> int:
    """Return the height of a row with texts in columns of these widths, EMU."""
    letter = size * EMU_PER_POINT * LETTER
    lines = [
        math.ceil(letters(text) * letter / max(1.0, wide - Inches(0.14)))
        for text, wide in zip(texts, widths, strict=True)
    ]
    return int(max(1, *lines) * size * 1.22 * EMU_PER_POINT + Inches(0.07))


def _plain_style(frame: Any) -> None:
    """Take off the bands of the theme."""
    properties = frame._element.graphic.graphicData.tbl.tblPr
    for name in ("bandRow", "firstRow"):
        properties.set(name, "0")


def _fill(cell: Any, text: str, size: float, *, number: bool, bold: bool, ground: str) -> None:
    """Write a cell of a table."""
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(shade(ground))
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if number else PP_ALIGN.LEFT
    if text:
        _run(paragraph, text, size, "ink", bold=bold)
    else:  # a blank cell has the height of its letters too
        paragraph._p.get_or_add_endParaRPr().set("sz", str(int(100 * size)))
