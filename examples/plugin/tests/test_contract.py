"""What holds for whatever the rule is: it is off unless asked for, moves and makes nothing, and the
instrument is acts that anybody may run.
"""

import numpy as np
import pytest
from coercivity_sharing import DATA
from coercivity_sharing.sharing import level
from coercivity_sharing.shrinking_quota import SHRINKING_QUOTA

import coercivity

coercivity.use_data(DATA)  # before any scenario is loaded: the rule's parameters stand there


def test_what_is_lent_is_borrowed() -> None:
    stock, normal = np.array([1.0, 4.0, 3.0]), np.array([4.0, 4.0, 4.0])
    got = level(stock, normal, np.array([0, 0, 1]), low=0.3, share=0.5)
    np.testing.assert_allclose(got, [0.75, -0.75, 0.0])  # the third is alone


def test_nobody_lends_before_somebody_runs_low() -> None:
    got = level(np.array([3.0, 4.0]), np.array([4.0, 4.0]), np.array([0, 0]), low=0.3, share=0.5)
    np.testing.assert_array_equal(got, 0.0)


def test_the_scenario_switches_it_on_and_no_other_does() -> None:
    on, off = coercivity.World("sharing-2026"), coercivity.World("japan-2026")
    assert [mechanism.name for mechanism in on.added] == ["sharing"]
    assert off.added == ()
    on.run_for(3)
    assert abs(on.balance_error()).max() < 1e-6


def test_each_quota_is_smaller_than_the_one_before() -> None:
    scenario = coercivity.load_scenario(
        {
            "name": "shrinking",
            "start": "2024-01",
            "events": [
                {
                    "date": "2026-01-01",
                    "kind": SHRINKING_QUOTA.name,
                    "actor": "China",
                    "tonnes": 10_000,
                    "less": 0.2,
                }
            ],
        }
    )
    assert [act.kind for act in scenario.events] == ["quota"] * 4
    tonnes = [act.get("tonnes") for act in scenario.events]
    assert tonnes == pytest.approx([10_000, 8_000, 6_400, 5_120])
    assert scenario.events[-1].end == "2026-12-31"
