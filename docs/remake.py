"""Make again whatever `make release-check` names, one command after another, then the pages: `make
paper`.

    python docs/remake.py [OUT]      OUT: folder of the paper kit, runs/paper without one

What is of the code that runs is left alone, and each command goes on where it was stopped, so the
same call takes up where this one ended. OUT/remade.csv has a line a command: when it began,
seconds, how it ended. A calibration is no part of it, for it changes what everything else rests on:
it is named, and comes first by hand. So are sentences and versions that only a reader can set
right. A calibration whose targets do not feel the younger code is carried to it first, and so is
every result that would come out the same (docs/carry.py).
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Final

from release import CALIBRATE, OUT, REDRAW, ROOT, Here, Stale, here, stale

RUN: Final = ("coercivity ", "python ", "make ")  # how what can be run begins; the rest is by hand
CARRY: Final = "python docs/adopt_calibration.py"
CARRY_RESULTS: Final = "python docs/carry.py"
NOTE: Final = "docs/results/quick.json"  # what these gave when they were made
TIMES: Final = "remade.csv"
COLUMNS: Final = ("command", "began", "seconds", "exit_code")


def commands(found: Iterable[Stale]) -> list[str]:
    """What to run, each once and in the order in which it is named; pages last."""
    wanted = dict.fromkeys(one.remake for one in found if one.remake != CALIBRATE)
    runs = [one for one in wanted if one.startswith(RUN) and one != REDRAW]
    return [*runs, REDRAW] if wanted else []


def by_hand(found: Iterable[Stale]) -> list[str]:
    """What only a person can set right: name, why, how."""
    return [
        f"{one.name}: {one.why}\n    {one.remake}"
        for one in found
        if one.remake == CALIBRATE or not one.remake.startswith(RUN)
    ]


def run(command: str, times: Path) -> int:
    """One command in the root of the project, timed; returns its exit code."""
    print(f"\n$ {command}", flush=True)
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    began, clock = datetime.now(UTC).isoformat(timespec="seconds"), monotonic()
    ended = subprocess.run(
        command, shell=True, cwd=ROOT, env={**os.environ, "PATH": path}, check=False
    ).returncode
    new = not times.is_file()
    with times.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        writer.writerow((command, began, round(monotonic() - clock), ended))
    return ended


def remake(out: str, now: Here, root: Path = ROOT) -> int:
    """Run all of it; stop at the first command that fails. Returns the exit code."""
    times = root / out / TIMES
    times.parent.mkdir(parents=True, exist_ok=True)
    found = stale(root, now)
    if any(one.remake == CALIBRATE for one in found):
        if ended := run(CARRY, times):
            print(f"stopped: exit code {ended}; whether the calibration holds is not known")
            return 1
        found = stale(root, now)
    if any(one.remake == CALIBRATE for one in found):
        print("the calibration is of other code; first, by hand:\n    " + CALIBRATE)
        return 1
    if found and (root / NOTE).is_file():
        if ended := run(CARRY_RESULTS, times):
            print(f"stopped: exit code {ended}; whether results come out the same is not known")
            return 1
        found = stale(root, now)
    for command in commands(found):
        if ended := run(command.replace(OUT, out), times):
            print(f"stopped: exit code {ended}; what is finished is kept, run the same again")
            return 1
    left = by_hand(stale(root, now))
    print("\n".join(("", "by hand:", *left) if left else ("", "all of it is of this version")))
    return 1 if left else 0


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit("Use: python docs/remake.py [OUT]")
    sys.exit(remake(sys.argv[1] if len(sys.argv) > 1 else OUT, here()))
