"""Bit rot, measured: `python -m tools.fuzz.bits [--flips 3000] [--seed 1]`.

Flips one bit at a seeded place of one file of a small sweep folder, asks everybody who reads such a
folder, and puts the bit back. A flip is *noticed* (a reader refuses it in one line, counts the part
as damaged or leaves out a sign of life that it cannot trust), *harmless* (every reader gives the
values that it gave before), or *read as other values*, which is a failure, as is an error that is
no line for a user. Files take turns, so that every kind has its share. `submit.sbatch` and the logs
are left out: they are the user's own to edit, and nobody reads them back.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from unittest import mock

from coercivity.experiments.sensitivity.sample import read_sample
from coercivity.experiments.sweep import export
from coercivity.experiments.sweep.chunk_claims import Claim, holders, writers
from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.finished_parts import inspect_parts, read_sweep
from coercivity.experiments.sweep.run_sweep import run_sweep
from coercivity.experiments.sweep.sbatch import Wishes
from coercivity.experiments.sweep.slurm import share, submit
from coercivity.experiments.sweep.status import sweep_status
from coercivity.experiments.sweep.sweep_folder import open_sweep
from coercivity.experiments.worlds.atomic import SweepStopped
from coercivity.model.basis.errors import InputError

NOTICED, HARMLESS, OTHER = "noticed", "harmless", "read as other values"
DESIGN: Final[dict[str, Any]] = {
    "scenario": "embargo-2010",
    "months": 3,
    "seeds": 2,
    "keep": ["prices"],
    "outcomes": ["firms_stopped", "first_stop_days", "world_price_dy_end"],
    "parameters": {"firms_per_sector": [1, 1, 1], "licence_clock_months": [1.0, 2.0, 3.0]},
}
CHUNK, PRESENT = 1, 5  # runs in a chunk; chunks that are there: the last one is being written


class Noticed(Exception):
    """A reader says that something is not what was written."""


@dataclass(frozen=True)
class Flip:
    """One flipped bit and what came of it. how: which reader gave what, where it failed."""

    file: str
    byte: int
    bit: int
    verdict: str
    how: str = ""


def make_folder(place: Path) -> Path:
    """A sweep of the model itself with every kind of file: parts and sidecars, kept tables, a plan
    for SLURM, and a chunk that we are at.
    """
    folder = place / "sweep"
    run_sweep(DESIGN, folder, workers=1, chunk=CHUNK)
    for path in (*folder.glob("parts/part-00005.*"), *folder.glob("tables/*/part-00005.*")):
        path.unlink()
    submit(load_design(DESIGN), folder, Wishes(tasks=2), dry_run=True)
    claim = Claim(open_sweep(folder), PRESENT)
    claim.take()
    return folder


def readers(place: Path) -> Mapping[str, Callable[[Path], Any]]:
    """Everybody who reads a sweep folder: each gives plain values, or raises Noticed, or the
    InputError that a user is shown.
    """
    return {
        "status": _status,
        "resume": _resume,
        "row": _row,
        "export": lambda folder: _export(folder, place / "all.csv"),
        "frame": _frame,
        "spreads": lambda folder: repr(export.outcome_spreads(folder)),
        "failures": lambda folder: repr(export.failures(folder)),
        "sensitivity": _sample,
        "writers": _writers,
        "claims": _claims,
        "task": lambda folder: [share(folder, number, 2, 6) for number in range(2)],
    }


def _status(folder: Path) -> Any:
    found = sweep_status(folder)
    if found.damaged:
        raise Noticed
    # these move with the time
    return {key: value for key, value in found.to_dict().items() if key not in ("left", "writing")}


def _resume(folder: Path) -> Any:
    sweep = open_sweep(folder)
    standing = inspect_parts(sweep)
    if standing.damaged:
        raise Noticed
    return (
        standing.missing,
        [vars(note) for note in standing.notes.values()],
        sweep.design,
        sweep.chunk,
        sweep.fingerprint,
        sweep.version,
    )


def _row(folder: Path) -> Any:
    # what is stored is of interest, not what would be computed
    with mock.patch.object(export, "evaluate", return_value={}):
        found = [export.recompute_row(folder, run) for run in range(PRESENT + 1)]
    if any(one.trouble is not None and one.trouble.damaged for one in found):
        raise Noticed
    return [one.stored for one in found]


def _export(folder: Path, to: Path) -> Any:
    try:
        return export.export(folder, to)[1:], to.read_bytes()
    finally:
        to.unlink(missing_ok=True)


def _frame(folder: Path) -> Any:
    frame = read_sweep(folder)
    return frame.to_csv(), frame.attrs


def _sample(folder: Path) -> Any:
    return repr(read_sample(folder))


def _writers(folder: Path) -> Any:
    found = [
        (one.chunk, one.done, one.runs, one.machine, one.process, one.seconds)
        for one in writers(open_sweep(folder))
    ]
    # a sign of life that cannot be read is left out: it only says how far somebody is
    if not found:
        raise Noticed
    return found


def _claims(folder: Path) -> Any:
    found = holders(open_sweep(folder))
    # the claim still counts, and whose it is is not guessed
    if "another process" in found.values():
        raise Noticed
    return found


def ask(reader: Callable[[Path], Any], folder: Path) -> tuple[str, Any]:
    """(verdict so far, value): what a reader says. Any error that is no line for a user is a
    failure.
    """
    try:
        return HARMLESS, reader(folder)
    except (Noticed, InputError, SweepStopped):
        return NOTICED, None
    except Exception as error:
        return OTHER, f"{type(error).__name__}: {error}"


def flip(folder: Path, place: Path, flips: int, seed: int, of: str = "*") -> list[Flip]:
    """Flip bits one at a time, in the files whose path fits *of*, and give what came of each."""
    luck, asked = random.Random(seed), readers(place)
    calm = {name: ask(reader, folder) for name, reader in asked.items()}
    assert all(verdict == HARMLESS for verdict, _ in calm.values()), calm
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name != "submit.sbatch" and path.match(of)
    )
    found = []
    for turn in range(flips):
        path = files[turn % len(files)]
        whole, times = path.read_bytes(), path.stat()
        byte, bit = luck.randrange(len(whole)), luck.randrange(8)
        try:
            _put(path, whole[:byte] + bytes([whole[byte] ^ 1 << bit]) + whole[byte + 1 :], times)
            found.append(
                _judge(
                    path.relative_to(folder).as_posix(),
                    byte,
                    bit,
                    {name: (ask(asked[name], folder), calm[name]) for name in asked},
                )
            )
        finally:
            _put(path, whole, times)
            if path.name.startswith("."):
                os.utime(path)  # we are still at it
    return found


def _put(path: Path, data: bytes, times: os.stat_result) -> None:
    """Write what a rotten disk would give: other bytes, and the time of the file as it was."""
    path.write_bytes(data)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _judge(
    file: str, byte: int, bit: int, answers: Mapping[str, tuple[tuple[str, Any], tuple[str, Any]]]
) -> Flip:
    for name, ((verdict, value), (_, before)) in answers.items():
        if verdict == OTHER or (verdict == HARMLESS and value != before):
            return Flip(file, byte, bit, OTHER, f"{name}: {str(value)[:200]}")
    return Flip(
        file,
        byte,
        bit,
        NOTICED if any(verdict == NOTICED for (verdict, _), _ in answers.values()) else HARMLESS,
    )


def table(found: Sequence[Flip]) -> list[str]:
    """Flips by kind of file and verdict, for a terminal."""
    kinds: dict[str, Counter[str]] = {}
    for one in found:
        kinds.setdefault(_kind(one.file), Counter())[one.verdict] += 1
    lines = [f"{'file':24}{'flips':>8}{NOTICED:>10}{HARMLESS:>10}{OTHER:>24}"]
    for kind, counts in [*sorted(kinds.items()), ("all", Counter(one.verdict for one in found))]:
        lines.append(
            f"{kind:24}{counts.total():8,}{counts[NOTICED]:10,}{counts[HARMLESS]:10,}{counts[OTHER]:24,}"
        )
    return lines


def _kind(file: str) -> str:
    parent, _, name = file.rpartition("/")
    return f"{parent}/*{name[name.rindex('.') :]}" if parent else name


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what came of the flips; 1 where one was read as other values."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--flips", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="coercivity-bits-") as name:
        found = flip(make_folder(Path(name)), Path(name), asked.flips, asked.seed)
    print("\n".join(table(found)))
    wrong = [one for one in found if one.verdict == OTHER]
    print("\n".join(f"{one.file} byte {one.byte} bit {one.bit}: {one.how}" for one in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
