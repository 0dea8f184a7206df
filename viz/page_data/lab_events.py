"""The list of what happens in one history, for the lab: acts and accidents, what happens in the
state looked at, and the rest told together.

    [{at, measure, here, text}]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.findings.past_months import HALTS, last_past_month
from coercivity.model.results.event_tables import stops
from coercivity.model.scenario.act_kinds import kinds_of as act_kinds_of
from coercivity.viz.words.event_phrases import plant_of, told_in_words, with_name
from coercivity.viz.words.event_text import (
    Change,
    elsewhere_words,
    kind_words,
    local_events_words,
    unnamed_words,
)
from coercivity.viz.words.firm_names import kinds_of
from coercivity.viz.words.names import in_sentence, name_planned_plants

if TYPE_CHECKING:
    from coercivity.model.results.result import Result

STOP: Final = "stop"
RESTART: Final = "restart"
ENDS: Final = "end of "  # how the end of an act begins


def events(result: Result, state: str) -> list[dict[str, Any]]:
    """Events in words, each with the index of its month: `measure` marks acts, accidents and what
    ends them, `here` what happens to firms and plants of the state.

    Lines that stop and run again in a month are told together, each time that they do: by firm in
    the state, by state elsewhere. In months that are past no firm is named as halted, nor what
    such a line does later.
    """
    if result.records is None:
        return []
    structure, facts, months = result.records.structure, result.facts, result.months
    homes = {
        name: facts.states[place]
        for name, place in zip(structure.names, structure.firm_state.tolist(), strict=True)
    }
    kinds = dict(zip(structure.names, map(kind_words, kinds_of(facts, structure)), strict=True))
    past = sum(month <= last_past_month(facts) for month in months)
    found, lines = [], _IdleLines(state, past, kinds)
    for stop in stops(result.records):
        firm = structure.names[stop.firm]
        lines.add(stop.first, homes[firm], firm, in_sentence(facts.goods[stop.missing]))
        if stop.last is not None:
            lines.add(stop.last + 1, homes[firm], firm)
    for month, actor, kind, told in result.records.events:
        if month >= len(result.months):
            continue
        measure = kind.removeprefix(ENDS) in act_kinds_of(facts)
        here = not measure and homes.get(actor) == state
        named = month >= past and actor not in lines.halted
        if not named and kind in HALTS and actor in homes:
            told = with_name(told, plant_of(homes[actor], kinds[actor]))
        found.append({"at": month, "measure": measure, "here": here, "text": told_in_words(told)})
    found += lines.told()
    return sorted(found, key=lambda event: int(str(event["at"])))


class _IdleLines:
    """Lines that stop and run again, by month."""

    def __init__(self, state: str, past: int, kinds: Mapping[str, str]) -> None:
        self.state, self.past, self.kinds = state, past, kinds
        self.here: dict[int, list[Change]] = {}
        self.unnamed: dict[int, list[Change]] = {}
        self.halted: set[str] = set()  # firms whose line stopped in a month that is past
        self.elsewhere: dict[int, dict[str, Counter[str]]] = {}

    def add(self, month: int, state: str, firm: str, missing: str = "") -> None:
        """Note that a line stops, or without a good that is missing that it runs again."""
        if month < self.past:
            self.halted.add(firm)
        if state == self.state:
            held = self.unnamed if firm in self.halted else self.here
            held.setdefault(month, []).append((firm, missing))
        else:
            counts = self.elsewhere.setdefault(month, {STOP: Counter(), RESTART: Counter()})
            counts[STOP if missing else RESTART][state] += 1

    def told(self) -> list[dict[str, Any]]:
        """What happens in the state before what happens elsewhere."""
        rows = [
            {"at": month, "measure": False, "here": True, "text": text}
            for month in sorted({*self.unnamed, *self.here})
            for text in (
                *unnamed_words(self.unnamed.get(month, ()), self.state, self.kinds),
                *local_events_words(
                    (name_planned_plants(firm), good) for firm, good in self.here.get(month, ())
                ),
            )
        ]
        return rows + [
            {
                "at": month,
                "measure": False,
                "here": False,
                "text": elsewhere_words(kinds[STOP], kinds[RESTART]),
            }
            for month, kinds in self.elsewhere.items()
        ]
