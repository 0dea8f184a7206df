"""What stands behind lines that stop, counted over many histories: stocks of users, what is missing
and in which industries, the exporter's office, what third countries re-sell, other states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from coercivity.experiments.findings.finding import (
    Finding,
    difference_finding,
    find_typical_pair,
    reads_alike,
)
from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.findings.pair_effects import Pairs, differences_beyond_luck
from coercivity.experiments.lab.causal_trail import Stop, Trail
from coercivity.experiments.lab.histories import (
    Histories,
    PairedDifference,
    paired_difference,
    range_of,
)
from coercivity.experiments.quantities.headlines import EXPORTER

STOCKED: Final = ("magnet_heat_resistant", "magnet_standard", "dysprosium_oxide")
FROM_EXPORTER: Final = "dependence/all/last_origin"
NAMED: Final = 2  # goods, sectors and states that are named
ALIKE: Final = 0.1  # of what is held; what differs by less is not told
FEW: Final = 0.5  # applications


def stocks(
    pairs: Pairs, mine: Histories, twin: Histories, asked: FindingRequest, alike: list[Finding]
) -> Iterator[Finding]:
    """What users hold over the two years, and what part of their purchases comes from the
    exporter.
    """
    sides = {
        good: [_means(pairs, one, f"cover/{good}") for one in (mine, twin)] for good in STOCKED
    }
    named = differences_beyond_luck(
        {good: _notable_difference(*both) for good, both in sides.items()}
    )
    for good in [*named][:NAMED]:
        yield from _typical_difference(
            "stocks", named[good], sides[good], "months of use", good=good, state=asked.state
        )
    if not named:
        alike.append(Finding.of("alike.stocks"))
    if asked.state == EXPORTER:
        return
    both = [_means(pairs, one, FROM_EXPORTER) for one in (mine, twin)]
    bought = paired_difference(*both)
    if bought is not None and bought.stands_out:
        yield from _typical_difference(
            "from_exporter", bought, both, "share", state=asked.state, exporter=EXPORTER
        )
    elif bought is not None:
        alike.append(Finding.of("alike.from_exporter", exporter=EXPORTER))


def _typical_difference(
    id: str, found: PairedDifference, sides: list[dict[int, float]], unit: str, **fields: str
) -> Iterator[Finding]:
    """A difference with the middles of both sides; nothing where it is sure, and too small to be
    told.
    """
    here, there = (range_of(one.values()) for one in sides)
    if here is None or there is None or reads_alike(here.middle, there.middle, unit):
        return
    beside = find_typical_pair(here.middle, there.middle, unit, found.more > found.less)
    yield difference_finding(id, found, beside=beside, **fields)


def _means(pairs: Pairs, histories: Histories, series: str) -> dict[int, float]:
    """Mean of a series over the two years, of the draws that the model has run on both sides."""
    means = histories.means(series, pairs.ends - pairs.at)
    return {number: means[number] for number in pairs.soon if number in means}


def _notable_difference(
    here: Mapping[int, float], there: Mapping[int, float]
) -> PairedDifference | None:
    """A difference, unless it is too small to be told."""
    found, usual = paired_difference(here, there), range_of(there.values())
    if found is None or usual is None or abs(found.range.middle) < ALIKE * usual.middle:
        return None
    return found


# ---------------------------------------------------------------- lines that stop


def stops(pairs: Pairs, asked: FindingRequest, alike: list[Finding]) -> Iterator[Finding]:
    """For want of what lines stand less or more, and in which industries they stop sooner or
    later.
    """
    held = _all_stops(pairs)
    if not held:
        return
    goods = sorted({stop.missing for stop in held})
    named = differences_beyond_luck(
        {good: pairs.compared(_idle_months_reader(good)) for good in goods}
    )
    for good in [*named][:NAMED]:
        here, there = pairs.middles(_idle_months_reader(good))
        more = named[good].more > named[good].less
        beside = find_typical_pair(here, there, "months of lines", more)
        yield difference_finding(
            "for_want", named[good], state=asked.state, good=good, beside=beside
        )
    sectors = sorted({stop.sector for stop in held})
    moved = differences_beyond_luck(
        {sector: _first_stop_difference(pairs, sector) for sector in sectors}
    )
    for sector in [*moved][:NAMED]:
        yield difference_finding(
            "first_stop.sector", moved[sector], sector=sector, state=asked.state
        )
    if not named:
        alike.append(Finding.of("alike.for_want", state=asked.state))
    if not moved:
        alike.append(Finding.of("alike.first_stop", state=asked.state))


def no_stops(pairs: Pairs, asked: FindingRequest) -> Iterator[Finding]:
    """That no line stands, where none does."""
    if not _all_stops(pairs):
        yield Finding.of("no_stops", of=len(pairs.soon), state=asked.state)


def _all_stops(pairs: Pairs) -> list[Stop]:
    return [stop for pair in pairs.soon.values() for one in pair for stop in one.stops]


def _idle_months_reader(good: str) -> Callable[[Trail], float]:
    """Months for which lines stand for want of a good, added up over the lines."""
    return lambda one: float(sum(stop.stands for stop in one.stops if stop.missing == good))


def _first_stop_difference(pairs: Pairs, sector: str) -> PairedDifference | None:
    """When a sector's first line stops within the two years; after them where none does."""
    never = float(pairs.ends)

    def month(one: Trail) -> float:
        known = (s.month for s in one.stops if s.sector == sector and s.month >= pairs.at)
        return float(min(known, default=never))

    return pairs.compared(month)


