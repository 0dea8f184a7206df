"""How a command tells how far a sweep is, on standard error."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coercivity.experiments.sweep.progress import Progress


class Teller:
    """Tells the progress on standard error: one line that changes on a terminal, a line now and
    then elsewhere.
    """

    EVERY = 30.0  # seconds, where it is no terminal

    def __init__(self) -> None:
        self.live, self.width, self.told = (
            sys.stderr.isatty(),
            0,
            time.monotonic() - self.EVERY + 5.0,
        )

    def __enter__(self) -> Teller:
        return self

    def __exit__(self, *_: object) -> None:
        if self.width:
            print("\r" + " " * self.width + "\r", end="", file=sys.stderr, flush=True)

    def __call__(self, progress: Progress) -> None:
        """Show a moment of the sweep."""
        from coercivity.viz.words.sweep_text import progress_line

        text = progress_line(progress)
        if self.live:
            print("\r" + text.ljust(self.width), end="", file=sys.stderr, flush=True)
            self.width = len(text)
        elif time.monotonic() - self.told >= self.EVERY:
            self.told = time.monotonic()
            print(text, file=sys.stderr, flush=True)
