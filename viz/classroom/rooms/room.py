"""One room of the class game: who sits where, the phase and its clock, offers, sealed sheets.

A state machine of events, each checked before it acts.

A command becomes an event; `apply` checks it and changes the room (event_rules.py); the journal
keeps it. Replaying the events gives the room again. The game itself is pure (engine/); no world
runs here.
"""

from __future__ import annotations

import errno
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from coercivity import InputError
from coercivity.model.basis.errors import Phrase
from coercivity.viz.classroom.engine.game import predict
from coercivity.viz.classroom.engine.game_json import to_dict
from coercivity.viz.classroom.rooms.event_rules import RULES
from coercivity.viz.classroom.rooms.state import Event, Keeper, RoomState, is_time
from coercivity.viz.classroom.rooms.tokens import digest, same_digest

MOST_EVENTS: Final = 16_000
MOST_ACTS: Final = 120  # of one person (or seat) in a round, so that none can fill the room
LONGEST_EVENT: Final = 6_000  # bytes: two cards with their reasons, in letters of six bytes each
MOST_OF_ONE: Final = 24_000  # bytes of one person in a round: forty in eight fill no journal
MOST_PAGES: Final = 4  # open pages of one person, so that nobody takes another's place
MOST_WALLS: Final = 40  # of the facilitator, and of the wall, which whoever has the code may open


