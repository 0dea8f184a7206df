"""One seat's page: its brief, its sheet, its deals, what happened; and for a team of several phones
what its people propose, and who seals.

Everything on it is built for this seat alone, and for the person whose token opened it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from coercivity.experiments.game.game import QUESTION
from coercivity.experiments.game.pieces import MOST_MOVES
from coercivity.viz.classroom.room import Room
from coercivity.viz.classroom.room_pieces import WORDS
from coercivity.viz.classroom.room_places import remembered
from coercivity.viz.classroom.room_views import (
    captain_is_away,
    choices_of,
    common,
    months_in_all,
    own,
    packed,
    told_boards,
    told_offer,
    told_prediction,
)
from coercivity.viz.screens.classroom_end import EndPage
from coercivity.viz.screens.classroom_hooks import Doing, use_doing, use_room
from coercivity.viz.screens.classroom_parts import (
    Deals,
    Predict,
    Sheet,
    TeamPart,
    Top,
    show_brief,
    show_gone,
    show_news,
    show_refusal,
)
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.server import game_jobs
from coercivity.viz.server.engine import LEVER
from coercivity.viz.words.language import noted, say
from coercivity.viz.words.refusals import Said

GONE = noted("The facilitator has freed this seat. Join again with the code.")
THERE = noted(
    "Your captain's page is open again. Ask for the captaincy, or propose cards and vote."
)


@dataclass(frozen=True)
class Team:
    """What somebody of a team does in its room; the page shows what was refused."""

    room: Room
    seat: str
    token: str
    doing: Doing
    person: int = 0

    def do(self, part: str, what: str, /, **fields: Any) -> None:
        """Let something happen in this person's name, unless he is in the team no more."""
        self._as(part, what, person=self.person, **fields)

    def _as(self, part: str, what: str, /, **fields: Any) -> None:
        def act() -> None:
            if self.room.known(self.token) != (self.seat, self.person):
                raise Said(say(GONE))
            self.room.do(what, **fields)

        self.doing(part, act)

    @property
    def speaks(self) -> bool:
        """Whether this person is the captain."""
        return self.room.teams[self.seat].captain == self.person

    def seal(self, moves: list[Any]) -> None:
        """Seal a sheet of these moves."""
        self.do("sheet", "seal", seat=self.seat, moves=moves)

    def unseal(self, _: Any) -> None:
        """Take the sheet back, while teams talk."""
        if self.room.phase == "talk":
            self.do("sheet", "unseal", seat=self.seat)

    def propose(self, move: Any) -> None:
        """Propose a card to the team."""
        self.do("sheet", "propose", move=move)

    def vote(self, entries: Any) -> None:
        """Vote on a proposal: yes, no, or (None) neither."""
        given = entries if isinstance(entries, dict) else {}
        self.do("team", "vote", proposal=given.get("proposal"), yes=given.get("yes"))

    def withdraw(self, proposal: Any) -> None:
        """Take an own proposal back; or put one aside, as captain."""
        self.do("team", "withdraw", proposal=proposal)

    def ready(self, yes: Any) -> None:
        """Say that one is content with the sheet as it stands, or no longer."""
        self.do("team", "ready", yes=yes is not False)

    def hand_over(self, to: Any) -> None:
        """Make somebody else of the team its captain."""
        self._as("team", "captain", person=to, by=self.person)

    def step_in(self, _: Any) -> None:
        """Be captain in place of one whose page is closed. The server looks whether it is."""
        if not captain_is_away(self.room, self.seat):
            self.doing("team", _refuse_to_step_in)
            return
        self._as("team", "captain", person=self.person, by=self.person, absent=True)

    def offer(self, deal: dict[str, Any]) -> None:
        """Offer a deal."""
        self.do("deals", "offer", by=self.seat, deal=deal)

    def answer(self, entries: dict[str, Any]) -> None:
        """Answer an offer, or withdraw one."""
        offer, answer = entries.get("offer"), entries.get("answer")
        self.do("deals", "answer", by=self.seat, offer=offer, answer=answer)

    def predict(self, entries: dict[str, Any]) -> None:
        """Predict before or after the game."""
        self.do(
            "predict",
            "predict",
            when=entries.get("when"),
            seat=self.seat,
            text=entries.get("text"),
            number=entries.get("number"),
        )


def _refuse_to_step_in() -> None:
    raise Said(say(THERE))


