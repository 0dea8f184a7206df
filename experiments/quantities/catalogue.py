"""The catalogue of quantities: each is declared once, with unit, words, the recorded columns that
it needs and how it is read from records; whoever wants one asks for it by name.

    recording = Recording(world, columns_of(["output_lost", "home_price"]))   # before the run
    recorded = Recorded(recording.records())                                   # after it
    recorded["output_lost"]                                                    # months x ...

Records may be those of a run that keeps its tables (they hold every column of the ledger) or a
`Recording` of the columns asked for: the numbers are the same to the last bit. By state means all
states; what is of the target or the sender is seen from these two (Japan and China unless said
otherwise). Months come first in every array.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.experiments.quantities.headlines import EXPORTER, FOCUS
from coercivity.experiments.quantities.static_quantities import StaticRecords
from coercivity.model.basis.errors import unknown_value_error
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import processes
from coercivity.model.results import dependence_table
from coercivity.model.results.event_tables import stopped_lines
from coercivity.model.results.production_tables import flow, flow_by_firm, made_and_possible
from coercivity.model.results.records import Records, by_group, ratio
from coercivity.model.results.separation_tracer import separated_in as traced
from coercivity.model.results.trade_tables import home_and_quoted

T: Final = len(STAGES)
RAW: Final = ("oxides", "metals")
PRESSES: Final = ("make_magnet_standard", "make_magnet_heat_resistant", "make_magnet_smco")
TRACED: Final = ("made", "offer_stock", "need_stock", "lane_tonnes")
MONEY, TONNES, YEARLY, PRICED = "USD million a month", "t a month", "t a year", "USD/kg"


class RecordedQuantities:
    """Records of a run, to be asked for quantities by name; each is worked out once.

    ground: for quantities of single links and of plants at the start (see `ground_of`).
    """

    def __init__(
        self,
        records: Records,
        target: str = FOCUS,
        sender: str = EXPORTER,
        ground: StaticRecords | None = None,
    ) -> None:
        self.records, self.structure, self._ground = records, records.structure, ground
        self.facts = facts = records.facts
        self.target, self.sender = facts.state_row[target], facts.state_row[sender]
        self.S, self.G, self.K = len(facts.states), len(facts.goods), len(facts.sectors)
        self.answers: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.answers:
            self.answers[name] = of_name(name).read(self)
        return self.answers[name]

    @property
    def ground(self) -> StaticRecords:
        """Raises ValueError for records that came without it."""
        if self._ground is None:
            raise ValueError("these records say nothing of single links; record the world anew")
        return self._ground

    @cached_property
    def users(self) -> IntArray:
        """Rows of the target's end users."""
        who = self.structure
        return np.flatnonzero((who.firm_sector >= 0) & (who.firm_state == self.target))

    @cached_property
    def stage(self) -> IntArray:
        """Stage of each firm."""
        return processes(self.facts).stage[self.structure.firm_process]

    @cached_property
    def outside(self) -> BoolArray:
        """Firms that do not stand in the sender state."""
        return np.asarray(self.structure.firm_state != self.sender)

    @cached_property
    def presses(self) -> IntArray:
        """Rows of the magnet plants of the target that ran at the start."""
        who = self.structure
        rows = [self.facts.process_row[name] for name in PRESSES]
        pressing = np.isin(who.firm_process, rows) & (who.firm_state == self.target)
        return np.flatnonzero(pressing & (self.ground.base_run > 0))

    def at_users(self, column: str) -> FloatArray:
        """A column of needs, added up by state and good of who uses it: months x states x goods."""
        who = self.structure
        place = who.firm_state[who.need_firm] * self.G + who.need_good
        return by_group(self.records[column], place, self.S * self.G).reshape(-1, self.S, self.G)

    def goods_in(self, *groups: str) -> list[int]:
        """Rows of the goods of some groups."""
        return [self.facts.good_row[good] for good in self.facts.expand_goods(groups)]

    @property
    def chain(self) -> list[int]:
        """Rows of the goods from oxides to motors."""
        stage = self.facts.good_stage
        return [row for good, row in self.facts.good_row.items() if stage[good] != "mining"]

    def plants(self, column: str) -> FloatArray:
        """Capacity of plants, in place or being built, t/year: months x firms."""
        producing = self.structure.firm_process < self.facts.first_sector
        return np.asarray(self.records[column] * producing * 12.0)

    def crossing(self, goods: Iterable[int], exporter: int = -1, importer: int = -1) -> IntArray:
        """Links that carry goods abroad, of one exporter or to one importer (-1: any)."""
        links = self.ground
        chosen = np.isin(links.good, list(goods)) & (links.exporter != links.importer)
        for column, state in ((links.exporter, exporter), (links.importer, importer)):
            if state >= 0:
                chosen &= column == state
        return np.flatnonzero(chosen)

    def over(self, rows: IntArray, column: str, group: IntArray, groups: int) -> FloatArray:
        """A column of links, added up over some of them by good or by state."""
        return by_group(self.records[column][:, rows], group[rows], groups)


