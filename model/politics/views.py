"""What each government that decides can observe this month, gathered from the world (M12)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray, group_sum
from coercivity.agents.base.part import Part
from coercivity.agents.governments import sender
from coercivity.agents.governments.government import Government
from coercivity.agents.governments.government_view import Act, View
from coercivity.agents.governments.sender import SIGNALS
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import processes
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.world_view import WorldView
from coercivity.model.politics.alarm_and_distrust import SEVERITY
from coercivity.model.use.exposure import Step, down_the_chain, exports_to, exposure, gdp, power
from coercivity.model.use.macro import dependent_value_added

if TYPE_CHECKING:
    from coercivity.model.scenario.event import Event


SEGMENTS = ("all", "controlled_2025", "raw_materials", "heavy_oxides")
KEY_GOODS = (
    "ndpr_oxide",
    "dysprosium_oxide",
    "terbium_oxide",
    "magnet_heat_resistant",
    "magnet_smco",
)
WATCHED = ("ndpr_oxide", "dysprosium_oxide")
YEAR = 12
# power over a target is its dependent share raised to this (exponent; Clayton Maggiori & Schreger:
# power rises out of proportion with control; the exponent is assumed; 1 to 6)
POWER_CURVATURE = 3.0
STRONG = 0.05  # power over some state from which a government weighs groups of goods apart
RECENT = 3  # months, this one among them, in which a provocation counts in full


class Survey(Part):
    """What is counted once a quarter: dependence, power by group of goods, prices, stocks and
    capacity under way abroad.

    Counted for the states of governments that decide and of those with acts in force; the others'
    columns stay zero.
    """

    def __init__(self, seen: WorldView, deciding: list[Government]) -> None:
        facts = seen.facts
        S = len(facts.states)
        curve, before = POWER_CURVATURE, seen.politics.memory.survey
        self.chain: tuple[Step, ...] = down_the_chain(seen) if before is None else before.chain
        lead = [own_states(facts, g.name)[0] for g in deciding]
        acting = {
            own_states(facts, event.actor)[0] for event in seen.politics.in_force if event.actor
        }
        whom = sorted({*lead, *acting, facts.china})
        everything = tuple(facts.good_groups["all"] for _ in whom)
        share, depends = exposure(seen, tuple(whom), everything, self.chain)
        over = {
            (state, "all"): power(depends[:, column], curve) for column, state in enumerate(whom)
        }
        strong = [state for state in lead if float(over[state, "all"].max()) > STRONG]
        pairs = [(state, group) for state in strong for group in SEGMENTS[1:]]
        if pairs:
            _, partly = exposure(
                seen,
                tuple(state for state, _ in pairs),
                tuple(facts.good_groups[group] for _, group in pairs),
                self.chain,
            )
            over.update(
                {pair: power(partly[:, column], curve) for column, pair in enumerate(pairs)}
            )
        self.exposure, self.power = np.zeros((S, S)), np.zeros((S, S))
        for column, state in enumerate(whom):
            self.exposure[:, state], self.power[:, state] = share[:, column], over[state, "all"]
        prices = [Lanes.of(seen, facts.good_row[good]) for good in WATCHED]
        users = [Users.of(seen, facts.good_row[good]) for good in KEY_GOODS]
        wealth, stages = gdp(seen.facts, seen.clock.start), _building(seen)
        self.known: dict[str, dict[str, Any]] = {}  # fields of View by government
        self.size: dict[str, float] = {}  # GDP by government, USD million a year
        sales = exports_to(seen, tuple(lead), *(facts.good_groups[group] for group in SEGMENTS))
        for government, exports in zip(deciding, sales, strict=True):
            name, own = government.name, own_states(facts, government.name)
            head, rows, ours = own[0], list(own), _states_among(facts, own)
            total = max(float(exports[SEGMENTS.index("all")].sum()), 1e-12)
            size = self.size[name] = float(wealth[rows].sum())
            self.known[name] = {
                "exposure": wealth[rows] @ self.exposure[rows] / size,
                "others_exposure": self.exposure[:, head],
                "power": self.power[:, head],
                "power_under": self.power[rows].mean(axis=0),
                "segments": {
                    group: (over.get((head, group), over[head, "all"]), sold / total)
                    for group, sold in zip(SEGMENTS, exports, strict=True)
                },
                "prices": {good: of.prices(ours) for good, of in zip(WATCHED, prices, strict=True)},
                "cover": {good: of.cover(ours) for good, of in zip(KEY_GOODS, users, strict=True)},
                "rival_building": _building_abroad(facts, stages, own),
            }

    def copy(self) -> Self:
        """Itself: what was counted stays as it is until the next quarter's survey."""
        return self


