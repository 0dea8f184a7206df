"""A copy of the project to work on, and processes forked after the libraries are loaded, so that
each starts in a moment.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
WORK: Final = ROOT / "runs" / "mutants"
LIBRARIES: Final = """numpy pandas mesa networkx scipy.stats SALib matplotlib.pyplot pyarrow.parquet
yaml typer rich jinja2 solara ipyvuetify pytest hypothesis coverage"""
NOT_COPIED: Final = shutil.ignore_patterns(
    ".*", "__pycache__", "runs", "site", "build", "dist", "htmlcov", "*.egg-info"
)
SLEEP: Final = 0.02


def load_libraries() -> None:
    """What the project and its tests import from outside, once, before the first fork; never the
    project itself.
    """
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MPLBACKEND="Agg")
    for name in LIBRARIES.split():
        importlib.import_module(name)
    assert "coercivity" not in sys.modules, (
        "a forked process would test the code that is loaded already"
    )


def make_copy(tree: Path) -> Path:
    """A copy of the project in a new folder. Each module has one comment more at its end, so that
    tests of the code's mere text fail here and are not asked.
    """
    shutil.copytree(ROOT, tree, ignore=NOT_COPIED)
    links = tree / ".links" / "coercivity"
    links.mkdir(parents=True)
    for room in ("agents", "model", "experiments", "viz"):
        (links / room).symlink_to(tree / room)
        for path in (tree / room).rglob("*.py"):
            with path.open("a", encoding="utf-8") as module:
                module.write("# a copy\n")
    for path in (tree / "api").iterdir():
        (links / path.name).symlink_to(path)
    return tree


def fork(tree: Path, log: Path, work: Callable[[], int]) -> int:
    """Run *work* in a process of its own group within the copy; returns its id. Its exit code is
    that of *work*.
    """
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        os.setsid()
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        for stream in (1, 2):
            os.dup2(out, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.chdir(tree)
        for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "tools")]:
            del sys.modules[name]
        sys.path[:] = [
            str(tree / ".links"),
            *(path for path in sys.path if path not in ("", str(ROOT))),
        ]
        os.environ["PYTHONPATH"] = str(tree / ".links")
        code = work()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def end(child: int) -> None:
    """End a process and all that it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)


def run_all(
    jobs: int,
    tasks: Iterator[tuple[float, Callable[[int], int], Callable[[int | None, float], None]]],
) -> None:
    """Work through (seconds allowed, start(place) -> process id, done(exit code or None after that
    time, seconds taken)), *jobs* at a time.

    A place is the number of a copy of the project; no two processes share one.
    """
    free = list(range(jobs))
    running: dict[int, tuple[int, float, float, Callable[[int | None, float], None]]] = {}
    more = True
    try:
        while more or running:
            if more and free:
                task = next(tasks, None)
                more = task is not None
                if task is not None:
                    limit, start, done = task
                    place = free.pop()
                    running[start(place)] = (place, time.monotonic(), limit, done)
                continue
            for child, (place, began, limit, done) in list(running.items()):
                taken = time.monotonic() - began
                over, status = os.waitpid(child, os.WNOHANG)
                if not over and taken <= limit:
                    continue
                end(child)
                if not over:
                    os.waitpid(child, 0)
                del running[child]
                free.append(place)
                done(os.waitstatus_to_exitcode(status) if over else None, taken)
            time.sleep(SLEEP)
    finally:
        for child in running:
            end(child)
