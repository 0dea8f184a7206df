"""The oracle: a Mesa model of one-object-per-firm agents that can take over the state of a World
and play the core month.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log
from typing import Any

from coercivity.agents.base.mesa import BaseModel
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.goods import goods, processes
from coercivity.model.parts.recycling import OXIDES, USERS
from coercivity.model.use.recycling import MOST, YIELD
from coercivity.model.world import World
from tools.check.oracle.firm import DELIVERS, LEVEL_2009, LEVEL_MONTHS, OXIDE_MONTHS, Firm
from tools.check.oracle.parts import Link, Need, Offer
from tools.check.oracle.producer import between

FACTS = Facts.default()
ELEMENTS, GOODS, PROCESSES = FACTS.elements, FACTS.goods, FACTS.processes
SECTORS, STATES = FACTS.sectors, FACTS.states
QUOTE_GROWTH_MONTHS = 4.0
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
        *("thrift", "recipe", "growth", "paid", "replacement", "reference", "lagged", "recent"),
        *("alarm", "research", "saving", "used", "lacking", "paid_before"),
    ),
    "offers": (
        *("yields", "ask", "anchor", "base_price", "floor", "cover", "stock", "opening"),
        *("unfinished", "orders", "sales", "made", "scarcity", "lead"),
    ),
    "links": (
        *("share", "habit", "weight", "fill", "seek", "qualify", "tier", "days", "vat", "freight"),
        *("base_cost", "cost", "spot", "orders", "allowed", "shipped", "qualified"),
    ),
}
GIVEN = {
    "firms": ("state", "process"),
    "needs": ("firm", "good", "choke", "usual", "stake", "parts", "part"),
    "offers": ("firm", "good"),
    "links": ("need", "offer", "opened"),
}
PHASES = ("arrive", "order", "charge", "clear", "ship", "produce", "adapt")


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
        self.markets: dict[tuple[str, str], tuple[float, float]] = {}
        table = goods(FACTS)
        self.qualification = {good: float(table.qualification[g]) for g, good in enumerate(GOODS)}
        self.elements = len(ELEMENTS)
        self.content = {good: [float(x) for x in table.content[g]] for g, good in enumerate(GOODS)}
        self.sensitivity = {good: float(table.sensitivity[g]) for g, good in enumerate(GOODS)}
        self.recipes = {
            plant: {
                good: float(processes(FACTS).outputs[PROCESSES.index(plant), g])
                for g, good in enumerate(GOODS)
            }
            for plant in PLANT_OF.values()
        }
        self.quote: dict[str, float] = {}
        self.quote_start: dict[str, float] = {}
        self.quote_growth: dict[str, float] = {}
        self.basket: dict[str, float] = {}
        self.netback: dict[str, float] = {}
        self.bearable: dict[str, float] = {}
        self.alarm: dict[str, dict[str, float]] = {}  # importer -> exporter -> 0-1
        self.distrust: dict[str, dict[str, float]] = {}
        self.books: dict[str, list[float]] = {}
        self.scrap: dict[str, Scrap] = {}
        self.collected = 0.0  # share of worn-out magnets
        self.worn_where: dict[str, float] = {}
        self.offers_of: dict[str, list[Offer]] = {}
        self.firms: list[Firm] = []
        self.needs: list[Need] = []
        self.offers: list[Offer] = []
        self.links: list[Link] = []

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
        """All plan their runs, then all order."""
        self.agents.do("plan_run")
        self.agents.do("order")

    def charge(self) -> None:
        """Delivered costs; with no measure in force every order may ship."""
        self.agents.do("charge")

    def clear(self) -> None:
        """Sellers grant, buyers ask once more, sellers grant again; then asking prices move and are
        published.
        """
        self.agents.do("grant")
        self.agents.do("ask_again")
        self.agents.do("grant_again")
        self.basket = {ore: self._basket(plant) for ore, plant in PLANT_OF.items()}
        self.netback = {ore: self._netback(plant) for ore, plant in PLANT_OF.items()}
        self._compare_with_exporter()
        self._meet()
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
        p = self.p
        now = sum(scrap.in_use * self.quote[good] for good, scrap in self.scrap.items())
        then = sum(scrap.in_use * self.quote_start[good] for good, scrap in self.scrap.items())
        self.collected += (
            min(p.recycling_share * (now / then) ** p.recycling_elasticity, MOST) - self.collected
        ) / p.recycling_months
        for good, scrap in self.scrap.items():
            worn = scrap.in_use / (12.0 * p.magnet_life)
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

    def _netback(self, plant: str) -> float:
        """Value of what a tonne of concentrate holds at public quotes, less what separating it
        costs (mean over plants by their runs at the start).
        """
        plants = [firm for firm in self.firms if firm.process == plant]
        cost = sum(firm.conversion * firm.base_run for firm in plants) / sum(
            firm.base_run for firm in plants
        )
        return max(sum(self.recipes[plant][good] * self.quote[good] for good in GOODS) - cost, 1e-3)

    def _meet(self) -> None:
        """Sellers of a commodity in a state have one market: what buyers want to find on their
        shelves, and what lies there.
        """
        self.markets = {}
        for offer in self.offers:
            at = offer.firm.state, offer.good
            wanted, there = self.markets.get(at, (0.0, 0.0))
            self.markets[at] = wanted + self.wanted_of(offer), there + offer.stock

    def wanted_of(self, offer: Offer) -> float:
        """What is ordered this month and a shelf for what is sold in those after (t)."""
        return offer.orders + (offer.cover - 1.0) * offer.sales

    def market_of(self, offer: Offer) -> tuple[float, float]:
        """Stock that is wanted and that is there (t) where an offer sells: who makes to order
        stands alone.
        """
        if offer.pricing == "manufactured":
            return self.wanted_of(offer), offer.stock
        return self.markets[offer.firm.state, offer.good]

    def _compare_with_exporter(self) -> None:
        """Parity: the exporter's delivered price at the customers of each other seller, weighted by
        their orders, and what changing suppliers costs, by the months that it takes.
        """
        paid: dict[int, float] = {}
        for need in self.needs:
            if need.firm.state == "China":
                continue
            cost = bought = 0.0
            for link in need.links:
                rival = link.offer.firm.state == "China" and link.offer.pricing != "concentrate"
                if rival and link.fill >= DELIVERS:
                    cost += link.orders * link.spot
                    bought += link.orders
            if bought > 0.0:
                paid[id(need)] = cost / bought
        for offer in self.offers:
            worth = weight = 0.0
            if offer.firm.state != "China" and offer.pricing != "concentrate":
                for link in offer.links:
                    rival = paid.get(id(link.need), inf)
                    if rival < inf:
                        months = self.qualification[offer.good] / OXIDE_MONTHS
                        door = (1.0 + self.p.parity_margin * months) * rival
                        worth += link.orders * (door - link.freight) / (1.0 + link.vat)
                        weight += link.orders
            offer.parity = worth / weight if weight > 0.0 else inf

    def _publish(self) -> None:
        """The public quote of a good is its mean asking price, weighted by sales; buyers see its
        smoothed growth.
        """
        for good in GOODS:
            value = weight = 0.0
            for offer in self.offers_of[good]:
                tonnes = max(offer.sales, 1e-12)
                value += offer.ask * tonnes
                weight += tonnes
            before, self.quote[good] = self.quote[good], value / weight
            self.quote_growth[good] += (
                log(self.quote[good] / before) - self.quote_growth[good]
            ) / QUOTE_GROWTH_MONTHS

    # ---- to and from a World

    @classmethod
    def from_world(cls, world: World) -> Oracle:
        """Objects in the state of `world`. All mechanisms must be on and no measure in force, for
        the oracle knows neither.
        """
        assert all(world.on[m] for m in ("M1", "M3", "M4", "M5", "M11", "M14")), (
            "the oracle has no switches"
        )
        border = world.border
        measures = ("duty", "tariff", "licensed", "dual_use", "banned", "third", "premium")
        for measure in (*measures, "was_bound", "rent", "quota"):
            assert not getattr(border, measure).any(), (
                f"the oracle knows no measure, and {measure} is in force"
            )
        assert not world.links.pending.any(), "the oracle knows no queue"
        self = cls(world.p)
        self.month = world.month
        year, month = (int(part) for part in world.start_name.split("-"))
        self.since_2009 = 12 * (year - 2009) + month - 1
        self.level, self.level_start = world.market.level, world.market.level_start
        kinds, names = (*PROCESSES, *SECTORS), world.firms.names
        firms, needs, offers, links = (_rows(world, table) for table in COLUMNS)
        allowed, pricing = world.supply.allowed.tolist(), goods(FACTS).pricing
        for name, quota, row in zip(names, allowed, firms, strict=True):
            given = {"state": STATES[row.pop("state")], "process": kinds[row.pop("process")]}
            self.firms.append(Firm(self, name=name, quota=quota, **given, **row))
        for firm, mine in zip(self.firms, world.firms.mine_of.tolist(), strict=True):
            firm.mine = self.firms[mine] if mine >= 0 else None
        transit = world.freight.transit
        for row, column in zip(needs, transit.T.tolist(), strict=True):
            later = range(world.month, world.month + len(transit))
            due = {month: column[month % len(transit)] for month in later}
            firm, good = self.firms[row.pop("firm")], GOODS[row.pop("good")]
            self.needs.append(Need(firm=firm, good=good, due=due, **row))
            firm.needs.append(self.needs[-1])
        for row in offers:
            firm, good = self.firms[row.pop("firm")], row.pop("good")
            self.offers.append(Offer(firm=firm, good=GOODS[good], pricing=pricing[good], **row))
            firm.offers.append(self.offers[-1])
        for row in links:
            need, offer = self.needs[row.pop("need")], self.offers[row.pop("offer")]
            link = Link(need=need, offer=offer, **row)
            for holder in (self, need, offer):
                holder.links.append(link)
        self.offers_of = {good: [o for o in self.offers if o.good == good] for good in GOODS}
        for name in ("quote", "quote_start", "quote_growth"):
            setattr(self, name, dict(zip(GOODS, getattr(world.market, name).tolist(), strict=True)))
        self.bearable = dict(zip(GOODS, world.market.bearable.tolist(), strict=True))
        for name in ("alarm", "distrust"):
            rows = getattr(world.beliefs, name).tolist()
            by_state = (dict(zip(STATES, row, strict=True)) for row in rows)
            setattr(self, name, dict(zip(STATES, by_state, strict=True)))
        self.books = {name: values.tolist() for name, values in world.elements.books.items()}
        recycling = world.recycling
        self.collected = float(recycling.share)
        self.worn_where = dict(zip(STATES, recycling.where.tolist(), strict=True))
        for k, good in enumerate(OXIDES):
            in_use, booked = float(recycling.in_use[k]), float(recycling.booked[k])
            self.scrap[good] = Scrap(USERS[good], recycling.element[k], in_use, booked, {}, {})
        return self

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
        for name in ("quote", "quote_growth"):
            out[name] = [getattr(self, name)[good] for good in GOODS]
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
    out["level"] = [world.market.level]
    out |= {name: getattr(world.market, name).tolist() for name in ("quote", "quote_growth")}
    return out | {f"books.{name}": values.tolist() for name, values in world.elements.books.items()}


def _rows(world: World, kind: str) -> list[dict[str, Any]]:
    """The rows of a table, each by the names of its columns."""
    names = (*COLUMNS[kind], *GIVEN[kind])
    columns = (getattr(getattr(world, kind), name).tolist() for name in names)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
