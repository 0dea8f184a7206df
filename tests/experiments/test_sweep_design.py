"""Designs, points and runs: what a YAML file asks is what is run, in a settled order, and nothing else is accepted."""

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

from coercivity.agents.columns import FloatArray
from coercivity.experiments.draws import drawn_parameters, draws
from coercivity.experiments.headlines import headline_table
from coercivity.experiments.sweep.defined import check_defined, doubts
from coercivity.experiments.sweep.design import KEYS, METHODS, TEXT_KEY, Design, load_design
from coercivity.experiments.sweep.runs import Runs
from coercivity.experiments.sweep.sampling import Points, points
from coercivity.model.errors import InputError
from coercivity.model.parameters import load_parameters
from coercivity.model.scenario import load_scenario, with_changes
from coercivity.model.yaml_text import parse_yaml

DOCS = Path(__file__).parents[2] / "docs"
THREE = ["licence_clock_months", "over_compliance", "cover_spread"]
TABLE = load_parameters()

# one design of each method, small
ASKED: dict[str, dict[str, Any]] = {
    "list": {"parameters": {"over_compliance": [0.9, 0.1], "licence_clock_months": [1, 2], "firms_per_sector": 1}},
    "grid": {"method": "grid", "parameters": {"licence_clock_months": [1, 2, 4], "over_compliance": [0.1, 0.9]}},
    "lhs": {"method": "lhs", "samples": 10, "parameters": THREE},
    "sobol": {"method": "sobol", "samples": 8, "parameters": THREE},
    "morris": {"method": "morris", "samples": 5, "parameters": THREE},
    "oat": {"method": "oat", "parameters": THREE},
    "collection": {"method": "collection", "samples": 6},
}


def design(**keys: Any) -> Design:
    return load_design({"scenario": "japan-2026", "months": 12, **keys})


def unit(made: Points) -> FloatArray:
    """Values between the bounds as numbers from 0 to 1."""
    low, high = np.array(made.bounds).T
    return np.asarray((made.values - low) / (high - low))


# the points of each method


@pytest.mark.parametrize(
    ("method", "count"),
    [("list", 2), ("grid", 6), ("lhs", 10), ("sobol", 8 * (3 + 2)), ("morris", 5 * (3 + 1)), ("oat", 2 * 3 + 1), ("collection", 6)],
)
def test_points_have_the_promised_number_stay_in_bounds_and_are_the_same_every_time(method: str, count: int) -> None:
    asked = design(**ASKED[method])
    made = points(asked)
    assert made.values.shape == (count, len(made.names))
    assert asked.point_count == count
    low, high = np.array(made.bounds).T
    assert ((made.values >= low) & (made.values <= high)).all()
    again = points(design(**ASKED[method], name="the same once more"))
    assert (again.names, again.values.tobytes()) == (made.names, made.values.tobytes())


def test_every_method_has_a_small_example_here() -> None:
    assert tuple(ASKED) == METHODS


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
    assert points(design(**ASKED["grid"])).values.tolist() == [[1, 0.1], [1, 0.9], [2, 0.1], [2, 0.9], [4, 0.1], [4, 0.9]]


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
    (value,) = {value for name, value in load_scenario("civilian-unaffected").parameters if name == "over_compliance"}
    assert value != TABLE["over_compliance"].value
    assert points(design(scenario="civilian-unaffected", method="oat", parameters=["over_compliance"])).values[0, 0] == value


def test_collection_is_that_of_the_bands_without_its_seeds() -> None:
    made = points(design(**ASKED["collection"]))
    assert [dict(zip(made.names, row, strict=True)) for row in made.values] == [dict(one.parameters) for one in draws(6)]


def test_table_moves_everything_that_is_not_known() -> None:
    assert points(design(method="oat", parameters="table")).names == tuple(row.name for row in drawn_parameters())


