"""Papers as files: PDF to print, or text with marks (docs/lessons). In a PDF each
sheet has a page of its own, in smaller letters where it is long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal

from coercivity.viz.documents.pdf_parts import Letters, Sheet, build_pdf, letters_of

SMALLER: Final = (
    1.25,
    1.2,
    1.15,
    1.1,
    1.05,
    1.0,
    0.95,
    0.9,
    0.85,
    0.8,
    0.75,
    0.7,
)  # of the letters of a sheet
READ: Final = 1.05  # of a plan, which may have several pages
FORM_ROW: Final = 42  # points of a row to fill in


Kind = Literal["title", "head", "text", "small", "dots", "steps", "table", "page"]


@dataclass(frozen=True)
class Block:
    """One part of a paper: a heading, paragraphs, a list, a table, the begin of a page."""

    kind: Kind
    lines: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Paper:
    """A paper in a language; made_on: by which version."""

    title: str
    language: str
    made_on: str
    blocks: tuple[Block, ...]


def paper_pdf(paper: Paper) -> bytes:
    """The paper as a PDF: the same bytes for the same numbers."""
    from reportlab.platypus import PageBreak

    letters = letters_of(paper)
    parts: list[Any] = []
    for number, sheet in enumerate(_sheets(paper.blocks)):
        parts += [PageBreak()] if number else []
        scale = _scale(sheet, paper, letters) if sheet[0].kind == "page" else READ
        parts += _lay_out_blocks(sheet, letters, scale, paper.made_on)
    data, _ = build_pdf(
        parts, letters, title=paper.title, subject=paper.made_on, language=paper.language
    )
    return data


def _sheets(blocks: Sequence[Block]) -> list[list[Block]]:
    """The blocks of each sheet: one begins where a block says so."""
    count = 0

    def of(block: Block) -> int:
        nonlocal count
        count += block.kind == "page"
        return count

    return [list(some) for _, some in groupby(blocks, key=of)]


def _scale(sheet: list[Block], paper: Paper, letters: Letters) -> float:
    """The largest letters with which a sheet stands on one page."""
    for scale in SMALLER:
        parts = _lay_out_blocks(sheet, letters, scale, paper.made_on)
        if build_pdf(parts, letters, title="", subject="", language=paper.language)[1] == 1:
            break
    return scale


def _lay_out_blocks(sheet: list[Block], letters: Letters, scale: float, made_on: str) -> list[Any]:
    """The parts of a PDF for the blocks of a sheet, with its version below."""
    page = Sheet(letters, scale)
    parts = [part for block in sheet for part in _part(block, page)]
    return [*parts, page.words(made_on, "small")]


def _part(block: Block, page: Sheet) -> Iterator[Any]:
    if block.kind == "table":
        rows = block.rows
        laid = page.table(block.heads, rows, block.widths)
        if any(not any(row[1:]) for row in rows if len(row) > 1):  # lines to fill in
            laid._argH = [None, *(FORM_ROW for _ in rows)]
        yield laid
        return
    style = {"title": "title", "page": "title", "head": "head", "small": "small"}.get(block.kind)
    for number, line in enumerate(block.lines, 1):
        if block.kind in ("dots", "steps"):
            yield page.dot(line, "•" if block.kind == "dots" else f"{number}.")
        else:
            yield page.words(line, style or "plain")


# ---------------------------------------------------------------- text with marks


def paper_text(paper: Paper, *, title: str = "") -> str:
    """The paper as text with marks (Markdown); title: above sheets that have none."""
    found = [f"# {title}"] if title else []
    head = "## " if any(block.kind == "title" for block in paper.blocks) else "### "
    for block in paper.blocks:
        found.append("\n".join(_markdown_of_block(block, head)))
    return "\n\n".join((*found, paper.made_on)).strip() + "\n"


def _markdown_of_block(block: Block, head: str) -> Iterable[str]:
    if block.kind == "table":
        return (
            _row(block.heads),
            "|---" * len(block.heads) + "|",
            *(_row(row) for row in block.rows),
        )
    if block.kind in ("dots", "steps"):
        return (
            f"{'-' if block.kind == 'dots' else f'{number}.'} {line}"
            for number, line in enumerate(block.lines, 1)
        )
    sign = {"title": "# ", "page": "## ", "head": head}.get(block.kind, "")
    return ["\n\n".join(f"{sign}{line}" for line in block.lines)]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
