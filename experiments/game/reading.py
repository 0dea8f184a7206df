"""Runs the world of a game under a watch and keeps what its pages and scores need, month by month:
the one place where a game meets the world.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.experiments.game.pieces import START, Game
from coercivity.experiments.game.setting import scenario_of
from coercivity.experiments.quantities.catalogue import GROUPS, Recorded, columns_of
from coercivity.experiments.quantities.recording import Recording
from coercivity.experiments.quantities.unchanging import ground_of
from coercivity.model.basis.calendar import day_at, month_name
from coercivity.model.basis.names import CHINA, GOODS, STATES, states_of
from coercivity.model.results.events import spells, words
from coercivity.model.results.records import Records
from coercivity.model.scenario.firm_checks import is_plant_of
from coercivity.model.scenario.scenario import Scenario
from coercivity.model.world import World

FIRM: Final = "Shin-Etsu Chemical"
FIRM_PLANTS: Final = (FIRM, "Shin-Etsu Vietnam")
ROWS: Final = {
    name: [STATES.index(state) for state in states_of(name)]
    for name in ("China", "Japan", "United States", "EU", "World")
}
SERIES: Final = {  # names in a game and in the catalogue; the sender is China
    "lost": "output_lost_by_state",
    "cost": "cost_paid_by_state",
    "gdp": "gdp_effect_by_state",
    "planned": "planned_by_state",
    "waiting": "waiting",
    "sold_to": "sold_to",
    "spent": "spent",
    "motors": "motors",
    "tension": "tension",
    "alarm": "alarm_by_state",
    "distrust": "distrust_by_state",
    "home_price": "home_price",
    "made": "made",
    "stock": "stock",
    "use": "expected",
    "capacity": "capacity_by_state",
    "building": "building_by_state",
}
ALSO: Final = ("stood", "lasts", "imported_by_separation", "credibility")
OF_FIRM: Final = (  # columns behind the figures of the firm, and of what opens
    *("run", "conversion", "pledged", "status", "shipped"),
    *("need_stock", "paid", "expected", "used", "lacking"),
    *("orders", "sold", "ask", "made"),
)


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read of one run, months x columns unless said otherwise. Money in USD million a
    month, tonnes a month. What is told of it is worked out in numbers.py.

    By state: lost (output lost), cost (extra cost of parts), gdp (effect on GDP), planned (value
    added that rests on the parts), imports and separated_in_china (oxides, metal and magnets bought
    abroad, in oxide equivalent, and those of them that were separated in China), waiting (orders of
    oxides to motors from China that wait for a licence, at the start's prices), spent (public money
    paid so far, less what came back), tension (of China towards the state), alarm and distrust
    (about China),
    sold_to (China's exports to it), motors (from China, t of magnet).
    By state and good: made, home_price (USD/kg), stock (t, at users) and use (what they expect).
    capacity, building: months x states x stages, t a year.
    firm: months x (run of the old plants, magnets made, ordered, sales, inputs, conversion, stock
    value, stock months, sold, made); t and USD million.
    down: months x end users in order of `users`; day: when in the month its stock ran out.
    """

    months: int
    series: dict[str, FloatArray]
    names: tuple[str, ...]  # of the end users
    user_state: IntArray
    down: BoolArray
    day: FloatArray
    missing: IntArray
    firm_down: FloatArray
    # months x states: share of what the firm buys, by seller's state, at the start's prices
    suppliers: FloatArray
    credibility: FloatArray  # China's, months
    events: tuple[tuple[int, str, str, str], ...]
    plants: tuple[tuple[int, str, str], ...]  # month, state, name of plants that opened in the run

    def __getitem__(self, name: str) -> FloatArray:
        return self.series[name]

    def of(self, name: str, government: str) -> FloatArray:
        """A series by state, summed over a government's states: months."""
        return np.asarray(self.series[name][:, ROWS[government]].sum(axis=1))

    def stops(self, government: str, first: int = 0) -> list[tuple[int, str, str, str]]:
        """First stop from a month on of each end user of a government's states: month, day, firm,
        what was missing; by time.
        """
        rows = np.flatnonzero(np.isin(self.user_state, ROWS[government]))
        who, begin, _ = spells(self.down[:, rows])
        found: dict[int, int] = {}
        for firm, month in zip(who.tolist(), begin.tolist(), strict=True):
            if month >= first:
                found.setdefault(firm, month)
        told = [
            (
                month,
                day_at(month_name(START, month), float(self.day[month, rows[firm]])),
                self.names[rows[firm]],
                words(GOODS[self.missing[month, rows[firm]]]),
            )
            for firm, month in found.items()
        ]
        return sorted(told)


def read_game(game: Game, months: int | None = None) -> Reading:
    """The reading of a game up to so many months (the end of the follow-up by default); worked out
    once for the same acts.
    """
    return read_scenario(scenario_of(game, months), game.seed)


@lru_cache(maxsize=32)
def read_scenario(scenario: Scenario, seed: int) -> Reading:
    """Run a scenario from its first month under a watch."""
    world = World(scenario, seed, record=False, collect=False)
    watch = Watch(world)
    for _ in range(scenario.months):
        world.step()
        watch.read(world)
    return watch.reading(world)


