"""What is chosen on a card and in a deal, with the unit of what is a number: the one place from
which phones, wall, facilitator's page, news and printed sheets have it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from coercivity.viz.classroom.engine.game_tables import words as option_words
from coercivity.viz.words.language import noted, numeral, say, says
from coercivity.viz.words.money import millions

CHOICES: Final[Mapping[str, str]] = {  # what is chosen on a card
    "whom": noted("whom"),
    "goods": noted("goods"),
    "sector": noted("sector"),
    "which": noted("which"),
    "how_long": noted("how long"),
    "who_holds": noted("who holds"),
    "cover": noted("stock"),
    "stage": noted("stage"),
    "amount": noted("amount"),
    "good": noted("good"),
    "strength": noted("strength"),
    "with": noted("with"),
    "rate": noted("rate"),
    "where": noted("where"),
    "size": noted("size"),
    "rounds": noted("rounds"),
    "deal": noted("deal"),
}


def months_in_words(number: float) -> str:
    """So many months: '7.5 months'."""
    if number == 1:
        return says("{count} month", "{count} months", 1)
    return say("{number} months", number=numeral(f"{number:g}"))


UNITS: Final[Mapping[str, Callable[[float], str]]] = {  # of options that are numbers
    "cover": months_in_words,
    "amount": millions,
    "rate": lambda share: say("{number}%", number=numeral(f"{100 * share:g}")),
}


def choice_name(name: str) -> str:
    """What is chosen on a card or in a deal, as sheets call it."""
    return say(CHOICES.get(name, name.replace("_", " ")))


def option(value: str, choice: str = "") -> str:
    """An option of a card or a deal, with the unit of what is chosen: '3 months', '20%'."""
    words = option_words(value)
    if any(map(str.isalpha, words)):
        return say(words)
    said = UNITS.get(choice)
    return said(float(value)) if said else numeral(words)


def with_units(text: str) -> str:
    """A line in which the model names options, 'Build up stocks (cover: 3)', with their units."""
    return _NUMBERS.sub(lambda found: _pair(found["name"], found["value"]), text)


def _pair(name: str, value: str) -> str:
    return say("{name}: {value}", name=choice_name(name), value=option(value, name))


_NUMBERS: Final = re.compile(rf"(?<=[(, ])(?P<name>{'|'.join(UNITS)}): (?P<value>[0-9.]*[0-9])\b")
