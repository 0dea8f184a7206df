"""Recycling: what comes back was in use, the books close, and it is little and late."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World


@lru_cache(maxsize=2)
def after_three_years(on: bool = True) -> World:
    world = World(
        with_changes(
            load_scenario("business-as-usual"), months=36, mechanisms=None if on else {"M11": False}
        ),
        1,
        record=False,
    )
    for _ in range(36):
        world.step()
    return world


def test_the_stock_in_use_closes() -> None:
    """In use + recycled + discarded = in use at the start + pressed, to rounding."""
    state = after_three_years().recycling
    np.testing.assert_allclose(state.unaccounted / state.in_use, 0.0, atol=1e-12)
    assert (state.in_use > 0).all()
    assert (state.recycled > 0).all()


def test_the_element_books_close_with_what_came_back() -> None:
    world = after_three_years()
    assert (
        world.elements.books["recycled"][world.recycling.element] == world.recycling.recycled
    ).all()
    assert np.abs(world.balance_error()).max() < 1e-9 * world.elements.held_start.max()


def test_it_is_little() -> None:
    """At the prices of the start no more than two percent of what is pressed in the same time."""
    world = after_three_years()
    assert (
        world.recycling.recycled < 0.02 * world.elements.books["pressed"][world.recycling.element]
    ).all()
