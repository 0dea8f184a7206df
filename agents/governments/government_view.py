"""What a government can see, what it can choose, and a decision as it was taken (M12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.base.phrase import Phrase

NO_REASON: Final = Phrase("")


@dataclass(frozen=True)
class Act:
    """One act in force as a government sees it: targets are states (indices), months since acts of
    its kind by its actor began without a break.
    """

    id: str
    kind: str
    actor: str
    targets: tuple[int, ...]
    months: int
    goods: tuple[str, ...] = ()
    framing: str = "security"  # security | conservation
    open_end: bool = True
    severity: float = 0.0  # how grave a measure of its kind is, 0-1


@dataclass(frozen=True)
class View:
    """What a government can observe this month; arrays run over all states unless said otherwise.
    No fork of the future is among it.
    """

    name: str
    month: int
    states: tuple[int, ...]  # its own
    gdp: FloatArray  # USD million a year, each state
    tension: FloatArray  # 0-1, its own towards each state
    tension_from: FloatArray  # 0-1, each state's government's towards it
    # share of its GDP that stops when material that passes each state stops, net of what stocks
    # cover
    exposure: FloatArray
    power: FloatArray  # 0-1, its power over each state: dependence raised to POWER_CURVATURE
    power_under: FloatArray  # 0-1, each state's power over it
    # group of goods -> (power over each state, share of its own exports that go there in these
    # goods)
    segments: dict[str, tuple[FloatArray, FloatArray]]
    # output that was lost in the last 3 and in the last 12 months, over the GDP of those months
    loss_share_3: float
    loss_share_12: float
    cover: dict[str, float]  # good -> months of use that its end users and plants hold
    acts_by: tuple[Act, ...]
    acts_against: tuple[Act, ...]
    signals: tuple[Act, ...]  # its own remarks, threats and reviews of the last year
    suspended: tuple[Act, ...]  # its own acts that a suspension holds back for a time
    memory: FloatArray  # 0-1, of being coerced by each state
    budget_left: float  # USD million
    budget_spent: float
    # separation and magnet capacity under way outside its states, share of what the world uses
    rival_building: float
    # severity (0-1) of what each state did in the last two months, against this government
    trigger: FloatArray
    sovereignty: FloatArray  # 0/1, whether that was a matter of sovereignty
    # severity of measures of each state in the last two months, against this government
    rival_control: FloatArray
    capability: float  # 0-1, legal and institutional means of coercion
    distrust: FloatArray  # 0-1, of firms in each state about suppliers in its own states
    counter_leverage: FloatArray  # 0-1, how much each state can strike back
    credibility: float  # 0-1, how far its threats are believed
    open_threats: tuple[int, ...]  # states that it threatened and has not acted against
    gave_way: tuple[str, ...]  # governments that conceded to it in the last two months
    # loss (share of yearly GDP) at which it would give way: in a matter of trade, of sovereignty
    audience: tuple[float, float]
    returned: tuple[str, ...] = ()  # ids of its own acts that came back after a suspension


@dataclass(frozen=True)
class Choice:
    """Something a government could do: an event of this kind with its score. months 0: open end."""

    kind: str
    targets: tuple[str, ...] = ()  # names of states or governments
    goods: tuple[str, ...] = ()  # goods or names of groups
    fields: tuple[tuple[str, Any], ...] = ()
    months: int = 0
    score: float = 0.0
    why: Phrase = NO_REASON


@dataclass(frozen=True)
class Decision:
    """One decision as it was taken: what the government saw, chose and rejected."""

    month: int
    government: str
    saw: Phrase
    chose: Phrase
    rejected: tuple[Phrase, ...]
