"""Small pits: ionic clay is dug where it pays, by many who need neither licence nor loan (M13)."""

from __future__ import annotations

from typing import cast

import numpy as np

from coercivity.agents.base.arrays import FloatArray, with_rows
from coercivity.agents.firms.miner import Miners
from coercivity.agents.firms.roles import Everyone
from coercivity.agents.tables import Firms
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.parameters import Parameters


@cached_by_facts
def most_by_state(facts: Facts) -> FloatArray:
    """What the clays of a state have given at most (t/month); 0 where nobody digs without leave."""
    out = np.zeros(len(facts.states))
    for row in facts.table("pits"):
        out[facts.state_row[row["state"]]] = row["most_tonnes_per_year"] / 12.0
    out.setflags(write=False)
    return out


def dig(firms: Firms, *, miners: Everyone, p: Parameters) -> None:
    """Heavy mines in states of small pits grow while clay pays and sells and shrink when it does
    not.
    """
    mines = cast(Miners, miners)
    diggers = look_up_diggers(firms, mines) if mines.diggers is None else mines.diggers
    most = most_by_state(p.facts).take(firms.state.take(diggers.rows))
    firms.capacity = with_rows(firms.capacity, diggers.rows, diggers.open_pits(most))


def look_up_diggers(firms: Firms, mines: Miners) -> Miners:
    """Heavy mines in states of small pits, looked up once, for no mine becomes another."""
    facts = firms.facts
    rows = mines.rows
    digs = (firms.process[rows] == facts.process_row["mine_heavy"]) & (
        most_by_state(facts)[firms.state[rows]] > 0
    )
    mines.diggers = mines.only(rows[digs])
    return mines.diggers
