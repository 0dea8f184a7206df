"""Sweeps on clusters: the sbatch file and its checks, Dask with a worker that is killed, and a real
SLURM with a task that is cancelled.
"""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from coercivity.experiments.sweep import dask_pool
from coercivity.experiments.sweep.design import Design, load_design
from coercivity.experiments.sweep.finished_parts import (
    Part,
    PartNote,
    missing_chunks,
    read_part,
    read_sweep,
)
from coercivity.experiments.sweep.layout import part_path
from coercivity.experiments.sweep.run_sweep import run_sweep
from coercivity.experiments.sweep.sbatch import Wishes
from coercivity.experiments.sweep.slurm import SCRIPT, share, submit
from coercivity.experiments.sweep.sweep_folder import Sweep, open_sweep, prepare_sweep
from coercivity.experiments.worlds.atomic import SweepStopped
from coercivity.viz.words.sweep_text import submission_lines
from tests.cluster.one_node import OneNode, absent, one_node
from tests.experiments.sweep_faults import working
from tests.refusal import refusal

Program = Callable[[str, str], Path]
HERE = {"processes": False, "protocol": "tcp://", "host": "127.0.0.1", "dashboard_address": None}
ODD = "a dir; 'odd' & $HOME %j é"  # a folder's name that a shell and SLURM would both like to read


def small(runs: int, months: int = 3) -> dict[str, Any]:
    """A design of small worlds."""
    asked = {"scenario": "japan-2026-from-2024", "months": months, "seeds": runs}
    outcomes = ["price_multiple_dy_japan", "output_lost_total"]
    return {**asked, "parameters": {"firms_per_sector": [1]}, "outcomes": outcomes}


@pytest.fixture
def design() -> Design:
    return load_design(small(12))


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Puts shell scripts in the place of all programs on the PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(name: str, text: str) -> Path:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    return put


def notes(sweep: Sweep) -> list[PartNote]:
    """The sidecars of the parts that count, in their order."""
    found = (read_part(sweep, chunk) for chunk in range(sweep.chunks))
    return [one.note for one in found if isinstance(one, Part)]


def equal_parts(one: Sweep, other: Sweep) -> bool:
    """Whether two sweeps have the same parts, byte for byte."""
    return one.chunks == other.chunks and all(
        part_path(one.folder, k).read_bytes() == part_path(other.folder, k).read_bytes()
        for k in range(one.chunks)
    )


# ---------------------------------------------------------------- the sbatch file


def test_the_file_is_plain_and_says_all_and_an_edited_one_is_kept(
    design: Design, tmp_path: Path
) -> None:
    place, size = {"partition": "long", "account": "rare_earths"}, {"tasks": 4, "memory": "500M"}
    wishes = Wishes(time="02:30:00", setup="module load python", **place, **size)
    done = submit(design, tmp_path / "sweep", wishes, dry_run=True, chunk=1)
    assert (done.job, done.tasks, done.missing, done.chunks) == (None, 4, 12, 12)
    text = done.script.read_text(encoding="utf-8")
    lines = text.splitlines()
    asked = {line.removeprefix("#SBATCH --") for line in lines if line.startswith("#SBATCH")}
    wanted = "array=0-3 nodes=1 ntasks=1 cpus-per-task=1 mem=500M time=02:30:00 partition=long"
    assert asked >= {*wanted.split(), "account=rare_earths", "requeue", "open-mode=append"}
    assert f'output="{tmp_path}/sweep/logs/task-%a.out"' in asked
    threads = next(at for at, line in enumerate(lines) if "OMP_NUM_THREADS=1" in line)
    assert lines.index("module load python") < threads
    worker = f'sweep worker {tmp_path}/sweep --task "$task" --tasks 4'
    assert lines[-1] == f"exec {shlex.quote(sys.executable)} -m coercivity {worker}"
    assert (tmp_path / "sweep" / "logs").is_dir()
    done.script.write_text(f"{text}# mine\n")
    submit(design, tmp_path / "sweep", wishes, dry_run=True)
    assert done.script.with_name(f"{SCRIPT}.before").read_text().endswith("# mine\n")
    assert "# mine" not in done.script.read_text()


