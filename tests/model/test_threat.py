"""The negative control: a threat that no measure follows brings no panic, but it is heard.

Metrics and thresholds were written before the first run; seeds 1 to 3, threat-2019 against business
as usual with the same luck, 36 months (the threat is in month 4, dated T024 and moved by five
years).
"""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from tests.model.quantities import FREE, US, cover_abroad
from tests.names import CHINA, GOOD, GOODS

MONTHS, SEEDS = 36, (1, 2, 3)
Twins = list[tuple[dict[str, np.ndarray], dict[str, np.ndarray]]]
WATCHED = [
    GOOD[g]
    for g in (
        "ndpr_oxide",
        "dysprosium_oxide",
        "terbium_oxide",
        "magnet_standard",
        "magnet_heat_resistant",
    )
]


def lives(name: str, seed: int) -> dict[str, np.ndarray]:
    """Quotes, alarm, cover and credibility by month."""
    world = World(with_changes(load_scenario(name), months=MONTHS), seed, record=False)
    rows: dict[str, list[np.ndarray]] = {}
    for _ in range(MONTHS):
        world.step()
        now = {
            "quote": world.market.quote,
            "alarm": world.beliefs.alarm[:, CHINA],
            "cover": np.array([cover_abroad(world, FREE)]),
            "credibility": world.beliefs.credibility[[CHINA]],
        }
        for key, values in now.items():
            rows.setdefault(key, []).append(values.copy())
    return {key: np.array(values) for key, values in rows.items()}


@pytest.fixture(scope="module")
def twins() -> Twins:
    return [(lives("business-as-usual", seed), lives("threat-2019", seed)) for seed in SEEDS]


def test_alarm_stays_small_and_is_that_of_the_threatened(twins: Twins) -> None:
    for base, threat in twins:
        rise = np.abs(threat["alarm"] - base["alarm"])
        assert 0.0 < rise[:, US].max() < 0.15
        assert np.delete(rise, US, axis=1).max() < 0.05


def test_nobody_stocks_up_and_prices_stay_with_the_twin(twins: Twins) -> None:
    for base, threat in twins:
        assert np.abs(threat["cover"] / base["cover"] - 1.0).max() < 0.03
        gap = np.abs(np.log(threat["quote"] / base["quote"]))[:, WATCHED]
        assert gap.max() < 0.03, GOODS[WATCHED[int(gap.max(axis=0).argmax())]]


def test_a_threat_that_lapses_costs_credibility(twins: Twins) -> None:
    for base, threat in twins:
        assert threat["credibility"][-1, 0] < base["credibility"][-1, 0]


def test_a_threat_is_heard_and_fades(twins: Twins) -> None:
    """Who is threatened takes alarm within the year, and forgets most of it in the next two."""
    for base, threat in twins:
        more = (threat["alarm"] - base["alarm"])[:, US]
        assert more[:4].max() == 0.0
        assert more[4:16].max() > 0.0
        assert more[-1] < more[4:16].max() / 3.0
