"""A briefing as a PDF of two pages: letters that can be searched and are embedded, pictures within,
nothing asked of any server (decision 0062). What DejaVu has no letters of is written in a font of
this computer, or in one that readers of PDF bring along (decision 0066).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from coercivity.viz.drawn.briefing_charts import in_page, words_beside
from coercivity.viz.drawn.briefing_files import (
    CHANGES,
    PAGES,
    SCALES,
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
from coercivity.viz.drawn.letters import READERS, true_type
from coercivity.viz.words.briefing import Briefing, Chart

PDF: Final = "application/pdf"
INCH: Final = 72.0  # points
WIDTH: Final = 7.1  # inches of text on a page
MARGIN: Final = 0.5  # inches above and below
TEXT: Final = WIDTH * INCH - 12  # points between the paddings of the frame
INK, BLUE, GREY, LINE = "#1d2127", "#0067a5", "#4a4f57", "#d9dde2"
Picture: TypeAlias = tuple[Chart, bytes, tuple[float, float]]  # with its size
FONT: Final = "Coercivity"
MARKS: Final = "• 0123456789"  # that stand between the texts
FACES: Final = {"": "DejaVuSans", "-Bold": "DejaVuSans-Bold", "-Italic": "DejaVuSans-Oblique"}


@dataclass(frozen=True)
class Letters:
    """Fonts of a PDF: upright, bold, slanted; squares: whether a line may end behind any letter."""

    plain: str
    bold: str
    italic: str
    squares: bool


def briefing_pdf(held: Briefing) -> bytes:
    """The briefing as a PDF of two pages, with smaller letters where it is long: the same bytes for
    the same numbers.
    """
    letters, pictures = letters_of(held), in_page(held)
    for scale in SCALES:
        data, pages = _built(held, letters, scale, pictures)
        if pages <= PAGES:
            break
    return data


def letters_of(held: Briefing) -> Letters:
    """The fonts that a briefing is written in, registered: DejaVu, else one of this computer with
    the letters of its language, else one that readers of PDF bring along.
    """
    code = held.language
    if code not in READERS:
        _register()
        return Letters(FONT, f"{FONT}-Bold", f"{FONT}-Italic", False)
    told = [*_texts(asdict(held)), MARKS]
    plain, bold = (true_type(told, code, weight) for weight in ("normal", "bold"))
    if plain and bold:
        names = [_register_subset(data) for data in (plain, bold)]
        return Letters(names[0], names[1], names[0], True)
    name = READERS[code]
    _register_reader(name)
    return Letters(name, name, name, True)


def _texts(found: Any) -> Iterator[str]:
    """Every text of a briefing."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for one in found.values():
            yield from _texts(one)
    elif isinstance(found, list | tuple):
        for one in found:
            yield from _texts(one)


@lru_cache(maxsize=8)
def _register_subset(data: bytes) -> str:
    """A font of this computer with the letters that are needed; its name."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    name = f"{FONT}-{sha256(data).hexdigest()[:8]}"
    registerFont(TTFont(name, io.BytesIO(data)))
    return name


def _built(
    held: Briefing, letters: Letters, scale: float, pictures: Sequence[Picture]
) -> tuple[bytes, int]:
    """The file with letters of this scale, and its pages."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    styles, heads = _styles(letters, scale), held.heads
    own = [_table(styles, own_heads(held), own_rows(held), SURE)] if held.own else []
    parts: list[Any] = [
        _words(held.title, styles["title"]),
        _words(held.made_on, styles["small"]),
        _words(held.short, styles["bold"]),
        _words(held.question, styles["italic"]),
        _words(held.beneath, styles["small"]),
        _table(styles, change_heads(held), change_rows(held), CHANGES),
        *_listed(styles, heads.answer, answer_words(held)),
        _table(styles, sure_heads(held), sure_rows(held), SURE),
        *own,
        _words(held.left_out, styles["small"]),
        *_listed(styles, heads.why, held.why, held.why_of),
        *_listed(styles, heads.wrong, held.misses),
        *_listed(styles, heads.untested, held.untested),
        _words(heads.charts, styles["head"]),
        _charts(styles, held, pictures),
        *_listed(styles, heads.limits, held.limits),
        _words(heads.again, styles["head"]),
        _again(styles, held),
        _words(after_each_other(held.made, held.citation), styles["small"]),
    ]
    stream = io.BytesIO()
    side = (A4[0] - WIDTH * INCH) / 2
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=side,
        rightMargin=side,
        topMargin=MARGIN * INCH,
        bottomMargin=MARGIN * INCH,
        title=held.title,
        author="Coercivity",
        subject=held.made_on,
        lang=held.language,
        initialFontName=letters.plain,
        invariant=1,  # no time of the day, no random name
    )
    document.build(parts)
    return stream.getvalue(), document.page


