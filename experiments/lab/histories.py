"""Many histories of one setting: draws of parameter vector and luck together, as in
``experiments/worlds/draws.py``, and what they say of it as a distribution.

What the visitor set stays as it is set; everything else that is assumed, estimated or calibrated is
drawn. All settings share the draws, so that two settings differ, draw by draw, by what was set
alone. A draw is run for the first two years after the levers act, and then to the end: the first
answer rests on the short ones.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.lab.causal_trail import Trail, TrailWatch
from coercivity.experiments.lab.history import DRAWN, Lines
from coercivity.experiments.quantities.outcomes import HeadlineWatch
from coercivity.experiments.worlds.draws import Draw, draws
from coercivity.experiments.worlds.idle_at_start import FEWEST_PAIRS, LUCK, sign_test
from coercivity.model.basis.calendar import month_index
from coercivity.model.scenario.scenario import Scenario, with_changes
from coercivity.model.world import World

DRAWS: Final = 20
LEFT_OUT: Final = 10  # of so many draws a range leaves out one at each end
FEWEST: Final = 4  # of fewer draws no range is shown
SOON: Final = 24  # months after the levers act that are run first
MONTH: Final = 365.25 / 12  # days
SOON_ENDS: Final = ("_12m", "_24m", "_before")  # ids of headlines that two years are enough for
FIRST_STOP: Final = "first_stop_days"

Reader: TypeAlias = Callable[[Lines], Mapping[str, FloatArray]]


@cache
def lab_draws() -> tuple[Draw, ...]:
    """The draws of every ensemble: the same for all settings, so that two of them differ by the
    setting alone.
    """
    return tuple(draws(DRAWS))


def drawn_scenario(scenario: Scenario, fixed: tuple[str, ...], number: int) -> tuple[Scenario, int]:
    """The scenario with the vector of one draw, and its seed. Parameters that the scenario or the
    visitor sets (*fixed*) are kept.
    """
    one = lab_draws()[number]
    set_by_hand = {*fixed, *dict(scenario.parameters)}
    vector = {name: value for name, value in one.parameters if name not in set_by_hand}
    return with_changes(scenario, parameters=vector), one.seed


@dataclass(frozen=True)
class DrawnHistory:
    """One history: headlines of the state looked at (None where undefined) and series by month, for
    as many months as were run. `whole`: to the scenario's end. `estimated`: estimated from other
    runs (`lever_emulator.py`), all of it or the years after those that were run. `said`: the trail
    as bytes, as most are never asked for, and unpacked they are a third of a history; none where
    nothing was run.
    """

    headlines: Mapping[str, float | None]
    series: Mapping[str, FloatArray]
    whole: bool
    months: int  # from the start of the scenario
    estimated: bool = False
    said: bytes = b""

    @property
    def trail(self) -> Trail | None:
        """The records that say why, of the months that were run, unpacked anew for who asks."""
        return Trail.unpacked(self.said) if self.said else None

    def first_months(self, count: int) -> DrawnHistory:
        """Return what it says of its first months alone, as one that is run no further."""
        return replace(
            self,
            headlines={name: value for name, value in self.headlines.items() if is_soon(name)},
            series={name: values[:count] for name, values in self.series.items()},
            whole=False,
            months=count,
        )

    def packed(self) -> bytes:
        """As bytes, in single precision."""
        names = list(self.series)
        values = [math.nan if value is None else value for value in self.headlines.values()]
        stream = io.BytesIO()
        np.savez_compressed(
            stream,
            ids=np.array(list(self.headlines), dtype=np.str_),
            headlines=np.array(values, dtype=np.float32),
            names=np.array(names, dtype=np.str_),
            series=np.array([self.series[name] for name in names], dtype=np.float32),
            whole=np.array(self.whole),
            months=np.array(self.months),
            trail=np.frombuffer(self.said, dtype=np.uint8),
        )
        return stream.getvalue()

    @classmethod
    def unpacked(cls, data: bytes) -> DrawnHistory:
        """What `packed` made. Raises ValueError for anything else."""
        with np.load(io.BytesIO(data), allow_pickle=False) as held:
            values = held["headlines"].tolist()
            headlines = {
                str(name): None if math.isnan(value) else value
                for name, value in zip(held["ids"].tolist(), values, strict=True)
            }
            names = [str(name) for name in held["names"].tolist()]
            series = dict(zip(names, held["series"], strict=True))
            return cls(
                headlines,
                series,
                bool(held["whole"]),
                int(held["months"]),
                said=held["trail"].tobytes(),
            )


def run_history(
    scenario: Scenario,
    fixed: tuple[str, ...],
    number: int,
    state: str,
    since: str,
    read: Reader,
    months: int | None = None,
    check: Callable[[], None] | None = None,
) -> DrawnHistory:
    """Run one draw and read it for a state, headlines counted from the day *since*. months: only so
    many of its first months. check: called before each month; what it raises ends the run.
    """
    other, seed = drawn_scenario(scenario, fixed, number)
    last = other.months if months is None else min(months, other.months)
    world = World(other, seed, record=False, collect=False)
    try:
        at = month_index(scenario.start, since)
        watch = HeadlineWatch(world, more=DRAWN, target=state)
        trail = TrailWatch(world, state, at, at + SOON)
        for _ in range(last):
            if check is not None:
                check()
            world.step()
            watch.read(world)
            trail.read(world)
        values, whole = watch.values(since), last == other.months
        headlines = values if whole else {name: values[name] for name in values if is_soon(name)}
        records = watch.recording.records()
        series = read(Lines(records))
        return DrawnHistory(
            headlines, series, whole, last, said=trail.trail(world, records).packed()
        )
    finally:
        world.let_go()


def is_soon(headline: str) -> bool:
    """Whether two years say what a headline is; of the first stop they say whether it comes
    within them.
    """
    return headline == FIRST_STOP or headline.endswith(SOON_ENDS)


# ---------------------------------------------------------------- what many of them say


@dataclass(frozen=True)
class Range:
    """A number over histories: at most a tenth of them lies below `low`, half below `middle`, at
    most a tenth above `high`; `of` so many.
    """

    low: float
    middle: float
    high: float
    of: int


@dataclass(frozen=True)
class Share:
    """In how many histories something happens, and the middle of its days where it does."""

    times: int
    of: int
    days: float | None


class Histories:
    """Draws of one setting that have come so far, by number. at: the month at which the count
    begins.
    """

    def __init__(self, at: int = 0) -> None:
        self.at, self.drawn = at, dict[int, DrawnHistory]()
        self.heard = 0  # draws, or better ones of a draw, that have come
        self.ran: set[int] = set()  # draws of which the model has run something

    def add(self, number: int, one: DrawnHistory) -> None:
        """One more draw; a whole one in place of its first years, and these in place of those of
        one that was reckoned.
        """
        before = self.drawn.get(number)
        if before is None or (one.whole and not one.estimated):
            now = one
        elif before.estimated and not one.estimated:
            now = _splice_histories(one, before, self.at)
        else:
            now = before
        # in place of the old, and counted last: who draws a page meanwhile reads what was there
        self.drawn = {**self.drawn, number: now}
        if not one.estimated:
            self.ran = self.ran | {number}
        self.heard += 1

    def is_whole(self, number: int) -> bool:
        """Whether a draw has come to its end."""
        one = self.drawn.get(number)
        return one is not None and one.whole and not one.estimated

    def __len__(self) -> int:
        return len(self.drawn)

    @property
    def whole(self) -> int:
        """How many have come to their end."""
        return sum(one.whole and not one.estimated for one in self.drawn.values())

    @property
    def estimated(self) -> int:
        """How many are reckoned, at least in part."""
        return sum(one.estimated for one in self.drawn.values())

    def among(self, numbers: Collection[int]) -> Histories:
        """Return those of these numbers alone."""
        found = Histories(self.at)
        for number, one in self.drawn.items():
            if number in numbers:
                found.add(number, one)
        return found

    def values(self, headline: str) -> dict[int, float]:
        """A headline by draw, where it is defined."""
        found = {number: one.headlines.get(headline) for number, one in self.drawn.items()}
        return {number: value for number, value in found.items() if value is not None}

    def range(self, headline: str) -> Range | None:
        """The range of a headline; None while the draws that have it are too few."""
        return range_of(self.values(headline).values())

    def peaks(self, series: str, months: int = SOON) -> dict[int, float]:
        """Highest value of a series in so many months of the count, by draw, where it is
        defined.
        """
        return self._read(series, lambda line: line[self.at :][:months], np.nanmax, months)

    def means(self, series: str, months: int = SOON) -> dict[int, float]:
        """Mean of a series in so many months of the count, by draw, where it is defined."""
        return self._read(series, lambda line: line[self.at :][:months], np.nanmean, months)

    def usual(self, series: str, months: int = 6) -> dict[int, float]:
        """Mean of a series in so many months before the count (the first month where there is
        none), by draw, where it is defined.
        """
        first = max(0, self.at - months)
        return self._read(series, lambda line: line[first : max(self.at, 1)], np.nanmean)

    def _read(
        self,
        series: str,
        part: Callable[[FloatArray], FloatArray],
        rule: Callable[[FloatArray], Any],
        months: int = 1,
    ) -> dict[int, float]:
        found = {}
        for number, one in self.drawn.items():
            seen = part(np.asarray(one.series.get(series, ()), dtype=float))
            if len(seen) >= months and np.isfinite(seen).any():
                found[number] = float(rule(seen))
        return found

    def first_stops(self, within_days: float) -> dict[int, float]:
        """Days to the first stop by draw; a day more than *within_days* where none comes by then.
        Histories that were not run so far say nothing; without a limit only whole ones count.
        """
        return {
            number: within_days + 1.0
            if (day := one.headlines[FIRST_STOP]) is None
            else min(day, within_days + 1.0)
            for number, one in self.drawn.items()
            if FIRST_STOP in one.headlines
            and (
                (one.months - self.at) * MONTH >= within_days
                if math.isfinite(within_days)
                else one.whole
            )
        }

    def stops(
        self, within_days: float = math.inf, among: Collection[int] | None = None
    ) -> Share | None:
        """In how many histories, or of these draws, a line stops within so many days; None while
        the draws are too few.
        """
        days = self.first_stops(within_days)
        first = {draw: day for draw, day in days.items() if among is None or draw in among}
        if len(first) < FEWEST:
            return None
        found = [day for day in first.values() if day <= within_days and math.isfinite(day)]
        return Share(len(found), len(first), float(np.median(found)) if found else None)

    def band(self, series: str) -> FloatArray | None:
        """Lower edge, middle and upper edge of one series: 3 x months, NaN where fewer draws than
        FEWEST have the month; None while the draws that have the series are too few.
        """
        lines = [one.series[series] for one in self.drawn.values() if series in one.series]
        if len(lines) < FEWEST:
            return None
        months = max(len(line) for line in lines)
        stack = np.full((len(lines), months), np.nan)
        for row, line in zip(stack, lines, strict=True):
            row[: len(line)] = line
        return band_of(stack)


def _splice_histories(short: DrawnHistory, reckoned: DrawnHistory, at: int) -> DrawnHistory:
    """The first years as they were run, the others as they were reckoned. A stop that was reckoned
    within the years that were run, and did not come, does not come.
    """
    series = {
        name: np.concatenate([values, reckoned.series[name][len(values) :]])
        for name, values in short.series.items()
        if name in reckoned.series
    }
    headlines = {**reckoned.headlines, **short.headlines}
    later = reckoned.headlines.get(FIRST_STOP)
    if headlines.get(FIRST_STOP) is None and later and later > (short.months - at) * MONTH:
        headlines[FIRST_STOP] = later
    return DrawnHistory(headlines, series, True, reckoned.months, estimated=True, said=short.said)


def shared_draws(mine: Histories, twin: Histories) -> tuple[Histories, Histories]:
    """Return the draws that both have, each with as many months of the count on both sides."""
    here, there = Histories(mine.at), Histories(twin.at)
    others = twin.drawn
    for number, one in mine.drawn.items():
        other = others.get(number)
        if other is None:
            continue
        if one.whole != other.whole:
            count = min(one.months - mine.at, other.months - twin.at)
            one, other = one.first_months(mine.at + count), other.first_months(twin.at + count)
        here.add(number, one)
        there.add(number, other)
    return here, there


@dataclass(frozen=True)
class PairedDifference:
    """What a setting does to a number, history by history against its twin: the range of the
    differences, in how many it is more and in how many less.
    """

    range: Range
    more: int
    less: int

    @property
    def stands_out(self) -> bool:
        """Whether luck alone would seldom part the histories as unevenly."""
        return sign_test(self.more, self.less) < LUCK


def paired_difference(
    mine: Mapping[int, float], twin: Mapping[int, float]
) -> PairedDifference | None:
    """A number by draw against the twin's, draw by draw; None while the pairs are too few."""
    return count_differences(
        [value - twin[number] for number, value in mine.items() if number in twin]
    )


