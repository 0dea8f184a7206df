"""The page that a team takes home: a button for the seat whose page this is, and for the
facilitator those of all seats in one file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

import solara

from coercivity.viz.classroom.engine.bands import DRAWS, History
from coercivity.viz.classroom.pages.bands import Bands
from coercivity.viz.classroom.pages.game_files import team_files
from coercivity.viz.classroom.pages.parts import Result
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.views import packed
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.words.language import language, say

OF_SEAT: Final = ("pdf", "html")


@solara.component
def ResultPages(room: Room, version: int, who: str, own: str, bands: Bands) -> None:
    """Buttons, and the file that was asked for. who: a seat, or 'facilitator'; own: the class's
    history as a worker tells it, '' while it is not there; version: that of the room, another one
    draws the page anew.
    """
    (form, mine, quiet, number), set_wanted = solara.use_state(("", (), (), 0))
    leads = who == "facilitator"
    day = solara.use_memo(lambda: dt.date.today().isoformat(), [])
    made = use_job(
        team_files,
        "" if leads else who,
        form,
        packed(room.saved()),
        own,
        mine,
        quiet,
        day,
        language(),
        wanted=bool(form) and bool(own),
    )
    ready = bool(form) and not made.busy and not made.problem and made.value is not None

    def take(wanted: str) -> None:
        if wanted in (("zip",) if leads else OF_SEAT):
            set_wanted((wanted, told(bands.mine), told(bands.quiet), number + 1))

    count = min(len(bands.mine), len(bands.quiet))
    Result(
        leads=leads,
        rests=say("It rests on the {count} of {of} histories so far.", count=count, of=DRAWS)
        if count < DRAWS
        else "",
        file=made.value if ready else "",
        shown=number if ready else 0,
        busy=bool(form) and (made.busy or not own),
        problem=made.problem,
        event_page=take,
    )


def told(draws: Mapping[int, History]) -> tuple[tuple[int, str], ...]:
    """Draws as a worker takes them."""
    return tuple((number, draws[number].packed()) for number in sorted(draws))
