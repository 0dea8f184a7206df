"""Would a practitioner believe it? Figures of whole runs against the targets of targets.csv; what
is not met yet is an expected failure, and fails once it is met.
"""

from __future__ import annotations

import pytest

from tests.believed.measures import FIGURES
from tests.believed.table import TARGETS, Target


def judged(target: Target) -> object:
    """A target as a case; one that is not met must fail."""
    missed = pytest.mark.xfail(strict=True, raises=AssertionError, reason="not met yet")
    return pytest.param(target, id=target.figure, marks=() if target.met else missed)


def test_every_figure_has_a_target_and_a_source() -> None:
    assert [target.figure for target in TARGETS] == list(FIGURES)
    assert all(target.source and target.low <= target.high for target in TARGETS)


@pytest.mark.parametrize("target", [judged(target) for target in TARGETS])
def test_figure(target: Target) -> None:
    value = FIGURES[target.figure]()
    assert target.low <= value <= target.high, (
        f"{FIGURES[target.figure].__doc__} {value:.4g} {target.unit}, "
        f"wanted {target.low:g} to {target.high:g}; source: {target.source}"
    )
