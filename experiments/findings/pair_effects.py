"""What differs between a setting and its twin in more histories than luck would have: the trails of
both, history by history.

A number is compared pair by pair with the sign test of `histories.PairedDifference`. Where many
numbers are searched for one that differs (all plants of all states), coins would part some of them
by luck: each is then asked for a smaller chance, that of the single test over how many could stand
out at all (Bonferroni over the tests that Tarone 1990 leaves). See decision 0067.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias, TypeVar

import numpy as np

from coercivity.experiments.lab.causal_trail import Fund, Plant, Store, Trail
from coercivity.experiments.lab.histories import (
    SOON,
    Histories,
    PairedDifference,
    paired_difference,
)
from coercivity.experiments.worlds.idle_at_start import FEWEST_PAIRS, LUCK, sign_test
from coercivity.model.basis.facts import Facts
from coercivity.model.parts.programme import CAPEX as CAPEX
from coercivity.model.scenario.event import decided_in_run

Key = TypeVar("Key", bound=Hashable)
Group: TypeAlias = tuple[str, str]  # state and process of plants
Both: TypeAlias = Mapping[int, tuple[Trail, Trail]]  # setting and twin, by draw
LEAST: Final = 1.0  # USD million or t; less is nothing
TOUCHED: Final = 0.01  # of what a stockpile holds: less is not given out


@dataclass(frozen=True)
class Pairs:
    """Trails of a setting and of its twin, and the facts of both. `soon`: those of all pairs, of
    which the two years are looked at, up to the month `ends`, sooner where the run is over before;
    `far`: those that are looked at to the month `until`, to the end where most have come to it.
    """

    facts: Facts
    at: int
    ends: int
    soon: Both
    far: Both
    until: int

    @property
    def is_whole(self) -> bool:
        """Whether what takes longer than the two years is looked at to the end."""
        return self.until > self.at + SOON

    @property
    def is_cut(self) -> bool:
        """Whether the run is over before the two years are."""
        return self.ends < self.at + SOON

    def compared(
        self, read: Callable[[Trail], float], far: bool = False
    ) -> PairedDifference | None:
        """A number of a trail against that of the twin's, pair by pair."""
        both = self.far if far else self.soon
        mine, twin = ({n: read(pair[side]) for n, pair in both.items()} for side in (0, 1))
        return differs(mine, twin)

    def middles(self, read: Callable[[Trail], float], far: bool = False) -> tuple[float, float]:
        """The middle of a number in the histories of the setting, and in those of its twin."""
        both = (self.far if far else self.soon).values()
        mine, twin = (float(np.median([read(pair[side]) for pair in both])) for side in (0, 1))
        return mine, twin

    @cached_property
    def begun(self) -> Mapping[int, tuple[tuple[Plant, ...], tuple[Plant, ...]]]:
        """Plants begun in the months that are looked at, from the count on, of both by draw."""
        return {
            number: (self._begun(mine), self._begun(twin))
            for number, (mine, twin) in self.far.items()
        }

    @cached_property
    def by_group(self) -> Mapping[Group, tuple[dict[int, list[Plant]], dict[int, list[Plant]]]]:
        """The same by state and process: of the setting and of its twin by draw, where any is."""
        found: dict[Group, tuple[dict[int, list[Plant]], dict[int, list[Plant]]]] = {}
        for number, both in self.begun.items():
            for side, plants in enumerate(both):
                for one in plants:
                    known = found.setdefault((one.state, one.process), ({}, {}))
                    known[side].setdefault(number, []).append(one)
        return found

    def _begun(self, trail: Trail) -> tuple[Plant, ...]:
        return tuple(one for one in trail.plants if self.at <= one.begun < self.until)


