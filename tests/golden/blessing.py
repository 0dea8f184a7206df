"""What was blessed, in two files: digests for people to see change, sums for other processors."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from coercivity.experiments.worlds.atomic import write_whole
from tests.golden.cases import SHORT, Case
from tests.golden.reading import Tables, columns, digest, sums
from tools.check.processor import probe

FOLDER: Final = Path(__file__).parent / "blessed"
DIGESTS, SUMS = FOLDER / "digests.json", FOLDER / "sums.npz"
TOLERANCE: Final = 1e-9  # of the largest sum of sizes that a column has in any month


@dataclass(frozen=True)
class Blessed:
    """One case as it was blessed: {table.column: digest} and {table.column: (months,) sums}."""

    months: int
    probe: str
    digests: dict[str, str]
    sums: dict[str, np.ndarray]

    @property
    def here(self) -> bool:
        """Whether it was blessed on a processor and a NumPy that round as these do."""
        return self.probe == probe()

    def differences(self, tables: Tables) -> list[str]:
        """Columns that are not as they were: to the last bit here; elsewhere to TOLERANCE, for two
        years.

        Rounding does not grow in two years; later it may move an event by a month or a price over a
        limit.
        """
        now = {name: (column, table) for name, column, table in columns(tables)}
        changed = [
            name
            for name in self.digests
            if name not in now or digest(now[name][0]) != self.digests[name]
        ]
        if not self.here:
            changed = [
                name for name in changed if name not in now or not self._near(name, *now[name])
            ]
        return changed + [name for name in now if name not in self.digests]

    def first_month(self, name: str, tables: Tables) -> int | None:
        """The first month (counted from 0) in which the sums of a column differ; None where none
        does.
        """
        table, column = name.split(".", 1)
        if name not in self.sums or column not in tables.get(table, ()):
            return None
        total, size = sums(tables[table][column], tables[table])
        if len(total) != len(self.sums[name]):
            return 0
        off = np.flatnonzero(
            np.abs(total - self.sums[name]) > TOLERANCE * max(float(size.max(initial=0.0)), 1e-300)
        )
        return int(off[0]) if off.size else None

    def _near(self, name: str, column: pd.Series, table: pd.DataFrame) -> bool:
        """Numbers may differ by rounding; words and whole runs may differ only in runs of more than
        two years.
        """
        month = self.first_month(name, {name.split(".", 1)[0]: table})
        if self.months > SHORT and (name not in self.sums or len(self.sums[name]) == 1):
            return True
        return name in self.sums and (month is None or month >= SHORT)


def read_blessed(case: Case) -> Blessed:
    """The case as it was blessed. Raises KeyError if it never was."""
    written = json.loads(DIGESTS.read_text(encoding="utf-8"))
    digests = written["cases"][case.name]
    numeric = written["numeric"][case.name]
    with np.load(SUMS, allow_pickle=False) as kept:
        flat, lengths = kept[case.name], kept[case.name + ".lengths"]
    parts = np.split(flat, np.cumsum(lengths)[:-1])
    return Blessed(case.months, written["probe"], digests, dict(zip(numeric, parts, strict=True)))


def bless(made: Iterable[tuple[Case, Tables]], reason: str) -> None:
    """Write both files anew, each whole or not at all, with the reason in the digests. Raises
    ValueError without one, before anything runs.
    """
    if not reason.strip():
        raise ValueError("to bless wants a reason: what was changed, and why numbers move")
    cases: dict[str, dict[str, str]] = {}
    numeric: dict[str, list[str]] = {}
    arrays: dict[str, np.ndarray] = {}
    for case, tables in made:
        cases[case.name] = {name: digest(column) for name, column, _ in columns(tables)}
        kept = {
            name: sums(column, table)[0]
            for name, column, table in columns(tables)
            if column.dtype == np.float64
        }
        numeric[case.name] = list(kept)
        arrays[case.name] = np.concatenate(list(kept.values()))
        arrays[case.name + ".lengths"] = np.array([len(values) for values in kept.values()])
    FOLDER.mkdir(exist_ok=True)
    said = {"probe": probe(), "reason": reason.strip(), "cases": cases, "numeric": numeric}
    text = json.dumps(said, indent=1, sort_keys=False)
    packed = BytesIO()
    np.savez_compressed(packed, **arrays)
    write_whole(SUMS, lambda hidden: _put(hidden, packed.getvalue()))
    write_whole(DIGESTS, lambda hidden: _put(hidden, (text + "\n").encode()))


def _put(path: Path, data: bytes) -> None:
    path.write_bytes(data)
