"""A watch on a world that does not record: each month it reads the few series that experiments
need, seen from a target and a sender.

A run without tables takes a third of the time of one with them; an experiment of a thousand runs
keeps only its numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, group_sum
from coercivity.model.basis.goods import FIRST_SECTOR, PROCESS, STATE, processes
from coercivity.model.basis.names import GOOD_GROUPS, GOODS, SECTORS, STAGES
from coercivity.model.use.macro import dependent_value_added
from coercivity.model.world import World

K, G, T = len(SECTORS), len(GOODS), len(STAGES)
LOSSES: Final = (
    "output_lost",
    "cost_paid",
    "made_up",
    "gdp_effect",
    "investment_postponed",
    "planned",
)
RAW: Final = [GOODS.index(good) for good in (*GOOD_GROUPS["oxides"], *GOOD_GROUPS["metals"])]
PRESSES: Final = tuple(
    PROCESS[name]
    for name in ("make_magnet_standard", "make_magnet_heat_resistant", "make_magnet_smco")
)
SUPPORT: Final = (
    "grant",
    "loan",
    "equity",
    "tax_credit",
    "price_floor",
    "offtake",
    "stockpile",
)  # payments of governments for plants and stocks


@dataclass(frozen=True, eq=False)
class Trace:
    """Months x columns, by name (units in `Watch.read`); sums and shares are taken by whoever asks."""

    start: str
    series: dict[str, FloatArray]
    press_run: FloatArray  # months x magnet plants of the target, t/month
    press_normal: FloatArray  # t/month at the start
    events: tuple[tuple[int, str, str, str], ...]
    stood: BoolArray = field(
        default_factory=lambda: np.zeros((0, 0), dtype=bool)
    )  # months x end users of the target: whether its line stood
    lasts: FloatArray = field(
        default_factory=lambda: np.zeros((0, 0))
    )  # the same: the part of the month for which its stock lasted, 0-1

    def __getitem__(self, name: str) -> FloatArray:
        """One series, months x columns."""
        return self.series[name]

    def total(self, name: str, first: int, months: int) -> float:
        """Sum of a series over all its columns and `months` months from `first`."""
        return float(self.series[name][first : first + months].sum())


class Watch:
    """Reads a world after each step; `trace()` gives what was read."""

    def __init__(self, world: World, target: str = "Japan", sender: str = "China") -> None:
        self.target, self.sender = STATE[target], STATE[sender]
        firms, needs, links = world.firms, world.needs, world.links
        self.rows = np.flatnonzero(world.firms.is_end & (firms.state == self.target))
        self.sector = firms.sector[self.rows]
        self.value = (
            dependent_value_added()[self.target, self.sector]
            * firms.size[self.rows]
            * world.p.dependent_scale
        )
        self.needs = np.flatnonzero(np.isin(needs.firm, self.rows))
        self.need_sector = firms.sector[needs.firm[self.needs]]
        self.presses = np.flatnonzero(
            np.isin(firms.process, PRESSES) & (firms.state == self.target) & (firms.base_run > 0)
        )
        self.press_normal = firms.base_run[self.presses].copy()
        raw, into = np.isin(links.good, RAW), links.importer == self.target
        self.arriving = np.flatnonzero(raw & into & (links.exporter != self.target))
        self.from_sender = np.flatnonzero(into & (links.exporter == self.sender))
        self.leaving = np.flatnonzero(
            (links.exporter == self.sender) & (links.importer != self.sender)
        )
        self.raw_leaving = self.leaving[raw[self.leaving]]
        self.raw_from_sender = self.arriving[links.exporter[self.arriving] == self.sender]
        self.outside = firms.state != self.sender
        self.users = np.flatnonzero(firms.state[needs.firm] == self.target)
        self.maker = firms.process < FIRST_SECTOR
        self.stage = processes().stage[firms.process]
        self.read_so_far: dict[str, list[FloatArray]] = {}
        self.runs: list[FloatArray] = []
        self.stood: list[BoolArray] = []
        self.lasts: list[FloatArray] = []

    def read(self, world: World) -> None:
        """After a step. Money in USD million a month, by sector of the target, as the table macro
        has it: output_lost, cost_paid, made_up, gdp_effect, investment_postponed; planned: value
        added that depends on the part. exports, exports_to_target: what the sender state earns
        abroad, the price paid at its border: its firms' listed price and the premium on it, which
        goes to its traders; before tax, duty, quota rent and freight. support: paid by all
        governments. By good: raw_exported (by the sender), raw_from_sender, raw_imports (of the
        target), made_outside, made_world (t), world_price, target_price (USD/kg). By stage:
        capacity_outside, building_outside, capacity_world (t/year). alarm, distrust: of the target.
        """
        month = {
            **self._losses(world),
            **self._exports(world),
            **self._tonnes(world),
            "world_price": world.market.quote.copy(),
            "target_price": self._price_paid(world),
            **self._plants(world),
            "support": np.array(
                [sum(float(world.money.by_kind.get(kind, 0.0)) for kind in SUPPORT)]
            ),
            "alarm": world.beliefs.alarm[self.target, self.sender : self.sender + 1].copy(),
            "distrust": world.beliefs.distrust[self.target, self.sender : self.sender + 1].copy(),
        }
        for name, values in month.items():
            self.read_so_far.setdefault(name, []).append(values)
        self.runs.append(world.firms.run[self.presses].copy())
        self.stood.append(self._stopped(world))
        self.lasts.append(world.firms.lasts[self.rows])

    def _losses(self, world: World) -> dict[str, FloatArray]:
        """What the target's end users lose, pay and plan, by sector."""
        firms, needs, rows = world.firms, world.needs, self.rows
        dearer = np.maximum(needs.paid[self.needs] - needs.reference[self.needs], 0.0)
        extra = world.needs.used[self.needs] * dearer / 1000.0
        return {
            "output_lost": group_sum(world.firms.loss_gone[rows] * self.value, self.sector, K),
            "cost_paid": group_sum(extra, self.need_sector, K),
            "made_up": group_sum(world.firms.loss_made_up[rows] * self.value, self.sector, K),
            "gdp_effect": group_sum((firms.run - firms.plan)[rows] * self.value, self.sector, K),
            "investment_postponed": group_sum(world.firms.loss_postponed[rows], self.sector, K),
            "planned": group_sum(firms.plan[rows] * self.value, self.sector, K),
        }

    def _exports(self, world: World) -> dict[str, FloatArray]:
        """What the sender earns abroad, as model/books/money.py settles it."""
        worth = (
            world.offers.listed[world.links.offer]
            * np.exp(world.border.premium_charged[world.border.channel])
            * world.links.shipped
            / 1000.0
        )
        return {
            "exports": worth[self.leaving].sum(keepdims=True),
            "exports_to_target": worth[self.from_sender].sum(keepdims=True),
        }

    def _tonnes(self, world: World) -> dict[str, FloatArray]:
        """What is shipped raw and what is made, by good."""
        offers, good, tonnes = world.offers, world.links.good, world.links.shipped
        return {
            "raw_exported": group_sum(tonnes[self.raw_leaving], good[self.raw_leaving], G),
            "raw_from_sender": group_sum(
                tonnes[self.raw_from_sender], good[self.raw_from_sender], G
            ),
            "raw_imports": group_sum(tonnes[self.arriving], good[self.arriving], G),
            "made_outside": group_sum(offers.made * self.outside[offers.firm], offers.good, G),
            "made_world": group_sum(offers.made, offers.good, G),
        }

    def _price_paid(self, world: World) -> FloatArray:
        """What the target's users paid for what they used, by good."""
        needs, consumed = world.needs, world.needs.used[self.users]
        good = needs.good[self.users]
        paid = group_sum(needs.paid[self.users] * consumed, good, G)
        return np.asarray(paid / np.maximum(group_sum(consumed, good, G), 1e-12))

    def _plants(self, world: World) -> dict[str, FloatArray]:
        """Capacity that stands and that is being built, by stage."""
        capacity = world.firms.capacity * self.maker * 12.0
        building = world.works.pipeline.building * self.maker * 12.0
        return {
            "capacity_outside": group_sum(capacity * self.outside, self.stage, T),
            "capacity_world": group_sum(capacity, self.stage, T),
            "building_outside": group_sum(building * self.outside, self.stage, T),
        }

    def _stopped(self, world: World) -> BoolArray:
        """Whether each end user of the target stands for want of a part, as the table of events has
        it.
        """
        firms, rows = world.firms, self.rows
        lacking = np.zeros(len(firms), dtype=bool)
        lacking[world.needs.firm[self.needs[world.needs.lacking[self.needs]]]] = True
        below = firms.run[rows] < world.p.stop_threshold * firms.plan[rows]
        return np.asarray(below & (firms.plan[rows] > 0) & lacking[rows])

    def trace(self, world: World) -> Trace:
        """What was read so far."""
        series = {name: np.array(values) for name, values in self.read_so_far.items()}
        return Trace(
            world.start_name,
            series,
            np.array(self.runs),
            self.press_normal,
            tuple(world.ledger.events),
            np.array(self.stood),
            np.array(self.lasts),
        )


def run_watched(world: World, months: int, target: str = "Japan", sender: str = "China") -> Trace:
    """Step a world for some months under a watch."""
    watch = Watch(world, target, sender)
    for _ in range(months):
        world.step()
        watch.read(world)
    return watch.trace(world)
