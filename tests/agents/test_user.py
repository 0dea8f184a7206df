"""How users do with less, for a while and for good: by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coercivity.agents.firms import user
from tests.helpers import floats as a

P: Any = SimpleNamespace(
    swap_elasticity=0.1,
    redesign_elasticity=0.2,
    diffusion_trend=0.12,
)


@pytest.fixture(autouse=True)
def _round_constants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user, "REDESIGN_MONTHS", 60.0)


def adapted(on: bool = True, rise: float = 1.0, heavy: bool = False, **columns: Any) -> Any:
    """A need a month later: 0.3 t of an input per tonne by recipe, at 50 USD/kg as at the start."""
    values = {
        "recipe": 0.3,
        "coefficient": 0.3,
        "thrift": 1.0,
        "swap": 0.0,
        "usual_swap": 0.0,
        "redesign": 0.0,
    }
    values |= {"replacement": 50.0, "worth": 50.0, "price_start": 50.0}
    values |= {"adapts": 1.0, **columns}
    needs = SimpleNamespace(**{name: np.array([value]) for name, value in values.items()})
    needs.heavy_rows = np.arange(int(heavy))
    made = object.__new__(user.User)
    made.needs = needs  # type: ignore[assignment]
    made.adapt_recipes(market=SimpleNamespace(rise=rise), p=P, on={"M11": on})  # type: ignore[arg-type]
    return SimpleNamespace(**{name: float(getattr(needs, name)[0]) for name in values})


def test_what_is_left_out_at_a_price_by_hand() -> None:
    """Nothing at the usual price, 1 - 2^-0.3 at twice it, half at most; a tenth more where it is
    cheap.
    """
    found = user.swapped(a(1.0, 2.0, 1e6, 0.9, 0.01), 0.3, 0.5)
    np.testing.assert_allclose(found, [0.0, 1.0 - 2.0**-0.3, 0.5, 1.0 - 0.9**-0.3, -0.1])


def test_redesign_closes_a_part_of_its_gap_a_month_and_comes_back_as_slowly() -> None:
    """At e times the price a sixtieth of -0.2 in the first month; then all of it; a scare of a
    quarter leaves little, and a fifth of the way back takes a year.
    """
    dear, usual = a(np.e), a(1.0)
    left = user.redesigned(a(0.0), dear, 0.2, 60.0)
    np.testing.assert_allclose(left, -0.2 / 60.0)
    for _ in range(2):
        left = user.redesigned(left, dear, 0.2, 60.0)
    assert -0.01 < left[0] < 0.0
    for _ in range(1000):
        left = user.redesigned(left, dear, 0.2, 60.0)
    np.testing.assert_allclose(left, -0.2, rtol=1e-6)
    for _ in range(12):
        left = user.redesigned(left, usual, 0.2, 60.0)
    np.testing.assert_allclose(left, -0.2 * (59.0 / 60.0) ** 12, rtol=1e-6)


def test_diffusion_slows_as_it_nears_its_floor_and_where_it_saves_little() -> None:
    """1% a month of what is left, half of it half-way: 0.7 (1 - 0.01 x 0.3 / 0.6); half as fast at
    half the price, and no faster where it is dear.
    """
    thrift, ratio = a(1.0, 0.7, 0.4, 0.3, 1.0, 1.0), a(1.0, 1.0, 1.0, 1.0, 0.5, 9.0)
    np.testing.assert_allclose(
        user.diffused_thrift(thrift, ratio, 0.12, 0.4), [0.99, 0.6965, 0.4, 0.3, 0.995, 0.99]
    )


def test_a_recipe_rests_at_the_price_of_the_start() -> None:
    assert adapted().coefficient == 0.3


def test_a_recipe_answers_in_a_quarter_and_over_years_by_hand() -> None:
    """At twice the price a third of 1 - 2^-0.1 is left out and a sixtieth of 0.2 ln 2 designed
    out in the first month.
    """
    left_out, designed_out = (1.0 - 2.0**-0.1) / 3.0, 0.2 * np.log(2.0) / 60.0
    found = adapted(replacement=100.0)
    assert (found.swap, found.redesign) == pytest.approx((left_out, -designed_out))
    assert found.coefficient == pytest.approx(0.3 * (1.0 - left_out) * np.exp(-designed_out))


def test_users_hear_what_cannot_be_had_at_any_price() -> None:
    """A kilogram that is worth twice its price counts as one that costs twice; what is cheaper to
    buy than it is worth as it is worth; and prices count beside the level of all costs.
    """
    dear = adapted(replacement=100.0)
    assert dear.coefficient < 0.3
    assert adapted(worth=100.0).coefficient == dear.coefficient
    assert adapted(worth=100.0, replacement=70.0).coefficient == dear.coefficient
    assert adapted(replacement=100.0, worth=100.0, rise=2.0).coefficient == 0.3


def test_use_left_out_for_a_while_comes_back_within_a_year() -> None:
    swap = 0.3
    for _ in range(12):
        swap = adapted(swap=swap).swap
    assert 0.0 < swap < 0.003


def test_a_recipe_keeps_within_what_can_be_designed_out_or_in() -> None:
    assert adapted(redesign=-9.0).coefficient == pytest.approx(0.3 * np.exp(-1.5))
    assert adapted(redesign=9.0).coefficient == pytest.approx(0.3 * np.exp(0.3))


def test_a_recipe_that_cannot_change_or_a_world_without_adaptation_stays_as_it_is() -> None:
    assert adapted(replacement=500.0, adapts=0.0).coefficient == 0.3
    assert adapted(replacement=500.0, on=False, coefficient=0.25).coefficient == 0.25


def test_only_dy_and_tb_are_saved_by_diffusion() -> None:
    assert adapted(heavy=True).coefficient == pytest.approx(0.3 * 0.99)
    assert adapted(heavy=True, rise=2.0).thrift == pytest.approx(0.995)
    assert adapted().thrift == 1.0
