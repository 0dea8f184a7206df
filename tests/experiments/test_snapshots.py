"""A run from a kept world is the replay, to the last bit; kept only where the past is the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.lab import snapshots
from coercivity.experiments.lab.snapshots import (
    MOST,
    first_differing_month,
    forget,
    run_from_snapshots,
)
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.luck import uniforms
from coercivity.model.results.result import Result
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes
from coercivity.model.world import World
from tests.facts import FACTS

MONTHS = 25


@pytest.fixture(autouse=True)
def begun(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    names: list[str] = []

    def begin(scenario: Scenario, seed: int, *, record: bool, collect: bool) -> World:
        names.append(scenario.name)
        return World(scenario, seed, record=record, collect=collect)

    monkeypatch.setattr(snapshots, "World", begin)
    forget()
    yield names
    forget()


def small(name: str, months: int = MONTHS, **changes: Any) -> Scenario:
    return with_changes(
        load_scenario(name), months=months, parameters={"firms_per_sector": 1}, **changes
    )


def with_act(scenario: Scenario, month: int, kind: str = "blanket_ban", **fields: Any) -> Scenario:
    """The scenario with one more act in its month-th month."""
    raw = {"date": f"{month_name(scenario.start, month)}-05", "id": "one-more", "kind": kind}
    raw |= {"actor": "China", "targets": ["Japan"], "goods": "all"} if kind == "blanket_ban" else {}
    return replace(
        scenario, events=(*scenario.events, event_from_dict(FACTS, {**raw, **fields}, "test", 1))
    )


def assert_same(one: Result, other: Result, tables: bool = False) -> None:
    assert one.records is not None
    assert other.records is not None
    assert one.provenance() == other.provenance()
    assert one.months == other.months
    assert one.records.arrays.keys() == other.records.arrays.keys()
    for name, values in one.records.arrays.items():
        np.testing.assert_array_equal(values, other.records.arrays[name], err_msg=name)
    for name in ("events", "decisions", "acts", "script"):
        assert getattr(one.records, name) == getattr(other.records, name), name
    for name, values in vars(one.records.structure).items():
        np.testing.assert_array_equal(values, getattr(other.records.structure, name), err_msg=name)
    for name in one.tables if tables else ():
        pd.testing.assert_frame_equal(one.table(name), other.table(name), check_exact=True)
    assert one.headlines() == other.headlines()


QUICK = ("japan-2026-from-2024",)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in QUICK else pytest.mark.slow)
        for name in list_scenarios()
    ],
)
def test_every_shipped_scenario_goes_on_from_where_a_later_act_begins(
    name: str, begun: list[str]
) -> None:
    base = small(name)
    run_from_snapshots(base, 2)
    for goods in ("all", "magnets"):  # the first takes the copy, the second starts from it
        scenario = with_act(base, 19, goods=goods)
        found, replay = run_from_snapshots(scenario, 2), run_scenario(scenario, 2)
        assert_same(found, replay, tables=goods == "magnets")
    assert len(begun) == 2


def test_what_governments_have_decided_stays_and_what_they_decide_later_may_change(
    begun: list[str],
) -> None:
    base = small("governments-decide-2024", 50, governments={"Japan": "autonomous"})
    closed = [
        with_act(base, 40, "mine_closure", state="Myanmar", good="heavy_concentrate", share=share)
        for share in (0.3, 0.9)
    ]
    run_from_snapshots(base, 1)
    run_from_snapshots(closed[0], 1)
    found, replay = run_from_snapshots(closed[1], 1), run_scenario(closed[1], 1)
    assert_same(found, replay)
    assert len(begun) == 2
    assert replay.records is not None
    assert any(decision.month < 40 for decision in replay.records.decisions)
    assert set(replay.records.script) - set(closed[1].events), "some government enacted an act"


def test_a_played_choice_and_an_act_that_is_taken_away(begun: list[str]) -> None:
    ban = {"date": "2025-09-03", "id": "mine", "kind": "blanket_ban", "actor": "China"}
    ban |= {"targets": ["Japan"], "goods": "all"}
    base, without, later = (
        small("licensing-2025", choices=choices)
        for choices in ([ban], [], [{**ban, "date": "2025-11-03"}])
    )
    run_from_snapshots(base, 3)
    for scenario in (without, later):
        assert first_differing_month(scenario, base) == 20
        assert_same(run_from_snapshots(scenario, 3), run_scenario(scenario, 3))
    assert len(begun) == 2


def test_a_world_that_keeps_no_tables(monkeypatch: pytest.MonkeyPatch, begun: list[str]) -> None:
    monkeypatch.setattr(snapshots, "finish", World.fork)
    base = small("japan-blanket-ban")
    run_from_snapshots(base, 4, record=False)
    run_from_snapshots(with_act(base, 12), 4, record=False)
    scenario = with_act(base, 12, goods="magnets")
    found: Any = run_from_snapshots(scenario, 4, record=False)
    replay = World(scenario, 4, record=False)
    for _ in range(MONTHS):
        replay.step()
    assert len(begun) == 2
    for table in ("firms", "needs", "offers", "links"):
        for column in getattr(replay, table).columns:
            np.testing.assert_array_equal(
                getattr(getattr(found, table), column),
                getattr(getattr(replay, table), column),
                err_msg=column,
            )
    np.testing.assert_array_equal(found.money.month, replay.money.month)


def test_another_past_starts_from_the_beginning(begun: list[str]) -> None:
    base = small("japan-2026-from-2024")
    later = with_act(base, 20)
    run_from_snapshots(base, 1)
    run_from_snapshots(later, 1)
    run_from_snapshots(later, 1)
    assert len(begun) == 2
    for scenario, seed, record in (
        (later, 2, True),
        (later, 1, False),
        (with_act(small("japan-2026-from-2024", MONTHS + 1), 20), 1, True),
        (with_act(later, 3, id="early"), 1, True),
        (with_changes(later, parameters={"overtime": 0.2}), 1, True),
    ):
        before = len(begun)
        run_from_snapshots(scenario, seed, record)
        assert len(begun) == before + 1, scenario


def test_a_month_can_be_asked_for_and_the_oldest_world_is_let_go(begun: list[str]) -> None:
    base = small("japan-2026-from-2024")
    # months outside of the run keep nothing
    run_from_snapshots(base, 1, keep=("2025-06", "2019-01", "2099-01"))
    assert [key[1] for key in snapshots._kept] == [17]
    assert_same(run_from_snapshots(with_act(base, 17), 1), run_scenario(with_act(base, 17), 1))
    assert len(begun) == 1
    for month in range(18, 18 + MOST):
        run_from_snapshots(base, 1, keep=(month_name(base.start, month),))
    assert [key[1] for key in snapshots._kept] == list(range(18, 18 + MOST))
    assert len(begun) == 1


def test_many_scenarios_in_turn() -> None:
    luck = iter(uniforms(1, "test of snapshots", 0, 100))
    base = small("embargo-2010", 24)
    for turn in range(5):
        scenario, seed = base, 1 + turn % 2
        for act in range(1 + int(3 * next(luck))):
            month, goods = int(24 * next(luck)), "magnets" if next(luck) < 0.5 else "all"
            scenario = with_act(scenario, month, id=f"act-{act}", goods=goods)
        assert_same(run_from_snapshots(scenario, seed), run_scenario(scenario, seed))
        assert len(snapshots._kept) <= MOST
