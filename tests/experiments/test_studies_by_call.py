"""Studies as a notebook calls them: frames, and what is refused in the words of a call."""

from __future__ import annotations

import doctest
import inspect
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer.testing

import coercivity
from coercivity import InputError
from coercivity.cli import app
from coercivity.experiments.backtest import run_backtest as backtest_survey
from coercivity.experiments.backtest.evidence_targets import load_evidence
from coercivity.experiments.calibration import calibration_files, study
from coercivity.experiments.claims import run_claims as claim_survey
from coercivity.experiments.claims.verdict import Evidence, judge
from coercivity.experiments.claims.written_claims import load_claims
from coercivity.experiments.studies.arguments import ArgumentError, as_arguments
from coercivity.experiments.studies.sweep import SweepResult
from coercivity.model.basis.parameters import load_parameters
from tests.experiments.sweep_faults import design
from tests.viz.test_cards import read
from tools.check.sweep_stand_in import stand_in
from tools.docs.kit.calibration import STORED

ROOT = Path(__file__).resolve().parents[2]
CALLED = ("sweep", "sensitivity", "claims", "backtest", "calibrate", "read_calibration")
FRAMES = ("parameters", "scenarios", "table")
OUTCOMES = ["firms_stopped_share", "output_lost_24m"]


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--method 'sobel' is not known", "method 'sobel' is not known"),
        ("--corner needs points", "`corner` needs points"),
        ("--design-seed '-1' does not fit", "design_seed '-1' does not fit"),
    ],
)
def test_an_option_is_an_argument(line: str, said: str) -> None:
    assert as_arguments(line) == said
    error = ArgumentError.of(InputError(line))
    assert (str(error), error.on_command_line) == (said, line)


