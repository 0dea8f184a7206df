"""A briefing laid out as a file: a Word document of two pages, or one HTML page that prints on two;
pictures stand inside, and nothing is asked of any server. PDF and slides: `briefing_pdf.py`,
`briefing_slides.py`.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any, Final

from coercivity.viz.documents.briefing_charts import (
    BARE,
    SIZE,
    chart_csv,
    has_words_beside,
    in_page,
    same_bytes,
)
from coercivity.viz.documents.fonts import OFFICE, lines_of
from coercivity.viz.words.briefing import Briefing, CertaintyRow

PROPERTY: Final = 255  # characters that a property of a Word file may have
WIDTH: Final = 6.9  # inches of text on a page
FONT: Final = "Arial"  # every system has it, or one of the same widths
SMALL: Final = 8.0  # points
CELL: Final = 8.5  # of tables
SQUARE: Final = 1.3  # from line to line over the height of letters that fill a square
LEAST: Final = 6.0  # of what stands beside a picture
CHANGES: Final = (2.7, 1.3, 2.9)  # inches of the columns of what is set
SURE: Final = (1.7, 1.25, 1.25, 1.25, 1.45)  # of the numbers
PAGES: Final = 2
SPARE: Final = 0.9  # inches that stay empty where a page ends
SCALES: Final = (1.0, 0.96, 0.92, 0.88, 0.84, 0.8)  # of the letters, until all stands on PAGES
STYLES: Final = {  # points of letters, and before and after a paragraph
    "Normal": (9.5, 0, 3),
    "List Bullet": (9.5, 0, 1),
    "Heading 1": (15, 0, 2),
    "Heading 2": (11, 7, 2),
}
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def change_rows(held: Briefing) -> list[tuple[str, ...]]:
    """The rows of what is set."""
    rows: list[tuple[str, ...]] = [(row.what, row.shipped, row.here) for row in held.changes]
    return rows or [(held.heads.nothing, "", "")]


def change_heads(held: Briefing) -> tuple[str, ...]:
    """The heads of the table of what is set."""
    heads = held.heads
    return heads.moved, heads.shipped, heads.here


def certainty_heads(held: Briefing) -> tuple[str, ...]:
    """The heads of the table of numbers."""
    twin, heads = held.twin[:1].upper() + held.twin[1:], held.heads
    return heads.number, heads.here, twin, heads.apart, heads.sure


def certainty_rows(held: Briefing) -> list[tuple[str, ...]]:
    """The rows of numbers."""
    return _numbers(held.sure)


def own_heads(held: Briefing) -> tuple[str, ...]:
    """The heads of the table of what rows of one's own change."""
    heads = held.heads
    return heads.own, heads.with_own, heads.with_shipped, heads.apart, heads.sure


def own_rows(held: Briefing) -> list[tuple[str, ...]]:
    """The rows of what rows of one's own change; none where there are no such rows."""
    return _numbers(held.own.rows) if held.own else []


def answer_words(held: Briefing) -> tuple[str, ...]:
    """The sentences of the answer, with what rows of one's own change."""
    return (*held.told.sentences, *([held.own.words] if held.own else []))


def _numbers(rows: Sequence[CertaintyRow]) -> list[tuple[str, ...]]:
    return [(row.what, row.here, row.twin, row.apart, row.how) for row in rows]


# ---------------------------------------------------------------- Word


def briefing_docx(held: Briefing) -> bytes:
    """The briefing as a Word document."""
    document, heads = _empty_document(held), held.heads
    document.add_heading(held.title, level=1)
    _small_paragraph(document, held.made_on)
    document.add_paragraph().add_run(held.short).bold = True
    document.add_paragraph(held.question).runs[0].italic = True
    _small_paragraph(document, held.beneath)
    _table(document, change_heads(held), change_rows(held), CHANGES)
    document.add_heading(heads.answer, level=2)
    _bullets(document, answer_words(held))
    _table(document, certainty_heads(held), certainty_rows(held), SURE)
    if held.own:
        _table(document, own_heads(held), own_rows(held), SURE)
    _small_paragraph(document, held.left_out)
    if held.why:
        document.add_heading(heads.why, level=2)
        _small_paragraph(document, held.why_of).paragraph_format.keep_with_next = True
        _bullets(document, held.why)
    for head, sentences in ((heads.wrong, held.misses), (heads.untested, held.untested)):
        if sentences:
            document.add_heading(head, level=2)
            _bullets(document, sentences)
    document.add_heading(heads.charts, level=2)
    _charts(document, held)
    document.add_heading(heads.limits, level=2)
    _bullets(document, held.limits)
    document.add_heading(heads.again, level=2)
    words = _small_paragraph(document, f"{held.again.words} ")
    _link(words, held.again.shown, held.again.url)
    _small_paragraph(document, after_each_other(held.made, held.citation))
    _shrink(document, fitting_scale(held))
    stream = io.BytesIO()
    document.save(stream)
    return same_bytes(stream.getvalue())


