"""Where a sweep folder keeps what: `sweep.json`, parts with their sidecars, and kept tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

SWEEP: Final = "sweep.json"
PARTS: Final = "parts"
TABLES: Final = "tables"
_NAME: Final = re.compile(r"^part-(\d{5,})\.(parquet|json)$")


def part_path(folder: Path, chunk: int) -> Path:
    """Path of the part of one chunk."""
    return folder / PARTS / f"part-{chunk:05d}.parquet"


def note_path(folder: Path, chunk: int) -> Path:
    """Path of the sidecar of one chunk."""
    return folder / PARTS / f"part-{chunk:05d}.json"


def table_path(folder: Path, table: str, chunk: int) -> Path:
    """Path of a kept table of one chunk."""
    return folder / TABLES / table / f"part-{chunk:05d}.parquet"


def part_number(name: str) -> int | None:
    """Number of the chunk in the name of a part or a sidecar; None for any other name."""
    match = _NAME.match(name)
    number = int(match[1]) if match else None
    return number if match and f"{number:05d}" == match[1] else None
