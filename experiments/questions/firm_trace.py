"""One firm, month by month: what it saw, what it chose, what it rejected. A world is run under a
watch that reads this firm's rows alone.

The watch reads at two moments of the month: when orders are out (what the firm knew and decided as
a buyer) and when the month is over (what came of it). A target cover and the value of a project are
those of the rules (`Buyer.wanted_cover`, `Investor.appraise`), asked again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.agents.tables import OPTION
from coercivity.experiments.questions.firm_licences import applications, papers_of
from coercivity.experiments.questions.firm_lines import Lines, month_lines
from coercivity.experiments.questions.firm_month import (
    Application,
    FirmMonth,
    InputChoice,
    ProjectLook,
    Supplier,
)
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.errors import unknown_value_error
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import processes
from coercivity.model.scenario.scenario import Scenario
from coercivity.model.world import World

LEAST: Final = 1e-9


@dataclass(frozen=True)
class FirmTrace:
    """The history of one firm: its months in numbers, and what is worth telling of each."""

    firm: str
    state: str
    does: str  # process or sector
    stage: str
    months: tuple[FirmMonth, ...]
    lines: tuple[Lines, ...] = field(repr=False)  # saw, chose, rejected
    applications: tuple[Application, ...] = ()  # for licences, in the order of their filing
    watched: tuple[float, ...] = ()  # part of it on a watch list (0-1), at the end of each month


class WatchedWorld(World):
    """A world that tells its watch when orders are out and when decisions to build are taken. It
    lives the same history as any other.
    """

    watch: FirmWatch

    def order(self) -> None:
        """Orders by link; a look after."""
        super().order()
        self.watch.ordered(self)

    def invest(self) -> None:
        """Plants open, firms decide; a look before and after."""
        self.watch.before_investing(self)
        super().invest()
        self.watch.invested(self)


class FirmWatch:
    """Reads one firm of a world, by name. Raises InputError for a name that no firm has."""

    def __init__(self, world: World, firm: str) -> None:
        if firm not in world.firms.names:
            raise unknown_value_error("firm", firm, world.firms.names)
        self.row = world.firms.names.index(firm)
        self.needs: IntArray = np.flatnonzero(world.needs.firm == self.row)
        self.links = [np.flatnonzero(world.links.need == need) for need in self.needs]
        self.offers: IntArray = np.flatnonzero(world.offers.firm == self.row)
        self.seen: list[InputChoice] = []
        self.look: ProjectLook | None = None
        self.built = 0.0
        self.under_way = self.had = 0.0
        self.beliefs: tuple[tuple[int, float, float], ...] = ()
        self.months: list[FirmMonth] = []
        self.watched: list[float] = []

    def ordered(self, world: World) -> None:
        """When orders are out: stocks, prices, beliefs, targets, and how the order is spread."""
        needs, state = world.needs, int(world.firms.state[self.row])
        target = world.everyone.wanted_cover(world.politics)
        usual = needs.price_start * world.market.rise
        self.seen = []
        for need, links in zip(self.needs, self.links, strict=True):
            self.seen.append(
                InputChoice(
                    good=world.facts.goods[needs.good[need]],
                    stock=float(needs.stock[need]),
                    on_the_way=float(needs.pipeline[need] + needs.pending[need]),
                    expected=float(needs.expected[need]),
                    fill=float(needs.fill[need]),
                    paid=float(needs.paid[need]),
                    reference=float(usual[need]),
                    habit=float(needs.cover[need]),
                    target=float(target[need]),
                    ordered=float(world.needs.wanted[need]),
                    suppliers=self._suppliers(world, links),
                )
            )
        sellers = (
            np.unique(np.concatenate([world.links.exporter[links] for links in self.links]))
            if self.links
            else np.zeros(0, np.int64)
        )
        beliefs = world.beliefs
        self.beliefs = tuple(
            (int(s), float(beliefs.alarm[state, s]), float(beliefs.distrust[state, s]))
            for s in sellers
        )

    def _suppliers(self, world: World, rows: IntArray) -> tuple[Supplier, ...]:
        links, firms, p, acts = world.links, world.firms, world.p, world.politics.firm_acts
        now = links.share[rows]
        aversion = p.distrust_gain * world.beliefs.of_links(links.pair[rows], links.good[rows])
        kept = np.broadcast_to(np.asarray(acts.pull, dtype=float), (len(links),))[rows]
        sellers = world.offers.firm[links.offer[rows]]
        words = ("planned", "open", "closed", "closed")
        return tuple(
            Supplier(
                name=world.firms.names[seller],
                state=int(firms.state[seller]),
                share=float(now[k]),
                weight=float(links.weight[row]),
                cost=float(links.cost[row] / links.base_cost[row]),
                aversion=float(aversion[k]),
                fill=float(links.fill[row]),
                sensitivity=float(links.sensitivity[row]),
                turned_away=1.0 - float(kept[k]),
                qualified=bool(world.links.qualified[row]),
                sought=float(links.seek[row]),
                qualify=float(links.qualify[row] * p.qualification_time),
                state_of=words[int(firms.status[seller])],
            )
            for k, (row, seller) in enumerate(zip(rows.tolist(), sellers.tolist(), strict=True))
        )

    def before_investing(self, world: World) -> None:
        """What is under way and in place before this month's decisions."""
        self.under_way, self.had = (
            float(world.works.pipeline.building[self.row]),
            float(world.firms.capacity[self.row]),
        )

    def invested(self, world: World) -> None:
        """What was begun; for the holder of an option whose month it is, value and hurdle as they
        stood when it looked.
        """
        building, row, month = world.works.pipeline.building, self.row, world.month
        self.built = max(
            0.0, float(building[row] + world.firms.capacity[row]) - self.under_way - self.had
        )
        self.look = None
        due = (
            world.firms.option_size[row] > 0
            and world.firms.decision_month[row] == month % 12
            and world.firms.status[row] == OPTION
            and self.had <= LEAST
        )
        may = self.under_way > 0 or world.firms.option_from[row] <= month
        if not (world.on["M9"] and due and may):
            return
        now = float(building[row])
        building[row] = (
            self.under_way
        )  # as it stood when it looked: a plant's own tonnes under way stand in its value
        seen = world.everyone.appraise(
            np.array([row]),
            world.clock.normals("investor", len(world.firms))[[row]],
            works=world.works,
            beliefs=world.beliefs,
            politics=world.politics,
            support=world.support,
            p=world.p,
        )
        building[row] = now
        given_up, begun = self.under_way > 0 and now <= 0, self.under_way <= 0 and now > 0
        done = (
            "give up"
            if given_up
            else "build"
            if begun
            else "go on"
            if self.under_way > 0
            else "wait"
        )
        self.look = ProjectLook(float(seen.value[0]), float(seen.hurdle[0]), done)

    def read(self, world: World) -> None:
        """After a step: what came of it."""
        firms, offers, needs, row = world.firms, world.offers, world.needs, self.row
        after = tuple(
            replace(
                seen,
                used=float(world.needs.used[need]),
                left=float(needs.stock[need]),
                lacking=bool(world.needs.lacking[need]),
                saving=float(needs.coefficient[need] / needs.recipe[need]),
            )
            for seen, need in zip(self.seen, self.needs, strict=True)
        )
        listed: FloatArray = offers.yields[self.offers] * offers.lead[self.offers]
        start = float(listed @ offers.base_price[self.offers])
        self.watched.append(float(firms.watched[row]))
        self.months.append(
            FirmMonth(
                month=month_names(world.start_name, world.month)[-1],
                needs=after,
                beliefs=self.beliefs,
                run=float(firms.run[row]),
                plan=float(firms.plan[row] if world.firms.is_end[row] else world.firms.wish[row]),
                capacity=float(firms.capacity[row]),
                building=float(world.works.pipeline.building[row]),
                built=self.built,
                margin=float(firms.margin[row]),
                price=float(listed @ offers.ask[self.offers]) / start
                if start > 0
                else float("nan"),
                status=int(firms.status[row]),
                look=self.look,
                papers=papers_of(world, np.concatenate([*self.links, np.zeros(0, np.int64)])),
            )
        )


