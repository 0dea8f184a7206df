"""What happens in a history in words, where many events are told together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from coercivity.model.basis.facts import Facts
from coercivity.viz.words.firm_names import with_firm_names
from coercivity.viz.words.language import english
from coercivity.viz.words.names import in_sentence, words

Change: TypeAlias = tuple[str, str]  # a firm, and what its line stops for; '' where it runs again
NAMED: Final = 3  # states that are named; the others are counted
_NUMBERED: Final = re.compile(r"(?P<name>.+) (?P<number>\d+)")


def local_events_words(changes: Iterable[Change]) -> list[str]:
    """What lines of one state do in a month, a sentence for each good that is missing and one for
    those that run again.
    """
    by_missing: dict[str, list[str]] = {}
    for firm, missing in changes:
        by_missing.setdefault(missing, []).append(firm)
    again = by_missing.pop("", [])
    told = [
        f"a line at {with_firm_names(firms[0])} stops: no {missing}"
        if len(firms) == 1
        else f"lines at {name_firms(firms)} stop: no {missing}"
        for missing, firms in by_missing.items()
    ]
    if again:
        told.append(
            f"{with_firm_names(again[0])} runs again"
            if len(again) == 1
            else f"{name_firms(again)} run again"
        )
    return told


def unnamed_words(changes: Iterable[Change], state: str, kinds: Mapping[str, str]) -> list[str]:
    """What lines of one state do in a month that is past, by what they make: no firm is named.
    kinds: what each makes, by its name.
    """
    by_missing: dict[str, Counter[str]] = {}
    for firm, missing in changes:
        by_missing.setdefault(missing, Counter())[kinds[firm]] += 1
    again = by_missing.pop("", Counter())
    where = f"In {english(state, '')}"
    told = [f"{where} {lines(of)} ({states(of)}): no {good}" for good, of in by_missing.items()]
    return [*told, *([f"{where} {lines(again, again=True)} ({states(again)})"] if again else [])]


def kind_words(kind: str) -> str:
    """A sector, good or stage within an English sentence."""
    if kind not in Facts.default().sectors:
        return in_sentence(kind)
    said = words(kind).replace(", ", " and ")
    return said if kind.startswith("ev") else said.lower()


def name_firms(firms: Iterable[str]) -> str:
    """Firms in a sentence, numbers of one kind together: 'TDK, makers 1 and 2 of wind turbines in
    Japan'.
    """
    numbers: dict[str, list[str]] = {}
    for firm in firms:
        found = _NUMBERED.fullmatch(firm)
        name, number = (found["name"], found["number"]) if found else (firm, "")
        numbers.setdefault(name, []).append(number)
    return ", ".join(firms_called(name, held) for name, held in numbers.items())


def firms_called(name: str, numbers: list[str]) -> str:
    """Firms of one kind, by their numbers; one with a name of its own by that."""
    called = with_firm_names(f"{name} {numbers[0]}".strip())
    if len(numbers) == 1:
        return called
    one = f" {numbers[0]} "  # 'car maker 1 in Japan': what is many stands before the number
    kind, found, place = called.partition(one)
    many = kind if kind.endswith("works") else f"{kind}s"
    return (
        f"{many} {join_with_and(numbers)} {place}" if found else f"{name} {join_with_and(numbers)}"
    )


def join_with_and(words: list[str]) -> str:
    """'1', '1 and 2', '1, 2 and 3'."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def elsewhere_words(stops: Mapping[str, int], restarts: Mapping[str, int]) -> str:
    """Lines of other states that stop and run again in a month, by state."""
    if not restarts:
        return f"Elsewhere {lines(stops)} ({states(stops)})."
    if not stops:
        return f"Elsewhere {lines(restarts, again=True)} ({states(restarts)})."
    return (
        f"Elsewhere {lines(stops)} ({states(stops)}) and {lines(restarts, again=True)} "
        f"({states(restarts)})."
    )


def lines(of: Mapping[str, int], again: bool = False) -> str:
    """'a line stops', '12 lines run again'."""
    count = sum(of.values())
    if again:
        return "a line runs again" if count == 1 else f"{count} lines run again"
    return "a line stops" if count == 1 else f"{count} lines stop"


def states(of: Mapping[str, int]) -> str:
    """'South Korea 8, Taiwan 6, India 5, others 12'; one state alone needs no number."""
    if len(of) == 1:
        return next(iter(of))
    first = Counter(of).most_common(NAMED)
    left = sum(of.values()) - sum(count for _, count in first)
    told = [f"{state} {count}" for state, count in first]
    return ", ".join([*told, f"others {left}"] if left else told)
