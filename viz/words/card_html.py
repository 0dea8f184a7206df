"""Pieces of the cards that notebooks show: small HTML that needs nothing else.

No script, no address, no style sheet: a notebook may strip them, and one without a network has to
show the card too. Colours are those of the notebook, lines a grey that is seen on white and on
black. Every text is escaped here and nowhere else, so nothing that a scenario's file says can be
more than text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

LINE: Final = "1px solid rgba(128,128,128,.45)"
MOST_ROWS: Final = 200  # of a table that is folded away
MOST_TEXT: Final = 600  # characters of one text


class Html(str):
    """Text that is HTML already: made here, of escaped parts."""

    __slots__ = ()


def text(value: object) -> Html:
    """Anything as text."""
    if isinstance(value, Html):
        return value
    said = str(value)
    return Html(escape(said if len(said) <= MOST_TEXT else f"{said[: MOST_TEXT - 1]}…"))


def card(kind: str, title: str, about: Sequence[object], parts: Iterable[Html]) -> str:
    """A card: what it is, what it is called, a line of facts, and its parts."""
    line = Html(" · ").join(text(one) for one in about if str(one))
    return (
        f'<div style="border:{LINE};border-radius:6px;padding:.7em 1em;margin:.3em 0;'
        'max-width:62em;line-height:1.45;text-align:left">'
        f'<div style="opacity:.7;font-size:.85em">{text(kind)}</div>'
        f'<div style="font-weight:600;font-size:1.1em">{text(title)}</div>'
        f'<div style="opacity:.85">{line}</div>{"".join(parts)}</div>'
    )


def paragraph(said: object) -> Html:
    """A sentence on lines of its own; nothing for nothing."""
    return Html(f'<div style="margin:.5em 0">{text(said)}</div>') if str(said) else Html("")


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], numbers: bool = True) -> Html:
    """A small table; with numbers all columns but the first stand to the right. Numbers, and of a
    table of text all columns but the last, are not broken.
    """

    def cell(value: object, tag: str, right: bool, whole: bool) -> str:
        style = f"text-align:{'right' if right else 'left'}{';white-space:nowrap' if whole else ''}"
        return f'<{tag} style="{style}">{text(value)}</{tag}>'

    def cells(row: Sequence[object], tag: str) -> str:
        last = len(row) - 1
        return "".join(
            cell(value, tag, numbers and place > 0, place > 0 if numbers else place < last)
            for place, value in enumerate(row)
        )

    lines = [cells(row, "td") for row in rows]
    if any(heads):
        lines.insert(0, cells(heads, "th"))
    body = "".join(
        f'<tr style="border-bottom:{LINE};vertical-align:top">{one}</tr>' for one in lines
    )
    return Html(
        f'<table cellpadding="3" style="border-collapse:collapse;margin:.5em 0">{body}</table>'
    )


def folded_parts(label: str, *parts: Html) -> Html:
    """Parts behind a line that opens them."""
    return Html(
        f'<details style="margin:.4em 0"><summary style="cursor:pointer">{text(label)}</summary>'
        f"{''.join(parts)}</details>"
    )


def shortened_table(
    label: str, heads: Sequence[str], rows: Sequence[Sequence[object]], most: int
) -> Html:
    """A table of text of which the first rows are seen and the others are behind a line."""
    first, rest = table(heads, rows[:most], numbers=False), rows[most:]
    if not rest:
        return first
    left = len(rest) - MOST_ROWS
    below = (paragraph(f"and {left} more"),) if left > 0 else ()
    more = table(("",) * len(heads), rest[:MOST_ROWS], numbers=False)
    return Html(first + folded_parts(f"{len(rest)} more {label}", more, *below))


def code(*lines: str) -> Html:
    """What to write next, each as code."""
    told = Html(" &nbsp; ").join(Html(f"<code>{escape(line)}</code>") for line in lines)
    return Html(f'<div style="margin:.5em 0 0"><span style="opacity:.7">Next:</span> {told}</div>')
