"""All firms in one pass: each plans by the rule of its kind (M1)."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray
from coercivity.agents.firms.end_user import wanted_activity
from coercivity.agents.firms.maker import Makers
from coercivity.agents.firms.miner import Miners
from coercivity.agents.firms.plant import Plants, Stand
from coercivity.agents.firms.processor import Processors
from coercivity.agents.information import Parameters, Supply, Support, Switches


class Together(Plants):
    """Firms of all kinds. What plants have in common is looked at once for all of them; the rule of
    a kind is worked out for every row and holds for its own.
    """

    def plan_run(self, *, supply: Supply, support: Support, p: Parameters, on: Switches) -> None:
        """Plants and end users plan their runs, with the bits of their own sets."""
        desired, wish = self.runs(supply=supply, support=support, p=p, on=on)
        ends, plan = self.firms.is_end, wanted_activity(self.firms, p=p, on=on)
        self.want(np.where(ends, plan, desired), np.where(ends, plan, wish))

    @staticmethod
    def aim_at(at: Stand, p: Parameters) -> FloatArray:
        """Mines, makers and separators, each by their own rule."""
        firms = at.firms
        others = np.where(firms.is_maker, Makers.aim_at(at, p), Processors.aim_at(at, p))
        return np.where(firms.is_mine, Miners.aim_at(at, p), others)

    def answers(self, p: Parameters) -> tuple[FloatArray | float, FloatArray | float]:
        """The pace of makers for their offers, that of other plants for the rest."""
        of_makers, of_others, own = Makers.pace(p), Plants.pace(p), self._makes
        return np.where(own, of_makers[0], of_others[0]), np.where(own, of_makers[1], of_others[1])

    @cached_property
    def _makes(self) -> BoolArray:
        """Offers of makers."""
        return self.firms.is_maker[self.offers.firm]