@dataclass(frozen=True)
class Quantity:
    """One quantity: unit, words (with the axes behind the months), the recorded columns that it
    needs, and how it is read.
    """

    name: str
    unit: str
    words: str
    columns: tuple[str, ...]
    read: Callable[[RecordedQuantities], Any]


QUANTITIES: Final[dict[str, Quantity]] = {}
Read = Callable[["RecordedQuantities"], Any]


def quantity(unit: str, *columns: str) -> Callable[[Read], Read]:
    """Declares a function as a quantity: its name, its docstring as words, and these columns."""

    def declare(read: Read) -> Read:
        words = " ".join((read.__doc__ or "").split())
        QUANTITIES[read.__name__] = Quantity(read.__name__, unit, words, columns, read)
        return read

    return declare


def columns_of(names: Iterable[str]) -> tuple[str, ...]:
    """The recorded columns that some quantities need, each once."""
    return tuple(dict.fromkeys(column for name in names for column in of_name(name).columns))


def of_name(name: str) -> Quantity:
    """The quantity of a name. Raises InputError where there is none."""
    if name not in QUANTITIES:
        raise unknown_value_error("quantity", name, QUANTITIES)
    return QUANTITIES[name]


# ---------------------------------------------------------------- what end users lose

FLOWS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {  # flows of money: words and columns
    "output_lost": ("Value added of output that customers took elsewhere for good", ("gone",)),
    "made_up": ("Value added of overtime that caught up", ("made_up",)),
    "gdp_effect": ("Value added of actual less planned output", ("run", "plan")),
    "cost_paid": ("Inputs paid above the prices of the start", ("used", "paid", "reference")),
    "investment_postponed": ("Investment put off for fear of measures", ("postponed",)),
    "planned": ("Value added that rests on the parts, as planned", ("plan",)),
}


def _by_sector(r: RecordedQuantities, name: str) -> FloatArray:
    return flow(r.records, name).reshape(-1, r.S, r.K)


def _by_state(r: RecordedQuantities, name: str) -> FloatArray:
    values, firm = flow_by_firm(r.records, name)
    return by_group(values, r.structure.firm_state[firm], r.S)


for _name, (_words, _columns) in FLOWS.items():
    for _told, _at, _read in (
        (_name, "state and sector", _by_sector),
        (f"{_name}_by_state", "state", _by_state),
    ):
        QUANTITIES[_told] = Quantity(
            _told, MONEY, f"{_words}, by {_at}.", _columns, partial(_read, name=_name)
        )


@quantity("true or false", "run", "plan", "lacking")
def stood(r: RecordedQuantities) -> BoolArray:
    """Whether the line of an end user stands for want of a part, by firm."""
    return np.asarray(stopped_lines(r.records)[0] & (r.structure.firm_sector >= 0))