def test_a_call_is_refused_in_its_words_and_a_command_in_its_own(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("not a sweep", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        coercivity.sweep(design(4), tmp_path, workers=1)
    assert str(refused.value).startswith(f"out '{tmp_path}' holds other files")
    asked = tmp_path / "design.yaml"
    asked.write_text("scenario: japan-2026\nmonths: 12\n", encoding="utf-8")
    shown = typer.testing.CliRunner().invoke(
        app, ["sweep", "run", str(asked), "--out", str(tmp_path), "--workers", "1"]
    )
    assert shown.exit_code == 2
    assert shown.stderr.startswith(f"coercivity: --out '{tmp_path}' holds other files")


# ---------------------------------------------------------------- sweeps


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> SweepResult:
    """A sweep of 120 points and two seeds whose outcome is the first parameter, with some luck."""

    def row(run: Any, asked: Any) -> dict[str, Any]:
        held = stand_in(run, asked)
        first = next(iter(run.parameters.values()))
        lost = first + 0.01 * run.seed
        return {**held, "firms_stopped_share": lost, "output_lost_24m": 100.0 * lost}

    asked = {
        **{"scenario": "japan-2026-from-2024", "months": 36, "seeds": 2, "outcomes": OUTCOMES},
        **{"method": "lhs", "samples": 120, "parameters": ["over_compliance", "cover_spread"]},
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("coercivity.experiments.sweep.evaluate.evaluate", row)
        return coercivity.sweep(asked, tmp_path_factory.mktemp("swept") / "out", workers=1)


def test_a_sweep_is_a_frame(swept: SweepResult, tmp_path: Path) -> None:
    assert swept.ok
    frame = swept.table()
    assert list(frame["run"]) == list(range(240))
    assert frame.equals(coercivity.read_sweep(swept.folder))
    assert list(swept.table(["run", "seed"])) == ["run", "seed"]
    told = swept.outcomes().set_index("outcome")
    assert told.loc["firms_stopped_share", "median"] == pytest.approx(
        frame["firms_stopped_share"].median()
    )
    assert told.loc["output_lost_24m", "unit"]
    assert swept.failures().empty
    assert list(swept.failures()) == ["message", "runs", "first", "seed"]
    assert len(swept.export(tmp_path / "all.csv").read_text().splitlines()) == 241
    with pytest.raises(InputError, match=r"^to '.*' is there already"):
        swept.export(tmp_path / "all.csv")


def test_runs_that_failed_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "coercivity.experiments.sweep.evaluate.evaluate",
        lambda run, asked: stand_in(run, asked, faulty=2),
    )
    found = coercivity.sweep(design(4), tmp_path / "out", workers=1, chunk=2)
    (row,) = found.failures().to_dict("records")
    assert (row["message"], row["runs"], row["first"]) == ("ValueError: as asked", 1, 2)
    assert repr(found).endswith(" 4 runs, 3 done, 1 failed, 0 missing)")
    card = read(found._repr_html_())
    assert card.after("ValueError: as asked") == "1"
    assert ".failures()" in card.texts


# ---------------------------------------------------------------- sensitivity


def test_a_sensitivity_is_a_frame(swept: SweepResult) -> None:
    found = coercivity.sensitivity(
        swept, "firms_stopped_share", corner="firms_stopped_share>0.6 and output_lost_24m>10"
    )
    frame = found.table()
    assert list(frame) == [
        *("outcome", "parameter", "other", "measure"),
        *("value", "low", "high", "unit"),
    ]
    assert list(frame["parameter"]) == ["over_compliance", "cover_spread"]
    assert set(frame["measure"]) == {"pawn"}
    assert (frame["low"] <= frame["value"]).all()
    (bound, *_) = found.bounds().to_dict("records")
    assert (bound["parameter"], bound["side"]) == ("over_compliance", "low")
    points = found.points()
    assert points["hit"].sum() == pytest.approx(0.4 * len(points), abs=3)
    assert (points["hit"] == (points["over_compliance"] > 0.595)).mean() > 0.95
    (row,) = found.outcomes().to_dict("records")
    assert row["outcome"] == "firms_stopped_share"
    assert row["refused"] == ""
    assert 0.0 <= row["luck"] < 0.01
    assert found["firms_stopped_share"].outcome == "firms_stopped_share"
    assert any("over_compliance" in line for line in found.sentences)
    assert found.to_dict()["corner"]["found"]


def test_a_folder_will_do_and_all_outcomes_are_told(swept: SweepResult, tmp_path: Path) -> None:
    found = coercivity.sensitivity(str(swept.folder))
    assert [one.outcome for one in found] == OUTCOMES
    assert found.bounds().empty
    with pytest.raises(InputError, match=r"corner is missing"):
        found.points()
    with pytest.raises(InputError, match=r"'firms' is not here; did you mean"):
        found["firms"]
    with pytest.raises(InputError, match=r"`method` sobol needs a sweep with method sobol"):
        coercivity.sensitivity(swept, method="sobol")
    with pytest.raises(InputError, match="scenario 'japan' is not in this sweep"):
        coercivity.sensitivity(swept, scenario="japan")
    assert found.export_ema(tmp_path / "runs.tar.gz").is_file()
    with pytest.raises(InputError, match=r"^ema '.*' is there already"):
        found.export_ema(tmp_path / "runs.tar.gz")


# ---------------------------------------------------------------- claims and the backtest


def test_claims_are_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    (first, second, *_) = load_claims()
    evidence = Evidence([1.0, None, 3.0], [0.0], [2.0], {0.5: [1.0, 2.0]})
    asked: list[Any] = []

    def put(ids: Any, **more: Any) -> Any:
        asked.append((tuple(ids), more))
        return [judge(claim, evidence) for claim in (first, second)]

    monkeypatch.setattr(claim_survey, "run_claims", put)
    found = coercivity.claims([first.id, second.id], draws=3, workers=1)
    assert asked[0][0] == (first.id, second.id)
    assert asked[0][1]["draws_count"] == 3
    frame = found.table()
    assert list(frame["id"]) == [first.id, second.id]
    assert {"verdict", "support", "flips_at", "placebo", "threshold"} <= set(frame)
    values = found.values().query("id == @first.id")
    assert list(values["group"]) == ["main"] * 3 + ["placebo", "corner", "scan", "scan"]
    assert values.query("group == 'main'")["value"].isna().sum() == 1
    assert list(values.query("group == 'scan'")["at"]) == [0.5, 0.5]
    assert found[second.id.lower()].claim is second
    assert len(found) == len(list(found)) == 2
    with pytest.raises(InputError, match="'C99' is not here"):
        found["C99"]
    coercivity.claims(first.id)
    assert asked[1][0] == (first.id,)


def test_a_backtest_is_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    targets = [target for target in load_evidence() if target.episode == "relapse-2018"]

    def as_recorded(chosen: Any, drawn: Any, **more: Any) -> Any:
        values: dict[str, list[float | None]] = {
            target.id: [target.value] * len(drawn) for target in chosen
        }
        return backtest_survey.Survey(tuple(chosen), len(drawn), values)

    monkeypatch.setattr(backtest_survey, "run_survey", as_recorded)
    found = coercivity.backtest("relapse-2018", draws=3)
    frame = found.table()
    assert list(frame["id"]) == [target.id for target in targets]
    assert set(frame["verdict"]) == {"PASS"}
    assert (frame["median"] == frame["value"]).all()
    assert {"error_no_change", "error_proportional", "error_exponential"} <= set(frame)
    assert frame["error_no_change"].dtype == float
    assert set(found.samples()["sample"]) == {"in", "kept_back", "all"}
    assert (found.benchmarks()["wins"] >= 0).all()
    assert found.bands()["inside"].between(0.0, 1.0).all()
    assert found.mixtures()["weight"].between(0.0, 1.0).all()
    assert len(found.values()) == 3 * len(targets)
    assert found.to_dict()["draws"] == 3
    with pytest.raises(InputError, match=r"^sample 'inn' is not known"):
        coercivity.backtest(sample="inn")
    with pytest.raises(InputError, match=r"^draws '0' does not fit"):
        coercivity.backtest(draws=0)


# ---------------------------------------------------------------- calibration


def test_a_calibration_is_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = json.loads(STORED.read_text(encoding="utf-8"))
    asked: list[Any] = []
    monkeypatch.setattr(study, "calibrate", lambda *arguments: asked.append(arguments))
    monkeypatch.setattr(calibration_files, "write_study", lambda found, out: document)
    shutil.copy(ROOT / "model/data/collection.csv", tmp_path / "collection.csv")
    found = coercivity.calibrate(tmp_path, vectors=50, waves=1)
    ((out, setting, workers, say),) = asked
    assert (out, workers) == (tmp_path, 0)
    assert setting == replace(study.Setting(), vectors=50, waves=1)
    assert say("a line") is None
    targets = found.targets()
    assert len(targets) == len(document["targets"])
    assert (targets["wide_p05"] <= targets["wide_p95"]).all()
    assert "kept" not in targets
    assert list(found.parameters()["name"]) == [one["name"] for one in document["parameters"]]
    collection = found.collection()
    assert set(collection) <= set(load_parameters().names)
    assert collection.index.name == "id"
    (tmp_path / "calibration.json").write_text(json.dumps(document), encoding="utf-8")
    assert coercivity.read_calibration(tmp_path).to_dict() == document
    with pytest.raises(InputError, match=r"calibration\.json cannot be read \(No such file"):
        coercivity.read_calibration(tmp_path / "nothing")
    (tmp_path / "calibration.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="it is damaged"):
        coercivity.read_calibration(tmp_path)


# ---------------------------------------------------------------- tables


def test_the_scenarios_are_a_frame() -> None:
    frame = coercivity.scenarios()
    scenario = coercivity.load_scenario("japan-2026-from-2024")
    assert frame.loc["japan-2026-from-2024", "events"] == len(scenario.events)
    assert frame.loc["japan-2026-from-2024", "months"] == scenario.months
    assert "China" in frame.loc["governments-decide-2024", "decide"]
    assert frame.loc["business-as-usual", "decide"] == ""


def test_a_shipped_table_is_a_frame_of_its_own() -> None:
    frame = coercivity.table("states")
    frame.loc[:, "state"] = "Atlantis"
    assert "Japan" in set(coercivity.table("states")["state"])
    assert coercivity.table().loc["states", "rows"] == len(frame)
    with pytest.raises(InputError, match="table 'state' is not known; did you mean 'states'"):
        coercivity.table("state")


# ---------------------------------------------------------------- how they are told


@pytest.mark.parametrize("name", [*CALLED, *FRAMES])
def test_examples_in_docstrings_are_true(name: str) -> None:
    function = inspect.unwrap(getattr(coercivity, name))
    (told,) = doctest.DocTestFinder(recurse=False).find(function, name, globs={})
    assert doctest.DocTestRunner(verbose=False).run(told).failed == 0


def test_an_option_is_an_argument_in_each_part_of_a_refusal() -> None:
    refused = InputError(
        "{option} '{value}' is empty", "add --out", where="--d", option="--x", value=0
    )
    error = ArgumentError.of(refused.within("a: b"))
    assert str(error) == "a: b: `d`: x '0' is empty; add `out`"
    assert (str(error.what), str(error.fix)) == ("x '0' is empty", "add `out`")
