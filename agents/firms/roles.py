"""What all firms are at once: buyers, sellers, users of inputs, investors, owners who close."""

from __future__ import annotations

from typing import ClassVar

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.firms.buyer import Buyer
from coercivity.agents.firms.closing import Closing
from coercivity.agents.firms.investor import Investor
from coercivity.agents.firms.seller import Seller
from coercivity.agents.firms.user import User


class Everyone(Buyer, Seller, User, Investor, Closing):
    """Firms in all their roles. DECISIONS: what a firm decides, in the order of the month."""

    DECISIONS: ClassVar[tuple[str, ...]] = (
        "plan_run",
        "order",
        "post_prices",
        "document_use",
        "renew_relationships",
        "adapt_recipes",
        "review",
        "expand",
        "weigh_project",
    )

    def want(self, desired: FloatArray, wish: FloatArray) -> None:
        """Write down the run that firms would like, and the one that they have the capacity for."""
        self.firms.desired, self.firms.wish = desired, wish
