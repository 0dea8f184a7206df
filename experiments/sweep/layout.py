"""Where a sweep folder keeps what (`sweep.json`, parts with their sidecars, kept tables), and its
JSON files, which notice a change: the last key holds the sha256 of everything else.

The sum is taken over the values and not over the bytes, so that a file that was laid out anew by an
editor still counts, and one with another value, another key or a key too few does not.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

SWEEP: Final = "sweep.json"
PARTS: Final = "parts"
TABLES: Final = "tables"
SEAL: Final = "seal"
_NAME: Final = re.compile(r"^part-(\d{5,})\.(parquet|json)$")


def part_path(folder: Path, chunk: int) -> Path:
    """Path of the part of one chunk."""
    return folder / PARTS / f"part-{chunk:05d}.parquet"


def note_path(folder: Path, chunk: int) -> Path:
    """Path of the sidecar of one chunk."""
    return folder / PARTS / f"part-{chunk:05d}.json"


def claim_path(folder: Path, chunk: int) -> Path:
    """Path of the claim to one chunk."""
    return folder / PARTS / f".part-{chunk:05d}.claim"


def table_path(folder: Path, table: str, chunk: int) -> Path:
    """Path of a kept table of one chunk."""
    return folder / TABLES / table / f"part-{chunk:05d}.parquet"


def part_number(name: str) -> int | None:
    """Number of the chunk in the name of a part or a sidecar; None for any other name."""
    match = _NAME.match(name)
    number = int(match[1]) if match else None
    return number if match and f"{number:05d}" == match[1] else None


def seal_content(content: Mapping[str, Any], indent: int | None = None) -> str:
    """Return the text of a file that holds *content* and the seal of it."""
    plain = json.loads(
        json.dumps(content)
    )  # as a reader will find it: lists for tuples, text for keys
    return json.dumps({**plain, SEAL: _sum(plain)}, indent=indent, ensure_ascii=False) + "\n"


def read_sealed(data: bytes, *, strict: bool = True) -> dict[str, Any]:
    """Return what a sealed file holds. Raises ValueError for one that is no JSON mapping or does
    not fit its seal.

    strict: also for one that bears no seal at all, as those of version 0.4.0 and before.
    """
    try:
        content = json.loads(data.decode("utf-8"))
        if not isinstance(content, dict):
            raise ValueError("no mapping")
        seal = content.pop(SEAL, None)
        if (strict or seal is not None) and seal != _sum(content):
            raise ValueError("the seal does not fit")
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return content


def _sum(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
