"""Which plants are begun, and which acts governments choose, in more histories than luck would have
because of what was set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from coercivity.experiments.lab import paired
from coercivity.experiments.lab.histories import MONTH, Apart
from coercivity.experiments.lab.paired import Group, Pairs
from coercivity.experiments.lab.trail import Plant
from coercivity.experiments.quantities.headlines import EXPORTER
from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.names import PROCESS_STAGE
from coercivity.viz.words.lab_answer import Question, span
from coercivity.viz.words.language import Name, listed, noted, numeral, say, says
from coercivity.viz.words.names import new_plant, plant
from coercivity.viz.words.why_records import MOST, Cause, typically

YEARS: Final = 24  # months from which a time is told in years
NAMED: Final = 3  # kinds of plants, or acts, that are named
STAGES: Final[Mapping[str, str]] = {  # plants of a stage, in a sentence
    "mining": noted("mines"),
    "separation": noted("separation plants"),
    "metal": noted("metal works"),
    "magnet": noted("magnet plants"),
}


def plants(pairs: Pairs, asked: Question, alike: list[str]) -> Iterator[Cause]:
    """Plants that are begun, or begun sooner, because of it: by state and process; else by stage,
    as luck decides where.
    """
    known = paired.groups(pairs)
    paid_for = frozenset[int]().union(*(one.covers for one in paired.accounts(pairs)))
    is_paid = paired.is_for(paid_for, 0)
    families = [
        [one for one in known if is_paid(_like(one)) is paid] for paid in (True, False)
    ]  # what money is for is asked apart: it is not searched among all others
    counted = {one: paired.counted_in(pairs, one) for one in known}
    named = [
        one for family in families for one in paired.standing_out({k: counted[k] for k in family})
    ]
    yield from (_begun(pairs, asked, one, counted[one]) for one in named[:NAMED])
    stages = {one: paired.counted(pairs, _abroad(one)) for one in STAGES}
    told = {PROCESS_STAGE[process] for _, process in named}
    for stage in paired.standing_out(stages):
        if stage not in told:
            yield _more_abroad(pairs, stage, stages[stage])
            told.add(stage)
    sooner = {one: paired.started_in(pairs, one) for one in known if one not in named}
    moved = paired.standing_out(sooner)
    yield from _sooner(pairs, {one: sooner[one] for one in moved})
    if not named and not told and not moved:
        alike.append(say("which plants are begun"))


def _like(group: Group) -> Plant:
    return Plant("", *group, 0.0, 0, None, None, {})


def _abroad(stage: str) -> Callable[[Plant], bool]:
    return lambda one: PROCESS_STAGE.get(one.process) == stage and one.state != EXPORTER


def _begun(pairs: Pairs, asked: Question, group: Group, found: Apart | None) -> Cause:
    """A plant that is begun only with it, or only without it."""
    more = found is None or found.more > found.less
    one = paired.extra(pairs, paired.is_in(group), more)
    of: dict[str, object] = {
        "times": one.times,
        "of": one.of,
        "plant": new_plant(*group),
        "year": month_name(asked.start, one.month)[:4],
        "tonnes": numeral(f"{one.tonnes:,.0f}"),
    }
    if not more:
        wording = noted(
            "In {times} of {of} histories {plant} is not begun that is begun without it, typically "
            "in {year} and of {tonnes} t a year."
        )
    elif one.opens:
        wording = noted(
            "In {times} of {of} histories {plant} is begun that is not begun without it, typically "
            "in {year} and of {tonnes} t a year; in {opens} of these it opens, typically in "
            "{opening}."
        )
    elif pairs.is_whole:
        wording = noted(
            "In {times} of {of} histories {plant} is begun that is not begun without it, typically "
            "in {year} and of {tonnes} t a year; in none of these does it ever open."
        )
    else:
        wording = noted(
            "In {times} of {of} histories {plant} is begun within the two years that is not begun "
            "without it, typically in {year} and of {tonnes} t a year."
        )
    told = noted("{plant}: in {times} histories")
    records = [say(told, plant=plant(name), times=times) for name, times in one.names.items()]
    opening = month_name(asked.start, one.opened)[:4]
    return Cause(say(wording, opens=one.opens, opening=opening, **of), tuple(records[:MOST]))


def _more_abroad(pairs: Pairs, stage: str, found: Apart | None) -> Cause:
    """More, or fewer, plants of a stage outside the exporter; luck decides in which states."""
    here, there = paired.typical(pairs, _abroad(stage))
    more = found is None or found.more > found.less
    wording = (
        noted(
            "In {times} of {of} histories more {plants} are begun outside {exporter} than without "
            "it{beside}; in which states is luck."
        )
        if more
        else noted(
            "In {times} of {of} histories fewer {plants} are begun outside {exporter} than without "
            "it{beside}; in which states is luck."
        )
    )
    return Cause(
        say(
            wording,
            times=_times(found),
            of=len(pairs.begun),
            plants=say(STAGES[stage]),
            exporter=Name(EXPORTER),
            beside=typically(f"{here:.0f}", f"{there:.0f}", (here > there) is more),
        )
    )


def _sooner(pairs: Pairs, found: Mapping[Group, Apart | None]) -> Iterator[Cause]:
    """Plants that are begun sooner than without it, and those that are begun later."""
    early = {one: apart for one, apart in found.items() if apart and apart.less > apart.more}
    late = {one: apart for one, apart in found.items() if apart and apart.more > apart.less}
    if early:
        told = _in_histories(pairs, early, sooner=True)
        yield Cause(say("Begun sooner than without it: {plants}.", plants=told))
    if late:
        told = _in_histories(pairs, late, sooner=False)
        yield Cause(say("Begun later than without it, or not any more: {plants}.", plants=told))


def _in_histories(pairs: Pairs, found: Mapping[Group, Apart], sooner: bool) -> str:
    """Plants, each with in how many histories, and by how much where it is begun in both."""
    told = []
    for group, one in list(found.items())[:NAMED]:
        months = paired.months_between(pairs, paired.is_in(group), sooner)
        of = {"plant": new_plant(*group), "times": _times(one), "of": one.range.of}
        if months:
            wording = noted("{plant} (in {times} of {of} histories, typically by {span})")
            told.append(say(wording, span=_years(months), **of))
        else:
            told.append(say("{plant} (in {times} of {of} histories)", **of))
    return listed(told)


def _years(months: float) -> str:
    """A time in months, from two years on in years."""
    if months < YEARS:
        return span(months * MONTH)
    return says("{count} year", "{count} years", round(months / 12))


def _times(found: Apart | None) -> int:
    return 0 if found is None else max(found.more, found.less)


# ---------------------------------------------------------------- what governments choose


def chosen(pairs: Pairs, asked: Question, alike: list[str]) -> Iterator[Cause]:
    """Acts that governments choose by themselves, and would not without it; or would, and do not
    with it.
    """
    known = {
        (one.actor, one.kind)
        for both in pairs.far.values()
        for side in both
        for one in side.chosen
        if pairs.at <= one.month < pairs.until
    }
    if not known:
        return
    found = {one: paired.chosen(pairs, *one) for one in sorted(known)}
    named = paired.standing_out(found)
    for actor, kind in named[:NAMED]:
        one = found[actor, kind]
        wording = (
            noted(
                "In {times} of {of} histories the government of {state} chooses this more often "
                "than without it: {act}."
            )
            if one is None or one.more > one.less
            else noted(
                "In {times} of {of} histories the government of {state} chooses this less often "
                "than without it: {act}."
            )
        )
        act = say(kind.replace("_", " "))
        yield Cause(say(wording, times=_times(one), of=len(pairs.far), state=Name(actor), act=act))
    if not named:
        alike.append(say("what governments choose"))
