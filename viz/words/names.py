"""Names of the model as a reader would write them, and what is said where the model failed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from coercivity.experiments.worlds.headlines import EXPORTER
from coercivity.model.basis.names import DESCRIPTIONS, PROCESSES
from coercivity.model.results.events import WORDS

FAILED: Final = "This could not be computed: the model failed. The server's log says why."
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


def trade_of(does: str) -> str:
    """What a firm does, in words: a process as it is described, a sector by its name."""
    return DESCRIPTIONS[does] if does in PROCESSES else does.replace("_", " ")


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


_UNMOVED: Final = re.compile(r"(?P<quota>light mining quota) [+-]0% for the half-year")
_STEADY: Final = re.compile(r"[+-]0% on half a year before")


def plain(text: str) -> str:
    """A text with plants that have no name yet written as a reader would, 'a new light mine in
    India' for 'Entrant, India mining, light', and a change of nothing (a quota, what firms expect)
    without a sign.
    """

    def said(match: re.Match[str]) -> str:
        kind = (match["kind"] or "").replace("heat resistant", "heat-resistant")
        what = " ".join(filter(None, (kind.replace("_", "-"), _PLANTS[match["what"]])))
        return f"a new {what} in {match['state']}"

    text = _UNMOVED.sub(r"\g<quota> as it was for the half-year", _ENTRANT.sub(said, text))
    return _STEADY.sub("as half a year before", text)


_SAID: Final = {  # names of groups and acts that are more than their words
    "controlled_2025": "goods controlled in 2025",
    "dual_use_ban": "dual-use ban",
}
_IDENTIFIER: Final = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b(?!\.\w)")
_TABLE: Final = re.compile(r"\b(?P<name>[a-z][a-z0-9_]*)\.csv\b")


def readable(text: str) -> str:
    """A text of the tables with goods and sectors in words and other names without underscores:
    'dysprosium oxide' for 'dysprosium_oxide', 'the table value added' for 'value_added.csv'.
    """
    text = _TABLE.sub(lambda found: f"the table {found['name'].replace('_', ' ')}", text)
    return _IDENTIFIER.sub(lambda found: _SAID.get(found[0]) or in_sentence(found[0]), plain(text))


def in_sentence(good: str) -> str:
    """A good as it stands in a sentence: 'heat-resistant magnets', 'dysprosium oxide', 'NdPr
    oxide'.
    """
    return WORDS.get(good, good.replace("_", " "))


def dependence_title(state: str) -> str:
    """What a chart of a state's purchases from the exporter is called."""
    return (
        f"{EXPORTER}'s own supply" if state == EXPORTER else f"Dependence of {state} on {EXPORTER}"
    )
