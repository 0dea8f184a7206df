"""What supporters promise each firm now, their programmes and reserves (M10)."""

from __future__ import annotations

from operator import is_not
from typing import Any

import numpy as np

from coercivity.agents.base.arrays import BoolArray
from coercivity.agents.base.part import Part
from coercivity.agents.base.stacked import Stacked
from coercivity.model.basis.facts import Facts
from coercivity.model.parts.programme import CAPEX, Programme


class Support(Part):
    """What supporters promise each firm now; all arrays are by firm. Zero (or the market's own
    value) where nothing is promised.
    """

    def __init__(self, facts: Facts, firms: int, offers: int = 0) -> None:
        S, G = len(facts.states), len(facts.goods)
        self.gift_share = np.zeros(firms)  # share of capex given away
        self.loan_share = np.zeros(firms)  # share of capex lent cheaply
        self.loan_rate = np.zeros(firms)  # yearly rate of that loan
        self.equity_share = np.zeros(firms)  # share of capex that asks no option premium
        # USD million a month per t of run, added to the revenue of a plant at today's prices
        self.floor = np.zeros(firms)
        self.floored = np.zeros(firms)  # share of a plant's revenue that a floor insures
        self.credit_rate = np.zeros(firms)  # share of production cost paid back
        self.offtake_share = np.zeros(firms)  # share of output whose sale is promised
        self.paid = np.zeros(firms)  # USD million paid to each firm this month
        self.back = np.zeros(firms)  # USD million paid back by each firm this month
        self.capital = np.zeros(firms)  # the part of paid that meets capital cost
        # USD million of capital cost still to come when last looked at
        self.ahead = np.zeros(firms)
        self.topped = np.zeros(offers)  # USD/kg that floors have added this month
        self.shared = np.zeros(offers)  # USD/kg above ceilings that has been asked back this month
        self.credited = np.zeros(firms)  # share of production cost that credits pay back this month
        # what floors and credits pay per t of run, as a share of cost: a margin on top of the
        # market's
        self.aid = np.zeros(firms)
        self.given = np.zeros(firms)  # USD million of grants and public shares paid so far
        self.programmes: dict[str, Programme] = {}
        self.reserve = np.zeros((S, G))  # t that governments hold, by state and good
        # the same arrays, together
        self.over_time = Stacked("floor", "floored", "credit_rate", "offtake_share")
        self.shares = Stacked("gift_share", "loan_share", "loan_rate", "equity_share")
        self.of_month = Stacked("paid", "back", "capital", "credited")
        self.covering = Stacked("covered")  # of programmes that meet capital cost
        self.accounts = Stacked("promised", "balance", "stake")  # of the same
        self.shares_of: tuple[Any, ...] = ()  # what the shares of capital were made of
        self._every: list[Programme] = []  # programmes when those of capital were last picked out
        self._of_capital: list[Programme] = []

    @property
    def of_capital(self) -> list[Programme]:
        """Programmes that meet capital cost, in the order in which they are drawn."""
        every = list(self.programmes.values())
        if len(every) != len(self._every) or any(map(is_not, every, self._every)):
            self._every = every
            self._of_capital = [one for kind in CAPEX for one in every if one.kind == kind]
        return self._of_capital

    @property
    def left(self) -> dict[str, float]:
        """USD million that each programme has left to promise or pay, none once it is closed."""
        of_capital = self.of_capital
        promised = self.accounts.of(of_capital)[0].sum(axis=1).tolist() if of_capital else []
        by_act = dict(zip((one.event.id for one in of_capital), promised, strict=True))
        return {
            act: one.left_beside(by_act.get(act, 0.0)) if one.open else 0.0
            for act, one in self.programmes.items()
        }

    def limit_capital(self, most: float) -> None:
        """Capital support of all programmes together stays below a share of the cost, pro rata."""
        total = self.gift_share + self.equity_share + self.loan_share
        scale = np.minimum(1.0, most / np.maximum(total, 1e-12))
        self.gift_share *= scale
        self.equity_share *= scale
        self.loan_share *= scale

    def still(self) -> None:
        """A month in which nothing has been paid yet."""
        self.of_month.of((self,))[:] = 0.0
        self.topped[:] = 0.0
        self.shared[:] = 0.0

    @property
    def held(self) -> BoolArray:
        """Firms that owe the public, that it owns a part of, or that it has promised capital; also
        once the budget is spent or the act has ended.
        """
        if not self.of_capital:
            return np.zeros(len(self.gift_share), dtype=bool)
        return np.asarray((self.accounts.of(self.of_capital) > 1e-9).any(axis=(0, 1)))

    @property
    def backed(self) -> BoolArray:
        """Firms that the public lends to, owns a part of, or promises to buy from, and those that
        it holds.
        """
        offered = self.loan_share + self.equity_share + self.offtake_share + self.gift_share
        return (offered > 0) | self.held
