"""What stands behind lines that stop, counted over many histories: stocks of users, what is missing
and in which industries, the exporter's office, what third countries re-sell, other states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from coercivity.experiments.lab.histories import Apart, Histories, apart, range_of
from coercivity.experiments.lab.paired import Pairs, standing_out
from coercivity.experiments.lab.trail import Trail
from coercivity.experiments.quantities.headlines import EXPORTER
from coercivity.model.basis.names import GOODS, SECTORS, STATES
from coercivity.viz.words.lab_answer import Question
from coercivity.viz.words.language import Name, noted, numeral, say, says
from coercivity.viz.words.names import named_in_sentence, sector_in_sentence
from coercivity.viz.words.range_text import shown
from coercivity.viz.words.why_records import Cause, typically

STOCKED: Final = ("magnet_heat_resistant", "magnet_standard", "dysprosium_oxide")
FROM_EXPORTER: Final = "dependence/all/last_origin"
NAMED: Final = 2  # goods, sectors and states that are named
ALIKE: Final = 0.1  # of what is held; what differs by less is not told
FEW: Final = 0.5  # applications


def stocks(
    pairs: Pairs, mine: Histories, twin: Histories, asked: Question, alike: list[str]
) -> Iterator[Cause]:
    """What users hold over the two years, and what part of their purchases comes from the
    exporter.
    """
    found: dict[str, Apart | None] = {}
    for good in STOCKED:
        here, there = (_means(pairs, one, f"cover/{good}") for one in (mine, twin))
        found[good] = _beyond(apart(here, there), there)
    named = standing_out(found)
    for good in named[:NAMED]:
        of = found[good]
        middles = [range_of(_means(pairs, one, f"cover/{good}").values()) for one in (mine, twin)]
        if of is None or middles[0] is None or middles[1] is None:
            continue
        hold, held = middles[0].middle, middles[1].middle
        more = of.more > of.less
        if _tenths(hold) == _tenths(held):
            continue  # sure, and too small to be told
        wording = (
            noted(
                "In {times} of {of} histories users in {state} hold more {good} over the two years "
                "than without it{beside}."
            )
            if more
            else noted(
                "In {times} of {of} histories users in {state} hold less {good} over the two years "
                "than without it{beside}."
            )
        )
        yield Cause(
            say(
                wording,
                times=max(of.more, of.less),
                of=of.range.of,
                state=Name(asked.state),
                good=named_in_sentence(good),
                beside=typically(
                    say("{number} months of use", number=_tenths(hold)),
                    _tenths(held),
                    (hold > held) is more,
                ),
            )
        )
    if not named:
        alike.append(say("what users hold in stock"))
    if asked.state != EXPORTER:
        yield from _from_exporter(pairs, mine, twin, asked, alike)


def _tenths(value: float) -> str:
    return numeral(f"{value:.1f}")


def _means(pairs: Pairs, histories: Histories, series: str) -> dict[int, float]:
    """Mean of a series over the two years, of the draws that the model has run on both sides."""
    means = histories.means(series, pairs.ends - pairs.at)
    return {number: means[number] for number in pairs.soon if number in means}


def _from_exporter(
    pairs: Pairs, mine: Histories, twin: Histories, asked: Question, alike: list[str]
) -> Iterator[Cause]:
    here, there = (_means(pairs, one, FROM_EXPORTER) for one in (mine, twin))
    found, middles = apart(here, there), [range_of(one.values()) for one in (here, there)]
    if found is None or middles[0] is None or middles[1] is None:
        return
    if not found.stands_out:
        alike.append(say("what part of purchases comes from {exporter}", exporter=Name(EXPORTER)))
        return
    here_words, there_words = (shown(one.middle, "share") for one in middles if one)
    more = found.more > found.less
    if here_words == there_words:
        return  # sure, and too small to be told
    wording = (
        noted(
            "In {times} of {of} histories {state} buys a larger part from {exporter} over the two "
            "years than without it{beside}."
        )
        if more
        else noted(
            "In {times} of {of} histories {state} buys a smaller part from {exporter} over the two "
            "years than without it{beside}."
        )
    )
    yield Cause(
        say(
            wording,
            times=max(found.more, found.less),
            of=found.range.of,
            state=Name(asked.state),
            exporter=Name(EXPORTER),
            beside=typically(
                here_words, there_words, (middles[0].middle > middles[1].middle) is more
            ),
        )
    )


def _beyond(found: Apart | None, there: Mapping[int, float]) -> Apart | None:
    """A difference, unless it is too small to be told."""
    usual = range_of(there.values())
    if found is None or usual is None or abs(found.range.middle) < ALIKE * usual.middle:
        return None
    return found


# ---------------------------------------------------------------- lines that stop


def stops(pairs: Pairs, asked: Question, alike: list[str]) -> Iterator[Cause]:
    """For want of what lines stand less or more, and in which industries they stop sooner or
    later.
    """
    if _none_stands(pairs):
        return
    found = {good: pairs.compared(_standing(good)) for good in GOODS}
    named = standing_out(found)
    for good in named[:NAMED]:
        yield Cause(_for_want(pairs, good, found[good], asked))
    first = {sector: _first(pairs, sector) for sector in SECTORS}
    moved = standing_out(first)
    for sector in moved[:NAMED]:
        yield Cause(_when(sector, first[sector], asked))
    if not named:
        alike.append(say("for want of what lines in {state} stand", state=Name(asked.state)))
    if not moved:
        alike.append(say("when industries in {state} stop", state=Name(asked.state)))


def no_stops(pairs: Pairs, asked: Question) -> Iterator[Cause]:
    """That no line stands, where none does."""
    if _none_stands(pairs):
        none = noted(
            "In none of {of} histories does a maker's line in {state} stand within the two years, "
            "with it or without."
        )
        yield Cause(say(none, of=len(pairs.soon), state=Name(asked.state)))


def _none_stands(pairs: Pairs) -> bool:
    return not any(one.stops for pair in pairs.soon.values() for one in pair)


def _standing(good: str) -> Callable[[Trail], float]:
    """Months for which lines stand for want of a good, added up over the lines."""
    return lambda one: float(sum(stop.stands for stop in one.stops if stop.missing == good))


def _for_want(pairs: Pairs, good: str, found: Apart | None, asked: Question) -> str:
    here, there = pairs.middles(_standing(good))
    more = found is not None and found.more > found.less
    wording = (
        noted(
            "In {times} of {of} histories lines in {state} stand longer for want of {good} within "
            "the two years than without it{beside}."
        )
        if more
        else noted(
            "In {times} of {of} histories lines in {state} stand less long for want of {good} "
            "within the two years than without it{beside}."
        )
    )
    return say(
        wording,
        times=0 if found is None else max(found.more, found.less),
        of=len(pairs.soon),
        state=Name(asked.state),
        good=named_in_sentence(good),
        beside=typically(
            says(
                "{count} month of all lines together",
                "{count} months of all lines together",
                round(here),
            ),
            f"{there:.0f}",
            (round(here) > round(there)) is more and round(here) != round(there),
        ),
    )


def _first(pairs: Pairs, sector: str) -> Apart | None:
    """When a sector's first line stops within the two years; after them where none does."""
    never = float(pairs.ends)

    def month(one: Trail) -> float:
        return float(
            min(
                (s.month for s in one.stops if s.sector == sector and s.month >= pairs.at),
                default=never,
            )
        )

    return pairs.compared(month)


