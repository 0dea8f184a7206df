"""The page of a team laid out as a file: a PDF or an HTML page of one sheet, and the pages of all
seats in one archive. Built of what the briefing is built of (decision 0062).
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterable
from typing import Any, Final

from coercivity.viz.classroom.words.team_page import TeamPage
from coercivity.viz.drawn.briefing_charts import DEFLATED, FIRST_DAY, in_page, words_beside
from coercivity.viz.drawn.briefing_files import SCALES
from coercivity.viz.drawn.briefing_pdf import Picture, chart
from coercivity.viz.drawn.pdf_parts import (
    PDF,
    TEXT,
    Letters,
    built,
    letters_of,
    listed,
    styles_of,
    table,
    words,
)

FORMS: Final = {"pdf": PDF, "html": "text/html"}
ARCHIVE: Final = "application/zip"
GOALS: Final = (1.7, 1.9, 1.7, 0.7, 0.7)  # inches of the columns of goals
SMALLER: Final = (*SCALES, 0.74, 0.68)  # of the letters, until all stands on one page


def goal_heads(held: TeamPage) -> tuple[str, ...]:
    """The heads of the table of goals."""
    heads = held.heads
    return heads.goal, heads.came, heads.again, heads.points, heads.weight


def team_pdf(held: TeamPage) -> bytes:
    """The page as a PDF, with smaller letters where much was decided: the same bytes for the same
    numbers.
    """
    letters, pictures = letters_of(held), in_page(held)
    for scale in SMALLER:
        data, pages = _sheet(held, letters, scale, pictures)
        if pages == 1:
            break
    return data


def _sheet(
    held: TeamPage, letters: Letters, scale: float, pictures: Iterable[Picture]
) -> tuple[bytes, int]:
    """The file with letters of this scale, and its pages."""
    from reportlab.platypus import Table

    styles, heads = styles_of(letters, scale), held.heads
    told = [
        *listed(styles, heads.luck, held.luck),
        *listed(styles, heads.moved, held.moved),
    ]
    beside = words_beside(held)
    drawn = [chart(styles, picture, beside) for picture in pictures]
    shown = [part for one in drawn for part in (one if isinstance(one, list) else [one])]
    both = Table(
        [[told, [*shown, words(held.reading, styles["least"])]]],
        colWidths=[TEXT / 2] * 2,
        style=[
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("FONTNAME", (0, 0), (-1, -1), styles["plain"].fontName),
        ],
    )
    parts: list[Any] = [
        words(held.title, styles["title"]),
        words(f"{held.beneath} {held.made_on}", styles["small"]),
        words(held.short, styles["bold"]),
        words(heads.goals, styles["head"]),
        table(styles, goal_heads(held), held.goals, GOALS),
        both,
        *listed(styles, heads.rounds, held.rounds),
        *listed(styles, heads.deals, held.deals),
        words(held.limits, styles["small"]),
    ]
    return built(parts, letters, title=held.title, subject=held.made_on, language=held.language)


def team_html(held: TeamPage) -> str:
    """The page as one HTML file that asks no server for anything."""
    from importlib.resources import files

    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    page = (files("coercivity.viz.classroom.words") / "team_page.html").read_text(encoding="utf-8")
    return environment.from_string(page).render(
        held=held,
        heads=goal_heads(held),
        charts=[
            (about, base64.b64encode(picture).decode("ascii"))
            for about, picture, _ in in_page(held)
        ],
        beside=words_beside(held),
    )


def team_file(held: TeamPage, form: str) -> bytes:
    """The page in one of FORMS."""
    return team_pdf(held) if form == "pdf" else team_html(held).encode()


def team_archive(pages: Iterable[TeamPage]) -> bytes:
    """The pages of several seats in one archive, each in all forms."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", DEFLATED) as archive:
        for held in pages:
            for form in FORMS:
                name = zipfile.ZipInfo(f"{held.seat}.{form}", FIRST_DAY)
                archive.writestr(name, team_file(held, form), DEFLATED)
    return stream.getvalue()