def test_bounds_may_be_narrower_than_the_table_and_an_end_left_out_is_the_tables() -> None:
    made = points(design(method="lhs", samples=50, parameters={"over_compliance": {"low": 0.4}, "cover_spread": "table", "price_eta": {"high": "2.5e-1"}}))
    assert made.bounds == ((0.4, 1.0), (TABLE["cover_spread"].low, TABLE["cover_spread"].high), (TABLE["price_eta"].low, 0.25))
    assert made.values[:, 0].min() >= 0.4


def test_rounding_puts_no_point_beyond_a_bound() -> None:
    """low + 1.0 x (high - low) is not always high; the model accepts no value beyond the table's range."""
    low, high = next((a / 100, b / 100) for a in range(1, 100) for b in range(a + 1, 100) if (b / 100 - a / 100) + a / 100 > b / 100)
    made = points(design(method="morris", samples=4, parameters={"over_compliance": {"low": low, "high": high}, "cover_spread": "table"}))
    assert made.values[:, 0].max() == high


def test_one_value_beside_bounds_is_held_in_every_run() -> None:
    asked = design(method="lhs", samples=3, parameters={"over_compliance": "table", "firms_per_sector": 1})
    assert points(asked).names == ("over_compliance",)
    assert {run.scenario.parameter_values().firms_per_sector for run in Runs(asked)} == {1.0}
    assert asked.fingerprint() != design(method="lhs", samples=3, parameters=["over_compliance"]).fingerprint()


def test_points_cannot_be_changed_by_whoever_asks() -> None:
    with pytest.raises(ValueError, match="read-only"):
        points(design(**ASKED["lhs"])).values[0, 0] = 0.0


# SALib's analyzers take the rows in order


def ishigami(made: Points) -> FloatArray:
    """Ishigami and Homma (1990) on [-pi, pi]^3 with a = 7, b = 0.1, whose shares of variance are known."""
    x, y, z = (2.0 * math.pi * unit(made) - math.pi).T
    return np.asarray(np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))


def test_sobol_finds_the_known_shares_of_variance() -> None:
    from SALib.analyze import sobol

    made = points(design(method="sobol", samples=2048, second_order=True, parameters=THREE))
    found = sobol.analyze(made.salib_problem(), ishigami(made), calc_second_order=True, num_resamples=2, seed=1)
    assert found["S1"] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert found["ST"] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    assert found["S2"][0, 2] == pytest.approx(0.2437, abs=0.03)


def test_sobol_without_second_order_finds_the_same_first_and_total_shares() -> None:
    from SALib.analyze import sobol

    made = points(design(method="sobol", samples=2048, parameters=THREE))
    found = sobol.analyze(made.salib_problem(), ishigami(made), calc_second_order=False, num_resamples=2, seed=1)
    assert found["S1"] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert found["ST"] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)


def test_morris_finds_the_slopes_of_a_plane_and_the_bend_of_a_product() -> None:
    from SALib.analyze import morris

    made = points(design(method="morris", samples=30, parameters=THREE))
    x, y, z = unit(made).T
    plane = morris.analyze(made.salib_problem(), made.values, 3.0 * x - 2.0 * y, num_levels=4, seed=1)
    assert np.asarray(plane["mu"]) == pytest.approx([3.0, -2.0, 0.0], abs=1e-9)
    assert np.asarray(plane["sigma"]) == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    bent = morris.analyze(made.salib_problem(), made.values, x * y + z, num_levels=4, seed=1)
    assert bent["sigma"][0] > 0.1
    assert bent["sigma"][1] > 0.1
    assert bent["sigma"][2] == pytest.approx(0.0, abs=1e-9)


# runs


