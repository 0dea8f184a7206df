"""The wall of a room: a page for a projector, open to whoever has the room's code, with nothing on
it that is anybody's own.

A half-year is computed ahead: as soon as a round is closed, with the sheets that are in, so that
the reveal begins at once. Nothing of it is sent to a page before.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import solara

from coercivity.viz.classroom.engine.game_state import Game, pack_json
from coercivity.viz.classroom.pages import game_jobs
from coercivity.viz.classroom.pages.debrief_page import gravest
from coercivity.viz.classroom.pages.hooks import use_room, use_room_view
from coercivity.viz.classroom.pages.page_templates import show_refusal
from coercivity.viz.classroom.pages.qr_code import ways_in
from coercivity.viz.classroom.rooms import press_and_market_jobs
from coercivity.viz.classroom.rooms.room import MOST_WALLS, Room
from coercivity.viz.classroom.rooms.wall_views import best_of_round, upcoming_game, wall_of
from coercivity.viz.classroom.words.band_text import points_moved
from coercivity.viz.classroom.words.game_text import decisions, twin_in_words
from coercivity.viz.classroom.words.wall_text import half_year_in_words, loss_in_words
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.screens.streamed_answers import use_many
from coercivity.viz.screens.template import template
from coercivity.viz.server.worker_pool import LEVER
from coercivity.viz.words.language import join_names, language, say

Plain = dict[str, Any]
# phases that show the half-year that is played
MAPPED: Final = ("brief", "talk", "reveal", "debrief")

TOLD: Final = 2  # seats of a decision, those whose points it moved most


@template("wall.vue")
def Wall(
    page: str,
    half: str,
    ended: str,
    lost: str,
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
    now = use_room_view(room, lambda: (room.game, room.phase, upcoming_game(room)))
    game, phase, ahead = now or (room.game, room.phase, None)
    use_job(game_jobs.last_half_year, ahead, wanted=ahead is not None)
    half = use_job(game_jobs.last_half_year, game, priority=LEVER, wanted=phase in MAPPED)
    use_job(game_jobs.without_steps, ahead, wanted=ahead is not None)
    quiet = use_job(game_jobs.without_steps, game, priority=LEVER, wanted=phase == "reveal")
    settled = use_job(
        press_and_market_jobs.settled_bets, game, priority=LEVER, wanted=phase == "reveal"
    )
    over = phase == "debrief"
    twin = use_job(game_jobs.against_twin, game, priority=LEVER, wanted=over)
    scores = use_job(game_jobs.scores, game, priority=LEVER, wanted=over)
    moved, trouble = use_gravest(game, over)
    seen, see = solara.use_state("")
    said = solara.use_memo(lambda: half_year_in_words(half.settled), [half.settled, language()])
    told = use_room_view(
        room, lambda: (pack_json(wall_of(room)), room.is_told, round_winners(room, settled.settled))
    )
    if full or told is None:
        show_refusal(
            say(
                "{count} walls of this room are open; close one and load this page again.",
                count=MOST_WALLS,
            )
            if full
            else ""
        )
        return
    Wall(
        page=told[0],
        half=said if phase in MAPPED else "",
        ended=debrief_text(twin.settled if told[1] else "", scores.settled, moved)
        if over
        else told[2],
        lost=loss_in_words(quiet.settled) if phase == "reveal" else "",
        busy=half.busy,
        problem=half.problem
        or quiet.problem
        or settled.problem
        or twin.problem
        or scores.problem
        or trouble,
        reach=ways_in(room.code, seen) if phase == "lobby" else "",
        event_end=lambda _: room.tick(),
        event_see=lambda origin: see(str(origin)),
    )


def use_gravest(game: Game, wanted: bool) -> tuple[list[Plain], str]:
    """The decisions that moved most points in the one history, once all that a debrief asks about
    at first are answered: [{text, points}]; and what went wrong.
    """
    keys = use_job(game_jobs.decision_keys, game, priority=LEVER, wanted=wanted)
    first = json.loads(keys.value)["first"] if wanted and keys.value else []
    answers = use_many(game_jobs.decision, [(game, key) for key in first])
    found = {
        key: json.loads(answers.values[place])
        for place, key in enumerate(first)
        if place in answers.values
    }
    said = decisions(game) if first else {}
    told = [
        {"text": said[key], "points": join_names(points_moved(found[key], game.seats, TOLD))}
        for key in gravest(game, first, found)
        if key in said
    ]
    return told, keys.problem or answers.problem


def round_winners(room: Room, settled: str) -> str:
    """Whom a round proved right; '' while it is not known, and in any other phase."""
    if room.phase != "reveal" or not settled:
        return ""
    return pack_json(best_of_round(room, press_and_market_jobs.read_settled_bets(settled)))


def debrief_text(twin: str, scores: str, moved: list[Plain]) -> str:
    """What came of a game, as far as it is there: {answer: what came of the question that all
    predicted, points: {seat: [after the last round, years later]}, moved: the gravest decisions};
    '' while nothing is.
    """
    told = {
        **({"answer": json.loads(twin_in_words(twin))["answer"]} if twin else {}),
        **({"points": _points(json.loads(scores))} if scores else {}),
        **({"moved": moved} if moved else {}),
    }
    return pack_json(told) if told else ""


def _points(scores: Plain) -> Plain:
    return {seat: [one["now"], one["later"]] for seat, one in scores.items()}
