"""A half-year of a game month by month, as the wall of a class plays it: what moves between states,
what users have left, which lines stand, which plants open, what prices do, whose word is broken.

One run of the game's world gives it all; nothing is decided here. Frame 0 is the month before the
half-year, frames 1 to 6 are its months.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from coercivity.experiments.lab.recorded_run import RecordedRun
from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.facts import Facts
from coercivity.model.results.event_tables import words
from coercivity.viz.classroom.engine.game_run import Reading, reading_of, rows_of, run_of
from coercivity.viz.classroom.engine.game_scenario import before_play, scenario_of
from coercivity.viz.classroom.engine.game_state import ROUND_MONTHS, START, Deal, Game, Move
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT
from coercivity.viz.classroom.engine.numbers import NumberRequest, value
from coercivity.viz.classroom.engine.round_effects import replay_game
from coercivity.viz.classroom.engine.scoring import score_all

FRAMES: Final = ROUND_MONTHS + 1
FLOWS: Final = ("heavy_oxides", "magnets", "motors")  # groups of goods
BUYERS: Final = tuple(GOVERNMENT[seat] for seat in ("target", "ally", "bloc"))
STOCK: Final = "motor_heat_resistant"  # the part that end users wait for, and what a brief tells of
PRICED: Final = ("dysprosium_oxide", "ndpr_oxide")
PRICED_IN: Final = "Japan"
LEAST: Final = 1e-9


@dataclass(frozen=True)
class IdleSpell:
    """A spell in which the line of an end user stands: first and last frame that it was seen to
    stand (the last frame where it goes on), and what was missing.
    """

    name: str
    state: str
    first: int
    last: int
    missing: str

    def stands(self, frame: int) -> bool:
        """Whether it stands in a frame."""
        return self.first <= frame <= self.last


@dataclass(frozen=True)
class FirstStop:
    """The first stop of a line in the half-year, as the news tell it."""

    frame: int
    day: str
    government: str
    name: str
    missing: str


@dataclass(frozen=True)
class OpenedPlant:
    """A plant that opens."""

    frame: int
    state: str
    name: str


@dataclass(frozen=True)
class BrokenDeal:
    """A word that a seat breaks in the round: the deal and its id."""

    by: str
    id: str
    deal: Deal


@dataclass(frozen=True, eq=False)
class Replay:
    """What is drawn, by frame.

    flows: by group of goods, frames x from x to x separating state, t a month (motors: t of magnet
    in them). chosen: the group in which China's shipments abroad are cut most. stock: months
    of use of STOCK in stock at the users of each buying government. standing: lines of end users
    that stand in its states. prices: USD/kg in PRICED_IN. All three are numbers of the class
    (numbers.py), None where one is not defined. scores: of the seats that are played, after the
    round.
    """

    round: int
    months: tuple[str, ...]
    flows: dict[str, np.ndarray]
    chosen: str
    stock: dict[str, list[float | None]]
    standing: dict[str, list[float | None]]
    prices: dict[str, list[float | None]]
    lines: tuple[IdleSpell, ...]
    stops: tuple[FirstStop, ...]
    opened: tuple[OpenedPlant, ...]
    moves: tuple[tuple[str, Move], ...]
    deals: tuple[Deal, ...]
    broken: tuple[BrokenDeal, ...]
    scores: dict[str, float]

    def from_china(self, group: str, government: str) -> list[float]:
        """What China ships of a group to a government's states, by frame, t a month."""
        shipped = self.flows[group][:, Facts.default().china, rows_of(government)]
        return [float(tonnes) for tonnes in shipped.sum(axis=(1, 2))]


def replay(game: Game, number: int | None = None) -> Replay:
    """A round of a game, the last one by default; before the first round the half-year before the
    game, in which nobody of it has moved yet.
    """
    rounds = game.rounds if number is None else game.rounds[:number]
    return _replay(replace(game, rounds=rounds, predictions=()))


@lru_cache(maxsize=4)
def _replay(game: Game) -> Replay:
    until = game.now
    run = run_of(scenario_of(game, until), game.seed, flows=True)
    still = run_of(before_play(game), game.seed, flows=True) if game.still else run
    read, first = reading_of(run).as_long_as(until, reading_of(still)), until - FRAMES
    flows = {name: flows_by_frame(run, still, name) for name in FLOWS}
    played = game.rounds[-1] if game.rounds else None
    scores = score_all(read, game, until) if played else {}
    return Replay(
        round=game.played,
        months=tuple(month_name(START, first + frame) for frame in range(FRAMES)),
        flows=flows,
        chosen=most_cut(flows),
        stock={name: by_frame(NumberRequest("stock", name, STOCK), read, first) for name in BUYERS},
        standing={name: by_frame(NumberRequest("standing", name), read, first) for name in BUYERS},
        prices={
            good: by_frame(NumberRequest("price", PRICED_IN, good), read, first) for good in PRICED
        },
        lines=tuple(lines(run, first - game.still)),
        stops=tuple(sorted(stops(read, first), key=lambda stop: stop.frame)),
        opened=tuple(
            OpenedPlant(month - first, state, name)
            for month, state, name in read.plants
            if month > first
        ),
        moves=tuple(
            (seat, move) for seat in game.seats for move in (played.of(seat) if played else ())
        ),
        deals=played.deals if played else (),
        broken=tuple(
            BrokenDeal(by, held.id, held.deal)
            for when, by, held in replay_game(game).breaches
            if when == game.played
        ),
        scores={seat: scores[seat]["score"] for seat in game.seats if seat in scores},
    )


def flows_by_frame(run: RecordedRun, still: RecordedRun, group: str) -> np.ndarray:
    """Tonnes of a group of goods between states by frame; frames before a run are the first month
    of one in which nobody has moved.
    """
    flows, before = (one.flows(Facts.default().good_groups[group]) for one in (run, still))
    return np.concatenate([np.repeat(before[:1], FRAMES, axis=0), flows])[-FRAMES:]


def most_cut(flows: Mapping[str, np.ndarray]) -> str:
    """The group of goods in which China's shipments abroad are cut most over the frames.

    cut = sum over states max(t_0 - t_6, 0) / sum over states t_0      t: tonnes a month to a state
    """

    def cut(flow: np.ndarray) -> float:
        shipped = flow[:, Facts.default().china].sum(axis=-1)
        fallen = np.maximum(shipped[0] - shipped[-1], 0.0)
        return float(fallen.sum() / max(shipped[0].sum(), LEAST))

    return max(flows, key=lambda name: cut(flows[name]))


def by_frame(asked: NumberRequest, read: Reading, first: int) -> list[float | None]:
    """A number of the class after each month from *first* on; None where it is not defined."""
    found = (value(asked, read, month + 1) for month in range(first, read.months))
    return [one if np.isfinite(one) else None for one in found]


def lines(run: RecordedRun, first: int) -> Iterator[IdleSpell]:
    """The spells of lines that stand from a month on, by end user and time."""
    facts = Facts.default()
    who = run.structure
    for stop in run.stops():
        last = run.records.months - 1 if stop.last is None else stop.last
        if last >= first:
            yield IdleSpell(
                who.names[stop.firm],
                facts.states[who.firm_state[stop.firm]],
                max(0, stop.first - first),
                last - first,
                words(facts.goods[stop.missing]),
            )


def stops(read: Reading, first: int) -> Iterator[FirstStop]:
    """The stops that the news of the half-year tell: of the buying governments' states, each line's
    first of the half-year.
    """
    for government in BUYERS:
        for month, day, name, missing in read.stops(government, first + 1):
            yield FirstStop(month - first, day, government, name, missing)
