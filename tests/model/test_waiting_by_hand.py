"""What waits for a licence: under a cut, and never less than nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.model.test_border_by_hand import a, licensed


def test_under_a_cut_those_that_wait_share_what_may_still_go() -> None:
    """Licences let 10 t of each go, the cut 5 t of both: the rest waits, and licences are kept."""
    made = licensed()
    made.links.licence[1:3], made.links.licence_until[1:3] = 40.0, 9 + 4
    made.queue(room=5.0)
    assert made.links.allowed[1:3] == pytest.approx([2.5, 2.5])
    assert made.links.under_licence[1:3] == pytest.approx([2.5, 2.5])
    assert made.links.pending[1:3] == pytest.approx([13.5, 9.5])


PART = st.floats(0.0, 1.0)


@given(
    waits=st.tuples(st.floats(0.0, 1e3), st.floats(0.0, 1e3)),
    refused=st.tuples(PART, PART),
    elsewhere=st.tuples(PART, PART),
    licence=st.floats(0.0, 1e4),
)
def test_never_less_than_nothing_waits(
    waits: tuple[float, float],
    refused: tuple[float, float],
    elsewhere: tuple[float, float],
    licence: float,
) -> None:
    """Whatever waited, is ordered and comes another way: not even by a rounding."""
    made = licensed()
    made.links.pending = a(0.0, *waits, 0.0)
    made.links.licence[1:3], made.links.licence_until[1:3] = licence, 9 + 6
    made.queue(refused, (waits[0] * elsewhere[0], waits[1] * elsewhere[1]))
    assert made.links.pending.min() >= 0.0
    assert made.needs.pending.min() >= 0.0
    assert made.needs.counted.min() >= 0.0
