"""The index that governments decide on: dependence followed from the mines down the chain, less
what stocks cover.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.model.basis.names import CHINA, GOOD_GROUPS, GOODS, STATE, STATES
from coercivity.model.use.exposure import exposure
from coercivity.model.world import World
from tests.model.lived import lived

S = len(STATES)

JAPAN, US, AUSTRALIA = STATE["Japan"], STATE["United States"], STATE["Australia"]


@pytest.fixture(scope="module")
def world() -> World:
    return lived("business-as-usual", 3)


def test_dependence_lies_between_nothing_and_all_and_is_none_on_oneself(world: World) -> None:
    share, dependence = exposure(world.seen, tuple(range(S)))
    assert ((dependence >= 0) & (dependence <= 1)).all()
    assert np.isfinite(share).all()
    assert np.diag(dependence) == pytest.approx(0.0)
    assert dependence[JAPAN, CHINA] > 0.5 > dependence[JAPAN, AUSTRALIA]


def test_fewer_goods_are_less_power_and_stocks_and_reserves_cover(world: World) -> None:
    every, heavy = (
        exposure(world.seen, (CHINA,), (GOOD_GROUPS[g],))[1][:, 0] for g in ("all", "heavy_oxides")
    )
    assert (heavy <= every + 1e-12).all()
    full, bare, kept = (world.fork() for _ in range(3))
    full.needs.stock = full.needs.stock + 24.0 * full.needs.expected
    assert exposure(full.seen, (CHINA,))[1].max() == pytest.approx(0.0)
    bare.needs.stock = np.zeros(len(bare.needs))
    assert (exposure(bare.seen, (CHINA,))[1][:, 0] >= every - 1e-12).all()
    kept.support.reserve = np.zeros((S, len(GOODS)))
    kept.support.reserve[JAPAN] = 1e9
    after = exposure(kept.seen, (CHINA,))[1][:, 0]
    assert after[JAPAN] == pytest.approx(0.0)
    assert after[US] <= every[US]
