"""What happened in a class game, as its pages tell it: the acts of teams and of governments that
decide by their rule, plants, rulings.

The model writes it in English into scenarios and records. Each such line has one of a few forms,
which are read here and said in the language that is spoken; a line of the scenario that was there
before the game is told by what kind of act it is and by whom. In English all stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from coercivity.experiments.lab.act_words import name_words
from coercivity.model.basis.facts import Facts, cached_by_facts
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
from coercivity.viz.words.firm_names import firm_name, with_firm_names
from coercivity.viz.words.language import (
    SOURCE,
    UNSPACED,
    Name,
    join_names,
    language,
    list_names,
    noted,
    say,
)
from coercivity.viz.words.names import named_in_sentence, place_names, readable_text

_DECIDES: Final = re.compile(
    r"(?P<who>[^:]+) decides: (?P<kind>[a-z\- ]+?)(?: on (?P<goods>.+?))?"
    r"(?: towards (?P<targets>.+?))? \(.*\)"
)
WORDINGS: Final[Mapping[str, str]] = {
    "move": noted("Round {round}, {seat}: {move}"),
    "deal": noted("Round {round}, deal {deal} of {first} and {other}: {what}"),
    "breach": noted("Round {round}: {who} breaks its word to {other} ({deal})"),
    "ends": noted("Ends: {what}"),
    "decides": noted("{who} decides: {kind}"),
    "decides on": noted("{who} decides: {kind} on {goods}"),
    "decides towards": noted("{who} decides: {kind} towards {targets}"),
    "decides on towards": noted("{who} decides: {kind} on {goods}, towards {targets}"),
    "quota": noted("China changes its light mining quota for the half-year: {change}"),
    "steady": noted("China leaves its light mining quota for the half-year as it was"),
    "planned": noted("Is to be built: {name}"),
    "given up": noted("Is given up before it opens: {name}"),
    "bankrupt": noted("Is bankrupt: {name}"),
    "mothballed": noted("Is mothballed: {name}"),
    "again": noted("Is made ready to run again: {name}"),
    "begins": noted("{who} begins to build in {state:in}: {name}"),
    "more": noted("{who} begins to build more capacity in {state:in}: {name}"),
    "none left": noted("{who} finds no planned plant left in {state:in}"),
    "lapsed": noted("A threat by {who} has not been carried out"),
    "won": noted("The WTO rules for {who}: {kind} by {other} has to end"),
    "lost": noted("The WTO brings {who} no relief: {kind} by {other} stands"),
    "by": noted("{who}: {kind}"),
}
_FIRM: Final = r"(?P<name>.+)"
_STATE: Final = "(?P<state>{states})"
_FORMS: Final = (  # how the model tells what happened, each with the name of its wording
    ("deal", r"Round (?P<round>\d+), deal (?P<deal>\S+) of (?P<first>.+?) and (?P<other>.+?): "
     r"(?P<what>.+)\."),
    ("move", r"Round (?P<round>\d+), (?P<seat>[^:]+): (?P<move>.+)\."),
    ("breach", r"Round (?P<round>\d+): (?P<who>.+) breaks its word to (?P<other>.+) "
     r"\((?P<deal>.+)\)\."),
    ("steady", r"China sets its light mining quota [+-]0% for the half-year"),
    ("quota", r"China sets its light mining quota (?P<change>[+-]\d+%) for the half-year"),
    ("given up", rf"{_FIRM} is given up before it opens"),
    ("planned", rf"{_FIRM} is to be built"),
    ("bankrupt", rf"{_FIRM} is bankrupt"),
    ("mothballed", rf"{_FIRM} is mothballed"),
    ("again", rf"{_FIRM} is made ready to run again"),
    ("more", rf"(?P<who>.+) begins to build in {_STATE}: more capacity at {_FIRM}"),
    ("begins", rf"(?P<who>.+) begins to build in {_STATE}: {_FIRM}"),
    ("none left", rf"(?P<who>.+) finds no planned plant left to .+ in {_STATE}"),
    ("lapsed", r"A threat by (?P<who>.+) has not been carried out"),
    ("won", r"The WTO rules for (?P<who>.+): (?P<kind>\w+) by (?P<other>.+) has to end"),
    ("lost", r"The WTO brings (?P<who>.+) no relief: (?P<kind>\w+) by (?P<other>.+) stands"),
)  # fmt: skip
ENDS: Final = "Ends: "  # how the end of an act is told
END_OF: Final = "end of "  # what kind of thing it is


@cached_by_facts
def event_forms(facts: Facts) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """How the model tells what happened in states of these facts, each with its wording."""
    states = "|".join(sorted(facts.states, key=len, reverse=True))
    return tuple((name, re.compile(form.replace("{states}", states))) for name, form in _FORMS)


def event_in_words(text: str, actor: str = "", kind: str = "") -> str:
    """What happened, in the language that is spoken. actor, kind: of the act, for one that has no
    form: without them it stays as it is.
    """
    if language() == SOURCE:
        return readable_text(with_firm_names(with_units(text)))
    if text.startswith(ENDS):
        told = event_in_words(text.removeprefix(ENDS), actor, kind.removeprefix(END_OF))
        return say(WORDINGS["ends"], what=told)
    if found := _DECIDES.fullmatch(text):
        return _decision_in_words(found)
    for name, form in event_forms(Facts.default()):
        if found := form.fullmatch(text):
            return _sentence(say(WORDINGS[name], **_parts(name, found)))
    if kind:
        return say(WORDINGS["by"], who=_actor_in_words(actor), kind=say(kind.replace("_", " ")))
    return readable_text(with_firm_names(text))


def _parts(form: str, found: re.Match[str]) -> dict[str, object]:
    """What a line names, in words."""
    said: Mapping[str, Callable[[str], object]] = {
        "who": _actor_in_words,
        "first": _actor_in_words,
        "other": _actor_in_words,
        "seat": _actor_in_words,
        "state": Name,
        "name": firm_name,
        "kind": lambda kind: say(kind.replace("_", " ")),
        "move": _move,
        "what": say,
        "deal": _deal if form == "breach" else str,
    }
    return {name: said.get(name, str)(value) for name, value in found.groupdict().items()}


def _deal(kind: str) -> str:
    """What a kind of deal is called."""
    known = deal_kinds().get(kind.replace(" ", "_"))
    return say(known.label if known else kind)


def _actor_in_words(name: str) -> object:
    """A government, in the form that a sentence asks for; a firm; whoever else."""
    plain = name.removeprefix("the ")
    if plain in place_names(Facts.default()):
        return Name(plain)
    return say("firms") if name == "firms" else firm_name(name)


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


def decision(text: str) -> tuple[str, str, str] | None:
    """What a government decides by its rule, in the words of the cards: the government, the card,
    what it has chosen; None for a line of another kind.
    """
    found = _DECIDES.fullmatch(text)
    if found is None:
        return None
    terms = {
        "whom": found["targets"]
        and join_names(say(name) for name in found["targets"].split(" and ")),
        "goods": found["goods"]
        and join_names(_good_in_words(name) for name in found["goods"].split(", ")),
    }
    chosen = list_names(
        say("{name}: {value}", name=choice_name(name), value=value)
        for name, value in terms.items()
        if value
    )
    return found["who"], _card(found["who"], found["kind"]), chosen


def _card(who: str, kind: str) -> str:
    """A kind of act as the card is called with which a team of that government plays it; as acts
    are called where there is none.
    """
    return say(cards_by_kind().get((who, kind.replace(" ", "_")), kind))


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


def _decision_in_words(found: re.Match[str]) -> str:
    """What a government decides by its rule; the reason it goes by stays with the model."""
    card = _card(found["who"], found["kind"])
    parts: dict[str, object] = {"who": _actor_in_words(found["who"]), "kind": card}
    form = "decides"
    if found["goods"]:
        form += " on"
        parts["goods"] = join_names(_good_in_words(name) for name in found["goods"].split(", "))
    if found["targets"]:
        form += " towards"
        parts["targets"] = join_names(say(name) for name in found["targets"].split(" and "))
    return say(WORDINGS[form], **parts)


def _good_in_words(words: str) -> str:
    """A good, or a group of them, that a decision names without underscores."""
    facts = Facts.default()
    name = words.replace(" ", "_")
    if name in facts.goods:
        return named_in_sentence(name)
    return say(name_words(name)) if name in facts.good_groups else say(words)


def _sentence(text: str) -> str:
    """A line with a capital at its beginning, where the language has them."""
    return text if language() in UNSPACED else text[:1].upper() + text[1:]


def deal_sentences() -> tuple[str, ...]:
    """What an act of a deal is, for the translators."""
    return tuple(SAID.values())
