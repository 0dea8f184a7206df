"""The page of a trader: what one bets before a half-year, and how the numbers moved."""

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
from coercivity.viz.classroom.rooms.gallery_views import market_told
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.screens.template import template
from coercivity.viz.server.engine import LEVER


@template("market.vue")
def Market(
    own: str,
    busy: bool,
    problem: str,
    failed: str,
    event_bet: Callable[[Any], None],
) -> None:
    """Numbers to bet on, with their odds, and the traders by coins."""


@solara.component
def MarketPage(room: Room, seat: str, token: str) -> None:
    """The page of one trader. seat: the place of the market."""
    role = use_role(room, seat, token)
    over = not role.refused and role.is_over
    numbers = use_job(gallery_jobs.numbers, room.game, wanted=not role.refused and not over)
    known = use_job(gallery_jobs.settled, room.game, priority=LEVER, wanted=over)
    settled = gallery_jobs.read_settled(known.settled if over else "")
    told = use_told_role(role, lambda: market_told(room, role.person, numbers.settled, settled))
    if told is None:
        show_refused(role)
        return
    show_top(role, told)
    Market(
        own=told.own,
        busy=known.busy or numbers.busy,
        problem=role.problem,
        failed=known.problem or numbers.problem,
        event_bet=lambda given: role.do("bet", given, "market", "side", "coins"),
    )
    show_rest(role, told)
