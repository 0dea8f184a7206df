"""The facilitator's kit of a lesson: its plan, its sheets and its slides, as files or in one
archive for the class page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from coercivity.viz.classroom.lessons.lesson_plan import plan
from coercivity.viz.classroom.lessons.sheets import sheets
from coercivity.viz.classroom.lessons.slides import lesson_slides
from coercivity.viz.classroom.lessons.texts import LESSONS, known_lesson, load_results
from coercivity.viz.documents.download import ARCHIVE, archive, pack_file
from coercivity.viz.documents.paper_layout import paper_pdf
from coercivity.viz.words.language import speaking

PLAN, SHEETS, SLIDES = "plan.pdf", "sheets.pdf", "slides.pptx"
FILES: Final = (PLAN, SHEETS, SLIDES)


def kit(minutes: str, code: str) -> Iterator[tuple[str, bytes]]:
    """The files of a lesson in the language of this code. Raises InputError for no lesson."""
    known_lesson(minutes)
    result = load_results()
    with speaking(code):
        made = (
            paper_pdf(plan(minutes, result)),
            paper_pdf(sheets(LESSONS[minutes].seats, result)),
            lesson_slides(minutes, result),
        )
    yield from zip(FILES, made, strict=True)


def kit_archive(minutes: str, code: str) -> str:
    """The files in one archive, packed as the pages take files; what a worker makes."""
    name = f"lesson-{minutes}-{code}"
    files = ((f"{name}/{file}", data) for file, data in kit(minutes, code))
    return pack_file(f"{name}.zip", ARCHIVE, archive(files))
