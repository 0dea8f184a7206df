"""What each government that decides can observe this month, gathered from the world (M12)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Self

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, group_sum
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
from coercivity.model.scenario.event import Event
from coercivity.model.use.exposure import Step, down_the_chain, exports_to, exposure, gdp, power
from coercivity.model.use.macro import dependent_value_added

SEGMENTS = ("all", "controlled_2025", "raw_materials", "heavy_oxides")
KEY_GOODS = (
    "ndpr_oxide",
    "dysprosium_oxide",
    "terbium_oxide",
    "magnet_heat_resistant",
    "magnet_smco",
)
YEAR = 12
# power over a target is its dependent share raised to this (exponent; Clayton Maggiori & Schreger:
# power rises out of proportion with control; the exponent is assumed; 1 to 6)
POWER_CURVATURE = 3.0
STRONG = 0.05  # power over some state from which a government weighs groups of goods apart
RECENT = 3  # months, this one among them, in which a provocation counts in full


class Survey(Part):
    """What is counted once a quarter: dependence, power by group of goods, stocks and capacity
    under way abroad.

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
        wealth = gdp(facts, seen.clock.start)
        self.known: dict[str, dict[str, Any]] = {}  # fields of View by government
        self.size: dict[str, float] = {}  # GDP by government, USD million a year
        sales = exports_to(seen, tuple(lead), *(facts.good_groups[group] for group in SEGMENTS))
        for government, exports in zip(deciding, sales, strict=True):
            name, rows = government.name, list(own_states(facts, government.name))
            head, ours = rows[0], np.isin(np.arange(S), rows)
            total = max(float(exports[SEGMENTS.index("all")].sum()), 1e-12)
            size = self.size[name] = float(wealth[rows].sum())
            self.known[name] = {
                "exposure": wealth[rows] @ self.exposure[rows] / size,
                "power": self.power[:, head],
                "power_under": self.power[rows].mean(axis=0),
                "segments": {
                    group: (over.get((head, group), over[head, "all"]), sold / total)
                    for group, sold in zip(SEGMENTS, exports, strict=True)
                },
                "cover": {good: cover(seen, facts.good_row[good], ours) for good in KEY_GOODS},
                "rival_building": building_abroad(seen, ours),
            }

    def copy(self) -> Self:
        """Itself: what was counted stays as it is until the next quarter's survey."""
        return self


def own_states(facts: Facts, name: str) -> tuple[int, ...]:
    """Indices of the states that a government decides for."""
    return tuple(facts.state_row[state] for state in facts.states_of(name))


def cover(seen: WorldView, good: int, ours: BoolArray) -> float:
    """Months of use of a good that its users in some states have in stock; 0 where nobody uses it.
    ours: by state.
    """
    needs = seen.needs
    own = ((needs.good == good) & ours[seen.firms.state[needs.firm]]).nonzero()[0]
    return float(needs.stock[own].sum()) / max(float(needs.expected[own].sum()), 1e-12)


