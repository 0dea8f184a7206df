"""Where two sets of tables part: the first column, month and row, and both values."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from tests.golden.blessing import FOLDER
from tests.golden.cases import Case
from tests.golden.reading import Tables, columns

ROOT: Final = Path(__file__).resolve().parents[2]
ROOMS: Final = ("model", "agents", "experiments", "viz")


def first_difference(before: Tables, now: Tables) -> str:
    """One line: the earliest month in which a number or a word differs, the row, both values."""
    found: list[tuple[int, str]] = []
    for name, column, table in columns(before):
        frame, field = name.split(".", 1)
        if frame not in now or field not in now[frame].columns:
            found.append((-1, f"{name}: is gone"))
            continue
        other = now[frame][field]
        if len(column) != len(other):
            found.append(
                (
                    _unequal_length(table, now[frame]),
                    f"{name}: {len(column)} rows before, {len(other)} now",
                )
            )
        if (row := _first_row(column, other)) is not None:
            month = _month(table, row)
            where = ", ".join(
                f"{key} {table[key].iloc[row]}"
                for key in table.columns
                if table[key].dtype != np.float64
            )
            found.append(
                (
                    month,
                    f"{name}, row {row} ({where}): {_said(column.iloc[row])} before, "
                    f"{_said(other.iloc[row])} now",
                )
            )
    found += [
        (-1, f"{name}: is new")
        for name, _, _ in columns(now)
        if name not in {one for one, _, _ in columns(before)}
    ]
    if not found:
        return "no difference in any table"
    return min(found, key=lambda one: one[0])[1] + f" (and {len(found) - 1} more columns)" * (
        len(found) > 1
    )


def blessed_commit() -> str:
    """The commit in which the net was last blessed. Raises OSError or CalledProcessError without
    git.
    """
    done = subprocess.run(
        ["git", "log", "-1", "--format=%H", "--", str(FOLDER)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def tables_at(commit: str, case: Case) -> Tables:
    """The tables of a case as the code of another commit makes them, in a checkout that is thrown
    away.
    """
    with tempfile.TemporaryDirectory() as folder:
        checkout, out = Path(folder) / "checkout", Path(folder) / "out"
        links = Path(folder) / "links" / "coercivity"
        tree = ["git", "worktree"]
        subprocess.run(
            [*tree, "add", "--quiet", "--detach", checkout, commit], cwd=ROOT, check=True
        )
        try:
            links.mkdir(parents=True)
            for room in ROOMS:
                (links / room).symlink_to(checkout / room)
            for file in (checkout / "api").iterdir():
                (links / file.name).symlink_to(file)
            command = [sys.executable, "-m", "tests.golden", case.name, "--write", str(out)]
            paths = {**os.environ, "PYTHONPATH": str(links.parent)}
            subprocess.run(command, cwd=checkout, env=paths, check=True)
            return read_tables(out)
        finally:
            subprocess.run([*tree, "remove", "--force", checkout], cwd=ROOT, check=False)


def write_tables(tables: Tables, folder: Path) -> None:
    """One Parquet file a table."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet")


def read_tables(folder: Path) -> Tables:
    """What write_tables wrote."""
    return {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}


def _first_row(before: pd.Series, now: pd.Series) -> int | None:
    """The first row that differs among those that both have; NaN equals NaN."""
    length = min(len(before), len(now))
    one, other = (
        before.iloc[:length].to_numpy(dtype=object),
        now.iloc[:length].to_numpy(dtype=object),
    )
    differs = (one != other) & ~(pd.isna(one) & pd.isna(other))
    rows = np.flatnonzero(differs)
    return int(rows[0]) if rows.size else None


def _month(table: pd.DataFrame, row: int) -> int:
    return int(table["month"].cat.codes.iloc[row]) if "month" in table.columns else 10**6


def _unequal_length(before: pd.DataFrame, now: pd.DataFrame) -> int:
    """The first month with another number of rows."""
    if "month" not in before.columns:
        return 10**6
    counts = [
        frame["month"].value_counts(sort=False).sort_index().to_numpy() for frame in (before, now)
    ]
    length = min(len(counts[0]), len(counts[1]))
    months = np.flatnonzero(counts[0][:length] != counts[1][:length])
    return int(months[0]) if months.size else length


def _said(value: object) -> str:
    return repr(float(value)) if isinstance(value, float) else str(value)[:80]