@quantity("share of the month", "lasts")
def lasts(r: RecordedQuantities) -> FloatArray:
    """The part of the month for which the stock of a firm lasted, by firm."""
    return np.asarray(r.records["lasts"])


# ---------------------------------------------------------------- goods


@quantity(PRICED, "sold", "ask", "lane_quoted")
def home_price(r: RecordedQuantities) -> FloatArray:
    """Asking price in a state, else what its buyers are quoted, by state and good."""
    return home_and_quoted(r.records)[0].reshape(-1, r.S, r.G)


@quantity(PRICED, "lane_asked", "premium", "duty", "rent")
def export_price(r: RecordedQuantities) -> FloatArray:
    """Free on board, with premium, duty, non-refunded tax and rent, by state and good."""
    lanes = r.structure
    abroad = lanes.normal * (lanes.exporter != lanes.importer)
    leaving, size = lanes.exporter * r.G + lanes.good, r.S * r.G
    asked = by_group(np.nan_to_num(r.records.fob) * abroad, leaving, size)
    return ratio(asked, group_sum(abroad, leaving, size)[None, :]).reshape(-1, r.S, r.G)


@quantity(PRICED, "quote")
def world_price(r: RecordedQuantities) -> FloatArray:
    """The quote, by good."""
    return np.asarray(r.records["quote"])


@quantity(PRICED, "used", "paid")
def target_price(r: RecordedQuantities) -> FloatArray:
    """What the target's users paid for what they used, by good."""
    who = r.structure
    rows = np.flatnonzero(who.firm_state[who.need_firm] == r.target)
    used, good = r.records["used"][:, rows], who.need_good[rows]
    worth = by_group(r.records["paid"][:, rows] * used, good, r.G)
    return np.asarray(worth / np.maximum(by_group(used, good, r.G), 1e-12))


@quantity("t", "need_stock")
def stock(r: RecordedQuantities) -> FloatArray:
    """Stock of users, by state and good."""
    return r.at_users("need_stock")


@quantity(TONNES, "expected")
def expected(r: RecordedQuantities) -> FloatArray:
    """Use that users expect, by state and good."""
    return r.at_users("expected")


@quantity(TONNES, "made")
def made(r: RecordedQuantities) -> FloatArray:
    """What is made, by state and good."""
    who = r.structure
    place = who.firm_state[who.offer_firm] * r.G + who.offer_good
    return by_group(r.records["made"], place, r.S * r.G).reshape(-1, r.S, r.G)


@quantity(TONNES, "made")
def made_world(r: RecordedQuantities) -> FloatArray:
    """What is made, by good."""
    return by_group(r.records["made"], r.structure.offer_good, r.G)


@quantity(TONNES, "made")
def made_outside(r: RecordedQuantities) -> FloatArray:
    """What is made outside the sender, by good."""
    who = r.structure
    return by_group(r.records["made"] * r.outside[who.offer_firm], who.offer_good, r.G)


@quantity(TONNES, "made", "capacity")
def separated(r: RecordedQuantities) -> FloatArray:
    """Separated oxides made (NaN where none ever are), by state and good."""
    tonnes, possible = made_and_possible(r.records)
    stages = [r.facts.good_stage[good] == "separation" for good in r.facts.goods]
    known = ((tonnes > 0).any(axis=0) | (possible > 0).any(axis=0)) & np.tile(stages, r.S)
    return np.where(known, tonnes, np.nan).reshape(-1, r.S, r.G)


# ---------------------------------------------------------------- trade


def _from_exporter(r: RecordedQuantities, bought: FloatArray) -> FloatArray:
    (share, counts), exporter = dependence_table.shares(bought), r.facts.state_row[EXPORTER]
    return np.where(counts[None, :, :, exporter], share[..., exporter], np.nan)


