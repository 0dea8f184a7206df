"""A small sample of the fuzzers; `make fuzz` does the full size."""

from __future__ import annotations

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.kinds import KINDS
from coercivity.model.scenario.scenario import scenario_from_dict
from tools.fuzz.judging import not_a_refusal
from tools.fuzz.legal import scenario_raw, try_legal
from tools.fuzz.malformed import DOORS, try_malformed
from tools.fuzz.verdict import Tried, luck, spread

SEED = 11
MANY, FEW = 300, 2


def test_some_malformed_inputs_cost_one_line_or_are_accepted() -> None:
    tally = spread(try_malformed, 3 * len(DOORS), SEED, workers=1)
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


@pytest.mark.parametrize("number", [105, 215])
def test_a_link_with_an_unknown_assumption_is_refused_in_one_line(number: int) -> None:
    assert try_malformed(1, number) == Tried("link refused")


def test_a_refusal_has_a_fix_and_can_be_said_in_every_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    what, fix = "{field} '{value}' does not fit", "write a number"
    assert not not_a_refusal(InputError(what, fix, field="months", value="x"))
    assert not_a_refusal(InputError(what, field="months", value="x")).startswith("no fix: ")
    assert not_a_refusal(InputError("", "")) == "no line that can be printed: ''"
    monkeypatch.setattr("tools.fuzz.judging.refusal_in_words", lambda error: "x" * 1_100)
    assert not_a_refusal(InputError(what, fix, field="months", value="x")).startswith("en 1100")


def test_a_fault_is_told_with_what_repeats_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise StopIteration("nothing there")

    monkeypatch.setattr("tools.fuzz.legal.live", broken)
    monkeypatch.setattr("tools.fuzz.malformed.DOORS", (broken,))
    broken.__name__ = "file_door"
    for tried in (try_legal(SEED, 3), try_malformed(SEED, 3)):
        assert tried.fault.startswith("StopIteration: ")
        assert "test_fuzz.py" in tried.fault
        assert f"--seed {SEED} --first 3" in tried.fault