def test_odd_names_reach_the_worker_as_they_are(
    design: Design, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: Program
) -> None:
    """The file is given to a real shell, with a program in the place of Python that prints its
    arguments one a line.
    """
    python = program("my python; exit 1", 'for one in "$@"; do echo "$one"; done')
    monkeypatch.setattr(sys, "executable", str(python))
    done = submit(design, tmp_path / ODD, Wishes(setup="echo from setup"), dry_run=True, chunk=6)

    def shell(**environment: str) -> Any:
        command = ["/bin/bash", done.script]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    worker = ["-m", "coercivity", "sweep", "worker", "DIR", "--task", "1", "--tasks", "2"]
    told = [str(tmp_path / ODD) if word == "DIR" else word for word in worker]
    assert shell(SLURM_ARRAY_TASK_ID="1").stdout.splitlines() == ["from setup", *told]
    # SLURM itself would read %j
    assert f"/{ODD.replace('%', '%%')}/logs/" in done.script.read_text(encoding="utf-8")
    assert shell().returncode != 0
    assert "submit this file with sbatch" in shell().stderr


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"tasks": 0}, "--tasks '0'"),
        ({"time": "04:30"}, "--time '04:30'"),  # to SLURM these are minutes, to most people hours
        ({"memory": "2"}, "--mem '2'"),
        ({"memory": "2G\n#SBATCH --uid=0"}, "--mem '2G #SBATCH --uid=0'"),
        ({"partition": "--wrap=x"}, "--partition '--wrap=x'"),
        ({"account": "x; rm -rf /"}, "--account 'x; rm -rf /'"),
        ({"setup": "  "}, "--setup ''"),
    ],
)
def test_wishes_that_slurm_would_misread(wish: dict[str, Any], field: str) -> None:
    assert refusal(lambda: Wishes(**wish)).startswith(field)


def test_a_folder_that_the_file_cannot_name(design: Design, tmp_path: Path) -> None:
    assert "--out" in refusal(lambda: submit(design, tmp_path / 'a"b', Wishes(), dry_run=True))
    assert not any(tmp_path.iterdir())


# ---------------------------------------------------------------- submitting, with stand-ins for
# SLURM's programs


def test_without_sbatch_nothing_is_written(
    design: Design, tmp_path: Path, program: Program
) -> None:
    message = refusal(lambda: submit(design, tmp_path / "sweep", Wishes()))
    assert all(words in message for words in ("no sbatch", "--dry-run", "--workers"))
    assert not (tmp_path / "sweep").exists()


def test_submitted_once_then_only_what_is_missing(
    design: Design, tmp_path: Path, program: Program
) -> None:
    out, asked = tmp_path / "sweep", tmp_path / "asked"
    program("squeue", "exit 0")
    program("sbatch", f'echo "$@" >> "{asked}"; echo "17;cluster"')
    first = submit(design, out, Wishes(tasks=3), chunk=2)
    assert (first.job, first.tasks, first.missing) == ("17", 3, 6)
    said = "\n".join(submission_lines(first))
    assert "squeue --job 17" in said
    assert f"coercivity sweep status {out}" in said
    run_sweep(design, out, workers=1, work=working())
    second = submit(design, out, Wishes(tasks=3))
    assert (second.job, second.missing) == (None, 0)
    assert "Nothing is missing" in submission_lines(second)[0]
    assert asked.read_text().splitlines() == [f"--parsable {out}/{SCRIPT}"]


def test_slurms_refusals_are_one_line(design: Design, tmp_path: Path, program: Program) -> None:
    out, nowhere = tmp_path / "sweep", "Batch job submission failed: Invalid partition name"
    lost = "slurm_load_jobs error: Unable to contact slurm controller (connect failure)"
    program("sbatch", f"echo 'sbatch: error: {nowhere} specified' >&2; exit 1")
    for squeue, words in (
        ("echo 17; echo 17", "job 17 of this sweep is in the queue"),
        (f"echo '{lost}' >&2; exit 1", "Unable to contact slurm controller"),
        ("exit 0", f"{nowhere} specified"),
    ):
        assert not out.exists()
        program("squeue", squeue)
        assert words in refusal(lambda: submit(design, out, Wishes()))


def test_the_shares_of_all_tasks_are_all_chunks(design: Design, tmp_path: Path) -> None:
    """What was missing at submission is dealt evenly, whoever left it."""
    assert [share(tmp_path, task, 3, 8) for task in range(3)] == [[0, 3, 6], [1, 4, 7], [2, 5]]
    run_sweep(design, tmp_path / "sweep", workers=1, chunk=1, work=working())
    sweep = open_sweep(tmp_path / "sweep")
    for chunk in (1, 5, 6, 9):
        part_path(sweep.folder, chunk).unlink()
    assert submit(design, sweep.folder, Wishes(tasks=2), dry_run=True).tasks == 2
    shares = [share(sweep.folder, task, 2, sweep.chunks) for task in range(2)]
    assert [one[:2] for one in shares] == [[1, 6], [5, 9]]
    assert sorted(shares[0] + shares[1]) == list(range(12))
    assert "--task 2" in refusal(lambda: share(tmp_path, 2, 2, 12))