def own_states(facts: Facts, name: str) -> tuple[int, ...]:
    """Indices of the states that a government decides for."""
    return tuple(facts.state_row[state] for state in facts.states_of(name))


def _states_among(facts: Facts, own: tuple[int, ...]) -> BoolArray:
    """Which states are among these, by state."""
    ours = np.zeros(len(facts.states), dtype=bool)
    ours[list(own)] = True
    return ours


class Lanes(NamedTuple):
    """Who sells a good at what price, by offer, and what is charged on lanes abroad, by link."""

    slow: float  # three-year mean of the quote
    quote: float
    seller: IntArray  # state
    sold: FloatArray  # price times sales, and sales
    importer: IntArray  # state
    charged: FloatArray  # cost times weight, and weight

    @classmethod
    def of(cls, seen: WorldView, good: int) -> Self:
        """All offers of a good and its links across borders."""
        offers, links = seen.offers, seen.links
        rows = np.flatnonzero(offers.good == good)
        lanes = np.flatnonzero((links.good == good) & (links.importer != links.exporter))
        sales, weight = offers.sales.take(rows) + 1e-12, links.weight.take(lanes) + 1e-12
        return cls(
            max(float(seen.supply.preferred[good]), 1e-12),
            float(seen.market.quote[good]),
            seen.firms.state.take(offers.firm.take(rows)),
            np.array((offers.ask.take(rows) * sales, sales)),
            links.importer.take(lanes),
            np.array((links.cost.take(lanes) * weight, weight)),
        )

    def prices(self, ours: BoolArray) -> tuple[float, float]:
        """(home, abroad) price over its slow mean, seen from these states; the quote where nobody
        sells.
        """
        return (
            self._mean(_sums(self.sold, ours.take(self.seller))) / self.slow,
            self._mean(_sums(self.charged, ~ours.take(self.importer))) / self.slow,
        )

    def _mean(self, sums: list[float]) -> float:
        value, weight = sums
        return value / weight if weight > 0.0 else self.quote


class Users(NamedTuple):
    """Who needs a good: state, stock (t) and expected use (t/month), by need."""

    state: IntArray
    tonnes: FloatArray  # stock, and expected use

    @classmethod
    def of(cls, seen: WorldView, good: int) -> Self:
        """All needs for a good."""
        needs = seen.needs
        rows = (needs.good == good).nonzero()[0]
        tonnes = np.array((needs.stock.take(rows), needs.expected.take(rows)))
        return cls(seen.firms.state.take(needs.firm.take(rows)), tonnes)

    def cover(self, ours: BoolArray) -> float:
        """Months of use in stock in these states; 0 where nobody uses it."""
        stock, expected = _sums(self.tonnes, ours.take(self.state))
        return stock / max(expected, 1e-12)


def _sums(columns: FloatArray, among: BoolArray) -> list[float]:
    """Sum of each of some columns over the rows that are meant."""
    sums: list[float] = columns.compress(among, axis=1).sum(axis=1).tolist()
    return sums


def _building_abroad(
    facts: Facts, stages: list[tuple[IntArray, FloatArray, float]], own: tuple[int, ...]
) -> float:
    """Separation and magnet capacity under way outside its states, share of all such capacity
    (0-1), each stage alike. stages: `_building`.
    """
    ours, building = _states_among(facts, own), []
    for state, under_way, capacity in stages:
        building.append(float(under_way[~ours.take(state)].sum()) / capacity)
    return float(np.clip(np.mean(building), 0.0, 1.0))


def _building(seen: WorldView) -> list[tuple[IntArray, FloatArray, float]]:
    """(state and capacity under way of each plant, capacity of all together) of separation and of
    magnets.
    """
    facts = seen.facts
    firms, found = seen.firms, []
    state, under_way, capacity = firms.state, seen.works.pipeline.building, firms.capacity
    stage = processes(facts).stage[np.minimum(firms.process, len(facts.process_row) - 1)]
    for name in ("separation", "magnet"):
        rows = (stage == STAGES.index(name)).nonzero()[0]
        whole = max(float(capacity.take(rows).sum()), 1e-12)
        found.append((state.take(rows), under_way.take(rows), whole))
    return found


