"""What many histories of a setting answer against those of its twin: the numbers of the lab, each
with its range, the difference history by history, and whether that is more than luck. Pages, the
door, the briefing and its table tell these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from coercivity.experiments.findings.finding import Finding
from coercivity.experiments.findings.finding_request import PRICED, FindingRequest
from coercivity.experiments.lab.histories import (
    Histories,
    PairedDifference,
    Range,
    Share,
    first_stop_delay,
    is_soon,
    paired_difference,
    range_of,
)
from coercivity.experiments.lab.history import STANDING
from coercivity.experiments.quantities.headlines import EXPORTER
from coercivity.experiments.worlds import idle_at_start
from coercivity.experiments.worlds.idle_at_start import FEWEST_PAIRS

EARLY: Final = ("stops", "standing", "peak")  # two years are enough for them, beside headlines
TWO_YEARS: Final = 730  # days
LOST: Final = "output_lost_24m"
END: Final = "dependence_separated_end"
LEAST: Final[Mapping[str, float]] = {  # less is nothing, as it is shown
    "USD bn": 0.05,
    "USD/kg": 0.05,
    "share": 0.005,
    "months": 0.05,
    "points": 0.5,
}
LUCK: Final = Finding.of("difference.luck")
OTHER_LINES: Final = Finding.of("difference.other_lines")


@dataclass(frozen=True)
class Measure:
    """A number of a history that is compared: its id, its unit, which way is better (1: more, -1:
    less), and how it is read, by draw.
    """

    id: str
    unit: str
    better: int
    read: Callable[[Histories], Mapping[int, float]]


@dataclass(frozen=True)
class Number:
    """A number of many histories: its value (None while the histories are too few), how to read it,
    and what it is against the twin.
    """

    id: str
    value: Finding | None = None
    note: Finding | None = None
    apart: Finding | None = None


@dataclass(frozen=True)
class ComparedNumber:
    """A number of a setting beside that of another, the difference, in how many of `of` pairs of
    histories it is better and worse, and whether that is more than luck; `of` is 0 where it is not
    compared.
    """

    id: str
    here: Finding
    there: Finding
    apart: Finding | None
    better: int = 0
    worse: int = 0
    of: int = 0
    sure: bool = False


def measures(asked: FindingRequest) -> tuple[Measure, ...]:
    """Return the numbers that are told, in their order."""

    def headline(name: str, unit: str) -> Measure:
        return Measure(name, unit, -1, lambda histories: histories.values(name))

    found = (
        Measure("stops", "days", 1, lambda histories: histories.first_stops(TWO_YEARS)),
        Measure("standing", "share", -1, lambda histories: histories.means(STANDING)),
        headline(LOST, "USD bn"),
        headline("cost_paid_24m", "USD bn"),
        Measure("peak", "USD/kg", -1, lambda histories: histories.peaks(f"prices/{asked.priced}")),
    )
    # what the exporter buys from itself is no dependence
    return found if asked.state == EXPORTER else (*found, headline(END, "share"))


# ---------------------------------------------------------------- ranges and differences


def range_finding(found: Range, unit: str) -> Finding:
    """Return a range with its unit."""
    return Finding.of("range", low=found.low, middle=found.middle, high=found.high, unit=unit)


def difference(between: PairedDifference | None, unit: str, twin: str = "") -> Finding | None:
    """Return a difference: typically how much, more than *twin* or in how many histories; none
    where luck alone would often make it, slight where it is too small to be shown. None while the
    pairs are too few.
    """
    if between is None or not between.stands_out:
        return None if between is None else LUCK
    way = "more" if between.more > between.less else "less"
    fields = {"times": max(between.more, between.less), "of": between.range.of}
    if abs(between.range.middle) < LEAST[unit]:
        return Finding.of(f"difference.slight.{way}", **fields)
    how = Finding.of("size", number=abs(between.range.middle), unit=unit)
    if twin:
        return Finding.of(f"difference.than.{way}", how=how, twin=twin)
    return Finding.of(f"difference.{way}", how=how, **fields)


def headline_difference(
    mine: Histories, twin: Histories, headline: str, unit: str, words: str = ""
) -> Finding | None:
    """Return a headline against the twin's; None while the pairs are too few."""
    return difference(paired_difference(mine.values(headline), twin.values(headline)), unit, words)


def same_lines(mine: Histories, twin: Histories) -> bool:
    """Return whether as many lines stood on the day before the count in a setting as in its twin:
    else their first stops are those of other lines.
    """
    here, there = (histories.usual(STANDING, 1) for histories in (mine, twin))
    pairs = [(value, there[number]) for number, value in here.items() if number in there]
    return len(pairs) < FEWEST_PAIRS or idle_at_start.same_lines(pairs)


def _brackets(found: Finding | None) -> Finding | None:
    return None if found is None else Finding.of("in_brackets", words=found)


# ---------------------------------------------------------------- the answer


