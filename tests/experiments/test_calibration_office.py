"""The office matched with the record of licences, and what joins it to the collection."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.backtest.evidence_targets import (
    Target,
    load_targets,
    months_needed,
    run_evidence,
)
from coercivity.experiments.calibration import office_fit
from coercivity.experiments.calibration.implausibility import fit_targets, make_objective
from coercivity.experiments.calibration.office_fit import (
    Setting,
    Task,
    fit_office,
    join_office_vectors,
    judge_joined,
    office_names,
    office_objective,
    office_space,
    office_vectors,
    run_office,
)
from coercivity.experiments.calibration.study import office_document
from coercivity.model.scenario.scenario import load_scenario, with_changes
from tools.docs import office_shipped

SETTING = Setting(vectors=90, seeds=2)


def formula(task: Task) -> np.ndarray:
    """A year goes with the room, all else is the record."""
    values = dict(task.parameters)
    found = office_objective().values.copy()
    found[:3] += 20.0 * office_objective().sd[:3] * (values["licence_room"] - 1.1)
    return np.tile(found, (task.seeds, 1))


def test_what_fits_is_kept_and_nothing_is_run_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_fit, "run_office", formula)
    found = fit_office(tmp_path, SETTING)
    room = office_vectors(SETTING)[:, office_names().index("licence_room")]
    assert abs(room[found.kept] - 1.1).max() <= abs(room[~found.kept] - 1.1).min()
    monkeypatch.setattr(office_fit, "run_office", lambda task: pytest.fail("run again"))
    again = fit_office(tmp_path, SETTING)
    np.testing.assert_array_equal(again.worst, found.worst)


def test_members_take_offices_in_turn_and_keep_all_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_fit, "run_office", formula)
    found = fit_office(tmp_path, SETTING)
    names = ("belief_speed", "licence_room", "licence_gone", "rent_speed")
    values = np.random.default_rng(1).random((2 * len(found.collection()) + 1, 4))
    columns, vectors = join_office_vectors(names, values, found)
    assert columns == ("belief_speed", "rent_speed", *office_names())
    np.testing.assert_array_equal(vectors[:, :2], values[:, [0, 3]])
    _, uses = np.unique(vectors[:, 2:], axis=0, return_counts=True)
    assert (len(uses), set(uses)) == (len(found.collection()), {2, 3})
    np.testing.assert_array_equal(vectors, join_office_vectors(names, values, found)[1])
    worst = judge_joined(found, tmp_path, columns, vectors, 2)
    assert worst.max() <= found.level + 1e-9


def test_a_vector_is_run_against_the_whole_record() -> None:
    """Three months for a licence let more through in a year than twelve."""
    year = [run_office(Task((("licence_months", months),), 1))[0, 0] for months in (3.0, 12.0)]
    assert year[0] > year[1] > 0.0


def test_rare_earths_to_2024_do_not_feel_the_office() -> None:
    targets, space = fit_targets(load_targets()), office_space()
    high, low = (
        dict(zip(space.names, end.tolist(), strict=True)) for end in (space.high, space.low)
    )
    licences = {name: value for name, value in high.items() if name != "tension_kept"}
    plain, alone, *ends = (rare_earths(targets, values) for values in ({}, licences, high, low))
    np.testing.assert_array_equal(alone, plain)
    objective = make_objective(targets)
    for end in ends:
        apart = np.abs(objective.scaled(end) - objective.scaled(plain)) / objective.sd
        assert np.nanmax(apart) < 1e-4
        np.testing.assert_array_equal(np.isnan(end), np.isnan(plain))


def rare_earths(targets: Sequence[Target], values: dict[str, float]) -> np.ndarray:
    """The targets of history matching with these values, one seed."""
    found: dict[str, float | None] = {}
    for name in sorted({row.scenario for row in targets}):
        asked, scenario = [row for row in targets if row.scenario == name], load_scenario(name)
        changed = with_changes(
            scenario,
            months=months_needed(scenario.start, asked),
            parameters=values | dict(scenario.parameters),
        )
        found |= run_evidence(changed, 1, asked)
    return np.array([found[row.id] for row in targets], dtype=float)


def test_a_number_moves_only_where_the_record_asks_for_it_beyond_luck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room would be better at 1.05; months would be shorter, but stay with their source; what
    comes back would be less, but for luck.
    """

    def sums(values: dict[str, float], office: object, seeds: tuple[int, ...]) -> np.ndarray:
        luck = 20.0 * np.arange(len(seeds)) * values["licence_returned"]
        square = 2000.0 * (values["licence_room"] - 1.05) ** 2 + 50.0 * values["licence_returned"]
        return square + values["licence_months"] + np.array([0.0, *luck])

    monkeypatch.setattr(office_fit, "run_office", formula)
    monkeypatch.setattr(office_shipped, "sums", sums)
    found = office_shipped.move(section_of(tmp_path))
    assert [one.name for one in found.taken] == ["licence_room"]
    assert abs(found.taken[0].value - 1.05) < 0.04
    tried = {one.name for one in found.rounds[0]}
    assert not tried & set(office_shipped.SOURCED)
    assert max(one.fall for one in found.rounds[1] if one.name == "licence_returned") > 4.0


def section_of(folder: Path) -> dict[str, Any]:
    return office_document(fit_office(folder, SETTING), np.zeros(1), SETTING)
