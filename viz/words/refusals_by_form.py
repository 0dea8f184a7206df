"""What was refused, in the reader's words and language: the field as the page calls it, the value,
and what to write instead.

The model says what is wrong in the words of its tables (`model/basis/errors.py`), which terminals
print. Here each such line is read by its form and said anew; values that the reader wrote stay in
quotation marks. A line that has no rule yet loses its names of the code and stays English.

A link may come from anybody, and what stands in it may look like words of the model. So of the
forms that fit a line that counts whose value reaches furthest: all that was written is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Final

from coercivity.experiments.lab.act_words import (
    field_words,
    fields_of,
    kind_words,
    kinds_in_order,
    name_words,
)
from coercivity.experiments.lab.levers import find_lever, is_lever
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.names import DESCRIPTIONS, PROCESSES
from coercivity.model.basis.overlay import OWN_TABLES
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.kinds import KINDS
from coercivity.viz.words.language import listed, numeral, say, together
from coercivity.viz.words.names import readable
from coercivity.viz.words.refusal_fixes import COLUMN, FIELDS, FILE, FIXES, TABLES, Rule
from coercivity.viz.words.refusal_forms import RULES
from coercivity.viz.words.refusal_game import GAME, IN_GAME
from coercivity.viz.words.refusal_names_by_form import IN_FILE, PLACE, SAID, place_said

LONGEST_LIST: Final = 500  # letters of the names that a sentence lists
_TAG: Final = re.compile(r" \[(lever|p)\.(\w+)\]$")
_ACT: Final = re.compile(r"act (?P<number>\d+)(?:, (?P<kind>[^:]*?))?: (?P<rest>.*)", re.DOTALL)
_ROW: Final = re.compile(
    r"(?P<where>[^']*?)(?:, tables)?, (?P<table>cover|trade_prior|projects) row (?P<number>\d+)"
    r"(?:, column (?P<field>\w+))?(?:: | (?='))(?P<rest>.*)",
    re.DOTALL,
)
_TABLE: Final = re.compile(
    r"your table(?:, tables)?(?:, (?:cover|trade_prior|projects))?: (?P<rest>.*)", re.DOTALL
)
_EVENT: Final = re.compile(
    r"(?P<where>[^']*?), (?:event|choice) (?P<number>[^:']+?)(?: \(.*?\))?: (?P<rest>.*)", re.DOTALL
)
_SIDE: Final = re.compile(r"(?P<side>[AB]): (?P<rest>.*)", re.DOTALL)  # of the compare page
_FILE: Final = re.compile(r"(?P<where>[^':]*): (?P<rest>.*)", re.DOTALL)

_GAME: Final = "game"  # of a line that stands behind a place of the class game
# signs that would end a quotation, or begin another
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟«»「」『』〝〞〟＂", '"'))
# what is said of a link in place of a line without a rule, in which anything may stand
_general: ContextVar[str] = ContextVar("general", default="")


class Said(InputError):
    """A refusal that is in the reader's words already."""


def in_words_of_link(refusal: object) -> str:
    """A refusal of what stands in a link, which anybody may have written: what has no rule is not
    quoted.
    """
    token = _general.set(say("Something in the link does not fit."))
    try:
        return in_words(refusal)
    finally:
        _general.reset(token)


def in_words(refusal: object) -> str:
    """A refusal in the words and the language of the page."""
    text, tag = str(refusal), ""
    if isinstance(refusal, Said):
        return text
    if found := _TAG.search(text):
        text, tag = text[: found.start()], found[2]
    if is_lever(tag):
        return _of_lever(text, tag)
    if tag in load_parameters():
        described = say(readable(load_parameters()[tag].description))
        rest = text.removeprefix(f"{load_parameters()[tag].description}: ")
        return _said(rest, label=described)
    return _placed(text)


def _of_lever(text: str, name: str) -> str:
    """A value that does not fit a lever."""
    lever = find_lever(name)
    value = quotable(text[text.find(" '") + 2 : text.rfind("' does not fit")])
    label = lever.said("label", say)
    what = say("{label}: “{value}” does not fit.", label=label, value=value)
    if lever.options:
        choices = listed(f"{at} ({say(words)})" for at, words in enumerate(lever.options))
        return together([what, say("Use one of these: {names}.", names=choices)])
    fix = say(
        "Use a number from {low} to {high} ({unit}).",
        low=numeral(f"{lever.low:g}"),
        high=numeral(f"{lever.high:g}"),
        unit=say(lever.unit),
    )
    return together([what, fix])