@given(scenarios=st.integers(1, 3), count=st.integers(1, 9), seeds=st.integers(1, 9), data=st.data())
def test_a_run_knows_its_place_and_a_place_its_run(scenarios: int, count: int, seeds: int, data: st.DataObject) -> None:
    names = ["japan-2026", "threat-2019", "business-as-usual"][:scenarios]
    runs = Runs(load_design({"scenario": names, "seeds": seeds, "parameters": {"over_compliance": np.linspace(0, 1, count).tolist()}}))
    assert len(runs) == runs.design.run_count == scenarios * count * seeds
    index = data.draw(st.integers(0, len(runs) - 1))
    number, point, seed = runs.place(index)
    assert runs.index(number, point, seed) == index
    run = runs[index]
    assert (run.index, run.name, run.point, run.seed) == (index, names[number], point, seed)
    assert run.parameters == {"over_compliance": runs.points.values[point, 0]}


def test_replications_stand_beside_each_other_and_every_point_has_the_same_seeds() -> None:
    runs = Runs(design(scenario=["japan-2026", "threat-2019"], seeds=[7, 3], parameters={"over_compliance": [0.2, 0.8]}))
    assert [(run.name, run.point, run.seed) for run in runs] == [
        (name, point, seed) for name in ("japan-2026", "threat-2019") for point in (0, 1) for seed in (7, 3)
    ]


@pytest.mark.parametrize("index", [-1, 4])
def test_a_run_that_is_not_there_is_an_index_error(index: int) -> None:
    with pytest.raises(IndexError, match="use 0 to 3"):
        Runs(design(seeds=4))[index]


@pytest.mark.parametrize("method", METHODS)
def test_the_scenario_of_a_run_is_the_one_that_checked_changes_give(method: str) -> None:
    """The quick way to a run's scenario must not differ from the slow one that checks everything again."""
    run = Runs(design(scenario="civilian-unaffected", **ASKED[method]))[1]
    assert run.scenario == with_changes(load_scenario("civilian-unaffected"), months=12, parameters=run.parameters)


def test_the_design_wins_over_the_scenario_which_wins_over_what_is_shipped() -> None:
    own = {"name": "mine", "start": "2024-01", "parameters": {"over_compliance": 0.3, "price_eta": 0.21}}
    (run,) = Runs(design(scenario=own, parameters={"over_compliance": [0.4]}))
    values = run.scenario.parameter_values()
    assert (values.over_compliance, values.price_eta, values.cover_spread) == (0.4, 0.21, TABLE["cover_spread"].value)


def test_a_collection_stays_below_what_the_scenario_sets_and_the_row_says_what_was_run() -> None:
    """drawn < scenario file < keyword, as in every band of the project."""
    from coercivity.experiments.ensemble import vector, with_vector

    asked = design(scenario=["japan-2026", "civilian-unaffected"], method="collection", samples=4, parameters={"firms_per_sector": 1})
    runs = Runs(asked)
    for run in runs:
        own, draw = asked.contents[asked.scenarios.index(run.name)], draws(4)[run.point]
        assert run.scenario == with_vector(own, draw)
        assert run.parameters == vector(own, draw)
        assert run.scenario.parameter_values().firms_per_sector == 1.0
    assert {run.parameters["over_compliance"] for run in runs if run.name == "civilian-unaffected"} == {0.0}
    assert len({run.parameters["over_compliance"] for run in runs if run.name == "japan-2026"}) == 4


def test_defaults_are_one_run_of_the_scenario_itself_with_all_headlines() -> None:
    asked = load_design({"scenario": "japan-2026"})
    (run,) = Runs(asked)
    assert (run.scenario, run.seed, run.parameters) == (load_scenario("japan-2026"), 0, {})
    assert asked.outcomes == tuple(row.id for row in headline_table())
    assert asked.keep == ()