def find_answer(mine: Histories, twin: Histories, asked: FindingRequest) -> tuple[Finding, ...]:
    """Return what the histories that have come say, in the order in which it is told."""
    found = (
        stops_answer(mine, twin, asked),
        _find_idle_lines(mine, twin, asked),
        _find_lost_and_paid(mine, twin, asked),
        _price(mine, twin, asked),
        _dependence(mine, twin, asked),
        _counted_from(mine, asked),
    )
    return tuple(one for one in found if one is not None)


def stops_answer(
    mine: Histories, twin: Histories, asked: FindingRequest, complete: bool = False
) -> Finding | None:
    """Return in how many histories a running line stops within two years, and in how many of the
    twin's with the same draws. complete: in brief, and nothing while those of the twin are not all
    there.
    """
    share, other = mine.stops(TWO_YEARS), twin.stops(TWO_YEARS, among=mine.drawn)
    between = first_stop_delay(mine, twin, TWO_YEARS)
    if share is None or (complete and (between is None or between.range.of < share.of)):
        return None
    if complete and other is not None and between is not None:
        way = "" if between.stands_out else ".luck"
        if not share.times or not same_lines(mine, twin):
            way = ".alone" if share.times else ".none"
        return Finding.of(
            f"stops.brief{way}",
            times=share.times,
            of=share.of,
            state=asked.state,
            twin=asked.twin,
            others=other.times or Finding.of("nowhere"),
            luck=LUCK,
        )
    said = Finding.of(
        "stops.some" if share.times else "stops.none",
        times=share.times,
        of=share.of,
        state=asked.state,
        span=_days(share),
    )
    if other is None or between is None:
        return Finding.of("stops.alone", said=said)
    if not same_lines(mine, twin):
        return Finding.of("stops.other_lines", said=said, twin=asked.twin)
    beside = Finding.of(
        "stops.twin.some" if other.times else "stops.twin.none",
        twin=asked.twin,
        times=other.times,
        of=other.of,
        span=_days(other),
    )
    if between.stands_out:
        return Finding.of("stops.apart", said=said, beside=beside)
    if not between.more and not between.less:
        return Finding.of("stops.luck", said=said, beside=beside, luck=LUCK)
    return Finding.of(
        "stops.luck.both_ways",
        said=said,
        beside=beside,
        less=between.less,
        more=between.more,
        luck=LUCK,
    )


def _days(share: Share) -> Finding:
    return Finding.of("days", days=share.days)


def _find_idle_lines(mine: Histories, twin: Histories, asked: FindingRequest) -> Finding | None:
    """Lines that stood already when the count begins, and those that stand in the two years."""
    before, means = range_of(mine.usual(STANDING, 1).values()), mine.means(STANDING)
    then = range_of(means.values())
    if before is None or then is None or max(before.high, then.high) < LEAST["share"]:
        return None
    between = paired_difference(means, twin.means(STANDING))
    return Finding.of(
        "standing.none_before" if before.high < LEAST["share"] else "standing",
        before=range_finding(before, "share"),
        then=range_finding(then, "share"),
        beside=_brackets(difference(between, "share", asked.twin)),
    )


def _find_lost_and_paid(mine: Histories, twin: Histories, asked: FindingRequest) -> Finding | None:
    lost, paid = mine.range(LOST), mine.range("cost_paid_24m")
    if lost is None or paid is None:
        return None
    return Finding.of(
        "lost_and_paid",
        lost=range_finding(lost, "USD bn"),
        beside=_brackets(headline_difference(mine, twin, LOST, "USD bn", asked.twin)),
        paid=range_finding(paid, "USD bn"),
    )


def _price(mine: Histories, twin: Histories, asked: FindingRequest) -> Finding | None:
    price = f"prices/{asked.priced}"
    peaks = mine.peaks(price)
    found, usual = range_of(peaks.values()), range_of(mine.usual(price).values())
    if found is None or usual is None:
        return None
    between = paired_difference(peaks, twin.peaks(price))
    return Finding.of(
        "price.dysprosium" if asked.priced == PRICED else "price",
        good=Finding.of("good.begins", good=asked.priced),
        state=asked.state,
        peak=range_finding(found, "USD/kg"),
        beside=_brackets(difference(between, "USD/kg", asked.twin)),
        usual=range_finding(usual, "USD/kg"),
    )


def _dependence(mine: Histories, twin: Histories, asked: FindingRequest) -> Finding | None:
    before, end = (mine.range(f"dependence_separated_{when}") for when in ("before", "end"))
    if before is None or end is None or asked.state == EXPORTER:
        return None
    claimed = not mine.estimated  # of years that the model has not run no difference is claimed
    apart_words = headline_difference(mine, twin, END, "share", asked.twin) if claimed else None
    return Finding.of(
        "dependence",
        state=asked.state,
        before=Finding.of("amount", number=before.middle, unit="share"),
        exporter=EXPORTER,
        end=range_finding(end, "share"),
        beside=_brackets(apart_words),
    )


