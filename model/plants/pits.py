"""Small pits: ionic clay is dug where it pays, by many who need neither licence nor loan (M13)."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.firms.miner import Miners
from coercivity.agents.firms.roles import Everyone
from coercivity.agents.tables import Firms
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.goods import PROCESS, STATE
from coercivity.model.basis.names import STATES
from coercivity.model.basis.parameters import Parameters


@lru_cache(maxsize=1)
def most_by_state() -> FloatArray:
    """What the clays of a state have given at most (t/month); 0 where nobody digs without leave."""
    out = np.zeros(len(STATES))
    for row in load_table("pits"):
        out[STATE[row["state"]]] = row["most_tonnes_per_year"] / 12.0
    out.setflags(write=False)
    return out


def dig(firms: Firms, *, miners: Everyone, p: Parameters) -> None:
    """Heavy mines in states of small pits grow while clay pays and sells and shrink when it does
    not.
    """
    rows, capacity = miners.rows, firms.capacity.copy()
    most = most_by_state()[firms.state[rows]] * (firms.process[rows] == PROCESS["mine_heavy"])
    capacity[rows] = cast(Miners, miners).open_pits(most, p=p)
    firms.capacity = capacity
