"""The clock of a world: where it began, how long it is to run, which month it is, and its seed."""

from __future__ import annotations

from dataclasses import dataclass

from coercivity.agents.base.arrays import FloatArray
from coercivity.agents.base.part import Part
from coercivity.model.basis.luck import normals, uniforms


@dataclass
class Clock(Part):
    """start: YYYY-MM; months: length of the run as asked; month: months since the start."""

    start: str
    months: int
    seed: int
    month: int = 0

    @property
    def year(self) -> int:
        """The calendar year."""
        return int(self.start[:4]) + (int(self.start[5:7]) - 1 + self.month) // 12

    @property
    def calendar_month(self) -> int:
        """1 to 12."""
        return (int(self.start[5:7]) - 1 + self.month) % 12 + 1

    def normals(self, stream: str, size: int) -> FloatArray:
        """This month's standard normal numbers of a named stream."""
        return normals(self.seed, stream, self.month, size)

    def uniforms(self, stream: str, size: int) -> FloatArray:
        """This month's numbers from 0 to 1 of a named stream."""
        return uniforms(self.seed, stream, self.month, size)
