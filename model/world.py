"""The world: tables of firms, needs, offers and links under Mesa agents, and the month as one page of verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from coercivity.agents.columns import BoolArray, FloatArray, IntArray, group_sum, run_first
from coercivity.agents.firm import Firm, Manufacturer, Miner, Processor
from coercivity.agents.mesa_base import BaseModel
from coercivity.agents.state import Government
from coercivity.model.adaptation import adapt, use_kinds
from coercivity.model.border import Border
from coercivity.model.build import build_tables
from coercivity.model.capacity import close_plants, invest, start_capacity
from coercivity.model.charges import move_premia
from coercivity.model.demand import K, S, demand, scaled_growth
from coercivity.model.firm_acts import NOBODY
from coercivity.model.freight import arrive, ship
from coercivity.model.geopolitics import Geopolitics
from coercivity.model.goods import CHINA, FIRST_SECTOR, GOOD, PROCESS, goods, processes
from coercivity.model.leakage import Leaks, count_leaks
from coercivity.model.ledger import Ledger
from coercivity.model.licensing import license
from coercivity.model.luck import check_seed
from coercivity.model.macro import account_losses, import_shares
from coercivity.model.market import clear, pricing_terms, separation_cost
from coercivity.model.money import Money, settle, start_money
from coercivity.model.names import GOODS, GOVERNMENTS, MECHANISMS, STATES, government_of
from coercivity.model.ordering import kinds, order
from coercivity.model.politics import politics, start_duty
from coercivity.model.production import content_by_kind, held, produce
from coercivity.model.recycling import Recycling
from coercivity.model.scenario import Scenario
from coercivity.model.signals import Beliefs, sense
from coercivity.model.start import balanced_start
from coercivity.model.supply_policy import SupplyPolicy, expected_need
from coercivity.model.support import Support, pay_support

if TYPE_CHECKING:
    from coercivity.model.events import Event


class World(BaseModel):
    """One history: a scenario and a seed. `world.step()` is a month; firms are Mesa agents whose state is columns of `world.firms`.

    Raises InputError for a seed that is not a whole number from 0 to 2^32 - 1.
    """

    _firms_wait = False
    is_end: BoolArray  # firms that are end users
    is_maker: BoolArray  # firms that work to order
    is_fringe: BoolArray  # mines and separators outside the swing producer
    has_quota: BoolArray  # holders of the exporter's mining quota
    money: Money
    closing: list[tuple[IntArray, int]]  # plants that stand from the next month on, and what becomes of them

    def __init__(self, scenario: Scenario, seed: int = 1, *, record: bool = True) -> None:
        super().__init__(rng=check_seed(seed))
        self.cfg = scenario
        self.seed = check_seed(seed)
        self.p = scenario.parameter_values()
        self.start_name = scenario.start
        self.on: dict[str, bool] = {m: scenario.is_on(m) for m in MECHANISMS}
        self.month = 0
        self.script = tuple(sorted((*scenario.events, *scenario.choices), key=self._place))
        self.in_force: tuple[Any, ...] = ()
        self.threats: list[tuple[int, tuple[int, ...], int]] = []
        self.technology_ban = False
        self.firm_acts = NOBODY
        self.quota_rate = 0.0  # t/month of the export quota last announced
        self.ledger = Ledger(record)
        self._build()
        self._make_agents()
        self.geo = Geopolitics(self)

    def step(self) -> None:
        """One month, in the order that the ODD protocol gives."""
        self.arrive()  # freight reaches its buyer
        self.politics()  # events fall due; governments decide controls and supply
        self.sense()  # firms turn signals and experience into perceived risk
        self.demand()  # what end users want this month
        self.order()  # who wants how much from whom
        self.license()  # which orders may cross which border, and when
        self.clear()  # allocation and prices
        self.ship()  # goods leave
        self.produce()  # inputs become outputs, or lines stop
        self.adapt()  # thrifting, substitution, supplier qualification
        self.invest()  # projects start, progress, open
        self.settle()  # who pays whom
        self.ledger.record(self)
        self.month += 1

    def arrive(self) -> None:
        """Plants that were to close stand; freight due this month reaches its buyers."""
        self.money.open()
        close_plants(self)
        arrive(self)

    def politics(self) -> None:
        """Acts fall due and are laid on the border; the exporter sets its supply."""
        politics(self)

    def sense(self) -> None:
        """Alarm and distrust fade, and rise with what was not delivered."""
        sense(self)

    def demand(self) -> None:
        """End users plan the month."""
        demand(self)

    def order(self) -> None:
        """Orders by link."""
        order(self)

    def license(self) -> None:
        """Orders that may ship, wait or are blocked; delivered costs."""
        license(self)

    def clear(self) -> None:
        """Rationing and prices."""
        clear(self)

    def ship(self) -> None:
        """Granted tonnes leave; border premia follow what was held back."""
        ship(self)
        count_leaks(self)
        move_premia(self)

    def produce(self) -> None:
        """Lines run as far as their scarcest input; losses are accounted."""
        produce(self)
        account_losses(self)

    def adapt(self) -> None:
        """Recipes, price memories and relationships move."""
        adapt(self)

    def invest(self) -> None:
        """Plants open; some firms decide to build; public support is paid."""
        invest(self)
        pay_support(self)

    def settle(self) -> None:
        """Payments for goods, work and capital; owners put money in or take it out."""
        settle(self)

    @property
    def calendar_month(self) -> int:
        """1 to 12."""
        return (int(self.start_name[5:7]) - 1 + self.month) % 12 + 1

    def _build(self) -> None:
        p = self.p
        start = balanced_start(self.start_name)
        duty = start_duty(self.script, self.start_name, GOODS)
        scales = p.demand_growth_record, p.demand_growth_scale
        self.growth = scaled_growth(self.start_name, self.cfg.months + 1, *scales)
        foreseen = scaled_growth(self.start_name, 37, *scales)[36] / 3.0 * self.on["M15"]
        population, self.links, self.transit = build_tables(start, p, self.seed, duty, foreseen)
        self.names = population.census.names
        self.firms, self.needs, self.offers = population.firms, population.needs, population.offers
        self.__dict__.update(kinds(self.firms.process, self.firms.state, CHINA))
        process = self.firms.process
        self.is_mine = (process == PROCESS["mine_light"]) | (process == PROCESS["mine_heavy"])
        self.is_press = (process >= PROCESS["make_magnet_standard"]) & (process < FIRST_SECTOR)
        self.link_first = run_first(self.links.need)
        if len(self.link_first) != len(self.needs):
            raise ValueError("a need has no supplier")
        self.may_build = ~self.is_end & ~self.has_quota
        self.decision_month = np.arange(len(self.firms)) % 12
        self.user_first = run_first(self.needs.firm)
        self.users = self.needs.firm[self.user_first]
        self.new_links = np.flatnonzero(self.links.qualify > 0)  # without base trade
        self.new_needs = self.links.need[self.new_links]
        self.pricing, self.separation_cost = pricing_terms(self.offers.good, p), separation_cost(self.firms)
        self.links.add_columns(
            pair=self.links.importer * S + self.links.exporter, sensitivity=goods().sensitivity[self.links.good] * p.cost_sensitivity,
            due=self.links.need * 2 + self.links.lag - 1, taxed=1.0 + self.links.vat,
            user=self.needs.firm[self.links.need], travel=self.links.lag.astype(np.float64), queue=self.links.tier * len(self.offers) + self.links.offer,
            nothing=1e-9 * self.needs.base_use[self.links.need],
        )  # fmt: skip
        self.border = Border(self.links, self.needs)
        self.beliefs = Beliefs(p.credibility_start)
        self.swing: dict[str, FloatArray] = {"sector": np.zeros(K), "state": np.zeros((S, K)), "case": np.zeros((S, K))}
        self.quote = self.public_quote()
        self.quote_start = self.quote.copy()
        self.quote_growth = np.zeros(len(GOODS))
        self.use_kinds = use_kinds(self)
        self.needs.add_columns(alarm=np.zeros(len(self.needs)), research=np.zeros(len(self.needs)), saving=np.ones(len(self.needs)))
        self.of_end, self.of_press, self.of_mine = self.is_end[self.needs.firm], self.is_press[self.needs.firm], self.is_mine[self.offers.firm]
        self.content = content_by_kind(self)
        self.paid_before = self.needs.paid.copy()
        mines = [float((self.firms.base_run * (self.has_quota & (process == PROCESS[m]))).sum()) for m in ("mine_light", "mine_heavy")]
        self.supply = SupplyPolicy(mines[0], mines[1], p.quota_slack, self.quote, len(self.firms))
        self.supply.use_before = expected_need(self, GOOD["ndpr_oxide"])
        self.hoard = np.zeros(len(GOODS))
        links = self.links
        bought = links.share * self.needs.base_use[links.need] * links.base_cost * (links.exporter == CHINA) * (links.importer != CHINA)
        self.import_weight = np.maximum(group_sum(bought, links.importer, S), 1e-12)
        count = len(self.firms)
        self.orders, self.allowed, self.shipped, self.licensed = (np.zeros(len(links)) for _ in range(4))
        self.wish, self.lasts = np.zeros(count), np.ones(count)
        self.qualified = (links.qualify == 0).astype(np.float64)
        self.wanted, self.used, self.lacking = np.zeros(len(self.needs)), np.zeros(len(self.needs)), np.zeros(len(self.needs), dtype=bool)
        self.loss: dict[str, FloatArray] = {name: np.zeros(count) for name in ("short", "absorbed", "gone", "made_up", "linkage", "postponed")}
        self.import_shares = import_shares(self)
        start_money(self)
        self.support = Support(len(self.firms), len(self.offers))
        start_capacity(self, population)
        self.reserve = np.zeros((S, len(GOODS)))  # t that governments hold, by state and good
        self.leaks = Leaks(len(self.needs))
        self.motor_links = np.flatnonzero((self.links.good == GOOD["motor_standard"]) | (self.links.good == GOOD["motor_heat_resistant"]))
        self.listed, self.sold, self.bill = self.offers.ask, np.zeros(len(self.offers)), np.zeros(len(self.needs))
        self.books = {name: np.zeros(7) for name in ("mined", "recycled", "used", "pressed", "lost", "residue")}
        self.recycling = Recycling(self)
        self.held_start = held(self)

    def _make_agents(self) -> None:
        """Governments act every month and are made at once; firms live in columns and become Mesa agents when somebody asks for them."""
        self._firms_wait = False
        self.governments = [Government(self, name, self.cfg.mode_of(name), S) for name in GOVERNMENTS]
        by_name = {g.name: g for g in self.governments}
        self.government_of_state = [by_name[government_of(state)] for state in STATES]
        self._firms_wait = True

    def complete_agents(self) -> None:
        """Make the firms' agents, in the order of their rows, unless they are there."""
        if not self._firms_wait:
            return
        self._firms_wait = False
        kinds_of = {"mine": Miner, "separate": Processor, "make": Manufacturer}
        names = list(PROCESS)
        for row, name in enumerate(self.names):
            process = int(self.firms.process[row])
            kind: type[Firm] = Manufacturer if process >= FIRST_SECTOR else kinds_of[names[process].split("_")[0]]
            (Processor if names[process] == "make_metal" else kind)(self, row, name)

    def enact(self, event: Event) -> None:
        """Add an act to the script while the world runs; it is announced and laid on the border by `politics` in the month of its date."""
        self.script = tuple(sorted((*self.script, event), key=self._place))

    def follow(self, scenario: Scenario) -> None:
        """Go on under another scenario, which asks for the same up to now; what governments have decided so far stays (experiments/lab/snapshots.py)."""
        given = [id(event) for event in (*self.cfg.events, *self.cfg.choices)]
        decided = [event for event in self.script if id(event) not in given]
        self.cfg = scenario
        self.script = tuple(sorted((*scenario.events, *scenario.choices, *decided), key=self._place))

    def _place(self, event: Event) -> tuple[str, int]:
        """Acts stand by date; on one day, those of governments that decide come last, in the order of GOVERNMENTS, whoever wrote them."""
        decides = bool(event.actor) and self.cfg.mode_of(event.actor) != "scripted"
        return event.date, 1 + GOVERNMENTS.index(event.actor) if decides else 0

    def public_quote(self) -> FloatArray:
        """Price of each good as the world reads it (USD/kg): asking prices weighted by sales. Premia of blocked borders stay out of it."""
        weight = np.maximum(self.offers.sales, 1e-12)
        value = group_sum(self.offers.ask * weight, self.offers.good, len(GOODS))
        return value / np.maximum(group_sum(weight, self.offers.good, len(GOODS)), 1e-300)

    def price_ratio(self) -> FloatArray:
        """Value of what a firm sells at asking prices over its value at the start; 1 for end users."""
        offers, count = self.offers, len(self.firms)
        now = group_sum(offers.yields * offers.ask, offers.firm, count)
        return np.where(now > 0, now / np.maximum(group_sum(offers.yields * offers.base_price, offers.firm, count), 1e-300), 1.0)

    def basket_value(self) -> FloatArray:
        """Value of what a concentrate holds relative to the start, by good (1 for goods that are not concentrates)."""
        out = np.ones(len(GOODS))
        table = processes()
        for plant, ore in (("separate_light", "light_concentrate"), ("separate_heavy", "heavy_concentrate")):
            y = table.outputs[PROCESS[plant]]
            out[GOOD[ore]] = float(y @ self.quote) / float(y @ self.quote_start)
        return out

    def balance_error(self) -> FloatArray:
        """Tonnes of each element that are unaccounted for since the start; zero to rounding (checked after every month in the tests)."""
        books = self.books
        return self.held_start + books["mined"] + books["recycled"] - held(self) - books["used"] - books["pressed"] - books["lost"] - books["residue"]

    def fork(self) -> World:
        """A world of its own in the same state: arrays are copied, agents rebuilt. Same luck from here on."""
        other = World.__new__(World)
        BaseModel.__init__(other, rng=self.seed)
        skip = set(other.__dict__)
        for name, value in self.__dict__.items():
            if name not in skip and name not in ("governments", "government_of_state"):
                other.__dict__[name] = _copied(value)
        other._make_agents()
        for mine, theirs in zip(self.governments, other.governments, strict=True):
            theirs.take_over(mine)
        return other

    def let_go(self) -> None:
        """Drop everything, for a world that has served. Its agents point back at it, and Python looks for such rings only now and then: 50 MB a run add up."""
        self.__dict__.clear()


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return list(value)
    return value.copy() if hasattr(value, "copy") and not isinstance(value, (str, tuple)) else value

