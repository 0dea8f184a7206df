"""The pages of press, market and parliaments: each is put together for one person, from what all
may see and what is that person's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from coercivity import InputError
from coercivity.viz.classroom.engine.game_state import pack_json
from coercivity.viz.classroom.pages import game_jobs
from coercivity.viz.classroom.pages.debrief_page import EndPage
from coercivity.viz.classroom.pages.hooks import (
    ActionRunner,
    of_this_round,
    use_clock,
    use_doing,
    use_room,
    use_room_view,
)
from coercivity.viz.classroom.pages.page_templates import (
    Top,
    show_gone,
    show_news,
    show_refusal,
)
from coercivity.viz.classroom.rooms import press_and_market_jobs
from coercivity.viz.classroom.rooms.place_views import phone_memory
from coercivity.viz.classroom.rooms.role_views import (
    board_view,
    current_task,
    market_view,
    press_view,
)
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import BOARD, MARKET, PRESS, kind_of
from coercivity.viz.classroom.rooms.views import common_view, last_round
from coercivity.viz.classroom.words.refusal_text import refusal_in_words
from coercivity.viz.screens.hooks import Answer, use_job
from coercivity.viz.screens.template import template
from coercivity.viz.server.worker_pool import LEVER


@dataclass(frozen=True)
class Role:
    """Somebody in a role, and what becomes of what they do; the page shows what was refused."""

    room: Room
    place: str
    token: str
    person: int
    doing: ActionRunner
    news: Answer
    refused: str  # why there is nothing on the page
    mine: bool  # whether the token still opens this place

    def do(self, what: str, given: Any, *names: str) -> None:
        """Let something happen with the fields of these *names* that the page has *given*, unless
        the person has left or the page was that of another round.
        """
        entries = given if isinstance(given, dict) else {}

        def act() -> None:
            with self.room.lock:  # no round ends between the look and the act
                if self.room.known(self.token) != (self.place, self.person):
                    raise role_left_error()
                of_this_round(self.room, entries)
                fields = {name: entries.get(name) for name in names}
                self.room.do(what, person=self.person, **fields)

        self.doing("role", act)

    @property
    def problem(self) -> str:
        """What went wrong with the last wish."""
        return self.doing.problem("role")

    @property
    def is_over(self) -> bool:
        """Whether the outcome of a round is shown."""
        return self.room.phase in ("reveal", "debrief")


def role_left_error() -> InputError:
    """Return why there is nothing here for who has left, or was let go."""
    return InputError("you are no longer in this room", "join again with the code")


def use_role(room: Room, place: str, token: str) -> Role:
    """Who this is, with the page drawn again at every change of the room."""
    who, person = room.known(token)
    mine = who == place
    full = use_room(room, place, mine, person)
    told = mine and room.game.played > 0 and room.phase != "debrief"
    news = use_job(game_jobs.news, room.game, priority=LEVER, wanted=told)
    refused = full or ("" if mine else refusal_in_words(role_left_error()))
    return Role(room, place, token, person, use_doing(), news, refused, mine)


def show_refused(role: Role) -> None:
    """Why there is nothing on the page, and the way back for who has left."""
    if role.mine:
        show_refusal(role.refused)
    else:
        show_gone(role.refused, role.room.code)


@dataclass(frozen=True)
class RoleView:
    """What the page of somebody in a role is given of its room, all of one moment."""

    phase: str
    played: int
    page: str
    clock: str
    last: str  # of the round that was revealed last
    remember: str
    own: str  # what this role sees


def use_role_view(role: Role, own: Callable[[], dict[str, Any]]) -> RoleView | None:
    """What the page is given now, with what *own* reads of the room for this role; None where
    there is nothing on the page.
    """
    room, clock = role.room, use_clock(role.room)

    def build() -> RoleView:
        page = pack_json({**common_view(room), "words": current_task(room, role.place)})
        remember = phone_memory(room, role.token)
        last = pack_json(last_round(room.game))
        return RoleView(room.phase, room.game.played, page, clock, last, remember, pack_json(own()))

    told = use_room_view(room, build, not role.refused)
    return None if role.refused else told


def show_top(role: Role, told: RoleView) -> None:
    """Round, phase and clock, and what to do now."""
    Top(
        page=told.page,
        time=told.clock,
        who=role.place,
        remember=told.remember,
        event_end=lambda _: role.room.tick(),
    )


def show_rest(role: Role, told: RoleView) -> None:
    """What all read: the news of the last round, the debrief."""
    if told.phase == "debrief":
        EndPage(room=role.room, version=role.room.version)
    elif told.played:
        show_news(told.last, role.news, role.room.game)


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
    numbers = use_job(
        press_and_market_jobs.numbers, room.game, wanted=not role.refused and not over
    )
    known = use_job(press_and_market_jobs.settled_bets, room.game, priority=LEVER, wanted=over)
    settled = press_and_market_jobs.read_settled_bets(known.settled if over else "")
    told = use_role_view(role, lambda: market_view(room, role.person, numbers.settled, settled))
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
    known = use_job(press_and_market_jobs.settled_bets, room.game, priority=LEVER, wanted=over)
    courses = use_job(
        press_and_market_jobs.courses, room.game, wanted=not role.refused and not over
    )
    settled = press_and_market_jobs.read_settled_bets(known.settled if over else "")
    told = use_role_view(role, lambda: press_view(room, role.person, courses.settled, settled))
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
    told = use_role_view(role, lambda: board_view(room, state, role.person, brief.settled))
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


def page_of_role(place: str) -> Callable[..., Any] | None:
    """The component that draws a role's page, given room, seat (the place) and token; None for a
    place that is no role.
    """
    return {PRESS: PressPage, MARKET: MarketPage, BOARD: BoardPage}.get(kind_of(place))
