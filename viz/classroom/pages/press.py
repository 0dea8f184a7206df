"""The page of the press: what one prints before a half-year, and what came true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from coercivity.viz.classroom.pages.role import (
    show_refused,
    show_rest,
    show_top,
    use_role,
    use_told_role,
)
from coercivity.viz.classroom.rooms import gallery_jobs
from coercivity.viz.classroom.rooms.gallery_views import press_told
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.screens.template import template
from coercivity.viz.server.engine import LEVER


@template("press.vue")
def Press(
    own: str,
    busy: bool,
    problem: str,
    failed: str,
    event_publish: Callable[[Any], None],
    event_unprint: Callable[[Any], None],
) -> None:
    """Headlines to print, those that are printed, and the papers by points."""


@solara.component
def PressPage(room: Room, seat: str, token: str) -> None:
    """The page of one paper. seat: the place of the press."""
    role = use_role(room, seat, token)
    over = not role.refused and role.is_over
    known = use_job(gallery_jobs.settled, room.game, priority=LEVER, wanted=over)
    courses = use_job(gallery_jobs.courses, room.game, wanted=not role.refused and not over)
    settled = gallery_jobs.read_settled(known.settled if over else "")
    told = use_told_role(role, lambda: press_told(room, role.person, courses.settled, settled))
    if told is None:
        show_refused(role)
        return
    show_top(role, told)
    Press(
        own=told.own,
        busy=known.busy,
        problem=role.problem,
        failed=known.problem,
        event_publish=lambda given: role.do("headline", given, "claim", "sure", "text"),
        event_unprint=lambda given: role.do("unprint", given, "claim"),
    )
    show_rest(role, told)