# ---------------------------------------------------------------- the border


def office(pairs: Pairs, asked: FindingRequest, alike: list[Finding]) -> Iterator[Finding]:
    """What the exporter's office answers, and what third countries re-sell."""
    if asked.state == EXPORTER:
        return
    yield from _answers(pairs, asked.state, alike)
    here, there = pairs.middles(lambda one: one.resold)
    if max(here, there) < 1.0:
        return
    found = pairs.compared(lambda one: one.resold)
    if found is None or not found.stands_out:
        alike.append(Finding.of("alike.resold"))
    elif abs(here - there) >= max(1.0, ALIKE * there):  # else sure, and too small to be told
        beside = find_typical_pair(here, there, "t", found.more > found.less)
        yield difference_finding("resold", found, state=asked.state, beside=beside)


def _answers(pairs: Pairs, state: str, alike: list[Finding]) -> Iterator[Finding]:
    """What part of the applications for goods to a state the exporter's office grants."""
    filed, of = pairs.middles(lambda one: one.office[0]), len(pairs.soon)
    if max(filed) < FEW:
        return
    found, (here, there) = pairs.compared(_approval_share), pairs.middles(_approval_share)
    border = {"exporter": EXPORTER, "state": state}
    none = [sum(pair[side].office[0] < FEW for pair in pairs.soon.values()) for side in (0, 1)]
    if 2 * none[0] > of:
        yield Finding.of("office.idle", times=none[0], of=of, filed=filed[1], **border)
    elif 2 * none[1] > of:
        yield Finding.of(
            "office.needed", times=none[1], of=of, share=here, filed=filed[0], **border
        )
    elif found is None or not found.stands_out:
        alike.append(Finding.of("alike.office", exporter=EXPORTER))
    elif not reads_alike(here, there, "share"):
        beside = find_typical_pair(here, there, "share", found.more > found.less)
        yield difference_finding("office", found, beside=beside, **border)


def _approval_share(one: Trail) -> float:
    """Part of the applications that the office grants; all where there is none."""
    return one.office[1] / one.office[0] if one.office[0] >= FEW else 1.0


# ---------------------------------------------------------------- other states


def find_stops_elsewhere(
    pairs: Pairs, asked: FindingRequest, alike: list[Finding]
) -> Iterator[Finding]:
    """Other states in which the first line stops sooner or later."""

    def first(state: str) -> Callable[[Trail], float]:
        return lambda one: float(one.stopped.get(state, pairs.ends))

    trails = (one for pair in pairs.soon.values() for one in pair)
    others = sorted({state for one in trails for state in one.stopped} - {asked.state})
    named = differences_beyond_luck({state: pairs.compared(first(state)) for state in others})
    for state in [*named][:NAMED]:
        yield difference_finding("first_stop.state", named[state], state=state)
    if not named:
        alike.append(Finding.of("alike.elsewhere"))
