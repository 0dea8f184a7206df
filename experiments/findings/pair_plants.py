"""Which plants are begun in a run and not in its twin. Investors decide one after the other, so a
plant of one run may be an accident: of several pairs of twins it is said in how many it is so, and
plants of chains that no act in question touches are counted apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from coercivity.experiments.findings.finding import Finding
from coercivity.experiments.findings.past_months import HALTS, is_past
from coercivity.experiments.findings.run_with_twin import MOST, Pair, first_months, select_rows
from coercivity.experiments.worlds.headline_tables import FinishedRun
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.goods import processes
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Twins: TypeAlias = tuple[FinishedRun, FinishedRun]
Begun: TypeAlias = Mapping[str, str]  # plant -> month
NAMED: Final = 3  # plants that are named; the others are counted
FATES: Final = ("project begins", "project cancelled", "plant bankrupt", "plant restarts")
PUBLIC: Final = ("grant", "loan", "equity", "tax_credit")  # for plants of their stages
SIGNALS: Final = (
    *("suspension", "truce", "remark", "threat", "review"),
    *("trigger", "breach", "concession", "dispute"),
)  # of no goods: they go with the acts that they are about
TOLD: Final = ("name", "title", "why", "sources", "events", "choices")  # says, or acts


def plant_differences(pair: Pair, pairs: Sequence[Twins] = ()) -> Finding | None:
    """Return what is begun in one run of a pair and not in the other; None where nothing of the
    chains in question is begun. pairs: all twins of a comparison, this pair among them.
    """
    is_touched = _plant_relevance_test(pair)
    mine, twin = _plants_begun(pair.mine, pair.first), _plants_begun(pair.twin, pair.first)
    apart = [name for name in (*mine, *twin) if (name in mine) != (name in twin)]
    only = {name: mine[name] for name in apart if name in mine and is_touched(name)}
    less = {name: twin[name] for name in apart if name in twin and is_touched(name)}
    both = sum(name in twin and is_touched(name) for name in mine)
    others = len(apart) - len(only) - len(less)
    accident = [Finding.of("plants.untouched", count=others)] if others else []
    if not only and not less:
        same = Finding.of("plants.same", count=both)
        return _sentences(same, *accident).sourced("events") if both else None
    often = _count_in_pairs(only, less, pairs, pair.first)
    return _sentences(
        *([_find_extra_plants(only, pair, often)] if only else []),
        *([Finding.of("plants.less", count=len(less))] if less else []),
        *([Finding.of("plants.either_way", count=both)] if both else []),
        *accident,
    ).sourced(
        "events", tuple(_records(only, less, pair, often)), min([*only.values(), *less.values()])
    )


def _sentences(*parts: Finding) -> Finding:
    return Finding.of("sentences", parts=parts)


def _plants_begun(run: FinishedRun, first: str, kind: str = "project begins") -> dict[str, str]:
    """Plant -> month in which it is begun, from a month on, in the order of time."""
    return first_months(select_rows(run, "events", {"kind": kind}), first)


def _find_extra_plants(only: Begun, pair: Pair, often: Mapping[str, Finding]) -> Finding:
    """The plants begun only with it, and how many of them are given up; not where one of them is in
    a month that is past.
    """
    named = tuple(
        Finding.of("plant.often", plant=name, month=month, often=often[name])
        if name in often
        else Finding.of("plant.begun", plant=name, month=month)
        for name, month in [*only.items()][:NAMED]
    )
    left = len(only) - NAMED
    names = Finding.of("names", names=named, count=max(left, 0))
    ended = _plants_begun(pair.mine, pair.first, "project cancelled")
    months = [ended[name] for name in only if name in ended]
    then = None
    if months and not any(is_past(pair.mine.facts, month) for month in months):
        id = "plants.given_up" if len(only) > 1 else "plants.given_up.one"
        then = Finding.of(id, count=len(months))
    return Finding.of("plants.only" if often else "plants.only_here", names=names, then=then)


def _count_in_pairs(
    only: Begun, less: Begun, pairs: Sequence[Twins], first: str
) -> dict[str, Finding]:
    """Plant -> in how many of several pairs it is as in this one; none of a single pair."""
    if len(pairs) < 2:
        return {}
    begun = [(_plants_begun(mine, first), _plants_begun(twin, first)) for mine, twin in pairs]

    def counted(name: str) -> Finding:
        ways = [(name in mine) - (name in twin) for mine, twin in begun]
        way = 1 if name in only else -1
        times, others = ways.count(way), ways.count(-way)
        id = "pairs.both_ways" if others else "pairs"
        return Finding.of(id, times=times, of=len(ways), others=others)

    return {name: counted(name) for name in (*only, *less)}


def _records(
    only: Begun, less: Begun, pair: Pair, often: Mapping[str, Finding]
) -> Iterator[Finding]:
    """The life of each plant that is begun, and those that are begun without it alone."""
    events = pair.tables("events")[0]
    lives = {name: _life(pair.mine.facts, name, events) for name in [*only][:MOST]}
    lives |= {
        name: Finding.of("plant.without", plant=name, month=month)
        for name, month in [*less.items()][:MOST]
    }
    for name, life in lives.items():
        if name in often:
            life = Finding.of("record.often", record=life, often=often[name])
        yield life


def _life(facts: Facts, name: str, events: pd.DataFrame) -> Finding:
    """The life of a plant; of a month that is past none is told to halt."""
    rows = events[events["actor"].astype(str) == name]
    steps = tuple(
        Finding.of(f"fate.{kind}", month=when)
        for kind, when in zip(rows["kind"].astype(str), rows["month"], strict=True)
        if kind in FATES and not (kind in HALTS and is_past(facts, when))
    )
    return Finding.of("plant.life", plant=name, steps=steps)


# ---------------------------------------------------------------- which chains are in question


def _plant_relevance_test(pair: Pair) -> Callable[[str], bool]:
    """Whether acts in which two scenarios differ have to do with a plant, told by its name: with
    goods of its chain, or with money for plants of its stage. Every plant where more differs than
    acts, where governments act by themselves and where an act is of no goods.
    """
    acts = None
    if "firms" in pair.mine.tables:
        acts = _differing_acts(pair.mine.scenario, pair.twin.scenario)
    if acts is None:
        return lambda _name: True
    facts = pair.mine.facts
    chain = _chain(facts, {good for act in acts for good in _goods(act)})
    firms = pair.mine.table("firms")
    process = dict(zip(firms["firm"].astype(str), firms["process"].astype(str), strict=True))

    def is_touched(name: str) -> bool:
        if (kind := process.get(name)) is None or kind in chain:
            return True
        return any(
            act.kind in PUBLIC
            and facts.process_stage.get(kind) in act.get("stages", ())
            and name.startswith(act.get("firm", ""))
            for act in acts
        )

    return is_touched


def _differing_acts(mine: Scenario, twin: Scenario) -> list[Event] | None:
    """The acts of one scenario that the other lacks; None where chains cannot be told by them."""
    settings = [{k: v for k, v in one.to_dict().items() if k not in TOLD} for one in (mine, twin)]
    governs = "autonomous" in settings[0].get("governments", {}).values()
    if settings[0] != settings[1] or governs:
        return None
    here, there = ((*one.events, *one.choices) for one in (mine, twin))
    acts = [act for act in here if act not in there] + [act for act in there if act not in here]
    told = all(_goods(act) or act.kind in (*PUBLIC, *SIGNALS) for act in acts)
    return acts if told and any(map(_goods, acts)) else None


def _goods(act: Event) -> tuple[str, ...]:
    """The goods that an act is of."""
    one = act.get("good")
    return act.goods or ((one,) if one else ())


def _chain(facts: Facts, goods: Iterable[str]) -> set[str]:
    """Processes that make or use goods, and what hangs together with them by other goods."""
    table = processes(facts)
    linked: np.ndarray = (table.inputs + table.outputs) > 0
    reached = np.zeros(linked.shape[1], dtype=bool)
    reached[[facts.good_row[good] for good in goods]] = True
    while True:
        rows: np.ndarray = np.asarray(linked[:, reached].any(axis=1))
        more = reached | linked[rows].any(axis=0)
        if (more == reached).all():
            return {name for name, at in facts.process_row.items() if at < len(rows) and rows[at]}
        reached = more
