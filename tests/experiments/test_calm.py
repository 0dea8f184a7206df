"""A vector whose calm world loses is no member (experiments/calibration/calm_world.py), on a model
of one parameter and one target that all vectors meet alike; what they lose in calm is their
parameter.

Written before the collection was made with it: each member of the shipped collection loses at most
MOST_LOST in its calm world, and so does the shipped vector (refuted by a single one above it, with
the seed that the rule looks at).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coercivity.experiments.calibration.calm_world import (
    MOST_LOST,
    Vector,
    leave_out,
    lost_in_calm,
    run_calm,
)
from coercivity.experiments.calibration.waves import MatchedRuns, Space, judge
from coercivity.experiments.worlds.draws import load_collection
from tests.experiments.made_targets import two_targets

LOST = np.array([10.0, 90.0, 50.0, 60.0, 0.0])  # USD billion; the limit itself is no fault


@pytest.fixture
def matched() -> MatchedRuns:
    space = Space(("x",), np.zeros(1), np.full(1, 100.0), np.zeros(1), 1)
    objective = two_targets()
    runs = np.arange(5.0)[:, None, None].repeat(2, axis=1).repeat(2, axis=2) / 10.0
    return judge(space, objective, [LOST[:, None] / 100.0], [np.zeros(5, dtype=int)], [runs])


def test_what_loses_in_calm_is_left_out_and_the_rest_stays(matched: MatchedRuns) -> None:
    """What they lose comes in the order of the members, the likeliest first."""
    found = leave_out(matched, LOST[matched.members()])
    assert found.kept.tolist() == [True, False, True, False, True]
    assert matched.kept.all()


def test_only_members_are_left_out(matched: MatchedRuns) -> None:
    """What was run in an earlier wave is none."""
    last = replace(matched, wave=np.array([0, 0, 1, 1, 1]))
    assert sorted(last.members().tolist()) == [2, 3, 4]
    found = leave_out(last, LOST[last.members()])
    assert found.kept.tolist() == [False, False, True, False, True]


def test_the_shipped_vector_loses_nothing_to_speak_of_in_calm() -> None:
    assert run_calm(Vector(())) < 0.1 * MOST_LOST


@pytest.mark.slow
def test_members_of_the_shipped_collection_are_calm() -> None:
    """All of them, with the values that the collection gives them."""
    known = load_collection()
    assert (lost_in_calm(known.names, known.values, 2) <= MOST_LOST).all()
