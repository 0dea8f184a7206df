"""Runs and comparisons as they are asked for; twins differ only by their scenario."""

from __future__ import annotations

import gc
import inspect
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import coercivity
from coercivity.experiments.questions.friend_shoring import alone_or_together, equal_money
from coercivity.experiments.questions.grant_or_floor import grant_or_floor
from coercivity.experiments.questions.starts import start_report, verdict
from coercivity.experiments.questions.why_not import why_not
from coercivity.experiments.worlds.compare import compare
from coercivity.experiments.worlds.run import run, run_worlds
from coercivity.model.basis.facts import load_table
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from coercivity.viz.classroom.engine.example_games import run_scripts
from tests.names import STARTS
from tests.refusal import refusal

BAN: dict[str, Any] = {
    "name": "ban",
    "start": "2024-01",
    "months": 14,
    "parameters": {"licence_clock_months": 3.0},
    "events": [
        {
            "date": "2024-06-10",
            "kind": "blanket_ban",
            "actor": "China",
            "targets": ["Japan"],
            "goods": "all",
        }
    ],
}


def same(one: Result, other: Result) -> bool:
    assert one.records is not None
    assert other.records is not None
    return sorted(one.records.arrays) == sorted(other.records.arrays) and all(
        np.array_equal(one.records[name], other.records[name]) for name in one.records.arrays
    )


# ---------------------------------------------------------------- one run


def test_a_world_is_freed_with_its_run(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds: list[weakref.ref[World]] = []

    class Watched(World):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            worlds.append(weakref.ref(self))

    monkeypatch.setattr("coercivity.model.world.World", Watched)
    gc.disable()
    try:
        result = run(BAN, 5, months=2)
        assert [world() for world in worlds] == [None]
    finally:
        gc.enable()
    assert result.records is not None


def test_keyword_wins_over_file_and_file_over_shipped_value(tmp_path: Path) -> None:
    file = tmp_path / "ban.yaml"
    file.write_text(load_scenario(BAN).to_yaml(), encoding="utf-8")
    shipped = load_scenario("business-as-usual").parameter_values().licence_clock_months
    from_file = run(str(file), months=1)
    from_keyword = run(str(file), months=1, licence_clock_months=1.5)
    assert shipped not in (3.0, 1.5)
    assert from_file.scenario.parameter_values().licence_clock_months == 3.0
    assert from_keyword.scenario.parameter_values().licence_clock_months == 1.5
    assert from_file.parameter_hash != from_keyword.parameter_hash
    assert len(from_keyword.months) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: run("japan-2027"), "not known; did you mean 'japan-2026'"),
        (lambda: run(BAN, licence_clock=2), "not known; did you mean 'licence_clock_months'"),
        (lambda: run(BAN, months=0), "months '0' does not fit"),
        (lambda: run(BAN, -1), "seed"),
        (lambda: run_worlds(BAN, []), "seeds is empty"),
        (lambda: run_worlds(BAN, [1], workers=-1), "workers '-1' does not fit"),
        (lambda: compare("truce", "embargo-2010", [1]), "scenarios with the same start"),
        (lambda: compare(BAN, BAN, [1], months=1).table("price"), "table 'price' is not known"),
    ],
)
def test_wrong_input_costs_one_line(call, message: str) -> None:  # type: ignore[no-untyped-def]
    assert message in refusal(call)


SEVERAL = [
    *(
        getattr(coercivity, name)
        for name in coercivity.__all__
        if inspect.isfunction(call := getattr(coercivity, name))
        and "Iterable" in str(inspect.signature(call).parameters.get("seeds"))
    ),
    *(alone_or_together, equal_money, grant_or_floor, run_scripts, why_not),
]


def refused_seeds(call: Callable[..., Any], seeds: object) -> str:
    asked = {"base": BAN, "scenario": BAN, "at": "2026-03", "seeds": seeds}
    wanted = inspect.signature(call).parameters
    return refusal(call, **{name: value for name, value in asked.items() if name in wanted})


