"""Files that are there whole or not at all: written under another name in the same folder, then
renamed.

The other name says who writes (machine, process and thread), so that what a dead writer left can be
told from what a living one is writing, and no two write into one file.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import re
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from threading import get_native_id
from typing import Final

from coercivity.experiments.worlds.process_alive import process_start_time

FULL: Final = (errno.ENOSPC, errno.EDQUOT)
OLD: Final = 86_400.0  # seconds after which a file that nobody touches is nobody's
_OWNED: Final = re.compile(
    r"^\.(?P<name>.+)\.(?P<machine>[0-9a-z-]+)\.(?P<pid>\d+)(?:-\d+)?\.(?P<kind>tmp|busy)$"
)


class SweepStopped(RuntimeError):
    """A sweep cannot go on here for a reason outside the model (disk full, workers that die). One
    line; what was written is safe.
    """


@lru_cache(maxsize=1)
def machine() -> str:
    """Name of this machine as file names carry it: the host and, where there is one, the space in
    which process ids are counted.
    """
    host = re.sub(r"[^0-9a-z]+", "-", platform.node().lower()).strip("-") or "host"
    try:
        return f"{host[:40]}-{os.stat('/proc/self/ns/pid').st_ino:x}"
    except OSError:
        return host[:40]


def hidden_name(path: Path, kind: str) -> Path:
    """Name beside *path* under which this thread writes (kind tmp, will be renamed), or by which
    this process says that it is at it (busy).
    """
    who = f"{os.getpid()}-{get_native_id()}" if kind == "tmp" else f"{os.getpid()}"
    return path.with_name(f".{path.name}.{machine()}.{who}.{kind}")


def owner(name: str) -> tuple[str, str, int, str] | None:
    """(file, machine, process id, kind) of a name made by `hidden_name`; None for any other
    name.
    """
    match = _OWNED.match(name)
    return (match["name"], match["machine"], int(match["pid"]), match["kind"]) if match else None


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let *write* fill a file under another name, push it to the disk and rename it to *path*. An
    error leaves nothing behind.
    """
    hidden = hidden_name(path, "tmp")
    try:
        write(hidden)
        settle(hidden, path)
    finally:
        with contextlib.suppress(OSError):
            hidden.unlink()


def settle(hidden: Path, path: Path) -> None:
    """Push a finished file to the disk, rename it, and push the folder: after a power cut it is
    there whole or not at all.
    """
    push(hidden)
    os.replace(hidden, path)
    with contextlib.suppress(OSError):  # some file systems do not sync folders
        push(path.parent)


def push(path: Path) -> None:
    """Push a file, or the names in a folder, to the disk. Windows pushes only what is open for
    writing, and no folders.
    """
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    write_whole(path, lambda hidden: _write_file(hidden, text))


def write_new(path: Path, text: str) -> bool:
    """Write a text file whole and push it to the disk, unless there is one; return whether it is
    ours. Of several that try at once exactly one wins.
    """
    hidden = hidden_name(path, "tmp")
    try:
        _write_file(hidden, text)
        push(hidden)
        try:
            if not link_new(hidden, path):
                return False
        except NoLinks:
            if path.exists():
                return False
            os.replace(hidden, path)
        with contextlib.suppress(OSError):
            push(path.parent)
        return True
    finally:
        with contextlib.suppress(OSError):
            hidden.unlink()


class NoLinks(OSError):
    """A hard link cannot be made, as on file systems that know none."""


def link_new(hidden: Path, path: Path) -> bool:
    """Give a whole file its second name, unless there is one of that name; return whether it is
    ours. Raises NoLinks where that cannot be asked.
    """
    try:
        os.link(hidden, path)
    except FileExistsError:
        return os.stat(hidden).st_nlink > 1  # a network that lost the first answer asks twice
    except OSError as error:
        if error.errno in FULL:
            raise
        raise NoLinks(error.errno, error.strerror) from None
    return True


def claim_new(path: Path, text: str) -> bool:
    """Write a small text file unless there is one; return whether it is ours. Of several that try
    at once exactly one wins; it need not outlive a power cut.
    """
    hidden = hidden_name(path, "tmp")
    try:
        _write_file(hidden, text)
        return link_new(hidden, path)
    except NoLinks:
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
        except FileExistsError:
            return False
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        return True
    finally:
        with contextlib.suppress(OSError):
            hidden.unlink()


def _write_file(path: Path, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def is_writer_alive(machine_: str, pid: int, touched: float) -> bool:
    """Whether the writer of a file may still live: on this machine its process, on others whether
    the file was touched within a day.
    """
    if time.time() - touched > OLD:
        return False
    return machine_ != machine() or process_start(pid) is not None


def process_start(pid: int) -> str | None:
    """When a process of this machine began, in the system's own count; "" where that is not known,
    None where it has ended (also as a zombie).
    """
    try:
        fields = (
            Path(f"/proc/{pid}/stat")
            .read_text(encoding="utf-8", errors="replace")
            .rpartition(")")[2]
            .split()
        )
        return None if fields[0] in ("Z", "X") else fields[19]
    except (
        OSError,
        IndexError,
    ):  # no /proc, a process of somebody else that is hidden there, or none
        return process_start_time(pid)


@lru_cache(maxsize=1)
def boot() -> str:
    """What tells this start of this machine from any other; "" where the system does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def remove_strays(folders: Iterable[Path]) -> int:
    """Remove what dead writers left in *folders* and return how many files; those of living writers
    stay.
    """
    removed = 0
    for folder in folders:
        with contextlib.suppress(OSError):
            for item in os.scandir(folder):
                owner_of_stray = owner(item.name)
                with contextlib.suppress(OSError):
                    if owner_of_stray is not None and not is_writer_alive(
                        owner_of_stray[1], owner_of_stray[2], item.stat().st_mtime
                    ):
                        os.unlink(item.path)
                        removed += 1
    return removed
