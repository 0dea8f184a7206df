"""Who is in a room: people on their phones, each in one place, and the team that they make there.

The first one in a seat is its captain. Who comes to a seat that is taken joins its team.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from coercivity import InputError
from coercivity.viz.classroom.rooms.proposals import forget_person, seal_if_ready
from coercivity.viz.classroom.rooms.state import Person, RoomState, Team, is_role
from coercivity.viz.classroom.rooms.tokens import clean_name

MOST_PEOPLE: Final = 120  # in a room
MOST_IN_TEAM: Final = 12  # in a seat; more talk than decide
MOST_IN_ROLE: Final = 40


def join(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """Somebody takes a place. ``seat`` is the place, ``name`` the team's where its seat is free and
    the person's else, ``own`` the person's own.
    """
    place, token = _place(room, event), event.get("token")
    if not isinstance(token, str) or len(token) != 64:
        raise InputError("nobody is known by this page", "reload the page")
    if room.solo and room.people:
        raise InputError("room {code} is played alone", "make a room of your own", code=room.code)
    if len(room.people) >= MOST_PEOPLE:
        raise InputError(
            "the room is full: {high} people are in it",
            "share a phone with a neighbour, or ask the facilitator to let somebody go",
            high=MOST_PEOPLE,
        )
    most = MOST_IN_ROLE if is_role(place) else MOST_IN_TEAM
    if len(room.at(place)) >= most:
        raise InputError(
            "this place is full: {high} people are there",
            "choose another one of the room",
            high=most,
        )
    name = clean_name(event.get("name"))
    own = clean_name(event.get("own")) if event.get("own") else name
    room.joined += 1
    robot = room.rehearsal and event.get("robot") is True
    room.people[room.joined] = Person(room.joined, own, token, place, robot)
    if not is_role(place) and place not in room.teams:
        room.teams[place] = Team(name, room.joined)


def leave(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """Somebody gives a place up, or is let go by the facilitator; the next one in the team is its
    captain, and the last one leaves the seat free.
    """
    person = room.person_of(event)
    del room.people[person.number]
    forget_person(room, person)
    team = room.teams.get(person.place)
    if team is None:
        return
    rest = room.at(person.place)
    if not rest:
        _clear_seat(room, person.place)
        return
    if team.captain == person.number:
        team.captain = rest[0].number
    seal_if_ready(room, person.place)


def captain(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """A team has another captain: named by the one before, or by the facilitator; or a member whose
    captain's page is closed steps in (``absent``, which the server has seen to).
    """
    person = room.person_of(event)
    team = room.teams.get(person.place)
    if team is None:
        raise InputError(
            "'{value}' is in no team, and needs no captain",
            "look at the page again",
            value=person.name,
        )
    if team.captain == person.number:
        raise InputError(
            "'{value}' is the captain of this team already",
            "look at the page again",
            value=person.name,
        )
    by = event.get("by")
    if by is not None and by != team.captain and event.get("absent") is not True:
        raise InputError(
            "'{value}' is the captain of this team, and a team has one",
            "ask for the captaincy, or ask the facilitator",
            value=room.people[team.captain].name,
        )
    team.captain = person.number


def free_seat(room: RoomState, event: Mapping[str, Any], moment: float) -> None:
    """The facilitator frees a seat: all of its team have to join again."""
    seat = room.seat_of(event)
    if seat not in room.teams:
        raise InputError("seat '{seat}' is free already", "look at the page again", seat=seat)
    for person in room.at(seat):
        del room.people[person.number]
        forget_person(room, person)
    _clear_seat(room, seat)


def check_speaker(room: RoomState, event: Mapping[str, Any], seat: str) -> None:
    """Refuse a person who does not speak for a seat to the others. Events without a person are
    those of the server itself, of paper, and of older journals.
    """
    if event.get("person") is None:
        return
    person, team = room.person_of(event), room.teams.get(seat)
    if person.place != seat or team is None:
        raise InputError(
            "'{value}' is not in the team of '{seat}'",
            "look at the page again",
            value=person.name,
            seat=seat,
        )
    if team.captain != person.number:
        raise InputError(
            "'{value}' is the captain and speaks for the team",
            "tell them, or propose and vote",
            value=room.people[team.captain].name,
        )


def _clear_seat(room: RoomState, seat: str) -> None:
    del room.teams[seat]
    room.sheets.pop(seat, None)
    room.notices.pop(seat, None)
    room.opened.pop(seat, None)
    room.proposals.pop(seat, None)
    room.ready.pop(seat, None)


def _place(room: RoomState, event: Mapping[str, Any]) -> str:
    """The place that an event names: a seat of the game, or a role that the room has."""
    place = event.get("seat")
    if isinstance(place, str) and place in room.roles:
        return place
    if isinstance(place, str) and is_role(place):
        raise InputError(
            "place '{value}' is not open in this room",
            "choose another one of the room",
            value=place,
        )
    return room.seat_of(event)
