"""Running a sweep: the same parts whoever writes them, resuming, runs that fail, full disks."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.sweep import finished_parts as sweep_parts
from coercivity.experiments.sweep import sweep_folder as sweep_folder
from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.export import export, failures, outcome_spreads, recompute_row
from coercivity.experiments.sweep.finished_parts import missing_chunks, read_sweep
from coercivity.experiments.sweep.layout import claim_path, seal_content
from coercivity.experiments.sweep.run_sweep import run_sweep
from coercivity.experiments.sweep.status import sweep_status
from coercivity.experiments.sweep.sweep_folder import open_sweep, prepare_sweep
from coercivity.experiments.sweep.worker import work_on
from coercivity.experiments.worlds.atomic import SweepStopped, boot, hidden_name, machine
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.scenario import load_scenario
from tests.experiments.sweep_faults import design, left_over, parts, working
from tests.refusal import refusal

# a world of one firm a sector in which the ban is already in force
SMALL = {
    "scenario": "embargo-2010",
    "months": 24,
    "seeds": 2,
    "method": "list",
    "outcomes": ["firms_stopped", "first_stop_days", "output_lost_total"],
    "parameters": {"firms_per_sector": [1, 2], "licence_clock_months": [1.0, 3.0]},
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("finished") / "done"
    run_sweep(design(30), out, workers=1, chunk=4, work=working())
    return out


@pytest.fixture
def stand_in(finished: Path, tmp_path: Path) -> Path:
    """A copy of a finished sweep of 30 runs of the stand-in, in chunks of 4."""
    return Path(shutil.copytree(finished, tmp_path / "done"))


def test_rows_are_those_of_single_runs(tmp_path: Path) -> None:
    done = run_sweep(SMALL, tmp_path / "out", workers=1, chunk=3)
    assert (done.runs, done.done, done.failed, done.missing, done.computed) == (4, 4, 0, 0, 4)
    frame = read_sweep(tmp_path / "out")
    assert list(frame["run"]) == [0, 1, 2, 3]
    assert list(frame["seed"]) == [0, 1, 0, 1]
    head = ["run", "scenario", "seed", "point", "firms_per_sector", "licence_clock_months"]
    assert list(frame.columns[:6]) == head
    runs = open_sweep(tmp_path / "out").runs
    for at, row in frame.iterrows():
        run = runs[int(at)]  # type: ignore[call-overload]
        alone = run_scenario(run.scenario, run.seed).headlines()
        for name in SMALL["outcomes"]:  # type: ignore[attr-defined]
            assert row[name] == alone[name] or (alone[name] is None and row[name] != row[name])
    again = recompute_row(tmp_path / "out", 2)
    assert again.all_equal
    assert again.values == again.stored


def test_parts_are_the_same_bytes_whoever_wrote_them_and_in_any_order(tmp_path: Path) -> None:
    short = {**SMALL, "months": 3}
    here, pool, other = tmp_path / "here", tmp_path / "pool", tmp_path / "other"
    run_sweep(short, here, workers=1, chunk=1)
    run_sweep(short, pool, workers=2, chunk=1)
    sweep = prepare_sweep(load_design(short), other, chunk=1)
    work_on(other, [3, 1])
    assert missing_chunks(sweep) == [0, 2]
    work_on(other, [2, 1, 0])
    assert parts(here) == parts(pool) == parts(other)
    assert len(parts(here)) == 4


def test_what_dead_writers_left_goes_and_what_living_ones_write_stays(stand_in: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    dead = stand_in / "parts" / f".part-00003.parquet.{machine()}.{ended.pid}.tmp"
    mine = stand_in / "parts" / f".part-00003.parquet.{machine()}.{os.getpid()}.tmp"
    elsewhere = stand_in / "parts" / ".part-00003.parquet.node7-1f.12.busy"
    forgotten = stand_in / "parts" / ".part-00003.parquet.node8-1f.12.tmp"
    for path in (dead, mine, elsewhere, forgotten):
        path.write_text("x")
    os.utime(forgotten, (0, 0))
    run_sweep(design(30), stand_in, workers=1, work=working())
    assert sorted(left_over(stand_in)) == sorted([mine.name, elsewhere.name])


def contents(out: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in out.rglob("*") if out.is_dir() and path.is_file()}


def refused(asked: Any, out: Path, **how: Any) -> str:
    before = contents(out)
    said = refusal(run_sweep, asked, out, workers=1, work=_never, **how)
    assert contents(out) == before
    return said


def _never(*_: Any, **how: Any) -> Any:
    raise AssertionError("a run started")


def test_a_folder_that_does_not_fit_is_refused_before_any_run(
    stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = load_design(design(30)).fingerprint(), load_design(design(31)).fingerprint()
    message = refused(design(31), stand_in)
    assert mine in message
    assert other in message
    assert "new folder" in message
    assert "chunks of 4 runs" in refused(design(30), stand_in, chunk=5)
    foreign = stand_in / "parts" / "part-00099.parquet"
    foreign.write_bytes(b"PAR1")
    assert "part-00099.parquet, which is no part of this sweep" in refused(design(30), stand_in)
    foreign.unlink()
    with monkeypatch.context() as patch:
        patch.setattr("coercivity.model.results.result.model_version", lambda: "9.9.9")
        sweep_folder._open_description.cache_clear()
        assert "9.9.9" in refused(design(30), stand_in)
    with monkeypatch.context() as patch:
        patch.setattr(sweep_folder, "model_code", lambda **_: "0123456789abcdef")
        assert "model code" in refused(design(30), stand_in)
    sweep_folder._open_description.cache_clear()
    (stand_in / "sweep.json").write_text("{}")
    assert "sweep.json is damaged, and no part shows" in refused(design(31), stand_in)
    (stand_in / "sweep.json").unlink()
    assert "holds other files (parts)" in refused(design(30), stand_in)


def test_a_place_that_cannot_be_written_is_refused_before_any_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "is a file" in refused(design(3), tmp_path / "file")
    assert "cannot be written" in refused(design(3), tmp_path / "file" / "below")
    assert "holds other files (file)" in refused(design(3), tmp_path)
    assert "cannot be written" in refused(design(3), Path("/proc/nowhere"))


def test_a_run_that_fails_is_recorded_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(
        scenario: Any, seed: int, outcomes: Any, keep: Any = None, kind: str = ""
    ) -> dict[str, float | None]:
        if seed in (3, 5):
            raise ZeroDivisionError(f"no plant <object at 0x7f{os.getpid():x}>\nis left")
        return dict.fromkeys(outcomes, float(seed))

    monkeypatch.setattr("coercivity.experiments.sweep.evaluate.observe", failing)
    done = run_sweep(design(1, seeds=8), tmp_path / "out", workers=1, chunk=5)
    assert (done.done, done.failed, done.missing, done.ok) == (6, 2, 0, True)
    frame = read_sweep(tmp_path / "out").set_index("run")
    assert list(frame.index[frame["status"] == "failed"]) == [3, 5]
    assert frame["message"][3] == "ZeroDivisionError: no plant <object at 0x...> is left"
    assert frame["firms_stopped"].isna().tolist() == [seed in (3, 5) for seed in range(8)]
    (one,) = failures(tmp_path / "out")
    assert (one.runs, one.first, one.seed) == (2, 3, 3)
    (spread,) = (one for one in outcome_spreads(tmp_path / "out") if one.outcome == "firms_stopped")
    assert (spread.runs, spread.undefined, spread.spread.median) == (6, 0, 3.0)
    assert sweep_status(tmp_path / "out").failed == 2


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (MemoryError("big"), "no memory is left at run 6 (MemoryError: big): 1 of 3 chunks are"),
        (
            OSError(errno.ESTALE, "Stale"),
            "run 6 cannot be computed (Stale): 1 of 3 chunks are safe",
        ),
        (OSError(errno.ENOSPC, "Full"), "disk full: 1 of 3 chunks are safe; free space"),
    ],
    ids=["memory", "stale", "full"],
)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_is_no_fault_of_a_run_stops_the_chunk_and_resuming_tries_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, line: str
) -> None:
    def observe(
        scenario: Any, seed: int, outcomes: Any, keep: Any = None, kind: str = ""
    ) -> dict[str, float | None]:
        if seed == 2:
            raise RecursionError("too deep")  # of the model: a failed run
        if seed == 6 and error.args:
            raise error
        return dict.fromkeys(outcomes, float(seed))

    monkeypatch.setattr("coercivity.experiments.sweep.evaluate.observe", observe)
    with pytest.raises(SweepStopped) as caught:
        run_sweep(design(1, seeds=12), tmp_path / "out", workers=1, chunk=4)
    assert str(caught.value).startswith(line)
    assert str(caught.value).endswith("run the same command again")
    assert missing_chunks(tmp_path / "out") == [1, 2]
    assert not left_over(tmp_path / "out")
    error.args = ()
    resumed = run_sweep(design(1, seeds=12), tmp_path / "out", workers=1)
    assert (resumed.computed, resumed.failed, resumed.missing) == (8, 1, 0)
    assert failures(tmp_path / "out")[0].message == "RecursionError: too deep"


def test_a_first_run_without_memory_is_one_line_and_begins_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def observe(*_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr("coercivity.experiments.sweep.evaluate.observe", observe)
    with pytest.raises(SweepStopped, match=r"^run 0 cannot .* \(MemoryError\); nothing was begun"):
        run_sweep(design(3), tmp_path / "out", workers=1)
    assert not (tmp_path / "out" / "sweep.json").exists()


def test_a_full_disk_ends_the_sweep_with_one_line_and_no_half_written_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyarrow import parquet

    write, calls = parquet.write_table, []

    def full(table: Any, where: Path, **how: Any) -> None:
        calls.append(where)
        if len(calls) > 3:
            Path(where).write_bytes(b"PAR1 half of it")
            raise OSError(errno.ENOSPC, "No space left on device")
        write(table, where, **how)

    with monkeypatch.context() as patch:
        patch.setattr(parquet, "write_table", full)
        with pytest.raises(SweepStopped) as caught:
            run_sweep(design(30), tmp_path / "out", workers=1, chunk=4, work=working())
    assert (
        str(caught.value)
        == "disk full: 3 of 8 chunks are safe; free space and run the same command again"
    )
    assert len(parts(tmp_path / "out")) == 3
    assert not left_over(tmp_path / "out")
    resumed = run_sweep(design(30), tmp_path / "out", workers=1, work=working())
    assert (resumed.computed, resumed.missing) == (18, 0)


@pytest.mark.slow
def test_a_really_full_disk(tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=120k", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small tmpfs can only be mounted by root")
    try:
        with pytest.raises(SweepStopped, match=r"^disk full: \d+ of 40 chunks are safe") as caught:
            run_sweep(design(400), place / "out", workers=2, chunk=10, work=working())
        assert not left_over(place / "out")
        safe = int(str(caught.value).split()[2])
        assert 0 < safe <= 40 - len(missing_chunks(place / "out")) < 40
        subprocess.run(["mount", "-o", "remount,size=16m", str(place)], check=True)
        resumed = run_sweep(design(400), place / "out", workers=1, work=working())
        run_sweep(design(400), tmp_path / "out", workers=1, chunk=10, work=working())
        assert resumed.missing == 0
        assert parts(place / "out") == parts(tmp_path / "out")
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_tables_that_are_kept_lie_beside_the_parts(tmp_path: Path) -> None:
    import pandas as pd

    asked = {
        **SMALL,
        "months": 3,
        "keep": ["prices", "events"],
        "parameters": {"firms_per_sector": [1]},
    }
    run_sweep(asked, tmp_path / "out", workers=1, chunk=2)
    prices = pd.read_parquet(tmp_path / "out" / "tables" / "prices" / "part-00000.parquet")
    run = open_sweep(tmp_path / "out").runs[1]
    alone = run_scenario(run.scenario, run.seed).table("prices")
    kept = prices[prices["run"] == 1].drop(columns="run").reset_index(drop=True)
    assert kept["home"].equals(alone["home"])
    assert kept["good"].astype(str).tolist() == alone["good"].astype(str).tolist()
    (tmp_path / "out" / "tables" / "prices" / "part-00000.parquet").unlink()
    assert missing_chunks(tmp_path / "out") == [0]


def test_export_is_one_tidy_file(stand_in: Path, tmp_path: Path) -> None:
    import pandas as pd

    frame = read_sweep(stand_in)
    empty = {"first_stop_days": "", "firms_stopped": ""}
    for name in ("all.csv", "all.parquet"):
        path, rows, missing = export(stand_in, tmp_path / name)
        if name.endswith("csv"):
            read = pd.read_csv(path, keep_default_na=False, na_values=empty)
        else:
            read = pd.read_parquet(path)
        assert (rows, missing) == (30, 0)
        pd.testing.assert_frame_equal(read, frame, check_dtype=False, rtol=1e-15)
        with pytest.raises(InputError, match="is there already"):
            export(stand_in, tmp_path / name)
    with pytest.raises(InputError, match=r"end in \.csv or \.parquet"):
        export(stand_in, tmp_path / "all.xls")


def test_no_cell_of_an_export_is_a_formula(tmp_path: Path) -> None:
    import pandas as pd

    named = {**load_scenario("japan-2026-from-2024").to_dict(), "name": "=cmd()"}
    run_sweep(design(2, scenario=named), tmp_path / "out", 1, chunk=1, work=working())
    for name, told in (("all.csv", "'=cmd()"), ("all.parquet", "=cmd()")):
        path, _, _ = export(tmp_path / "out", tmp_path / name)
        frame = pd.read_csv(path) if name.endswith("csv") else pd.read_parquet(path)
        assert set(frame["scenario"]) == {told}


def at_it(folder: Path, **how: float) -> None:
    held = {"machine": machine(), "boot": boot(), "process": os.getpid(), "born": "", **how}
    claim_path(folder, 2).write_text(seal_content(held))


def test_an_incomplete_sweep_says_so(stand_in: Path) -> None:
    (stand_in / "parts" / "part-00002.json").unlink()
    assert len(read_sweep(stand_in)) == 26
    assert read_sweep(stand_in).attrs["missing"] == 4
    with pytest.raises(InputError, match="4 of 30 runs are missing"):
        read_sweep(stand_in, complete=True)
    found = sweep_status(stand_in)
    assert (found.missing, found.chunks_missing, found.writing, found.left) == (4, 1, (), None)
    at_it(stand_in, done=1)
    found = sweep_status(stand_in)
    assert [(one.chunk, one.done, one.runs) for one in found.writing] == [(2, 1, 4)]
    assert found.left is not None


def test_parts_hold_nothing_of_who_and_when(stand_in: Path) -> None:
    import pyarrow.parquet as parquet

    schema = parquet.read_schema(stand_in / "parts" / "part-00000.parquet")
    assert schema.equals(sweep_parts.part_schema(open_sweep(stand_in)))
    note = json.loads((stand_in / "parts" / "part-00000.json").read_text())
    assert {"host", "seconds", "finished", "version", "packages", "sha256"} <= set(note)


def test_the_design_of_a_sweep_is_pushed_to_the_disk_with_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushed: list[str] = []
    sync = os.fsync

    def push(handle: int) -> None:
        pushed.append(os.readlink(f"/proc/self/fd/{handle}"))
        sync(handle)

    monkeypatch.setattr(os, "fsync", push)
    prepare_sweep(load_design(design(3)), tmp_path / "out", chunk=1)
    hidden = hidden_name(Path("sweep.json"), "tmp").name
    assert [Path(path).name for path in pushed] == [hidden, "out"]
    assert (tmp_path / "out" / "sweep.json").is_file()


def test_outcomes_that_cannot_be_defined_are_refused_or_said_before_the_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = {
        "scenario": "japan-2026-from-2024",
        "months": 12,
        "parameters": {"firms_per_sector": 1},
    }
    asked = {
        **small,
        "outcomes": ["first_stop_days", "dependence_origin_60m", "evidence:threat-ndpr"],
    }
    message = refused({**small, "outcomes": ["evidence:japan-china-2010"]}, tmp_path / "out")
    assert message.startswith("design: outcome evidence:japan-china-2010 reads 2010-01 to 2010-12")
    assert not (tmp_path / "out").exists()
    run_sweep(asked, tmp_path / "out", workers=1)
    first, second = capsys.readouterr().err.splitlines()
    assert "evidence:threat-ndpr: of the record for threat-2019, and asked of scenario" in first
    assert "dependence_origin_60m: not defined in the first run (scenario japan-2026" in second
    run_sweep(asked, tmp_path / "out", workers=1)
    never = {**small, "outcomes": ["first_stop_days"]}
    run_sweep(never, tmp_path / "stops", workers=1)  # a stop that never comes is an answer
    assert capsys.readouterr().err == ""
