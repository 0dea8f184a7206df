"""The forms in which a room of the class refuses whoever wants to come in, and the sentences of the
pages for each.
"""

from __future__ import annotations

from typing import Final

from coercivity.viz.words.language import noted
from coercivity.viz.words.refusal_fixes import rule

_CODE: Final = r"(?P<code>\w+)"
ROOMS: Final = (
    rule(
        rf"there is no room {_CODE} on this server; compare .*",
        noted("There is no room {code} on this server."),
        noted("Compare the code with the facilitator's screen."),
    ),
    rule(
        rf"room {_CODE} is put away; ask .*",
        noted("Room {code} is closed and put away."),
        noted("Ask the facilitator for the code of today."),
    ),
    rule(
        rf"the game in room {_CODE} is over; look at .*",
        noted("The game in room {code} is over."),
        noted("Look at its end on the facilitator's screen, or ask for a new code."),
    ),
    rule(
        r"code '(?P<value>.*)' is not a room's code; .*",
        noted("“{value}” is not a room's code."),
        noted("A code has six letters, as on the facilitator's screen."),
    ),
    rule(
        r"this address opens no seat of the room \(any more\); join .*",
        noted("This address opens no seat of the room (any more)."),
        noted("Join with the code, or ask the facilitator."),
    ),
    rule(
        r"the room is full: (?P<high>\d+) people are in it; .*",
        noted("The room is full: {high} people are in it."),
        noted("Share a phone with a neighbour, or ask the facilitator to let somebody go."),
    ),
    rule(
        r"place '[\w:]+' is full: (?P<high>\d+) people are there; .*",
        noted("This place is full: {high} people are there."),
        noted("Choose another one of the room."),
    ),
    rule(
        r"every place of this room is full; .*",
        noted("Every place of this room is full."),
        noted("Share a phone with a neighbour, or ask the facilitator to let somebody go."),
    ),
    rule(
        r"(?:your )?name is empty; .*",
        noted("Your name is empty."),
        noted("Write one, for example Ann."),
    ),
    rule(
        r"name '(?P<value>.*)' has (?P<count>\d+) characters; use at most (?P<high>\d+)",
        noted("The name “{value}” has {count} characters."),
        noted("Use at most {high}."),
    ),
)
