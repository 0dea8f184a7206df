"""A room made again from its journal, a file of JSON lines (journal.py).

The first line says what the room is; each further line is an event of room.py. Tokens stand in it
as digests only. Of a damaged journal the lines before the damage are the room, as each event acts
on what all before it have made; the rest is kept beside it. Only a journal whose first line is
damaged is no room.
"""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from coercivity import InputError
from coercivity.model.basis.errors import Phrase, shorten
from coercivity.viz.classroom.engine.game_json import from_dict, to_dict
from coercivity.viz.classroom.engine.game_state import Game
from coercivity.viz.classroom.rooms.journal import MOST_BYTES, Chain, Journal, as_written, read_line
from coercivity.viz.classroom.rooms.proposals import CAPTAIN, MAJORITY
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import RULES_NOW, Event, is_role, is_time

FORM: Final = 1
SAVED: Final = Phrase("choose a file that was saved here")
LONGEST_FILE: Final = 400_000  # characters of a saved one-screen game
MOST_LINES: Final = 1_500  # of it: each is played again in the process that talks to all browsers
_log = logging.getLogger(__name__)


def head(room: Room) -> Event:
    """The first line of a room's journal."""
    moment = round(room.now(), 3)
    return {
        "form": FORM,
        "rules": room.rules,
        "code": room.code,
        "lesson": room.lesson,
        "decides": room.decides,
        "roles": list(room.roles),
        "facilitator": room.facilitator,
        "at": moment,
        "game": to_dict(room.game),
        "spoken": room.spoken,
        **({"rehearsal": True} if room.rehearsal else {}),
        **({"solo": True} if room.solo else {}),
    }