@solara.component
def SeatPage(room: Room, seat: str, token: str) -> None:
    """The page of somebody in a team."""
    who, person = room.known(token)
    mine = seat in room.teams and who == seat
    full = use_room(room, seat, mine, person)
    team = Team(room, seat, token, use_doing(_stand(room, seat)), person)
    game, phase = room.game, room.phase
    brief = use_job(game_jobs.brief, game, seat, wanted=mine and phase != "debrief")
    told = mine and game.played > 0 and phase != "debrief"
    news = use_job(game_jobs.news, game, priority=LEVER, wanted=told)
    choices = solara.use_memo(lambda: packed(choices_of(game, seat)), [game, seat])
    skipped, set_skipped = solara.use_state(False)
    if not mine:
        show_gone(say(GONE), room.code)
        return
    if full:
        show_refusal(full)
        return
    page, private = packed(common(room)), packed(own(room, seat, person))
    remember = remembered(room, token)
    Top(page=page, who=seat, remember=remember, event_end=lambda _: room.tick())
    prediction = told_prediction(room, _when(room), seat)
    if phase == "debrief":
        _show_prediction(team, prediction)
        if prediction or skipped:
            EndPage(room=room, version=room.version, who=seat)
        else:
            _show_way_on(set_skipped)
        return
    if phase == "reveal":
        show_brief(private, brief, True, short=True, first=True)
        show_news(page, news)
    elif phase in ("talk", "sealed"):
        with solara.Div(classes=["gm-seat"]):
            show_brief(private, brief, game.played > 0, short=True)
            with solara.Div(classes=["gm-column"]):
                _show_team(team, private)
                _show_sheet(team, choices, private)
            _show_deals(team, page, choices, private)
    else:
        show_brief(private, brief, game.played > 0)
    if phase == "lobby" or (phase == "brief" and not game.played):
        _show_prediction(team, prediction)
    if phase != "reveal" and game.played:
        show_news(page, news)


def _stand(room: Room, seat: str) -> str:
    """What a refusal may rest on: the round, the seat's sheet and deals, who backs it."""
    if seat not in room.teams:
        return ""
    offers = [told_offer(offer) for offer in room.offers if seat in offer.parties]
    told = (room.phase, room.round, seat in room.sheets, told_boards(room).get(seat), offers)
    return packed(told)


def _when(room: Room) -> str:
    """Which of its two predictions a seat is asked for."""
    return "after" if room.phase == "debrief" else "before"


def _show_prediction(team: Team, prediction: dict[str, Any] | None) -> None:
    """What is asked before and after the game, and what the team has said."""
    Predict(
        when=_when(team.room),
        question=say(QUESTION),
        made=packed(prediction) if prediction else "",
        seats="[]",
        months=months_in_all(team.room.game),
        problem=team.doing.problem("predict"),
        event_predict=team.predict,
    )


def _show_way_on(set_skipped: Callable[[bool], None]) -> None:
    """A button for a team that makes no prediction after the game."""
    solara.Button(
        say("Show the debrief without one"),
        on_click=lambda: set_skipped(True),
        classes=["cv-button", "cv-plain"],
        text=True,
    )


def _show_team(team: Team, private: str) -> None:
    """What a team of several people proposes, who seals, who is in it."""
    room = team.room
    if len(room.at(team.seat)) < 2:
        return
    TeamPart(
        own=private,
        can=room.phase == "talk" and team.seat not in room.sheets,
        problem=team.doing.problem("team"),
        event_vote=team.vote,
        event_withdraw=team.withdraw,
        event_ready=team.ready,
        event_captain=team.hand_over,
        event_step=team.step_in,
    )


def _show_sheet(team: Team, choices: str, private: str) -> None:
    """Cards to choose from, and the team's sheet."""
    room = team.room
    Sheet(
        choices=choices,
        own=private,
        place=f"{room.code}/{team.seat}/{room.round}",
        can=room.phase == "talk",
        paper=False,
        most=MOST_MOVES,
        waiting=say("Not now: {phase}.", phase=say(WORDS[room.phase])),
        problem=team.doing.problem("sheet"),
        event_seal=team.seal,
        event_unseal=team.unseal,
        event_propose=team.propose,
    )


def _show_deals(team: Team, page: str, choices: str, private: str) -> None:
    """Offers made and answered, by the captain; the others see them."""
    Deals(
        page=page,
        choices=choices,
        own=private,
        seat=team.seat,
        can=team.room.phase == "talk" and team.speaks,
        paper=False,
        problem=team.doing.problem("deals"),
        event_offer=team.offer,
        event_answer=team.answer,
    )
