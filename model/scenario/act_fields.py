"""Fields of acts: those that all have, and how one of a kind is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

COMMON: Final = ("date", "end", "id", "kind", "actor", "targets", "goods", "text", "source")
CHECKS: Final = ("number", "choice", "names", "id", "text")


@dataclass(frozen=True)
class Field:
    """A field that only some kinds have: its check, default, and whether it is required."""

    check: str  # one of CHECKS
    options: tuple[str, ...] = ()
    low: float = 0.0
    high: float = float("inf")
    default: Any = None
    required: bool = False
