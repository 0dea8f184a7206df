"""A small sample of the fuzzers; `make fuzz` does the full size."""

from __future__ import annotations

from coercivity.model.scenario.scenario import scenario_from_dict
from tests.names import KINDS
from tools.fuzz.legal import scenario_raw, try_legal
from tools.fuzz.malformed import DOORS, try_malformed
from tools.fuzz.verdict import Tried, luck, spread

SEED = 11
MANY, FEW = 300, 2


def test_some_malformed_inputs_cost_one_line_or_are_accepted() -> None:
    tally = spread(try_malformed, len(DOORS), SEED, workers=1)
    assert not tally.faults, "\n".join(fault for _, fault in tally.faults)
    assert any(name.endswith("refused") for name in tally.outcomes)


def test_some_legal_scenarios_live() -> None:
    tally = spread(try_legal, FEW, SEED, workers=1, first=3)
    assert not tally.faults, "\n".join(fault for _, fault in tally.faults)
    assert tally.outcomes["lived"] == FEW


def test_all_legal_scenarios_are_accepted_and_every_kind_of_act_is_among_them() -> None:
    kinds = set()
    for number in range(MANY):
        scenario = scenario_from_dict(scenario_raw(luck("legal", SEED, number), number))
        kinds |= {act.kind for act in (*scenario.events, *scenario.choices)}
    assert kinds == set(KINDS)


def test_a_link_with_an_unknown_assumption_is_refused_in_one_line() -> None:
    assert try_malformed(1, 105) == Tried("link refused")
