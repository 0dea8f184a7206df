"""A briefing as slides: the answer, what is set and the numbers, a slide a chart, what it rests on.
Words are words and tables are tables, so that they can be changed.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from coercivity.viz.drawn.briefing_charts import LARGE, chart_png, same_bytes, words_beside
from coercivity.viz.drawn.briefing_files import (
    CHANGES,
    FONT,
    PROPERTY,
    SURE,
    after_each_other,
    answer_words,
    change_heads,
    change_rows,
    own_heads,
    own_rows,
    sure_heads,
    sure_rows,
)
from coercivity.viz.drawn.letters import OFFICE, PLAIN, lines_of
from coercivity.viz.words.briefing import Briefing, Chart

SLIDES: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
WIDE, HIGH = 13.333, 7.5  # inches of a slide
SIDE: Final = 0.6  # inches left and right
TITLED: Final = 5  # of the layouts that python-pptx brings along: a title and nothing else
ROW: Final = 0.34  # inches of a row of a table, before its words need more
FEW_ROWS: Final = 4  # of what is set that stand above the numbers; more have a slide of their own
MOST_ROWS: Final = 14  # of what is set on one slide
INK, BLUE, GREY = "1D2127", "0067A5", "4A4F57"


def briefing_slides(held: Briefing) -> bytes:
    """The briefing as a PowerPoint file: the same bytes for the same numbers."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    properties = deck.core_properties
    properties.title, properties.author = held.title[:PROPERTY], "Coercivity"
    properties.language = held.language
    properties.created = properties.modified = dt.datetime.fromisoformat(held.day)
    properties.last_modified_by = "Coercivity"

    heads = held.heads
    first = _slide(deck, held.title, held)
    _flow(
        first,
        1.35,
        (
            Part((held.short,), 22, bold=True),
            Part((held.question, held.beneath), 13),
            Part(answer_words(held), 14, dots=True),
        ),
    )
    rows = change_rows(held)
    if len(rows) > FEW_ROWS:
        for begin in range(0, len(rows), MOST_ROWS):
            moved = _slide(deck, heads.moved, held)
            _table(moved, 1.2, change_heads(held), rows[begin : begin + MOST_ROWS], CHANGES)
        rows = []
    numbers, below = _slide(deck, heads.answer, held), 1.2
    if rows:
        below += _table(numbers, below, change_heads(held), rows, CHANGES) + 0.25
    _table(numbers, below, sure_heads(held), sure_rows(held), SURE)
    if held.own:
        own = _slide(deck, heads.own, held)
        _flow(own, 1.3, (Part((held.own.words,), 18),))
        _table(own, 2.7, own_heads(held), own_rows(held), SURE)

    beside = words_beside(held)
    for chart in held.charts:
        _chart(_slide(deck, chart.title if beside else chart.below, held), chart, held, beside)
    if held.why:
        why = _slide(deck, heads.why, held)
        _flow(why, 1.3, (Part((held.why_of,), 12), Part(held.why, 15, dots=True)))
    if held.misses:
        _flow(_slide(deck, heads.wrong, held), 1.3, (Part(held.misses, 15, dots=True),))
    last = _slide(deck, heads.limits, held)
    rests = (*held.untested, *held.limits, held.left_out)
    _back(last, _flow(last, 1.1, (Part(rests, 13, dots=True),), 5.5), held)
    _in_language(deck, held.language)
    stream = io.BytesIO()
    deck.save(stream)
    return same_bytes(stream.getvalue())


def _chart(slide: Any, chart: Chart, held: Briefing, beside: bool) -> None:
    """A chart, how to read it, and its words where they are not in the picture."""
    from pptx.util import Inches

    height = 4.8 if beside else 5.1
    picture = slide.shapes.add_picture(
        io.BytesIO(chart_png(chart, size=LARGE, family="" if beside else PLAIN)),
        Inches((WIDE - height * LARGE[0] / LARGE[1]) / 2),
        Inches(1.45 if beside else 1.15),
        None,
        Inches(height),
    )
    picture._element.nvPicPr.cNvPr.set("descr", f"{chart.title}. {chart.caption}")
    if beside:
        _text(slide, 1.1, [chart.below], 12, colour=GREY)
    source = [chart.source] if beside else []
    _text(slide, 6.28, [held.reading, *source], 10)


@dataclass(frozen=True)
class Part:
    """Paragraphs of one size."""

    lines: Sequence[str]
    points: float
    bold: bool = False
    dots: bool = False


def _flow(slide: Any, top: float, parts: Sequence[Part], least: float = HIGH - 0.6) -> float:
    """Parts below each other, all of them smaller where they would not end above *least* inches;
    where they end.
    """
    scale = 1.0
    while scale > 0.6 and top + sum(_height(part, scale) for part in parts) > least:
        scale -= 0.05
    for part in parts:
        _text(slide, top, part.lines, part.points * scale, bold=part.bold, dots=part.dots)
        top += _height(part, scale)
    return top


