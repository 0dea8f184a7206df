"""The wall of a room: a page for a projector, open to whoever has the room's code, with nothing on
it that is anybody's own.

A half-year is computed ahead: as soon as a round is closed, with the sheets that are in, so that
the reveal begins at once. Nothing of it is sent to a page before.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import solara

from coercivity.viz.classroom.room import MOST_WALLS, Room
from coercivity.viz.classroom.room_views import packed
from coercivity.viz.classroom.room_wall_views import best, coming, wall_of
from coercivity.viz.screens.classroom_hooks import FAILED, use_room, use_told
from coercivity.viz.screens.classroom_parts import show_refusal
from coercivity.viz.screens.classroom_way import ways_in
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.screens.template import template
from coercivity.viz.server import gallery_jobs, game_jobs, wall_jobs
from coercivity.viz.server.engine import LEVER
from coercivity.viz.words.game_text import twin_said
from coercivity.viz.words.language import language, say
from coercivity.viz.words.wall_text import half_said

MAPPED = ("brief", "talk", "reveal", "debrief")  # phases that show the half-year that is played


@template("classroom_wall.vue")
def Wall(
    page: str,
    half: str,
    ended: str,
    busy: bool,
    problem: str,
    reach: str,
    event_end: Callable[[Any], None],
    event_see: Callable[[Any], None],
) -> None:
    """What the class looks at together, by phase."""


@solara.component
def WallPage(room: Room) -> None:
    """The page of a projector."""
    full = use_room(room, "wall")
    now = use_told(room, lambda: (room.game, room.phase, coming(room)))
    game, phase, ahead = now or (room.game, room.phase, None)
    use_job(wall_jobs.half, ahead, wanted=ahead is not None)
    half = use_job(wall_jobs.half, game, priority=LEVER, wanted=phase in MAPPED)
    settled = use_job(gallery_jobs.settled, game, priority=LEVER, wanted=phase == "reveal")
    twin = use_job(game_jobs.against_twin, game, priority=LEVER, wanted=phase == "debrief")
    seen, see = solara.use_state("")
    said = solara.use_memo(lambda: half_said(half.settled), [half.settled, language()])
    told = use_told(
        room, lambda: (packed(wall_of(room)), ended(room, settled.settled, twin.settled))
    )
    if full or told is None:
        show_refusal(
            say(
                "{count} walls of this room are open; close one and load this page again.",
                count=MOST_WALLS,
            )
            if full
            else say(FAILED)
        )
        return
    Wall(
        page=told[0],
        half=said if phase in MAPPED else "",
        ended=told[1],
        busy=half.busy,
        problem=half.problem or settled.problem or twin.problem,
        reach=ways_in(room.code, seen) if phase == "lobby" else "",
        event_end=lambda _: room.tick(),
        event_see=lambda origin: see(str(origin)),
    )


def ended(room: Room, settled: str, twin: str) -> str:
    """What came of a round or of the game, besides its half-year: whom the round proved right, and
    at the end what came of the question that all predicted.
    """
    if room.phase == "reveal" and settled:
        return packed(best(room, gallery_jobs.read_settled(settled)))
    if room.is_told and twin:
        return packed({"answer": json.loads(twin_said(twin))["answer"]})
    return ""
