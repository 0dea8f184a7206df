"""One room of the class game: who sits where, the phase and its clock, offers, sealed sheets. A state machine of events, each checked before it acts.

    lobby -> brief -> talk -> sealed -> reveal -> brief ... -> debrief

A command becomes an event; `apply` checks it and changes the room; the journal keeps it. Replaying the events gives the room again. The game itself is
pure (experiments/game); no world runs here.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from coercivity.experiments.game.game import check_deal, check_moves, play_round, predict, scenario_of
from coercivity.experiments.game.journal import from_dict, to_dict
from coercivity.experiments.game.pieces import Game
from coercivity.model.errors import InputError, shorten
from coercivity.viz.room_tokens import clean_name, digest, same

PHASES: Final = ("lobby", "brief", "talk", "sealed", "reveal", "debrief")
ROUND_SECONDS: Final = 360.0
LONGEST_CLOCK: Final = 3600.0
MOST_EVENTS: Final = 8000
MOST_ACTS: Final = 120  # of one seat in a round, so that none can fill the room
LONGEST_EVENT: Final = 16_000  # bytes
MOST_OFFERS: Final = 8  # a seat and round
MOST_WATCHERS: Final = 200
NEXT: Final = {"start": ("lobby", "brief"), "talk": ("brief", "talk"), "close": ("talk", "sealed"), "reopen": ("sealed", "talk")}

Event = dict[str, Any]


class Keeper(Protocol):
    """Where events go: the journal of a room."""

    def append(self, event: Event) -> None: ...


@dataclass
class Member:
    """Who sits in a seat: a team's name and the digest of its token."""

    name: str
    token: str


@dataclass
class Sheet:
    """The sealed moves of a seat, as plain values, and whether the facilitator entered them from paper."""

    moves: list[dict[str, Any]]
    paper: bool = False


@dataclass
class Offer:
    """A deal that one seat offers another in this round."""

    number: int
    by: str
    deal: dict[str, Any]
    state: str = "open"  # open | accepted | declined | withdrawn

    @property
    def parties(self) -> tuple[str, str]:
        """Both seats."""
        return str(self.deal["first"]), str(self.deal["other"])


@dataclass
class Clock:
    """A clock that runs down: seconds left at a moment, and whether it runs."""

    left: float = ROUND_SECONDS
    since: float = 0.0
    runs: bool = False

    def at(self, now: float) -> float:
        """Seconds left."""
        return max(0.0, self.left - (max(0.0, now - self.since) if self.runs else 0.0))