def test_outcomes_may_be_targets_of_the_record_after_the_headlines() -> None:
    from coercivity.experiments.backtest.evidence import load_evidence

    first, second = (f"evidence:{target.id}" for target in load_evidence()[:2])
    assert design(outcomes=[second, "first_stop_days", first]).outcomes == ("first_stop_days", *sorted([first, second]))
    with pytest.raises(InputError, match=f"outcome '{first}s' is not known; did you mean"):
        design(outcomes=[f"{first}s"])
    with pytest.raises(InputError, match=f"outcome 'evidence:zzz' is not known; after evidence: use one of: {first.removeprefix('evidence:')}, "):
        design(outcomes=["evidence:zzz"])
    with pytest.raises(InputError, match=f"did you mean '{first}'"):
        design(outcomes=[first.removeprefix("evidence:")])


# files, fingerprints


@pytest.mark.parametrize("method", METHODS)
def test_a_design_comes_back_from_plain_values_unchanged(method: str) -> None:
    asked = design(scenario=["japan-2026", "threat-2019"], seeds=[5, 2], keep=["macro"], name="n", why="w", **ASKED[method])
    again = load_design(json.loads(json.dumps(asked.to_dict())))
    assert again == asked
    assert again.fingerprint() == asked.fingerprint()
    assert re.fullmatch("[0-9a-f]{16}", asked.fingerprint())


def test_what_changes_no_row_changes_no_fingerprint() -> None:
    same = [
        design(parameters={"over_compliance": [0.2, 0.8], "price_eta": [0.21, 0.3]}, outcomes=["first_stop_days", "firms_stopped"], keep=["macro", "prices"]),
        design(parameters={"price_eta": [0.21, 0.3], "over_compliance": [0.2, 0.8]}, outcomes=["firms_stopped", "first_stop_days"], keep=["prices", "macro"]),
        design(
            parameters={"over_compliance": [0.2, 0.8], "price_eta": [0.21, 0.3]}, outcomes=["first_stop_days", "firms_stopped"], keep=["macro", "prices"],
            seeds=[0], design_seed=3, name="other", why="words",
        ),
    ]  # fmt: skip
    assert len({one.fingerprint() for one in same}) == 1
    assert design(method="lhs", samples=4, parameters=["over_compliance"]).fingerprint() == (
        design(method="lhs", samples=4, parameters={"over_compliance": {"low": 0, "high": 1}}).fingerprint()
    )


@pytest.mark.parametrize(
    "change",
    [
        {"scenario": "threat-2019"}, {"months": 13}, {"seeds": 3}, {"seeds": [1, 0]}, {"method": "morris"}, {"samples": 16}, {"design_seed": 1},
        {"second_order": True}, {"parameters": THREE[:2]}, {"parameters": {**dict.fromkeys(THREE, "table"), "cover_spread": {"low": 0.1}}},
        {"outcomes": ["first_stop_days"]}, {"keep": ["macro"]},
    ],
    ids=str,
)  # fmt: skip
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


def test_a_changed_scenario_under_a_shipped_name_keeps_its_contents() -> None:
    asked = load_design({"scenario": with_changes(load_scenario("japan-2026"), parameters={"over_compliance": 0.1})})
    assert load_design(asked.to_dict()) == asked
    assert asked.fingerprint() != load_design({"scenario": "japan-2026"}).fingerprint()


def test_every_shipped_design_and_every_example_of_the_guide_is_accepted() -> None:
    files = sorted((DOCS / "designs").glob("*.yaml"))
    examples = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", (DOCS / "sweeps.md").read_text(encoding="utf-8"), re.DOTALL)]
    found = [load_design(file) for file in files] + [load_design(example) for example in examples]
    assert {one.method for one in found} == set(METHODS)
    assert [file.stem for file in files] == [one.name for one in found[: len(files)]]