def firm_value(seen: WorldView) -> FloatArray:
    """Value added that stops with each end user (USD million a month): its sector's dependent value
    added by size.
    """
    facts = seen.facts
    S, K = len(facts.states), len(facts.sectors)
    firms = seen.firms
    out = np.zeros(len(firms))
    end = np.flatnonzero(seen.firms.is_end)
    cell = firms.state[end] * K + firms.sector[end]
    size = group_sum(firms.size[end], cell, S * K)
    value = dependent_value_added(facts, seen.clock.start, seen.p.dependent_scale).reshape(-1)
    out[end] = value[cell] * firms.size[end] / np.maximum(size[cell], 1e-300)
    return out


def facts_of(facts: Facts, name: str) -> dict[str, float]:
    """The row of a government in the table of governments."""
    return dict(facts.table("governments").where(government=name)[0])


@cached_by_facts
def counter_leverage(facts: Facts) -> FloatArray:
    """How much the government of each state could strike back (0-1)."""
    by_name = {
        row["government"]: row["counter_leverage"] for row in facts.table("counter_leverage")
    }
    leverage = np.array([by_name[name] for name in facts.government_by_state])
    leverage.setflags(write=False)
    return leverage


@lru_cache(maxsize=4)
def laws(facts: Facts, start: str) -> tuple[tuple[int, float], ...]:
    """Dated steps of law that give the sender means of coercion: (month from the start, least
    capability from then on). Measures are no such steps: they are decided in a run. Source:
    capability.csv.
    """
    return tuple(
        (month_index(start, row["date"]), row["level"])
        for row in facts.table("capability")
        if row["measure"] in ("", "T026", "T037")
    )


def ladder(facts: Facts) -> tuple[sender.Instrument, ...]:
    """The instruments as the rule reads them, lowest rung first."""
    return tuple(
        sender.Instrument(
            row["instrument"],
            int(row["rung"]),
            row["bite"],
            row["lost_sales"],
            row["alarm"],
            row["strikes_back"],
            row["least_capability"],
            row["most_capability"],
            row["scope"] == "world",
            int(row["months"]),
            int(row["pause"]),
            tuple(g for g in row["goods"].split("|") if g),
        )
        for row in sorted(facts.table("instruments"), key=lambda row: row["rung"])
    )


class Scene:
    """What all governments see alike in a month, gathered once."""

    def __init__(self, seen: WorldView) -> None:
        self.facts = facts = seen.facts
        memory, start, month = seen.politics.memory, seen.clock.start, seen.clock.month
        self.seen, self.month, self.survey = seen, month, memory.survey
        self.wealth = gdp(facts, start)
        self.script, self.in_force = seen.politics.script, seen.politics.in_force
        self.began = memory.began
        self.acts = [self.as_act(event) for event in self.in_force if event.actor]
        self.sent = [  # signals within a year
            event
            for event in self.script
            if event.kind in SIGNALS and 0 <= month - event.month_index(start) < YEAR
        ]
        self.pauses = [  # suspensions that have begun
            event
            for event in self.script
            if event.kind == "suspension" and event.month_index(start) <= month
        ]
        self.history, self.concessions = memory.history, memory.concessions
        self.sovereign = np.zeros(
            len(facts.states)
        )  # states that were in a matter of sovereignty within a year
        for felt in self.history:
            if felt[5] == "sovereignty":
                self.sovereign[list(own_states(facts, felt[1]))] = 1.0
        self.losses, self.reserve = memory.losses, seen.support.reserve
        self.lost, self.kept = bool(self.losses.any()), bool(self.reserve.any())
        self.beliefs = seen.beliefs
        self.credibility: list[float] = self.beliefs.credibility.tolist()
        # of the government of each state (rows) towards each
        self.tension = np.array([one.tension for one in seen.politics.government_of_state])
        self.threats = seen.politics.threats

    def reserve_of(self, states: list[int]) -> dict[str, float]:
        """Tonnes of each good that these states hold together."""
        facts = self.facts
        if not self.kept:
            return dict.fromkeys(facts.goods, 0.0)
        return dict(zip(facts.goods, self.reserve[states].sum(axis=0).tolist(), strict=True))

    def as_act(self, event: Event) -> Act:
        """An act as governments see it."""
        began, framed = self.began[event.id]
        targets = (
            tuple(self.facts.state_row[state] for state in event.target_states())
            if event.targets
            else ()
        )
        return Act(
            event.id,
            event.kind,
            event.actor,
            targets,
            self.month - began,
            event.goods,
            framed,
            not event.end,
            SEVERITY.get(event.kind, 0.0),
        )


def view_of(seen: WorldView, government: Government) -> View:
    """Everything that the rule of one government may rest on."""
    return views_of(seen, [government])[0]


