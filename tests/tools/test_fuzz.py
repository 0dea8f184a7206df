"""A small sample of the fuzzers, so that they stay right and what they check stays checked; `make
fuzz` does the full size.
"""

from __future__ import annotations

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.kinds import KINDS
from coercivity.model.scenario.scenario import scenario_from_dict
from tools.fuzz.judging import Refusal, judge, not_a_refusal, not_one_line
from tools.fuzz.legal import scenario_raw, try_legal
from tools.fuzz.malformed import DOORS, try_malformed
from tools.fuzz.verdict import Tally, Tried, luck, spread

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
    """The page tells each part that a link loses by itself, and names no more than a line holds."""
    assert try_malformed(1, number) == Tried("link refused")


def test_of_several_lines_of_a_page_a_long_one_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    for lines, wrong in ((["x" * 700, "y" * 700], False), (["x", "y" * 1_100], True)):

        def link_door(*_: object, said: list[str] = lines) -> None:
            raise Refusal(*said)

        monkeypatch.setattr("tools.fuzz.malformed.DOORS", (link_door,))
        assert bool(try_malformed(SEED, 3).fault) is wrong


def test_a_refusal_has_a_fix_and_can_be_said_in_every_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    what, fix = "{field} '{value}' does not fit", "write a number"
    assert not not_a_refusal(InputError(what, fix, field="months", value="x"))
    assert not_a_refusal(InputError(what, field="months", value="x")).startswith("no fix: ")
    assert not_a_refusal(InputError("", "")) == "no line that can be printed: ''"
    monkeypatch.setattr("tools.fuzz.judging.in_words", lambda error: "x" * 1_100)
    assert not_a_refusal(InputError(what, fix, field="months", value="x")).startswith("en 1100")


def test_a_number_is_the_same_try_wherever_it_is_made() -> None:
    assert scenario_raw(luck("legal", 1, 5), 5) == scenario_raw(luck("legal", 1, 5), 5)
    assert try_malformed(SEED, 7) == try_malformed(SEED, 7)


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


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (1, "Traceback (most recent call last):\n"),
        (2, ""),
        (2, "coercivity: one\ncoercivity: two\n"),
        (2, "another: line\n"),
        (2, "coercivity: no end"),
    ],
)
def test_anything_but_one_line_and_code_2_is_a_fault(code: int, told: str) -> None:
    with pytest.raises(AssertionError):
        judge(code, told, ["run"])


def test_one_line_is_passed_on_and_looked_at() -> None:
    judge(0, "whatever", ["run"])
    with pytest.raises(Refusal, match=r"^field 'x' does not fit$"):
        judge(2, "coercivity: field 'x' does not fit\n", ["run"])
    assert not not_one_line("field 'x' does not fit")
    for words in ("", "a\x07", "x" * 2000, "Traceback: no"):
        assert not_one_line(words)
    assert not_one_line("see /usr/lib/python3/x", page=True)


def test_counts_are_told_in_words() -> None:
    tally = Tally()
    for tried in (Tried("refused"), Tried("refused"), Tried("fault", "bad")):
        tally.add(1, tried)
    assert tally.words("inputs") == "inputs: 3 tried (fault 1, refused 2), 1 faults"
