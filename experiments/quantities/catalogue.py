"""The catalogue of quantities: each is declared once, with unit, words, the recorded columns that it
needs and how it is read from records; whoever wants one asks for it by name.

    recording = Recording(world, columns_of(["output_lost", "home_price"]))   # before the run
    recorded = Recorded(recording.records())                                   # after it
    recorded["output_lost"]                                                    # months x ...

Records may be those of a run that keeps its tables (they hold every column of the ledger) or a
`Recording` of the columns asked for: the numbers are the same to the last bit. By state means all
states; what is of the target or the sender is seen from these two (Japan and China unless said
otherwise). Months come first in every array.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.experiments.worlds.headlines import EXPORTER, FOCUS
from coercivity.model.basis.goods import FIRST_SECTOR, PROCESS, STATE, processes
from coercivity.model.basis.names import (
    ELEMENTS,
    GOOD_GROUPS,
    GOOD_STAGE,
    GOODS,
    SECTORS,
    STAGES,
    STATES,
)
from coercivity.model.results.dependence import by_last_origin, by_separation, shares
from coercivity.model.results.events import stopped
from coercivity.model.results.output import flow, flow_by_firm, made_and_possible
from coercivity.model.results.records import Records, by_group, ratio
from coercivity.model.results.tracer import separated_in
from coercivity.model.results.trade import home_and_quoted
from coercivity.model.world import World

S, G, K, T = len(STATES), len(GOODS), len(SECTORS), len(STAGES)
GROUPS: Final = ("all", *ELEMENTS)
RAW: Final = [GOODS.index(good) for good in (*GOOD_GROUPS["oxides"], *GOOD_GROUPS["metals"])]
CHAIN: Final = [g for g, good in enumerate(GOODS) if GOOD_STAGE[good] != "mining"]
MOTORS: Final = [GOODS.index(good) for good in GOOD_GROUPS["motors"]]
PRESSES: Final = tuple(
    PROCESS[f"make_magnet_{kind}"] for kind in ("standard", "heat_resistant", "smco")
)
SEPARATED: Final = np.tile([GOOD_STAGE[good] == "separation" for good in GOODS], S)


@dataclass(frozen=True, eq=False)
class Ground:
    """What stays as it is in a run and stands in no records: of each link who sells what to whom, the
    firm that buys and its price at the start (USD/kg), of each firm its run at the start.
    """

    exporter: IntArray
    importer: IntArray
    good: IntArray
    buyer: IntArray
    base_cost: FloatArray
    base_run: FloatArray


def ground_of(world: World) -> Ground:
    """The ground of a world, to read what is summed over single links."""
    links, buyer = world.links, world.needs.firm[world.links.need]
    return Ground(
        links.exporter, links.importer, links.good, buyer, links.base_cost, world.firms.base_run
    )


class Recorded:
    """Records of a run, to be asked for quantities by name; each is worked out once.

    ground: for quantities of single links and of plants at the start (see `ground_of`).
    """

    def __init__(
        self,
        records: Records,
        target: str = FOCUS,
        sender: str = EXPORTER,
        ground: Ground | None = None,
    ) -> None:
        self.records, self.structure, self._ground = records, records.structure, ground
        self.target, self.sender = STATE[target], STATE[sender]
        self.answers: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.answers:
            self.answers[name] = QUANTITIES[name].read(self)
        return self.answers[name]

    @property
    def ground(self) -> Ground:
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
        return processes().stage[self.structure.firm_process]

    @cached_property
    def outside(self) -> BoolArray:
        """Firms that do not stand in the sender state."""
        return np.asarray(self.structure.firm_state != self.sender)

    def at_users(self, column: str) -> FloatArray:
        """A column of needs, added up by state and good of who uses it: months x states x goods."""
        who = self.structure
        place = who.firm_state[who.need_firm] * G + who.need_good
        return by_group(self.records[column], place, S * G).reshape(-1, S, G)

    def plants(self, column: str) -> FloatArray:
        """Capacity of plants, in place or being built, t/year: months x firms."""
        producing = self.structure.firm_process < FIRST_SECTOR
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


def _share_from_exporter(bought: FloatArray) -> FloatArray:
    share, counts = shares(bought)
    china = STATE[EXPORTER]
    return np.where(counts[None, :, :, china], share[..., china], np.nan)


def _last_origin(r: Recorded) -> FloatArray:
    return _share_from_exporter(by_last_origin(r.records, "tonnes", ("all",)))[:, :, 0]


def _last_origin_by_element(r: Recorded) -> FloatArray:
    return _share_from_exporter(by_last_origin(r.records, "tonnes", GROUPS))


def _separated_in(r: Recorded) -> FloatArray:
    bought = by_separation(r.records, "tonnes", separated_in(r.records))
    return _share_from_exporter(bought[:, :, :1])[:, :, 0]


def _separated_by_element(r: Recorded) -> FloatArray:
    return _share_from_exporter(by_separation(r.records, "tonnes", separated_in(r.records)))


def _separation(r: Recorded) -> FloatArray:
    made, possible = made_and_possible(r.records)
    known = ((made > 0).any(axis=0) | (possible > 0).any(axis=0)) & SEPARATED
    return np.where(known, made, np.nan).reshape(-1, S, G)


def _export_price(r: Recorded) -> FloatArray:
    abroad = r.structure.normal * (r.structure.exporter != r.structure.importer)
    leaving = r.structure.exporter * G + r.structure.good
    asked = by_group(np.nan_to_num(r.records.fob) * abroad, leaving, S * G)
    return ratio(asked, group_sum(abroad, leaving, S * G)[None, :]).reshape(-1, S, G)


def _price_paid(r: Recorded) -> FloatArray:
    who = r.structure
    rows = np.flatnonzero(who.firm_state[who.need_firm] == r.target)
    used, good = r.records["used"][:, rows], who.need_good[rows]
    worth = by_group(r.records["paid"][:, rows] * used, good, G)
    return np.asarray(worth / np.maximum(by_group(used, good, G), 1e-12))


def _by_state(name: str) -> Callable[[Recorded], FloatArray]:
    def read(r: Recorded) -> FloatArray:
        values, firm = flow_by_firm(r.records, name)
        return by_group(values, r.structure.firm_state[firm], S)

    return read


def _by_sector(name: str) -> Callable[[Recorded], FloatArray]:
    return lambda r: flow(r.records, name).reshape(-1, S, K)


def _earned(r: Recorded, importer: int = -1) -> FloatArray:
    rows = r.crossing(range(G), r.sender, importer)
    return np.array([[month[rows].sum()] for month in r.records["earned"]])


def _start_value(r: Recorded, rows: IntArray, column: str) -> FloatArray:
    links = r.ground
    worth = r.records[column][:, rows] * links.base_cost[rows] / 1000.0
    return by_group(worth, links.importer[rows], S)


def _made(r: Recorded, weight: BoolArray | None = None) -> FloatArray:
    made, who = r.records["made"], r.structure
    return by_group(made if weight is None else made * weight[who.offer_firm], who.offer_good, G)


def _made_by_state(r: Recorded) -> FloatArray:
    who = r.structure
    place = who.firm_state[who.offer_firm] * G + who.offer_good
    return by_group(r.records["made"], place, S * G).reshape(-1, S, G)


def _about(r: Recorded, column: str) -> FloatArray:
    at = r.target * S + r.sender
    return np.asarray(r.records[column][:, at : at + 1])


def _about_sender(r: Recorded, column: str) -> FloatArray:
    return np.asarray(r.records[column].reshape(-1, S, S)[:, :, r.sender])


def _by_stage(r: Recorded, column: str, weight: BoolArray | None = None) -> FloatArray:
    plants = r.plants(column)
    return by_group(plants if weight is None else plants * weight, r.stage, T)


def _by_place(r: Recorded, column: str) -> FloatArray:
    place = r.structure.firm_state * T + r.stage
    return by_group(r.plants(column), place, S * T).reshape(-1, S, T)


def presses(r: Recorded) -> IntArray:
    """Rows of the magnet plants of the target that ran at the start."""
    who = r.structure
    pressing = np.isin(who.firm_process, PRESSES) & (who.firm_state == r.target)
    return np.flatnonzero(pressing & (r.ground.base_run > 0))


@dataclass(frozen=True)
class Quantity:
    """One quantity: unit, words (with the axes behind the months), the recorded columns that it
    needs, and how it is read.
    """

    name: str
    unit: str
    words: str
    columns: tuple[str, ...]
    read: Callable[[Recorded], Any]


FLOWS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {  # flows of money: words and columns
    "output_lost": ("value added of output that customers took elsewhere for good", ("gone",)),
    "made_up": ("value added of overtime that caught up", ("made_up",)),
    "gdp_effect": ("value added of actual less planned output", ("run", "plan")),
    "cost_paid": ("inputs paid above their slow mean price", ("used", "paid", "reference")),
    "investment_postponed": ("investment put off for fear of measures", ("postponed",)),
    "planned": ("value added that rests on the parts, as planned", ("plan",)),
}
PRICE: Final = ("sold", "offer_stock", "ask", "lane_quoted")
TRACED: Final = ("made", "offer_stock", "need_stock", "lane_tonnes")
MONEY, TONNES, YEARLY, PRICED = "USD million a month", "t a month", "t a year", "USD/kg"


def _declared() -> Iterator[Quantity]:
    yield from _of_losses()
    yield from _of_goods()
    yield from _of_trade()
    yield from _of_plants()
    yield from _of_politics()


def _of_losses() -> Iterator[Quantity]:
    for name, (words, columns) in FLOWS.items():
        told = f"{words}, by state and sector"
        yield Quantity(name, MONEY, told, columns, _by_sector(name))
        told = f"{words}, by state"
        yield Quantity(f"{name}_by_state", MONEY, told, columns, _by_state(name))
    yield Quantity(
        "stood",
        "true or false",
        "whether the line of a firm stands for want of a part, by firm",
        ("run", "plan", "lacking"),
        lambda r: stopped(r.records)[0] & (r.structure.firm_sector >= 0),
    )
    yield Quantity(
        "lasts",
        "share of the month",
        "the part of the month for which the stock of a firm lasted, by firm",
        ("lasts",),
        lambda r: r.records["lasts"],
    )


def _of_goods() -> Iterator[Quantity]:
    yield Quantity(
        "home_price",
        PRICED,
        "asking price in a state, else what its buyers are quoted, by state and good",
        PRICE,
        lambda r: home_and_quoted(r.records)[0].reshape(-1, S, G),
    )
    yield Quantity(
        "export_price",
        PRICED,
        "free on board, with premium, duty, non-refunded tax and rent, by state and good",
        ("lane_asked", "premium", "duty", "rent"),
        _export_price,
    )
    yield Quantity("world_price", PRICED, "the quote, by good", ("quote",), _column("quote"))
    yield Quantity(
        "target_price",
        PRICED,
        "what the target's users paid for what they used, by good",
        ("used", "paid"),
        _price_paid,
    )
    yield Quantity(
        "stock", "t", "stock of users, by state and good", ("need_stock",), _at("need_stock")
    )
    yield Quantity(
        "expected",
        TONNES,
        "use that users expect, by state and good",
        ("expected",),
        _at("expected"),
    )
    yield Quantity("made", TONNES, "what is made, by state and good", ("made",), _made_by_state)
    yield Quantity("made_world", TONNES, "what is made, by good", ("made",), _made)
    yield Quantity(
        "made_outside",
        TONNES,
        "what is made outside the sender, by good",
        ("made",),
        lambda r: _made(r, r.outside),
    )
    yield Quantity(
        "separated",
        TONNES,
        "separated oxides made (NaN where none ever are), by state and good",
        ("made", "capacity"),
        _separation,
    )


def _of_trade() -> Iterator[Quantity]:
    for name, words, columns, read in (
        ("last_origin", "last origin", ("lane_tonnes",), (_last_origin, _last_origin_by_element)),
        ("separated_in", "place of separation", TRACED, (_separated_in, _separated_by_element)),
    ):
        told = f"share of purchases by tonnage that comes from China, by {words}; by state"
        yield Quantity(name, "share", told, columns, read[0])
        yield Quantity(
            f"{name}_by_element", "share", f"{told} and group of GROUPS", columns, read[1]
        )
    for name, words, read_money in (
        ("exports", "what the sender earns abroad, at the price paid at its border", _earned),
        (
            "exports_to_target",
            "what the sender earns in the target, at that price",
            lambda r: _earned(r, r.target),
        ),
    ):
        yield Quantity(name, MONEY, words, ("earned",), read_money)
    yield Quantity(
        "sold_to",
        MONEY,
        "what the sender earns abroad, at that price, by importer",
        ("earned",),
        lambda r: r.over(r.crossing(range(G), r.sender), "earned", r.ground.importer, S),
    )
    for name, words, place in (
        ("raw_exported", "oxides and metals that the sender ships abroad", _raw_exported),
        ("raw_from_sender", "oxides and metals that reach the target from the sender", _raw_sent),
        ("raw_imports", "oxides and metals that the target imports", _raw_imports),
    ):
        yield Quantity(name, TONNES, f"{words}, by good", ("shipped",), place)
    yield Quantity(
        "motors",
        "t a month of magnet",
        "motors from the sender, by importer",
        ("shipped",),
        lambda r: r.over(r.crossing(MOTORS, r.sender), "shipped", r.ground.importer, S),
    )
    value = "at the prices of the start, oxides to motors, by importer"
    yield Quantity(
        "bought",
        MONEY,
        f"what is bought, home trade included, {value}",
        ("shipped",),
        lambda r: _start_value(r, np.flatnonzero(np.isin(r.ground.good, CHAIN)), "shipped"),
    )
    for name, words, column in (
        ("from_sender", "what is bought from the sender", "shipped"),
        ("waiting", "orders from the sender that wait for a licence", "pending"),
    ):
        yield Quantity(name, MONEY, f"{words}, {value}", (column,), _from_sender(column))


def _of_plants() -> Iterator[Quantity]:
    for column, words in (("capacity", "capacity in place"), ("building", "being built")):
        yield Quantity(
            f"{column}_by_state",
            YEARLY,
            f"{words}, by state and stage",
            (column,),
            partial(_by_place, column=column),
        )
        yield Quantity(
            f"{column}_outside",
            YEARLY,
            f"{words} outside the sender, by stage",
            (column,),
            lambda r, column=column: _by_stage(r, column, r.outside),  # type: ignore[misc]
        )
    yield Quantity(
        "capacity_world",
        YEARLY,
        "capacity in place, by stage",
        ("capacity",),
        partial(_by_stage, column="capacity"),
    )
    yield Quantity(
        "press_run",
        TONNES,
        "run of the target's magnet plants of the start, by plant",
        ("run",),
        lambda r: r.records["run"][:, presses(r)],
    )


def _of_politics() -> Iterator[Quantity]:
    yield Quantity(
        "support",
        MONEY,
        "paid by all governments for plants and stocks",
        ("support",),
        _column("support"),
    )
    yield Quantity(
        "spent",
        "USD million",
        "public money paid so far, less what came back, by state",
        ("public_money",),
        _column("public_money"),
    )
    yield Quantity(
        "tension",
        "index",
        "tension of China towards a state, by state",
        ("tension",),
        _column("tension"),
    )
    yield Quantity(
        "credibility",
        "0-1",
        "credibility of threats, by state",
        ("credibility",),
        _column("credibility"),
    )
    for name in ("alarm", "distrust"):
        column = f"{name}_about"
        yield Quantity(
            name,
            "index",
            f"{name} of the target about the sender",
            (column,),
            partial(_about, column=column),
        )
        yield Quantity(
            f"{name}_by_state",
            "index",
            f"{name} about the sender, by state",
            (column,),
            partial(_about_sender, column=column),
        )


def _column(name: str) -> Callable[[Recorded], FloatArray]:
    return lambda r: np.asarray(r.records[name])


def _at(column: str) -> Callable[[Recorded], FloatArray]:
    return lambda r: r.at_users(column)


def _raw_exported(r: Recorded) -> FloatArray:
    return r.over(r.crossing(RAW, r.sender), "shipped", r.ground.good, G)


def _raw_sent(r: Recorded) -> FloatArray:
    return r.over(r.crossing(RAW, r.sender, r.target), "shipped", r.ground.good, G)


def _raw_imports(r: Recorded) -> FloatArray:
    return r.over(r.crossing(RAW, importer=r.target), "shipped", r.ground.good, G)


def _from_sender(column: str) -> Callable[[Recorded], FloatArray]:
    return lambda r: _start_value(r, r.crossing(CHAIN, r.sender), column)


QUANTITIES: Final[Mapping[str, Quantity]] = {one.name: one for one in _declared()}


def columns_of(names: Iterable[str]) -> tuple[str, ...]:
    """The recorded columns that some quantities need, each once."""
    return tuple(dict.fromkeys(column for name in names for column in QUANTITIES[name].columns))
