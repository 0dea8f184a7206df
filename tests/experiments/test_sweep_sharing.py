"""Several commands in one folder: each chunk is done by one, and a killed one stops nobody."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.sweep import chunk_claims
from coercivity.experiments.sweep.chunk_claims import (
    SILENT,
    ChunkTaken,
    Claim,
    claim_path,
    evict,
    holders,
    iterate_until_done,
    writers,
)
from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.layout import seal_content
from coercivity.experiments.sweep.progress import Progress
from coercivity.experiments.sweep.run_sweep import run_sweep
from coercivity.experiments.sweep.sweep_folder import Sweep, prepare_sweep
from coercivity.experiments.sweep.worker import work_on
from coercivity.experiments.worlds import atomic
from tests.experiments.sweep_faults import computed, design, left_over, parts, working

ROOT = Path(__file__).parents[2]
RUNS = 30  # in chunks of 5


def another(
    folder: Path, place: Path, parties: int = 1, stop_at: int = -1
) -> subprocess.Popen[bytes]:
    """Another command at the sweep in *folder*, which writes down in *place* what it computes."""
    place.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.experiments.sweep_faults", str(folder), str(RUNS)]
    command += ["noted", str(place), str(parties), str(stop_at)]
    return subprocess.Popen(command, cwd=ROOT)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The parts of a sweep that nothing disturbed."""
    out = tmp_path_factory.mktemp("calm") / "out"
    run_sweep(design(RUNS), out, workers=1, chunk=5, work=working())
    return parts(out)


def until(true: Any) -> None:
    deadline = time.monotonic() + 120.0
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def sweep(tmp_path: Path) -> Sweep:
    return prepare_sweep(load_design(design(RUNS)), tmp_path / "out", chunk=5)


def foreign(sweep: Sweep, chunk: int, **changes: Any) -> Path:
    """A claim of a process of another machine."""
    path = claim_path(sweep.folder, chunk)
    other = {"machine": "node7-1f", "boot": "b", "process": 12, "born": "3", "made": 1}
    path.write_text(seal_content(other | changes), encoding="utf-8")
    return path


# ---------------------------------------------------------------- real commands


def test_two_commands_in_one_folder_do_each_run_once(
    tmp_path: Path, calm: dict[str, bytes]
) -> None:
    two = [another(tmp_path / "out", tmp_path / "place", parties=2) for _ in range(2)]
    assert [one.wait(120) for one in two] == [0, 0]
    did = computed(tmp_path / "place")
    assert len(did) == 2  # they met at their first runs, so both were at it at one time
    assert sorted(run for runs in did.values() for run in runs) == list(range(RUNS))
    assert parts(tmp_path / "out") == calm
    assert not left_over(tmp_path / "out")


def test_the_chunk_of_a_killed_command_is_taken_over_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calm: dict[str, bytes]
) -> None:
    place = tmp_path / "place"
    killed = another(tmp_path / "out", place, stop_at=12)
    until((place / "stopped").exists)
    killed.kill()  # and nobody asks what became of it: it stays as a zombie
    os.waitid(os.P_PID, killed.pid, os.WEXITED | os.WNOWAIT)
    try:
        assert claim_path(tmp_path / "out", 2).exists()
        monkeypatch.setattr(chunk_claims, "PAUSE", -1.0)  # no sleep takes that: it must not wait
        resumed = run_sweep(design(RUNS), tmp_path / "out", workers=1, work=working())
    finally:
        killed.wait()
    assert (resumed.computed, resumed.missing) == (20, 0)
    assert parts(tmp_path / "out") == calm
    assert not left_over(tmp_path / "out")


def test_a_pool_waits_for_another_command_and_takes_over_when_that_dies(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], calm: dict[str, bytes]
) -> None:
    place, out = tmp_path / "place", tmp_path / "out"
    killed = another(out, place, stop_at=2)
    until((place / "stopped").exists)

    def progress(moment: Progress) -> None:
        if moment.chunks_done == 5 and killed.poll() is None:
            killed.kill()
            killed.wait()

    done = run_sweep(design(RUNS), out, workers=2, progress=progress, work=working())
    assert (done.computed, done.missing, done.problems) == (RUNS, 0, ())
    assert computed(place)[killed.pid] == [0, 1, 2]  # lost with it, and done again
    other = f"{atomic.machine()} process {killed.pid}"
    assert f"another command is at this sweep, too ({other})" in capfd.readouterr().err
    assert parts(out) == calm
    assert not left_over(out)


# ---------------------------------------------------------------- whose claim counts


