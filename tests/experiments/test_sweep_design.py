"""Designs, points and runs: what a YAML file asks is what is run, in a settled order."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.sweep.design import METHODS, Design, load_design
from coercivity.experiments.sweep.runs import Runs
from coercivity.experiments.sweep.sampling import Points, points
from coercivity.experiments.sweep.shipped_designs import list_designs
from coercivity.experiments.worlds.draws import draws
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.scenario import load_scenario, with_changes

DOCS = Path(__file__).parents[2] / "docs"
THREE = ["licence_clock_months", "over_compliance", "cover_spread"]
TABLE = load_parameters()

# one design of each method, small
ASKED: dict[str, dict[str, Any]] = {
    "list": {
        "parameters": {
            "over_compliance": [0.9, 0.1],
            "licence_clock_months": [1, 2],
            "firms_per_sector": 1,
        }
    },
    "grid": {
        "method": "grid",
        "parameters": {"licence_clock_months": [1, 2, 4], "over_compliance": [0.1, 0.9]},
    },
    "lhs": {"method": "lhs", "samples": 10, "parameters": THREE},
    "sobol": {"method": "sobol", "samples": 8, "parameters": THREE},
    "morris": {"method": "morris", "samples": 5, "parameters": THREE},
    "oat": {"method": "oat", "parameters": THREE},
    "collection": {"method": "collection", "samples": 6},
}
COUNTS = {"list": 2, "grid": 6, "lhs": 10, "sobol": 40, "morris": 20, "oat": 7, "collection": 6}


def design(**keys: Any) -> Design:
    return load_design({"scenario": "japan-2026-from-2024", "months": 12, **keys})


def unit(made: Points) -> FloatArray:
    low, high = np.array(made.bounds).T
    return np.asarray((made.values - low) / (high - low))


# the points of each method


@pytest.mark.parametrize("method", METHODS)
def test_points_have_the_promised_number_stay_in_bounds_and_are_the_same_every_time(
    method: str,
) -> None:
    asked = design(**ASKED[method])
    made = points(asked)
    assert made.values.shape == (COUNTS[method], len(made.names))
    assert asked.point_count == COUNTS[method]
    low, high = np.array(made.bounds).T
    assert ((made.values >= low) & (made.values <= high)).all()
    again = points(design(**ASKED[method], name="the same once more"))
    assert (again.names, again.values.tobytes()) == (made.names, made.values.tobytes())


@pytest.mark.parametrize("method", ["lhs", "sobol", "morris", "collection"])
def test_the_design_seed_places_the_points(method: str) -> None:
    one, two = (points(design(**ASKED[method], design_seed=seed)).values for seed in (0, 1))
    assert one.shape == two.shape
    assert not np.array_equal(one, two)


def test_list_puts_columns_side_by_side_and_one_value_goes_with_every_row() -> None:
    made = points(design(**ASKED["list"]))
    assert made.names == ("over_compliance", "licence_clock_months", "firms_per_sector")
    assert made.values.tolist() == [[0.9, 1.0, 1.0], [0.1, 2.0, 1.0]]


def test_grid_is_the_full_product_and_the_last_name_moves_fastest() -> None:
    made = points(design(**ASKED["grid"])).values
    assert made.tolist() == [[clock, share] for clock in (1, 2, 4) for share in (0.1, 0.9)]


def test_latin_hypercube_uses_each_slice_of_each_range_once() -> None:
    slices = np.sort((unit(points(design(**ASKED["lhs"]))) * 10).astype(int), axis=0)
    assert (slices == np.arange(10)[:, None]).all()


def test_one_at_a_time_moves_one_parameter_from_the_base_to_its_ends() -> None:
    made = points(design(**ASKED["oat"])).values
    assert made[0].tolist() == [TABLE[name].value for name in THREE]
    moved = made[1:] != made[0]
    assert (moved.sum(axis=1) <= 1).all()  # none where the shipped value is an end
    for at, name in enumerate(THREE):
        assert made[2 * at + 1 : 2 * at + 3, at].tolist() == [TABLE[name].low, TABLE[name].high]


def test_one_at_a_time_starts_from_what_the_scenario_sets() -> None:
    scenario = load_scenario("civilian-unaffected")
    value = dict(scenario.parameters)["over_compliance"]
    assert value != TABLE["over_compliance"].value
    asked = design(scenario=scenario, method="oat", parameters=["over_compliance"])
    assert points(asked).values[0, 0] == value


def test_bounds_may_be_narrower_than_the_table_and_an_end_left_out_is_the_tables() -> None:
    bounds = {
        "over_compliance": {"low": 0.4},
        "cover_spread": "table",
        "first_answer": {"high": "7.5e-1"},
    }
    made = points(design(method="lhs", samples=50, parameters=bounds))
    low, cover = TABLE["first_answer"].low, TABLE["cover_spread"]
    assert made.bounds == ((0.4, 1.0), (cover.low, cover.high), (low, 0.75))
    assert made.values[:, 0].min() >= 0.4


def test_one_value_beside_bounds_is_held_in_every_run() -> None:
    asked, without = (
        design(method="lhs", samples=3, parameters={"over_compliance": "table", **one})
        for one in ({"firms_per_sector": 1}, {})
    )
    assert points(asked).names == ("over_compliance",)
    assert {run.scenario.parameter_values().firms_per_sector for run in Runs(asked)} == {1.0}
    assert asked.fingerprint() != without.fingerprint()


def ishigami(made: Points) -> FloatArray:
    """Ishigami and Homma (1990) on [-pi, pi]^3 with a = 7, b = 0.1, whose shares of variance are
    known.
    """
    x, y, z = (2.0 * math.pi * unit(made) - math.pi).T
    return np.asarray(np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))


def test_sobol_finds_the_known_shares_of_variance() -> None:
    from SALib.analyze import sobol

    made = points(design(method="sobol", samples=2048, second_order=True, parameters=THREE))
    found = sobol.analyze(
        made.salib_problem(), ishigami(made), calc_second_order=True, num_resamples=2, seed=1
    )
    assert found["S1"] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert found["ST"] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    assert found["S2"][0, 2] == pytest.approx(0.2437, abs=0.03)


# runs


@given(
    scenarios=st.integers(1, 3), count=st.integers(1, 9), seeds=st.integers(1, 9), data=st.data()
)
def test_a_run_knows_its_place_and_a_place_its_run(
    scenarios: int, count: int, seeds: int, data: st.DataObject
) -> None:
    names = ["japan-2026-from-2024", "threat-2019", "business-as-usual"][:scenarios]
    share = np.linspace(0, 1, count).tolist()
    asked = {"scenario": names, "seeds": seeds, "parameters": {"over_compliance": share}}
    runs = Runs(load_design(asked))
    assert len(runs) == runs.design.run_count == scenarios * count * seeds
    index = data.draw(st.integers(0, len(runs) - 1))
    number, point, seed = runs.place(index)
    assert runs.index(number, point, seed) == index
    run = runs[index]
    assert (run.index, run.name, run.point, run.seed) == (index, names[number], point, seed)
    assert run.parameters == {"over_compliance": runs.points.values[point, 0]}


def test_replications_stand_beside_each_other_and_every_point_has_the_same_seeds() -> None:
    names = ["japan-2026-from-2024", "threat-2019"]
    runs = Runs(design(scenario=names, seeds=[7, 3], parameters={"over_compliance": [0.2, 0.8]}))
    found = [(run.name, run.point, run.seed) for run in runs]
    assert found == [(name, point, seed) for name in names for point in (0, 1) for seed in (7, 3)]


@pytest.mark.parametrize("method", METHODS)
def test_the_scenario_of_a_run_is_the_one_that_checked_changes_give(method: str) -> None:
    run = Runs(design(scenario="civilian-unaffected", **ASKED[method]))[1]
    assert run.scenario == with_changes(
        load_scenario("civilian-unaffected"), months=12, parameters=run.parameters
    )


def test_the_design_wins_over_the_scenario_which_wins_over_what_is_shipped() -> None:
    set_there = {"over_compliance": 0.3, "first_answer": 0.71}
    own = {"name": "mine", "start": "2024-01", "parameters": set_there}
    (run,) = Runs(design(scenario=own, parameters={"over_compliance": [0.4]}))
    found = run.scenario.parameter_values()
    assert (found.over_compliance, found.first_answer) == (0.4, 0.71)
    assert found.cover_spread == TABLE["cover_spread"].value


def test_a_collection_stays_below_what_the_scenario_sets_and_the_row_says_what_was_run() -> None:
    from coercivity.experiments.worlds.ensemble import vector, with_vector

    asked = design(
        scenario=["japan-2026-from-2024", "civilian-unaffected"],
        method="collection",
        samples=4,
        parameters={"firms_per_sector": 1},
    )
    runs = Runs(asked)
    for run in runs:
        own, draw = asked.contents[asked.scenarios.index(run.name)], draws(4)[run.point]
        assert run.scenario == with_vector(own, draw)
        assert run.parameters == vector(own, draw)
        assert run.scenario.parameter_values().firms_per_sector == 1.0
    shares: dict[str, set[float]] = {}
    for run in runs:
        shares.setdefault(run.name, set()).add(run.parameters["over_compliance"])
    assert shares["civilian-unaffected"] == {0.0}
    drawn = {dict(draw.parameters)["over_compliance"] for draw in draws(4)}
    assert shares["japan-2026-from-2024"] == drawn
    assert len(drawn) > 1


def test_defaults_are_one_run_of_the_scenario_itself_with_all_headlines() -> None:
    asked = load_design({"scenario": "japan-2026-from-2024"})
    (run,) = Runs(asked)
    assert (run.scenario, run.seed, run.parameters) == (
        load_scenario("japan-2026-from-2024"),
        0,
        {},
    )
    assert asked.outcomes == tuple(row.id for row in headline_table(Facts.default()))
    assert asked.keep == ()


def test_outcomes_may_be_targets_of_the_record_after_the_headlines() -> None:
    from coercivity.experiments.backtest.evidence_targets import load_evidence

    first, second = (f"evidence:{target.id}" for target in load_evidence()[:2])
    assert design(outcomes=[second, "first_stop_days", first]).outcomes == (
        "first_stop_days",
        *sorted([first, second]),
    )
    with pytest.raises(InputError, match=f"outcome '{first}s' is not known; did you mean"):
        design(outcomes=[f"{first}s"])
    with pytest.raises(InputError, match="'evidence:zzz' is not known; after evidence: use one of"):
        design(outcomes=["evidence:zzz"])
    with pytest.raises(InputError, match=f"did you mean '{first}'"):
        design(outcomes=[first.removeprefix("evidence:")])


# files, fingerprints


@pytest.mark.parametrize("method", METHODS)
def test_a_design_comes_back_from_plain_values_unchanged(method: str) -> None:
    names = [
        "japan-2026-from-2024",
        with_changes(load_scenario("threat-2019"), months=30).to_dict(),
    ]
    more = {"seeds": [5, 2], "keep": ["macro"], "name": "n", "why": "w"}
    asked = design(scenario=names, **more, **ASKED[method])
    again = load_design(json.loads(json.dumps(asked.to_dict())))
    assert again == asked
    assert again.fingerprint() == asked.fingerprint()
    assert re.fullmatch("[0-9a-f]{16}", asked.fingerprint())


def test_what_changes_no_row_changes_no_fingerprint() -> None:
    shares, floors = [0.2, 0.8], [0.71, 0.8]
    outcomes, keep = ["first_stop_days", "firms_stopped"], ["macro", "prices"]
    keys = {
        "parameters": {"over_compliance": shares, "first_answer": floors},
        "outcomes": outcomes,
        "keep": keep,
    }
    turned = {
        "parameters": {"first_answer": floors, "over_compliance": shares},
        "outcomes": outcomes[::-1],
        "keep": keep[::-1],
    }
    words = {"seeds": [0], "design_seed": 3, "name": "other", "why": "words"}
    same = [design(**keys), design(**turned), design(**keys, **words)]
    assert len({one.fingerprint() for one in same}) == 1
    by_name, by_bounds = (
        design(method="lhs", samples=4, parameters=of)
        for of in (["over_compliance"], {"over_compliance": {"low": 0, "high": 1}})
    )
    assert by_name.fingerprint() == by_bounds.fingerprint()


@pytest.mark.parametrize(
    "change",
    [
        {"scenario": "threat-2019"},
        {"months": 13},
        {"seeds": 3},
        {"seeds": [1, 0]},
        {"method": "morris"},
        {"samples": 16},
        {"design_seed": 1},
        {"second_order": True},
        {"parameters": THREE[:2]},
        {"parameters": {**dict.fromkeys(THREE, "table"), "cover_spread": {"low": 0.1}}},
        {"outcomes": ["first_stop_days"]},
        {"keep": ["macro"]},
    ],
    ids=str,
)
def test_what_changes_a_row_changes_the_fingerprint(change: dict[str, Any]) -> None:
    keys = {"seeds": 2, **ASKED["sobol"]}
    assert design(**{**keys, **change}).fingerprint() != design(**keys).fingerprint()


def test_a_scenario_file_is_found_beside_the_design_and_its_contents_count(tmp_path: Path) -> None:
    own, file = tmp_path / "own.yaml", tmp_path / "design.yaml"
    own.write_text("name: own\nstart: 2024-01\nmonths: 6\nparameters: {over_compliance: 0.3}\n")
    file.write_text("scenario: own.yaml\nseeds: 2\n")
    first = load_design(file)
    assert first.scenarios == ("own.yaml",)
    assert first.contents[0].months == 6
    plain = json.loads(json.dumps(first.to_dict()))
    own.write_text("name: own\nstart: 2024-01\nmonths: 6\nparameters: {over_compliance: 0.4}\n")
    assert load_design(file).fingerprint() != first.fingerprint()
    own.unlink()
    assert load_design(plain) == first  # the plain values hold the file's contents


def test_every_shipped_design_and_every_example_of_the_guide_is_accepted() -> None:
    names = list_designs()
    guide = (DOCS / "sweeps.md").read_text(encoding="utf-8")
    examples = map(yaml.safe_load, re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL))
    found = [load_design(one) for one in (*names, *examples)]
    assert {one.method for one in found} == set(METHODS)
    assert [one.name for one in found[: len(names)]] == list(names)