def fitting_scale(held: Briefing) -> float:
    """The scale of letters at which a briefing stands on two pages of Word, about."""
    return next((scale for scale in SCALES if _pages(held, scale) <= PAGES), SCALES[-1])


def _pages(held: Briefing, scale: float) -> float:
    """About how many pages a briefing needs with letters of this scale."""
    normal, small, heading = (points * scale for points in (STYLES["Normal"][0], SMALL, 18.0))
    squares = held.language in OFFICE

    def text(words: str, points: float, wide: float = WIDTH - 0.2) -> float:
        high = max(points, normal) * SQUARE if squares else 1.17 * points
        return (lines_of(words, points, wide) * high + 2) / 72

    def table(rows: Sequence[Sequence[str]], widths: Sequence[float]) -> float:
        return 0.07 + sum(
            max(text(cell, CELL * scale, w - 0.15) for cell, w in zip(row, widths, strict=True))
            for row in rows
        )

    rows, one = -(-(len(held.charts) + 1) // 2), held.charts[0] if held.charts else None
    words = [(one.title, SMALL), (one.below, LEAST), (one.source, LEAST)] if one else []
    high = SIZE[1]
    if has_words_beside(held):
        high = BARE[1] + sum(text(told, points * scale, WIDTH / 2) for told, points in words)
    lists = (answer_words(held), held.why, held.misses, held.untested, held.limits)
    before = [
        text(held.title, 15 * scale),
        text(held.short, normal),
        text(held.question, normal),
        *(text(words, small) for words in (held.made_on, held.beneath, held.left_out)),
        *(text(words, small) for words in (held.why_of, held.made + held.citation)),
        text(f"{held.again.words} {held.again.shown}", small),
        table([change_heads(held), *change_rows(held)], CHANGES),
        table([certainty_heads(held), *certainty_rows(held)], SURE),
        table([own_heads(held), *own_rows(held)], SURE) if held.own else 0.0,
        *(heading / 72 + sum(text(told, normal) for told in told_all) for told_all in lists),
        2 * heading / 72,
    ]
    charts = rows * (high + 0.08)
    page = 11.69 - 1.1
    return (sum(before) + charts + SPARE) / page


def _shrink(document: Any, scale: float) -> None:
    """All letters smaller by this."""
    from docx.shared import Pt

    if scale == 1.0:
        return
    for name, (points, before, _) in STYLES.items():
        style = document.styles[name]
        style.font.size, style.paragraph_format.space_before = (
            Pt(points * scale),
            Pt(before * scale),
        )
        if not isinstance(style.paragraph_format.line_spacing, float):
            style.paragraph_format.line_spacing = Pt(points * SQUARE * scale)
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    for paragraph in (*document.paragraphs, *(part for one in cells for part in one.paragraphs)):
        for run in paragraph.runs:
            if run.font.size is not None:
                run.font.size = Pt(run.font.size.pt * scale)


def after_each_other(*sentences: str) -> str:
    """Sentences one after the other. The citation is a name: a space before it in any language."""
    return " ".join(sentences)


def _empty_document(held: Briefing) -> Any:
    """A page of A4 with our margins and letters, and the file's properties."""
    import datetime as dt

    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Inches, Pt, RGBColor

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.27), Inches(11.69)
    section.left_margin = section.right_margin = Inches((8.27 - WIDTH) / 2)
    section.top_margin = section.bottom_margin = Inches(0.55)
    for name, (points, before, after) in STYLES.items():
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(points)
        style.paragraph_format.space_before, style.paragraph_format.space_after = (
            Pt(before),
            Pt(after),
        )
        style.paragraph_format.widow_control = True
        style.paragraph_format.line_spacing = 1.0
        if name.startswith("Heading"):
            style.font.color.rgb = RGBColor(0x1D, 0x21, 0x27)
            fonts = style.element.rPr.rFonts  # a theme's font would win over the name
            for of in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{of}"), None)
    _in_language(document, held.language)
    properties = document.core_properties
    properties.title, properties.author = held.title[:PROPERTY], "Coercivity"
    properties.language = held.language
    day = dt.datetime.fromisoformat(held.day)
    properties.created = properties.modified = day
    return document


