"""The forms in which a room of the class refuses what somebody does in it, and tells of its file,
and the sentences of the pages for each. Who is refused at the door: refusal_rooms.py.
"""

from __future__ import annotations

from typing import Final

from coercivity.viz.words.language import noted
from coercivity.viz.words.refusal_fixes import VALUE as _V
from coercivity.viz.words.refusal_fixes import rule

_SEAT: Final = r"(?:exporter|target|ally|bloc|firm)"
_NAME: Final = r"(?P<value>.*)"  # of somebody, as he has written it
_COUNT: Final = r"(?P<count>\d+)"
_MANY: Final = r"(?P<amount>[\d,]+)"
_AGAIN: Final = noted("Look at the page again.")
_LIST: Final = noted("Look at the list again.")
_RELOAD: Final = noted("Reload the page.")
_SAVED: Final = noted("Choose a file that was saved here.")
_WHOLE: Final = noted("It has been written again whole, and nothing of the room is lost.")
_NEXT: Final = noted("Wait for the next round.")

CLASS: Final = (
    # when
    rule(
        r"[\w ]+: not now \((?P<phase>[a-z ]+)\); wait until (?P<phases>[a-z ]+)",
        noted("Not now: {phase}."),
        noted("Wait for: {phases}."),
    ),
    rule(
        r"deal '(?P<value>.*)' is made in this round; break it in a later one",
        noted("Deal “{value}” is made in this round."),
        noted("Break it in a later one."),
    ),
    rule(
        r"headline '(?P<value>.*)' has no words of its own to take off; look again",
        noted("This headline has no words of its own to take off."),
        _AGAIN,
    ),
    rule(
        r"the prediction after the game stands, as the answer is shown; .*",
        noted("The prediction after the game stands, as the answer is shown."),
        _AGAIN,
    ),
    rule(
        r"all rounds are played; .*",
        noted("All rounds are played."),
        noted("Go on to the debrief."),
    ),
    rule(
        r"the prediction before the game is closed, as the first round is over",
        noted("The prediction before the game is closed."),
        noted("Look at the debrief: there you predict again."),
    ),
    rule(
        r"clock '(?P<value>.*)' does not fit; use (?P<low>\d+) to (?P<high>\d+) seconds",
        noted("Clock: “{value}” does not fit."),
        noted("Use {low} to {high} seconds."),
    ),
    # how much
    rule(
        rf"[\w:]+: {_COUNT} pages are open already; .*",
        noted("{count} pages of this place are open already."),
        noted("Close some and reload this one, or let the facilitator free the seat."),
    ),
    rule(
        rf"room \w* has {_COUNT} events and is full; .*",
        noted("This room is full: {count} events have happened in it."),
        noted("End the game and make a new room."),
    ),
    rule(
        rf"\w+: {_MANY} characters are too many at once; .*",
        noted("{amount} characters are too many at once."),
        noted("Use fewer words."),
    ),
    rule(
        rf"{_COUNT} changes of one hand in a round are enough; .*",
        noted("{count} changes of one hand in a round are enough."),
        _NEXT,
    ),
    rule(
        rf"{_MANY} characters of one hand in a round are enough; .*",
        noted("{amount} characters of one hand in a round are enough."),
        _NEXT,
    ),
    rule(
        rf"{_SEAT}: {_COUNT} offers in one round are enough; .*",
        noted("{count} offers in one round are enough."),
        _NEXT,
    ),
    rule(
        rf"{_SEAT}: {_COUNT} proposals are enough; .*",
        noted("{count} proposals are enough."),
        noted("Vote on those."),
    ),
    rule(
        r"people \S+ does not fit; use (?P<low>\d+) to (?P<high>\d+) simulated people",
        noted("So many simulated people do not fit."),
        noted("Use {low} to {high}."),
    ),
    rule(
        rf"this server has {_COUNT} rooms and takes no more; .*",
        noted("This server has {count} rooms and takes no more."),
        noted("Wait until one has ended, or play on one screen."),
    ),
    rule(
        rf"this server has {_COUNT} rooms that were made from your address and takes no more; .*",
        noted("This server has {count} rooms that were made from your address."),
        noted("End some, or ask its owner."),
    ),
    # who
    rule(
        rf"person {_V} is not in this room \(any more\); .*",
        noted("That person is not in this room (any more)."),
        noted("Look at the page again, or join with the code."),
    ),
    rule(
        rf"{_NAME} is in no team, and needs no captain",
        noted("“{value}” is in no team and needs no captain."),
        _AGAIN,
    ),
    rule(
        rf"{_NAME} is the captain of this team already",
        noted("“{value}” is the captain of this team already."),
        _AGAIN,
    ),
    rule(
        rf"{_NAME} is the captain of this team; a team has one\. .*",
        noted("“{value}” is the captain of this team, and a team has one."),
        noted("Ask for the captaincy, or ask the facilitator."),
    ),
    rule(
        rf"{_NAME} is the captain and speaks for the team; .*",
        noted("“{value}” is the captain and speaks for the team."),
        noted("Tell them, or propose and vote."),
    ),
    rule(
        rf"{_NAME} is not in the team of '{_SEAT}'; .*",
        noted("“{value}” is not in this team."),
        _AGAIN,
    ),
    rule(
        rf"{_NAME} is in no team; proposals are those of a seat",
        noted("“{value}” is in no team, and teams alone propose."),
        _AGAIN,
    ),
    rule(
        rf"{_NAME} is in no parliament; .*",
        noted("“{value}” is in no parliament, and only its members vote there."),
        _AGAIN,
    ),
    rule(
        rf"{_NAME} sits in '[\w:]+'; this is done by those of the \w+",
        noted("“{value}” sits in another place, where this is not done."),
        _AGAIN,
    ),
    rule(rf"seat '{_SEAT}' is free already", noted("This seat is free already."), _AGAIN),
    rule(
        rf"place {_V} is not open in this room; .*",
        noted("“{value}” is no place of this room."),
        noted("Choose another one of the room."),
    ),
    rule(
        rf"(?:seat|by) {_V} is not played in this room; .*",
        noted("“{value}” is no seat of this room."),
        _AGAIN,
    ),
    rule(
        r"room (?P<code>\w+) is played alone; .*",
        noted("Room {code} is played alone."),
        noted("Make a room of your own."),
    ),
    rule(r"token is not a digest", noted("Nobody is known by this page."), _RELOAD),
    # sheets, proposals, votes
    rule(
        rf"{_SEAT}: the team has sealed a sheet itself; .*",
        noted("The team has sealed a sheet itself."),
        noted("It stands, unless the team takes it back."),
    ),
    rule(rf"{_SEAT}: no sheet is sealed", noted("No sheet is sealed."), _AGAIN),
    rule(
        r"a majority seals in this room; .*",
        noted("A majority seals in this room."),
        noted("Propose cards, vote, and say when you are ready."),
    ),
    rule(
        r"the captain seals in this room; .*",
        noted("The captain seals in this room."),
        noted("Vote for the cards that you want."),
    ),
    rule(
        r"the team's sheet is sealed; .*",
        noted("The team's sheet is sealed."),
        noted("The captain can take it back until the round closes."),
    ),
    rule(
        r"this card is proposed already; .*",
        noted("This card is proposed already."),
        noted("Vote for it."),
    ),
    rule(
        r"a proposal is taken back by whoever made it, or by the captain",
        noted("A proposal is taken back by whoever made it, or by the captain."),
        noted("Ask one of the two."),
    ),
    rule(
        rf"(?:proposal|offer) {_V} is not among those of this round; .*",
        noted("“{value}” is not among those of this round."),
        _LIST,
    ),
    rule(
        rf"vote {_V} is neither yes nor no; .*",
        noted("Vote: “{value}” is neither yes nor no."),
        noted("Use one of the two."),
    ),
    rule(
        r"the parliament of (?P<government>[\w ]+) has not backed a concession "
        r"\((?P<yes>\d+) for, (?P<no>\d+) against\); .*",
        noted(
            "The parliament of {government} has not backed a concession ({yes} for, {no} against)."
        ),
        noted("Let it vote, or leave the concession out."),
    ),
    rule(
        r"a team predicts for its own seat; .*",
        noted("A team predicts for its own seat."),
        _AGAIN,
    ),
    # deals
    rule(
        rf"{_SEAT} is no party of that deal; .*",
        noted("That deal is between others."),
        noted("Offer one of your own."),
    ),
    rule(
        r"this offer is on the table already; .*",
        noted("This offer is on the table already."),
        noted("Wait for the answer, or withdraw it."),
    ),
    rule(
        r"that offer is not yours to answer",
        noted("That offer is not yours to answer."),
        _LIST,
    ),
    rule(
        r"an offer is answered by the other side; .*",
        noted("An offer is answered by the other side."),
        noted("Who made it can withdraw it."),
    ),
    rule(r"the offer is accepted already", noted("The offer is accepted already."), _LIST),
    rule(r"the offer is declined already", noted("The offer is declined already."), _LIST),
    rule(r"the offer is withdrawn already", noted("The offer is withdrawn already."), _LIST),
    # press
    rule(
        rf"headline {_V} is none of yours of this round; .*",
        noted("“{value}” is no headline of yours of this round."),
        _AGAIN,
    ),
    rule(
        rf"headline {_V} has {_COUNT} characters; use at most (?P<high>\d+)",
        noted("The headline “{value}” has {count} characters."),
        noted("Use at most {high}."),
    ),
    # what no page sends by itself
    rule(
        r"[\w ]+: this is nothing that can be written down; .*",
        noted("That cannot be kept."),
        _RELOAD,
    ),
    rule(r"that button is not known; .*", noted("That button is not known."), _RELOAD),
    rule(
        rf"event {_V} is not known, or it has no time",
        noted("“{value}” is nothing that happens in a room, or it has no time."),
        _SAVED,
    ),
    rule(
        rf"roles {_V} are not known; .*",
        noted("“{value}” is not known here."),
        noted("Reload the page and choose again."),
    ),
    # files
    rule(
        r"(?P<file>[^':,]*) holds no room",
        noted("“{file}” holds no room."),
        _SAVED,
    ),
    rule(r"this is not how a room begins; .*", noted("No room begins so."), _SAVED),
    rule(r"the file is empty(?:; .*)?", noted("The file is empty."), _SAVED),
    rule(r"this is no file", noted("This is no file."), _SAVED),
    rule(
        r"it cannot be read \(\w+\); see the log",
        noted("It cannot be read."),
        noted("Look at the server's log."),
    ),
    rule(
        rf"{_MANY} characters are too many; a saved game has at most (?P<more>[\d,]+)",
        noted("{amount} characters are too many: a saved game has at most {more}."),
        _SAVED,
    ),
    rule(
        rf"{_MANY} events are too many; a saved game has at most (?P<more>[\d,]+)",
        noted("{amount} events are too many: a saved game has at most {more}."),
        _SAVED,
    ),
    rule(rf"{_MANY} bytes are too many", noted("{amount} bytes are too many."), _SAVED),
    rule(
        rf"it has more than {_MANY} bytes",
        noted("It has more than {amount} bytes."),
        _SAVED,
    ),
    rule(
        rf"line {_COUNT} was not finished",
        noted("Line {count} was not finished."),
        _SAVED,
    ),
    rule(r"this is not JSON: (?P<value>.*)", noted("“{value}” is not JSON."), _SAVED),
    rule(r"this is no event of a room", noted("This is nothing that happens in a room."), _SAVED),
    rule(
        r"it has no check sum, as the lines before it have",
        noted("It has no check sum, as the lines before it have."),
        _SAVED,
    ),
    rule(
        r"its check sum does not fit; .*",
        noted("Its check sum does not fit: it was changed, or a line is missing or stands twice."),
        _SAVED,
    ),
    rule(
        r"this event cannot be replayed \(\w+\)",
        noted("What stands there cannot be played again."),
        _SAVED,
    ),
    rule(
        r"This room is closed and put away: .*",
        noted("This room is closed and put away."),
        noted("Make a new one."),
    ),
    # for the owner of the server
    rule(
        r"room (?P<code>\w+) is not in (?P<value>.*); see which are: .*",
        noted("Room {code} is not in “{value}”."),
        noted("Look at the list of rooms."),
    ),
    rule(
        r"room (?P<code>\w+) cannot be put away \(.*\); you need the rights of the server's owner "
        r"on (?P<value>.*)",
        noted("Room {code} cannot be put away."),
        noted("You need the rights of the server's owner on “{value}”."),
    ),
    rule(
        r"room (?P<code>\w+) is closed, but its server cannot put its journal away "
        r"\((?P<value>.*)\); .*",
        noted("Room {code} is closed, but its server cannot put its journal away (“{value}”)."),
        noted("Mend that, and the server does it by itself."),
    ),
    # what is wrong with the file of a room, for its facilitator
    rule(
        r"The last events of this room are not on the server's disk \((?P<value>.*)\)\. End .*",
        noted("The last events of this room are not on the server's disk (“{value}”)."),
        noted("End the game and take its files away; until then do not restart the server."),
    ),
    rule(
        r"The last events of this room are not on the server's disk \((?P<value>.*)\)\. It is .*",
        noted("The last events of this room are not on the server's disk (“{value}”)."),
        noted("It is tried again; until then do not restart the server."),
    ),
    rule(
        r"The file of this room was damaged\. .*; nothing followed\.",
        noted("The file of this room was damaged."),
        noted("The game goes on from what could still be read; nothing followed."),
    ),
    rule(
        r"The file of this room was damaged\. .*; the rest is kept as (?P<value>.*)\.",
        noted("The file of this room was damaged."),
        noted("The game goes on from what could still be read; the rest is kept as “{value}”."),
    ),
    rule(
        r"The file of this room was damaged\. .*; the disk refuses to keep the rest\.",
        noted("The file of this room was damaged."),
        noted("The game goes on from what could still be read; the disk refuses to keep the rest."),
    ),
    rule(
        r"Rooms are not kept on disk, as another server (?:uses|has taken over) the folder "
        r"(?P<value>.*); a restart would end them\. .*",
        noted(
            "Rooms are not kept on disk, and a restart would end them: another server uses "
            "the folder “{value}”."
        ),
        noted("Ask the owner of the server for another folder."),
    ),
    rule(
        r"Rooms are not kept on disk, as the folder (?P<value>.*) cannot be used \(.*\); .*",
        noted(
            "Rooms are not kept on disk, and a restart would end them: the folder “{value}” "
            "cannot be used."
        ),
        noted("Ask the owner of the server for another folder."),
    ),
    rule(
        r"The file of this room was deleted on the server's disk and has been written again .*",
        noted("The file of this room was deleted on the server's disk."),
        _WHOLE,
    ),
    rule(
        r"The file of this room was cut short on the server's disk and has been written again .*",
        noted("The file of this room was cut short on the server's disk."),
        _WHOLE,
    ),
    rule(
        r"The file of this room was changed or replaced on the server's disk and has been .*",
        noted("The file of this room was changed or replaced on the server's disk."),
        _WHOLE,
    ),
    rule(
        r"Another server has taken over the folder of this room \((?P<value>.*)\): .*",
        noted(
            "Another server has taken over the folder of this room (“{value}”): what happens "
            "from now on is not kept."
        ),
        noted("End one of the two servers."),
    ),
)
