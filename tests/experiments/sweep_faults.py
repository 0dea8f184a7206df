"""For the tests of sweeps: a quick stand-in for the model, workers that die, and a sweep to be run
as a process of its own and killed.

python -m tests.experiments.sweep_faults DIR RUNS [real]
python -m tests.experiments.sweep_faults DIR RUNS noted PLACE PARTIES STOP_AT
"""

from __future__ import annotations

import functools
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coercivity.experiments.sweep.run_sweep import run_sweep
from coercivity.experiments.sweep.worker import work_on
from tools.check.sweep_stand_in import stand_in


def design(runs: int, **changes: Any) -> dict[str, Any]:
    """A design of that many runs of a small world over 12 months."""
    held = {
        "scenario": "japan-2026",
        "months": 12,
        "parameters": {"licence_clock_months": [1.0 + 3.0 * at / runs for at in range(runs)]},
    }
    return {**held, "outcomes": ["firms_stopped", "first_stop_days"], **changes}


def noted(
    run: Any, design: Any, *, place: Path, parties: int = 1, stop_at: int = -1
) -> dict[str, Any]:
    """The stand-in, which writes down in *place* what each process computes. The first run of a
    process waits until *parties* of them are at one; the run *stop_at* says that it has begun and
    never ends.
    """
    mine = place / f"{os.getpid()}.runs"
    first = not mine.exists()
    with mine.open("a", encoding="utf-8") as file:
        file.write(f"{run.index}\n")
    deadline = time.monotonic() + 120.0
    while first and len(list(place.glob("*.runs"))) < parties:
        assert time.monotonic() < deadline, "nobody else came"
        time.sleep(0.01)
    if run.index == stop_at:
        (place / "stopped").touch()
        time.sleep(600.0)
    return stand_in(run, design)


def computed(place: Path) -> dict[int, list[int]]:
    """{process: the runs that it computed}, as `noted` wrote them down."""
    return {
        int(path.stem): [int(line) for line in path.read_text(encoding="utf-8").split()]
        for path in place.glob("*.runs")
    }


def working(**how: Any) -> Any:
    """`work_on` with the stand-in for the model; can be sent to a worker."""
    return functools.partial(work_on, evaluate=functools.partial(stand_in, **how))


def stopping(*_: Any, error: type[Exception], words: str, **how: Any) -> Any:
    """Work that cannot be done."""
    raise error(words)


def stops(error: type[Exception], words: str) -> Any:
    """`work_on` that raises; can be sent to a worker."""
    return functools.partial(stopping, error=error, words=words)


def parts(folder: Path) -> dict[str, bytes]:
    """The bytes of every part of a sweep."""
    return {path.name: path.read_bytes() for path in sorted((folder / "parts").glob("*.parquet"))}


def left_over(folder: Path) -> list[str]:
    """Names of files that are neither parts nor their sidecars."""
    return [path.name for path in (folder / "parts").iterdir() if not path.name.startswith("part-")]


def real_design(runs: int) -> dict[str, Any]:
    """A design of that many runs of the smallest world, for the model itself: the ban is in force
    from the start.
    """
    smallest = {"firms_per_sector": [1.0], **design(runs)["parameters"]}
    return design(
        runs,
        scenario="embargo-2010",
        months=3,
        parameters=smallest,
        outcomes=["firms_stopped", "first_stop_days", "world_price_dy_end"],
    )


def main(arguments: Sequence[str]) -> None:
    """Run or resume a sweep with two workers: of the stand-in, or with `real` of the model; with
    `noted` each process writes down what it does.
    """
    folder, runs, *real = arguments
    if real and real[0] == "noted":
        place, parties, stop_at = real[1:]
        evaluate = functools.partial(
            noted, place=Path(place), parties=int(parties), stop_at=int(stop_at)
        )
        run_sweep(
            design(int(runs)),
            folder,
            workers=1,
            chunk=5,
            work=functools.partial(work_on, evaluate=evaluate),
        )
    elif real:
        run_sweep(real_design(int(runs)), folder, workers=2, chunk=20)
    else:
        run_sweep(design(int(runs)), folder, workers=2, chunk=20, work=working(pause=0.01))


if __name__ == "__main__":
    # A worker does not read the script that asked: what it is to do stands under its module's name.
    from tests.experiments import sweep_faults

    sweep_faults.main(sys.argv[1:])
