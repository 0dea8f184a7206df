"""Which candidate is shipped (tools/docs/choose_shipped_vector.py), by hand and on short worlds.

By hand: eleven draws of one series stand at 0, 1, ... 10 in every month, so that the band from the
10th to the 90th percentile is 1 to 9. A line at 0 is below it always, one at 5 never outside; one
that is at 0 in a tenth of its months and at 10 in another tenth is as the bulk is, and is taken.
"""

import numpy as np
import pytest

from tools.docs.choose_shipped_vector import SERIES, Central, most_central, outside

DRAWS = np.repeat(np.arange(11.0)[:, None, None], 20, axis=1)


def line(low: int, high: int) -> np.ndarray:
    """Twenty months of one seed and one series: so many at 0, so many at 10, the others at 5."""
    return np.array([0.0] * low + [10.0] * high + [5.0] * (20 - low - high)).reshape(1, 20, 1)


def test_the_member_that_leaves_the_band_as_often_as_the_bulk_does_is_taken():
    members = np.array([line(20, 0), line(0, 0), line(2, 2), line(0, 5)])

    below, above = outside(DRAWS, members)

    assert below[:, 0] == pytest.approx([1.0, 0.0, 0.1, 0.0])
    assert above[:, 0] == pytest.approx([0.0, 0.0, 0.1, 0.25])
    found = Central(("v1", "v2", "v3", "v4"), below[:, None], above[:, None])
    assert found.distance == pytest.approx([1.0, 0.2, 0.0, 0.25])
    assert found.order == ("v3", "v2", "v4", "v1")


def test_a_month_that_nobody_defines_counts_for_nobody():
    draws, lines = DRAWS.copy(), np.array([line(2, 0)])
    draws[:, :10] = np.nan  # with them go both months at 0

    below, above = outside(draws, lines)

    assert (below[0, 0], above[0, 0]) == (0.0, 0.0)


def test_vectors_are_put_beside_the_draws():
    """A year, four draws: the shares are shares, and the answer is a vector."""
    vectors = {"slow": {"belief_speed": 0.2}, "quick": {"belief_speed": 0.4}}

    found = most_central(vectors, 4, (1,), workers=1, months=12)

    assert found.below.shape == found.above.shape == (2, 2, len(SERIES))
    assert ((found.below + found.above >= 0) & (found.below + found.above <= 1)).all()
    assert sorted(found.order) == sorted(found.ids)