def test_a_chunk_of_another_machine_comes_last_and_is_waited_for(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, waits = foreign(sweep, 1), list[float]()

    def sleep(seconds: float) -> None:
        waits.extend([seconds] * (seconds == chunk_claims.PAUSE))
        if len(waits) == 3:  # it has not given a sign for long
            old = time.time() - SILENT - 10.0
            os.utime(path, (old, old))

    monkeypatch.setattr("coercivity.experiments.sweep.chunk_claims.time.sleep", sleep)
    written = work_on(sweep, range(6), evaluate=working().keywords["evaluate"])
    assert [note.chunk for note in written] == [0, 2, 3, 4, 5, 1]
    assert len(waits) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert "chunk 1 is being computed by node7-1f process 12; waiting for it, or for 300 s" in line
    assert not left_over(sweep.folder)


def test_without_waiting_the_one_who_is_at_it_is_named(sweep: Sweep) -> None:
    foreign(sweep, 1)
    with pytest.raises(ChunkTaken) as caught:
        work_on(sweep, [1], wait=False)
    assert (caught.value.chunk, caught.value.holder) == (1, "node7-1f process 12")
    assert holders(sweep) == {1: "node7-1f process 12"}


def test_a_claim_of_this_machine_counts_while_its_process_is_the_same(sweep: Sweep) -> None:
    here = {
        "machine": atomic.machine(),
        "boot": atomic.boot(),
        "process": os.getpid(),
        "born": atomic.process_start(os.getpid()),
    }
    foreign(sweep, 0, **here)
    foreign(sweep, 1, **{**here, "born": "1"})  # the number has been given to a new process
    foreign(sweep, 2, **{**here, "process": 2**22 + 1})  # more than there can be
    foreign(sweep, 3, **{**here, "boot": "another"})  # perhaps another machine of that name
    foreign(sweep, 4, **{**here, "process": "x"})
    assert sorted(holders(sweep)) == [0, 3]


def test_a_claim_that_cannot_be_read_counts_until_it_is_old(sweep: Sweep) -> None:
    path = claim_path(sweep.folder, 1)
    path.write_bytes(b"")
    assert holders(sweep) == {1: "another process"}
    with pytest.raises(ChunkTaken, match="another process"):
        Claim(sweep, 1).take()
    os.utime(path, (1, 1))
    claim = Claim(sweep, 1)
    claim.take()
    assert path.read_text(encoding="utf-8") == claim.text


def test_who_has_a_chunk_gives_signs_and_lets_go_of_its_own_only(sweep: Sweep) -> None:
    claim, path = Claim(sweep, 1, every=0.0), claim_path(sweep.folder, 1)
    claim.take()
    os.utime(path, (1, 1))
    claim.sign(3)
    assert path.stat().st_mtime > 1
    assert [(one.chunk, one.done, one.process) for one in writers(sweep)] == [(1, 3, os.getpid())]
    foreign(sweep, 1)  # we stood still too long, and another took it
    claim.sign(4)
    claim.drop()
    assert holders(sweep) == {1: "node7-1f process 12"}
    path.unlink()
    claim.drop()  # nothing to let go of
    assert not left_over(sweep.folder)


def test_of_two_that_take_over_one_claim_only_one_has_it(sweep: Sweep) -> None:
    path = foreign(sweep, 1)
    stale = path.read_bytes()
    fresh = Claim(sweep, 1)
    path.unlink()
    fresh.take()
    evict(path, stale)  # judged the old one, and comes late
    assert path.read_text(encoding="utf-8") == fresh.text
    assert left_over(sweep.folder) == [path.name]


def test_a_chunk_that_was_finished_between_look_and_claim_is_not_computed(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluate, take = working().keywords["evaluate"], Claim.take

    def late(self: Claim) -> None:
        monkeypatch.setattr(Claim, "take", take)
        assert len(work_on(sweep, [self.chunk], evaluate=evaluate)) == 1
        self.take()

    monkeypatch.setattr(Claim, "take", late)
    assert work_on(sweep, [0], evaluate=evaluate) == []
    assert not left_over(sweep.folder)


# ---------------------------------------------------------------- exactly one can make a file


def test_of_several_only_one_makes_a_file(tmp_path: Path) -> None:
    path = tmp_path / "one"
    assert [atomic.claim_new(path, text) for text in "abc"] == [True, False, False]
    assert path.read_text(encoding="utf-8") == "a"
    assert list(tmp_path.iterdir()) == [path]


def test_also_on_a_disk_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: Any) -> None:
        raise OSError(errno.EOPNOTSUPP, "not here")

    monkeypatch.setattr(os, "link", link)
    for make in (atomic.claim_new, atomic.write_new):
        path = tmp_path / make.__name__
        assert [make(path, text) for text in "abc"] == [True, False, False]
        assert path.read_text(encoding="utf-8") == "a"
    assert len(list(tmp_path.iterdir())) == 2


def test_those_that_are_taken_come_again_after_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("coercivity.experiments.sweep.chunk_claims.time.sleep", waits.append)
    tried: list[int] = []

    def attempt(chunk: int) -> int:
        tried.append(chunk)
        if chunk == 0 and tried.count(0) < 4:
            raise ChunkTaken(0, "somebody")
        return 10 * chunk

    said: list[str] = []
    assert list(iterate_until_done([0, 1, 2], attempt, said.append)) == [(1, 10), (2, 20), (0, 0)]
    assert tried == [0, 1, 2, 0, 0, 0]
    assert len(waits) == 2
    assert len(said) == 1


def test_claims_come_and_go_faster_than_one_can_look(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunk_claims, "claim_new", lambda path, text: False)
    with pytest.raises(ChunkTaken, match="several others"):
        Claim(sweep, 1).take()
