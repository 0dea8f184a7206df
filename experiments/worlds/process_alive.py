"""Whether a process of this machine lives, asked for without a signal: what is a question elsewhere
(`kill` with signal 0) ends processes on Windows.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from ctypes import wintypes
from typing import Any, Final

QUERY: Final = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
SYNCHRONIZE: Final = 0x0010_0000  # may be waited for
NO_SUCH_PROCESS: Final = 87  # ERROR_INVALID_PARAMETER
ENDED: Final = 0  # WAIT_OBJECT_0: who waits need not wait
MOST: Final = 2**32  # process ids of Windows are below it


def process_start_time(pid: int) -> str | None:
    """When a process of this machine began, in the system's own count; "" where it lives and that
    is not known, None where there is none. For systems that have no /proc.
    """
    if sys.platform == "win32":
        kernel = _kernel()
        return begun_on_windows(pid, kernel, ctypes.get_last_error)
    try:
        os.getpgid(pid)
    except (ProcessLookupError, OverflowError):
        return None
    except OSError:  # somebody else's
        return ""
    return ""


def begun_on_windows(pid: int, kernel: Any, last_error: Callable[[], int]) -> str | None:
    """The same by the functions of kernel32: a handle of the process, which others may hold longer
    than it lives, whether it has ended, and when it was created.
    """
    if not 0 < pid < MOST:
        return None
    handle = kernel.OpenProcess(QUERY | SYNCHRONIZE, False, pid)
    if not handle:
        return None if last_error() == NO_SUCH_PROCESS else ""
    try:
        if kernel.WaitForSingleObject(handle, 0) == ENDED:
            return None
        created, ended, system, user = (wintypes.FILETIME() for _ in range(4))
        times = (ctypes.byref(one) for one in (created, ended, system, user))
        if not kernel.GetProcessTimes(handle, *times):
            return ""
        return str((created.dwHighDateTime << 32) + created.dwLowDateTime)
    finally:
        kernel.CloseHandle(handle)


if sys.platform == "win32":

    def _kernel() -> Any:
        """kernel32, with handles as wide as they are."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = wintypes.HANDLE
        kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
        kernel.WaitForSingleObject.argtypes = (wintypes.HANDLE, wintypes.DWORD)
        kernel.GetProcessTimes.argtypes = (
            wintypes.HANDLE,
            *(4 * (ctypes.POINTER(wintypes.FILETIME),)),
        )
        kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
        return kernel
