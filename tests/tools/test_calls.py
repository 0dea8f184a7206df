"""A month makes no more NumPy calls than its budget, which only falls.

`python -m tools.benchmarks.calls --rules` says which rule makes how many.
"""

from __future__ import annotations

import pytest

from tools.benchmarks.calls import FROM, MONTHS, month_of
from tools.benchmarks.rule_costs import RULES, find_rule

# NumPy calls and kB of a month, means over a year, seed 1. Version 0.4.0 made 2,254 and 1,506 calls
# with fewer rules, 0.5.0 made 5,442 and 2,240 with those of today.
BUDGET = {"japan-2026-from-2024": (3_774, 103_400), "business-as-usual": (1_915, 58_000)}
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


def test_rules_whose_cost_is_measured_exist() -> None:
    for place in RULES.values():
        assert callable(find_rule(place)[-1]), place