@dataclass(eq=False)
class Room(RoomState):
    """A room. Every public method locks it; whoever watches is told of each change.

    Without a journal it lives as long as the process (one-screen mode).
    """

    facilitator: str = ""  # digest of the facilitator's token; '' in one-screen mode
    lesson: str = ""
    journal: Keeper | None = None
    now: Callable[[], float] = time.time
    version: int = 0
    events: int = 0
    trouble: InputError | None = None  # what is wrong with the journal, for the facilitator
    gone: InputError | None = None  # why nothing can happen here any more
    present: dict[str, int] = field(default_factory=dict)
    there: Counter[int] = field(default_factory=Counter)  # open pages of each person
    pages: dict[tuple[str, int], list[int]] = field(default_factory=dict)  # by age
    connected: dict[int, Callable[[], bool]] = field(default_factory=dict, repr=False)  # by page
    opened_pages: int = 0  # of the whole time, which numbers them
    led_at: float = 0.0  # when the facilitator's last page closed; not kept in the journal
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _watchers: set[Future[int]] = field(default_factory=set, repr=False)
    _owing: bool = False  # the disk does not have the last events

    # ------------------------------------------------------------- who

    def who(self, token: str) -> str:
        """The place of a token (a seat, or a role), 'facilitator', or '' for nobody.

        Takes as long for a wrong token as for a right one.
        """
        return self.known(token)[0]

    def known(self, token: str) -> tuple[str, int]:
        """The place of a token and the number of its person, 0 for the facilitator and nobody."""
        digest_asked, found = digest(token), ("", 0)
        with self.lock:
            owners = [
                ("facilitator", 0, self.facilitator),
                *((one.place, one.number, one.token) for one in self.people.values()),
            ]
        for place, number, digest_kept in owners:
            if digest_kept and same_digest(digest_asked, digest_kept):
                found = place, number
        return found

    @property
    def free(self) -> tuple[str, ...]:
        """Seats that nobody has taken."""
        return tuple(seat for seat in self.game.seats if seat not in self.teams)

    @property
    def round(self) -> int:
        """The round that is on, or whose outcome is shown."""
        return self.game.played + (0 if self.phase in ("reveal", "debrief") else 1)

    # ------------------------------------------------------------- watching

    def watch(self, seen: int) -> Future[int]:
        """A future that is done once the room's version is another than *seen*.

        Give it back with `forget`.
        """
        future: Future[int] = Future()
        with self.lock:
            if self.version == seen:
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

    def enter(self, who: str, person: int = 0, connected: Callable[[], bool] = lambda: True) -> int:
        """A page of somebody in a place (or of the facilitator, or a wall) has opened: its number.
        Where there are too many of them, the oldest gives way. connected: whether its browser still
        answers, as a phone may lose its battery and close nothing.
        """
        with self.lock:
            mine = self.pages.setdefault((who, person), [])
            if len(mine) >= _most_pages(person):
                self._close(who, person, mine[0])
            self.opened_pages += 1
            mine.append(self.opened_pages)
            self.connected[self.opened_pages] = connected
            self.present[who] = self.present.get(who, 0) + 1
            self.there[person] += 1
            number = self.opened_pages
        self._tell()
        return number

    def leave(self, who: str, person: int = 0, page: int = 0) -> None:
        """A page has closed: that of a number, else the newest."""
        with self.lock:
            mine = self.pages.get((who, person), [])
            self._close(who, person, page or (mine[-1] if mine else 0))
            if who == "facilitator":
                self.led_at = self.now()
        self._tell()

    def _close(self, who: str, person: int, page: int) -> None:
        mine = self.pages.get((who, person), [])
        if page in mine:
            mine.remove(page)
            del self.connected[page]
            self.present[who] -= 1
            self.there[person] -= 1

    def is_there(self, person: int) -> bool:
        """Whether a page of a person is open and its browser answers."""
        with self.lock:
            pages = [page for (_, of), mine in self.pages.items() if of == person for page in mine]
            return any(self.connected[page]() for page in pages)

    def gave_way(self, who: str, person: int, page: int) -> InputError | None:
        """Why a page that was open is none any more, None while it is."""
        with self.lock:
            if page in self.pages.get((who, person), ()):
                return None
        return InputError(
            "{count} pages of this place are open already",
            "close some and reload this one, or let the facilitator free the seat",
            count=_most_pages(person),
        )

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
        """Let something happen, keep it and tell everybody who watches.

        Raises InputError, one line, and then nothing has changed.
        """
        with self.lock:
            if self.gone:
                raise InputError(self.gone.what, self.gone.fix)
            if self.events >= MOST_EVENTS and what != "restart":  # which is no visitor's act
                raise InputError(
                    "room {code} has {count} events and is full",
                    "end the game and make a new room",
                    code=self.code,
                    count=MOST_EVENTS,
                )
            event = {"at": round(self.now(), 3), "do": what, **fields}
            try:
                size = len(json.dumps(event, allow_nan=False))
            except (TypeError, ValueError, RecursionError):
                raise InputError(
                    "this is nothing that can be written down", "reload the page"
                ) from None
            if size > LONGEST_EVENT:
                raise InputError(
                    "{amount} characters are too many at once",
                    "use fewer words",
                    amount=f"{size:,}",
                )
            by = "" if fields.get("paper") else str(_who_acts(fields))
            if by:
                self._check_share(by, size)
            self.apply(event)
            self.acts[by] += 1
            self.weight[by] += size
            if self.journal is not None:
                self._keep(partial(self.journal.append, event))
        self._tell()

    def _check_share(self, by: str, size: int) -> None:
        """Refuse one more event of *size* bytes of one hand in a round. Raises InputError."""
        if self.acts[by] >= MOST_ACTS:
            raise InputError(
                "{count} changes of one hand in a round are enough",
                "wait for the next round",
                count=MOST_ACTS,
            )
        if self.weight[by] + size > MOST_OF_ONE:
            raise InputError(
                "{amount} characters of one hand in a round are enough",
                "wait for the next round",
                amount=f"{MOST_OF_ONE:,}",
            )

    def keep_in(self, journal: Keeper, head: Event) -> None:
        """Keep a new room in a journal that begins with *head*."""
        with self.lock:
            self.journal = journal
            self._keep(partial(journal.append, head))

    def settle(self) -> None:
        """Let the disk have what it does not have yet, and mend the journal if something has
        befallen it; a server calls it now and then.
        """
        with self.lock:
            before = str(self.trouble)
            if self.journal is not None:
                self._keep(self.journal.settle)
            changed = str(self.trouble) != before
        if changed:
            self._tell()

    def retire(self, why: InputError) -> None:
        """Let nothing happen here any more; whoever watches is told."""
        with self.lock:
            self.gone = why
            self.detach(why)

    def detach(self, why: InputError) -> None:
        """Keep nothing of this room any more, and tell its facilitator why; the game goes on."""
        with self.lock:
            self.journal, self.trouble, self._owing = None, why, False
        self._tell()

    def _keep(self, write: Callable[[], InputError | None]) -> None:
        """The game goes on whatever the disk says; its facilitator is told, and told when all is
        well again.
        """
        try:
            told = write()
        except OSError as error:
            why, self._owing = error.strerror or "the disk refuses", True
            self.trouble = InputError(
                "the last events of this room are not on the server's disk ({value})",
                Phrase("end the game and take its files away; until then do not restart the server")
                if error.errno == errno.EFBIG
                else Phrase("it is tried again; until then do not restart the server"),
                value=why,
            )
            return
        if told or self._owing:
            self.trouble, self._owing = told, False

    def apply(self, event: Mapping[str, Any]) -> None:
        """Check an event and change the room by it; a journal is replayed through here.

        Raises InputError and changes nothing.
        """
        name, at = event.get("do"), event.get("at")
        rule = RULES.get(name) if isinstance(name, str) else None
        if rule is None or not is_time(at):
            raise InputError(
                "event '{value}' is not known, or it has no time",
                "choose a file that was saved here",
                value=name,
            )
        moment = float(at)
        rule(self, event, moment)
        self.events, self.changed_at = self.events + 1, moment

    def _tell(self) -> None:
        with self.lock:
            self.version += 1
            version, waiting = self.version, list(self._watchers)
            self._watchers.clear()
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_result(version)

    def saved(self) -> dict[str, Any]:
        """The game with the predictions of its seats, as plain values: for files and for what is
        taken away.

        No names, no tokens.
        """
        with self.lock:
            game, made = self.game, list(self.predictions.items())
        for (when, seat), (text, number) in sorted(made, key=lambda entry: entry[0][0] != "before"):
            game = predict(game, when, seat, text, number)
        return to_dict(game)


def _most_pages(person: int) -> int:
    """How many pages may be open of a person, or of the facilitator and of walls."""
    return MOST_PAGES if person else MOST_WALLS


def _who_acts(fields: Mapping[str, Any]) -> object:
    """Whose changes of a round these count among: a person's, else a seat's."""
    return fields.get("person") or fields.get("by") or fields.get("seat") or ""