@quantity("share", "lane_tonnes")
def last_origin(r: RecordedQuantities) -> FloatArray:
    """Share of purchases by tonnage that comes from China, by last origin; by state."""
    bought = dependence_table.by_last_origin(r.records, "tonnes", ("all",))
    return _from_exporter(r, bought)[:, :, 0]


@quantity("share", "lane_tonnes")
def last_origin_by_element(r: RecordedQuantities) -> FloatArray:
    """The share last_origin, by state and group of `groups_of`."""
    groups = dependence_table.groups_of(r.facts)
    return _from_exporter(r, dependence_table.by_last_origin(r.records, "tonnes", groups))


@quantity("share", *TRACED)
def separated_in(r: RecordedQuantities) -> FloatArray:
    """Share of purchases by tonnage that was separated in China; by state."""
    return np.asarray(r["separated_in_by_element"][:, :, 0])


@quantity("share", *TRACED)
def separated_in_by_element(r: RecordedQuantities) -> FloatArray:
    """The share separated_in, by state and group of `groups_of`."""
    return _from_exporter(r, r["imported_by_separation"])


@quantity("t a month of oxide", *TRACED)
def imported_by_separation(r: RecordedQuantities) -> FloatArray:
    """Oxides, metal and magnets that a state imports, in oxide equivalent, by state, group of
    `groups_of` and place of separation.
    """
    return dependence_table.by_separation(r.records, "tonnes", traced(r.records))


@quantity(MONEY, "earned")
def exports(r: RecordedQuantities) -> FloatArray:
    """What the sender earns abroad, the price paid at its border; its traders' premium is in it."""
    rows = r.crossing(range(r.G), r.sender)
    return np.array([[month[rows].sum()] for month in r.records["earned"]])


@quantity(MONEY, "earned")
def exports_to_target(r: RecordedQuantities) -> FloatArray:
    """The part of exports that the target pays."""
    rows = r.crossing(range(r.G), r.sender, r.target)
    return np.array([[month[rows].sum()] for month in r.records["earned"]])


@quantity(MONEY, "earned")
def sold_to(r: RecordedQuantities) -> FloatArray:
    """The exports of the sender by importer."""
    return r.over(r.crossing(range(r.G), r.sender), "earned", r.ground.importer, r.S)


@quantity(TONNES, "shipped")
def raw_exported(r: RecordedQuantities) -> FloatArray:
    """Oxides and metals that the sender ships abroad, by good."""
    return r.over(r.crossing(r.goods_in(*RAW), r.sender), "shipped", r.ground.good, r.G)


@quantity(TONNES, "shipped")
def raw_from_sender(r: RecordedQuantities) -> FloatArray:
    """Oxides and metals that reach the target from the sender, by good."""
    return r.over(r.crossing(r.goods_in(*RAW), r.sender, r.target), "shipped", r.ground.good, r.G)


@quantity(TONNES, "shipped")
def raw_imports(r: RecordedQuantities) -> FloatArray:
    """Oxides and metals that the target imports, by good."""
    return r.over(r.crossing(r.goods_in(*RAW), importer=r.target), "shipped", r.ground.good, r.G)


@quantity("t a month of magnet", "shipped")
def motors(r: RecordedQuantities) -> FloatArray:
    """Motors from the sender, by importer."""
    return r.over(r.crossing(r.goods_in("motors"), r.sender), "shipped", r.ground.importer, r.S)


def _start_value(r: RecordedQuantities, rows: IntArray, column: str) -> FloatArray:
    """USD million at the prices of the start, by importer."""
    links = r.ground
    worth = r.records[column][:, rows] * links.base_cost[rows] / 1000.0
    return by_group(worth, links.importer[rows], r.S)


@quantity(MONEY, "shipped")
def bought(r: RecordedQuantities) -> FloatArray:
    """Oxides to motors bought, home trade included, at the prices of the start, by importer."""
    return _start_value(r, np.flatnonzero(np.isin(r.ground.good, r.chain)), "shipped")