def _styles(letters: Letters, scale: float) -> dict[str, Any]:
    """How each kind of paragraph looks."""
    from reportlab.lib.styles import ParagraphStyle

    plain = ParagraphStyle(
        "plain",
        fontName=letters.plain,
        fontSize=8.6 * scale,
        leading=10.8 * scale,
        textColor=INK,
        spaceAfter=2,
        allowWidows=0,
        allowOrphans=0,
        splitLongWords=1,
        bulletFontName=letters.plain,
        bulletFontSize=8.6 * scale,
        wordWrap="CJK" if letters.squares else None,
    )

    def of(name: str, points: float, leading: float, **changed: Any) -> ParagraphStyle:
        size = {"fontSize": points * scale, "leading": leading * scale}
        return ParagraphStyle(name, parent=plain, **size, **changed)

    bold = letters.bold
    return {
        "title": of("title", 13.5, 16.5, fontName=bold, spaceAfter=1),
        "head": of("head", 10, 12, fontName=bold, spaceBefore=6 * scale, keepWithNext=1),
        "bold": of("bold", 9, 11.5, fontName=bold, spaceBefore=2),
        "italic": of("italic", 8.6, 10.8, fontName=letters.italic),
        "small": of("small", 7, 9, textColor=GREY),
        "least": of("least", 5.2, 6.4, textColor=GREY, spaceAfter=0),
        "cell": of("cell", 7.6, 9.2, spaceAfter=0),
        "cell-head": of("cell-head", 7.6, 9.2, fontName=bold, spaceAfter=0),
        "bullet": of("bullet", 8.6, 10.8, leftIndent=11, bulletIndent=2, spaceAfter=1),
        "plain": plain,
    }


@cache
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


@cache
def _register_reader(name: str) -> None:
    """Letters that readers of PDF bring along: no file of a font is needed here."""
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont

    registerFont(UnicodeCIDFont(name))


def _words(text: str, style: Any) -> Any:
    from reportlab.platypus import Paragraph

    return Paragraph(escape(text), style)


def _listed(styles: dict[str, Any], head: str, sentences: Sequence[str], of: str = "") -> list[Any]:
    """A heading, a line on what it is of, and sentences with a dot before each."""
    from reportlab.platypus import Paragraph

    if not sentences:
        return []
    line = [_words(of, styles["small"])] if of else []
    dots = [Paragraph(escape(text), styles["bullet"], bulletText="•") for text in sentences]
    return [_words(head, styles["head"]), *line, *dots]


def _table(
    styles: dict[str, Any],
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
) -> Any:
    """A table whose head stands again where it goes on; no row is cut."""
    from reportlab.platypus import Table

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
            # else a font that is not embedded is named
            ("FONTNAME", (0, 0), (-1, -1), styles["plain"].fontName),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ],
    )


def _charts(styles: dict[str, Any], held: Briefing, pictures: Sequence[Picture]) -> Any:
    """The charts, two in a row, and how to read them in the place that is left."""
    from reportlab.platypus import Table

    beside = words_beside(held)
    drawn = [_chart(styles, picture, beside) for picture in pictures]
    cells = [*drawn, _words(held.reading, styles["small"])]
    rows = [[*cells[at : at + 2], ""][:2] for at in range(0, len(cells), 2)]
    return Table(
        rows,
        colWidths=[TEXT / 2] * 2,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("FONTNAME", (0, 0), (-1, -1), styles["plain"].fontName),
        ],
    )


def _chart(styles: dict[str, Any], drawn: Picture, beside: bool) -> Any:
    """A picture, its words above and below where they are not in it."""
    from reportlab.platypus import Image

    chart, picture, size = drawn
    width = TEXT / 2 - 6
    image = Image(io.BytesIO(picture), width, width * size[1] / size[0])
    if not beside:
        return image
    title, below = _words(chart.title, styles["cell-head"]), _words(chart.below, styles["least"])
    return [title, below, image, _words(chart.source, styles["least"])]


def _again(styles: dict[str, Any], held: Briefing) -> Any:
    """The way back, as a link where there is one."""
    from reportlab.platypus import Paragraph

    back = held.again
    shown = escape(back.shown)
    if back.url:
        shown = f'<a href={quoteattr(back.url)} color="{BLUE}">{shown}</a>'
    return Paragraph(f"{escape(back.words)} {shown}", styles["small"])