# ---------------------------------------------------------------- Dask


def test_wrong_dask_addresses() -> None:
    words = "--dask 'scheduler:8786' is not an address"
    assert words in refusal(lambda: dask_pool.check_address("scheduler:8786"))


def test_no_dask_scheduler_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed port, and one behind which somebody listens and says nothing: Dask's own client
    would wait for ever.
    """
    monkeypatch.setattr(dask_pool, "PATIENCE", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        assert "connection refused" in refusal(lambda: dask_pool.check_address(address))
        silent.listen()
        assert "no answer" in refusal(lambda: dask_pool.check_address(address))


def test_a_worker_with_other_packages_or_another_disk_writes_nothing(
    design: Design, tmp_path: Path
) -> None:
    sweep, ours = prepare_sweep(design, tmp_path / "sweep", chunk=6), dask_pool.packages()
    here, other, old = str(sweep.folder), str(tmp_path / "elsewhere"), {**ours, "numpy": "0.1"}
    assert "a worker has numpy " in refusal(lambda: dask_pool.do_chunk(here, 0, old))
    assert "elsewhere" in refusal(lambda: dask_pool.do_chunk(other, 0, ours))
    assert missing_chunks(sweep) == [0, 1]
    dask_pool.do_chunk(here, 0, ours)
    assert missing_chunks(sweep) == [1]


def test_a_cluster_does_what_is_missing_or_says_why_it_cannot(
    design: Design, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask's own, its workers in threads of this process."""
    pytest.importorskip("distributed")
    import distributed

    cluster, done = distributed.LocalCluster, list[int]()
    monkeypatch.setattr(distributed, "LocalCluster", lambda **asked: cluster(**asked | HERE))
    sweep = prepare_sweep(design, tmp_path / "sweep", chunk=6)
    with monkeypatch.context() as each:  # whoever looks finds another version than the last
        each.setattr(dask_pool, "packages", lambda look=count(): {"numpy": str(next(look))})
        with pytest.raises(SweepStopped, match=r"InputError: a worker has numpy .* 0 of 2 chunks"):
            dask_pool.run_on_dask(sweep, "local", workers=1)
    monkeypatch.setattr(dask_pool, "LOOK", 0.0)
    dask_pool.run_on_dask(sweep, "local", done.append, workers=1)
    assert (done, missing_chunks(sweep)) == ([6, 6], [])
    dask_pool.run_on_dask(sweep, "nowhere")  # nothing is missing: nobody is asked
    with cluster(n_workers=0, **HERE) as nobody:
        there = nobody.scheduler_address
        assert f"no workers; start some first: dask worker {there}" in refusal(
            lambda: dask_pool.check_address(there)
        )
        part_path(sweep.folder, 1).unlink()
        nobody.scale(1)
        nobody.wait_for_workers(1)
        dask_pool.run_on_dask(sweep, there)
    assert missing_chunks(sweep) == []


class Deserted:
    """A cluster whose workers are gone: nothing ends, and each look is counted."""

    looks = 0

    def __init__(self, status: str) -> None:
        self.status = status

    def submit(self, *args: Any, **kwargs: Any) -> Any:
        return Pending()

    def nthreads(self) -> dict[str, int]:
        self.looks += 1
        raise TimeoutError

    def cancel(self, futures: list[Any]) -> None:
        pass


@pytest.mark.parametrize(
    ("status", "why"),
    [("running", "no workers for 60 s"), ("closed", "lost the scheduler at tcp://nowhere:1")],
)
def test_without_workers_it_is_given_up_after_one_wait_and_few_looks(
    design: Design, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: str, why: str
) -> None:
    sweep, client = prepare_sweep(design, tmp_path / "sweep", chunk=6), Deserted(status)
    monkeypatch.setattr(dask_pool, "DESERTED", 0.6)
    monkeypatch.setattr(dask_pool, "LOOK", 0.1)
    monkeypatch.setattr(dask_pool, "check_address", lambda address: None)
    monkeypatch.setattr(dask_pool, "_client", lambda *args: nullcontext(client))
    rounds = []
    one = dask_pool._round
    monkeypatch.setattr(dask_pool, "_round", lambda *args: rounds.append(1) or one(*args))
    with pytest.raises(SweepStopped, match=f"{why}; 0 of 2 chunks are safe"):
        dask_pool.run_on_dask(sweep, "tcp://nowhere:1")
    assert len(rounds) == 1
    assert client.looks <= 6


