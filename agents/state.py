"""A government: what it can see, what it can choose, and what it remembers (M12). Its rules are in sender.py, target.py, ally.py, office.py and supply.py.

A government is scripted (dated acts only), autonomous (its rule decides) or played (its choices are written in the scenario).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from coercivity.agents.columns import FloatArray
from coercivity.agents.mesa_base import BaseAgent, BaseModel


@dataclass(frozen=True)
class Act:
    """One act in force as a government sees it: targets are states (indices), months since acts of its kind by its actor began without a break."""

    id: str
    kind: str
    actor: str
    targets: tuple[int, ...]
    months: int
    goods: tuple[str, ...] = ()
    framing: str = "security"  # security | conservation
    open_end: bool = True


@dataclass(frozen=True)
class View:
    """What a government can observe this month; arrays run over all states unless said otherwise. No fork of the future is among it."""

    name: str
    month: int
    states: tuple[int, ...]  # its own
    governments: tuple[str, ...]  # who decides for each state
    gdp: FloatArray  # USD million a year, each state
    tension: FloatArray  # 0-1, its own towards each state
    tension_from: FloatArray  # 0-1, each state's government's towards it
    exposure: FloatArray  # share of its GDP that stops when material that passes each state stops, net of what stocks cover
    others_exposure: FloatArray  # share of each state's GDP that rests on material that passes this government's states
    power: FloatArray  # 0-1, its power over each state: dependence raised to power_curvature
    power_under: FloatArray  # 0-1, each state's power over it
    segments: dict[
        str, tuple[FloatArray, FloatArray]
    ]  # group of goods -> (power over each state, share of its own exports that go there in these goods)
    loss_3: float  # USD million in the last 3 months
    loss_12: float
    loss_share_3: float  # of the GDP of those months
    loss_share_12: float
    prices: dict[
        str, tuple[float, float]
    ]  # good -> (home, abroad) price over its slow mean, for NdPr and Dy oxide
    cover: dict[str, float]  # good -> months of use that its end users and plants hold
    acts_by: tuple[Act, ...]
    acts_against: tuple[Act, ...]
    signals: tuple[Act, ...]  # its own remarks, threats and reviews of the last year
    suspended: tuple[Act, ...]  # its own acts that a suspension holds back
    memory: FloatArray  # 0-1, of being coerced by each state
    budget_left: float  # USD million
    budget_spent: float
    reserve: dict[str, float]  # tonnes of each good that it holds
    coalitions: tuple[str, ...]  # ids of coalitions in force that it belongs to
    rival_building: float  # separation and magnet capacity under way outside its states, share of what the world uses
    trigger: FloatArray  # severity (0-1) of what each state did in the last two months, against this government
    sovereignty: FloatArray  # 0/1, whether that was a matter of sovereignty
    rival_control: FloatArray  # severity of measures of each state in the last two months, against this government
    capability: float  # 0-1, legal and institutional means of coercion
    since_measure: FloatArray  # months since its last own measure against each state
    distrust: FloatArray  # 0-1, of firms in each state about suppliers in its own states
    counter_leverage: FloatArray  # 0-1, how much each state can strike back
    credibility: float  # 0-1, how far its threats are believed
    open_threats: tuple[int, ...]  # states that it threatened and has not acted against
    gave_way: tuple[str, ...]  # governments that conceded to it in the last two months
    audience: tuple[
        float, float
    ]  # loss (share of yearly GDP) at which it would give way: in a matter of trade, of sovereignty


@dataclass(frozen=True)
class Choice:
    """Something a government could do: an event of this kind with its score. months 0: open end."""

    kind: str
    targets: tuple[str, ...] = ()  # names of states or governments
    goods: tuple[str, ...] = ()  # goods or names of groups
    fields: tuple[tuple[str, Any], ...] = ()
    months: int = 0
    score: float = 0.0
    why: str = ""


@dataclass(frozen=True)
class Decision:
    """One decision as it was taken: what the government saw, chose and rejected, in words."""

    month: int
    government: str
    saw: str
    chose: str
    rejected: str


class Government(BaseAgent):
    """A government: its name, how it is led in this run, its tension towards each state and its memory of being coerced by each (0-1)."""

    def __init__(self, model: BaseModel, name: str, mode: str, states: int) -> None:
        super().__init__(model)
        self.name = name
        self.mode = mode
        self.tension = np.zeros(states)
        self.memory = np.zeros(states)
        self.capability = 0.0  # legal and institutional means, 0-1; only rises
        self.budget = 0.0  # USD million left for support
        self.spent = 0.0
        self.last_measure = np.full(
            states, -999
        )  # month of its last own measure against each state
        self.busy_until = np.full(
            states, -999
        )  # month until which each state is left alone after a measure

    def take_over(self, other: Government) -> None:
        """The state of mind of the same government in another world."""
        self.tension, self.memory = other.tension.copy(), other.memory.copy()
        self.last_measure, self.busy_until = other.last_measure.copy(), other.busy_until.copy()
        self.capability, self.budget, self.spent = other.capability, other.budget, other.spent

    def cool(self, half_life: float) -> None:
        """Tension fades: h <- h 2^(-1/half-life)."""
        self.tension *= 0.5 ** (1.0 / half_life)

    def remember(self, states: list[int], weight: float) -> None:
        """Being coerced leaves a memory that fades: m <- m + w (1 - m)."""
        self.memory[states] += weight * (1.0 - self.memory[states])

    def forget(self, half_life: float) -> None:
        """m <- m 2^(-1/half-life). Source: behaviour rules 2.4, half-life of 3 to 5 years."""
        self.memory *= 0.5 ** (1.0 / half_life)

    def learn(self, step: float) -> None:
        """Capability only rises: K <- K + step (1 - K). Source: behaviour rules 1.2."""
        self.capability += step * (1.0 - self.capability)

    def provoke(self, targets: list[int], weight: float) -> None:
        """An act of weight w towards states closes that part of the gap to open hostility (w > 0), or takes it away (w < 0, a truce)."""
        for state in targets:
            gap = 1.0 - self.tension[state] if weight > 0 else self.tension[state]
            self.tension[state] += weight * gap