@dataclass(eq=False)
class Room:
    """A room. Every public method locks it; whoever watches is told of each change. Without a journal it lives as long as the process (one-screen mode)."""

    code: str
    game: Game
    facilitator: str = ""  # digest of the facilitator's token; '' in one-screen mode
    lesson: str = ""
    journal: Keeper | None = None
    now: Callable[[], float] = time.time
    phase: str = "lobby"
    members: dict[str, Member] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)
    predictions: dict[tuple[str, str], tuple[str, float | None]] = field(default_factory=dict)
    notices: dict[str, str] = field(default_factory=dict)  # to one seat alone
    clock: Clock = field(default_factory=Clock)
    peeks: bool = False  # the facilitator has opened the sealed sheets of this round, and everybody is told
    version: int = 0
    events: int = 0
    changed_at: float = 0.0
    trouble: str = ""  # why the journal is not kept, for the facilitator
    present: dict[str, int] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _watchers: set[Future[int]] = field(default_factory=set, repr=False)
    _offered: int = 0
    _acts: Counter[str] = field(default_factory=Counter, repr=False)

    # ------------------------------------------------------------- who

    def who(self, token: str) -> str:
        """The seat of a token, 'facilitator', or '' for nobody. Takes as long for a wrong token as for a right one."""
        asked, found = digest(token), ""
        with self.lock:
            owners = [("facilitator", self.facilitator), *((seat, member.token) for seat, member in self.members.items())]
        for owner, kept in owners:
            if kept and same(asked, kept):
                found = owner
        return found

    @property
    def free(self) -> tuple[str, ...]:
        """Seats that nobody has taken."""
        return tuple(seat for seat in self.game.seats if seat not in self.members)

    @property
    def round(self) -> int:
        """The round that is on, or whose outcome is shown."""
        return self.game.played + (0 if self.phase in ("reveal", "debrief") else 1)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Seats without a sealed sheet."""
        return tuple(seat for seat in self.game.seats if seat not in self.sheets)

    def accepted(self) -> list[dict[str, Any]]:
        """Deals that both sides have accepted in this round."""
        return [offer.deal for offer in self.offers if offer.state == "accepted"]

    # ------------------------------------------------------------- watching

    def watch(self, seen: int) -> Future[int]:
        """A future that is done once the room's version is another than *seen*. Give it back with `forget`."""
        future: Future[int] = Future()
        with self.lock:
            if self.version == seen:
                if len(self._watchers) >= MOST_WATCHERS:
                    raise InputError(f"room {self.code}: {MOST_WATCHERS} pages are open in it already; close some")
                self._watchers.add(future)
                return future
            version = self.version
        future.set_result(version)
        return future

    def forget(self, future: Future[int]) -> None:
        """Whoever watched has left."""
        with self.lock:
            self._watchers.discard(future)
        future.cancel()

    def enter(self, who: str) -> None:
        """A page of a seat (or of the facilitator) has opened."""
        with self.lock:
            self.present[who] = self.present.get(who, 0) + 1
        self._tell()

    def leave(self, who: str) -> None:
        """A page has closed."""
        with self.lock:
            self.present[who] = max(0, self.present.get(who, 0) - 1)
        self._tell()

    def tick(self) -> None:
        """Close the round if its time is up. Pages call it when their own clock ends."""
        with self.lock:
            if self.phase != "talk" or not self.clock.runs or self.clock.at(self.now()) > 0.0:
                return
        try:
            self.do("close")
        except InputError:
            return  # another page was quicker

    # ------------------------------------------------------------- events

    def do(self, what: str, /, **fields: Any) -> None:
        """Let something happen, keep it and tell everybody who watches. Raises InputError, one line, and then nothing has changed."""
        with self.lock:
            if self.events >= MOST_EVENTS:
                raise InputError(f"room {self.code} has {MOST_EVENTS} events and is full; end the game and make a new room")
            event = {"at": round(self.now(), 3), "do": what, **fields}
            try:
                size = len(json.dumps(event, allow_nan=False))
            except (TypeError, ValueError, RecursionError):
                raise InputError(f"{what}: this is nothing that can be written down; reload the page") from None
            if size > LONGEST_EVENT:
                raise InputError(f"{what}: {size:,} characters are too many at once; use fewer words")
            by = "" if fields.get("paper") else str(fields.get("by") or fields.get("seat") or "")
            if by and self._acts[by] >= MOST_ACTS:
                raise InputError(f"{by}: {MOST_ACTS} changes in one round are enough; wait for the next one")
            self.apply(event)
            self._acts[by] += 1
            if self.journal is not None:
                try:
                    self.journal.append(event)
                except OSError as error:
                    self.trouble = f"This room is no longer kept on disk ({error.strerror or 'the disk refuses'}): do not restart the server."
        self._tell()

    def apply(self, event: Mapping[str, Any]) -> None:
        """Check an event and change the room by it; a journal is replayed through here. Raises InputError and changes nothing."""
        name, at = event.get("do"), event.get("at")
        rule = RULES.get(name) if isinstance(name, str) else None
        if rule is None or isinstance(at, bool) or not isinstance(at, (int, float)):
            raise InputError(f"event '{shorten(name)}' is not known")
        rule(self, event, float(at))
        self.events, self.changed_at = self.events + 1, float(at)

    def _tell(self) -> None:
        with self.lock:
            self.version += 1
            version, waiting = self.version, list(self._watchers)
            self._watchers.clear()
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_result(version)

    def seat_of(self, event: Mapping[str, Any], name: str = "seat") -> str:
        """The seat that an event names."""
        seat = event.get(name)
        if seat not in self.game.seats:
            raise InputError(f"{name} '{shorten(seat)}' is not played in this room; use one of {', '.join(self.game.seats)}")
        return str(seat)

    def wants(self, what: str, *phases: str) -> None:
        """Refuse what does not belong in this phase."""
        if self.phase not in phases:
            raise InputError(f"{what}: not now ({WORDS[self.phase]}); wait until {' or '.join(WORDS[phase] for phase in phases)}")

    def offer(self, event: Mapping[str, Any]) -> Offer:
        """The offer that an event names."""
        for offer in self.offers:
            if offer.number == event.get("offer"):
                return offer
        raise InputError(f"offer '{shorten(event.get('offer'))}' is not among those of this round; look at the list again")

    def saved(self) -> dict[str, Any]:
        """The game with the predictions of its seats, as plain values: for files and for what is taken away. No names, no tokens."""
        game = self.game
        for (when, seat), (text, number) in sorted(self.predictions.items(), key=lambda one: one[0][0] != "before"):
            game = predict(game, when, seat, text, number)
        return to_dict(game)


