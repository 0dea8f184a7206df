"""For tests of press, market and parliaments: a room with all three, and what the model might say."""

from __future__ import annotations

import json
from typing import Any

from coercivity.viz.classroom.engine.market import MARKETS
from coercivity.viz.classroom.engine.press import CLAIMS
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.room import Room
from tools.check.room_table import BAN, TRUCE, crowd

SECRET = "a reason that nobody else may read"
PLACES = {
    "Beijing": "exporter",
    "Tokyo": "target",
    "Magnets": "firm",
    "Jo": "press",
    "Kim": "press",
    "Mo": "market",
    "Lu": "market",
    "Pia": "board:target",
    "Ole": "board:target",
}
NUMBERS = json.dumps({name: [100.0 + k, 90.0] for k, name in enumerate(MARKETS)})
COURSES = json.dumps({name: 640.0 for name, claim in CLAIMS.items() if claim.asked})


def gallery_room(registry: Rooms, length: int = 2) -> tuple[Room, dict[str, str], dict[str, int]]:
    """A room, everybody's token and number by name."""
    who = [(place, name) for name, place in PLACES.items()]
    room, numbers, tokens = crowd(registry, *who, length=length)
    return room, tokens, numbers


def play(room: Room) -> None:
    """Close the round and reveal it."""
    room.do("close")
    room.do("reveal")


def secrets(room: Room, number: dict[str, int]) -> list[str]:
    """Let teams do what nobody else may see; words that would betray it."""
    room.do("propose", person=number["Tokyo"], move={"card": "concession", "why": SECRET})
    room.do("propose", person=number["Magnets"], move=SUPPLIER)
    room.do("seal", seat="exporter", person=number["Beijing"], moves=[{**BAN, "why": SECRET}])
    room.do("offer", by="target", person=number["Tokyo"], deal=TRUCE)
    return [SECRET, "dual_use_ban", "supplier", "truce", "Truce"]


SUPPLIER: dict[str, Any] = {
    "card": "supplier",
    "strength": "half",
    "how_long": "end",
    "why": SECRET,
}


def brief(*numbers: str) -> str:
    """What game_jobs.brief would say of Japan with these numbers."""
    told = {"value": 1.0, "before": 2.0, "unit": "USD million", "state": "Japan", "good": ""}
    return json.dumps(
        {
            "numbers": [
                told
                | {"id": one, "number": one.replace("down", "standing"), "label": one, "count": 0}
                for one in numbers
            ],
            "notes": ["only for the team"],
            "sentences": [None],
            "acts": ["an act of the team"],
            "score": {"score": 41.6, "goals": []},
        }
    )


def settled(rounds: dict[int, tuple[dict[str, str], set[str]]]) -> str:
    """What gallery_jobs.settled would say: by round, the side that was right by market (neither for
    the others) and the claims that came true.
    """
    return json.dumps(
        {
            "outcomes": {
                number: {
                    name: {
                        "before": 100.0,
                        "usual": 105.0,
                        "after": 110.0,
                        "side": sides.get(name, ""),
                    }
                    for name in MARKETS
                }
                for number, (sides, _) in rounds.items()
            },
            "came": {
                number: {name: name in true for name in CLAIMS}
                for number, (_, true) in rounds.items()
            },
        }
    )
