"""Coalitions of the lab's levers: who pools its support with whom, month by month.

The model takes coalitions that share a member for one, and a scenario holds two at once only where
one has all members of the other. So a lever that moves later enlarges what is in force then, and
changes no month before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from coercivity.experiments.lab.state_levers import PURSES, in_sentence
from coercivity.model.basis.calendar import days_in_month, month_index, month_name
from coercivity.model.scenario.scenario import Scenario


@dataclass(frozen=True)
class Pact:
    """Members of a coalition and its months, the last one too, counted from the start."""

    members: tuple[str, ...]
    first: int
    last: int

    def holds(self, month: int) -> bool:
        """Whether it is in force in a month."""
        return self.first <= month <= self.last


def pact(members: Iterable[str]) -> dict[str, Any]:
    """A coalition of these governments, each once."""
    names = list(dict.fromkeys(members))
    *first, last = map(in_sentence, names)
    text = f"{', '.join(first)} and {last} pool their support."
    return {
        "kind": "coalition",
        "actor": PURSES[0],
        "members": names,
        "text": text[:1].upper() + text[1:],
    }


def pool_coalitions(scenario: Scenario, acts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The acts of all levers, whose coalitions hold those of the scenario and of levers in force;
    without the coalitions whose members pool by the scenario already, from the day that it says.
    """
    found = list(acts)
    own = [
        _dated_pact(scenario, event.to_dict())
        for event in (*scenario.events, *scenario.choices)
        if event.kind == "coalition"
    ]
    asked = {
        act["id"]: _dated_pact(scenario, act)
        for act in found
        if act["kind"] == "coalition" and not _is_there(_dated_pact(scenario, act), own)
    }
    return [
        part
        for act in found
        if act["kind"] != "coalition" or act["id"] in asked
        for part in (
            _parts(scenario, act, asked[act["id"]], list(asked.values()), own)
            if act["kind"] == "coalition"
            else (act,)
        )
    ]


def _dated_pact(scenario: Scenario, act: dict[str, Any]) -> Pact:
    first = month_index(scenario.start, act["date"])
    last = month_index(scenario.start, act["end"]) if act.get("end") else scenario.months - 1
    return Pact(tuple(act["members"]), first, min(last, scenario.months - 1))


def _is_there(asked: Pact, own: Iterable[Pact]) -> bool:
    """Whether a coalition of the scenario has all its members, then or later. It does not rest on
    when the lever is moved again, so that this changes no month before.
    """
    return any(set(asked.members) <= set(one.members) and asked.first <= one.last for one in own)


def _parts(
    scenario: Scenario, act: dict[str, Any], asked: Pact, levers: list[Pact], own: list[Pact]
) -> Iterator[dict[str, Any]]:
    """A coalition, cut at the months where its members change."""
    turns = {month for one in (*levers, *own) for month in (one.first, one.last + 1)}
    cuts: list[tuple[int, list[str]]] = []
    for month in sorted({asked.first, *(m for m in turns if asked.first < m <= asked.last)}):
        members = _members(asked, month, levers, own)
        if not cuts or set(members) != set(cuts[-1][1]):
            cuts.append((month, members))
    for place, (month, members) in enumerate(cuts):
        part = act | pact(members)
        if place:
            day = f"{month_name(scenario.start, month)}-01"
            part |= {"date": day, "id": act["id"].replace(act["date"][:7], day[:7])}
        if place < len(cuts) - 1:
            part["end"] = last_day(month_name(scenario.start, cuts[place + 1][0] - 1))
        yield part


def _members(asked: Pact, month: int, levers: list[Pact], own: list[Pact]) -> list[str]:
    """Members of a lever's coalition in a month: those of the levers that were pulled no later, and
    of the scenario's coalitions in force that share a member with these.
    """
    since = _unbroken_since(asked, levers)
    names = [
        name
        for one in levers
        if one.holds(month) and _unbroken_since(one, levers) <= since
        for name in one.members
    ]
    shared = [one.members for one in own if one.holds(month) and set(one.members) & set(names)]
    return list(dict.fromkeys((*names, *(name for members in shared for name in members))))


def _unbroken_since(one: Pact, levers: Iterable[Pact]) -> int:
    """The month from which a lever's coalition runs without a break, under other values too."""
    first = one.first
    same = sorted(
        (other for other in levers if other.members == one.members and other.first < first),
        key=lambda other: -other.first,
    )
    for other in same:
        if other.last >= first - 1:
            first = other.first
    return first


def last_day(month: str) -> str:
    """The last day of a month, YYYY-MM-DD."""
    return f"{month}-{days_in_month(month):02d}"