def pairs_of(facts: Facts, mine: Histories, twin: Histories) -> Pairs:
    """The trails that have come so far of both."""
    at, soon, far = mine.at, dict[int, tuple[Trail, Trail]](), dict[int, tuple[Trail, Trail]]()
    for number, one in mine.drawn.items():
        other = twin.drawn.get(number)
        trail, others = one.trail, None if other is None else other.trail
        if trail is None or others is None:
            continue
        ended = mine.is_whole(number) and twin.is_whole(number)
        months = min(trail.months, others.months)
        if months < at + SOON and not (ended and months > at):
            continue  # else the run ends before the two years do
        soon[number] = trail, others
        if ended:
            far[number] = soon[number]
    ends = min((at + SOON, *(one.months for pair in soon.values() for one in pair)))
    if len(far) >= FEWEST_PAIRS and 2 * len(far) >= len(soon):
        until = min(one.months for pair in far.values() for one in pair)
        return Pairs(facts, at, ends, soon, far, until)
    return Pairs(facts, at, ends, soon, soon, ends)


def differs(mine: Mapping[int, float], twin: Mapping[int, float]) -> PairedDifference | None:
    """A number by draw against the twin's; None where so few pairs differ that none could stand
    out, as those of most plants of most states: these are not looked at further.
    """
    unlike = sum(value != twin[number] for number, value in mine.items() if number in twin)
    return paired_difference(mine, twin) if unlike >= FEWEST_PAIRS else None


def differences_beyond_luck(
    found: Mapping[Key, PairedDifference | None],
) -> dict[Key, PairedDifference]:
    """Of many numbers those that differ in more histories than luck would have, the surest
    first.
    """
    able = {
        key: one
        for key, one in found.items()
        if one is not None and one.more + one.less >= FEWEST_PAIRS
    }
    chance = {key: sign_test(one.more, one.less) for key, one in able.items()}
    surest = sorted(
        (key for key, by_luck in chance.items() if by_luck < LUCK / len(able)),
        key=lambda key: (chance[key], -abs(able[key].range.middle)),
    )
    return {key: able[key] for key in surest}


# ---------------------------------------------------------------- plants


def is_in(group: Group) -> Callable[[Plant], bool]:
    """Whether a plant is one of a state and a process."""
    return lambda one: (one.state, one.process) == group


def groups(pairs: Pairs) -> list[Group]:
    """States and processes of which a plant is begun in some history of either."""
    return sorted(pairs.by_group)


def counted_in(pairs: Pairs, group: Group) -> PairedDifference | None:
    """How many plants of a state and process are begun against those of the twin."""
    mine, twin = (
        {number: float(len({one.name for one in known.get(number, ())})) for number in pairs.begun}
        for known in pairs.by_group[group]
    )
    return differs(mine, twin)


def started_in(pairs: Pairs, group: Group) -> PairedDifference | None:
    """When the first of these is begun against that of the twin; one that is not begun in the
    months that are looked at is begun in the month after them.
    """
    mine, twin = (
        {
            number: float(min((one.begun for one in known.get(number, ())), default=pairs.until))
            for number in pairs.begun
        }
        for known in pairs.by_group[group]
    )
    return differs(mine, twin)


def plant_count_difference(pairs: Pairs, which: Callable[[Plant], bool]) -> PairedDifference | None:
    """How many plants of a kind are begun against those of the twin."""
    mine, twin = (
        {
            number: float(len({one.name for one in both[side] if which(one)}))
            for number, both in pairs.begun.items()
        }
        for side in (0, 1)
    )
    return differs(mine, twin)


def typical_plant_counts(pairs: Pairs, which: Callable[[Plant], bool]) -> tuple[float, float]:
    """The middle of how many plants of a kind are begun in the setting, and in its twin."""
    mine, twin = (
        [len({one.name for one in both[side] if which(one)}) for both in pairs.begun.values()]
        for side in (0, 1)
    )
    return float(np.median(mine)), float(np.median(twin))


