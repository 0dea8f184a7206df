"""What each lever writes into a scenario, act by act; from which month; how a measure ends, returns
and lasts; ensembles, twins and cut-offs by hand.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.lab.levers import (
    check_lever,
    check_month,
    first_month,
    story_day,
)
from coercivity.experiments.lab.pulled import pulled
from coercivity.experiments.questions.leverage import Leverage
from coercivity.experiments.sweep import folder as sweep_folder
from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.folder import prepare_sweep
from coercivity.experiments.sweep.parts import read_sweep
from coercivity.experiments.sweep.runs import Runs
from coercivity.experiments.worlds import compare as compared
from coercivity.experiments.worlds import ensemble as run_together
from coercivity.experiments.worlds import ensemble_runs
from coercivity.experiments.worlds.compare import twins
from coercivity.experiments.worlds.draws import Draw
from coercivity.experiments.worlds.ensemble import vector, with_vector
from coercivity.experiments.worlds.ensemble_runs import Task, run_tasks
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import (
    Scenario,
    load_scenario,
    scenario_from_dict,
    with_changes,
)
from tests.experiments.sweep_faults import design
from tests.experiments.test_studies_by_hand import cost

CALM = load_scenario("business-as-usual")
STORY = load_scenario("japan-2026")


def added(
    levers: dict[str, float], *changes: tuple[str, str, float], on: Scenario = CALM
) -> list[Any]:
    """Acts of levers, in their order."""
    made = pulled(on, levers, changes)
    return [act for act in (*made.events, *made.choices) if act.id.startswith("lever-")]


# ---------------------------------------------------------------- what a lever writes


@pytest.mark.parametrize(
    ("lever", "value", "acts"),
    [
        ("china_measure", 2, [("threat", "China", "Japan", {"severity": 0.5})]),
        ("china_measure", 3, [("dual_use_ban", "China", "Japan", {})]),
        ("china_measure", 4, [("blanket_ban", "China", "Japan", {})]),
        ("china_measure", 5, [("blanket_ban", "China", "Japan", {})]),
        ("china_licences", 1, [("extraterritorial", "China", "World", {})]),
        ("china_licences", 2, [("general_licence", "China", "World", {})]),
        ("japan_stockpile", 3, [("stockpile", "Japan", "", {"cover": 3.0})]),
        ("japan_plants", 500, [("loan", "Japan", "", {"budget": 500.0})]),
        (
            "allies_money",
            1000,
            [
                ("grant", "United States", "", {"budget": 500.0, "share": 0.5}),
                ("grant", "EU", "", {"budget": 500.0, "share": 0.5}),
                ("coalition", "United States", "", {}),
            ],
        ),
        ("allies_floor", 110, [("price_floor", "United States", "", {"floor": 110.0})]),
        (
            "allies_tariff",
            25,
            [
                ("import_tariff", who, "China", {"rate": 0.25})
                for who in ("United States", "EU", "Japan")
            ],
        ),
        ("firms_stock", 2, [("firm_stock", "", "", {"cover": 2.0})]),
        ("firms_switch", 50, [("firm_supplier", "", "", {"strength": 0.5})]),
    ],
)
def test_a_lever_writes_these_acts(lever: str, value: float, acts: list[Any]) -> None:
    found = added({lever: value})
    assert [(act.kind, act.actor, ",".join(act.targets)) for act in found] == [
        act[:3] for act in acts
    ]
    for act, (_, _, _, fields) in zip(found, acts, strict=True):
        assert {name: dict(act.fields)[name] for name in fields} == fields
        assert act.text
        assert not act.end


def test_heavy_goods_are_fewer_than_everything() -> None:
    heavy, all_ = (set(added({"china_measure": value})[0].goods) for value in (4, 5))
    assert heavy < all_


def test_levers_act_from_the_third_year_of_a_quiet_scenario_and_a_stock_from_the_first_month() -> (
    None
):
    assert (first_month(CALM), story_day(CALM)) == ("2026-01", "2026-01-01")
    assert {act.date for act in added({"firms_stock": 2, "china_measure": 5})} == {"2026-01-01"}
    assert [act.date for act in added({"japan_stockpile": 3})] == ["2024-01-01"]
    short = with_changes(CALM, months=7)
    assert first_month(short) == "2024-07"


def test_levers_act_from_the_month_of_the_story_and_a_measure_on_its_day() -> None:
    assert (first_month(STORY), story_day(STORY)) == ("2026-01", "2026-01-06")
    assert [act.date for act in added({"china_measure": 5}, on=STORY)] == ["2026-01-06"]
    assert [act.date for act in added({"firms_stock": 2}, on=STORY)] == ["2026-01-01"]
    assert [act.date for act in added({}, ("2026-05", "china_measure", 5.0), on=STORY)] == [
        "2026-05-01"
    ]


def test_a_story_in_the_first_month_is_the_first_month() -> None:
    raw = {
        "name": "at-once",
        "start": "2024-01",
        "months": 24,
        "events": [
            {
                "date": "2024-01-10",
                "id": "ban",
                "kind": "blanket_ban",
                "actor": "China",
                "targets": ["Japan"],
                "goods": "all",
            }
        ],
    }
    at_once = scenario_from_dict(raw, "at-once")
    assert (first_month(at_once), story_day(at_once)) == ("2024-01", "2024-01-10")


def test_a_lever_moved_again_ends_the_month_before_and_at_rest_writes_nothing() -> None:
    changes = (("2026-07", "firms_stock", 4.0), ("2027-01", "firms_stock", 0.0))
    assert [
        (act.date, act.end, dict(act.fields)["cover"])
        for act in added({"firms_stock": 2}, *changes)
    ] == [
        ("2026-01-01", "2026-06-30", 2.0),
        ("2026-07-01", "2026-12-31", 4.0),
    ]
    assert added({"firms_stock": 0}) == []


@pytest.mark.parametrize(
    ("months", "end"), [(1, "2026-01-31"), (12, "2026-12-31"), (60, "2030-12-31")]
)
def test_a_measure_of_some_months_ends_with_the_last_of_them(months: int, end: str) -> None:
    (ban,) = added({"china_measure": 5, "china_months": months})
    assert (ban.date, ban.end) == ("2026-01-01", end)
    (open_,) = added({"china_measure": 5, "china_months": 0})
    assert open_.end == ""


def test_pooled_support_is_not_pooled_twice() -> None:
    pooled = load_scenario("friend-shoring-together")
    kinds = [act.kind for act in added({"allies_money": 1000}, on=pooled)]
    assert kinds == ["grant", "grant"]


def test_a_lever_takes_whole_choices_and_numbers_within_its_range() -> None:
    assert check_lever("china_measure", "5") == ("china_measure", 5.0)
    assert check_lever("firms_stock", 6) == ("firms_stock", 6.0)
    for value in (-1, 6, 1.5):
        with pytest.raises(InputError, match="use one of 0 "):
            check_lever("china_measure", value)
    with pytest.raises(InputError, match="a number from 0 to 6"):
        check_lever("firms_stock", 6.1)


def test_a_change_is_within_the_run_to_its_last_month() -> None:
    short = with_changes(CALM, months=7)
    assert [check_month(short, month) for month in ("2024-01", "2024-07")] == ["2024-01", "2024-07"]
    for month in ("2023-12", "2024-08"):
        with pytest.raises(InputError, match="use a month from 2024-01 to 2024-07"):
            check_month(short, month)


# ---------------------------------------------------------------- ensembles


def test_what_a_scenario_sets_stays_and_the_rest_is_drawn() -> None:
    set_ = with_changes(CALM, parameters={"shelf_scale": 1.1})
    draw = Draw((("cover_spread", 1.2), ("shelf_scale", 1.4)), 7)
    assert vector(set_, draw) == {"cover_spread": 1.2, "shelf_scale": 1.1}
    assert vector(CALM, draw) == {"cover_spread": 1.2, "shelf_scale": 1.4}
    assert dict(with_vector(set_, draw).parameters) == {"cover_spread": 1.2, "shelf_scale": 1.1}


@pytest.fixture
def told_runs(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """Runs whose every headline and series is ten times the seed (less one with a base), and what
    was asked.
    """
    asked: list[Task] = []
    width = len(run_together.headline_table(Facts.default()))
    lines = len(run_together.series_table(Facts.default()))

    def run(task: Task) -> tuple[np.ndarray, np.ndarray]:
        asked.append(task)
        value = 10.0 * task.seed - (task.scenario.name == "business-as-usual")
        kept = np.full((task.scenario.months, lines), value) if task.series else np.empty((0, 0))
        return np.full(width, value), kept

    monkeypatch.setattr(ensemble_runs, "run_task", run)
    return asked


def test_each_vector_has_its_seeds_and_a_twin_the_same(told_runs: list[Task]) -> None:
    told: list[tuple[int, int]] = []
    found = run_together.ensemble(
        "japan-2026",
        draws=2,
        replications=2,
        base="business-as-usual",
        workers=1,
        months=3,
        progress=lambda done, total: told.append((done, total)),
    )
    assert found.seeds.tolist() == [[1000, 100_001_000], [1001, 100_001_001]]
    assert [task.seed for task in told_runs] == 2 * [1000, 100_001_000, 1001, 100_001_001]
    assert [task.scenario.name for task in told_runs] == ["japan-2026"] * 4 + [
        "business-as-usual"
    ] * 4
    assert told_runs[0].scenario.parameters == told_runs[1].scenario.parameters
    assert {task.since for task in told_runs} == {found.since}
    assert told == [(done, 8) for done in range(1, 9)]
    values = found.values("output_lost_24m")
    assert values.tolist() == (10.0 * found.seeds).tolist()
    assert set(found.values("output_lost_24m", "difference").ravel()) == {1.0}
    assert found.values("output_lost_24m", "base").tolist() == (10.0 * found.seeds - 1.0).tolist()
    assert found.kinds == ("scenario", "base", "difference")
    assert found.line("output").shape == (2, 2, 3)
    frame = found.table()
    assert frame["twin"].tolist() == ["scenario"] * 4 + ["base"] * 4
    assert frame["draw"].tolist() == [0, 0, 1, 1] * 2
    assert frame["replication"].tolist() == [0, 1] * 4
    assert frame["output_lost_24m"].tolist()[:2] == [10_000.0, 1_000_010_000.0]
    lines = found.series_frame()
    assert len(lines) == 2 * 4 * 3
    assert lines["month"].tolist()[:4] == ["2024-01", "2024-02", "2024-03", "2024-01"]
    assert lines["replication"].tolist()[:7] == [0, 0, 0, 1, 1, 1, 0]


def test_without_a_base_and_series_there_are_headlines_alone(told_runs: list[Task]) -> None:
    found = run_together.ensemble("japan-2026", draws=1, workers=1, months=3, series=False)
    assert (found.kinds, found.series, found.replications) == (("scenario",), {}, 1)
    assert not told_runs[0].series
    with pytest.raises(InputError, match="was not kept; ask for series=True"):
        found.line("output")


def test_an_ensemble_holds_five_thousand_runs_twins_included(told_runs: list[Task]) -> None:
    with pytest.raises(InputError, match="are 5002 runs, twins included"):
        run_together.ensemble(
            "japan-2026", draws=2501, base="business-as-usual", workers=1, months=3
        )
    for fields, words in (
        ({"replications": 41}, "a whole number from 1 to 40"),
        ({"replications": 0}, "a whole number from 1 to 40"),
        ({"design_seed": 9001}, "a whole number from 0 to 9000"),
        ({"design_seed": -1}, "a whole number from 0 to 9000"),
    ):
        with pytest.raises(InputError, match=words):
            run_together.ensemble("japan-2026", draws=1, workers=1, months=3, **fields)
    assert told_runs == []


def test_answers_stand_in_the_order_of_the_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = [Task(CALM, seed, "", False) for seed in range(3)]
    late = [(2, [("c", "")]), (0, [("a", ""), ("b", "")])]
    monkeypatch.setattr(ensemble_runs, "_each", lambda tasks, workers: iter(late))
    told: list[tuple[int, int]] = []
    found: Any = run_tasks(tasks, 2, lambda done, total: told.append((done, total)))
    assert [one for one, _ in found] == ["a", "b", "c"]
    assert told == [(1, 3), (3, 3)]


# ---------------------------------------------------------------- twins and cut-offs


def test_twins_are_joined_row_by_row_and_what_one_lacks_is_missing() -> None:
    base = pd.DataFrame(
        {
            "month": ["1", "1", "2"],
            "state": ["J", "C", "J"],
            "tonnes": [1.0, 2.0, 3.0],
            "usd": [10.0, 20.0, 30.0],
        }
    )
    other = pd.DataFrame(
        {"month": ["1", "2"], "state": ["J", "C"], "tonnes": [5.0, 7.0], "usd": [50.0, 70.0]}
    )
    rows = {
        (row.month, row.state, row.quantity): (row.base, row.scenario, row.difference)
        for row in twins(base, other, 0.0).itertuples()
    }
    assert rows == {
        ("1", "J", "tonnes"): (1.0, 5.0, 4.0),
        ("1", "C", "tonnes"): (2.0, 0.0, -2.0),
        ("2", "J", "tonnes"): (3.0, 0.0, -3.0),
        ("2", "C", "tonnes"): (0.0, 7.0, 7.0),
        ("1", "J", "usd"): (10.0, 50.0, 40.0),
        ("1", "C", "usd"): (20.0, 0.0, -20.0),
        ("2", "J", "usd"): (30.0, 0.0, -30.0),
        ("2", "C", "usd"): (0.0, 70.0, 70.0),
    }
    words = pd.DataFrame({"month": ["1", "1", "2"], "text": ["a", "a", "b"]})
    counted = twins(words, words.iloc[:1], 0.0)
    assert counted["base"].tolist() == [2.0, 1.0]
    assert counted["scenario"].tolist() == [1.0, 0.0]


def test_progress_of_a_comparison_counts_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    def worlds(
        scenario: Any, seeds: Any, progress: Any, workers: int, world: Any
    ) -> tuple[Any, ...]:
        progress(1, 2)
        progress(2, 2)
        return ()

    monkeypatch.setattr(compared, "run_worlds", worlds)
    told: list[tuple[int, int]] = []
    compared.compare(
        "business-as-usual", "japan-2026", (1, 2), months=3, progress=lambda *at: told.append(at)
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_cut_offs_over_worlds_have_medians_tails_and_a_gain_per_dollar() -> None:
    worlds = tuple(
        replace(cost(100.0 * k), seed=k, first_stop_days=None if k > 2 else 10.0 * k)
        for k in (1, 2, 3, 4, 5)
    )
    found = Leverage(CALM, "2026-01", "China", "Japan", worlds)
    assert found.seeds == (1, 2, 3, 4, 5)
    assert found.spread()["output_lost"] == (225.0, pytest.approx(90.0), pytest.approx(360.0))
    assert found.days() == (None, 10.0, None)
    assert replace(found, cut_offs=worlds[:3]).days() == (20.0, 10.0, None)
    assert replace(found, cut_offs=worlds[:2]).days() == (15.0, 10.0, 20.0)
    assert found.table()["gain_per_cost"].tolist() == [50.0, 100.0, 150.0, 200.0, 250.0]
    assert replace(worlds[0], sales_lost=0.5).gain_per_cost == 200.0
    assert replace(worlds[0], sales_lost=0.0).gain_per_cost is None


# ---------------------------------------------------------------- sweeps


def test_what_the_first_run_leaves_undefined_is_said_once_however_often_it_is_timed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = load_design(design(12))
    said: list[str] = []
    monkeypatch.setattr(sweep_folder, "warn", said.append)
    monkeypatch.setattr(
        sweep_folder, "undefined_line", lambda _facts, row, outcomes, months: f"{row} of {months}"
    )
    rows = itertools.count()
    monkeypatch.setattr(
        "coercivity.experiments.sweep.evaluate.evaluate", lambda run, of: next(rows)
    )
    months = Runs(asked)[0].scenario.months
    for seconds, runs in ((5.1, 1), (5.0, 2)):
        ticks = itertools.count(0.0, seconds)
        monkeypatch.setattr("time.perf_counter", lambda ticks=ticks: next(ticks))
        said.clear()
        first = next(rows) + 1
        assert sweep_folder.time_of_a_run(asked, Runs(asked)) == pytest.approx(seconds)
        assert said == [f"{first} of {months}"]
        assert next(rows) == first + runs


def test_rows_know_whether_the_model_here_made_them(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from coercivity.experiments.sweep import parts

    made = prepare_sweep(load_design(design(12)), tmp_path / "out", chunk=4).folder
    assert read_sweep(made).attrs["other_model"] is False
    assert read_sweep(made).attrs["missing"] == 12
    monkeypatch.setattr(parts, "model_code", lambda **_: "another")
    assert read_sweep(made).attrs["other_model"] is True


def test_a_design_counts_its_points_and_runs() -> None:
    def count(method: str, seeds: int = 2, **fields: Any) -> tuple[int, int]:
        two = {"shelf_scale": {"low": 0.9, "high": 1.4}, "cover_spread": "table"}
        made = load_design(
            {
                "scenario": "business-as-usual",
                "method": method,
                "parameters": two,
                "seeds": seeds,
                **fields,
            }
        )
        return made.point_count, made.run_count

    assert count("oat") == (5, 10)
    assert count("lhs", samples=7) == (7, 14)
    assert count("morris", samples=4) == (12, 24)
    assert count("sobol", samples=4) == (16, 32)
    assert count("sobol", samples=4, second_order=True, seeds=1) == (24, 24)
    values = {"shelf_scale": [0.9, 1.1, 1.4], "cover_spread": [0.5, 1.0]}
    grid = {"scenario": ["business-as-usual", "japan-2026"], "method": "grid", "parameters": values}
    assert (load_design(grid).point_count, load_design(grid).run_count) == (6, 12)
    assert load_design({"scenario": "business-as-usual"}).samples == 0