# bad input: one line, before anything runs

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"scenaro": "x"}, "key 'scenaro' is not known; did you mean 'scenario'?"),
    ({"scenario": []}, "scenario is missing; write scenario: japan-2026, a path, or a list of these"),
    ({"scenario": "japan-2027"}, "scenario 'japan-2027' is not known; did you mean 'japan-2026'? (or give the path of a .yaml file)"),
    ({"scenario": "none.yaml"}, "scenario file 'none.yaml' is not there; give the path of a .yaml file that exists"),
    ({"scenario": ["japan-2026", "japan-2026"]}, "scenario 'japan-2026' stands twice; keep one"),
    ({"months": 0}, "months '0' does not fit; use a whole number from 1 to 600, or leave it out"),
    ({"seeds": 0}, "seeds '0' does not fit; use a number of seeds from 1 to 10,000,000, or a list such as [1, 2, 3]"),
    ({"seeds": []}, "seeds '[]' is empty; write seeds: 16 for seeds 0 to 15, or give at least one seed"),
    ({"seeds": [4, 4]}, "seed 4 stands twice; keep one, or write seeds: 2 for seeds 0 to 1"),
    ({"seeds": [-1]}, "seed '-1' is not a whole number from 0 to 4294967295; use e.g. 1"),
    ({"method": "sobl"}, "method 'sobl' is not known; did you mean 'sobol'?"),
    ({"design_seed": -1}, "design_seed '-1' is not a whole number from 0 to 4294967295; use e.g. 0"),
    ({"samples": 8}, "samples '8' has no meaning for method list; leave it out, or use method lhs, sobol, morris, collection"),
    ({"method": "lhs", "parameters": "table"}, "samples is missing; method lhs needs it, for example samples: 100"),
    (
        {"method": "sobol", "samples": 100, "parameters": THREE},
        "samples 100 is not a power of two, which method sobol needs; the nearest is samples: 128",
    ),
    ({"method": "sobol", "samples": 90, "parameters": THREE}, "samples 90 is not a power of two, which method sobol needs; the nearest is samples: 64"),
    ({"method": "collection", "samples": 20_000}, "samples 20000 does not fit; method collection takes 1 to 10000"),
    ({"second_order": True}, "second_order 'True' has no meaning for method list; leave it out, or use method sobol"),
    ({"parameters": {"over_complience": [1]}}, "parameter 'over_complience' is not known; did you mean 'over_compliance'?"),
    ({"parameters": {"over_compliance": []}}, "parameter over_compliance '[]' is empty; give at least one value from 0 to 1"),
    ({"parameters": {"over_compliance": [2]}}, "parameter over_compliance 2 is out of range; use a number from 0 to 1 share"),
    (
        {"parameters": {"over_compliance": {"low": 0, "high": 1}}},
        "parameter over_compliance '{'low': 0, 'high': 1}' gives bounds, but method list takes values; "
        "write over_compliance: [values], or use method lhs, sobol, morris or oat",
    ),
    (
        {"parameters": {"over_compliance": [0, 1], "price_eta": [0.2, 0.3, 0.33]}},
        "parameters differ in length (over_compliance has 2 values, price_eta has 3 values); "
        "give each the same number of values or one value, or use method grid",
    ),
    ({"parameters": {"firms_per_sector": [2.5]}}, "parameter firms_per_sector 2.5 is not a whole number; use 2 or 3"),
    (
        {"method": "lhs", "samples": 4, "parameters": {"over_compliance": {"low": 0.8, "high": 0.2}}},
        "parameter over_compliance: low 0.8 is not below high 0.2; give low first, within 0 to 1",
    ),
    (
        {"method": "lhs", "samples": 4, "parameters": {"over_compliance": [0, 1]}},
        "parameter over_compliance '[0, 1]' gives no bounds, which method lhs needs; "
        "write over_compliance: table or over_compliance: {low: 0, high: 1}, or use method list or grid for values",
    ),
    (
        {"method": "lhs", "samples": 4, "parameters": {"over_compliance": {"lo": 0}}},
        "parameter over_compliance: key 'lo' is not known; did you mean 'low'?",
    ),
    (
        {"method": "lhs", "samples": 4, "parameters": ["firms_per_sector"]},
        "parameter firms_per_sector is a whole number, which method lhs cannot draw; write firms_per_sector: 3, or use method list or grid",
    ),
    (
        {"method": "oat", "parameters": {}},
        "parameters '{}' moves nothing, but method oat needs parameters that move; "
        "write parameters: table (all that are not known), a list of names, or {name: {low: ..., high: ...}}",
    ),
    (
        {"method": "oat", "parameters": {"over_compliance": {"high": 0.5}}},
        "parameter over_compliance starts at 0.7, outside its bounds 0 to 0.5; widen them, or use method list",
    ),
    (
        {"scenario": ["japan-2026", "civilian-unaffected"], "method": "oat", "parameters": ["over_compliance"]},
        "parameter over_compliance starts at 0 and 0.7 in these scenarios; sweep one scenario at a time, or leave it out",
    ),
    (
        {"method": "collection", "samples": 4, "parameters": {"over_compliance": 0.5}},
        "parameter over_compliance '0.5' does not fit method collection, which moves all that are not known; leave it out, or use method lhs",
    ),
    ({"outcomes": []}, "outcomes '[]' is empty; leave outcomes out for all headlines, or name at least one"),
    ({"outcomes": ["first_stop_day"]}, "outcome 'first_stop_day' is not known; did you mean 'first_stop_days'?"),
    ({"keep": ["price"]}, "table 'price' is not known; did you mean 'prices'?"),
    (
        {"method": "grid", "seeds": 1000, "parameters": {name: np.linspace(TABLE[name].low, TABLE[name].high, 200).tolist() for name in THREE[:2]}},
        "1 scenario(s) x 40,000 points x 1,000 seeds = 40,000,000 runs are too many; use at most 10,000,000 (use method lhs, or fewer values)",
    ),
    (
        {"method": "lhs", "samples": 5_000_000, "parameters": "table"},
        f"5,000,000 points x {len(drawn_parameters())} parameters = {5_000_000 * len(drawn_parameters()):,} numbers are too many to hold; "
        "use at most 100,000,000 (fewer samples or fewer parameters)",
    ),
]