@pytest.mark.parametrize(
    ("seeds", "message"),
    [
        (2, "seeds: 2 is one number; write seeds=range(2), or seeds=[1] for one world"),
        ("12", "seeds: '12' is no list of seeds"),
        ([1, 2.5], "seed: 2.5 is not a whole number"),
        ([], "seeds is empty"),
    ],
)
def test_seeds_that_are_no_list_are_refused(seeds: object, message: str) -> None:
    assert message in refused_seeds(run_worlds, seeds)


def test_every_call_that_takes_seeds_says_what_they_are() -> None:
    assert {call.__name__ for call in SEVERAL} >= {"compare", "leverage", "licence_flows"}
    for call in SEVERAL:
        assert "seeds: 2 is one number; write seeds=range(2)" in refused_seeds(call, 2), call


# ---------------------------------------------------------------- several worlds


def test_worlds_come_in_the_order_of_seeds_and_report_progress() -> None:
    seen: list[tuple[int, int]] = []
    results = run_worlds(
        BAN, (9, 4), months=3, progress=lambda done, total: seen.append((done, total))
    )
    assert [result.seed for result in results] == [9, 4]
    assert seen == [(1, 2), (2, 2)]


def test_worlds_do_not_depend_on_the_number_of_processes() -> None:
    alone, pooled = run_worlds(BAN, (1, 2), months=4), run_worlds(BAN, (1, 2), months=4, workers=2)
    assert all(same(one, other) for one, other in zip(alone, pooled, strict=True))
    assert all(
        one.table("prices").equals(other.table("prices"))
        for one, other in zip(alone, pooled, strict=True)
    )
    assert pooled[0].records is not None
    assert not pooled[0].records["run"].flags.writeable


# ---------------------------------------------------------------- twins


def test_a_scenario_does_not_differ_from_itself() -> None:
    told: list[tuple[int, int]] = []
    seen = {"progress": lambda *at: told.append(at)}
    itself = compare(BAN, BAN, seeds=(1, 2), months=8, **seen)
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    for name in itself.tables:
        frame = itself.table(name)
        assert not frame["difference"].fillna(0.0).any(), name
        assert frame["seed"].isin([1, 2]).all()
    assert all(
        value in (0.0, None) for row in itself.headlines().values() for value in row["difference"]
    )


def test_twins_are_equal_until_the_measure_and_differ_after_it() -> None:
    calm = with_changes(load_scenario("business-as-usual"), months=14, parameters=BAN["parameters"])
    pair = compare(calm, BAN, seeds=(3,))
    trade = pair.table("trade")
    early = trade["month"].astype(str) < "2024-06"
    assert not trade.loc[early, "difference"].any()
    lane = (trade["origin"] == "China") & (trade["destination"] == "Japan") & ~early
    banned = lane & (trade["good"] == "magnet_standard")
    assert (trade.loc[banned, "difference"] < 0).all()
    np.testing.assert_allclose(trade["difference"], trade["scenario"] - trade["base"])
    assert pair.base[0].table("trade")["tonnes"].sum() == pytest.approx(trade["base"].sum())
    assert pair.table("macro").attrs["quantities"]["gdp_effect"] == "USD million a month"
    told = pair.table("policy")
    assert told.query("kind == 'blanket_ban'")["base"].sum() == 0
    headlines = pair.headlines()["output_lost_total"]
    assert headlines["difference"][0] == pytest.approx(
        headlines["scenario"][0] - headlines["base"][0]
    )  # type: ignore[operator]


# ---------------------------------------------------------------- starts


@pytest.mark.parametrize("start", [start for start in STARTS if start != "2024-01"])
def test_every_target_of_a_start_has_a_quantity_in_the_model(start: str) -> None:
    """That of 2024 is among the golden readings."""
    rows = {row["id"]: row for row in start_report(start)}
    for target in load_table("targets_start").where(start=start):
        row = rows[target["id"]]
        assert row["model"] is not None, target["id"]
        assert row["after_24"] is not None
        assert row["verdict"] == verdict(row["model"], target)
    assert {"solved.magnet_use", "margin.make_metal.Japan"} <= set(rows)
