"""What happened in a world, and what a government saw, chose and rejected, in the language that is
spoken. The model gives phrases (`agents/base/phrase.py`): the catalogue has their sentences, and a
field is said by its name. What somebody wrote (`text`) stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from coercivity.experiments.lab.act_words import name_words
from coercivity.model.basis.errors import Phrase, Value
from coercivity.model.basis.facts import Facts
from coercivity.viz.words.firm_names import firm_name, with_firm_names
from coercivity.viz.words.language import (
    SOURCE,
    UNSPACED,
    Name,
    join_names,
    language,
    list_names,
    noted,
    numeral,
    say,
    translate_text,
)
from coercivity.viz.words.names import named_in_sentence, place_names, readable_text

Teller = Callable[[str], object]
UNCHANGED: Final[Mapping[str, str]] = {  # how a sentence goes whose {change} is nothing
    "China sets its light mining quota {change} for the half-year": noted(
        "China sets its light mining quota as it was for the half-year"
    ),
    "firms expect to use {tonnes} t of magnets a month, {change} on the start": noted(
        "firms expect to use {tonnes} t of magnets a month, as at the start"
    ),
}
A_PLANT: Final = Phrase(noted("a plant"))  # whose name is not told
NAMES: Final = (  # what acts are for, and what a government does that enacts none
    *(noted("security"), noted("conservation"), noted("trade")),
    *(noted("nothing"), noted("endure")),
)


def told_in_words(told: Phrase, tellers: Mapping[str, Teller] | None = None) -> str:
    """A phrase in the language that is spoken; in another than English it begins with a capital.
    tellers: of fields that the caller says otherwise.
    """
    said = _say(told, {**TELLERS, **(tellers or {})})
    return said if language() in (SOURCE, *UNSPACED) else said[:1].upper() + said[1:]


def clause_in_words(told: Phrase) -> str:
    """A phrase within a sentence."""
    return _say(told, TELLERS)


def with_name(told: Phrase, name: Phrase) -> Phrase:
    """The same of a firm that is called otherwise."""
    return replace(told, fields={**told.fields, "name": name})


def plant_of(state: str, kind: str) -> Phrase:
    """A plant whose name is not told, by its state and by what it makes (in words)."""
    return Phrase(noted("A plant in {home} ({made})"), {"home": state, "made": kind})


def is_said(told: Phrase) -> bool:
    """Whether the language that is spoken has a wording for a phrase."""
    return language() == SOURCE or translate_text(told.sentence, language()) != told.sentence


def _say(told: Phrase, tellers: Mapping[str, Teller]) -> str:
    fields = dict(told.fields)
    if fields and "{" not in told.sentence:  # a name, with the words that English has for it
        ((name, value),) = fields.items()
        english = language() == SOURCE and tellers.get(name) is TELLERS.get(name)
        return told.sentence if english else str(_field(name, value, tellers))
    sentence = told.sentence
    if str(fields.get("change", "")).strip("+-") == "0%":
        sentence = UNCHANGED.get(sentence, sentence)
    if not fields:
        return say(sentence)
    if sentence[1:-1] in fields:  # nothing but this field
        return str(_field(sentence[1:-1], fields[sentence[1:-1]], tellers))
    return say(sentence, **{name: _field(name, one, tellers) for name, one in fields.items()})


def _field(name: str, value: Value, tellers: Mapping[str, Teller]) -> object:
    """A field in words, by its name."""
    if isinstance(value, Phrase):
        return _say(value, tellers)
    if isinstance(value, tuple):
        said = [str(_field(name, one, tellers)) for one in value]
        join = list_names if language() == SOURCE or name == "cover" else join_names
        return join(said)
    if name == "home":  # with its article in English too
        return Name(value)
    if not isinstance(value, str):
        return numeral(str(value))
    if language() == SOURCE and tellers.get(name) is TELLERS.get(name):
        return readable_text(with_firm_names(value))
    return tellers[name](value) if name in tellers else numeral(value)


def actor_in_words(name: str) -> object:
    """A government, in the form that a sentence asks for; a firm; whoever else."""
    plain = name.removeprefix("the ")
    if plain in place_names(Facts.default()):
        return Name(plain)
    return say("firms") if name == "firms" else firm_name(name)


def good_in_words(name: str) -> str:
    """A good, or a group of them, within a sentence."""
    groups = Facts.default().good_groups
    return say(name_words(name)) if name in groups else named_in_sentence(name)


def kind_in_words(kind: str) -> str:
    """A kind of act within a sentence."""
    return say(kind.replace("_", " "))


# fields that have words of their own, by their names
TELLERS: Final[Mapping[str, Teller]] = {
    "framing": say,
    "good": good_in_words,
    "goods": good_in_words,
    "kind": kind_in_words,
    "name": firm_name,
    "other": actor_in_words,
    "state": Name,
    "states": say,
    "targets": say,
    "text": lambda text: readable_text(with_firm_names(text)),
    "what": say,
    "who": actor_in_words,
}
