"""What a firm of the oracle holds: its inputs, its outputs, and the suppliers of its inputs, as
plain attributes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.oracle.firm import Firm


@dataclass(eq=False, slots=True)
class Need:
    """One input of one firm, t/month and USD/kg."""

    firm: Firm
    good: str
    coefficient: float
    cover: float
    stock: float
    pipeline: float
    expected: float
    base_use: float
    arrived: float
    fill: float
    thrift: float
    recipe: float
    growth: float
    paid: float
    paid_before: float
    replacement: float
    reference: float
    lagged: float
    recent: float
    choke: float  # price at which half of the use is given up
    usual: float  # share of the use that is kept at the price of the start
    alarm: float
    stake: float  # what a month without it costs over what a month of it costs
    research: float
    saving: float
    parts: float  # of a line that hold it
    part: float  # of a line that stops without it, where inputs go into different goods
    due: dict[int, float]  # month of arrival -> tonnes
    links: list[Link] = field(default_factory=list)
    used: float = 0.0
    pace: float = 0.0  # run as far as it lasts
    here: float = 0.0  # left its seller and arrived in the same month
    lacking: bool = False


@dataclass(eq=False, slots=True)
class Offer:
    """One output of one firm, t/month and USD/kg."""

    firm: Firm
    good: str
    pricing: str  # commodity, manufactured or concentrate
    yields: float
    lead: bool
    ask: float
    anchor: float
    base_price: float
    floor: float
    cover: float  # normal stock before shipping, months of orders
    stock: float
    opening: float  # stock before this month's shipping
    unfinished: float  # by-product left to be worked up later
    orders: float
    sales: float
    made: float
    scarcity: float
    asked: float = 0.0
    left: float = 0.0
    parity: float = float("inf")
    links: list[Link] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Link:
    """One supplier of one need."""

    need: Need
    offer: Offer
    share: float
    habit: float
    weight: float
    fill: float
    seek: float
    qualify: float
    tier: int  # 0 home, 1 large or old customer, 2 the others
    days: float
    vat: float
    freight: float
    base_cost: float
    cost: float
    spot: float
    order: float
    allowed: float
    shipped: float
    qualified: bool
    opened: bool  # the supplier stands open
    extra: float = 0.0
