"""A briefing laid out as a file: a Word document of two pages, or one HTML page that prints on two;
pictures stand inside, and nothing is asked of any server. PDF and slides: `briefing_pdf.py`,
`briefing_slides.py`.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any, Final

from coercivity.viz.drawn.briefing_charts import SIZE, chart_csv, chart_png, same_bytes
from coercivity.viz.words.briefing import HEADS, Briefing

PROPERTY: Final = 255  # characters that a property of a Word file may have
WIDTH: Final = 6.9  # inches of text on a page
FONT: Final = "Arial"  # every system has it, or one of the same widths
SMALL: Final = 8.0  # points
CHANGES: Final = (3.7, 1.6, 1.6)  # inches of the columns of what is set
SURE: Final = (1.75, 1.15, 1.2, 1.4, 1.4)  # of the numbers
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def change_rows(held: Briefing) -> list[tuple[str, ...]]:
    """The rows of what is set."""
    rows: list[tuple[str, ...]] = [(row.what, row.shipped, row.here) for row in held.changes]
    return rows or [(HEADS.nothing, "", "")]


def sure_heads(held: Briefing) -> tuple[str, ...]:
    """The heads of the table of numbers."""
    twin = held.twin[:1].upper() + held.twin[1:]
    return HEADS.number, HEADS.here, twin, HEADS.apart, HEADS.sure


def sure_rows(held: Briefing) -> list[tuple[str, ...]]:
    """The rows of numbers."""
    return [(row.what, row.here, row.twin, row.apart, row.how) for row in held.sure]


def change_heads() -> tuple[str, ...]:
    """The heads of the table of what is set."""
    return HEADS.moved, HEADS.shipped, HEADS.here


# ---------------------------------------------------------------- Word


def briefing_docx(held: Briefing) -> bytes:
    """The briefing as a Word document."""
    document = _empty_document(held)
    document.add_heading(held.title, level=1)
    _small(document, held.made_on)
    document.add_paragraph().add_run(held.short).bold = True
    document.add_paragraph(held.question).runs[0].italic = True
    _table(document, change_heads(), change_rows(held), CHANGES)
    document.add_heading(HEADS.answer, level=2)
    _bullets(document, held.told.sentences)
    _table(document, sure_heads(held), sure_rows(held), SURE)
    _small(document, held.left_out)
    if held.why:
        document.add_heading(HEADS.why, level=2)
        _small(document, held.why_of).paragraph_format.keep_with_next = True
        _bullets(document, held.why)
    for head, sentences in ((HEADS.wrong, held.misses), (HEADS.untested, held.untested)):
        if sentences:
            document.add_heading(head, level=2)
            _bullets(document, sentences)
    document.add_heading(HEADS.charts, level=2)
    _charts(document, held)
    document.add_heading(HEADS.limits, level=2)
    _bullets(document, held.limits)
    document.add_heading(HEADS.again, level=2)
    words = _small(document, f"{held.again.words} ")
    _link(words, held.again.shown, held.again.url)
    _small(document, f"{held.made} {held.citation}")
    stream = io.BytesIO()
    document.save(stream)
    return same_bytes(stream.getvalue())


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
    for name, points, before, after in (
        ("Normal", 9.5, 0, 3),
        ("List Bullet", 9.5, 0, 1),
        ("Heading 1", 15, 0, 2),
        ("Heading 2", 11, 7, 2),
    ):
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(points)
        style.paragraph_format.space_before, style.paragraph_format.space_after = (
            Pt(before),
            Pt(after),
        )
        style.paragraph_format.widow_control = True
        if name.startswith("Heading"):
            style.font.color.rgb = RGBColor(0x1D, 0x21, 0x27)
            fonts = style.element.rPr.rFonts  # a theme's font would win over the name
            for of in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{of}"), None)
    properties = document.core_properties
    properties.title, properties.author = held.title[:PROPERTY], "Coercivity"
    day = dt.datetime.fromisoformat(held.day)
    properties.created = properties.modified = day
    return document


def _small(document: Any, text: str) -> Any:
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
                    run.font.size = Pt(8.5)
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
    from docx.shared import Inches, Pt

    table = document.add_table(rows=0, cols=2)
    places = (*held.charts, None)
    for first in range(0, len(places), 2):
        row = table.add_row()
        for cell, chart in zip(row.cells, places[first:], strict=False):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.paragraph_format.keep_with_next = first + 2 < len(places)  # on one page
            if chart is None:
                paragraph.add_run(held.reading).font.size = Pt(SMALL)
                continue
            picture = paragraph.add_run().add_picture(
                io.BytesIO(chart_png(chart)), width=Inches(SIZE[0])
            )
            picture._inline.docPr.set("descr", chart.caption)
    _form(table, (WIDTH / 2, WIDTH / 2))


# ---------------------------------------------------------------- HTML


def briefing_html(held: Briefing) -> str:
    """The briefing as one HTML page; the numbers of each chart are in it too."""
    from importlib.resources import files

    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    page = (files("coercivity.viz.words") / "briefing.html").read_text(encoding="utf-8")
    charts = [
        (chart, _base64(chart_png(chart)), _base64(chart_csv(chart).encode()))
        for chart in held.charts
    ]
    return environment.from_string(page).render(
        held=held,
        heads=HEADS,
        charts=charts,
        changes=change_rows(held),
        sure_heads=sure_heads(held),
        sure=sure_rows(held),
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