def _when(sector: str, found: Apart | None, asked: Question) -> str:
    wording = (
        noted(
            "In {times} of {of} histories the first line in {state} ({sector}) stops later than "
            "without it, or not within the two years."
        )
        if found is not None and found.more > found.less
        else noted(
            "In {times} of {of} histories the first line in {state} ({sector}) stops sooner than "
            "without it."
        )
    )
    return say(
        wording,
        times=0 if found is None else max(found.more, found.less),
        of=0 if found is None else found.range.of,
        sector=sector_in_sentence(sector),
        state=Name(asked.state),
    )


# ---------------------------------------------------------------- the border


def office(pairs: Pairs, asked: Question, alike: list[str]) -> Iterator[Cause]:
    """What the exporter's office answers, and what third countries re-sell."""
    if asked.state == EXPORTER:
        return
    filed = pairs.middles(lambda one: one.office[0])
    of = {"of": len(pairs.soon), "exporter": Name(EXPORTER), "state": Name(asked.state)}
    if filed[0] >= FEW or filed[1] >= FEW:
        yield from _answers(pairs, filed, of, alike)
    found = pairs.compared(lambda one: one.resold)
    here, there = pairs.middles(lambda one: one.resold)
    if max(here, there) < 1.0:
        return
    if found is None or not found.stands_out:
        alike.append(say("what third countries re-sell"))
        return
    more = found.more > found.less
    if abs(here - there) < max(1.0, ALIKE * there):
        return  # sure, and too small to be told
    wording = (
        noted(
            "In {times} of {of} histories third countries re-sell more to {state} within the two "
            "years than without it{beside}."
        )
        if more
        else noted(
            "In {times} of {of} histories third countries re-sell less to {state} within the two "
            "years than without it{beside}."
        )
    )
    yield Cause(
        say(
            wording,
            times=max(found.more, found.less),
            beside=typically(
                say("{number} t", number=numeral(f"{here:,.0f}")),
                numeral(f"{there:,.0f}"),
                (here > there) is more and round(here) != round(there),
            ),
            **of,
        )
    )


