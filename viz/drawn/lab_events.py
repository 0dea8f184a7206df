"""The list of what happens in one history, for the lab: acts and accidents, what happens in the
state looked at, and the rest told together.

    [{at, measure, here, text}]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from coercivity.model.basis.names import STATES
from coercivity.model.results.events import happened
from coercivity.model.scenario.kinds import KINDS
from coercivity.viz.words.event_text import (
    elsewhere_words,
    firm_of,
    here_words,
    kind_words,
    unnamed_words,
)
from coercivity.viz.words.firm_names import HALTS, kinds_of, last_past_month, with_firm_names
from coercivity.viz.words.language import english
from coercivity.viz.words.names import plain, readable

if TYPE_CHECKING:
    from coercivity.model.results.result import Result

STOP: Final = "stop"
RESTART: Final = "restart"
ENDS: Final = "end of "  # how the end of an act begins


def events(result: Result, state: str) -> list[dict[str, Any]]:
    """Events in words, each with the index of its month: `measure` marks acts, accidents and what
    ends them, `here` what happens to firms and plants of the state.

    Lines that stop and run again in a month are told together: by firm in the state, by state
    elsewhere. One by one they are most of what happens; so they stand in the table events. In
    months that are past no firm is named as halted, nor when such a line runs again.
    """
    if result.records is None:
        return []
    structure, months = result.records.structure, result.months
    homes = {
        name: STATES[place]
        for name, place in zip(structure.names, structure.firm_state.tolist(), strict=True)
    }
    kinds = dict(zip(structure.names, map(kind_words, kinds_of(structure)), strict=True))
    past = sum(month <= last_past_month() for month in months)
    found, lines = [], _Lines(state, past, kinds)
    for month, actor, kind, text in happened(result.records):
        if month >= len(result.months):
            continue
        if kind in (STOP, RESTART):
            lines.add(month, actor, kind, text)
            continue
        measure = kind.removeprefix(ENDS) in KINDS
        here = not measure and homes.get(actor) == state
        if month < past and kind in HALTS and actor in homes:
            text = text.replace(actor, f"A plant in {english(homes[actor], '')} ({kinds[actor]})")
        found.append(
            {"at": month, "measure": measure, "here": here, "text": readable(with_firm_names(text))}
        )
    found += lines.told()
    return sorted(found, key=lambda event: int(str(event["at"])))


class _Lines:
    """Lines that stop and run again, by month."""

    def __init__(self, state: str, past: int, kinds: Mapping[str, str]) -> None:
        self.state, self.past, self.kinds = state, past, kinds
        self.here: dict[int, list[str]] = {}
        self.unnamed: dict[int, list[str]] = {}
        self.halted: set[str] = set()  # firms whose line stopped in a month that is past
        self.elsewhere: dict[int, dict[str, Counter[str]]] = {}

    def add(self, month: int, state: str, kind: str, text: str) -> None:
        """Note what a line does."""
        if state == self.state:
            firm = firm_of(text)
            if month < self.past:
                self.halted.add(firm)
            held = self.unnamed if firm in self.halted else self.here
            held.setdefault(month, []).append(text)
        else:
            counts = self.elsewhere.setdefault(month, {STOP: Counter(), RESTART: Counter()})
            counts[kind][state] += 1

    def told(self) -> list[dict[str, Any]]:
        """What happens in the state before what happens elsewhere."""
        rows = [
            {"at": month, "measure": False, "here": True, "text": text}
            for month in sorted({*self.unnamed, *self.here})
            for text in (
                *unnamed_words(self.unnamed.get(month, ()), self.state, self.kinds),
                *here_words(map(plain, self.here.get(month, ()))),
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
