"""What leaks past a border this month, and what traders can carry (M8)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.agents.base.part import Part
from coercivity.agents.tables import Firms, Links, Needs
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.goods import goods
from coercivity.model.parts.border import Border

ROUTES = ("smuggled", "third_country", "assembly")
TRACE = 1e-9  # t a month; less is nothing


class Source(NamedTuple):
    """Stocks that traders can re-sell an exporter's goods from."""

    open_: BoolArray  # S x G: states that are not barred, goods that somebody wants past a ban
    needs: IntArray  # of firms there
    firm: IntArray
    state: IntArray  # of each firm
    lane: IntArray  # state x G + good of each need
    links: IntArray  # by which needs abroad buy from the exporter
    link_needs: IntArray  # of each link


class Side(NamedTuple):
    """Links by which the goods of one exporter may be held back."""

    exporter: int
    places: IntArray  # in the reach of the measures
    rows: IntArray  # of links, and what belongs to each
    need: IntArray
    good: IntArray


class Fence(NamedTuple):
    """How measures stand around the goods of the exporters that lay them. Tables are exporter x
    importer x good.
    """

    code: FloatArray  # the flags for which this was looked up
    authors: tuple[int, ...]  # these exporters, in order
    held: BoolArray  # by place in the reach: one of them holds it back or lets it wait
    sides: dict[int, Side]  # of those whose goods were asked for
    lane: IntArray  # by place in the reach: cell of the table; 0 where none of them holds it back
    channel: IntArray  # table: channel of each cell; without one that of home links, all of them 0
    barred: BoolArray  # table: where one bars its goods; the exporter itself re-sells nothing
    # S x G, 0/1: sellers in third states need a licence for what goes there; None: nowhere
    third: FloatArray | None
    usual: FloatArray  # table: trade of the start (t/month)
    traded: FloatArray  # its sum over importers
    leak: FloatArray  # by channel: how far its good leaks
    magnets: IntArray  # places in the reach that carry magnets

    def on_lanes(self, values: FloatArray) -> FloatArray:
        """Values by channel as a table of exporter, importer and good."""
        return values.take(self.channel)


class Motors(NamedTuple):
    """Links that carry motors, and among them those from abroad."""

    rows: IntArray
    need: IntArray  # of each
    abroad: IntArray  # rows of links across a border
    abroad_need: IntArray  # of each of these
    lane: IntArray  # importer and the magnet inside, state x G + good
    usual: FloatArray  # by need: part that came from abroad at the start
    channel: IntArray  # of each of those from abroad


