"""A month makes no more NumPy calls than its budget, which only falls: the count is the same on
every machine (`python -m tools.benchmarks.calls --rules` says which rule makes how many).
"""

from __future__ import annotations

import pkgutil
from typing import Any

import numpy as np
import pytest

from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.world import World
from tools.benchmarks import calls, parts
from tools.benchmarks.calls import FROM, MONTHS, NOW, Counted, counting, month_of, watch

# NumPy calls and kB of a month, means over a year, seed 1. Version 0.4.0 made 2,254 and 1,506 calls
# with fewer rules, 0.5.0 made 5,442 and 2,240 with those of today.
BUDGET = {"japan-2026": (3_339, 92_000), "business-as-usual": (1_675, 49_400)}
ROUNDING = 1.01  # another processor may round an event into another month
ROOM = 0.03  # what a month may stay below its budget before the budget has to fall


@pytest.mark.parametrize("scenario", BUDGET)
def test_a_month_keeps_its_budget_of_calls(scenario: str) -> None:
    most, kilobytes = BUDGET[scenario]
    count = month_of(scenario, FROM, MONTHS)
    made = count.calls.total() / MONTHS
    by_phase = {name: round(n / MONTHS) for name, n in count.by_phase(count.calls).most_common()}
    assert made <= ROUNDING * most, by_phase
    assert made > (1.0 - ROOM) * most, f"{made:.0f} calls a month: lower the budget to that"
    assert count.bytes.total() / MONTHS / 1e3 <= ROUNDING * kilobytes


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        (lambda a: a + a * 2.0, 2),
        (lambda a: a[a > 1.0], 2),
        (lambda a: a.sum(), 1),
        (lambda a: np.clip(a, 0.0, 1.0), 1),  # what it does within is not counted again
        (lambda a: np.where(a > 1.0, a, 0.0), 2),
        (lambda a: np.maximum(a, 0.0, out=a), 1),
        (lambda a: np.zeros(3) + np.ones(3), 3),  # arrays that a rule makes itself
        (lambda a: a.nonzero()[0].tolist(), 2),
        (lambda a: (a.shape, len(a), a.T, a.dtype), 0),
        (lambda a: a.__setitem__(0, 5.0), 1),
        (lambda a: np.concatenate([a, a]).cumsum(), 2),
    ],
)
def test_what_is_a_call(rule: Any, number: int) -> None:
    column = watch({"a": np.array([0.5, 1.5, 2.5])})["a"]
    with counting() as count:
        NOW.phase = "order"
        rule(column)
        NOW.phase = ""
    assert count.calls.total() == number


def test_bytes_are_those_that_go_in_and_come_out() -> None:
    column = watch([np.zeros(100)])[0]
    with counting() as count:
        NOW.phase = "order"
        column + column
        NOW.phase = ""
    assert count.bytes.total() == 3 * 800


def test_counting_changes_nothing_and_ends() -> None:
    plain, counted = (
        World(load_scenario("japan-2026"), 3, record=False, collect=False) for _ in range(2)
    )
    watch(counted)
    with counting():
        for _ in range(4):
            NOW.phase = "order"
            counted.step()
    for _ in range(4):
        plain.step()
    for name in ("stock", "expected", "coefficient"):
        assert np.array_equal(getattr(plain.needs, name), getattr(counted.needs, name))
    assert np.array_equal(plain.money.month, counted.money.month)
    assert type(np.zeros(3)) is np.ndarray
    assert not NOW.phase


def test_all_phases_of_the_month_are_counted() -> None:
    world = World(load_scenario("business-as-usual"), 1, record=False, collect=False)
    assert all(callable(getattr(world, phase)) for phase in calls.PHASES)
    assert (calls.PHASES[0], calls.PHASES[-1], len(calls.PHASES)) == ("arrive", "write_down", 13)
    count = month_of("business-as-usual", 0, 1)
    found = count.by_phase(count.calls)
    assert set(found) <= set(calls.PHASES)
    assert found.total() > 1_000
    assert isinstance(watch(np.zeros(1)), Counted)


@pytest.mark.parametrize("place", parts.RULES.values())
def test_every_rule_whose_share_is_told_exists(place: str) -> None:
    assert callable(pkgutil.resolve_name(f"coercivity.{place}"))