def _answers(
    pairs: Pairs, filed: tuple[float, float], of: dict[str, object], alike: list[str]
) -> Iterator[Cause]:
    found, shares = pairs.compared(_granted), pairs.middles(_granted)
    here, there = (shown(share, "share") for share in shares)
    none = [sum(pair[side].office[0] < FEW for pair in pairs.soon.values()) for side in (0, 1)]
    if 2 * none[0] > len(pairs.soon):
        told = noted(
            "In {times} of {of} histories {exporter}'s office has no application for goods to "
            "{state} to answer; without it there are typically {filed}."
        )
        yield Cause(say(told, times=none[0], filed=numeral(f"{filed[1]:,.0f}"), **of))
    elif 2 * none[1] > len(pairs.soon):
        told = noted(
            "In {times} of {of} histories no licence is needed for goods to {state} without it; "
            "with it {exporter}'s office typically grants {share} of {filed} applications."
        )
        yield Cause(say(told, times=none[1], share=here, filed=numeral(f"{filed[0]:,.0f}"), **of))
    elif found is None or not found.stands_out:
        alike.append(say("what {exporter}'s office answers", exporter=Name(EXPORTER)))
    elif here != there:
        more = found.more > found.less
        wording = (
            noted(
                "In {times} of {of} histories {exporter}'s office grants a larger part of the "
                "applications for goods to {state} than without it{beside}."
            )
            if more
            else noted(
                "In {times} of {of} histories {exporter}'s office grants a smaller part of the "
                "applications for goods to {state} than without it{beside}."
            )
        )
        beside = typically(here, there, (shares[0] > shares[1]) is more)
        yield Cause(say(wording, times=max(found.more, found.less), beside=beside, **of))


def _granted(one: Trail) -> float:
    """Part of the applications that the office grants; all where there is none."""
    return one.office[1] / one.office[0] if one.office[0] >= FEW else 1.0


# ---------------------------------------------------------------- other states


def elsewhere(pairs: Pairs, asked: Question, alike: list[str]) -> Iterator[Cause]:
    """Other states in which the first line stops sooner or later."""
    never = pairs.ends
    found = {
        state: pairs.compared(lambda one, state=state: float(one.stopped.get(state, never)))  # type: ignore[misc]
        for state in STATES
        if state != asked.state
    }
    named = standing_out(found)
    for state in named[:NAMED]:
        one = found[state]
        wording = (
            noted(
                "In {times} of {of} histories the first line in {state} stops later than without "
                "it, or not within the two years."
            )
            if one is not None and one.more > one.less
            else noted(
                "In {times} of {of} histories the first line in {state} stops sooner than without "
                "it."
            )
        )
        times = 0 if one is None else max(one.more, one.less)
        yield Cause(say(wording, times=times, of=len(pairs.soon), state=Name(state)))
    if not named:
        alike.append(say("when lines in other states stop"))
