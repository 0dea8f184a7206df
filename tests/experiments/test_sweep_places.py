"""Places that cannot be read or written, and systems that do not say all that Linux says."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.sweep import sweep_folder as sweep_folder
from coercivity.experiments.sweep.chunk_claims import Claim
from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.export import export, outcome_spreads, recompute_row
from coercivity.experiments.sweep.finished_parts import read_sweep
from coercivity.experiments.sweep.sweep_folder import open_sweep, prepare_sweep
from coercivity.experiments.sweep.worker import work_on
from coercivity.experiments.worlds import atomic
from coercivity.experiments.worlds.atomic import SweepStopped
from coercivity.model.basis.errors import InputError
from tests.experiments.sweep_faults import design, left_over


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    return prepare_sweep(load_design(design(12)), tmp_path / "out", chunk=4).folder


def failing(number: int) -> Any:
    def fail(*_: Any, **how: Any) -> Any:
        raise OSError(number, os.strerror(number))

    return fail


def test_a_folder_in_which_nothing_is_done_gives_empty_tables(begun: Path, tmp_path: Path) -> None:
    assert outcome_spreads(begun) == []
    assert len(read_sweep(begun)) == 0
    assert list(read_sweep(begun, ["run", "firms_stopped"]).columns) == ["run", "firms_stopped"]
    assert export(begun, tmp_path / "all.csv")[1:] == (0, 12)
    assert (tmp_path / "all.csv").read_text(encoding="utf-8").startswith('"run","scenario","seed"')


def test_export_says_where_it_cannot_write(
    begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="lies in a folder that is not there; make it first"):
        export(begun, tmp_path / "none" / "all.csv")
    monkeypatch.setattr("coercivity.experiments.sweep.export.write_whole", failing(errno.ENOSPC))
    with pytest.raises(InputError, match=r"cannot be written \(No space .*\); give a place where"):
        export(begun, tmp_path / "all.csv")


def test_a_run_that_is_none_of_them_and_one_that_cannot_be_computed(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(
        InputError, match="run 12 is none of the 12 runs of this sweep; use 0 to 11"
    ):
        recompute_row(begun, 12)
    monkeypatch.setattr("coercivity.experiments.sweep.export.evaluate", failing(errno.ESTALE))
    with pytest.raises(SweepStopped, match=r"run 3 cannot be computed \(OSError: .*Stale file"):
        recompute_row(begun, 3)


def test_a_folder_that_cannot_be_read(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_bytes", failing(errno.EACCES))
    line = r"cannot be read \(Permission denied\); give a folder where you may read"
    with pytest.raises(InputError, match=line):
        open_sweep(begun)
    with pytest.raises(InputError, match=line):
        prepare_sweep(load_design(design(12)), begun)


def test_of_two_commands_begun_together_the_second_joins_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, asked, look = tmp_path / "out", load_design(design(12)), sweep_folder._check_new
    first: list[Any] = []

    def late(path: Path, shown: Any) -> None:
        (path / "parts").mkdir(parents=True)
        atomic.hidden_name(path / "parts" / "probe", "tmp").touch()
        look(path, shown)
        monkeypatch.setattr(sweep_folder, "_check_new", look)
        first.append(prepare_sweep(asked, out, chunk=4))
        look(path, shown)

    monkeypatch.setattr(sweep_folder, "_check_new", late)
    second = prepare_sweep(asked, out)
    assert first
    assert (second.chunk, second.fingerprint) == (4, first[0].fingerprint)


def test_a_place_where_no_claim_can_be_made(begun: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Claim, "take", failing(errno.EROFS))
    line = (
        r"part-00000\.parquet cannot be written \(Read-only file system\): 0 of 3 chunks are safe"
    )
    with pytest.raises(SweepStopped, match=line):
        work_on(begun, [0])
    monkeypatch.setattr("coercivity.experiments.sweep.worker.inspect_parts", failing(errno.ESTALE))
    line = r"folder '.*out' cannot be read or written \(Read-only file system\); mend it and run"
    with pytest.raises(SweepStopped, match=line):
        work_on(begun, [0])
    assert not left_over(begun)


def test_chunks_have_1_to_5000_runs(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--chunk '5001' does not fit; .* from 1 to 5000"):
        prepare_sweep(load_design(design(12)), tmp_path / "out", chunk=5_001)
    assert not (tmp_path / "out").exists()


def test_a_design_is_a_path_or_a_mapping(tmp_path: Path) -> None:
    wanted = r"design '3' is a int; give a name, the path of a \.yaml file or a mapping"
    with pytest.raises(InputError, match=wanted):
        load_design(3)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is not there; give the path"):
        load_design(tmp_path / "none.yaml")
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory\)"):
        load_design(tmp_path)


# ---------------------------------------------------------------- systems that say less


def test_a_system_without_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    here = atomic.machine()

    def without_proc(real: Any) -> Any:
        def asked(path: Any, *rest: Any, **more: Any) -> Any:
            is_proc = str(path).startswith("/proc/")
            return failing(errno.ENOENT)() if is_proc else real(path, *rest, **more)

        return asked

    monkeypatch.setattr(Path, "read_text", without_proc(Path.read_text))
    monkeypatch.setattr(os, "stat", without_proc(os.stat))
    for function in (atomic.machine, atomic.boot):
        function.cache_clear()
    try:
        assert atomic.boot() == ""
        assert here.startswith(atomic.machine())
        assert here != atomic.machine()
        assert atomic.process_start(os.getpid()) == ""
        assert atomic.process_start(2**22 + 1) is None
        assert atomic.process_start(10**30) is None
        monkeypatch.setattr(os, "getpgid", failing(errno.EPERM))  # somebody else's
        assert atomic.process_start(1) == ""
    finally:
        monkeypatch.undo()
        for function in (atomic.machine, atomic.boot):
            function.cache_clear()


def test_what_was_asked_of_a_table_that_has_changed_since(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = "coercivity.experiments.sweep.design.Design.fingerprint"
    monkeypatch.setattr(now, lambda self: "0123456789abcdef")
    sweep_folder._open_description.cache_clear()
    with pytest.raises(InputError, match="now makes 0123456789abcdef; put the files back as they"):
        open_sweep(begun)
    sweep_folder._open_description.cache_clear()
