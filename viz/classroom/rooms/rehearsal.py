"""A rehearsal: a room in which simulated people play (engine/robots.py), so that a
teacher can try a class alone.

They join, propose, vote, bargain, print, bet and seal by the events of any other room, one act at a
time, spread over the clock as people are. The teacher keeps start, close, reveal and next, and can
join any team: who comes to a team of simulated people is its captain. One thread drives a room and
ends with it; after a restart of the server it goes on from what the journal holds.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final

from coercivity import InputError
from coercivity.model.basis.luck import uniforms
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT, SEATS
from coercivity.viz.classroom.engine.robots import PendingDeal, ProposedCard, View, act
from coercivity.viz.classroom.rooms.proposals import MAJORITY, wanted_moves
from coercivity.viz.classroom.rooms.roles import is_backed
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import BOARD, MARKET, PRESS, Person, is_role, roles_of
from coercivity.viz.classroom.rooms.tokens import digest, new_token
from coercivity.viz.words.language import SOURCE, language, languages, noted, say, speaking

PEOPLE: Final = 30
LEAST_PEOPLE: Final = 5
MOST_PEOPLE: Final = 40
IN_SEAT: Final = 4  # of a team, before the roles get more than one each
LOOK: Final = 0.2  # seconds between two looks at the clock
WAITS: Final = (0.03, 0.17)  # shares of the round's clock between two acts of one person
NAMES: Final = (
    *("Ada", "Ben", "Chiara", "Dao", "Emil", "Fatima", "Goran", "Hana", "Ines", "Jonas"),
    *("Kofi", "Lena", "Mika", "Noor", "Oskar", "Priya", "Quentin", "Rosa", "Sven", "Tomoko"),
    *("Uma", "Vera", "Wim", "Xia", "Yusuf", "Zoe", "Aiko", "Bruno", "Clara", "Deniz"),
    *("Elif", "Felix", "Greta", "Hugo", "Ivana", "Jamal", "Kaya", "Leo", "Maja", "Nils"),
)
TEAMS: Final = {
    "exporter": noted("Team Beijing"),
    "target": noted("Team Tokyo"),
    "ally": noted("Team Washington"),
    "bloc": noted("Team Brussels"),
    "firm": noted("Team Magnets"),
}
_log = logging.getLogger(__name__)


def begin(registry: Any, lesson: str, length: int, people: int = PEOPLE, by: str = "") -> Any:
    """A room for a rehearsal of a lesson, with its simulated people in their places, and the
    facilitator's token. Raises InputError.
    """
    if not isinstance(people, int) or not LEAST_PEOPLE <= people <= MOST_PEOPLE:
        raise InputError(
            "people {value} does not fit",
            "use {low} to {high} simulated people",
            value=people,
            low=LEAST_PEOPLE,
            high=MOST_PEOPLE,
        )
    game = new_game(1, SEATS, length=length, title=say("Rehearsal with simulated people"))
    roles = roles_of(game.seats, GOVERNMENT)
    room, token = registry.make(game, lesson, by=by, roles=roles, rehearsal=True, spoken=language())
    for name, place in zip(NAMES, assign_places(game.seats, roles, people), strict=False):
        own = say("{name} (simulated)", name=name)
        team = own if is_role(place) or place in room.teams else say(TEAMS[place])
        room.do("join", seat=place, name=team, own=own, token=digest(new_token()), robot=True)
    return room, token


def assign_places(seats: Iterable[str], roles: Iterable[str], people: int) -> list[str]:
    """Who sits where: every seat first, then a few in each team and one in each role, then more
    traders, reporters and members.
    """
    seats, roles = list(seats), list(roles)
    order = [*seats, *roles, *(seats * (IN_SEAT - 1))]
    more = [MARKET, PRESS, MARKET, PRESS, *(one for one in roles if one.startswith(BOARD)), *seats]
    while len(order) < people:
        order += [place for place in more if place in seats or place in roles]
    return order[:people]


def view_of(room: Room, person: Person) -> View:
    """What a person's phone shows: nothing of other teams but what all see."""
    place, seed = person.place, room.game.seed
    number = room.game.played + 1
    with room.lock:
        left = room.clock.at(room.now())
        public: dict[str, Any] = {
            "deals": tuple(room.accepted()),
            "gone": min(max(1.0 - left / room.seconds, 0.0), 1.0),
            "talk": room.phase == "talk",
        }
        if is_role(place):
            return View(
                seed,
                person.number,
                place,
                room.game,
                **public,
                claims=tuple(
                    one.claim
                    for one in room.headlines
                    if (one.round, one.person) == (number, person.number)
                ),
                bets=tuple(
                    one.market
                    for one in room.bets
                    if (one.round, one.person) == (number, person.number)
                ),
                voted=person.number in room.backs.get(place.removeprefix(BOARD), {}),
            )
        return View(
            seed,
            person.number,
            place,
            room.game,
            **public,
            captain=room.teams[place].captain == person.number,
            majority=room.decides == MAJORITY,
            sealed=place in room.sheets,
            ready=person.number in room.ready.get(place, ()),
            proposals=tuple(
                ProposedCard(one.number, one.by, dict(one.move), dict(one.votes))
                for one in room.proposals.get(place, ())
            ),
            wanted=tuple(wanted_moves(room, place)) if not room.game.over else (),
            offers=tuple(
                PendingDeal(one.number, one.by, dict(one.deal))
                for one in room.offers
                if one.state == "open" and place in one.parties
            ),
            made=sum(one.by == place for one in room.offers),
            may_concede=is_backed(room, place),
            ended=room.phase == "debrief",
            predicted=("after" if room.phase == "debrief" else "before", place) in room.predictions,
        )


