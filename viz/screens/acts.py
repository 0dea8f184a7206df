"""The card in which a visitor writes acts: any instrument, by anybody, against or for any state.

The form is made from the kinds of act (model/scenario/act_kinds.py) and their plain words
(model/data/act_words.csv); what is typed is checked by the server, and a form that was refused
stays as it was.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import solara

from coercivity.experiments.lab.act_in_link import shortest
from coercivity.experiments.lab.act_words import (
    BEGINS,
    ENDS,
    field_words,
    fields_of,
    kind_words,
    kinds_in_order,
    name_words,
)
from coercivity.experiments.lab.acts import EXAMPLES, MOST_ACTS, Act, default_of, overlapping_acts
from coercivity.experiments.lab.histories import SOON
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.setting import LabSetting
from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.errors import InputError, Phrase
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import EU, MOMENTS, WORLD
from coercivity.model.basis.inputs import read_number
from coercivity.model.scenario.act_kinds import kinds_of
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.screens.template import template
from coercivity.viz.words.act_text import act_words, dates_in_words
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.language import Name, language, list_names, noted, say
from coercivity.viz.words.refusals import refusal_in_words

THOUSANDS: Final = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
# what most acts do without stands behind "More"
RARE: Final = ("framing", "firm", "ceiling", "upside", "outside", "list", "issue")
BY_ELEMENT: Final = ("dysprosium_terbium", "dysprosium", "terbium", "neodymium", "samarium")
LONGEST_TEXT: Final = 120
MOST_NAMES: Final = 40


@template("acts.vue")
def Form(
    form: str,
    start: str,
    written: str,
    notes: dict[str, str],
    answer: dict[str, Any],
    event_write: Callable[[dict[str, Any]], None],
    event_revoke: Callable[[int], None],
) -> None:
    """The acts that were written, and the form for one more."""


@solara.component
def Acts(setting: LabSetting, write: Callable[[int, dict[str, Any] | None], str]) -> None:
    """What was written, and the form; *write* takes a number (0 for a new act) and an act or None,
    and says what is wrong.
    """
    answer, set_answer = solara.use_state(("", 0))
    problem, done = answer

    def send(entries: dict[str, Any]) -> None:
        number = entries.get("number")
        place = number if isinstance(number, int) and 0 < number <= len(setting.acts) else 0
        try:
            wrong = write(place, as_typed(entries))
        except InputError as error:
            wrong = refusal_in_words(error)
        set_answer((wrong, done if wrong else done + 1))

    def take_back(number: int) -> None:
        if isinstance(number, int) and 0 < number <= len(setting.acts):
            set_answer((write(number, None), done + 1))

    shipped, state = setting.shipped, setting.state
    Form(
        form=form_json(),
        start=solara.use_memo(lambda: start_json(shipped, state), [shipped, state]),
        written=solara.use_memo(
            lambda: json.dumps(
                [as_listed(shipped, act, number) for number, act in enumerate(setting.acts, 1)]
            ),
            [shipped, setting.acts],
        ),
        notes=notes(shipped, state),
        answer={"problem": problem, "done": done, "most": MOST_ACTS},
        event_write=send,
        event_revoke=take_back,
    )


def as_typed(entries: Mapping[str, Any]) -> dict[str, Any]:
    """An act as the form sent it: numbers in the units of the table become those of the scenario.
    Raises InputError for a number that does not fit.
    """
    kind = str(entries.get("kind"))[:40]
    given = entries.get("fields")
    found: dict[str, Any] = {"kind": kind}
    if kind not in kinds_of(Facts.default()) or not isinstance(given, Mapping):
        return found
    for name in fields_of(kind):
        value = given.get(name)
        if isinstance(value, (list, tuple)):
            found[name] = [str(one)[:LONGEST_TEXT] for one in value[:MOST_NAMES]]
        elif value is not None:
            found[name] = _number_typed(kind, name, str(value).strip()[:LONGEST_TEXT])
    return found


def _number_typed(kind: str, name: str, text: str) -> str:
    """A number as the scenario counts it: 25 in a field of % is 0.25; what is no number by its
    field stays. Raises InputError in the unit that is typed.
    """
    words, field = field_words(kind, name), kinds_of(Facts.default())[kind].fields.get(name)
    if field is None or field.check != "number":
        return text
    number = read_number(_plain_number(text))
    if number != number:
        if not text:
            return text
        example = EXAMPLES.get(name, 120.0 if name == "days" else 1.0 / words.scale)
        raise InputError(
            "{label} '{value}' is not a number",
            "write for example {example} ({unit})",
            label=words.label,
            value=text,
            example=f"{example * words.scale:g}",
            unit=words.unit,
        )
    low, high = field.low * words.scale, field.high * words.scale
    if not low <= number <= high:
        ends = {"low": f"{low:g}", "high": f"{high:g}", "unit": words.unit}
        raise InputError(
            "{label} '{value}' does not fit",
            Phrase.of("use a number from {low} to {high} ({unit})", **ends)
            if high < math.inf
            else Phrase.of("use {low} or more ({unit})", **ends),
            label=words.label,
            value=text,
        )
    return shortest(round(number / words.scale, 12))


def _plain_number(text: str) -> str:
    """A number with its signs as the model reads them: commas between thousands go, any other
    single comma is the decimal sign that most of Europe writes.
    """
    if THOUSANDS.fullmatch(text):
        return text.replace(",", "")
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


# ---------------------------------------------------------------- what the template reads


def form_json() -> str:
    """Kinds and their fields as the template reads them, in the visitor's language."""
    return _form(language())