def _in_language(document: Any, code: str) -> None:
    """The language of the text, by which Word hyphenates and checks it, and the letters of what
    Arial has none of.
    """
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for name, (points, *_) in STYLES.items() if code in OFFICE else ():
        style = document.styles[name]
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), OFFICE[code])
        # fonts with squares ask for lines nearly twice as high as their letters
        style.paragraph_format.line_spacing = Pt(points * SQUARE)
    for spoken in document.styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), code)
        spoken.set(qn("w:eastAsia"), code if code in OFFICE else "ja")


def _small_paragraph(document: Any, text: str) -> Any:
    """A paragraph in small letters."""
    from docx.shared import Pt

    paragraph = document.add_paragraph(text)
    paragraph.runs[0].font.size = Pt(SMALL)
    return paragraph


def _bullets(document: Any, sentences: Sequence[str]) -> None:
    for sentence in sentences:
        document.add_paragraph(sentence, style="List Bullet")


def _link(paragraph: Any, shown: str, url: str) -> None:
    """What is shown as a link to *url*, or as plain text where there is none."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    if not shown:
        return
    run = paragraph.add_run(shown)
    run.font.size = Pt(SMALL)
    if not url:
        return
    run.font.color.rgb = RGBColor(0x00, 0x67, 0xA5)
    link = OxmlElement("w:hyperlink")
    where = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link.set(qn("r:id"), where)
    link.append(run._r)
    paragraph._p.append(link)


def _table(
    document: Any, heads: tuple[str, ...], rows: list[tuple[str, ...]], widths: tuple[float, ...]
) -> None:
    """A table with a head that reads as one, no row of it on two pages."""
    from docx.shared import Pt

    table = document.add_table(rows=1, cols=len(heads), style="Light Grid Accent 1")
    for place, cells in enumerate((heads, *rows)):
        row = table.rows[0] if place == 0 else table.add_row()
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(0)
                paragraph.paragraph_format.keep_with_next = place < len(rows)
                for run in paragraph.runs:
                    run.font.size = Pt(CELL)
    _form(table, widths)
    after = document.add_paragraph().paragraph_format
    after.space_after, after.line_spacing = Pt(0), Pt(5)


def _form(table: Any, widths: Sequence[float]) -> None:
    """Widths of the columns in inches; no row is cut."""
    from docx.oxml import OxmlElement
    from docx.shared import Inches

    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Inches(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Inches(width)


def _charts(document: Any, held: Briefing) -> None:
    """The charts, two in a row, and how to read them in the place that is left."""
    from docx.shared import Inches

    table, beside = document.add_table(rows=0, cols=2), has_words_beside(held)
    places = (*in_page(held), None)
    for first in range(0, len(places), 2):
        row = table.add_row()
        for cell, drawn in zip(row.cells, places[first:], strict=False):
            together = first + 2 < len(places)  # on one page
            if drawn is None:
                _in_cell(cell.paragraphs[0], held.reading, SMALL, together)
                continue
            chart, png, size = drawn
            paragraph = cell.paragraphs[0]
            if beside:
                _in_cell(paragraph, chart.title, SMALL, True).bold = True
                _in_cell(cell.add_paragraph(), chart.below, LEAST, True)
                paragraph = cell.add_paragraph()
            paragraph.paragraph_format.line_spacing = 1.0  # as high as the picture
            run = _in_cell(paragraph, "", SMALL, together or beside)
            picture = run.add_picture(io.BytesIO(png), width=Inches(size[0]))
            picture._inline.docPr.set("descr", chart.caption)
            if beside:
                _in_cell(cell.add_paragraph(), chart.source, LEAST, together)
    _form(table, (WIDTH / 2, WIDTH / 2))


def _in_cell(paragraph: Any, text: str, points: float, with_next: bool) -> Any:
    """A run of letters in a cell."""
    from docx.shared import Pt

    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.keep_with_next = with_next
    run = paragraph.add_run(text)
    run.font.size = Pt(points)
    return run


# ---------------------------------------------------------------- HTML


def briefing_html(held: Briefing) -> str:
    """The briefing as one HTML page; the numbers of each chart are in it too."""
    from importlib.resources import files

    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    page = (files("coercivity.viz.words") / "briefing.html").read_text(encoding="utf-8")
    charts = [
        (chart, _base64(picture), _base64(chart_csv(chart).encode()))
        for chart, picture, _ in in_page(held)
    ]
    return environment.from_string(page).render(
        held=held,
        heads=held.heads,
        charts=charts,
        beside=has_words_beside(held),
        answer=answer_words(held),
        tables=(
            (change_heads(held), change_rows(held)),
            (certainty_heads(held), certainty_rows(held)),
            (own_heads(held), own_rows(held)),
        ),
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
