"""Names of the model as a reader would write them, and what is said where the model failed.

`words`, `in_sentence` and `name_planned_plants` write English, for files and tables that are; what
a page shows says them in its visitor's language (`standalone_name`, `named_in_sentence`, `plant`).
`every_name` is what translators find of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from coercivity.experiments.lab.act_words import name_words
from coercivity.experiments.quantities.headlines import (
    EXPORTER,
    MEASURES,
    headline_rows,
    name_in_id,
)
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.fixed_names import STAGES, WORLD
from coercivity.model.results.event_tables import WORDS
from coercivity.model.scenario.act_kinds import kinds_of
from coercivity.viz.words.language import Name, noted, say

_BESIDE: Final = ("Belgium", "Netherlands", "All", "Other", "Outside China")
FAILED: Final = noted("This could not be computed. The server's log says why.")
GROUP_LABELS: Final[Mapping[str, str]] = {"all": "All rare earths", "SEG": "Sm, Eu, Gd"}
_WORDS: Final = {"ndpr": "NdPr", "seg": "SEG", "smco": "SmCo", "ev": "EV"}
_NAMES: Final = {
    "magnet_standard": "Standard magnets",
    "magnet_heat_resistant": "Heat-resistant magnets",
    "magnet_smco": "Samarium-cobalt magnets",
    "motor_standard": "Motors, standard magnets",
    "motor_heat_resistant": "Motors, heat-resistant magnets",
    "aerospace_defence": "Aerospace and defence",
    "semiconductors_ceramics": "Semiconductors, ceramics",
    "catalysts_glass": "Catalysts and glass",
}
# names that stand in this file; the others are those of the model
CALLED_HERE: Final = frozenset((*_BESIDE, *GROUP_LABELS.values(), *_NAMES.values()))


@cached_by_facts
def place_names(facts: Facts) -> tuple[str, ...]:
    """States, governments and what stands for several: the names that languages may have forms
    of.
    """
    return tuple(dict.fromkeys((*facts.states, *facts.governments, WORLD, *_BESIDE)))


def trade_of(facts: Facts, does: str) -> str:
    """What a firm does, in words: a process as it is described, a sector by its name."""
    return facts.descriptions[does] if does in facts.processes else does.replace("_", " ")


def words(name: str) -> str:
    """Return a name of the model in words: 'ndpr_oxide' is 'NdPr oxide'."""
    if name in _NAMES:
        return _NAMES[name]
    text = " ".join(_WORDS.get(part, part) for part in name.split("_"))
    return text[:1].upper() + text[1:]


_ENTRANT: Final = re.compile(
    r"\bEntrant, (?P<state>[A-Z][A-Za-z ]*?) (?P<what>mining|separation|metal|magnets)"
    r"(?:, (?P<kind>light|heavy|standard|heat[ _]resistant|SmCo))?"
)
_PLANTS: Final = {
    "mining": "mine",
    "separation": "separation plant",
    "metal": "metal works",
    "magnets": "magnet plant",
}


def name_planned_plants(text: str) -> str:
    """A text with plants that have no name yet written as a reader would, 'a new light mine in
    India' for 'Entrant, India mining, light'.
    """

    def said(match: re.Match[str]) -> str:
        kind = (match["kind"] or "").replace("heat resistant", "heat-resistant")
        what = " ".join(filter(None, (kind.replace("_", "-"), _PLANTS[match["what"]])))
        return f"a new {what} in {match['state']}"

    return _ENTRANT.sub(said, text)


_SAID: Final = {  # names of groups and acts that are more than their words
    "controlled_2025": "goods controlled in 2025",
    "dual_use_ban": "dual-use ban",
}
_IDENTIFIER: Final = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b(?!\.\w)")
_TABLE: Final = re.compile(r"\b(?P<name>[a-z][a-z0-9_]*)\.csv\b")


def readable_text(text: str) -> str:
    """A text of the tables with goods and sectors in words and other names without underscores:
    'dysprosium oxide' for 'dysprosium_oxide', 'the table value added' for 'value_added.csv'.
    """
    text = _TABLE.sub(lambda found: f"the table {found['name'].replace('_', ' ')}", text)
    return _IDENTIFIER.sub(
        lambda found: _SAID.get(found[0]) or in_sentence(found[0]), name_planned_plants(text)
    )


def in_sentence(good: str) -> str:
    """A good as it stands in a sentence: 'heat-resistant magnets', 'dysprosium oxide', 'NdPr
    oxide'.
    """
    return WORDS.get(good, good.replace("_", " "))


def dependence_title(state: str) -> str:
    """What a chart of a state's purchases from the exporter is called."""
    if state == EXPORTER:
        return say("{exporter}'s own supply", exporter=Name(EXPORTER))
    return say("Dependence of {state} on {exporter}", state=Name(state), exporter=Name(EXPORTER))