def trace_firm(scenario: Scenario, firm: str, seed: int = 1) -> FirmTrace:
    """Run one world of a checked scenario and return the history of one firm, by the name that the
    table firms gives it.

    Raises InputError for a name that no firm has. The world does not record: a run of 180 months
    takes about as long as any without tables.
    """
    world = WatchedWorld(scenario, seed, record=False, collect=False)
    watch = world.watch = FirmWatch(world, firm)
    for _ in range(scenario.months):
        world.step()
        watch.read(world)
    facts, process = world.facts, int(world.firms.process[watch.row])
    maker = process < facts.first_sector
    months = tuple(watch.months)
    looks: list[tuple[str, ProjectLook] | None] = [None]  # the last look before each month
    for month in months:
        looks.append((month.month, month.look) if month.look is not None else looks[-1])
    return FirmTrace(
        firm=firm,
        state=facts.states[world.firms.state[watch.row]],
        does=(*facts.processes, *facts.sectors)[process],
        stage=STAGES[processes(facts).stage[process]],
        months=months,
        lines=tuple(
            month_lines(month, facts.states, maker=maker, looked=looked)
            for month, looked in zip(months, looks, strict=False)
        ),
        applications=applications([month.papers for month in months]),
        watched=tuple(watch.watched),
    )
