"""The check of a submission: its steps fit the time that it has, and it tells what each took."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

CI = Path(__file__).resolve().parents[1] / ".ci"
MINUTES = 90  # that a submission has


def check(steps: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run these steps as .ci/run runs its own."""
    script = f"set -euo pipefail\nwork={folder}\n. {CI}/steps.sh\n{steps}\necho all passed"
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)


def test_the_limits_of_the_steps_fit_the_time_of_a_submission() -> None:
    text = (CI / "run").read_text(encoding="utf-8")
    limits = [int(found) for found in re.findall(r"^run +(\d+) ", text, re.MULTILINE)]
    assert len(limits) == 10
    assert sum(limits) < MINUTES
    subprocess.run(["bash", "-n", str(CI / "run")], check=True)


def test_steps_run_in_their_order_and_tell_what_each_took(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    done = check(
        'one() { echo "the $1 step"; }; export -f one\nrun 1 A one first\nrun 1 B true', work
    )
    assert done.returncode == 0
    assert "the first step" in done.stdout
    assert "all passed" in done.stdout
    assert re.findall(r"^ +\d+ s  (.*)$", done.stdout, re.MULTILINE) == ["A", "B", "in all"]
    assert not work.exists()


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (
            "bad() { false; echo went on; }; export -f bad\nrun 1 B bad",
            "failed with exit code 1: B",
        ),
        (
            'timeout() { command timeout 0.1s "${@:3}"; }\nrun 1 B sleep 60',
            "longer than its 1 minutes: B",
        ),
    ],
    ids=["fails", "too long"],
)
def test_a_step_that_fails_or_takes_too_long_ends_the_check_and_the_times_are_told(
    step: str, said: str, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    done = check(f"run 1 A true\n{step}\nrun 1 C echo never", work)
    assert done.returncode == 1
    assert said in done.stderr
    assert "never" not in done.stdout
    assert "went on" not in done.stdout
    assert re.findall(r"^ +\d+ s  (.*)$", done.stdout, re.MULTILINE) == ["A", "B", "in all"]
    assert not work.exists()
