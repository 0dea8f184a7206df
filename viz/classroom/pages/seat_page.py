"""One seat's page: its brief, its sheet, its deals, what happened; and for a team of several phones
what its people propose, and who seals.

Everything on it is built for this seat alone, and for the person whose token opened it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from coercivity import InputError
from coercivity.viz.classroom.engine.game import QUESTION
from coercivity.viz.classroom.engine.game_state import MOST_MOVES, Game, pack_json
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
from coercivity.viz.classroom.rooms.place_views import phone_memory
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import WORDS
from coercivity.viz.classroom.rooms.views import (
    captain_is_away,
    choices_of,
    common_view,
    last_round,
    months_in_all,
    offer_view,
    parliament_votes,
    prediction_view,
    seat_view,
)
from coercivity.viz.classroom.words.refusal_text import refusal_in_words
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.server.worker_pool import LEVER
from coercivity.viz.words.language import say


@dataclass(frozen=True)
class Team:
    """What somebody of a team does in its room; the page shows what was refused."""

    room: Room
    seat: str
    token: str
    doing: ActionRunner
    person: int = 0

    def do(self, part: str, what: str, sent: Any, read: Callable[[Any], dict[str, Any]]) -> None:
        """Let something happen in this person's name, with the fields that *read* finds in what the
        page has *sent*, unless he is in the team no more or the page was that of another round.
        """

        def act() -> None:
            with self.room.lock:  # no round ends between the look and the act
                self._check()
                given = of_this_round(self.room, sent)
                self.room.do(what, person=self.person, **read(given))

        self.doing(part, act)

    def _as(self, part: str, what: str, /, **fields: Any) -> None:
        """The same for what is of no round."""

        def act() -> None:
            with self.room.lock:
                self._check()
                self.room.do(what, **fields)

        self.doing(part, act)

    def _check(self) -> None:
        if self.room.known(self.token) != (self.seat, self.person):
            raise seat_freed_error()

    def seal(self, sent: Any) -> None:
        """Seal a sheet of these moves."""
        self.do("sheet", "seal", sent, lambda moves: {"seat": self.seat, "moves": moves})

    def unseal(self, sent: Any) -> None:
        """Take the sheet back, while teams talk."""
        if self.room.phase == "talk":
            self.do("sheet", "unseal", sent, lambda _: {"seat": self.seat})

    def propose(self, sent: Any) -> None:
        """Propose a card to the team."""
        self.do("sheet", "propose", sent, lambda move: {"move": move})

    def vote(self, sent: Any) -> None:
        """Vote on a proposal: yes, no, or (None) neither."""
        self.do("team", "vote", sent, lambda given: _fields(given, "proposal", "yes"))

    def withdraw(self, sent: Any) -> None:
        """Take an own proposal back; or put one aside, as captain."""
        self.do("team", "withdraw", sent, lambda proposal: {"proposal": proposal})

    def ready(self, sent: Any) -> None:
        """Say that one is content with the sheet as it stands, or no longer."""
        self.do("team", "ready", sent, lambda yes: {"yes": yes is not False})

    def hand_over(self, to: Any) -> None:
        """Make somebody else of the team its captain."""
        self._as("team", "captain", person=to, by=self.person)

    def step_in(self, _: Any) -> None:
        """Be captain in place of one whose page is closed. The server looks whether it is."""
        with self.room.lock:  # nobody frees the seat between the look and the act
            if self.seat in self.room.teams and not captain_is_away(self.room, self.seat):
                self.doing("team", _refuse_to_step_in)
                return
            self._as("team", "captain", person=self.person, by=self.person, absent=True)

    def offer(self, sent: Any) -> None:
        """Offer a deal."""
        self.do("deals", "offer", sent, lambda deal: {"by": self.seat, "deal": deal})

    def answer(self, sent: Any) -> None:
        """Answer an offer, or withdraw one."""
        self.do(
            "deals",
            "answer",
            sent,
            lambda given: {"by": self.seat, **_fields(given, "offer", "answer")},
        )

    def look_on(self) -> None:
        """Look at the debrief without a prediction after the game."""
        self._as("predict", "pass", person=self.person, seat=self.seat)

    def predict(self, entries: Any) -> None:
        """Predict before or after the game."""
        fields = _fields(entries, "when", "text", "number")
        self._as("predict", "predict", person=self.person, seat=self.seat, **fields)


def _fields(given: Any, *names: str) -> dict[str, Any]:
    """These entries of what a page has sent, whatever it is; None for one that is not there."""
    entries = given if isinstance(given, dict) else {}
    return {name: entries.get(name) for name in names}


def seat_freed_error() -> InputError:
    """Return why there is nothing here for somebody whose seat was freed."""
    return InputError("the facilitator has freed this seat", "join again with the code")


def _refuse_to_step_in() -> None:
    raise InputError(
        "your captain's page is open again", "ask for the captaincy, or propose cards and vote"
    )


@dataclass(frozen=True)
class SeatView:
    """What a seat's page is given of its room, all of one moment."""

    game: Game
    phase: str
    round: int
    page: str
    last: str  # of the round that was revealed last
    own: str
    remember: str
    prediction: dict[str, Any] | None
    ends: bool  # whether the team may look at the debrief
    people: int  # of the team
    sealed: bool
    speaks: bool  # whether the page is the captain's
    stand: str  # what a refusal may rest on


