"""A briefing as a PDF of two pages: letters that can be searched and are embedded, pictures within,
nothing asked of any server (decision 0062); built of `pdf_parts.py`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from coercivity.viz.drawn.briefing_charts import Charted, in_page, words_beside
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
from coercivity.viz.drawn.pdf_parts import (
    BLUE,
    PDF,
    TEXT,
    Styles,
    fitted,
    in_two,
    listed,
    table,
    words,
)
from coercivity.viz.words.briefing import Briefing, Chart

Picture: TypeAlias = tuple[Chart, bytes, tuple[float, float]]  # with its size

__all__ = ["PDF", "briefing_pdf", "chart"]


def briefing_pdf(held: Briefing) -> bytes:
    """The briefing as a PDF of two pages, with smaller letters where it is long: the same bytes for
    the same numbers.
    """
    charts = in_page(held)
    return fitted(held, lambda styles: _laid(held, styles, charts), SCALES, PAGES)


def _laid(held: Briefing, styles: Styles, pictures: Sequence[Picture]) -> list[Any]:
    """The parts of the file."""
    heads = held.heads
    own = [table(styles, own_heads(held), own_rows(held), SURE)] if held.own else []
    return [
        words(held.title, styles["title"]),
        words(held.made_on, styles["small"]),
        words(held.short, styles["bold"]),
        words(held.question, styles["italic"]),
        words(held.beneath, styles["small"]),
        table(styles, change_heads(held), change_rows(held), CHANGES),
        *listed(styles, heads.answer, answer_words(held)),
        table(styles, sure_heads(held), sure_rows(held), SURE),
        *own,
        words(held.left_out, styles["small"]),
        *listed(styles, heads.why, held.why, held.why_of),
        *listed(styles, heads.wrong, held.misses),
        *listed(styles, heads.untested, held.untested),
        words(heads.charts, styles["head"]),
        _charts(styles, held, pictures),
        *listed(styles, heads.limits, held.limits),
        words(heads.again, styles["head"]),
        _again(styles, held),
        words(after_each_other(held.made, held.citation), styles["small"]),
    ]


def _charts(styles: Styles, held: Briefing, pictures: Sequence[Picture]) -> Any:
    """The charts, two in a row, and how to read them in the place that is left."""
    cells = [*drawn_charts(styles, held, pictures), words(held.reading, styles["small"])]
    return in_two(styles, [[*cells[at : at + 2], ""][:2] for at in range(0, len(cells), 2)])


def drawn_charts(styles: Styles, held: Charted, pictures: Iterable[Picture]) -> list[Any]:
    """The charts of a document as parts of a page."""
    beside = words_beside(held)
    return [chart(styles, picture, beside) for picture in pictures]


def chart(styles: Styles, drawn: Picture, beside: bool) -> Any:
    """A picture, its words above and below where they are not in it."""
    from reportlab.platypus import Image

    about, picture, size = drawn
    width = TEXT / 2 - 6
    image = Image(io.BytesIO(picture), width, width * size[1] / size[0])
    if not beside:
        return image
    title, below = words(about.title, styles["cell-head"]), words(about.below, styles["least"])
    return [title, below, image, words(about.source, styles["least"])]


def _again(styles: Styles, held: Briefing) -> Any:
    """The way back, as a link where there is one."""
    from reportlab.platypus import Paragraph

    back = held.again
    shown = escape(back.shown)
    if back.url:
        shown = f'<a href={quoteattr(back.url)} color="{BLUE}">{shown}</a>'
    return Paragraph(f"{escape(back.words)} {shown}", styles["small"])
