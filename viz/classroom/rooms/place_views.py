"""The places of a room, as who comes in sees them and as its facilitator does: how many are in
each, who leads a team, where one is needed most.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from coercivity import InputError
from coercivity.viz.classroom.engine.game_state import pack_json
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT, seats
from coercivity.viz.classroom.rooms import people
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import (
    BOARD,
    MARKET,
    PRESS,
    WORDS,
    RoomState,
    is_role,
    kind_of,
)
from coercivity.viz.classroom.words.game_text import seat_name
from coercivity.viz.words.language import SOURCE, Name, languages, noted, say, says

Plain = dict[str, Any]
PAIR: Final = 2  # people in every seat before a role gets its first
ROLES: Final = {  # what a role is called, and what one does in it
    PRESS: (
        noted("Press"),
        noted("You print headlines before the reveal, and score where they come true."),
    ),
    MARKET: (
        noted("Market"),
        noted("You bet play money on the numbers of the coming half-year."),
    ),
    BOARD: (
        noted("Parliament of {state}"),
        noted("Your government's concessions need your vote."),
    ),
}


def label(place: str) -> str:
    """What a place is called."""
    if place.startswith(BOARD):
        state = GOVERNMENT[place.removeprefix(BOARD)]
        return say(ROLES[BOARD][0], state=Name(state))
    return say(ROLES[place][0]) if is_role(place) else seat_name(place)


def duty_of_place(place: str) -> str:
    """What one does in a place."""
    return say(ROLES[kind_of(place)][1]) if is_role(place) else say(seats()[place].who)


def needed_most(room: RoomState) -> str:
    """Where a newcomer is needed most: the emptiest seat until each has PAIR people, so that no
    state stays mute and teams can talk; then the emptiest place. Raises InputError where all are
    full.
    """
    open_places = [place for place in places(room) if not is_full(room, place)]
    if not open_places:
        raise InputError(
            "every place of this room is full",
            "share a phone with a neighbour, or ask the facilitator to let somebody go",
        )
    few = [place for place in open_places if not is_role(place) and len(room.at(place)) < PAIR]
    return min(few or open_places, key=lambda place: len(room.at(place)))


def places(room: RoomState) -> tuple[str, ...]:
    """The places of a room: seats, then roles."""
    return (*room.game.seats, *room.roles)


def is_full(room: RoomState, place: str) -> bool:
    """Whether a place takes nobody any more."""
    most = people.MOST_IN_ROLE if is_role(place) else people.MOST_IN_TEAM
    return len(room.at(place)) >= most


def offered_places(room: Room) -> Plain:
    """The places of a room, for who wants to come in."""
    with room.lock:
        return {
            "code": room.code,
            "spoken": room.spoken if room.spoken in languages() else SOURCE,
            "words": say(WORDS[room.phase]),
            "people": len(room.people),
            "places": [_offered_place(room, place) for place in places(room)],
        }


def _offered_place(room: Room, place: str) -> Plain:
    free = place in room.game.seats and place not in room.teams
    return {
        "place": place,
        "label": label(place),
        "who": duty_of_place(place),
        "line": _line(room, place),
        "count": len(room.at(place)),
        "full": is_full(room, place),
        "team": own_name(place) if free else "",
    }


def own_name(seat: str) -> str:
    """What a team is called that has not chosen a name."""
    return say("Team {actor}", actor=seat_name(seat))[:30]


def _line(room: Room, place: str) -> str:
    """Who is in a place, in words."""
    count, team = len(room.at(place)), room.teams.get(place)
    if team is not None:
        captain = room.people[team.captain].name
        return says(
            "{team}, {count} person, captain {captain}",
            "{team}, {count} people, captain {captain}",
            count,
            team=team.name,
            captain=captain,
        )
    if not count:
        return say("nobody yet")
    return says("{count} person", "{count} people", count)


def crew(room: Room) -> list[Plain]:
    """Everybody in a room by place, for its facilitator."""
    with room.lock:
        held = [(place, room.at(place), room.teams.get(place)) for place in places(room)]
        return [
            {
                "place": place,
                "label": label(place),
                "team": team.name if team else "",
                "seat": team is not None,
                "people": [
                    {
                        "number": one.number,
                        "name": one.name,
                        "there": room.is_there(one.number),
                        "captain": team is not None and team.captain == one.number,
                    }
                    for one in people
                ],
            }
            for place, people, team in held
            if people
        ]


def phone_memory(room: Room, token: str) -> str:
    """What a phone keeps so that its owner comes back as who he is, and what his page says of him:
    name, team, captain. '' where the token opens nothing.
    """
    place, number = room.known(token)
    if not (place and room.code):
        return ""
    query = "/class?" + urlencode({"room": room.code, "seat": token})
    told: Plain = {"code": room.code, "query": query, "lead": not number}
    with room.lock:
        person, team = room.people.get(number), room.teams.get(place)
        captain = room.people.get(team.captain) if team else None
    team_name = team.name if team else label(place) if number else ""
    told["name"] = person.name if person else ""
    told["team"] = team_name
    told["captain"] = captain.name if captain else ""
    told["captains"] = bool(team and number and team.captain == number)
    return pack_json(told)