@cache
def _form(code: str) -> str:
    kinds = [
        {
            "id": kind,
            "group": say(kind_words(kind).group),
            "label": say(kind_words(kind).label),
            "note": say(kind_words(kind).note),
            "fields": [_field(kind, name) for name in fields_of(kind)],
        }
        for kind in kinds_in_order()
    ]
    return json.dumps(kinds, separators=(",", ":"))


def _field(kind: str, name: str) -> dict[str, Any]:
    words, known = field_words(kind, name), kinds_of(Facts.default())[kind].fields.get(name)
    check = known.check if known else {"actor": "choice", BEGINS: "date", ENDS: "date"}.get(name)
    limits = ""
    if known is not None and known.check == "number" and known.high < float("inf"):
        ends = {"low": f"{known.low * words.scale:g}", "high": f"{known.high * words.scale:g}"}
        limits = say("{low} to {high}", **ends)
    return {
        "name": name,
        "label": say(words.label),
        "unit": say(words.unit) if words.unit else "",
        "note": say(words.note) if words.note else "",
        "limits": limits,
        "check": check or "names",
        "options": _options(name, known.options if known else ()),
        "rare": name in RARE,
        "blank": bool(
            known and known.check == "choice" and not known.required and not known.default
        ),
    }


def _options(name: str, options: tuple[str, ...]) -> list[dict[str, Any]]:
    """Groups of what can be chosen, each with its names and their words."""
    facts = Facts.default()
    if name == "goods":
        others = tuple(group for group in facts.good_groups if group not in BY_ELEMENT)
        return [
            _group(noted("By element, with the magnets that hold it"), BY_ELEMENT),
            _group(noted("Groups of goods"), others),
            _group(noted("Single goods"), facts.goods),
        ]
    if name == "targets":
        return [_group(noted("All"), (WORLD, EU)), _group(noted("States"), facts.states)]
    return [_group("", facts.governments if name == "actor" else options)]


def _group(label: str, names: tuple[str, ...]) -> dict[str, Any]:
    items = [{"id": name, "label": _label(name)} for name in names]
    return {"label": say(label) if label else "", "items": items}


def _label(name: str) -> str:
    text = say(name_words(name))
    return text[:1].upper() + text[1:]


def start_json(scenario: Scenario, state: str) -> str:
    """What stands in the form of each kind before anything is typed, and the acts of the scenario
    that an act can be about.
    """
    values = {
        kind: {
            name: form_value(kind, name, default_of(kind, name, scenario, state)) for name in fields
        }
        for kind, fields in ((kind, fields_of(kind)) for kind in kinds_in_order())
    }
    about = [
        {
            "id": event.id,
            "label": f"{date_in_words(event.date)}: {say(kind_words(event.kind).label)} "
            f"({event.id})",
        }
        for event in (*scenario.events, *scenario.choices)
        if event.kind not in (*MOMENTS, "suspension") and event.actor
    ]
    return json.dumps({"values": values, "about": about}, separators=(",", ":"))


def form_value(kind: str, name: str, value: Any) -> Any:
    """A value as the form shows it: names in lists, numbers as text in the unit of the table."""
    if isinstance(value, (tuple, list)):
        return list(value)
    if isinstance(value, float):
        return shortest(round(value * field_words(kind, name).scale, 10))
    return value or ""


def as_listed(scenario: Scenario, act: Act, number: int) -> dict[str, Any]:
    """An act as the list shows it, and as the form takes it up again."""
    there = [
        f"{date_in_words(event.date)} ({event.id})" for event in overlapping_acts(scenario, act)
    ]
    return {
        "number": number,
        "label": say(kind_words(act.kind).label),
        "when": dates_in_words(act),
        "words": act_words(act),
        "beside": say(
            "Acts of the scenario of this kind stand on some of these goods already: {acts}.",
            acts=list_names(there),
        )
        if there
        else "",
        "kind": act.kind,
        "said": {
            name: form_value(act.kind, name, value)
            for name, value in act.said().items()
            if name != "kind"
        },
    }


def notes(scenario: Scenario, state: str) -> dict[str, str]:
    """What is to be known of what is not there: governments, states, and from when the numbers on
    the page count, until a month YYYY-MM.
    """
    since = story_day(scenario)
    return {
        "government": (
            say(
                "{state} has no government and no treasury of its own here: the EU acts and pays "
                "for Germany, France and the rest of the EU.",
                state=Name(state),
            )
            if state in Facts.default().eu_states
            else say("The EU acts and pays for Germany, France and the rest of the EU.")
        ),
        "count": say(
            "The numbers above the charts count two years from {since}; an act that begins later "
            "shows in the lines alone.",
            since=date_in_words(since),
        ),
        "until": month_name(since[:7], SOON),
        "places": say("States without a name of their own are in Rest of EU or Rest of world."),
    }
