"""The page of a state's parliament: whether the state may concede, and whether it did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from coercivity.viz.classroom.pages import game_jobs
from coercivity.viz.classroom.pages.role import (
    show_refused,
    show_rest,
    show_top,
    use_role,
    use_told_role,
)
from coercivity.viz.classroom.rooms.board_views import board_told
from coercivity.viz.classroom.rooms.pieces import BOARD
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.screens.template import template


@template("board.vue")
def Board(
    own: str,
    busy: bool,
    problem: str,
    failed: str,
    event_back: Callable[[Any], None],
) -> None:
    """The question that a parliament votes on, and what came of it."""


@solara.component
def BoardPage(room: Room, seat: str, token: str) -> None:
    """The page of one member. seat: the place of the parliament."""
    role, state = use_role(room, seat, token), seat.removeprefix(BOARD)
    brief = use_job(game_jobs.brief, room.game, state, wanted=not role.refused)
    told = use_told_role(role, lambda: board_told(room, state, role.person, brief.settled))
    if told is None:
        show_refused(role)
        return
    show_top(role, told)
    Board(
        own=told.own,
        busy=brief.busy,
        problem=role.problem,
        failed=brief.problem,
        event_back=lambda given: role.do("back", given, "yes"),
    )
    show_rest(role, told)
