"""A briefing as slides: the answer, what is set and the numbers, a slide a chart, what it rests on.
Words are words and tables are tables, so that they can be changed.
"""

from __future__ import annotations

import io
from typing import Final

from coercivity.viz.documents.briefing_charts import LARGE, chart_png, has_words_beside
from coercivity.viz.documents.briefing_files import (
    CHANGES,
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
from coercivity.viz.documents.fonts import PLAIN
from coercivity.viz.documents.slide_parts import (
    BLUE,
    GREY,
    SLIDES,
    WIDE,
    Deck,
    Paragraphs,
    Slide,
    height_of,
    write,
)
from coercivity.viz.words.briefing import Briefing, Chart

__all__ = ["SLIDES", "briefing_slides"]

FEW_ROWS: Final = 4  # of what is set that stand above the numbers; more have a slide of their own
MOST_ROWS: Final = 14  # of what is set on one slide


def briefing_slides(held: Briefing) -> bytes:
    """The briefing as a PowerPoint file: the same bytes for the same numbers."""
    deck = Deck(held.title, held.language, held.day)
    heads = held.heads
    first = deck.slide(held.title, held.made_on)
    first.flow(
        1.35,
        (
            Paragraphs((held.short,), 22, bold=True),
            Paragraphs((held.question, held.beneath), 13),
            Paragraphs(answer_words(held), 14, dots=True),
        ),
    )
    rows = change_rows(held)
    if len(rows) > FEW_ROWS:
        for begin in range(0, len(rows), MOST_ROWS):
            moved = deck.slide(heads.moved, held.made_on)
            moved.table(1.2, change_heads(held), rows[begin : begin + MOST_ROWS], CHANGES)
        rows = []
    numbers, below = deck.slide(heads.answer, held.made_on), 1.2
    if rows:
        below += numbers.table(below, change_heads(held), rows, CHANGES) + 0.25
    numbers.table(below, certainty_heads(held), certainty_rows(held), SURE)
    if held.own:
        own = deck.slide(heads.own, held.made_on)
        own.flow(1.3, (Paragraphs((held.own.words,), 18),))
        own.table(2.7, own_heads(held), own_rows(held), SURE)

    beside = has_words_beside(held)
    for chart in held.charts:
        _chart(
            deck.slide(chart.title if beside else chart.below, held.made_on),
            chart,
            held,
            beside,
        )
    if held.why:
        why = deck.slide(heads.why, held.made_on)
        why.flow(1.3, (Paragraphs((held.why_of,), 12), Paragraphs(held.why, 15, dots=True)))
    if held.misses:
        deck.slide(heads.wrong, held.made_on).flow(1.3, (Paragraphs(held.misses, 15, dots=True),))
    last = deck.slide(heads.limits, held.made_on)
    rests = (*held.untested, *held.limits, held.left_out)
    _add_link_back(last, last.flow(1.1, (Paragraphs(rests, 13, dots=True),), 5.5), held)
    return deck.file()


def _chart(slide: Slide, chart: Chart, held: Briefing, beside: bool) -> None:
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
        slide.text(1.1, [chart.below], 12, colour=GREY)
    source = [chart.source] if beside else []
    slide.text(6.28, [held.reading, *source], 10)


def _add_link_back(slide: Slide, top: float, held: Briefing) -> None:
    """The way back to the same numbers, and how to cite."""
    frame = slide.text(top, [f"{held.again.words} "], 10)
    run = write(frame.paragraphs[0], held.again.shown, 10, False, BLUE)
    if held.again.url:
        run.hyperlink.address = held.again.url
    words = f"{held.again.words} {held.again.shown}"
    top += height_of(Paragraphs((words,), 10), 1.0) + 0.1
    slide.text(top, [after_each_other(held.made, held.citation)], 9, colour=GREY)