def read_seat_view(room: Room, seat: str, token: str, person: int) -> SeatView:
    """What the page of somebody in a team is given now. The caller holds the room's lock."""
    team = room.teams.get(seat)
    return SeatView(
        room.game,
        room.phase,
        room.round,
        pack_json(common_view(room)),
        pack_json(last_round(room.game)),
        pack_json(seat_view(room, seat, person)),
        phone_memory(room, token),
        prediction_view(room, _prediction_due(room.phase), seat),
        room.shown or seat in room.passed or ("after", seat) in room.predictions,
        len(room.at(seat)),
        seat in room.sheets,
        team is not None and team.captain == person,
        _refusal_basis(room, seat),
    )


@solara.component
def SeatPage(room: Room, seat: str, token: str) -> None:
    """The page of somebody in a team."""
    who, person = room.known(token)
    mine = seat in room.teams and who == seat
    full = use_room(room, seat, mine, person)
    told = use_room_view(room, lambda: read_seat_view(room, seat, token, person), mine)
    doing = use_doing(told.stand if told else "")
    team = Team(room, seat, token, doing, person)
    clock = use_clock(room)
    game, phase = (told.game, told.phase) if told else (room.game, room.phase)
    brief = use_job(game_jobs.brief, game, seat, wanted=mine and phase != "debrief")
    played = mine and game.played > 0 and phase != "debrief"
    news = use_job(game_jobs.news, game, priority=LEVER, wanted=played)
    choices = solara.use_memo(lambda: pack_json(choices_of(game, seat)), [game, seat])
    if not mine:
        show_gone(refusal_in_words(seat_freed_error()), room.code)
        return
    if full or told is None:
        show_refusal(full)
        return
    Top(
        page=told.page,
        time=clock,
        who=seat,
        remember=told.remember,
        event_end=lambda _: room.tick(),
    )
    if phase == "debrief":
        if told.prediction or not told.ends:
            _show_prediction(team, told)
        if told.ends:
            EndPage(room=room, version=room.version, who=seat)
        else:
            _show_way_on(team, told)
        return
    if phase == "reveal":
        show_brief(told.own, brief, True, short=True, first=True)
        show_news(told.last, news, told.game)
    elif phase in ("talk", "sealed"):
        with solara.Div(classes=["gm-seat"]):
            show_brief(told.own, brief, game.played > 0, short=True)
            with solara.Div(classes=["gm-column"]):
                _show_team(team, told)
                _show_sheet(team, told, choices)
            _show_deals(team, told, choices)
    else:
        show_brief(told.own, brief, game.played > 0)
    if phase == "lobby" or (phase == "brief" and not game.played):
        _show_prediction(team, told)
    if phase != "reveal" and game.played:
        show_news(told.last, news, told.game)


def _refusal_basis(room: Room, seat: str) -> str:
    """What a refusal may rest on: the round, the seat's sheet and deals, who backs it."""
    if seat not in room.teams:
        return ""
    offers = [offer_view(offer) for offer in room.offers if seat in offer.parties]
    told = (room.phase, room.round, seat in room.sheets, parliament_votes(room).get(seat), offers)
    return pack_json(told)


def _prediction_due(phase: str) -> str:
    """Which of its two predictions a seat is asked for."""
    return "after" if phase == "debrief" else "before"


def _show_prediction(team: Team, told: SeatView) -> None:
    """What is asked before and after the game, and what the team has said."""
    Predict(
        when=_prediction_due(told.phase),
        question=say(QUESTION),
        made=pack_json(told.prediction) if told.prediction else "",
        seats="[]",
        months=months_in_all(told.game),
        problem=team.doing.problem("predict"),
        event_predict=team.predict,
    )


def _show_way_on(team: Team, told: SeatView) -> None:
    """A button for a captain whose team makes no prediction after the game."""
    if not told.speaks:
        return
    solara.Button(
        say("Show the debrief without one"),
        on_click=team.look_on,
        classes=["cv-button", "cv-plain"],
        text=True,
    )


def _show_team(team: Team, told: SeatView) -> None:
    """What a team of several people proposes, who seals, who is in it."""
    if told.people < 2:
        return
    TeamPart(
        own=told.own,
        can=told.phase == "talk" and not told.sealed,
        problem=team.doing.problem("team"),
        event_vote=team.vote,
        event_withdraw=team.withdraw,
        event_ready=team.ready,
        event_captain=team.hand_over,
        event_step=team.step_in,
    )


def _show_sheet(team: Team, told: SeatView, choices: str) -> None:
    """Cards to choose from, and the team's sheet."""
    Sheet(
        choices=choices,
        own=told.own,
        place=f"{team.room.code}/{team.seat}/{told.round}",
        can=told.phase == "talk",
        paper=False,
        most=MOST_MOVES,
        waiting=say("Not now: {phase}.", phase=say(WORDS[told.phase])),
        problem=team.doing.problem("sheet"),
        event_seal=team.seal,
        event_unseal=team.unseal,
        event_propose=team.propose,
    )


def _show_deals(team: Team, told: SeatView, choices: str) -> None:
    """Offers made and answered, by the captain; the others see them."""
    Deals(
        page=told.page,
        choices=choices,
        own=told.own,
        seat=team.seat,
        can=told.phase == "talk" and told.speaks,
        paper=False,
        problem=team.doing.problem("deals"),
        event_offer=team.offer,
        event_answer=team.answer,
    )