# ---------------------------------------------------------------- in the language that is spoken


def standalone_name(name: str) -> str:
    """A name that stands alone, in the language that is spoken."""
    return say(words(name))


def named_in_sentence(good: str) -> str:
    """A good within a sentence, in the language that is spoken."""
    return say(in_sentence(good))


def sector_in_sentence(sector: str) -> str:
    """A sector within a sentence, in the language that is spoken."""
    return say(words(sector).lower())


def group_name(group: str) -> str:
    """An element, or a group of them, in the language that is spoken."""
    return say(GROUP_LABELS.get(group, group))


_NEW_PLANTS: Final[Mapping[str, str]] = {  # what it makes, and of which kind
    "mining": noted("a new mine in {state}"),
    "mining light": noted("a new light mine in {state}"),
    "mining heavy": noted("a new heavy mine in {state}"),
    "separation": noted("a new separation plant in {state}"),
    "separation light": noted("a new light separation plant in {state}"),
    "separation heavy": noted("a new heavy separation plant in {state}"),
    "metal": noted("a new metal works in {state}"),
    "magnets": noted("a new magnet plant in {state}"),
    "magnets standard": noted("a new standard magnet plant in {state}"),
    "magnets heat-resistant": noted("a new heat-resistant magnet plant in {state}"),
    "magnets SmCo": noted("a new SmCo magnet plant in {state}"),
}
_ANY_PLANT: Final = noted("a new plant in {state}")


def plant(name: str) -> str:
    """A plant or firm: one without a name of its own as what it is, in the language that is spoken;
    a name stays.
    """
    found = _ENTRANT.fullmatch(name)
    if found is None:
        return name_planned_plants(name)
    kind = (found["kind"] or "").replace("heat resistant", "heat-resistant").replace("_", "-")
    wording = _NEW_PLANTS.get(f"{found['what']} {kind}".strip())
    return say(wording, state=Name(found["state"])) if wording else name_planned_plants(name)


_PROCESS_PLANTS: Final[Mapping[str, str]] = {  # what a process is called in `_NEW_PLANTS`
    "mine_light": "mining light",
    "mine_heavy": "mining heavy",
    "separate_light": "separation light",
    "separate_heavy": "separation heavy",
    "make_metal": "metal",
    "make_magnet_standard": "magnets standard",
    "make_magnet_heat_resistant": "magnets heat-resistant",
    "make_magnet_smco": "magnets SmCo",
}


def new_plant(state: str, process: str) -> str:
    """A plant that is built in a state, as what it is, in the language that is spoken."""
    wording = _NEW_PLANTS.get(_PROCESS_PLANTS.get(process, ""), _ANY_PLANT)
    return say(wording, state=Name(state))


def headline_label(of: str, state: str, facts: Facts | None = None) -> str:
    """The label of the headline with this id, for a state, in the language that is spoken."""
    return say(_headline_labels(facts or Facts.default(), state)[of], target=Name(state))


@cached_by_facts
def _headline_labels(facts: Facts, state: str) -> Mapping[str, str]:
    """The labels of `headlines.csv` by id for a state, with {target} in them."""
    found: dict[str, str] = {}
    for row in headline_rows(facts):
        found.setdefault(row["id"].format(target=name_in_id(state)), row["label"])
    return found


def every_name() -> Iterator[str]:
    """The names that pages say, in English, for the translators."""
    facts = Facts.default()
    yield from dict.fromkeys((*place_names(facts), *facts.elements, *GROUP_LABELS.values()))
    for name in (*facts.goods, *facts.sectors, *STAGES):
        yield words(name)
        yield in_sentence(name)
    yield from (words(sector).lower() for sector in facts.sectors)
    yield from (kind.replace("_", " ") for kind in dict.fromkeys((*MEASURES, *kinds_of(facts))))
    yield from (trade_of(facts, does) for does in (*facts.processes, *facts.sectors))
    options = [
        name
        for kind in kinds_of(facts).values()
        for field in kind.fields.values()
        for name in field.options
    ]
    yield from map(
        name_words, (*facts.good_groups, *facts.goods, *facts.sectors, *STAGES, *options)
    )
