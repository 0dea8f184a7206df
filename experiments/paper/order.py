"""What is asked of a part of the paper kit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[int, int], None]


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
