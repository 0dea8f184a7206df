"""A briefing as a PDF of two pages: letters that can be searched and are embedded, pictures within,
nothing asked of any server (decision 0062); built of `pdf_parts.py`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from coercivity.viz.documents.briefing_charts import ChartedDocument, has_words_beside, in_page
from coercivity.viz.documents.briefing_files import (
    CHANGES,
    PAGES,
    SCALES,
    SURE,
    after_each_other,
    answer_words,
    certainty_heads,
    certainty_rows,
    change_heads,
    change_rows,
    own_heads,
    own_rows,
)
from coercivity.viz.documents.pdf_parts import (
    BLUE,
    PDF,
    TEXT,
    Sheet,
    fit_to_pages,
)
from coercivity.viz.words.briefing import Briefing, Chart

Picture: TypeAlias = tuple[Chart, bytes, tuple[float, float]]  # with its size

__all__ = ["PDF", "briefing_pdf", "chart"]


def briefing_pdf(held: Briefing) -> bytes:
    """The briefing as a PDF of two pages, with smaller letters where it is long: the same bytes for
    the same numbers.
    """
    charts = in_page(held)
    return fit_to_pages(held, lambda sheet: _lay_out_parts(held, sheet, charts), SCALES, PAGES)


def _lay_out_parts(held: Briefing, sheet: Sheet, pictures: Sequence[Picture]) -> list[Any]:
    """The parts of the file."""
    heads = held.heads
    own = [sheet.table(own_heads(held), own_rows(held), SURE)] if held.own else []
    return [
        sheet.words(held.title, "title"),
        sheet.words(held.made_on, "small"),
        sheet.words(held.short, "bold"),
        sheet.words(held.question, "italic"),
        sheet.words(held.beneath, "small"),
        sheet.table(change_heads(held), change_rows(held), CHANGES),
        *sheet.listed(heads.answer, answer_words(held)),
        sheet.table(certainty_heads(held), certainty_rows(held), SURE),
        *own,
        sheet.words(held.left_out, "small"),
        *sheet.listed(heads.why, held.why, held.why_of),
        *sheet.listed(heads.wrong, held.misses),
        *sheet.listed(heads.untested, held.untested),
        sheet.words(heads.charts, "head"),
        _charts(sheet, held, pictures),
        *sheet.listed(heads.limits, held.limits),
        sheet.words(heads.again, "head"),
        _link_back(sheet, held),
        sheet.words(after_each_other(held.made, held.citation), "small"),
    ]


def _charts(sheet: Sheet, held: Briefing, pictures: Sequence[Picture]) -> Any:
    """The charts, two in a row, and how to read them in the place that is left."""
    cells = [*drawn_charts(sheet, held, pictures), sheet.words(held.reading, "small")]
    return sheet.in_two([[*cells[at : at + 2], ""][:2] for at in range(0, len(cells), 2)])


def drawn_charts(sheet: Sheet, held: ChartedDocument, pictures: Iterable[Picture]) -> list[Any]:
    """The charts of a document as parts of a page."""
    beside = has_words_beside(held)
    return [chart(sheet, picture, beside) for picture in pictures]


def chart(sheet: Sheet, drawn: Picture, beside: bool) -> Any:
    """A picture, its words above and below where they are not in it."""
    from reportlab.platypus import Image

    about, picture, size = drawn
    width = TEXT / 2 - 6
    image = Image(io.BytesIO(picture), width, width * size[1] / size[0])
    if not beside:
        return image
    title, below = sheet.words(about.title, "cell-head"), sheet.words(about.below, "least")
    return [title, below, image, sheet.words(about.source, "least")]


def _link_back(sheet: Sheet, held: Briefing) -> Any:
    """The way back, as a link where there is one."""
    from reportlab.platypus import Paragraph

    back = held.again
    shown = escape(back.shown)
    if back.url:
        shown = f'<a href={quoteattr(back.url)} color="{BLUE}">{shown}</a>'
    return Paragraph(f"{escape(back.words)} {shown}", sheet.styles["small"])