def _counted_from(mine: Histories, asked: FindingRequest) -> Finding | None:
    """From which day is counted, and that what is set acts together where it is more than one
    thing.
    """
    if not asked.since or mine.stops(TWO_YEARS) is None:
        return None
    id = "counted_from.together" if len(asked.moved) > 1 else "counted_from"
    return Finding.of(id, day=asked.since)


def short_answer(
    mine: Histories, twin: Histories, asked: FindingRequest, complete: bool = False
) -> Finding | None:
    """Return what is lost, against the twin, and in how many histories a line stops; None while the
    histories are too few. complete: in brief, and nothing while those of the twin are not all
    there.
    """
    lost, stops = mine.range(LOST), mine.stops(TWO_YEARS)
    between = paired_difference(mine.values(LOST), twin.values(LOST))
    if lost is None or stops is None:
        return None
    if complete:
        if between is None or between.range.of < lost.of:
            return None
        against = difference(between, "USD bn", asked.twin)
        size = range_finding(lost, "USD bn")
        return Finding.of("short.brief", state=asked.state, sum=size, difference=against)
    how = "none" if not stops.times else "all" if stops.times == stops.of else "some"
    found = difference(between, "USD bn", asked.twin)
    return Finding.of(
        "short.luck" if found is LUCK else "short" if found is not None else "short.alone",
        state=asked.state,
        size=range_finding(lost, "USD bn"),
        apart=found,
        twin=asked.twin,
        stop=Finding.of(f"short.stop.{how}", times=stops.times, of=stops.of),
    )


def own_answer(mine: Histories, shipped: Histories, state: str) -> Finding | None:
    """Return what rows of one's own change, against the histories with the shipped rows; None while
    they are too few.
    """
    lost, found = shipped.range(LOST), headline_difference(mine, shipped, LOST, "USD bn")
    if lost is None or found is None:
        return None
    id = "own_rows.luck" if found is LUCK else "own_rows"
    return Finding.of(id, state=state, size=range_finding(lost, "USD bn"), apart=found)


# ---------------------------------------------------------------- its numbers


def find_numbers(mine: Histories, twin: Histories, asked: FindingRequest) -> tuple[Number, ...]:
    """Return the numbers of the histories that have come; of years that the model has not run no
    difference is claimed.
    """
    return tuple(
        _number(
            one,
            mine,
            twin,
            asked,
            claimed=not mine.estimated or is_soon(one.id) or one.id in EARLY,
        )
        for one in measures(asked)
    )


def _number(
    measure: Measure, mine: Histories, twin: Histories, asked: FindingRequest, claimed: bool = True
) -> Number:
    if measure.unit == "days":
        return _stops(mine, twin, asked)
    found = range_of(measure.read(mine).values())
    if found is None:
        return Number(measure.id)
    value, between = (
        range_finding(found, measure.unit),
        paired_difference(measure.read(mine), measure.read(twin)),
    )
    typical = Finding.of("typical", **value.fields)
    return Number(
        measure.id, value, typical, difference(between, measure.unit) if claimed else None
    )


def _stops(mine: Histories, twin: Histories, asked: FindingRequest) -> Number:
    share, other = mine.stops(TWO_YEARS), twin.stops(TWO_YEARS, among=mine.drawn)
    if share is None:
        return Number("stops")
    between, against = first_stop_delay(mine, twin, TWO_YEARS), None
    if other is not None and between is not None:
        counted = Finding.of("stops.count", times=other.times, of=other.of, twin=asked.twin)
        against = counted if between.stands_out else LUCK
    if not same_lines(mine, twin):
        against = OTHER_LINES
    note = Finding.of("stops.after" if share.times else "stops.nowhere", span=_days(share))
    return Number("stops", Finding.of("count", times=share.times, of=share.of), note, against)


def compare_numbers(
    mine: Histories, twin: Histories, asked: FindingRequest
) -> tuple[ComparedNumber, ...]:
    """Return the numbers of a setting and of another, each over the histories in which both have
    it; those that are not there yet are left out, and days of other lines are not compared.
    """
    rows = []
    for measure in measures(asked):
        values, others = measure.read(mine), measure.read(twin)
        between, both = paired_difference(values, others), values.keys() & others.keys()
        here, there = (
            _number(measure, one.among(both), Histories(), asked).value for one in (mine, twin)
        )
        if between is None or here is None or there is None:
            continue
        if measure.unit == "days" and not same_lines(mine, twin):
            rows.append(ComparedNumber(measure.id, here, there, OTHER_LINES))
            continue
        more, less = between.more, between.less
        better, worse = (more, less) if measure.better > 0 else (less, more)
        rows.append(
            ComparedNumber(
                measure.id,
                here,
                there,
                _compare_stop_dates(between)
                if measure.unit == "days"
                else difference(between, measure.unit),
                better,
                worse,
                between.range.of,
                between.stands_out,
            )
        )
    return tuple(rows)


def _compare_stop_dates(between: PairedDifference) -> Finding:
    """Whether lines stop sooner or later."""
    if not between.stands_out:
        return LUCK
    id = "stops.later" if between.more > between.less else "stops.sooner"
    return Finding.of(id, times=max(between.more, between.less), of=between.range.of)