@pytest.mark.parametrize(("keys", "message"), REFUSED, ids=[message[:40] for _, message in REFUSED])
def test_what_does_not_fit_costs_one_line(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        load_design({"scenario": "japan-2026", **keys})
    assert str(caught.value) == f"design: {message}"


# YAML of a kind that does not belong behind a key
WRONG = [
    "[[1, 2]]", "{a: [1]}", "true", "3.5", ".nan", ".inf", "1" + 400 * "0", "text", "[{}]", "[null]", "{1: 2}", "{null: 1}", "!!set {a}", "!!binary aGVsbG8=",
    "!!omap [a: 1]", "!!timestamp 2001-01-01", "[.nan]", "[[]]", '"\\0"', "{over_compliance: [[1]]}", "{over_compliance: {low: [1]}}",
    "{over_compliance: {low: .nan}}", "{over_compliance: {low: 1" + 400 * "0" + "}}", "{over_compliance: 1" + 400 * "0" + "}", "{over_compliance: {a: {}}}",
    "{over_compliance: [null]}", "{over_compliance: !!set {low}}", "{firms_per_sector: .inf}", "{japan-2026: {1: 2}}", "[[japan-2026]]",
    "{name: a, start: 2024-01, parameters: [[1]]}", "{name: [a], start: [2024]}", "[evidence:[1]]", 5000 * "b",
]  # fmt: skip


def refusal(text: str) -> str:
    """What a design in YAML is told, empty when it is accepted."""
    try:
        load_design(parse_yaml(text, "design"))
    except InputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("method", ["list", "lhs"])
@pytest.mark.parametrize("key", sorted({*KEYS, TEXT_KEY} - {"method"}))
def test_whatever_yaml_holds_costs_one_line_or_is_accepted(key: str, method: str) -> None:
    drawn = {"samples": "4", "parameters": "[cover_spread]"} if method == "lhs" else {}
    lines = [{"scenario": "japan-2026", "method": method, **drawn, key: value} for value in WRONG]
    told = [refusal("\n".join(f"{name}: {text}" for name, text in one.items())) for one in lines]
    assert all(not message or message.startswith("design") for message in told)
    assert "\n" not in "".join(told)
    accepted = [value for value, message in zip(WRONG, told, strict=True) if not message]
    assert not accepted or key in ("name", "why")  # these take any plain value as words


def test_a_parameter_that_is_no_name_costs_one_line() -> None:
    with pytest.raises(InputError, match=r"design: parameter '\[1, 2\]' is not known; use one of: "):
        design(method="lhs", samples=4, parameters=[[1, 2]])


# outcomes that a design cannot define


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"scenario": "japan-2026", "outcomes": "evidence:japan-china-2010"},
            "outcome evidence:japan-china-2010 reads 2010-01 to 2010-12, and scenario japan-2026 runs from 2024-01 to 2024-12; "
            "use scenario embargo-2010, or leave it out",
        ),
        (
            {"scenario": "embargo-2010", "outcomes": "evidence:japan-china-2010"},
            "outcome evidence:japan-china-2010 reads 2010-01 to 2010-12, and scenario embargo-2010 runs from 2009-01 to 2009-12; use months: 24 or more",
        ),
        (
            {"scenario": "threat-2019", "outcomes": "evidence:threat-ndpr", "months": 11},
            "outcome evidence:threat-ndpr reads 2024-06 to 2024-12 against 2024-01 to 2024-04, and scenario threat-2019 runs from 2024-01 to 2024-11; "
            "use months: 12 or more",
        ),
    ],
    ids=["start", "months", "two windows"],
)  # fmt: skip
def test_a_target_whose_window_no_run_holds_is_refused(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        check_defined(design(**keys))
    assert str(caught.value) == f"design: {message}"


def test_each_target_is_defined_by_its_own_scenario_and_another_one_is_a_doubt() -> None:
    from coercivity.experiments.backtest.evidence import load_evidence, months_needed, targets_of

    for name in sorted({target.scenario for target in load_evidence()}):
        of = targets_of(name)
        own = design(scenario=name, months=months_needed(load_scenario(name).start, of), outcomes=[f"evidence:{target.id}" for target in of])
        check_defined(own)
        assert doubts(own) == []
    both = design(scenario=["japan-2026", "embargo-2010"], months=24, outcomes=["evidence:japan-china-2010", "evidence:threat-ndpr"])
    check_defined(both)
    assert doubts(both) == [
        "evidence:japan-china-2010: empty in scenario japan-2026, which does not hold the months",
        "evidence:threat-ndpr: of the record for threat-2019, and asked of scenario japan-2026",
        "evidence:threat-ndpr: empty in scenario embargo-2010, which does not hold the months",
    ]


def test_bounds_wider_than_the_table_are_refused_with_the_tables_range() -> None:
    with pytest.raises(InputError) as caught:
        design(method="sobol", samples=4, parameters={"over_compliance": {"low": 0.5, "high": 1.5}})
    assert str(caught.value) == "design, high: parameter over_compliance 1.5 is out of range; use a number from 0 to 1 share"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", r"d\.yaml: '\['a'\]' is not a design; write keys and values, at least scenario:"),
        ("scenario: [\n", r"d\.yaml line 2.* is not YAML"),
        ("scenario: &a x\nname: *a\n", r"d\.yaml line 2.*aliases"),
        ("scenario: japan-2026\nseeds: 0\n", r"d\.yaml: seeds '0' does not fit"),
    ],
)
def test_a_file_is_named_in_its_message(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "d.yaml"
    file.write_text(text)
    with pytest.raises(InputError, match=message):
        load_design(file)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match=r"design 'none\.yaml' is not there; give the path of a \.yaml file that exists"):
        load_design("none.yaml")
