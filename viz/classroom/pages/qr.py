"""A link as a code that phones read (QR), as a path for an SVG image: no file, no other host."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

import segno

QUIET: Final = 4  # modules of light around a code, as the standard asks (ISO/IEC 18004)


@dataclass(frozen=True)
class Code:
    """The modules along an edge with the light around, and the path of the dark ones."""

    size: int
    path: str


@lru_cache(maxsize=256)
def drawn_code(link: str) -> Code:
    """The code of a link, of level M: it is read with up to 15% of it spoilt."""
    rows = segno.make(link, error="m", micro=False).matrix
    steps = []
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row, bool):
            length = len(list(run))
            if dark:
                steps.append(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z")
            x += length
    return Code(len(rows) + 2 * QUIET, "".join(steps))
