"""Stocks abroad under standing licences: they run down, and come back as licences allow.

Written before the rule, from logic. A buyer who has run short wants its normal stock again and may
import a little more than it uses: with 15% of room 1.3 months take nine months, with the 6% that
growth of a tenth a year leaves of it, twenty-two. An office needs a year to learn. Two to four
years after the rule stocks are thus at least half of what they are without it; a third where the
rule is joined by a ban on military users and by officials who refuse others too. Refuted by
stocks that stay empty, and by licences that delay nothing.

Figures of the rule before it stand in brackets, of seeds 1 to 4.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from coercivity.model.basis.goods import CHINA, GOOD, STATE
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes
from coercivity.model.world import World

HELD = ("dysprosium_oxide", "terbium_oxide", "yttrium_oxide", "magnet_heat_resistant")
RULE = {
    "kind": "licensing",
    "date": "2024-09-01",
    "actor": "China",
    "targets": ["World"],
    "id": "rule",
    "goods": list(HELD),
}
BEGAN, MONTHS = 8, 57  # of the plain rule; shipped scenarios begin to license in April 2025
SHIPPED_BEGAN = 15
SEEDS = (1, 2, 3, 4)
JAPAN = STATE["Japan"]


def scenario(name: str) -> Scenario:
    if name == "rule":
        return with_changes(load_scenario("business-as-usual"), months=MONTHS, choices=[RULE])
    return with_changes(load_scenario(name), months=SHIPPED_BEGAN + 49)


@cache
def covers(name: str, seed: int) -> np.ndarray:
    """Months of use that heat-resistant magnets last, by month: of all users outside China, and of
    those in Japan.
    """
    world = World(scenario(name), seed, record=False, collect=False)
    needs, state = world.needs, world.firms.state[world.needs.firm]
    magnets = needs.good == GOOD["magnet_heat_resistant"]
    groups = [np.flatnonzero(magnets & of) for of in (state != CHINA, state == JAPAN)]
    found = []
    for _ in range(world.clock.months):
        world.step()
        found.append([needs.stock[rows].sum() / needs.expected[rows].sum() for rows in groups])
    return np.array(found)


def ratio(name: str, began: int, first: int, last: int) -> np.ndarray:
    """Mean cover in months `first` to `last` after licensing began over that of the calm twin:
    medians over seeds, of all users outside China and of those in Japan.
    """
    months = slice(began + first, began + last)
    return np.median(
        [
            covers(name, seed)[months].mean(axis=0)
            / covers("business-as-usual", seed)[months].mean(axis=0)
            for seed in SEEDS
        ],
        axis=0,
    )


def test_licences_run_stocks_down_and_delay_their_return() -> None:
    """Over the first year a fifth less is in stock."""
    for name, began in (("rule", BEGAN), ("licensing-2025", SHIPPED_BEGAN)):
        assert (ratio(name, began, 0, 12) < 0.8).all()


def test_stocks_come_back_under_licences() -> None:
    assert (ratio("rule", BEGAN, 24, 48) > 0.5).all()
    assert (ratio("licensing-2025", SHIPPED_BEGAN, 24, 48) > 0.5).all()


def test_stocks_come_back_beside_a_ban_on_military_users() -> None:
    assert ratio("japan-2026", SHIPPED_BEGAN, 24, 48)[1] > 1.0 / 3.0


def test_nobody_holds_more_under_licences_than_without() -> None:
    """Two to four years after the rule."""
    assert (ratio("rule", BEGAN, 24, 48) < 1.1).all()
