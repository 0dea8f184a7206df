"""The same scenario and seed give the same history to the last bit: under another hash seed, in
another process, in a fork, and before a later event.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from coercivity.model.basis.luck import normals, stream
from coercivity.model.basis.overlay import NO_ROWS
from coercivity.model.start import links as start_links
from coercivity.model.start import population as start_population
from coercivity.model.start.links import lay_links
from coercivity.model.start.population import census
from coercivity.model.world import World
from tests.facts import FACTS
from tests.model.lived import act, begun, lived
from tools.check.fingerprint import columns, fingerprint

MONTHS = 30
SCENARIO = "japan-blanket-ban"
PROGRAM = f"""
from tests.model.test_determinism import history
from tools.check.fingerprint import fingerprint
print(fingerprint(history({SCENARIO!r}, 3, {MONTHS})))
"""


def history(scenario: str, seed: int, months: int, *acts: dict[str, Any]) -> World:
    """A world after some months, with its ledger."""
    return lived(scenario, months, *acts, seed=seed, record=True)


def assert_same(one: World, two: World, months: int | None = None) -> None:
    """Every recorded array is equal to the last bit (over the first `months`)."""
    mine, theirs = one.ledger.arrays(), two.ledger.arrays()
    assert mine.keys() == theirs.keys()
    for name in mine:
        np.testing.assert_array_equal(mine[name][:months], theirs[name][:months], err_msg=name)


@pytest.fixture(scope="module")
def original() -> World:
    return history(SCENARIO, 3, MONTHS)


def test_another_hash_seed_in_another_process_gives_the_history_of_this_one(
    original: World,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "4711"},
    )
    assert done.stdout.strip() == fingerprint(original)


FORKED = ["embargo-2010", "governments-decide-2024"]


@pytest.mark.parametrize("scenario", FORKED)
def test_a_fork_lives_the_same_life_and_leaves_the_original_alone(scenario: str) -> None:
    """Stepped in turn before, between and during measures, so a shared array would show."""
    world, forks = begun(scenario, MONTHS, seed=5, record=True), []
    for month in range(MONTHS):
        if month in (0, 9, 27):
            forks.append(world.fork())
            assert len(forks[-1].agents) == len(world.agents)
        for one in (*forks, world):
            one.step()
    alone = history(scenario, 5, MONTHS)
    assert_same(world, alone)
    assert {fingerprint(one) for one in (*forks, world)} == {fingerprint(alone)}
    assert all(one.ledger.decisions == world.ledger.decisions for one in forks)


def test_forks_of_forks_share_what_was_written_before_and_nothing_after() -> None:
    """Four histories that part in months 0, 7 and 7."""
    world = begun(SCENARIO, MONTHS, seed=3, record=True)
    worlds = [world, world.fork()]
    for each in worlds:
        each.run_for(7)
    worlds += [worlds[1].fork(), worlds[1].fork().fork()]
    for rank, each in enumerate(worlds):
        each.offers.stock *= 1.0 - 0.1 * rank
    for _ in range(9):
        for each in worlds:
            each.step()
    recorded = [each.ledger.arrays() for each in worlds]
    for other in recorded[1:]:
        for name, values in recorded[0].items():
            assert len(values) == len(other[name]) == 16
            np.testing.assert_array_equal(values[:7], other[name][:7], err_msg=name)
        assert not np.array_equal(recorded[0]["offer_stock"][7:], other["offer_stock"][7:])
    for each, arrays in zip(worlds, recorded, strict=True):
        np.testing.assert_array_equal(arrays["offer_stock"][-1], each.offers.stock)


@pytest.mark.parametrize("scenario", ["licensing-2025", "embargo-2010"])
def test_a_later_choice_leaves_the_months_before_it_and_all_luck_as_they_were(
    scenario: str,
) -> None:
    """Branches and games are replays: the prefix of a longer script is identical."""
    year = "2011" if scenario == "embargo-2010" else "2026"
    ban = act("blanket_ban", f"{year}-01-10", targets=["Japan"], goods="all")
    plain, branched = history(scenario, 4, MONTHS), history(scenario, 4, MONTHS, ban)
    assert_same(plain, branched, months=24)
    assert plain.firms.names == branched.firms.names
    one, two = plain.ledger.arrays(), branched.ledger.arrays()
    ends = plain.firms.is_end
    np.testing.assert_array_equal(one["plan"][:, ends], two["plan"][:, ends])
    assert not np.array_equal(one["lane_tonnes"][24:], two["lane_tonnes"][24:])


def test_a_longer_run_begins_with_the_shorter_one() -> None:
    """However much longer: links, branches and forks rest on it."""
    long = begun("japan-2026-from-2024", 180, seed=2, record=True)
    long.run_for(24)
    assert_same(history("japan-2026-from-2024", 2, 24), long)


def test_other_parameters_are_seen_at_once() -> None:
    """Also where measures stand, whose terms are kept until they change."""
    rule = act("extraterritorial", "2024-02-01", targets=["United States"])
    world = begun("business-as-usual", 12, rule)
    world.run_for(4)
    other = world.fork()
    other.p = other.p.with_values({"extraterritorial_compliance": 0.0})
    world.step()
    other.step()
    assert world.links.blocked.any()
    assert not other.links.blocked.any()


def test_recording_changes_nothing(original: World) -> None:
    quiet = lived(SCENARIO, MONTHS, seed=3)
    np.testing.assert_array_equal(quiet.offers.ask, original.offers.ask)
    np.testing.assert_array_equal(quiet.needs.stock, original.needs.stock)


VECTORS: dict[str, dict[str, float]] = {
    "shipped": {},
    "other": {
        "shelf_scale": 1.3,
        "swap_elasticity": 0.2,
        "overtime": 0.1,
    }
    | {"demand_growth_scale": 1.3, "ramp_months": 30}
    | {"firms_per_sector": 1, "spare_capacity": 0.2, "cover_spread": 0.7},
}


def forget() -> None:
    """Drop what worlds of one process share."""
    start_population._census.cache_clear()
    start_links.lay_links.cache_clear()


@pytest.mark.parametrize(
    ("scenario", "vector"), [("japan-2026-from-2024", "other"), ("embargo-2010", "shipped")]
)
def test_a_world_built_from_what_others_left_is_the_one_built_afresh(
    scenario: str, vector: str
) -> None:
    """Worlds of one start share who there is and who knows whom."""

    def asked(parameters: dict[str, float], seed: int) -> World:
        return begun(scenario, 6, seed=seed, record=True, parameters=parameters)

    forget()
    fresh = asked(VECTORS[vector], 9)
    built = {name: values.copy() for name, values in columns(fresh).items()}
    fresh.run_for(6)
    for other in VECTORS.values():
        asked(other, 2).run_for(2)
    again = asked(VECTORS[vector], 9)
    assert columns(again).keys() == built.keys()
    for name, values in columns(again).items():
        assert values.dtype == built[name].dtype
        np.testing.assert_array_equal(values, built[name], err_msg=name)
    assert again.firms.names == fresh.firms.names
    again.run_for(6)
    assert fingerprint(again) == fingerprint(fresh)


def test_what_worlds_share_cannot_be_written_to_and_what_they_own_can() -> None:
    forget()
    world = begun(SCENARIO, MONTHS, parameters={"firms_per_sector": 1})
    start = world.scenario.start
    who, laid = census(FACTS, start, 1), lay_links(FACTS, start, 1, NO_ROWS)
    assert lay_links.cache_info().misses == 1  # what the world has a part in
    shared = (who.firms, who.needs, who.offers, laid.links)
    for table in shared:
        assert not any(getattr(table, column).flags.writeable for column in table.columns)
    with pytest.raises(ValueError, match="read-only"):
        who.firms.base_run[0] = 1.0
    for own in (world.firms, world.needs, world.offers, world.links):
        for column in own.columns:
            mine = getattr(own, column)
            assert mine.flags.writeable, column
            theirs = (getattr(table, column) for table in shared if column in table.columns)
            assert not any(np.shares_memory(mine, array) for array in theirs), column


def test_threads_do_not_share_a_stream() -> None:
    """Four threads that draw for their own seeds get what one alone would get."""
    jobs = [(seed, month) for month in range(50) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda job: normals(job[0], "thread", job[1], 500), jobs))
    for (seed, month), values in zip(jobs, drawn, strict=True):
        np.testing.assert_array_equal(values, stream(seed, "thread", month).standard_normal(500))
