"""What public money buys: tonnes secured against a twin, their cost, and the questions asked of
it.
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.experiments.questions import friend_shoring as fs
from coercivity.experiments.questions.grant_or_floor import grant_or_floor
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario, scenario_from_dict, with_changes
from coercivity.model.scenario.support_checks import SUPPORT

MONTHS = 60
RAW = with_changes(load_scenario("japan-2026-from-2024"), months=MONTHS).to_dict()
BASE = scenario_from_dict(  # without support of its own, so that every dollar is the question's
    {**RAW, "events": [act for act in RAW["events"] if act["kind"] not in SUPPORT]}
)


FUNDED = ("price_floor", "United States", 5000.0, "floor", "2024-06-01", fs.FRIENDS)
FLOOR = fs.programme(*FUNDED, floor=110.0, ceiling=150.0)


@pytest.fixture(scope="module")
def twin() -> Result:
    return run_scenario(BASE, 1)


@pytest.fixture(scope="module")
def floored() -> Result:
    return run_scenario(with_changes(BASE, choices=[FLOOR]), 1)


def test_a_twin_of_itself_secures_nothing_and_costs_nothing(twin: Result) -> None:
    bought = fs.tonnes_secured(twin, twin)
    assert (bought.tonnes, bought.paid, bought.cost) == (0.0, 0.0, 0.0)
    assert (bought.cost_per_tonne, bought.first_month) == (None, None)


def test_tonnes_count_only_where_every_stage_delivers_them(twin: Result, floored: Result) -> None:
    bought = fs.tonnes_secured(floored, twin)
    assert set(bought.by_stage) == set(fs.CHAIN)
    assert bought.tonnes <= min(bought.by_stage.values()) + 1e-9
    assert bought.tonnes == pytest.approx(sum(bought.yearly))


def test_the_cost_is_what_was_paid_and_came_back_discounted_from_the_first_support(
    twin: Result, floored: Result
) -> None:
    paid, back = fs.public_money(floored)
    assert paid.sum() > 0.0
    assert not paid[:5].any(), "nothing before the act of June 2024"
    plain, discounted = (fs.tonnes_secured(floored, twin, discount=rate) for rate in (0.0, 0.05))
    assert plain.cost == pytest.approx((paid - back).sum())
    assert 0.0 < discounted.cost < plain.cost
    assert plain.paid == pytest.approx(paid.sum())


def test_the_stages_carry_the_same_element_outside_the_sender(twin: Result) -> None:
    flows = {stage: flow[-12:].sum() for stage, flow in fs.tonnes_outside_sender(twin).items()}
    assert flows["mining"] > flows["separation"] > 0.0
    assert set(fs.tonnes_outside_sender(twin, "Dy")) == {"mining", "separation", "magnet"}


def test_every_dollar_is_traced_to_a_plant(twin: Result, floored: Result) -> None:
    """Some only returned more."""
    rows, paid = fs.trace(floored, twin), fs.public_money(floored)[0].sum()
    assert sum(row["paid"] for row in rows) == pytest.approx(paid, rel=1e-6)
    assert all(row["stage"] == "separation" and row["state"] != "China" for row in rows)
    got = [row for row in rows if row["first_paid"] is not None]
    assert all(row["first_paid"] >= "2024-06" for row in got)
    assert {row["firm"] for row in rows if row["paid"] > 0.0} <= {row["firm"] for row in got}


def test_the_arms_of_a_question_share_their_seeds_and_the_first_is_the_twin() -> None:
    arms = {"nothing": [], "floor": [FLOOR]}
    rows = fs.compare_arms("japan-2026-from-2024", arms, (1,), "2024-06-01", (1,), 18)
    found = {(row["arm"], row["quantity"]): row["median"] for row in rows}
    assert found["nothing", "tonnes_secured"] == found["nothing", "paid"] == 0.0
    assert found["nothing", "cost_per_tonne"] is None
    assert found["floor", "paid"] > 0.0
    assert 0.0 < found["floor", "dependence_1y"] <= 1.0
    assert np.isfinite(found["floor", "cut_off_loss_1y"])


DECADES_ARE_LUCK = pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="where the world begins in 2026 three billion bring 90 t of separation in the fifth "
    "year, and over thirteen years a loss of 118 t (1,698 lost and 2,087 won with other luck): "
    "what opens later is decided by prices; a count that ends with the programme would mend it",
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "base", ["japan-2026-from-2024", pytest.param("japan-2026", marks=DECADES_ARE_LUCK)]
)
def test_a_floor_is_sought_that_does_what_a_grant_does(base: str) -> None:
    """At full length: in the first eight years a grant buys mines, and separation comes later."""
    rows = grant_or_floor(base, seeds=(1,), steps=5)
    found = {(row["arm"], row["quantity"]): row["median"] for row in rows}
    gap, equal = found["price_floor", "gap"], found["price_floor", "equal"]
    assert found["grant", "tonnes_separation"] > 0.0
    assert gap == pytest.approx(
        found["price_floor", "tonnes_separation"] / found["grant", "tonnes_separation"] - 1.0
    )
    assert equal == float(abs(gap) <= fs.EQUAL), "called equal only within a tenth"
    assert found["price_floor", "reached"] == 0.0 or abs(gap) < 1.0, (
        "where the ends enclose the grant, a floor is found that is nearer than none"
    )
