"""Whether a process lives, on systems that are not this one."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from coercivity.experiments.worlds import process_alive

HANDLE = 77
ACCESS_DENIED = 5
TIMEOUT = 258


class Kernel:
    """kernel32 as far as it is asked. opens: whether there is a handle; ended: whether the process
    has ended; born: (high, low) of its creation, None where it is not told.
    """

    def __init__(
        self, opens: bool = True, ended: bool = False, born: tuple[int, int] | None = (1, 2)
    ) -> None:
        self.opens, self.ended, self.born = opens, ended, born
        self.open: list[int] = []
        self.asked: list[int] = []

    def OpenProcess(self, access: int, inherit: bool, pid: int) -> int | None:
        self.asked.append(pid)
        if self.opens:
            self.open.append(HANDLE)
        return HANDLE if self.opens else None

    def WaitForSingleObject(self, handle: int, milliseconds: int) -> int:
        assert (handle, milliseconds) == (HANDLE, 0)
        return process_alive.ENDED if self.ended else TIMEOUT

    def GetProcessTimes(self, handle: int, created: Any, *others: Any) -> bool:
        assert (handle, len(others)) == (HANDLE, 3)
        if self.born is not None:
            created._obj.dwHighDateTime, created._obj.dwLowDateTime = self.born
        return self.born is not None

    def CloseHandle(self, handle: int) -> None:
        self.open.remove(handle)


@pytest.mark.parametrize(
    ("kernel", "error", "found"),
    [
        (Kernel(), 0, str(2**32 + 2)),
        (Kernel(ended=True), 0, None),  # somebody holds a handle of it still
        (Kernel(born=None), 0, ""),
        (Kernel(opens=False), process_alive.NO_SUCH_PROCESS, None),
        (Kernel(opens=False), ACCESS_DENIED, ""),  # somebody else's
    ],
)
def test_windows_is_asked_by_a_handle(kernel: Kernel, error: int, found: str | None) -> None:
    assert process_alive.begun_on_windows(4321, kernel, lambda: error) == found
    assert kernel.asked == [4321]
    assert kernel.open == []


@pytest.mark.skipif(sys.platform == "win32", reason="as the others do it")
def test_elsewhere_a_process_is_asked_for_by_its_group() -> None:
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert (
        process_alive.process_start_time(os.getpid())
        == process_alive.process_start_time(other.pid)
        == ""
    )
    other.communicate(b"\n")
    assert process_alive.process_start_time(other.pid) is None
    assert process_alive.process_start_time(10**30) is None


def test_what_is_no_process_id_is_not_asked_for() -> None:
    for pid in (0, -5, 2**32):
        kernel = Kernel()
        assert process_alive.begun_on_windows(pid, kernel, lambda: 0) is None
        assert kernel.asked == []
