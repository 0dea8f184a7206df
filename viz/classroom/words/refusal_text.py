"""What was refused in the class game, in the reader's words: seats, cards and choices are called
what their sheets call them.
"""

from __future__ import annotations

from coercivity.viz.classroom.engine.game_tables import GOVERNMENT, cards, deal_kinds, seats, words
from coercivity.viz.classroom.engine.round_effects import WALK_OUT
from coercivity.viz.words.language import Name, say
from coercivity.viz.words.refusals import field_of_page_in_words, refusal_in_words, say_fields

__all__ = ["refusal_in_words"]


def card_in_words(card: str, act: str = "") -> str:
    """The label of a card, whoever holds it, or of a kind of deal; else its words."""
    labels = [held[card].label for held in cards().values() if card in held]
    labels += [kind.label for kind in deal_kinds().values() if kind.deal == card]
    labels += [WALK_OUT.label] if card == WALK_OUT.card else []
    return say(labels[0] if labels else words(card))


def option_in_words(name: str, act: str = "") -> str:
    """A seat, a card, a kind of deal or an option of one, as a sheet shows it."""
    return seat_in_words(name) if name in seats() else card_in_words(name)


def seat_in_words(name: str, act: str = "") -> str:
    """A seat by its name."""
    return say(seats()[name].name if name in seats() else name)


def government_in_words(name: str, act: str = "") -> Name:
    """The state of a seat, in the form that a sentence asks for."""
    by_name = {seats()[seat].name: state for seat, state in GOVERNMENT.items()}
    return Name(by_name.get(name, name))


say_fields(
    {
        "card": card_in_words,
        "choice": field_of_page_in_words,
        "seat": seat_in_words,
        "government": government_in_words,
    },
    to_choose={"option": option_in_words},
)
