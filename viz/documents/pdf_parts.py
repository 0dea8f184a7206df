"""What a PDF of ours is built of: fonts that are embedded, paragraphs, lists, tables, and the page
they stand on (decision 0062). What DejaVu has no letters of is written in a font of this computer,
or in one that readers of PDF bring along (decision 0066).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from coercivity.viz.documents.fonts import READERS, true_type

PDF: Final = "application/pdf"
INCH: Final = 72.0  # points
WIDTH: Final = 7.1  # inches of text on a page
MARGIN: Final = 0.5  # inches above and below
TEXT: Final = WIDTH * INCH - 12  # points between the paddings of the frame
INK, BLUE, GREY, LINE = "#1d2127", "#0067a5", "#4a4f57", "#d9dde2"
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


def letters_of(held: Any) -> Letters:
    """The fonts that a document (a dataclass that knows its language) is written in, registered:
    DejaVu, else one of this computer with the letters of its language, else one that readers of PDF
    bring along.
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
    """Every text of a document."""
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


def build_pdf(
    parts: Sequence[Any], letters: Letters, *, title: str, subject: str, language: str
) -> tuple[bytes, int]:
    """The file with these parts one below the other on pages of A4, and how many pages; the same
    bytes for the same parts.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    stream = io.BytesIO()
    side = (A4[0] - WIDTH * INCH) / 2
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=side,
        rightMargin=side,
        topMargin=MARGIN * INCH,
        bottomMargin=MARGIN * INCH,
        title=title,
        author="Coercivity",
        subject=subject,
        lang=language,
        initialFontName=letters.plain,
        invariant=1,  # no time of the day, no random name
    )
    document.build(list(parts))
    return stream.getvalue(), document.page


def fit_to_pages(
    held: Any, laid: Callable[[Sheet], Sequence[Any]], scales: Iterable[float], pages: int = 1
) -> bytes:
    """The file of a document (with title, made_on and language) with the largest letters of which
    what is *laid* stands on so many pages: the same bytes for the same numbers.
    """
    letters = letters_of(held)
    about = {"title": held.title, "subject": held.made_on, "language": held.language}
    for scale in scales:
        data, count = build_pdf(laid(Sheet(letters, scale)), letters, **about)
        if count <= pages:
            break
    return data


class Sheet:
    """The parts of a page in letters of a scale."""

    def __init__(self, letters: Letters, scale: float) -> None:
        self.styles = _styles_of(letters, scale)

    def words(self, text: str, style: str = "plain") -> Any:
        """A paragraph of plain text."""
        from reportlab.platypus import Paragraph

        return Paragraph(escape(text), self.styles[style])

    def dot(self, text: str, mark: str = "•") -> Any:
        """A paragraph with a mark before it."""
        from reportlab.platypus import Paragraph

        return Paragraph(escape(text), self.styles["bullet"], bulletText=mark)

    def listed(self, head: str, sentences: Sequence[str], of: str = "") -> list[Any]:
        """A heading, a line on what it is of, and sentences with a dot before each."""
        if not sentences:
            return []
        line = [self.words(of, "small")] if of else []
        return [self.words(head, "head"), *line, *map(self.dot, sentences)]

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
    ) -> Any:
        """A table whose head stands again where it goes on; no row is cut."""
        from reportlab.platypus import Table

        cells = [[self.words(text, "cell-head") for text in heads]]
        cells += [[self.words(text, "cell") for text in row] for row in rows]
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
                ("FONTNAME", (0, 0), (-1, -1), self.styles["plain"].fontName),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 6),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ],
        )

    def in_two(self, rows: Sequence[Sequence[Any]]) -> Any:
        """Parts beside each other, two in a row."""
        from reportlab.platypus import Table

        return Table(
            rows,
            colWidths=[TEXT / 2] * 2,
            style=[
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("FONTNAME", (0, 0), (-1, -1), self.styles["plain"].fontName),
            ],
        )


def _styles_of(letters: Letters, scale: float) -> dict[str, Any]:
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
