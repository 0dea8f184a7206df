"""What was refused, in the reader's words and language: where, what is wrong, and what to write
instead. The sentences and their fields come with the error (`model/basis/errors.py`); the catalogue
has the sentences, and a field is said by its name: `field` as the page calls it, `state` by its
name, `value` as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Final

from coercivity.experiments.lab.act_words import field_words, fields_of, kind_words, name_words
from coercivity.experiments.lab.levers import find_lever, is_lever
from coercivity.model.basis.errors import InputError, Phrase, Value
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.act_kinds import kinds_of
from coercivity.viz.words.language import (
    SOURCE,
    UNSPACED,
    Name,
    join_sentences,
    language,
    list_names,
    numeral,
    say,
    translate_text,
)
from coercivity.viz.words.names import readable_text
from coercivity.viz.words.refusal_names import FIELDS, table_in_words

Teller = Callable[[str, str], object]  # of a field, in the fields of a kind of act
LONGEST_LIST: Final = 500  # letters of the names that a sentence lists
_NUMBER: Final = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?")
_QUOTED: Final = re.compile(r"'(\{\w+\})'")
_ENDS: Final = (".", "?", "!", "。", "？")
# signs that would end a quotation, or begin another
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟«»「」『』〝〞〟＂", '"'))
# whether names are to be typed, in a file or a table
_typed: ContextVar[bool] = ContextVar("typed", default=False)


def refusal_in_words(error: object) -> str:
    """A refusal in the words and the language of the page; any other error as its text."""
    if not isinstance(error, InputError):
        return _as_sentence(readable_text(str(error)))
    token = _typed.set(any(map(_is_typed, error.places)))
    try:
        return _input_error_in_words(error)
    finally:
        _typed.reset(token)


def _input_error_in_words(error: InputError) -> str:
    act = _act_of(error)
    parts = [_as_sentence(phrase_in_words(one, act)) for one in (error.what, error.fix) if str(one)]
    said = join_sentences(parts)
    for place in reversed(error.places):
        said = say("{place}: {what}", place=_place_in_words(place, act), what=said)
    return said[:1].upper() + said[1:]


def phrase_in_words(phrase: Phrase, act: str = "") -> str:
    """A sentence in the reader's language, its fields in words; *act* is the kind of act whose
    fields they are.
    """
    wording = translate_text(phrase.sentence, language())
    if language() == SOURCE or wording == phrase.sentence:
        wording = _QUOTED.sub(r"“\1”", wording)
    if not phrase.fields:
        return wording
    return wording.format_map(
        {name: _Field(field_value(name, value, act)) for name, value in phrase.fields.items()}
    )


def quotable_text(text: str) -> str:
    """What was written, as it may stand between any language's quotation marks."""
    return text.translate(_QUOTES)


class _Field:
    """A field in words, in the form that a wording asks for where it is a name of a state."""

    def __init__(self, said: object) -> None:
        self.said = said

    def __format__(self, form: str) -> str:
        return format(self.said, form) if isinstance(self.said, Name) else str(self.said)


def field_value(name: str, value: Value, act: str = "") -> object:
    """A field of a sentence in words, by its name; a field that has no words of its own is quoted
    as it was written.
    """
    if isinstance(value, Phrase):
        return phrase_in_words(value, act)
    if isinstance(value, tuple):
        return names_in_words(value, act)
    if isinstance(value, int | float):
        return numeral(f"{value:,}" if isinstance(value, int) else f"{value:g}")
    if (teller := TELLERS.get(name)) is not None:
        return teller(value, act)
    return numeral(value) if _NUMBER.fullmatch(value) else quotable_text(value)


def field_of_page_in_words(name: str, act: str = "") -> str:
    """A field as the page calls it: that of a kind of act by the form's label, a lever and a
    parameter by theirs.
    """
    if act and name in fields_of(act):
        return say(field_words(act, name).label)
    begins, _, rest = name.partition(".")
    if begins == "lever" and is_lever(rest):
        return str(find_lever(rest).said("label", say))
    parameter = rest if begins == "p" else name
    if parameter in load_parameters():
        return say(readable_text(load_parameters()[parameter].description))
    return (
        say(FIELDS[name])
        if name in FIELDS
        else readable_text(quotable_text(name).replace("_", " "))
    )