class Watch:
    """Reads a world after each step; `reading()` is what was read."""

    def __init__(self, world: World) -> None:
        self.recording = Recording(world, (*columns_of((*SERIES.values(), *ALSO)), *OF_FIRM))
        self.read = self.recording.read
        self.status = world.firms.status.copy()

    def reading(self, world: World) -> Reading:
        """What was read so far."""
        recorded = Recorded(self.recording.records(), ground=ground_of(world))
        records, users = recorded.records, np.flatnonzero(world.firms.is_end)
        series = {name: recorded[quantity] for name, quantity in SERIES.items()}
        imported = recorded["imported_by_separation"][:, :, GROUPS.index("all")]
        series |= {
            "imports": imported.sum(axis=2),
            "separated_in_china": imported[..., CHINA].copy(),
        }
        firm = Plants(recorded, world)
        series["firm"] = firm.figures()
        for array in series.values():
            array.setflags(write=False)
        stood = recorded["stood"]
        return Reading(
            months=world.month,
            series=series,
            names=tuple(world.firms.names[row] for row in users),
            user_state=world.firms.state[users].copy(),
            down=stood[:, users],
            day=recorded["lasts"][:, users],
            missing=_missing(records, stood)[:, users],
            firm_down=firm.stopped(),
            suppliers=firm.suppliers(),
            credibility=recorded["credibility"][:, CHINA],
            events=records.events,
            plants=tuple(_opened(records, self.status)),
        )


def _missing(records: Records, down: BoolArray) -> IntArray:
    """Months x firms: the good of which a line that stands ran out first, as
    model/results/events.py has it; 0 elsewhere.
    """
    who = records.structure
    missing = np.zeros(down.shape, dtype=np.int64)
    for month, row in zip(*np.nonzero(down), strict=True):
        needs = slice(*np.searchsorted(who.need_firm, (row, row + 1)))
        left = np.where(
            records["lacking"][month, needs],
            records["need_stock"][month, needs] / np.maximum(who.base_use[needs], 1e-12),
            np.inf,
        )
        missing[month, row] = who.need_good[needs][int(left.argmin())]
    return missing


def _opened(records: Records, status: IntArray) -> Iterator[tuple[int, str, str]]:
    """Month, state and name of the plants that opened; status: codes before the first month."""
    who, before = records.structure, status
    for month, now in enumerate(records["status"]):
        for row in np.flatnonzero((now == 1) & (before == 0)):
            yield month, STATES[who.firm_state[row]], who.names[row]
        before = now


class Plants:
    """The firm of the game: its plants at the start and those that it began."""

    def __init__(self, recorded: Recorded, world: World) -> None:
        self.records, self.ground = recorded.records, recorded.ground
        self.old = np.array(
            [any(is_plant_of(firm, name) for firm in FIRM_PLANTS) for name in world.firms.names]
        )
        self.is_press, self.stop = world.firms.is_press, float(world.p.stop_threshold)
        self.owned = [self.old | pledged.astype(bool) for pledged in self.records["pledged"]]

    def figures(self) -> FloatArray:
        """Months x what `Reading` says of the firm."""
        return np.array([self._figures(month, mine) for month, mine in enumerate(self.owned)])

    def _figures(self, month: int, mine: BoolArray) -> list[float]:
        now = {name: self.records[name][month] for name in OF_FIRM}
        who = self.records.structure
        needs, offers = np.flatnonzero(mine[who.need_firm]), np.flatnonzero(mine[who.offer_firm])
        worth = now["need_stock"][needs] * now["paid"][needs] / 1000.0
        use = (now["expected"][needs] * now["paid"][needs] / 1000.0).sum()
        return [
            now["run"][self.old].sum(),
            now["run"][mine & self.is_press].sum(),
            now["orders"][offers].sum(),
            (now["sold"][offers] * now["ask"][offers]).sum() / 1000.0,
            (now["used"][needs] * now["paid"][needs]).sum() / 1000.0,
            (now["conversion"][mine] * now["run"][mine]).sum() / 1000.0,
            worth.sum(),
            worth.sum() / max(use, 1e-12),
            now["sold"][offers].sum(),
            now["made"][offers].sum(),
        ]

    def stopped(self) -> FloatArray:
        """Months x (its plants of the start that stand, all of them)."""
        run = self.records["run"][:, self.old & (self.ground.base_run > 0)]
        usual = [np.mean(list(run[: min(month + 1, 12)]), axis=0) for month in range(len(run))]
        return np.array(
            [
                [float((now < self.stop * mean).sum()), float(len(now))]
                for now, mean in zip(run, usual, strict=True)
            ]
        )

    def suppliers(self) -> FloatArray:
        """Months x states: share of what the firm buys, by seller's state, at start prices."""
        links, rows = self.ground, []
        for shipped, mine in zip(self.records["shipped"], self.owned, strict=True):
            lanes = np.flatnonzero(mine[links.buyer])
            bought = group_sum(
                shipped[lanes] * links.base_cost[lanes], links.exporter[lanes], len(STATES)
            )
            rows.append(bought / max(float(bought.sum()), 1e-12))
        return np.array(rows)