WORDS: Final = {
    "lobby": "before the game begins", "brief": "the briefs are read", "talk": "teams talk and seal", "sealed": "the round is closed",
    "reveal": "the round is revealed", "debrief": "the game is over",
}  # fmt: skip


def _move_on(name: str) -> Callable[[Room, Mapping[str, Any], float], None]:
    before, after = NEXT[name]

    def rule(room: Room, event: Mapping[str, Any], at: float) -> None:
        room.wants(name, before)
        left = room.clock.at(at)
        room.phase = after
        if name == "talk":
            room.clock = Clock(room.clock.left, at, True)
        elif name == "reopen":
            room.clock = Clock(max(120.0, left), at, True)
            room.peeks = False
        else:
            room.clock = Clock(left, at, False)

    return rule


def _join(room: Room, event: Mapping[str, Any], at: float) -> None:
    seat, token = room.seat_of(event), event.get("token")
    if seat in room.members:
        raise InputError(f"seat '{seat}' is taken by {room.members[seat].name}; choose another, or ask the facilitator to free it")
    if not isinstance(token, str) or len(token) != 64:
        raise InputError("token is not a digest")
    room.members[seat] = Member(clean_name(event.get("name")), token)


def _free(room: Room, event: Mapping[str, Any], at: float) -> None:
    seat = room.seat_of(event)
    if seat not in room.members:
        raise InputError(f"seat '{seat}' is free already")
    del room.members[seat]
    room.sheets.pop(seat, None)
    room.notices.pop(seat, None)


def _clock(room: Room, event: Mapping[str, Any], at: float) -> None:
    room.wants("the clock", "brief", "talk")
    left, runs = event.get("left"), event.get("runs")
    if isinstance(left, bool) or not isinstance(left, (int, float)) or not 0.0 <= left <= LONGEST_CLOCK:
        raise InputError(f"clock '{shorten(left)}' does not fit; use 0 to {LONGEST_CLOCK:g} seconds")
    room.clock = Clock(float(left), at, runs is True and room.phase == "talk")


def _seal(room: Room, event: Mapping[str, Any], at: float) -> None:
    paper = event.get("paper") is True
    room.wants("a sheet", *(("talk", "sealed") if paper else ("talk",)))
    seat = room.seat_of(event)
    if paper and seat in room.sheets and not room.sheets[seat].paper:
        raise InputError(f"{seat}: the team has sealed a sheet itself; it stands, unless the team takes it back")
    made = check_moves(room.game, seat, event.get("moves") or [], room.accepted())
    plain = [{"card": move.card, **dict(move.choices), **({"why": move.why} if move.why else {})} for move in made]
    room.sheets[seat] = Sheet(plain, paper)
    room.notices.pop(seat, None)


def _unseal(room: Room, event: Mapping[str, Any], at: float) -> None:
    room.wants("a sheet", "talk", "sealed")
    seat = room.seat_of(event)
    if seat not in room.sheets:
        raise InputError(f"{seat}: no sheet is sealed")
    del room.sheets[seat]


def _offer(room: Room, event: Mapping[str, Any], at: float) -> None:
    room.wants("an offer", "talk")
    by = room.seat_of(event, "by")
    raw = event.get("deal")
    if not isinstance(raw, Mapping) or by not in (raw.get("first"), raw.get("other")):
        raise InputError(f"{by} is no party of that deal; offer one of your own")
    deal = check_deal(room.game, raw, room.accepted())
    if sum(offer.by == by for offer in room.offers) >= MOST_OFFERS:
        raise InputError(f"{by}: {MOST_OFFERS} offers in one round are enough; wait for the next one")
    plain = {"kind": deal.kind, "first": deal.first, "other": deal.other, **dict(deal.choices)}
    if any(offer.deal == plain and offer.state == "open" for offer in room.offers):
        raise InputError("this offer is on the table already; wait for the answer or withdraw it")
    room._offered += 1
    room.offers.append(Offer(room._offered, by, plain))