def _placed(text: str) -> str:
    """A line that may begin with the place of what is wrong."""
    if (found := _ACT.fullmatch(text)) is not None:
        kind = _kind_called(found["kind"] or "")
        told = _said(found["rest"], kind)
        if not kind:
            return say("Act {number}. {what}", number=found["number"], what=told)
        label = say(kind_words(kind).label)
        return say("Act {number}, {kind}. {what}", number=found["number"], kind=label, what=told)
    if (found := _ROW.fullmatch(text)) is not None:
        field, table = found["field"], say(TABLES[found["table"]])
        place = {"table": table, "number": found["number"]}
        told = _said(found["rest"], COLUMN)
        if not field:
            return say("{table}, row {number}. {what}", what=told, **place)
        words = {"column": field_said(field), "what": told}
        return say("{table}, row {number}, column {column}. {what}", **place, **words)
    if (found := _TABLE.fullmatch(text)) is not None:
        return say("Your table. {what}", what=_said(found["rest"]))
    if _has_rule(text):
        return _said(text)
    if (found := PLACE.fullmatch(text)) is not None:
        return _of_game(found)
    if (found := IN_FILE.fullmatch(text)) is not None:
        what = _placed(found["rest"])
        return say("“{file}”. {what}", file=quotable(found["file"].strip()), what=what)
    if (found := _SIDE.fullmatch(text)) is not None:
        return say("{side}: {what}", side=found["side"], what=_placed(found["rest"]))
    if (found := _EVENT.fullmatch(text)) is not None and _has_rule(found["rest"]):
        name = quotable(found["number"].strip())
        lever = next((one for one in name.split("-")[1:2] if is_lever(one)), "")
        if name.startswith("lever-") and lever:
            label = find_lever(lever).said("label", say)
            return say("{label}. {what}", label=label, what=_said(found["rest"]))
        what = _said(found["rest"], FILE)
        return say("Act “{number}”. {what}", number=name, what=what)
    if (found := _FILE.fullmatch(text)) is not None and _has_rule(found["rest"]):
        where = quotable(found["where"].removeprefix("scenario ").strip())
        return say("“{file}”. {what}", file=where, what=_said(found["rest"], FILE))
    return _said(text)


def _of_game(found: re.Match[str]) -> str:
    """A line of the class game behind its place, which may have a further one within."""
    rest, place = found["rest"], place_said(found["place"])
    within = None if _has_rule(rest) else PLACE.fullmatch(rest)
    told = _of_game(within) if within is not None else _said(rest, _GAME)
    return say("{side}: {what}", side=place, what=told) if place else told


def _has_rule(text: str) -> bool:
    """Whether a line has a form of its own, its place apart."""
    return any(rule.form.fullmatch(text) for rule in RULES if "label" not in rule.form.groupindex)


def _kind_called(called: str) -> str:
    """The kind of act that a line calls so; '' for none."""
    labels = {kind_words(kind).label.lower(): kind for kind in kinds_in_order()}
    return labels.get(called.lower(), "")


def _said(text: str, kind: str = "", label: str = "") -> str:
    """A line without its place: what is wrong, and what to write instead."""
    rules = (*RULES, *IN_GAME) if kind == _GAME else RULES
    fitting = [(rule, found) for rule in rules if (found := rule.form.fullmatch(text))]
    if fitting:
        if kind == _GAME:
            fitting = _of_its_own(fitting)
        rule, found = max(fitting, key=lambda one: _reach(one[1]))
        parts = dict(_parts(found, kind))
        if label:
            parts["field"] = parts["label"] = label
        what = say(rule.what, **parts)
        if label and label not in what:
            what = say("{label}: {what}", label=label, what=what)
        written = COLUMN if text.startswith("column '") else kind
        fix = say(rule.fix, **parts) if rule.fix else fix_said(found["fix"], written)
        return together([what[:1].upper() + what[1:], fix])
    return _general.get() or _plain(text)


def _of_its_own(fitting: list[tuple[Rule, re.Match[str]]]) -> list[tuple[Rule, re.Match[str]]]:
    """Of the forms that fit a line of the game those of the game, where there are any."""
    for own in (GAME, IN_GAME):
        if held := [one for one in fitting if one[0] in own]:
            return held
    return fitting


