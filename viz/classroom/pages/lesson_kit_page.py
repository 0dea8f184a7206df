"""At the door, for a teacher: the kit of a lesson (plan, sheets to print, slides) to take away, in
a language of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import solara

from coercivity.viz.classroom.engine.game_state import pack_json
from coercivity.viz.classroom.lessons.texts import LESSONS
from coercivity.viz.classroom.pages.game_files import lesson_archive
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.screens.template import template
from coercivity.viz.words.language import language, languages, say

USUAL: Final = "90"


@template("kit.vue")
def Kit(
    choices: str,
    file: str,
    shown: int,
    busy: bool,
    problem: str,
    event_kit: Callable[[dict[str, Any]], None],
) -> None:
    """Length, language, and a button. shown: the number of the file that is there."""


@solara.component
def LessonKit() -> None:
    """What can be taken away, and what was asked for: a worker makes it."""
    (minutes, code, number), set_wanted = solara.use_state(("", "", 0))
    made = use_job(lesson_archive, minutes, code, wanted=bool(minutes))
    ready = bool(minutes) and not made.busy and not made.problem and made.value is not None

    def make(entries: Any) -> None:
        given = entries if isinstance(entries, dict) else {}
        lesson, spoken = str(given.get("lesson")), str(given.get("language"))
        if lesson in LESSONS and spoken in languages():
            set_wanted((lesson, spoken, number + 1))

    Kit(
        choices=pack_json(
            {
                "lesson": USUAL,
                "lessons": [{"id": one, "label": say(held.label)} for one, held in LESSONS.items()],
                "language": language(),
                "languages": [{"id": one, "label": name} for one, name in languages().items()],
            }
        ),
        file=made.value if ready else "",
        shown=number if ready else 0,
        busy=made.busy,
        problem=made.problem,
        event_kit=make,
    )
