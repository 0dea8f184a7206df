"""The text of the sbatch file of a sweep, and the checks of all that goes into it."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coercivity.experiments.worlds.threads import THREADS
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.inputs import path_of

SCRIPT: Final = "submit.sbatch"
LOGS: Final = "logs"
MAX_TASKS: Final = 100_000

_TIME = re.compile(r"(\d{1,3}-)?\d{1,3}:[0-5]\d:[0-5]\d", re.ASCII)
_MEMORY = re.compile(r"[1-9]\d{0,9}[KMGT]", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.,-]*")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]"
)  # all control characters but tab and new line, and bytes that are no text


@dataclass(frozen=True)
class Wishes:
    """What the user asks of SLURM for every task of the array, as written on the command line;
    checked when made (InputError).
    """

    tasks: int | None = None
    time: str = "01:00:00"  # hours:minutes:seconds, or days-hours:minutes:seconds
    memory: str = "2G"
    partition: str | None = None
    account: str | None = None
    # the user's own shell lines, run before the worker: module load ..., conda activate ...
    setup: str | None = None

    def __post_init__(self) -> None:
        """Refuse what SLURM would misread and what could begin a line of its own in the file."""
        if self.tasks is not None and not 1 <= self.tasks <= MAX_TASKS:
            raise InputError(
                "--tasks '{value}' does not fit",
                "use a whole number from 1 to {high}",
                value=self.tasks,
                high=MAX_TASKS,
            )
        if not _TIME.fullmatch(self.time) or not re.search("[1-9]", self.time):
            raise InputError(
                "--time '{value}' is not a time limit",
                "write hours:minutes:seconds, for example --time 02:00:00",
                value=self.time,
            )
        if not _MEMORY.fullmatch(self.memory):
            raise InputError(
                "--mem '{value}' is not an amount of memory",
                "write a number and K, M, G or T, for example --mem 2G",
                value=self.memory,
            )
        for option, value in (("--partition", self.partition), ("--account", self.account)):
            if value is not None and not _NAME.fullmatch(value):
                raise InputError(
                    "{option} '{value}' is not a name that SLURM can have",
                    "use letters, digits, _, . and -",
                    option=option,
                    value=value,
                )
        if self.setup is not None and (not self.setup.strip() or _CONTROL.search(self.setup)):
            raise InputError(
                "--setup '{value}' is not a shell command",
                "write for example --setup 'module load python'",
                value=self.setup,
            )


def check_folder(directory: str | Path) -> Path:
    """Return *directory* as an absolute path (links kept: they hold on all nodes); InputError where
    an sbatch file cannot name it.
    """
    folder = Path(os.path.abspath(path_of(directory, "--out")))
    if not str(folder).isprintable() or re.search(r'["\\]', str(folder)):
        raise InputError(
            "--out '{folder}' cannot be named in an sbatch file",
            'use a path without ", \\ and line breaks',
            folder=folder,
        )
    return folder


def job_name(folder: Path) -> str:
    """Return the name that all arrays of this folder have in the queue, and no other folder's."""
    words = re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.name).strip("-.")[:40] or "sweep"
    return f"coercivity-{words}-{hashlib.sha256(str(folder).encode()).hexdigest()[:8]}"


def script_text(folder: Path, tasks: int, wishes: Wishes, missing: int, chunks: int) -> str:
    """Return the text of the sbatch file; *folder* as `check_folder` returned it."""
    log = str(folder / LOGS).replace("%", "%%") + "/task-%a.out"  # SLURM fills in %a and the like
    extra = [
        f"#SBATCH --{name}={value}"
        for name, value in (("partition", wishes.partition), ("account", wishes.account))
        if value
    ]
    command = (
        f"exec {shlex.quote(sys.executable)} -m coercivity sweep worker "
        f'{shlex.quote(str(folder))} --task "$task" --tasks {tasks}'
    )
    lines = [
        "#!/bin/bash",
        (
            f"# A sweep of Coercivity as a job array: when this file was written {missing} of "
            f"{chunks} chunks were missing."
        ),
        (
            "# Each task does its share of them and writes one file per chunk; a chunk that "
            "exists is skipped, so submitting again resumes."
        ),
        f"# You may edit it and submit it yourself: sbatch {shlex.quote(str(folder / SCRIPT))}",
        (
            "# (`coercivity sweep submit` writes it anew and keeps the one before as "
            "submit.sbatch.before.)"
        ),
        "",
        f"#SBATCH --job-name={job_name(folder)}",
        (
            "# One number per task. `0-9%4` runs four at a time; where you change the last "
            "number, change --tasks below too."
        ),
        f"#SBATCH --array=0-{tasks - 1}",
        "#SBATCH --nodes=1",
        "#SBATCH --ntasks=1",
        "#SBATCH --cpus-per-task=1",
        f"#SBATCH --mem={wishes.memory}",
        f"#SBATCH --time={wishes.time}",
        *extra,
        (
            "# What a task says. A task that loses its node is queued again and goes on "
            "writing to the same log."
        ),
        f'#SBATCH --output="{log}"',
        "#SBATCH --open-mode=append",
        "#SBATCH --requeue",
        "",
        "set -e",
        *(["# your own set-up (--setup)", wishes.setup.strip()] if wishes.setup else []),
        "# one task, one core",
        f"export {' '.join(f'{name}=1' for name in THREADS)} PYTHONUNBUFFERED=1",
        'task="${SLURM_ARRAY_TASK_ID:?submit this file with sbatch}"',
        command,
    ]
    return "\n".join(lines) + "\n"
