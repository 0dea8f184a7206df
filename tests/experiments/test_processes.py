"""Processes that work for another end with it, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from coercivity.experiments.worlds.processes import map_tasks
from coercivity.model.basis.errors import InputError, suggest
from tests.names import STATES

PATIENCE = 120.0  # seconds, of a machine that has much else to do

SPIN = """
    import os
    from pathlib import Path

    def spin(folder):
        Path(folder, str(os.getpid())).touch()
        while True:
            sum(range(1000))
"""

PARENT = """
    import time
    from spin import spin
    from coercivity.experiments.worlds.processes import helpers

    with helpers(2) as pool:
        for _ in range(2):
            pool.submit(spin, {folder!r})
        time.sleep(600)
"""

# as one writes a first script: nothing stands under `if __name__ == "__main__"`
SCRIPT = """
    import coercivity

    print("begun")
    runs = coercivity.run_worlds("japan-2026-from-2024", [1, 2], months=2, workers=2)
    print(*(run.seed for run in runs))
    elsewhere = coercivity.run("gallium-germanium-2023", months=2, data="gallium-germanium")
    print(elsewhere.scenario.data)
"""


def until(what: str, condition: object) -> None:
    assert callable(condition)
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen within {PATIENCE:.0f} s"
        time.sleep(0.02)


def lives(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked after does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return False


def refuse(task: int) -> None:
    raise InputError(
        "{field} '{value}' is not known", suggest("Jpan", STATES), field="actor", value=task
    ).within("act")


def test_what_another_process_refuses_comes_with_its_sentences_and_fields() -> None:
    errors = []
    for workers in (1, 2):
        with pytest.raises(InputError) as caught:
            map_tasks(refuse, [1, 2], workers)
        errors.append(caught.value)
    here, there = errors
    assert type(there) is type(here)
    assert str(there) == str(here)
    assert vars(there) == vars(here)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks at /proc")
def test_busy_helpers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "workers"
    folder.mkdir()
    script = tmp_path / "parent.py"
    script.write_text(textwrap.dedent(PARENT).format(folder=str(folder)), encoding="utf-8")
    (tmp_path / "spin.py").write_text(textwrap.dedent(SPIN), encoding="utf-8")
    parent = subprocess.Popen([sys.executable, str(script)])
    try:
        until("two helpers at work", lambda: len(list(folder.iterdir())) == 2)
        workers = [int(path.name) for path in folder.iterdir()]
        assert all(lives(pid) for pid in workers)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        until("the end of both helpers", lambda: not any(lives(pid) for pid in workers))
    finally:
        parent.kill()


def test_a_script_asks_without_a_guard(tmp_path: Path) -> None:
    script = tmp_path / "acts_in_force.py"
    script.write_text(textwrap.dedent(SCRIPT), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert told.stdout.splitlines() == ["begun", "1 2", "gallium-germanium"], told.stderr
    assert told.stderr == ""
