"""When a room is put away by itself."""

from __future__ import annotations

from typing import Final

from coercivity.viz.classroom.rooms.room import Room

LIFE: Final = 14 * 24 * 3600.0  # seconds after its last event
EMPTY_LIFE: Final = 3600.0  # before the game, counted from when nobody was there any more
REHEARSED_LIFE: Final = 24 * 3600.0  # of a rehearsal or a game of one, counted in the same way
FIRST_DAY: Final = 1_700_000_000.0  # a clock that says less has not been set


def over(room: Room, now: float) -> str:
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


def begin_again(room: Room, now: float) -> None:
    """A room is taken up by a server that starts: whoever was there has time to come back."""
    room.led_at = now


def set_right(room: Room, now: float) -> None:
    """Let the age of a room whose clock was wrong count from now on."""
    if not FIRST_DAY <= room.changed_at <= now:
        room.changed_at = now
