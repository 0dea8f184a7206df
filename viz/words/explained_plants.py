"""Which plants are begun in a run and not in its twin, for an explanation. Investors decide one
after the other, so a plant of one world may be an accident: of several pairs of twins it is said in
how many it is so, and plants of chains that no act in question touches are counted apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np

from coercivity.experiments.worlds.headline_tables import FinishedRun
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.goods import processes
from coercivity.model.basis.names import GOOD, PROCESS, PROCESS_STAGE
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.words import why_records
from coercivity.viz.words.dates import date_words
from coercivity.viz.words.lab_why import NAMED, Reason, given_up
from coercivity.viz.words.language import joined
from coercivity.viz.words.names import plant
from coercivity.viz.words.why_pair import Pair

Twins: TypeAlias = tuple[FinishedRun, FinishedRun]
Begun: TypeAlias = Mapping[str, str]  # plant -> month
PUBLIC: Final = ("grant", "loan", "equity", "tax_credit")  # for plants of their stages
SIGNALS: Final = (
    *("suspension", "truce", "remark", "threat", "review"),
    *("trigger", "breach", "concession", "dispute"),
)  # of no goods: they go with the acts that they are about
TOLD: Final = ("name", "title", "why", "sources", "events", "choices")  # says, or acts


def plants_apart(pair: Pair, pairs: Sequence[Twins]) -> Reason | None:
    """What is begun in one world of a pair and not in the other; None where nothing of the chains
    in question is begun. pairs: all twins of a comparison, this pair among them.
    """
    is_touched = _touched(pair)
    mine, twin = _begun(pair.mine, pair.first), _begun(pair.twin, pair.first)
    apart = [name for name in (*mine, *twin) if (name in mine) != (name in twin)]
    left_out = sum(not is_touched(name) for name in apart)
    only = {name: mine[name] for name in apart if name in mine and is_touched(name)}
    less = {name: twin[name] for name in apart if name in twin and is_touched(name)}
    both = sum(name in twin and is_touched(name) for name in mine)
    accident = _left_out(left_out)
    if not only and not less:
        if not both:
            return None
        same = f"No plant is begun for it: the same {both} are begun without it.{accident}"
        return Reason(same, "events")
    often = _often(only, less, pairs, pair.first)
    told = [_only(only, pair, often)] if only else []
    if less:
        told.append(_less(len(less)))
    if both:
        told.append(f"{both} {'is' if both == 1 else 'are'} begun either way.")
    records = zip(
        [*[*only][: why_records.MOST], *[*less][: why_records.MOST]],
        [*why_records.plants(only, pair.mine.table("events")), *why_records.plants(less, None)],
        strict=True,
    )
    return Reason(
        " ".join(told) + accident,
        "events",
        tuple(said + often.get(name, "") for name, said in records),
        min([*only.values(), *less.values()]),
    )


def _begun(run: FinishedRun, first: str, kind: str = "project begins") -> dict[str, str]:
    """Plant -> month in which it is begun, from a month on, in the order of time."""
    rows = run.table("events")
    rows = rows[(rows["kind"].astype(str) == kind) & (rows["month"].astype(str) >= first)]
    found: dict[str, str] = {}
    for name, month in zip(rows["actor"].astype(str), rows["month"].astype(str), strict=True):
        found.setdefault(name, month)
    return found


def _only(only: Begun, pair: Pair, often: Mapping[str, str]) -> str:
    """The plants begun only with it, and how many of them are given up; not where one of them is in
    a month that is past.
    """
    named = [
        f"{plant(name)} ({date_words(month)}{often.get(name, '')})"
        for name, month in [*only.items()][:NAMED]
    ]
    left = len(only) - NAMED
    names = joined(named) if left <= 0 else f"{', '.join(named)} and {left} more"
    ended = _begun(pair.mine, pair.first, "project cancelled")
    lost = given_up(only, ended)
    if lost and len(only) == 1:
        names += "; it is given up before opening"
    elif lost:
        names += f"; {lost} of them {'is' if lost == 1 else 'are'} given up before opening"
    return f"Begun{'' if often else ' in this world'} only with it: {names}."


def _less(count: int) -> str:
    if count == 1:
        return "One plant begun without it is not."
    return f"{count} plants begun without it are not."


def _left_out(count: int) -> str:
    """What is said of plants that the acts in question have nothing to do with."""
    if not count:
        return ""
    of = "1 more plant differs" if count == 1 else f"{count} more plants differ"
    return (
        f" {of} in chains that it does not touch, by accident of the order in which investors "
        "decide."
    )


def _often(only: Begun, less: Begun, pairs: Sequence[Twins], first: str) -> dict[str, str]:
    """Plant -> in how many of several pairs it is as in this one; none of a single pair."""
    if len(pairs) < 2:
        return {}
    begun = [(_begun(mine, first), _begun(twin, first)) for mine, twin in pairs]

    def said(name: str) -> str:
        ways = [(name in mine) - (name in twin) for mine, twin in begun]
        way = 1 if name in only else -1
        other = f", the other way in {ways.count(-way)}" if -way in ways else ""
        return f"; in {ways.count(way)} of {len(ways)} pairs{other}"

    return {name: said(name) for name in (*only, *less)}


# ---------------------------------------------------------------- which chains are in question


def _touched(pair: Pair) -> Callable[[str], bool]:
    """Whether acts in which two scenarios differ have to do with a plant, told by its name: with
    goods of its chain, or with money for plants of its stage. Every plant where more differs than
    acts, where governments act by themselves and where an act is of no goods.
    """
    acts = _apart(pair.mine.scenario, pair.twin.scenario)
    if acts is None or "firms" not in pair.mine.tables:
        return lambda _name: True
    chain = _chain({good for act in acts for good in _goods(act)})
    firms = pair.mine.table("firms")
    process = dict(zip(firms["firm"].astype(str), firms["process"].astype(str), strict=True))

    def is_touched(name: str) -> bool:
        if (kind := process.get(name)) is None or kind in chain:
            return True
        return any(
            act.kind in PUBLIC
            and PROCESS_STAGE.get(kind) in act.get("stages", ())
            and name.startswith(act.get("firm", ""))
            for act in acts
        )

    return is_touched


def _apart(mine: Scenario, twin: Scenario) -> list[Event] | None:
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


def _chain(goods: Iterable[str]) -> set[str]:
    """Processes that make or use goods, and what hangs together with them by other goods."""
    table = processes(Facts.default())
    linked: np.ndarray = (table.inputs + table.outputs) > 0
    reached = np.zeros(linked.shape[1], dtype=bool)
    reached[[GOOD[good] for good in goods]] = True
    while True:
        rows: np.ndarray = np.asarray(linked[:, reached].any(axis=1))
        more = reached | linked[rows].any(axis=0)
        if (more == reached).all():
            return {name for name, at in PROCESS.items() if at < len(rows) and rows[at]}
        reached = more