def _answer(room: Room, event: Mapping[str, Any], at: float) -> None:
    room.wants("an answer", "talk")
    seat, offer, answer = room.seat_of(event, "by"), room.offer(event), event.get("answer")
    if seat not in offer.parties or answer not in ("accepted", "declined", "withdrawn"):
        raise InputError("that offer is not yours to answer")
    if (offer.by == seat) != (answer == "withdrawn"):
        raise InputError("an offer is answered by the other side; who made it can withdraw it")
    if offer.state != "open":
        raise InputError(f"the offer is {offer.state} already")
    if answer == "accepted":
        check_deal(room.game, offer.deal, room.accepted())
    offer.state = str(answer)
    if answer == "accepted":
        _recheck(room)


def _paper_deal(room: Room, event: Mapping[str, Any], at: float) -> None:
    """A deal that two teams made on paper, entered by the facilitator; or taken out again."""
    room.wants("a deal", "talk", "sealed")
    deal = check_deal(room.game, event.get("deal"), room.accepted())
    room._offered += 1
    plain = {"kind": deal.kind, "first": deal.first, "other": deal.other, **dict(deal.choices)}
    room.offers.append(Offer(room._offered, deal.first, plain, "accepted"))
    _recheck(room)


def _drop_deal(room: Room, event: Mapping[str, Any], at: float) -> None:
    room.wants("a deal", "talk", "sealed")
    offer = room.offer(event)
    offer.state = "withdrawn"


def _recheck(room: Room) -> None:
    """A new deal may forbid what a party has sealed, or use up its money: such a sheet is open again, and its team alone is told."""
    for seat in list(room.sheets):
        try:
            check_moves(room.game, seat, room.sheets[seat].moves, room.accepted())
        except InputError as error:
            del room.sheets[seat]
            room.notices[seat] = f"Your sheet is open again, as it no longer fits with a deal: {error}"


def _reveal(room: Room, event: Mapping[str, Any], at: float) -> None:
    room.wants("the reveal", "sealed")
    game = play_round(room.game, {seat: sheet.moves for seat, sheet in room.sheets.items()}, room.accepted())
    scenario_of(game)  # what the model would refuse is refused here, while the sheets can still be changed
    room.game, room.phase, room.peeks = game, "reveal", False
    room.sheets, room.offers, room.notices = {}, [], {}
    room._acts.clear()


def _next(room: Room, event: Mapping[str, Any], at: float) -> None:
    room.wants("the next round", "reveal")
    if room.game.over:
        raise InputError("all rounds are played; go on to the debrief")
    room.phase, room.clock = "brief", Clock(ROUND_SECONDS, at, False)


def _finish(room: Room, event: Mapping[str, Any], at: float) -> None:
    room.wants("the debrief", "reveal")
    if not room.game.over:  # it ends earlier than planned: what was to hold to its end holds to here
        room.game = from_dict({**to_dict(room.game), "length": room.game.played})
    room.phase = "debrief"


def _peek(room: Room, event: Mapping[str, Any], at: float) -> None:
    room.wants("looking at the sheets", "talk", "sealed")
    room.peeks = True


def _predict(room: Room, event: Mapping[str, Any], at: float) -> None:
    seat, when = room.seat_of(event), event.get("when")
    if when == "before" and (room.game.played or room.phase not in ("lobby", "brief", "talk")):
        raise InputError("the prediction before the game is closed, as the first round is over")
    if when == "after":
        room.wants("the prediction after the game", "debrief")
    made = predict(replace(room.game, predictions=()), str(when), seat, event.get("text") or "", event.get("number")).predictions[-1]
    room.predictions[made.when, seat] = (made.text, made.number)


def _restart(room: Room, event: Mapping[str, Any], at: float) -> None:
    """The server came back: the clock stands where it was when something last happened."""
    room.clock = Clock(room.clock.at(room.changed_at), at, False)


RULES: Final[dict[str, Callable[[Room, Mapping[str, Any], float], None]]] = {
    **{name: _move_on(name) for name in NEXT}, "join": _join, "free": _free, "clock": _clock, "seal": _seal, "unseal": _unseal, "offer": _offer,
    "answer": _answer, "deal": _paper_deal, "drop": _drop_deal, "reveal": _reveal, "next": _next, "finish": _finish, "peek": _peek, "predict": _predict,
    "restart": _restart,
}  # fmt: skip
