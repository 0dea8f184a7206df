"""The forms in which the class game refuses moves, deals, bets, headlines and files, and the
sentences of the pages for each.

`GAME` are whole lines, or what stands behind a place of the game ("target, loan: ..."); `IN_GAME`
says only the latter, as other lines of the model have the same form.
"""

from __future__ import annotations

from typing import Final

from coercivity.viz.words.language import noted
from coercivity.viz.words.refusal_fixes import FIELD as _F
from coercivity.viz.words.refusal_fixes import VALUE as _V
from coercivity.viz.words.refusal_fixes import rule

# what nobody can choose on a page stands in a file, or was sent by hand
_CHOOSE: Final = noted("Reload the page and choose again.")
_SAVED: Final = noted("Choose a file that was saved here.")
_LABEL: Final = r"'(?P<card>[^']*)'"

GAME: Final = (
    # money and deals
    rule(
        rf"(?:[\w\- ]+: move|deal) {_LABEL} costs USD (?P<amount>\S+) million and "
        r"[\w\- ]+ has (?P<more>\S+) million left; .*",
        noted("{card}: this costs USD {amount} million, and USD {more} million are left."),
        noted("Choose a smaller amount."),
    ),
    rule(
        rf"deal {_LABEL} of (?P<who>[\w\- ]+) and (?P<other>[\w\- ]+) holds already "
        r"\((?P<deal>D\d+-\d+)\); .*",
        noted("{card}, {who} and {other}: this deal holds already ({deal})."),
        noted("Wait until it ends."),
    ),
    rule(
        rf"break: deal {_V} is none of [\w\- ]+'s in force; .*",
        noted("“{value}” is no deal of yours in force."),
        noted("Look at the list again."),
    ),
    rule(
        rf"move {_LABEL} breaks deal (?P<deal>D\d+-\d+) \((?P<kind_of_deal>[\w\- ]+), to the end "
        r"of round (?P<count>\d+)\), .*",
        noted(
            "{card} breaks deal {deal} ({kind_of_deal}, to the end of round {count}), and deals "
            "bind in this game."
        ),
        noted("Choose another move."),
    ),
    # bets and headlines
    rule(
        r"coins (?P<count>\d+) are more than the (?P<amount>\d+) that are left of (?P<more>\d+) "
        r"for this half-year; .*",
        noted("You stake {count} coins, and {amount} of {more} are left for this half-year."),
        noted("Stake less, or take another bet back."),
    ),
    rule(
        rf"coins {_V} does not fit; use a whole number from (?P<low>\d+) to (?P<high>\d+)",
        noted("Coins: “{value}” does not fit."),
        noted("Use a whole number from {low} to {high}."),
    ),
    rule(
        r"you have printed this already; .*",
        noted("You have printed this already."),
        noted("Take it back first, or print another."),
    ),
    rule(
        r"(?P<count>\d+) headlines a half-year are enough; .*",
        noted("{count} headlines a half-year are enough."),
        noted("Take one back to print another."),
    ),
    rule(
        rf"side {_V} is not known; use up or down",
        noted("“{value}” is not known here."),
        _CHOOSE,
    ),
    rule(rf"sure {_V} does not fit; .*", noted("“{value}” is not known here."), _CHOOSE),
    # new games
    rule(
        rf"(?:seat|others|market|claim|lesson|decides|script) {_V} is not known; .*",
        noted("“{value}” is not known here."),
        _CHOOSE,
    ),
    rule(
        r"seats is empty; .*",
        noted("No seat is chosen."),
        noted("Choose at least one."),
    ),
    rule(rf"(?:seats|deals) {_V} is not a list; .*", noted("“{value}” is not a list."), _CHOOSE),
    rule(
        rf"binding {_V} is neither true nor false; .*",
        noted("Whether deals bind: “{value}” is neither yes nor no."),
        _CHOOSE,
    ),
    rule(
        rf"rules {_V} are not known; use a whole number from (?P<low>\d+) to (?P<high>\d+)",
        noted("Rules of the game: “{value}” is not known."),
        noted("Use a whole number from {low} to {high}."),
    ),
    rule(
        rf"length {_V} does not fit; use a whole number of rounds from (?P<low>\d+) to "
        r"(?P<high>\d+)",
        noted("Rounds: “{value}” does not fit."),
        noted("Use a whole number from {low} to {high}."),
    ),
    rule(
        r"seed: (?P<value>.*) is not a whole number from (?P<low>\d+) to (?P<high>\d+); .*",
        noted("Seed: “{value}” is not a whole number from {low} to {high}."),
        noted("Write for example 1."),
    ),
    rule(
        rf"title {_V} has (?P<low>\d+) characters; use at most (?P<high>\d+)",
        noted("The title “{value}” is too long."),
        noted("Use at most {high} characters."),
    ),
    # rounds
    rule(
        r"round \d+ is not played: the game has (?P<count>\d+) rounds and is over; .*",
        noted("The game has {count} rounds and is over."),
        noted("Begin a new one."),
    ),
    rule(
        rf"moves {_V} is not a list by seat; .*",
        noted("Moves: “{value}” is not a list by seat."),
        _CHOOSE,
    ),
    rule(
        r"deals has (?P<count>\d+) entries; use at most (?P<high>\d+) a round",
        noted("{count} deals are too many for a round."),
        noted("Use at most {high}."),
    ),
    rule(
        r"(?P<count>\d+) moves in one round; use at most (?P<high>\d+)",
        noted("{count} moves in one round are too many."),
        noted("Use at most {high}."),
    ),
    rule(
        r"move '(?P<move>\w+)' stands twice; play it once a round",
        noted("{move} stands twice."),
        noted("Play it once a round."),
    ),
    rule(rf"move {_V} is not a move; .*", noted("“{value}” is no move."), _CHOOSE),
    rule(rf"deal {_V} is not a deal; .*", noted("“{value}” is no deal."), _CHOOSE),
    rule(
        rf"other {_V} is its first party too; .*",
        noted("Both parties are the same."),
        noted("Choose another seat."),
    ),
    rule(
        rf"seat {_V} is not played; .*",
        noted("“{value}” is not played in this game."),
        noted("Choose another seat."),
    ),
    rule(
        rf"decision {_V} is none of this game; .*",
        noted("“{value}” is no decision of this game."),
        _CHOOSE,
    ),
    # predictions
    rule(
        rf"number {_V} does not fit; use a number from (?P<low>\d+) to (?P<high>\d+), or none",
        noted("Prediction: “{value}” does not fit."),
        noted("Use a number from {low} to {high}, or none."),
    ),
    rule(
        r"(?P<count>\d+) are in already; start a new game",
        noted("{count} predictions are in already."),
        noted("Begin a new game."),
    ),
    # files
    rule(
        rf"form {_V} is not known; use \S+",
        noted("Form “{value}” of the file is not known here."),
        _SAVED,
    ),
)
IN_GAME: Final = (
    rule(
        rf"why {_V} has (?P<low>\d+) characters; use at most (?P<high>\d+)",
        noted("The reason “{value}” is too long."),
        noted("Use at most {high} characters."),
    ),
    rule(rf"(?:{_F}|key) {_V} is not known; .*", noted("“{value}” is not known here."), _CHOOSE),
    rule(rf"{_F} is missing; .*", noted("A choice is missing."), _CHOOSE),
    rule(rf"{_F} {_V} is not text; .*", noted("“{value}” is no text."), _CHOOSE),
    rule(
        rf"{_F} {_V} has (?P<low>\d+) characters; use at most (?P<high>\d+)",
        noted("“{value}” is too long."),
        noted("Use at most {high} characters."),
    ),
    rule(
        rf"{_V} is not a list of keys and values; .*",
        noted("“{value}” is not a list of names and values."),
        _SAVED,
    ),
    rule(rf"{_F} {_V} is not a list; .*", noted("“{value}” is not a list."), _SAVED),
    rule(
        rf"{_F} has (?P<count>\d+) entries; use at most (?P<high>\d+)",
        noted("{count} entries are too many."),
        noted("Use at most {high}."),
    ),
)
