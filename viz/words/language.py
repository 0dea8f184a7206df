"""In which language a page speaks: one catalogue of sentences (gettext), English where a language
has none.

`say` finds a sentence and fills it in, so that a translator moves names and numbers as his grammar
wants them, and asks for a name (`Name`) in the form that his sentence needs: {state:in} is "in den
USA" where his catalogue has "United States" under the context "in". Catalogues are files,
`viz/data/languages/CODE.po`: another file is another language (`python -m tools.docs.languages`
writes what is to be translated). Templates (.vue) are translated when they are read
(`template_text.py`). English needs nothing but this file; catalogues are read by Babel, which the
extra `app` brings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import c2py  # reads the plural rule of a catalogue
from importlib.resources import files
from string import Formatter
from typing import TYPE_CHECKING, Final
from warnings import warn

from coercivity.model.basis.extras import is_installed, require_packages

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

SOURCE: Final = "en"  # the language of the code
UNPLAIN: Final = re.compile(r"\{\{|\}\}|\$\{|[\x00-\x1f\x7f\u2028\u2029]")
UNSPACED: Final = ("ja", "zh")  # no space between two sentences
COUNTED_BY: Final = {"ja": 10, "ko": 10, "zh": 10}  # of its next unit in a billion: 億
ARTICLES: Final = {  # names that take an article within an English sentence
    "United States": "the United States",
    "United Kingdom": "the United Kingdom",
    "Netherlands": "the Netherlands",
    "EU": "the EU",
    "Rest of EU": "the rest of the EU",
    "Rest of world": "the rest of the world",
    "World": "the world",
    "Outside China": "all states but China",
}
WITHIN: Final = {"All": "everywhere", "Other": "elsewhere", "Outside China": "outside China"}
ONE_FORM: Final = re.compile(r"[a-z]{0,8}")
FORM: Final = re.compile(r"\{\w+:(\w+)\}")  # a name in a form of its own
BEGINS: Final = re.compile(r"\{(\w+)(?::\w*)?\}")
_speaks: ContextVar[str] = ContextVar("speaks", default="")
_visitor: list[Callable[[], str]] = []  # how the pages find the language of who looks at them


@cache
def languages() -> dict[str, str]:
    """The languages there are, by code, each by its own name; that of the code first, and alone
    without Babel.
    """
    if not is_installed("babel"):
        return {SOURCE: "English"}
    from babel import Locale

    folder = files("coercivity.viz") / "data" / "languages"
    codes = sorted(path.name[:-3] for path in folder.iterdir() if path.name.endswith(".po"))
    return {code: str(Locale.parse(code).get_display_name(code)) for code in (SOURCE, *codes)}


@cache
def catalogue(code: str) -> Catalog:
    """The sentences of a language; none for that of the code. Of its wordings only those that
    `is_wording_valid`: a catalogue may come from anybody.
    """
    require_packages("babel", "app", "any language but English")
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    if code == SOURCE:
        return Catalog(locale=SOURCE)
    path = files("coercivity.viz") / "data" / "languages" / f"{code}.po"
    with path.open("rb") as file:
        held = read_po(file, locale=code)
    for one in held:
        texts, wordings = (
            [each] if isinstance(each, str) else list(each or ()) for each in (one.id, one.string)
        )
        if one.id and not all(is_wording_valid(wording, texts) for wording in wordings):
            one.string = ""
    return held


def is_wording_valid(wording: str, texts: Iterable[str]) -> bool:
    """Whether a wording is plain and asks for nothing but the {names} of the texts that it stands
    for, in no other way than in a form ({state:in}).
    """
    try:
        asked = list(Formatter().parse(wording))
        known = {name for text in texts for _, name, _, _ in Formatter().parse(text)}
    except ValueError:  # a brace that stands alone
        return False
    return is_plain(wording) and all(
        name is None or (name in known and not turned and ONE_FORM.fullmatch(form or ""))
        for _, name, form, turned in asked
    )


def language() -> str:
    """In which language is spoken now: that of a `speaking` block, else that of who looks at the
    page, else English.
    """
    return _speaks.get() or (_visitor[0]() if _visitor else SOURCE)


def ask_visitor(which: Callable[[], str]) -> None:
    """How to find the language of a page's visitor; called once by the front end."""
    _visitor[:] = [which]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language within the block."""
    token = _speaks.set(code)
    try:
        yield
    finally:
        _speaks.reset(token)


def translate_text(text: str, code: str) -> str:
    """A text in a language; as it is where the language has none."""
    message = catalogue(code).get(text) if code != SOURCE else None
    wording = message.string if message is not None and not message.fuzzy else ""
    wording = wording[0] if isinstance(wording, tuple | list) else wording
    return wording if wording and is_plain(wording) else text


def is_plain(wording: str) -> bool:
    """Whether a wording is nothing but text with {names}: no binding of a template, no code, no
    line of its own. Catalogues may come from anybody.
    """
    return not UNPLAIN.search(wording)


class Name(str):
    """A name that stands in a sentence: in the language that is spoken, in the form that the
    sentence asks for ({state:in}), in the usual one where it asks for none; in English with its
    article.
    """

    __slots__ = ()

    def __format__(self, form: str) -> str:
        code = language()
        if code == SOURCE:
            return english(str(self), form)
        return form_of(str(self), form, code) if form else translate_text(str(self), code)


def english(name: str, form: str) -> str:
    """A name within an English sentence: 'the United States', its 'of' 'the United States'' and its
    'in' 'in the United States'.
    """
    usual = ARTICLES.get(name, name)
    if form == "of":
        return f"{usual}'" if usual.endswith("s") else f"{usual}'s"
    return WITHIN.get(name, f"in {usual}") if form == "in" else usual


def form_of(name: str, form: str, code: str) -> str:
    """A name in a form that a language has of its own; as it usually is where it has none."""
    message = catalogue(code).get(name, form)
    wording = message.string if message is not None and not message.fuzzy else ""
    wording = wording[0] if isinstance(wording, tuple | list) else wording
    return wording if wording and is_plain(wording) else translate_text(name, code)


def say(text: str, /, **values: object) -> str:
    """A sentence in the language that is spoken, its {names} filled in; one that begins with a name
    begins with a capital.
    """
    wording = translate_text(text, language())
    if not values:
        return wording
    said, begins = _fill_wording(wording, values), BEGINS.match(wording)
    if begins and isinstance(values.get(begins[1]), Name):
        return said[:1].upper() + said[1:]
    return said


def says(one: str, many: str, count: int, /, **values: object) -> str:
    """A sentence about *count* of something: {count} and other {names} filled in."""
    code = language()
    message = catalogue(code).get(one) if code != SOURCE else None
    forms = message.string if message is not None and not message.fuzzy else ()
    if isinstance(forms, str) and forms:  # a sentence that is the same for one and for many
        return _fill_wording(forms, {"count": count, **values})
    if isinstance(forms, tuple | list) and forms and all(forms):
        which = c2py(catalogue(code).plural_expr)(count)
        wording = str(forms[min(int(which), len(forms) - 1)])
        return _fill_wording(wording, {"count": count, **values})
    return _fill_wording(one if count == 1 else many, {"count": count, **values})


def _fill_wording(wording: str, values: Mapping[str, object]) -> str:
    """A wording with its {names} filled in. What is no `Name` stands as it is in any form: another
    language may ask for one where English needs none.
    """
    if not FORM.search(wording):
        return wording.format(**values)
    return wording.format(
        **{name: one if isinstance(one, Name) else _Formless(one) for name, one in values.items()}
    )


class _Formless:
    """What has one form alone. A sentence that asks it for another is told of: give a `Name`."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __format__(self, form: str) -> str:
        if form:
            warn(f"'{self.value}' has no form '{form}': give it as a Name", stacklevel=4)
        return str(self.value)