def opens_in_window(pairs: Pairs, which: Callable[[Plant], bool]) -> Callable[[Plant], bool]:
    """Whether a plant is of a kind and opens in the months that are looked at."""
    return lambda one: which(one) and one.opened is not None and one.opened < pairs.until


def months_between(pairs: Pairs, which: Callable[[Plant], bool], sooner: bool) -> float:
    """By how many months the first plant of a kind is typically begun sooner (or later) than in the
    twin, where it is and both begin one; 0 where they nowhere do.
    """
    found = []
    for both in pairs.begun.values():
        mine, twin = ([one.begun for one in side if which(one)] for side in both)
        if mine and twin and (shift := min(twin) - min(mine)) and (shift > 0) is sooner:
            found.append(abs(shift))
    return float(np.median(found)) if found else 0.0


@dataclass(frozen=True)
class Extra:
    """Plants of a kind that one side begins more of than the other: in how many histories, when the
    first of them typically is begun and of which size (t a year), in how many of these one of them
    opens and typically when (in the months that are looked at), and in how many each is begun, by
    name.
    """

    times: int
    of: int
    month: int
    tonnes: float
    opens: int
    opened: int
    names: Mapping[str, int]


def extra(pairs: Pairs, which: Callable[[Plant], bool], more: bool = True) -> Extra:
    """What the setting begins more of than its twin (*more*), or the twin than the setting. Asked
    of kinds that stand out.
    """
    months, sizes, names, opened = [], [], Counter[str](), []
    for both in pairs.begun.values():
        here, there = (
            {one.name: one for one in side if which(one)} for side in (both if more else both[::-1])
        )
        if len(here) <= len(there):
            continue
        own = sorted(
            (one for name, one in here.items() if name not in there), key=lambda one: one.begun
        )
        months.append(own[0].begun)
        sizes.append(own[0].tonnes)
        names.update(one.name for one in own)
        opened += sorted(
            one.opened for one in own if one.opened is not None and one.opened < pairs.until
        )[:1]
    return Extra(
        len(months),
        len(pairs.begun),
        int(np.median(months)),
        float(np.median(sizes)),
        len(opened),
        int(np.median(opened)) if opened else 0,
        dict(names.most_common()),
    )


# ---------------------------------------------------------------- public money


@dataclass(frozen=True)
class Account:
    """Acts of support of one kind that the twin goes without, or has on other terms, over the
    histories: what they offer and typically pay or promise (USD million), in how many histories
    they do so at all, in how many of the others no plant is begun that they could pay for, in how
    many no plant that they pay for opens within the two years, in how many a floor's price is never
    below it, in how many a new plant gets some, and in how many of these every such plant is begun
    in the twin too.
    """

    kind: str
    offered: float
    paid: float
    drawn: int
    none: int
    late: int
    above: int
    new: int
    anyway: int
    of: int
    covers: frozenset[Group]
    begins: int


def accounts(pairs: Pairs) -> list[Account]:
    """Acts of support that the setting has and its twin has not, or not on the same terms (a later
    value of a lever in its own month), kind by kind; those that governments chose in the run are
    none.
    """
    kinds: dict[str, set[str]] = {}
    for mine, twin in pairs.far.values():
        known = {one.act: (one.budget, one.terms) for one in twin.funds}
        for one in mine.funds:
            same = known.get(one.act) == (one.budget, one.terms)
            if not same and not decided_in_run(pairs.facts, one.act):
                kinds.setdefault(one.kind, set()).add(one.act)
    return [_account(pairs, kind, acts) for kind, acts in kinds.items()]


