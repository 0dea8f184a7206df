"""The page of a team laid out as a file: a PDF or an HTML page of one sheet, and the pages of all
seats in one archive. Built of what the briefing is built of (decision 0062).
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any, Final

from coercivity.viz.classroom.words.team_page import TeamPage
from coercivity.viz.documents.briefing_charts import has_words_beside, in_page
from coercivity.viz.documents.briefing_pdf import drawn_charts
from coercivity.viz.documents.download import archive
from coercivity.viz.documents.pdf_parts import PDF, Sheet, fit_to_pages

FORMS: Final = {"pdf": PDF, "html": "text/html"}
GOALS: Final = (1.7, 1.9, 1.7, 0.7, 0.7)  # inches of the columns of goals
SMALLER: Final = (
    1.0,
    0.96,
    0.92,
    0.88,
    0.84,
    0.8,
    0.74,
    0.68,
)  # of the letters, until all stands on one page


def goal_heads(held: TeamPage) -> tuple[str, ...]:
    """The heads of the table of goals."""
    heads = held.heads
    return heads.goal, heads.came, heads.again, heads.points, heads.weight


def team_pdf(held: TeamPage) -> bytes:
    """The page as a PDF, with smaller letters where much was decided: the same bytes for the same
    numbers.
    """
    pictures = in_page(held)
    return fit_to_pages(held, lambda sheet: _lay_out_parts(held, sheet, pictures), SMALLER)


def _lay_out_parts(held: TeamPage, sheet: Sheet, pictures: Iterable[Any]) -> list[Any]:
    """The parts of the file."""
    heads = held.heads
    told = [
        *sheet.listed(heads.luck, held.luck),
        *sheet.listed(heads.moved, held.moved),
    ]
    drawn = drawn_charts(sheet, held, pictures)
    shown = [part for one in drawn for part in (one if isinstance(one, list) else [one])]
    return [
        sheet.words(held.title, "title"),
        sheet.words(f"{held.beneath} {held.made_on}", "small"),
        sheet.words(held.short, "bold"),
        sheet.words(heads.goals, "head"),
        sheet.table(goal_heads(held), held.goals, GOALS),
        sheet.in_two([[told, [*shown, sheet.words(held.reading, "least")]]]),
        *sheet.listed(heads.rounds, held.rounds),
        *sheet.listed(heads.deals, held.deals),
        sheet.words(held.limits, "small"),
    ]


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
        beside=has_words_beside(held),
    )


def team_file(held: TeamPage, form: str) -> bytes:
    """The page in one of FORMS."""
    return team_pdf(held) if form == "pdf" else team_html(held).encode()


def team_archive(pages: Iterable[TeamPage]) -> bytes:
    """The pages of several seats in one archive, each in all forms."""
    return archive(
        (f"{held.seat}.{form}", team_file(held, form)) for held in pages for form in FORMS
    )
