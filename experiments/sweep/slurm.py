"""A sweep as a SLURM job array: one readable sbatch file, submitted; submitting again does what is
still missing.

No process of ours stays behind on the login node and no port is opened: the tasks and the folder
are all there is. The chunks that were missing at submission are dealt to the tasks in turn
(`submit.json` holds them), and a task skips those that exist by then, so a task that is cancelled,
requeued or cut off by its time limit loses at most the chunk it was in.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from coercivity.experiments.sweep.layout import read_sealed, seal_content
from coercivity.experiments.sweep.sbatch import (
    LOGS,
    SCRIPT,
    Wishes,
    check_folder,
    job_name,
    script_text,
)
from coercivity.experiments.worlds.atomic import write_text
from coercivity.model.basis.errors import InputError, Phrase, shorten

if TYPE_CHECKING:
    from coercivity.experiments.sweep.design import Design

PLAN: Final = "submit.json"
TASKS: Final = 16  # unless --tasks says otherwise; never more than there are chunks missing
PATIENCE: Final = 60  # seconds that sbatch and squeue may take to answer


@dataclass(frozen=True)
class Submission:
    """What `submit` did: the file, SLURM's job id (None: nothing was submitted), tasks, chunks
    still missing, chunks in all.
    """

    directory: Path
    job: str | None
    tasks: int
    missing: int
    chunks: int

    @property
    def script(self) -> Path:
        """The sbatch file."""
        return self.directory / SCRIPT


def submit(
    design: Design,
    directory: str | Path,
    wishes: Wishes,
    dry_run: bool = False,
    chunk: int | None = None,
) -> Submission:
    """Prepare *directory* for *design*, write `submit.sbatch` for the chunks still missing, and
    submit it unless *dry_run*.

    InputError before anything is written: no sbatch on this machine, a folder that the file cannot
    name or that holds another design, tasks of this sweep still in the queue. InputError after it:
    sbatch refused (its message).
    """
    from coercivity.experiments.sweep.finished_parts import missing_chunks
    from coercivity.experiments.sweep.sweep_folder import prepare_sweep

    folder = check_folder(directory)
    if not dry_run:
        _check_nothing_queued(folder, find_sbatch())
    sweep = prepare_sweep(design, folder, chunk=chunk, workers=wishes.tasks or TASKS)
    missing = missing_chunks(sweep)
    tasks = min(wishes.tasks or TASKS, max(1, len(missing)))
    submission = Submission(folder, None, tasks, len(missing), sweep.chunks)
    if not missing:
        return submission
    (folder / LOGS).mkdir(exist_ok=True)
    write_text(folder / PLAN, seal_content({"missing": _spans(missing)}))
    _write_script(folder / SCRIPT, script_text(folder, tasks, wishes, len(missing), sweep.chunks))
    return submission if dry_run else replace(submission, job=_sbatch(folder / SCRIPT))


def share(directory: str | Path, task: int, tasks: int, chunks: int) -> list[int]:
    """Return the chunks (of 0 to chunks - 1) that fall to *task* of *tasks*, done or not; the
    shares of all tasks are all chunks, each once.

    This is what an array task hands to `work_on`: `coercivity sweep worker DIR --task K --tasks N`.

    Those that were missing at submission come first and are dealt in turn, so that a second
    submission spreads what the first one left.
    """
    if not 0 <= task < tasks:
        raise InputError(
            "--task {task} does not fit",
            "with --tasks {count} use a whole number from 0 to {high}",
            task=task,
            count=tasks,
            high=tasks - 1,
        )
    try:
        spans = read_sealed((Path(directory) / PLAN).read_bytes())["missing"]
    except FileNotFoundError:
        spans = []
    except (OSError, ValueError, KeyError):
        raise InputError(
            "{file} is damaged, or of another version",
            "end this job and submit the sweep again, which writes it anew",
            file=Path(directory) / PLAN,
        ) from None
    planned = [chunk for first, last in spans for chunk in range(first, last + 1) if chunk < chunks]
    known = set(planned)
    return [*planned, *(chunk for chunk in range(chunks) if chunk not in known)][task::tasks]


def find_sbatch() -> str:
    """Return the path of sbatch; InputError where there is none."""
    path = shutil.which("sbatch")
    if path is None:
        raise InputError(
            "there is no sbatch on this machine",
            "submit from a login node of the cluster, write the file only with "
            "--dry-run, or run the sweep here with: coercivity sweep run DESIGN --out "
            "DIR --workers N",
            where="--slurm",
        )
    return path


def _check_nothing_queued(folder: Path, sbatch: str) -> None:
    """Refuse to submit beside tasks of the same sweep: they would wait for each other's chunks."""
    squeue = shutil.which(
        "squeue", path=f"{Path(sbatch).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    )
    if squeue is None:
        return  # sbatch alone is unusual, and tasks that share a chunk do it once
    answer = _answer(
        [
            squeue,
            "--noheader",
            f"--name={job_name(folder)}",
            "--states=PENDING,CONFIGURING,RUNNING,SUSPENDED",
            "--format=%F",
        ]
    )
    if answer.returncode:
        raise InputError(
            "squeue does not answer ({answer})",
            "try again when SLURM is up, or write the file only with --dry-run",
            where="--slurm",
            answer=Phrase(_last_line(answer.stderr)),
        )
    jobs = sorted(set(answer.stdout.split()), key=int)
    if jobs:
        raise InputError(
            "job {jobs} of this sweep is in the queue",
            "wait for it, or end it: scancel {jobs}",
            where=f"--out '{folder}'",
            jobs=Phrase(" ".join(jobs)),
        )


def _sbatch(script: Path) -> str:
    """Submit the file and return the job id; InputError with SLURM's own words where it refuses."""
    answer = _answer([find_sbatch(), "--parsable", str(script)])
    job = answer.stdout.strip().partition(";")[0]  # "id" or "id;cluster"
    if answer.returncode or not job:
        raise InputError(
            "sbatch refused {script}: {answer} (mend the options, or edit the file and "
            "submit it yourself)",
            script=script,
            answer=Phrase(_last_line(answer.stderr)),
        )
    return job


def _answer(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no answer within {PATIENCE} s")


def _last_line(text: str) -> str:
    """The words that matter: SLURM ends with the reason, and begins each line with the program's
    name.
    """
    lines = [
        re.sub(r"^\w+: (error: )?", "", line.strip()) for line in text.splitlines() if line.strip()
    ]
    return shorten("; ".join(dict.fromkeys(lines)) or "no message", 300)


def _spans(chunks: Sequence[int]) -> list[list[int]]:
    """[3, 4, 5, 9] as [[3, 5], [9, 9]]."""
    spans: list[list[int]] = []
    for chunk in sorted(chunks):
        if spans and spans[-1][1] == chunk - 1:
            spans[-1][1] = chunk
        else:
            spans.append([chunk, chunk])
    return spans


def _write_script(path: Path, text: str) -> None:
    """Write the sbatch file; another one that is there, perhaps edited by the user, is kept beside
    it.
    """
    if path.is_file() and path.read_text(encoding="utf-8") != text:
        os.replace(path, path.with_name(f"{SCRIPT}.before"))
    write_text(path, text)
