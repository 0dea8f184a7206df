"""Imported ore is separated outside the quota until a decree has it count (M13)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coercivity.agents.governments.supply import separation_quota
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.names import CHINA, GOOD, STATE
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes
from coercivity.model.world import World

DECREE = {"date": "2025-08-22", "kind": "ore_in_quota", "actor": "China", "id": "decree"}
BEFORE = 19  # months before the month of the decree


def asked(*acts: dict[str, Any], months: int) -> Scenario:
    return with_changes(load_scenario("business-as-usual"), months=months, choices=acts)


def lived(told: Scenario, glut: float = 1.0) -> tuple[np.ndarray, World]:
    """Light ore that is shipped to China, what its separators may be fed and are fed, and the
    public price of NdPr oxide, month by month. glut: factor on the mines abroad from 2026 on.
    """
    world, rows = World(told, 1, record=False), []
    links, at = world.links, world.supply.at
    ore = (links.importer == CHINA) & (links.good == GOOD["light_concentrate"])
    abroad = world.firms.is_mine & (world.firms.state != CHINA)
    while world.month < told.months:
        if world.month == 24:
            world.firms.capacity = np.where(abroad, glut, 1.0) * world.firms.capacity
        world.step()
        rows.append(
            (
                links.shipped[ore & (links.exporter != CHINA)].sum(),
                world.supply.allowed[at.separators].sum(),
                world.firms.run[at.separators].sum(),
                world.market.quote[GOOD["ndpr_oxide"]],
            )
        )
    return np.array(rows), world


def test_imported_ore_comes_on_top_and_under_the_decree_only_as_far_as_admitted() -> None:
    """Home ore 80; 20 imported, without limit, of 15 admitted, of 30 admitted."""
    assert separation_quota(80.0, 20.0, np.inf) == 100.0
    assert separation_quota(80.0, 20.0, 15.0) == 95.0
    assert separation_quota(80.0, 20.0, 30.0) == 100.0


def test_before_its_day_the_decree_changes_nothing_to_the_last_bit() -> None:
    free, bound = lived(asked(months=30))[0], lived(asked(DECREE, months=30))[0]
    np.testing.assert_array_equal(free[:BEFORE], bound[:BEFORE])


def test_separators_may_be_fed_home_ore_by_quota_and_what_is_imported() -> None:
    """Without a decree: what they were fed at the start less ore from abroad, times the mining
    quota over that of the start, and a quarter's mean of imports.
    """
    rows, world = lived(asked(months=12))
    supply = world.supply
    base = world.firms.base_run[supply.at.separators].sum()
    assert 0.1 * base < supply.imported_base < 0.25 * base
    home = (base - supply.imported_base) * supply.light / supply.light_base
    assert rows[-1, 1] == pytest.approx(home + supply.imported, rel=1e-9)


def test_more_ore_from_abroad_is_separated_and_less_of_it_under_the_decree() -> None:
    """Mines abroad three times as large from 2026 on: China takes in more ore, and the decree
    keeps out a part of it: what may be fed falls by a twentieth at least, imports and runs too.
    """
    calm = lived(asked(months=72))[0][48:].mean(axis=0)
    free = lived(asked(months=72), glut=3.0)[0][48:].mean(axis=0)
    bound = lived(asked(DECREE, months=72), glut=3.0)[0][48:].mean(axis=0)
    assert free[0] > 1.1 * calm[0]
    assert free[1] > calm[1]
    assert bound[1] < 0.95 * free[1]
    assert bound[0] < free[0]
    assert bound[2] < free[2]


def test_after_a_suspension_the_decree_admits_what_it_did_before() -> None:
    """Free from March to December 2026, with mines abroad three times as large; then the tonnes of
    its own day, and none once it has ended.
    """
    decree = {**DECREE, "end": "2027-06-30"}
    pause = {
        "date": "2026-03-01",
        "end": "2026-12-31",
        "kind": "suspension",
        "actor": "China",
        "of": "decree",
        "id": "pause",
    }
    seen, told = [], asked(decree, pause, months=44)
    for months in (20, 30, 38, 44):
        world = lived(with_changes(told, months=months), glut=3.0)[1]
        seen.append(world.supply.admitted)
    assert 0.0 < seen[0] < np.inf
    assert seen == [seen[0], np.inf, seen[0], np.inf]


def test_the_decree_is_the_exporters() -> None:
    with pytest.raises(InputError, match="actor 'Japan' sets no quota of separation; write actor"):
        asked({**DECREE, "actor": "Japan"}, months=30)


def test_sales_that_end_shut_the_lane_and_no_government_is_blamed() -> None:
    """No ore of the United States reaches China from May 2024 on; other goods and lanes go on, and
    relations are what they were.
    """
    ends = {
        "date": "2024-05-01",
        "kind": "sales_end",
        "id": "ends",
        "state": "United States",
        "to": ["China"],
        "goods": ["light_concentrate"],
    }
    free, ended = (World(asked(*acts, months=9), 1, record=False) for acts in ((), (ends,)))
    for world in (free, ended):
        world.run_for(9)
    links = ended.links
    ore = (links.good == GOOD["light_concentrate"]) & (links.importer == CHINA)
    american = ore & (links.exporter == STATE["United States"])
    assert free.links.shipped[american].sum() > 1_000.0
    assert ended.links.shipped[american].sum() == 0.0
    assert ended.links.shipped[ore & (links.exporter != CHINA) & ~american].sum() > 0.0
    for one, other in zip(free.politics.governments, ended.politics.governments, strict=True):
        np.testing.assert_array_equal(one.tension, other.tension)
    with pytest.raises(InputError, match="to 'China' is the state that sells; name other states"):
        asked({**ends, "state": "China"}, months=9)
    with pytest.raises(InputError, match="actor 'India' is named, but sellers end their sales"):
        asked({**ends, "actor": "India"}, months=9)
