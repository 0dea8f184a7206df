"""A run is a pure function of scenario and seed; twins differ only by their scenario; the starts
are judged by the facts.
"""

from __future__ import annotations

import gc
import hashlib
import inspect
import os
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import coercivity
from coercivity.experiments.questions.friend_shoring import alone_or_together, equal_money
from coercivity.experiments.questions.grant_or_floor import grant_or_floor
from coercivity.experiments.questions.money_moves import money_moves
from coercivity.experiments.questions.starts import (
    Month,
    quantity,
    quiet_scenario,
    start_report,
    verdict,
)
from coercivity.experiments.questions.why_not import why_not
from coercivity.experiments.worlds.compare import compare
from coercivity.experiments.worlds.run import count_workers, finish, run, run_worlds
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.names import STARTS
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from coercivity.viz.classroom.engine.scripts import run_scripts

BAN = {
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

PRINT = (
    "import sys, json, hashlib; from coercivity.experiments.worlds.run import run; r = "
    "run(json.loads(sys.argv[1]), 5)\n"
    "h = hashlib.sha256(); [h.update(r.records[n].tobytes()) for n in sorted(r.records.arrays)]\n"
    "[h.update(r.table(n).to_csv(index=False).encode()) for n in ('trade', 'events', "
    "'stoppages')]; print(h.hexdigest())"
)


def same(one: Result, other: Result) -> bool:
    assert one.records is not None
    assert other.records is not None
    return sorted(one.records.arrays) == sorted(other.records.arrays) and all(
        np.array_equal(one.records[name], other.records[name]) for name in one.records.arrays
    )


def fingerprint(result: Result) -> str:
    assert result.records is not None
    text = hashlib.sha256()
    for name in sorted(result.records.arrays):
        text.update(result.records[name].tobytes())
    for name in ("trade", "events", "stoppages"):
        text.update(result.table(name).to_csv(index=False).encode())
    return text.hexdigest()


# ---------------------------------------------------------------- one run


@pytest.mark.parametrize("record", [True, False])
def test_a_world_is_freed_with_its_run(record: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not when Python next looks for rings of objects: a process that answers one question after
    the other would grow by every world.
    """
    worlds: list[weakref.ref[World]] = []

    class Watched(World):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            worlds.append(weakref.ref(self))

    monkeypatch.setattr("coercivity.model.world.World", Watched)
    gc.disable()
    try:
        result = run(BAN, 5, record=record)
        assert [world() for world in worlds] == [None]
    finally:
        gc.enable()
    assert (result.records is not None) == record


def test_two_runs_with_one_seed_are_equal_and_another_seed_is_another_world() -> None:
    assert same(run(BAN, 5), run(BAN, 5))
    assert not same(run(BAN, 5), run(BAN, 6))


def test_another_process_with_another_hash_seed_makes_the_same_tables() -> None:
    import json

    environment = {**os.environ, "PYTHONHASHSEED": "77"}
    other = subprocess.run(
        [sys.executable, "-c", PRINT, json.dumps(BAN)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert other.stdout.strip() == fingerprint(run(BAN, 5))


def test_a_fork_goes_on_as_the_run_does() -> None:
    scenario = load_scenario(BAN)
    world = World(scenario, 2)
    for _ in range(7):
        world.step()
    fork = world.fork()
    for _ in range(7):
        fork.step()
    half = finish(world)
    assert len(half.months) == 7  # the fork did not touch the world that it came from
    assert same(finish(fork), run(scenario, 2))


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
        (
            lambda: run("japan-2027"),
            "scenario 'japan-2027' is not known; did you mean 'japan-2026'",
        ),
        (
            lambda: run(BAN, licence_clock=2),
            "parameter 'licence_clock' is not known; did you mean 'licence_clock_months'",
        ),
        (
            lambda: run(BAN, licence_clock_months=99),
            "licence_clock_months 99 is out of range; use a number from",
        ),
        (lambda: run(BAN, months=0), "months '0' does not fit"),
        (lambda: run(BAN, -1), "seed"),
        (lambda: run_worlds(BAN, []), "seeds is empty"),
        (lambda: run_worlds(BAN, [1, 2**32]), "seed"),
        (lambda: run_worlds(BAN, [1], workers=-1), "workers '-1' does not fit"),
        (
            lambda: compare("business-as-usual", "embargo-2010", [1]),
            "compare scenarios with the same start",
        ),
    ],
)
def test_wrong_input_costs_one_line(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError) as raised:
        call()
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


SEVERAL = [
    *(
        getattr(coercivity, name)
        for name in coercivity.__all__
        if inspect.isfunction(call := getattr(coercivity, name))
        and "Iterable" in str(inspect.signature(call).parameters.get("seeds"))
    ),
    *(alone_or_together, equal_money, grant_or_floor, money_moves, run_scripts, why_not),
]


@pytest.mark.parametrize("call", SEVERAL)
@pytest.mark.parametrize(
    ("seeds", "message"),
    [
        (2, "seeds: 2 is one number; write seeds=range(2), or seeds=[1] for one world"),
        (np.int64(3), "seeds: 3 is one number; write seeds=range(3), or"),
        (-1, "seeds: -1 is one number; write seeds=range(8), or"),
        (10**400, "is one number; write seeds=range(8), or"),
        (True, "seeds: 'True' is no list of seeds; write e.g. seeds=range(8)"),
        (None, "seeds: 'None' is no list of seeds"),
        (1.5, "seeds: '1.5' is no list of seeds"),
        ("12", "seeds: '12' is no list of seeds"),
        ([1, 2.5], "seed: 2.5 is not a whole number"),
        ([], "seeds is empty"),
    ],
)
def test_every_call_that_takes_seeds_says_what_they_are(
    call: Callable[..., Any], seeds: object, message: str
) -> None:
    asked = {"base": BAN, "scenario": BAN, "at": "2026-03", "seeds": seeds}
    wanted = inspect.signature(call).parameters
    with pytest.raises(InputError) as raised:
        call(**{name: value for name, value in asked.items() if name in wanted})
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_calls_that_take_seeds_are_found() -> None:
    names = {call.__name__ for call in SEVERAL}
    assert names >= {"compare", "leverage", "licence_flows", "run_worlds"}


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


def test_no_more_processes_than_tasks() -> None:
    assert count_workers(8, 3) == 3
    assert count_workers(0, 1000) >= 1


# ---------------------------------------------------------------- twins


def test_a_scenario_does_not_differ_from_itself() -> None:
    itself = compare(BAN, BAN, seeds=(1, 2), months=8)
    for name in itself.tables:
        frame = itself.table(name)
        assert not frame["difference"].fillna(0.0).any(), name
        assert frame["seed"].isin([1, 2]).all()
    assert all(
        value in (0.0, None) for row in itself.headlines().values() for value in row["difference"]
    )


def test_twins_are_equal_until_the_measure_and_differ_after_it() -> None:
    # type: ignore[arg-type]
    calm = with_changes(load_scenario("business-as-usual"), months=14, parameters=BAN["parameters"])
    pair = compare(calm, BAN, seeds=(3,))
    trade = pair.table("trade")
    assert list(trade.columns) == [
        "month",
        "origin",
        "separated_in",
        "destination",
        "good",
        "quantity",
        "base",
        "scenario",
        "difference",
        "seed",
    ]
    early = trade["month"].astype(str) < "2024-06"
    assert not trade.loc[early, "difference"].any()
    to_japan = (
        (trade["origin"] == "China")
        & (trade["destination"] == "Japan")
        & (trade["good"] == "magnet_standard")
        & ~early
    )
    assert (trade.loc[to_japan, "difference"] < 0).all()
    assert trade["difference"].to_numpy() == pytest.approx(
        (trade["scenario"] - trade["base"]).to_numpy()
    )
    assert pair.base[0].table("trade")["tonnes"].sum() == pytest.approx(trade["base"].sum())
    macro = pair.table("macro")
    assert list(macro["quantity"].cat.categories) == [
        "output_lost",
        "cost_paid",
        "made_up",
        "gdp_effect",
        "linkage",
        "investment_postponed",
    ]
    assert macro.attrs["quantities"]["gdp_effect"] == "USD million a month"
    told = pair.table("policy")
    assert (told["scenario"] - told["base"] == told["difference"]).all()
    assert told.query("kind == 'blanket_ban'")["base"].sum() == 0
    headlines = pair.headlines()["output_lost_total"]
    assert headlines["difference"][0] == pytest.approx(
        headlines["scenario"][0] - headlines["base"][0]
    )  # type: ignore[operator]


def test_an_unknown_table_of_twins_costs_one_line() -> None:
    with pytest.raises(InputError, match="table 'price' is not known"):
        compare(BAN, BAN, seeds=(1,), months=1).table("price")


# ---------------------------------------------------------------- starts


@pytest.mark.parametrize("start", STARTS)
def test_every_target_of_a_start_has_a_quantity_in_the_model(start: str) -> None:
    rows = {row["id"]: row for row in start_report(start)}
    for target in load_table("targets_start").where(start=start):
        row = rows[target["id"]]
        assert row["model"] is not None, target["id"]
        assert row["after_24"] is not None
        assert row["verdict"] == verdict(row["model"], target)
    assert {
        "solved.magnet_use",
        "solved.content.dysprosium_oxide",
        "margin.make_metal.Japan",
    } <= set(rows)
    assert all(
        "conversion" in row["quantity"] for name, row in rows.items() if name.startswith("margin.")
    )


def test_shares_of_a_stage_add_up_and_prices_are_those_of_the_start() -> None:
    world = World(quiet_scenario("2024-01"), 1)
    world.step()
    records = finish(world).records
    assert records is not None
    month = Month(records, 0)
    states = (
        "China",
        "Malaysia",
        "United States",
        "Vietnam",
        "India",
        "France",
        "Rest of EU",
        "Australia",
        "Rest of world",
        "Russia",
        "Brazil",
        "Japan",
    )
    assert sum(
        quantity(f"share.separation.{state}", month) or 0.0 for state in states
    ) == pytest.approx(100.0)
    listed = {
        row["good"]: row["usd_per_kg"] for row in load_table("prices_start").where(start="2024-01")
    }
    assert quantity("price.ndpr_oxide", month) == pytest.approx(listed["ndpr_oxide"], rel=0.02)
    assert quantity("price.unobtainium", month) is None
    assert quantity("weather.Japan", month) is None


def test_verdicts() -> None:
    fact = {"fact": 100.0, "tolerance": 0.1, "tolerance_kind": "relative"}
    assert verdict(110.0, fact) == "PASS"
    assert verdict(111.0, fact) == "FAIL"
    assert verdict(104.0, {**fact, "tolerance": 3.0, "tolerance_kind": "absolute_points"}) == "FAIL"
    assert verdict(1.0, {**fact, "tolerance": None, "tolerance_kind": "none"}) == "shown"
    assert verdict(1.0, {**fact, "fact": None}) == "no fact"
