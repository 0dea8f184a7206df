"""What slides of ours are built of: a deck, slides with a title, paragraphs that become smaller
where they would not fit, tables that can be changed (decision 0062).
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from coercivity.viz.documents.briefing_charts import same_bytes
from coercivity.viz.documents.briefing_files import FONT, PROPERTY
from coercivity.viz.documents.fonts import OFFICE, is_square, lines_of

SLIDES: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
WIDE, HIGH = 13.333, 7.5  # inches of a slide
SIDE: Final = 0.6  # inches left and right
TITLED: Final = 5  # of the layouts that python-pptx brings along: a title and nothing else
ROW: Final = 0.34  # inches of a row of a table, before its words need more
INK, BLUE, GREY = "1D2127", "0067A5", "4A4F57"


@dataclass(frozen=True)
class Paragraphs:
    """Paragraphs of one size."""

    lines: Sequence[str]
    points: float
    bold: bool = False
    dots: bool = False


class Deck:
    """Slides, none at first."""

    def __init__(self, title: str, language: str, day: str) -> None:
        from pptx import Presentation
        from pptx.util import Inches

        deck = Presentation()
        deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
        properties = deck.core_properties
        properties.title, properties.author = title[:PROPERTY], "Coercivity"
        properties.language = language
        properties.created = properties.modified = dt.datetime.fromisoformat(day)
        properties.last_modified_by = "Coercivity"
        self.language, self._deck = language, deck

    def slide(self, title: str, below: str) -> Slide:
        """A slide with its title above, and below what it was made with."""
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Inches

        shapes = self._deck.slides.add_slide(self._deck.slide_layouts[TITLED]).shapes
        head = shapes.title
        head.left, head.top = Inches(SIDE), Inches(0.3)
        head.width, head.height = Inches(WIDE - 2 * SIDE), Inches(0.8)
        head.text_frame.vertical_anchor = MSO_ANCHOR.TOP
        head.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        wide = WIDE - 2 * SIDE - 0.2
        sizes = (26, 24, 20, 17)
        points = next(
            (one for one in sizes if lines_of(title, one, wide) * one * 1.2 < 0.8 * 72), 15
        )
        write(head.text_frame.paragraphs[0], title, points, True, INK)
        slide = Slide(shapes)
        slide.text(HIGH - 0.5, [below], 10, colour=GREY)
        return slide

    def file(self) -> bytes:
        """The deck as a PowerPoint file: the same bytes for the same slides."""
        in_language(self._deck, self.language)
        stream = io.BytesIO()
        self._deck.save(stream)
        return same_bytes(stream.getvalue())


class Slide:
    """A slide with its title; shapes: of python-pptx."""

    def __init__(self, shapes: Any) -> None:
        self.shapes = shapes

    def flow(
        self,
        top: float,
        parts: Sequence[Paragraphs],
        least: float = HIGH - 0.6,
        *,
        beside: float = 0.0,
    ) -> float:
        """Parts below each other, all smaller where they would not end above *least* inches;
        where they end. beside: inches at the right that stay free (see `place_beside`).
        """
        wide = WIDE - 3 * SIDE - beside if beside else WIDE - 2 * SIDE
        scale = 1.0
        while scale > 0.6 and top + sum(height_of(part, scale, wide) for part in parts) > least:
            scale -= 0.05
        for part in parts:
            self.text(
                top,
                part.lines,
                part.points * scale,
                bold=part.bold,
                dots=part.dots,
                wide=wide,
            )
            top += height_of(part, scale, wide)
        return top

    def place_beside(self, size: float, text: str, points: float) -> None:
        """An empty square at the right, of so many inches, into which something can be laid."""
        from pptx.dml.color import RGBColor
        from pptx.enum.shapes import MSO_SHAPE
        from pptx.util import Inches

        left, top, edge = Inches(WIDE - SIDE - size), Inches((HIGH - size) / 2), Inches(size)
        place = self.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, edge, edge)
        place.fill.solid()
        place.fill.fore_color.rgb = RGBColor.from_string("FFFFFF")
        place.line.color.rgb = RGBColor.from_string(GREY)
        place.shadow.inherit = False
        frame = place.text_frame
        frame.word_wrap = True
        write(frame.paragraphs[0], text, points, False, INK)

    def text(
        self,
        top: float,
        lines: Sequence[str],
        points: float,
        *,
        bold: bool = False,
        dots: bool = False,
        colour: str = INK,
        wide: float = WIDE - 2 * SIDE,
    ) -> Any:
        """Paragraphs below each other, from this many inches below the upper edge on."""
        from pptx.util import Inches, Pt

        box = self.shapes.add_textbox(Inches(SIDE), Inches(top), Inches(wide), Inches(0.4))
        frame = box.text_frame
        frame.word_wrap = True
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(points / 3)
            write(paragraph, f"• {line}" if dots else line, points, bold, colour)
        return frame

    def table(
        self,
        top: float,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        most: float = 12.0,
    ) -> float:
        """A table that can be changed, and about how high it is; a long one has small letters."""
        from pptx.util import Inches

        scale, cells = (WIDE - 2 * SIDE) / sum(widths), (heads, *rows)
        columns = [width * scale for width in widths]

        def high(row: Sequence[str], points: float) -> float:
            return max(
                ROW,
                max(
                    lines_of(text, points, wide - 0.2) * points * _line(text) / 72 + 0.1
                    for text, wide in zip(row, columns, strict=True)
                ),
            )

        points = most
        while points > 8.0 and top + sum(high(row, points) for row in cells) > HIGH - 0.6:
            points -= 0.5
        heights = [high(row, points) for row in cells]
        shape = self.shapes.add_table(
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
                write(cell.text_frame.paragraphs[0], text, points, place == 0 or at == 0, colour)
        return sum(heights)


def height_of(part: Paragraphs, scale: float, wide: float = WIDE - 2 * SIDE) -> float:
    """About how many inches paragraphs need."""
    points = part.points * scale
    lines = sum(lines_of(line, points, wide - 0.2) for line in part.lines)
    return (lines * 1.2 + len(part.lines) / 3) * points / 72 + 0.12


def write(paragraph: Any, text: str, points: float, bold: bool, colour: str) -> Any:
    """More of a paragraph, in letters of this size and colour."""
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(points), bold, FONT
    run.font.color.rgb = RGBColor.from_string(colour)
    return run


def _line(text: str) -> float:
    """Height of a line over that of its letters: more where they fill a square."""
    return 1.5 if any(map(is_square, text)) else 1.2


def in_language(deck: Any, code: str) -> None:
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
