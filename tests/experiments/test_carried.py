"""A calibration is carried to younger code by running members of its collection again
(experiments/calibration/recheck.py).
"""

from typing import Any

import numpy as np
import pytest

from coercivity.experiments.backtest.evidence_targets import load_targets
from coercivity.experiments.calibration import recheck
from coercivity.experiments.calibration.implausibility import fit_targets

IDS = [f"v{number:03d}" for number in range(1, 61)]
MEMBERS = {name: {"belief_speed": 0.2 + 0.005 * place} for place, name in enumerate(IDS)}
TARGETS = len(fit_targets(load_targets()))


class Younger:
    """What the younger code adds to the first value where prices are slow."""

    more = 0.0

    def values(self, targets: Any, vector: Any, seeds: int) -> np.ndarray:
        line = [vector["belief_speed"] + self.more * (vector["belief_speed"] < 0.3)]
        return np.array([line + [float("nan")] * (len(targets) - 1)] * seeds)


@pytest.fixture
def code(monkeypatch: pytest.MonkeyPatch) -> Younger:
    one = Younger()
    monkeypatch.setattr(recheck, "run_targets", one.values)
    return one


def kept() -> dict[str, Any]:
    return {"again": recheck.recheck_record(MEMBERS, 2), "setting": {"seeds": 2}}


def test_ten_members_from_the_first_to_the_last_are_remembered(code: Younger) -> None:
    again = kept()["again"]

    assert list(again["targets"]) == IDS[::6]
    assert again["targets"]["v007"] == [[0.23, *[None] * (TARGETS - 1)]] * 2
    assert recheck.choose_members(IDS[:3]) == IDS[:3]


def test_code_that_a_target_feels_is_told_by_the_members_that_differ(code: Younger) -> None:
    """The last digits are no difference, wherever they fall."""
    record = kept()
    for code.more, members in ((0.0, []), (1e-12, []), (0.01, ["v001", "v007", "v013", "v019"])):
        assert recheck.differing_members(record, MEMBERS) == members


def test_another_question_carries_nothing(code: Younger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target with another tolerance, another range, a row of the licences less."""
    record, was = kept(), recheck.recheck_fingerprint()
    rows = recheck.record_rows()
    for name, other in (
        ("load_targets", lambda: load_targets()[1:]),
        ("record_rows", lambda: rows[1:]),
        ("drawn_parameters", lambda: []),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(recheck, name, other)
            assert recheck.recheck_fingerprint() != was
            assert recheck.differing_members(record, MEMBERS) == IDS[::6]
