"""What firms without a name of their own are called: 'Germany magnet smco 2' of the model is 'SmCo
magnet plant 2 in Germany', 'Japan wind 1' is 'maker 1 of wind turbines in Japan'.

Real firms have names of their own. The model's past is not the record: in months that are past no
firm is named as halted, but told by sector and state.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from coercivity.experiments.findings.past_months import HALTS, is_past
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import processes
from coercivity.viz.words.language import Name, english, noted, say, says
from coercivity.viz.words.names import plant, standalone_name

if TYPE_CHECKING:
    from coercivity.model.results.records import Structure

_MADE: Final = ("magnet", "assembly")  # stages whose firms are told by what they make
_WORDS: Final[Mapping[str, str]] = {  # what the model writes between state and number
    "automotive": noted("car maker {number} in {state}"),
    "ev drivetrains": noted("maker {number} of EV drivetrains in {state}"),
    "wind": noted("maker {number} of wind turbines in {state}"),
    "electronics": noted("maker {number} of electronics in {state}"),
    "industrial": noted("maker {number} of industrial motors and robots in {state}"),
    "appliances": noted("maker {number} of appliances in {state}"),
    "aerospace defence": noted("aerospace and defence maker {number} in {state}"),
    "semiconductors ceramics": noted("maker {number} of semiconductors and ceramics in {state}"),
    "catalysts glass": noted("maker {number} of catalysts and glass in {state}"),
    "metal": noted("metal works {number} in {state}"),
    "magnet standard": noted("standard magnet plant {number} in {state}"),
    "magnet heat resistant": noted("heat-resistant magnet plant {number} in {state}"),
    "magnet smco": noted("SmCo magnet plant {number} in {state}"),
    "motor standard": noted("maker {number} of motors with standard magnets in {state}"),
    "motor heat resistant": noted(
        "maker {number} of motors with heat-resistant magnets in {state}"
    ),
}


@cached_by_facts
def _numbered(facts: Facts) -> re.Pattern[str]:
    """What firms are called that have no name of their own. 'Rest of Japan' are the plants of Japan
    that nobody names; 'Rest of EU' is a state.
    """
    return re.compile(
        rf"\b(?P<state>{'|'.join(sorted(facts.states, key=len, reverse=True))}|"
        rf"Rest of (?P<home>{'|'.join(facts.states)})) "
        rf"(?P<what>{'|'.join(sorted(_WORDS, key=len, reverse=True))}) (?P<number>\d+)\b"
    )


def firm_name(name: str) -> str:
    """A firm or plant within a sentence, in the language that is spoken; one with a name of its own
    by that.
    """
    found = _numbered(Facts.default()).fullmatch(name)
    if found is None:
        return plant(name)
    state = Name(found["home"] or found["state"])
    return say(_WORDS[found["what"]], number=found["number"], state=state)


def with_firm_names(text: str) -> str:
    """An English text of the model with such firms as a reader would write them."""

    def said(found: re.Match[str]) -> str:
        state = english(found["home"] or found["state"], "")
        return _WORDS[found["what"]].format(number=found["number"], state=state)

    return _numbered(Facts.default()).sub(said, text)


def unnamed_makers(count: int, sector: str, state: str) -> str:
    """Makers within a sentence by sector and state, in the language that is spoken."""
    return says(
        "a maker in {state} ({sector})",
        "{count} makers in {state} ({sector})",
        count,
        state=Name(state),
        sector=standalone_name(sector),
    )


def kinds_of(facts: Facts, structure: Structure) -> list[str]:
    """Return what each firm is told by where it has no name: its sector, the good that it makes or
    its stage, as the model calls them.
    """
    made = dict(zip(structure.offer_firm[::-1], structure.offer_good[::-1], strict=True))
    stages = [STAGES[stage] for stage in processes(facts).stage[structure.firm_process]]
    return [
        facts.sectors[sector]
        if sector >= 0
        else facts.goods[made[firm]]
        if stages[firm] in _MADE and firm in made
        else stages[firm]
        for firm, sector in enumerate(structure.firm_sector.tolist())
    ]


def has_own_name(name: str) -> bool:
    """Whether a firm is called by a name of its own, as real ones are."""
    return not _numbered(Facts.default()).fullmatch(name)


def is_unnamed(facts: Facts, kind: str, when: str) -> bool:
    """Return whether an event is a plant that halts in a month that is past: it has no name."""
    return kind in HALTS and is_past(facts, when)