class Memory:
    """Keeps events for a one-screen game, saved to a file by its teacher and nowhere else."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events

    def append(self, event: Event) -> None:
        """Keep one more event."""
        self.events.append(event)

    def settle(self) -> None:
        """Nothing can befall it."""

    def text(self) -> str:
        """A file of them."""
        return "".join(
            json.dumps(event, separators=(",", ":"), allow_nan=False) + "\n"
            for event in self.events
        )


@dataclass
class RecoveredJournal:
    """What a journal holds: the room, its lines with their sums, how many events they are, and what
    is wrong with the others (None if nothing).
    """

    room: Room
    lines: list[bytes]
    chain: Chain
    problem: InputError | None = None


def recover(path: Path) -> RecoveredJournal:
    """The room of a journal as far as it can be read; nothing is written.

    Raises InputError if its first line is of no use, OSError if it cannot be read; never anything
    else, so that no file ends a server or a list.
    """
    try:
        return _recover(path)
    except OSError:
        raise
    except InputError as error:
        raise error.within(path.name) from None
    except Exception as error:
        _log.exception("a journal cannot be read in a way that nobody thought of: %s", path)
        raise InputError(
            "it cannot be read ({value})",
            "see the log",
            where=path.name,
            value=type(error).__name__,
        ) from error


def _recover(path: Path) -> RecoveredJournal:
    if not stat.S_ISREG(path.stat(follow_symlinks=False).st_mode):
        raise InputError("this is no file")
    with path.open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    problem = None
    if len(data) > MOST_BYTES:
        problem = InputError("it has more than {amount} bytes", amount=f"{MOST_BYTES:,}")
    pieces = as_written(data).split(b"\n")
    lines, events, chain = list[bytes](), list[Event](), Chain()
    for number, piece in enumerate(pieces, start=1):
        line = piece.rstrip(b"\r")
        if not line:
            continue
        try:
            events.append(chain.read(line, _line(number)))
        except InputError as error:
            problem = error
            if number == len(pieces):
                problem = InputError("line {number} was not finished", number=number)
            break
        lines.append(line + b"\n")
    if not events:
        raise problem or InputError("the file is empty")
    room, played, refused = _replay(events, path.stem)
    if refused:
        problem, lines, chain = refused.within(_line(played + 1)), lines[:played], Chain()
        for line in lines:
            chain.read(line.rstrip(b"\n"))
        room = _replay(events[:played], path.stem)[0]  # an event that fails may have begun to act
    return RecoveredJournal(room, lines, chain, problem)


def take_up(path: Path, recovered: RecoveredJournal, now: Callable[[], float]) -> tuple[Room, str]:
    """The room that was found, kept in its file from now on: without what is damaged, which is kept
    beside it.
    """
    room, journal = recovered.room, Journal(path, recovered.lines, recovered.chain)
    room.now, room.journal = now, journal
    room.settle()
    rest = (
        Phrase("the disk refuses to keep the rest")
        if journal.owed
        else Phrase.of("the rest is kept as {file}", file=journal.beside.name)
        if journal.beside
        else Phrase("nothing followed")
    )
    told = ""
    if recovered.problem:
        told = (
            f"{path.name}: {recovered.problem}; the room goes on with the {len(recovered.lines)} "
            "lines "
            f"before, {rest}"
        )
        room.trouble = room.trouble or InputError(
            "the file of this room was damaged",
            "the game goes on from what could still be read; {rest}",
            rest=rest,
        )
    elif journal.beside:
        told = (
            f"{path.name}: it was stored in another form and is written anew, nothing is lost; as "
            f"it was it is kept as {journal.beside.name}"
        )
    if room.clock.runs:
        room.do("restart")
    return room, told


def one_screen(game: Game, lesson: str, now: Callable[[], float]) -> Room:
    """A room for one teacher and his paper sheets, kept by nobody else."""
    room = _begin(Room("", game, lesson=lesson, now=now, changed_at=now()))
    room.journal = Memory([head(room) | {"game": to_dict(game)}])
    return room


def load_one_screen(name: object, text: object, now: Callable[[], float]) -> Room:
    """A one-screen game from a file: one saved on the page, or the JSON of a game.

    Raises InputError, one line, for anything else.
    """
    try:
        return _load_one_screen(text, now)
    except InputError as error:
        raise error.within(shorten(name) or "upload") from None


def _load_one_screen(text: object, now: Callable[[], float]) -> Room:
    if not isinstance(text, str) or not text.strip():
        raise InputError("the file is empty", SAVED)
    if len(text) > LONGEST_FILE:
        raise InputError(
            "{amount} characters are too many",
            "a saved game has at most {high}",
            amount=f"{len(text):,}",
            high=f"{LONGEST_FILE:,}",
        )
    lines = [line for line in text.encode("utf-8", "replace").split(b"\n") if line.strip()]
    if len(lines) > MOST_LINES:
        raise InputError(
            "{amount} events are too many",
            "a saved game has at most {high}",
            amount=f"{len(lines):,}",
            high=f"{MOST_LINES:,}",
        )
    if len(lines) == 1 and b'"facilitator"' not in lines[0][:200]:
        return one_screen(from_dict(read_line(lines[0], "", LONGEST_FILE, SAVED)), "", now)
    events = [
        read_line(line, _line(number), fix=SAVED) for number, line in enumerate(lines, start=1)
    ]
    room, played, refused = _replay(events, "")
    if refused:
        raise refused.within(_line(played + 1))
    room.now, room.journal = now, Memory(events)
    if room.clock.runs:
        room.do("restart")
    return room


def _line(number: int) -> Phrase:
    """Where a line stands."""
    return Phrase.of("line {number}", number=number)


def _replay(events: list[Event], code: str) -> tuple[Room, int, InputError | None]:
    """A room from its events, every one of them checked; how many lines could be replayed, and why
    the next one could not (None if all).

    Raises InputError.
    """
    if not events:
        raise InputError("the file holds no room", SAVED)
    first = events[0]
    facilitator, moment = first.get("facilitator"), first.get("at")
    length = 64 if code else 0  # nobody holds a token of a one-screen game
    if (
        first.get("form") != FORM
        or first.get("code") != code
        or not isinstance(facilitator, str)
        or len(facilitator) != length
        or not is_time(moment)
    ):
        raise InputError("this is not how a room begins", SAVED, where=_line(1))
    room = _begin(
        Room(
            code,
            from_dict(first.get("game")),
            facilitator=facilitator,
            lesson=str(first.get("lesson", ""))[:10],
            decides=CAPTAIN if first.get("decides") != MAJORITY else MAJORITY,
            roles=_roles(first.get("roles")),
            rehearsal=first.get("rehearsal") is True,
            solo=first.get("solo") is True,
            spoken=str(first.get("spoken", "en"))[:10],
            rules=_rules(first.get("rules")),
            changed_at=float(moment),
        )
    )
    for number, event in enumerate(events[1:], start=2):
        try:
            room.apply(event)
        except InputError as error:
            return room, number - 1, error
        except Exception as error:  # a file can hold what no page has ever sent
            kind = type(error).__name__
            refused = InputError("this event cannot be replayed ({value})", value=kind)
            return room, number - 1, refused
    from_dict(to_dict(room.game))
    return room, len(events), None


def _roles(raw: object) -> tuple[str, ...]:
    """The roles of a room; older journals have none."""
    return (
        tuple(one for one in raw if isinstance(one, str) and is_role(one))
        if isinstance(raw, list)
        else ()
    )


def _rules(raw: object) -> int:
    """The rules of a room; older journals name none."""
    return raw if type(raw) is int and 1 <= raw <= RULES_NOW else 1


def _begin(room: Room) -> Room:
    """A room at its beginning: with a game that was played already it is where its last round has
    been revealed.
    """
    for prediction in room.game.predictions:
        room.predictions[prediction.when, prediction.seat] = (prediction.text, prediction.number)
    room.phase = "reveal" if room.game.played else "lobby"
    room.game = replace(
        room.game, predictions=()
    )  # so that answers of the world are shared whatever was predicted
    return room
