"""Workers and parents killed with -9: every run is there once, as in an undisturbed sweep."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coercivity.experiments.sweep.finished_parts import read_sweep
from coercivity.experiments.sweep.run_sweep import run_sweep
from coercivity.experiments.sweep.worker import work_on
from tests.experiments.sweep_faults import design, left_over, parts, real_design, working

ROOT = Path(__file__).parents[2]


def start(folder: Path, runs: int, real: bool) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.experiments.sweep_faults", str(folder), str(runs)]
    return subprocess.Popen([*command, *(["real"] if real else [])], cwd=ROOT)


def workers_of(parent: int) -> list[int]:
    """Process ids of the workers of a sweep (its other child keeps track of shared resources)."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            state, above = (place / "stat").read_text().rpartition(")")[2].split()[:2]
            if (
                int(above) == parent
                and state != "Z"
                and b"spawn_main" in (place / "cmdline").read_bytes()
            ):
                found.append(int(place.name))
        except OSError:
            continue
    return sorted(found)


def gone(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def count(folder: Path) -> int:
    return len(list((folder / "parts").glob("part-*.json")))


def kill_at_random(folder: Path, runs: int, kills: int, seed: int, real: bool) -> tuple[int, int]:
    """Kill a worker or the parent at random moments until *kills* have hit; return how many of
    each. The sweep is started again when it is down.
    """
    luck, hit = random.Random(seed), {"worker": 0, "parent": 0}
    sweep = start(folder, runs, real)
    try:
        while sum(hit.values()) < kills:
            if luck.random() < 0.7:  # in mid-work; else also while workers are beginning
                written = count(folder)
                while sweep.poll() is None and count(folder) == written:
                    time.sleep(0.01)
            time.sleep(luck.uniform(0.0, 0.5))
            workers = workers_of(sweep.pid)
            assert sweep.poll() is None, f"over after {hit}, exit code {sweep.returncode}"
            if not workers:  # it is still beginning
                continue
            if luck.random() < 0.5:
                subprocess.run(["kill", "-9", str(luck.choice(workers))], check=True)
                hit["worker"] += 1
                continue
            sweep.kill()
            sweep.wait()
            hit["parent"] += 1
            deadline = time.monotonic() + 10.0
            while not all(map(gone, workers)):
                assert time.monotonic() < deadline, "workers go on after their parent was killed"
                time.sleep(0.02)
            sweep = start(folder, runs, real)
    finally:
        sweep.kill()
        sweep.wait()
    return hit["worker"], hit["parent"]


def check_nothing_lost(
    tmp_path: Path, runs: int, kills: int, seed: int, real: bool = False
) -> None:
    """Undisturbed or not, the parts are the same bytes; real: by the model itself, else by its
    stand-in.
    """
    asked, work = (real_design(runs), work_on) if real else (design(runs), working())
    workers, parents = kill_at_random(tmp_path / "killed", runs, kills, seed, real)
    assert workers + parents == kills
    assert workers > 0
    assert parents > 0
    resumed = run_sweep(asked, tmp_path / "killed", workers=1, work=work)
    assert resumed.computed < runs  # what was written before the last kill stays
    run_sweep(asked, tmp_path / "calm", workers=1, chunk=20, work=work)
    assert list(read_sweep(tmp_path / "killed")["run"]) == list(range(runs))
    assert parts(tmp_path / "killed") == parts(tmp_path / "calm")
    assert not left_over(tmp_path / "killed")


@pytest.mark.slow
def test_three_kills(tmp_path: Path) -> None:
    check_nothing_lost(tmp_path, runs=1_200, kills=3, seed=3)


@pytest.mark.slow
def test_five_kills_of_the_model(tmp_path: Path) -> None:
    check_nothing_lost(tmp_path, runs=2_000, kills=5, seed=5, real=True)


def test_a_run_that_ends_its_worker_each_time_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    done = run_sweep(design(40), tmp_path / "out", workers=2, chunk=5, work=working(deadly=17))
    assert (done.done, done.missing, done.ok) == (35, 5, False)
    (problem,) = done.problems
    assert problem.startswith("chunk 3 (5 runs) ended its worker 3 times, the last time at run 17,")
    assert "(signal 9, SIGKILL)" in problem
    assert not left_over(tmp_path / "out")
    assert run_sweep(design(40), tmp_path / "out", workers=1, work=working()).missing == 0
