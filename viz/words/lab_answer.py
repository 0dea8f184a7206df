"""What the lab answers in words: sentences and cards from many histories of a setting against those
of its twin, and a few sentences on one history.

Sentences and cards are made of the same ranges. A difference that luck alone would often make is
said to be none, and no number has more digits than its range bears.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from coercivity.experiments.findings.question import PRICED, Question
from coercivity.experiments.lab.histories import (
    Apart,
    Histories,
    apart,
    is_soon,
    range_of,
    sooner,
)
from coercivity.experiments.lab.history import STANDING
from coercivity.experiments.quantities.headlines import EXPORTER
from coercivity.experiments.worlds import standing
from coercivity.experiments.worlds.standing import FEWEST_PAIRS
from coercivity.viz.words.dates import date_said
from coercivity.viz.words.language import Name, noted, say, says
from coercivity.viz.words.names import named_in_sentence
from coercivity.viz.words.range_text import LEAST, middle, ranged, shown, span

EARLY: Final = (
    "stops",
    "standing",
    "peak",
)  # cards that two years are enough for, beside headlines
TWO_YEARS: Final = 730  # days
NO_DIFFERENCE: Final = noted("no difference beyond luck")
OTHER_LINES: Final = noted("not compared: other lines stood already")


@dataclass(frozen=True)
class Card:
    """One number of many histories: what it is, its value, how to read it, and what it is against
    the twin. `settled`: whether the histories that it needs are there.
    """

    id: str
    label: str
    value: str
    note: str
    apart: str
    settled: bool


@dataclass(frozen=True)
class Told:
    """The answer of many histories: sentences, cards, and how many histories they rest on."""

    sentences: tuple[str, ...]
    cards: tuple[Card, ...]
    of: int
    whole: int


@dataclass(frozen=True)
class Measure:
    """A number of a history that is compared: its id and label, its unit, which way is better (1:
    more, -1: less), and how it is read, by draw.
    """

    id: str
    label: str
    unit: str
    better: int
    read: Callable[[Histories], Mapping[int, float]]


def measures(asked: Question) -> tuple[Measure, ...]:
    """The numbers of the cards, in their order."""

    def number(name: str, label: str, unit: str) -> Measure:
        return Measure(name, label, unit, -1, lambda histories: histories.values(name))

    def first_stops(histories: Histories) -> Mapping[int, float]:
        return histories.first_stops(TWO_YEARS)

    def standing(histories: Histories) -> Mapping[int, float]:
        return histories.means(STANDING)

    def peaks(histories: Histories) -> Mapping[int, float]:
        return histories.peaks(f"prices/{asked.priced}")

    found = (
        Measure("stops", say("A running line stops in two years"), "days", 1, first_stops),
        Measure("standing", say("Makers whose line stands, in two years"), "share", -1, standing),
        number("output_lost_24m", say("Output lost in two years"), "USD bn"),
        number("cost_paid_24m", say("Paid more for inputs in two years"), "USD bn"),
        Measure("peak", peak_label(asked.priced), "USD/kg", -1, peaks),
    )
    if asked.state == EXPORTER:  # what it buys from itself is no dependence
        return found
    label = say("Separated in {exporter}, at the end", exporter=Name(EXPORTER))
    end = number("dependence_separated_end", label, "share")
    return (*found, end)


def peak_label(good: str) -> str:
    """What the highest price of a good in two years is called."""
    if good == PRICED:
        return say("Peak of dysprosium in two years")
    return say("Peak of {good} in two years", good=named_in_sentence(good))


def many_histories(mine: Histories, twin: Histories, asked: Question) -> Told:
    """Sentences and cards from the histories that have come so far."""
    sentences = (
        _stop_sentence(mine, twin, asked),
        _standing_sentence(mine, twin, asked),
        _cost_sentence(mine, twin, asked),
        _price_sentence(mine, twin, asked),
        _dependence_sentence(mine, twin, asked),
        _of_many_sentence(mine, asked),
    )
    told = tuple(sentence for sentence in sentences if sentence)
    cards = tuple(_card(measure, mine, twin, asked) for measure in measures(asked))
    if mine.estimated:  # of years that the model has not run no difference is claimed
        cards = tuple(
            one if is_soon(one.id) or one.id in EARLY else replace(one, apart="") for one in cards
        )
    return Told(told, cards, len(mine), mine.whole)


@dataclass(frozen=True)
class Beside:
    """A number of a setting beside that of another: their ranges, the difference, in how many pairs
    of histories it is better and worse, and whether that is more than luck.
    """

    id: str
    label: str
    here: str
    there: str
    apart: str
    better: int
    worse: int
    of: int
    sure: bool


def beside(mine: Histories, twin: Histories, asked: Question) -> tuple[Beside, ...]:
    """The numbers of the cards of a setting and of another, each over the histories in which both
    have it; those that are not there yet are left out. Days of other lines are not compared: `of`
    is then 0.
    """
    rows = []
    for measure in measures(asked):
        values, others = measure.read(mine), measure.read(twin)
        between, both = apart(values, others), values.keys() & others.keys()
        here, there = (_card(measure, one.among(both), Histories(), asked) for one in (mine, twin))
        if between is None or not here.settled or not there.settled:
            continue
        if measure.unit == "days" and not same_lines(mine, twin):
            told = say(OTHER_LINES)
            rows.append(
                Beside(
                    measure.id, measure.label, here.value, there.value, told, 0, 0, 0, sure=False
                )
            )
            continue
        more, less = between.more, between.less
        better, worse = (more, less) if measure.better > 0 else (less, more)
        told = (
            stops_apart(between) if measure.unit == "days" else apart_words(between, measure.unit)
        )
        of, sure = between.range.of, between.stands_out
        rows.append(
            Beside(
                measure.id,
                measure.label,
                here.value,
                there.value,
                told,
                better,
                worse,
                of,
                sure,
            )
        )
    return tuple(rows)


def same_lines(mine: Histories, twin: Histories) -> bool:
    """Whether as many lines stood on the day before the count in a setting as in its twin: else
    their first stops are those of other lines.
    """
    here, there = (histories.usual(STANDING, 1) for histories in (mine, twin))
    pairs = [(value, there[number]) for number, value in here.items() if number in there]
    return len(pairs) < FEWEST_PAIRS or standing.same_lines(pairs)


def stops_apart(between: Apart) -> str:
    """Whether lines stop sooner or later, in words."""
    if not between.stands_out:
        return say(NO_DIFFERENCE)
    times, of = max(between.more, between.less), between.range.of
    if between.more > between.less:
        return say("later, in {times} of {of}", times=times, of=of)
    return say("sooner, in {times} of {of}", times=times, of=of)


# ---------------------------------------------------------------- sentences


def _stop_sentence(mine: Histories, twin: Histories, asked: Question) -> str:
    share = mine.stops(TWO_YEARS)
    if share is None:
        return ""
    state = Name(asked.state)
    if share.times:
        said = say(
            "In {times} of {of} histories a maker in {state} has to stop a running line within two "
            "years, typically after {span}",
            times=share.times,
            of=share.of,
            state=state,
            span=span(share.days),
        )
    else:
        said = say(
            "In none of {of} histories does a maker in {state} have to stop a running line within "
            "two years",
            of=share.of,
            state=state,
        )
    other, between = twin.stops(TWO_YEARS), sooner(mine, twin, TWO_YEARS)
    if other is None or between is None:
        return say("{said}.", said=said)
    if not same_lines(mine, twin):
        return say(
            "{said}; not to be compared, as {twin} other lines stood already.",
            said=said,
            twin=asked.twin,
        )
    there: dict[str, object] = {"twin": asked.twin, "times": other.times, "of": other.of}
    if not other.times:
        beside = say("{twin} in none of {of}", **there)
    else:
        beside = say("{twin} in {times} of {of} after {span}", span=span(other.days), **there)
    if between.stands_out:
        return say("{said}; {beside}.", said=said, beside=beside)
    if not between.more and not between.less:
        return say("{said}; {beside}: {luck}.", said=said, beside=beside, luck=say(NO_DIFFERENCE))
    return say(
        "{said}; {beside} (sooner in {less} of the histories, later in {more}): {luck}.",
        said=said,
        beside=beside,
        less=between.less,
        more=between.more,
        luck=say(NO_DIFFERENCE),
    )


def _of_many_sentence(mine: Histories, asked: Question) -> str:
    """From which day is counted, and that what is set acts together where it is more than one
    thing.
    """
    if not asked.since or mine.stops(TWO_YEARS) is None:
        return ""
    day = date_said(asked.since)
    if len(asked.moved) > 1:
        return say(
            "The two years are counted from {day}. The differences are those of all that is set "
            "together; take one thing back to see what the others do.",
            day=day,
        )
    return say("The two years are counted from {day}.", day=day)


def _standing_sentence(mine: Histories, twin: Histories, asked: Question) -> str:
    """Lines that stood already when the count begins, and those that stand in the two years."""
    before, then = range_of(mine.usual(STANDING, 1).values()), mine.means(STANDING)
    found = range_of(then.values())
    if before is None or found is None or max(before.high, found.high) < LEAST["share"]:
        return ""
    words = apart_words(apart(then, twin.means(STANDING)), "share", asked.twin)
    beside = _in_brackets(words)
    then_words = ranged(found, "share")
    if before.high < LEAST["share"]:
        return say(
            "No line stands there on that day; in these years those of {then} of its makers do on "
            "average{beside}.",
            then=then_words,
            beside=beside,
        )
    return say(
        "Lines of {before} of its makers stand already on that day, and {then} on average in these "
        "years{beside}.",
        before=ranged(before, "share"),
        then=then_words,
        beside=beside,
    )


def _cost_sentence(mine: Histories, twin: Histories, asked: Question) -> str:
    lost, paid = (mine.range(name) for name in ("output_lost_24m", "cost_paid_24m"))
    if lost is None or paid is None:
        return ""
    lost_apart = against(mine, twin, "output_lost_24m", "USD bn", asked.twin)
    return say(
        "In two years output worth {lost} is lost there{beside}; dearer inputs cost {paid}.",
        lost=ranged(lost, "USD bn"),
        beside=_in_brackets(lost_apart),
        paid=ranged(paid, "USD bn"),
    )


def _price_sentence(mine: Histories, twin: Histories, asked: Question) -> str:
    price = f"prices/{asked.priced}"
    peaks = mine.peaks(price)
    found, usual = range_of(peaks.values()), range_of(mine.usual(price).values())
    if found is None or usual is None:
        return ""
    words = apart_words(apart(peaks, twin.peaks(price)), "USD/kg", asked.twin)
    good = named_in_sentence(asked.priced)
    wording = (
        noted(
            "Dysprosium in {state} peaks at {peak}{beside}; in the half-year before it was at "
            "{usual}."
        )
        if asked.priced == PRICED
        else noted(
            "{good} in {state} peaks at {peak}{beside}; in the half-year before it was at {usual}."
        )
    )
    return say(
        wording,
        good=good[:1].upper() + good[1:],
        state=Name(asked.state),
        peak=ranged(found, "USD/kg"),
        beside=_in_brackets(words),
        usual=ranged(usual, "USD/kg"),
    )


def _dependence_sentence(mine: Histories, twin: Histories, asked: Question) -> str:
    before, end = (mine.range(f"dependence_separated_{when}") for when in ("before", "end"))
    if before is None or end is None or asked.state == EXPORTER:
        return ""  # what the exporter buys from itself is no dependence
    claimed = not mine.estimated  # of years that the model has not run no difference is claimed
    words = against(mine, twin, "dependence_separated_end", "share", asked.twin) if claimed else ""
    return say(
        "Of what {state} buys, {before} was separated in {exporter} before and {end} is at the "
        "end{beside}.",
        state=Name(asked.state),
        before=shown(before.middle, "share"),
        exporter=Name(EXPORTER),
        end=ranged(end, "share"),
        beside=_in_brackets(words),
    )


def _in_brackets(words: str) -> str:
    """A remark beside a number, with the space before it; nothing for none."""
    return say(" ({words})", words=words) if words else ""


# ---------------------------------------------------------------- cards


def _card(measure: Measure, mine: Histories, twin: Histories, asked: Question) -> Card:
    if measure.unit == "days":
        return _stop_card(measure, mine, twin, asked)
    found = range_of(measure.read(mine).values())
    if found is None:
        return Card(measure.id, measure.label, "", "", "", False)
    return Card(
        measure.id,
        measure.label,
        ranged(found, measure.unit),
        middle(found, measure.unit),
        apart_words(apart(measure.read(mine), measure.read(twin)), measure.unit),
        True,
    )


def _stop_card(measure: Measure, mine: Histories, twin: Histories, asked: Question) -> Card:
    share, other = mine.stops(TWO_YEARS), twin.stops(TWO_YEARS)
    if share is None:
        return Card(measure.id, measure.label, "", "", "", False)
    between, against_twin = sooner(mine, twin, TWO_YEARS), ""
    if other is not None and between is not None:
        counted = say("{times} of {of} {twin}", times=other.times, of=other.of, twin=asked.twin)
        against_twin = counted if between.stands_out else say(NO_DIFFERENCE)
    if not same_lines(mine, twin):
        against_twin = say(OTHER_LINES)
    note = (
        say("typically after {span}", span=span(share.days))
        if share.times
        else say("in no history")
    )
    value = say("{times} of {of}", times=share.times, of=share.of)
    return Card(measure.id, measure.label, value, note, against_twin, True)


# ---------------------------------------------------------------- times and differences in words


def against(mine: Histories, twin: Histories, headline: str, unit: str, words: str = "") -> str:
    """A headline against the twin's, in words; '' while the pairs are too few."""
    return apart_words(apart(mine.values(headline), twin.values(headline)), unit, words)


def apart_words(between: Apart | None, unit: str, twin: str = "") -> str:
    """A difference in words: typically how much, more than *twin* or in how many histories; none
    where luck alone would often make it (`Apart.stands_out`). One that is too small to be shown is
    said to be slight.
    """
    if between is None:
        return ""
    found = between.range
    if not between.stands_out:
        return say(NO_DIFFERENCE)
    more = between.more > between.less
    times, of = max(between.more, between.less), found.of
    size = abs(found.middle)
    if size < LEAST[unit]:
        wording = (
            noted("slightly more, in {times} of {of}")
            if more
            else noted("slightly less, in {times} of {of}")
        )
        return say(wording, times=times, of=of)
    if unit == "share":
        how = says("{count} point", "{count} points", round(100 * size))
    else:
        how = shown(size, unit, 1)
    if twin:
        wording = noted("{how} more than {twin}") if more else noted("{how} less than {twin}")
        return say(wording, how=how, twin=twin)
    wording = (
        noted("{how} more, in {times} of {of}") if more else noted("{how} less, in {times} of {of}")
    )
    return say(wording, how=how, times=times, of=of)
