"""What the pages of press, market and parliaments share: each is put together for one person, from
what all may see and what is that person's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coercivity.viz.classroom.room import Room
from coercivity.viz.classroom.room_gallery_views import what_now
from coercivity.viz.classroom.room_places import remembered
from coercivity.viz.classroom.room_views import common, packed
from coercivity.viz.screens.classroom_end import EndPage
from coercivity.viz.screens.classroom_hooks import Doing, use_doing, use_room
from coercivity.viz.screens.classroom_parts import (
    Top,
    show_gone,
    show_news,
    show_refusal,
)
from coercivity.viz.screens.hooks import Answer, use_job
from coercivity.viz.server import game_jobs
from coercivity.viz.server.engine import LEVER
from coercivity.viz.words.language import noted, say
from coercivity.viz.words.refusals import Said

LET_GO = noted("You are no longer in this room. Join again with the code.")
STALE = noted("That was for another round. This is round {round}: look at the page again.")


@dataclass(frozen=True)
class Role:
    """Somebody in a role, and what becomes of what they do; the page shows what was refused."""

    room: Room
    place: str
    token: str
    person: int
    doing: Doing
    news: Answer
    refused: str  # why there is nothing on the page
    mine: bool  # whether the token still opens this place

    def do(self, what: str, given: Any, *names: str) -> None:
        """Let something happen with the fields of these *names* that the page has *given*, unless
        the person has left or the page was that of another round.
        """
        entries = given if isinstance(given, dict) else {}

        def act() -> None:
            if self.room.known(self.token) != (self.place, self.person):
                raise Said(say(LET_GO))
            if entries.get("round") != self.room.round:
                raise Said(say(STALE, round=self.room.round))
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


def use_role(room: Room, place: str, token: str) -> Role:
    """Who this is, with the page drawn again at every change of the room."""
    who, person = room.known(token)
    mine = who == place
    full = use_room(room, place, mine, person)
    told = mine and room.game.played > 0 and room.phase != "debrief"
    news = use_job(game_jobs.news, room.game, priority=LEVER, wanted=told)
    refused = full or ("" if mine else say(LET_GO))
    return Role(room, place, token, person, use_doing(), news, refused, mine)


def show_refused(role: Role) -> None:
    """Why there is nothing on the page, and the way back for who has left."""
    if role.mine:
        show_refusal(role.refused)
    else:
        show_gone(role.refused, role.room.code)


def show_top(role: Role) -> None:
    """Round, phase and clock, and what to do now."""
    room = role.room
    Top(
        page=packed({**common(room), "words": what_now(room, role.place)}),
        who=role.place,
        remember=remembered(room, role.token),
        event_end=lambda _: room.tick(),
    )


def show_rest(role: Role) -> None:
    """What all read: the news of the last round, the debrief."""
    room = role.room
    if room.phase == "debrief":
        EndPage(room=room, version=room.version)
    elif room.game.played:
        show_news(packed(common(room)), role.news, room.game)