def _reach(found: re.Match[str]) -> int:
    """How far what a visitor wrote reaches into a line; -1 for a form without."""
    there = [name for name in ("value", "written") if name in found.re.groupindex]
    return max((found.end(name) for name in there), default=-1)


def _plain(text: str) -> str:
    """A line in its own words, without names of the code."""
    plain = readable(text).strip()
    return plain[:1].upper() + plain[1:] + ("" if plain.endswith((".", "?")) else ".")


def quotable(text: str) -> str:
    """What was written, as it may stand between any language's quotation marks."""
    return text.translate(_QUOTES)


def _parts(found: re.Match[str], kind: str) -> Iterator[tuple[str, object]]:
    """What a form found, in words."""
    groups = found.groupdict()
    if (written := groups.pop("written", None)) is not None:
        called = _known_field(written, kind) or say("“{value}”", value=quotable(written))
        yield from (("field", called), ("label", called))
    elif groups.get("field") is None:
        groups["field"] = groups.get("label") or ""
    for name, value in groups.items():
        if value is None or name == "fix":
            continue
        if name == "field":
            yield name, field_said(value, kind)
        elif name == "label":
            yield name, _address_field(value)
        elif name in ("good", "state", "kind"):
            yield name, say(name_words(value))
        elif name in SAID:
            yield name, SAID[name](value)
        elif name == "names":
            yield name, names_said(value, kind)
        elif name == "unit":
            yield name, say(value)
        else:
            yield name, quotable(value)


def _address_field(name: str) -> str:
    """A field of an address as the page calls it."""
    return _known_field(name) or say(name)


def _known_field(name: str, kind: str = "") -> str:
    """A field of an address, or of a kind of act, as the page calls it; '' for none."""
    if kind in KINDS and name in fields_of(kind):
        return say(field_words(kind, name).label)
    begins, _, rest = name.partition(".")
    if begins == "lever" and is_lever(rest):
        return find_lever(rest).said("label", say)
    if begins == "p" and rest in load_parameters():
        return say(readable(load_parameters()[rest].description))
    return say(FIELDS[name]) if name in FIELDS else ""


def field_said(name: str, kind: str = "") -> str:
    """A field as the page calls it: that of a kind of act by the form's label."""
    if kind in KINDS and name in fields_of(kind):
        return say(field_words(kind, name).label)
    if name in load_parameters():
        return say(readable(load_parameters()[name].description))
    if name in FIELDS:
        return say(FIELDS[name])
    if _general.get():  # a name that somebody made up
        return say("“{value}”", value=quotable(name))
    return readable(name.replace("_", " "))


def fix_said(text: str, kind: str = "") -> str:
    """What to write instead, as a sentence."""
    for rule in FIXES:
        if (found := rule.form.fullmatch(text)) is not None:
            return say(rule.what, **dict(_parts(found, kind)))
    plain = readable(text).strip()
    return plain[:1].upper() + plain[1:] + ("" if plain.endswith((".", "?")) else ".")


def names_said(text: str, kind: str = "") -> str:
    """Names one after the other, each in words; of names with long words the first, and how many
    are not named.
    """
    if quoted := re.findall(r"'(.*?)'", text):
        return listed(f"“{one_name(name, kind)}”" for name in quoted)
    text, _, count = re.sub(r",? and (\d+) more$", r"\n\1", text).partition("\n")
    names, more = re.split(r", | or ", text), int(count or 0)
    said = [one_name(name, kind) for name in names]
    while len(said) > 1 and sum(map(len, said)) > LONGEST_LIST:
        said.pop()
        more += 1
    return listed([*said, say("{count} more", count=more)] if more else said)


def one_name(name: str, kind: str = "") -> str:
    """A name of the model in words: a lever's or field's label, a good, a process, a state; as it
    is written, but for its underscores, in a file and for a column.
    """
    if kind in (COLUMN, FILE):
        return name.replace("_", " ")
    if is_lever(name):
        return find_lever(name).said("label", say)
    if kind in KINDS and name in fields_of(kind):
        return say(field_words(kind, name).label)
    if name in KINDS:
        return say(kind_words(name).label)
    if name in PROCESSES:
        return say(DESCRIPTIONS[name])
    if name in OWN_TABLES:
        return say(TABLES[name])
    if name in load_parameters():
        return say(readable(load_parameters()[name].description))
    return say(FIELDS[name]) if name in FIELDS else say(name_words(name))