class Company:
    """The simulated people of one room, each with the moment of the next act."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.spoken = room.spoken if room.spoken in languages() else SOURCE
        self.next: dict[int, float] = {}  # person -> when he or she acts again
        self.acts: Counter[str] = Counter()  # what was done, for who wants to know
        self.refused: list[str] = []  # what the room did not let happen: somebody was quicker
        self._woken: Counter[int] = Counter()
        self._there: dict[int, str] = {}  # whose pages count as open, and where

    @property
    def people(self) -> list[Person]:
        """Those who are in the room still."""
        with self.room.lock:
            return [one for one in self.room.people.values() if one.robot]

    def tick(self) -> None:
        """Let everybody act whose moment has come."""
        people = self.people
        self._show(people)
        self._hand_over()
        if self.room.phase not in ("brief", "talk", "debrief"):
            self.next.clear()
            return
        now = self.room.now()
        for one in people:
            if one.number not in self.next:
                self.next[one.number] = now + self._wait(one)
            elif self.next[one.number] <= now:
                self.next[one.number] = now + self._wait(one)
                self._let(one)
        self.room.tick()  # the time may be up, and no page there to say so

    @property
    def done(self) -> bool:
        """Whether nothing is left to do: the game is over, and all have said what they expect."""
        with self.room.lock:
            return self.room.phase == "debrief" and all(
                ("after", seat) in self.room.predictions
                for seat, team in self.room.teams.items()
                if self.room.people[team.captain].robot
            )

    def leave(self) -> None:
        """Nobody is there any more."""
        self._show([])

    def _let(self, person: Person) -> None:
        """One act of one person, if there is any."""
        try:
            said = act(view_of(self.room, person))
            if said is None:
                return
            if said["do"] == "headline":
                with speaking(self.spoken):
                    said["text"] = say(said["text"])
            what = said.pop("do")
            self.room.do(what, person=person.number, **said)
            self.acts[what] += 1
        except (InputError, KeyError) as error:  # KeyError: the seat was freed meanwhile
            self.refused.append(f"{person.place}: {error}")
            del self.refused[:-100]

    def _hand_over(self) -> None:
        """Whoever joins a team of simulated people is its captain."""
        with self.room.lock:
            teams = [
                (team.captain, [one.number for one in self.room.at(seat) if not one.robot])
                for seat, team in self.room.teams.items()
                if team.captain in self.room.people and self.room.people[team.captain].robot
            ]
        for captain, others in teams:
            if others:
                try:
                    self.room.do("captain", person=others[0], by=captain)
                except InputError as error:
                    self.refused.append(str(error))

    def _wait(self, person: Person) -> float:
        """Seconds until a person acts again."""
        self._woken[person.number] += 1
        least, most = WAITS
        name = f"robots wait {person.number}"
        drawn = float(uniforms(self.room.game.seed, name, self._woken[person.number], 1)[0])
        return self.room.seconds * (least + (most - least) * drawn)

    def _show(self, people: Iterable[Person]) -> None:
        """Simulated people count as there, as others do whose pages are open."""
        here = {one.number: one.place for one in people}
        for number, place in list(self._there.items()):
            if number not in here:
                self.room.leave(place, number)
                del self._there[number]
        for number, place in here.items():
            if number not in self._there:
                self.room.enter(place, number)
                self._there[number] = place


class Rehearsals:
    """The threads that drive the rehearsals of a server, one a room."""

    def __init__(self, rooms: Callable[[], Iterable[Room]], closed: threading.Event) -> None:
        self._rooms, self._closed = rooms, closed
        self._driven: dict[str, threading.Thread] = {}

    def attend(self) -> None:
        """See to it that every rehearsal is driven."""
        for code, thread in list(self._driven.items()):
            if not thread.is_alive():
                del self._driven[code]
        for room in self._rooms():
            if room.rehearsal and room.code not in self._driven and room.phase != "debrief":
                name = f"rehearsal {room.code}"
                thread = threading.Thread(target=self._drive, args=(room,), name=name, daemon=True)
                self._driven[room.code] = thread
                thread.start()

    def _drive(self, room: Room) -> None:
        company = Company(room)
        try:
            while not (room.gone or company.done or self._closed.wait(LOOK)):
                company.tick()
        except Exception:  # begun again with the next look at the rooms
            _log.exception("the rehearsal %s stopped", room.code)
        finally:
            company.leave()
