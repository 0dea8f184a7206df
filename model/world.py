"""The world: tables under Mesa agents, and the month as one page of verbs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from coercivity.agents.base.arrays import FloatArray
from coercivity.model.basis.code_fingerprint import class_made_of, is_ours
from coercivity.model.basis.display import display_function
from coercivity.model.basis.fixed_names import MECHANISMS
from coercivity.model.books import money
from coercivity.model.books.ledger import record
from coercivity.model.founding import found_world
from coercivity.model.own_rules import check_world
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.elements import element_tonnes
from coercivity.model.parts.expectations import Expectations
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.world_view import WorldView
from coercivity.model.plants import building, capacity, costs, production, small_mines
from coercivity.model.plants.call_offs import call_off
from coercivity.model.plants.closures import carry_out_verdicts
from coercivity.model.plants.firm_acts import build_plants
from coercivity.model.plants.outlook import look_ahead
from coercivity.model.plants.projects import carry_out_projects
from coercivity.model.plugin_world import class_with_mechanisms
from coercivity.model.politics import acts_in_force as politics
from coercivity.model.politics import alarm_and_distrust
from coercivity.model.politics.memory import remember
from coercivity.model.results.month_headlines import collector
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.mechanism import Mechanism
from coercivity.model.scenario.resolve import resolve_scenario
from coercivity.model.scenario.scenario import Scenario
from coercivity.model.support import support_month
from coercivity.model.trade import (
    believed_prices,
    clearing,
    cut,
    expectations,
    export_quota,
    freight,
    leakage,
    licensing,
)
from coercivity.model.trade.expectations import TradeTables
from coercivity.model.use import demand, macro
from coercivity.model.use.recycling import recycle
from coercivity.model.world_agents import PopulatedModel


class World(PopulatedModel):
    """One history: a scenario and a seed. `world.step()` is a month; firms are Mesa agents whose
    state is columns of `world.firms`.

    scenario: a shipped name, the path of a YAML file, a mapping, a Scenario, or one of Mesa's that
    has these keywords as its fields. seed, or rng as Mesa calls it: a whole number from 0 to 2^32 -
    1; the same scenario, seed and version give the same tables. None is 1, and 1 plus the
    iteration in Mesa's `batch_run`. record: keep what tables are made of; collect: fill
    `datacollector` with the headlines of each month. Further keywords are parameters and win over
    the file. Raises InputError, one line.
    """

    expected: Expectations
    added: ClassVar[tuple[Mechanism, ...]] = ()  # mechanisms of packages (model/plugin_world.py)

    def __init__(
        self,
        scenario: Scenario | str | Path | Mapping[str, Any] = "business-as-usual",
        seed: int | str | None = None,
        *,
        rng: int | str | None = None,
        record: bool = True,
        collect: bool = True,
        months: int | None = None,
        **kwargs: float,  # Mesa 3.3 takes further keywords under this name alone
    ) -> None:
        wish = resolve_scenario(scenario, seed, rng, months, kwargs)
        super().__init__(rng=wish.seed)
        self.asked = scenario = wish.scenario
        self.p = scenario.parameter_values()
        self.on = {m: scenario.is_on(m) for m in MECHANISMS}
        self.clock = Clock(scenario.start, scenario.months, wish.seed)
        self.politics = Politics(
            scenario.facts, (*scenario.events, *scenario.choices), dict(scenario.governments)
        )
        self.politics.choices = frozenset(choice.id for choice in scenario.choices)
        self.ledger = Ledger(record)
        parts = found_world(
            self.politics, self.ledger, own=scenario.tables, clock=self.clock, p=self.p, on=self.on
        )
        self.__dict__.update(parts)
        self._make_agents()
        self.politics.memory = remember(self.facts, self.politics.governments, scenario.start)
        self.datacollector = collector() if collect else None
        self.__class__ = class_with_mechanisms(type(self), scenario.added, vars(self))

    def __repr__(self) -> str:
        name = type(self).__name__
        if "clock" not in vars(self):
            return f"<{name}, let go or not yet begun>"
        return (
            f"<{name} {self.scenario.name}, seed {self.seed}: "
            f"{self.month} of {self.clock.months} months from {self.start_name}>"
        )

    def _repr_html_(self) -> str | None:
        """The card that a notebook shows; a world that is over has none and shows its `repr`."""
        if "clock" not in vars(self):
            return None
        if self.actors.agents is None:  # nobody has asked for firms as agents, and a card does not
            who = {"Government": len(self.politics.governments)} | {
                kind.__name__: len(many)
                for kind, many in zip(self.kinds, self.actors.by_kind, strict=True)
            }
        else:
            who = {kind.__name__: len(agents) for kind, agents in self.agents_by_type.items()}
        return str(
            display_function("card of a world")(
                type(self).__name__, self.scenario, self.seed, self.month, self.clock.months, who
            )
        )

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        check_world(cls)
        if "added" not in vars(cls) and not is_ours(cls):  # one with mechanisms is as its base
            class_made_of(cls)

    def step(self) -> None:
        """One month, in the order that the ODD protocol gives.

        `running` ends with the months that were asked for, and with it `run_model` and `run_for`; a
        step beyond is a month like any other.
        """
        self.arrive()  # freight reaches its buyer
        self.govern()  # events fall due; governments decide controls and supply
        self.sense()  # firms turn signals and experience into perceived risk
        self.plan_use()  # what end users want this month
        self.order()  # who wants how much from whom; what is believed to come
        self.license()  # which orders may cross which border, and when
        self.clear()  # allocation and prices
        self.ship()  # goods leave
        self.produce()  # inputs become outputs, or lines stop
        self.adapt()  # leaner grades, redesign, supplier qualification
        self.invest()  # projects start, progress, open
        self.settle()  # who pays whom
        self.write_down()  # what the month leaves on record

    def arrive(self) -> None:
        """Costs are those of the month; plants that were to close stand; due freight arrives."""
        self.money.open()
        self.carry_out(costs.costs_rise, capacity.close_plants, freight.arrive)

    def govern(self) -> None:
        """Acts fall due and are laid on the border; governments decide; the exporter sets its
        supply, and pits open or fall in.
        """
        self.carry_out(politics.hold_politics)
        if self.on["M13"]:
            self.carry_out(small_mines.dig)

    def sense(self) -> None:
        """Alarm and distrust fade, and rise with what was not delivered."""
        self.carry_out(alarm_and_distrust.update_beliefs)

    def plan_use(self) -> None:
        """End users plan the month."""
        self.carry_out(demand.plan_use)

    def order(self) -> None:
        """Firms plan their runs; buyers order; prices look ahead."""
        self.ask(self.everyone, "plan_run")
        self.ask(self.everyone, "order")
        if self.on["M5"]:
            self.carry_out(expectations.remember_rules)
            believed_prices.look_ahead(
                self.needs,
                self.border,
                self.expected,
                self.market,
                tables=TradeTables(self.firms, self.needs, self.offers, self.links, self.border),
                supply=self.supply,
                lost=self.supply.believed_to_end,
                more_cover=self.politics.firm_acts.cover,
                p=self.p,
            )

    def license(self) -> None:
        """Orders that may ship, wait or are blocked; delivered costs."""
        self.carry_out(licensing.license)

    def clear(self) -> None:
        """Rationing and prices."""
        self.carry_out(clearing.clear)
        if self.on["M5"]:
            self.carry_out(expectations.note_what_passed)
        self.ask(self.everyone, "post_prices")
        if self.on["M5"]:
            self.market.publish(self.offers, self.p.worth_speed)

    def ship(self) -> None:
        """Granted tonnes leave; leaks are counted; the border notes what went."""
        self.carry_out(freight.ship, leakage.count_leaks, export_quota.draw_rights, cut.note_trade)

    def produce(self) -> None:
        """Lines run as far as their scarcest input; losses are accounted."""
        self.carry_out(production.produce, macro.account_losses)

    def adapt(self) -> None:
        """Relationships and recipes move; separators abroad learn; magnets that wore out return."""
        self.ask(self.everyone, "document_use")
        self.ask(self.everyone, "renew_relationships")
        if self.on["M9"]:
            self.carry_out(costs.learn)
        if self.on["M11"]:
            self.carry_out(recycle)
        self.ask(self.everyone, "adapt_recipes")

    def invest(self) -> None:
        """Plants open; some firms decide to build, to close or to open again; public support is
        paid.
        """
        self.carry_out(capacity.open_plants)
        if self.on["M9"]:
            self.decide_on_plants()
        self.carry_out(support_month.pay_support)

    def decide_on_plants(self) -> None:
        """A twelfth of the firms decide each month on more capacity and on projects; plants in
        trouble are reviewed each quarter.
        """
        self.carry_out(capacity.know_leads)
        if self.month % 3 == 2:
            self.carry_out(look_ahead)
            self.ask(self.everyone, "review")
            self.carry_out(carry_out_verdicts)
        if self.on["M15"]:
            self.carry_out(call_off)
        self.ask(self.everyone, "expand")
        self.ask(self.everyone, "weigh_project")
        self.carry_out(capacity.add_capacity, carry_out_projects, building.start_all, build_plants)

    def settle(self) -> None:
        """Payments for goods, work and capital; owners put money in or take it out."""
        self.carry_out(money.settle)

    def write_down(self) -> None:
        """The month goes into the ledger and to the collector, and is over."""
        self.carry_out(record)
        self.clock.month += 1
        self.running = self.clock.month < self.clock.months
        if self.datacollector is not None:
            self.datacollector.collect(self)

    @property
    def seen(self) -> WorldView:
        """The world to look at: every part behind a read-only face."""
        return WorldView(vars(self))

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

    def enact(self, event: Event) -> None:
        """Add an act to the script of a running world, to be announced in its month."""
        self.politics.enact(event)

    def follow(self, scenario: Scenario) -> None:
        """Go on under another scenario, which asks for the same up to now; what governments have
        decided so far stays (experiments/lab/snapshots.py).
        """
        identities = [id(event) for event in (*self.scenario.events, *self.scenario.choices)]
        decided = [event for event in self.politics.script if id(event) not in identities]
        self.asked = scenario
        self.clock.months = scenario.months
        self.politics.modes = dict(scenario.governments)
        self.politics.choices = frozenset(choice.id for choice in scenario.choices)
        self.politics.script = self.politics.in_order(
            (*scenario.events, *scenario.choices, *decided)
        )

    def balance_error(self) -> FloatArray:
        """Tonnes of each element unaccounted for since the start; zero to rounding."""
        reserve = self.support.reserve.sum(axis=0)
        return self.elements.unaccounted(
            element_tonnes(self.needs, self.offers, self.freight.transit, reserve)
        )

    def let_go(self) -> None:
        """Drop everything, for a world that has served. Its agents point back at it, and Python
        looks for such rings only now and then: 50 MB a run add up.
        """
        self.__dict__.clear()
