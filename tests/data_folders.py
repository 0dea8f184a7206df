"""Data folders written by tests: rows over the shipped tables, with the header of each."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

from coercivity.model.basis.layers import VARIABLE, shipped_folder

TOLD = {"source": "a test", "url": "n/a", "confidence": "assumed"}


def columns_of(table: str) -> list[str]:
    """The columns of a shipped table."""
    with (shipped_folder() / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def write_rows(folder: Path, table: str, *rows: dict[str, object]) -> Path:
    """Add rows to a table of a folder; columns that are not named are empty."""
    path, columns = folder / f"{table}.csv", columns_of(table)
    begun = path.is_file()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        if not begun:
            writer.writeheader()
        writer.writerows({**TOLD, **row} for row in rows)
    return path


def with_facts(folder: Path | str, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What a new process that works with a data folder says."""
    command = [sys.executable, *(("-c", code) if code else ()), *arguments]
    environment = {**os.environ, VARIABLE: str(folder)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