def building_abroad(seen: WorldView, ours: BoolArray) -> float:
    """Separation and magnet capacity under way outside some states, share of all such capacity
    (0-1), each stage alike. ours: by state.
    """
    facts, firms, building = seen.facts, seen.firms, []
    stage = processes(facts).stage[np.minimum(firms.process, len(facts.process_row) - 1)]
    for name in ("separation", "magnet"):
        of_stage = stage == STAGES.index(name)
        under_way = seen.works.pipeline.building[of_stage & ~ours[firms.state]]
        whole = max(float(firms.capacity[of_stage].sum()), 1e-12)
        building.append(float(under_way.sum()) / whole)
    return float(np.clip(np.mean(building), 0.0, 1.0))


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
        self.seen, self.facts = seen, seen.facts
        self.memory, self.month = seen.politics.memory, seen.clock.month
        self.survey, self.in_force = self.memory.survey, seen.politics.in_force
        self.script, start = seen.politics.script, seen.clock.start
        self.wealth = gdp(self.facts, start)
        self.acts = [self.as_act(event) for event in self.in_force if event.actor]
        self.sent = [  # signals within a year
            event
            for event in self.script
            if event.kind in SIGNALS and 0 <= self.month - event.month_index(start) < YEAR
        ]
        self.pauses = [  # suspensions that have begun
            event
            for event in self.script
            if event.kind == "suspension" and event.month_index(start) <= self.month
        ]
        # states that were in a matter of sovereignty within a year
        self.sovereign = np.zeros(len(self.facts.states))
        for felt in self.memory.history:
            if felt[5] == "sovereignty":
                self.sovereign[list(own_states(self.facts, felt[1]))] = 1.0
        # of the government of each state (rows) towards each
        self.tension = np.array([one.tension for one in seen.politics.government_of_state])

    def as_act(self, event: Event) -> Act:
        """An act as governments see it."""
        began, framed = self.memory.began[event.id]
        states = event.target_states() if event.targets else ()
        return Act(
            event.id,
            event.kind,
            event.actor,
            tuple(self.facts.state_row[state] for state in states),
            self.month - began,
            event.goods,
            framed,
            not event.end,
            SEVERITY.get(event.kind, 0.0),
        )

    def view_of(self, government: Government) -> View:
        """Everything that the rule of a government may rest on."""
        name, beliefs = government.name, self.seen.beliefs
        own = own_states(self.facts, name)
        lead, size = own[0], self.survey.size[name]
        lost = self.memory.losses[:, list(own)].sum(axis=1)
        paused = {str(event.get("of")) for event in self.pauses if event.actor == name}
        return View(
            name=name,
            month=self.month,
            states=own,
            gdp=self.wealth,
            tension=self.tension[lead],
            tension_from=self.tension[:, lead],
            **self.survey.known[name],
            loss_share_3=float(lost[:3].sum()) / (size / 4.0),
            loss_share_12=float(lost.sum()) / size,
            acts_by=tuple(act for act in self.acts if act.actor == name),
            acts_against=tuple(act for act in self.acts if not set(own).isdisjoint(act.targets)),
            signals=tuple(self.as_act(event) for event in self.sent if event.actor == name),
            suspended=self._suspended_acts(name),
            memory=government.memory.copy(),
            budget_left=government.budget,
            budget_spent=government.spent,
            trigger=self._gravest(name, "trigger"),
            sovereignty=self.sovereign,
            rival_control=self._gravest(name, "control"),
            capability=government.capability,
            distrust=beliefs.distrust[:, lead],
            counter_leverage=counter_leverage(self.facts),
            credibility=float(beliefs.credibility[lead]),
            open_threats=self._threatened_states(own),
            gave_way=self._gave_way(name),
            audience=_audience(self.facts, name),
            returned=tuple(event.id for event in self.in_force if event.id in paused),
        )

    def _gravest(self, name: str, kind: str) -> FloatArray:
        """The gravest provocation of a kind by each state towards a government lately (0-1)."""
        found = np.zeros(len(self.facts.states))
        for when, actor, targets, severity, what, _ in self.memory.history:
            if what == kind and self.month - when < RECENT and name in targets:
                rows = list(own_states(self.facts, actor))
                found[rows] = np.maximum(found[rows], severity)
        return found

    def _suspended_acts(self, name: str) -> tuple[Act, ...]:
        """Acts of a government that it has suspended for a time."""
        suspended = {
            str(event.get("of"))
            for event in self.pauses
            if event.actor == name and event.end and covers_now(event, clock=self.seen.clock)
        }
        return tuple(
            self.as_act(event)
            for event in (self.script if suspended else ())
            if event.id in suspended and event.actor == name
        )

    def _threatened_states(self, own: tuple[int, ...]) -> tuple[int, ...]:
        """States under an open threat of a government."""
        threats = self.seen.politics.threats
        return tuple(
            sorted({state for by, targets, _ in threats if by in own for state in targets})
        )

    def _gave_way(self, name: str) -> tuple[str, ...]:
        """Governments that lately conceded something to a government."""
        return tuple(
            actor
            for when, actor, targets, _, _, _ in self.memory.concessions
            if self.month - when < RECENT and name in targets
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
