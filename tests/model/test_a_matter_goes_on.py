"""Words do not end a matter, nobody is left alone because a measure was laid, and what was given
back twice stays so (decision 0038). Written before the rules; in brackets the figures of the rules
before. Refuted if a month without quarrel brings measures too.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from coercivity.agents.governments.sender import SIGNALS
from coercivity.model.scenario.event import Event
from tests.model.lived import act, lived

WORLDS, WINDOW = 16, 6
MEASURES: tuple[str, ...] = ("customs_halt", "licensing", "technology_ban", "dual_use_ban")
MEASURES += ("entity_list", "extraterritorial", "blanket_ban")


@cache
def chosen(
    months: tuple[int, ...], severity: float, length: int, worlds: int = WORLDS
) -> tuple[tuple[tuple[int, Event], ...], ...]:
    """(month, act) that China chose, world by world, after provocations in some months."""
    about = {"targets": ["China"], "severity": severity, "issue": "technology"}
    acts = [
        act("trigger", f"2024-{month + 1:02d}-10", "United States", id=f"P{month}", **about)
        for month in months
    ]
    found = []
    for seed in range(1, worlds + 1):
        calm = {"name": "provoked", "start": "2024-01"}
        world = lived(calm, length, *acts, seed=seed, governments={"China": "autonomous"})
        ours = [e for e in world.politics.script if e.id.startswith("China-")]
        found.append(tuple(sorted((e.month_index("2024-01"), e) for e in ours)))
    return tuple(found)


def test_a_measure_follows_words_that_brought_nothing() -> None:
    """Within half a year, where China answers in words at first, in half of the worlds [2 of 8]."""
    after_words = [
        any(e.kind in MEASURES and 0 < month - acts[0][0] <= WINDOW for month, e in acts)
        for acts in chosen((2, 3), 0.8, 18)
        if acts and acts[0][1].kind in SIGNALS
    ]
    assert len(after_words) >= 4
    assert sum(after_words) > len(after_words) / 2


@pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="4 of 16: a quarter a month brings a matter up once; a chance estimated on longer lists "
    "of provocations would mend it",
)
def test_who_provokes_anew_is_not_left_alone() -> None:
    """Three grave ones: two measures in nine months in half of the worlds [1 of 16]."""
    counts = [
        sum(e.kind in MEASURES and month <= 12 for month, e in acts)
        for acts in chosen((4, 5, 6), 1.0, 13)
    ]
    assert sum(count >= 2 for count in counts) >= WORLDS / 2


def test_a_calm_world_stays_calm() -> None:
    """Nobody provokes: less than one measure in ten years of China's government [none in 64]."""
    measures = sum(e.kind in MEASURES for acts in chosen((), 0.0, 48, 4) for _, e in acts)
    assert measures < 4 * 48 / 12 / 10


def test_nothing_is_given_back_by_the_calendar() -> None:
    """No act is suspended more than twice [nine times]."""
    script = lived("governments-decide-2024", 120).politics.script
    back = Counter(e.get("of") for e in script if e.kind == "suspension")
    assert 1 <= max(back.values(), default=0) <= 2
