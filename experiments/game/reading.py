"""Runs the world of a game under a watch and keeps what its pages and scores need, month by month:
the one place where a game meets the world.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.experiments.game.pieces import START, Game
from coercivity.experiments.game.setting import scenario_of
from coercivity.model.basis.calendar import day_at, month_name
from coercivity.model.basis.goods import CHINA, FIRST_SECTOR, processes
from coercivity.model.basis.names import GOOD_GROUPS, GOOD_STAGE, GOODS, STAGES, STATES, states_of
from coercivity.model.results.events import spells, words
from coercivity.model.scenario.firm_checks import is_plant_of
from coercivity.model.scenario.scenario import Scenario
from coercivity.model.world import World

S, G, T = len(STATES), len(GOODS), len(STAGES)
FIRM: Final = "Shin-Etsu Chemical"
FIRM_PLANTS: Final = (FIRM, "Shin-Etsu Vietnam")
CHAIN: Final = [
    g for g, name in enumerate(GOODS) if GOOD_STAGE[name] not in ("mining",)
]  # what counts as dependence: oxides, metal, magnets, motors
ROWS: Final = {
    name: [STATES.index(state) for state in states_of(name)]
    for name in ("China", "Japan", "United States", "EU", "World")
}


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read of one run, months x columns unless said otherwise. Money in USD million a
    month, tonnes a month.

    By state: lost (output lost), cost (extra cost of parts), gdp (effect on GDP), planned (value
    added that rests on the parts), from_china and bought (value at the start's prices of oxides,
    metal, magnets and motors), waiting (of those, orders from China that wait for a licence), spent
    (public money paid so far, less what came back), tension (of China towards the state), alarm and
    distrust (about China),
    sold_to (China's exports to it), motors (from China, t of magnet).
    By good: made (months x states x goods), price (as the world reads it), cover (months x states x
    goods: months of use in stock at users). capacity, building: months x states x stages, t a year.
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
    suppliers: FloatArray  # months x states: share of what the firm buys, by seller's state, at the start's prices
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
    """Reads a world after each step."""

    def __init__(self, world: World) -> None:
        firms, needs, offers, links = world.firms, world.needs, world.offers, world.links
        self.users = np.flatnonzero(world.firms.is_end)
        self.value = firms.value_added
        self.end_needs = np.flatnonzero(world.needs.of_end)
        self.end_state = firms.state[needs.firm[self.end_needs]]
        self.need_place = firms.state[needs.firm] * G + needs.good
        self.chain = np.flatnonzero(np.isin(links.good, CHAIN))
        self.chain_importer = links.importer[self.chain]
        self.china = np.flatnonzero(
            np.isin(links.good, CHAIN) & (links.exporter == CHINA) & (links.importer != CHINA)
        )
        motor = np.isin(links.good, [GOODS.index(name) for name in GOOD_GROUPS["motors"]])
        self.motors = np.flatnonzero(motor & (links.exporter == CHINA) & (links.importer != CHINA))
        self.leaving = np.flatnonzero((links.exporter == CHINA) & (links.importer != CHINA))
        self.offer_place = firms.state[offers.firm] * G + offers.good
        self.maker = firms.process < FIRST_SECTOR
        self.place = firms.state * T + processes().stage[firms.process]
        self.own = np.array(
            [any(is_plant_of(firm, name) for firm in FIRM_PLANTS) for name in world.firms.names]
        )
        self.rows: dict[str, list[FloatArray]] = {}
        self.stop = float(world.p.stop_threshold)
        self.usual: list[FloatArray] = []  # runs of the firm's plants in the first year
        self.opened: list[tuple[int, str, str]] = []
        self.status = firms.status.copy()

    def read(self, world: World) -> None:
        """After a step."""
        month = {
            **self._losses(world),
            **self._trade(world),
            "spent": _public_money(world),
            "motors": self._motors(world),
            "tension": world.politics.government_of_state[CHINA].tension.copy(),
            "alarm": world.beliefs.alarm[:, CHINA].copy(),
            "distrust": world.beliefs.distrust[:, CHINA].copy(),
            "price": world.market.quote.copy(),
            **self._goods(world),
            **self._plants(world),
            "credibility": np.array([world.beliefs.credibility[CHINA]]),
        }
        self._stops(world, month)
        self._firm(world, month)
        for name, values in month.items():
            self.rows.setdefault(name, []).append(values)
        self._openings(world)

    def _losses(self, world: World) -> dict[str, FloatArray]:
        """By state: output lost, extra cost of parts, effect on GDP, and value added that rests on
        the parts.
        """
        firms, needs = world.firms, world.needs
        dearer = np.maximum(needs.paid[self.end_needs] - needs.reference[self.end_needs], 0.0)
        extra = world.needs.used[self.end_needs] * dearer / 1000.0
        return {
            "lost": group_sum(world.firms.loss_gone * self.value, firms.state, S),
            "cost": group_sum(extra, self.end_state, S),
            "gdp": group_sum((firms.run - firms.plan) * self.value, firms.state, S),
            "planned": group_sum(firms.plan * self.value, firms.state, S),
        }

    def _trade(self, world: World) -> dict[str, FloatArray]:
        """By importer: bought at the start's prices, from China too, waiting for a licence there,
        and China's exports.
        """
        links = world.links
        shipped = world.links.shipped * links.base_cost / 1000.0
        worth = (
            world.offers.listed[links.offer]
            * np.exp(world.border.premium_charged[world.border.channel])
            * world.links.shipped
            / 1000.0
        )
        waiting = links.pending[self.china] * links.base_cost[self.china] / 1000.0
        return {
            "bought": group_sum(shipped[self.chain], self.chain_importer, S),
            "from_china": group_sum(shipped[self.china], links.importer[self.china], S),
            "waiting": group_sum(waiting, links.importer[self.china], S),
            "sold_to": group_sum(worth[self.leaving], links.importer[self.leaving], S),
        }

    def _motors(self, world: World) -> FloatArray:
        """Magnets in motors from China, by importer."""
        links = world.links
        return group_sum(world.links.shipped[self.motors], links.importer[self.motors], S)

    def _goods(self, world: World) -> dict[str, FloatArray]:
        """By state and good: what was made, and the months of use that users have in stock."""
        needs = world.needs
        stock, expected = (
            group_sum(of, self.need_place, S * G) for of in (needs.stock, needs.expected)
        )
        return {
            "made": group_sum(world.offers.made, self.offer_place, S * G),
            "cover": np.divide(stock, expected, out=np.full(S * G, np.nan), where=expected > 1e-9),
        }

    def _plants(self, world: World) -> dict[str, FloatArray]:
        """By state and stage: capacity that stands and that is being built, t a year."""
        building = world.works.pipeline.building
        return {
            "capacity": group_sum(world.firms.capacity * self.maker * 12.0, self.place, S * T),
            "building": group_sum(building * self.maker * 12.0, self.place, S * T),
        }

    def _openings(self, world: World) -> None:
        """Note the plants that opened this month."""
        firms = world.firms
        for row in np.flatnonzero((firms.status == 1) & (self.status == 0)):
            self.opened.append((world.month - 1, STATES[firms.state[row]], world.firms.names[row]))
        self.status = firms.status.copy()

    def _stops(self, world: World, out: dict[str, FloatArray]) -> None:
        """Lines of end users that stand this month, when their stock ran out, and what was missing;
        as model/results/events.py has it.
        """
        firms, needs = world.firms, world.needs
        lacks = np.zeros(len(firms), dtype=bool)
        lacks[needs.firm[np.flatnonzero(world.needs.lacking)]] = True
        down = (firms.run < self.stop * firms.plan) & (firms.plan > 0) & lacks
        left = np.where(
            world.needs.lacking, needs.stock / np.maximum(needs.base_use, 1e-12), np.inf
        )
        missing = np.zeros(len(firms), dtype=np.int64)
        for row in np.flatnonzero(down & world.firms.is_end):
            first, last = np.searchsorted(needs.firm, (row, row + 1))
            missing[row] = needs.good[first + int(left[first:last].argmin())]
        out["down"], out["day"] = (
            down[self.users].astype(np.float64),
            world.firms.lasts[self.users].copy(),
        )
        out["missing"] = missing[self.users].astype(np.float64)
        mine = self.own & (firms.base_run > 0)
        if len(self.usual) < 12:
            self.usual.append(firms.run[mine].copy())
        usual = np.mean(self.usual, axis=0)
        out["firm_down"] = np.array(
            [float((firms.run[mine] < self.stop * usual).sum()), float(mine.sum())]
        )

    def _firm(self, world: World, out: dict[str, FloatArray]) -> None:
        """The firm of the game: its plants at the start and those that it began."""
        firms, needs, offers, links = world.firms, world.needs, world.offers, world.links
        mine = self.own | world.firms.pledged
        mine_needs, mine_offers = (
            np.flatnonzero(mine[needs.firm]),
            np.flatnonzero(mine[offers.firm]),
        )
        old = self.own
        held = needs.stock[mine_needs] * needs.paid[mine_needs] / 1000.0
        use = (needs.expected[mine_needs] * needs.paid[mine_needs] / 1000.0).sum()
        out["firm"] = np.array(
            [
                firms.run[old].sum(),
                firms.run[mine & world.firms.is_press].sum(),
                offers.orders[mine_offers].sum(),
                (world.offers.sold[mine_offers] * offers.ask[mine_offers]).sum() / 1000.0,
                (world.needs.used[mine_needs] * needs.paid[mine_needs]).sum() / 1000.0,
                (firms.conversion[mine] * firms.run[mine]).sum() / 1000.0,
                held.sum(),
                held.sum() / max(use, 1e-12),
                world.offers.sold[mine_offers].sum(),
                offers.made[mine_offers].sum(),
            ]
        )
        lanes = np.flatnonzero(mine[needs.firm[links.need]])
        bought = group_sum(
            world.links.shipped[lanes] * links.base_cost[lanes], links.exporter[lanes], S
        )
        out["suppliers"] = bought / max(float(bought.sum()), 1e-12)

    def reading(self, world: World) -> Reading:
        """What was read so far."""
        arrays = {name: np.array(values) for name, values in self.rows.items()}
        for name, last in (("made", G), ("cover", G), ("capacity", T), ("building", T)):
            arrays[name] = arrays[name].reshape(-1, S, last)
        for array in arrays.values():
            array.setflags(write=False)
        apart = {
            name: arrays.pop(name)
            for name in ("down", "day", "missing", "firm_down", "suppliers", "credibility")
        }
        return Reading(
            months=world.month,
            series=arrays,
            names=tuple(world.firms.names[row] for row in self.users),
            user_state=world.firms.state[self.users].copy(),
            down=apart["down"] > 0.0,
            day=apart["day"],
            missing=apart["missing"].astype(np.int64),
            firm_down=apart["firm_down"],
            suppliers=apart["suppliers"],
            credibility=apart["credibility"][:, 0],
            events=tuple(world.ledger.events),
            plants=tuple(self.opened),
        )


def _public_money(world: World) -> FloatArray:
    """By state: public money paid so far, less what came back."""
    spent = np.zeros(S)
    for programme in world.support.programmes.values():
        spent += programme.payers * (programme.spent - programme.returned)
    return spent
