"""The border: channels and the measures that acts in force lay on them (M6).

A channel is an exporter, an importer and a good. Measures set flags and rates on channels; links
look them up. Bans and leaks are caps in tonnes, never weights: shares renormalise and make a
weighted ban inert. See decision 0016.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.agents.base.part import Part
from coercivity.agents.base.stacked import Stacked
from coercivity.agents.governments.licensing_office import LicensingOffice
from coercivity.agents.tables import Firms, Links, Needs
from coercivity.model.basis.goods import goods
from coercivity.model.parts.quota import Quota
from coercivity.model.parts.terms import Desk, OpenLinks, QueuedLinks, Terms
from coercivity.model.scenario.event import Event

CODED = ("banned", "dual_use", "third", "listing", "licensed", "halted", "cut", "alike")
BANNED, DUAL_USE, THIRD, LISTING, LICENSED, HALTED, CUT, ALIKE = 1, 2, 4, 8, 16, 32, 64, 128
ALL_CUT = 256  # besides CUT, where a cut leaves nothing
BITS = 2.0 ** np.arange(len(CODED) + 1)
FLAGS = {  # set on the channels of an act, by its kind
    "licensing": ("licensed",),
    "general_licence": ("eased",),
    "dual_use_ban": ("dual_use", "licensed"),  # a certificate tells civilian from military
    "entity_list": ("listing",),
    "blanket_ban": ("banned",),
    "customs_halt": ("halted",),
    "quota": ("quota",),
}
ASKING = tuple(kind for kind, flags in FLAGS.items() if "licensed" in flags)
RATES = {"export_duty": ("duty", "rate"), "cut": ("cut", "share")}  # the highest of its field
# kinds of acts that the border or its lists of firms show
LAID = {*FLAGS, *RATES, "import_tariff", "truce", "extraterritorial", "sales_end"}
# applications by what the month made of them: filed, decided so, and open at its end
CASES = ("filed", "granted", "refused", "returned", "unanswered")
# t of what an office has refused or returned, of what it leaves without an answer as the firm, or
# part of it, is on a watch list, and of what ends undecided as no licence is needed any more or a
# ban takes it back
TURNED_DOWN = ("refused_tonnes", "returned_tonnes", "passed_over_tonnes", "lapsed_tonnes")


class Spell(NamedTuple):
    """Days of a month with the same measures: their share of the month, what is set on channels,
    and firms on lists (0-1). Never written to.
    """

    share: float
    measures: FloatArray  # flags (0/1) and rates, in the order of MEASURES
    barred: FloatArray  # by firm
    watched: FloatArray  # by firm


class Reach(NamedTuple):
    """What the flags in force touch, looked up when they change. Links are rows of the table; the
    rest of the first group stands beside them, by place.
    """

    # by channel: which flags are set on any day, BANNED + DUAL_USE + THIRD + LISTING + LICENSED +
    # HALTED + CUT + ALIKE + ALL_CUT
    code: FloatArray
    links: IntArray  # under any of these flags, or waiting for a licence since one of them was set
    channel: IntArray
    need: IntArray
    user: IntArray  # the firm that orders
    dual_use: IntArray  # places among `links` under each flag
    third: IntArray
    listed: IntArray
    held_down: IntArray  # and under a cut
    queue: IntArray  # places under a licence or a halt, or with something that waits
    queued: QueuedLinks  # the same, and what belongs to them
    of_target: BoolArray  # by place: held back by a measure against named states or firms
    exporter: IntArray
    lane: IntArray  # importer and good, state x G + good
    channels: IntArray  # of the links, each once
    stand: IntArray  # place of each link's channel in `channels`


class Crossing(NamedTuple):
    """Links across any border, looked up once."""

    rows: IntArray  # of links
    channel: IntArray  # of each


def whole_months_of(days: float) -> float:
    """Months of a statutory clock: T = max(1, 12 D / 365 to the nearest whole one), as an office
    decides once a month.

    D calendar days by law (licensing: `days`): 30 are a month, 120 are four.
    """
    return float(max(1, round(days * 12.0 / 365.0)))


def open_ways(links: Links, border: Border) -> OpenLinks:
    """Links on which nothing is held back, nor needs a licence, nor is under a quota or a cut:
    those that the border knows, or looked up where measures have changed since.
    """
    known, shut = border.ways, border.shut
    if known is not None and known.shut is shut and known.blocked is links.blocked:
        return known
    free = border.licensed + shut + border.quota + border.cut <= 0.0
    return OpenLinks(shut, links.blocked, free.take(border.channel) & (links.blocked <= 0.0))


class Border(Part):
    """Channels in use and the measures on them. `channel` per link; channel 0 is every home
    link.
    """

    SHARED = (
        "keys",
        "channel",
        "good",
        "importer",
        "exporter",
        "freight",
        "vat",
        "known",
        "normal",
        "crossing",
        "unheld",
    )

    # MEASURES, by channel: what acts set, over a month the mean of its days. Flags are the share of
    # the month's days on which they are set
    licensed: FloatArray
    eased: FloatArray  # general licences
    dual_use: FloatArray  # military use barred
    banned: FloatArray
    cut: FloatArray  # share of the trade of the year before that may not go
    alike: FloatArray  # looks like what a new rule licenses
    halted: FloatArray  # customs let nothing pass and say nothing
    third: FloatArray  # sellers in third states need the exporter's licence
    listing: FloatArray  # firms on a list are barred or watched
    duty: FloatArray  # ad valorem
    tariff: FloatArray
    quota: FloatArray  # under an export quota

    def __init__(self, links: Links, needs: Needs) -> None:
        self.facts = facts = needs.facts
        S, G = len(facts.states), len(facts.goods)
        key = np.where(
            links.exporter != links.importer,
            1 + (links.exporter * S + links.importer) * G + links.good,
            0,
        )
        self.keys, self.channel = np.unique(np.concatenate([[0], key]), return_inverse=True)
        self.channel = self.channel[1:]
        self.size = len(self.keys)
        abroad = self.channel.nonzero()[0]
        self.crossing = Crossing(abroad, self.channel[abroad])
        self.unheld = np.zeros(len(links))  # part held back where nothing is
        self.unheld.flags.writeable = False
        self.known: dict[tuple[str, int, tuple[str, ...], tuple[str, ...]], IntArray] = {}
        rest = np.maximum(self.keys - 1, 0)
        self.good, self.importer, self.exporter = rest % G, rest // G % S, rest // (G * S)
        # t/month of the start
        self.normal = group_sum(links.share * needs.base_use[links.need], self.channel, self.size)
        self.went = np.tile(self.normal, (12, 1))  # t by month of the year (trade/cut.py)
        _, first = np.unique(self.channel, return_index=True)
        # as of the channel's links: USD/kg, ad valorem
        self.freight, self.vat = np.zeros(self.size), np.zeros(self.size)
        used = self.channel[first]
        self.freight[used], self.vat[used] = links.freight[first], links.vat[first]
        for name in MEASURES:
            setattr(self, name, np.zeros(self.size))
        self.premium = np.zeros(self.size)  # log, on the spot
        self.contract = np.zeros(self.size)  # log, mean of what is paid
        self.laid = Stacked(*MEASURES)
        self.clock: FloatArray | None = None  # see `review_months`
        self.offices: dict[str, LicensingOffice] = {}  # of the exporters that ask for licences
        self.premium_charged = self.contract  # of the month's sales, before it moves on
        # part of what is used that is under a licence, as buyers see it
        self.speed = np.ones(self.size)
        self.quotas: dict[str, Quota] = {}  # in force, by act
        self.rent = np.zeros(self.size)  # USD/kg by channel, of all its quotas, mean of the month
        self.past = np.zeros(self.size)  # share of what crosses that goes past a quota
        self.rationed = np.ones(self.size)  # part of what may go else that quotas let pass
        self.no_applications()
        none = np.zeros(0, dtype=np.int64)
        self.days: tuple[Spell, ...] = ()  # the month where measures change within it
        self.relaid = True  # flags were set since the last look
        self.terms: Terms | None = None  # what those of the last look make of orders
        self.desk: Desk | None = None  # and of what waits
        self.ways: OpenLinks | None = None  # and which links they leave open
        # `shut` and `levies`, as of the last look
        self.closed, self.levied = np.zeros(self.size), np.ones(self.size)
        nothing = QueuedLinks(*(none,) * 7)
        self.reach = Reach(np.zeros(self.size), *(none,) * 9, nothing, none > 0, *(none,) * 4)

    def touched(self, links: Links) -> Reach:
        """What the flags of this month touch."""
        if self.relaid:
            flags = [*(getattr(self, name) for name in CODED), self.cut >= 1.0]
            code = np.asarray(BITS @ (np.array(flags) > 0), dtype=np.float64)
            self.closed, self.levied, self.relaid = self.shut, self.levies, False
            self.terms = self.desk = None
            if not np.array_equal(code, self.reach.code):
                self.reach = self._look_up(code, links)
        return self.reach

    def _look_up(self, code: FloatArray, links: Links) -> Reach:
        rows = np.flatnonzero((code > 0)[self.channel] | (links.pending > 0))
        channel, flags = self.channel[rows], code.astype(np.int64)
        on_links = flags[channel]
        queue = np.flatnonzero(
            (on_links & (LICENSED | HALTED | ALIKE) > 0) | (links.pending[rows] > 0)
        )
        dual_use, third, listed, held_down = (
            np.flatnonzero(on_links & flag) for flag in (DUAL_USE, THIRD, LISTING, CUT)
        )
        waits, stands = rows[queue], channel[queue]
        return Reach(
            code,
            rows,
            channel,
            links.need[rows],
            links.user[rows],
            dual_use,
            third,
            listed,
            held_down,
            queue,
            QueuedLinks(
                waits,
                stands,
                links.need[waits],
                links.user[waits],
                links.exporter[waits],
                *_each_once(stands),
            ),
            on_links & (BANNED | CUT | HALTED | DUAL_USE | LISTING) > 0,
            links.exporter[rows],
            links.importer[rows] * len(self.facts.goods) + links.good[rows],
            *_each_once(channel),
        )

    def clear_measures(self) -> None:
        """Forget flags before the acts in force are applied again."""
        self.measures[:] = 0.0
        self.days, self.relaid, self.clock = (), True, None

    @property
    def measures(self) -> FloatArray:
        """All that acts have set, in the order of MEASURES."""
        return self.laid.of((self,))[:, 0]

    def as_laid(self, share: float, firms: Firms) -> Spell:
        """What the acts of some days of the month have set."""
        return Spell(share, self.measures.copy(), firms.barred.copy(), firms.watched.copy())

    def lay_again(self, before: Spell, firms: Firms) -> None:
        """Of a month in one part, when the one before was one as well: where all is as it was,
        nothing has to be looked at again.
        """
        pairs = zip(before[1:], (self.measures, firms.barred, firms.watched), strict=True)
        self.relaid = not all(np.array_equal(was, now) for was, now in pairs)

    def lay_mean(self, spells: tuple[Spell, ...]) -> None:
        """Of a month in several parts: the mean over its days, and the parts."""
        self.measures[:] = sum(spell.share * spell.measures for spell in spells)
        self.days = spells

    def spells(self, firms: Firms) -> tuple[Spell, ...]:
        """The month in parts with the same measures; one part where nothing changes in it."""
        if self.days:
            return self.days
        return (Spell(1.0, self.measures, firms.barred, firms.watched),)

    def at_the_end(self, *names: str) -> FloatArray:
        """These measures as they stand on the month's last day (names x channels)."""
        if self.days:
            return self.days[-1].measures[[MEASURES.index(name) for name in names]]
        return np.array([getattr(self, name) for name in names])

    @property
    def shut(self) -> FloatArray:
        """Share of the month's days on which nothing may pass, by a ban, a cut of all or a halt."""
        if not self.relaid:
            return self.closed
        return np.minimum(np.maximum(self.banned, self.cut >= 1.0) + self.halted, 1.0)

    @property
    def levies(self) -> FloatArray:
        """Factor that tax, duty and tariff put on a price."""
        if not self.relaid:
            return self.levied
        return (1.0 + self.vat + self.duty) * (1.0 + self.tariff)

    def no_applications(self) -> None:
        """A month in which nobody applies for a licence."""
        self.applied, self.approved = np.zeros(self.size), np.zeros(self.size)  # t
        self.open = np.zeros(self.size)  # t applied for and not decided, at the end of the month
        self.cases = np.zeros((len(CASES), self.size))  # applications of the month
        self.turned_down = np.zeros((len(TURNED_DOWN), self.size))  # t

    def open_office(self, exporter: int, links: int, month: int) -> None:
        """An exporter has an office from its first rule on, which came in a month."""
        if (name := self.facts.states[exporter]) not in self.offices:
            self.offices[name] = LicensingOffice(links, month)

    def no_quota(self) -> None:
        """A month without an export quota: no rent, and nothing past it."""
        if self.rent.any() or self.past.any():
            self.rent, self.past = np.zeros(self.size), np.zeros(self.size)
            self.rationed = np.ones(self.size)

    def hold_quotas(self, acts: list[tuple[Event, float]], month: int, start: str) -> None:
        """The quotas of the month, each with a pool and a rent of its own: acts in force, and the
        share of the month's days on which they are.
        """
        now = {event.id for event, _ in acts}
        ended = [quota for act, quota in self.quotas.items() if act not in now]
        held: dict[str, Quota] = {}
        for event, share in acts:
            quota = self.quotas.get(event.id)
            if quota is None:
                quota = Quota(event, self.bound_by(event))
                quota.follow(ended)
            quota.share = share
            quota.hand_out(month, start)
            held[event.id] = quota
        self.quotas = held

    def rules_of_before(
        self, events: Iterable[Event], start: str, usual: float
    ) -> Iterator[tuple[Event, int, float, IntArray]]:
        """Acts by which goods need a licence and which are older than a run, the youngest first:
        the act, its age and its office's time (months; *usual* where it names none), and the
        channels that it binds.
        """
        asking = [event for event in events if event.kind in ASKING]
        for event in sorted(asking, key=lambda event: event.date, reverse=True):
            age, days = -event.month_index(start), event.get("days")
            if age > 0:
                yield event, age, whole_months_of(days) if days else usual, self.bound_by(event)

    def bound_by(self, event: Event) -> IntArray:
        """Channels that an act binds: of all states of its actor."""
        states = [self.facts.state_row[one] for one in self.facts.states_of(event.actor)]
        targets, of_goods = event.target_states(), event.goods
        bound = [self.channels("from", state, targets, of_goods) for state in states]
        return np.sort(np.concatenate(bound))

    def channels(
        self, way: str, state: int, others: tuple[str, ...], of_goods: tuple[str, ...]
    ) -> IntArray:
        """Channels in the goods from a state to others, into it from others, or past it: to the
        others from any state but this. Looked up once, as none is added.
        """
        asked = way, state, others, of_goods
        if asked not in self.known:
            among = _rows_named(self.facts.state_row, others)
            if way == "into":
                lanes = (self.importer == state) & among[self.exporter]
            else:
                lanes = ((self.exporter == state) == (way == "from")) & among[self.importer]
            theirs = _rows_named(self.facts.good_row, of_goods)[self.good]
            self.known[asked] = np.flatnonzero(lanes & theirs & (self.keys > 0))
        return self.known[asked]

    def apply(self, event: Event, exporter: int) -> None:
        """Put one act that is in force on its channels."""
        kind = event.kind
        if kind in FLAGS:
            rows = self.channels("from", exporter, event.target_states(), event.goods)
            for flag in FLAGS[kind]:
                getattr(self, flag)[rows] = 1.0
            if kind == "licensing" and event.get("days"):
                self.set_clock(rows, event.get("days"))
        elif kind in RATES:
            rows = self.channels("from", exporter, event.target_states(), event.goods)
            measure, field = RATES[kind]
            np.maximum.at(getattr(self, measure), rows, event.get(field))
        elif kind == "import_tariff":
            self.tax(event, exporter)
        elif kind == "truce":
            self.ease(event, exporter)
        elif kind == "extraterritorial":
            self.follow(event, exporter)

    def set_clock(self, rows: IntArray, days: float) -> None:
        """An act gives channels a statutory time of their own, in calendar days; of several the
        longest holds.
        """
        if self.clock is None:
            self.clock = np.zeros(self.size)
        self.clock[rows] = np.maximum(self.clock[rows], whole_months_of(days))

    def review_months(self, channel: IntArray, usual: float) -> FloatArray | float:
        """Statutory time before which an office decides no application, by channel (months): that
        of the act in force that names days (`whole_months_of`), the longest of several, else the
        usual one, licence_clock_months.

        An act that names days stands before one that does not, as a special rule before a general
        one; what holds on the month's last day counts, also for what was filed before.
        Source: Article 17 of China's dual-use regulations gives 45 working days, which
        licence_clock_months has; gallium, germanium and antimony took up to 90 days
        (licence_practice.csv). See decision 0064.
        """
        if self.clock is None:
            return usual
        own = self.clock.take(channel)
        return np.where(own > 0.0, own, usual)

    def hold_alike(self, event: Event, exporter: int, new: tuple[str, ...]) -> None:
        """Customs stop goods of one heading with what an act has newly put under a licence."""
        heading = dict(zip(self.facts.goods, goods(self.facts).heading, strict=True))
        theirs = {heading[name] for name in new}
        alike = tuple(g for g in heading if heading[g] in theirs and g not in event.goods)
        self.alike[self.channels("from", exporter, event.target_states(), alike)] = 1.0

    def part_with(self, event: Event) -> None:
        """Sellers of a state have ended their sales to others: nothing of the goods goes there."""
        seller = self.facts.state_row[event.get("state")]
        self.banned[self.channels("from", seller, event.get("to"), event.goods)] = 1.0

    def tax(self, event: Event, importer: int) -> None:
        """The actor taxes what comes from its targets; tariffs on one lane add up."""
        taxed = self.channels("into", importer, event.target_states(), event.goods)
        np.add.at(self.tariff, taxed, event.get("rate"))

    def ease(self, event: Event, state: int) -> None:
        """While a truce holds, each side moves the other's licences faster."""
        facts = self.facts
        partners = event.target_states()
        self.eased[self.channels("from", state, partners, facts.goods)] = 1.0
        self.eased[self.channels("into", state, partners, facts.goods)] = 1.0

    def follow(self, event: Event, exporter: int) -> None:
        """Sellers in third states need the exporter's licence for goods made from its material; all
        that they make counts as such (in `japan-2026` 0.6 to 0.97 of it is).
        """
        self.third[self.channels("past", exporter, event.target_states(), event.goods)] = 1.0

    def wait(self) -> FloatArray:
        """Months that buyers expect to wait for a licence, per link, mean over the month's days:
        w min(1/h - 1, 6), w share of days on which one is needed, h perceived hazard per month.
        """
        waits = self.licensed * np.minimum(1.0 / np.maximum(self.speed, 0.05) - 1.0, 6.0)
        return waits.take(self.channel)


MEASURES = tuple(Border.__annotations__)


def _each_once(channel: IntArray) -> tuple[IntArray, IntArray]:
    """(channels that occur, place of each channel among them)."""
    occurs = np.bincount(channel) > 0
    return occurs.nonzero()[0], (occurs.cumsum() - 1).take(channel)


def _rows_named(rows: Mapping[str, int], names: tuple[str, ...]) -> BoolArray:
    """Which rows have one of these names."""
    among = np.zeros(len(rows), dtype=bool)
    among[[rows[name] for name in names]] = True
    return among
