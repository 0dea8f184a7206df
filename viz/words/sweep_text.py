"""What a terminal says of a sweep: how far it is, and what was submitted to a cluster."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from coercivity.experiments.sweep.sbatch import LOGS

if TYPE_CHECKING:
    from coercivity.experiments.sweep.progress import Progress
    from coercivity.experiments.sweep.slurm import Submission


def progress_line(progress: Progress) -> str:
    """One line for a terminal."""
    rate = "" if progress.rate is None else f", {progress.rate:,.3g} runs/s"
    failed = f", {progress.failed} failed" if progress.failed else ""
    left = "" if progress.done >= progress.total else f", {left_in_words(progress.left)}"
    return f"{progress.done:,} of {progress.total:,} runs{failed}{rate}{left}"


def duration_in_words(seconds: float) -> str:
    """A length of time with two figures at most: 40 s, 12 min, 3.5 h, 2 days."""
    for unit, size in (("days", 86_400.0), ("h", 3_600.0), ("min", 60.0)):
        if seconds >= 2 * size:
            return (
                f"{seconds / size:.2g} {unit}"
                if seconds / size < 10
                else f"{seconds / size:.0f} {unit}"
            )
    return f"{seconds:.0f} s"


def left_in_words(left: tuple[float, float] | None) -> str:
    """The time left as a user reads it."""
    if left is None:
        return "estimating the time left"
    low, high = duration_in_words(left[0]), duration_in_words(left[1])
    return f"about {high} left" if low == high else f"{low} to {high} left"


def submission_lines(submission: Submission) -> list[str]:
    """What was submitted, and how to watch, end and resume it."""
    folder = submission.directory
    if not submission.missing:
        return [
            f"Nothing is missing: all {submission.chunks} chunks are in {folder}. "
            "Nothing was submitted."
        ]
    work = (
        f"{submission.missing} of {submission.chunks} chunks are missing, for {submission.tasks} "
        f"task{'s' if submission.tasks > 1 else ''}"
    )
    if submission.job is None:
        return [
            f"Wrote {submission.script} and submitted nothing: {work}.",
            f"Read it, edit it, then: sbatch {shlex.quote(str(submission.script))}",
        ]
    return [
        f"Submitted job {submission.job}: {work}.",
        f"Watch:   squeue --job {submission.job}    or    coercivity sweep status "
        f"{shlex.quote(str(folder))}",
        f"Logs:    {folder / LOGS}",
        f"End it:  scancel {submission.job}",
        "Resume:  the same command again; what is done is skipped.",
    ]
