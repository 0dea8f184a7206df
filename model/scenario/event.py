"""One dated act, signal or shock, as a scenario holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final

from coercivity.model.basis.calendar import days_in_month, month_index, month_name
from coercivity.model.basis.errors import Phrase
from coercivity.model.basis.facts import Facts

# what follows the government in ids of acts that it decides in a run
_DECIDED: Final = re.compile(r"-\d{4}-\d{2}-[a-z_]+(-\d+)?", re.ASCII)


@dataclass(frozen=True)
class Event:
    """One dated act, signal or shock. ``goods`` are single goods (groups are expanded); ``fields``
    are those of the kind, sorted.
    """

    date: str  # YYYY-MM-DD, the first day
    kind: str
    id: str
    end: str = ""  # YYYY-MM-DD, the last day; empty: open
    actor: str = ""
    targets: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    fields: tuple[tuple[str, Any], ...] = ()
    text: str = ""
    source: str = ""
    # what the government decides, of an act that it enacts while the world runs; its text in values
    told: Phrase | None = field(default=None, kw_only=True, compare=False, repr=False)
    facts: Facts = field(kw_only=True, compare=False, repr=False)  # whose names it uses

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a field of this kind, its defaults included, else *default*."""
        return self._by_name.get(key, default)

    @cached_property
    def _by_name(self) -> dict[str, Any]:
        return dict(self.fields)

    def month_index(self, start: str) -> int:
        """Return months from *start* ('YYYY-MM') to that of the first day, negative when before."""
        return month_index(start, self.date)

    def end_index(self, start: str) -> int | None:
        """Return months from *start* to that of the last day, None when the end is open."""
        return month_index(start, self.end) if self.end else None

    def days(self, start: str, month: int) -> tuple[int, int]:
        """Return the days of a month (counted from *start*) in force, (begin, end): the first from
        0, and the one after the last; (0, 0) for none.

        An act binds by the days of its dates. One that a government decides while the world runs
        has a month and no day: it binds whole months. See decision 0021.
        """
        first, last = self.month_index(start), self.end_index(start)
        if month < first or (last is not None and month > last):
            return 0, 0
        length = days_in_month(month_name(start, month))
        if decided_in_run(self.facts, self.id):
            return 0, length
        begin = int(self.date[8:10]) - 1 if month == first else 0
        return begin, int(self.end[8:10]) if month == last else length

    def months(self, start: str, first: int, last: int) -> float:
        """Return the months in force from month *first* to month *last* (counted from *start*),
        those in part by days: sum over t of d_t / D_t, d_t days in force, D_t days of month t.
        """
        total = 0.0
        for month in range(first, last + 1):
            begin, end = self.days(start, month)
            total += (end - begin) / days_in_month(month_name(start, month))
        return total

    def target_states(self) -> tuple[str, ...]:
        """Return the states of the targets, in the order of STATES, without the actor's own."""
        return self._target_states

    @cached_property
    def _target_states(self) -> tuple[str, ...]:
        facts = self.facts
        own = facts.states_of(self.actor) if self.actor else ()
        wanted = {state for target in self.targets for state in facts.states_of(target)}
        return tuple(state for state in facts.states if state in wanted and state not in own)

    @property
    def group(self) -> str:
        """The group of goods that the event covers just so; '' where it is none."""
        groups = self.facts.good_groups.items() if len(self.goods) > 1 else ()
        return next((name for name, goods in groups if goods == self.goods), "")

    @property
    def covers(self) -> str:
        """What the event covers, in names: a group, or its goods one by one; '' for none."""
        return self.group or ", ".join(self.goods)

    def to_dict(self) -> dict[str, Any]:
        """Return the event as a scenario file writes it: no empty keys, groups by name."""
        first = ("date", "end", "id", "kind", "actor")
        raw: dict[str, Any] = {name: getattr(self, name) for name in first}
        raw["targets"] = list(self.targets)
        raw["goods"] = self.group or list(self.goods)
        raw.update(
            {key: list(value) if isinstance(value, tuple) else value for key, value in self.fields}
        )
        raw.update(text=self.text, source=self.source)
        return {key: value for key, value in raw.items() if value not in ("", [])}


def event_place(where: str | Phrase, event: int | str) -> Phrase:
    """Where an event of a scenario stands: by its number, or its id."""
    if isinstance(event, int):
        return Phrase.of("{place}, event {number}", place=where, number=event)
    return Phrase.of("{place}, event {id}", place=where, id=event)


@lru_cache(maxsize=4096)
def decided_in_run(facts: Facts, act: str) -> bool:
    """Whether a government decided this act while the world ran: id 'China-2026-05-licensing'."""
    return any(
        act.startswith(name) and _DECIDED.fullmatch(act, len(name)) for name in facts.governments
    )
