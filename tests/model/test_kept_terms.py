"""What is looked up when measures change, and kept while they stand: it is made anew when they do,
and in a fork it is that of the world it comes from.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import Any

import numpy as np
import pytest

from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.world import World
from tests.facts import FACTS
from tests.helpers import step_and_check

ACTS = (
    {"id": "rule", "date": "2024-02-01", "kind": "licensing", "goods": "magnets"},
    {"id": "ban", "date": "2024-06-15", "kind": "dual_use_ban", "goods": "magnets"},
)


def world() -> World:
    """China puts magnets for Japan under a licence in the second month; in the middle of the sixth
    it bars them to military users.
    """
    now = World("business-as-usual", seed=2, record=False, collect=False)
    for act in ACTS:
        raw = {"actor": "China", "targets": ["Japan"], **act}
        now.enact(event_from_dict(FACTS, raw, "test", 1, {}))
    return now


KEPT = ("terms", "desk", "ways")


def kept(of: World) -> dict[str, Any]:
    """Everything that is looked up when measures change."""
    found = {name: getattr(of.border, name) for name in KEPT}
    return found | {"gates": of.market.gates, "fence": of.leaks.fenced}


@cache
def by_month() -> list[dict[str, Any]]:
    """What was kept at the end of each month."""
    told, now = [], world()
    for _ in range(12):
        step_and_check(now)
        told.append(kept(now))
    return told


@pytest.mark.parametrize("name", [*KEPT, "gates"])
def test_it_is_made_anew_when_measures_change_and_then_kept(name: str) -> None:
    """While the rule stands alone, when the ban comes, in its first whole month, and in later
    ones.
    """
    told = [month[name] for month in by_month()]
    assert told[3] is told[4]
    assert told[4] is not told[5]
    assert told[5] is not told[6]
    assert told[9] is told[10]


def test_what_is_laid_again_as_it_was_is_not_looked_up_again() -> None:
    """Measures are laid again in every month in which an act falls due. A remark changes none of
    them, a list of firms does, and so does its end.
    """
    now = world()
    listed = {"date": "2024-05-01", "end": "2024-05-31", "list": "control", "share": 0.5}
    remark = {"id": "words", "date": "2024-04-01", "kind": "remark"}
    names = {"id": "names", "kind": "entity_list", "goods": "magnets", **listed}
    for act in (remark, names):
        now.enact(
            event_from_dict(FACTS, {"actor": "China", "targets": ["Japan"], **act}, "test", 1, {})
        )
    terms = []
    for _ in range(6):
        step_and_check(now)
        terms.append(now.border.terms)
    assert terms[2] is terms[3] is not None
    assert terms[3] is not terms[4]
    assert terms[4] is not terms[5]


def test_a_fence_stands_as_long_as_the_flags() -> None:
    told = [month["fence"] for month in by_month()]
    assert told[3] is told[4]
    assert told[5] is not told[4]
    assert told[5] is told[10]


def test_a_desk_is_looked_at_anew_where_more_is_returned_than_before() -> None:
    """The half month of the ban returns what waits of military users; from the month after on
    nothing more is returned.
    """
    ban, after = (by_month()[month]["desk"] for month in (5, 7))
    assert (ban.kept[-1] < 1.0).any()
    assert (after.kept == 1.0).all()


def test_other_parameters_are_seen_at_once() -> None:
    now = world()
    for _ in range(8):
        step_and_check(now)
    before, gates = now.border.terms, now.market.gates
    now.p = copy(now.p)
    step_and_check(now)
    assert now.border.terms is not before
    assert now.border.terms is not None
    assert now.border.terms.p is now.p
    assert now.market.gates is not gates


def test_a_fork_goes_on_as_the_world_would_have() -> None:
    """In a month in which everything is kept, and in the month before the ban."""
    for month in (4, 9):
        now = world()
        for _ in range(month):
            now.step()
        other = now.fork()
        for _ in range(3):
            now.step()
            other.step()
        for name in ("pending", "licence", "shipped", "refused", "blocked"):
            one, two = getattr(now.links, name), getattr(other.links, name)
            np.testing.assert_array_equal(one, two)


def test_a_survey_looks_down_the_chain_that_the_first_one_found() -> None:
    now = World("governments-decide-2009", seed=1, record=False, collect=False)
    now.step()
    first = now.politics.memory.survey
    for _ in range(3):
        now.step()
    later = now.politics.memory.survey
    assert later is not first
    assert later.chain is first.chain
    assert first.chain
