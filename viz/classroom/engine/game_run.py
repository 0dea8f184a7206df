"""Runs the world of a game under a watch and keeps what its pages and scores need, month by month:
the one place where a game meets the world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np

from coercivity import Scenario
from coercivity.experiments.lab.recorded_run import RecordedRun, run_recorded
from coercivity.model.basis.calendar import day_at, month_name
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.parts.ledger import Happening
from coercivity.model.results.event_tables import STOP_THRESHOLD, words
from coercivity.viz.classroom.engine.game_scenario import before_play, scenario_of
from coercivity.viz.classroom.engine.game_state import START, Game

FIRM: Final = "Shin-Etsu Chemical"
FIRM_PLANTS: Final = (FIRM, "Shin-Etsu Vietnam")
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


def rows_of(government: str) -> list[int]:
    """Rows of the states of a government, or of the world."""
    facts = Facts.default()
    return [facts.state_row[state] for state in facts.states_of(government)]


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
    series: dict[str, np.ndarray]
    names: tuple[str, ...]  # of the end users
    user_state: np.ndarray
    down: np.ndarray
    day: np.ndarray
    missing: np.ndarray
    firm_down: np.ndarray
    # months x states: share of what the firm buys, by seller's state, at the start's prices
    suppliers: np.ndarray
    credibility: np.ndarray  # China's, months
    events: tuple[Happening, ...]
    plants: tuple[tuple[int, str, str], ...]  # month, state, name of plants that opened in the run

    def __getitem__(self, name: str) -> np.ndarray:
        return self.series[name]

    def of(self, name: str, government: str) -> np.ndarray:
        """A series by state, summed over a government's states: months."""
        return np.asarray(self.series[name][:, rows_of(government)].sum(axis=1))

    def as_long_as(self, whole: int, still: Reading) -> Reading:
        """This reading as the end of one of so many months; those before it are each the first of
        another, in which nothing happened and nothing had been paid.
        """
        months = whole - self.months

        def long(mine: np.ndarray, before: np.ndarray) -> np.ndarray:
            return np.concatenate([np.repeat(before[:1], months, axis=0), mine])

        series = {name: long(mine, still[name]) for name, mine in self.series.items()}
        series["spent"][:months] = 0.0
        for array in series.values():
            array.setflags(write=False)
        return replace(
            self,
            months=whole,
            series=series,
            down=long(self.down, still.down),
            day=long(self.day, still.day),
            missing=long(self.missing, still.missing),
            firm_down=long(self.firm_down, still.firm_down),
            suppliers=long(self.suppliers, still.suppliers),
            credibility=long(self.credibility, still.credibility),
            events=tuple((months + at, who, kind, told) for at, who, kind, told in self.events),
            plants=tuple((months + at, state, name) for at, state, name in self.plants),
        )

    def stops(self, government: str, first: int = 0) -> list[tuple[int, str, str, str]]:
        """First stop from a month on of each end user of a government's states: month, day, firm,
        what was missing; by time.
        """
        rows = np.flatnonzero(np.isin(self.user_state, rows_of(government)))
        begins = self.down[:, rows].copy()
        begins[1:] &= ~self.down[:-1, rows]
        begins[:first] = False
        stopped = np.flatnonzero(begins.any(axis=0)).tolist()
        found = {firm: int(begins[:, firm].argmax()) for firm in stopped}
        told = [
            (
                month,
                day_at(month_name(START, month), float(self.day[month, rows[firm]])),
                self.names[rows[firm]],
                words(Facts.default().goods[self.missing[month, rows[firm]]]),
            )
            for firm, month in found.items()
        ]
        return sorted(told)


def read_game(game: Game, months: int | None = None) -> Reading:
    """The reading of a game up to so many months (the end of the follow-up by default); worked out
    once for the same acts.
    """
    read = read_scenario(scenario_of(game, months), game.seed)
    if not game.still:
        return read
    still = read_scenario(before_play(game), game.seed)
    return read.as_long_as(game.months if months is None else months, still)


def read_draw(game: Game, number: int, check: Callable[[], None] | None = None) -> Reading:
    """The reading of a game's decisions in the world of one draw, to the end of the follow-up.
    check: called before each month; what it raises ends the run.
    """
    read = reading_of(run_of(scenario_of(game), game.seed, draw=number, check=check))
    if not game.still:
        return read
    still = reading_of(run_of(before_play(game), game.seed, draw=number))
    return read.as_long_as(game.months, still)


