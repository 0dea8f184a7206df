"""The same scenario and seed give the same history to the last bit: under another hash seed, in
another process, in a fork, and before a later event.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from coercivity.agents.base.mesa import BaseAgent
from coercivity.agents.base.part import Part
from coercivity.agents.firms.firm import Firm
from coercivity.agents.governments.government import Government
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes
from coercivity.model.start import links as start_links
from coercivity.model.start import population as start_population
from coercivity.model.start.links import lay_links
from coercivity.model.start.population import census
from coercivity.model.world import World
from tests.facts import FACTS

MONTHS = 30
SCENARIO = "japan-blanket-ban"
PROGRAM = f"""
from tests.model.test_determinism import fingerprint, history
print(fingerprint(history({SCENARIO!r}, 3, {MONTHS})))
"""


def history(scenario: str, seed: int, months: int, **changes: object) -> World:
    """A world after some months, with its ledger."""
    # type: ignore[arg-type]
    world = World(with_changes(load_scenario(scenario), months=months, **changes), seed)
    for _ in range(months):
        world.step()
    return world


def fingerprint(world: World) -> str:
    """A digest of every recorded array and of every column as it is now, byte for byte, and of the
    events in words.
    """
    digest = hashlib.sha256()
    for name, array in sorted({**world.ledger.arrays(), **columns(world)}.items()):
        digest.update(
            name.encode() + str(array.shape).encode() + np.ascontiguousarray(array).tobytes()
        )
    digest.update(repr(world.ledger.events).encode())
    digest.update(repr(world.ledger.acts).encode())
    return digest.hexdigest()


def assert_same(one: World, two: World, months: int | None = None) -> None:
    """Every recorded array is equal to the last bit (over the first `months`)."""
    mine, theirs = one.ledger.arrays(), two.ledger.arrays()
    assert mine.keys() == theirs.keys()
    for name in mine:
        np.testing.assert_array_equal(mine[name][:months], theirs[name][:months], err_msg=name)


@pytest.fixture(scope="module")
def original() -> World:
    return history(SCENARIO, 3, MONTHS)


def test_two_hash_seeds_in_other_processes_give_the_history_of_this_one(original: World) -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            stdout=subprocess.PIPE,
            text=True,
            cwd=os.getcwd(),
            env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        )
        for hash_seed in (1, 4711)
    ]
    prints = [run.communicate(timeout=120)[0].strip() for run in runs]
    assert prints == [fingerprint(original)] * 2


def test_a_second_world_in_this_process_is_the_same(original: World) -> None:
    assert_same(original, history(SCENARIO, 3, MONTHS))
    assert fingerprint(original) == fingerprint(history(SCENARIO, 3, MONTHS))


@pytest.mark.parametrize("scenario", ["japan-blanket-ban", "embargo-2010", "licensing-2025"])
@pytest.mark.parametrize("at", [0, 9, 27])
def test_a_fork_lives_the_same_life_and_leaves_the_original_alone(scenario: str, at: int) -> None:
    """Forked before, between and during measures; the fork and the original are stepped in turn, so
    a shared array would show.
    """
    world = World(with_changes(load_scenario(scenario), months=MONTHS), 5)
    for _ in range(at):
        world.step()
    fork = world.fork()
    assert len(fork.agents) == len(world.agents)
    for _ in range(MONTHS - at):
        fork.step()
        world.step()
    assert_same(world, fork)
    assert fingerprint(world) == fingerprint(fork)
    assert_same(world, history(scenario, 5, MONTHS))


def test_forks_of_forks_share_what_was_written_before_and_nothing_after() -> None:
    """Four histories that part in months 0, 7 and 7 write down the same first months, each its own
    later ones, and a run longer than asked goes on.
    """
    world = World(with_changes(load_scenario(SCENARIO), months=MONTHS), 3)
    worlds = [world, world.fork()]
    for each in worlds:
        for _ in range(7):
            each.step()
    worlds += [worlds[1].fork(), worlds[1].fork().fork()]
    for rank, each in enumerate(worlds):
        each.offers.stock *= 1.0 - 0.1 * rank
    for _ in range(MONTHS):
        for each in worlds:
            each.step()
    recorded = [each.ledger.arrays() for each in worlds]
    for other in recorded[1:]:
        for name, values in recorded[0].items():
            assert len(values) == len(other[name]) == MONTHS + 7
            np.testing.assert_array_equal(values[:7], other[name][:7], err_msg=name)
        assert not np.array_equal(recorded[0]["offer_stock"][7:], other["offer_stock"][7:])
    for each, arrays in zip(worlds, recorded, strict=True):
        np.testing.assert_array_equal(arrays["offer_stock"][-1], each.offers.stock)


def test_a_fork_that_goes_its_own_way_does_not_touch_the_original(original: World) -> None:
    world = World(with_changes(load_scenario(SCENARIO), months=MONTHS), 3)
    for _ in range(12):
        world.step()
    fork = world.fork()
    fork.firms.capacity *= 0.5
    fork.offers.ask *= 2.0
    fork.needs.stock *= 0.1
    fork.beliefs.alarm += 0.3
    for _ in range(6):
        fork.step()
    for _ in range(MONTHS - 12):
        world.step()
    assert_same(original, world)


@pytest.mark.parametrize("scenario", ["business-as-usual", "licensing-2025", "embargo-2010"])
def test_a_later_choice_leaves_the_months_before_it_as_they_were(scenario: str) -> None:
    """Branches and games are replays: the prefix of a longer script is identical."""
    year = "2011" if load_scenario(scenario).start == "2009-01" else "2026"
    ban = {
        "date": f"{year}-01-10",
        "id": "later",
        "kind": "blanket_ban",
        "actor": "China",
        "targets": ["Japan"],
        "goods": "all",
    }
    plain, branched = history(scenario, 4, MONTHS), history(scenario, 4, MONTHS, choices=[ban])
    assert_same(plain, branched, months=24)
    assert not np.array_equal(
        plain.ledger.arrays()["lane_tonnes"][24:], branched.ledger.arrays()["lane_tonnes"][24:]
    )


def test_a_longer_run_begins_with_the_shorter_one() -> None:
    assert_same(history("business-as-usual", 2, 24), history("business-as-usual", 2, 36), months=24)


def test_twins_share_their_luck_and_their_rows_until_the_measure() -> None:
    """Business as usual and a lone ban of month 24: same firms in the same rows, same demand
    throughout, same everything before the ban.
    """
    ban = {
        "date": "2026-01-06",
        "id": "ban",
        "kind": "blanket_ban",
        "actor": "China",
        "targets": ["Japan"],
        "goods": "all",
    }
    base, other = (
        history("business-as-usual", 6, MONTHS),
        history("business-as-usual", 6, MONTHS, choices=[ban]),
    )
    assert base.firms.names == other.firms.names
    ends = base.firms.is_end
    np.testing.assert_array_equal(
        base.ledger.arrays()["plan"][:, ends], other.ledger.arrays()["plan"][:, ends]
    )
    assert_same(base, other, months=24)


def test_seeds_differ() -> None:
    assert not np.array_equal(
        history("business-as-usual", 1, 3).ledger.arrays()["plan"],
        history("business-as-usual", 2, 3).ledger.arrays()["plan"],
    )


def test_recording_changes_nothing() -> None:
    quiet = World(with_changes(load_scenario(SCENARIO), months=MONTHS), 3, record=False)
    loud = World(with_changes(load_scenario(SCENARIO), months=MONTHS), 3)
    for _ in range(MONTHS):
        quiet.step()
        loud.step()
    np.testing.assert_array_equal(quiet.offers.ask, loud.offers.ask)
    np.testing.assert_array_equal(quiet.needs.stock, loud.needs.stock)


def test_a_history_does_not_depend_on_how_long_the_run_is() -> None:
    """A shorter run is the beginning of a longer one: links, branches and forks rest on it."""
    short, long = (
        World(with_changes(load_scenario("japan-2026"), months=months), 1, record=False)
        for months in (60, 180)
    )
    for _ in range(60):
        short.step()
        long.step()
    np.testing.assert_array_equal(short.firms.plan, long.firms.plan)
    np.testing.assert_array_equal(short.market.quote, long.market.quote)


VECTORS: dict[str, dict[str, float]] = {
    "shipped": {},
    "small": {"firms_per_sector": 1, "spare_capacity": 0.2, "cover_spread": 0.7},
    "other": {
        "fringe_utilisation": 0.8,
        "shelf_scale": 1.3,
        "choke_steep": 2.6,
        "overtime": 0.1,
        "military_share": 0.05,
        "demand_growth_scale": 1.3,
        "ramp_months": 30,
    },
}


def forget() -> None:
    """Drop what worlds of one process share, so that the next one is built from the tables of
    facts.
    """
    start_population._census.cache_clear()
    start_links._laying.cache_clear()


def columns(world: World) -> dict[str, np.ndarray]:
    """Every array of a world that is built: columns of its tables, plans under way, and the arrays
    of its parts.
    """
    tables = {name: getattr(world, name) for name in ("firms", "needs", "offers", "links")}
    found = {
        f"{name}.{column}": getattr(table, column)
        for name, table in tables.items()
        for column in table.columns
    }
    parts = {name: part for name, part in vars(world).items() if isinstance(part, Part)} | {
        "pipeline": world.works.pipeline
    }
    return found | {
        f"{name}.{key}": value
        for name, part in parts.items()
        for key, value in vars(part).items()
        if isinstance(value, np.ndarray)
    }


@pytest.mark.parametrize("scenario", ["japan-2026", "embargo-2010"])
@pytest.mark.parametrize("vector", VECTORS)
def test_a_world_built_from_what_others_left_is_the_one_built_afresh(
    scenario: str, vector: str
) -> None:
    """Worlds of one start share who there is and who knows whom. Others with other parameters and
    seeds are built, and lived in, before.
    """

    def asked(name: str, parameters: dict[str, float]) -> Scenario:
        return with_changes(load_scenario(name), months=6, parameters=parameters)

    def after(world: World) -> World:
        for _ in range(6):
            world.step()
        return world

    for seed in (1, 9):
        forget()
        fresh = World(asked(scenario, VECTORS[vector]), seed)
        built = {name: values.copy() for name, values in columns(fresh).items()}
        after(fresh)
        for other in VECTORS:
            after(World(asked(scenario, VECTORS[other]), 2))
        again = World(asked(scenario, VECTORS[vector]), seed)
        assert columns(again).keys() == built.keys()
        for name, values in columns(again).items():
            assert values.dtype == built[name].dtype
            np.testing.assert_array_equal(values, built[name], err_msg=name)
        assert again.firms.names == fresh.firms.names
        assert fingerprint(after(again)) == fingerprint(fresh)


def test_what_worlds_share_cannot_be_written_to_and_what_they_own_can() -> None:
    world = World(with_changes(load_scenario(SCENARIO), parameters={"firms_per_sector": 1}), 1)
    who, laid = census(FACTS, "2024-01", 1), lay_links(FACTS, "2024-01", 1)
    for table in (who.firms, who.needs, who.offers, laid.links):
        assert not any(getattr(table, column).flags.writeable for column in table.columns)
    with pytest.raises(ValueError, match="read-only"):
        who.firms.base_run[0] = 1.0
    for name in ("firms", "needs", "offers", "links"):
        table = getattr(world, name)
        assert all(getattr(table, column).flags.writeable for column in table.columns)
        assert not any(
            np.shares_memory(getattr(table, column), getattr(shared, column))
            for shared in (who.firms, who.needs, who.offers, laid.links)
            for column in table.columns
            if column in shared.columns
        )


def test_firms_are_agents_once_somebody_looks() -> None:
    """Mesa's ways to reach agents give governments first, then firms in the order of their rows,
    with ids that follow; a world does not depend on the look.
    """
    scenario = with_changes(load_scenario(SCENARIO), months=3, parameters={"firms_per_sector": 1})
    seen, unseen = World(scenario, 1), World(scenario, 1)
    count = len(seen.politics.governments)
    assert [agent.unique_id for agent in seen.agents] == list(range(1, count + len(seen.firms) + 1))
    firms = [agent for agent in seen.agents if isinstance(agent, Firm)]
    assert [(firm.row, firm.name) for firm in firms] == list(enumerate(seen.firms.names))
    assert len(unseen.agents_by_type[Government]) == count
    assert {kind.__name__ for kind in World(scenario, 1).agent_types} == {
        "Government",
        "Miner",
        "Processor",
        "Maker",
        "EndUser",
    }
    assert (
        len(World(scenario, 1).agents.select(lambda agent: isinstance(agent, Government))) == count
    )
    late = World(scenario, 1)
    late.step()
    assert (
        BaseAgent(late).unique_id == count + len(late.firms) + 1
    )  # who joins comes after the firms, asked for or not
    world = World(scenario, 1)
    for _ in range(3):
        seen.step()
        unseen.step()
        world.step()
    assert [firm.run for firm in firms] == seen.firms.run.tolist()
    assert fingerprint(seen) == fingerprint(unseen) == fingerprint(world)
    assert len(world.agents) == len(seen.agents)
    assert len(world.fork().agents) == len(seen.agents)
