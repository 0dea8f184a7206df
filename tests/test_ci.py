"""The check of a submission: its steps share the time that it has, and it tells what each took."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

CI = Path(__file__).resolve().parents[1] / ".ci"


def check(steps: str, folder: Path, budget: int = 1) -> subprocess.CompletedProcess[str]:
    """Run these steps as .ci/run runs its own."""
    script = f"set -euo pipefail\nwork={folder}\nbudget={budget}\n. {CI}/steps.sh\n"
    script += f"{steps}\necho all passed"
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)


def test_the_script_of_the_check_is_one_that_bash_reads() -> None:
    subprocess.run(["bash", "-n", str(CI / "run")], check=True)


def test_steps_run_in_their_order_and_tell_what_each_took(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    done = check('one() { echo "the $1 step"; }; export -f one\nrun A one first\nrun B true', work)
    assert done.returncode == 0
    assert "the first step" in done.stdout
    assert "all passed" in done.stdout
    assert re.findall(r"^ +\d+ s  (.*)$", done.stdout, re.MULTILINE) == ["A", "B", "in all"]
    assert not work.exists()


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("bad() { false; echo went on; }; export -f bad\nrun B bad", "failed with exit code 1: B"),
        (
            'timeout() { command timeout 0.1s "${@:4}"; }\nrun B sleep 60',
            "the 1 minutes of all steps ended in: B",
        ),
    ],
    ids=["fails", "too long"],
)
def test_a_step_that_fails_or_takes_too_long_ends_the_check_and_the_times_are_told(
    step: str, said: str, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    done = check(f"run A true\n{step}\nrun C echo never", work)
    assert done.returncode == 1
    assert said in done.stderr
    assert "never" not in done.stdout
    assert "went on" not in done.stdout
    assert re.findall(r"^ +\d+ s  (.*)$", done.stdout, re.MULTILINE) == ["A", "B", "in all"]
    assert not work.exists()