@lru_cache(maxsize=32)
def read_scenario(scenario: Scenario, seed: int) -> Reading:
    """Run a scenario from its first month and read it."""
    return reading_of(run_of(scenario, seed))


def run_of(scenario: Scenario, seed: int, **how: Any) -> RecordedRun:
    """The run of a scenario, recorded as games are read; how: as `run_recorded` takes it."""
    return run_recorded(scenario, seed, (*SERIES.values(), *ALSO), OF_FIRM, **how)


def reading_of(run: RecordedRun) -> Reading:
    """What is read of a run."""
    facts = Facts.default()
    records, users = run.records, np.flatnonzero(run.structure.firm_sector >= 0)
    series = {name: run[quantity] for name, quantity in SERIES.items()}
    imported = run["imported_by_separation"][:, :, 0]  # of all elements together
    series |= {
        "imports": imported.sum(axis=2),
        "separated_in_china": imported[..., facts.china].copy(),
    }
    firm = Plants(run)
    series["firm"] = firm.figures()
    for array in series.values():
        array.setflags(write=False)
    stood = run["stood"]
    return Reading(
        months=records.months,
        series=series,
        names=tuple(run.structure.names[row] for row in users),
        user_state=run.structure.firm_state[users].copy(),
        down=stood[:, users],
        day=run["lasts"][:, users],
        missing=_missing_goods(run, stood)[:, users],
        firm_down=firm.stopped(),
        suppliers=firm.suppliers(),
        credibility=run["credibility"][:, facts.china],
        events=records.events,
        plants=tuple(_opened_plants(run)),
    )


def _missing_goods(run: RecordedRun, down: np.ndarray) -> np.ndarray:
    """Months x firms: the good of which a line that stands ran out first, as
    model/results/event_tables.py has it; 0 elsewhere.
    """
    records, who = run.records, run.structure
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


def _opened_plants(run: RecordedRun) -> Iterator[tuple[int, str, str]]:
    """Month, state and name of the plants that opened."""
    who, before = run.structure, run.status_before
    for month, now in enumerate(run.records["status"]):
        for row in np.flatnonzero((now == 1) & (before == 0)):
            yield month, Facts.default().states[who.firm_state[row]], who.names[row]
        before = now


class Plants:
    """The firm of the game: its plants at the start and those that it began."""

    def __init__(self, run: RecordedRun) -> None:
        self.records, self.ground, who = run.records, run.ground, run.structure
        # 'TDK (standard)' is a plant of TDK
        self.old = np.array([name.partition(" (")[0] in FIRM_PLANTS for name in who.names])
        self.is_press = (who.firm_sector < 0) & (run.stage >= STAGES.index("magnet"))
        self.owned = [self.old | pledged.astype(bool) for pledged in self.records["pledged"]]

    def figures(self) -> np.ndarray:
        """Months x what `Reading` says of the firm."""
        return np.array([self._figures(month, mine) for month, mine in enumerate(self.owned)])

    def _figures(self, month: int, mine: np.ndarray) -> list[float]:
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

    def stopped(self) -> np.ndarray:
        """Months x (its plants of the start that stand, all of them)."""
        run = self.records["run"][:, self.old & (self.ground.base_run > 0)]
        usual = [np.mean(list(run[: min(month + 1, 12)]), axis=0) for month in range(len(run))]
        return np.array(
            [
                [float((now < STOP_THRESHOLD * mean).sum()), float(len(now))]
                for now, mean in zip(run, usual, strict=True)
            ]
        )

    def suppliers(self) -> np.ndarray:
        """Months x states: share of what the firm buys, by seller's state, at start prices."""
        links, rows = self.ground, []
        for shipped, mine in zip(self.records["shipped"], self.owned, strict=True):
            lanes = np.flatnonzero(mine[links.buyer])
            worth = shipped[lanes] * links.base_cost[lanes]
            bought = np.bincount(
                links.exporter[lanes], weights=worth, minlength=len(Facts.default().states)
            )
            rows.append(bought / max(float(bought.sum()), 1e-12))
        return np.array(rows)
