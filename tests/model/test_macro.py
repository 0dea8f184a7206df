"""Macroeconomic accounts: what stands apart stays apart, and is absent with its mechanism."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from coercivity.model.basis.names import CHINA, STATE
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.use.macro import (
    FOLLOWED,
    INVESTMENT,
    dependent_value_added,
    followed,
    multipliers,
)
from coercivity.model.world import World
from tests.facts import FACTS

JAPAN = STATE["Japan"]


@lru_cache(maxsize=2)
def banned(on: bool = True) -> World:
    """Japan under a blanket ban, a year after it began."""
    world = World(
        with_changes(
            load_scenario("japan-blanket-ban"), months=48, mechanisms=None if on else {"M14": False}
        ),
        1,
        record=False,
    )
    for _ in range(36):
        world.step()
    return world


def test_where_nothing_is_made_up_others_lose_a_multiple_of_what_the_line_does_not_make() -> None:
    firms = banned().firms
    stands = (firms.loss_short > 0) & (firms.loss_made_up == 0)
    lost = firms.loss_short * firms.value_added
    beyond = multipliers(FACTS)[firms.state, np.maximum(firms.sector, 0)] - 1.0
    assert lost[stands].sum() > 0
    np.testing.assert_allclose(firms.loss_linkage[stands], (beyond * lost)[stands])


def test_investment_is_put_off_where_alarm_is() -> None:
    """A share of normal investment, between nothing and the fall at full alarm; most of all, in
    proportion, in the state that is barred.
    """
    world = banned()
    normal = INVESTMENT * np.bincount(
        world.firms.state, weights=world.firms.value_added * world.firms.plan * world.firms.is_end
    )
    share = np.bincount(world.firms.state, weights=world.firms.loss_postponed) / np.maximum(
        normal, 1e-12
    )
    assert (share >= 0).all()
    assert share.max() <= 1.0 - np.exp(-world.p.investment_uncertainty)
    assert share.argmax() == JAPAN


def test_import_shares_are_shares() -> None:
    shares = banned().beliefs.import_shares
    assert ((shares >= 0) & (shares <= 1)).all()
    np.testing.assert_allclose(shares.sum(axis=1)[shares.sum(axis=1) > 0], 1.0)
    assert (np.diag(shares) == 0).all()
    assert shares[JAPAN, CHINA] > 0.3


def test_switched_off_it_is_absent() -> None:
    firms = banned(on=False).firms
    assert not firms.loss_linkage.any()
    assert not firms.loss_postponed.any()


def test_an_episode_is_followed_for_three_years() -> None:
    """By hand: 40 months of one state, output lost 1 a month, paid 2 in the first month only: 36
    months lose 36 and pay 2.
    """
    months = [f"{2024 + k // 12}-{k % 12 + 1:02d}" for k in range(40)]
    zero = [0.0] * 40
    table = pd.DataFrame(
        {
            "month": months,
            "state": "Japan",
            "output_lost": [1.0] * 40,
            "cost_paid": [0.0, 2.0, *zero[2:]],
            "made_up": zero,
            "gdp_effect": zero,
            "linkage": zero,
            "investment_postponed": zero,
        }
    )
    sums = followed(table, "2024-02")
    assert FOLLOWED == 36
    assert sums.loc["Japan", "output_lost"] == 36.0
    assert sums.loc["Japan", "cost_paid"] == 2.0
    assert sums.loc["Japan", "largest"] == "output_lost"


def test_value_added_is_in_usd_million_a_month() -> None:
    assert 1e4 < dependent_value_added(FACTS).sum() < 1e6
