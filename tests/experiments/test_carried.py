"""A calibration is carried to younger code by running members of its collection again
(experiments/calibration/carried.py).
"""

import numpy as np
import pytest

from coercivity.experiments.calibration import carried

IDS = [f"v{number:03d}" for number in range(1, 61)]
MEMBERS = {name: {"price_speed": 0.2 + 0.005 * place} for place, name in enumerate(IDS)}


@pytest.fixture
def shift(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the younger code adds to the first target where prices are slow."""
    added = [0.0]

    def run(targets, values, seeds):
        line = [values["price_speed"] + added[0] * (values["price_speed"] < 0.3)]
        return np.array([line + [float("nan")] * (len(targets) - 1)] * seeds)

    monkeypatch.setattr(carried, "run_targets", run)
    return added


def test_ten_members_from_the_first_to_the_last_are_remembered(shift: list[float]) -> None:
    again = carried.remembered(MEMBERS, 2)

    assert list(again["values"]) == IDS[::6]
    assert again["values"]["v007"][1][:2] == [0.23, None]
    assert carried.chosen(IDS[:3]) == IDS[:3]


def test_code_that_a_target_feels_is_told_by_the_members_that_differ(shift: list[float]) -> None:
    record = {"again": carried.remembered(MEMBERS, 2), "setting": {"seeds": 2}}
    assert carried.differing(record, MEMBERS) == []

    shift[0] = 1e-9  # the last digits are no difference
    assert carried.differing(record, MEMBERS) == []

    shift[0] = 0.01
    assert carried.differing(record, MEMBERS) == ["v001", "v007", "v013", "v019"]


def test_other_targets_carry_nothing(shift: list[float]) -> None:
    record = {"again": carried.remembered(MEMBERS, 1), "setting": {"seeds": 1}}
    record["again"]["targets"] = record["again"]["targets"][:-1]

    assert carried.differing(record, MEMBERS) == IDS[::6]
