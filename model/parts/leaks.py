"""What leaks past a border this month, and what traders can carry (M8)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.agents.base.part import Part
from coercivity.agents.tables import Firms, Links, Needs
from coercivity.model.basis.goods import GOOD
from coercivity.model.basis.names import GOODS, STATES
from coercivity.model.parts.border import Border

S, G = len(STATES), len(GOODS)
ROUTES = ("smuggled", "third_country", "assembly")
TRACE = 1e-9  # t a month; less is nothing


class Source(NamedTuple):
    """Stocks that traders can re-sell an exporter's goods from."""

    open_: BoolArray  # S x G: states that are not barred, goods that somebody wants past a ban
    needs: IntArray  # of firms there
    firm: IntArray
    lane: IntArray  # state x G + good of each need
    links: IntArray  # by which these needs buy from the exporter
    place: IntArray  # of each link among the needs


class Fence(NamedTuple):
    """How an exporter's measures stand around its goods."""

    code: FloatArray  # the flags for which this was looked up
    own: IntArray  # its channels
    lane: IntArray  # importer x G + good of each
    barred: BoolArray  # S x G: where it bars its goods; the exporter itself re-sells nothing
    third: FloatArray  # S x G, 0/1: sellers in third states need a licence for what goes there

    def on_lanes(self, values: FloatArray) -> FloatArray:
        """Values by channel as a table of importer and good (S x G), of this exporter."""
        table = np.zeros((S, G))
        table.reshape(-1)[self.lane] = values[self.own]
        return table


class Leaks(Part):
    """This month's leaks, and what traders in third states can carry (t/month by state and
    good).
    """

    def __init__(self, needs: int, record: bool) -> None:
        self.record = record
        self.active = False
        self.capacity = np.zeros((S, G))
        self.resold = np.zeros(needs)  # t that left a need's stock this month for a barred target
        self.bought = np.zeros(needs)  # t that a need in a barred target bought of them
        self.cost = np.zeros(needs)  # what was asked for them, USD thousand
        self.smuggling: tuple[IntArray, FloatArray] | None = (
            None  # links, and the part of what they may ship that is smuggled
        )
        self.lure: FloatArray | float = 1.0  # by which the weight of a link is raised
        self.pull = np.zeros((S, G))  # of magnets held back, by target and good
        self.served = np.zeros(G, dtype=bool)  # goods that somebody wants past a ban this month
        self.tonnes = dict.fromkeys(ROUTES, 0.0)  # this month
        self.fences: dict[int, Fence] = {}
        self.sources: dict[int, Source] = {}
        self.motor_lanes: tuple[IntArray, IntArray, BoolArray] | None = None
        self.lines: list[
            tuple[int, IntArray, FloatArray]
        ] = []  # when recording: route, (via x S + to) x G + good, t

    def still(self) -> None:
        """A month without leaks."""
        if self.active:
            needs = len(self.resold)
            self.resold, self.bought, self.cost = np.zeros(needs), np.zeros(needs), np.zeros(needs)
            self.smuggling, self.lure, self.active = None, 1.0, False
            self.pull, self.served = np.zeros((S, G)), np.zeros(G, dtype=bool)
        self.tonnes, self.lines = dict.fromkeys(ROUTES, 0.0), []

    def fence(self, border: Border, exporter: int) -> Fence:
        """An exporter's measures by state and good, looked up when the flags change."""
        known = self.fences.get(exporter)
        if known is None or known.code is not border.reach.code:
            own, lane = (
                np.flatnonzero(border.exporter == exporter),
                border.importer * G + border.good,
            )
            barred, third = np.zeros((S, G), dtype=bool), np.zeros((S, G))
            barred.reshape(-1)[lane[own][(border.shut + border.dual_use)[own] > 0]] = True
            barred[exporter] = True
            third.reshape(-1)[lane[border.third > 0]] = 1.0
            known = self.fences[exporter] = Fence(border.reach.code, own, lane[own], barred, third)
        return known

    def source(
        self, exporter: int, open_: BoolArray, *, firms: Firms, needs: Needs, links: Links
    ) -> Source:
        """Where the exporter's goods may be re-sold from, by state and good, looked up when that
        changes.
        """
        known = self.sources.get(exporter)
        if known is None or not np.array_equal(known.open_, open_):
            lane = firms.state[needs.firm] * G + needs.good
            rows = np.flatnonzero(open_.take(lane))
            place = np.full(len(needs), -1)
            place[rows] = np.arange(len(rows))
            abroad = np.flatnonzero(
                (links.exporter == exporter)
                & (links.importer != exporter)
                & (place[links.need] >= 0)
            )
            known = self.sources[exporter] = Source(
                open_, rows, needs.firm[rows], lane[rows], abroad, place[links.need[abroad]]
            )
        return known

    def motors(self, *, links: Links) -> tuple[IntArray, IntArray, BoolArray]:
        """Links that carry motors; for each the importer and the magnet inside (state x G + good),
        and whether it crosses a border; looked up once.
        """
        if self.motor_lanes is None:
            rows = links.motor_rows
            lane = links.importer[rows] * G + magnet_in(links.good[rows])
            self.motor_lanes = rows, lane, links.exporter[rows] != links.importer[rows]
        return self.motor_lanes

    def note(
        self, route: str, via: IntArray, to: IntArray, good: IntArray, tonnes: FloatArray
    ) -> None:
        """Count tonnes of a route; when recording, by place and good."""
        self.tonnes[route] += float(tonnes.sum())
        if self.record:
            sums = group_sum(tonnes, (via * S + to) * G + good, S * S * G)
            code = np.flatnonzero(sums > TRACE)
            self.lines.append((ROUTES.index(route), code, sums[code]))


def magnet_in(motor: IntArray) -> IntArray:
    """The magnet inside a motor, as goods."""
    return np.where(
        motor == GOOD["motor_standard"], GOOD["magnet_standard"], GOOD["magnet_heat_resistant"]
    )