def join_sentences(sentences: Iterable[str]) -> str:
    """Sentences one after the other, as the language that is spoken sets them."""
    return ("" if language() in UNSPACED else " ").join(sentences)


def list_names(names: Iterable[str]) -> str:
    """Names one after the other."""
    return ("、" if language() in UNSPACED else ", ").join(names)


def semicolons(parts: Iterable[str]) -> str:
    """What has commas of its own, one after the other."""
    return ("；" if language() in UNSPACED else "; ").join(parts)


def join_names(names: Iterable[str]) -> str:
    """Names as a list in a sentence: 'a, b and c', 'a, b und c', 'a、b、c'."""
    code, held = language(), list(names)
    if code == SOURCE:
        if len(held) < 2:
            return str(held[0]) if held else ""
        return f"{', '.join(f'{one}' for one in held[:-1])} and {held[-1]}"
    from babel.lists import format_list

    return str(format_list(held, locale=code))


def billions(value: float) -> float:
    """A sum of billions, in what the language that is spoken counts by."""
    return value * COUNTED_BY.get(language(), 1)


def noted(text: str) -> str:
    """The text itself: a constant that `say` will find later is noted for the translators."""
    return text


def numeral(text: str) -> str:
    """A number that was written in English, with the signs of the language that is spoken."""
    code = language()
    if code == SOURCE:
        return text
    from babel.numbers import get_decimal_symbol, get_group_symbol

    signs = {",": get_group_symbol(code), ".": get_decimal_symbol(code)}
    return "".join(signs.get(sign, sign) for sign in text)