class Pending:
    status = "pending"


@pytest.mark.slow
def test_a_killed_dask_worker_loses_nothing(
    design: Design, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Dask tells of every worker it loses; a sweep goes on."""
    run_sweep(design, tmp_path / "here", workers=1, chunk=1)
    sweep = prepare_sweep(design, tmp_path / "dask", chunk=1)
    done: list[int] = []

    def kill_the_first(runs: int) -> None:
        done.append(runs)
        if len(done) == 1:
            os.kill(notes(sweep)[0].process, signal.SIGKILL)

    dask_pool.run_on_dask(sweep, "local", kill_the_first, workers=2)
    assert sum(done) >= 12
    assert missing_chunks(sweep) == []
    assert len({note.process for note in notes(sweep)} - {os.getpid()}) >= 2
    assert equal_parts(sweep, open_sweep(tmp_path / "here"))
    assert "distributed" not in capfd.readouterr().err


# ---------------------------------------------------------------- a real SLURM with one node


@pytest.fixture(scope="module")
def slurm() -> Iterator[OneNode]:
    """A running SLURM; a skip, or with COERCIVITY_REQUIRE=slurm a failure, where its daemons are
    absent.
    """
    if reason := absent():
        if "slurm" in os.environ.get("COERCIVITY_REQUIRE", "").split(","):
            pytest.fail(f"{reason}, and COERCIVITY_REQUIRE names slurm", pytrace=False)
        pytest.skip(reason)
    with one_node() as running:
        yield running


@pytest.fixture
def sweep_submit(slurm: OneNode, tmp_path: Path) -> Callable[..., Any]:
    """Submits a design of so many runs to DIR/out as a user of that cluster."""

    def call(runs: int, months: int, out: str, **wishes: object) -> Any:
        asked = tmp_path / "design.yaml"
        asked.write_text(yaml.safe_dump(small(runs, months=months)))
        options = [word for name, one in wishes.items() for word in (f"--{name}", str(one))]
        command = [sys.executable, "-m", "coercivity", "sweep", "submit", asked, "--slurm"]
        return subprocess.run(
            [*command, "--out", tmp_path / out, "--mem", "500M", *options],
            env=slurm.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    return call


def job_of(submitted: Any) -> str:
    found = re.search(r"Submitted job (\d+)", submitted.stdout)
    assert found, submitted.stderr
    return found[1]


def until(ready: Callable[[], object], seconds: float = 240.0) -> None:
    """Wait for it, not for ever."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


@pytest.mark.cluster
def test_a_cancelled_task_is_made_good_by_submitting_again(
    slurm: OneNode, sweep_submit: Callable[..., Any], tmp_path: Path
) -> None:
    """An array of four, task 1 cancelled in the middle of its share, the same command again: every
    run once, equal to a sweep on this machine.
    """
    out = tmp_path / ODD

    def submitted() -> Any:
        wishes = {"tasks": 4, "chunk": 6, "time": "00:20:00", "setup": "echo began"}
        return sweep_submit(168, 12, ODD, **wishes)

    def idle() -> bool:
        return slurm.ask("squeue", "--noheader") == ""

    first = submitted()
    assert "28 of 28 chunks are missing, for 4 tasks" in first.stdout, first.stderr
    mine = share(out, 1, 4, 28)
    until(lambda: part_path(out, mine[0]).is_file())
    slurm.ask("scancel", f"{job_of(first)}_1")
    until(idle)
    # the other three did theirs, the cancelled one a part of its own, and what is there is whole:
    # `missing_chunks` has compared every part with its sum
    sweep = open_sweep(out)
    missing = missing_chunks(sweep)
    assert missing
    assert set(missing) < set(mine)
    assert len(list((out / "parts").glob("*.parquet"))) == 28 - len(missing)

    assert f"{len(missing)} of 28 chunks are missing" in submitted().stdout
    until(lambda: not missing_chunks(sweep))
    until(idle)
    assert "Nothing is missing" in submitted().stdout
    rows = read_sweep(out, complete=True)
    assert rows["run"].tolist() == list(range(168))
    assert (rows["status"] == "done").all()
    assert not [path for path in (out / "parts").iterdir() if path.name.startswith(".")]
    run_sweep(load_design(tmp_path / "design.yaml"), tmp_path / "here", workers=2, chunk=6)
    assert equal_parts(sweep, open_sweep(tmp_path / "here"))
    assert "began" in (out / "logs" / "task-1.out").read_text()
