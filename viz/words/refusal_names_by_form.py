"""What the lines of the class game name, in words: seats, cards, deals, phases, lengths of time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from coercivity.experiments.game.table import GOVERNMENT, SEATS, cards, deal_kinds, seats
from coercivity.viz.words.language import Name, listed, noted, numeral, say, says

# where in a game something stands: 'target, loan', 'deal truce', 'round 3', 'line 7'
PLACE: Final = re.compile(
    r"(?P<place>game|prediction|moves|break|round \d+|line \d+|deal [a-z_]+|"
    rf"(?:{'|'.join(SEATS)})(?:, [a-z_]+)?): (?P<rest>.*)",
    re.DOTALL,
)
IN_FILE: Final = re.compile(r"(?P<file>[^':]*)(?:, |: )(?P<rest>line \d+: .*)", re.DOTALL)
BRAKES: Final = (noted("wrong codes"), noted("rooms made from your address"), noted("saved games"))
_LENGTH: Final = re.compile(r"(?P<number>an?|\d+) (?P<unit>second|minute|hour)s?")


def place_said(place: str) -> str:
    """A place of a game; '' for one that says nothing to a reader."""
    begins, _, rest = place.partition(" ")
    if begins in ("round", "line"):
        wording = noted("Round {count}") if begins == "round" else noted("Line {count}")
        return say(wording, count=rest)
    if begins == "deal" and rest in deal_kinds():
        return say(deal_kinds()[rest].label)
    seat, _, card = place.partition(", ")
    if seat in SEATS:
        return card_said(card) if card else say(seats()[seat].name)
    return ""


def card_said(card: str) -> str:
    """The label of a card, whoever holds it."""
    labels = [held[card].label for held in cards().values() if card in held]
    return say(labels[0]) if labels else say("“{value}”", value=card)


def government(name: str) -> Name:
    """The state of a seat of this name, in the form that a sentence asks for."""
    by_name = {seats()[seat].name: state for seat, state in GOVERNMENT.items()}
    return Name(by_name.get(name, name))


def phases(text: str) -> str:
    """Phases of a room, one or the other."""
    return listed(say("“{value}”", value=say(one)) for one in text.split(" or "))


def length(text: str) -> str:
    """A length of time as a brake tells it: 'an hour', '43 seconds'."""
    found = _LENGTH.fullmatch(text)
    if found is None:
        return text
    number = int(found["number"]) if found["number"].isdigit() else 1
    if found["unit"] == "second":
        return says("{count} second", "{count} seconds", number)
    return says(
        "{count} minute", "{count} minutes", number * (60 if found["unit"] == "hour" else 1)
    )


SAID: Final[Mapping[str, Callable[[str], object]]] = {  # groups of the forms, and who says them
    "amount": numeral,
    "more": numeral,
    "card": say,
    "who": say,
    "other": say,
    "kind_of_deal": say,
    "phase": say,
    "what": say,
    "move": card_said,
    "government": government,
    "phases": phases,
    "span": length,
    "wait": length,
}