def names_in_words(names: Iterable[str | Phrase], act: str = "") -> str:
    """Names one after the other, each in words; of many long ones the first, and how many are not
    named.
    """
    said = [
        phrase_in_words(one, act) if isinstance(one, Phrase) else _to_choose(one, act)
        for one in names
    ]
    more = 0
    while len(said) > 1 and sum(map(len, said)) > LONGEST_LIST:
        said.pop()
        more += 1
    return list_names([*said, say("{count} more", count=more)] if more else said)


def one_name(name: str, act: str = "") -> str:
    """A name of the model in words: a lever's or field's label, a good, a process, a state."""
    facts = Facts.default()
    if is_lever(name):
        return str(find_lever(name).said("label", say))
    if act and name in fields_of(act):
        return say(field_words(act, name).label)
    if name in kinds_of(facts):
        return say(kind_words(name).label)
    if name in facts.processes:
        return say(facts.descriptions[name])
    if name in load_parameters():
        return say(readable_text(load_parameters()[name].description))
    return say(FIELDS[name]) if name in FIELDS else say(name_words(name))


def _to_choose(value: str, act: str) -> str:
    """A name among which to choose: as it is written but for its underscores, where it is to be
    typed.
    """
    return quotable_text(value).replace("_", " ") if _typed.get() else one_name(value, act)


def _word(value: str, act: str) -> str:
    return say(value)


def _quoted_value(value: str, act: str) -> str:
    return say("“{value}”", value=quotable_text(value))


def _field_in_words(value: str, act: str) -> str:
    """A field as a visitor called it: in words where there is one of this name."""
    begins, _, rest = value.partition(".")
    known = (
        value in FIELDS
        or (act and value in fields_of(act))
        or (begins == "lever" and is_lever(rest))
        or (begins == "p" and rest in load_parameters())
    )
    return field_of_page_in_words(value, act) if known else _quoted_value(value, act)


def _parameter_in_words(value: str, act: str) -> str:
    """A parameter as the page calls it, quoted; one that there is no more, by its name."""
    name = value.removeprefix("p.")
    known = name in load_parameters()
    return _quoted_value(field_of_page_in_words(name) if known else name, act)


# fields that have words of their own, by their names in the sentences
TELLERS: Final[dict[str, Teller]] = {
    "field": field_of_page_in_words,
    "lever": lambda value, act: field_of_page_in_words(f"lever.{value.removeprefix('lever.')}"),
    "parameter": _parameter_in_words,
    "instead": _parameter_in_words,
    "name": _to_choose,
    "kind": one_name,
    "good": one_name,
    "state": lambda value, act: Name(value),
    "unit": _word,
    "label": _word,
    "written": _field_in_words,
    "place": _quoted_value,
    "id": _quoted_value,
    "act_label": lambda value, act: say(kind_words(act).label),
    "table": table_in_words,
}


def _act_of(error: InputError) -> str:
    """The kind of act that a refusal is about; '' for none."""
    for one in (error.what, *error.places):
        kind = one.fields.get("act") if isinstance(one, Phrase) else ""
        if isinstance(kind, str) and kind in kinds_of(Facts.default()):
            return kind
    return ""


def _is_typed(place: object) -> bool:
    """Whether something stands in a file, or in a table of own rows."""
    if not isinstance(place, Phrase):
        return isinstance(place, str)
    return "table" in place.fields or _is_typed(place.fields.get("place"))


def _place_in_words(place: str | Phrase, act: str) -> str:
    """Where something stands: a place in words, a file by its name."""
    return phrase_in_words(place, act) if isinstance(place, Phrase) else _quoted_value(place, act)


def _as_sentence(text: str) -> str:
    """A text that begins with a capital and ends."""
    text = text.strip()
    end = "。" if language() in UNSPACED else "."
    return text[:1].upper() + text[1:] + ("" if text.endswith(_ENDS) else end)


def say_fields(tellers: Mapping[str, Teller], to_choose: Mapping[str, Teller]) -> None:
    """Say fields of these names so, for a part of the pages whose names the model does not know;
    those *to_choose* among stay as they are written where they are to be typed.
    """

    def unless_typed(teller: Teller) -> Teller:
        return lambda value, act: quotable_text(value) if _typed.get() else teller(value, act)

    TELLERS.update(tellers)
    TELLERS.update({name: unless_typed(teller) for name, teller in to_choose.items()})
