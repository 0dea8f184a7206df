"""Processes that work for another end with it, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from coercivity.experiments.worlds import processes
from coercivity.experiments.worlds.processes import each, helpers

PATIENCE = 120.0  # seconds, of a machine that has much else to do

PARENT = """
    import os, time
    from pathlib import Path
    from coercivity.experiments.worlds.processes import helpers

    def spin(folder):
        Path(folder, str(os.getpid())).touch()
        while True:
            sum(range(1000))

    if __name__ == "__main__":
        with helpers(2) as pool:
            for _ in range(2):
                pool.submit(spin, {folder!r})
            time.sleep(600)
"""


def until(what: str, condition: object) -> None:
    """Wait for an event, not for a time."""
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


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks at /proc")
def test_busy_helpers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "workers"
    folder.mkdir()
    script = tmp_path / "parent.py"
    script.write_text(textwrap.dedent(PARENT).format(folder=str(folder)), encoding="utf-8")
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


def test_answers_come_in_the_order_of_the_tasks() -> None:
    tasks = [3, -1, 2]
    assert each(abs, tasks, 1) == each(abs, tasks, 2) == [3, 1, 2]


def test_what_a_task_raises_is_raised_and_the_rest_is_dropped() -> None:
    with pytest.raises(ZeroDivisionError), helpers(1) as pool:
        pool.submit(divmod, 1, 0).result()


def test_a_helper_ends_when_its_parent_has_ended_and_not_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[object] = []
    monkeypatch.setattr(processes.os, "_exit", told.append)
    processes._wait_and_end(SimpleNamespace(join=lambda: told.append("the parent has ended")))
    assert told == ["the parent has ended", 1]
