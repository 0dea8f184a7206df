"""Governments: tension, the licensing office, civilian access, and quotas of mining."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.agents.base.mesa import BaseModel
from coercivity.agents.governments import government as state
from coercivity.agents.governments import licensing_office, mining_quota
from tests.helpers import floats as a


def test_tension_rises_towards_one_falls_with_a_truce_and_fades() -> None:
    government = state.Government(BaseModel(rng=1), "China", "scripted", 3)
    government.provoke([1], 0.6)
    government.provoke([1], 0.5)
    assert government.tension[1] == pytest.approx(0.8)
    government.provoke([1], -0.5)
    assert government.tension[1] == pytest.approx(0.4)
    for _ in range(12):
        government.tension[:] = state.cooled_tension(government.tension, government.floor, 12.0)
    assert government.tension[1] == pytest.approx(0.2)
    assert government.tension[0] == 0.0


def test_civilian_goods_are_free_on_paper() -> None:
    np.testing.assert_allclose(
        licensing_office.civilian_access(a(0.0, 1.0, 1.0, 1.0), a(1.0, 0.0, 1.0, 1.0), 0.7),
        [1.0, 1.0, 0.3, 0.3],
    )
    # the official claim taken at its word
    np.testing.assert_array_equal(licensing_office.civilian_access(a(1.0), a(1.0), 0.0), [1.0])


def test_rank_by_relations_stage_user_favour_and_luck() -> None:
    """A friend's magnet, a rival's, a raw material, an arms maker, in favour."""
    order = licensing_office.rank(
        tension=a(0.0, 0.8, 0.0, 0.0, 0.8),
        raw=np.array([False, False, True, False, False]),
        military=a(0.0, 0.0, 0.0, 0.4, 0.0),
        favoured=np.array([False, False, False, False, True]),
        luck=np.full(5, 0.1),
        weights=licensing_office.Weights(1.5, 0.5, 0.5, 2.0),
    )
    np.testing.assert_allclose(order, [0.1, 1.3, 0.6, 0.3, -0.7])


def test_what_is_watched_is_answered_as_relations_are() -> None:
    found = licensing_office.answered_share(a(0.0, 1.0, 1.0, 0.15), a(1.0, 0.0, 1.0, 0.4), 1.0)
    np.testing.assert_allclose(found, [1.0, 1.0, 0.0, 0.94])


def test_outcomes_by_luck() -> None:
    """Refused for arms under tension, returned where papers are missing, else granted."""
    fate = licensing_office.outcome(
        a(0.05, 0.5, 0.9, 0.9),
        a(0.1, 0.1, 0.1, 0.1),
        np.array([True, True, True, False]),
        np.array([False, True, False, True]),
        0.3,
    )
    assert [licensing_office.OUTCOMES[k] for k in fate] == [
        "refused",
        "granted",
        "returned",
        "granted",
    ]
    alone = licensing_office.outcome(a(0.5), a(0.1), np.array([False]), np.array([False]), 0.3)
    assert licensing_office.OUTCOMES[alone[0]] == "passed over"


def test_being_coerced_is_remembered_and_fades() -> None:
    """Half of what is left to remember, then half again; half of that after the half-life."""
    government = state.Government(BaseModel(rng=1), "Japan", "scripted", 3)
    government.remember([0, 2], 0.5)
    government.remember([2], 0.5)
    np.testing.assert_allclose(government.memory, [0.5, 0.0, 0.75])
    for _ in range(48):
        government.memory[:] = state.faded_memory(government.memory, 48.0)
    np.testing.assert_allclose(government.memory, [0.25, 0.0, 0.375])


def test_capability_only_rises() -> None:
    government = state.Government(BaseModel(rng=1), "China", "scripted", 3)
    assert (government.capability, government.budget, government.spent) == (0.0, 0.0, 0.0)
    government.learn(0.4)
    government.learn(0.5)
    assert government.capability == pytest.approx(0.7)


def test_the_plan_of_mining_follows_use_and_never_shrinks() -> None:
    """100 at the start, a fifth of the way to 110 for use that grew by a tenth; what was once
    planned for stays.
    """
    assert mining_quota.mining_quota(100.0, 100.0, 1.1, 0.2) == pytest.approx(102.0)
    assert mining_quota.mining_quota(130.0, 100.0, 1.1, 0.2) == 130.0
    assert mining_quota.mining_quota(100.0, 100.0, 0.6, 0.2) == 100.0