def count_differences(differences: Sequence[float]) -> PairedDifference | None:
    """Differences of pairs, in how many they are more and in how many less; None of few pairs, of
    which luck may part any as unevenly.
    """
    spread = range_of(differences)
    if spread is None or spread.of < FEWEST_PAIRS:
        return None
    more, less = (sum(sign * one > 0 for one in differences) for sign in (1, -1))
    return PairedDifference(spread, more, less)


def first_stop_delay(
    mine: Histories, twin: Histories, within_days: float
) -> PairedDifference | None:
    """Days to the first stop against the twin's, draw by draw; a stop that does not come within so
    many days counts as one day later.
    """
    here, there = (histories.first_stops(within_days) for histories in (mine, twin))
    return paired_difference(here, there)


def band_of(stack: FloatArray) -> FloatArray:
    """Return lower edge, median and upper edge of each column of draws x months, 3 x months.

    An edge is a draw: of n draws that have the month, floor(n / LEFT_OUT) lie beyond it. So at
    least eight of ten lie within, however few they are. NaN where fewer than FEWEST have it.
    """
    ordered = np.sort(stack, axis=0)  # NaN last
    count = (~np.isnan(stack)).sum(axis=0)
    last, out = np.maximum(count - 1, 0), count // LEFT_OUT
    ranks = np.stack([out, last // 2, (last + 1) // 2, last - out])
    low, under, over, high = np.take_along_axis(ordered, ranks, axis=0)
    return np.where(count >= FEWEST, np.stack([low, (under + over) / 2.0, high]), np.nan)


def range_of(values: Iterable[float]) -> Range | None:
    """Return the range of some numbers, its ends as `band_of` has them; None for too few.

    NaN is no number and is not counted.
    """
    held = np.fromiter(values, dtype=float)
    held = held[~np.isnan(held)]
    if len(held) < FEWEST:
        return None
    low, middle, high = band_of(held[:, np.newaxis])[:, 0].tolist()
    return Range(low, middle, high, len(held))