class Leaks(Part):
    """This month's leaks, and what traders in third states can carry (t/month by state and
    good).
    """

    def __init__(self, facts: Facts, needs: int, record: bool) -> None:
        self.facts = facts
        S, G = len(facts.states), len(facts.goods)
        self.record = record
        self.capacity = np.zeros((S, G))
        self._forget(needs)
        self.tonnes = dict.fromkeys(ROUTES, 0.0)  # this month
        self.fenced: Fence | None = None
        self.sources: dict[int, Source] = {}
        self.need_lane: IntArray | None = None  # by need: state x G + good
        self.foreign: Motors | None = None
        # when recording: route, (via x S + to) x G + good, t
        self.lines: list[tuple[int, IntArray, FloatArray]] = []

    def still(self) -> None:
        """A month without leaks."""
        if self.active:
            self._forget(len(self.resold))
        self.tonnes, self.lines = dict.fromkeys(ROUTES, 0.0), []

    def _forget(self, needs: int) -> None:
        self.active = False
        self.resold = np.zeros(needs)  # t that left a need's stock this month for a barred target
        self.bought = np.zeros(needs)  # t that a need in a barred target bought of them
        self.cost = np.zeros(needs)  # what was asked for them, USD thousand
        # links, and the part of what they may ship that is smuggled
        self.smuggling: tuple[IntArray, FloatArray] | None = None
        self.lure: FloatArray | float = 1.0  # by which the weight of a link is raised
        self.pull = np.zeros(self.capacity.shape)  # of magnets held back, by target and good
        # goods that somebody wants past a ban this month
        self.served = np.zeros(len(self.facts.goods), dtype=bool)

    def fence(self, border: Border) -> Fence:
        """Measures by exporter, state and good, looked up when the flags change."""
        if self.fenced is None or self.fenced.code is not border.reach.code:
            self.fenced = _look_around(border)
        return self.fenced

    def side(self, exporter: int, border: Border) -> Side:
        """Links by which an exporter's goods may be held back, looked up when the flags change."""
        fence, reach = self.fence(border), border.reach
        if exporter not in fence.sides:
            at = np.flatnonzero(fence.held & (reach.exporter == exporter))
            fence.sides[exporter] = Side(
                exporter,
                at,
                reach.links[at],
                reach.need[at],
                reach.lane[at] % len(self.facts.goods),
            )
        return fence.sides[exporter]

    def source(
        self, exporter: int, open_: BoolArray, *, firms: Firms, needs: Needs, links: Links
    ) -> Source:
        """Where the exporter's goods may be re-sold from, by state and good, looked up when that
        changes.
        """
        G = len(self.facts.goods)
        known = self.sources.get(exporter)
        if known is None or not np.array_equal(known.open_, open_):
            if self.need_lane is None:
                self.need_lane = firms.state[needs.firm] * G + needs.good
            rows = open_.take(self.need_lane).nonzero()[0]
            lane = self.need_lane.take(rows)
            if known is None:
                buys = (links.exporter == exporter) & (links.importer != exporter)
                abroad = np.flatnonzero(buys)
                of_need = links.need[abroad]
            else:
                abroad, of_need = known.links, known.link_needs
            known = self.sources[exporter] = Source(
                open_, rows, needs.firm.take(rows), lane // G, lane, abroad, of_need
            )
        return known

    def motors(self, *, links: Links, border: Border) -> Motors:
        """Links that carry motors, looked up once."""
        facts = self.facts
        if self.foreign is None:
            rows = links.motor_rows
            abroad = rows[links.exporter[rows] != links.importer[rows]]
            usual = abroad[links.qualify[abroad] == 0]
            self.foreign = Motors(
                rows,
                links.need[rows],
                abroad,
                links.need[abroad],
                links.importer[abroad] * len(facts.goods) + magnet_in(facts, links.good[abroad]),
                group_sum(links.prior[usual], links.need[usual], len(self.resold)),
                border.channel[abroad],
            )
        return self.foreign

    def note(self, route: str, rows: IntArray, tonnes: FloatArray, *, links: Links) -> None:
        """Count tonnes of a route that came by some links (rows); when recording, by place and
        good.
        """
        facts = self.facts
        S, G = len(facts.states), len(facts.goods)
        self.tonnes[route] += float(tonnes.sum())
        if self.record:
            via, to, good = (of[rows] for of in (links.exporter, links.importer, links.good))
            self._write(route, group_sum(tonnes, (via * S + to) * G + good, S * S * G))

    def note_table(self, route: str, tonnes: FloatArray) -> None:
        """The same, where they are known by place, target and good."""
        self.tonnes[route] += float(tonnes.sum())
        if self.record:
            self._write(route, tonnes.reshape(-1))

    def _write(self, route: str, sums: FloatArray) -> None:
        code = np.flatnonzero(sums > TRACE)
        self.lines.append((ROUTES.index(route), code, sums[code]))


def _look_around(border: Border) -> Fence:
    """Who lays measures on what, and what may be held back by them."""
    facts = border.facts
    S, G = len(facts.states), len(facts.goods)
    reach, size = border.reach, S * G
    held = reach.of_target.copy()
    held[reach.queue] = True
    authors = np.unique(reach.exporter[held])
    place = np.full(S, -1)
    place[authors] = np.arange(len(authors))
    own = np.flatnonzero(place[border.exporter] >= 0)
    cell = place[border.exporter[own]] * size + border.importer[own] * G + border.good[own]
    channel = np.zeros((len(authors), S, G), dtype=np.int64)
    channel.reshape(-1)[cell] = own
    barred = (border.shut + border.dual_use).take(channel) > 0
    barred[np.arange(len(authors)), authors] = True
    usual = np.where(channel > 0, border.normal.take(channel), 0.0)
    good = border.good.take(reach.channel)
    third: FloatArray | None = None
    if border.third.any():
        third = np.zeros((S, G))
        third[border.importer, border.good] = border.third > 0
    return Fence(
        reach.code,
        tuple(authors.tolist()),
        held,
        {},
        np.where(held, place[reach.exporter] * size + reach.lane, 0),
        channel,
        barred,
        third,
        usual,
        usual.sum(axis=1, keepdims=True) + 1e-300,
        goods(facts).leak[border.good],
        np.flatnonzero(
            (good == facts.good_row["magnet_standard"])
            | (good == facts.good_row["magnet_heat_resistant"])
        ),
    )


def magnet_in(facts: Facts, motor: IntArray) -> IntArray:
    """The magnet inside a motor, as goods."""
    return np.where(
        motor == facts.good_row["motor_standard"],
        facts.good_row["magnet_standard"],
        facts.good_row["magnet_heat_resistant"],
    )
