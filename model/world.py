"""The world: tables of firms, needs, offers and links under Mesa agents, and the month as one page of verbs."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.base.mesa import BaseAgent, BaseModel, own_state
from coercivity.agents.base.part import own
from coercivity.agents.firms.actors import Actors
from coercivity.agents.firms.end_user import EndUser
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.investor import BANKRUPT
from coercivity.agents.firms.maker import Maker
from coercivity.agents.firms.miner import Miner
from coercivity.agents.firms.processor import Processor
from coercivity.agents.firms.roles import Everyone
from coercivity.agents.governments.government import Government
from coercivity.agents.governments.view import View
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.errors import InputError, shorten, suggest
from coercivity.model.basis.goods import FIRST_SECTOR, PROCESS
from coercivity.model.basis.names import (
    GOODS,
    GOVERNMENTS,
    MECHANISMS,
    PROCESSES,
    SECTORS,
    STATES,
    government_of,
)
from coercivity.model.books import money
from coercivity.model.books.ledger import record
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.demand import Demand
from coercivity.model.parts.elements import Elements
from coercivity.model.parts.freight import Freight
from coercivity.model.parts.leaks import Leaks
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.market import Market
from coercivity.model.parts.money import Money
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.recycling import Recycling
from coercivity.model.parts.supply import SupplyPolicy
from coercivity.model.parts.support import Support
from coercivity.model.parts.works import Works
from coercivity.model.plants import capacity, production
from coercivity.model.plants.closures import carry_out_verdicts
from coercivity.model.plants.firm_acts import build_plants
from coercivity.model.plants.outlook import look_ahead
from coercivity.model.plants.projects import carry_out_projects
from coercivity.model.politics import script as politics
from coercivity.model.politics import signals
from coercivity.model.politics.chancellery import look
from coercivity.model.politics.memory import remember
from coercivity.model.results.collecting import collector
from coercivity.model.scenario.asked import what_is_asked
from coercivity.model.scenario.scenario import Scenario
from coercivity.model.seen import Seen
from coercivity.model.start.founding import found
from coercivity.model.support import support
from coercivity.model.trade import charges, freight, leakage, licensing, market
from coercivity.model.use import demand, macro
from coercivity.model.use.recycling import recycle

if TYPE_CHECKING:
    from coercivity.model.scenario.event import Event


class World(BaseModel):
    """One history: a scenario and a seed. `world.step()` is a month; firms are Mesa agents whose state is columns of `world.firms`.

    scenario: a shipped name, the path of a YAML file, a mapping, a Scenario, or one of Mesa's that has these keywords as its fields. seed, or rng as Mesa
    calls it: a whole number from 0 to 2^32 - 1; None is 1, for the same scenario, seed and version give the same tables. record: keep what tables are made
    of; collect: fill `datacollector` with the headlines of each month. Further keywords are parameters and win over the file. Raises InputError, one line.
    """

    state_names = STATES
    good_names = GOODS
    process_names = (*PROCESSES, *SECTORS)
    kinds: ClassVar[tuple[type[Firm], ...]] = (Miner, Processor, Maker, EndUser)
    actors: Actors = None  # type: ignore[assignment]
    firms: Firms
    needs: Needs
    offers: Offers
    links: Links
    freight: Freight
    market: Market
    border: Border
    leaks: Leaks
    works: Works
    demand: Demand
    elements: Elements
    recycling: Recycling
    beliefs: Beliefs
    politics: Politics
    supply: SupplyPolicy
    support: Support
    money: Money

    def __init__(
        self,
        scenario: Scenario | str | Path | Mapping[str, Any] = "business-as-usual",
        seed: int | None = None,
        *,
        rng: int | None = None,
        record: bool = True,
        collect: bool = True,
        months: int | None = None,
        **parameters: float,
    ) -> None:
        asked = what_is_asked(scenario, seed, rng, months, parameters)
        super().__init__(rng=asked.seed)
        self.asked = scenario = asked.scenario
        self.p = scenario.parameter_values()
        self.on: dict[str, bool] = {m: scenario.is_on(m) for m in MECHANISMS}
        self.clock = Clock(scenario.start, scenario.months, asked.seed)
        self.politics = Politics((*scenario.events, *scenario.choices), dict(scenario.governments))
        self.politics.choices = frozenset(choice.id for choice in scenario.choices)
        self.ledger = Ledger(record)
        self.__dict__.update(
            found(self.politics, self.ledger, clock=self.clock, p=self.p, on=self.on)
        )
        self._make_agents()
        self.politics.memory = remember(self.politics.governments, scenario.start)
        self.datacollector = collector() if collect else None

    def step(self) -> None:
        """One month, in the order that the ODD protocol gives."""
        self.arrive()  # freight reaches its buyer
        self.govern()  # events fall due; governments decide controls and supply
        self.sense()  # firms turn signals and experience into perceived risk
        self.plan_use()  # what end users want this month
        self.order()  # who wants how much from whom
        self.license()  # which orders may cross which border, and when
        self.clear()  # allocation and prices
        self.ship()  # goods leave
        self.produce()  # inputs become outputs, or lines stop
        self.adapt()  # thrifting, substitution, supplier qualification
        self.invest()  # projects start, progress, open
        self.settle()  # who pays whom
        self.write_down()  # what the month leaves on record

    def arrive(self) -> None:
        """Plants that were to close stand; freight due this month reaches its buyers."""
        self.money.open()
        capacity.close_plants(
            self.firms,
            self.offers,
            self.links,
            self.works,
            self.support,
            self.ledger,
            clock=self.clock,
            p=self.p,
            on=self.on,
        )
        freight.arrive(self.needs, self.freight, clock=self.clock)

    def govern(self) -> None:
        """Acts fall due and are laid on the border; governments decide; the exporter sets its supply."""
        politics.hold_politics(
            self.firms,
            self.offers,
            self.border,
            self.beliefs,
            self.politics,
            self.supply,
            self.support,
            self.money,
            self.ledger,
            needs=self.needs,
            links=self.links,
            market=self.market,
            works=self.works,
            clock=self.clock,
            p=self.p,
            on=self.on,
            seen=self.seen,
        )

    def sense(self) -> None:
        """Alarm and distrust fade, and rise with what was not delivered."""
        signals.sense(self.beliefs, links=self.links, clock=self.clock, p=self.p, on=self.on)

    def plan_use(self) -> None:
        """End users plan the month."""
        demand.plan_use(
            self.firms, self.demand, politics=self.politics, clock=self.clock, p=self.p, on=self.on
        )

    def order(self) -> None:
        """Plants plan their runs; buyers order."""
        for kind in self.actors.by_kind:
            self.ask(kind, "plan_run")
        self.ask(self.everyone, "order")

    def license(self) -> None:
        """Orders that may ship, wait or are blocked; delivered costs."""
        licensing.license(
            self.needs,
            self.offers,
            self.links,
            self.freight,
            self.border,
            self.leaks,
            self.money,
            firms=self.firms,
            beliefs=self.beliefs,
            politics=self.politics,
            clock=self.clock,
            p=self.p,
            on=self.on,
        )

    def clear(self) -> None:
        """Rationing and prices."""
        market.clear(
            self.offers, self.links, needs=self.needs, border=self.border, p=self.p, on=self.on
        )
        self.ask(self.everyone, "post_prices")
        if self.on["M5"]:
            self.market.publish(self.offers)

    def ship(self) -> None:
        """Granted tonnes leave; leaks are counted; border premia follow what was held back."""
        freight.ship(
            self.needs,
            self.offers,
            self.links,
            self.freight,
            leaks=self.leaks,
            clock=self.clock,
            p=self.p,
        )
        leakage.count_leaks(
            self.leaks, needs=self.needs, links=self.links, border=self.border, p=self.p
        )
        charges.move_premia(self.border, links=self.links, p=self.p, on=self.on)

    def produce(self) -> None:
        """Lines run as far as their scarcest input; losses are accounted."""
        production.produce(self.firms, self.needs, self.offers, self.elements, p=self.p)
        macro.account_losses(self.firms, beliefs=self.beliefs, p=self.p, on=self.on)

    def adapt(self) -> None:
        """Price memories, relationships and recipes move; magnets that wore out come back."""
        self.ask(self.everyone, "remember_prices")
        self.ask(self.everyone, "renew_relationships")
        if self.on["M11"]:
            recycle(
                self.needs, self.elements, self.recycling, self.money, market=self.market, p=self.p
            )
        self.ask(self.everyone, "adapt_recipes")

    def invest(self) -> None:
        """Plants open; some firms decide to build, to close or to open again; public support is paid."""
        capacity.open_plants(
            self.firms,
            self.offers,
            self.links,
            self.works,
            needs=self.needs,
            clock=self.clock,
            p=self.p,
            on=self.on,
        )
        if self.on["M9"]:
            self.decide_on_plants()
        support.pay_support(
            self.needs,
            self.offers,
            self.politics,
            self.support,
            self.money,
            firms=self.firms,
            links=self.links,
            freight=self.freight,
            market=self.market,
            border=self.border,
            works=self.works,
            supply=self.supply,
            clock=self.clock,
            p=self.p,
        )

    def decide_on_plants(self) -> None:
        """A twelfth of the firms decide each month on more capacity and on projects; plants in trouble are reviewed each quarter."""
        firms, works, ledger, clock, p = self.firms, self.works, self.ledger, self.clock, self.p
        capacity.know_leads(works, firms=firms, politics=self.politics, p=p)
        if clock.month % 3 == 2:
            look_ahead(
                self.needs,
                self.links,
                works,
                firms=firms,
                offers=self.offers,
                beliefs=self.beliefs,
                p=p,
                on=self.on,
            )
            self.ask(self.everyone, "review")
            carry_out_verdicts(firms, works, ledger, clock=clock, p=p)
        self.ask(self.everyone, "expand")
        capacity.add_capacity(
            firms, works, beliefs=self.beliefs, politics=self.politics, clock=clock, p=p
        )
        self.ask(self.everyone, "weigh_project")
        carry_out_projects(
            firms, works, self.support, ledger, politics=self.politics, clock=clock, p=p
        )
        build_plants(firms, works, ledger, politics=self.politics, clock=clock, p=p)

    def settle(self) -> None:
        """Payments for goods, work and capital; owners put money in or take it out."""
        money.settle(
            self.firms,
            self.money,
            needs=self.needs,
            offers=self.offers,
            links=self.links,
            border=self.border,
            leaks=self.leaks,
            support=self.support,
            p=self.p,
        )

    def write_down(self) -> None:
        """The month goes into the ledger and to the collector, and is over."""
        record(self.ledger, seen=self.seen)
        self.clock.month += 1
        self.running = self.clock.month < self.clock.months
        if self.datacollector is not None:
            self.datacollector.collect(self)

    @property
    def seen(self) -> Seen:
        """The world to look at: every part behind a read-only face."""
        return Seen(vars(self))

    @property
    def month(self) -> int:
        """Months since the start."""
        return self.clock.month

    @property
    def seed(self) -> int:
        """What the run's luck is drawn from."""
        return self.clock.seed

    @property
    def start_name(self) -> str:
        """The first month, YYYY-MM."""
        return self.clock.start

    def ask(self, actors: Everyone, decision: str) -> None:
        """Let firms decide: all at once, but those whose class has a rule of its own one by one, as agents."""
        own = self.actors.own_rules[decision]
        if not own:
            self.hear(actors, decision)
            return
        alone = [firm for firm in self.firm_agents if type(firm) in own and firm.row in actors.rows]
        for firm in alone:
            getattr(firm, decision)()
        rest = np.setdiff1d(actors.rows, [firm.row for firm in alone])
        if len(rest):
            self.hear(actors.only(rest), decision)

    def _make_agents(self) -> None:
        """Governments act every month and are made at once; firms live in columns and become Mesa agents when somebody asks for them."""
        self.actors = None  # type: ignore[assignment]
        politics = self.politics
        politics.governments = [
            Government(self, name, self.scenario.mode_of(name), len(STATES)) for name in GOVERNMENTS
        ]
        by_name = {g.name: g for g in politics.governments}
        politics.government_of_state = [by_name[government_of(state)] for state in STATES]
        starts = [PROCESS[name] for name in ("mine_light", "separate_light", "make_metal")]
        kind = np.searchsorted([*starts, FIRST_SECTOR], self.firms.process, side="right") - 1
        self.actors = Actors(
            self.firms, self.offers, self.needs, self.links, kind=kind, kinds=self.kinds
        )

    def complete_agents(self) -> None:
        """Make the firms' agents, in the order of their rows, unless they are there."""
        actors = self.actors
        if actors is None or actors.agents is not None:
            return
        actors.agents = []
        for row, name in enumerate(self.firms.names):
            actors.agents.append(self.kinds[actors.kind[row]](self, row, name))

    @property
    def firm_agents(self) -> list[Firm]:
        """The firms as agents, by row."""
        self.complete_agents()
        return self.actors.agents or []

    @property
    def everyone(self) -> Everyone:
        """All firms, to decide at once."""
        return self.actors.everyone

    @property
    def miners(self) -> Everyone:
        """All mines."""
        return self.actors.by_kind[0]

    @property
    def processors(self) -> Everyone:
        """All separation plants."""
        return self.actors.by_kind[1]

    @property
    def makers(self) -> Everyone:
        """All makers of metal, magnets and motors."""
        return self.actors.by_kind[2]

    @property
    def end_users(self) -> Everyone:
        """All end users."""
        return self.actors.by_kind[3]

    def close_for_good(self, row: int) -> None:
        """A plant gives up from the next month on."""
        self.works.closing = [*self.works.closing, (np.array([row]), BANKRUPT)]

    def government(self, name: str) -> Government:
        """A government as an agent, by name. Raises InputError for a name that no government has."""
        if name not in GOVERNMENTS:
            raise InputError(
                f"government '{shorten(name)}' is not known; {suggest(name, GOVERNMENTS)}"
            )
        return self.politics.governments[GOVERNMENTS.index(name)]

    def view_of(self, government: Government) -> View:
        """What a government can observe now."""
        aside = self.politics.copy()
        seen = Seen({**vars(self), "politics": aside})
        return look(aside, government, clock=self.clock, seen=seen)

    def firm(self, which: int | str) -> Firm:
        """A firm as an agent, by row or by name. Raises InputError for a name that no firm has."""
        if isinstance(which, int):
            return self.firm_agents[which]
        if which not in self.firms.names:
            raise InputError(
                f"firm '{shorten(which)}' is not known; {suggest(which, self.firms.names)}"
            )
        return self.firm_agents[self.firms.names.index(which)]

    def enact(self, event: Event) -> None:
        """Add an act to the script while the world runs; it is announced and laid on the border by politics in the month of its date."""
        self.politics.enact(event)

    def follow(self, scenario: Scenario) -> None:
        """Go on under another scenario, which asks for the same up to now; what governments have decided so far stays (experiments/lab/snapshots.py)."""
        given = [id(event) for event in (*self.scenario.events, *self.scenario.choices)]
        decided = [event for event in self.politics.script if id(event) not in given]
        self.asked = scenario
        self.clock.months = scenario.months
        self.politics.modes, self.politics.choices = (
            dict(scenario.governments),
            frozenset(choice.id for choice in scenario.choices),
        )
        self.politics.script = self.politics.in_order(
            (*scenario.events, *scenario.choices, *decided)
        )

    def balance_error(self) -> FloatArray:
        """Tonnes of each element that are unaccounted for since the start; zero to rounding (checked after every month in the tests)."""
        return self.elements.unaccounted(
            production.held(
                needs=self.needs,
                offers=self.offers,
                freight=self.freight,
                supply=self.supply,
                support=self.support,
            )
        )

    def fork(self) -> Self:
        """A world of its own in the same state: arrays are copied, agents rebuilt, those of the user copied. Same luck from here on.

        Raises ValueError for an agent of the user that points to other agents or to the model, for it would go on pointing into this world.
        """
        guests = [agent for agent in self._all_agents if not isinstance(agent, BaseAgent)]
        copies = [own_state(agent) for agent in guests]
        other = type(self).__new__(type(self))
        BaseModel.__init__(other, rng=self.seed)
        skip = set(vars(other)) | {"datacollector", "actors"}
        for name, value in vars(self).items():
            if name not in skip:
                other.__dict__[name] = own(value)
        other._make_agents()
        for mine, theirs in zip(self.politics.governments, other.politics.governments, strict=True):
            theirs.take_over(mine)
        other.datacollector = deepcopy(self.datacollector)
        other.running = self.running
        other.go_on_from(self)
        if self.actors.agents is not None:
            for mine, theirs in zip(self.firm_agents, other.firm_agents, strict=True):
                theirs.__dict__.update(own_state(mine))
        for agent, state in zip(guests, copies, strict=True):
            twin: Any = object.__new__(type(agent))
            twin.__dict__.update(state, model=other, unique_id=agent.unique_id)
            other.join(twin)
        return other

    def let_go(self) -> None:
        """Drop everything, for a world that has served. Its agents point back at it, and Python looks for such rings only now and then: 50 MB a run add up."""
        self.__dict__.clear()