def views_of(seen: WorldView, governments: list[Government]) -> list[View]:
    """The view of each of these governments."""
    scene = Scene(seen)
    return [_view(scene, government) for government in governments]


def _view(scene: Scene, government: Government) -> View:
    facts = scene.facts
    name, month, survey = government.name, scene.month, scene.survey
    own, beliefs = own_states(facts, name), scene.beliefs
    lead, rows, size = own[0], list(own), survey.size[name]
    loss_3 = loss_12 = 0.0
    if scene.lost:
        lost = scene.losses[:, rows].sum(axis=1)
        loss_3, loss_12 = float(lost[:3].sum()), float(lost.sum())
    return View(
        name=name,
        month=month,
        states=own,
        governments=facts.government_by_state,
        gdp=scene.wealth,
        tension=scene.tension[lead],
        tension_from=scene.tension[:, lead],
        **survey.known[name],
        loss_3=loss_3,
        loss_12=loss_12,
        loss_share_3=loss_3 / (size / 4.0),
        loss_share_12=loss_12 / size,
        acts_by=tuple(act for act in scene.acts if act.actor == name),
        acts_against=tuple(act for act in scene.acts if not set(own).isdisjoint(act.targets)),
        signals=tuple(scene.as_act(event) for event in scene.sent if event.actor == name),
        suspended=_suspended_acts(scene, name),
        memory=government.memory.copy(),
        budget_left=government.budget,
        budget_spent=government.spent,
        reserve=scene.reserve_of(rows),
        coalitions=_coalitions(scene, name),
        trigger=_gravest(scene, name, "trigger"),
        sovereignty=scene.sovereign,
        rival_control=_gravest(scene, name, "control"),
        capability=government.capability,
        since_measure=np.subtract(month, government.last_measure, dtype=np.float64),
        distrust=beliefs.distrust[:, lead],
        counter_leverage=counter_leverage(facts),
        credibility=scene.credibility[lead],
        open_threats=_threatened_states(scene, own),
        gave_way=_gave_way(scene, name),
        audience=_audience(facts, name),
        returned=_returned_acts(scene, name),
    )


def _gravest(scene: Scene, name: str, kind: str) -> FloatArray:
    """The gravest provocation of a kind by each state towards a government lately (0-1)."""
    facts = scene.facts
    found = np.zeros(len(facts.states))
    for when, actor, targets, severity, what, _ in scene.history:
        if what == kind and scene.month - when < RECENT and name in targets:
            rows = list(own_states(facts, actor))
            found[rows] = np.maximum(found[rows], severity)
    return found


def _suspended_acts(scene: Scene, name: str) -> tuple[Act, ...]:
    """Acts of a government that it has suspended for a time."""
    suspended = {
        str(event.get("of"))
        for event in scene.pauses
        if event.actor == name and event.end and covers_now(event, clock=scene.seen.clock)
    }
    if not suspended:
        return ()
    return tuple(
        scene.as_act(event)
        for event in scene.script
        if event.id in suspended and event.actor == name
    )


def _returned_acts(scene: Scene, name: str) -> tuple[str, ...]:
    """Acts in force of a government that it had suspended before."""
    held = {str(event.get("of")) for event in scene.pauses if event.actor == name}
    return tuple(event.id for event in scene.in_force if event.id in held)


def _coalitions(scene: Scene, name: str) -> tuple[str, ...]:
    """Coalitions in force that a government leads or is a member of."""
    return tuple(
        event.id
        for event in scene.in_force
        if event.kind == "coalition" and (event.actor == name or name in event.get("members", ()))
    )


def _threatened_states(scene: Scene, own: tuple[int, ...]) -> tuple[int, ...]:
    """States under an open threat of a government."""
    threatened = {state for by, targets, _ in scene.threats if by in own for state in targets}
    return tuple(sorted(threatened))


def _gave_way(scene: Scene, name: str) -> tuple[str, ...]:
    """Governments that lately conceded something to a government."""
    return tuple(
        actor
        for when, actor, targets, _, _, _ in scene.concessions
        if scene.month - when < RECENT and name in targets
    )


@lru_cache(maxsize=64)
def _audience(facts: Facts, name: str) -> tuple[float, float]:
    """Audience cost of a government in matters of trade and of sovereignty (share of GDP)."""
    row = facts_of(facts, name)
    return float(row["audience_trade"]), float(row["audience_sovereignty"])


def covers_now(event: Event, *, clock: Clock) -> bool:
    """Whether this month lies between the first and the last day of an event."""
    end = event.end_index(clock.start)
    return event.month_index(clock.start) <= clock.month and (end is None or end >= clock.month)
