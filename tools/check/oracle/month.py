"""The oracle: a Mesa model of one-object-per-firm agents that can take over the state of a World
and play the core month.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from coercivity.agents.base.mesa import BaseModel
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.goods import goods, processes
from coercivity.model.parts.recycling import OXIDES, USERS
from coercivity.model.use.recycling import MOST, YIELD
from coercivity.model.world import World
from tools.check.oracle.firm import LEVEL_2009, LEVEL_MONTHS, Firm
from tools.check.oracle.foresight import Foresight, note_what_passed
from tools.check.oracle.parts import Channel, Link, Need, Offer
from tools.check.oracle.producer import between

FACTS = Facts.default()
ELEMENTS, GOODS, PROCESSES = FACTS.elements, FACTS.goods, FACTS.processes
SECTORS, STATES = FACTS.sectors, FACTS.states
PLANT_OF = {
    "light_concentrate": "separate_light",
    "heavy_concentrate": "separate_heavy",
}  # whose basket an ore is priced on

# columns of the World that are attributes of the objects, and those that a month leaves alone
COLUMNS = {
    "firms": (
        *("capacity", "available", "base_run", "desired", "run", "plan", "backlog", "finished"),
        *("conversion", "capex", "cost", "base_cost", "margin", "base_margin", "trend"),
        *("wish", "lasts"),
    ),
    "needs": (
        *("coefficient", "cover", "stock", "pipeline", "expected", "base_use", "arrived", "fill"),
        *("thrift", "recipe", "swap", "usual_swap", "redesign", "paid", "replacement"),
        *("worth", "price_start"),
        *("wanted", "used", "documented", "lacking"),
    ),
    "offers": (
        *("yields", "ask", "base_price", "floor", "cover", "stock", "opening"),
        *("unfinished", "orders", "sales", "made", "lead"),
    ),
    "links": (
        *("share", "habit", "weight", "fill", "seek", "qualify", "days", "vat", "freight"),
        *("base_cost", "cost", "spot", "orders", "allowed", "shipped", "qualified"),
    ),
}
GIVEN = {
    "firms": ("state", "process"),
    "needs": ("firm", "good", "parts", "part"),
    "offers": ("firm", "good"),
    "links": ("need", "offer", "opened"),
}
# of channels: what is in force there, and what a month moves
MEASURES = ("licensed", "shut", "cut", "banned", "halted", "quota", "rationed", "rent", "normal")
ACTS = ("licensed", "cut", "banned", "halted")  # as they stand on a month's last day
BELIEFS = ("passes", "said", "since", "passed")
GAPS = ("premium", "contract")
BY_GOOD = ("abroad", "gap", "unserved", "held", "sold_of_ore")  # what is expected
UNKNOWN = ("duty", "tariff", "licensed", "dual_use", "banned", "third", "cut", "halted", "rent")
PHASES = ("arrive", "order", "charge", "clear", "ship", "produce", "adapt")
# share of magnets at the end of their life that is collected at the prices of the start
RECYCLING_SHARE = 0.01
RECYCLING_ELASTICITY = 1.0  # response of collection to the value of what a magnet holds
RECYCLING_MONTHS = 36.0  # mean time in which collection follows the price
MAGNET_LIFE = 12.0  # mean life of a magnet in use


@dataclass
class Scrap:
    """One oxide in magnets in use, and what comes back of it."""

    process: str  # plants that can take it
    element: int
    in_use: float  # t of oxide
    booked: float
    of_state: dict[str, float]  # t recycled this month in states with such plants
    use_of_state: dict[str, float]
    of_nobody: float = 0.0  # t recycled in the others
    use: float = 0.0


class Oracle(BaseModel):
    """Firms as objects, and the little that they share: quotes, beliefs, element books."""

    def __init__(self, parameters: Any) -> None:
        super().__init__(rng=1)
        self.p = parameters
        self.month = 0
        self.since_2009 = 0  # months from January 2009 to the start
        self.level = self.level_start = self.dearer = 1.0
        table = goods(FACTS)
        self.elements = len(ELEMENTS)
        self.content = {good: [float(x) for x in table.content[g]] for g, good in enumerate(GOODS)}
        self.sensitivity = {good: float(table.sensitivity[g]) for g, good in enumerate(GOODS)}
        slow = self.p.redesign_elasticity * table.redesign
        self.redesign = dict(zip(GOODS, slow.tolist(), strict=True))  # slow elasticity by good
        self.recipes = {
            plant: {
                good: float(processes(FACTS).outputs[PROCESSES.index(plant), g])
                for g, good in enumerate(GOODS)
            }
            for plant in PLANT_OF.values()
        }
        self.quote: dict[str, float] = {}
        self.quote_start: dict[str, float] = {}
        self.anchor: dict[str, float] = {}  # what prices have taught of worth
        self.believed_to_end = 0.0  # of what is dug without a quota
        self.abroad: dict[str, float] = {}  # worth of a kilogram there over what it costs
        self.unserved: dict[str, float] = {}  # t/month that makers outside would be asked for
        self.gap: dict[str, float] = {}  # log of what sellers there ask beyond it
        self.held: dict[str, bool] = {}  # by a border somewhere
        self.sold_of_ore: dict[str, float] = {}  # what is made over what found users at first
        self.led: dict[str, bool] = {}  # goods that plants are run for
        self.basket: dict[str, float] = {}
        self.netback: dict[str, float] = {}
        self.bearable: dict[str, float] = {}
        self.separation_cost: dict[str, float] = {}  # USD/kg of ore, at the start
        # importer, exporter and good -> 0-1
        self.distrust: dict[tuple[str, str, str], float] = {}
        self.books: dict[str, list[float]] = {}
        self.scrap: dict[str, Scrap] = {}
        self.collected = 0.0  # share of worn-out magnets
        self.worn_where: dict[str, float] = {}
        self.on_side: dict[tuple[str, bool], list[Offer]] = {}  # of the exporter's border
        self.channels: list[Channel] = []
        self.firms: list[Firm] = []
        self.needs: list[Need] = []
        self.offers: list[Offer] = []
        self.links: list[Link] = []

    @property
    def rise(self) -> float:
        """Level of costs over that of the start."""
        return self.level / self.level_start

    # ---- the core month

    def step(self) -> None:
        """Arrivals, orders, delivered costs, rationing and prices, shipping, production,
        adaptation. Plans, beliefs and quotas stand still.
        """
        for phase in PHASES:
            getattr(self, phase)()
        self.month += 1

    def arrive(self) -> None:
        """Costs rise by the same part each month from 0.6 in January 2009 to 1 in January 2024;
        freight due this month reaches its buyer.
        """
        left = LEVEL_MONTHS - self.since_2009 - self.month
        level = LEVEL_2009 ** (between(0.0, left, LEVEL_MONTHS) / LEVEL_MONTHS)
        self.dearer, self.level = level / self.level, level
        self.agents.do("arrive")

    def order(self) -> None:
        """All plan their runs, then all order, then all look ahead."""
        self.agents.do("plan_run")
        self.agents.do("order")
        self.look_ahead()

    def look_ahead(self) -> None:
        """What is expected of borders and of supply, and how scarce goods are for it."""
        self.netback = {ore: self._netback(ore) for ore in PLANT_OF}
        Foresight(self).look_ahead()

    def charge(self) -> None:
        """Delivered costs; with no measure in force every order may ship."""
        self.agents.do("charge")

    def clear(self) -> None:
        """Sellers grant, buyers ask once more, sellers grant again; then what passed is noted, and
        asking prices are posted and published.
        """
        self.agents.do("grant")
        self.agents.do("ask_again")
        self.agents.do("grant_again")
        self.basket = {ore: self._basket(plant) for ore, plant in PLANT_OF.items()}
        self.netback = {ore: self._netback(ore) for ore in PLANT_OF}
        for channel in self.channels:
            note_what_passed(channel)
        self.agents.do("post_prices")
        self._publish()

    def ship(self) -> None:
        """Goods leave; buyers note what they will get."""
        self.agents.do("ship")
        self.agents.do("count_deliveries")

    def produce(self) -> None:
        """Inputs become outputs, or lines stop."""
        self.agents.do("produce")

    def adapt(self) -> None:
        """Worn-out magnets come back; memories, relationships and recipes move."""
        self._recycle()
        self.agents.do("take_scrap")
        self.agents.do("adapt")

    def _recycle(self) -> None:
        """Pressed magnets enter use and wear out at 1/L a month; a share c of them is collected,
        and c follows the value of what they hold.
        """
        now = sum(scrap.in_use * self.quote[good] for good, scrap in self.scrap.items())
        then = sum(scrap.in_use * self.quote_start[good] for good, scrap in self.scrap.items())
        self.collected += (
            min(RECYCLING_SHARE * (now / then) ** RECYCLING_ELASTICITY, MOST) - self.collected
        ) / RECYCLING_MONTHS
        for good, scrap in self.scrap.items():
            worn = scrap.in_use / (12.0 * MAGNET_LIFE)
            pressed = self.books["pressed"][scrap.element]
            scrap.in_use += pressed - scrap.booked - worn
            scrap.booked = pressed
            scrap.use_of_state = {}
            for need in self.needs:
                if need.good == good and need.firm.process == scrap.process:
                    scrap.use_of_state[need.firm.state] = (
                        scrap.use_of_state.get(need.firm.state, 0.0) + need.expected
                    )
            back = self.collected * YIELD * worn
            scrap.of_state = {
                state: back * share
                for state, share in self.worn_where.items()
                if scrap.use_of_state.get(state, 0.0) > 0.0
            }
            scrap.of_nobody = back - sum(scrap.of_state.values())
            scrap.use = sum(scrap.use_of_state.values())
            self.books["recycled"][scrap.element] += back

    def _basket(self, plant: str) -> float:
        """Value of what a tonne of concentrate holds at public quotes, over its value at the
        start.
        """
        recipe = self.recipes[plant]
        return sum(recipe[good] * self.quote[good] for good in GOODS) / sum(
            recipe[good] * self.quote_start[good] for good in GOODS
        )

    def _netback(self, ore: str) -> float:
        """Value of what a tonne of concentrate holds at public quotes, less what separating it
        cost at the start (mean over plants by their runs), in the money of the month.
        """
        recipe = self.recipes[PLANT_OF[ore]]
        worth = sum(recipe[good] * self.quote[good] for good in GOODS)
        return max(worth - self.separation_cost[ore] * self.rise, 1e-3)

    def _publish(self) -> None:
        """The public quote of a good is its mean asking price, weighted by sales; what the good is
        thought to be worth in the long run follows it.
        """
        for good in GOODS:
            value = weight = 0.0
            for offer in self.on_side[good, False] + self.on_side[good, True]:
                tonnes = max(offer.sales, 1e-12)
                value += offer.ask * tonnes
                weight += tonnes
            self.quote[good] = value / weight
            usual = self.quote_start[good] * self.rise * self.anchor[good]
            self.anchor[good] *= max(self.quote[good] / usual, 1e-6) ** self.p.worth_speed

    # ---- to and from a World

    @classmethod
    def from_world(cls, world: World, measures: bool = False) -> Oracle:
        """Objects in the state of `world`. All mechanisms must be on, for the oracle has no
        switches; and no measure in force but where it is only to look ahead (`measures`), for what
        they do to orders is not in it.
        """
        assert all(world.on[m] for m in ("M1", "M3", "M5", "M11", "M14")), (
            "the oracle has no switches"
        )
        for measure in () if measures else (*UNKNOWN, "quota"):
            assert not getattr(world.border, measure).any(), (
                f"the oracle knows no measure, and {measure} is in force"
            )
        assert measures or not world.links.pending.any(), "the oracle knows no queue"
        self = cls(world.p)
        self.month = world.month
        year, month = (int(part) for part in world.start_name.split("-"))
        self.since_2009 = 12 * (year - 2009) + month - 1
        self.level, self.level_start = world.market.level, world.market.level_start
        kinds, names = (*PROCESSES, *SECTORS), world.firms.names
        firms, needs, offers, links = (_rows(world, table) for table in COLUMNS)
        supply, pricing = world.supply, goods(FACTS).pricing
        self.believed_to_end = supply.believed_to_end
        plan = supply.allowed.tolist(), supply.illegal.tolist()
        runs = world.expected.runs.tolist()
        for name, quota, illegal, lately, row in zip(names, *plan, runs, firms, strict=True):
            given = {"state": STATES[row.pop("state")], "process": kinds[row.pop("process")]}
            given |= {"name": name, "quota": quota, "illegal": illegal, "lately": lately}
            self.firms.append(Firm(self, **given, **row))
        for firm, mine in zip(self.firms, world.firms.mine_of.tolist(), strict=True):
            firm.mine = self.firms[mine] if mine >= 0 else None
        transit = world.freight.transit
        decided = np.broadcast_to(world.politics.firm_acts.cover, len(world.needs)).tolist()
        for row, column, more in zip(needs, transit.T.tolist(), decided, strict=True):
            later = range(world.month, world.month + len(transit))
            due = {month: column[month % len(transit)] for month in later}
            firm, good = self.firms[row.pop("firm")], GOODS[row.pop("good")]
            self.needs.append(Need(firm=firm, good=good, due=due, more_cover=more, **row))
            firm.needs.append(self.needs[-1])
        self.on_side = {(good, behind): [] for good in GOODS for behind in (False, True)}
        scarce = world.market.scarcity.tolist()
        for row, scarcity in zip(offers, scarce, strict=True):
            firm, good = self.firms[row.pop("firm")], row.pop("good")
            terms = {"good": GOODS[good], "pricing": pricing[good], "scarcity": scarcity}
            self.offers.append(Offer(firm=firm, **terms, **row))
            firm.offers.append(self.offers[-1])
            self.on_side[GOODS[good], firm.state == "China"].append(self.offers[-1])
        self._open_channels(world)
        for row, at in zip(links, world.border.channel.tolist(), strict=True):
            need, offer = self.needs[row.pop("need")], self.offers[row.pop("offer")]
            channel = self.channels[at]
            link = Link(need=need, offer=offer, channel=channel, **row)
            for holder in (self, need, offer, channel):
                holder.links.append(link)
        self.led = {
            good: any(o.lead > 0.0 for o in self.offers if o.good == good) for good in GOODS
        }
        for name in BY_GOOD:
            of_good = getattr(world.expected, name).tolist()
            setattr(self, name, dict(zip(GOODS, of_good, strict=True)))
        for name in ("quote", "quote_start", "anchor"):
            setattr(self, name, dict(zip(GOODS, getattr(world.market, name).tolist(), strict=True)))
        self.bearable = dict(zip(GOODS, world.market.bearable.tolist(), strict=True))
        self.separation_cost = dict(world.market.separation_cost)
        lanes = product(STATES, STATES, GOODS)
        self.distrust = dict(zip(lanes, world.beliefs.withheld.reshape(-1).tolist(), strict=True))
        self.books = {name: values.tolist() for name, values in world.elements.books.items()}
        recycling = world.recycling
        self.collected = float(recycling.share)
        self.worn_where = dict(zip(STATES, recycling.where.tolist(), strict=True))
        for k, good in enumerate(OXIDES):
            in_use, booked = float(recycling.in_use[k]), float(recycling.booked[k])
            self.scrap[good] = Scrap(USERS[good], recycling.element[k], in_use, booked, {}, {})
        return self

    def _open_channels(self, world: World) -> None:
        border, expected = world.border, world.expected
        count = range(border.size)
        clock = border.review_months(np.arange(border.size), world.p.licence_clock_months)
        months = np.broadcast_to(clock, border.size).tolist()
        columns = {name: getattr(border, name).tolist() for name in (*MEASURES, *GAPS)}
        columns |= {name: getattr(expected, name).tolist() for name in BELIEFS}
        last = border.at_the_end(*ACTS).tolist()
        columns |= {f"last_{name}": row for name, row in zip(ACTS, last, strict=True)}
        ends = border.exporter.tolist(), border.importer.tolist(), border.good.tolist()
        for at, exporter, importer, good in zip(count, *ends, strict=True):
            row = {name: values[at] for name, values in columns.items()}
            lane = {"exporter": STATES[exporter], "importer": STATES[importer], "good": GOODS[good]}
            usual = float(border.normal[at]) if at else 0.0  # of what crosses a border
            self.channels.append(Channel(**lane, clock=months[at], usual=usual, **row))

    def columns(self) -> dict[str, list[float]]:
        """Everything that a month can move, under the names of `world_columns`."""
        out: dict[str, list[float]] = {}
        for kind, names in COLUMNS.items():
            for name in names:
                out[f"{kind}.{name}"] = [float(getattr(item, name)) for item in getattr(self, kind)]
        for slot in range(3):
            out[f"transit.{slot}"] = [
                sum(tonnes for month, tonnes in need.due.items() if month % 3 == slot)
                for need in self.needs
            ]
        out["in_use"] = [scrap.in_use for scrap in self.scrap.values()]
        out |= {"collected": [self.collected], "level": [self.level]}
        for name in ("quote", "anchor", *BY_GOOD):
            out[name] = [float(getattr(self, name)[good]) for good in GOODS]
        for name in (*GAPS, *BELIEFS):
            out[f"channels.{name}"] = [float(getattr(item, name)) for item in self.channels]
        out["firms.lately"] = [firm.lately for firm in self.firms]
        out["offers.scarcity"] = [offer.scarcity for offer in self.offers]
        return out | {f"books.{name}": values for name, values in self.books.items()}


def world_columns(world: World) -> dict[str, list[float]]:
    """The same from the World's arrays."""
    out: dict[str, list[float]] = {}
    for kind, names in COLUMNS.items():
        for name in names:
            out[f"{kind}.{name}"] = getattr(getattr(world, kind), name).astype(float).tolist()
    for slot, values in enumerate(world.freight.transit):
        out[f"transit.{slot}"] = values.tolist()
    out |= {"in_use": world.recycling.in_use.tolist(), "collected": [float(world.recycling.share)]}
    out |= {"level": [world.market.level]}
    out |= {name: getattr(world.market, name).tolist() for name in ("quote", "anchor")}
    for part, names in ((world.border, GAPS), (world.expected, BELIEFS)):
        out |= {f"channels.{name}": getattr(part, name).tolist() for name in names}
    expected = {name: getattr(world.expected, name) for name in BY_GOOD}
    out |= {name: values.astype(float).tolist() for name, values in expected.items()}
    out["firms.lately"] = world.expected.runs.tolist()
    out["offers.scarcity"] = world.market.scarcity.tolist()
    return out | {f"books.{name}": values.tolist() for name, values in world.elements.books.items()}


def _rows(world: World, kind: str) -> list[dict[str, Any]]:
    """The rows of a table, each by the names of its columns."""
    names = (*COLUMNS[kind], *GIVEN[kind])
    columns = (getattr(getattr(world, kind), name).tolist() for name in names)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
