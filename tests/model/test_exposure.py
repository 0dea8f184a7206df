"""The index that governments decide on: dependence followed from the mines down the chain, less
what stocks cover.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.model.basis.names import CHINA, STATE, STATES
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
