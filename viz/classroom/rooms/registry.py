"""The rooms of this server: made, found by their codes, read again from their journals after a
restart, put away when they are old or nobody comes.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from coercivity import InputError
from coercivity.experiments.worlds.atomic import remove_strays
from coercivity.model.basis.errors import Phrase
from coercivity.viz.classroom.engine.game_state import Game
from coercivity.viz.classroom.rooms.folder import (
    FOLDER,
    GUARD_TRIES,
    OwnerLog,
    answer,
    closing_requests,
    guard,
    holds_lock,
    journal_of,
    journals,
    put_away,
    rooms_folder,
    was_put_away,
)
from coercivity.viz.classroom.rooms.journal import Journal, keep_rest_of_file
from coercivity.viz.classroom.rooms.place_views import needed_most, own_name
from coercivity.viz.classroom.rooms.proposals import CAPTAIN
from coercivity.viz.classroom.rooms.rate_limit import Brake
from coercivity.viz.classroom.rooms.recovery import RecoveredJournal, head, recover, take_up
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import SteadyClock
from coercivity.viz.classroom.rooms.tokens import digest, new_code, new_token, read_code
from coercivity.viz.words.language import noted

MOST_ROOMS: Final = 50
MOST_OF_ONE: Final = 25  # rooms that were made from one address, so that none can take all
MOST_A_MINUTE: Final = 4  # that one address may make
MOST_AN_HOUR: Final = 20
MOST_SOLO: Final = 200  # games of one person each; a class of forty may play so, twice
LIFE: Final = 14 * 24 * 3600.0  # seconds after its last event
EMPTY_LIFE: Final = 3600.0  # before the game, counted from when nobody was there any more
REHEARSED_LIFE: Final = 24 * 3600.0  # of a rehearsal or a game of one, counted in the same way
FIRST_DAY: Final = 1_700_000_000.0  # a clock that says less has not been set
TICK: Final = 2.0  # seconds between two looks at the folder
_log = logging.getLogger(__name__)


class Rooms:
    """A registry.

    With a folder, each room has a journal there, and those that are there already are taken up
    again.
    """

    def __init__(self, folder: Path | None = None, now: Callable[[], float] = time.time) -> None:
        self.folder, self.now = folder, now
        self.told = OwnerLog()
        self.messages = self.told.messages
        self.trouble: InputError | None = None
        self.closed = threading.Event()
        self._rooms: dict[str, Room] = {}
        self._makers: dict[str, str] = {}  # code -> address, in memory alone
        self._lock, self._ticking = threading.Lock(), threading.Lock()
        self._guard: Any = None
        what = noted("rooms made from your address")
        self._brakes = (
            Brake(MOST_AN_HOUR, 3600.0, now, what=what),
            Brake(MOST_A_MINUTE, 60.0, now, what=what),
        )
        self._brakes_solo = (Brake(MOST_SOLO // 2, 3600.0, now, what=what),)
        if folder is not None:
            self._take_up(folder)

    def in_use(self) -> bool:
        """Whether somebody has a page of a room open."""
        with self._lock:
            return any(room.connected for room in self._rooms.values())

    def make(
        self,
        game: Game,
        lesson: str = "",
        by: str = "",
        decides: str = CAPTAIN,
        roles: tuple[str, ...] = (),
        **kind: Any,
    ) -> tuple[Room, str]:
        """A new room and its facilitator's token. decides: who seals a team's sheet (captain or
        majority). roles: places beside the seats. kind: rehearsal or solo, neither for a class;
        and spoken, the language of who makes it.

        Raises InputError when there are too many rooms, or too many *by* this address ('' for the
        owner).
        """
        self.tick()
        solo = kind.get("solo") is True
        with self._lock:
            self._check_room_left(solo, by)
            if by:
                brakes = self._brakes_solo if solo else self._brakes
                for brake in brakes:
                    brake.check(by)
                for brake in brakes:
                    brake.ask(by)
            code = new_code()
            while code in self._rooms or (
                self.folder is not None and os.path.lexists(journal_of(self.folder, code))
            ):
                code = new_code()
            token = new_token()
            room = Room(
                code,
                game,
                facilitator=digest(token),
                lesson=lesson,
                decides=decides,
                roles=roles,
                now=self.now,
                changed_at=self.now(),
                trouble=self.trouble,
                **kind,
            )
            self._rooms[code] = room  # the code is taken from here on
            if by:
                self._makers[code] = by
        try:
            if (folder := self.folder) is not None:  # a slow disk holds up nobody else
                room.keep_in(Journal(journal_of(folder, code)), head(room))
        except BaseException:
            with self._lock:
                self._rooms.pop(code, None)
                self._makers.pop(code, None)
            raise
        return room, token

    def _check_room_left(self, solo: bool, by: str) -> None:
        """Refuse one more room where there are too many, in all or from one address; games of one
        person are counted by themselves. Raises InputError.
        """
        held, most = self._held(solo), MOST_SOLO if solo else MOST_ROOMS
        if len(held) >= most:
            raise InputError(
                "this server has {count} rooms and takes no more",
                "wait until one has ended, or play on one screen",
                count=most,
            )
        mine = sum(self._makers.get(code) == by for code in held) if by else 0
        most_mine = MOST_SOLO // 2 if solo else MOST_OF_ONE
        if mine >= most_mine:
            raise InputError(
                "this server has {count} rooms that were made from your address and takes no more",
                "end some, or ask its owner",
                count=most_mine,
            )

    def _held(self, solo: bool) -> list[str]:
        """Codes of the rooms that are, or are not, games of one person."""
        return [code for code, room in self._rooms.items() if room.solo == solo]

    def get(self, code: object) -> Room:
        """The room of a code. Raises InputError."""
        wanted = read_code(code)
        with self._lock:
            room = self._rooms.get(wanted)
        if room is None and self.folder is not None and was_put_away(self.folder, wanted):
            raise InputError(
                "room {code} is put away", "ask the facilitator for the code of today", code=wanted
            )
        if room is None:
            raise InputError(
                "there is no room {code} on this server",
                "compare the code with the facilitator's screen",
                code=wanted,
            )
        return room

    def join(self, code: object, seat: object, name: object, own: object = "") -> tuple[Room, str]:
        """Take a place, '' for where one is needed most: the room and the person's token. name: of
        the team where its seat is free; own: of the person. Raises InputError.
        """
        room, token = self.get(code), new_token()
        fields = {"own": str(own)[:200]} if own else {}
        with room.lock:  # many come at once, and each is to go where the one before did not
            if room.phase == "debrief":
                raise InputError(
                    "the game in room {code} is over",
                    "look at its end on the facilitator's screen, or ask for a new code",
                    code=room.code,
                )
            place = needed_most(room) if seat == "" else seat
            named = str(name or "")[:200] or (own_name(place) if place in room.game.seats else own)
            room.do("join", seat=place, name=named, token=digest(token), **fields)
        return room, token

    def every(self) -> list[Room]:
        """All rooms."""
        with self._lock:
            return list(self._rooms.values())

    def __len__(self) -> int:
        return len(self._rooms)

    def tick(self) -> None:
        """Look after the rooms: put away what is old or what the owner wants, let the disk have
        what it refused, mend what has befallen a journal.

        What goes wrong with one room is logged and stops no other.
        """
        if not self._ticking.acquire(blocking=False):
            return  # another thread is at it
        try:
            self._look_at_lock()  # first, as nothing may be mended in a folder of somebody else
            with self._lock:
                rooms = list(self._rooms.values())
            for room in rooms:
                with self.told.alone(f"room {room.code}"):
                    if why := closing_reason(room, self.now()):
                        self._put_away(room.code, why)
                    else:
                        room.settle()
            with self.told.alone("what the owner wants"):
                for wish, code in closing_requests(self.folder) if self.folder is not None else ():
                    with self.told.alone(wish.name):
                        self._fulfil(wish, code)
        finally:
            self._ticking.release()

    def _look_at_lock(self) -> None:
        """Is the lock still ours? One that somebody has cleared away is taken again; where another
        server was quicker, the folder is left to it.
        """
        folder = self.folder
        if folder is None or self._guard is None:
            return
        with self.told.alone("the lock of the folder"):
            if holds_lock(self._guard, folder):
                return
            again = guard(folder, GUARD_TRIES)  # the command line holds it for a moment only
            self._guard.close()
            self._guard = again
            if again is None:
                self._leave(folder)

    def _leave(self, folder: Path) -> None:
        """Write nothing there any more, as the journals are another server's now.

        The games go on in memory.
        """
        with self._lock:
            self._without(
                Phrase.of("another server has taken over the folder {folder}", folder=folder)
            )
            rooms = list(self._rooms.values())
        for room in rooms:
            room.detach(
                InputError(
                    "another server has taken over the folder of this room ({folder}): what "
                    "happens from now on is not kept",
                    "end one of the two servers",
                    folder=folder,
                )
            )

    def _fulfil(self, wish: Path, code: str) -> None:
        """Put a room away for the owner; the wish stays until its journal is away.

        Raises OSError if the wish cannot be taken away then.
        """
        if (self.folder is not None and os.path.lexists(journal_of(self.folder, code))) or (
            code in self._rooms
        ):
            refused = self._put_away(code, "the owner of the server wants it")
            if refused:
                answer(wish, refused)
                return
        wish.unlink(missing_ok=True)

    def close(self) -> None:
        """Let another server have the folder."""
        self.closed.set()
        if self._guard is not None:
            self._guard.close()
            self._guard = None

    # ------------------------------------------------------------- the folder

    def _take_up(self, folder: Path) -> None:
        try:
            if not folder.exists():
                folder.mkdir(parents=True, mode=0o700)
            self._guard = guard(folder, GUARD_TRIES)
        except OSError as error:
            self._without(
                Phrase.of(
                    "the folder {folder} cannot be used ({value})",
                    folder=folder,
                    value=error.strerror,
                )
            )
            return
        if self._guard is None:
            self._without(Phrase.of("another server uses the folder {folder}", folder=folder))
            return
        remove_strays([folder])
        read = [
            (path, recovered)
            for path in journals(folder)
            if (recovered := self._recovered(path)) is not None
        ]
        for path, recovered in sorted(read, key=lambda pair: pair[1].room.changed_at, reverse=True):
            try:
                self._take_up_one(path, recovered)
            except Exception as error:  # one room may not keep the server from starting
                _log.exception("a room cannot be taken up: %s", path)
                self.told.say(
                    f"{path.name}: this room cannot be taken up ({error}) and stays where it is"
                )
        self.tick()

    def _take_up_one(self, path: Path, recovered: RecoveredJournal) -> None:
        recovered.room.led_at = self.now()  # whoever was there has time to come back
        solo = recovered.room.solo
        most = MOST_SOLO if solo else MOST_ROOMS
        if why := closing_reason(recovered.room, self.now()):
            self._archive(path, why)
        elif len(self._held(solo)) >= most:
            self.told.say(f"{path.name}: more than {most} rooms; this one stays on the disk")
        else:
            room, message = take_up(path, recovered, self.now)
            if message:
                self.told.say(message)
            if not FIRST_DAY <= room.changed_at <= self.now():  # a wrong clock: it counts from now
                room.changed_at = self.now()
            self._rooms[room.code] = room

    def _recovered(self, path: Path) -> RecoveredJournal | None:
        """The room of a journal.

        What is none is set aside, what cannot be read now stays where it is.
        """
        try:
            return recover(path)
        except OSError as error:
            self.told.say(f"{path.name} cannot be read ({error.strerror}) and stays where it is")
        except InputError as error:
            try:
                aside = keep_rest_of_file(path, None, "damaged")
                path.unlink(missing_ok=True)
                self.told.say(
                    "a room could not be taken up again and is set aside as "
                    f"{aside.name if aside else path.name}: {error}"
                )
            except OSError as refused:
                self.told.say(
                    f"a room could not be taken up again ({error}) and stays where it is, as it "
                    f"cannot be set aside ({refused.strerror})"
                )
        return None

    def _without(self, why: Phrase) -> None:
        self.folder = None
        self.trouble = InputError(
            "rooms are not kept on disk, and a restart would end them: {why}",
            "set {setting} to another folder",
            why=why,
            setting=FOLDER,
        )
        self.told.say(str(self.trouble))

    # ------------------------------------------------------------- the end of a room

    def _put_away(self, code: str, why: str) -> str:
        """Close a room and put its journal away. Returns why it could not be moved, '' if it is."""
        with self._lock:
            room = self._rooms.pop(code, None)
            self._makers.pop(code, None)
        if room is not None:
            room.retire(
                InputError("this room is closed and put away: {why}", "make a new one", why=why)
            )
            if self.folder is None:
                self.told.say(f"room {code} is put away: {why}")
        return self._archive(journal_of(self.folder, code), why) if self.folder is not None else ""

    def _archive(self, path: Path, why: str) -> str:
        """Put a journal away.

        Returns why it could not be moved, '' if it is; that is said once, however often it is
        tried.
        """
        if not os.path.lexists(path):
            self.told.say(f"room {path.stem} is put away: {why}; there is no journal of it")
            return ""
        try:
            new, deleted = put_away(path)
        except OSError as error:
            refused = error.strerror or type(error).__name__
            message = (
                f"room {path.stem} is closed: {why}; its journal cannot be put away ({refused}) "
                "and stays where it is"
            )
            self.told.say_once(path.name, message)
            return refused
        self.told.settled(path.name)
        self.told.say(f"room {path.stem} is put away as old/{new.name}: {why}")
        if deleted:
            self.told.say(f"the oldest rooms put away are deleted: {', '.join(deleted)}")
        return ""


_making = threading.Lock()
_made: list[Rooms] = []


def rooms() -> Rooms:
    """The rooms of this server process, taken up once although many pages may come back at the same
    moment.
    """
    with _making:
        if not _made:
            _made.append(Rooms(rooms_folder(), SteadyClock()))
            threading.Thread(
                target=_look_after, args=(_made[0],), name="rooms", daemon=True
            ).start()
        return _made[0]


def _look_after(registry: Rooms) -> None:
    """Tick until the registry is closed; nothing that goes wrong once ends it. Simulated people of
    a rehearsal come to life here, also after a restart.
    """
    from coercivity.viz.classroom.rooms.rehearsal import Rehearsals

    rehearsals = Rehearsals(registry.every, registry.closed)
    while not registry.closed.wait(TICK):
        try:
            registry.tick()
            rehearsals.attend()
        except Exception:
            _log.exception("looking after the rooms failed; it is tried again")


def closing_reason(room: Room, now: float) -> str:
    """Why a room is to be put away, '' if it is not.

    Any room is after 14 days without an event. One whose game has not begun is after an hour in
    which nobody was there: no team in a seat and no page of its facilitator open. The hour begins
    with its last event, the closing of the facilitator's last page or the start of this server,
    whichever was last. Simulated people do not count; a rehearsal that has begun, and a game of one
    person, stay for a day.
    """
    age = now - room.changed_at if room.changed_at >= FIRST_DAY else 0.0
    if age > LIFE:
        return f"nothing has happened in it for {LIFE / 86400:g} days"
    people = [one for one in room.people.values() if not one.robot]
    here = room.present.get("facilitator") or any(room.there[one.number] > 0 for one in people)
    left = 0.0 if here else min(age, now - room.led_at)
    if room.phase == "lobby" and not people and left > EMPTY_LIFE:
        return "nobody has been in it for an hour"
    if room.rehearsal and left > REHEARSED_LIFE:
        return "nobody has led this rehearsal for a day"
    if room.solo and left > REHEARSED_LIFE:
        return "nobody has played this game for a day"
    return ""
