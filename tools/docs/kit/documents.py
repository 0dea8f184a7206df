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

Document = dict[str, Any]
DIGITS: Final = 8  # of every number: enough that rounding once more in a page changes nothing


@dataclass(frozen=True)
class Order:
    """How many worlds (draws or seeds), short designs or whole ones, processes, where sweeps are
    kept, who is told how far it is.
    """

    worlds: int
    quick: bool = False
    workers: int = 1
    sweeps: Path = Path("sweeps")
    progress: Callable[[int, int], None] | None = None


def document(part: str, key: Mapping[str, Any], found: Mapping[str, Any]) -> Document:
    """Return what a part found, with what *key* says made it."""
    return {"part": part, **key, "found": to_plain_values(found)}


def to_plain_values(value: Any) -> Any:
    """Return plain values: numbers with DIGITS significant digits, None for what is not finite,
    lists for tuples.
    """
    if isinstance(value, Mapping):
        return {str(key): to_plain_values(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain_values(item) for item in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    number = float(value)
    return float(f"{number:.{DIGITS}g}") if math.isfinite(number) else None


def to_text(held: Mapping[str, Any]) -> str:
    """Return a document as it is written: one row a line, so that versions can be compared."""
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace('},{"', '},\n{"') + "\n"
