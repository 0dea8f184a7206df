"""What one more kilogram is worth: values by hand, and which way each input works."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.agents.firms.valuation import (
    WAITS,
    believed_delay,
    holders_rise,
    learned_worth,
    worth_of_more,
)
from tests.helpers import floats as a


def worth(
    flow: float,
    shelf: float = 0.0,
    clock: float = 0.0,
    *,
    core: float = 1e9,
    delay: float = 6.0,
    elasticity: float = 0.5,
) -> float:
    """Worth of a kilogram over its price to one user."""
    found = worth_of_more(a(flow), a(shelf), a(clock), a(core), a(delay), elasticity)
    return float(found[0])


def rise(lasts: float, elasticity: float = 0.5) -> float:
    """Log of what holders ask over what a good is thought to be worth."""
    return float(holders_rise(a(lasts), elasticity)[0])


def test_waits_are_six_equally_likely_ones_of_an_exponential() -> None:
    np.testing.assert_allclose(np.exp(-WAITS), np.arange(11, 0, -2) / 12.0)


def test_a_kilogram_that_must_last_a_known_wait_by_hand() -> None:
    """Half of the use comes, and 1.5 months on the shelf last five and a half and the half of one
    until goods come: three quarters; (3/4)^-2. Who can bear no more than half above the price pays
    that; with nothing at all, what it can bear.
    """
    assert worth(0.5, 1.5, 5.5, delay=0.0) == pytest.approx(16.0 / 9.0)
    assert worth(0.5, 1.5, 5.5, delay=0.0, core=1.5) == pytest.approx(1.5)
    assert worth(0.0, 0.0, 6.0, core=7.0) == pytest.approx(7.0)


def test_a_kilogram_is_worth_its_mean_over_unknown_waits_by_hand() -> None:
    """Half of the use and half a mean delay on the shelf: with the half month until goods come it
    lasts the four shorter waits of six; in the others, of ln 4 and ln 12 mean delays, 1 / h at an
    elasticity of one.
    """
    longer = sum(1.0 / (0.5 + 3.0 / (0.5 + 6.0 * np.log(wait))) for wait in (4.0, 12.0))
    assert worth(0.5, 3.0, elasticity=1.0) == pytest.approx((4.0 + longer) / 6.0)


def test_an_office_that_grants_is_believed_to_be_quick() -> None:
    """Two fifths were thought to be held back: while as much or more is, six months; half of that,
    three; where all passes, none.
    """
    passes, said = a(0.2, 0.6, 0.8, 1.0), np.full(4, 0.6)
    assert believed_delay(passes, said, 6.0) == pytest.approx([6.0, 6.0, 3.0, 0.0])


@pytest.mark.parametrize("shelf", [0.0, 0.3, 20.0])
def test_where_nothing_is_held_back_a_kilogram_is_worth_its_price(shelf: float) -> None:
    assert worth(1.0, shelf, 3.0) == 1.0


def test_a_shelf_that_outlasts_every_wait_is_as_good_as_a_flow() -> None:
    assert worth(0.0, 1.5 + 6.0 * WAITS[-1], 1.0) == 1.0
    assert worth(0.0, 1.4 + 6.0 * WAITS[-1], 1.0) > 1.0


PART = st.floats(0.0, 1.0)
MONTHS = st.floats(0.0, 24.0)
CORE = st.floats(1.0, 100.0)


@given(flow=PART, more=PART, shelf=MONTHS, clock=MONTHS, core=CORE, delay=st.floats(0.5, 12.0))
def test_worth_falls_with_flow_and_shelf_and_rises_with_the_wait_within_bounds(
    flow: float, more: float, shelf: float, clock: float, core: float, delay: float
) -> None:
    terms = {"core": core, "elasticity": 0.3}
    found = worth(flow, shelf, clock, delay=delay, **terms)
    slack = 1e-9 * found
    assert 1.0 - slack <= found <= core + slack
    assert worth(min(flow + more, 1.0), shelf, clock, delay=delay, **terms) <= found + slack
    assert worth(flow, shelf + 6.0 * more, clock, delay=delay, **terms) <= found + slack
    assert worth(flow, shelf, clock + 6.0 * more, delay=delay, **terms) >= found - slack
    assert worth(flow, shelf, clock, delay=delay + 6.0 * more, **terms) >= found - slack


def test_who_can_do_with_less_sooner_values_a_missing_kilogram_less() -> None:
    found = [worth(0.6, 1.0, 1.0, elasticity=e) for e in (0.15, 0.3, 0.6)]
    assert found[0] > found[1] > found[2] > 1.0


def test_what_holders_ask_by_hand() -> None:
    """A tenth too little at an elasticity of 0.5 is worth 0.9^-2. A tenth too much, in a glut that
    takes a fifth of the price at most: 0.8 + 0.2 / 1.1^10.
    """
    assert rise(1.0) == 0.0
    assert np.exp(rise(0.9)) == pytest.approx(0.9**-2)
    assert np.exp(rise(1.1)) == pytest.approx(0.8 + 0.2 * 1.1**-10)


def test_a_glut_is_at_first_as_steep_as_a_shortage() -> None:
    step = 1e-6
    assert rise(1.0 - step) / step == pytest.approx(2.0, rel=1e-4)
    assert -rise(1.0 + step) / step == pytest.approx(2.0, rel=1e-4)


def test_a_glut_never_rests_and_never_falls_to_its_floor() -> None:
    """More of a good is cheaper, at any amount: a price that rests at a bound tells nobody to make
    less of it.
    """
    found = [rise(lasts) for lasts in np.linspace(0.2, 2.0, 100)]
    assert (np.diff(found) < 0.0).all()
    assert found[-1] > np.log(0.8)


def test_a_good_of_which_nothing_is_left_has_a_price() -> None:
    assert np.isfinite(rise(0.0))
    assert rise(0.0) == rise(1e-9) == pytest.approx(np.log(1000.0) / 0.5)


def test_what_a_good_sells_for_teaches_what_it_is_worth_by_hand() -> None:
    """Eight times the price, at half a month: the square root; at no speed nothing is learned, and
    what sells at its worth teaches nothing.
    """
    assert learned_worth(a(1.0, 2.0), a(8.0, 2.0), 0.5) == pytest.approx([8.0**0.5, 2.0])
    assert learned_worth(a(1.5), a(8.0), 0.0) == pytest.approx([1.5])
