"""What happened in a class game, as its pages tell it: the acts of teams and of governments that
decide by their rule, plants, rulings.

The model tells it in phrases (`viz/words/event_phrases.py`). The acts of teams are the exception:
the game writes them into its scenario, as lines of three forms, and so they are in every game and
scenario that was saved. They are read here (FORMS), and nowhere else. A line of the scenario that
was there before the game is told by what kind of act it is and by whom.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from coercivity.model.basis.errors import Phrase
from coercivity.viz.classroom.engine.card_acts import of_move
from coercivity.viz.classroom.engine.deal_acts import SAID
from coercivity.viz.classroom.engine.game_state import Move
from coercivity.viz.classroom.engine.game_tables import (
    GOVERNMENT,
    cards,
    deal_kinds,
    default_choices,
)
from coercivity.viz.classroom.words.choices_on_cards import choice_name, option, with_units
from coercivity.viz.words.event_phrases import (
    Teller,
    actor_in_words,
    good_in_words,
    is_said,
    kind_in_words,
    told_in_words,
)
from coercivity.viz.words.firm_names import with_firm_names
from coercivity.viz.words.language import (
    SOURCE,
    join_names,
    language,
    list_names,
    noted,
    say,
)
from coercivity.viz.words.names import readable_text

WORDINGS: Final[Mapping[str, str]] = {
    "move": noted("Round {round}, {seat}: {move}"),
    "deal": noted("Round {round}, deal {deal} of {first} and {other}: {what}"),
    "breach": noted("Round {round}: {who} breaks its word to {other} ({deal})"),
    "decides": noted("{who} decides: {what}"),
    "by": noted("{who}: {kind}"),
}
FORMS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (wording, re.compile(form))
    for wording, form in (
        ("deal", r"Round (?P<round>\d+), deal (?P<deal>\S+) of (?P<first>.+?) and (?P<other>.+?): "
         r"(?P<what>.+)\."),
        ("move", r"Round (?P<round>\d+), (?P<seat>[^:]+): (?P<move>.+)\."),
        ("breach", r"Round (?P<round>\d+): (?P<who>.+) breaks its word to (?P<other>.+) "
         r"\((?P<deal>.+)\)\."),
    )
)  # fmt: skip
DECIDES: Final = "{who} decides: {what} ({why})"
ENDS: Final = noted("Ends: {what}")  # how the end of an act is told
END_OF: Final = "end of "  # begins the kind of what happens where an act ends


def event_in_words(told: Phrase, actor: str = "", kind: str = "") -> str:
    """What happened, in the language that is spoken. actor, kind: of the act, by which a line is
    told that has no wording; without them it stays as it is.
    """
    ended = told.fields.get("what")
    if told.sentence == ENDS and isinstance(ended, Phrase):
        return say(ENDS, what=event_in_words(ended, actor, kind.removeprefix(END_OF)))
    tellers: dict[str, Teller] = {"text": lambda text: _line_in_words(text, actor, kind)}
    if cards_by_kind().get((actor, kind)) and language() != SOURCE:
        tellers["kind"] = lambda kind: _card(actor, kind)
    if told.sentence == DECIDES and language() != SOURCE:  # the reason stays with the model
        told = replace(told, sentence=WORDINGS["decides"])
    if kind and "text" not in told.fields and not is_said(told):
        return _act_in_words(actor, kind)
    return told_in_words(told, tellers)


def act_in_words(text: str) -> str:
    """An act of the game, by its text."""
    return event_in_words(Phrase.text(text))


def _line_in_words(text: str, actor: str, kind: str) -> str:
    """A line of a scenario: an act of a team, else by what kind of act it is and by whom."""
    if language() == SOURCE:
        return readable_text(with_firm_names(with_units(text)))
    for name, form in FORMS:
        if found := form.fullmatch(text):
            return say(WORDINGS[name], **_parts(name, found))
    return _act_in_words(actor, kind) if kind else readable_text(with_firm_names(text))


def _act_in_words(actor: str, kind: str) -> str:
    return say(WORDINGS["by"], who=actor_in_words(actor), kind=kind_in_words(kind))


def _parts(form: str, found: re.Match[str]) -> dict[str, object]:
    """What a line names, in words."""
    said: Mapping[str, Callable[[str], object]] = {
        "who": actor_in_words,
        "first": actor_in_words,
        "other": actor_in_words,
        "seat": actor_in_words,
        "move": _move,
        "what": say,
        "deal": _deal if form == "breach" else str,
    }
    return {name: said.get(name, str)(value) for name, value in found.groupdict().items()}


def _deal(kind: str) -> str:
    """What a kind of deal is called."""
    known = deal_kinds().get(kind.replace(" ", "_"))
    return say(known.label if known else kind)


def _move(text: str) -> str:
    """A move as an act tells it: 'Blanket ban (whom: Japan, goods: all)'."""
    label, _, rest = text.partition(" (")
    chosen = rest.removesuffix(")").split(", ") if rest else []
    pairs = [one.partition(": ")[::2] for one in chosen]
    terms = list_names(
        say("{name}: {value}", name=choice_name(name), value=option(value, name))
        for name, value in pairs
    )
    return say("{label} ({terms})", label=say(label), terms=terms) if pairs else say(label)


def decision(told: Phrase) -> tuple[str, str, str] | None:
    """What a government decides by its rule, in the words of the cards: the government, the card,
    what it has chosen; None for what happened otherwise.
    """
    who, chosen = told.fields.get("who"), told.fields.get("what")
    if not (isinstance(who, str) and isinstance(chosen, Phrase) and chosen.names("kind")):
        return None
    terms = {
        "whom": map(say, chosen.names("targets")),
        "goods": map(good_in_words, chosen.names("goods")),
    }
    said = list_names(
        say("{name}: {value}", name=choice_name(name), value=value)
        for name, values in terms.items()
        if (value := join_names(values))
    )
    return who, _card(who, *chosen.names("kind")), said


def _card(who: str, kind: str) -> str:
    """A kind of act as the card is called with which a team of that government plays it; as acts
    are called where there is none.
    """
    return say(cards_by_kind().get((who, kind), kind.replace("_", " ")))


@lru_cache(maxsize=1)
def cards_by_kind() -> dict[tuple[str, str], str]:
    """What each government's cards are called, by it and the kind of act that they play."""
    found: dict[tuple[str, str], str] = {}
    for seat, government in GOVERNMENT.items():
        for card in cards()[seat].values():
            move = Move(card.card, tuple(default_choices(card).items()))
            for act in of_move(seat, move, 1, 1, [], 1):
                found.setdefault((government, act["kind"]), card.label)
    return found


def deal_sentences() -> tuple[str, ...]:
    """What an act of a deal is, for the translators."""
    return tuple(SAID.values())
