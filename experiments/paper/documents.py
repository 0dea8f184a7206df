"""What is asked of a part of the paper kit, and its results as plain JSON: an answer with what made
it, in one form for every part, equal byte for byte when nothing changed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from coercivity.model.basis.errors import InputError

Document = dict[str, Any]
Progress = Callable[[int, int], None]
DIGITS: Final = 8  # of every number: enough that rounding once more in a page changes nothing
KEYS: Final = ("part", "coercivity", "code", "worlds", "quick", "collection", "found")


@dataclass(frozen=True)
class Order:
    """How many worlds (draws or seeds), short designs or whole ones, processes, where sweeps are
    kept, who is told how far it is.

    named: whether the part was named, not one of all.
    """

    worlds: int
    quick: bool = False
    workers: int = 1
    sweeps: Path | None = None
    progress: Progress | None = None
    named: bool = False


def document(
    part: str,
    version: str,
    code: str,
    worlds: int,
    quick: bool,
    collection: str,
    found: Mapping[str, Any],
) -> Document:
    """What a part found, with the version, code, number of worlds and collection that made it."""
    return {
        "part": part,
        "coercivity": version,
        "code": code,
        "worlds": worlds,
        "quick": quick,
        "collection": collection,
        "found": plain(found),
    }


def plain(value: Any) -> Any:
    """Plain values: numbers with DIGITS significant digits, None for what is not finite, lists for
    tuples.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    number = float(value)
    return float(f"{number:.{DIGITS}g}") if math.isfinite(number) else None


def to_text(held: Mapping[str, Any]) -> str:
    """A document as it is written: one row a line, so that versions can be compared."""
    return (
        json.dumps(held, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace(
            '},{"', '},\n{"'
        )
        + "\n"
    )


def read_document(path: Path) -> Document:
    """Read a document. Raises InputError, one line, for a file that is not there or is none."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            "results '{file}' cannot be read ({reason})",
            "make them with: coercivity paper --out DIR",
            file=path.name,
            reason=error.strerror,
        ) from None
    except ValueError:
        raise InputError(
            "results '{file}' are damaged",
            "make them again with: coercivity paper --out DIR",
            file=path.name,
        ) from None
    if not isinstance(held, dict) or any(key not in held for key in KEYS):
        raise InputError(
            "results '{file}' are no results of the paper kit",
            "make them with: coercivity paper --out DIR",
            file=path.name,
        )
    return held