def _account(pairs: Pairs, kind: str, acts: set[str]) -> Account:
    paid, drawn, none, late, above, new, anyway = [], 0, 0, 0, 0, 0, 0
    funds: list[Fund] = []
    for number, (mine, _) in pairs.far.items():
        funds = [one for one in mine.funds if one.act in acts]
        spent = sum(one.whole if pairs.is_whole else one.soon for one in funds)
        begun = pairs.begun[number][0]
        got = [one for one in begun if acts.intersection(one.promised)]
        covers, begins = _reach(funds)
        if spent >= LEAST:
            drawn += 1
            paid.append(spent)
            new += bool(got)
            known = {plant.name for plant in pairs.begun[number][1]}
            anyway += bool(got) and all(plant.name in known for plant in got)
            late += not any(_opens_soon(one, pairs) for one in got)
        else:
            none += not any(is_for(covers, begins)(one) for one in begun)
            above += all(one.below == 0 for one in funds)
    covers, begins = _reach(funds)
    return Account(
        kind,
        sum(one.budget for one in funds),
        float(np.median(paid)) if paid else 0.0,
        drawn,
        none,
        late,
        above,
        new,
        anyway,
        len(pairs.far),
        covers,
        begins,
    )


def _opens_soon(one: Plant, pairs: Pairs) -> bool:
    return one.opened is not None and one.opened < pairs.ends


def _reach(funds: Iterable[Fund]) -> tuple[frozenset[Group], int]:
    """States and processes of the plants that acts are for, and when the first of these begins."""
    known = list(funds)
    covers = frozenset(place for one in known for place in one.covers)
    return covers, min((one.begins for one in known), default=0)


def is_for(covers: frozenset[Group], begins: int) -> Callable[[Plant], bool]:
    """Whether an act is for a plant, and the plant is begun once the act is there."""
    return lambda one: one.begun >= begins and (one.state, one.process) in covers


# ---------------------------------------------------------------- a government's stockpile


@dataclass(frozen=True)
class Reserve:
    """What the stockpile of the state's government holds of a good in the setting and not in its
    twin: t at most in all its states, in how many histories some of it is given out within the two
    years (typically how much, first in which month), is gone before them, or is not touched.
    """

    good: str
    most: float
    given: int
    tonnes: float
    month: int
    gone: int
    untouched: int
    of: int


def stockpiles(pairs: Pairs) -> list[Reserve]:
    """Goods of which the government's stockpile holds more than in the twin in most histories;
    those for want of which lines stop without it first.
    """
    found = []
    for good in sorted({one.good for mine, _ in pairs.soon.values() for one in mine.stores}):
        held = [
            store
            for mine, twin in pairs.soon.values()
            if (store := _store(mine, good)).most
            >= LEAST + (1.0 + TOUCHED) * _store(twin, good).most
        ]
        if 2 * len(held) > len(pairs.soon):
            found.append(_reserve(good, held, len(pairs.soon)))
    wanted = Counter(
        stop.missing for _, twin in pairs.soon.values() for stop in twin.stops
    )  # what would be missing without it comes first
    return sorted(found, key=lambda one: (-wanted[one.good], -one.given, -one.most))


def _store(trail: Trail, good: str) -> Store:
    none = Store(good, 0.0, False, 0.0, None)
    return next((one for one in trail.stores if one.good == good), none)


def _reserve(good: str, held: list[Store], of: int) -> Reserve:
    given = [one for one in held if one.given > max(TOUCHED * one.most, TOUCHED)]
    rest = [one for one in held if one not in given]
    gone = sum(one.gone for one in rest)
    return Reserve(
        good,
        float(np.median([one.most for one in held])),
        len(given),
        float(np.median([one.given for one in given])) if given else 0.0,
        int(np.median([one.first or 0 for one in given])) if given else 0,
        gone,
        len(rest) - gone,
        of,
    )


# ---------------------------------------------------------------- what governments choose


def choice_count_difference(pairs: Pairs, actor: str, kind: str) -> PairedDifference | None:
    """How often a government chooses a kind of act against the twin's."""

    def times(trail: Trail) -> float:
        return float(
            sum(
                (one.actor, one.kind) == (actor, kind) and pairs.at <= one.month < pairs.until
                for one in trail.chosen
            )
        )

    return pairs.compared(times, far=True)
