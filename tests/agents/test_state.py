"""Governments: tension, the licensing office, civilian access, quotas and the state's purchases."""

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


def quota(
    growth: float = 0.10,
    price: float = 0.0,
    gain: float = 0.5,
    band: float = 0.25,
    luck: float = 0.0,
    cut: float = 9.0,
) -> float:
    """Log change in half a year of a quota of 100."""
    found = mining_quota.supply_quota(100.0, growth, price, gain, band, luck, 0.03, cut)
    return float(np.log(found / 100.0))


def test_the_quota_follows_its_plan_within_the_band_and_rarely_cuts() -> None:
    """Half of a year's growth of 10%, at any price between the edges; no cut beyond the largest."""
    for price in (-0.25, -0.1, 0.0, 0.25):
        assert quota(price=price) == pytest.approx(0.05)
    assert quota(price=-9.9, luck=-3.0, cut=0.03) == pytest.approx(-0.03)
    assert quota(growth=0.0, luck=-3.0) == pytest.approx(-0.09)
    assert quota(growth=0.0, luck=-3.0, cut=0.0) == 0.0


def test_below_the_band_the_plan_fades_and_the_quota_is_cut_by_what_is_missing() -> None:
    """0.1 below a band of 0.25: half of three fifths of the plan less 0.1; a band further down
    nothing is left of the plan.
    """
    assert quota(price=-0.35) == pytest.approx(0.5 * 0.06 - 0.1)
    assert quota(price=-0.5) == quota(growth=0.3, price=-0.5) == pytest.approx(-0.25)
    assert quota(price=-0.9) == pytest.approx(-0.65)
    assert quota(price=-0.35, gain=0.0) == quota(price=-0.35)  # the gain is for dear prices


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


def test_the_state_trades_beyond_its_bounds_only_and_by_degrees() -> None:
    """Half of its most where a price is half as far again from what it defends."""
    for log, found in ((-0.25, 0.0), (-0.375, 5.0), (-0.5, 10.0), (-2.0, 10.0)):
        bought = mining_quota.state_trade(log, 100.0, 50.0, 0.1)
        assert bought == pytest.approx(found, abs=1e-12)
    for log, found in ((0.5, 0.0), (0.75, 5.0), (1.0, 10.0), (2.0, 10.0)):
        sold = mining_quota.state_trade(log, 100.0, 50.0, 0.1)
        assert sold == pytest.approx(-found, abs=1e-12)
    assert mining_quota.state_trade(1.2, 100.0, 3.0, 0.1) == -3.0  # never what it does not have
