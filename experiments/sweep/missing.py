"""Which parts of a sweep are still to be made: those without a part that counts, from which a sweep
goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coercivity.experiments.sweep.folder import Sweep, open_sweep
from coercivity.experiments.sweep.parts import Part, PartNote, Trouble, read_part


@dataclass(frozen=True)
class Standing:
    """What a folder holds: the sidecars of the parts that count, by chunk, and the troubles of all
    others, by chunk.
    """

    notes: dict[int, PartNote]
    troubles: dict[int, Trouble]

    @property
    def missing(self) -> list[int]:
        """Chunks without a part that counts, in order: those that are damaged are missing, too."""
        return sorted(self.troubles)

    @property
    def damaged(self) -> list[Trouble]:
        """The parts that are not what was written, in order."""
        return [self.troubles[chunk] for chunk in self.missing if self.troubles[chunk].damaged]


def part_trouble(sweep: Sweep, chunk: int) -> Trouble | None:
    """Return why the part of a chunk, with its kept tables, does not count; None when it does."""
    part = read_part(sweep, chunk, tables=True)
    return part if isinstance(part, Trouble) else None


def look(sweep: Sweep) -> Standing:
    """Read every part with its sidecar and kept tables and say which count."""
    notes, troubles = {}, {}
    for chunk in range(sweep.chunks):
        part = read_part(sweep, chunk, tables=True)
        if isinstance(part, Part):
            notes[chunk] = part.note
        else:
            troubles[chunk] = part
    return Standing(notes, troubles)


def missing_chunks(folder: str | Path | Sweep) -> list[int]:
    """Return the chunks that have no part that counts, in order; every part is compared with its
    sums.
    """
    return look(folder if isinstance(folder, Sweep) else open_sweep(folder)).missing
