"""Firms with a rule of their own that calls the shipped one: it is reckoned once for all of them,
and each has what it would have decided alone.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest

from coercivity.agents.firms.end_user import EndUser
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.maker import Maker
from coercivity.agents.firms.miner import Miner
from coercivity.agents.firms.processor import Processor
from coercivity.agents.firms.roles import Everyone
from coercivity.agents.firms.shared_decision import SharedDecision
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World

SCENARIO = with_changes(load_scenario("japan-2026-from-2024"), parameters={"firms_per_sector": 1})


def decide(self: Any, decision: str) -> None:
    """Call the shipped rule; who stands in China has none, who has an even row writes before."""
    if self.row % 2 == 0:
        self.wish = self.wish * 0.5
    if self.state_name != "China":
        getattr(super(Varied, self), decision)()
    if self.row % 3 == 0:
        self.wish = min(self.wish, 0.6 * self.capacity)


class Varied(Maker):
    """A maker whose every decision is of its own."""


for name in Everyone.DECISIONS:
    setattr(Varied, name, lambda self, name=name: decide(self, name))
Varied.own_rules = frozenset(Everyone.DECISIONS)


class VariedWorld(World):
    kinds: ClassVar[tuple[type[Firm], ...]] = (Miner, Processor, Varied, EndUser)


def columns(world: World) -> dict[str, Any]:
    """All columns that firms decide on."""
    tables = {name: getattr(world, name) for name in ("firms", "offers", "needs", "links")}
    return {f"{t}.{c}": getattr(table, c) for t, table in tables.items() for c in table.columns}


def test_each_has_the_bits_that_it_would_have_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    once, alone = (VariedWorld(SCENARIO, 3, record=False) for _ in range(2))
    for _ in range(5):
        once.step()
    with monkeypatch.context() as patched:
        patched.setattr(SharedDecision, "give", lambda *_: False)
        for _ in range(5):
            alone.step()
    theirs = columns(alone)
    for name, own in columns(once).items():
        np.testing.assert_array_equal(own, theirs[name], err_msg=name)
