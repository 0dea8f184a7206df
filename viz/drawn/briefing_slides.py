"""A briefing as slides: the answer, what is set and the numbers, a slide a chart, what it rests on.
Words are words and tables are tables, so that they can be changed.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any, Final

from coercivity.viz.drawn.briefing_charts import LARGE, chart_png, same_bytes
from coercivity.viz.drawn.briefing_files import (
    CHANGES,
    FONT,
    PROPERTY,
    SURE,
    change_heads,
    change_rows,
    sure_heads,
    sure_rows,
)
from coercivity.viz.words.briefing import HEADS, Briefing

SLIDES: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
WIDE, HIGH = 13.333, 7.5  # inches of a slide
SIDE: Final = 0.6  # inches left and right
TITLED: Final = 5  # of the layouts that python-pptx brings along: a title and nothing else
LONG: Final = 60  # letters of a title: longer ones are smaller
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
    properties.created = properties.modified = dt.datetime.fromisoformat(held.day)
    properties.last_modified_by = "Coercivity"

    first = _slide(deck, held.title, held)
    _text(first, 1.5, [held.short], 24, bold=True)
    _text(first, 3.1, [held.question], 14)
    _text(first, 4.2, held.told.sentences, 14, dots=True)

    rows = change_rows(held)
    if len(rows) > FEW_ROWS:
        for begin in range(0, len(rows), MOST_ROWS):
            moved = _slide(deck, HEADS.moved, held)
            _table(moved, 1.2, change_heads(), rows[begin : begin + MOST_ROWS], CHANGES)
        rows = []
    numbers = _slide(deck, HEADS.answer, held)
    if rows:
        _table(numbers, 1.2, change_heads(), rows, CHANGES)
    below = 1.75 + ROW * len(rows) if rows else 1.2
    _table(numbers, below, sure_heads(held), sure_rows(held), SURE)

    for chart in held.charts:
        slide = _slide(deck, chart.below, held)
        height = 5.1
        left = (WIDE - height * LARGE[0] / LARGE[1]) / 2
        picture = slide.shapes.add_picture(
            io.BytesIO(chart_png(chart, size=LARGE)),
            Inches(left),
            Inches(1.15),
            None,
            Inches(height),
        )
        picture._element.nvPicPr.cNvPr.set("descr", f"{chart.title}. {chart.caption}")
        _text(slide, 6.3, [held.reading], 11)

    if held.why:
        why = _slide(deck, HEADS.why, held)
        _text(why, 1.3, [held.why_of], 12)
        _text(why, 1.8, held.why, 15, dots=True)
    wrong = _slide(deck, HEADS.wrong, held)
    _text(wrong, 1.3, held.misses, 15, dots=True)
    last = _slide(deck, HEADS.limits, held)
    _text(last, 1.1, (*held.untested, *held.limits, held.left_out), 14, dots=True)
    _back(last, held)
    stream = io.BytesIO()
    deck.save(stream)
    return same_bytes(stream.getvalue())


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
    points = 26 if len(title) < LONG else 20
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
) -> None:
    """A table that can be changed."""
    from pptx.util import Inches

    scale = (WIDE - 2 * SIDE) / sum(widths)
    shape = slide.shapes.add_table(
        len(rows) + 1,
        len(heads),
        Inches(SIDE),
        Inches(top),
        Inches(WIDE - 2 * SIDE),
        Inches(ROW * (len(rows) + 1)),
    )
    for column, width in zip(shape.table.columns, widths, strict=True):
        column.width = Inches(width * scale)
    for place, cells in enumerate((heads, *rows)):
        for at, text in enumerate(cells):
            cell = shape.table.cell(place, at)
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            colour = "FFFFFF" if place == 0 else INK  # the style of the table has a dark head
            _write(cell.text_frame.paragraphs[0], text, 12, place == 0 or at == 0, colour)


def _back(slide: Any, held: Briefing) -> None:
    """The way back to the same numbers, and how to cite."""
    frame = _text(slide, 5.2, [f"{held.again.words} "], 11)
    run = _write(frame.paragraphs[0], held.again.shown, 11, False, BLUE)
    if held.again.url:
        run.hyperlink.address = held.again.url
    _text(slide, 6.2, [f"{held.made} {held.citation}"], 10, colour=GREY)
