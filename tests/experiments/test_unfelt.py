"""What no target feels is drawn anew for each member
(experiments/calibration/inactive_parameters.py).
"""

import numpy as np
import pytest
from scipy.stats import kstest

from coercivity.experiments.calibration.inactive_parameters import (
    find_inactive_parameters,
    redraw_parameters,
)
from coercivity.experiments.calibration.waves import Space
from coercivity.experiments.worlds.draws import triangular_share

NAMES = ("felt", "idle", "other", "twin", "pair")
SPACE = Space(NAMES, np.zeros(5), np.full(5, 2.0), np.full(5, 0.5), 1)
MEMBERS = np.tile([1.0, 0.2, 0.3, 1.0, 1.0], (60, 1)) + np.linspace(0.0, 0.1, 60)[:, None]


def targets(values: np.ndarray, name: str) -> np.ndarray:
    """One target follows the first, one is never defined, one feels the last two where both are
    at an end.
    """
    both = ((values[:, 3:] == 0.0) | (values[:, 3:] == 2.0)).all(axis=1)
    return np.column_stack([values[:, 0], np.full(len(values), np.nan), both * 1.0])


def test_what_moves_no_target_at_either_end_is_found() -> None:
    assert find_inactive_parameters(SPACE, MEMBERS, ("felt", "idle", "other"), targets) == (
        "idle",
        "other",
    )


def test_what_is_felt_together_alone_is_not_drawn_anew() -> None:
    assert find_inactive_parameters(SPACE, MEMBERS, ("twin", "pair"), targets) == ()


def test_members_draw_it_as_every_draw_does_and_keep_the_rest() -> None:
    found = redraw_parameters(SPACE, MEMBERS, ("idle",))
    rest = [0, 2, 3, 4]

    np.testing.assert_array_equal(found[:, rest], MEMBERS[:, rest])
    share = triangular_share(found[:, 1], 0.0, 0.5, 2.0)
    assert kstest(share, "uniform").pvalue > 0.01
    assert kstest(triangular_share(MEMBERS[:, 1], 0.0, 0.5, 2.0), "uniform").pvalue < 1e-6
    np.testing.assert_array_equal(found, redraw_parameters(SPACE, MEMBERS, ("idle",)))
    assert found[:, 1] != pytest.approx(redraw_parameters(SPACE, MEMBERS, ("idle",), 1)[:, 1])
