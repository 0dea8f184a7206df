"""A field of an act: how it is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

CHECKS: Final = ("number", "choice", "names", "id", "text")


@dataclass(frozen=True)
class Field:
    """A field that only some kinds of event have: how to check it, its default, and whether it must
    be given.
    """

    check: str  # one of CHECKS
    options: tuple[str, ...] = ()
    low: float = 0.0
    high: float = float("inf")
    default: Any = None
    required: bool = False
