"""A briefing as a PDF of two pages: letters that can be searched and are embedded, pictures within,
nothing asked of any server (decision 0062).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from coercivity.viz.drawn.briefing_charts import SIZE, chart_png
from coercivity.viz.drawn.briefing_files import (
    CHANGES,
    SURE,
    change_heads,
    change_rows,
    sure_heads,
    sure_rows,
)
from coercivity.viz.words.briefing import HEADS, Briefing

PDF: Final = "application/pdf"
INCH: Final = 72.0  # points
WIDTH: Final = 7.1  # inches of text on a page
MARGIN: Final = 0.5  # inches above and below
TEXT: Final = WIDTH * INCH - 12  # points between the paddings of the frame
INK, BLUE, GREY, LINE = "#1d2127", "#0067a5", "#4a4f57", "#d9dde2"
FONT: Final = "Coercivity"
FACES: Final = {"": "DejaVuSans", "-Bold": "DejaVuSans-Bold", "-Italic": "DejaVuSans-Oblique"}


def briefing_pdf(held: Briefing) -> bytes:
    """The briefing as a PDF: the same bytes for the same numbers."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    styles = _styles()
    parts: list[Any] = [
        _words(held.title, styles["title"]),
        _words(held.made_on, styles["small"]),
        _words(held.short, styles["bold"]),
        _words(held.question, styles["italic"]),
        _table(change_heads(), change_rows(held), CHANGES),
        *_listed(HEADS.answer, held.told.sentences),
        _table(sure_heads(held), sure_rows(held), SURE),
        _words(held.left_out, styles["small"]),
        *_listed(HEADS.why, held.why, held.why_of),
        *_listed(HEADS.wrong, held.misses),
        *_listed(HEADS.untested, held.untested),
        _words(HEADS.charts, styles["head"]),
        _charts(held),
        *_listed(HEADS.limits, held.limits),
        _words(HEADS.again, styles["head"]),
        _again(held),
        _words(f"{held.made} {held.citation}", styles["small"]),
    ]
    stream = io.BytesIO()
    side = (A4[0] - WIDTH * INCH) / 2
    SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=side,
        rightMargin=side,
        topMargin=MARGIN * INCH,
        bottomMargin=MARGIN * INCH,
        title=held.title,
        author="Coercivity",
        subject=held.made_on,
        lang="en",
        initialFontName=FONT,
        invariant=1,  # no time of the day, no random name
    ).build(parts)
    return stream.getvalue()


@cache
def _styles() -> dict[str, Any]:
    """How each kind of paragraph looks; the first to ask registers the letters."""
    from reportlab.lib.styles import ParagraphStyle

    _register()
    plain = ParagraphStyle(
        "plain",
        fontName=FONT,
        fontSize=8.6,
        leading=10.8,
        textColor=INK,
        spaceAfter=2,
        allowWidows=0,
        allowOrphans=0,
        splitLongWords=1,
        bulletFontName=FONT,
        bulletFontSize=8.6,
    )

    def of(name: str, **changed: Any) -> ParagraphStyle:
        return ParagraphStyle(name, parent=plain, **changed)

    bold = f"{FONT}-Bold"
    return {
        "title": of("title", fontName=bold, fontSize=13.5, leading=16.5, spaceAfter=1),
        "head": of("head", fontName=bold, fontSize=10, leading=12, spaceBefore=6, keepWithNext=1),
        "bold": of("bold", fontName=bold, fontSize=9, leading=11.5, spaceBefore=2),
        "italic": of("italic", fontName=f"{FONT}-Italic"),
        "small": of("small", fontSize=7, leading=9, textColor=GREY),
        "cell": of("cell", fontSize=7.6, leading=9.2, spaceAfter=0),
        "cell-head": of("cell-head", fontName=bold, fontSize=7.6, leading=9.2, spaceAfter=0),
        "bullet": of("bullet", leftIndent=11, bulletIndent=2, spaceAfter=1),
        "plain": plain,
    }


def _register() -> None:
    """The letters of the charts, which matplotlib brings along: Latin, Greek, Cyrillic."""
    import matplotlib
    from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
    from reportlab.pdfbase.ttfonts import TTFont

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for name, file in FACES.items():
        registerFont(TTFont(f"{FONT}{name}", str(folder / f"{file}.ttf")))
    registerFontFamily(
        FONT,
        normal=FONT,
        bold=f"{FONT}-Bold",
        italic=f"{FONT}-Italic",
        boldItalic=f"{FONT}-Bold",
    )


def _words(text: str, style: Any) -> Any:
    from reportlab.platypus import Paragraph

    return Paragraph(escape(text), style)


def _listed(head: str, sentences: Sequence[str], of: str = "") -> list[Any]:
    """A heading, a line on what it is of, and sentences with a dot before each."""
    from reportlab.platypus import Paragraph

    if not sentences:
        return []
    styles = _styles()
    line = [_words(of, styles["small"])] if of else []
    dots = [Paragraph(escape(text), styles["bullet"], bulletText="•") for text in sentences]
    return [_words(head, styles["head"]), *line, *dots]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Any:
    """A table whose head stands again where it goes on; no row is cut."""
    from reportlab.platypus import Table

    styles = _styles()
    cells = [[_words(text, styles["cell-head"]) for text in heads]]
    cells += [[_words(text, styles["cell"]) for text in row] for row in rows]
    scale = TEXT / sum(widths)
    return Table(
        cells,
        colWidths=[width * scale for width in widths],
        repeatRows=1,
        splitInRow=0,
        spaceBefore=3,
        spaceAfter=3,
        style=[
            ("FONTNAME", (0, 0), (-1, -1), FONT),  # else a font that is not embedded is named
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ],
    )


def _charts(held: Briefing) -> Any:
    """The charts, two in a row, and how to read them in the place that is left."""
    from reportlab.platypus import Image, Table

    width = TEXT / 2 - 6
    height = width * SIZE[1] / SIZE[0]
    pictures = [Image(io.BytesIO(chart_png(chart)), width, height) for chart in held.charts]
    cells = [*pictures, _words(held.reading, _styles()["small"])]
    rows = [[*cells[at : at + 2], ""][:2] for at in range(0, len(cells), 2)]
    return Table(
        rows,
        colWidths=[TEXT / 2] * 2,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("FONTNAME", (0, 0), (-1, -1), FONT),
        ],
    )


def _again(held: Briefing) -> Any:
    """The way back, as a link where there is one."""
    from reportlab.platypus import Paragraph

    back = held.again
    shown = escape(back.shown)
    if back.url:
        shown = f'<a href={quoteattr(back.url)} color="{BLUE}">{shown}</a>'
    return Paragraph(f"{escape(back.words)} {shown}", _styles()["small"])