def _height(part: Part, scale: float) -> float:
    """About how many inches paragraphs need."""
    points, wide = part.points * scale, WIDE - 2 * SIDE - 0.2
    lines = sum(lines_of(line, points, wide) for line in part.lines)
    return (lines * 1.2 + len(part.lines) / 3) * points / 72 + 0.12


def _slide(deck: Any, title: str, held: Briefing) -> Any:
    """A slide with its title above, and below what it was made with."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Inches

    slide = deck.slides.add_slide(deck.slide_layouts[TITLED])
    head = slide.shapes.title
    head.left, head.top = Inches(SIDE), Inches(0.3)
    head.width, head.height = Inches(WIDE - 2 * SIDE), Inches(0.8)
    head.text_frame.vertical_anchor = MSO_ANCHOR.TOP
    head.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    wide = WIDE - 2 * SIDE - 0.2
    sizes = (26, 24, 20, 17)
    points = next((one for one in sizes if lines_of(title, one, wide) * one * 1.2 < 0.8 * 72), 15)
    _write(head.text_frame.paragraphs[0], title, points, True, INK)
    _text(slide, HIGH - 0.5, [held.made_on], 10, colour=GREY)
    return slide


def _text(
    slide: Any,
    top: float,
    lines: Sequence[str],
    points: float,
    *,
    bold: bool = False,
    dots: bool = False,
    colour: str = INK,
) -> Any:
    """Paragraphs below each other, from this many inches below the upper edge on."""
    from pptx.util import Inches, Pt

    box = slide.shapes.add_textbox(Inches(SIDE), Inches(top), Inches(WIDE - 2 * SIDE), Inches(0.4))
    frame = box.text_frame
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(points / 3)
        _write(paragraph, f"• {line}" if dots else line, points, bold, colour)
    return frame


def _write(paragraph: Any, text: str, points: float, bold: bool, colour: str) -> Any:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(points), bold, FONT
    run.font.color.rgb = RGBColor.from_string(colour)
    return run


def _table(
    slide: Any,
    top: float,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
) -> float:
    """A table that can be changed, and about how high it is: smaller letters where it is long."""
    from pptx.util import Inches

    scale, cells = (WIDE - 2 * SIDE) / sum(widths), (heads, *rows)
    columns = [width * scale for width in widths]

    def high(row: Sequence[str], points: float) -> float:
        lines = (
            lines_of(text, points, wide - 0.2) for text, wide in zip(row, columns, strict=True)
        )
        return max(ROW, max(lines) * points * 1.2 / 72 + 0.1)

    points = 12.0
    while points > 8.0 and top + sum(high(row, points) for row in cells) > HIGH - 0.6:
        points -= 0.5
    heights = [high(row, points) for row in cells]
    shape = slide.shapes.add_table(
        len(cells),
        len(heads),
        Inches(SIDE),
        Inches(top),
        Inches(WIDE - 2 * SIDE),
        Inches(sum(heights)),
    )
    for column, width in zip(shape.table.columns, columns, strict=True):
        column.width = Inches(width)
    for row, height in zip(shape.table.rows, heights, strict=True):
        row.height = Inches(height)
    for place, texts in enumerate(cells):
        for at, text in enumerate(texts):
            cell = shape.table.cell(place, at)
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            colour = "FFFFFF" if place == 0 else INK  # the style of the table has a dark head
            _write(cell.text_frame.paragraphs[0], text, points, place == 0 or at == 0, colour)
    return sum(heights)


def _back(slide: Any, top: float, held: Briefing) -> None:
    """The way back to the same numbers, and how to cite."""
    frame = _text(slide, top, [f"{held.again.words} "], 10)
    run = _write(frame.paragraphs[0], held.again.shown, 10, False, BLUE)
    if held.again.url:
        run.hyperlink.address = held.again.url
    words = f"{held.again.words} {held.again.shown}"
    top += _height(Part((words,), 10), 1.0) + 0.1
    _text(slide, top, [after_each_other(held.made, held.citation)], 9, colour=GREY)


def _in_language(deck: Any, code: str) -> None:
    """The language of every text, and the letters of what Arial has none of."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    for slide in deck.slides:
        for letters in slide._element.iter(qn("a:rPr")):
            letters.set("lang", code)
            latin = letters.find(qn("a:latin"))
            if code in OFFICE and latin is not None:
                face = f'<a:ea {nsdecls("a")} typeface="{OFFICE[code]}"/>'
                latin.addnext(parse_xml(face))
