"""Programmes of public support: whose money, for which plants, how much is left (M10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from coercivity.agents.columns import BoolArray, FloatArray, IntArray
from coercivity.agents.part import Part
from coercivity.model.exposure import exposure, gdp
from coercivity.model.goods import CHINA, FIRST_SECTOR, GOOD, STATE, processes
from coercivity.model.money import FIRST_OF_GOVERNMENT
from coercivity.model.names import GOVERNMENTS, STAGES, STATES, states_of

if TYPE_CHECKING:
    from coercivity.model.events import Event
    from coercivity.model.world import World

S = len(STATES)
CAPEX = ("grant", "equity", "loan")  # in the order in which they are drawn
PLANTS = (*CAPEX, "tax_credit", "price_floor", "offtake")
SUPPORT = (*PLANTS, "stockpile")
OPEN_END = 120  # months over which a promise without an end is weighed, as in the contracts of 2025 and 2026 (T048: 10 years)


@dataclass
class Programme(Part):
    """One act of support and its account. Arrays are by firm, in USD million unless said otherwise."""

    SHARED: ClassVar[tuple[str, ...]] = ("sells", "home")

    event: Event
    covered: BoolArray  # firms that it is for
    payers: FloatArray  # share of the cost by state, at the state that stands for its government
    promised: FloatArray  # committed to plants that decided, not yet paid
    balance: FloatArray  # lent and not yet repaid
    drawn: FloatArray  # month of the first draw on a loan, -1 before
    stake: FloatArray  # paid for shares
    sells: IntArray  # offers of covered plants in the goods of the act
    open: bool = True
    spent: float = 0.0  # paid out
    home: IntArray | None = None  # of a stockpile: needs of home users in its goods
    returned: float = 0.0  # repayments, dividends, sales of what was bought, shares of high prices

    @property
    def kind(self) -> str:
        """Kind of its act."""
        return self.event.kind

    @property
    def left(self) -> float:
        """USD million neither paid nor promised. A stockpile is a revolving fund: what it sells for is spent again."""
        back = self.returned if self.kind == "stockpile" else 0.0
        return max(float(self.event.get("budget")) + back - self.spent - float(self.promised.sum()), 0.0)

    def months_left(self, start: str, month: int) -> int:
        """Months to its last day, at least 1."""
        end = self.event.end_index(start)
        return max((self.event.month_index(start) + OPEN_END - 1 if end is None else end) - month + 1, 1)


def new_programme(event: Event, firms: int) -> Programme:
    """A programme before its first payment."""
    none = np.zeros(0, dtype=np.int64)
    return Programme(event, np.zeros(firms, dtype=bool), np.zeros(S), np.zeros(firms), np.zeros(firms), np.full(firms, -1.0), np.zeros(firms), none)


def coalitions(acts: tuple[Event, ...]) -> list[set[str]]:
    """Members of each coalition in force; those that share a member are one."""
    groups: list[set[str]] = []
    for act in acts:
        if act.kind == "coalition":
            joined = set(act.get("members"))
            for group in [group for group in groups if group & joined]:
                joined |= group
                groups.remove(group)
            groups.append(joined)
    return groups


def partners(actor: str, groups: list[set[str]]) -> tuple[str, ...]:
    """The governments that an actor pools its support with, itself among them, in the order of GOVERNMENTS."""
    members: set[str] = next((group for group in groups if actor in group), {actor})
    return tuple(name for name in GOVERNMENTS if name in members)


def cost_shares(world: World, members: tuple[str, ...]) -> FloatArray:
    """Members of a coalition share costs by what each has at stake: w_s = GDP_s E_s / sum, E exposure to the sender (share of GDP). Alone: all of it.

    By state, booked at the state that stands for its government. Source: behaviour rules 3.3 leave cost sharing open (Evian, June 2026); assumed.
    """
    rows = [STATE[state] for name in members for state in states_of(name) if STATE[state] != CHINA]
    weight = np.zeros(S)
    if len(members) > 1:
        weight[rows] = (gdp(world.start_name) * exposure(world, (CHINA,))[0][:, 0])[rows]
    if weight.sum() <= 0:
        weight[rows] = np.maximum(gdp(world.start_name)[rows], 1e-9)
    shares = np.bincount(FIRST_OF_GOVERNMENT, weights=weight, minlength=S)
    return np.asarray(shares / shares.sum())


def firms_covered(world: World, event: Event, members: tuple[str, ...]) -> BoolArray:
    """Plants of the stages (for a floor or offtake: sellers of the good) in the hosts; none named: in the members' own states. Never in the sender's."""
    firms = world.firms
    hosts = event.get("hosts") or [state for name in members for state in states_of(name)]
    place = np.isin(firms.state, [STATE[state] for state in hosts]) & (firms.state != CHINA)
    if event.kind in ("price_floor", "offtake"):
        sells = np.zeros(len(firms), dtype=bool)
        sells[world.offers.firm[offers_of(world, event)]] = True
        return place & sells
    stage = processes().stage[firms.process]
    return place & (firms.process < FIRST_SECTOR) & np.isin(stage, [STAGES.index(name) for name in event.get("stages")])


def offers_of(world: World, event: Event) -> IntArray:
    """Offers of the goods that a floor or offtake is about; none for other acts."""
    if event.kind not in ("price_floor", "offtake"):
        return np.zeros(0, dtype=np.int64)
    names = (event.get("good"),) if event.kind == "price_floor" else event.goods
    return np.flatnonzero(np.isin(world.offers.good, [GOOD[name] for name in names]))