@quantity(MONEY, "shipped")
def from_sender(r: RecordedQuantities) -> FloatArray:
    """Oxides to motors bought from the sender, at the prices of the start, by importer."""
    return _start_value(r, r.crossing(r.chain, r.sender), "shipped")


@quantity(MONEY, "pending")
def waiting(r: RecordedQuantities) -> FloatArray:
    """Of these, orders that wait for a licence, at the prices of the start, by importer."""
    return _start_value(r, r.crossing(r.chain, r.sender), "pending")


# ---------------------------------------------------------------- plants


def _by_place(r: RecordedQuantities, column: str) -> FloatArray:
    place = r.structure.firm_state * T + r.stage
    return by_group(r.plants(column), place, r.S * T).reshape(-1, r.S, T)


@quantity(YEARLY, "capacity")
def capacity_by_state(r: RecordedQuantities) -> FloatArray:
    """Capacity in place, by state and stage."""
    return _by_place(r, "capacity")


@quantity(YEARLY, "building")
def building_by_state(r: RecordedQuantities) -> FloatArray:
    """Capacity being built, by state and stage."""
    return _by_place(r, "building")


@quantity(YEARLY, "capacity")
def capacity_world(r: RecordedQuantities) -> FloatArray:
    """Capacity in place, by stage."""
    return by_group(r.plants("capacity"), r.stage, T)


@quantity(YEARLY, "capacity")
def capacity_outside(r: RecordedQuantities) -> FloatArray:
    """Capacity in place outside the sender, by stage."""
    return by_group(r.plants("capacity") * r.outside, r.stage, T)


@quantity(YEARLY, "building")
def building_outside(r: RecordedQuantities) -> FloatArray:
    """Capacity being built outside the sender, by stage."""
    return by_group(r.plants("building") * r.outside, r.stage, T)


@quantity(TONNES, "run")
def press_run(r: RecordedQuantities) -> FloatArray:
    """Run of the target's magnet plants of the start, by plant."""
    return np.asarray(r.records["run"][:, r.presses])


# ---------------------------------------------------------------- politics


def _about_sender(r: RecordedQuantities, column: str) -> FloatArray:
    return np.asarray(r.records[column].reshape(-1, r.S, r.S)[:, :, r.sender])


@quantity(MONEY, "support")
def support(r: RecordedQuantities) -> FloatArray:
    """Paid by all governments for plants and stocks."""
    return np.asarray(r.records["support"])


@quantity("USD million", "public_money")
def spent(r: RecordedQuantities) -> FloatArray:
    """Public money paid so far, less what came back, by state."""
    return np.asarray(r.records["public_money"])


@quantity("index", "tension")
def tension(r: RecordedQuantities) -> FloatArray:
    """Tension of China towards a state, by state."""
    return np.asarray(r.records["tension"])


@quantity("0-1", "credibility")
def credibility(r: RecordedQuantities) -> FloatArray:
    """How far threats of a state are believed, by state."""
    return np.asarray(r.records["credibility"])


@quantity("index", "alarm_about")
def alarm_by_state(r: RecordedQuantities) -> FloatArray:
    """Alarm about the sender, by state."""
    return _about_sender(r, "alarm_about")


@quantity("index", "distrust_about")
def distrust_by_state(r: RecordedQuantities) -> FloatArray:
    """Distrust of the sender, by state."""
    return _about_sender(r, "distrust_about")


@quantity("index", "alarm_about")
def alarm(r: RecordedQuantities) -> FloatArray:
    """Alarm of the target about the sender."""
    return _about_sender(r, "alarm_about")[:, r.target : r.target + 1]


@quantity("index", "distrust_about")
def distrust(r: RecordedQuantities) -> FloatArray:
    """Distrust of the target towards the sender."""
    return _about_sender(r, "distrust_about")[:, r.target : r.target + 1]
